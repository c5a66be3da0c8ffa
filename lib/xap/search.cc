/* A plan answered: see xap.h. */
#include "xap/inner.hh"

#include <algorithm>
#include <memory>

using std::string;

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
    Listed(const struct xap_node &node, const struct xapian_reader *reader)
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
make_query(const struct xap_node *nodes, size_t n, const struct xapian_reader *reader)
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
            if (!lj_xapian_takes_docids(reader))
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
lj_xapian_search(struct xapian_reader *reader, const struct xap_search *search, GError **error)
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
lj_xapian_match(struct xapian_reader *reader, const struct xap_node *nodes, size_t n, GArray *out,
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
