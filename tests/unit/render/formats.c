/* Every format over the same two hits, made by hand. */
#include "cmocka_all.h"
#include "legajo/render.h"
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static struct lj_results results;
static struct lj_search_options options;
static GArray *index_info;

static struct lj_snippet *
snippet(void)
{
    struct lj_snippet *s = g_new0(struct lj_snippet, 1);
    s->text = g_strdup("… el tráfico de armas");
    s->highlights = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    const uint32_t marks[] = {7, 15, 19, 24}; /* bytes: … takes 3, á 2 */
    g_array_append_vals(s->highlights, marks, 4);
    s->section = g_strdup("Artículo 5");
    s->page = 3;
    s->page_label = g_strdup("145");
    s->start_point = 1042;
    s->end_point = 1061;
    return s;
}

static struct lj_hit *
hit(uint32_t rank, const char *id, const char *title, const char *date, const char *path)
{
    struct lj_hit *h = g_new0(struct lj_hit, 1);
    h->rank = rank;
    h->score = 12.34567 / rank;
    lj_document_key(id, h->key);
    h->path = g_strdup(path);
    h->stored = g_new0(struct lj_stored, 1);
    h->stored->document = lj_document_new();
    h->stored->frames = g_array_new(FALSE, FALSE, sizeof(struct lj_frame));
    struct lj_document *d = h->stored->document;
    d->id = g_strdup(id);
    d->date = g_strdup(date);
    d->date_from = date ? LJ_DATE_MASTHEAD : LJ_DATE_NONE;
    d->mime = g_strdup("text/plain");
    d->bytes = 18205;
    if (title)
        lj_document_add_field(d, "title", title);
    lj_document_add_field(d, "type", "ley");
    lj_document_add_field(d, "subject", "armas");
    lj_document_add_field(d, "subject", "fuego; agua");
    lj_document_add_field(d, "estado", "=1+1");
    h->snippets = g_ptr_array_new();
    return h;
}

static int
set_up(void **state)
{
    (void)state;
    results.total = 2;
    results.total_exact = true;
    results.took_ms = 1.84;
    results.parsed = (char *)"tráfico armas";
    results.hits = g_ptr_array_new();
    struct lj_hit *one =
        hit(1, "leyes/a b.txt", "Ley \"de\" armas, y más", "2026-01", "/x/a b.txt");
    g_ptr_array_add(one->snippets, snippet());
    g_ptr_array_add(results.hits, one);
    g_ptr_array_add(results.hits, hit(2, "leyes/\xc3\xb1", NULL, NULL, NULL));
    results.facets = g_ptr_array_new();
    struct lj_facet *facet = g_new0(struct lj_facet, 1);
    facet->field = (char *)"type";
    facet->counts = g_array_new(FALSE, FALSE, sizeof(struct lj_facet_count));
    struct lj_facet_count counts[] = {{(char *)"ley", 1}, {(char *)"real decreto", 1}};
    g_array_append_vals(facet->counts, counts, 2);
    g_ptr_array_add(results.facets, facet);
    results.timeline = g_array_new(FALSE, FALSE, sizeof(struct lj_period));
    struct lj_period years[] = {{(char *)"2024", 3, 9, 1000}, {(char *)"2026", 1, 2, 300}};
    g_array_append_vals(results.timeline, years, 2);
    options.limit = 10;
    index_info = g_array_new(FALSE, TRUE, sizeof(struct lj_index_info));
    struct lj_index_info info = {.name = (char *)"/i", .revision = 412, .documents = 9};
    g_strlcpy(info.uuid, "u-1", sizeof info.uuid);
    g_array_append_val(index_info, info);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    for (guint i = 0; i < results.hits->len; i++) {
        struct lj_hit *h = results.hits->pdata[i];
        for (guint j = 0; j < h->snippets->len; j++) {
            struct lj_snippet *s = h->snippets->pdata[j];
            g_free(s->text);
            g_free(s->section);
            g_free(s->page_label);
            g_array_unref(s->highlights);
            g_free(s);
        }
        g_ptr_array_unref(h->snippets);
        lj_stored_free(h->stored);
        g_free(h->path);
        g_free(h);
    }
    g_ptr_array_unref(results.hits);
    g_array_unref(((struct lj_facet *)results.facets->pdata[0])->counts);
    g_free(results.facets->pdata[0]);
    g_ptr_array_unref(results.facets);
    g_array_unref(results.timeline);
    g_array_unref(index_info);
    return 0;
}

static struct lj_answer
answer(void)
{
    return (struct lj_answer){.query = "tráfico armas",
                              .options = &options,
                              .match = LJ_MATCH_ALL,
                              .results = &results,
                              .index = index_info};
}

static char *
rendered(enum lj_format format, const char *fields, const struct lj_answer *a)
{
    struct lj_output *output = lj_output_new(-1, format);
    if (fields)
        assert_true(lj_output_set_fields(output, fields, NULL));
    output->topics = a->query_id != NULL;
    lj_render_begin(output);
    lj_render_answer(output, a);
    assert_true(lj_render_end(output, NULL));
    char *text = g_strdup(output->buffer->str);
    lj_output_free(output);
    return text;
}

