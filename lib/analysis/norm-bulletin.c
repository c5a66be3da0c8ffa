#include "analysis/norm-parts.h"
#include "legajo/date.h"

#include <stdio.h>

/* "DOF del 21 de enero de 2026", "D.O.F. 21-01-2026", "BOE núm. 294, de 6 de diciembre de 2018",
 * "Diario Oficial de la Federación el 21 de …", "BOE-A-2024-26931". */
bool
lj_norm_read_bulletin(struct lj_reader *r, size_t start, const char *slug, unsigned mode,
                      struct lj_norms *out)
{
    struct lj_reader ahead = *r;
    struct lj_norm *norm = &out->item[out->n];
    lj_norm_begin(norm, start);
    if (lj_reader_byte(&ahead, 0) == '-' && lj_is_upper(lj_reader_byte(&ahead, 1) & 0xDF)) {
        size_t n = 1;
        while (n < 4 && lj_is_upper(lj_reader_byte(&ahead, n) & 0xDF))
            n++;
        struct lj_reader code = ahead;
        unsigned year, item;
        code.at += n + 1;
        if (lj_reader_byte(&ahead, n) == '-' && lj_reader_number(&code, 4, &year, NULL) &&
            lj_norm_full_year(year, 4) && lj_reader_byte(&code, 0) == '-') {
            code.at++;
            if (lj_reader_number(&code, 7, &item, NULL) && !lj_reader_alnum(&code)) {
                char *text = lj_norm_new_form(norm);
                lj_norm_add_string(text, slug);
                for (size_t i = 0; i < n; i++) {
                    char c = (char)(lj_reader_byte(&ahead, i) | 0x20);
                    lj_norm_add(text, i ? &c : "-", 1);
                }
                lj_norm_add(text, "-", 1);
                lj_norm_add_number(text, year);
                lj_norm_add(text, "-", 1);
                lj_norm_add_number(text, item);
                r->at = norm->end = code.at;
                norm->located = norm->numbered = true;
                out->n++;
                return true;
            }
        }
        return false;
    }
    unsigned issue = 0;
    struct lj_norm_number number = {.text = "", .tail = "", .before = ""};
    lj_reader_blanks(&ahead);
    if (lj_reader_byte(&ahead, 0) == ',' || lj_reader_byte(&ahead, 0) == ':' ||
        lj_reader_byte(&ahead, 0) == '-') {
        ahead.at++;
        lj_reader_blanks(&ahead);
    }
    lj_reader_take(&ahead, "suplemento extraordinario extraordinaria");
    struct lj_reader behind = ahead;
    /* the Union's has series: "DOUE L 119, de 4 de mayo de 2016", "DO C 326" */
    char series[4] = "";
    unsigned char letter = lj_reader_byte(&behind, 0);
    if (strcmp(slug, "doue") == 0 && (letter == 'L' || letter == 'C')) {
        behind.at++;
        if (lj_reader_blanks(&behind)) {
            series[0] = (char)(letter | 0x20);
            series[1] = '-';
        }
    }
    bool marker = lj_norm_take_marker(&behind), digits = marker || series[0];
    if (!digits && lj_reader_digit(&behind, 0)) {
        /* "Registro Oficial 449, de 20 de octubre de 2008", "BOE 294/2018"; a date begins with
         * digits too */
        struct lj_interval other;
        size_t size;
        digits =
            !lj_date_read(behind.text + behind.at, behind.length - behind.at, true, &size, &other);
    }
    if (digits && lj_norm_read_digits(&behind, false, &number)) {
        struct lj_reader date = behind;
        lj_reader_take_byte(&date, ',');
        lj_reader_blanks(&date);
        if (!marker && !series[0] && /* "B.O. 18/12" lacks the year of its day */
            (number.year == 0 ||
             (number.value < 32 && behind.at > 2 && behind.text[behind.at - 3] == '/')) &&
            !(mode & LJ_NORM_QUERY) && !lj_reader_take(&date, "de del"))
            return false;
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
    bool dated = lj_date_read(ahead.text + ahead.at, ahead.length - ahead.at, true, &used, &when) &&
                 when.first == when.last; /* expected here: "B.O. 12-3-01" too */
    if (dated)
        r->at = ahead.at + used;
    if (!dated && issue == 0 && !(mode & LJ_NORM_QUERY))
        return false;
    if (dated) {
        char *text = lj_norm_new_form(norm);
        lj_norm_add_string(text, slug);
        lj_norm_add(text, ":", 1);
        lj_norm_add_day(text, when.first);
    }
    if (issue > 0) {
        unsigned year = dated ? when.first / 10000 : number.year;
        for (int form = year ? 0 : 1; form < 2; form++) {
            char *text = lj_norm_new_form(norm);
            lj_norm_add_string(text, slug);
            lj_norm_add(text, ":", 1);
            lj_norm_add_string(text, series);
            lj_norm_add_number(text, issue);
            if (form == 0) {
                lj_norm_add(text, "/", 1);
                lj_norm_add_number(text, year);
            }
        }
    }
    lj_norm_add_string(lj_norm_new_form(norm), slug);
    norm->end = r->at;
    norm->numbered = true;
    out->n++;
    return true;
}

static const char *const bodies[] = {"A",   "S",   "E",   "T",   "ST",   "CCPR", "CEDAW", "CRC",
                                     "CAT", "CED", "CMW", "HRI", "CERD", "CRPD", "TD",    "DP"};

bool
lj_norm_is_symbol(const char *word)
{
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        if (g_ascii_strcasecmp(bodies[i], word) == 0)
            return true;
    return strcmp(word, "oea") == 0;
}

/* Words within symbols, with their stop: "E/CN.4/1998/53/Add.2", "OEA/Ser.L/V/II.116". 0: none. */
static size_t
symbol_word(const struct lj_reader *r, size_t at)
{
    static const char *const words[] = {"Add.", "Rev.", "Corr.", "Ser.", "Doc."};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t n = strlen(words[i]);
        if (r->length - r->at > at + n && memcmp(r->text + r->at + at, words[i], n) == 0)
            return n;
    }
    return 0;
}

