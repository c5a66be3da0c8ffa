#include "extract/record.h"
#include "extract/charset.h"
#include "extract/describe.h"
#include "extract/html.h"
#include "i18n.h"

#include <string.h>

int
lj_record_text_key(const char *key)
{
    static const char *const keys[] = {
        "text",         "texto",         "texto_completo", "full_text",  "fulltext",
        "contenido",    "content",       "content_text",   "cuerpo",     "body",
        "content_html", "transcripcion", "transcript",     "articlebody"};
    char *folded = lj_schema_fold(key, -1);
    int rank = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(keys) && rank == 0; i++)
        if (strcmp(folded, keys[i]) == 0)
            rank = (int)i + 1;
    g_free(folded);
    return rank;
}

/* Elasticsearch writes {"_index":…,"_source":{…}}. */
static const json_t *
unwrap(const json_t *record)
{
    const json_t *source = json_object_get(record, "_source");
    return json_is_object(source) ? source : record;
}

/* A string, or WordPress' {"rendered":"…"}; NULL: neither. */
static const json_t *
string_of(const json_t *value)
{
    if (json_is_object(value))
        value = json_object_get(value, "rendered");
    return json_is_string(value) ? value : NULL;
}

static const char *
find_text(const json_t *record, const json_t **text)
{
    const char *key, *found = NULL;
    json_t *value;
    int best = 0;
    json_object_foreach((json_t *)(uintptr_t)record, key, value)
    {
        int rank = string_of(value) ? lj_record_text_key(key) : 0;
        if (rank > 0 && (best == 0 || rank < best)) {
            best = rank;
            found = key;
            *text = string_of(value);
        }
    }
    return found;
}

bool
lj_record_is(const json_t *record)
{
    const json_t *text;
    return json_is_object(record) && find_text(unwrap(record), &text) != NULL;
}

/* A value as the field says it: strings and numbers; true and false as words. */
static void
add_value(struct lj_document *document, const char *key, const json_t *value, bool foreign)
{
    static const struct {
        const char *key, *field;
    } names[] = {{"headline", "title"}, {"asunto", "title"},         {"link", "url"},
                 {"enlace", "url"},     {"permalink", "url"},        {"published_at", "date"},
                 {"pubdate", "date"},   {"fechapublicacion", "date"}};
    for (size_t i = 0; foreign && i < G_N_ELEMENTS(names); i++)
        if (g_ascii_strcasecmp(names[i].key, key) == 0)
            key = names[i].field;
    char number[40];
    if (json_is_object(value))
        value = string_of(value);
    switch (value ? json_typeof(value) : JSON_NULL) {
    case JSON_STRING: {
        if (strlen(json_string_value(value)) != json_string_length(value))
            break; /* a NUL inside: no name of anything */
        if (g_utf8_validate(json_string_value(value), -1, NULL))
            lj_describe_field(document, key, json_string_value(value), LJ_DATE_GIVEN);
        break;
    }
    case JSON_INTEGER:
        g_snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        lj_describe_field(document, key, number, LJ_DATE_GIVEN);
        break;
    case JSON_REAL:
        g_ascii_dtostr(number, sizeof number, json_real_value(value));
        lj_describe_field(document, key, number, LJ_DATE_GIVEN);
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        lj_describe_field(document, key, json_is_true(value) ? "true" : "false", LJ_DATE_GIVEN);
        break;
    default:
        break;
    }
}

/* Text of the web in a text column: blocks that are closed tell it. */
static bool
is_markup(const char *text)
{
    return strstr(text, "</p>") || strstr(text, "</div>") || strstr(text, "<br>") ||
           strstr(text, "<br/>") || strstr(text, "<br />") || strstr(text, "</li>");
}

static void
add_text(struct lj_job *job, struct lj_document *document, const json_t *text, bool markup)
{
    const char *string = json_string_value(text);
    size_t bytes = json_string_length(text);
    if (markup && strlen(string) == bytes && is_markup(string)) {
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

bool
lj_record_emit(struct lj_job *job, const json_t *record, const char *place, const char *raw,
               size_t length, bool foreign)
{
    record = unwrap(record);
    const json_t *text = NULL, *id = json_object_get(record, "id");
    const char *text_key = find_text(record, &text);
    bool deleted = json_is_true(json_object_get(record, "deleted"));
    if (!(text || deleted) || (deleted && !id)) {
        const char *number = strrchr(place, '#');
        lj_job_fail(job, place,
                    g_error_new(LJ_ERROR, LJ_ERROR_FORMAT,
                                deleted ? _("line %s: a deletion needs an \"id\"")
                                        : _("line %s: the record has no \"text\""),
                                number ? number + 1 : place));
        return true;
    }
    struct lj_document *document = lj_job_document(job, "text/plain");
    document->deleted = deleted;
    if (json_is_string(id) && json_string_length(id) > 0 &&
        strlen(json_string_value(id)) == json_string_length(id))
        document->id = g_strdup(json_string_value(id));
    else if (json_is_integer(id))
        document->id = g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(id));
    g_free(document->member);
    document->member = document->id ? NULL : g_strdup(place);
    document->charset = g_strdup("utf-8");
    document->charset_from = g_strdup("utf-8");
    document->bytes = length;
    gsize size = sizeof document->sha256;
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(sum, (const guchar *)raw, (gssize)length);
    g_checksum_get_digest(sum, document->sha256, &size);
    g_checksum_free(sum);

    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)record, key, value)
    {
        if (strcmp(key, "id") == 0 || strcmp(key, "deleted") == 0 ||
            (text_key && strcmp(key, text_key) == 0))
            continue;
        if (!json_is_array(value)) {
            add_value(document, key, value, foreign);
            continue;
        }
        size_t i;
        json_t *item;
        json_array_foreach(value, i, item) if (!json_is_object(item))
            add_value(document, key, item, foreign);
    }
    if (text)
        add_text(job, document, text, strcmp(text_key, "text") != 0);
    return lj_job_emit(job, document);
}
