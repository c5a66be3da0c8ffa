#include "document/block.h"
#include "document/date_scan.h"
#include "document/reader.h"

#include <string.h>

/* Month of a folded word: whole names, setiembre, and abbreviations; 0: none. */
static unsigned
month_of(const char *word, bool *abbreviated)
{
    static const struct {
        const char *name;
        unsigned month;
    } months[] = {
        {"enero", 1},    {"febrero", 2},    {"marzo", 3},      {"abril", 4},      {"mayo", 5},
        {"junio", 6},    {"julio", 7},      {"agosto", 8},     {"septiembre", 9}, {"setiembre", 9},
        {"octubre", 10}, {"noviembre", 11}, {"diciembre", 12},
    };
    static const struct {
        char name[8];
        unsigned month;
    } brief[] = {
        {"ene", 1},    {"feb", 2},     {"febr", 2},    {"mar", 3},     {"abr", 4},  {"may", 5},
        {"jun", 6},    {"jul", 7},     {"ago", 8},     {"agto", 8},    {"sep", 9},  {"sept", 9},
        {"set", 9},    {"oct", 10},    {"nov", 11},    {"novbre", 11}, {"dic", 12}, {"dicbre", 12},
        {"setbre", 9}, {"septbre", 9}, {"octbre", 10},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(months); i++)
        if (months[i].name[0] == word[0] && strcmp(months[i].name, word) == 0) {
            *abbreviated = false;
            return months[i].month;
        }
    for (size_t i = 0; i < G_N_ELEMENTS(brief); i++)
        if (brief[i].name[0] == word[0] && strcmp(brief[i].name, word) == 0) {
            *abbreviated = true;
            return brief[i].month;
        }
    return 0;
}

unsigned
lj_date_month(const char *word)
{
    bool brief;
    return month_of(word, &brief);
}

/* A month's name with its full stop, if it is an abbreviation. */
static unsigned
read_month(struct lj_reader *r)
{
    char word[LJ_SPELLED];
    size_t used = lj_reader_word(r, word);
    bool brief = false;
    unsigned month = used ? month_of(word, &brief) : 0;
    if (month == 0 || lj_spelled_alnum_at(r->text, r->length, r->at + used))
        return 0;
    r->at += used;
    if (brief && lj_reader_byte(r, 0) == '.')
        r->at++;
    return month;
}

/* "2026", "2.026" (dotted: older typists' habit, only behind "de"), "dos mil veintiséis", "MMXXVI". */
static unsigned
read_year(struct lj_reader *r, bool dotted)
{
    unsigned year = 0;
    if (lj_reader_digit(r, 0)) {
        size_t n = 0;
        if (dotted && lj_reader_byte(r, 1) == '.' && lj_reader_digit(r, 2) &&
            lj_reader_digit(r, 3) && lj_reader_digit(r, 4)) {
            year = (unsigned)(lj_reader_byte(r, 0) - '0') * 1000 +
                   (unsigned)(lj_reader_byte(r, 2) - '0') * 100 +
                   (unsigned)(lj_reader_byte(r, 3) - '0') * 10 +
                   (unsigned)(lj_reader_byte(r, 4) - '0');
            n = 5;
        } else {
            while (n < 5 && lj_reader_digit(r, n))
                year = year * 10 + (unsigned)(lj_reader_byte(r, n++) - '0');
            if (n != 4)
                return 0;
        }
        r->at += n;
        if (lj_reader_alnum(r))
            return 0;
    } else {
        size_t used = lj_reader_byte(r, 0) == 'M'
                          ? lj_spelled_roman_year(r->text, r->length, r->at, &year)
                          : 0;
        if (used == 0)
            used = lj_spelled_number(r->text, r->length, r->at, &year);
        r->at += used;
    }
    return year >= 1000 && year < 3000 ? year : 0;
}

/* The year behind a month: "de 2026", ", 2026", " 2026", "del año 2026", "del año de dos mil". */
static unsigned
read_year_behind(struct lj_reader *r)
{
    bool gap = lj_reader_blanks(r);
    if (lj_reader_byte(r, 0) == ',') {
        r->at++;
        lj_reader_blanks(r);
        gap = true;
    }
    if (!gap)
        return 0;
    bool of = lj_reader_take(r, "de del");
    if (of)
        lj_reader_take(r, "el este");
    if (lj_reader_take(r, "a\xf1"
                          "o"))
        of = lj_reader_take(r, "de del") || of;
    return of || lj_reader_digit(r, 0) ? read_year(r, of) : 0;
}

