/* The bare command: what the index holds, and three queries to begin with, made of its own words.
 */
#include "commands.h"
#include "i18n.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

/* Up to three words of a title that say something, in its order, in lower case. */
static GPtrArray *
telling_words(struct lj_analyser *analyser, const char *title)
{
    GPtrArray *words = g_ptr_array_new_with_free_func(g_free);
    struct lj_tokens *tokens = lj_tokens_new();
    lj_analyse(analyser, title, strlen(title), LJ_ANALYSE_WORDS, tokens);
    for (size_t i = 0; i < tokens->n && words->len < 3; i++) {
        const struct lj_token *token = &tokens->token[i];
        if (token->kind == LJ_TOKEN_WORD && !token->part && !token->word->stop &&
            token->word->form_length > 4)
            g_ptr_array_add(words, g_strdup(token->word->form));
    }
    lj_tokens_free(tokens);
    return words;
}

static void
suggest(struct lj_output *output, struct lj_searcher *searcher, const struct lj_results *results)
{
    GString *out = output->buffer;
    GPtrArray *words = NULL;
    for (guint i = 0; i < results->hits->len && (!words || words->len < 2); i++) {
        const struct lj_hit *hit = results->hits->pdata[i];
        const char *title = lj_document_field(hit->stored->document, "title");
        g_clear_pointer(&words, g_ptr_array_unref);
        words = telling_words(lj_searcher_analyser(searcher), title ? title : "");
    }
    g_string_append_printf(out, "\n%s\n", _("Try:"));
    if (words && words->len >= 2) {
        g_string_append_printf(out, "    searcher %s %s\n", (char *)words->pdata[0],
                               (char *)words->pdata[1]);
        g_string_append_printf(out, "    searcher '%s CERCA/10 %s'\n", (char *)words->pdata[0],
                               (char *)words->pdata[words->len - 1]);
    }
    const struct lj_facet *types =
        results->facets && results->facets->len ? results->facets->pdata[0] : NULL;
    const char *type = types && types->counts->len
                           ? g_array_index(types->counts, struct lj_facet_count, 0).value
                           : NULL;
    const char *year =
        results->timeline && results->timeline->len
            ? g_array_index(results->timeline, struct lj_period, results->timeline->len - 1).period
            : NULL;
    bool plain = type && !strpbrk(type, " \t'\"():,");
    /* One of them: not every type stands in every year, and all three find something. */
    if (type)
        g_string_append_printf(out, "    searcher %s%s%s\n", plain ? "tipo:" : "'tipo:\"", type,
                               plain ? "" : "\"'");
    else if (year)
        g_string_append_printf(out, "    searcher fecha:%s\n", year);
    g_string_append_printf(out, "\n%s\n", _("searcher --help lists what else can be asked."));
    if (words)
        g_ptr_array_unref(words);
}

int
command_overview(const struct options *options)
{
    static const char *const facets[] = {"type", NULL};
    GError *error = NULL;
    struct lj_output *output = options_output(options, STDOUT_FILENO, &error);
    struct lj_searcher *searcher = output ? open_searcher(options, &error) : NULL;
    struct lj_query *query = searcher ? lj_query_parse("*", LJ_SYNTAX_QUERY, NULL,
                                                       lj_searcher_analyser(searcher), NULL, &error)
                                      : NULL;
    const struct lj_search_options search = {.match = LJ_MATCH_ALL,
                                             .sort = LJ_SORT_DATE_NEWEST,
                                             .limit = 20,
                                             .exact_total = true,
                                             .facets = facets,
                                             .timeline = LJ_TIMELINE_YEAR};
    struct lj_results *results = query ? lj_search(searcher, query, &search, &error) : NULL;
    const GArray *index = results ? lj_searcher_info(searcher, &error) : NULL;
    int status = FOUND;
    if (!index) {
        status = report_error(options, error, NULL, NULL);
    } else {
        GString *out = output->buffer;
        for (guint i = 0; i < index->len; i++) {
            const struct lj_index_info *info = &g_array_index(index, struct lj_index_info, i);
            g_string_append_printf(out,
                                   g_dngettext(GETTEXT_PACKAGE, "%s: %" PRIu64 " document",
                                               "%s: %" PRIu64 " documents", info->documents),
                                   info->name, info->documents);
            if (info->updated)
                g_string_append_printf(out, _(", last changed %s"), info->updated);
            g_string_append_c(out, '\n');
        }
        struct lj_results foot = *results;
        foot.hits = NULL;
        struct lj_answer answer = {.results = &foot, .options = &search};
        lj_render_foot(output, &answer);
        if (results->total > 0)
            suggest(output, searcher, results);
        else
            g_string_append_printf(out, "\n%s\n", _("It is empty: indexer FOLDER fills it."));
    }
    lj_results_free(results);
    lj_query_free(query);
    lj_searcher_close(searcher);
    if (status != FOUND) {
        lj_output_free(output);
        return status;
    }
    return finish_output(options, output, status);
}
