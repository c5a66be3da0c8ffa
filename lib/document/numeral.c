#include "document/numeral.h"
#include "document/word_table.h"

#include <stdint.h>
#include <string.h>

static bool
ascii_letter(unsigned char c)
{
    return (unsigned char)((c | 0x20) - 'a') < 26;
}

static bool
ascii_digit(unsigned char c)
{
    return (unsigned char)(c - '0') < 10;
}

/* Two-byte characters of Latin-1 that are letters; U+00D7 and U+00F7 are × and ÷. */
static bool
latin_letter(unsigned char lead, unsigned char next)
{
    return lead == 0xC3 && next != 0x97 && next != 0xB7;
}

bool
lj_spelled_alnum_at(const char *text, size_t length, size_t at)
{
    if (at >= length)
        return false;
    unsigned char c = (unsigned char)text[at];
    if (c < 0x80)
        return ascii_letter(c) || ascii_digit(c);
    if (c == 0xC3)
        return at + 1 < length && latin_letter(c, (unsigned char)text[at + 1]);
    /* U+0080–U+00BF and U+2000–U+2FFF hold no letters that matter here (ª and º are marks); the
     * rest is taken for letters, combining marks too: they go on with the word before. */
    return c >= 0xC4 && c != 0xE2;
}

bool
lj_spelled_alnum_before(const char *text, size_t at)
{
    if (at == 0)
        return false;
    unsigned char c = (unsigned char)text[at - 1];
    if (c < 0x80)
        return ascii_letter(c) || ascii_digit(c);
    size_t lead = at - 1;
    while (lead > 0 && at - lead < 4 && ((unsigned char)text[lead] & 0xC0) == 0x80)
        lead--;
    return lj_spelled_alnum_at(text, at, lead);
}

/* Base letters of U+00C0–U+00FF; 0 where there is none. */
static const char base[65] = "aaaaaa\0ceeeeiiii\0\xf1ooooo\0\0uuuuy\0\0"
                             "aaaaaa\0ceeeeiiii\0\xf1ooooo\0\0uuuuy\0y";

size_t
lj_spelled_word(const char *text, size_t length, size_t at, char word[LJ_SPELLED])
{
    size_t i = at, n = 0;
    word[0] = 0;
    while (i < length) {
        unsigned char c = (unsigned char)text[i];
        if (ascii_letter(c)) {
            if (n + 1 == LJ_SPELLED)
                return 0;
            word[n++] = (char)(c | 0x20);
            i++;
            continue;
        }
        unsigned char next = i + 1 < length ? (unsigned char)text[i + 1] : 0;
        char letter;
        if (c == 0xC3 && next >= 0x80 && next < 0xC0 && base[next - 0x80]) {
            letter = base[next - 0x80];
        } else if (n > 0 && c == 0xCC && next >= 0x80 && next < 0xC0) {
            if (next == 0x83 && word[n - 1] == 'n') /* n and a combining tilde */
                word[n - 1] = '\xf1';
            i += 2;
            continue;
        } else if (n > 0 && c == 0xC2 && next == 0xAD) { /* soft hyphen */
            i += 2;
            continue;
        } else if (n > 0 && c == '-' && next == '\n' && i + 2 < length &&
                   (unsigned char)(text[i + 2] - 'a') < 26) {
            i += 2;
            continue;
        } else {
            break;
        }
        if (n + 1 == LJ_SPELLED)
            return 0;
        word[n++] = letter;
        i += 2;
        if (i - at > 4 * LJ_SPELLED) /* marks upon marks */
            return 0;
    }
    word[n] = 0;
    return i - at;
}

size_t
lj_spelled_blanks(const char *text, size_t length, size_t at)
{
    size_t i = at;
    while (i < length && i - at < 32) {
        unsigned char c = (unsigned char)text[i];
        if (c == ' ' || (c >= '\t' && c <= '\r'))
            i++;
        else if (c == 0xC2 && i + 1 < length && (unsigned char)text[i + 1] == 0xA0)
            i += 2; /* no-break space */
        else if (c == 0xE2 && i + 2 < length && (unsigned char)text[i + 1] == 0x80 &&
                 ((unsigned char)text[i + 2] <= 0x8A || (unsigned char)text[i + 2] == 0xAF))
            i += 3; /* U+2000–U+200A, U+202F */
        else
            break;
    }
    return i - at;
}

/* Place of a number word within its number: a greater one goes before. */
enum place { UNIT, TEEN, TEN, HUNDRED, THOUSAND };

