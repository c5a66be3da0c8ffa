/* Records from JSON: a tree that jansson has read, and lines by yajl, which hands strings on as they come and
 * builds nothing: a line of plain values is read at five times the rate. */
#include "document/utf8.h"
#include "extract/record.h"

#include <string.h>
#include <yajl/yajl_parse.h>

static void
clear(struct lj_record *record)
{
    g_array_set_size(record->values, 0);
    g_byte_array_set_size(record->bytes, 0);
}

/* --- a tree ------------------------------------------------------------------------------------
 */

/* A value that is neither a list nor an object. */
static void
take_value(struct lj_record *record, size_t key, const json_t *value, bool listed)
{
    switch (json_typeof(value)) {
    case JSON_STRING:
        lj_record_add(record, key, listed, LJ_RECORD_STRING, json_string_value(value),
                      json_string_length(value));
        break;
    case JSON_INTEGER:
        lj_record_add_integer(record, key, listed, json_integer_value(value));
        break;
    case JSON_REAL:
        lj_record_add_real(record, key, listed, json_real_value(value));
        break;
    case JSON_TRUE:
        lj_record_add(record, key, listed, LJ_RECORD_TRUE, "", 0);
        break;
    case JSON_FALSE:
        lj_record_add(record, key, listed, LJ_RECORD_FALSE, "", 0);
        break;
    default:
        break;
    }
}

void
lj_record_take(struct lj_record *record, const json_t *object)
{
    clear(record);
    const json_t *source = json_object_get(object, "_source");
    if (json_is_object(source))
        object = source;
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, name, value)
    {
        size_t key = lj_record_key(record, name, strlen(name)), i;
        json_t *item;
        if (json_is_object(value)) {
            const json_t *rendered = json_object_get(value, "rendered");
            if (json_is_string(rendered))
                take_value(record, key, rendered, false);
        } else if (json_is_array(value)) {
            json_array_foreach(value, i, item) take_value(record, key, item, true);
        } else {
            take_value(record, key, value, false);
        }
    }
}

/* --- a line ------------------------------------------------------------------------------------
 */

#define KEYS_MOST 64   /* each is compared with those before it */
#define DEPTH_MOST 500 /* of lists */

/* The object being read. Its values stand at depth 1, those of lists at depth 2. */
struct reading {
    struct lj_record *record;
    unsigned depth;
    unsigned aside; /* depth from which nothing counts: of an object in a list; 0: everything does */
    size_t keys[KEYS_MOST]; /* where they lie in the record */
    size_t n_keys;
};

static bool
counts(const struct reading *reading)
{
    return reading->depth <= 2 && !reading->aside;
}

static size_t
key_here(const struct reading *reading)
{
    return reading->keys[reading->n_keys - 1];
}

static int
take(struct reading *reading, enum lj_record_kind kind, const char *string, size_t length)
{
    if (reading->depth == 0)
        return 0;
    if (counts(reading))
        lj_record_add(reading->record, key_here(reading), reading->depth == 2, kind, string,
                      length);
    return 1;
}

static int
on_null(void *data)
{
    return ((struct reading *)data)->depth > 0;
}

static int
on_boolean(void *data, int is)
{
    return take(data, is ? LJ_RECORD_TRUE : LJ_RECORD_FALSE, "", 0);
}

static int
on_string(void *data, const unsigned char *string, size_t length)
{
    return take(data, LJ_RECORD_STRING, (const char *)string, length);
}

static int
on_integer(void *data, long long number)
{
    struct reading *reading = data;
    if (reading->depth > 0 && counts(reading))
        lj_record_add_integer(reading->record, key_here(reading), reading->depth == 2, number);
    return reading->depth > 0;
}

static int
on_real(void *data, double number)
{
    struct reading *reading = data;
    if (reading->depth > 0 && counts(reading))
        lj_record_add_real(reading->record, key_here(reading), reading->depth == 2, number);
    return reading->depth > 0;
}

static int
on_map(void *data)
{
    struct reading *reading = data;
    if (reading->depth == 1 || ++reading->depth > DEPTH_MOST)
        return 0; /* "_source", "rendered"? A tree will tell */
    if (reading->depth > 1 && !reading->aside)
        reading->aside = reading->depth;
    return 1;
}

static int
on_list(void *data)
{
    struct reading *reading = data;
    return reading->depth > 0 && ++reading->depth <= DEPTH_MOST;
}

static int
on_end(void *data)
{
    struct reading *reading = data;
    if (reading->aside == reading->depth)
        reading->aside = 0;
    reading->depth--;
    return 1;
}

static int
on_key(void *data, const unsigned char *key, size_t length)
{
    struct reading *reading = data;
    if (reading->depth > 1)
        return 1;
    if (memchr(key, 0, length) || reading->n_keys == KEYS_MOST)
        return 0;
    size_t here = lj_record_key(reading->record, (const char *)key, length);
    const char *name = lj_record_bytes(reading->record, here);
    for (size_t i = 0; i < reading->n_keys; i++)
        if (strcmp(lj_record_bytes(reading->record, reading->keys[i]), name) == 0)
            return 0; /* which of the two counts is the tree's affair */
    reading->keys[reading->n_keys++] = here;
    return 1;
}

/* Does the line write a character as halves, "\ud83d…"? yajl takes halves that stand alone as well. */
static bool
has_halves(const char *line, size_t length)
{
    const char *end = line + length, *p = line;
    while ((p = memchr(p, '\\', (size_t)(end - p)))) {
        if (end - p >= 4 && p[1] == 'u' && (p[2] == 'd' || p[2] == 'D') &&
            strchr("89abABcdefCDEF", p[3]))
            return true;
        p += MIN(2, end - p); /* what is escaped may itself be one of these */
    }
    return false;
}

bool
lj_record_read_plain(struct lj_record *record, const char *line, size_t length)
{
    static const yajl_callbacks callbacks = {.yajl_null = on_null,
                                             .yajl_boolean = on_boolean,
                                             .yajl_integer = on_integer,
                                             .yajl_double = on_real,
                                             .yajl_string = on_string,
                                             .yajl_start_map = on_map,
                                             .yajl_map_key = on_key,
                                             .yajl_end_map = on_end,
                                             .yajl_start_array = on_list,
                                             .yajl_end_array = on_end};
    clear(record);
    if (lj_utf8_span(line, length, NULL) < length || has_halves(line, length))
        return false;
    struct reading reading = {.record = record};
    yajl_handle parser = yajl_alloc(&callbacks, NULL, &reading);
    yajl_config(parser, yajl_dont_validate_strings, 1); /* the whole line is valid */
    bool good = yajl_parse(parser, (const unsigned char *)line, length) == yajl_status_ok &&
                yajl_complete_parse(parser) == yajl_status_ok;
    yajl_free(parser);
    return good;
}

bool
lj_record_read(struct lj_record *record, const char *line, size_t length, json_error_t *problem)
{
    problem->text[0] = 0;
    if (lj_record_read_plain(record, line, length))
        return true;
    json_t *object = json_loadb(line, length, JSON_ALLOW_NUL, problem);
    bool good = json_is_object(object);
    if (good)
        lj_record_take(record, object);
    json_decref(object);
    return good;
}
