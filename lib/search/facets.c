/* Counts of field values among all matches, and the timeline. */
#include "search/searching.h"

#include "search/timeline.h"
#include "i18n.h"

#include <string.h>

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
    g_array_set_clear_func(counts, lj_facet_count_clear);
    GHashTableIter iter;
    gpointer key, value;
    g_hash_table_iter_init(&iter, table);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        struct lj_facet_count count = {g_strdup(key), *(const guint *)value};
        g_array_append_val(counts, count);
    }
    return counts;
}

static void
count_up(GHashTable *table, const char *value, size_t length, uint32_t count)
{
    char near[64], *key = length < sizeof near ? near : g_malloc(length + 1);
    memcpy(key, value, length);
    key[length] = 0;
    guint *known = g_hash_table_lookup(table, key);
    if (!known) {
        known = g_new0(guint, 1);
        g_hash_table_insert(table, g_strdup(key), known);
    }
    *known += count;
    if (key != near)
        g_free(key);
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

/* What a spy saw of a slot → counts (guint) of values: dates by their first `digits`, lists taken apart. */
static GHashTable *
count_slot(const struct lj_searching *s, uint32_t slot, bool list, size_t digits)
{
    GHashTable *table = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
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
        guint count = *(const guint *)value;
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
    GHashTable *out = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_hash_table_iter_init(&iter, joined);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const struct spelling *spelling = value;
        count_up(out, spelling->value, strlen(spelling->value), spelling->total);
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

/* bytes: of a value that tell; 0: all. */
static void
add_spy(struct lj_searching *s, uint32_t slot, uint32_t bytes)
{
    for (guint i = 0; i < s->spies->len; i++)
        if (g_array_index(s->spies, uint32_t, i) == slot) {
            uint32_t *known = &g_array_index(s->spy_bytes, uint32_t, i);
            *known = *known && bytes ? MAX(*known, bytes) : 0;
            return;
        }
    g_array_append_val(s->spies, slot);
    g_array_append_val(s->spy_bytes, bytes);
}

/* Digits of a date that name a period. */
static uint32_t
digits_of(enum lj_timeline by)
{
    return by == LJ_TIMELINE_YEAR ? 4 : by == LJ_TIMELINE_MONTH ? 6 : 8;
}

static uint32_t
facet_digits(const struct lj_field *field)
{
    return field->id == LJ_FIELD_YEAR ? 4 : 0;
}

bool
lj_search_choose_spies(struct lj_searching *s, GError **error)
{
    for (const char *const *name = s->options->facets; name && *name; name++) {
        const struct lj_field *field = lj_field_find(*name, -1);
        const struct lj_declared *declared =
            field ? NULL : lj_searcher_declared(s->searcher, *name);
        if (declared && declared->facet) {
            add_spy(s, declared->slot, 0);
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
        add_spy(s, facet_slot(field), facet_digits(field));
    }
    if (s->options->timeline && !(s->options->timeline_rates && lj_searcher_is_local(s->searcher)))
        add_spy(s, LJ_SLOT_DATE, digits_of(s->options->timeline));
    return true;
}

bool
lj_search_fill_counts(struct lj_searching *s, GError **error)
{
    for (const char *const *name = s->options->facets; name && *name; name++) {
        const struct lj_field *field = lj_field_find(*name, -1);
        const struct lj_declared *declared =
            field ? NULL : lj_searcher_declared(s->searcher, *name);
        GHashTable *table =
            declared ? count_slot(s, declared->slot, true, 0)
                     : count_slot(s, facet_slot(field), field->list, facet_digits(field));
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
        lj_search_notice(
            s, "timeline",
            _("Over a server the timeline counts documents only, not matches and words; "
              "a document dated to a year counts in its first month and day."));
    size_t digits = digits_of(s->options->timeline);
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
