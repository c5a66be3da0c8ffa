/* Where documents stand in the index, and what of them is asked by place. */
#include "index/store.h"

#include <string.h>

static struct lj_place
to_place(struct xap_reader *reader, uint32_t docid)
{
    uint32_t n = (uint32_t)lj_xap_shards(reader);
    return (struct lj_place){(docid - 1) % n, (docid - 1) / n + 1};
}

static uint32_t
to_docid(struct xap_reader *reader, struct lj_place place)
{
    return (place.docid - 1) * (uint32_t)lj_xap_shards(reader) + place.segment + 1;
}

static bool
find(struct lj_store *store, const GString *term, struct lj_place *place, char **source,
     uint8_t sha256[32], GError **error)
{
    GArray *docids = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    bool good = lj_xap_docids(store->reader, term->str, term->len, docids, error);
    if (good && docids->len > 0) {
        uint32_t docid = g_array_index(docids, uint32_t, docids->len - 1);
        *place = to_place(store->reader, docid);
        size_t length;
        if (source) {
            char *bytes = lj_xap_value(store->reader, docid, LJ_SLOT_SOURCE, &length, NULL);
            *source = g_strndup(bytes ? bytes : "", length);
            g_free(bytes);
        }
        if (sha256) {
            char *bytes = lj_xap_value(store->reader, docid, LJ_SLOT_SHA256, &length, NULL);
            memset(sha256, 0, 32);
            if (length == 32)
                memcpy(sha256, bytes, 32);
            g_free(bytes);
        }
    }
    g_array_unref(docids);
    return good;
}

bool
lj_store_find(struct lj_store *store, const char *id, struct lj_place *place, char **source,
              uint8_t sha256[32], GError **error)
{
    *place = (struct lj_place){0, 0};
    if (!store->reader)
        return true;
    GString *term = g_string_new(NULL);
    lj_term_bounded("Q", id, term);
    g_mutex_lock(&store->reading);
    bool good = find(store, term, place, source, sha256, error);
    g_mutex_unlock(&store->reading);
    g_string_free(term, TRUE);
    return good;
}

GArray *
lj_store_having(struct lj_store *store, const char *term, size_t length, GError **error)
{
    GArray *places = g_array_new(FALSE, FALSE, sizeof(struct lj_place));
    if (!store->reader)
        return places;
    GArray *docids = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g_mutex_lock(&store->reading);
    bool good = lj_xap_docids(store->reader, term, length, docids, error);
    g_mutex_unlock(&store->reading);
    for (guint i = 0; i < docids->len; i++) {
        struct lj_place place = to_place(store->reader, g_array_index(docids, uint32_t, i));
        g_array_append_val(places, place);
    }
    g_array_unref(docids);
    if (good)
        return places;
    g_array_unref(places);
    return NULL;
}

GArray *
lj_store_of_file(struct lj_store *store, const char *source, const char *path, GError **error)
{
    char term[35];
    lj_term_file(source, path, term);
    return lj_store_having(store, term, 34, error);
}

GArray *
lj_store_of_key(struct lj_store *store, const char *key, GError **error)
{
    char *source = g_strndup(key, strcspn(key, "/"));
    GArray *places = lj_store_of_file(store, source, key + strlen(source) + 1, error);
    g_free(source);
    return places;
}

static void
clear_file_document(gpointer data)
{
    g_free(((struct lj_file_document *)data)->id);
}

/* Fills documents, whose docids these are, with their values of a slot. */
static bool
take_values(struct lj_store *store, enum lj_slot slot, const GArray *docids, GArray *documents,
            GError **error)
{
    struct xap_data *values = lj_xap_values(
        store->reader, slot, (const uint32_t *)(const void *)docids->data, docids->len, error);
    for (guint i = 0; values && i < documents->len; i++) {
        struct lj_file_document *one = &g_array_index(documents, struct lj_file_document, i);
        const char *bytes = values->entry[i].bytes;
        size_t length = values->entry[i].length;
        if (slot == LJ_SLOT_ID)
            one->id = g_strndup(bytes, length);
        else if (slot == LJ_SLOT_SHA256 && length == sizeof one->sha256)
            memcpy(one->sha256, bytes, length);
        else if (slot == LJ_SLOT_METADATA)
            one->joined = length > 0;
    }
    bool good = values != NULL;
    lj_xap_data_free(values);
    return good;
}

GArray *
lj_store_file_documents(struct lj_store *store, const char *source, const char *path, guint least,
                        guint64 most, GError **error)
{
    GArray *documents = g_array_new(FALSE, TRUE, sizeof(struct lj_file_document));
    g_array_set_clear_func(documents, clear_file_document);
    GArray *docids = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    char term[35];
    lj_term_file(source, path, term);
    bool good = true;
    if (store->reader) {
        g_mutex_lock(&store->reading);
        good = lj_xap_docids(store->reader, term, 34, docids, error);
        g_array_set_size(docids, docids->len < least || docids->len > most ? 0 : docids->len);
        g_array_set_size(documents, docids->len);
        for (guint i = 0; i < docids->len; i++)
            g_array_index(documents, struct lj_file_document, i).place =
                to_place(store->reader, g_array_index(docids, uint32_t, i));
        good = good && take_values(store, LJ_SLOT_ID, docids, documents, error) &&
               take_values(store, LJ_SLOT_SHA256, docids, documents, error) &&
               take_values(store, LJ_SLOT_METADATA, docids, documents, error);
        g_mutex_unlock(&store->reading);
    }
    g_array_unref(docids);
    if (good)
        return documents;
    g_array_unref(documents);
    return NULL;
}

