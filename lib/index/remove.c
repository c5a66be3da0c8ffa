/* --remove, --restore, --remove-source: what people take out of an index by hand.
 *
 * A file's only document is kept out by its own row of the manifest (LJ_FILE_REMOVED); a member or a
 * record by a row of its own, whose path is LJ_REMOVED_ID and the id, and whose reason is the row of the
 * file it was read from.
 */
#include "index/removed.h"
#include "index/job.h"
#include "index/run.h"
#include "index/sources.h"
#include "index/store.h"
#include "index/wordlog.h"
#include "i18n.h"

#include <string.h>

/* --- rows -------------------------------------------------------------------------------------- */

const char *
lj_removed_id(const struct lj_row *row)
{
    if (row->state != LJ_FILE_REMOVED)
        return NULL;
    const char *path = strchr(row->key, '/');
    return path && path[1] == LJ_REMOVED_ID ? path + 2 : NULL;
}

GHashTable *
lj_removed_ids(struct lj_journal *journal)
{
    GHashTable *ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GPtrArray *rows = lj_journal_rows(journal);
    for (guint i = 0; i < rows->len; i++) {
        const char *id = lj_removed_id(rows->pdata[i]);
        if (id)
            g_hash_table_add(ids, g_strdup(id));
    }
    g_ptr_array_unref(rows);
    return ids;
}

static char *
composed(const char *text)
{
    char *out = g_utf8_normalize(text, -1, G_NORMALIZE_DEFAULT_COMPOSE);
    return out ? out : g_utf8_make_valid(text, -1);
}

static bool
is_key(const char *text)
{
    size_t length = strlen(text);
    return length >= 4 && length <= 10 && strspn(text, "0123456789abcdefABCDEF") == length;
}

static void
ambiguous(const char *key, GError **error)
{
    g_set_error(error, LJ_ERROR, LJ_ERROR_NO_INPUT,
                _("%s: several documents have a key that begins so; give more of it"), key);
}

/* --- finding ----------------------------------------------------------------------------------- */

/* The one document whose key begins so. place->docid 0: none. */
static bool
find_by_key(struct lj_store *store, const char *key, struct lj_place *place, GError **error)
{
    char *lower = g_ascii_strdown(key, -1), *start = g_strconcat("XK", lower, NULL);
    struct xap_vocabulary *terms =
        lj_xap_terms(store->reader, start, strlen(start), "", 0, 2, error);
    bool good = terms != NULL;
    GArray *places = NULL;
    if (good && terms->n > 1) {
        ambiguous(key, error);
        good = false;
    } else if (good && terms->n == 1) {
        places = lj_store_having(store, terms->entry[0].term, terms->entry[0].length, error);
        good = places != NULL;
        if (good && places->len > 0)
            *place = g_array_index(places, struct lj_place, 0);
    }
    if (places)
        g_array_unref(places);
    lj_xap_vocabulary_free(terms);
    g_free(lower);
    g_free(start);
    return good;
}

/* The document that a file is a copy of, by the copy's id or the beginning of its key. */
static bool
find_by_copy(struct lj_store *store, const char *id, struct lj_place *place, GError **error)
{
    GPtrArray *rows = lj_journal_rows(store->journal);
    const char *first = NULL;
    for (guint i = 0; i < rows->len && !first; i++) {
        const struct lj_row *row = rows->pdata[i];
        char *own = row->state == LJ_FILE_COPY ? lj_file_id(row->key) : NULL;
        if (own && strcmp(own, id) == 0)
            first = row->reason;
        g_free(own);
    }
    g_ptr_array_unref(rows);
    char *whole = first ? lj_file_id(first) : NULL;
    bool good = !whole || lj_store_find(store, whole, place, NULL, NULL, error);
    g_free(whole);
    return good;
}

