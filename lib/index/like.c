/* Which of the files to be read have the same bytes, or those of a file that an earlier run has read?
 *
 * Files of different sizes have not; of one size, those that differ at four places have not; the rest is hashed. That
 * takes some µs a file, where many have one size, and no time where few have.
 */
#include "index/identical.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define PLACES 4
#define SAMPLE 1024 /* bytes at each place: they tell most files of one size apart */
#define AT_ONCE 64  /* files of which a thread takes samples before it asks for more */
#define THREADS 15  /* beside the one that waits for them */
#define PATIENCE (10 * G_USEC_PER_SEC) /* of looking for like files, before anything is read */

/* What is known of a task while its like are looked for. */
struct sight {
    guint task;
    uint64_t sample;
    uint8_t sha256[32];
    bool hashed;
};

static bool
is_eligible(const struct lj_task *task)
{
    return task->file && !task->source->file && task->file->size > 0;
}

/* Mixes bytes into a number. */
static uint64_t
mix(uint64_t h, const uint8_t *bytes, size_t length)
{
    uint64_t word;
    for (; length >= sizeof word; bytes += sizeof word, length -= sizeof word) {
        memcpy(&word, bytes, sizeof word);
        h = (h ^ word) * 0xff51afd7ed558ccdu;
        h ^= h >> 32;
    }
    for (; length > 0; length--)
        h = (h ^ *bytes++) * 0x100000001b3u;
    return h;
}

/* A number of a file's size and some of its bytes: files that differ in it differ. */
static uint64_t
sample(const struct lj_task *task)
{
    uint8_t bytes[PLACES * SAMPLE];
    uint64_t size = task->file->size, h = mix(0x9e3779b97f4a7c15u, (const uint8_t *)&size, 8);
    bool whole = size <= sizeof bytes;
    char *path = lj_task_path(task);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    for (unsigned k = 0; fd >= 0 && k < (whole ? 1 : PLACES); k++) {
        ssize_t n = pread(fd, bytes, whole ? sizeof bytes : SAMPLE, (off_t)(size / PLACES * k));
        if (n > 0)
            h = mix(h, bytes, (size_t)n);
    }
    if (fd >= 0)
        close(fd);
    g_free(path);
    return h;
}

static void
count_number(GHashTable *counts, uint64_t number, guint by)
{
    gpointer known = g_hash_table_lookup(counts, &number);
    g_hash_table_insert(counts, g_memdup2(&number, sizeof number),
                        GUINT_TO_POINTER(GPOINTER_TO_UINT(known) + by));
}

static GHashTable *
numbers_new(void)
{
    return g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
}

/* Rows of files that stay as they are and have a document each, of one of these sizes: content → row. */
static GHashTable *
rows_of_sizes(struct lj_journal *journal, GHashTable *sizes, GHashTable *met)
{
    GHashTable *known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (g_hash_table_size(sizes) == 0)
        return known;
    GPtrArray *rows = lj_journal_rows(journal);
    for (guint i = 0; i < rows->len; i++) {
        struct lj_row *row = rows->pdata[i];
        if (row->state != LJ_FILE_INDEXED || row->documents != 1 || row->gone || row->asked ||
            !lj_row_has_hash(row) || !g_hash_table_contains(sizes, &row->size))
            continue;
        g_hash_table_insert(known, lj_identical_content(row->key, row->sha256), row);
        count_number(met, row->size, 1);
    }
    g_ptr_array_unref(rows);
    return known;
}

/* Is there time to look at another file? */
static bool
is_going(struct run *run, gint64 until)
{
    run->unlooked |= g_get_monotonic_time() > until;
    return !run->unlooked && !lj_run_stopped(run);
}

/* Threads take samples of files side by side: they wait for the disk more than they work. */
struct sampling {
    struct run *run;
    GArray *sights; /* of the files that are to be looked at; .sample is set */
    gint64 until;
    gint next, late;
};

static gpointer
take_samples(gpointer data)
{
    struct sampling *sampling = data;
    for (;;) {
        guint from = (guint)g_atomic_int_add(&sampling->next, AT_ONCE);
        for (guint i = from; i < MIN(from + AT_ONCE, sampling->sights->len); i++) {
            struct sight *sight = &g_array_index(sampling->sights, struct sight, i);
            if (g_get_monotonic_time() > sampling->until)
                g_atomic_int_set(&sampling->late, 1);
            if (g_atomic_int_get(&sampling->late) || lj_run_stopped(sampling->run))
                return NULL;
            sight->sample =
                sample(&g_array_index(sampling->run->tasks, struct lj_task, sight->task));
        }
        if (from + AT_ONCE >= sampling->sights->len)
            return NULL;
    }
}

