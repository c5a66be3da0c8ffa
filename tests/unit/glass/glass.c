/* A database built in bulk is what the library would have built: through the public interface, and,
 * compacted, byte for byte.
 *
 *     unit_glass_glass [FIRST_SEED COUNT]     further random collections
 */
#include "cmocka_all.h"
#include "glass/glass.h"
#include "glass/code.h"
#include "glass/run.h"
#include "reference.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char *folder;
static guint32 first_seed = 1, seeds = 5;

static char *
inside(const char *name)
{
    return g_build_filename(folder, name, NULL);
}

static void
remove_tree(const char *path)
{
    const char *argv[] = {"rm", "-rf", path, NULL};
    g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                 NULL);
}

static int
make_folder(void **state)
{
    (void)state;
    /* in memory where that is possible: some hundred databases are synced */
    char *name = g_strdup("/dev/shm/legajo-glass-XXXXXX");
    folder = g_mkdtemp(name);
    if (!folder) {
        g_free(name);
        folder = g_dir_make_tmp("legajo-glass-XXXXXX", NULL);
    }
    return folder ? 0 : -1;
}

static int
remove_folder(void **state)
{
    (void)state;
    remove_tree(folder);
    g_clear_pointer(&folder, g_free);
    return 0;
}

/* --- collections -------------------------------------------------------------------------------
 */

struct item {
    uint32_t docid;
    struct xap_document document;
};

/* Documents and metadata; strings and arrays live in the chunk and the list of blocks. */
struct collection {
    GArray *items;    /* struct item */
    GArray *metadata; /* struct xap_term pairs: name, value */
    GPtrArray *blocks;
};

static struct collection *
collection_new(void)
{
    struct collection *c = g_new0(struct collection, 1);
    c->items = g_array_new(FALSE, TRUE, sizeof(struct item));
    c->metadata = g_array_new(FALSE, TRUE, sizeof(struct xap_term));
    c->blocks = g_ptr_array_new_with_free_func(g_free);
    return c;
}

static void
collection_free(struct collection *c)
{
    g_array_unref(c->items);
    g_array_unref(c->metadata);
    g_ptr_array_unref(c->blocks);
    g_free(c);
}

static void *
keep(struct collection *c, const void *bytes, size_t n)
{
    void *copy = g_malloc(n + 1);
    if (n)
        memcpy(copy, bytes, n);
    ((char *)copy)[n] = 0;
    g_ptr_array_add(c->blocks, copy);
    return copy;
}

static void
add_metadata(struct collection *c, const char *name, size_t name_length, const char *value,
             size_t length)
{
    struct xap_term pair[2] = {{keep(c, name, name_length), name_length},
                               {keep(c, value, length), length}};
    g_array_append_vals(c->metadata, pair, 2);
}

static void
add_item(struct collection *c, uint32_t docid, const struct xap_posting *postings, size_t n,
         const struct xap_value *values, size_t n_values, const char *data, size_t data_length)
{
    struct item item = {.docid = docid};
    item.document.postings = keep(c, postings, n * sizeof *postings);
    item.document.n_postings = n;
    item.document.values = keep(c, values, n_values * sizeof *values);
    item.document.n_values = n_values;
    item.document.data = keep(c, data, data_length);
    item.document.data_length = data_length;
    g_array_append_val(c->items, item);
}

/* A term of a pool that has the shapes that trouble a B-tree: long ones with a long common
 * beginning, beginnings of one another, zero bytes, bytes that are high. */
static size_t
pool_term(uint32_t number, char out[GLASS_TERM_LIMIT])
{
    switch (number % 16) {
    case 0:
        memset(out, 'a', GLASS_TERM_LIMIT);
        g_snprintf(out + 235, 10, "%09u", number);
        out[244] = 'z';
        return GLASS_TERM_LIMIT;
    case 1:
        memcpy(out, "\0nul\0", 5);
        return 5 + (size_t)g_snprintf(out + 5, 20, "%u", number);
    case 2:
        memset(out, 'b', 1 + number / 16 % 200);
        return 1 + number / 16 % 200;
    case 3:
        out[0] = (char)0xff;
        out[1] = (char)(number / 16);
        out[2] = (char)(number / 4096);
        return 3;
    case 4:
        memset(out, 0, 120);
        g_snprintf(out + 110, 10, "%09u", number);
        return 119;
    default:
        return (size_t)g_snprintf(out, 40, "%c%x", 'a' + (int)(number % 26), number / 16);
    }
}