/* The document an id, or the beginning of a key, names. */
static struct lj_document *
find_document(struct lj_store *store, const char *given, struct lj_place *place, char **source,
              GError **error)
{
    char *id = composed(given);
    bool good = lj_store_find(store, id, place, NULL, NULL, error);
    if (good && !place->docid)
        good = find_by_copy(store, id, place, error);
    if (good && !place->docid && store->reader && is_key(given))
        good = find_by_key(store, given, place, error);
    g_free(id);
    if (!good)
        return NULL;
    if (!place->docid) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_NO_INPUT, _("%s: there is no such document"), given);
        return NULL;
    }
    g_free(lj_stored_name(store->reader, *place, source, NULL));
    return lj_store_document(store, *place, error);
}

/* --- jobs -------------------------------------------------------------------------------------- */

static bool
finish(const struct lj_run_options *options, struct lj_store *store, GError **error)
{
    if (!lj_store_commit(store, error))
        return false;
    GError *failure = NULL; /* the list of words is derived */
    if (!lj_wordlog_update(store->layout, store->touched, &failure))
        lj_say(options, LJ_MESSAGE_WARNING, "%s", failure->message);
    g_clear_error(&failure);
    return true;
}

/* The rows of the further paths of a document that went: they stay out with it, and are known by its bytes. */
static void
note_copies_removed(struct lj_store *store, const struct lj_document *document, const char *file)
{
    for (guint i = 0; i < document->properties->len; i++) {
        const struct lj_property *p = &g_array_index(document->properties, struct lj_property, i);
        const struct lj_row *row = strcmp(p->name, LJ_PROPERTY_COPY) == 0
                                       ? lj_journal_find(store->journal, p->value)
                                       : NULL;
        if (!row || row->state != LJ_FILE_COPY || g_strcmp0(row->reason, file) != 0)
            continue;
        struct lj_row removed = *row;
        removed.state = LJ_FILE_REMOVED;
        removed.key = g_strdup(row->key);
        removed.reason = NULL;
        lj_journal_set(store->journal, &removed);
        g_free(removed.key);
    }
}

/* Rows after a document went: the file's own, or one for the id and one document less of the file. */
static void
note_removed(struct lj_store *store, const struct lj_document *document, const char *source)
{
    const char *file = lj_document_field(document, LJ_PROPERTY_FILE);
    struct lj_row *row = file ? lj_journal_find(store->journal, file) : NULL;
    char *id = file ? lj_file_id(file) : NULL;
    if (row && strcmp(id, document->id) == 0) {
        note_copies_removed(store, document, file);
        struct lj_row removed = *row;
        removed.state = LJ_FILE_REMOVED;
        removed.documents = 0;
        removed.key = g_strdup(row->key);
        removed.reason = NULL;
        lj_journal_set(store->journal, &removed);
        g_free(removed.key);
        g_free(id);
        return;
    }
    if (row && row->documents > 0) {
        struct lj_row less = *row;
        less.documents--;
        less.key = g_strdup(row->key);
        less.reason = g_strdup(row->reason);
        lj_journal_set(store->journal, &less);
        g_free(less.key);
        g_free(less.reason);
    }
    char *key = g_strdup_printf("%s/%c%s", source, LJ_REMOVED_ID, document->id);
    struct lj_row removed = {.key = key, .state = LJ_FILE_REMOVED, .reason = (char *)file};
    lj_journal_set(store->journal, &removed);
    g_free(key);
    g_free(id);
}

static bool
do_remove(const struct lj_run_options *options, struct lj_store *store, const char *id,
          GError **error)
{
    struct lj_place place = {0, 0};
    char *source = NULL;
    struct lj_document *document = find_document(store, id, &place, &source, error);
    bool good = document && lj_store_delete(store, place, document->id, error);
    if (good) {
        note_removed(store, document, source);
        good = finish(options, store, error);
    }
    if (good)
        lj_say(options, LJ_MESSAGE_INFO,
               _("%s is removed and stays out; let it in again with --restore"), document->id);
    lj_document_free(document);
    g_free(source);
    return good;
}

