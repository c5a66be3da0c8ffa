#include "schema/installed.h"

#include <glib.h>
#include <unistd.h>

char *
lj_installed(const char *name)
{
    char *self = g_file_read_link("/proc/self/exe", NULL);
    char *folder = self ? g_path_get_dirname(self) : g_strdup(".");
    char *path = g_build_filename(folder, name, NULL);
    if (access(path, R_OK) != 0) {
        g_free(path);
        path = g_build_filename(folder, "..", "libexec", "legajo", name, NULL);
    }
    if (access(path, R_OK) != 0) {
        g_free(path);
        path = g_build_filename(LEGAJO_LIBEXECDIR, name, NULL);
    }
    g_free(folder);
    g_free(self);
    return path;
}
