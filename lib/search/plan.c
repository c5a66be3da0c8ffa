#include "search/plan.h"

#include "analysis/citation.h"
#include "index/invert.h"
#include "search/evidence.h"

#include <math.h>
#include <string.h>

/* Making a plan: matches are pushed on the plan, bonuses gathered apart and joined at the end. */
struct maker {
    struct lj_plan *plan;
    GArray *bonus;    /* struct xap_node in postfix order */
    uint32_t n_bonus; /* operands that bonus amounts to */
    const struct lj_ranking *ranking;
    const struct lj_plan_index *index;
    bool all, stop_only, negated;
    unsigned within; /* a part that is noted as a whole, or a filter, which weighs nothing */
};

static struct lj_plan *
plan_new(void)
{
    struct lj_plan *plan = g_new0(struct lj_plan, 1);
    plan->nodes = g_array_new(FALSE, TRUE, sizeof(struct xap_node));
    plan->parts = g_array_new(FALSE, TRUE, sizeof(struct lj_plan_part));
    plan->strings = g_string_chunk_new(1024);
    return plan;
}

void
lj_plan_free(struct lj_plan *plan)
{
    if (!plan)
        return;
    g_array_unref(plan->nodes);
    g_array_unref(plan->parts);
    g_string_chunk_free(plan->strings);
    g_free(plan);
}

/* --- pushing -----------------------------------------------------------------------------------
 */

static void
push_op(GArray *nodes, enum xap_op op, uint32_t n)
{
    struct xap_node node = {.op = op, .n = n};
    g_array_append_val(nodes, node);
}

/* AND and OR of one operand are that operand, of none nothing. */
static void
push_join(GArray *nodes, enum xap_op op, uint32_t n)
{
    if (n == 0)
        push_op(nodes, XAP_NONE, 0);
    else if (n > 1)
        push_op(nodes, op, n);
}

static void
push_scale(GArray *nodes, double factor)
{
    if (factor == 1)
        return;
    struct xap_node node = {.op = XAP_SCALE, .n = 1, .factor = factor};
    g_array_append_val(nodes, node);
}

static void
push_term(struct lj_plan *plan, GArray *nodes, const char *prefix, const char *rest)
{
    GString *term = g_string_new(NULL);
    lj_term_bounded(prefix, rest, term);
    struct xap_node node = {
        .op = XAP_TERM,
        .term = g_string_chunk_insert_len(plan->strings, term->str, (gssize)term->len),
        .length = (uint32_t)term->len};
    g_array_append_val(nodes, node);
    g_string_free(term, TRUE);
}

static void
push_window(GArray *nodes, enum xap_op op, uint32_t n, uint32_t window)
{
    struct xap_node node = {.op = op, .n = n, .window = MAX(window, n)};
    g_array_append_val(nodes, node);
}

/* Notes that nodes from `from` on are a part: what stands for n nodes of the query. */
static void
note_part(struct maker *maker, const char *kind, const struct lj_node *const *nodes, uint32_t n,
          guint from)
{
    if (maker->negated || maker->within)
        return;
    struct lj_plan_part part = {
        .kind = kind, .nodes = nodes, .n = n, .from = from, .to = maker->plan->nodes->len};
    g_array_append_val(maker->plan->parts, part);
}

/* An extra weight for what matches anyway. */
static void
add_bonus(struct maker *maker, const struct lj_node *node, const char *kind, const char *prefix,
          const char *rest, double weight)
{
    if (weight <= 0 || maker->negated || !*rest)
        return;
    struct lj_plan_part part = {
        .kind = kind, .node = node, .from = maker->bonus->len, .bonus = true};
    push_term(maker->plan, maker->bonus, prefix, rest);
    push_scale(maker->bonus, weight);
    part.to = maker->bonus->len;
    g_array_append_val(maker->plan->parts, part);
    maker->n_bonus++;
}

/* --- words -------------------------------------------------------------------------------------
 */

/* Prefix of a field's words: S of titles, G of organizations, nothing of the text. */
static const char *
word_prefix(const struct lj_node *node)
{
    return node->field && (node->field->kind == LJ_KIND_TEXT || node->field->kind == LJ_KIND_NAME)
               ? node->field->prefix
               : "";
}

