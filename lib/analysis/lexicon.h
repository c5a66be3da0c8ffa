/* The compiled lexicon: a read-only table from folded words to their classes, and from the endings
 * of words it does not know to the most likely edit. Written by compile-lexicon at build time, read
 * in place.
 *
 *     struct lexicon_header ── words (automaton) ── endings (automaton)
 *
 * An automaton is an array of arcs, each one 32-bit little-endian number:
 *
 *     31           10    9       8     7     0
 *     +--------------+-------+-------+---------+
 *     | first arc of | ends  | last  | byte    |
 *     | the target   | a key | of    |         |
 *     +--------------+-------+-------+---------+
 *                              state
 *
 * The arcs of a state stand together in order of their bytes; the root state begins at root; a
 * target 0 has no arcs. In words, a key is
 *
 *     folded word  LEXICON_CLASS  edit    hicieron → cut 6, append "acer"
 *     folded word  LEXICON_VERB   edit    where a verb's form stands in a noun's class (cuenta):
 *                                         the class it has when a pronoun follows (cuentase)
 *
 * and an edit is one byte, bits and 1 + bytes to cut from the word's end, then the bytes to
 * append. In endings a key is an ending read backwards, LEXICON_CLASS and an edit; the longest
 * ending that has an edit decides.
 */
#ifndef LEGAJO_ANALYSIS_LEXICON_H
#define LEGAJO_ANALYSIS_LEXICON_H

#include <glib.h>
#include <stdint.h>

#define LEXICON_MAGIC "legajolx"
#define LEXICON_VERSION 1

#define LEXICON_CLASS 0x01
#define LEXICON_VERB 0x02

/* The first byte of an edit, never 0. */
#define LEXICON_CUT 0x1f       /* 1 + bytes cut */
#define LEXICON_VERB_FORM 0x20 /* a verb's form: se may follow */
#define LEXICON_HOMOGRAPH 0x40 /* an accented word of the dictionary folds to it */
#define LEXICON_PRONOUNS 0x80  /* the form of a verb that the dictionary joins pronouns to */

#define LEXICON_ARC_LAST 0x100u
#define LEXICON_ARC_FINAL 0x200u
#define LEXICON_ARC_SHIFT 10

struct lexicon_header {
    char magic[8];
    uint32_t version;
    uint32_t bytes;      /* of the whole file */
    uint8_t digest[32];  /* SHA-256 of the automata: the lexicon's identity */
    uint64_t checksum;   /* lexicon_checksum of the automata: told from damage at every opening */
    uint32_t words_root; /* arc numbers; see above */
    uint32_t words_arcs;
    uint32_t endings_root;
    uint32_t endings_arcs;
};

/* Quick enough to be taken of half a megabyte at every start (0.2 ms; SHA-256 takes 2). */
static inline uint64_t
lexicon_checksum(const uint32_t *arcs, size_t n)
{
    uint64_t sum = 0xcbf29ce484222325u;
    for (size_t i = 0; i < n; i++) {
        sum = (sum ^ GUINT32_FROM_LE(arcs[i])) * 0x9e3779b97f4a7c15u;
        sum ^= sum >> 29;
    }
    return sum;
}

#endif
