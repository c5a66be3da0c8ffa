/* A query over the tokens of a text.
 *
 * The query's tree is compiled to parts; at the bottom stand elements, conditions on one word (its
 * stem, form, folding, a pattern…). Which elements a word of the analyser's vocabulary meets is
 * worked out once and remembered by lj_word id, so that most tokens cost one look into an array.
 * What met an element becomes an occurrence; phrases and near operators then join occurrences, not
 * tokens.
 */
#include "legajo/passage.h"
#include "passage/matcher.h"
#include "passage/occurrence.h"

#include <string.h>

#define MOST_OCCURRENCES (1u << 20) /* a document; beyond, what comes later is not looked at */
#define SECTION_GAP 1000            /* as the index leaves between sections */
#define MOST_WORDS 1000000          /* of the vocabulary, before it is forgotten */

struct element {
    enum lj_element_kind kind;
    const char *text;
    uint32_t distance;
    GHashTable *forms; /* borrowed strings; NULL: none */
    uint32_t leaf;
    bool title;    /* under a part of the field title */
    GArray *found; /* struct occurrence */
};

enum part_kind {
    PART_ELEMENT,
    PART_PHRASE,
    PART_NEAR,
    PART_OR,
    PART_AND,
    PART_LIST,
    PART_NOT,
    PART_GIVEN
};

struct part {
    enum part_kind kind;
    struct element *element;
    GPtrArray *children;
    uint32_t *gap;     /* PHRASE */
    uint32_t distance; /* NEAR */
    bool ordered;
    bool plus, minus, stop;
    bool title; /* of the field title: only there and in headings */
    uint32_t leaf;
    GArray *found;       /* after end; an element's own, or this part's */
    GArray *members;     /* NEAR */
    GPtrArray *synonyms; /* struct part: other ways to say it, or it and what follows it */
    uint32_t span;       /* of a synonym: how many children of the LIST it stands for */
};

struct lj_matcher {
    struct lj_analyser *analyser;
    const struct lj_query *query;
    struct lj_tokens *tokens;
    GPtrArray *elements; /* struct element */
    struct part *root;   /* NULL: an empty query */
    size_t n_leaves;
    /* By word id: 0 not looked at, 1 meets none, else index + 2 into `lists` of a run of element
     * numbers that ends with G_MAXUINT32. */
    GArray *known, *lists;
    /* the document at hand */
    const struct lj_document *document;
    size_t mark;   /* next mark to come */
    uint32_t base; /* position before the next piece's first */
    uint32_t next; /* byte after the last piece */
    uint32_t heading_end;
    uint32_t occurrences;
    uint32_t section; /* how many have begun */
    GArray *kept;     /* struct lj_kept; NULL: not wanted. Borrowed */
    bool in_title, cut;
};

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

/* --- the query's tree, compiled ----------------------------------------------------------------
 */

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

/* --- words against elements ----------------------------------------------------------------------
 */

/* Linear: on a mismatch it goes back to the last star only. */
bool
lj_pattern_fits(const char *pattern, const char *word)
{
    const char *star = NULL, *resume = NULL;
    while (*word) {
        if (*pattern == '*') {
            star = ++pattern;
            resume = word;
        } else if (*pattern == '?') {
            pattern++;
            word = g_utf8_next_char(word);
        } else if (*pattern == *word) {
            pattern++;
            word++;
        } else if (star) {
            pattern = star;
            resume = g_utf8_next_char(resume);
            word = resume;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == 0;
}

/* Is the edit distance (with transpositions) of two words at most `most`? Over code points. */
static bool
near_spelling(const char *a, const char *b, uint32_t most)
{
    gunichar x[LJ_WORD_LIMIT + 1], y[LJ_WORD_LIMIT + 1];
    uint32_t n = 0, m = 0;
    for (; *a && n < LJ_WORD_LIMIT; a = g_utf8_next_char(a))
        x[n++] = g_utf8_get_char(a);
    for (; *b && m < LJ_WORD_LIMIT; b = g_utf8_next_char(b))
        y[m++] = g_utf8_get_char(b);
    if ((n > m ? n - m : m - n) > most)
        return false;
    uint32_t row[3][LJ_WORD_LIMIT + 1];
    for (uint32_t j = 0; j <= m; j++)
        row[0][j] = j;
    for (uint32_t i = 1; i <= n; i++) {
        uint32_t *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
        uint32_t least = now[0] = i;
        for (uint32_t j = 1; j <= m; j++) {
            now[j] = MIN(MIN(now[j - 1], last[j]) + 1, last[j - 1] + (x[i - 1] != y[j - 1]));
            if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1])
                now[j] = MIN(now[j], before[j - 2] + 1);
            least = MIN(least, now[j]);
        }
        if (least > most)
            return false;
    }
    return row[n % 3][m] <= most;
}