/* A word's stem. Where others are akin to it, a share of its weight goes to all of them as to one word, for
 * more documents hold that: what is rare in the archive may be said there by another part of speech.
 *
 *     (creacion · 0.3) OR (SYNONYM(creacion, crear) · 0.7)
 */
static void
push_stem(struct maker *maker, const struct lj_node *node)
{
    struct lj_plan *plan = maker->plan;
    double share = maker->all || maker->negated || !node->akin ? 0 : maker->ranking->akin;
    if (share < 1) {
        push_term(plan, plan->nodes, "Z", node->word.stem);
        push_scale(plan->nodes, (1 - share) * maker->ranking->stem);
    }
    if (share <= 0)
        return;
    push_term(plan, plan->nodes, "Z", node->word.stem);
    for (guint i = 0; i < node->akin->len; i++)
        push_term(plan, plan->nodes, "Z", node->akin->pdata[i]);
    push_op(plan->nodes, XAP_SYNONYM, node->akin->len + 1);
    push_scale(plan->nodes, share * maker->ranking->stem);
    if (share < 1)
        push_op(plan->nodes, XAP_OR, 2);
}

static void
push_word(struct maker *maker, const struct lj_node *node)
{
    struct lj_plan *plan = maker->plan;
    const struct lj_query_word *word = &node->word;
    const struct lj_ranking *ranking = maker->ranking;
    plan->weighted |= !maker->negated;
    if (node->field && node->field->kind == LJ_KIND_NAME) {
        push_term(plan, plan->nodes, node->field->prefix, word->folded);
    } else if (node->field) {
        bool whole = node->exact || word->stop;
        push_term(plan, plan->nodes, whole ? "S" : "ZS", whole ? word->folded : word->stem);
        add_bonus(maker, node, "title", "S", word->folded, whole ? 0 : ranking->folded);
    } else if (node->exact) {
        push_term(plan, plan->nodes, word->exact ? "E" : "",
                  word->exact ? word->form : word->folded);
        add_bonus(maker, node, "title", "S", word->folded, ranking->title);
    } else if (word->stop) {
        push_term(plan, plan->nodes, "", word->folded);
    } else {
        push_stem(maker, node);
    }
}

static void push_place(struct maker *maker, const struct lj_node *node, bool exact, bool stems);

/* How much a word tells at most: BM25's idf, nearly. 1 where no index says. */
static double
rarity(const struct maker *maker, const char *prefix, const char *word)
{
    struct xap_statistics statistics;
    uint32_t df = 0;
    char *text = g_strconcat(prefix, word, NULL);
    struct xap_term term = {text, strlen(text)};
    bool known = maker->index && lj_xap_statistics(maker->index->reader, &statistics, NULL) &&
                 lj_xap_frequencies(maker->index->reader, &term, 1, &df, NULL, NULL);
    g_free(text);
    return known ? log(1 + ((double)statistics.documents + 1) / (df + 0.5)) : 1;
}

/* The same of a word by its stem, or of a phrase: at least as rare as its rarest word. Stop words tell
 * nothing. */
static double
rarity_of(const struct maker *maker, const struct lj_node *node, bool stem)
{
    if (node->kind == LJ_NODE_WORD)
        return node->word.stop ? 0
               : stem          ? rarity(maker, "Z", node->word.stem)
                               : rarity(maker, "", node->word.folded);
    double most = 0;
    for (guint i = 0; node->children && i < node->children->len; i++)
        most = MAX(most, rarity_of(maker, node->children->pdata[i], false));
    return most;
}

static void
push_synonym(struct maker *maker, const struct lj_node *node)
{
    struct lj_plan *plan = maker->plan;
    if (node->kind == LJ_NODE_WORD) {
        push_term(plan, plan->nodes, node->word.stop ? "" : "Z",
                  node->word.stop ? node->word.folded : node->word.stem);
        return;
    }
    uint32_t n = 0, window = 0;
    for (guint i = 0; node->children && i < node->children->len; i++, n++) {
        const struct lj_node *child = node->children->pdata[i];
        window += i ? MAX(child->gap, 1) : 1;
        push_place(maker, child, false, false);
    }
    if (n > 1)
        push_window(plan->nodes, XAP_PHRASE, n, window);
    else
        push_join(plan->nodes, XAP_AND, n);
}

