/* Delimited text → records of cells: CSV (RFC 4180) and TSV as spreadsheets write them.
 *
 *     struct lj_delimited *cells = lj_delimited_read(bytes, length);
 *     while ((record = lj_delimited_next(cells, &line, &error)) || error) …
 *
 * Charset: UTF-8 or UTF-16 by its mark, UTF-8 where it is valid, else windows-1252. Separator: the one
 * of ; , and tab that the first line, outside quotes, has most of.
 */
#ifndef LEGAJO_INDEX_DELIMITED_H
#define LEGAJO_INDEX_DELIMITED_H

#include "legajo/error.h"
#include <stddef.h>

struct lj_delimited *lj_delimited_read(const char *bytes, size_t length);
void lj_delimited_free(struct lj_delimited *cells);

/* The next record that is not blank: GPtrArray of char *, owned (g_ptr_array_unref); *line: where it
 * begins, from 1. NULL at the end, or with LJ_ERROR_FORMAT for quotes that are not closed: the line they
 * stand in is passed over, the next call goes on behind it. */
GPtrArray *lj_delimited_next(struct lj_delimited *cells, unsigned *line, GError **error);

/* Bytes of unknown charset → valid UTF-8 without a mark; g_string_free. */
GString *lj_delimited_decode(const char *bytes, size_t length);

#endif
