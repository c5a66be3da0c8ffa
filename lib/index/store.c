#include "index/store.h"
#include "glass/glass.h"
#include "index/lexicon.h"
#include "index/lock.h"
#include "index/unfinished.h"
#include "legajo/index.h"
#include "i18n.h"

#include <dirent.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COMMIT_BYTES (16u << 20)
#define COMMIT_TIME (2 * G_USEC_PER_SEC)
#define LEAD_LIMIT (64u << 20) /* a larger last segment gets a successor for new documents */
#define SEGMENTS_LIMIT 8       /* more are merged */
#define MERGE_LIMIT (512u << 20)

/* --- opening -----------------------------------------------------------------------------------
 */

/* One metadata entry of the last live segment, as a string. */
static char *
last_metadata(struct lj_store *store, const char *key, GError **error)
{
    size_t length;
    size_t last = lj_xap_shards(store->reader) - 1;
    char *bytes = lj_xap_metadata(store->reader, last, key, strlen(key), &length, error);
    char *text = bytes ? g_strndup(bytes, length) : NULL;
    g_free(bytes);
    return text;
}

/* Is what the stub names an index of ours, of this format? */
static bool
recognise(struct lj_store *store, GError **error)
{
    char *format = last_metadata(store, "legajo", error);
    if (!format) {
        if (!error || !*error)
            g_set_error(error, LJ_ERROR, LJ_ERROR_NOT_INDEX,
                        _("%s: is an index of another program; name another folder"),
                        store->layout->dir);
        return false;
    }
    bool known = strcmp(format, "1") == 0;
    if (!known)
        g_set_error(error, LJ_ERROR, LJ_ERROR_NEWER,
                    _("%s: index format %s; this version writes format 1: update legajo"),
                    store->layout->dir, format);
    g_free(format);
    return known;
}

static bool
open_reader(struct lj_store *store, GError **error)
{
    char **paths = lj_layout_paths(store->layout);
    struct xap_reader *reader =
        lj_xap_reader_open((const char *const *)paths, g_strv_length(paths), error);
    g_strfreev(paths);
    if (!reader) {
        lj_layout_explain(store->layout, error);
        return false;
    }
    lj_xap_reader_close(store->reader);
    store->reader = reader;
    return true;
}

static bool
open_live(struct lj_store *store, GError **error)
{
    if (!open_reader(store, error) || !recognise(store, error))
        return false;
    GError *failure = NULL;
    char *named = last_metadata(store, "journal", &failure);
    char *folder = lj_layout_generation(store->layout, store->layout->generation);
    store->analyser = last_metadata(store, "analyser", NULL);
    char *declared = last_metadata(store, "declared", NULL);
    if (declared)
        lj_declared_read(store->declared, declared);
    g_free(declared);
    store->journal = named ? lj_journal_open(folder, named, &failure) : NULL;
    if (!named && !failure)
        g_set_error(&failure, LJ_ERROR, LJ_ERROR_DAMAGED,
                    _("%s: the index does not name its manifest; rebuild it with --rebuild"),
                    store->layout->dir);
    g_free(folder);
    g_free(named);
    if (failure)
        g_propagate_error(error, failure);
    return store->journal != NULL;
}

/* Files of DIR itself that were not renamed to their own name any more. */
static void
clear_halves(const char *path)
{
    DIR *dir = opendir(path);
    struct dirent *entry;
    while (dir && (entry = readdir(dir)))
        if (lj_is_remains(entry->d_name))
            unlinkat(dirfd(dir), entry->d_name, 0);
    if (dir)
        closedir(dir);
}

/* Scratch databases and segments that no stub names: of a run that was broken off. */
static bool
clear_remains(struct lj_store *store, GError **error)
{
    char *folder = lj_layout_generation(store->layout, store->generation);
    clear_halves(store->layout->dir);
    DIR *dir = opendir(folder);
    bool good = true;
    struct dirent *entry;
    while (dir && good && (entry = readdir(dir))) {
        unsigned number = 0;
        bool segment = sscanf(entry->d_name, "seg-%u", &number) == 1, live = false;
        for (guint i = 0; segment && i < store->layout->segments->len; i++)
            live |= g_array_index(store->layout->segments, unsigned, i) == number;
        if (segment && number >= store->next_segment)
            store->next_segment = number + 1;
        bool ended = !store->hidden && strcmp(entry->d_name, "unfinished") == 0;
        if ((segment && !live) || ended || g_str_has_prefix(entry->d_name, "tmp-") ||
            g_str_has_suffix(entry->d_name, ".new")) {
            char *path = g_build_filename(folder, entry->d_name, NULL);
            good = lj_remove_tree(path, error);
            g_free(path);
        }
    }
    if (dir)
        closedir(dir);
    g_free(folder);
    return good;
}

