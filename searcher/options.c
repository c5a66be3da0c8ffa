#include "options.h"
#include "i18n.h"

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
    OPT_COMPLETION,
};

static const struct lj_option rows[] = {
    {"db", 'd', LJ_VALUE_NEEDED, "DIR|HOST:PORT", NULL,
     N_("the index (else $LEGAJO_DB, the configuration, a folder of yours); again: search several "
        "as one")},
    {"limit", 'n', LJ_VALUE_NEEDED, "N|all", NULL, N_("so many results (10; 0: totals only)")},
    {"offset", OPT_OFFSET, LJ_VALUE_NEEDED, "N", NULL, N_("leave out the first N")},
    {"sort", OPT_SORT, LJ_VALUE_NEEDED, "ORDER", "relevance date -date title",
     N_("relevance, date (oldest first), -date, title")},
    {"match", OPT_MATCH, LJ_VALUE_NEEDED, "WORDS", "auto all any",
     N_("all words; any of them; auto: all, else any")},
    {"thesaurus", OPT_THESAURUS, LJ_VALUE_NEEDED, "FILE", NULL,
     N_("synonyms of yours, a rule a line: coche, automóvil, or narco => narcotráfico")},
    {"syntax", OPT_SYNTAX, LJ_VALUE_NEEDED, "SYNTAX", "query plain",
     N_("query, or plain: words only, nothing is an operator")},
    {"format", OPT_FORMAT, LJ_VALUE_NEEDED, "FORMAT",
     "text json jsonl csv excel tsv paths nul trec ris csl atom svg",
     N_("text, json, jsonl, csv, excel, tsv, paths, nul, trec, ris, csl, atom; svg: a timeline")},
    {NULL, 'l', LJ_VALUE_NONE, NULL, NULL, N_("paths only: --format=paths")},
    {"fields", OPT_FIELDS, LJ_VALUE_NEEDED, "FIELD,…", NULL,
     N_("columns or keys, in this order; text is the whole text")},
    {"explain", OPT_EXPLAIN, LJ_VALUE_NONE, NULL, NULL,
     N_("how the query was understood, and each score as a sum")},
    {"no-snippet", OPT_NO_SNIPPET, LJ_VALUE_NONE, NULL, NULL, N_("no passages")},
    {"snippet-size", OPT_SNIPPET_SIZE, LJ_VALUE_NEEDED, "N", NULL,
     N_("characters of a passage, about")},
    {"snippets", OPT_SNIPPETS, LJ_VALUE_NEEDED, "N", NULL, N_("passages a document (1)")},
    {"duplicates", OPT_DUPLICATES, LJ_VALUE_NEEDED, "show|group[:N]", NULL,
     N_("group: near copies as one result (with N percent of the text in common, 70 to 100; 94); "
        "show: every document by itself")},
    {"facet", OPT_FACET, LJ_VALUE_NEEDED, "FIELD,…", NULL, N_("count the values of fields")},
    {"timeline", OPT_TIMELINE, LJ_VALUE_OPTIONAL, "year|month|day", "year month day",
     N_("matches over time: documents, matches, matches per 10,000 words")},
    {"kwic", OPT_KWIC, LJ_VALUE_OPTIONAL, "WIDTH", NULL,
     N_("concordance: every match with its context, WIDTH columns a side")},
    {"kwic-sort", OPT_KWIC_SORT, LJ_VALUE_NEEDED, "ORDER", "document left right date",
     N_("document, left, right, date")},
    {"collocates", OPT_COLLOCATES, LJ_VALUE_OPTIONAL, "WORDS", NULL,
     N_("words that stand near the matches (5 on either side) more than elsewhere")},
    {"compare", OPT_COMPARE, LJ_VALUE_OPTIONAL, "QUERY", NULL,
     N_("words that tell the matches from those of QUERY, or from the rest of the archive")},
    {"count", OPT_COUNT, LJ_VALUE_NONE, NULL, NULL, N_("the number of matches, nothing else")},
    {"topics", OPT_TOPICS, LJ_VALUE_NEEDED, "FILE", NULL,
     N_("many queries, a line each: id TAB query")},
    {"jobs", 'j', LJ_VALUE_NEEDED, "N", NULL, N_("with --topics: so many at a time")},
    {"similar", OPT_SIMILAR, LJ_VALUE_NEEDED, "ID|FILE", NULL,
     N_("documents like this one, or like a file outside; a query restricts")},
    {"show", OPT_SHOW, LJ_VALUE_NEEDED, "ID", NULL, N_("one document: its fields and text")},
    {"open", OPT_OPEN, LJ_VALUE_NEEDED, "ID", NULL,
     N_("open the original with the desktop's program")},
    {"export-dir", OPT_EXPORT, LJ_VALUE_NEEDED, "DIR", NULL,
     N_("the texts of all matches as files, with a table")},
    {"save", OPT_SAVE, LJ_VALUE_NEEDED, "NAME", NULL,
     N_("keep the query; what matches now is known")},
    {"saved", OPT_SAVED, LJ_VALUE_NONE, NULL, NULL, N_("the saved searches")},
    {"forget", OPT_FORGET, LJ_VALUE_NEEDED, "NAME", NULL, N_("drop a saved search")},
    {"alerts", OPT_ALERTS, LJ_VALUE_NONE, NULL, NULL,
     N_("what is new for the saved searches since last time")},
    {"tag", OPT_TAG, LJ_VALUE_NEEDED, "+TAG,-TAG", NULL,
     N_("mark all matches; etiqueta:TAG finds them")},
    {"terms", OPT_TERMS, LJ_VALUE_NEEDED, "PREFIX", NULL, N_("words of the archive, with counts")},
    {"analyze", OPT_ANALYZE, LJ_VALUE_NEEDED, "TEXT", NULL,
     N_("how text is analysed, as a table; -: lines of standard input")},
    {"config", OPT_CONFIG, LJ_VALUE_NEEDED, "FILE", NULL,
     N_("the configuration (the manual says which)")},
    {"color", OPT_COLOR, LJ_VALUE_NEEDED, "WHEN", "auto never always", N_("auto, always or never")},
    {"completion", OPT_COMPLETION, LJ_VALUE_NEEDED, "SHELL", "bash",
     N_("print the script by which the shell completes options")},
    {"help", 'h', LJ_VALUE_NONE, NULL, NULL, N_("this text")},
    {"version", 'V', LJ_VALUE_NONE, NULL, NULL, N_("version")},
};

