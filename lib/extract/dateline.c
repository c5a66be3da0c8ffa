/* The date that a document says of itself: in its masthead, in a sentence of its head, in its file's name. */
#include "document/reader.h"
#include "extract/describe.h"
#include "extract/lines.h"
#include "legajo/date.h"

#include <stdio.h>
#include <string.h>

#define HEAD_BYTES 3000
/* "La Comisión se reúne en Santiago, a 5 de marzo": what may stand before the place. More tells of something else:
 * "…creada por Gerardo Matos y estrenada en Montevideo, el 19 de abril de 1917". */
#define PREAMBLE_BYTES 60

/* "Ciudad de México, " "Montevideo, a " "Bs. As., ": one to six capitalised words, perhaps linked
 * by de, del, la…, and a comma, unless none is asked for. What stands before a date at the head of a line. */
static bool
is_place(const char *text, size_t length, bool comma)
{
    char *place = g_strstrip(g_strndup(text, length));
    static const char *const tails[] = {" a los", " a",        " al",    "lunes",
                                        "martes", "miércoles", "jueves", "viernes",
                                        "sábado", "domingo",   " el"};
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < G_N_ELEMENTS(tails); i++) {
            size_t n = strlen(place), t = strlen(tails[i]);
            if (n >= t && g_ascii_strncasecmp(place + n - t, tails[i], t) == 0) {
                place[n - t] = 0;
                break;
            }
        }
        g_strchomp(place);
    }
    size_t n = strlen(place);
    bool good = n >= 4 && n <= 60 && (!comma || place[n - 1] == ',');
    int capitals = 0;
    for (char *rest = place, *word; good && (word = strsep(&rest, " ,"));) {
        if (!*word)
            continue;
        gunichar first = g_utf8_get_char(word);
        if (g_unichar_isupper(first))
            capitals++;
        else
            good = lj_word_among(word, "de del la las los el en y");
        good = good && !strpbrk(word, "0123456789");
    }
    g_free(place);
    return good && capitals >= 1 && capitals <= 6;
}

/* What may follow a dateline: nothing, a little ("Hora: 10:00" is too much), or a dash. */
static bool
ends_dateline(const char *rest, size_t length)
{
    while (length > 0 &&
           (*rest == '.' || *rest == ' ' || *rest == ',' || *rest == ')' || *rest == '*'))
        rest++, length--;
    return length <= 12 || *rest == '-' || memcmp(rest, "\xe2\x80\x93", 3) == 0 ||
           memcmp(rest, "\xe2\x80\x94", 3) == 0 || *rest == '|';
}

/* A date that is a line's own affair. dated: there is one in the text that a label need not tell. */
static bool
masthead_date(struct lj_line line, bool dated, struct lj_interval *when)
{
    while (line.length > 0 && strchr("#*>_ (", *line.start))
        line.start++, line.length--;
    size_t used, label = lj_line_date_label(line);
    if (label > 0 && lj_date_read(line.start + label, line.length - label, true, &used, when))
        return true;
    size_t at = 0, start, end;
    size_t look = MIN(line.length, 160);
    if (!dated || !lj_date_find(line.start, look, &at, &start, &end, when))
        return false;
    const char *rest = line.start + end;
    size_t left = line.length - end;
    if (!ends_dateline(rest, left))
        return false;
    size_t word = 0; /* a weekday, "a los" and the like before it count as the date's */
    struct lj_interval same;
    if (start == 0 || (lj_date_read(line.start, look, false, &word, &same) && word == end))
        return left <= 40;
    return is_place(line.start, start, left > 2);
}

/* The line, or one of the cells that a sign parts it into: "Serie A⇥18 de octubre de 2024⇥Núm. 36-1",
 * "Presidencia de la República | 08 de enero de 2019". */
static bool
row_date(struct lj_line line, char sign, bool dated, struct lj_interval *when)
{
    for (;;) {
        const char *tab = memchr(line.start, sign, line.length);
        struct lj_line cell = {line.start, tab ? (size_t)(tab - line.start) : line.length};
        if (masthead_date(cell, dated, when))
            return true;
        if (!tab)
            return false;
        line.length -= (size_t)(tab + 1 - line.start);
        line.start = tab + 1;
        while (line.length > 0 && *line.start == ' ')
            line.start++, line.length--;
    }
}

/* Does the sentence of the line before go on in this one? "…la ley 15.365, de 30 de" and "diciembre de 1982." are
 * no masthead. before: the line that stands directly above; of length 0: none. */
