#include "index/workers.h"
#include "document/flat.h"
#include "index/rejoin.h"
#include "i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

void
lj_left_free(struct left *left)
{
    if (left)
        lj_outcome_clear(&left->outcome);
    g_free(left);
}

/* --- extraction --------------------------------------------------------------------------------
 */

/* A file being extracted. */
struct extraction {
    struct worker *worker;
    struct draft *draft;
    size_t task;
    char *path; /* of the file, NAME first, raw bytes; NAME of a feed */
    char *base; /* the same, valid: the id of the file */
    struct lj_outcome outcome;
    GHashTable *
        own; /* places, as numbers, of the documents that the index has of this file; NULL: not asked yet */
    bool single;   /* the document at hand is the file itself, no member or record */
    bool late;     /* it was put off: what it gives comes behind what other files gave */
    bool others;   /* records of it are documents of other files */
    uint32_t left; /* pages to be recognised */
    bool whole;
    gint64 began; /* monotonic; 0: it is not to be put off */
    bool put_off;
    GArray *
        documents; /* struct lj_file_document: what the index has of the file, the known ones first; NULL */
    GArray *records; /* struct lj_known_record: of those */
};

static void
add_failure(struct extraction *extraction, const char *member, const char *reason)
{
    struct lj_failure failure = {extraction->task, g_strdup(member), g_strdup(reason)};
    g_array_append_val(extraction->draft->batch->failures, failure);
}

/* The id of a document that brings none; g_free. */
static char *
made_id(const struct extraction *extraction, const struct lj_document *document)
{
    if (!document->member || !*document->member)
        return g_strdup(extraction->base);
    const char *between = document->member[0] == '#' ? "" : "!/";
    return g_strconcat(extraction->base, between, document->member, NULL);
}

/* The id by the rules of identity; NFC. */
static void
identify(struct extraction *extraction, struct lj_document *document)
{
    char *id = document->id && *document->id ? document->id : made_id(extraction, document);
    if (!g_str_is_ascii(id)) {
        char *composed = g_utf8_normalize(id, -1, G_NORMALIZE_DEFAULT_COMPOSE);
        if (!composed)
            composed = g_utf8_make_valid(id, -1);
        if (id != document->id)
            g_free(id);
        id = composed;
    }
    if (id != document->id) {
        lj_document_drop(document, document->id);
        document->id = id;
    }
    const struct lj_task *task = &g_array_index(extraction->worker->pipeline->options.tasks,
                                                struct lj_task, extraction->task);
    /* Names with @ are the index's own: a record must not bring them. */
    for (guint i = document->properties->len; i-- > 0;)
        if (*g_array_index(document->properties, struct lj_property, i).name == '@')
            g_array_remove_index(document->properties, i);
    if (task->file)
        lj_document_add_kept(document, LJ_PROPERTY_FILE, extraction->path);
    const struct lj_identical *same = extraction->single ? task->identical : NULL;
    for (guint i = 0; same && i < same->keys->len; i++)
        if (memcmp(same->sha256, document->sha256, 32) == 0)
            lj_document_add_kept(document, LJ_PROPERTY_COPY, same->keys->pdata[i]);
    if (document->member && document->member[0] != '#' && !document->part_of)
        document->part_of = g_strdup(extraction->base);
}

/* The first 5 bytes of the id's SHA-1, and others. */
static gint64
hash_id(const char *id, const char *key)
{
    return (gint64)g_ascii_strtoull(key, NULL, 16) ^ (gint64)((uint64_t)g_str_hash(id) << 40);
}

/* Is the document at a place read from this file? A record may have come from another. */
static bool
is_own(struct extraction *extraction, const struct lj_task *task, struct lj_place place)
{
    if (!task->file)
        return true;
    if (!extraction->own) {
        extraction->own = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
        GArray *places = lj_store_of_file(extraction->worker->pipeline->options.store,
                                          task->source->name, task->file->path, NULL);
        for (guint i = 0; places && i < places->len; i++) {
            gint64 *number = g_new(gint64, 1);
            *number = lj_place_number(g_array_index(places, struct lj_place, i));
            g_hash_table_add(extraction->own, number);
        }
        if (places)
            g_array_unref(places);
    }
    gint64 number = lj_place_number(place);
    return g_hash_table_contains(extraction->own, &number);
}

