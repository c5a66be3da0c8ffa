#include "passage/clean.h"
#include "schema/latin.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

/* Blanks and what is dropped, below U+00A0 by table of ranges, above by property. */
enum sort { SORT_PLAIN, SORT_BLANK, SORT_DROPPED };

static enum sort
sort_of(UChar32 c)
{
    if (c < 0x80)
        return c == ' ' || (c >= 9 && c <= 13) ? SORT_BLANK
               : c < 0x20 || c == 0x7F         ? SORT_DROPPED
                                               : SORT_PLAIN;
    if (c == 0x85)
        return SORT_BLANK;
    if (c < 0xA0)
        return SORT_DROPPED;
    if (c == 0xA0 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
        c == 0x205F || c == 0x3000 || c == 0x1680)
        return SORT_BLANK;
    /* Soft hyphen; marks of direction, which could turn a line around; word joiner; byte order
     * mark. */
    if (c == 0xAD || c == 0x200B || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
        (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) ||
        (c >= 0xE0000 && c <= 0xE007F))
        return SORT_DROPPED;
    return SORT_PLAIN;
}

static void
highlight(GArray *highlights, guint first, uint32_t start, uint32_t end)
{
    if (end <= start)
        return;
    if (highlights->len > first) {
        uint32_t *last = &g_array_index(highlights, uint32_t, highlights->len - 1);
        if (start <= *last) {
            *last = MAX(*last, end);
            return;
        }
    }
    g_array_append_val(highlights, start);
    g_array_append_val(highlights, end);
}

void
lj_clean(const char *text, size_t length, uint32_t offset, const struct lj_span *spans,
         size_t n_spans, GString *out, GArray *highlights)
{
    size_t base = out->len, at = 0, next = 0, open_end = 0;
    guint first = highlights ? highlights->len : 0;
    uint32_t open_start = 0;
    bool open = false, blank = false;
    while (next < n_spans && spans[next].end <= offset)
        next++;
    for (;;) {
        if (open && (at >= open_end || at >= length)) {
            highlight(highlights, first, open_start, (uint32_t)out->len);
            open = false;
        }
        if (at >= length)
            break;
        size_t here = at;
        UChar32 c;
        U8_NEXT(text, at, length, c);
        enum sort sort = c < 0 ? SORT_DROPPED : sort_of(c);
        if (sort == SORT_PLAIN && blank) {
            if (out->len > base)
                g_string_append_c(out, ' ');
            blank = false;
        }
        while (highlights && next < n_spans && spans[next].start <= offset + here) {
            size_t end = spans[next].end > offset ? spans[next].end - offset : 0;
            next++;
            if (end <= here)
                continue;
            if (open) {
                open_end = MAX(open_end, end);
            } else {
                open = true;
                open_end = end;
                open_start = (uint32_t)out->len;
            }
        }
        if (sort == SORT_BLANK)
            blank = true;
        else if (sort == SORT_PLAIN)
            g_string_append_len(out, text + here, (gssize)(at - here));
    }
}

bool
lj_blank_at(const char *text, size_t length, size_t at, size_t *bytes)
{
    size_t next = at;
    UChar32 c;
    if (at >= length)
        return false;
    U8_NEXT(text, next, length, c);
    *bytes = next - at;
    return c >= 0 && sort_of(c) == SORT_BLANK;
}

/* The code point before *at, which moves to its beginning; 0 at the beginning of the text. */
static UChar32
before(const char *text, size_t *at)
{
    if (*at == 0)
        return 0;
    size_t end = *at;
    do
        --*at;
    while (*at > 0 && ((uint8_t)text[*at] & 0xC0) == 0x80);
    size_t next = *at;
    UChar32 c;
    U8_NEXT(text, next, end, c);
    return c < 0 ? 0xFFFD : c;
}

/* Latin letters, dashes and quotation marks: each is a character by itself, whatever follows. */
static bool
stands_alone(UChar32 c)
{
    return c < 0x300 || (c >= 0x2010 && c <= 0x2027);
}