/* Joins the operand that begins at `from` on the plan with the synonyms of first (which stand for `span`
 * words of a list, or for itself):
 *
 *     original OR (SYNONYM(…) · weight AND_NOT original)
 *
 * So they count only where the original is not there, all of them as one word, and for less than it even
 * where they are rarer. (OP_MAX would say it shorter: Xapian 1.4.22 crashes over it where a database
 * lacks one of its terms.) */
static void
push_synonyms(struct maker *maker, const struct lj_node *const *first, uint32_t span, guint from)
{
    GArray *nodes = maker->plan->nodes;
    const GPtrArray *synonyms = first[0]->synonyms;
    guint end = nodes->len;
    uint32_t n = 0;
    double weight = 0, own = G_MAXDOUBLE, original = 0;
    for (guint i = 0; !maker->negated && synonyms && i < synonyms->len; i++) {
        const struct lj_synonym *synonym = synonyms->pdata[i];
        if (synonym->span != span)
            continue;
        push_synonym(maker, synonym->node);
        weight = MAX(weight, synonym->weight);
        own = MIN(own, rarity_of(maker, synonym->node, true));
        n++;
    }
    if (n == 0)
        return;
    for (uint32_t w = 0; w < span; w++)
        original += rarity_of(maker, first[w], true);
    push_op(nodes, XAP_SYNONYM, n);
    push_scale(nodes, weight * maker->ranking->stem * (own > original ? original / own : 1));
    for (guint i = from; i < end; i++) {
        struct xap_node copy = g_array_index(nodes, struct xap_node, i);
        if (i + 1 == end && span > 1 && copy.op == XAP_OR)
            copy.op = XAP_AND; /* words of the name here and there are not the name */
        g_array_append_val(nodes, copy);
    }
    push_op(nodes, XAP_AND_NOT, 2);
    push_op(nodes, XAP_OR, 2);
}

/* OR of what stands at one place of a phrase or near operator: terms only, as Xapian wants there.
 */
static void
push_place(struct maker *maker, const struct lj_node *node, bool exact, bool stems)
{
    struct lj_plan *plan = maker->plan;
    const char *prefix = word_prefix(node);
    if (node->forms && (node->kind != LJ_NODE_WORD || (stems && !exact && !node->exact))) {
        for (guint i = 0; i < node->forms->len; i++)
            push_term(plan, plan->nodes, prefix, node->forms->pdata[i]);
        push_join(plan->nodes, XAP_OR, node->forms->len);
    } else if (node->kind != LJ_NODE_WORD) {
        push_op(plan->nodes, XAP_NONE, 0);
    } else if ((exact || node->exact) && node->word.exact && !*prefix) {
        push_term(plan, plan->nodes, "E", node->word.form);
    } else {
        push_term(plan, plan->nodes, prefix, node->word.folded);
    }
}

static void
push_phrase(struct maker *maker, const struct lj_node *node)
{
    uint32_t window = 0, n = 0;
    maker->plan->weighted |= !maker->negated;
    for (guint i = 0; i < node->children->len; i++) {
        const struct lj_node *child = node->children->pdata[i];
        window += i ? MAX(child->gap, 1) : 1;
        push_place(maker, child, node->exact, false);
        n++;
    }
    if (n > 1)
        push_window(maker->plan->nodes, XAP_PHRASE, n, window);
    else
        push_join(maker->plan->nodes, XAP_AND, n);
}

/* Words of a near operator's operand, flat: what is necessary for it to match. */
static uint32_t
push_near_operand(struct maker *maker, const struct lj_node *node, uint32_t *extra)
{
    if (node->kind == LJ_NODE_OR) {
        uint32_t n = 0;
        for (guint i = 0; i < node->children->len; i++) {
            const struct lj_node *child = node->children->pdata[i];
            if (child->kind == LJ_NODE_WORD || child->kind == LJ_NODE_PATTERN ||
                child->kind == LJ_NODE_FUZZY) {
                push_place(maker, child, false, true);
                n++;
            } else if (child->children && child->children->len > 0) {
                push_place(maker, child->children->pdata[0], child->exact, false);
                n++;
            }
        }
        push_join(maker->plan->nodes, XAP_OR, n);
        return 1;
    }
    if (!node->children) {
        push_place(maker, node, false, true);
        return 1;
    }
    uint32_t n = 0;
    for (guint i = 0; i < node->children->len; i++) {
        const struct lj_node *child = node->children->pdata[i];
        if (node->kind == LJ_NODE_PHRASE)
            push_place(maker, child, node->exact, false), n++;
        else
            n += push_near_operand(maker, child, extra);
        *extra += i ? MAX(child->gap, 1) : 0;
    }
    if (node->kind == LJ_NODE_NEAR)
        *extra += node->distance;
    return n;
}