static bool
meets(const struct element *element, const struct lj_word *word)
{
    if (element->forms && g_hash_table_contains(element->forms, word->folded))
        return true;
    switch (element->kind) {
    case LJ_ELEMENT_STEM:
        return !word->stop && strcmp(word->stem, element->text) == 0;
    case LJ_ELEMENT_FORM:
        return strcmp(word->form, element->text) == 0;
    case LJ_ELEMENT_FOLDED:
        return strcmp(word->folded, element->text) == 0;
    case LJ_ELEMENT_PATTERN:
        return lj_pattern_fits(element->text, word->folded);
    case LJ_ELEMENT_NEAR_SPELLING: /* an expansion, where there is one, says all */
        return !element->forms && near_spelling(element->text, word->folded, element->distance);
    }
    return false;
}

/* The elements a word meets: a run that ends with G_MAXUINT32, or NULL. */
static const uint32_t *
elements_of(struct lj_matcher *matcher, const struct lj_word *word)
{
    if (word->id >= matcher->known->len)
        g_array_set_size(matcher->known,
                         MAX(word->id + 1, (guint)lj_analyser_words(matcher->analyser)));
    uint32_t known = g_array_index(matcher->known, uint32_t, word->id);
    if (known == 0) {
        known = 1;
        uint32_t start = matcher->lists->len, end = G_MAXUINT32;
        for (uint32_t i = 0; i < matcher->elements->len; i++)
            if (meets(matcher->elements->pdata[i], word)) {
                g_array_append_val(matcher->lists, i);
                known = start + 2;
            }
        if (known > 1)
            g_array_append_val(matcher->lists, end);
        g_array_index(matcher->known, uint32_t, word->id) = known;
    }
    return known == 1 ? NULL : &g_array_index(matcher->lists, uint32_t, known - 2);
}

/* --- a document
 * ------------------------------------------------------------------------------------ */

static void
part_reset(struct part *part)
{
    if (part->found && part->kind != PART_ELEMENT)
        g_array_set_size(part->found, 0);
    if (part->members)
        g_array_set_size(part->members, 0);
    for (guint i = 0; part->children && i < part->children->len; i++)
        part_reset(part->children->pdata[i]);
    for (guint i = 0; part->synonyms && i < part->synonyms->len; i++)
        part_reset(part->synonyms->pdata[i]);
}

static void
feed_tokens(struct lj_matcher *matcher, const char *text, size_t length, uint32_t offset)
{
    struct lj_tokens *tokens = matcher->tokens;
    lj_analyse(matcher->analyser, text, length, LJ_ANALYSE_WORDS, tokens);
    const GArray *marks = matcher->document && !matcher->in_title ? matcher->document->marks : NULL;
    for (size_t i = 0; i < tokens->n; i++) {
        const struct lj_token *token = &tokens->token[i];
        while (marks && matcher->mark < marks->len) {
            const struct lj_mark *mark = &g_array_index(marks, struct lj_mark, matcher->mark);
            if (mark->start > offset + token->start)
                break;
            matcher->mark++;
            if (mark->kind == LJ_MARK_SECTION) {
                matcher->base += SECTION_GAP;
                matcher->heading_end = mark->end;
                matcher->section++;
            }
        }
        if (matcher->kept && !token->part && !matcher->in_title) {
            struct lj_kept kept = {token->word, offset + token->start, offset + token->end,
                                   matcher->section};
            g_array_append_val(matcher->kept, kept);
        }
        const uint32_t *element = elements_of(matcher, token->word);
        if (!element)
            continue;
        struct occurrence found = {
            .first = matcher->base + token->position,
            .last = matcher->base + token->position,
            .start = offset + token->start,
            .end = offset + token->end,
            .zone = matcher->in_title                              ? ZONE_TITLE
                    : offset + token->start < matcher->heading_end ? ZONE_HEADING
                                                                   : ZONE_TEXT,
        };
        for (; *element != G_MAXUINT32; element++) {
            if (matcher->occurrences++ >= MOST_OCCURRENCES) {
                matcher->cut = true;
                return;
            }
            struct element *into = matcher->elements->pdata[*element];
            found.leaf = into->leaf;
            g_array_append_val(into->found, found);
        }
    }
    matcher->base += tokens->positions;
}