/* Uruguay's parliament writes "24 abr/006", "3 dic/985". */
static unsigned
read_year_slashed(struct lj_reader *r)
{
    unsigned year;
    size_t digits;
    r->at++;
    if (!lj_reader_number(r, 4, &year, &digits) || digits < 3 || lj_reader_alnum(r))
        return 0;
    return digits == 4 ? year : year >= 800 ? 1000 + year : year < 100 ? 2000 + year : 0;
}

static enum lj_date_outcome
dated(unsigned year, unsigned month, unsigned day, bool has_day, struct lj_interval *out)
{
    if (month == 0 || (has_day && day == 0))
        return LJ_DATE_IMPOSSIBLE;
    return lj_interval_of(year, month, has_day ? day : 0, out) ? LJ_DATE_FOUND : LJ_DATE_IMPOSSIBLE;
}

/* Behind a day: "[(21)] [días] de[l] [mes de] enero …", and " enero …" behind digits. */
static enum lj_date_outcome
read_behind_day(struct lj_reader *r, unsigned day, bool spelled, struct lj_interval *out)
{
    bool gap = lj_reader_blanks(r);
    if (lj_reader_byte(r, 0) == '(') { /* "veintiún (21) días": both must say the same */
        unsigned again = 0;
        size_t n = 1;
        while (n < 4 && lj_reader_digit(r, n))
            again = again * 10 + (unsigned)(lj_reader_byte(r, n++) - '0');
        if (n == 1) {
            r->at++;
            r->at += lj_spelled_number(r->text, r->length, r->at, &again);
        } else {
            r->at += n;
            r->at += lj_spelled_ordinal_mark(r->text, r->length, r->at);
        }
        if (lj_reader_byte(r, 0) != ')' || again != day)
            return LJ_DATE_NOTHING;
        r->at++;
        gap = lj_reader_blanks(r);
    }
    if (!gap)
        return LJ_DATE_NOTHING;
    lj_reader_take(r, "dias dia");
    bool of = lj_reader_take(r, "de del");
    if (of && lj_reader_take(r, "mes"))
        lj_reader_take(r, "de");
    if (spelled && !of)
        return LJ_DATE_NOTHING;
    unsigned month = read_month(r);
    if (month == 0)
        return LJ_DATE_NOTHING;
    unsigned year = lj_reader_byte(r, 0) == '/' ? read_year_slashed(r) : read_year_behind(r);
    return year ? dated(year, month, day, true, out) : LJ_DATE_NOTHING;
}

/* Roman month of "21-I-2026"; capitals only. */
static unsigned
read_roman_month(struct lj_reader *r)
{
    static const char *const romans[] = {"I",   "II",   "III", "IV", "V",  "VI",
                                         "VII", "VIII", "IX",  "X",  "XI", "XII"};
    size_t n = 0;
    while (n < 5 && (lj_reader_byte(r, n) == 'I' || lj_reader_byte(r, n) == 'V' ||
                     lj_reader_byte(r, n) == 'X'))
        n++;
    for (unsigned i = 0; i < 12; i++)
        if (strlen(romans[i]) == n && memcmp(romans[i], r->text + r->at, n) == 0) {
            r->at += n;
            return i + 1;
        }
    return 0;
}

/* A separator of numeric dates: '/', '-', '.', or a dash of typography, which counts as '-'. */
static char
read_separator(struct lj_reader *r)
{
    unsigned char c = lj_reader_byte(r, 0);
    if (c == '/' || c == '-' || c == '.') {
        r->at++;
        return (char)c;
    }
    if (c == 0xE2 && lj_reader_byte(r, 1) == 0x80 && lj_reader_byte(r, 2) >= 0x90 &&
        lj_reader_byte(r, 2) <= 0x95) {
        r->at += 3;
        return '-';
    }
    return 0;
}

/* Does a numeric date end here? Not when it goes on as a number or a code would: "21/01/2026/3". */
static bool
numeric_end(const struct lj_reader *r)
{
    if (lj_reader_alnum(r))
        return false;
    unsigned char c = lj_reader_byte(r, 0), next = lj_reader_byte(r, 1);
    return !((c == '/' || c == '-' || c == '_') && (lj_is_digit(next) || g_ascii_isalpha(next))) &&
           !(c == '.' && lj_is_digit(next));
}

/* "01/2026" is a month only where a date is expected, as bare years are: in running text it numbers
 * a norm ("Decreto 01/2026"). */
