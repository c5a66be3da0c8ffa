#include "index/pipeline.h"
#include "index/rejoin.h"
#include "i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define CHUNK_FILES 64
#define CHUNK_BYTES (4u << 20)
#define BATCH_MOST (4u << 20) /* bytes of text in a batch */
#define BATCH_LEAST (256u << 10)
#define BATCH_DOCUMENTS 5000
/* The bulk builder is the better the more it gets at once. */
#define GLASS_CHUNK_FILES 2048
#define GLASS_CHUNK_BYTES (16u << 20)
#define GLASS_BATCH_MOST (8u << 20)
/* A batch that waits for a slow file goes without it: what is read is to be searchable soon. */
#define SEAL_TIME (8 * G_USEC_PER_SEC)

/* A document on its way from extraction to analysis. */
struct draft_item {
    struct lj_document *document;
    size_t task;
    struct lj_place place;
    char *source; /* NAME, of a stored document, owned; NULL: the task's */
};

/* A batch before its analysis. */
struct draft {
    uint64_t chunk, number;
    bool last;     /* of its chunk */
    GArray *items; /* struct draft_item */
    uint64_t bytes;
    gint64 began; /* monotonic */
    struct lj_batch *batch;
};

/* A file that left pages to be recognised, and what its first pass gave. */
struct left {
    size_t task;
    uint32_t pages;
    bool whole;
    struct lj_outcome outcome;
};

struct chunk {
    size_t first, end;    /* tasks */
    struct left *left;    /* one file's second pass; NULL: tasks */
    uint32_t part, parts; /* … or, parts not 0, its pages into the cache */
};

/* Pages from which it is worth while that all threads read in one file. */
#define SHARED_PAGES 4

/* Where an id was met in this run. */
struct met {
    gint64 hash; /* first: it is the key */
    const struct lj_source *source;
};

struct lj_pipeline {
    struct lj_pipeline_options options;
    uint64_t batch_bytes;
    GMutex lock;
    GCond work, ready;
    GArray *chunks; /* struct chunk */
    guint next_chunk;
    GPtrArray *left;     /* struct left: not yet chunks */
    unsigned extracting; /* threads that may still seal batches */
    GQueue sealed;       /* struct draft */
    GHashTable *done;    /* order (gint64 *) → struct draft with its batch finished */
    uint64_t cursor_chunk, cursor_number;
    bool ending;
    gsize files, texts, text_bytes; /* for progress: atomic */
    GMutex lookup;                  /* guards the store's reader and met */
    GHashTable *met;                /* struct met */
    GThread **threads;
    unsigned n_threads;
};

/* What one thread works with. */
struct worker {
    struct lj_pipeline *pipeline;
    struct lj_analyser *analyser;
    struct lj_inverter *inverter;
    struct lj_extractor *extractor;
    struct xap_reader *live; /* for stored documents; NULL until the first */
    struct lj_tokens *tokens;
    struct lj_glass *glass; /* NULL: none needed */
    GArray *glass_terms;    /* uint32_t by the inverter's number: the builder's + 1; 0: not known */
    unsigned epoch, vocabulary; /* of glass_terms */
    GError *error;              /* it could not be made: reported with its first batch */
};

/* --- batches -----------------------------------------------------------------------------------
 */

static void
clear_item(gpointer data)
{
    struct lj_item *item = data;
    lj_prepared_free(item->prepared);
    g_free(item->id);
}

static void
clear_outcome(gpointer data)
{
    struct lj_outcome *outcome = data;
    g_free(outcome->reason);
    if (outcome->kept)
        g_array_unref(outcome->kept);
}

static void
clear_failure(gpointer data)
{
    struct lj_failure *failure = data;
    g_free(failure->member);
    g_free(failure->reason);
}

static struct lj_batch *
batch_new(void)
{
    struct lj_batch *batch = g_new0(struct lj_batch, 1);
    batch->items = g_array_new(FALSE, FALSE, sizeof(struct lj_item));
    g_array_set_clear_func(batch->items, clear_item);
    batch->outcomes = g_array_new(FALSE, FALSE, sizeof(struct lj_outcome));
    g_array_set_clear_func(batch->outcomes, clear_outcome);
    batch->failures = g_array_new(FALSE, FALSE, sizeof(struct lj_failure));
    g_array_set_clear_func(batch->failures, clear_failure);
    batch->repeated = g_ptr_array_new_with_free_func(g_free);
    batch->kinds = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    batch->skipped = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    batch->titles = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return batch;
}

void
lj_batch_free(struct lj_batch *batch)
{
    if (!batch)
        return;
    g_array_unref(batch->items);
    g_array_unref(batch->outcomes);
    g_array_unref(batch->failures);
    g_ptr_array_unref(batch->repeated);
    if (batch->metadata)
        g_array_unref(batch->metadata);
    g_hash_table_unref(batch->kinds);
    g_hash_table_unref(batch->skipped);
    g_hash_table_unref(batch->titles);
    g_free(batch->scratch);
    lj_glass_part_free(batch->part);
    g_clear_error(&batch->error);
    g_free(batch);
}

