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
        char *title = g_strndup(line.start, cut_title(line.start, line.length));
        while (!g_utf8_validate(title, -1, NULL) && *title) /* HEAD_BYTES may split a character */
            title[strlen(title) - 1] = 0;
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
    bool made_up = strlen(folded) < 4 || is_numbered(folded);
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
