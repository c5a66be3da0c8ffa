/* The numbers that a word processor sets before paragraphs and keeps out of their text: "Artículo 5.", "II.", "b)".
 * In a law that was numbered so they are what it is cited by.
 *
 *     struct lj_list *list = lj_list_new();
 *     lj_list_set(list, 0, LJ_NUMERALS_DIGITS, 1, "Artículo %1.");
 *     lj_list_next(list, 0);                     "Artículo 1."
 *     lj_list_next(list, 0);                     "Artículo 2."
 */
#ifndef LEGAJO_EXTRACT_LISTS_H
#define LEGAJO_EXTRACT_LISTS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define LJ_LIST_LEVELS 10

enum lj_numerals {
    LJ_NUMERALS_NONE,          /* a bullet, or nothing */
    LJ_NUMERALS_DIGITS,        /* 5 */
    LJ_NUMERALS_TWO_DIGITS,    /* 05 */
    LJ_NUMERALS_ROMAN,         /* V */
    LJ_NUMERALS_SMALL_ROMAN,   /* v */
    LJ_NUMERALS_LETTERS,       /* E; from the 27th on AA, BB */
    LJ_NUMERALS_SMALL_LETTERS, /* e */
    LJ_NUMERALS_ORDINAL,       /* 5º */
    LJ_NUMERALS_WORD,          /* Cinco */
    LJ_NUMERALS_ORDINAL_WORD,  /* Quinto */
};

struct lj_list;

struct lj_list *lj_list_new(void);
/* A list that counts together with this one and begins with the same levels, of which some are then set otherwise. Its
 * restarts are its own. */
struct lj_list *lj_list_variant(const struct lj_list *list);
void lj_list_free(struct lj_list *list);

/* How a level (from 0) counts, from where, and what it shows: text in which %1 to %9 and %a stand for the numbers of
 * levels 0 to 9. Levels that were never set show nothing. */
void lj_list_set(struct lj_list *list, int level, enum lj_numerals numerals, uint32_t start,
                 const char *text);
/* The level shows all numbers in digits: "II" above it as "2.1". */
void lj_list_legal(struct lj_list *list, int level);
/* The level begins anew only behind one of the first `above` levels (1: the topmost alone; 0: never). As it is, every
 * level above does. */
void lj_list_keep(struct lj_list *list, int level, int above);
/* All levels begin anew. */
void lj_list_reset(struct lj_list *list);
/* The next number of that level is this one. */
void lj_list_restart(struct lj_list *list, int level, uint32_t start);

/* The next paragraph at that level: counts, and levels below begin anew. What it shows, g_free; NULL: nothing. */
char *lj_list_next(struct lj_list *list, int level);

#endif
