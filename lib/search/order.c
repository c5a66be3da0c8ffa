/* The order of what the first stage has found: by date, or by a second look at the best, a closer one at
 * the first of these (evidence.h) and one at what the very first speak of (feedback.h). */
#include "search/searching.h"

#include "search/evidence.h"
#include "search/feedback.h"
#include "search/local.h"

#include <string.h>

static int
compare_candidates(gconstpointer a, gconstpointer b)
{
    const struct lj_candidate *x = a, *y = b;
    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    if (x->id && y->id)
        return strcmp(x->id, y->id);
    return x->docid < y->docid ? -1 : x->docid > y->docid;
}

/* By date: the dated ones in order, then those without a date; ties by id. */
struct dated {
    struct lj_candidate candidate;
    char date[9];
};

static int
compare_dated(gconstpointer a, gconstpointer b)
{
    const struct dated *x = a, *y = b;
    int order = strcmp(x->date, y->date);
    return order ? order : strcmp(x->candidate.id, y->candidate.id);
}

static int
compare_dated_newest(gconstpointer a, gconstpointer b)
{
    const struct dated *x = a, *y = b;
    int order = strcmp(y->date, x->date);
    return order ? order : strcmp(x->candidate.id, y->candidate.id);
}

static int
compare_dated_docids(gconstpointer a, gconstpointer b)
{
    return lj_compare_docids(&((const struct dated *)a)->candidate.docid,
                             &((const struct dated *)b)->candidate.docid);
}

/* The dates of all at once, which leaves them in the order of docids. */
static bool
fetch_dates(struct lj_searching *s, GArray *dated, GError **error)
{
    struct dated *all = (struct dated *)(void *)dated->data;
    uint32_t *docids = g_new(uint32_t, dated->len + 1);
    g_array_sort(dated, compare_dated_docids);
    for (guint i = 0; i < dated->len; i++)
        docids[i] = all[i].candidate.docid;
    struct xap_data *dates =
        lj_xap_values(s->searcher->reader, LJ_SLOT_DATE, docids, dated->len, error);
    for (guint i = 0; dates && i < dated->len; i++)
        if (dates->entry[i].length == 8)
            memcpy(all[i].date, dates->entry[i].bytes, 8);
    bool good = dates != NULL;
    lj_xap_data_free(dates);
    g_free(docids);
    return good;
}

static bool
sort_by_date(struct lj_searching *s, GError **error)
{
    const struct lj_search_options *options = s->options;
    bool newest = options->sort == LJ_SORT_DATE_NEWEST;
    uint64_t most = lj_search_wanted(s);
    g_array_set_size(s->candidates, 0);
    for (int undated = 0; undated < 2 && s->candidates->len < most; undated++) {
        GArray *nodes = g_array_copy(s->plan->nodes);
        struct xap_node has = {
            .op = XAP_VALUE_RANGE, .slot = LJ_SLOT_DATE, .term = "0", .length = 1};
        struct xap_node join = {.op = undated ? XAP_AND_NOT : XAP_FILTER, .n = 2};
        g_array_append_val(nodes, has);
        g_array_append_val(nodes, join);
        struct xap_search search = {.nodes = (const struct xap_node *)(void *)nodes->data,
                                    .n_nodes = nodes->len,
                                    /* a few more: ties at the end are put in order of ids */
                                    .max = (uint32_t)MIN(most + 200, G_MAXUINT32),
                                    .sort =
                                        newest && !undated ? XAP_BY_VALUE_REVERSE : XAP_BY_VALUE,
                                    .sort_slot = undated ? LJ_SLOT_ID : LJ_SLOT_DATE,
                                    .values = true,
                                    .value_slot = LJ_SLOT_ID};
        struct xap_matches *matches = lj_xap_search(s->searcher->reader, &search, error);
        g_array_unref(nodes);
        if (!matches)
            return false;
        GArray *dated = g_array_new(FALSE, TRUE, sizeof(struct dated));
        for (size_t i = 0; i < matches->n; i++) {
            struct dated one = {.candidate = {.docid = matches->hit[i].docid,
                                              .id = g_strndup(matches->hit[i].value,
                                                              matches->hit[i].value_length)}};
            g_array_append_val(dated, one);
        }
        if (!undated && !fetch_dates(s, dated, error)) {
            g_array_set_clear_func(dated, lj_candidate_clear); /* it begins with the candidate */
            g_array_unref(dated);
            lj_xap_matches_free(matches);
            return false;
        }
        g_array_sort(dated, newest ? compare_dated_newest : compare_dated);
        for (guint i = 0; i < dated->len; i++)
            g_array_append_val(s->candidates, g_array_index(dated, struct dated, i).candidate);
        g_array_unref(dated);
        lj_xap_matches_free(matches);
    }
    return true;
}

