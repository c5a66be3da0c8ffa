/* The file of words: what goes in comes out sorted, and no bytes break a reader. */
#include "cmocka_all.h"
#include "index/wordlist.h"
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static GBytes *
sample(void)
{
    struct lj_wordlist_builder *builder = lj_wordlist_builder_new();
    static const struct {
        const char *word;
        uint32_t df;
    } words[] = {{"trafico", 7}, {"arma", 3}, {"armas", 4}, {"año", 9}, {"armas", 1},
                 {"", 5},        {"mas", 10}, {"2026", 2},  {"ana", 1}, {"añil", 1}};
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        lj_wordlist_builder_add(builder, words[i].word, strlen(words[i].word), words[i].df);
    lj_wordlist_builder_form(builder, "trafico", 7, "tráfico", 8, 6);
    lj_wordlist_builder_form(builder, "trafico", 7, "traficó", 8, 1);
    lj_wordlist_builder_form(builder, "mas", 3, "más", 4, 4);
    lj_wordlist_builder_form(builder, "none", 4, "nóne", 5, 4);
    GBytes *bytes = lj_wordlist_builder_finish(builder, "stamp 1");
    lj_wordlist_builder_free(builder);
    return bytes;
}

static void
words_come_out_sorted(void **state)
{
    (void)state;
    static const struct {
        const char *word, *form;
        uint32_t df;
        uint8_t lcp;
    } words[] = {{"2026", "2026", 2, 0},   {"ana", "ana", 1, 0},        {"arma", "arma", 3, 1},
                 {"armas", "armas", 5, 4}, {"añil", "añil", 1, 1},      {"año", "año", 9, 3},
                 {"mas", "mas", 10, 0},    {"trafico", "tráfico", 7, 0}};
    GBytes *bytes = sample();
    char *path = g_build_filename(g_get_tmp_dir(), "lj-vocabulary-XXXXXX", NULL);
    int file = g_mkstemp(path);
    assert_true(file >= 0);
    close(file);
    GError *error = NULL;
    assert_true(lj_wordlist_write(path, bytes, &error));
    g_bytes_unref(bytes);
    struct lj_wordlist *list = lj_wordlist_open(path, &error);
    assert_non_null(list);
    assert_string_equal(lj_wordlist_stamp(list), "stamp 1");
    assert_int_equal(lj_wordlist_words(list), G_N_ELEMENTS(words));
    for (uint32_t i = 0; i < G_N_ELEMENTS(words); i++) {
        size_t length;
        assert_string_equal(lj_wordlist_word(list, i, &length), words[i].word);
        assert_int_equal(length, strlen(words[i].word));
        assert_string_equal(lj_wordlist_form(list, i), words[i].form);
        assert_int_equal(lj_wordlist_df(list, i), words[i].df);
        assert_int_equal(lj_wordlist_lcp(list, i), words[i].lcp);
        assert_int_equal(lj_wordlist_find(list, words[i].word, length), i);
    }
    assert_int_equal(lj_wordlist_find(list, "arm", 3), G_MAXUINT32);
    assert_int_equal(lj_wordlist_lower_bound(list, "arm", 3), 2);
    assert_int_equal(lj_wordlist_lower_bound(list, "zz", 2), G_N_ELEMENTS(words));
    assert_int_equal(lj_wordlist_skip(list, 3, 8, 1), 6);
    GArray *frequent = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    assert_int_equal(lj_wordlist_frequent(list, 3, frequent),
                     8); /* 9 and 10; 5 and 7 are too many */
    assert_int_equal(frequent->len, 2);
    assert_int_equal(g_array_index(frequent, uint32_t, 0), 5);
    assert_int_equal(g_array_index(frequent, uint32_t, 1), 6);
    g_array_unref(frequent);
    assert_int_equal(lj_wordlist_most(list), 10);
    size_t length;
    const char *block = lj_wordlist_block(list, 0, 8, &length);
    const char *found = memmem(block, length, "raf", 3);
    assert_int_equal(lj_wordlist_at(list, found), 7);
    assert_int_equal(lj_wordlist_at(list, block), 0);
    lj_wordlist_free(list);
    unlink(path);
    assert_null(lj_wordlist_open(path, &error));
    assert_true(g_error_matches(error, LJ_ERROR, LJ_ERROR_NO_INPUT));
    g_clear_error(&error);
    g_free(path);
}