static void push_node(struct maker *maker, const struct lj_node *node);

static void
push_near(struct maker *maker, const struct lj_node *node)
{
    uint32_t n = 0, extra = 0, groups = 0;
    maker->plan->weighted |= !maker->negated;
    for (guint i = 0; i < node->children->len; i++)
        n += push_near_operand(maker, node->children->pdata[i], &extra);
    push_window(maker->plan->nodes, node->ordered ? XAP_PHRASE : XAP_NEAR, n,
                node->distance * (node->children->len - 1) + 1 + extra);
    /* Phrases inside must stand somewhere themselves. */
    for (guint i = 0; i < node->children->len; i++) {
        const struct lj_node *child = node->children->pdata[i];
        if (child->kind == LJ_NODE_PHRASE || child->kind == LJ_NODE_NEAR ||
            child->kind == LJ_NODE_OR) {
            push_node(maker, child);
            groups++;
        }
    }
    if (groups > 0)
        push_join(maker->plan->nodes, XAP_AND, groups + 1);
}

static void
push_forms(struct maker *maker, const struct lj_node *node)
{
    struct lj_plan *plan = maker->plan;
    guint n = node->forms ? node->forms->len : 0;
    char *declared = node->declared ? lj_schema_declared_prefix(node->declared) : NULL;
    const char *prefix = declared                                              ? declared
                         : node->field && node->field->kind == LJ_KIND_KEYWORD ? node->field->prefix
                                                                               : word_prefix(node);
    plan->weighted |= !maker->negated;
    for (guint i = 0; i < n; i++)
        push_term(plan, plan->nodes, prefix, node->forms->pdata[i]);
    push_join(plan->nodes, XAP_SYNONYM, n);
    g_free(declared);
}

/* --- fields ------------------------------------------------------------------------------------
 */

static void
push_range(struct maker *maker, uint32_t slot, const char *low, const char *high)
{
    struct xap_node node = {.op = XAP_VALUE_RANGE, .slot = slot};
    if (low) {
        node.term = g_string_chunk_insert(maker->plan->strings, low);
        node.length = (uint32_t)strlen(low);
    }
    if (high) {
        node.high = g_string_chunk_insert(maker->plan->strings, high);
        node.high_length = (uint32_t)strlen(high);
    }
    g_array_append_val(maker->plan->nodes, node);
}

/* A document's interval and the asked one overlap: it begins in it, or begins before and ends in or
 * after. */
static void
push_date(struct maker *maker, const struct lj_node *node)
{
    GArray *nodes = maker->plan->nodes;
    if (node->none) {
        push_op(nodes, XAP_ALL, 0);
        push_range(maker, LJ_SLOT_DATE, "0", NULL);
        push_op(nodes, XAP_AND_NOT, 2);
        return;
    }
    char first[16], last[16];
    g_snprintf(first, sizeof first, "%08u", node->interval.first);
    g_snprintf(last, sizeof last, "%08u", node->interval.last);
    push_range(maker, LJ_SLOT_DATE, first, last);
    if (node->interval.first > 0) {
        push_range(maker, LJ_SLOT_DATE, "0", first);
        push_range(maker, LJ_SLOT_DATE_END, first, NULL);
        push_op(nodes, XAP_AND, 2);
        push_op(nodes, XAP_OR, 2);
    }
}

/* An id, or the beginning of a key. */
static void
push_id(struct maker *maker, const char *text)
{
    struct lj_plan *plan = maker->plan;
    uint32_t n = 2;
    push_term(plan, plan->nodes, "Q", text);
    push_term(plan, plan->nodes, "XJ", text); /* of a further path of the same bytes */
    size_t length = strlen(text);
    bool digits = length >= 4 && length <= 10 && strspn(text, "0123456789abcdef") == length;
    if (digits && maker->index) {
        char *prefix = g_strconcat("XK", text, NULL);
        struct xap_vocabulary *keys =
            lj_xap_terms(maker->index->reader, prefix, length + 2, "", 0, 100, NULL);
        for (size_t i = 0; keys && i < keys->n; i++, n++)
            push_term(plan, plan->nodes, "", keys->entry[i].term);
        lj_xap_vocabulary_free(keys);
        g_free(prefix);
    }
    push_join(plan->nodes, XAP_OR, n);
}