/* --- second stage ------------------------------------------------------------------------------
 */

/* The best documents, as later looks take them. */
struct best {
    guint n;
    const char **ids;   /* of each where documents cannot be named by docid, else NULL */
    uint32_t *docids;   /* rising */
    GHashTable *places; /* docid → struct lj_candidate */
};

static void
best_open(const struct lj_searching *s, struct best *best)
{
    best->n = (guint)MIN(s->candidates->len, s->ranking->depth);
    best->ids = lj_xap_takes_docids(s->searcher->reader) ? NULL : g_new(const char *, best->n);
    best->docids = g_new(uint32_t, best->n);
    best->places = g_hash_table_new(g_direct_hash, g_direct_equal);
    for (guint i = 0; i < best->n; i++) {
        struct lj_candidate *candidate = &g_array_index(s->candidates, struct lj_candidate, i);
        if (best->ids)
            best->ids[i] = candidate->id;
        best->docids[i] = candidate->docid;
        g_hash_table_insert(best->places, GUINT_TO_POINTER(candidate->docid), candidate);
    }
    qsort(best->docids, best->n, sizeof *best->docids, lj_compare_docids);
}

static void
best_close(struct best *best)
{
    g_hash_table_unref(best->places);
    g_free(best->docids);
    g_free(best->ids);
}

/* Adds what a plan restricted to the best gives to each of them. */
static bool
add_weights(struct lj_searching *s, const struct best *best, const struct lj_plan *plan,
            GError **error)
{
    struct xap_search search = {.nodes = (const struct xap_node *)(void *)plan->nodes->data,
                                .n_nodes = plan->nodes->len,
                                .max = best->n,
                                .k1 = s->ranking->k1,
                                .b = s->ranking->b,
                                .k3 = s->ranking->k3,
                                .min_normlen = s->ranking->min_normlen};
    struct xap_matches *matches = lj_searcher_match(s->searcher, &search, error);
    for (size_t i = 0; matches && i < matches->n; i++) {
        struct lj_candidate *candidate =
            g_hash_table_lookup(best->places, GUINT_TO_POINTER(matches->hit[i].docid));
        if (candidate)
            candidate->score += matches->hit[i].weight;
    }
    bool good = matches != NULL;
    lj_xap_matches_free(matches);
    return good;
}

/* Words as written and in titles among the best: one more query, restricted to them. */
static bool
rerank(struct lj_searching *s, GError **error)
{
    struct best best;
    if (MIN(s->candidates->len, s->ranking->depth) < 2)
        return true;
    best_open(s, &best);
    struct lj_plan_candidates candidates = {best.ids, best.docids, best.n};
    struct lj_plan *plan = lj_plan_second(s->query, s->ranking, &candidates);
    bool good = !plan || add_weights(s, &best, plan, error);
    lj_plan_free(plan);
    best_close(&best);
    return good;
}

/* May what is shown change with the places of the best? */
static bool
shows_best(const struct lj_searching *s)
{
    return s->options->offset < s->ranking->depth || s->options->offset < s->ranking->close;
}

/* How much of the evidence counts: all, where a document holds a fair share of the query. Where none does, words
 * of a long text have met by chance. */
static double
trust(const struct lj_ranking *ranking, double most_held)
{
    return ranking->held > 0 ? CLAMP(most_held / ranking->held, ranking->least, 1) : 1;
}

/* What the text of the very first says, as read by the quicker way or (local NULL) the other one. */
static bool
weigh_closely(struct lj_searching *s, struct lj_local *local, struct lj_candidate *first, guint n,
              double *weights, GError **error)
{
    double most_held = 0;
    GPtrArray *words = g_ptr_array_new();
    lj_evidence_words(s->query->root, words);
    GError *failure = NULL;
    struct lj_evidence *evidence = local ? lj_search_take_ahead(s) : NULL;
    if (evidence)
        lj_evidence_read_in(evidence, s->searcher->reader, local);
    else
        evidence = lj_evidence_new(words, s->ranking, s->searcher->reader, local,
                                   lj_searcher_analyser(s->searcher), &failure);
    uint32_t *docids = g_new(uint32_t, n);
    for (guint i = 0; i < n; i++)
        docids[i] = first[i].docid;
    if (evidence)
        lj_evidence_read(evidence, docids, n, &failure);
    g_free(docids);
    for (guint i = 0; evidence && i < n && !failure; i++) {
        struct lj_evidence_parts parts;
        weights[i] = lj_evidence_weigh(evidence, first[i].docid, &parts, &failure);
        first[i].close = weights[i] > 0;
        first[i].norm = parts.norm;
        first[i].held = parts.held;
        most_held = MAX(most_held, parts.held);
    }
    s->trust = trust(s->ranking, most_held);
    lj_evidence_free(evidence);
    g_ptr_array_unref(words);
    if (failure)
        g_propagate_error(error, failure);
    return !failure;
}

