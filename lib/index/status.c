/* --status: what an index is and how it has fared, as one JSON object. Reads only. */
#include "glass/glass.h"
#include "index/history.h"
#include "index/lock.h"
#include "index/run.h"
#include "index/sources.h"
#include "index/store.h"
#include "index/unfinished.h"
#include "legajo/index.h"
#include "i18n.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RUNS 10
#define REASONS 50 /* distinct ones counted apart */
#define KINDS 20

/* A path as JSON may carry it: odd bytes as %XX. */
static json_t *
path_json(const char *path)
{
    char *shown = lj_run_shown_path(path);
    json_t *value = json_string(shown);
    g_free(shown);
    return value;
}

static void
add_number(json_t *object, const char *key, uint64_t number)
{
    json_int_t known = json_integer_value(json_object_get(object, key));
    json_object_set_new(object, key, json_integer(known + (json_int_t)number));
}

/* --- sizes ------------------------------------------------------------------------------------- */

/* Bytes of each table over all segments ("postlist", "position", "docdata" …). */
static void
add_tables(const struct lj_layout *layout, json_t *tables)
{
    char **paths = lj_layout_paths(layout);
    for (char **path = paths; *path; path++) {
        DIR *dir = opendir(*path);
        struct dirent *entry;
        struct stat st;
        while (dir && (entry = readdir(dir))) {
            const char *dot = strrchr(entry->d_name, '.');
            if (!dot || strcmp(dot, ".glass") != 0 ||
                fstatat(dirfd(dir), entry->d_name, &st, 0) < 0)
                continue;
            char *name = g_strndup(entry->d_name, (gsize)(dot - entry->d_name));
            add_number(tables, name, (uint64_t)st.st_size);
            g_free(name);
        }
        if (dir)
            closedir(dir);
    }
    g_strfreev(paths);
}

static json_t *
sizes(const struct lj_store *store)
{
    const struct lj_layout *layout = store->layout;
    json_t *object = json_object(), *tables = json_object();
    char *live = lj_layout_generation(layout, layout->generation);
    GArray *segments;
    unsigned number = lj_layout_before(layout, &segments, NULL);
    char *before = lj_layout_generation(layout, number);
    add_tables(layout, tables);
    add_number(object, "total", lj_folder_size(layout->dir));
    add_number(object, "live", lj_folder_size(live));
    add_number(object, "previous", segments ? lj_folder_size(before) : 0);
    if (segments)
        g_array_unref(segments);
    json_object_set_new(object, "tables", tables);
    g_free(live);
    g_free(before);
    return object;
}

/* --- what the terms say ------------------------------------------------------------------------ */

static int
by_count(const void *a, const void *b)
{
    json_int_t x = json_integer_value(json_object_get(*(json_t *const *)a, "documents"));
    json_int_t y = json_integer_value(json_object_get(*(json_t *const *)b, "documents"));
    return (x < y) - (x > y);
}

/* Values of a boolean prefix with their documents, most first. */
static json_t *
counts(struct lj_store *store, const char *prefix, const char *key, size_t most, GError **error)
{
    size_t length = strlen(prefix);
    struct xap_vocabulary *terms =
        lj_xap_terms(store->reader, prefix, length, "", 0, 100000, error);
    if (!terms)
        return NULL;
    json_t **sorted = g_new(json_t *, terms->n + 1);
    for (size_t i = 0; i < terms->n; i++)
        sorted[i] = json_pack("{s:s, s:I}", key, terms->entry[i].term + length, "documents",
                              (json_int_t)terms->entry[i].df);
    if (terms->n > 0)
        qsort(sorted, terms->n, sizeof *sorted, by_count);
    json_t *array = json_array();
    for (size_t i = 0; i < terms->n; i++) {
        if (i < most)
            json_array_append(array, sorted[i]);
        json_decref(sorted[i]);
    }
    g_free(sorted);
    lj_xap_vocabulary_free(terms);
    return array;
}

/* First and last year, and how many documents have a date. */
static bool
add_dates(struct lj_store *store, json_t *object, uint64_t documents, GError **error)
{
    struct xap_vocabulary *years = lj_xap_terms(store->reader, "Y", 1, "", 0, 10000, error);
    if (!years)
        return false;
    uint64_t dated = 0;
    for (size_t i = 0; i < years->n; i++)
        dated += years->entry[i].df;
    json_object_set_new(object, "first_year",
                        years->n ? json_string(years->entry[0].term + 1) : json_null());
    json_object_set_new(object, "last_year",
                        years->n ? json_string(years->entry[years->n - 1].term + 1) : json_null());
    add_number(object, "undated", documents - MIN(dated, documents));
    lj_xap_vocabulary_free(years);
    return true;
}

/* --- what the manifest says -------------------------------------------------------------------- */

