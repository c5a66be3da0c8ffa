/* The numbering of Word files since 2007 (ECMA-376, 17.9): which list a paragraph belongs to, by itself or by its
 * style, and what stands before it.
 *
 *     struct lj_word_lists *lists = lj_word_lists_read(numbering, styles);
 *     char *label = lj_word_lists_label(lists, paragraph);         "Artículo 5."
 */
#ifndef LEGAJO_EXTRACT_WORD_LISTS_H
#define LEGAJO_EXTRACT_WORD_LISTS_H

#include "extract/zip.h"

struct lj_word_lists;

/* Of the parts for numbering and styles, either of which may be NULL; they may be freed then. */
struct lj_word_lists *lj_word_lists_read(xmlDocPtr numbering, xmlDocPtr styles);
void lj_word_lists_free(struct lj_word_lists *lists);

/* Call it for every paragraph in the order of the text, since it counts. What stands before this one, g_free; NULL:
 * nothing, or a bullet. */
char *lj_word_lists_label(struct lj_word_lists *lists, xmlNode *paragraph);

#endif
