/* Which part of a norm is meant: "artículo 123, apartado B, fracción IX", "fracciones I y II del
 * artículo 5o.", "artículos 27 a 31", "transitorio tercero".
 *
 * A locator in normal form names the parts from the outside in, whatever the order of the text:
 *
 *     art=123/apt=b/frac=9        keys below; numbers without zeros or marks, letters small
 *     art=14bis  art=69-b         what a number carries belongs to it
 */
#ifndef LEGAJO_ANALYSIS_LOCATOR_H
#define LEGAJO_ANALYSIS_LOCATOR_H

#include "document/reader.h"

#define LJ_LOCATOR_LENGTH 96
#define LJ_LOCATOR_DEPTH 6
#define LJ_LOCATOR_MOST 64 /* parts read of one citation; a longer range keeps its ends */

#define LJ_LOCATOR_LAST 100000 /* the value of "último", which no number has */

struct lj_locator {
    char text[LJ_LOCATOR_LENGTH];
    uint8_t
        end[LJ_LOCATOR_DEPTH]; /* where each part of text ends: its parents are what comes before */
    uint8_t depth;
};

struct lj_locators {
    struct lj_locator item[LJ_LOCATOR_MOST];
    size_t n;
    bool constitutional; /* "artículo 27 constitucional": the norm is said too */
};

enum lj_locator_key {
    LJ_KEY_ARTICLE,     /* art */
    LJ_KEY_APARTADO,    /* apt */
    LJ_KEY_FRACCION,    /* frac */
    LJ_KEY_INCISO,      /* inc */
    LJ_KEY_LITERAL,     /* lit: literal, letra */
    LJ_KEY_NUMERAL,     /* num */
    LJ_KEY_PARRAFO,     /* par */
    LJ_KEY_PARAGRAFO,   /* paragrafo: Colombia */
    LJ_KEY_BASE,        /* base: "artículo 41, base V" */
    LJ_KEY_TRANSITORIO, /* transitorio: also "disposición transitoria" */
    LJ_KEY_ADICIONAL,   /* adicional, final, derogatoria: disposiciones of Spain */
    LJ_KEY_FINAL,
    LJ_KEY_DEROGATORIA,
    LJ_KEY_REGLA,       /* regla: "regla 2.1.6. de la RMF", Mexico's numbered rules */
    LJ_KEY_DISPOSICION, /* "disposición", which one of these the next word says */
};

/* Reads the locators that begin with the key's word, which stands at r->at and is `word` bytes
 * long. before: value of an ordinal that stands before it ("segundo párrafo del …"), 0 for none.
 * lower: Roman numerals may be in small letters (queries). On success r stands behind them. */
bool lj_locators_read(struct lj_reader *r, enum lj_locator_key key, size_t word, bool plural,
                      unsigned before, bool lower, struct lj_locators *out);

/* "D.A. 2.ª", "DT 1ª", "DF 4.ª": disposiciones adicionales, transitorias, finales of Spain: the bytes
 * of the letters, 0 for none (only with an ordinal behind, since DF is a city). */
size_t lj_locator_acronym(const struct lj_reader *r, enum lj_locator_key *key);

/* The key of a folded word, with plural and abbreviated forms; false for others. */
bool lj_locator_key_of(const char *word, enum lj_locator_key *key, bool *plural);

/* Reads what follows "art." in a query that leaves the word out: "27 fracción V". */
bool lj_locators_read_value(struct lj_reader *r, struct lj_locators *out);

#endif
