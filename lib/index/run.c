/* One run of the indexer, from the walk to the last commit. */
#include "index/run.h"

#include "index/history.h"
#include "index/removed.h"
#include "index/wordlist.h"
#include "i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define GUARD_LEAST 20         /* documents: fewer may always go */
#define BULK_LEAST (32u << 20) /* bytes of new files that are worth segments of their own */
#define PUBLISH_BYTES (256u << 20)
#define PUBLISH_TIME (20 * G_USEC_PER_SEC)

void
lj_run_say(struct run *run, enum lj_message_level level, const char *format, ...)
{
    if (!run->options->message)
        return;
    va_list args;
    va_start(args, format);
    char *text = g_strdup_vprintf(format, args);
    va_end(args);
    run->options->message(level, text, run->options->data);
    g_free(text);
}

bool
lj_run_stopped(const struct run *run)
{
    return run->options->stop && *run->options->stop;
}

/* A path as people and logs may see it: odd bytes as %XX. */
static char *
shown_path(const char *path)
{
    if (g_utf8_validate(path, -1, NULL))
        return g_strdup(path);
    return g_uri_escape_string(path, "/ !\"$&'()*+,:;<=>?@[]^`{|}~", FALSE);
}

/* --- sources -----------------------------------------------------------------------------------
 */

/* NAME of a source: option, configuration, or last path component. */
static char *
source_name(struct run *run, const char *root, bool folder,
            const struct lj_config_source *configured, GError **error)
{
    char *name;
    if (run->options->name) {
        name = g_strdup(run->options->name);
    } else if (configured) {
        name = g_strdup(configured->name);
    } else {
        char *base = folder ? g_strdup(root) : g_path_get_dirname(root);
        char *last = g_path_get_basename(base);
        char *valid = g_utf8_make_valid(last, -1);
        name = g_utf8_normalize(valid, -1, G_NORMALIZE_DEFAULT_COMPOSE);
        g_free(base);
        g_free(last);
        g_free(valid);
    }
    if (*name && strcmp(name, "/") != 0 && strcmp(name, ".") != 0 && !strchr(name, '/'))
        return name;
    g_set_error(error, LJ_ERROR, LJ_ERROR_USAGE,
                _("%s: cannot name this source; give it a name with --name=NAME (without '/')"),
                root);
    g_free(name);
    return NULL;
}

/* Folder in which the ids of a source begin. */
static char *
source_base(const struct lj_source *source)
{
    return source->file ? g_path_get_dirname(source->root) : g_strdup(source->root);
}

/* Is NAME known under another root? Gone: the source has moved. There: an error with the remedy. */
static bool
check_name(struct run *run, const char *name, const char *base, GError **error)
{
    for (guint i = 0; i < run->sources->len; i++) {
        struct lj_source *known = run->sources->pdata[i];
        char *other = source_base(known);
        bool clash = strcmp(known->name, name) == 0 && strcmp(other, base) != 0;
        bool there = clash && access(other, F_OK) == 0;
        if (clash && !there) {
            lj_run_say(run, LJ_MESSAGE_INFO, _("source %s: moved from %s to %s"), name, other,
                       base);
            char *root = known->file ? g_build_filename(base, known->file, NULL) : g_strdup(base);
            g_free(known->root);
            known->root = root;
        } else if (there) {
            g_set_error(error, LJ_ERROR, LJ_ERROR_USAGE,
                        _("%s: the index already has a source %s, from %s; give this one another "
                          "name with --name=NAME"),
                        base, name, other);
        }
        g_free(other);
        if (there)
            return false;
    }
    return true;
}

static void
add_globs(struct lj_source *source, const GArray *globs)
{
    for (guint i = 0; globs && i < globs->len; i++) {
        struct lj_glob glob = g_array_index(globs, struct lj_glob, i);
        glob.pattern = g_strdup(glob.pattern);
        g_array_append_val(source->globs, glob);
    }
}

/* configured: what the configuration says of it; NULL. The command line comes after. */
static void
set_walk_options(struct run *run, struct lj_source *source,
                 const struct lj_config_source *configured)
{
    const struct lj_run_options *options = run->options;
    g_array_set_size(source->globs, 0);
    if (configured)
        add_globs(source, configured->globs);
    add_globs(source, options->globs);
    source->hidden = options->hidden || (configured && configured->hidden);
    source->follow = options->follow || (configured && configured->follow);
    source->max_size = options->max_size || !configured ? options->max_size : configured->max_size;
    g_free(source->encoding);
    source->encoding =
        g_strdup(options->encoding || !configured ? options->encoding : configured->encoding);
    source->ocr = options->ocr;
}