static void
begin(struct lj_matcher *matcher, const struct lj_document *document)
{
    if (lj_analyser_trim(matcher->analyser, MOST_WORDS) ||
        lj_analyser_words(matcher->analyser) < matcher->known->len) {
        g_array_set_size(matcher->known, 0);
        g_array_set_size(matcher->lists, 0);
    }
    for (guint i = 0; i < matcher->elements->len; i++)
        g_array_set_size(((struct element *)matcher->elements->pdata[i])->found, 0);
    if (matcher->root)
        part_reset(matcher->root);
    matcher->document = document;
    matcher->mark = matcher->section = 0;
    matcher->base = matcher->next = matcher->heading_end = matcher->occurrences = 0;
    matcher->in_title = matcher->cut = false;
}

static void
feed_title(struct lj_matcher *matcher, const char *title, size_t length)
{
    matcher->in_title = true;
    feed_tokens(matcher, title, length, 0);
    matcher->in_title = false;
    matcher->base += SECTION_GAP;
}

void
lj_matcher_begin(struct lj_matcher *matcher, const struct lj_document *document)
{
    begin(matcher, document);
    const char *title = document ? lj_document_field(document, "title") : NULL;
    if (title)
        feed_title(matcher, title, strlen(title));
}

void
lj_matcher_feed(struct lj_matcher *matcher, const char *text, size_t length, uint32_t offset)
{
    if (matcher->elements->len == 0)
        return;
    if (offset != matcher->next) /* a piece was left out */
        matcher->base += SECTION_GAP;
    while (length > 0 && !matcher->cut) {
        size_t piece = length > LJ_FRAME_SIZE * 5 / 4 ? lj_frame_cut(text, length) : length;
        feed_tokens(matcher, text, piece, offset);
        text += piece;
        offset += (uint32_t)piece;
        length -= piece;
    }
    matcher->next = offset;
}

bool
lj_matcher_element(const struct lj_matcher *matcher, size_t i, struct lj_element *out)
{
    if (i >= matcher->elements->len)
        return false;
    const struct element *element = matcher->elements->pdata[i];
    *out = (struct lj_element){element->kind, element->text, element->forms, element->title};
    return true;
}

void
lj_matcher_place(struct lj_matcher *matcher, size_t i, const uint32_t *positions, size_t n)
{
    struct element *element = matcher->elements->pdata[i];
    for (size_t p = 0; p < n && matcher->occurrences++ < MOST_OCCURRENCES; p++) {
        struct occurrence found = {
            .first = positions[p],
            .last = positions[p],
            .start = positions[p],
            .end = positions[p] + 1,
            .leaf = element->leaf,
            .zone = positions[p] <= SECTION_GAP ? ZONE_TITLE
                    : element->title            ? ZONE_HEADING
                                                : ZONE_TEXT,
        };
        g_array_append_val(element->found, found);
    }
}

void
lj_matcher_keep(struct lj_matcher *matcher, GArray *into)
{
    matcher->kept = into;
}

/* A part of the field title: drops what it found in running text. */
static void
keep_title(struct part *part)
{
    if (!part->title)
        return;
    guint kept = 0;
    for (guint i = 0; i < part->found->len; i++) {
        const struct occurrence *found = &g_array_index(part->found, struct occurrence, i);
        if (found->zone != ZONE_TEXT)
            g_array_index(part->found, struct occurrence, kept++) = *found;
    }
    g_array_set_size(part->found, kept);
}

static void join(struct part *part);

/* What stands for the part alone counts as found of it. */
static void
join_synonyms(struct part *part)
{
    bool more = false;
    for (guint i = 0; part->synonyms && i < part->synonyms->len; i++) {
        struct part *synonym = part->synonyms->pdata[i];
        join(synonym);
        if (synonym->span > 1 || synonym->found->len == 0)
            continue;
        g_array_append_vals(part->found, synonym->found->data, synonym->found->len);
        more = true;
    }
    if (more)
        lj_occurrence_sort(part->found);
}

