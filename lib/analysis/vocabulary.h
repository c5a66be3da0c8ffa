/* Every distinct word, worked out once: spelling in the text → struct lj_word.
 *
 *     spelling "Tráfico" ─┐
 *     spelling "TRÁFICO" ─┼─► word {form tráfico, folded trafico, stem trafic}
 *     spelling "tráfico" ─┘
 *
 * A spelling is bytes of the text and how they are read: "S.R.E." read as an acronym is the word
 * sre.
 */
#ifndef LEGAJO_ANALYSIS_VOCABULARY_H
#define LEGAJO_ANALYSIS_VOCABULARY_H

#include "analysis/stem.h"
#include "legajo/analysis.h"

enum reading {
    READ_WORD,      /* a segment: a word, number or ordinal */
    READ_ORDINAL,   /* 1.º  1° */
    READ_NUMERO,    /* Nº  N.º: the word "nº" */
    READ_SPACED,    /* 1 234 567 with narrow blanks */
    READ_ACRONYM,   /* S.R.E.  EE. UU. */
    READ_COMPOUND,  /* teórico-práctico */
    READ_JOINED,    /* legisla-\nción */
    READ_INCLUSIVE, /* diputad@s */
    READ_SLASHED,   /* diputados/as  señor(a) */
    READ_EMAIL,
    READ_URL,
    READ_HANDLE, /* with its @ */
    READ_TAG,    /* with its # */
};

/* What a spelling is. */
struct spelling {
    struct lj_word *word;   /* NULL: no word, since nothing in it is visible or it is too long */
    struct lj_word *second; /* a further reading, as "diputadas" of diputad@s; NULL: none */
    uint8_t kind;           /* enum lj_token_kind */
    bool overlong;
    bool list; /* figures with marks that make no number: 21.01.2026 */
};

/* Words lie in aligned blocks, so that their numbers are known without looking at them: a look at
 * one of a large vocabulary takes longer than all else that a token needs. */
#define LJ_WORD_BLOCK ((size_t)1 << 16)
struct word_block {
    uint32_t first; /* id of its first word */
    struct lj_word word[(LJ_WORD_BLOCK - 64) / sizeof(struct lj_word)];
};

/* The id of a word that lj_analyse gave. */
static inline uint32_t
lj_word_id(const struct lj_word *word)
{
    const struct word_block *block =
        (const struct word_block *)((uintptr_t)word & ~(uintptr_t)(LJ_WORD_BLOCK - 1));
    return block->first + (uint32_t)(word - block->word);
}

struct vocabulary;
struct vocabulary *lj_vocabulary_new(struct lj_stemmer *stemmer);
void lj_vocabulary_free(struct vocabulary *vocabulary);

/* Bytes are valid UTF-8. The spelling lives until the vocabulary is cleared. */
const struct spelling *lj_vocabulary_find(struct vocabulary *vocabulary, enum reading reading,
                                          const char *bytes, size_t length);

/* Looking up in two steps, so that memory can be fetched while other words are read: the key of a
 * segment (READ_WORD; length is not 0; readable: bytes of the text from `bytes` on), and then its
 * word where it is known and has nothing but its one reading; else NULL, and lj_vocabulary_find
 * says more. */
struct key {
    uint64_t head;
    uint32_t hash;
};
struct key lj_vocabulary_key(const struct vocabulary *vocabulary, const char *bytes, size_t length,
                             size_t readable);
struct lj_word *lj_vocabulary_known(const struct vocabulary *vocabulary, struct key key,
                                    const char *bytes, size_t length, uint16_t *kind);

size_t lj_vocabulary_size(const struct vocabulary *vocabulary);
void lj_vocabulary_clear(struct vocabulary *vocabulary);

#endif
