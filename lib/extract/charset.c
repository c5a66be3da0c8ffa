#include "extract/charset.h"
#include "document/utf8.h"

#include <string.h>
#include <unicode/ucnv.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#define REPLACEMENT "\xef\xbf\xbd"

/* Windows-1252 beyond Latin-1 (WHATWG's index but for its five unassigned bytes). */
static const uint16_t high_1252[32] = {
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178,
};

static void
decode_1252(const uint8_t *bytes, size_t length, size_t max, GString *out)
{
    size_t start = out->len;
    for (size_t i = 0; i < length && out->len - start <= max;) {
        size_t run = i;
        while (run < length && bytes[run] < 0x80)
            run++;
        g_string_append_len(out, (const char *)bytes + i, (gssize)(run - i));
        for (i = run; i < length && bytes[i] >= 0x80; i++)
            g_string_append_unichar(out, bytes[i] < 0xA0 ? high_1252[bytes[i] - 0x80] : bytes[i]);
    }
}

/* UTF-8 with faults: each maximal faulty piece becomes one U+FFFD. */
static void
decode_utf8(const uint8_t *bytes, size_t length, size_t max, GString *out)
{
    const char *p = (const char *)bytes, *end = p + length;
    size_t start = out->len;
    while (p < end && out->len - start <= max) {
        size_t good = lj_utf8_span(p, (size_t)(end - p), NULL);
        g_string_append_len(out, p, (gssize)good);
        p += good;
        if (p == end)
            break;
        g_string_append(out, REPLACEMENT);
        for (p++; p < end && ((uint8_t)*p & 0xC0) == 0x80; p++)
            ;
    }
}

/* Any charset ICU knows. False when it does not. */
static bool
decode_icu(const char *charset, const uint8_t *bytes, size_t length, size_t max, GString *out)
{
    UErrorCode status = U_ZERO_ERROR;
    UConverter *from = ucnv_open(charset, &status);
    UConverter *to = ucnv_open("UTF-8", &status);
    if (U_FAILURE(status)) {
        ucnv_close(from);
        ucnv_close(to);
        return false;
    }
    UChar pivot[4096], *pivot_source = pivot, *pivot_target = pivot;
    const char *source = (const char *)bytes, *source_end = source + length;
    char buffer[16384];
    UBool reset = 1;
    size_t start = out->len;
    do {
        char *target = buffer;
        status = U_ZERO_ERROR;
        ucnv_convertEx(to, from, &target, buffer + sizeof buffer, &source, source_end, pivot,
                       &pivot_source, &pivot_target, pivot + G_N_ELEMENTS(pivot), reset, 1,
                       &status);
        reset = 0;
        g_string_append_len(out, buffer, target - buffer);
    } while (status == U_BUFFER_OVERFLOW_ERROR && out->len - start <= max);
    ucnv_close(from);
    ucnv_close(to);
    return true;
}

bool
lj_charset_utf16(const uint8_t *bytes, size_t length, bool *big)
{
    size_t n = MIN(length, 4096) & ~(size_t)1, even = 0, odd = 0;
    for (size_t i = 0; i < n; i += 2) {
        even += bytes[i] == 0;
        odd += bytes[i + 1] == 0;
    }
    /* Spanish in UTF-16 has a zero in nearly every unit, always on the same side. */
    *big = even > odd;
    return n >= 8 && MAX(even, odd) * 10 > n / 2 * 7 && MIN(even, odd) * 20 < n / 2;
}

/* How many well-formed sequences of several bytes, and how many faults. */
static void
count_sequences(const uint8_t *bytes, size_t length, size_t *good, size_t *bad)
{
    const char *p = (const char *)bytes, *end = p + length;
    *good = *bad = 0;
    while (p < end) {
        size_t span = lj_utf8_span(p, (size_t)(end - p), NULL);
        for (size_t i = 0; i < span; i++)
            *good += ((uint8_t)p[i] & 0xC0) == 0xC0;
        p += span;
        if (p < end) {
            (*bad)++;
            p++;
        }
    }
}

static void
chose(struct lj_charset *how, const char *charset, const char *from)
{
    g_strlcpy(how->charset, charset, sizeof how->charset);
    for (char *p = how->charset; *p; p++)
        *p = (uint8_t)*p < 0x80 ? g_ascii_tolower(*p)
                                : '?'; /* ICU passes over what it does not know */
    how->from = from;
}

static bool
is_utf8(const char *charset)
{
    return g_ascii_strcasecmp(charset, "utf-8") == 0 || g_ascii_strcasecmp(charset, "utf8") == 0;
}

