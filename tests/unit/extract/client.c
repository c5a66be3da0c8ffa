/* The client: what a helper that crashes, hangs, lies or is missing costs. The helpers here are
 * shell scripts; the shell's own standard input is the socket. */
#include "helper.h"
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

static char *folder;

static char *
script(const char *name, const char *body)
{
    char *path = g_build_filename(folder, name, NULL);
    char *text = g_strconcat("#!/bin/sh\n", body, NULL);
    assert_true(g_file_set_contents(path, text, -1, NULL));
    assert_int_equal(g_chmod(path, 0700), 0);
    g_free(text);
    return path;
}

static struct outcome
run_script(const char *body, uint32_t timeout_ms)
{
    char *path = script("helper", body);
    lj_extractor_close(extractor);
    extractor = lj_extractor_open(path, NULL);
    assert_non_null(extractor);
    struct lj_extract_request request = {.name = "malo.pdf", .timeout_ms = timeout_ms};
    struct outcome o = extract_request(&request, "x", 1);
    close_extractor(NULL);
    g_free(path);
    return o;
}

static void
a_crash_costs_one_document(void **state)
{
    (void)state;
    struct outcome o = run_script("head -c 4 >/dev/null; kill -SEGV $$", 0);
    assert_int_equal(o.error->code, LJ_ERROR_FORMAT);
    assert_non_null(strstr(o.error->message, "malo.pdf"));
    clear(&o);
}

static void
a_hang_is_stopped(void **state)
{
    (void)state;
    gint64 start = g_get_monotonic_time();
    struct outcome o = run_script("exec sleep 60", 300);
    assert_int_equal(o.error->code, LJ_ERROR_FORMAT);
    assert_true(g_get_monotonic_time() - start < 5 * G_USEC_PER_SEC);
    clear(&o);
    /* One that works without end: it is waited for longer where the machine is busy, not for ever. */
    start = g_get_monotonic_time();
    o = run_script("while :; do :; done", 300);
    assert_int_equal(o.error->code, LJ_ERROR_FORMAT);
    assert_non_null(strstr(o.error->message, "longer than 1 seconds"));
    assert_true(g_get_monotonic_time() - start < 5 * G_USEC_PER_SEC);
    clear(&o);
}

static bool
not_wanted(void *data)
{
    (*(int *)data)++;
    return false;
}

static bool
no_document(struct lj_document *document, void *data)
{
    (void)data;
    lj_document_free(document);
    return true;
}

/* A run that is told to stop does not wait for a page, or for a huge document: no failure of the file. */
static void
what_is_not_wanted_any_more_ends_at_once(void **state)
{
    (void)state;
    char *path = script("helper", "exec sleep 60");
    lj_extractor_close(extractor);
    extractor = lj_extractor_open(path, NULL);
    int asked = 0, fd = memfd_create("test", MFD_CLOEXEC);
    struct lj_extract_request request = {.name = "largo.pdf"};
    struct lj_extract_sinks sinks = {.document = no_document, .data = &asked, .wanted = not_wanted};
    GError *error = NULL;
    gint64 start = g_get_monotonic_time();
    assert_true(lj_extract(extractor, fd, &request, &sinks, &error));
    assert_null(error);
    assert_int_equal(asked, 1);
    assert_true(g_get_monotonic_time() - start < 5 * G_USEC_PER_SEC);
    close(fd);
    close_extractor(NULL);
    g_free(path);
}

static void
a_lie_is_no_document(void **state)
{
    (void)state;
    static const char *const lies[] = {
        "printf '\\377\\377\\377\\377D' >&0; sleep 1",       /* a length beyond all limits */
        "printf '\\004\\000\\000\\000Dabc' >&0; sleep 1",    /* no document */
        "printf '\\001\\000\\000\\000?' >&0; sleep 1",       /* no kind */
        "printf '\\000\\000\\000\\000' >&0; sleep 1",        /* not even a kind */
        "printf '\\003\\000\\000\\000E\\377a' >&0; sleep 1", /* no error */
        "exit 0",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(lies); i++) {
        struct outcome o = run_script(lies[i], 0);
        assert_int_equal(o.error->code, LJ_ERROR_FORMAT);
        assert_int_equal(o.documents->len, 0);
        clear(&o);
    }
}

