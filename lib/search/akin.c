#include "search/akin.h"

#include "analysis/derivation.h"

#include <string.h>

#define WORDS 64

/* A stem that may be one of a word's. */
struct candidate {
    struct lj_node *node;
    char *term; /* Z and the stem */
};

static void
candidate_clear(gpointer data)
{
    g_free(((struct candidate *)data)->term);
}

static bool
may_have(const struct lj_node *list, const struct lj_node *word)
{
    return list && list->kind == LJ_NODE_LIST && word->kind == LJ_NODE_WORD && !word->word.stop &&
           !word->exact && !word->field && !word->declared && !word->plus && !word->minus;
}

/* Candidates of a node's words; *words: how many may still be asked. */
static void
collect(struct lj_analyser *analyser, const struct lj_node *parent, struct lj_node *node,
        guint *words, GArray *out)
{
    g_clear_pointer(&node->akin, g_ptr_array_unref);
    node->akin_documents = 0;
    if (may_have(parent, node) && *words > 0) {
        GPtrArray *stems = g_ptr_array_new_with_free_func(g_free);
        --*words;
        lj_derivation_candidates(node->word.stem, stems);
        for (guint i = 0; i < stems->len; i++) {
            const struct lj_word *word = lj_analyser_word(analyser, stems->pdata[i], -1);
            struct candidate candidate = {node, g_strconcat("Z", stems->pdata[i], NULL)};
            if (word && word->stop) /* estación has nothing of estar */
                candidate_clear(&candidate);
            else
                g_array_append_val(out, candidate);
        }
        g_ptr_array_unref(stems);
    }
    for (guint i = 0; node->children && i < node->children->len; i++)
        collect(analyser, node->kind == LJ_NODE_NOT ? NULL : node, node->children->pdata[i], words,
                out);
}

/* Those that documents hold become akin. */
static bool
keep_known(struct lj_searcher *searcher, GArray *candidates, GError **error)
{
    struct xap_term *terms = g_new(struct xap_term, candidates->len + 1);
    uint32_t *df = g_new0(uint32_t, candidates->len + 1);
    for (guint i = 0; i < candidates->len; i++) {
        const struct candidate *candidate = &g_array_index(candidates, struct candidate, i);
        terms[i] = (struct xap_term){candidate->term, strlen(candidate->term)};
    }
    bool good = lj_xap_frequencies(searcher->reader, terms, candidates->len, df, NULL, error);
    for (guint i = 0; good && i < candidates->len; i++) {
        const struct candidate *candidate = &g_array_index(candidates, struct candidate, i);
        struct lj_node *node = candidate->node;
        if (df[i] == 0)
            continue;
        if (!node->akin)
            node->akin = g_ptr_array_new_with_free_func(g_free);
        g_ptr_array_add(node->akin, g_strdup(candidate->term + 1));
        node->akin_documents += df[i];
    }
    g_free(terms);
    g_free(df);
    return good;
}

bool
lj_akin_find(struct lj_searcher *searcher, struct lj_query *query, GError **error)
{
    GArray *candidates = g_array_new(FALSE, FALSE, sizeof(struct candidate));
    guint words = WORDS;
    g_array_set_clear_func(candidates, candidate_clear);
    if (query->root)
        collect(lj_searcher_analyser(searcher), NULL, query->root, &words, candidates);
    bool good = candidates->len == 0 || keep_known(searcher, candidates, error);
    g_array_unref(candidates);
    return good;
}