bool
lj_index_remove(const struct lj_run_options *options, const char *id, GError **error)
{
    return lj_job(options, LJ_STORE_UPDATE, "remove", do_remove, id, error);
}

/* The removed document that an id, or the beginning of a key, names. */
static struct lj_row *
find_removed(struct lj_store *store, const char *given, GError **error)
{
    GPtrArray *rows = lj_journal_rows(store->journal);
    char *wanted = composed(given), *prefix = is_key(given) ? g_ascii_strdown(given, -1) : NULL;
    struct lj_row *exact = NULL, *by_key = NULL;
    guint n = 0;
    for (guint i = 0; i < rows->len; i++) {
        struct lj_row *row = rows->pdata[i];
        if (row->state != LJ_FILE_REMOVED)
            continue;
        const char *own = lj_removed_id(row);
        char *id = own ? composed(own) : lj_file_id(row->key), key[11];
        lj_document_key(id, key);
        if (strcmp(id, wanted) == 0)
            exact = row;
        if (prefix && g_str_has_prefix(key, prefix)) {
            by_key = row;
            n++;
        }
        g_free(id);
    }
    if (!exact && n > 1)
        ambiguous(given, error);
    else if (!exact && n == 0)
        g_set_error(error, LJ_ERROR, LJ_ERROR_NO_INPUT,
                    _("%s: no document of this id was removed by hand"), given);
    g_ptr_array_unref(rows);
    g_free(wanted);
    g_free(prefix);
    return exact ? exact : n == 1 ? by_key : NULL;
}

/* Forgets the row of what was removed, and of the files that were removed with it, as paths of one document. */
static void
let_in(struct lj_store *store, const struct lj_row *row)
{
    GPtrArray *rows = lj_journal_rows(store->journal),
              *keys = g_ptr_array_new_with_free_func(g_free);
    bool file = !lj_removed_id(row) && lj_row_has_hash(row);
    size_t source = strcspn(row->key, "/") + 1;
    for (guint i = 0; i < rows->len; i++) {
        const struct lj_row *other = rows->pdata[i];
        if (other == row || (file && other->state == LJ_FILE_REMOVED && !lj_removed_id(other) &&
                             strncmp(other->key, row->key, source) == 0 &&
                             memcmp(other->sha256, row->sha256, sizeof row->sha256) == 0))
            g_ptr_array_add(keys, g_strdup(other->key));
    }
    for (guint i = 0; i < keys->len; i++) {
        struct lj_row gone = {.key = keys->pdata[i], .state = LJ_FILE_GONE};
        lj_journal_set(store->journal, &gone);
    }
    g_ptr_array_unref(keys);
    g_ptr_array_unref(rows);
}

static bool
do_restore(const struct lj_run_options *options, struct lj_store *store, const char *id,
           GError **error)
{
    struct lj_row *row = find_removed(store, id, error);
    bool good = row != NULL;
    if (good) {
        bool record = lj_removed_id(row) != NULL;
        struct lj_row *file = row->reason ? lj_journal_find(store->journal, row->reason) : NULL;
        if (file) { /* read again next time: what is unchanged in it stays */
            struct lj_row again = *file;
            again.mtime = again.ctime = 0;
            memset(again.sha256, 0, sizeof again.sha256);
            again.key = g_strdup(file->key);
            again.reason = g_strdup(file->reason);
            lj_journal_set(store->journal, &again);
            g_free(again.key);
            g_free(again.reason);
        }
        let_in(store, row);
        good = finish(options, store, error);
        if (good && record && !file)
            lj_say(options, LJ_MESSAGE_INFO, _("%s comes back when its record is fed again"), id);
        else if (good)
            lj_say(options, LJ_MESSAGE_INFO, _("%s comes back with the next run"), id);
    }
    return good;
}

