/* Words of the archive that begin so, with the number of documents. */
#include "commands.h"
#include "i18n.h"

#include <unistd.h>

int
command_terms(const struct options *options)
{
    GError *error = NULL;
    struct lj_output *output = options_output(options, STDOUT_FILENO, &error);
    struct lj_searcher *searcher = output ? open_searcher(options, &error) : NULL;
    char *prefix = lj_schema_fold(options->value, -1);
    uint32_t limit = options->limit_given ? options->search.limit
                     : options->format == LJ_FORMAT_TEXT || options->format == LJ_FORMAT_JSON
                         ? 50
                         : G_MAXUINT32;
    GArray *terms = searcher ? lj_searcher_terms(searcher, prefix, limit, &error) : NULL;
    int status;
    if (!terms) {
        lj_output_free(output);
        status = report_error(options, error, NULL, NULL);
    } else {
        lj_render_terms(output, prefix, terms);
        status = finish_output(options, output, terms->len ? FOUND : NOTHING);
        g_array_unref(terms);
    }
    g_free(prefix);
    lj_searcher_close(searcher);
    return status;
}
