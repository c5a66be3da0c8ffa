/* The only C++ in the library: Xapian behind plain C. See xap.h. */
#include "xap/xap.h"
#include "i18n.h"

#include <xapian.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <map>
#include <memory>
#include <new>
#include <ostream>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include <unistd.h>

using std::string;

/* --- errors ------------------------------------------------------------------------------------
 */

static void
set_from_xapian(GError **error, int code, const char *where, const Xapian::Error &e)
{
    const char *detail = e.get_error_string();
    g_set_error(error, LJ_ERROR, code, "%s: %s%s%s", where, e.get_msg().c_str(), detail ? ": " : "",
                detail ? detail : "");
}

/* The one frame in which Xapian is called: exceptions, most derived first, become our errors.
 * `where` names the database for people. */
template <typename Result, typename Body>
static Result
guarded(GError **error, const char *where, Result failed, Body body)
{
    try {
        return body();
    } catch (const Xapian::DatabaseLockError &) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_LOCKED,
                    _("%s: another program is writing this index; wait for it or use --wait"),
                    where);
    } catch (const Xapian::DatabaseVersionError &e) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_NEWER,
                    _("%s: made by another version of Xapian (%s); rebuild the index"), where,
                    e.get_msg().c_str());
    } catch (const Xapian::DatabaseCorruptError &e) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_DAMAGED,
                    _("%s: the index is damaged (%s); go back with --rollback or rebuild it"),
                    where, e.get_msg().c_str());
    } catch (const Xapian::DatabaseNotFoundError &) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_NO_INPUT, _("%s: no index is here"), where);
    } catch (const Xapian::DatabaseOpeningError &e) {
        const char *detail = e.get_error_string();
        bool denied = detail && strcmp(detail, g_strerror(EACCES)) == 0;
        if (denied)
            g_set_error(error, LJ_ERROR, LJ_ERROR_PERMISSION, _("%s: no permission to read it"),
                        where);
        else
            set_from_xapian(error, LJ_ERROR_DAMAGED, where, e);
    } catch (const Xapian::NetworkTimeoutError &e) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_IO, _("%s: the server does not answer (%s)"), where,
                    e.get_msg().c_str());
    } catch (const Xapian::NetworkError &e) {
        const char *detail = e.get_error_string();
        g_set_error(error, LJ_ERROR, LJ_ERROR_IO, _("%s: no connection (%s%s%s)"), where,
                    e.get_msg().c_str(), detail ? ": " : "", detail ? detail : "");
    } catch (const Xapian::DatabaseError &e) {
        set_from_xapian(error, LJ_ERROR_IO, where, e);
    } catch (const Xapian::InvalidOperationError &e) {
        /* A failed write of a scratch database: what failed is lost in Xapian's attempt to undo it. */
        if (e.get_msg().find("DB_DANGEROUS") != string::npos)
            g_set_error(error, LJ_ERROR, LJ_ERROR_IO,
                        _("%s: cannot be written: the disk is full, or fails"), where);
        else
            set_from_xapian(error, LJ_ERROR_INTERNAL, where, e);
    } catch (const Xapian::Error &e) {
        set_from_xapian(error, LJ_ERROR_INTERNAL, where, e);
    } catch (const std::bad_alloc &) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_INTERNAL, _("%s: not enough memory"), where);
    } catch (const std::exception &e) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_INTERNAL, "%s: %s", where, e.what());
    }
    return failed;
}

/* --- writing -----------------------------------------------------------------------------------
 */

struct xap_writer {
    string path;
    Xapian::WritableDatabase db;
};

/* On a disk that fills, Xapian 1.4 sometimes throws out of a destructor in the middle of a commit
 * (seen in glass's undo of a failed flush): C++ then knows no way back and would abort. What was
 * committed before is whole, so the program ends as it does for every other full disk. */
static void
xapian_gave_up()
{
    const char *what = "";
    string message;
    try {
        if (std::exception_ptr thrown = std::current_exception())
            std::rethrow_exception(thrown);
    } catch (const Xapian::Error &e) {
        message = e.get_msg();
        const char *detail = e.get_error_string();
        if (detail)
            message += string(": ") + detail;
        what = message.c_str();
    } catch (...) {
        abort();
    }
    if (!*what)
        abort();
    fprintf(stderr, _("The index could not be written and stays as it was (%s)\n"), what);
    _exit(74);
}

