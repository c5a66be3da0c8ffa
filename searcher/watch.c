/* Saved searches, alerts, marks. */
#include "commands.h"
#include "legajo/watch.h"
#include "i18n.h"

#include <string.h>
#include <unistd.h>

/* A folder is remembered by its full path, a server as it is. */
static char **
full_names(const GPtrArray *databases)
{
    GPtrArray *list = g_ptr_array_new();
    for (guint i = 0; databases->pdata[i]; i++) {
        const char *name = databases->pdata[i];
        bool server =
            strchr(name, ':') && !strchr(name, '/') && !g_file_test(name, G_FILE_TEST_EXISTS);
        g_ptr_array_add(list, server ? g_strdup(name) : g_canonicalize_filename(name, NULL));
    }
    g_ptr_array_add(list, NULL);
    return (char **)g_ptr_array_free(list, FALSE);
}

static bool
keep_key(struct lj_hit *hit, void *data)
{
    char key[33];
    lj_watch_content(hit->stored->document, key);
    g_ptr_array_add(data, g_strdup(key));
    return true;
}

int
command_save(const struct options *options)
{
    GError *error = NULL;
    struct lj_searcher *searcher = open_searcher(options, &error);
    if (!searcher)
        return report_error(options, error, NULL, NULL);
    int status = FOUND;
    struct lj_query *query = prepare_query(options, searcher, options->query, &status);
    if (query) {
        GPtrArray *keys = g_ptr_array_new_with_free_func(g_free);
        struct lj_search_options search = options->search;
        search.limit = G_MAXUINT32;
        search.sort = LJ_SORT_DOCUMENT;
        search.sink = keep_key;
        search.sink_data = keys;
        struct lj_results *results = lj_search(searcher, query, &search, &error);
        GDateTime *now = g_date_time_new_now_local();
        struct lj_saved saved = {.name = (char *)options->value,
                                 .query = options->query,
                                 .databases = full_names(options->databases),
                                 .syntax = (enum lj_syntax)options->syntax,
                                 .match = search.match,
                                 .created = g_date_time_format_iso8601(now)};
        lj_saved_forget(saved.name, NULL); /* what an earlier one delivered is no longer known */
        if (!results || !lj_saved_put(&saved, &error) ||
            !lj_delivered_add(saved.name, keys, &error))
            status = report_error(options, error, NULL, NULL);
        else
            fprintf(
                stderr,
                _("searcher: saved %s; %u documents match now, --alerts will tell of new ones\n"),
                saved.name, keys->len);
        g_strfreev(saved.databases);
        g_free(saved.created);
        g_date_time_unref(now);
        lj_results_free(results);
        g_ptr_array_unref(keys);
    }
    lj_query_free(query);
    lj_searcher_close(searcher);
    return status;
}

int
command_saved(const struct options *options)
{
    GError *error = NULL;
    GPtrArray *list = lj_saved_list(&error);
    struct lj_output *output = list ? options_output(options, STDOUT_FILENO, &error) : NULL;
    if (!output) {
        if (list)
            g_ptr_array_unref(list);
        return report_error(options, error, NULL, NULL);
    }
    bool json = options->format == LJ_FORMAT_JSON || options->format == LJ_FORMAT_JSONL;
    bool one = options->format == LJ_FORMAT_JSON;
    if (one)
        g_string_append(output->buffer, "{\"format_version\":1,\"saved\":[");
    for (guint i = 0; i < list->len; i++) {
        const struct lj_saved *saved = list->pdata[i];
        char *databases = g_strjoinv(" ", saved->databases);
        if (json) {
            const char *pairs[][2] = {{"name", saved->name},
                                      {"query", saved->query},
                                      {"db", databases},
                                      {"created", saved->created}};
            g_string_append(output->buffer, one && i ? ",{" : "{");
            for (size_t j = 0; j < G_N_ELEMENTS(pairs); j++) {
                g_string_append_printf(output->buffer, "%s\"%s\":", j ? "," : "", pairs[j][0]);
                lj_json_append(output->buffer, pairs[j][1], -1);
            }
            g_string_append(output->buffer, one ? "}" : "}\n");
        } else {
            g_string_append_printf(output->buffer, "%s\t%s\t%s\n", saved->name, saved->query,
                                   databases);
        }
        g_free(databases);
    }
    if (one)
        g_string_append(output->buffer, "]}\n");
    int status = list->len ? FOUND : NOTHING;
    g_ptr_array_unref(list);
    bool good = lj_output_flush(output, &error);
    bool closed = output->closed;
    lj_output_free(output);
    return good || closed ? status : report_error(options, error, NULL, NULL);
}

int
command_forget(const struct options *options)
{
    GError *error = NULL;
    return lj_saved_forget(options->value, &error) ? FOUND
                                                   : report_error(options, error, NULL, NULL);
}

/* --- alerts
 * ------------------------------------------------------------------------------------------ */

struct alert {
    const struct lj_saved *saved;
    struct lj_output *output;
    struct lj_answer answer;
    struct lj_results one;
    GHashTable *known;
    GPtrArray *keys; /* new ones */
};

