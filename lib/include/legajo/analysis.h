/* Text → tokens. One analyser serves index, query and passage, so that they cannot disagree.
 *
 *     struct lj_analyser *a = lj_analyser_open(NULL, &error);
 *     struct lj_tokens *t = lj_tokens_new();
 *     lj_analyse(a, "Tráfico de armas", 17, LJ_ANALYSE_DOCUMENT, t);
 *     t->token[0].word->folded  "trafico"    ->stem "trafic"   ->form "tráfico"   start 0, end 8
 *
 * Every distinct word is worked out once an analyser and then found in its vocabulary: tokens only
 * point to it. Any bytes may be analysed; invalid UTF-8 separates words.
 */
#ifndef LEGAJO_ANALYSIS_H
#define LEGAJO_ANALYSIS_H

#include "legajo/error.h"
#include <stdbool.h>
#include <stdint.h>

#define LJ_WORD_LIMIT 64 /* code points; longer words are counted, not indexed */

enum lj_token_kind {
    LJ_TOKEN_WORD,
    LJ_TOKEN_NUMBER,   /* 1.234,56 · 19.924 */
    LJ_TOKEN_ORDINAL,  /* 1.º · 5o. */
    LJ_TOKEN_ACRONYM,  /* S.R.E. · EE. UU. */
    LJ_TOKEN_COMPOUND, /* teórico-práctico as one unit; its words follow */
    LJ_TOKEN_EMAIL,
    LJ_TOKEN_URL,
    LJ_TOKEN_HANDLE,   /* @gobmx */
    LJ_TOKEN_TAG,      /* #ley */
};

/* A distinct word of the vocabulary; lives as long as the analyser (see lj_analyser_trim). */
struct lj_word {
    uint32_t id;             /* dense from 0, for arrays by word */
    const char *form;        /* lower case, NFC, accents kept */
    const char *folded;      /* lower case, no accents, ñ kept: the term of layer 1 */
    const char *stem;        /* also for stop words; never empty */
    uint16_t form_length, folded_length, stem_length; /* bytes */
    bool stop;               /* function word: ranking leaves it out */
    bool exact;              /* has an E term: form differs from folded, or has an accented homograph */
};

/* The tokens that are no parts say the text once, word after word: a query of several words is the
 * phrase of those. Beside them stand further readings, found too:
 *
 *     text                 tokens that are no parts       parts (at the position of)
 *     teórico-práctico     teorico practico               teorico-practico (teorico)
 *     juan@sre.gob.mx      juan sre gob mx                juan@sre.gob.mx (juan)
 *     21.01.2026           21 01 2026                     21.01.2026 (21)
 *     @gobmx               @gobmx                         gobmx (@gobmx)
 *     legisla-⏎ción        legislacion                    legisla, cion (legislacion)
 *     diputad@s            diputados                      diputadas (diputados)
 *     Capítulo IV          capitulo iv                    4 (iv)
 *     primero de enero     primero de enero               1 (primero)
 */
struct lj_token {
    uint32_t start, end;     /* bytes of the analysed text */
    uint32_t position;       /* from 0, never falls; parts share one with a word */
    uint16_t kind;           /* enum lj_token_kind */
    bool part;               /* a further reading of what other tokens say: indexed at its position, not
                                counted as a word (see below) */
    const struct lj_word *word;
};

enum lj_mention_kind {
    LJ_MENTION_CITATION, /* normalised: "mx:constitucion#art=123" … see lib/analysis/citation.h */
    LJ_MENTION_DATE,     /* "20260121", "202601", "2026" */
    LJ_MENTION_ACRONYM,  /* "sre=secretaria de relaciones exteriores" */
};

/* Something the text says in several words that is searchable as one term. */
struct lj_mention {
    uint32_t start, end;
    uint16_t kind;
    const char *term; /* without prefix; owned by the lj_tokens until its next use */
};

struct lj_tokens {
    struct lj_token *token;
    size_t n;
    struct lj_mention *mention;
    size_t n_mentions;
    uint32_t positions; /* one past the last position */
    uint32_t overlong;  /* words over LJ_WORD_LIMIT that were left out */
    /* private */
    size_t allocated, mentions_allocated;
    GStringChunk *strings;
};

enum lj_analysis_mode {
    LJ_ANALYSE_DOCUMENT, /* with mentions */
    LJ_ANALYSE_QUERY,    /* with mentions; patterns are not the analyser's business */
    LJ_ANALYSE_WORDS,    /* tokens only: passages */
};

/* Opens an analyser; one thread each. lexicon: path of the compiled lexicon of an index, or NULL
 * for the one built in. Fails with LJ_ERROR_NEWER when the lexicon is of another version. */
LJ_API struct lj_analyser *lj_analyser_open(const char *lexicon, GError **error);
LJ_API void lj_analyser_close(struct lj_analyser *analyser);

/* Version of analysis that an index records: "1 es <rules>-<lexicon digest>"; lives as long as the
 * analyser. Two analysers of one version analyse alike. */
LJ_API const char *lj_analyser_version(const struct lj_analyser *analyser);
/* The version of an analyser with the built-in lexicon. Static; opens nothing. */
LJ_API const char *lj_analyser_builtin(void);

/* The lexicon's bytes, for the copy that an index keeps; borrowed from the analyser. */
LJ_API const void *lj_analyser_lexicon(const struct lj_analyser *analyser, size_t *length);

LJ_API struct lj_tokens *lj_tokens_new(void);
LJ_API void lj_tokens_free(struct lj_tokens *tokens);

/* Analyses length bytes; replaces what tokens held. Never fails; text over 4 GiB is a caller's
 * mistake (frames are far smaller). */
LJ_API void lj_analyse(struct lj_analyser *analyser, const char *text, size_t length,
                       enum lj_analysis_mode mode, struct lj_tokens *tokens);

/* The word of one form, as lj_analyse would make it ("Tráfico"; the first, where there are several):
 * for patterns, lists, tests. NULL where there is none. */
LJ_API const struct lj_word *lj_analyser_word(struct lj_analyser *analyser, const char *form,
                                              gssize length);

/* Number of words in the vocabulary, so that callers can size arrays by word->id. */
LJ_API size_t lj_analyser_words(const struct lj_analyser *analyser);

/* Is this folded word one of the dictionary (can, sep), whatever else its letters may stand for? */
LJ_API bool lj_analyser_knows(const struct lj_analyser *analyser, const char *folded);

/* Forgets the vocabulary when it holds more than limit words; all lj_word pointers end. Callers do
 * so between documents. True when it was forgotten. */
LJ_API bool lj_analyser_trim(struct lj_analyser *analyser, size_t limit);

/* Folds: lower case, NFC, no accents, ü to u, ñ stays, ligatures and full width opened
 * (compatibility). Appends to out. */
LJ_API void lj_fold(const char *text, gssize length, GString *out);

/* What an acronym of the built-in list stands for, folded, several parted by tabs ("onu" →
 * "organizacion de las naciones unidas\tnaciones unidas"); NULL: unknown. And the other way round, for
 * a folded name. Static. */
LJ_API const char *lj_acronym_names(const char *folded);
LJ_API const char *lj_acronym_of(const char *name);

LJ_API const char *lj_token_kind_name(enum lj_token_kind kind);

#endif
