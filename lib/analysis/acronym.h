/* Acronyms and what they stand for: a list of ours, and what a text itself explains.
 *
 *     "la Secretaría de Relaciones Exteriores (SRE)"  →  "sre=secretaria de relaciones exteriores"
 */
#ifndef LEGAJO_ANALYSIS_ACRONYM_H
#define LEGAJO_ANALYSIS_ACRONYM_H

#include "legajo/analysis.h"

/* Receives "acronym=expansion", both folded, and where both stand together. */
typedef void (*lj_acronym_sink)(void *data, size_t start, size_t end, const char *pair,
                                size_t length);

/* The pairs that the text explains; tokens are those of the text. Three ways of saying so:
 *
 *     Secretaría de Relaciones Exteriores (SRE)
 *     Secretaría de Relaciones Exteriores (en adelante, la «SRE»)
 *     SRE (Secretaría de Relaciones Exteriores)
 *
 * Letters of the acronym are letters of the name in the same order, the first begins it, and most
 * of its words give one (Schwartz and Hearst, "A simple algorithm for identifying abbreviation
 * definitions in biomedical text", 2003, with names in capitals and Spanish joints). */
void lj_acronyms_find(const char *text, size_t length, const struct lj_tokens *tokens,
                      lj_acronym_sink sink, void *data);

/* Number of built-in acronyms and the n-th, for tests of the list. */
size_t lj_acronym_count(void);
const char *lj_acronym_at(size_t n);

#endif
