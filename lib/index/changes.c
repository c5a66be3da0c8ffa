/* What a run has to do: the walk against the manifest, files that vanished, files that moved. */
#include "index/run.h"
#include "i18n.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

char *
lj_run_row_key(const struct lj_source *source, const char *path)
{
    return g_strconcat(source->name, "/", path, NULL);
}

/* Is a file the table that describes the others? It is no document itself. */
static bool
is_table(const struct lj_source *source, const struct lj_file *file)
{
    const char *name = source->metadata ? strrchr(source->metadata, '/') : NULL;
    if (!name || source->file || !g_str_has_suffix(file->path, name + 1))
        return false;
    char *path = g_build_filename(source->root, file->path, NULL);
    bool same = strcmp(path, source->metadata) == 0;
    g_free(path);
    return same;
}

static bool
is_same(const struct lj_row *row, const struct lj_file *file)
{
    return row->size == file->size && row->mtime == file->mtime && row->ctime == file->ctime &&
           row->inode == file->inode;
}

/* Where only its dates may have changed, its content says whether it is read. */
static void
check_content(struct lj_task *task, const struct lj_row *row)
{
    task->check =
        row->size == task->file->size && lj_row_has_hash(row) && row->state != LJ_FILE_FAILED;
    memcpy(task->sha256, row->sha256, 32);
}

static void
plan_file(struct run *run, const struct lj_source *source, const struct lj_file *file)
{
    if (is_table(source, file))
        return;
    if (source->table)
        lj_metadata_note_file(source->table, file->path);
    bool anew = run->store != run->live; /* a rebuild reads everything */
    char *key = lj_run_row_key(source, file->path);
    struct lj_row *row = lj_journal_find(run->live->journal, key);
    struct lj_row *read = anew ? lj_journal_find(run->store->journal, key) : NULL;
    g_free(key);
    struct lj_task task = {.source = source,
                           .file = file,
                           .fd = -1,
                           .known = anew ? run->store->resumed : row != NULL,
                           .fresh = !row};
    if (row)
        row->seen = true;
    if (row && anew && row->state == LJ_FILE_REMOVED)
        return;
    if (read) { /* by the attempt that was broken off */
        read->seen = true;
        /* Of a copy it has read nothing: whether the other is there is seen again. */
        task.done = is_same(read, file) && read->state != LJ_FILE_COPY;
        check_content(&task, read);
    }
    if (row && !anew) {
        bool same = is_same(row, file);
        /* Left unread while characters were not to be recognised; now they are. */
        task.again = source->ocr != LJ_OCR_NEVER && row->reason &&
                     (strcmp(row->reason, LJ_REASON_UNREAD) == 0 ||
                      (row->state == LJ_FILE_SKIPPED && lj_ocr_reads(row->reason)));
        /* A kind that nobody read may be one that an update can read. */
        task.again |= row->state == LJ_FILE_SKIPPED && g_strcmp0(source->reader, run->reader) != 0;
        task.again |= source->anew || (source->columns && !source->reader);
        bool again = task.again || (run->options->retry_failed && row->state == LJ_FILE_FAILED);
        if ((same && !again) || row->state == LJ_FILE_REMOVED) {
            run->report->unchanged++;
            run->report->known_failures += row->state == LJ_FILE_FAILED;
            return;
        }
        if (!again)
            check_content(&task, row);
    }
    if (anew ? read && !task.done : row != NULL)
        (anew ? read : row)->asked = true;
    g_array_append_val(run->tasks, task);
    run->task_bytes += file->size;
}

static bool
walk_scope(struct run *run, struct scope *scope, GError **error)
{
    if (scope->feed) {
        struct lj_task task = {.source = scope->source, .fd = STDIN_FILENO, .known = true};
        g_array_append_val(run->tasks, task);
        return true;
    }
    struct lj_walk_options options = {scope->source->globs, scope->source->hidden,
                                      scope->source->follow, run->options->dir};
    GError *failure = NULL;
    scope->walk = lj_walk(scope->source->root, &options, run->options->stop, &failure);
    if (!scope->walk && failure->code != LJ_ERROR_NO_INPUT) {
        g_propagate_error(error, failure);
        return false;
    }
    if (!scope->walk) {
        lj_run_say(run, LJ_MESSAGE_WARNING,
                   _("%s; what the index holds of it stays; if it is gone for good: "
                     "--remove-source=%s"),
                   failure->message, scope->source->name);
        run->report->missing = true;
        g_error_free(failure);
        return true;
    }
    for (guint i = 0; i < scope->walk->unreadable->len; i++) {
        char *text = lj_run_shown_path(scope->walk->unreadable->pdata[i]);
        lj_run_say(run, LJ_MESSAGE_WARNING, _("%s/%s; what the index holds of it stays"),
                   scope->source->root, text);
        g_free(text);
        run->report->failed++;
    }
    for (guint i = 0; i < scope->walk->files->len; i++)
        plan_file(run, scope->source, &g_array_index(scope->walk->files, struct lj_file, i));
    return true;
}