/* What the configuration says of a source given by its path; NULL. */
static const struct lj_config_source *
find_configured(const struct run *run, const char *root)
{
    const GPtrArray *configured = run->options->configured;
    const struct lj_config_source *found = NULL;
    for (guint i = 0; configured && i < configured->len && !found; i++) {
        const struct lj_config_source *source = configured->pdata[i];
        char *path = realpath(source->path, NULL);
        if (path && strcmp(path, root) == 0)
            found = source;
        free(path);
    }
    return found;
}

/* A source given on the command line, or by the configuration → a scope, remembered. */
static bool
add_source(struct run *run, const char *given, const struct lj_config_source *configured,
           GError **error)
{
    if (strcmp(given, "-") == 0) {
        struct lj_source *source =
            lj_source_new(run->options->name ? run->options->name : "stdin", "-", NULL);
        set_walk_options(run, source, NULL);
        struct scope scope = {source, NULL, true};
        g_array_append_val(run->scopes, scope);
        return true;
    }
    char *root = realpath(given, NULL);
    struct stat st;
    if (!root || stat(root, &st) < 0) {
        lj_run_say(run, LJ_MESSAGE_WARNING, _("%s: this source is not there: %s"), given,
                   g_strerror(errno));
        run->report->missing = true;
        free(root);
        return true;
    }
    bool folder = S_ISDIR(st.st_mode), good = false;
    if (!configured)
        configured = find_configured(run, root);
    char *name = source_name(run, root, folder, configured, error);
    char *file = folder ? NULL : g_path_get_basename(root);
    char *base = folder ? g_strdup(root) : g_path_get_dirname(root);
    if (name && check_name(run, name, base, error)) {
        struct lj_source *source = lj_sources_find(run->sources, name, file);
        if (!source) {
            source = lj_source_new(name, root, file);
            g_ptr_array_add(run->sources, source);
        }
        set_walk_options(run, source, configured);
        struct scope scope = {source, NULL, false};
        g_array_append_val(run->scopes, scope);
        good = true;
    }
    g_free(name);
    g_free(file);
    g_free(base);
    free(root);
    return good;
}

/* Has it been named as missing already, as one of the configuration? */
static bool
is_missing(const struct run *run, const struct lj_source *source)
{
    const GPtrArray *configured = run->options->configured;
    bool missing = false;
    for (guint i = 0; configured && i < configured->len && !missing; i++) {
        const struct lj_config_source *other = configured->pdata[i];
        missing = strcmp(other->name, source->name) == 0 && access(other->path, F_OK) != 0;
    }
    return missing;
}

static bool
choose_sources(struct run *run, GError **error)
{
    const char *const *given = run->options->sources;
    if (given && *given) {
        for (; *given; given++)
            if (!add_source(run, *given, NULL, error))
                return false;
        return true;
    }
    const GPtrArray *configured = run->options->configured;
    for (guint i = 0; configured && i < configured->len; i++) {
        const struct lj_config_source *source = configured->pdata[i];
        if (!add_source(run, source->path, source, error))
            return false;
    }
    for (guint i = 0; i < run->sources->len; i++) {
        struct scope scope = {run->sources->pdata[i], NULL, false};
        bool chosen = false;
        for (guint s = 0; s < run->scopes->len && !chosen; s++)
            chosen = g_array_index(run->scopes, struct scope, s).source == scope.source;
        if (!chosen && !is_missing(run, scope.source))
            g_array_append_val(run->scopes, scope);
    }
    if (run->scopes->len > 0 || run->report->missing)
        return true;
    g_set_error(error, LJ_ERROR, LJ_ERROR_USAGE,
                _("no source given, and the index remembers none; name a folder: legajo-indexer "
                  "FOLDER"));
    return false;
}

/* --- what is to be done ------------------------------------------------------------------------
 */

static char *
row_key(const struct lj_source *source, const char *path)
{
    return g_strconcat(source->name, "/", path, NULL);
}

/* A row for what the walk saw. Files younger than the walk are looked at again next time: their
 * last write may share a clock tick with our reading. */
