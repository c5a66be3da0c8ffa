/* --rebuild: the next generation, built beside the live one, checked, then swapped in.
 *
 *     live ─ gen-0001 ──── searches ──────────────────┐ stub renamed
 *              │ stored text, or originals             ▼
 *              └────────▶ gen-0002: build ▸ check ▸ sync ─ live        gen-0001 stays for --rollback
 *
 * Until the stub is renamed nothing of the live generation has changed. A rebuild that fails leaves nothing. One
 * that is stopped or killed leaves the segments that are whole (unfinished.h): the next one goes on with them
 * where the live index, and all that decides what comes of it, are as they were; otherwise they go.
 */
#include "index/check.h"
#include "index/job.h"
#include "index/run.h"
#include "index/unfinished.h"
#include "index/wordlog.h"
#include "i18n.h"

#include <string.h>
#include <sys/stat.h>

#define TASK_BYTES (16u << 20) /* of the live segments, about */
#define TASK_DOCUMENTS 4096
#define CANARIES 40
#define ROOM_SPARE (16u << 20)

static uint64_t
live_size(const struct lj_store *live)
{
    char *folder = lj_layout_generation(live->layout, live->layout->generation);
    uint64_t size = lj_folder_size(folder);
    g_free(folder);
    return size;
}

/* Adds the places of a file's documents to a set. */
static bool
add_places(struct lj_store *live, const char *key, GHashTable *set, GError **error)
{
    GArray *places = lj_store_of_key(live, key, error);
    for (guint i = 0; places && i < places->len; i++) {
        gint64 *number = g_new(gint64, 1);
        *number = lj_place_number(g_array_index(places, struct lj_place, i));
        g_hash_table_add(set, number);
    }
    bool good = places != NULL;
    if (places)
        g_array_unref(places);
    return good;
}

/* Documents of the live index that are not in left_out → the new generation, analysed again. Those at the
 * beginning that an earlier attempt has carried are passed over; with left_out, where they may stand anywhere,
 * the threads look for each. */
static bool
carry(struct run *run, GHashTable *left_out, GError **error)
{
    GArray *places = lj_store_places(run->live, error);
    if (!places)
        return false;
    guint kept = 0;
    for (guint i = 0; i < places->len; i++) {
        struct lj_place place = g_array_index(places, struct lj_place, i);
        gint64 number = lj_place_number(place);
        if (!left_out || !g_hash_table_contains(left_out, &number))
            g_array_index(places, struct lj_place, kept++) = place;
    }
    uint64_t each = live_size(run->live) / MAX(places->len, 1) + 1;
    guint step = (guint)CLAMP(TASK_BYTES / each, 1, TASK_DOCUMENTS);
    g_array_set_size(places, kept);
    g_array_set_size(run->tasks, 0);
    guint first = left_out ? 0 : (guint)MIN(run->store->carried, kept);
    for (guint i = first; i < kept; i += step) {
        struct lj_task task = {.fd = -1,
                               .stored = &g_array_index(places, struct lj_place, i),
                               .n_stored = MIN(step, kept - i)};
        g_array_append_val(run->tasks, task);
    }
    run->task_files = kept;
    run->done_files = first;
    run->task_bytes = run->done_bytes = 0;
    bool good = lj_run_tasks(run, error);
    g_array_set_size(run->tasks, 0); /* they point into places */
    g_array_unref(places);
    return good;
}

static void
copy_rows(struct run *run, GPtrArray *rows, bool removed_only)
{
    for (guint i = 0; i < rows->len; i++) {
        const struct lj_row *row = rows->pdata[i];
        if (!removed_only || row->state == LJ_FILE_REMOVED)
            lj_journal_set(run->store->journal, row);
    }
}

/* What the originals gave counts; everything else comes along from the live index: records of feeds,
 * files of sources that are not there, files that cannot be read today, deletions withheld. Their rows: kept. */
static bool
choose_rest(struct run *run, GPtrArray *rows, const GPtrArray *leaving, GHashTable *left_out,
            GPtrArray *kept, GError **error)
{
    GHashTable *goes = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < leaving->len; i++)
        g_hash_table_add(goes, leaving->pdata[i]);
    for (guint i = 0; i < run->taken->len; i++)
        g_hash_table_add(goes, lj_journal_find(run->live->journal, run->taken->pdata[i]));
    bool good = true;
    for (guint i = 0; good && i < rows->len; i++) {
        struct lj_row *row = rows->pdata[i];
        struct lj_row *now = lj_journal_find(run->store->journal, row->key);
        bool read_again = now && now->state != LJ_FILE_FAILED;
        bool leaves = g_hash_table_contains(goes, row);
        if (leaves && run->store->resumed) { /* the attempt before may have carried it */
            uint64_t removed = 0;
            good = lj_store_drop_file(run->store, row->key, &removed, error);
        }
        if (good && (read_again || leaves)) {
            run->report->removed += now ? 0 : row->documents;
            good = add_places(run->live, row->key, left_out, error);
            continue;
        }
        g_ptr_array_add(kept, row);
    }
    g_hash_table_unref(goes);
    return good;
}

