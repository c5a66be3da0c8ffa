#include "analysis/unit.h"
#include "document/date_scan.h"
#include "document/numeral.h"
#include "document/reader.h"
#include "schema/latin.h"

#include <string.h>
#include <unicode/utf8.h>

/* No unit but an address is longer. */
#define UNIT_LIMIT 512

struct view {
    const char *text;
    size_t length;
    const struct lj_segment *segment;
    size_t n;
};

static unsigned char
at(const struct view *v, size_t i)
{
    return i < v->length ? (unsigned char)v->text[i] : 0;
}

static size_t
length_of(const struct view *v, size_t i)
{
    return v->segment[i].end - v->segment[i].start;
}

static bool
is(const struct view *v, size_t i, const char *word)
{
    size_t n = strlen(word);
    return i < v->n && length_of(v, i) == n &&
           g_ascii_strncasecmp(v->text + v->segment[i].start, word, n) == 0;
}

/* Does the next segment begin where the mark of n bytes after this one ends? */
static bool
follows(const struct view *v, size_t i, size_t mark)
{
    return i + 1 < v->n && v->segment[i + 1].start == v->segment[i].end + mark;
}

static UChar32
code_point(const struct view *v, size_t i)
{
    UChar32 c;
    int32_t at = 0, n = (int32_t)MIN(4, v->length - i);
    U8_NEXT(v->text + i, at, n, c);
    return c;
}

static bool
blank_or_end(const struct view *v, size_t i)
{
    return i >= v->length || g_ascii_isspace(v->text[i]) || at(v, i) == '.' || at(v, i) == ',' ||
           at(v, i) == ';' || at(v, i) == ':' || at(v, i) == ')' || at(v, i) == '"' ||
           at(v, i) >= 0x80;
}

/* Is there a word character at byte i (the beginning of a segment)? */
static bool
word_at(const struct view *v, size_t i, size_t byte)
{
    return i < v->n && v->segment[i].start == byte;
}

/* --- acronyms: S.R.E.  a.m.  EE. UU.  EE UU ------------------------------------------------------
 */

/* 1: one letter; 2: one capital twice. 0: neither. */
static int
initial(const struct view *v, size_t i)
{
    if (i >= v->n || v->segment[i].number)
        return 0;
    const char *text = v->text + v->segment[i].start;
    size_t n = length_of(v, i);
    if (n == 2 && text[0] == text[1] && g_ascii_isupper(text[0]))
        return 2;
    if (n == 1)
        return g_ascii_isalpha(text[0]) ? 1 : 0;
    UChar32 c = code_point(v, v->segment[i].start);
    return n <= 4 && U8_LENGTH(c) == (int32_t)n && lj_latin_letter(c) && c != 0xba && c != 0xaa ? 1
                                                                                                : 0;
}

static bool
upper(const struct view *v, size_t i)
{
    UChar32 c = code_point(v, v->segment[i].start);
    return c >= 0 && lj_latin_upper(c);
}

/* Doubled plurals that are written without stops too. */
static bool
known_pair(const struct view *v, size_t i)
{
    static const char *const pairs[][2] = {{"EE", "UU"}, {"FF", "AA"}, {"RR", "HH"}, {"CC", "AA"},
                                           {"JJ", "OO"}, {"RR", "EE"}, {"DD", "HH"}, {"FF", "CC"},
                                           {"SS", "MM"}, {"PP", "PP"}, {"CC", "OO"}, {"AA", "PP"}};
    for (size_t k = 0; k < G_N_ELEMENTS(pairs); k++)
        if (memcmp(v->text + v->segment[i].start, pairs[k][0], 2) == 0 &&
            memcmp(v->text + v->segment[i + 1].start, pairs[k][1], 2) == 0)
            return true;
    return false;
}

