/* Files of the same bytes are one document with several paths.
 *
 * Within a source, the first of them (in a first run: the least path) gives the document its id; each other has a row
 * of the manifest of its own (LJ_FILE_COPY: its reason is the first one's key) and stands in the document as @copy.
 * Sources stay apart, since each is read by its own options.
 *
 *     before reading   a document whose first path goes, or gets other bytes, is handed to the next path
 *                      (part), so nothing is read again; of new files with the same bytes one is read
 *                      (like.c), with the paths of the others
 *     reading          what turns out to be no single document (an archive, a failure) is read for each path
 *     after            rows of copies are set, and documents whose paths are others by now are put again, from
 *                      stored text (settle)
 *
 * Rows and documents change in one commit. Where a run is killed within it, the next one begins by looking where they
 * differ (mend).
 */
#include "document/flat.h"
#include "index/identical.h"
#include "index/rejoin.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

void
lj_identical_free(struct lj_identical *same)
{
    g_ptr_array_unref(same->keys);
    g_array_unref(same->tasks);
    g_free(same->first);
    g_free(same);
}

struct lj_identical *
lj_identical_new(const uint8_t sha256[32])
{
    struct lj_identical *same = g_new0(struct lj_identical, 1);
    memcpy(same->sha256, sha256, sizeof same->sha256);
    same->keys = g_ptr_array_new_with_free_func(g_free);
    same->tasks = g_array_new(FALSE, FALSE, sizeof(struct lj_task));
    return same;
}

