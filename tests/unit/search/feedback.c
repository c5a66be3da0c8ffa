/* The fourth look: what the first documents tell of others. */
#include "cmocka_all.h"
#include "search/feedback.h"
#include <string.h>

static char *folder;
static struct xap_reader *reader;
static struct lj_local *local;

static void
put(struct xap_writer *writer, const char *text)
{
    char **word = g_strsplit(text, " ", -1);
    struct xap_posting postings[16];
    size_t n = 0;
    for (; word[n]; n++)
        postings[n] = (struct xap_posting){word[n], (uint32_t)strlen(word[n]), 1, NULL, 0};
    struct xap_document document = {postings, n, NULL, 0, text, strlen(text)};
    assert_int_not_equal(lj_xap_writer_put(writer, 0, &document, NULL), 0);
    g_strfreev(word);
}

/* 1 is the first; 2 says what it says; the others speak of something else. "Zy" is in one only, "Zcomun" in all;
 * "ZStitul" is a field's, "palabra" no stem. */
static int
make(void **state)
{
    (void)state;
    folder = g_dir_make_tmp("legajo-feedback-XXXXXX", NULL);
    char *path = g_build_filename(folder, "a", NULL);
    struct xap_writer *writer = lj_xap_writer_open(path, XAP_UPDATE, NULL);
    assert_non_null(writer);
    put(writer, "ZStitul Zbomber Zcomun Zhum Zy palabra");
    put(writer, "ZStitul Zbomber Zcomun Zhum palabra");
    for (int i = 0; i < 18; i++)
        put(writer, "Zcomun Zotr palabra");
    assert_true(lj_xap_writer_commit(writer, NULL));
    lj_xap_writer_close(writer);
    const char *paths[] = {path};
    reader = lj_xap_reader_open(paths, 1, NULL);
    assert_non_null(reader);
    local = lj_local_open(paths, 1);
    assert_non_null(local);
    g_free(path);
    return 0;
}

static int
remove_all(void **state)
{
    (void)state;
    lj_xap_reader_close(reader);
    lj_local_close(local);
    const char *argv[] = {"rm", "-rf", folder, NULL};
    g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                 NULL);
    g_free(folder);
    return 0;
}

/* How: by Xapian (NULL) or the quicker way. */
static void
tell(struct lj_local *how)
{
    const struct lj_feedback_document first = {1, 10, 1};
    const uint32_t docids[] = {1, 2, 3};
    const struct lj_plan_candidates among = {NULL, docids, 3};
    GError *error = NULL;
    struct lj_plan *plan = lj_feedback_plan(reader, how, &first, 1, 5, &among, &error);
    assert_null(error);
    assert_non_null(plan);
    GString *terms = g_string_new(NULL);
    for (guint i = 0; i < plan->nodes->len; i++) {
        const struct xap_node *node = &g_array_index(plan->nodes, struct xap_node, i);
        if (node->op == XAP_TERM)
            g_string_append_printf(terms, "%s ", node->term);
    }
    assert_string_equal(terms->str, "Zbomber Zhum ");
    assert_int_equal(plan->parts->len, 2);
    g_string_free(terms, TRUE);

    struct xap_search search = {.nodes = (const struct xap_node *)(void *)plan->nodes->data,
                                .n_nodes = plan->nodes->len,
                                .max = 10,
                                .k1 = 1,
                                .b = 0};
    struct xap_matches *matches = lj_xap_search(reader, &search, &error);
    assert_non_null(matches);
    assert_int_equal(matches->n, 2); /* 3 is a candidate and has none of them */
    /* both hold all of it, each stem once: (k1 + 1) · 1 / (1 + k1) = 1 times the weight */
    assert_true(matches->hit[0].weight > 4.99 && matches->hit[0].weight < 5.01);
    lj_xap_matches_free(matches);
    lj_plan_free(plan);
}

static void
stems_that_tell(void **state)
{
    (void)state;
    tell(NULL);
    tell(local);
    struct xap_vocabulary *terms = lj_local_terms(local, reader, 2, "Z", 1);
    assert_non_null(terms);
    assert_int_equal(terms->n, 4);
    assert_string_equal(terms->entry[0].term, "ZStitul");
    assert_string_equal(terms->entry[3].term, "Zhum");
    assert_int_equal(terms->entry[3].df, 1);
    lj_xap_vocabulary_free(terms);
}

static void
nothing_to_tell(void **state)
{
    (void)state;
    const struct lj_feedback_document first = {3, 10, 1}; /* its stems are in nearly all */
    const struct lj_plan_candidates among = {0};
    GError *error = NULL;
    assert_null(lj_feedback_plan(reader, NULL, &first, 1, 5, &among, &error));
    assert_null(lj_feedback_plan(reader, local, &first, 1, 5, &among, &error));
    assert_null(error);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stems_that_tell),
        cmocka_unit_test(nothing_to_tell),
    };
    return cmocka_run_group_tests(tests, make, remove_all);
}
