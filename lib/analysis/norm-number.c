#include "analysis/norm-parts.h"
#include "legajo/date.h"

#include <glib.h>
#include <stdio.h>

/* Two digits are of 1932–2031, three are Uruguay's "75/972", "246/018"; 0 for what is no year. */
unsigned
lj_norm_full_year(unsigned year, size_t digits)
{
    if (digits == 2)
        return year < 32 ? 2000 + year : 1900 + year;
    if (digits == 3)
        return year >= 800 ? 1000 + year : year < 100 ? 2000 + year : 0;
    return digits == 4 && year >= 1800 && year < 2100 ? year : 0;
}

bool
lj_norm_take_marker(struct lj_reader *r)
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

/* The body that a number names behind it: "-JUS" of 004-2019-JUS, "-EF/63.01", "/MINSA" of
 * 239-2020/MINSA (slash: that too), "-JP" of 37554-JP. */
static void
read_tail(struct lj_reader *r, bool lower, bool slash, struct lj_norm_number *number)
{
    unsigned char c = lj_reader_byte(r, 0);
    if (!(c == '-' || (c == '/' && slash)) || !is_code_letter(lj_reader_byte(r, 1), lower) ||
        !is_code_letter(lj_reader_byte(r, 2), lower))
        return;
    size_t t = 0;
    for (; t + 1 < sizeof number->tail &&
           (is_code_letter(c, lower) || lj_is_digit(c) ||
            ((c == '-' || c == '/') &&
             (is_code_letter(lj_reader_byte(r, t + 1), lower) || lj_reader_digit(r, t + 1))) ||
            (c == '.' && lj_reader_digit(r, t + 1) && lj_is_digit(lj_reader_byte(r, t - 1))));
         c = lj_reader_byte(r, ++t))
        number->tail[t] = lj_is_upper(c) ? (char)(c | 0x20) : (char)c;
    number->tail[t] = 0;
    r->at += t;
}

/* The number itself: "19.924", "1,023", "004", with "/2001", "/67", "-2019-JUS". */
bool
lj_norm_read_digits(struct lj_reader *r, bool lower, struct lj_norm_number *number)
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
            !(lj_reader_byte(&ahead, 0) == '.' && lj_reader_digit(&ahead, 1)) && /* "1-19.653" */
            (c == '/' || size == 4 || (size == 2 && value < 1000)) &&            /* "Ley 87-01" */
            (year = lj_norm_full_year(year, size)) > 0) {
            number->year = year;
            number->slash = true;
            *r = ahead;
            read_tail(r, lower, c == '-', number);
        } else if (c == '-') {
            read_tail(r, lower, false, number);
        }
    }
    /* "Ley 5a de 1992" */
    if (value < 100 && !number->slash &&
        (lj_reader_byte(r, 0) == 'a' || lj_reader_byte(r, 0) == 'o') &&
        !lj_spelled_alnum_at(r->text, r->length, r->at + 1))
        r->at++;
    return number_ends(r);
}

