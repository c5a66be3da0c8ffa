#include "options.h"
#include "i18n.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum code {
    OPT_OFFSET = 256,
    OPT_FORMAT,
    OPT_FIELDS,
    OPT_TOPICS,
    OPT_SYNTAX,
    OPT_MATCH,
    OPT_SORT,
    OPT_FACET,
    OPT_TIMELINE,
    OPT_SHOW,
    OPT_TERMS,
    OPT_ANALYZE,
    OPT_NO_SNIPPET,
    OPT_SNIPPET_SIZE,
    OPT_SNIPPETS,
    OPT_DUPLICATES,
    OPT_COUNT,
    OPT_COLOR,
    OPT_KWIC,
    OPT_KWIC_SORT,
    OPT_COLLOCATES,
    OPT_COMPARE,
    OPT_SAVE,
    OPT_SAVED,
    OPT_FORGET,
    OPT_ALERTS,
    OPT_TAG,
    OPT_EXPORT,
    OPT_OPEN,
    OPT_CONFIG,
    OPT_THESAURUS,
    OPT_EXPLAIN,
    OPT_SIMILAR,
};

static const struct row {
    const char *name;
    int code;
    int argument;      /* of getopt */
    const char *value; /* what the argument is called */
    const char *help;
} rows[] = {
    {"db", 'd', required_argument, "DIR|HOST:PORT",
     N_("the index (else $LEGAJO_DB, the configuration, a folder of yours); again: search several "
        "as one")},
    {"limit", 'n', required_argument, "N|all", N_("so many results (10; 0: totals only)")},
    {"offset", OPT_OFFSET, required_argument, "N", N_("leave out the first N")},
    {"sort", OPT_SORT, required_argument, "ORDER",
     N_("relevance, date (oldest first), -date, title")},
    {"match", OPT_MATCH, required_argument, "WORDS",
     N_("all words; any of them; auto: all, else any")},
    {"thesaurus", OPT_THESAURUS, required_argument, "FILE",
     N_("synonyms of yours, a rule a line: coche, automóvil, or narco => narcotráfico")},
    {"syntax", OPT_SYNTAX, required_argument, "SYNTAX",
     N_("query, or plain: words only, nothing is an operator")},
    {"format", OPT_FORMAT, required_argument, "FORMAT",
     N_("text, json, jsonl, csv, excel, tsv, paths, nul, trec, ris, csl, atom; svg: a timeline")},
    {NULL, 'l', no_argument, NULL, N_("paths only: --format=paths")},
    {"fields", OPT_FIELDS, required_argument, "FIELD,…",
     N_("columns or keys, in this order; text is the whole text")},
    {"explain", OPT_EXPLAIN, no_argument, NULL,
     N_("how the query was understood, and each score as a sum")},
    {"no-snippet", OPT_NO_SNIPPET, no_argument, NULL, N_("no passages")},
    {"snippet-size", OPT_SNIPPET_SIZE, required_argument, "N",
     N_("characters of a passage, about")},
    {"snippets", OPT_SNIPPETS, required_argument, "N", N_("passages a document (1)")},
    {"duplicates", OPT_DUPLICATES, required_argument, "show|group[:N]",
     N_("group: near copies as one result (with N percent of the text in common, 70 to 100; 94); "
        "show: every file by itself, identical ones too")},
    {"facet", OPT_FACET, required_argument, "FIELD,…", N_("count the values of fields")},
    {"timeline", OPT_TIMELINE, optional_argument, "year|month|day",
     N_("matches over time: documents, matches, matches per 10,000 words")},
    {"kwic", OPT_KWIC, optional_argument, "WIDTH",
     N_("concordance: every match with its context, WIDTH columns a side")},
    {"kwic-sort", OPT_KWIC_SORT, required_argument, "ORDER", N_("document, left, right, date")},
    {"collocates", OPT_COLLOCATES, optional_argument, "WORDS",
     N_("words that stand near the matches (5 on either side) more than elsewhere")},
    {"compare", OPT_COMPARE, optional_argument, "QUERY",
     N_("words that tell the matches from those of QUERY, or from the rest of the archive")},
    {"count", OPT_COUNT, no_argument, NULL, N_("the number of matches, nothing else")},
    {"topics", OPT_TOPICS, required_argument, "FILE",
     N_("many queries, a line each: id TAB query")},
    {"jobs", 'j', required_argument, "N", N_("with --topics: so many at a time")},
    {"similar", OPT_SIMILAR, required_argument, "ID|FILE",
     N_("documents like this one, or like a file outside; a query restricts")},
    {"show", OPT_SHOW, required_argument, "ID", N_("one document: its fields and text")},
    {"open", OPT_OPEN, required_argument, "ID", N_("open the original with the desktop's program")},
    {"export-dir", OPT_EXPORT, required_argument, "DIR",
     N_("the texts of all matches as files, with a table")},
    {"save", OPT_SAVE, required_argument, "NAME", N_("keep the query; what matches now is known")},
    {"saved", OPT_SAVED, no_argument, NULL, N_("the saved searches")},
    {"forget", OPT_FORGET, required_argument, "NAME", N_("drop a saved search")},
    {"alerts", OPT_ALERTS, no_argument, NULL,
     N_("what is new for the saved searches since last time")},
    {"tag", OPT_TAG, required_argument, "+TAG,-TAG",
     N_("mark all matches; etiqueta:TAG finds them")},
    {"terms", OPT_TERMS, required_argument, "PREFIX", N_("words of the archive, with counts")},
    {"analyze", OPT_ANALYZE, required_argument, "TEXT",
     N_("how text is analysed, as a table; -: lines of standard input")},
    {"config", OPT_CONFIG, required_argument, "FILE",
     N_("the configuration (the manual says which)")},
    {"color", OPT_COLOR, required_argument, "WHEN", N_("auto, always or never")},
    {"help", 'h', no_argument, NULL, N_("this text")},
    {"version", 'V', no_argument, NULL, N_("version")},
};