struct xap_writer *
lj_xap_writer_open(const char *path, enum xap_mode mode, GError **error)
{
    return guarded<xap_writer *>(error, path, nullptr, [&] {
        int flags = mode == XAP_SCRATCH ? Xapian::DB_CREATE_OR_OVERWRITE | Xapian::DB_NO_SYNC |
                                              Xapian::DB_DANGEROUS | Xapian::DB_BACKEND_GLASS
                                        : Xapian::DB_CREATE_OR_OPEN | Xapian::DB_BACKEND_GLASS;
        std::set_terminate(xapian_gave_up);
        std::unique_ptr<xap_writer> writer(new xap_writer);
        writer->path = path;
        writer->db = Xapian::WritableDatabase(path, flags);
        return writer.release();
    });
}

void
lj_xap_writer_close(struct xap_writer *writer)
{
    if (!writer)
        return;
    /* Xapian's destructor commits; a cancelled transaction drops what was not committed. */
    GError *ignored = nullptr;
    guarded<bool>(&ignored, writer->path.c_str(), false, [&] {
        writer->db.begin_transaction(false);
        writer->db.cancel_transaction();
        writer->db.close();
        return true;
    });
    g_clear_error(&ignored);
    delete writer;
}

static Xapian::Document
make_document(const struct xap_document *source)
{
    Xapian::Document document;
    for (size_t i = 0; i < source->n_postings; i++) {
        const struct xap_posting &posting = source->postings[i];
        string term(posting.term, posting.length);
        if (posting.wdf == 0 && posting.n_positions == 0) {
            document.add_boolean_term(term);
            continue;
        }
        for (uint32_t p = 0; p < posting.n_positions; p++)
            document.add_posting(term, posting.positions[p], 0);
        document.add_term(term, posting.wdf);
    }
    for (size_t i = 0; i < source->n_values; i++)
        document.add_value(source->values[i].slot,
                           string(source->values[i].bytes, source->values[i].length));
    document.set_data(string(source->data, source->data_length));
    return document;
}

uint32_t
lj_xap_writer_put(struct xap_writer *writer, uint32_t docid, const struct xap_document *document,
                  GError **error)
{
    return guarded<uint32_t>(error, writer->path.c_str(), 0, [&]() -> uint32_t {
        if (docid == 0)
            return writer->db.add_document(make_document(document));
        writer->db.replace_document(docid, make_document(document));
        return docid;
    });
}

bool
lj_xap_writer_delete(struct xap_writer *writer, uint32_t docid, GError **error)
{
    return guarded<bool>(error, writer->path.c_str(), false, [&] {
        try {
            writer->db.delete_document(docid);
        } catch (const Xapian::DocNotFoundError &) {
        }
        return true;
    });
}

bool
lj_xap_writer_set_metadata(struct xap_writer *writer, const char *key, size_t key_length,
                           const char *value, size_t length, GError **error)
{
    return guarded<bool>(error, writer->path.c_str(), false, [&] {
        writer->db.set_metadata(string(key, key_length), string(value, length));
        return true;
    });
}

static char *
copy_out(const string &value, size_t *length)
{
    *length = value.size();
    return value.empty() ? nullptr : (char *)g_memdup2(value.c_str(), value.size() + 1);
}

char *
lj_xap_writer_metadata(struct xap_writer *writer, const char *key, size_t key_length,
                       size_t *length, GError **error)
{
    *length = 0;
    return guarded<char *>(error, writer->path.c_str(), nullptr, [&] {
        return copy_out(writer->db.get_metadata(string(key, key_length)), length);
    });
}

bool
lj_xap_writer_docids(struct xap_writer *writer, const char *term, size_t length, GArray *out,
                     GError **error)
{
    return guarded<bool>(error, writer->path.c_str(), false, [&] {
        string name(term, length);
        for (auto it = writer->db.postlist_begin(name); it != writer->db.postlist_end(name); ++it) {
            uint32_t docid = *it;
            g_array_append_val(out, docid);
        }
        return true;
    });
}

uint32_t
lj_xap_writer_documents(struct xap_writer *writer)
{
    return guarded<uint32_t>(nullptr, writer->path.c_str(), 0,
                             [&] { return writer->db.get_doccount(); });
}

