/* Word documents of 1997 to 2003 ([MS-DOC]), and of Word 6 and 95: the pieces of the text in order, footnotes behind it;
 * field codes and pictures left out; of 1997 on also the numbers of lists, and without what tracked changes deleted. */
#include "extract/charset.h"
#include "extract/describe.h"
#include "extract/doc_lists.h"
#include "extract/formats.h"
#include "extract/ole.h"
#include "i18n.h"

#include <string.h>

#define FILE_CEILING (512u << 20)

/* What one character of Word is in ours: its marks are control characters. field counts open
 * fields, whose code is left out and whose result stays. */
struct reader {
    GString *text;
    size_t max;
    uint32_t high;
    int depth;             /* of fields */
    uint32_t codes;        /* bit i: field i is still in its code */
    bool cell;             /* the last was a cell mark: a second one ends the row */
    const GArray *deleted; /* struct range, in order; NULL: none */
    guint at_deleted;
    struct lj_doc_lists *lists; /* NULL: none */
    bool begins;                /* the next character begins a paragraph */
};

/* Bytes of the stream. */
struct range {
    uint32_t from, to;
};

static void
put(struct reader *r, uint32_t c)
{
    bool cell = r->cell;
    r->cell = false;
    bool fresh = r->text->len == 0 || r->text->str[r->text->len - 1] == '\n';
    if (fresh && c == 0x09)
        return; /* an indent */
    if (c == 0x13) {
        if (r->depth < 31)
            r->codes |= 1u << r->depth;
        r->depth++;
        return;
    }
    if (c == 0x14 || c == 0x15) {
        if (r->depth > 0 && r->depth <= 31)
            r->codes &= ~(1u << (r->depth - 1));
        if (c == 0x15 && r->depth > 0)
            r->depth--;
        return;
    }
    if (r->codes || r->text->len > r->max)
        return;
    switch (c) {
    case 0x07:
        g_string_append_c(r->text, cell ? '\n' : '\t');
        r->cell = !cell;
        return;
    case 0x0D:
    case 0x0B:
    case 0x0C:
    case 0x0E:
        if (!fresh || r->text->len < 2 || r->text->str[r->text->len - 2] != '\n')
            g_string_append_c(r->text, '\n');
        return;
    case 0x1E:
        g_string_append_c(r->text, '-');
        return;
    case 0x09:
    case 0xA0:
        g_string_append_c(r->text, c == 9 ? '\t' : ' ');
        return;
    default:
        break;
    }
    if (c < 0x20 || c == 0x1F || c == 0xAD)
        return; /* pictures, footnote marks, hyphens that only may be */
    if (c >= 0xD800 && c < 0xDC00) {
        r->high = c;
        return;
    }
    if (c >= 0xDC00 && c < 0xE000)
        c = r->high ? 0x10000 + ((r->high - 0xD800) << 10) + (c - 0xDC00) : 0xFFFD;
    r->high = 0;
    if (c >= 0xF000 && c < 0xF100) /* a sign of a symbol font */
        return;
    g_string_append_unichar(r->text, c);
}

/* Windows-1252 beyond Latin-1, as compressed pieces hold it. */
static uint32_t
wide(uint8_t c)
{
    static const uint16_t high[32] = {
        0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
        0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
        0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};
    return c >= 0x80 && c < 0xA0 ? high[c - 0x80] : c;
}

/* Does a run's list of properties say that a tracked change deleted it? Each is a number, of which three bits tell how long
 * the value is that follows. */
static bool
says_deleted(const uint8_t *p, const uint8_t *end)
{
    static const uint8_t lengths[8] = {1, 1, 2, 4, 2, 2, 0, 3};
    bool deleted = false;
    while (end - p >= 3) {
        uint32_t property = u16(p);
        size_t length = property >> 13 == 6 ? 1u + p[2] : lengths[property >> 13];
        if (property == 0x0800) /* sprmCFRMarkDel */
            deleted = p[2] != 0;
        p += MIN((size_t)(end - p), 2 + length);
    }
    return deleted;
}

/* The runs of one page of 512 bytes: where they begin, then in which halves of the page their properties lie. */
static void
read_runs(const uint8_t *page, GArray *deleted)
{
    const uint32_t n = page[511];
    if (n == 0 || n * 5 + 4 > 511)
        return;
    for (uint32_t i = 0; i < n; i++) {
        size_t at = page[(n + 1) * 4 + i] * (size_t)2;
        struct range run = {u32(page + i * 4), u32(page + i * 4 + 4)};
        if (at > 0 && at < 511 && at + 1 + page[at] <= 511 &&
            says_deleted(page + at + 1, page + at + 1 + page[at]))
            g_array_append_val(deleted, run);
    }
}

