#include "extract/ole.h"
#include "extract/charset.h"
#include "extract/describe.h"
#include "i18n.h"

#include <string.h>

#define END_OF_CHAIN 0xFFFFFFFEu
#define STREAM_CEILING (512u << 20)

struct lj_ole {
    const uint8_t *bytes;
    size_t length;
    uint32_t sector, small;  /* sizes */
    GArray *fat, *small_fat; /* uint32_t: next sector */
    GByteArray *directory, *ministream;
};

/* Sector number as bytes, or NULL beyond the file. */
static const uint8_t *
sector_at(const struct lj_ole *ole, uint32_t number)
{
    uint64_t at = ((uint64_t)number + 1) * ole->sector;
    return at + ole->sector <= ole->length ? ole->bytes + at : NULL;
}

/* Follows a chain; stops at the end, at a fault, or when it is longer than the file: a loop. */
static GByteArray *
read_chain(const struct lj_ole *ole, uint32_t first, uint64_t size)
{
    GByteArray *out = g_byte_array_new();
    uint64_t most = MIN(ole->length + ole->sector, (uint64_t)STREAM_CEILING);
    for (uint32_t at = first; at < ole->fat->len && out->len < size && out->len < most;
         at = g_array_index(ole->fat, uint32_t, at)) {
        const uint8_t *bytes = sector_at(ole, at);
        if (!bytes)
            break;
        g_byte_array_append(out, bytes, ole->sector);
    }
    if (out->len > size)
        g_byte_array_set_size(out, (guint)size);
    return out;
}

static GByteArray *
read_small(const struct lj_ole *ole, uint32_t first, uint64_t size)
{
    GByteArray *out = g_byte_array_new();
    for (uint32_t at = first;
         at < ole->small_fat->len && out->len < size && out->len < ole->ministream->len;
         at = g_array_index(ole->small_fat, uint32_t, at)) {
        uint64_t from = (uint64_t)at * ole->small;
        if (from + ole->small > ole->ministream->len)
            break;
        g_byte_array_append(out, ole->ministream->data + from, ole->small);
    }
    if (out->len > size)
        g_byte_array_set_size(out, (guint)size);
    return out;
}

/* Appends the next-sector numbers that a sector of the table holds. */
static void
add_table(struct lj_ole *ole, uint32_t number)
{
    const uint8_t *bytes = sector_at(ole, number);
    for (uint32_t i = 0; bytes && i < ole->sector / 4; i++) {
        uint32_t next = u32(bytes + i * 4);
        g_array_append_val(ole->fat, next);
    }
}

/* A stream of that name. Names are equal without regard to case ("WORKBOOK" of some writers), as [MS-CFB] says. */
static const uint8_t *
find_entry(const struct lj_ole *ole, const char *name)
{
    size_t n = strlen(name);
    for (guint at = 0; at + 128 <= ole->directory->len; at += 128) {
        const uint8_t *entry = ole->directory->data + at;
        uint32_t length = u16(entry + 64);
        if (length != (n + 1) * 2 || entry[66] != 2)
            continue;
        bool same = true;
        for (size_t i = 0; i < n && same; i++) {
            uint32_t unit = u16(entry + i * 2);
            same = unit < 0x80 && g_ascii_tolower((char)unit) == g_ascii_tolower(name[i]);
        }
        if (same)
            return entry;
    }
    return NULL;
}

static const uint8_t *
entry_at(const struct lj_ole *ole, uint32_t number)
{
    return number < ole->directory->len / 128 ? ole->directory->data + (size_t)number * 128 : NULL;
}

