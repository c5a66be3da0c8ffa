/* A reader, as xap.h promises it: what tables answer without Xapian is asked of them, the rest of Xapian, whose databases
 * are opened when that is needed for the first time. */
#include "xap/xapian.h"

#include <string.h>

struct xap_reader {
    char **databases;
    size_t n;
    const struct xap_tables *tables; /* NULL: none */
    void *data;
    uint64_t *revisions;                     /* of the tables; NULL without them */
    const struct xapian_functions *functions; /* NULL with open */
    struct xapian_reader *open;               /* NULL: not yet */
};

/* --- opening -----------------------------------------------------------------------------------
 */

static struct xapian_reader *
opened(struct xap_reader *reader, GError **error)
{
    if (!reader->open && (reader->functions = lj_xapian(error)))
        reader->open =
            reader->functions->open((const char *const *)reader->databases, reader->n, error);
    return reader->open;
}

static struct xap_reader *
new_reader(const char *const *databases, size_t n)
{
    struct xap_reader *reader = g_new0(struct xap_reader, 1);
    reader->databases = g_new0(char *, n + 1);
    reader->n = n;
    for (size_t i = 0; i < n; i++)
        reader->databases[i] = g_strdup(databases[i]);
    return reader;
}

struct xap_reader *
lj_xap_reader_open(const char *const *databases, size_t n, GError **error)
{
    struct xap_reader *reader = new_reader(databases, n);
    if (opened(reader, error))
        return reader;
    lj_xap_reader_close(reader);
    return NULL;
}

struct xap_reader *
lj_xap_reader_later(const char *const *databases, size_t n, const uint64_t *revisions,
                    const struct xap_tables *tables, void *data)
{
    struct xap_reader *reader = new_reader(databases, n);
    reader->revisions = g_memdup2(revisions, n * sizeof *revisions);
    reader->tables = tables;
    reader->data = data;
    return reader;
}

bool
lj_xap_reader_now(struct xap_reader *reader, GError **error)
{
    return opened(reader, error) != NULL;
}

void
lj_xap_reader_close(struct xap_reader *reader)
{
    if (!reader)
        return;
    if (reader->open)
        reader->functions->close(reader->open);
    g_strfreev(reader->databases);
    g_free(reader->revisions);
    g_free(reader);
}

bool
lj_xap_reader_reopen(struct xap_reader *reader, GError **error)
{
    if (!reader->open)
        return lj_xap_reader_now(reader, error);
    return reader->functions->reopen(reader->open, error);
}

size_t
lj_xap_shards(const struct xap_reader *reader)
{
    return reader->n;
}

bool
lj_xap_takes_docids(const struct xap_reader *reader)
{
    return reader->open ? reader->functions->takes_docids(reader->open) : reader->tables != NULL;
}

uint64_t
lj_xap_shard_revision(struct xap_reader *reader, size_t shard)
{
    return reader->open ? reader->functions->shard_revision(reader->open, shard)
                        : reader->revisions[shard];
}

/* --- what tables may know -----------------------------------------------------------------------
 */

bool
lj_xap_statistics(struct xap_reader *reader, struct xap_statistics *out, GError **error)
{
    if (reader->tables && reader->tables->statistics(reader->data, reader, out))
        return true;
    return opened(reader, error) && reader->functions->statistics(reader->open, out, error);
}

bool
lj_xap_shard_statistics(struct xap_reader *reader, size_t shard, struct xap_statistics *out,
                        GError **error)
{
    if (reader->tables && reader->tables->shard_statistics(reader->data, reader, shard, out))
        return true;
    return opened(reader, error) &&
           reader->functions->shard_statistics(reader->open, shard, out, error);
}

char *
lj_xap_metadata(struct xap_reader *reader, size_t shard, const char *key, size_t key_length,
                size_t *length, GError **error)
{
    *length = 0;
    if (shard >= reader->n)
        return NULL;
    char *value;
    if (reader->tables &&
        reader->tables->metadata(reader->data, reader, shard, key, key_length, &value, length))
        return value;
    return opened(reader, error)
               ? reader->functions->metadata(reader->open, shard, key, key_length, length, error)
               : NULL;
}

bool
lj_xap_pieces(struct xap_reader *reader, char first, const char *rest, char separator, size_t most,
              GPtrArray *out, GError **error)
{
    if (reader->tables &&
        reader->tables->pieces(reader->data, reader, first, rest, separator, most, out))
        return true;
    return opened(reader, error) &&
           reader->functions->pieces(reader->open, first, rest, separator, most, out, error);
}

bool
lj_xap_frequencies(struct xap_reader *reader, const struct xap_term *terms, size_t n, uint32_t *df,
                   uint64_t *cf, GError **error)
{
    if (!cf && reader->tables && reader->tables->frequencies(reader->data, reader, terms, n, df))
        return true;
    return opened(reader, error) &&
           reader->functions->frequencies(reader->open, terms, n, df, cf, error);
}

bool
lj_xap_docids(struct xap_reader *reader, const char *term, size_t length, GArray *out,
              GError **error)
{
    if (reader->tables && reader->tables->docids(reader->data, reader, term, length, out))
        return true;
    return opened(reader, error) &&
           reader->functions->docids(reader->open, term, length, out, error);
}

bool
lj_xap_positions(struct xap_reader *reader, uint32_t docid, const char *term, size_t length,
                 GArray *out, GError **error)
{
    if (reader->tables && reader->tables->positions(reader->data, reader, docid, term, length, out))
        return true;
    return opened(reader, error) &&
           reader->functions->positions(reader->open, docid, term, length, out, error);
}