int
lj_identical_compare(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char *
lj_identical_key(const struct lj_task *task)
{
    return lj_run_row_key(task->source, task->file->path);
}

char *
lj_identical_content(const char *source, const uint8_t sha256[32])
{
    char hex[65];
    lj_sha256_hex(sha256, hex);
    return g_strdup_printf("%.*s %s", (int)strcspn(source, "/"), source, hex);
}

/* The path within its source that a row's key ends in. */
static const char *
path_in(const char *key)
{
    return strchr(key, '/') + 1;
}

/* --- what the manifest says ---------------------------------------------------------------------- */

/* Where the document stands that a file is as a whole; docid 0: it is none. *alone: nothing else came of it. */
static bool
whole_place(struct lj_store *store, const char *key, struct lj_place *place, bool *alone,
            GError **error)
{
    *place = (struct lj_place){0, 0};
    char *own = lj_file_id(key);
    GArray *places = lj_store_of_key(store, key, error);
    bool good = places != NULL;
    *alone = good && places->len == 1;
    for (guint i = 0; good && i < places->len && !place->docid; i++) {
        struct lj_place found = g_array_index(places, struct lj_place, i);
        char *id = lj_store_id(store, found, error);
        good = id != NULL;
        if (good && strcmp(id, own) == 0)
            *place = found;
        g_free(id);
    }
    if (places)
        g_array_unref(places);
    g_free(own);
    return good;
}

/* The same of a file that is one document, and nothing else. */
bool
lj_identical_place(struct lj_store *store, const char *key, struct lj_place *place, GError **error)
{
    bool alone;
    if (!whole_place(store, key, place, &alone, error))
        return false;
    if (!alone)
        place->docid = 0;
    return true;
}

/* Sets a row anew with another state; reason: of a copy the first one's key. */
static void
set_row(struct lj_journal *journal, const struct lj_row *from, enum lj_file_state state,
        const char *reason)
{
    struct lj_row row = *from;
    row.key = g_strdup(from->key);
    row.state = state;
    row.documents = state == LJ_FILE_INDEXED;
    row.reason = (char *)reason;
    lj_journal_set(journal, &row);
    g_free(row.key);
}

static void
forget(struct lj_journal *journal, const char *key)
{
    char *own = g_strdup(key); /* the row's goes with it */
    lj_journal_set(journal, &(struct lj_row){.key = own, .state = LJ_FILE_GONE});
    g_free(own);
}

/* A file whose document is not there: the next run reads it. */
static void
ask_for(struct lj_journal *journal, const char *key)
{
    char *own = g_strdup(key);
    lj_journal_set(journal, &(struct lj_row){.key = own, .state = LJ_FILE_EMPTY});
    g_free(own);
}

/* --- putting a document again --------------------------------------------------------------------- */

/* What a run of such changes works with. */
struct settling {
    struct lj_store *store;
    const GPtrArray *
        sources; /* struct lj_source: tables of metadata are read from those that have one at hand */
    struct lj_analyser *analyser;
    struct lj_inverter *inverter; /* NULL until the first */
};

static bool
begin_settling(struct settling *settling, GError **error)
{
    if (settling->inverter)
        return true;
    settling->analyser = lj_store_analyser(settling->store, error);
    if (!settling->analyser)
        return false;
    settling->inverter = lj_inverter_new(settling->analyser);
    lj_inverter_declare(settling->inverter, settling->store->declared);
    return true;
}

static void
end_settling(struct settling *settling)
{
    lj_inverter_free(settling->inverter);
    lj_analyser_close(settling->analyser);
}

/* Is a document of this first path and of these further ones already? */
static bool
says(const struct lj_document *document, const char *first, const GPtrArray *copies)
{
    guint n = 0;
    bool same = g_strcmp0(lj_document_field(document, LJ_PROPERTY_FILE), first) == 0;
    for (guint i = 0; same && i < document->properties->len; i++) {
        const struct lj_property *p = &g_array_index(document->properties, struct lj_property, i);
        if (strcmp(p->name, LJ_PROPERTY_COPY) != 0)
            continue;
        same = n < copies->len && strcmp(copies->pdata[n], p->value) == 0;
        n++;
    }
    return same && n == copies->len;
}

static void
name_paths(struct lj_document *document, const char *first, const GPtrArray *copies)
{
    for (guint i = document->properties->len; i-- > 0;) {
        const char *name = g_array_index(document->properties, struct lj_property, i).name;
        if (strcmp(name, LJ_PROPERTY_FILE) == 0 || strcmp(name, LJ_PROPERTY_COPY) == 0)
            g_array_remove_index(document->properties, i);
    }
    lj_document_add_kept(document, LJ_PROPERTY_FILE, first);
    for (guint i = 0; i < copies->len; i++)
        lj_document_add_kept(document, LJ_PROPERTY_COPY, copies->pdata[i]);
    lj_document_drop(document, document->id);
    document->id = lj_file_id(first);
}

/* The document at a place is to be that of a first path and of further ones (sorted): where it is not, it is put
 * again, from its stored text. */
static bool
put_under(struct settling *settling, struct lj_place place, const char *first,
          const GPtrArray *copies, GError **error)
{
    struct lj_store *store = settling->store;
    struct lj_document *document = lj_store_document(store, place, error);
    if (!document || says(document, first, copies)) {
        bool good = document != NULL;
        lj_document_free(document);
        return good;
    }
    name_paths(document, first, copies);
    char *name = g_strndup(first, strcspn(first, "/"));
    const struct lj_source *source = lj_sources_find(settling->sources, name, NULL);
    if (source && source->table)
        lj_metadata_join_at(source, path_in(first), document);
    struct lj_origin origin = {name, path_in(first), NULL};
    bool good = begin_settling(settling, error);
    if (good) {
        struct lj_prepared *prepared =
            lj_prepared_copy(lj_invert(settling->inverter, document, &origin));
        GArray *metadata = lj_inverter_take_metadata(settling->inverter);
        good = lj_store_put(store, place, prepared, error) &&
               lj_store_metadata(store, metadata, error);
        g_array_unref(metadata);
        lj_prepared_free(prepared);
    }
    lj_document_free(document);
    g_free(name);
    return good;
}

/* Brings the document of a first path to its further ones, as their rows name them. */
static bool
settle_one(struct settling *settling, const char *first, const GPtrArray *copies, GError **error)
{
    struct lj_store *store = settling->store;
    const struct lj_row *row = lj_journal_find(store->journal, first);
    struct lj_place place = {0, 0};
    /* Of one that cannot be read today the document stays. */
    if (row && (row->state == LJ_FILE_INDEXED || row->state == LJ_FILE_FAILED) &&
        !lj_identical_place(store, first, &place, error))
        return false;
    if (place.docid)
        return put_under(settling, place, first, copies, error);
    for (guint i = 0; i < copies->len; i++)
        ask_for(store->journal, copies->pdata[i]);
    return true;
}

/* --- before reading: documents are handed on ------------------------------------------------------- */

bool
lj_identical_hash(const struct lj_task *task, uint8_t sha256[32])
{
    char *path = lj_task_path(task);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    bool good = fd >= 0 && lj_hash_file(fd, sha256);
    if (fd >= 0)
        close(fd);
    g_free(path);
    return good;
}

/* Has a file that is to be read other bytes than its row says? A copy that cannot be read is none today; the first path
 * keeps its document. */
static bool
has_changed(const struct lj_task *task, const struct lj_row *row)
{
    uint8_t sha256[32];
    if (!lj_identical_hash(task, sha256))
        return row->state == LJ_FILE_COPY;
    return memcmp(sha256, row->sha256, 32) != 0;
}

/* Keys of files that will not have the bytes any more that their row says: gone, renamed, or changed. */
static GHashTable *
losing_files(struct run *run, const GPtrArray *leaving, GHashTable *copies)
{
    GHashTable *losing = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; leaving && i < leaving->len; i++)
        g_hash_table_add(losing, g_strdup(((const struct lj_row *)leaving->pdata[i])->key));
    for (guint i = 0; i < run->renamed->len; i++)
        g_hash_table_add(losing, g_strdup(run->renamed->pdata[i]));
    for (guint i = 0; i < run->tasks->len; i++) {
        const struct lj_task *task = &g_array_index(run->tasks, struct lj_task, i);
        if (!task->file)
            continue;
        char *key = lj_identical_key(task);
        const struct lj_row *row = lj_journal_find(run->store->journal, key);
        if (row &&
            (row->state == LJ_FILE_COPY ||
             (row->state == LJ_FILE_INDEXED && g_hash_table_contains(copies, key))) &&
            has_changed(task, row))
            g_hash_table_add(losing, g_steal_pointer(&key));
        g_free(key);
    }
    return losing;
}

