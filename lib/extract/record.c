#include "extract/record.h"
#include "legajo/schema.h"

#include <string.h>

struct lj_record *
lj_record_new(void)
{
    struct lj_record *record = g_new(struct lj_record, 1);
    record->values = g_array_new(FALSE, FALSE, sizeof(struct lj_record_value));
    record->bytes = g_byte_array_new();
    return record;
}

void
lj_record_free(struct lj_record *record)
{
    if (!record)
        return;
    g_array_unref(record->values);
    g_byte_array_unref(record->bytes);
    g_free(record);
}

static size_t
keep(struct lj_record *record, const char *string, size_t length)
{
    size_t at = record->bytes->len;
    g_byte_array_set_size(record->bytes, (guint)(at + length + 1));
    memcpy(record->bytes->data + at, string, length);
    record->bytes->data[at + length] = 0;
    return at;
}

size_t
lj_record_key(struct lj_record *record, const char *key, size_t length)
{
    return keep(record, key, length);
}

void
lj_record_add(struct lj_record *record, size_t key, bool listed, enum lj_record_kind kind,
              const char *string, size_t length)
{
    struct lj_record_value value = {kind, listed, key, keep(record, string, length), length};
    g_array_append_val(record->values, value);
}

void
lj_record_add_integer(struct lj_record *record, size_t key, bool listed, int64_t number)
{
    char text[40];
    int n = g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT, number);
    lj_record_add(record, key, listed, LJ_RECORD_NUMBER, text, (size_t)n);
}

void
lj_record_add_real(struct lj_record *record, size_t key, bool listed, double number)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_dtostr(text, sizeof text, number);
    lj_record_add(record, key, listed, LJ_RECORD_NUMBER, text, strlen(text));
}

static int
rank_key(const char *key)
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

#define RANKED 512

/* Keys come again with every record: each is ranked once. The table is bounded, since keys are the
 * documents' own. */
int
lj_record_text_key(const char *key)
{
    static GHashTable *known; /* of the helper's one thread */
    gpointer rank;
    if (!known)
        known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (g_hash_table_lookup_extended(known, key, NULL, &rank))
        return GPOINTER_TO_INT(rank);
    if (g_hash_table_size(known) >= RANKED)
        g_hash_table_remove_all(known);
    rank = GINT_TO_POINTER(rank_key(key));
    g_hash_table_insert(known, g_strdup(key), rank);
    return GPOINTER_TO_INT(rank);
}

const struct lj_record_value *
lj_record_text(const struct lj_record *record)
{
    const struct lj_record_value *found = NULL;
    int best = 0;
    for (guint i = 0; i < record->values->len; i++) {
        const struct lj_record_value *value = lj_record_at(record, i);
        if (value->listed || value->kind != LJ_RECORD_STRING)
            continue;
        int rank = lj_record_text_key(lj_record_bytes(record, value->key));
        if (rank > 0 && (best == 0 || rank < best)) {
            best = rank;
            found = value;
        }
    }
    return found;
}

void
lj_record_map(struct lj_record *record, GHashTable *columns)
{
    guint mapped = 0;
    for (guint i = 0; columns && i < record->values->len; i++) {
        struct lj_record_value value = *lj_record_at(record, i);
        const char *field = lj_columns_field(columns, lj_record_bytes(record, value.key));
        if (!field)
            continue;
        value.key = keep(record, field, strlen(field));
        g_array_remove_index(record->values, i);
        g_array_insert_val(record->values, mapped, value);
        mapped++;
    }
}

bool
lj_record_is(const json_t *object, GHashTable *columns)
{
    if (!json_is_object(object))
        return false;
    struct lj_record *record = lj_record_new();
    lj_record_take(record, object);
    lj_record_map(record, columns);
    bool is = lj_record_text(record) != NULL;
    lj_record_free(record);
    return is;
}
