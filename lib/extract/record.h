/* A record of an export (JSON, JSON Lines, CSV): its values one after another, and which of its keys is the
 * text.
 *
 *     struct lj_record *record = lj_record_new();
 *     if (lj_record_read(record, line, length, &problem))      kept room for, from line to line
 *         lj_record_emit(job, record, 1, line, length, false);
 *     lj_record_free(record);
 */
#ifndef LEGAJO_EXTRACT_RECORD_H
#define LEGAJO_EXTRACT_RECORD_H

#include "extract/columns.h"
#include "extract/job.h"
#include <jansson.h>

enum lj_record_kind { LJ_RECORD_STRING, LJ_RECORD_NUMBER, LJ_RECORD_TRUE, LJ_RECORD_FALSE };

/* A value under a key of the record; those of a list follow one another. Places are offsets in the
 * record's bytes, where each string ends in a NUL. Numbers stand as they are to be shown. */
struct lj_record_value {
    enum lj_record_kind kind;
    bool listed;
    size_t key, string, length;
};

struct lj_record {
    GArray *values; /* struct lj_record_value, in the order of the record */
    GByteArray *bytes;
};

struct lj_record *lj_record_new(void);
void lj_record_free(struct lj_record *record);

/* Takes the values of an object, those of "_source" where it is wrapped (Elasticsearch). {"rendered": …}
 * (WordPress) stands for its string; other objects, null, and lists in lists say nothing. */
void lj_record_take(struct lj_record *record, const json_t *object);

/* Reads a line as lj_record_take does its object. False: it is no object; problem.text says why, or is empty
 * where it is other JSON. */
bool lj_record_read(struct lj_record *record, const char *line, size_t length,
                    json_error_t *problem);

/* The last part of lj_record_read, for its readers: keeps a key, and adds values under it. */
size_t lj_record_key(struct lj_record *record, const char *key, size_t length);
void lj_record_add(struct lj_record *record, size_t key, bool listed, enum lj_record_kind kind,
                   const char *string, size_t length);

/* How a number is shown: 7, 2.5. */
void lj_record_add_integer(struct lj_record *record, size_t key, bool listed, int64_t number);
void lj_record_add_real(struct lj_record *record, size_t key, bool listed, double number);

/* The quick reader that lj_record_read begins with. False where it is not sure of the line: what is no JSON,
 * and what is rare (objects within, a key twice, characters beyond U+FFFF as \u). */
bool lj_record_read_plain(struct lj_record *record, const char *line, size_t length);

/* Is a key one of those under which exports keep the text: text, texto, contenido, content, body …? How good
 * a name it is, 1 the best; 0: none. */
int lj_record_text_key(const char *key);

static inline const struct lj_record_value *
lj_record_at(const struct lj_record *record, guint i)
{
    return &g_array_index(record->values, struct lj_record_value, i);
}

static inline const char *
lj_record_bytes(const struct lj_record *record, size_t at)
{
    return (const char *)record->bytes->data + at;
}

/* The value under the best of those keys; NULL: none. */
const struct lj_record_value *lj_record_text(const struct lj_record *record);

/* Keys become the fields that columns (of columns.h; NULL: none) says they are; these values come first, so that
 * "text" and "date" are theirs. */
void lj_record_map(struct lj_record *record, GHashTable *columns);

/* Does an object hold a text under one of these keys, or one that columns names? Wrapping ("_source") is looked
 * through. */
bool lj_record_is(const json_t *object, GHashTable *columns);

/* What the record of a line, or item, with this number is called within its file: "#12"; g_free. */
char *lj_record_place(const struct lj_job *job, uint64_t number);

/* The hash by which a record is known: of its bytes, and of what its columns are said to mean. */
void lj_record_hash(const struct lj_job *job, const char *raw, size_t length, uint8_t sha256[32]);
/* Makes a document of a record and hands it on. number: which it is, from 1. raw are the bytes it was read from.
 * foreign: an export of another program, whose "headline" is a title and "link" a url; else keys are taken as they
 * are. False when nobody listens any more; what is no record is told as a failure of its place. */
bool lj_record_emit(struct lj_job *job, const struct lj_record *record, uint64_t number,
                    const char *raw, size_t length, bool foreign);

#endif
