#include "document/flat.h"
#include "extract/charset.h"
#include "extract/describe.h"
#include "extract/html.h"
#include "extract/record.h"
#include "extract/sha256.h"
#include "i18n.h"

#include <string.h>

/* The value under a key, not in a list; NULL: none. */
static const struct lj_record_value *
find_value(const struct lj_record *record, const char *key)
{
    for (guint i = 0; i < record->values->len; i++)
        if (!lj_record_at(record, i)->listed &&
            strcmp(lj_record_bytes(record, lj_record_at(record, i)->key), key) == 0)
            return lj_record_at(record, i);
    return NULL;
}

/* A value as the field says it: strings and numbers; true and false as words. */
static void
add_value(struct lj_document *document, const char *key, const struct lj_record_value *value,
          const char *string, bool foreign)
{
    static const struct {
        const char *key, *field;
    } names[] = {{"headline", "title"}, {"asunto", "title"},         {"link", "url"},
                 {"enlace", "url"},     {"permalink", "url"},        {"published_at", "date"},
                 {"pubdate", "date"},   {"fechapublicacion", "date"}};
    for (size_t i = 0; foreign && i < G_N_ELEMENTS(names); i++)
        if (g_ascii_strcasecmp(names[i].key, key) == 0)
            key = names[i].field;
    switch (value->kind) {
    case LJ_RECORD_TRUE:
        string = "true";
        break;
    case LJ_RECORD_FALSE:
        string = "false";
        break;
    case LJ_RECORD_STRING:
        if (memchr(string, 0, value->length))
            return; /* a NUL inside: no name of anything */
        break;
    case LJ_RECORD_NUMBER:
        break;
    }
    lj_describe_field(document, key, string, LJ_DATE_GIVEN);
}

/* Text of the web in a text column: blocks that are closed tell it. */
static bool
is_markup(const char *text)
{
    return strstr(text, "</p>") || strstr(text, "</div>") || strstr(text, "<br>") ||
           strstr(text, "<br/>") || strstr(text, "<br />") || strstr(text, "</li>");
}

static void
add_text(struct lj_job *job, struct lj_document *document, const char *string, size_t bytes,
         bool markup)
{
    if (markup && !memchr(string, 0, bytes) && is_markup(string)) {
        struct lj_writer writer = {.document = document, .max = (size_t)job->max_text};
        lj_html_write(&writer, (const uint8_t *)string, bytes, "utf-8");
        lj_writer_finish(&writer);
        return;
    }
    g_string_append_len(document->text, string, (gssize)MIN(bytes, (size_t)job->max_text + 4));
    document->cut = bytes > job->max_text;
    if (document->text->len > job->max_text) {
        size_t end = (size_t)job->max_text;
        while (end > 0 && ((uint8_t)document->text->str[end] & 0xC0) == 0x80)
            end--;
        g_string_truncate(document->text, end);
    }
    lj_text_clean(document->text);
    lj_describe_parts(document);
}

/* A string without a NUL, or an integer; NULL: no id. Borrowed. */
static const char *
id_of(const struct lj_record *record, const struct lj_record_value *id)
{
    if (!id || id->length == 0)
        return NULL;
    const char *string = lj_record_bytes(record, id->string);
    bool named =
        id->kind == LJ_RECORD_STRING || (id->kind == LJ_RECORD_NUMBER && !strpbrk(string, ".eEnN"));
    return named && strlen(string) == id->length ? string : NULL;
}

char *
lj_record_place(const struct lj_job *job, uint64_t number)
{
    return g_strdup_printf("%.500s#%" G_GUINT64_FORMAT, job->member ? job->member : "", number);
}

void
lj_record_hash(const struct lj_job *job, const char *raw, size_t length, uint8_t sha256[32])
{
    struct sha256_ctx sum;
    sha256_init(&sum);
    sha256_update(&sum, length, (const uint8_t *)raw);
    if (job->columns) { /* what is read otherwise is another document */
        sha256_update(&sum, 1, (const uint8_t *)"\n");
        sha256_update(&sum, strlen(job->columns), (const uint8_t *)job->columns);
    }
    sha256_digest(&sum, 32, sha256);
}

bool
lj_record_emit(struct lj_job *job, const struct lj_record *record, uint64_t number, const char *raw,
               size_t length, bool foreign)
{
    const struct lj_record_value *id = find_value(record, "id"), *text = lj_record_text(record),
                                 *removal = find_value(record, "deleted");
    bool deleted = removal && removal->kind == LJ_RECORD_TRUE;
    if (!(text || deleted) || (deleted && !id)) {
        char *place = lj_record_place(job, number), text_of[24];
        g_snprintf(text_of, sizeof text_of, "%" G_GUINT64_FORMAT, number);
        lj_job_fail(job, place,
                    g_error_new(LJ_ERROR, LJ_ERROR_FORMAT,
                                deleted ? _("line %s: a deletion needs an \"id\"")
                                        : _("line %s: the record has no \"text\""),
                                text_of));
        g_free(place);
        return true;
    }
    struct lj_document *document = lj_job_document(job, "text/plain");
    document->deleted = deleted;
    const char *own = id_of(record, id);
    lj_document_drop(document, document->member);
    document->member = own ? NULL : lj_record_place(job, number);
    if (own)
        document->id = lj_document_keep(document, own, strlen(own));
    document->charset = lj_document_keep(document, "utf-8", 5);
    document->charset_from = lj_document_keep(document, "utf-8", 5);
    document->bytes = length;
    lj_record_hash(job, raw, length, document->sha256);

    const char *text_key = text ? lj_record_bytes(record, text->key) : NULL;
    for (guint i = 0; i < record->values->len; i++) {
        const struct lj_record_value *value = lj_record_at(record, i);
        const char *key = lj_record_bytes(record, value->key);
        if (strcmp(key, "id") != 0 && strcmp(key, "deleted") != 0 &&
            (!text_key || strcmp(key, text_key) != 0))
            add_value(document, key, value, lj_record_bytes(record, value->string), foreign);
    }
    if (text)
        add_text(job, document, lj_record_bytes(record, text->string), text->length,
                 strcmp(text_key, "text") != 0);
    return lj_job_emit(job, document);
}
