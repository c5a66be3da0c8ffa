#include "cmocka_all.h"

#include "legajo/command.h"

#include <string.h>

enum { SIZE = 256, QUIET, QUICK };

static const struct lj_option rows[] = {
    {"sort", 's', LJ_VALUE_NEEDED, "ORDER", "relevance date", "order of results"},
    {"size", SIZE, LJ_VALUE_NEEDED, "N", NULL, "how many"},
    {"quiet", QUIET, LJ_VALUE_NONE, NULL, NULL, "say nothing"},
    {"quick", QUICK, LJ_VALUE_OPTIONAL, "yes|no", "yes no", "be quick about it"},
    {NULL, 'l', LJ_VALUE_NONE, NULL, NULL, "a short one"},
};
static const struct lj_command command = {"tool", rows, G_N_ELEMENTS(rows), NULL};

static bool
note(void *data, const struct lj_option *row, const char *value, int choice, GError **error)
{
    uint32_t n;
    if (row->code == SIZE && !lj_option_number(value, 10, &n))
        return lj_option_refuse(row, value, "a number to 10", error);
    g_string_append_printf(data, "%s=%s/%d ", row->name ? row->name : "l", value ? value : "",
                           choice);
    return true;
}

/* A command line as what was taken and the arguments left, or as the error. */
static const struct {
    const char *line, *read;
} cases[] = {
    {"tool", "| "},
    {"tool a --sort=date b", "sort=date/1 | a b"},
    {"tool -sdate -l", "sort=date/1 l=/-1 | "},
    {"tool -ls date", "l=/-1 sort=date/1 | "},
    {"tool --so date c", "sort=date/1 | c"},
    {"tool --quick no", "quick=/-1 | no"},
    {"tool --quick=no", "quick=no/1 | "},
    {"tool --size=3 -- --sort", "size=3/-1 | --sort"},
    {"tool --sort=size", "--sort=size: it can be relevance, date"},
    {"tool --sort=", "--sort=: it can be relevance, date"},
    {"tool --size=11", "--size=11: it can be a number to 10"},
    {"tool --size=-1", "--size=-1: it can be a number to 10"},
    {"tool --qui", "--qui: which of --quiet, --quick?"},
    {"tool --none", "--none: no such option (see --help)"},
    {"tool -x", "-x: no such option (see --help)"},
    {"tool -lx", "-lx: no such option (see --help)"},
    {"tool a --size", "--size: a value is missing (see --help)"},
};

static void
reads(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char **words = g_strsplit(cases[i].line, " ", -1);
        char **argv = g_memdup2(words, (g_strv_length(words) + 1) * sizeof *words);
        int argc = (int)g_strv_length(words), first = 0;
        GString *got = g_string_new(NULL);
        GError *error = NULL;
        if (lj_command_read(&command, argc, argv, note, got, &first, &error)) {
            char *rest = g_strjoinv(" ", argv + first);
            g_string_append_printf(got, "| %s", rest);
            g_free(rest);
        } else {
            assert_int_equal(error->code, LJ_ERROR_USAGE);
            g_string_assign(got, error->message);
            g_error_free(error);
        }
        assert_string_equal(got->str, cases[i].read);
        g_string_free(got, TRUE);
        g_free(argv);
        g_strfreev(words);
    }
}

static char *
printed(void (*print)(FILE *out))
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    print(out);
    fclose(out);
    return text;
}

static void
print_help(FILE *out)
{
    lj_command_help(&command, out);
}

static void
print_completion(FILE *out)
{
    lj_command_completion(&command, "legajo-tool", out);
}

static void
helps(void **state)
{
    (void)state;
    char *text = printed(print_help);
    assert_string_equal(text, "  -s, --sort=ORDER           order of results\n"
                              "      --size=N               how many\n"
                              "      --quiet                say nothing\n"
                              "      --quick[=yes|no]       be quick about it\n"
                              "  -l                         a short one\n");
    free(text);
    text = printed(print_completion);
    assert_non_null(strstr(text, "--sort|-s) COMPREPLY=($(compgen -W 'relevance date' "));
    assert_non_null(strstr(text, "'--sort= --size= --quiet --quick'"));
    free(text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads), cmocka_unit_test(helps)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