bool
lj_xap_writer_commit(struct xap_writer *writer, GError **error)
{
    return guarded<bool>(error, writer->path.c_str(), false, [&] {
        writer->db.commit();
        return true;
    });
}

/* --- compaction --------------------------------------------------------------------------------
 */

namespace {

/* Several segments may know forms of one stem: the merged one knows them all. */
class UniteForms : public Xapian::Compactor {
    string resolve_duplicate_metadata(const string &key, size_t n, const string values[]) override
    {
        /* Xapian hands over the key of its table, two bytes before ours. */
        size_t ours = key.compare(0, 2, string("\0\xc0", 2)) == 0 ? 2 : 0;
        if (key.size() <= ours || (key[ours] != 'F' && key[ours] != 'A'))
            return values[n - 1];
        char separator = key[ours] == 'A' ? '\t' : ' ';
        std::set<string> words;
        for (size_t i = 0; i < n; i++) {
            size_t at = 0;
            while (at < values[i].size()) {
                size_t end = values[i].find(separator, at);
                if (end == string::npos)
                    end = values[i].size();
                if (end > at)
                    words.insert(values[i].substr(at, end - at));
                at = end + 1;
            }
        }
        string united;
        for (const string &word : words) {
            if (!united.empty())
                united += separator;
            united += word;
        }
        return united;
    }
};

} // namespace

bool
lj_xap_compact(const char *const *sources, size_t n, const char *target, bool keep_docids,
               bool full, GError **error)
{
    return guarded<bool>(error, target, false, [&] {
        Xapian::Database db;
        for (size_t i = 0; i < n; i++)
            db.add_database(Xapian::Database(sources[i], Xapian::DB_BACKEND_GLASS));
        unsigned flags = full ? Xapian::Compactor::FULLER : Xapian::Compactor::STANDARD;
        if (keep_docids)
            flags |= Xapian::DBCOMPACT_NO_RENUMBER;
        UniteForms compactor;
        db.compact(target, flags, 0, compactor);
        return true;
    });
}

bool
lj_xap_check(const char *path, GString *report, GError **error)
{
    return guarded<bool>(error, path, false, [&] {
        std::string text;
        size_t errors = 0;
        /* Database::check writes to a stream; one of our own keeps it. */
        class Buffer : public std::streambuf {
          public:
            string kept;

          protected:
            int overflow(int c) override
            {
                if (c != EOF && kept.size() < 1000000)
                    kept += (char)c;
                return c;
            }
        } buffer;
        std::ostream stream(&buffer);
        errors = Xapian::Database::check(path, 0, &stream);
        if (errors == 0)
            return true;
        g_string_append_len(report, buffer.kept.data(), (gssize)buffer.kept.size());
        g_set_error(error, LJ_ERROR, LJ_ERROR_DAMAGED,
                    ngettext("%s: the index is damaged (%zu fault); go back with --rollback or "
                             "rebuild it",
                             "%s: the index is damaged (%zu faults); go back with --rollback or "
                             "rebuild it",
                             errors),
                    path, errors);
        return false;
    });
}

/* --- reading -----------------------------------------------------------------------------------
 */

struct xap_reader {
    string name; /* for messages: all of them */
    std::vector<string> paths;
    std::vector<Xapian::Database> shard;
    std::vector<bool> remote;
    std::map<string, size_t> place; /* of each local shard, by its UUID */
    Xapian::Database db;            /* all shards as one */
};

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

