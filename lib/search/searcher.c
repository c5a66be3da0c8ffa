#include "search/searcher.h"

#include "index/invert.h"
#include "index/lexicon.h"
#include "index/sources.h"
#include "i18n.h"

#include <string.h>

/* --- opening -----------------------------------------------------------------------------------
 */

static void
clear_group(gpointer data)
{
    struct lj_shard_group *group = data;
    g_free(group->name);
    lj_layout_free(group->layout);
    if (group->roots)
        g_hash_table_unref(group->roots);
}

static void
clear_info(gpointer data)
{
    struct lj_index_info *info = data;
    g_free(info->name);
    g_free(info->updated);
}

/* host:port, where there is no such folder. */
static bool
is_address(const char *database)
{
    const char *colon = strrchr(database, ':');
    return colon && colon != database && colon[1] && !strchr(database, '/') &&
           strspn(colon + 1, "0123456789") == strlen(colon + 1) &&
           !g_file_test(database, G_FILE_TEST_EXISTS);
}

static char *
metadata(struct lj_searcher *searcher, size_t shard, const char *key, GError **error)
{
    size_t length;
    char *bytes = lj_xap_metadata(searcher->reader, shard, key, strlen(key), &length, error);
    char *text = bytes ? g_strndup(bytes, length) : NULL;
    g_free(bytes);
    return text;
}

/* Every database must hold an index of ours, of a format we read. */
static bool
check_format(struct lj_searcher *searcher, const struct lj_shard_group *group, GError **error)
{
    GError *failure = NULL;
    char *format = metadata(searcher, group->first + group->n - 1, "legajo", &failure);
    if (failure) {
        g_propagate_error(error, failure);
        return false;
    }
    bool known = format && strcmp(format, "1") == 0;
    if (!format)
        g_set_error(error, LJ_ERROR, LJ_ERROR_NOT_INDEX, _("%s: is an index of another program"),
                    group->name);
    else if (!known)
        g_set_error(error, LJ_ERROR, LJ_ERROR_NEWER,
                    _("%s: index format %s; this version reads format 1: update legajo"),
                    group->name, format);
    g_free(format);
    return known;
}

/* The version of analysis that all databases have, and one that is here and has its lexicon. */
static bool
common_analysis(struct lj_searcher *searcher, char **version, const struct lj_shard_group **where,
                GError **error)
{
    *version = NULL;
    *where = NULL;
    for (guint i = 0; i < searcher->groups->len; i++) {
        const struct lj_shard_group *group =
            &g_array_index(searcher->groups, struct lj_shard_group, i);
        char *own = metadata(searcher, group->first + group->n - 1, "analyser", NULL);
        if (!own || !*own) {
            g_free(own);
            own = g_strdup(lj_analyser_builtin());
        }
        bool same = !*version || strcmp(*version, own) == 0;
        if (!same)
            g_set_error(
                error, LJ_ERROR, LJ_ERROR_NEWER,
                _("%s and %s were analysed with different lexicons (%s, %s): search them one "
                  "by one, or bring one up to date with: indexer --rebuild"),
                g_array_index(searcher->groups, struct lj_shard_group, 0).name, group->name,
                *version, own);
        if (!*version)
            *version = g_steal_pointer(&own);
        g_free(own);
        if (!same)
            return false;
        if (group->layout && !*where)
            *where = group;
    }
    return true;
}

/* Queries are analysed as the index was. The lexicon of an index is seldom another than ours: then
 * nothing is opened here. */
