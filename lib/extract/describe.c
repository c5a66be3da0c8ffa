#include "extract/describe.h"
#include "legajo/date.h"

#include <stdio.h>
#include <string.h>

#define HEAD_BYTES 3000
#define TITLE_BYTES 200

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

/* A line of the text without blanks at its ends. */
struct line {
    const char *start;
    size_t length;
};

/* The line at *at; moves *at to the next. False at the end. */
static bool
next_line(const char *text, size_t length, size_t *at, struct line *line)
{
    if (*at >= length)
        return false;
    const char *start = text + *at;
    const char *end = memchr(start, '\n', length - *at);
    if (!end)
        end = text + length;
    *at = (size_t)(end - text) + 1;
    while (start < end && is_blank(*start))
        start++;
    while (end > start && is_blank(end[-1]))
        end--;
    /* a no-break space is a blank, too */
    while (end - start >= 2 && memcmp(start, "\xc2\xa0", 2) == 0)
        start += 2;
    *line = (struct line){start, (size_t)(end - start)};
    return true;
}

static bool
has_prefix(struct line line, const char *prefix)
{
    size_t n = strlen(prefix);
    return line.length >= n && g_ascii_strncasecmp(line.start, prefix, n) == 0;
}

/* The letter that U+00C0…U+00FF is without accent, in lower case; ñ stays as the byte of its second
 * half, 0xB1. */
static const char latin1_base[] = "aaaaaaaceeeeiiiid\xb1ooooo*ouuuuyts"
                                  "aaaaaaaceeeeiiiid\xb1ooooo/ouuuuyty";

/* Case and accents aside: does the line begin with the folded prefix? Returns the bytes it takes, 0
 * for no. Composed letters of Latin-1 only: text is NFC, and the words looked for are Spanish. */
static size_t
folded_prefix(struct line line, const char *prefix)
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

bool
lj_describe_date(struct lj_document *document, const char *value, enum lj_date_rung rung)
{
    if (document->date && document->date_from <= rung)
        return true;
    while (*value && is_blank(*value))
        value++;
    struct lj_interval when;
    size_t used = 0;
    if (!lj_interval_from_iso(value, -1, &when) &&
        !lj_date_read(value, strlen(value), true, &used, &when))
        return false;
    g_free(document->date);
    document->date = lj_interval_to_iso(&when);
    document->date_from = document->date ? rung : LJ_DATE_NONE;
    return document->date != NULL;
}

/* Keys that mean the document's date, best first, folded. */
static const char *const date_keys[] = {"date",
                                        "fecha",
                                        "publication_date",
                                        "fecha_publicacion",
                                        "fecha_de_publicacion",
                                        "publication date",
                                        "published",
                                        "publicado",
                                        "date_published",
                                        "datepublished",
                                        "issued"};

static bool
is_url(const char *value)
{
    return g_str_has_prefix(value, "http://") || g_str_has_prefix(value, "https://");
}

/* Keys come again with every record: what each means is found once. The table is bounded, since
 * keys are the documents' own. */
struct meaning {
    const struct lj_field *field;
    int date; /* place in date_keys, -1: none */
};

#define MEANINGS 512

static const struct meaning *
key_meaning(const char *key)
{
    static GHashTable *known; /* of the helper's one thread */
    if (!known)
        known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    struct meaning *meaning = g_hash_table_lookup(known, key);
    if (meaning)
        return meaning;
    if (g_hash_table_size(known) >= MEANINGS)
        g_hash_table_remove_all(known);
    meaning = g_new(struct meaning, 1);
    char *folded = lj_schema_fold(key, -1);
    meaning->field = lj_field_find(folded, -1);
    meaning->date = -1;
    for (size_t i = 0; i < G_N_ELEMENTS(date_keys); i++)
        if (strcmp(folded, date_keys[i]) == 0)
            meaning->date = (int)i;
    if (strcmp(folded, "tags") == 0 || strcmp(folded, "etiquetas") == 0)
        meaning->field = &lj_field_table()[LJ_FIELD_SUBJECT];
    g_free(folded);
    g_hash_table_insert(known, g_strdup(key), meaning);
    return meaning;
}

