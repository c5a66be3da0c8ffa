#include "reference.h"
#include <sstream>
#include <string>
#include <xapian.h>

using std::string;

namespace {

string
shown(const string &bytes)
{
    string out;
    char code[8];
    for (size_t i = 0; i < bytes.size() && i < 40; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        if (byte > 32 && byte < 127) {
            out += (char)byte;
        } else {
            g_snprintf(code, sizeof code, "\\x%02x", byte);
            out += code;
        }
    }
    return out + (bytes.size() > 40 ? "…" : "");
}

template <class T>
void
agree(const char *what, const string &where, const T &a, const T &b)
{
    if (a == b)
        return;
    std::ostringstream text;
    text << what << " " << shown(where) << ": " << a << " and " << b;
    throw text.str();
}

void
agree_bytes(const char *what, const string &where, const string &a, const string &b)
{
    if (a == b)
        return;
    std::ostringstream text;
    text << what << " " << shown(where) << ": " << a.size() << " bytes (" << shown(a) << ") and "
         << b.size() << " bytes (" << shown(b) << ")";
    throw text.str();
}

void
compare_positions(const char *what, const string &where, Xapian::PositionIterator x,
                  Xapian::PositionIterator x_end, Xapian::PositionIterator y,
                  Xapian::PositionIterator y_end)
{
    for (; x != x_end && y != y_end; ++x, ++y)
        agree(what, where, *x, *y);
    agree(what, where, x == x_end, y == y_end);
}

void
compare_term(const Xapian::Database &a, const Xapian::Database &b, const string &term)
{
    agree("frequency of", term, a.get_termfreq(term), b.get_termfreq(term));
    agree("collection frequency of", term, a.get_collection_freq(term),
          b.get_collection_freq(term));
    Xapian::PostingIterator x = a.postlist_begin(term), y = b.postlist_begin(term);
    for (; x != a.postlist_end(term) && y != b.postlist_end(term); ++x, ++y) {
        agree("docid of", term, *x, *y);
        agree("wdf of", term, x.get_wdf(), y.get_wdf());
        agree("length by", term, x.get_doclength(), y.get_doclength());
        if (!term.empty())
            compare_positions("position of", term, x.positionlist_begin(), x.positionlist_end(),
                              y.positionlist_begin(), y.positionlist_end());
    }
    agree("end of", term, x == a.postlist_end(term), y == b.postlist_end(term));
    /* skipping goes through the tree, not from chunk to chunk */
    Xapian::docid last = a.get_lastdocid();
    for (guint64 to = 1; to <= last; to += 1 + last / 7) {
        Xapian::PostingIterator p = a.postlist_begin(term), q = b.postlist_begin(term);
        p.skip_to((Xapian::docid)to);
        q.skip_to((Xapian::docid)to);
        agree("skip in", term, p == a.postlist_end(term), q == b.postlist_end(term));
        if (p != a.postlist_end(term))
            agree("skip in", term, *p, *q);
    }
}

void
compare_document(const Xapian::Database &a, const Xapian::Database &b, Xapian::docid id)
{
    string where = "document " + std::to_string(id);
    agree("length of", where, a.get_doclength(id), b.get_doclength(id));
    agree("unique terms of", where, a.get_unique_terms(id), b.get_unique_terms(id));
    Xapian::Document x = a.get_document(id), y = b.get_document(id);
    agree_bytes("data of", where, x.get_data(), y.get_data());
    agree("terms of", where, x.termlist_count(), y.termlist_count());
    agree("values of", where, x.values_count(), y.values_count());
    Xapian::ValueIterator v = x.values_begin(), w = y.values_begin();
    for (; v != x.values_end() && w != y.values_end(); ++v, ++w) {
        agree("slot of", where, v.get_valueno(), w.get_valueno());
        agree_bytes("value of", where, *v, *w);
        agree_bytes("value by slot of", where, x.get_value(v.get_valueno()),
                    y.get_value(v.get_valueno()));
    }
    agree("values of", where, v == x.values_end(), w == y.values_end());
    Xapian::TermIterator s = a.termlist_begin(id), t = b.termlist_begin(id);
    for (; s != a.termlist_end(id) && t != b.termlist_end(id); ++s, ++t) {
        agree_bytes("term of", where, *s, *t);
        agree("wdf in", where, s.get_wdf(), t.get_wdf());
        agree("frequency in", where, s.get_termfreq(), t.get_termfreq());
        compare_positions("positions in", where + " " + *s, a.positionlist_begin(id, *s),
                          a.positionlist_end(id, *s), b.positionlist_begin(id, *s),
                          b.positionlist_end(id, *s));
    }
    agree("terms of", where, s == a.termlist_end(id), t == b.termlist_end(id));
}

void
compare_values(const Xapian::Database &a, const Xapian::Database &b, Xapian::valueno slot)
{
    string where = "slot " + std::to_string(slot);
    agree("frequency of", where, a.get_value_freq(slot), b.get_value_freq(slot));
    agree_bytes("lower bound of", where, a.get_value_lower_bound(slot),
                b.get_value_lower_bound(slot));
    agree_bytes("upper bound of", where, a.get_value_upper_bound(slot),
                b.get_value_upper_bound(slot));
    Xapian::ValueIterator x = a.valuestream_begin(slot), y = b.valuestream_begin(slot);
    for (; x != a.valuestream_end(slot) && y != b.valuestream_end(slot); ++x, ++y) {
        agree("docid in", where, x.get_docid(), y.get_docid());
        agree_bytes("value in", where, *x, *y);
    }
    agree("end of", where, x == a.valuestream_end(slot), y == b.valuestream_end(slot));
}

void
compare(const Xapian::Database &a, const Xapian::Database &b)
{
    agree("documents", "", a.get_doccount(), b.get_doccount());
    agree("last docid", "", a.get_lastdocid(), b.get_lastdocid());
    agree("average length", "", a.get_avlength(), b.get_avlength());
    agree("total length", "", a.get_total_length(), b.get_total_length());
    agree("lower bound of length", "", a.get_doclength_lower_bound(),
          b.get_doclength_lower_bound());
    agree("upper bound of length", "", a.get_doclength_upper_bound(),
          b.get_doclength_upper_bound());
    agree("positions", "", a.has_positions(), b.has_positions());

    Xapian::TermIterator s = a.allterms_begin(), t = b.allterms_begin();
    for (; s != a.allterms_end() && t != b.allterms_end(); ++s, ++t) {
        agree_bytes("term", *s, *s, *t);
        agree("wdf bound of", *s, a.get_wdf_upper_bound(*s), b.get_wdf_upper_bound(*s));
        compare_term(a, b, *s);
    }
    agree("all terms", "", s == a.allterms_end(), t == b.allterms_end());
    compare_term(a, b, "");

    static const Xapian::valueno slots[] = {0,   1,   2,   3,    127,   128,
                                            255, 256, 257, 1024, 65536, 1049599};
    for (Xapian::valueno slot : slots)
        compare_values(a, b, slot);
    for (Xapian::PostingIterator id = a.postlist_begin(""); id != a.postlist_end(""); ++id)
        compare_document(a, b, *id);

    Xapian::TermIterator k = a.metadata_keys_begin(), l = b.metadata_keys_begin();
    for (; k != a.metadata_keys_end() && l != b.metadata_keys_end(); ++k, ++l) {
        agree_bytes("metadata name", *k, *k, *l);
        if (*k != "updated") /* the time of a commit */
            agree_bytes("metadata", *k, a.get_metadata(*k), b.get_metadata(*l));
    }
    agree("metadata", "", k == a.metadata_keys_end(), l == b.metadata_keys_end());
}

} // namespace

char *
reference_difference(const char *a, const char *b)
{
    try {
        compare(Xapian::Database(a), Xapian::Database(b));
    } catch (const string &difference) {
        return g_strdup(difference.c_str());
    } catch (const Xapian::Error &error) {
        return g_strdup(error.get_description().c_str());
    }
    return NULL;
}