static bool
choose_analyser(struct lj_searcher *searcher, GError **error)
{
    char *version = NULL;
    const struct lj_shard_group *where;
    struct lj_analyser *analyser = NULL;
    bool good = common_analysis(searcher, &version, &where, error);
    bool builtin = good && strcmp(version, lj_analyser_builtin()) == 0;
    const char *known = searcher->analysed ? searcher->analysed : lj_analyser_builtin();
    if (good && strcmp(version, known) == 0) {
        g_free(version);
        return true;
    }
    if (good && !builtin && !where) {
        g_set_error(
            error, LJ_ERROR, LJ_ERROR_NEWER,
            _("%s: analysed with another lexicon (%s, this program's is %s), which a server "
              "does not hand over"),
            g_array_index(searcher->groups, struct lj_shard_group, 0).name, version,
            lj_analyser_builtin());
        good = false;
    } else if (good && !builtin) {
        analyser = lj_lexicon_analyser(where->layout, where->layout->generation, version, error);
        good = analyser != NULL;
    }
    if (good) {
        /* What was made with the analyser of before may still point to it. */
        if (!searcher->retired)
            searcher->retired = g_ptr_array_new_with_free_func((GDestroyNotify)lj_analyser_close);
        if (searcher->analyser)
            g_ptr_array_add(searcher->retired, searcher->analyser);
        searcher->analyser = analyser;
        g_free(searcher->analysed);
        searcher->analysed = g_steal_pointer(&version);
    }
    g_free(version);
    return good;
}

static void
close_aside(struct lj_searcher *searcher)
{
    lj_xap_reader_close(searcher->aside_reader);
    lj_local_close(searcher->aside);
    searcher->aside_reader = NULL;
    searcher->aside = NULL;
}

bool
lj_searcher_open_aside(struct lj_searcher *searcher)
{
    if (searcher->aside && lj_local_unchanged(searcher->aside, searcher->reader))
        return true;
    close_aside(searcher);
    searcher->aside_reader = lj_local_again(searcher->local, &searcher->aside);
    return searcher->aside && lj_local_unchanged(searcher->aside, searcher->reader);
}

/* Databases whose tables can be read need no Xapian to begin with; of all others it says what is wrong, if it is. */
static struct xap_reader *
open_paths(const GPtrArray *paths, struct lj_local **local, GError **error)
{
    const char *const *databases = (const char *const *)paths->pdata;
    *local = lj_local_open(databases, paths->len);
    if (!*local)
        return lj_xap_reader_open(databases, paths->len, error);
    uint64_t *revisions = g_new(uint64_t, paths->len + 1);
    lj_local_revisions(*local, revisions);
    struct xap_reader *reader =
        lj_xap_reader_later(databases, paths->len, revisions, &lj_local_tables, *local);
    g_free(revisions);
    return reader;
}

static bool
open_reader(struct lj_searcher *searcher, GError **error)
{
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    bool good = true;
    for (guint i = 0; good && i < searcher->groups->len; i++) {
        struct lj_shard_group *group = &g_array_index(searcher->groups, struct lj_shard_group, i);
        group->first = paths->len;
        g_clear_pointer(&group->layout, lj_layout_free);
        if (is_address(group->name)) {
            g_ptr_array_add(paths, g_strdup(group->name));
        } else if ((group->layout = lj_layout_read(group->name, false, error))) {
            char **segments = lj_layout_paths(group->layout);
            for (char **segment = segments; *segment; segment++)
                g_ptr_array_add(paths, *segment);
            g_free(segments);
        } else {
            good = false;
        }
        group->n = paths->len - group->first;
    }
    if (good) {
        struct lj_local *local = NULL;
        struct xap_reader *reader = open_paths(paths, &local, error);
        good = reader != NULL;
        for (guint i = 0; !good && i < searcher->groups->len; i++) {
            struct lj_layout *layout =
                g_array_index(searcher->groups, struct lj_shard_group, i).layout;
            if (layout)
                lj_layout_explain(layout, error);
        }
        if (good) {
            g_clear_pointer(&searcher->declared, g_ptr_array_unref);
            lj_xap_reader_close(searcher->reader);
            searcher->reader = reader;
            close_aside(searcher);
            lj_local_close(searcher->local);
            searcher->local = local;
        }
    }
    g_ptr_array_unref(paths);
    return good;
}

bool
lj_searcher_moved_on(const struct lj_searcher *searcher)
{
    for (guint i = 0; i < searcher->groups->len; i++) {
        const struct lj_shard_group *group =
            &g_array_index(searcher->groups, struct lj_shard_group, i);
        if (group->layout ? lj_layout_moved_on(group->layout) : !is_address(group->name))
            return true;
    }
    return false;
}