static struct unit
acronym(const struct view *v, size_t i)
{
    struct unit none = {UNIT_NONE, READ_WORD, 0, 0, 0};
    int size = initial(v, i);
    if (size == 0)
        return none;
    uint32_t end = v->segment[i].end;
    if (size == 2 && at(v, end) == ' ' && follows(v, i, 1) && initial(v, i + 1) == 2 &&
        known_pair(v, i))
        return (struct unit){UNIT_WHOLE, READ_ACRONYM, v->segment[i].start, v->segment[i + 1].end,
                             2};
    if (at(v, end) != '.')
        return none;
    bool capitals = upper(v, i);
    size_t last = i;
    /* S.R.E: the next letter stands at the stop. EE. UU. and S. A.: a blank between, and the next
     * has its stop too. One or the other: "S.R.E. S.A." are two. */
    bool tight = follows(v, i, 1);
    while (last + 1 < v->n && last - i < 15 && at(v, v->segment[last].end) == '.' &&
           initial(v, last + 1) == size && upper(v, last + 1) == capitals &&
           (tight ? follows(v, last, 1)
                  : capitals && at(v, v->segment[last].end + 1) == ' ' && follows(v, last, 2) &&
                        at(v, v->segment[last + 1].end) == '.' && (size == 1 || last == i)))
        last++;
    if (last == i)
        return none;
    /* The letter must stand alone: "A.B.", not "A.Bx" (segments see to that) nor "a.b" of a path.
     */
    bool stopped = at(v, v->segment[last].end) == '.';
    if (!capitals && !stopped)
        return none;
    if (last + 1 < v->n && stopped && follows(v, last, 1) && v->segment[last + 1].number)
        return none; /* A.B.1 */
    return (struct unit){UNIT_WHOLE, READ_ACRONYM, v->segment[i].start,
                         v->segment[last].end + (stopped ? 1u : 0u), last - i + 1};
}

/* --- addresses -----------------------------------------------------------------------------------
 */

static bool
generic_domain(const struct view *v, size_t i)
{
    static const char *const names[] = {"com", "org", "net", "edu",  "gob", "gov",
                                        "gub", "mil", "int", "info", "eu"};
    for (size_t k = 0; k < G_N_ELEMENTS(names); k++)
        if (is(v, i, names[k]))
            return true;
    return false;
}

static bool
country_domain(const struct view *v, size_t i)
{
    static const char countries[][3] = {"mx", "es", "ar", "cl", "co", "pe", "uy", "bo", "ec",
                                        "py", "ve", "cr", "gt", "hn", "ni", "pa", "sv", "do",
                                        "cu", "pr", "br", "us", "uk", "fr", "pt", "it", "ca"};
    for (size_t k = 0; k < G_N_ELEMENTS(countries); k++)
        if (is(v, i, countries[k]))
            return true;
    return false;
}

/* The last segment of names joined by single marks out of `marks`, from i on. */
static size_t
chain(const struct view *v, size_t i, const char *marks)
{
    uint32_t start = v->segment[i].start;
    while (at(v, v->segment[i].end) && strchr(marks, at(v, v->segment[i].end)) &&
           follows(v, i, 1) && v->segment[i + 1].end - start < UNIT_LIMIT)
        i++;
    return i;
}

/* juan.perez@sre.gob.mx: a name, @, and a domain with a stop in it. */
static struct unit
email(const struct view *v, size_t i)
{
    struct unit none = {UNIT_NONE, READ_WORD, 0, 0, 0};
    size_t name = chain(v, i, "._-+%");
    if (at(v, v->segment[name].end) != '@' || !follows(v, name, 1))
        return none;
    size_t last = chain(v, name + 1, ".-");
    while (last > name + 1 && (v->segment[last].number || length_of(v, last) < 2))
        last--;
    if (last == name + 1 || at(v, v->segment[last].start - 1) != '.')
        return none;
    return (struct unit){UNIT_OVER, READ_EMAIL, v->segment[i].start, v->segment[last].end,
                         last - i + 1};
}

/* Where an address that has begun ends: before a blank, a quotation mark, a bracket, and without
 * the punctuation of the sentence around it. */
