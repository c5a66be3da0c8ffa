/* Lines of a text, for what looks at a document's head and parts.
 *
 *     for (size_t at = 0; lj_line_next(text, length, &at, &line);)
 */
#ifndef LEGAJO_EXTRACT_LINES_H
#define LEGAJO_EXTRACT_LINES_H

#include <stdbool.h>
#include <stddef.h>

/* A line of the text without blanks at its ends. */
struct lj_line {
    const char *start;
    size_t length;
};

/* The line at *at; moves *at to the next. False at the end. */
bool lj_line_next(const char *text, size_t length, size_t *at, struct lj_line *line);

bool lj_line_has_prefix(struct lj_line line, const char *prefix);

/* Case and accents aside: does the line begin with the folded prefix? Returns the bytes it takes, 0
 * for no. Composed letters of Latin-1 only: text is NFC, and the words looked for are Spanish. */
size_t lj_line_folded_prefix(struct lj_line line, const char *prefix);

/* Bytes of a label such as "Fecha:" or " date " before a date; 0: none. */
size_t lj_line_date_label(struct lj_line line);

bool lj_is_blank(char c);

#endif