/* Sets the samples of all. */
static void
sample_all(struct run *run, GArray *sights, gint64 until)
{
    struct sampling sampling = {.run = run, .sights = sights, .until = until};
    unsigned jobs = run->options->jobs ? run->options->jobs : lj_processors_granted(), n = 0;
    GThread *others[THREADS];
    while (n + 1 < MIN(jobs, THREADS + 1) && (n + 1) * AT_ONCE < sights->len &&
           (others[n] = g_thread_try_new("sample", take_samples, &sampling, NULL)))
        n++;
    take_samples(&sampling);
    while (n > 0)
        g_thread_join(others[--n]);
    run->unlooked |= sampling.late;
}

/* The tasks whose bytes may be those of another file, with their hashes: GArray of struct sight. */
static GArray *
look_for_like(struct run *run, GHashTable **known)
{
    gint64 until =
        g_get_monotonic_time() +
        (run->options->publish_ms ? run->options->publish_ms * (gint64)1000 / 2 : PATIENCE);
    GHashTable *sizes = numbers_new(), *met = numbers_new(), *samples = numbers_new();
    /* Of files whose size some row has, and of the others, which are told apart by samples. */
    GArray *sights = g_array_new(FALSE, TRUE, sizeof(struct sight));
    GArray *new = g_array_new(FALSE, TRUE, sizeof(struct sight));
    for (guint i = 0; i < run->tasks->len; i++) {
        const struct lj_task *task = &g_array_index(run->tasks, struct lj_task, i);
        if (is_eligible(task))
            count_number(sizes, task->file->size, 1);
    }
    *known = rows_of_sizes(run->store->journal, sizes, met);
    for (guint i = 0; i < run->tasks->len && is_going(run, until); i++) {
        const struct lj_task *task = &g_array_index(run->tasks, struct lj_task, i);
        if (!is_eligible(task))
            continue;
        bool rows = g_hash_table_contains(met, &task->file->size);
        if (!rows && GPOINTER_TO_UINT(g_hash_table_lookup(sizes, &task->file->size)) < 2)
            continue;
        struct sight sight = {.task = i};
        g_array_append_val(rows ? sights : new, sight);
    }
    sample_all(run, new, until);
    for (guint i = 0; i < new->len; i++)
        count_number(samples, g_array_index(new, struct sight, i).sample, 1);
    g_array_append_vals(sights, new->data, new->len);
    g_array_unref(new);
    for (guint i = 0; i < sights->len; i++) {
        struct sight *sight = &g_array_index(sights, struct sight, i);
        bool like =
            !sight->sample || GPOINTER_TO_UINT(g_hash_table_lookup(samples, &sight->sample)) > 1;
        if (like && !is_going(run, until))
            break;
        sight->hashed =
            like && lj_identical_hash(&g_array_index(run->tasks, struct lj_task, sight->task),
                                      sight->sha256);
    }
    g_hash_table_unref(sizes);
    g_hash_table_unref(met);
    g_hash_table_unref(samples);
    return sights;
}

/* Is it better that a be read than b? What has the document already, then the lesser path. */
static bool
goes_before(struct run *run, const struct lj_task *a, const struct lj_task *b,
            const uint8_t sha256[32])
{
    bool has[2];
    const struct lj_task *tasks[] = {a, b};
    for (int i = 0; i < 2; i++) {
        char *key = lj_identical_key(tasks[i]);
        const struct lj_row *row = lj_journal_find(run->store->journal, key);
        has[i] = tasks[i]->moved || (row && row->state == LJ_FILE_INDEXED && row->documents == 1 &&
                                     memcmp(row->sha256, sha256, 32) == 0);
        g_free(key);
    }
    return has[0] != has[1] ? has[0] : strcmp(a->file->path, b->file->path) < 0;
}