static void
count_one(GHashTable *counts, const char *name)
{
    gpointer key, count;
    if (g_hash_table_lookup_extended(counts, name, &key, &count))
        g_hash_table_insert(counts, g_strdup(name), GUINT_TO_POINTER(GPOINTER_TO_UINT(count) + 1));
    else
        g_hash_table_insert(counts, g_strdup(name), GUINT_TO_POINTER(1));
}

static void
clear_draft_item(gpointer data)
{
    struct draft_item *item = data;
    lj_document_free(item->document);
    g_free(item->source);
}

static struct draft *
draft_new(uint64_t chunk, uint64_t number)
{
    struct draft *draft = g_new0(struct draft, 1);
    draft->chunk = chunk;
    draft->number = number;
    draft->began = g_get_monotonic_time();
    draft->items = g_array_new(FALSE, FALSE, sizeof(struct draft_item));
    g_array_set_clear_func(draft->items, clear_draft_item);
    draft->batch = batch_new();
    return draft;
}

static void
draft_free(struct draft *draft)
{
    g_array_unref(draft->items);
    lj_batch_free(draft->batch);
    g_free(draft);
}

static bool
stopped(const struct lj_pipeline *pipeline)
{
    return pipeline->ending || (pipeline->options.stop && *pipeline->options.stop);
}

/* --- analysis ----------------------------------------------------------------------------------
 */

/* Counts pairs of content words that stand together in titles: one of them makes a good first
 * question. */
static void
count_title(struct worker *worker, struct lj_batch *batch, const char *title)
{
    if (!title)
        return;
    lj_analyse(worker->analyser, title, strlen(title), LJ_ANALYSE_WORDS, worker->tokens);
    const struct lj_word *before = NULL;
    for (size_t i = 0; i < worker->tokens->n && i < 40; i++) {
        const struct lj_token *token = &worker->tokens->token[i];
        const struct lj_word *word = token->word;
        if (token->part || word->stop)
            continue;
        bool fit = token->kind == LJ_TOKEN_WORD && word->form_length > 4;
        if (fit && before && before->id != word->id) {
            char *pair = g_strconcat(before->form, " ", word->form, NULL);
            count_one(batch->titles, pair);
            g_free(pair);
        }
        before = fit ? word : NULL;
    }
}

/* The path, within its source, of the file that a stored document was read from; NULL: a feed's. */
static const char *
path_of(const struct lj_document *document, const char *source)
{
    const char *file = lj_document_field(document, LJ_PROPERTY_FILE);
    size_t length = strlen(source);
    return file && strncmp(file, source, length) == 0 && file[length] == '/' ? file + length + 1
                                                                             : NULL;
}

static const struct lj_inverted *
invert(struct worker *worker, const struct draft *draft, const struct draft_item *item)
{
    const struct lj_task *task =
        &g_array_index(worker->pipeline->options.tasks, struct lj_task, item->task);
    struct lj_origin origin = {item->source, NULL};
    if (item->source)
        origin.path = path_of(item->document, item->source);
    else
        origin = (struct lj_origin){task->source->name, task->file ? task->file->path : NULL};
    const struct lj_inverted *inverted = lj_invert(worker->inverter, item->document, &origin);
    struct lj_batch *batch = draft->batch;
    batch->text_bytes += inverted->text_bytes;
    g_atomic_pointer_add(&worker->pipeline->text_bytes, (gssize)inverted->text_bytes);
    g_atomic_pointer_add(&worker->pipeline->texts, 1);
    batch->undated += !inverted->dated;
    batch->empty += inverted->words == 0;
    batch->cut += item->document->cut;
    if (item->document->cut) {
        struct lj_failure failure = {item->task, g_strdup(item->document->member),
                                     g_strdup(_("the text is longer than the limit and was cut"))};
        g_array_append_val(batch->failures, failure);
    }
    count_one(batch->kinds, item->document->mime ? item->document->mime : "?");
    if (worker->pipeline->options.bulk)
        count_title(worker, batch, lj_document_field(item->document, "title"));
    return inverted;
}

/* New documents of a batch → its scratch database. */
static bool
write_scratch(struct worker *worker, struct draft *draft, GError **error)
{
    struct lj_batch *batch = draft->batch;
    char *name = g_strdup_printf("%08" G_GINT64_MODIFIER "x-%06" G_GINT64_MODIFIER "x",
                                 draft->chunk, draft->number);
    struct xap_writer *writer = NULL;
    bool good = true;
    for (guint i = 0; good && !stopped(worker->pipeline) && i < draft->items->len; i++) {
        struct draft_item *item = &g_array_index(draft->items, struct draft_item, i);
        if (item->place.docid)
            continue;
        if (!writer) {
            batch->scratch = lj_store_scratch(worker->pipeline->options.store, name);
            writer = lj_xap_writer_open(batch->scratch, XAP_SCRATCH, error);
        }
        const struct lj_inverted *it = invert(worker, draft, item);
        good = writer && lj_put_document(writer, 0, &it->document, it->frames, it->id, error);
        *(item->source ? &batch->again : &batch->added) += 1;
    }
    GArray *metadata = lj_inverter_take_metadata(worker->inverter);
    good = good && (!writer || (lj_put_metadata(writer, metadata, true, error) &&
                                lj_xap_writer_commit(writer, error)));
    g_array_unref(metadata);
    lj_xap_writer_close(writer);
    g_free(name);
    return good;
}