#define NORM_WEIGHT 8.0 /* a norm asked for stands before whatever else holds its words */

/* Documents that are a norm, and those that cite it; true when text names one. */
static bool
push_citation(struct maker *maker, const char *text, enum lj_field_id field)
{
    struct lj_plan *plan = maker->plan;
    GPtrArray *terms = g_ptr_array_new_with_free_func(g_free);
    bool found = lj_citation_normalise(text, strlen(text), field, terms);
    for (guint i = 0; i < terms->len; i++) {
        push_term(plan, plan->nodes, "XRI", terms->pdata[i]);
        push_scale(plan->nodes, NORM_WEIGHT);
        push_term(plan, plan->nodes, "XR", terms->pdata[i]);
    }
    if (found)
        push_join(plan->nodes, XAP_OR, 2 * terms->len);
    plan->weighted |= found && !maker->negated;
    g_ptr_array_unref(terms);
    return found;
}

static void
push_field(struct maker *maker, const struct lj_node *node)
{
    struct lj_plan *plan = maker->plan;
    if (!node->field) {
        char *prefix = lj_schema_declared_prefix(node->declared);
        push_term(plan, plan->nodes, prefix, node->text);
        g_free(prefix);
        return;
    }
    switch (node->field->kind) {
    case LJ_KIND_ID:
        push_id(maker, node->text);
        break;
    case LJ_KIND_NAME: {
        char *prefix = g_strconcat(node->field->prefix, ":", NULL);
        push_term(plan, plan->nodes, prefix, node->text);
        g_free(prefix);
        break;
    }
    case LJ_KIND_PATH: {
        if (node->forms) { /* what the archive has that it stands for */
            for (guint i = 0; i < node->forms->len; i++)
                push_term(plan, plan->nodes, node->field->prefix, node->forms->pdata[i]);
            push_join(plan->nodes, XAP_OR, node->forms->len);
            break;
        }
        size_t length = strlen(node->text);
        while (length > 1 && node->text[length - 1] == '/')
            length--;
        char *path = g_strndup(node->text, length);
        push_term(plan, plan->nodes, node->field->prefix, path[0] == '/' ? path + 1 : path);
        g_free(path);
        break;
    }
    case LJ_KIND_CITATION:
        if (node->field->id == LJ_FIELD_MENTION)
            push_term(plan, plan->nodes, node->field->prefix, node->text);
        else if (!push_citation(maker, node->text, node->field->id))
            push_op(plan->nodes, XAP_NONE, 0);
        break;
    case LJ_KIND_TAG: /* forms: hashes of the contents that have the mark (lj_tags_resolve) */
        for (guint i = 0; node->forms && i < node->forms->len; i++)
            push_term(plan, plan->nodes, "XH", node->forms->pdata[i]);
        push_join(plan->nodes, XAP_OR, node->forms ? node->forms->len : 0);
        break;
    default:
        push_term(plan, plan->nodes, node->field->prefix ? node->field->prefix : "", node->text);
    }
}

/* --- the tree ----------------------------------------------------------------------------------
 */

static void
push_children(struct maker *maker, const struct lj_node *node, enum xap_op op)
{
    for (guint i = 0; i < node->children->len; i++)
        push_node(maker, node->children->pdata[i]);
    push_join(maker->plan->nodes, op, node->children->len);
}

static void
push_negation(struct maker *maker, const struct lj_node *child)
{
    bool before = maker->negated;
    maker->negated = true;
    push_node(maker, child);
    maker->negated = before;
}

enum part { PART_WORD, PART_STOP, PART_REQUIRED, PART_FILTER, PART_NOT };