enum route { ROUTE_NEW, ROUTE_REPLACE, ROUTE_SAME, ROUTE_OTHERS, ROUTE_TAKEN, ROUTE_REMOVED };

/* The manifest's key of a task's file; g_free. */
static char *
task_key(const struct lj_task *task)
{
    return g_strconcat(task->source->name, "/", task->file->path, NULL);
}

/* Notes what became of records of a file that is read now. */
static void
note_shared_task(const struct extraction *extraction, size_t number, enum lj_share what)
{
    const struct lj_task *task =
        &g_array_index(extraction->worker->pipeline->options.tasks, struct lj_task, number);
    char *key = task->file ? task_key(task) : NULL;
    if (key)
        lj_batch_share(extraction->draft->batch, key, what);
    g_free(key);
}

/* Is a file among those that are read now? With the lookup's lock. */
static bool
is_read_now(struct lj_pipeline *pipeline, const char *key)
{
    const GArray *tasks = pipeline->options.tasks;
    if (!pipeline->reading) {
        pipeline->reading = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        for (guint i = 0; i < tasks->len; i++) {
            const struct lj_task *task = &g_array_index(tasks, struct lj_task, i);
            if (task->file)
                g_hash_table_add(pipeline->reading, task_key(task));
        }
    }
    return g_hash_table_contains(pipeline->reading, key);
}

/* A record of a file whose document is another's so far: of files of a source that have it the one counts that the
 * walk meets last, whichever of them are read. With the lookup's lock. */
static enum route
contend(struct extraction *extraction, struct lj_place place, const struct met *met, GError **error)
{
    struct lj_pipeline *pipeline = extraction->worker->pipeline;
    gint64 number = lj_place_number(place);
    bool feed = !g_array_index(pipeline->options.tasks, struct lj_task, extraction->task).file;
    char *holder = lj_store_file(pipeline->options.store, place, error);
    enum route result = ROUTE_REPLACE;
    if (!feed)
        lj_batch_share(extraction->draft->batch, extraction->path, LJ_SHARE_COUNTED);
    if (met && met->task > extraction->task) {
        result = ROUTE_OTHERS;
    } else if (holder && feed) {
        lj_batch_share(extraction->draft->batch, holder, LJ_SHARE_COUNTED);
    } else if (!holder || strcmp(holder, extraction->path) == 0 ||
               (pipeline->options.dropping &&
                g_hash_table_contains(pipeline->options.dropping, &number))) {
        result = ROUTE_REPLACE;
    } else if ((pipeline->options.vanished &&
                g_hash_table_contains(pipeline->options.vanished, holder)) ||
               is_read_now(pipeline, holder)) {
        lj_batch_share(extraction->draft->batch, holder, LJ_SHARE_COUNTED | LJ_SHARE_TAKEN);
    } else {
        lj_batch_share(extraction->draft->batch, holder, LJ_SHARE_COUNTED | LJ_SHARE_COMMON);
        lj_batch_share(extraction->draft->batch, extraction->path,
                       LJ_SHARE_COUNTED | LJ_SHARE_COMMON);
        if (lj_walk_compare(extraction->path, holder) < 0)
            result = ROUTE_OTHERS;
    }
    g_free(holder);
    return result;
}

/* An id is met for the first time. With the lookup's lock. */
static void
note_met(const struct extraction *extraction, gint64 hash)
{
    struct lj_pipeline *pipeline = extraction->worker->pipeline;
    struct met *met = g_new(struct met, 1);
    *met = (struct met){
        hash, g_array_index(pipeline->options.tasks, struct lj_task, extraction->task).source,
        extraction->task};
    g_hash_table_insert(pipeline->met, met, met);
}

/* Where a document belongs: which it replaces, whether it is the same, whether its id is another's; again: its file
 * had it before.
 */
