/* --copy-to: a consistent, compacted copy of the live generation, made while the index is in use.
 *
 * Searches go on in any case. Where no run is writing, the lock keeps it so; where one is, the copy is
 * taken of what is committed, and taken again if a commit came between: the last segment names the
 * manifest, so a copy whose manifest is the one named at the beginning has nothing newer in it.
 */
#include "index/history.h"
#include "index/lexicon.h"
#include "index/lock.h"
#include "index/job.h"
#include "index/sources.h"
#include "index/store.h"
#include "index/wordlog.h"
#include "i18n.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ATTEMPTS 8

/* The folder must be free: a new one, or empty. */
static bool
make_target(const char *target, GError **error)
{
    DIR *dir = opendir(target);
    bool empty = true;
    struct dirent *entry;
    while (dir && (entry = readdir(dir)))
        empty &= strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    if (dir)
        closedir(dir);
    if (!empty) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_NOT_INDEX,
                    _("%s: is not empty; a copy needs a folder of its own"), target);
        return false;
    }
    char *generation = g_build_filename(target, "gen-0001", NULL);
    bool good = g_mkdir_with_parents(generation, 0777) == 0;
    if (!good)
        g_set_error(error, LJ_ERROR,
                    errno == EACCES || errno == EROFS ? LJ_ERROR_PERMISSION : LJ_ERROR_IO, "%s: %s",
                    generation, g_strerror(errno));
    g_free(generation);
    return good;
}

/* Copies the first `length` bytes of a file (G_MAXUINT64: all of it). One that is not there is none. */
static bool
copy_file(const char *from, const char *to, uint64_t length, GError **error)
{
    GError *failure = NULL;
    char *bytes = NULL;
    gsize size = 0;
    if (!g_file_get_contents(from, &bytes, &size, &failure)) {
        bool absent = g_error_matches(failure, G_FILE_ERROR, G_FILE_ERROR_NOENT);
        if (!absent)
            g_set_error(error, LJ_ERROR, LJ_ERROR_IO, "%s", failure->message);
        g_error_free(failure);
        return absent;
    }
    bool good = g_file_set_contents_full(to, bytes, (gssize)MIN(size, length),
                                         G_FILE_SET_CONTENTS_DURABLE, 0666, &failure);
    if (!good) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_IO, "%s", failure->message);
        g_error_free(failure);
    }
    g_free(bytes);
    return good;
}

/* The manifest, as long as the copied segment says. */
static bool
copy_manifest(const struct lj_store *store, const char *target, const char *named, GError **error)
{
    char name[64] = "";
    unsigned long long length = 0;
    if (sscanf(named, "%63s %llu", name, &length) != 2)
        return true;
    char *folder = lj_layout_generation(store->layout, store->layout->generation);
    char *from = g_build_filename(folder, name, NULL);
    char *to = g_build_filename(target, "gen-0001", name, NULL);
    bool good = copy_file(from, to, length, error);
    struct stat st;
    if (good && (stat(to, &st) < 0 || (uint64_t)st.st_size != length)) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_IO, _("%s: the manifest was replaced meanwhile"),
                    from);
        good = false;
    }
    g_free(folder);
    g_free(from);
    g_free(to);
    return good;
}

static char *
named_manifest(const char *segment)
{
    struct xap_reader *reader = lj_xap_reader_open((const char *const[]){segment}, 1, NULL);
    size_t length = 0;
    char *bytes = reader ? lj_xap_metadata(reader, 0, "journal", 7, &length, NULL) : NULL;
    char *text = g_strndup(bytes ? bytes : "", length);
    g_free(bytes);
    lj_xap_reader_close(reader);
    return text;
}

/* Segments and manifest, once. *moved: a commit came between. */
static bool
copy_once(struct lj_store *store, const char *target, bool *moved, GError **error)
{
    *moved = false;
    char **paths = lj_layout_paths(store->layout);
    guint n = g_strv_length(paths);
    char *segment = g_build_filename(target, "gen-0001", "seg-0001", NULL);
    char *before = named_manifest(paths[n - 1]), *after = NULL;
    GError *failure = NULL;
    bool good = lj_remove_tree(segment, &failure) &&
                lj_xap_compact((const char *const *)paths, n, segment, false, true, &failure);
    after = good ? named_manifest(segment) : NULL;
    good = good && copy_manifest(store, target, after, &failure);
    GString *report = g_string_new(NULL);
    good = good && strcmp(before, after) == 0 && lj_xap_check(segment, report, &failure);
    *moved = !good && (!after || strcmp(before, after) != 0 || lj_layout_moved_on(store->layout) ||
                       g_error_matches(failure, LJ_ERROR, LJ_ERROR_IO));
    if (failure)
        g_propagate_error(error, failure);
    g_string_free(report, TRUE);
    g_free(before);
    g_free(after);
    g_free(segment);
    g_strfreev(paths);
    return good;
}

/* Texts of recognised pages, so that the copy need not recognise them again. What cannot be copied is recognised
 * again: it is no error, unless the disk is full. */
