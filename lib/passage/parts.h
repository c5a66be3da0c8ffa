/* A query compiled for text: what matcher.c and its neighbours work on.
 *
 *     compile.c    the query's tree → parts; at the bottom elements, conditions on one word
 *     words.c      which elements a word of the vocabulary meets
 *     matcher.c    a document on its way: words that meet an element become occurrences
 *     join.c       occurrences of elements → those of phrases, near operators, lists
 *     found.c      what to highlight, what is a match
 *     sums.c       are the matches just the places of its words?
 *     holds.c      does the document satisfy the query's text?
 */
#ifndef LEGAJO_PASSAGE_PARTS_H
#define LEGAJO_PASSAGE_PARTS_H

#include "passage/matcher.h"
#include "passage/occurrence.h"

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

/* The elements a word meets: a run that ends with G_MAXUINT32, or NULL. Borrowed until the next call. */
const uint32_t *lj_matcher_meets(struct lj_matcher *matcher, const struct lj_word *word);

/* Fills found of a part and of all below it. */
void lj_part_join(struct part *part);

/* How many children of a list, from this one on, are found by another way to say them; 0: none. */
uint32_t lj_part_together(const struct part *part);

/* Is it shown and required? Stop words beside other words are not what a reader looks for. */
bool lj_part_counts(const struct lj_matcher *matcher, const struct part *part);

/* Appends what was found in the text, or in the title: what to highlight, or (wholes) the matches. */
void lj_matcher_collect(struct lj_matcher *matcher, bool wholes, bool title, GArray *spans);

#endif