/* How many children of a list, from this one on, are found by another way to say them; 0: none. */
static uint32_t
found_together(const struct part *part)
{
    uint32_t most = 0;
    for (guint i = 0; part->synonyms && i < part->synonyms->len; i++) {
        const struct part *synonym = part->synonyms->pdata[i];
        if (synonym->span > 1 && synonym->found->len > 0)
            most = MAX(most, synonym->span);
    }
    return most;
}

/* Fills found of a part and of all below it. */
static void
join(struct part *part)
{
    for (guint i = 0; part->children && i < part->children->len; i++)
        join(part->children->pdata[i]);
    guint n = part->children ? part->children->len : 0;
    switch (part->kind) {
    case PART_ELEMENT:
        part->found = part->element->found;
        keep_title(part);
        lj_occurrence_sort(part->found);
        break;
    case PART_PHRASE:
    case PART_NEAR: {
        GArray **lists = g_new(GArray *, n + 1);
        bool given = false;
        for (guint i = 0; i < n; i++) {
            const struct part *child = part->children->pdata[i];
            lists[i] = child->found;
            given = given || child->kind == PART_GIVEN;
        }
        if (given)
            ; /* nothing of the text to join */
        else if (part->kind == PART_PHRASE)
            lj_occurrence_phrase(lists, part->gap, n, part->leaf, part->found);
        else
            lj_occurrence_near(lists, n, part->distance, part->ordered, part->leaf, part->found,
                               part->members);
        g_free(lists);
        keep_title(part);
        break;
    }
    case PART_OR:
    case PART_AND:
    case PART_LIST: /* where near operators look: anything of it */
        for (guint i = 0; i < n; i++) {
            const struct part *child = part->children->pdata[i];
            if (child->kind != PART_NOT && child->kind != PART_GIVEN && !child->minus)
                g_array_append_vals(part->found, child->found->data, child->found->len);
        }
        lj_occurrence_sort(part->found);
        break;
    case PART_NOT:
    case PART_GIVEN:
        break;
    }
    join_synonyms(part);
}

void
lj_matcher_end(struct lj_matcher *matcher)
{
    if (matcher->root)
        join(matcher->root);
}

/* --- what was found
 * ---------------------------------------------------------------------------------- */

/* Stop words beside other words are not what a reader looks for. */
static bool
shown(const struct lj_matcher *matcher, const struct part *part)
{
    return !part->stop || part->plus || matcher->query->stop_only;
}

static void
collect_found(const GArray *from, uint32_t leaf, bool title, GArray *spans)
{
    for (guint i = 0; from && i < from->len; i++) {
        const struct occurrence *found = &g_array_index(from, struct occurrence, i);
        if ((found->zone == ZONE_TITLE) != title)
            continue;
        struct lj_span span = {found->start, found->end,
                               found->leaf == G_MAXUINT32 ? leaf : found->leaf, found->first};
        if (span.leaf == G_MAXUINT32)
            span.leaf = 0;
        g_array_append_val(spans, span);
    }
}

static void
collect(const struct lj_matcher *matcher, const struct part *part, bool wholes, bool title,
        GArray *spans)
{
    const GArray *from = NULL;
    for (guint i = 0; part->synonyms && i < part->synonyms->len; i++) {
        const struct part *synonym = part->synonyms->pdata[i];
        if (synonym->span > 1)
            collect_found(synonym->found, part->leaf, title, spans);
    }
    switch (part->kind) {
    case PART_ELEMENT:
        if (shown(matcher, part))
            from = part->found;
        break;
    case PART_PHRASE:
        from = part->found;
        break;
    case PART_NEAR:
        from = wholes ? part->found : part->members;
        break;
    case PART_OR:
    case PART_AND:
    case PART_LIST:
        for (guint i = 0; i < part->children->len; i++) {
            const struct part *child = part->children->pdata[i];
            if (!child->minus)
                collect(matcher, child, wholes, title, spans);
        }
        return;
    case PART_NOT:
    case PART_GIVEN:
        return;
    }
    collect_found(from, part->leaf, title, spans);
}

static int
compare_spans(const void *a, const void *b)
{
    const struct lj_span *x = a, *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    if (x->end != y->end) /* the longer first */
        return x->end > y->end ? -1 : 1;
    return x->leaf < y->leaf ? -1 : x->leaf > y->leaf;
}

/* Sorts the spans from `from` on; drops those equal to the one before, or (wholes) that lie within
 * it. */