/* The document of a first path and its copies goes on with those that keep their bytes; the first of these is the first
 * path now. Rows of the others go, in the same commit. */
static bool
part(struct settling *settling, const char *first, const GPtrArray *copies, GHashTable *losing,
     GError **error)
{
    struct lj_store *store = settling->store;
    GPtrArray *kept = g_ptr_array_new(), *lost = g_ptr_array_new();
    g_ptr_array_add(g_hash_table_contains(losing, first) ? lost : kept, (gpointer)first);
    for (guint i = 0; i < copies->len; i++)
        g_ptr_array_add(g_hash_table_contains(losing, copies->pdata[i]) ? lost : kept,
                        copies->pdata[i]);
    struct lj_place place = {0, 0};
    bool good = lost->len == 0 || kept->len == 0 || lj_identical_place(store, first, &place, error);
    /* A run that was broken off may have handed it over already. */
    for (guint i = 0; good && lost->len > 0 && !place.docid && i < kept->len; i++)
        good = lj_identical_place(store, kept->pdata[i], &place, error);
    if (good && place.docid) {
        const struct lj_row *row = lj_journal_find(store->journal, first);
        const char *heir = g_ptr_array_steal_index(kept, 0);
        char *reason = row ? g_strdup(row->reason) : NULL; /* pages left unread */
        good = put_under(settling, place, heir, kept, error);
        set_row(store->journal, lj_journal_find(store->journal, heir), LJ_FILE_INDEXED, reason);
        g_free(reason);
        for (guint i = 0; i < kept->len; i++)
            set_row(store->journal, lj_journal_find(store->journal, kept->pdata[i]), LJ_FILE_COPY,
                    heir);
        for (guint i = 0; i < lost->len; i++)
            forget(store->journal, lost->pdata[i]);
    } else if (good && lost->len > 0) {
        for (guint i = 0; i < kept->len; i++)
            ask_for(store->journal, kept->pdata[i]);
    }
    g_ptr_array_unref(kept);
    g_ptr_array_unref(lost);
    return good;
}

