/* The best that have any of several words, or one: the lists of the words are gone through side by side, a window of
 * document ids after the other, with the weights of a window added up in a small array.
 *
 * Words are in order of rarity, which is that of their weights, nearly. Once the last of the best has more than all
 * words from one on could bring together, no document that has only these is looked for any more: they are looked up
 * in the documents that have a rarer word and can still get there (MaxScore: Turtle and Flood 1995). In the end one
 * list leads, and of its documents a look at the length tells which are too long to get there.
 */
#include "search/best.h"

#include <math.h>

#define WINDOW 16384u
/* Of more that are wanted hardly any other is left out. */
#define BEST_LIMIT 16384
/* What sums of rounded weights may be off. */
#define SLACK 1000
#define FEW_WDFS 16

/* A word's list in a database. */
struct stream {
    struct glass_postings *list;
    double weight;
    uint32_t *docids, *wdfs; /* of the chunk at hand; n = 0 and not decoded: not yet */
    uint32_t n, at, room;
    bool decoded;
};

/* Those of a window that can get among the best. */
struct candidates {
    uint32_t *docids;
    int64_t *score;
    uint32_t n, room;
    uint32_t *places, *wdfs;
};

struct sweep {
    struct lj_local_plan *s;
    size_t k;
    const struct lj_local_shard *shard;
    struct stream *stream;  /* the rarest first */
    const int64_t *rest;    /* what words from one on can add at most */
    uint32_t n, lead;       /* of lead words each document is looked at */
    bool prune;             /* lead may shrink */
    const uint64_t *within; /* NULL: all documents */
    uint64_t *all;          /* documents met; NULL: they are only counted */
    struct lj_best *best;
    uint32_t met;
    int64_t *score;   /* of a window, 0 between uses */
    uint64_t *inside; /* the same: bits */
    struct candidates candidates;
};

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
    c->room = room;
}

/* What a document must have by now, where words from one on are still to come. */
static int64_t
bar(const struct sweep *sweep, uint32_t from)
{
    return sweep->prune ? lj_best_least(sweep->best) - sweep->rest[from] : 0;
}

/* Leaves out those that cannot get among the best. */
static void
weed(struct candidates *c, int64_t bar)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < c->n; i++) {
        c->docids[n] = c->docids[i];
        c->score[n] = c->score[i];
        n += c->score[i] >= bar;
    }
    c->n = n;
}

/* The words that do not lead are looked up. */
static void
look_up(struct sweep *sweep)
{
    struct candidates *c = &sweep->candidates;
    for (uint32_t w = sweep->lead; w < sweep->n && c->n > 0; w++) {
        struct stream *stream = &sweep->stream[w];
        uint32_t found =
            stream->list ? lj_glass_postings_of(stream->list, c->docids, c->n, c->places, c->wdfs)
                         : 0;
        for (uint32_t i = 0; i < found; i++)
            c->score[c->places[i]] +=
                lj_best_weigh(sweep->shard, stream->weight, c->docids[c->places[i]], c->wdfs[i]);
        weed(c, bar(sweep, w + 1));
    }
}

static void
offer(struct sweep *sweep)
{
    const struct candidates *c = &sweep->candidates;
    for (uint32_t i = 0; i < c->n; i++)
        if (c->score[i] >= lj_best_least(sweep->best))
            lj_best_offer(sweep->best, c->score[i],
                          lj_best_docid(sweep->s, sweep->k, c->docids[i]));
}

/* --- one list that leads -----------------------------------------------------------------------
 */

/* The length up to which a document with so many of the word may get beyond a bar. */
static uint32_t
longest(const struct lj_local_shard *shard, double weight, uint32_t wdf, int64_t bar)
{
    double k1 = shard->norm_of[0], b = shard->norm_of[1], average = shard->norm_of[3];
    if (bar <= 0 || b <= 0 || k1 <= 0)
        return UINT32_MAX;
    /* weight · wdf / (norm + wdf) = bar */
    double norm = wdf * (weight / (double)bar - 1);
    double length = (norm / k1 - (1 - b)) / b * average + 2;
    return length < 0 ? 0 : length < UINT32_MAX ? (uint32_t)length : UINT32_MAX;
}