/* A document → the builder. The inverter has looked every term up already: its numbers are turned
 * into the builder's by an array. */
static bool
add_to_glass(struct worker *worker, uint32_t docid, const struct lj_inverted *it, GError **error)
{
    struct lj_glass *glass = worker->glass;
    if (worker->epoch != lj_glass_epoch(glass) || worker->vocabulary != it->vocabulary) {
        g_array_set_size(worker->glass_terms, 0);
        worker->epoch = lj_glass_epoch(glass);
        worker->vocabulary = it->vocabulary;
    }
    size_t n = it->document.n_postings;
    uint32_t *terms = g_new(uint32_t, n + 1);
    for (size_t i = 0; i < n; i++) {
        if (it->numbers[i] >= worker->glass_terms->len)
            g_array_set_size(worker->glass_terms, it->numbers[i] + it->numbers[i] / 2 + 1024);
        uint32_t *term = &g_array_index(worker->glass_terms, uint32_t, it->numbers[i]);
        if (!*term)
            *term = lj_glass_term(glass, it->document.postings[i].term,
                                  it->document.postings[i].length) +
                    1;
        terms[i] = *term - 1;
        g_assert(terms[i] != LJ_GLASS_NO_TERM); /* the inverter leaves out what is too long */
    }
    bool good = lj_glass_add_known(glass, docid, &it->document, terms, error);
    g_free(terms);
    char key[16];
    for (guint i = 0; good && i < it->frames->len; i++) {
        gsize size;
        const char *bytes = g_bytes_get_data(it->frames->pdata[i], &size);
        size_t length = lj_stored_frame_key(it->id, i + 1, key);
        good = lj_glass_set_metadata(glass, key, length, bytes, size, error);
    }
    return good;
}

/* New documents of a batch → a part of the bulk builder. */
static bool
write_part(struct worker *worker, struct draft *draft, GError **error)
{
    struct lj_batch *batch = draft->batch;
    uint32_t docid = 0;
    bool good = true;
    for (guint i = 0; good && !stopped(worker->pipeline) && i < draft->items->len; i++) {
        struct draft_item *item = &g_array_index(draft->items, struct draft_item, i);
        if (item->place.docid)
            continue;
        good = add_to_glass(worker, ++docid, invert(worker, draft, item), error);
        *(item->source ? &batch->again : &batch->added) += 1;
    }
    GArray *metadata = lj_inverter_take_metadata(worker->inverter);
    for (guint i = 0; good && docid && i < metadata->len; i++) {
        const struct lj_entry *entry = &g_array_index(metadata, struct lj_entry, i);
        good = lj_glass_set_metadata(worker->glass, entry->key, strlen(entry->key), entry->value,
                                     strlen(entry->value), error);
    }
    g_array_unref(metadata);
    if (good && docid) {
        batch->part = lj_glass_take(worker->glass, error);
        good = batch->part != NULL;
    }
    return good;
}

/* The work of a batch: after it, its documents are prepared or written. A stop leaves it unfinished: from
 * then on no batch is delivered. */
static void
analyse_draft(struct worker *worker, struct draft *draft)
{
    struct lj_batch *batch = draft->batch;
    bool bulk = worker->pipeline->options.bulk;
    bool good =
        !batch->error && (!bulk || (worker->glass ? write_part(worker, draft, &batch->error)
                                                  : write_scratch(worker, draft, &batch->error)));
    for (guint i = 0; good && !stopped(worker->pipeline) && i < draft->items->len; i++) {
        struct draft_item *from = &g_array_index(draft->items, struct draft_item, i);
        if (bulk && !from->place.docid)
            continue;
        struct lj_item item = {.place = from->place};
        if (from->document->deleted) {
            item.delete = true;
            item.id = g_strdup(from->document->id);
        } else {
            item.prepared = lj_prepared_copy(invert(worker, draft, from));
            if (from->place.docid)
                batch->changed++;
            else
                batch->added++;
        }
        g_array_append_val(batch->items, item);
    }
    batch->metadata = lj_inverter_take_metadata(worker->inverter);
    g_array_set_size(draft->items, 0);
}

static gint64 *
order_key(uint64_t chunk, uint64_t number)
{
    gint64 *key = g_new(gint64, 1);
    *key = (gint64)(chunk << 28 | number);
    return key;
}

/* Takes the draft over; called without the lock. */
static void
finish_draft(struct worker *worker, struct draft *draft)
{
    struct lj_pipeline *pipeline = worker->pipeline;
    if (!stopped(pipeline))
        analyse_draft(worker, draft);
    g_mutex_lock(&pipeline->lock);
    g_hash_table_insert(pipeline->done, order_key(draft->chunk, draft->number), draft);
    g_cond_broadcast(&pipeline->ready);
    g_cond_broadcast(&pipeline->work);
    g_mutex_unlock(&pipeline->lock);
}

/* --- extraction --------------------------------------------------------------------------------
 */

/* A file being extracted. */
struct extraction {
    struct worker *worker;
    struct draft *draft;
    size_t task;
    char *base; /* id of the file, or NAME of a feed */
    struct lj_outcome outcome;
    bool single;   /* no member so far */
    uint32_t left; /* pages to be recognised */
    bool whole;
};

