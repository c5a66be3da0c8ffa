/* Tree → query text that parses to an equal tree. Operators are the Spanish ones; dates are
 * absolute. */
#include "query/parts.h"

#include <string.h>

/* Letters, digits and what may stand between them without meaning anything. */
static bool
is_bare(const char *text, bool value)
{
    size_t length = strlen(text);
    bool first = true;
    for (size_t at = 0; at < length; first = false) {
        gunichar c = lex_next(text, length, &at);
        if (!lex_is_word(c) &&
            (first || !c || c > 126 || !strchr(value ? "-_./" : "-_./,:@&#", (int)c)))
            return false;
    }
    return length > 0;
}

static const char *
word_text(const struct lj_node *node)
{
    return node->kind == LJ_NODE_WORD && !node->verbatim ? node->word.form : node->text;
}

/* A field's value: bare where it can be, else between quotes that it does not hold; what no quotes
 * hold whole comes in pieces. Wildcards of a pattern stay bare. */
static void
print_value(const char *text, bool pattern, GString *out)
{
    if (!pattern && is_bare(text, true) && !strstr(text, "..")) {
        g_string_append(out, text);
        return;
    }
    size_t length = strlen(text);
    for (size_t at = 0; at < length;) {
        size_t end = at;
        if (pattern && (text[at] == '*' || text[at] == '?')) {
            g_string_append_c(out, text[at++]);
            continue;
        }
        if (text[at] == '"') {
            while (end < length && text[end] == '"')
                end++;
            g_string_append(out, "«");
            g_string_append_len(out, text + at, (gssize)(end - at));
            g_string_append(out, "»");
        } else {
            while (end < length && text[end] != '"' &&
                   !(pattern && (text[end] == '*' || text[end] == '?')))
                end++;
            char *piece = g_strndup(text + at, end - at);
            if (pattern && is_bare(piece, true) && g_ascii_isalnum(piece[0]))
                g_string_append(out, piece);
            else
                g_string_append_printf(out, "\"%s\"", piece);
            g_free(piece);
        }
        at = end;
    }
}

static void
print_name(const struct lj_node *node, GString *out)
{
    char *name = node->field ? lj_schema_fold(node->field->spanish, -1) : g_strdup(node->declared);
    g_string_append_printf(out, "%s:", name);
    g_free(name);
}

static void
print_day(uint32_t day, GString *out)
{
    g_string_append_printf(out, "%04u-%02u-%02u", day / 10000, day / 100 % 100, day % 100);
}

static void
print_date(const struct lj_node *node, GString *out)
{
    const struct lj_interval *when = &node->interval;
    if (node->none) {
        g_string_append(out, "ninguna");
        return;
    }
    char *iso = when->first > 0 && when->last < 99999999 ? lj_interval_to_iso(when) : NULL;
    if (iso && strlen(iso) <= 10 && !strstr(iso, "..")) {
        g_string_append(out, iso);
    } else {
        if (when->first > 0)
            print_day(when->first, out);
        g_string_append(out, "..");
        if (when->last < 99999999)
            print_day(when->last, out);
    }
    g_free(iso);
}

static void
print_phrase(const struct lj_node *node, GString *out)
{
    for (guint i = 0; node->hyphens && i < node->children->len; i++)
        g_string_append_printf(out, "%s%s", i > 0 ? "-" : "", word_text(node->children->pdata[i]));
    if (node->hyphens)
        return;
    g_string_append_c(out, '"');
    for (guint i = 0; i < node->children->len; i++) {
        const struct lj_node *child = node->children->pdata[i];
        if (i > 0) {
            const struct lj_node *before = node->children->pdata[i - 1];
            g_string_append_c(out, ' ');
            for (uint32_t skip = MAX(before->width, 1); skip < child->gap; skip++)
                g_string_append(out, "* ");
        }
        g_string_append(out, word_text(child));
    }
    g_string_append_c(out, '"');
}

/* A word, pattern, near spelling or phrase, of a field or not. */
static void
print_words(const struct lj_node *node, GString *out)
{
    bool group = false;
    const char *word = word_text(node);
    if (node->field || node->declared) {
        print_name(node, out);
        /* commas part values */
        group = node->kind == LJ_NODE_WORD && !is_bare(word, true);
    }
    if (node->declared ||
        (node->field && node->kind == LJ_NODE_PATTERN && node->field->kind != LJ_KIND_TEXT &&
         node->field->kind != LJ_KIND_NAME)) {
        print_value(word, true, out);
        return;
    }
    if (group)
        g_string_append_c(out, '(');
    if (node->exact)
        g_string_append_c(out, '=');
    if (node->kind == LJ_NODE_PHRASE)
        print_phrase(node, out);
    else
        g_string_append(out, word);
    if (node->kind == LJ_NODE_FUZZY)
        g_string_append_printf(out, "~%u", node->distance);
    if (group)
        g_string_append_c(out, ')');
}

