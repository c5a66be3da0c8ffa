/* Strict UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing past U+10FFFF), fast on the
 * text we have: mostly ASCII with an accent every ten letters.
 *
 *     size_t good = lj_utf8_span(bytes, length, &flags);    good == length: all valid
 */
#ifndef LEGAJO_DOCUMENT_UTF8_H
#define LEGAJO_DOCUMENT_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    LJ_UTF8_RETURN = 1,  /* a CR was seen */
    LJ_UTF8_CONTROL = 2, /* a control character but \t \n \r (NUL among them) or DEL */
    LJ_UTF8_MARKS = 4,   /* something that may not be in NFC */
    LJ_UTF8_HIGH = 8,    /* something that is not ASCII */
    LJ_UTF8_UNSEEN = 16, /* U+200B, U+FEFF or U+00AD, which nobody sees, or a ligature, U+FB00 to U+FB06 */
};

/* Length of the longest valid prefix; *flags (may be NULL) gets what was seen in it, or'ed. */
size_t lj_utf8_span(const char *text, size_t length, unsigned *flags);

/* Code points of valid UTF-8. */
size_t lj_utf8_points(const char *text, size_t length);

#endif