static struct lj_row
row_for(const struct run *run, const struct lj_file *file, char *key)
{
    struct lj_row row = {.key = key,
                         .size = file->size,
                         .inode = file->inode,
                         .mtime = file->mtime,
                         .ctime = file->ctime};
    if (file->mtime >= run->walk_began || file->ctime >= run->walk_began)
        row.ctime = 0;
    return row;
}

static bool
has_hash(const struct lj_row *row)
{
    static const uint8_t none[32];
    return memcmp(row->sha256, none, 32) != 0;
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

static void
plan_file(struct run *run, const struct lj_source *source, const struct lj_file *file)
{
    if (is_table(source, file))
        return;
    if (source->table)
        lj_metadata_note_file(source->table, file->path);
    char *key = row_key(source, file->path);
    struct lj_row *row = lj_journal_find(run->live->journal, key);
    g_free(key);
    bool anew = run->store != run->live; /* a rebuild reads everything */
    struct lj_task task = {.source = source, .file = file, .fd = -1, .known = row && !anew};
    if (row)
        row->seen = true;
    if (row && anew && row->state == LJ_FILE_REMOVED)
        return;
    if (row && !anew) {
        bool same = row->size == file->size && row->mtime == file->mtime &&
                    row->ctime == file->ctime && row->inode == file->inode;
        /* Left unread while characters were not to be recognised; now they are. */
        task.again = source->ocr != LJ_OCR_NEVER && row->reason &&
                     (strcmp(row->reason, LJ_REASON_UNREAD) == 0 ||
                      (row->state == LJ_FILE_SKIPPED && lj_ocr_reads(row->reason)));
        bool again = task.again || (run->options->retry_failed && row->state == LJ_FILE_FAILED);
        if ((same && !again) || row->state == LJ_FILE_REMOVED) {
            run->report->unchanged++;
            run->report->known_failures += row->state == LJ_FILE_FAILED;
            return;
        }
        task.check =
            !again && row->size == file->size && has_hash(row) && row->state != LJ_FILE_FAILED;
        memcpy(task.sha256, row->sha256, 32);
    }
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
        lj_run_say(run, LJ_MESSAGE_WARNING, "%s", failure->message);
        run->report->missing = true;
        g_error_free(failure);
        return true;
    }
    for (guint i = 0; i < scope->walk->unreadable->len; i++) {
        char *text = shown_path(scope->walk->unreadable->pdata[i]);
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
vanished_rows(const struct scope *scope, GPtrArray *rows)
{
    GPtrArray *gone = g_ptr_array_new();
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
        }
        if (shut)
            continue;
        row->gone = true; /* once, even where scopes overlap */
        g_ptr_array_add(gone, row);
    }
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
    if (!has_hash(row))
        return false;
    char *path = task->source->file ? g_strdup(task->source->root)
                                    : g_build_filename(task->source->root, file->path, NULL);
    GMappedFile *map = g_mapped_file_new(path, FALSE, NULL);
    g_free(path);
    if (!map)
        return false;
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(sum, (const guchar *)g_mapped_file_get_contents(map),
                      (gssize)g_mapped_file_get_length(map));
    uint8_t digest[32];
    gsize length = 32;
    g_checksum_get_digest(sum, digest, &length);
    g_checksum_free(sum);
    g_mapped_file_unref(map);
    return memcmp(digest, row->sha256, 32) == 0;
}

/* New files that are vanished ones under another name take over their documents. */
static void
recognise_moves(struct run *run, GPtrArray *gone)
{
    if (gone->len == 0)
        return;
    GHashTable *by_size =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
    for (guint i = 0; i < gone->len; i++) {
        struct lj_row *row = gone->pdata[i];
        if (row->documents != 1 || row->state != LJ_FILE_INDEXED)
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
            task->known || !task->file ? NULL : g_hash_table_lookup(by_size, &task->file->mtime);
        bool found = false;
        for (guint r = 0; same && r < same->len && !found; r++) {
            struct lj_row *row = same->pdata[r];
            if (row->seen || !same_file(task, row))
                continue;
            char *source = g_strndup(row->key, strcspn(row->key, "/"));
            GArray *places =
                lj_store_of_file(run->live, source, row->key + strlen(source) + 1, NULL);
            if (places && places->len == 1) {
                task->moved = run->store == run->live;
                task->place = g_array_index(places, struct lj_place, 0);
                row->seen = found = true;
                g_ptr_array_add(run->taken, row);
            }
            if (places)
                g_array_unref(places);
            g_free(source);
        }
    }
    g_hash_table_unref(by_size);
}