static void print_node(const struct lj_node *node, GString *out);

static bool
is_filter(const struct lj_node *node)
{
    return (node->kind == LJ_NODE_FIELD || node->kind == LJ_NODE_DATE) && !node->plus &&
           !node->minus;
}

/* tipo:ley,decreto */
static bool
is_value_list(const struct lj_node *node)
{
    if (node->kind != LJ_NODE_OR)
        return false;
    const struct lj_node *first = node->children->pdata[0];
    for (guint i = 0; i < node->children->len; i++) {
        const struct lj_node *child = node->children->pdata[i];
        bool whole = child->field && child->field->kind == LJ_KIND_NAME;
        if (!is_filter(child) || whole || child->kind != first->kind ||
            child->field != first->field || g_strcmp0(child->declared, first->declared) != 0)
            return false;
    }
    return true;
}

/* ="…", in marks that the value does not hold. */
static void
print_whole(const char *value, GString *out)
{
    bool guillemets = strchr(value, '"') != NULL;
    g_string_append_printf(out, guillemets ? "=«%s»" : "=\"%s\"", value);
}

static void
print_filter_value(const struct lj_node *node, GString *out)
{
    if (node->kind == LJ_NODE_DATE)
        print_date(node, out);
    else if (node->field && node->field->kind == LJ_KIND_NAME)
        print_whole(node->text, out);
    else
        print_value(node->text, false, out);
}

/* One that binds tighter than everything: others get parentheses. */
static bool
is_primary(const struct lj_node *node)
{
    switch (node->kind) {
    case LJ_NODE_LIST:
    case LJ_NODE_AND:
    case LJ_NODE_NOT:
    case LJ_NODE_NEAR:
        return false;
    case LJ_NODE_OR:
        return is_value_list(node);
    default:
        return true;
    }
}

static void
print_within(const struct lj_node *node, bool bare, GString *out)
{
    if (!bare)
        g_string_append_c(out, '(');
    print_node(node, out);
    if (!bare)
        g_string_append_c(out, ')');
}

static void
print_joined(const struct lj_node *node, const char *operator_, GString *out)
{
    for (guint i = 0; i < node->children->len; i++) {
        const struct lj_node *child = node->children->pdata[i];
        if (i > 0)
            g_string_append(out, operator_);
        bool bare = child->kind != LJ_NODE_AND && child->kind != LJ_NODE_OR;
        if (node->kind == LJ_NODE_OR && child->kind == LJ_NODE_AND)
            bare = true;
        print_within(child, bare || is_primary(child), out);
    }
}

static void
print_node(const struct lj_node *node, GString *out)
{
    switch (node->kind) {
    case LJ_NODE_WORD:
    case LJ_NODE_PATTERN:
    case LJ_NODE_FUZZY:
    case LJ_NODE_PHRASE:
        print_words(node, out);
        return;
    case LJ_NODE_FIELD:
    case LJ_NODE_DATE:
        print_name(node, out);
        print_filter_value(node, out);
        return;
    case LJ_NODE_ALL:
        g_string_append_c(out, '*');
        return;
    case LJ_NODE_NOT: {
        const struct lj_node *child = node->children->pdata[0];
        g_string_append(out, "NO ");
        print_within(child,
                     is_primary(child) || child->kind == LJ_NODE_NOT || child->kind == LJ_NODE_NEAR,
                     out);
        return;
    }
    case LJ_NODE_NEAR:
        for (guint i = 0; i < node->children->len; i++) {
            const struct lj_node *child = node->children->pdata[i];
            if (i > 0)
                g_string_append_printf(out, " %s/%u ", node->ordered ? "ADY" : "CERCA",
                                       node->distance);
            print_within(child, is_primary(child), out);
        }
        return;
    case LJ_NODE_LIST:
        for (guint i = 0; i < node->children->len; i++) {
            const struct lj_node *child = node->children->pdata[i];
            if (i > 0)
                g_string_append_c(out, ' ');
            if (child->plus || child->minus)
                g_string_append_c(out, child->plus ? '+' : '-');
            print_within(child,
                         is_primary(child) || child->kind == LJ_NODE_NEAR ||
                             (child->kind == LJ_NODE_NOT && !child->plus && !child->minus),
                         out);
        }
        return;
    case LJ_NODE_AND:
        print_joined(node, " Y ", out);
        return;
    case LJ_NODE_OR:
        if (!is_value_list(node)) {
            print_joined(node, " O ", out);
            return;
        }
        for (guint i = 0; i < node->children->len; i++) {
            if (i > 0)
                g_string_append_c(out, ',');
            else
                print_name(node->children->pdata[0], out);
            print_filter_value(node->children->pdata[i], out);
        }
        return;
    }
}

char *
lj_query_print(const struct lj_query *query)
{
    GString *out = g_string_new(NULL);
    if (query->root)
        print_node(query->root, out);
    return g_string_free(out, FALSE);
}
