/* Segments → units: what several segments and the marks between them make together.
 *
 *     S.R.E.   EE. UU.   teórico-práctico   juan@sre.gob.mx   www.gob.mx/a   @gobmx   #ley
 *     legisla-⏎ción   diputad@s   diputados/as   1.º   Nº   1 234 567
 */
#ifndef LEGAJO_ANALYSIS_UNIT_H
#define LEGAJO_ANALYSIS_UNIT_H

#include "analysis/segment.h"
#include "analysis/vocabulary.h"

/* How the unit and its segments become tokens. */
enum unit_shape {
    UNIT_NONE,
    UNIT_WHOLE,  /* one token instead of the segments */
    UNIT_OVER,   /* the unit is a further reading of the segments (compounds, addresses) */
    UNIT_NAMED,  /* the segments are parts of the unit (@gobmx) */
    UNIT_JOINED, /* so are they, but all at its position (legisla-⏎ción) */
};

struct unit {
    enum unit_shape shape;
    enum reading reading;
    uint32_t start, end; /* bytes */
    size_t segments;     /* how many it covers */
};

/* The unit that begins at segment i; UNIT_NONE: the segment stands for itself. */
struct unit lj_unit_at(const char *text, size_t length, const struct lj_segments *segments,
                       size_t i);

#endif