/* The live segments and their revisions: any commit makes it another. */
static char *
state_of(const struct lj_store *store)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < store->layout->segments->len; i++) {
        struct xap_statistics it = {0};
        if (store->reader && !lj_xap_shard_statistics(store->reader, i, &it, NULL))
            it = (struct xap_statistics){0};
        g_string_append_printf(text, "%u/%u %s %" G_GUINT64_FORMAT "\n", store->generation,
                               g_array_index(store->layout->segments, unsigned, i), it.uuid,
                               it.revision);
    }
    char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text->str, -1);
    g_string_free(text, TRUE);
    return digest;
}

struct lj_unfinished *
lj_store_unfinished(const struct lj_store *live)
{
    char *folder = lj_layout_generation(live->layout, live->generation + 1);
    struct lj_unfinished *unfinished = lj_unfinished_read(folder);
    char *of = unfinished ? state_of(live) : NULL;
    if (unfinished && strcmp(unfinished->of, of) != 0)
        g_clear_pointer(&unfinished, lj_unfinished_free);
    g_free(of);
    g_free(folder);
    return unfinished;
}

/* Has a generation segments that a rebuild built whole? */
static bool
has_unfinished(const char *folder)
{
    struct lj_unfinished *unfinished = lj_unfinished_read(folder);
    bool there = unfinished != NULL;
    lj_unfinished_free(unfinished);
    return there;
}

/* Generations that are neither live nor kept for --rollback nor to be gone on with: of a rebuild that was
 * broken off, or gone back from. */
static bool
clear_generations(struct lj_store *store, GError **error)
{
    DIR *dir = opendir(store->layout->dir);
    unsigned live = store->generation;
    struct lj_unfinished *unfinished = lj_store_unfinished(store);
    unsigned kept = unfinished ? live + 1 : live;
    lj_unfinished_free(unfinished);
    GArray *segments;
    unsigned before = lj_layout_before(store->layout, &segments, NULL);
    if (segments)
        g_array_unref(segments);
    bool good = true;
    struct dirent *entry;
    while (dir && good && (entry = readdir(dir))) {
        unsigned number = 0;
        int end = 0;
        if (sscanf(entry->d_name, "gen-%u%n", &number, &end) != 1 || entry->d_name[end] ||
            number == live || number == before || number == kept)
            continue;
        char *path = lj_layout_generation(store->layout, number);
        store->dropped |= has_unfinished(path);
        good = lj_remove_tree(path, error);
        g_free(path);
    }
    if (dir)
        closedir(dir);
    return good;
}

static bool
make_folder(const char *path, GError **error)
{
    if (g_mkdir_with_parents(path, 0777) == 0)
        return true;
    int number = errno;
    g_set_error(error, LJ_ERROR,
                number == EACCES || number == EROFS ? LJ_ERROR_PERMISSION : LJ_ERROR_IO,
                _("%s: cannot make the index's folder: %s"), path, g_strerror(number));
    return false;
}

static struct lj_store *
store_new(struct lj_layout *layout, int lock)
{
    struct lj_store *store = g_new0(struct lj_store, 1);
    g_mutex_init(&store->reading);
    store->layout = layout;
    store->lock = lock;
    store->writers = g_ptr_array_new();
    store->declared = lj_declared_new();
    store->next_segment = 1;
    store->generation = layout->generation ? layout->generation : 1;
    g_ptr_array_set_size(store->writers, (gint)layout->segments->len);
    return store;
}

