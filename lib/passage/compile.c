#include "passage/parts.h"

static void
element_free(void *data)
{
    struct element *element = data;
    if (element->forms)
        g_hash_table_unref(element->forms);
    g_array_unref(element->found);
    g_free(element);
}

static void
part_free(void *data)
{
    struct part *part = data;
    if (!part)
        return;
    if (part->children)
        g_ptr_array_unref(part->children);
    if (part->found && part->kind != PART_ELEMENT)
        g_array_unref(part->found);
    if (part->members)
        g_array_unref(part->members);
    if (part->synonyms)
        g_ptr_array_unref(part->synonyms);
    g_free(part->gap);
    g_free(part);
}

struct compiler {
    struct lj_matcher *matcher;
    GHashTable *leaves; /* node → index + 1 */
};

static GArray *
occurrences_new(void)
{
    return g_array_new(FALSE, FALSE, sizeof(struct occurrence));
}

static struct element *
element_add(struct lj_matcher *matcher, enum lj_element_kind kind, const char *text, uint32_t leaf)
{
    struct element *element = g_new0(struct element, 1);
    element->kind = kind;
    element->text = text ? text : "";
    element->leaf = leaf;
    element->found = occurrences_new();
    g_ptr_array_add(matcher->elements, element);
    return element;
}

static void
element_forms(struct element *element, const GPtrArray *forms)
{
    if (!forms)
        return;
    element->forms = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < forms->len; i++)
        g_hash_table_add(element->forms, forms->pdata[i]);
}

static struct part *compile(struct compiler *c, const struct lj_node *node, bool phrase,
                            bool exact);

static void
compile_children(struct compiler *c, struct part *part, const struct lj_node *node, bool phrase)
{
    part->children = g_ptr_array_new_with_free_func(part_free);
    for (guint i = 0; node->children && i < node->children->len; i++) {
        const struct lj_node *child = node->children->pdata[i];
        struct part *made = compile(c, child, phrase, node->exact);
        made->plus = child->plus;
        made->minus = child->minus;
        g_ptr_array_add(part->children, made);
    }
}

/* All that a synonym finds counts as what was asked for. */
static void
set_leaf(struct part *part, uint32_t leaf)
{
    part->leaf = leaf;
    if (part->element)
        part->element->leaf = leaf;
    for (guint i = 0; part->children && i < part->children->len; i++)
        set_leaf(part->children->pdata[i], leaf);
}

static void
compile_synonyms(struct compiler *c, struct part *part, const struct lj_node *node)
{
    for (guint i = 0; node->synonyms && i < node->synonyms->len; i++) {
        const struct lj_synonym *synonym = node->synonyms->pdata[i];
        struct part *made = compile(c, synonym->node, false, false);
        made->span = synonym->span;
        made->stop = false;
        set_leaf(made, part->leaf);
        if (!part->synonyms)
            part->synonyms = g_ptr_array_new_with_free_func(part_free);
        g_ptr_array_add(part->synonyms, made);
    }
}

