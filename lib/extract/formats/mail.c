/* Letters, one (RFC 5322) or a mailbox of them (mbox), through GMime: subject, people, date, the
 * text; each attachment is a document of its own. */
#include "extract/charset.h"
#include "extract/describe.h"
#include "extract/formats.h"
#include "extract/html.h"
#include "extract/sha256.h"
#include "i18n.h"

#include <gmime/gmime.h>
#include <string.h>

#define FILE_CEILING (1u << 30)
#define PARTS_CEILING 500
#define DEPTH_CEILING 30

struct letter {
    struct lj_job *job;
    struct lj_document *document;
    struct lj_writer writer;
    GPtrArray *attached; /* GMimePart */
    int parts;
};

/* The decoded bytes of a part. */
static GByteArray *
part_bytes(GMimePart *part)
{
    GMimeDataWrapper *content = g_mime_part_get_content(part);
    GMimeStream *stream = g_mime_stream_mem_new();
    GByteArray *bytes = g_byte_array_new();
    g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
    g_mime_stream_mem_set_byte_array(GMIME_STREAM_MEM(stream), bytes);
    if (content)
        g_mime_data_wrapper_write_to_stream(content, stream);
    g_object_unref(stream);
    return bytes;
}

static void
write_body(struct letter *letter, GMimePart *part, bool html)
{
    GByteArray *bytes = part_bytes(part);
    const char *charset = g_mime_object_get_content_type_parameter(GMIME_OBJECT(part), "charset");
    lj_writer_line(&letter->writer, 2);
    if (html) {
        lj_html_write(&letter->writer, bytes->data, bytes->len, charset);
    } else {
        struct lj_charset how = {.declared = charset};
        GString *text = g_string_new(NULL);
        lj_charset_decode(bytes->data, bytes->len, &how, letter->writer.max, text);
        GString *out = letter->document->text;
        if (out->len > 0)
            g_string_append(out, "\n\n");
        g_string_append_len(out, text->str, (gssize)text->len);
        letter->writer.newlines = 0;
        if (!letter->document->charset) {
            letter->document->charset = g_strdup(how.charset);
            letter->document->charset_from = g_strdup(how.from);
        }
        g_string_free(text, TRUE);
    }
    g_byte_array_unref(bytes);
}

/* Of alternatives the plain one is read, or else the HTML; what has a name is an attachment. */
static void
take_part(struct letter *letter, GMimeObject *object, int depth)
{
    if (!object || depth > DEPTH_CEILING || letter->parts++ > PARTS_CEILING)
        return;
    if (GMIME_IS_MULTIPART(object)) {
        GMimeMultipart *multipart = GMIME_MULTIPART(object);
        GMimeContentType *type = g_mime_object_get_content_type(object);
        int n = g_mime_multipart_get_count(multipart), chosen = -1;
        if (g_mime_content_type_is_type(type, "multipart", "alternative")) {
            for (int i = 0; i < n && chosen < 0; i++) {
                GMimeContentType *own =
                    g_mime_object_get_content_type(g_mime_multipart_get_part(multipart, i));
                if (g_mime_content_type_is_type(own, "text", "plain"))
                    chosen = i;
            }
            if (chosen < 0)
                chosen = n - 1;
            if (chosen >= 0)
                take_part(letter, g_mime_multipart_get_part(multipart, chosen), depth + 1);
            return;
        }
        for (int i = 0; i < n; i++)
            take_part(letter, g_mime_multipart_get_part(multipart, i), depth + 1);
    } else if (GMIME_IS_PART(object)) {
        GMimePart *part = GMIME_PART(object);
        GMimeContentType *type = g_mime_object_get_content_type(object);
        const char *disposition = g_mime_object_get_disposition(object);
        bool attached = g_mime_part_get_filename(part) ||
                        (disposition && g_ascii_strcasecmp(disposition, "attachment") == 0);
        if (!attached && g_mime_content_type_is_type(type, "text", "html"))
            write_body(letter, part, true);
        else if (!attached && g_mime_content_type_is_type(type, "text", "*"))
            write_body(letter, part, false);
        else
            g_ptr_array_add(letter->attached, part);
    } else if (GMIME_IS_MESSAGE_PART(object)) {
        GMimeMessage *inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));
        const char *subject = inner ? g_mime_message_get_subject(inner) : NULL;
        if (subject && g_utf8_validate(subject, -1, NULL)) { /* a letter that was passed on */
            lj_writer_line(&letter->writer, 2);
            lj_writer_text(&letter->writer, subject);
        }
        if (inner)
            take_part(letter, g_mime_message_get_mime_part(inner), depth + 1);
    }
}

