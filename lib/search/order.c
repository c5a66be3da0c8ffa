/* The order of what the first stage has found: by date, or by a second look at the best and a closer one at
 * the first of these (evidence.h). */
#include "search/searching.h"

#include "search/evidence.h"

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
            struct dated one = {
                .candidate = {matches->hit[i].docid, 0,
                              g_strndup(matches->hit[i].value, matches->hit[i].value_length)}};
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

/* Words as written and in titles among the best: one more query, restricted to them. */
static bool
rerank(struct lj_searching *s, GError **error)
{
    guint n = (guint)MIN(s->candidates->len, s->ranking->depth);
    if (n < 2)
        return true;
    bool by_docid = lj_xap_takes_docids(s->searcher->reader);
    const char **ids = g_new(const char *, n);
    uint32_t *docids = g_new(uint32_t, n);
    GHashTable *places = g_hash_table_new(g_direct_hash, g_direct_equal);
    for (guint i = 0; i < n; i++) {
        struct lj_candidate *candidate = &g_array_index(s->candidates, struct lj_candidate, i);
        ids[i] = candidate->id;
        docids[i] = candidate->docid;
        g_hash_table_insert(places, GUINT_TO_POINTER(candidate->docid), candidate);
    }
    qsort(docids, n, sizeof *docids, lj_compare_docids);
    struct lj_plan *plan = lj_plan_second(s->query, s->ranking, by_docid ? NULL : ids, docids, n);
    bool good = true;
    if (plan) {
        struct xap_search search = {.nodes = (const struct xap_node *)(void *)plan->nodes->data,
                                    .n_nodes = plan->nodes->len,
                                    .max = n,
                                    .k1 = s->ranking->k1,
                                    .b = s->ranking->b,
                                    .k3 = s->ranking->k3,
                                    .min_normlen = s->ranking->min_normlen};
        struct xap_matches *matches = lj_searcher_match(s->searcher, &search, error);
        good = matches != NULL;
        for (size_t i = 0; good && i < matches->n; i++) {
            struct lj_candidate *candidate =
                g_hash_table_lookup(places, GUINT_TO_POINTER(matches->hit[i].docid));
            if (candidate)
                candidate->score += matches->hit[i].weight;
        }
        lj_xap_matches_free(matches);
        lj_plan_free(plan);
    }
    g_hash_table_unref(places);
    g_free(docids);
    g_free(ids);
    return good;
}

/* What the text of the very first says. Scores only rise, so the rest stays below them. */
static bool
look_closely(struct lj_searching *s, GError **error)
{
    guint n = (guint)MIN(s->candidates->len, s->ranking->close);
    if (n < 2 || s->options->offset >= n)
        return true;
    GPtrArray *words = g_ptr_array_new();
    lj_evidence_words(s->query->root, words);
    GError *failure = NULL;
    struct lj_evidence *evidence =
        lj_evidence_new(words, s->ranking, s->searcher->reader, s->searcher->local,
                        lj_searcher_analyser(s->searcher), &failure);
    for (guint i = 0; evidence && i < n && !failure; i++) {
        struct lj_candidate *candidate = &g_array_index(s->candidates, struct lj_candidate, i);
        struct lj_evidence_parts parts;
        candidate->score += lj_evidence_weigh(evidence, candidate->docid, &parts, &failure);
    }
    lj_evidence_free(evidence);
    g_ptr_array_unref(words);
    if (failure)
        g_propagate_error(error, failure);
    return !failure;
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
        good = look_closely(s, error);
    }
    if (good && lj_search_by_relevance(s)) {
        g_array_sort(s->candidates, compare_candidates);
        good = settle_ties(s, error);
    }
    return good;
}
