/* A document's terms, layer by layer, as FORMAT.md lists them. */
#include "cmocka_all.h"
#include "index/prepared.h"
#include <string.h>

static struct lj_analyser *analyser;
static struct lj_inverter *inverter;

static int
open_inverter(void **state)
{
    (void)state;
    analyser = lj_analyser_open(NULL, NULL);
    inverter = lj_inverter_new(analyser);
    return 0;
}

static int
close_inverter(void **state)
{
    (void)state;
    lj_inverter_free(inverter);
    lj_analyser_close(analyser);
    return 0;
}

static struct lj_document *
document(const char *title, const char *text)
{
    struct lj_document *d = lj_document_new();
    d->id = g_strdup("leyes/2026/a.txt");
    lj_document_add_field(d, "title", title);
    lj_document_set_text(d, text, strlen(text));
    return d;
}

static const struct xap_posting *
find(const struct lj_inverted *it, const char *term)
{
    for (size_t i = 0; i < it->document.n_postings; i++) {
        const struct xap_posting *posting = &it->document.postings[i];
        if (posting->length == strlen(term) && memcmp(posting->term, term, posting->length) == 0)
            return posting;
    }
    return NULL;
}

static const char *
value(const struct lj_inverted *it, uint32_t slot)
{
    static char text[1000];
    for (size_t i = 0; i < it->document.n_values; i++)
        if (it->document.values[i].slot == slot) {
            g_strlcpy(text, it->document.values[i].bytes, it->document.values[i].length + 1);
            return text;
        }
    return NULL;
}

static const struct lj_origin origin = {"leyes", "2026/a.txt", NULL};

static void
every_layer_has_its_terms(void **state)
{
    (void)state;
    struct lj_document *d = document("Ley de Armas", "El tráfico de armas crece.");
    const struct lj_inverted *it = lj_invert(inverter, d, &origin);
    const struct xap_posting *p = find(it, "armas");
    assert_int_equal(p->wdf, 2);
    assert_int_equal(p->n_positions, 2);
    assert_int_equal(p->positions[0], 3);                /* title: ley de armas */
    assert_int_equal(p->positions[1], 1 + 3 + 1000 + 3); /* text: el tráfico de armas */
    assert_non_null(find(it, "Etráfico"));
    assert_null(find(it, "Earmas"));
    assert_int_equal(find(it, "trafico")->n_positions, 1);
    const struct lj_word *word = lj_analyser_word(analyser, "armas", -1);
    char *stem = g_strconcat("Z", word->stem, NULL);
    assert_int_equal(find(it, stem)->wdf, 2);
    assert_int_equal(find(it, stem)->n_positions, 0);
    g_free(stem);
    assert_int_equal(find(it, "Sarmas")->positions[0], 3);
    assert_null(find(it, "Strafico"));
    assert_null(find(it, "Zde"));
    assert_int_equal(it->words, 5);
    lj_document_free(d);
}

static void
identity_path_and_date_become_terms_and_values(void **state)
{
    (void)state;
    struct lj_document *d = document(NULL, "x");
    d->date = g_strdup("2026-01");
    d->date_from = LJ_DATE_MASTHEAD;
    lj_document_add_field(d, "type", "Decreto Ley");
    lj_document_add_field(d, "organization", "Secretaría de Relaciones Exteriores");
    const struct lj_inverted *it = lj_invert(inverter, d, &origin);
    assert_int_equal(find(it, "Qleyes/2026/a.txt")->wdf, 0);
    const char *terms[] = {"XPleyes",
                           "XPleyes/2026",
                           "XPleyes/2026/a.txt",
                           "XNleyes",
                           "XE:txt",
                           "XT:decreto ley",
                           "G:secretaria de relaciones exteriores",
                           "Gexteriores",
                           "M202601",
                           "Y2026"};
    for (size_t i = 0; i < G_N_ELEMENTS(terms); i++)
        if (!find(it, terms[i]))
            fail_msg("no term %s", terms[i]);
    assert_null(find(it, "D20260101"));
    assert_string_equal(value(it, LJ_SLOT_DATE), "20260101");
    assert_string_equal(value(it, LJ_SLOT_DATE_END), "20260131");
    assert_string_equal(value(it, LJ_SLOT_ID), "leyes/2026/a.txt");
    assert_string_equal(value(it, LJ_SLOT_DATE_FROM), "masthead");
    lj_document_free(d);
}

static void
sections_stand_a_gap_apart(void **state)
{
    (void)state;
    struct lj_document *d = document(NULL, "uno dos\nArtículo 2\ntres");
    lj_document_add_mark(d, LJ_MARK_SECTION, 1, 8, 19, "Artículo 2");
    lj_document_finish(d);
    const struct lj_inverted *it = lj_invert(inverter, d, &origin);
    assert_int_equal(find(it, "articulo")->positions[0] - find(it, "dos")->positions[0], 1001);
    assert_int_equal(find(it, "tres")->positions[0] - find(it, "articulo")->positions[0], 2);
    assert_non_null(find(it, "Sarticulo"));
    assert_null(find(it, "Stres"));
    lj_document_free(d);
}

