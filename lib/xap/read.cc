/* Opening databases, and what they hold that is no posting: see xap.h. */
#include "xap/inner.hh"
#include "i18n.h"

#include <cstdlib>
#include <cstring>
#include <memory>

using std::string;

char *
lj_xap_copy_out(const string &value, size_t *length)
{
    *length = value.size();
    return value.empty() ? nullptr : (char *)g_memdup2(value.c_str(), value.size() + 1);
}

/* host:port, where no such file exists. */
static bool
split_address(const char *database, string &host, unsigned &port)
{
    const char *colon = strrchr(database, ':');
    if (!colon || colon == database || !colon[1] || strchr(database, '/'))
        return false;
    char *end;
    unsigned long number = strtoul(colon + 1, &end, 10);
    if (*end || number == 0 || number > 65535)
        return false;
    host.assign(database, colon - database);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']')
        host = host.substr(1, host.size() - 2);
    port = (unsigned)number;
    return true;
}

struct xapian_reader *
lj_xapian_open(const char *const *databases, size_t n, GError **error)
{
    std::unique_ptr<xapian_reader> reader(new xapian_reader);
    for (size_t i = 0; i < n; i++) {
        bool opened = guarded<bool>(error, databases[i], false, [&] {
            string host;
            unsigned port = 0;
            bool remote = split_address(databases[i], host, port);
            Xapian::Database shard = remote
                                         ? Xapian::Remote::open(host, port, 30000, 10000)
                                         : Xapian::Database(databases[i], Xapian::DB_BACKEND_GLASS);
            reader->shard.push_back(shard);
            reader->remote.push_back(remote);
            if (!remote)
                reader->place.emplace(shard.get_uuid(), i);
            reader->db.add_database(shard);
            reader->paths.push_back(databases[i]);
            reader->name += (i ? ", " : "") + string(databases[i]);
            return true;
        });
        if (!opened)
            return nullptr;
    }
    return reader.release();
}

void
lj_xapian_close(struct xapian_reader *reader)
{
    if (!reader)
        return;
    guarded<bool>(nullptr, reader->name.c_str(), false, [&] {
        reader->db.close();
        return true;
    });
    delete reader;
}

bool
lj_xapian_reopen(struct xapian_reader *reader, GError **error)
{
    return guarded<bool>(error, reader->name.c_str(), false, [&] {
        reader->db.reopen();
        return true;
    });
}

bool
lj_xapian_takes_docids(const struct xapian_reader *reader)
{
    return reader->place.size() == reader->shard.size();
}

bool
lj_xapian_statistics(struct xapian_reader *reader, struct xap_statistics *out, GError **error)
{
    return reading<bool>(reader, error, false, [&] {
        memset(out, 0, sizeof *out);
        out->documents = reader->db.get_doccount();
        out->last_docid = reader->db.get_lastdocid();
        out->average_length = reader->db.get_avlength();
        out->total_length = reader->db.get_total_length();
        for (size_t i = 0; i < reader->shard.size(); i++)
            if (!reader->remote[i])
                out->revision += reader->shard[i].get_revision();
        if (!reader->shard.empty())
            g_strlcpy(out->uuid, reader->shard[0].get_uuid().c_str(), sizeof out->uuid);
        return true;
    });
}

bool
lj_xapian_shard_statistics(struct xapian_reader *reader, size_t shard, struct xap_statistics *out,
                           GError **error)
{
    return reading<bool>(reader, error, false, [&] {
        memset(out, 0, sizeof *out);
        const Xapian::Database &db = reader->shard.at(shard);
        out->documents = db.get_doccount();
        out->last_docid = db.get_lastdocid();
        out->average_length = db.get_avlength();
        out->total_length = db.get_total_length();
        out->revision = reader->remote[shard] ? 0 : db.get_revision();
        g_strlcpy(out->uuid, db.get_uuid().c_str(), sizeof out->uuid);
        return true;
    });
}

uint64_t
lj_xapian_shard_revision(struct xapian_reader *reader, size_t shard)
{
    return guarded<uint64_t>(nullptr, reader->name.c_str(), 0, [&] {
        return reader->remote.at(shard) ? 0 : reader->shard.at(shard).get_revision();
    });
}

char *
lj_xapian_metadata(struct xapian_reader *reader, size_t shard, const char *key, size_t key_length,
                   size_t *length, GError **error)
{
    *length = 0;
    if (shard >= reader->shard.size())
        return nullptr;
    return reading<char *>(reader, error, nullptr, [&] {
        return lj_xap_copy_out(reader->shard[shard].get_metadata(string(key, key_length)), length);
    });
}

