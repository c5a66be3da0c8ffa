/* JSON Lines: records, their keys, bad lines, deletions. */
#include "helper.h"
#include <pthread.h>

static void
records_become_documents(void **state)
{
    (void)state;
    struct outcome o = extract_string(
        "a.jsonl", "{\"id\":\"ley-1\",\"title\":\"Ley\",\"date\":\"2026-01\",\"text\":\"Texto "
                   "\\u00f1\",\"rank\":\"ley\",\"country\":\"ar\","
                   "\"source\":\"http://x.org/"
                   "1\",\"subject\":[\"a\",\"b\"],\"number\":7,\"infoleg_id\":\"12\"}\n"
                   "\n"
                   "{\"text\":\"otro\\r\\ntexto\"}\n"
                   "no es json\n"
                   "[1,2]\n"
                   "{\"title\":\"sin texto\"}\n"
                   "{\"id\":\"ley-2\",\"deleted\":true}\n"
                   "{\"id\":12,\"text\":\"último, sin fin de línea\"}");
    assert_true(o.good);
    assert_int_equal(o.documents->len, 4);
    struct lj_document *d = o.documents->pdata[0];
    assert_string_equal(d->id, "ley-1");
    assert_string_equal(d->text->str, "Texto ñ");
    assert_string_equal(d->date, "2026-01");
    assert_int_equal(d->date_from, LJ_DATE_GIVEN);
    assert_string_equal(lj_document_field(d, "type"), "ley");
    assert_string_equal(lj_document_field(d, "url"), "http://x.org/1");
    assert_string_equal(lj_document_field(d, "number"), "7");
    assert_string_equal(lj_document_field(d, "infoleg_id"), "12");
    d = o.documents->pdata[1];
    assert_null(d->id);
    assert_string_equal(d->member, "#3");
    assert_string_equal(d->text->str, "otro\ntexto");
    d = o.documents->pdata[2];
    assert_string_equal(d->id, "ley-2");
    assert_true(d->deleted);
    assert_string_equal(((struct lj_document *)o.documents->pdata[3])->id, "12");
    assert_int_equal(o.failures->len, 3);
    assert_non_null(strstr(o.failures->pdata[0], "line 4"));
    assert_non_null(strstr(o.failures->pdata[1], "line 5"));
    assert_non_null(strstr(o.failures->pdata[2], "line 6"));
    assert_string_equal(o.members->pdata[2], "#6");
    clear(&o);
}

static void
records_are_hashed_one_by_one(void **state)
{
    (void)state;
    struct outcome o =
        extract_string("a.jsonl", "{\"text\":\"a\"}\n{\"text\":\"a\"}\n{\"text\":\"b\"}\n");
    struct lj_document **d = (struct lj_document **)o.documents->pdata;
    assert_memory_equal(d[0]->sha256, d[1]->sha256, 32);
    assert_memory_not_equal(d[0]->sha256, d[2]->sha256, 32);
    clear(&o);
}

static void
long_lines_come_whole_or_are_named(void **state)
{
    (void)state;
    GString *feed = g_string_new("{\"text\":\"");
    for (int i = 0; i < 300000; i++)
        g_string_append(feed, "palabra ");
    g_string_append(feed, "\"}\n{\"text\":\"x\"}\n");
    struct lj_extract_request request = {.name = "a.jsonl"};
    struct outcome o = extract_request(&request, feed->str, feed->len);
    assert_int_equal(o.documents->len, 2);
    assert_int_equal(((struct lj_document *)o.documents->pdata[0])->text->len, 2400000);
    clear(&o);
    request.max_text = 1000; /* lines up to a megabyte more than four times that */
    o = extract_request(&request, feed->str, feed->len);
    assert_int_equal(o.documents->len, 1);
    assert_int_equal(o.failures->len, 1);
    assert_non_null(strstr(o.failures->pdata[0], "line 1"));
    assert_string_equal(((struct lj_document *)o.documents->pdata[0])->member, "#2");
    clear(&o);
    g_string_free(feed, TRUE);
}

