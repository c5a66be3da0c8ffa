/* In place of linked.c in programs that seldom need Xapian: the library that has it is loaded when it is asked for. It lies
 * beside the program, as in a build folder, or where libraries are installed. */
#include "xap/xapian.h"

#include "i18n.h"

#include <dlfcn.h>
#include <unistd.h>

#define NAME "legajo-xapian.so"

static char *
library_path(void)
{
    char *self = g_file_read_link("/proc/self/exe", NULL);
    char *folder = self ? g_path_get_dirname(self) : g_strdup(".");
    char *path = g_build_filename(folder, NAME, NULL);
    if (access(path, R_OK) != 0) {
        g_free(path);
        path = g_strdup(LEGAJO_LIBEXECDIR "/" NAME);
    }
    g_free(folder);
    g_free(self);
    return path;
}

const struct xapian_functions *
lj_xapian(GError **error)
{
    static const struct xapian_functions *functions;
    if (functions)
        return functions;
    char *path = library_path();
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library)
        functions = dlsym(library, "legajo_xapian_functions");
    if (!functions)
        g_set_error(error, LJ_ERROR, LJ_ERROR_IO,
                    _("%s: cannot be loaded (%s); install legajo again"), path, dlerror());
    g_free(path);
    return functions;
}
