#include "analysis/fold.h"
#include "legajo/analysis.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>

/* U+00A0 to U+00FF as a form: two bytes' worth, or 0 where ICU must be asked. */
static const char latin_form[96][3] = {
    ['\xaa' - '\xa0'] = "a", ['\xba' - '\xa0'] = "o", ['\xb0' - '\xa0'] = "°",
#define KEPT(c) [(c)-0xa0] = {(char)0xc3, (char)((c)-0x40), 0}
#define LOWERED(c) KEPT((c) + 0x20), [(c)-0xa0] = {(char)0xc3, (char)((c)-0x20), 0}
    LOWERED(0xc0),           LOWERED(0xc1),           LOWERED(0xc2), LOWERED(0xc3),
    LOWERED(0xc4),           LOWERED(0xc5),           LOWERED(0xc6), LOWERED(0xc7),
    LOWERED(0xc8),           LOWERED(0xc9),           LOWERED(0xca), LOWERED(0xcb),
    LOWERED(0xcc),           LOWERED(0xcd),           LOWERED(0xce), LOWERED(0xcf),
    LOWERED(0xd0),           LOWERED(0xd1),           LOWERED(0xd2), LOWERED(0xd3),
    LOWERED(0xd4),           LOWERED(0xd5),           LOWERED(0xd6), LOWERED(0xd8),
    LOWERED(0xd9),           LOWERED(0xda),           LOWERED(0xdb), LOWERED(0xdc),
    LOWERED(0xdd),           LOWERED(0xde),           KEPT(0xdf),    KEPT(0xff),
};

/* U+00DF to U+00FF folded. */
static const char latin_folded[33][3] = {"ss", "a", "a", "a", "a", "a", "a", "ae", "c", "e",  "e",
                                         "e",  "e", "i", "i", "i", "i", "d", "ñ",  "o", "o",  "o",
                                         "o",  "o", "",  "o", "u", "u", "u", "u",  "y", "th", "y"};

/* Letters that are no base and mark, and what they open to. */
static const struct {
    UChar32 letter;
    const char *open;
} opened[] = {{0xdf, "ss"}, {0xe6, "ae"}, {0xf0, "d"},  {0xf8, "o"},   {0xfe, "th"}, {0x111, "d"},
              {0x127, "h"}, {0x131, "i"}, {0x142, "l"}, {0x153, "oe"}, {0x167, "t"}, {0x3c2, "σ"},
              {0x27, ""},   {0x2019, ""}, {0x2018, ""}, {0xb7, ""},    {0x2bc, ""},  {0x2027, ""}};

/* What nobody sees in a word: it never tells two words apart. */
static bool
invisible(UChar32 c)
{
    return u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) ||
           u_charType(c) == U_FORMAT_CHAR || c == 0;
}

/* Marks that folding drops: the general ones. Marks of other scripts are letters to their readers.
 */
static bool
accent(UChar32 c)
{
    return (c >= 0x300 && c <= 0x36f) || (c >= 0x1ab0 && c <= 0x1aff) ||
           (c >= 0x1dc0 && c <= 0x1dff) || (c >= 0x20d0 && c <= 0x20f0) ||
           (c >= 0xfe20 && c <= 0xfe2f);
}

static UChar *
wide(const char *text, size_t length, int32_t *n)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar *out =
        g_new(UChar, length + 1); /* UTF-16 never takes more units than UTF-8 takes bytes */
    u_strFromUTF8WithSub(out, (int32_t)length + 1, n, text, (int32_t)length, 0xFFFD, NULL, &status);
    if (U_FAILURE(status) && status != U_STRING_NOT_TERMINATED_WARNING)
        *n = 0;
    return out;
}

/* text normalised; frees text. */
static UChar *
normalised(const UNormalizer2 *form, UChar *text, int32_t *n)
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t need = unorm2_normalize(form, text, *n, NULL, 0, &status);
    UChar *out = g_new(UChar, (size_t)need + 1);
    status = U_ZERO_ERROR;
    need = unorm2_normalize(form, text, *n, out, need + 1, &status);
    g_free(text);
    *n = U_SUCCESS(status) ? need : 0;
    return out;
}

static void
append_narrow(const UChar *text, int32_t n, GString *out)
{
    for (int32_t i = 0; i < n;) {
        UChar32 c;
        U16_NEXT(text, i, n, c);
        g_string_append_unichar(out, U_IS_SURROGATE(c) ? 0xFFFD : (gunichar)c);
    }
}

/* NFKC, what is invisible dropped, lower case: until it no longer changes, which one more round
 * always reaches (İ, ẞ, the Kelvin sign). */
static UChar *
lowered(UChar *text, int32_t *n)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfkc = unorm2_getNFKCInstance(&status);
    for (int round = 0; round < 2; round++) {
        text = normalised(nfkc, text, n);
        int32_t used = 0;
        for (int32_t i = 0; i < *n;) {
            UChar32 c;
            U16_NEXT(text, i, *n, c);
            if (invisible(c))
                continue;
            c = u_tolower(c);
            /* lower case never takes more UTF-16 units than upper case */
            if (c > 0xffff)
                text[used++] = U16_LEAD(c), text[used++] = U16_TRAIL(c);
            else
                text[used++] = (UChar)c;
        }
        *n = used;
    }
    return normalised(nfkc, text, n);
}

