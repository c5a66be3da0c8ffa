#include "render/collate.h"

#include <dlfcn.h>
#include <glib.h>
#include <unicode/ucol.h>

#define KEY_SIZE 1024

/* ICU's names carry its version: the linker's macro gives the right one. */
#define NAME_OF(symbol) G_STRINGIFY(symbol)

static struct {
    UCollator *collator;
    int32_t (*key)(const UCollator *, const UChar *, int32_t, uint8_t *, int32_t);
} spanish;

static void
load(void)
{
    static const char library[] = "libicui18n.so." G_STRINGIFY(U_ICU_VERSION_MAJOR_NUM);
    void *icu = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    if (!icu)
        g_error("%s", dlerror());
    UCollator *(*open)(const char *, UErrorCode *);
    *(void **)&open = dlsym(icu, NAME_OF(ucol_open));
    *(void **)&spanish.key = dlsym(icu, NAME_OF(ucol_getSortKey));
    if (!open || !spanish.key)
        g_error("%s: %s", library, dlerror());
    UErrorCode status = U_ZERO_ERROR;
    spanish.collator = open("es", &status);
    if (U_FAILURE(status))
        g_error("%s: %s", library, u_errorName(status));
}

char *
lj_collate_key(const char *text)
{
    static gsize ready;
    if (g_once_init_enter(&ready)) {
        load();
        g_once_init_leave(&ready, 1);
    }
    glong n = 0;
    gunichar2 *wide = g_utf8_to_utf16(text, -1, NULL, &n, NULL);
    uint8_t bytes[KEY_SIZE] = {0};
    if (wide)
        spanish.key(spanish.collator, wide, (int32_t)n, bytes, sizeof bytes - 1);
    g_free(wide);
    return g_strndup((const char *)bytes, sizeof bytes);
}
