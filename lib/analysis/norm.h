/* Which norm is meant: by number ("Real Decreto-ley 1/1986", "Ley N° 19.924"), by name ("Ley
 * Federal de Armas de Fuego y Explosivos"), by date ("decreto de 1° de agosto de 1951"), a bulletin
 * ("D.O.F. 21-01-2026"), a ruling ("sentencia C-355/06"), a symbol ("A/RES/70/1"). The normal forms
 * are described in citation.h.
 */
#ifndef LEGAJO_ANALYSIS_NORM_H
#define LEGAJO_ANALYSIS_NORM_H

#include "document/reader.h"

#define LJ_NORM_LENGTH 120 /* of one form, with its NUL */
#define LJ_NORM_FORMS 12
#define LJ_NORM_MOST 16 /* norms of one list: "Leyes 1, 2 y 3" */

/* A norm's forms, most specific first: "decreto:1023/2001", "decreto:1023". */
struct lj_norm {
    size_t start, end;
    size_t n;
    struct {
        char text[LJ_NORM_LENGTH];
    } form[LJ_NORM_FORMS];
    bool located;  /* has articles: a bulletin has not */
    bool numbered; /* said by number or date, not by name alone */
};

struct lj_norms {
    struct lj_norm item[LJ_NORM_MOST];
    size_t n;
};

enum {
    LJ_NORM_QUERY = 1,  /* capitals say nothing; a name goes to the end */
    LJ_NORM_BEHIND = 2, /* an article stands before: "artículo 5 de la ley de amparo" */
};

/* Is the folded word, of four letters or more, one that begins a norm? */
bool lj_norm_opens(const char *word);

/* Reads the norm (or the list of norms) whose first word begins at r->at. On success r stands
 * behind. */
bool lj_norm_read(struct lj_reader *r, unsigned mode, struct lj_norms *out);

/* A norm by its acronym (norm-acronym.c): "CPEUM", "LGAMVLV" wherever they stand; with LJ_NORM_BEHIND
 * ("art. 24 CE", "artículo 33 del TOCAF") also short ones and, where `joined` by "de", ones that no
 * list knows. On success r stands behind. */
bool lj_norm_read_acronym(struct lj_reader *r, unsigned mode, bool joined, struct lj_norms *out);

/* Is the word of `used` bytes at r all capitals (two letters at least)? */
bool lj_norm_is_all_capitals(const struct lj_reader *r, size_t used);

#endif