/* phrase: a child of a phrase, found by its folding; exact: by its form. */
static struct part *
compile(struct compiler *c, const struct lj_node *node, bool phrase, bool exact)
{
    struct part *part = g_new0(struct part, 1);
    gpointer leaf = g_hash_table_lookup(c->leaves, node);
    part->leaf = leaf ? GPOINTER_TO_UINT(leaf) - 1 : G_MAXUINT32;
    part->kind = PART_GIVEN;
    part->title = node->field && node->field->id == LJ_FIELD_TITLE;
    /* Words of other fields stand in no text; Xapian has seen to them. */
    if (node->declared || (node->field && !part->title))
        return part;
    exact = exact || node->exact;
    switch (node->kind) {
    case LJ_NODE_WORD:
        part->kind = PART_ELEMENT;
        part->stop = node->word.stop && !exact;
        part->element =
            exact ? element_add(c->matcher, LJ_ELEMENT_FORM, node->word.form, part->leaf)
            /* a stop word as it is written: the index has no stems of them */
            : phrase || node->word.stop
                ? element_add(c->matcher, LJ_ELEMENT_FOLDED, node->word.folded, part->leaf)
                : element_add(c->matcher, LJ_ELEMENT_STEM, node->word.stem, part->leaf);
        if (!exact && !phrase)
            element_forms(part->element, node->forms);
        break;
    case LJ_NODE_PATTERN:
        part->kind = PART_ELEMENT;
        part->element = element_add(c->matcher, LJ_ELEMENT_PATTERN, node->text, part->leaf);
        break;
    case LJ_NODE_FUZZY:
        part->kind = PART_ELEMENT;
        part->element = element_add(c->matcher, LJ_ELEMENT_NEAR_SPELLING,
                                    node->word.folded ? node->word.folded : node->text, part->leaf);
        part->element->distance = node->distance;
        element_forms(part->element, node->forms);
        break;
    case LJ_NODE_PHRASE: {
        part->kind = PART_PHRASE;
        compile_children(c, part, node, true);
        part->gap = g_new0(uint32_t, part->children->len + 1);
        for (guint i = 0; i < part->children->len; i++)
            part->gap[i] = ((const struct lj_node *)node->children->pdata[i])->gap;
        break;
    }
    case LJ_NODE_NEAR:
        part->kind = PART_NEAR;
        part->distance = node->distance;
        part->ordered = node->ordered;
        part->members = occurrences_new();
        compile_children(c, part, node, false);
        break;
    case LJ_NODE_LIST:
        part->kind = PART_LIST;
        compile_children(c, part, node, false);
        break;
    case LJ_NODE_AND:
        part->kind = PART_AND;
        compile_children(c, part, node, false);
        break;
    case LJ_NODE_OR:
        part->kind = PART_OR;
        compile_children(c, part, node, phrase);
        break;
    case LJ_NODE_NOT:
        part->kind = PART_NOT;
        compile_children(c, part, node, false);
        break;
    case LJ_NODE_FIELD:
    case LJ_NODE_DATE:
    case LJ_NODE_ALL:
        break;
    }
    if (part->kind != PART_ELEMENT && part->kind != PART_GIVEN)
        part->found = occurrences_new();
    compile_synonyms(c, part, node);
    return part;
}

/* Words under a part of the field title stand in titles and headings only. */
static void
note_titles(struct part *part, bool title)
{
    title = title || part->title;
    if (part->element)
        part->element->title = title;
    for (guint i = 0; part->children && i < part->children->len; i++)
        note_titles(part->children->pdata[i], title);
    for (guint i = 0; part->synonyms && i < part->synonyms->len; i++)
        note_titles(part->synonyms->pdata[i], title);
}

struct lj_matcher *
lj_matcher_new(const struct lj_query *query, struct lj_analyser *analyser)
{
    struct lj_matcher *matcher = g_new0(struct lj_matcher, 1);
    matcher->analyser = analyser;
    matcher->query = query;
    matcher->tokens = lj_tokens_new();
    matcher->elements = g_ptr_array_new_with_free_func(element_free);
    matcher->known = g_array_new(FALSE, TRUE, sizeof(uint32_t));
    matcher->lists = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    GPtrArray *leaves = g_ptr_array_new();
    lj_query_leaves(query, leaves);
    matcher->n_leaves = leaves->len;
    struct compiler compiler = {matcher, g_hash_table_new(NULL, NULL)};
    for (guint i = 0; i < leaves->len; i++)
        g_hash_table_insert(compiler.leaves, leaves->pdata[i], GUINT_TO_POINTER(i + 1));
    if (query->root)
        matcher->root = compile(&compiler, query->root, false, false);
    if (matcher->root)
        note_titles(matcher->root, false);
    g_hash_table_unref(compiler.leaves);
    g_ptr_array_unref(leaves);
    return matcher;
}

void
lj_matcher_free(struct lj_matcher *matcher)
{
    if (!matcher)
        return;
    part_free(matcher->root);
    g_ptr_array_unref(matcher->elements);
    lj_tokens_free(matcher->tokens);
    g_array_unref(matcher->known);
    g_array_unref(matcher->lists);
    g_free(matcher);
}

size_t
lj_matcher_leaves(const struct lj_matcher *matcher)
{
    return matcher->n_leaves;
}

static bool
must_verify(const struct part *part)
{
    for (guint i = 0; part->children && i < part->children->len; i++) {
        const struct part *child = part->children->pdata[i];
        if (part->kind == PART_NEAR && child->kind != PART_ELEMENT)
            return true;
        if (must_verify(child))
            return true;
    }
    return false;
}

bool
lj_matcher_must_verify(const struct lj_matcher *matcher)
{
    return matcher->root && must_verify(matcher->root);
}
