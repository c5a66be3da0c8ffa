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

/* Are so many of all suspiciously many? */
static bool
is_too_much(const struct run *run, uint64_t documents, uint64_t all)
{
    unsigned percent = run->options->max_delete ? run->options->max_delete : 10;
    return documents > GUARD_LEAST && documents * 100 > all * percent;
}

GPtrArray *
lj_run_leaving(struct run *run, GPtrArray **gone)
{
    GPtrArray *rows = lj_journal_rows(run->live->journal);
    GPtrArray *leaving = g_ptr_array_new();
    for (guint s = 0; s < run->scopes->len; s++) {
        const struct scope *scope = &g_array_index(run->scopes, struct scope, s);
        if (!gone[s])
            continue;
        uint64_t all = count_documents(rows, scope->source->name), documents = 0;
        GPtrArray *left = g_ptr_array_new();
        for (guint i = 0; i < gone[s]->len; i++) {
            struct lj_row *row = gone[s]->pdata[i];
            if (row->seen) /* a move took it */
                continue;
            g_hash_table_add(run->vanished, g_strdup(row->key));
            g_ptr_array_add(left, row);
            documents += lj_row_weight(row);
        }
        if (run->options->no_delete) {
            g_ptr_array_unref(left);
        } else if (is_too_much(run, documents, all)) {
            struct doubt *doubt = g_new(struct doubt, 1);
            *doubt = (struct doubt){scope, left, all};
            g_ptr_array_add(run->doubtful, doubt);
        } else {
            g_ptr_array_extend(leaving, left, NULL, NULL);
            g_ptr_array_unref(left);
        }
    }
    g_ptr_array_unref(rows);
    return leaving;
}

/* Does another document have the content of one that would go? Where nothing is known of its content, none has. */
static bool
is_elsewhere(struct run *run, struct lj_place place, GHashTable *going)
{
    uint8_t sha256[32];
    static const uint8_t none[32];
    lj_store_joined(run->live, place, sha256);
    if (run->store != run->live) { /* a rebuild has it under its id */
        struct lj_place there = {0, 0};
        char *id = lj_store_id(run->live, place, NULL);
        bool found = id && lj_store_find(run->store, id, &there, NULL, NULL, NULL) && there.docid;
        g_free(id);
        if (found)
            return true;
    }
    if (memcmp(sha256, none, sizeof none) == 0)
        return false;
    char term[67] = "XH";
    lj_sha256_hex(sha256, term + 2);
    GArray *places = lj_store_having(run->store, term, strlen(term), NULL);
    bool found = false;
    for (guint i = 0; places && i < places->len && !found; i++) {
        gint64 number = lj_place_number(g_array_index(places, struct lj_place, i));
        found = run->store != run->live || !g_hash_table_contains(going, &number);
    }
    if (places)
        g_array_unref(places);
    return found;
}

/* How many documents are lost where files go: what others have by now is not. left[i]: documents of the i-th. */
static bool
count_lost(struct run *run, const GPtrArray *rows, uint64_t *left, uint64_t *lost, GError **error)
{
    GHashTable *going = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    GPtrArray *all = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    bool good = true;
    *lost = 0;
    for (guint i = 0; good && i < rows->len; i++) {
        GArray *places = lj_store_of_key(run->live, ((const struct lj_row *)rows->pdata[i])->key, error);
        good = places != NULL;
        left[i] = places ? places->len : 0;
        for (guint k = 0; good && k < places->len; k++) {
            gint64 number = lj_place_number(g_array_index(places, struct lj_place, k));
            g_hash_table_add(going, g_memdup2(&number, sizeof number));
        }
        if (places)
            g_ptr_array_add(all, places);
    }
    for (guint i = 0; good && i < rows->len; i++) {
        const struct lj_row *row = rows->pdata[i];
        const GArray *places = all->pdata[i];
        *lost += row->state == LJ_FILE_COPY;
        for (guint k = 0; k < places->len; k++)
            *lost += !is_elsewhere(run, g_array_index(places, struct lj_place, k), going);
    }
    g_ptr_array_unref(all);
    g_hash_table_unref(going);
    return good;
}

/* Lets files go that were in doubt: documents that copies of theirs have, too, stay with these. */
static bool
let_go(struct run *run, const GPtrArray *rows, GError **error)
{
    GHashTable *losing = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < rows->len; i++)
        g_hash_table_add(losing, ((struct lj_row *)rows->pdata[i])->key);
    bool good = run->store != run->live || lj_part_copies(run->store, run->sources, losing, error);
    g_hash_table_unref(losing);
    return good;
}

bool
lj_run_decide(struct run *run, GPtrArray *leaving, GError **error)
{
    if (run->doubtful->len == 0)
        return true;
    bool good = (run->store != run->live || lj_store_commit(run->store, error)) &&
                lj_store_reopen(run->store, error);
    for (guint i = 0; good && i < run->doubtful->len; i++) {
        const struct doubt *doubt = run->doubtful->pdata[i];
        uint64_t *left = g_new0(uint64_t, doubt->rows->len), lost = 0;
        good = count_lost(run, doubt->rows, left, &lost, error);
        bool too_much = is_too_much(run, lost, doubt->all);
        GPtrArray *go = g_ptr_array_new();
        for (guint k = 0; good && k < doubt->rows->len; k++) {
            const struct lj_row *row = doubt->rows->pdata[k];
            bool empty = row->state == LJ_FILE_INDEXED && left[k] == 0;
            if (!too_much || empty)
                g_ptr_array_add(go, doubt->rows->pdata[k]);
        }
        if (good && too_much)
            withhold(run, doubt->scope, doubt->rows, lost);
        good = good && let_go(run, go, error);
        g_ptr_array_extend(leaving, go, NULL, NULL);
        g_ptr_array_unref(go);
        g_free(left);
    }
    return good;
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