static bool
goes_on(struct lj_line before, struct lj_line line)
{
    static const char *const links[] = {" de",  " del", " el", " en",  " a",   " al",  " con",
                                        " día", " y",   " la", " los", " las", " que", " desde"};
    if (before.length == 0 || line.length == 0)
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(links); i++) {
        size_t n = strlen(links[i]);
        if (before.length > n && memcmp(before.start + before.length - n, links[i], n) == 0)
            return true;
    }
    /* "12 de marzo de 2025" under a long title is its own affair */
    static const char *const starts[] = {
        "el ",   "enero",  "febrero",    "marzo",     "abril",   "mayo",      "junio",
        "julio", "agosto", "septiembre", "setiembre", "octubre", "noviembre", "diciembre"};
    bool small = false;
    for (size_t i = 0; i < G_N_ELEMENTS(starts) && !small; i++)
        small = line.length > strlen(starts[i]) &&
                memcmp(line.start, starts[i], strlen(starts[i])) == 0;
    return before.length > 45 && small && !strchr(".:;!?)|", before.start[before.length - 1]);
}

/* Where the sentence of a date begins, or with lines its line, at most so many bytes before it. */
static size_t
sentence_start(const char *text, size_t start, size_t most, bool lines)
{
    size_t from = start > most ? start - most : 0;
    for (size_t i = start; i > from; i--)
        if (text[i - 1] == ';' || (text[i - 1] == '\n' && (lines || text[i] == '\n')) ||
            (text[i - 1] == '.' && g_ascii_isspace(text[i]) && i + 8 < start)) {
            from = i;
            break;
        }
    while (from < start && ((uint8_t)text[from] & 0xC0) == 0x80)
        from++;
    return from;
}

/* "Nueva Ley publicada en el Diario Oficial de la Federación el 8 de marzo de 2022": the line begins with what the
 * text is and names no other by its number. */
static bool
is_publication(const char *text, size_t start)
{
    static const char *const kinds[] = {"nueva ",      "nuevo ",    "ley ",     "codigo ",
                                        "reglamento ", "estatuto ", "decreto ", "constitucion ",
                                        "acuerdo ",    "texto ",    "publicad"};
    size_t from = sentence_start(text, start, 200, true);
    char *before = lj_schema_fold(text + from, (gssize)(start - from));
    g_strchug(before);
    bool kind = false;
    for (size_t i = 0; i < G_N_ELEMENTS(kinds) && !kind; i++)
        kind = g_str_has_prefix(before, kinds[i]);
    bool published = kind && strstr(before, "publicad") && !strpbrk(before, "0123456789");
    g_free(before);
    return published;
}

/* Does the head give this date as its own? A date that a sentence mentions is that of something else far
 * more often than not ("Ley N° 19.924, de 5 de julio de 2021"): it counts behind a place ("…, en Santiago, a
 * 5 de marzo"), a label ("Sancionada:"), or words of a meeting or a signature, where nothing is cited. */
static bool
is_own(const char *text, size_t start)
{
    static const char *const others[] = {
        "ley",        "leyes",       "decreto",    "decretos",  "resolucion", "orden",
        "acuerdo",    "reglamento",  "nº",         "n°",        "num",        "no",
        "acuerdos",   "convenio",    "tratado",    "vigencia",  "vigor",      "partir",
        "desde",      "hasta",       "expediente", "vence",     "nacido",     "nacida",
        "nacio",      "suscrito",    "suscripto",  "suscrita",  "suscripta",  "protocolo",
        "convencion", "articulo",    "art",        "contrato",  "modificado", "modificada",
        "feriado",    "aniversario", "denuncia",   "solicitud", "ordenanza",  "oficio"};
    static const char *const cues[] = {
        " sesion",        "celebrada el", "celebrado el",    "dado en",      "dada en",
        "fechado en",     "fechada en",   "boletin oficial", "horas del",    "gaceta",
        "diario oficial", "publicado el", "publicada el",    "publicado en", "publicada en",
        "sancionada:",    "sancionado:",  "promulgada:",     "publicada:",   "promulgacion:",
        "publicacion:",   "sancion:",     "fecha:",          "comunicado"};
    size_t from = sentence_start(text, start, 300, false);
    char *before = lj_schema_fold(text + from, (gssize)(start - from));
    bool cited = false, own = false;
    for (size_t i = 0; i < G_N_ELEMENTS(cues) && !own; i++)
        own = strstr(before, cues[i]) != NULL;
    for (char *rest = before, *word; !cited && (word = strsep(&rest, " ,.:()\n\t\""));)
        for (size_t i = 0; i < G_N_ELEMENTS(others) && !cited; i++)
            cited = *word == *others[i] && strcmp(word, others[i]) == 0;
    g_free(before);
    from = sentence_start(text, start, 100, true);
    if (!cited && !own && start - from >= 4) {
        const char *en = g_strrstr_len(text + from, (gssize)(start - from), " en ");
        own = is_place(text + from, start - from, true) ||
              (en && en - (text + sentence_start(text, start, 300, false)) <= PREAMBLE_BYTES &&
               is_place(en + 4, start - (size_t)(en + 4 - text), true));
    }
    return (own && !cited) || is_publication(text, start);
}

