#include "index/delimited.h"
#include "i18n.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct lj_delimited {
    GString *text;
    size_t at;
    unsigned line;
    char separator;
};

GString *
lj_delimited_decode(const char *bytes, size_t length)
{
    const uint8_t *b = (const uint8_t *)bytes;
    const char *charset = "WINDOWS-1252";
    if (length >= 2 && ((b[0] == 0xFF && b[1] == 0xFE) || (b[0] == 0xFE && b[1] == 0xFF)))
        charset = "UTF-16"; /* the mark tells the order */
    else if (g_utf8_validate_len(bytes, length, NULL))
        charset = NULL;
    GString *text = g_string_new(NULL);
    gsize size = 0;
    char *converted = charset ? g_convert_with_fallback(bytes, (gssize)length, "UTF-8", charset,
                                                        "\xEF\xBF\xBD", NULL, &size, NULL)
                              : NULL;
    if (converted) {
        g_string_append_len(text, converted, (gssize)size);
    } else if (charset) { /* bytes that windows-1252 does not have */
        for (size_t i = 0; i < length; i++)
            g_string_append_unichar(text, b[i] ? b[i] : ' ');
    } else {
        g_string_append_len(text, bytes, (gssize)length);
    }
    if (g_str_has_prefix(text->str, "\xEF\xBB\xBF"))
        g_string_erase(text, 0, 3);
    for (size_t i = 0; i < text->len; i++)
        if (!text->str[i])
            text->str[i] = ' ';
    g_free(converted);
    return text;
}

static char
find_separator(const GString *text)
{
    static const char separators[] = ";,\t";
    size_t count[3] = {0};
    bool quoted = false;
    for (const char *p = text->str; *p && (quoted || (*p != '\n' && *p != '\r')); p++) {
        quoted ^= *p == '"';
        const char *found = quoted ? NULL : strchr(separators, *p);
        if (found)
            count[found - separators]++;
    }
    size_t best = 1; /* a comma, where there is but one column */
    for (size_t i = 0; i < 3; i++)
        if (count[i] > count[best])
            best = i;
    return separators[best];
}

struct lj_delimited *
lj_delimited_read(const char *bytes, size_t length)
{
    struct lj_delimited *cells = g_new0(struct lj_delimited, 1);
    cells->text = lj_delimited_decode(bytes, length);
    cells->line = 1;
    cells->separator = find_separator(cells->text);
    /* "sep=;" on a line of its own is for spreadsheets only. */
    const char *text = cells->text->str;
    if (g_ascii_strncasecmp(text, "sep=", 4) == 0 && text[4] &&
        (text[5] == '\r' || text[5] == '\n')) {
        cells->separator = text[4];
        cells->at = text[5] == '\r' && text[6] == '\n' ? 7 : 6;
        cells->line = 2;
    }
    return cells;
}

void
lj_delimited_free(struct lj_delimited *cells)
{
    if (!cells)
        return;
    g_string_free(cells->text, TRUE);
    g_free(cells);
}

/* One cell from p on; returns where it ends, NULL for quotes that are not closed. */
static const char *
read_cell(struct lj_delimited *cells, const char *p, GString *cell)
{
    g_string_truncate(cell, 0);
    if (*p != '"') {
        size_t length = strcspn(p, (const char[]){cells->separator, '\r', '\n', 0});
        g_string_append_len(cell, p, (gssize)length);
        return p + length;
    }
    for (p++; *p; p++) {
        if (*p == '"' && p[1] == '"')
            p++;
        else if (*p == '"')
            break;
        cells->line += *p == '\n';
        g_string_append_c(cell, *p);
    }
    if (!*p)
        return NULL;
    /* What follows the closing quote belongs to the cell, as spreadsheets have it. */
    size_t length = strcspn(++p, (const char[]){cells->separator, '\r', '\n', 0});
    g_string_append_len(cell, p, (gssize)length);
    return p + length;
}

GPtrArray *
lj_delimited_next(struct lj_delimited *cells, unsigned *line, GError **error)
{
    GString *cell = g_string_new(NULL);
    GPtrArray *record = NULL;
    bool blank = true;
    while (blank && cells->text->str[cells->at]) {
        const char *start = cells->text->str + cells->at, *p = start;
        *line = cells->line;
        if (record)
            g_ptr_array_unref(record);
        record = g_ptr_array_new_with_free_func(g_free);
        for (;; p++) {
            p = read_cell(cells, p, cell);
            if (!p)
                break;
            blank &= strspn(cell->str, " \t") == cell->len;
            g_ptr_array_add(record, g_strdup(cell->str));
            if (*p != cells->separator)
                break;
        }
        if (!p) {
            g_set_error_literal(error, LJ_ERROR, LJ_ERROR_FORMAT, _("quotes that are not closed"));
            const char *end = start + strcspn(start, "\n");
            cells->line = *line + 1;
            cells->at = (size_t)(end - cells->text->str) + (*end == '\n');
            g_clear_pointer(&record, g_ptr_array_unref);
            break;
        }
        if (*p == '\r' && p[1] == '\n')
            p++;
        cells->line += *p != 0;
        cells->at = (size_t)(p - cells->text->str) + (*p != 0);
    }
    if (record && blank)
        g_clear_pointer(&record, g_ptr_array_unref);
    g_string_free(cell, TRUE);
    return record;
}