/* What has no row any more is a new file. */
static void
tasks_anew(struct run *run)
{
    for (guint i = 0; i < run->tasks->len; i++) {
        struct lj_task *task = &g_array_index(run->tasks, struct lj_task, i);
        char *key = task->file && task->known && !task->moved ? lj_identical_key(task) : NULL;
        if (key && run->store == run->live && !lj_journal_find(run->store->journal, key)) {
            task->known = task->check = false;
            task->fresh = true;
        }
        g_free(key);
    }
}

/* Of the files that have another name now those stay that still have a row: no path was left that could take their
 * document, so it goes once the new name has its own. */
static void
keep_unparted(struct run *run)
{
    for (guint i = run->renamed->len; i-- > 0;)
        if (!lj_journal_find(run->store->journal, run->renamed->pdata[i]))
            g_ptr_array_remove_index(run->renamed, i);
}

bool
lj_part_copies(struct lj_store *store, const GPtrArray *sources, GHashTable *losing, GError **error)
{
    if (g_hash_table_size(losing) == 0)
        return true;
    GHashTable *copies = lj_journal_copies(store->journal);
    struct settling settling = {.store = store, .sources = sources};
    GHashTableIter iter;
    gpointer first, list;
    bool good = true;
    g_hash_table_iter_init(&iter, copies);
    while (good && g_hash_table_iter_next(&iter, &first, &list))
        good = part(&settling, first, list, losing, error) &&
               (!lj_store_due(store) || lj_store_commit(store, error));
    /* What follows looks ids and files up as they are now. */
    good = good && (g_hash_table_size(copies) == 0 ||
                    (lj_store_commit(store, error) && lj_store_reopen(store, error)));
    g_hash_table_unref(copies);
    end_settling(&settling);
    return good;
}

static bool
part_all(struct run *run, const GPtrArray *leaving, GError **error)
{
    GHashTable *copies = lj_journal_copies(run->store->journal);
    bool good = true;
    if (g_hash_table_size(copies) > 0) {
        GHashTable *losing = losing_files(run, leaving, copies);
        good = lj_part_copies(run->store, run->sources, losing, error);
        tasks_anew(run);
        g_hash_table_unref(losing);
    }
    g_hash_table_unref(copies);
    keep_unparted(run);
    return good;
}

/* --- before all: what a broken run has left ----------------------------------------------------------- */

/* The terms that documents must have for the copies of the manifest: term → key of the first path. */
static GHashTable *
terms_of_rows(struct lj_journal *journal)
{
    GHashTable *terms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    GHashTable *copies = lj_journal_copies(journal);
    GHashTableIter iter;
    gpointer first, list;
    g_hash_table_iter_init(&iter, copies);
    while (g_hash_table_iter_next(&iter, &first, &list))
        for (guint i = 0; i < ((GPtrArray *)list)->len; i++) {
            GString *term = g_string_new(NULL);
            char *id = lj_file_id(((GPtrArray *)list)->pdata[i]);
            lj_term_bounded("XJ", id, term);
            g_hash_table_insert(terms, g_string_free(term, FALSE), g_strdup(first));
            g_free(id);
        }
    g_hash_table_unref(copies);
    return terms;
}

/* First paths of documents that name a path which the manifest does not. */
static bool
find_strange(struct lj_store *store, const char *term, size_t length, GHashTable *firsts,
             GError **error)
{
    GArray *places = lj_store_having(store, term, length, error);
    bool good = places != NULL;
    for (guint i = 0; good && i < places->len; i++) {
        struct lj_document *document =
            lj_store_document(store, g_array_index(places, struct lj_place, i), error);
        const char *first = document ? lj_document_field(document, LJ_PROPERTY_FILE) : NULL;
        good = document != NULL;
        if (first)
            g_hash_table_add(firsts, g_strdup(first));
        lj_document_free(document);
    }
    if (places)
        g_array_unref(places);
    return good;
}