/* Other papers of the United Nations by their symbol: "A/HRC/31/58", "E/CN.4/1998/53",
 * "CCPR/C/GC/32", "S/2016/53", and of the OAS: a body, then two parts at least, with figures among them. */
static bool
read_document_symbol(struct lj_reader *r, struct lj_norms *out)
{
    size_t n = 0, slash = 0, digits = 0;
    while (n < 6 && lj_is_upper(lj_reader_byte(r, n)))
        n++;
    if (lj_reader_byte(r, n) != '/')
        return false;
    bool known = n == 3 && memcmp(r->text + r->at, "OEA", 3) == 0; /* OEA/Ser.L/V/II.116 */
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies && !known; i++)
        known = strlen(bodies[i]) == n && memcmp(bodies[i], r->text + r->at, n) == 0;
    if (!known)
        return false;
    for (unsigned char c; n < 40; n++) {
        c = lj_reader_byte(r, n);
        if (c == '/'   ? !lj_is_upper(lj_reader_byte(r, n + 1)) && !lj_reader_digit(r, n + 1)
            : c == '.' ? !lj_reader_digit(r, n + 1)
                       : !lj_is_upper(c) && !lj_is_digit(c))
            break;
        if (lj_is_upper(c) && lj_is_lower(lj_reader_byte(r, n + 1))) {
            size_t used = symbol_word(r, n);
            if (used == 0)
                return false;
            n += used - 1;
        }
        slash += c == '/';
        digits += lj_is_digit(c);
    }
    if (slash < 2 || digits == 0 || lj_spelled_alnum_at(r->text, r->length, r->at + n) ||
        lj_reader_byte(r, n) == '/')
        return false;
    struct lj_norm *norm = &out->item[out->n++];
    lj_norm_begin(norm, r->at);
    char *text = lj_norm_new_form(norm);
    for (size_t i = 0; i < n; i++) {
        unsigned char c = lj_reader_byte(r, i);
        char small = (char)(lj_is_upper(c) ? c | 0x20 : c);
        lj_norm_add(text, &small, 1);
    }
    r->at += n;
    norm->end = r->at;
    norm->located = norm->numbered = true;
    return true;
}

