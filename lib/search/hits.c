/* What an answer shows of its documents: data, passages, copies. */
#include "search/searching.h"

#include "search/group.h"

#include <string.h>

#define FRAMES_LIMIT 64 /* of a long document that are read for its passages */

struct frames {
    struct lj_searcher *searcher;
    const struct lj_hit *hit;
};

static char *
read_frame(uint32_t frame, void *data, GError **error)
{
    struct frames *frames = data;
    return lj_searcher_frame(frames->searcher, frames->hit, frame, error);
}

/* The folded words by which a leaf is found, those of its synonyms too. */
static void
words_of(const struct lj_node *leaf, GPtrArray *terms)
{
    GPtrArray *words = leaf->children;
    for (guint c = 0; c < (words ? words->len : 1); c++) {
        const struct lj_node *node = words ? words->pdata[c] : leaf;
        if (node->kind == LJ_NODE_WORD && !node->word.stop)
            g_ptr_array_add(terms, node->word.folded);
        for (guint f = 0; node->forms && f < node->forms->len && f < 20; f++)
            g_ptr_array_add(terms, node->forms->pdata[f]);
    }
    for (guint i = 0; leaf->synonyms && i < leaf->synonyms->len; i++)
        words_of(((const struct lj_synonym *)leaf->synonyms->pdata[i])->node, terms);
}

/* Frames of a long document that hold words of the query, by the positions Xapian knows. */
static GArray *
choose_frames(struct lj_searching *s, const struct lj_hit *hit)
{
    const GArray *all = hit->stored->frames;
    if (all->len <= 2)
        return NULL;
    uint8_t *wanted = g_new0(uint8_t, all->len);
    GArray *positions = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    GPtrArray *leaves = g_ptr_array_new(), *terms = g_ptr_array_new();
    lj_query_leaves(s->query, leaves);
    for (guint i = 0; i < leaves->len; i++)
        words_of(leaves->pdata[i], terms);
    for (guint t = 0; t < terms->len && t < 100; t++)
        lj_xap_positions(s->searcher->reader, hit->docid, terms->pdata[t], strlen(terms->pdata[t]),
                         positions, NULL);
    for (guint p = 0; p < positions->len; p++) {
        uint32_t position = g_array_index(positions, uint32_t, p);
        guint low = 0, high = all->len;
        while (high - low > 1) {
            guint middle = (low + high) / 2;
            if (g_array_index(all, struct lj_frame, middle).first_position <= position)
                low = middle;
            else
                high = middle;
        }
        if (wanted[low] < 255)
            wanted[low]++;
    }
    GArray *frames = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (uint32_t f = 0; f < all->len && frames->len < FRAMES_LIMIT; f++)
        if (wanted[f])
            g_array_append_val(frames, f);
    g_array_unref(positions);
    g_ptr_array_unref(leaves);
    g_ptr_array_unref(terms);
    g_free(wanted);
    if (frames->len > 0)
        return frames;
    g_array_unref(frames);
    return NULL;
}

static void
add_snippets(struct lj_searching *s, struct lj_matcher *matcher, struct lj_hit *hit)
{
    GArray *chosen = choose_frames(s, hit);
    struct frames frames = {s->searcher, hit};
    hit->snippets = lj_passage_snippets(
        matcher, hit->stored, chosen ? (const uint32_t *)(void *)chosen->data : NULL,
        chosen ? chosen->len : 0, read_frame, &frames, &s->options->snippet);
    if (chosen)
        g_array_unref(chosen);
}

/* --- making them -------------------------------------------------------------------------------
 */

/* The candidate that is shown in a place of the answer. */
static const struct lj_candidate *
shown(const struct lj_searching *s, guint place)
{
    if (s->groups)
        place = g_array_index(s->groups, struct lj_group, place).place;
    return &g_array_index(s->candidates, struct lj_candidate, place);
}