/* --- doing it ----------------------------------------------------------------------------------
 */

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
                 : task->file  ? (task->source->file
                                      ? g_strdup(task->source->root)
                                      : g_build_filename(task->source->root, task->file->path, NULL))
                               : g_strdup("-");
    char *shown = shown_path(path);
    lj_run_say(run, LJ_MESSAGE_WARNING, "%s%s%s: %s", shown, failure->member ? " " : "",
               failure->member ? failure->member : "", failure->reason);
    if (run->failures) {
        json_t *record =
            json_pack("{s:s?, s:s, s:s?, s:s}", "source", task->source ? task->source->name : NULL,
                      "path", shown, "member", failure->member, "reason", failure->reason);
        char *line = record ? json_dumps(record, JSON_COMPACT) : NULL;
        if (line)
            fprintf(run->failures, "%s\n", line);
        free(line);
        json_decref(record);
    }
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

/* Documents of a file that it no longer holds. */
static bool
drop_stale(struct run *run, const struct lj_task *task, const struct lj_outcome *outcome,
           GError **error)
{
    GArray *places = lj_store_of_file(run->store, task->source->name, task->file->path, error);
    bool good = places != NULL;
    for (guint i = 0; good && i < places->len; i++) {
        struct lj_place place = g_array_index(places, struct lj_place, i);
        bool kept = false;
        for (guint k = 0; k < outcome->kept->len && !kept; k++) {
            struct lj_place other = g_array_index(outcome->kept, struct lj_place, k);
            kept = other.segment == place.segment && other.docid == place.docid;
        }
        if (kept)
            continue;
        char *id = lj_store_id(run->store, place, NULL);
        good = !id || lj_store_delete(run->store, place, id, error);
        run->report->removed += id != NULL;
        g_free(id);
    }
    if (places)
        g_array_unref(places);
    return good;
}

/* Documents of a file are committed before all of it is read: a row that equals no file, so that the next run
 * reads it again, or removes them where it has gone meanwhile. */
static void
note_unfinished(struct run *run, const struct lj_task *task)
{
    if (!task->file)
        return;
    char *key = row_key(task->source, task->file->path);
    struct lj_row row = {.key = key, .state = LJ_FILE_EMPTY, .seen = true};
    if (!lj_journal_find(run->store->journal, key)) {
        lj_journal_set(run->store->journal, &row);
        struct lj_row *now = lj_journal_find(run->store->journal, key);
        now->seen = true;
    }
    g_free(key);
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
    char *key = row_key(task->source, task->file->path);
    struct lj_row row = row_for(run, task->file, key);
    const struct lj_row *known = lj_journal_find(run->store->journal, key);
    bool good = true;
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
        if (outcome->state == LJ_FILE_SKIPPED) {
            run->report->skipped++;
            char *kind = g_strdup(outcome->reason);
            guint count = GPOINTER_TO_UINT(g_hash_table_lookup(run->skipped, kind));
            g_hash_table_insert(run->skipped, kind, GUINT_TO_POINTER(count + 1));
        }
        /* A file that cannot be read today keeps the documents it had. */
        if (task->known && outcome->state != LJ_FILE_FAILED && outcome->kept)
            good = drop_stale(run, task, outcome, error);
        if (task->moved && outcome->state == LJ_FILE_INDEXED)
            run->report->moved++;
    }
    row.seen = true;
    lj_journal_set(run->store->journal, &row);
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
                                 run->repeated, error);
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
    g_free(key);
}

