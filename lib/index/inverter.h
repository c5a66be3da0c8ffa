/* The inverter from inside: what its files share. invert.c takes the tokens of a document through the layers;
 * terms.c gives terms their numbers; fields.c says what is known of the document beside its text; forms.c
 * gathers the metadata.
 */
#ifndef LEGAJO_INDEX_INVERTER_H
#define LEGAJO_INDEX_INVERTER_H

#include "analysis/vocabulary.h"
#include "index/fingerprint.h"
#include "index/invert.h"

#define LJ_INVERTER_GAP 1000u /* positions between fields and sections */

/* Where a word of the vocabulary stands among those of the document at hand. Every token looks here,
 * so that it is kept small and apart. */
struct word_place {
    uint32_t document; /* number of the document it was last seen in */
    uint32_t here;     /* which of its words it is */
    uint64_t hash;     /* for the fingerprint; 0: not made yet; LJ_INVERTER_STOP: none */
};
#define LJ_INVERTER_STOP UINT64_MAX

/* The terms a word can stand as; 0: not looked up yet, else number + 1. */
struct word_terms {
    uint32_t folded, stem, exact, title, title_stem;
    uint32_t noted; /* its form is in the metadata of the batch with this number */
};

/* A word of the document at hand. Every token counts here, in a few kilobytes; only then are the
 * counts handed to its terms in all layers, once a word. */
struct here {
    const struct lj_word *word;
    uint32_t n, n_headings; /* how often, and of these in headings */
    /* where its positions begin, and how many are there: set when all are counted */
    uint32_t at, at_headings;
    uint32_t kept, kept_headings;
};

/* A term, and what the document at hand has of it. Half a cache line. */
struct term {
    const char *name;
    uint32_t length;
    uint32_t hash;
    uint32_t document; /* number of the document it was last seen in */
    uint32_t wdf;
    uint32_t n;  /* positions */
    uint32_t at; /* where they begin */
};

/* Bytes in inverter->bytes: those of a value or of a term that stands by its name. */
struct piece {
    uint32_t slot; /* of a value */
    uint32_t at, length;
};

struct pieces {
    struct piece *piece;
    size_t n, allocated;
};

/* An occurrence of a word of the document or, in `direct`, of a term. */
struct event {
    uint32_t of, position;
};

struct events {
    struct event *event;
    size_t n, allocated;
};

/* Two readings of one token that meet in a layer (diputad@s): its wdf counts the place once. */
struct doubled {
    const struct lj_word *word;
    bool stem, folded, form; /* in which layers */
};

/* A form of a stem, for the metadata: its strings are the vocabulary's, or copies (kept). */
struct form {
    uint64_t prefix; /* of the stem: first eight bytes as a number of their order */
    const char *stem, *folded;
};

/* A term's place in the table: others that stand in its way are passed over without a look at them. */
struct known {
    uint32_t hash, number; /* number + 1; 0: free */
};

struct lj_inverter {
    struct lj_analyser *analyser;
    struct lj_tokens *tokens;
    struct term *terms; /* by number */
    size_t n_terms, terms_allocated;
    struct known *known; /* by hash, open addressing, half full at most */
    size_t known_size;   /* a power of two */
    GStringChunk *strings;
    struct word_place *places; /* by word id */
    struct word_terms *words;  /* by word id */
    size_t n_words;
    size_t most_words; /* that it remembers */
    uint32_t document; /* number of the one at hand */
    struct here *here; /* its words, in order of appearance */
    size_t n_here, here_allocated;
    GArray *doubles;                /* struct doubled */
    struct events events, headings; /* of words: all, and those in headings */
    struct events direct;           /* of terms that no word brings */
    uint32_t *touched;              /* its terms, in order of appearance */
    size_t n_touched, touched_allocated;
    uint32_t *positions;
    size_t n_positions, positions_allocated;
    GArray *postings; /* struct xap_posting */
    GArray *numbers;  /* uint32_t: of each posting */
    GArray *values;   /* struct xap_value */
    struct pieces pieces, singles; /* of values, of terms that hardly another document has */
    char *bytes;
    size_t n_bytes, bytes_allocated;
    GPtrArray *field_values; /* borrowed: of the field at hand */
    GPtrArray *norm_terms;   /* owned: of the norm that the document is */
    GString *joined;         /* values of a list */
    GArray *frames;          /* struct lj_frame */
    GByteArray *data;
    struct lj_fingerprint fingerprint;
    uint32_t batch;            /* number of the next metadata, from 1 */
    GArray *forms;             /* struct form, of the batch */
    GStringChunk *kept_forms;  /* strings of those whose vocabulary is gone */
    GHashTable *acronyms;      /* acronym → expansions, tab-separated */
    const GPtrArray *declared; /* struct lj_declared, borrowed; NULL */
    /* the file of the document before: documents of a feed share it, and its terms and extension */
    char *file_source, *file_path, *file_ext;
    GArray *file_terms; /* uint32_t, of the vocabulary file_vocabulary */
    unsigned file_vocabulary;
    struct lj_inverted out;
};