static bool
under(const char *path, const char *folder)
{
    size_t length = strlen(folder);
    return length == 0 || (strncmp(path, folder, length) == 0 && path[length] == '/');
}

/* Rows of a scope that the walk did not meet and that may be taken for gone. */
static GPtrArray *
vanished_rows(struct run *run, const struct scope *scope, GPtrArray *rows)
{
    GPtrArray *gone = g_ptr_array_new();
    uint64_t *kept =
        g_new0(uint64_t, scope->source->mounts->len + 1); /* documents below each mount */
    size_t length = strlen(scope->source->name);
    for (guint i = 0; i < rows->len; i++) {
        struct lj_row *row = rows->pdata[i];
        if (row->seen || row->gone || row->state == LJ_FILE_REMOVED ||
            strncmp(row->key, scope->source->name, length) != 0 || row->key[length] != '/')
            continue;
        const char *path = row->key + length + 1;
        if (scope->source->file && strcmp(path, scope->source->file) != 0)
            continue;
        bool shut = false;
        for (guint s = 0; s < scope->walk->shut->len && !shut; s++)
            shut = under(path, scope->walk->shut->pdata[s]);
        /* A mount point of last time that is an ordinary folder now: not mounted, not emptied. */
        for (guint m = 0; m < scope->source->mounts->len && !shut; m++) {
            const char *mount = scope->source->mounts->pdata[m];
            bool still = false;
            for (guint n = 0; n < scope->walk->mounts->len && !still; n++)
                still = strcmp(mount, scope->walk->mounts->pdata[n]) == 0;
            shut = !still && under(path, mount);
            kept[m] += shut ? lj_row_weight(row) : 0;
        }
        if (shut)
            continue;
        row->gone = true; /* once, even where scopes overlap */
        g_ptr_array_add(gone, row);
    }
    for (guint m = 0; m < scope->source->mounts->len; m++) {
        if (kept[m] == 0)
            continue;
        char *shown = lj_run_shown_path(scope->source->mounts->pdata[m]);
        lj_run_say(
            run, LJ_MESSAGE_WARNING,
            _("%s/%s was a mount point and is not now: %llu documents are kept; mount it and "
              "run again, or let them go with --remove-source=%s/%s"),
            scope->source->root, shown, (unsigned long long)kept[m], scope->source->name, shown);
        g_free(shown);
        run->report->withheld = true;
    }
    g_free(kept);
    return gone;
}

/* Is a new file one that vanished elsewhere? The inode tells, or the content. */
static bool
same_file(const struct lj_task *task, const struct lj_row *row)
{
    const struct lj_file *file = task->file;
    if (row->size != file->size || row->mtime != file->mtime)
        return false;
    if (row->inode == file->inode)
        return true;
    if (!lj_row_has_hash(row))
        return false;
    char *path = lj_task_path(task);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    uint8_t digest[32];
    bool good = fd >= 0 && lj_hash_file(fd, digest);
    if (fd >= 0)
        close(fd);
    g_free(path);
    return good && memcmp(digest, row->sha256, 32) == 0;
}

/* A new file takes over the document that a vanished one was. False: it was none, or has members or records. */
static bool
take_over(struct run *run, struct lj_task *task, const struct lj_row *row)
{
    GArray *places = lj_store_of_key(run->live, row->key, NULL);
    bool good = places && places->len == 1;
    char *own = lj_file_id(row->key);
    char *id =
        good ? lj_store_id(run->live, g_array_index(places, struct lj_place, 0), NULL) : NULL;
    good = g_strcmp0(id, own) == 0;
    g_free(own);
    g_free(id);
    if (good) {
        task->moved = run->store == run->live;
        task->place = g_array_index(places, struct lj_place, 0);
        task->moved_from = g_strdup(row->key);
        g_ptr_array_add(run->taken, (gpointer)task->moved_from);
    }
    if (places)
        g_array_unref(places);
    return good;
}