/* Rows of a moved file's old name go with the batch that moved it. */
static bool
take_batch(struct run *run, struct lj_batch *batch, GError **error)
{
    struct lj_run_report *report = run->report;
    if (batch->error) {
        g_propagate_error(error, g_steal_pointer(&batch->error));
        return false;
    }
    bool good = true;
    for (guint i = 0; good && i < batch->items->len; i++) {
        struct lj_item *item = &g_array_index(batch->items, struct lj_item, i);
        if (item->delete) {
            good = lj_store_delete(run->store, item->place, item->id, error);
            report->removed++;
        } else if (item->place.docid) {
            good = lj_store_put(run->store, item->place, item->prepared, error);
        } else {
            good = lj_store_add(run->store, item->prepared, error);
        }
    }
    if (good && batch->metadata && batch->metadata->len > 0)
        good = lj_store_metadata(run->store, batch->metadata, error);
    if (batch->scratch)
        g_ptr_array_add(run->scratch, g_steal_pointer(&batch->scratch));
    if (batch->part)
        g_ptr_array_add(run->parts, g_steal_pointer(&batch->part));
    for (guint i = 0; i < batch->repeated->len; i++)
        g_ptr_array_add(run->repeated, g_strdup(batch->repeated->pdata[i]));
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
    report->repeated += batch->repeated->len;
    report->text_bytes += batch->text_bytes;
    run->done_bytes += batch->file_bytes;
    run->scratch_bytes += batch->text_bytes;
    add_counts(run->kinds, batch->kinds, G_MAXUINT);
    add_counts(run->skipped, batch->skipped, G_MAXUINT);
    add_counts(run->titles, batch->titles, 100000);
    if (!good)
        return false;
    gint64 waited = g_get_monotonic_time() - run->published;
    if (run->scratch->len + run->parts->len > 0 &&
        (run->scratch_bytes >= MIN(PUBLISH_BYTES, run->memory) || waited >= PUBLISH_TIME ||
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
    struct lj_pipeline_options options = {
        .store = run->store,
        .live = run->live,
        .tasks = run->tasks,
        .jobs = run->options->jobs ? run->options->jobs : lj_processors_granted(),
        .memory = run->options->memory ? run->options->memory : LJ_MEMORY_DEFAULT,
        .bulk = is_bulk(run),
        .stop = run->options->stop,
        .declared = run->store->declared};
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
        if (batch)
            good = take_batch(run, batch, error);
        else if (more && lj_store_due(run->store))
            good = lj_store_commit(run->store, error);
        lj_batch_free(batch);
        show_progress(run, pipeline);
    }
    lj_pipeline_end(pipeline);
    lj_page_cache_close(options.pages);
    /* Of a rebuild that is stopped nothing is kept. */
    if (!run->store->hidden || !lj_run_stopped(run))
        good = good && publish(run, error);
    for (guint i = 0; i < run->scratch->len; i++)
        lj_remove_tree(run->scratch->pdata[i], NULL);
    show_progress(run, NULL);
    return good;
}

/* --- what is gone ------------------------------------------------------------------------------
 */

static bool
remove_row(struct run *run, struct lj_row *row, bool documents, GError **error)
{
    char *source = g_strndup(row->key, strcspn(row->key, "/"));
    GArray *places =
        documents ? lj_store_of_file(run->store, source, row->key + strlen(source) + 1, error)
                  : g_array_new(FALSE, FALSE, sizeof(struct lj_place));
    bool good = places != NULL;
    for (guint i = 0; good && i < places->len; i++) {
        struct lj_place place = g_array_index(places, struct lj_place, i);
        char *id = lj_store_id(run->store, place, NULL);
        good = !id || lj_store_delete(run->store, place, id, error);
        run->report->removed += id != NULL;
        g_free(id);
    }
    if (good) {
        struct lj_row mark = {.key = row->key, .state = LJ_FILE_GONE};
        char *key = g_strdup(row->key);
        mark.key = key;
        lj_journal_set(run->store->journal, &mark);
        g_free(key);
    }
    if (places)
        g_array_unref(places);
    g_free(source);
    return good;
}

/* The deletion guard: names the folders that seem to be gone. */
static void
withhold(struct run *run, const struct scope *scope, const GPtrArray *gone, uint64_t documents)
{
    run->report->withheld = true;
    GHashTable *folders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < gone->len; i++) {
        const struct lj_row *row = gone->pdata[i];
        char *folder = g_path_get_dirname(row->key);
        guint count = GPOINTER_TO_UINT(g_hash_table_lookup(folders, folder));
        g_hash_table_insert(folders, folder, GUINT_TO_POINTER(count + 1));
    }
    lj_run_say(
        run, LJ_MESSAGE_WARNING,
        _("%s: %llu documents seem to be gone, too many at once: none is removed. If this is "
          "right, "
          "run again with --max-delete=100"),
        scope->source->root, (unsigned long long)documents);
    GHashTableIter iter;
    gpointer folder, count;
    guint named = 0;
    g_hash_table_iter_init(&iter, folders);
    while (g_hash_table_iter_next(&iter, &folder, &count) && named++ < 10) {
        char *shown = shown_path(folder);
        lj_run_say(run, LJ_MESSAGE_WARNING, _("  %u files of %s"), GPOINTER_TO_UINT(count), shown);
        g_free(shown);
    }
    g_hash_table_unref(folders);
}