static const struct numeral {
    const char *word;
    uint16_t value;
    uint8_t place;
} numerals[] = {
    {"un", 1, UNIT},
    {"uno", 1, UNIT},
    {"una", 1, UNIT},
    {"dos", 2, UNIT},
    {"tres", 3, UNIT},
    {"cuatro", 4, UNIT},
    {"cinco", 5, UNIT},
    {"seis", 6, UNIT},
    {"siete", 7, UNIT},
    {"ocho", 8, UNIT},
    {"nueve", 9, UNIT},
    {"diez", 10, TEN},
    {"once", 11, TEEN},
    {"doce", 12, TEEN},
    {"trece", 13, TEEN},
    {"catorce", 14, TEEN},
    {"quince", 15, TEEN},
    {"dieciseis", 16, TEEN},
    {"diecisiete", 17, TEEN},
    {"dieciocho", 18, TEEN},
    {"diecinueve", 19, TEEN},
    {"veinte", 20, TEN},
    {"veintiun", 21, TEEN},
    {"veintiuno", 21, TEEN},
    {"veintiuna", 21, TEEN},
    {"veintidos", 22, TEEN},
    {"veintitres", 23, TEEN},
    {"veinticuatro", 24, TEEN},
    {"veinticinco", 25, TEEN},
    {"veintiseis", 26, TEEN},
    {"veintisiete", 27, TEEN},
    {"veintiocho", 28, TEEN},
    {"veintinueve", 29, TEEN},
    {"treinta", 30, TEN},
    {"treintiuno", 31, TEEN},
    {"treintaiuno", 31, TEEN},
    {"cuarenta", 40, TEN},
    {"cincuenta", 50, TEN},
    {"sesenta", 60, TEN},
    {"setenta", 70, TEN},
    {"ochenta", 80, TEN},
    {"noventa", 90, TEN},
    {"cien", 100, HUNDRED},
    {"ciento", 100, HUNDRED},
    {"doscientos", 200, HUNDRED},
    {"doscientas", 200, HUNDRED},
    {"trescientos", 300, HUNDRED},
    {"trescientas", 300, HUNDRED},
    {"cuatrocientos", 400, HUNDRED},
    {"cuatrocientas", 400, HUNDRED},
    {"quinientos", 500, HUNDRED},
    {"quinientas", 500, HUNDRED},
    {"seiscientos", 600, HUNDRED},
    {"seiscientas", 600, HUNDRED},
    {"setecientos", 700, HUNDRED},
    {"setecientas", 700, HUNDRED},
    {"ochocientos", 800, HUNDRED},
    {"ochocientas", 800, HUNDRED},
    {"novecientos", 900, HUNDRED},
    {"novecientas", 900, HUNDRED},
    {"mil", 1000, THOUSAND},
};

static const struct numeral *
find_numeral(const char *word)
{
    static struct lj_word_table table;
    return lj_word_table_find(&table, numerals, sizeof *numerals, G_N_ELEMENTS(numerals), word,
                              strlen(word));
}

bool
lj_spelled_is_number(const char *word)
{
    return find_numeral(word) != NULL;
}

size_t
lj_spelled_number(const char *text, size_t length, size_t at, unsigned *value)
{
    /* thousands is what stands before "mil"; low what has been read since. "y" joins only tens and
     * units: "treinta y uno"; elsewhere it ends the number: "cien y dos" are two. */
    unsigned thousands = 0, low = 0;
    bool mil = false;
    size_t i = at, end = at;
    for (;;) {
        char word[LJ_SPELLED];
        size_t used = lj_spelled_word(text, length, i, word);
        bool joined = false;
        if (used == 1 && word[0] == 'y' && low % 10 == 0 && low % 100 != 0) {
            i += used;
            size_t gap = lj_spelled_blanks(text, length, i);
            if (gap == 0)
                break;
            i += gap;
            used = lj_spelled_word(text, length, i, word);
            joined = true;
        }
        const struct numeral *numeral = used > 0 ? find_numeral(word) : NULL;
        if (!numeral || lj_spelled_alnum_at(text, length, i + used))
            break;
        if (numeral->place == THOUSAND) {
            if (mil || joined)
                break;
            mil = true;
            thousands = low > 0 ? low : 1;
            low = 0;
        } else if (numeral->place == UNIT      ? low % 10 != 0 || (low % 100 != 0 && !joined)
                   : numeral->place == HUNDRED ? low != 0
                                               : low % 100 != 0 || joined) {
            break;
        } else {
            low += numeral->value;
        }
        i += used;
        end = i;
        size_t gap = lj_spelled_blanks(text, length, i);
        if (gap == 0)
            break;
        i += gap;
    }
    if (end > at)
        *value = thousands * 1000 + low;
    return end - at;
}

