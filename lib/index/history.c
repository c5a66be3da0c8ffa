#include "index/history.h"

#include <string.h>

#define KEPT 100

void
lj_history_add(const char *dir, json_t *record, const GError *failure)
{
    char *path = g_build_filename(dir, "runs.jsonl", NULL), *text = NULL;
    GDateTime *now = g_date_time_new_now_local();
    char *when = g_date_time_format(now, "%Y-%m-%dT%H:%M:%S%:z");
    json_object_set_new(record, "ended", json_string(when));
    json_object_set_new(record, "error", failure ? json_string(failure->message) : json_null());
    char *line = json_dumps(record, JSON_COMPACT | JSON_REAL_PRECISION(6));
    g_file_get_contents(path, &text, NULL, NULL);
    char **lines = g_strsplit(text ? text : "", "\n", -1);
    guint n = g_strv_length(lines), skip = n > KEPT ? n - KEPT : 0;
    GString *all = g_string_new(NULL);
    for (guint i = skip; i < n; i++)
        if (*lines[i])
            g_string_append_printf(all, "%s\n", lines[i]);
    if (line)
        g_string_append_printf(all, "%s\n", line);
    g_file_set_contents(path, all->str, (gssize)all->len, NULL);
    g_string_free(all, TRUE);
    g_strfreev(lines);
    g_free(text);
    free(line);
    json_decref(record);
    g_free(when);
    g_date_time_unref(now);
    g_free(path);
}

void
lj_history_job(const char *dir, const char *action, gint64 began, const GError *failure)
{
    double seconds = (double)(g_get_monotonic_time() - began) / G_USEC_PER_SEC;
    lj_history_add(dir, json_pack("{s:s, s:f}", "action", action, "seconds", seconds), failure);
}

json_t *
lj_history_read(const char *dir)
{
    json_t *records = json_array();
    char *path = g_build_filename(dir, "runs.jsonl", NULL), *text = NULL;
    g_file_get_contents(path, &text, NULL, NULL);
    char **lines = g_strsplit(text ? text : "", "\n", -1);
    for (char **line = lines; *line; line++) {
        json_t *record = json_loads(*line, 0, NULL);
        if (json_is_object(record))
            json_array_append(records, record);
        json_decref(record);
    }
    g_strfreev(lines);
    g_free(text);
    g_free(path);
    return records;
}

bool
lj_history_is_good(const json_t *record)
{
    const char *action = json_string_value(json_object_get(record, "action"));
    bool reads = !action || strcmp(action, "run") == 0 || strcmp(action, "rebuild=full") == 0;
    return reads && json_is_null(json_object_get(record, "error")) &&
           !json_is_true(json_object_get(record, "missing")) &&
           !json_is_true(json_object_get(record, "withheld")) &&
           !json_is_true(json_object_get(record, "stopped"));
}
