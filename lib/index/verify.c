/* --check: is all that the index says true, and all that it keeps readable? */
#include "index/check.h"
#include "index/lexicon.h"
#include "index/lock.h"
#include "index/removed.h"
#include "index/sources.h"
#include "legajo/index.h"
#include "i18n.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>
#include <sys/stat.h>

#define PROBLEMS 100 /* told one by one */
#define CANARIES 100

struct check {
    const struct lj_run_options *options;
    struct lj_store *store;
    GPtrArray *sources; /* struct lj_source; NULL: not known */
    GHashTable *copies; /* char *: paths that documents name as copies of theirs; a set */
    json_t *problems;
    uint64_t n_problems, texts, files;
    uint64_t text_bytes;
    gint64 began, shown;
};

static void problem(struct check *check, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
problem(struct check *check, const char *format, ...)
{
    if (check->n_problems++ >= PROBLEMS)
        return;
    va_list args;
    va_start(args, format);
    char *text = g_strdup_vprintf(format, args);
    va_end(args);
    char *valid = g_utf8_make_valid(text, -1);
    json_array_append_new(check->problems, json_string(valid));
    g_free(valid);
    g_free(text);
}

/* An error is a problem, and the check goes on. */
static void
problem_of(struct check *check, GError *error)
{
    problem(check, "%s", error->message);
    g_error_free(error);
}

static bool
stopped(const struct check *check)
{
    return check->options->stop && *check->options->stop;
}

static void
show(struct check *check, uint64_t all)
{
    gint64 now = g_get_monotonic_time();
    if (!check->options->progress || now - check->shown < 200000)
        return;
    check->shown = now;
    struct lj_progress progress = {.files = all,
                                   .files_done = check->texts,
                                   .documents = check->texts,
                                   .bytes_done = check->text_bytes,
                                   .seconds = (double)(now - check->began) / G_USEC_PER_SEC};
    check->options->progress(&progress, check->options->data);
}

static void
check_structure(struct check *check)
{
    char **paths = lj_layout_paths(check->store->layout);
    for (char **path = paths; *path && !stopped(check); path++) {
        GString *report = g_string_new(NULL);
        GError *failure = NULL;
        if (!lj_xap_check(*path, report, &failure))
            problem_of(check, failure);
        g_string_free(report, TRUE);
    }
    g_strfreev(paths);
}

/* Has the file changed since its row was written, or gone? A run that was cut off between two commits, or between
 * those of two segments, may have taken out some of its old documents, or put in some of the new; the next run
 * reads it. */
static bool
is_to_be_read(const GPtrArray *sources, const struct lj_row *row)
{
    const char *slash = strchr(row->key, '/');
    if (!sources || !slash)
        return false;
    char *name = g_strndup(row->key, (gsize)(slash - row->key));
    const struct lj_source *source =
        lj_sources_find(sources, name, NULL); /* a folder, or one file */
    if (!source)
        source = lj_sources_find(sources, name, slash + 1);
    char *path = source && source->file ? g_strdup(source->root)
                 : source               ? g_build_filename(source->root, slash + 1, NULL)
                                        : NULL;
    struct stat st;
    bool changed =
        path &&
        (stat(path, &st) != 0
             ? errno == ENOENT
             : (uint64_t)st.st_size != row->size ||
                   (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec != row->mtime);
    g_free(path);
    g_free(name);
    return changed;
}

/* Paths that a document names beside its file's: their rows are copies of it, or the next run reads them. */
static void
check_copies(struct check *check, const struct lj_document *document, const char *file)
{
    struct lj_journal *journal = check->store->journal;
    for (guint i = 0; i < document->properties->len; i++) {
        const struct lj_property *p = &g_array_index(document->properties, struct lj_property, i);
        if (strcmp(p->name, LJ_PROPERTY_COPY) != 0)
            continue;
        const struct lj_row *row = lj_journal_find(journal, p->value);
        const struct lj_row *own = lj_journal_find(journal, file);
        bool good = !row || (row->state == LJ_FILE_COPY && g_strcmp0(row->reason, file) == 0) ||
                    is_to_be_read(check->sources, row) ||
                    (own && is_to_be_read(check->sources, own));
        if (!good)
            problem(check, _("%s: names %s as a copy, which the manifest does not"), document->id,
                    p->value);
        g_hash_table_add(check->copies, g_strdup(p->value));
    }
}

/* Every stored text: readable, under its own id, of a file that the manifest knows. */
static void
check_texts(struct check *check)
{
    GError *failure = NULL;
    GArray *places = lj_store_places(check->store, &failure);
    for (guint i = 0; places && i < places->len && !stopped(check); i++) {
        struct lj_place place = g_array_index(places, struct lj_place, i), found = {0, 0};
        struct lj_document *document = lj_store_document(check->store, place, &failure);
        if (!document) {
            char *source = NULL, *id = lj_stored_name(check->store->reader, place, &source, NULL);
            problem(check, "%s: %s", id ? id : "?", failure->message);
            g_clear_error(&failure);
            g_free(source);
            g_free(id);
            continue;
        }
        if (!lj_store_find(check->store, document->id, &found, NULL, NULL, &failure))
            problem_of(check, g_steal_pointer(&failure));
        else if (found.segment != place.segment || found.docid != place.docid)
            problem(check, _("%s: is in the index twice, or not under its id"), document->id);
        const char *file = lj_document_field(document, LJ_PROPERTY_FILE);
        if (file && !lj_journal_find(check->store->journal, file))
            problem(check, _("%s: the manifest does not know its file"), document->id);
        if (file)
            check_copies(check, document, file);
        check->texts++;
        check->text_bytes += document->text->len;
        lj_document_free(document);
        show(check, places->len);
    }
    if (failure)
        problem_of(check, failure);
    if (places)
        g_array_unref(places);
}

/* Every file's row: as many documents as it says. */
static void
check_manifest(struct check *check)
{
    GPtrArray *rows = lj_journal_rows(check->store->journal);
    for (guint i = 0; i < rows->len && !stopped(check); i++) {
        const struct lj_row *row = rows->pdata[i];
        check->files += !lj_removed_id(row);
        if (row->state == LJ_FILE_COPY && !g_hash_table_contains(check->copies, row->key) &&
            !is_to_be_read(check->sources, row))
            problem(check, _("%s: no document names it, though the manifest has it as a copy"),
                    row->key);
        if (row->state != LJ_FILE_INDEXED)
            continue;
        GError *failure = NULL;
        GArray *places = lj_store_of_key(check->store, row->key, &failure);
        if (!places)
            problem_of(check, failure);
        else if (places->len != row->documents && !is_to_be_read(check->sources, row))
            problem(check, _("%s: the manifest counts %u documents of it, the index has %u"),
                    row->key, row->documents, places->len);
        if (places)
            g_array_unref(places);
    }
    g_ptr_array_unref(rows);
}

static void
check_analysis(struct check *check)
{
    GError *failure = NULL;
    const struct lj_store *store = check->store;
    if (!lj_lexicon_check(store->layout, store->generation, store->analyser, &failure))
        problem_of(check, failure);
    failure = NULL;
    if (!lj_check_canaries(check->store, NULL, CANARIES, &failure))
        problem_of(check, failure);
}

/* No run may write meanwhile; where one may not even lock, as on read-only media, none does. */
static bool
lock(const struct lj_run_options *options, int *fd, GError **error)
{
    GError *failure = NULL;
    struct lj_layout *layout = lj_layout_read(options->dir, false, error);
    if (!layout)
        return false;
    lj_layout_free(layout);
    *fd = lj_lock(options->dir, options->wait, options->stop, &failure);
    if (*fd < 0 && g_error_matches(failure, LJ_ERROR, LJ_ERROR_LOCKED)) {
        g_propagate_error(error, failure);
        return false;
    }
    g_clear_error(&failure);
    return true;
}

char *
lj_index_check(const struct lj_run_options *options, bool *sound, GError **error)
{
    int fd;
    if (!lock(options, &fd, error))
        return NULL;
    struct check check = {
        .options = options, .problems = json_array(), .began = g_get_monotonic_time()};
    check.sources = lj_sources_load(options->dir, NULL);
    check.copies = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GError *failure = NULL;
    check.store = lj_store_open(options->dir, LJ_STORE_READ, 0, options->stop, &failure);
    bool good = true;
    if (check.store) {
        check_structure(&check);
        check_texts(&check);
        check_manifest(&check);
        if (!stopped(&check))
            check_analysis(&check);
    } else if (g_error_matches(failure, LJ_ERROR, LJ_ERROR_DAMAGED)) {
        problem_of(&check, failure);
    } else {
        g_propagate_error(error, failure);
        good = false;
    }
    *sound = check.n_problems == 0;
    json_t *result =
        json_pack("{s:i, s:s, s:b, s:b, s:I, s:I, s:I, s:i, s:I, s:O, s:f}", "format_version", 1,
                  "index", options->dir, "sound", *sound, "stopped", stopped(&check), "documents",
                  (json_int_t)check.texts, "files", (json_int_t)check.files, "text_bytes",
                  (json_int_t)check.text_bytes, "segments",
                  check.store ? (int)check.store->layout->segments->len : 0, "n_problems",
                  (json_int_t)check.n_problems, "problems", check.problems, "seconds",
                  (double)(g_get_monotonic_time() - check.began) / G_USEC_PER_SEC);
    char *dumped = good ? json_dumps(result, JSON_COMPACT | JSON_REAL_PRECISION(6)) : NULL;
    char *text = g_strdup(dumped);
    free(dumped);
    json_decref(result);
    json_decref(check.problems);
    if (check.sources)
        g_ptr_array_unref(check.sources);
    g_hash_table_unref(check.copies);
    lj_store_close(check.store);
    lj_unlock(fd);
    return text;
}
