/* Which row of a fixed table has this word? By hash, filled when first asked: tables are written in
 * the order that reads best, and words of every text are looked up in them.
 *
 *     static const struct { const char *word; unsigned value; } rows[] = {{"uno", 1}, …};
 *     static struct lj_word_table table;
 *     row = lj_word_table_find(&table, rows, sizeof *rows, G_N_ELEMENTS(rows), "uno", 3);
 *
 * Any thread may ask. At most 512 rows, whose first member is the word; of two rows with one word the
 * first counts.
 */
#ifndef LEGAJO_DOCUMENT_WORD_TABLE_H
#define LEGAJO_DOCUMENT_WORD_TABLE_H

#include <glib.h>
#include <stdint.h>

struct lj_word_table {
    gsize ready;
    uint16_t row[1024]; /* its number and one more; 0: free */
};

/* The row of the word of so many bytes, NULL where there is none. */
const void *lj_word_table_find(struct lj_word_table *table, const void *rows, size_t stride,
                               size_t n, const char *word, size_t length);

#endif