struct xap_reader *
lj_xap_reader_open(const char *const *databases, size_t n, GError **error)
{
    std::unique_ptr<xap_reader> reader(new xap_reader);
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
lj_xap_reader_close(struct xap_reader *reader)
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
lj_xap_reader_reopen(struct xap_reader *reader, GError **error)
{
    return guarded<bool>(error, reader->name.c_str(), false, [&] {
        reader->db.reopen();
        return true;
    });
}

size_t
lj_xap_shards(const struct xap_reader *reader)
{
    return reader->shard.size();
}

bool
lj_xap_takes_docids(const struct xap_reader *reader)
{
    return reader->place.size() == reader->shard.size();
}

/* Runs body; when the index was modified under it (two commits since it was opened), opens the
 * newest revision and begins again, so that callers never see half an answer. */
template <typename Result, typename Body>
static Result
reading(struct xap_reader *reader, GError **error, Result failed, Body body)
{
    return guarded<Result>(error, reader->name.c_str(), failed, [&] {
        for (int attempt = 0;; attempt++) {
            try {
                return body();
            } catch (const Xapian::DatabaseModifiedError &) {
                if (attempt == 20)
                    throw;
                reader->db.reopen();
            }
        }
    });
}

bool
lj_xap_statistics(struct xap_reader *reader, struct xap_statistics *out, GError **error)
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
lj_xap_shard_statistics(struct xap_reader *reader, size_t shard, struct xap_statistics *out,
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

char *
lj_xap_metadata(struct xap_reader *reader, size_t shard, const char *key, size_t key_length,
                size_t *length, GError **error)
{
    *length = 0;
    if (shard >= reader->shard.size())
        return nullptr;
    return reading<char *>(reader, error, nullptr, [&] {
        return copy_out(reader->shard[shard].get_metadata(string(key, key_length)), length);
    });
}

bool
lj_xap_pieces(struct xap_reader *reader, char first, const char *rest, char separator, size_t most,
              GPtrArray *out, GError **error)
{
    return reading<bool>(reader, error, false, [&] {
        string key = first + string(rest);
        for (Xapian::Database &shard : reader->shard) {
            string value = shard.get_metadata(key);
            size_t n = 0;
            for (size_t at = 0, end; at < value.size() && n < most; at = end + 1) {
                end = std::min(value.find(separator, at), value.size());
                string piece = value.substr(at, end - at);
                n++;
                if (!piece.empty() &&
                    !g_ptr_array_find_with_equal_func(out, piece.c_str(), g_str_equal, nullptr))
                    g_ptr_array_add(out, g_strdup(piece.c_str()));
            }
        }
        return true;
    });
}

bool
lj_xap_frequencies(struct xap_reader *reader, const struct xap_term *terms, size_t n, uint32_t *df,
                   uint64_t *cf, GError **error)
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

/* Entries gathered in std containers, then laid out in one block. */
static struct xap_vocabulary *
make_vocabulary(const std::vector<std::pair<string, uint32_t>> &entries)
{
    struct xap_vocabulary *out = g_new0(struct xap_vocabulary, 1);
    size_t size = 0;
    for (const auto &entry : entries)
        size += entry.first.size() + 1;
    out->n = entries.size();
    out->entry = (decltype(out->entry))g_malloc0_n(entries.size() + 1, sizeof *out->entry);
    out->bytes = (char *)g_malloc(size + 1);
    char *at = out->bytes;
    for (size_t i = 0; i < entries.size(); i++) {
        const string &term = entries[i].first;
        memcpy(at, term.data(), term.size());
        at[term.size()] = 0;
        out->entry[i].term = at;
        out->entry[i].length = (uint32_t)term.size();
        out->entry[i].df = entries[i].second;
        at += term.size() + 1;
    }
    return out;
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

struct xap_vocabulary *
lj_xap_terms(struct xap_reader *reader, const char *prefix, size_t length, const char *from,
             size_t from_length, size_t max, GError **error)
{
    return reading<struct xap_vocabulary *>(reader, error, nullptr, [&] {
        std::vector<std::pair<string, uint32_t>> entries;
        string start(prefix, length);
        auto it = reader->db.allterms_begin(start);
        if (from_length > 0)
            it.skip_to(string(from, from_length));
        for (; it != reader->db.allterms_end(start) && entries.size() < max; ++it)
            entries.emplace_back(*it, it.get_termfreq());
        return make_vocabulary(entries);
    });
}

bool
lj_xap_docids(struct xap_reader *reader, const char *term, size_t length, GArray *out,
              GError **error)
{
    guint before = out->len;
    return reading<bool>(reader, error, false, [&] {
        g_array_set_size(out, before);
        string name(term, length);
        for (auto it = reader->db.postlist_begin(name); it != reader->db.postlist_end(name); ++it) {
            uint32_t docid = *it;
            g_array_append_val(out, docid);
        }
        return true;
    });
}

bool
lj_xap_positions(struct xap_reader *reader, uint32_t docid, const char *term, size_t length,
                 GArray *out, GError **error)
{
    guint before = out->len;
    return reading<bool>(reader, error, false, [&] {
        g_array_set_size(out, before);
        string name(term, length);
        try {
            for (auto it = reader->db.positionlist_begin(docid, name);
                 it != reader->db.positionlist_end(docid, name); ++it) {
                uint32_t position = *it;
                g_array_append_val(out, position);
            }
        } catch (const Xapian::RangeError &) { /* the term does not index the document */
        } catch (const Xapian::DocNotFoundError &) {
        }
        return true;
    });
}

bool
lj_xap_positions_of(struct xap_reader *reader, const char *term, size_t length,
                    const uint32_t *docids, size_t n, uint32_t *counts, GArray *out, GError **error)
{
    guint before = out->len;
    return reading<bool>(reader, error, false, [&] {
        g_array_set_size(out, before);
        memset(counts, 0, n * sizeof *counts);
        string name(term, length);
        auto it = reader->db.postlist_begin(name), end = reader->db.postlist_end(name);
        for (size_t i = 0; i < n && it != end;) {
            if (*it < docids[i])
                it.skip_to(docids[i]);
            if (it == end)
                break;
            if (*it != docids[i]) { /* a rare word: on to its next document */
                i = (size_t)(std::lower_bound(docids + i, docids + n, *it) - docids);
                continue;
            }
            auto last = it.positionlist_end();
            for (auto place = it.positionlist_begin(); place != last; ++place) {
                uint32_t position = *place;
                g_array_append_val(out, position);
                counts[i]++;
            }
            i++;
        }
        return true;
    });
}

bool
lj_xap_wdf_of(struct xap_reader *reader, const char *term, size_t length, const uint32_t *docids,
              size_t n, uint32_t *wdf, GError **error)
{
    return reading<bool>(reader, error, false, [&] {
        memset(wdf, 0, n * sizeof *wdf);
        string name(term, length);
        auto it = reader->db.postlist_begin(name), end = reader->db.postlist_end(name);
        for (size_t i = 0; i < n && it != end;) {
            if (*it < docids[i])
                it.skip_to(docids[i]);
            if (it == end)
                break;
            if (*it == docids[i])
                wdf[i++] = it.get_wdf();
            else
                i = (size_t)(std::lower_bound(docids + i, docids + n, *it) - docids);
        }
        return true;
    });
}

struct xap_vocabulary *
lj_xap_sum_terms(struct xap_reader *reader, const uint32_t *docids, size_t n, const char *from,
                 size_t from_length, const char *to, size_t to_length, GError **error)
{
    return reading<struct xap_vocabulary *>(reader, error, nullptr, [&] {
        string start(from, from_length), limit(to, to_length);
        std::unordered_map<string, uint32_t> sums;
        for (size_t i = 0; i < n; i++) {
            try {
                auto end = reader->db.termlist_end(docids[i]);
                auto it = reader->db.termlist_begin(docids[i]);
                for (it.skip_to(start); it != end; ++it) {
                    string term = *it;
                    if (term >= limit)
                        break;
                    sums[term] += it.get_wdf();
                }
            } catch (const Xapian::DocNotFoundError &) { /* gone meanwhile */
            }
        }
        std::vector<std::pair<string, uint32_t>> entries(sums.begin(), sums.end());
        std::sort(entries.begin(), entries.end());
        return make_vocabulary(entries);
    });
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

struct xap_occurrences *
lj_xap_occurrences(struct xap_reader *reader, uint32_t docid, const struct xap_probe *probes,
                   size_t n, GError **error)
{
    return reading<struct xap_occurrences *>(reader, error, nullptr, [&] {
        struct entry {
            string term;
            uint32_t wdf, first, n;
        };
        std::vector<entry> found;
        std::vector<uint32_t> positions;
        uint32_t doclength = 0;
        try {
            doclength =
                (uint32_t)std::min<Xapian::termcount>(reader->db.get_doclength(docid), G_MAXUINT32);
            auto it = reader->db.termlist_begin(docid), end = reader->db.termlist_end(docid);
            for (size_t i = 0; i < n && it != end; i++) {
                string probe(probes[i].term, probes[i].length);
                for (it.skip_to(probe); it != end && found.size() < XAP_OCCURRENCES; ++it) {
                    string term = *it;
                    if (probes[i].prefix ? term.compare(0, probe.size(), probe) != 0
                                         : term != probe)
                        break;
                    uint32_t first = (uint32_t)positions.size();
                    auto last = it.positionlist_end();
                    for (auto at = it.positionlist_begin();
                         at != last && positions.size() - first < XAP_POSITIONS; ++at)
                        positions.push_back(*at);
                    found.push_back(
                        {term, it.get_wdf(), first, (uint32_t)positions.size() - first});
                    if (!probes[i].prefix) {
                        ++it;
                        break;
                    }
                }
            }
        } catch (const Xapian::DocNotFoundError &) {
            found.clear();
            doclength = 0;
        }
        struct xap_occurrences *out = g_new0(struct xap_occurrences, 1);
        out->length = doclength;
        out->strings = g_string_chunk_new(1024);
        out->positions = g_array_sized_new(FALSE, FALSE, sizeof(uint32_t), positions.size() + 1);
        g_array_append_vals(out->positions, positions.data(), positions.size());
        out->n = found.size();
        out->entry = (decltype(out->entry))g_malloc0_n(found.size() + 1, sizeof *out->entry);
        for (size_t i = 0; i < found.size(); i++) {
            const entry &e = found[i];
            out->entry[i].term =
                g_string_chunk_insert_len(out->strings, e.term.data(), (gssize)e.term.size());
            out->entry[i].size = (uint32_t)e.term.size();
            out->entry[i].wdf = e.wdf;
            out->entry[i].positions = (const uint32_t *)(void *)out->positions->data + e.first;
            out->entry[i].n_positions = e.n;
        }
        return out;
    });
}

char *
lj_xap_data(struct xap_reader *reader, uint32_t docid, size_t *length, GError **error)
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
        return (char *)g_memdup2(value.empty() ? "" : value.data(),
                                 value.empty() ? 1 : value.size());
    });
    return data;
}

char *
lj_xap_value(struct xap_reader *reader, uint32_t docid, uint32_t slot, size_t *length,
             GError **error)
{
    *length = 0;
    return reading<char *>(reader, error, nullptr, [&]() -> char * {
        try {
            return copy_out(reader->db.get_document(docid).get_value(slot), length);
        } catch (const Xapian::DocNotFoundError &) {
            return nullptr;
        }
    });
}

/* --- searching ---------------------------------------------------------------------------------
 */

/* A fixed list of documents. Looking each one up by a term of its own costs a walk down the tree a
 * document and shard; this costs nothing. Xapian opens a clone for every shard and does not say which
 * shard it is: its UUID does. */
class Listed : public Xapian::PostingSource {
    using Lists = std::map<string, std::vector<Xapian::docid>>;
    std::shared_ptr<const Lists> lists;
    const std::vector<Xapian::docid> *list = nullptr;
    size_t at = 0;
    bool begun = false;

  public:
    Listed(const struct xap_node &node, const struct xap_reader *reader)
    {
        auto made = std::make_shared<Lists>();
        Xapian::docid shards = (Xapian::docid)reader->shard.size();
        std::vector<std::vector<Xapian::docid> *> of(shards);
        for (const auto &place : reader->place)
            of[place.second] = &(*made)[place.first];
        for (uint32_t i = 0; i < node.n_docids; i++) {
            Xapian::docid docid = node.docids[i] - 1;
            of[docid % shards]->push_back(docid / shards + 1);
        }
        lists = made;
    }
    explicit Listed(std::shared_ptr<const Lists> given) : lists(std::move(given)) {}

    Xapian::doccount get_termfreq_min() const override
    {
        return 0;
    }
    Xapian::doccount get_termfreq_est() const override
    {
        return get_termfreq_max();
    }
    Xapian::doccount get_termfreq_max() const override
    {
        return list ? (Xapian::doccount)list->size() : 0;
    }
    void next(double) override
    {
        if (begun)
            at++;
        begun = true;
    }
    void skip_to(Xapian::docid least, double) override
    {
        begun = true;
        while (at < list->size() && (*list)[at] < least)
            at++;
    }
    bool at_end() const override
    {
        return at >= list->size();
    }
    Xapian::docid get_docid() const override
    {
        return (*list)[at];
    }
    Listed *clone() const override
    {
        return new Listed(lists);
    }
    void init(const Xapian::Database &db) override
    {
        static const std::vector<Xapian::docid> none;
        auto found = lists->find(db.get_uuid());
        list = found == lists->end() ? &none : &found->second;
        at = 0;
        begun = false;
    }
};

/* Postfix plan → Xapian::Query. A plan that does not come out at one operand is our fault. */
static Xapian::Query
make_query(const struct xap_node *nodes, size_t n, const struct xap_reader *reader)
{
    using Xapian::Query;
    std::vector<Query> stack;
    for (size_t i = 0; i < n; i++) {
        const struct xap_node &node = nodes[i];
        if (stack.size() < node.n)
            throw Xapian::InvalidArgumentError("plan: too few operands");
        auto begin = stack.end() - node.n, end = stack.end();
        Query made;
        switch (node.op) {
        case XAP_TERM:
            made = Query(string(node.term, node.length),
                         node.factor > 0 ? (Xapian::termcount)node.factor : 1);
            break;
        case XAP_ALL:
            made = Query(Query::OP_SCALE_WEIGHT, Query(string()), 0.0);
            break;
        case XAP_NONE:
            break;
        case XAP_AND:
            made = Query(Query::OP_AND, begin, end);
            break;
        case XAP_OR:
            made = Query(Query::OP_OR, begin, end);
            break;
        case XAP_AND_NOT:
            made = Query(Query::OP_AND_NOT, begin, end);
            break;
        case XAP_AND_MAYBE:
            made = Query(Query::OP_AND_MAYBE, begin, end);
            break;
        case XAP_FILTER:
            made = Query(Query::OP_FILTER, begin, end);
            break;
        case XAP_SYNONYM:
            made = Query(Query::OP_SYNONYM, begin, end);
            break;
        case XAP_NEAR:
            made = Query(Query::OP_NEAR, begin, end, node.window);
            break;
        case XAP_PHRASE:
            made = Query(Query::OP_PHRASE, begin, end, node.window);
            break;
        case XAP_SCALE:
            made = Query(Query::OP_SCALE_WEIGHT, *begin, node.factor);
            break;
        case XAP_VALUE_RANGE:
            if (node.term && node.high)
                made = Query(Query::OP_VALUE_RANGE, node.slot, string(node.term, node.length),
                             string(node.high, node.high_length));
            else if (node.term)
                made = Query(Query::OP_VALUE_GE, node.slot, string(node.term, node.length));
            else
                made = Query(Query::OP_VALUE_LE, node.slot,
                             node.high ? string(node.high, node.high_length) : string());
            break;
        case XAP_DOCIDS:
            if (!lj_xap_takes_docids(reader))
                throw Xapian::InvalidArgumentError("plan: documents by number over these shards");
            made = Query((new Listed(node, reader))->release());
            break;
        }
        stack.erase(begin, end);
        stack.push_back(made);
    }
    if (stack.size() != 1)
        throw Xapian::InvalidArgumentError("plan: not one operand at the end");
    return stack.back();
}

struct xap_matches *
lj_xap_search(struct xap_reader *reader, const struct xap_search *search, GError **error)
{
    return reading<struct xap_matches *>(reader, error, nullptr, [&] {
        Xapian::Enquire enquire(reader->db);
        Xapian::Query query = make_query(search->nodes, search->n_nodes, reader);
        enquire.set_query(query);
        bool given = search->k1 > 0 || search->b > 0 || search->k3 > 0;
        if (given)
            enquire.set_weighting_scheme(
                Xapian::BM25Weight(search->k1, 0, search->k3, search->b, search->min_normlen));
        else
            enquire.set_weighting_scheme(Xapian::BM25Weight(1.2, 0, 8, 0.75, 0.5));
        switch (search->sort) {
        case XAP_BY_RELEVANCE:
            break;
        case XAP_BY_DOCID:
            enquire.set_weighting_scheme(Xapian::BoolWeight());
            break;
        case XAP_BY_VALUE:
        case XAP_BY_VALUE_REVERSE:
            /* Sorting by value alone keeps to what works over remote shards. */
            enquire.set_weighting_scheme(Xapian::BoolWeight());
            enquire.set_sort_by_value(search->sort_slot, search->sort == XAP_BY_VALUE_REVERSE);
            break;
        }
        std::vector<std::unique_ptr<Xapian::ValueCountMatchSpy>> spies;
        for (size_t i = 0; i < search->n_spies; i++) {
            spies.emplace_back(new Xapian::ValueCountMatchSpy(search->spies[i]));
            enquire.add_matchspy(spies.back().get());
        }
        Xapian::doccount all = reader->db.get_doccount();
        Xapian::doccount least = std::min<Xapian::doccount>(search->check_at_least, all);
        Xapian::doccount max = std::min(search->max, all);
        /* One more tells whether hits of one weight go on beyond the end. Sorting all of them by value
         * is dear, and seldom needed. */
        bool settle = search->settle && search->sort == XAP_BY_RELEVANCE && max > 0 && max < all;
        Xapian::MSet mset = enquire.get_mset(search->first, max + settle, least), counted = mset;
        if (settle && mset.size() > max && mset[max].get_weight() == mset[max - 1].get_weight()) {
            enquire.clear_matchspies();
            enquire.set_sort_by_relevance_then_value(search->settle_slot, false);
            mset = enquire.get_mset(search->first, max);
        }

        struct xap_matches *out = g_new0(struct xap_matches, 1);
        out->strings = g_string_chunk_new(4096);
        out->n = std::min(mset.size(), max);
        out->hit = g_new0(struct xap_hit, out->n + 1);
        size_t i = 0;
        for (auto it = mset.begin(); i < out->n; ++it, i++) {
            out->hit[i].docid = *it;
            out->hit[i].weight = it.get_weight();
            if (search->values) {
                string value = it.get_document().get_value(search->value_slot);
                out->hit[i].value =
                    g_string_chunk_insert_len(out->strings, value.data(), (gssize)value.size());
                out->hit[i].value_length = (uint32_t)value.size();
            }
        }
        out->lower = counted.get_matches_lower_bound();
        out->estimate = counted.get_matches_estimated();
        out->upper = counted.get_matches_upper_bound();
        out->max_possible = counted.get_max_possible();
        out->n_spies = search->n_spies;
        out->spy = (decltype(out->spy))g_malloc0_n(search->n_spies + 1, sizeof *out->spy);
        for (size_t s = 0; s < search->n_spies; s++) {
            const Xapian::ValueCountMatchSpy &spy = *spies[s];
            GArray *counts = g_array_new(FALSE, FALSE, sizeof(struct xap_count));
            for (auto it = spy.values_begin(); it != spy.values_end(); ++it) {
                string value = *it;
                struct xap_count count = {
                    g_string_chunk_insert_len(out->strings, value.data(), (gssize)value.size()),
                    (uint32_t)value.size(), (uint32_t)it.get_termfreq()};
                g_array_append_val(counts, count);
            }
            out->spy[s].n = counts->len;
            out->spy[s].total = (uint32_t)spy.get_total();
            out->spy[s].count = (struct xap_count *)(void *)g_array_free(counts, FALSE);
        }
        return out;
    });
}

bool
lj_xap_match(struct xap_reader *reader, const struct xap_node *nodes, size_t n, GArray *out,
             GError **error)
{
    guint before = out->len;
    return reading<bool>(reader, error, false, [&] {
        g_array_set_size(out, before);
        Xapian::Enquire enquire(reader->db);
        enquire.set_query(make_query(nodes, n, reader));
        enquire.set_weighting_scheme(Xapian::BoolWeight());
        enquire.set_docid_order(Xapian::Enquire::ASCENDING);
        Xapian::MSet mset = enquire.get_mset(0, reader->db.get_doccount());
        for (auto it = mset.begin(); it != mset.end(); ++it) {
            uint32_t docid = *it;
            g_array_append_val(out, docid);
        }
        return true;
    });
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
lj_xap_fetch(struct xap_reader *reader, const uint32_t *docids, size_t n, GError **error)
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
lj_xap_values(struct xap_reader *reader, uint32_t slot, const uint32_t *docids, size_t n,
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

void
lj_xap_data_free(struct xap_data *data)
{
    if (!data)
        return;
    g_free(data->entry);
    g_free(data->bytes);
    g_free(data);
}
