/* Bytes → text: valid UTF-8 in NFC, '\n' line ends, no NUL.
 *
 *     struct lj_charset how = {.declared = "iso-8859-1"};
 *     lj_charset_decode(bytes, length, &how, max, text);     how.charset "windows-1252"
 */
#ifndef LEGAJO_EXTRACT_CHARSET_H
#define LEGAJO_EXTRACT_CHARSET_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct lj_charset {
    const char *given;    /* in: overrides everything; NULL */
    const char *declared; /* in: what the file says of itself; NULL */
    char charset[40];     /* out: what the bytes were read as */
    const char *from;     /* out: "given" "bom" "utf-8" "declared" "default"; static */
    bool cut;             /* out: the text was longer than max */
};

/* Appends the decoded text, at most max bytes of it, cut at a code point. Never fails: what cannot
 * be read becomes U+FFFD, NUL a blank. */
void lj_charset_decode(const uint8_t *bytes, size_t length, struct lj_charset *how, size_t max,
                       GString *out);

/* Brings valid or invalid UTF-8 into the form of text, in place. */
void lj_text_clean(GString *text);

/* Takes U+200B, U+FEFF and soft hyphens between letters out of it and writes ligatures (U+FB00 to U+FB06) as
 * letters; a part of lj_text_clean. */
void lj_text_drop_unseen(GString *text);

/* True when bytes look like UTF-16 without a BOM; *big tells the byte order. */
bool lj_charset_utf16(const uint8_t *bytes, size_t length, bool *big);

#endif
