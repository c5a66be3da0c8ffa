/* Writing one database: see xap.h. */
#include "xap/inner.hh"
#include "i18n.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>

#include <unistd.h>

using std::string;

struct xap_writer {
    string path;
    Xapian::WritableDatabase db;
};

/* A commit is under way. */
static bool committing;

/* On a disk that fills or fails, Xapian 1.4 sometimes throws out of a destructor in the middle of a commit (seen in
 * glass's undo of a failed flush): C++ then knows no way back and would abort, and sometimes not even what was thrown.
 * What was committed before is whole, so the program ends as it does for every other full disk. */
static void
xapian_gave_up()
{
    int number = errno;
    string message;
    try {
        if (std::exception_ptr thrown = std::current_exception())
            std::rethrow_exception(thrown);
        if (committing)
            message = g_strerror(number);
    } catch (const Xapian::Error &e) {
        message = e.get_msg();
        const char *detail = e.get_error_string();
        if (detail)
            message += string(": ") + detail;
    } catch (...) {
        abort();
    }
    if (message.empty())
        abort();
    fprintf(stderr, _("The index could not be written and stays as it was (%s)\n"),
            message.c_str());
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
lj_xap_writer_copy(struct xap_writer *from, uint32_t docid, struct xap_writer *to,
                   uint32_t replaced, GError **error)
{
    return guarded<bool>(error, to->path.c_str(), false, [&] {
        to->db.replace_document(replaced, from->db.get_document(docid));
        return true;
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

char *
lj_xap_writer_metadata(struct xap_writer *writer, const char *key, size_t key_length,
                       size_t *length, GError **error)
{
    *length = 0;
    return guarded<char *>(error, writer->path.c_str(), nullptr, [&] {
        return lj_xap_copy_out(writer->db.get_metadata(string(key, key_length)), length);
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

bool
lj_xap_writer_terms(struct xap_writer *writer, uint32_t docid, GString *out, GError **error)
{
    return guarded<bool>(error, writer->path.c_str(), false, [&] {
        try {
            auto end = writer->db.termlist_end(docid);
            for (auto it = writer->db.termlist_begin(docid); it != end;) {
                const string term = *it;
                if (!term.empty() && term[0] >= 'A' && term[0] <= 'Z' && term[0] != 'E') {
                    it.skip_to(term[0] < 'E' ? "E" : "["); /* the byte after Z */
                    continue;
                }
                g_string_append_len(out, term.c_str(), (gssize)term.size() + 1);
                ++it;
            }
        } catch (const Xapian::DocNotFoundError &) {
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
    committing = true;
    bool good = guarded<bool>(error, writer->path.c_str(), false, [&] {
        writer->db.commit();
        return true;
    });
    committing = false;
    return good;
}