static uint32_t
address_end(const struct view *v, uint32_t start, uint32_t from)
{
    uint32_t end = from, open = 0, close = 0;
    for (uint32_t i = start; i < from; i++)
        open += v->text[i] == '(', close += v->text[i] == ')';
    while (end < v->length && end - start < 4 * UNIT_LIMIT) {
        unsigned char c = at(v, end);
        if (c <= ' ' || c == 0x7f || strchr("<>\"{}|\\^`", c))
            break;
        if (c >= 0x80) { /* letters may stand in a path, “ ” « » … and blanks may not */
            UChar32 wide = code_point(v, end);
            if (wide < 0 || (!lj_latin_letter(wide) && !lj_latin_digit(wide)))
                break;
            end += (uint32_t)U8_LENGTH(wide);
            continue;
        }
        open += c == '(';
        close += c == ')';
        end++;
    }
    while (end > from) {
        unsigned char c = at(v, end - 1);
        if (c == ')' && close > open)
            close--;
        else if (c >= 0x80 || !strchr(".,;:!?'*_]~", c))
            break;
        end--;
    }
    return end;
}

static struct unit
url(const struct view *v, size_t i)
{
    struct unit none = {UNIT_NONE, READ_WORD, 0, 0, 0};
    uint32_t start = v->segment[i].start, end;
    if (memcmp(v->text + v->segment[i].end, "://", MIN(3, v->length - v->segment[i].end)) == 0 &&
        follows(v, i, 3) &&
        (is(v, i, "http") || is(v, i, "https") || is(v, i, "ftp") || is(v, i, "ftps"))) {
        end = address_end(v, start, v->segment[i + 1].end);
    } else if (at(v, v->segment[i].end) == '.' || at(v, v->segment[i].end) == '-') {
        size_t last = chain(v, i, ".-");
        bool www = is(v, i, "www");
        /* gob.mx, www.elpais.es, argentina.gob.ar/ley: a stop before the last name, which is one of
         * those that no Spanish word is, unless another such precedes */
        while (last > i) {
            bool stop = at(v, v->segment[last].start - 1) == '.';
            if (stop && (generic_domain(v, last) ||
                         (country_domain(v, last) && (www || generic_domain(v, last - 1)))))
                break;
            last--;
        }
        if (last == i)
            return none;
        end = v->segment[last].end;
        unsigned char c = at(v, end);
        if (c == '/' || (c == ':' && g_ascii_isdigit((char)at(v, end + 1))))
            end = address_end(v, start, end);
    } else {
        return none;
    }
    size_t n = 1;
    while (i + n < v->n && v->segment[i + n].end <= end)
        n++;
    return (struct unit){UNIT_OVER, READ_URL, start, MAX(end, v->segment[i + n - 1].end), n};
}

/* @gobmx, @gob_mx, #LeyDeAguas; not #3. */
static struct unit
named(const struct view *v, size_t i)
{
    struct unit none = {UNIT_NONE, READ_WORD, 0, 0, 0};
    uint32_t start = v->segment[i].start - 1;
    unsigned char mark = at(v, start);
    if (i > 0 && v->segment[i - 1].end == start)
        return none;
    if (mark == '#' && v->segment[i].number)
        return none;
    size_t last = i;
    while (last + 1 < v->n && v->segment[last + 1].end - start < UNIT_LIMIT) {
        uint32_t end = v->segment[last].end;
        while (at(v, end) == '_')
            end++;
        if (end == v->segment[last].end || !word_at(v, last + 1, end))
            break;
        last++;
    }
    return (struct unit){UNIT_NAMED, mark == '@' ? READ_HANDLE : READ_TAG, start,
                         v->segment[last].end, last - i + 1};
}

/* --- two genders ---------------------------------------------------------------------------------
 */

/* diputad@s, l@s, un@ */
static struct unit
at_sign(const struct view *v, size_t i)
{
    struct unit none = {UNIT_NONE, READ_WORD, 0, 0, 0};
    uint32_t end = v->segment[i].end + 1;
    size_t n = 1;
    if (follows(v, i, 1)) {
        if (!is(v, i + 1, "s"))
            return none;
        end++;
        n++;
        if (at(v, end) == '@' || (at(v, end) == '.' && word_at(v, i + 2, end + 1)))
            return none;
    } else if (!blank_or_end(v, end)) {
        return none;
    }
    if (v->segment[i].number)
        return none;
    return (struct unit){UNIT_WHOLE, READ_INCLUSIVE, v->segment[i].start, end, n};
}