static enum lj_date_outcome
read_numeric(struct lj_reader *r, unsigned day, bool expected, struct lj_interval *out)
{
    size_t day_end = r->at;
    char separator = read_separator(r);
    unsigned month = 0, year = 0;
    size_t n = 0;
    bool named = false;
    if (lj_reader_digit(r, 0)) {
        while (n < 5 && lj_reader_digit(r, n))
            month = month * 10 + (unsigned)(lj_reader_byte(r, n++) - '0');
        r->at += n;
        if (n == 4 && expected && separator != '.' && numeric_end(r))
            return dated(month, day, 0, false, out);
        if (n > 2)
            return LJ_DATE_NOTHING;
    } else {
        month = read_roman_month(r);
        if (month == 0 || lj_reader_alnum(r)) {
            r->at = day_end;
            read_separator(r);
            month = read_month(r);
            if (separator == '.' && month && r->text[r->at - 1] == '.')
                r->at--; /* "21.ene.2026": its second mark, no abbreviation's */
        }
        if (month == 0)
            return LJ_DATE_NOTHING;
        named = true;
    }
    if (read_separator(r) != separator)
        return LJ_DATE_NOTHING;
    for (n = 0; n < 5 && lj_reader_digit(r, n); n++)
        year = year * 10 + (unsigned)(lj_reader_byte(r, n) - '0');
    r->at += n;
    if (!numeric_end(r))
        return LJ_DATE_NOTHING;
    if (n == 4)
        return year >= 1000 && year < 3000 ? dated(year, month, day, true, out) : LJ_DATE_NOTHING;
    /* Two-digit years: only "15/3/98" and "15-mar-98". Texts wrote the century out until after
     * 1940, when this form comes in: 40–99 are 19xx, 00–39 are 20xx. "15-03-98" and "15.03.98" are
     * as often numbers of files, tariffs and sections: dates only where one is expected. */
    if (n == 2 && (named || separator == '/' || expected))
        return dated(year < 40 ? 2000 + year : 1900 + year, month, day, true, out);
    return LJ_DATE_NOTHING;
}

/* "Agosto 29 de 1984", "Setiembre 30-1949", "enero de 2026", "enero 2026". */
static enum lj_date_outcome
read_from_month(struct lj_reader *r, struct lj_interval *out)
{
    unsigned month = read_month(r);
    if (month == 0)
        return LJ_DATE_NOTHING;
    struct lj_reader ahead = *r;
    if (lj_reader_byte(&ahead, 0) == ',') /* "Agosto, 27 de 2008" */
        ahead.at++;
    if (lj_reader_blanks(&ahead) && lj_reader_digit(&ahead, 0)) {
        unsigned day = 0;
        size_t n = 0;
        while (n < 3 && lj_reader_digit(&ahead, n))
            day = day * 10 + (unsigned)(lj_reader_byte(&ahead, n++) - '0');
        if (n < 3) {
            ahead.at += n;
            ahead.at += lj_spelled_ordinal_mark(ahead.text, ahead.length, ahead.at);
            if (lj_spelled_alnum_at(ahead.text, ahead.length, ahead.at))
                return LJ_DATE_NOTHING;
            /* "Setiembre 30-1949", "Enero 21/2026" */
            bool dash = lj_reader_byte(&ahead, 0) == '-' || lj_reader_byte(&ahead, 0) == '/';
            ahead.at += dash;
            unsigned year = dash ? read_year(&ahead, false) : read_year_behind(&ahead);
            r->at = ahead.at;
            return year ? dated(year, month, day, true, out) : LJ_DATE_NOTHING;
        }
    }
    bool slash = lj_reader_byte(r, 0) == '/' && lj_reader_digit(r, 1); /* "mayo/2020" */
    r->at += slash;
    unsigned year = slash ? read_year(r, false) : read_year_behind(r);
    return year ? dated(year, month, 0, false, out) : LJ_DATE_NOTHING;
}

