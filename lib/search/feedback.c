#include "search/feedback.h"

#include "search/evidence.h"

#include <math.h>
#include <string.h>

#define STEMS 20
/* Stems of a document, those that it repeats: of a transcript there are thousands. */
#define READ 150
#define SHARE 0.2 /* of all documents: a stem in more of them tells little */
/* A document of nine tenths of the best score tells two thirds of what that tells. */
#define STEEPNESS 4

struct telling {
    char *term; /* Z and the stem */
    double weight, rarity;
};

static void
telling_clear(gpointer data)
{
    g_free(((struct telling *)data)->term);
}

/* A document's stem, or that of a field? */
static bool
is_stem(const char *term, uint32_t length)
{
    return length > 1 && term[0] == 'Z' && !g_ascii_isupper(term[1]);
}

struct counted {
    const char *term;
    uint32_t length, wdf;
};

/* What stands more often first; then the longer ones, which are rarer. */
static int
compare_counted(gconstpointer a, gconstpointer b)
{
    const struct counted *x = a, *y = b;
    if (x->wdf != y->wdf)
        return x->wdf < y->wdf ? 1 : -1;
    if (x->length != y->length)
        return x->length < y->length ? 1 : -1;
    return strcmp(x->term, y->term);
}

/* Adds a document's share to what its stems tell: known, term → place in all. */
static bool
add_document(struct xap_reader *reader, struct lj_local *local,
             const struct lj_feedback_document *document, double share, GHashTable *known,
             GArray *all, GError **error)
{
    struct xap_vocabulary *terms =
        local ? lj_local_terms(local, reader, document->docid, "Z", 1) : NULL;
    if (!terms)
        terms = lj_xap_sum_terms(reader, &document->docid, 1, "Z", 1, "[", 1, error);
    if (!terms)
        return false;
    GArray *counted = g_array_sized_new(FALSE, FALSE, sizeof(struct counted), (guint)terms->n);
    for (size_t i = 0; i < terms->n; i++) {
        struct counted one = {terms->entry[i].term, terms->entry[i].length, terms->entry[i].df};
        if (is_stem(one.term, one.length))
            g_array_append_val(counted, one);
    }
    g_array_sort(counted, compare_counted);
    for (guint i = 0; i < counted->len && i < READ; i++) {
        const struct counted *one = &g_array_index(counted, struct counted, i);
        char *term = g_strndup(one->term, one->length);
        gpointer place;
        if (!g_hash_table_lookup_extended(known, term, NULL, &place)) {
            struct telling telling = {.term = term};
            place = GUINT_TO_POINTER(all->len);
            g_array_append_val(all, telling);
            g_hash_table_insert(known, term, place);
        } else {
            g_free(term);
        }
        g_array_index(all, struct telling, GPOINTER_TO_UINT(place)).weight +=
            share * one->wdf / (one->wdf + document->norm);
    }
    g_array_unref(counted);
    lj_xap_vocabulary_free(terms);
    return true;
}

/* Each stem's weight times its rarity; 0 for what is in one document or in too many. */
static bool
weigh(struct xap_reader *reader, GArray *all, GError **error)
{
    struct xap_statistics statistics;
    struct xap_term *terms = g_new(struct xap_term, all->len + 1);
    uint32_t *df = g_new0(uint32_t, all->len + 1);
    for (guint i = 0; i < all->len; i++) {
        const char *term = g_array_index(all, struct telling, i).term;
        terms[i] = (struct xap_term){term, strlen(term)};
    }
    bool good = lj_xap_statistics(reader, &statistics, error) &&
                lj_xap_frequencies(reader, terms, all->len, df, NULL, error);
    for (guint i = 0; good && i < all->len; i++) {
        struct telling *telling = &g_array_index(all, struct telling, i);
        telling->rarity = lj_evidence_rarity((double)statistics.documents, df[i]);
        telling->weight *= df[i] < 2 || df[i] > SHARE * statistics.documents ? 0 : telling->rarity;
    }
    g_free(terms);
    g_free(df);
    return good;
}

static int
compare_telling(gconstpointer a, gconstpointer b)
{
    const struct telling *x = a, *y = b;
    return x->weight != y->weight ? (x->weight < y->weight ? 1 : -1) : strcmp(x->term, y->term);
}

struct lj_plan *
lj_feedback_plan(struct xap_reader *reader, struct lj_local *local,
                 const struct lj_feedback_document *documents, size_t n, double weight,
                 const struct lj_plan_candidates *candidates, GError **error)
{
    GHashTable *known = g_hash_table_new(g_str_hash, g_str_equal);
    GArray *all = g_array_new(FALSE, TRUE, sizeof(struct telling));
    g_array_set_clear_func(all, telling_clear);
    bool good = true;
    for (size_t i = 0; good && i < n; i++)
        good = add_document(reader, local, &documents[i],
                            pow(documents[i].score / documents[0].score, STEEPNESS), known, all,
                            error);
    g_hash_table_unref(known);
    good = good && weigh(reader, all, error);
    struct lj_plan *plan = NULL;
    if (good) {
        double sum = 0;
        g_array_sort(all, compare_telling);
        guint most = MIN(all->len, STEMS);
        for (guint i = 0; i < most; i++)
            sum += g_array_index(all, struct telling, i).weight;
        while (most > 0 && g_array_index(all, struct telling, most - 1).weight <= 0)
            most--;
        for (guint i = 0; i < most; i++) {
            const struct telling *telling = &g_array_index(all, struct telling, i);
            plan = lj_plan_add_stem(plan, telling->term + 1,
                                    weight * telling->weight / sum / telling->rarity);
        }
        if (plan)
            lj_plan_restrict(plan, most, candidates);
    }
    g_array_unref(all);
    return plan;
}
