#include "index/workers.h"
#include "document/flat.h"
#include "i18n.h"

#include <string.h>

/* A batch that waits for a slow file goes without it: what is read is to be searchable soon. */
#define SEAL_TIME (8 * G_USEC_PER_SEC)

#define BATCH_DOCUMENTS 5000 /* a batch holds no more */
#define SHARE_LEAST (2u << 20)

/* --- batches -----------------------------------------------------------------------------------
 */

static void
clear_item(gpointer data)
{
    struct lj_item *item = data;
    lj_prepared_free(item->prepared);
    g_free(item->id);
}

void
lj_outcome_clear(gpointer data)
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

struct lj_batch *
lj_batch_new(void)
{
    struct lj_batch *batch = g_new0(struct lj_batch, 1);
    batch->items = g_array_new(FALSE, FALSE, sizeof(struct lj_item));
    g_array_set_clear_func(batch->items, clear_item);
    batch->outcomes = g_array_new(FALSE, FALSE, sizeof(struct lj_outcome));
    g_array_set_clear_func(batch->outcomes, lj_outcome_clear);
    batch->failures = g_array_new(FALSE, FALSE, sizeof(struct lj_failure));
    g_array_set_clear_func(batch->failures, clear_failure);
    batch->repeated = g_ptr_array_new_with_free_func(g_free);
    batch->ahead = g_ptr_array_new_with_free_func(g_free);
    batch->shared = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
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
    g_ptr_array_unref(batch->ahead);
    g_hash_table_unref(batch->shared);
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

void
lj_batch_count(GHashTable *counts, const char *name)
{
    gpointer key, count;
    if (g_hash_table_lookup_extended(counts, name, &key, &count))
        g_hash_table_insert(counts, g_strdup(name), GUINT_TO_POINTER(GPOINTER_TO_UINT(count) + 1));
    else
        g_hash_table_insert(counts, g_strdup(name), GUINT_TO_POINTER(1));
}

void
lj_batch_share(struct lj_batch *batch, const char *key, enum lj_share what)
{
    guint known = GPOINTER_TO_UINT(g_hash_table_lookup(batch->shared, key));
    if ((known & what) != what)
        g_hash_table_insert(batch->shared, g_strdup(key), GUINT_TO_POINTER(known | what));
}

static void
clear_draft_item(gpointer data)
{
    struct draft_item *item = data;
    lj_document_free(item->document);
    g_free(item->source);
}

struct draft *
lj_draft_new(uint64_t chunk, uint64_t number)
{
    struct draft *draft = g_new0(struct draft, 1);
    draft->chunk = chunk;
    draft->number = number;
    draft->began = g_get_monotonic_time();
    draft->items = g_array_new(FALSE, FALSE, sizeof(struct draft_item));
    g_array_set_clear_func(draft->items, clear_draft_item);
    draft->batch = lj_batch_new();
    return draft;
}

void
lj_draft_free(struct draft *draft)
{
    g_array_unref(draft->items);
    lj_batch_free(draft->batch);
    g_free(draft);
}

bool
lj_pipeline_stopped(const struct lj_pipeline *pipeline)
{
    return pipeline->ending || (pipeline->options.stop && *pipeline->options.stop);
}

/* --- analysis ----------------------------------------------------------------------------------
 */

/* Counts pairs of content words that stand together in titles: one of them makes a good first
 * question. Some titles of each batch say enough. */
#define TITLES_MOST 1000
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
            lj_batch_count(batch->titles, pair);
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
    struct lj_origin origin = {item->source, NULL, *item->key ? item->key : NULL};
    if (item->source) {
        origin.path = path_of(item->document, item->source);
    } else {
        origin.source = task->source->name;
        origin.path = task->file ? task->file->path : NULL;
    }
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
    lj_batch_count(batch->kinds, item->document->mime ? item->document->mime : "?");
    if (worker->pipeline->options.bulk && batch->titled < TITLES_MOST) {
        batch->titled++;
        count_title(worker, batch, lj_document_field(item->document, "title"));
    }
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
    for (guint i = 0; good && !lj_pipeline_stopped(worker->pipeline) && i < draft->items->len;
         i++) {
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

#define AHEAD 16 /* terms whose numbers are fetched ahead */

/* The builder's numbers of a document's terms → worker->terms. Those it does not know yet are looked up together at the
 * end: each waits for memory, and so they wait at the same time. */
static void
number_terms(struct worker *worker, const struct lj_inverted *it)
{
    struct lj_glass *glass = worker->glass;
    const struct xap_posting *postings = it->document.postings;
    size_t n = it->document.n_postings;
    if (worker->terms->len < n) {
        g_array_set_size(worker->terms, (guint)(n + n / 2));
        g_array_set_size(worker->unknown, (guint)(n + n / 2));
    }
    uint32_t *terms = (uint32_t *)(void *)worker->terms->data;
    uint32_t *unknown = (uint32_t *)(void *)worker->unknown->data;
    const uint32_t *glass_terms = (const uint32_t *)(const void *)worker->glass_terms->data;
    size_t n_unknown = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t number = it->numbers[i], known = 0;
        if (number == LJ_UNNUMBERED) {
            terms[i] = LJ_GLASS_SINGLE;
            continue;
        }
        if (i + AHEAD < n)
            __builtin_prefetch(glass_terms + it->numbers[i + AHEAD]);
        if (number < worker->glass_terms->len)
            known = glass_terms[number];
        terms[i] = known - 1;
        if (G_LIKELY(known))
            continue;
        lj_glass_expect(glass, postings[i].term, postings[i].length);
        unknown[n_unknown++] = (uint32_t)i;
    }
    for (size_t k = 0; k < n_unknown; k++) {
        size_t i = unknown[k];
        uint32_t number = it->numbers[i];
        terms[i] = lj_glass_term(glass, postings[i].term, postings[i].length);
        g_assert(terms[i] != LJ_GLASS_NO_TERM); /* the inverter leaves out what is too long */
        if (number >= worker->glass_terms->len)
            g_array_set_size(worker->glass_terms, number + number / 2 + 1024);
        g_array_index(worker->glass_terms, uint32_t, number) = terms[i] + 1;
    }
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
    number_terms(worker, it);
    const uint32_t *terms = (const uint32_t *)(const void *)worker->terms->data;
    bool good = lj_glass_add_known(glass, docid, &it->document, terms, error);
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
    for (guint i = 0; good && !lj_pipeline_stopped(worker->pipeline) && i < draft->items->len;
         i++) {
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
    for (guint i = 0; good && !lj_pipeline_stopped(worker->pipeline) && i < draft->items->len;
         i++) {
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
}

static gint64 *
order_key(uint64_t chunk, uint64_t number)
{
    gint64 *key = g_new(gint64, 1);
    *key = (gint64)(chunk << 28 | number);
    return key;
}

/* What the documents of a batch took serves those that are read next: thousands come and go together, and giving their
 * memory back and asking for it again, in another thread, takes longer than filling it. */
static GPtrArray *
empty_items(struct draft *draft)
{
    GPtrArray *spares = g_ptr_array_new_full(draft->items->len, (GDestroyNotify)lj_document_free);
    for (guint i = 0; i < draft->items->len; i++) {
        struct draft_item *item = &g_array_index(draft->items, struct draft_item, i);
        struct lj_document *spare = lj_document_emptied(g_steal_pointer(&item->document));
        if (spare)
            g_ptr_array_add(spares, spare);
    }
    g_array_set_size(draft->items, 0);
    return spares;
}

struct lj_document *
lj_draft_spare(struct worker *worker)
{
    struct lj_pipeline *pipeline = worker->pipeline;
    if (!worker->spares || worker->spares->len == 0) {
        g_clear_pointer(&worker->spares, g_ptr_array_unref);
        g_mutex_lock(&pipeline->lock);
        worker->spares = g_queue_pop_head(&pipeline->spares);
        g_mutex_unlock(&pipeline->lock);
    }
    return worker->spares ? g_ptr_array_steal_index_fast(worker->spares, worker->spares->len - 1)
                          : NULL;
}

void
lj_draft_finish(struct worker *worker, struct draft *draft)
{
    struct lj_pipeline *pipeline = worker->pipeline;
    GPtrArray *spares = NULL;
    if (!lj_pipeline_stopped(pipeline)) {
        analyse_draft(worker, draft);
        spares = empty_items(draft);
    }
    g_mutex_lock(&pipeline->lock);
    if (spares && spares->len > 0)
        g_queue_push_head(&pipeline->spares, g_steal_pointer(&spares));
    g_hash_table_insert(pipeline->done, order_key(draft->chunk, draft->number), draft);
    g_cond_broadcast(&pipeline->ready);
    g_cond_broadcast(&pipeline->work);
    g_mutex_unlock(&pipeline->lock);
    if (spares)
        g_ptr_array_unref(spares);
}

/* The more a batch holds, the less the whole takes; but of what is left at the end each thread is to have its share. */
bool
lj_draft_is_full(struct lj_pipeline *pipeline, const struct draft *draft)
{
    uint64_t most = pipeline->batch_bytes, jobs = pipeline->options.jobs;
    uint64_t done = MAX((gsize)g_atomic_pointer_get(&pipeline->drafted),
                        (gsize)g_atomic_pointer_get(&pipeline->read_bytes));
    /* Packed files may hold more text than they have bytes: of these nothing is known. */
    if (jobs > 1 && done < pipeline->task_bytes)
        most = MIN(most, MAX((pipeline->task_bytes - done) / jobs, SHARE_LEAST));
    return draft->bytes >= most || draft->items->len >= BATCH_DOCUMENTS;
}

void
lj_draft_seal(struct worker *worker, struct draft **draft, bool last)
{
    struct lj_pipeline *pipeline = worker->pipeline;
    uint64_t chunk = (*draft)->chunk, number = (*draft)->number;
    g_atomic_pointer_add(&pipeline->drafted, (gssize)(*draft)->bytes);
    g_mutex_lock(&pipeline->lock);
    (*draft)->last = last;
    g_queue_push_tail(&pipeline->sealed, *draft);
    *draft = last ? NULL : lj_draft_new(chunk, number + 1);
    g_cond_broadcast(&pipeline->work);
    for (;;) {
        bool ahead = chunk != pipeline->cursor_chunk &&
                     g_hash_table_size(pipeline->done) > 4 * pipeline->options.jobs;
        if (lj_pipeline_stopped(pipeline))
            break;
        if (pipeline->sealed.length > pipeline->options.jobs ||
            (ahead && pipeline->sealed.length)) {
            struct draft *other = g_queue_pop_head(&pipeline->sealed);
            g_mutex_unlock(&pipeline->lock);
            lj_draft_finish(worker, other);
            g_mutex_lock(&pipeline->lock);
        } else if (ahead) {
            g_cond_wait_until(&pipeline->work, &pipeline->lock, g_get_monotonic_time() + 100000);
        } else {
            break;
        }
    }
    g_mutex_unlock(&pipeline->lock);
}

gint64
lj_pipeline_patience(const struct lj_pipeline *pipeline)
{
    return pipeline->options.seal_time ? pipeline->options.seal_time : SEAL_TIME;
}

bool
lj_draft_overdue(const struct lj_pipeline *pipeline, const struct draft *draft)
{
    return draft->items->len > 0 && !draft->batch->error &&
           g_get_monotonic_time() - draft->began >= lj_pipeline_patience(pipeline);
}
