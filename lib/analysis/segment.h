/* Text → segments: where does a word begin and end? Unicode's word boundaries (UAX #29), with the
 * differences below; what has no letter or digit is no segment. Invalid UTF-8 separates.
 *
 *     "El art. 5.1 (gob.mx)"      El 0-2 · art 3-6 · 5.1 8-11 · gob 13-16 · mx 17-19
 *
 * Differences from Unicode's default, all on purpose:
 *
 *     default                here                 why
 *     gob.mx, fin.Luego      gob mx, fin Luego    a full stop between letters ends a word: blanks
 * are often missing after one, and parts of an address are searched for; acronyms are put together
 * later a:b                    a b                  as ICU and CLDR have it: "Título:texto" a_b,
 * _énfasis_         a b, énfasis         Markdown's emphasis, names of files 1;2 1 2 lists of
 * figures; only . , ' ’ ٬ stay in a number Thai, Khmer, Lao, Han  ICU's dictionaries   as ICU;
 * Unicode leaves them to the implementer
 *
 * Two implementations: lj_segment_reference is the specification, by ICU; lj_segment is what the
 * analyser calls, and gives the same.
 */
#ifndef LEGAJO_ANALYSIS_SEGMENT_H
#define LEGAJO_ANALYSIS_SEGMENT_H

#include "legajo/error.h"
#include <stdbool.h>
#include <stdint.h>

struct lj_segment {
    uint32_t start, end; /* bytes */
    bool number;         /* digits, and the marks between them, only */
};

struct lj_segments {
    struct lj_segment *segment;
    size_t n, allocated;
};

struct lj_segmenter;
struct lj_segmenter *lj_segmenter_new(void);
void lj_segmenter_free(struct lj_segmenter *segmenter);

/* Replaces what segments held. */
void lj_segment(struct lj_segmenter *segmenter, const char *text, size_t length,
                struct lj_segments *segments);
void lj_segment_reference(struct lj_segmenter *segmenter, const char *text, size_t length,
                          struct lj_segments *segments);

/* Appends the segments of text[from, to), by ICU; from and to are ends of the text or stand beside
 * a blank. */
void lj_segment_reference_part(struct lj_segmenter *segmenter, const char *text, size_t from,
                               size_t to, struct lj_segments *segments);

void lj_segments_grow(struct lj_segments *segments);
void lj_segments_clear(struct lj_segments *segments);

static inline void
lj_segments_add(struct lj_segments *segments, size_t start, size_t end, bool number)
{
    if (segments->n == segments->allocated)
        lj_segments_grow(segments);
    segments->segment[segments->n++] = (struct lj_segment){(uint32_t)start, (uint32_t)end, number};
}

#endif