struct lj_searcher *
lj_searcher_open(const char *const *databases, GError **error)
{
    struct lj_searcher *searcher = g_new0(struct lj_searcher, 1);
    searcher->groups = g_array_new(FALSE, TRUE, sizeof(struct lj_shard_group));
    g_array_set_clear_func(searcher->groups, clear_group);
    searcher->info = g_array_new(FALSE, TRUE, sizeof(struct lj_index_info));
    g_array_set_clear_func(searcher->info, clear_info);
    for (; *databases; databases++) {
        struct lj_shard_group group = {.name = g_strdup(*databases)};
        g_array_append_val(searcher->groups, group);
    }
    bool good = false;
    /* A segment that goes between reading the stub and opening it: the stub then is another one. */
    for (int attempt = 0; attempt < 5 && !good; attempt++) {
        g_clear_error(error);
        good = open_reader(searcher, error);
        if (!good && error && !g_error_matches(*error, LJ_ERROR, LJ_ERROR_NO_INPUT) &&
            !lj_searcher_moved_on(searcher))
            break;
    }
    for (guint i = 0; good && i < searcher->groups->len; i++)
        good = check_format(searcher, &g_array_index(searcher->groups, struct lj_shard_group, i),
                            error);
    if (good && choose_analyser(searcher, error))
        return searcher;
    lj_searcher_close(searcher);
    return NULL;
}

void
lj_searcher_close(struct lj_searcher *searcher)
{
    if (!searcher)
        return;
    lj_xap_reader_close(searcher->reader);
    lj_local_close(searcher->local);
    close_aside(searcher);
    lj_thesaurus_free(searcher->thesaurus);
    lj_analyser_close(searcher->analyser);
    g_clear_pointer(&searcher->declared, g_ptr_array_unref);
    if (searcher->retired)
        g_ptr_array_unref(searcher->retired);
    g_free(searcher->analysed);
    g_array_unref(searcher->groups);
    g_array_unref(searcher->info);
    g_free(searcher);
}

