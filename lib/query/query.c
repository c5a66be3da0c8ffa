/* Lexemes → tree, by precedence.
 *
 *     query   = [ or ]
 *     or      = and { ("O" | "OR") and }
 *     and     = list { ("Y" | "AND") list }
 *     list    = item { item }
 *     item    = ("NO" | "NOT") item | [ "+" | "-" ] near
 *     near    = primary { ("CERCA/" | "NEAR/" | "ADY/" | "ADJ/") n  primary }
 *     primary = words | phrase | field | "(" or ")" | "*"
 *     words   = [ "=" ] chunk               the analyser's words; pattern; word "~" ("1" | "2")
 *     phrase  = [ "=" ] quote text quote    " " or « » or “ ”
 *     field   = name ":" ( value { "," value } | "(" or ")" )       no blank behind the colon
 *     value   = [ "=" ] { chunk | quote text quote }
 *
 * A chunk is what stands between blanks, parentheses and quotes. Which characters are syntax at
 * all, and where, is lexer.c's and words.c's business; what a value means, value.c's.
 */
#include "query/parts.h"
#include "i18n.h"

#include <stdarg.h>
#include <string.h>

bool
parse_fail(struct parse *parse, size_t start, size_t end, const char *format, ...)
{
    if (parse->error)
        return false;
    va_list arguments;
    va_start(arguments, format);
    parse->error = g_error_new_valist(LJ_ERROR, LJ_ERROR_QUERY, format, arguments);
    va_end(arguments);
    parse->place.start = start;
    parse->place.end = MAX(start, end);
    return false;
}

void
parse_notice(struct parse *parse, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    GPtrArray *notices = parse->query->notices;
    for (guint i = 0; i < notices->len; i++)
        if (strcmp(notices->pdata[i], text) == 0) {
            g_free(text);
            return;
        }
    if (notices->len < 100)
        g_ptr_array_add(notices, text);
    else
        g_free(text);
}

/* --- lexemes into nodes -------------------------------------------------------------------------
 */

static void
push_node(GArray *out, struct lj_node *node)
{
    struct lexeme lexeme = {.kind = LEX_NODE, .start = node->start, .end = node->end, .node = node};
    g_array_append_val(out, lexeme);
}

/* In titulo:(…) and tipo:(…): words of the field, or a value a chunk. */
static bool
text_in_scope(struct parse *parse, const struct lexeme *lexeme, const struct scope *scope,
              GArray *out)
{
    const char *text = parse->query->text;
    bool by_words = (!scope->field && !scope->declared) ||
                    (scope->field &&
                     (scope->field->kind == LJ_KIND_TEXT || scope->field->kind == LJ_KIND_NAME));
    bool quoted = lexeme->kind == LEX_PHRASE;
    size_t start = quoted ? lexeme->inner_start : lexeme->start;
    size_t end = quoted ? lexeme->inner_end : lexeme->end;
    GPtrArray *nodes = g_ptr_array_new();
    bool fine = true;
    if (by_words) {
        size_t words = parse->words;
        fine = words_append(parse, text + start, end - start, start, end, true,
                            quoted ? WORDS_QUOTED : WORDS_RUN, lexeme->exact, scope, nodes);
        if (fine && quoted && nodes->len == 0 && words < LJ_QUERY_WORDS)
            parse_notice(parse, _("a quote without a word in it is left out"));
        if (quoted && nodes->len == 1) {
            struct lj_node *node = nodes->pdata[0];
            node->start = lexeme->start;
            node->end = lexeme->end;
        }
    } else {
        for (size_t at = start; fine && at < end;) {
            size_t from = at;
            if (!quoted)
                while (from < end && lex_is_blank(lex_peek(text, end, from)))
                    lex_next(text, end, &from);
            size_t to = from;
            while (to < end && (quoted || !lex_is_blank(lex_peek(text, end, to))))
                lex_next(text, end, &to);
            at = to;
            if (to == from)
                break;
            struct lex_value value = {g_strndup(text + from, to - from), quoted, false, from, to};
            struct lj_node *node = value_node(parse, scope, &value);
            g_free(value.text);
            fine = node != NULL;
            if (node)
                g_ptr_array_add(nodes, node);
        }
    }
    for (guint i = 0; i < nodes->len; i++)
        push_node(out, nodes->pdata[i]);
    g_ptr_array_unref(nodes);
    return fine;
}

