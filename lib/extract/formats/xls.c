/* Excel files of 1995 to 2003 ([MS-XLS], BIFF5 and BIFF8): sheets as sections, rows as lines, dates as dates; of
 * formulas their results. */
#include "extract/cells.h"
#include "extract/charset.h"
#include "extract/formats.h"
#include "extract/ole.h"
#include "i18n.h"

#include <string.h>

#define STRINGS_CEILING (512u << 20)
#define SHEETS_MOST 4096
#define STYLES_MOST 65536

/* Types of records. */
enum {
    FORMULA = 0x06,
    END = 0x0A,
    SINCE = 0x22,
    PASSWORD = 0x2F,
    CONTINUE = 0x3C,
    CODEPAGE = 0x42,
    SHEET = 0x85,
    NUMBERS = 0xBD, /* several of them in the packed form */
    RICH = 0xD6,
    STYLE = 0xE0,
    STRINGS = 0xFC,
    SHARED = 0xFD, /* a string by its place among those */
    NUMBER = 0x203,
    LABEL = 0x204,
    RESULT = 0x207, /* a formula's, that is text */
    PACKED = 0x27E,
    FORMAT = 0x41E,
    BEGIN = 0x809,
};

struct book {
    const uint8_t *data;
    size_t size;
    bool old; /* before 1997: texts of eight bits */
    char charset[24];
    bool since_1904;
    GPtrArray *strings;
    GHashTable *formats; /* number → enum lj_shown */
    GArray *styles;      /* uint16_t, the format's number */
    GArray *sheets;      /* struct sheet */
    struct lj_writer *writer;
    int row; /* of the last cell; -1: none */
};

struct sheet {
    uint32_t at;
    char *name;
};

/* A record's content; it may go on in others, each of which parts texts anew. */
struct record {
    const struct book *book;
    unsigned type;
    size_t at, end; /* what is left of this part */
};

/* The record that stands behind the one whose content ends at `end`. */
static bool
next_record(const struct book *book, size_t end, struct record *record)
{
    if (end > book->size || book->size - end < 4)
        return false;
    size_t length = u16(book->data + end + 2);
    *record =
        (struct record){book, u16(book->data + end), end + 4, MIN(end + 4 + length, book->size)};
    return true;
}

static bool
go_on(struct record *record)
{
    struct record more;
    do {
        if (!next_record(record->book, record->end, &more) || more.type != CONTINUE)
            return false;
        record->at = more.at;
        record->end = more.end;
    } while (record->at == record->end);
    return true;
}

/* A byte; -1 at the end. */
static int
get(struct record *record)
{
    if (record->at >= record->end && !go_on(record))
        return -1;
    return record->book->data[record->at++];
}

/* A number of so many bytes, low ones first; what is not there is 0. */
static uint32_t
number(struct record *record, int bytes)
{
    uint32_t value = 0;
    for (int i = 0; i < bytes; i++) {
        int byte = get(record);
        value |= (uint32_t)MAX(byte, 0) << 8 * i;
    }
    return value;
}

static void
skip(struct record *record, uint64_t bytes)
{
    while (bytes > 0 && (record->at < record->end || go_on(record))) {
        uint64_t step = MIN(bytes, record->end - record->at);
        record->at += (size_t)step;
        bytes -= step;
    }
}

static char *
decoded(const GByteArray *bytes, const char *charset)
{
    GString *text = g_string_new(NULL);
    struct lj_charset how = {.given = charset};
    if (bytes->len > 0)
        lj_charset_decode(bytes->data, bytes->len, &how, 1u << 20, text);
    return g_string_free(text, FALSE);
}

/* A text whose length stands in so many bytes; g_free. Of 1997 on it says whether its characters take one byte or two,
 * and says so again where it goes on in another record. */
static char *
text_of(struct record *record, int length_bytes)
{
    const struct book *book = record->book;
    uint32_t length = number(record, length_bytes);
    GByteArray *bytes = g_byte_array_new();
    if (book->old) {
        for (uint32_t i = 0; i < length && record->at < record->end; i++)
            g_byte_array_append(bytes, &book->data[record->at++], 1);
    } else {
        int flags = get(record);
        uint32_t runs = flags > 0 && flags & 8 ? number(record, 2) : 0;
        uint32_t phonetic = flags > 0 && flags & 4 ? number(record, 4) : 0;
        for (uint32_t i = 0; i < length && flags >= 0; i++) {
            if (record->at >= record->end)
                flags = get(record);
            int low = get(record), high = flags & 1 ? get(record) : 0;
            if (low < 0 || high < 0)
                break;
            g_byte_array_append(bytes, (const uint8_t[]){(uint8_t)low, (uint8_t)high}, 2);
        }
        skip(record, (uint64_t)runs * 4 + phonetic);
    }
    char *text = decoded(bytes, book->old ? book->charset : "utf-16le");
    g_byte_array_unref(bytes);
    return text;
}