static int
compare_ranges(const void *a, const void *b)
{
    const struct range *x = a, *y = b;
    return (x->from > y->from) - (x->from < y->from);
}

/* What tracked changes deleted is still there; the pages of runs are listed in the table stream. */
static GArray *
find_deleted(const GByteArray *word, const GByteArray *table)
{
    GArray *deleted = g_array_new(FALSE, FALSE, sizeof(struct range));
    uint32_t at = u32(word->data + 0xFA), size = u32(word->data + 0xFE);
    if (at > table->len || size > table->len - at)
        return deleted;
    for (uint32_t i = 0, n = size >= 4 ? (size - 4) / 8 : 0; i < n; i++) {
        uint64_t page = (uint64_t)(u32(table->data + at + (n + 1) * 4 + i * 4) & 0x3FFFFF) * 512;
        if (page + 512 <= word->len)
            read_runs(word->data + page, deleted);
    }
    g_array_sort(deleted, compare_ranges);
    return deleted;
}

/* Asked mostly in the order of the bytes. */
static bool
is_deleted(struct reader *r, uint64_t byte)
{
    const struct range *ranges = r->deleted ? (const struct range *)(void *)r->deleted->data : NULL;
    const guint n = r->deleted ? r->deleted->len : 0;
    if (r->at_deleted > 0 && byte < ranges[r->at_deleted - 1].to)
        r->at_deleted = 0;
    while (r->at_deleted < n && ranges[r->at_deleted].to <= byte)
        r->at_deleted++;
    return r->at_deleted < n && ranges[r->at_deleted].from <= byte;
}

/* A paragraph begins at that byte: what a list sets before it. */
static void
put_label(struct reader *r, uint64_t byte)
{
    char *label = r->lists ? lj_doc_lists_label(r->lists, byte) : NULL;
    for (const char *c = label; c && *c; c = g_utf8_next_char(c))
        put(r, g_utf8_get_char(c));
    if (label)
        put(r, ' ');
    g_free(label);
}

/* Reads characters [from, to) of the document through its piece table. */
static void
read_range(struct reader *r, const GByteArray *word, const uint8_t *pieces, uint32_t n,
           uint32_t from, uint32_t to)
{
    for (uint32_t i = 0; i < n && r->text->len <= r->max; i++) {
        uint32_t first = u32(pieces + i * 4), last = u32(pieces + (i + 1) * 4);
        uint32_t place = u32(pieces + (n + 1) * 4 + i * 8 + 2);
        if (last <= from || first >= to || last <= first)
            continue;
        bool compressed = place & 0x40000000;
        uint64_t at = compressed ? (place & 0x3FFFFFFF) / 2 : place;
        for (uint32_t c = MAX(first, from); c < MIN(last, to) && r->text->len <= r->max; c++) {
            uint64_t byte = at + (uint64_t)(c - first) * (compressed ? 1 : 2);
            if (byte + (compressed ? 1 : 2) > word->len)
                break;
            if (is_deleted(r, byte))
                continue;
            uint32_t character = compressed ? wide(word->data[byte]) : u16(word->data + byte);
            if (r->begins)
                put_label(r, byte);
            r->begins = character == 0x0D || character == 0x07;
            put(r, character);
        }
    }
}

/* The parts of the text follow one another; their lengths stand in the head, from `lengths` on. */
static void
read_parts(struct lj_document *document, const GByteArray *word, const uint8_t *pieces, uint32_t n,
           size_t lengths, const GArray *deleted, struct lj_doc_lists *lists, size_t max)
{
    struct reader r = {.text = document->text, .max = max, .deleted = deleted, .lists = lists};
    /* body, footnotes, headers, macros, comments, notes at the end, boxes */
    static const bool wanted[] = {true, true, false, false, false, true, true};
    uint64_t next = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++) {
        uint32_t length = u32(word->data + lengths + i * 4);
        if (next + length > G_MAXUINT32)
            return;
        r.depth = 0;
        r.codes = 0;
        r.begins = true;
        if (wanted[i] && length > 0) {
            if (i > 0)
                g_string_append_c(r.text, '\n');
            read_range(&r, word, pieces, n, (uint32_t)next, (uint32_t)next + length);
        }
        next += length;
    }
}

