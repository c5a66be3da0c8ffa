/* Documents like a text: its telling words, asked for together. */
#include "search/searcher.h"

#include "i18n.h"

#include <math.h>
#include <string.h>

#define TEXT_LIMIT (1u << 20) /* bytes read of a text: what it is about, it says before */
#define TERMS 30
#define SHARE 0.3 /* a word in more documents than this tells nothing */

/* The forms of a stem in the text. */
struct counted {
    char *stem, *form; /* form: as it comes first, folded */
    uint32_t times, df;
    double score;
};

static void
free_counted(gpointer data)
{
    struct counted *counted = data;
    g_free(counted->stem);
    g_free(counted->form);
    g_free(counted);
}

/* Words that are letters only, not stop words: those a query can be made of. */
static bool
is_telling(const struct lj_token *token)
{
    const struct lj_word *word = token->word;
    if (token->part || word->stop || token->kind != LJ_TOKEN_WORD || word->folded_length < 3)
        return false;
    for (const char *p = word->folded; *p; p = g_utf8_next_char(p))
        if (!g_unichar_isalpha(g_utf8_get_char(p)))
            return false;
    return true;
}

static GHashTable *
count_words(struct lj_analyser *analyser, const char *text, size_t length)
{
    GHashTable *words = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_counted);
    struct lj_tokens *tokens = lj_tokens_new();
    lj_analyse(analyser, text, length, LJ_ANALYSE_WORDS, tokens);
    for (size_t i = 0; i < tokens->n; i++) {
        const struct lj_word *word = tokens->token[i].word;
        if (!is_telling(&tokens->token[i]))
            continue;
        struct counted *counted = g_hash_table_lookup(words, word->stem);
        if (!counted) {
            counted = g_new0(struct counted, 1);
            counted->stem = g_strdup(word->stem);
            counted->form = g_strdup(word->folded);
            g_hash_table_insert(words, counted->stem, counted);
        }
        counted->times++;
    }
    lj_tokens_free(tokens);
    return words;
}

static int
by_score(gconstpointer a, gconstpointer b)
{
    const struct counted *x = *(const struct counted *const *)a;
    const struct counted *y = *(const struct counted *const *)b;
    return x->score != y->score ? (x->score < y->score ? 1 : -1) : strcmp(x->stem, y->stem);
}

/* Fills df of all words by their stems. */
static bool
look_up(struct xap_reader *reader, GPtrArray *words, GError **error)
{
    struct xap_term *terms = g_new(struct xap_term, words->len + 1);
    uint32_t *df = g_new0(uint32_t, words->len + 1);
    for (guint i = 0; i < words->len; i++) {
        terms[i].term = g_strconcat("Z", ((struct counted *)words->pdata[i])->stem, NULL);
        terms[i].length = strlen(terms[i].term);
    }
    bool good = lj_xap_frequencies(reader, terms, words->len, df, NULL, error);
    for (guint i = 0; i < words->len; i++) {
        ((struct counted *)words->pdata[i])->df = df[i];
        g_free((char *)terms[i].term);
    }
    g_free(terms);
    g_free(df);
    return good;
}

char *
lj_searcher_similar(struct lj_searcher *searcher, const char *text, size_t length,
                    const char *except, GError **error)
{
    struct xap_statistics statistics;
    if (!lj_searcher_refresh(searcher, true, error) ||
        !lj_xap_statistics(searcher->reader, &statistics, error))
        return NULL;
    if (length > TEXT_LIMIT)
        for (length = TEXT_LIMIT; length > 0 && ((uint8_t)text[length] & 0xC0) == 0x80;)
            length--;
    GHashTable *words = count_words(lj_searcher_analyser(searcher), text, length);
    GPtrArray *sorted = g_ptr_array_new();
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, words);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        g_ptr_array_add(sorted, value);
    GString *query = NULL;
    if (look_up(searcher->reader, sorted, error)) {
        /* Of a document of the index, a word that only it holds finds nothing else. */
        uint32_t least = except ? 2 : 1, most = (uint32_t)MAX(3, statistics.documents * SHARE);
        for (guint i = 0; i < sorted->len; i++) {
            struct counted *counted = sorted->pdata[i];
            if (counted->df >= least && counted->df <= most)
                counted->score =
                    (1 + log(counted->times)) * log(1 + (double)statistics.documents / counted->df);
        }
        g_ptr_array_sort(sorted, by_score);
        query = g_string_new(NULL);
        for (guint i = 0; i < sorted->len && i < TERMS; i++) {
            const struct counted *counted = sorted->pdata[i];
            if (counted->score > 0)
                g_string_append_printf(query, "%s%s", query->len ? " " : "", counted->form);
        }
        if (query->len == 0) {
            g_set_error_literal(error, LJ_ERROR, LJ_ERROR_USAGE,
                                _("the text holds no word that tells it from others"));
            g_string_free(query, TRUE);
            query = NULL;
        } else if (except) {
            char *words_of_it = g_string_free(query, FALSE);
            query = g_string_new(NULL);
            g_string_printf(query, "(%s) NO id:%s", words_of_it, except);
            g_free(words_of_it);
        }
    }
    g_ptr_array_unref(sorted);
    g_hash_table_unref(words);
    return query ? g_string_free(query, FALSE) : NULL;
}

const struct lj_ranking *
lj_ranking_of_words(void)
{
    static struct lj_ranking ranking;
    static gsize ready;
    if (g_once_init_enter(&ready)) {
        ranking = *lj_ranking_default();
        ranking.depth = 0;
        ranking.close = 0;
        ranking.alike = 0;
        g_once_init_leave(&ready, 1);
    }
    return &ranking;
}
