/* What a reader is asked beside searches, answered from tables (local.h): the functions of xap.h that are called so. */
#include "search/searcher.h"
#include "search/tree.h"

static void
tell(struct glass_reader *const *glass, size_t n, struct xap_statistics *out)
{
    memset(out, 0, sizeof *out);
    for (size_t k = 0; k < n; k++) {
        out->documents += glass[k]->documents;
        out->total_length += glass[k]->total_length;
        out->revision += glass[k]->revision;
        if (glass[k]->last_docid > 0)
            out->last_docid = MAX(out->last_docid, (glass[k]->last_docid - 1) * (uint32_t)n +
                                                       (uint32_t)k + 1);
    }
    out->average_length = out->documents ? (double)out->total_length / (double)out->documents : 0;
    if (n == 0)
        return;
    const uint8_t *u = glass[0]->uuid;
    g_snprintf(out->uuid, sizeof out->uuid,
               "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", u[0], u[1],
               u[2], u[3], u[4], u[5], u[6], u[7], u[8], u[9], u[10], u[11], u[12], u[13], u[14],
               u[15]);
}

static bool
statistics(void *data, struct xap_reader *reader, struct xap_statistics *out)
{
    struct lj_local *local = data;
    if (!lj_local_settle_all(local, reader))
        return false;
    struct glass_reader **glass = g_new0(struct glass_reader *, local->n);
    for (size_t k = 0; k < local->n; k++)
        glass[k] = local->shard[k].glass;
    bool good = lj_local_sound(local, NULL);
    if (good)
        tell(glass, local->n, out);
    g_free(glass);
    return good;
}

static bool
shard_statistics(void *data, struct xap_reader *reader, size_t shard, struct xap_statistics *out)
{
    struct lj_local *local = data;
    bool good = shard < local->n && lj_local_settle(local, reader, shard) &&
                !lj_local_stale(local, shard);
    if (good)
        tell(&local->shard[shard].glass, 1, out);
    return good;
}

static bool
metadata(void *data, struct xap_reader *reader, size_t shard, const char *key, size_t key_length,
         char **value, size_t *length)
{
    struct lj_local *local = data;
    if (shard >= local->n || !lj_local_settle(local, reader, shard))
        return false;
    GString *text = g_string_new(NULL);
    lj_glass_metadata(local->shard[shard].glass, key, key_length, text);
    bool good = !lj_local_stale(local, shard) && !local->shard[shard].glass->broken;
    *length = good ? text->len : 0;
    *value = g_string_free(text, *length == 0);
    return good;
}

static bool
pieces(void *data, struct xap_reader *reader, char first, const char *rest, char separator,
       size_t most, GPtrArray *out)
{
    struct lj_local *local = data;
    if (!lj_local_settle_all(local, reader))
        return false;
    GString *name = g_string_new(NULL), *value = g_string_new(NULL);
    guint before = out->len;
    g_string_printf(name, "%c%s", first, rest);
    for (size_t k = 0; k < local->n; k++) {
        g_string_truncate(value, 0);
        lj_glass_metadata(local->shard[k].glass, name->str, name->len, value);
        lj_xap_add_pieces(value->str, value->len, separator, most, out);
    }
    g_string_free(name, TRUE);
    g_string_free(value, TRUE);
    bool good = lj_local_sound(local, NULL);
    if (!good)
        g_ptr_array_set_size(out, (gint)before);
    return good;
}

static bool
frequencies(void *data, struct xap_reader *reader, const struct xap_term *terms, size_t n,
            uint32_t *df)
{
    struct lj_local *local = data;
    if (!lj_local_settle_all(local, reader))
        return false;
    for (size_t i = 0; i < n; i++) {
        df[i] = 0;
        for (size_t k = 0; k < local->n; k++) {
            struct glass_postings list;
            if (!lj_glass_postings_begin(local->shard[k].glass, terms[i].term, terms[i].length,
                                         &list))
                continue;
            df[i] += list.documents;
            lj_glass_postings_end(&list);
        }
    }
    return lj_local_sound(local, NULL);
}

static bool
docids(void *data, struct xap_reader *reader, const char *term, size_t length, GArray *out)
{
    struct lj_local *local = data;
    if (!lj_local_settle_all(local, reader))
        return false;
    GArray *found = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    uint32_t *list = NULL, *wdf = NULL;
    for (size_t k = 0; k < local->n; k++) {
        struct glass_postings postings;
        if (!lj_glass_postings_begin(local->shard[k].glass, term, length, &postings))
            continue;
        do {
            list = g_renew(uint32_t, list, lj_glass_postings_room(&postings));
            wdf = g_renew(uint32_t, wdf, lj_glass_postings_room(&postings));
            uint32_t n = lj_glass_postings_decode(&postings, list, wdf);
            for (uint32_t i = 0; i < n; i++)
                list[i] = (list[i] - 1) * (uint32_t)local->n + (uint32_t)k + 1;
            g_array_append_vals(found, list, n);
        } while (lj_glass_postings_chunk(&postings));
        lj_glass_postings_end(&postings);
    }
    g_free(list);
    g_free(wdf);
    bool good = lj_local_sound(local, NULL);
    if (local->n > 1)
        g_array_sort(found, lj_compare_docids);
    if (good && found->len > 0)
        g_array_append_vals(out, found->data, found->len);
    g_array_unref(found);
    return good;
}