/* Word 6 and 95: one piece, a byte a character, unless it was saved quickly, in pieces of another making. */
static bool
read_old(struct lj_document *document, const GByteArray *word, size_t max, GError **error)
{
    uint32_t from = u32(word->data + 0x18), to = u32(word->data + 0x1C);
    if (u16(word->data + 10) & 4 || from > to || to > word->len) {
        g_set_error_literal(
            error, LJ_ERROR, LJ_ERROR_FORMAT,
            _("is of Word 6 or 95 and was saved in pieces; open it and save it anew"));
        return false;
    }
    uint32_t length = GUINT32_TO_LE(to - from), place = GUINT32_TO_LE(from * 2 | 0x40000000);
    uint8_t piece[16] = {0}; /* a table as that of Word 97, with one row */
    memcpy(piece + 4, &length, 4);
    memcpy(piece + 8 + 2, &place, 4);
    read_parts(document, word, piece, 1, 0x34, NULL, NULL, max);
    return true;
}

static bool
read_new(struct lj_document *document, const struct lj_ole *ole, const GByteArray *word, size_t max,
         GError **error)
{
    GByteArray *table = lj_ole_stream(ole, u16(word->data + 10) & 0x200 ? "1Table" : "0Table");
    uint32_t at = u32(word->data + 0x1A2), size = u32(word->data + 0x1A6);
    const uint8_t *p = NULL, *end = NULL;
    if (table && at < table->len && size <= table->len - at) {
        p = table->data + at;
        end = p + size;
    }
    while (p && end - p > 3 && *p == 1) /* properties of pieces */
        p += MIN((size_t)(end - p), 3 + (size_t)u16(p + 1));
    bool good =
        p && end - p > 5 && *p == 2 && u32(p + 1) <= (uint32_t)(end - p - 5) && u32(p + 1) >= 16;
    if (good) {
        GArray *deleted = find_deleted(word, table);
        struct lj_doc_lists *lists = lj_doc_lists_read(word, table);
        read_parts(document, word, p + 5, (u32(p + 1) - 4) / 12, 0x4C, deleted, lists, max);
        lj_doc_lists_free(lists);
        g_array_unref(deleted);
    } else {
        g_set_error_literal(error, LJ_ERROR, LJ_ERROR_FORMAT, _("the Word document is damaged"));
    }
    if (table)
        g_byte_array_unref(table);
    return good;
}

static bool
read_text(struct lj_document *document, const struct lj_ole *ole, size_t max, GError **error)
{
    GByteArray *word = lj_ole_stream(ole, "WordDocument");
    uint16_t mark = word && word->len >= 0x200 ? u16(word->data) : 0;
    bool good = false;
    if (mark != 0xA5EC && mark != 0xA5DC)
        g_set_error_literal(error, LJ_ERROR, LJ_ERROR_FORMAT,
                            _("no text of Word 6 or later in it"));
    else if (u16(word->data + 10) & 0x100)
        g_set_error_literal(error, LJ_ERROR, LJ_ERROR_FORMAT, _("is protected by a password"));
    else if (mark == 0xA5DC)
        good = read_old(document, word, max, error);
    else
        good = read_new(document, ole, word, max, error);
    if (word)
        g_byte_array_unref(word);
    return good;
}

static bool
extract(struct lj_job *job, GError **error)
{
    if (!lj_input_fill(job->input, FILE_CEILING, error))
        return false;
    struct lj_ole *ole = lj_ole_open(job->input->bytes, job->input->length);
    struct lj_document *document = lj_job_document(job, "application/msword");
    bool good = ole && read_text(document, ole, (size_t)job->max_text, error);
    if (!ole)
        g_set_error_literal(error, LJ_ERROR, LJ_ERROR_FORMAT, _("the Word document is damaged"));
    if (good) {
        lj_text_clean(document->text);
        lj_ole_describe(document, ole);
        lj_describe_parts(document);
        lj_job_emit(job, document);
    } else {
        lj_document_free(document);
    }
    lj_ole_close(ole);
    return good;
}

static bool
recognise(const struct lj_probe *probe)
{
    return lj_ole_has(probe, "WordDocument");
}

const struct lj_format lj_format_doc = {"Word (DOC)", "application/msword", recognise, extract};
