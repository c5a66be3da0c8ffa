/* Position lists: the last position as a number, then an interpolative code of the others, bit by
 * bit, low bits first. */
#include "glass/code.h"

struct bits {
    uint8_t *p;
    uint64_t held;
    unsigned n;
};

/* A value of a range of m values. The values in the middle take a bit less than the others: half of
 * an interval is where the middle element of a list most likely lies. */
static inline void
put(struct bits *out, uint32_t value, uint64_t m)
{
    if (m <= 1)
        return;
    unsigned b = 64 - (unsigned)__builtin_clzll(m - 1);
    uint64_t spare = (UINT64_C(1) << b) - m, v = value;
    if (spare) {
        uint64_t low = (m - spare) / 2, high = low + spare;
        if (v >= high)
            v = (v - high) | UINT64_C(1) << (b - 1);
        else if (v >= low)
            b--;
    }
    out->held |= v << out->n;
    out->n += b;
    if (out->n >= 32) {
        uint32_t word = GUINT32_TO_LE((uint32_t)out->held);
        memcpy(out->p, &word, 4);
        out->p += 4;
        out->held >>= 32;
        out->n -= 32;
    }
}

/* The elements between j and k, whose values are known: node, left half, right half. */
static void
interpolate(struct bits *out, const uint32_t *position, uint32_t j, uint32_t k)
{
    while (j + 1 < k) {
        uint64_t inside = k - j, span = position[k] - position[j];
        if (span == inside)
            return; /* all present: every range has one value */
        uint32_t middle = j + (k - j) / 2;
        put(out, position[middle] - (position[j] + (middle - j)), span - inside + 1);
        interpolate(out, position, j, middle);
        j = middle;
    }
}

uint8_t *
glass_put_positions(uint8_t *p, const uint32_t *position, uint32_t n)
{
    uint32_t last = position[n - 1];
    p = glass_put_number(p, last);
    if (n == 1)
        return p;
    struct bits out = {.p = p};
    put(&out, position[0], last);
    put(&out, n - 2, (uint64_t)last - position[0]);
    interpolate(&out, position, 0, n - 1);
    for (; out.n > 0; out.n -= MIN(out.n, 8)) {
        *out.p++ = (uint8_t)out.held;
        out.held >>= 8;
    }
    return out.p;
}
