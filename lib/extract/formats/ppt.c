/* PowerPoint files of 1997 to 2003 ([MS-PPT]): slides in their order as pages, with the notes of the speaker behind
 * them. */
#include "extract/charset.h"
#include "extract/formats.h"
#include "extract/ole.h"
#include "i18n.h"

#include <string.h>

#define DEPTH_CEILING 32
#define EDITS_MOST 10000
#define OBJECTS_MOST 1000000

/* Types of records. */
enum {
    SLIDE_PLACE = 0x03F3, /* in a list: the object that is the slide */
    CHARACTERS = 0x0FA0,  /* in UTF-16 */
    BYTES = 0x0FA8,       /* their lower halves */
    LIST = 0x0FF0,
    EDIT = 0x0FF5,
    PLACES = 0x1772,
};

enum { SLIDES = 0, NOTES = 2 }; /* kinds of lists */

struct show {
    const uint8_t *data;
    size_t size;
    GHashTable *places; /* number of an object → where it lies */
    struct lj_writer *writer;
    uint32_t slides;
};

struct record {
    unsigned type, instance;
    bool container;
    size_t at, end; /* its content */
};

static bool
read_record(const struct show *show, size_t at, size_t end, struct record *record)
{
    if (at > end || end - at < 8)
        return false;
    const uint8_t *p = show->data + at;
    size_t length = u32(p + 4);
    *record = (struct record){u16(p + 2), u16(p) >> 4, (u16(p) & 15) == 15, at + 8,
                              at + 8 + MIN(length, end - at - 8)};
    return true;
}

/* Paragraphs end with CR, lines within them with VT. */
static void
write_text(struct show *show, const struct record *record)
{
    GByteArray *wide = g_byte_array_new();
    const size_t step = record->type == BYTES ? 1 : 2;
    for (size_t at = record->at; at + step <= record->end; at += step) {
        uint8_t unit[2] = {show->data[at], step == 2 ? show->data[at + 1] : 0};
        if (unit[1] == 0 && (unit[0] == '\r' || unit[0] == '\v'))
            unit[0] = '\n';
        g_byte_array_append(wide, unit, 2);
    }
    GString *text = g_string_new(NULL);
    struct lj_charset how = {.given = "utf-16le"};
    if (wide->len > 0)
        lj_charset_decode(wide->data, wide->len, &how, show->writer->max, text);
    lj_writer_line(show->writer, 1);
    show->writer->pre++; /* line ends are line ends */
    lj_writer_text(show->writer, text->str);
    show->writer->pre--;
    lj_writer_line(show->writer, 1);
    g_string_free(text, TRUE);
    g_byte_array_unref(wide);
}

/* The texts of boxes and shapes. */
static void
write_texts(struct show *show, size_t at, size_t end, int depth)
{
    struct record record;
    while (read_record(show, at, end, &record) && !lj_writer_full(show->writer)) {
        at = record.end;
        if (record.container && depth < DEPTH_CEILING)
            write_texts(show, record.at, record.end, depth + 1);
        else if (record.type == CHARACTERS || record.type == BYTES)
            write_text(show, &record);
    }
}

/* The object of that number: a slide with its drawing. */
static void
write_object(struct show *show, uint32_t number)
{
    struct record record;
    gpointer place;
    if (g_hash_table_lookup_extended(show->places, GUINT_TO_POINTER(number), NULL, &place) &&
        read_record(show, GPOINTER_TO_UINT(place), show->size, &record) && record.container)
        write_texts(show, record.at, record.end, 0);
}

/* A list has for each slide its place, then the texts of its title and outline; what else stands on a slide, the slide
 * itself has. */
static void
write_list(struct show *show, const struct record *list)
{
    struct record record;
    uint32_t open = 0; /* the slide at hand; 0: none */
    for (size_t at = list->at;
         read_record(show, at, list->end, &record) && !lj_writer_full(show->writer);
         at = record.end) {
        if (record.type == SLIDE_PLACE && record.end - record.at >= 4) {
            write_object(show, open);
            open = u32(show->data + record.at);
            if (list->instance == SLIDES)
                lj_writer_page(show->writer, ++show->slides);
        } else if (record.type == CHARACTERS || record.type == BYTES) {
            write_text(show, &record);
        }
    }
    write_object(show, open);
}