static uint64_t
count_documents(const GPtrArray *rows, const char *source)
{
    uint64_t documents = 0;
    size_t length = strlen(source);
    for (guint i = 0; i < rows->len; i++) {
        const struct lj_row *row = rows->pdata[i];
        if (strncmp(row->key, source, length) == 0 && row->key[length] == '/')
            documents += row->documents;
    }
    return documents;
}

GPtrArray *
lj_run_leaving(struct run *run, GPtrArray **gone)
{
    GPtrArray *rows = lj_journal_rows(run->live->journal);
    GPtrArray *leaving = g_ptr_array_new();
    unsigned percent = run->options->max_delete ? run->options->max_delete : 10;
    for (guint s = 0; s < run->scopes->len; s++) {
        const struct scope *scope = &g_array_index(run->scopes, struct scope, s);
        if (!gone[s] || run->options->no_delete)
            continue;
        uint64_t all = count_documents(rows, scope->source->name), documents = 0;
        GPtrArray *left = g_ptr_array_new();
        for (guint i = 0; i < gone[s]->len; i++) {
            struct lj_row *row = gone[s]->pdata[i];
            if (row->seen) /* a move took it */
                continue;
            g_ptr_array_add(left, row);
            documents += row->documents;
        }
        if (documents > GUARD_LEAST && documents * 100 > all * percent)
            withhold(run, scope, left, documents);
        else
            g_ptr_array_extend(leaving, left, NULL, NULL);
        g_ptr_array_unref(left);
    }
    g_ptr_array_unref(rows);
    return leaving;
}

/* Everything is decided before anything is removed, since removing a row ends it. */
static bool
remove_gone(struct run *run, GPtrArray **gone, GError **error)
{
    GPtrArray *leaving = lj_run_leaving(run, gone);
    bool good = true;
    for (guint i = 0; good && i < run->taken->len; i++)
        good = remove_row(run, run->taken->pdata[i], false, error);
    for (guint i = 0; good && i < leaving->len; i++)
        good = remove_row(run, leaving->pdata[i], true, error);
    g_ptr_array_unref(leaving);
    return good;
}

/* --- the report --------------------------------------------------------------------------------
 */

static void
clear_kind(gpointer data)
{
    g_free(((struct lj_kind_count *)data)->name);
}

struct lj_run_report *
lj_run_report_new(void)
{
    struct lj_run_report *report = g_new0(struct lj_run_report, 1);
    report->kinds = g_array_new(FALSE, FALSE, sizeof(struct lj_kind_count));
    report->skipped_kinds = g_array_new(FALSE, FALSE, sizeof(struct lj_kind_count));
    g_array_set_clear_func(report->kinds, clear_kind);
    g_array_set_clear_func(report->skipped_kinds, clear_kind);
    return report;
}

void
lj_run_report_free(struct lj_run_report *report)
{
    if (!report)
        return;
    g_array_unref(report->kinds);
    g_array_unref(report->skipped_kinds);
    g_free(report->example);
    g_free(report);
}

static int
compare_kinds(gconstpointer a, gconstpointer b)
{
    const struct lj_kind_count *x = a, *y = b;
    return x->count != y->count ? (x->count < y->count ? 1 : -1) : strcmp(x->name, y->name);
}

static void
list_kinds(GHashTable *counts, GArray *out)
{
    GHashTableIter iter;
    gpointer key, value;
    g_hash_table_iter_init(&iter, counts);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        struct lj_kind_count kind = {g_strdup(key), GPOINTER_TO_UINT(value)};
        g_array_append_val(out, kind);
    }
    g_array_sort(out, compare_kinds);
}

/* Files that have the bytes of another one: searches show them as its copies. */
static uint64_t
count_duplicates(struct lj_journal *journal)
{
    GHashTable *contents =
        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    GPtrArray *rows = lj_journal_rows(journal);
    uint64_t n = 0;
    for (guint i = 0; i < rows->len; i++) {
        const struct lj_row *row = rows->pdata[i];
        if (row->state == LJ_FILE_INDEXED && row->documents == 1 && has_hash(row))
            n += !g_hash_table_add(contents, g_bytes_new(row->sha256, sizeof row->sha256));
    }
    g_ptr_array_unref(rows);
    g_hash_table_unref(contents);
    return n;
}