bool
lj_grapheme_border(const char *text, size_t length, size_t at)
{
    if (at == 0 || at >= length)
        return true;
    size_t next = at, last = at;
    UChar32 c;
    U8_NEXT(text, next, length, c);
    UChar32 previous = before(text, &last);
    if (c < 0)
        return true;
    if (stands_alone(previous) && stands_alone(c))
        return previous != '\r' || c != '\n';
    int own = u_getIntPropertyValue(c, UCHAR_GRAPHEME_CLUSTER_BREAK);
    int left = u_getIntPropertyValue(previous, UCHAR_GRAPHEME_CLUSTER_BREAK);
    if (own == U_GCB_EXTEND || own == U_GCB_ZWJ || own == U_GCB_SPACING_MARK ||
        left == U_GCB_PREPEND)
        return false;
    if (left == U_GCB_ZWJ && u_hasBinaryProperty(c, UCHAR_EXTENDED_PICTOGRAPHIC))
        return false;
    if (left == U_GCB_L &&
        (own == U_GCB_L || own == U_GCB_V || own == U_GCB_LV || own == U_GCB_LVT))
        return false;
    if ((left == U_GCB_LV || left == U_GCB_V) && (own == U_GCB_V || own == U_GCB_T))
        return false;
    if ((left == U_GCB_LVT || left == U_GCB_T) && own == U_GCB_T)
        return false;
    if (left == U_GCB_REGIONAL_INDICATOR && own == U_GCB_REGIONAL_INDICATOR) {
        unsigned flags = 0; /* an odd number before: this one is the second half of a flag */
        while (last < at && u_getIntPropertyValue(previous, UCHAR_GRAPHEME_CLUSTER_BREAK) ==
                                U_GCB_REGIONAL_INDICATOR) {
            flags++;
            if (last == 0)
                break;
            previous = before(text, &last);
        }
        return flags % 2 == 0;
    }
    return true;
}

/* Short words whose point ends no sentence. */
static bool
abbreviation(const char *word, size_t length)
{
    static const char *const known[] = {
        "art",  "arts", "núm",  "num",  "nro", "no",    "sr", "sra", "sres", "dr",   "dra",  "lic",
        "ing",  "prof", "gral", "cnel", "inc", "fracc", "fr", "pág", "pag",  "págs", "pp",   "vol",
        "cap",  "cfr",  "ej",   "ee",   "uu",  "ff",    "aa", "rr",  "hh",   "cc",   "av",   "arq",
        "mtro", "mtra", "ud",   "uds",  "vs",  "aprox", "ed", "tel", "vto",  "bto",  "ntro",
    };
    char *lower = g_utf8_strdown(word, (gssize)length);
    bool found = g_utf8_strlen(lower, -1) <= 1;
    for (size_t i = 0; i < G_N_ELEMENTS(known) && !found; i++)
        found = strcmp(known[i], lower) == 0;
    g_free(lower);
    return found;
}

bool
lj_sentence_start(const char *text, size_t length, size_t at)
{
    size_t next = at, p = at;
    UChar32 c;
    if (at >= length)
        return false;
    U8_NEXT(text, next, length, c);
    if (c < 0 || sort_of(c) != SORT_PLAIN)
        return false;
    unsigned lines = 0, blanks = 0;
    UChar32 previous = 0;
    for (;;) { /* back over blanks */
        if (p == 0)
            return true;
        previous = before(text, &p);
        if (sort_of(previous) != SORT_BLANK)
            break;
        blanks++;
        lines += previous == '\n' || previous == 0x2029;
    }
    if (blanks == 0)
        return false;
    /* A blank line ends a paragraph, but for texts that stand with one between any two lines. */
    if (lines >= 2 && (!lj_latin_lower(c) || previous == '.' || previous == ':' || previous == ';'))
        return true;
    if (lines == 1 && (previous == ':' || previous == ';' || previous == '.'))
        return true;
    while (previous == '"' || previous == ')' || previous == 0xBB || previous == 0x201D ||
           previous == '\'' || previous == 0x2019 || previous == ']') {
        previous = before(text, &p);
    }
    if (previous == '!' || previous == '?' || previous == 0x2026)
        return !lj_latin_lower(c);
    if (previous != '.')
        return false;
    if (lj_latin_lower(c) || lj_latin_digit(c))
        return false;
    size_t stop = p, start = p; /* the word before the point: text[start, stop) */
    while (start > 0) {
        size_t q = start;
        UChar32 letter = before(text, &q);
        if (!lj_latin_letter(letter))
            break;
        start = q;
        if (stop - start > 12)
            break;
    }
    if (start ==
        stop) { /* "5. Texto": the number belongs to what follows; "2026. Texto" ends one */
        size_t digits = 0;
        while (start > 0 && g_ascii_isdigit(text[start - 1])) {
            start--;
            digits++;
        }
        return digits == 0 || digits > 2;
    }
    return !abbreviation(text + start, stop - start);
}