static const char *const states[] = {
    [LJ_FILE_INDEXED] = "indexed", [LJ_FILE_EMPTY] = "empty",     [LJ_FILE_FAILED] = "failed",
    [LJ_FILE_SKIPPED] = "skipped", [LJ_FILE_REMOVED] = "removed", [LJ_FILE_COPY] = "copy"};

/* One entry a reason, with how many files and the first of them. */
static void
add_reason(json_t *reasons, GHashTable *known, const struct lj_row *row)
{
    const char *reason = row->reason ? row->reason : "?";
    json_t *entry = g_hash_table_lookup(known, reason);
    if (!entry && json_array_size(reasons) >= REASONS)
        return;
    if (!entry) {
        entry = json_pack("{s:s, s:i, s:o}", "reason", reason, "files", 0, "example",
                          path_json(row->key));
        json_array_append_new(reasons, entry);
        g_hash_table_insert(known, g_strdup(reason), entry);
    }
    add_number(entry, "files", 1);
}

static int
by_files(const void *a, const void *b)
{
    json_int_t x = json_integer_value(json_object_get(*(json_t *const *)a, "files"));
    json_int_t y = json_integer_value(json_object_get(*(json_t *const *)b, "files"));
    return (x < y) - (x > y);
}

static json_t *
sorted_reasons(json_t *reasons)
{
    size_t n = json_array_size(reasons);
    json_t **list = g_new(json_t *, n + 1);
    for (size_t i = 0; i < n; i++)
        list[i] = json_array_get(reasons, i);
    if (n > 0)
        qsort(list, n, sizeof *list, by_files);
    json_t *sorted = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append(sorted, list[i]);
    g_free(list);
    json_decref(reasons);
    return sorted;
}

/* Files by state, failures by reason, and per source its failures. */
static void
add_files(const struct lj_store *store, json_t *status, GHashTable *failed_of)
{
    json_t *files = json_object(), *reasons = json_array();
    GHashTable *known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(states); i++)
        if (states[i])
            add_number(files, states[i], 0);
    GPtrArray *rows = lj_journal_rows(store->journal);
    for (guint i = 0; i < rows->len; i++) {
        const struct lj_row *row = rows->pdata[i];
        if (row->state >= G_N_ELEMENTS(states) || !states[row->state])
            continue;
        add_number(files, states[row->state], 1);
        if (row->state != LJ_FILE_FAILED)
            continue;
        add_reason(reasons, known, row);
        char *name = g_strndup(row->key, strcspn(row->key, "/"));
        guint before = GPOINTER_TO_UINT(g_hash_table_lookup(failed_of, name));
        g_hash_table_insert(failed_of, name, GUINT_TO_POINTER(before + 1));
    }
    g_ptr_array_unref(rows);
    g_hash_table_unref(known);
    json_object_set_new(status, "files", files);
    json_object_set_new(status, "failures", sorted_reasons(reasons));
}

/* --- sources ----------------------------------------------------------------------------------- */

/* Takes a source's count out of the counts by (folded) name. */
static json_int_t
take_count(json_t *by_name, const char *name)
{
    char *folded = lj_schema_fold(name, -1);
    json_int_t count = 0;
    size_t i;
    json_t *entry;
    json_array_foreach(by_name, i, entry)
    {
        if (strcmp(json_string_value(json_object_get(entry, "name")), folded) != 0)
            continue;
        count = json_integer_value(json_object_get(entry, "documents"));
        json_array_remove(by_name, i);
        break;
    }
    g_free(folded);
    return count;
}

static json_t *
sources(struct lj_store *store, GHashTable *failed_of, GError **error)
{
    json_t *array = json_array(), *entry;
    json_t *by_name = store->reader ? counts(store, "XN", "name", 100000, error) : json_array();
    GPtrArray *known = by_name ? lj_sources_load(store->layout->dir, error) : NULL;
    for (guint i = 0; known && i < known->len; i++) {
        const struct lj_source *source = known->pdata[i];
        json_t *made =
            json_pack("{s:s, s:o, s:b, s:I, s:I}", "name", source->name, "path",
                      path_json(source->root), "there", access(source->root, F_OK) == 0,
                      "documents", take_count(by_name, source->name), "failed",
                      (json_int_t)GPOINTER_TO_UINT(g_hash_table_lookup(failed_of, source->name)));
        json_array_append_new(array, made);
    }
    size_t i;
    /* What no remembered source explains was fed. */
    json_array_foreach(by_name, i, entry)
    {
        json_t *made =
            json_pack("{s:O, s:n, s:n, s:O, s:i}", "name", json_object_get(entry, "name"), "path",
                      "there", "documents", json_object_get(entry, "documents"), "failed", 0);
        json_array_append_new(array, made);
    }
    bool good = known != NULL;
    if (known)
        g_ptr_array_unref(known);
    json_decref(by_name);
    if (good)
        return array;
    json_decref(array);
    return NULL;
}

/* --- all of it --------------------------------------------------------------------------------- */