char *
lj_store_id(struct lj_store *store, struct lj_place place, GError **error)
{
    size_t length;
    g_mutex_lock(&store->reading);
    char *bytes =
        lj_xap_value(store->reader, to_docid(store->reader, place), LJ_SLOT_ID, &length, error);
    g_mutex_unlock(&store->reading);
    char *id = bytes ? g_strndup(bytes, length) : NULL;
    g_free(bytes);
    return id;
}

char *
lj_store_file(struct lj_store *store, struct lj_place place, GError **error)
{
    size_t length;
    g_mutex_lock(&store->reading);
    char *data = lj_xap_data(store->reader, to_docid(store->reader, place), &length, error);
    g_mutex_unlock(&store->reading);
    struct lj_stored *stored = data ? lj_stored_decode((const uint8_t *)data, length, error) : NULL;
    char *file = stored ? g_strdup(lj_document_field(stored->document, LJ_PROPERTY_FILE)) : NULL;
    lj_stored_free(stored);
    g_free(data);
    return file;
}

uint64_t
lj_store_joined(struct lj_store *store, struct lj_place place, uint8_t sha256[32])
{
    uint32_t docid = to_docid(store->reader, place);
    size_t length;
    g_mutex_lock(&store->reading);
    char *bytes = lj_xap_value(store->reader, docid, LJ_SLOT_SHA256, &length, NULL);
    memset(sha256, 0, 32);
    if (length == 32)
        memcpy(sha256, bytes, 32);
    g_free(bytes);
    uint64_t digest = 0;
    bytes = lj_xap_value(store->reader, docid, LJ_SLOT_METADATA, &length, NULL);
    for (size_t i = 0; length == 8 && i < 8; i++)
        digest = digest << 8 | (uint8_t)bytes[i];
    g_mutex_unlock(&store->reading);
    g_free(bytes);
    return digest;
}

struct lj_document *
lj_stored_document(struct xap_reader *reader, struct lj_place place, GError **error)
{
    size_t length;
    char *data = lj_xap_data(reader, to_docid(reader, place), &length, error);
    if (!data)
        return NULL;
    struct lj_stored *stored = lj_stored_decode((const uint8_t *)data, length, error);
    g_free(data);
    if (!stored)
        return NULL;
    struct lj_document *document = stored->document;
    bool good = true;
    for (guint i = 0; good && i < stored->frames->len; i++) {
        const struct lj_frame *frame = &g_array_index(stored->frames, struct lj_frame, i);
        char *bytes = NULL, *text;
        if (i == 0) {
            text = lj_stored_first(stored, error);
        } else {
            char key[16];
            size_t size, key_length = lj_stored_frame_key(document->id, i, key);
            bytes = lj_xap_metadata(reader, place.segment, key, key_length, &size, error);
            text = lj_stored_inflate((const uint8_t *)bytes, size, frame->bytes, error);
        }
        good = text != NULL;
        if (good)
            g_string_append_len(document->text, text, frame->bytes);
        g_free(text);
        g_free(bytes);
    }
    stored->document = lj_document_new();
    lj_stored_free(stored);
    if (good)
        return document;
    lj_document_free(document);
    return NULL;
}

struct lj_document *
lj_store_document(struct lj_store *store, struct lj_place place, GError **error)
{
    g_mutex_lock(&store->reading);
    struct lj_document *document = lj_stored_document(store->reader, place, error);
    g_mutex_unlock(&store->reading);
    return document;
}

char *
lj_stored_name(struct xap_reader *reader, struct lj_place place, char **source, GError **error)
{
    size_t length;
    uint32_t docid = to_docid(reader, place);
    char *bytes = lj_xap_value(reader, docid, LJ_SLOT_SOURCE, &length, NULL);
    *source = g_strndup(bytes ? bytes : "", length);
    g_free(bytes);
    bytes = lj_xap_value(reader, docid, LJ_SLOT_ID, &length, error);
    char *id = bytes ? g_strndup(bytes, length) : NULL;
    g_free(bytes);
    return id;
}

int
lj_place_compare(gconstpointer a, gconstpointer b)
{
    const struct lj_place *x = a, *y = b;
    if (x->segment != y->segment)
        return x->segment < y->segment ? -1 : 1;
    return x->docid < y->docid ? -1 : x->docid > y->docid;
}

GArray *
lj_store_places(struct lj_store *store, GError **error)
{
    GArray *places = lj_store_having(store, "", 0, error); /* "" indexes them all */
    if (places)
        g_array_sort(places, lj_place_compare);
    return places;
}

uint64_t
lj_store_documents(struct lj_store *store)
{
    uint64_t documents = 0;
    char **paths = lj_layout_paths(store->layout);
    size_t n = g_strv_length(paths);
    struct xap_reader *reader = n ? lj_xap_reader_open((const char *const *)paths, n, NULL) : NULL;
    struct xap_statistics statistics;
    if (reader && lj_xap_statistics(reader, &statistics, NULL))
        documents = statistics.documents;
    lj_xap_reader_close(reader);
    g_strfreev(paths);
    return documents;
}