/* Hands a full batch over and begins the next; helps with the analysis while it would pile up. */
static void
seal(struct worker *worker, struct draft **draft, bool last)
{
    struct lj_pipeline *pipeline = worker->pipeline;
    uint64_t chunk = (*draft)->chunk, number = (*draft)->number;
    g_mutex_lock(&pipeline->lock);
    (*draft)->last = last;
    g_queue_push_tail(&pipeline->sealed, *draft);
    *draft = last ? NULL : draft_new(chunk, number + 1);
    g_cond_broadcast(&pipeline->work);
    for (;;) {
        bool ahead = chunk != pipeline->cursor_chunk &&
                     g_hash_table_size(pipeline->done) > 4 * pipeline->options.jobs;
        if (stopped(pipeline))
            break;
        if (pipeline->sealed.length > pipeline->options.jobs ||
            (ahead && pipeline->sealed.length)) {
            struct draft *other = g_queue_pop_head(&pipeline->sealed);
            g_mutex_unlock(&pipeline->lock);
            finish_draft(worker, other);
            g_mutex_lock(&pipeline->lock);
        } else if (ahead) {
            g_cond_wait_until(&pipeline->work, &pipeline->lock, g_get_monotonic_time() + 100000);
        } else {
            break;
        }
    }
    g_mutex_unlock(&pipeline->lock);
}

static bool
is_overdue(const struct lj_pipeline *pipeline, const struct draft *draft)
{
    gint64 most = pipeline->options.seal_time ? pipeline->options.seal_time : SEAL_TIME;
    return draft->items->len > 0 && !draft->batch->error &&
           g_get_monotonic_time() - draft->began >= most;
}

static void
add_failure(struct extraction *extraction, const char *member, const char *reason)
{
    struct lj_failure failure = {extraction->task, g_strdup(member), g_strdup(reason)};
    g_array_append_val(extraction->draft->batch->failures, failure);
}

/* The id by the rules of identity; NFC. */
static void
identify(struct extraction *extraction, struct lj_document *document)
{
    char *id;
    if (document->id && *document->id)
        id = g_strdup(document->id);
    else if (!document->member || !*document->member)
        id = g_strdup(extraction->base);
    else if (document->member[0] == '#')
        id = g_strconcat(extraction->base, document->member, NULL);
    else
        id = g_strconcat(extraction->base, "!/", document->member, NULL);
    g_free(document->id);
    document->id = g_utf8_normalize(id, -1, G_NORMALIZE_DEFAULT_COMPOSE);
    if (!document->id)
        document->id = g_utf8_make_valid(id, -1);
    const struct lj_task *task = &g_array_index(extraction->worker->pipeline->options.tasks,
                                                struct lj_task, extraction->task);
    /* Names with @ are the index's own: a record must not bring them. */
    for (guint i = document->properties->len; i-- > 0;)
        if (*g_array_index(document->properties, struct lj_property, i).name == '@')
            g_array_remove_index(document->properties, i);
    if (task->file) {
        char *file = g_strconcat(task->source->name, "/", task->file->path, NULL);
        struct lj_property property = {g_strdup(LJ_PROPERTY_FILE), file};
        g_array_append_val(document->properties, property);
    }
    if (document->member && document->member[0] != '#' && !document->part_of)
        document->part_of = g_strdup(extraction->base);
    g_free(id);
}

/* First 8 bytes of the SHA-1 of an id. */
static gint64
hash_id(const char *id)
{
    char key[11];
    lj_document_key(id, key);
    return (gint64)g_ascii_strtoull(key, NULL, 16) ^ (gint64)((uint64_t)g_str_hash(id) << 40);
}

enum route { ROUTE_NEW, ROUTE_REPLACE, ROUTE_SAME, ROUTE_TAKEN, ROUTE_REMOVED };

/* Where a document belongs: which it replaces, whether it is the same, whether its id is another's.
 */
static enum route
route(struct extraction *extraction, const struct lj_document *document, struct lj_place *place,
      GError **error)
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
    gint64 hash = hash_id(document->id);
    struct met *met = g_hash_table_lookup(pipeline->met, &hash);
    if (met && met->source != task->source && strcmp(met->source->name, task->source->name) != 0) {
        result = ROUTE_TAKEN;
        owner = g_strdup(met->source->name);
    } else {
        lj_store_find(pipeline->options.store, document->id, place, &owner, sha256, error);
        if (place->docid && strcmp(owner, task->source->name) != 0)
            result = ROUTE_TAKEN;
        else if (place->docid && !met && !task->again &&
                 memcmp(sha256, document->sha256, 32) == 0 &&
                 lj_store_joined(pipeline->options.store, *place, sha256) ==
                     lj_metadata_joined(document))
            result = ROUTE_SAME;
        else if (place->docid)
            result = ROUTE_REPLACE;
    }
    if (result != ROUTE_TAKEN && met && !place->docid)
        g_ptr_array_add(extraction->draft->batch->repeated, g_strdup(document->id));
    if (result != ROUTE_TAKEN && !met) {
        met = g_new(struct met, 1);
        *met = (struct met){hash, task->source};
        g_hash_table_insert(pipeline->met, met, met);
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
    if (!task->source->table)
        return;
    char *root;
    struct lj_metadata_place place =
        lj_metadata_place_of(task->source, task->file ? task->file->path : NULL, !document->member,
                             document->id, document->sha256, &root);
    lj_metadata_join(task->source->table, document, &place);
    g_free(root);
}

