/* Passages: which is chosen, where it is cut, where it says it stands. */
#include "analyser.h"
#include "legajo/passage.h"
#include <string.h>

static const char *whole; /* text of the document at hand */
static struct lj_stored *at_hand;

static char *
read_frame(uint32_t number, void *data, GError **error)
{
    (void)error;
    unsigned *reads = data;
    if (reads)
        ++*reads;
    const struct lj_frame *frame = &g_array_index(at_hand->frames, struct lj_frame, number);
    return g_strndup(whole + frame->offset, frame->bytes);
}

/* A stored document over text, in frames of `size` bytes (0: one). */
static struct lj_stored *
stored(const char *text, size_t size)
{
    struct lj_stored *s = g_new0(struct lj_stored, 1);
    s->document = lj_document_new();
    s->frames = g_array_new(FALSE, TRUE, sizeof(struct lj_frame));
    s->text_bytes = strlen(text);
    for (size_t at = 0; at < s->text_bytes;) {
        size_t cut = size ? MIN(size, s->text_bytes - at) : s->text_bytes;
        struct lj_frame frame = {.offset = (uint32_t)at,
                                 .bytes = (uint32_t)cut,
                                 .points = (uint32_t)g_utf8_strlen(text + at, (gssize)cut)};
        g_array_append_val(s->frames, frame);
        at += cut;
    }
    whole = text;
    at_hand = s;
    return s;
}

static GPtrArray *
snippets_of(const char *text, struct lj_stored *s, unsigned *reads, uint32_t size, uint32_t most)
{
    GError *error = NULL;
    struct lj_query *query = lj_query_parse(text, LJ_SYNTAX_QUERY, NULL, analyser, NULL, &error);
    assert_non_null(query);
    struct lj_matcher *matcher = lj_matcher_new(query, analyser);
    const struct lj_snippet_options options = {.size = size, .most = most};
    GPtrArray *found = lj_passage_snippets(matcher, s, NULL, 0, read_frame, reads, &options);
    lj_matcher_free(matcher);
    lj_query_free(query);
    return found;
}

static char *
marked(const struct lj_snippet *snippet)
{
    GString *out = g_string_new(NULL);
    size_t at = 0;
    for (guint i = 0; i < snippet->highlights->len; i++) {
        uint32_t next = g_array_index(snippet->highlights, uint32_t, i);
        g_string_append_len(out, snippet->text + at, (gssize)(next - at));
        g_string_append_c(out, i % 2 ? ']' : '[');
        at = next;
    }
    g_string_append(out, snippet->text + at);
    return g_string_free(out, FALSE);
}

static void
the_passage_that_covers_most_comes_first(void **state)
{
    (void)state;
    static const struct {
        const char *query, *text, *expected;
        uint32_t size;
    } cases[] = {
        {"tráfico armas",
         "Las armas pesan. Otra cosa muy distinta es la pesca. El tráfico de armas es grave. Fin "
         "del texto.",
         "El [tráfico] de [armas] es grave.", 40},
        {"armas", "Uno. Dos armas. Tres.", "Uno. Dos [armas]. Tres.", 200},
        {"zzz", "Nada hay aquí. Ni allá.", "Nada hay aquí.", 16},
        {"armas", "Una cosa.\n---\nDos armas.", "Dos [armas].", 18},
        {"zzz", "  \n", NULL, 16},
        {"armas", "", NULL, 16},
        {"armas",
         "palabra palabra palabra palabra palabra palabra armas palabra palabra palabra palabra",
         "… palabra [armas] palabra palabra …", 34},
        {"tráfico",
         "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\ntráfico\x1b[2J\n\n\nde     armas",
         "… [tráfico][2J de armas", 30},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct lj_stored *s = stored(cases[i].text, 0);
        GPtrArray *found = snippets_of(cases[i].query, s, NULL, cases[i].size, 1);
        assert_int_equal(found->len, cases[i].expected ? 1 : 0);
        if (cases[i].expected) {
            char *text = marked(found->pdata[0]);
            if (strcmp(text, cases[i].expected) != 0)
                fail_msg("%s\n   found    %s\n   expected %s", cases[i].query, text,
                         cases[i].expected);
            g_free(text);
        }
        g_ptr_array_unref(found);
        lj_stored_free(s);
    }
}

