/* Segments → units: what several segments and the marks between them make together.
 *
 *     S.R.E.   EE. UU.   teórico-práctico   juan@sre.gob.mx   www.gob.mx/a   @gobmx   #ley
 *     legisla-⏎ción   diputad@s   diputados/as   1.º   Nº   1 234 567
 *     Capítulo IV   primero de enero: the words, and 4, 1 beside them
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

extern const bool lj_unit_mark[256];

/* The value of a word that is a number in some places: IV behind "capítulo", "primero" before "de
 * enero"; 0 for others. */
unsigned lj_unit_figure(const char *bytes, size_t length);

/* Whether a segment may begin a unit whatever stands beside it: EE UU; a soft hyphen at the end of a
 * line. */
static inline bool
lj_unit_alone(const char *bytes, size_t length)
{
    bool soft_hyphen = length > 2 && (unsigned char)bytes[length - 2] == 0xc2 &&
                       (unsigned char)bytes[length - 1] == 0xad; /* the í of "así" ends so too */
    return (length == 2 && bytes[0] == bytes[1]) || soft_hyphen ||
           lj_unit_figure(bytes, length) > 0;
}

/* Whether a unit may begin at the segment text[start, end), by the bytes beside it: where neither
 * this nor lj_unit_alone says so, lj_unit_at need not be asked. */
static inline bool
lj_unit_possible(const char *text, size_t length, uint32_t start, uint32_t end)
{
    if (start > 0 && (text[start - 1] == '@' || text[start - 1] == '#'))
        return true;
    if (end == length || !lj_unit_mark[(unsigned char)text[end]])
        return false;
    /* the end of a sentence; but S. A. and EE. UU. */
    return text[end] != '.' || end - start <= 2 || end + 1 == length ||
           (text[end + 1] != ' ' && text[end + 1] != '\n');
}

#endif