/* Whatever state a writer is just leaving: a manifest may be replaced while it is looked for. */
static struct lj_store *
open_to_read(const char *dir, bool dry, GError **error)
{
    for (int attempt = 0;; attempt++) {
        struct lj_layout *layout = lj_layout_read(dir, dry, error);
        if (!layout)
            return NULL;
        struct lj_store *store = store_new(layout, -1);
        GError *failure = NULL;
        bool good = true;
        if (layout->generation)
            good = open_live(store, &failure);
        else
            store->journal = lj_journal_open(dir, NULL, NULL);
        if (!store->analyser)
            store->analyser = g_strdup(lj_analyser_builtin());
        if (good)
            return store;
        lj_store_close(store);
        if (attempt == 5) {
            g_propagate_error(error, failure);
            return NULL;
        }
        g_clear_error(&failure);
        g_usleep(50000);
    }
}

/* What is live, for a writer. With REPAIR what fails is left out. */
static bool
open_to_write(struct lj_store *store, enum lj_store_mode mode, GError **error)
{
    char *folder = lj_layout_generation(store->layout, store->generation);
    GError *failure = NULL;
    bool good = true;
    if (store->layout->generation == 0)
        store->journal = lj_journal_open(folder, NULL, NULL);
    else
        good = open_live(store, &failure);
    if (!good && mode == LJ_STORE_REPAIR && !g_error_matches(failure, LJ_ERROR, LJ_ERROR_NEWER) &&
        !g_error_matches(failure, LJ_ERROR, LJ_ERROR_NOT_INDEX)) {
        store->doubt = g_strdup(failure->message);
        store->journal = lj_journal_open(folder, NULL, NULL);
        g_clear_error(&failure);
        good = true;
    }
    if (failure)
        g_propagate_error(error, failure);
    g_free(folder);
    return good;
}

/* The copy of the lexicon: of a new index, of one made before there were copies, of a damaged one. */
static bool
keep_lexicon(struct lj_store *store, GError **error)
{
    bool mended;
    if (!store->analyser)
        store->analyser = g_strdup(lj_analyser_builtin());
    return lj_lexicon_keep(store->layout, store->generation, store->analyser, &mended, error);
}

struct lj_store *
lj_store_open(const char *dir, enum lj_store_mode mode, int wait, const volatile int *stop,
              GError **error)
{
    if (mode == LJ_STORE_READ || mode == LJ_STORE_DRY)
        return open_to_read(dir, mode == LJ_STORE_DRY, error);
    bool create = mode == LJ_STORE_CREATE;
    struct lj_layout *layout = lj_layout_read(dir, create, error);
    if (!layout)
        return NULL;
    bool good = !create || make_folder(dir, error);
    lj_layout_free(layout);
    int lock = good ? lj_lock(dir, wait, stop, error) : -1;
    if (lock < 0)
        return NULL;
    /* What another writer did while we waited counts. */
    layout = lj_layout_read(dir, create, error);
    if (!layout) {
        lj_unlock(lock);
        return NULL;
    }
    struct lj_store *store = store_new(layout, lock);
    char *folder = lj_layout_generation(layout, store->generation);
    store->recovered = layout->recovered;
    good = open_to_write(store, mode, error) && make_folder(folder, error) &&
           (!store->recovered ||
            lj_layout_publish(layout, layout->generation, layout->segments, error)) &&
           clear_remains(store, error) && clear_generations(store, error) &&
           keep_lexicon(store, error);
    g_free(folder);
    if (good) {
        store->touched = lj_wordlog_begin(layout, store->reader);
        return store;
    }
    lj_store_close(store);
    return NULL;
}

static void
close_writers(struct lj_store *store)
{
    for (guint i = 0; i < store->writers->len; i++) {
        lj_xap_writer_close(store->writers->pdata[i]);
        store->writers->pdata[i] = NULL;
    }
}

/* Opens what an earlier attempt has left, where it is what this one would make; else nothing of it stays. */
static bool
take_up(struct lj_store *store, struct lj_store *live)
{
    struct lj_unfinished *unfinished = lj_store_unfinished(live);
    bool good = unfinished && strcmp(unfinished->how, store->how) == 0;
    if (good) {
        store->carried = unfinished->carried;
        g_array_append_vals(store->layout->segments, unfinished->segments->data,
                            unfinished->segments->len);
        g_ptr_array_set_size(store->writers, (gint)unfinished->segments->len);
        good = open_live(store, NULL) && strcmp(store->analyser, lj_analyser_builtin()) == 0 &&
               clear_remains(store, NULL);
    }
    lj_unfinished_free(unfinished);
    return good;
}