static bool
copy_pages(const char *from, const char *to, GError **error)
{
    GDir *dir = g_dir_open(from, 0, NULL);
    const char *name;
    bool good = true;
    if (dir)
        good = g_mkdir_with_parents(to, 0777) == 0;
    if (!good)
        g_set_error(error, LJ_ERROR, LJ_ERROR_IO, "%s: %s", to, g_strerror(errno));
    while (dir && good && (name = g_dir_read_name(dir))) {
        char *below = g_build_filename(from, name, NULL),
             *target = g_build_filename(to, name, NULL);
        char *bytes = NULL;
        gsize length = 0;
        GError *failure = NULL;
        if (g_file_test(below, G_FILE_TEST_IS_DIR))
            good = copy_pages(below, target, error);
        else if (g_str_has_suffix(name, ".zst") &&
                 g_file_get_contents(below, &bytes, &length, NULL))
            good = g_file_set_contents_full(target, bytes, (gssize)length,
                                            G_FILE_SET_CONTENTS_CONSISTENT, 0666, &failure);
        if (failure) {
            g_set_error(error, LJ_ERROR, LJ_ERROR_IO, "%s", failure->message);
            g_error_free(failure);
        }
        g_free(bytes);
        g_free(target);
        g_free(below);
    }
    if (dir)
        g_dir_close(dir);
    return good;
}

/* What lies beside the segments. */
static bool
copy_rest(const struct lj_store *store, const char *target, GError **error)
{
    static const char *const names[] = {"sources", "runs.jsonl"};
    bool good = true;
    for (size_t i = 0; i < G_N_ELEMENTS(names) && good; i++) {
        char *from = g_build_filename(store->layout->dir, names[i], NULL);
        char *to = g_build_filename(target, names[i], NULL);
        good = copy_file(from, to, G_MAXUINT64, error);
        g_free(from);
        g_free(to);
    }
    struct lj_layout copy = {.dir = (char *)target, .generation = 1};
    char *from = lj_lexicon_path(store->layout, store->layout->generation, store->analyser);
    char *to = lj_lexicon_path(&copy, 1, store->analyser);
    char *folder = to ? g_path_get_dirname(to) : NULL;
    good = good && (!from || (g_mkdir_with_parents(folder, 0777) == 0 &&
                              copy_file(from, to, G_MAXUINT64, error)));
    g_free(from);
    g_free(to);
    g_free(folder);
    from = g_build_filename(store->layout->dir, "ocr", NULL);
    to = g_build_filename(target, "ocr", NULL);
    good = good && copy_pages(from, to, error);
    g_free(from);
    g_free(to);
    return good;
}

/* The stub comes last: a copy that was broken off is none. */
static bool
publish(const char *target, uint64_t *size, GError **error)
{
    struct lj_layout copy = {.dir = (char *)target, .generation = 1};
    copy.segments = g_array_new(FALSE, FALSE, sizeof(unsigned));
    unsigned number = 1;
    g_array_append_val(copy.segments, number);
    char *generation = lj_layout_generation(&copy, 1);
    GError *ignored = NULL; /* derived */
    lj_wordlog_update(&copy, NULL, &ignored);
    g_clear_error(&ignored);
    bool good =
        lj_sync_tree(generation, error) && lj_layout_publish(&copy, 1, copy.segments, error);
    *size = lj_folder_size(target);
    g_array_unref(copy.segments);
    g_free(generation);
    return good;
}

bool
lj_index_copy(const struct lj_run_options *options, const char *target, GError **error)
{
    struct lj_store *store = lj_store_open(options->dir, LJ_STORE_READ, 0, options->stop, error);
    if (!store)
        return false;
    int lock = lj_lock(options->dir, 0, options->stop, NULL);
    bool good = make_target(target, error), made = good;
    bool copied = false, moved = true;
    for (int attempt = 0; good && !copied && moved && attempt < ATTEMPTS; attempt++) {
        GError *failure = NULL;
        if (attempt > 0) {
            g_usleep(200000u << attempt); /* a writer's commits are 2 s apart */
            lj_store_close(store);
            store = lj_store_open(options->dir, LJ_STORE_READ, 0, options->stop, &failure);
            moved = store != NULL;
        }
        copied = store && copy_once(store, target, &moved, &failure);
        if (!copied && (!moved || attempt + 1 == ATTEMPTS)) {
            good = false;
            if (failure)
                g_propagate_error(error, g_steal_pointer(&failure));
            else
                g_set_error(
                    error, LJ_ERROR, LJ_ERROR_LOCKED,
                    _("%s: a run commits faster than can be copied; copy when it has ended"),
                    options->dir);
        }
        g_clear_error(&failure);
    }
    uint64_t size = 0;
    good = good && copy_rest(store, target, error) && publish(target, &size, error);
    if (good) {
        char *shown = g_format_size(size);
        lj_say(options, LJ_MESSAGE_INFO, _("%s: a copy of %s, %llu documents, %s"), target,
               options->dir, (unsigned long long)lj_store_documents(store), shown);
        g_free(shown);
    } else if (made) {
        char *generation = g_build_filename(target, "gen-0001", NULL);
        lj_remove_tree(generation, NULL);
        g_free(generation);
    }
    lj_unlock(lock);
    lj_store_close(store);
    return good;
}