int
lj_compare_docids(gconstpointer a, gconstpointer b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

bool
lj_searcher_refresh(struct lj_searcher *searcher, bool xapian, GError **error)
{
    GError *failure = NULL;
    bool good = false;
    /* A stub that is renamed while we look takes its segments away sooner or later: only a failure
     * with a stub that stays is one. */
    for (int attempt = 0; attempt < 5 && !good; attempt++) {
        g_clear_error(&failure);
        bool moved = attempt > 0 || lj_searcher_moved_on(searcher);
        if (moved)
            good = open_reader(searcher, &failure) && choose_analyser(searcher, &failure);
        else
            good = (searcher->local && lj_local_unchanged(searcher->local, searcher->reader)) ||
                   lj_xap_reader_reopen(searcher->reader, &failure);
        good = good && (!xapian || lj_xap_reader_now(searcher->reader, &failure));
        if (!good && moved && !lj_searcher_moved_on(searcher))
            break;
    }
    if (failure)
        g_propagate_error(error, failure);
    return good;
}

struct xap_matches *
lj_searcher_match(struct lj_searcher *searcher, const struct xap_search *search, GError **error)
{
    GError *failure = NULL;
    struct xap_matches *matches =
        searcher->local ? lj_local_search(searcher->local, searcher->reader, search, &failure)
                        : NULL;
    if (failure)
        g_propagate_error(error, failure);
    return matches || failure ? matches : lj_xap_search(searcher->reader, search, error);
}

void
lj_searcher_expect(struct lj_searcher *searcher)
{
    if (searcher->local)
        lj_local_expect(searcher->local);
}

struct lj_analyser *
lj_searcher_analyser(struct lj_searcher *searcher)
{
    if (!searcher->analyser)
        searcher->analyser = lj_analyser_open(NULL, NULL);
    return searcher->analyser;
}

const struct lj_declared *
lj_searcher_declared(struct lj_searcher *searcher, const char *name)
{
    if (!searcher->declared) {
        searcher->declared = lj_declared_new();
        for (guint i = 0; i < searcher->groups->len; i++) {
            const struct lj_shard_group *group =
                &g_array_index(searcher->groups, struct lj_shard_group, i);
            char *text = metadata(searcher, group->first + group->n - 1, "declared", NULL);
            if (text)
                lj_declared_read(searcher->declared, text);
            g_free(text);
        }
    }
    return lj_declared_find(searcher->declared, name, -1);
}

size_t
lj_searcher_group(const struct lj_searcher *searcher, uint32_t docid, size_t *shard)
{
    size_t n = lj_xap_shards(searcher->reader), which = (docid - 1) % n;
    if (shard)
        *shard = which;
    for (guint i = 0; i < searcher->groups->len; i++) {
        const struct lj_shard_group *group =
            &g_array_index(searcher->groups, struct lj_shard_group, i);
        if (which < group->first + group->n)
            return i;
    }
    return 0;
}

const GArray *
lj_searcher_info(struct lj_searcher *searcher, GError **error)
{
    g_array_set_size(searcher->info, 0);
    for (guint i = 0; i < searcher->groups->len; i++) {
        const struct lj_shard_group *group =
            &g_array_index(searcher->groups, struct lj_shard_group, i);
        struct lj_index_info info = {.name = g_strdup(group->name)};
        g_array_append_val(searcher->info, info);
        struct lj_index_info *slot = &g_array_index(searcher->info, struct lj_index_info, i);
        for (size_t shard = group->first; shard < group->first + group->n; shard++) {
            struct xap_statistics statistics;
            if (!lj_xap_shard_statistics(searcher->reader, shard, &statistics, error))
                return NULL;
            slot->documents += statistics.documents;
            slot->revision += statistics.revision;
            if (shard == group->first)
                g_strlcpy(slot->uuid, statistics.uuid, sizeof slot->uuid);
        }
        slot->updated = metadata(searcher, group->first + group->n - 1, "updated", NULL);
    }
    return searcher->info;
}

/* --- hits --------------------------------------------------------------------------------------
 */

/* Folders in which the paths of an index's sources begin. */
static const char *
source_root(struct lj_shard_group *group, const char *name, size_t length)
{
    if (!group->layout)
        return NULL;
    if (!group->roots) {
        group->roots = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        GPtrArray *sources = lj_sources_load(group->layout->dir, NULL);
        for (guint i = 0; sources && i < sources->len; i++) {
            const struct lj_source *source = sources->pdata[i];
            g_hash_table_insert(group->roots, g_strdup(source->name),
                                source->file ? g_path_get_dirname(source->root)
                                             : g_strdup(source->root));
        }
        if (sources)
            g_ptr_array_unref(sources);
    }
    char *key = g_strndup(name, length);
    const char *root = g_hash_table_lookup(group->roots, key);
    g_free(key);
    return root;
}

/* The path on this machine of a file that a document names. */
static char *
path_here(struct lj_searcher *searcher, uint32_t docid, const char *file)
{
    size_t length = strcspn(file, "/");
    size_t group = lj_searcher_group(searcher, docid, NULL);
    const char *root =
        source_root(&g_array_index(searcher->groups, struct lj_shard_group, group), file, length);
    return root && file[length] ? g_build_filename(root, file + length + 1, NULL) : g_strdup(file);
}

static void
free_copy(gpointer data)
{
    struct lj_copy *copy = data;
    g_free(copy->id);
    g_free(copy->title);
    g_free(copy->date);
    g_free(copy->path);
    g_free(copy->url);
    g_free(copy);
}

void
lj_hit_add_copy(struct lj_hit *hit, const struct lj_document *document, const char *id,
                const char *path, unsigned similarity)
{
    struct lj_copy *copy = g_new0(struct lj_copy, 1);
    copy->id = g_strdup(id);
    copy->title = g_strdup(lj_document_field(document, "title"));
    copy->date = g_strdup(document->date);
    copy->url = g_strdup(lj_document_field(document, "url"));
    copy->path = g_strdup(path);
    copy->similarity = similarity;
    lj_document_key(id, copy->key);
    if (!hit->copies)
        hit->copies = g_ptr_array_new_with_free_func(free_copy);
    g_ptr_array_add(hit->copies, copy);
}

/* Takes the file and its further paths out of the properties. */
static void
take_paths(struct lj_searcher *searcher, struct lj_hit *hit)
{
    struct lj_document *document = hit->stored->document;
    for (guint i = 0; i < document->properties->len; i++) {
        const struct lj_property *p = &g_array_index(document->properties, struct lj_property, i);
        if (strcmp(p->name, LJ_PROPERTY_FILE) == 0 && !hit->path)
            hit->path = path_here(searcher, hit->docid, p->value);
        if (strcmp(p->name, LJ_PROPERTY_COPY) != 0)
            continue;
        char *path = path_here(searcher, hit->docid, p->value), *id = lj_file_id(p->value);
        lj_hit_add_copy(hit, document, id, path, 100);
        g_free(path);
        g_free(id);
    }
    hit->paths = hit->copies ? hit->copies->len : 0;
    /* What begins with @ is the index's own: this, and what metadata from outside replaced. */
    for (guint i = document->properties->len; i-- > 0;)
        if (*g_array_index(document->properties, struct lj_property, i).name == '@')
            g_array_remove_index(document->properties, i);
}

struct lj_hit *
lj_searcher_hit(struct lj_searcher *searcher, uint32_t docid, const char *data, size_t length,
                GError **error)
{
    struct lj_stored *stored = lj_stored_decode((const uint8_t *)data, length, error);
    return stored ? lj_searcher_hit_of(searcher, docid, stored) : NULL;
}

struct lj_hit *
lj_searcher_hit_of(struct lj_searcher *searcher, uint32_t docid, struct lj_stored *stored)
{
    struct lj_hit *hit = g_new0(struct lj_hit, 1);
    hit->docid = docid;
    hit->index = lj_searcher_group(searcher, docid, NULL);
    hit->stored = stored;
    lj_document_key(stored->document->id, hit->key);
    take_paths(searcher, hit);
    return hit;
}

void
lj_hit_free(struct lj_hit *hit)
{
    if (!hit)
        return;
    g_free(hit->path);
    lj_stored_free(hit->stored);
    if (hit->snippets)
        g_ptr_array_unref(hit->snippets);
    if (hit->explanation)
        g_ptr_array_unref(hit->explanation);
    if (hit->copies)
        g_ptr_array_unref(hit->copies);
    g_free(hit);
}

char *
lj_searcher_frame(struct lj_searcher *searcher, const struct lj_hit *hit, uint32_t number,
                  GError **error)
{
    const struct lj_stored *stored = hit->stored;
    if (number >= stored->frames->len)
        return NULL;
    const struct lj_frame *frame = &g_array_index(stored->frames, struct lj_frame, number);
    if (number == 0)
        return lj_stored_first(stored, error);
    char key[16];
    size_t size, shard, length = lj_stored_frame_key(stored->document->id, number, key);
    lj_searcher_group(searcher, hit->docid, &shard);
    char *bytes = lj_xap_metadata(searcher->reader, shard, key, length, &size, error);
    char *text = lj_stored_inflate((const uint8_t *)bytes, size, frame->bytes,
                                   error && *error ? NULL : error);
    g_free(bytes);
    return text;
}

GString *
lj_searcher_text(struct lj_searcher *searcher, const struct lj_hit *hit, GError **error)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < hit->stored->frames->len; i++) {
        char *frame = lj_searcher_frame(searcher, hit, i, error);
        if (!frame) {
            g_string_free(text, TRUE);
            return NULL;
        }
        g_string_append_len(text, frame,
                            g_array_index(hit->stored->frames, struct lj_frame, i).bytes);
        g_free(frame);
    }
    return text;
}

