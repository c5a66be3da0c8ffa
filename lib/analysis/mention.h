/* What a text says in several words that is searchable as one term: dates and citations. The
 * analyser calls it once a text; terms are those of lj_mention (legajo/analysis.h).
 *
 *     lj_mentions_find("El D.O.F. del 21 de enero de 2026", 33, sink, data)
 *         citation "dof:2026-01-21", "dof"     3…33
 *         date     "20260121", "202601", "2026"   14…33
 */
#ifndef LEGAJO_ANALYSIS_MENTION_H
#define LEGAJO_ANALYSIS_MENTION_H

#include "legajo/analysis.h"

#include <stddef.h>

/* Receives a term of length bytes for text[start…end). */
typedef void (*lj_mention_sink)(void *data, enum lj_mention_kind kind, size_t start, size_t end,
                                const char *term, size_t length);

/* Dates and citations with all their parents, in one pass; mentions come in order of the word that
 * begins them. Any bytes; linear. */
void lj_mentions_find(const char *text, size_t length, lj_mention_sink sink, void *data);

/* Dates only. */
void lj_mentions_dates(const char *text, size_t length, lj_mention_sink sink, void *data);

#endif