/* What dates a number: "(2011)", "de 1993", ", de 20 de agosto de 1981", "del 13/8/2001". */
void
lj_norm_read_number_date(struct lj_reader *r, struct lj_norm_number *number)
{
    struct lj_reader ahead = *r;
    lj_reader_link(&ahead);
    lj_reader_blanks(&ahead);
    unsigned year;
    size_t size;
    if (lj_reader_byte(&ahead, 0) == '(') {
        ahead.at++;
        if (lj_reader_number(&ahead, 4, &year, &size) && size == 4 && lj_norm_full_year(year, 4) &&
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
        when.first < 18000000 || when.first >= 21000000) {
        unsigned day; /* "Ley 39/2015, de 1 de octubre": the year is said */
        if (number->year && lj_reader_number(&ahead, 2, &day, NULL)) {
            ahead.at += lj_spelled_ordinal_mark(ahead.text, ahead.length, ahead.at);
            char month[LJ_SPELLED];
            if (lj_reader_blanks(&ahead) && lj_reader_take(&ahead, "de") &&
                (used = lj_reader_word(&ahead, month)) > 0 &&
                lj_word_among(month, "enero febrero marzo abril mayo junio julio agosto septiembre "
                                     "setiembre octubre noviembre diciembre"))
                r->at = ahead.at + used;
        }
        return;
    }
    if (number->year == 0)
        number->year = when.first / 10000;
    r->at = ahead.at + used;
}

/* "APA/1/2020", "HFP/1/2017", "A/001/2020", "INE/CG123/2021", "C-355/06": a code of capitals before
 * the digits. */
static bool
read_code(struct lj_reader *r, bool lower, struct lj_norm_number *number)
{
    size_t n = 0;
    while (n < 12) {
        unsigned char c = lj_reader_byte(r, n), next = lj_reader_byte(r, n + 1);
        if (c == '.' && n == 2 && memcmp(number->before, "su", 2) == 0 && lj_is_digit(next)) {
            number->before[n++] = '-'; /* "SU.123 de 2018" */
            break;
        }
        if (!is_code_letter(c, lower) && !((c == '/' || c == '-') && n > 0))
            break;
        if ((c == '/' || c == '-') && !is_code_letter(next, lower) && !lj_is_digit(next))
            return false;
        number->before[n++] = (char)(lj_is_upper(c) ? c | 0x20 : c);
    }
    if (n == 0 || !lj_reader_digit(r, n))
        return false;
    /* "PSAA16-10554", "PCSJA20-11517": Colombia's council of the judiciary, with the year before the
     * hyphen */
    struct lj_reader number_behind = *r;
    number_behind.at += n;
    unsigned year;
    if (n > 3 && n + 4 < sizeof number->before && lj_reader_byte(r, n - 1) != '/' &&
        lj_reader_byte(r, n - 1) != '-' && lj_reader_byte(r, n + 2) == '-' &&
        lj_reader_digit(r, n + 3) && lj_reader_number(&number_behind, 2, &year, NULL)) {
        snprintf(number->before + n, 5, "%02u-", year);
        r->at += n + 3;
        if (!lj_norm_read_digits(r, lower, number) || number->year)
            return false;
        number->year = lj_norm_full_year(year, 2);
        return true;
    }
    number->before[n] = 0;
    if (strstr(number->before, "/res/")) /* "resolución A/RES/70/1" has its own reader */
        return false;
    r->at += n;
    return lj_norm_read_digits(r, lower, number);
}

/* "217 A (III)", "2625 (XXV)", "2154 (XXXV-O/05)": resolutions of the UN and the OAS. */
void
lj_norm_read_session(struct lj_reader *r, struct lj_norm_number *number)
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
void
lj_norm_number_forms(struct lj_norm *norm, enum lj_norm_kind kind, const char *adjective,
                     const struct lj_norm_number *number)
{
    unsigned year = number->year;
    /* Laws above three thousand are numbered through, wherever that is: the year says nothing more,
     * and few say it. Below, Spain and Colombia begin anew each year. */
    if (kind == LEY && number->value >= 3000 && !number->slash)
        year = 0;
    const char *slugs[2] = {lj_norm_kinds[kind].slug, lj_norm_kinds[kind].base};
    if (adjective[0] && !slugs[1])
        slugs[1] = slugs[0];
    for (size_t i = 0; i < 2 && slugs[i]; i++) {
        for (int form = 0; form < 3; form++) {
            /* 0: with the body; 1: with the year; 2: the number alone */
            if (form == 0 ? !number->tail[0] : form == 1 && !year)
                continue;
            char *text = lj_norm_new_form(norm);
            lj_norm_add_string(text, slugs[i]);
            if (i == 0 && adjective[0]) {
                lj_norm_add(text, "-", 1);
                lj_norm_add_word(text, adjective);
            }
            lj_norm_add(text, ":", 1);
            lj_norm_add_string(text, number->before);
            lj_norm_add_string(text, number->text);
            if (form < 2 && year) {
                lj_norm_add(text, "/", 1);
                lj_norm_add_number(text, year);
            }
            if (form == 0)
                lj_norm_add_string(text, number->tail);
        }
    }
    /* Decree-laws of the Río de la Plata and of Peru are numbered among the laws and called so too:
     * Decreto-Ley N° 14.294 = Ley 14.294. Chile's and the Argentine ones of a year's own are lower.
     */
    if (kind == DECRETO_LEY && number->value >= 10000) {
        char *text = lj_norm_new_form(norm);
        lj_norm_add_string(text, "ley:");
        lj_norm_add_string(text, number->text);
    }
    /* Argentina numbers a bill that was passed as the law it is to be: "Proyecto de Ley N° 24.255" */
    if (kind == PROYECTO_LEY && number->value >= 15000 && !year) {
        char *text = lj_norm_new_form(norm);
        lj_norm_add_string(text, "ley:");
        lj_norm_add_string(text, number->text);
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
    static const char *const short_forms[][2] = {{"adm", "administrativa"}, {"conj", "conjunta"},
                                                 {"ex", "exenta"},          {"exta", "exenta"},
                                                 {"gral", "general"},       {"min", "ministerial"}};
    for (size_t i = 0; i < G_N_ELEMENTS(short_forms); i++) /* "Res. Ex. N° 123/2020" */
        if (strcmp(word, short_forms[i][0]) == 0 && lj_reader_byte(r, used) == '.') {
            memcpy(adjective, short_forms[i][1], strlen(short_forms[i][1]) + 1);
            r->at += used + 1;
            lj_reader_blanks(r);
            return true;
        }
    size_t n = strlen(word);
    if (n > 3 && word[n - 1] == 's' && (word[n - 2] == 'o' || word[n - 2] == 'a'))
        word[--n] = 0;
    else if (n > 5 && strcmp(word + n - 2, "es") == 0)
        word[n -= 2] = 0;
    if (!lj_word_among(word,
                       "administrativa administrativo conjunta conjunto directoral ejecutiva "
                       "ejecutivo exenta exento foral general gubernativo jefatural legislativa "
                       "externa interna legislativo ministerial municipal nacional normativa "
                       "plenario presidencial rectoral reglamentario regional suprema supremo "
                       "tecnica viceministerial"))
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
        if (words > 0 && lj_norm_take_marker(&ahead)) {
            *r = ahead;
            return true;
        }
        char word[LJ_SPELLED];
        size_t used = lj_reader_word(&ahead, word);
        if (used == 0 || lj_norm_find_head(word) ||
            (words == 0 && !lj_is_upper(lj_reader_byte(&ahead, 0)) &&
             !lj_word_among(word, "de del ex")))
            return false;
        /* lower-case words only as joints: "de", "la", "del", "y" */
        if (!lj_is_upper(lj_reader_byte(&ahead, 0)) && (unsigned char)ahead.text[ahead.at] < 0x80 &&
            used > 3)
            return false;
        ahead.at += used;
        lj_reader_blanks(&ahead);
        lj_reader_take_byte(&ahead, ',');
        lj_reader_take_byte(&ahead, '.');
        if (strcmp(word, "ex") == 0) { /* "ex-MINISTERIO", "ex – SECRETARÍA" */
            lj_reader_take_byte(&ahead, '-');
            if (lj_reader_byte(&ahead, 0) == 0xE2 && lj_reader_byte(&ahead, 1) == 0x80) {
                ahead.at += 3;
                lj_reader_blanks(&ahead);
            }
        }
    }
    return false;
}

/* The same where the number says its year, so that no marker is needed: "Resolución SC 12/98",
 * "Acordada CSJN 4/2007", "Resolución General (AFIP) 4838/2020". */
static bool
take_acronyms(struct lj_reader *r, bool *marker)
{
    struct lj_reader ahead = *r;
    lj_reader_take(&ahead, "ex"); /* "Resolución ex COMFER 341/93" */
    for (int words = 0; words < 3; words++) {
        *marker = words > 0 && lj_norm_take_marker(&ahead);
        if (words > 0 && lj_reader_digit(&ahead, 0)) {
            *r = ahead;
            return true;
        }
        bool bracket = lj_reader_take_byte(&ahead, '(');
        char word[LJ_SPELLED]; /* "ACUERDO DE 31 DE ENERO" */
        if (lj_reader_word(&ahead, word) > 0 &&
            (lj_word_among(word, "de del el la los las y n") || lj_norm_find_head(word)))
            return false;
        size_t letters = 0;
        while (letters < 10 && lj_is_upper(lj_reader_byte(&ahead, 0))) {
            ahead.at++;
            letters++;
            if (lj_reader_byte(&ahead, 0) == '.' || lj_reader_byte(&ahead, 0) == '/')
                ahead.at++;
        }
        if (letters < 2 || (bracket && lj_reader_byte(&ahead, 0) != ')'))
            return false;
        ahead.at += bracket;
        if (!lj_reader_blanks(&ahead))
            return false;
    }
    return false;
}

/* What the Union's norms are called besides: "Reglamento Delegado (UE)", "de Ejecución", "Decisión
 * Marco". */
static void
take_union(struct lj_reader *r)
{
    struct lj_reader ahead = *r;
    if (lj_reader_take(&ahead, "delegado delegada marco") ||
        (lj_reader_take(&ahead, "de") && lj_reader_take(&ahead, "ejecucion")))
        *r = ahead;
}

/* Does the text say whose norm it is, so that its number needs neither year nor marker? "Convenio 169
 * de la OIT", "Decisión 486 de la Comunidad Andina". */
static bool
says_whose(struct lj_reader behind, enum lj_norm_kind kind)
{
    lj_reader_blanks(&behind);
    return (kind == CONVENIO || kind == RECOMENDACION || kind == DECISION) &&
           lj_reader_take(&behind, "de") && lj_reader_take(&behind, "la") &&
           lj_reader_take(&behind, kind == DECISION ? "can comision comunidad"
                                                    : "oit organizacion conferencia");
}

/* "resolución 70/1 de la Asamblea General": session and number of A/RES/70/1, r behind the session. */
static bool
read_assembly(struct lj_reader *r, unsigned session, size_t start, struct lj_norms *out)
{
    struct lj_reader ahead = *r;
    unsigned number;
    if (lj_reader_byte(r, 0) != '/' || session > 120)
        return false;
    ahead.at++;
    if (!lj_reader_number(&ahead, 3, &number, NULL))
        return false;
    r->at = ahead.at;
    lj_reader_blanks(&ahead);
    lj_reader_take_byte(&ahead, ',');
    if (!(lj_reader_take(&ahead, "de") && lj_reader_take(&ahead, "la") &&
          lj_reader_take(&ahead, "asamblea")))
        return false;
    struct lj_norm *norm = &out->item[out->n++];
    lj_norm_begin(norm, start);
    norm->end = r->at;
    char *text = lj_norm_new_form(norm);
    lj_norm_add_string(text, "a/res/");
    lj_norm_add_number(text, session);
    lj_norm_add(text, "/", 1);
    lj_norm_add_number(text, number);
    norm->located = norm->numbered = true;
    return true;
}

/* "DFL 1-19.653", "D.F.L. N° 1/18.290": Chile's numbers of these begin anew under each law that allows
 * them. */
static void
read_law_behind(struct lj_reader *r, struct lj_norm_number *number)
{
    struct lj_reader ahead = *r;
    struct lj_norm_number law = {.text = "", .tail = "", .before = ""};
    if (number->slash || (lj_reader_byte(r, 0) != '-' && lj_reader_byte(r, 0) != '/'))
        return;
    ahead.at++;
    if (!lj_norm_read_digits(&ahead, false, &law) || law.value < 3000 || law.slash || law.tail[0])
        return;
    snprintf(number->tail, sizeof number->tail, "-%u", law.value);
    *r = ahead;
}

/* What court of several it is: "STSJ de Cataluña 45/2018", "SAP Las Palmas (Sección 4.ª) núm. 12/2019". */
static void
take_place(struct lj_reader *r)
{
    struct lj_reader ahead = *r;
    lj_reader_take(&ahead, "de del");
    for (int words = 0; words < 5; words++) {
        char word[LJ_SPELLED];
        struct lj_reader behind = ahead;
        if (lj_reader_byte(&ahead, 0) == '(') {
            size_t n = 1;
            while (n < 40 && lj_reader_byte(&ahead, n) >= ' ' && lj_reader_byte(&ahead, n) != ')')
                n++;
            if (lj_reader_byte(&ahead, n) != ')')
                return;
            ahead.at += n + 1;
            lj_reader_blanks(&ahead);
        }
        lj_reader_take_byte(&ahead, ',');
        behind = ahead;
        if (lj_reader_digit(&ahead, 0) || lj_norm_take_marker(&ahead) ||
            (words > 0 && lj_reader_take(&ahead, "de") && lj_reader_digit(&ahead, 0))) {
            *r = behind;
            return;
        }
        ahead = behind;
        size_t used = lj_reader_word(&ahead, word);
        if (used == 0 ||
            !(lj_norm_is_capital(&ahead) || lj_word_among(word, "de del la las los el")))
            return;
        ahead.at += used;
        lj_reader_blanks(&ahead);
    }
}

/* "y sus modificatorias", "y su similar N° 147/13": what changed a norm is another of its kind. */
static bool
take_relation(struct lj_reader *r, bool *plural)
{
    char word[LJ_SPELLED];
    size_t used;
    if (!lj_reader_take(r, "su sus") || (used = lj_reader_word(r, word)) == 0 ||
        !lj_word_among(word, "similar similares modificatorio modificatoria modificatorios "
                             "modificatorias complementario complementaria complementarios "
                             "complementarias ampliatorio ampliatoria ampliatorios ampliatorias "
                             "concordante concordantes"))
        return false;
    *plural = word[strlen(word) - 1] == 's';
    r->at += used;
    lj_reader_blanks(r);
    return true;
}

/* To the number of the next norm of the same kind, r behind one:
 *
 *     "Leyes 19.924, 19.925 y 20.000"          plural: a joint
 *     "Resoluciones SE N° 6/87, MOSP N° 9/88"  with the body of each
 *     "Decreto N° 2775/12 y N° 1546/13"        else "y" and the marker
 *     "Ley N° 25.561 y sus modificatorias y N° 25.972"
 *     "Decreto N° 727/12, prorrogado por su similar N° 147/13"
 */
static bool
take_next(struct lj_reader *r, bool *plural, bool *marker)
{
    struct lj_reader ahead = *r;
    bool many = false;
    lj_reader_link(&ahead);
    lj_reader_blanks(&ahead);
    bool comma = lj_reader_take_byte(&ahead, ',') || lj_reader_take_byte(&ahead, ';');
    bool joined = lj_reader_take(&ahead, "y e o u");
    struct lj_reader relation = ahead;
    for (int words = 0; comma && !joined && words < 3; words++) { /* "prorrogado por" */
        char word[LJ_SPELLED];
        size_t used = lj_reader_word(&relation, word);
        if (used == 0 || !lj_is_lower(lj_reader_byte(&relation, 0)) || lj_norm_find_head(word) ||
            strcmp(word, "su") == 0 || strcmp(word, "sus") == 0)
            break;
        relation.at += used;
        lj_reader_blanks(&relation);
    }
    if (take_relation(&relation, &many)) {
        if (lj_norm_take_marker(&relation)) {
            *r = relation;
            *plural = many;
            return *marker = true;
        }
        if (!joined)
            return false;
        joined = lj_reader_take(&relation, "y e"); /* "y sus modificatorias y N° 25.972" */
        comma = false;
        ahead = relation;
    }
    if (!joined && !(comma && *plural))
        return false;
    lj_reader_take(&ahead, "la el del de");
    bool marked = lj_norm_take_marker(&ahead);
    if (!marked && !*plural)
        return false;
    if (!marked && !lj_reader_digit(&ahead, 0))
        take_acronyms(&ahead, &marked);
    *marker = marked || *marker;
    *r = ahead;
    return true;
}

bool
lj_norm_read_numbered(struct lj_reader *r, size_t start, enum lj_norm_kind kind, const char *said,
                      bool plural, unsigned mode, struct lj_norms *out)
{
    struct lj_reader ahead = *r;
    char adjective[LJ_SPELLED] = "";
    if (said[0])
        memcpy(adjective, said, strlen(said) + 1);
    if (!said[0] &&
        (kind == RESOLUCION || kind == ACUERDO || kind == ORDEN || kind == DISPOSICION ||
         kind == DECISION || kind == CIRCULAR || kind == ORDENANZA || kind == INSTRUCCION ||
         kind == DIRECTIVA || kind == RECOMENDACION)) {
        char second[LJ_SPELLED];
        if (take_adjective(&ahead, adjective)) /* "Resolución Conjunta General" */
            take_adjective(&ahead, second);
        /* "Resolución Ministerial" is one; "Decreto Nacional" and "Ley Nacional N°" are not */
        if (strcmp(adjective, "nacional") == 0)
            adjective[0] = 0;
    } else if (kind == LEY && lj_reader_take(&ahead, "especial especiales")) {
        /* Uruguay's of 1983 have numbers of their own */
        memcpy(adjective, "especial", sizeof "especial");
    } else if (kind == DECRETO || kind == LEY) {
        for (int i = 0; i < 2; i++) /* "Decreto Único Reglamentario 1072 de 2015" */
            lj_reader_take(&ahead,
                           "nacional federal provincial reglamentario reglamentaria presidencial "
                           "ejecutivo exento foral unico alcaldicio departamental municipal "
                           "distrital estatutaria organica constitucional normativo");
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
    if (kind == STSJ || kind == SAP)
        take_place(&ahead);
    if (kind == INFORME && lj_reader_take(&ahead, "de") && /* "Informe de Fondo No. 12/18" */
        !lj_reader_take(&ahead, "fondo admisibilidad inadmisibilidad"))
        return false;
    if (kind == DIRECTIVA || kind == REGLAMENTO || kind == DECISION) { /* "(UE)", "(CE) nº" */
        take_union(&ahead);
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
    char roman[16] = "";
    if (kind == LEY && lj_is_upper(lj_reader_byte(&ahead, 0))) { /* "Ley XVII N° 5": provinces' */
        unsigned chapter;
        struct lj_reader behind = ahead;
        size_t used = lj_spelled_roman(ahead.text, ahead.length, ahead.at, false, &chapter);
        behind.at += used;
        lj_reader_blanks(&behind);
        if (lj_reader_byte(&behind, 0) == '-' || lj_reader_byte(&behind, 0) == ',') {
            behind.at++;
            lj_reader_blanks(&behind);
        }
        if (used > 0 && lj_spelled_marker(behind.text, behind.length, behind.at) > 0) {
            for (size_t i = 0; i < used && i + 2 < sizeof roman; i++) {
                roman[i] = (char)(lj_reader_byte(&ahead, i) | 0x20);
                roman[i + 1] = '-';
            }
            ahead = behind;
        }
    }
    if (lj_reader_byte(&ahead, 0) == '[' && /* "Decreto [N° 558/994](https://…)" */
        (lj_reader_digit(&ahead, 1) ||
         lj_spelled_marker(ahead.text, ahead.length, ahead.at + 1) > 0))
        ahead.at++;
    bool marker = lj_norm_take_marker(&ahead), acronyms = false;
    /* "Resolución RESOL-2020-123-APN-MT" */
    if (lj_norm_read_electronic(&ahead, out)) {
        out->item[0].start = start;
        *r = ahead;
        return true;
    }
    if (!marker &&
        (kind == RESOLUCION || kind == DECRETO || kind == DISPOSICION || kind == ACUERDO ||
         kind == CIRCULAR || kind == CONVENIO || kind == ACORDADA || kind == DECISION ||
         kind == DICTAMEN || kind == RECOMENDACION) &&
        !lj_reader_digit(&ahead, 0)) {
        marker = take_body(&ahead);
        acronyms = !marker && take_acronyms(&ahead, &marker);
    }
    for (bool first = true; out->n < LJ_NORM_MOST; first = false) {
        struct lj_norm_number number = {.text = "", .tail = "", .before = ""};
        struct lj_norm *norm = &out->item[out->n];
        size_t at = first ? start : ahead.at;
        if (lj_reader_digit(&ahead, 0) ? !lj_norm_read_digits(&ahead, mode & LJ_NORM_QUERY, &number)
                                       : kind == LEY || kind == CONPES || acronyms ||
                                             !read_code(&ahead, mode & LJ_NORM_QUERY, &number))
            break;
        if (kind == DFL)
            read_law_behind(&ahead, &number);
        if (kind == DIRECTIVA || kind == DECISION || kind == REGLAMENTO) {
            /* the Union's are year/number: "95/46/CE", "(UE) 2016/679"; before 2015 regulations
             * were number/year: "(CE) nº 1/2003" */
            struct lj_reader union_end = ahead;
            if (lj_reader_byte(&ahead, 0) == '/') {
                unsigned second;
                size_t size;
                union_end.at++;
                if (!number.slash && lj_reader_number(&union_end, 4, &second, &size) &&
                    lj_norm_full_year(number.value, strlen(number.text))) {
                    number.year = lj_norm_full_year(number.value, strlen(number.text));
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
                            lj_norm_full_year(number.value, number.value < 100 ? 2 : 4)) {
                            unsigned year =
                                lj_norm_full_year(number.value, number.value < 100 ? 2 : 4);
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
            if (!number.slash && kind != DECISION && !(adjective[0] && kind == DIRECTIVA))
                break;
        }
        if (kind == RESOLUCION && !number.slash && read_assembly(&ahead, number.value, at, out)) {
            *r = ahead;
            break;
        }
        if (kind == RESOLUCION && !number.slash)
            lj_norm_read_session(&ahead, &number);
        if (number.before[0] == 0)
            memcpy(number.before, roman, sizeof roman);
        if (kind == LEY && number.value < 100) /* "Ley 5ª de 1992" */
            ahead.at += lj_spelled_ordinal_mark(ahead.text, ahead.length, ahead.at);
        if (!number.tail[0] || number.tail[0] == '-')
            lj_norm_read_number_date(&ahead, &number);
        bool whose = says_whose(ahead, kind);
        if (!marker && !whose &&
            ((lj_norm_kinds[kind].flags & YEAR) || acronyms != (said[0] != 0)) && number.year == 0)
            break;
        /* files are numbered everywhere; those of Peru's Constitutional Court are its rulings */
        size_t tail = strlen(number.tail);
        if (kind == DECRETO && number.before[0] && number.year == 0)
            break;
        if (kind == INFORME && !(marker && number.slash)) /* "Informe No. 50/99" */
            break;
        if (kind == EXPEDIENTE && (tail < 3 || strcmp(number.tail + tail - 3, "/tc") != 0))
            break;
        /* "R.D. N° 12-2019-EF": Peru's, no royal decree */
        bool directoral = kind == REAL_DECRETO && number.tail[0] == '-';
        if (directoral)
            memcpy(adjective, "directoral", sizeof "directoral");
        /* "resolución 5", "decreto 3" in running text: a number without mark or year says little
         * but where articles of it are cited or the number is long */
        if (!marker && !whose && !(plural && kind == CONVENIO) && number.year == 0 &&
            number.value < 100 && kind != LEY && kind != PROYECTO_LEY && !number.tail[0] &&
            !(mode & (LJ_NORM_QUERY | LJ_NORM_BEHIND)))
            break;
        /* "leyes 14.038 y 14.202, de 19 de octubre de 1971, 21 de mayo de 1974": a day, no law */
        struct lj_reader day = {ahead.text, ahead.length, at};
        struct lj_interval when;
        size_t date;
        if (!first && number.value < 32 &&
            lj_date_read(day.text + at, day.length - at, false, &date, &when))
            break;
        lj_norm_begin(norm, at);
        norm->end = ahead.at;
        lj_norm_number_forms(norm, directoral ? RESOLUCION : kind, adjective, &number);
        out->n++;
        *r = ahead;
        if (!take_next(&ahead, &plural, &marker))
            break;
    }
    return out->n > 0;
}

/* "decreto de fecha 1° de agosto de 1951", "ley del 19 de Marzo de 1917": whole days only. */
bool
lj_norm_read_dated(struct lj_reader *r, size_t start, enum lj_norm_kind kind, struct lj_norms *out)
{
    struct lj_reader ahead = *r;
    if (kind == ORDEN)
        lj_reader_take(&ahead, "ministerial");
    if (kind == STSJ || kind == SAP)
        take_place(&ahead);
    /* "Resolución S/N, de 8 de mayo de 2019" */
    if ((lj_reader_byte(&ahead, 0) | 0x20) == 's' && lj_reader_byte(&ahead, 1) == '/' &&
        (lj_reader_byte(&ahead, 2) | 0x20) == 'n') {
        ahead.at += 3;
        lj_reader_blanks(&ahead);
        lj_reader_take_byte(&ahead, ',');
    }
    if (!lj_reader_take(&ahead, kind == ORDEN ? "de" : "de del")) /* "orden del día 3 de mayo" */
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
    lj_norm_begin(norm, start);
    r->at = norm->end = ahead.at + used;
    char *text = lj_norm_new_form(norm);
    lj_norm_add_string(text, lj_norm_kinds[kind].slug);
    lj_norm_add(text, ":", 1);
    lj_norm_add_day(text, when.first);
    norm->located = norm->numbered = true;
    return true;
}

/* "Protocolo de 1997", "Convenio de 1973": treaties known by their year. */
bool
lj_norm_read_year_of(struct lj_reader *r, size_t start, enum lj_norm_kind kind,
                     struct lj_norms *out)
{
    struct lj_reader ahead = *r;
    unsigned year;
    size_t size;
    if (!lj_reader_take(&ahead, "de") || !lj_reader_number(&ahead, 4, &year, &size) ||
        !lj_norm_full_year(year, size) || size != 4 || lj_reader_alnum(&ahead))
        return false;
    struct lj_norm *norm = &out->item[out->n++];
    lj_norm_begin(norm, start);
    r->at = norm->end = ahead.at;
    char *text = lj_norm_new_form(norm);
    lj_norm_add_string(text, lj_norm_kinds[kind].slug);
    lj_norm_add(text, ":", 1);
    lj_norm_add_number(text, year);
    norm->located = norm->numbered = true;
    return true;
}
