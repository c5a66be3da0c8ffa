/* Sixty-four bytes of text at once: which of them are letters, digits, marks? Bit i of each mask says
 * it of byte i. With SSE2, which every x86-64 has, sixteen bytes take one instruction each; elsewhere
 * a table is asked for each byte. The tests hold both to the same.
 *
 *     struct lj_block block = lj_block_of(text);
 *     text      Ley 5,2 año.
 *     letters   ###     # #        digits   # #     mids   , and the last .     wide   the two of ñ
 */
#ifndef LEGAJO_DOCUMENT_BLOCK_H
#define LEGAJO_DOCUMENT_BLOCK_H

#include <stdint.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

struct lj_block {
    uint64_t letters, digits; /* of ASCII */
    uint64_t mids;            /* ' , . which hold words or numbers together */
    uint64_t wide;            /* bytes of characters beyond ASCII, and such as make none */
    uint64_t leads;           /* 0xC3, of U+00C0 to U+00FF, á, Ñ … */
    uint64_t trails;          /* what makes a letter of such a lead: not × and ÷ */
};

/* One byte, at bit 0. */
static inline struct lj_block
lj_block_of_byte(char byte)
{
    uint8_t c = (uint8_t)byte;
    return (struct lj_block){
        .letters = (uint8_t)((c | 0x20) - 'a') < 26,
        .digits = (uint8_t)(c - '0') < 10,
        .mids = c == '\'' || c == ',' || c == '.',
        .wide = c >= 0x80,
        .leads = c == 0xC3,
        .trails = c >= 0x80 && c < 0xC0 && c != 0x97 && c != 0xB7,
    };
}

static inline struct lj_block
lj_block_by_bytes(const char text[64])
{
    struct lj_block block = {0};
    for (unsigned i = 0; i < 64; i++) {
        struct lj_block one = lj_block_of_byte(text[i]);
        block.letters |= one.letters << i;
        block.digits |= one.digits << i;
        block.mids |= one.mids << i;
        block.wide |= one.wide << i;
        block.leads |= one.leads << i;
        block.trails |= one.trails << i;
    }
    return block;
}

#ifdef __SSE2__
static inline struct lj_block
lj_block_of(const char text[64])
{
    struct lj_block block = {0};
    for (unsigned i = 0; i < 64; i += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(text + i));
        __m128i small = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
#define BITS(truth) ((uint64_t)(uint32_t)_mm_movemask_epi8(truth) << i)
#define IS(value, c) _mm_cmpeq_epi8(value, _mm_set1_epi8((char)(c)))
        /* the least of what lies above the range's beginning and its length is the former within */
        __m128i letter = _mm_sub_epi8(small, _mm_set1_epi8('a'));
        __m128i digit = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
        block.letters |= BITS(_mm_cmpeq_epi8(_mm_min_epu8(letter, _mm_set1_epi8(25)), letter));
        block.digits |= BITS(_mm_cmpeq_epi8(_mm_min_epu8(digit, _mm_set1_epi8(9)), digit));
        block.mids |=
            BITS(_mm_or_si128(_mm_or_si128(IS(bytes, '\''), IS(bytes, ',')), IS(bytes, '.')));
        block.wide |= BITS(bytes);
        block.leads |= BITS(IS(bytes, 0xC3));
        /* as signed bytes 0x80 to 0xBF are the least; with 0x20 set 0x97 becomes 0xB7 */
        block.trails |= BITS(
            _mm_andnot_si128(IS(small, 0xB7), _mm_cmplt_epi8(bytes, _mm_set1_epi8((char)0xC0))));
#undef BITS
#undef IS
    }
    return block;
}
#else
static inline struct lj_block
lj_block_of(const char text[64])
{
    return lj_block_by_bytes(text);
}
#endif

#endif
