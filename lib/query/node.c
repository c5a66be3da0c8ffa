#include "query/parts.h"

#include <string.h>

struct lj_node *
node_new(enum lj_node_kind kind, size_t start, size_t end)
{
    struct lj_node *node = g_new0(struct lj_node, 1);
    node->kind = kind;
    node->start = start;
    node->end = end;
    return node;
}

void
node_free(struct lj_node *node)
{
    if (!node)
        return;
    g_free(node->declared);
    g_free(node->text);
    g_free(node->word.form);
    g_free(node->word.folded);
    g_free(node->word.stem);
    if (node->children)
        g_ptr_array_unref(node->children);
    if (node->forms)
        g_ptr_array_unref(node->forms);
    if (node->synonyms)
        g_ptr_array_unref(node->synonyms);
    if (node->akin)
        g_ptr_array_unref(node->akin);
    g_free(node);
}

void
node_add(struct lj_node *parent, struct lj_node *child)
{
    if (!parent->children)
        parent->children = g_ptr_array_new_with_free_func((GDestroyNotify)node_free);
    g_ptr_array_add(parent->children, child);
}

void
node_set_scope(struct lj_node *node, const struct scope *scope)
{
    node->field = scope->field;
    g_free(node->declared);
    node->declared = scope->field ? NULL : g_strdup(scope->declared);
}

struct lj_node *
node_join(enum lj_node_kind kind, GPtrArray *nodes, size_t start, size_t end)
{
    struct lj_node *result = NULL;
    if (nodes->len == 1) {
        result = nodes->pdata[0];
    } else if (nodes->len > 1) {
        result = node_new(kind, start, end);
        for (guint i = 0; i < nodes->len; i++) {
            struct lj_node *node = nodes->pdata[i];
            if (node->kind == kind && !node->plus && !node->minus) {
                for (guint j = 0; j < node->children->len; j++)
                    node_add(result, node->children->pdata[j]);
                g_ptr_array_set_free_func(node->children, NULL);
                node_free(node);
            } else {
                node_add(result, node);
            }
        }
    }
    g_ptr_array_unref(nodes);
    return result;
}

bool
node_is_text(const struct lj_node *node)
{
    switch (node->kind) {
    case LJ_NODE_WORD:
    case LJ_NODE_PATTERN:
    case LJ_NODE_FUZZY:
    case LJ_NODE_PHRASE:
        return !node->field && !node->declared;
    default:
        return false;
    }
}

bool
node_is_quoted(const struct lj_query *query, const struct lj_node *node)
{
    return node->kind == LJ_NODE_PHRASE &&
           lex_closing_quote(lex_peek(query->text, strlen(query->text), node->start)) != 0;
}

bool
node_equal(const struct lj_node *a, const struct lj_node *b)
{
    if (!a || !b)
        return a == b;
    if (a->kind != b->kind || a->field != b->field || a->plus != b->plus || a->minus != b->minus ||
        a->exact != b->exact || a->none != b->none || a->distance != b->distance ||
        a->ordered != b->ordered || a->gap != b->gap || a->width != b->width ||
        g_strcmp0(a->declared, b->declared) != 0)
        return false;
    switch (a->kind) {
    case LJ_NODE_WORD:
        if (strcmp(a->word.form, b->word.form) != 0 ||
            strcmp(a->word.folded, b->word.folded) != 0 ||
            strcmp(a->word.stem, b->word.stem) != 0 || a->word.stop != b->word.stop ||
            a->word.exact != b->word.exact)
            return false;
        break;
    case LJ_NODE_PATTERN:
    case LJ_NODE_FUZZY:
    case LJ_NODE_FIELD:
        if (strcmp(a->text, b->text) != 0)
            return false;
        break;
    case LJ_NODE_DATE:
        if (a->interval.first != b->interval.first || a->interval.last != b->interval.last)
            return false;
        break;
    default:
        break;
    }
    guint n = a->children ? a->children->len : 0;
    if (n != (b->children ? b->children->len : 0))
        return false;
    for (guint i = 0; i < n; i++)
        if (!node_equal(a->children->pdata[i], b->children->pdata[i]))
            return false;
    return true;
}

bool
lj_query_equal(const struct lj_query *a, const struct lj_query *b)
{
    return node_equal(a->root, b->root);
}

static void
collect(const struct lj_node *node, GPtrArray *out)
{
    if (!node || node->minus || node->kind == LJ_NODE_NOT)
        return;
    if (node_is_text(node)) {
        g_ptr_array_add(out, (gpointer)node);
        return;
    }
    if (node->kind == LJ_NODE_PHRASE) /* of a field: its words are not in the text */
        return;
    for (guint i = 0; node->children && i < node->children->len; i++)
        collect(node->children->pdata[i], out);
}

void
lj_query_leaves(const struct lj_query *query, GPtrArray *out)
{
    collect(query->root, out);
}