static int
compare_uint32(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static char *
random_bytes(GRand *random, size_t n)
{
    char *bytes = g_malloc(n + 1);
    for (size_t i = 0; i < n; i++)
        bytes[i] = (char)(i % 3 ? 'a' + (int)(i % 20) : (int)g_rand_int_range(random, 0, 256));
    return bytes;
}

static struct collection *
random_collection(guint32 seed)
{
    static const uint32_t slots[] = {0, 1, 3, 127, 128, 255, 256, 257, 1024, 65536, 1049599};
    GRand *random = g_rand_new_with_seed(seed);
    struct collection *c = collection_new();
    uint32_t documents = (uint32_t)g_rand_int_range(random, 1, seed % 4 ? 100 : 500);
    uint32_t pool = (uint32_t)g_rand_int_range(random, 1, seed % 3 ? 300 : 20000);
    uint32_t docid = seed % 5 == 1 ? 32700 : seed % 5 == 2 ? (1u << 22) - 20 : 0;
    if (seed % 5 == 3)
        docid = (1u << 29) - 100;
    for (uint32_t d = 0; d < documents; d++) {
        docid += g_rand_int_range(random, 0, 10) ? 1 : (uint32_t)g_rand_int_range(random, 1, 3000);
        uint32_t want = g_rand_int_range(random, 0, 12)
                            ? (uint32_t)g_rand_int_range(random, 0, 60)
                            : (uint32_t)g_rand_int_range(random, 0, (gint32)MIN(pool, 400));
        GHashTable *taken = g_hash_table_new(NULL, NULL);
        struct xap_posting *postings = g_new0(struct xap_posting, want + 1);
        size_t n = 0;
        for (uint32_t i = 0; i < want; i++) {
            /* low numbers often: some terms stand in most documents */
            double u = g_rand_double(random);
            uint32_t number = (uint32_t)(u * u * u * pool);
            if (!g_hash_table_add(taken, GUINT_TO_POINTER(number)))
                continue;
            char term[GLASS_TERM_LIMIT];
            struct xap_posting *posting = &postings[n];
            posting->length = (uint32_t)pool_term(number, term);
            bool twice = false;
            for (size_t k = 0; k < n && !twice; k++)
                twice = postings[k].length == posting->length &&
                        !memcmp(postings[k].term, term, posting->length);
            if (twice)
                continue;
            posting->term = keep(c, term, posting->length);
            uint32_t kind = (uint32_t)g_rand_int_range(random, 0, 10);
            if (kind > 2) {
                uint32_t count = g_rand_int_range(random, 0, 30)
                                     ? (uint32_t)g_rand_int_range(random, 1, 6)
                                     : (uint32_t)g_rand_int_range(random, 1, 900);
                uint32_t *positions = g_new(uint32_t, count), kept = 0;
                uint32_t reach = g_rand_int_range(random, 0, 20) ? count * 4 : 0;
                for (uint32_t k = 0; k < count; k++)
                    positions[k] = reach ? (uint32_t)g_rand_int_range(random, 0, (gint32)reach)
                                         : g_rand_int(random);
                if (!reach)
                    positions[0] = UINT32_MAX;
                qsort(positions, count, sizeof *positions, compare_uint32);
                for (uint32_t k = 0; k < count; k++) {
                    if (!k || positions[k] != positions[kept - 1])
                        positions[kept++] = positions[k];
                }
                posting->positions = keep(c, positions, kept * sizeof *positions);
                posting->n_positions = kept;
                g_free(positions);
            }
            posting->wdf = kind == 0   ? 0
                           : kind == 1 ? (uint32_t)g_rand_int_range(random, 100, 150)
                           : kind == 9 ? (uint32_t)g_rand_int_range(random, 1, 70000)
                                       : MAX(posting->n_positions, 1);
            n++;
        }
        struct xap_value values[G_N_ELEMENTS(slots)];
        size_t n_values = 0;
        for (size_t i = G_N_ELEMENTS(slots); i-- > 0;) {
            if (g_rand_int_range(random, 0, 3))
                continue;
            size_t length = g_rand_int_range(random, 0, 150)
                                ? (size_t)g_rand_int_range(random, 1, 20)
                                : (size_t)g_rand_int_range(random, 1, 5000);
            char *bytes = random_bytes(random, length);
            values[n_values++] =
                (struct xap_value){slots[i], (uint32_t)length, keep(c, bytes, length)};
            g_free(bytes);
        }
        size_t data_length = g_rand_int_range(random, 0, 4)
                                 ? (size_t)g_rand_int_range(random, 0, 300)
                                 : (size_t)g_rand_int_range(random, 0, 12000);
        char *data = random_bytes(random, data_length);
        add_item(c, docid, postings, n, values, n_values, data, data_length);
        g_free(data);
        g_free(postings);
        g_hash_table_unref(taken);
    }
    for (int i = 0; i < g_rand_int_range(random, 0, 80); i++) {
        char name[GLASS_METADATA_NAME_LIMIT];
        size_t length = i ? (size_t)g_snprintf(name, 40, "k%d", i) : sizeof name;
        if (!i)
            memset(name, 'n', sizeof name);
        size_t size = (size_t)g_rand_int_range(random, 1, i % 9 ? 60 : 20000);
        char *value = random_bytes(random, size);
        add_metadata(c, name, length, value, size);
        g_free(value);
    }
    g_rand_free(random);
    return c;
}

/* --- both ways ---------------------------------------------------------------------------------
 */

static void
build_by_library(const struct collection *c, const char *path)
{
    GError *error = NULL;
    struct xap_writer *writer = lj_xap_writer_open(path, XAP_SCRATCH, &error);
    assert_null(error);
    for (guint i = 0; i < c->items->len; i++) {
        const struct item *item = &g_array_index(c->items, struct item, i);
        lj_xap_writer_put(writer, item->docid, &item->document, &error);
        if (error)
            fail_msg("%s", error->message);
    }
    for (guint i = 0; i < c->metadata->len; i += 2) {
        const struct xap_term *pair = &g_array_index(c->metadata, struct xap_term, i);
        assert_true(lj_xap_writer_set_metadata(writer, pair[0].term, pair[0].length, pair[1].term,
                                               pair[1].length, &error));
    }
    assert_true(lj_xap_writer_commit(writer, &error));
    lj_xap_writer_close(writer);
}

struct way {
    size_t memory;
    size_t builders;
    size_t batch; /* documents dealt to each builder in turn */
    bool deflate;
    unsigned threads;
};

static bool
build_in_bulk(const struct collection *c, const char *path, const struct way *way, GError **error)
{
    struct lj_glass *glass[4] = {NULL};
    bool ok = true;
    for (size_t i = 0; i < way->builders && ok; i++) {
        glass[i] = lj_glass_open(path, way->memory, error);
        ok = glass[i] != NULL;
        if (ok)
            lj_glass_set_deflate(glass[i], way->deflate);
    }
    for (guint i = 0; i < c->items->len && ok; i++) {
        const struct item *item = &g_array_index(c->items, struct item, i);
        ok = lj_glass_add(glass[i / way->batch % way->builders], item->docid, &item->document,
                          error);
    }
    for (guint i = 0; i < c->metadata->len && ok; i += 2) {
        const struct xap_term *pair = &g_array_index(c->metadata, struct xap_term, i);
        ok = lj_glass_set_metadata(glass[i / 2 % way->builders], pair[0].term, pair[0].length,
                                   pair[1].term, pair[1].length, error);
    }
    if (ok)
        ok = way->builders == 1 ? lj_glass_finish(glass[0], error)
                                : lj_glass_merge(glass, way->builders, path, way->threads, error);
    for (size_t i = 0; i < way->builders; i++)
        lj_glass_free(glass[i]);
    return ok;
}

static void
assert_equal(const char *a, const char *b, const char *what)
{
    char *difference = reference_difference(a, b);
    if (difference)
        fail_msg("%s: %s", what, difference);
    struct xap_reader *reader = lj_xap_reader_open(&b, 1, NULL);
    struct xap_statistics statistics;
    assert_true(lj_xap_statistics(reader, &statistics, NULL));
    lj_xap_reader_close(reader);
    if (statistics.last_docid > 10000000)
        return; /* the library's check takes memory for every docid up to the last */
    GString *report = g_string_new(NULL);
    GError *error = NULL;
    if (!lj_xap_check(b, report, &error))
        fail_msg("%s: %s: %s", what, error->message, report->str);
    g_string_free(report, TRUE);
}

/* Compacts both and compares every byte but the UUID. */
static void
assert_same_compacted(const char *a, const char *b, const char *what)
{
    static const char *const names[] = {"postlist.glass", "position.glass", "termlist.glass",
                                        "docdata.glass", "iamglass"};
    char *path[2] = {inside("compact-a"), inside("compact-b")};
    const char *source[2] = {a, b};
    GError *error = NULL;
    for (int i = 0; i < 2; i++) {
        if (!lj_xap_compact(&source[i], 1, path[i], true, false, &error))
            fail_msg("%s: %s", what, error->message);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        char *bytes[2] = {NULL};
        gsize n[2] = {0};
        for (int k = 0; k < 2; k++) {
            char *file = g_build_filename(path[k], names[i], NULL);
            g_file_get_contents(file, &bytes[k], &n[k], NULL);
            g_free(file);
        }
        if (i == 4) {
            assert_true(n[0] > 32 && n[1] > 32);
            memset(bytes[0] + 16, 0, 16);
            memset(bytes[1] + 16, 0, 16);
        }
        if (n[0] != n[1] || (n[0] && memcmp(bytes[0], bytes[1], n[0])))
            fail_msg("%s: compacted %s differs (%zu and %zu bytes)", what, names[i], n[0], n[1]);
        g_free(bytes[0]);
        g_free(bytes[1]);
    }
    for (int i = 0; i < 2; i++) {
        remove_tree(path[i]);
        g_free(path[i]);
    }
}

/* Builds a collection by the library and in bulk, every way given, and compares. */
static void
compare_ways(const struct collection *c, const struct way *ways, size_t n, const char *what)
{
    char *reference = inside("reference"), *bulk = inside("bulk");
    build_by_library(c, reference);
    for (size_t i = 0; i < n; i++) {
        char *label = g_strdup_printf("%s, way %zu", what, i);
        GError *error = NULL;
        if (!build_in_bulk(c, bulk, &ways[i], &error))
            fail_msg("%s: %s", label, error->message);
        assert_equal(reference, bulk, label);
        assert_same_compacted(reference, bulk, label);
        remove_tree(bulk);
        g_free(label);
    }
    remove_tree(reference);
    g_free(reference);
    g_free(bulk);
}

static const struct way all_ways[] = {
    {64 << 20, 1, 1, true, 1},
    {0, 3, 7, false, 3},
    {300000, 2, 1, true, 2},
};

/* --- the tests ---------------------------------------------------------------------------------
 */

static void
random_collections_are_equal(void **state)
{
    (void)state;
    for (guint32 seed = first_seed; seed < first_seed + seeds; seed++) {
        struct collection *c = random_collection(seed);
        char *what = g_strdup_printf("seed %u, %u documents", seed, c->items->len);
        compare_ways(c, all_ways, G_N_ELEMENTS(all_ways), what);
        g_free(what);
        collection_free(c);
    }
}

static void
extreme_shapes_are_equal(void **state)
{
    (void)state;
    struct collection *c = collection_new();
    char *big = g_malloc(150000);
    memset(big, 'v', 150000);
    char longest[GLASS_TERM_LIMIT];
    memset(longest, 'w', sizeof longest);
    uint32_t edge[] = {0, 1, UINT32_MAX - 1, UINT32_MAX}, one[] = {0}, far[] = {UINT32_MAX};
    struct xap_value values[] = {{0, 100000, big}, {7, 1, "x"}, {3, 2, "\0\0"}};
    struct xap_posting rich[] = {{"a", 1, 4, edge, 4},      {longest, GLASS_TERM_LIMIT, 0, NULL, 0},
                                 {"b", 1, 1, one, 1},       {"c", 1, 1, far, 1},
                                 {"\0", 1, 126, NULL, 0},   {"\0\0", 2, 127, NULL, 0},
                                 {"d", 1, 1000000, NULL, 0}};
    add_item(c, 1, NULL, 0, NULL, 0, "", 0);
    add_item(c, 2, rich, G_N_ELEMENTS(rich), values, 3, big, 150000);
    add_item(c, 32767, rich, 1, values, 1, "d", 1);
    add_item(c, 32768, rich + 1, 3, values + 2, 1, "d", 1);
    add_item(c, 40000, NULL, 0, values, 3, "", 0);
    add_item(c, UINT32_MAX - 1, rich + 4, 2, NULL, 0, "", 0);
    add_metadata(c, "big", 3, big, 150000);
    add_metadata(c, "\0\xff", 2, "zero", 4);
    compare_ways(c, all_ways, G_N_ELEMENTS(all_ways), "extreme shapes");
    collection_free(c);

    /* nothing but one term, one document */
    c = collection_new();
    add_item(c, 1, rich + 2, 1, NULL, 0, "", 0);
    compare_ways(c, all_ways, G_N_ELEMENTS(all_ways), "one term");
    collection_free(c);

    /* documents without a term */
    c = collection_new();
    add_item(c, 5, NULL, 0, NULL, 0, "", 0);
    add_item(c, 9, NULL, 0, NULL, 0, "data", 4);
    compare_ways(c, all_ways, G_N_ELEMENTS(all_ways), "empty documents");
    collection_free(c);
    g_free(big);
}

static void
a_term_in_very_many_documents(void **state)
{
    (void)state;
    struct collection *c = collection_new();
    for (uint32_t i = 1; i <= 3000; i++) {
        char own[16];
        uint32_t position = i % 7, n = (uint32_t)g_snprintf(own, sizeof own, "Q%u", i);
        struct xap_posting postings[] = {{"todo", 4, 1, &position, 1},
                                         {keep(c, own, n), n, 0, NULL, 0}};
        postings[0].positions = keep(c, &position, sizeof position);
        add_item(c, i, postings, 2, NULL, 0, "", 0);
    }
    compare_ways(c, all_ways, G_N_ELEMENTS(all_ways), "common term");
    collection_free(c);
}

/* Finishes two builders, whose databases must be equal; takes them and the names of their folders over. */
static void
assert_finished_alike(struct lj_glass *one, char *a, struct lj_glass *other, char *b,
                      const char *what)
{
    GError *error = NULL;
    assert_true(lj_glass_finish(one, &error));
    assert_true(lj_glass_finish(other, &error));
    lj_glass_free(one);
    lj_glass_free(other);
    assert_equal(a, b, what);
    assert_same_compacted(a, b, what);
    remove_tree(a);
    remove_tree(b);
    g_free(a);
    g_free(b);
}

/* The hot path gives what the plain one gives. */
static void
occurrences_are_postings(void **state)
{
    (void)state;
    char *a = inside("plain"), *b = inside("text");
    GError *error = NULL;
    struct lj_glass *plain = lj_glass_open(a, 0, &error), *text = lj_glass_open(b, 0, &error);
    assert_null(error);
    GRand *random = g_rand_new_with_seed(3);
    enum { WORDS = 500, STEMS = 100, LENGTH = 300 };
    uint32_t word[WORDS], stem[STEMS];
    unsigned epoch = 0, epochs = 0;
    for (uint32_t docid = 1; docid < 400; docid += 1 + docid % 3) {
        if (epoch != lj_glass_epoch(text)) {
            epoch = lj_glass_epoch(text);
            epochs++;
            char name[20];
            for (uint32_t i = 0; i < STEMS; i++)
                stem[i] = lj_glass_term(text, name, (size_t)g_snprintf(name, 20, "Zs%u", i));
            for (uint32_t i = 0; i < WORDS; i++) {
                word[i] = lj_glass_term(text, name, (size_t)g_snprintf(name, 20, "w%u", i));
                lj_glass_imply(text, word[i], stem[i % STEMS]);
            }
        }
        struct lj_glass_occurrence occurrence[LENGTH];
        uint32_t count[WORDS] = {0}, stems[STEMS] = {0}, positions[WORDS][LENGTH];
        uint32_t kept[WORDS] = {0};
        for (uint32_t i = 0; i < LENGTH; i++) {
            uint32_t w = (uint32_t)g_rand_int_range(random, 0, WORDS), position = i / 2;
            if (i % 10 == 1)
                w = WORDS - 1; /* may repeat a position */
            occurrence[i] = (struct lj_glass_occurrence){word[w], position};
            count[w]++;
            stems[w % STEMS]++;
            if (!kept[w] || positions[w][kept[w] - 1] != position)
                positions[w][kept[w]++] = position;
        }
        uint32_t boolean = lj_glass_term(text, "XBool", 5);
        uint32_t extra[] = {word[0], word[0]};
        count[0] += 2;
        stems[0] += 2;
        struct xap_value value = {2, 3, "abc"};
        struct lj_glass_text whole = {.occurrences = occurrence,
                                      .n_occurrences = LENGTH,
                                      .plain = extra,
                                      .n_plain = 2,
                                      .boolean = &boolean,
                                      .n_boolean = 1,
                                      .values = &value,
                                      .n_values = 1,
                                      .data = "data",
                                      .data_length = 4};
        assert_true(lj_glass_add_text(text, docid, &whole, &error));

        struct xap_posting postings[WORDS + STEMS + 1];
        static char names[WORDS + STEMS][8];
        size_t n = 0;
        for (uint32_t i = 0; i < WORDS; i++) {
            uint32_t length = (uint32_t)g_snprintf(names[i], 8, "w%u", i);
            if (count[i])
                postings[n++] = (struct xap_posting){names[i], length, count[i],
                                                     kept[i] ? positions[i] : NULL, kept[i]};
        }
        for (uint32_t i = 0; i < STEMS; i++) {
            uint32_t length = (uint32_t)g_snprintf(names[WORDS + i], 8, "Zs%u", i);
            if (stems[i])
                postings[n++] = (struct xap_posting){names[WORDS + i], length, stems[i], NULL, 0};
        }
        postings[n++] = (struct xap_posting){"XBool", 5, 0, NULL, 0};
        struct xap_document document = {postings, n, &value, 1, "data", 4};
        assert_true(lj_glass_add(plain, docid, &document, &error));
    }
    assert_true(epochs > 2); /* runs were set down meanwhile */
    assert_finished_alike(plain, a, text, b, "occurrences");
    g_rand_free(random);
}

/* Terms that stand alone end up where those of the table do; some documents have nothing else. */
static void
single_terms_are_postings(void **state)
{
    (void)state;
    char *a = inside("plain"), *b = inside("single");
    GError *error = NULL;
    struct lj_glass *plain = lj_glass_open(a, 0, &error), *single = lj_glass_open(b, 0, &error);
    assert_null(error);
    for (uint32_t docid = 1; docid < 1500; docid++) {
        char names[8][24];
        struct xap_posting postings[8];
        uint32_t terms[8], positions[] = {docid, docid + 7};
        size_t n = 0;
        const char *alone[] = {"Q", "XH", "XK"};
        uint32_t number[] = {docid, docid / 3,
                             5000 - docid / 700}; /* one's own, shared by three, by a whole run */
        for (size_t i = 0; i < G_N_ELEMENTS(alone); i++) {
            uint32_t length =
                (uint32_t)g_snprintf(names[n], sizeof names[n], "%s%u", alone[i], number[i]);
            terms[n] = LJ_GLASS_SINGLE;
            postings[n] = (struct xap_posting){names[n], length, i == 1 ? docid % 200 : 0, NULL, 0};
            n++;
        }
        for (uint32_t i = 0; i < docid % 5; i++) {
            uint32_t length = (uint32_t)g_snprintf(names[n], sizeof names[n], "%s%u",
                                                   i ? "w" : "XA", docid * i % 37);
            postings[n] =
                (struct xap_posting){names[n], length, 2, i ? positions : NULL, i ? 2 : 0};
            terms[n] = lj_glass_term(single, names[n], length);
            n += i == 0 || terms[n] != terms[n - 1];
        }
        struct xap_value value = {1, 2, "xy"};
        struct xap_document document = {postings, n, &value, docid % 2, "data", docid % 4 ? 4 : 0};
        assert_true(lj_glass_add(plain, docid, &document, &error));
        assert_true(lj_glass_add_known(single, docid, &document, terms, &error));
    }
    assert_finished_alike(plain, a, single, b, "single");
}

/* One that stands alone here and in the table there would be two terms of one name: the run fails. */
static void
a_single_term_in_the_table_is_refused(void **state)
{
    (void)state;
    char *dir = inside("both");
    GError *error = NULL;
    struct lj_glass *glass = lj_glass_open(dir, 1 << 20, &error);
    assert_non_null(glass);
    struct xap_posting posting = {"Q1", 2, 0, NULL, 0};
    struct xap_document document = {&posting, 1, NULL, 0, NULL, 0};
    uint32_t alone = LJ_GLASS_SINGLE;
    assert_true(lj_glass_add_known(glass, 1, &document, &alone, &error));
    assert_true(lj_glass_add(glass, 2, &document, &error));
    assert_false(lj_glass_finish(glass, &error));
    assert_int_equal(error->code, LJ_ERROR_INTERNAL);
    g_clear_error(&error);
    lj_glass_free(glass);
    remove_tree(dir);
    g_free(dir);
}

/* Parts of three builders, in turn, come together as if their documents had come one by one. */
static void
parts_follow_one_another(void **state)
{
    (void)state;
    for (guint32 seed = 200; seed < 202; seed++) {
        struct collection *c = random_collection(seed);
        for (guint i = 0; i < c->items->len; i++)
            g_array_index(c->items, struct item, i).docid = i + 1;
        char *reference = inside("whole"), *joined = inside("joined");
        build_by_library(c, reference);
        GError *error = NULL;
        struct lj_glass *glass[3];
        for (int i = 0; i < 3; i++) {
            /* with room to spare, terms keep their numbers from part to part */
            glass[i] = lj_glass_open(folder, i == 1 ? 64 << 20 : 0, &error);
            lj_glass_set_deflate(glass[i], i == 0);
        }
        unsigned epoch = lj_glass_epoch(glass[1]);
        GPtrArray *parts = g_ptr_array_new_with_free_func((GDestroyNotify)lj_glass_part_free);
        for (guint i = 0, n = 0; i < c->items->len; n++) {
            guint size = n % 4 ? 1 + n * 7 % 40 : 0; /* some parts are empty */
            for (guint k = 0; k < size && i < c->items->len; k++, i++) {
                const struct item *item = &g_array_index(c->items, struct item, i);
                assert_true(lj_glass_add(glass[n % 3], k + 1, &item->document, &error));
            }
            if (n == 1)
                for (guint k = 0; k < c->metadata->len; k += 2) {
                    const struct xap_term *pair = &g_array_index(c->metadata, struct xap_term, k);
                    assert_true(lj_glass_set_metadata(glass[1], pair[0].term, pair[0].length,
                                                      pair[1].term, pair[1].length, &error));
                }
            g_ptr_array_add(parts, lj_glass_take(glass[n % 3], &error));
            assert_null(error);
        }
        assert_int_equal(lj_glass_epoch(glass[1]), epoch);
        for (int i = 0; i < 3; i++)
            lj_glass_free(glass[i]); /* parts outlive their builders */
        if (!lj_glass_join((struct lj_glass_part *const *)parts->pdata, parts->len, joined, 1 << 20,
                           3, &error))
            fail_msg("%s", error->message);
        g_ptr_array_unref(parts);
        assert_equal(reference, joined, "parts");
        assert_same_compacted(reference, joined, "parts");
        remove_tree(reference);
        remove_tree(joined);
        g_free(reference);
        g_free(joined);
        collection_free(c);
    }
}

/* Ordinary updates of a built database come to what they come to on the library's. */
static void
updates_work(void **state)
{
    (void)state;
    for (guint32 seed = 101; seed < 103; seed++) {
        struct collection *c = random_collection(seed), *more = random_collection(seed + 50);
        char *path[2] = {inside("updated-a"), inside("updated-b")};
        GError *error = NULL;
        build_by_library(c, path[0]);
        struct way way = {0, 2, 5, seed % 2 == 0, 2};
        assert_true(build_in_bulk(c, path[1], &way, &error));
        for (int k = 0; k < 2; k++) {
            GRand *random = g_rand_new_with_seed(seed);
            struct xap_writer *writer = lj_xap_writer_open(path[k], XAP_UPDATE, &error);
            assert_null(error);
            for (guint i = 0; i < 200; i++) {
                const struct item *item =
                    &g_array_index(c->items, struct item,
                                   (guint)g_rand_int_range(random, 0, (gint32)c->items->len));
                const struct item *other =
                    &g_array_index(more->items, struct item,
                                   (guint)g_rand_int_range(random, 0, (gint32)more->items->len));
                int choice = g_rand_int_range(random, 0, 3);
                if (choice == 0)
                    assert_true(lj_xap_writer_delete(writer, item->docid, &error));
                else
                    lj_xap_writer_put(writer, choice == 1 ? item->docid : 0, &other->document,
                                      &error);
                if (error)
                    fail_msg("%s", error->message);
                if (i % 70 == 0) {
                    assert_true(lj_xap_writer_set_metadata(writer, "k1", 2, "new", 3, &error));
                    assert_true(lj_xap_writer_commit(writer, &error));
                }
            }
            assert_true(lj_xap_writer_commit(writer, &error));
            lj_xap_writer_close(writer);
            g_rand_free(random);
        }
        assert_equal(path[0], path[1], "updated");
        for (int k = 0; k < 2; k++) {
            remove_tree(path[k]);
            g_free(path[k]);
        }
        collection_free(c);
        collection_free(more);
    }
}

static void
metadata_is_merged(void **state)
{
    (void)state;
    char *path = inside("metadata");
    GError *error = NULL;
    struct lj_glass *glass[2] = {lj_glass_open(path, 0, &error), lj_glass_open(path, 0, &error)};
    struct xap_document empty = {0};
    assert_true(lj_glass_add(glass[1], 1, &empty, &error));
    assert_true(lj_glass_set_metadata(glass[0], "Farm", 4, "arma armas", 10, &error));
    assert_true(lj_glass_set_metadata(glass[0], "Farm", 4, "armado", 6, &error));
    assert_true(lj_glass_set_metadata(glass[1], "Farm", 4, "armar armas", 11, &error));
    assert_true(lj_glass_set_metadata(glass[0], "x", 1, "1", 1, &error));
    assert_true(lj_glass_set_metadata(glass[0], "x", 1, "2", 1, &error));
    assert_true(lj_glass_set_metadata(glass[0], "Aley", 4, "z a\tb c", 7, &error));
    assert_true(lj_glass_set_metadata(glass[1], "Aley", 4, "a b\tb c", 7, &error));
    assert_true(lj_glass_set_metadata(glass[1], "Fsolo", 5, "b a", 3, &error));
    assert_true(lj_glass_merge(glass, 2, path, 1, &error));
    lj_glass_free(glass[0]);
    lj_glass_free(glass[1]);
    const char *paths[] = {path};
    struct xap_reader *reader = lj_xap_reader_open(paths, 1, &error);
    assert_null(error);
    static const char *cases[][2] = {{"Farm", "arma armado armar armas"},
                                     {"x", "2"},
                                     {"Fsolo", "b a"},
                                     {"Aley", "a b\tb c\tz a"}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        size_t n;
        char *value = lj_xap_metadata(reader, 0, cases[i][0], strlen(cases[i][0]), &n, &error);
        assert_int_equal(n, strlen(cases[i][1]));
        assert_memory_equal(value, cases[i][1], n);
        g_free(value);
    }
    lj_xap_reader_close(reader);
    remove_tree(path);
    g_free(path);
}

/* No document: an empty database, or one with metadata only. */
static void
nothing_is_a_database(void **state)
{
    (void)state;
    for (int with = 0; with < 2; with++) {
        struct collection *c = collection_new();
        if (with)
            add_metadata(c, "k", 1, "v", 1);
        char *reference = inside("none-a"), *bulk = inside("none-b");
        GError *error = NULL;
        build_by_library(c, reference);
        assert_true(build_in_bulk(c, bulk, &all_ways[0], &error));
        assert_equal(reference, bulk, "nothing");
        struct xap_writer *writer = lj_xap_writer_open(bulk, XAP_UPDATE, &error);
        if (!writer)
            fail_msg("%s", error->message);
        struct xap_posting posting = {"a", 1, 1, NULL, 0};
        struct xap_document document = {&posting, 1, NULL, 0, "", 0};
        assert_int_equal(lj_xap_writer_put(writer, 0, &document, &error), 1);
        assert_true(lj_xap_writer_commit(writer, &error));
        lj_xap_writer_close(writer);
        remove_tree(reference);
        remove_tree(bulk);
        g_free(reference);
        g_free(bulk);
        collection_free(c);
    }
}

static void
what_the_format_forbids_is_refused(void **state)
{
    (void)state;
    char *path = inside("refused"), longest[300];
    memset(longest, 'x', sizeof longest);
    char zeros[200] = {0};
    uint32_t falling[] = {5, 5};
    struct xap_posting good = {"a", 1, 1, NULL, 0};
    struct xap_posting bad[][2] = {{good, {"", 0, 1, NULL, 0}},
                                   {good, {longest, 246, 1, NULL, 0}},
                                   {good, {zeros, 130, 1, NULL, 0}},
                                   {good, good},
                                   {good, {"b", 1, 1, falling, 2}}};
    struct xap_value twice[] = {{1, 1, "a"}, {1, 1, "b"}};
    GError *error = NULL;
    struct lj_glass *glass = lj_glass_open(path, 1 << 20, &error);
    struct xap_document document = {&good, 1, NULL, 0, "", 0};
    assert_true(lj_glass_add(glass, 1, &document, &error));
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        document = (struct xap_document){bad[i], 2, NULL, 0, "", 0};
        assert_false(lj_glass_add(glass, 2, &document, &error));
        assert_true(g_error_matches(error, LJ_ERROR, LJ_ERROR_FORMAT));
        g_clear_error(&error);
    }
    document = (struct xap_document){&good, 1, twice, 2, "", 0};
    assert_false(lj_glass_add(glass, 2, &document, &error));
    assert_true(g_error_matches(error, LJ_ERROR, LJ_ERROR_FORMAT));
    g_clear_error(&error);
    assert_false(lj_glass_set_metadata(glass, longest, 254, "v", 1, &error));
    assert_true(g_error_matches(error, LJ_ERROR, LJ_ERROR_FORMAT));
    g_clear_error(&error);
    document = (struct xap_document){&good, 1, NULL, 0, "", 0};
    assert_false(lj_glass_add(glass, 1, &document, &error)); /* docids rise */
    g_clear_error(&error);
    assert_true(lj_glass_add(glass, 2, &document, &error));
    assert_int_equal(lj_glass_documents(glass), 2);
    assert_true(lj_glass_finish(glass, &error));
    lj_glass_free(glass);

    /* nothing of the refused stayed */
    char *reference = inside("allowed");
    struct collection *c = collection_new();
    add_item(c, 1, &good, 1, NULL, 0, "", 0);
    add_item(c, 2, &good, 1, NULL, 0, "", 0);
    build_by_library(c, reference);
    assert_equal(reference, path, "refused");
    assert_same_compacted(reference, path, "refused");
    collection_free(c);

    /* a database is never written over */
    assert_null(lj_glass_open(path, 0, &error));
    assert_true(g_error_matches(error, LJ_ERROR, LJ_ERROR_IO));
    g_clear_error(&error);
    remove_tree(path);
    remove_tree(reference);
    g_free(path);
    g_free(reference);
}

