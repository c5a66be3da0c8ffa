/* Merging databases, and checking one: see xap.h. */
#include "xap/inner.hh"
#include "i18n.h"

#include <ostream>
#include <set>
#include <vector>

using std::string;

namespace {

/* Several segments may know forms of one stem: the merged one knows them all. Of the rest the last segment's value
 * holds: it names the manifest. */
class UniteMetadata : public Xapian::Compactor {
    const std::vector<Xapian::Database> &sources;

    string resolve_duplicate_metadata(const string &key, size_t n, const string values[]) override
    {
        /* Xapian hands over the key of its table, two bytes before ours. */
        size_t ours = key.compare(0, 2, string("\0\xc0", 2)) == 0 ? 2 : 0;
        if (key.size() <= ours || (key[ours] != 'F' && key[ours] != 'A')) {
            /* The values come in the order of a heap, not of the sources, so the sources are asked. */
            for (size_t i = sources.size(); i-- > 0;) {
                string value = sources[i].get_metadata(key.substr(ours));
                if (!value.empty())
                    return value;
            }
            return values[n - 1];
        }
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

  public:
    explicit UniteMetadata(const std::vector<Xapian::Database> &databases) : sources(databases) {}
};

} // namespace

bool
lj_xap_compact(const char *const *sources, size_t n, const char *target, bool keep_docids,
               bool full, GError **error)
{
    return guarded<bool>(error, target, false, [&] {
        Xapian::Database db;
        std::vector<Xapian::Database> each;
        for (size_t i = 0; i < n; i++) {
            each.push_back(Xapian::Database(sources[i], Xapian::DB_BACKEND_GLASS));
            db.add_database(each.back());
        }
        unsigned flags = full ? Xapian::Compactor::FULLER : Xapian::Compactor::STANDARD;
        if (keep_docids)
            flags |= Xapian::DBCOMPACT_NO_RENUMBER;
        UniteMetadata compactor(each);
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
