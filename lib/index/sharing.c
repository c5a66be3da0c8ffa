/* Records that stand in several files of a source, as one feed after another brings them: of those that have a record
 * the file counts that the walk meets last, whichever of them a run reads (reading.c: contend).
 *
 * The manifest knows which files share (lj_row.shared). While a run puts and takes their records, the rows of such files
 * equal no file, so that whatever it leaves when it is broken off, the next one reads them; in the end they are
 * counted. What a file has lost waits for the end of the run, too: before it goes, the files that share with it are read
 * (hand_over), and what one of them has is its document then, in place. Where no ids are shared, nothing of this
 * happens.
 */
#include "index/run.h"

#include <string.h>
#include <sys/stat.h>

/* A file whose row is set when the run ends. */
struct deferred {
    struct lj_row row; /* its strings owned; LJ_FILE_GONE: not known yet */
    GArray *stale;     /* struct lj_place: documents that go unless another file has them */
    bool marked;       /* its records stand in others: it is counted */
    bool common;
};

void
lj_deferred_free(gpointer data)
{
    struct deferred *deferred = data;
    g_array_unref(deferred->stale);
    g_free(deferred->row.key);
    g_free(deferred->row.reason);
    g_free(deferred);
}

static struct deferred *
find_deferred(const struct run *run, const char *key)
{
    return g_hash_table_lookup(run->deferred, key);
}

static void
set_deferred(struct deferred *deferred, const struct lj_row *row)
{
    char *key = g_strdup(row->key), *reason = g_strdup(row->reason);
    g_free(deferred->row.key);
    g_free(deferred->row.reason);
    deferred->row = *row;
    deferred->row.key = key;
    deferred->row.reason = reason;
}

/* With the row that the manifest has. */
static struct deferred *
defer(struct run *run, const char *key)
{
    struct deferred *deferred = find_deferred(run, key);
    if (deferred)
        return deferred;
    const struct lj_row *row = lj_journal_find(run->store->journal, key);
    deferred = g_new0(struct deferred, 1);
    deferred->stale = g_array_new(FALSE, FALSE, sizeof(struct lj_place));
    set_deferred(deferred, row ? row : &(struct lj_row){.key = (char *)key, .state = LJ_FILE_GONE});
    g_hash_table_insert(run->deferred, g_strdup(key), deferred);
    return deferred;
}

void
lj_run_unfinish(struct run *run, const char *key)
{
    const struct lj_row *known = lj_journal_find(run->store->journal, key);
    const struct deferred *deferred = find_deferred(run, key);
    struct lj_row row = {.key = (char *)key, .state = LJ_FILE_EMPTY, .seen = true};
    if (known) {
        row.state = known->state;
        row.documents = known->documents;
        row.reason = known->reason;
        row.read = known->read;
        row.shared = known->shared;
    }
    row.shared |= deferred && deferred->common;
    lj_journal_set(run->store->journal, &row);
}

const struct lj_row *
lj_run_known_row(struct run *run, const char *key)
{
    const struct deferred *deferred = find_deferred(run, key);
    return deferred && deferred->row.state != LJ_FILE_GONE
               ? &deferred->row
               : lj_journal_find(run->store->journal, key);
}

bool
lj_run_defer(struct run *run, const struct lj_row *row, GArray *stale)
{
    bool waits = stale->len > 0 || find_deferred(run, row->key);
    if (waits) {
        struct deferred *deferred = defer(run, row->key);
        set_deferred(deferred, row);
        g_array_append_vals(deferred->stale, stale->data, stale->len);
        lj_run_unfinish(run, row->key);
        lj_journal_find(run->store->journal, row->key)->read = row->read;
    }
    g_array_unref(stale);
    return waits;
}

/* --- marks ------------------------------------------------------------------------------------ */

bool
lj_run_mark_shared(struct run *run, GHashTable *shared, GError **error)
{
    bool fresh = false;
    GHashTableIter iter;
    gpointer key, what;
    g_hash_table_iter_init(&iter, shared);
    while (g_hash_table_iter_next(&iter, &key, &what)) {
        guint bits = GPOINTER_TO_UINT(what);
        struct deferred *deferred = defer(run, key);
        bool common = bits & LJ_SHARE_COMMON;
        if (bits & LJ_SHARE_TAKEN)
            g_hash_table_add(run->contested, g_strdup(key));
        if (deferred->marked && (deferred->common || !common))
            continue;
        deferred->marked = fresh = true;
        deferred->common |= common;
        if (lj_journal_find(run->store->journal, key))
            lj_run_unfinish(run, key);
    }
    /* Known before any of their documents is another file's. */
    return !fresh || run->store->layout->segments->len == 0 || lj_store_commit(run->store, error);
}

/* --- handing over ------------------------------------------------------------------------------ */