static void
a_docid_in_two_builders_is_found(void **state)
{
    (void)state;
    char *path = inside("two");
    GError *error = NULL;
    struct lj_glass *glass[2] = {lj_glass_open(path, 0, &error), lj_glass_open(path, 0, &error)};
    struct xap_posting good = {"a", 1, 1, NULL, 0};
    struct xap_document document = {&good, 1, NULL, 0, "", 0};
    for (int i = 0; i < 2; i++)
        assert_true(lj_glass_add(glass[i], 3, &document, &error));
    assert_false(lj_glass_merge(glass, 2, path, 3, &error));
    assert_true(g_error_matches(error, LJ_ERROR, LJ_ERROR_INTERNAL));
    g_clear_error(&error);
    /* the builders are empty and can be used for a next database */
    assert_true(lj_glass_add(glass[0], 3, &document, &error));
    assert_true(lj_glass_add(glass[1], 4, &document, &error));
    assert_true(lj_glass_merge(glass, 2, path, 3, &error));
    lj_glass_free(glass[0]);
    lj_glass_free(glass[1]);
    const char *paths[] = {path};
    struct xap_reader *reader = lj_xap_reader_open(paths, 1, &error);
    struct xap_statistics statistics;
    assert_true(lj_xap_statistics(reader, &statistics, &error));
    assert_int_equal(statistics.documents, 2);
    lj_xap_reader_close(reader);
    remove_tree(path);
    g_free(path);
}

