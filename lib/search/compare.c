/* Words that tell the documents of one query from those of another: counted from the terms that the
 * index keeps of each document, so that no text is read. */
#include "search/association.h"

#include "index/wordlist.h"

#include <string.h>

#define LEAST 2 /* times in either set */

/* Stems (behind their Z) of some documents. */
static struct xap_vocabulary *
stems_of(struct lj_searcher *searcher, const GArray *docids, GError **error)
{
    return lj_xap_sum_terms(searcher->reader, (const uint32_t *)(void *)docids->data, docids->len,
                            "Za", 2, "Z\xff", 2, error);
}

/* --- the form that is shown ---------------------------------------------------------------------
 */

/* The most frequent form of a stem in the archive, accents and all. */
static char *
usual_form(struct lj_searcher *searcher, const GPtrArray *lists, const char *stem)
{
    GPtrArray *forms = g_ptr_array_new_with_free_func(g_free);
    lj_xap_pieces(searcher->reader, 'F', stem, ' ', SIZE_MAX, forms, NULL);
    struct xap_term *terms = g_new(struct xap_term, forms->len + 1);
    uint32_t *df = g_new0(uint32_t, forms->len + 1);
    uint64_t *cf = g_new0(uint64_t, forms->len + 1);
    for (guint i = 0; i < forms->len; i++)
        terms[i] = (struct xap_term){forms->pdata[i], strlen(forms->pdata[i])};
    lj_xap_frequencies(searcher->reader, terms, forms->len, df, cf, NULL);
    guint best = 0;
    for (guint i = 1; i < forms->len; i++)
        if (cf[i] > cf[best])
            best = i;
    char *word = NULL;
    uint32_t most = 0;
    for (guint i = 0; forms->len && lists && i < lists->len; i++) {
        const struct lj_wordlist *list = lists->pdata[i];
        const char *folded = forms->pdata[best];
        uint32_t at = lj_wordlist_find(list, folded, strlen(folded));
        if (at != G_MAXUINT32 && lj_wordlist_df(list, at) > most) {
            most = lj_wordlist_df(list, at);
            g_free(word);
            word = g_strdup(lj_wordlist_form(list, at));
        }
    }
    if (!word)
        word = g_strdup(forms->len ? forms->pdata[best] : stem);
    g_free(terms);
    g_free(df);
    g_free(cf);
    g_ptr_array_unref(forms);
    return word;
}

/* --- rows ---------------------------------------------------------------------------------------
 */

static void
add_row(struct lj_associations *out, const char *term, size_t length, uint64_t count,
        uint64_t other, bool both)
{
    struct lj_association row = {.count = count, .other = other};
    row.rate = out->words ? (double)count * 10000 / (double)out->words : 0;
    row.other_rate = out->other_words ? (double)other * 10000 / (double)out->other_words : 0;
    row.elsewhere = row.other_rate > row.rate;
    if (row.rate == row.other_rate || (row.elsewhere ? !both || other < LEAST : count < LEAST))
        return;
    row.score = lj_log_likelihood(count, out->words, other, out->other_words);
    row.stem = g_strndup(term + 1, length - 1);
    g_array_append_val(out->rows, row);
}

static int
compare_terms(const char *a, size_t a_length, const char *b, size_t b_length)
{
    int order = memcmp(a, b, MIN(a_length, b_length));
    return order ? order : a_length < b_length ? -1 : a_length > b_length;
}

/* Two lists in byte order, side by side. */
static void
against_set(struct lj_associations *out, const struct xap_vocabulary *here,
            const struct xap_vocabulary *there)
{
    for (size_t i = 0, j = 0; i < here->n || j < there->n;) {
        int order = i == here->n    ? 1
                    : j == there->n ? -1
                                    : compare_terms(here->entry[i].term, here->entry[i].length,
                                                    there->entry[j].term, there->entry[j].length);
        const char *term = order <= 0 ? here->entry[i].term : there->entry[j].term;
        size_t length = order <= 0 ? here->entry[i].length : there->entry[j].length;
        add_row(out, term, length, order <= 0 ? here->entry[i].df : 0,
                order >= 0 ? there->entry[j].df : 0, true);
        i += order <= 0;
        j += order >= 0;
    }
}

static bool
against_archive(struct lj_searcher *searcher, struct lj_associations *out,
                const struct xap_vocabulary *here, GError **error)
{
    struct xap_term *terms = g_new(struct xap_term, here->n + 1);
    uint32_t *df = g_new0(uint32_t, here->n + 1);
    uint64_t *cf = g_new0(uint64_t, here->n + 1);
    size_t n = 0;
    for (size_t i = 0; i < here->n; i++)
        if (here->entry[i].df >= LEAST)
            terms[n++] = (struct xap_term){here->entry[i].term, here->entry[i].length};
    bool good = lj_xap_frequencies(searcher->reader, terms, n, df, cf, error);
    for (size_t i = 0, t = 0; good && i < here->n; i++)
        if (here->entry[i].df >= LEAST) {
            uint64_t count = here->entry[i].df, all = cf[t++];
            add_row(out, here->entry[i].term, here->entry[i].length, count,
                    all > count ? all - count : 0, false);
        }
    g_free(terms);
    g_free(df);
    g_free(cf);
    return good;
}

struct lj_associations *
lj_compare(struct lj_searcher *searcher, struct lj_query *query, struct lj_query *other,
           const struct lj_association_options *options, GError **error)
{
    gint64 began = g_get_monotonic_time();
    struct lj_associations *out = lj_associations_new();
    struct lj_portion *first = NULL, *second = NULL;
    struct xap_vocabulary *here = NULL, *there = NULL;
    GArray *all = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    bool good = (first = lj_portion_of(searcher, query, options->match, NULL, NULL, error)) &&
                (here = stems_of(searcher, first->docids, error));
    if (good) {
        out->documents = first->documents;
        out->read = first->docids->len;
        out->words = first->words;
    }
    if (good && other) {
        good =
            lj_search_docids(searcher, query, options->match, all, error) &&
            (second = lj_portion_of(searcher, other, options->match, all, &out->shared, error)) &&
            (there = stems_of(searcher, second->docids, error));
        if (good) {
            out->other_documents = second->documents;
            out->other_read = second->docids->len;
            out->other_words = second->words;
            against_set(out, here, there);
        }
    } else if (good) {
        uint64_t documents = 0, words = 0;
        good = lj_archive_words(searcher, &documents, &words, error);
        out->other_documents = documents > out->documents ? documents - out->documents : 0;
        out->other_read = out->other_documents;
        out->other_words = words > out->words ? words - out->words : 0;
        good = good && against_archive(searcher, out, here, error);
    }
    out->exact = out->read == out->documents && out->other_read == out->other_documents;
    lj_associations_settle(out, options->most ? options->most : 50);
    GPtrArray *lists = good ? lj_searcher_wordlists(searcher) : NULL;
    for (guint i = 0; good && i < out->rows->len; i++) {
        struct lj_association *row = &g_array_index(out->rows, struct lj_association, i);
        row->word = usual_form(searcher, lists, row->stem);
    }
    if (lists)
        g_ptr_array_unref(lists);
    lj_xap_vocabulary_free(here);
    lj_xap_vocabulary_free(there);
    lj_portion_free(first);
    lj_portion_free(second);
    g_array_unref(all);
    out->took_ms = (double)(g_get_monotonic_time() - began) / 1000;
    if (good)
        return out;
    lj_associations_free(out);
    return NULL;
}