static void
long_ids_are_hashed(void **state)
{
    (void)state;
    struct lj_document *d = document(NULL, "x");
    g_free(d->id);
    GString *id = g_string_new("leyes/");
    for (int i = 0; i < 100; i++)
        g_string_append(id, "ñandú");
    d->id = g_string_free(id, FALSE);
    const struct lj_inverted *it = lj_invert(inverter, d, &origin);
    GString *term = g_string_new(NULL);
    lj_term_bounded("Q", d->id, term);
    assert_true(term->len <= 245);
    assert_true(g_utf8_validate(term->str, -1, NULL));
    assert_non_null(find(it, term->str));
    assert_true(strlen(value(it, LJ_SLOT_ID)) > 200);
    g_string_free(term, TRUE);
    lj_document_free(d);
}

static void
forms_of_a_stem_are_noted_once(void **state)
{
    (void)state;
    GArray *old = lj_inverter_take_metadata(inverter);
    g_array_unref(old);
    struct lj_document *d = document(NULL, "arma armas arma ARMAS");
    lj_invert(inverter, d, &origin);
    GArray *entries = lj_inverter_take_metadata(inverter);
    assert_int_equal(entries->len, 1);
    assert_string_equal(g_array_index(entries, struct lj_entry, 0).value, "arma armas");
    g_array_unref(entries);
    char *united = lj_metadata_unite("Farm", "arma armas", "armado armas");
    assert_string_equal(united, "arma armado armas");
    g_free(united);
    lj_document_free(d);
}

/* A bounded inverter forgets its words between documents; the batch's forms it does not. */
static void
forgotten_words_leave_their_forms(void **state)
{
    (void)state;
    lj_inverter_bound(inverter, 1);
    g_array_unref(lj_inverter_take_metadata(inverter));
    GString *many = g_string_new("arma");
    for (int i = 0; i < 60000; i++)
        g_string_append_printf(many, " %c%c%c%cz", 'a' + i % 26, 'b' + i / 26 % 24,
                               'a' + i / 624 % 26, 'b' + i / 16224 % 24);
    struct lj_document *first = document(NULL, many->str),
                       *second = document(NULL, "armas, arma de nuevo");
    unsigned vocabulary = lj_invert(inverter, first, &origin)->vocabulary;
    const struct lj_inverted *it = lj_invert(inverter, second, &origin);
    assert_int_not_equal(it->vocabulary, vocabulary);
    assert_int_equal(find(it, "armas")->wdf, 1);
    assert_int_equal(find(it, "arma")->positions[0], 1002);
    GArray *entries = lj_inverter_take_metadata(inverter);
    const char *forms = NULL;
    for (guint i = 0; i < entries->len; i++) {
        const struct lj_entry *entry = &g_array_index(entries, struct lj_entry, i);
        assert_true(i == 0 || strcmp(entry->key, g_array_index(entries, struct lj_entry, i - 1).key) > 0);
        if (g_str_has_prefix(entry->value, "arma "))
            forms = entry->value;
    }
    assert_non_null(forms);
    assert_string_equal(forms, "arma armas");
    g_array_unref(entries);
    lj_document_free(first);
    lj_document_free(second);
    g_string_free(many, TRUE);
    lj_inverter_bound(inverter, SIZE_MAX);
}

static void
a_copy_holds_all(void **state)
{
    (void)state;
    struct lj_document *d = document("Título", "uno dos uno");
    const struct lj_inverted *it = lj_invert(inverter, d, &origin);
    struct lj_prepared *copy = lj_prepared_copy(it);
    assert_int_equal(copy->document.n_postings, it->document.n_postings);
    for (size_t i = 0; i < it->document.n_postings; i++) {
        const struct xap_posting *a = &it->document.postings[i], *b = &copy->document.postings[i];
        assert_ptr_not_equal(a->term, b->term);
        assert_memory_equal(a->term, b->term, a->length);
        assert_int_equal(a->n_positions, b->n_positions);
        if (a->n_positions > 0)
            assert_memory_equal(a->positions, b->positions, 4 * a->n_positions);
    }
    assert_memory_equal(it->document.data, copy->document.data, it->document.data_length);
    lj_prepared_free(copy);
    lj_document_free(d);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_layer_has_its_terms),
        cmocka_unit_test(identity_path_and_date_become_terms_and_values),
        cmocka_unit_test(sections_stand_a_gap_apart),
        cmocka_unit_test(long_ids_are_hashed),
        cmocka_unit_test(forms_of_a_stem_are_noted_once),
        cmocka_unit_test(forgotten_words_leave_their_forms),
        cmocka_unit_test(a_copy_holds_all),
    };
    return cmocka_run_group_tests(tests, open_inverter, close_inverter);
}
