/* JSON Lines: an object a line is a record with its text; see the contract of `indexer` for its
 * keys. The feed is streamed: one line at a time is held. */
#include "extract/formats.h"
#include "extract/known.h"
#include "extract/record.h"
#include "i18n.h"

#include <inttypes.h>
#include <string.h>

#define CHUNK (256u << 10)

/* One record. False when nobody listens any more. */
static bool
take_record(struct lj_job *job, struct lj_record *record, GHashTable *columns, const char *line,
            size_t length, uint64_t number)
{
    json_error_t problem;
    uint8_t sha256[32];
    uint32_t known;
    if (job->known) {
        lj_record_hash(job, line, length, sha256);
        if (lj_known_find(job->known, sha256, number, &known))
            return lj_job_same(job, known);
    }
    if (lj_record_read(record, line, length, &problem)) {
        lj_record_map(record, columns);
        return lj_record_emit(job, record, number, line, length, false);
    }
    GError *failure =
        problem.text[0]
            ? g_error_new(LJ_ERROR, LJ_ERROR_FORMAT, _("line %" PRIu64 ": not a JSON object (%s)"),
                          number, problem.text)
            : g_error_new(LJ_ERROR, LJ_ERROR_FORMAT, _("line %" PRIu64 ": not a JSON object"),
                          number);
    char *place = lj_record_place(job, number);
    lj_job_fail(job, place, failure);
    g_free(place);
    return true;
}

static bool
is_blank_line(const char *line, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!strchr(" \t\r", line[i]))
            return false;
    return true;
}

static bool
extract(struct lj_job *job, GError **error)
{
    /* A character of text takes six bytes as \u0000 at most, but hardly ever does. */
    size_t ceiling = (size_t)job->max_text * 4 + (1u << 20);
    GByteArray *held = g_byte_array_new(); /* a line that is not yet all there */
    uint8_t *chunk = g_malloc(CHUNK);
    struct lj_record *record = lj_record_new();
    GHashTable *columns = lj_columns_read(job->columns);
    uint64_t number = 1;
    bool skipping = false, go_on = true, first = true;
    gssize got;
    while (go_on && (got = lj_input_read(job, chunk, CHUNK, error)) > 0) {
        uint8_t *p = chunk, *end = chunk + got;
        if (first && got >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
            p += 3;
        first = false;
        while (go_on && p < end) {
            uint8_t *stop = memchr(p, '\n', (size_t)(end - p));
            size_t n = (size_t)((stop ? stop : end) - p);
            if (!skipping && held->len + n > ceiling) {
                char place[32];
                g_snprintf(place, sizeof place, "#%" G_GUINT64_FORMAT, number);
                lj_job_fail(job, place,
                            g_error_new(LJ_ERROR, LJ_ERROR_FORMAT,
                                        _("line %" PRIu64
                                          ": longer than %zu bytes; raise --max-size to read it"),
                                        number, ceiling));
                skipping = true;
                g_byte_array_set_size(held, 0);
            }
            if (!stop) {
                if (!skipping)
                    g_byte_array_append(held, p, (guint)n);
                break;
            }
            const uint8_t *line = p;
            size_t length = n;
            if (held->len > 0) {
                g_byte_array_append(held, p, (guint)n);
                line = held->data;
                length = held->len;
            }
            if (!skipping && !is_blank_line((const char *)line, length))
                go_on = take_record(job, record, columns, (const char *)line, length, number);
            if (held->len > (16u << 20)) { /* a giant is not kept room for */
                g_byte_array_unref(held);
                held = g_byte_array_new();
                lj_record_free(record);
                record = lj_record_new();
            } else {
                g_byte_array_set_size(held, 0);
            }
            skipping = false;
            number++;
            p = stop + 1;
        }
    }
    if (go_on && got == 0 && held->len > 0 && !is_blank_line((const char *)held->data, held->len))
        take_record(job, record, columns, (const char *)held->data, held->len, number);
    g_byte_array_unref(held);
    lj_record_free(record);
    if (columns)
        g_hash_table_unref(columns);
    g_free(chunk);
    return got >= 0 || !go_on;
}

/* Content: the first line is an object, and what follows begins another or nothing does. */
static bool
recognise(const struct lj_probe *probe)
{
    if (probe->records)
        return true;
    const char *text = (const char *)probe->head;
    size_t length = probe->length;
    if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        text += 3, length -= 3;
    size_t at = 0;
    while (at < length && strchr(" \t\r\n", text[at]))
        at++;
    bool named = strcmp(probe->extension, "jsonl") == 0 || strcmp(probe->extension, "ndjson") == 0;
    if (at >= length || text[at] != '{' || named)
        return named && (at >= length || text[at] == '{');
    size_t next = at + 1;
    while (next < length && strchr(" \t", text[next]))
        next++;
    if (next >= length || text[next] != '"')
        return false;
    const char *end = memchr(text + at, '\n', length - at);
    if (!end)
        return false;
    json_t *record = json_loadb(text + at, (size_t)(end - text) - at, JSON_ALLOW_NUL, NULL);
    bool good = lj_record_is(record, NULL);
    json_decref(record);
    return good;
}

const struct lj_format lj_format_jsonl = {"JSON Lines", "application/jsonl application/x-ndjson",
                                          recognise, extract};
