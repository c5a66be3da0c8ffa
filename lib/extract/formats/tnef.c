/* "winmail.dat" ([MS-OXTNEF]): what Outlook sends to those who do not use it. The letter itself stands beside it in the
 * mail; here are its attachments, each a document of its own, and its text where it is there as text. */
#include "extract/charset.h"
#include "extract/describe.h"
#include "extract/formats.h"
#include "extract/ole.h"
#include "i18n.h"

#include <string.h>

#define FILE_CEILING (512u << 20)
#define PARTS_MOST 500
#define PROPERTIES_MOST 10000

/* Lower halves of attributes' numbers; their order is that of the file. */
enum {
    SUBJECT = 0x8004,
    BODY = 0x800C,
    DATA = 0x800F,
    TITLE = 0x8010,
    BEGIN = 0x9002,      /* an attachment */
    PROPERTIES = 0x9005, /* of an attachment */
};

struct part {
    const uint8_t *bytes; /* NULL: none yet */
    size_t length;
    char *name; /* NULL: none yet */
};

/* Eight bits, or UTF-16, with a zero at the end or without; g_free. */
static char *
text_of(const uint8_t *bytes, size_t length, const char *charset)
{
    GString *text = g_string_new(NULL);
    struct lj_charset how = {.given = charset};
    if (length > 0)
        lj_charset_decode(bytes, length, &how, 64u << 20, text);
    g_strstrip(text->str); /* zeros are blanks by now */
    return g_string_free(text, FALSE);
}

/* The long name among an attachment's properties ([MS-OXTNEF] 2.1.3.5): type, number, for named ones their name, then a
 * value of the type's length or so many values that say their own; g_free. NULL: none. */
static char *
long_name(const uint8_t *p, const uint8_t *end)
{
    uint32_t n = end - p >= 4 ? u32(p) : 0;
    p += MIN(end - p, 4);
    for (uint32_t i = 0; i < n && i < PROPERTIES_MOST && end - p >= 4; i++) {
        uint32_t type = u16(p), number = u16(p + 2);
        p += 4;
        if (number >= 0x8000) { /* a set, then a number or a name in it */
            if (end - p < 24)
                return NULL;
            uint64_t name = u32(p + 16) == 0 ? 0 : ((uint64_t)u32(p + 20) + 3) & ~(uint64_t)3;
            p += 24;
            if (name > (uint64_t)(end - p))
                return NULL;
            p += name;
        }
        bool several = type & 0x1000;
        bool sized = (type & 0xFFF) == 0x1E || (type & 0xFFF) == 0x1F || (type & 0xFFF) == 0x102 ||
                     (type & 0xFFF) == 0x0D;
        uint32_t values = 1;
        if (several || sized) {
            if (end - p < 4)
                return NULL;
            values = u32(p);
            p += 4;
        }
        for (uint32_t k = 0; k < values; k++) {
            uint64_t length = type == 0x05 || type == 0x06 || type == 0x07 || type == 0x14 ||
                                      type == 0x40 || type == 0x1014 || type == 0x1040
                                  ? 8
                              : type == 0x48 ? 16
                                             : 4;
            if (sized) {
                if (end - p < 4)
                    return NULL;
                length = u32(p);
                p += 4;
            }
            if (length > (uint64_t)(end - p))
                return NULL;
            if (number == 0x3707 && (type == 0x1E || type == 0x1F))
                return text_of(p, (size_t)length, type == 0x1F ? "utf-16le" : NULL);
            p += MIN((length + 3) & ~(uint64_t)3, (uint64_t)(end - p));
        }
    }
    return NULL;
}

/* Hands an attachment on. False when nobody listens any more. */
static bool
take_part(struct lj_job *job, struct part *part, unsigned *number)
{
    bool heard = true;
    if (part->bytes && part->length > 0 && *number < PARTS_MOST) {
        ++*number;
        char *base = part->name && *part->name
                         ? g_path_get_basename(g_strdelimit(part->name, "/\\", '_'))
                         : g_strdup_printf("part-%u", *number);
        char *path = job->member ? g_strconcat(job->member, "!/", base, NULL) : g_strdup(base);
        heard = lj_job_nested(job, base, path, part->bytes, part->length);
        g_free(path);
        g_free(base);
    }
    g_free(part->name);
    *part = (struct part){0};
    return heard;
}

static void
take_text(struct lj_job *job, char *subject, char *body)
{
    if (body && *body) {
        struct lj_document *document = lj_job_document(job, "application/vnd.ms-tnef");
        lj_document_add_field(document, "title", subject);
        g_string_append(document->text, body);
        g_string_append_c(document->text, '\n');
        lj_job_emit(job, document);
    }
    g_free(subject);
    g_free(body);
}

static bool
extract(struct lj_job *job, GError **error)
{
    if (!lj_input_fill(job->input, FILE_CEILING, error))
        return false;
    const uint8_t *p = job->input->bytes + MIN(6, job->input->length),
                  *end = job->input->bytes + job->input->length;
    struct part part = {0};
    char *subject = NULL, *body = NULL;
    unsigned number = 0;
    bool heard = true;
    while (heard && end - p >= 11) {
        uint32_t id = u32(p + 1) & 0xFFFF, length = u32(p + 5);
        const uint8_t *value = p + 9;
        if (length > (size_t)(end - value))
            break;
        if (id == BEGIN)
            heard = take_part(job, &part, &number);
        else if (id == DATA)
            part.bytes = value, part.length = length;
        else if (id == TITLE && !part.name)
            part.name = text_of(value, length, NULL);
        else if (id == PROPERTIES) {
            char *name = long_name(value, value + length);
            if (name) {
                g_free(part.name);
                part.name = name;
            }
        } else if (id == SUBJECT && !subject)
            subject = text_of(value, length, NULL);
        else if (id == BODY && !body)
            body = text_of(value, length, NULL);
        p = value + MIN((size_t)(end - value), (size_t)length + 2); /* a sum follows */
    }
    bool whole = p == end || !heard;
    heard = heard && take_part(job, &part, &number);
    g_free(part.name);
    take_text(job, subject, body);
    if (!whole)
        g_set_error_literal(error, LJ_ERROR, LJ_ERROR_FORMAT,
                            _("the file is damaged or cut short"));
    return whole;
}

static bool
recognise(const struct lj_probe *probe)
{
    return probe->length > 17 && memcmp(probe->head, "\x78\x9F\x3E\x22", 4) == 0;
}

const struct lj_format lj_format_tnef = {"winmail.dat (TNEF)", "application/vnd.ms-tnef", recognise,
                                         extract};
