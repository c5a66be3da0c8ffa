/* The parts of a plain text: articles, chapters, annexes; speakers' turns. */
#include "extract/describe.h"
#include "extract/lines.h"

#include <string.h>

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
    while (word < length && !lj_is_blank(text[word]) && !strchr(".,:;-()", text[word]) &&
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
division(struct lj_line line, uint32_t *level)
{
    /* cheap refusals first: nearly every line of every document comes here */
    if (line.length < 5 || !strchr("LTDEACSltdeacs", *line.start))
        return 0;
    char first = *line.start | 0x20;
    for (size_t i = 0; i < G_N_ELEMENTS(divisions); i++) {
        const char *word = divisions[i].word;
        if (*word != first)
            continue;
        size_t n = lj_line_folded_prefix(line, word);
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
capitals(struct lj_line line, bool *colon)
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
chamber_turn(struct lj_line line)
{
    size_t n = 0;
    if (lj_line_has_prefix(line, "el ") || lj_line_has_prefix(line, "la "))
        n = 3;
    struct lj_line rest = {line.start + n, line.length - n};
    if (!lj_line_has_prefix(rest, "se"))
        return 0;
    size_t word = lj_line_folded_prefix(rest, "señora");
    if (word == 0)
        word = lj_line_folded_prefix(rest, "señor");
    if (word == 0)
        return 0;
    for (size_t i = n + word; i + 1 < line.length && i < 120; i++)
        if (line.start[i] == '.' &&
            (line.start[i + 1] == '-' ||
             memcmp(line.start + i + 1, "\xe2\x80", MIN(2, line.length - i - 1)) == 0))
            return i;
    return 0;
}

/* Looked at where a line asks for it: few texts have one that does. */
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
    struct lj_line line;
    enum { UNKNOWN, NO, YES } transcript = UNKNOWN;
    bool spoken = false; /* "PRESIDENTA:" was met */
    lj_document_finish(document); /* the format's own headings, in order: no second mark for them */
    guint heading_at = 0, headings = document->marks->len;
    while (lj_line_next(text, document->text->len, &at, &line)) {
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
        bool role = turn > 0 && is_role(line.start, turn);
        if (turn > 0 && !role && !(colon && spoken)) {
            if (transcript == UNKNOWN)
                transcript = is_transcript(document) ? YES : NO;
            turn = transcript == YES ? turn : 0;
        }
        spoken = spoken || (role && colon);
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
