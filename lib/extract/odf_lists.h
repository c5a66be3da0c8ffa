/* The numbering of OpenDocument texts (ISO/IEC 26300): of lists, and of headings by their outline.
 *
 *     struct lj_odf_lists *lists = lj_odf_lists_read(styles, content);
 *     lj_odf_lists_enter(lists, list), lj_odf_lists_item(lists, item);
 *     char *label = lj_odf_lists_label(lists, paragraph);              "a)"
 *     lj_odf_lists_leave(lists);
 */
#ifndef LEGAJO_EXTRACT_ODF_LISTS_H
#define LEGAJO_EXTRACT_ODF_LISTS_H

#include "extract/zip.h"

struct lj_odf_lists;

/* Of the parts that hold styles, either of which may be NULL, or both the same. */
struct lj_odf_lists *lj_odf_lists_read(xmlDocPtr styles, xmlDocPtr content);
void lj_odf_lists_free(struct lj_odf_lists *lists);

/* <text:list> begins and ends; in it <text:list-item> begins. */
void lj_odf_lists_enter(struct lj_odf_lists *lists, xmlNode *list);
void lj_odf_lists_leave(struct lj_odf_lists *lists);
void lj_odf_lists_item(struct lj_odf_lists *lists, xmlNode *item);

/* What stands before the paragraph or heading, which it counts; g_free; NULL: nothing, or a bullet. */
char *lj_odf_lists_label(struct lj_odf_lists *lists, xmlNode *paragraph);

#endif
