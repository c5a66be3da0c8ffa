#include "search/association.h"

#include <math.h>
#include <string.h>

static double
part(double observed, double expected)
{
    return observed > 0 && expected > 0 ? observed * log(observed / expected) : 0;
}

double
lj_log_likelihood(uint64_t count, uint64_t words, uint64_t other, uint64_t other_words)
{
    double a = (double)count, b = (double)other, n1 = (double)MAX(words, count),
           n2 = (double)MAX(other_words, other), n = n1 + n2;
    if (n1 <= 0 || n2 <= 0 || a + b <= 0)
        return 0;
    double here = (a + b) * n1 / n, there = (a + b) * n2 / n;
    double g = part(a, here) + part(b, there) + part(n1 - a, n1 - here) + part(n2 - b, n2 - there);
    return MAX(2 * g, 0);
}

static void
clear_row(gpointer data)
{
    struct lj_association *row = data;
    g_free(row->word);
    g_free(row->stem);
}

struct lj_associations *
lj_associations_new(void)
{
    struct lj_associations *associations = g_new0(struct lj_associations, 1);
    associations->rows = g_array_new(FALSE, TRUE, sizeof(struct lj_association));
    g_array_set_clear_func(associations->rows, clear_row);
    return associations;
}

void
lj_associations_free(struct lj_associations *associations)
{
    if (!associations)
        return;
    g_array_unref(associations->rows);
    g_free(associations);
}

static int
compare_rows(gconstpointer a, gconstpointer b)
{
    const struct lj_association *x = a, *y = b;
    if (x->elsewhere != y->elsewhere)
        return x->elsewhere ? 1 : -1;
    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    return strcmp(x->stem, y->stem);
}

void
lj_associations_settle(struct lj_associations *associations, uint32_t most)
{
    GArray *rows = associations->rows;
    g_array_sort(rows, compare_rows);
    GArray *kept = g_array_new(FALSE, TRUE, sizeof(struct lj_association));
    g_array_set_clear_func(kept, clear_row);
    uint32_t n[2] = {0, 0};
    for (guint i = 0; i < rows->len; i++) {
        struct lj_association *row = &g_array_index(rows, struct lj_association, i);
        if (n[row->elsewhere]++ < most) {
            struct lj_association taken = *row;
            row->word = row->stem = NULL;
            g_array_append_val(kept, taken);
        }
    }
    g_array_unref(rows);
    associations->rows = kept;
}

/* --- documents ----------------------------------------------------------------------------------
 */

/* Docids of a without those of b; both rising. */
static uint64_t
leave_out(GArray *a, const GArray *b)
{
    guint kept = 0, at = 0;
    for (guint i = 0; i < a->len; i++) {
        uint32_t docid = g_array_index(a, uint32_t, i);
        while (at < b->len && g_array_index(b, uint32_t, at) < docid)
            at++;
        if (at == b->len || g_array_index(b, uint32_t, at) != docid)
            g_array_index(a, uint32_t, kept++) = docid;
    }
    uint64_t gone = a->len - kept;
    g_array_set_size(a, kept);
    return gone;
}

static uint32_t
number_of(const char *bytes, size_t length)
{
    const uint8_t *b = (const uint8_t *)bytes;
    return length == 4 ? (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3]
                       : 0;
}

struct lj_portion *
lj_portion_of(struct lj_searcher *searcher, struct lj_query *query, enum lj_match match,
              const GArray *without, uint64_t *shared, GError **error)
{
    struct lj_portion *portion = g_new0(struct lj_portion, 1);
    portion->docids = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    struct xap_data *words = NULL;
    if (lj_search_docids(searcher, query, match, portion->docids, error)) {
        if (without)
            *shared = leave_out(portion->docids, without);
        words = lj_xap_values(searcher->reader, LJ_SLOT_WORDS,
                              (const uint32_t *)(void *)portion->docids->data, portion->docids->len,
                              error);
    }
    if (!words) {
        lj_portion_free(portion);
        return NULL;
    }
    GArray *docids = portion->docids;
    portion->documents = docids->len;
    for (guint i = 0; i < docids->len; i++)
        portion->words += number_of(words->entry[i].bytes, words->entry[i].length);
    if (portion->words > LJ_ASSOCIATION_WORDS) { /* one in so many, from the whole range */
        double step = (double)portion->words / LJ_ASSOCIATION_WORDS, next = step / 2;
        guint kept = 0;
        portion->words = 0;
        for (guint i = 0; i < docids->len; i++)
            if (i + 1 > next) {
                next += step;
                portion->words += number_of(words->entry[i].bytes, words->entry[i].length);
                g_array_index(docids, uint32_t, kept++) = g_array_index(docids, uint32_t, i);
            }
        g_array_set_size(docids, kept);
    }
    lj_xap_data_free(words);
    return portion;
}

void
lj_portion_free(struct lj_portion *portion)
{
    if (!portion)
        return;
    g_array_unref(portion->docids);
    g_free(portion);
}

bool
lj_archive_words(struct lj_searcher *searcher, uint64_t *documents, uint64_t *words, GError **error)
{
    const struct xap_node all = {.op = XAP_ALL};
    const uint32_t slot = LJ_SLOT_WORDS;
    struct xap_search search = {.nodes = &all,
                                .n_nodes = 1,
                                .check_at_least = G_MAXUINT32,
                                .sort = XAP_BY_DOCID,
                                .spies = &slot,
                                .n_spies = 1};
    struct xap_matches *matches = lj_xap_search(searcher->reader, &search, error);
    if (!matches)
        return false;
    *documents = matches->estimate;
    *words = 0;
    for (size_t i = 0; i < matches->spy[0].n; i++)
        *words += (uint64_t)matches->spy[0].count[i].count *
                  number_of(matches->spy[0].count[i].value, matches->spy[0].count[i].length);
    lj_xap_matches_free(matches);
    return true;
}