/* The rest of the chunk at hand of the only word that leads. */
static void
sweep_chunk(struct sweep *sweep)
{
    const struct lj_local_shard *shard = sweep->shard;
    struct stream *stream = &sweep->stream[0];
    struct candidates *c = &sweep->candidates;
    int64_t least = bar(sweep, 1) - SLACK;
    uint32_t most[FEW_WDFS];
    for (uint32_t wdf = 0; wdf < FEW_WDFS - 1; wdf++)
        most[wdf] = longest(shard, stream->weight, wdf, least);
    most[FEW_WDFS - 1] = UINT32_MAX;
    make_room(c, stream->room);
    c->n = 0;
    for (uint32_t i = stream->at; i < stream->n; i++) {
        uint32_t docid = stream->docids[i], wdf = stream->wdfs[i];
        __builtin_prefetch(&shard->lengths[stream->docids[MIN(i + 24, stream->n - 1)]]);
        c->docids[c->n] = docid;
        c->wdfs[c->n] = wdf;
        c->n += shard->lengths[docid] <= most[MIN(wdf, FEW_WDFS - 1)];
    }
    for (uint32_t i = 0; i < c->n; i++)
        c->score[i] = lj_best_weigh(shard, stream->weight, c->docids[i], c->wdfs[i]);
    sweep->met += stream->n - stream->at;
    stream->at = stream->n;
    weed(c, bar(sweep, 1));
    look_up(sweep);
    offer(sweep);
}

/* --- several -----------------------------------------------------------------------------------
 */

/* Adds up what the words that lead weigh in documents up to `last`, which are in the window from base on. */
static void
add_up(struct sweep *sweep, uint32_t base, uint32_t last)
{
    const struct lj_local_shard *shard = sweep->shard;
    for (uint32_t w = 0; w < sweep->lead; w++) {
        struct stream *stream = &sweep->stream[w];
        while (fill(sweep, stream) && stream->docids[stream->at] <= last) {
            uint32_t i = stream->at, n = stream->n;
            for (; i < n && stream->docids[i] <= last; i++) {
                uint32_t docid = stream->docids[i], place = docid - base;
                sweep->score[place] += lj_best_weigh(shard, stream->weight, docid, stream->wdfs[i]);
                sweep->inside[place / 64] |= UINT64_C(1) << place % 64;
            }
            stream->at = i;
        }
    }
}

/* The documents of a window become candidates. */
static void
gather(struct sweep *sweep, uint32_t base, int64_t least)
{
    struct candidates *c = &sweep->candidates;
    c->n = 0;
    for (uint32_t word = 0; word < WINDOW / 64; word++) {
        uint64_t bits = sweep->inside[word];
        sweep->inside[word] = 0;
        for (; bits; bits &= bits - 1) {
            uint32_t place = word * 64 + (uint32_t)__builtin_ctzll(bits);
            sweep->met++;
            c->docids[c->n] = base + place;
            c->score[c->n] = sweep->score[place];
            sweep->score[place] = 0;
            c->n += c->score[c->n] >= least;
        }
    }
}

static void
sweep_window(struct sweep *sweep, uint32_t base)
{
    add_up(sweep, base, base + WINDOW - 1);
    gather(sweep, base, bar(sweep, sweep->lead));
    look_up(sweep);
    offer(sweep);
}

/* --- all that match ----------------------------------------------------------------------------
 */

/* Goes through the words that do not lead: they add to documents that are inside and can get among the best. */
static void
add_rest(struct sweep *sweep, uint32_t base, uint64_t *all)
{
    const struct lj_local_shard *shard = sweep->shard;
    int64_t least = bar(sweep, sweep->lead);
    for (uint32_t w = sweep->lead; w < sweep->n; w++) {
        struct stream *stream = &sweep->stream[w];
        while (fill(sweep, stream) && stream->docids[stream->at] < base + WINDOW) {
            uint32_t i = stream->at, n = stream->n;
            for (; i < n && stream->docids[i] < base + WINDOW; i++) {
                uint32_t place = stream->docids[i] - base;
                all[place / 64] |= UINT64_C(1) << place % 64;
                if (sweep->score[place] >= least && (sweep->inside[place / 64] >> place % 64 & 1))
                    sweep->score[place] +=
                        lj_best_weigh(shard, stream->weight, stream->docids[i], stream->wdfs[i]);
            }
            stream->at = i;
        }
    }
}

static void
sweep_all(struct sweep *sweep, uint32_t base)
{
    uint64_t *all = sweep->all + base / 64; /* a window begins with a word of bits */
    size_t words = MIN(WINDOW / 64, lj_set_words(sweep->shard) - base / 64);
    add_up(sweep, base, base + WINDOW - 1);
    for (size_t word = 0; word < words; word++)
        all[word] |= sweep->inside[word];
    if (sweep->lead < sweep->n)
        add_rest(sweep, base, all);
    gather(sweep, base, bar(sweep, sweep->n));
    offer(sweep);
}

