/* A document's title: its first words, unless its properties hold one that no program made up; its author. */
#include "extract/describe.h"
#include "extract/lines.h"
#include "legajo/date.h"

#include <string.h>

#define HEAD_BYTES 3000
#define TITLE_BYTES 200

/* Cuts at a sentence end, else at a blank, within TITLE_BYTES; 0 < result <= length. */
static size_t
cut_title(const char *text, size_t length)
{
    if (length <= TITLE_BYTES)
        return length;
    size_t blank = 0;
    for (size_t i = TITLE_BYTES; i > 20; i--) {
        if (!lj_is_blank(text[i]))
            continue;
        if (blank == 0)
            blank = i;
        if (strchr(".?!;:", text[i - 1]))
            return text[i - 1] == '.' ? i - 1 : i;
    }
    if (blank > 0)
        return blank;
    size_t end = TITLE_BYTES;
    while (end > 0 && ((uint8_t)text[end] & 0xC0) == 0x80)
        end--;
    return end;
}

static bool
has_letters(struct lj_line line)
{
    int letters = 0;
    for (size_t i = 0; i < line.length && letters < 3; i++)
        letters += g_ascii_isalpha(line.start[i]) || (uint8_t)line.start[i] >= 0xC3;
    return letters >= 3;
}

/* "Artículo 1o", "FELIPE VI": a law that begins so does not name itself in its head, and neither do the lines
 * after. */
static bool
names_nothing(struct lj_line line)
{
    static const char *const kings[] = {"felipe vi", "juan carlos i"};
    char *folded = lj_schema_fold(line.start, (gssize)MIN(line.length, 60));
    bool found = false;
    for (size_t i = 0; i < G_N_ELEMENTS(kings) && !found; i++) {
        size_t n = strlen(kings[i]);
        found = g_str_has_prefix(folded, kings[i]) &&
                (folded[n] == 0 || strchr(",. ", folded[n])) && line.length < 60;
    }
    found = found || (g_str_has_prefix(folded, "articulo ") && line.length <= 16);
    g_free(folded);
    return found;
}

/* "VALPARAÍSO, 30 de enero de 2026": a letter begins so, and it is no title. */
static bool
is_dateline(struct lj_line line)
{
    const char *comma = memchr(line.start, ',', MIN(line.length, 60));
    struct lj_interval when;
    size_t used = 0;
    if (!comma)
        return false;
    const char *date = comma + 1, *end = line.start + line.length;
    while (date < end && lj_is_blank(*date))
        date++;
    return lj_date_read(date, (size_t)(end - date), false, &used, &when) && date + used + 3 > end;
}

/* Letters, and capitals alone. */
static bool
is_capitals(struct lj_line line)
{
    bool letter = false;
    const char *end = line.start + line.length;
    for (const char *p = line.start; p < end; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char_validated(p, end - p);
        if (c == (gunichar)-1 || c == (gunichar)-2 || g_unichar_islower(c))
            return false;
        letter |= g_unichar_isupper(c);
    }
    return letter;
}

/* Does a title in capitals go on in the next line? It does where either of them says so ("LEY DE ACCESO A LA"
 * "INFORMACIÓN PÚBLICA"; "INFORME DE LA COMISIÓN" "RECAÍDO EN …"): else the next line is who says it. */
static bool
goes_on(struct lj_line line, struct lj_line next)
{
    static const char *const ends[] = {" de",  " la",   " las", " el",   " los", " del",
                                       " y",   " e",    " a",   " al",   " en",  " con",
                                       " por", " para", " que", " sobre"};
    static const char *const heads[] = {"recaid", "que ", "por ",  "sobre ",  "de ",      "del ",
                                        "y ",     "en ",  "para ", "relativ", "mediante "};
    if (next.length == 0 || !is_capitals(line) || !is_capitals(next))
        return false;
    char *folded = lj_schema_fold(line.start, (gssize)line.length);
    bool on = false;
    for (size_t i = 0; i < G_N_ELEMENTS(ends) && !on; i++)
        on = g_str_has_suffix(folded, ends[i]);
    g_free(folded);
    for (size_t i = 0; i < G_N_ELEMENTS(heads) && !on; i++)
        on = lj_line_folded_prefix(next, heads[i]) > 0;
    return on;
}

/* The title that begins with the line; at: where the next line begins. g_free. */
static char *
title_from(const struct lj_document *document, struct lj_line line, size_t at)
{
    GString *title = g_string_new_len(line.start, (gssize)cut_title(line.start, line.length));
    struct lj_line next;
    while (title->len < TITLE_BYTES) {
        if (!lj_line_next(document->text->str, MIN(document->text->len, HEAD_BYTES), &at, &next) ||
            title->len + next.length > TITLE_BYTES || !goes_on(line, next))
            break;
        g_string_append_c(title, ' ');
        g_string_append_len(title, next.start, (gssize)next.length);
        line = next;
    }
    while (!g_utf8_validate(title->str, -1, NULL) &&
           title->len > 0) /* HEAD_BYTES may split a character */
        g_string_truncate(title, title->len - 1);
    return g_string_free(title, FALSE);
}