/* Docids of an id, else of keys that begin so. */
static GArray *
find_docids(struct lj_searcher *searcher, const char *id, bool *prefix, GError **error)
{
    GArray *docids = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    char *composed = g_utf8_normalize(id, -1, G_NORMALIZE_DEFAULT_COMPOSE);
    GString *term = g_string_new(NULL);
    lj_term_bounded("Q", composed ? composed : id, term);
    bool good = lj_xap_docids(searcher->reader, term->str, term->len, docids, error);
    if (good && docids->len == 0) { /* a further path of the same bytes */
        g_string_truncate(term, 0);
        lj_term_bounded("XJ", composed ? composed : id, term);
        good = lj_xap_docids(searcher->reader, term->str, term->len, docids, error);
    }
    size_t length = strlen(id);
    *prefix = false;
    if (good && docids->len == 0 && length >= 4 && length <= 10 &&
        strspn(id, "0123456789abcdefABCDEF") == length) {
        *prefix = true;
        char *lower = g_ascii_strdown(id, -1), *start = g_strconcat("XK", lower, NULL);
        struct xap_vocabulary *keys =
            lj_xap_terms(searcher->reader, start, length + 2, "", 0, 20, error);
        good = keys != NULL;
        for (size_t i = 0; good && i < keys->n; i++)
            good = lj_xap_docids(searcher->reader, keys->entry[i].term, keys->entry[i].length,
                                 docids, error);
        lj_xap_vocabulary_free(keys);
        g_free(lower);
        g_free(start);
    }
    g_string_free(term, TRUE);
    g_free(composed);
    if (good)
        return docids;
    g_array_unref(docids);
    return NULL;
}

