#include "search/timeline.h"

#include <string.h>

bool
lj_searcher_is_local(const struct lj_searcher *searcher)
{
    for (guint i = 0; i < searcher->groups->len; i++)
        if (!g_array_index(searcher->groups, struct lj_shard_group, i).layout)
            return false;
    return true;
}

/* The period of a document's date, as a number of 4, 6 or 8 digits; 0: it has none. */
static uint32_t
period_of(const char *date, size_t length, const char *end, size_t end_length, enum lj_timeline by)
{
    uint32_t day = 0;
    for (size_t i = 0; i < length && i < 8 && g_ascii_isdigit(date[i]); i++)
        day = day * 10 + (uint32_t)(date[i] - '0');
    if (length != 8 || day == 0)
        return 0;
    bool partial = end_length == 8 && memcmp(date, end, 8) != 0;
    if (by == LJ_TIMELINE_YEAR || (partial && memcmp(date + 4, end + 4, 2) != 0))
        return day / 10000;
    return by == LJ_TIMELINE_MONTH || partial ? day / 100 : day;
}

static char *
period_name(uint32_t period)
{
    if (period < 10000)
        return g_strdup_printf("%04u", period);
    if (period < 1000000)
        return g_strdup_printf("%04u-%02u", period / 100, period % 100);
    return g_strdup_printf("%04u-%02u-%02u", period / 10000, period / 100 % 100, period % 100);
}

static int
compare_periods(gconstpointer a, gconstpointer b)
{
    return strcmp(((const struct lj_period *)a)->period, ((const struct lj_period *)b)->period);
}

/* Periods of documents (docids rising), one each. NULL with error. */
static uint32_t *
read_periods(struct lj_searcher *searcher, const uint32_t *docids, size_t n, enum lj_timeline by,
             GError **error)
{
    struct xap_data *dates = lj_xap_values(searcher->reader, LJ_SLOT_DATE, docids, n, error);
    struct xap_data *ends =
        dates ? lj_xap_values(searcher->reader, LJ_SLOT_DATE_END, docids, n, error) : NULL;
    uint32_t *periods = ends ? g_new(uint32_t, n + 1) : NULL;
    for (size_t i = 0; periods && i < n; i++)
        periods[i] = period_of(dates->entry[i].bytes, dates->entry[i].length, ends->entry[i].bytes,
                               ends->entry[i].length, by);
    lj_xap_data_free(dates);
    lj_xap_data_free(ends);
    return periods;
}

struct filling {
    struct lj_searcher *searcher;
    const struct lj_query *query;
    enum lj_timeline by;
    GHashTable *known; /* period → struct lj_period, owned */
};

static struct lj_period *
find(const struct filling *f, uint32_t period)
{
    return period ? g_hash_table_lookup(f->known, GUINT_TO_POINTER(period)) : NULL;
}

static bool
add_matches(struct filling *f, const GArray *docids, const uint32_t *periods,
            struct lj_results *results, GError **error)
{
    struct lj_counter *counter = lj_counter_new(f->searcher, f->query, error);
    if (!counter)
        return false;
    bool good = true;
    results->timeline_matches = lj_counter_has_words(counter);
    if (results->timeline_matches) {
        uint32_t *matches = g_new(uint32_t, docids->len + 1);
        good = lj_counter_count(counter, (const uint32_t *)(void *)docids->data, docids->len,
                                matches, error);
        for (guint i = 0; good && i < docids->len; i++) {
            struct lj_period *period = find(f, periods[i]);
            if (period)
                period->matches += matches[i];
        }
        g_free(matches);
    }
    lj_counter_free(counter);
    return good;
}

/* Words of all documents of the periods that satisfy the filters. */
static bool
add_words(struct filling *f, bool all, GError **error)
{
    struct lj_query *filters = lj_filters_of(f->query);
    struct lj_plan_index index = {f->searcher->reader};
    struct lj_plan *plan =
        filters ? lj_plan_make(filters, all, lj_ranking_default(), &index) : NULL;
    struct xap_node every = {.op = XAP_ALL};
    GArray *docids = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    bool good = lj_xap_match(f->searcher->reader,
                             plan ? (const struct xap_node *)(void *)plan->nodes->data : &every,
                             plan ? plan->nodes->len : 1, docids, error);
    const uint32_t *list = (const uint32_t *)(void *)docids->data;
    uint32_t *periods = good ? read_periods(f->searcher, list, docids->len, f->by, error) : NULL;
    struct xap_data *words =
        periods ? lj_xap_values(f->searcher->reader, LJ_SLOT_WORDS, list, docids->len, error)
                : NULL;
    for (guint i = 0; words && i < docids->len; i++) {
        struct lj_period *period = find(f, periods[i]);
        const uint8_t *count = (const uint8_t *)words->entry[i].bytes;
        if (period && words->entry[i].length == 4)
            period->words += (uint32_t)count[0] << 24 | (uint32_t)count[1] << 16 |
                             (uint32_t)count[2] << 8 | count[3];
    }
    good = words != NULL;
    lj_xap_data_free(words);
    g_free(periods);
    g_array_unref(docids);
    lj_plan_free(plan);
    lj_filters_free(filters);
    return good;
}

bool
lj_timeline_fill(struct lj_searcher *searcher, const struct lj_query *query,
                 const struct lj_plan *plan, bool all, enum lj_timeline by,
                 struct lj_results *results, GError **error)
{
    GArray *docids = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    struct filling f = {searcher, query, by,
                        g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free)};
    uint32_t *periods = NULL;
    bool good = lj_xap_match(searcher->reader, (const struct xap_node *)(void *)plan->nodes->data,
                             plan->nodes->len, docids, error);
    if (good)
        periods =
            read_periods(searcher, (const uint32_t *)(void *)docids->data, docids->len, by, error);
    good = periods != NULL;
    for (guint i = 0; good && i < docids->len; i++) {
        if (periods[i] == 0)
            continue;
        struct lj_period *period = find(&f, periods[i]);
        if (!period) {
            period = g_new0(struct lj_period, 1);
            g_hash_table_insert(f.known, GUINT_TO_POINTER(periods[i]), period);
        }
        period->documents++;
    }
    good = good && add_matches(&f, docids, periods, results, error) && add_words(&f, all, error);
    results->timeline_words = good;
    GHashTableIter iter;
    gpointer key, value;
    g_hash_table_iter_init(&iter, f.known);
    while (good && g_hash_table_iter_next(&iter, &key, &value)) {
        struct lj_period period = *(struct lj_period *)value;
        period.period = period_name(GPOINTER_TO_UINT(key));
        g_array_append_val(results->timeline, period);
    }
    g_array_sort(results->timeline, compare_periods);
    g_hash_table_unref(f.known);
    g_free(periods);
    g_array_unref(docids);
    return good;
}