/* --- the whole ---------------------------------------------------------------------------------
 */

/* The first document that is not gone through; 0: there is none. */
static uint32_t
next_document(struct sweep *sweep)
{
    uint32_t next = 0, n = sweep->all ? sweep->n : sweep->lead;
    for (uint32_t w = 0; w < n; w++) {
        struct stream *stream = &sweep->stream[w];
        if (fill(sweep, stream) && (next == 0 || stream->docids[stream->at] < next))
            next = stream->docids[stream->at];
    }
    return next;
}

static void
sweep_shard(struct sweep *sweep)
{
    sweep->lead = sweep->n;
    for (uint32_t docid; (docid = next_document(sweep)) > 0;) {
        while (sweep->lead > 1 && bar(sweep, sweep->lead - 1) > SLACK)
            sweep->lead--;
        if (sweep->lead == 1 && !sweep->all)
            sweep_chunk(sweep);
        else if (sweep->all)
            sweep_all(sweep, docid - docid % WINDOW);
        else
            sweep_window(sweep, docid - docid % WINDOW);
    }
}

static void
begin(struct sweep *sweep, struct lj_local_plan *s, const struct lj_any *any, struct lj_best *best)
{
    int64_t *rest = g_new(int64_t, any->n + 1);
    for (uint32_t i = 0; i <= any->n; i++)
        rest[i] = (int64_t)(any->rest[i] * LJ_UNIT) + (i < any->n ? SLACK : 0);
    *sweep = (struct sweep){.s = s,
                            .stream = g_new0(struct stream, any->n),
                            .rest = rest,
                            .n = any->n,
                            .prune = any->n == 1 || any->cost >= s->local->prune_from,
                            .best = best,
                            .score = g_new0(int64_t, WINDOW),
                            .inside = g_new0(uint64_t, WINDOW / 64)};
    make_room(&sweep->candidates, WINDOW + 1);
}

static void
enter(struct sweep *sweep, size_t k, const struct lj_any *any)
{
    struct lj_local_shard *shard = &sweep->s->local->shard[k];
    lj_best_prepare(sweep->s, shard);
    sweep->k = k;
    sweep->shard = shard;
    sweep->within = any->filter ? lj_shard_filter(shard, any->filter->plan->term,
                                                  any->filter->plan->length, true)
                                : NULL;
    for (uint32_t w = 0; w < sweep->n; w++) {
        struct lj_local_node *word = lj_tree_word(any->operand[w]);
        struct stream *stream = &sweep->stream[w];
        stream->list = word->part[k].begun ? &word->part[k].list : NULL;
        stream->weight = word->weight * LJ_UNIT;
        stream->n = stream->at = 0;
        stream->decoded = false;
    }
}

static void
end(struct sweep *sweep)
{
    for (uint32_t w = 0; w < sweep->n; w++) {
        g_free(sweep->stream[w].docids);
        g_free(sweep->stream[w].wdfs);
    }
    g_free(sweep->stream);
    g_free((gpointer)sweep->rest);
    g_free(sweep->score);
    g_free(sweep->inside);
    g_free(sweep->candidates.docids);
    g_free(sweep->candidates.score);
    g_free(sweep->candidates.places);
    g_free(sweep->candidates.wdfs);
}

static void
answer(struct lj_local_plan *s, const struct lj_any *any, uint64_t **all, struct xap_matches *out)
{
    bool exact = s->search->check_at_least == UINT32_MAX && any->n > 1;
    uint32_t lead = any->n, total = 0;
    struct lj_best best;
    struct sweep sweep;
    lj_best_begin(&best, (uint32_t)CLAMP(any->cost, 1, s->search->max), true);
    begin(&sweep, s, any, &best);
    for (size_t k = 0; k < s->local->n; k++) {
        enter(&sweep, k, any);
        if (exact || s->search->n_spies > 0)
            sweep.all = all[k] = lj_set_new(sweep.shard);
        sweep_shard(&sweep);
        lead = MIN(lead, sweep.lead);
        total += sweep.all ? lj_set_count(sweep.shard, sweep.all) : 0;
    }
    if (!sweep.all && lead < any->n)
        lj_any_reckon(s, any, sweep.met, lead, out);
    else
        out->lower = out->estimate = out->upper = sweep.all ? total : sweep.met;
    end(&sweep);
    lj_best_end(s, &best, out);
}

static bool
are_words(const struct lj_any *any)
{
    bool words = true;
    for (uint32_t i = 0; words && i < any->n; i++)
        words = lj_tree_word(any->operand[i]) != NULL;
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
