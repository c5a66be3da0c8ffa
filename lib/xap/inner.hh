/* What the files of this folder share: C++, never included elsewhere. */
#ifndef LEGAJO_XAP_INNER_HH
#define LEGAJO_XAP_INNER_HH

#include "xap/xap.h"

#include <xapian.h>

#include <map>
#include <string>
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

struct xap_reader {
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

/* A value that C frees, with a NUL; NULL and *length 0 for an empty one. */
char *lj_xap_copy_out(const std::string &value, size_t *length);

#endif
