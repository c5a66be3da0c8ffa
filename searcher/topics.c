/* Many queries, answered by several threads, written in the order of the file.
 *
 * Each thread has its own searcher and writes an answer to a string; the main thread prints them in
 * order and holds the others back when they are too far ahead.
 */
#include "commands.h"
#include "i18n.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define AHEAD 64 /* answers waiting to be printed, a thread */

struct topic {
    char *id, *query;
    GString *answer; /* NULL: not yet */
    int status;
};

struct work {
    const struct options *options;
    GArray *topics;
    GMutex lock;
    GCond done, room;
    guint next, printed, ahead;
    bool stop;
    GError *failure; /* of opening */
};

static void
topic_clear(void *data)
{
    struct topic *topic = data;
    g_free(topic->id);
    g_free(topic->query);
    if (topic->answer)
        g_string_free(topic->answer, TRUE);
}

static GArray *
read_topics(const char *path, GError **error)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    if (!file) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_NO_INPUT, "%s: %s", path, g_strerror(errno));
        return NULL;
    }
    GArray *topics = g_array_new(FALSE, TRUE, sizeof(struct topic));
    g_array_set_clear_func(topics, topic_clear);
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    for (unsigned number = 1; !*error && (length = getline(&line, &size, file)) >= 0; number++) {
        while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r'))
            line[--length] = 0;
        if (length == 0)
            continue;
        char *tab = memchr(line, '\t', (size_t)length);
        if (!tab || tab == line) {
            g_set_error(error, LJ_ERROR, LJ_ERROR_USAGE,
                        _("%s, line %u: a topic is an id, a tab and a query"), path, number);
            break;
        }
        struct topic topic = {.id = g_utf8_make_valid(line, tab - line),
                              .query = g_utf8_make_valid(tab + 1, line + length - tab - 1)};
        g_array_append_val(topics, topic);
    }
    if (!*error && ferror(file))
        g_set_error(error, LJ_ERROR, LJ_ERROR_IO, "%s: %s", path, g_strerror(errno));
    free(line);
    if (file != stdin)
        fclose(file);
    if (*error)
        g_clear_pointer(&topics, g_array_unref);
    return topics;
}

static void *
answer_topics(void *data)
{
    struct work *work = data;
    GError *error = NULL;
    struct lj_searcher *searcher = open_searcher(work->options, &error);
    g_mutex_lock(&work->lock);
    if (!searcher) {
        if (work->failure)
            g_error_free(error);
        else
            work->failure = error;
        work->stop = true;
        g_cond_broadcast(&work->done);
    }
    while (!work->stop && work->next < work->topics->len) {
        if (work->next >= work->printed + work->ahead) {
            g_cond_wait(&work->room, &work->lock);
            continue;
        }
        struct topic *topic = &g_array_index(work->topics, struct topic, work->next++);
        g_mutex_unlock(&work->lock);
        struct lj_output *output = options_output(work->options, -1, NULL);
        int status = answer_query(work->options, searcher, topic->id, topic->query, output);
        g_mutex_lock(&work->lock);
        topic->status = status;
        topic->answer = output->buffer;
        output->buffer = g_string_new(NULL);
        lj_output_free(output);
        g_cond_broadcast(&work->done);
    }
    g_mutex_unlock(&work->lock);
    lj_searcher_close(searcher);
    return NULL;
}

int
command_topics(const struct options *options)
{
    GError *error = NULL;
    struct lj_output *output = options_output(options, STDOUT_FILENO, &error);
    if (!output)
        return report_error(options, error, NULL, NULL);
    struct work work = {.options = options, .topics = read_topics(options->value, &error)};
    if (!work.topics) {
        lj_output_free(output);
        return report_error(options, error, NULL, NULL);
    }
    unsigned jobs = options->jobs ? options->jobs : g_get_num_processors();
    jobs = MAX(1u, MIN(jobs, work.topics->len));
    work.ahead = jobs * AHEAD;
    g_mutex_init(&work.lock);
    g_cond_init(&work.done);
    g_cond_init(&work.room);
    GPtrArray *threads = g_ptr_array_new();
    for (unsigned i = 0; i < jobs; i++)
        g_ptr_array_add(threads, g_thread_new("topics", answer_topics, &work));
    lj_render_begin(output);
    int status = NOTHING, worst = 0;
    g_mutex_lock(&work.lock);
    for (guint i = 0; i < work.topics->len && !work.stop; i++) {
        struct topic *topic = &g_array_index(work.topics, struct topic, i);
        while (!topic->answer && !work.stop)
            g_cond_wait(&work.done, &work.lock);
        if (!topic->answer)
            break;
        GString *answer = g_steal_pointer(&topic->answer);
        if (topic->status == FOUND)
            status = FOUND;
        else if (topic->status > NOTHING)
            worst = MAX(worst, topic->status);
        work.printed = i + 1;
        g_cond_broadcast(&work.room);
        g_mutex_unlock(&work.lock);
        if (i > 0 && options->format == LJ_FORMAT_TEXT)
            g_string_append_c(output->buffer, '\n');
        g_string_append_len(output->buffer, answer->str, (gssize)answer->len);
        g_string_free(answer, TRUE);
        bool good = lj_output_flush(output, NULL);
        g_mutex_lock(&work.lock);
        work.stop = work.stop || !good;
    }
    work.stop = true;
    g_cond_broadcast(&work.room);
    g_mutex_unlock(&work.lock);
    for (guint i = 0; i < threads->len; i++)
        g_thread_join(threads->pdata[i]);
    g_ptr_array_unref(threads);
    g_array_unref(work.topics);
    g_mutex_clear(&work.lock);
    g_cond_clear(&work.done);
    g_cond_clear(&work.room);
    if (work.failure) {
        lj_output_free(output);
        return report_error(options, work.failure, NULL, NULL);
    }
    return finish_output(options, output, worst ? worst : status);
}