/* What a child of a LIST is, whatever --match says. */
static enum part
part_of(const struct maker *maker, const struct lj_node *child)
{
    if (child->minus || child->kind == LJ_NODE_NOT)
        return PART_NOT;
    if (child->kind == LJ_NODE_FIELD || child->kind == LJ_NODE_DATE)
        return PART_FILTER;
    if (child->kind == LJ_NODE_PATTERN &&
        (child->declared || (child->field && child->field->kind == LJ_KIND_KEYWORD)))
        return PART_FILTER; /* tipo:dec* */
    if (child->kind == LJ_NODE_OR && child->children->len > 0) {
        const struct lj_node *first = child->children->pdata[0];
        if (first->kind == LJ_NODE_FIELD || first->kind == LJ_NODE_DATE)
            return PART_FILTER; /* tipo:ley,decreto */
    }
    if (child->plus)
        return PART_REQUIRED;
    bool stop = child->kind == LJ_NODE_WORD && child->word.stop && !child->exact &&
                !maker->stop_only && !child->field;
    return stop ? PART_STOP : PART_WORD;
}

/* The most words, up to `most`, that one of a node's synonyms stands for; 1: none for several. */
static uint32_t
widest_span(const struct lj_node *node, uint32_t most)
{
    uint32_t widest = 1;
    for (guint i = 0; node->synonyms && i < node->synonyms->len; i++) {
        const struct lj_synonym *synonym = node->synonyms->pdata[i];
        if (synonym->span <= most)
            widest = MAX(widest, synonym->span);
    }
    return widest;
}

/* Children from..to of a list that are `wanted`, one operand each; where synonyms stand for several
 * (at most `most`), these and the synonyms are one operand:
 *
 *     relaciones exteriores armas   →   (relaciones AND exteriores, or sre) armas
 */
static uint32_t
push_run(struct maker *maker, const struct lj_node *list, guint from, guint to, uint32_t most,
         enum part wanted)
{
    uint32_t n = 0;
    for (guint i = from; i < to; n++) {
        const struct lj_node *child = list->children->pdata[i];
        if (part_of(maker, child) != wanted) {
            i++;
            n--;
            continue;
        }
        uint32_t span = maker->negated ? 1 : widest_span(child, MIN(most, to - i));
        if (span > 1) {
            guint begin = maker->plan->nodes->len;
            maker->within++;
            uint32_t inner = push_run(maker, list, i, i + span, span - 1, wanted);
            maker->within--;
            bool all = maker->all || wanted == PART_REQUIRED;
            push_join(maker->plan->nodes, all ? XAP_AND : XAP_OR, inner);
            push_synonyms(maker, (void *)&list->children->pdata[i], span, begin);
            note_part(maker, "name", (void *)&list->children->pdata[i], span, begin);
        } else {
            push_node(maker, child);
        }
        i += span;
    }
    return n;
}

static uint32_t
push_parts(struct maker *maker, const struct lj_node *list, enum part wanted)
{
    if (wanted == PART_WORD || wanted == PART_REQUIRED)
        return push_run(maker, list, 0, list->children->len, G_MAXUINT32, wanted);
    uint32_t n = 0;
    for (guint i = 0; i < list->children->len; i++) {
        const struct lj_node *child = list->children->pdata[i];
        if (part_of(maker, child) != wanted)
            continue;
        if (wanted == PART_NOT)
            push_negation(maker, child->kind == LJ_NODE_NOT ? child->children->pdata[0] : child);
        else
            push_node(maker, child);
        n++;
    }
    return n;
}

/* Words side by side: required, joined, filtered, less what is excluded. */
static void
push_list(struct maker *maker, const struct lj_node *list)
{
    GArray *nodes = maker->plan->nodes;
    uint32_t required = push_parts(maker, list, PART_REQUIRED);
    uint32_t words;
    if (maker->all) {
        words = push_parts(maker, list, PART_WORD);
        if (required + words > 0)
            push_join(nodes, XAP_AND, required + words);
    } else {
        if (required > 0)
            push_join(nodes, XAP_AND, required);
        words = push_parts(maker, list, PART_WORD);
        if (words > 0)
            push_join(nodes, XAP_OR, words);
        if (required > 0 && words > 0)
            push_op(nodes, XAP_AND_MAYBE, 2);
    }
    if (required + words == 0)
        push_op(nodes, XAP_ALL, 0);
    maker->within++; /* weighs nothing */
    uint32_t filters = push_parts(maker, list, PART_FILTER);
    maker->within--;
    if (filters > 0) {
        push_join(nodes, XAP_AND, filters);
        push_op(nodes, XAP_FILTER, 2);
    }
    uint32_t negations = push_parts(maker, list, PART_NOT);
    if (negations > 0) {
        push_join(nodes, XAP_OR, negations);
        push_op(nodes, XAP_AND_NOT, 2);
    }
}

