/* The best that have any of several words (or of their synonyms, which weigh as one word), or one: the lists of the words are gone through side by side, a window of
 * document ids after the other, with the weights of a window added up in a small array.
 *
 * Words are in order of rarity, which is that of their weights, nearly. Once the last of the best has more than all
 * words from one on could bring together, no document that has only these is looked for any more: they are looked up
 * in the documents that have a rarer word and can still get there (MaxScore: Turtle and Flood 1995). In the end one
 * list leads, and of its documents a look at the length tells which are too long to get there.
 *
 * Threads share long lists: each takes ranges of documents, where it is only reckoned how many match; else they go in step,
 * each taking parts of the window at hand, so that what is met and left out is the same as if one went alone.
 */
#include "search/best.h"

#include <stdatomic.h>

#define WINDOW 16384u
/* What is gone through at a time of a window, or taken by a thread where it is shared: whole words of bits. (A larger part
 * has no more to do less often, but its arrays are new pages to a process that asks once.) */
#define PART (WINDOW / 4)
/* What sums of rounded weights may be off. */
#define SLACK 1000
#define FEW_WDFS 16

/* A word's list in a database. */
struct stream {
    struct glass_postings *list; /* NULL: at its end */
    double weight;
    uint32_t *docids, *wdfs; /* of the chunk at hand; n = 0 and not decoded: not yet */
    uint32_t n, at, room;
    bool decoded;
    struct glass_postings own; /* of another thread than the first */
    bool begun;
};

/* Those of a window, or of a chunk, that can get among the best. */
struct candidates {
    uint32_t *docids;
    int64_t *score;
    uint32_t n, room;
    uint32_t *places, *wdfs;
    uint32_t *sums; /* of synonyms' wdfs: 0 between uses */
};

/* What a thread works in. It is kept for the next search: to have it cleared each time costs more than a short search. */
struct lj_local_room {
    int64_t score[PART];        /* of a part of a window, 0 between uses */
    uint64_t inside[PART / 64]; /* the same: bits */
    uint32_t sum[PART];         /* of synonyms' wdfs, and where: 0 between uses, too */
    uint64_t summed[PART / 64];
    struct candidates candidates;
};

/* What several threads share: the ranges of documents that are left, and what the last of the best has at least. */
struct share {
    struct lj_local_plan *s;
    const struct lj_any *any;
    uint32_t *from;          /* of each word the first of its lists; after the last one's last */
    int64_t *rest;           /* what words from one on can add at most */
    const uint64_t **within; /* of each database; NULL: all documents */
    uint64_t **all;          /* of each database, documents met; NULL: they are only counted */
    bool prune;
    uint32_t threads;
    bool in_step;  /* they share each window, not ranges */
    uint32_t size; /* of a range */
    atomic_uint range;
    atomic_int_least64_t least;
    /* in step: of the window at hand */
    struct sweep *sweeps;
    size_t k;
    uint32_t base, lead;
    atomic_uint part;
};

/* One thread's part. */
struct sweep {
    struct share *share;
    struct lj_local_room *room;
    struct glass_reader *readers; /* of another thread than the first: where it notes damage */
    size_t k;
    const struct lj_local_shard *shard; /* NULL: none is entered */
    struct stream *stream;              /* the rarest first */
    const int64_t *rest;
    uint32_t n, lead;       /* of lead words each document is looked at */
    uint32_t last;          /* of the range at hand */
    const uint64_t *within; /* of the database at hand */
    uint64_t *all;
    struct lj_best best;
    uint32_t met;
};

/* The word, or the synonyms of it, that an operand is; NULL: it is something else. */
static struct lj_local_node *
words_of(struct lj_local_node *node)
{
    while (node->plan->op == XAP_SCALE)
        node = node->child[0];
    if (node->plan->op == XAP_TERM)
        return node;
    bool words = node->plan->op == XAP_SYNONYM && node->n > 1 && node->factor != 0;
    for (uint32_t i = 0; words && i < node->n; i++)
        words = node->child[i]->plan->op == XAP_TERM;
    return words ? node : NULL;
}

/* --- a list ------------------------------------------------------------------------------------
 */

