/* Rulings and other papers whose number has a form of its own. */
#include "analysis/norm-parts.h"

#include <glib.h>
#include <stdio.h>

/* "C-355/06", "T-025 de 2004", "SU-214/16": the Constitutional Court of Colombia; "C-415/11", "T-1/98":
 * those of the European Union. Only with its year: "C-130" is an aeroplane. */
bool
lj_norm_read_bare_ruling(struct lj_reader *r, struct lj_norms *out)
{
    unsigned char c = lj_reader_byte(r, 0);
    size_t n = c == 'S' && lj_reader_byte(r, 1) == 'U' ? 2 : c == 'C' || c == 'T' ? 1 : 0;
    if (n == 0 || lj_reader_byte(r, n) != '-' || !lj_reader_digit(r, n + 1))
        return false;
    struct lj_reader ahead = *r;
    struct lj_norm_number number = {.text = "", .tail = "", .before = ""};
    ahead.at += n + 1;
    memcpy(number.before, n == 2 ? "su-" : c == 'C' ? "c-" : "t-", n + 2);
    size_t digits = 1;
    while (digits < 6 && lj_reader_digit(&ahead, digits))
        digits++;
    if (lj_reader_byte(&ahead, digits) == '-' || /* "T-7-2023" numbers something else */
        !lj_norm_read_digits(&ahead, false, &number) || number.value > 9999)
        return false;
    if (number.year == 0)
        lj_norm_read_number_date(&ahead, &number);
    if (number.year == 0)
        return false;
    struct lj_norm *norm = &out->item[out->n++];
    lj_norm_begin(norm, r->at);
    r->at = norm->end = ahead.at;
    lj_norm_number_forms(norm, SENTENCIA, "", &number);
    return true;
}

/* The words that say which action of law it is, r behind its first: "acción de inconstitucionalidad",
 * "recurso de amparo", "cuestión de inconstitucionalidad", "contradicción de tesis", "controversia
 * constitucional". */
static bool
take_action(struct lj_reader *r, enum lj_norm_kind *kind, const char **adjective)
{
    *adjective = "";
    if (*kind == CONTROVERSIA)
        return lj_reader_take(r, "constitucional");
    if (*kind != AMPARO && !lj_reader_take(r, "de"))
        return false;
    if (*kind == CONTRADICCION) /* of criterios since Mexico's law of 2021, the same thing */
        return lj_reader_take(r, "tesis criterios");
    if (*kind == RECURSO && lj_reader_take(r, "amparo")) {
        *kind = AMPARO; /* Spain's */
        return true;
    }
    if (*kind == RECURSO && lj_reader_take(r, "casacion")) {
        *kind = CASACION;
        return true;
    }
    if (*kind != AMPARO)
        return lj_reader_take(r, "inconstitucionalidad");
    /* "amparo directo en revisión", "amparo en revisión", "amparo directo", "amparo indirecto" */
    if (lj_reader_take(r, "indirecto")) {
        *adjective = "indirecto";
        return true;
    }
    bool directo = lj_reader_take(r, "directo");
    struct lj_reader ahead = *r;
    bool revision = lj_reader_take(&ahead, "en") && lj_reader_take(&ahead, "revision");
    if (revision)
        *r = ahead;
    *adjective = directo && revision ? "directo-revision" : directo ? "directo" : "revision";
    return directo || revision;
}

/* The halls of Mexico's electoral court. */
/* All begin with one letter. */
static const char *const halls[] = {"SUP-", "SRE-", "SDF-", "SCM-", "SM-", "SG-", "SX-", "ST-"};

bool
lj_norm_is_court_symbol(const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i < G_N_ELEMENTS(halls); i++)
        if (strlen(halls[i]) == n + 1 && g_ascii_strncasecmp(halls[i], word, n) == 0)
            return true;
    return strcmp(word, "ecli") == 0;
}

/* "SUP-JDC-1234/2021", "SRE-PSC-12/2018"; "ECLI:ES:TS:2018:1234", rulings of Europe. r at the first
 * letter. */