/* A file that may not grow beyond a limit stands for a disk that is full: wherever it fails, the
 * error says so and no database is there. */
static void
a_full_disk_leaves_nothing(void **state)
{
    (void)state;
    struct collection *c = random_collection(4);
    char *path = inside("full");
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit before, limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    unsigned failed = 0;
    bool ok = false;
    for (rlim_t size = 0; !ok; size = size ? size * 3 / 2 : 5000) {
        limit = before;
        limit.rlim_cur = size;
        struct way way = {200000, 2, 10, size % 2 == 0, 3};
        GError *error = NULL;
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
        ok = build_in_bulk(c, path, &way, &error);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
        if (!ok) {
            assert_true(g_error_matches(error, LJ_ERROR, LJ_ERROR_IO));
            assert_non_null(strstr(error->message, path));
            g_clear_error(&error);
            failed++;
            GDir *dir = g_dir_open(path, 0, NULL);
            const char *left = dir ? g_dir_read_name(dir) : NULL;
            if (left)
                fail_msg("%s was left behind", left);
            if (dir)
                g_dir_close(dir);
        }
    }
    assert_true(failed > 5);
    char *reference = inside("enough");
    build_by_library(c, reference);
    assert_equal(reference, path, "after a full disk");
    remove_tree(reference);
    remove_tree(path);
    g_free(reference);
    g_free(path);
    collection_free(c);
}