void
lj_form_reference(const char *text, size_t length, GString *form)
{
    g_string_truncate(form, 0);
    int32_t n;
    UChar *buffer = wide(text, length, &n);
    buffer = lowered(buffer, &n);
    append_narrow(buffer, n, form);
    g_free(buffer);
}

/* Drops accents and, where words are folded, opens letters; text is a form. */
static void
fold_form(const char *text, size_t length, bool open, GString *out)
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t n;
    UChar *buffer = wide(text, length, &n);
    buffer = normalised(unorm2_getNFKDInstance(&status), buffer, &n);
    UChar *kept = g_new(UChar, 2 * (size_t)n + 1);
    int32_t used = 0;
    UChar32 base = 0;
    bool tilde = false;
    for (int32_t i = 0; i < n;) {
        UChar32 c;
        U16_NEXT(buffer, i, n, c);
        if (accent(c)) {
            if (c != 0x303 || base != 'n' || tilde)
                continue;
            tilde = true;
            kept[used - 1] = 0xf1;
            continue;
        }
        base = c;
        tilde = false;
        const char *instead = NULL;
        for (size_t k = 0; open && k < G_N_ELEMENTS(opened); k++)
            if (opened[k].letter == c)
                instead = opened[k].open;
        if (instead) {
            for (const char *p = instead; *p; p = g_utf8_next_char(p))
                kept[used++] = (UChar)g_utf8_get_char(p);
            base = 0;
        } else {
            U16_APPEND_UNSAFE(kept, used, c);
        }
    }
    g_free(buffer);
    kept = normalised(unorm2_getNFCInstance(&status), kept, &used);
    append_narrow(kept, used, out);
    g_free(kept);
}

void
lj_folded_reference(const char *form, size_t length, GString *folded)
{
    g_string_truncate(folded, 0);
    fold_form(form, length, true, folded);
}

/* Makes room for n bytes and says where they go: what follows writes them without asking at each, since
 * no letter takes more bytes than it had. */
static char *
room(GString *out, size_t n)
{
    g_string_set_size(out, n);
    return out->str;
}

bool
lj_form(const char *text, size_t length, GString *form)
{
    char *out = room(form, length), *at = out;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < 0x80) {
            if (c)
                *at++ = g_ascii_tolower((char)c);
            continue;
        }
        unsigned char next = i + 1 < length ? (unsigned char)text[i + 1] : 0;
        const char *found = "";
        if ((c == 0xc2 || c == 0xc3) && next >= 0x80 && next < 0xc0) {
            unsigned value = (unsigned)(c & 3) << 6 | (next & 0x3f);
            found = value >= 0xa0 ? latin_form[value - 0xa0] : "";
            if (value == 0xad || value == 0xb7) { /* soft hyphen; the dot of l·l */
                if (value == 0xb7)
                    at = mempcpy(at, "·", 2);
                i++;
                continue;
            }
        } else if (c == 0xe2 && next == 0x80 && i + 2 < length &&
                   (unsigned char)text[i + 2] == 0x99) {
            at = mempcpy(at, "’", 3);
            i += 2;
            continue;
        }
        if (!*found) {
            lj_form_reference(text, length, form);
            return false;
        }
        *at++ = found[0];
        if (found[1])
            *at++ = found[1];
        i++;
    }
    g_string_truncate(form, (gsize)(at - out));
    return true;
}

void
lj_folded(const char *form, size_t length, GString *folded)
{
    char *out = room(folded, length), *at = out;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)form[i];
        if (c < 0x80) {
            if (c != '\'')
                *at++ = (char)c;
            continue;
        }
        unsigned char next = i + 1 < length ? (unsigned char)form[i + 1] : 0;
        if (c == 0xc3 && next >= 0x9f && next < 0xc0 && next != 0xb7) {
            for (const char *letter = latin_folded[next - 0x9f]; *letter; letter++)
                *at++ = *letter;
            i++;
        } else if (c == 0xc2 && next == 0xb7) {
            i++;
        } else if (c == 0xc2 && next == 0xb0) { /* 1° */
            at = mempcpy(at, "°", 2);
            i++;
        } else if (c == 0xe2 && next == 0x80 && i + 2 < length &&
                   (unsigned char)form[i + 2] == 0x99) {
            i += 2;
        } else {
            lj_folded_reference(form, length, folded);
            return;
        }
    }
    g_string_truncate(folded, (gsize)(at - out));
}

/* Patterns and lists: what is no letter (* ? ') stays. */
void
lj_fold(const char *text, gssize length, GString *out)
{
    size_t n = length < 0 ? strlen(text) : (size_t)length;
    GString *form = g_string_sized_new(n + 1), *folded = g_string_sized_new(n + 1);
    lj_form(text, n, form);
    /* Apostrophes stay where no word is folded: cut there, so that lj_folded meets none. */
    for (size_t from = 0, i = 0; i <= form->len; i++)
        if (i == form->len || form->str[i] == '\'') {
            lj_folded(form->str + from, i - from, folded);
            g_string_append_len(out, folded->str, (gssize)folded->len);
            if (i < form->len)
                g_string_append_c(out, '\'');
            from = i + 1;
        }
    g_string_free(form, TRUE);
    g_string_free(folded, TRUE);
}
