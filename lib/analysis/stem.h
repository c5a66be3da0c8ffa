/* A folded word → its stem: which words are forms of one another?
 *
 * The analyser calls it once a distinct word. A stem is a function of the folded word alone, so an
 * accent never changes it, and ñ always does (año ≠ ano).
 *
 *     struct lj_stemmer *s = lj_stemmer_open(NULL, &error);
 *     char stem[LJ_STEM_SIZE];
 *     size_t length = lj_stem(s, "regimenes", 9, stem);    the stem of "regimen" too
 */
#ifndef LEGAJO_ANALYSIS_STEM_H
#define LEGAJO_ANALYSIS_STEM_H

#include "legajo/error.h"
#include <stdbool.h>
#include <stdint.h>

#define LJ_STEM_SIZE 512 /* room for any stem of a word within LJ_WORD_LIMIT */

struct lj_stemmer;

/* Opens a stemmer; one thread each. lexicon: path of a compiled lexicon (the copy an index keeps),
 * or NULL for the one built in. Fails with LJ_ERROR_NEWER when the file is of another version, with
 * LJ_ERROR_DAMAGED when it is not whole. */
struct lj_stemmer *lj_stemmer_open(const char *lexicon, GError **error);
void lj_stemmer_close(struct lj_stemmer *stemmer);

/* The rules' version and the lexicon's digest, "1-0123456789abcdef": equal exactly when stems are.
 * Lives as long as the stemmer. */
const char *lj_stemmer_version(const struct lj_stemmer *stemmer);

/* The version of the built-in lexicon; static. */
const char *lj_stemmer_builtin(void);

/* The stem of a folded word (lower case, no accents, ñ kept; see lj_fold) of at most
 * LJ_STEM_SIZE - 8 bytes; longer ones are their own stem, cut. Writes it to out with a NUL; returns
 * its length, never 0 for a word that is not empty. */
size_t lj_stem(struct lj_stemmer *stemmer, const char *folded, size_t length,
               char out[LJ_STEM_SIZE]);

/* The same, and with that look at the lexicon: is this folded word the folding of an accented word of the
 * dictionary (publico: público, publicó; legislacion: legislación)? Then the unaccented one, right or
 * not, needs a term of its own to be told from it. */
size_t lj_stem_and_homograph(struct lj_stemmer *stemmer, const char *folded, size_t length,
                             char out[LJ_STEM_SIZE], bool *homograph);

/* Is this folded word in the lexicon? Else its stem is made by rules. */
bool lj_stemmer_knows(const struct lj_stemmer *stemmer, const char *folded, size_t length);

/* The lexicon's bytes, to keep a copy in an index; borrowed until the stemmer closes. */
const void *lj_stemmer_lexicon(const struct lj_stemmer *stemmer, size_t *length);

#endif
