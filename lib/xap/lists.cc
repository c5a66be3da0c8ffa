/* Lists of terms, documents and positions: see xap.h. */
#include "xap/inner.hh"

#include <algorithm>
#include <cstring>
#include <unordered_map>

using std::string;

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

struct xap_vocabulary *
lj_xapian_terms(struct xapian_reader *reader, const char *prefix, size_t length, const char *from,
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
lj_xapian_docids(struct xapian_reader *reader, const char *term, size_t length, GArray *out,
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
lj_xapian_positions(struct xapian_reader *reader, uint32_t docid, const char *term, size_t length,
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
lj_xapian_positions_of(struct xapian_reader *reader, const char *term, size_t length,
                       const uint32_t *docids, size_t n, uint32_t *counts, GArray *out,
                       GError **error)
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
lj_xapian_wdf_of(struct xapian_reader *reader, const char *term, size_t length,
                 const uint32_t *docids, size_t n, uint32_t *wdf, GError **error)
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
lj_xapian_sum_terms(struct xapian_reader *reader, const uint32_t *docids, size_t n,
                    const char *from, size_t from_length, const char *to, size_t to_length,
                    GError **error)
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

struct xap_occurrences *
lj_xapian_occurrences(struct xapian_reader *reader, uint32_t docid, const struct xap_probe *probes,
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