/* To a posting that is not gone through; false: there is none. */
static bool
fill(const struct sweep *sweep, struct stream *stream)
{
    struct glass_postings *list = stream->list;
    while (list && stream->at == stream->n) {
        if (stream->decoded && !lj_glass_postings_chunk(list)) {
            stream->list = NULL;
            break;
        }
        uint32_t room = lj_glass_postings_room(list);
        if (room > stream->room) {
            stream->docids = g_renew(uint32_t, stream->docids, room);
            stream->wdfs = g_renew(uint32_t, stream->wdfs, room);
            stream->room = room;
        }
        stream->decoded = true;
        stream->at = 0;
        if (!sweep->within)
            stream->n = lj_glass_postings_decode(list, stream->docids, stream->wdfs);
        else if (lj_set_has_any(sweep->within, list->first, list->last))
            stream->n = lj_glass_postings_within(list, sweep->within, stream->docids, stream->wdfs);
        else
            stream->n = 0;
    }
    return stream->list != NULL;
}

/* --- candidates --------------------------------------------------------------------------------
 */

static void
make_room(struct candidates *c, uint32_t room)
{
    if (room <= c->room)
        return;
    c->docids = g_renew(uint32_t, c->docids, room);
    c->score = g_renew(int64_t, c->score, room);
    c->places = g_renew(uint32_t, c->places, room);
    c->wdfs = g_renew(uint32_t, c->wdfs, room);
    g_free(c->sums);
    c->sums = g_new0(uint32_t, room);
    c->room = room;
}

/* What the last of the best has at least, as far as this thread or another one knows. */
static int64_t
least(const struct sweep *sweep)
{
    int64_t own = lj_best_least(&sweep->best);
    if (sweep->share->threads == 1)
        return own;
    int64_t others = atomic_load_explicit(&sweep->share->least, memory_order_relaxed);
    return MAX(own, others);
}

/* Some threads' bests are one; the other is empty then. */
static void
join(struct lj_best *best, struct lj_best *other)
{
    for (guint i = 0; i < other->hits->len; i++) {
        const struct lj_best_hit *hit = &g_array_index(other->hits, struct lj_best_hit, i);
        if (hit->score >= lj_best_least(best))
            lj_best_offer(best, hit->score, hit->docid);
    }
    g_array_set_size(other->hits, 0);
    other->n = 0;
}

static void
tell_others(struct sweep *sweep)
{
    int64_t own = lj_best_least(&sweep->best), known = atomic_load(&sweep->share->least);
    while (own > known && !atomic_compare_exchange_weak(&sweep->share->least, &known, own))
        ;
}

/* What a document must have by now, where words from one on are still to come. */
static int64_t
bar(const struct sweep *sweep, uint32_t from)
{
    return sweep->share->prune ? least(sweep) - sweep->rest[from] : 0;
}

/* Leaves out those that cannot get among the best. */
static void
weed(struct candidates *c, int64_t bar)
{
    uint32_t n = 0, *docids = c->docids;
    int64_t *score = c->score;
    for (uint32_t i = 0; i < c->n; i++) {
        int64_t own = score[i];
        docids[n] = docids[i];
        score[n] = own;
        n += own >= bar;
    }
    c->n = n;
}

/* Looks candidates up in a list; returns how many have it. */
static uint32_t
look_up_list(struct stream *stream, struct candidates *c)
{
    return stream->list ? lj_glass_postings_of(stream->list, c->docids, c->n, c->places, c->wdfs)
                        : 0;
}

static void
look_up_word(struct sweep *sweep, struct stream *stream)
{
    struct candidates *c = &sweep->room->candidates;
    uint32_t found = look_up_list(stream, c);
    for (uint32_t i = 0; i < found; i++)
        c->score[c->places[i]] +=
            lj_best_weigh(sweep->shard, stream->weight, c->docids[c->places[i]], c->wdfs[i]);
}