static void
a_missing_helper_is_told(void **state)
{
    (void)state;
    GError *error = NULL;
    assert_null(lj_extractor_open("/nowhere/legajo-extract", &error));
    assert_int_equal(error->code, LJ_ERROR_INTERNAL);
    assert_non_null(strstr(error->message, "/nowhere/legajo-extract"));
    g_error_free(error);
}

/* The next document after a crash is read as if nothing had been. */
static void
the_helper_comes_back(void **state)
{
    (void)state;
    char *body = g_strdup_printf("if [ -e '%s/once' ]; then exec '%s'; fi; head -c 4 >/dev/null; : "
                                 ">'%s/once'; kill -SEGV $$",
                                 folder, g_getenv("LEGAJO_EXTRACT"), folder);
    char *path = script("helper", body);
    lj_extractor_close(extractor);
    extractor = lj_extractor_open(path, NULL);
    struct outcome o = extract_string("a.txt", "uno");
    assert_int_equal(o.error->code, LJ_ERROR_FORMAT);
    clear(&o);
    for (int i = 0; i < 3; i++) {
        o = extract_string("a.txt", "dos");
        assert_string_equal(first(&o)->text->str, "dos");
        clear(&o);
    }
    close_extractor(NULL);
    g_free(path);
    g_free(body);
}

static int
file_of(const char *text)
{
    int fd = memfd_create("test", MFD_CLOEXEC);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    return fd;
}

/* Takes the answer about a file and looks at its text; NULL: it fails. */
static void
take(int fd, const struct lj_extract_request *request, const char *text)
{
    struct outcome o = {.documents =
                            g_ptr_array_new_with_free_func((GDestroyNotify)lj_document_free)};
    struct lj_extract_sinks sinks = {.document = keep_document, .data = &o};
    o.good = lj_extract(extractor, fd, request, &sinks, &o.error);
    assert_true(o.good == (text != NULL));
    if (text && *text) {
        assert_int_equal(o.documents->len, 1);
        assert_string_equal(((struct lj_document *)o.documents->pdata[0])->text->str, text);
    } else {
        assert_int_equal(o.documents->len, 0);
    }
    g_ptr_array_unref(o.documents);
    g_clear_error(&o.error);
}

/* Files that are asked for before their turn give what they give without. */
static void
files_are_asked_for_ahead(void **state)
{
    (void)state;
    extractor = lj_extractor_open(NULL, NULL);
    struct lj_extract_request request = {.name = "a.txt"}, known = {.name = "a.txt", .n_known = 1};
    int fds[LJ_ASKED_MOST + 1];
    char text[8];
    for (unsigned i = 0; i <= LJ_ASKED_MOST; i++) {
        g_snprintf(text, sizeof text, "n%u", i);
        fds[i] = file_of(text);
        assert_int_equal(lj_extract_ahead(extractor, fds[i], &request), i < LJ_ASKED_MOST);
    }
    assert_int_equal(lj_extract_asked(extractor), LJ_ASKED_MOST);
    for (unsigned i = 0; i <= LJ_ASKED_MOST; i++) {
        g_snprintf(text, sizeof text, "n%u", i);
        take(fds[i], &request, text);
    }
    assert_int_equal(lj_extract_asked(extractor), 0);
    assert_false(lj_extract_ahead(extractor, fds[0], &known));
    /* Out of turn, or after they are forgotten: nothing of the others comes. */
    for (int i = 0; i < 3; i++)
        assert_true(lj_extract_ahead(extractor, fds[i], &request));
    take(fds[2], &request, "n2");
    assert_int_equal(lj_extract_asked(extractor), 0);
    for (int i = 0; i < 3; i++)
        assert_true(lj_extract_ahead(extractor, fds[i], &request));
    lj_extract_forget(extractor);
    assert_int_equal(lj_extract_asked(extractor), 0);
    take(fds[1], &request, "n1");
    for (unsigned i = 0; i <= LJ_ASKED_MOST; i++)
        close(fds[i]);
    close_extractor(NULL);
}

