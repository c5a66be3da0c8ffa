/* One search: first stage over Xapian, second over its best, a closer look at the first of these
 * (order.c), then what an answer shows (facets.c, copies.c, hits.c). */
#include "search/searching.h"

#include "i18n.h"
#include "search/local.h"

/* Matches a list counts to the end without being asked: beyond, "about" may do; and those of documents
 * with any of the words, whose number says little and costs a walk through all of them. */
#define COUNT_LIMIT 50000u
#define COUNT_LIMIT_ANY 200u

void
lj_candidate_clear(gpointer data)
{
    g_free(((struct lj_candidate *)data)->id);
}

/* --- first stage -------------------------------------------------------------------------------
 */

bool
lj_search_by_relevance(const struct lj_searching *s)
{
    return s->options->sort == LJ_SORT_RELEVANCE && s->plan->weighted;
}

static void
take_matches(struct lj_searching *s, const struct xap_matches *matches)
{
    for (size_t i = 0; i < matches->n; i++) {
        struct lj_candidate candidate = {
            .docid = matches->hit[i].docid,
            .score = matches->hit[i].weight,
            .id = matches->hit[i].value
                      ? g_strndup(matches->hit[i].value, matches->hit[i].value_length)
                      : NULL};
        g_array_append_val(s->candidates, candidate);
    }
}

/* The answer of the first stage, whose counts may still be under way. */
static void
free_first(struct lj_searching *s)
{
    if (s->first && s->searcher->local)
        lj_local_counted(s->searcher->local, NULL);
    lj_xap_matches_free(s->first);
    s->first = NULL;
}

static void
set_totals(struct lj_searching *s, const struct xap_matches *matches)
{
    s->results->total = matches->estimate;
    s->results->total_exact = matches->lower == matches->upper && !s->unverified;
}

uint64_t
lj_search_wanted(const struct lj_searching *s)
{
    const struct lj_search_options *options = s->options;
    uint64_t shown = (uint64_t)options->offset + options->limit;
    if (s->everything)
        return G_MAXUINT32;
    return options->similarity && options->limit ? MAX(shown, (uint64_t)LJ_GROUP_LIMIT) : shown;
}

/* Asks for what the options want of the plan, to s->first. later: counts may still be under way then. */
static bool
ask_plan(struct lj_searching *s, bool later, GError **error)
{
    const struct lj_search_options *options = s->options;
    bool exact = options->exact_total || s->spies->len > 0;
    struct xap_search search = {.nodes = (const struct xap_node *)(void *)s->plan->nodes->data,
                                .n_nodes = s->plan->nodes->len,
                                .check_at_least = exact    ? G_MAXUINT32
                                                  : s->all ? COUNT_LIMIT
                                                           : COUNT_LIMIT_ANY,
                                .k1 = s->ranking->k1,
                                .b = s->ranking->b,
                                .k3 = s->ranking->k3,
                                .min_normlen = s->ranking->min_normlen,
                                .spies = (const uint32_t *)(void *)s->spies->data,
                                .spy_bytes = (const uint32_t *)(void *)s->spy_bytes->data,
                                .n_spies = s->spies->len,
                                .spies_later = later,
                                .values = lj_search_by_relevance(s) &&
                                          !lj_xap_takes_docids(s->searcher->reader),
                                .value_slot = LJ_SLOT_ID,
                                .settle = true,
                                .settle_slot = LJ_SLOT_ID};
    search.max =
        options->limit
            ? (uint32_t)MIN(MAX(lj_search_wanted(s), (uint64_t)s->ranking->depth), G_MAXUINT32)
            : 0;
    if (!lj_search_by_relevance(s) && search.max > 0) {
        search.sort = options->sort == LJ_SORT_DOCUMENT ? XAP_BY_DOCID : XAP_BY_VALUE;
        search.sort_slot = options->sort == LJ_SORT_TITLE ? LJ_SLOT_TITLE : LJ_SLOT_ID;
    }
    free_first(s);
    s->first = lj_searcher_match(s->searcher, &search, error);
    if (!s->first)
        return false;
    set_totals(s, s->first);
    return true;
}

/* Runs the plan. */
static bool
run_plan(struct lj_searching *s, GError **error)
{
    g_array_set_size(s->candidates, 0);
    if (!ask_plan(s, true, error))
        return false;
    take_matches(s, s->first);
    return true;
}

/* Waits for counts that a helper makes. */
static bool
await_counts(struct lj_searching *s, GError **error)
{
    GError *failure = NULL;
    if (!s->searcher->local || lj_local_counted(s->searcher->local, &failure)) {
        set_totals(s, s->first);
        return true;
    }
    if (failure) {
        g_propagate_error(error, failure);
        return false;
    }
    return ask_plan(s, false, error);
}

static bool
make_plan(struct lj_searching *s, bool all, GError **error)
{
    struct lj_plan_index index = {s->searcher->reader};
    lj_plan_free(s->plan);
    s->all = all;
    s->plan = lj_plan_make(s->query, all, s->ranking, &index);
    return lj_search_verify(s, all, error);
}

static bool
search_plan(struct lj_searching *s, bool all, GError **error)
{
    return make_plan(s, all, error) && run_plan(s, error);
}

