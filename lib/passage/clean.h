/* Text of documents made fit for one line: blanks collapsed, nothing that moves a terminal's
 * cursor. */
#ifndef LEGAJO_PASSAGE_CLEAN_H
#define LEGAJO_PASSAGE_CLEAN_H

#include "legajo/passage.h"

/* Appends text to out with every run of blanks as one blank (none at the beginning), without
 * control, bidirectional-control and invisible formatting characters. The spans (sorted; bytes of a
 * document whose byte `offset` is text[0]; cut to the text) are appended to highlights as pairs of
 * bytes of out, overlapping and touching ones united. highlights may be NULL. */
void lj_clean(const char *text, size_t length, uint32_t offset, const struct lj_span *spans,
              size_t n_spans, GString *out, GArray *highlights);

/* May a line be cut before text[at]? True between grapheme clusters (UAX 29, from its properties).
 */
bool lj_grapheme_border(const char *text, size_t length, size_t at);

/* Does a sentence, or a paragraph, begin at text[at]? */
bool lj_sentence_start(const char *text, size_t length, size_t at);

bool lj_blank_at(const char *text, size_t length, size_t at, size_t *bytes);

#endif
