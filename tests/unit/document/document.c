/* A document and its flat form. */
#include "cmocka_all.h"
#include "document/flat.h"
#include "legajo/document.h"
#include <string.h>

static struct lj_document *
sample(void)
{
    struct lj_document *d = lj_document_new();
    static const char text[] = "Artículo 1\nTexto.\nArtículo 2\nOtro.\n";
    lj_document_set_text(d, text, strlen(text));
    d->id = g_strdup("leyes/a.md");
    d->mime = g_strdup("text/markdown");
    d->date = g_strdup("2026-01");
    d->date_from = LJ_DATE_MASTHEAD;
    d->cut = true;
    d->bytes = 1ULL << 40;
    memset(d->sha256, 0xA5, sizeof d->sha256);
    lj_document_add_field(d, "title", "  Ley de Armas \n");
    lj_document_add_field(d, "subject", "uno");
    lj_document_add_field(d, "subject", "dos");
    lj_document_add_field(d, "author", " \t ");
    lj_document_add_field(d, "author", NULL);
    lj_document_add_mark(d, LJ_MARK_SECTION, 1, 19, 30, "Artículo 2");
    lj_document_add_mark(d, LJ_MARK_PAGE, 1, 0, 0, NULL);
    lj_document_add_mark(d, LJ_MARK_SECTION, 1, 0, 11, "Artículo 1");
    lj_document_add_mark(d, LJ_MARK_SPEAKER, 0, 5000, 5000, "X");
    lj_document_finish(d);
    return d;
}

static struct lj_mark *
mark(struct lj_document *d, guint i)
{
    return &g_array_index(d->marks, struct lj_mark, i);
}

static void
fields_are_trimmed_and_blank_ones_ignored(void **state)
{
    (void)state;
    struct lj_document *d = sample();
    assert_int_equal(d->properties->len, 3);
    assert_string_equal(lj_document_field(d, "title"), "Ley de Armas");
    assert_string_equal(lj_document_field(d, "subject"), "uno");
    assert_null(lj_document_field(d, "author"));
    lj_document_free(d);
}

static void
finish_sorts_marks_and_drops_those_beyond(void **state)
{
    (void)state;
    struct lj_document *d = sample();
    assert_int_equal(d->marks->len, 3);
    assert_int_equal(mark(d, 0)->kind, LJ_MARK_SECTION);
    assert_int_equal(mark(d, 0)->start, 0);
    assert_int_equal(mark(d, 1)->kind, LJ_MARK_PAGE);
    assert_string_equal(mark(d, 2)->label, "Artículo 2");
    lj_document_free(d);
}

static void
the_flat_form_comes_back_whole(void **state)
{
    (void)state;
    struct lj_document *d = sample();
    GByteArray *flat = g_byte_array_new();
    lj_document_write(d, flat);
    GError *error = NULL;
    struct lj_document *back = lj_document_read(flat->data, flat->len, &error);
    assert_null(error);
    assert_string_equal(back->text->str, d->text->str);
    assert_string_equal(back->id, d->id);
    assert_null(back->part_of);
    assert_string_equal(back->date, "2026-01");
    assert_int_equal(back->date_from, LJ_DATE_MASTHEAD);
    assert_true(back->cut);
    assert_false(back->ocr);
    assert_true(back->bytes == 1ULL << 40);
    assert_memory_equal(back->sha256, d->sha256, 32);
    assert_int_equal(back->properties->len, 3);
    assert_int_equal(back->marks->len, 3);
    assert_int_equal(mark(back, 2)->start, 19);
    assert_int_equal(mark(back, 2)->end, 30);
    assert_null(mark(back, 1)->label);
    lj_document_free(back);
    /* The path of the file is what the file system says: any bytes; other fields are text. */
    for (int round = 0; round < 2; round++) {
        lj_document_add_field(d, round == 0 ? LJ_PROPERTY_FILE : "title", "a/\xff\xfe.txt");
        g_byte_array_set_size(flat, 0);
        lj_document_write(d, flat);
        back = lj_document_read(flat->data, flat->len, NULL);
        assert_true((back != NULL) == (round == 0));
        if (back)
            assert_string_equal(lj_document_field(back, LJ_PROPERTY_FILE), "a/\xff\xfe.txt");
        lj_document_free(back);
    }
    lj_document_free(d);
    g_byte_array_unref(flat);
}