/* Seals the draft before a document that no longer goes into it, so that a file's last one shares its batch
 * with the file's outcome, and a commit between them cannot leave documents of a file that nobody knows.
 * Where others of the same file are in it, the batch says so. ahead: documents that are counted and not in it. */
static void
seal_within(struct extraction *extraction, uint32_t ahead)
{
    struct lj_outcome unfinished = {.task = extraction->task, .unfinished = true};
    if (extraction->outcome.documents > ahead)
        g_array_append_val(extraction->draft->batch->outcomes, unfinished);
    seal(extraction->worker, &extraction->draft, false);
}

/* Receives a document from the extractor; takes it over. */
static bool
take_document(struct lj_document *document, void *data)
{
    struct extraction *extraction = data;
    struct worker *worker = extraction->worker;
    struct lj_batch *batch = extraction->draft->batch;
    identify(extraction, document);
    join(&g_array_index(worker->pipeline->options.tasks, struct lj_task, extraction->task),
         document);
    extraction->single = !document->member;
    struct lj_place place = {0, 0};
    enum route where = route(extraction, document, &place, &batch->error);
    bool wanted = where == ROUTE_NEW || where == ROUTE_REPLACE;
    if (document->deleted)
        wanted = place.docid != 0;
    if (place.docid && where != ROUTE_TAKEN && extraction->outcome.kept && !document->deleted)
        g_array_append_val(extraction->outcome.kept, place);
    if (where != ROUTE_TAKEN && where != ROUTE_REMOVED && !document->deleted) {
        extraction->outcome.documents++;
        if (!document->member)
            memcpy(extraction->outcome.sha256, document->sha256, 32);
    }
    batch->same += where == ROUTE_SAME;
    batch->recognised += document->ocr;
    if (!wanted) {
        lj_document_free(document);
        return !stopped(worker->pipeline) && !batch->error;
    }
    if (extraction->draft->bytes >= worker->pipeline->batch_bytes ||
        extraction->draft->items->len >= BATCH_DOCUMENTS)
        seal_within(extraction, 1);
    struct draft_item item = {document, extraction->task, place, NULL};
    g_array_append_val(extraction->draft->items, item);
    extraction->draft->bytes += document->text->len + 200;
    return !stopped(worker->pipeline);
}

static void
take_failure(const char *member, const GError *failure, void *data)
{
    struct extraction *extraction = data;
    if (g_error_matches(failure, LJ_ERROR,
                        LJ_ERROR_SKIPPED)) /* a picture in an archive of documents */
        count_one(extraction->draft->batch->skipped, failure->message);
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
    return !stopped(((struct extraction *)data)->worker->pipeline);
}

/* Nothing comes of a slow file: what stands before it does not wait. */
static bool
wait_on(void *data)
{
    struct extraction *extraction = data;
    struct lj_pipeline *pipeline = extraction->worker->pipeline;
    if (is_wanted(data) && is_overdue(pipeline, extraction->draft))
        seal_within(extraction, 0);
    /* Where all threads wait like this one, nobody else would analyse what is sealed. */
    g_mutex_lock(&pipeline->lock);
    struct draft *sealed = stopped(pipeline) ? NULL : g_queue_pop_head(&pipeline->sealed);
    g_mutex_unlock(&pipeline->lock);
    if (sealed)
        finish_draft(extraction->worker, sealed);
    return is_wanted(data);
}

/* The file's second pass comes when all first ones are done. */
static void
leave(struct extraction *extraction)
{
    struct lj_pipeline *pipeline = extraction->worker->pipeline;
    struct left *left = g_new(struct left, 1);
    *left =
        (struct left){extraction->task, extraction->left, extraction->whole, extraction->outcome};
    g_mutex_lock(&pipeline->lock);
    g_ptr_array_add(pipeline->left, left);
    g_mutex_unlock(&pipeline->lock);
}

static void
free_left(struct left *left)
{
    if (left)
        clear_outcome(&left->outcome);
    g_free(left);
}

static int
compare_left(gconstpointer a, gconstpointer b)
{
    const struct left *x = *(struct left *const *)a, *y = *(struct left *const *)b;
    return x->task < y->task ? -1 : x->task > y->task;
}

/* Makes chunks of the files that were left; with the lock. */
static void
cut_left(struct lj_pipeline *pipeline)
{
    g_ptr_array_sort(pipeline->left, compare_left);
    unsigned jobs = pipeline->options.jobs;
    for (guint i = 0; i < pipeline->left->len; i++) {
        struct left *left = pipeline->left->pdata[i];
        bool shared = jobs > 1 && left->whole && left->pages >= SHARED_PAGES;
        struct chunk chunk = {left->task, left->task + 1, left, 0, shared ? jobs : 0};
        for (; shared && chunk.part < jobs; chunk.part++)
            g_array_append_val(pipeline->chunks, chunk);
        chunk.parts = 0;
        g_array_append_val(pipeline->chunks, chunk);
    }
    g_ptr_array_set_size(pipeline->left, 0);
}

