/* One search: first stage over Xapian, second over its best, a closer look at the first of these
 * (evidence.h), then what an answer shows. */
#include "search/searcher.h"
#include "search/evidence.h"
#include "search/group.h"
#include "index/fingerprint.h"
#include "search/timeline.h"
#include "index/invert.h"

#include "i18n.h"

#include <string.h>

/* Matches a list counts to the end without being asked: beyond, "about" may do; and those of documents
 * with any of the words, whose number says little and costs a walk through all of them. */
#define COUNT_LIMIT 50000u
#define COUNT_LIMIT_ANY 1000u
#define FRAMES_LIMIT 64
/* Documents whose text is read to verify a near operator. */
#define VERIFY_LIMIT 20000
/* Paths that are listed of a file. */
#define IDENTICAL_LIMIT 10000
/* Matches among which near copies are looked for. */
#define GROUP_LIMIT 200000

struct candidate {
    uint32_t docid;
    double score;
    char *id; /* NULL until asked for, where documents can be named by docid */
};

struct searching {
    struct lj_searcher *searcher;
    struct lj_query *query;
    const struct lj_search_options *options;
    const struct lj_ranking *ranking;
    struct lj_results *results;
    struct lj_plan *plan;
    GArray *candidates; /* struct candidate, best first */
    GArray *groups;     /* struct lj_group of candidates; NULL: each by itself */
    GHashTable *met;    /* contents shown already (32 bytes), with `identical` */
    bool everything;    /* rank all matches: so many of the best were copies */
    bool too_few;       /* the candidates ran out before the list was full */
    GArray *spies;      /* uint32_t slots */
    struct xap_matches *first;
    bool all;        /* as the plan was made */
    bool unverified; /* more than VERIFY_LIMIT documents would have had to be read */
};

/* --- results -----------------------------------------------------------------------------------
 */

static void
clear_count(gpointer data)
{
    g_free(((struct lj_facet_count *)data)->value);
}

static void
free_facet(gpointer data)
{
    struct lj_facet *facet = data;
    g_free(facet->field);
    g_array_unref(facet->counts);
    g_free(facet);
}

static void
clear_period(gpointer data)
{
    g_free(((struct lj_period *)data)->period);
}

static void
clear_notice(gpointer data)
{
    g_free(((struct lj_notice *)data)->text);
}

static struct lj_results *
results_new(void)
{
    struct lj_results *results = g_new0(struct lj_results, 1);
    results->hits = g_ptr_array_new_with_free_func((GDestroyNotify)lj_hit_free);
    results->facets = g_ptr_array_new_with_free_func(free_facet);
    results->timeline = g_array_new(FALSE, FALSE, sizeof(struct lj_period));
    g_array_set_clear_func(results->timeline, clear_period);
    results->notices = g_array_new(FALSE, FALSE, sizeof(struct lj_notice));
    g_array_set_clear_func(results->notices, clear_notice);
    return results;
}

void
lj_results_free(struct lj_results *results)
{
    if (!results)
        return;
    g_free(results->parsed);
    g_ptr_array_unref(results->hits);
    g_ptr_array_unref(results->facets);
    g_array_unref(results->timeline);
    g_array_unref(results->notices);
    if (results->terms)
        g_ptr_array_unref(results->terms);
    g_free(results);
}

static void
clear_candidate(gpointer data)
{
    g_free(((struct candidate *)data)->id);
}

static int
compare_candidates(gconstpointer a, gconstpointer b)
{
    const struct candidate *x = a, *y = b;
    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    if (x->id && y->id)
        return strcmp(x->id, y->id);
    return x->docid < y->docid ? -1 : x->docid > y->docid;
}

/* --- first stage -------------------------------------------------------------------------------
 */

static bool
by_relevance(const struct searching *s)
{
    return s->options->sort == LJ_SORT_RELEVANCE && s->plan->weighted;
}

static void
take_matches(struct searching *s, const struct xap_matches *matches)
{
    for (size_t i = 0; i < matches->n; i++) {
        struct candidate candidate = {
            matches->hit[i].docid, matches->hit[i].weight,
            matches->hit[i].value ? g_strndup(matches->hit[i].value, matches->hit[i].value_length)
                                  : NULL};
        g_array_append_val(s->candidates, candidate);
    }
}

static void
set_totals(struct searching *s, const struct xap_matches *matches)
{
    s->results->total = matches->estimate;
    s->results->total_exact = matches->lower == matches->upper && !s->unverified;
}

static bool
has_near(const struct lj_node *node)
{
    bool found = node && node->kind == LJ_NODE_NEAR;
    for (guint i = 0; node && node->children && i < node->children->len && !found; i++)
        found = has_near(node->children->pdata[i]);
    return found;
}