/* --- terms -------------------------------------------------------------------------------------
 */

void lj_inverter_begin_vocabulary(struct lj_inverter *inverter);
void lj_inverter_end_vocabulary(struct lj_inverter *inverter);

/* The number of the term prefix+rest; it may move inverter->terms. */
uint32_t lj_inverter_term(struct lj_inverter *inverter, const char *prefix, const char *rest,
                          size_t length);
/* Says that it will be asked for soon: where it would stand is fetched meanwhile. */
void lj_inverter_expect(const struct lj_inverter *inverter, const char *prefix, const char *rest,
                        size_t length);
void lj_inverter_more_touched(struct lj_inverter *inverter);

/* The term, counted from 0 at its first of a document. */
static inline struct term *
lj_inverter_touch(struct lj_inverter *inverter, uint32_t number)
{
    struct term *term = &inverter->terms[number];
    if (term->document != inverter->document) {
        term->document = inverter->document;
        term->wdf = term->n = 0;
        if (G_UNLIKELY(inverter->n_touched == inverter->touched_allocated))
            lj_inverter_more_touched(inverter);
        inverter->touched[inverter->n_touched++] = number;
    }
    return term;
}

/* A filter, without weight; an empty value is none. */
void lj_inverter_boolean(struct lj_inverter *inverter, const char *prefix, const char *value);
/* The same for one that hardly another document has, as its id: it is not remembered. Once a document. */
void lj_inverter_single(struct lj_inverter *inverter, const char *prefix, const char *value);
/* Words of a NAME field: G+word with positions from *base on, which moves behind them. */
void lj_inverter_name_words(struct lj_inverter *inverter, const char *prefix, const char *value,
                            uint32_t *base);

/* --- what is known beside the text -------------------------------------------------------------
 */

/* Terms and values of the document's identity, norm, date, fields, declared fields and title. */
void lj_inverter_fields(struct lj_inverter *inverter, const struct lj_document *document,
                        const struct lj_origin *origin);
void lj_inverter_value(struct lj_inverter *inverter, uint32_t slot, const char *bytes,
                       size_t length);
/* Adds bytes that consist of two parts to pieces. */
void lj_inverter_add_piece(struct lj_inverter *inverter, struct pieces *pieces, uint32_t slot,
                           const char *begin, size_t n, const char *rest, size_t length);
/* The first `most` bytes of a text at most, whole code points. */
size_t lj_whole_prefix(const char *text, size_t length, size_t most);

/* --- metadata ----------------------------------------------------------------------------------
 */

/* The forms of a stem, for operators that need positions: once a word and batch. */
void lj_inverter_add_form(struct lj_inverter *inverter, const struct lj_word *word);
static inline void
lj_inverter_note_form(struct lj_inverter *inverter, struct word_terms *terms,
                      const struct lj_word *word)
{
    if (terms->noted != inverter->batch) {
        terms->noted = inverter->batch;
        lj_inverter_add_form(inverter, word);
    }
}
/* Before the vocabulary goes: the forms' strings are copied. */
void lj_inverter_keep_forms(struct lj_inverter *inverter);
/* "sre=secretaria de relaciones exteriores" */
void lj_inverter_note_acronym(struct lj_inverter *inverter, const char *pair);

#endif