/* Every text, phrase and field becomes its nodes; field(…) is in force up to its parenthesis. */
static bool
resolve(struct parse *parse, GArray *lexemes, GArray *out)
{
    struct scope scopes[LEX_NESTING + 2] = {{NULL, NULL}};
    size_t depth = 0;
    struct scope coming = scopes[0]; /* of the parenthesis that follows */
    bool fine = true;
    for (guint i = 0; fine && i < lexemes->len; i++) {
        struct lexeme *lexeme = &g_array_index(lexemes, struct lexeme, i);
        switch (lexeme->kind) {
        case LEX_TEXT:
        case LEX_PHRASE:
            fine = text_in_scope(parse, lexeme, &scopes[depth], out);
            break;
        case LEX_FIELD: {
            struct scope scope = {lexeme->field, lexeme->declared};
            if (lexeme->exact) /* exacta: */
                scope = scopes[depth];
            if (lexeme->values->len == 0) {
                coming = scope;
                continue;
            }
            GPtrArray *nodes = g_ptr_array_new_with_free_func((GDestroyNotify)node_free);
            for (guint j = 0; fine && j < lexeme->values->len; j++) {
                struct lex_value *value = &g_array_index(lexeme->values, struct lex_value, j);
                value->exact = value->exact || lexeme->exact;
                struct lj_node *node = value_node(parse, &scope, value);
                fine = node != NULL;
                if (node)
                    g_ptr_array_add(nodes, node);
            }
            if (!fine) {
                g_ptr_array_unref(nodes);
                break;
            }
            g_ptr_array_set_free_func(nodes, NULL);
            struct lj_node *node = node_join(LJ_NODE_OR, nodes, lexeme->start, lexeme->end);
            node->start = lexeme->start;
            node->end = lexeme->end;
            push_node(out, node);
            break;
        }
        case LEX_OPEN:
            depth++;
            scopes[depth] = coming.field || coming.declared ? coming : scopes[depth - 1];
            g_array_append_val(out, *lexeme);
            break;
        case LEX_CLOSE:
            depth--;
            g_array_append_val(out, *lexeme);
            break;
        default:
            g_array_append_val(out, *lexeme);
            break;
        }
        coming = (struct scope){NULL, NULL};
    }
    if (!fine) {
        struct lexeme end = {.kind = LEX_END};
        g_array_append_val(out, end);
    }
    return fine;
}

/* --- the tree -----------------------------------------------------------------------------------
 */

struct cursor {
    struct parse *parse;
    GArray *lexemes;
    guint at;
    unsigned depth;
};

static struct lexeme *
now(struct cursor *cursor)
{
    return &g_array_index(cursor->lexemes, struct lexeme, cursor->at);
}

static struct lj_node *parse_or(struct cursor *cursor);

static bool
begins_item(enum lex_kind kind)
{
    return kind == LEX_NODE || kind == LEX_OPEN || kind == LEX_PLUS || kind == LEX_MINUS ||
           kind == LEX_NOT || kind == LEX_ALL;
}

/* The text of a lexeme, for messages: g_free. */
static char *
spelled(struct cursor *cursor, const struct lexeme *lexeme)
{
    return g_strndup(cursor->parse->query->text + lexeme->start, lexeme->end - lexeme->start);
}

/* An operator whose operand is missing on one side. */
static struct lj_node *
missing(struct cursor *cursor, const struct lexeme *operator_)
{
    char *text = spelled(cursor, operator_);
    if (cursor->parse->words >= LJ_QUERY_WORDS) /* it is not: it was beyond them */
        parse_fail(
            cursor->parse, operator_->start, operator_->end,
            _("a query with operators can have %d words at most; behind this nothing was read"),
            LJ_QUERY_WORDS);
    else if (operator_->kind == LEX_NOT)
        parse_fail(cursor->parse, operator_->start, operator_->end,
                   _("%s needs what it excludes behind it; to search for the word, write it in "
                     "small letters"),
                   text);
    else if (operator_->kind == LEX_PLUS || operator_->kind == LEX_MINUS)
        parse_fail(cursor->parse, operator_->start, operator_->end,
                   _("%s needs a word directly behind it"), text);
    else
        parse_fail(cursor->parse, operator_->start, operator_->end,
                   _("%s needs something on both sides; to search for the word, write it in small "
                     "letters or quotes"),
                   text);
    g_free(text);
    return NULL;
}

