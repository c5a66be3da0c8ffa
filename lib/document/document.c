#include "document/flat.h"
#include "document/utf8.h"
#include "i18n.h"

#include <string.h>

#define FLAT_VERSION 1

enum { FLAG_OCR = 1, FLAG_DELETED = 2, FLAG_CUT = 4 };

static void
clear_property(gpointer data)
{
    struct lj_property *property = data;
    g_free(property->name);
    g_free(property->value);
}

static void
clear_mark(gpointer data)
{
    g_free(((struct lj_mark *)data)->label);
}

struct lj_document *
lj_document_new(void)
{
    struct lj_document *document = g_new0(struct lj_document, 1);
    document->properties = g_array_new(FALSE, FALSE, sizeof(struct lj_property));
    g_array_set_clear_func(document->properties, clear_property);
    document->marks = g_array_new(FALSE, FALSE, sizeof(struct lj_mark));
    g_array_set_clear_func(document->marks, clear_mark);
    document->text = g_string_new(NULL);
    return document;
}

void
lj_document_free(struct lj_document *document)
{
    if (!document)
        return;
    g_free(document->id);
    g_free(document->part_of);
    g_free(document->member);
    g_free(document->mime);
    g_free(document->charset);
    g_free(document->charset_from);
    g_free(document->date);
    g_array_unref(document->properties);
    g_array_unref(document->marks);
    g_string_free(document->text, TRUE);
    g_free(document);
}

void
lj_document_set_text(struct lj_document *document, const char *text, size_t length)
{
    g_string_truncate(document->text, 0);
    g_string_append_len(document->text, text, (gssize)length);
}

void
lj_document_add_field(struct lj_document *document, const char *name, const char *value)
{
    if (!value)
        return;
    char *trimmed = g_strstrip(g_strdup(value));
    if (!*trimmed) {
        g_free(trimmed);
        return;
    }
    struct lj_property property = {g_strdup(name), trimmed};
    g_array_append_val(document->properties, property);
}

const char *
lj_document_field(const struct lj_document *document, const char *name)
{
    for (guint i = 0; i < document->properties->len; i++) {
        struct lj_property *property = &g_array_index(document->properties, struct lj_property, i);
        if (strcmp(property->name, name) == 0)
            return property->value;
    }
    return NULL;
}

void
lj_document_add_mark(struct lj_document *document, enum lj_mark_kind kind, uint32_t level,
                     uint32_t start, uint32_t end, const char *label)
{
    struct lj_mark mark = {kind, level, start, MAX(start, end),
                           label && *label ? g_strdup(label) : NULL};
    g_array_append_val(document->marks, mark);
}

static int
compare_marks(const void *a, const void *b)
{
    const struct lj_mark *x = a, *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return x->level < y->level ? -1 : x->level > y->level;
}

void
lj_document_finish(struct lj_document *document)
{
    bool sorted = true;
    for (guint i = 0; i < document->marks->len;) {
        struct lj_mark *mark = &g_array_index(document->marks, struct lj_mark, i);
        bool empty = mark->start >= document->text->len && mark->kind != LJ_MARK_PAGE;
        if (empty || mark->start > document->text->len) {
            g_array_remove_index(document->marks, i);
            continue;
        }
        mark->end = MIN(mark->end, (uint32_t)document->text->len);
        if (i > 0 && compare_marks(mark - 1, mark) > 0)
            sorted = false;
        i++;
    }
    if (!sorted) /* GLib's is a stable merge sort: marks of one place keep the order they came in */
        g_array_sort(document->marks, compare_marks);
}

const char *
lj_date_rung_name(enum lj_date_rung rung)
{
    static const char *const names[] = {"none",     "given", "front-matter", "markup",
                                        "masthead", "text",  "file-name"};
    return (unsigned)rung < G_N_ELEMENTS(names) ? names[rung] : "none";
}

void
lj_sha256_hex(const uint8_t sha256[32], char hex[65])
{
    static const char digits[] = "0123456789abcdef";
    for (int i = 0; i < 32; i++) {
        hex[2 * i] = digits[sha256[i] >> 4];
        hex[2 * i + 1] = digits[sha256[i] & 15];
    }
    hex[64] = 0;
}

