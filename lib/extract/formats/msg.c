/* Letters that Outlook saved ([MS-OXMSG]): a compound file whose streams are properties (subject, people,
 * date, text) and whose storages are recipients and attachments, letters among them. */
#include "extract/charset.h"
#include "extract/describe.h"
#include "extract/formats.h"
#include "extract/html.h"
#include "extract/ole.h"
#include "extract/sha256.h"
#include "i18n.h"

#include <string.h>

#define FILE_CEILING (512u << 20)
#define DEPTH_CEILING 5
#define PEOPLE_CEILING 200
#define PART_CEILING (256u << 20)

/* Property ids. */
enum {
    SUBJECT = 0x0037,
    SENT = 0x0039,
    SENDER = 0x0C1A,
    FROM = 0x0042,
    DELIVERED = 0x0E06,
    BODY = 0x1000,
    HTML = 0x1013,
    NAME = 0x3001,
    ADDRESS = 0x3003,
    DATA = 0x3701,
    SHORT_NAME = 0x3704,
    LONG_NAME = 0x3707,
};

/* The stream of a property in a storage: "__substg1.0_0037001F". NULL: none. g_byte_array_unref. */
static GByteArray *
property(const struct lj_ole *ole, const GArray *list, unsigned id, unsigned type)
{
    char name[33];
    g_snprintf(name, sizeof name, "__substg1.0_%04X%04X", id, type);
    for (guint i = 0; i < list->len; i++) {
        const struct lj_ole_entry *entry = &g_array_index(list, struct lj_ole_entry, i);
        if (!entry->storage && g_ascii_strcasecmp(entry->name, name) == 0)
            return lj_ole_read(ole, entry->number);
    }
    return NULL;
}

/* A text, in UTF-16 or in eight bits; g_free. NULL: none. */
static char *
text_of(const struct lj_ole *ole, const GArray *list, unsigned id, size_t most)
{
    const char *charset = "utf-16le";
    GByteArray *bytes = property(ole, list, id, 0x001F);
    if (!bytes) {
        bytes = property(ole, list, id, 0x001E);
        charset = NULL;
    }
    if (!bytes)
        return NULL;
    GString *text = g_string_new(NULL);
    struct lj_charset how = {.given = charset};
    if (bytes->len > 0)
        lj_charset_decode(bytes->data, bytes->len, &how, most, text);
    g_byte_array_unref(bytes);
    lj_text_clean(text);
    g_strstrip(text->str);
    if (*text->str)
        return g_string_free(text, FALSE);
    g_string_free(text, TRUE);
    return NULL;
}

/* A time among the properties of fixed size: rows of 16 bytes behind a head of 32 (24 in a letter within
 * a letter). Days since 1601 as "2019-03-12"; g_free. */
static char *
time_of(const struct lj_ole *ole, const GArray *list, unsigned id, size_t head)
{
    char *iso = NULL;
    for (guint i = 0; i < list->len && !iso; i++) {
        const struct lj_ole_entry *entry = &g_array_index(list, struct lj_ole_entry, i);
        if (entry->storage || strcmp(entry->name, "__properties_version1.0") != 0)
            continue;
        GByteArray *rows = lj_ole_read(ole, entry->number);
        for (size_t at = head; rows && at + 16 <= rows->len && !iso; at += 16) {
            if (u32(rows->data + at) != (id << 16 | 0x40))
                continue;
            uint64_t ticks = u32(rows->data + at + 8) | (uint64_t)u32(rows->data + at + 12) << 32;
            gint64 seconds = (gint64)(ticks / 10000000) - G_GINT64_CONSTANT(11644473600);
            GDateTime *time = g_date_time_new_from_unix_utc(seconds);
            iso = time ? g_date_time_format(time, "%Y-%m-%d") : NULL;
            if (time)
                g_date_time_unref(time);
        }
        if (rows)
            g_byte_array_unref(rows);
    }
    return iso;
}

static void
add_people(struct lj_document *document, const struct lj_ole *ole, const GArray *list)
{
    int people = 0;
    for (guint i = 0; i < list->len && people < PEOPLE_CEILING; i++) {
        const struct lj_ole_entry *entry = &g_array_index(list, struct lj_ole_entry, i);
        if (!entry->storage || !g_str_has_prefix(entry->name, "__recip_version1.0"))
            continue;
        GArray *own = lj_ole_list(ole, entry->number);
        char *name = text_of(ole, own, NAME, 1000);
        if (!name)
            name = text_of(ole, own, ADDRESS, 1000);
        lj_document_add_field(document, "to", name);
        g_free(name);
        g_array_unref(own);
        people++;
    }
}

static bool take_letter(struct lj_job *job, const struct lj_ole *ole, uint32_t storage,
                        const char *member, int depth);

