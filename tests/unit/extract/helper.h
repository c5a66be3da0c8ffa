/* Runs bytes through the real helper, for the tests of formats.
 *
 *     struct outcome o = extract_bytes("nota.txt", "Hola", 4);
 *     assert_string_equal(first(&o)->text->str, "Hola");
 *     clear(&o);
 */
#ifndef LEGAJO_TESTS_EXTRACT_HELPER_H
#define LEGAJO_TESTS_EXTRACT_HELPER_H

#include "cmocka_all.h"
#include "legajo/extract.h"
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct outcome {
    bool good;
    GError *error;
    GPtrArray *documents;
    GPtrArray *failures; /* messages */
    GPtrArray *members;  /* of the failures */
};

static struct lj_extractor *extractor;

static bool
keep_document(struct lj_document *document, void *data)
{
    g_ptr_array_add(((struct outcome *)data)->documents, document);
    return true;
}

static void
keep_failure(const char *member, const GError *failure, void *data)
{
    struct outcome *outcome = data;
    g_ptr_array_add(outcome->failures, g_strdup(failure->message));
    g_ptr_array_add(outcome->members, g_strdup(member ? member : ""));
}

static inline struct outcome
extract_request(const struct lj_extract_request *request, const void *bytes, size_t length)
{
    if (!extractor) {
        extractor = lj_extractor_open(NULL, NULL);
        assert_non_null(extractor);
    }
    struct outcome outcome = {.documents =
                                  g_ptr_array_new_with_free_func((GDestroyNotify)lj_document_free),
                              .failures = g_ptr_array_new_with_free_func(g_free),
                              .members = g_ptr_array_new_with_free_func(g_free)};
    int fd = memfd_create("test", MFD_CLOEXEC);
    assert_true(fd >= 0);
    for (size_t at = 0; at < length;) {
        ssize_t n = write(fd, (const char *)bytes + at, length - at);
        assert_true(n > 0);
        at += (size_t)n;
    }
    struct lj_extract_sinks sinks = {
        .document = keep_document, .failure = keep_failure, .data = &outcome};
    outcome.good = lj_extract(extractor, fd, request, &sinks, &outcome.error);
    assert_true(outcome.good == (outcome.error == NULL));
    close(fd);
    return outcome;
}

static inline struct outcome
extract_bytes(const char *name, const void *bytes, size_t length)
{
    struct lj_extract_request request = {.name = name};
    return extract_request(&request, bytes, length);
}

static inline struct outcome
extract_string(const char *name, const char *text)
{
    return extract_bytes(name, text, strlen(text));
}

/* The only document. */
static inline struct lj_document *
first(struct outcome *outcome)
{
    if (outcome->error)
        print_message("%s\n", outcome->error->message);
    assert_true(outcome->good);
    assert_int_equal(outcome->documents->len, 1);
    return outcome->documents->pdata[0];
}

static inline void
clear(struct outcome *outcome)
{
    g_ptr_array_unref(outcome->documents);
    g_ptr_array_unref(outcome->failures);
    g_ptr_array_unref(outcome->members);
    g_clear_error(&outcome->error);
}

/* The marks as one string: "S1 Artículo 1|P2|", for comparing. g_free. */
static inline char *
marks_of(const struct lj_document *document)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < document->marks->len; i++) {
        const struct lj_mark *mark = &g_array_index(document->marks, struct lj_mark, i);
        g_string_append_printf(out, "%c%u %s|", "SPKT"[mark->kind], mark -> level,
                               mark -> label ? mark -> label : "");
        if (mark->kind == LJ_MARK_SECTION) /* a heading's own text stands where the mark says */
            assert_true(mark->end > mark->start && mark->end <= document->text->len);
    }
    return g_string_free(out, FALSE);
}

static inline int
close_extractor(void **state)
{
    (void)state;
    lj_extractor_close(extractor);
    extractor = NULL;
    return 0;
}

#endif
