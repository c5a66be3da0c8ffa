/* Doing what is to be done: tasks go through the pipeline, batches into the store. */
#include "index/run.h"
#include "index/removed.h"
#include "i18n.h"

#include <sched.h>
#include <string.h>

#define BULK_LEAST (32u << 20) /* bytes of new files that are worth segments of their own */
#define PUBLISH_BYTES (256u << 20)
#define PUBLISH_TIME (20 * G_USEC_PER_SEC)

/* A row for what the walk saw. Files younger than the walk are looked at again next time: their
 * last write may share a clock tick with our reading. (A date that still lies ahead was set by somebody, and
 * says nothing.) */
struct lj_row
lj_run_row_for(const struct run *run, const struct lj_file *file, char *key)
{
    struct lj_row row = {.key = key,
                         .size = file->size,
                         .inode = file->inode,
                         .mtime = file->mtime,
                         .ctime = file->ctime};
    bool ahead = file->mtime > g_get_real_time() * 1000;
    if ((file->mtime >= run->walk_began && !ahead) || file->ctime >= run->walk_began)
        row.ctime = 0;
    return row;
}

/* pipeline: while it works; its figures run ahead of what the store holds. */
static void
show_progress(struct run *run, struct lj_pipeline *pipeline)
{
    gint64 time = g_get_monotonic_time();
    if (!run->options->progress || (pipeline && time - run->shown < 200000))
        return;
    uint64_t files = 0, documents = 0, bytes = 0;
    if (pipeline)
        lj_pipeline_progress(pipeline, &files, &documents, &bytes);
    run->shown = time;
    const struct lj_run_report *report = run->report;
    struct lj_progress progress = {run->task_files,
                                   MAX(run->done_files, files),
                                   run->task_bytes,
                                   MAX(run->done_bytes, MIN(bytes, run->task_bytes)),
                                   MAX(report->added + report->changed + report->again, documents),
                                   (double)(time - run->began) / G_USEC_PER_SEC};
    run->options->progress(&progress, run->options->data);
}

static void
report_failure(struct run *run, const struct lj_failure *failure)
{
    const struct lj_task *task = &g_array_index(run->tasks, struct lj_task, failure->task);
    char *path = !task->source ? g_strdup(run->options->dir)
                 : task->file  ? lj_task_path(task)
                               : g_strdup("-");
    char *shown = lj_run_shown_path(path);
    lj_run_say(run, LJ_MESSAGE_WARNING, "%s%s%s: %s", shown, failure->member ? " " : "",
               failure->member ? failure->member : "", failure->reason);
    lj_run_write_failure(run, task->source ? task->source->name : NULL, path, failure->member,
                         failure->reason);
    g_free(path);
    g_free(shown);
}

static void
add_counts(GHashTable *into, GHashTable *from, guint limit)
{
    GHashTableIter iter;
    gpointer key, value;
    g_hash_table_iter_init(&iter, from);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        guint known = GPOINTER_TO_UINT(g_hash_table_lookup(into, key));
        if (known || g_hash_table_size(into) < limit)
            g_hash_table_insert(into, g_strdup(key),
                                GUINT_TO_POINTER(known + GPOINTER_TO_UINT(value)));
    }
}

/* May the document at a place be another file's, too? One that is named for its file, or for its place in it, may
 * not. */
static bool
may_be_elsewhere(struct lj_store *store, const char *base, struct lj_place place)
{
    char *id = lj_store_id(store, place, NULL);
    size_t length = strlen(base);
    bool own = id && strncmp(id, base, length) == 0 &&
               (!id[length] || id[length] == '#' || id[length] == '!');
    g_free(id);
    return !own;
}

/* Documents of a file that it no longer holds go, unless another may have them: these are appended to waiting. */
static bool
drop_stale(struct run *run, const struct lj_task *task, const struct lj_outcome *outcome,
           GArray *waiting, GError **error)
{
    const char *source = task->source->name, *path = task->file->path;
    char *key = lj_run_row_key(task->source, path), *base = lj_file_id(key);
    GArray *places = lj_store_of_file(run->store, source, path, error);
    GArray *stale = g_array_new(FALSE, FALSE, sizeof(struct lj_place));
    g_array_sort(outcome->kept, lj_place_compare);
    for (guint i = 0; places && i < places->len; i++) {
        struct lj_place place = g_array_index(places, struct lj_place, i);
        if (!g_array_binary_search(outcome->kept, &place, lj_place_compare, NULL))
            g_array_append_val(may_be_elsewhere(run->store, base, place) ? waiting : stale, place);
    }
    bool good = places && lj_store_drop_of_file(run->store, source, path, stale,
                                                &run->report->removed, error);
    g_array_unref(stale);
    if (places)
        g_array_unref(places);
    g_free(base);
    g_free(key);
    return good;
}

