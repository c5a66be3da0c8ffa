#include "analysis/norm.h"
#include "legajo/date.h"

#include <stdio.h>

/* Kinds of norms; the order is that of the rows below. */
enum kind {
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
    OPINION_CONSULTIVA,
    NOM,
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
    REAL, /* the word before "decreto" */
};

enum {
    NUMBERED = 1,
    NAMED = 2,
    DATED = 4,
    BULLETIN = 8,
    YEAR = 16 /* without "N°" only with a year */
};

static const struct {
    const char *slug, *base; /* base: the wider kind under which it is found too */
    unsigned flags;
} kinds[] = {
    [LEY] = {"ley", NULL, NUMBERED | NAMED | DATED},
    [LEY_ORGANICA] = {"lo", NULL, NUMBERED | YEAR},
    [DECRETO] = {"decreto", NULL, NUMBERED | DATED},
    [DECRETO_LEY] = {"decreto-ley", NULL, NUMBERED | DATED},
    [DECRETO_LEGISLATIVO] = {"decreto-legislativo", NULL, NUMBERED},
    [DECRETO_SUPREMO] = {"decreto-supremo", "decreto", NUMBERED | DATED},
    [DECRETO_URGENCIA] = {"decreto-urgencia", "decreto", NUMBERED},
    [DFL] = {"dfl", NULL, NUMBERED},
    [REAL_DECRETO] = {"rd", NULL, NUMBERED | DATED},
    [REAL_DECRETO_LEY] = {"rdl", NULL, NUMBERED | DATED},
    [REAL_DECRETO_LEGISLATIVO] = {"rdleg", NULL, NUMBERED | DATED},
    [RESOLUCION] = {"resolucion", NULL, NUMBERED | DATED},
    [ACUERDO] = {"acuerdo", NULL, NUMBERED | YEAR | NAMED},
    [ORDEN] = {"orden", NULL, NUMBERED | YEAR},
    [CIRCULAR] = {"circular", NULL, NUMBERED | YEAR},
    [DISPOSICION] = {"disposicion", NULL, NUMBERED | YEAR},
    [ORDENANZA] = {"ordenanza", NULL, NUMBERED},
    [DIRECTIVA] = {"directiva", NULL, NUMBERED | YEAR},
    [DECISION] = {"decision", NULL, NUMBERED | YEAR},
    [REGLAMENTO] = {"reglamento", NULL, NUMBERED | YEAR | NAMED},
    [INSTRUCCION] = {"instruccion", NULL, NUMBERED | YEAR},
    [SENTENCIA] = {"sentencia", NULL, NUMBERED | YEAR},
    [STC] = {"stc", NULL, NUMBERED | YEAR},
    [STS] = {"sts", NULL, NUMBERED | YEAR | DATED},
    [ATC] = {"atc", NULL, NUMBERED | YEAR},
    [OPINION_CONSULTIVA] = {"oc", NULL, NUMBERED | YEAR},
    [NOM] = {"nom", NULL, 0},
    [FALLOS] = {"fallos", NULL, 0},
    [CODIGO] = {"codigo", NULL, NAMED},
    [CONSTITUCION] = {"constitucion", NULL, 0},
    [CARTA] = {"carta", NULL, NAMED},
    [CONVENIO] = {"convenio", NULL, NAMED | NUMBERED},
    [CONVENCION] = {"convencion", NULL, NAMED},
    [PACTO] = {"pacto", NULL, NAMED},
    [PROTOCOLO] = {"protocolo", NULL, NAMED},
    [TRATADO] = {"tratado", NULL, NAMED},
    [ESTATUTO] = {"estatuto", NULL, NAMED},
    [DECLARACION] = {"declaracion", NULL, NAMED},
    [DOF] = {"dof", NULL, BULLETIN},
    [BOE] = {"boe", NULL, BULLETIN},
    [DOUE] = {"doue", NULL, BULLETIN},
    [BOLETIN] = {"bo", NULL, BULLETIN},
    [DIARIO] = {"diario-oficial", NULL, BULLETIN},
    [GACETA] = {"gaceta-oficial", NULL, BULLETIN},
    [REAL] = {"", NULL, 0},
};

static const struct head {
    const char *word;
    uint8_t kind;
    bool plural;
    bool capitals; /* an acronym: in running text only in capitals */
} heads[] = {
    {"acuerdo", ACUERDO, false, false},
    {"acuerdos", ACUERDO, true, false},
    {"atc", ATC, false, true},
    {"bo", BOLETIN, false, true},
    {"boe", BOE, false, true},
    {"boletin", BOLETIN, false, false},
    {"bora", BOLETIN, false, true},
    {"carta", CARTA, false, false},
    {"circular", CIRCULAR, false, false},
    {"circulares", CIRCULAR, true, false},
    {"codigo", CODIGO, false, false},
    {"constitucion", CONSTITUCION, false, false},
    {"convencion", CONVENCION, false, false},
    {"convenio", CONVENIO, false, false},
    {"convenios", CONVENIO, true, false},
    {"decision", DECISION, false, false},
    {"decisiones", DECISION, true, false},
    {"declaracion", DECLARACION, false, false},
    {"decreto", DECRETO, false, false},
    {"decretos", DECRETO, true, false},
    {"decr", DECRETO, false, false},
    {"dec", DECRETO, false, false},
    {"dfl", DFL, false, true},
    {"diario", DIARIO, false, false},
    {"directiva", DIRECTIVA, false, false},
    {"directivas", DIRECTIVA, true, false},
    {"disposicion", DISPOSICION, false, false},
    {"disposiciones", DISPOSICION, true, false},
    {"dl", DECRETO_LEY, false, true},
    {"dleg", DECRETO_LEGISLATIVO, false, true},
    {"dnu", DECRETO, false, true},
    {"dof", DOF, false, true},
    {"doue", DOUE, false, true},
    {"ds", DECRETO_SUPREMO, false, true},
    {"dto", DECRETO, false, false},
    {"dtos", DECRETO, true, false},
    {"du", DECRETO_URGENCIA, false, true},
    {"estatuto", ESTATUTO, false, false},
    {"fallos", FALLOS, false, false},
    {"gaceta", GACETA, false, false},
    {"instruccion", INSTRUCCION, false, false},
    {"ley", LEY, false, false},
    {"leyes", LEY, true, false},
    {"lo", LEY_ORGANICA, false, true},
    {"nom", NOM, false, true},
    {"oc", OPINION_CONSULTIVA, false, true},
    {"orden", ORDEN, false, false},
    {"ordenanza", ORDENANZA, false, false},
    {"ordenanzas", ORDENANZA, true, false},
    {"ordenes", ORDEN, true, false},
    {"pacto", PACTO, false, false},
    {"protocolo", PROTOCOLO, false, false},
    {"rd", REAL_DECRETO, false, true},
    {"rdl", REAL_DECRETO_LEY, false, true},
    {"rdleg", REAL_DECRETO_LEGISLATIVO, false, true},
    {"rdley", REAL_DECRETO_LEY, false, true},
    {"real", REAL, false, false},
    {"reales", REAL, true, false},
    {"reglamento", REGLAMENTO, false, false},
    {"reglamentos", REGLAMENTO, true, false},
    {"res", RESOLUCION, false, false},
    {"resol", RESOLUCION, false, false},
    {"resolucion", RESOLUCION, false, false},
    {"resoluciones", RESOLUCION, true, false},
    {"sentencia", SENTENCIA, false, false},
    {"sentencias", SENTENCIA, true, false},
    {"sstc", STC, true, true},
    {"stc", STC, false, true},
    {"sts", STS, false, true},
    {"tratado", TRATADO, false, false},
};