static enum lj_date_outcome
read_from_digits(struct lj_reader *r, bool expected, struct lj_interval *out)
{
    unsigned value = 0;
    size_t n = 0;
    while (n < 5 && lj_reader_digit(r, n))
        value = value * 10 + (unsigned)(lj_reader_byte(r, n++) - '0');
    r->at += n;
    if (n == 4) { /* 2026-01-21, 2026/01/21; 2026-01 and 2026 where a date is expected */
        if (value < 1000 || value >= 3000)
            return LJ_DATE_NOTHING;
        struct lj_reader ahead = *r;
        char separator = read_separator(&ahead);
        if (separator && lj_reader_digit(&ahead, 0) && lj_reader_digit(&ahead, 1) &&
            !lj_reader_digit(&ahead, 2)) {
            unsigned month = (unsigned)(lj_reader_byte(&ahead, 0) - '0') * 10 +
                             (unsigned)(lj_reader_byte(&ahead, 1) - '0');
            ahead.at += 2;
            struct lj_reader behind = ahead;
            if (read_separator(&behind) == separator && lj_reader_digit(&behind, 0) &&
                lj_reader_digit(&behind, 1)) {
                unsigned day = (unsigned)(lj_reader_byte(&behind, 0) - '0') * 10 +
                               (unsigned)(lj_reader_byte(&behind, 1) - '0');
                behind.at += 2;
                bool time =
                    (lj_reader_byte(&behind, 0) | 0x20) == 't' && lj_reader_digit(&behind, 1);
                if (!time && !numeric_end(&behind))
                    return LJ_DATE_NOTHING;
                r->at = behind.at;
                return dated(value, month, day, true, out);
            }
            if (expected && separator == '-' && numeric_end(&ahead)) {
                r->at = ahead.at;
                return dated(value, month, 0, false, out);
            }
        }
        if (!expected || !numeric_end(r))
            return LJ_DATE_NOTHING;
        return lj_interval_of(value, 0, 0, out) ? LJ_DATE_FOUND : LJ_DATE_NOTHING;
    }
    if (n > 2)
        return LJ_DATE_NOTHING;
    struct lj_reader ahead = *r;
    if (read_separator(&ahead)) {
        ahead = *r;
        enum lj_date_outcome outcome = read_numeric(&ahead, value, expected, out);
        if (outcome != LJ_DATE_NOTHING) {
            *r = ahead;
            return outcome;
        }
    }
    r->at += lj_spelled_ordinal_mark(r->text, r->length, r->at);
    if (lj_reader_alnum(r))
        return LJ_DATE_NOTHING;
    return read_behind_day(r, value, false, out);
}

/* A date without what may introduce it. */
static enum lj_date_outcome
read_core(struct lj_reader *r, bool expected, struct lj_interval *out)
{
    if (lj_reader_digit(r, 0))
        return read_from_digits(r, expected, out);
    struct lj_reader ahead = *r;
    unsigned day = 0;
    size_t used = 0;
    if (lj_reader_take(&ahead, "primero primer")) {
        ahead = *r;
        char word[LJ_SPELLED];
        used = lj_reader_word(r, word);
        day = 1;
    } else {
        used = lj_spelled_number(r->text, r->length, r->at, &day);
    }
    if (used > 0) {
        r->at += used;
        if (expected && day >= 1000 && !lj_reader_alnum(r))
            return day < 3000 && lj_interval_of(day, 0, 0, out) ? LJ_DATE_FOUND : LJ_DATE_NOTHING;
        return day < 100 ? read_behind_day(r, day, true, out) : LJ_DATE_NOTHING;
    }
    return read_from_month(r, out);
}

/* "martes, 21 de …", "a los veintiún días …", "el día 21 …": at most four words of introduction. */
static void
skip_introduction(struct lj_reader *r)
{
    for (int i = 0; i < 5; i++) {
        if (!lj_reader_take(r,
                            "lunes martes miercoles jueves viernes sabado domingo el al a los dia "
                            "fecha"))
            return;
        if (lj_reader_byte(r, 0) == ',') {
            r->at++;
            lj_reader_blanks(r);
        }
    }
}

bool
lj_date_read(const char *text, size_t length, bool bare_year, size_t *used, struct lj_interval *out)
{
    struct lj_reader r = {text, length, 0};
    skip_introduction(&r);
    struct lj_interval found;
    if (read_core(&r, bare_year, &found) != LJ_DATE_FOUND)
        return false;
    *used = r.at;
    *out = found;
    return true;
}

/* The first three letters of months and of the numbers to thirty-one, a bit a row. */
#define ROW(a, b) (((a)&31) << 5 | ((b)&31))
#define BIT(c) (1u << ((c)&31))