static void
look_up_synonyms(struct sweep *sweep, struct stream *streams, uint32_t n)
{
    struct candidates *c = &sweep->room->candidates;
    for (uint32_t l = 0; l < n; l++) {
        uint32_t found = look_up_list(&streams[l], c);
        for (uint32_t i = 0; i < found; i++)
            c->sums[c->places[i]] += c->wdfs[i];
    }
    for (uint32_t i = 0; i < c->n; i++)
        if (c->sums[i] > 0) {
            uint32_t wdf = MIN(c->sums[i], sweep->shard->lengths[c->docids[i]]);
            c->score[i] += lj_best_weigh(sweep->shard, streams->weight, c->docids[i], wdf);
            c->sums[i] = 0;
        }
}

/* The words that do not lead are looked up. */
static void
look_up(struct sweep *sweep)
{
    const uint32_t *from = sweep->share->from;
    for (uint32_t w = sweep->lead; w < sweep->n && sweep->room->candidates.n > 0; w++) {
        if (from[w + 1] - from[w] == 1)
            look_up_word(sweep, &sweep->stream[from[w]]);
        else
            look_up_synonyms(sweep, &sweep->stream[from[w]], from[w + 1] - from[w]);
        weed(&sweep->room->candidates, bar(sweep, w + 1));
    }
}

static void
offer(struct sweep *sweep)
{
    const struct candidates *c = &sweep->room->candidates;
    struct lj_best *best = &sweep->best;
    for (uint32_t i = 0; i < c->n; i++)
        if (c->score[i] >= lj_best_least(best))
            lj_best_offer(best, c->score[i],
                          lj_best_docid(sweep->share->s, sweep->k, c->docids[i]));
    if (sweep->share->threads > 1)
        tell_others(sweep);
}

/* --- one list that leads -----------------------------------------------------------------------
 */

/* The length up to which a document with so many of the word may get beyond a bar. */
static uint32_t
longest(const struct lj_local_shard *shard, double weight, uint32_t wdf, int64_t bar)
{
    double k1 = shard->norms.k1, b = shard->norms.b, average = shard->norms.average;
    if (bar <= 0 || b <= 0 || k1 <= 0)
        return UINT32_MAX;
    /* weight · wdf / (norm + wdf) = bar */
    double norm = wdf * (weight / (double)bar - 1);
    double length = (norm / k1 - (1 - b)) / b * average + 2;
    return length < 0 ? 0 : length < UINT32_MAX ? (uint32_t)length : UINT32_MAX;
}

/* Leaves of n postings those whose documents are not too long for their wdf (most: of FEW_WDFS, rising, as lj_rough_length);
 * returns how many. Few are left, once there are some good ones: eight are asked about by the highest of their wdfs, or
 * what is above it. */
static __attribute__((noinline)) uint32_t
leave_short(const uint32_t *docids, const uint32_t *wdfs, uint32_t n, const uint8_t *rough,
            const uint8_t *most, uint32_t *short_docids, uint32_t *short_wdfs)
{
    uint32_t left = 0;
    for (uint32_t i = 0; i < n;) {
        for (; i + 8 <= n; i += 8) {
            uint32_t wdf = 0;
            bool some = false;
            for (uint32_t j = i; j < i + 8; j++)
                wdf |= wdfs[j];
            uint8_t highest = most[MIN(wdf, FEW_WDFS - 1)];
            for (uint32_t j = i; j < i + 8; j++)
                some |= rough[docids[j]] <= highest;
            if (some)
                break;
        }
        for (uint32_t end = MIN(i + 8, n); i < end; i++)
            if (rough[docids[i]] <= most[MIN(wdfs[i], FEW_WDFS - 1)]) {
                short_docids[left] = docids[i];
                short_wdfs[left++] = wdfs[i];
            }
    }
    return left;
}

