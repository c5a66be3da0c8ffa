/* The stored form: frames are cut at good places and everything comes back. */
#include "cmocka_all.h"
#include "legajo/stored.h"
#include "document/dictionary.h"
#include <string.h>

static GString *
paragraphs(size_t bytes)
{
    GString *text = g_string_new(NULL);
    for (unsigned i = 1; text->len < bytes; i++)
        g_string_append_printf(text, "Artículo %u.- La presente ley rige desde el día %u.\n%s", i,
                               i * 7 % 31, i % 5 == 0 ? "\n" : "");
    g_string_truncate(text, bytes);
    while (!g_utf8_validate(text->str, (gssize)text->len, NULL))
        g_string_truncate(text, text->len - 1);
    return text;
}

static void
frames_are_cut_where_nothing_is_split(void **state)
{
    (void)state;
    size_t size = LJ_FRAME_SIZE;
    char *text = g_malloc(size * 3);
    memset(text, 'a', size * 3);
    assert_int_equal(lj_frame_cut(text, 1), 1);
    assert_int_equal(lj_frame_cut(text, size * 5 / 4), size * 5 / 4);
    assert_int_equal(lj_frame_cut(text, size * 3), size); /* nothing to cut at */
    text[size - 500] = ' ';
    assert_int_equal(lj_frame_cut(text, size * 3), size - 499);
    text[size - 900] = '\n';
    assert_int_equal(lj_frame_cut(text, size * 3), size - 899); /* a line end before a blank */
    text[size - 901] = '-';
    assert_int_equal(lj_frame_cut(text, size * 3), size - 499); /* a joined line end is none */
    text[size - 2001] = text[size - 2000] = '\n';
    assert_int_equal(lj_frame_cut(text, size * 3), size - 1999); /* a paragraph end first of all */
    for (size_t i = 0; i < size * 3; i += 2)
        memcpy(text + i, "ñ", 2);
    assert_int_equal(lj_frame_cut(text + 1, size * 3 - 2), size - 1);
    memset(text, 'a', size * 3);
    text[size / 2] = '\n';
    assert_int_equal(lj_frame_cut(text, size * 3), size); /* too early to count */
    g_free(text);
}

static void
round_trip(size_t bytes)
{
    struct lj_document *d = lj_document_new();
    GString *text = paragraphs(bytes);
    lj_document_set_text(d, text->str, text->len);
    d->id = g_strdup("a#1");
    lj_document_add_field(d, "title", "Ley");
    if (bytes > 20)
        lj_document_add_mark(d, LJ_MARK_SECTION, 1, 0, 12, "Artículo 1");
    lj_document_finish(d);
    GArray *frames = g_array_new(FALSE, TRUE, sizeof(struct lj_frame));
    uint32_t position = 1001;
    for (size_t at = 0; at < text->len;) {
        size_t cut = lj_frame_cut(text->str + at, text->len - at);
        struct lj_frame frame = {(uint32_t)at, (uint32_t)cut, position, (uint32_t)(cut / 6),
                                 (uint32_t)g_utf8_strlen(text->str + at, (gssize)cut)};
        g_array_append_val(frames, frame);
        position += frame.tokens + 1000;
        at += cut;
    }
    GByteArray *data = g_byte_array_new();
    GPtrArray *rest = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    lj_stored_encode(d, (struct lj_frame *)(void *)frames->data, frames->len, data, rest);
    assert_int_equal(rest->len, frames->len > 0 ? frames->len - 1 : 0);

    GError *error = NULL;
    struct lj_stored *stored = lj_stored_decode(data->data, data->len, &error);
    assert_null(error);
    assert_string_equal(lj_document_field(stored->document, "title"), "Ley");
    assert_int_equal(stored->text_bytes, text->len);
    assert_int_equal(stored->frames->len, frames->len);
    GString *back = g_string_new(NULL);
    uint32_t words = 0;
    for (guint i = 0; i < frames->len; i++) {
        struct lj_frame *frame = &g_array_index(stored->frames, struct lj_frame, i);
        assert_memory_equal(frame, &g_array_index(frames, struct lj_frame, i), sizeof *frame);
        words += frame->tokens;
        if (i == 0) {
            char *piece = lj_stored_first(stored, &error);
            assert_null(error);
            g_string_append_len(back, piece, frame->bytes);
            g_free(piece);
        }
        if (i == 0 && !stored->first) { /* with the header: what is lacking is told at once */
            assert_true(bytes <= 4096);
            assert_null(lj_stored_decode(data->data, data->len - 1, NULL));
            continue;
        }
        assert_true(i > 0 || bytes > 4096);
        gsize n;
        const uint8_t *packed = g_bytes_get_data(i ? rest->pdata[i - 1] : stored->first, &n);
        char *piece = lj_stored_inflate(packed, n, frame->bytes, &error);
        assert_null(error);
        if (i > 0)
            g_string_append_len(back, piece, frame->bytes);
        g_free(piece);
        assert_null(lj_stored_inflate(packed, n - 1, frame->bytes, NULL));
        assert_null(lj_stored_inflate(packed, n, frame->bytes + 1, NULL));
    }
    assert_int_equal(stored->words, words);
    assert_string_equal(back->str, text->str);
    if (bytes == 0) {
        assert_null(stored->first);
        assert_null(lj_stored_first(stored, NULL));
    }

    for (guint n = 0; n < MIN(data->len, 400u); n++) { /* any damage is told or harmless */
        error = NULL;
        data->data[n] ^= 0x11;
        struct lj_stored *damaged = lj_stored_decode(data->data, data->len, &error);
        assert_true((damaged != NULL) != (error != NULL));
        lj_stored_free(damaged);
        g_clear_error(&error);
        data->data[n] ^= 0x11;
    }
    g_string_free(back, TRUE);
    g_string_free(text, TRUE);
    g_array_unref(frames);
    g_byte_array_unref(data);
    g_ptr_array_unref(rest);
    lj_stored_free(stored);
    lj_document_free(d);
}

