/* What is gone leaves the index, unless it is suspiciously much. */
#include "index/run.h"
#include "i18n.h"

#include <string.h>

#define GUARD_LEAST 20 /* documents: fewer may always go */

/* The deletion guard: names the folders that seem to be gone. */
static void
withhold(struct run *run, const struct scope *scope, const GPtrArray *gone, uint64_t documents)
{
    run->report->withheld = true;
    GHashTable *folders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < gone->len; i++) {
        const struct lj_row *row = gone->pdata[i];
        char *folder = g_path_get_dirname(row->key);
        guint count = GPOINTER_TO_UINT(g_hash_table_lookup(folders, folder));
        g_hash_table_insert(folders, folder, GUINT_TO_POINTER(count + 1));
    }
    lj_run_say(
        run, LJ_MESSAGE_WARNING,
        _("%s: %llu documents seem to be gone, too many at once: none is removed. If this is "
          "right, "
          "run again with --max-delete=100"),
        scope->source->root, (unsigned long long)documents);
    GHashTableIter iter;
    gpointer folder, count;
    guint named = 0;
    g_hash_table_iter_init(&iter, folders);
    while (g_hash_table_iter_next(&iter, &folder, &count) && named++ < 10) {
        char *shown = lj_run_shown_path(folder);
        lj_run_say(run, LJ_MESSAGE_WARNING, _("  %u files of %s"), GPOINTER_TO_UINT(count), shown);
        g_free(shown);
    }
    g_hash_table_unref(folders);
}

static uint64_t
count_documents(const GPtrArray *rows, const char *source)
{
    uint64_t documents = 0;
    size_t length = strlen(source);
    for (guint i = 0; i < rows->len; i++) {
        const struct lj_row *row = rows->pdata[i];
        if (strncmp(row->key, source, length) == 0 && row->key[length] == '/')
            documents += lj_row_weight(row);
    }
    return documents;
}

GPtrArray *
lj_run_leaving(struct run *run, GPtrArray **gone)
{
    GPtrArray *rows = lj_journal_rows(run->live->journal);
    GPtrArray *leaving = g_ptr_array_new();
    unsigned percent = run->options->max_delete ? run->options->max_delete : 10;
    for (guint s = 0; s < run->scopes->len; s++) {
        const struct scope *scope = &g_array_index(run->scopes, struct scope, s);
        if (!gone[s] || run->options->no_delete)
            continue;
        uint64_t all = count_documents(rows, scope->source->name), documents = 0;
        GPtrArray *left = g_ptr_array_new();
        for (guint i = 0; i < gone[s]->len; i++) {
            struct lj_row *row = gone[s]->pdata[i];
            if (row->seen) /* a move took it */
                continue;
            g_ptr_array_add(left, row);
            documents += lj_row_weight(row);
        }
        if (documents > GUARD_LEAST && documents * 100 > all * percent)
            withhold(run, scope, left, documents);
        else
            g_ptr_array_extend(leaving, left, NULL, NULL);
        g_ptr_array_unref(left);
    }
    g_ptr_array_unref(rows);
    return leaving;
}

bool
lj_run_remove_gone(struct run *run, const GPtrArray *leaving, GError **error)
{
    bool good = true;
    for (guint i = 0; good && i < leaving->len; i++)
        good = lj_store_drop_file(run->store, ((struct lj_row *)leaving->pdata[i])->key,
                                  &run->report->removed, error);
    return good;
}