static void
add_people(struct lj_document *document, const char *field, InternetAddressList *list)
{
    for (int i = 0; list && i < MIN(internet_address_list_length(list), 200); i++) {
        InternetAddress *address = internet_address_list_get_address(list, i);
        const char *name = internet_address_get_name(address);
        if (!name && INTERNET_ADDRESS_IS_MAILBOX(address))
            name = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(address));
        if (name && g_utf8_validate(name, -1, NULL))
            lj_document_add_field(document, field, name);
    }
}

static bool
take_letter(struct lj_job *job, GMimeMessage *message, const char *member, bool only)
{
    struct letter letter = {.job = job, .document = lj_job_document(job, "message/rfc822")};
    struct lj_document *document = letter.document;
    letter.writer = (struct lj_writer){.document = document, .max = (size_t)job->max_text};
    letter.attached = g_ptr_array_new();
    if (member) {
        lj_document_drop(document, document->member);
        document->member =
            job->member ? g_strconcat(job->member, "!/", member, NULL) : g_strdup(member);
    }
    const char *subject = g_mime_message_get_subject(message);
    if (subject && g_utf8_validate(subject, -1, NULL))
        lj_document_add_field(document, "title", subject);
    add_people(document, "author", g_mime_message_get_from(message));
    add_people(document, "to", g_mime_message_get_to(message));
    GDateTime *date = g_mime_message_get_date(message);
    char *iso = date ? g_date_time_format(date, "%Y-%m-%d") : NULL;
    if (iso)
        lj_describe_date(document, iso, LJ_DATE_MARKUP);
    g_free(iso);
    take_part(&letter, g_mime_message_get_mime_part(message), 0);
    if (document->text->len > 0 && document->text->str[document->text->len - 1] != '\n')
        g_string_append_c(document->text, '\n');
    if (!only) { /* the hash of a letter of a mailbox is its own text's */
        char *raw = g_mime_object_to_string(GMIME_OBJECT(message), NULL);
        document->bytes = strlen(raw);
        lj_sha256(raw, document->bytes, document->sha256);
        g_free(raw);
    }
    char *prefix = g_strdup(document->member);
    bool heard = lj_job_emit(job, document);
    for (guint i = 0; i < letter.attached->len && heard; i++) {
        GMimePart *part = letter.attached->pdata[i];
        const char *name = g_mime_part_get_filename(part);
        char *own = name && *name ? g_path_get_basename(name) : g_strdup_printf("part-%u", i + 1);
        char *path = prefix ? g_strconcat(prefix, "!/", own, NULL) : g_strdup(own);
        GByteArray *bytes = part_bytes(part);
        heard = lj_job_nested(job, own, path, bytes->data, bytes->len);
        g_byte_array_unref(bytes);
        g_free(path);
        g_free(own);
    }
    g_free(prefix);
    g_ptr_array_unref(letter.attached);
    return heard;
}

static bool
extract(struct lj_job *job, GError **error)
{
    if (!lj_input_fill(job->input, FILE_CEILING, error))
        return false;
    static bool ready;
    if (!ready)
        g_mime_init();
    ready = true;
    bool box = job->input->length > 5 && memcmp(job->input->bytes, "From ", 5) == 0;
    GMimeStream *stream =
        g_mime_stream_mem_new_with_buffer((const char *)job->input->bytes, job->input->length);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    g_mime_parser_set_format(parser, box ? GMIME_FORMAT_MBOX : GMIME_FORMAT_MESSAGE);
    bool heard = true, any = false;
    for (unsigned number = 1; heard && !g_mime_parser_eos(parser); number++) {
        GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
        if (!message)
            break;
        char place[16];
        g_snprintf(place, sizeof place, "%u", number);
        heard = take_letter(job, message, box ? place : NULL, !box);
        any = true;
        g_object_unref(message);
        if (!box)
            break;
    }
    g_object_unref(parser);
    g_object_unref(stream);
    if (!any)
        g_set_error_literal(error, LJ_ERROR, LJ_ERROR_FORMAT, _("no letter could be read in it"));
    return any;
}

static bool
recognise(const struct lj_probe *probe)
{
    return lj_looks_like_mail((const char *)probe->head, probe->length);
}

const struct lj_format lj_format_mail = {"e-mail", "message/rfc822 application/mbox", recognise,
                                         extract};