/* Stems of ordinals: their endings are o, a, os, as and, for some, none ("primer"). */
static const struct {
    const char *stem;
    uint8_t value;
    uint8_t place;
} ordinals[] = {
    {"primer", 1, UNIT},          {"segund", 2, UNIT},          {"tercer", 3, UNIT},
    {"cuart", 4, UNIT},           {"quint", 5, UNIT},           {"sext", 6, UNIT},
    {"septim", 7, UNIT},          {"setim", 7, UNIT},           {"octav", 8, UNIT},
    {"noven", 9, UNIT},           {"decim", 10, TEN},           {"undecim", 11, TEEN},
    {"decimoprimer", 11, TEEN},   {"decimosegund", 12, TEEN},   {"duodecim", 12, TEEN},
    {"decimotercer", 13, TEEN},   {"decimocuart", 14, TEEN},    {"decimoquint", 15, TEEN},
    {"decimosext", 16, TEEN},     {"decimoseptim", 17, TEEN},   {"decimoctav", 18, TEEN},
    {"decimooctav", 18, TEEN},    {"decimonoven", 19, TEEN},    {"vigesim", 20, TEN},
    {"vigesimoprimer", 21, TEEN}, {"vigesimosegund", 22, TEEN}, {"vigesimotercer", 23, TEEN},
    {"vigesimocuart", 24, TEEN},  {"vigesimoquint", 25, TEEN},  {"vigesimosext", 26, TEEN},
    {"vigesimoseptim", 27, TEEN}, {"vigesimoctav", 28, TEEN},   {"vigesimonoven", 29, TEEN},
    {"trigesim", 30, TEN},        {"cuadragesim", 40, TEN},     {"quincuagesim", 50, TEN},
    {"sexagesim", 60, TEN},       {"septuagesim", 70, TEN},     {"octogesim", 80, TEN},
    {"nonagesim", 90, TEN},       {"centesim", 100, HUNDRED},
};

size_t
lj_spelled_ordinal(const char *text, size_t length, size_t at, unsigned *value)
{
    size_t i = at, end = at;
    unsigned total = 0;
    for (;;) {
        char word[LJ_SPELLED];
        size_t used = lj_spelled_word(text, length, i, word), n = strlen(word);
        if (used == 0 || lj_spelled_alnum_at(text, length, i + used))
            break;
        if (n > 2 && word[n - 1] == 's')
            n--;
        bool vowel = word[n - 1] == 'o' || word[n - 1] == 'a';
        size_t found = sizeof ordinals / sizeof *ordinals;
        for (size_t k = 0; k < sizeof ordinals / sizeof *ordinals; k++) {
            if (ordinals[k].stem[0] != word[0] || ordinals[k].stem[1] != word[1])
                continue;
            size_t stem = strlen(ordinals[k].stem);
            if (memcmp(ordinals[k].stem, word, stem < n ? stem : n) == 0 &&
                ((vowel && stem == n - 1) || (stem == n && word[n - 1] == 'r')))
                found = k;
        }
        if (found == sizeof ordinals / sizeof *ordinals)
            break;
        unsigned place = ordinals[found].place;
        if (place == UNIT || place == TEEN ? total % 10 != 0 || (place == TEEN && total % 100 != 0)
                                           : total % (place == TEN ? 100 : 1000) != 0)
            break;
        total += ordinals[found].value;
        i += used;
        end = i;
        size_t gap = lj_spelled_blanks(text, length, i);
        if (gap == 0)
            break;
        i += gap;
    }
    if (end > at)
        *value = total;
    return end - at;
}

