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
 * begins them. Any bytes; linear. The specification: the analyser knows which of its segments may
 * begin a mention and asks lj_mentions_among, which gives the same. */
void lj_mentions_find(const char *text, size_t length, lj_mention_sink sink, void *data);

/* What a segment's bytes alone say of the mentions that begin in it: worked out once for each distinct
 * spelling, since nearly none begins any.
 *
 *     "Artículo", "enero", "21"    one may begin here
 *     "acuerdan"                   not here, unless the word goes on: "acuer-⏎do"
 *     "d'acuerdo"                  one may begin within
 */
enum {
    LJ_MENTION_OPENS = 1,
    LJ_MENTION_BROKEN = 2, /* only where a hyphen and a line's end follow */
    LJ_MENTION_WITHIN = 4,
    LJ_MENTION_HINTS = 7,
};
unsigned lj_mention_hint(const char *bytes, size_t length);

/* A segment that may begin a mention. */
struct lj_mention_place {
    uint32_t start, end;
    unsigned hint;
};

/* The mentions of lj_mentions_find, given all places where the hint is not 0, in order. */
void lj_mentions_among(const char *text, size_t length, const struct lj_mention_place *place,
                       size_t n, lj_mention_sink sink, void *data);

/* Dates only. */
void lj_mentions_dates(const char *text, size_t length, lj_mention_sink sink, void *data);

#endif