/* Documents of a file may be committed before all of it is read: the next run reads it again, or removes them where it
 * has gone meanwhile. */
static void
note_unfinished(struct run *run, const struct lj_task *task)
{
    char *key = task->file ? lj_run_row_key(task->source, task->file->path) : NULL;
    if (key)
        lj_run_unfinish(run, key);
    g_free(key);
}

/* Has the file become the one document of these bytes, with the paths of all that have them? */
static bool
is_document_of(const struct lj_outcome *outcome, const struct lj_identical *same)
{
    return same && !outcome->untouched && outcome->state == LJ_FILE_INDEXED && outcome->whole &&
           outcome->documents == 1 && memcmp(outcome->sha256, same->sha256, 32) == 0;
}

/* The end of a file: its row, and what of it is stale. */
static bool
take_outcome(struct run *run, const struct lj_outcome *outcome, GError **error)
{
    const struct lj_task *task = &g_array_index(run->tasks, struct lj_task, outcome->task);
    if (outcome->unfinished) {
        note_unfinished(run, task);
        return true;
    }
    run->done_files += task->source ? 1 : outcome->documents;
    if (!task->file)
        return true;
    char *key = lj_run_row_key(task->source, task->file->path);
    struct lj_row row = lj_run_row_for(run, task->file, key);
    const struct lj_row *known = lj_run_known_row(run, key);
    GArray *waiting = g_array_new(FALSE, FALSE, sizeof(struct lj_place));
    bool good = true;
    row.shared = known && known->shared;
    row.read = !outcome->untouched;
    if (task->for_others && outcome->state == LJ_FILE_FAILED) {
        lj_run_unfinish(run, key); /* it has what it had; the next run tries again */
        g_array_unref(waiting);
        g_free(key);
        return true;
    }
    if (outcome->untouched && known) {
        row.state = known->state;
        row.documents = known->documents;
        memcpy(row.sha256, known->sha256, 32);
        row.reason = known->reason;
        run->report->unchanged++;
    } else {
        row.state = outcome->state;
        row.documents = outcome->documents;
        memcpy(row.sha256, outcome->sha256, 32);
        row.reason = outcome->reason;
        run->report->empty += outcome->state == LJ_FILE_EMPTY;
        if (outcome->state == LJ_FILE_SKIPPED) {
            run->report->skipped++;
            char *kind = g_strdup(outcome->reason);
            guint count = GPOINTER_TO_UINT(g_hash_table_lookup(run->skipped, kind));
            g_hash_table_insert(run->skipped, kind, GUINT_TO_POINTER(count + 1));
        }
        /* A file that cannot be read today keeps the documents it had. */
        if (task->known && outcome->state != LJ_FILE_FAILED && outcome->kept)
            good = drop_stale(run, task, outcome, waiting, error);
        /* The row of the old name goes in the same commit: its document has another name now. */
        if (task->moved && outcome->state == LJ_FILE_INDEXED) {
            char *old = g_strdup(task->moved_from);
            lj_journal_set(run->store->journal,
                           &(struct lj_row){.key = old, .state = LJ_FILE_GONE});
            run->report->moved++;
            g_free(old);
        }
    }
    row.seen = true;
    /* Documents in a segment that is not published yet: commits of others come before it. A moved file has its
     * document in place, and its old row went above. */
    bool hold = run->scratch->len + run->parts->len > 0 && !task->moved;
    if (lj_run_defer(run, &row, waiting))
        ;
    else if (hold)
        lj_journal_hold(run->store->journal, &row);
    else
        lj_journal_set(run->store->journal, &row);
    if (good && is_document_of(outcome, task->identical))
        good = lj_run_set_copies(run, task->identical, hold, error);
    struct lj_row *now = lj_journal_find(run->store->journal, key);
    if (now)
        now->seen = true;
    g_free(key);
    return good;
}