bool
lj_norm_read_court_symbol(struct lj_reader *r, struct lj_norms *out)
{
    size_t n = 0;
    if (lj_reader_byte(r, 0) == 'E') {
        unsigned parts = 0;
        if (r->length - r->at < 5 || memcmp(r->text + r->at, "ECLI:", 5) != 0)
            return false;
        for (n = 4; n < 60; n++) {
            unsigned char c = lj_reader_byte(r, n);
            bool mark = c == ':' || c == '.';
            if (mark ? !lj_spelled_alnum_at(r->text, r->length, r->at + n + 1)
                     : !lj_is_upper(c) && !lj_is_digit(c))
                break;
            parts += c == ':';
        }
        if (parts != 4 || lj_spelled_alnum_at(r->text, r->length, r->at + n))
            return false;
    } else {
        if (lj_reader_byte(r, 0) != *halls[0])
            return false;
        for (size_t i = 0; i < G_N_ELEMENTS(halls) && n == 0; i++) {
            size_t size = strlen(halls[i]);
            if (r->length - r->at > size && memcmp(r->text + r->at, halls[i], size) == 0)
                n = size;
        }
        if (n == 0)
            return false;
        struct lj_reader ahead = *r;
        size_t from = n;
        unsigned number;
        while (n - from < 5 && lj_is_upper(lj_reader_byte(r, n)))
            n++;
        ahead.at += n + 1;
        if (n - from < 2 || lj_reader_byte(r, n) != '-' ||
            !lj_reader_number(&ahead, 6, &number, NULL) || lj_reader_byte(&ahead, 0) != '/')
            return false;
        ahead.at++;
        if (!lj_reader_number(&ahead, 4, &number, NULL) || !lj_norm_full_year(number, 4) ||
            lj_reader_alnum(&ahead))
            return false;
        n = ahead.at - r->at;
    }
    struct lj_norm *norm = &out->item[out->n++];
    lj_norm_begin(norm, r->at);
    char *form = lj_norm_new_form(norm);
    for (size_t i = 0; i < n; i++) {
        unsigned char c = lj_reader_byte(r, i);
        char small = (char)(lj_is_upper(c) ? c | 0x20 : c);
        lj_norm_add(form, &small, 1);
    }
    r->at += n;
    norm->end = r->at;
    norm->located = norm->numbered = true;
    return true;
}

/* "1a./J. 22/2014", "P./J. 11/2018", "2a. XX/2015", behind "tesis", "jurisprudencia". */
static bool
read_thesis(struct lj_reader *r, size_t start, struct lj_norms *out)
{
    static const char *const courts[] = {"1a", "2a", "P"};
    char before[16];
    size_t court = 0;
    while (lj_reader_take(r, "de aislada jurisprudencia jurisprudencial numero clave rubro"))
        continue;
    lj_norm_take_marker(r);
    for (; court < 3; court++) {
        size_t n = strlen(courts[court]);
        if (r->length - r->at > n && memcmp(r->text + r->at, courts[court], n) == 0 &&
            lj_reader_byte(r, n) == '.') {
            r->at += n + 1;
            break;
        }
    }
    if (court == 3)
        return false;
    bool binding =
        lj_reader_byte(r, 0) == '/' && lj_reader_byte(r, 1) == 'J' && lj_reader_byte(r, 2) == '.';
    if (binding)
        r->at += 3;
    lj_reader_blanks(r);
    snprintf(before, sizeof before, "%s%s", court == 2 ? "p" : courts[court],
             binding ? "/j-" : "-");
    struct lj_norm_number number = {.text = "", .tail = "", .before = ""};
    memcpy(number.before, before, sizeof before);
    size_t used = lj_spelled_roman(r->text, r->length, r->at, false, &number.value);
    unsigned year;
    if (used > 0) {
        r->at += used;
        if (lj_reader_byte(r, 0) != '/')
            return false;
        r->at++;
        if (!lj_reader_number(r, 4, &year, NULL) || !lj_norm_full_year(year, 4))
            return false;
        number.year = year;
        snprintf(number.text, sizeof number.text, "%u", number.value);
    } else if (!lj_norm_read_digits(r, false, &number) || number.year == 0) {
        return false;
    }
    struct lj_norm *norm = &out->item[out->n++];
    lj_norm_begin(norm, start);
    norm->end = r->at;
    lj_norm_number_forms(norm, TESIS, "", &number);
    return true;
}