static void
read_strings(struct book *book, struct record record)
{
    skip(&record, 4);
    uint32_t n = number(&record, 4);
    uint64_t size = 0;
    for (uint32_t i = 0;
         i < n && (record.at < record.end || go_on(&record)) && size < STRINGS_CEILING; i++) {
        char *text = text_of(&record, 2);
        size += strlen(text) + 32;
        g_ptr_array_add(book->strings, text);
    }
}

/* What stands before the sheets. False: the book is not read, error says why. */
static bool
read_head(struct book *book, GError **error)
{
    struct record record;
    size_t end = 0;
    while (next_record(book, end, &record) && record.type != END) {
        end = record.end;
        struct record inner = record;
        if (record.type == PASSWORD) {
            g_set_error_literal(error, LJ_ERROR, LJ_ERROR_FORMAT, _("is protected by a password"));
            return false;
        } else if (record.type == BEGIN) {
            book->old = number(&inner, 2) < 0x600;
        } else if (record.type == CODEPAGE) {
            uint32_t page = number(&inner, 2);
            g_snprintf(book->charset, sizeof book->charset,
                       page == 0x8000                 ? "macintosh"
                       : page >= 1250 && page <= 1258 ? "windows-%u"
                       : page == 437 || page == 850   ? "ibm-%u"
                                                      : "windows-1252",
                       page);
        } else if (record.type == SINCE) {
            book->since_1904 = number(&inner, 2) == 1;
        } else if (record.type == STRINGS) {
            read_strings(book, record);
        } else if (record.type == FORMAT) {
            uint32_t own = number(&inner, 2);
            char *code = text_of(&inner, book->old ? 1 : 2);
            g_hash_table_insert(book->formats, GUINT_TO_POINTER(own),
                                GINT_TO_POINTER(lj_shown_by_code(code)));
            g_free(code);
        } else if (record.type == STYLE && book->styles->len < STYLES_MOST) {
            skip(&inner, 2);
            uint16_t format = (uint16_t)number(&inner, 2);
            g_array_append_val(book->styles, format);
        } else if (record.type == SHEET && book->sheets->len < SHEETS_MOST) {
            struct sheet sheet = {.at = number(&inner, 4)};
            skip(&inner, 1);
            if (number(&inner, 1) == 0) { /* else a chart, or a macro's */
                sheet.name = text_of(&inner, 1);
                g_array_append_val(book->sheets, sheet);
            }
        }
    }
    return true;
}

static void
write_number(struct book *book, double value, uint32_t style)
{
    uint32_t format = style < book->styles->len ? g_array_index(book->styles, uint16_t, style) : 0;
    gpointer own;
    enum lj_shown how =
        g_hash_table_lookup_extended(book->formats, GUINT_TO_POINTER(format), NULL, &own)
            ? (enum lj_shown)GPOINTER_TO_INT(own)
            : lj_shown_by_number((int)format);
    if (how == LJ_SHOWN_PLAIN || !lj_write_date(book->writer, value, how, book->since_1904))
        lj_write_number(book->writer, value);
}

/* A number in four bytes: the upper ones of a double, or 30 bits; the lowest two say which, and if of hundredths. */
static double
unpacked(uint32_t packed)
{
    double value;
    if (packed & 2) {
        value = (int32_t)packed >> 2;
    } else {
        uint64_t bits = (uint64_t)(packed & ~3u) << 32;
        memcpy(&value, &bits, sizeof value);
    }
    return packed & 1 ? value / 100 : value;
}

