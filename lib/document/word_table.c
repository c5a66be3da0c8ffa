#include "document/word_table.h"

#include <string.h>

#define MASK (G_N_ELEMENTS(((struct lj_word_table *)NULL)->row) - 1)

static size_t
place_of(const char *word, size_t length)
{
    uint32_t hash = (uint32_t)length;
    for (size_t i = 0; i < length; i++)
        hash = hash * 31 + (unsigned char)word[i];
    return (hash ^ hash >> 10) & MASK;
}

static const char *
word_of(const void *rows, size_t stride, size_t row)
{
    const char *word;
    memcpy(&word, (const char *)rows + row * stride, sizeof word);
    return word;
}

static void
fill(struct lj_word_table *table, const void *rows, size_t stride, size_t n)
{
    g_assert(n <= MASK / 2 + 1);
    for (size_t i = 0; i < n; i++) {
        const char *word = word_of(rows, stride, i);
        size_t at = place_of(word, strlen(word));
        while (table->row[at])
            at = (at + 1) & MASK;
        table->row[at] = (uint16_t)(i + 1);
    }
}

const void *
lj_word_table_find(struct lj_word_table *table, const void *rows, size_t stride, size_t n,
                   const char *word, size_t length)
{
    if (g_once_init_enter(&table->ready)) {
        fill(table, rows, stride, n);
        g_once_init_leave(&table->ready, 1);
    }
    for (size_t at = place_of(word, length); table->row[at]; at = (at + 1) & MASK) {
        size_t row = table->row[at] - 1u;
        const char *found = word_of(rows, stride, row);
        if (strncmp(found, word, length) == 0 && found[length] == '\0')
            return (const char *)rows + row * stride;
    }
    return NULL;
}