/* SHA-256 of a file from its beginning; false when it cannot be read. */
static bool
hash_file(int fd, uint8_t out[32])
{
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    uint8_t *buffer = g_malloc(1 << 17);
    ssize_t n;
    off_t at = 0;
    while ((n = pread(fd, buffer, 1 << 17, at)) > 0) {
        g_checksum_update(sum, buffer, n);
        at += n;
    }
    gsize length = 32;
    g_checksum_get_digest(sum, out, &length);
    g_checksum_free(sum);
    g_free(buffer);
    return n == 0;
}

static int
open_task(const struct lj_task *task)
{
    if (!task->file)
        return task->fd;
    char *path = task->source->file ? g_strdup(task->source->root)
                                    : g_build_filename(task->source->root, task->file->path, NULL);
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
        outcome->state = outcome->documents > 0 ? LJ_FILE_INDEXED : LJ_FILE_EMPTY;
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
    outcome->task = number;
    if (task->known && !left)
        outcome->kept = g_array_new(FALSE, FALSE, sizeof(struct lj_place));
    int fd = open_task(task);
    GError *failure = NULL;
    if (fd < 0 && errno == ENOENT) {
        /* Gone since the walk: the next run sees it so. */
        clear_outcome(outcome);
        return;
    }
    if (fd < 0) {
        g_set_error(&failure, LJ_ERROR, LJ_ERROR_IO, _("cannot read it: %s"), g_strerror(errno));
        note_result(&extraction, false, failure);
    } else if (task->check && !left && hash_file(fd, outcome->sha256) &&
               memcmp(outcome->sha256, task->sha256, 32) == 0) {
        outcome->untouched = true;
    } else {
        char *path = task->file ? g_strconcat(task->source->name, "/", task->file->path, NULL)
                                : g_strdup(task->source->name);
        extraction.base = g_utf8_make_valid(path, -1);
        const char *slash = task->file ? strrchr(task->file->path, '/') : NULL;
        struct lj_extract_request request = {
            .name = task->file ? (slash ? slash + 1 : task->file->path) : NULL,
            .encoding = task->source->encoding,
            .columns = task->source->columns,
            .max_text = task->source->max_size,
            .records = !task->file,
            .ocr = task->source->ocr,
            .pass = warm   ? LJ_PASS_WARM
                    : left ? LJ_PASS_OCR
                           : LJ_PASS_TEXT,
            .part = chunk->part,
            .parts = chunk->parts,
            .pages = pipeline->options.pages};
        struct lj_extract_sinks sinks = {.document = take_document,
                                         .failure = take_failure,
                                         .data = &extraction,
                                         .left = take_left,
                                         .page = is_wanted,
                                         .wanted = wait_on};
        bool good = lj_extract(worker->extractor, fd, &request, &sinks, &failure);
        bool leaving = extraction.left > 0 && request.ocr != LJ_OCR_NEVER && !stopped(pipeline);
        if (leaving)
            leave(&extraction); /* the outcome goes with it; what failed fails again */
        if (leaving || warm) {
            *outcome = (struct lj_outcome){0};
        } else if (!stopped(pipeline)) {
            if (extraction.left > 0)
                outcome->reason = g_strdup(LJ_REASON_UNREAD);
            note_result(&extraction, good, failure);
        }
        g_free(path);
        g_free(extraction.base);
    }
    if (fd >= 0 && task->file)
        close(fd);
    bool ended = outcome->state || outcome->untouched; /* else a later pass ends it */
    if (ended)
        g_atomic_pointer_add(&pipeline->files, 1);
    if (task->file && ended)
        extraction.draft->batch->file_bytes += task->file->size;
    if (!stopped(pipeline) && (outcome->state || outcome->untouched))
        g_array_append_val(extraction.draft->batch->outcomes, *outcome);
    else
        clear_outcome(outcome);
    g_clear_error(&failure);
    *draft = extraction.draft;
}

/* A stored document of the live index → the draft. One that cannot be read is a failure of its own. */
static void
take_stored(struct worker *worker, struct draft **draft, size_t number, struct lj_place place)
{
    struct lj_pipeline *pipeline = worker->pipeline;
    struct lj_batch *batch = (*draft)->batch;
    GError *failure = NULL;
    char *source = NULL, *id = lj_stored_name(worker->live, place, &source, NULL);
    struct lj_document *document = lj_stored_document(worker->live, place, &failure);
    struct lj_place there = {0, 0};
    if (document) {
        g_mutex_lock(&pipeline->lookup);
        lj_store_find(pipeline->options.store, document->id, &there, NULL, NULL, &batch->error);
        g_mutex_unlock(&pipeline->lookup);
    } else {
        struct lj_failure lost = {number, g_strdup(id), g_strdup(failure->message)};
        g_array_append_val(batch->failures, lost);
        g_clear_error(&failure);
    }
    g_free(id);
    if (!document || there.docid) { /* there: an original has just brought it */
        lj_document_free(document);
        g_free(source);
        return;
    }
    struct draft_item item = {document, number, {0, 0}, source};
    g_array_append_val((*draft)->items, item);
    (*draft)->bytes += document->text->len + 200;
    if ((*draft)->bytes >= pipeline->batch_bytes || (*draft)->items->len >= BATCH_DOCUMENTS)
        seal(worker, draft, false);
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
    for (uint32_t i = 0;
         worker->live && i < task->n_stored && !stopped(pipeline) && !(*draft)->batch->error; i++) {
        take_stored(worker, draft, number, task->stored[i]);
        outcome.documents++;
        g_atomic_pointer_add(&worker->pipeline->files, 1);
    }
    g_array_append_val((*draft)->batch->outcomes, outcome);
}

