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
#include <string.h>

enum reading {
    READ_WORD,      /* a segment: a word, number or ordinal */
    READ_ORDINAL,   /* 1.º  1° */
    READ_NUMERO,    /* Nº  N.º: the word "nº" */
    READ_SPACED,    /* 1 234 567 with narrow blanks */
    READ_ACRONYM,   /* S.R.E.  EE. UU. */
    READ_RAISED,    /* km²  CO₂ */
    READ_COMPOUND,  /* teórico-práctico */
    READ_JOINED,    /* legisla-\nción */
    READ_INCLUSIVE, /* diputad@s */
    READ_SLASHED,   /* diputados/as  señor(a) */
    READ_EMAIL,
    READ_URL,
    READ_HANDLE, /* with its @ */
    READ_TAG,    /* with its # */
    READ_FIGURE, /* Capítulo IV, primero de enero: 4, 1 */
};

/* What a spelling is. */
struct spelling {
    struct lj_word *word;   /* NULL: no word, since nothing in it is visible or it is too long */
    struct lj_word *second; /* a further reading, as "diputadas" of diputad@s; NULL: none */
    uint8_t kind;           /* enum lj_token_kind */
    uint8_t hint;           /* of a segment (READ_WORD): lj_mention_hint */
    bool overlong;
    bool list; /* figures with marks that make no number: 21.01.2026 */
};

/* Words lie in aligned blocks, so that their numbers are known without looking at them: a look at
 * one of a large vocabulary takes longer than all else that a token needs. */
#define LJ_WORD_BLOCK ((size_t)1 << 16)
#define LJ_WORD_COLOURS 32
struct word_block {
    /* Id of its first word: each block is asked at another line, by its address. At one place of all blocks they
     * would push each other out of the caches, which go by an address's lower bits. */
    struct {
        uint32_t id;
        uint8_t rest_of_line[60];
    } first[LJ_WORD_COLOURS];
    struct lj_word word[(LJ_WORD_BLOCK - 64 * LJ_WORD_COLOURS) / sizeof(struct lj_word)];
};

/* The id of a word that lj_analyse gave. */
static inline uint32_t
lj_word_id(const struct lj_word *word)
{
    uintptr_t at = (uintptr_t)word & ~(uintptr_t)(LJ_WORD_BLOCK - 1);
    const struct word_block *block = (const struct word_block *)at;
    return block->first[at / LJ_WORD_BLOCK % LJ_WORD_COLOURS].id + (uint32_t)(word - block->word);
}

struct vocabulary;
struct vocabulary *lj_vocabulary_new(struct lj_stemmer *stemmer);
void lj_vocabulary_free(struct vocabulary *vocabulary);

/* Bytes are valid UTF-8. The spelling lives until the vocabulary is cleared. */
const struct spelling *lj_vocabulary_find(struct vocabulary *vocabulary, enum reading reading,
                                          const char *bytes, size_t length);

/* --- at a glance ------------------------------------------------------------------------------
 *
 * Nearly every segment of a text is a word that is known and has nothing but its one reading. The
 * table itself tells which, with one look at memory; what follows is inline so that a text's words go
 * by without a call. Where it gives NULL, lj_vocabulary_find says more.
 *
 *     struct spelling_key key = lj_spelling_key("tráfico ilícito", 8);     many keys first,
 *     __builtin_prefetch(lj_spelling_place(table, &key));                  their places fetched,
 *     const struct spelling_slot *slot = lj_spelling_known(table, &key);   then the words
 */

/* Hints beside those of mentions (analysis/mention.h): a segment that may be a unit by its own
 * bytes, whatever is beside it (EE, a soft hyphen at its end). */
#define LJ_HINT_UNIT 8

/* The first and the last eight bytes of the spelling stand in the table itself, and its word where
 * that is all there is to it. Half a cache line. */