static void
name_candidates(struct lj_searcher *searcher, const char *id, const GArray *docids, GError **error)
{
    GString *names = g_string_new(NULL);
    for (guint i = 0; i < docids->len && i < 5; i++) {
        size_t length;
        char *bytes = lj_xap_value(searcher->reader, g_array_index(docids, uint32_t, i), LJ_SLOT_ID,
                                   &length, NULL);
        g_string_append_printf(names, "%s%.*s", i ? ", " : "", (int)length, bytes ? bytes : "");
        g_free(bytes);
    }
    g_set_error(error, LJ_ERROR, LJ_ERROR_NO_INPUT,
                _("%s: several documents begin so (%s%s); give more of the key"), id, names->str,
                docids->len > 5 ? ", …" : "");
    g_string_free(names, TRUE);
}

static struct lj_hit *
look_up(struct lj_searcher *searcher, const char *id, GError **error)
{
    bool prefix;
    GArray *docids = find_docids(searcher, id, &prefix, error);
    if (!docids)
        return NULL;
    struct lj_hit *hit = NULL;
    if (docids->len == 0) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_NO_INPUT, _("%s: there is no such document"), id);
    } else if (prefix && docids->len > 1) {
        name_candidates(searcher, id, docids, error);
    } else {
        uint32_t docid = g_array_index(docids, uint32_t, 0);
        size_t length;
        char *data = lj_xap_data(searcher->reader, docid, &length, error);
        hit = data ? lj_searcher_hit(searcher, docid, data, length, error) : NULL;
        g_free(data);
    }
    g_array_unref(docids);
    return hit;
}

struct lj_hit *
lj_searcher_lookup(struct lj_searcher *searcher, const char *id, GError **error)
{
    GError *failure = NULL;
    struct lj_hit *hit = look_up(searcher, id, &failure);
    if (!hit && lj_searcher_moved_on(searcher)) {
        g_clear_error(&failure);
        hit =
            lj_searcher_refresh(searcher, true, &failure) ? look_up(searcher, id, &failure) : NULL;
    }
    if (failure)
        g_propagate_error(error, failure);
    return hit;
}

static void
clear_count(gpointer data)
{
    g_free(((struct lj_facet_count *)data)->value);
}

GArray *
lj_searcher_terms(struct lj_searcher *searcher, const char *prefix, size_t max, GError **error)
{
    if (!lj_searcher_refresh(searcher, true, error))
        return NULL;
    GString *folded = g_string_new(NULL);
    lj_fold(prefix, -1, folded);
    GArray *counts = g_array_new(FALSE, FALSE, sizeof(struct lj_facet_count));
    g_array_set_clear_func(counts, clear_count);
    struct xap_vocabulary *terms =
        lj_xap_terms(searcher->reader, folded->str, folded->len, "", 0, max, error);
    for (size_t i = 0; terms && i < terms->n; i++) {
        if (g_ascii_isupper(terms->entry[i].term[0]))
            continue; /* a prefix, not a word */
        struct lj_facet_count count = {g_strdup(terms->entry[i].term), terms->entry[i].df};
        g_array_append_val(counts, count);
    }
    bool good = terms != NULL;
    lj_xap_vocabulary_free(terms);
    g_string_free(folded, TRUE);
    if (good)
        return counts;
    g_array_unref(counts);
    return NULL;
}