bool
lj_xapian_pieces(struct xapian_reader *reader, char first, const char *rest, char separator,
                 size_t most, GPtrArray *out, GError **error)
{
    return reading<bool>(reader, error, false, [&] {
        string key = first + string(rest);
        for (Xapian::Database &shard : reader->shard) {
            string value = shard.get_metadata(key);
            lj_xap_add_pieces(value.data(), value.size(), separator, most, out);
        }
        return true;
    });
}

bool
lj_xapian_frequencies(struct xapian_reader *reader, const struct xap_term *terms, size_t n,
                      uint32_t *df, uint64_t *cf, GError **error)
{
    return reading<bool>(reader, error, false, [&] {
        for (size_t i = 0; i < n; i++) {
            string term(terms[i].term, terms[i].length);
            df[i] = reader->db.get_termfreq(term);
            if (cf)
                cf[i] = reader->db.get_collection_freq(term);
        }
        return true;
    });
}

char *
lj_xapian_data(struct xapian_reader *reader, uint32_t docid, size_t *length, GError **error)
{
    *length = 0;
    char *data = reading<char *>(reader, error, nullptr, [&]() -> char * {
        string value;
        try {
            value = reader->db.get_document(docid).get_data();
        } catch (const Xapian::DocNotFoundError &) {
            g_set_error(error, LJ_ERROR, LJ_ERROR_NO_INPUT, _("%s: there is no such document"),
                        reader->name.c_str());
            return nullptr;
        }
        *length = value.size();
        return (char *)g_memdup2(value.c_str(), value.size() + 1);
    });
    return data;
}

char *
lj_xapian_value(struct xapian_reader *reader, uint32_t docid, uint32_t slot, size_t *length,
                GError **error)
{
    *length = 0;
    return reading<char *>(reader, error, nullptr, [&]() -> char * {
        try {
            return lj_xap_copy_out(reader->db.get_document(docid).get_value(slot), length);
        } catch (const Xapian::DocNotFoundError &) {
            return nullptr;
        }
    });
}

/* Several values as one block. */
static struct xap_data *
make_data(const std::vector<string> &values)
{
    size_t size = 0;
    for (const string &value : values)
        size += value.size();
    struct xap_data *out = g_new0(struct xap_data, 1);
    out->n = values.size();
    out->entry = (decltype(out->entry))g_malloc0_n(values.size() + 1, sizeof *out->entry);
    out->bytes = (char *)g_malloc(size + 1);
    char *at = out->bytes;
    for (size_t i = 0; i < values.size(); i++) {
        memcpy(at, values[i].data(), values[i].size());
        out->entry[i].bytes = at;
        out->entry[i].length = values[i].size();
        at += values[i].size();
    }
    return out;
}

struct xap_data *
lj_xapian_fetch(struct xapian_reader *reader, const uint32_t *docids, size_t n, GError **error)
{
    return reading<struct xap_data *>(reader, error, nullptr, [&] {
        std::vector<string> values(n);
        for (size_t i = 0; i < n; i++) {
            try {
                values[i] = reader->db.get_document(docids[i]).get_data();
            } catch (const Xapian::DocNotFoundError &) {
            }
        }
        return make_data(values);
    });
}

struct xap_data *
lj_xapian_values(struct xapian_reader *reader, uint32_t slot, const uint32_t *docids, size_t n,
                 GError **error)
{
    return reading<struct xap_data *>(reader, error, nullptr, [&] {
        std::vector<string> values(n);
        auto it = reader->db.valuestream_begin(slot), end = reader->db.valuestream_end(slot);
        for (size_t i = 0; i < n && it != end; i++) {
            if (it.get_docid() < docids[i])
                it.skip_to(docids[i]);
            if (it == end)
                break;
            if (it.get_docid() == docids[i])
                values[i] = *it;
        }
        return make_data(values);
    });
}

/* In the order of the table. */
extern "C" __attribute__((visibility("default")))
const struct xapian_functions legajo_xapian_functions = {
    lj_xapian_open,           lj_xapian_close,        lj_xapian_reopen,
    lj_xapian_takes_docids,   lj_xapian_statistics,   lj_xapian_shard_statistics,
    lj_xapian_shard_revision, lj_xapian_metadata,     lj_xapian_pieces,
    lj_xapian_frequencies,    lj_xapian_terms,        lj_xapian_docids,
    lj_xapian_positions,      lj_xapian_positions_of, lj_xapian_wdf_of,
    lj_xapian_sum_terms,      lj_xapian_occurrences,  lj_xapian_data,
    lj_xapian_value,          lj_xapian_search,       lj_xapian_match,
    lj_xapian_fetch,          lj_xapian_values,
};