struct spelling_slot {
    uint64_t head; /* the first eight bytes, the rest 0 */
    uint64_t tail; /* the last eight, where there are more; else 0 */
    const struct lj_word *word;
    uint32_t entry; /* in the list of entries; 0: the slot is free */
    uint16_t shape; /* length and reading: lj_spelling_shape */
    uint8_t kind;   /* enum lj_token_kind */
    uint8_t hint;
};

struct spelling_table {
    struct spelling_slot *slot; /* open addressing; a power of two, half full at most */
    size_t slots;
};

/* The vocabulary's own, which changes whenever a spelling is added. */
const struct spelling_table *lj_vocabulary_table(const struct vocabulary *vocabulary);

struct spelling_key {
    uint64_t head, tail;
    uint32_t hash;
    uint32_t shape;
};

static inline uint32_t
lj_spelling_shape(enum reading reading, size_t length)
{
    return (uint32_t)length << 4 | reading;
}

static inline uint64_t
lj_spelling_eight(const char *bytes)
{
    uint64_t value;
    memcpy(&value, bytes, 8);
    return value;
}

static inline uint64_t
lj_spelling_mix(uint64_t hash, uint64_t bytes)
{
    hash ^= hash >> 29;
    return (hash ^ bytes) * 0xff51afd7ed558ccdu;
}

/* The hash of a spelling: head and tail; beyond sixteen bytes all between too. */
static inline uint32_t
lj_spelling_hash(uint64_t head, uint64_t tail, uint32_t shape, const char *bytes, size_t length)
{
    uint64_t hash = (head ^ (uint64_t)shape << 32) * 0xff51afd7ed558ccdu;
    for (size_t i = 8; i + 8 < length; i += 8)
        hash = lj_spelling_mix(hash, lj_spelling_eight(bytes + i));
    return (uint32_t)(lj_spelling_mix(hash, tail) >> 32);
}

/* Of eight bytes the first n: the low ones, or the high ones. */
extern const uint64_t lj_spelling_first[9];

/* A key that no slot has. */
static const struct spelling_key lj_spelling_no_key = {.shape = UINT32_MAX};

/* Longer spellings are overlong without a look: 64 letters, each with marks. */
#define LJ_SPELLING_LIMIT 1024

/* The key of a segment of 1 to LJ_SPELLING_LIMIT bytes (READ_WORD); at least eight can be read,
 * whatever its length. */
static inline struct spelling_key
lj_spelling_key(const char *bytes, size_t length)
{
    struct spelling_key key;
    size_t beyond = length > 8 ? length - 8 : 0;
    key.head = lj_spelling_eight(bytes) & lj_spelling_first[length > 8 ? 8 : length];
    key.tail = lj_spelling_eight(bytes + beyond) & -(uint64_t)(length > 8);
    key.shape = lj_spelling_shape(READ_WORD, length);
    key.hash = lj_spelling_hash(key.head, key.tail, key.shape, bytes, length);
    return key;
}

static inline const struct spelling_slot *
lj_spelling_place(const struct spelling_table *table, const struct spelling_key *key)
{
    return &table->slot[key->hash & (table->slots - 1)];
}

/* The slot of a spelling that is known and plain; else NULL. Beyond sixteen bytes it may be that of
 * another with the same ends: lj_spelling_is tells. */
static inline const struct spelling_slot *
lj_spelling_known(const struct spelling_table *table, const struct spelling_key *key)
{
    for (size_t at = key->hash & (table->slots - 1);; at = (at + 1) & (table->slots - 1)) {
        const struct spelling_slot *slot = &table->slot[at];
        if (slot->head == key->head && slot->tail == key->tail && slot->shape == key->shape)
            return slot->word ? slot : NULL;
        if (slot->entry == 0)
            return NULL;
    }
}

bool lj_spelling_is(const struct vocabulary *vocabulary, const struct spelling_slot *slot,
                    const char *bytes);

size_t lj_vocabulary_size(const struct vocabulary *vocabulary);
void lj_vocabulary_clear(struct vocabulary *vocabulary);

#endif
