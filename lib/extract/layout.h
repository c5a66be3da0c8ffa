/* The order of what stands on a page: Poppler's text with the box of each of its characters, put right where
 * the two disagree. Called by the PDF format, once a page.
 *
 *     GString *text = g_string_new(NULL);
 *     if (!lj_layout_arrange(found, boxes, n, text, NULL)) // the boxes are not of this text
 *         g_string_assign(text, found);
 */
#ifndef LEGAJO_EXTRACT_LAYOUT_H
#define LEGAJO_EXTRACT_LAYOUT_H

#include <glib.h>
#include <stdbool.h>

/* Of a character, in points; y grows downwards. */
struct lj_box {
    double x1, y1, x2, y2;
};

/* Appends the text, line by line: cells of tables parted by tabs, what stands above before what stands below
 * it, text that runs up or down a margin last. n boxes belong to the n characters of text (valid UTF-8, lines
 * ended by '\n'). tops gets where each line begins, in points from above (array of double; may be NULL). False,
 * and nothing appended: n is another number, or most of the page runs upwards. */
bool lj_layout_arrange(const char *text, const struct lj_box *boxes, size_t n, GString *out,
                       GArray *tops);

#endif