/* The rest of the chunk at hand of the only word that leads, as far as the range goes. */
static void
sweep_chunk(struct sweep *sweep)
{
    const struct lj_local_shard *shard = sweep->shard;
    struct stream *stream = &sweep->stream[0];
    struct candidates *c = &sweep->room->candidates;
    uint8_t most[FEW_WDFS];
    uint32_t at = stream->at, end = stream->n;
    for (uint32_t wdf = 0; wdf < FEW_WDFS - 1; wdf++)
        most[wdf] = lj_rough_length(longest(shard, stream->weight, wdf, bar(sweep, 1) - SLACK));
    most[FEW_WDFS - 1] = UINT8_MAX;
    /* nothing, where the document at hand is one of a word that led until now */
    while (end > at && stream->docids[end - 1] > sweep->last)
        end--;
    make_room(c, stream->room);
    c->n = end > at ? leave_short(stream->docids + at, stream->wdfs + at, end - at, shard->rough,
                                  most, c->docids, c->wdfs)
                    : 0;
    lj_best_weigh_all(shard, stream->weight, c->docids, c->wdfs, c->n, c->score);
    sweep->met += end - at;
    stream->at = end;
    weed(c, bar(sweep, 1));
    look_up(sweep);
    offer(sweep);
}

/* --- several -----------------------------------------------------------------------------------
 */

static void
add_word(struct sweep *sweep, struct stream *stream, uint32_t base)
{
    int64_t *score = sweep->room->score, weights[256];
    uint64_t *inside = sweep->room->inside;
    uint32_t end = base + PART;
    while (fill(sweep, stream) && stream->docids[stream->at] < end) {
        const uint32_t *docids = stream->docids + stream->at;
        uint32_t n = MIN(stream->n - stream->at, G_N_ELEMENTS(weights));
        while (docids[n - 1] >= end)
            n--;
        lj_best_weigh_all(sweep->shard, stream->weight, docids, stream->wdfs + stream->at, n,
                          weights);
        for (uint32_t i = 0; i < n; i++) {
            uint32_t place = docids[i] - base;
            score[place] += weights[i];
            inside[place / 64] |= UINT64_C(1) << place % 64;
        }
        stream->at += n;
    }
}

/* How often synonyms stand in the documents of a window. */
static void
sum_up(struct sweep *sweep, struct stream *streams, uint32_t n, uint32_t base)
{
    struct lj_local_room *room = sweep->room;
    for (struct stream *stream = streams; stream < streams + n; stream++)
        while (fill(sweep, stream) && stream->docids[stream->at] < base + PART) {
            uint32_t i = stream->at, end = stream->n;
            for (; i < end && stream->docids[i] < base + PART; i++) {
                uint32_t place = stream->docids[i] - base;
                room->sum[place] += stream->wdfs[i];
                room->summed[place / 64] |= UINT64_C(1) << place % 64;
            }
            stream->at = i;
        }
}

/* What synonyms weigh that have been summed up: in all documents where they are, or (least) in those that are inside and
 * have so much. */
static void
add_synonyms(struct sweep *sweep, double weight, uint32_t base, const int64_t *least)
{
    struct lj_local_room *room = sweep->room;
    for (uint32_t word = 0; word < PART / 64; word++) {
        uint64_t bits = room->summed[word];
        room->summed[word] = 0;
        for (; bits; bits &= bits - 1) {
            uint32_t place = word * 64 + (uint32_t)__builtin_ctzll(bits);
            uint32_t wdf = MIN(room->sum[place], sweep->shard->lengths[base + place]);
            room->sum[place] = 0;
            if (least && (room->score[place] < *least || !(room->inside[word] >> place % 64 & 1)))
                continue;
            room->score[place] += lj_best_weigh(sweep->shard, weight, base + place, wdf);
            room->inside[word] |= UINT64_C(1) << place % 64;
        }
    }
}

/* Adds up what the words that lead weigh in the documents of the window from base on. */
static void
add_up(struct sweep *sweep, uint32_t base)
{
    const uint32_t *from = sweep->share->from;
    for (uint32_t w = 0; w < sweep->lead; w++) {
        struct stream *streams = &sweep->stream[from[w]];
        if (from[w + 1] - from[w] == 1) {
            add_word(sweep, streams, base);
        } else {
            sum_up(sweep, streams, from[w + 1] - from[w], base);
            add_synonyms(sweep, streams->weight, base, NULL);
        }
    }
}