struct lj_ole *
lj_ole_open(const uint8_t *bytes, size_t length)
{
    static const uint8_t magic[] = {0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1};
    if (length < 1536 || memcmp(bytes, magic, sizeof magic) != 0)
        return NULL;
    uint32_t shift = u16(bytes + 30), small_shift = u16(bytes + 32);
    if ((shift != 9 && shift != 12) || small_shift < 4 || small_shift > 9)
        return NULL;
    struct lj_ole *ole = g_new0(struct lj_ole, 1);
    *ole = (struct lj_ole){
        .bytes = bytes, .length = length, .sector = 1u << shift, .small = 1u << small_shift};
    ole->fat = g_array_new(FALSE, FALSE, 4);
    ole->small_fat = g_array_new(FALSE, FALSE, 4);
    uint32_t most = (uint32_t)MIN(length / ole->sector + 1,
                                  G_MAXUINT32); /* no more table sectors than sectors */
    for (uint32_t i = 0; i < 109 && i < most; i++)
        if (u32(bytes + 76 + i * 4) < END_OF_CHAIN - 2)
            add_table(ole, u32(bytes + 76 + i * 4));
    uint32_t more = u32(bytes + 68);
    for (uint32_t tables = 109, rounds = 0;
         more < END_OF_CHAIN - 2 && rounds < most && tables < most; rounds++) {
        const uint8_t *list = sector_at(ole, more);
        if (!list)
            break;
        for (uint32_t i = 0; i + 1 < ole->sector / 4 && tables < most; i++, tables++)
            if (u32(list + i * 4) < END_OF_CHAIN - 2)
                add_table(ole, u32(list + i * 4));
        more = u32(list + ole->sector - 4);
    }
    ole->directory = read_chain(ole, u32(bytes + 48), STREAM_CEILING);
    GByteArray *table = read_chain(ole, u32(bytes + 60), STREAM_CEILING);
    for (guint at = 0; at + 4 <= table->len; at += 4) {
        uint32_t next = u32(table->data + at);
        g_array_append_val(ole->small_fat, next);
    }
    g_byte_array_unref(table);
    const uint8_t *root = entry_at(ole, 0); /* whatever its name: some writers leave it blank */
    ole->ministream = root ? read_chain(ole, u32(root + 116), STREAM_CEILING) : g_byte_array_new();
    return ole;
}

void
lj_ole_close(struct lj_ole *ole)
{
    if (!ole)
        return;
    g_array_unref(ole->fat);
    g_array_unref(ole->small_fat);
    g_byte_array_unref(ole->directory);
    g_byte_array_unref(ole->ministream);
    g_free(ole);
}

GArray *
lj_ole_list(const struct lj_ole *ole, uint32_t storage)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(struct lj_ole_entry));
    GArray *todo =
        g_array_new(FALSE, FALSE, sizeof(uint32_t)); /* a tree of siblings, which may be a loop */
    uint8_t *seen = g_malloc0(ole->directory->len / 128 + 1);
    const uint8_t *folder = entry_at(ole, storage);
    uint32_t number = folder ? u32(folder + 76) : END_OF_CHAIN;
    for (;;) {
        const uint8_t *entry = entry_at(ole, number);
        if (entry && !seen[number]) {
            seen[number] = 1;
            struct lj_ole_entry row = {.number = number, .storage = entry[66] == 1};
            uint32_t letters = MIN(u16(entry + 64) / 2, 32u);
            for (uint32_t i = 0; i + 1 < letters; i++) {
                uint32_t c = u16(entry + i * 2);
                row.name[i] = c >= ' ' && c < 127 ? (char)c : '?';
            }
            if (entry[66] == 1 || entry[66] == 2)
                g_array_append_val(list, row);
            uint32_t left = u32(entry + 68), right = u32(entry + 72);
            g_array_append_val(todo, left);
            g_array_append_val(todo, right);
        }
        if (todo->len == 0)
            break;
        number = g_array_index(todo, uint32_t, todo->len - 1);
        g_array_set_size(todo, todo->len - 1);
    }
    g_free(seen);
    g_array_unref(todo);
    return list;
}

static GByteArray *
read_entry(const struct lj_ole *ole, const uint8_t *entry)
{
    uint64_t size = u32(entry + 120);
    bool small = size < u32(ole->bytes + 56);
    return small ? read_small(ole, u32(entry + 116), size)
                 : read_chain(ole, u32(entry + 116), size);
}

