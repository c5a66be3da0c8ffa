/* Collocates: what stands beside the matches of a query, found in the texts. */
#include "search/association.h"
#include "passage/matcher.h"

#include <string.h>

#define WINDOW 5
#define LEAST 2          /* times beside the query; once is chance */
#define CANDIDATES 20000 /* stems whose frequency in the archive is asked for */

/* A stem beside the query, with its forms. */
struct beside {
    char *stem;
    uint64_t count;
    GHashTable *forms; /* form (owned) → times */
};

struct collecting {
    struct lj_searcher *searcher;
    struct lj_matcher *matcher;
    unsigned window;
    GHashTable *stems; /* stem → struct beside */
    GArray *tokens;    /* struct lj_kept: words of the document at hand */
    GArray *spans;
    GArray *near; /* uint8_t: a mark a token */
    uint64_t matches, words;
};

static void
beside_free(gpointer data)
{
    struct beside *beside = data;
    g_free(beside->stem);
    g_hash_table_unref(beside->forms);
    g_free(beside);
}

static void
take_word(struct collecting *c, const struct lj_word *word)
{
    c->words++;
    if (word->stop || g_unichar_isdigit(g_utf8_get_char(word->folded)))
        return;
    struct beside *beside = g_hash_table_lookup(c->stems, word->stem);
    if (!beside) {
        beside = g_new0(struct beside, 1);
        beside->stem = g_strdup(word->stem);
        beside->forms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        g_hash_table_insert(c->stems, beside->stem, beside);
    }
    beside->count++;
    gpointer known = g_hash_table_lookup(beside->forms, word->form);
    if (known)
        g_hash_table_insert(beside->forms, g_strdup(word->form),
                            GUINT_TO_POINTER(GPOINTER_TO_UINT(known) + 1));
    else
        g_hash_table_insert(beside->forms, g_strdup(word->form), GUINT_TO_POINTER(1));
}

/* Marks of tokens: within a match, within its window. A token in two windows counts once. */
enum { NEAR = 1, MATCH = 2 };

static void
mark_windows(struct collecting *c)
{
    const struct lj_kept *token = (const struct lj_kept *)(void *)c->tokens->data;
    size_t n = c->tokens->len, first = 0;
    g_array_set_size(c->near, 0);
    g_array_set_size(c->near, (guint)n);
    memset(c->near->data, 0, n);
    uint8_t *mark = (uint8_t *)c->near->data;
    for (guint i = 0; i < c->spans->len; i++) {
        const struct lj_span *span = &g_array_index(c->spans, struct lj_span, i);
        while (first < n && token[first].end <= span->start)
            first++;
        size_t last = first;
        for (; last < n && token[last].start < span->end; last++)
            mark[last] |= MATCH;
        if (last == first)
            continue;
        for (size_t back = 1; back <= c->window && back <= first; back++) {
            if (token[first - back].section != token[first].section)
                break;
            mark[first - back] |= NEAR;
        }
        for (size_t ahead = 0; ahead < c->window && last + ahead < n; ahead++) {
            if (token[last + ahead].section != token[last - 1].section)
                break;
            mark[last + ahead] |= NEAR;
        }
    }
    for (size_t i = 0; i < n; i++)
        if (mark[i] == NEAR)
            take_word(c, token[i].word);
}

static void
read_document(struct collecting *c, const struct lj_hit *hit)
{
    g_array_set_size(c->tokens, 0);
    g_array_set_size(c->spans, 0);
    lj_matcher_begin(c->matcher, hit->stored->document);
    lj_matcher_keep(c->matcher, c->tokens);
    for (guint i = 0; i < hit->stored->frames->len; i++) {
        const struct lj_frame *frame = &g_array_index(hit->stored->frames, struct lj_frame, i);
        char *text = lj_searcher_frame(c->searcher, hit, i, NULL);
        if (text)
            lj_matcher_feed(c->matcher, text, frame->bytes, frame->offset);
        g_free(text);
    }
    lj_matcher_end(c->matcher);
    lj_matcher_keep(c->matcher, NULL);
    lj_matcher_matches(c->matcher, c->spans);
    c->matches += c->spans->len;
    mark_windows(c);
}

static bool
read_documents(struct collecting *c, const GArray *docids, GError **error)
{
    bool good = true;
    for (guint done = 0; good && done < docids->len; done += 200) {
        size_t n = MIN(docids->len - done, 200);
        const uint32_t *list = &g_array_index(docids, uint32_t, done);
        struct xap_data *data = lj_xap_fetch(c->searcher->reader, list, n, error);
        good = data != NULL;
        for (size_t i = 0; good && i < n; i++) {
            struct lj_hit *hit = data->entry[i].length
                                     ? lj_searcher_hit(c->searcher, list[i], data->entry[i].bytes,
                                                       data->entry[i].length, NULL)
                                     : NULL;
            if (hit)
                read_document(c, hit);
            lj_hit_free(hit);
        }
        lj_xap_data_free(data);
    }
    return good;
}

