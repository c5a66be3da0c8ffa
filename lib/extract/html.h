/* HTML within other formats: chapters of e-books, bodies of letters. */
#ifndef LEGAJO_EXTRACT_HTML_H
#define LEGAJO_EXTRACT_HTML_H

#include "extract/writer.h"

/* Writes the text of a page, with its headings as sections. charset: what the container declares;
 * NULL: what the page does. */
void lj_html_write(struct lj_writer *writer, const uint8_t *bytes, size_t length,
                   const char *charset);

#endif