/* Segments are committed one after the other, the one that moves the manifest last: where a run was killed between
 * two, a document may name other paths than the manifest does. First paths of such, as a set; NULL on error. */
static GHashTable *
find_torn(struct lj_store *store, GError **error)
{
    GHashTable *wanted = terms_of_rows(store->journal);
    GHashTable *firsts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    struct xap_vocabulary *terms = lj_xap_terms(store->reader, "XJ", 2, "", 0, SIZE_MAX, error);
    bool good = terms != NULL;
    for (size_t i = 0; good && i < terms->n; i++)
        if (!g_hash_table_remove(wanted, terms->entry[i].term))
            good = find_strange(store, terms->entry[i].term, terms->entry[i].length, firsts, error);
    GHashTableIter iter;
    gpointer first;
    g_hash_table_iter_init(&iter, wanted);
    while (g_hash_table_iter_next(&iter, NULL, &first))
        g_hash_table_add(firsts, g_strdup(first));
    lj_xap_vocabulary_free(terms);
    g_hash_table_unref(wanted);
    if (!good)
        g_clear_pointer(&firsts, g_hash_table_unref);
    return firsts;
}

static bool
mend(struct run *run, GError **error)
{
    if (!run->store->reader)
        return true;
    GHashTable *torn = find_torn(run->store, error);
    bool good = torn != NULL;
    if (good && g_hash_table_size(torn) > 0) {
        struct settling settling = {.store = run->store, .sources = run->sources};
        GHashTable *copies = lj_journal_copies(run->store->journal);
        GPtrArray *none = g_ptr_array_new();
        GHashTableIter iter;
        gpointer first;
        g_hash_table_iter_init(&iter, torn);
        while (good && g_hash_table_iter_next(&iter, &first, NULL)) {
            const GPtrArray *list = g_hash_table_lookup(copies, first);
            good = settle_one(&settling, first, list ? list : none, error);
        }
        g_ptr_array_unref(none);
        g_hash_table_unref(copies);
        end_settling(&settling);
        good = good && lj_store_commit(run->store, error) && lj_store_reopen(run->store, error);
    }
    if (torn)
        g_hash_table_unref(torn);
    return good;
}

/* --- reading ------------------------------------------------------------------------------------------ */

/* Has the file that was to be read for others become a document of these bytes? */
static bool
is_first(struct run *run, const struct lj_identical *same)
{
    const struct lj_row *row = lj_journal_find(run->store->journal, same->first);
    return row && row->state == LJ_FILE_INDEXED && row->documents == 1 &&
           memcmp(row->sha256, same->sha256, 32) == 0;
}

/* Files whose like came to nothing, or to several documents, are read like any other. */
static bool
read_rest(struct run *run, GError **error)
{
    GArray *rest = g_array_new(FALSE, FALSE, sizeof(struct lj_task));
    for (guint i = 0; i < run->identical->len; i++) {
        struct lj_identical *same = run->identical->pdata[i];
        if (same->settled || is_first(run, same))
            continue;
        same->several = true;
        g_array_append_vals(rest, same->tasks->data, same->tasks->len);
        g_array_set_size(same->tasks, 0);
    }
    g_array_sort(rest, lj_task_compare); /* of records with one id the last counts */
    GArray *before = run->tasks;
    run->tasks = rest;
    bool good = lj_run_tasks(run, error);
    run->tasks = before;
    g_array_unref(rest);
    return good;
}

bool
lj_run_read(struct run *run, const GPtrArray *leaving, GError **error)
{
    return mend(run, error) && part_all(run, leaving, error) && lj_identical_plan(run, error) &&
           lj_run_tasks(run, error) && (lj_run_stopped(run) || read_rest(run, error)) &&
           (lj_run_stopped(run) || lj_run_hand_over(run, leaving, error));
}

