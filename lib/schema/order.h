/* Sorting many strings, whose first eight bytes stand by as a number.
 *
 *     struct row { uint64_t prefix; const char *a, *b; };      prefix first, LJ_ORDER_SIZE bytes in all
 *     lj_order(rows, n, compare, data);
 *
 * The numbers are dealt byte by byte instead of compared; only where they are the same is compare asked,
 * as of qsort_r: it is given rows, and must agree with their prefixes. Rows that compare calls equal may
 * change places. Takes as much memory again as the rows while it works; aborts where there is none.
 */
#ifndef LEGAJO_SCHEMA_ORDER_H
#define LEGAJO_SCHEMA_ORDER_H

#include <stddef.h>

#define LJ_ORDER_SIZE 24 /* of a row */

void lj_order(void *rows, size_t n, int (*compare)(const void *, const void *, void *), void *data);

#endif
