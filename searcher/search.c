/* One query: parsed, searched, rendered. */
#include "commands.h"
#include "legajo/watch.h"
#include "i18n.h"

#include <string.h>
#include <unistd.h>

static GString *
text_of(const struct lj_hit *hit, void *data)
{
    return lj_searcher_text(data, hit, NULL);
}

/* Does the output show passages? */
static bool
wants_snippets(const struct options *options, const struct lj_output *output)
{
    static const char *const of_passages[] = {"snippet", "snippets",   "section", "speaker",
                                              "page",    "page_label", "time"};
    if (options->no_snippet || options->format == LJ_FORMAT_PATHS ||
        options->format == LJ_FORMAT_NUL || options->format == LJ_FORMAT_TREC)
        return false;
    if (!output->fields)
        return true;
    for (size_t i = 0; i < G_N_ELEMENTS(of_passages); i++)
        if (lj_output_has_field(output, of_passages[i]))
            return true;
    return false;
}

/* Are files of the same bytes one result? Not where each path or each id is asked for. */
static bool
folds(const struct options *options, const char *query_id)
{
    return !options->all_copies && !query_id && options->format != LJ_FORMAT_PATHS &&
           options->format != LJ_FORMAT_NUL && options->format != LJ_FORMAT_TREC;
}

/* Does it name the index it comes from? */
static bool
wants_index(const struct lj_output *output)
{
    return output->fields ? lj_output_has_field(output, "index")
                          : output->format != LJ_FORMAT_TEXT && output->format != LJ_FORMAT_PATHS &&
                                output->format != LJ_FORMAT_NUL && output->format != LJ_FORMAT_TREC;
}

static const char *const foot_facets[] = {"type", NULL};

/* Does it ask for tables in a format where they stand instead of results? */
static bool
wants_tables(const struct options *options)
{
    bool tables = options->format == LJ_FORMAT_CSV || options->format == LJ_FORMAT_EXCEL ||
                  options->format == LJ_FORMAT_TSV || options->format == LJ_FORMAT_JSONL;
    return tables && (options->search.facets || options->search.timeline != LJ_TIMELINE_NONE);
}

static void
render_tables(const struct lj_search_options *search, struct lj_output *output,
              const struct lj_answer *answer)
{
    if (search->facets)
        lj_render_facets(output, answer);
    if (search->timeline != LJ_TIMELINE_NONE)
        lj_render_timeline(output, answer);
}

static bool
is_declared(const char *name, void *searcher)
{
    return lj_searcher_declared(searcher, name) != NULL;
}

struct lj_searcher *
open_searcher(const struct options *options, GError **error)
{
    struct lj_searcher *searcher =
        lj_searcher_open((const char *const *)options->databases->pdata, error);
    if (searcher && options->thesaurus &&
        !lj_searcher_set_thesaurus(searcher, options->thesaurus, error))
        g_clear_pointer(&searcher, lj_searcher_close);
    return searcher;
}

struct lj_query *
prepare_query(const struct options *options, struct lj_searcher *searcher, const char *text,
              int *status)
{
    GError *error = NULL;
    struct lj_query_place place = {0, 0};
    const struct lj_query_context context = {.declared = is_declared, .data = searcher};
    struct lj_query *query = lj_query_parse(text, (enum lj_syntax)options->syntax, &context,
                                            lj_searcher_analyser(searcher), &place, &error);
    if (query && lj_tags_asked(query)) {
        struct lj_tags *tags = lj_tags_read(&error);
        if (tags)
            lj_tags_resolve(tags, query);
        else
            g_clear_pointer(&query, lj_query_free);
        lj_tags_free(tags);
    }
    if (!query)
        *status = report_error(options, error, text, &place);
    return query;
}

/* Every hit of a long list goes out as it comes. */
struct stream {
    struct lj_output *output;
    struct lj_answer answer;
    struct lj_results one;
    struct lj_tags *tags;
};

static bool
write_hit(struct lj_hit *hit, void *data)
{
    struct stream *stream = data;
    lj_tags_show(stream->tags, hit);
    stream->one.hits->pdata[0] = hit;
    stream->one.total++;
    lj_render_answer(stream->output, &stream->answer);
    return !stream->output->closed && !stream->output->failure;
}

