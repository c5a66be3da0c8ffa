/* Words that belong together: beside a query's matches, or in its documents more than in others. */
#include "commands.h"
#include "legajo/association.h"
#include "i18n.h"

#include <unistd.h>

static bool
known_format(const struct options *options, GError **error)
{
    if (options->format <= LJ_FORMAT_TSV)
        return true;
    g_set_error(error, LJ_ERROR, LJ_ERROR_USAGE,
                _("--%s can be text, json, jsonl, csv, excel, tsv; not %s"), options->action_name,
                lj_format_name(options->format));
    return false;
}

static uint32_t
rows_wanted(const struct options *options)
{
    if (options->limit_given)
        return options->search.limit;
    return options->format == LJ_FORMAT_TEXT ? 25 : options->format == LJ_FORMAT_JSON ? 100 : 1000;
}

/* Both, since they differ in one call only. */
static int
associate(const struct options *options)
{
    GError *error = NULL;
    bool compare = options->action == ACTION_COMPARE;
    struct lj_output *output =
        known_format(options, &error) ? options_output(options, STDOUT_FILENO, &error) : NULL;
    struct lj_searcher *searcher =
        output ? open_searcher(options, &error) : NULL;
    if (!searcher) {
        lj_output_free(output);
        return report_error(options, error, NULL, NULL);
    }
    int status = FOUND;
    struct lj_query *query = prepare_query(options, searcher, options->query, &status);
    struct lj_query *other = query && compare && options->value
                                 ? prepare_query(options, searcher, options->value, &status)
                                 : NULL;
    if (query && (other || !compare || !options->value)) {
        const struct lj_association_options how = {.match = options->search.match,
                                                   .window = options->window ? options->window : 5,
                                                   .most = rows_wanted(options)};
        struct lj_associations *found = compare ? lj_compare(searcher, query, other, &how, &error)
                                                : lj_collocates(searcher, query, &how, &error);
        if (!found) {
            status = report_error(options, error, NULL, NULL);
        } else {
            const GArray *index = lj_searcher_info(searcher, NULL);
            if (compare)
                lj_render_comparison(output, found, options->query, options->value, index);
            else
                lj_render_collocates(output, found, options->query, how.window, index);
            status = found->rows->len ? FOUND : NOTHING;
            if (!found->exact && options->format != LJ_FORMAT_TEXT)
                fprintf(stderr,
                        _("searcher: the figures are about: a sample of the documents was read\n"));
        }
        lj_associations_free(found);
    }
    lj_query_free(query);
    lj_query_free(other);
    lj_searcher_close(searcher);
    if (status <= NOTHING)
        return finish_output(options, output, status);
    lj_output_free(output);
    return status;
}

int
command_collocates(const struct options *options)
{
    return associate(options);
}

int
command_compare(const struct options *options)
{
    return associate(options);
}