static void
passages_keep_to_a_turn_and_begin_behind_its_heading(void **state)
{
    (void)state;
    static const char text[] = "PRESIDENTA: Las armas se registran siempre todas.\n"
                               "PREGUNTA: ¿También el tráfico de las mismas, aquí en el país?\n"
                               "Artículo 5.- Todas las pistolas, aun las que son de colección.\n";
    struct lj_stored *s = stored(text, 0);
    const char *question = strstr(text, "PREGUNTA"), *article = strstr(text, "Artículo 5");
    lj_document_add_mark(s->document, LJ_MARK_SPEAKER, 0, 0, 0, "PRESIDENTA");
    lj_document_add_mark(s->document, LJ_MARK_SPEAKER, 0, (uint32_t)(question - text),
                         (uint32_t)(question - text), "PREGUNTA");
    lj_document_add_mark(s->document, LJ_MARK_SECTION, 1, (uint32_t)(article - text),
                         (uint32_t)(article - text) + 11, "Artículo 5");
    lj_document_set_text(s->document, text, strlen(text));
    lj_document_finish(s->document);
    static const char *const cases[][3] = {
        {"armas tráfico", "PRESIDENTA", "PRESIDENTA: Las [armas] se registran siempre todas."},
        {"tráfico", "PREGUNTA", "PREGUNTA: ¿También el [tráfico] de las mismas, aquí en el país?"},
        {"pistolas", "PREGUNTA", "Todas las [pistolas], aun las que son de colección."},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GPtrArray *found = snippets_of(cases[i][0], s, NULL, 80, 1);
        const struct lj_snippet *snippet = found->pdata[0];
        char *shown = marked(snippet);
        assert_string_equal(shown, cases[i][2]);
        assert_string_equal(snippet->speaker, cases[i][1]);
        g_free(shown);
        g_ptr_array_unref(found);
    }
    lj_stored_free(s);
}

static void
snippets_say_where_they_stand(void **state)
{
    (void)state;
    static const char text[] =
        "LEY\n\nArtículo 1\nTodo año empieza.\n\nArtículo 2\nLas armas se registran.\n";
    struct lj_stored *s = stored(text, 0);
    const char *two = strstr(text, "Artículo 2");
    lj_document_add_mark(s->document, LJ_MARK_SECTION, 1, 5, 16, "Artículo 1");
    lj_document_add_mark(s->document, LJ_MARK_PAGE, 3, 5, 5, "145");
    lj_document_add_mark(s->document, LJ_MARK_SECTION, 1, (uint32_t)(two - text),
                         (uint32_t)(two - text) + 11, "Artículo 2");
    lj_document_add_mark(s->document, LJ_MARK_SPEAKER, 0, (uint32_t)(two - text) + 12,
                         (uint32_t)(two - text) + 12, "PRESIDENTA");
    lj_document_set_text(s->document, text, strlen(text)); /* marks beyond the text are dropped */
    lj_document_finish(s->document);
    GPtrArray *found = snippets_of("armas", s, NULL, 25, 1);
    assert_int_equal(found->len, 1);
    const struct lj_snippet *snippet = found->pdata[0];
    assert_string_equal(snippet->section, "Artículo 2");
    assert_string_equal(snippet->speaker, "PRESIDENTA");
    assert_string_equal(snippet->page_label, "145");
    assert_int_equal(snippet->page, 3);
    assert_null(snippet->time);
    assert_string_equal(snippet->text, "Las armas se registran.");
    const char *start = strstr(text, "Las armas");
    assert_int_equal(snippet->start, start - text);
    assert_int_equal(snippet->start_point, g_utf8_strlen(text, start - text));
    assert_int_equal(snippet->end_point - snippet->start_point, 24); /* with the line's end */
    g_ptr_array_unref(found);
    lj_stored_free(s);
}