static int
stream_query(const struct options *options, struct lj_searcher *searcher, struct lj_query *query,
             const char *query_id, const char *text, struct lj_search_options *search,
             struct lj_output *output)
{
    GError *error = NULL;
    struct lj_search_options shown = *search;
    struct stream stream = {
        .output = output, .one = {.hits = g_ptr_array_new()}, .tags = lj_tags_read(&error)};
    struct lj_results *results = NULL;
    g_ptr_array_add(stream.one.hits, NULL);
    if (stream.tags) {
        stream.answer = (struct lj_answer){
            .query_id = query_id,
            .query = text,
            .options = &shown,
            .results = &stream.one,
            .index = wants_index(output) ? lj_searcher_info(searcher, NULL) : NULL,
            .text = text_of,
            .data = searcher};
        search->sink = write_hit;
        search->sink_data = &stream;
        results = lj_search(searcher, query, search, &error);
    }
    int status = !results             ? report_error(options, error, NULL, NULL)
                 : results->total > 0 ? FOUND
                                      : NOTHING;
    if (results && !query_id)
        report_notices(options, results);
    lj_results_free(results);
    lj_tags_free(stream.tags);
    g_ptr_array_unref(stream.one.hits);
    return status;
}

/* --- ¿Quiso decir…? ----------------------------------------------------------------------------
 */

#define LONG_QUERY 1000 /* bytes: a text that was pasted, which no one wants to see again */
#define FEW 20          /* matches below which a word may be misspelt */

/* What words of a query may have meant: for json always, for people where little is found. NULL: nothing. */
static GArray *
find_corrections(const struct options *options, struct lj_searcher *searcher,
                 const struct lj_query *query, const struct lj_results *results)
{
    bool json = options->format == LJ_FORMAT_JSON, few = results->total < FEW || results->relaxed;
    if (strlen(query->text) > LONG_QUERY)
        return NULL;
    bool shown = options->action == ACTION_SEARCH && (json || options->format == LJ_FORMAT_TEXT);
    if (!shown || (!json && !few))
        return NULL;
    GArray *found =
        lj_searcher_corrections(searcher, query, results->total == 0 || results->relaxed, NULL);
    if (found && found->len == 0)
        g_clear_pointer(&found, g_array_unref);
    return found;
}

/* The query as it may have been meant, where that parses and words have changed (accents are optional
 * anyway). Free its text and itself. */
static struct lj_query *
corrected_query(const struct options *options, struct lj_searcher *searcher,
                const struct lj_query *query, const GArray *corrections, char **text)
{
    *text = corrections ? lj_query_corrected(query, corrections, false) : NULL;
    if (!*text)
        return NULL;
    const struct lj_query_context context = {.declared = is_declared, .data = searcher};
    struct lj_query *other = lj_query_parse(*text, (enum lj_syntax)options->syntax, &context,
                                            lj_searcher_analyser(searcher), NULL, NULL);
    if (other && !lj_tags_asked(other))
        return other;
    lj_query_free(other);
    g_clear_pointer(text, g_free);
    return NULL;
}

/* Says what the query may have meant. Where nothing was found, and no = or quotes ask for the very thing, the
 * answer is that of the corrected query: *results and *query change. */
static void
suggest(const struct options *options, struct lj_searcher *searcher,
        const struct lj_search_options *search, const GArray *corrections,
        struct lj_results **results, struct lj_query **query)
{
    char *text = NULL;
    struct lj_query *other = corrected_query(options, searcher, *query, corrections, &text);
    struct lj_results *answer = NULL;
    if (other && (*results)->total == 0 && !lj_query_asks_exactly(*query))
        answer = lj_search(searcher, other, search, NULL);
    if (answer && answer->total > 0) {
        fprintf(stderr, _("searcher: nothing for «%s»; this is for «%s»\n"), (*query)->text, text);
        lj_results_free(*results);
        lj_query_free(*query);
        *results = answer;
        *query = other;
    } else {
        if (other)
            fprintf(stderr, _("searcher: did you mean «%s»?\n"), text);
        lj_results_free(answer);
        lj_query_free(other);
    }
    g_free(text);
}