static bool
is_shared(const struct run *run, const char *key)
{
    const struct deferred *deferred = find_deferred(run, key);
    const struct lj_row *row = lj_journal_find(run->store->journal, key);
    return (row && row->shared) || (deferred && deferred->common);
}

/* Sources of which files that share lose records: a set of names. */
static GHashTable *
sources_in_need(const struct run *run, const GPtrArray *losing)
{
    GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < losing->len; i++) {
        const char *key = ((const struct lj_row *)losing->pdata[i])->key;
        if (is_shared(run, key))
            g_hash_table_add(names, g_strndup(key, strcspn(key, "/")));
    }
    GHashTableIter iter;
    gpointer key, data;
    g_hash_table_iter_init(&iter, run->deferred);
    while (g_hash_table_iter_next(&iter, &key, &data))
        if (((const struct deferred *)data)->stale->len > 0 && is_shared(run, key))
            g_hash_table_add(names, g_strndup(key, strcspn(key, "/")));
    /* A third file may have what one has taken from another; or this other, of which only the dates had changed. */
    g_hash_table_iter_init(&iter, run->contested);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        const struct lj_row *row = lj_journal_find(run->store->journal, key);
        if (is_shared(run, key) || (row && row->seen && !row->read))
            g_hash_table_add(names, g_strndup(key, strcspn(key, "/")));
    }
    return names;
}

/* Adds to a set where documents of a file stand; of: only those (sorted), NULL: all. */
static bool
add_places(struct run *run, const char *key, const GArray *of, GHashTable *set, GError **error)
{
    GArray *places = lj_store_of_key(run->store, key, error);
    for (guint i = 0; places && i < places->len; i++) {
        struct lj_place place = g_array_index(places, struct lj_place, i);
        gint64 number = lj_place_number(place);
        if (!of || g_array_binary_search((GArray *)of, &place, lj_place_compare, NULL))
            g_hash_table_add(set, g_memdup2(&number, sizeof number));
    }
    bool good = places != NULL;
    if (places)
        g_array_unref(places);
    return good;
}

/* Documents that go unless another file has them. */
static GHashTable *
dropping_places(struct run *run, const GPtrArray *losing, GError **error)
{
    GHashTable *set = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    bool good = true;
    GHashTableIter iter;
    gpointer key, data;
    g_hash_table_iter_init(&iter, run->deferred);
    while (good && g_hash_table_iter_next(&iter, &key, &data)) {
        GArray *stale = ((struct deferred *)data)->stale;
        g_array_sort(stale, lj_place_compare);
        good = stale->len == 0 || add_places(run, key, stale, set, error);
    }
    for (guint i = 0; good && i < losing->len; i++)
        good = add_places(run, ((const struct lj_row *)losing->pdata[i])->key, NULL, set, error);
    if (!good)
        g_clear_pointer(&set, g_hash_table_unref);
    return set;
}

/* A file as it is now. NULL: it is not there. */
static struct lj_file *
look_again(struct run *run, const struct lj_source *source, const char *path)
{
    char *whole =
        source->file ? g_strdup(source->root) : g_build_filename(source->root, path, NULL);
    struct stat st;
    struct lj_file *file = NULL;
    if (stat(whole, &st) == 0 && S_ISREG(st.st_mode)) {
        file = g_new0(struct lj_file, 1);
        file->path = g_strdup(path);
        file->size = (uint64_t)st.st_size;
        file->inode = st.st_ino;
        file->mtime = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
        file->ctime = (int64_t)st.st_ctim.tv_sec * 1000000000 + st.st_ctim.tv_nsec;
        g_ptr_array_add(run->seen_again, file);
    }
    g_free(whole);
    return file;
}

int
lj_task_compare(gconstpointer a, gconstpointer b)
{
    const struct lj_task *x = a, *y = b;
    int names = strcmp(x->source->name, y->source->name);
    return names ? names : lj_walk_compare(x->file->path, y->file->path);
}

/* Files of these sources that share and have not been read, or before others of this run: GArray of struct lj_task. */
static GArray *
others_of(struct run *run, GHashTable *names)
{
    GArray *tasks = g_array_new(FALSE, FALSE, sizeof(struct lj_task));
    GPtrArray *rows = lj_journal_rows(run->store->journal);
    for (guint i = 0; i < rows->len; i++) {
        const struct lj_row *row = rows->pdata[i];
        bool ours = is_shared(run, row->key) || g_hash_table_contains(run->contested, row->key);
        if (!ours || (row->read && run->passes < 2) || row->state == LJ_FILE_REMOVED ||
            row->state == LJ_FILE_COPY || g_hash_table_contains(run->vanished, row->key))
            continue;
        const char *path = strchr(row->key, '/') + 1;
        char *name = g_strndup(row->key, (gsize)(path - 1 - row->key));
        if (g_hash_table_contains(names, name)) {
            const struct lj_source *source = lj_sources_find(run->sources, name, NULL);
            if (!source)
                source = lj_sources_find(run->sources, name, path);
            struct lj_file *file = source ? look_again(run, source, path) : NULL;
            struct lj_task task = {
                .source = source, .file = file, .fd = -1, .known = true, .for_others = true};
            if (file)
                g_array_append_val(tasks, task);
            else /* what it has is seen when it is there again */
                lj_run_unfinish(run, row->key);
        }
        g_free(name);
    }
    g_ptr_array_unref(rows);
    g_array_sort(tasks, lj_task_compare);
    return tasks;
}