static void
finish_report(struct run *run)
{
    struct lj_run_report *report = run->report;
    list_kinds(run->kinds, report->kinds);
    list_kinds(run->skipped, report->skipped_kinds);
    GArray *pairs = g_array_new(FALSE, FALSE, sizeof(struct lj_kind_count));
    g_array_set_clear_func(pairs, clear_kind);
    list_kinds(run->titles, pairs);
    if (pairs->len > 0)
        report->example = g_strdup(g_array_index(pairs, struct lj_kind_count, 0).name);
    g_array_unref(pairs);
    report->stopped = lj_run_stopped(run);
    report->duplicates = report->first && run->store ? count_duplicates(run->store->journal) : 0;
    report->documents = run->store ? lj_store_documents(run->store) : 0;
    report->seconds = (double)(g_get_monotonic_time() - run->began) / G_USEC_PER_SEC;
}

void
lj_run_declare(struct run *run)
{
    const GPtrArray *wanted = run->options->declared;
    if (!wanted)
        return;
    char *before = lj_declared_print(run->store->declared), *now = lj_declared_print(wanted);
    if (strcmp(before, now) != 0) {
        if (run->store->reader)
            lj_run_say(
                run, LJ_MESSAGE_WARNING,
                _("the declared fields are others than before; documents indexed until now take "
                  "them over with --rebuild"));
        g_ptr_array_set_size(run->store->declared, 0);
        lj_declared_read(run->store->declared, now);
        run->store->changed |= run->store->reader != NULL;
    }
    g_free(before);
    g_free(now);
}

/* --- the run -----------------------------------------------------------------------------------
 */

static void
remember_mounts(struct scope *scope)
{
    if (!scope->walk)
        return;
    for (guint i = 0; i < scope->walk->mounts->len; i++) {
        const char *mount = scope->walk->mounts->pdata[i];
        bool known = false;
        for (guint k = 0; k < scope->source->mounts->len && !known; k++)
            known = strcmp(scope->source->mounts->pdata[k], mount) == 0;
        if (!known)
            g_ptr_array_add(scope->source->mounts, g_strdup(mount));
    }
}

static void
say_plan(struct run *run, GPtrArray **gone)
{
    for (guint i = 0; i < run->tasks->len; i++) {
        const struct lj_task *task = &g_array_index(run->tasks, struct lj_task, i);
        if (!task->file)
            continue;
        char *path = shown_path(task->file->path);
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
            char *path = shown_path(row->key);
            if (!row->seen)
                lj_run_say(run, LJ_MESSAGE_INFO, _("gone: %s"), path);
            g_free(path);
        }
}

/* The list of words is derived: without it, patterns and corrections only take longer. */
static void
update_words(struct run *run)
{
    GError *failure = NULL;
    if (!lj_wordlist_update(run->store->layout, &failure)) {
        lj_run_say(run, LJ_MESSAGE_WARNING, "%s", failure->message);
        g_error_free(failure);
    }
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
            gone[s] = vanished_rows(scope, rows);
    }
    g_ptr_array_unref(rows);
    for (guint s = 0; s < run->scopes->len; s++)
        if (gone[s])
            recognise_moves(run, gone[s]);
    return gone;
}

static bool
do_run(struct run *run, GError **error)
{
    const struct lj_run_options *options = run->options;
    run->report->committed = options->rebuild != 0; /* the live index stays until the swap */
    if (options->rebuild)
        return lj_run_rebuild(run, error);
    GPtrArray **gone = lj_run_walk(run, error);
    if (!gone)
        return false;
    bool good = true;
    if (!options->dry_run)
        lj_run_declare(run);
    if (options->dry_run) {
        say_plan(run, gone);
    } else {
        /* The sources first: a first run that is broken off is then taken up without naming them. */
        for (guint s = 0; s < run->scopes->len; s++)
            remember_mounts(&g_array_index(run->scopes, struct scope, s));
        good = lj_sources_save(options->dir, run->sources, error) && lj_run_rejoin(run, error) &&
               lj_run_tasks(run, error) && (lj_run_stopped(run) || remove_gone(run, gone, error));
        bool nothing = !run->store->layout->segments->len && !lj_run_stopped(run);
        run->store->changed |= nothing; /* an index without documents is an index */
        good = good && lj_store_commit(run->store, error) &&
               (lj_run_stopped(run) || lj_run_remember_tables(run, error));
        run->report->committed = good;
        good = good && (lj_run_stopped(run) || lj_store_settle(run->store, error));
        if (good && !lj_run_stopped(run))
            update_words(run);
    }
    lj_run_gone_free(run, gone);
    return good;
}