bool
lj_index_restore(const struct lj_run_options *options, const char *id, GError **error)
{
    return lj_job(options, LJ_STORE_UPDATE, "restore", do_restore, id, error);
}

/* Takes a source out of those remembered; *found: was there one? */
static bool
forget_source(const char *dir, const char *name, bool *found, GError **error)
{
    GPtrArray *sources = lj_sources_load(dir, error);
    if (!sources)
        return false;
    *found = false;
    for (guint i = sources->len; i-- > 0;) {
        const struct lj_source *source = sources->pdata[i];
        if (strcmp(source->name, name) == 0) {
            g_ptr_array_remove_index(sources, i);
            *found = true;
        }
    }
    bool good = !*found || lj_sources_save(dir, sources, error);
    g_ptr_array_unref(sources);
    return good;
}

/* Documents of a source; the term knows its name folded only. */
static bool
delete_documents(const struct lj_run_options *options, struct lj_store *store, const char *name,
                 uint64_t *deleted, GError **error)
{
    char *folded = lj_schema_fold(name, -1);
    GString *term = g_string_new(NULL);
    lj_term_bounded("XN", folded, term);
    GArray *places = lj_store_having(store, term->str, term->len, error);
    bool good = places != NULL;
    for (guint i = 0; good && i < places->len && !(options->stop && *options->stop); i++) {
        struct lj_place place = g_array_index(places, struct lj_place, i);
        char *source = NULL, *id = lj_stored_name(store->reader, place, &source, error);
        if (id && strcmp(source, name) == 0) {
            good = lj_store_delete(store, place, id, error) &&
                   (!lj_store_due(store) || lj_store_commit(store, error));
            *deleted += 1;
        }
        g_free(source);
        g_free(id);
    }
    if (places)
        g_array_unref(places);
    g_string_free(term, TRUE);
    g_free(folded);
    return good;
}

static void
forget_rows(struct lj_store *store, const char *name, guint *rows_found)
{
    GPtrArray *rows = lj_journal_rows(store->journal);
    GPtrArray *keys = g_ptr_array_new_with_free_func(g_free);
    size_t length = strlen(name);
    for (guint i = 0; i < rows->len; i++) {
        const struct lj_row *row = rows->pdata[i];
        if (strncmp(row->key, name, length) == 0 && row->key[length] == '/')
            g_ptr_array_add(keys, g_strdup(row->key));
    }
    for (guint i = 0; i < keys->len; i++) {
        struct lj_row gone = {.key = keys->pdata[i], .state = LJ_FILE_GONE};
        lj_journal_set(store->journal, &gone);
    }
    *rows_found = keys->len;
    g_ptr_array_unref(keys);
    g_ptr_array_unref(rows);
}

/* Is a file that of a path, or below it? */
static bool
is_part(const char *file, const char *path, size_t length)
{
    return strncmp(file, path, length) == 0 && (file[length] == '/' || !file[length]);
}

/* Of a remembered source, mounts at and below a path are no longer known; a file that is a source of its own is
 * none any more. *found: is there such a source? */
static bool
forget_part(const char *dir, const char *name, const char *path, size_t length, bool *found,
            GError **error)
{
    GPtrArray *sources = lj_sources_load(dir, error);
    if (!sources)
        return false;
    for (guint i = sources->len; i-- > 0;) {
        struct lj_source *source = sources->pdata[i];
        if (strcmp(source->name, name) != 0)
            continue;
        *found = true;
        for (guint m = source->mounts->len; m-- > 0;)
            if (is_part(source->mounts->pdata[m], path, length))
                g_ptr_array_remove_index(source->mounts, m);
        if (source->file && is_part(source->file, path, length))
            g_ptr_array_remove_index(sources, i);
    }
    bool good = lj_sources_save(dir, sources, error);
    g_ptr_array_unref(sources);
    return good;
}