/* "A" 7030 behind "Comunicación": circulars of Argentina's central bank. */
static bool
read_communication(struct lj_reader *r, size_t start, unsigned mode, struct lj_norms *out)
{
    lj_reader_quote(r);
    unsigned char c = lj_reader_byte(r, 0);
    if (!(lj_is_upper(c) || ((mode & LJ_NORM_QUERY) && lj_is_lower(c))) || (c | 0x20) > 'd')
        return false;
    r->at++;
    if (lj_reader_alnum(r))
        return false;
    lj_reader_quote(r);
    lj_reader_blanks(r);
    lj_norm_take_marker(r);
    struct lj_norm_number number = {.text = "", .tail = "", .before = ""};
    if (!lj_norm_read_digits(r, false, &number))
        return false;
    number.before[0] = (char)(c | 0x20);
    number.before[1] = '-';
    struct lj_norm *norm = &out->item[out->n++];
    lj_norm_begin(norm, start);
    norm->end = r->at;
    lj_norm_number_forms(norm, COMUNICACION, "", &number);
    return true;
}

/* "N° 8575-07", "Nos 8.575-07 y 9.000-03" behind "boletín": bills of Chile, each with the number of
 * the committee that has it. */
static bool
read_bills(struct lj_reader *r, size_t start, struct lj_norms *out)
{
    if (!lj_norm_take_marker(r))
        return false;
    struct lj_reader ahead = *r;
    while (out->n < LJ_NORM_MOST) {
        size_t at = out->n ? ahead.at : start;
        unsigned bill, part, committee;
        size_t digits;
        if (!lj_reader_number(&ahead, 5, &bill, &digits))
            break;
        if (digits < 3 && lj_reader_byte(&ahead, 0) == '.' && lj_reader_digit(&ahead, 3)) {
            ahead.at++;
            if (!lj_reader_number(&ahead, 3, &part, &digits) || digits != 3)
                break;
            bill = bill * 1000 + part;
        }
        if (lj_reader_byte(&ahead, 0) != '-')
            break;
        ahead.at++;
        if (!lj_reader_number(&ahead, 2, &committee, &digits) || digits != 2 ||
            lj_reader_alnum(&ahead))
            break;
        struct lj_norm *norm = &out->item[out->n++];
        lj_norm_begin(norm, at);
        r->at = norm->end = ahead.at;
        norm->located = norm->numbered = true;
        char code[32];
        snprintf(code, sizeof code, "boletin:%u-%02u", bill, committee);
        lj_norm_add_string(lj_norm_new_form(norm), code);
        snprintf(code, sizeof code, "boletin:%u", bill);
        lj_norm_add_string(lj_norm_new_form(norm), code);
        lj_reader_blanks(&ahead);
        bool joint = lj_reader_take_byte(&ahead, ',') || lj_reader_take_byte(&ahead, ';');
        joint = lj_reader_take(&ahead, "y e") || joint;
        if (!joint)
            break;
        lj_norm_take_marker(&ahead);
    }
    return out->n > 0;
}

