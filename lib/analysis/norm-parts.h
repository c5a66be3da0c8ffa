/* What the readers of norms (norm*.c, and nobody else) share. norm.c recognises the kind by its first
 * words and hands over to the reader of what may follow: a number or a day (norm-number.c), a name or
 * the constitution (norm-name.c), a bulletin or a symbol (norm-bulletin.c), a ruling (norm-ruling.c).
 * Each takes the reader behind the kind's words and the offset where the norm began, and appends what
 * it found to the list; where nothing is found it may leave the reader anywhere.
 */
#ifndef LEGAJO_ANALYSIS_NORM_PARTS_H
#define LEGAJO_ANALYSIS_NORM_PARTS_H

#include "analysis/norm.h"

/* --- kinds (norm-kind.c) --------------------------------------------------------------------- */

/* Kinds of norms; the order is that of the rows below. */
enum lj_norm_kind {
    LEY,
    LEY_ORGANICA,
    DECRETO,
    DECRETO_LEY,
    DECRETO_LEGISLATIVO,
    DECRETO_SUPREMO,
    DECRETO_URGENCIA,
    DFL,
    REAL_DECRETO,
    REAL_DECRETO_LEY,
    REAL_DECRETO_LEGISLATIVO,
    RESOLUCION,
    ACUERDO,
    ORDEN,
    CIRCULAR,
    DISPOSICION,
    ORDENANZA,
    DIRECTIVA,
    DECISION,
    REGLAMENTO,
    INSTRUCCION,
    SENTENCIA,
    STC,
    STS,
    ATC,
    ATS,
    STSJ,
    SAP,
    SAN,
    AUTO,
    STEDH,
    STJUE,
    AMPARO,
    ACCION,
    RECURSO,
    CONTRADICCION,
    CONTROVERSIA,
    CUESTION,
    CASACION,
    EXPEDIENTE,
    TESIS,
    OPINION_CONSULTIVA,
    ACORDADA,
    ACTO_LEGISLATIVO,
    ACTO_INSTITUCIONAL,
    COMUNICACION,
    CONPES,
    DICTAMEN,
    OBSERVACION,
    RECOMENDACION,
    INFORME,
    ROL,
    RIT,
    CONCEPTO,
    SERIE,
    MISCELANEA,
    COMERCIO_EXTERIOR,
    PROYECTO,
    PROYECTO_LEY,
    NOM,
    NMX,
    FALLOS,
    CODIGO,
    CONSTITUCION,
    CARTA,
    CONVENIO,
    CONVENCION,
    PACTO,
    PROTOCOLO,
    TRATADO,
    ESTATUTO,
    DECLARACION,
    DOF,
    BOE,
    DOUE,
    BOLETIN,
    DIARIO,
    GACETA,
    REGISTRO,
    PERIODICO,
    REGIONAL, /* Spain's regions: the slug is the word itself */
    REGISTERED, /* "registrada bajo el N° 25.055": a law of Argentina */
    REAL,     /* the word before "decreto" */
};

enum {
    NUMBERED = 1,
    NAMED = 2,
    DATED = 4,
    BULLETIN = 8,
    RULING = 32, /* read by lj_norm_read_ruling */
    YEAR = 16    /* without "N°" only with a year */
};

extern const struct lj_norm_kind_row {
    const char *slug, *base; /* base: the wider kind under which it is found too */
    unsigned flags;
} lj_norm_kinds[];

struct lj_norm_head {
    const char *word;
    uint8_t kind;
    bool plural;
    bool capitals;         /* an acronym: in running text only in capitals */
    const char *adjective; /* that an acronym says: "ministerial" of RM; NULL: none */
};

/* The kind that a folded word names, NULL for none. */
const struct lj_norm_head *lj_norm_find_head(const char *word);

/* --- writing forms (norm-form.c) ------------------------------------------------------------- */

/* Makes an empty norm that begins and ends there. */
void lj_norm_begin(struct lj_norm *norm, size_t start);

/* A new form of the norm to write to, or NULL when it has its fill. What follows adds to a form, cut
 * where it is full; a form that is NULL takes nothing. */
char *lj_norm_new_form(struct lj_norm *norm);
void lj_norm_add(char *form, const char *bytes, size_t n);
void lj_norm_add_string(char *form, const char *string);
void lj_norm_add_number(char *form, unsigned number);
void lj_norm_add_word(char *form, const char *word); /* folded; becomes UTF-8 */
/* Adds the beginnings of the names among the forms: "ley:general-victimas" of
 * "ley:general-victimas-estado", but not "ley:general", which names no law. */