static enum route
route(struct extraction *extraction, const struct lj_document *document, const char *key,
      struct lj_place *place, bool *again, GError **error)
{
    struct lj_pipeline *pipeline = extraction->worker->pipeline;
    const struct lj_task *task =
        &g_array_index(pipeline->options.tasks, struct lj_task, extraction->task);
    enum route result = ROUTE_NEW;
    char *owner = NULL;
    uint8_t sha256[32];
    if (pipeline->options.removed && g_hash_table_contains(pipeline->options.removed, document->id))
        return ROUTE_REMOVED;
    g_mutex_lock(&pipeline->lookup);
    gint64 hash = hash_id(document->id, key);
    struct met *met = g_hash_table_lookup(pipeline->met, &hash);
    if (met && met->source != task->source && strcmp(met->source->name, task->source->name) != 0) {
        result = ROUTE_TAKEN;
        owner = g_strdup(met->source->name);
    } else {
        lj_store_find(pipeline->options.store, document->id, place, &owner, sha256, error);
        if (place->docid && strcmp(owner, task->source->name) != 0)
            result = ROUTE_TAKEN;
        else if (place->docid && !met && !task->again && !(extraction->single && task->identical) &&
                 memcmp(sha256, document->sha256, 32) == 0 &&
                 lj_store_joined(pipeline->options.store, *place, sha256) ==
                     lj_metadata_joined(document) &&
                 is_own(extraction, task, *place))
            result = ROUTE_SAME;
        else if (place->docid)
            result = ROUTE_REPLACE;
    }
    struct lj_batch *batch = extraction->draft->batch;
    bool after = met && met->task > extraction->task; /* the other threads are faster */
    *again = result != ROUTE_TAKEN && met && met->task == extraction->task;
    if (result != ROUTE_TAKEN && met && !*again) {
        note_shared_task(extraction, met->task, LJ_SHARE_COUNTED | LJ_SHARE_COMMON);
        note_shared_task(extraction, extraction->task, LJ_SHARE_COUNTED | LJ_SHARE_COMMON);
    }
    bool whole = extraction->single && (task->identical || task->moved);
    if (result == ROUTE_REPLACE && !whole &&
        !(task->file && is_own(extraction, task, *place) && !after))
        result = contend(extraction, *place, met, error);
    else if (result == ROUTE_NEW && after && extraction->late)
        result = ROUTE_OTHERS; /* what was put off is delivered after it */
    if (result == ROUTE_NEW && met)
        g_ptr_array_add(after ? batch->ahead : batch->repeated, g_strdup(document->id));
    if (result != ROUTE_TAKEN && !met) {
        note_met(extraction, hash);
    } else if (result != ROUTE_TAKEN) {
        met->task = MAX(met->task, extraction->task);
    }
    g_mutex_unlock(&pipeline->lookup);
    if (result == ROUTE_NEW && task->moved && extraction->single) {
        *place = task->place;
        result = ROUTE_REPLACE;
    }
    if (result == ROUTE_TAKEN) {
        char *reason = g_strdup_printf(
            _("the id %s already belongs to the source %s; this one (%s) is left out"),
            document->id, owner, task->source->name);
        add_failure(extraction, document->member, reason);
        g_free(reason);
    }
    g_free(owner);
    return result;
}

/* What a table from outside says of the document. */
static void
join(const struct lj_task *task, struct lj_document *document)
{
    if (task->source->table)
        lj_metadata_join_at(task->source, task->file ? task->file->path : NULL, document);
}

/* Seals the draft before a document that no longer goes into it, so that a file's last one shares its batch
 * with the file's outcome, and a commit between them cannot leave documents of a file that nobody knows.
 * Where others of the same file are in it, the batch says so. */
static void
seal_within(struct extraction *extraction)
{
    struct lj_outcome unfinished = {.task = extraction->task, .unfinished = true};
    if (extraction->outcome.documents > 0)
        g_array_append_val(extraction->draft->batch->outcomes, unfinished);
    lj_draft_seal(extraction->worker, &extraction->draft, false);
}

