/* Documents of a database that have all of several words: the rarest one's list is decoded, its documents are looked up
 * in the others'. Long lists are cut in parts by document ids, which threads share. */
#include "search/best.h"

#include <stdatomic.h>

struct part {
    uint32_t first, last;
    struct lj_common found;
};

struct task {
    const struct lj_local_shard *shard;
    size_t k;
    struct lj_local_node *const *words; /* the rarest first */
    uint32_t n;
    struct part *parts;
    uint32_t n_parts;
    atomic_uint next;
};

/* One thread's. */
struct worker {
    struct task *task;
    bool first;
    struct glass_reader own; /* of another than the first: where it notes damage */
    struct glass_postings *lists;
    uint32_t *docids, *places, **wdfs; /* wdfs: of each word */
    uint32_t n, room;
};

static void
make_room(struct worker *worker, uint32_t room)
{
    if (room <= worker->room)
        return;
    worker->room = MAX(room, 2 * worker->room);
    worker->docids = g_renew(uint32_t, worker->docids, worker->room);
    worker->places = g_renew(uint32_t, worker->places, worker->room);
    for (uint32_t w = 0; w < worker->task->n; w++)
        worker->wdfs[w] = g_renew(uint32_t, worker->wdfs[w], worker->room);
}

static void
take_rarest(struct worker *worker, struct glass_postings *list, const struct part *part)
{
    worker->n = 0;
    if (!lj_glass_postings_seek(list, part->first))
        return;
    do {
        make_room(worker, worker->n + lj_glass_postings_room(list));
        uint32_t *docids = worker->docids, *wdfs = worker->wdfs[0], from = worker->n;
        uint32_t end = from + lj_glass_postings_decode(list, docids + from, wdfs + from);
        for (uint32_t i = from; i < end && docids[i] <= part->last; i++) {
            docids[worker->n] = docids[i];
            wdfs[worker->n] = wdfs[i];
            worker->n += docids[i] >= part->first;
        }
    } while (list->last < part->last && lj_glass_postings_chunk(list));
}

/* Leaves those that have one more word. */
static void
keep_those_with(struct worker *worker, struct glass_postings *list, uint32_t w)
{
    uint32_t n =
        lj_glass_postings_of(list, worker->docids, worker->n, worker->places, worker->wdfs[w]);
    for (uint32_t i = 0; i < n; i++)
        worker->docids[i] = worker->docids[worker->places[i]];
    for (uint32_t before = 0; before < w; before++)
        for (uint32_t i = 0; i < n; i++)
            worker->wdfs[before][i] = worker->wdfs[before][worker->places[i]];
    worker->n = n;
}

static void
weigh(const struct worker *worker, struct lj_common *found)
{
    const struct task *task = worker->task;
    const struct lj_local_shard *shard = task->shard;
    found->n = worker->n;
    found->docids = g_memdup2(worker->docids, worker->n * sizeof *worker->docids);
    found->score = g_new0(int64_t, worker->n);
    for (uint32_t w = 0; w < task->n; w++) {
        double weight = task->words[w]->weight * LJ_UNIT;
        for (uint32_t i = 0; i < worker->n; i++) {
            __builtin_prefetch(&shard->lengths[found->docids[MIN(i + 32, worker->n - 1)]]);
            found->score[i] += lj_best_weigh(shard, weight, found->docids[i], worker->wdfs[w][i]);
        }
    }
}

static gpointer
work(gpointer data)
{
    struct worker *worker = data;
    struct task *task = worker->task;
    struct glass_postings **list = g_new0(struct glass_postings *, task->n);
    bool good = true;
    worker->lists = g_new0(struct glass_postings, task->n);
    worker->wdfs = g_new0(uint32_t *, task->n);
    for (uint32_t w = 0; w < task->n; w++) {
        const struct xap_node *plan = task->words[w]->plan;
        if (worker->first)
            list[w] = &task->words[w]->part[task->k].list;
        else if (lj_glass_postings_begin(&worker->own, plan->term, plan->length, &worker->lists[w]))
            list[w] = &worker->lists[w];
        good &= list[w] != NULL;
    }
    for (uint32_t i; good && (i = atomic_fetch_add(&task->next, 1)) < task->n_parts;) {
        take_rarest(worker, list[0], &task->parts[i]);
        for (uint32_t w = 1; w < task->n && worker->n > 0; w++)
            keep_those_with(worker, list[w], w);
        weigh(worker, &task->parts[i].found);
    }
    for (uint32_t w = 0; w < task->n; w++) {
        if (!worker->first && list[w])
            lj_glass_postings_end(list[w]);
        g_free(worker->wdfs[w]);
    }
    g_free(worker->lists);
    g_free(worker->wdfs);
    g_free(worker->docids);
    g_free(worker->places);
    g_free(list);
    return NULL;
}

/* The parts in their order are one. */
static void
join(const struct task *task, struct lj_common *out)
{
    for (uint32_t i = 0; i < task->n_parts; i++)
        out->n += task->parts[i].found.n;
    out->docids = g_new(uint32_t, out->n);
    out->score = g_new(int64_t, out->n);
    uint32_t n = 0;
    for (uint32_t i = 0; i < task->n_parts; i++) {
        struct lj_common *found = &task->parts[i].found;
        if (found->n > 0) {
            memcpy(out->docids + n, found->docids, found->n * sizeof *found->docids);
            memcpy(out->score + n, found->score, found->n * sizeof *found->score);
        }
        n += found->n;
        lj_common_clear(found);
    }
}

void
lj_common_clear(struct lj_common *common)
{
    g_free(common->docids);
    g_free(common->score);
}

void
lj_common_find(struct lj_local_plan *s, size_t k, struct lj_local_node *const *words, uint32_t n,
               struct lj_common *out)
{
    struct lj_local_shard *shard = &s->local->shard[k];
    double postings = 0;
    *out = (struct lj_common){0};
    for (uint32_t w = 0; w < n; w++) {
        if (!words[w]->part[k].begun)
            return;
        postings += words[w]->part[k].list.documents;
    }
    uint32_t threads = lj_local_threads(s->local, postings);
    struct task task = {
        .shard = shard, .k = k, .words = words, .n = n, .n_parts = threads > 1 ? threads * 4 : 1};
    struct worker workers[LJ_THREADS];
    struct part *parts = task.parts = g_new0(struct part, task.n_parts);
    uint32_t size = shard->n / task.n_parts + 1;
    for (uint32_t i = 0; i < task.n_parts; i++)
        parts[i] = (struct part){.first = i * size, .last = i * size + (size - 1)};
    for (uint32_t i = 0; i < threads; i++)
        workers[i] = (struct worker){.task = &task, .first = i == 0, .own = *shard->glass};
    atomic_init(&task.next, 0);
    lj_local_together(work, workers, sizeof *workers, threads);
    for (uint32_t i = 1; i < threads; i++)
        shard->glass->broken |= workers[i].own.broken;
    join(&task, out);
    g_free(parts);
}
