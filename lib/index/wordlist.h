/* The words of an archive in one sorted file: what patterns, near spellings and «¿Quiso decir…?»
 * read.
 *
 *     gen-0001/vocabulary-1     derived from the index, rebuildable at any time, mapped to be read
 *
 *     header   "LJWORDS1", counts, the largest df, places of the sections, the stamp
 *     start    u32 × (n + 1)   where each folded word begins in text
 *     df       u32 × n         documents that hold it
 *     form     u32 × n         where its usual form begins in forms; 0: the folded word is the form
 *     lcp      u8 × n          bytes shared with the word before (whole code points, at most 255)
 *     text     folded words in byte order, each with a NUL behind it
 *     forms    a NUL, then forms, each with a NUL behind it
 *
 * Numbers are little-endian. Opening costs a map and a look at the header; a walk over words that
 * skips what cannot match reads lcp, and text only where something may match.
 *
 * The indexer writes it after a commit, with the stamp of that commit; wordlog.h keeps it up to date.
 */
#ifndef LEGAJO_INDEX_WORDLIST_H
#define LEGAJO_INDEX_WORDLIST_H

#include "xap/xap.h"

#define LJ_WORDLIST_FILE "vocabulary-1"

/* --- making one ---------------------------------------------------------------------------------
 */

struct lj_wordlist_builder;
struct lj_wordlist_builder *lj_wordlist_builder_new(void);
void lj_wordlist_builder_free(struct lj_wordlist_builder *builder);

/* Adds a folded word; frequencies of a word added twice are summed. Empty words and those over 245
 * bytes are ignored. Quickest in byte order. */
void lj_wordlist_builder_add(struct lj_wordlist_builder *builder, const char *folded, size_t length,
                             uint32_t df);

/* Says that df documents hold the word in this form ("tráfico" of "trafico"). After all words; of
 * words not added nothing is kept. The most frequent form counts, if it is more frequent than the
 * word without it. */
void lj_wordlist_builder_form(struct lj_wordlist_builder *builder, const char *folded,
                              size_t folded_length, const char *form, size_t length, uint32_t df);

/* The file's bytes; the builder is empty afterwards. stamp: names the state of the index. */
GBytes *lj_wordlist_builder_finish(struct lj_wordlist_builder *builder, const char *stamp);

/* Calls take for every word of an index in byte order, then for every form (its term, E and all). */
bool lj_wordlist_terms(struct xap_reader *reader,
                       void (*take)(void *data, const char *term, size_t length, uint32_t df),
                       void *data, GError **error);

/* Everything out of an index: its words, and its forms (E terms). NULL with error. */
GBytes *lj_wordlist_read(struct xap_reader *reader, const char *stamp, GError **error);

/* The same of one local database, from its tables; NULL where they cannot be read so. */
GBytes *lj_wordlist_read_tables(const char *database, const char *stamp);

/* Writes it to path by way of a new file that is renamed, synced. */
bool lj_wordlist_write(const char *path, GBytes *bytes, GError **error);

/* --- using one ----------------------------------------------------------------------------------
 */

struct lj_wordlist;

/* Opens a file. LJ_ERROR_NO_INPUT: there is none; LJ_ERROR_DAMAGED: it cannot be used. Any bytes
 * may stand in it: what is wrong inside gives wrong words, never a fault. */
struct lj_wordlist *lj_wordlist_open(const char *path, GError **error);
/* The same of bytes in memory. */
struct lj_wordlist *lj_wordlist_new(GBytes *bytes, GError **error);
void lj_wordlist_free(struct lj_wordlist *list);

/* Corrects word number i: its frequency (0: it is in no document any more; looking it up does not find it) and
 * its usual form (NULL: as before; "": the word itself). Before the list is used by others. */
void lj_wordlist_correct(struct lj_wordlist *list, uint32_t i, uint32_t df, const char *form);

/* What the builder was given; borrowed. */
const char *lj_wordlist_stamp(const struct lj_wordlist *list);
uint64_t lj_wordlist_bytes(const struct lj_wordlist *list);
uint32_t lj_wordlist_words(const struct lj_wordlist *list);

/* Word number i; NUL-terminated and borrowed. */
const char *lj_wordlist_word(const struct lj_wordlist *list, uint32_t i, size_t *length);
/* Its usual form, accents and all. */
const char *lj_wordlist_form(const struct lj_wordlist *list, uint32_t i);
/* Documents that hold it; 0: none any more. */
uint32_t lj_wordlist_df(const struct lj_wordlist *list, uint32_t i);
/* The largest frequency of all. */
uint32_t lj_wordlist_most(const struct lj_wordlist *list);
/* Appends the numbers (uint32_t, rising) of the most frequent words, about `most` at most, to out;
 * returns the least of their frequencies: all words of that frequency and above are among them.
 * G_MAXUINT32: none. Reads every frequency. */
uint32_t lj_wordlist_frequent(const struct lj_wordlist *list, uint32_t most, GArray *out);
/* Bytes it shares with the word before. */
uint8_t lj_wordlist_lcp(const struct lj_wordlist *list, uint32_t i);

/* The first word that is not before `folded` in byte order; the number of words when all are. */
uint32_t lj_wordlist_lower_bound(const struct lj_wordlist *list, const char *folded, size_t length);
/* The word's number, or G_MAXUINT32; that of a word in no document too. */
uint32_t lj_wordlist_number(const struct lj_wordlist *list, const char *folded, size_t length);
/* The same of a word that documents hold. */
uint32_t lj_wordlist_find(const struct lj_wordlist *list, const char *folded, size_t length);

/* The next word from number i on, and before limit, that shares fewer than `depth` bytes with the
 * word before it: where a walk goes on after i's prefix of that length has failed. */
uint32_t lj_wordlist_skip(const struct lj_wordlist *list, uint32_t i, uint32_t limit,
                          uint8_t depth);

/* Words from..to-1 as one block of text, NUL between them, for memmem; *length its bytes. And the
 * word a byte of it belongs to. */
const char *lj_wordlist_block(const struct lj_wordlist *list, uint32_t from, uint32_t to,
                              size_t *length);
uint32_t lj_wordlist_at(const struct lj_wordlist *list, const char *byte);

#endif
