/* A number of 64 bits for a text: texts that are nearly alike have numbers that are nearly alike.
 *
 *     struct lj_fingerprint f;
 *     lj_fingerprint_begin(&f);
 *     lj_fingerprint_add(&f, lj_fingerprint_word("trafico", 7));      each content word, in order
 *     if (lj_fingerprint_end(&f, &number)) …
 *
 * A simhash (Charikar, 2002) over the distinct pairs of neighbouring content words: bit i is what most
 * pairs have there. Of two texts, bits differ in proportion to the angle between their pairs: a few after
 * a typo or another banner, half of them for texts that have nothing in common. Each pair counts once,
 * else two long speeches would be alike by their courtesies.
 */
#ifndef LEGAJO_INDEX_FINGERPRINT_H
#define LEGAJO_INDEX_FINGERPRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LJ_FINGERPRINT_SEEN 32768
#define LJ_FINGERPRINT_WAIT 16

struct lj_fingerprint {
    /* Pairs of this text, by their low bits: its number and their high bits. In a text of so many that
     * no place near is free, a pair may count again. */
    uint64_t seen[LJ_FINGERPRINT_SEEN];
    uint32_t text;       /* number of the text */
    uint64_t before;     /* the word before, turned; 0: none */
    /* Pairs on their way to `seen`: a place in it takes its time to answer, and is asked for ahead. */
    uint64_t waiting[LJ_FINGERPRINT_WAIT];
    uint32_t entered;    /* how many came to wait */
    uint64_t pending[8]; /* pairs not yet counted */
    uint64_t plane[32];  /* of 64 counters: bit i of plane p is bit p of counter i */
    uint32_t pairs;
};

/* To be all zeros before its first text. */
void lj_fingerprint_begin(struct lj_fingerprint *fingerprint);
/* Counts the eight that are pending. */
void lj_fingerprint_count(struct lj_fingerprint *fingerprint);
/* False where there was no word. */
bool lj_fingerprint_end(struct lj_fingerprint *fingerprint, uint64_t *out);

/* A word's number, never 0; the same on every machine. */
uint64_t lj_fingerprint_word(const char *folded, size_t length);

/* Has the text had this pair? From now on it has. */
static inline bool
lj_fingerprint_met(struct lj_fingerprint *f, uint64_t pair)
{
    uint64_t mark = (uint64_t)f->text << 32 | pair >> 32;
    for (unsigned i = 0; i < 8; i++) {
        uint64_t *seen = &f->seen[(pair + i) % LJ_FINGERPRINT_SEEN];
        if (*seen == mark)
            return true;
        if (*seen >> 32 != f->text) { /* of an earlier text: free */
            *seen = mark;
            return false;
        }
    }
    return false;
}

static inline void
lj_fingerprint_take(struct lj_fingerprint *f, uint64_t pair)
{
    if (lj_fingerprint_met(f, pair))
        return;
    f->pending[f->pairs++ % 8] = pair;
    if (f->pairs % 8 == 0)
        lj_fingerprint_count(f);
}

/* Adds a word by its number. In the header: it runs for every word of an archive. */
static inline void
lj_fingerprint_add(struct lj_fingerprint *f, uint64_t word)
{
    if (f->before) {
        uint64_t pair = f->before ^ word, *place = &f->waiting[f->entered % LJ_FINGERPRINT_WAIT];
        __builtin_prefetch(&f->seen[pair % LJ_FINGERPRINT_SEEN], 1);
        if (f->entered++ >= LJ_FINGERPRINT_WAIT)
            lj_fingerprint_take(f, *place);
        *place = pair;
    }
    f->before = word << 21 | word >> 43; /* so that a pair is not the same backwards */
}

/* Bits that differ: 0 to 64. */
static inline unsigned
lj_fingerprint_distance(uint64_t a, uint64_t b)
{
    return (unsigned)__builtin_popcountll(a ^ b);
}

/* The value in the index: 8 bytes, high first. */
void lj_fingerprint_write(uint64_t fingerprint, char out[8]);
/* False where it is none. */
bool lj_fingerprint_read(const char *bytes, size_t length, uint64_t *out);

#endif
