/* Why a hit stands where it does: each part of the plan is asked by itself for what it gives to the hits
 * shown. Weights of BM25 do not depend on what else is asked, so they add up to the score; what is left over
 * is what the text itself added. */
#include "analysis/citation.h"
#include "search/evidence.h"
#include "search/searching.h"

#include <math.h>
#include <string.h>

#define PARTS 400 /* asked one by one; an explanation of more is no explanation */
#define READINGS 4

struct explaining {
    struct lj_searcher *searcher;
    const struct lj_query *query;
    const struct lj_ranking *ranking;
    struct lj_results *results;
    GHashTable *hits; /* docid → struct lj_hit */
    GHashTable *best; /* docid → struct lj_candidate of those that the second look saw */
    GArray *docids;   /* uint32_t, rising */
    double akin;      /* what words akin to the query's weigh; 0: they do not match */
};

static void
free_explained(gpointer data)
{
    struct lj_explained *explained = data;
    g_free(explained->what);
    g_free(explained);
}

static void
free_term(gpointer data)
{
    struct lj_explained_term *term = data;
    g_free(term->what);
    g_clear_pointer(&term->forms, g_ptr_array_unref);
    g_clear_pointer(&term->synonyms, g_ptr_array_unref);
    g_clear_pointer(&term->readings, g_ptr_array_unref);
    g_free(term);
}

static char *
text_of(const struct lj_node *node)
{
    const struct lj_query query = {.root = (struct lj_node *)node, .text = ""};
    return lj_query_print(&query);
}

/* The piece of the query a part stands for. */
static char *
label(const struct lj_plan_part *part)
{
    GString *out = g_string_new(NULL);
    for (uint32_t i = 0; i < part->n; i++) {
        char *text = text_of(part->nodes[i]);
        g_string_append_printf(out, "%s%s", i ? " " : "", text);
        g_free(text);
    }
    if (part->node) {
        char *text = text_of(part->node);
        g_string_append(out, text);
        g_free(text);
    }
    return g_string_free(out, FALSE);
}

/* --- weights -----------------------------------------------------------------------------------
 */

/* What a part finds: among the hits shown, or in all documents. */
static struct xap_matches *
ask(const struct explaining *e, const struct lj_plan *plan, const struct lj_plan_part *part,
    bool among_hits, GError **error)
{
    GArray *nodes = g_array_new(FALSE, TRUE, sizeof(struct xap_node));
    g_array_append_vals(nodes, &g_array_index(plan->nodes, struct xap_node, part->from),
                        part->to - part->from);
    GPtrArray *keys = g_ptr_array_new_with_free_func(g_free);
    if (among_hits) {
        if (lj_xap_takes_docids(e->searcher->reader)) {
            struct xap_node listed = {.op = XAP_DOCIDS,
                                      .docids = (const uint32_t *)(void *)e->docids->data,
                                      .n_docids = e->docids->len};
            g_array_append_val(nodes, listed);
        } else {
            for (guint i = 0; i < e->results->hits->len; i++) {
                const struct lj_hit *hit = e->results->hits->pdata[i];
                char *key = g_strconcat("XK", hit->key, NULL);
                g_ptr_array_add(keys, key);
                struct xap_node term = {
                    .op = XAP_TERM, .term = key, .length = (uint32_t)strlen(key)};
                g_array_append_val(nodes, term);
            }
            struct xap_node either = {.op = XAP_OR, .n = keys->len};
            g_array_append_val(nodes, either);
        }
        struct xap_node only = {.op = XAP_FILTER, .n = 2};
        g_array_append_val(nodes, only);
    }
    struct xap_search search = {.nodes = (const struct xap_node *)(void *)nodes->data,
                                .n_nodes = nodes->len,
                                .max = among_hits ? e->results->hits->len : 1,
                                .check_at_least = among_hits ? 0 : G_MAXUINT32,
                                .k1 = e->ranking->k1,
                                .b = e->ranking->b,
                                .k3 = e->ranking->k3,
                                .min_normlen = e->ranking->min_normlen};
    struct xap_matches *matches = lj_xap_search(e->searcher->reader, &search, error);
    g_array_unref(nodes);
    g_ptr_array_unref(keys);
    return matches;
}

/* what: taken; of parts that stand for no piece of the query, those of a kind are one. */
static void
add_weight(struct lj_hit *hit, char *what, const char *kind, double weight)
{
    guint n = hit->explanation->len;
    struct lj_explained *last = n > 0 ? hit->explanation->pdata[n - 1] : NULL;
    if (last && !*what && !*last->what && strcmp(last->kind, kind) == 0) {
        last->weight += weight;
        g_free(what);
        return;
    }
    struct lj_explained *explained = g_new(struct lj_explained, 1);
    *explained = (struct lj_explained){what, kind, weight};
    g_ptr_array_add(hit->explanation, explained);
}

