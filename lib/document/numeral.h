/* Words and numbers as running Spanish text spells them, for readers of dates and of citations.
 *
 * All functions look at text[at…length), read at most a fixed number of bytes whatever stands there
 * (so that callers stay linear), take any bytes, and return how many bytes they used, 0 for none.
 *
 *     char word[LJ_SPELLED]; size_t used = lj_spelled_word("Vigésimo", 9, 0, word);   9, "vigesimo"
 *     unsigned value; lj_spelled_number("dos mil veintiséis", 19, 0, &value);         19, 2026
 */
#ifndef LEGAJO_DOCUMENT_NUMERAL_H
#define LEGAJO_DOCUMENT_NUMERAL_H

#include <stdbool.h>
#include <stddef.h>

/* Longest word looked at, with its NUL: "constitucionales" has 16 letters. */
#define LJ_SPELLED 24

/* Is there a letter (of any script) or a digit in the character that begins, or ends, here? */
bool lj_spelled_alnum_at(const char *text, size_t length, size_t at);
bool lj_spelled_alnum_before(const char *text, size_t at);

/* The word that begins at `at`, folded: ASCII letters in lower case, accents dropped, ñ as the byte
 * 0xF1. Soft hyphens are passed over and a hyphen at a line's end joins ("sep-\ntiembre"). 0 when
 * no letter of Spanish begins here or the word has more letters than fit. */
size_t lj_spelled_word(const char *text, size_t length, size_t at, char word[LJ_SPELLED]);

/* Blanks of all kinds, line ends included; at most 32 bytes: what is further apart is apart. */
size_t lj_spelled_blanks(const char *text, size_t length, size_t at);

/* A cardinal from 1 to 999,999 in words, as long as it goes: "treinta y uno", "mil novecientos
 * ochenta y cuatro", "veintiún", "diez y seis". */
size_t lj_spelled_number(const char *text, size_t length, size_t at, unsigned *value);

/* An ordinal from 1 to 199 in words: "primero", "tercer", "décimo segundo", "vigesimotercera". */
size_t lj_spelled_ordinal(const char *text, size_t length, size_t at, unsigned *value);

/* Is the folded word one of a number's: "veintiuno", "mil"? */
bool lj_spelled_is_number(const char *word);

/* A Roman numeral from 1 to 399 in its one proper spelling, capitals or, where lower is allowed,
 * small letters: "XIV". */
size_t lj_spelled_roman(const char *text, size_t length, size_t at, bool lower, unsigned *value);

/* A year in Roman numerals, capitals: "MCMXCIV", "MMXX"; 0 for what is no year from 1500 to 2099. */
size_t lj_spelled_roman_year(const char *text, size_t length, size_t at, unsigned *value);

/* What announces a number: "N°", "Nº", "No.", "N.º", "nro.", "Nros.", "núm.", "número", "N.o",
 * "N°s", with the blanks behind; 0 unless a letter or digit follows. */
size_t lj_spelled_marker(const char *text, size_t length, size_t at);

/* Marks that make digits an ordinal: º ° ª o. .º .o er ro "1er", at `at`, directly behind a digit.
 */
size_t lj_spelled_ordinal_mark(const char *text, size_t length, size_t at);

#endif
