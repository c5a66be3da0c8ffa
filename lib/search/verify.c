/* What a plan can only approach, looked up in the texts. */
#include "search/searching.h"

#include "index/invert.h"
#include "i18n.h"

/* Documents whose text is read to verify a near operator. */
#define VERIFY_LIMIT 20000

static bool
has_near(const struct lj_node *node)
{
    bool found = node && node->kind == LJ_NODE_NEAR;
    for (guint i = 0; node && node->children && i < node->children->len && !found; i++)
        found = has_near(node->children->pdata[i]);
    return found;
}

/* Does the text of a document satisfy what the plan could only approach? */
static bool
holds(struct lj_searching *s, struct lj_matcher *matcher, bool all, const struct lj_hit *hit)
{
    lj_matcher_begin(matcher, hit->stored->document);
    for (guint i = 0; i < hit->stored->frames->len; i++) {
        const struct lj_frame *frame = &g_array_index(hit->stored->frames, struct lj_frame, i);
        char *text = lj_searcher_frame(s->searcher, hit, i, NULL);
        if (text)
            lj_matcher_feed(matcher, text, frame->bytes, frame->offset);
        g_free(text);
    }
    lj_matcher_end(matcher);
    return lj_matcher_holds(matcher, all);
}

/* Ids of those among docids that hold, appended as terms with prefix to the plan; *n: how many. */
static bool
verified_terms(struct lj_searching *s, struct lj_matcher *matcher, bool all,
               const struct xap_matches *found, uint32_t *n, GError **error)
{
    bool good = true;
    for (size_t done = 0; good && done < found->n;) {
        size_t portion = MIN(found->n - done, 200);
        uint32_t docids[200];
        for (size_t i = 0; i < portion; i++)
            docids[i] = found->hit[done + i].docid;
        struct xap_data *data = lj_xap_fetch(s->searcher->reader, docids, portion, error);
        good = data != NULL;
        for (size_t i = 0; good && i < portion; i++) {
            struct lj_hit *hit = data->entry[i].length
                                     ? lj_searcher_hit(s->searcher, docids[i], data->entry[i].bytes,
                                                       data->entry[i].length, NULL)
                                     : NULL;
            if (hit && holds(s, matcher, all, hit)) {
                GString *term = g_string_new(NULL);
                lj_term_bounded("Q", hit->stored->document->id, term);
                struct xap_node node = {.op = XAP_TERM,
                                        .term = g_string_chunk_insert_len(
                                            s->plan->strings, term->str, (gssize)term->len),
                                        .length = (uint32_t)term->len};
                g_array_append_val(s->plan->nodes, node);
                g_string_free(term, TRUE);
                ++*n;
            }
            lj_hit_free(hit);
        }
        lj_xap_data_free(data);
        done += portion;
    }
    return good;
}

/* A near operator around phrases or other near operators: Xapian finds what has the parts, the text
 * decides. The plan is then restricted to the documents verified, so that counts, facets, order and
 * all that follows are right. */
bool
lj_search_verify(struct lj_searching *s, bool all, GError **error)
{
    if (!has_near(s->query->root))
        return true;
    lj_search_await_ahead(s); /* which has the analyser */
    struct lj_matcher *matcher = lj_matcher_new(s->query, lj_searcher_analyser(s->searcher));
    bool good = true;
    if (lj_matcher_must_verify(matcher)) {
        struct xap_search search = {.nodes = (const struct xap_node *)(void *)s->plan->nodes->data,
                                    .n_nodes = s->plan->nodes->len,
                                    .max = VERIFY_LIMIT,
                                    .check_at_least = VERIFY_LIMIT + 1,
                                    .sort = XAP_BY_DOCID};
        struct xap_matches *found = lj_xap_search(s->searcher->reader, &search, error);
        uint32_t n = 0;
        good = found && verified_terms(s, matcher, all, found, &n, error);
        if (good && found->upper > VERIFY_LIMIT) {
            struct lj_notice notice = {
                "limit",
                g_strdup_printf(_("Only the first %d documents with these words were looked into; "
                                  "narrow the query."),
                                VERIFY_LIMIT)};
            g_array_append_val(s->results->notices, notice);
            s->unverified = true;
        }
        struct xap_node none = {.op = XAP_NONE}, either = {.op = XAP_OR, .n = n},
                        restrict_to = {.op = XAP_FILTER, .n = 2};
        if (n == 0)
            g_array_append_val(s->plan->nodes, none);
        else if (n > 1)
            g_array_append_val(s->plan->nodes, either);
        g_array_append_val(s->plan->nodes, restrict_to);
        lj_xap_matches_free(found);
    }
    lj_matcher_free(matcher);
    return good;
}
