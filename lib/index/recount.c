#include "index/run.h"
#include "index/store.h"

#include <string.h>

/* Rows of the run's sources that say they have documents. */
static GPtrArray *
rows_of(const struct run *run)
{
    GPtrArray *rows = lj_journal_rows(run->store->journal), *own = g_ptr_array_new();
    for (guint i = 0; i < rows->len; i++) {
        const struct lj_row *row = rows->pdata[i];
        bool ours = false;
        for (guint s = 0; s < run->scopes->len && !ours; s++) {
            const char *name = g_array_index(run->scopes, struct scope, s).source->name;
            size_t length = strlen(name);
            ours = strncmp(row->key, name, length) == 0 && row->key[length] == '/';
        }
        if (ours && row->state == LJ_FILE_INDEXED)
            g_ptr_array_add(own, rows->pdata[i]);
    }
    g_ptr_array_unref(rows);
    return own;
}

bool
lj_run_recount(struct run *run, GError **error)
{
    if (!lj_store_reopen(run->store, error))
        return false;
    GPtrArray *rows = rows_of(run);
    bool good = true;
    for (guint i = 0; good && i < rows->len; i++) {
        const struct lj_row *row = rows->pdata[i];
        const char *path = strchr(row->key, '/') + 1;
        char *source = g_strndup(row->key, (gsize)(path - 1 - row->key));
        GArray *places = lj_store_of_file(run->store, source, path, error);
        good = places != NULL;
        if (good && places->len < row->documents) {
            struct lj_row fewer = *row;
            fewer.documents = places->len;
            lj_journal_set(run->store->journal, &fewer);
        }
        if (places)
            g_array_unref(places);
        g_free(source);
    }
    g_ptr_array_unref(rows);
    return good && lj_store_commit(run->store, error);
}
