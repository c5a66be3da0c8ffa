#include "document/flat.h"
#include "document/utf8.h"
#include "i18n.h"

#include <string.h>

#define FLAT_VERSION 1

enum { FLAG_OCR = 1, FLAG_DELETED = 2, FLAG_CUT = 4 };

/* --- writing -----------------------------------------------------------------------------------
 */

static inline uint8_t *
write_string(uint8_t *p, const char *text, size_t length)
{
    p = flat_write_number(p, text ? length + 1 : 0);
    if (length > 0)
        memcpy(p, text, length);
    return p + length;
}

/* What does not repeat, in one piece: archives of short records have little else. */
static void
write_fixed(const struct lj_document *document, GByteArray *out)
{
    const char *strings[] = {document->id,   document->part_of, document->member,
                             document->mime, document->charset, document->charset_from,
                             document->date};
    size_t lengths[G_N_ELEMENTS(strings)], room = 5 * FLAT_NUMBER_MOST + sizeof document->sha256;
    for (size_t i = 0; i < G_N_ELEMENTS(strings); i++) {
        lengths[i] = strings[i] ? strlen(strings[i]) : 0;
        room += FLAT_NUMBER_MOST + lengths[i];
    }
    guint at = out->len;
    g_byte_array_set_size(out, at + (guint)room);
    uint8_t *p = flat_write_number(out->data + at, FLAT_VERSION);
    for (size_t i = 0; i < G_N_ELEMENTS(strings); i++)
        p = write_string(p, strings[i], lengths[i]);
    p = flat_write_number(p, document->date_from);
    p = flat_write_number(p, (document->ocr ? FLAG_OCR : 0) |
                                 (document->deleted ? FLAG_DELETED : 0) |
                                 (document->cut ? FLAG_CUT : 0));
    p = flat_write_number(p, document->bytes);
    memcpy(p, document->sha256, sizeof document->sha256);
    p = flat_write_number(p + sizeof document->sha256, document->properties->len);
    g_byte_array_set_size(out, (guint)(p - out->data));
}

void
lj_document_write_head(const struct lj_document *document, GByteArray *out)
{
    write_fixed(document, out);
    for (guint i = 0; i < document->properties->len; i++) {
        struct lj_property *property = &g_array_index(document->properties, struct lj_property, i);
        size_t name = strlen(property->name), value = strlen(property->value);
        guint at = out->len;
        g_byte_array_set_size(out, at + (guint)(name + value) + 2 * FLAT_NUMBER_MOST);
        uint8_t *p = write_string(out->data + at, property->name, name);
        p = write_string(p, property->value, value);
        g_byte_array_set_size(out, (guint)(p - out->data));
    }
    flat_put_number(out, document->marks->len);
    uint32_t last = 0;
    for (guint i = 0; i < document->marks->len; i++) {
        struct lj_mark *mark = &g_array_index(document->marks, struct lj_mark, i);
        flat_put_number(out, mark->kind);
        flat_put_number(out, mark->level);
        flat_put_number(out, mark->start - last); /* marks are sorted; wraps, harmlessly, if not */
        flat_put_number(out, mark->end - mark->start);
        flat_put_string(out, mark->label);
        last = mark->start;
    }
}

void
lj_document_write(const struct lj_document *document, GByteArray *out)
{
    lj_document_write_head(document, out);
    flat_put_bytes(out, document->text->str, document->text->len);
}

/* --- reading -----------------------------------------------------------------------------------
 *
 * A document that was read has its strings in a block behind it: thousands wait for their analysis at a time, and one
 * that comes back from memory in one piece is ready sooner than one in twenty.
 */

#define BLOCK_MOST 512 /* what does not fit has memory of its own */
#define PROPERTIES_FEW 8

/* A string as it lies in what is read: without a NUL at its end; bytes is NULL where it is missing. */
struct span {
    const char *bytes;
    size_t length;
};

/* A string without a NUL inside; text: it must be valid UTF-8. */
static struct span
read_span(struct flat_reader *in, bool text)
{
    uint64_t length = flat_number(in);
    if (in->bad || length == 0)
        return (struct span){0};
    length--;
    const char *bytes = (const char *)in->at;
    if (length > (uint64_t)(in->end - in->at) || memchr(bytes, 0, (size_t)length) ||
        (text && lj_utf8_span(bytes, (size_t)length, NULL) != length)) {
        in->bad = true;
        return (struct span){0};
    }
    in->at += length;
    return (struct span){bytes, (size_t)length};
}

/* A string that must be valid UTF-8 when it is there. */
static char *
text_string(struct lj_document *document, struct flat_reader *in)
{
    struct span span = read_span(in, true);
    return span.bytes ? lj_document_keep(document, span.bytes, span.length) : NULL;
}

