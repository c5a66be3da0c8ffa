#include "legajo/schema.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

/* What U+00C0…U+00FF fold to, by their second byte: ASCII, or '=' for a letter that keeps its two bytes (ñ,
 * and what is no letter with a mark: æ, ×, ß…), of which those below 0xA0 but × and ß are capitals. */
static const char latin1[] = "aaaaaa=ceeeeiiii=\xb1ooooo==uuuuy=="
                             "aaaaaa=ceeeeiiii=\xb1ooooo==uuuuy=y";

/* The characters of nearly all names and texts. NULL: there are others; out has room for length + 1
 * bytes. */
static char *
fold_plain(const char *text, size_t length, char *out)
{
    const uint8_t *p = (const uint8_t *)text, *end = p + length;
    char *to = out;
    bool blank = true; /* leading blanks are dropped */
    for (; p < end; p++) {
        uint8_t c = *p;
        if (c > 0x20 && c < 0x7F) {
            *to++ = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
            blank = false;
        } else if (c == ' ' || (c >= '\t' && c <= '\r')) {
            if (!blank)
                *to++ = ' ';
            blank = true;
        } else if (c == 0xC3 && end - p > 1 && (p[1] & 0xC0) == 0x80) {
            uint8_t low = *++p, base = (uint8_t)latin1[low & 0x3F];
            blank = false;
            if (base < 0x80 && base != '=') {
                *to++ = (char)base;
                continue;
            }
            *to++ = (char)0xC3;
            *to++ = (char)(low < 0xA0 && low != 0x97 && low != 0x9F ? low + 0x20 : low);
        } else if (c == 0xC2 && end - p > 1 && (p[1] == 0xAA || p[1] == 0xBA)) {
            *to++ = *++p == 0xAA ? 'a' : 'o';
            blank = false;
        } else if (c == 0xC2 && end - p > 1 &&
                   (p[1] == 0xB0 || p[1] == 0xAB || p[1] == 0xBB)) { /* ° « » */
            *to++ = (char)c;
            *to++ = (char)*++p;
            blank = false;
        } else if (c == 0xE2 && end - p > 2 && p[1] == 0x80 &&
                   (p[2] == 0x93 || p[2] == 0x94 || p[2] == 0x98 || p[2] == 0x99 || p[2] == 0x9C ||
                    p[2] == 0x9D)) { /* dashes and quotes */
            memcpy(to, p, 3);
            to += 3;
            p += 2;
            blank = false;
        } else {
            return NULL;
        }
    }
    if (blank && to > out)
        to--;
    *to = 0;
    return out;
}

/* NFKD, lower case, marks dropped but the tilde of ñ. */
static char *
fold_any(const char *text, gssize length)
{
    GString *out = g_string_sized_new((gsize)length);
    UErrorCode status = U_ZERO_ERROR;
    int32_t need = 0;
    u_strFromUTF8WithSub(NULL, 0, &need, text, (int32_t)length, 0xFFFD, NULL, &status);
    status = U_ZERO_ERROR;
    UChar *wide = g_new(UChar, need + 1);
    u_strFromUTF8WithSub(wide, need + 1, NULL, text, (int32_t)length, 0xFFFD, NULL, &status);
    const UNormalizer2 *nfkd = unorm2_getNFKDInstance(&status);
    int32_t capacity = need * 4 + 16;
    UChar *split = g_new(UChar, capacity);
    int32_t n = unorm2_normalize(nfkd, wide, need, split, capacity, &status);
    if (status == U_BUFFER_OVERFLOW_ERROR) {
        status = U_ZERO_ERROR;
        split = g_renew(UChar, split, n + 1);
        n = unorm2_normalize(nfkd, wide, need, split, n + 1, &status);
    }
    bool blank = true; /* leading blanks are dropped */
    for (int32_t i = 0; U_SUCCESS(status) && i < n;) {
        UChar32 c;
        U16_NEXT(split, i, n, c);
        if (c == 0x303 && out->len > 0 && out->str[out->len - 1] == 'n') {
            g_string_truncate(out, out->len - 1);
            g_string_append(out, "ñ");
            continue;
        }
        if (u_charType(c) == U_NON_SPACING_MARK || c == 0xAD)
            continue;
        if (c == 0 || u_isUWhiteSpace(c)) { /* the result ends at its first NUL */
            if (!blank)
                g_string_append_c(out, ' ');
            blank = true;
            continue;
        }
        blank = false;
        g_string_append_unichar(out, (gunichar)u_tolower(c));
    }
    if (blank && out->len > 0)
        g_string_truncate(out, out->len - 1);
    g_free(wide);
    g_free(split);
    return g_string_free(out, FALSE);
}

char *
lj_schema_fold(const char *text, gssize length)
{
    size_t n = length < 0 ? strlen(text) : (size_t)length;
    char *out = g_malloc(n + 1);
    if (fold_plain(text, n, out))
        return out;
    g_free(out);
    return fold_any(text, (gssize)n);
}