/* a Y b NO c: NOs among the operands of AND take away. */
static void
push_and(struct maker *maker, const struct lj_node *node)
{
    uint32_t n = 0, negations = 0;
    for (guint i = 0; i < node->children->len; i++) {
        const struct lj_node *child = node->children->pdata[i];
        if (child->kind == LJ_NODE_NOT)
            continue;
        push_node(maker, child);
        n++;
    }
    if (n == 0)
        push_op(maker->plan->nodes, XAP_ALL, 0);
    else
        push_join(maker->plan->nodes, XAP_AND, n);
    for (guint i = 0; i < node->children->len; i++) {
        const struct lj_node *child = node->children->pdata[i];
        if (child->kind != LJ_NODE_NOT)
            continue;
        push_negation(maker, child->children->pdata[0]);
        negations++;
    }
    if (negations > 0) {
        push_join(maker->plan->nodes, XAP_OR, negations);
        push_op(maker->plan->nodes, XAP_AND_NOT, 2);
    }
}

/* What a node is called as a part of the score; NULL where its children are the parts. */
static const char *
kind_of(const struct lj_node *node)
{
    switch (node->kind) {
    case LJ_NODE_WORD:
        return "word";
    case LJ_NODE_PATTERN:
        return "pattern";
    case LJ_NODE_FUZZY:
        return "fuzzy";
    case LJ_NODE_PHRASE:
        return "phrase";
    case LJ_NODE_NEAR:
        return "near";
    case LJ_NODE_FIELD:
        return node->field && node->field->kind == LJ_KIND_CITATION ? "citation" : "field";
    default:
        return NULL;
    }
}

static void
push_node(struct maker *maker, const struct lj_node *node)
{
    guint begin = maker->plan->nodes->len;
    const char *kind = kind_of(node);
    maker->within += kind != NULL;
    switch (node->kind) {
    case LJ_NODE_WORD:
        push_word(maker, node);
        push_synonyms(maker, &node, 1, begin);
        break;
    case LJ_NODE_PATTERN:
    case LJ_NODE_FUZZY:
        push_forms(maker, node);
        break;
    case LJ_NODE_PHRASE:
        push_phrase(maker, node);
        push_synonyms(maker, &node, 1, begin);
        break;
    case LJ_NODE_NEAR:
        push_near(maker, node);
        break;
    case LJ_NODE_LIST:
        push_list(maker, node);
        break;
    case LJ_NODE_AND:
        push_and(maker, node);
        break;
    case LJ_NODE_OR:
        push_children(maker, node, XAP_OR);
        break;
    case LJ_NODE_NOT:
        push_op(maker->plan->nodes, XAP_ALL, 0);
        push_negation(maker, node->children->pdata[0]);
        push_op(maker->plan->nodes, XAP_AND_NOT, 2);
        break;
    case LJ_NODE_FIELD:
        push_field(maker, node);
        break;
    case LJ_NODE_DATE:
        push_date(maker, node);
        break;
    case LJ_NODE_ALL:
        push_op(maker->plan->nodes, XAP_ALL, 0);
        break;
    }
    if (kind) {
        maker->within--;
        struct lj_plan_part part = {
            .kind = kind, .node = node, .from = begin, .to = maker->plan->nodes->len};
        if (!maker->negated && !maker->within)
            g_array_append_val(maker->plan->parts, part);
    }
}