static bool
add_weights(const struct explaining *e, const struct lj_plan *plan, bool best, GError **error)
{
    bool good = true;
    for (guint i = 0; good && i < plan->parts->len && i < PARTS; i++) {
        const struct lj_plan_part *part = &g_array_index(plan->parts, struct lj_plan_part, i);
        struct xap_matches *matches = ask(e, plan, part, true, error);
        good = matches != NULL;
        for (size_t m = 0; good && m < matches->n; m++) {
            struct lj_hit *hit =
                g_hash_table_lookup(e->hits, GUINT_TO_POINTER(matches->hit[m].docid));
            if (!hit || matches->hit[m].weight <= 0 ||
                (best && !g_hash_table_contains(e->best, GUINT_TO_POINTER(hit->docid))))
                continue;
            add_weight(hit, label(part), part->kind, matches->hit[m].weight);
        }
        lj_xap_matches_free(matches);
    }
    return good;
}

/* What the positions in a hit's text gave. */
static bool
add_evidence(const struct explaining *e, double trust, GError **error)
{
    GPtrArray *words = g_ptr_array_new();
    lj_evidence_words(e->query->root, words);
    GError *failure = NULL;
    struct lj_evidence *evidence = lj_evidence_new(words, e->ranking, e->searcher->reader, NULL,
                                                   lj_searcher_analyser(e->searcher), &failure);
    for (guint i = 0; evidence && !failure && i < e->results->hits->len; i++) {
        struct lj_hit *hit = e->results->hits->pdata[i];
        struct lj_evidence_parts parts;
        const struct lj_candidate *candidate =
            g_hash_table_lookup(e->best, GUINT_TO_POINTER(hit->docid));
        if (!candidate || !candidate->close ||
            lj_evidence_weigh(evidence, hit->docid, &parts, &failure) < 0)
            continue;
        const struct {
            const char *kind;
            double weight;
        } given[] = {{"family", parts.family}, {"little", parts.little}, {"passage", parts.passage},
                     {"wide", parts.wide},     {"dense", parts.dense},   {"pair", parts.pair},
                     {"skip", parts.skip},     {"run", parts.run}};
        for (size_t g = 0; g < G_N_ELEMENTS(given); g++) {
            if (given[g].weight > 0)
                add_weight(hit, g_strdup(""), given[g].kind, trust * given[g].weight);
        }
    }
    lj_evidence_free(evidence);
    g_ptr_array_unref(words);
    if (failure)
        g_propagate_error(error, failure);
    return !failure;
}

/* --- terms -------------------------------------------------------------------------------------
 */

static void
add_forms(struct lj_explained_term *term, const GPtrArray *forms)
{
    for (guint i = 0; forms && i < forms->len; i++) {
        if (!term->forms)
            term->forms = g_ptr_array_new_with_free_func(g_free);
        if (!g_ptr_array_find_with_equal_func(term->forms, forms->pdata[i], g_str_equal, NULL))
            g_ptr_array_add(term->forms, g_strdup(forms->pdata[i]));
    }
}

/* text: taken. */
static void
add_synonym(struct lj_explained_term *term, char *text, const char *source, double weight)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(number, sizeof number, "%.2g", weight);
    if (!term->synonyms)
        term->synonyms = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(term->synonyms, g_strdup_printf("%s (%s, %s)", text, source, number));
    g_free(text);
}

static void
describe(struct lj_explained_term *term, const struct lj_node *node, double akin)
{
    add_forms(term, node->forms);
    for (guint i = 0; akin > 0 && node->akin && i < node->akin->len; i++)
        add_synonym(term, g_strdup(node->akin->pdata[i]), "akin", akin);
    for (guint i = 0; node->synonyms && i < node->synonyms->len; i++) {
        const struct lj_synonym *synonym = node->synonyms->pdata[i];
        add_synonym(term, text_of(synonym->node), synonym->source, synonym->weight);
    }
    for (guint i = 0; node->children && i < node->children->len; i++)
        describe(term, node->children->pdata[i], akin);
}

static void
read_citation(struct lj_explained_term *term, const char *text, int field)
{
    GPtrArray *terms = g_ptr_array_new_with_free_func(g_free);
    if (lj_citation_normalise(text, strlen(text), field, terms)) {
        term->readings = g_ptr_array_new_with_free_func(g_free);
        for (guint i = 0; i < terms->len && i < READINGS; i++)
            g_ptr_array_add(term->readings, g_strdup(terms->pdata[i]));
    }
    g_ptr_array_unref(terms);
}

