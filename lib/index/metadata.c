#include "index/metadata.h"
#include "index/delimited.h"
#include "legajo/date.h"
#include "i18n.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MOST (256u << 20) /* bytes of a table */
#define OWN "@own:"
#define JOINED "@joined"

struct row {
    unsigned number; /* line, or item of JSON */
    GArray *fields;  /* struct lj_property */
    char *date;      /* ISO; NULL: none */
    GPtrArray *keys; /* char *: paths, ids, hashes as written */
    uint64_t digest;
    gint used;
};

/* --- rows --------------------------------------------------------------------------------------
 */

static void
clear_property(gpointer data)
{
    struct lj_property *property = data;
    g_free(property->name);
    g_free(property->value);
}

static struct row *
row_new(unsigned number)
{
    struct row *row = g_new0(struct row, 1);
    row->number = number;
    row->fields = g_array_new(FALSE, FALSE, sizeof(struct lj_property));
    g_array_set_clear_func(row->fields, clear_property);
    row->keys = g_ptr_array_new_with_free_func(g_free);
    return row;
}

static void
row_free(gpointer data)
{
    struct row *row = data;
    g_array_unref(row->fields);
    g_ptr_array_unref(row->keys);
    g_free(row->date);
    g_free(row);
}

static void
free_problem(gpointer data)
{
    struct lj_metadata_problem *problem = data;
    g_free(problem->place);
    g_free(problem->text);
    g_free(problem);
}

static char *
place_of(const struct lj_metadata *table, unsigned number)
{
    return g_strdup_printf(table->json ? _("item %u") : _("line %u"), number);
}