static bool
read_others(struct run *run, GHashTable *names, const GPtrArray *losing, GError **error)
{
    if (!lj_store_commit(run->store, error) || !lj_store_reopen(run->store, error))
        return false;
    run->dropping = dropping_places(run, losing, error);
    if (!run->dropping)
        return false;
    GArray *before = run->tasks;
    run->tasks = others_of(run, names);
    bool good = lj_run_tasks(run, error);
    g_array_unref(run->tasks);
    run->tasks = before;
    g_clear_pointer(&run->dropping, g_hash_table_unref);
    return good;
}

/* What files have lost, and no other has. */
static bool
drop_stale(struct run *run, GError **error)
{
    GHashTableIter iter;
    gpointer data;
    bool good = true;
    g_hash_table_iter_init(&iter, run->deferred);
    while (good && g_hash_table_iter_next(&iter, NULL, &data)) {
        struct deferred *deferred = data;
        const struct lj_row *row = &deferred->row;
        char *source = g_strndup(row->key, strcspn(row->key, "/"));
        good = deferred->stale->len == 0 ||
               lj_store_drop_of_file(run->store, source, row->key + strlen(source) + 1,
                                     deferred->stale, &run->report->removed, error);
        if (good && !deferred->marked)
            lj_journal_set(run->store->journal, row);
        g_free(source);
    }
    return good;
}

bool
lj_run_hand_over(struct run *run, const GPtrArray *leaving, GError **error)
{
    GPtrArray *losing = g_ptr_array_new();
    for (guint i = 0; leaving && i < leaving->len; i++)
        g_ptr_array_add(losing, leaving->pdata[i]);
    for (guint i = 0; i < run->doubtful->len; i++)
        g_ptr_array_extend(losing, ((struct doubt *)run->doubtful->pdata[i])->rows, NULL, NULL);
    GHashTable *names = sources_in_need(run, losing);
    bool good = (g_hash_table_size(names) == 0 || read_others(run, names, losing, error)) &&
                (lj_run_stopped(run) || drop_stale(run, error));
    g_hash_table_unref(names);
    g_ptr_array_unref(losing);
    return good;
}

/* --- counting ---------------------------------------------------------------------------------- */

/* The row that a marked file gets: what the index has of it, as of the reader. */
static bool
count_one(struct run *run, const char *key, const struct deferred *deferred, GError **error)
{
    const struct lj_row *now = lj_journal_find(run->store->journal, key);
    if (!now) /* it is gone */
        return true;
    struct lj_row row = deferred->row.state != LJ_FILE_GONE ? deferred->row : *now;
    GArray *places = lj_store_of_key(run->store, key, error);
    if (places) {
        row.documents = places->len;
        row.shared |= deferred->common || now->shared;
        lj_journal_set(run->store->journal, &row);
        /* Gone, and it stays: where it comes back, what others have taken is its own again. */
        if (g_hash_table_contains(run->vanished, key) && g_hash_table_contains(run->contested, key))
            lj_run_unfinish(run, key);
        g_array_unref(places);
    }
    return places != NULL;
}

bool
lj_run_count_shared(struct run *run, GError **error)
{
    if (g_hash_table_size(run->deferred) == 0)
        return true;
    bool good = lj_store_reopen(run->store, error);
    GHashTableIter iter;
    gpointer key, deferred;
    g_hash_table_iter_init(&iter, run->deferred);
    while (good && g_hash_table_iter_next(&iter, &key, &deferred))
        good = !((struct deferred *)deferred)->marked || count_one(run, key, deferred, error);
    return good && lj_store_commit(run->store, error);
}

void
lj_store_ask_shared(struct lj_store *store, const char *source)
{
    GPtrArray *rows = lj_journal_rows(store->journal);
    size_t length = strlen(source);
    for (guint i = 0; i < rows->len; i++) {
        const struct lj_row *row = rows->pdata[i];
        if (!row->shared || strncmp(row->key, source, length) != 0 || row->key[length] != '/')
            continue;
        struct lj_row again = *row;
        again.size = 0;
        again.mtime = again.ctime = 0;
        memset(again.sha256, 0, sizeof again.sha256);
        lj_journal_set(store->journal, &again);
    }
    g_ptr_array_unref(rows);
}