/* --- the whole ---------------------------------------------------------------------------------
 */

static bool
run(struct lj_searching *s, GError **error)
{
    if (!lj_searcher_refresh(s->searcher, s->options->sink != NULL, error) ||
        !lj_search_choose_spies(s, error))
        return false;
    bool all = s->options->match != LJ_MATCH_ANY;
    lj_search_look_ahead(s);
    if (!search_plan(s, all, error))
        return false;
    if (s->options->match == LJ_MATCH_AUTO && s->first->upper == 0) {
        struct lj_plan *before = g_steal_pointer(&s->plan);
        if (!search_plan(s, false, error)) {
            lj_plan_free(before);
            return false;
        }
        s->results->relaxed = s->first->upper > 0;
        if (s->results->relaxed)
            lj_search_notice(s, "relaxed",
                             _("No document has all the words; these have some of them."));
        lj_plan_free(before);
    }
    if (!lj_search_order(s, error))
        return false;
    lj_search_end_ahead(s); /* the answer is somebody else's to look at now */
    /* Counts that are under way are waited for last. */
    bool later = s->searcher->local && lj_local_counts(s->searcher->local);
    if (later && s->options->similarity) { /* it is to be known how many there are */
        later = false;
        if (!await_counts(s, error))
            return false;
    }
    if ((!later && !lj_search_fill_counts(s, error)) || !lj_search_group(s, error) ||
        !lj_search_make_hits(s, error) ||
        (later && !(await_counts(s, error) && lj_search_fill_counts(s, error))))
        return false;
    if (s->too_few && !s->options->sink && s->candidates->len < s->results->total) {
        /* Most of the best were copies of each other: once more, with all matches. */
        s->everything = true;
        g_ptr_array_set_size(s->results->hits, 0);
        if (!run_plan(s, error) || !lj_search_order(s, error) || !lj_search_make_hits(s, error))
            return false;
    }
    return !s->options->explain || lj_search_explain(s, error);
}

static struct lj_results *
search_once(struct lj_searcher *searcher, struct lj_query *query,
            const struct lj_search_options *options, GError **error)
{
    gint64 began = g_get_monotonic_time();
    /* What was shown cannot be taken back. */
    bool once = options->sink != NULL;
    struct lj_searching s = {.searcher = searcher,
                             .query = query,
                             .options = options,
                             .ranking = options->ranking ? options->ranking : lj_ranking_default(),
                             .results = lj_results_new(),
                             .candidates = g_array_new(FALSE, TRUE, sizeof(struct lj_candidate)),
                             .spies = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
                             .spy_bytes = g_array_new(FALSE, FALSE, sizeof(uint32_t))};
    g_array_set_clear_func(s.candidates, lj_candidate_clear);
    s.results->parsed = lj_query_print(query);
    bool good = lj_searcher_refresh(searcher, once, error);
    if (good && options->sort == LJ_SORT_RELEVANCE && options->limit > 0)
        lj_searcher_expect(searcher);
    good = good && lj_searcher_expand(searcher, query, options->explain, error);
    for (guint i = 0; i < query->notices->len; i++)
        lj_search_notice(&s, "query", query->notices->pdata[i]);
    good = good && run(&s, error);
    lj_search_end_ahead(&s);
    if (searcher->local)
        lj_local_keep(searcher->local);
    lj_plan_free(s.plan);
    lj_plan_free(s.alike);
    free_first(&s);
    if (s.groups)
        g_array_unref(s.groups);
    g_array_unref(s.candidates);
    g_array_unref(s.spies);
    g_array_unref(s.spy_bytes);
    s.results->took_ms = (double)(g_get_monotonic_time() - began) / 1000;
    if (good)
        return s.results;
    lj_results_free(s.results);
    return NULL;
}

/* A search that comes to ask Xapian when the segments have just gone begins again with those in their place. */
struct lj_results *
lj_search(struct lj_searcher *searcher, struct lj_query *query,
          const struct lj_search_options *options, GError **error)
{
    GError *failure = NULL;
    struct lj_results *results = NULL;
    guint notices = query->notices->len;
    for (int attempt = 0; attempt < 5 && !results; attempt++) {
        g_clear_error(&failure);
        g_ptr_array_set_size(query->notices, (gint)notices);
        results = search_once(searcher, query, options, &failure);
        if (options->sink || !lj_searcher_moved_on(searcher))
            break;
    }
    if (failure)
        g_propagate_error(error, failure);
    return results;
}

bool
lj_search_docids(struct lj_searcher *searcher, struct lj_query *query, enum lj_match match,
                 GArray *out, GError **error)
{
    struct lj_searching s = {.searcher = searcher,
                             .query = query,
                             .ranking = lj_ranking_default(),
                             .results = lj_results_new()};
    bool good = lj_searcher_refresh(searcher, true, error) &&
                lj_searcher_expand(searcher, query, false, error) &&
                make_plan(&s, match != LJ_MATCH_ANY, error) &&
                lj_xap_match(searcher->reader, (const struct xap_node *)(void *)s.plan->nodes->data,
                             s.plan->nodes->len, out, error);
    lj_plan_free(s.plan);
    lj_results_free(s.results);
    return good;
}