/* A crash costs the file it comes with, not those asked for behind it, nor the one before. */
static void
a_crash_spares_what_is_asked_for(void **state)
{
    (void)state;
    char *body = g_strdup_printf(
        "if [ -e '%s/died' ]; then exec '%s'; fi; : >'%s/died'; head -c 4 >/dev/null; "
        "printf '\\001\\000\\000\\000E' >&0; sleep 0.2; kill -SEGV $$",
        folder, g_getenv("LEGAJO_EXTRACT"), folder);
    char *path = script("helper", body);
    lj_extractor_close(extractor);
    extractor = lj_extractor_open(path, NULL);
    struct lj_extract_request request = {.name = "a.txt"};
    int fds[] = {file_of("uno"), file_of("dos"), file_of("tres")};
    for (size_t i = 0; i < G_N_ELEMENTS(fds); i++)
        assert_true(lj_extract_ahead(extractor, fds[i], &request));
    take(fds[0], &request, "");
    assert_int_equal(lj_extract_asked(extractor), 2);
    take(fds[1], &request, NULL);
    assert_int_equal(lj_extract_asked(extractor), 0);
    take(fds[2], &request, "tres");
    for (size_t i = 0; i < G_N_ELEMENTS(fds); i++)
        close(fds[i]);
    close_extractor(NULL);
    g_free(path);
    g_free(body);
}

static bool
refuse(struct lj_document *document, void *data)
{
    lj_document_free(document);
    return ++*(int *)data < 2;
}

static void
a_sink_can_stop(void **state)
{
    (void)state;
    extractor = lj_extractor_open(NULL, NULL);
    int fd = memfd_create("test", MFD_CLOEXEC), count = 0;
    for (int i = 0; i < 100000; i++)
        assert_int_equal(write(fd, "{\"text\":\"a\"}\n", 13), 13);
    struct lj_extract_request request = {.name = "a.jsonl"};
    struct lj_extract_sinks sinks = {.document = refuse, .failure = NULL, .data = &count};
    assert_true(lj_extract(extractor, fd, &request, &sinks, NULL));
    assert_int_equal(count, 2);
    close(fd);
    struct outcome o = extract_string("a.txt", "dos"); /* nothing of the old file comes now */
    assert_string_equal(first(&o)->text->str, "dos");
    clear(&o);
    close_extractor(NULL);
}

static void
an_unreadable_file_is_an_io_error(void **state)
{
    (void)state;
    extractor = lj_extractor_open(NULL, NULL);
    int fd = open(folder, O_RDONLY | O_DIRECTORY);
    struct lj_extract_request request = {.name = "carpeta"};
    struct lj_extract_sinks sinks = {.document = keep_document, .failure = NULL, .data = NULL};
    GError *error = NULL;
    assert_false(lj_extract(extractor, fd, &request, &sinks, &error));
    assert_int_equal(error->code, LJ_ERROR_IO);
    g_error_free(error);
    close(fd);
    close_extractor(NULL);
}

/* Nothing that a document does to its reader reaches network, files or other programs. */
static void
readers_are_shut_in(void **state)
{
    (void)state;
    for (int full = 0; full < 2; full++) {
        char *program = g_strconcat(g_getenv("LEGAJO_EXTRACT"), full ? "-full" : "", NULL);
        char *argv[] = {program, (char *)(uintptr_t) "--check-sandbox", NULL}, *out = NULL;
        int status = -1;
        assert_true(
            g_spawn_sync(NULL, argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, NULL, &status, NULL));
        if (strstr(out, "possible"))
            print_message("%s", out);
        assert_string_equal(out,
                            "network refused\nwriting refused\nmaking refused\nremoving refused\n"
                            "signals refused\nprograms refused\n");
        assert_int_equal(status, 0);
        g_free(out);
        g_free(program);
    }
}

static int
make_folder(void **state)
{
    (void)state;
    folder = g_dir_make_tmp("legajo-XXXXXX", NULL);
    return folder ? 0 : -1;
}

static int
remove_folder(void **state)
{
    char *path = g_build_filename(folder, "helper", NULL);
    g_unlink(path);
    g_free(path);
    path = g_build_filename(folder, "once", NULL);
    g_unlink(path);
    g_free(path);
    g_rmdir(folder);
    g_free(folder);
    return close_extractor(state);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_crash_costs_one_document),
        cmocka_unit_test(a_hang_is_stopped),
        cmocka_unit_test(what_is_not_wanted_any_more_ends_at_once),
        cmocka_unit_test(a_lie_is_no_document),
        cmocka_unit_test(a_missing_helper_is_told),
        cmocka_unit_test(the_helper_comes_back),
        cmocka_unit_test(files_are_asked_for_ahead),
        cmocka_unit_test(a_crash_spares_what_is_asked_for),
        cmocka_unit_test(a_sink_can_stop),
        cmocka_unit_test(an_unreadable_file_is_an_io_error),
        cmocka_unit_test(readers_are_shut_in),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
