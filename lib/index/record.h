/* Records that are appended to a log and may be cut short by whatever ends a run: a length and a checksum tell.
 *
 *     record   var length (that of sum and body), CRC-32C of the body (u32 little-endian), body
 *     body     numbers (7 bits a byte, low first) and strings (a number and as many bytes)
 *
 *     lj_put_number(body, 17);  lj_put_string(body, "trafico");  lj_put_record(out, body);
 *
 *     struct lj_rest rest = {bytes, bytes + length}, body;
 *     while (lj_get_record(&rest, &body)) { number = lj_get_number(&body); … if (body.bad) … }
 */
#ifndef LEGAJO_INDEX_RECORD_H
#define LEGAJO_INDEX_RECORD_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

void lj_put_number(GByteArray *out, uint64_t value);
/* NULL is the empty string. */
void lj_put_string(GByteArray *out, const char *text);
void lj_put_record(GByteArray *out, const GByteArray *body);

/* What is left to be read. */
struct lj_rest {
    const uint8_t *at, *end;
    bool bad; /* it ended too soon, or a checksum is wrong */
};

/* 0 where the rest is bad. */
uint64_t lj_get_number(struct lj_rest *rest);
/* g_free; "" where the rest is bad. */
char *lj_get_string(struct lj_rest *rest);
/* The same where it stands: not NUL-terminated. */
const char *lj_get_bytes(struct lj_rest *rest, size_t *length);
/* The next record, and rest behind it. False at the end, or where the rest is bad: rest->at stays before what is
 * wrong. */
bool lj_get_record(struct lj_rest *rest, struct lj_rest *body);

/* Writes all of it at an offset, however short the writes; false with errno. */
bool lj_write_at(int fd, const uint8_t *bytes, size_t length, uint64_t offset);

#endif
