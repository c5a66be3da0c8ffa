#include "index/prepared.h"

#include <string.h>

struct lj_prepared *
lj_prepared_copy(const struct lj_inverted *inverted)
{
    const struct xap_document *from = &inverted->document;
    struct lj_prepared *out = g_new0(struct lj_prepared, 1);
    size_t positions = 0, bytes = from->data_length + 1;
    for (size_t i = 0; i < from->n_postings; i++) {
        positions += from->postings[i].n_positions;
        bytes += from->postings[i].length;
    }
    for (size_t i = 0; i < from->n_values; i++)
        bytes += from->values[i].length;
    struct xap_posting *postings = g_new(struct xap_posting, from->n_postings + 1);
    struct xap_value *values = g_new(struct xap_value, from->n_values + 1);
    uint32_t *places = g_new(uint32_t, positions + 1);
    char *text = g_malloc(bytes);
    out->blocks[0] = postings;
    out->blocks[1] = values;
    out->blocks[2] = places;
    out->blocks[3] = text;
    for (size_t i = 0; i < from->n_postings; i++) {
        postings[i] = from->postings[i];
        postings[i].term = memcpy(text, from->postings[i].term, postings[i].length);
        text += postings[i].length;
        if (postings[i].n_positions > 0) {
            memcpy(places, from->postings[i].positions, sizeof *places * postings[i].n_positions);
            postings[i].positions = places;
            places += postings[i].n_positions;
        }
    }
    for (size_t i = 0; i < from->n_values; i++) {
        values[i] = from->values[i];
        values[i].bytes = memcpy(text, from->values[i].bytes, values[i].length);
        text += values[i].length;
    }
    memcpy(text, from->data, from->data_length);
    out->document = (struct xap_document){postings, from->n_postings, values, from->n_values,
                                          text,     from->data_length};
    out->id = g_strdup(inverted->id);
    out->text_bytes = inverted->text_bytes;
    out->frames = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    for (guint i = 0; i < inverted->frames->len; i++)
        g_ptr_array_add(out->frames, g_bytes_ref(inverted->frames->pdata[i]));
    return out;
}

void
lj_prepared_free(struct lj_prepared *prepared)
{
    if (!prepared)
        return;
    for (size_t i = 0; i < G_N_ELEMENTS(prepared->blocks); i++)
        g_free(prepared->blocks[i]);
    g_ptr_array_unref(prepared->frames);
    g_free(prepared->id);
    g_free(prepared);
}

uint32_t
lj_put_document(struct xap_writer *writer, uint32_t docid, const struct xap_document *document,
                const GPtrArray *frames, const char *id, GError **error)
{
    bool replaced = docid != 0;
    docid = lj_xap_writer_put(writer, docid, document, error);
    if (!docid)
        return 0;
    char key[16];
    for (guint i = 0; i < frames->len; i++) {
        gsize size;
        const char *bytes = g_bytes_get_data(frames->pdata[i], &size);
        size_t length = lj_stored_frame_key(id, i + 1, key);
        if (!lj_xap_writer_set_metadata(writer, key, length, bytes, size, error))
            return 0;
    }
    if (replaced && !lj_drop_frames(writer, id, frames->len + 1, error))
        return 0;
    return docid;
}

bool
lj_drop_frames(struct xap_writer *writer, const char *id, uint32_t from, GError **error)
{
    for (uint32_t i = from;; i++) {
        char key[16];
        size_t size, length = lj_stored_frame_key(id, i, key);
        GError *failure = NULL;
        char *known = lj_xap_writer_metadata(writer, key, length, &size, &failure);
        g_free(known);
        if (failure) {
            g_propagate_error(error, failure);
            return false;
        }
        if (size == 0)
            return true;
        if (!lj_xap_writer_set_metadata(writer, key, length, "", 0, error))
            return false;
    }
}

bool
lj_put_metadata(struct xap_writer *writer, const GArray *entries, bool fresh, GError **error)
{
    for (guint i = 0; i < entries->len; i++) {
        const struct lj_entry *entry = &g_array_index(entries, struct lj_entry, i);
        size_t key_length = strlen(entry->key), size = 0;
        GError *failure = NULL;
        char *known =
            fresh ? NULL : lj_xap_writer_metadata(writer, entry->key, key_length, &size, &failure);
        if (failure) {
            g_propagate_error(error, failure);
            return false;
        }
        char *value;
        if (known) {
            char *text = g_strndup(known, size);
            value = lj_metadata_unite(entry->key, text, entry->value);
            g_free(text);
        } else {
            value = g_strdup(entry->value);
        }
        bool good =
            (known && strlen(value) == size && memcmp(value, known, size) == 0) ||
            lj_xap_writer_set_metadata(writer, entry->key, key_length, value, strlen(value), error);
        g_free(value);
        g_free(known);
        if (!good)
            return false;
    }
    return true;
}
