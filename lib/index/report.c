/* What a run says of itself at its end, and keeps in the history. */
#include "index/run.h"
#include "index/history.h"
#include "i18n.h"

#include <jansson.h>
#include <string.h>

static void
clear_kind(gpointer data)
{
    g_free(((struct lj_kind_count *)data)->name);
}

struct lj_run_report *
lj_run_report_new(void)
{
    struct lj_run_report *report = g_new0(struct lj_run_report, 1);
    report->kinds = g_array_new(FALSE, FALSE, sizeof(struct lj_kind_count));
    report->skipped_kinds = g_array_new(FALSE, FALSE, sizeof(struct lj_kind_count));
    g_array_set_clear_func(report->kinds, clear_kind);
    g_array_set_clear_func(report->skipped_kinds, clear_kind);
    return report;
}

void
lj_run_report_free(struct lj_run_report *report)
{
    if (!report)
        return;
    g_array_unref(report->kinds);
    g_array_unref(report->skipped_kinds);
    g_free(report->example);
    g_free(report);
}

static int
compare_kinds(gconstpointer a, gconstpointer b)
{
    const struct lj_kind_count *x = a, *y = b;
    return x->count != y->count ? (x->count < y->count ? 1 : -1) : strcmp(x->name, y->name);
}

static void
list_kinds(GHashTable *counts, GArray *out)
{
    GHashTableIter iter;
    gpointer key, value;
    g_hash_table_iter_init(&iter, counts);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        struct lj_kind_count kind = {g_strdup(key), GPOINTER_TO_UINT(value)};
        g_array_append_val(out, kind);
    }
    g_array_sort(out, compare_kinds);
}

/* Files that have the bytes of another one: searches show them as its copies. */
static uint64_t
count_duplicates(struct lj_journal *journal)
{
    GHashTable *contents =
        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    GPtrArray *rows = lj_journal_rows(journal);
    uint64_t n = 0;
    for (guint i = 0; i < rows->len; i++) {
        const struct lj_row *row = rows->pdata[i];
        if (row->state == LJ_FILE_COPY)
            n++;
        else if (row->state == LJ_FILE_INDEXED && row->documents == 1 && lj_row_has_hash(row))
            n += !g_hash_table_add(contents, g_bytes_new(row->sha256, sizeof row->sha256));
    }
    g_ptr_array_unref(rows);
    g_hash_table_unref(contents);
    return n;
}

void
lj_run_write_failure(struct run *run, const char *source, const char *path, const char *member,
                     const char *reason)
{
    if (!run->failures)
        return;
    char *shown = lj_run_shown_path(path);
    json_t *record = json_pack("{s:s?, s:s, s:s?, s:s}", "source", source, "path", shown, "member",
                               member, "reason", reason);
    char *line = record ? json_dumps(record, JSON_COMPACT) : NULL;
    if (line)
        fprintf(run->failures, "%s\n", line);
    free(line);
    json_decref(record);
    g_free(shown);
}

void
lj_run_finish_report(struct run *run)
{
    struct lj_run_report *report = run->report;
    list_kinds(run->kinds, report->kinds);
    list_kinds(run->skipped, report->skipped_kinds);
    GArray *pairs = g_array_new(FALSE, FALSE, sizeof(struct lj_kind_count));
    g_array_set_clear_func(pairs, clear_kind);
    list_kinds(run->titles, pairs);
    if (pairs->len > 0)
        report->example = g_strdup(g_array_index(pairs, struct lj_kind_count, 0).name);
    g_array_unref(pairs);
    report->stopped = lj_run_stopped(run);
    report->duplicates = report->first && run->store ? count_duplicates(run->store->journal) : 0;
    report->documents = run->store ? lj_store_documents(run->store) : 0;
    report->seconds = (double)(g_get_monotonic_time() - run->began) / G_USEC_PER_SEC;
}

void
lj_run_note(const struct run *run, const GError *failure)
{
    static const char *const actions[] = {[LJ_REBUILD_NONE] = "run",
                                          [LJ_REBUILD_STORED] = "rebuild",
                                          [LJ_REBUILD_FULL] = "rebuild=full"};
    const struct lj_run_report *r = run->report;
    json_t *record = json_pack(
        "{s:s, s:f, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:b, s:b, s:b, s:s?}", "action",
        actions[run->options->rebuild], "seconds", r->seconds, "documents",
        (json_int_t)r->documents, "added", (json_int_t)r->added, "changed",
        (json_int_t)(r->changed - r->moved), "removed", (json_int_t)r->removed, "moved",
        (json_int_t)r->moved, "again", (json_int_t)r->again, "failed", (json_int_t)r->failed,
        "known_failures", (json_int_t)r->known_failures, "missing", r->missing, "withheld",
        r->withheld, "stopped", r->stopped, "builder", run->builder);
    lj_history_add(run->options->dir, record, failure);
}