/* A document is read into an emptied one, whatever that held, as into a new one; its own flat form says so. */
static void
an_emptied_document_keeps_nothing(void **state)
{
    (void)state;
    struct lj_document *rich = sample(), *poor = lj_document_new();
    rich->charset = g_strnfill(700, 'c'); /* beyond what the block has room for */
    rich->part_of = g_strdup("leyes");
    rich->ocr = rich->deleted = true;
    lj_document_set_text(poor, "Otro.", 5);
    lj_document_add_field(poor, "title", "Otra");
    struct lj_document *documents[] = {rich, poor, rich, rich, poor, poor};
    struct lj_document *spare = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(documents); i++) {
        GByteArray *flat = g_byte_array_new(), *again = g_byte_array_new();
        lj_document_write(documents[i], flat);
        GError *error = NULL;
        struct lj_document *back = lj_document_read_into(spare, flat->data, flat->len, &error);
        assert_null(error);
        assert_true(!spare || back == spare);
        lj_document_write(back, again);
        assert_int_equal(again->len, flat->len);
        assert_memory_equal(again->data, flat->data, flat->len);
        spare = lj_document_emptied(back);
        assert_non_null(spare);
        g_byte_array_unref(flat);
        g_byte_array_unref(again);
    }
    /* Malformed bytes take the spare one with them; one that holds much memory is not kept. */
    assert_null(lj_document_read_into(spare, (const uint8_t *)"\1\1", 2, NULL));
    char *text = g_strnfill(100000, 'x');
    lj_document_set_text(poor, text, 100000);
    assert_null(lj_document_emptied(poor));
    g_free(text);
    lj_document_free(rich);
}

static void
malformed_bytes_are_damage_never_more(void **state)
{
    (void)state;
    struct lj_document *d = sample();
    GByteArray *flat = g_byte_array_new();
    lj_document_write(d, flat);
    for (guint n = 0; n < flat->len; n++) {
        GError *error = NULL;
        uint8_t *copy = g_memdup2(flat->data, MAX(n, 1)); /* exact size: ASan sees a step too far */
        assert_null(lj_document_read(copy, n, &error));
        assert_true(g_error_matches(error, LJ_ERROR, LJ_ERROR_DAMAGED));
        g_error_free(error);
        g_free(copy);
    }
    for (guint n = 0; n < flat->len; n++)
        for (int bit = 0; bit < 8; bit++) {
            flat->data[n] ^= (uint8_t)(1 << bit);
            lj_document_free(lj_document_read(flat->data, flat->len, NULL));
            flat->data[n] ^= (uint8_t)(1 << bit);
        }
    lj_document_free(d);
    g_byte_array_unref(flat);
}

static void
a_key_is_the_head_of_sha1(void **state)
{
    (void)state;
    char key[11];
    lj_document_key("abc", key);
    assert_string_equal(key, "a9993e3647"); /* FIPS 180-2, A.1 */
}

/* Heads of any size come back; what was read can be replaced and taken out, in the block or beside it. */
static void
what_was_read_can_be_changed(void **state)
{
    (void)state;
    for (unsigned n = 0; n < 40; n++) {
        struct lj_document *d = sample();
        char *long_value = g_strnfill(n * 40, 'x');
        for (unsigned i = 0; i < n; i++)
            lj_document_add_field(d, "subject", long_value);
        GByteArray *bytes = g_byte_array_new(), *again = g_byte_array_new();
        lj_document_write(d, bytes);
        struct lj_document *back = lj_document_read(bytes->data, bytes->len, NULL);
        assert_non_null(back);
        lj_document_write(back, again);
        assert_int_equal(again->len, bytes->len);
        assert_memory_equal(again->data, bytes->data, bytes->len);
        lj_document_drop(back, back->id);
        back->id = g_strdup("otro");
        lj_document_add_field(back, "title", "Segundo");
        g_array_remove_index(back->properties, 0);
        assert_string_equal(lj_document_field(back, "title"), "Segundo");
        assert_string_equal(lj_document_field(back, "subject"), "uno");
        g_byte_array_unref(bytes);
        g_byte_array_unref(again);
        g_free(long_value);
        lj_document_free(back);
        lj_document_free(d);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_trimmed_and_blank_ones_ignored),
        cmocka_unit_test(finish_sorts_marks_and_drops_those_beyond),
        cmocka_unit_test(the_flat_form_comes_back_whole),
        cmocka_unit_test(what_was_read_can_be_changed),
        cmocka_unit_test(an_emptied_document_keeps_nothing),
        cmocka_unit_test(malformed_bytes_are_damage_never_more),
        cmocka_unit_test(a_key_is_the_head_of_sha1),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