static struct lj_node *
parse_primary(struct cursor *cursor)
{
    struct lexeme *lexeme = now(cursor);
    struct lj_node *node;
    switch (lexeme->kind) {
    case LEX_NODE:
        cursor->at++;
        node = lexeme->node;
        lexeme->node = NULL;
        return node;
    case LEX_ALL:
        cursor->at++;
        return node_new(LJ_NODE_ALL, lexeme->start, lexeme->end);
    case LEX_OPEN: {
        size_t start = lexeme->start;
        cursor->at++;
        if (now(cursor)->kind == LEX_CLOSE) {
            parse_fail(cursor->parse, start, now(cursor)->end,
                       _("there is no word between these parentheses; leave them out"));
            return NULL;
        }
        node = parse_or(cursor);
        if (!node)
            return NULL;
        node->start = start;
        node->end = now(cursor)->end;
        cursor->at++; /* the lexer has paired them */
        return node;
    }
    default:
        return NULL;
    }
}

/* May node stand in a NEAR, and of which field is it? */
static bool
can_be_near(const struct lj_node *node, const struct lj_node **leaf)
{
    switch (node->kind) {
    case LJ_NODE_WORD:
    case LJ_NODE_PATTERN:
    case LJ_NODE_FUZZY:
    case LJ_NODE_PHRASE:
        if (node->field && node->field->kind != LJ_KIND_TEXT && node->field->kind != LJ_KIND_NAME)
            return false;
        if (node->declared || (*leaf && (*leaf)->field != node->field))
            return false;
        *leaf = node;
        return true;
    case LJ_NODE_OR:
    case LJ_NODE_NEAR:
        for (guint i = 0; i < node->children->len; i++)
            if (!can_be_near(node->children->pdata[i], leaf))
                return false;
        return true;
    default:
        return false;
    }
}

static bool
add_near(struct cursor *cursor, struct lj_node *near, struct lj_node *child,
         const struct lj_node **leaf, const struct lexeme *operator_)
{
    if (!can_be_near(child, leaf)) {
        char *text = spelled(cursor, operator_);
        parse_fail(cursor->parse, child->start, child->end,
                   _("%s joins words, phrases, patterns and (this O that), all of one field"),
                   text);
        g_free(text);
        node_free(child);
        return false;
    }
    node_add(near, child);
    return true;
}

static struct lj_node *
parse_near(struct cursor *cursor)
{
    struct lj_node *left = parse_primary(cursor);
    const struct lj_node *leaf = NULL;
    while (left && now(cursor)->kind == LEX_NEAR) {
        struct lexeme operator_ = *now(cursor);
        cursor->at++;
        if (now(cursor)->kind != LEX_NODE && now(cursor)->kind != LEX_OPEN) {
            node_free(left);
            return missing(cursor, &operator_);
        }
        struct lj_node *right = parse_primary(cursor);
        if (!right) {
            node_free(left);
            return NULL;
        }
        /* a CERCA/5 b CERCA/5 c is one NEAR of three; (a CERCA/5 b) CERCA/5 c is not */
        if (left->kind != LJ_NODE_NEAR || left->distance != operator_.distance ||
            left->ordered != operator_.ordered || !leaf) {
            struct lj_node *near = node_new(LJ_NODE_NEAR, left->start, right->end);
            near->distance = operator_.distance;
            near->ordered = operator_.ordered;
            leaf = NULL;
            if (!add_near(cursor, near, left, &leaf, &operator_)) {
                node_free(near);
                node_free(right);
                return NULL;
            }
            left = near;
        }
        size_t end = right->end;
        if (!add_near(cursor, left, right, &leaf, &operator_)) {
            node_free(left);
            return NULL;
        }
        left->end = end;
    }
    return left;
}

static struct lj_node *
parse_item(struct cursor *cursor)
{
    struct lexeme lexeme = *now(cursor);
    if (lexeme.kind == LEX_NOT) {
        if (++cursor->depth > LJ_QUERY_NESTING) {
            parse_fail(cursor->parse, lexeme.start, lexeme.end,
                       _("more than %d NO within each other"), LJ_QUERY_NESTING);
            return NULL;
        }
        cursor->at++;
        if (!begins_item(now(cursor)->kind))
            return missing(cursor, &lexeme);
        struct lj_node *child = parse_item(cursor);
        cursor->depth--;
        if (!child)
            return NULL;
        struct lj_node *node = node_new(LJ_NODE_NOT, lexeme.start, child->end);
        if (child->plus || child->minus) { /* signs stand in a LIST */
            struct lj_node *list = node_new(LJ_NODE_LIST, child->start, child->end);
            node_add(list, child);
            child = list;
        }
        node_add(node, child);
        return node;
    }
    if (lexeme.kind == LEX_PLUS || lexeme.kind == LEX_MINUS) {
        cursor->at++;
        if (now(cursor)->kind != LEX_NODE && now(cursor)->kind != LEX_OPEN &&
            now(cursor)->kind != LEX_ALL)
            return missing(cursor, &lexeme);
        struct lj_node *node = parse_near(cursor);
        if (node) {
            node->start = lexeme.start;
            node->plus = lexeme.kind == LEX_PLUS;
            node->minus = lexeme.kind == LEX_MINUS;
        }
        return node;
    }
    return parse_near(cursor);
}