/* Receives a document from the extractor; takes it over. */
static bool
take_document(struct lj_document *document, void *data)
{
    struct extraction *extraction = data;
    struct worker *worker = extraction->worker;
    /* First, so that what its batch says of an id comes with the document. */
    if (lj_draft_is_full(worker->pipeline, extraction->draft))
        seal_within(extraction);
    struct lj_batch *batch = extraction->draft->batch;
    extraction->began = 0;
    extraction->single = !document->member && (!document->id || !*document->id);
    identify(extraction, document);
    join(&g_array_index(worker->pipeline->options.tasks, struct lj_task, extraction->task),
         document);
    struct lj_place place = {0, 0};
    char key[11];
    lj_document_key(document->id, key);
    bool again = false;
    enum route where = route(extraction, document, key, &place, &again, &batch->error);
    bool wanted = where == ROUTE_NEW || where == ROUTE_REPLACE;
    bool belongs = wanted || where == ROUTE_SAME;
    if (document->deleted)
        wanted = place.docid != 0 && belongs;
    if (place.docid && belongs && extraction->outcome.kept && !document->deleted)
        g_array_append_val(extraction->outcome.kept, place);
    bool counted = belongs && !document->deleted && !again;
    extraction->others |= where == ROUTE_OTHERS;
    if (counted) {
        extraction->outcome.documents++;
        if (extraction->single) {
            memcpy(extraction->outcome.sha256, document->sha256, 32);
            extraction->outcome.whole = true;
        }
    }
    batch->same += where == ROUTE_SAME;
    batch->recognised += document->ocr;
    if (!wanted) {
        lj_document_free(document);
        return !lj_pipeline_stopped(worker->pipeline) && !batch->error;
    }
    struct draft_item item = {.document = document, .task = extraction->task, .place = place};
    memcpy(item.key, key, sizeof key);
    g_array_append_val(extraction->draft->items, item);
    extraction->draft->bytes += document->text->len + 200;
    return !lj_pipeline_stopped(worker->pipeline);
}

static struct lj_document *
give_spare(void *data)
{
    return lj_draft_spare(((struct extraction *)data)->worker);
}

static void
take_failure(const char *member, const GError *failure, void *data)
{
    struct extraction *extraction = data;
    extraction->began = 0;
    if (g_error_matches(failure, LJ_ERROR,
                        LJ_ERROR_SKIPPED)) /* a picture in an archive of documents */
        lj_batch_count(extraction->draft->batch->skipped, failure->message);
    else
        add_failure(extraction, member, failure->message);
}

static void
take_left(uint32_t pages, bool whole, void *data)
{
    struct extraction *extraction = data;
    extraction->left = pages;
    extraction->whole = whole;
}

static bool
is_wanted(void *data)
{
    return !lj_pipeline_stopped(((struct extraction *)data)->worker->pipeline);
}

/* Has nothing come of a file for so long that those behind it go first? Sooner, where others of the chunk were slow
 * already. */
static bool
is_slow(const struct extraction *extraction)
{
    const struct worker *worker = extraction->worker;
    gint64 patience = lj_pipeline_patience(worker->pipeline) >> MIN(worker->put_off, 3);
    return extraction->began && g_get_monotonic_time() - extraction->began >= patience;
}

/* Nothing comes of a slow file: what stands before it does not wait, what stands behind it not for long. */
static bool
wait_on(void *data)
{
    struct extraction *extraction = data;
    struct lj_pipeline *pipeline = extraction->worker->pipeline;
    extraction->put_off = is_slow(extraction);
    if (extraction->put_off)
        return false;
    if (is_wanted(data) && lj_draft_overdue(pipeline, extraction->draft))
        seal_within(extraction);
    /* Where all threads wait like this one, nobody else would analyse what is sealed. */
    g_mutex_lock(&pipeline->lock);
    struct draft *sealed =
        lj_pipeline_stopped(pipeline) ? NULL : g_queue_pop_head(&pipeline->sealed);
    g_mutex_unlock(&pipeline->lock);
    if (sealed)
        lj_draft_finish(extraction->worker, sealed);
    return is_wanted(data);
}

