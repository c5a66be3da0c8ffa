/* A folder for a test, with files in it, removed at its end. */
#ifndef LEGAJO_TESTS_FOLDER_H
#define LEGAJO_TESTS_FOLDER_H

#include "index/layout.h"
#include <glib/gstdio.h>
#include <string.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static char *folder;

static inline int
make_folder(void **state)
{
    (void)state;
    folder = g_dir_make_tmp("legajo-test-XXXXXX", NULL);
    return folder ? 0 : -1;
}

static inline int
remove_folder(void **state)
{
    (void)state;
    lj_remove_tree(folder, NULL);
    g_clear_pointer(&folder, g_free);
    return 0;
}

/* Path inside the folder; leaks on purpose nothing: the caller frees. */
static inline char *
inside(const char *name)
{
    return g_build_filename(folder, name, NULL);
}

static inline void
write_file(const char *name, const char *text)
{
    char *path = inside(name), *parent = g_path_get_dirname(path);
    g_mkdir_with_parents(parent, 0777);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_free(parent);
    g_free(path);
}

#endif