static double
real(const uint8_t *bytes)
{
    uint64_t bits = u32(bytes) | (uint64_t)u32(bytes + 4) << 32;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* A cell's row begins a line, its column stands behind a tab. */
static void
begin_cell(struct book *book, uint32_t row)
{
    if (book->row != (int)row)
        lj_writer_line(book->writer, 1);
    else
        lj_writer_tab(book->writer);
    book->row = (int)row;
}

static void
write_text(struct book *book, struct record *record)
{
    char *text = text_of(record, 2);
    lj_writer_text(book->writer, text);
    g_free(text);
}

static void
write_record(struct book *book, struct record record)
{
    const uint8_t *p = book->data + record.at;
    size_t length = record.end - record.at;
    struct record inner = record;
    if (record.type == RESULT) {
        write_text(book, &inner);
        return;
    }
    if (length < 10)
        return;
    uint32_t row = u16(p), style = u16(p + 4);
    skip(&inner, 6);
    switch (record.type) {
    case SHARED: {
        uint32_t i = u32(p + 6);
        begin_cell(book, row);
        if (i < book->strings->len)
            lj_writer_text(book->writer, book->strings->pdata[i]);
        break;
    }
    case LABEL:
    case RICH:
        begin_cell(book, row);
        write_text(book, &inner);
        break;
    case PACKED:
        begin_cell(book, row);
        write_number(book, unpacked(u32(p + 6)), style);
        break;
    case NUMBERS:
        for (size_t at = 4; at + 8 <= length; at += 6) {
            begin_cell(book, row);
            write_number(book, unpacked(u32(p + at + 2)), u16(p + at));
        }
        break;
    case NUMBER:
    case FORMULA:
        if (length < 14)
            break;
        begin_cell(book, row);
        /* A result that is no number says so in its last two bytes; one of text comes in a record of its own. */
        if (record.type == NUMBER || u16(p + 12) != 0xFFFF)
            write_number(book, real(p + 6), style);
        break;
    default:
        break;
    }
}

static void
write_sheet(struct book *book, const struct sheet *sheet)
{
    struct record record;
    size_t end = sheet->at;
    int depth = 0; /* charts lie in sheets as sheets of their own */
    size_t begin = lj_writer_begin(book->writer, 2);
    lj_writer_text(book->writer, sheet->name);
    lj_writer_heading(book->writer, begin, 1);
    book->row = -1;
    while (next_record(book, end, &record) && !lj_writer_full(book->writer)) {
        end = record.end;
        depth += record.type == BEGIN;
        if (record.type == END && --depth <= 0)
            break;
        if (depth == 1)
            write_record(book, record);
    }
}

static void
clear_sheet(gpointer sheet)
{
    g_free(((struct sheet *)sheet)->name);
}

static bool
read_book(struct lj_writer *writer, const GByteArray *stream, GError **error)
{
    struct book book = {.data = stream->data,
                        .size = stream->len,
                        .charset = "windows-1252",
                        .strings = g_ptr_array_new_with_free_func(g_free),
                        .formats = g_hash_table_new(NULL, NULL),
                        .styles = g_array_new(FALSE, FALSE, sizeof(uint16_t)),
                        .sheets = g_array_new(FALSE, FALSE, sizeof(struct sheet)),
                        .writer = writer};
    g_array_set_clear_func(book.sheets, clear_sheet);
    bool good = read_head(&book, error);
    for (guint i = 0; good && i < book.sheets->len; i++)
        write_sheet(&book, &g_array_index(book.sheets, struct sheet, i));
    if (good && book.sheets->len == 0) {
        g_set_error_literal(error, LJ_ERROR, LJ_ERROR_FORMAT,
                            _("the file is damaged or cut short"));
        good = false;
    }
    g_ptr_array_unref(book.strings);
    g_hash_table_unref(book.formats);
    g_array_unref(book.styles);
    g_array_unref(book.sheets);
    return good;
}

static bool
read_file(struct lj_writer *writer, const struct lj_ole *ole, GError **error)
{
    GByteArray *stream = lj_ole_stream(ole, "Workbook");
    if (!stream)
        stream = lj_ole_stream(ole, "Book");
    bool good = stream && read_book(writer, stream, error);
    if (stream)
        g_byte_array_unref(stream);
    else
        g_set_error_literal(error, LJ_ERROR, LJ_ERROR_FORMAT,
                            _("the file is damaged or cut short"));
    return good;
}

static bool
extract(struct lj_job *job, GError **error)
{
    return lj_ole_extract(job, "application/vnd.ms-excel", read_file, error);
}

static bool
recognise(const struct lj_probe *probe)
{
    return lj_ole_has(probe, "Workbook") || lj_ole_has(probe, "Book");
}

const struct lj_format lj_format_xls = {"Excel (XLS)", "application/vnd.ms-excel", recognise,
                                        extract};