static bool
tell(struct lj_hit *hit, void *data)
{
    struct alert *alert = data;
    char key[33];
    lj_watch_content(hit->stored->document, key);
    if (!g_hash_table_add(alert->known, g_strdup(key)))
        return true;
    g_ptr_array_add(alert->keys, g_strdup(key));
    alert->one.hits->pdata[0] = hit;
    hit->rank = alert->keys->len;
    if (alert->output->format == LJ_FORMAT_TEXT) {
        if (alert->keys->len == 1)
            g_string_append_printf(alert->output->buffer, "%s: %s\n", alert->saved->name,
                                   alert->saved->query);
        lj_render_hit(alert->output, &alert->answer, hit);
    } else {
        lj_render_answer(alert->output, &alert->answer);
    }
    return !alert->output->closed;
}

/* What an alert has told, to be remembered once the whole output is written. */
struct told {
    const char *name;
    GPtrArray *keys;
};

static void
clear_told(gpointer data)
{
    g_ptr_array_unref(((struct told *)data)->keys);
}

/* One saved search: what is new goes to output, and to told. */
static int
alert_one(const struct options *options, const struct lj_saved *saved, struct lj_output *output,
          GArray *told)
{
    GError *error = NULL;
    int status = NOTHING;
    struct options own = *options;
    own.syntax = saved->syntax;
    struct alert alert = {.saved = saved,
                          .output = output,
                          .known = lj_delivered_read(saved->name, &error),
                          .keys = g_ptr_array_new_with_free_func(g_free),
                          .one = {.hits = g_ptr_array_new()}};
    g_ptr_array_add(alert.one.hits, NULL);
    struct lj_searcher *searcher =
        alert.known ? lj_searcher_open((const char *const *)saved->databases, &error) : NULL;
    struct lj_query *query = searcher ? prepare_query(&own, searcher, saved->query, &status) : NULL;
    if (query) {
        struct lj_search_options search = options->search;
        search.match = saved->match;
        search.limit = G_MAXUINT32;
        search.sort = LJ_SORT_DATE;
        search.snippets = !options->no_snippet;
        if (options->format == LJ_FORMAT_TEXT && search.snippet.size == 0)
            search.snippet.size = 2 * (MAX(output->width, 40u) - 4) - 14;
        search.sink = tell;
        search.sink_data = &alert;
        alert.answer = (struct lj_answer){.query_id = saved->name,
                                          .query = saved->query,
                                          .options = &search,
                                          .results = &alert.one,
                                          .index = lj_searcher_info(searcher, NULL)};
        struct lj_results *results = lj_search(searcher, query, &search, &error);
        if (results && alert.keys->len) {
            struct told one = {saved->name, g_ptr_array_ref(alert.keys)};
            g_array_append_val(told, one);
            status = FOUND;
        }
        lj_results_free(results);
    }
    if (error)
        status = report_error(options, error, NULL, NULL);
    lj_query_free(query);
    lj_searcher_close(searcher);
    if (alert.known)
        g_hash_table_unref(alert.known);
    g_ptr_array_unref(alert.keys);
    g_ptr_array_unref(alert.one.hits);
    return status;
}

int
command_alerts(const struct options *options)
{
    GError *error = NULL;
    int lock = lj_alerts_lock(&error);
    GPtrArray *list = lock >= 0 ? lj_saved_list(&error) : NULL;
    struct lj_output *output = list ? options_output(options, STDOUT_FILENO, &error) : NULL;
    if (!output) {
        if (list)
            g_ptr_array_unref(list);
        if (lock >= 0)
            close(lock);
        return report_error(options, error, NULL, NULL);
    }
    output->topics = true;
    lj_render_begin(output);
    int status = NOTHING, worst = 0;
    GArray *told = g_array_new(FALSE, FALSE, sizeof(struct told));
    g_array_set_clear_func(told, clear_told);
    for (guint i = 0; i < list->len && !output->closed; i++) {
        int one = alert_one(options, list->pdata[i], output, told);
        if (one == FOUND)
            status = FOUND;
        else if (one > NOTHING)
            worst = MAX(worst, one);
    }
    /* A reader that went away, or a full disk, has not got it: next time it is told again. */
    bool written = lj_render_end(output, &error);
    bool closed = output->closed;
    for (guint i = 0; written && i < told->len; i++) {
        const struct told *one = &g_array_index(told, struct told, i);
        written = lj_delivered_add(one->name, one->keys, &error);
    }
    close(lock);
    lj_output_free(output);
    g_array_unref(told);
    g_ptr_array_unref(list);
    if (written)
        return worst ? worst : status;
    return closed ? FOUND : report_error(options, error, NULL, NULL);
}

/* --- marks
 * ---------------------------------------------------------------------------------------------- */

int
command_tag(const struct options *options)
{
    GError *error = NULL;
    char **changes = lj_tags_parse(options->value, &error);
    struct lj_searcher *searcher = changes ? open_searcher(options, &error) : NULL;
    if (!searcher) {
        g_strfreev(changes);
        return report_error(options, error, NULL, NULL);
    }
    int status = FOUND;
    struct lj_query *query = prepare_query(options, searcher, options->query, &status);
    struct lj_search_options search = options->search;
    if (!options->limit_given)
        search.limit = G_MAXUINT32;
    struct lj_results *results = query ? lj_search(searcher, query, &search, &error) : NULL;
    size_t changed = 0;
    if (results && lj_tags_change(changes, results->hits, &changed, &error)) {
        fprintf(stderr, _("searcher: %u documents, %zu changed\n"), results->hits->len, changed);
        status = results->hits->len ? FOUND : NOTHING;
    } else if (query) {
        status = report_error(options, error, NULL, NULL);
    }
    lj_results_free(results);
    lj_query_free(query);
    lj_searcher_close(searcher);
    g_strfreev(changes);
    return status;
}