static json_t *
builder(void)
{
    const char *wanted = g_getenv("LEGAJO_BULK");
    if (wanted && strcmp(wanted, "library") == 0)
        return json_pack("{s:s, s:s}", "name", "library", "reason", "LEGAJO_BULK=library");
    GError *doubt = NULL;
    bool trusted = lj_glass_trusted(&doubt);
    json_t *object = trusted ? json_pack("{s:s, s:n}", "name", "bulk", "reason")
                             : json_pack("{s:s, s:s}", "name", "library", "reason",
                                         doubt ? doubt->message : "?");
    g_clear_error(&doubt);
    return object;
}

static json_t *
last_metadata(struct lj_store *store, const char *key)
{
    size_t length = 0;
    char *bytes = store->reader ? lj_xap_metadata(store->reader, lj_xap_shards(store->reader) - 1,
                                                  key, strlen(key), &length, NULL)
                                : NULL;
    json_t *value = bytes ? json_stringn(bytes, length) : json_null();
    g_free(bytes);
    return value;
}

static void
add_runs(const char *dir, json_t *status)
{
    json_t *records = lj_history_read(dir), *last = json_array(), *good = NULL;
    size_t n = json_array_size(records);
    for (size_t i = n; i-- > 0;) {
        json_t *record = json_array_get(records, i);
        if (json_array_size(last) < RUNS)
            json_array_append(last, record);
        if (!good && lj_history_is_good(record))
            good = json_object_get(record, "ended");
    }
    json_object_set_new(status, "runs", last);
    const char *when = json_string_value(good);
    GDateTime *then = when ? g_date_time_new_from_iso8601(when, NULL) : NULL;
    GDateTime *now = g_date_time_new_now_utc();
    json_object_set_new(status, "last_good_run", when ? json_string(when) : json_null());
    json_object_set_new(
        status, "last_good_run_age",
        then ? json_integer(MAX(0, g_date_time_difference(now, then) / G_USEC_PER_SEC))
             : json_null());
    if (then)
        g_date_time_unref(then);
    g_date_time_unref(now);
    json_decref(records);
}

/* Number of the generation kept for --rollback, or null. */
static json_t *
previous(const struct lj_layout *layout)
{
    GArray *segments;
    unsigned before = lj_layout_before(layout, &segments, NULL);
    if (!segments)
        return json_null();
    g_array_unref(segments);
    return json_integer(before);
}

/* Is there a rebuild to be gone on with? */
static bool
is_begun(const struct lj_store *store)
{
    struct lj_unfinished *unfinished = lj_store_unfinished(store);
    bool there = unfinished != NULL;
    lj_unfinished_free(unfinished);
    return there;
}

char *
lj_index_status(const struct lj_run_options *options, GError **error)
{
    struct lj_store *store = lj_store_open(options->dir, LJ_STORE_READ, 0, options->stop, error);
    if (!store)
        return NULL;
    struct xap_statistics statistics = {0};
    json_t *status = json_object(), *kinds = NULL, *from = NULL;
    GHashTable *failed_of = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    bool good = lj_xap_statistics(store->reader, &statistics, error);
    if (good) {
        char *holder = lj_lock_holder(options->dir);
        json_object_set_new(status, "format_version", json_integer(1));
        json_object_set_new(status, "index", path_json(options->dir));
        json_object_set_new(status, "uuid", json_string(statistics.uuid));
        json_object_set_new(status, "updated", last_metadata(store, "updated"));
        json_object_set_new(status, "documents", json_integer((json_int_t)statistics.documents));
        good = add_dates(store, status, statistics.documents, error) &&
               (kinds = counts(store, "T:", "kind", KINDS, error));
        json_object_set_new(status, "kinds", kinds ? kinds : json_array());
        json_object_set_new(status, "generation", json_integer(store->layout->generation));
        json_object_set_new(status, "previous_generation", previous(store->layout));
        json_object_set_new(status, "unfinished_rebuild", json_boolean(is_begun(store)));
        json_object_set_new(status, "segments", json_integer(store->layout->segments->len));
        json_object_set_new(status, "bytes", sizes(store));
        json_object_set_new(status, "analyser",
                            json_pack("{s:s, s:s, s:b}", "index", store->analyser, "program",
                                      lj_analyser_builtin(), "rebuild",
                                      strcmp(store->analyser, lj_analyser_builtin()) != 0));
        json_object_set_new(status, "builder", builder());
        json_object_set_new(status, "writer", holder ? json_string(holder) : json_null());
        g_free(holder);
    }
    if (good) {
        add_files(store, status, failed_of);
        from = sources(store, failed_of, error);
        good = from != NULL;
        json_object_set_new(status, "sources", from ? from : json_array());
        add_runs(options->dir, status);
    }
    char *dumped = good ? json_dumps(status, JSON_COMPACT) : NULL;
    char *text = g_strdup(dumped);
    free(dumped);
    json_decref(status);
    g_hash_table_unref(failed_of);
    lj_store_close(store);
    return text;
}
