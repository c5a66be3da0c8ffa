/* How much two texts have in common, word by word.
 *
 *     a   boletín 415 | el presidente anunció hoy el programa   |          | contacto de prensa
 *     b   méxico, 3 de marzo | el presidente anuncio hoy el programa | de obras | aviso legal
 *           before             in common                          inserted   behind
 *
 * Copies of a text have another head and foot, typing errors, a part left out or put in. Two texts of one form
 * have the same head and foot and differ within, by figures and names that stand in each other's place.
 */
#ifndef LEGAJO_SEARCH_ALIKE_H
#define LEGAJO_SEARCH_ALIKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LJ_ALIKE_LONGER 3 /* times as long as the other: no copy any more */

/* May two different words be one, written with an error? By their numbers. */
typedef bool (*lj_alike_error)(uint32_t a, uint32_t b, void *data);

/* Percent in common of two lists of words: the words in common, of those and what is missing of the shorter text
 * between them; words in each other's place weigh three times more, what stands before and behind a quarter, what
 * only the longer text has a tenth. 100 is for the
 * very same words. 0 where one is LJ_ALIKE_LONGER times as long as the other. */
unsigned lj_alike(const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b,
                  lj_alike_error error, void *data);

/* More than lj_alike can give, whatever the order of the words: from the words in common (both lists sorted), with
 * room for typing errors. To tell at a glance what need not be compared. */
unsigned lj_alike_at_most(const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b);

/* The same word but for typing errors: without digits, and within an edit distance of 1 (3 letters at least),
 * 2 (from 6) or 3 (from 10). UTF-8, folded. */
bool lj_alike_misspelt(const char *a, const char *b);

#endif