/* The query language in one look; the manual has the rest. */
static const char *const examples[][2] = {
    {"tráfico armas", N_("stems, accents optional")},
    {"'\"tráfico de armas\"'", N_("a phrase («…» too)")},
    {"=tráfico", N_("this very form")},
    {"'armas NO fuego'", N_("without a word; Y, O and parentheses too")},
    {"'ley CERCA/5 armas'", N_("near; ADY/5: in this order")},
    {"'traf*' 'arm?s' trafik~1", N_("patterns, near spellings")},
    {"tipo:ley,decreto fecha:2024..2026", N_("fields, dates")},
};

#define HELP_COLUMN 28

void
options_help(FILE *out)
{
    fputs(_("Usage: searcher [OPTION]… QUERY…\n"
            "Finds documents of an archive that legajo has indexed. Without QUERY: what the index "
            "holds.\n\n"),
          out);
    for (size_t i = 0; i < G_N_ELEMENTS(examples); i++)
        fprintf(out, "  %s%*s %s\n", examples[i][0],
                (int)(34 - MIN(34u, lj_width(examples[i][0], -1))), "", _(examples[i][1]));
    fputc('\n', out);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct row *row = &rows[i];
        GString *left = g_string_new("  ");
        if (row->code < 256)
            g_string_append_printf(left, "-%c%s", row->code, row->name ? ", " : "");
        if (row->name)
            g_string_append_printf(left, "--%s", row->name);
        if (row->value)
            g_string_append_printf(left, row->argument == optional_argument ? "[=%s]" : "=%s",
                                   row->value);
        unsigned width = lj_width(left->str, -1);
        char *help = lj_wrap(_(row->help), 80 - HELP_COLUMN, HELP_COLUMN);
        if (width > HELP_COLUMN - 3)
            fprintf(out, "%s\n%*s%s\n", left->str, HELP_COLUMN, "", help);
        else
            fprintf(out, "%s%*s%s\n", left->str, (int)(HELP_COLUMN - width), "", help);
        g_free(help);
        g_string_free(left, TRUE);
    }
    fputs(_("\nExit: 0 matches; 1 none; 2 usage or query; 65 not a usable index; 66 no index; 70 "
            "internal;\n"
            "74 input/output; 77 no permission; 78 configuration.\n"),
          out);
}