/* The file's second pass comes when all first ones are done; the first of a slow one, too. */
static void
leave(struct extraction *extraction)
{
    struct lj_pipeline *pipeline = extraction->worker->pipeline;
    struct left *left = g_new(struct left, 1);
    *left = (struct left){.task = extraction->task,
                          .pages = extraction->left,
                          .whole = extraction->whole,
                          .slow = extraction->put_off,
                          .outcome = extraction->outcome};
    extraction->worker->put_off += extraction->put_off;
    g_mutex_lock(&pipeline->lock);
    g_ptr_array_add(pipeline->left, left);
    g_mutex_unlock(&pipeline->lock);
}

bool
lj_hash_file(int fd, uint8_t out[32])
{
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    uint8_t *buffer = g_malloc(1 << 17);
    ssize_t n;
    off_t at = 0;
    while ((n = pread(fd, buffer, 1 << 17, at)) > 0 || (n < 0 && errno == EINTR)) {
        g_checksum_update(sum, buffer, MAX(n, 0));
        at += MAX(n, 0);
    }
    gsize length = 32;
    g_checksum_get_digest(sum, out, &length);
    g_checksum_free(sum);
    g_free(buffer);
    return n == 0;
}

char *
lj_task_path(const struct lj_task *task)
{
    const struct lj_source *source = task->source;
    return source->file ? g_strdup(source->root)
                        : g_build_filename(source->root, task->file->path, NULL);
}

static int
open_task(const struct lj_task *task)
{
    if (!task->file)
        return task->fd;
    char *path = lj_task_path(task);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    g_free(path);
    return fd;
}

/* What an extraction that failed means for the file's row. */
static void
note_result(struct extraction *extraction, bool good, GError *failure)
{
    struct lj_outcome *outcome = &extraction->outcome;
    struct lj_batch *batch = extraction->draft->batch;
    if (good) {
        outcome->state =
            outcome->documents > 0 || extraction->others ? LJ_FILE_INDEXED : LJ_FILE_EMPTY;
    } else if (failure->domain == LJ_ERROR && failure->code == LJ_ERROR_SKIPPED) {
        outcome->state = LJ_FILE_SKIPPED;
        g_free(outcome->reason);
        outcome->reason = g_strdup(failure->message);
    } else if (failure->domain == LJ_ERROR && failure->code == LJ_ERROR_INTERNAL) {
        if (!batch->error)
            batch->error = g_error_copy(failure);
    } else {
        outcome->state = LJ_FILE_FAILED;
        g_free(outcome->reason);
        outcome->reason = g_strdup(failure->message);
        add_failure(extraction, NULL, failure->message);
    }
}

/* --- records that are known ---------------------------------------------------------------------- */

#define KNOWN_LEAST 64  /* records of a file that are worth a table */
#define KNOWN_BYTES 256 /* that one takes, about */

/* The line of a record that is named for it; 0: it has an id of its own. False: it is neither. */
static bool
line_of(const char *id, const char *base, uint32_t *line)
{
    size_t length = strlen(base);
    *line = 0;
    if (strncmp(id, base, length) != 0 || (id[length] && id[length] != '#' && id[length] != '!'))
        return true;
    guint64 number = id[length] == '#' ? g_ascii_strtoull(id + length + 1, NULL, 10) : 0;
    *line = number <= G_MAXUINT32 ? (uint32_t)number : 0;
    return *line != 0;
}

