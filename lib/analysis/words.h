/* Lists of words: those that only hold a sentence together, those whose accent tells two apart. */
#ifndef LEGAJO_ANALYSIS_WORDS_H
#define LEGAJO_ANALYSIS_WORDS_H

#include "legajo/error.h"
#include <stdbool.h>

/* Is the folded word a function word? Ranking leaves those out; nothing else does. */
bool lj_word_is_stop(const char *folded, size_t length);

/* Is there another word of the same folding with an accent (mas: más)? */
bool lj_word_has_homograph(const char *folded, size_t length);

#endif