static void
extract_chunk(struct worker *worker, guint number)
{
    struct lj_pipeline *pipeline = worker->pipeline;
    g_mutex_lock(&pipeline->lock); /* the array may grow */
    struct chunk chunk = g_array_index(pipeline->chunks, struct chunk, number);
    g_mutex_unlock(&pipeline->lock);
    struct draft *draft = draft_new(number, 0);
    if (worker->error)
        draft->batch->error = g_error_copy(worker->error);
    for (size_t task = chunk.first; task < chunk.end && !stopped(pipeline) && !draft->batch->error;
         task++) {
        if (is_overdue(pipeline, draft))
            seal(worker, &draft, false);
        if (g_array_index(pipeline->options.tasks, struct lj_task, task).stored)
            read_stored(worker, &draft, task);
        else
            extract_task(worker, &draft, task, &chunk);
    }
    if (chunk.parts == 0)
        free_left(chunk.left);
    seal(worker, &draft, true);
}

/* --- threads -----------------------------------------------------------------------------------
 */

static gpointer
work(gpointer data)
{
    struct worker *worker = data;
    struct lj_pipeline *pipeline = worker->pipeline;
    g_mutex_lock(&pipeline->lock);
    while (!stopped(pipeline)) {
        guint window = (guint)pipeline->cursor_chunk + 4 * pipeline->options.jobs;
        if (pipeline->sealed.length > 0) {
            struct draft *draft = g_queue_pop_head(&pipeline->sealed);
            g_mutex_unlock(&pipeline->lock);
            finish_draft(worker, draft);
            g_mutex_lock(&pipeline->lock);
        } else if (pipeline->next_chunk < pipeline->chunks->len && pipeline->next_chunk < window) {
            guint number = pipeline->next_chunk++;
            pipeline->extracting++;
            g_mutex_unlock(&pipeline->lock);
            extract_chunk(worker, number);
            g_mutex_lock(&pipeline->lock);
            pipeline->extracting--;
            g_cond_broadcast(&pipeline->work);
        } else if (pipeline->next_chunk >= pipeline->chunks->len && pipeline->extracting == 0) {
            if (pipeline->left->len == 0)
                break;
            cut_left(pipeline);
            g_cond_broadcast(&pipeline->work);
        } else {
            g_cond_wait_until(&pipeline->work, &pipeline->lock, g_get_monotonic_time() + 200000);
        }
    }
    g_cond_broadcast(&pipeline->ready);
    g_mutex_unlock(&pipeline->lock);
    lj_extractor_close(worker->extractor);
    lj_inverter_free(worker->inverter);
    lj_xap_reader_close(worker->live);
    lj_tokens_free(worker->tokens);
    lj_analyser_close(worker->analyser);
    lj_glass_free(worker->glass);
    g_array_unref(worker->glass_terms);
    g_clear_error(&worker->error);
    g_free(worker);
    return NULL;
}

static void
cut_chunks(struct lj_pipeline *pipeline)
{
    const GArray *tasks = pipeline->options.tasks;
    bool glass = pipeline->options.glass;
    uint64_t most_bytes = glass ? GLASS_CHUNK_BYTES : CHUNK_BYTES;
    size_t most_files = glass ? GLASS_CHUNK_FILES : CHUNK_FILES;
    struct chunk chunk = {0};
    uint64_t bytes = 0;
    for (guint i = 0; i < tasks->len; i++) {
        const struct lj_task *task = &g_array_index(tasks, struct lj_task, i);
        chunk.end = i + 1;
        bytes += task->file ? task->file->size : most_bytes;
        if (bytes >= most_bytes || chunk.end - chunk.first >= most_files) {
            g_array_append_val(pipeline->chunks, chunk);
            chunk.first = i + 1;
            bytes = 0;
        }
    }
    if (chunk.end > chunk.first)
        g_array_append_val(pipeline->chunks, chunk);
}

static void
free_draft(gpointer draft)
{
    draft_free(draft);
}

/* A worker's bulk builder; its nameless working files lie with the segments. */
static struct lj_glass *
open_glass(const struct lj_pipeline_options *options, GError **error)
{
    char *folder = lj_layout_generation(options->store->layout, options->store->generation);
    struct lj_glass *glass = lj_glass_open(folder, options->memory / (2 * options->jobs), error);
    g_free(folder);
    return glass;
}