static struct lj_store *
store_beside(const struct lj_store *live, const char *how)
{
    struct lj_layout *layout = g_new0(struct lj_layout, 1);
    layout->dir = g_strdup(live->layout->dir);
    layout->segments = g_array_new(FALSE, FALSE, sizeof(unsigned));
    layout->generation = live->generation + 1;
    struct lj_store *store = store_new(layout, -1);
    store->hidden = true;
    store->of = state_of(live);
    store->how = g_compute_checksum_for_string(G_CHECKSUM_SHA256, how, -1);
    return store;
}

struct lj_store *
lj_store_beside(struct lj_store *live, const char *how, GError **error)
{
    struct lj_store *store = store_beside(live, how);
    char *folder = lj_layout_generation(store->layout, store->generation);
    bool good = true;
    store->resumed = take_up(store, live);
    if (!store->resumed) {
        lj_store_close(store);
        store = store_beside(live, how);
        store->dropped = has_unfinished(folder);
        char *declared = lj_declared_print(live->declared);
        lj_declared_read(store->declared, declared);
        g_free(declared);
        store->journal = lj_journal_open(folder, NULL, NULL);
        good = lj_remove_tree(folder, error) && make_folder(folder, error);
    }
    good = good && keep_lexicon(store, error);
    g_free(folder);
    if (good)
        return store;
    lj_store_close(store);
    return NULL;
}

bool
lj_store_swap(struct lj_store *live, struct lj_store *beside, GError **error)
{
    close_writers(beside);
    unsigned generation = beside->layout->generation;
    char *folder = lj_layout_generation(beside->layout, generation);
    /* What could not be opened is no way back: the generation before it stays that. */
    bool good =
        (live->doubt && !live->reader ? lj_layout_disown(live->layout, live->generation, error)
                                      : lj_layout_leave(live->layout, error)) &&
        lj_layout_leave(beside->layout, error) && lj_sync_tree(folder, error) &&
        lj_sync_folder(live->layout->dir, error) &&
        lj_layout_publish(live->layout, generation, beside->layout->segments, error);
    g_free(folder);
    if (!good)
        return false;
    live->generation = generation;
    beside->hidden = false;
    folder = lj_layout_generation(beside->layout, generation);
    lj_unfinished_remove(folder, NULL); /* else the next run does */
    g_free(folder);
    GError *ignored = NULL; /* the next run tries again */
    clear_generations(live, &ignored);
    g_clear_error(&ignored);
    return true;
}

bool
lj_store_reopen(struct lj_store *store, GError **error)
{
    return store->layout->segments->len == 0 || open_reader(store, error);
}

struct lj_analyser *
lj_store_analyser(const struct lj_store *store, GError **error)
{
    return lj_lexicon_analyser(store->layout, store->generation, store->analyser, error);
}

void
lj_store_close(struct lj_store *store)
{
    if (!store)
        return;
    close_writers(store);
    g_ptr_array_unref(store->writers);
    lj_xap_reader_close(store->reader);
    lj_journal_close(store->journal);
    lj_layout_free(store->layout);
    g_ptr_array_unref(store->declared);
    g_free(store->analyser);
    g_free(store->of);
    g_free(store->how);
    g_free(store->doubt);
    lj_touched_free(store->touched);
    lj_unlock(store->lock);
    g_mutex_clear(&store->reading);
    g_free(store);
}

/* --- changing ----------------------------------------------------------------------------------
 */

static struct xap_writer *
writer_of(struct lj_store *store, uint32_t place, GError **error)
{
    if (!store->writers->pdata[place]) {
        char *path = lj_layout_segment(store->layout, store->generation,
                                       g_array_index(store->layout->segments, unsigned, place));
        store->writers->pdata[place] = lj_xap_writer_open(path, XAP_UPDATE, error);
        g_free(path);
    }
    return store->writers->pdata[place];
}

/* The segment that takes new documents: the last, unless it has grown large. */
static struct xap_writer *
lead_writer(struct lj_store *store, bool adding, GError **error)
{
    GArray *segments = store->layout->segments;
    bool fresh = segments->len == 0;
    if (!fresh && adding && !store->lead_fresh && !store->writers->pdata[segments->len - 1]) {
        char *path = lj_layout_segment(store->layout, store->generation,
                                       g_array_index(segments, unsigned, segments->len - 1));
        fresh = lj_folder_size(path) > LEAD_LIMIT;
        g_free(path);
    }
    if (fresh) {
        unsigned number = store->next_segment++;
        g_array_append_val(segments, number);
        g_ptr_array_add(store->writers, NULL);
        store->lead_fresh = true;
    }
    return writer_of(store, segments->len - 1, error);
}

