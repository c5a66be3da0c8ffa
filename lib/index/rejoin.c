#include "index/rejoin.h"

#include <string.h>

struct lj_metadata_place
lj_metadata_place_of(const struct lj_source *source, const char *path, bool whole, const char *id,
                     const uint8_t sha256[32], char **root)
{
    *root = source->file ? g_path_get_dirname(source->root) : g_strdup(source->root);
    return (struct lj_metadata_place){.id = id,
                                      .source = source->name,
                                      .root = *root,
                                      .path = whole ? path : NULL,
                                      .sha256 = sha256};
}

void
lj_metadata_join_at(const struct lj_source *source, const char *path, struct lj_document *document)
{
    char *root;
    GPtrArray *copies = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < document->properties->len; i++) {
        const struct lj_property *p = &g_array_index(document->properties, struct lj_property, i);
        if (strcmp(p->name, LJ_PROPERTY_COPY) == 0)
            g_ptr_array_add(copies, g_strdup(p->value));
    }
    struct lj_metadata_place place = lj_metadata_place_of(source, path, !document->member,
                                                          document->id, document->sha256, &root);
    place.copies = copies;
    lj_metadata_join(source->table, document, &place);
    g_ptr_array_unref(copies);
    g_free(root);
}

/* Has a document's row changed? copies: further paths of its file. */
static bool
differs(struct lj_store *store, const struct lj_source *source, const char *path,
        const GPtrArray *copies, struct lj_place place, GError **error)
{
    char *id = lj_store_id(store, place, error), *root;
    if (!id)
        return false;
    char *whole = g_strconcat(source->name, "/", path, NULL);
    char *normal = lj_file_id(whole);
    uint8_t sha256[32] = {0};
    uint64_t joined = lj_store_joined(store, place, sha256);
    struct lj_metadata_place at =
        lj_metadata_place_of(source, path, strcmp(id, normal) == 0, id, sha256, &root);
    at.copies = copies;
    bool changed = lj_metadata_digest(source->table, &at) != joined;
    g_free(root);
    g_free(normal);
    g_free(whole);
    g_free(id);
    return changed;
}

static bool
join_again(struct lj_store *store, struct lj_inverter *inverter, const struct lj_source *source,
           const char *path, struct lj_place place, GError **error)
{
    struct lj_document *document = lj_store_document(store, place, error);
    if (!document)
        return false;
    lj_metadata_join_at(source, path, document);
    struct lj_origin origin = {source->name, path, NULL};
    struct lj_prepared *prepared = lj_prepared_copy(lj_invert(inverter, document, &origin));
    GArray *metadata = lj_inverter_take_metadata(inverter);
    bool good = lj_store_put(store, place, prepared, error) &&
                lj_store_metadata(store, metadata, error) &&
                (!lj_store_due(store) || lj_store_commit(store, error));
    g_array_unref(metadata);
    lj_prepared_free(prepared);
    lj_document_free(document);
    return good;
}

bool
lj_rejoin(struct lj_store *store, struct lj_source *source, const volatile int *stop,
          uint64_t *changed, GError **error)
{
    struct lj_analyser *analyser = lj_store_analyser(store, error);
    if (!analyser)
        return false;
    struct lj_inverter *inverter = lj_inverter_new(analyser);
    lj_inverter_declare(inverter, store->declared);
    GPtrArray *rows = lj_journal_rows(store->journal);
    GHashTable *copies = lj_journal_copies(store->journal);
    size_t length = strlen(source->name);
    bool good = true;
    for (guint i = 0; good && i < rows->len && !(stop && *stop); i++) {
        const struct lj_row *row = rows->pdata[i];
        const char *path = row->key + length + 1;
        if (strncmp(row->key, source->name, length) != 0 || row->key[length] != '/' ||
            row->documents == 0 || (source->file && strcmp(path, source->file) != 0))
            continue;
        GArray *places = lj_store_of_file(store, source->name, path, error);
        good = places != NULL;
        GError *failure = NULL;
        for (guint p = 0; good && p < places->len && !(stop && *stop); p++) {
            struct lj_place place = g_array_index(places, struct lj_place, p);
            if (!differs(store, source, path, g_hash_table_lookup(copies, row->key), place,
                         &failure))
                continue;
            good = join_again(store, inverter, source, path, place, &failure);
            *changed += good;
        }
        if (failure) {
            g_propagate_error(error, failure);
            good = false;
        }
        if (places)
            g_array_unref(places);
    }
    g_ptr_array_unref(rows);
    g_hash_table_unref(copies);
    lj_inverter_free(inverter);
    lj_analyser_close(analyser);
    return good;
}