static void
json_has_every_key(void **state)
{
    (void)state;
    static const char *const top[] = {"format_version", "index",   "query",       "parsed",
                                      "match",          "relaxed", "sort",        "offset",
                                      "limit",          "total",   "total_exact", "took_ms",
                                      "corrections",    "notices", "results"};
    static const char *const keys[] = {
        "rank", "score", "id",    "key",    "path", "url",    "title", "date",   "date_from",
        "type", "mime",  "bytes", "sha256", "ocr",  "copies", "tags",  "fields", "snippets"};
    struct lj_answer a = answer();
    char *text = rendered(LJ_FORMAT_JSON, NULL, &a);
    json_error_t error;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        fail_msg("%s at %d in %s", error.text, error.position, text);
    for (size_t i = 0; i < G_N_ELEMENTS(top); i++)
        assert_non_null(json_object_get(root, top[i]));
    assert_null(json_object_get(root, "facets"));
    assert_null(json_object_get(root, "timeline"));
    json_t *list = json_object_get(root, "results");
    assert_int_equal(json_array_size(list), 2);
    for (size_t j = 0; j < 2; j++)
        for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
            assert_non_null(json_object_get(json_array_get(list, j), keys[i]));
    json_t *first = json_array_get(list, 0), *second = json_array_get(list, 1);
    assert_string_equal(json_string_value(json_object_get(first, "title")),
                        "Ley \"de\" armas, y más");
    assert_string_equal(json_string_value(json_object_get(first, "date_from")), "masthead");
    assert_true(json_is_null(json_object_get(second, "date")));
    assert_true(json_is_null(json_object_get(second, "path")));
    assert_true(json_is_null(json_object_get(second, "url")));
    assert_true(json_is_integer(json_object_get(first, "bytes")));
    assert_true(json_is_false(json_object_get(first, "ocr")));
    json_t *fields = json_object_get(first, "fields");
    assert_int_equal(json_array_size(json_object_get(fields, "subject")), 2);
    assert_string_equal(json_string_value(json_object_get(fields, "estado")), "=1+1");
    assert_null(json_object_get(fields, "title"));
    json_t *passage = json_array_get(json_object_get(first, "snippets"), 0);
    json_t *marks = json_object_get(passage, "highlights");
    assert_int_equal(json_integer_value(json_array_get(json_array_get(marks, 0), 0)), 5);
    assert_int_equal(json_integer_value(json_array_get(json_array_get(marks, 0), 1)), 12);
    assert_int_equal(json_integer_value(json_array_get(json_array_get(marks, 1), 1)), 21);
    assert_int_equal(json_integer_value(json_object_get(passage, "start")), 1042);
    assert_int_equal(json_integer_value(json_object_get(passage, "page")), 3);
    assert_true(json_is_null(json_object_get(passage, "speaker")));
    json_decref(root);
    g_free(text);

    a.facets_asked = a.timeline_asked = true;
    text = rendered(LJ_FORMAT_JSON, "id,title", &a);
    root = json_loads(text, 0, &error);
    assert_non_null(root);
    assert_int_equal(json_object_size(json_array_get(json_object_get(root, "results"), 0)), 2);
    json_t *facets = json_object_get(json_object_get(root, "facets"), "type");
    assert_int_equal(json_integer_value(json_object_get(json_array_get(facets, 0), "count")), 1);
    assert_int_equal(json_array_size(json_object_get(root, "timeline")), 2);
    json_decref(root);
    g_free(text);
}

