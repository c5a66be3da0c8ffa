/* Threads that help with a search. Each is begun when there is work for it, and kept, asleep, for what comes: to begin one
 * takes longer than many a search's share of work. */
#include "search/tree.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

/* (GLib's locks are hidden from ThreadSanitizer.) */
struct lj_helpers {
    pthread_mutex_t lock;
    pthread_cond_t given, done;
    struct lj_task *first; /* given and not begun */
    pthread_t thread[LJ_THREADS - 1];
    uint32_t n;
    bool leaving;
    int giver; /* the processor that helpers keep away from */
};

enum { GIVEN, AT_WORK, DONE };

/* After a task is done, it is its giver's again. */
static gpointer
help(gpointer data)
{
    struct lj_helpers *helpers = data;
    pthread_mutex_lock(&helpers->lock);
    while (!helpers->leaving) {
        struct lj_task *task = helpers->first;
        if (!task) {
            pthread_cond_wait(&helpers->given, &helpers->lock);
            continue;
        }
        helpers->first = task->next;
        atomic_store(&task->state, AT_WORK);
        pthread_mutex_unlock(&helpers->lock);
        task->work(task->data);
        pthread_mutex_lock(&helpers->lock);
        atomic_store(&task->state, DONE);
        pthread_cond_broadcast(&helpers->done);
    }
    pthread_mutex_unlock(&helpers->lock);
    return NULL;
}

/* The processors that this process may use, but the one where the giver of tasks is: left to itself, a kernel often puts, and
 * wakes, a helper where its giver runs, in whose place it then works (one in a virtual machine does so even beside a
 * processor that has nothing to do). false: there is no other. */
static bool
others_than(int giver, cpu_set_t *set)
{
    if (giver < 0 || giver >= CPU_SETSIZE || sched_getaffinity(0, sizeof *set, set) != 0)
        return false;
    CPU_CLR((size_t)giver, set);
    return CPU_COUNT(set) > 0;
}

/* Signals are the program's: a helper gets those only that its own work raises. */
static bool
begin_thread(struct lj_helpers *helpers, pthread_t *thread)
{
    static const int own[] = {SIGBUS, SIGSEGV, SIGFPE, SIGILL, SIGABRT};
    sigset_t others, before;
    sigfillset(&others);
    for (size_t i = 0; i < G_N_ELEMENTS(own); i++)
        sigdelset(&others, own[i]);
    pthread_sigmask(SIG_SETMASK, &others, &before);
    pthread_attr_t attributes;
    cpu_set_t set;
    pthread_attr_init(&attributes);
    if (others_than(helpers->giver, &set))
        pthread_attr_setaffinity_np(&attributes, sizeof set, &set);
    bool begun = pthread_create(thread, &attributes, help, helpers) == 0;
    pthread_attr_destroy(&attributes);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return begun;
}

static void
keep_away(struct lj_helpers *helpers)
{
    int here = sched_getcpu();
    cpu_set_t set;
    if (here == helpers->giver)
        return;
    helpers->giver = here;
    for (uint32_t i = 0; i < helpers->n && others_than(here, &set); i++)
        pthread_setaffinity_np(helpers->thread[i], sizeof set, &set);
}

void
lj_task_give(struct lj_local *local, struct lj_task *task, uint32_t threads)
{
    struct lj_helpers *helpers = local->helpers;
    if (!helpers) {
        helpers = local->helpers = g_new0(struct lj_helpers, 1);
        pthread_mutex_init(&helpers->lock, NULL);
        pthread_cond_init(&helpers->given, NULL);
        pthread_cond_init(&helpers->done, NULL);
        helpers->giver = -1;
    }
    keep_away(helpers);
    while (helpers->n < MIN(threads, LJ_THREADS - 1) &&
           begin_thread(helpers, &helpers->thread[helpers->n]))
        helpers->n++;
    atomic_store(&task->state, GIVEN);
    task->next = NULL;
    pthread_mutex_lock(&helpers->lock);
    struct lj_task **end = &helpers->first;
    while (*end)
        end = &(*end)->next;
    *end = task;
    pthread_mutex_unlock(&helpers->lock);
    pthread_cond_signal(&helpers->given);
}

