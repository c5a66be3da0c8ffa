#include "passage/parts.h"

#include <string.h>

/* Linear: on a mismatch it goes back to the last star only. */
bool
lj_pattern_fits(const char *pattern, const char *word)
{
    const char *star = NULL, *resume = NULL;
    while (*word) {
        if (*pattern == '*') {
            star = ++pattern;
            resume = word;
        } else if (*pattern == '?') {
            pattern++;
            word = g_utf8_next_char(word);
        } else if (*pattern == *word) {
            pattern++;
            word++;
        } else if (star) {
            pattern = star;
            resume = g_utf8_next_char(resume);
            word = resume;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == 0;
}

bool
lj_edits_within(const gunichar *a, size_t n_a, const gunichar *b, size_t n_b, uint32_t most)
{
    if ((n_a > n_b ? n_a - n_b : n_b - n_a) > most)
        return false;
    uint8_t row[3][LJ_WORD_LIMIT + 1];
    for (size_t j = 0; j <= n_b; j++)
        row[0][j] = (uint8_t)j;
    for (size_t i = 1; i <= n_a; i++) {
        uint8_t *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
        uint8_t least = now[0] = (uint8_t)i;
        for (size_t j = 1; j <= n_b; j++) {
            unsigned cost = last[j - 1] + (a[i - 1] != b[j - 1]);
            cost = MIN(cost, (unsigned)MIN(now[j - 1], last[j]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                cost = MIN(cost, (unsigned)before[j - 2] + 1);
            now[j] = (uint8_t)cost;
            least = MIN(least, now[j]);
        }
        if (least > most)
            return false;
    }
    return row[n_a % 3][n_b] <= most;
}

static size_t
code_points(const char *word, gunichar out[LJ_WORD_LIMIT])
{
    size_t n = 0;
    for (; *word && n < LJ_WORD_LIMIT; word = g_utf8_next_char(word))
        out[n++] = g_utf8_get_char(word);
    return n;
}

static bool
near_spelling(const char *a, const char *b, uint32_t most)
{
    gunichar x[LJ_WORD_LIMIT], y[LJ_WORD_LIMIT];
    size_t n = code_points(a, x), m = code_points(b, y);
    return lj_edits_within(x, n, y, m, most);
}

static bool
meets(const struct element *element, const struct lj_word *word)
{
    if (element->forms && g_hash_table_contains(element->forms, word->folded))
        return true;
    switch (element->kind) {
    case LJ_ELEMENT_STEM:
        return !word->stop && strcmp(word->stem, element->text) == 0;
    case LJ_ELEMENT_FORM:
        return strcmp(word->form, element->text) == 0;
    case LJ_ELEMENT_FOLDED:
        return strcmp(word->folded, element->text) == 0;
    case LJ_ELEMENT_PATTERN:
        return lj_pattern_fits(element->text, word->folded);
    case LJ_ELEMENT_NEAR_SPELLING: /* an expansion, where there is one, says all */
        return !element->forms && near_spelling(element->text, word->folded, element->distance);
    }
    return false;
}

const uint32_t *
lj_matcher_meets(struct lj_matcher *matcher, const struct lj_word *word)
{
    if (word->id >= matcher->known->len)
        g_array_set_size(matcher->known,
                         MAX(word->id + 1, (guint)lj_analyser_words(matcher->analyser)));
    uint32_t known = g_array_index(matcher->known, uint32_t, word->id);
    if (known == 0) {
        known = 1;
        uint32_t start = matcher->lists->len, end = G_MAXUINT32;
        for (uint32_t i = 0; i < matcher->elements->len; i++)
            if (meets(matcher->elements->pdata[i], word)) {
                g_array_append_val(matcher->lists, i);
                known = start + 2;
            }
        if (known > 1)
            g_array_append_val(matcher->lists, end);
        g_array_index(matcher->known, uint32_t, word->id) = known;
    }
    return known == 1 ? NULL : &g_array_index(matcher->lists, uint32_t, known - 2);
}