static bool
publish(struct run *run, GError **error)
{
    if (run->scratch->len + run->parts->len == 0)
        return true;
    bool good = lj_store_publish(run->store, run->scratch, run->parts, run->memory / 4,
                                 run->repeated, run->ahead, error);
    g_ptr_array_set_size(run->scratch, 0);
    g_ptr_array_set_size(run->parts, 0);
    g_ptr_array_set_size(run->repeated, 0);
    run->scratch_bytes = 0;
    run->published = g_get_monotonic_time();
    return good;
}

/* A stored document that could not be read: its file is read again by the next run. */
static void
forget_lost(struct run *run, const struct lj_failure *failure)
{
    const struct lj_task *task = &g_array_index(run->tasks, struct lj_task, failure->task);
    if (task->source || !failure->member)
        return;
    const char *member = strstr(failure->member, "!/");
    char *key = member ? g_strndup(failure->member, (gsize)(member - failure->member))
                       : g_strdup(failure->member);
    if (lj_journal_find(run->store->journal, key)) {
        struct lj_row mark = {.key = key, .state = LJ_FILE_GONE};
        lj_journal_set(run->store->journal, &mark);
    }
    g_hash_table_add(run->lost, key);
}

static bool
take_batch(struct run *run, struct lj_batch *batch, GError **error)
{
    struct lj_run_report *report = run->report;
    if (batch->error) {
        g_propagate_error(error, g_steal_pointer(&batch->error));
        return false;
    }
    for (guint i = 0; i < batch->repeated->len; i++)
        g_ptr_array_add(run->repeated, g_strdup(batch->repeated->pdata[i]));
    for (guint i = 0; i < batch->ahead->len; i++)
        g_ptr_array_add(run->ahead, g_strdup(batch->ahead->pdata[i]));
    for (guint i = 0; i < batch->repeated->len; i++)
        g_hash_table_add(run->repeated_ids, g_strdup(batch->repeated->pdata[i]));
    for (guint i = 0; i < batch->ahead->len; i++)
        g_hash_table_add(run->repeated_ids, g_strdup(batch->ahead->pdata[i]));
    bool good = lj_run_mark_shared(run, batch->shared, error);
    for (guint i = 0; good && i < batch->items->len; i++) {
        struct lj_item *item = &g_array_index(batch->items, struct lj_item, i);
        if (item->delete) {
            good = lj_store_delete(run->store, item->place, item->id, error);
            report->removed++;
        } else if (item->place.docid) {
            good = lj_store_put(run->store, item->place, item->prepared, error);
        } else {
            good = g_hash_table_contains(run->repeated_ids, item->prepared->id)
                       ? lj_store_add_again(run->store, item->prepared, error)
                       : lj_store_add(run->store, item->prepared, error);
        }
    }
    if (good && batch->metadata && batch->metadata->len > 0)
        good = lj_store_metadata(run->store, batch->metadata, error);
    if (batch->scratch)
        g_ptr_array_add(run->scratch, g_steal_pointer(&batch->scratch));
    if (batch->part)
        g_ptr_array_add(run->parts, g_steal_pointer(&batch->part));
    for (guint i = 0; good && i < batch->outcomes->len; i++)
        good = take_outcome(run, &g_array_index(batch->outcomes, struct lj_outcome, i), error);
    for (guint i = 0; i < batch->failures->len; i++) {
        report_failure(run, &g_array_index(batch->failures, struct lj_failure, i));
        forget_lost(run, &g_array_index(batch->failures, struct lj_failure, i));
    }
    report->added += batch->added;
    report->changed += batch->changed;
    report->again += batch->again;
    report->failed += batch->failures->len - batch->cut;
    report->cut += batch->cut;
    report->empty += batch->empty;
    report->undated += batch->undated;
    report->recognised += batch->recognised;
    report->repeated += batch->repeated->len + batch->ahead->len;
    report->text_bytes += batch->text_bytes;
    run->store->carrying += batch->stored;
    run->done_bytes += batch->file_bytes;
    run->scratch_bytes += batch->text_bytes;
    add_counts(run->kinds, batch->kinds, G_MAXUINT);
    add_counts(run->skipped, batch->skipped, G_MAXUINT);
    add_counts(run->titles, batch->titles, 100000);
    if (!good)
        return false;
    return true;
}