/* The records that the index has of a file, for its reader: what is as it was need not be read. */
static void
know_records(struct extraction *extraction, const struct lj_task *task,
             struct lj_extract_request *request)
{
    if (!task->file || !task->known || task->again || task->source->table)
        return;
    static const uint8_t none[32];
    const struct lj_pipeline_options *options = &extraction->worker->pipeline->options;
    extraction->documents = lj_store_file_documents(
        options->store, task->source->name, task->file->path, KNOWN_LEAST,
        options->memory / KNOWN_BYTES / options->jobs, &extraction->draft->batch->error);
    extraction->records = g_array_new(FALSE, FALSE, sizeof(struct lj_known_record));
    guint n = 0;
    for (guint i = 0; extraction->documents && i < extraction->documents->len; i++) {
        struct lj_file_document *one =
            &g_array_index(extraction->documents, struct lj_file_document, i);
        struct lj_known_record record;
        if (one->joined || memcmp(one->sha256, none, sizeof none) == 0 || n == LJ_KNOWN_MOST ||
            !line_of(one->id, extraction->base, &record.line))
            continue;
        memcpy(record.sha256, one->sha256, sizeof record.sha256);
        g_array_append_val(extraction->records, record);
        struct lj_file_document other =
            g_array_index(extraction->documents, struct lj_file_document, n);
        g_array_index(extraction->documents, struct lj_file_document, n++) = *one;
        *one = other;
    }
    request->known = (const struct lj_known_record *)(const void *)extraction->records->data;
    request->n_known = extraction->records->len;
}

/* A known record is there, as it was. */
static bool
take_same(uint32_t number, void *data)
{
    struct extraction *extraction = data;
    struct lj_pipeline *pipeline = extraction->worker->pipeline;
    struct lj_batch *batch = extraction->draft->batch;
    const struct lj_file_document *one =
        &g_array_index(extraction->documents, struct lj_file_document, number);
    char key[11];
    lj_document_key(one->id, key);
    gint64 hash = hash_id(one->id, key);
    g_mutex_lock(&pipeline->lookup);
    bool met = g_hash_table_contains(pipeline->met, &hash);
    if (!met)
        note_met(extraction, hash);
    g_mutex_unlock(&pipeline->lookup);
    if (met) { /* it may have to take its place again, with what the index has of it */
        struct lj_document *document =
            lj_store_document(pipeline->options.store, one->place, &batch->error);
        return document && take_document(document, data);
    }
    extraction->began = 0;
    extraction->outcome.documents++;
    g_array_append_val(extraction->outcome.kept, one->place);
    batch->same++;
    return !lj_pipeline_stopped(pipeline) && !batch->error;
}

/* What a file's reader is asked for, in its first pass. */
static struct lj_extract_request
request_of(const struct lj_task *task)
{
    const char *slash = task->file ? strrchr(task->file->path, '/') : NULL;
    return (struct lj_extract_request){.name = task->file ? (slash ? slash + 1 : task->file->path)
                                                          : NULL,
                                       .encoding = task->source->encoding,
                                       .columns = task->source->columns,
                                       .max_text = task->source->max_size,
                                       .records = !task->file,
                                       .ocr = task->source->ocr,
                                       .pass = LJ_PASS_TEXT};
}

/* Opens the files of a chunk from the task at hand on, and asks their reader for them, so that neither waits for
 * the other at every file. Not those of which it is to be seen first what the index has. */
static void
ask_ahead(struct worker *worker, size_t number, const struct chunk *chunk)
{
    const GArray *tasks = worker->pipeline->options.tasks;
    for (; worker->n_ahead < LJ_ASKED_MOST && number + worker->n_ahead < chunk->end && !chunk->left;
         worker->n_ahead++) {
        const struct lj_task *task =
            &g_array_index(tasks, struct lj_task, number + worker->n_ahead);
        if (task->stored || !task->file || task->check || task->known)
            break;
        int fd = open_task(task);
        if (fd < 0)
            break; /* it is told in its turn */
        worker->ahead[worker->n_ahead] = fd;
    }
    for (unsigned i = lj_extract_asked(worker->extractor); i < worker->n_ahead; i++) {
        struct lj_extract_request request =
            request_of(&g_array_index(tasks, struct lj_task, number + i));
        if (!lj_extract_ahead(worker->extractor, worker->ahead[i], &request))
            break;
    }
}

/* The file of the task at hand, opened; -1: errno. */
static int
take_ahead(struct worker *worker, const struct lj_task *task)
{
    if (worker->n_ahead == 0)
        return open_task(task);
    int fd = worker->ahead[0];
    memmove(worker->ahead, worker->ahead + 1, --worker->n_ahead * sizeof *worker->ahead);
    return fd;
}

