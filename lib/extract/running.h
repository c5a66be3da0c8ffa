/* Running headers, footers and page numbers: lines at the edges of pages that come again on many.
 *
 *     lj_running_remove(pages);             pages: char *, one string a page, changed in place
 *     lj_running_append(text, page);        and words parted at line ends are joined
 */
#ifndef LEGAJO_EXTRACT_RUNNING_H
#define LEGAJO_EXTRACT_RUNNING_H

#include <glib.h>

/* Takes out, from the first and last lines of each page, page numbers and what is the same (but for
 * its digits) on enough other pages nearby. */
void lj_running_remove(GPtrArray *pages);

/* Appends a page's text: "coope-\nración" becomes "cooperación", trailing blanks go, the page ends
 * with a line end. Returns where the page begins: within a word that the page end parted, too. */
size_t lj_running_append(GString *text, const char *page);

#endif
