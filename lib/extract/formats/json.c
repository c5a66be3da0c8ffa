/* Exports in JSON: an array of records, or an object that holds one (Elasticsearch's hits, WordPress' posts,
 * JSON Feed); a record is an object with a text under one of the usual keys. Other JSON is text. */
#include "extract/formats.h"
#include "extract/record.h"
#include "i18n.h"

#include <string.h>

#define DEPTH 4

/* The array with most records. */
static void
find_records(const json_t *value, int depth, GHashTable *columns, const json_t **best, size_t *most)
{
    if (depth > DEPTH)
        return;
    if (json_is_array(value)) {
        size_t i, records = 0;
        json_t *item;
        json_array_foreach(value, i, item) records += lj_record_is(item, columns);
        if (records > *most) {
            *most = records;
            *best = value;
        }
    } else if (json_is_object(value)) {
        const char *key;
        json_t *item;
        json_object_foreach((json_t *)(uintptr_t)value, key, item)
            find_records(item, depth + 1, columns, best, most);
    }
}

static bool
take(struct lj_job *job, const json_t *object, GHashTable *columns, size_t number)
{
    char *raw = json_dumps(object, JSON_COMPACT | JSON_SORT_KEYS);
    struct lj_record *record = lj_record_new();
    lj_record_take(record, object);
    lj_record_map(record, columns);
    bool heard = lj_record_emit(job, record, number, raw ? raw : "", raw ? strlen(raw) : 0, true);
    lj_record_free(record);
    free(raw);
    return heard;
}

static bool
extract(struct lj_job *job, GError **error)
{
    size_t ceiling = (size_t)job->max_text * 4 + (1u << 20);
    if (!lj_input_fill(job->input, ceiling, error))
        return false;
    const char *bytes = (const char *)job->input->bytes;
    size_t length = job->input->length;
    if (length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
        bytes += 3, length -= 3;
    json_error_t problem;
    json_t *root = job->input->all ? json_loadb(bytes, length, 0, &problem) : NULL;
    bool named = g_str_has_suffix(job->name, ".json");
    if (!root && named) {
        if (job->input->all)
            g_set_error(error, LJ_ERROR, LJ_ERROR_FORMAT, _("is no valid JSON (line %d: %s)"),
                        problem.line, problem.text);
        else
            g_set_error(
                error, LJ_ERROR, LJ_ERROR_FORMAT,
                _("longer than %zu bytes; raise --max-size to read it, or export JSON Lines"),
                ceiling);
        return false;
    }
    const json_t *records = NULL;
    size_t most = 0;
    GHashTable *columns = lj_columns_read(job->columns);
    find_records(root, 0, columns, &records, &most);
    bool good = true;
    if (records) {
        size_t i;
        json_t *record;
        json_array_foreach(records, i, record) if (json_is_object(record) &&
                                                   !take(job, record, columns, i + 1)) break;
    } else if (lj_record_is(root, columns)) {
        take(job, root, columns, 1);
    } else {
        good = lj_format_plain.extract(job, error);
    }
    json_decref(root);
    if (columns)
        g_hash_table_unref(columns);
    return good;
}

/* An array of objects, or an object, by its first signs. */
static bool
recognise(const struct lj_probe *probe)
{
    const char *text = (const char *)probe->head;
    size_t length = probe->length, at = 0;
    if (probe->magic)
        return false;
    if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        at = 3;
    char signs[4] = "";
    for (int n = 0; n < 3 && at < length; at++)
        if (!g_ascii_isspace(text[at]))
            signs[n++] = text[at];
    return strncmp(signs, "[{\"", 3) == 0 || strncmp(signs, "{\"", 2) == 0;
}

const struct lj_format lj_format_json = {"JSON", "application/json", recognise, extract};
