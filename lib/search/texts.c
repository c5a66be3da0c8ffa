#include "search/texts.h"
#include "search/alike.h"

#include <string.h>

#define MOST_FRAMES 64 /* of a document: 4 MB of text say whether it is a copy */
#define FEW_WORDS                                                                                  \
    60 /* of so few, and the names of who signed, another law may consist: the title must agree */
#define MOST_HELD 40000000u /* words: 160 MB; beyond, what was read is forgotten */

struct lj_texts {
    struct lj_searcher *searcher;
    struct lj_tokens *tokens;
    GHashTable *held;    /* docid → struct text */
    GHashTable *numbers; /* folded word (the analyser's) → number + 1 */
    GPtrArray *words;    /* const char *: folded word, by number */
    GArray *known; /* uint32_t: number + 1, by the analyser's id of a word; 0: not asked yet */
    size_t count;  /* words held */
};

/* Words that say something, by number. */
struct text {
    GArray *words, *sorted, *title; /* uint32_t */
};

static void
text_free(gpointer data)
{
    struct text *text = data;
    g_array_unref(text->words);
    g_array_unref(text->sorted);
    g_array_unref(text->title);
    g_free(text);
}

struct lj_texts *
lj_texts_new(struct lj_searcher *searcher)
{
    struct lj_texts *texts = g_new0(struct lj_texts, 1);
    texts->searcher = searcher;
    texts->tokens = lj_tokens_new();
    texts->held = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, text_free);
    texts->numbers = g_hash_table_new(g_str_hash, g_str_equal);
    texts->words = g_ptr_array_new();
    texts->known = g_array_new(FALSE, TRUE, sizeof(uint32_t));
    return texts;
}

void
lj_texts_free(struct lj_texts *texts)
{
    if (!texts)
        return;
    lj_tokens_free(texts->tokens);
    g_hash_table_unref(texts->held);
    g_hash_table_unref(texts->numbers);
    g_ptr_array_unref(texts->words);
    g_array_unref(texts->known);
    g_free(texts);
}

/* Words that are one but for accents have one number. */
static uint32_t
number_of(struct lj_texts *texts, const struct lj_word *word)
{
    if (word->id >= texts->known->len)
        g_array_set_size(texts->known, MAX(word->id + 1, 2 * texts->known->len));
    uint32_t *known = &g_array_index(texts->known, uint32_t, word->id);
    if (*known == 0) {
        *known = GPOINTER_TO_UINT(g_hash_table_lookup(texts->numbers, word->folded));
        if (*known == 0) {
            g_ptr_array_add(texts->words, (gpointer)word->folded);
            *known = texts->words->len;
            g_hash_table_insert(texts->numbers, (gpointer)word->folded, GUINT_TO_POINTER(*known));
        }
    }
    return *known - 1;
}

/* Appends the words of a piece that say something. */
static void
add_words(struct lj_texts *texts, const char *text, size_t length, GArray *out)
{
    lj_analyse(lj_searcher_analyser(texts->searcher), text, length, LJ_ANALYSE_WORDS,
               texts->tokens);
    for (size_t i = 0; i < texts->tokens->n; i++) {
        const struct lj_token *token = &texts->tokens->token[i];
        if (token->part || token->word->stop)
            continue;
        uint32_t number = number_of(texts, token->word);
        g_array_append_val(out, number);
    }
}

static int
compare_numbers(gconstpointer a, gconstpointer b)
{
    const uint32_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

static struct text *
read_text(struct lj_texts *texts, uint32_t docid)
{
    struct text *out = g_new(struct text, 1);
    out->words = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    out->title = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    struct xap_data *data = lj_xap_fetch(texts->searcher->reader, &docid, 1, NULL);
    struct lj_hit *hit = data && data->n == 1 && data->entry[0].length
                             ? lj_searcher_hit(texts->searcher, docid, data->entry[0].bytes,
                                               data->entry[0].length, NULL)
                             : NULL;
    const char *title = hit ? lj_document_field(hit->stored->document, "title") : NULL;
    if (title)
        add_words(texts, title, strlen(title), out->title);
    for (guint i = 0; hit && i < MIN(hit->stored->frames->len, MOST_FRAMES); i++) {
        char *text = lj_searcher_frame(texts->searcher, hit, i, NULL);
        if (text)
            add_words(texts, text, g_array_index(hit->stored->frames, struct lj_frame, i).bytes,
                      out->words);
        g_free(text);
    }
    lj_hit_free(hit);
    lj_xap_data_free(data);
    out->sorted = g_array_copy(out->words);
    g_array_sort(out->sorted, compare_numbers);
    g_array_sort(out->title, compare_numbers);
    return out;
}

static const struct text *
text_of(struct lj_texts *texts, uint32_t docid)
{
    struct text *text = g_hash_table_lookup(texts->held, GUINT_TO_POINTER(docid));
    if (!text) {
        text = read_text(texts, docid);
        texts->count += 2 * text->words->len + 64;
        g_hash_table_insert(texts->held, GUINT_TO_POINTER(docid), text);
    }
    return text;
}

static bool
misspelt(uint32_t a, uint32_t b, void *data)
{
    const struct lj_texts *texts = data;
    return lj_alike_misspelt(texts->words->pdata[a], texts->words->pdata[b]);
}

static const uint32_t *
list(const GArray *words)
{
    return (const uint32_t *)(const void *)words->data;
}

/* How many words two sorted lists have in common. */
static guint
in_common(const GArray *a, const GArray *b)
{
    guint common = 0;
    for (guint i = 0, j = 0; i < a->len && j < b->len;) {
        uint32_t x = list(a)[i], y = list(b)[j];
        common += x == y;
        i += x <= y;
        j += y <= x;
    }
    return common;
}

/* Percent of the words of the longer title that the other has; 100 where one has none but what its text says
 * too: that may be any first line. */
static unsigned
titles_alike(const struct text *a, const struct text *b)
{
    if (in_common(a->title, a->sorted) == a->title->len ||
        in_common(b->title, b->sorted) == b->title->len)
        return 100;
    return 100 * in_common(a->title, b->title) / MAX(a->title->len, b->title->len);
}

unsigned
lj_texts_alike(struct lj_texts *texts, uint32_t docid, uint32_t other, unsigned least)
{
    if (texts->count > MOST_HELD) {
        g_hash_table_remove_all(texts->held);
        texts->count = 0;
    }
    const struct text *a = text_of(texts, docid), *b = text_of(texts, other);
    if (lj_alike_at_most(list(a->sorted), a->sorted->len, list(b->sorted), b->sorted->len) < least)
        return 0;
    unsigned alike =
        lj_alike(list(a->words), a->words->len, list(b->words), b->words->len, misspelt, texts);
    return MIN(a->words->len, b->words->len) < FEW_WORDS ? MIN(alike, titles_alike(a, b)) : alike;
}