struct xap_data *
lj_xap_fetch(struct xap_reader *reader, const uint32_t *docids, size_t n, GError **error)
{
    struct xap_data *data =
        reader->tables ? reader->tables->fetch(reader->data, reader, docids, n) : NULL;
    if (!data && opened(reader, error))
        data = reader->functions->fetch(reader->open, docids, n, error);
    return data;
}

struct xap_data *
lj_xap_values(struct xap_reader *reader, uint32_t slot, const uint32_t *docids, size_t n,
              GError **error)
{
    struct xap_data *data =
        reader->tables ? reader->tables->values(reader->data, reader, slot, docids, n) : NULL;
    if (!data && opened(reader, error))
        data = reader->functions->values(reader->open, slot, docids, n, error);
    return data;
}

/* The one entry of such a block, and a NUL; NULL and *length 0 where it is empty. */
static char *
take_only(struct xap_data *data, size_t *length)
{
    *length = data->entry[0].length;
    char *bytes = g_malloc0(*length + 1);
    memcpy(bytes, data->entry[0].bytes, *length);
    lj_xap_data_free(data);
    return *length > 0 ? bytes : (g_free(bytes), NULL);
}

char *
lj_xap_data(struct xap_reader *reader, uint32_t docid, size_t *length, GError **error)
{
    struct xap_data *data =
        reader->tables ? reader->tables->fetch(reader->data, reader, &docid, 1) : NULL;
    char *bytes = data ? take_only(data, length) : NULL;
    if (!bytes && opened(reader, error)) /* who says why there is none */
        bytes = reader->functions->data(reader->open, docid, length, error);
    return bytes;
}

char *
lj_xap_value(struct xap_reader *reader, uint32_t docid, uint32_t slot, size_t *length,
             GError **error)
{
    *length = 0;
    struct xap_data *data =
        reader->tables ? reader->tables->values(reader->data, reader, slot, &docid, 1) : NULL;
    if (data)
        return take_only(data, length);
    return opened(reader, error)
               ? reader->functions->value(reader->open, docid, slot, length, error)
               : NULL;
}

/* --- Xapian's alone -----------------------------------------------------------------------------
 */

struct xap_vocabulary *
lj_xap_terms(struct xap_reader *reader, const char *prefix, size_t length, const char *from,
             size_t from_length, size_t max, GError **error)
{
    return opened(reader, error) ? reader->functions->terms(reader->open, prefix, length, from,
                                                            from_length, max, error)
                                 : NULL;
}

bool
lj_xap_positions_of(struct xap_reader *reader, const char *term, size_t length,
                    const uint32_t *docids, size_t n, uint32_t *counts, GArray *out, GError **error)
{
    return opened(reader, error) && reader->functions->positions_of(
                                        reader->open, term, length, docids, n, counts, out, error);
}

bool
lj_xap_wdf_of(struct xap_reader *reader, const char *term, size_t length, const uint32_t *docids,
              size_t n, uint32_t *wdf, GError **error)
{
    return opened(reader, error) &&
           reader->functions->wdf_of(reader->open, term, length, docids, n, wdf, error);
}

struct xap_vocabulary *
lj_xap_sum_terms(struct xap_reader *reader, const uint32_t *docids, size_t n, const char *from,
                 size_t from_length, const char *to, size_t to_length, GError **error)
{
    return opened(reader, error) ? reader->functions->sum_terms(reader->open, docids, n, from,
                                                                from_length, to, to_length, error)
                                 : NULL;
}

struct xap_occurrences *
lj_xap_occurrences(struct xap_reader *reader, uint32_t docid, const struct xap_probe *probes,
                   size_t n, GError **error)
{
    return opened(reader, error)
               ? reader->functions->occurrences(reader->open, docid, probes, n, error)
               : NULL;
}

struct xap_matches *
lj_xap_search(struct xap_reader *reader, const struct xap_search *search, GError **error)
{
    return opened(reader, error) ? reader->functions->search(reader->open, search, error) : NULL;
}

bool
lj_xap_match(struct xap_reader *reader, const struct xap_node *nodes, size_t n, GArray *out,
             GError **error)
{
    return opened(reader, error) && reader->functions->match(reader->open, nodes, n, out, error);
}

/* --- answers ------------------------------------------------------------------------------------
 */

void
lj_xap_add_pieces(const char *value, size_t length, char separator, size_t most, GPtrArray *out)
{
    size_t n = 0;
    for (const char *at = value, *all = value + length, *end; at < all && n < most; at = end + 1) {
        end = memchr(at, separator, (size_t)(all - at));
        end = end ? end : all;
        char *piece = g_strndup(at, (gsize)(end - at));
        n++;
        if (*piece && !g_ptr_array_find_with_equal_func(out, piece, g_str_equal, NULL))
            g_ptr_array_add(out, piece);
        else
            g_free(piece);
    }
}

void
lj_xap_vocabulary_free(struct xap_vocabulary *vocabulary)
{
    if (!vocabulary)
        return;
    g_free(vocabulary->entry);
    g_free(vocabulary->bytes);
    g_free(vocabulary);
}

void
lj_xap_occurrences_free(struct xap_occurrences *occurrences)
{
    if (!occurrences)
        return;
    g_free(occurrences->entry);
    g_string_chunk_free(occurrences->strings);
    g_array_unref(occurrences->positions);
    g_free(occurrences);
}

void
lj_xap_matches_free(struct xap_matches *matches)
{
    if (!matches)
        return;
    for (size_t i = 0; i < matches->n_spies; i++)
        g_free(matches->spy[i].count);
    g_free(matches->spy);
    g_free(matches->hit);
    g_string_chunk_free(matches->strings);
    g_free(matches);
}

void
lj_xap_data_free(struct xap_data *data)
{
    if (!data)
        return;
    g_free(data->entry);
    g_free(data->bytes);
    g_free(data);
}
