/* The numbering of Word documents of 1997 to 2003 ([MS-DOC], 2.4.6.3): which list a paragraph belongs to, by itself or
 * by its style, and what stands before it.
 *
 *     struct lj_doc_lists *lists = lj_doc_lists_read(word, table);
 *     char *label = lj_doc_lists_label(lists, byte);               "Artículo 5."
 */
#ifndef LEGAJO_EXTRACT_DOC_LISTS_H
#define LEGAJO_EXTRACT_DOC_LISTS_H

#include <glib.h>
#include <stdint.h>

struct lj_doc_lists;

/* Of the stream of the text, 512 bytes at least, and of the table stream, both borrowed while the lists are in use. What
 * is damaged is left out. */
struct lj_doc_lists *lj_doc_lists_read(const GByteArray *word, const GByteArray *table);
void lj_doc_lists_free(struct lj_doc_lists *lists);

/* Call it for every paragraph in the order of the text, with where in the stream its first character lies, since it
 * counts. What stands before it, g_free; NULL: nothing, or a bullet. */
char *lj_doc_lists_label(struct lj_doc_lists *lists, uint64_t byte);

#endif
