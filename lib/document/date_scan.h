/* The steps of lj_date_find, for a caller that goes through a text once and looks for more than
 * dates.
 */
#ifndef LEGAJO_DOCUMENT_DATE_SCAN_H
#define LEGAJO_DOCUMENT_DATE_SCAN_H

#include "legajo/date.h"

/* Days that a list or a range before a date leaves to it, and those between, at most so many: "el 3 y 4
 * de mayo de 2020", "del 3 al 5 de mayo de 2020", "del 3 de mayo al 5 de junio de 2020". at: where
 * the date begins. Returns how many; looks back a bounded stretch. */
#define LJ_DATE_EARLIER 31
size_t lj_date_earlier(const char *text, size_t at, const struct lj_interval *when,
                       struct lj_interval out[LJ_DATE_EARLIER]);

unsigned lj_date_month(const char *word); /* of a folded name, 0 for none */

enum lj_date_outcome {
    LJ_DATE_NOTHING,
    LJ_DATE_FOUND,
    LJ_DATE_IMPOSSIBLE, /* the form of a date with no such day: to be passed over whole */
};

/* May a date begin with a word of these bytes? Four are read. Cheap: see lj_citation_may_begin. */
extern const uint32_t lj_date_rows[1024];
bool lj_date_word_may_begin(const char *bytes);

static inline bool
lj_date_may_begin(const char *bytes)
{
    return (lj_date_rows[(bytes[0] & 31) << 5 | (bytes[1] & 31)] >> (bytes[2] & 31) & 1) &&
           lj_date_word_may_begin(bytes);
}

/* Is the folded word (lj_spelled_word), of four letters or more, one that begins dates: a month, a
 * number? */
bool lj_date_opens(const char *word);

/* May a date begin with the digit at `at`, whose neighbour before is no letter or digit? */
bool lj_date_digit_may_begin(const char *text, size_t length, size_t at);

/* Reads a date that begins at `at`; *end is set unless there is nothing. */
enum lj_date_outcome lj_date_at(const char *text, size_t length, size_t at, size_t *end,
                                struct lj_interval *out);

#endif