static void
one_line_a_record(void **state)
{
    (void)state;
    static const struct {
        enum lj_format format;
        const char *fields, *query_id, *expected;
    } cases[] = {
        {LJ_FORMAT_CSV, "id,title,estado", NULL,
         "id,title,estado\r\nleyes/a b.txt,\"Ley \"\"de\"\" armas, y "
         "más\",=1+1\r\nleyes/ñ,,=1+1\r\n"},
        {LJ_FORMAT_EXCEL, "id,estado", NULL,
         "\xEF\xBB\xBFid,estado\r\nleyes/a b.txt,\"'=1+1\"\r\nleyes/ñ,\"'=1+1\"\r\n"},
        {LJ_FORMAT_TSV, "rank,materia", "q1",
         "query_id\trank\tsubject\nq1\t1\tarmas; fuego; agua\nq1\t2\tarmas; fuego; agua\n"},
        {LJ_FORMAT_TREC, NULL, "q 1",
         "q%201 Q0 leyes/a%20b.txt 1 12.345670 legajo\nq%201 Q0 leyes/ñ 2 6.172835 legajo\n"},
        {LJ_FORMAT_PATHS, NULL, NULL, "/x/a b.txt\n"},
        {LJ_FORMAT_JSONL, "id,rank", "q1",
         "{\"query_id\":\"q1\",\"id\":\"leyes/a "
         "b.txt\",\"rank\":1}\n{\"query_id\":\"q1\",\"id\":\"leyes/ñ\",\"rank\":2}\n"},
        {LJ_FORMAT_TEXT, "id,title", NULL, "leyes/a b.txt\tLey \"de\" armas, y más\nleyes/ñ\t\n"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct lj_answer a = answer();
        a.query_id = cases[i].query_id;
        char *text = rendered(cases[i].format, cases[i].fields, &a);
        assert_string_equal(text, cases[i].expected);
        g_free(text);
    }
}

static void
reference_managers_get_passage_and_origin(void **state)
{
    (void)state;
    struct lj_answer a = answer();
    char *text = rendered(LJ_FORMAT_RIS, NULL, &a);
    assert_non_null(strstr(text, "TY  - STAT\r\nTI  - Ley \"de\" armas, y más\r\n"));
    assert_non_null(strstr(text, "PY  - 2026\r\nDA  - 2026/01/\r\n"));
    assert_non_null(strstr(text, "KW  - armas\r\nKW  - fuego; agua\r\n"));
    assert_non_null(strstr(text, "L4  - file:///x/a%20b.txt\r\n"));
    assert_non_null(strstr(text, "N1  - Artículo 5. P. 145. «… el tráfico de armas»\r\n"));
    assert_non_null(strstr(text, "N1  - legajo: leyes/a b.txt; tráfico armas [u-1:412]\r\n"));
    g_free(text);
    text = rendered(LJ_FORMAT_CSL, NULL, &a);
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_int_equal(json_array_size(root), 2);
    json_t *first = json_array_get(root, 0);
    assert_string_equal(json_string_value(json_object_get(first, "type")), "legislation");
    json_t *parts =
        json_array_get(json_object_get(json_object_get(first, "issued"), "date-parts"), 0);
    assert_int_equal(json_array_size(parts), 2);
    assert_null(json_object_get(json_array_get(root, 1), "issued"));
    json_decref(root);
    g_free(text);
}

static void
text_fits_the_terminal(void **state)
{
    (void)state;
    for (unsigned width = 30; width <= 120; width += 10) {
        struct lj_answer a = answer();
        struct lj_output *output = lj_output_new(-1, LJ_FORMAT_TEXT);
        output->width = width;
        lj_render_answer(output, &a);
        char **lines = g_strsplit(output->buffer->str, "\n", -1);
        for (char **line = lines; *line; line++)
            if (lj_width(*line, -1) > width)
                fail_msg("%u columns in %u: %s", lj_width(*line, -1), width, *line);
        g_strfreev(lines);
        assert_null(strchr(output->buffer->str, '\x1b'));
        if (width >= 80) {
            assert_non_null(strstr(output->buffer->str, "2 documents · 1.8 ms\n"));
            assert_non_null(
                strstr(output->buffer->str, "2026-01 (masthead) · ley · Artículo 5 · p. 145"));
            assert_non_null(
                strstr(output->buffer->str, "tipo:ley (1) · tipo:\"real decreto\" (1)"));
            assert_non_null(strstr(output->buffer->str, "fecha:2024..2026  █ ▃"));
        }
        g_string_truncate(output->buffer, 0);
        output->colour = output->links = true;
        lj_render_answer(output, &a);
        assert_non_null(strstr(output->buffer->str, "\x1b[1;31mtráfico\x1b[0m"));
        assert_non_null(strstr(output->buffer->str, "\x1b]8;;file:///x/a%20b.txt\x1b\\"));
        lj_output_free(output);
    }
}

static void
failed_writes_are_told_and_gone_readers_are_not(void **state)
{
    (void)state;
    struct lj_answer a = answer();
    GError *error = NULL;
    int full = open("/dev/full", O_WRONLY);
    struct lj_output *output = lj_output_new(full, LJ_FORMAT_JSON);
    lj_render_answer(output, &a);
    assert_false(lj_render_end(output, &error));
    assert_int_equal(lj_error_exit_status(error), 74);
    g_clear_error(&error);
    lj_output_free(output);
    close(full);

    int ends[2];
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    signal(SIGPIPE, SIG_IGN);
    output = lj_output_new(ends[1], LJ_FORMAT_JSON);
    lj_render_answer(output, &a);
    assert_false(lj_render_end(output, &error));
    assert_null(error);
    assert_true(output->closed);
    lj_output_free(output);
    close(ends[1]);
}

static void
errors_are_json_too(void **state)
{
    (void)state;
    struct lj_output *output = lj_output_new(-1, LJ_FORMAT_JSON);
    GError *error = g_error_new_literal(LJ_ERROR, LJ_ERROR_QUERY, "no \"x\"");
    lj_render_error(output, error, 4, 9);
    assert_string_equal(
        output->buffer->str,
        "{\"format_version\":1,\"error\":{\"code\":\"query\",\"message\":\"no \\\"x\\\"\","
        "\"start\":4,\"end\":9}}\n");
    g_error_free(error);
    lj_output_free(output);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_has_every_key),
        cmocka_unit_test(one_line_a_record),
        cmocka_unit_test(reference_managers_get_passage_and_origin),
        cmocka_unit_test(text_fits_the_terminal),
        cmocka_unit_test(failed_writes_are_told_and_gone_readers_are_not),
        cmocka_unit_test(errors_are_json_too),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