void
lj_id_digest(const char *id, uint8_t digest[20])
{
    gsize size = 20;
    GChecksum *sha1 = g_checksum_new(G_CHECKSUM_SHA1);
    g_checksum_update(sha1, (const guchar *)id, (gssize)strlen(id));
    g_checksum_get_digest(sha1, digest, &size);
    g_checksum_free(sha1);
}

void
lj_document_key(const char *id, char key[11])
{
    static const char digits[] = "0123456789abcdef";
    uint8_t digest[20];
    lj_id_digest(id, digest);
    for (unsigned i = 0; i < 5; i++) {
        key[2 * i] = digits[digest[i] >> 4];
        key[2 * i + 1] = digits[digest[i] & 15];
    }
    key[10] = 0;
}

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

/* A string that must be valid UTF-8 when it is there. */
static char *
text_string(struct flat_reader *in)
{
    char *text = flat_string(in);
    if (text && lj_utf8_span(text, strlen(text), NULL) != strlen(text))
        in->bad = true;
    return text;
}

struct lj_document *
lj_document_read_head(struct flat_reader *in)
{
    if (flat_number(in) != FLAT_VERSION)
        return NULL;
    struct lj_document *document = lj_document_new();
    document->id = text_string(in);
    document->part_of = text_string(in);
    document->member = text_string(in);
    document->mime = text_string(in);
    document->charset = text_string(in);
    document->charset_from = text_string(in);
    document->date = text_string(in);
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
    size_t n = flat_count(in);
    for (size_t i = 0; i < n && !in->bad; i++) {
        struct lj_property property = {text_string(in), NULL};
        /* A path is any bytes. */
        bool raw = property.name && strcmp(property.name, LJ_PROPERTY_FILE) == 0;
        property.value = raw ? flat_string(in) : text_string(in);
        if (!property.name || !property.value)
            in->bad = true;
        g_array_append_val(document->properties, property);
    }
    n = flat_count(in);
    uint32_t last = 0;
    for (size_t i = 0; i < n && !in->bad; i++) {
        struct lj_mark mark = {0};
        uint64_t kind = flat_number(in);
        if (kind > LJ_MARK_TIME)
            in->bad = true;
        mark.kind = in->bad ? LJ_MARK_SECTION : (enum lj_mark_kind)kind;
        mark.level = flat_number32(in);
        mark.start = last + flat_number32(in);
        mark.end = mark.start + flat_number32(in);
        mark.label = text_string(in);
        if (mark.start < last || mark.end < mark.start)
            in->bad = true;
        last = mark.start;
        g_array_append_val(document->marks, mark);
    }
    if (!in->bad)
        return document;
    lj_document_free(document);
    return NULL;
}

bool
lj_document_marks_within(const struct lj_document *document, uint64_t text_bytes)
{
    for (guint i = 0; i < document->marks->len; i++)
        if (g_array_index(document->marks, struct lj_mark, i).end > text_bytes)
            return false;
    return true;
}

void
lj_document_write(const struct lj_document *document, GByteArray *out)
{
    lj_document_write_head(document, out);
    flat_put_bytes(out, document->text->str, document->text->len);
}

struct lj_document *
lj_document_read(const uint8_t *bytes, size_t length, GError **error)
{
    struct flat_reader in = {bytes, bytes + length, false};
    struct lj_document *document = lj_document_read_head(&in);
    if (document) {
        size_t n = 0;
        const char *text = (const char *)flat_bytes(&in, &n);
        if (text && in.at == in.end && n <= UINT32_MAX && lj_document_marks_within(document, n) &&
            lj_utf8_span(text, n, NULL) == n && !memchr(text, 0, n)) {
            g_string_free(document->text, TRUE);
            document->text = g_string_new_len(text, (gssize)n);
            return document;
        }
        lj_document_free(document);
    }
    g_set_error_literal(error, LJ_ERROR, LJ_ERROR_DAMAGED, _("the document's record is malformed"));
    return NULL;
}