/* The documents of a part become candidates. */
static void
gather(struct sweep *sweep, uint32_t base, int64_t least)
{
    uint32_t n = 0, met = 0, *docids = sweep->room->candidates.docids;
    int64_t *kept = sweep->room->candidates.score, *score = sweep->room->score;
    for (uint32_t word = 0; word < PART / 64; word++) {
        uint64_t bits = sweep->room->inside[word];
        sweep->room->inside[word] = 0;
        for (; bits; bits &= bits - 1) {
            uint32_t place = word * 64 + (uint32_t)__builtin_ctzll(bits);
            int64_t own = score[place];
            score[place] = 0;
            docids[n] = base + place;
            kept[n] = own;
            n += own >= least;
            met++;
        }
    }
    sweep->room->candidates.n = n;
    sweep->met += met;
}

static void
sweep_some(struct sweep *sweep, uint32_t base)
{
    add_up(sweep, base);
    gather(sweep, base, bar(sweep, sweep->lead));
    look_up(sweep);
    offer(sweep);
}

/* --- all that match ----------------------------------------------------------------------------
 */

/* Goes through the words that do not lead: they add to documents that are inside and can get among the best. */
static void
add_rest(struct sweep *sweep, uint32_t base, uint64_t *all, size_t words)
{
    const uint32_t *from = sweep->share->from;
    int64_t least = bar(sweep, sweep->lead);
    for (uint32_t w = sweep->lead; w < sweep->n; w++) {
        struct stream *streams = &sweep->stream[from[w]];
        sum_up(sweep, streams, from[w + 1] - from[w], base);
        for (size_t word = 0; word < words; word++)
            all[word] |= sweep->room->summed[word];
        add_synonyms(sweep, streams->weight, base, &least);
    }
}

static void
sweep_all(struct sweep *sweep, uint32_t base)
{
    uint64_t *all = sweep->all + base / 64; /* a part begins with a word of bits */
    size_t words = MIN(PART / 64, lj_set_words(sweep->shard) - base / 64);
    add_up(sweep, base);
    for (size_t word = 0; word < words; word++)
        all[word] |= sweep->room->inside[word];
    if (sweep->lead < sweep->n)
        add_rest(sweep, base, all, words);
    gather(sweep, base, bar(sweep, sweep->n));
    offer(sweep);
}

static void
sweep_part(struct sweep *sweep, uint32_t base)
{
    if (sweep->all)
        sweep_all(sweep, base);
    else
        sweep_some(sweep, base);
}

static void
sweep_window(struct sweep *sweep, uint32_t base)
{
    for (uint32_t part = 0; part < WINDOW / PART && base < sweep->shard->n; part++, base += PART)
        sweep_part(sweep, base);
}

/* --- a range -----------------------------------------------------------------------------------
 */

/* The first document that is not gone through; 0: there is none. */
static uint32_t
next_document(struct sweep *sweep)
{
    uint32_t next = 0, n = sweep->share->from[sweep->all ? sweep->n : sweep->lead];
    for (uint32_t w = 0; w < n; w++) {
        struct stream *stream = &sweep->stream[w];
        if (fill(sweep, stream) && (next == 0 || stream->docids[stream->at] < next))
            next = stream->docids[stream->at];
    }
    return next;
}

/* To what a list has from a document on. */
static void
pass_over(const struct sweep *sweep, struct stream *stream, uint32_t docid)
{
    if (stream->list && stream->list->last < docid) {
        stream->n = stream->at = 0;
        stream->decoded = false;
        if (!lj_glass_postings_seek(stream->list, docid))
            stream->list = NULL;
    }
    while (fill(sweep, stream) && stream->docids[stream->at] < docid) {
        uint32_t low = stream->at, high = stream->n; /* low: before it */
        while (high - low > 1) {
            uint32_t middle = low + (high - low) / 2;
            if (stream->docids[middle] < docid)
                low = middle;
            else
                high = middle;
        }
        stream->at = high;
    }
}

static void
pass_all_over(const struct sweep *sweep, uint32_t docid)
{
    for (uint32_t w = 0; w < sweep->share->from[sweep->all ? sweep->n : sweep->lead]; w++)
        pass_over(sweep, &sweep->stream[w], docid);
}

