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

/* One thread's. The arrays have room for a chunk of the rarest word's list: small ones stay near. */
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
    worker->room = room;
    worker->docids = g_renew(uint32_t, worker->docids, room);
    worker->places = g_renew(uint32_t, worker->places, room);
    for (uint32_t w = 0; w < worker->task->n; w++)
        worker->wdfs[w] = g_renew(uint32_t, worker->wdfs[w], room);
}

/* The chunk at hand, as far as it lies in a part. */
static void
take_chunk(struct worker *worker, struct glass_postings *list, const struct part *part)
{
    make_room(worker, lj_glass_postings_room(list));
    uint32_t *docids = worker->docids, *wdfs = worker->wdfs[0];
    uint32_t end = lj_glass_postings_decode(list, docids, wdfs), n = 0;
    if (list->first >= part->first && list->last <= part->last) {
        worker->n = end;
        return;
    }
    for (uint32_t i = 0; i < end && docids[i] <= part->last; i++) {
        docids[n] = docids[i];
        wdfs[n] = wdfs[i];
        n += docids[i] >= part->first;
    }
    worker->n = n;
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
    const uint32_t *docids = worker->docids;
    uint32_t n = worker->n;
    if (n == 0)
        return;
    if (found->room < found->n + n) {
        found->room = MAX(found->n + n, 2 * found->room);
        found->docids = g_renew(uint32_t, found->docids, found->room);
        found->score = g_renew(int64_t, found->score, found->room);
    }
    int64_t *score = found->score + found->n;
    memcpy(found->docids + found->n, docids, n * sizeof *docids);
    memset(score, 0, n * sizeof *score);
    found->n += n;
    for (uint32_t w = 0; w < task->n; w++) {
        int64_t weights[256];
        for (uint32_t from = 0; from < n; from += G_N_ELEMENTS(weights)) {
            uint32_t some = MIN(n - from, G_N_ELEMENTS(weights));
            lj_best_weigh_all(shard, task->words[w]->weight * LJ_UNIT, docids + from,
                              worker->wdfs[w] + from, some, weights);
            for (uint32_t i = 0; i < some; i++)
                score[from + i] += weights[i];
        }
    }
}

static void
find_in(struct worker *worker, struct glass_postings *const *list, struct part *part)
{
    if (!lj_glass_postings_seek(list[0], part->first))
        return;
    do {
        take_chunk(worker, list[0], part);
        for (uint32_t w = 1; w < worker->task->n && worker->n > 0; w++)
            keep_those_with(worker, list[w], w);
        weigh(worker, &part->found);
    } while (list[0]->last < part->last && lj_glass_postings_chunk(list[0]));
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
    for (uint32_t i; good && (i = atomic_fetch_add(&task->next, 1)) < task->n_parts;)
        find_in(worker, list, &task->parts[i]);
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
    if (task->n_parts == 1) {
        *out = task->parts[0].found;
        return;
    }
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
    uint32_t threads = lj_local_threads(s->local, postings, s->local->help_from);
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
    lj_local_together(s->local, work, workers, sizeof *workers, threads);
    for (uint32_t i = 1; i < threads; i++)
        shard->glass->broken |= workers[i].own.broken;
    join(&task, out);
    g_free(parts);
}
