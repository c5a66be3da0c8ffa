/* Memory for large tables that are read here and there: in large pages, where the kernel grants
 * them. A word looked up in a table of ten megabytes waits longer for the page's address than for the
 * word; with pages of two megabytes it does not.
 *
 *     slots = lj_large_new(n * sizeof *slots);              zeros
 *     slots = lj_large_grow(slots, old, larger);            what is new is zeros
 *     lj_large_free(slots, larger);
 *
 * Sizes are bytes. Small tables are ordinary memory. Aborts where memory is out, as g_malloc.
 */
#ifndef LEGAJO_SCHEMA_LARGE_H
#define LEGAJO_SCHEMA_LARGE_H

#include <stddef.h>

void *lj_large_new(size_t size);
void *lj_large_grow(void *table, size_t size, size_t larger);
/* NULL is fine. */
void lj_large_free(void *table, size_t size);

#endif