static bool
positions(void *data, struct xap_reader *reader, uint32_t docid, const char *term, size_t length,
          GArray *out)
{
    struct lj_local *local = data;
    size_t k = (docid - 1) % local->n;
    if (!lj_local_settle(local, reader, k))
        return false;
    guint before = out->len;
    struct glass_positions list;
    lj_glass_positions_begin(local->shard[k].glass, term, length, &list);
    lj_glass_positions_read(&list, (docid - 1) / (uint32_t)local->n + 1, out);
    lj_glass_positions_end(&list);
    bool good = !lj_local_stale(local, k) && !local->shard[k].glass->broken;
    if (!good)
        g_array_set_size(out, before);
    return good;
}

static struct xap_data *
fetch(void *data, struct xap_reader *reader, const uint32_t *docids, size_t n)
{
    struct lj_local *local = data;
    if (!lj_local_settle_all(local, reader))
        return NULL;
    struct xap_data *out = g_new0(struct xap_data, 1);
    GByteArray *bytes = g_byte_array_new();
    out->n = n;
    out->entry = g_malloc0_n(n + 1, sizeof *out->entry);
    for (size_t i = 0; i < n; i++) {
        const struct lj_local_shard *shard = &local->shard[(docids[i] - 1) % local->n];
        guint before = bytes->len;
        lj_glass_data(shard->glass, (docids[i] - 1) / (uint32_t)local->n + 1, bytes);
        out->entry[i].length = bytes->len - before;
    }
    out->bytes = (char *)g_byte_array_free(bytes, FALSE);
    const char *at = out->bytes;
    for (size_t i = 0; i < n; at += out->entry[i++].length)
        out->entry[i].bytes = at;
    if (lj_local_sound(local, NULL))
        return out;
    lj_xap_data_free(out);
    return NULL;
}

/* Values as they are met, and which documents of the answer they are of. */
struct taking {
    struct xap_data *out;
    GByteArray *bytes;
    const uint32_t *own, *places; /* docids of one database, rising, and where in the answer */
    uint32_t n, at;
    size_t *from; /* in bytes, by place */
};

static void
take(uint32_t docid, const uint8_t *value, uint32_t length, void *data)
{
    struct taking *taking = data;
    while (taking->at < taking->n && taking->own[taking->at] < docid)
        taking->at++;
    if (taking->at == taking->n || taking->own[taking->at] != docid)
        return;
    uint32_t place = taking->places[taking->at];
    taking->from[place] = taking->bytes->len;
    taking->out->entry[place].length = length;
    g_byte_array_append(taking->bytes, value, length);
}

static struct xap_data *
values(void *data, struct xap_reader *reader, uint32_t slot, const uint32_t *docids, size_t n)
{
    struct lj_local *local = data;
    if (!lj_local_settle_all(local, reader))
        return NULL;
    struct xap_data *out = g_new0(struct xap_data, 1);
    out->n = n;
    out->entry = g_malloc0_n(n + 1, sizeof *out->entry);
    uint32_t *own = g_new(uint32_t, n + 1), *places = g_new(uint32_t, n + 1);
    struct taking taking = {out, g_byte_array_new(), own, places, 0, 0, g_new0(size_t, n + 1)};
    for (size_t k = 0; k < local->n; k++) {
        taking.n = taking.at = 0;
        for (size_t i = 0; i < n; i++)
            if ((docids[i] - 1) % local->n == k) {
                places[taking.n] = (uint32_t)i;
                own[taking.n++] = (docids[i] - 1) / (uint32_t)local->n + 1;
            }
        lj_glass_values_of(local->shard[k].glass, slot, own, taking.n, take, &taking);
    }
    out->bytes = (char *)g_byte_array_free(taking.bytes, FALSE);
    for (size_t i = 0; i < n; i++)
        out->entry[i].bytes = out->bytes ? out->bytes + taking.from[i] : "";
    g_free(own);
    g_free(places);
    g_free(taking.from);
    if (lj_local_sound(local, NULL))
        return out;
    lj_xap_data_free(out);
    return NULL;
}

const struct xap_tables lj_local_tables = {
    statistics, shard_statistics, metadata, pieces, frequencies, docids, positions, fetch, values,
};

struct xap_reader *
lj_local_again(const struct lj_local *local, struct lj_local **again)
{
    const char *const *paths = (const char *const *)local->paths;
    *again = lj_local_open(paths, local->n);
    if (!*again)
        return NULL;
    uint64_t *revisions = g_new(uint64_t, local->n);
    lj_local_revisions(*again, revisions);
    struct xap_reader *reader =
        lj_xap_reader_later(paths, local->n, revisions, &lj_local_tables, *again);
    g_free(revisions);
    return reader;
}
