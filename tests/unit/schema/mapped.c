/* A mapped file that cannot be read any more names itself and ends the process with 74. */
#include "cmocka_all.h"
#include "schema/mapped.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define SIZE (1u << 20)

static char path[] = "/tmp/legajo-mapped-XXXXXX";

#define THREADS 4

/* They set out at once. */
static int waiting = THREADS;

static gpointer
read_all(gpointer data)
{
    const volatile char *bytes = data;
    unsigned sum = 0;
    for (g_atomic_int_add(&waiting, -1); g_atomic_int_get(&waiting) > 0;)
        ;
    for (size_t i = SIZE; i-- > 0;)
        sum += (unsigned)bytes[i];
    return GUINT_TO_POINTER(sum);
}

/* Some threads read all of a mapped file after another has cut it short; mapped: by us, or by somebody else. */
static void
read_cut_short(bool mapped, int says)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    const void *bytes = mapped ? lj_map(fd, SIZE, path, "buy another")
                               : mmap(NULL, SIZE, PROT_READ, MAP_SHARED, fd, 0);
    dup2(says, STDERR_FILENO);
    lj_mapped_guard("tool");
    if (ftruncate(fd, 4096) != 0)
        _exit(2);
    for (int i = 1; i < THREADS; i++)
        g_thread_unref(g_thread_new("reads", read_all, (gpointer)(uintptr_t)bytes));
    _exit(read_all((gpointer)(uintptr_t)bytes) == NULL);
}

static int
status_of(bool mapped, char *said, size_t size)
{
    int fd = open(path, O_RDWR | O_CLOEXEC), ends[2];
    assert_int_equal(ftruncate(fd, SIZE), 0);
    close(fd);
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0)
        read_cut_short(mapped, ends[1]);
    close(ends[1]);
    size_t length = 0;
    for (ssize_t n = 1; n > 0; length += (size_t)MAX(n, 0))
        n = read(ends[0], said + length, size - 1 - length);
    said[length] = '\0';
    close(ends[0]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void
a_file_cut_short_is_named(void **state)
{
    (void)state;
    for (int i = 0; i < 50; i++) { /* threads may meet it at once */
        char said[1000];
        int status = status_of(true, said, sizeof said);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 74);
        assert_ptr_equal(strstr(said, "tool: /tmp/legajo-mapped-"), said);
        assert_string_equal(strchr(said, '\n') - strlen("buy another"), "buy another\n");
    }
}

/* Not ours: a fault, as it would be without us. */
static void
other_signals_stay_what_they_are(void **state)
{
    (void)state;
    char said[500];
    int status = status_of(false, said, sizeof said);
    assert_null(strstr(said, "buy another"));
    assert_false(WIFEXITED(status) && WEXITSTATUS(status) == 74);
}

int
main(void)
{
    int fd = g_mkstemp(path);
    close(fd);
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_file_cut_short_is_named),
                                       cmocka_unit_test(other_signals_stay_what_they_are)};
    int status = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return status;
}