void
lj_describe_field(struct lj_document *document, const char *key, const char *value,
                  enum lj_date_rung rung)
{
    const struct meaning *meaning = key_meaning(key);
    const struct lj_field *field = meaning->field;
    const char *name = key;
    if (meaning->date >= 0) {
        /* "publication_date" where "date" stands too is one more thing to know */
        if (document->date_from != rung && lj_describe_date(document, value, rung))
            return;
        if (meaning->date == 0)
            name = "date_text"; /* not a date: kept, under a name that is no field's */
    }
    /* What the index derives keeps its key: what a record says there is its own affair. */
    if (field && lj_field_is_said(field))
        name = field->name;
    else if (field && field->id == LJ_FIELD_SOURCE && is_url(value) &&
             !lj_document_field(document, "url"))
        name = "url";
    else if (field && field->id == LJ_FIELD_ID)
        name = "identifier"; /* the id is the index's to give */
    bool list = field && field->list;
    if (name != key && !list && lj_document_field(document, name))
        name = key; /* a second title keeps its own name */
    lj_document_add_field(document, name, value);
}

/* --- date ------------------------------------------------------------------------------------ */

static const char *const labels[] = {
    "date",      "fecha de publicacion", "fecha", "publicado el", "publicado",
    "published", "publicacion"};

/* Bytes of a label such as "Fecha:" or " date " before a date; 0: none. */
static size_t
date_label(struct line line)
{
    for (size_t i = 0; i < G_N_ELEMENTS(labels); i++) {
        size_t n = folded_prefix(line, labels[i]);
        if (n == 0 || n == line.length || (line.start[n] != ' ' && line.start[n] != ':'))
            continue;
        while (n < line.length && (line.start[n] == ' ' || line.start[n] == ':' ||
                                   line.start[n] == '*' || line.start[n] == '\t'))
            n++;
        return n;
    }
    return 0;
}

/* "Ciudad de México, " "Montevideo, a " "Bs. As., ": one to six capitalised words, perhaps linked
 * by de, del, la…, and a comma. What stands before a date at the head of a line. */
static bool
is_place(const char *text, size_t length)
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
    bool good = n >= 4 && n <= 60 && place[n - 1] == ',';
    char **words = g_strsplit_set(place, " ,", -1);
    int capitals = 0;
    for (char **word = words; good && *word; word++) {
        if (!**word)
            continue;
        gunichar first = g_utf8_get_char(*word);
        if (g_unichar_isupper(first))
            capitals++;
        else if (strcmp(*word, "de") && strcmp(*word, "del") && strcmp(*word, "la") &&
                 strcmp(*word, "las") && strcmp(*word, "los") && strcmp(*word, "el") &&
                 strcmp(*word, "en") && strcmp(*word, "y"))
            good = false;
        for (const char *p = *word; *p; p++)
            if (g_ascii_isdigit(*p))
                good = false;
    }
    g_strfreev(words);
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

/* A date that is a line's own affair. */
static bool
masthead_date(struct line line, struct lj_interval *when)
{
    while (line.length > 0 && strchr("#*>_ (", *line.start))
        line.start++, line.length--;
    size_t used, label = date_label(line);
    if (label > 0 && lj_date_read(line.start + label, line.length - label, true, &used, when))
        return true;
    size_t at = 0, start, end;
    size_t look = MIN(line.length, 160);
    if (!lj_date_find(line.start, look, &at, &start, &end, when))
        return false;
    const char *rest = line.start + end;
    size_t left = line.length - end;
    if (!ends_dateline(rest, left))
        return false;
    size_t word = 0; /* a weekday, "a los" and the like before it count as the date's */
    struct lj_interval same;
    if (start == 0 || (lj_date_read(line.start, look, false, &word, &same) && word == end))
        return left <= 40;
    return is_place(line.start, start);
}