static struct lj_node *
parse_list(struct cursor *cursor)
{
    GPtrArray *items = g_ptr_array_new_with_free_func((GDestroyNotify)node_free);
    while (begins_item(now(cursor)->kind)) {
        struct lj_node *item = parse_item(cursor);
        if (!item) {
            g_ptr_array_unref(items);
            return NULL;
        }
        g_ptr_array_add(items, item);
    }
    if (now(cursor)->kind == LEX_NEAR) {
        missing(cursor, now(cursor));
        g_ptr_array_unref(items);
        return NULL;
    }
    /* beside other things, "every document" says nothing */
    for (guint i = items->len; i-- > 0 && items->len > 1;) {
        struct lj_node *item = items->pdata[i];
        if (item->kind == LJ_NODE_ALL && !item->minus)
            g_ptr_array_remove_index(items, i);
    }
    struct lj_node *result = NULL;
    if (items->len > 0) {
        struct lj_node *first = items->pdata[0], *last = items->pdata[items->len - 1];
        g_ptr_array_set_free_func(items, NULL);
        if (items->len == 1 && !first->plus && !first->minus) {
            result = first;
        } else {
            result = node_new(LJ_NODE_LIST, first->start, last->end);
            for (guint i = 0; i < items->len; i++)
                node_add(result, items->pdata[i]);
        }
    }
    g_ptr_array_unref(items);
    return result;
}

/* operand { operator operand }; NULL after an error. */
static struct lj_node *
parse_joined(struct cursor *cursor, enum lex_kind operator_, enum lj_node_kind kind,
             struct lj_node *(*operand)(struct cursor *cursor))
{
    GPtrArray *operands = g_ptr_array_new_with_free_func((GDestroyNotify)node_free);
    struct lexeme last = {.kind = LEX_END};
    for (;;) {
        struct lj_node *node = operand(cursor);
        if (!node) {
            /* the operator before or behind the gap is to blame */
            if (last.kind == operator_)
                missing(cursor, &last);
            else if (now(cursor)->kind == LEX_AND || now(cursor)->kind == LEX_OR)
                missing(cursor, now(cursor));
            g_ptr_array_unref(operands);
            return NULL;
        }
        g_ptr_array_add(operands, node);
        if (now(cursor)->kind != operator_)
            break;
        last = *now(cursor);
        cursor->at++;
    }
    size_t start = ((struct lj_node *)operands->pdata[0])->start;
    size_t end = ((struct lj_node *)operands->pdata[operands->len - 1])->end;
    g_ptr_array_set_free_func(operands, NULL);
    return node_join(kind, operands, start, end);
}

static struct lj_node *
parse_and(struct cursor *cursor)
{
    return parse_joined(cursor, LEX_AND, LJ_NODE_AND, parse_list);
}

static struct lj_node *
parse_or(struct cursor *cursor)
{
    return parse_joined(cursor, LEX_OR, LJ_NODE_OR, parse_and);
}

/* --- the whole ----------------------------------------------------------------------------------
 */

/* "Y después vino la guerra": Y or O with nothing before it begins a sentence. */
static void
sentence_start(struct parse *parse, GArray *lexemes)
{
    struct lexeme *first = &g_array_index(lexemes, struct lexeme, 0);
    if (lexemes->len < 2 || (first->kind != LEX_AND && first->kind != LEX_OR) ||
        first->end - first->start != 1)
        return;
    parse_notice(parse, _("“%.1s” at the beginning is read as a word"),
                 parse->query->text + first->start);
    first->kind = LEX_TEXT;
    struct lexeme *second = &g_array_index(lexemes, struct lexeme, 1);
    if (second->kind == LEX_TEXT && !second->exact) { /* one run */
        second->start = first->start;
        g_array_remove_index(lexemes, 0);
    }
}

static unsigned
tree_depth(const struct lj_node *node)
{
    unsigned deepest = 0;
    for (guint i = 0; node->children && i < node->children->len; i++)
        deepest = MAX(deepest, tree_depth(node->children->pdata[i]));
    return deepest + 1;
}