static void
a_folder_that_cannot_be_written_is_named(void **state)
{
    (void)state;
    GError *error = NULL;
    char *path = g_build_filename(folder, "missing", "deeper", NULL);
    assert_null(lj_glass_open(path, 0, &error));
    assert_true(g_error_matches(error, LJ_ERROR, LJ_ERROR_IO));
    assert_non_null(strstr(error->message, path));
    g_clear_error(&error);
    g_free(path);
}

static void
the_guard_sees_a_difference(void **state)
{
    (void)state;
    GError *error = NULL;
    if (!lj_glass_trusted(&error))
        fail_msg("%s", error->message);
    assert_true(lj_glass_trusted(NULL));

    struct collection *c = random_collection(2);
    char *path[2] = {inside("guard-a"), inside("guard-b")};
    struct way way = {0, 1, 1, false, 1};
    for (int i = 0; i < 2; i++)
        assert_true(build_in_bulk(c, path[i], &way, &error));
    assert_true(glass_same_files(path[0], path[1], &error));
    static const struct {
        const char *name;
        off_t offset;
    } spoilt[] = {{"iamglass", 15}, {"postlist.glass", 8000}, {"termlist.glass", 8100}};
    for (size_t i = 0; i < G_N_ELEMENTS(spoilt); i++) {
        char *file = g_build_filename(path[1], spoilt[i].name, NULL), byte;
        int fd = open(file, O_RDWR | O_CLOEXEC);
        for (int there = 1; there >= 0; there--) {
            assert_int_equal(pread(fd, &byte, 1, spoilt[i].offset), 1);
            byte ^= 1;
            assert_int_equal(pwrite(fd, &byte, 1, spoilt[i].offset), 1);
            assert_int_equal(glass_same_files(path[0], path[1], &error), !there);
            if (there) {
                assert_non_null(strstr(error->message, spoilt[i].name));
                g_clear_error(&error);
            }
        }
        close(fd);
        g_free(file);
    }
    for (int i = 0; i < 2; i++) {
        remove_tree(path[i]);
        g_free(path[i]);
    }
    collection_free(c);
}

int
main(int argc, char **argv)
{
    if (argc == 3) {
        first_seed = (guint32)atoi(argv[1]);
        seeds = (guint32)atoi(argv[2]);
        const struct CMUnitTest further[] = {cmocka_unit_test(random_collections_are_equal)};
        return cmocka_run_group_tests(further, make_folder, remove_folder);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_collections_are_equal),
        cmocka_unit_test(extreme_shapes_are_equal),
        cmocka_unit_test(a_term_in_very_many_documents),
        cmocka_unit_test(occurrences_are_postings),
        cmocka_unit_test(single_terms_are_postings),
        cmocka_unit_test(a_single_term_in_the_table_is_refused),
        cmocka_unit_test(parts_follow_one_another),
        cmocka_unit_test(updates_work),
        cmocka_unit_test(metadata_is_merged),
        cmocka_unit_test(nothing_is_a_database),
        cmocka_unit_test(what_the_format_forbids_is_refused),
        cmocka_unit_test(a_docid_in_two_builders_is_found),
        cmocka_unit_test(a_full_disk_leaves_nothing),
        cmocka_unit_test(the_guard_sees_a_difference),
        cmocka_unit_test(a_folder_that_cannot_be_written_is_named),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
