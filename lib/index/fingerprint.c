#include "index/fingerprint.h"

#include <string.h>

void
lj_fingerprint_begin(struct lj_fingerprint *f)
{
    f->text++;
    f->before = 0;
    f->pairs = f->entered = 0;
    memset(f->plane, 0, sizeof f->plane);
}

/* Adds carry to the counters from a plane on. */
static void
ripple(struct lj_fingerprint *f, unsigned plane, uint64_t carry)
{
    for (; carry && plane < 32; plane++) {
        uint64_t over = f->plane[plane] & carry;
        f->plane[plane] ^= carry;
        carry = over;
    }
}

/* Three numbers of one weight → one of that weight and one of the next: 64 full adders at once. */
static inline void
add_bits(uint64_t *sum, uint64_t *carry, uint64_t a, uint64_t b, uint64_t c)
{
    uint64_t either = a ^ b;
    *carry = (a & b) | (either & c);
    *sum = either ^ c;
}

/* Eight pairs cost seven full adders and one ripple, instead of eight times 64 counters. */
void
lj_fingerprint_count(struct lj_fingerprint *f)
{
    const uint64_t *x = f->pending;
    uint64_t two[4], four[2], eight;
    add_bits(&f->plane[0], &two[0], f->plane[0], x[0], x[1]);
    add_bits(&f->plane[0], &two[1], f->plane[0], x[2], x[3]);
    add_bits(&f->plane[0], &two[2], f->plane[0], x[4], x[5]);
    add_bits(&f->plane[0], &two[3], f->plane[0], x[6], x[7]);
    add_bits(&f->plane[1], &four[0], f->plane[1], two[0], two[1]);
    add_bits(&f->plane[1], &four[1], f->plane[1], two[2], two[3]);
    add_bits(&f->plane[2], &eight, f->plane[2], four[0], four[1]);
    ripple(f, 3, eight);
}

bool
lj_fingerprint_end(struct lj_fingerprint *f, uint64_t *out)
{
    if (!f->before)
        return false;
    uint32_t first = f->entered - (f->entered < LJ_FINGERPRINT_WAIT ? f->entered : LJ_FINGERPRINT_WAIT);
    for (uint32_t i = first; i < f->entered; i++)
        lj_fingerprint_take(f, f->waiting[i % LJ_FINGERPRINT_WAIT]);
    if (f->pairs == 0) { /* one word */
        *out = f->before;
        return true;
    }
    for (unsigned i = 0; i < f->pairs % 8; i++)
        ripple(f, 0, f->pending[i]);
    /* A bit is set whose counter is above half of the pairs: all counters are compared at once. */
    uint64_t half = f->pairs / 2, above = 0, equal = ~UINT64_C(0);
    for (unsigned plane = 32; plane-- > 0;) {
        uint64_t bit = half >> plane & 1 ? ~UINT64_C(0) : 0;
        above |= equal & f->plane[plane] & ~bit;
        equal &= ~(f->plane[plane] ^ bit);
    }
    *out = above;
    return true;
}

/* FNV-1a, its bits then mixed (MurmurHash3's last step): every bit must be a fair coin. */
uint64_t
lj_fingerprint_word(const char *folded, size_t length)
{
    uint64_t h = 0xCBF29CE484222325u;
    for (size_t i = 0; i < length; i++)
        h = (h ^ (uint8_t)folded[i]) * 0x100000001B3u;
    h = (h ^ h >> 33) * 0xFF51AFD7ED558CCDu;
    h = (h ^ h >> 33) * 0xC4CEB9FE1A85EC53u;
    h ^= h >> 33;
    return h ? h : 1;
}

void
lj_fingerprint_write(uint64_t fingerprint, char out[8])
{
    for (unsigned i = 0; i < 8; i++)
        out[i] = (char)(fingerprint >> (56 - 8 * i) & 255);
}

bool
lj_fingerprint_read(const char *bytes, size_t length, uint64_t *out)
{
    if (length != 8)
        return false;
    *out = 0;
    for (unsigned i = 0; i < 8; i++)
        *out = *out << 8 | (uint8_t)bytes[i];
    return true;
}