static void
leave(struct sweep *sweep)
{
    for (uint32_t l = 0; l < sweep->share->from[sweep->n]; l++) {
        struct stream *stream = &sweep->stream[l];
        if (stream->begun)
            lj_glass_postings_end(&stream->own);
        stream->begun = false;
    }
}

static void
enter_list(struct sweep *sweep, size_t k, struct lj_local_node *term, double weight,
           struct stream *stream)
{
    if (!sweep->readers) {
        stream->list = term->part[k].begun ? &term->part[k].list : NULL;
    } else {
        stream->begun =
            term->part[k].begun && lj_glass_postings_begin(&sweep->readers[k], term->plan->term,
                                                           term->plan->length, &stream->own);
        stream->list = stream->begun ? &stream->own : NULL;
    }
    stream->weight = weight * LJ_UNIT;
    stream->n = stream->at = 0;
    stream->decoded = false;
}

static void
enter(struct sweep *sweep, size_t k)
{
    const struct share *share = sweep->share;
    leave(sweep);
    sweep->k = k;
    sweep->shard = &share->s->local->shard[k];
    sweep->within = share->within[k];
    sweep->all = share->all[k];
    for (uint32_t w = 0; w < sweep->n; w++) {
        struct lj_local_node *node = words_of(share->any->operand[w]);
        struct stream *streams = &sweep->stream[share->from[w]];
        if (node->plan->op == XAP_TERM)
            enter_list(sweep, k, node, node->weight, streams);
        for (uint32_t i = 0; i < node->n; i++)
            enter_list(sweep, k, node->child[i], node->weight, &streams[i]);
    }
}

/* Takes one part of the window at hand after the other. */
static gpointer
work_in_step(gpointer data)
{
    struct sweep *sweep = data;
    struct share *share = sweep->share;
    const struct lj_local_shard *shard = &share->s->local->shard[share->k];
    for (uint32_t part; (part = atomic_fetch_add(&share->part, 1)) < WINDOW / PART;) {
        uint32_t base = share->base + part * PART;
        if (base >= shard->n)
            break;
        if (sweep->shard != shard)
            enter(sweep, share->k);
        sweep->lead = share->lead;
        pass_all_over(sweep, base);
        sweep_part(sweep, base);
    }
    return NULL;
}

/* A window that threads share: which words lead in the next is known when all of it is done, as if one had done it, and so
 * is how many documents have been met. */
static void
sweep_in_step(struct sweep *sweep, uint32_t base)
{
    struct share *share = sweep->share;
    share->k = sweep->k;
    share->base = base;
    share->lead = sweep->lead;
    atomic_store(&share->part, 0);
    lj_local_together(share->s->local, work_in_step, share->sweeps, sizeof *sweep, share->threads);
    for (uint32_t i = 1; i < share->threads; i++) {
        struct sweep *other = &share->sweeps[i];
        join(&sweep->best, &other->best);
        sweep->met += other->met;
        other->met = 0;
    }
    tell_others(sweep);
    pass_all_over(sweep, base + WINDOW);
}

static void
sweep_range(struct sweep *sweep, uint32_t first, uint32_t last)
{
    sweep->last = last;
    pass_all_over(sweep, first);
    for (uint32_t docid; (docid = next_document(sweep)) > 0 && docid <= last;) {
        uint32_t base = docid - docid % WINDOW;
        while (sweep->lead > 1 && bar(sweep, sweep->lead - 1) > SLACK)
            sweep->lead--;
        if (sweep->lead == 1 && sweep->share->from[1] == 1 && !sweep->all)
            sweep_chunk(sweep);
        else if (sweep->share->in_step)
            sweep_in_step(sweep, base);
        else
            sweep_window(sweep, base);
    }
}

/* --- a thread ----------------------------------------------------------------------------------
 */

void
lj_local_room_free(gpointer data)
{
    struct lj_local_room *room = data;
    g_free(room->candidates.docids);
    g_free(room->candidates.score);
    g_free(room->candidates.places);
    g_free(room->candidates.wdfs);
    g_free(room->candidates.sums);
    g_free(room);
}