static const struct head *
find_head(const char *word)
{
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        if (heads[i].word[0] == word[0] && heads[i].word[1] == word[1] &&
            strcmp(heads[i].word, word) == 0)
            return &heads[i];
    return NULL;
}

/* --- writing forms --------------------------------------------------------------------------- */

/* A new form of the norm to write to, or NULL when it has its fill. */
static char *
new_form(struct lj_norm *norm)
{
    if (norm->n == LJ_NORM_FORMS)
        return NULL;
    char *form = norm->form[norm->n++].text;
    form[0] = 0;
    return form;
}

static void
add(char *form, const char *bytes, size_t n)
{
    if (!form)
        return;
    size_t have = strlen(form);
    if (n > LJ_NORM_LENGTH - 1 - have)
        n = LJ_NORM_LENGTH - 1 - have;
    memcpy(form + have, bytes, n);
    form[have + n] = 0;
}

static void
add_string(char *form, const char *string)
{
    add(form, string, strlen(string));
}

static void
add_number(char *form, unsigned number)
{
    char digits[12];
    size_t n = sizeof digits;
    do {
        digits[--n] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    add(form, digits + n, sizeof digits - n);
}

/* A folded word as it stands in terms: UTF-8. */
static void
add_word(char *form, const char *word)
{
    for (; *word; word++)
        if (*word == '\xf1')
            add(form, "ñ", 2);
        else
            add(form, word, 1);
}

/* A day: "1951-08-01". */
static void
add_day(char *form, uint32_t day)
{
    char text[16];
    add(form, text,
        (size_t)snprintf(text, sizeof text, "%04u-%02u-%02u", day / 10000 % 10000, day / 100 % 100,
                         day % 100));
}

/* --- numbers --------------------------------------------------------------------------------- */

struct number {
    char text[12];   /* digits without zeros before; "217-a" for resolution 217 A */
    char tail[24];   /* "-jus" of 004-2019-JUS, "(iii)" of 217 A (III) */
    char before[16]; /* "c-" of C-355/06, "apa/" of Orden APA/1/2020 */
    unsigned value;
    unsigned year; /* 0: none said */
    bool slash;    /* the year stands in the number: 1023/2001 */
};

/* Two digits are of 1940–2039, three are Uruguay's "75/972"; 0 for what is no year. */
static unsigned
full_year(unsigned year, size_t digits)
{
    if (digits == 2)
        return year < 40 ? 2000 + year : 1900 + year;
    if (digits == 3)
        return year >= 800 ? 1000 + year : 0;
    return digits == 4 && year >= 1800 && year < 2100 ? year : 0;
}

static bool
take_marker(struct lj_reader *r)
{
    size_t used = lj_spelled_marker(r->text, r->length, r->at);
    r->at += used;
    return used > 0;
}

/* Does a number end here? "N° 24.424B.O. 9/1/1995" too: the bulletin's mark is often set without
 * blank. */
static bool
number_ends(const struct lj_reader *r)
{
    return !lj_reader_alnum(r) || (lj_reader_byte(r, 0) == 'B' && lj_reader_byte(r, 1) == '.');
}

/* A letter of a code: a capital or, where lower is allowed (queries), any. */
static bool
is_code_letter(unsigned char c, bool lower)
{
    return lj_is_upper(c) || (lower && lj_is_lower(c));
}

/* The number itself: "19.924", "1,023", "004", with "/2001", "/67", "-2019-JUS". */
static bool
read_digits(struct lj_reader *r, bool lower, struct number *number)
{
    size_t n = 0;
    unsigned value = 0;
    while (n < 8 && lj_reader_digit(r, n))
        value = value * 10 + (unsigned)(lj_reader_byte(r, n++) - '0');
    if (n == 0 || lj_reader_digit(r, n))
        return false;
    r->at += n;
    bool zeros = n <= 3;
    while (zeros && (lj_reader_byte(r, 0) == '.' || lj_reader_byte(r, 0) == ',') &&
           lj_reader_digit(r, 1) && lj_reader_digit(r, 2) && lj_reader_digit(r, 3) &&
           !lj_reader_digit(r, 4) && value < 100000) {
        value = value * 1000 + (unsigned)(lj_reader_byte(r, 1) - '0') * 100 +
                (unsigned)(lj_reader_byte(r, 2) - '0') * 10 +
                (unsigned)(lj_reader_byte(r, 3) - '0');
        r->at += 4;
    }
    if (value == 0)
        return false;
    number->value = value;
    char digits[12];
    size_t k = sizeof digits;
    for (unsigned left = value; left > 0; left /= 10)
        digits[--k] = (char)('0' + left % 10);
    memcpy(number->text, digits + k, sizeof digits - k);
    number->text[sizeof digits - k] = 0;
    unsigned char c = lj_reader_byte(r, 0);
    if (c == '/' || c == '-') {
        struct lj_reader ahead = *r;
        ahead.at++;
        if (c == '/' && lj_reader_byte(&ahead, 0) == ' ') /* "107/ 1997" */
            ahead.at++;
        unsigned year;
        size_t size;
        if (lj_reader_number(&ahead, 4, &year, &size) && number_ends(&ahead) &&
            (c == '/' || size == 4) && (year = full_year(year, size)) > 0) {
            number->year = year;
            number->slash = true;
            *r = ahead;
            if (lj_reader_byte(r, 0) == '-' && is_code_letter(lj_reader_byte(r, 1), lower) &&
                is_code_letter(lj_reader_byte(r, 2), lower)) {
                /* "004-2019-JUS", "123-2020-EF/10": the body it is of */
                size_t t = 0;
                for (c = lj_reader_byte(r, t);
                     t + 1 < sizeof number->tail &&
                     (is_code_letter(c, lower) || lj_is_digit(c) ||
                      ((c == '-' || c == '/') && (is_code_letter(lj_reader_byte(r, t + 1), lower) ||
                                                  lj_reader_digit(r, t + 1))));
                     c = lj_reader_byte(r, ++t))
                    number->tail[t] = lj_is_upper(c) ? (char)(c | 0x20) : (char)c;
                number->tail[t] = 0;
                r->at += t;
            }
        }
    }
    return number_ends(r);
}

/* What dates a number: "(2011)", "de 1993", ", de 20 de agosto de 1981", "del 13/8/2001". */
static void
read_number_date(struct lj_reader *r, struct number *number)
{
    struct lj_reader ahead = *r;
    lj_reader_blanks(&ahead);
    unsigned year;
    size_t size;
    if (lj_reader_byte(&ahead, 0) == '(') {
        ahead.at++;
        if (lj_reader_number(&ahead, 4, &year, &size) && size == 4 && full_year(year, 4) &&
            lj_reader_byte(&ahead, 0) == ')') {
            if (number->year == 0)
                number->year = year;
            r->at = ahead.at + 1;
        }
        return;
    }
    lj_reader_take_byte(&ahead, ',');
    if ((lj_reader_byte(&ahead, 0) | 0x20) != 'd' || !lj_reader_take(&ahead, "de del"))
        return;
    if (lj_reader_take(&ahead, "fecha"))
        lj_reader_take(&ahead, "de del");
    lj_reader_take(&ahead, "dia el a\xf1o");
    size_t used;
    struct lj_interval when;
    if (!lj_date_read(ahead.text + ahead.at, ahead.length - ahead.at, true, &used, &when) ||
        when.first < 18000000 || when.first >= 21000000)
        return;
    if (number->year == 0)
        number->year = when.first / 10000;
    r->at = ahead.at + used;
}

/* "APA/1/2020", "HFP/1/2017", "A/001/2020", "INE/CG123/2021", "C-355/06": a code of capitals before
 * the digits. */
static bool
read_code(struct lj_reader *r, bool lower, struct number *number)
{
    size_t n = 0;
    while (n < 12) {
        unsigned char c = lj_reader_byte(r, n), next = lj_reader_byte(r, n + 1);
        if (!is_code_letter(c, lower) && !((c == '/' || c == '-') && n > 0))
            break;
        if ((c == '/' || c == '-') && !is_code_letter(next, lower) && !lj_is_digit(next))
            return false;
        number->before[n++] = (char)(lj_is_upper(c) ? c | 0x20 : c);
    }
    if (n == 0 || !lj_reader_digit(r, n))
        return false;
    number->before[n] = 0;
    r->at += n;
    return read_digits(r, lower, number);
}

/* "217 A (III)", "2625 (XXV)", "2154 (XXXV-O/05)": resolutions of the UN and the OAS. */
static void
read_session(struct lj_reader *r, struct number *number)
{
    struct lj_reader ahead = *r;
    char letter = 0;
    lj_reader_blanks(&ahead);
    if (lj_is_upper(lj_reader_byte(&ahead, 0)) &&
        !lj_spelled_alnum_at(ahead.text, ahead.length, ahead.at + 1)) {
        letter = (char)(lj_reader_byte(&ahead, 0) | 0x20);
        ahead.at++;
        lj_reader_blanks(&ahead);
    }
    if (lj_reader_byte(&ahead, 0) != '(')
        return;
    ahead.at++;
    unsigned session;
    struct lj_reader start = ahead;
    size_t used = lj_spelled_roman(ahead.text, ahead.length, ahead.at, false, &session);
    if (used == 0)
        return;
    ahead.at += used;
    while (ahead.at - start.at < 12 &&
           (lj_is_upper(lj_reader_byte(&ahead, 0)) || lj_reader_digit(&ahead, 0) ||
            lj_reader_byte(&ahead, 0) == '-' || lj_reader_byte(&ahead, 0) == '/'))
        ahead.at++;
    if (lj_reader_byte(&ahead, 0) != ')')
        return;
    size_t n = strlen(number->text);
    if (letter && n + 2 < sizeof number->text) {
        number->text[n] = '-';
        number->text[n + 1] = letter;
        number->text[n + 2] = 0;
    }
    size_t t = 0;
    number->tail[t++] = '(';
    for (size_t i = start.at; i < ahead.at; i++) {
        unsigned char c = (unsigned char)ahead.text[i];
        number->tail[t++] = (char)(lj_is_upper(c) ? c | 0x20 : c);
    }
    number->tail[t++] = ')';
    number->tail[t] = 0;
    r->at = ahead.at + 1;
}

/* The forms of a numbered norm. */
static void
number_forms(struct lj_norm *norm, enum kind kind, const char *adjective,
             const struct number *number)
{
    unsigned year = number->year;
    /* Laws above three thousand are numbered through, wherever that is: the year says nothing more,
     * and few say it. Below, Spain and Colombia begin anew each year. */
    if (kind == LEY && number->value >= 3000 && !number->slash)
        year = 0;
    const char *slugs[2] = {kinds[kind].slug, kinds[kind].base};
    if (adjective[0] && !slugs[1])
        slugs[1] = slugs[0];
    for (size_t i = 0; i < 2 && slugs[i]; i++) {
        for (int form = 0; form < 3; form++) {
            /* 0: with the body; 1: with the year; 2: the number alone */
            if (form == 0 ? !number->tail[0] : form == 1 && !year)
                continue;
            char *text = new_form(norm);
            add_string(text, slugs[i]);
            if (i == 0 && adjective[0]) {
                add(text, "-", 1);
                add_word(text, adjective);
            }
            add(text, ":", 1);
            add_string(text, number->before);
            add_string(text, number->text);
            if (form < 2 && year) {
                add(text, "/", 1);
                add_number(text, year);
            }
            if (form == 0)
                add_string(text, number->tail);
        }
    }
    /* Decree-laws of the Río de la Plata and of Peru are numbered among the laws and called so too:
     * Decreto-Ley N° 14.294 = Ley 14.294. Chile's and the Argentine ones of a year's own are lower.
     */
    if (kind == DECRETO_LEY && number->value >= 10000) {
        char *text = new_form(norm);
        add_string(text, "ley:");
        add_string(text, number->text);
    }
    norm->located = true;
    norm->numbered = true;
}

/* Adjectives that make a kind of their own: "Resolución Ministerial", "Acuerdo Gubernativo". */
static bool
take_adjective(struct lj_reader *r, char adjective[LJ_SPELLED])
{
    char word[LJ_SPELLED];
    size_t used = lj_reader_word(r, word);
    if (used == 0)
        return false;
    size_t n = strlen(word);
    if (n > 3 && word[n - 1] == 's' && (word[n - 2] == 'o' || word[n - 2] == 'a'))
        word[--n] = 0;
    else if (n > 5 && strcmp(word + n - 2, "es") == 0)
        word[n -= 2] = 0;
    if (!lj_word_among(word,
                       "administrativa administrativo conjunta conjunto directoral ejecutiva "
                       "ejecutivo exenta exento foral general gubernativo jefatural legislativa "
                       "legislativo ministerial municipal nacional normativa plenario "
                       "presidencial rectoral reglamentario regional suprema supremo tecnica"))
        return false;
    memcpy(adjective, word, n + 1);
    r->at += used;
    lj_reader_blanks(r);
    return true;
}

/* The body between kind and number: "Resolución del Ministerio de Economía N° 31", "Resolución SC
 * N° 12": up to twelve words, then the marker must come. */
static bool
take_body(struct lj_reader *r)
{
    struct lj_reader ahead = *r;
    for (int words = 0; words < 13; words++) {
        if (words > 0 && take_marker(&ahead)) {
            *r = ahead;
            return true;
        }
        char word[LJ_SPELLED];
        size_t used = lj_reader_word(&ahead, word);
        if (used == 0 || find_head(word) ||
            (words == 0 && !lj_is_upper(lj_reader_byte(&ahead, 0)) &&
             !lj_word_among(word, "de del")))
            return false;
        /* lower-case words only as joints: "de", "la", "del", "y" */
        if (!lj_is_upper(lj_reader_byte(&ahead, 0)) && (unsigned char)ahead.text[ahead.at] < 0x80 &&
            used > 3)
            return false;
        ahead.at += used;
        lj_reader_blanks(&ahead);
        lj_reader_take_byte(&ahead, ',');
        lj_reader_take_byte(&ahead, '.');
    }
    return false;
}

static void
begin(struct lj_norm *norm, size_t start)
{
    norm->start = start;
    norm->end = start;
    norm->n = 0;
    norm->located = false;
    norm->numbered = false;
}

/* The numbers of one norm or several, r behind the kind's words. */
static bool
read_numbered(struct lj_reader *r, size_t start, enum kind kind, bool plural, unsigned mode,
              struct lj_norms *out)
{
    struct lj_reader ahead = *r;
    char adjective[LJ_SPELLED] = "";
    if (kind == RESOLUCION || kind == ACUERDO || kind == ORDEN || kind == DISPOSICION ||
        kind == DECISION || kind == CIRCULAR || kind == ORDENANZA || kind == INSTRUCCION) {
        take_adjective(&ahead, adjective);
        /* "Resolución Ministerial" is one; "Decreto Nacional" and "Ley Nacional N°" are not */
        if (strcmp(adjective, "nacional") == 0)
            adjective[0] = 0;
    } else if (kind == DECRETO || kind == LEY) {
        lj_reader_take(&ahead,
                       "nacional federal provincial reglamentario reglamentaria presidencial");
        if (kind == LEY) { /* "Ley de la Nación N° 24.888" */
            struct lj_reader nation = ahead;
            if (lj_reader_take(&nation, "de") && lj_reader_take(&nation, "la") &&
                lj_reader_take(&nation, "nacion") &&
                lj_spelled_marker(nation.text, nation.length, nation.at) > 0)
                ahead = nation;
        }
        /* "Decreto (DNU) 461/2025", "Decreto S 765/1983": secret */
        struct lj_reader behind = ahead;
        lj_reader_take_byte(&behind, '(');
        if (lj_reader_take(&behind, "dnu s")) {
            ahead = behind;
            lj_reader_take_byte(&ahead, ')');
        }
    }
    if (kind == DIRECTIVA || kind == REGLAMENTO || kind == DECISION) { /* "(UE)", "(CE) nº" */
        if (lj_reader_byte(&ahead, 0) == '(') {
            ahead.at++;
            if (!lj_reader_take(&ahead, "ue ce cee euratom") || !lj_reader_take_byte(&ahead, ')'))
                return false;
        }
    }
    if (kind == RESOLUCION || kind == DECRETO) { /* "resolución del Poder Ejecutivo 3.306/980" */
        struct lj_reader power = ahead;
        if (lj_reader_take(&power, "del") && lj_reader_take(&power, "poder") &&
            lj_reader_take(&power, "ejecutivo") && (lj_reader_take(&power, "nacional") || true) &&
            lj_reader_digit(&power, 0))
            ahead = power;
    }
    bool marker = take_marker(&ahead);
    if (!marker &&
        (kind == RESOLUCION || kind == DECRETO || kind == DISPOSICION || kind == ACUERDO ||
         kind == CIRCULAR || kind == CONVENIO) &&
        !lj_reader_digit(&ahead, 0))
        marker = take_body(&ahead);
    for (bool first = true; out->n < LJ_NORM_MOST; first = false) {
        struct number number = {.text = "", .tail = "", .before = ""};
        struct lj_norm *norm = &out->item[out->n];
        size_t at = first ? start : ahead.at;
        if (lj_reader_digit(&ahead, 0) ? !read_digits(&ahead, mode & LJ_NORM_QUERY, &number)
                                       : kind == LEY || kind == DECRETO ||
                                             !read_code(&ahead, mode & LJ_NORM_QUERY, &number))
            break;
        if (kind == DIRECTIVA || kind == DECISION || kind == REGLAMENTO) {
            /* the Union's are year/number: "95/46/CE", "(UE) 2016/679"; before 2015 regulations
             * were number/year: "(CE) nº 1/2003" */
            struct lj_reader union_end = ahead;
            if (lj_reader_byte(&ahead, 0) == '/') {
                unsigned second;
                size_t size;
                union_end.at++;
                if (!number.slash && lj_reader_number(&union_end, 4, &second, &size) &&
                    full_year(number.value, strlen(number.text))) {
                    number.year = full_year(number.value, strlen(number.text));
                    number.slash = true;
                    number.value = second;
                    snprintf(number.text, sizeof number.text, "%u", second);
                    ahead = union_end;
                }
                if (lj_reader_byte(&ahead, 0) == '/') {
                    struct lj_reader behind = ahead;
                    behind.at++;
                    if (lj_reader_take(&behind, "ce cee ue euratom jai pesc")) {
                        /* "95/46/CE": read_digits took 46 for the year */
                        if (number.slash && kind != REGLAMENTO &&
                            full_year(number.value, number.value < 100 ? 2 : 4)) {
                            unsigned year = full_year(number.value, number.value < 100 ? 2 : 4);
                            number.value = number.year % (number.year >= 2000 ? 2000 : 1900);
                            snprintf(number.text, sizeof number.text, "%u", number.value);
                            number.year = year;
                        }
                        ahead = behind;
                        while (ahead.at > at &&
                               lj_spelled_blanks(ahead.text, ahead.at, ahead.at - 1) == 1)
                            ahead.at--;
                    }
                }
            }
            if (!number.slash && kind != DECISION)
                break;
        }
        if (kind == RESOLUCION && !number.slash)
            read_session(&ahead, &number);
        if (!number.tail[0] || number.tail[0] == '-')
            read_number_date(&ahead, &number);
        if (!marker && (kinds[kind].flags & YEAR) && number.year == 0)
            break;
        /* "resolución 5", "decreto 3" in running text: a number without mark or year says little
         * but where articles of it are cited or the number is long */
        if (!marker && number.year == 0 && number.value < 100 && kind != LEY && !number.tail[0] &&
            !(mode & (LJ_NORM_QUERY | LJ_NORM_BEHIND)))
            break;
        /* "leyes 14.038 y 14.202, de 19 de octubre de 1971, 21 de mayo de 1974": a day, no law */
        struct lj_reader day = {ahead.text, ahead.length, at};
        struct lj_interval when;
        size_t date;
        if (!first && number.value < 32 &&
            lj_date_read(day.text + at, day.length - at, false, &date, &when))
            break;
        begin(norm, at);
        norm->end = ahead.at;
        number_forms(norm, kind, adjective, &number);
        out->n++;
        *r = ahead;
        /* "Leyes 19.924, 19.925 y 20.000", "los Decretos N° 1023/2001 y N° 436/2000" */
        if (!plural)
            break;
        lj_reader_blanks(&ahead);
        bool joint = lj_reader_take_byte(&ahead, ',') || lj_reader_take_byte(&ahead, ';');
        joint = lj_reader_take(&ahead, "y e o u") || joint;
        if (!joint)
            break;
        lj_reader_take(&ahead, "la el del de");
        marker = take_marker(&ahead) || marker;
    }
    return out->n > 0;
}

/* "decreto de fecha 1° de agosto de 1951", "ley del 19 de Marzo de 1917": whole days only. */
static bool
read_dated(struct lj_reader *r, size_t start, enum kind kind, struct lj_norms *out)
{
    struct lj_reader ahead = *r;
    if (!lj_reader_take(&ahead, "de del"))
        return false;
    if (lj_reader_take(&ahead, "fecha"))
        lj_reader_take(&ahead, "de del");
    lj_reader_take(&ahead, "dia");
    size_t used;
    struct lj_interval when;
    if (!lj_date_read(ahead.text + ahead.at, ahead.length - ahead.at, false, &used, &when) ||
        when.first != when.last)
        return false;
    struct lj_norm *norm = &out->item[out->n++];
    begin(norm, start);
    r->at = norm->end = ahead.at + used;
    char *text = new_form(norm);
    add_string(text, kinds[kind].slug);
    add(text, ":", 1);
    add_day(text, when.first);
    norm->located = norm->numbered = true;
    return true;
}

/* "Protocolo de 1997", "Convenio de 1973": treaties known by their year. */
static bool
read_year_of(struct lj_reader *r, size_t start, enum kind kind, struct lj_norms *out)
{
    struct lj_reader ahead = *r;
    unsigned year;
    size_t size;
    if (!lj_reader_take(&ahead, "de") || !lj_reader_number(&ahead, 4, &year, &size) ||
        !full_year(year, size) || size != 4 || lj_reader_alnum(&ahead))
        return false;
    struct lj_norm *norm = &out->item[out->n++];
    begin(norm, start);
    r->at = norm->end = ahead.at;
    char *text = new_form(norm);
    add_string(text, kinds[kind].slug);
    add(text, ":", 1);
    add_number(text, year);
    norm->located = norm->numbered = true;
    return true;
}

/* --- names ----------------------------------------------------------------------------------- */

#define NAME_WORDS 8

/* Words within a name that are not counted: "Ley de los Derechos de las Personas". */
static bool
is_connector(const char *word)
{
    size_t n = strlen(word);
    return n <= 6 &&
           lj_word_among(word,
                         "de del la las los el lo y e o u en para por a al con sobre contra su "
                         "sus entre una un que");
}

/* Words that begin something else. */
static bool
ends_name(const char *word)
{
    return lj_word_among(
        word, "articulo articulos art arts titulo capitulo seccion libro fraccion inciso incisos "
              "apartado numeral literal parrafo anexo n nro num numero ley leyes codigo decreto "
              "decretos reglamento constitucion resolucion acuerdo presidente honorable decreta "
              "sancionan considerando visto publicada publicado modificada modificado");
}

/* Names that are no law's: "ley de referencia", "ley de la materia". */
static bool
is_no_name(const char *word)
{
    return lj_word_among(
        word, "referencia materia misma mismo fecha marras cita creacion mencion origen que "
              "presente citada citado nacion estado congreso republica patria parlamento "
              "legislatura");
}

static bool
is_generic(const char *word)
{
    return lj_word_among(
        word,
        "federal general organica organico nacional reglamentaria reglamentario especial marco "
        "basica internacional local estatal");
}

static bool
is_capital(const struct lj_reader *r)
{
    unsigned char c = lj_reader_byte(r, 0), next = lj_reader_byte(r, 1);
    return lj_is_upper(c) || (c == 0xC3 && next >= 0x80 && next < 0x9F && next != 0x97);
}

/* Is the word of `used` bytes at r all capitals (two letters at least)? */
static bool
is_all_capitals(const struct lj_reader *r, size_t used)
{
    size_t capitals = 0;
    for (size_t i = 0; i < used; i++) {
        unsigned char c = lj_reader_byte(r, i);
        if (lj_is_lower(c) || (c == 0xC3 && lj_reader_byte(r, i + 1) >= 0xA0))
            return false;
        capitals += lj_is_upper(c) || c == 0xC3;
    }
    return capitals > 1;
}

/* How many line ends a run of blanks holds. */
static size_t
count_lines(const struct lj_reader *r, size_t used)
{
    size_t n = 0;
    for (size_t i = 0; i < used; i++)
        n += lj_reader_byte(r, i) == '\n';
    return n;
}

/* First words that a name of these kinds must have, since the word itself is common: "Carta de las
 * Naciones Unidas", but not "carta de intención". */
static bool
name_may_begin(enum kind kind, const char *word)
{
    switch (kind) {
    case CARTA:
        return lj_word_among(
            word, "naciones onu oea democratica magna organizacion derechos social andina africana "
                  "interamericana");
    case DECLARACION:
        return lj_word_among(word, "universal americana");
    case ACUERDO:
        return lj_word_among(word, "paris escazu cartagena schengen marrakech");
    case CONVENIO:
    case TRATADO:
    case PROTOCOLO: /* kinds of them, not one of them */
        return !lj_word_among(
            word, "bilateral bilaterales colectivo comercial interpretativo modificatorio "
                  "especifico administrativo individual urbanistico");
    case CONVENCION:
        return !lj_word_among(word, "constituyente nacional reformadora");
    default:
        return true;
    }
}

/* A norm's name, r behind the kind's word. Capitals say where it ends; in a query, the end does. A
 * name all in capitals, or behind an article in small letters, ends with the first mark or after
 * some words: the shorter forms, which are added too, find it. */
static bool
read_name(struct lj_reader *r, size_t start, enum kind kind, bool head_capital, bool head_all,
          unsigned mode, struct lj_norms *out)
{
    struct lj_reader ahead = *r;
    char words[NAME_WORDS][LJ_SPELLED];
    size_t n = 0, most = NAME_WORDS;
    enum { MIXED, CAPITALS, ANY } style = MIXED;
    size_t end = r->at;
    bool connector = false, joint = false;
    for (size_t taken = 0; n < most && taken < 24; taken++) {
        char word[LJ_SPELLED];
        size_t used = lj_reader_word(&ahead, word);
        if (used == 0)
            break;
        bool capital = is_capital(&ahead), all = is_all_capitals(&ahead, used);
        bool joins = style == CAPITALS ? all || used == 1 : !capital || all || used == 1;
        /* "tratado de La Banderita" */
        joins = joins || (n == 0 && connector && lj_word_among(word, "la las los el"));
        if (is_connector(word) && joins) {
            if (n == 0 && !connector &&
                lj_word_among(word, "y e o u a con por la el las los lo su sus una un"))
                break;
            if (n == 0 && lj_word_among(word, "que") && !(mode & LJ_NORM_QUERY) && !head_capital)
                break;
            if (joint) /* "y la Suprema Corte" */
                break;
            if (style == ANY && !(mode & LJ_NORM_QUERY) && n > 0 &&
                !lj_word_among(word, "de del la las los el"))
                break;
            joint = n > 0 && lj_word_among(word, "y e o u");
            connector = true;
        } else {
            if (ends_name(word) || (n == 0 && is_no_name(word)))
                if (!(mode & LJ_NORM_QUERY) &&
                    !(kind == REGLAMENTO && n == 0 && lj_word_among(word, "ley codigo")))
                    break;
            if (n == 0) {
                if (!name_may_begin(kind, word))
                    return false;
                if (mode & LJ_NORM_QUERY)
                    style = ANY;
                else if (all && head_all)
                    style = CAPITALS;
                else if (capital && head_capital)
                    style = MIXED;
                else if (mode & LJ_NORM_BEHIND)
                    style = ANY, most = 4;
                else if (!capital && is_generic(word))
                    style = ANY, most = 4; /* "la ley federal de armas" */
                else if (kind == CODIGO)
                    style = ANY, most = 2; /* "el código civil" */
                else if (capital)
                    style = MIXED; /* "ley Orgánica Policial" */
                else
                    return false;
                /* small letters: "de" must lead to the name, or it is any sentence on the law */
                if (style == ANY && !(mode & LJ_NORM_QUERY) && kind != CODIGO && !connector &&
                    !is_generic(word))
                    return false;
            } else if (style == CAPITALS ? !all : style == MIXED ? !capital : false) {
                break;
            }
            /* "la ley reglamentaria porque amenazaban": in small letters, names go on with "de" */
            if (style == ANY && !(mode & LJ_NORM_QUERY) && kind != CODIGO && n > 0 && !connector)
                break;
            if (style == ANY && !(mode & LJ_NORM_QUERY) && kind == CODIGO &&
                !lj_word_among(
                    word,
                    "civil penal comercio comercial tributario fiscal procesal procedimiento "
                    "procedimientos penales civiles trabajo mineria aduanero electoral federal "
                    "nacional general rural militar justicia urbano etica aguas municipal"))
                break;
            memcpy(words[n++], word, sizeof word);
            end = ahead.at + used;
            connector = joint = false;
        }
        ahead.at += used;
        size_t gap = lj_spelled_blanks(ahead.text, ahead.length, ahead.at);
        if (gap == 0 || (count_lines(&ahead, gap) > 1 && !connector))
            break;
        ahead.at += gap;
    }
    /* In a query all must be read; "ley" with generic words only is no name: "la Ley Orgánica". */
    size_t plain = 0;
    while (plain < n && is_generic(words[plain]))
        plain++;
    if (n == 0 || (plain == n && kind != ESTATUTO && kind != CODIGO) ||
        (style == ANY && !(mode & LJ_NORM_QUERY) && kind != CODIGO && plain > 0 && n < 2))
        return false;
    struct lj_norm *norm = &out->item[out->n++];
    begin(norm, start);
    r->at = norm->end = end;
    norm->located = true;
    if (kind == CARTA && strcmp(words[0], "magna") == 0) {
        add_string(new_form(norm), "constitucion");
        return true;
    }
    for (size_t size = n; size > plain && size > 0; size--) {
        char *text = new_form(norm);
        add_string(text, kinds[kind].slug);
        for (size_t i = 0; i < size; i++) {
            add(text, i ? "-" : ":", 1);
            add_word(text, words[i]);
        }
    }
    /* "Ley de Ministerios N° 22.520", "Código Aduanero (Ley N° 22.415)": the number first */
    if (kind == LEY || kind == CODIGO) {
        ahead = *r;
        lj_reader_blanks(&ahead);
        if (lj_reader_byte(&ahead, 0) == ',' || lj_reader_byte(&ahead, 0) == '(' ||
            lj_reader_byte(&ahead, 0) == '-') {
            ahead.at++;
            lj_reader_blanks(&ahead);
        }
        bool law = lj_reader_take(&ahead, "ley");
        struct number number = {.text = "", .tail = "", .before = ""};
        if ((take_marker(&ahead) || law) && lj_reader_digit(&ahead, 0) &&
            read_digits(&ahead, false, &number)) {
            read_number_date(&ahead, &number);
            if (lj_reader_byte(&ahead, 0) == ')')
                ahead.at++;
            struct lj_norm named = *norm;
            norm->n = 0;
            number_forms(norm, LEY, "", &number);
            for (size_t i = 0; i < named.n; i++) {
                char *text = new_form(norm);
                add_string(text, named.form[i].text);
            }
            r->at = norm->end = ahead.at;
        }
    }
    return true;
}

/* The constitution: whose it is, where that is said. Bare, it is the archive's own country's. */
static bool
read_constitution(struct lj_reader *r, size_t start, bool capital, bool all, unsigned mode,
                  struct lj_norms *out)
{
    static const struct {
        const char *word, *country;
    } countries[] = {{"mexicanos", "mx"},
                     {"mexicana", "mx"},
                     {"espa\xf1ola", "es"},
                     {"espana", "es"},
                     {"argentina", "ar"},
                     {"oriental", "uy"},
                     {"uruguay", "uy"},
                     {"chile", "cl"},
                     {"chilena", "cl"},
                     {"colombia", "co"},
                     {"colombiana", "co"},
                     {"peru", "pe"},
                     {"peruana", "pe"},
                     {"espa\xf1"
                      "a",
                      "es"}};
    struct lj_reader ahead = *r;
    const char *country = NULL;
    bool known = false, other = false;
    char words[4][LJ_SPELLED];
    size_t n = 0, end = r->at;
    for (size_t taken = 0; taken < 16; taken++) {
        char word[LJ_SPELLED];
        size_t used = lj_reader_word(&ahead, word);
        if (used == 0)
            break;
        bool connector = lj_word_among(word, "de del la los las el y");
        if (!connector) {
            const char *of = NULL;
            for (size_t i = 0; i < sizeof countries / sizeof *countries; i++)
                if (strcmp(countries[i].word, word) == 0)
                    of = countries[i].country;
            if (lj_word_among(word, "provincia provincial estadual ciudad"))
                other = true;
            else if (lj_word_among(word, "estado") && taken > 0)
                other = true;
            else if (of)
                country = of;
            else if (!lj_word_among(word, "nacional politica federal general republica estados "
                                          "unidos nacion vigente") &&
                     !(other && n < 4 && (is_capital(&ahead) || (mode & LJ_NORM_QUERY))))
                break;
            if (!of && taken > 0 && !other &&
                lj_word_among(word, "nacional federal general vigente"))
                break;
            known = true;
            end = ahead.at + used;
            if (other && n < 4)
                memcpy(words[n++], word, sizeof word);
        }
        ahead.at += used;
        size_t gap = lj_spelled_blanks(ahead.text, ahead.length, ahead.at);
        if (gap == 0 || (count_lines(&ahead, gap) > 1 && !connector && n == 0 && country))
            break;
        ahead.at += gap;
    }
    if (!known && !(mode & (LJ_NORM_BEHIND | LJ_NORM_QUERY))) {
        /* "la Constitución": capital and with its article; else the act of constituting */
        size_t word_start = start;
        while (word_start > 0 && start - word_start < 10 &&
               (lj_is_lower((unsigned char)r->text[word_start - 1] | 0x20) ||
                (start - word_start < 2 &&
                 (r->text[word_start - 1] == ' ' || r->text[word_start - 1] == '\n'))))
            word_start--;
        char word_before[LJ_SPELLED];
        size_t size = lj_spelled_word(r->text, start, word_start, word_before);
        bool article = size > 0 && lj_word_among(word_before, "la su sus nuestra propia vigente");
        if (!capital || !article)
            return false;
        char word[LJ_SPELLED];
        ahead = *r;
        lj_reader_blanks(&ahead);
        if (all && lj_reader_word(&ahead, word) > 0 && lj_word_among(word, "de del"))
            return false;
    } else if (known && !(mode & LJ_NORM_BEHIND) && !(mode & LJ_NORM_QUERY) && !capital && other) {
        return false;
    }
    struct lj_norm *norm = &out->item[out->n++];
    begin(norm, start);
    r->at = norm->end = end;
    norm->located = true;
    if (other && n > 0) {
        char *text = new_form(norm);
        add_string(text, "constitucion");
        for (size_t i = 0; i < n; i++) {
            add(text, i ? "-" : ":", 1);
            add_word(text, words[i]);
        }
        return true;
    }
    if (country) {
        char *text = new_form(norm);
        add_string(text, "constitucion:");
        add_string(text, country);
    }
    add_string(new_form(norm), "constitucion");
    return true;
}

/* --- bulletins, symbols ---------------------------------------------------------------------- */

/* "DOF del 21 de enero de 2026", "D.O.F. 21-01-2026", "BOE núm. 294, de 6 de diciembre de 2018",
 * "Diario Oficial de la Federación el 21 de …", "BOE-A-2024-26931". */
static bool
read_bulletin(struct lj_reader *r, size_t start, enum kind kind, unsigned mode,
              struct lj_norms *out)
{
    struct lj_reader ahead = *r;
    struct lj_norm *norm = &out->item[out->n];
    begin(norm, start);
    if (lj_reader_byte(&ahead, 0) == '-' && lj_is_upper(lj_reader_byte(&ahead, 1) & 0xDF)) {
        size_t n = 1;
        while (n < 4 && lj_is_upper(lj_reader_byte(&ahead, n) & 0xDF))
            n++;
        struct lj_reader code = ahead;
        unsigned year, item;
        code.at += n + 1;
        if (lj_reader_byte(&ahead, n) == '-' && lj_reader_number(&code, 4, &year, NULL) &&
            full_year(year, 4) && lj_reader_byte(&code, 0) == '-') {
            code.at++;
            if (lj_reader_number(&code, 7, &item, NULL) && !lj_reader_alnum(&code)) {
                char *text = new_form(norm);
                add_string(text, kinds[kind].slug);
                for (size_t i = 0; i < n; i++) {
                    char c = (char)(lj_reader_byte(&ahead, i) | 0x20);
                    add(text, i ? &c : "-", 1);
                }
                add(text, "-", 1);
                add_number(text, year);
                add(text, "-", 1);
                add_number(text, item);
                r->at = norm->end = code.at;
                norm->located = norm->numbered = true;
                out->n++;
                return true;
            }
        }
        return false;
    }
    unsigned issue = 0;
    struct number number = {.text = "", .tail = "", .before = ""};
    lj_reader_blanks(&ahead);
    if (lj_reader_byte(&ahead, 0) == ',' || lj_reader_byte(&ahead, 0) == ':' ||
        lj_reader_byte(&ahead, 0) == '-') {
        ahead.at++;
        lj_reader_blanks(&ahead);
    }
    struct lj_reader behind = ahead;
    if (take_marker(&behind) && read_digits(&behind, false, &number)) {
        issue = number.value;
        ahead = behind;
        r->at = ahead.at;
        lj_reader_blanks(&ahead);
        lj_reader_take_byte(&ahead, ',');
    }
    for (int i = 0; i < 5; i++) {
        lj_reader_take_byte(&ahead, '(');
        lj_reader_take_byte(&ahead, ':');
        if (!lj_reader_take(
                &ahead, "de del el dia fecha edicion correspondiente al a los publicado publicada "
                        "con en su"))
            break;
        lj_reader_take_byte(&ahead, ',');
    }
    size_t used;
    struct lj_interval when = {0, 0};
    bool dated =
        lj_date_read(ahead.text + ahead.at, ahead.length - ahead.at, false, &used, &when) &&
        when.first == when.last;
    if (dated)
        r->at = ahead.at + used;
    if (!dated && issue == 0 && !(mode & LJ_NORM_QUERY))
        return false;
    if (dated) {
        char *text = new_form(norm);
        add_string(text, kinds[kind].slug);
        add(text, ":", 1);
        add_day(text, when.first);
    }
    if (issue > 0) {
        unsigned year = dated ? when.first / 10000 : number.year;
        for (int form = year ? 0 : 1; form < 2; form++) {
            char *text = new_form(norm);
            add_string(text, kinds[kind].slug);
            add(text, ":", 1);
            add_number(text, issue);
            if (form == 0) {
                add(text, "/", 1);
                add_number(text, year);
            }
        }
    }
    add_string(new_form(norm), kinds[kind].slug);
    norm->end = r->at;
    norm->numbered = true;
    out->n++;
    return true;
}

/* "A/RES/70/1", "S/RES/1325 (2000)", "AG/RES. 2154 (XXXV-O/05)", "CP/RES. 567": r at the first
 * letter. */
static bool
read_symbol(struct lj_reader *r, struct lj_norms *out)
{
    size_t n = 0, start = r->at;
    while (n < 3 && lj_is_upper(lj_reader_byte(r, n)))
        n++;
    if (n == 0 || lj_reader_byte(r, n) != '/' || lj_reader_byte(r, n + 1) != 'R' ||
        lj_reader_byte(r, n + 2) != 'E' || lj_reader_byte(r, n + 3) != 'S')
        return false;
    struct lj_reader ahead = *r;
    ahead.at += n + 4;
    if (lj_reader_byte(&ahead, 0) == '/' || lj_reader_byte(&ahead, 0) == '.')
        ahead.at++;
    lj_reader_blanks(&ahead);
    unsigned first, second = 0;
    if (!lj_reader_number(&ahead, 5, &first, NULL))
        return false;
    if (lj_reader_byte(&ahead, 0) == '/' && lj_reader_digit(&ahead, 1)) {
        ahead.at++;
        if (!lj_reader_number(&ahead, 4, &second, NULL))
            return false;
    }
    if (lj_reader_alnum(&ahead))
        return false;
    struct lj_norm *norm = &out->item[out->n++];
    begin(norm, start);
    norm->end = ahead.at;
    char *text = new_form(norm);
    for (size_t i = 0; i < n; i++) {
        char c = (char)(lj_reader_byte(r, i) | 0x20);
        add(text, &c, 1);
    }
    add_string(text, "/res/");
    add_number(text, first);
    if (second) {
        add(text, "/", 1);
        add_number(text, second);
    } else {
        /* the Security Council's are known by number and year: resolución 1325 (2000) */
        struct number number = {.text = "", .tail = "", .before = "", .value = first};
        snprintf(number.text, sizeof number.text, "%u", first);
        read_session(&ahead, &number);
        if (!number.tail[0])
            read_number_date(&ahead, &number);
        number_forms(norm, RESOLUCION, "", &number);
        norm->end = ahead.at;
    }
    norm->located = norm->numbered = true;
    r->at = norm->end;
    return true;
}

/* "DECTO-2018-974-APN-PTE", "RESOL-2020-12-APN-MT": the numbers of Argentina's electronic files,
 * which are decree 974/2018 and resolution 12/2020. */
static bool
read_electronic(struct lj_reader *r, struct lj_norms *out)
{
    static const struct {
        const char *code;
        enum kind kind;
    } codes[] = {{"DECTO-", DECRETO},    {"DCTO-", DECRETO},     {"DECNU-", DECRETO},
                 {"RESOL-", RESOLUCION}, {"RESFC-", RESOLUCION}, {"DI-", DISPOSICION}};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        size_t n = strlen(codes[i].code);
        if (r->length - r->at < n || memcmp(r->text + r->at, codes[i].code, n) != 0)
            continue;
        struct lj_reader ahead = *r;
        struct number number = {.text = "", .tail = "", .before = ""};
        unsigned year, value;
        size_t size;
        ahead.at += n;
        if (!lj_reader_number(&ahead, 4, &year, &size) || !full_year(year, size) ||
            lj_reader_byte(&ahead, 0) != '-')
            return false;
        ahead.at++;
        if (!lj_reader_number(&ahead, 7, &value, NULL) || lj_reader_byte(&ahead, 0) != '-')
            return false;
        while (lj_reader_byte(&ahead, 0) == '-' || lj_reader_byte(&ahead, 0) == '#' ||
               lj_is_upper(lj_reader_byte(&ahead, 0)) || lj_reader_digit(&ahead, 0))
            if (++ahead.at - r->at > 48)
                return false;
        struct lj_norm *norm = &out->item[out->n++];
        begin(norm, r->at);
        number.value = value;
        number.year = year;
        number.slash = true;
        snprintf(number.text, sizeof number.text, "%u", value);
        number_forms(norm, codes[i].kind, "", &number);
        r->at = norm->end = ahead.at;
        return true;
    }
    return false;
}