static void
unknown(const char *written, GError **error)
{
    g_set_error(error, LJ_ERROR, LJ_ERROR_USAGE,
                _("%s: no such option. To leave a word out of a search, write NO %s; to search for "
                  "it, put -- before the query"),
                written, written + strspn(written, "-"));
}

static const struct lj_command command = {"searcher", rows, G_N_ELEMENTS(rows), unknown};

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

void
options_completion(FILE *out)
{
    lj_command_completion(&command, "legajo-searcher", out);
}

void
options_help(FILE *out)
{
    fputs(_("Usage: searcher [OPTION]… QUERY…\n"
            "Finds documents of an archive that legajo has indexed. Without QUERY: what the\n"
            "index holds.\n\n"),
          out);
    for (size_t i = 0; i < G_N_ELEMENTS(examples); i++)
        fprintf(out, "  %s%*s %s\n", examples[i][0],
                (int)(34 - MIN(34u, lj_width(examples[i][0], -1))), "", _(examples[i][1]));
    fputc('\n', out);
    lj_command_help(&command, out);
    fputs(_("\nExit: 0 matches; 1 none; 2 usage or query; 65 not a usable index; 66 no index;\n"
            "70 internal; 74 input/output; 77 no permission; 78 configuration.\n"),
          out);
}