static void add_problem(struct lj_metadata *table, unsigned number, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

static void
add_problem(struct lj_metadata *table, unsigned number, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct lj_metadata_problem *problem = g_new0(struct lj_metadata_problem, 1);
    problem->place = place_of(table, number);
    problem->text = g_strdup_vprintf(format, args);
    va_end(args);
    g_ptr_array_add(table->problems, problem);
}

static void
set(struct row *row, const char *name, const char *value)
{
    char *trimmed = g_strstrip(g_strdup(value ? value : ""));
    if (*trimmed) {
        struct lj_property property = {.name = g_strdup(name), .value = trimmed};
        g_array_append_val(row->fields, property);
    } else {
        g_free(trimmed);
    }
}

/* A cell of a list field: values between semicolons (or bars). */
static void
set_list(struct row *row, const char *name, const char *value)
{
    char **values = g_strsplit_set(value ? value : "", ";|", -1);
    for (char **one = values; *one; one++)
        set(row, name, *one);
    g_strfreev(values);
}

static char *
read_date(const char *text)
{
    char *trimmed = g_strstrip(g_strdup(text));
    struct lj_interval when;
    size_t used = 0, length = strlen(trimmed);
    bool good = lj_interval_from_iso(trimmed, -1, &when) ||
                (lj_date_read(trimmed, length, true, &used, &when) && used == length);
    g_free(trimmed);
    return good ? lj_interval_to_iso(&when) : NULL;
}

/* A path as written anywhere → one form: NFC, '/' between, no "./" before; Zotero's "storage:a.pdf" (a file of
 * its own folders) and "attachments:x/a.pdf" (of its user's) are paths, too. g_free. */
static char *
normal_path(const char *text)
{
    static const char *const bases[] = {"storage:", "attachments:"};
    char *trimmed = g_strstrip(g_strdup(text));
    for (size_t i = 0; i < G_N_ELEMENTS(bases); i++)
        if (g_str_has_prefix(trimmed, bases[i]))
            memmove(trimmed, trimmed + strlen(bases[i]), strlen(trimmed + strlen(bases[i])) + 1);
    char *local =
        g_str_has_prefix(trimmed, "file:") ? g_filename_from_uri(trimmed, NULL, NULL) : NULL;
    char *valid = g_utf8_make_valid(local ? local : trimmed, -1);
    char *path = g_utf8_normalize(valid, -1, G_NORMALIZE_DEFAULT_COMPOSE);
    g_strdelimit(path, "\\", '/');
    size_t skip = 0;
    while (path[skip] == '.' && path[skip + 1] == '/')
        skip += 2;
    memmove(path, path + skip, strlen(path + skip) + 1);
    g_free(trimmed);
    g_free(local);
    g_free(valid);
    return path;
}

/* The last `parts` components of a path; the whole where it has no more. Borrowed. */
static const char *
tail(const char *path, unsigned parts)
{
    for (const char *p = path + strlen(path); p > path; p--)
        if (p[-1] == '/' && --parts == 0)
            return p;
    return path;
}

/* NULL in the table: several rows that say different things have this key. */
static void
enter(GHashTable *keys, const char *key, struct row *row)
{
    gpointer known;
    if (!*key)
        return;
    if (!g_hash_table_lookup_extended(keys, key, NULL, &known))
        g_hash_table_insert(keys, g_strdup(key), row);
    else if (known != row && (!known || ((struct row *)known)->digest != row->digest))
        g_hash_table_insert(keys, g_strdup(key), NULL);
}

static bool
is_hash(const char *text)
{
    return strlen(text) == 64 && strspn(text, "0123456789abcdefABCDEF") == 64;
}

static uint64_t
digest_of(const struct row *row)
{
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    for (guint i = 0; i < row->fields->len; i++) {
        const struct lj_property *field = &g_array_index(row->fields, struct lj_property, i);
        g_checksum_update(sum, (const guchar *)field->name, (gssize)strlen(field->name) + 1);
        g_checksum_update(sum, (const guchar *)field->value, (gssize)strlen(field->value) + 1);
    }
    if (row->date)
        g_checksum_update(sum, (const guchar *)row->date, -1);
    char first[17];
    g_strlcpy(first, g_checksum_get_string(sum), sizeof first);
    uint64_t digest = g_ascii_strtoull(first, NULL, 16);
    g_checksum_free(sum);
    return digest ? digest : 1;
}

/* Takes the row over. */
static void
add_row(struct lj_metadata *table, struct row *row)
{
    if (row->keys->len == 0) {
        add_problem(table, row->number, _("names no document"));
        row_free(row);
        return;
    }
    if (row->fields->len == 0 && !row->date) { /* nothing to say: no harm */
        row_free(row);
        return;
    }
    row->digest = digest_of(row);
    g_ptr_array_add(table->list, row);
    table->rows++;
    for (guint i = 0; i < row->keys->len; i++) {
        const char *key = row->keys->pdata[i];
        if (is_hash(key)) {
            char *lower = g_ascii_strdown(key, -1);
            enter(table->content, lower, row);
            g_free(lower);
            continue;
        }
        char *path = normal_path(key);
        gpointer known = NULL;
        if (g_hash_table_lookup_extended(table->exact, path, NULL, &known) &&
            (!known || ((struct row *)known)->digest != row->digest))
            add_problem(table, row->number, _("%s has another row, which says something else"),
                        path);
        enter(table->exact, path, row);
        enter(table->tails, tail(path, 2), row);
        enter(table->names, tail(path, 1), row);
        g_free(path);
    }
}

/* --- tables ------------------------------------------------------------------------------------
 */

enum column {
    COLUMN_IGNORED,
    COLUMN_KEY,  /* a path, an id, a hash */
    COLUMN_KEYS, /* several paths */
    COLUMN_DATE,
    COLUMN_YEAR, /* where the date says nothing */
    COLUMN_TITLE,
    COLUMN_FIELD, /* a field of the table */
    COLUMN_KIND,  /* Zotero's item type */
    COLUMN_OWN,   /* kept under its own name */
};

static bool
one_of(const char *name, const char *const *names)
{
    for (; *names; names++)
        if (strcmp(name, *names) == 0)
            return true;
    return false;
}

static enum column
column_of(const char *name, bool zotero, const struct lj_field **field)
{
    static const char *const keys[] = {"path",
                                       "ruta",
                                       "file",
                                       "archivo",
                                       "fichero",
                                       "filename",
                                       "id",
                                       "file name",
                                       "nombre",
                                       "nombre de archivo",
                                       "nombre del archivo",
                                       "sha256",
                                       "sha-256",
                                       "hash",
                                       "huella",
                                       "documento",
                                       NULL};
    static const char *const lists[] = {"file attachments", "attachments", "adjuntos", NULL};
    static const char *const years[] = {"publication year", "year", "ano", "año", NULL};
    static const char *const subjects[] = {"manual tags", "automatic tags", NULL};
    char *folded = lj_schema_fold(name, -1);
    enum column column = zotero                      ? COLUMN_IGNORED
                         : *folded && *folded != '@' ? COLUMN_OWN
                                                     : COLUMN_IGNORED;
    *field = NULL;
    const struct lj_field *found = lj_field_find(folded, -1);
    if (one_of(folded, lists)) {
        column = COLUMN_KEYS;
    } else if (!zotero && one_of(folded, keys)) {
        column = COLUMN_KEY;
    } else if (one_of(folded, years)) {
        column = COLUMN_YEAR;
    } else if (zotero && strcmp(folded, "item type") == 0) {
        column = COLUMN_KIND;
    } else if (zotero && one_of(folded, subjects)) {
        column = COLUMN_FIELD;
        *field = &lj_field_table()[LJ_FIELD_SUBJECT];
    } else if (zotero && strcmp(folded, "publisher") == 0) {
        column = COLUMN_FIELD;
        *field = &lj_field_table()[LJ_FIELD_ORGANIZATION];
    } else if (found && found->id == LJ_FIELD_DATE) {
        column = COLUMN_DATE;
    } else if (found && lj_field_is_said(found)) {
        column = found->id == LJ_FIELD_TITLE ? COLUMN_TITLE : COLUMN_FIELD;
        *field = found;
    }
    g_free(folded);
    return column;
}

/* Item types of Zotero and CSL as archives call them; those that say nothing of a document's kind are
 * left out. */
static const char *
kind_of(const char *item)
{
    static const char *const kinds[][2] = {{"statute", "ley"},
                                           {"legislation", "ley"},
                                           {"bill", "iniciativa"},
                                           {"case", "sentencia"},
                                           {"legal_case", "sentencia"},
                                           {"hearing", "comparecencia"},
                                           {"report", "informe"},
                                           {"newspaperArticle", "noticia"},
                                           {"article-newspaper", "noticia"},
                                           {"journalArticle", "artículo"},
                                           {"article-journal", "artículo"},
                                           {"thesis", "tesis"},
                                           {"letter", "carta"},
                                           {"email", "correo"},
                                           {"presentation", "discurso"},
                                           {"speech", "discurso"},
                                           {"patent", "patente"},
                                           {"treaty", "tratado"},
                                           {"interview", "entrevista"},
                                           {"map", "mapa"}};
    for (size_t i = 0; item && i < G_N_ELEMENTS(kinds); i++)
        if (strcmp(item, kinds[i][0]) == 0)
            return kinds[i][1];
    return NULL;
}

static bool
has_field(const struct row *row, const char *name)
{
    for (guint i = 0; i < row->fields->len; i++)
        if (strcmp(g_array_index(row->fields, struct lj_property, i).name, name) == 0)
            return true;
    return false;
}

/* False for a row that cannot be used: a problem then says why. */
static bool
read_cell(struct lj_metadata *table, struct row *row, enum column column,
          const struct lj_field *field, const char *name, char *cell, const char **item,
          const char **year)
{
    if (!*g_strstrip(cell))
        return true;
    switch (column) {
    case COLUMN_KEY:
        g_ptr_array_add(row->keys, g_strdup(cell));
        break;
    case COLUMN_KEYS: {
        char **paths = g_strsplit(cell, ";", -1);
        for (char **path = paths; *path; path++)
            if (*g_strstrip(*path))
                g_ptr_array_add(row->keys, g_strdup(*path));
        if (paths[0] && paths[1]) /* "Ley; reforma.pdf" may be one name */
            g_ptr_array_add(row->keys, g_strdup(cell));
        g_strfreev(paths);
        break;
    }
    case COLUMN_DATE:
        g_free(row->date);
        row->date = read_date(cell);
        if (!row->date) {
            add_problem(table, row->number, _("«%s» is no date (2026-01-21, 21/01/2026, 2026)"),
                        cell);
            return false;
        }
        break;
    case COLUMN_YEAR:
        *year = cell;
        break;
    case COLUMN_KIND:
        *item = cell;
        break;
    case COLUMN_TITLE:
        set(row, "title", cell);
        break;
    case COLUMN_FIELD:
        if (field->list)
            set_list(row, field->name, cell);
        else
            set(row, field->name, cell);
        break;
    case COLUMN_OWN:
        set(row, name, cell);
        break;
    case COLUMN_IGNORED:
        break;
    }
    return true;
}

/* Dates of Zotero are what its user typed: where they cannot be read, the year does. */
static bool
read_record(struct lj_metadata *table, const GPtrArray *header, const enum column *columns,
            const struct lj_field *const *fields, bool zotero, GPtrArray *record, unsigned line)
{
    struct row *row = row_new(line);
    const char *item = NULL, *year = NULL;
    bool good = true;
    for (guint i = header->len; good && i < record->len; i++)
        if (*g_strstrip(record->pdata[i])) {
            add_problem(table, line, _("has %u cells, the first line %u"), record->len,
                        header->len);
            good = false;
        }
    for (guint i = 0; good && i < MIN(header->len, record->len); i++) {
        char *date = zotero && columns[i] == COLUMN_DATE ? read_date(record->pdata[i]) : NULL;
        if (zotero && columns[i] == COLUMN_DATE && !date)
            continue;
        g_free(date);
        good = read_cell(table, row, columns[i], fields[i], header->pdata[i], record->pdata[i],
                         &item, &year);
    }
    if (good && !row->date && year)
        row->date = read_date(year);
    if (good && kind_of(item) && !has_field(row, "type"))
        set(row, "type", kind_of(item));
    if (good && zotero && row->keys->len == 0)
        good = false; /* an item without a file is no mistake */
    if (good)
        add_row(table, row);
    else
        row_free(row);
    return good;
}

static bool
read_table(struct lj_metadata *table, const char *bytes, size_t length, GError **error)
{
    struct lj_delimited *cells = lj_delimited_read(bytes, length);
    unsigned line = 0;
    GPtrArray *header = lj_delimited_next(cells, &line, error);
    bool zotero = false, keyed = false;
    for (guint i = 0; header && i < header->len; i++) {
        g_strstrip(header->pdata[i]);
        zotero |= strcmp(header->pdata[i], "File Attachments") == 0;
    }
    enum column *columns = g_new0(enum column, header ? header->len + 1 : 1);
    const struct lj_field **fields = g_new0(const struct lj_field *, header ? header->len + 1 : 1);
    for (guint i = 0; header && i < header->len; i++) {
        columns[i] = column_of(header->pdata[i], zotero, &fields[i]);
        keyed |= columns[i] == COLUMN_KEY || columns[i] == COLUMN_KEYS;
    }
    if (!keyed && (!error || !*error))
        g_set_error(error, LJ_ERROR, LJ_ERROR_FORMAT,
                    _("%s: no column names the documents; one must be called path, file (ruta, "
                      "archivo), id or sha256"),
                    table->path);
    for (bool more = keyed; more;) {
        GError *failure = NULL;
        GPtrArray *record = lj_delimited_next(cells, &line, &failure);
        if (failure)
            add_problem(table, line, "%s", failure->message);
        else if (record)
            read_record(table, header, columns, fields, zotero, record, line);
        more = failure || record;
        g_clear_error(&failure);
        if (record)
            g_ptr_array_unref(record);
    }
    if (header)
        g_ptr_array_unref(header);
    g_free(columns);
    g_free(fields);
    lj_delimited_free(cells);
    return keyed;
}

/* --- CSL-JSON ----------------------------------------------------------------------------------
 */

static const char *
string_of(const json_t *item, const char *const *names)
{
    for (; *names; names++) {
        const char *text = json_string_value(json_object_get(item, *names));
        if (text && *text)
            return text;
    }
    return NULL;
}

#define STRING(item, ...) string_of(item, (const char *const[]){__VA_ARGS__, NULL})

/* "issued": {"date-parts": [[2026, 1, 21]]} or {"raw": …}, {"literal": …}; Zotero: "date". */
static char *
csl_date(const json_t *item)
{
    const json_t *issued = json_object_get(item, "issued");
    const json_t *parts = json_array_get(json_object_get(issued, "date-parts"), 0);
    int number[3] = {0};
    for (size_t i = 0; i < 3; i++) {
        const json_t *part = json_array_get(parts, i);
        number[i] =
            json_is_string(part) ? atoi(json_string_value(part)) : (int)json_integer_value(part);
    }
    struct lj_interval when;
    if (number[0] > 0 && number[1] >= 0 && number[2] >= 0 &&
        lj_interval_of((uint32_t)number[0], (uint32_t)number[1], (uint32_t)number[2], &when))
        return lj_interval_to_iso(&when);
    const char *text = STRING(issued, "literal", "raw");
    if (!text)
        text = STRING(item, "date");
    return text ? read_date(text) : NULL;
}

static void
csl_names(struct row *row, const json_t *names)
{
    for (size_t i = 0; i < json_array_size(names); i++) {
        const json_t *name = json_array_get(names, i);
        const char *whole = STRING(name, "literal", "name"),
                   *family = STRING(name, "family", "lastName"),
                   *given = STRING(name, "given", "firstName"),
                   *particle = STRING(name, "non-dropping-particle");
        const char *role = STRING(name, "creatorType");
        if (role && strcmp(role, "author") != 0)
            continue;
        GString *joined = g_string_new(whole);
        const char *const parts[] = {given, particle, family};
        for (size_t p = 0; !whole && p < G_N_ELEMENTS(parts); p++)
            if (parts[p])
                g_string_append_printf(joined, "%s%s", joined->len ? " " : "", parts[p]);
        set(row, "author", joined->str);
        g_string_free(joined, TRUE);
    }
}

/* Paths of the item's files, under the names that exports use; and its id. */
static void
csl_keys(struct row *row, const json_t *item)
{
    const json_t *attachments = json_object_get(item, "attachments");
    for (size_t i = 0; i < json_array_size(attachments); i++) {
        const json_t *one = json_array_get(attachments, i);
        const char *path =
            json_is_string(one) ? json_string_value(one) : STRING(one, "path", "localPath", "file");
        if (path && *path)
            g_ptr_array_add(row->keys, g_strdup(path));
    }
    const char *place = STRING(item, "archive_location");
    if (place && g_str_has_prefix(place, "file:"))
        g_ptr_array_add(row->keys, g_strdup(place));
    static const char *const names[] = {"path", "file", "sha256", "id"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        const char *key = json_string_value(json_object_get(item, names[i]));
        if (key && *key)
            g_ptr_array_add(row->keys, g_strdup(key));
    }
}

static void
read_item(struct lj_metadata *table, const json_t *item, unsigned number)
{
    if (!json_is_object(item)) {
        add_problem(table, number, _("is no object"));
        return;
    }
    struct row *row = row_new(number);
    csl_keys(row, item);
    set(row, "title", STRING(item, "title"));
    set(row, "url", STRING(item, "URL", "url"));
    set(row, "language", STRING(item, "language"));
    set(row, "organization", STRING(item, "publisher", "institution", "authority"));
    set(row, "country", STRING(item, "country"));
    const char *type = STRING(item, "genre");
    set(row, "type", type ? type : kind_of(STRING(item, "type", "itemType")));
    const char *keywords = STRING(item, "keyword");
    char **words = g_strsplit_set(keywords ? keywords : "", ",;", -1);
    for (char **word = words; *word; word++)
        set(row, "subject", *word);
    g_strfreev(words);
    const json_t *tags = json_object_get(item, "tags");
    for (size_t i = 0; i < json_array_size(tags); i++) {
        const json_t *tag = json_array_get(tags, i);
        set(row, "subject", json_is_string(tag) ? json_string_value(tag) : STRING(tag, "tag"));
    }
    const json_t *authors = json_object_get(item, "author");
    csl_names(row, authors ? authors : json_object_get(item, "creators"));
    row->date = csl_date(item);
    add_row(table, row);
}

static bool
read_json(struct lj_metadata *table, const char *bytes, size_t length, GError **error)
{
    GString *text = lj_delimited_decode(bytes, length);
    json_error_t problem;
    json_t *root = json_loadb(text->str, text->len, JSON_REJECT_DUPLICATES, &problem);
    g_string_free(text, TRUE);
    const json_t *items = json_is_array(root) ? root : json_object_get(root, "items");
    if (!root)
        g_set_error(error, LJ_ERROR, LJ_ERROR_FORMAT, _("%s: line %d: no JSON: %s"), table->path,
                    problem.line, problem.text);
    else if (!json_is_array(items))
        g_set_error(error, LJ_ERROR, LJ_ERROR_FORMAT, _("%s: no list of items"), table->path);
    for (size_t i = 0; i < json_array_size(items); i++)
        read_item(table, json_array_get(items, i), (unsigned)i + 1);
    bool good = json_is_array(items);
    json_decref(root);
    return good;
}

/* --- reading -----------------------------------------------------------------------------------
 */

static GHashTable *
keys_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

struct lj_metadata *
lj_metadata_read(const char *path, GError **error)
{
    GError *failure = NULL;
    char *bytes = NULL;
    gsize length = 0;
    if (!g_file_get_contents(path, &bytes, &length, &failure)) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_NO_INPUT, _("metadata: %s"), failure->message);
        g_error_free(failure);
        return NULL;
    }
    struct lj_metadata *table = g_new0(struct lj_metadata, 1);
    table->path = g_strdup(path);
    table->problems = g_ptr_array_new_with_free_func(free_problem);
    table->list = g_ptr_array_new_with_free_func(row_free);
    GHashTable **keys[] = {&table->exact, &table->content,    &table->tails,
                           &table->names, &table->file_tails, &table->file_names};
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
        *keys[i] = keys_new();
    char *digest = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, length);
    g_strlcpy(table->digest, digest, sizeof table->digest);
    g_free(digest);
    size_t skip = 0;
    while (skip < length && strchr(" \t\r\n\xEF\xBB\xBF", bytes[skip]))
        skip++;
    table->json = skip < length && (bytes[skip] == '[' || bytes[skip] == '{');
    bool good = false;
    if (length > FILE_MOST)
        g_set_error(error, LJ_ERROR, LJ_ERROR_FORMAT, _("%s: larger than %u MB"), path,
                    FILE_MOST >> 20);
    else
        good = table->json ? read_json(table, bytes, length, error)
                           : read_table(table, bytes, length, error);
    g_free(bytes);
    if (good)
        return table;
    lj_metadata_free(table);
    return NULL;
}