static void
parse_query(struct parse *parse)
{
    GArray *lexemes = g_array_new(FALSE, FALSE, sizeof(struct lexeme));
    GArray *resolved = g_array_new(FALSE, FALSE, sizeof(struct lexeme));
    if (lex(parse, lexemes)) {
        sentence_start(parse, lexemes);
        if (resolve(parse, lexemes, resolved)) {
            struct cursor cursor = {parse, resolved, 0, 0};
            if (now(&cursor)->kind != LEX_END)
                parse->query->root = parse_or(&cursor);
            struct lexeme *left = now(&cursor);
            if (!parse->error && left->kind != LEX_END)
                parse_fail(parse, left->start, left->end, _("this cannot stand here"));
            struct lj_node *root = parse->query->root;
            if (root && tree_depth(root) > LJ_QUERY_NESTING)
                parse_fail(parse, root->start, root->end,
                           _("the query has more than %d levels; leave out some parentheses"),
                           LJ_QUERY_NESTING);
        }
    }
    /* what resolve copied belongs to the first array */
    for (guint i = 0; i < resolved->len; i++)
        node_free(g_array_index(resolved, struct lexeme, i).node);
    g_array_unref(resolved);
    lexemes_free(lexemes);
}

/* Plain text: brackets, quotes and leading signs part words even where the analyser would keep them
 * in an address, so that every word prints as the same word. */
static void
parse_plain(struct parse *parse)
{
    GString *text = g_string_new(NULL);
    const char *given = parse->query->text;
    size_t length = strlen(given);
    bool fresh = true;
    for (size_t at = 0; at < length;) {
        size_t here = at;
        gunichar c = lex_next(given, length, &at);
        bool part = lex_is_blank(c) || c == '(' || c == ')' || c == 0xBB ||
                    lex_closing_quote(c) != 0 || (fresh && strchr("+-=~*?", (int)MIN(c, 127)));
        if (part)
            for (size_t i = here; i < at; i++)
                g_string_append_c(text, given[i] == '\n' ? '\n' : ' ');
        else
            g_string_append_len(text, given + here, (gssize)(at - here));
        fresh = part;
    }
    GPtrArray *nodes = g_ptr_array_new();
    static const struct scope whole = {NULL, NULL};
    words_append(parse, text->str, text->len, 0, text->len, true, WORDS_PLAIN, false, &whole,
                 nodes);
    if (nodes->len == 1) {
        parse->query->root = nodes->pdata[0];
    } else if (nodes->len > 1) {
        struct lj_node *first = nodes->pdata[0], *last = nodes->pdata[nodes->len - 1];
        parse->query->root = node_new(LJ_NODE_LIST, first->start, last->end);
        for (guint i = 0; i < nodes->len; i++)
            node_add(parse->query->root, nodes->pdata[i]);
    }
    g_ptr_array_unref(nodes);
    g_string_free(text, TRUE);
}

/* Nothing but stop words? *words counts them; false at the first other thing. */
static bool
only_stop_words(const struct lj_node *node, size_t *words)
{
    if (node->kind == LJ_NODE_WORD && !node->field && !node->exact) {
        ++*words;
        return node->word.stop;
    }
    if (node->kind != LJ_NODE_LIST && node->kind != LJ_NODE_AND && node->kind != LJ_NODE_OR)
        return false;
    for (guint i = 0; i < node->children->len; i++)
        if (!only_stop_words(node->children->pdata[i], words))
            return false;
    return true;
}

static void
mention_free(gpointer data)
{
    struct lj_query_mention *mention = data;
    g_free(mention->term);
    g_free(mention);
}

struct lj_query *
lj_query_parse(const char *text, enum lj_syntax syntax, const struct lj_query_context *context,
               struct lj_analyser *analyser, struct lj_query_place *place, GError **error)
{
    struct lj_query *query = g_new0(struct lj_query, 1);
    query->text = g_strdup(text);
    query->syntax = syntax;
    query->notices = g_ptr_array_new_with_free_func(g_free);
    query->mentions = g_ptr_array_new_with_free_func(mention_free);
    struct parse parse = {.query = query, .analyser = analyser, .context = context};
    parse.tokens = lj_tokens_new();
    parse.check = lj_tokens_new();
    if (syntax == LJ_SYNTAX_PLAIN)
        parse_plain(&parse);
    else
        parse_query(&parse);
    lj_tokens_free(parse.tokens);
    lj_tokens_free(parse.check);
    if (parse.error) {
        if (place)
            *place = parse.place;
        g_propagate_error(error, parse.error);
        lj_query_free(query);
        return NULL;
    }
    size_t words = 0;
    query->stop_only = query->root && only_stop_words(query->root, &words) && words > 0;
    return query;
}

void
lj_query_free(struct lj_query *query)
{
    if (!query)
        return;
    node_free(query->root);
    g_free(query->text);
    g_ptr_array_unref(query->notices);
    g_ptr_array_unref(query->mentions);
    g_free(query);
}
