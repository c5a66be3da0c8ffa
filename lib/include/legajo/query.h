/* A query: text → AST → the plan that search, passages and --explain share.
 *
 *     struct lj_query *q = lj_query_parse("tráfico Y fecha:2026", LJ_SYNTAX_QUERY, NULL, a, &place, &error);
 *     lj_query_print(q)            "tráfico Y fecha:2026": parses to the same plan
 *
 * The parser needs no index: an AST holds analysed words; forms of a stem, patterns and near spellings are
 * expanded against a vocabulary by lj_query_expand, so that near operators and passages can use them.
 */
#ifndef LEGAJO_QUERY_H
#define LEGAJO_QUERY_H

#include "legajo/analysis.h"
#include "legajo/document.h"
#include "legajo/schema.h"

enum lj_syntax { LJ_SYNTAX_QUERY, LJ_SYNTAX_PLAIN };
enum lj_match { LJ_MATCH_AUTO, LJ_MATCH_ALL, LJ_MATCH_ANY };

enum lj_node_kind {
    LJ_NODE_WORD,    /* one word (several tokens make a PHRASE): by stem unless exact */
    LJ_NODE_PATTERN, /* traf* ?rma arm?s: text holds the folded pattern */
    LJ_NODE_FUZZY,   /* trafik~1: distance 1 or 2 */
    LJ_NODE_PHRASE,  /* children one after another (by folded form; exact: by form) */
    LJ_NODE_NEAR,    /* children within distance; ordered: in this order */
    LJ_NODE_LIST,    /* words side by side, joined by --match; + and - are on the children */
    LJ_NODE_AND,
    LJ_NODE_OR,
    LJ_NODE_NOT,     /* one child */
    LJ_NODE_FIELD,   /* a keyword, path, id, tag or citation: field and text (folded value) */
    LJ_NODE_DATE,    /* interval; none: documents without a date */
    LJ_NODE_ALL,     /* * */
};

/* A word as the plan keeps it: copies, so that the query outlives the analyser's vocabulary. */
struct lj_query_word {
    char *form, *folded, *stem;
    bool stop, exact;
};

struct lj_node {
    enum lj_node_kind kind;
    const struct lj_field *field; /* NULL: the whole text */
    char *declared;               /* name of a declared field, instead of field; NULL */
    bool plus, minus;             /* + and - before it, in a LIST */
    bool exact;                   /* =word, ="…": this very form */
    bool none;                    /* fecha:ninguna */
    char *text;                   /* as written (WORD, PATTERN, FUZZY, FIELD value) */
    struct lj_query_word word;    /* WORD */
    uint32_t distance;            /* NEAR window, FUZZY edits */
    uint32_t gap;                 /* within a PHRASE: positions after the child before (1: next) */
    bool ordered;
    struct lj_interval interval;  /* DATE */
    GPtrArray *children;          /* struct lj_node, owned; NULL: none */
    /* filled by lj_query_expand: folded forms that this leaf stands for (for WORD: forms of its
     * stem), most frequent first; NULL before. */
    GPtrArray *forms;
    GPtrArray *synonyms;          /* struct lj_synonym, by lj_query_expand; NULL: none */
    GPtrArray *akin;              /* filled by a search: stems that weigh with this word's (creación: crear);
                                     NULL: none */
    uint32_t akin_documents;      /* how many hold these, added up */
    size_t start, end;            /* place in the query, bytes */
    uint32_t width;               /* WORD, PATTERN in a PHRASE: positions it covers itself (a compound: as
                                     many as it has parts); 0 counts as 1 */
    bool hyphens;                 /* PHRASE: written as one word with hyphens, ex-presidente */
    bool verbatim;                /* WORD: prints as text, since its form alone reads as another word */
};

/* Another way to say a WORD or PHRASE: counts for less than what was asked. */
struct lj_synonym {
    struct lj_node *node; /* WORD or PHRASE; owned */
    uint32_t span;        /* how many children of the LIST, from this one on, it stands for; else 1 */
    double weight;        /* of the original's: 0…1 */
    const char *source;   /* "thesaurus", "acronym" or "joined" (expresidente for ex-presidente); static */
};

/* What the query says in several words that the analyser reads as one thing: a citation, a date, an
 * acronym (see struct lj_mention). */
struct lj_query_mention {
    int kind; /* enum lj_mention_kind */
    char *term;
    size_t start, end; /* bytes of the query */
};

struct lj_query {
    char *text;              /* as given */
    enum lj_syntax syntax;
    struct lj_node *root;    /* NULL: empty */
    bool stop_only;          /* nothing but stop words: searched as written */
    GPtrArray *notices;      /* char *: what the parser took as text, limits met */
    GPtrArray *mentions;     /* struct lj_query_mention, in order; quoted or not */
};

/* Where a query is wrong, in bytes of its text. */
struct lj_query_place {
    size_t start, end;
};

/* What the parser asks of the world; NULL: defaults. */
struct lj_query_context {
    uint32_t today;                                     /* YYYYMMDD for relative dates; 0: now */
    bool (*declared)(const char *name, void *data);     /* is this a declared field? NULL: none */
    void *data;
};

#define LJ_QUERY_WORDS 1000   /* words and patterns of one query; the rest is left out with a notice */
#define LJ_QUERY_NESTING 200  /* levels of a tree; more is an error */
#define LJ_QUERY_DISTANCE 100 /* the largest n of CERCA/n and ADY/n */

