/* What the files of this folder share: C++, never included elsewhere. */
#ifndef LEGAJO_XAP_INNER_HH
#define LEGAJO_XAP_INNER_HH

#include "xap/xapian.h"

#include <xapian.h>

#include <map>
#include <string>
#include <type_traits>
#include <vector>

/* Turns the exception being handled, most derived first, into one of our errors. `where` names the database
 * for people. What is none of Xapian's or the library's goes on its way. */
void lj_xap_caught(GError **error, const char *where);

/* The one frame in which Xapian is called. */
template <typename Result, typename Body>
static Result
guarded(GError **error, const char *where, Result failed, Body body)
{
    try {
        return body();
    } catch (...) {
        lj_xap_caught(error, where);
    }
    return failed;
}

struct xapian_reader {
    std::string name; /* for messages: all of them */
    std::vector<std::string> paths;
    std::vector<Xapian::Database> shard;
    std::vector<bool> remote;
    std::map<std::string, size_t> place; /* of each local shard, by its UUID */
    Xapian::Database db;                 /* all shards as one */
};

/* Runs body; when the index was modified under it (two commits since it was opened), opens the
 * newest revision and begins again, so that callers never see half an answer. */
template <typename Result, typename Body>
static Result
reading(struct xapian_reader *reader, GError **error, Result failed, Body body)
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

/* The functions of xapian.h, which are C. */
extern "C" {
std::remove_pointer_t<decltype(xapian_functions::open)> lj_xapian_open;
std::remove_pointer_t<decltype(xapian_functions::close)> lj_xapian_close;
std::remove_pointer_t<decltype(xapian_functions::reopen)> lj_xapian_reopen;
std::remove_pointer_t<decltype(xapian_functions::takes_docids)> lj_xapian_takes_docids;
std::remove_pointer_t<decltype(xapian_functions::statistics)> lj_xapian_statistics;
std::remove_pointer_t<decltype(xapian_functions::shard_statistics)> lj_xapian_shard_statistics;
std::remove_pointer_t<decltype(xapian_functions::shard_revision)> lj_xapian_shard_revision;
std::remove_pointer_t<decltype(xapian_functions::metadata)> lj_xapian_metadata;
std::remove_pointer_t<decltype(xapian_functions::pieces)> lj_xapian_pieces;
std::remove_pointer_t<decltype(xapian_functions::frequencies)> lj_xapian_frequencies;
std::remove_pointer_t<decltype(xapian_functions::terms)> lj_xapian_terms;
std::remove_pointer_t<decltype(xapian_functions::docids)> lj_xapian_docids;
std::remove_pointer_t<decltype(xapian_functions::positions)> lj_xapian_positions;
std::remove_pointer_t<decltype(xapian_functions::positions_of)> lj_xapian_positions_of;
std::remove_pointer_t<decltype(xapian_functions::wdf_of)> lj_xapian_wdf_of;
std::remove_pointer_t<decltype(xapian_functions::sum_terms)> lj_xapian_sum_terms;
std::remove_pointer_t<decltype(xapian_functions::occurrences)> lj_xapian_occurrences;
std::remove_pointer_t<decltype(xapian_functions::data)> lj_xapian_data;
std::remove_pointer_t<decltype(xapian_functions::value)> lj_xapian_value;
std::remove_pointer_t<decltype(xapian_functions::search)> lj_xapian_search;
std::remove_pointer_t<decltype(xapian_functions::match)> lj_xapian_match;
std::remove_pointer_t<decltype(xapian_functions::fetch)> lj_xapian_fetch;
std::remove_pointer_t<decltype(xapian_functions::values)> lj_xapian_values;
}

/* A value that C frees, with a NUL; NULL and *length 0 for an empty one. */
char *lj_xap_copy_out(const std::string &value, size_t *length);

#endif