/* Publishes or commits what is due, whether or not a batch came: a page to be recognised may take minutes, and
 * what was read before it is to be searchable meanwhile. */
static bool
keep_up(struct run *run, GError **error)
{
    gint64 most = run->options->publish_ms ? run->options->publish_ms * (gint64)1000 : PUBLISH_TIME;
    gint64 waited = g_get_monotonic_time() - run->published;
    if (run->scratch->len + run->parts->len > 0 &&
        (run->scratch_bytes >= MIN(PUBLISH_BYTES, run->memory) || waited >= most ||
         run->scratch->len >= 200 || run->parts->len >= 2000))
        return publish(run, error);
    return !lj_store_due(run->store) || lj_store_commit(run->store, error);
}

/* Does a feed or do large new files make segments of their own worth while? */
static bool
is_bulk(const struct run *run)
{
    if (run->store != run->live)
        return true; /* a rebuild */
    uint64_t bytes = 0;
    for (guint i = 0; i < run->tasks->len; i++) {
        const struct lj_task *task = &g_array_index(run->tasks, struct lj_task, i);
        bytes += task->file && !task->known ? task->file->size : 0;
    }
    return !run->store->reader || bytes >= BULK_LEAST;
}

/* May the bulk builder write segments? LEGAJO_BULK=library in the environment forbids it. */
static bool
is_glass(struct run *run)
{
    const char *wanted = g_getenv("LEGAJO_BULK");
    if (wanted && strcmp(wanted, "library") == 0)
        return false;
    GError *doubt = NULL;
    bool trusted = lj_glass_trusted(&doubt);
    if (!trusted)
        lj_run_say(run, LJ_MESSAGE_INFO, _("%s; building through the library, which takes longer"),
                   doubt->message);
    g_clear_error(&doubt);
    return trusted;
}

unsigned
lj_processors_granted(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
        return (unsigned)CPU_COUNT(&set);
    return g_get_num_processors();
}

bool
lj_run_tasks(struct run *run, GError **error)
{
    if (run->tasks->len == 0)
        return true;
    if (run->task_files == 0)
        run->task_files = run->tasks->len;
    /* What was read before is looked up like all else. */
    if (run->passes > 0 && run->store->layout->segments->len > 0 &&
        !(lj_store_commit(run->store, error) && lj_store_reopen(run->store, error)))
        return false;
    run->passes++;
    struct lj_pipeline_options options = {
        .store = run->store,
        .live = run->live,
        .tasks = run->tasks,
        .jobs = run->options->jobs ? run->options->jobs : lj_processors_granted(),
        .memory = run->options->memory ? run->options->memory : LJ_MEMORY_DEFAULT,
        .bulk = is_bulk(run),
        .stop = run->options->stop,
        .seal_time = run->options->publish_ms * (gint64)1000 / 2,
        .declared = run->store->declared,
        .vanished = run->vanished,
        .dropping = run->dropping};
    char *pages = g_build_filename(run->options->dir, "ocr", NULL);
    options.pages = lj_page_cache_open(pages, true);
    g_free(pages);
    options.glass = options.bulk && is_glass(run);
    if (options.bulk)
        run->builder = options.glass ? "bulk" : "library";
    options.removed = lj_removed_ids(run->live->journal);
    run->memory = options.memory;
    struct lj_pipeline *pipeline = lj_pipeline_start(&options, error);
    if (!pipeline) {
        lj_page_cache_close(options.pages);
        return false;
    }
    bool good = true, more = true;
    run->published = g_get_monotonic_time();
    while (good && more) {
        struct lj_batch *batch = lj_pipeline_next(pipeline, 200000, &more);
        good =
            (!batch || take_batch(run, batch, error)) && ((!batch && !more) || keep_up(run, error));
        lj_batch_free(batch);
        show_progress(run, pipeline);
    }
    lj_pipeline_end(pipeline);
    lj_page_cache_close(options.pages);
    good = good && publish(run, error);
    for (guint i = 0; i < run->scratch->len; i++)
        lj_remove_tree(run->scratch->pdata[i], NULL);
    show_progress(run, NULL);
    return good;
}