/* How many matches are to be ranked: near copies may lie anywhere among them. */
static uint64_t
wanted(const struct searching *s)
{
    const struct lj_search_options *options = s->options;
    uint64_t shown = (uint64_t)options->offset + options->limit;
    if (s->everything)
        return G_MAXUINT32;
    return options->similarity && options->limit ? MAX(shown, (uint64_t)GROUP_LIMIT) : shown;
}

/* Runs the plan for what the options want of it. */
static bool
run_plan(struct searching *s, GError **error)
{
    g_array_set_size(s->candidates, 0);
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
                                .n_spies = s->spies->len,
                                .values =
                                    by_relevance(s) && !lj_xap_takes_docids(s->searcher->reader),
                                .value_slot = LJ_SLOT_ID,
                                .settle = true,
                                .settle_slot = LJ_SLOT_ID};
    search.max = options->limit
                     ? (uint32_t)MIN(MAX(wanted(s), (uint64_t)s->ranking->depth), G_MAXUINT32)
                     : 0;
    if (!by_relevance(s)) {
        search.sort = options->sort == LJ_SORT_DOCUMENT ? XAP_BY_DOCID : XAP_BY_VALUE;
        search.sort_slot = options->sort == LJ_SORT_TITLE ? LJ_SLOT_TITLE : LJ_SLOT_ID;
    }
    lj_xap_matches_free(s->first);
    s->first = lj_xap_search(s->searcher->reader, &search, error);
    if (!s->first)
        return false;
    set_totals(s, s->first);
    take_matches(s, s->first);
    return true;
}

/* Does the text of a document satisfy what the plan could only approach? */
static bool
holds(struct searching *s, struct lj_matcher *matcher, bool all, const struct lj_hit *hit)
{
    lj_matcher_begin(matcher, hit->stored->document);
    for (guint i = 0; i < hit->stored->frames->len; i++) {
        const struct lj_frame *frame = &g_array_index(hit->stored->frames, struct lj_frame, i);
        char *text = lj_searcher_frame(s->searcher, hit, i, NULL);
        if (text)
            lj_matcher_feed(matcher, text, frame->bytes, frame->offset);
        g_free(text);
    }
    lj_matcher_end(matcher);
    return lj_matcher_holds(matcher, all);
}

/* Ids of those among docids that hold, appended as terms with prefix to the plan; *n: how many. */
static bool
verified_terms(struct searching *s, struct lj_matcher *matcher, bool all,
               const struct xap_matches *found, uint32_t *n, GError **error)
{
    bool good = true;
    for (size_t done = 0; good && done < found->n;) {
        size_t portion = MIN(found->n - done, 200);
        uint32_t docids[200];
        for (size_t i = 0; i < portion; i++)
            docids[i] = found->hit[done + i].docid;
        struct xap_data *data = lj_xap_fetch(s->searcher->reader, docids, portion, error);
        good = data != NULL;
        for (size_t i = 0; good && i < portion; i++) {
            struct lj_hit *hit = data->entry[i].length
                                     ? lj_searcher_hit(s->searcher, docids[i], data->entry[i].bytes,
                                                       data->entry[i].length, NULL)
                                     : NULL;
            if (hit && holds(s, matcher, all, hit)) {
                GString *term = g_string_new(NULL);
                lj_term_bounded("Q", hit->stored->document->id, term);
                struct xap_node node = {.op = XAP_TERM,
                                        .term = g_string_chunk_insert_len(
                                            s->plan->strings, term->str, (gssize)term->len),
                                        .length = (uint32_t)term->len};
                g_array_append_val(s->plan->nodes, node);
                g_string_free(term, TRUE);
                ++*n;
            }
            lj_hit_free(hit);
        }
        lj_xap_data_free(data);
        done += portion;
    }
    return good;
}

/* A near operator around phrases or other near operators: Xapian finds what has the parts, the text
 * decides. The plan is then restricted to the documents verified, so that counts, facets, order and
 * all that follows are right. */
static bool
verify(struct searching *s, bool all, GError **error)
{
    struct lj_matcher *matcher = lj_matcher_new(s->query, lj_searcher_analyser(s->searcher));
    bool good = true;
    if (lj_matcher_must_verify(matcher)) {
        struct xap_search search = {.nodes = (const struct xap_node *)(void *)s->plan->nodes->data,
                                    .n_nodes = s->plan->nodes->len,
                                    .max = VERIFY_LIMIT,
                                    .check_at_least = VERIFY_LIMIT + 1,
                                    .sort = XAP_BY_DOCID};
        struct xap_matches *found = lj_xap_search(s->searcher->reader, &search, error);
        uint32_t n = 0;
        good = found && verified_terms(s, matcher, all, found, &n, error);
        if (good && found->upper > VERIFY_LIMIT) {
            struct lj_notice notice = {
                "limit",
                g_strdup_printf(_("Only the first %d documents with these words were looked into; "
                                  "narrow the query."),
                                VERIFY_LIMIT)};
            g_array_append_val(s->results->notices, notice);
            s->unverified = true;
        }
        struct xap_node none = {.op = XAP_NONE}, either = {.op = XAP_OR, .n = n},
                        restrict_to = {.op = XAP_FILTER, .n = 2};
        if (n == 0)
            g_array_append_val(s->plan->nodes, none);
        else if (n > 1)
            g_array_append_val(s->plan->nodes, either);
        g_array_append_val(s->plan->nodes, restrict_to);
        lj_xap_matches_free(found);
    }
    lj_matcher_free(matcher);
    return good;
}