GByteArray *
lj_ole_read(const struct lj_ole *ole, uint32_t number)
{
    const uint8_t *entry = entry_at(ole, number);
    return entry && entry[66] == 2 ? read_entry(ole, entry) : NULL;
}

GByteArray *
lj_ole_stream(const struct lj_ole *ole, const char *name)
{
    const uint8_t *entry = find_entry(ole, name);
    return entry ? read_entry(ole, entry) : NULL;
}

/* [MS-OLEPS]: header, offset of the first set, its properties as (id, offset), strings of 8 or 16
 * bits. */
char *
lj_ole_summary(const struct lj_ole *ole, uint32_t property)
{
    GByteArray *set = lj_ole_stream(ole, "\5SummaryInformation");
    char *value = NULL;
    if (set && set->len >= 56) {
        uint32_t base = u32(set->data + 44), codepage = 1252;
        uint32_t n = base <= set->len - 8 ? u32(set->data + base + 4) : 0;
        for (int round = 0; round < 2; round++) /* the code page first */
            for (uint32_t i = 0; i < MIN(n, 200u); i++) {
                uint64_t row = (uint64_t)base + 8 + (uint64_t)i * 8;
                if (row + 8 > set->len)
                    break;
                uint32_t id = u32(set->data + row);
                uint64_t at = (uint64_t)base + u32(set->data + row + 4);
                if (at + 8 > set->len)
                    continue;
                uint32_t type = u32(set->data + at), size = u32(set->data + at + 4);
                if (round == 0 && id == 1 && type == 2)
                    codepage = u16(set->data + at + 4);
                if (round == 0 || id != property || value || (type != 30 && type != 31))
                    continue;
                uint64_t bytes = type == 31 ? (uint64_t)size * 2 : size;
                if (bytes > 10000 || at + 8 + bytes > set->len)
                    continue;
                GString *text = g_string_new(NULL);
                struct lj_charset how = {.given = type == 31 || codepage == 1200 ? "utf-16le"
                                                  : codepage == 65001            ? "utf-8"
                                                                                 : "windows-1252"};
                lj_charset_decode(set->data + at + 8, (size_t)bytes, &how, 10000, text);
                value = g_strstrip(g_string_free(text, FALSE));
            }
    }
    if (set)
        g_byte_array_unref(set);
    return value;
}

void
lj_ole_describe(struct lj_document *document, const struct lj_ole *ole)
{
    char *title = lj_ole_summary(ole, 2), *author = lj_ole_summary(ole, 4),
         *keywords = lj_ole_summary(ole, 5);
    lj_describe_claimed_title(document, title);
    lj_describe_claimed_author(document, author);
    lj_describe_keywords(document, keywords);
    g_free(title);
    g_free(author);
    g_free(keywords);
}

bool
lj_ole_extract(struct lj_job *job, const char *mime,
               bool (*read)(struct lj_writer *writer, const struct lj_ole *ole, GError **error),
               GError **error)
{
    if (!lj_input_fill(job->input, STREAM_CEILING, error))
        return false;
    struct lj_ole *ole = lj_ole_open(job->input->bytes, job->input->length);
    struct lj_document *document = lj_job_document(job, mime);
    struct lj_writer writer = {.document = document, .max = (size_t)job->max_text};
    bool good = ole && read(&writer, ole, error);
    if (!ole)
        g_set_error_literal(error, LJ_ERROR, LJ_ERROR_FORMAT,
                            _("the file is damaged or cut short"));
    if (good) {
        lj_writer_finish(&writer);
        document->cut = !job->input->all;
        lj_ole_describe(document, ole);
        lj_job_emit(job, document);
    } else {
        lj_document_free(document);
    }
    lj_ole_close(ole);
    return good;
}

bool
lj_ole_has(const struct lj_probe *probe, const char *name)
{
    struct lj_ole *ole =
        probe->input ? lj_ole_open(probe->input->bytes, probe->input->length) : NULL;
    GByteArray *stream = ole ? lj_ole_stream(ole, name) : NULL;
    bool has = stream != NULL;
    if (stream)
        g_byte_array_unref(stream);
    lj_ole_close(ole);
    return has;
}