/* The line, or one of the cells that tabs part it into: "Serie A⇥18 de octubre de 2024⇥Núm. 36-1". */
static bool
row_date(struct line line, struct lj_interval *when)
{
    for (;;) {
        const char *tab = memchr(line.start, '\t', line.length);
        struct line cell = {line.start, tab ? (size_t)(tab - line.start) : line.length};
        if (masthead_date(cell, when))
            return true;
        if (!tab)
            return false;
        line.length -= (size_t)(tab + 1 - line.start);
        line.start = tab + 1;
    }
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

/* Does the head give this date as its own? A date that a sentence mentions is that of something else far
 * more often than not ("Ley N° 19.924, de 5 de julio de 2021"): it counts behind a place ("…, en Santiago, a
 * 5 de marzo"), a label ("Sancionada:"), or words of a meeting or a signature, where nothing is cited. */
static bool
is_own(const char *text, size_t start)
{
    static const char *const others[] = {
        "ley",         "leyes",      "decreto",   "decretos",   "resolucion", "orden",
        "acuerdo",     "reglamento", "nº",        "n°",         "num",        "no",
        "convenio",    "tratado",    "vigencia",  "vigor",      "partir",     "desde",
        "hasta",       "expediente", "vence",     "nacido",     "nacida",     "nacio",
        "suscrito",    "suscripto",  "suscrita",  "suscripta",  "protocolo",  "convencion",
        "articulo",    "art",        "contrato",  "modificado", "modificada", "feriado",
        "aniversario", "denuncia",   "solicitud", "ordenanza",  "oficio"};
    static const char *const cues[] = {
        "sesion",        "celebrada el",   "celebrado el", "dado en",      "dada en",
        "firmado en",    "firmada en",     "fechado en",   "fechada en",   "boletin oficial",
        "gaceta",        "diario oficial", "publicado el", "publicada el", "publicado en",
        "publicada en",  "sancionada:",    "sancionado:",  "promulgada:",  "publicada:",
        "promulgacion:", "publicacion:",   "sancion:",     "fecha:",       "comunicado"};
    size_t from = sentence_start(text, start, 300, false);
    char *before = lj_schema_fold(text + from, (gssize)(start - from));
    char **tokens = g_strsplit_set(before, " ,.:()\n\t\"", -1);
    bool cited = false, own = false;
    for (char **token = tokens; *token && !cited; token++)
        for (size_t i = 0; i < G_N_ELEMENTS(others) && !cited; i++)
            cited = strcmp(*token, others[i]) == 0;
    for (size_t i = 0; i < G_N_ELEMENTS(cues) && !own; i++)
        own = strstr(before, cues[i]) != NULL;
    g_strfreev(tokens);
    g_free(before);
    from = sentence_start(text, start, 100, true);
    if (!cited && !own && start - from >= 4) {
        const char *en = g_strrstr_len(text + from, (gssize)(start - from), " en ");
        own = is_place(text + from, start - from) ||
              (en && is_place(en + 4, start - (size_t)(en + 4 - text)));
    }
    return own && !cited;
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
        if (run > 4 ||
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
    if (sscanf(name, "%4u-%2u%n", &year, &month, &taken) == 2 && taken == 7 && year >= 1700 &&
        year < 2100 && !g_ascii_isdigit(name[7])) {
        char iso[8];
        g_snprintf(iso, sizeof iso, "%04u-%02u", year, month % 100);
        return lj_interval_from_iso(iso, -1, when);
    }
    return false;
}

static void
find_date(struct lj_document *document, const char *name)
{
    const char *text = document->text->str;
    size_t length = MIN(document->text->len, HEAD_BYTES), at = 0;
    struct line line;
    struct lj_interval when;
    enum lj_date_rung rung = LJ_DATE_NONE;
    /* Of a PDF, what stands in one row may be the header's parts; elsewhere cells are a table's. */
    bool rows = document->mime && strcmp(document->mime, "application/pdf") == 0;
    for (int lines = 0;
         lines < 30 && rung == LJ_DATE_NONE && next_line(text, length, &at, &line);) {
        if (line.length == 0)
            continue;
        lines++;
        if (rows ? row_date(line, &when) : masthead_date(line, &when))
            rung = LJ_DATE_MASTHEAD;
    }
    size_t start, end;
    size_t head = MIN(length, 1500);
    for (at = 0; rung == LJ_DATE_NONE && lj_date_find(text, head, &at, &start, &end, &when);)
        if (is_own(text, start))
            rung = LJ_DATE_TEXT;
    if (rung == LJ_DATE_NONE && name_date(name, &when))
        rung = LJ_DATE_FILE_NAME;
    if (rung == LJ_DATE_NONE)
        return;
    document->date = lj_interval_to_iso(&when);
    document->date_from = document->date ? rung : LJ_DATE_NONE;
}

/* --- title ----------------------------------------------------------------------------------- */

/* Cuts at a sentence end, else at a blank, within TITLE_BYTES; 0 < result <= length. */
static size_t
cut_title(const char *text, size_t length)
{
    if (length <= TITLE_BYTES)
        return length;
    size_t blank = 0;
    for (size_t i = TITLE_BYTES; i > 20; i--) {
        if (!is_blank(text[i]))
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
has_letters(struct line line)
{
    int letters = 0;
    for (size_t i = 0; i < line.length && letters < 3; i++)
        letters += g_ascii_isalpha(line.start[i]) || (uint8_t)line.start[i] >= 0xC3;
    return letters >= 3;
}

static void
find_title(struct lj_document *document, const char *name)
{
    size_t at = 0;
    struct line line;
    struct lj_interval when;
    bool sheet =
        document->mime && strstr(document->mime, "spreadsheet"); /* names of columns are no title */
    while (!sheet &&
           next_line(document->text->str, MIN(document->text->len, HEAD_BYTES), &at, &line)) {
        size_t label = date_label(line), used = 0;
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

void
lj_describe(struct lj_document *document, const char *name)
{
    if (!document->date)
        find_date(document, name);
    if (!lj_document_field(document, "title"))
        find_title(document, name);
}

/* --- what programs claim --------------------------------------------------------------------- */

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
    bool made_up = strlen(folded) < 4;
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

/* --- parts ----------------------------------------------------------------------------------- */

static const struct {
    const char *word; /* folded */
    uint32_t level;
    bool numbered; /* only with a number or ordinal behind it */
} divisions[] = {
    {"libro", 1, true},
    {"titulo", 2, true},
    {"transitorios", 2, false},
    {"articulos transitorios", 2, false},
    {"disposiciones transitorias", 2, false},
    {"disposicion transitoria", 2, true},
    {"disposicion adicional", 2, true},
    {"disposicion final", 2, true},
    {"disposicion derogatoria", 2, true},
    {"disposiciones finales", 2, false},
    {"exposicion de motivos", 2, false},
    {"anexo", 2, true},
    {"capitulo", 3, true},
    {"seccion", 4, true},
    {"articulo", 5, true},
    {"art.", 5, true},
};

static const char *const ordinals[] = {
    "unico",     "unica",     "primero",    "primera",   "segundo",   "segunda",  "tercero",
    "tercera",   "cuarto",    "cuarta",     "quinto",    "quinta",    "sexto",    "sexta",
    "septimo",   "septima",   "octavo",     "octava",    "noveno",    "novena",   "decimo",
    "decima",    "undecimo",  "undecima",   "duodecimo", "duodecima", "vigesimo", "vigesima",
    "trigesimo", "trigesima", "preliminar",
};

/* Bytes of a number at text: 12, 12.º, 5o, 12 bis, IV, PRIMERO; 0: none. */
static size_t
division_number(const char *text, size_t length)
{
    size_t n = 0;
    while (n < length && n < 6 &&
           (g_ascii_isdigit(text[n]) ||
            (n > 0 && text[n] == '.' && n + 1 < length && g_ascii_isdigit(text[n + 1]))))
        n++;
    if (n > 0) {
        static const char *const signs[] = {".º", ".°", "º", "°", "ª", "o", "er", "-"};
        for (size_t i = 0; i < G_N_ELEMENTS(signs); i++) {
            size_t s = strlen(signs[i]);
            if (*signs[i] != '-' && length - n >= s && memcmp(text + n, signs[i], s) == 0 &&
                (length - n == s || !g_ascii_isalpha(text[n + s]))) {
                n += s;
                break;
            }
        }
        static const char *const suffixes[] = {" bis",    " ter", " quáter",
                                               " quater", "-bis", " quinquies"};
        for (size_t i = 0; i < G_N_ELEMENTS(suffixes); i++) {
            size_t s = strlen(suffixes[i]);
            if (length - n >= s && g_ascii_strncasecmp(text + n, suffixes[i], s) == 0 &&
                (length - n == s || !g_ascii_isalpha(text[n + s])))
                return n + s;
        }
        if (length - n >= 2 && text[n] == '-' && g_ascii_isupper(text[n + 1]) &&
            (length - n == 2 || !g_ascii_isalpha(text[n + 2])))
            n += 2; /* 69-B */
        return n;
    }
    size_t word = 0;
    while (word < length && !is_blank(text[word]) && !strchr(".,:;-()", text[word]) &&
           memcmp(text + word, "\xe2\x80", MIN(2, length - word)) != 0)
        word++;
    if (word == 0 || word > 24)
        return 0;
    if (strspn(text, "IVXLC") == word && word <= 8)
        return word;
    char *folded = lj_schema_fold(text, (gssize)word);
    bool found = strlen(folded) == 1 && g_ascii_isupper(*text); /* ANEXO A */
    for (size_t i = 0; i < G_N_ELEMENTS(ordinals) && !found; i++)
        found = strcmp(folded, ordinals[i]) == 0;
    g_free(folded);
    return found ? word : 0;
}

/* The heading that a line is or begins with: its length in bytes and level; 0: none. */
static size_t
division(struct line line, uint32_t *level)
{
    /* cheap refusals first: nearly every line of every document comes here */
    if (line.length < 5 || !strchr("LTDEACSltdeacs", *line.start))
        return 0;
    for (size_t i = 0; i < G_N_ELEMENTS(divisions); i++) {
        const char *word = divisions[i].word;
        if (g_ascii_tolower(*line.start) != *word)
            continue;
        size_t n = folded_prefix(line, word);
        if (n == 0)
            continue;
        *level = divisions[i].level;
        bool upper = g_ascii_isupper(*line.start);
        if (!divisions[i].numbered) {
            size_t end = n;
            while (end < line.length && strchr(".: ", line.start[end]))
                end++;
            if (upper && end == line.length)
                return n;
            continue;
        }
        size_t number = n;
        while (number < line.length && line.start[number] == ' ')
            number++;
        size_t digits = number > n ? division_number(line.start + number, line.length - number) : 0;
        if (!upper || digits == 0)
            continue;
        size_t end = number + digits;
        const char *rest = line.start + end;
        size_t left = line.length - end;
        /* "Artículo 5.-", "ARTICULO 1º –", "CAPÍTULO II" and no more, "TÍTULO I De los derechos";
         * but not "Artículo 5 de la Ley", nor "Artículo 5, inciso". */
        bool sign =
            left == 0 || strchr(".:-", *rest) || (left >= 3 && memcmp(rest, "\xe2\x80", 2) == 0);
        if (!sign && left >= 2 && *rest == ' ')
            sign = strchr("-:(", rest[1]) || (left >= 4 && memcmp(rest + 1, "\xe2\x80", 2) == 0) ||
                   (*level < 5 && line.length <= 120 &&
                    g_unichar_isupper(g_utf8_get_char_validated(rest + 1, (gssize)left - 1)));
        if (sign)
            return *level < 5 && line.length <= 120 ? line.length : end;
    }
    return 0;
}

static const char *const roles[] = {
    "MODERADORA",   "MODERADOR",     "PRESIDENTA",   "PRESIDENTE",   "PREGUNTA",
    "INTERLOCUTOR", "INTERLOCUTORA", "INTERVENCIÓN", "INTERVENCION", "PERIODISTA",
    "RESPUESTA",    "VOCES",         "VOZ",          "SECRETARIO",   "SECRETARIA",
};

static bool
is_role(const char *text, size_t length)
{
    for (size_t i = 0; i < G_N_ELEMENTS(roles); i++)
        if (strlen(roles[i]) == length && memcmp(roles[i], text, length) == 0)
            return true;
    return false;
}

/* Words in capitals that open a part of a norm and nobody's turn. */
static bool
is_formula(const char *text, size_t length)
{
    static const char *const words[] = {
        "VISTO",    "VISTOS",   "CONSIDERANDO", "RESULTANDO", "ATENTO", "RESUELVE",
        "DECRETA",  "DECRETAN", "NOTA",         "NOTAS",      "ANEXO",  "FIN",
        "FINALIZA", "INICIA",   "VIDEO",        "FECHA",      "ASUNTO", "REF"};
    size_t word = 0;
    while (word < length && g_ascii_isalpha(text[word]))
        word++;
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (strlen(words[i]) == word && memcmp(words[i], text, word) == 0)
            return true;
    return false;
}

/* Length of the leading part that is all capitals, up to ':' or the end of the line; 0 when a small
 * letter or a digit comes first. *colon tells how it ended. */
static size_t
capitals(struct line line, bool *colon)
{
    size_t letters = 0, i = 0;
    *colon = false;
    while (i < line.length && i < 140) {
        uint8_t c = (uint8_t)line.start[i];
        if (c == ':') {
            *colon = true;
            break;
        }
        if (c < 0x80) {
            if (g_ascii_islower(c) || g_ascii_isdigit(c))
                return 0;
            letters += g_ascii_isupper(c);
            i++;
            continue;
        }
        gunichar u = g_utf8_get_char_validated(line.start + i, (gssize)(line.length - i));
        if (u == (gunichar)-1 || u == (gunichar)-2 || g_unichar_islower(u))
            return 0;
        letters += g_unichar_isupper(u);
        i += (size_t)g_unichar_to_utf8(u, NULL);
    }
    return letters >= 3 && i < 140 ? i : 0;
}

/* "El señor PÉREZ.- ", "SEÑORA PRESIDENTA (López).- ": bytes of the name part, or 0. */
static size_t
chamber_turn(struct line line)
{
    size_t n = 0;
    if (has_prefix(line, "el ") || has_prefix(line, "la "))
        n = 3;
    struct line rest = {line.start + n, line.length - n};
    if (!has_prefix(rest, "se"))
        return 0;
    size_t word = folded_prefix(rest, "señora");
    if (word == 0)
        word = folded_prefix(rest, "señor");
    if (word == 0)
        return 0;
    for (size_t i = n + word; i + 1 < line.length && i < 120; i++)
        if (line.start[i] == '.' &&
            (line.start[i + 1] == '-' ||
             memcmp(line.start + i + 1, "\xe2\x80", MIN(2, line.length - i - 1)) == 0))
            return i;
    return 0;
}

static bool
is_transcript(const struct lj_document *document)
{
    char *head = lj_schema_fold(document->text->str, (gssize)MIN(document->text->len, 1200));
    const char *title = lj_document_field(document, "title");
    char *folded = lj_schema_fold(title ? title : "", -1);
    static const char *const signs[] = {"estenografica", "taquigrafica", "conferencia de prensa",
                                        "transcripcion", "entrevista",   "diario de sesiones",
                                        "discurso"};
    bool found = false;
    for (size_t i = 0; i < G_N_ELEMENTS(signs) && !found; i++)
        found = strstr(head, signs[i]) || strstr(folded, signs[i]);
    g_free(head);
    g_free(folded);
    return found;
}

void
lj_describe_parts(struct lj_document *document)
{
    const char *text = document->text->str;
    size_t at = 0;
    struct line line;
    bool transcript = is_transcript(document);
    lj_document_finish(document); /* the format's own headings, in order: no second mark for them */
    guint heading_at = 0, headings = document->marks->len;
    while (next_line(text, document->text->len, &at, &line)) {
        if (line.length < 3)
            continue;
        uint32_t start = (uint32_t)(line.start - text), level = 0;
        size_t heading = division(line, &level);
        while (heading_at < headings &&
               g_array_index(document->marks, struct lj_mark, heading_at).end <= start)
            heading_at++;
        if (heading > 0 && heading_at < headings) {
            const struct lj_mark *own = &g_array_index(document->marks, struct lj_mark, heading_at);
            if (own->kind == LJ_MARK_SECTION && own->start <= start && own->end > start)
                continue;
        }
        if (heading > 0) {
            char *label = g_strndup(line.start, heading);
            lj_document_add_mark(document, LJ_MARK_SECTION, level, start, start + (uint32_t)heading,
                                 label);
            g_free(label);
            continue;
        }
        if (!g_ascii_isupper(*line.start) && (uint8_t)*line.start < 0xC3)
            continue;
        bool colon = false;
        size_t turn = capitals(line, &colon);
        if (turn > 0 && is_formula(line.start, turn))
            turn = 0;
        if (turn > 0 && !is_role(line.start, turn) && !transcript)
            turn = 0;
        if (turn > 0 && !colon && turn < line.length)
            turn = 0;
        if (turn == 0)
            turn = chamber_turn(line);
        if (turn == 0)
            continue;
        char *label = g_strstrip(g_strndup(line.start, turn));
        lj_document_add_mark(document, LJ_MARK_SPEAKER, 0, start, start + (uint32_t)turn, label);
        g_free(label);
    }
}
