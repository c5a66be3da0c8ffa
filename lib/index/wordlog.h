/* The list of words of an index, kept up to date for what a change costs, not for what the archive is.
 *
 *     vocabulary-1        every word, as of state A (wordlist.h)
 *     vocabulary-1.log    A → B: words 17 and 230 are in 12 and 0 documents now, «narcolaboratorio» is new
 *                         B → C: …
 *
 * A run notes the words of the documents it puts and takes away (struct lj_touched), asks the index for their
 * frequencies after the commit and appends a step. A log of more than an eighth of the list is worked into it.
 * Where steps do not lead from the list to the state of the index (a run was killed between its commit and this,
 * or nobody kept count), all is read from the index again. A reader takes the list, corrected, and the new words
 * as a list of their own. Of a word whose documents went, the usual form may stay that of before
 * until the list is made anew.
 *
 *     step     u32 length, u32 CRC-32C of what follows
 *              state it leads from, state it leads to: each with a NUL
 *              var n, n times: var number less that of the word before, var documents, change of form
 *              var n, n times: word with a NUL, var documents, form with a NUL (empty: the word itself)
 *     change of form   var 0: as before; 1: form with a NUL (empty: the word itself)
 */
#ifndef LEGAJO_INDEX_WORDLOG_H
#define LEGAJO_INDEX_WORDLOG_H

#include "index/layout.h"
#include "index/wordlist.h"
#include "xap/xap.h"

#define LJ_WORDLOG_FILE "vocabulary-1.log"

/* --- words whose frequencies change --------------------------------------------------------------
 */

/* Terms of the layers that the list is made of: words and forms. */
struct lj_touched;
/* For changes to the state that all shards of the reader show; NULL where list and log are not of that state: nothing
 * is counted then. NULL does for each of the following too. */
struct lj_touched *lj_wordlog_begin(const struct lj_layout *layout, struct xap_reader *reader);
void lj_touched_free(struct lj_touched *touched);
/* Does it count still? What cannot be read, or is too much, ends it: the list will be made anew. */
bool lj_touched_counts(const struct lj_touched *touched);
/* The words of a document that is put; those it has in a database, before it is put or deleted there (as
 * lj_xap_writer_terms says; NULL: they cannot be read); those of a whole database. */
void lj_touched_put(struct lj_touched *touched, const struct xap_document *document);
void lj_touched_leave(struct lj_touched *touched, const GString *terms);
void lj_touched_database(struct lj_touched *touched, const char *path);

/* --- of an index ---------------------------------------------------------------------------------
 */

/* Brings list and log of the live generation to its present state. touched: every word whose frequency has
 * changed since; NULL: not known. An index without segments has none. */
bool lj_wordlog_update(const struct lj_layout *layout, const struct lj_touched *touched,
                       GError **error);

/* Appends the lists (struct lj_wordlist, no word in two of them) of the state that shards first..first+n-1 of
 * reader (those of layout) show: from the files, or, where these are missing or of another state and `make` is
 * set, read into memory. Nothing appended: there are none; false only when making them failed. */
bool lj_wordlog_open(const struct lj_layout *layout, struct xap_reader *reader, size_t first,
                     size_t n, bool make, GPtrArray *out, GError **error);

#endif
