/* Numbers and strings as the flat forms carry them: 7 bits a byte, low first; a string is its
 * length and its bytes, a string that may be missing its length plus one, 0 for missing.
 *
 *     struct flat_reader in = {bytes, bytes + length, false};
 *     uint64_t n = flat_number(&in);      after the first fault all reads give 0, in.bad says so
 */
#ifndef LEGAJO_DOCUMENT_FLAT_H
#define LEGAJO_DOCUMENT_FLAT_H

#include "legajo/document.h"
#include <string.h>

/* The SHA-1 of a document's id, of which its key and those of its frames are the beginning. */
void lj_id_digest(const char *id, uint8_t digest[20]);

struct flat_reader {
    const uint8_t *at, *end;
    bool bad;
};

#define FLAT_NUMBER_MOST 10

/* Writes at most FLAT_NUMBER_MOST bytes; returns where they end. */
static inline uint8_t *
flat_write_number(uint8_t *p, uint64_t number)
{
    for (; number > 127; number >>= 7)
        *p++ = (uint8_t)(number | 128);
    *p++ = (uint8_t)number;
    return p;
}

static inline void
flat_put_number(GByteArray *out, uint64_t number)
{
    uint8_t bytes[FLAT_NUMBER_MOST];
    g_byte_array_append(out, bytes, (guint)(flat_write_number(bytes, number) - bytes));
}

static inline void
flat_put_bytes(GByteArray *out, const void *bytes, size_t length)
{
    flat_put_number(out, length);
    g_byte_array_append(out, bytes, (guint)length);
}

/* text may be NULL. */
static inline void
flat_put_string(GByteArray *out, const char *text)
{
    size_t length = text ? strlen(text) : 0;
    flat_put_number(out, text ? length + 1 : 0);
    if (length > 0)
        g_byte_array_append(out, (const uint8_t *)text, (guint)length);
}

static inline uint64_t
flat_number(struct flat_reader *in)
{
    uint64_t number = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (in->bad || in->at == in->end)
            break;
        uint8_t byte = *in->at++;
        if (shift == 63 && byte > 1)
            break;
        number |= (uint64_t)(byte & 127) << shift;
        if (byte < 128)
            return number;
    }
    in->bad = true;
    return 0;
}

/* A number that counts things of at least one byte each in what follows, so at most what is left.
 */
static inline size_t
flat_count(struct flat_reader *in)
{
    uint64_t number = flat_number(in);
    if (number > (uint64_t)(in->end - in->at)) {
        in->bad = true;
        return 0;
    }
    return (size_t)number;
}

static inline uint32_t
flat_number32(struct flat_reader *in)
{
    uint64_t number = flat_number(in);
    if (number > UINT32_MAX)
        in->bad = true;
    return in->bad ? 0 : (uint32_t)number;
}

/* Borrowed from the reader's bytes; NULL with *length 0 when bad. */
static inline const uint8_t *
flat_bytes(struct flat_reader *in, size_t *length)
{
    *length = flat_count(in);
    const uint8_t *bytes = in->at;
    in->at += *length;
    return in->bad ? NULL : bytes;
}

/* A copy (g_free), or NULL for missing. A NUL inside is a fault. */
static inline char *
flat_string(struct flat_reader *in)
{
    uint64_t length = flat_number(in);
    if (in->bad || length == 0)
        return NULL;
    length--;
    if (length > (uint64_t)(in->end - in->at) || memchr(in->at, 0, (size_t)length)) {
        in->bad = true;
        return NULL;
    }
    char *copy = g_strndup((const char *)in->at, (gsize)length);
    in->at += length;
    return copy;
}

/* A document without text (NULL) that has a block of so many bytes for what is kept in it, and room for so many
 * properties. */
struct lj_document *lj_document_new_with(size_t block, guint properties);
/* Empties a document that is no longer needed, for lj_document_read_into; one that holds much memory is freed: NULL. */
struct lj_document *lj_document_emptied(struct lj_document *document);
/* As lj_document_read, into an emptied document, which it takes over; NULL: a new one. */
struct lj_document *lj_document_read_into(struct lj_document *spare, const uint8_t *bytes,
                                          size_t length, GError **error);
/* A copy that goes with the document: in its block, or for lj_document_drop. */
char *lj_document_keep(struct lj_document *document, const char *bytes, size_t length);
/* Adds a property as it is, kept likewise. */
void lj_document_add_property(struct lj_document *document, const char *name, size_t name_length,
                              const char *value, size_t length);
void lj_document_add_kept(struct lj_document *document, const char *name, const char *value);

/* The flat form up to the text: all that the header of the stored form holds. */
void lj_document_write_head(const struct lj_document *document, GByteArray *out);
/* Reads what it wrote; marks are checked against text_bytes by the caller. NULL when malformed. */
struct lj_document *lj_document_read_head(struct flat_reader *in);
/* False when a mark points beyond the text or inside a character cannot be told; text_bytes only.
 */
bool lj_document_marks_within(const struct lj_document *document, uint64_t text_bytes);

#endif