static void
note_run(const struct run *run, const GError *failure)
{
    static const char *const actions[] = {[LJ_REBUILD_NONE] = "run",
                                          [LJ_REBUILD_STORED] = "rebuild",
                                          [LJ_REBUILD_FULL] = "rebuild=full"};
    const struct lj_run_report *r = run->report;
    json_t *record = json_pack(
        "{s:s, s:f, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:b, s:b, s:b, s:s?}", "action",
        actions[run->options->rebuild], "seconds", r->seconds, "documents",
        (json_int_t)r->documents, "added", (json_int_t)r->added, "changed",
        (json_int_t)(r->changed - r->moved), "removed", (json_int_t)r->removed, "moved",
        (json_int_t)r->moved, "again", (json_int_t)r->again, "failed", (json_int_t)r->failed,
        "known_failures", (json_int_t)r->known_failures, "missing", r->missing, "withheld",
        r->withheld, "stopped", r->stopped, "builder", run->builder);
    lj_history_add(run->options->dir, record, failure);
}

static void
clear_scope(gpointer data)
{
    struct scope *scope = data;
    lj_walk_free(scope->walk);
    if (scope->feed)
        lj_source_free(scope->source);
}

bool
lj_index_run(const struct lj_run_options *options, struct lj_run_report *report, GError **error)
{
    struct run run = {.options = options, .report = report, .began = g_get_monotonic_time()};
    run.walk_began = g_get_real_time() * 1000;
    bool create = (options->sources && *options->sources) ||
                  (options->configured && options->configured->len > 0);
    enum lj_store_mode mode = options->dry_run   ? (create ? LJ_STORE_DRY : LJ_STORE_READ)
                              : options->rebuild ? LJ_STORE_REPAIR
                              : create           ? LJ_STORE_CREATE
                                                 : LJ_STORE_UPDATE;
    run.store = lj_store_open(options->dir, mode, options->wait, options->stop, error);
    run.live = run.store;
    bool good = run.store != NULL;
    if (good && !options->rebuild && !options->dry_run) {
        /* An index whose analyser is not at hand is not mixed with another. */
        struct lj_analyser *analyser = lj_store_analyser(run.store, error);
        good = analyser != NULL;
        lj_analyser_close(analyser);
    }
    run.scopes = g_array_new(FALSE, FALSE, sizeof(struct scope));
    g_array_set_clear_func(run.scopes, clear_scope);
    run.tasks = g_array_new(FALSE, FALSE, sizeof(struct lj_task));
    run.taken = g_ptr_array_new();
    run.tables = g_ptr_array_new_with_free_func((GDestroyNotify)lj_metadata_free);
    run.scratch = g_ptr_array_new_with_free_func(g_free);
    run.parts = g_ptr_array_new_with_free_func((GDestroyNotify)lj_glass_part_free);
    run.repeated = g_ptr_array_new_with_free_func(g_free);
    run.kinds = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    run.skipped = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    run.titles = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    run.sources = good ? lj_sources_load(options->dir, error) : NULL;
    report->first = good && !run.store->reader && !options->rebuild;
    good = run.sources && (options->rebuild == LJ_REBUILD_STORED || choose_sources(&run, error));
    if (good && options->report && !(run.failures = fopen(options->report, "we"))) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_IO, _("%s: cannot write the report: %s"),
                    options->report, g_strerror(errno));
        good = false;
    }
    GError *failure = NULL;
    if (good) {
        good = do_run(&run, &failure);
        finish_report(&run);
        if (!options->dry_run)
            note_run(&run, failure);
    }
    if (failure)
        g_propagate_error(error, failure);
    if (run.failures && fclose(run.failures) != 0 && good) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_IO, _("%s: cannot write the report: %s"),
                    options->report, g_strerror(errno));
        good = false;
    }
    g_array_unref(run.tasks);
    g_array_unref(run.scopes);
    if (run.sources)
        g_ptr_array_unref(run.sources);
    g_ptr_array_unref(run.taken);
    g_ptr_array_unref(run.tables);
    g_ptr_array_unref(run.scratch);
    g_ptr_array_unref(run.parts);
    g_ptr_array_unref(run.repeated);
    g_hash_table_unref(run.kinds);
    g_hash_table_unref(run.skipped);
    g_hash_table_unref(run.titles);
    if (run.store != run.live)
        lj_store_close(run.store);
    lj_store_close(run.live);
    return good;
}
