/* How fast are warm searches? Microseconds a query of a file, as tests/bench/peers asks them:
 *
 *     bench_search DIR QUERIES ROUNDS        QUERIES: KIND<TAB>WORDS<TAB>TYPE a line
 *
 * KIND: one, many (any of the words), phrase, filtered (and of this type), facets (counts by type).
 * Ten hits each, without passages; the first round is not printed. */
#include "legajo/search.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
die(const GError *error)
{
    fprintf(stderr, "%s\n", error->message);
    exit(70);
}

int
main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    GError *error = NULL;
    const char *databases[] = {argv[1], NULL};
    struct lj_searcher *searcher = lj_searcher_open(databases, &error);
    char *queries = NULL;
    if (!searcher || !g_file_get_contents(argv[2], &queries, NULL, &error))
        die(error);
    char **lines = g_strsplit(queries, "\n", -1);
    int rounds = atoi(argv[3]);
    static const char *const facets[] = {"type", NULL};
    for (int round = 0; round < rounds; round++) {
        for (char **line = lines; *line && **line; line++) {
            char **q = g_strsplit(*line, "\t", 3);
            char *text = strcmp(q[0], "phrase") == 0 ? g_strdup_printf("\"%s\"", q[1])
                         : strcmp(q[0], "filtered") == 0
                             ? g_strdup_printf("%s tipo:\"%s\"", q[1], q[2])
                             : g_strdup(q[1]);
            gint64 start = g_get_monotonic_time();
            struct lj_query *query = lj_query_parse(text, LJ_SYNTAX_QUERY, NULL,
                                                    lj_searcher_analyser(searcher), NULL, &error);
            if (!query)
                die(error);
            struct lj_search_options options = {.match = LJ_MATCH_ANY, .limit = 10};
            if (strcmp(q[0], "facets") == 0)
                options.facets = facets;
            struct lj_results *results = lj_search(searcher, query, &options, &error);
            if (!results)
                die(error);
            gint64 took = g_get_monotonic_time() - start;
            if (round > 0)
                printf("%s\t%" G_GINT64_FORMAT "\t%u\n", q[0], took, results->hits->len);
            lj_results_free(results);
            lj_query_free(query);
            g_free(text);
            g_strfreev(q);
        }
    }
    g_strfreev(lines);
    g_free(queries);
    lj_searcher_close(searcher);
    return 0;
}