void
lj_describe_find_title(struct lj_document *document, const char *name)
{
    size_t at = 0;
    struct lj_line line;
    struct lj_interval when;
    bool sheet =
        document->mime && strstr(document->mime, "spreadsheet"); /* names of columns are no title */
    while (!sheet &&
           lj_line_next(document->text->str, MIN(document->text->len, HEAD_BYTES), &at, &line)) {
        size_t label = lj_line_date_label(line), used = 0;
        if (label > 0 &&
            lj_date_read(line.start + label, line.length - label, true, &used, &when)) {
            line.start += label + used;
            line.length -= label + used;
        } else if (lj_date_read(line.start, line.length, false, &used, &when) &&
                   used + 3 > line.length) {
            continue;
        }
        while (line.length > 0 && strchr("#*>_-=. \t", *line.start))
            line.start++, line.length--;
        while (line.length > 0 && strchr("#*_ \t", line.start[line.length - 1]))
            line.length--;
        if (!has_letters(line))
            continue;
        if (names_nothing(line))
            break;
        if (is_dateline(line))
            continue;
        char *title = title_from(document, line, at);
        lj_document_add_field(document, "title", title);
        g_free(title);
        return;
    }
    char *stem = g_strdup(name);
    char *dot = strrchr(stem, '.');
    if (dot && dot > stem)
        *dot = 0;
    g_strdelimit(stem, "_-", ' ');
    lj_document_add_field(document, "title", stem);
    g_free(stem);
}

/* --- what programs claim --------------------------------------------------------------------- */

/* "OFICIO 2", "Escrito 14": what a secretary calls the file. */
static bool
is_numbered(const char *folded)
{
    static const char *const kinds[] = {"oficio ", "escrito ",  "carta ",
                                        "hoja ",   "borrador ", "texto "};
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (g_str_has_prefix(folded, kinds[i])) {
            const char *number = folded + strlen(kinds[i]);
            return *number && strspn(number, "0123456789 .()") == strlen(number);
        }
    return false;
}

/* Titles that programs make up: "Microsoft Word - Documento1", "informe_v2.docx", "untitled". */
bool
lj_describe_made_up(const char *title)
{
    static const char *const starts[] = {"microsoft ",
                                         "documento",
                                         "untitled",
                                         "unknown",
                                         "desconocido",
                                         "sin titulo",
                                         "presentacion de powerpoint",
                                         "powerpoint ",
                                         "print ",
                                         "http:",
                                         "https:",
                                         "file:",
                                         "libro1",
                                         "document1"};
    char *folded = lj_schema_fold(title, -1);
    bool made_up = strlen(folded) < 4 || is_numbered(folded) || strcmp(folded, "titulo") == 0 ||
                   strcmp(folded, "title") == 0;
    for (size_t i = 0; i < G_N_ELEMENTS(starts) && !made_up; i++)
        made_up = g_str_has_prefix(folded, starts[i]);
    size_t n = strlen(folded);
    const char *dot = strrchr(folded, '.');
    made_up = made_up || (dot && n - (size_t)(dot - folded) <= 5 &&
                          n - (size_t)(dot - folded) >= 4 && !strchr(dot, ' '));
    made_up =
        made_up || (!strchr(folded, ' ') && (strchr(folded, '_') || strpbrk(folded, "0123456789")));
    g_free(folded);
    return made_up;
}

/* Do the title's longer words stand on the first pages? A title from another document's template
 * does not. */
static bool
stands_in(const char *title, const char *text, size_t length)
{
    char *head = lj_schema_fold(text, (gssize)MIN(length, 6000)),
         *folded = lj_schema_fold(title, -1);
    char **words = g_strsplit_set(folded, " ,.;:()\"'-", -1);
    int found = 0, asked = 0;
    for (char **word = words; *word; word++)
        if (strlen(*word) >= 4) {
            asked++;
            found += strstr(head, *word) != NULL;
        }
    g_strfreev(words);
    g_free(folded);
    g_free(head);
    return asked > 0 && found * 3 >= asked * 2;
}

void
lj_describe_claimed_title(struct lj_document *document, const char *title)
{
    if (title && g_utf8_validate(title, -1, NULL) && !lj_describe_made_up(title) &&
        stands_in(title, document->text->str, document->text->len))
        lj_document_add_field(document, "title", title);
}

void
lj_describe_claimed_author(struct lj_document *document, const char *author)
{
    if (!author || !g_utf8_validate(author, -1, NULL) || !strchr(author, ' ') ||
        strpbrk(author, "0123456789@_\\"))
        return;
    char *folded = lj_schema_fold(author, -1);
    if (!strstr(folded, "unknown") && !strstr(folded, "desconocido") &&
        !strstr(folded, "usuario") && !strstr(folded, "user") && !strstr(folded, "microsoft"))
        lj_document_add_field(document, "author", author);
    g_free(folded);
}

void
lj_describe_keywords(struct lj_document *document, const char *keywords)
{
    if (!keywords || !g_utf8_validate(keywords, -1, NULL))
        return;
    char **parts = g_strsplit_set(keywords, ",;", 64);
    for (char **part = parts; *part; part++)
        lj_document_add_field(document, "subject", *part);
    g_strfreev(parts);
}