static struct lj_local_room *
take_room(struct lj_local *local)
{
    if (local->rooms->len > 0)
        return g_ptr_array_steal_index_fast(local->rooms, local->rooms->len - 1);
    struct lj_local_room *room = g_new0(struct lj_local_room, 1);
    make_room(&room->candidates, PART + 1);
    return room;
}

static void
begin(struct sweep *sweep, struct share *share, uint32_t best, bool first)
{
    *sweep = (struct sweep){.share = share,
                            .stream = g_new0(struct stream, share->from[share->any->n]),
                            .rest = share->rest,
                            .n = share->any->n,
                            .lead = share->any->n,
                            .room = take_room(share->s->local)};
    if (!first) {
        sweep->readers = g_new(struct glass_reader, share->s->local->n);
        for (size_t k = 0; k < share->s->local->n; k++)
            sweep->readers[k] = *share->s->local->shard[k].glass;
    }
    lj_best_begin(&sweep->best, best, true);
}

static uint32_t
ranges_of(const struct share *share, size_t k)
{
    return (share->s->local->shard[k].n - 1) / share->size + 1;
}

/* Takes one range after the other, as long as there are some. */
static gpointer
work(gpointer data)
{
    struct sweep *sweep = data;
    const struct lj_local *local = sweep->share->s->local;
    for (;;) {
        uint32_t range = atomic_fetch_add(&sweep->share->range, 1);
        size_t k = 0;
        for (; k < local->n && range >= ranges_of(sweep->share, k); k++)
            range -= ranges_of(sweep->share, k);
        if (k == local->n)
            break;
        if (sweep->shard != &local->shard[k])
            enter(sweep, k);
        uint32_t first = range * sweep->share->size;
        sweep_range(sweep, first, first + (sweep->share->size - 1));
    }
    return NULL;
}

static void
end(struct sweep *sweep)
{
    leave(sweep);
    for (size_t k = 0; sweep->readers && k < sweep->share->s->local->n; k++)
        sweep->share->s->local->shard[k].glass->broken |= sweep->readers[k].broken;
    for (uint32_t l = 0; l < sweep->share->from[sweep->n]; l++) {
        g_free(sweep->stream[l].docids);
        g_free(sweep->stream[l].wdfs);
    }
    g_free(sweep->readers);
    g_free(sweep->stream);
    g_ptr_array_add(sweep->share->s->local->rooms, sweep->room);
}

/* --- the whole ---------------------------------------------------------------------------------
 */

/* Each thread takes several ranges: one may be held up. Fewer postings, of which it is to be known how many documents were
 * met, are gone through in step, where windows hold enough of them. */
static void
share_out(struct share *share)
{
    struct lj_local *local = share->s->local;
    double cost = share->any->cost;
    uint64_t documents = 0, windows = 0;
    for (size_t k = 0; k < local->n; k++) {
        documents += local->shard[k].n;
        windows += local->shard[k].n / WINDOW + 1;
    }
    share->in_step = cost < local->share_from && share->any->n > 1;
    share->threads = share->in_step
                         ? lj_local_threads(local, cost / (double)windows, local->help_from / 2)
                         : lj_local_threads(local, cost, local->share_from);
    share->in_step &= share->threads > 1;
    share->size = UINT32_MAX - WINDOW + 1;
    if (share->threads > 1 && !share->in_step)
        share->size = ((uint32_t)(documents / (4 * share->threads)) / WINDOW + 1) * WINDOW;
}

/* How many match. What several threads have left out is not the same each time: then it is reckoned. */
static void
count(const struct share *share, const struct sweep *sweep, struct xap_matches *out)
{
    const struct lj_local *local = share->s->local;
    uint32_t total = sweep->met;
    if (share->all[0])
        total = lj_sets_count(share->s, share->all);
    else if (share->any->n > 1 && share->prune && share->any->cost >= local->share_from) {
        lj_any_reckon(share->s, share->any, 0, 0, out);
        return;
    } else if (sweep->lead < sweep->n) {
        lj_any_reckon(share->s, share->any, sweep->met, sweep->lead, out);
        return;
    }
    out->lower = out->estimate = out->upper = total;
}

/* Who counts the values of all that match may as well find these: then only the best are looked for here. (Whether there are
 * any at all is known at once, but of several words within a filter.) */
