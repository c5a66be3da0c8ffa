/* Which word names the action of which verb, and the other way? Ranking asks it of a query's words
 * (search/akin.c).
 *
 *     autorizacion → autorizar               a title says "autorización", the norm "autorízase"
 *     conceder     → concesion, concedimiento
 *
 * They stay two stems: who searches for one does not always want the other.
 */
#ifndef LEGAJO_ANALYSIS_DERIVATION_H
#define LEGAJO_ANALYSIS_DERIVATION_H

#include <glib.h>

/* Appends to out the stems (strings, to be freed) that one ending for another makes of this one. Which of
 * them are words at all, an archive knows. */
void lj_derivation_candidates(const char *stem, GPtrArray *out);

#endif