/* Each saving says where the objects lie that it changed, and where the saving before it does. → the number of the
 * object that is the document; 0: none. */
static uint32_t
find_places(struct show *show, size_t edit)
{
    uint32_t document = 0;
    struct record record;
    for (int i = 0; i < EDITS_MOST && read_record(show, edit, show->size, &record) &&
                    record.type == EDIT && record.end - record.at >= 20;
         i++) {
        const uint8_t *p = show->data + record.at;
        size_t before = u32(p + 8);
        if (document == 0)
            document = u32(p + 16);
        struct record places;
        if (read_record(show, u32(p + 12), show->size, &places) && places.type == PLACES)
            for (size_t at = places.at; places.end - at >= 8;) {
                uint32_t first = u32(show->data + at) & 0xFFFFF, n = u32(show->data + at) >> 20;
                at += 4;
                for (uint32_t k = 0; k < n && places.end - at >= 4; k++, at += 4)
                    if (!g_hash_table_contains(show->places, GUINT_TO_POINTER(first + k)) &&
                        g_hash_table_size(show->places) < OBJECTS_MOST)
                        g_hash_table_insert(show->places, GUINT_TO_POINTER(first + k),
                                            GUINT_TO_POINTER(u32(show->data + at)));
            }
        if (before == 0 || before >= edit)
            break;
        edit = before;
    }
    return document;
}

static bool
read_show(struct lj_writer *writer, const GByteArray *stream, const GByteArray *user,
          GError **error)
{
    struct show show = {.data = stream->data,
                        .size = stream->len,
                        .places = g_hash_table_new(NULL, NULL),
                        .writer = writer};
    struct record document, record;
    bool good = false;
    if (u32(user->data + 12) == 0xF3D1C4DF) {
        g_set_error_literal(error, LJ_ERROR, LJ_ERROR_FORMAT, _("is protected by a password"));
    } else {
        uint32_t number = find_places(&show, u32(user->data + 16));
        gpointer place;
        good = g_hash_table_lookup_extended(show.places, GUINT_TO_POINTER(number), NULL, &place) &&
               read_record(&show, GPOINTER_TO_UINT(place), show.size, &document);
        if (!good)
            g_set_error_literal(error, LJ_ERROR, LJ_ERROR_FORMAT,
                                _("the file is damaged or cut short"));
    }
    static const unsigned lists[] = {SLIDES, NOTES};
    for (size_t i = 0; good && i < G_N_ELEMENTS(lists); i++)
        for (size_t at = document.at; read_record(&show, at, document.end, &record);
             at = record.end)
            if (record.type == LIST && record.instance == lists[i])
                write_list(&show, &record);
    g_hash_table_unref(show.places);
    return good;
}

static bool
read_file(struct lj_writer *writer, const struct lj_ole *ole, GError **error)
{
    GByteArray *stream = lj_ole_stream(ole, "PowerPoint Document"),
               *user = lj_ole_stream(ole, "Current User");
    bool there = stream && user && user->len >= 20,
         good = there && read_show(writer, stream, user, error);
    if (!there)
        g_set_error_literal(error, LJ_ERROR, LJ_ERROR_FORMAT,
                            _("the file is damaged or cut short"));
    if (stream)
        g_byte_array_unref(stream);
    if (user)
        g_byte_array_unref(user);
    return good;
}

static bool
extract(struct lj_job *job, GError **error)
{
    return lj_ole_extract(job, "application/vnd.ms-powerpoint", read_file, error);
}

static bool
recognise(const struct lj_probe *probe)
{
    return lj_ole_has(probe, "PowerPoint Document");
}

const struct lj_format lj_format_ppt = {"PowerPoint (PPT)", "application/vnd.ms-powerpoint",
                                        recognise, extract};
