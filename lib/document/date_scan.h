/* The steps of lj_date_find, for a caller that goes through a text once and looks for more than
 * dates.
 */
#ifndef LEGAJO_DOCUMENT_DATE_SCAN_H
#define LEGAJO_DOCUMENT_DATE_SCAN_H

#include "legajo/date.h"

enum lj_date_outcome {
    LJ_DATE_NOTHING,
    LJ_DATE_FOUND,
    LJ_DATE_IMPOSSIBLE, /* the form of a date with no such day: to be passed over whole */
};

/* May a date begin with a word of these bytes? Three are read. */
bool lj_date_may_begin(const char *bytes);

/* May a date begin with the digit at `at`, whose neighbour before is no letter or digit? */
bool lj_date_digit_may_begin(const char *text, size_t at);

/* Reads a date that begins at `at`; *end is set unless there is nothing. */
enum lj_date_outcome lj_date_at(const char *text, size_t length, size_t at, size_t *end,
                                struct lj_interval *out);

#endif
