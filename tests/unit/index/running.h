/* Runs over a test's folder: the index is DIR/db, what is said is kept, the report is that of the last run. */
#ifndef LEGAJO_TESTS_RUNNING_H
#define LEGAJO_TESTS_RUNNING_H

#include "folder.h"
#include "legajo/index.h"
#include "xap/xap.h"

static struct lj_run_report *report;
static GString *said;

static inline void
hear(enum lj_message_level level, const char *text, void *data)
{
    (void)level;
    (void)data;
    g_string_append_printf(said, "%s\n", text);
}

static inline int
set_up(void **state)
{
    said = g_string_new(NULL);
    return make_folder(state);
}

static inline int
tear_down(void **state)
{
    g_string_free(said, TRUE);
    lj_run_report_free(report);
    report = NULL;
    return remove_folder(state);
}

/* One run (into DIR/db, where options name no other) over a source in the folder, or NULL: every
 * remembered one; the error's code, or -1. */
static inline int
run_with(struct lj_run_options options, const char *source)
{
    char *dir = inside("db"), *given = source ? inside(source) : NULL;
    const char *sources[] = {given, NULL};
    options.dir = options.dir ? options.dir : dir;
    options.sources = sources;
    options.message = hear;
    options.jobs = options.jobs ? options.jobs : 2;
    lj_run_report_free(report);
    report = lj_run_report_new();
    GError *error = NULL;
    bool good = lj_index_run(&options, report, &error);
    int code = good ? -1 : error->code;
    if (error)
        g_string_append_printf(said, "%s\n", error->message);
    g_clear_error(&error);
    g_free(dir);
    g_free(given);
    return code;
}

/* A run over DIR/src, or a rebuild, that must go well. */
static inline void
expect_run(enum lj_rebuild rebuild)
{
    if (run_with((struct lj_run_options){.rebuild = rebuild}, rebuild ? NULL : "src") != -1)
        fail_msg("%s", said->str);
}

static inline void
expect_stub(const char *expected)
{
    char *path = inside("db/XAPIANDB"), *text = NULL;
    assert_true(g_file_get_contents(path, &text, NULL, NULL));
    assert_string_equal(text, expected);
    g_free(text);
    g_free(path);
}

static inline struct xap_reader *
open_index(const char *dir)
{
    struct lj_layout *layout = lj_layout_read(dir, false, NULL);
    char **paths = lj_layout_paths(layout);
    struct xap_reader *reader =
        lj_xap_reader_open((const char *const *)paths, g_strv_length(paths), NULL);
    assert_non_null(reader);
    lj_layout_free(layout);
    g_strfreev(paths);
    return reader;
}

/* Documents of DIR/db that a term is in. */
static inline uint32_t
count(const char *term)
{
    char *dir = inside("db");
    struct xap_reader *reader = open_index(dir);
    g_free(dir);
    struct xap_term asked = {term, strlen(term)};
    uint32_t df = 0;
    assert_true(lj_xap_frequencies(reader, &asked, 1, &df, NULL, NULL));
    lj_xap_reader_close(reader);
    return df;
}

/* Ids of an index, sorted, blank-separated; one that is there twice shows. g_free. */
static inline char *
ids_of(const char *dir)
{
    struct xap_reader *reader = open_index(dir);
    struct xap_vocabulary *terms = lj_xap_terms(reader, "Q", 1, "", 0, 1000, NULL);
    GString *out = g_string_new(NULL);
    for (size_t i = 0; i < terms->n; i++)
        for (uint32_t n = 0; n < terms->entry[i].df; n++)
            g_string_append_printf(out, "%s%s", out->len ? " " : "", terms->entry[i].term + 1);
    lj_xap_vocabulary_free(terms);
    lj_xap_reader_close(reader);
    return g_string_free(out, FALSE);
}

static inline void
expect_ids(const char *dir, const char *expected)
{
    char *found = ids_of(dir);
    assert_string_equal(found, expected);
    g_free(found);
}

static inline bool
there(const char *name)
{
    char *path = inside(name);
    bool found = access(path, F_OK) == 0;
    g_free(path);
    return found;
}

static inline void
rename_inside(const char *from, const char *to)
{
    char *a = inside(from), *b = inside(to);
    assert_int_equal(g_rename(a, b), 0);
    g_free(a);
    g_free(b);
}

static inline void
unlink_inside(const char *name)
{
    char *path = inside(name);
    assert_int_equal(g_unlink(path), 0);
    g_free(path);
}

#endif