int
answer_query(const struct options *options, struct lj_searcher *searcher, const char *query_id,
             const char *text, struct lj_output *output)
{
    GError *error = NULL;
    int status = FOUND;
    bool counts_only = options->action == ACTION_COUNT;
    if (!counts_only && options->search.sort == LJ_SORT_RELEVANCE && options->search.limit > 0)
        lj_searcher_expect(searcher);
    struct lj_query *query = prepare_query(options, searcher, text, &status);
    if (!query)
        return status;
    struct lj_search_options search = options->search;
    bool asked = search.facets != NULL || search.timeline != LJ_TIMELINE_NONE;
    search.snippets = wants_snippets(options, output) && search.limit > 0;
    search.exact_total = counts_only || asked || search.limit == 0 || search.limit == G_MAXUINT32;
    if (options->format == LJ_FORMAT_TEXT && !counts_only && !asked && !output->fields &&
        !query_id) {
        search.facets = foot_facets;
        search.timeline = LJ_TIMELINE_YEAR;
    }
    if (options->format == LJ_FORMAT_TEXT &&
        search.snippet.size == 0) /* two lines of the terminal */
        search.snippet.size = 2 * (MAX(output->width, 40u) - 4) - 14;
    search.identical = folds(options, query_id);
    if (counts_only || wants_tables(options)) {
        search.limit = 0;
        search.snippets = false;
    }
    if (search.limit == G_MAXUINT32 && !search.explain && options->format != LJ_FORMAT_TEXT &&
        options->format != LJ_FORMAT_JSON && !asked) {
        status = stream_query(options, searcher, query, query_id, text, &search, output);
        lj_query_free(query);
        return status;
    }
    struct lj_results *results = lj_search(searcher, query, &search, &error);
    if (!results) {
        status = report_error(options, error, NULL, NULL);
    } else {
        GArray *corrections = query_id ? NULL : find_corrections(options, searcher, query, results);
        if (corrections && options->format == LJ_FORMAT_TEXT && !counts_only)
            suggest(options, searcher, &search, corrections, &results, &query);
        status = results->total > 0 ? FOUND : NOTHING;
        if (!query_id)
            report_notices(options, results);
        struct lj_tags *tags = lj_tags_read(&error);
        if (!tags) { /* an answer without marks is one all the same */
            fprintf(stderr, "searcher: %s\n", error->message);
            g_clear_error(&error);
        }
        for (guint i = 0; tags && i < results->hits->len; i++)
            lj_tags_show(tags, results->hits->pdata[i]);
        lj_tags_free(tags);
        struct lj_answer answer = {
            .query_id = query_id,
            .query = text,
            .options = &search,
            .match = results->relaxed || search.match == LJ_MATCH_ANY ? LJ_MATCH_ANY : LJ_MATCH_ALL,
            .results = results,
            .text = text_of,
            .data = searcher,
            .corrections = corrections,
            .facets_asked = options->search.facets != NULL,
            .timeline_asked = options->search.timeline != LJ_TIMELINE_NONE,
        };
        if (wants_index(output))
            answer.index = lj_searcher_info(searcher, NULL);
        if (output->colour)
            answer.matcher = lj_matcher_new(query, lj_searcher_analyser(searcher));
        if (counts_only)
            g_string_append_printf(output->buffer, "%" G_GUINT64_FORMAT "\n", results->total);
        else if (wants_tables(options))
            render_tables(&options->search, output, &answer);
        else
            lj_render_answer(output, &answer);
        lj_matcher_free(answer.matcher);
        if (corrections)
            g_array_unref(corrections);
    }
    lj_results_free(results);
    lj_query_free(query);
    return status;
}

/* The program ends now: what a searcher has mapped and begun the system takes back sooner than we do. (Sanitizers are to see
 * that nothing is lost.) */
static void
leave(struct lj_searcher *searcher)
{
    if (LEGAJO_SANITIZED)
        lj_searcher_close(searcher);
}

int
command_search(const struct options *options)
{
    GError *error = NULL;
    struct lj_output *output = options_output(options, STDOUT_FILENO, &error);
    if (!output)
        return report_error(options, error, NULL, NULL);
    struct lj_searcher *searcher = open_searcher(options, &error);
    if (!searcher) {
        lj_output_free(output);
        return report_error(options, error, NULL, NULL);
    }
    if (options->action != ACTION_COUNT && !wants_tables(options))
        lj_render_begin(output);
    int status =
        answer_query(options, searcher, NULL, options->query ? options->query : "*", output);
    leave(searcher);
    if (status > NOTHING) {
        lj_output_free(output);
        return status;
    }
    return finish_output(options, output, status);
}