/* What the attempt before read is not read again; of files that have gone since nothing stays. */
static bool
take_up(struct run *run, GError **error)
{
    guint left = 0;
    for (guint i = 0; i < run->tasks->len; i++) {
        struct lj_task *task = &g_array_index(run->tasks, struct lj_task, i);
        if (task->done)
            run->task_bytes -= task->file->size;
        else
            g_array_index(run->tasks, struct lj_task, left++) = *task;
    }
    g_array_set_size(run->tasks, left);
    GPtrArray *rows = lj_journal_rows(run->store->journal);
    bool good = true;
    uint64_t read = 0, removed = 0; /* of what no search ever saw */
    for (guint i = 0; i < rows->len && good; i++) {
        const struct lj_row *row = rows->pdata[i];
        if (row->state == LJ_FILE_REMOVED)
            continue;
        read += row->documents;
        if (row->seen)
            run->report->added += row->documents;
        else
            good = lj_store_drop_file(run->store, row->key, &removed, error);
    }
    uint64_t all = lj_store_documents(run->store);
    run->report->again += all > read ? all - read : 0;
    g_ptr_array_unref(rows);
    return good;
}

/* The documents that have no original at hand. Their rows are kept when all of them have been carried: an
 * attempt that goes on with this one takes a row for a file that was read. */
static bool
carry_rest(struct run *run, GPtrArray *rows, GPtrArray **gone, GError **error)
{
    GPtrArray *leaving = lj_run_leaving(run, gone), *kept = g_ptr_array_new();
    GHashTable *left_out = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    bool good = lj_run_decide(run, leaving, error) &&
                choose_rest(run, rows, leaving, left_out, kept, error) &&
                lj_store_reopen(run->store, error) && carry(run, left_out, error);
    for (guint i = 0; i < kept->len && good && !lj_run_stopped(run); i++) {
        const struct lj_row *row = kept->pdata[i];
        const struct lj_row *now = lj_journal_find(run->store->journal, row->key);
        struct lj_row one = now ? *now : *row;
        one.documents = row->documents;
        if (!g_hash_table_contains(run->lost, row->key))
            lj_journal_set(run->store->journal, &one);
    }
    g_hash_table_unref(left_out);
    g_ptr_array_unref(kept);
    g_ptr_array_unref(leaving);
    return good;
}

/* rebuild=full: the originals, then what has none at hand. */
static bool
read_again(struct run *run, GPtrArray *rows, GError **error)
{
    if (!run->store->resumed)
        copy_rows(run, rows, true);
    GPtrArray **gone = lj_run_walk(run, error);
    if (!gone)
        return false;
    bool good = lj_run_stopped(run) ||
                ((!run->store->resumed || take_up(run, error)) && lj_run_read(run, NULL, error) &&
                 (lj_run_stopped(run) || lj_run_place_copies(run, error)));
    if (good && !lj_run_stopped(run) && run->live->reader)
        good = carry_rest(run, rows, gone, error);
    lj_run_gone_free(run, gone);
    return good;
}

static bool
check_result(struct run *run, bool full, GError **error)
{
    uint64_t found = lj_store_documents(run->store);
    if (!full && found != run->report->again) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_INTERNAL,
                    _("%s: the new generation holds %llu documents instead of %llu; the live one "
                      "stays"),
                    run->options->dir, (unsigned long long)found,
                    (unsigned long long)run->report->again);
        return false;
    }
    return lj_store_reopen(run->store, error) &&
           lj_check_segments(run->store, run->options->stop, error) &&
           lj_check_canaries(run->store, full ? NULL : run->live, CANARIES, error);
}

static bool
build(struct run *run, GError **error)
{
    bool full = run->options->rebuild == LJ_REBUILD_FULL;
    GPtrArray *rows = lj_journal_rows(run->live->journal);
    if (!full && !run->store->resumed)
        copy_rows(run, rows, false);
    bool good = full ? read_again(run, rows, error) : carry(run, NULL, error);
    g_ptr_array_unref(rows);
    if (!good || lj_run_stopped(run))
        return good;
    if (!lj_run_settle(run, true, error))
        return false;
    run->store->changed |= run->store->layout->segments->len == 0;
    good = lj_store_commit(run->store, error) && lj_run_count_shared(run, error) &&
           (run->store->layout->segments->len < 2 || lj_store_compact(run->store, false, error));
    return good && (lj_run_stopped(run) || check_result(run, full, error));
}