static bool
bad_value(const char *option, const char *value, const char *allowed, GError **error)
{
    g_set_error(error, LJ_ERROR, LJ_ERROR_USAGE, _("--%s=%s: it can be %s"), option, value,
                allowed);
    return false;
}

static bool
number(const char *text, uint32_t most, uint32_t *out)
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

/* The place of value in a blank-separated list of names; -1: not there. */
static int
choice(const char *value, const char *names)
{
    char **list = g_strsplit(names, " ", -1);
    int found = -1;
    for (int i = 0; list[i] && found < 0; i++)
        if (strcmp(list[i], value) == 0)
            found = i;
    g_strfreev(list);
    return found;
}

static bool
act(struct options *options, enum action action, const struct row *row, const char *value,
    GError **error)
{
    if (options->action != ACTION_SEARCH && options->action != action) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_USAGE,
                    _("--%s and --%s are two things to do: ask for one at a time"),
                    options->action_name, row->name);
        return false;
    }
    options->action = action;
    options->action_name = row->name;
    options->value = value;
    return true;
}

static bool
take_facets(struct options *options, const char *list, GError **error)
{
    char **names = g_strsplit(list, ",", -1);
    for (char **name = names; *name; name++) {
        const struct lj_field *field = lj_field_find(g_strstrip(*name), -1);
        if (!**name || (field && !field->facet)) {
            const struct lj_field *table = lj_field_table();
            GString *known = g_string_new(NULL);
            for (int i = 0; i < LJ_FIELDS; i++)
                if (table[i].facet)
                    g_string_append_printf(known, "%s%s", known->len ? ", " : "", table[i].spanish);
            bad_value("facet", *name, known->str, error);
            g_string_free(known, TRUE);
            g_strfreev(names);
            return false;
        }
        if (field) {
            g_free(*name);
            *name = g_strdup(field->name);
        }
    }
    g_strfreev(options->facets);
    options->facets = names;
    options->search.facets = (const char *const *)names;
    return true;
}

static bool
take_duplicates(struct options *options, const char *value, GError **error)
{
    uint32_t percent = LJ_SIMILARITY;
    if (strcmp(value, "show") == 0)
        percent = 0;
    else if (strcmp(value, "group") != 0 &&
             (!g_str_has_prefix(value, "group:") ||
              !number(value + strlen("group:"), 100, &percent) || percent < 70))
        return bad_value("duplicates", value, _("show, group, or group:N with N from 70 to 100"),
                         error);
    options->search.similarity = percent;
    options->all_copies = percent == 0;
    return true;
}

