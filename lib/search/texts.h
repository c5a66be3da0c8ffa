/* Texts of documents as lists of words, to be compared with each other.
 *
 *     struct lj_texts *texts = lj_texts_new(searcher);
 *     percent = lj_texts_alike(texts, docid, other, 94);      see lj_alike
 *
 * A text is read once, as long as not too many are held. Not while a matcher of the same searcher is at work: it
 * may make the analyser forget its words.
 */
#ifndef LEGAJO_SEARCH_TEXTS_H
#define LEGAJO_SEARCH_TEXTS_H

#include "search/searcher.h"

struct lj_texts *lj_texts_new(struct lj_searcher *searcher);
void lj_texts_free(struct lj_texts *texts);

/* Percent that two documents have in common, of short texts no more than their titles; 0 where one cannot be read,
 * or where it is surely under `least`. */
unsigned lj_texts_alike(struct lj_texts *texts, uint32_t docid, uint32_t other, unsigned least);

#endif