/* One document of the answer: completed, then shown or kept. */
static bool
take_hit(struct lj_searching *s, struct lj_matcher *matcher, struct lj_hit *hit, guint place,
         bool *going, GError **error)
{
    const struct lj_search_options *options = s->options;
    bool good = true;
    hit->score = shown(s, place)->score;
    if (s->groups)
        good =
            lj_search_add_group(s, &g_array_index(s->groups, struct lj_group, place), hit, error);
    else if (s->met)
        good = lj_search_add_identical(s, hit, error);
    if (good && matcher)
        add_snippets(s, matcher, hit);
    if (!good) {
        lj_hit_free(hit);
    } else if (options->sink) {
        *going = options->sink(hit, options->sink_data);
        lj_hit_free(hit);
    } else {
        g_ptr_array_add(s->results->hits, hit);
    }
    return good;
}

/* A document of the answer, as it was read. */
struct read {
    struct lj_stored *stored; /* NULL: gone meanwhile, or failure */
    GError *failure;
};

static void
decode(size_t i, const uint8_t *bytes, size_t length, void *data)
{
    struct read *read = data;
    if (length > 0)
        read[i].stored = lj_stored_decode(bytes, length, &read[i].failure);
}

static void
forget(struct read *read, guint n)
{
    for (guint i = 0; i < n; i++) {
        lj_stored_free(g_steal_pointer(&read[i].stored));
        g_clear_error(&read[i].failure);
    }
}

static bool
read_documents(struct lj_searching *s, const uint32_t *docids, guint n, struct read *read,
               GError **error)
{
    struct lj_searcher *searcher = s->searcher;
    if (searcher->local &&
        lj_local_fetch_each(searcher->local, searcher->reader, docids, n, decode, read))
        return true;
    forget(read, n);
    struct xap_data *data = lj_xap_fetch(searcher->reader, docids, n, error);
    for (guint i = 0; data && i < n; i++)
        decode(i, (const uint8_t *)data->entry[i].bytes, data->entry[i].length, read);
    lj_xap_data_free(data);
    return data != NULL;
}

bool
lj_search_make_hits(struct lj_searching *s, GError **error)
{
    const struct lj_search_options *options = s->options;
    guint all = s->groups ? s->groups->len : s->candidates->len;
    /* Which of them repeat another is seen when they are read: then all before count as well. */
    bool fold = options->identical && !s->groups;
    guint skip = fold ? options->offset : 0, at = fold ? 0 : MIN(options->offset, all), n = 0;
    if (options->limit == 0 || at >= all)
        return true;
    if (fold)
        s->met = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    struct lj_matcher *matcher =
        options->snippets ? lj_matcher_new(s->query, lj_searcher_analyser(s->searcher)) : NULL;
    bool good = true, going = true, repeated = false;
    /* In portions, so that an export of everything does not hold all data at once twice; the first
     * ones are small, so that a reader of a stream sees something soon. */
    guint most = options->sink ? 8 : 500;
    for (; good && going && at < all && n < options->limit; most = MIN(most * 2, 500)) {
        uint64_t missing = (uint64_t)skip + options->limit - n;
        guint portion = (guint)MIN(MIN(missing, most), all - at);
        uint32_t *docids = g_new(uint32_t, portion);
        for (guint i = 0; i < portion; i++)
            docids[i] = shown(s, at + i)->docid;
        struct read *read = g_new0(struct read, portion);
        good = read_documents(s, docids, portion, read, error);
        for (guint i = 0; good && going && i < portion; i++) {
            struct lj_stored *stored = g_steal_pointer(&read[i].stored);
            if (read[i].failure) {
                g_propagate_error(error, g_steal_pointer(&read[i].failure));
                good = false;
            }
            if (!stored)
                continue;
            struct lj_hit *hit = lj_searcher_hit_of(s->searcher, docids[i], stored);
            bool again = fold && lj_search_repeats(s, hit->stored->document);
            repeated |= again;
            if (again || skip > 0) {
                skip -= !again;
                lj_hit_free(hit);
            } else {
                hit->rank = options->offset + ++n;
                good = take_hit(s, matcher, hit, at + i, &going, error);
            }
        }
        forget(read, portion);
        g_free(read);
        g_free(docids);
        at += portion;
    }
    s->too_few = repeated && going && n < options->limit;
    g_clear_pointer(&s->met, g_hash_table_unref);
    lj_matcher_free(matcher);
    return good;
}