/* What a file was before it became a copy. */
static bool
drop_own(struct run *run, const char *key, GError **error)
{
    char *source = g_strndup(key, strcspn(key, "/"));
    GArray *places = lj_store_of_file(run->store, source, path_in(key), error);
    bool good = places && lj_store_drop_of_file(run->store, source, path_in(key), places,
                                                &run->report->removed, error);
    if (places)
        g_array_unref(places);
    g_free(source);
    return good;
}

bool
lj_run_set_copies(struct run *run, struct lj_identical *same, bool hold, GError **error)
{
    struct lj_journal *journal = run->store->journal;
    bool good = same->settled = true;
    for (guint i = 0; good && i < same->tasks->len; i++) {
        const struct lj_task *task = &g_array_index(same->tasks, struct lj_task, i);
        char *key = lj_identical_key(task);
        good = drop_own(run, key, error);
        struct lj_row row = lj_run_row_for(run, task->file, key);
        row.state = LJ_FILE_COPY;
        row.reason = same->first;
        row.seen = true;
        memcpy(row.sha256, same->sha256, sizeof row.sha256);
        if (hold)
            lj_journal_hold(journal, &row);
        else
            lj_journal_set(journal, &row);
        g_free(key);
    }
    return good;
}

/* --- after -------------------------------------------------------------------------------------------- */

bool
lj_run_place_copies(struct run *run, GError **error)
{
    bool good = true;
    for (guint i = 0; good && i < run->identical->len; i++) {
        struct lj_identical *same = run->identical->pdata[i];
        if (!same->settled && same->tasks->len > 0)
            good = lj_run_set_copies(run, same, false, error);
    }
    return good;
}

static int
compare_rows(gconstpointer a, gconstpointer b)
{
    const struct lj_row *x = *(struct lj_row *const *)a, *y = *(struct lj_row *const *)b;
    return strcmp(x->key, y->key);
}

/* Makes a row's document, where it has one by itself as `first` has, go: its file is a copy of that. */
static bool
unite_two(struct run *run, const struct lj_row *first, const struct lj_row *row, bool *united,
          GError **error)
{
    struct lj_place one = {0, 0}, other = {0, 0};
    uint64_t dropped = 0;
    *united = false;
    if (!lj_identical_place(run->store, first->key, &one, error) ||
        !lj_identical_place(run->store, row->key, &other, error))
        return false;
    if (!one.docid || !other.docid)
        return true;
    if (!lj_store_drop(run->store, other, &dropped, error))
        return false;
    if (run->options->rebuild == LJ_REBUILD_STORED)
        run->report->again -= MIN(run->report->again, dropped);
    set_row(run->store->journal, row, LJ_FILE_COPY, first->key);
    return *united = true;
}

/* Documents of the same bytes in one source, as indexes made before have them, as a rebuild may bring them together, and
 * where looking for them beforehand would have taken too long: the least path keeps its own. Copies of what is another path's document by now become copies of that. */
static bool
unite(struct run *run, GError **error)
{
    GHashTable *firsts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GPtrArray *rows = lj_journal_rows(run->store->journal);
    g_ptr_array_sort(rows, compare_rows);
    bool good = true;
    for (guint i = 0; good && i < rows->len; i++) {
        const struct lj_row *row = rows->pdata[i];
        if (row->state != LJ_FILE_INDEXED || row->documents != 1 || !lj_row_has_hash(row))
            continue;
        char *content = lj_identical_content(row->key, row->sha256);
        const struct lj_row *first = g_hash_table_lookup(firsts, content);
        bool united = false;
        good = !first || unite_two(run, first, row, &united, error);
        if (united)
            g_free(content);
        else
            g_hash_table_insert(firsts, content, (gpointer)row);
    }
    for (guint i = 0; good && i < rows->len; i++) {
        const struct lj_row *row = rows->pdata[i];
        char *content =
            row->state == LJ_FILE_COPY ? lj_identical_content(row->key, row->sha256) : NULL;
        const struct lj_row *first = content ? g_hash_table_lookup(firsts, content) : NULL;
        if (first && g_strcmp0(first->key, row->reason) != 0)
            set_row(run->store->journal, row, LJ_FILE_COPY, first->key);
        g_free(content);
    }
    g_ptr_array_unref(rows);
    g_hash_table_unref(firsts);
    return good;
}