static bool
act(struct options *options, enum action action, const struct lj_option *row, const char *value,
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
take_facets(struct options *options, const struct lj_option *row, const char *list, GError **error)
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
            lj_option_refuse(row, *name, known->str, error);
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
take_duplicates(struct options *options, const struct lj_option *row, const char *value,
                GError **error)
{
    uint32_t percent = LJ_SIMILARITY;
    if (strcmp(value, "show") == 0)
        percent = 0;
    else if (strcmp(value, "group") != 0 &&
             (!g_str_has_prefix(value, "group:") ||
              !lj_option_number(value + strlen("group:"), 100, &percent) || percent < 70))
        return lj_option_refuse(row, value, _("show, group, or group:N with N from 70 to 100"),
                                error);
    options->search.similarity = percent;
    options->all_copies = percent == 0;
    return true;
}

static bool
take(void *data, const struct lj_option *row, const char *value, int choice, GError **error)
{
    struct options *options = data;
    struct lj_search_options *search = &options->search;
    switch (row->code) {
    case 'd':
        g_ptr_array_add(options->databases, g_strdup(value));
        break;
    case 'n':
        options->limit_given = true;
        if (strcmp(value, "all") == 0)
            search->limit = G_MAXUINT32;
        else if (!lj_option_number(value, G_MAXUINT32 - 1, &search->limit))
            return lj_option_refuse(row, value, _("a number or all"), error);
        break;
    case OPT_OFFSET:
        if (!lj_option_number(value, G_MAXUINT32 / 2, &search->offset))
            return lj_option_refuse(row, value, _("a number"), error);
        break;
    case OPT_FORMAT:
        options->format = (enum lj_format)lj_format_find(value);
        break;
    case 'l':
        options->format = LJ_FORMAT_PATHS;
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
        options->syntax = choice;
        break;
    case OPT_MATCH:
        search->match = (enum lj_match)choice;
        options->match_given = true;
        break;
    case OPT_SORT:
        search->sort = (enum lj_sort)choice;
        break;
    case OPT_FACET:
        return take_facets(options, row, value, error);
    case OPT_TIMELINE:
        search->timeline = (enum lj_timeline)(MAX(choice, 0) + 1);
        break;
    case OPT_NO_SNIPPET:
        options->no_snippet = true;
        break;
    case OPT_SNIPPET_SIZE:
        if (!lj_option_number(value, 100000, &search->snippet.size) || search->snippet.size < 20)
            return lj_option_refuse(row, value, _("a number from 20 to 100000"), error);
        break;
    case OPT_SNIPPETS:
        if (!lj_option_number(value, 1000, &search->snippet.most) || search->snippet.most == 0)
            return lj_option_refuse(row, value, _("a number from 1 to 1000"), error);
        break;
    case OPT_DUPLICATES:
        return take_duplicates(options, row, value, error);
    case 'j':
        if (!lj_option_number(value, 256, &options->jobs) || options->jobs == 0)
            return lj_option_refuse(row, value, _("a number from 1 to 256"), error);
        break;
    case OPT_COLOR:
        options->colour = (enum when)choice;
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
        if (value && (!lj_option_number(value, 10000, &options->kwic) || options->kwic == 0))
            return lj_option_refuse(row, value, _("a number of columns"), error);
        return act(options, ACTION_KWIC, row, value, error);
    case OPT_KWIC_SORT:
        options->kwic_sort = (enum lj_kwic_sort)choice;
        break;
    case OPT_COLLOCATES:
        if (value && (!lj_option_number(value, 100, &options->window) || options->window == 0))
            return lj_option_refuse(row, value, _("a number from 1 to 100"), error);
        return act(options, ACTION_COLLOCATES, row, value, error);
    case OPT_COMPARE:
        if (value && (!*value || !g_utf8_validate(value, -1, NULL)))
            return lj_option_refuse(row, value, _("a query"), error);
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
    case OPT_COMPLETION:
        return act(options, ACTION_COMPLETION, row, NULL, error);
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
            : options->action == ACTION_SEARCH && list && !search->facets && !search->timeline
                ? LJ_MATCH_AUTO
                : LJ_MATCH_ALL;
    if (options->syntax < 0)
        options->syntax = options->action == ACTION_TOPICS ? LJ_SYNTAX_PLAIN : LJ_SYNTAX_QUERY;
    bool needs_index = options->action != ACTION_HELP && options->action != ACTION_VERSION &&
                       options->action != ACTION_ANALYZE && options->action != ACTION_COMPLETION;
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
    int first = argc;
    bool good = lj_command_read(&command, argc, argv, take, options, &first, error);
    if (good && first < argc)
        options->query = g_strjoinv(" ", argv + first);
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
    if (columns && lj_option_number(columns, 10000, &width) && width > 0)
        output->width = width;
    else if (terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        output->width = size.ws_col;
    if (options->fields && !lj_output_set_fields(output, options->fields, error)) {
        lj_output_free(output);
        return NULL;
    }
    return output;
}
