/* Records that whoever asks has already: of a line of the same bytes only its number in their table is told, and nothing
 * of it is read.
 *
 *     struct lj_known *known = lj_known_read(fd, n);      the table, as PROTOCOL_KNOWN has it
 *     if (lj_known_find(known, sha256, line, &number)) …
 */
#ifndef LEGAJO_EXTRACT_KNOWN_H
#define LEGAJO_EXTRACT_KNOWN_H

#include <stdbool.h>
#include <stdint.h>

struct lj_known;

/* Reads a table of n entries (not 0) from a descriptor; NULL: it ends before, or there is no memory for it. */
struct lj_known *lj_known_read(int fd, uint32_t n);
void lj_known_free(struct lj_known *known);
/* Is a record known whose bytes have this hash, in this line? */
bool lj_known_find(const struct lj_known *known, const uint8_t sha256[32], uint64_t line,
                   uint32_t *number);

#endif
