#include "analysis/snowball.h"

#include <glib.h>

/* The beginning of Snowball's struct SN_env (runtime/header.h): the string and where it ends. */
struct word {
    unsigned char *text;
    int cursor, limit;
};

int spanish_UTF_8_stem(struct SN_env *env);
int SN_set_current(struct SN_env *env, int size, const unsigned char *word);

const char *
lj_snowball(struct SN_env *env, const char *word, size_t length, size_t *stem)
{
    const struct word *now = (const void *)env;
    if (SN_set_current(env, (int)length, (const unsigned char *)word) != 0 ||
        spanish_UTF_8_stem(env) < 0)
        g_error("out of memory"); /* as GLib's own allocations end a program */
    *stem = (size_t)now->limit;
    return (const char *)now->text;
}