void
lj_metadata_free(struct lj_metadata *table)
{
    if (!table)
        return;
    g_ptr_array_unref(table->problems);
    g_ptr_array_unref(table->list);
    g_hash_table_unref(table->exact);
    g_hash_table_unref(table->content);
    g_hash_table_unref(table->tails);
    g_hash_table_unref(table->names);
    g_hash_table_unref(table->file_tails);
    g_hash_table_unref(table->file_names);
    g_free(table->path);
    g_free(table);
}

/* --- joining -----------------------------------------------------------------------------------
 */

static void
count(GHashTable *counts, const char *key)
{
    guint known = GPOINTER_TO_UINT(g_hash_table_lookup(counts, key));
    g_hash_table_insert(counts, g_strdup(key), GUINT_TO_POINTER(known + 1));
}

void
lj_metadata_note_file(struct lj_metadata *table, const char *path)
{
    char *normal = normal_path(path);
    count(table->file_tails, tail(normal, 2));
    count(table->file_names, tail(normal, 1));
    g_free(normal);
}

static struct row *
find(struct lj_metadata *table, const struct lj_metadata_place *place)
{
    struct row *row = g_hash_table_lookup(table->exact, place->id);
    char hex[65];
    lj_sha256_hex(place->sha256, hex);
    if (!place->path)
        return row ? row : g_hash_table_lookup(table->content, hex);
    char *path = normal_path(place->path);
    char *whole = place->root ? g_strconcat(place->root, "/", path, NULL) : NULL;
    if (!row)
        row = g_hash_table_lookup(table->exact, path);
    if (!row && whole)
        row = g_hash_table_lookup(table->exact, whole);
    if (!row)
        row = g_hash_table_lookup(table->content, hex);
    if (!row && GPOINTER_TO_UINT(g_hash_table_lookup(table->file_tails, tail(path, 2))) <= 1)
        row = g_hash_table_lookup(table->tails, tail(path, 2));
    if (!row && GPOINTER_TO_UINT(g_hash_table_lookup(table->file_names, tail(path, 1))) <= 1)
        row = g_hash_table_lookup(table->names, tail(path, 1));
    g_free(path);
    g_free(whole);
    return row;
}

