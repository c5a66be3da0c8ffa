/* Records: what the quick reader takes is what the tree says. */
#include "cmocka_all.h"
#include "extract/record.h"

/* The record as one string: key=kind:value, lists with [ ]. */
static char *
shown(const struct lj_record *record)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < record->values->len; i++) {
        const struct lj_record_value *value = lj_record_at(record, i);
        g_string_append_printf(out, "%s%s=%d:", lj_record_bytes(record, value->key),
                               value->listed ? "[]" : "", value->kind);
        g_string_append_len(out, lj_record_bytes(record, value->string), (gssize)value->length);
        g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}

static void
both_readers_agree(void **state)
{
    (void)state;
    /* quick: whether the quick reader takes it; else it leaves it to the tree. */
    static const struct {
        const char *line;
        bool quick, object;
    } cases[] = {
        {"{}", true, true},
        {" {\"text\":\"uno\\ndos \\u00f1 ñ \\\"tres\\\" \\/ \\\\\",\"n\":7,\"x\":-2.50e1}\t", true,
         true},
        {"{\"a\":true,\"b\":false,\"c\":null,\"d\":\"\",\"\":1}", true, true},
        {"{\"s\":[\"a\",1,2.5,true,null,[\"no\",{\"x\":1}],{\"no\":\"no\",\"s\":[1]},\"b\"]}", true,
         true},
        {"{\"n\":-0,\"m\":0.0,\"g\":9223372036854775807,\"h\":1e300}", true, true},
        {"{\"t\":\"a\\u0000b\"}", true, true},
        {"{\"a\":[[[1]],{\"b\":{\"c\":[\"\\n\"]}},7],\"b\":[],\"c\":[ ] , \"d\" : -12e-2 }", true,
         true},
        {"{\"t\":{\"rendered\":\"x\"},\"u\":{\"v\":1}}", false, true},
        {"{\"_index\":1,\"_source\":{\"text\":\"x\"}}", false, true},
        {"{\"a\":1,\"b\":2,\"a\":3}", false, true},
        {"{\"t\":\"\\ud83d\\ude00\"}", false, true},
        {"{\"t\":\"\\ud83d\"}", false, false},
        {"{\"t\":\"\\ude00x\"}", false, false},
        {"{\"n\":9223372036854775808}", false, false},
        {"{\"n\":1e999}", false, false},
        {"{\"n\":01}", false, false},
        {"{\"t\":\"\xed\xa0\x80\"}", false, false},
        {"{\"t\":\"\xc0\xaf\"}", false, false},
        {"{\"t\":\"\xff\"}", false, false},
        {"{\"t\":\"a\tb\"}", false, false},
        {"{\"a\":1}{\"b\":2}", false, false},
        {"{\"a\":1,}", false, false},
        {"{,}", false, false},
        {"{\"a\" 1}", false, false},
        {"{\"a\":[1,]}", false, false},
        {"{\"a\":[{1}]}", false, false},
        {"{\"a\":\"\\x\"}", false, false},
        {"{\"a\":\"b", false, false},
        {"{\"a\":1.}", false, false},
        {"{\"a\":tru}", false, false},
        {"{\"a\":1", false, false},
        {"[1]", false, false},
        {"\"x\"", false, false},
        {"7", false, false},
        {"null", false, false},
        {"/* x */ {}", false, false},
        {"", false, false},
    };
    struct lj_record *quick = lj_record_new(), *tree = lj_record_new();
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *line = cases[i].line;
        json_error_t problem;
        json_t *object = json_loadb(line, strlen(line), JSON_ALLOW_NUL, &problem);
        assert_int_equal(json_is_object(object), cases[i].object);
        bool taken = lj_record_read_plain(quick, line, strlen(line));
        if (taken != cases[i].quick)
            fail_msg("%s: the quick reader says %d", line, taken);
        assert_int_equal(lj_record_read(quick, line, strlen(line), &problem), cases[i].object);
        if (cases[i].object) {
            lj_record_take(tree, object);
            char *a = shown(quick), *b = shown(tree);
            assert_string_equal(a, b);
            g_free(a);
            g_free(b);
        }
        json_decref(object);
    }
    lj_record_free(quick);
    lj_record_free(tree);
    lj_record_free(NULL);
}

/* Nothing is too deep or too wide for an answer. */
static void
shapes_without_end(void **state)
{
    (void)state;
    struct lj_record *record = lj_record_new();
    json_error_t problem;
    GString *line = g_string_new("{\"a\":");
    for (int i = 0; i < 100000; i++)
        g_string_append_c(line, '[');
    assert_false(lj_record_read(record, line->str, line->len, &problem));
    assert_string_not_equal(problem.text, "");
    g_string_assign(line, "{\"text\":\"x\"");
    for (int i = 0; i < 500; i++)
        g_string_append_printf(line, ",\"k%d\":%d", i, i);
    g_string_append_c(line, '}');
    assert_true(lj_record_read(record, line->str, line->len, &problem));
    assert_int_equal(record->values->len, 501);
    assert_string_equal(lj_record_bytes(record, lj_record_text(record)->string), "x");
    g_string_free(line, TRUE);
    lj_record_free(record);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_readers_agree),
        cmocka_unit_test(shapes_without_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