/* Latin-1 and ASCII are declared where Windows-1252 is meant (WHATWG's Encoding standard). */
static bool
is_latin1(const char *charset)
{
    static const char *const names[] = {"iso-8859-1",   "iso8859-1", "iso_8859-1", "latin1",
                                        "latin-1",      "l1",        "us-ascii",   "ascii",
                                        "windows-1252", "cp1252",    "x-cp1252",   "ansi"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (g_ascii_strcasecmp(charset, names[i]) == 0)
            return true;
    return false;
}

/* Decodes as a named charset; false when nobody knows it. */
static bool
decode_named(const char *charset, const char *from, const uint8_t *bytes, size_t length,
             struct lj_charset *how, size_t max, GString *out)
{
    if (is_utf8(charset)) {
        decode_utf8(bytes, length, max, out);
        chose(how, "utf-8", from);
    } else if (is_latin1(charset)) {
        decode_1252(bytes, length, max, out);
        chose(how, "windows-1252", from);
    } else if (decode_icu(charset, bytes, length, max, out)) {
        chose(how, charset, from);
    } else {
        return false;
    }
    return true;
}

/* Eight bits of which nobody says what they are: Windows-1252, unless the letters of Spanish stand within words as DOS or
 * the old Macintosh wrote them, where Windows-1252 has signs ("informaci¢n", "informaci—n"). */
static const char *
guess_eight_bits(const uint8_t *bytes, size_t length)
{
    static const struct {
        const char *charset,
            *letters; /* but those that stand for a blank, a dash or an apostrophe */
    } others[] = {{"ibm-850", "\x82\xA1\xA2\xA3\xA4\xA5"}, /* éíóúñÑ */
                  {"macintosh", "\x87\x8E"}};              /* áé */
    static const char letters[] = "\xE1\xE9\xED\xF3\xFA\xF1\xFC\xC1\xC9\xCD\xD3\xDA\xD1\xDC";
    size_t usual = 0, found[G_N_ELEMENTS(others)] = {0};
    for (size_t i = 1; i + 1 < length; i++) {
        if (bytes[i] < 0x80 || !g_ascii_isalpha((char)bytes[i - 1]) ||
            !g_ascii_isalpha((char)bytes[i + 1]))
            continue;
        usual += strchr(letters, bytes[i]) != NULL;
        for (size_t k = 0; k < G_N_ELEMENTS(others); k++)
            found[k] += strchr(others[k].letters, bytes[i]) != NULL;
    }
    for (size_t k = 0; k < G_N_ELEMENTS(others); k++)
        if (found[k] >= 3 && found[k] > 4 * (usual + found[1 - k]))
            return others[k].charset;
    return "windows-1252";
}

static void
decode(const uint8_t *bytes, size_t length, struct lj_charset *how, size_t max, GString *out)
{
    static const struct {
        const char *bytes;
        size_t length;
        const char *charset;
    } marks[] = {{"\xef\xbb\xbf", 3, "utf-8"},
                 {"\xff\xfe\0\0", 4, "utf-32le"},
                 {"\0\0\xfe\xff", 4, "utf-32be"},
                 {"\xff\xfe", 2, "utf-16le"},
                 {"\xfe\xff", 2, "utf-16be"}};
    const char *marked = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(marks) && !marked; i++)
        if (length >= marks[i].length && memcmp(bytes, marks[i].bytes, marks[i].length) == 0) {
            marked = marks[i].charset;
            if (!how->given) {
                bytes += marks[i].length;
                length -= marks[i].length;
            }
        }
    if (how->given && decode_named(how->given, "given", bytes, length, how, max, out)) {
        if (g_str_has_prefix(out->str, "\xef\xbb\xbf")) /* U+FEFF at the head is no text */
            g_string_erase(out, 0, 3);
        return;
    }
    if (marked && decode_named(marked, "bom", bytes, length, how, max, out))
        return;
    bool big;
    if (lj_charset_utf16(bytes, length, &big)) {
        decode_named(big ? "utf-16be" : "utf-16le", "default", bytes, length, how, max, out);
        return;
    }
    size_t span = lj_utf8_span((const char *)bytes, length, NULL);
    /* The end may be one of ours: a limit that fell within a character. */
    if (span == length || (length - span < 4 && length > max && bytes[span] >= 0xC2)) {
        g_string_append_len(out, (const char *)bytes, (gssize)MIN(span, max + 4));
        chose(how, "utf-8", "utf-8");
        return;
    }
    size_t good, bad;
    count_sequences(bytes, length, &good, &bad);
    if (good > bad) { /* damaged UTF-8 rather than another charset */
        decode_utf8(bytes, length, max, out);
        chose(how, "utf-8", "utf-8");
        return;
    }
    if (how->declared && !is_utf8(how->declared) &&
        decode_named(how->declared, "declared", bytes, length, how, max, out))
        return;
    decode_named(guess_eight_bits(bytes, MIN(length, 1u << 20)), "default", bytes, length, how, max,
                 out);
}

/* CR and CRLF to LF, NUL to a blank. */
static void
clean_controls(GString *text)
{
    char *from = text->str, *end = from + text->len, *to = from;
    for (; from < end; from++) {
        if (*from == '\r') {
            if (from + 1 < end && from[1] == '\n')
                from++;
            *to++ = '\n';
        } else if (*from == 0) {
            *to++ = ' ';
        } else {
            *to++ = *from;
        }
    }
    g_string_truncate(text, (gsize)(to - text->str));
}