static bool
add_term(const struct explaining *e, const struct lj_plan *plan, const struct lj_plan_part *part,
         GError **error)
{
    struct xap_matches *matches = ask(e, plan, part, false, error);
    if (!matches)
        return false;
    struct lj_explained_term *term = g_new0(struct lj_explained_term, 1);
    term->what = label(part);
    term->kind = part->kind;
    term->documents = matches->estimate;
    /* What it does give to the best document: Xapian's bound would add up a word and its synonyms, of which
     * only one counts in any document. */
    term->most = matches->n > 0 ? matches->hit[0].weight : 0;
    for (uint32_t i = 0; i < part->n; i++)
        if (!part->nodes[i]->word.stop)
            describe(term, part->nodes[i], e->akin);
    const struct lj_node *node = part->node;
    if (node)
        describe(term, node, e->akin);
    if (strcmp(part->kind, "citation") == 0)
        read_citation(term, node ? node->text : e->query->text,
                      node ? (int)node->field->id : LJ_FIELD_CITATION);
    g_ptr_array_add(e->results->terms, term);
    lj_xap_matches_free(matches);
    return true;
}

/* --- the whole ---------------------------------------------------------------------------------
 */

static int
compare_weights(gconstpointer a, gconstpointer b)
{
    const struct lj_explained *x = *(const struct lj_explained *const *)a;
    const struct lj_explained *y = *(const struct lj_explained *const *)b;
    return x->weight != y->weight ? (x->weight < y->weight ? 1 : -1) : strcmp(x->what, y->what);
}

/* What no part of a plan gave. */
static void
add_rest(struct lj_hit *hit)
{
    double rest = hit->score;
    for (guint i = 0; i < hit->explanation->len; i++)
        rest -= ((const struct lj_explained *)hit->explanation->pdata[i])->weight;
    if (fabs(rest) > 1e-6)
        add_weight(hit, g_strdup(""), "evidence", rest);
    g_ptr_array_sort(hit->explanation, compare_weights);
}

/* What each look at the best has added. */
static bool
add_looks(const struct explaining *e, const struct lj_searching *s, GError **error)
{
    const struct lj_plan_candidates any = {0}; /* only the parts are asked */
    struct lj_plan *second = lj_plan_second(s->query, s->ranking, &any);
    bool good = (!second || add_weights(e, second, true, error)) &&
                add_evidence(e, s->trust, error) &&
                (!s->alike || add_weights(e, s->alike, true, error));
    lj_plan_free(second);
    return good;
}

bool
lj_search_explain(struct lj_searching *s, GError **error)
{
    struct explaining e = {.searcher = s->searcher,
                           .query = s->query,
                           .ranking = s->ranking,
                           .results = s->results,
                           .hits = g_hash_table_new(NULL, NULL),
                           .best = g_hash_table_new(NULL, NULL),
                           .docids = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
                           .akin = s->all ? 0 : s->ranking->akin};
    struct lj_results *results = s->results;
    results->terms = g_ptr_array_new_with_free_func(free_term);
    bool good = true, scored = false;
    for (guint i = 0; i < results->hits->len; i++) {
        struct lj_hit *hit = results->hits->pdata[i];
        g_hash_table_insert(e.hits, GUINT_TO_POINTER(hit->docid), hit);
        g_array_append_val(e.docids, hit->docid);
        hit->explanation = g_ptr_array_new_with_free_func(free_explained);
        scored = scored || hit->score > 0;
    }
    g_array_sort(e.docids, lj_compare_docids);
    for (guint i = 0; i < s->candidates->len && i < s->ranking->depth; i++) {
        struct lj_candidate *candidate = &g_array_index(s->candidates, struct lj_candidate, i);
        g_hash_table_insert(e.best, GUINT_TO_POINTER(candidate->docid), candidate);
    }
    for (guint i = 0; good && i < s->plan->parts->len && i < PARTS; i++) {
        const struct lj_plan_part *part = &g_array_index(s->plan->parts, struct lj_plan_part, i);
        good = part->bonus || add_term(&e, s->plan, part, error);
    }
    if (good && scored)
        good = add_weights(&e, s->plan, false, error);
    if (good && scored && lj_search_by_relevance(s) && s->candidates->len > 1)
        good = add_looks(&e, s, error);
    for (guint i = 0; good && scored && i < results->hits->len; i++)
        add_rest(results->hits->pdata[i]);
    g_hash_table_unref(e.hits);
    g_hash_table_unref(e.best);
    g_array_unref(e.docids);
    return good;
}