/* Documents of these files that are elsewhere, too, stay there. */
static bool
keep_for_others(const char *dir, struct lj_store *store, const GPtrArray *keys, GError **error)
{
    GPtrArray *sources = lj_sources_load(dir, error);
    GHashTable *losing = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < keys->len; i++)
        g_hash_table_add(losing, keys->pdata[i]);
    bool good = sources && lj_part_copies(store, sources, losing, error);
    g_hash_table_unref(losing);
    if (sources)
        g_ptr_array_unref(sources);
    return good;
}

/* NAME/PATH: a folder or a file of a source, without the rest. What is there at the next run is read again. */
static bool
remove_part(const struct lj_run_options *options, struct lj_store *store, const char *given,
            GError **error)
{
    const char *path = strchr(given, '/') + 1;
    char *name = g_strndup(given, (gsize)(path - given - 1));
    size_t length = strlen(path);
    while (length > 0 && path[length - 1] == '/')
        length--;
    size_t whole = (size_t)(path - given) + length;
    uint64_t deleted = 0;
    bool found = false;
    bool good = forget_part(options->dir, name, path, length, &found, error);
    GPtrArray *rows = lj_journal_rows(store->journal);
    GPtrArray *keys = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < rows->len; i++) {
        const struct lj_row *row = rows->pdata[i];
        if (is_part(row->key, given, whole))
            g_ptr_array_add(keys, g_strdup(row->key));
    }
    good = good && keep_for_others(options->dir, store, keys, error);
    bool shared = false;
    for (guint i = 0; i < keys->len; i++) {
        const struct lj_row *row = lj_journal_find(store->journal, keys->pdata[i]);
        shared |= row && row->shared;
    }
    for (guint i = 0; good && i < keys->len && !(options->stop && *options->stop); i++)
        good = lj_store_drop_file(store, keys->pdata[i], &deleted, error) &&
               (!lj_store_due(store) || lj_store_commit(store, error));
    if (good && keys->len == 0) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_NO_INPUT,
                    found ? _("%s: the index has nothing of this folder")
                          : _("%s: the index has no source of this name; --status lists them"),
                    given);
        good = false;
    }
    if (good && shared) /* others have what went, maybe */
        lj_store_ask_shared(store, name);
    good = good && finish(options, store, error);
    if (good)
        lj_say(
            options, LJ_MESSAGE_INFO,
            ngettext("%s is forgotten, with %llu document; what is there at the next run is read "
                     "again",
                     "%s is forgotten, with %llu documents; what is there at the next run is read "
                     "again",
                     (gulong)deleted),
            given, (unsigned long long)deleted);
    g_ptr_array_unref(keys);
    g_ptr_array_unref(rows);
    g_free(name);
    return good;
}

static bool
do_remove_source(const struct lj_run_options *options, struct lj_store *store, const char *name,
                 GError **error)
{
    const char *slash = strchr(name, '/');
    if (slash && slash[1])
        return remove_part(options, store, name, error);
    bool known = false;
    guint rows = 0;
    uint64_t deleted = 0;
    /* Not remembered first: a job that is broken off can be asked for again, and no run in between
     * brings the documents back. */
    bool good = forget_source(options->dir, name, &known, error) &&
                delete_documents(options, store, name, &deleted, error);
    bool stopped = options->stop && *options->stop;
    if (good && !stopped)
        forget_rows(store, name, &rows);
    if (good && !known && deleted == 0 && rows == 0) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_NO_INPUT,
                    _("%s: the index has no source of this name; --status lists them"), name);
        good = false;
    }
    good = good && finish(options, store, error);
    if (good)
        lj_say(options, LJ_MESSAGE_INFO,
               ngettext("source %s is forgotten, with %llu document",
                        "source %s is forgotten, with %llu documents", (gulong)deleted),
               name, (unsigned long long)deleted);
    return good;
}

bool
lj_index_remove_source(const struct lj_run_options *options, const char *name, GError **error)
{
    return lj_job(options, LJ_STORE_UPDATE, "remove-source", do_remove_source, name, error);
}