static void
note_change(struct lj_store *store, uint64_t bytes)
{
    if (!store->changed)
        store->pending_since = g_get_monotonic_time();
    store->changed = true;
    store->pending_bytes += bytes;
}

/* The words of a document that is about to go from where a writer has it (NULL: nowhere). */
static void
leave_words(struct lj_store *store, struct xap_writer *writer, uint32_t docid)
{
    if (!writer || !lj_touched_counts(store->touched))
        return;
    GString *terms = g_string_new(NULL);
    bool known = lj_xap_writer_terms(writer, docid, terms, NULL);
    lj_touched_leave(store->touched, known ? terms : NULL);
    g_string_free(terms, TRUE);
}

/* Frames are kept under a document's id: those of the id it had go. */
static bool
drop_renamed(struct lj_store *store, struct xap_writer *writer, struct lj_place place,
             const char *id, GError **error)
{
    bool known = store->reader && place.segment < lj_xap_shards(store->reader);
    char *before = known ? lj_store_id(store, place, NULL) : NULL;
    bool good = !before || strcmp(before, id) == 0 || lj_drop_frames(writer, before, 1, error);
    g_free(before);
    return good;
}

bool
lj_store_put(struct lj_store *store, struct lj_place place, const struct lj_prepared *prepared,
             GError **error)
{
    struct xap_writer *writer = writer_of(store, place.segment, error);
    note_change(store, prepared->text_bytes);
    leave_words(store, writer, place.docid);
    lj_touched_put(store->touched, &prepared->document);
    return writer && drop_renamed(store, writer, place, prepared->id, error) &&
           lj_put_document(writer, place.docid, &prepared->document, prepared->frames, prepared->id,
                           error);
}

bool
lj_store_add(struct lj_store *store, const struct lj_prepared *prepared, GError **error)
{
    struct xap_writer *writer = lead_writer(store, true, error);
    note_change(store, prepared->text_bytes);
    lj_touched_put(store->touched, &prepared->document);
    return writer &&
           lj_put_document(writer, 0, &prepared->document, prepared->frames, prepared->id, error);
}

/* Appends docids of the documents of an id in a segment, changes not yet committed included. */
static bool
docids_of(struct xap_writer *writer, const char *id, GArray *docids, GError **error)
{
    GString *term = g_string_new(NULL);
    lj_term_bounded("Q", id, term);
    bool good = lj_xap_writer_docids(writer, term->str, term->len, docids, error);
    g_string_free(term, TRUE);
    return good;
}

bool
lj_store_add_again(struct lj_store *store, const struct lj_prepared *prepared, GError **error)
{
    struct lj_place place = {0, 0};
    GArray *docids = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    bool good = true;
    /* Segments without a writer have nothing of this run. */
    for (guint i = 0; good && !place.docid && i < store->writers->len; i++) {
        good = !store->writers->pdata[i] ||
               docids_of(store->writers->pdata[i], prepared->id, docids, error);
        if (docids->len > 0)
            place = (struct lj_place){i, g_array_index(docids, uint32_t, 0)};
    }
    g_array_unref(docids);
    return good && (place.docid ? lj_store_put(store, place, prepared, error)
                                : lj_store_add(store, prepared, error));
}

bool
lj_store_delete(struct lj_store *store, struct lj_place place, const char *id, GError **error)
{
    struct xap_writer *writer = writer_of(store, place.segment, error);
    note_change(store, 0);
    leave_words(store, writer, place.docid);
    return writer && lj_xap_writer_delete(writer, place.docid, error) &&
           lj_drop_frames(writer, id, 1, error);
}

bool
lj_store_drop(struct lj_store *store, struct lj_place place, uint64_t *dropped, GError **error)
{
    GError *failure = NULL;
    char *id = lj_store_id(store, place, &failure); /* NULL without a failure: gone already */
    bool good = !failure && (!id || lj_store_delete(store, place, id, error));
    if (failure)
        g_propagate_error(error, failure);
    *dropped += good && id;
    g_free(id);
    return good;
}