static bool
count_meanwhile(const struct share *share, struct xap_matches *out)
{
    const struct lj_any *any = share->any;
    if (any->filter && any->n > 1)
        return false;
    GPtrArray *terms = g_ptr_array_new();
    for (uint32_t i = 0; i < any->n; i++) {
        struct lj_local_node *node = words_of(any->operand[i]);
        if (node->plan->op == XAP_TERM)
            g_ptr_array_add(terms, node);
        for (uint32_t c = 0; c < node->n; c++)
            g_ptr_array_add(terms, node->child[c]);
    }
    bool begun = lj_counting_any(share->s->local, share->s->search, terms, share->within, out);
    g_ptr_array_unref(terms);
    return begun;
}

static void
share_begin(struct share *share, struct lj_local_plan *s, const struct lj_any *any, uint64_t **all,
            struct xap_matches *out)
{
    *share = (struct share){.s = s,
                            .any = any,
                            .from = g_new0(uint32_t, any->n + 1),
                            .rest = g_new(int64_t, any->n + 1),
                            .within = g_new0(const uint64_t *, s->local->n),
                            .all = all,
                            .prune = any->n == 1 || any->cost >= s->local->prune_from};
    share_out(share);
    atomic_init(&share->range, 0);
    atomic_init(&share->least, -1);
    for (uint32_t i = 0; i < any->n; i++)
        share->from[i + 1] = share->from[i] + MAX(words_of(any->operand[i])->n, 1);
    for (uint32_t i = 0; i <= any->n; i++)
        share->rest[i] = (int64_t)(any->rest[i] * LJ_UNIT) + (i < any->n ? SLACK : 0);
    for (size_t k = 0; any->filter && k < s->local->n; k++)
        share->within[k] = lj_shard_filter(&s->local->shard[k], any->filter->plan->term,
                                           any->filter->plan->length, true);
    bool meanwhile = s->search->spies_later && count_meanwhile(share, out);
    bool exact = (s->search->check_at_least == UINT32_MAX && any->n > 1) || s->search->n_spies > 0;
    for (size_t k = 0; k < s->local->n; k++) {
        lj_best_prepare(s, &s->local->shard[k]);
        if (exact && !meanwhile)
            all[k] = lj_set_new(&s->local->shard[k]);
    }
}

static void
answer(struct lj_local_plan *s, const struct lj_any *any, uint64_t **all, struct xap_matches *out)
{
    struct share share;
    struct sweep sweeps[LJ_THREADS];
    share_begin(&share, s, any, all, out);
    uint32_t n = share.threads, best = (uint32_t)CLAMP(any->cost, 1, s->search->max);
    for (uint32_t i = 0; i < n; i++)
        begin(&sweeps[i], &share, best, i == 0);
    share.sweeps = sweeps;
    lj_local_together(s->local, work, sweeps, sizeof *sweeps, share.in_step ? 1 : n);
    for (uint32_t i = 1; i < n; i++) {
        join(&sweeps[0].best, &sweeps[i].best);
        sweeps[0].met += sweeps[i].met;
        sweeps[0].lead = MIN(sweeps[0].lead, sweeps[i].lead);
        end(&sweeps[i]);
        g_free(sweeps[i].best.heap);
        g_array_unref(sweeps[i].best.hits);
    }
    count(&share, &sweeps[0], out);
    end(&sweeps[0]);
    lj_best_end(s, &sweeps[0].best, out);
    g_free(share.from);
    g_free(share.rest);
    g_free(share.within);
}

static bool
are_words(const struct lj_any *any)
{
    bool words = true;
    for (uint32_t i = 0; words && i < any->n; i++)
        words = words_of(any->operand[i]) != NULL;
    return words;
}

bool
lj_best_of_words(struct lj_local_plan *s, uint64_t **all, struct xap_matches *out)
{
    struct lj_any any;
    if (s->search->max == 0 || !lj_any_begin(s, &any))
        return false;
    bool good = are_words(&any);
    if (good)
        answer(s, &any, all, out);
    lj_any_end(&any);
    return good;
}