static void
an_empty_one_is_fine(void **state)
{
    (void)state;
    struct lj_wordlist_builder *builder = lj_wordlist_builder_new();
    GBytes *bytes = lj_wordlist_builder_finish(builder, "");
    struct lj_wordlist *list = lj_wordlist_new(bytes, NULL);
    assert_non_null(list);
    assert_int_equal(lj_wordlist_words(list), 0);
    assert_int_equal(lj_wordlist_find(list, "a", 1), G_MAXUINT32);
    lj_wordlist_free(list);
    g_bytes_unref(bytes);
    lj_wordlist_builder_free(builder);
}

/* Every byte changed in turn, every length: refused, or read without fault. */
static void
damage_is_no_fault(void **state)
{
    (void)state;
    GBytes *bytes = sample();
    size_t length;
    const uint8_t *data = g_bytes_get_data(bytes, &length);
    for (size_t i = 0; i < 2 * length; i++) {
        uint8_t *copy = g_memdup2(data, length);
        size_t size = i < length ? length : i - length;
        if (i < length)
            copy[i] ^= 0xA5;
        GBytes *damaged = g_bytes_new_take(copy, size);
        GError *error = NULL;
        struct lj_wordlist *list = lj_wordlist_new(damaged, &error);
        if (list) {
            for (uint32_t w = 0; w < lj_wordlist_words(list); w++) {
                size_t n;
                assert_int_equal(strlen(lj_wordlist_word(list, w, &n)) <= n, true);
                assert_non_null(lj_wordlist_form(list, w));
            }
            lj_wordlist_find(list, "armas", 5);
            lj_wordlist_free(list);
        } else {
            assert_true(g_error_matches(error, LJ_ERROR, LJ_ERROR_DAMAGED));
            g_clear_error(&error);
        }
        g_bytes_unref(damaged);
    }
    g_bytes_unref(bytes);
}

static void
an_index_gives_its_words(void **state)
{
    (void)state;
    char *path = g_build_filename(g_get_tmp_dir(), "lj-vocabulary-XXXXXX", NULL);
    assert_non_null(g_mkdtemp(path));
    GError *error = NULL;
    char *database = g_build_filename(path, "seg", NULL);
    struct xap_writer *writer = lj_xap_writer_open(database, XAP_SCRATCH, &error);
    assert_non_null(writer);
    static const char *const documents[][6] = {
        {"armas", "trafico", "Etráfico", "XT:ley", "Zarm", "Qid"},
        {"armas", "trafico", "Etráfico", "ñandu", "Eñandú", "2026"},
        {"trafico", "Etraficó", "zona", "Szona", "Y2026", "año"},
    };
    for (size_t d = 0; d < G_N_ELEMENTS(documents); d++) {
        struct xap_posting postings[6] = {{0}};
        for (size_t i = 0; i < 6; i++) {
            postings[i].term = documents[d][i];
            postings[i].length = (uint32_t)strlen(documents[d][i]);
            postings[i].wdf = 1;
        }
        struct xap_document document = {.postings = postings, .n_postings = 6};
        assert_int_equal(lj_xap_writer_put(writer, 0, &document, &error), d + 1);
    }
    assert_true(lj_xap_writer_commit(writer, &error));
    lj_xap_writer_close(writer);
    const char *paths[] = {database};
    struct xap_reader *reader = lj_xap_reader_open(paths, 1, &error);
    assert_non_null(reader);
    GBytes *bytes = lj_wordlist_read(reader, "s", &error);
    assert_non_null(bytes);
    struct lj_wordlist *list = lj_wordlist_new(bytes, &error);
    assert_non_null(list);
    static const struct {
        const char *form;
        uint32_t df;
    } words[] = {{"2026", 1}, {"armas", 2}, {"año", 1}, {"tráfico", 3}, {"zona", 1}, {"ñandú", 1}};
    assert_int_equal(lj_wordlist_words(list), G_N_ELEMENTS(words));
    for (uint32_t i = 0; i < G_N_ELEMENTS(words); i++) {
        assert_string_equal(lj_wordlist_form(list, i), words[i].form);
        assert_int_equal(lj_wordlist_df(list, i), words[i].df);
    }
    lj_wordlist_free(list);
    GBytes *same = lj_wordlist_read_tables(database, "s");
    assert_non_null(same);
    assert_true(g_bytes_equal(same, bytes));
    g_bytes_unref(same);
    assert_null(lj_wordlist_read_tables(path, "s"));
    g_bytes_unref(bytes);
    lj_xap_reader_close(reader);
    char *remove = g_strdup_printf("rm -r '%s'", path);
    assert_int_equal(system(remove), 0);
    g_free(remove);
    g_free(database);
    g_free(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_come_out_sorted),
        cmocka_unit_test(an_empty_one_is_fine),
        cmocka_unit_test(damage_is_no_fault),
        cmocka_unit_test(an_index_gives_its_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