/* Parses; LJ_SYNTAX_PLAIN cannot fail. On LJ_ERROR_QUERY *place (may be NULL) says where. Text
 * should be valid UTF-8 (the tools check); bytes that are not separate words.
 *
 * What the tree looks like, beside what enum lj_node_kind says:
 *  - a LIST has two children or more, or one with a sign. A child with minus, a NOT, a FIELD and a DATE
 *    restrict whatever --match says; words, phrases, patterns, groups are joined by it; plus: required.
 *  - a query (or an operand) of NOs alone means every document but those.
 *  - words of title: have field; organo:, autor:, materia: too (words by their folded form, never
 *    by stem). Quoted they are a PHRASE. Other fields are FIELD nodes, PATTERN where the value has
 *    one (tipo:dec*), DATE.
 *  - a PHRASE may have one child: "tráfico" is this word accents aside, not its stem. Its children
 *    are WORD or PATTERN; y/o, 12:30 and whatever the analyser takes apart are phrases too.
 *  - children of NEAR are WORD, PATTERN, FUZZY, PHRASE, OR of these, or NEAR, all of one field.
 *  - a PHRASE in which gap exceeds the width of the child before has a `*` there: any word.
 */
LJ_API struct lj_query *lj_query_parse(const char *text, enum lj_syntax syntax,
                                       const struct lj_query_context *context,
                                       struct lj_analyser *analyser, struct lj_query_place *place,
                                       GError **error);
LJ_API void lj_query_free(struct lj_query *query);

/* The query as a query: parses to an equal tree. g_free. */
LJ_API char *lj_query_print(const struct lj_query *query);

/* Equal but for places, forms, notices and spelling (`text` of words). */
LJ_API bool lj_query_equal(const struct lj_query *a, const struct lj_query *b);

/* The leaves that matches and passages are made of, in order: words, patterns, near spellings and
 * phrases of the text outside NO; appended to out (borrowed). */
LJ_API void lj_query_leaves(const struct lj_query *query, GPtrArray *out);

/* --- expansion ---------------------------------------------------------------------------------- */

struct xap_reader;   /* xap/xap.h */
struct lj_wordlist;  /* index/wordlist.h: the archive's words in a sorted file */
struct lj_thesaurus;

#define LJ_EXPANSION 1000      /* words that a pattern or near spelling stands for, at most */
#define LJ_EXPANSION_ALL 10000 /* all of a query together; then each has LJ_EXPANSION_LEAST */
#define LJ_EXPANSION_LEAST 20

/* Synonyms of a user: a text file, UTF-8, a rule a line, '#' begins a comment.
 *
 *     vehículo, automóvil, coche        each stands for the others
 *     narco => narcotráfico, "tráfico de drogas"      only from left to right
 *
 * Rules hold for all forms of a word (by stem). LJ_ERROR_CONFIG names file and line of what cannot
 * be read. The analyser must be that of the searches. */
LJ_API struct lj_thesaurus *lj_thesaurus_open(const char *path, struct lj_analyser *analyser,
                                              GError **error);
LJ_API void lj_thesaurus_free(struct lj_thesaurus *thesaurus);

struct lj_expansion {
    struct xap_reader *reader;               /* NULL: no forms of stems, no acronyms */
    const struct lj_wordlist *const *lists;  /* one a database; none: words are read from reader */
    size_t n_lists;
    const struct lj_thesaurus *thesaurus;    /* NULL: none */
    struct lj_analyser *analyser;            /* for synonyms; NULL: none are looked for */
    bool every_word;                         /* forms of words outside NEAR too (--explain) */
};

/* Finds what leaves stand for: `forms` of PATTERN and FUZZY (in a PHRASE and a NEAR too) and of WORDs in
 * NEAR; `synonyms` of words, phrases and runs of words in a LIST. Of PATTERNs in fields, forms are values
 * or words of that field. At most LJ_EXPANSION forms a leaf, the most frequent; a notice says what was
 * left out. A leaf that stands for nothing has empty forms. May be called again. */
LJ_API bool lj_query_expand(struct lj_query *query, const struct lj_expansion *expansion,
                            GError **error);

/* --- spelling ----------------------------------------------------------------------------------- */

struct lj_suggestion {
    char *form;    /* as the archive writes it, accents and all; two words where a blank was lacking */
    uint32_t df;   /* documents that hold it */
    double cost;   /* how far it is from what was written: 1 is an ordinary error; 0: accents only */
    double score;  /* cost weighed against frequency: less is better */
};

/* What `word` may have meant, best first: up to most suggestions (struct lj_suggestion; freeing the array
 * frees them). Cost counts likely errors less: keyboard neighbours, swapped and doubled letters, b/v,
 * s/c/z, h, ll/y, g/j, qu/k/c, m/n … A word the archive holds often enough gives none, or its usual
 * form when that has accents this lacks. */
LJ_API GArray *lj_spell_suggest(const struct lj_wordlist *const *lists, size_t n_lists,
                                const char *word, gssize length, size_t most);

/* A word of the query and what it may have meant. */
struct lj_correction {
    size_t start, end; /* bytes of the query */
    char *from, *to;
    bool accents;      /* the archive has the word, with other accents: found anyway */
};

/* Corrections of words of the text that stand neither behind = nor in quotes (struct lj_correction;
 * freeing the array frees them). */
LJ_API GArray *lj_query_corrections(const struct lj_query *query,
                                    const struct lj_wordlist *const *lists, size_t n_lists);

/* Does the query ask for an exact thing anywhere, by = or in quotes? Then no correction is applied unasked. */
LJ_API bool lj_query_asks_exactly(const struct lj_query *query);

/* The query's text with corrections (those for accents only where `accents`) put in; NULL when there
 * are none. g_free. */
LJ_API char *lj_query_corrected(const struct lj_query *query, const GArray *corrections,
                                bool accents);

#endif