/* Scores only rise, so the rest stays below the very first, which alone change their places. */
static bool
look_closely(struct lj_searching *s, GError **error)
{
    guint n = (guint)MIN(s->candidates->len, s->ranking->close);
    if (n < 2 || !shows_best(s))
        return true;
    struct lj_candidate *first = (struct lj_candidate *)(void *)s->candidates->data;
    struct lj_local *local = s->searcher->local;
    double *weights = g_new0(double, n);
    bool good = weigh_closely(s, local, first, n, weights, error);
    if (good && local && !lj_local_unchanged(local, s->searcher->reader))
        good = weigh_closely(s, NULL, first, n, weights, error);
    for (guint i = 0; i < n; i++)
        first[i].score += s->trust * MAX(weights[i], 0);
    qsort(first, n, sizeof *first, compare_candidates);
    g_free(weights);
    return good;
}

/* How much what the first documents speak of is worth: nothing, where even the last of them holds a fair share of
 * the query. So who pastes the abstract of a norm gets that norm, and not what is like it; who pastes a report
 * of a fire gets other reports of it. */
static double
worth(const struct lj_ranking *ranking, double held)
{
    return held < ranking->held ? 1 - held / ranking->held : 0;
}

/* What the first documents speak of, the others of the best may, too. */
static bool
look_alike(struct lj_searching *s, GError **error)
{
    enum { N = LJ_FEEDBACK_DOCUMENTS };
    const struct lj_candidate *candidates =
        (const struct lj_candidate *)(void *)s->candidates->data;
    struct lj_feedback_document first[N];
    g_clear_pointer(&s->alike, lj_plan_free); /* of the time before, when all matches are ranked */
    if (s->ranking->alike <= 0 || s->ranking->depth <= N || s->candidates->len <= N ||
        !shows_best(s))
        return true;
    for (guint i = 0; i < N; i++) {
        if (!candidates[i].close)
            return true;
        first[i] = (struct lj_feedback_document){candidates[i].docid, candidates[i].score,
                                                 candidates[i].norm};
    }
    double factor = s->ranking->alike * worth(s->ranking, candidates[N - 1].held);
    if (factor <= 0)
        return true;
    struct best best;
    best_open(s, &best);
    struct lj_plan_candidates among = {best.ids, best.docids, best.n};
    GError *failure = NULL;
    s->alike = lj_feedback_plan(s->searcher->reader, s->searcher->local, first, N,
                                factor * first[0].score, &among, &failure);
    bool good = !failure && (!s->alike || add_weights(s, &best, s->alike, error));
    if (failure)
        g_propagate_error(error, failure);
    best_close(&best);
    return good;
}

/* Equal scores stand in the order of ids: those of the page are fetched only now. */
static bool
settle_ties(struct lj_searching *s, GError **error)
{
    guint first = MIN(s->options->offset, s->candidates->len);
    guint end = first + MIN(s->options->limit, s->candidates->len - first);
    struct lj_candidate *all = (struct lj_candidate *)(void *)s->candidates->data;
    bool good = true;
    for (guint from = 0, to; good && from < end; from = to) {
        for (to = from + 1; to < s->candidates->len && all[to].score == all[from].score; to++)
            ;
        if (to - from == 1 || to <= first)
            continue;
        for (guint i = from; good && i < to; i++) {
            size_t length;
            if (all[i].id)
                continue;
            GError *failed = NULL;
            all[i].id =
                lj_xap_value(s->searcher->reader, all[i].docid, LJ_SLOT_ID, &length, &failed);
            if (!all[i].id && !failed)
                all[i].id = g_strdup("");
            good = !failed;
            if (failed)
                g_propagate_error(error, failed);
        }
        if (good)
            qsort(all + from, to - from, sizeof *all, compare_candidates);
    }
    return good;
}

bool
lj_search_order(struct lj_searching *s, GError **error)
{
    bool good = true;
    if (s->options->sort == LJ_SORT_DATE || s->options->sort == LJ_SORT_DATE_NEWEST)
        good = sort_by_date(s, error);
    else if (lj_search_by_relevance(s))
        good = rerank(s, error);
    if (good && lj_search_by_relevance(s)) {
        g_array_sort(s->candidates, compare_candidates);
        good = look_closely(s, error) && look_alike(s, error);
        if (good && s->alike)
            g_array_sort(s->candidates, compare_candidates);
        good = good && settle_ties(s, error);
    }
    return good;
}