/* "Serie C No. 221": the judgments (C) and opinions (A) of the Inter-American Court. */
static bool
read_series(struct lj_reader *r, size_t start, struct lj_norms *out)
{
    unsigned char letter = lj_reader_byte(r, 0);
    unsigned number;
    if (letter != 'A' && letter != 'C')
        return false;
    r->at++;
    if (!lj_reader_blanks(r) || !lj_norm_take_marker(r) || !lj_reader_number(r, 4, &number, NULL) ||
        lj_reader_alnum(r))
        return false;
    if (lj_reader_byte(r, 0) == '-' && lj_reader_digit(r, 1))
        return false; /* Spain's parliament: "Serie A Núm. 36-5" */
    struct lj_norm *norm = &out->item[out->n++];
    lj_norm_begin(norm, start);
    norm->end = r->at;
    norm->located = norm->numbered = true;
    char *form = lj_norm_new_form(norm);
    lj_norm_add_string(form, letter == 'C' ? "serie-c:" : "serie-a:");
    lj_norm_add_number(form, number);
    return true;
}

/* "RMF para 2023", "Resolución Miscelánea Fiscal de 2022", "RGCE 2024": Mexico's yearly rules, r behind
 * their name. */
bool
lj_norm_read_rules(struct lj_reader *r, size_t start, enum lj_norm_kind kind, struct lj_norms *out)
{
    struct lj_reader ahead = *r;
    unsigned year = 0;
    size_t digits;
    struct lj_norm *norm = &out->item[out->n++];
    lj_norm_begin(norm, start);
    norm->end = r->at;
    while (norm->end > start && lj_spelled_blanks(r->text, norm->end, norm->end - 1) == 1)
        norm->end--;
    norm->located = norm->numbered = true;
    lj_reader_blanks(&ahead);
    lj_reader_take_byte(&ahead, ',');
    lj_reader_take(&ahead, "para de del vigente");
    lj_reader_take(&ahead, "en para el a\xf1o ejercicio");
    lj_reader_take(&ahead, "fiscal");
    if (lj_reader_number(&ahead, 4, &year, &digits) && digits == 4 && lj_norm_full_year(year, 4) &&
        !lj_reader_alnum(&ahead)) {
        char *form = lj_norm_new_form(norm);
        lj_norm_add_string(form, lj_norm_kinds[kind].slug);
        lj_norm_add(form, ":", 1);
        lj_norm_add_number(form, year);
        norm->end = ahead.at;
    }
    lj_norm_add_string(lj_norm_new_form(norm), lj_norm_kinds[kind].slug);
    r->at = norm->end;
    return true;
}

bool
lj_norm_read_ruling(struct lj_reader *r, size_t start, enum lj_norm_kind kind, unsigned mode,
                    struct lj_norms *out)
{
    if (kind == SERIE)
        return read_series(r, start, out);
    if (kind == TESIS)
        return read_thesis(r, start, out);
    if (kind == COMUNICACION)
        return read_communication(r, start, mode, out);
    if (kind == PROYECTO)
        return read_bills(r, start, out);
    const char *adjective;
    struct lj_norm_number number = {.text = "", .tail = "", .before = ""};
    if (!take_action(r, &kind, &adjective))
        return false;
    lj_norm_take_marker(r);
    if (!lj_norm_read_digits(r, false, &number) || number.year == 0)
        return false;
    struct lj_reader ahead = *r;
    for (;;) {
        struct lj_norm *norm = &out->item[out->n++];
        lj_norm_begin(norm, out->n == 1 ? start : ahead.at);
        lj_norm_number_forms(norm, kind, adjective, &number);
        norm->end = r->at;
        /* "10/2014 y sus acumuladas 11/2014, 14/2014 y 15/2014" */
        ahead = *r;
        lj_reader_blanks(&ahead);
        bool joint = lj_reader_take_byte(&ahead, ',');
        joint = lj_reader_take(&ahead, "y e") || joint;
        if (lj_reader_take(&ahead, "su sus"))
            joint = lj_reader_take(&ahead, "acumulada acumuladas acumulado acumulados");
        struct lj_reader number_end = ahead;
        number = (struct lj_norm_number){.text = "", .tail = "", .before = ""};
        if (!joint || out->n == LJ_NORM_MOST || !lj_norm_read_digits(&number_end, false, &number) ||
            !number.slash)
            return true;
        *r = number_end;
    }
}