/* A copy, or a file with copies, has another name: the document stays with the others, or is handed to them, and the
 * new name is found to be one more. */
static void
rename_copy(struct run *run, const struct lj_row *row)
{
    g_ptr_array_add(run->renamed, g_strdup(row->key));
    g_ptr_array_add(run->taken, g_strdup(row->key));
    run->report->moved++;
    run->report->changed++;
}

/* New files that are vanished ones under another name take over their documents. */
static void
recognise_moves(struct run *run, GPtrArray *gone, GHashTable *copies)
{
    if (gone->len == 0)
        return;
    GHashTable *by_size =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
    for (guint i = 0; i < gone->len; i++) {
        struct lj_row *row = gone->pdata[i];
        if (row->state != LJ_FILE_COPY && (row->documents != 1 || row->state != LJ_FILE_INDEXED))
            continue;
        GPtrArray *same = g_hash_table_lookup(by_size, &row->mtime);
        if (!same) {
            same = g_ptr_array_new();
            g_hash_table_insert(by_size, &row->mtime, same);
        }
        g_ptr_array_add(same, row);
    }
    for (guint i = 0; i < run->tasks->len; i++) {
        struct lj_task *task = &g_array_index(run->tasks, struct lj_task, i);
        GPtrArray *same =
            task->fresh && task->file ? g_hash_table_lookup(by_size, &task->file->mtime) : NULL;
        bool found = false;
        for (guint r = 0; same && r < same->len && !found; r++) {
            struct lj_row *row = same->pdata[r];
            if (row->seen || !same_file(task, row))
                continue;
            if (row->state == LJ_FILE_COPY || g_hash_table_contains(copies, row->key)) {
                rename_copy(run, row);
                row->seen = found = true;
            } else if (take_over(run, task, row)) {
                row->seen = found = true;
            }
        }
    }
    g_hash_table_unref(by_size);
}

void
lj_run_gone_free(const struct run *run, GPtrArray **gone)
{
    for (guint s = 0; gone && s < run->scopes->len; s++)
        if (gone[s])
            g_ptr_array_unref(gone[s]);
    g_free(gone);
}

GPtrArray **
lj_run_walk(struct run *run, GError **error)
{
    if (!lj_run_load_tables(run, error))
        return NULL;
    for (guint s = 0; s < run->scopes->len; s++)
        if (!walk_scope(run, &g_array_index(run->scopes, struct scope, s), error))
            return NULL;
    GPtrArray **gone = g_new0(GPtrArray *, run->scopes->len + 1);
    GPtrArray *rows = lj_journal_rows(run->live->journal);
    for (guint s = 0; s < run->scopes->len && !lj_run_stopped(run); s++) {
        struct scope *scope = &g_array_index(run->scopes, struct scope, s);
        if (scope->walk)
            gone[s] = vanished_rows(run, scope, rows);
    }
    g_ptr_array_unref(rows);
    GHashTable *copies = lj_journal_copies(run->live->journal);
    for (guint s = 0; s < run->scopes->len; s++)
        if (gone[s])
            recognise_moves(run, gone[s], copies);
    g_hash_table_unref(copies);
    return gone;
}

void
lj_run_say_plan(struct run *run, GPtrArray **gone)
{
    for (guint i = 0; i < run->tasks->len; i++) {
        const struct lj_task *task = &g_array_index(run->tasks, struct lj_task, i);
        if (!task->file)
            continue;
        char *path = lj_run_shown_path(task->file->path);
        const char *what = task->moved   ? _("moved")
                           : task->check ? _("to check")
                           : task->known ? _("changed")
                                         : _("new");
        lj_run_say(run, LJ_MESSAGE_INFO, "%s: %s/%s", what, task->source->name, path);
        g_free(path);
    }
    for (guint s = 0; s < run->scopes->len; s++)
        for (guint i = 0; gone[s] && i < gone[s]->len; i++) {
            const struct lj_row *row = gone[s]->pdata[i];
            char *path = lj_run_shown_path(row->key);
            if (!row->seen)
                lj_run_say(run, LJ_MESSAGE_INFO, _("gone: %s"), path);
            g_free(path);
        }
}