/* Copies that were found for documents of earlier runs: rows and document go in one commit. */
static bool
settle_found(struct settling *settling, struct run *run, GError **error)
{
    GHashTable *copies = lj_journal_copies(run->store->journal);
    bool good = true;
    for (guint i = 0; good && i < run->identical->len && !lj_run_stopped(run); i++) {
        struct lj_identical *same = run->identical->pdata[i];
        if (same->settled || same->tasks->len == 0)
            continue;
        GPtrArray *list = g_ptr_array_new(), *known = g_hash_table_lookup(copies, same->first);
        g_ptr_array_extend(list, same->keys, NULL, NULL);
        for (guint k = 0; known && k < known->len; k++)
            if (!g_ptr_array_find_with_equal_func(same->keys, known->pdata[k], g_str_equal, NULL))
                g_ptr_array_add(list, known->pdata[k]);
        g_ptr_array_sort(list, lj_identical_compare);
        good = lj_run_set_copies(run, same, false, error) &&
               settle_one(settling, same->first, list, error) &&
               (!lj_store_due(run->store) || lj_store_commit(run->store, error));
        g_ptr_array_unref(list);
    }
    g_hash_table_unref(copies);
    return good;
}

/* All documents with copies, where any may be wrong: of a rebuild. */
static bool
settle_all(struct settling *settling, struct run *run, GError **error)
{
    if (!unite(run, error))
        return false;
    GHashTable *copies = lj_journal_copies(run->store->journal);
    GHashTableIter iter;
    gpointer first, list;
    bool good = true;
    g_hash_table_iter_init(&iter, copies);
    while (good && !lj_run_stopped(run) && g_hash_table_iter_next(&iter, &first, &list))
        good = settle_one(settling, first, list, error) &&
               (!lj_store_due(run->store) || lj_store_commit(run->store, error));
    g_hash_table_unref(copies);
    return good;
}

/* Of a file that turned out to be several documents (a letter and what is attached to it) each path has its own. */
static bool
undo_several(struct settling *settling, const GPtrArray *all, GError **error)
{
    GPtrArray *none = g_ptr_array_new();
    bool good = true;
    for (guint i = 0; good && i < all->len; i++) {
        const struct lj_identical *same = all->pdata[i];
        struct lj_place place = {0, 0};
        bool alone;
        if (!same->several)
            continue;
        good = whole_place(settling->store, same->first, &place, &alone, error) &&
               (!place.docid || put_under(settling, place, same->first, none, error));
    }
    g_ptr_array_unref(none);
    return good;
}

static bool
is_settled(const struct run *run)
{
    bool settled = run->renamed->len == 0;
    for (guint i = 0; settled && i < run->identical->len; i++) {
        const struct lj_identical *same = run->identical->pdata[i];
        settled = !same->several && (same->settled || same->tasks->len == 0);
    }
    return settled;
}

bool
lj_run_settle(struct run *run, bool all, GError **error)
{
    all |= run->unlooked;
    if (!all && is_settled(run))
        return true;
    struct settling settling = {.store = run->store, .sources = run->sources};
    uint64_t moved = 0;
    /* Places, and stored documents, as they are now. */
    bool good = lj_store_commit(run->store, error) && lj_store_reopen(run->store, error) &&
                (all ? settle_all(&settling, run, error) : settle_found(&settling, run, error)) &&
                undo_several(&settling, run->identical, error);
    for (guint i = 0; good && i < run->renamed->len; i++)
        good = lj_store_drop_file(run->store, run->renamed->pdata[i], &moved, error);
    end_settling(&settling);
    return good;
}
