#include "index/workers.h"
#define CHUNK_FILES 64
#define CHUNK_BYTES (4u << 20)
#define BATCH_MOST (4u << 20) /* bytes of text in a batch */
#define BATCH_LEAST (256u << 10)
/* The bulk builder is the better the more it gets at once. */
#define GLASS_CHUNK_FILES 2048
#define GLASS_CHUNK_BYTES (16u << 20)
#define GLASS_BATCH_MOST (8u << 20)

/* --- chunks ------------------------------------------------------------------------------------
 */

/* Pages from which it is worth while that all threads read in one file. */
#define SHARED_PAGES 4

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

/* --- threads -----------------------------------------------------------------------------------
 */

static gpointer
work(gpointer data)
{
    struct worker *worker = data;
    struct lj_pipeline *pipeline = worker->pipeline;
    g_mutex_lock(&pipeline->lock);
    while (!lj_pipeline_stopped(pipeline)) {
        guint window = (guint)pipeline->cursor_chunk + 4 * pipeline->options.jobs;
        if (pipeline->sealed.length > 0) {
            struct draft *draft = g_queue_pop_head(&pipeline->sealed);
            g_mutex_unlock(&pipeline->lock);
            lj_draft_finish(worker, draft);
            g_mutex_lock(&pipeline->lock);
        } else if (pipeline->next_chunk < pipeline->chunks->len && pipeline->next_chunk < window) {
            guint number = pipeline->next_chunk++;
            pipeline->extracting++;
            g_mutex_unlock(&pipeline->lock);
            lj_chunk_read(worker, number);
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
    g_array_unref(worker->terms);
    g_array_unref(worker->unknown);
    g_clear_pointer(&worker->spares, g_ptr_array_unref);
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
        pipeline->task_bytes += task->file ? task->file->size : 0;
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
    lj_draft_free(draft);
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
    g_queue_init(&pipeline->spares);
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
        worker->terms = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        worker->unknown = g_array_new(FALSE, FALSE, sizeof(uint32_t));
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
                !lj_pipeline_stopped(pipeline);
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
        lj_draft_free(draft);
    g_queue_clear_full(&pipeline->spares, (GDestroyNotify)g_ptr_array_unref);
    g_hash_table_unref(pipeline->done);
    g_hash_table_unref(pipeline->met);
    if (pipeline->reading)
        g_hash_table_unref(pipeline->reading);
    for (guint i = pipeline->next_chunk; i < pipeline->chunks->len; i++) {
        const struct chunk *chunk = &g_array_index(pipeline->chunks, struct chunk, i);
        if (chunk->parts == 0)
            lj_left_free(chunk->left);
    }
    g_array_unref(pipeline->chunks);
    for (guint i = 0; i < pipeline->left->len; i++)
        lj_left_free(pipeline->left->pdata[i]);
    g_ptr_array_unref(pipeline->left);
    g_free(pipeline->threads);
    g_mutex_clear(&pipeline->lock);
    g_mutex_clear(&pipeline->lookup);
    g_cond_clear(&pipeline->work);
    g_cond_clear(&pipeline->ready);
    g_free(pipeline);
}
