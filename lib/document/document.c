#include "document/flat.h"
#include "document/utf8.h"
#include "i18n.h"

#include <string.h>

static void
clear_property(gpointer data)
{
    struct lj_property *property = data;
    if (property->lent)
        return;
    g_free(property->name);
    g_free(property->value);
}

static void
clear_mark(gpointer data)
{
    g_free(((struct lj_mark *)data)->label);
}

struct lj_document *
lj_document_new_with(size_t block, guint properties)
{
    struct lj_document *document = g_malloc(sizeof *document + block);
    *document = (struct lj_document){.block = (char *)(document + 1), .block_size = block};
    document->properties = g_array_sized_new(FALSE, FALSE, sizeof(struct lj_property), properties);
    g_array_set_clear_func(document->properties, clear_property);
    document->marks = g_array_new(FALSE, FALSE, sizeof(struct lj_mark));
    g_array_set_clear_func(document->marks, clear_mark);
    return document;
}

struct lj_document *
lj_document_new(void)
{
    struct lj_document *document = lj_document_new_with(0, 0);
    document->text = g_string_new(NULL);
    return document;
}

static bool
is_lent(const struct lj_document *document, const char *string)
{
    return (uintptr_t)string - (uintptr_t)document->block < document->block_size;
}

void
lj_document_drop(const struct lj_document *document, char *string)
{
    if (!is_lent(document, string))
        g_free(string);
}

/* So many bytes of the block; NULL: it has no room for them. */
static char *
take_room(struct lj_document *document, size_t n)
{
    if (n > document->block_size - document->block_used)
        return NULL;
    char *room = document->block + document->block_used;
    document->block_used += n;
    return room;
}

static char *
write_string(char *to, const char *bytes, size_t length)
{
    memcpy(to, bytes, length);
    to[length] = 0;
    return to;
}

char *
lj_document_keep(struct lj_document *document, const char *bytes, size_t length)
{
    char *room = take_room(document, length + 1);
    return write_string(room ? room : g_malloc(length + 1), bytes, length);
}

void
lj_document_add_property(struct lj_document *document, const char *name, size_t name_length,
                         const char *value, size_t length)
{
    char *room = take_room(document, name_length + length + 2);
    struct lj_property property = {.lent = room != NULL};
    property.name = write_string(room ? room : g_malloc(name_length + 1), name, name_length);
    property.value =
        write_string(room ? room + name_length + 1 : g_malloc(length + 1), value, length);
    g_array_append_val(document->properties, property);
}

void
lj_document_add_kept(struct lj_document *document, const char *name, const char *value)
{
    lj_document_add_property(document, name, strlen(name), value, strlen(value));
}

static void
drop_strings(struct lj_document *document)
{
    char *strings[] = {document->id,      document->part_of,      document->member, document->mime,
                       document->charset, document->charset_from, document->date};
    for (size_t i = 0; i < G_N_ELEMENTS(strings); i++)
        lj_document_drop(document, strings[i]);
}

/* Room that an emptied document keeps at most. */
#define SPARE_TEXT 4096 /* bytes */
#define SPARE_PARTS 64

struct lj_document *
lj_document_emptied(struct lj_document *document)
{
    if (document->text->allocated_len > SPARE_TEXT || document->properties->len > SPARE_PARTS ||
        document->marks->len > SPARE_PARTS) {
        lj_document_free(document);
        return NULL;
    }
    drop_strings(document);
    g_array_set_size(document->properties, 0);
    g_array_set_size(document->marks, 0);
    g_string_truncate(document->text, 0);
    *document = (struct lj_document){.properties = document->properties,
                                     .marks = document->marks,
                                     .text = document->text,
                                     .block = document->block,
                                     .block_size = document->block_size};
    return document;
}

void
lj_document_free(struct lj_document *document)
{
    if (!document)
        return;
    drop_strings(document);
    g_array_unref(document->properties);
    g_array_unref(document->marks);
    if (document->text)
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
    while (g_ascii_isspace(*value))
        value++;
    size_t length = strlen(value);
    while (length > 0 && g_ascii_isspace(value[length - 1]))
        length--;
    if (length > 0)
        lj_document_add_property(document, name, strlen(name), value, length);
}

const char *
lj_document_field(const struct lj_document *document, const char *name)
{
    for (guint i = 0; i < document->properties->len; i++) {
        struct lj_property *property = &g_array_index(document->properties, struct lj_property, i);
        if (*property->name == *name && strcmp(property->name, name) == 0)
            return property->value;
    }
    return NULL;
}

char *
lj_file_id(const char *path)
{
    if (g_str_is_ascii(path))
        return g_strdup(path);
    char *valid = g_utf8_make_valid(path, -1);
    char *composed = g_utf8_normalize(valid, -1, G_NORMALIZE_DEFAULT_COMPOSE);
    if (!composed)
        return valid;
    g_free(valid);
    return composed;
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