/* "A/RES/70/1", "S/RES/1325 (2000)", "AG/RES. 2154 (XXXV-O/05)", "CP/RES. 567": r at the first
 * letter. */
bool
lj_norm_read_symbol(struct lj_reader *r, struct lj_norms *out)
{
    size_t n = 0, start = r->at;
    while (n < 3 && lj_is_upper(lj_reader_byte(r, n)))
        n++;
    if (n == 0 || lj_reader_byte(r, n) != '/' || lj_reader_byte(r, n + 1) != 'R' ||
        lj_reader_byte(r, n + 2) != 'E' || lj_reader_byte(r, n + 3) != 'S')
        return read_document_symbol(r, out);
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
    lj_norm_begin(norm, start);
    norm->end = ahead.at;
    char *text = lj_norm_new_form(norm);
    for (size_t i = 0; i < n; i++) {
        char c = (char)(lj_reader_byte(r, i) | 0x20);
        lj_norm_add(text, &c, 1);
    }
    lj_norm_add_string(text, "/res/");
    lj_norm_add_number(text, first);
    if (second) {
        lj_norm_add(text, "/", 1);
        lj_norm_add_number(text, second);
    } else {
        /* the Security Council's are known by number and year: resolución 1325 (2000) */
        struct lj_norm_number number = {.text = "", .tail = "", .before = "", .value = first};
        snprintf(number.text, sizeof number.text, "%u", first);
        lj_norm_read_session(&ahead, &number);
        if (!number.tail[0])
            lj_norm_read_number_date(&ahead, &number);
        lj_norm_number_forms(norm, RESOLUCION, "", &number);
        norm->end = ahead.at;
    }
    norm->located = norm->numbered = true;
    r->at = norm->end;
    return true;
}

static const struct {
    const char *code;
    enum lj_norm_kind kind;
    const char *adjective;
} codes[] = {{"DECTO-", DECRETO, ""},           {"DCTO-", DECRETO, ""},
             {"DECNU-", DECRETO, ""},           {"DECAD-", DECISION, "administrativa"},
             {"RESOL-", RESOLUCION, ""},        {"RESFC-", RESOLUCION, ""},
             {"RESOG-", RESOLUCION, "general"}, {"DI-", DISPOSICION, ""}};

bool
lj_norm_is_electronic(const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (g_ascii_strncasecmp(codes[i].code, word, n) == 0 && codes[i].code[n] == '-')
            return true;
    return false;
}

/* "DECTO-2018-974-APN-PTE", "RESOL-2020-12-APN-MT": the numbers of Argentina's electronic files,
 * which are decree 974/2018 and resolution 12/2020. */
bool
lj_norm_read_electronic(struct lj_reader *r, struct lj_norms *out)
{
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        size_t n = strlen(codes[i].code);
        if (r->length - r->at < n || memcmp(r->text + r->at, codes[i].code, n) != 0)
            continue;
        struct lj_reader ahead = *r;
        struct lj_norm_number number = {.text = "", .tail = "", .before = ""};
        unsigned year, value;
        size_t size;
        ahead.at += n;
        if (!lj_reader_number(&ahead, 4, &year, &size) || !lj_norm_full_year(year, size) ||
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
        lj_norm_begin(norm, r->at);
        number.value = value;
        number.year = year;
        number.slash = true;
        snprintf(number.text, sizeof number.text, "%u", value);
        lj_norm_number_forms(norm, codes[i].kind, codes[i].adjective, &number);
        r->at = norm->end = ahead.at;
        return true;
    }
    return false;
}