static void
several_do_not_overlap(void **state)
{
    (void)state;
    GString *text = g_string_new(NULL);
    for (int i = 0; i < 40; i++)
        g_string_append_printf(text, "Párrafo %d sobre las armas y el mar de la costa. ", i);
    struct lj_stored *s = stored(text->str, 700);
    GPtrArray *found = snippets_of("armas costa", s, NULL, 120, 5);
    assert_int_equal(found->len, 5);
    for (guint i = 0; i < found->len; i++) {
        const struct lj_snippet *a = found->pdata[i];
        assert_true(a->start < a->end && a->highlights->len >= 2);
        assert_true(g_utf8_validate(a->text, -1, NULL));
        for (guint j = 0; j < i; j++) {
            const struct lj_snippet *b = found->pdata[j];
            assert_true(a->end <= b->start || b->end <= a->start);
            assert_true(a->score <= b->score + 1e-9);
        }
    }
    g_ptr_array_unref(found);
    lj_stored_free(s);
    g_string_free(text, TRUE);
}

static void
a_huge_document_reads_so_many_frames(void **state)
{
    (void)state;
    GString *text = g_string_new(NULL);
    while (text->len < 8000000)
        g_string_append(text, "las armas, el mar y la ley de 1995 que rige la costa norte\n");
    struct lj_stored *s = stored(text->str, LJ_FRAME_SIZE);
    unsigned reads = 0;
    GPtrArray *found = snippets_of("armas ley norte", s, &reads, 150, 3);
    assert_int_equal(found->len, 3);
    assert_true(reads <= 64);
    g_ptr_array_unref(found);
    lj_stored_free(s);
    g_string_free(text, TRUE);
}

static bool
add_line(const struct lj_kwic *line, void *data)
{
    GString *out = data;
    g_string_append_printf(out, "%s[%s]%s|%s|%u\n", line->left, line->match, line->right,
                           line->section ? line->section->label : "", line->start);
    return out->len < 1000;
}

static void
concordances_hold_every_match(void **state)
{
    (void)state;
    static const char text[] = "Uno\nLas  armas de\nfuego y las armas.\nDos\nármase de valor";
    static const struct {
        const char *query;
        size_t frame;
        unsigned context;
        const char *expected;
    } cases[] = {
        {"armas", 0, 8, "Uno Las [armas] de fueg|Uno|9\no y las [armas]. Dos ár|Uno|30\n"},
        {"\"armas de fuego\"", 13, 4, "Las [armas de fuego] y l|Uno|9\n"},
        {"las CERCA/3 fuego", 20, 4,
         "Uno [Las armas de fuego] y l|Uno|4\n de [fuego y las] arm|Uno|18\n"},
        {"valor", 0, 3, "de [valor]|Dos|52\n"},
        {"nada", 0, 3, ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct lj_stored *s = stored(text, cases[i].frame);
        lj_document_add_mark(s->document, LJ_MARK_SECTION, 1, 0, 3, "Uno");
        const char *two = strstr(text, "Dos");
        lj_document_add_mark(s->document, LJ_MARK_SECTION, 1, (uint32_t)(two - text),
                             (uint32_t)(two - text) + 3, "Dos");
        lj_document_set_text(s->document, text, strlen(text));
        lj_document_finish(s->document);
        struct lj_query *query =
            lj_query_parse(cases[i].query, LJ_SYNTAX_QUERY, NULL, analyser, NULL, NULL);
        struct lj_matcher *matcher = lj_matcher_new(query, analyser);
        GString *out = g_string_new(NULL);
        assert_true(
            lj_passage_kwic(matcher, s, read_frame, NULL, cases[i].context, add_line, out, NULL));
        assert_string_equal(out->str, cases[i].expected);
        g_string_free(out, TRUE);
        lj_matcher_free(matcher);
        lj_query_free(query);
        lj_stored_free(s);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_passage_that_covers_most_comes_first),
        cmocka_unit_test(snippets_say_where_they_stand),
        cmocka_unit_test(passages_keep_to_a_turn_and_begin_behind_its_heading),
        cmocka_unit_test(several_do_not_overlap),
        cmocka_unit_test(concordances_hold_every_match),
        cmocka_unit_test(a_huge_document_reads_so_many_frames),
    };
    return cmocka_run_group_tests(tests, open_analyser, close_analyser);
}