static bool
take(struct options *options, const struct row *row, const char *value, GError **error)
{
    struct lj_search_options *search = &options->search;
    int n;
    switch (row->code) {
    case 'd':
        g_ptr_array_add(options->databases, g_strdup(value));
        break;
    case 'n':
        options->limit_given = true;
        if (strcmp(value, "all") == 0)
            search->limit = G_MAXUINT32;
        else if (!number(value, G_MAXUINT32 - 1, &search->limit))
            return bad_value("limit", value, _("a number or all"), error);
        break;
    case OPT_OFFSET:
        if (!number(value, G_MAXUINT32 / 2, &search->offset))
            return bad_value(row->name, value, _("a number"), error);
        break;
    case OPT_FORMAT:
        n = lj_format_find(value);
        if (n < 0)
            return bad_value(
                row->name, value,
                "text, json, jsonl, csv, excel, tsv, paths, nul, trec, ris, csl, atom, svg", error);
        options->format = (enum lj_format)n;
        options->format_given = true;
        break;
    case 'l':
        options->format = LJ_FORMAT_PATHS;
        options->format_given = true;
        break;
    case OPT_FIELDS:
        options->fields = value;
        break;
    case OPT_EXPLAIN:
        search->explain = true;
        break;
    case OPT_THESAURUS:
        g_free(options->thesaurus);
        options->thesaurus = g_strdup(value);
        break;
    case OPT_SYNTAX:
        options->syntax = choice(value, "query plain");
        if (options->syntax < 0)
            return bad_value(row->name, value, "query, plain", error);
        break;
    case OPT_MATCH:
        n = choice(value, "auto all any");
        if (n < 0)
            return bad_value(row->name, value, "auto, all, any", error);
        search->match = (enum lj_match)n;
        options->match_given = true;
        break;
    case OPT_SORT:
        n = choice(value, "relevance date -date title");
        if (n < 0)
            return bad_value(row->name, value, "relevance, date, -date, title", error);
        search->sort = (enum lj_sort)n;
        break;
    case OPT_FACET:
        return take_facets(options, value, error);
    case OPT_TIMELINE:
        n = value ? choice(value, "year month day") : 0;
        if (n < 0)
            return bad_value(row->name, value, "year, month, day", error);
        search->timeline = (enum lj_timeline)(n + 1);
        break;
    case OPT_NO_SNIPPET:
        options->no_snippet = true;
        break;
    case OPT_SNIPPET_SIZE:
        if (!number(value, 100000, &search->snippet.size) || search->snippet.size < 20)
            return bad_value(row->name, value, _("a number from 20 to 100000"), error);
        break;
    case OPT_SNIPPETS:
        if (!number(value, 1000, &search->snippet.most) || search->snippet.most == 0)
            return bad_value(row->name, value, _("a number from 1 to 1000"), error);
        break;
    case OPT_DUPLICATES:
        return take_duplicates(options, value, error);
    case 'j':
        if (!number(value, 256, &options->jobs) || options->jobs == 0)
            return bad_value(row->name, value, _("a number from 1 to 256"), error);
        break;
    case OPT_COLOR:
        n = choice(value, "auto never always");
        if (n < 0)
            return bad_value(row->name, value, "auto, always, never", error);
        options->colour = (enum when)n;
        break;
    case OPT_CONFIG:
        options->config = value;
        break;
    case OPT_TOPICS:
        return act(options, ACTION_TOPICS, row, value, error);
    case OPT_SIMILAR:
        return act(options, ACTION_SIMILAR, row, value, error);
    case OPT_SHOW:
        return act(options, ACTION_SHOW, row, value, error);
    case OPT_TERMS:
        return act(options, ACTION_TERMS, row, value, error);
    case OPT_ANALYZE:
        return act(options, ACTION_ANALYZE, row, value, error);
    case OPT_KWIC:
        if (value && (!number(value, 10000, &options->kwic) || options->kwic == 0))
            return bad_value(row->name, value, _("a number of columns"), error);
        return act(options, ACTION_KWIC, row, value, error);
    case OPT_KWIC_SORT:
        n = choice(value, "document left right date");
        if (n < 0)
            return bad_value(row->name, value, "document, left, right, date", error);
        options->kwic_sort = (enum lj_kwic_sort)n;
        break;
    case OPT_COLLOCATES:
        if (value && (!number(value, 100, &options->window) || options->window == 0))
            return bad_value(row->name, value, _("a number from 1 to 100"), error);
        return act(options, ACTION_COLLOCATES, row, value, error);
    case OPT_COMPARE:
        if (value && (!*value || !g_utf8_validate(value, -1, NULL)))
            return bad_value(row->name, value, _("a query"), error);
        return act(options, ACTION_COMPARE, row, value, error);
    case OPT_SAVE:
        return act(options, ACTION_SAVE, row, value, error);
    case OPT_SAVED:
        return act(options, ACTION_SAVED, row, NULL, error);
    case OPT_FORGET:
        return act(options, ACTION_FORGET, row, value, error);
    case OPT_ALERTS:
        return act(options, ACTION_ALERTS, row, NULL, error);
    case OPT_TAG:
        return act(options, ACTION_TAG, row, value, error);
    case OPT_EXPORT:
        return act(options, ACTION_EXPORT, row, value, error);
    case OPT_OPEN:
        return act(options, ACTION_OPEN, row, value, error);
    case OPT_COUNT:
        return act(options, ACTION_COUNT, row, NULL, error);
    case 'h':
        return act(options, ACTION_HELP, row, NULL, error);
    case 'V':
        return act(options, ACTION_VERSION, row, NULL, error);
    }
    return true;
}

/* What the command line does not say: the index (without -d: $LEGAJO_DB, the configuration, a folder of the
 * user's) and the synonyms (of the configuration). */