void lj_norm_add_beginnings(struct lj_norm *norm);
void lj_norm_add_day(char *form, uint32_t day); /* 19510801: "1951-08-01" */

/* --- numbers (norm-number.c) ----------------------------------------------------------------- */

struct lj_norm_number {
    char text[12];   /* digits without zeros before; "217-a" for resolution 217 A */
    char tail[24];   /* "-jus" of 004-2019-JUS, "(iii)" of 217 A (III) */
    char before[16]; /* "c-" of C-355/06, "apa/" of Orden APA/1/2020 */
    unsigned value;
    unsigned year; /* 0: none said */
    bool slash;    /* the year stands in the number: 1023/2001 */
};

/* A year of so many digits, 0 for what is no year. */
unsigned lj_norm_full_year(unsigned year, size_t digits);

bool lj_norm_take_marker(struct lj_reader *r); /* "N°", "núm." */

/* The number itself, with a year and a body that belong to it; lower: of a query, where capitals say
 * nothing. */
bool lj_norm_read_digits(struct lj_reader *r, bool lower, struct lj_norm_number *number);

/* What may stand behind it: what dates it, a session of the UN or the OAS. */
void lj_norm_read_number_date(struct lj_reader *r, struct lj_norm_number *number);
void lj_norm_read_session(struct lj_reader *r, struct lj_norm_number *number);

/* Adds the forms of a numbered norm; adjective is "" for none. */
void lj_norm_number_forms(struct lj_norm *norm, enum lj_norm_kind kind, const char *adjective,
                          const struct lj_norm_number *number);

/* said: an adjective that the kind's word says already ("ministerial" of RM), "" for none. */
bool lj_norm_read_numbered(struct lj_reader *r, size_t start, enum lj_norm_kind kind,
                           const char *said, bool plural, unsigned mode, struct lj_norms *out);
bool lj_norm_read_dated(struct lj_reader *r, size_t start, enum lj_norm_kind kind,
                        struct lj_norms *out);
bool lj_norm_read_year_of(struct lj_reader *r, size_t start, enum lj_norm_kind kind,
                          struct lj_norms *out);

/* --- names (norm-name.c) --------------------------------------------------------------------- */

/* "general", "federal", "organica": words that alone name no law. */
bool lj_norm_is_generic(const char *word);
bool lj_norm_is_capital(const struct lj_reader *r);

/* capital, all: how the kind's word is written */
bool lj_norm_read_name(struct lj_reader *r, size_t start, enum lj_norm_kind kind, bool capital,
                       bool all, unsigned mode, struct lj_norms *out);
bool lj_norm_read_constitution(struct lj_reader *r, size_t start, bool capital, bool all,
                               unsigned mode, struct lj_norms *out);

/* --- bulletins, symbols (norm-bulletin.c) ---------------------------------------------------- */

/* slug: what its terms begin with */
bool lj_norm_read_bulletin(struct lj_reader *r, size_t start, const char *slug, unsigned mode,
                           struct lj_norms *out);
bool lj_norm_read_code_of(struct lj_reader *r, size_t start, enum lj_norm_kind kind,
                          struct lj_norms *out);
bool lj_norm_read_symbol(struct lj_reader *r, struct lj_norms *out);     /* r at its first letter */
bool lj_norm_read_electronic(struct lj_reader *r, struct lj_norms *out); /* the same */
bool lj_norm_is_electronic(const char *word); /* its first word, folded */
bool lj_norm_is_symbol(const char *word);     /* the same: "ccpr" */
bool lj_norm_is_acronym(const char *word);    /* a known one: "cpeum" (norm-acronym.c) */

/* --- rulings (norm-ruling.c) ----------------------------------------------------------------- */

bool lj_norm_read_bare_ruling(struct lj_reader *r, struct lj_norms *out); /* "C-355/06" */

bool lj_norm_read_court_symbol(struct lj_reader *r, struct lj_norms *out); /* "SUP-JDC-1/2021" */
bool lj_norm_is_court_symbol(const char *word); /* its first word, folded: "sup", "ecli" */
/* "RMF para 2023": r behind the name; kind: MISCELANEA, COMERCIO_EXTERIOR */
bool lj_norm_read_rules(struct lj_reader *r, size_t start, enum lj_norm_kind kind,
                        struct lj_norms *out);

/* "en revisión 1359/2015" behind "amparo", "1a./J. 22/2014" behind "tesis" … */
bool lj_norm_read_ruling(struct lj_reader *r, size_t start, enum lj_norm_kind kind, unsigned mode,
                         struct lj_norms *out);

#endif
