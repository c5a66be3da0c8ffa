#include "legajo/command.h"
#include "i18n.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

bool
lj_option_refuse(const struct lj_option *row, const char *value, const char *allowed,
                 GError **error)
{
    g_set_error(error, LJ_ERROR, LJ_ERROR_USAGE, _("--%s=%s: it can be %s"), row->name, value,
                allowed);
    return false;
}

bool
lj_option_number(const char *text, uint32_t most, uint32_t *out)
{
    char *end;
    if (!g_ascii_isdigit(*text))
        return false;
    errno = 0;
    unsigned long long n = strtoull(text, &end, 10);
    if (errno || *end || n > most)
        return false;
    *out = (uint32_t)n;
    return true;
}

/* The place of value among the row's choices; -1: it has none, or it is none of them (with error). */
static int
choose(const struct lj_option *row, const char *value, GError **error)
{
    if (!row->choices || !value)
        return -1;
    char **list = g_strsplit(row->choices, " ", -1);
    int found = -1;
    for (int i = 0; list[i] && found < 0; i++)
        if (strcmp(list[i], value) == 0)
            found = i;
    if (found < 0) {
        char *allowed = g_strjoinv(", ", list);
        lj_option_refuse(row, value, allowed, error);
        g_free(allowed);
    }
    g_strfreev(list);
    return found;
}

static bool
take_one(const struct lj_command *command, int code, const char *value, lj_option_taker take,
         void *data, GError **error)
{
    for (size_t i = 0; i < command->n; i++) {
        const struct lj_option *row = &command->option[i];
        if (row->code != code)
            continue;
        int choice = choose(row, value, error);
        return (choice >= 0 || !row->choices || !value) && take(data, row, value, choice, error);
    }
    return true;
}

/* The options that begin as written: "--sort, --sort-by"; NULL: fewer than two. */
static char *
candidates(const struct lj_command *command, const char *written)
{
    GString *list = g_string_new(NULL);
    size_t length = g_str_has_prefix(written, "--") ? strcspn(written + 2, "=") : 0, n = 0;
    for (size_t i = 0; i < command->n && length > 0; i++) {
        const char *name = command->option[i].name;
        if (name && strncmp(name, written + 2, length) == 0)
            g_string_append_printf(list, "%s--%s", n++ ? ", " : "", name);
    }
    return g_string_free(list, n < 2);
}

static bool
refuse_option(const struct lj_command *command, int code, const char *written, GError **error)
{
    char *several = code == '?' ? candidates(command, written) : NULL;
    if (several)
        g_set_error(error, LJ_ERROR, LJ_ERROR_USAGE, _("%s: which of %s?"), written, several);
    else if (code == ':')
        g_set_error(error, LJ_ERROR, LJ_ERROR_USAGE, _("%s: a value is missing (see --help)"),
                    written);
    else if (command->unknown)
        command->unknown(written, error);
    else
        g_set_error(error, LJ_ERROR, LJ_ERROR_USAGE, _("%s: no such option (see --help)"), written);
    g_free(several);
    return false;
}

bool
lj_command_read(const struct lj_command *command, int argc, char **argv, lj_option_taker take,
                void *data, int *first, GError **error)
{
    static const int arguments[] = {no_argument, required_argument, optional_argument};
    struct option *longs = g_new0(struct option, command->n + 1);
    GString *shorts = g_string_new(":");
    size_t n = 0;
    for (size_t i = 0; i < command->n; i++) {
        const struct lj_option *row = &command->option[i];
        if (row->name)
            longs[n++] = (struct option){row->name, arguments[row->takes], NULL, row->code};
        if (row->code < 256)
            g_string_append_printf(shorts, "%c%s", row->code,
                                   row->takes == LJ_VALUE_NEEDED ? ":" : "");
    }
    opterr = 0;
    optind = 0; /* glibc: begin anew */
    bool good = true;
    for (int at = 1, code; good; at = optind) {
        code = getopt_long(argc, argv, shorts->str, longs, NULL);
        if (code == -1)
            break;
        /* In a bundle of short options getopt has not moved on yet. */
        const char *written = argv[code == ':' || optind > at ? optind - 1 : at];
        good = code == '?' || code == ':' ? refuse_option(command, code, written, error)
                                          : take_one(command, code, optarg, take, data, error);
    }
    *first = optind;
    g_string_free(shorts, TRUE);
    g_free(longs);
    return good;
}