static bool
search_plan(struct searching *s, bool all, GError **error)
{
    struct lj_plan_index index = {s->searcher->reader};
    lj_plan_free(s->plan);
    s->all = all;
    s->plan = lj_plan_make(s->query, all, s->ranking, &index);
    return (!has_near(s->query->root) || verify(s, all, error)) && run_plan(s, error);
}

/* By date: the dated ones in order, then those without a date; ties by id. */
struct dated {
    struct candidate candidate;
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
fetch_dates(struct searching *s, GArray *dated, GError **error)
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
sort_by_date(struct searching *s, GError **error)
{
    const struct lj_search_options *options = s->options;
    bool newest = options->sort == LJ_SORT_DATE_NEWEST;
    uint64_t most = wanted(s);
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
            g_array_set_clear_func(dated, clear_candidate); /* it begins with the candidate */
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

/* Words as written, titles and pairs among the best: one more query, restricted to them. */
static bool
rerank(struct searching *s, GError **error)
{
    guint n = (guint)MIN(s->candidates->len, s->ranking->depth);
    if (n < 2)
        return true;
    bool by_docid = lj_xap_takes_docids(s->searcher->reader);
    const char **ids = g_new(const char *, n);
    uint32_t *docids = g_new(uint32_t, n);
    GHashTable *places = g_hash_table_new(g_direct_hash, g_direct_equal);
    for (guint i = 0; i < n; i++) {
        struct candidate *candidate = &g_array_index(s->candidates, struct candidate, i);
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
        struct xap_matches *matches = lj_xap_search(s->searcher->reader, &search, error);
        good = matches != NULL;
        for (size_t i = 0; good && i < matches->n; i++) {
            struct candidate *candidate =
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
look_closely(struct searching *s, GError **error)
{
    guint n = (guint)MIN(s->candidates->len, s->ranking->close);
    if (n < 2 || s->options->offset >= n)
        return true;
    GPtrArray *words = g_ptr_array_new();
    lj_evidence_words(s->query->root, words);
    GError *failure = NULL;
    struct lj_evidence *evidence = lj_evidence_new(words, s->ranking, s->searcher->reader,
                                                   lj_searcher_analyser(s->searcher), &failure);
    for (guint i = 0; evidence && i < n && !failure; i++) {
        struct candidate *candidate = &g_array_index(s->candidates, struct candidate, i);
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
settle_ties(struct searching *s, GError **error)
{
    guint first = MIN(s->options->offset, s->candidates->len);
    guint end = first + MIN(s->options->limit, s->candidates->len - first);
    struct candidate *all = (struct candidate *)(void *)s->candidates->data;
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

/* --- facets and timeline -----------------------------------------------------------------------
 */

static int
compare_counts(gconstpointer a, gconstpointer b)
{
    const struct lj_facet_count *x = a, *y = b;
    return x->count != y->count ? (x->count < y->count ? 1 : -1) : strcmp(x->value, y->value);
}

static int
compare_periods(gconstpointer a, gconstpointer b)
{
    return strcmp(((const struct lj_facet_count *)a)->value,
                  ((const struct lj_facet_count *)b)->value);
}

static GArray *
counts_of(GHashTable *table)
{
    GArray *counts = g_array_new(FALSE, FALSE, sizeof(struct lj_facet_count));
    g_array_set_clear_func(counts, clear_count);
    GHashTableIter iter;
    gpointer key, value;
    g_hash_table_iter_init(&iter, table);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        struct lj_facet_count count = {g_strdup(key), GPOINTER_TO_UINT(value)};
        g_array_append_val(counts, count);
    }
    return counts;
}

static void
count_up(GHashTable *table, const char *value, size_t length, uint32_t count)
{
    char *key = g_strndup(value, length);
    guint known = GPOINTER_TO_UINT(g_hash_table_lookup(table, key));
    g_hash_table_insert(table, key, GUINT_TO_POINTER(known + count));
}

/* Has the list a value before i that folds alike? */
static bool
spelt_before(const GPtrArray *values, guint i)
{
    if (i == 0)
        return false;
    char *own = lj_schema_fold(values->pdata[i], -1);
    bool found = false;
    for (guint v = 0; v < i && !found; v++) {
        char *other = lj_schema_fold(values->pdata[v], -1);
        found = strcmp(own, other) == 0;
        g_free(other);
    }
    g_free(own);
    return found;
}

/* What a spy saw of a slot → counts of values: dates by their first `digits`, lists taken apart. */
static GHashTable *
count_slot(const struct searching *s, uint32_t slot, bool list, size_t digits)
{
    GHashTable *table = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < s->spies->len; i++) {
        if (g_array_index(s->spies, uint32_t, i) != slot)
            continue;
        for (size_t c = 0; c < s->first->spy[i].n; c++) {
            const struct xap_count *count = &s->first->spy[i].count[c];
            if (digits) {
                count_up(table, count->value, MIN(digits, count->length), count->count);
            } else if (list) {
                GPtrArray *values = g_ptr_array_new_with_free_func(g_free);
                lj_schema_list_split(count->value, count->length, values);
                for (guint v = 0; v < values->len; v++)
                    if (!spelt_before(values, v))
                        count_up(table, values->pdata[v], strlen(values->pdata[v]), count->count);
                g_ptr_array_unref(values);
            } else {
                count_up(table, count->value, count->length, count->count);
            }
        }
        break;
    }
    return table;
}

/* One value in several spellings ("Ley", "LEY") is one to a filter: counted as one, shown as most
 * documents write it. */
struct spelling {
    const char *value;
    guint most, total;
};

static GHashTable *
join_spellings(GHashTable *table)
{
    GHashTable *joined = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    GHashTableIter iter;
    gpointer key, value;
    g_hash_table_iter_init(&iter, table);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        guint count = GPOINTER_TO_UINT(value);
        char *folded = lj_schema_fold(key, -1);
        struct spelling *spelling = g_hash_table_lookup(joined, folded);
        if (!spelling) {
            spelling = g_new0(struct spelling, 1);
            g_hash_table_insert(joined, g_strdup(folded), spelling);
        }
        spelling->total += count;
        if (!spelling->value || count > spelling->most ||
            (count == spelling->most && strcmp(key, spelling->value) > 0)) {
            spelling->value = key;
            spelling->most = count;
        }
        g_free(folded);
    }
    GHashTable *out = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_hash_table_iter_init(&iter, joined);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const struct spelling *spelling = value;
        g_hash_table_insert(out, g_strdup(spelling->value), GUINT_TO_POINTER(spelling->total));
    }
    g_hash_table_unref(joined);
    g_hash_table_unref(table);
    return out;
}

static uint32_t
facet_slot(const struct lj_field *field)
{
    return field->id == LJ_FIELD_YEAR ? LJ_SLOT_DATE : (uint32_t)field->slot;
}

static void
add_spy(struct searching *s, uint32_t slot)
{
    for (guint i = 0; i < s->spies->len; i++)
        if (g_array_index(s->spies, uint32_t, i) == slot)
            return;
    g_array_append_val(s->spies, slot);
}

static bool
choose_spies(struct searching *s, GError **error)
{
    for (const char *const *name = s->options->facets; name && *name; name++) {
        const struct lj_field *field = lj_field_find(*name, -1);
        const struct lj_declared *declared =
            field ? NULL : lj_searcher_declared(s->searcher, *name);
        if (declared && declared->facet) {
            add_spy(s, declared->slot);
            continue;
        }
        if (declared) {
            g_set_error(error, LJ_ERROR, LJ_ERROR_USAGE,
                        _("%s: is declared, but not as a facet; add it to facets in the "
                          "configuration and run the indexer with --rebuild"),
                        *name);
            return false;
        }
        if (!field || !field->facet) {
            const struct lj_field *nearest = field ? NULL : lj_field_nearest(*name, -1);
            g_set_error(error, LJ_ERROR, LJ_ERROR_USAGE,
                        nearest ? _("%s: no such field to count; did you mean %s?")
                                : _("%s: no such field to count"),
                        *name, nearest ? nearest->name : "");
            return false;
        }
        add_spy(s, facet_slot(field));
    }
    if (s->options->timeline && !(s->options->timeline_rates && lj_searcher_is_local(s->searcher)))
        add_spy(s, LJ_SLOT_DATE);
    return true;
}

static void add_notice(struct searching *s, const char *code, const char *text);

static bool
fill_counts(struct searching *s, GError **error)
{
    for (const char *const *name = s->options->facets; name && *name; name++) {
        const struct lj_field *field = lj_field_find(*name, -1);
        const struct lj_declared *declared =
            field ? NULL : lj_searcher_declared(s->searcher, *name);
        GHashTable *table = declared ? count_slot(s, declared->slot, true, 0)
                                     : count_slot(s, facet_slot(field), field->list,
                                                  field->id == LJ_FIELD_YEAR ? 4 : 0);
        table = join_spellings(table);
        struct lj_facet *facet = g_new0(struct lj_facet, 1);
        facet->field = g_strdup(declared ? declared->folded : field->name);
        facet->counts = counts_of(table);
        g_array_sort(facet->counts, compare_counts);
        g_ptr_array_add(s->results->facets, facet);
        g_hash_table_unref(table);
    }
    if (!s->options->timeline)
        return true;
    if (s->options->timeline_rates && lj_searcher_is_local(s->searcher))
        return lj_timeline_fill(s->searcher, s->query, s->plan, s->all, s->options->timeline,
                                s->results, error);
    if (s->options->timeline_rates)
        add_notice(s, "timeline",
                   _("Over a server the timeline counts documents only, not matches and words; "
                     "a document dated to a year counts in its first month and day."));
    size_t digits = s->options->timeline == LJ_TIMELINE_YEAR    ? 4
                    : s->options->timeline == LJ_TIMELINE_MONTH ? 6
                                                                : 8;
    GHashTable *table = count_slot(s, LJ_SLOT_DATE, false, digits);
    GArray *counts = counts_of(table);
    g_array_sort(counts, compare_periods);
    for (guint i = 0; i < counts->len; i++) {
        const struct lj_facet_count *count = &g_array_index(counts, struct lj_facet_count, i);
        const char *v = count->value;
        struct lj_period period = {
            .period = digits == 4   ? g_strdup(v)
                      : digits == 6 ? g_strdup_printf("%.4s-%.2s", v, v + 4)
                                    : g_strdup_printf("%.4s-%.2s-%.2s", v, v + 4, v + 6),
            .documents = count->count};
        g_array_append_val(s->results->timeline, period);
    }
    g_array_unref(counts);
    g_hash_table_unref(table);
    return true;
}

/* --- hits --------------------------------------------------------------------------------------
 */

struct frames {
    struct lj_searcher *searcher;
    const struct lj_hit *hit;
};

static char *
read_frame(uint32_t frame, void *data, GError **error)
{
    struct frames *frames = data;
    return lj_searcher_frame(frames->searcher, frames->hit, frame, error);
}

/* The folded words by which a leaf is found, those of its synonyms too. */
static void
words_of(const struct lj_node *leaf, GPtrArray *terms)
{
    GPtrArray *words = leaf->children;
    for (guint c = 0; c < (words ? words->len : 1); c++) {
        const struct lj_node *node = words ? words->pdata[c] : leaf;
        if (node->kind == LJ_NODE_WORD && !node->word.stop)
            g_ptr_array_add(terms, node->word.folded);
        for (guint f = 0; node->forms && f < node->forms->len && f < 20; f++)
            g_ptr_array_add(terms, node->forms->pdata[f]);
    }
    for (guint i = 0; leaf->synonyms && i < leaf->synonyms->len; i++)
        words_of(((const struct lj_synonym *)leaf->synonyms->pdata[i])->node, terms);
}

/* Frames of a long document that hold words of the query, by the positions Xapian knows. */
static GArray *
choose_frames(struct searching *s, const struct lj_hit *hit)
{
    const GArray *all = hit->stored->frames;
    if (all->len <= 2)
        return NULL;
    uint8_t *wanted = g_new0(uint8_t, all->len);
    GArray *positions = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    GPtrArray *leaves = g_ptr_array_new(), *terms = g_ptr_array_new();
    lj_query_leaves(s->query, leaves);
    for (guint i = 0; i < leaves->len; i++)
        words_of(leaves->pdata[i], terms);
    for (guint t = 0; t < terms->len && t < 100; t++)
        lj_xap_positions(s->searcher->reader, hit->docid, terms->pdata[t], strlen(terms->pdata[t]),
                         positions, NULL);
    for (guint p = 0; p < positions->len; p++) {
        uint32_t position = g_array_index(positions, uint32_t, p);
        guint low = 0, high = all->len;
        while (high - low > 1) {
            guint middle = (low + high) / 2;
            if (g_array_index(all, struct lj_frame, middle).first_position <= position)
                low = middle;
            else
                high = middle;
        }
        if (wanted[low] < 255)
            wanted[low]++;
    }
    GArray *frames = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (uint32_t f = 0; f < all->len && frames->len < FRAMES_LIMIT; f++)
        if (wanted[f])
            g_array_append_val(frames, f);
    g_array_unref(positions);
    g_ptr_array_unref(leaves);
    g_ptr_array_unref(terms);
    g_free(wanted);
    if (frames->len > 0)
        return frames;
    g_array_unref(frames);
    return NULL;
}

static void
add_snippets(struct searching *s, struct lj_matcher *matcher, struct lj_hit *hit)
{
    GArray *chosen = choose_frames(s, hit);
    struct frames frames = {s->searcher, hit};
    hit->snippets = lj_passage_snippets(
        matcher, hit->stored, chosen ? (const uint32_t *)(void *)chosen->data : NULL,
        chosen ? chosen->len : 0, read_frame, &frames, &s->options->snippet);
    if (chosen)
        g_array_unref(chosen);
}

/* --- near copies -------------------------------------------------------------------------------
 */

static void
add_notice(struct searching *s, const char *code, const char *text)
{
    struct lj_notice notice = {code, g_strdup(text)};
    g_array_append_val(s->results->notices, notice);
}

/* Has a document words, and yet no fingerprint? Then it is of a time before there were any. */
static bool
lacks_fingerprint(struct searching *s, uint32_t docid)
{
    size_t length;
    char *words = lj_xap_value(s->searcher->reader, docid, LJ_SLOT_WORDS, &length, NULL);
    bool has = words && length == 4 && (words[0] || words[1] || words[2] || words[3]);
    g_free(words);
    return has;
}

/* Groups the candidates; each group then stands where its best document stood. */
static bool
group_candidates(struct searching *s, GError **error)
{
    const struct lj_search_options *options = s->options;
    if (!options->similarity || s->candidates->len == 0)
        return true;
    struct xap_search search = {.nodes = (const struct xap_node *)(void *)s->plan->nodes->data,
                                .n_nodes = s->plan->nodes->len,
                                .max = G_MAXUINT32,
                                .sort = XAP_BY_DOCID,
                                .values = true,
                                .value_slot = LJ_SLOT_FINGERPRINT};
    struct xap_matches *matches = lj_xap_search(s->searcher->reader, &search, error);
    if (!matches)
        return false;
    GHashTable *places = g_hash_table_new(g_direct_hash, g_direct_equal);
    for (guint i = 0; i < s->candidates->len; i++)
        g_hash_table_insert(
            places, GUINT_TO_POINTER(g_array_index(s->candidates, struct candidate, i).docid),
            GUINT_TO_POINTER(i + 1));
    struct lj_group_item *items = g_new0(struct lj_group_item, s->candidates->len);
    uint32_t old = 0;
    for (size_t i = 0; i < matches->n; i++) {
        const struct xap_hit *hit = &matches->hit[i];
        guint place = GPOINTER_TO_UINT(g_hash_table_lookup(places, GUINT_TO_POINTER(hit->docid)));
        if (place > 0)
            items[place - 1].known =
                lj_fingerprint_read(hit->value, hit->value_length, &items[place - 1].fingerprint);
        if (place > 0 && !items[place - 1].known && !old && lacks_fingerprint(s, hit->docid))
            old = hit->docid;
    }
    if (old)
        add_notice(s, "no-fingerprint",
                   _("Some documents were indexed before near copies could be told and stand by "
                     "themselves: indexer --rebuild."));
    if (s->candidates->len >= GROUP_LIMIT && s->results->total > s->candidates->len)
        add_notice(
            s, "limit",
            _("Near copies were looked for among the first matches only; narrow the query."));
    s->groups = lj_group(items, s->candidates->len, lj_group_distance(options->similarity),
                         (size_t)options->offset + options->limit);
    g_free(items);
    g_hash_table_unref(places);
    lj_xap_matches_free(matches);
    return true;
}

static void
free_copy(gpointer data)
{
    struct lj_copy *copy = data;
    g_free(copy->id);
    g_free(copy->title);
    g_free(copy->date);
    g_free(copy->path);
    g_free(copy->url);
    g_free(copy);
}

/* Another document of a hit's content, or near it. */
struct other {
    uint32_t docid, bits;
};

/* What there is to say of a hit's copies (struct other). */
static bool
add_copies(struct searching *s, const GArray *others, struct lj_hit *hit, GError **error)
{
    guint n = others->len;
    if (n == 0)
        return true;
    hit->copies = g_ptr_array_new_with_free_func(free_copy);
    bool good = true;
    for (guint done = 0; good && done < n; done += 200) {
        uint32_t docids[200];
        guint portion = MIN(200, n - done);
        for (guint i = 0; i < portion; i++)
            docids[i] = g_array_index(others, struct other, done + i).docid;
        struct xap_data *data = lj_xap_fetch(s->searcher->reader, docids, portion, error);
        good = data != NULL;
        for (size_t i = 0; good && i < data->n; i++) {
            struct lj_hit *other =
                data->entry[i].length
                    ? lj_searcher_hit(s->searcher, docids[i], data->entry[i].bytes,
                                      data->entry[i].length, NULL)
                    : NULL;
            if (!other)
                continue;
            const struct lj_document *document = other->stored->document;
            struct lj_copy *copy = g_new0(struct lj_copy, 1);
            copy->id = g_strdup(document->id);
            copy->title = g_strdup(lj_document_field(document, "title"));
            copy->date = g_strdup(document->date);
            copy->url = g_strdup(lj_document_field(document, "url"));
            copy->path = g_steal_pointer(&other->path);
            memcpy(copy->key, other->key, sizeof copy->key);
            copy->similarity =
                lj_group_similarity(g_array_index(others, struct other, done + i).bits);
            g_ptr_array_add(hit->copies, copy);
            lj_hit_free(other);
        }
        lj_xap_data_free(data);
    }
    return good;
}

/* The copies of a group's first document. */
static bool
add_group(struct searching *s, const struct lj_group *group, struct lj_hit *hit, GError **error)
{
    GArray *others = g_array_new(FALSE, FALSE, sizeof(struct other));
    for (guint i = 0; group->others && i < group->others->len; i++) {
        const struct lj_group_member *member =
            &g_array_index(group->others, struct lj_group_member, i);
        struct other other = {g_array_index(s->candidates, struct candidate, member->place).docid,
                              member->distance};
        g_array_append_val(others, other);
    }
    bool good = add_copies(s, others, hit, error);
    g_array_unref(others);
    return good;
}

/* Is a document a file or record by itself? Members of a container may share its content's hash. */
static bool
stands_alone(const struct lj_document *document)
{
    return !document->part_of && !strstr(document->id, "!/");
}

/* Has a document of this very content been shown? From now on it has. */
static bool
is_repeated(struct searching *s, const struct lj_document *document)
{
    static const uint8_t none[32];
    if (!stands_alone(document) || memcmp(document->sha256, none, 32) == 0)
        return false;
    char hex[65];
    lj_sha256_hex(document->sha256, hex);
    return !g_hash_table_add(s->met, g_strdup(hex));
}

/* The other documents of a hit's content, whether the query finds them or not: a file under several
 * paths is one thing to read. */
static bool
add_identical(struct searching *s, struct lj_hit *hit, GError **error)
{
    const struct lj_document *document = hit->stored->document;
    if (!stands_alone(document))
        return true;
    char term[67] = "XH";
    lj_sha256_hex(document->sha256, term + 2);
    GArray *docids = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    GArray *others = g_array_new(FALSE, FALSE, sizeof(struct other));
    bool good = lj_xap_docids(s->searcher->reader, term, 66, docids, error);
    for (guint i = 0; good && i < docids->len && others->len < IDENTICAL_LIMIT; i++) {
        struct other other = {g_array_index(docids, uint32_t, i), 0};
        if (other.docid != hit->docid)
            g_array_append_val(others, other);
    }
    good = good && add_copies(s, others, hit, error);
    g_array_unref(docids);
    g_array_unref(others);
    return good;
}

/* --- making them -------------------------------------------------------------------------------
 */

/* The candidate that is shown in a place of the answer. */
static const struct candidate *
shown(const struct searching *s, guint place)
{
    if (s->groups)
        place = g_array_index(s->groups, struct lj_group, place).place;
    return &g_array_index(s->candidates, struct candidate, place);
}

/* One document of the answer: completed, then shown or kept. */
static bool
take_hit(struct searching *s, struct lj_matcher *matcher, struct lj_hit *hit, guint place,
         bool *going, GError **error)
{
    const struct lj_search_options *options = s->options;
    bool good = true;
    hit->score = shown(s, place)->score;
    if (s->groups)
        good = add_group(s, &g_array_index(s->groups, struct lj_group, place), hit, error);
    else if (s->met)
        good = add_identical(s, hit, error);
    if (good && matcher)
        add_snippets(s, matcher, hit);
    if (!good) {
        lj_hit_free(hit);
    } else if (options->sink) {
        *going = options->sink(hit, options->sink_data);
        lj_hit_free(hit);
    } else {
        g_ptr_array_add(s->results->hits, hit);
    }
    return good;
}

static bool
make_hits(struct searching *s, GError **error)
{
    const struct lj_search_options *options = s->options;
    guint all = s->groups ? s->groups->len : s->candidates->len;
    /* Which of them repeat another is seen when they are read: then all before count as well. */
    bool fold = options->identical && !s->groups;
    guint skip = fold ? options->offset : 0, at = fold ? 0 : MIN(options->offset, all), n = 0;
    if (options->limit == 0 || at >= all)
        return true;
    if (fold)
        s->met = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    struct lj_matcher *matcher =
        options->snippets ? lj_matcher_new(s->query, lj_searcher_analyser(s->searcher)) : NULL;
    bool good = true, going = true, repeated = false;
    /* In portions, so that an export of everything does not hold all data at once twice; the first
     * ones are small, so that a reader of a stream sees something soon. */
    guint most = options->sink ? 8 : 500;
    for (; good && going && at < all && n < options->limit; most = MIN(most * 2, 500)) {
        uint64_t missing = (uint64_t)skip + options->limit - n;
        guint portion = (guint)MIN(MIN(missing, most), all - at);
        uint32_t *docids = g_new(uint32_t, portion);
        for (guint i = 0; i < portion; i++)
            docids[i] = shown(s, at + i)->docid;
        struct xap_data *data = lj_xap_fetch(s->searcher->reader, docids, portion, error);
        good = data != NULL;
        for (guint i = 0; good && going && i < portion; i++) {
            if (data->entry[i].length == 0)
                continue; /* gone meanwhile */
            struct lj_hit *hit = lj_searcher_hit(s->searcher, docids[i], data->entry[i].bytes,
                                                 data->entry[i].length, error);
            good = hit != NULL;
            bool again = good && fold && is_repeated(s, hit->stored->document);
            repeated |= again;
            if (good && (again || skip > 0)) {
                skip -= !again;
                lj_hit_free(hit);
            } else if (good) {
                hit->rank = options->offset + ++n;
                good = take_hit(s, matcher, hit, at + i, &going, error);
            }
        }
        lj_xap_data_free(data);
        g_free(docids);
        at += portion;
    }
    s->too_few = repeated && going && n < options->limit;
    g_clear_pointer(&s->met, g_hash_table_unref);
    lj_matcher_free(matcher);
    return good;
}

/* --- the whole ---------------------------------------------------------------------------------
 */

/* Puts the candidates in their order. */
static bool
order_candidates(struct searching *s, GError **error)
{
    bool good = true;
    if (s->options->sort == LJ_SORT_DATE || s->options->sort == LJ_SORT_DATE_NEWEST)
        good = sort_by_date(s, error);
    else if (by_relevance(s))
        good = rerank(s, error);
    if (good && by_relevance(s)) {
        g_array_sort(s->candidates, compare_candidates);
        good = look_closely(s, error);
    }
    if (good && by_relevance(s)) {
        g_array_sort(s->candidates, compare_candidates);
        good = settle_ties(s, error);
    }
    return good;
}

static bool
run(struct searching *s, GError **error)
{
    if (!lj_searcher_refresh(s->searcher, error) || !choose_spies(s, error))
        return false;
    bool all = s->options->match != LJ_MATCH_ANY;
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
            add_notice(s, "relaxed", _("No document has all the words; these have some of them."));
        lj_plan_free(before);
    }
    if (!order_candidates(s, error))
        return false;
    if (!fill_counts(s, error) || !group_candidates(s, error) || !make_hits(s, error))
        return false;
    if (s->too_few && !s->options->sink && s->candidates->len < s->results->total) {
        /* Most of the best were copies of each other: once more, with all matches. */
        s->everything = true;
        g_ptr_array_set_size(s->results->hits, 0);
        if (!run_plan(s, error) || !order_candidates(s, error) || !make_hits(s, error))
            return false;
    }
    if (!s->options->explain)
        return true;
    bool ranked = by_relevance(s) && s->candidates->len > 1;
    bool closely = ranked && s->options->offset < MIN(s->candidates->len, s->ranking->close);
    return lj_searcher_explain(s->searcher, s->query, s->ranking, s->plan,
                               ranked ? (uint32_t)s->ranking->depth : 0,
                               closely ? (uint32_t)s->ranking->close : 0, s->results, error);
}

struct lj_results *
lj_search(struct lj_searcher *searcher, struct lj_query *query,
          const struct lj_search_options *options, GError **error)
{
    gint64 began = g_get_monotonic_time();
    struct searching s = {.searcher = searcher,
                          .query = query,
                          .options = options,
                          .ranking = options->ranking ? options->ranking : lj_ranking_default(),
                          .results = results_new(),
                          .candidates = g_array_new(FALSE, TRUE, sizeof(struct candidate)),
                          .spies = g_array_new(FALSE, FALSE, sizeof(uint32_t))};
    g_array_set_clear_func(s.candidates, clear_candidate);
    s.results->parsed = lj_query_print(query);
    bool good = lj_searcher_refresh(searcher, error) &&
                lj_searcher_expand(searcher, query, options->explain, error);
    for (guint i = 0; i < query->notices->len; i++)
        add_notice(&s, "query", query->notices->pdata[i]);
    good = good && run(&s, error);
    lj_plan_free(s.plan);
    lj_xap_matches_free(s.first);
    if (s.groups)
        g_array_unref(s.groups);
    g_array_unref(s.candidates);
    g_array_unref(s.spies);
    s.results->took_ms = (double)(g_get_monotonic_time() - began) / 1000;
    if (good)
        return s.results;
    lj_results_free(s.results);
    return NULL;
}

bool
lj_search_docids(struct lj_searcher *searcher, struct lj_query *query, enum lj_match match,
                 GArray *out, GError **error)
{
    const struct lj_search_options options = {.match = match, .exact_total = true};
    struct searching s = {.searcher = searcher,
                          .query = query,
                          .options = &options,
                          .ranking = lj_ranking_default(),
                          .results = results_new(),
                          .candidates = g_array_new(FALSE, TRUE, sizeof(struct candidate)),
                          .spies = g_array_new(FALSE, FALSE, sizeof(uint32_t))};
    g_array_set_clear_func(s.candidates, clear_candidate);
    bool good = lj_searcher_refresh(searcher, error) &&
                lj_searcher_expand(searcher, query, false, error) &&
                search_plan(&s, match != LJ_MATCH_ANY, error) &&
                lj_xap_match(searcher->reader, (const struct xap_node *)(void *)s.plan->nodes->data,
                             s.plan->nodes->len, out, error);
    lj_plan_free(s.plan);
    lj_xap_matches_free(s.first);
    g_array_unref(s.candidates);
    g_array_unref(s.spies);
    lj_results_free(s.results);
    return good;
}