static bool
ask_configuration(struct options *options, GError **error)
{
    struct lj_config *config = lj_config_load(options->config, error);
    if (!config)
        return false;
    const char *given = g_getenv("LEGAJO_DB");
    if (options->databases->len == 0)
        g_ptr_array_add(options->databases,
                        given && *given ? g_strdup(given)
                        : config->db
                            ? g_strdup(config->db)
                            : g_build_filename(g_get_user_data_dir(), "legajo", "default", NULL));
    if (!options->thesaurus)
        options->thesaurus = g_steal_pointer(&config->thesaurus);
    lj_config_free(config);
    return true;
}

/* What depends on several options, as the contract has it. */
static bool
settle(struct options *options, GError **error)
{
    struct lj_search_options *search = &options->search;
    bool list = options->format == LJ_FORMAT_TEXT || options->format == LJ_FORMAT_JSON;
    bool cells = options->format == LJ_FORMAT_CSV || options->format == LJ_FORMAT_EXCEL ||
                 options->format == LJ_FORMAT_TSV;
    if (options->action == ACTION_TOPICS && options->query) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_USAGE,
                    _("--topics brings its own queries; leave out «%s»"), options->query);
        return false;
    }
    bool needs_query = options->action == ACTION_KWIC || options->action == ACTION_SAVE ||
                       options->action == ACTION_TAG || options->action == ACTION_EXPORT ||
                       options->action == ACTION_COLLOCATES || options->action == ACTION_COMPARE;
    if (needs_query && !options->query) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_USAGE, _("--%s needs a query (* is every document)"),
                    options->action_name);
        return false;
    }
    if (search->explain && !list && options->format != LJ_FORMAT_JSONL) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_USAGE,
                    _("--explain can be text, json or jsonl; not %s"),
                    lj_format_name(options->format));
        return false;
    }
    if (cells &&
        (search->facets != NULL) + (search->timeline != LJ_TIMELINE_NONE) +
                (options->action == ACTION_KWIC) + (options->action == ACTION_TERMS) >
            1 &&
        !(search->facets && search->timeline)) {
        g_set_error_literal(error, LJ_ERROR, LJ_ERROR_USAGE,
                            _("two tables: with csv and tsv ask for one at a time"));
        return false;
    }
    if (cells && search->facets && search->timeline) {
        g_set_error_literal(
            error, LJ_ERROR, LJ_ERROR_USAGE,
            _("--facet and --timeline are two tables: with csv and tsv ask for one at a time"));
        return false;
    }
    if (options->format == LJ_FORMAT_SVG &&
        (options->action != ACTION_SEARCH || search->timeline == LJ_TIMELINE_NONE)) {
        g_set_error_literal(error, LJ_ERROR, LJ_ERROR_USAGE,
                            _("--format=svg draws a timeline: add --timeline"));
        return false;
    }
    search->timeline_rates = search->timeline != LJ_TIMELINE_NONE;
    options->bare = options->action == ACTION_SEARCH && !options->query && !search->facets &&
                    !search->timeline && !search->sort && !options->limit_given && list &&
                    !options->fields && options->format != LJ_FORMAT_JSON;
    if (!options->limit_given)
        search->limit = options->format == LJ_FORMAT_SVG    ? 0
                        : list                              ? 10
                        : options->format == LJ_FORMAT_TREC ? 1000
                                                            : G_MAXUINT32;
    if (!options->match_given)
        search->match =
            options->action == ACTION_TOPICS ? LJ_MATCH_ANY
            : options->action != ACTION_COUNT && list && !search->facets && !search->timeline
                ? LJ_MATCH_AUTO
                : LJ_MATCH_ALL;
    if (options->syntax < 0)
        options->syntax = options->action == ACTION_TOPICS ? LJ_SYNTAX_PLAIN : LJ_SYNTAX_QUERY;
    bool needs_index = options->action != ACTION_HELP && options->action != ACTION_VERSION &&
                       options->action != ACTION_ANALYZE;
    if (needs_index && !ask_configuration(options, error))
        return false;
    g_ptr_array_add(options->databases, NULL);
    return true;
}