static void
read_property(struct lj_document *document, struct flat_reader *in)
{
    struct span name = read_span(in, true);
    /* A path is any bytes. */
    bool raw = name.bytes && name.length == strlen(LJ_PROPERTY_FILE) &&
               (memcmp(name.bytes, LJ_PROPERTY_FILE, name.length) == 0 ||
                memcmp(name.bytes, LJ_PROPERTY_COPY, name.length) == 0);
    struct span value = read_span(in, !raw);
    if (name.bytes && value.bytes)
        lj_document_add_property(document, name.bytes, name.length, value.bytes, value.length);
    else
        in->bad = true;
}

/* last: where the mark before begins; the new one's is returned. */
static uint32_t
read_mark(struct lj_document *document, struct flat_reader *in, uint32_t last)
{
    struct lj_mark mark = {0};
    uint64_t kind = flat_number(in);
    if (kind > LJ_MARK_TIME)
        in->bad = true;
    mark.kind = in->bad ? LJ_MARK_SECTION : (enum lj_mark_kind)kind;
    mark.level = flat_number32(in);
    mark.start = last + flat_number32(in);
    mark.end = mark.start + flat_number32(in);
    struct span label = read_span(in, true);
    if (label.bytes)
        mark.label = g_strndup(label.bytes, label.length);
    if (mark.start < last || mark.end < mark.start)
        in->bad = true;
    g_array_append_val(document->marks, mark);
    return mark.start;
}

/* Date, flags and what is known of the original. */
static void
read_origin(struct lj_document *document, struct flat_reader *in)
{
    uint64_t rung = flat_number(in);
    if (rung > LJ_DATE_FILE_NAME)
        in->bad = true;
    document->date_from = in->bad ? LJ_DATE_NONE : (enum lj_date_rung)rung;
    uint64_t flags = flat_number(in);
    document->ocr = flags & FLAG_OCR;
    document->deleted = flags & FLAG_DELETED;
    document->cut = flags & FLAG_CUT;
    document->bytes = flat_number(in);
    if (!in->bad && in->end - in->at >= (ptrdiff_t)sizeof document->sha256) {
        memcpy(document->sha256, in->at, sizeof document->sha256);
        in->at += sizeof document->sha256;
    } else {
        in->bad = true;
    }
}

/* All but the text, which is NULL or, of a spare document, empty. It is freed where this fails. */
static struct lj_document *
read_all_but_text(struct flat_reader *in, struct lj_document *document)
{
    if (flat_number(in) != FLAT_VERSION)
        in->bad = true;
    if (!document)
        document =
            lj_document_new_with(MIN((size_t)(in->end - in->at), BLOCK_MOST), PROPERTIES_FEW);
    char **strings[] = {&document->id,   &document->part_of, &document->member,
                        &document->mime, &document->charset, &document->charset_from,
                        &document->date};
    for (size_t i = 0; i < G_N_ELEMENTS(strings); i++)
        *strings[i] = text_string(document, in);
    read_origin(document, in);
    for (size_t i = 0, n = flat_count(in); i < n && !in->bad; i++)
        read_property(document, in);
    uint32_t last = 0;
    for (size_t i = 0, n = flat_count(in); i < n && !in->bad; i++)
        last = read_mark(document, in, last);
    if (!in->bad)
        return document;
    lj_document_free(document);
    return NULL;
}

struct lj_document *
lj_document_read_head(struct flat_reader *in)
{
    struct lj_document *document = read_all_but_text(in, NULL);
    if (document)
        document->text = g_string_new(NULL);
    return document;
}

bool
lj_document_marks_within(const struct lj_document *document, uint64_t text_bytes)
{
    for (guint i = 0; i < document->marks->len; i++)
        if (g_array_index(document->marks, struct lj_mark, i).end > text_bytes)
            return false;
    return true;
}

struct lj_document *
lj_document_read(const uint8_t *bytes, size_t length, GError **error)
{
    return lj_document_read_into(NULL, bytes, length, error);
}

struct lj_document *
lj_document_read_into(struct lj_document *spare, const uint8_t *bytes, size_t length,
                      GError **error)
{
    struct flat_reader in = {bytes, bytes + length, false};
    struct lj_document *document = read_all_but_text(&in, spare);
    if (document) {
        size_t n = 0;
        const char *text = (const char *)flat_bytes(&in, &n);
        if (text && in.at == in.end && n <= UINT32_MAX && lj_document_marks_within(document, n) &&
            lj_utf8_span(text, n, NULL) == n && !memchr(text, 0, n)) {
            if (document->text)
                g_string_append_len(document->text, text, (gssize)n);
            else
                document->text = g_string_new_len(text, (gssize)n);
            return document;
        }
        lj_document_free(document);
    }
    g_set_error_literal(error, LJ_ERROR, LJ_ERROR_DAMAGED, _("the document's record is malformed"));
    return NULL;
}
