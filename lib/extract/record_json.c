/* Records from JSON: a tree that jansson has read, and lines of plain values, which need none: they are read at
 * twelve times the rate. */
#include "document/utf8.h"
#include "extract/record.h"

#include <errno.h>
#include <math.h>
#include <string.h>

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
take_value(struct lj_record *record, const char *key, const json_t *value, bool listed)
{
    size_t length = strlen(key);
    switch (json_typeof(value)) {
    case JSON_STRING:
        lj_record_add(record, key, length, listed, LJ_RECORD_STRING, json_string_value(value),
                      json_string_length(value));
        break;
    case JSON_INTEGER:
        lj_record_add_integer(record, key, length, listed, json_integer_value(value));
        break;
    case JSON_REAL:
        lj_record_add_real(record, key, length, listed, json_real_value(value));
        break;
    case JSON_TRUE:
        lj_record_add(record, key, length, listed, LJ_RECORD_TRUE, "", 0);
        break;
    case JSON_FALSE:
        lj_record_add(record, key, length, listed, LJ_RECORD_FALSE, "", 0);
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
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        size_t i;
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
#define DEPTH_MOST 500 /* of lists and objects within */
#define NONE SIZE_MAX  /* the key of what says nothing */

/* The line being read. What is kept of it is no longer than it is, but for reals, which bring their own room. */
struct reading {
    const uint8_t *at, *end;
    struct lj_record *record;
    size_t used; /* of record->bytes */
    size_t keys[KEYS_MOST];
    size_t n_keys;
};

static void
pass_blanks(struct reading *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\t' || *r->at == '\n' || *r->at == '\r'))
        r->at++;
}

/* Takes a byte behind blanks, if it comes next. */
static bool
take(struct reading *r, uint8_t c)
{
    pass_blanks(r);
    if (r->at == r->end || *r->at != c)
        return false;
    r->at++;
    return true;
}

#define ONES 0x0101010101010101ULL
#define LESS(word, n) (((word)-ONES * (n)) & ~(word)&ONES * 0x80) /* the lowest is true */

/* Keeps what stands before a quotation mark, a backslash or a control character. */
static void
keep_plain(struct reading *r)
{
    uint8_t *out = r->record->bytes->data + r->used;
    const uint8_t *start = r->at;
    for (; r->end - r->at >= 8; r->at += 8, out += 8) {
        uint64_t word;
        memcpy(&word, r->at, 8);
        memcpy(out, &word, 8);
        uint64_t stop = LESS(word ^ ONES * '"', 1) | LESS(word ^ ONES * '\\', 1) | LESS(word, 0x20);
        if (stop) {
            r->at += (unsigned)__builtin_ctzll(stop) >> 3;
            r->used += (size_t)(r->at - start);
            return;
        }
    }
    while (r->at < r->end && *r->at != '"' && *r->at != '\\' && *r->at >= 0x20)
        *out++ = *r->at++;
    r->used += (size_t)(r->at - start);
}

/* Behind "\u". Halves of characters are the tree's affair. */
static bool
keep_code(struct reading *r)
{
    gunichar c = 0;
    if (r->end - r->at < 4)
        return false;
    for (int i = 0; i < 4; i++) {
        int digit = g_ascii_xdigit_value((char)*r->at++);
        if (digit < 0)
            return false;
        c = c << 4 | (gunichar)digit;
    }
    if (c >= 0xD800 && c < 0xE000)
        return false;
    r->used += (size_t)g_unichar_to_utf8(c, (char *)r->record->bytes->data + r->used);
    return true;
}

/* A string behind its first mark → the record's bytes, with a NUL, from *start on. */
static bool
read_string(struct reading *r, size_t *start)
{
    *start = r->used;
    for (;;) {
        keep_plain(r);
        uint8_t *out = r->record->bytes->data + r->used;
        if (r->at == r->end)
            return false;
        if (*r->at == '"') {
            r->at++;
            *out = 0;
            r->used++;
            return true;
        }
        if (*r->at != '\\' || ++r->at == r->end)
            return false;
        static const char escapes[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
        uint8_t c = *r->at++;
        const char *escape = memchr(escapes, c, sizeof escapes - 1);
        if (escape) {
            *out = (uint8_t)meant[escape - escapes];
            r->used++;
        } else if (c != 'u' || !keep_code(r)) {
            return false;
        }
    }
}

static size_t
digits(struct reading *r)
{
    const uint8_t *start = r->at;
    while (r->at < r->end && g_ascii_isdigit(*r->at))
        r->at++;
    return (size_t)(r->at - start);
}

/* A number as it is to be shown, likewise. False: it is none, or too great. */
static bool
read_number(struct reading *r, size_t *start)
{
    const uint8_t *first = r->at;
    bool minus = *first == '-', real = false;
    r->at += minus;
    bool zero = r->at < r->end && *r->at == '0';
    size_t n = digits(r);
    if (n == 0 || (zero && n > 1))
        return false;
    if (r->at < r->end && *r->at == '.') {
        real = true;
        r->at++;
        if (digits(r) == 0)
            return false;
    }
    if (r->at < r->end && (*r->at | 0x20) == 'e') {
        real = true;
        r->at++;
        r->at += r->at < r->end && (*r->at == '+' || *r->at == '-');
        if (digits(r) == 0)
            return false;
    }
    size_t length = (size_t)(r->at - first);
    GByteArray *bytes = r->record->bytes;
    if (real)
        g_byte_array_set_size(bytes, bytes->len + G_ASCII_DTOSTR_BUF_SIZE);
    char *out = (char *)bytes->data + r->used;
    memcpy(out, first, length);
    out[length] = 0;
    if (real) {
        double number = g_ascii_strtod(out, NULL);
        if (isinf(number))
            return false;
        g_ascii_dtostr(out, G_ASCII_DTOSTR_BUF_SIZE, number);
    } else if (zero) { /* "-0" */
        strcpy(out, "0");
    } else if (n > 18) {
        errno = 0;
        g_ascii_strtoll(out, NULL, 10);
        if (errno)
            return false;
    }
    *start = r->used;
    r->used += strlen(out) + 1;
    return true;
}

static bool
take_word(struct reading *r, const char *word)
{
    size_t n = strlen(word);
    if ((size_t)(r->end - r->at) < n || memcmp(r->at, word, n) != 0)
        return false;
    r->at += n;
    return true;
}

/* A value that is neither a list nor an object; null says nothing. */
static bool
read_plain_value(struct reading *r, size_t key, bool listed)
{
    struct lj_record_value value = {LJ_RECORD_STRING, listed, key, r->used, 0};
    if (take(r, '"')) {
        if (!read_string(r, &value.string))
            return false;
    } else if (r->at < r->end && (*r->at == '-' || g_ascii_isdigit(*r->at))) {
        value.kind = LJ_RECORD_NUMBER;
        if (!read_number(r, &value.string))
            return false;
    } else if (take_word(r, "null")) {
        return true;
    } else {
        value.kind = take_word(r, "true") ? LJ_RECORD_TRUE : LJ_RECORD_FALSE;
        if (value.kind == LJ_RECORD_FALSE && !take_word(r, "false"))
            return false;
        r->record->bytes->data[r->used++] = 0;
    }
    if (key == NONE) {
        r->used = value.string;
    } else {
        value.length = r->used - value.string - 1;
        g_array_append_val(r->record->values, value);
    }
    return true;
}

/* The values of the object stand at depth 1, those of its lists at depth 2; others say nothing. */
static bool
read_value(struct reading *r, size_t key, unsigned depth)
{
    if (depth > DEPTH_MOST)
        return false;
    /* at depth 1, "_source", "rendered"? A tree will tell */
    bool object = depth > 1 && take(r, '{');
    if (!object && !take(r, '['))
        return read_plain_value(r, key, depth == 2);
    uint8_t end = object ? '}' : ']';
    if (take(r, end))
        return true;
    do {
        size_t name, before = r->used;
        if (object && !(take(r, '"') && read_string(r, &name) && take(r, ':')))
            return false;
        if (object)
            r->used = before;
        if (!read_value(r, object || depth > 1 ? NONE : key, depth + 1))
            return false;
    } while (take(r, ','));
    return take(r, end);
}

/* Of a key that comes twice, or has a NUL within, the tree will tell what it means. */
static bool
is_new(struct reading *r, size_t key)
{
    const char *bytes = (const char *)r->record->bytes->data, *name = bytes + key;
    if (r->n_keys == KEYS_MOST || strlen(name) != r->used - key - 1)
        return false;
    for (size_t i = 0; i < r->n_keys; i++)
        if (strcmp(bytes + r->keys[i], name) == 0)
            return false;
    r->keys[r->n_keys++] = key;
    return true;
}

static bool
read_object(struct reading *r)
{
    if (!take(r, '{'))
        return false;
    if (take(r, '}'))
        return true;
    do {
        size_t key;
        if (!(take(r, '"') && read_string(r, &key) && is_new(r, key) && take(r, ':') &&
              read_value(r, key, 1)))
            return false;
    } while (take(r, ','));
    return take(r, '}');
}

bool
lj_record_read_plain(struct lj_record *record, const char *line, size_t length)
{
    clear(record);
    if (lj_utf8_span(line, length, NULL) < length)
        return false;
    g_byte_array_set_size(record->bytes, (guint)length + 1);
    struct reading reading = {
        .at = (const uint8_t *)line, .end = (const uint8_t *)line + length, .record = record};
    bool good = read_object(&reading);
    pass_blanks(&reading);
    g_byte_array_set_size(record->bytes, (guint)reading.used);
    return good && reading.at == reading.end;
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
