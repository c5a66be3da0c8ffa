/* The elementary codes of Xapian's glass tables, and the limits that they set.
 *
 * Names follow what a code does: glass_put_number is variable-length and unordered (7 bits a byte,
 * low first), glass_put_sorted keeps the order of numbers under memcmp (document ids in keys),
 * glass_put_key_term keeps the order of strings that something follows. Every put returns the end.
 */
#ifndef LEGAJO_GLASS_CODE_H
#define LEGAJO_GLASS_CODE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define GLASS_BLOCK 8192
#define GLASS_WRITE ((size_t)256 << 10) /* what is written at once, at multiples of it */
#define GLASS_ITEM_LIMIT ((GLASS_BLOCK - 11 - 4 * 2) / 4) /* four items always fit a block */
#define GLASS_KEY_LIMIT 255
#define GLASS_TERM_LIMIT 245
#define GLASS_METADATA_NAME_LIMIT (GLASS_KEY_LIMIT - 2)
#define GLASS_CHUNK 2000       /* a posting or value chunk is closed when it has reached this */
#define GLASS_COMPONENTS 65535 /* pieces of a tag */
#define GLASS_NUMBER 5         /* bytes of a 32-bit number at most */
#define GLASS_SORTED 5

/* Every byte 00 is written as two; the key must keep room for a terminator and a document id. */
#define GLASS_TERM_KEY_LIMIT (GLASS_KEY_LIMIT - 1 - GLASS_SORTED)

/* memcpy for the few bytes that keys, codes and rests of terms have: a call costs more than they do. */
static inline void
glass_copy(void *to, const void *from, size_t n)
{
    uint8_t *t = to;
    const uint8_t *f = from;
    if (G_UNLIKELY(n > 32)) {
        memcpy(t, f, n);
    } else if (n > 16) {
        memcpy(t, f, 16);
        memcpy(t + n - 16, f + n - 16, 16);
    } else if (n >= 8) {
        uint64_t a, b;
        memcpy(&a, f, 8);
        memcpy(&b, f + n - 8, 8);
        memcpy(t, &a, 8);
        memcpy(t + n - 8, &b, 8);
    } else if (n >= 4) {
        uint32_t a, b;
        memcpy(&a, f, 4);
        memcpy(&b, f + n - 4, 4);
        memcpy(t, &a, 4);
        memcpy(t + n - 4, &b, 4);
    } else if (n) {
        uint8_t a = f[0], b = f[n / 2], c = f[n - 1];
        t[0] = a;
        t[n / 2] = b;
        t[n - 1] = c;
    }
}

/* The same where GLASS_LOOSE bytes may be read and written behind both: what a branch on each length would cost. */
#define GLASS_LOOSE 16
static inline void
glass_copy_loose(void *to, const void *from, size_t n)
{
    uint64_t a, b;
    memcpy(&a, from, 8);
    memcpy(&b, (const uint8_t *)from + 8, 8);
    memcpy(to, &a, 8);
    memcpy((uint8_t *)to + 8, &b, 8);
    if (G_UNLIKELY(n > GLASS_LOOSE))
        memcpy((uint8_t *)to + GLASS_LOOSE, (const uint8_t *)from + GLASS_LOOSE, n - GLASS_LOOSE);
}

static inline uint8_t *
glass_put_number(uint8_t *p, uint64_t value)
{
    while (value >= 0x80) {
        *p++ = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    *p++ = (uint8_t)value;
    return p;
}

static inline unsigned
glass_number_size(uint64_t value)
{
    if (G_LIKELY(value < 0x80))
        return 1;
    unsigned bits = 64 - (unsigned)__builtin_clzll(value);
    return (bits + 6) / 7;
}

/* No end is checked: this program wrote the number, or a byte below 0x80 is known to follow. */
static inline const uint8_t *
glass_get_number(const uint8_t *p, uint32_t *value)
{
    uint32_t byte = *p++;
    if (G_LIKELY(byte < 0x80)) {
        *value = byte;
        return p;
    }
    uint32_t result = byte & 0x7f;
    for (unsigned shift = 7;; shift += 7) {
        byte = *p++;
        result |= shift < 32 ? (byte & 0x7f) << shift : 0;
        if (byte < 0x80)
            break;
    }
    *value = result;
    return p;
}

static inline const uint8_t *
glass_get_number64(const uint8_t *p, uint64_t *value)
{
    uint64_t result = 0;
    for (unsigned shift = 0;; shift += 7) {
        uint64_t byte = *p++;
        result |= (byte & 0x7f) << shift;
        if (byte < 0x80)
            break;
    }
    *value = result;
    return p;
}

static inline void
glass_put_be16(uint8_t *p, unsigned value)
{
    p[0] = (uint8_t)(value >> 8);
    p[1] = (uint8_t)value;
}

static inline void
glass_put_be32(uint8_t *p, uint32_t value)
{
    glass_put_be16(p, value >> 16);
    glass_put_be16(p + 2, value & 0xffff);
}

static inline unsigned
glass_get_be16(const uint8_t *p)
{
    return (unsigned)p[0] << 8 | p[1];
}

static inline uint32_t
glass_get_be32(const uint8_t *p)
{
    return (uint32_t)glass_get_be16(p) << 16 | glass_get_be16(p + 2);
}

static inline uint8_t *
glass_put_sorted(uint8_t *p, uint32_t value)
{
    if (value < 1u << 15) {
        glass_put_be16(p, value);
        return p + 2;
    }
    if (value < 1u << 22) {
        *p++ = (uint8_t)(0x80 | value >> 16);
        glass_put_be16(p, value & 0xffff);
        return p + 2;
    }
    if (value < 1u << 29) {
        glass_put_be32(p, 0xc0000000u | value);
        return p + 4;
    }
    *p++ = 0xe0;
    glass_put_be32(p, value);
    return p + 4;
}

/* Low byte first, without high zero bytes; the container knows the length. */
static inline uint8_t *
glass_put_last(uint8_t *p, uint32_t value)
{
    for (; value; value >>= 8)
        *p++ = (uint8_t)value;
    return p;
}

/* A term in a key, without terminator; p needs room for twice its length. */
static inline uint8_t *
glass_put_key_term(uint8_t *p, const void *term, size_t length)
{
    if (G_LIKELY(!length || !memchr(term, 0, length))) {
        glass_copy(p, term, length);
        return p + length;
    }
    const uint8_t *t = term;
    for (size_t i = 0; i < length; i++) {
        *p++ = t[i];
        if (!t[i])
            *p++ = 0xff;
    }
    return p;
}

/* Byte order, a proper prefix first. */
static inline int
glass_compare(const void *a, size_t na, const void *b, size_t nb)
{
    int order = memcmp(a, b, MIN(na, nb));
    return order ? order : (na > nb) - (na < nb);
}

/* First eight bytes as a number of the same order: most comparisons of terms end here. */
static inline uint64_t
glass_prefix64(const void *bytes, size_t length)
{
    uint64_t prefix = 0;
    memcpy(&prefix, bytes, MIN(length, 8));
    return GUINT64_FROM_BE(prefix);
}

/* Bytes that glass_put_positions may need for n positions. */
static inline size_t
glass_positions_bound(size_t n)
{
    return 5 * n + 24;
}

/* The position list of a term in a document: n >= 1 strictly rising positions. */
uint8_t *glass_put_positions(uint8_t *p, const uint32_t *positions, uint32_t n);

#endif