/* 2026-01-21-nota, 20260121, nota_21-01-2026, 2026-01: a date that stands by itself in a name. */
static bool
name_date(const char *name, struct lj_interval *when)
{
    size_t length = strlen(name);
    for (size_t i = 0; i < length; i++) {
        if (!g_ascii_isdigit(name[i]) || (i > 0 && g_ascii_isdigit(name[i - 1])))
            continue;
        size_t run = 0;
        while (g_ascii_isdigit(name[i + run]))
            run++;
        char iso[11];
        if (run == 8) {
            g_snprintf(iso, sizeof iso, "%.4s-%.2s-%.2s", name + i, name + i + 4, name + i + 6);
            if (strncmp(iso, "17", 2) >= 0 && strncmp(iso, "21", 2) < 0 &&
                lj_interval_from_iso(iso, -1, when))
                return true;
            g_snprintf(iso, sizeof iso, "%.4s-%.2s-%.2s", name + i + 4, name + i + 2, name + i);
            if (strncmp(iso, "17", 2) >= 0 && strncmp(iso, "21", 2) < 0 &&
                lj_interval_from_iso(iso, -1, when))
                return true;
            continue;
        }
        unsigned a, b, c;
        char sign, sign2;
        int taken = 0;
        if (run > 4 || !name[i + run] || !strchr("-_. ", name[i + run]) ||
            sscanf(name + i, "%4u%c%2u%c%4u%n", &a, &sign, &b, &sign2, &c, &taken) != 5 ||
            taken == 0 || sign != sign2 || !strchr("-_. ", sign) ||
            g_ascii_isdigit(name[i + (size_t)taken]))
            continue;
        if (run == 4)
            g_snprintf(iso, sizeof iso, "%04u-%02u-%02u", a % 10000, b % 100, c % 100);
        else if (run <= 2 && c >= 1700 && c < 2100)
            g_snprintf(iso, sizeof iso, "%04u-%02u-%02u", c % 10000, b % 100, a % 100);
        else
            continue;
        if (c <= 9999 && b <= 12 && lj_interval_from_iso(iso, -1, when))
            return true;
    }
    /* a month: 2026-01-boletin */
    unsigned year, month;
    int taken = 0;
    if (g_ascii_isdigit(*name) && strchr(name, '-') &&
        sscanf(name, "%4u-%2u%n", &year, &month, &taken) == 2 && taken == 7 && year >= 1700 &&
        year < 2100 && !g_ascii_isdigit(name[7])) {
        char iso[8];
        g_snprintf(iso, sizeof iso, "%04u-%02u", year, month % 100);
        return lj_interval_from_iso(iso, -1, when);
    }
    return false;
}

void
lj_describe_find_date(struct lj_document *document, const char *name)
{
    const char *text = document->text->str;
    size_t length = MIN(document->text->len, HEAD_BYTES), at = 0;
    struct lj_line line, before = {NULL, 0};
    struct lj_interval when;
    enum lj_date_rung rung = LJ_DATE_NONE;
    /* Of a PDF, what stands in one row may be the header's parts; elsewhere cells are a table's. */
    bool rows = document->mime && strcmp(document->mime, "application/pdf") == 0;
    size_t start, end;
    bool dated = lj_date_find(text, length, &at, &start, &end, &when);
    at = 0;
    for (int lines = 0;
         lines < 30 && rung == LJ_DATE_NONE && lj_line_next(text, length, &at, &line);) {
        if (line.length == 0) {
            before = line;
            continue;
        }
        lines++;
        bool cells = !rows && *line.start != '|' && memchr(line.start, '|', line.length);
        if ((rows || cells ? row_date(line, rows ? '\t' : '|', dated, &when)
                           : masthead_date(line, dated, &when)) &&
            !goes_on(before, line))
            rung = LJ_DATE_MASTHEAD;
        before = line;
    }
    size_t head = MIN(length, 1500);
    for (at = 0;
         dated && rung == LJ_DATE_NONE && lj_date_find(text, head, &at, &start, &end, &when);)
        if (is_own(text, start))
            rung = LJ_DATE_TEXT;
    if (rung == LJ_DATE_NONE && name_date(name, &when))
        rung = LJ_DATE_FILE_NAME;
    if (rung == LJ_DATE_NONE)
        return;
    document->date = lj_interval_to_iso(&when);
    document->date_from = document->date ? rung : LJ_DATE_NONE;
}
