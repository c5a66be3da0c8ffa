#include "render/render.h"
#include "passage/clean.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

/* Not wcwidth(), which knows nothing beyond ASCII under LC_ALL=C. */
static unsigned
width_of(UChar32 c)
{
    if (c < 0x300)
        return c >= 0x20 && (c < 0x7F || c >= 0xA0) && c != 0xAD;
    if (c >= 0x2010 && c <= 0x2027) /* dashes, quotation marks, ellipsis */
        return 1;
    int8_t type = u_charType(c);
    if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK || type == U_FORMAT_CHAR ||
        type == U_CONTROL_CHAR || (c >= 0x1160 && c <= 0x11FF))
        return 0;
    int east = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
    return east == U_EA_WIDE || east == U_EA_FULLWIDTH ? 2 : 1;
}

unsigned
lj_width(const char *text, gssize length)
{
    size_t n = length < 0 ? strlen(text) : (size_t)length, at = 0;
    unsigned columns = 0;
    while (at < n) {
        UChar32 c;
        U8_NEXT(text, at, n, c);
        columns += c < 0 ? 1 : width_of(c);
    }
    return columns;
}

size_t
lj_width_fit(const char *text, size_t length, unsigned columns)
{
    size_t at = 0, fit = 0;
    unsigned used = 0;
    while (at < length) {
        size_t here = at;
        UChar32 c;
        U8_NEXT(text, at, length, c);
        used += c < 0 ? 1 : width_of(c);
        if (here > 0 && lj_grapheme_border(text, length, here))
            fit = here;
        if (used > columns)
            return fit;
    }
    return length;
}

size_t
lj_points(const char *text, size_t length)
{
    size_t n = 0;
    for (size_t i = 0; i < length; i++)
        n += ((uint8_t)text[i] & 0xC0) != 0x80;
    return n;
}

char *
lj_wrap(const char *text, unsigned columns, unsigned indent)
{
    GString *out = g_string_new(NULL);
    char **words = g_strsplit(text, " ", -1);
    unsigned used = 0;
    for (char **word = words; *word; word++) {
        unsigned width = lj_width(*word, -1);
        if (used > 0 && used + 1 + width > columns) {
            g_string_append_printf(out, "\n%*s", (int)indent, "");
            used = 0;
        } else if (used > 0) {
            g_string_append_c(out, ' ');
            used++;
        }
        g_string_append(out, *word);
        used += width;
    }
    g_strfreev(words);
    return g_string_free(out, FALSE);
}

char *
lj_path_display(const char *path)
{
    GString *out = g_string_new(NULL);
    size_t length = strlen(path), at = 0;
    while (at < length) {
        size_t here = at;
        UChar32 c;
        U8_NEXT(path, at, length, c);
        if (c < 0 || c < 0x20 || (c >= 0x7F && c < 0xA0))
            for (size_t i = here; i < at; i++)
                g_string_append_printf(out, "%%%02X", (uint8_t)path[i]);
        else
            g_string_append_len(out, path + here, (gssize)(at - here));
    }
    return g_string_free(out, FALSE);
}