/* The row of the first path that has one; all that have one are used. */
static struct row *
use_row(struct lj_metadata *table, const struct lj_metadata_place *place)
{
    struct row *row = find(table, place);
    if (row)
        g_atomic_int_set(&row->used, 1);
    for (guint i = 0; place->path && place->copies && i < place->copies->len; i++) {
        const char *copy = place->copies->pdata[i];
        char *id = lj_file_id(copy);
        struct lj_metadata_place other = *place;
        other.id = id;
        other.path = strchr(copy, '/') + 1;
        struct row *its = find(table, &other);
        if (its)
            g_atomic_int_set(&its->used, 1);
        row = row ? row : its;
        g_free(id);
    }
    return row;
}

uint64_t
lj_metadata_digest(struct lj_metadata *table, const struct lj_metadata_place *place)
{
    struct row *row = table ? use_row(table, place) : NULL;
    return row ? row->digest : 0;
}

static void
remove_properties(struct lj_document *document, const char *name)
{
    for (guint i = document->properties->len; i-- > 0;)
        if (strcmp(g_array_index(document->properties, struct lj_property, i).name, name) == 0)
            g_array_remove_index(document->properties, i);
}

static void
rename_property(struct lj_property *property, const char *name)
{
    if (property->lent)
        property->value = g_strdup(property->value);
    else
        g_free(property->name);
    property->name = g_strdup(name);
    property->lent = false;
}