struct lj_plan *
lj_plan_make(const struct lj_query *query, bool all, const struct lj_ranking *ranking,
             const struct lj_plan_index *index)
{
    struct maker maker = {.plan = plan_new(),
                          .bonus = g_array_new(FALSE, TRUE, sizeof(struct xap_node)),
                          .ranking = ranking,
                          .index = index,
                          .all = all,
                          .stop_only = query->stop_only};
    if (query->root)
        push_node(&maker, query->root);
    else
        push_op(maker.plan->nodes, XAP_ALL, 0);
    /* A query that is a citation: its norm, then what cites it or holds its words. */
    guint begin = maker.plan->nodes->len;
    if (query->root && query->mentions->len > 0 &&
        push_citation(&maker, query->text, LJ_FIELD_CITATION)) {
        note_part(&maker, "citation", NULL, 0, begin);
        push_op(maker.plan->nodes, XAP_OR, 2);
    }
    if (maker.n_bonus > 0) {
        for (guint i = 0; i < maker.plan->parts->len; i++) {
            struct lj_plan_part *part = &g_array_index(maker.plan->parts, struct lj_plan_part, i);
            part->from += part->bonus ? maker.plan->nodes->len : 0;
            part->to += part->bonus ? maker.plan->nodes->len : 0;
        }
        g_array_append_vals(maker.plan->nodes, maker.bonus->data, maker.bonus->len);
        push_join(maker.plan->nodes, XAP_OR, maker.n_bonus);
        push_op(maker.plan->nodes, XAP_AND_MAYBE, 2);
    }
    g_array_unref(maker.bonus);
    return maker.plan;
}

/* --- second stage ------------------------------------------------------------------------------
 */

/* The very word, accents aside, and its stem in title and headings. */
static uint32_t
push_closer(struct lj_plan *plan, const struct lj_node *word, const struct lj_ranking *ranking)
{
    uint32_t n = 0;
    const struct {
        const char *kind, *prefix, *text;
        double weight;
    } closer[] = {{"form", "", word->word.folded, ranking->folded},
                  {"title", "ZS", word->word.stem, ranking->title}};
    for (size_t i = 0; i < G_N_ELEMENTS(closer); i++) {
        if (closer[i].weight <= 0)
            continue;
        struct lj_plan_part part = {.kind = closer[i].kind, .node = word, .from = plan->nodes->len};
        push_term(plan, plan->nodes, closer[i].prefix, closer[i].text);
        push_scale(plan->nodes, closer[i].weight);
        part.to = plan->nodes->len;
        g_array_append_val(plan->parts, part);
        n++;
    }
    return n;
}

void
lj_plan_restrict(struct lj_plan *plan, uint32_t n, const struct lj_plan_candidates *candidates)
{
    push_join(plan->nodes, XAP_OR, n);
    if (candidates->ids) {
        for (size_t i = 0; i < candidates->n; i++)
            push_term(plan, plan->nodes, "Q", candidates->ids[i]);
        push_join(plan->nodes, XAP_OR, (uint32_t)candidates->n);
    } else {
        struct xap_node listed = {
            .op = XAP_DOCIDS, .docids = candidates->docids, .n_docids = (uint32_t)candidates->n};
        g_array_append_val(plan->nodes, listed);
    }
    push_op(plan->nodes, XAP_FILTER, 2);
    plan->weighted = true;
}

struct lj_plan *
lj_plan_add_stem(struct lj_plan *plan, const char *stem, double factor)
{
    if (!plan)
        plan = plan_new();
    struct lj_plan_part part = {.kind = "alike", .from = plan->nodes->len};
    push_term(plan, plan->nodes, "Z", stem);
    push_scale(plan->nodes, factor);
    part.to = plan->nodes->len;
    g_array_append_val(plan->parts, part);
    return plan;
}

struct lj_plan *
lj_plan_second(const struct lj_query *query, const struct lj_ranking *ranking,
               const struct lj_plan_candidates *candidates)
{
    GPtrArray *words = g_ptr_array_new(), *seen = g_ptr_array_new();
    lj_evidence_words(query->root, words);
    struct lj_plan *plan = plan_new();
    uint32_t operands = 0;
    guint most = MIN(words->len, 60); /* abstracts pasted whole: the first 60 words tell */
    for (guint i = 0; i < most; i++) {
        const struct lj_node *word = words->pdata[i];
        if (word->word.stop)
            continue;
        if (!word->exact &&
            !g_ptr_array_find_with_equal_func(seen, word->word.folded, g_str_equal, NULL))
            operands += push_closer(plan, word, ranking);
        g_ptr_array_add(seen, word->word.folded);
    }
    g_ptr_array_unref(seen);
    g_ptr_array_unref(words);
    if (operands == 0) {
        lj_plan_free(plan);
        return NULL;
    }
    lj_plan_restrict(plan, operands, candidates);
    return plan;
}
