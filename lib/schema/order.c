#include "schema/order.h"

#include <glib.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FEW 512 /* rows that are sorted sooner than their bytes are counted */
#define DIGITS 8

static inline uint64_t
prefix_of(const char *row)
{
    uint64_t prefix;
    memcpy(&prefix, row, sizeof prefix);
    return prefix;
}

/* Sorts by prefixes; the result is in rows again. */
static void
deal(char *rows, size_t n)
{
    size_t(*count)[256] = g_malloc0(DIGITS * sizeof *count);
    for (size_t i = 0; i < n; i++) {
        uint64_t prefix = prefix_of(rows + i * LJ_ORDER_SIZE);
        for (unsigned digit = 0; digit < DIGITS; digit++)
            count[digit][prefix >> 8 * digit & 255]++;
    }
    char *room = g_malloc_n(n, LJ_ORDER_SIZE), *from = rows, *to = room;
    for (unsigned digit = 0; digit < DIGITS; digit++) {
        size_t *place = count[digit];
        if (place[prefix_of(from) >> 8 * digit & 255] == n)
            continue; /* all have the same byte there */
        for (size_t byte = 0, next = 0; byte < 256; byte++) {
            size_t here = place[byte];
            place[byte] = next;
            next += here;
        }
        for (size_t i = 0; i < n; i++) {
            const char *row = from + i * LJ_ORDER_SIZE;
            size_t at = place[prefix_of(row) >> 8 * digit & 255]++;
            memcpy(to + at * LJ_ORDER_SIZE, row, LJ_ORDER_SIZE);
        }
        char *swap = from;
        from = to;
        to = swap;
    }
    if (from != rows)
        memcpy(rows, from, n * LJ_ORDER_SIZE);
    g_free(room);
    g_free(count);
}

void
lj_order(void *rows, size_t n, int (*compare)(const void *, const void *, void *), void *data)
{
    if (n < FEW) {
        if (n > 1)
            qsort_r(rows, n, LJ_ORDER_SIZE, compare, data);
        return;
    }
    char *row = rows;
    deal(row, n);
    for (size_t i = 0, end; i < n; i = end) {
        uint64_t prefix = prefix_of(row + i * LJ_ORDER_SIZE);
        for (end = i + 1; end < n && prefix_of(row + end * LJ_ORDER_SIZE) == prefix; end++)
            ;
        if (end - i > 1)
            qsort_r(row + i * LJ_ORDER_SIZE, end - i, LJ_ORDER_SIZE, compare, data);
    }
}