/* "NOM-035-STPS-2018", "Fallos: 329:2316". */
static bool
read_code_of(struct lj_reader *r, size_t start, enum kind kind, struct lj_norms *out)
{
    struct lj_reader ahead = *r;
    struct lj_norm *norm = &out->item[out->n];
    begin(norm, start);
    char *text = new_form(norm);
    add_string(text, kinds[kind].slug);
    if (kind == NOM) {
        if (lj_reader_byte(&ahead, 0) != '-' || !lj_reader_digit(&ahead, 1))
            return false;
        size_t n = 0;
        for (unsigned char c = lj_reader_byte(&ahead, 0);
             n < 40 && (lj_is_digit(c) || lj_is_upper(c & 0xDF) ||
                        ((c == '-' || c == '/') &&
                         lj_spelled_alnum_at(ahead.text, ahead.length, ahead.at + 1)));
             c = lj_reader_byte(&ahead, 0), n++) {
            char small = (char)(lj_is_upper(c) ? c | 0x20 : c);
            add(text, &small, 1);
            ahead.at++;
        }
        if (n < 8)
            return false;
    } else {
        unsigned volume, page;
        lj_reader_blanks(&ahead);
        lj_reader_take_byte(&ahead, ':');
        if (!lj_reader_number(&ahead, 3, &volume, NULL) || lj_reader_byte(&ahead, 0) != ':')
            return false;
        ahead.at++;
        lj_reader_blanks(&ahead);
        if (!lj_reader_number(&ahead, 5, &page, NULL))
            return false;
        add(text, ":", 1);
        add_number(text, volume);
        add(text, ":", 1);
        add_number(text, page);
    }
    r->at = norm->end = ahead.at;
    norm->numbered = true;
    out->n++;
    return true;
}

