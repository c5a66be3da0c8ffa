#include "commands.h"
#include "i18n.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static bool
as_json(const struct options *options)
{
    return options->format == LJ_FORMAT_JSON || options->format == LJ_FORMAT_JSONL;
}

/* The query on a line, its place marked on the next:
 *
 *     "tráfico de armas
 *     ^
 */
static void
mark(const char *query, const struct lj_query_place *place)
{
    size_t length = strlen(query), start = MIN(place->start, length),
           end = CLAMP(place->end, start, length);
    char *line = g_strdup(query);
    for (char *p = line; *p; p++)
        if ((uint8_t)*p < 0x20 || *p == 0x7F)
            *p = ' ';
    unsigned before = lj_width(line, (gssize)start);
    unsigned width = MAX(1u, lj_width(line + start, (gssize)(end - start)));
    fprintf(stderr, "    %s\n    %*s", line, (int)before, "");
    for (unsigned i = 0; i < width; i++)
        fputc('^', stderr);
    fputc('\n', stderr);
    g_free(line);
}

int
report_error(const struct options *options, GError *error, const char *query,
             const struct lj_query_place *place)
{
    int status = lj_error_exit_status(error);
    fprintf(stderr, "searcher: %s\n", error->message);
    bool placed = query && place && place->end >= place->start && error->domain == LJ_ERROR &&
                  error->code == LJ_ERROR_QUERY;
    if (placed)
        mark(query, place);
    if (as_json(options)) {
        struct lj_output *output = lj_output_new(STDOUT_FILENO, options->format);
        long start = placed ? (long)g_utf8_strlen(query, (gssize)place->start) : -1;
        long end = placed ? (long)g_utf8_strlen(query, (gssize)place->end) : -1;
        lj_render_error(output, error, start, end);
        lj_output_flush(output, NULL);
        lj_output_free(output);
    }
    g_error_free(error);
    return status;
}

void
report_notices(const struct options *options, const struct lj_results *results)
{
    if (options->format == LJ_FORMAT_JSON)
        return;
    for (guint i = 0; results->notices && i < results->notices->len; i++)
        fprintf(stderr, "searcher: %s\n",
                g_array_index(results->notices, struct lj_notice, i).text);
}

int
finish_output(const struct options *options, struct lj_output *output, int status)
{
    GError *error = NULL;
    bool good = lj_render_end(output, &error);
    bool closed = output->closed;
    lj_output_free(output);
    if (good)
        return status;
    return closed ? FOUND : report_error(options, error, NULL, NULL);
}
