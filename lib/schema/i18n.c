#include "i18n.h"
#include <glib.h>
#include <locale.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The locale that a user's variables name for messages, by the order that POSIX gives them; NULL:
 * none. */
static const char *
wanted_locale(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        const char *value = getenv(names[i]);
        if (value && *value)
            return value;
    }
    return NULL;
}

/* BUILD/bin/indexer, PREFIX/bin/legajo-indexer → ../share/locale;
 * PREFIX/libexec/legajo/legajo-extract → ../../share/locale. */
static char *
locale_folder(void)
{
    const char *given = getenv("LEGAJO_LOCALEDIR");
    if (given && *given)
        return g_strdup(given);
    char program[4096];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length > 0) {
        program[length] = 0;
        char *folder = g_path_get_dirname(program);
        static const char *const ways[] = {"..", "../.."};
        for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
            char *locale = g_build_filename(folder, ways[i], "share", "locale", NULL);
            char *spanish =
                g_build_filename(locale, "es", "LC_MESSAGES", GETTEXT_PACKAGE ".mo", NULL);
            bool there = access(spanish, R_OK) == 0;
            g_free(spanish);
            if (there) {
                g_free(folder);
                return locale;
            }
            g_free(locale);
        }
        g_free(folder);
    }
    return g_strdup(LEGAJO_LOCALEDIR);
}

/* Are messages to be as they stand in the source? (gettext asks LANGUAGE in any other locale than "C" itself.) */
static bool
wants_none(void)
{
    const char *wanted = wanted_locale(), *language = getenv("LANGUAGE");
    return !wanted || strcmp(wanted, "C") == 0 || strcmp(wanted, "POSIX") == 0 ||
           (g_str_has_prefix(wanted, "C.") && !(language && *language));
}

void
lj_i18n_init_messages(void)
{
    if (!wants_none())
        lj_i18n_init();
}

void
lj_i18n_init(void)
{
    if (!setlocale(LC_CTYPE, "C.UTF-8"))
        setlocale(LC_CTYPE, "");
    const char *wanted = wanted_locale();
    if (!setlocale(LC_MESSAGES, "") && wanted) {
        /* es_MX.UTF-8 on a machine where that locale was never generated: gettext only needs some
         * locale that is not "C", and the language. */
        setlocale(LC_MESSAGES, "C.UTF-8");
        char *language = g_strndup(wanted, strcspn(wanted, ".@"));
        setenv("LANGUAGE", language, 0);
        g_free(language);
    }
    char *folder = locale_folder();
    bindtextdomain(GETTEXT_PACKAGE, folder);
    bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
    g_free(folder);
}