static const char *
usual_form(const struct beside *beside)
{
    const char *best = NULL;
    guint most = 0;
    GHashTableIter iter;
    gpointer form, times;
    g_hash_table_iter_init(&iter, beside->forms);
    while (g_hash_table_iter_next(&iter, &form, &times)) {
        guint n = GPOINTER_TO_UINT(times);
        if (n > most || (n == most && strcmp(form, best) < 0)) {
            most = n;
            best = form;
        }
    }
    return best;
}

static int
most_frequent(gconstpointer a, gconstpointer b)
{
    const struct beside *x = *(const struct beside *const *)a,
                        *y = *(const struct beside *const *)b;
    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    return strcmp(x->stem, y->stem);
}

/* Rows of what was found, against the rest of the archive. */
static bool
weigh(struct collecting *c, struct lj_associations *out, GError **error)
{
    uint64_t documents, archive;
    if (!lj_archive_words(c->searcher, &documents, &archive, error))
        return false;
    out->other_words = archive > c->words ? archive - c->words : 0;
    GPtrArray *list = g_ptr_array_new();
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, c->stems);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        if (((struct beside *)value)->count >= LEAST)
            g_ptr_array_add(list, value);
    g_ptr_array_sort(list, most_frequent);
    guint n = MIN(list->len, CANDIDATES);
    struct xap_term *terms = g_new(struct xap_term, n + 1);
    uint32_t *df = g_new(uint32_t, n + 1);
    uint64_t *cf = g_new(uint64_t, n + 1);
    GStringChunk *strings = g_string_chunk_new(65536);
    for (guint i = 0; i < n; i++) {
        char *term = g_strconcat("Z", ((struct beside *)list->pdata[i])->stem, NULL);
        terms[i] = (struct xap_term){g_string_chunk_insert(strings, term), strlen(term)};
        g_free(term);
    }
    bool good = lj_xap_frequencies(c->searcher->reader, terms, n, df, cf, error);
    for (guint i = 0; good && i < n; i++) {
        const struct beside *beside = list->pdata[i];
        struct lj_association row = {.count = beside->count,
                                     .other = cf[i] > beside->count ? cf[i] - beside->count : 0};
        row.rate = c->words ? (double)row.count * 10000 / (double)c->words : 0;
        row.other_rate =
            out->other_words ? (double)row.other * 10000 / (double)out->other_words : 0;
        if (row.rate <= row.other_rate)
            continue;
        row.score = lj_log_likelihood(row.count, c->words, row.other, out->other_words);
        row.stem = g_strdup(beside->stem);
        row.word = g_strdup(usual_form(beside));
        g_array_append_val(out->rows, row);
    }
    g_string_chunk_free(strings);
    g_free(terms);
    g_free(df);
    g_free(cf);
    g_ptr_array_unref(list);
    return good;
}

struct lj_associations *
lj_collocates(struct lj_searcher *searcher, struct lj_query *query,
              const struct lj_association_options *options, GError **error)
{
    gint64 began = g_get_monotonic_time();
    struct lj_portion *portion = lj_portion_of(searcher, query, options->match, NULL, NULL, error);
    if (!portion)
        return NULL;
    struct collecting c = {.searcher = searcher,
                           .matcher = lj_matcher_new(query, lj_searcher_analyser(searcher)),
                           .window = options->window ? options->window : WINDOW,
                           .stems =
                               g_hash_table_new_full(g_str_hash, g_str_equal, NULL, beside_free),
                           .tokens = g_array_new(FALSE, FALSE, sizeof(struct lj_kept)),
                           .spans = g_array_new(FALSE, FALSE, sizeof(struct lj_span)),
                           .near = g_array_new(FALSE, FALSE, 1)};
    struct lj_associations *out = lj_associations_new();
    bool good = read_documents(&c, portion->docids, error) && weigh(&c, out, error);
    out->documents = portion->documents;
    out->read = portion->docids->len;
    out->exact = out->read == out->documents;
    out->matches = c.matches;
    out->words = c.words;
    lj_associations_settle(out, options->most ? options->most : 50);
    out->took_ms = (double)(g_get_monotonic_time() - began) / 1000;
    lj_portion_free(portion);
    lj_matcher_free(c.matcher);
    g_hash_table_unref(c.stems);
    g_array_unref(c.tokens);
    g_array_unref(c.spans);
    g_array_unref(c.near);
    if (good)
        return out;
    lj_associations_free(out);
    return NULL;
}
