#include "extract/lines.h"

#include <glib.h>
#include <stdint.h>
#include <string.h>

bool
lj_is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

bool
lj_line_next(const char *text, size_t length, size_t *at, struct lj_line *line)
{
    if (*at >= length)
        return false;
    const char *start = text + *at;
    const char *end = memchr(start, '\n', length - *at);
    if (!end)
        end = text + length;
    *at = (size_t)(end - text) + 1;
    while (start < end && lj_is_blank(*start))
        start++;
    while (end > start && lj_is_blank(end[-1]))
        end--;
    /* a no-break space is a blank, too */
    while (end - start >= 2 && memcmp(start, "\xc2\xa0", 2) == 0)
        start += 2;
    *line = (struct lj_line){start, (size_t)(end - start)};
    return true;
}

bool
lj_line_has_prefix(struct lj_line line, const char *prefix)
{
    size_t n = strlen(prefix);
    return line.length >= n && g_ascii_strncasecmp(line.start, prefix, n) == 0;
}

/* The letter that U+00C0…U+00FF is without accent, in lower case; ñ stays as the byte of its second
 * half, 0xB1. */
static const char latin1_base[] = "aaaaaaaceeeeiiiid\xb1ooooo*ouuuuyts"
                                  "aaaaaaaceeeeiiiid\xb1ooooo/ouuuuyty";

size_t
lj_line_folded_prefix(struct lj_line line, const char *prefix)
{
    size_t i = 0;
    for (const char *p = prefix; *p; p++) {
        if (i >= line.length)
            return 0;
        uint8_t c = (uint8_t)line.start[i];
        if (c < 0x80) {
            if ((uint8_t)g_ascii_tolower(line.start[i]) != (uint8_t)*p)
                return 0;
            i++;
            continue;
        }
        if (c != 0xC3 || i + 1 >= line.length)
            return 0;
        uint8_t base = (uint8_t)latin1_base[(uint8_t)line.start[i + 1] & 0x3F];
        if ((uint8_t)*p == 0xC3) /* the ñ of the prefix */
            p++;
        if (base != (uint8_t)*p)
            return 0;
        i += 2;
    }
    return i;
}

static const char *const labels[] = {
    "date",      "fecha de publicacion", "fecha", "publicado el", "publicado",
    "published", "publicacion"};

size_t
lj_line_date_label(struct lj_line line)
{
    if (line.length == 0 || !strchr("dfpDFP", *line.start))
        return 0;
    for (size_t i = 0; i < G_N_ELEMENTS(labels); i++) {
        size_t n = lj_line_folded_prefix(line, labels[i]);
        if (n == 0 || n == line.length || (line.start[n] != ' ' && line.start[n] != ':'))
            continue;
        while (n < line.length && (line.start[n] == ' ' || line.start[n] == ':' ||
                                   line.start[n] == '*' || line.start[n] == '\t'))
            n++;
        return n;
    }
    return 0;
}