static void
everything_comes_back(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 300, 4096, 4097, 65536, 81920, 81921, 500000};
    for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++)
        round_trip(sizes[i]);
}

static void
a_later_version_is_told(void **state)
{
    (void)state;
    static const uint8_t later[] = {3, 1, 0, 0}, dictionary[] = {1, 3, 0, 0};
    GError *error = NULL;
    assert_null(lj_stored_decode(later, sizeof later, &error));
    assert_true(g_error_matches(error, LJ_ERROR, LJ_ERROR_NEWER));
    g_clear_error(&error);
    assert_null(lj_stored_decode(dictionary, sizeof dictionary, &error));
    assert_true(g_error_matches(error, LJ_ERROR, LJ_ERROR_NEWER));
    g_error_free(error);
}

static void
frame_keys_are_as_the_format_says(void **state)
{
    (void)state;
    char key[16];
    assert_int_equal(lj_stored_frame_key("abc", 5, key), 10);
    assert_memory_equal(key, "T\xa9\x99\x3e\x36\x47\x06\x81\x6a\x05", 10);
    assert_int_equal(lj_stored_frame_key("abc", 300, key), 11);
    assert_memory_equal(key + 9, "\xac\x02", 2);
    assert_int_equal(lj_stored_frame_key("abc", UINT32_MAX, key), 14);
}

static void
dictionary_1_never_changes(void **state)
{
    (void)state;
    assert_int_equal(lj_dictionary_1_length, 13375);
    char *digest = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)lj_dictionary_1,
                                               lj_dictionary_1_length);
    assert_string_equal(digest, "c369a2d9207b56c5dd831e4bdece67bce22bd5340f95752b9c9b6a0efaf4d954");
    g_free(digest);
}

static void
dictionary_2_never_changes(void **state)
{
    (void)state;
    GBytes *dictionary = lj_dictionary_2();
    char *digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, dictionary);
    assert_string_equal(digest, "c3e66928164d7b8577099e95f01987faa83e93f89603ee20d2c8b0f721676c10");
    g_free(digest);
    g_bytes_unref(dictionary);
}

static void
what_dictionary_1_wrote_is_read(void **state)
{
    (void)state;
    static const char data[] = "\x01\x01\x29\x28\xb5\x2f\xfd\x24\x40\xe5\x00\x00\x98\x01\x04\x61"
                               "\x23\x31\x00\x01\x06\x04\x4c"
                               "\x65\x79\x00\x01\x69\xe9\x07\x13\x04\x02\x00\x24\xb4\x0a\x78\x09"
                               "\x8a\x15\x21\x55\x80\x28\xb5"
                               "\x2f\xfd\x24\x69\x4d\x01\x00\x78\x2e\x2d\x20\x4c\x72\x69\x67\x65"
                               "\x37\x20\x33\xc2\xba\x2e\x0a"
                               "\x07\x00\x93\x64\x0e\x92\xcc\x18\x3a\x63\x15\x37\x3d\xa7\x84\xd0"
                               "\x51\x07\xa2\x42\xee\xb4\xab"
                               "\x91\x81\xb8\xbb\x46\x9e";
    GError *error = NULL;
    struct lj_stored *stored = lj_stored_decode((const uint8_t *)data, sizeof data - 1, &error);
    assert_null(error);
    assert_string_equal(stored->document->id, "a#1");
    assert_string_equal(lj_document_field(stored->document, "title"), "Ley");
    char *text = lj_stored_first(stored, &error);
    assert_null(error);
    assert_string_equal(text,
                        "Artículo 1.- La presente ley rige desde el día 7, de conformidad con lo "
                        "dispuesto en el artículo 3º.\n");
    g_free(text);
    lj_stored_free(stored);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_are_cut_where_nothing_is_split),
        cmocka_unit_test(everything_comes_back),
        cmocka_unit_test(a_later_version_is_told),
        cmocka_unit_test(frame_keys_are_as_the_format_says),
        cmocka_unit_test(dictionary_1_never_changes),
        cmocka_unit_test(dictionary_2_never_changes),
        cmocka_unit_test(what_dictionary_1_wrote_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