const uint32_t lj_date_rows[1024] = {
    [ROW('e', 'n')] = BIT('e'),
    [ROW('f', 'e')] = BIT('b'),
    [ROW('m', 'a')] = BIT('r') | BIT('y'),
    [ROW('a', 'b')] = BIT('r'),
    [ROW('j', 'u')] = BIT('n') | BIT('l'),
    [ROW('a', 'g')] = BIT('o'),
    [ROW('s', 'e')] = BIT('p') | BIT('t') | BIT('i'),
    [ROW('o', 'c')] = BIT('t') | BIT('h'),
    [ROW('n', 'o')] = BIT('v'),
    [ROW('d', 'i')] = BIT('c') | BIT('e'),
    [ROW('p', 'r')] = BIT('i'),
    [ROW('u', 'n')] = BIT('o'),
    [ROW('d', 'o')] = BIT('s') | BIT('c'),
    [ROW('t', 'r')] = BIT('e'),
    [ROW('c', 'u')] = BIT('a'),
    [ROW('c', 'i')] = BIT('n'),
    [ROW('s', 'i')] = BIT('e'),
    [ROW('n', 'u')] = BIT('e'),
    [ROW('o', 'n')] = BIT('c'),
    [ROW('c', 'a')] = BIT('t'),
    [ROW('q', 'u')] = BIT('i'),
    [ROW('v', 'e')] = BIT('i'),
};

bool
lj_date_word_may_begin(const char *bytes)
{
    const unsigned char *p = (const unsigned char *)bytes;
    unsigned char c = p[3] | 0x20;
    bool ends = (!lj_is_lower(c) && c < 0x80) || c == 0xE2; /* or a soft hyphen */
#define THREE(a, b, c) ((uint32_t)(a) << 16 | (uint32_t)(b) << 8 | (uint32_t)(c))
    switch (THREE(p[0] | 0x20, p[1] | 0x20, p[2] | 0x20)) {
    case THREE('e', 'n', 'e'): /* enero */
    case THREE('f', 'e', 'b'): /* febrero */
        return c == 'r' || ends || c == '-';
    case THREE('m', 'a', 'r'): /* marzo */
        return c == 'z' || ends;
    case THREE('a', 'b', 'r'): /* abril */
    case THREE('j', 'u', 'n'): /* junio */
    case THREE('j', 'u', 'l'): /* julio */
    case THREE('d', 'i', 'c'): /* diciembre */
    case THREE('n', 'o', 'v'): /* noviembre */
        return c == 'i' || ends || p[0] == 'n' || p[0] == 'N';
    case THREE('m', 'a', 'y'): /* mayo */
    case THREE('a', 'g', 'o'): /* agosto */
        return c == 'o' || c == 's' || c == 't' || ends;
    case THREE('s', 'e', 'p'): /* septiembre */
    case THREE('s', 'e', 't'): /* setiembre */
        return c == 't' || c == 'i' || ends;
    case THREE('o', 'c', 't'): /* octubre */
        return c == 'u' || ends;
    case THREE('p', 'r', 'i'): /* primero */
        return c == 'm';
    case THREE('u', 'n', 'o'):
    case THREE('d', 'o', 's'):
        return ends;
    case THREE('t', 'r', 'e'): /* tres, trece, treinta */
        return c == 's' || c == 'c' || c == 'i';
    case THREE('c', 'u', 'a'): /* cuatro */
        return c == 't';
    case THREE('c', 'i', 'n'): /* cinco */
    case THREE('d', 'o', 'c'): /* doce */
    case THREE('o', 'n', 'c'): /* once */
    case THREE('d', 'i', 'e'): /* diez, dieciocho */
        return c == 'c' || c == 'e' || c == 'z';
    case THREE('s', 'e', 'i'): /* seis */
        return c == 's';
    case THREE('s', 'i', 'e'): /* siete */
        return c == 't';
    case THREE('o', 'c', 'h'): /* ocho */
    case THREE('c', 'a', 't'): /* catorce */
        return c == 'o';
    case THREE('n', 'u', 'e'): /* nueve */
        return c == 'v';
    case THREE('q', 'u', 'i'): /* quince */
    case THREE('v', 'e', 'i'): /* veinte, veintiuno */
        return c == 'n';
    default:
        return false;
    }
#undef THREE
}

bool
lj_date_opens(const char *word)
{
    bool brief;
    return month_of(word, &brief) > 0 || lj_word_among(word, "primero primer") ||
           lj_spelled_is_number(word);
}

/* A number in words that begins a date is followed by "de", "del", "días", "y" or "(": looking at
 * one letter saves reading the rest of "dos semanas". */