static bool
take_attachment(struct lj_job *job, const struct lj_ole *ole, uint32_t storage, const char *prefix,
                unsigned number, int depth)
{
    GArray *list = lj_ole_list(ole, storage);
    char *name = text_of(ole, list, LONG_NAME, 1000);
    if (!name)
        name = text_of(ole, list, SHORT_NAME, 1000);
    if (!name)
        name = text_of(ole, list, NAME, 1000);
    char *base = name ? g_path_get_basename(g_strdelimit(name, "/\\", '_'))
                      : g_strdup_printf("part-%u", number);
    char *path = prefix ? g_strconcat(prefix, "!/", base, NULL) : g_strdup(base);
    bool heard = true;
    uint32_t inner = 0;
    for (guint i = 0; i < list->len; i++) {
        const struct lj_ole_entry *entry = &g_array_index(list, struct lj_ole_entry, i);
        if (entry->storage && g_ascii_strcasecmp(entry->name, "__substg1.0_3701000D") == 0)
            inner = entry->number;
    }
    GByteArray *bytes = inner ? NULL : property(ole, list, DATA, 0x0102);
    if (inner && depth < DEPTH_CEILING)
        heard = take_letter(job, ole, inner, path, depth + 1);
    else if (bytes && bytes->len > PART_CEILING)
        lj_job_fail(
            job, path,
            g_error_new(LJ_ERROR, LJ_ERROR_FORMAT, _("longer than %u MB"), PART_CEILING >> 20));
    else if (bytes && bytes->len > 0)
        heard = lj_job_nested(job, base, path, bytes->data, bytes->len);
    if (bytes)
        g_byte_array_unref(bytes);
    g_free(path);
    g_free(base);
    g_free(name);
    g_array_unref(list);
    return heard;
}

/* member: what the letter is called within the container; NULL: the file is the letter. */
static bool
take_letter(struct lj_job *job, const struct lj_ole *ole, uint32_t storage, const char *member,
            int depth)
{
    GArray *list = lj_ole_list(ole, storage);
    struct lj_document *document = lj_job_document(job, "application/vnd.ms-outlook");
    if (member) {
        lj_document_drop(document, document->member);
        document->member = g_strdup(member);
    }
    char *title = text_of(ole, list, SUBJECT, 2000), *author = text_of(ole, list, SENDER, 1000);
    if (!author)
        author = text_of(ole, list, FROM, 1000);
    char *date = time_of(ole, list, SENT, depth > 0 ? 24 : 32);
    if (!date)
        date = time_of(ole, list, DELIVERED, depth > 0 ? 24 : 32);
    lj_document_add_field(document, "title", title);
    lj_document_add_field(document, "author", author);
    if (date)
        lj_describe_date(document, date, LJ_DATE_MARKUP);
    add_people(document, ole, list);
    char *body = text_of(ole, list, BODY, (size_t)job->max_text + 4);
    GByteArray *html = body ? NULL : property(ole, list, HTML, 0x0102);
    if (body) {
        g_string_append(document->text, body);
        g_string_append_c(document->text, '\n');
    } else if (html && html->len > 0) {
        struct lj_writer writer = {.document = document, .max = (size_t)job->max_text};
        lj_html_write(&writer, html->data, html->len, NULL);
        lj_writer_finish(&writer);
    }
    if (html)
        g_byte_array_unref(html);
    if (depth > 0 && body) { /* the hash of a letter within a letter is its own text's */
        document->bytes = strlen(body);
        lj_sha256(body, document->bytes, document->sha256);
    }
    g_free(body);
    g_free(title);
    g_free(author);
    g_free(date);
    char *prefix = g_strdup(document->member);
    bool heard = lj_job_emit(job, document);
    unsigned number = 0;
    for (guint i = 0; i < list->len && heard; i++) {
        const struct lj_ole_entry *entry = &g_array_index(list, struct lj_ole_entry, i);
        if (entry->storage && g_str_has_prefix(entry->name, "__attach_version1.0"))
            heard = take_attachment(job, ole, entry->number, prefix, ++number, depth);
    }
    g_free(prefix);
    g_array_unref(list);
    return heard;
}

static bool
extract(struct lj_job *job, GError **error)
{
    if (!lj_input_fill(job->input, FILE_CEILING, error))
        return false;
    struct lj_ole *ole = lj_ole_open(job->input->bytes, job->input->length);
    if (!ole) {
        g_set_error_literal(error, LJ_ERROR, LJ_ERROR_FORMAT, _("no letter could be read in it"));
        return false;
    }
    take_letter(job, ole, 0, NULL, 0);
    lj_ole_close(ole);
    return true;
}

static bool
recognise(const struct lj_probe *probe)
{
    struct lj_ole *ole =
        probe->input ? lj_ole_open(probe->input->bytes, probe->input->length) : NULL;
    GByteArray *rows = ole ? lj_ole_stream(ole, "__properties_version1.0") : NULL;
    GByteArray *names = ole ? lj_ole_stream(ole, "__substg1.0_001A001F") : NULL;
    if (!names && ole)
        names = lj_ole_stream(ole, "__substg1.0_001A001E");
    bool good = rows && names; /* a letter has a class: IPM.Note */
    if (rows)
        g_byte_array_unref(rows);
    if (names)
        g_byte_array_unref(names);
    lj_ole_close(ole);
    return good;
}

const struct lj_format lj_format_msg = {"Outlook (MSG)", "application/vnd.ms-outlook", recognise,
                                        extract};