/* Appends a piece in NFC. */
static void
append_nfc(GString *out, const char *piece, size_t length)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&status);
    int32_t wide_length = 0, written = 0;
    UChar *wide = g_new(UChar, length + 1);
    u_strFromUTF8(wide, (int32_t)length + 1, &wide_length, piece, (int32_t)length, &status);
    if (U_FAILURE(status) || unorm2_quickCheck(nfc, wide, wide_length, &status) == UNORM_YES) {
        g_string_append_len(out, piece, (gssize)length);
        g_free(wide);
        return;
    }
    int32_t capacity = wide_length * 3 + 8; /* NFC expands at most threefold (UAX #15) */
    UChar *composed = g_new(UChar, capacity);
    int32_t n = unorm2_normalize(nfc, wide, wide_length, composed, capacity, &status);
    char *narrow = g_malloc((gsize)n * 3 + 1);
    u_strToUTF8(narrow, n * 3 + 1, &written, composed, n, &status);
    g_string_append_len(out, narrow, written);
    g_free(narrow);
    g_free(composed);
    g_free(wide);
}

/* Composes piece by piece: a piece ends before an ASCII character, where nothing ever composes. */
static void
compose(GString *text)
{
    GString *out = g_string_sized_new(text->len + 16);
    for (size_t at = 0; at < text->len;) {
        size_t end = MIN(at + 4096, text->len);
        while (end < text->len && end - at < (1u << 20) && (uint8_t)text->str[end] >= 0x80)
            end++;
        while (end < text->len && ((uint8_t)text->str[end] & 0xC0) == 0x80)
            end++;
        unsigned flags = 0;
        lj_utf8_span(text->str + at, end - at, &flags);
        if (flags & LJ_UTF8_MARKS)
            append_nfc(out, text->str + at, end - at);
        else
            g_string_append_len(out, text->str + at, (gssize)(end - at));
        at = end;
    }
    char *old = text->str;
    *text = *out;
    out->str = old;
    g_string_free(out, TRUE);
}

static bool
is_letter_byte(char c)
{
    return g_ascii_isalpha(c) || (uint8_t)c >= 0x80;
}

/* What web pages let long words break with, the zero-width blank ("consti[U+200B]tución", and no other meaning) and the soft
 * hyphen (one at a line's end was seen, and stays), and marks of byte order where files were joined: without them a word
 * is one word. The ligatures of typefaces, which PDFs have as characters of their own, are the letters they are of. */
void
lj_text_drop_unseen(GString *text)
{
    static const char *const ligatures[] = {"ff", "fi", "fl", "ffi", "ffl", "st", "st"};
    char *from = text->str, *end = from + text->len, *to = from;
    while (from < end) {
        if (end - from >= 3 &&
            (memcmp(from, "\xE2\x80\x8B", 3) == 0 || memcmp(from, "\xEF\xBB\xBF", 3) == 0)) {
            from += 3;
        } else if (end - from >= 3 && to > text->str && memcmp(from, "\xC2\xAD", 2) == 0 &&
                   is_letter_byte(to[-1]) && is_letter_byte(from[2])) {
            from += 2;
        } else if (end - from >= 3 && memcmp(from, "\xEF\xAC", 2) == 0 &&
                   (uint8_t)from[2] <= 0x86) {
            for (const char *letter = ligatures[from[2] & 7]; *letter; letter++)
                *to++ = *letter;
            from += 3;
        } else {
            *to++ = *from++;
        }
    }
    g_string_truncate(text, (gsize)(to - text->str));
}

void
lj_text_clean(GString *text)
{
    unsigned flags = 0;
    if (lj_utf8_span(text->str, text->len, &flags) != text->len) {
        GString *valid = g_string_sized_new(text->len + 64);
        decode_utf8((const uint8_t *)text->str, text->len, SIZE_MAX, valid);
        g_string_truncate(text, 0);
        g_string_append_len(text, valid->str, (gssize)valid->len);
        g_string_free(valid, TRUE);
        lj_utf8_span(text->str, text->len, &flags);
    }
    if (flags & (LJ_UTF8_RETURN | LJ_UTF8_CONTROL))
        clean_controls(text);
    if (flags & LJ_UTF8_UNSEEN)
        lj_text_drop_unseen(text);
    if (flags & LJ_UTF8_MARKS)
        compose(text);
}

void
lj_charset_decode(const uint8_t *bytes, size_t length, struct lj_charset *how, size_t max,
                  GString *out)
{
    GString *text = out->len == 0 ? out : g_string_new(NULL);
    decode(bytes, length, how, max, text);
    how->cut = text->len > max;
    if (how->cut) {
        size_t end = max;
        while (end > 0 && ((uint8_t)text->str[end] & 0xC0) == 0x80)
            end--;
        g_string_truncate(text, end);
    }
    lj_text_clean(text);
    if (text != out) {
        g_string_append_len(out, text->str, (gssize)text->len);
        g_string_free(text, TRUE);
    }
}