static int
compare_docids(gconstpointer a, gconstpointer b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

bool
lj_store_drop_of_file(struct lj_store *store, const char *source, const char *path,
                      const GArray *places, uint64_t *dropped, GError **error)
{
    char term[35];
    lj_term_file(source, path, term);
    GPtrArray *now =
        g_ptr_array_new(); /* by segment: docids of the file, changes of this run included */
    g_ptr_array_set_size(now, (gint)store->writers->len);
    bool good = true;
    for (guint i = 0; good && i < places->len; i++) {
        struct lj_place place = g_array_index(places, struct lj_place, i);
        if (!now->pdata[place.segment]) {
            struct xap_writer *writer = writer_of(store, place.segment, error);
            now->pdata[place.segment] = g_array_new(FALSE, FALSE, sizeof(uint32_t));
            good = writer && lj_xap_writer_docids(writer, term, strlen(term),
                                                  now->pdata[place.segment], error);
        }
        if (good &&
            g_array_binary_search(now->pdata[place.segment], &place.docid, compare_docids, NULL))
            good = lj_store_drop(store, place, dropped, error);
    }
    for (guint i = 0; i < now->len; i++)
        if (now->pdata[i])
            g_array_unref(now->pdata[i]);
    g_ptr_array_unref(now);
    return good;
}

bool
lj_store_drop_file(struct lj_store *store, const char *key, uint64_t *dropped, GError **error)
{
    char *own = g_strdup(key); /* the row's goes with it */
    char *source = g_strndup(own, strcspn(own, "/"));
    GArray *places = lj_store_of_file(store, source, own + strlen(source) + 1, error);
    bool good = places && lj_store_drop_of_file(store, source, own + strlen(source) + 1, places,
                                                dropped, error);
    if (good)
        lj_journal_set(store->journal, &(struct lj_row){.key = own, .state = LJ_FILE_GONE});
    if (places)
        g_array_unref(places);
    g_free(source);
    g_free(own);
    return good;
}

bool
lj_store_metadata(struct lj_store *store, const GArray *entries, GError **error)
{
    struct xap_writer *writer = lead_writer(store, false, error);
    note_change(store, 0);
    return writer && lj_put_metadata(writer, entries, false, error);
}

bool
lj_store_due(const struct lj_store *store)
{
    return store->changed && (store->pending_bytes >= COMMIT_BYTES ||
                              g_get_monotonic_time() - store->pending_since >= COMMIT_TIME);
}

/* A new state of the segments: the stub, or, beside the live generation, our own list, for the next attempt. */
static bool
publish_segments(struct lj_store *store, const GArray *segments, GError **error)
{
    struct lj_layout *layout = store->layout;
    if (!store->hidden)
        return lj_layout_publish(layout, store->generation, segments, error);
    GArray *copy = g_array_copy((GArray *)segments);
    g_array_unref(layout->segments);
    layout->segments = copy;
    struct lj_unfinished now = {store->of, store->how, store->carried, copy};
    char *folder = lj_layout_generation(layout, store->generation);
    bool good = lj_unfinished_write(folder, &now, error);
    g_free(folder);
    return good;
}

/* What every last segment says: format, analyser, declared fields, manifest, time. */
static bool
sign(struct lj_store *store, struct xap_writer *writer, const char *journal, GError **error)
{
    GDateTime *now = g_date_time_new_now_local();
    char *when = g_date_time_format(now, "%Y-%m-%dT%H:%M:%S%:z");
    g_date_time_unref(now);
    char *declared = lj_declared_print(store->declared);
    const char *entries[][2] = {{"legajo", "1"},
                                {"analyser", store->analyser ? store->analyser : ""},
                                {"declared", declared},
                                {"journal", journal},
                                {"updated", when}};
    bool good = true;
    for (size_t i = 0; good && i < G_N_ELEMENTS(entries); i++)
        good = lj_xap_writer_set_metadata(writer, entries[i][0], strlen(entries[i][0]),
                                          entries[i][1], strlen(entries[i][1]), error);
    g_free(declared);
    g_free(when);
    return good;
}

/* Commits a segment. The library leaves the new version file's name to the file system: where it were lost with the
 * power, the old one would name blocks that the next commit may have written over by then. */
static bool
commit_segment(struct lj_store *store, guint place, GError **error)
{
    char *path = lj_layout_segment(store->layout, store->generation,
                                   g_array_index(store->layout->segments, unsigned, place));
    bool good =
        lj_xap_writer_commit(store->writers->pdata[place], error) && lj_sync_folder(path, error);
    g_free(path);
    return good;
}

bool
lj_store_commit(struct lj_store *store, GError **error)
{
    if (!store->changed && !lj_journal_pending(store->journal))
        return true;
    struct xap_writer *lead = lead_writer(store, false, error);
    char *journal = lead ? lj_journal_flush(store->journal, error) : NULL;
    bool good = journal != NULL;
    /* The last segment goes last: only its commit moves the manifest. */
    for (guint i = 0; good && i + 1 < store->writers->len; i++)
        if (store->writers->pdata[i])
            good = commit_segment(store, i, error);
    good = good && sign(store, lead, journal, error) &&
           commit_segment(store, store->writers->len - 1, error);
    g_free(journal);
    if (good && store->lead_fresh) {
        char *folder = lj_layout_generation(store->layout, store->generation);
        good = lj_sync_folder(folder, error) &&
               publish_segments(store, store->layout->segments, error);
        g_free(folder);
        store->lead_fresh = !good;
    }
    if (good) {
        lj_journal_tidy(store->journal);
        store->changed = false;
        store->pending_bytes = 0;
    }
    return good;
}

/* --- segments ----------------------------------------------------------------------------------
 */

char *
lj_store_scratch(struct lj_store *store, const char *name)
{
    char *folder = lj_layout_generation(store->layout, store->generation);
    char *path = g_strdup_printf("%s/tmp-%s", folder, name);
    g_free(folder);
    return path;
}

/* The last document of an id in a new segment takes the place of one in a segment that is live: no search misses it,
 * or has it twice, before the new segment is live, too. */
static bool
take_place(struct lj_store *store, struct xap_writer *fresh, uint32_t docid,
           struct xap_writer *older, uint32_t replaced, const char *id, GError **error)
{
    leave_words(store, older, replaced);
    if (!lj_xap_writer_copy(fresh, docid, older, replaced, error))
        return false;
    for (uint32_t i = 1;; i++) {
        char key[16];
        size_t size, length = lj_stored_frame_key(id, i, key);
        GError *failure = NULL;
        char *frame = lj_xap_writer_metadata(fresh, key, length, &size, &failure);
        bool good = !failure && (size == 0 || lj_xap_writer_set_metadata(older, key, length, frame,
                                                                         size, error));
        g_free(frame);
        if (failure)
            g_propagate_error(error, failure);
        if (!good)
            return false;
        if (size == 0)
            return lj_drop_frames(older, id, i, error) &&
                   lj_xap_writer_delete(fresh, docid, error) && lj_drop_frames(fresh, id, 1, error);
    }
}

/* Of documents with one id only the last counts: a feed may repeat itself. */
static bool
drop_repeated(struct lj_store *store, struct xap_writer *fresh, const char *id, GError **error)
{
    GArray *docids = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    GArray *before = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    bool good = docids_of(fresh, id, docids, error);
    uint32_t last = docids->len > 0 ? g_array_index(docids, uint32_t, docids->len - 1) : 0;
    for (guint i = 0; good && i + 1 < docids->len; i++) {
        uint32_t docid = g_array_index(docids, uint32_t, i);
        leave_words(store, fresh, docid);
        good = lj_xap_writer_delete(fresh, docid, error);
    }
    for (guint s = 0; good && last && s < store->layout->segments->len; s++) {
        struct xap_writer *older = writer_of(store, s, error);
        g_array_set_size(before, 0);
        good = older && docids_of(older, id, before, error) &&
               (before->len == 0 || take_place(store, fresh, last, older,
                                               g_array_index(before, uint32_t, 0), id, error));
        last = before->len > 0 ? 0 : last;
        store->changed = true;
    }
    g_array_unref(before);
    g_array_unref(docids);
    return good;
}

static bool
drop_all_repeated(struct lj_store *store, struct xap_writer *fresh, const GPtrArray *ids,
                  GError **error)
{
    bool good = true;
    for (guint i = 0; good && ids && i < ids->len; i++)
        good = drop_repeated(store, fresh, ids->pdata[i], error);
    return good;
}

bool
lj_store_publish(struct lj_store *store, const GPtrArray *scratch, const GPtrArray *parts,
                 uint64_t memory, const GPtrArray *repeated, const GPtrArray *ahead, GError **error)
{
    unsigned number = store->next_segment++;
    char *folder = lj_layout_generation(store->layout, store->generation);
    char *target = lj_layout_segment(store->layout, store->generation, number);
    /* Changes in place first: rows follow documents. */
    bool good = !store->changed || lj_store_commit(store, error);
    close_writers(store);
    if (good && parts->len > 0)
        good = lj_glass_join((struct lj_glass_part *const *)parts->pdata, parts->len, target,
                             memory, lj_processors_granted(), error);
    else if (good)
        good = lj_xap_compact((const char *const *)scratch->pdata, scratch->len, target, false,
                              false, error);
    if (good)
        lj_touched_database(store->touched, target);
    struct xap_writer *writer = good ? lj_xap_writer_open(target, XAP_UPDATE, error) : NULL;
    good = writer && drop_all_repeated(store, writer, repeated, error) &&
           drop_all_repeated(store, writer, ahead, error);
    lj_journal_release(store->journal);
    char *journal = good ? lj_journal_flush(store->journal, error) : NULL;
    good = journal && sign(store, writer, journal, error) && lj_xap_writer_commit(writer, error);
    lj_xap_writer_close(writer);
    good = good && lj_sync_folder(target, error);
    g_free(journal);
    for (guint i = 0; good && i < store->writers->len; i++)
        if (store->writers->pdata[i])
            good = commit_segment(store, i, error);
    GArray *segments = g_array_copy(store->layout->segments);
    g_array_append_val(segments, number);
    store->carried += store->carrying;
    store->carrying = 0;
    good = good && lj_sync_folder(folder, error) && publish_segments(store, segments, error);
    g_array_unref(segments);
    if (good) {
        store->changed = false;
        store->pending_bytes = 0;
        g_ptr_array_add(store->writers, NULL);
        lj_journal_tidy(store->journal);
    }
    for (guint i = 0; i < scratch->len; i++)
        lj_remove_tree(scratch->pdata[i], NULL);
    g_free(target);
    g_free(folder);
    return good;
}

/* Merges segments: those below `limit` bytes, and the last. */
static bool
merge(struct lj_store *store, uint64_t limit, bool full, GError **error)
{
    GArray *segments = store->layout->segments;
    if (!lj_store_commit(store, error))
        return false;
    close_writers(store);
    GPtrArray *merged = g_ptr_array_new_with_free_func(g_free);
    GArray *kept = g_array_new(FALSE, FALSE, sizeof(unsigned));
    for (guint i = 0; i < segments->len; i++) {
        unsigned number = g_array_index(segments, unsigned, i);
        char *path = lj_layout_segment(store->layout, store->generation, number);
        /* The last one must go along: its entries name the manifest. */
        if (i + 1 == segments->len || lj_folder_size(path) < limit) {
            g_ptr_array_add(merged, path);
        } else {
            g_array_append_val(kept, number);
            g_free(path);
        }
    }
    unsigned number = store->next_segment++;
    char *target = lj_layout_segment(store->layout, store->generation, number);
    char *folder = lj_layout_generation(store->layout, store->generation);
    g_array_append_val(kept, number);
    bool good = lj_xap_compact((const char *const *)merged->pdata, merged->len, target, false, full,
                               error) &&
                lj_sync_tree(target, error) && lj_sync_folder(folder, error) &&
                publish_segments(store, kept, error);
    if (good) {
        g_ptr_array_set_size(store->writers, 0);
        g_ptr_array_set_size(store->writers, (gint)kept->len);
        good = open_reader(store, error);
        /* Readers that opened the old segments keep their descriptors; one that is just opening
         * them finds the stub changed and begins again. */
        for (guint i = 0; i < merged->len; i++)
            lj_remove_tree(merged->pdata[i], NULL);
    } else {
        lj_remove_tree(target, NULL);
    }
    g_array_unref(kept);
    g_ptr_array_unref(merged);
    g_free(target);
    g_free(folder);
    return good;
}

bool
lj_store_settle(struct lj_store *store, GError **error)
{
    return store->layout->segments->len <= SEGMENTS_LIMIT ||
           merge(store, MERGE_LIMIT, false, error);
}

bool
lj_store_compact(struct lj_store *store, bool full, GError **error)
{
    return store->layout->segments->len == 0 || merge(store, G_MAXUINT64, full, error);
}
