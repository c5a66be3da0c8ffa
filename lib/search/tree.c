#include "search/tree.h"

#include <math.h>

static void
free_node(gpointer data)
{
    struct lj_local_node *node = data;
    g_free(node->child);
    g_free(node->part);
    g_free(node);
}

void
lj_tree_clear(struct lj_local_plan *s)
{
    for (guint i = 0; i < s->nodes->len; i++) {
        struct lj_local_node *node = s->nodes->pdata[i];
        for (size_t k = 0; node->part && k < s->local->n; k++) {
            struct lj_local_part *part = &node->part[k];
            if (part->begun)
                lj_glass_postings_end(&part->list);
            g_free(part->docids);
            g_free(part->wdf);
            g_free(part->own);
        }
    }
}

/* Does this module know what a node wants? */
static bool
is_place(const struct lj_local_node *node)
{
    if (node->plan->op == XAP_TERM)
        return true;
    bool good = node->plan->op == XAP_OR;
    for (uint32_t i = 0; good && i < node->n; i++)
        good = node->child[i]->plan->op == XAP_TERM;
    return good;
}

/* Words near each other are looked for here where each stands for one place: else one occurrence could be taken for
 * two of them. */
static bool
is_plain(const struct lj_local_node *near)
{
    GHashTable *place_of =
        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    bool plain = true;
    for (uint32_t c = 0; plain && c < near->n; c++) {
        struct lj_local_node *place = near->child[c];
        struct lj_local_node *const *words = place->n > 0 ? place->child : &place;
        for (uint32_t i = 0; plain && i < MAX(place->n, 1); i++) {
            GBytes *word = g_bytes_new_static(words[i]->plan->term, words[i]->plan->length);
            guint known = GPOINTER_TO_UINT(g_hash_table_lookup(place_of, word));
            plain = known == 0 || known == c + 1;
            g_hash_table_replace(place_of, word, GUINT_TO_POINTER(c + 1));
        }
    }
    g_hash_table_unref(place_of);
    return plain;
}

static struct lj_local_node *
build(struct lj_local_plan *s)
{
    GPtrArray *stack = g_ptr_array_new();
    bool good = true;
    for (size_t i = 0; good && i < s->search->n_nodes; i++) {
        const struct xap_node *plan = &s->search->nodes[i];
        uint32_t n = plan->op == XAP_TERM || plan->op == XAP_DOCIDS ? 0 : plan->n;
        good = stack->len >= n &&
               (plan->op != XAP_TERM ||
                (plan->length > 0 && plan->length <= 245 && !memchr(plan->term, 0, plan->length)));
        if (!good)
            break;
        struct lj_local_node *node = g_new0(struct lj_local_node, 1);
        g_ptr_array_add(s->nodes, node);
        node->plan = plan;
        node->n = n;
        node->child = g_new(struct lj_local_node *, n + 1);
        for (uint32_t c = 0; c < n; c++)
            node->child[c] = stack->pdata[stack->len - n + c];
        g_ptr_array_set_size(stack, (gint)(stack->len - n));
        g_ptr_array_add(stack, node);
        if (lj_is_phrase(node))
            for (uint32_t c = 0; good && c < n; c++)
                good = is_place(node->child[c]);
        if (good && plan->op == XAP_NEAR)
            good = is_plain(node);
    }
    struct lj_local_node *root = good && stack->len == 1 ? stack->pdata[0] : NULL;
    g_ptr_array_unref(stack);
    return root;
}

/* Hands factors down. Synonyms weigh as one word; other ones than words are Xapian's to weigh. */
static bool
scale(struct lj_local_node *node, double factor)
{
    enum xap_op op = node->plan->op;
    node->factor = factor;
    if (op == XAP_SCALE)
        factor *= node->plan->factor;
    bool synonyms = op == XAP_SYNONYM && factor != 0 && node->n > 1;
    for (uint32_t i = 0; i < node->n; i++) {
        bool filter = synonyms || ((op == XAP_FILTER || op == XAP_AND_NOT) && i > 0);
        if (synonyms && node->child[i]->plan->op != XAP_TERM)
            return false;
        node->child[i]->listed = synonyms || node->listed || lj_is_phrase(node);
        if (!scale(node->child[i], filter ? 0 : factor))
            return false;
    }
    return true;
}

/* Opens the lists of all terms, which tells how many documents have them. */
static void
open_lists(struct lj_local_plan *s)
{
    for (guint i = 0; i < s->nodes->len; i++) {
        struct lj_local_node *node = s->nodes->pdata[i];
        node->part = g_new0(struct lj_local_part, s->local->n);
        if (node->plan->op != XAP_TERM)
            continue;
        for (size_t k = 0; k < s->local->n; k++) {
            struct lj_local_part *part = &node->part[k];
            part->begun = lj_glass_postings_begin(s->local->shard[k].glass, node->plan->term,
                                                  node->plan->length, &part->list);
            node->found += part->begun ? part->list.documents : 0;
        }
    }
}

static int
compare_found(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* How many documents have any of several words, as Xapian reckons: the two rarest make one, and so on. */
static double
found_any(const struct lj_local_plan *s, const struct lj_local_node *node)
{
    double *word = g_new(double, node->n), *joined = g_new(double, node->n);
    uint32_t words = 0, n = 0, w = 0, j = 0; /* joined ones come out rising, too */
    for (uint32_t i = 0; i < node->n; i++)
        if (node->child[i]->found > 0)
            word[words++] = (double)node->child[i]->found;
    qsort(word, words, sizeof *word, compare_found);
    while (words - w + n - j > 1) {
        double two[2];
        for (int i = 0; i < 2; i++)
            two[i] = j == n || (w < words && word[w] <= joined[j]) ? word[w++] : joined[j++];
        joined[n++] = floor(two[0] + two[1] - two[0] * two[1] / s->documents + 0.5);
    }
    double result = n > 0 ? joined[n - 1] : words > 0 ? word[0] : 0;
    g_free(word);
    g_free(joined);
    return result;
}

/* As Xapian's BM25Weight::init. */
static void
weigh_terms(struct lj_local_plan *s)
{
    const struct xap_search *search = s->search;
    for (guint i = 0; i < s->nodes->len; i++) {
        struct lj_local_node *node = s->nodes->pdata[i];
        bool synonyms = node->plan->op == XAP_SYNONYM && node->n > 1;
        if ((node->plan->op != XAP_TERM && !synonyms) || node->factor == 0)
            continue;
        double found = synonyms ? found_any(s, node) : (double)node->found;
        if (found == 0)
            continue;
        double odds = (s->documents - found + 0.5) / (found + 0.5);
        if (odds < 2)
            odds = odds * 0.5 + 1;
        double weight = log(odds) * node->factor;
        if (search->k3 != 0) {
            double often =
                !synonyms && node->plan->factor > 0 ? (double)(uint32_t)node->plan->factor : 1;
            weight *= (search->k3 + 1) * often / (search->k3 + often);
        }
        node->weight = weight * (search->k1 + 1);
    }
}

struct lj_local_node *
lj_tree_build(struct lj_local_plan *s)
{
    s->nodes = g_ptr_array_new_with_free_func(free_node);
    struct lj_local_node *root = build(s);
    return root && scale(root, 1) ? root : NULL;
}

void
lj_tree_open(struct lj_local_plan *s)
{
    open_lists(s);
    weigh_terms(s);
}
