/* The concordance of a query: every match in every document. */
#include "commands.h"
#include "i18n.h"

#include <inttypes.h>
#include <unistd.h>

struct work {
    struct lj_searcher *searcher;
    const struct lj_query *query;
    struct lj_matcher *matcher; /* NULL before the first hit */
    struct lj_concordance *lines;
    struct lj_output *output;
    struct lj_hit *hit;
    GError *unread; /* the first frame that could not be read */
};

static char *
read_frame(uint32_t frame, void *data, GError **error)
{
    struct work *work = data;
    return lj_searcher_frame(work->searcher, work->hit, frame, error);
}

static bool
add_line(const struct lj_kwic *line, void *data)
{
    struct work *work = data;
    lj_concordance_add(work->lines, work->hit, line);
    return !work->output->closed && !work->output->failure;
}

static bool
add_hit(struct lj_hit *hit, void *data)
{
    struct work *work = data;
    if (!work->matcher) /* the search has expanded the query by now: synonyms, forms */
        work->matcher = lj_matcher_new(work->query, lj_searcher_analyser(work->searcher));
    work->hit = hit;
    return lj_passage_kwic(work->matcher, hit->stored, read_frame, work,
                           lj_concordance_context(work->lines), add_line, work, &work->unread);
}

static int
run(const struct options *options, struct lj_searcher *searcher, struct lj_query *query,
    struct lj_output *output)
{
    GError *error = NULL;
    struct work work = {.searcher = searcher,
                        .query = query,
                        .lines =
                            lj_concordance_new(output, options->kwic_sort, options->kwic,
                                               options->query, lj_searcher_info(searcher, NULL)),
                        .output = output};
    struct lj_search_options search = options->search;
    search.limit = G_MAXUINT32;
    search.sort = options->kwic_sort == LJ_KWIC_DATE ? LJ_SORT_DATE : LJ_SORT_DOCUMENT;
    search.sink = add_hit;
    search.sink_data = &work;
    struct lj_results *results = lj_search(searcher, query, &search, &error);
    uint64_t left_out = 0, lines = lj_concordance_end(work.lines, &left_out);
    lj_matcher_free(work.matcher);
    int status = lines > 0 ? FOUND : NOTHING;
    if (results && results->total > 0 && lines == 0)
        fprintf(stderr,
                _("searcher: %" PRIu64 " documents match, but no word of their text: a concordance "
                  "shows words\n"),
                results->total);
    if (results)
        report_notices(options, results);
    else
        status = report_error(options, error, NULL, NULL);
    lj_results_free(results);
    if (left_out)
        fprintf(stderr,
                _("searcher: %" PRIu64 " lines are left out: sorted, it holds %d; narrow "
                  "the query or take document order\n"),
                left_out, LJ_KWIC_MOST);
    if (work.unread)
        return report_error(options, work.unread, NULL, NULL);
    return status;
}

int
command_kwic(const struct options *options)
{
    GError *error = NULL;
    bool known = options->format <= LJ_FORMAT_TSV;
    if (!known)
        g_set_error(&error, LJ_ERROR, LJ_ERROR_USAGE,
                    _("a concordance can be text, json, jsonl, csv, excel, tsv; not %s"),
                    lj_format_name(options->format));
    struct lj_output *output = known ? options_output(options, STDOUT_FILENO, &error) : NULL;
    struct lj_searcher *searcher = output ? open_searcher(options, &error) : NULL;
    if (!searcher) {
        lj_output_free(output);
        return report_error(options, error, NULL, NULL);
    }
    int status = FOUND;
    struct lj_query *query = prepare_query(options, searcher, options->query, &status);
    if (query)
        status = run(options, searcher, query, output);
    lj_query_free(query);
    lj_searcher_close(searcher);
    if (status <= NOTHING)
        return finish_output(options, output, status);
    lj_output_flush(output, NULL);
    lj_output_free(output);
    return status;
}
