/* A tree as a short text, so that tables can hold what a query means.
 *
 *     [tráfico +armas]        LIST       (a & b)  AND    (a | b)  OR    !a  NOT
 *     "de armas"              PHRASE     {a ~5 b} NEAR   {a >5 b} ordered
 *     /traf* /  trafik~1      PATTERN, FUZZY    =x exact   title:x  type=ley  20260101..20261231
 */
#ifndef LEGAJO_TESTS_QUERY_SHAPE_H
#define LEGAJO_TESTS_QUERY_SHAPE_H

#include "legajo/query.h"

static void
shape_node(const struct lj_node *node, GString *out)
{
    static const struct {
        const char *before, *between, *after;
    } marks[] = {
        [LJ_NODE_PHRASE] = {"\"", " ", "\""}, [LJ_NODE_LIST] = {"[", " ", "]"},
        [LJ_NODE_AND] = {"(", " & ", ")"},    [LJ_NODE_OR] = {"(", " | ", ")"},
        [LJ_NODE_NOT] = {"!", "", ""},
    };
    if (node->plus || node->minus)
        g_string_append_c(out, node->plus ? '+' : '-');
    if (node->exact && node->kind != LJ_NODE_DATE)
        g_string_append_c(out, '=');
    if (node->kind != LJ_NODE_DATE && (node->field || node->declared))
        g_string_append_printf(out, "%s%c", node->field ? node->field->name : node->declared,
                               node->kind == LJ_NODE_FIELD ? '=' : ':');
    switch (node->kind) {
    case LJ_NODE_WORD:
        g_string_append(out, node->word.form);
        return;
    case LJ_NODE_PATTERN:
        g_string_append_printf(out, "/%s/", node->text);
        return;
    case LJ_NODE_FUZZY:
        g_string_append_printf(out, "%s~%u", node->text, node->distance);
        return;
    case LJ_NODE_FIELD:
        g_string_append(out, node->text);
        return;
    case LJ_NODE_DATE:
        if (node->none)
            g_string_append(out, "undated");
        else
            g_string_append_printf(out, "%u..%u", node->interval.first, node->interval.last);
        return;
    case LJ_NODE_ALL:
        g_string_append_c(out, '*');
        return;
    case LJ_NODE_NEAR:
        g_string_append_c(out, '{');
        for (guint i = 0; i < node->children->len; i++) {
            if (i > 0)
                g_string_append_printf(out, " %c%u ", node->ordered ? '>' : '~', node->distance);
            shape_node(node->children->pdata[i], out);
        }
        g_string_append_c(out, '}');
        return;
    default:
        break;
    }
    g_string_append(out, marks[node->kind].before);
    for (guint i = 0; i < node->children->len; i++) {
        const struct lj_node *child = node->children->pdata[i];
        if (i > 0)
            g_string_append(out, marks[node->kind].between);
        if (i > 0 && node->kind == LJ_NODE_PHRASE) {
            const struct lj_node *last = node->children->pdata[i - 1];
            for (uint32_t skip = MAX(last->width, 1); skip < child->gap; skip++)
                g_string_append(out, "* ");
        }
        shape_node(child, out);
    }
    g_string_append(out, marks[node->kind].after);
}

static inline char *
shape(const struct lj_query *query)
{
    GString *out = g_string_new(NULL);
    if (query->root)
        shape_node(query->root, out);
    return g_string_free(out, FALSE);
}

#endif