static struct outcome *current; /* where keep_number has the data */

static bool
keep_current(struct lj_document *document, void *data)
{
    (void)data;
    return keep_document(document, current);
}

static bool
keep_number(uint32_t number, void *data)
{
    GString *told = data;
    g_string_append_printf(told, "%u ", number);
    return true;
}

/* Of records that are known only their numbers are told; one without an id is known in its line. */
static void
known_records_are_not_read(void **state)
{
    (void)state;
    struct outcome o = extract_string("a.jsonl", "{\"id\":\"x\",\"text\":\"con id\"}\n"
                                                 "{\"text\":\"sin id\"}\n"
                                                 "{\"text\":\"sin id\"}\n");
    struct lj_known_record known[3] = {{.line = 0}, {.line = 2}, {.line = 3}};
    for (guint i = 0; i < 3; i++)
        memcpy(known[i].sha256, ((struct lj_document *)o.documents->pdata[i])->sha256, 16);
    clear(&o);
    static const char feed[] = "{\"text\":\"sin id\"}\n"
                               "{\"text\":\"sin id\"}\n"
                               "{\"id\":\"x\",\"text\":\"con otra\"}\n"
                               "{\"id\":\"x\",\"text\":\"con id\"}\n"
                               "{\"id\":\"x\",\"text\":\"con id\"}";
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], feed, sizeof feed - 1), sizeof feed - 1);
    close(ends[1]);
    GString *told = g_string_new(NULL);
    struct lj_extract_request request = {.name = "a.jsonl", .known = known, .n_known = 3};
    struct lj_extract_sinks sinks = {.same = keep_number, .data = told};
    o = (struct outcome){.documents =
                             g_ptr_array_new_with_free_func((GDestroyNotify)lj_document_free),
                         .failures = g_ptr_array_new(),
                         .members = g_ptr_array_new()};
    current = &o;
    sinks.document = keep_current;
    assert_true(lj_extract(extractor, ends[0], &request, &sinks, &o.error));
    close(ends[0]);
    assert_string_equal(told->str, "1 0 0 ");
    assert_int_equal(o.documents->len, 2);
    assert_string_equal(((struct lj_document *)o.documents->pdata[0])->member, "#1");
    assert_string_equal(((struct lj_document *)o.documents->pdata[1])->text->str, "con otra");
    clear(&o);
    g_string_free(told, TRUE);
    /* the next file is another matter */
    o = extract_string("a.jsonl", "{\"id\":\"x\",\"text\":\"con id\"}\n");
    assert_int_equal(o.documents->len, 1);
    clear(&o);
}

/* A feed that pauses longer than the time limit is waited for. */
static void *
slow_writer(void *data)
{
    int fd = *(int *)data;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(write(fd, "{\"text\":\"a\"}\n", 13), 13);
        g_usleep(1500 * 1000);
    }
    close(fd);
    return NULL;
}

static void
a_slow_feed_is_no_hang(void **state)
{
    (void)state;
    int ends[2];
    pthread_t thread;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(pthread_create(&thread, NULL, slow_writer, &ends[1]), 0);
    struct outcome o = {.documents =
                            g_ptr_array_new_with_free_func((GDestroyNotify)lj_document_free),
                        .failures = g_ptr_array_new(),
                        .members = g_ptr_array_new()};
    struct lj_extract_request request = {.records = true, .timeout_ms = 1200};
    struct lj_extract_sinks sinks = {
        .document = keep_document, .failure = keep_failure, .data = &o};
    assert_true(lj_extract(extractor, ends[0], &request, &sinks, &o.error));
    pthread_join(thread, NULL);
    close(ends[0]);
    assert_int_equal(o.documents->len, 3);
    clear(&o);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_become_documents),
        cmocka_unit_test(records_are_hashed_one_by_one),
        cmocka_unit_test(long_lines_come_whole_or_are_named),
        cmocka_unit_test(known_records_are_not_read),
        cmocka_unit_test(a_slow_feed_is_no_hang),
    };
    return cmocka_run_group_tests(tests, NULL, close_extractor);
}
