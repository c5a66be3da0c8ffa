#include "document/utf8.h"

#include <string.h>

/* Eight bytes at a time; the tests for "some byte below 0x20" and "some byte 0x7F" may cry wolf
 * when a byte borrows from its neighbour or is not ASCII, and never miss. Little-endian: the lowest
 * set high bit is the first byte that is not ASCII. */
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "written for little-endian machines"
#endif
#define ONES 0x0101010101010101ULL
#define HIGHS 0x8080808080808080ULL

static unsigned
control_flags(uint8_t byte)
{
    if (byte == '\r')
        return LJ_UTF8_RETURN;
    if (byte == '\t' || byte == '\n' || (byte >= 0x20 && byte != 0x7F))
        return 0;
    return LJ_UTF8_CONTROL;
}

/* Compiled twice: most callers ask only whether all is valid, and looking for controls takes longer than
 * that. */
static inline __attribute__((always_inline)) size_t
span_of(const char *text, size_t length, unsigned *flags, bool flagged)
{
    const uint8_t *p = (const uint8_t *)text, *start = p, *end = p + length;
    unsigned seen = 0;
    while (p < end) {
        while (end - p >= 8) {
            uint64_t word;
            memcpy(&word, p, 8);
            uint64_t high = word & HIGHS;
            unsigned ascii = high ? (unsigned)__builtin_ctzll(high) >> 3 : 8;
            if (flagged) {
                uint64_t low = (word - ONES * 0x20) & ~word & HIGHS;
                uint64_t dels = word ^ (ONES * 0x7F);
                dels = (dels - ONES) & ~dels & HIGHS;
                if (low | dels)
                    for (unsigned i = 0; i < ascii; i++)
                        seen |= control_flags(p[i]);
            }
            p += ascii;
            if (high)
                break;
        }
        if (p == end)
            break;
        uint8_t c = *p;
        if (c < 0x80) {
            if (flagged)
                seen |= control_flags(c);
            p++;
            continue;
        }
        seen |= LJ_UTF8_HIGH;
        size_t left = (size_t)(end - p);
        if (c < 0xC2) {
            break;
        } else if (c < 0xE0) {
            if (left < 2 || (p[1] & 0xC0) != 0x80)
                break;
            if (c >= 0xCC) /* U+0300 and above */
                seen |= LJ_UTF8_MARKS;
            else if (c == 0xC2 && p[1] < 0xA0) /* C1 controls */
                seen |= LJ_UTF8_CONTROL;
            else if (c == 0xC2 && p[1] == 0xAD)
                seen |= LJ_UTF8_UNSEEN;
            p += 2;
        } else if (c < 0xF0) {
            if (left < 3 || (p[1] & 0xC0) != 0x80 || (p[2] & 0xC0) != 0x80 ||
                (c == 0xE0 && p[1] < 0xA0) || (c == 0xED && p[1] >= 0xA0))
                break;
            /* Quotes, dashes, bullets, the euro and most signs are what they are in NFC:
             * U+2002..U+20CF are, but for nothing; U+2000 and U+2001 are not. */
            if ((c == 0xE2 && p[1] == 0x80 && p[2] == 0x8B) ||
                (c == 0xEF && ((p[1] == 0xBB && p[2] == 0xBF) || (p[1] == 0xAC && p[2] <= 0x86))))
                seen |= LJ_UTF8_UNSEEN;
            if (!(c == 0xE2 && (p[1] == 0x80 ? p[2] >= 0x82 : p[1] <= 0x82)))
                seen |= LJ_UTF8_MARKS;
            p += 3;
        } else {
            if (c > 0xF4 || left < 4 || (p[1] & 0xC0) != 0x80 || (p[2] & 0xC0) != 0x80 ||
                (p[3] & 0xC0) != 0x80 || (c == 0xF0 && p[1] < 0x90) || (c == 0xF4 && p[1] >= 0x90))
                break;
            seen |= LJ_UTF8_MARKS;
            p += 4;
        }
    }
    if (flagged)
        *flags |= seen;
    return (size_t)(p - start);
}

size_t
lj_utf8_span(const char *text, size_t length, unsigned *flags)
{
    if (length == 0) /* then text may be NULL */
        return 0;
    return flags ? span_of(text, length, flags, true) : span_of(text, length, NULL, false);
}

size_t
lj_utf8_points(const char *text, size_t length)
{
    size_t further = 0, i = 0;
    for (; i + 8 <= length; i += 8) { /* bytes 10xxxxxx */
        uint64_t word;
        memcpy(&word, text + i, 8);
        further += (size_t)(((word >> 7 & ~(word >> 6)) & ONES) * ONES >> 56);
    }
    for (; i < length; i++)
        further += ((uint8_t)text[i] & 0xC0) == 0x80;
    return length - further;
}