/* What is left to do takes about as long, mostly; to be woken takes longer. */
#define TURNS 2000

bool
lj_task_take_back(struct lj_local *local, struct lj_task *task)
{
    struct lj_helpers *helpers = local->helpers;
    pthread_mutex_lock(&helpers->lock);
    struct lj_task **at = &helpers->first;
    while (*at && *at != task)
        at = &(*at)->next;
    bool begun = !*at;
    if (!begun)
        *at = task->next;
    pthread_mutex_unlock(&helpers->lock);
    for (int i = 0; begun && i < TURNS && atomic_load(&task->state) != DONE; i++)
#ifdef __SSE2__
        __builtin_ia32_pause();
#else
        ;
#endif
    if (begun && atomic_load(&task->state) != DONE) {
        pthread_mutex_lock(&helpers->lock);
        while (atomic_load(&task->state) != DONE)
            pthread_cond_wait(&helpers->done, &helpers->lock);
        pthread_mutex_unlock(&helpers->lock);
    }
    return begun;
}

void
lj_local_together(struct lj_local *local, GThreadFunc work, void *jobs, size_t size, uint32_t n)
{
    struct lj_task tasks[LJ_THREADS];
    for (uint32_t i = 1; i < n; i++) {
        tasks[i] = (struct lj_task){.work = work, .data = (char *)jobs + i * size};
        lj_task_give(local, &tasks[i], n - 1);
    }
    work(jobs);
    for (uint32_t i = 1; i < n; i++)
        lj_task_take_back(local, &tasks[i]);
}

void
lj_helpers_free(struct lj_helpers *helpers)
{
    if (!helpers)
        return;
    pthread_mutex_lock(&helpers->lock);
    helpers->leaving = true;
    pthread_cond_broadcast(&helpers->given);
    pthread_mutex_unlock(&helpers->lock);
    for (uint32_t i = 0; i < helpers->n; i++)
        pthread_join(helpers->thread[i], NULL);
    pthread_mutex_destroy(&helpers->lock);
    pthread_cond_destroy(&helpers->given);
    pthread_cond_destroy(&helpers->done);
    g_free(helpers);
}

/* --- how many ----------------------------------------------------------------------------------
 */

/* Threads that run on the machine at this moment, this one too; 0: nobody says. */
static uint32_t
running_now(void)
{
    char text[64];
    int fd = open("/proc/loadavg", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
    unsigned running;
    if (fd >= 0)
        close(fd);
    text[MAX(n, 0)] = 0;
    return sscanf(text, "%*s %*s %*s %u/", &running) == 1 ? running : 0;
}

/* The stages of a search follow each other in less: the helper of one would be counted before the next. */
#define LOOK_AGAIN 2000 /* microseconds */

/* Only processors that have nothing to do are worth a thread: where it must wait for its turn, the answer waits. */
static uint32_t
idle_now(struct lj_local *local)
{
    int64_t now = g_get_monotonic_time();
    if (local->processors == 0)
        local->processors = g_get_num_processors();
    if (local->processors == 1 || (local->looked > 0 && now - local->looked < LOOK_AGAIN))
        return local->idle;
    uint32_t running = running_now();
    local->idle = running > 0 && running < local->processors ? local->processors - running : 0;
    local->looked = now;
    return local->idle;
}

void
lj_local_keep(struct lj_local *local)
{
    local->keeps = true;
}

uint32_t
lj_local_threads(struct lj_local *local, double postings, uint32_t from)
{
    bool begun = local->keeps || local->helpers;
    if (postings < (begun ? from : MAX(from, local->share_from)))
        return 1;
    return MIN(local->threads > 0 ? local->threads : 1 + idle_now(local), LJ_THREADS);
}