/* diputados/as, señor/a, alumna/o, diputado(a), autor(es), persona(s); y/o is none. */
static struct unit
slashed(const struct view *v, size_t i)
{
    struct unit none = {UNIT_NONE, READ_WORD, 0, 0, 0};
    bool bracket = at(v, v->segment[i].end) == '(';
    if (!follows(v, i, 1) || length_of(v, i) < 3 || v->segment[i].number)
        return none;
    bool gender =
        is(v, i + 1, "a") || is(v, i + 1, "as") || is(v, i + 1, "o") || is(v, i + 1, "os");
    bool plural = bracket && (is(v, i + 1, "s") || is(v, i + 1, "es"));
    uint32_t end = v->segment[i + 1].end;
    if (!gender && !plural)
        return none;
    if (bracket ? at(v, end) != ')' : !blank_or_end(v, end))
        return none;
    if (!bracket && at(v, end) == '.' && word_at(v, i + 2, end + 1))
        return none;
    /* "(a" opens a list of items where a capital or a figure stands before it */
    unsigned char last = at(v, v->segment[i].end - 1);
    if (!g_ascii_isalpha((char)last) || !strchr("aoeslrnzdAOESLRNZD", last))
        return none;
    return (struct unit){UNIT_WHOLE, READ_SLASHED, v->segment[i].start, end + (bracket ? 1u : 0u),
                         2};
}

/* --- hyphens -------------------------------------------------------------------------------------
 */

/* Bytes of the hyphen at i (- ‐ ‑), or 0. */
static uint32_t
hyphen(const struct view *v, size_t i)
{
    if (at(v, i) == '-')
        return 1;
    return at(v, i) == 0xe2 && at(v, i + 1) == 0x80 &&
                   (at(v, i + 2) == 0x90 || at(v, i + 2) == 0x91)
               ? 3
               : 0;
}

static bool
two_letters(const struct view *v, size_t i)
{
    UChar32 c = code_point(v, v->segment[i].start);
    return c >= 0 && lj_latin_letter(c) && length_of(v, i) > (size_t)U8_LENGTH(c) &&
           !v->segment[i].number;
}

/* legisla-⏎ción: hyphen, soft hyphen or ¬ before the end of a line, and the next line goes on in
 * the same case. */
static struct unit
line_end(const struct view *v, size_t i)
{
    struct unit none = {UNIT_NONE, READ_WORD, 0, 0, 0};
    uint32_t end = v->segment[i].end, k = end + hyphen(v, end);
    if (k == end) {
        if (at(v, end) == 0xc2 && (at(v, end + 1) == 0xac || at(v, end + 1) == 0xad))
            k += 2; /* ¬ */
        else if (end < 2 || at(v, end - 1) != 0xad || at(v, end - 2) != 0xc2)
            return none; /* a soft hyphen belongs to its segment */
    }
    if (i + 1 >= v->n || !two_letters(v, i) || !two_letters(v, i + 1))
        return none;
    while (at(v, k) == ' ' || at(v, k) == '\t')
        k++;
    if (at(v, k) == '\r' && at(v, k + 1) == '\n')
        k++;
    if (at(v, k) != '\n')
        return none;
    k++;
    while (at(v, k) == ' ' || at(v, k) == '\t' || at(v, k) == '\f')
        k++;
    if (v->segment[i + 1].start != k)
        return none;
    /* the letter before the break and the one after it */
    size_t last = end;
    do {
        do
            last--;
        while (last > v->segment[i].start && (at(v, last) & 0xc0) == 0x80);
    } while (last > v->segment[i].start && !lj_latin_letter(code_point(v, last)));
    if (upper(v, i + 1) != lj_latin_upper(code_point(v, last)))
        return none;
    return (struct unit){UNIT_JOINED, READ_JOINED, v->segment[i].start, v->segment[i + 1].end, 2};
}