struct lj_pipeline *
lj_pipeline_start(const struct lj_pipeline_options *options, GError **error)
{
    /* Fails here rather than in every thread. */
    struct lj_analyser *probe = lj_store_analyser(options->store, error);
    if (!probe)
        return NULL;
    lj_analyser_close(probe);
    struct lj_pipeline *pipeline = g_new0(struct lj_pipeline, 1);
    pipeline->options = *options;
    /* Inversion takes some twenty times its text: of all batches in flight that is the bound. */
    pipeline->batch_bytes =
        CLAMP(options->memory / (20 * (options->jobs + 1)), BATCH_LEAST, BATCH_MOST);
    /* The bulk builder takes some three times; it keeps nothing of a batch that is done. */
    if (options->glass)
        pipeline->batch_bytes =
            CLAMP(options->memory / (8 * (options->jobs + 1)), BATCH_LEAST, GLASS_BATCH_MOST);
    g_mutex_init(&pipeline->lock);
    g_mutex_init(&pipeline->lookup);
    g_cond_init(&pipeline->work);
    g_cond_init(&pipeline->ready);
    g_queue_init(&pipeline->sealed);
    pipeline->done = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, free_draft);
    pipeline->met = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
    pipeline->chunks = g_array_new(FALSE, FALSE, sizeof(struct chunk));
    cut_chunks(pipeline);
    pipeline->left = g_ptr_array_new();
    pipeline->n_threads = options->jobs;
    pipeline->threads = g_new0(GThread *, options->jobs);
    for (unsigned i = 0; i < options->jobs; i++) {
        struct worker *worker = g_new0(struct worker, 1);
        worker->pipeline = pipeline;
        worker->tokens = lj_tokens_new();
        worker->analyser = lj_store_analyser(options->store, &worker->error);
        if (worker->analyser)
            worker->inverter = lj_inverter_new(worker->analyser);
        if (worker->inverter) {
            lj_inverter_declare(worker->inverter, options->declared);
            lj_inverter_bound(worker->inverter, options->memory / (2 * options->jobs));
        }
        worker->glass_terms = g_array_new(FALSE, TRUE, sizeof(uint32_t));
        if (!worker->error && options->glass)
            worker->glass = open_glass(options, &worker->error);
        if (!worker->error)
            worker->extractor = lj_extractor_open(NULL, &worker->error);
        pipeline->threads[i] = g_thread_new("legajo-worker", work, worker);
    }
    return pipeline;
}

struct lj_batch *
lj_pipeline_next(struct lj_pipeline *pipeline, gint64 timeout, bool *more)
{
    struct lj_batch *batch = NULL;
    gint64 until = g_get_monotonic_time() + timeout;
    g_mutex_lock(&pipeline->lock);
    for (;;) {
        *more = (pipeline->cursor_chunk < pipeline->chunks->len || pipeline->left->len > 0) &&
                !stopped(pipeline);
        if (!*more)
            break;
        gint64 key = (gint64)(pipeline->cursor_chunk << 28 | pipeline->cursor_number);
        struct draft *draft = g_hash_table_lookup(pipeline->done, &key);
        if (draft) {
            batch = g_steal_pointer(&draft->batch);
            if (draft->last) {
                pipeline->cursor_chunk++;
                pipeline->cursor_number = 0;
            } else {
                pipeline->cursor_number++;
            }
            g_hash_table_remove(pipeline->done, &key);
            g_cond_broadcast(&pipeline->work);
            break;
        }
        if (!g_cond_wait_until(&pipeline->ready, &pipeline->lock, until))
            break;
    }
    g_mutex_unlock(&pipeline->lock);
    return batch;
}

void
lj_pipeline_progress(struct lj_pipeline *pipeline, uint64_t *files, uint64_t *documents,
                     uint64_t *text_bytes)
{
    *files = (gsize)g_atomic_pointer_get(&pipeline->files);
    *documents = (gsize)g_atomic_pointer_get(&pipeline->texts);
    *text_bytes = (gsize)g_atomic_pointer_get(&pipeline->text_bytes);
}

void
lj_pipeline_end(struct lj_pipeline *pipeline)
{
    if (!pipeline)
        return;
    g_mutex_lock(&pipeline->lock);
    pipeline->ending = true;
    g_cond_broadcast(&pipeline->work);
    g_mutex_unlock(&pipeline->lock);
    for (unsigned i = 0; i < pipeline->n_threads; i++)
        g_thread_join(pipeline->threads[i]);
    struct draft *draft;
    while ((draft = g_queue_pop_head(&pipeline->sealed)))
        draft_free(draft);
    g_hash_table_unref(pipeline->done);
    g_hash_table_unref(pipeline->met);
    for (guint i = pipeline->next_chunk; i < pipeline->chunks->len; i++) {
        const struct chunk *chunk = &g_array_index(pipeline->chunks, struct chunk, i);
        if (chunk->parts == 0)
            free_left(chunk->left);
    }
    g_array_unref(pipeline->chunks);
    for (guint i = 0; i < pipeline->left->len; i++)
        free_left(pipeline->left->pdata[i]);
    g_ptr_array_unref(pipeline->left);
    g_free(pipeline->threads);
    g_mutex_clear(&pipeline->lock);
    g_mutex_clear(&pipeline->lookup);
    g_cond_clear(&pipeline->work);
    g_cond_clear(&pipeline->ready);
    g_free(pipeline);
}