/* The run ends before their turn. */
static void
drop_ahead(struct worker *worker)
{
    if (worker->extractor)
        lj_extract_forget(worker->extractor);
    while (worker->n_ahead > 0)
        close(worker->ahead[--worker->n_ahead]);
}

static void
extract_task(struct worker *worker, struct draft **draft, size_t number, const struct chunk *chunk)
{
    struct lj_pipeline *pipeline = worker->pipeline;
    const struct lj_task *task = &g_array_index(pipeline->options.tasks, struct lj_task, number);
    struct extraction extraction = {
        .worker = worker, .draft = *draft, .task = number, .single = true};
    struct lj_outcome *outcome = &extraction.outcome;
    struct left *left = chunk->left;
    bool warm = left && chunk->parts > 0;
    if (left && !warm) { /* the second pass goes on where the first ended */
        *outcome = left->outcome;
        left->outcome = (struct lj_outcome){0};
    }
    extraction.late = left != NULL;
    outcome->task = number;
    if (task->known && !left)
        outcome->kept = g_array_new(FALSE, FALSE, sizeof(struct lj_place));
    ask_ahead(worker, number, chunk);
    int fd = take_ahead(worker, task);
    GError *failure = NULL;
    if (fd < 0 && errno == ENOENT) {
        /* Gone since the walk: the next run sees it so. */
        lj_outcome_clear(outcome);
        return;
    }
    if (fd < 0) {
        g_set_error(&failure, LJ_ERROR, LJ_ERROR_IO, _("cannot read it: %s"), g_strerror(errno));
        note_result(&extraction, false, failure);
    } else if (task->check && !left && lj_hash_file(fd, outcome->sha256) &&
               memcmp(outcome->sha256, task->sha256, 32) == 0) {
        outcome->untouched = true;
    } else {
        extraction.path = task->file ? task_key(task) : g_strdup(task->source->name);
        extraction.base = g_utf8_make_valid(extraction.path, -1);
        struct lj_extract_request request = request_of(task);
        request.pass = warm ? LJ_PASS_WARM : left && !left->slow ? LJ_PASS_OCR : LJ_PASS_TEXT;
        request.part = chunk->part;
        request.parts = chunk->parts;
        request.pages = pipeline->options.pages;
        struct lj_extract_sinks sinks = {.document = take_document,
                                         .failure = take_failure,
                                         .data = &extraction,
                                         .left = take_left,
                                         .page = is_wanted,
                                         .wanted = wait_on,
                                         .same = take_same,
                                         .spare = give_spare};
        if (!left)
            know_records(&extraction, task, &request);
        if (!left && task->file && number + 1 < pipeline->options.tasks->len)
            extraction.began = g_get_monotonic_time();
        bool good = lj_extract(worker->extractor, fd, &request, &sinks, &failure);
        bool leaving =
            (extraction.put_off || (extraction.left > 0 && request.ocr != LJ_OCR_NEVER)) &&
            !lj_pipeline_stopped(pipeline);
        if (leaving)
            leave(&extraction); /* the outcome goes with it; what failed fails again */
        if (leaving || warm) {
            *outcome = (struct lj_outcome){0};
        } else if (!lj_pipeline_stopped(pipeline)) {
            if (extraction.left > 0)
                outcome->reason = g_strdup(LJ_REASON_UNREAD);
            note_result(&extraction, good, failure);
        }
        g_free(extraction.path);
        g_free(extraction.base);
    }
    g_clear_pointer(&extraction.own, g_hash_table_unref);
    g_clear_pointer(&extraction.documents, g_array_unref);
    g_clear_pointer(&extraction.records, g_array_unref);
    if (fd >= 0 && task->file)
        close(fd);
    bool ended = outcome->state || outcome->untouched; /* else a later pass ends it */
    if (ended)
        g_atomic_pointer_add(&pipeline->files, 1);
    if (task->file && ended) {
        extraction.draft->batch->file_bytes += task->file->size;
        g_atomic_pointer_add(&pipeline->read_bytes, (gssize)task->file->size);
    }
    if (!lj_pipeline_stopped(pipeline) && (outcome->state || outcome->untouched))
        g_array_append_val(extraction.draft->batch->outcomes, *outcome);
    else
        lj_outcome_clear(outcome);
    g_clear_error(&failure);
    *draft = extraction.draft;
}