size_t
lj_spelled_roman(const char *text, size_t length, size_t at, bool lower, unsigned *value)
{
    static const struct {
        const char *digits;
        unsigned value;
    } parts[] = {
        {"CCC", 300}, {"CC", 200}, {"C", 100},  {"XC", 90}, {"LXXX", 80}, {"LXX", 70}, {"LX", 60},
        {"L", 50},    {"XL", 40},  {"XXX", 30}, {"XX", 20}, {"X", 10},    {"IX", 9},   {"VIII", 8},
        {"VII", 7},   {"VI", 6},   {"V", 5},    {"IV", 4},  {"III", 3},   {"II", 2},   {"I", 1},
    };
    if (at >= length || !strchr(lower ? "CLXVIclxvi" : "CLXVI", text[at]))
        return 0;
    size_t i = at;
    unsigned total = 0, scale = 1000; /* each of hundreds, tens and units once, in this order */
    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
        size_t n = strlen(parts[k].digits), same = 0;
        unsigned own = parts[k].value >= 100 ? 100 : parts[k].value >= 10 ? 10 : 1;
        while (same < n && i + same < length &&
               (text[i + same] == parts[k].digits[same] ||
                (lower && text[i + same] == (char)(parts[k].digits[same] | 0x20))))
            same++;
        if (same < n || own >= scale)
            continue;
        scale = own;
        total += parts[k].value;
        i += n;
    }
    if (i == at || lj_spelled_alnum_at(text, length, i))
        return 0;
    *value = total;
    return i - at;
}

size_t
lj_spelled_roman_year(const char *text, size_t length, size_t at, unsigned *value)
{
    size_t i = at;
    unsigned total = 0, rest = 0;
    while (i < length && i - at < 2 && text[i] == 'M') {
        total += 1000;
        i++;
    }
    if (total == 1000 && i + 1 < length && text[i] == 'C' && text[i + 1] == 'M') {
        total += 900;
        i += 2;
    } else if (total == 1000 && i < length && text[i] == 'D') {
        total += 500;
        i++;
    }
    size_t used = lj_spelled_roman(text, length, i, false, &rest);
    if (used == 0 && (total < 1500 || lj_spelled_alnum_at(text, length, i)))
        return 0;
    total += used ? rest : 0;
    if (total < 1500 || total > 2099)
        return 0;
    *value = total;
    return i + used - at;
}

size_t
lj_spelled_ordinal_mark(const char *text, size_t length, size_t at)
{
    size_t i = at;
    if (i < length && text[i] == '.') /* "1.º", "1.o" */
        i++;
    size_t marks = i;
    if (i + 1 < length && (unsigned char)text[i] == 0xC2 &&
        ((unsigned char)text[i + 1] == 0xBA || (unsigned char)text[i + 1] == 0xB0 ||
         (unsigned char)text[i + 1] == 0xAA))
        i += 2;
    else if (i < length && (text[i] == 'o' || text[i] == 'a' || text[i] == 'O'))
        i++;
    else if (i + 2 < length && text[i] == 'e' && text[i + 1] == 'r' && text[i + 2] == 'o')
        i += 3; /* 1ero */
    else if (i + 1 < length &&
             (text[i] == 'e' || text[i] == 'r' || text[i] == 't' || text[i] == 'v' ||
              text[i] == 'm' || text[i] == 'n') &&
             (text[i + 1] == 'o' || text[i + 1] == 'a' || text[i + 1] == 'r'))
        i += 2; /* 1er, 1ro, 2do is "d", 3ra, 4to, 8vo, 7mo, 9no */
    else if (i + 1 < length && text[i] == 'd' && (text[i + 1] == 'o' || text[i + 1] == 'a'))
        i += 2;
    if (i == marks || lj_spelled_alnum_at(text, length, i))
        return 0;
    if (i < length && text[i] == '.' && marks == at) /* "1o.", "1º." */
        i++;
    return i - at;
}

size_t
lj_spelled_marker(const char *text, size_t length, size_t at)
{
    if (at >= length || (text[at] | 0x20) != 'n')
        return 0;
    char word[LJ_SPELLED];
    static const char *const words[] = {"n",  "no",  "nos",  "nro",    "nros",
                                        "nr", "num", "nums", "numero", "numeros"};
    size_t used = lj_spelled_word(text, length, at, word), k = 0;
    while (k < sizeof words / sizeof *words && (used == 0 || strcmp(words[k], word) != 0))
        k++;
    if (k == sizeof words / sizeof *words)
        return 0;
    size_t i = at + used;
    for (int marks = 0; marks < 5 && i < length; marks++) {
        unsigned char c = (unsigned char)text[i],
                      next = i + 1 < length ? (unsigned char)text[i + 1] : 0;
        if (c == '.' || c == ':' || (marks > 0 && (c == 'o' || c == 's' || c == 'O')))
            i++;
        else if (c == 0xC2 && (next == 0xBA || next == 0xB0 || next == 0xAA))
            i += 2;
        else if (c == '*' || c == '?') /* what became of º where a character was lost */
            i++;
        else
            break;
    }
    i += lj_spelled_blanks(text, length, i);
    return lj_spelled_alnum_at(text, length, i) ? i - at : 0;
}
