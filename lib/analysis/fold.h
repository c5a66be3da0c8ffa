/* Letters: bytes of a word as written → form (lower case, accents kept) → folded (no accents, ñ
 * kept).
 *
 *     lj_form("Tráfico", 7, form)            "tráfico"
 *     lj_folded("tráfico", 8, folded)        "trafico"
 *
 * Latin words take a table of our own; all others go through ICU, whose answer the table repeats.
 */
#ifndef LEGAJO_ANALYSIS_FOLD_H
#define LEGAJO_ANALYSIS_FOLD_H

#include "legajo/error.h"
#include <stdbool.h>

/* Lower case and NFKC of valid UTF-8, without what no one sees (soft hyphens, joiners, marks of
 * direction, variation selectors). NFKC, not NFC: "oﬁcial" and "oficial" are one form. Replaces
 * form; true when nothing but table was needed. */
bool lj_form(const char *text, size_t length, GString *form);

/* A form without accents: marks of Latin, Greek and Cyrillic letters fall, the tilde of ñ stays; ø
 * đ ł ı æ œ ß open to o d l i ae oe ss; apostrophes and the dot of l·l fall (O’Higgins = ohiggins).
 * Replaces folded. */
void lj_folded(const char *form, size_t length, GString *folded);

/* The same by ICU alone, the specification that the tables are tested against. */
void lj_form_reference(const char *text, size_t length, GString *form);
void lj_folded_reference(const char *form, size_t length, GString *folded);

#endif