/* All that decides what the generation will hold, beside the state of the live one; g_free. */
static char *
describe(struct run *run)
{
    bool full = run->options->rebuild == LJ_REBUILD_FULL;
    const GPtrArray *declared =
        run->options->declared ? run->options->declared : run->live->declared;
    char *fields = lj_declared_print(declared);
    GString *how = g_string_new(NULL);
    g_string_printf(how, "%s %s %s\n%s\n", LEGAJO_VERSION, full ? "full" : "stored",
                    lj_analyser_builtin(), fields);
    g_free(fields);
    if (full) {
        char *sources = lj_sources_print(run->sources);
        g_string_append_printf(how, "%s\n%s", run->reader, sources);
        g_free(sources);
    }
    for (guint i = 0; full && i < run->sources->len; i++) {
        const struct lj_source *source = run->sources->pdata[i];
        const char *table = run->options->metadata ? run->options->metadata : source->metadata;
        struct stat st;
        if (table && *table && stat(table, &st) == 0)
            g_string_append_printf(how, "%s %lld %lld.%ld\n", table, (long long)st.st_size,
                                   (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
    }
    return g_string_free(how, FALSE);
}

/* The store of the next generation; says what became of an attempt before. */
static struct lj_store *
begin(struct run *run, GError **error)
{
    struct lj_store *live = run->live;
    char *how = describe(run);
    char *folder = lj_layout_generation(live->layout, live->generation + 1);
    uint64_t built = lj_folder_size(folder), needed = 2 * live_size(live) + ROOM_SPARE;
    struct lj_store *next =
        lj_layout_has_room(live->layout, needed > built ? needed - built : 0, error)
            ? lj_store_beside(live, how, error)
            : NULL;
    if (next && next->resumed) {
        uint64_t done = lj_store_documents(next);
        run->report->again = run->options->rebuild == LJ_REBUILD_STORED ? done : 0;
        lj_run_say(run, LJ_MESSAGE_INFO,
                   _("going on with a rebuild that was broken off: %llu documents are done"),
                   (unsigned long long)done);
    } else if (next) {
        lj_say_dropped(run->options, next);
    }
    g_free(folder);
    g_free(how);
    return next;
}

bool
lj_run_rebuild(struct run *run, GError **error)
{
    const struct lj_run_options *options = run->options;
    struct lj_store *live = run->live;
    if (live->doubt)
        lj_run_say(run, LJ_MESSAGE_WARNING, "%s", live->doubt);
    if (!live->reader && options->rebuild != LJ_REBUILD_FULL) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_DAMAGED,
                    _("%s: the stored texts cannot be read; read the originals again: indexer "
                      "--db=%s --rebuild=full"),
                    options->dir, options->dir);
        return false;
    }
    struct lj_store *next = begin(run, error);
    if (!next)
        return false;
    run->store = next;
    lj_run_declare(run);
    bool good = build(run, error);
    char *folder = lj_layout_generation(next->layout, next->layout->generation);
    if (good && !lj_run_stopped(run)) {
        GError *failure = NULL; /* the list of words is derived: searches do without */
        if (!lj_wordlog_update(next->layout, NULL, &failure))
            lj_run_say(run, LJ_MESSAGE_WARNING, "%s", failure->message);
        g_clear_error(&failure);
        good = lj_sources_save(options->dir, run->sources, error) &&
               lj_store_swap(live, next, error) &&
               (options->rebuild != LJ_REBUILD_FULL || lj_run_remember_tables(run, error));
        if (good)
            lj_run_say(run, LJ_MESSAGE_INFO,
                       _("generation %u is live; the one before stays until the next rebuild "
                         "(--rollback goes back to it)"),
                       next->layout->generation);
    }
    if (!good || next->hidden) {
        /* Writers hold files of it open. */
        run->store = live;
        lj_store_close(next);
        struct lj_unfinished *unfinished = good ? lj_unfinished_read(folder) : NULL;
        if (!unfinished)
            lj_remove_tree(folder, NULL);
        else
            lj_run_say(run, LJ_MESSAGE_INFO,
                       _("the rebuild was stopped; indexer --db=%s --rebuild%s goes on with it"),
                       options->dir, options->rebuild == LJ_REBUILD_FULL ? "=full" : "");
        lj_unfinished_free(unfinished);
    }
    g_free(folder);
    return good;
}