/* --- the whole ------------------------------------------------------------------------------- */

/* The first word of a norm: "ley", "RDL", "R.D.L.", "D.O.F.": folded, with what it uses. */
static size_t
head_word(const struct lj_reader *r, char word[LJ_SPELLED])
{
    size_t used = lj_reader_word(r, word);
    if (used != 1 || lj_reader_byte(r, 1) != '.')
        return used;
    struct lj_reader ahead = *r;
    size_t n = 0;
    while (n < 5 && lj_is_upper(lj_reader_byte(&ahead, 0)) && lj_reader_byte(&ahead, 1) == '.') {
        word[n++] = (char)(lj_reader_byte(&ahead, 0) | 0x20);
        ahead.at += 2;
        if (n == 1 && lj_reader_byte(&ahead, 0) == ' ' && lj_is_upper(lj_reader_byte(&ahead, 1)) &&
            lj_reader_byte(&ahead, 2) == '.')
            ahead.at++; /* "D. L. N° 1.289" */
    }
    word[n] = 0;
    return n > 1 ? ahead.at - r->at : used;
}

bool
lj_norm_read(struct lj_reader *r, unsigned mode, struct lj_norms *out)
{
    out->n = 0;
    struct lj_reader start = *r;
    if (is_capital(r) && (read_symbol(r, out) || read_electronic(r, out)))
        return true;
    char word[LJ_SPELLED];
    size_t used = head_word(r, word);
    const struct head *head = used ? find_head(word) : NULL;
    if (!head)
        return false;
    bool capital = is_capital(r), all = is_all_capitals(r, used);
    if (head->capitals && !all && !(mode & LJ_NORM_QUERY))
        return false;
    enum kind kind = head->kind;
    bool plural = head->plural;
    r->at += used;
    /* "la presente ley." */
    unsigned char behind = lj_reader_byte(r, 0);
    if (kind != CONSTITUCION && !(kinds[kind].flags & BULLETIN) &&
        (behind == ',' || behind == ';' || behind == ')' || behind == '"' ||
         (behind == '.' && (kind == LEY || kind == CODIGO))))
        goto nothing;
    if (kinds[kind].flags & BULLETIN) {
        if (lj_reader_byte(r, 0) == '.')
            r->at++;
        if (strcmp(word, "boletin") == 0 || strcmp(word, "diario") == 0 ||
            strcmp(word, "gaceta") == 0) {
            lj_reader_blanks(r);
            if (!lj_reader_take(r, "oficial"))
                goto nothing;
            struct lj_reader ahead = *r;
            if (lj_reader_take(&ahead, "de del")) {
                lj_reader_take(&ahead, "la las los");
                if (kind == DIARIO && lj_reader_take(&ahead, "federacion"))
                    kind = DOF, *r = ahead;
                else if (kind == DIARIO && lj_reader_take(&ahead, "union comunidades") &&
                         lj_reader_take(&ahead, "europea europeas"))
                    kind = DOUE, *r = ahead;
                else if (kind == BOLETIN && lj_reader_take(&ahead, "estado"))
                    kind = BOE, *r = ahead;
                else if (lj_reader_take(&ahead, "republica nacion")) {
                    lj_reader_take(&ahead, "argentina");
                    *r = ahead;
                }
            } else if (lj_reader_take(&ahead, "el") && lj_reader_take(&ahead, "peruano")) {
                *r = ahead;
            }
        }
        if (read_bulletin(r, start.at, kind, mode, out))
            return true;
        goto nothing;
    }
    if (kind == NOM || kind == FALLOS) {
        if (read_code_of(r, start.at, kind, out))
            return true;
        goto nothing;
    }
    /* "Dto.", "Res."; the stop ends the abbreviation */
    if (lj_reader_byte(r, 0) == '.' && lj_word_among(word, "dec decr dto dtos res resol"))
        r->at++;
    else if (lj_word_among(word, "dec decr res") && !(mode & LJ_NORM_QUERY))
        goto nothing;
    if (kind == OPINION_CONSULTIVA && lj_reader_byte(r, 0) == '-')
        r->at++;
    lj_reader_blanks(r);
    if (kind == REAL) {
        if (!lj_reader_take(r, "decreto decretos"))
            goto nothing;
        kind = REAL_DECRETO;
    }
    if (kind == REAL_DECRETO || kind == DECRETO) {
        /* "-ley", " Ley", " - Ley", " Legislativo", " Supremo", " de Urgencia" … */
        struct lj_reader ahead = *r;
        bool real = kind == REAL_DECRETO;
        /* the blanks before are gone: "Decreto-ley" and "Decreto - Ley" alike */
        if (lj_reader_byte(&ahead, 0) == '-' ||
            (lj_reader_byte(&ahead, 0) == 0xE2 && lj_reader_byte(&ahead, 1) == 0x80 &&
             lj_reader_byte(&ahead, 2) >= 0x90 && lj_reader_byte(&ahead, 2) <= 0x94)) {
            ahead.at += lj_reader_byte(&ahead, 0) == '-' ? 1 : 3;
            lj_reader_blanks(&ahead);
        }
        if (lj_reader_take(&ahead, real ? "ley l" : "ley leyes"))
            kind = real ? REAL_DECRETO_LEY : DECRETO_LEY;
        else if (lj_reader_take(&ahead, "legislativo legislativos leg"))
            kind = real ? REAL_DECRETO_LEGISLATIVO : DECRETO_LEGISLATIVO;
        else if (!real && lj_reader_take(&ahead, "supremo supremos"))
            kind = DECRETO_SUPREMO;
        else if (!real && lj_reader_take(&ahead, "con") && lj_reader_take(&ahead, "fuerza") &&
                 lj_reader_take(&ahead, "de") && lj_reader_take(&ahead, "ley"))
            kind = DFL;
        else if (!real && lj_reader_take(&ahead, "de")) {
            if (lj_reader_take(&ahead, "urgencia"))
                kind = DECRETO_URGENCIA;
            else if (!(lj_reader_take(&ahead, "necesidad") && lj_reader_take(&ahead, "y") &&
                       lj_reader_take(&ahead, "urgencia")))
                ahead = *r; /* "decreto de fecha" */
        } else
            ahead = *r;
        *r = ahead;
    } else if (kind == LEY) {
        struct lj_reader ahead = *r;
        if (lj_reader_take(&ahead, "organica organicas") &&
            (lj_reader_digit(&ahead, 0) || take_marker(&ahead))) {
            lj_reader_take(r, "organica organicas"); /* Spain's; numbered elsewhere as laws are */
            struct lj_reader number = *r;
            if (read_numbered(r, start.at, LEY_ORGANICA, plural, mode, out))
                return true;
            *r = number;
        }
    } else if (kind == SENTENCIA) {
        struct lj_reader ahead = *r;
        if (lj_reader_take(&ahead, "del") && lj_reader_take(&ahead, "tribunal")) {
            kind = lj_reader_take(&ahead, "constitucional") ? STC
                   : lj_reader_take(&ahead, "supremo")      ? STS
                                                            : SENTENCIA;
            if (kind != SENTENCIA)
                *r = ahead;
        }
    }
    if (kind == CONSTITUCION) {
        if (read_constitution(r, start.at, capital, all, mode, out))
            return true;
        goto nothing;
    }
    if ((kinds[kind].flags & NUMBERED) && read_numbered(r, start.at, kind, plural, mode, out))
        return true;
    if ((kinds[kind].flags & DATED) && read_dated(r, start.at, kind, out))
        return true;
    if ((kind == PROTOCOLO || kind == CONVENIO || kind == TRATADO || kind == CONVENCION) &&
        (capital || (mode & LJ_NORM_QUERY)) && read_year_of(r, start.at, kind, out))
        return true;
    if ((kinds[kind].flags & NAMED) &&
        (capital || kind == LEY || kind == CODIGO || kind == TRATADO || kind == PROTOCOLO ||
         (mode & (LJ_NORM_BEHIND | LJ_NORM_QUERY))) &&
        !plural && read_name(r, start.at, kind, capital, all, mode, out))
        return true;
nothing:
    *r = start;
    out->n = 0;
    return false;
}