/* teórico-práctico, COVID-19, 69-B; 2020-2024 is two numbers. */
static struct unit
compound(const struct view *v, size_t i)
{
    struct unit none = {UNIT_NONE, READ_WORD, 0, 0, 0};
    if (i > 0 && hyphen(v, v->segment[i - 1].end) &&
        follows(v, i - 1, hyphen(v, v->segment[i - 1].end)))
        return none;
    size_t last = i;
    bool letters = !v->segment[i].number;
    for (uint32_t mark; (mark = hyphen(v, v->segment[last].end)) && follows(v, last, mark);) {
        last++;
        letters = letters || !v->segment[last].number;
        if (v->segment[last].end - v->segment[i].start > UNIT_LIMIT)
            return none;
    }
    if (last == i || !letters)
        return none;
    return (struct unit){UNIT_OVER, READ_COMPOUND, v->segment[i].start, v->segment[last].end,
                         last - i + 1};
}

/* km², m³, CO₂: short words with raised or lowered figures; behind a longer one they number a note. */
static struct unit
raised(const struct view *v, size_t i)
{
    struct unit none = {UNIT_NONE, READ_WORD, 0, 0, 0};
    uint32_t start = v->segment[i].start, end = v->segment[i].end;
    if (end - start > 3)
        return none;
    for (uint32_t k = start; k < end; k++)
        if (!g_ascii_isalpha((char)at(v, k)))
            return none;
    for (uint32_t from = end; end < v->length; from = end) {
        UChar32 c = code_point(v, end);
        if (c == 0xb2 || c == 0xb3 || c == 0xb9 || c == 0x2070 || (c >= 0x2074 && c <= 0x2079) ||
            (c >= 0x2080 && c <= 0x2089))
            end += (uint32_t)U8_LENGTH(c);
        if (end == from || end - v->segment[i].end > 9)
            break;
    }
    if (end == v->segment[i].end || word_at(v, i + 1, end))
        return none;
    return (struct unit){UNIT_WHOLE, READ_RAISED, start, end, 1};
}

/* --- figures -------------------------------------------------------------------------------------
 */

/* 1.º 2.ª 1.er 3.o · 1° */
static struct unit
ordinal(const struct view *v, size_t i)
{
    struct unit none = {UNIT_NONE, READ_WORD, 0, 0, 0};
    uint32_t start = v->segment[i].start, end = v->segment[i].end;
    if (end - start > 4 || memchr(v->text + start, '.', end - start) ||
        memchr(v->text + start, ',', end - start))
        return none;
    if (at(v, end) == 0xc2 && at(v, end + 1) == 0xb0 && !word_at(v, i + 1, end + 2))
        return (struct unit){UNIT_WHOLE, READ_ORDINAL, start, end + 2, 1};
    if (at(v, end) == '.' && follows(v, i, 1) &&
        (is(v, i + 1, "º") || is(v, i + 1, "ª") || is(v, i + 1, "o") || is(v, i + 1, "a") ||
         is(v, i + 1, "er") || is(v, i + 1, "ero") || is(v, i + 1, "era")) &&
        !g_ascii_isupper(v->text[v->segment[i + 1].start]))
        return (struct unit){UNIT_WHOLE, READ_ORDINAL, start, v->segment[i + 1].end, 2};
    return none;
}

/* 1 234 567 with no-break or narrow blanks: groups of three after the first. */
static struct unit
spaced(const struct view *v, size_t i)
{
    struct unit none = {UNIT_NONE, READ_WORD, 0, 0, 0};
    if (length_of(v, i) > 3)
        return none;
    size_t last = i;
    while (last + 1 < v->n && last - i < 8 && v->segment[last + 1].number) {
        UChar32 c = code_point(v, v->segment[last].end);
        uint32_t mark = c == 0xa0 ? 2 : c == 0x202f || c == 0x2009 ? 3 : 0;
        if (mark == 0 || !follows(v, last, mark))
            break;
        const char *group = v->text + v->segment[last + 1].start;
        size_t n = strspn(group, "0123456789"), length = length_of(v, last + 1);
        if (n > length)
            n = length;
        if (n != 3)
            break;
        last++;
        if (length > 3) /* decimals end it */
            break;
    }
    if (last == i)
        return none;
    return (struct unit){UNIT_WHOLE, READ_SPACED, v->segment[i].start, v->segment[last].end,
                         last - i + 1};
}