static void
tidy(GArray *spans, guint from, bool wholes)
{
    qsort(spans->data + from * sizeof(struct lj_span), spans->len - from, sizeof(struct lj_span),
          compare_spans);
    guint kept = from;
    for (guint i = from; i < spans->len; i++) {
        const struct lj_span *span = &g_array_index(spans, struct lj_span, i);
        if (kept > from) {
            const struct lj_span *last = &g_array_index(spans, struct lj_span, kept - 1);
            if (wholes ? span->end <= last->end : compare_spans(span, last) == 0)
                continue;
        }
        g_array_index(spans, struct lj_span, kept++) = *span;
    }
    g_array_set_size(spans, kept);
}

static void
found_spans(struct lj_matcher *matcher, bool wholes, bool title, GArray *spans)
{
    guint from = spans->len;
    if (matcher->root)
        collect(matcher, matcher->root, wholes, title, spans);
    if (spans->len > from)
        tidy(spans, from, wholes);
}

void
lj_matcher_spans(struct lj_matcher *matcher, GArray *spans)
{
    found_spans(matcher, false, false, spans);
}

void
lj_matcher_matches(struct lj_matcher *matcher, GArray *spans)
{
    found_spans(matcher, true, false, spans);
}

void
lj_matcher_find(struct lj_matcher *matcher, const char *text, size_t length, uint32_t offset,
                GArray *spans)
{
    begin(matcher, NULL);
    lj_matcher_feed(matcher, text, length, offset);
    lj_matcher_end(matcher);
    found_spans(matcher, false, false, spans);
}

void
lj_matcher_find_title(struct lj_matcher *matcher, const char *title, size_t length, GArray *spans)
{
    begin(matcher, NULL);
    feed_title(matcher, title, length);
    lj_matcher_end(matcher);
    found_spans(matcher, false, true, spans);
}

/* Three values: what Xapian has verified is neither known nor wrong. */
enum truth { NO, YES, OPEN };

static enum truth
truth_not(enum truth truth)
{
    return truth == OPEN ? OPEN : truth == YES ? NO : YES;
}

static enum truth
holds(const struct lj_matcher *matcher, const struct part *part, bool all)
{
    switch (part->kind) {
    case PART_GIVEN:
        return OPEN;
    case PART_ELEMENT:
    case PART_PHRASE:
        return part->found->len > 0 ? YES : NO;
    case PART_NEAR:
        for (guint i = 0; i < part->children->len; i++)
            if (((struct part *)part->children->pdata[i])->kind == PART_GIVEN)
                return OPEN;
        return part->found->len > 0 ? YES : NO;
    case PART_NOT:
        return part->children->len == 0 ? OPEN
                                        : truth_not(holds(matcher, part->children->pdata[0], all));
    case PART_AND:
    case PART_OR: {
        bool open = false;
        enum truth settles = part->kind == PART_AND ? NO : YES;
        for (guint i = 0; i < part->children->len; i++) {
            enum truth child = holds(matcher, part->children->pdata[i], all);
            if (child == settles)
                return settles;
            open = open || child == OPEN;
        }
        return open ? OPEN : settles == NO ? YES : NO;
    }
    case PART_LIST: {
        bool open = false, required = false, choice = false;
        enum truth chosen = NO;
        guint together = 0; /* children up to here are found by another way to say them */
        for (guint i = 0; i < part->children->len; i++) {
            const struct part *child = part->children->pdata[i];
            if (!shown(matcher, child))
                continue;
            together = MAX(together, i + found_together(child));
            enum truth truth = i < together ? YES : holds(matcher, child, all);
            if (child->minus)
                truth = truth_not(truth);
            bool word = child->kind != PART_NOT && child->kind != PART_GIVEN && !child->minus;
            if (all || child->plus || !word) { /* filters restrict whatever --match says */
                if (truth == NO)
                    return NO;
                open = open || truth == OPEN;
                required = required || child->plus;
            } else {
                choice = true;
                chosen = chosen == YES ? YES : truth == NO ? chosen : truth;
            }
        }
        if (choice && !required) {
            if (chosen == NO)
                return NO;
            open = open || chosen == OPEN;
        }
        return open ? OPEN : YES;
    }
    }
    return OPEN;
}

bool
lj_matcher_holds(struct lj_matcher *matcher, bool all)
{
    return !matcher->root || matcher->cut || holds(matcher, matcher->root, all) != NO;
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
