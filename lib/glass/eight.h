/* Eight postings at once, for lists.c: where their gaps and wdfs take a byte each, as nearly all of frequent words do.
 * They lie as (gap - 1, wdf), sixteen bytes.
 *
 *     while (end - p >= GLASS_EIGHT && glass_eight_are(p))
 *         docid = glass_eight_decode(p, docid, docids, wdfs), …
 */
#ifndef LEGAJO_GLASS_EIGHT_H
#define LEGAJO_GLASS_EIGHT_H

#include <stdbool.h>
#include <stdint.h>

#define GLASS_EIGHT 16 /* bytes */

#ifdef __SSE2__
#include <emmintrin.h>

static inline __m128i
glass_eight_load(const uint8_t *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

/* How far each lies from the document before them: 16 bits each. */
static inline __m128i
glass_eight_distances(__m128i eight)
{
    __m128i sum = _mm_add_epi16(_mm_and_si128(eight, _mm_set1_epi16(0xff)), _mm_set1_epi16(1));
    sum = _mm_add_epi16(sum, _mm_slli_si128(sum, 2));
    sum = _mm_add_epi16(sum, _mm_slli_si128(sum, 4));
    return _mm_add_epi16(sum, _mm_slli_si128(sum, 8));
}

/* Do eight lie at p? (No byte says that it goes on.) */
static inline bool
glass_eight_are(const uint8_t *p)
{
    return _mm_movemask_epi8(glass_eight_load(p)) == 0;
}

/* Returns the last one's docid; docid: of the one before them. */
static inline uint32_t
glass_eight_decode(const uint8_t *p, uint32_t docid, uint32_t *docids, uint32_t *wdfs)
{
    __m128i eight = glass_eight_load(p), zero = _mm_setzero_si128();
    __m128i distances = glass_eight_distances(eight), before = _mm_set1_epi32((int)docid);
    __m128i own = _mm_srli_epi16(eight, 8);
    __m128i *to = (__m128i *)(void *)docids, *wdf = (__m128i *)(void *)wdfs;
    _mm_storeu_si128(to, _mm_add_epi32(before, _mm_unpacklo_epi16(distances, zero)));
    _mm_storeu_si128(to + 1, _mm_add_epi32(before, _mm_unpackhi_epi16(distances, zero)));
    _mm_storeu_si128(wdf, _mm_unpacklo_epi16(own, zero));
    _mm_storeu_si128(wdf + 1, _mm_unpackhi_epi16(own, zero));
    return docid + (uint32_t)_mm_extract_epi16(distances, 7);
}

/* How many of the eight are before a document, which lies `distance` after the one before them. *reached: how far from
 * that one the first lies that is not before it; where all are, the last. */
static inline uint32_t
glass_eight_before(const uint8_t *p, uint32_t distance, uint32_t *reached)
{
    __m128i distances = glass_eight_distances(glass_eight_load(p));
    uint32_t all = (uint32_t)_mm_extract_epi16(distances, 7), n = 8;
    *reached = all;
    if (all >= distance) {
        uint16_t each[8];
        __m128i before = _mm_cmplt_epi16(distances, _mm_set1_epi16((short)distance));
        n = (uint32_t)__builtin_ctz(~(unsigned)_mm_movemask_epi8(before)) / 2;
        _mm_storeu_si128((__m128i *)(void *)each, distances);
        *reached = each[n];
    }
    return n;
}

/* Four times eight: how far they reach; 0: they do not lie there. */
static inline uint32_t
glass_eight_span(const uint8_t *p)
{
    __m128i a = glass_eight_load(p), b = glass_eight_load(p + 16), c = glass_eight_load(p + 32),
            d = glass_eight_load(p + 48), gap = _mm_set1_epi16(0xff);
    if (_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(a, b), _mm_or_si128(c, d))) != 0)
        return 0;
    a = _mm_add_epi16(_mm_and_si128(a, gap), _mm_and_si128(b, gap));
    c = _mm_add_epi16(_mm_and_si128(c, gap), _mm_and_si128(d, gap));
    a = _mm_madd_epi16(_mm_add_epi16(a, c), _mm_set1_epi16(1));
    a = _mm_add_epi32(a, _mm_srli_si128(a, 8));
    a = _mm_add_epi32(a, _mm_srli_si128(a, 4));
    return (uint32_t)_mm_cvtsi128_si32(a) + 32;
}

#else

#include <string.h>

static inline bool
glass_eight_are(const uint8_t *p)
{
    uint64_t two[2];
    memcpy(two, p, sizeof two);
    return ((two[0] | two[1]) & UINT64_C(0x8080808080808080)) == 0;
}

static inline uint32_t
glass_eight_decode(const uint8_t *p, uint32_t docid, uint32_t *docids, uint32_t *wdfs)
{
    for (int i = 0; i < 8; i++) {
        docid += p[2 * i] + 1u;
        docids[i] = docid;
        wdfs[i] = p[2 * i + 1];
    }
    return docid;
}

static inline uint32_t
glass_eight_before(const uint8_t *p, uint32_t distance, uint32_t *reached)
{
    uint32_t n = 0;
    *reached = 0;
    for (; n < 8; n++) {
        *reached += p[2 * n] + 1u;
        if (*reached >= distance)
            break;
    }
    return n;
}

static inline uint32_t
glass_eight_span(const uint8_t *p)
{
    uint32_t span = 32;
    for (int i = 0; i < 4; i++)
        if (!glass_eight_are(p + i * GLASS_EIGHT))
            return 0;
    for (int i = 0; i < 32; i++)
        span += p[2 * i];
    return span;
}
#endif

#endif
