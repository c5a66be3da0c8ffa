#include "schema/mapped.h"
#include "i18n.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

/* More at once are mapped all the same, but not named. */
#define MOST 256

/* A handler may neither lock nor allocate: it reads this table, where `bytes` is written last and cleared first. */
static struct {
    const uint8_t *bytes; /* NULL: free; atomic */
    size_t size;
    char *line; /* ": PATH: what happened; remedy\n" */
} files[MOST];

static GMutex lock; /* of those who change the table */
static const char *named = "legajo";
static atomic_flag told = ATOMIC_FLAG_INIT;

static void
note(const uint8_t *bytes, size_t size, const char *path, const char *remedy)
{
    g_mutex_lock(&lock);
    for (int i = 0; i < MOST; i++) {
        if (files[i].bytes)
            continue;
        files[i].size = size;
        files[i].line = g_strdup_printf(
            ": %s: %s; %s\n", path,
            _("cannot be read: its disk fails, or it was cut short while in use"), remedy);
        g_atomic_pointer_set(&files[i].bytes, bytes);
        break;
    }
    g_mutex_unlock(&lock);
}

static void
forget(const uint8_t *bytes)
{
    g_mutex_lock(&lock);
    for (int i = 0; i < MOST; i++) {
        if (files[i].bytes != bytes)
            continue;
        g_atomic_pointer_set(&files[i].bytes, NULL);
        g_clear_pointer(&files[i].line, g_free);
        break;
    }
    g_mutex_unlock(&lock);
}

const void *
lj_map(int fd, size_t size, const char *path, const char *remedy)
{
    void *bytes = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
    if (bytes == MAP_FAILED)
        return NULL;
    note(bytes, size, path, remedy);
    return bytes;
}

void
lj_unmap(const void *bytes, size_t size)
{
    if (!bytes)
        return;
    forget(bytes);
    munmap((void *)(uintptr_t)bytes, size);
}

static void
on_bus_error(int number, siginfo_t *info, void *context)
{
    (void)context;
    const uint8_t *at = info->si_addr;
    for (int i = 0; i < MOST; i++) {
        const uint8_t *bytes = g_atomic_pointer_get(&files[i].bytes);
        if (!bytes || at < bytes || (size_t)(at - bytes) >= files[i].size)
            continue;
        while (atomic_flag_test_and_set(&told))
            pause(); /* another thread has met it, too, and ends us all */
        struct iovec parts[] = {{(char *)(uintptr_t)named, strlen(named)},
                                {files[i].line, strlen(files[i].line)}};
        ssize_t ignored = writev(STDERR_FILENO, parts, 2);
        (void)ignored;
        _exit(74);
    }
    /* It comes again, and ends the process as it should. */
    signal(number, SIG_DFL);
}

void
lj_mapped_guard(const char *tool)
{
    named = tool;
    struct sigaction action = {.sa_sigaction = on_bus_error,
                               .sa_flags = SA_SIGINFO};
    sigaction(SIGBUS, &action, NULL);
}
