/* Running headers, footers and page numbers: lines at the edges of pages that come again on many.
 *
 *     lj_running_add(pages, g_string_free(text, FALSE), tops);
 *     lj_running_remove(pages);
 *     lj_running_append(text, pages->pdata[i]);    and words parted at line ends are joined
 */
#ifndef LEGAJO_EXTRACT_RUNNING_H
#define LEGAJO_EXTRACT_RUNNING_H

#include <glib.h>

struct lj_running_page {
    char *text;   /* changed in place */
    GArray *tops; /* double a line: how far from the page's top it stands, in points. NULL: unknown */
};

/* An array of pages; g_ptr_array_unref frees it and them. */
GPtrArray *lj_running_pages(void);
/* Takes text (g_free) and tops, which may be NULL; tops of another number of lines count as unknown. */
void lj_running_add(GPtrArray *pages, char *text, GArray *tops);

/* Takes out, from the first and last lines of each page, page numbers and what is the same (but for
 * its digits) at the same height of enough other pages nearby; within a page, a number alone in its line that
 * counts the pages. */
void lj_running_remove(GPtrArray *pages);

/* Appends a page's text: "coope-\nración" becomes "cooperación", trailing blanks go, the page ends
 * with a line end. Returns where the page begins: within a word that the page end parted, too. */
size_t lj_running_append(GString *text, const struct lj_running_page *page);

#endif