static bool
number_may_begin(const char *text, size_t length, size_t at)
{
    size_t i = at;
    while (i < length && i - at < LJ_SPELLED &&
           (lj_is_lower((unsigned char)text[i] | 0x20) || (unsigned char)text[i] >= 0x80))
        i++;
    size_t gap = lj_spelled_blanks(text, length, i);
    if (gap == 0)
        return i < length && text[i] == '-'; /* broken at a line's end */
    char c = i + gap < length ? text[i + gap] | 0x20 : 0;
    return c == 'd' || c == 'y' || c == '(';
}

/* Not where the number goes on from what stands before ("1.234", "EX-2018", "3/21/01"), nor where
 * what follows is no date's: digits are many, dates few. */
bool
lj_date_digit_may_begin(const char *text, size_t length, size_t at)
{
    size_t n = 0;
    while (n < 5 && at + n < length && lj_is_digit((unsigned char)text[at + n]))
        n++;
    if (n == 3 || n == 5 || at + n + 1 >= length)
        return false;
    unsigned char c = (unsigned char)text[at + n], next = (unsigned char)text[at + n + 1] | 0x20;
    if (n == 4) {
        if (c != '-' && c != '/' && c != '.' && c != 0xE2)
            return false;
    } else if (c == ' ') { /* "21 de", "21 días", "21 (veintiún)", "21 enero" */
        if (next != '(' && next != ' ' && next != 0xE2 &&
            (next < 'a' || next > 's' || !strchr("adefjmnos", next)))
            return false;
    } else if (c == ',' || c == ')' || c == ';' || c == ':' || c == '%') {
        return false;
    }
    if (at < 2)
        return true;
    bool blank = c == ' ';
    c = (unsigned char)text[at - 1];
    if (c == '-' && blank && lj_is_digit((unsigned char)text[at - 2])) { /* "3-5 de mayo de 2020" */
        size_t i = at - 2;
        i -= i > 0 && lj_is_digit((unsigned char)text[i - 1]);
        if (i == 0 || (!lj_spelled_alnum_before(text, i) && !strchr("-/._,", text[i - 1])))
            return true;
    }
    return (c == '.' || c == ',')
               ? !lj_is_digit((unsigned char)text[at - 2])
               : !((c == '/' || c == '-' || c == '_') && lj_spelled_alnum_before(text, at - 1));
}

enum lj_date_outcome
lj_date_at(const char *text, size_t length, size_t at, size_t *end, struct lj_interval *out)
{
    struct lj_reader r = {text, length, at};
    if (!lj_is_digit((unsigned char)text[at])) {
        char word[LJ_SPELLED];
        bool brief;
        if (lj_reader_word(&r, word) == 0 ||
            (month_of(word, &brief) == 0 && !number_may_begin(text, length, at)))
            return LJ_DATE_NOTHING;
    }
    enum lj_date_outcome outcome = read_core(&r, false, out);
    if (outcome != LJ_DATE_NOTHING)
        *end = r.at;
    return outcome;
}

/* Where words begin among n bytes, 64 at most: a bit each. *within: is the byte before them a letter or digit? It is
 * set for those behind. */
static uint64_t
word_starts(const char *text, size_t n, uint64_t *within)
{
    char rest[64] = {0};
    const struct lj_block block = lj_block_of(n == 64 ? text : memcpy(rest, text, n));
    uint64_t words = block.letters | block.digits, starts = words & ~(words << 1 | *within);
    *within = words >> 63;
    return starts;
}

bool
lj_date_find(const char *text, size_t length, size_t *at, size_t *start, size_t *end,
             struct lj_interval *out)
{
    uint64_t within = 0;
    for (size_t i = *at, next; i < length; i = next) {
        next = i + MIN(64, length - i);
        uint64_t starts = word_starts(text + i, next - i, &within);
        for (; starts; starts &= starts - 1) {
            size_t here = i + (unsigned)__builtin_ctzll(starts), behind;
            if (lj_is_digit((unsigned char)text[here])
                    ? !lj_date_digit_may_begin(text, length, here)
                    : here + 3 >= length || !lj_date_may_begin(text + here))
                continue;
            if (lj_spelled_alnum_before(text, here))
                continue;
            enum lj_date_outcome outcome = lj_date_at(text, length, here, &behind, out);
            if (outcome == LJ_DATE_FOUND) {
                *start = here;
                *at = *end = behind;
                return true;
            }
            if (outcome == LJ_DATE_IMPOSSIBLE) {
                next = behind;
                within = 0;
                break;
            }
        }
    }
    *at = length;
    return false;
}
