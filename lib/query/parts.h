/* What the files of this folder share: the parser's state and the steps between text and tree.
 *
 *     query.c  → lexer.c   text → lexemes: quotes, signs, operators, fields, runs of plain text
 *              → words.c   a run of text → words, phrases, patterns, near spellings
 *              → value.c   what stands after "field:" → nodes
 *     query.c    lexemes → tree, by precedence (the grammar stands there)
 *     node.c     trees: made, freed, compared;  print.c: tree → text
 */
#ifndef LEGAJO_QUERY_PARTS_H
#define LEGAJO_QUERY_PARTS_H

#include "legajo/query.h"

/* --- state of one parse ----------------------------------------------------------------------- */

struct parse {
    struct lj_query *query;
    struct lj_analyser *analyser;
    const struct lj_query_context *context;
    struct lj_tokens *tokens, *check; /* reused */
    size_t words;                     /* leaves so far, against LJ_QUERY_WORDS */
    struct lj_query_place place;            /* of the error */
    GError *error;                    /* the first one; sticky */
};

/* Records an error (unless there is one) and its place; false, so that callers can return it. */
bool parse_fail(struct parse *parse, size_t start, size_t end, const char *format, ...)
    G_GNUC_PRINTF(4, 5);
/* Adds a notice, each text once. */
void parse_notice(struct parse *parse, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* A field in force: a row of the table, or a declared name, or neither (the whole text). */
struct scope {
    const struct lj_field *field;
    const char *declared;
};

/* --- nodes --------------------------------------------------------------------------------------
 */

struct lj_node *node_new(enum lj_node_kind kind, size_t start, size_t end);
void node_free(struct lj_node *node);
void node_add(struct lj_node *parent, struct lj_node *child);
void node_set_scope(struct lj_node *node, const struct scope *scope);
bool node_equal(const struct lj_node *a, const struct lj_node *b);
/* An AND or OR of what is in nodes (taken over; the array is freed): children of its own kind
 * without a sign are lifted; one child is returned itself, none as NULL. */
struct lj_node *node_join(enum lj_node_kind kind, GPtrArray *nodes, size_t start, size_t end);
/* Where a node adds words of its own to match (not a field's filter). */
bool node_is_text(const struct lj_node *node);
/* Is this phrase written in quotes, or has the analyser made it of "y/o"? */
bool node_is_quoted(const struct lj_query *query, const struct lj_node *node);

/* --- lexemes ------------------------------------------------------------------------------------
 */

/* Parentheses within each other. Twice the levels of a tree, so that a tree of the largest depth
 * has room for those that printing adds. */
#define LEX_NESTING (2 * LJ_QUERY_NESTING)

enum lex_kind {
    LEX_TEXT,   /* a run of plain text */
    LEX_PHRASE, /* inner is what stands between the quotes */
    LEX_FIELD,  /* field or declared; values, or none where a parenthesis follows */
    LEX_OPEN,
    LEX_CLOSE,
    LEX_PLUS,
    LEX_MINUS,
    LEX_AND,
    LEX_OR,
    LEX_NOT,
    LEX_NEAR,
    LEX_ALL,
    LEX_NODE, /* made by the parser of TEXT, PHRASE and FIELD */
    LEX_END,
};

/* One of the values of tipo:ley,"decreto ley": pieces quoted and not are put together. */
struct lex_value {
    char *text;
    bool quoted;       /* wholly between quotes */
    bool exact;        /* =value */
    size_t start, end; /* with its quotes */
};

struct lexeme {
    enum lex_kind kind;
    size_t start, end;
    size_t inner_start, inner_end; /* PHRASE */
    bool exact;                    /* = before TEXT, PHRASE */
    uint32_t distance;             /* NEAR */
    bool ordered;
    const struct lj_field *field; /* FIELD */
    char *declared;
    GArray *values;       /* struct lex_value */
    struct lj_node *node; /* NODE */
};

/* Splits text; appends to lexemes (struct lexeme), LEX_END last. False after parse_fail. */
bool lex(struct parse *parse, GArray *lexemes);
void lexemes_free(GArray *lexemes);

/* Decodes one code point at *at (< length) and moves past it; bytes that are not UTF-8 come one by
 * one as 0. */
gunichar lex_next(const char *text, size_t length, size_t *at);
gunichar lex_peek(const char *text, size_t length, size_t at);
bool lex_is_blank(gunichar c);
/* A letter, digit or combining mark. */
bool lex_is_word(gunichar c);
/* The quote that ends what c begins: U+0022 for itself, » for «, ” for “; 0 when c begins none. */
gunichar lex_closing_quote(gunichar c);

/* --- words --------------------------------------------------------------------------------------
 */

enum words_mode {
    WORDS_RUN,    /* side by side: appended one by one */
    WORDS_QUOTED, /* one PHRASE */
    WORDS_PLAIN,  /* letters and digits are words, nothing else is anything */
};

/* Turns text into nodes, appended to out; what holds no word appends none. offset: place of text in
 * the query; verbatim: text is a piece of the query itself (else places are all offset..limit).
 * False after parse_fail. */
bool words_append(struct parse *parse, const char *text, size_t length, size_t offset, size_t limit,
                  bool verbatim, enum words_mode mode, bool exact, const struct scope *scope,
                  GPtrArray *out);

/* --- values -------------------------------------------------------------------------------------
 */

/* The node of one value of a field. NULL after parse_fail. */
struct lj_node *value_node(struct parse *parse, const struct scope *scope,
                           const struct lex_value *value);
/* Reads a date or range of dates as queries write them ("2024..2026", "hace-30d.."). today:
 * YYYYMMDD. False after parse_fail with the place. */
bool value_interval(struct parse *parse, const char *text, uint32_t today, size_t start, size_t end,
                    struct lj_interval *out);

#endif
