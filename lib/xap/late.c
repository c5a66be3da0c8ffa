/* In place of linked.c in programs that seldom need Xapian: the library that has it is loaded when it is asked for. */
#include "xap/xapian.h"

#include "schema/installed.h"
#include "i18n.h"

#include <dlfcn.h>

#define NAME "legajo-xapian.so"

const struct xapian_functions *
lj_xapian(GError **error)
{
    static const struct xapian_functions *_Atomic known;
    const struct xapian_functions *functions = known;
    if (functions)
        return functions;
    char *path = lj_installed(NAME);
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library)
        functions = dlsym(library, "legajo_xapian_functions");
    if (!functions)
        g_set_error(error, LJ_ERROR, LJ_ERROR_IO,
                    _("%s: cannot be loaded (%s); install legajo again"), path, dlerror());
    known = functions;
    g_free(path);
    return functions;
}
