/* Plans answered from the tables are answered as Xapian answers them: over generated databases of several
 * revisions, with documents that went, and whatever bytes stand in the tables. */
#include "cmocka_all.h"
#include "search/local.h"

#include "glass/read.h"
#include "search/tree.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

enum { WORDS = 40, DOCUMENTS = 700, SLOT_ID = 0, SLOT_KIND = 3, SLOT_RARE = 4, SLOT_NONE = 5 };

static uint64_t
next(uint64_t *state)
{
    *state += 0x9E3779B97F4A7C15u;
    uint64_t z = *state;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

/* The first words are common, the last ones rare. */
static uint32_t
any_word(uint64_t *random)
{
    double share = (double)(next(random) >> 11) / 9007199254740992.0;
    return (uint32_t)(WORDS * share * share * share);
}

static char *names[WORDS];

static void
put(struct xap_writer *writer, uint64_t *random, uint32_t docid, uint32_t number)
{
    struct xap_posting postings[WORDS] = {{0}};
    uint32_t positions[WORDS][400], count[WORDS] = {0};
    uint32_t most = next(random) % 8 ? 40 : 390, length = (uint32_t)(next(random) % most);
    for (uint32_t p = 0; p < length; p++) {
        uint32_t word = any_word(random);
        positions[word][count[word]++] = p + (p > 20 ? 1000 : 0);
    }
    size_t n = 0;
    for (uint32_t w = 0; w < WORDS; w++)
        if (count[w])
            postings[n++] = (struct xap_posting){names[w], (uint32_t)strlen(names[w]), count[w],
                                                 positions[w], count[w]};
    char id[16], kind[16];
    g_snprintf(id, sizeof id, "id%05u", (number * 7919u) % 100000u);
    g_snprintf(kind, sizeof kind, "kind %u", (unsigned)(next(random) % 5));
    struct xap_value values[3] = {{SLOT_ID, (uint32_t)strlen(id), id},
                                  {SLOT_KIND, (uint32_t)strlen(kind), kind}};
    size_t n_values = next(random) % 4 ? 2 : 1;
    static char data[30000];
    if (number % 300 > 200 && number % 3) /* in pieces of few documents, with gaps between them */
        values[n_values++] = (struct xap_value){SLOT_RARE, 300, data};
    size_t size = number % 7 == 0 ? 0 : number % 50 == 1 ? sizeof data : number % 90;
    for (size_t i = 0; i < size; i++)
        data[i] = (char)((i * number ^ i >> 3) % (number % 50 ? 9 : 251));
    struct xap_document document = {postings, n, values, n_values, data, size};
    GError *error = NULL;
    assert_true(lj_xap_writer_put(writer, docid, &document, &error) > 0);
}

static char *folder;

static int
begin(void **state)
{
    (void)state;
    folder = g_dir_make_tmp("legajo-local-XXXXXX", NULL);
    for (uint32_t w = 0; w < WORDS; w++)
        names[w] = g_strdup_printf("w%02u", w);
    return 0;
}

static int
end(void **state)
{
    (void)state;
    for (uint32_t w = 0; w < WORDS; w++)
        g_free(names[w]);
    char *command = g_strdup_printf("rm -rf '%s'", folder);
    int status = system(command);
    g_free(command);
    g_free(folder);
    return status;
}

/* A database of three revisions: added, some replaced, some gone. */
static char *
make_database(const char *name, uint64_t seed)
{
    char *path = g_build_filename(folder, name, NULL);
    GError *error = NULL;
    struct xap_writer *writer = lj_xap_writer_open(path, XAP_UPDATE, &error);
    assert_non_null(writer);
    uint64_t random = seed;
    for (uint32_t i = 1; i <= DOCUMENTS; i++)
        put(writer, &random, 0, (uint32_t)seed * 1000 + i);
    assert_true(lj_xap_writer_commit(writer, &error));
    for (uint32_t i = 3; i <= DOCUMENTS; i += 11)
        put(writer, &random, i, (uint32_t)seed * 1000 + i);
    assert_true(lj_xap_writer_commit(writer, &error));
    for (uint32_t i = 5; i <= DOCUMENTS; i += 9)
        assert_true(lj_xap_writer_delete(writer, i, &error));
    assert_true(lj_xap_writer_commit(writer, &error));
    lj_xap_writer_close(writer);
    return path;
}

/* --- plans -------------------------------------------------------------------------------------
 */

static void
push_word(GArray *nodes, uint32_t word)
{
    struct xap_node node = {
        .op = XAP_TERM, .term = names[word], .length = (uint32_t)strlen(names[word])};
    g_array_append_val(nodes, node);
}

static void
push_op(GArray *nodes, enum xap_op op, uint32_t n)
{
    struct xap_node node = {.op = op, .n = n, .factor = 0.4, .window = n + 1};
    g_array_append_val(nodes, node);
}

static void
push_phrase(GArray *nodes, uint64_t *random)
{
    uint32_t n = 2 + (uint32_t)(next(random) % 2);
    guint before = nodes->len;
    for (uint32_t i = 0; i < n; i++) {
        push_word(nodes, any_word(random));
        if (next(random) % 4 == 0) {
            push_word(nodes, any_word(random));
            push_op(nodes, XAP_OR, 2);
        }
    }
    /* A word near itself is Xapian's. */
    bool twice = false;
    for (guint i = before; i < nodes->len; i++)
        for (guint j = i + 1; j < nodes->len; j++) {
            const struct xap_node *x = &g_array_index(nodes, struct xap_node, i),
                                  *y = &g_array_index(nodes, struct xap_node, j);
            twice |= x->op == XAP_TERM && y->op == XAP_TERM && x->term == y->term;
        }
    uint32_t wider = (uint32_t)(next(random) % 3);
    struct xap_node node = {
        .op = twice || next(random) % 2 ? XAP_PHRASE : XAP_NEAR, .n = n, .window = n + wider};
    g_array_append_val(nodes, node);
}

static void
push_range(GArray *nodes, uint64_t *random)
{
    struct xap_node node = {.op = XAP_VALUE_RANGE, .slot = SLOT_KIND};
    if (next(random) % 3)
        node.term = "kind 1", node.length = 6;
    if (!node.term || next(random) % 3)
        node.high = "kind 3", node.high_length = 6;
    g_array_append_val(nodes, node);
}

/* Phrases stand where Xapian is right about them: not among the operands of OR (see below). */
static void
push_any(GArray *nodes, uint64_t *random, unsigned depth, bool phrases)
{
    uint32_t n = 2 + (uint32_t)(next(random) % 3);
    switch (depth == 0 ? next(random) % 3 : next(random) % 14) {
    case 0:
    case 1:
        push_word(nodes, any_word(random));
        break;
    case 2:
        if (phrases)
            push_phrase(nodes, random);
        else
            push_word(nodes, (uint32_t)(next(random) % WORDS));
        break;
    case 3:
    case 4:
    case 5:
        for (uint32_t i = 0; i < n; i++)
            push_any(nodes, random, depth - 1, false);
        push_op(nodes, XAP_OR, n);
        break;
    case 6:
    case 7:
        for (uint32_t i = 0; i < n; i++)
            push_any(nodes, random, depth - 1, phrases);
        push_op(nodes, XAP_AND, n);
        break;
    case 8:
        push_any(nodes, random, depth - 1, phrases);
        push_word(nodes, any_word(random)); /* Xapian errs over AND_MAYBE in what it takes away */
        push_word(nodes, any_word(random));
        push_op(nodes, XAP_OR, 2);
        push_op(nodes, XAP_AND_NOT, 2);
        break;
    case 9:
        push_any(nodes, random, depth - 1, phrases);
        push_any(nodes, random, depth - 1, false);
        push_op(nodes, XAP_AND_MAYBE, 2);
        break;
    case 10:
        push_any(nodes, random, depth - 1, phrases);
        push_range(nodes, random);
        push_op(nodes, XAP_FILTER, 2);
        break;
    case 12:
        for (uint32_t i = 0; i < 2 * n; i++)
            push_word(nodes, (uint32_t)(next(random) % WORDS));
        push_op(nodes, XAP_SYNONYM, 2 * n);
        break;
    case 11:
        push_any(nodes, random, depth - 1, false);
        push_word(nodes, any_word(random));
        push_op(nodes, XAP_FILTER, 2);
        break;
    default:
        push_any(nodes, random, depth - 1, phrases);
        push_op(nodes, XAP_SCALE, 1);
    }
}

static struct xap_search
search_of(const GArray *nodes, uint32_t max, uint32_t check)
{
    return (struct xap_search){.nodes = (const struct xap_node *)(void *)nodes->data,
                               .n_nodes = nodes->len,
                               .max = max,
                               .check_at_least = check,
                               .k1 = 0.7,
                               .b = 0.8,
                               .k3 = 8,
                               .min_normlen = 0.01,
                               .settle = true,
                               .settle_slot = SLOT_ID};
}

static int
by_docid(const void *a, const void *b)
{
    const struct xap_hit *x = a, *y = b;
    return (x->docid > y->docid) - (x->docid < y->docid);
}

static int
compare_counts(const void *a, const void *b)
{
    return strcmp(((const struct xap_count *)a)->value, ((const struct xap_count *)b)->value);
}

/* The best ten of a search, and the first ten of all: one and the same, and so are the counts where all are wanted. Returns
 * how many match, roughly. */
static uint32_t
same_best(struct lj_local *local, struct xap_reader *reader, const GArray *nodes,
          const struct xap_matches *all, bool counts)
{
    static const uint32_t slots[] = {SLOT_KIND};
    struct xap_search search = search_of(nodes, 10, counts ? G_MAXUINT32 : 20);
    search.spies = slots;
    search.n_spies = counts;
    struct xap_matches *best = lj_local_search(local, reader, &search, NULL);
    assert_non_null(best);
    assert_int_equal(best->n, MIN(all->n, 10));
    assert_in_range(all->n, best->lower, best->upper);
    assert_in_range(best->estimate, best->lower, best->upper);
    for (size_t i = 0; i < best->n; i++)
        assert_true(best->hit[i].weight == all->hit[i].weight);
    for (size_t i = 0; i < best->n && best->hit[i].weight > best->hit[best->n - 1].weight; i++)
        assert_int_equal(best->hit[i].docid, all->hit[i].docid);
    if (counts) {
        assert_int_equal(best->lower, all->n);
        assert_int_equal(best->spy[0].n, all->spy[0].n);
        if (best->spy[0].n)
            qsort(best->spy[0].count, best->spy[0].n, sizeof *best->spy[0].count, compare_counts);
        for (size_t i = 0; i < best->spy[0].n; i++)
            assert_int_equal(best->spy[0].count[i].count, all->spy[0].count[i].count);
    }
    uint32_t estimate = best->estimate;
    lj_xap_matches_free(best);
    return estimate;
}

/* Of values the first bytes only are counted, whoever asked before, and for what. */
static void
counts_of_beginnings(void **state)
{
    (void)state;
    char *paths[] = {make_database("beginnings", 4), make_database("begun", 5)};
    GError *error = NULL;
    struct xap_reader *reader = lj_xap_reader_open((const char *const *)paths, 2, &error);
    struct lj_local *local = lj_local_open((const char *const *)paths, 2);
    static const uint32_t slots[] = {SLOT_KIND, SLOT_KIND, SLOT_ID}, bytes[] = {0, 5, 3};
    struct xap_node word = {.op = XAP_TERM, .term = "w00", .length = 3};
    struct xap_search search = {.nodes = &word,
                                .n_nodes = 1,
                                .check_at_least = UINT32_MAX,
                                .k1 = 1,
                                .spies = slots,
                                .spy_bytes = bytes,
                                .n_spies = 3};
    for (int asked = 0; asked < 3; asked++) {
        struct xap_matches *ours = lj_local_search(local, reader, &search, &error);
        assert_non_null(ours);
        uint32_t kinds = 0, ids = 0;
        for (size_t i = 0; i < ours->spy[0].n; i++)
            kinds += ours->spy[0].count[i].count;
        assert_int_equal(ours->spy[0].n, 5);
        assert_int_equal(ours->spy[1].n, 1);
        assert_string_equal(ours->spy[1].count[0].value, "kind ");
        assert_int_equal(ours->spy[1].count[0].count, kinds);
        assert_in_range(ours->spy[2].n, 2, 10);
        for (size_t i = 0; i < ours->spy[2].n; i++) {
            assert_int_equal(ours->spy[2].count[i].length, 3);
            ids += ours->spy[2].count[i].count;
        }
        assert_int_equal(ids, ours->upper);
        lj_xap_matches_free(ours);
    }
    lj_local_close(local);
    lj_xap_reader_close(reader);
    g_free(paths[0]);
    g_free(paths[1]);
}

/* The databases, for a first search with which a helper helps from the beginning. */
static struct lj_local *
open_with_helper(char *const *paths)
{
    struct lj_local *local = lj_local_open((const char *const *)paths, 2);
    assert_non_null(local);
    local->threads = 2;
    local->meanwhile_from = 1;
    for (size_t k = 0; k < local->n; k++)
        local->shard[k].range = 128;
    lj_local_expect(local);
    return local;
}

static void
same_counts(struct xap_matches *a, struct xap_matches *b)
{
    assert_int_equal(a->n, b->n);
    assert_int_equal(a->lower, b->lower);
    assert_int_equal(a->upper, b->upper);
    for (size_t i = 0; i < a->n; i++) {
        assert_int_equal(a->hit[i].docid, b->hit[i].docid);
        assert_true(a->hit[i].weight == b->hit[i].weight);
    }
    for (size_t spy = 0; spy < 2; spy++) {
        assert_int_equal(a->spy[spy].n, b->spy[spy].n);
        qsort(a->spy[spy].count, a->spy[spy].n, sizeof *a->spy[spy].count, compare_counts);
        qsort(b->spy[spy].count, b->spy[spy].n, sizeof *b->spy[spy].count, compare_counts);
        for (size_t i = 0; i < a->spy[spy].n; i++) {
            assert_string_equal(a->spy[spy].count[i].value, b->spy[spy].count[i].value);
            assert_int_equal(a->spy[spy].count[i].count, b->spy[spy].count[i].count);
        }
    }
}

/* Lengths that a helper has begun with, and counts that it makes while the search goes on, are those of one who does
 * all himself; where the databases change meanwhile, that is said. */
static void
helped_meanwhile(void **state)
{
    (void)state;
    char *paths[] = {make_database("helped", 8), make_database("helped too", 9)};
    GError *error = NULL;
    struct xap_reader *reader = lj_xap_reader_open((const char *const *)paths, 2, &error);
    static const uint32_t slots[] = {SLOT_KIND, SLOT_ID}, bytes[] = {0, 3};
    struct xap_node nodes[] = {{.op = XAP_TERM, .term = "w00", .length = 3},
                               {.op = XAP_TERM, .term = "w07", .length = 3},
                               {.op = XAP_OR, .n = 2}};
    struct xap_search search = {.nodes = nodes,
                                .n_nodes = 3,
                                .max = 300,
                                .check_at_least = UINT32_MAX,
                                .k1 = 1,
                                .b = 0.5,
                                .spies = slots,
                                .spy_bytes = bytes,
                                .n_spies = 2};
    for (int round = 0; round < 40; round++) {
        static const enum xap_op ops[] = {XAP_OR, XAP_FILTER, XAP_AND, XAP_SYNONYM};
        nodes[2].op = ops[round % 4];
        search.max = round % 8 < 4 ? 300 : 7;
        struct lj_local *alone = lj_local_open((const char *const *)paths, 2),
                        *helped = open_with_helper(paths);
        alone->prune_from = helped->prune_from = round % 3 ? 16384 : 1;
        alone->threads = 1;
        search.spies_later = false;
        struct xap_matches *theirs = lj_local_search(alone, reader, &search, &error);
        search.spies_later = true;
        struct xap_matches *ours = lj_local_search(helped, reader, &search, &error);
        assert_non_null(theirs);
        assert_non_null(ours);
        assert_true(lj_local_counts(helped));
        assert_true(lj_local_counted(helped, &error));
        assert_false(lj_local_counts(helped));
        same_counts(ours, theirs);
        for (size_t k = 0; k < 2; k++)
            assert_memory_equal(helped->shard[k].lengths, alone->shard[k].lengths,
                                alone->shard[k].n * sizeof(uint32_t));
        lj_xap_matches_free(ours);
        lj_xap_matches_free(theirs);
        lj_local_close(alone);
        lj_local_close(helped);
        lj_local_close(open_with_helper(paths)); /* before the helper is done */
    }
    struct lj_local *helped = open_with_helper(paths);
    struct xap_matches *ours = lj_local_search(helped, reader, &search, &error);
    assert_non_null(ours);
    struct xap_writer *writer = lj_xap_writer_open(paths[0], XAP_UPDATE, &error);
    uint64_t random = 3;
    put(writer, &random, 0, 60000);
    assert_true(lj_xap_writer_commit(writer, &error));
    lj_xap_writer_close(writer);
    assert_false(lj_local_counted(helped, &error));
    assert_null(error);
    assert_true(lj_local_counted(helped, &error)); /* of the next answer nothing is known yet */
    lj_xap_matches_free(ours);
    lj_local_close(helped);
    lj_xap_reader_close(reader);
    g_free(paths[0]);
    g_free(paths[1]);
}

static void
same_answers(struct lj_local *local, struct xap_reader *reader, const GArray *nodes)
{
    static const uint32_t slots[] = {SLOT_KIND};
    GError *error = NULL;
    struct xap_search search = search_of(nodes, 100000, G_MAXUINT32);
    search.spies = slots;
    search.n_spies = 1;
    struct xap_matches *theirs = lj_xap_search(reader, &search, &error),
                       *ours = lj_local_search(local, reader, &search, NULL);
    assert_non_null(theirs);
    assert_non_null(ours);
    assert_int_equal(ours->upper, theirs->upper);
    assert_int_equal(ours->lower, ours->upper);
    assert_int_equal(ours->n, theirs->n);
    for (size_t i = 1; i < ours->n; i++)
        assert_true(ours->hit[i - 1].weight >= ours->hit[i].weight);
    assert_int_equal(ours->spy[0].n, theirs->spy[0].n);
    if (ours->spy[0].n)
        qsort(ours->spy[0].count, ours->spy[0].n, sizeof *ours->spy[0].count, compare_counts);
    if (theirs->spy[0].n)
        qsort(theirs->spy[0].count, theirs->spy[0].n, sizeof *theirs->spy[0].count, compare_counts);
    for (size_t i = 0; i < ours->spy[0].n; i++) {
        assert_string_equal(ours->spy[0].count[i].value, theirs->spy[0].count[i].value);
        assert_int_equal(ours->spy[0].count[i].count, theirs->spy[0].count[i].count);
    }
    /* (Xapian's own ten sometimes lack a part of their weights: what it thinks no longer able to change the list it does
     * not add up.) */
    local->threads = 3;
    lj_local_keep(local);
    for (int i = 0; i < 4; i++) {
        local->prune_from = i % 2 ? 0 : 16384;
        local->share_from = local->help_from = 0;
        same_best(local, reader, nodes, ours, i / 2);
        local->share_from = local->help_from = UINT32_MAX;
        uint32_t alone = same_best(local, reader, nodes, ours, i / 2);
        local->help_from = 0; /* in step */
        assert_int_equal(same_best(local, reader, nodes, ours, i / 2), alone);
    }
    /* Of several databases Xapian weighs synonyms in each as if only those existed that it has. */
    bool synonyms = false;
    for (guint i = 0; i < nodes->len; i++)
        synonyms |= g_array_index(nodes, struct xap_node, i).op == XAP_SYNONYM;
    double precision = synonyms && local->n > 1 ? 0.2 : 1e-9;
    qsort(ours->hit, ours->n, sizeof *ours->hit, by_docid);
    qsort(theirs->hit, theirs->n, sizeof *theirs->hit, by_docid);
    for (size_t i = 0; i < ours->n; i++) {
        assert_int_equal(ours->hit[i].docid, theirs->hit[i].docid);
        assert_true(fabs(ours->hit[i].weight - theirs->hit[i].weight) < precision);
    }
    lj_xap_matches_free(ours);
    lj_xap_matches_free(theirs);
}

static void
as_xapian_does(void **state)
{
    (void)state;
    char *paths[] = {make_database("one", 1), make_database("two", 2)};
    GError *error = NULL;
    for (size_t n = 1; n <= 2; n++) {
        struct xap_reader *reader = lj_xap_reader_open((const char *const *)paths, n, &error);
        struct lj_local *local = lj_local_open((const char *const *)paths, n);
        assert_non_null(reader);
        assert_non_null(local);
        uint64_t random = 5;
        for (int round = 0; round < 600; round++) {
            if (round % 3 == 0) { /* what is read for the first count, and the second */
                lj_local_close(local);
                local = lj_local_open((const char *const *)paths, n);
            }
            GArray *nodes = g_array_new(FALSE, TRUE, sizeof(struct xap_node));
            push_any(nodes, &random, 3, true);
            same_answers(local, reader, nodes);
            g_array_unref(nodes);
        }
        lj_local_close(local);
        lj_xap_reader_close(reader);
    }
    g_free(paths[0]);
    g_free(paths[1]);
}

/* The positions of a word in a document one by one, and in steps, where it was scouted among its neighbours. */
static void
walk_all(struct glass_reader *glass, const char *word, uint32_t docid, const GArray *positions)
{
    const uint32_t *position = (const uint32_t *)(void *)positions->data;
    struct glass_positions list;
    struct glass_spot spots[GLASS_SCOUTED];
    uint32_t docids[GLASS_SCOUTED], place = docid % 7, n = place + 1 + docid % (GLASS_SCOUTED - 7);
    for (uint32_t i = 0; i < n; i++)
        docids[i] = docid + i - place;
    if (docid <= place || positions->len == 0)
        return;
    for (uint32_t step = 1; step < 40; step += 19) {
        struct glass_walk walk;
        guint at = 0;
        lj_glass_positions_begin(glass, word, strlen(word), &list);
        if (step > 1)
            lj_glass_positions_scout(&list, docids, n, spots);
        assert_true(step > 1 ? lj_glass_positions_walk_at(&list, docid, &spots[place], &walk)
                             : lj_glass_positions_walk(&list, docid, &walk));
        assert_int_equal(walk.count, positions->len);
        for (;;) {
            assert_int_equal(walk.position, position[at]);
            uint32_t wanted = position[at] + step;
            while (at < positions->len && position[at] < wanted)
                at++;
            bool more = step > 1 ? lj_glass_walk_to(&walk, wanted) : lj_glass_walk_next(&walk);
            assert_int_equal(more, at < positions->len);
            if (!more)
                break;
        }
        lj_glass_positions_end(&list);
    }
}

/* Positions of every word in every document, rising docids and not. */
static void
positions_of_all(void **state)
{
    (void)state;
    char *path = make_database("positions", 9);
    GError *error = NULL;
    struct xap_reader *reader = lj_xap_reader_open((const char *const *)&path, 1, &error);
    struct glass_reader *glass = lj_glass_reader_open(path);
    assert_non_null(glass);
    GArray *theirs = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
           *ours = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (uint32_t w = 0; w < WORDS; w++) {
        struct glass_positions list;
        lj_glass_positions_begin(glass, names[w], strlen(names[w]), &list);
        for (uint32_t i = 0; i < 2 * DOCUMENTS; i++) {
            uint32_t docid = i < DOCUMENTS ? i + 1 : (i * 331) % DOCUMENTS + 1;
            g_array_set_size(theirs, 0);
            g_array_set_size(ours, 0);
            assert_true(
                lj_xap_positions(reader, docid, names[w], strlen(names[w]), theirs, &error));
            assert_int_equal(lj_glass_positions_read(&list, docid, ours), theirs->len);
            assert_memory_equal(ours->data, theirs->data, 4 * theirs->len);
            walk_all(glass, names[w], docid, theirs);
        }
        lj_glass_positions_end(&list);
    }
    assert_false(glass->broken);
    g_array_unref(theirs);
    g_array_unref(ours);
    lj_glass_reader_close(glass);
    lj_xap_reader_close(reader);
    g_free(path);
}

/* What a document holds of words and beginnings of words is the same whoever reads it. */
static void
assert_occurrences(struct xap_reader *reader, uint32_t docid, const struct xap_probe *probes,
                   size_t n, struct xap_occurrences *ours)
{
    GError *error = NULL;
    struct xap_occurrences *theirs = lj_xap_occurrences(reader, docid, probes, n, &error);
    assert_non_null(theirs);
    assert_non_null(ours);
    assert_int_equal(ours->length, theirs->length);
    assert_int_equal(ours->n, theirs->n);
    for (size_t i = 0; i < ours->n; i++) {
        assert_string_equal(ours->entry[i].term, theirs->entry[i].term);
        assert_int_equal(ours->entry[i].size, theirs->entry[i].size);
        assert_int_equal(ours->entry[i].wdf, theirs->entry[i].wdf);
        assert_int_equal(ours->entry[i].n_positions, theirs->entry[i].n_positions);
        assert_memory_equal(ours->entry[i].positions, theirs->entry[i].positions,
                            4 * theirs->entry[i].n_positions);
    }
    lj_xap_occurrences_free(theirs);
    lj_xap_occurrences_free(ours);
}

/* Some documents at once, from their own lists and from those of the words, by one thread and by three. */
static void
same_occurrences(struct lj_local *local, struct xap_reader *reader, const uint32_t *docids,
                 uint32_t n, const struct xap_probe *probes, size_t n_probes)
{
    GError *error = NULL;
    struct xap_occurrences *found[50];
    local->threads = 3;
    lj_local_keep(local);
    for (int i = 0; i < 4; i++) {
        local->family = i & 1 ? UINT32_MAX : 0;
        local->help_from = i & 2 ? UINT32_MAX : 0;
        assert_true(
            lj_local_occurrences(local, reader, docids, n, probes, n_probes, found, &error));
        for (uint32_t d = 0; d < n; d++)
            assert_occurrences(reader, docids[d], probes, n_probes, found[d]);
    }
}

static void
occurrences_of_all(void **state)
{
    (void)state;
    char *paths[] = {make_database("occurrences", 8), make_database("occurring", 18)};
    GError *error = NULL;
    struct xap_reader *reader = lj_xap_reader_open((const char *const *)paths, 2, &error);
    struct lj_local *local = lj_local_open((const char *const *)paths, 2);
    static const struct xap_probe probes[] = {
        {"a", 1, true},   {"w0", 2, false}, {"w00", 3, true},  {"w03", 3, false}, {"w1", 2, true},
        {"w2", 2, false}, {"w20", 3, true}, {"w22", 3, false}, {"w39x", 4, true}, {"x", 1, true}};
    static const struct xap_probe words[] = {{"w", 1, true}};
    uint32_t docids[50];
    for (uint32_t docid = 1; docid + 49 <= 2 * DOCUMENTS; docid += 50) {
        for (uint32_t i = 0; i < 50; i++)
            docids[i] = docid + i * 7 % 50;
        same_occurrences(local, reader, docids, 50, probes, G_N_ELEMENTS(probes));
        same_occurrences(local, reader, docids, 1, probes, G_N_ELEMENTS(probes));
        same_occurrences(local, reader, docids, 20, words, 1);
    }
    lj_local_close(local);
    lj_xap_reader_close(reader);
    g_free(paths[0]);
    g_free(paths[1]);
}

struct comparing {
    const struct xap_data *theirs;
    bool same[2 * DOCUMENTS];
};

static void
compare_data(size_t i, const uint8_t *bytes, size_t length, void *data)
{
    struct comparing *comparing = data;
    comparing->same[i] =
        length == comparing->theirs->entry[i].length &&
        (length == 0 || memcmp(bytes, comparing->theirs->entry[i].bytes, length) == 0);
}

/* Data of every document: short, long, none, and of those that are gone. */
static void
data_of_all(void **state)
{
    (void)state;
    char *paths[] = {make_database("data", 12), make_database("more", 13)};
    GError *error = NULL;
    struct xap_reader *reader = lj_xap_reader_open((const char *const *)paths, 2, &error);
    struct lj_local *local = lj_local_open((const char *const *)paths, 2);
    uint32_t docids[2 * DOCUMENTS];
    for (uint32_t i = 0; i < 2 * DOCUMENTS; i++)
        docids[i] = 2 * DOCUMENTS - i;
    struct xap_data *theirs = lj_xap_fetch(reader, docids, 2 * DOCUMENTS, &error),
                    *ours = lj_local_tables.fetch(local, reader, docids, 2 * DOCUMENTS);
    assert_non_null(theirs);
    assert_non_null(ours);
    size_t most = 0;
    for (size_t i = 0; i < 2 * DOCUMENTS; i++) {
        assert_int_equal(ours->entry[i].length, theirs->entry[i].length);
        assert_memory_equal(ours->entry[i].bytes, theirs->entry[i].bytes, ours->entry[i].length);
        most = MAX(most, ours->entry[i].length);
    }
    assert_int_equal(most, 30000);
    local->help_from = 0;
    local->threads = 3;
    lj_local_keep(local);
    struct comparing comparing = {.theirs = theirs};
    assert_true(
        lj_local_fetch_each(local, reader, docids, 2 * DOCUMENTS, compare_data, &comparing));
    for (size_t i = 0; i < 2 * DOCUMENTS; i++)
        assert_true(comparing.same[i]);
    lj_xap_data_free(ours);
    lj_xap_data_free(theirs);
    lj_local_close(local);
    lj_xap_reader_close(reader);
    g_free(paths[0]);
    g_free(paths[1]);
}

static void
same_statistics(const struct xap_statistics *a, const struct xap_statistics *b)
{
    assert_int_equal(a->documents, b->documents);
    assert_int_equal(a->last_docid, b->last_docid);
    assert_int_equal(a->total_length, b->total_length);
    assert_true(a->average_length == b->average_length);
    assert_int_equal(a->revision, b->revision);
    assert_string_equal(a->uuid, b->uuid);
}

static void
same_bytes(char *ours, size_t length, char *theirs, size_t length_of_theirs)
{
    assert_int_equal(length, length_of_theirs);
    assert_int_equal(!ours, !theirs);
    if (ours)
        assert_memory_equal(ours, theirs, length + 1); /* with the NUL */
    g_free(ours);
    g_free(theirs);
}

/* Asks two readers of the same databases what is asked beside searches. */
static void
same_beside(struct xap_reader *ours, struct xap_reader *theirs, size_t shards)
{
    GError *error = NULL;
    struct xap_statistics a, b;
    assert_true(lj_xap_statistics(ours, &a, &error) && lj_xap_statistics(theirs, &b, &error));
    same_statistics(&a, &b);
    size_t n = 0, m = 0;
    for (size_t shard = 0; shard < shards; shard++) {
        assert_true(lj_xap_shard_statistics(ours, shard, &a, &error) &&
                    lj_xap_shard_statistics(theirs, shard, &b, &error));
        same_statistics(&a, &b);
        assert_int_equal(lj_xap_shard_revision(ours, shard), lj_xap_shard_revision(theirs, shard));
        static const char *const keys[] = {"Fcasa", "journal", "nothing"};
        for (size_t k = 0; k < G_N_ELEMENTS(keys); k++) {
            char *x = lj_xap_metadata(ours, shard, keys[k], strlen(keys[k]), &n, &error);
            char *y = lj_xap_metadata(theirs, shard, keys[k], strlen(keys[k]), &m, &error);
            same_bytes(x, n, y, m);
        }
    }
    GPtrArray *forms = g_ptr_array_new_with_free_func(g_free),
              *other = g_ptr_array_new_with_free_func(g_free);
    assert_true(lj_xap_pieces(ours, 'F', "casa", ' ', 100, forms, &error) &&
                lj_xap_pieces(theirs, 'F', "casa", ' ', 100, other, &error));
    assert_int_equal(forms->len, 1 + shards); /* one that all have, and one each */
    for (guint i = 0; i < forms->len; i++)
        assert_string_equal(forms->pdata[i], other->pdata[i]);
    g_ptr_array_unref(forms);
    g_ptr_array_unref(other);
    GArray *list = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
           *same = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (uint32_t w = 0; w <= WORDS; w++) {
        struct xap_term term = {w < WORDS ? names[w] : "absent", w < WORDS ? strlen(names[w]) : 6};
        uint32_t df = 0, df_of_theirs = 0;
        assert_true(lj_xap_frequencies(ours, &term, 1, &df, NULL, &error) &&
                    lj_xap_frequencies(theirs, &term, 1, &df_of_theirs, NULL, &error));
        assert_int_equal(df, df_of_theirs);
        assert_true(lj_xap_docids(ours, term.term, term.length, list, &error) &&
                    lj_xap_docids(theirs, term.term, term.length, same, &error));
        uint32_t docid = 1 + w * 17;
        assert_true(lj_xap_positions(ours, docid, term.term, term.length, list, &error) &&
                    lj_xap_positions(theirs, docid, term.term, term.length, same, &error));
        assert_int_equal(list->len, same->len);
    }
    assert_true(list->len > 1000);
    assert_memory_equal(list->data, same->data, list->len * sizeof(uint32_t));
    g_array_unref(list);
    g_array_unref(same);
    uint32_t docids[DOCUMENTS / 2];
    for (uint32_t i = 0; i < DOCUMENTS / 2; i++)
        docids[i] = 1 + 3 * i;
    for (uint32_t slot = SLOT_ID; slot <= SLOT_NONE; slot++) {
        struct xap_data *x = lj_xap_values(ours, slot, docids, DOCUMENTS / 2, &error),
                        *y = lj_xap_values(theirs, slot, docids, DOCUMENTS / 2, &error);
        for (size_t i = 0; i < DOCUMENTS / 2; i++) {
            assert_int_equal(x->entry[i].length, y->entry[i].length);
            assert_memory_equal(x->entry[i].bytes, y->entry[i].bytes, x->entry[i].length);
            char *value = lj_xap_value(ours, docids[i], slot, &n, &error);
            char *value_of_theirs = lj_xap_value(theirs, docids[i], slot, &m, &error);
            same_bytes(value, n, value_of_theirs, m);
        }
        lj_xap_data_free(x);
        lj_xap_data_free(y);
    }
    for (uint32_t docid = 1; docid < 40; docid++) {
        char *y = lj_xap_data(theirs, docid, &m, NULL);
        if (y && m > 0) { /* where there are none, Xapian says why */
            char *x = lj_xap_data(ours, docid, &n, &error);
            same_bytes(x, n, y, m);
        } else {
            g_free(y);
        }
    }
}

static void
commit_forms(const char *path, const char *forms)
{
    GError *error = NULL;
    struct xap_writer *writer = lj_xap_writer_open(path, XAP_UPDATE, &error);
    assert_true(lj_xap_writer_set_metadata(writer, "Fcasa", 5, forms, strlen(forms), &error) &&
                lj_xap_writer_set_metadata(writer, "journal", 7, "journal-0001 7", 14, &error) &&
                lj_xap_writer_commit(writer, &error));
    lj_xap_writer_close(writer);
}

static struct xap_reader *
reader_later(const char *const *databases, size_t n, struct lj_local *local)
{
    uint64_t revisions[2];
    lj_local_revisions(local, revisions);
    return lj_xap_reader_later(databases, n, revisions, &lj_local_tables, local);
}

/* What is asked beside searches is answered without Xapian, as it would: the reader has no databases to ask. Where
 * something was committed meanwhile, Xapian is asked, and shows that. */
static void
beside_searches(void **state)
{
    (void)state;
    char *paths[] = {make_database("beside", 31), make_database("besides", 32)};
    static const char *const nowhere[] = {"/nowhere/1", "/nowhere/2"};
    const char *const *databases = (const char *const *)paths;
    commit_forms(paths[0], "casa casas");
    commit_forms(paths[1], "casa casitas");
    GError *error = NULL;
    for (size_t n = 1; n <= 2; n++) {
        struct xap_reader *theirs = lj_xap_reader_open(databases, n, &error);
        struct lj_local *local = lj_local_open(databases, n);
        assert_non_null(local);
        struct xap_reader *ours = reader_later(nowhere, n, local);
        same_beside(ours, theirs, n);
        assert_int_equal(lj_xap_shards(ours), n);
        assert_true(lj_xap_takes_docids(ours));
        assert_null(lj_xap_terms(ours, "w", 1, "", 0, 10, &error));
        assert_true(g_error_matches(error, LJ_ERROR, LJ_ERROR_NO_INPUT));
        g_clear_error(&error);
        lj_xap_reader_close(ours);
        ours = reader_later(databases, n, local);
        commit_forms(paths[0], "casa casona");
        assert_true(lj_xap_reader_reopen(theirs, &error));
        same_beside(ours, theirs, n);
        struct xap_vocabulary *terms = lj_xap_terms(ours, "w", 1, "", 0, 10, &error);
        assert_int_equal(terms->n, 10);
        lj_xap_vocabulary_free(terms);
        lj_xap_reader_close(ours);
        lj_local_close(local);
        lj_xap_reader_close(theirs);
    }
    const char *twice[] = {paths[0], paths[0]};
    assert_null(lj_local_open(twice, 2)); /* whose is a document? */
    g_free(paths[0]);
    g_free(paths[1]);
}

/* A document weighs the same whether it is asked for alone or among others. (Xapian 1.4.22 adds the weight of a
 * phrase that is not there, where phrases are joined by OR and restricted to a list.) */
static void
phrases_among_others(void **state)
{
    (void)state;
    char *path = make_database("phrases", 4);
    GError *error = NULL;
    struct xap_reader *reader = lj_xap_reader_open((const char *const *)&path, 1, &error);
    struct lj_local *local = lj_local_open((const char *const *)&path, 1);
    uint64_t random = 11;
    for (int round = 0; round < 40; round++) {
        uint32_t docids[60], n = 0;
        for (uint32_t docid = 1 + (uint32_t)(next(&random) % 9); n < 60; docid += 11)
            docids[n++] = docid;
        GArray *nodes = g_array_new(FALSE, TRUE, sizeof(struct xap_node));
        for (int i = 0; i < 4; i++)
            push_phrase(nodes, &random);
        push_op(nodes, XAP_OR, 4);
        struct xap_node listed = {.op = XAP_DOCIDS, .docids = docids, .n_docids = n};
        g_array_append_val(nodes, listed);
        push_op(nodes, XAP_FILTER, 2);
        struct xap_search search = search_of(nodes, 100, 0);
        struct xap_matches *all = lj_local_search(local, reader, &search, NULL);
        assert_non_null(all);
        size_t found = 0;
        for (uint32_t i = 0; i < n; i++) {
            struct xap_node *list = &g_array_index(nodes, struct xap_node, nodes->len - 2);
            list->docids = &docids[i];
            list->n_docids = 1;
            struct xap_matches *alone = lj_xap_search(reader, &search, &error);
            size_t at = 0;
            while (at < all->n && all->hit[at].docid != docids[i])
                at++;
            assert_int_equal(alone->n, at < all->n);
            if (alone->n)
                assert_true(fabs(alone->hit[0].weight - all->hit[at].weight) < 1e-9);
            found += alone->n;
            lj_xap_matches_free(alone);
        }
        assert_int_equal(found, all->n);
        lj_xap_matches_free(all);
        g_array_unref(nodes);
    }
    lj_local_close(local);
    lj_xap_reader_close(reader);
    g_free(path);
}

/* --- lists of many chunks ----------------------------------------------------------------------
 */

enum { MANY = 60000, LONG = 8 };

/* Words without positions: the first in nearly every document, the last in few of them, and in a part of the ids only. */
static char *
make_long_lists(void)
{
    char *path = g_build_filename(folder, "long", NULL);
    GError *error = NULL;
    struct xap_writer *writer = lj_xap_writer_open(path, XAP_UPDATE, &error);
    assert_non_null(writer);
    uint64_t random = 77;
    for (uint32_t i = 1; i <= MANY; i++) {
        struct xap_posting postings[LONG] = {{0}};
        size_t n = 0;
        for (uint32_t w = 0; w < LONG; w++) {
            uint32_t wdf = next(&random) % 40 ? 1 + (uint32_t)(next(&random) % 3) : 200;
            if (next(&random) % (1u << w * 2) == 0 && (w < 6 || i % 20000 < 3000))
                postings[n++] =
                    (struct xap_posting){names[w], (uint32_t)strlen(names[w]), wdf, NULL, 0};
        }
        char id[16];
        g_snprintf(id, sizeof id, "id%05u", (i * 7919u) % 100000u);
        struct xap_value values[] = {{SLOT_ID, (uint32_t)strlen(id), id},
                                     {SLOT_KIND, 6, i % 3 ? "kind 1" : "kind 2"}};
        struct xap_document document = {postings, n, values, 2, "", 0};
        assert_true(lj_xap_writer_put(writer, 0, &document, &error) > 0);
    }
    assert_true(lj_xap_writer_commit(writer, &error));
    lj_xap_writer_close(writer);
    return path;
}

static void
push_several(GArray *nodes, uint64_t *random)
{
    uint32_t n = 1 + (uint32_t)(next(random) % 5);
    for (uint32_t i = 0; i < n; i++) {
        push_word(nodes, (uint32_t)(next(random) % LONG));
        if (next(random) % 4 == 0)
            push_op(nodes, XAP_SCALE, 1);
    }
    if (n > 1)
        push_op(nodes, XAP_OR, n);
}

/* The documents of a list, whatever lies between them, weigh what they weigh among all. */
static void
same_among_few(struct lj_local *local, struct xap_reader *reader, GArray *nodes, uint64_t *random)
{
    static uint32_t docids[MANY];
    struct xap_search search = search_of(nodes, MANY, G_MAXUINT32);
    struct xap_matches *all = lj_local_search(local, reader, &search, NULL);
    uint32_t step = 1 + (uint32_t)(next(random) % (next(random) % 2 ? 20 : 9000)), n = 0;
    for (uint32_t docid = 1 + (uint32_t)(next(random) % MANY); docid <= MANY;
         docid += 1 + (uint32_t)(next(random) % step))
        docids[n++] = docid;
    struct xap_node listed = {.op = XAP_DOCIDS, .docids = docids, .n_docids = n};
    g_array_append_val(nodes, listed);
    push_op(nodes, XAP_FILTER, 2);
    search = search_of(nodes, n, 0);
    struct xap_matches *few = lj_local_search(local, reader, &search, NULL);
    assert_non_null(all);
    assert_non_null(few);
    qsort(all->hit, all->n, sizeof *all->hit, by_docid);
    qsort(few->hit, few->n, sizeof *few->hit, by_docid);
    size_t found = 0;
    for (size_t i = 0, j = 0; i < n; i++) {
        while (j < all->n && all->hit[j].docid < docids[i])
            j++;
        if (j == all->n || all->hit[j].docid > docids[i])
            continue;
        assert_true(found < few->n);
        assert_int_equal(few->hit[found].docid, docids[i]);
        assert_true(few->hit[found++].weight == all->hit[j].weight);
    }
    assert_int_equal(found, few->n);
    lj_xap_matches_free(all);
    lj_xap_matches_free(few);
}

static void
long_lists(void **state)
{
    (void)state;
    char *path = make_long_lists();
    GError *error = NULL;
    struct xap_reader *reader = lj_xap_reader_open((const char *const *)&path, 1, &error);
    struct lj_local *local = lj_local_open((const char *const *)&path, 1);
    uint64_t random = 3;
    static const struct xap_probe probes[] = {{"w0", 2, true}, {"w10", 3, false}, {"w2", 2, true}};
    static const uint32_t docids[] = {MANY, 1, 17000, 17001, 3, 40000, 9};
    same_occurrences(local, reader, docids, G_N_ELEMENTS(docids), probes, G_N_ELEMENTS(probes));
    for (int round = 0; round < 60; round++) {
        GArray *nodes = g_array_new(FALSE, TRUE, sizeof(struct xap_node));
        push_several(nodes, &random);
        if (round % 3 == 0) {
            push_word(nodes, (uint32_t)(next(&random) % LONG));
            push_op(nodes, XAP_FILTER, 2);
        }
        same_answers(local, reader, nodes);
        if (round % 3)
            same_among_few(local, reader, nodes, &random);
        g_array_unref(nodes);
    }
    lj_local_close(local);
    lj_xap_reader_close(reader);
    g_free(path);
}

/* What was committed meanwhile is seen once Xapian's reader sees it too. */
static void
follows_commits(void **state)
{
    (void)state;
    char *path = make_database("commits", 3);
    GError *error = NULL;
    struct xap_reader *reader = lj_xap_reader_open((const char *const *)&path, 1, &error);
    struct lj_local *local = lj_local_open((const char *const *)&path, 1);
    uint64_t random = 21;
    GArray *nodes = g_array_new(FALSE, TRUE, sizeof(struct xap_node));
    push_word(nodes, 0);
    for (int round = 0; round < 5; round++) {
        same_answers(local, reader, nodes);
        struct xap_writer *writer = lj_xap_writer_open(path, XAP_UPDATE, &error);
        for (uint32_t i = 0; i < 50; i++)
            put(writer, &random, 0, 50000 + (uint32_t)round * 50 + i);
        assert_true(lj_xap_writer_commit(writer, &error));
        lj_xap_writer_close(writer);
        struct xap_search search = search_of(nodes, 10, 0);
        assert_null(lj_local_search(local, reader, &search, NULL));
        assert_true(lj_xap_reader_reopen(reader, &error));
    }
    same_answers(local, reader, nodes);
    struct xap_search search = search_of(nodes, 10, 0);
    search.sort = XAP_BY_VALUE;
    assert_null(lj_local_search(local, reader, &search, NULL)); /* Xapian's to do */
    g_array_unref(nodes);
    lj_local_close(local);
    lj_xap_reader_close(reader);
    g_free(path);
}

/* The file cut short, or some bytes or bits of it changed. */
static void
harm(const char *file, char *bytes, gsize length, int round, uint64_t *random)
{
    if (round % 7 == 6)
        length = next(random) % length;
    for (int i = 0; round % 7 < 6 && i < 1 + round / 4; i++) {
        char *byte = &bytes[next(random) % length];
        *byte = (char)(round % 2 ? next(random) : (uint8_t)*byte ^ 1u << next(random) % 8);
    }
    assert_true(g_file_set_contents(file, bytes, (gssize)length, NULL));
}

/* As a searcher asks: Xapian answers what the tables do not. Returns whether they were found to be damaged. */
static bool
ask(struct lj_local *local, struct xap_reader *reader, uint64_t *random, bool counts)
{
    static const uint32_t slots[] = {SLOT_KIND};
    GArray *nodes = g_array_new(FALSE, TRUE, sizeof(struct xap_node));
    push_any(nodes, random, 2, true);
    struct xap_search search = search_of(nodes, 10, 0);
    search.spies = slots;
    search.n_spies = counts;
    GError *error = NULL;
    struct xap_matches *matches = local ? lj_local_search(local, reader, &search, &error) : NULL;
    if (!matches && !error)
        matches = lj_xap_search(reader, &search, &error);
    assert_true((matches != NULL) != (error != NULL));
    for (size_t i = 0; matches && i < matches->n; i++)
        assert_in_range(matches->hit[i].docid, 1, UINT32_MAX);
    bool damaged = g_error_matches(error, LJ_ERROR, LJ_ERROR_DAMAGED);
    lj_xap_matches_free(matches);
    g_clear_error(&error);
    g_array_unref(nodes);
    static const struct xap_probe every = {"w", 1, true};
    uint32_t docids[] = {1 + (uint32_t)(next(random) % DOCUMENTS), 7};
    struct xap_occurrences *found[2];
    if (local && lj_local_occurrences(local, reader, docids, 2, &every, 1, found, NULL))
        for (int i = 0; i < 2; i++)
            lj_xap_occurrences_free(found[i]);
    return damaged;
}

/* Files that are cut or hold bytes that do not belong there: an answer, or an error; never a crash. */
static void
broken_files(void **state)
{
    (void)state;
    char *path = make_database("broken", 6);
    uint64_t random = 31;
    static const char *const files[] = {"postlist.glass", "position.glass", "termlist.glass",
                                        "iamglass"};
    unsigned opened = 0, damaged = 0;
    for (int round = 0; round < 420; round++) {
        char *file = g_build_filename(path, files[round % 4], NULL), *bytes;
        gsize length;
        assert_true(g_file_get_contents(file, &bytes, &length, NULL));
        char *kept = g_memdup2(bytes, length);
        harm(file, bytes, length, round, &random);
        GError *error = NULL;
        struct xap_reader *reader = lj_xap_reader_open((const char *const *)&path, 1, &error);
        struct lj_local *local = lj_local_open((const char *const *)&path, 1);
        assert_true((reader != NULL) != (error != NULL));
        opened += reader && local;
        for (int i = 0; reader && i < 5; i++)
            damaged += ask(local, reader, &random, i % 2);
        g_clear_error(&error);
        lj_local_close(local);
        lj_xap_reader_close(reader);
        assert_true(g_file_set_contents(file, kept, (gssize)length, NULL));
        g_free(kept);
        g_free(bytes);
        g_free(file);
    }
    assert_in_range(opened, 200, 420);
    assert_in_range(damaged, 100, 5 * 420);
    g_free(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_xapian_does),     cmocka_unit_test(positions_of_all),
        cmocka_unit_test(occurrences_of_all), cmocka_unit_test(data_of_all),
        cmocka_unit_test(beside_searches),    cmocka_unit_test(phrases_among_others),
        cmocka_unit_test(long_lists),         cmocka_unit_test(follows_commits),
        cmocka_unit_test(broken_files),       cmocka_unit_test(counts_of_beginnings),
        cmocka_unit_test(helped_meanwhile),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