/* Tasks of one content: those that are read are taken from `folded`, a flag a task, the others go to one file. */
static bool
fold_group(struct run *run, const GArray *group, const struct lj_row *row, bool *folded,
           GError **error)
{
    const uint8_t *sha256 = g_array_index(group, struct sight, 0).sha256;
    struct lj_place place = {0, 0};
    if (row && !lj_identical_place(run->store, row->key, &place, error))
        return false;
    guint first = g_array_index(group, struct sight, 0).task;
    for (guint i = 1; i < group->len; i++) {
        guint other = g_array_index(group, struct sight, i).task;
        if (goes_before(run, &g_array_index(run->tasks, struct lj_task, other),
                        &g_array_index(run->tasks, struct lj_task, first), sha256))
            first = other;
    }
    struct lj_task *reader = place.docid ? NULL : &g_array_index(run->tasks, struct lj_task, first);
    if (group->len == 1 && reader)
        return true;
    struct lj_identical *same = lj_identical_new(sha256);
    same->first = reader ? lj_identical_key(reader) : g_strdup(row->key);
    for (guint i = 0; i < group->len; i++) {
        guint number = g_array_index(group, struct sight, i).task;
        struct lj_task *task = &g_array_index(run->tasks, struct lj_task, number);
        if (task == reader)
            continue;
        folded[number] = true;
        if (task->moved) /* its old name's document goes */
            g_ptr_array_add(run->renamed, g_strdup(task->moved_from));
        run->task_bytes -= task->file->size;
        g_array_append_val(same->tasks, *task);
        g_ptr_array_add(same->keys, lj_identical_key(task));
    }
    g_ptr_array_sort(same->keys, lj_identical_compare);
    if (reader)
        reader->identical = same;
    g_ptr_array_add(run->identical, same);
    return true;
}

/* Of files of the same bytes one stays among the tasks. */
static bool
fold_tasks(struct run *run, const GArray *sights, GHashTable *known, GError **error)
{
    GHashTable *groups =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
    bool *folded = g_new0(bool, run->tasks->len + 1), good = true;
    for (guint i = 0; i < sights->len; i++) {
        const struct sight *sight = &g_array_index(sights, struct sight, i);
        const struct lj_task *task = &g_array_index(run->tasks, struct lj_task, sight->task);
        if (!sight->hashed)
            continue;
        char *key = lj_identical_content(task->source->name, sight->sha256);
        GArray *group = g_hash_table_lookup(groups, key);
        if (!group) {
            group = g_array_new(FALSE, FALSE, sizeof(struct sight));
            g_hash_table_insert(groups, g_strdup(key), group);
        }
        g_array_append_vals(group, sight, 1);
        g_free(key);
    }
    GHashTableIter iter;
    gpointer key, group;
    g_hash_table_iter_init(&iter, groups);
    while (good && g_hash_table_iter_next(&iter, &key, &group))
        good = fold_group(run, group, g_hash_table_lookup(known, key), folded, error);
    guint left = 0;
    for (guint i = 0; i < run->tasks->len; i++)
        if (!folded[i])
            g_array_index(run->tasks, struct lj_task, left++) =
                g_array_index(run->tasks, struct lj_task, i);
    g_array_set_size(run->tasks, left);
    g_free(folded);
    g_hash_table_unref(groups);
    return good;
}

/* Copies that an earlier run knows go on with a file that is read again for another reason than its bytes. */
static void
keep_copies(struct run *run)
{
    GHashTable *copies = lj_journal_copies(run->store->journal);
    for (guint i = 0; g_hash_table_size(copies) > 0 && i < run->tasks->len; i++) {
        struct lj_task *task = &g_array_index(run->tasks, struct lj_task, i);
        char *key = task->file ? lj_identical_key(task) : NULL;
        const GPtrArray *list = key ? g_hash_table_lookup(copies, key) : NULL;
        const struct lj_row *row = list ? lj_journal_find(run->store->journal, key) : NULL;
        if (row && !task->identical) {
            task->identical = lj_identical_new(row->sha256);
            task->identical->first = g_strdup(key);
            g_ptr_array_add(run->identical, task->identical);
        }
        for (guint k = 0; row && k < list->len; k++)
            if (!g_ptr_array_find_with_equal_func(task->identical->keys, list->pdata[k],
                                                  g_str_equal, NULL))
                g_ptr_array_add(task->identical->keys, g_strdup(list->pdata[k]));
        if (row)
            g_ptr_array_sort(task->identical->keys, lj_identical_compare);
        g_free(key);
    }
    g_hash_table_unref(copies);
}

bool
lj_identical_plan(struct run *run, GError **error)
{
    GHashTable *known;
    GArray *sights = look_for_like(run, &known);
    bool good = lj_run_stopped(run) || fold_tasks(run, sights, known, error);
    g_array_unref(sights);
    g_hash_table_unref(known);
    if (good)
        keep_copies(run);
    return good;
}