/* A stored document of the live index → the draft. One that cannot be read is a failure of its own. */
static void
take_stored(struct worker *worker, struct draft **draft, size_t number, struct lj_place place)
{
    struct lj_pipeline *pipeline = worker->pipeline;
    struct lj_batch *batch = (*draft)->batch;
    batch->stored++;
    GError *failure = NULL;
    char *source = NULL, *id = lj_stored_name(worker->live, place, &source, NULL);
    struct lj_document *document = lj_stored_document(worker->live, place, &failure);
    struct lj_place there = {0, 0};
    if (document) {
        lj_store_find(pipeline->options.store, document->id, &there, NULL, NULL, &batch->error);
    } else {
        struct lj_failure lost = {number, g_strdup(id), g_strdup(failure->message)};
        g_array_append_val(batch->failures, lost);
        g_clear_error(&failure);
    }
    g_free(id);
    const char *file =
        document && there.docid ? lj_document_field(document, LJ_PROPERTY_FILE) : NULL;
    if (file)
        lj_batch_share(batch, file, LJ_SHARE_COUNTED);
    if (!document || there.docid) { /* there: an original has just brought it */
        lj_document_free(document);
        g_free(source);
        return;
    }
    struct draft_item item = {.document = document, .task = number, .source = source};
    g_array_append_val((*draft)->items, item);
    (*draft)->bytes += document->text->len + 200;
    if (lj_draft_is_full(pipeline, *draft))
        lj_draft_seal(worker, draft, false);
}

static void
read_stored(struct worker *worker, struct draft **draft, size_t number)
{
    const struct lj_pipeline *pipeline = worker->pipeline;
    const struct lj_task *task = &g_array_index(pipeline->options.tasks, struct lj_task, number);
    if (!worker->live) {
        char **paths = lj_layout_paths(pipeline->options.live->layout);
        worker->live = lj_xap_reader_open((const char *const *)paths, g_strv_length(paths),
                                          &(*draft)->batch->error);
        g_strfreev(paths);
    }
    struct lj_outcome outcome = {.task = number};
    for (uint32_t i = 0; worker->live && i < task->n_stored && !lj_pipeline_stopped(pipeline) &&
                         !(*draft)->batch->error;
         i++) {
        take_stored(worker, draft, number, task->stored[i]);
        outcome.documents++;
        g_atomic_pointer_add(&worker->pipeline->files, 1);
    }
    g_array_append_val((*draft)->batch->outcomes, outcome);
}

void
lj_chunk_read(struct worker *worker, guint number)
{
    struct lj_pipeline *pipeline = worker->pipeline;
    g_mutex_lock(&pipeline->lock); /* the array may grow */
    struct chunk chunk = g_array_index(pipeline->chunks, struct chunk, number);
    g_mutex_unlock(&pipeline->lock);
    struct draft *draft = lj_draft_new(number, 0);
    worker->put_off = 0;
    if (worker->error)
        draft->batch->error = g_error_copy(worker->error);
    for (size_t task = chunk.first;
         task < chunk.end && !lj_pipeline_stopped(pipeline) && !draft->batch->error; task++) {
        if (lj_draft_overdue(pipeline, draft))
            lj_draft_seal(worker, &draft, false);
        if (g_array_index(pipeline->options.tasks, struct lj_task, task).stored)
            read_stored(worker, &draft, task);
        else
            extract_task(worker, &draft, task, &chunk);
    }
    drop_ahead(worker);
    if (chunk.parts == 0)
        lj_left_free(chunk.left);
    lj_draft_seal(worker, &draft, true);
}