static void
undo(struct lj_document *document)
{
    GPtrArray *joined = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < document->properties->len; i++) {
        const struct lj_property *p = &g_array_index(document->properties, struct lj_property, i);
        if (strcmp(p->name, JOINED) == 0)
            g_ptr_array_add(joined, g_strdup(p->value));
    }
    remove_properties(document, JOINED);
    remove_properties(document, LJ_PROPERTY_METADATA);
    for (guint j = 0; j < joined->len; j++) {
        const char *name = joined->pdata[j];
        char *own = g_strconcat(OWN, name, NULL);
        if (strcmp(name, "date") == 0) {
            const char *was = lj_document_field(document, own); /* "3 2026-01-21": rung, date */
            lj_document_drop(document, document->date);
            document->date = was && strchr(was, ' ') ? g_strdup(strchr(was, ' ') + 1) : NULL;
            document->date_from = document->date ? (enum lj_date_rung)atoi(was) : LJ_DATE_NONE;
            remove_properties(document, own);
        } else {
            remove_properties(document, name);
            for (guint i = 0; i < document->properties->len; i++) {
                struct lj_property *p = &g_array_index(document->properties, struct lj_property, i);
                if (strcmp(p->name, own) != 0)
                    continue;
                rename_property(p, name);
            }
        }
        g_free(own);
    }
    g_ptr_array_unref(joined);
}