unsigned
lj_unit_figure(const char *bytes, size_t length)
{
    unsigned value = 0;
    if (length == 7 && g_ascii_strncasecmp(bytes, "primero", 7) == 0)
        return 1;
    if (length > 8 || bytes[0] == 0 || !strchr(length == 1 ? "IVX" : "IVXLC", bytes[0]) ||
        lj_spelled_roman(bytes, length, 0, false, &value) != length)
        return 0;
    return value;
}

/* Capítulo IV, TITULO II; primero de enero */
static struct unit
figure(const struct view *v, size_t i)
{
    struct unit none = {UNIT_NONE, READ_WORD, 0, 0, 0};
    struct unit found = {UNIT_OVER, READ_FIGURE, v->segment[i].start, v->segment[i].end, 1};
    char word[LJ_SPELLED];
    if (lj_unit_figure(v->text + v->segment[i].start, length_of(v, i)) == 0)
        return none;
    if ((v->text[v->segment[i].start] | 0x20) == 'p') { /* primero */
        bool month = follows(v, i, 1) && is(v, i + 1, "de") && follows(v, i + 1, 1) &&
                     lj_spelled_word(v->text, v->length, v->segment[i + 2].start, word) > 0 &&
                     lj_date_month(word) > 0;
        return month ? found : none;
    }
    if (i == 0 || !follows(v, i - 1, 1) ||
        lj_spelled_word(v->text, v->length, v->segment[i - 1].start, word) != length_of(v, i - 1))
        return none;
    return lj_word_among(word, "anexo articulo base capitulo fraccion inciso libro parte seccion "
                               "siglo titulo tomo")
               ? found
               : none;
}

/* What may stand after the first segment of a unit; blanks only in some cases. */
const bool lj_unit_mark[256] = {
    ['.'] = true, ['-'] = true, [':'] = true, ['+'] = true,  ['%'] = true, ['_'] = true,
    ['@'] = true, ['/'] = true, ['('] = true, [0xc2] = true, [0xe2] = true};

struct unit
lj_unit_at(const char *text, size_t length, const struct lj_segments *segments, size_t i)
{
    struct view v = {text, length, segments->segment, segments->n};
    struct unit unit = {UNIT_NONE, READ_WORD, 0, 0, 0};
    uint32_t start = v.segment[i].start, end = v.segment[i].end;
    unsigned char after = at(&v, end), before = start > 0 ? at(&v, start - 1) : 0;
    if ((unit = figure(&v, i)).shape)
        return unit;
    if (before == '@' || before == '#') {
        unit = named(&v, i);
        if (unit.shape)
            return unit;
    }
    switch (after) {
    case '.':
    case '-':
    case ':':
    case '+':
    case '%':
    case '_':
    case '@':
        if ((unit = email(&v, i)).shape || (unit = url(&v, i)).shape)
            return unit;
        break;
    case '/':
    case '(':
        return slashed(&v, i);
    case 0xc2:
    case 0xe2:
    case '\n':
    case '\r':
    case ' ':
    case '\t':
        break;
    default:
        return unit;
    }
    if (v.segment[i].number) {
        if ((unit = ordinal(&v, i)).shape || (unit = spaced(&v, i)).shape)
            return unit;
    } else {
        if (after == '@')
            return at_sign(&v, i);
        if (after >= 0x80 && (unit = raised(&v, i)).shape)
            return unit;
        /* N.º: read as Nº; N° is the word n */
        if (after == '.' && is(&v, i, "n") && follows(&v, i, 1) && is(&v, i + 1, "º"))
            return (struct unit){UNIT_WHOLE, READ_NUMERO, start, v.segment[i + 1].end, 2};
        if ((unit = acronym(&v, i)).shape || (unit = line_end(&v, i)).shape)
            return unit;
    }
    return hyphen(&v, end) ? compound(&v, i) : unit;
}
