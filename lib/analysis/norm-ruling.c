/* Rulings and other papers whose number has a form of its own. */
#include "analysis/norm-parts.h"

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

/* The words that say which action of law it is, r behind its first. */
static bool
take_action(struct lj_reader *r, enum lj_norm_kind kind, const char **adjective)
{
    *adjective = "";
    if (kind == ACCION || kind == RECURSO)
        return lj_reader_take(r, "de") && lj_reader_take(r, "inconstitucionalidad");
    /* "amparo directo en revisión", "amparo en revisión", "amparo directo" */
    bool directo = lj_reader_take(r, "directo");
    struct lj_reader ahead = *r;
    bool revision = lj_reader_take(&ahead, "en") && lj_reader_take(&ahead, "revision");
    if (revision)
        *r = ahead;
    *adjective = directo && revision ? "directo-revision" : directo ? "directo" : "revision";
    return directo || revision;
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

bool
lj_norm_read_ruling(struct lj_reader *r, size_t start, enum lj_norm_kind kind, unsigned mode,
                    struct lj_norms *out)
{
    if (kind == TESIS)
        return read_thesis(r, start, out);
    if (kind == COMUNICACION)
        return read_communication(r, start, mode, out);
    if (kind == PROYECTO)
        return read_bills(r, start, out);
    const char *adjective;
    struct lj_norm_number number = {.text = "", .tail = "", .before = ""};
    if (!take_action(r, kind, &adjective))
        return false;
    lj_norm_take_marker(r);
    if (!lj_norm_read_digits(r, false, &number) || number.year == 0)
        return false;
    struct lj_norm *norm = &out->item[out->n++];
    lj_norm_begin(norm, start);
    norm->end = r->at;
    lj_norm_number_forms(norm, kind, adjective, &number);
    return true;
}