bool
options_parse(int argc, char **argv, struct options *options, GError **error)
{
    *options = (struct options){.syntax = -1};
    options->databases = g_ptr_array_new_with_free_func(g_free);
    struct option longs[G_N_ELEMENTS(rows) + 1] = {0};
    GString *shorts = g_string_new(":");
    size_t n = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (rows[i].name)
            longs[n++] = (struct option){rows[i].name, rows[i].argument, NULL, rows[i].code};
        if (rows[i].code < 256)
            g_string_append_printf(shorts, "%c%s", rows[i].code,
                                   rows[i].argument == required_argument ? ":" : "");
    }
    opterr = 0;
    bool good = true;
    for (;;) {
        int at = optind;
        int code = good ? getopt_long(argc, argv, shorts->str, longs, NULL) : -1;
        if (code == -1)
            break;
        if (code == ':') {
            g_set_error(error, LJ_ERROR, LJ_ERROR_USAGE, _("%s: a value is missing (see --help)"),
                        argv[optind - 1]);
            good = false;
        } else if (code == '?') {
            /* In a bundle of short options getopt has not moved on yet. */
            const char *wrong = argv[optind > at ? optind - 1 : at];
            g_set_error(
                error, LJ_ERROR, LJ_ERROR_USAGE,
                _("%s: no such option. To leave a word out of a search, write NO %s; to search for "
                  "it, put -- before the query"),
                wrong, wrong + strspn(wrong, "-"));
            good = false;
        }
        for (size_t i = 0; good && i < G_N_ELEMENTS(rows); i++)
            if (rows[i].code == code) {
                good = take(options, &rows[i], optarg, error);
                break;
            }
    }
    g_string_free(shorts, TRUE);
    if (good && optind < argc)
        options->query = g_strjoinv(" ", argv + optind);
    if (options->query && !*g_strstrip(options->query))
        g_clear_pointer(&options->query, g_free);
    if (good && options->query && !g_utf8_validate(options->query, -1, NULL)) {
        g_set_error_literal(error, LJ_ERROR, LJ_ERROR_USAGE, _("the query is not UTF-8"));
        good = false;
    }
    return good && settle(options, error);
}

void
options_clear(struct options *options)
{
    g_ptr_array_unref(options->databases);
    g_strfreev(options->facets);
    g_free(options->query);
    g_free(options->thesaurus);
}

/* Is the language of messages one that writes decimals with a comma? */
static bool
decimal_comma(void)
{
    static const char *const names[] = {"LC_ALL", "LC_NUMERIC", "LANG"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        const char *value = g_getenv(names[i]);
        if (value && *value) /* Mexico and its neighbours write a point */
            return g_str_has_prefix(value, "es") && !g_str_has_prefix(value, "es_MX") &&
                   !g_str_has_prefix(value, "es_US") && !g_str_has_prefix(value, "es_GT") &&
                   !g_str_has_prefix(value, "es_PA") && !g_str_has_prefix(value, "es_DO") &&
                   !g_str_has_prefix(value, "es_HN") && !g_str_has_prefix(value, "es_NI") &&
                   !g_str_has_prefix(value, "es_SV") && !g_str_has_prefix(value, "es_PR");
    }
    return false;
}

struct lj_output *
options_output(const struct options *options, int fd, GError **error)
{
    struct lj_output *output = lj_output_new(fd, options->format);
    bool terminal = isatty(STDOUT_FILENO);
    const char *no_colour = g_getenv("NO_COLOR"), *term = g_getenv("TERM");
    bool dumb = !term || strcmp(term, "dumb") == 0;
    output->colour = options->colour == WHEN_ALWAYS || (options->colour == WHEN_AUTO && terminal &&
                                                        !dumb && !(no_colour && *no_colour));
    output->links = terminal && !dumb && options->colour != WHEN_NEVER;
    output->spanish = decimal_comma();
    output->topics = options->action == ACTION_TOPICS;
    const char *columns = g_getenv("COLUMNS");
    uint32_t width = 0;
    struct winsize size;
    if (columns && number(columns, 10000, &width) && width > 0)
        output->width = width;
    else if (terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        output->width = size.ws_col;
    if (options->fields && !lj_output_set_fields(output, options->fields, error)) {
        lj_output_free(output);
        return NULL;
    }
    return output;
}