/* A part of a standard's name behind a hyphen, a blank or a slash: so many digits, or letters first (0). */
static bool
standard_part(struct lj_reader *r, size_t digits, char *form)
{
    unsigned char mark = lj_reader_byte(r, 0);
    size_t n = 1;
    if (mark != '-' && mark != '/' && mark != ' ')
        return false;
    while (n < 13 &&
           (lj_reader_digit(r, n) || (digits == 0 && lj_is_upper(lj_reader_byte(r, n) & 0xDF))))
        n++;
    if (n == 1 || (digits ? n != digits + 1 : lj_reader_digit(r, 1)) ||
        lj_spelled_alnum_at(r->text, r->length, r->at + n))
        return false;
    lj_norm_add(form, mark == '/' ? "/" : "-", 1);
    for (size_t i = 1; i < n; i++) {
        unsigned char c = lj_reader_byte(r, i);
        char small = (char)(lj_is_digit(c) ? c : c | 0x20);
        lj_norm_add(form, &small, 1);
    }
    r->at += n;
    return true;
}

/* "NOM-035-STPS-2018", "NOM 001 SEMARNAT 1996", "NOM-EM-001-SSA1-2020", "NOM-012-SSA1/SCFI-2003", and short
 * "NOM-035-STPS", "NOM-035". */
static bool
read_standard(struct lj_reader *r, struct lj_norm *norm)
{
    struct lj_reader ahead = *r, end;
    char form[LJ_NORM_LENGTH] = "nom";
    size_t size[3], n = 0;
    bool hyphen = lj_reader_byte(r, 0) == '-';
    if (lj_reader_byte(r, 1) == 'E' && lj_reader_byte(r, 2) == 'M')
        standard_part(&ahead, 0, form);
    if (!standard_part(&ahead, 3, form))
        return false;
    size[n++] = strlen(form);
    end = ahead;
    if (standard_part(&ahead, 0, form)) {
        if (lj_reader_byte(&ahead, 0) == '/' && !standard_part(&ahead, 0, form))
            return false;
        size[n++] = strlen(form);
        end = hyphen ? ahead : end;
        unsigned year;
        struct lj_reader digits = ahead;
        digits.at++;
        if (lj_reader_number(&digits, 4, &year, NULL) && lj_norm_full_year(year, 4) &&
            standard_part(&ahead, 4, form)) {
            size[n++] = strlen(form);
            end = ahead;
        } else if (lj_reader_byte(&ahead, 0) == '-') {
            return false;
        }
    }
    if (!hyphen && n < 3) /* "NOM 001" alone is anything */
        return false;
    while (n > 0) {
        form[size[--n]] = 0;
        lj_norm_add_string(lj_norm_new_form(norm), form);
    }
    *r = end;
    return true;
}

/* "NOM-035-STPS-2018", "Fallos: 329:2316". */
bool
lj_norm_read_code_of(struct lj_reader *r, size_t start, enum lj_norm_kind kind,
                     struct lj_norms *out)
{
    struct lj_reader ahead = *r;
    struct lj_norm *norm = &out->item[out->n];
    lj_norm_begin(norm, start);
    if (kind == NOM && read_standard(&ahead, norm)) {
        r->at = norm->end = ahead.at;
        norm->numbered = true;
        out->n++;
        return true;
    }
    char *text = lj_norm_new_form(norm);
    lj_norm_add_string(text, lj_norm_kinds[kind].slug);
    if (kind == NOM || kind == NMX) { /* "NMX-R-025-SCFI-2015" */
        if (lj_reader_byte(&ahead, 0) != '-' ||
            !(lj_reader_digit(&ahead, 1) ||
              (kind == NMX && lj_is_upper(lj_reader_byte(&ahead, 1)))))
            return false;
        size_t n = 0;
        for (unsigned char c = lj_reader_byte(&ahead, 0);
             n < 40 && (lj_is_digit(c) || lj_is_upper(c & 0xDF) ||
                        ((c == '-' || c == '/') &&
                         lj_spelled_alnum_at(ahead.text, ahead.length, ahead.at + 1)));
             c = lj_reader_byte(&ahead, 0), n++) {
            char small = (char)(lj_is_upper(c) ? c | 0x20 : c);
            lj_norm_add(text, &small, 1);
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
        lj_norm_add(text, ":", 1);
        lj_norm_add_number(text, volume);
        lj_norm_add(text, ":", 1);
        lj_norm_add_number(text, page);
    }
    r->at = norm->end = ahead.at;
    norm->numbered = true;
    out->n++;
    return true;
}