/* What the document itself says of a field goes aside, once. */
static void
set_aside(struct lj_document *document, const char *name)
{
    char *own = g_strconcat(OWN, name, NULL);
    for (guint i = 0; i < document->properties->len; i++) {
        struct lj_property *p = &g_array_index(document->properties, struct lj_property, i);
        if (strcmp(p->name, name) != 0)
            continue;
        rename_property(p, own);
    }
    lj_document_add_field(document, JOINED, name);
    g_free(own);
}

void
lj_metadata_join(struct lj_metadata *table, struct lj_document *document,
                 const struct lj_metadata_place *place)
{
    undo(document);
    struct row *row = table ? use_row(table, place) : NULL;
    if (!row)
        return;
    char digest[17];
    g_snprintf(digest, sizeof digest, "%016" G_GINT64_MODIFIER "x", row->digest);
    lj_document_add_field(document, LJ_PROPERTY_METADATA, digest);
    for (guint i = 0; i < row->fields->len; i++) {
        const char *name = g_array_index(row->fields, struct lj_property, i).name;
        bool before = false;
        for (guint k = 0; k < i && !before; k++)
            before = strcmp(g_array_index(row->fields, struct lj_property, k).name, name) == 0;
        if (!before)
            set_aside(document, name);
    }
    for (guint i = 0; i < row->fields->len; i++) {
        const struct lj_property *field = &g_array_index(row->fields, struct lj_property, i);
        lj_document_add_field(document, field->name, field->value);
    }
    if (row->date) {
        if (document->date) {
            char *was = g_strdup_printf("%d %s", (int)document->date_from, document->date);
            lj_document_add_field(document, OWN "date", was);
            g_free(was);
        }
        lj_document_add_field(document, JOINED, "date");
        lj_document_drop(document, document->date);
        document->date = g_strdup(row->date);
        document->date_from = LJ_DATE_GIVEN;
    }
}

uint64_t
lj_metadata_joined(const struct lj_document *document)
{
    const char *digest = lj_document_field(document, LJ_PROPERTY_METADATA);
    return digest ? g_ascii_strtoull(digest, NULL, 16) : 0;
}

GPtrArray *
lj_metadata_unused(const struct lj_metadata *table)
{
    GPtrArray *unused = g_ptr_array_new_with_free_func(free_problem);
    for (guint i = 0; i < table->list->len; i++) {
        const struct row *row = table->list->pdata[i];
        if (row->used)
            continue;
        struct lj_metadata_problem *problem = g_new0(struct lj_metadata_problem, 1);
        problem->place = place_of(table, row->number);
        problem->text = g_strdup_printf(_("no document is %s"), (char *)row->keys->pdata[0]);
        g_ptr_array_add(unused, problem);
    }
    return unused;
}
