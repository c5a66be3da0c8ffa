#include "analysis/citation.h"
#include "analysis/locator.h"
#include "analysis/norm.h"

#include <string.h>

/* --- terms ----------------------------------------------------------------------------------- */

struct out {
    lj_citation_sink sink;
    void *data;
    size_t start, end;
};

static void
give(const struct out *out, const char *norm, const char *locator, size_t length)
{
    char term[LJ_CITATION_LIMIT + 1];
    size_t n = norm ? strlen(norm) : 0;
    if (n + (locator ? 1 + length : 0) > LJ_CITATION_LIMIT)
        return;
    if (n)
        memcpy(term, norm, n);
    if (locator) {
        term[n++] = '#';
        memcpy(term + n, locator, length);
        n += length;
    }
    term[n] = 0;
    out->sink(out->data, out->start, out->end, term, n);
}

/* All terms of a norm (NULL: not said) with locators (NULL: none). */
static void
give_all(const struct out *out, const struct lj_norm *norm, const struct lj_locators *locators)
{
    for (size_t i = 0; norm && i < norm->n; i++)
        give(out, norm->form[i].text, NULL, 0);
    for (size_t l = 0; locators && l < locators->n; l++) {
        const struct lj_locator *locator = &locators->item[l], *before = l ? locator - 1 : NULL;
        for (size_t depth = 0; depth < locator->depth; depth++) {
            size_t end = locator->end[depth];
            /* what the locator before has given already */
            if (before && depth < before->depth && before->end[depth] == end &&
                memcmp(before->text, locator->text, end) == 0)
                continue;
            for (size_t i = 0; norm && i < norm->n; i++)
                give(out, norm->form[i].text, locator->text, end);
            give(out, NULL, locator->text, end);
        }
    }
}

/* --- reading --------------------------------------------------------------------------------- */

/* One citation as it was read. */
struct citation {
    struct lj_locators locators; /* n 0: none */
    struct lj_norms norms;       /* n 0: none; the locators belong to the first */
    size_t start, end;           /* of the locators with their norm */
};

/* Takes a division of the norm that stands between article and norm: "del Título I, Capítulo II, de
 * la Ley": it says nothing more, articles are numbered through. */
static bool
take_division(struct lj_reader *r)
{
    struct lj_reader ahead = *r;
    unsigned char c = lj_reader_byte(r, 0) | 0x20;
    if (c != 't' && c != 'c' && c != 'l' && c != 's' && c != 'a' && c != 'p')
        return false;
    if (!lj_reader_take(&ahead, "titulo capitulo libro seccion anexo parte cap tit"))
        return false;
    lj_reader_take_byte(&ahead, '.');
    unsigned number;
    if (lj_reader_take(&ahead,
                       "preliminar unico")) { /* Peru's laws begin with a Título Preliminar */
        lj_reader_take_byte(&ahead, ',');
        *r = ahead;
        return true;
    }
    size_t used = lj_spelled_roman(ahead.text, ahead.length, ahead.at, false, &number);
    if (used == 0)
        used = lj_spelled_ordinal(ahead.text, ahead.length, ahead.at, &number);
    if (used == 0 && lj_reader_number(&ahead, 3, &number, NULL))
        used = lj_spelled_ordinal_mark(ahead.text, ahead.length, ahead.at);
    else if (used == 0)
        return false;
    ahead.at += used;
    lj_reader_blanks(&ahead);
    lj_reader_take_byte(&ahead, ',');
    *r = ahead;
    return true;
}

/* The norm behind an article: "… de la Ley N° 5", ", del Código Civil", " Ley 19.549", " CN". A bulletin
 * has no articles: it is none. Where there is none, norms is empty. */
static bool
read_norm_behind(struct lj_reader *r, unsigned mode, bool acronyms, struct lj_norms *norms)
{
    struct lj_reader ahead = *r;
    if (lj_reader_byte(&ahead, 0) == '.' && lj_reader_byte(&ahead, 1) == ' ' &&
        lj_reader_byte(&ahead, 2) == 'd')
        ahead.at++; /* "inciso 12. de la Constitución" */
    lj_reader_link(&ahead);
    lj_reader_blanks(&ahead);
    bool joined = false; /* by "de la", "del" */
    norms->n = 0;
    /* "y siguientes", "y concordantes de la Ley", "de la citada Ley", "de la misma Ley N° 5", "*Ley
     * N° 5*" */
    for (int i = 0; i < 12; i++) {
        unsigned char c = lj_reader_byte(&ahead, 0);
        if (c == ',' || c == '*' || c == '"' || c == '[') {
            ahead.at++;
            lj_reader_blanks(&ahead);
            continue;
        }
        c |= 0x20;
        if (!(lj_is_lower(c) && strchr("abcdefgilmnoprstvy", c)))
            return false;
        /* "delDecreto", "de laLey": links of web pages come without their blank */
        if (c == 'd' || c == 'l') {
            size_t n = lj_reader_byte(&ahead, 0) == 'l'   ? 2
                       : lj_reader_byte(&ahead, 2) == 'l' ? 3
                                                          : 2;
            if (lj_is_upper(lj_reader_byte(&ahead, n)) &&
                lj_is_lower(lj_reader_byte(&ahead, n - 1)) &&
                lj_is_lower(lj_reader_byte(&ahead, n + 1)) &&
                lj_is_lower(lj_reader_byte(&ahead, 0))) {
                ahead.at += n;
                break;
            }
        }
        if (take_division(&ahead))
            continue;
        /* "art. 1.902 CC": the code; "cc." are "concordantes" */
        if (c == 'c' && lj_is_upper(lj_reader_byte(&ahead, 0)) &&
            (lj_is_upper(lj_reader_byte(&ahead, 1)) ||
             (lj_reader_byte(&ahead, 1) == 'c' &&
              !lj_spelled_alnum_at(ahead.text, ahead.length, ahead.at + 2) &&
              lj_reader_byte(&ahead, 2) != '.')))
            break;
        /* "artículo 3 común a los Convenios de Ginebra" */
        if (c == 'c' && lj_reader_take(&ahead, "comun comunes")) {
            lj_reader_take(&ahead, "a al");
            continue;
        }
        joined = c == 'd' || (joined && (c == 'l' || c == 'e'));
        if (!lj_reader_take(
                &ahead,
                "de del la las el los y e siguientes concordantes concs cc ss sig sigs sgtes "
                "citada citado mencionada mencionado referida referido mismo misma propia "
                "propio nuestra dicha dicho expresada aludida antedicha precitada anexo "
                "inclusive in fine texto correspondiente al"))
            break;
        lj_reader_take_byte(&ahead, '.');
    }
    while (lj_reader_byte(&ahead, 0) == '*')
        ahead.at++;
    if (lj_norm_read(&ahead, mode | LJ_NORM_BEHIND, norms)) {
        if (!norms->item[0].located) {
            norms->n = 0;
            return false;
        }
        *r = ahead;
        return true;
    }
    if (acronyms && lj_norm_read_acronym(&ahead, mode | LJ_NORM_BEHIND, joined, norms)) {
        *r = ahead;
        return true;
    }
    return false;
}

/* The ordinal that stands before a word ("Segundo párrafo", "Vigésimo Tercero Transitorio"): its
 * value, 0 for none, and where it begins. */
static unsigned
ordinal_before(const char *text, size_t at, size_t *begin)
{
    size_t i = at;
    unsigned found = 0;
    for (int words = 0; words < 2; words++) {
        size_t gap = i;
        while (i > 0 && at - i < 64 && (text[i - 1] == ' ' || text[i - 1] == '\n'))
            i--;
        if (i == gap)
            break;
        size_t end = i;
        while (i > 0 && end - i < LJ_SPELLED && lj_spelled_alnum_before(text, i)) {
            i--;
            while (i > 0 && ((unsigned char)text[i] & 0xC0) == 0x80)
                i--;
        }
        unsigned value;
        size_t used = i < end ? lj_spelled_ordinal(text, at, i, &value) : 0;
        char word[LJ_SPELLED];
        if (used == 0 && i < end && words == 0 && lj_spelled_word(text, at, i, word) == end - i &&
            strcmp(word, "ultimo") == 0) {
            *begin = i;
            return LJ_LOCATOR_LAST;
        }
        if (used == 0)
            break;
        size_t blanks = lj_spelled_blanks(text, at, i + used);
        if (i + used + blanks != at)
            break;
        found = value;
        *begin = i;
    }
    return found;
}

/* Does the word at `at` open a line (behind marks of Markdown or quotation marks)? */
static bool
opens_line(const char *text, size_t at)
{
    size_t i = at;
    while (i > 0 && at - i < 12) {
        unsigned char c = (unsigned char)text[i - 1];
        if (c == '\n' || c == '\f')
            return true;
        if (c != ' ' && c != '\t' && c != '#' && c != '*' && c != '"' && c != '\'' && c != '>' &&
            c != '(' && c != 0xC2 && c != 0xAB && c != 0xE2 && c != 0x80 && c != 0x9C)
            return false;
        i--;
    }
    return i == 0;
}

/* Does a word in capitals stand before ("EL ARTÍCULO 5.")? */
static bool
follows_capitals(const char *text, size_t at)
{
    while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\n'))
        at--;
    return at > 0 && lj_is_upper((unsigned char)text[at - 1]);
}

/* A rule whose norm is not said: "regla 2.1.6", but not "la regla 2.1". */
static bool
is_rule(const struct lj_locators *locators)
{
    const char *stop = strchr(locators->item[0].text, '.');
    return stop && strchr(stop + 1, '.');
}

/* "Código Nacional de Procedimientos Penales (CNPP), artículo 167": the norm's acronym in brackets. */
static void
take_own_acronym(struct lj_reader *r)
{
    struct lj_reader ahead = *r;
    lj_reader_blanks(&ahead);
    if (!lj_reader_take_byte(&ahead, '('))
        return;
    size_t n = 0;
    while (n < 16 && lj_is_upper(lj_reader_byte(&ahead, n)))
        n++;
    if (n < 2 || lj_reader_byte(&ahead, n) != ')')
        return;
    r->at = ahead.at + n + 1;
}

static bool
read_citation(const char *text, size_t length, size_t at, unsigned mode, struct citation *citation)
{
    struct lj_reader r = {text, length, at};
    char word[LJ_SPELLED];
    enum lj_locator_key key;
    bool plural;
    citation->start = at;
    citation->locators.n = citation->norms.n = 0;
    size_t used = lj_reader_word(&r, word), acronym = lj_locator_acronym(&r, &key);
    if (acronym) {
        used = acronym;
        plural = false;
    }
    if (acronym || (used > 1 && lj_locator_key_of(word, &key, &plural))) {
        unsigned before = 0;
        if (key == LJ_KEY_PARRAFO || key == LJ_KEY_INCISO || key == LJ_KEY_APARTADO ||
            key == LJ_KEY_TRANSITORIO || key == LJ_KEY_DISPOSICION)
            before = ordinal_before(text, at, &citation->start);
        bool query = (mode & LJ_NORM_QUERY) != 0;
        if (lj_locators_read(&r, key, used, plural, before, query, &citation->locators)) {
            citation->end = r.at;
            bool capital = lj_is_upper((unsigned char)text[at]);
            bool all = capital && !acronym && lj_is_upper((unsigned char)text[at + 1]);
            if (citation->locators.constitutional) {
                citation->norms.n = 1;
                citation->norms.item[0] = (struct lj_norm){.start = citation->start,
                                                           .end = r.at,
                                                           .n = 1,
                                                           .form = {{"constitucion"}},
                                                           .located = true};
            } else if (read_norm_behind(&r, mode, !all, &citation->norms)) {
                citation->end = citation->norms.item[0].end;
            } else if (key == LJ_KEY_REGLA && !is_rule(&citation->locators)) {
                return false;
            } else if (!query && all && key == LJ_KEY_ARTICLE && lj_reader_byte(&r, 0) == '.' &&
                       !follows_capitals(text, at)) {
                return false; /* the same within a line: "… de 2012 ARTÍCULO SÉPTIMO. Se reforman" */
            } else if (!query && capital && opens_line(text, at) &&
                       (key == LJ_KEY_ARTICLE || key >= LJ_KEY_TRANSITORIO)) {
                return false; /* the article itself */
            }
            return true;
        }
        if (key != LJ_KEY_DISPOSICION && key != LJ_KEY_REGLA)
            return false;
        r.at = at;
        citation->start = at;
    }
    if (!lj_norm_read(&r, mode, &citation->norms))
        return false;
    citation->end = citation->norms.item[0].end;
    /* "Constitución Nacional, artículo 18", "Ley N° 24.156 (art. 35)": unless the article is
     * another's */
    if (citation->norms.n == 1 && citation->norms.item[0].located) {
        struct lj_reader ahead = r;
        take_own_acronym(&ahead);
        lj_reader_link(&ahead);
        size_t gap = lj_spelled_blanks(text, length, ahead.at);
        bool lines = gap > 0 && memchr(text + ahead.at, '\n', gap);
        ahead.at += gap;
        bool mark = lj_reader_take_byte(&ahead, ',') || lj_reader_take_byte(&ahead, '(');
        if (lj_reader_take(&ahead, "en"))
            mark = lj_reader_take(&ahead, "su sus el los");
        /* "CPEUM art. 27" needs none */
        used = !lines && (mark || gap > 0) ? lj_reader_word(&ahead, word) : 0;
        if (!mark && lj_is_upper(lj_reader_byte(&ahead, 0)) && !(mode & LJ_NORM_QUERY))
            used = 0;
        if (used > 2 && lj_locator_key_of(word, &key, &plural) && key == LJ_KEY_ARTICLE) {
            struct lj_norms other;
            if (lj_locators_read(&ahead, key, used, plural, 0, (mode & LJ_NORM_QUERY) != 0,
                                 &citation->locators)) {
                struct lj_reader behind = ahead;
                if (citation->locators.constitutional ||
                    read_norm_behind(&behind, mode, true, &other))
                    citation->locators.n = 0;
                else
                    citation->end = ahead.at;
            } else {
                citation->locators.n = 0;
            }
        }
    }
    return true;
}

/* --- finding --------------------------------------------------------------------------------- */

bool
lj_citation_opens(const char *word)
{
    enum lj_locator_key key;
    bool plural;
    return lj_locator_key_of(word, &key, &plural) || lj_norm_opens(word);
}

size_t
lj_citation_at(const char *text, size_t length, size_t at, lj_citation_sink sink, void *data)
{
    struct citation citation;
    if (!read_citation(text, length, at, 0, &citation))
        return 0;
    struct out out = {sink, data, citation.start, citation.end};
    const struct lj_norm *norm = citation.norms.n ? &citation.norms.item[0] : NULL;
    give_all(&out, norm, citation.locators.n ? &citation.locators : NULL);
    size_t end = citation.end;
    for (size_t i = 1; i < citation.norms.n; i++) {
        out.start = citation.norms.item[i].start;
        out.end = end = citation.norms.item[i].end;
        give_all(&out, &citation.norms.item[i], NULL);
    }
    return end;
}

bool
lj_citation_capital_is_glued(const char *text, size_t length, size_t at)
{
    static const char *const before[] = {"por", "de",  "del", "la", "las",
                                         "el",  "los", "al",  "en", "y"};
    if (at == 0 || at + 1 >= length)
        return false;
    if (lj_is_digit((unsigned char)text[at - 1]))
        return text[at] == 'B' && text[at + 1] == '.';
    size_t n = 0;
    while (n < 4 && n < at && lj_is_lower((unsigned char)text[at - n - 1]))
        n++;
    if (n == 0 || n > 3 || !lj_is_lower((unsigned char)text[at + 1]) ||
        lj_spelled_alnum_before(text, at - n))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(before); i++)
        if (strlen(before[i]) == n && memcmp(before[i], text + at - n, n) == 0)
            return true;
    return false;
}

void
lj_citation_find(const char *text, size_t length, lj_citation_sink sink, void *data)
{
    bool inside = false;
    for (size_t i = 0; i + 3 < length;) {
        unsigned char c = (unsigned char)text[i];
        if (!lj_is_lower(c | 0x20)) {
            inside = lj_is_digit(c) || (c >= 0x80 && lj_spelled_alnum_at(text, length, i));
            i++;
            while (c >= 0x80 && i < length && ((unsigned char)text[i] & 0xC0) == 0x80)
                i++;
            continue;
        }
        if ((!inside || lj_citation_is_glued(text, length, i)) && lj_citation_may_begin(text + i)) {
            size_t end = lj_citation_at(text, length, i, sink, data);
            if (end > i) {
                i = end;
                inside = false;
                continue;
            }
        }
        inside = true;
        for (i++; i < length && lj_is_lower((unsigned char)text[i] | 0x20); i++)
            if (lj_citation_is_glued(text, length, i))
                break;
    }
}

/* --- queries --------------------------------------------------------------------------------- */

static bool
only_marks(const char *text, size_t length, size_t at)
{
    while (at < length && (text[at] == ' ' || text[at] == '.' || text[at] == ',' ||
                           text[at] == ')' || text[at] == '\n' || text[at] == ';'))
        at++;
    return at == length;
}

/* Does the rest of a query only say more of the citation before it? "Convenio 169 de la OIT",
 * "resolución 1325 (2000) del Consejo de Seguridad", "Ley Orgánica 1/2004, de 28 de diciembre, de
 * Medidas de Protección Integral", but not "ley 19.924 armas". */
static bool
only_apposition(const char *text, size_t length, size_t at, bool numbered)
{
    struct lj_reader r = {text, length, at};
    char word[LJ_SPELLED];
    lj_reader_blanks(&r);
    if (only_marks(text, length, r.at))
        return true;
    if (!numbered)
        return false;
    if (lj_reader_byte(&r, 0) == ',' || lj_reader_byte(&r, 0) == '(')
        return true;
    if (!lj_reader_take(&r, "de del"))
        return false;
    lj_reader_take(&r, "la el los las");
    if (lj_reader_word(&r, word) == 0)
        return false;
    return lj_norm_is_all_capitals(&r, strlen(word)) ||
           lj_word_among(word,
                         "asamblea banco camara comision comunidad congreso consejo contraloria "
                         "corte direccion fiscalia gobierno ministerio municipalidad nacion "
                         "oea oit onu organizacion parlamento poder presidencia provincia "
                         "republica secretaria sala senado superintendencia tribunal");
}

/* Words that a query may say before a citation that is complete without: "asunto C-415/11", "norma
 * oficial mexicana NOM-035-STPS-2018", "texto único ordenado de la Ley 27444". */
static size_t
introduction(const char *text, size_t length)
{
    struct lj_reader r = {text, length, 0};
    while (lj_reader_take(&r,
                          "asunto documento norma oficial mexicana opinion consultiva texto unico "
                          "ordenado refundido tuo de del la el los las resolucion res segun"))
        lj_reader_take_byte(&r, '.');
    return r.at;
}

static void
add_term(GPtrArray *terms, const char *norm, const struct lj_locator *locator)
{
    char *term = locator ? g_strconcat(norm ? norm : "", "#", locator->text, NULL) : g_strdup(norm);
    if (strlen(term) > LJ_CITATION_LIMIT)
        g_free(term);
    else
        g_ptr_array_add(terms, term);
}

static bool
add_terms(const struct citation *citation, GPtrArray *terms)
{
    guint before = terms->len;
    const struct lj_norm *norm = citation->norms.n ? &citation->norms.item[0] : NULL;
    if (citation->locators.n == 0 && norm)
        add_term(terms, norm->form[0].text, NULL);
    for (size_t i = 0; i < citation->locators.n; i++)
        add_term(terms, norm ? norm->form[0].text : NULL, &citation->locators.item[i]);
    for (size_t i = 1; i < citation->norms.n; i++)
        add_term(terms, citation->norms.item[i].form[0].text, NULL);
    return terms->len > before;
}

/* A symbol in small letters: "a/res/70/1", "a/hrc/31/58", "sup-jdc-1234/2021", "nmx-r-025-scfi-2015". */
static bool
is_small_symbol(const char *text, size_t length)
{
    struct lj_reader r = {text, length, 0};
    char word[LJ_SPELLED];
    r.at = lj_reader_word(&r, word);
    if (r.at == 0 || !lj_is_digit((unsigned char)text[length - 1]))
        return false;
    if (lj_reader_byte(&r, 0) == '/')
        return lj_norm_opens(word) || lj_word_among(word, "ag cp");
    return lj_reader_byte(&r, 0) == '-' &&
           (lj_word_among(word, "nom nmx") ||
            (lj_word_among(word, "sup sre sdf scm sm sg sx st") && memchr(text, '/', length)));
}

/* Is text a term already, as queries print it again: "#art=123", "rd:1312/2024", "a/res/70/1"? */
static bool
is_term(const char *text, size_t length)
{
    bool marked = length > 4 && is_small_symbol(text, length);
    if (length < 3 || length > LJ_CITATION_LIMIT || !g_utf8_validate(text, (gssize)length, NULL))
        return false;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (!lj_is_lower(c) && !lj_is_digit(c) && c < 0x80 && !strchr("#=:/-().", c))
            return false;
        marked = marked || c == '#' || (c == ':' && i > 1 && i + 1 < length);
    }
    return marked;
}

bool
lj_citation_normalise(const char *text, size_t length, enum lj_field_id field, GPtrArray *terms)
{
    if (length > 1000 || memchr(text, 0, length))
        return false;
    while (length > 0 && text[0] == ' ')
        text++, length--;
    if (is_term(text, length)) {
        g_ptr_array_add(terms, g_strndup(text, length));
        return true;
    }
    struct citation citation;
    size_t starts[3] = {0, introduction(text, length)}, n = starts[1] ? 2 : 1;
    unsigned ordinal; /* "tercer párrafo del artículo 5" begins with its third word */
    size_t used = lj_spelled_ordinal(text, length, starts[1], &ordinal);
    if (used > 0)
        starts[n++] = starts[1] + used + lj_spelled_blanks(text, length, starts[1] + used);
    for (size_t i = 0; i < n; i++) {
        if (!read_citation(text, length, starts[i], LJ_NORM_QUERY, &citation))
            continue;
        size_t end = citation.end;
        if (citation.norms.n > 1)
            end = citation.norms.item[citation.norms.n - 1].end;
        bool numbered = citation.norms.n > 0 && citation.norms.item[0].numbered;
        if (only_apposition(text, length, end, numbered) &&
            (field != LJ_FIELD_ARTICLE || citation.locators.n > 0))
            return add_terms(&citation, terms);
    }
    if (field == LJ_FIELD_ARTICLE) { /* art:123, art:"27 fracción V de la Constitución" */
        struct lj_reader r = {text, length, 0};
        citation.norms.n = 0;
        if (!lj_locators_read_value(&r, &citation.locators))
            return false;
        if (read_norm_behind(&r, LJ_NORM_QUERY, true, &citation.norms))
            r.at = citation.norms.item[0].end;
        return only_marks(text, length, r.at) && add_terms(&citation, terms);
    }
    if (field == LJ_FIELD_LAW) { /* ley:19924, ley:"Federal de Armas" */
        GString *law = g_string_new("ley ");
        g_string_append_len(law, text, (gssize)length);
        bool read = read_citation(law->str, law->len, 0, LJ_NORM_QUERY, &citation) &&
                    only_marks(law->str, law->len, citation.end) && citation.norms.n == 1 &&
                    add_terms(&citation, terms);
        g_string_free(law, TRUE);
        return read;
    }
    return false;
}

/* --- identity -------------------------------------------------------------------------------- */

static bool
add_identity(const struct lj_norm *norm, GPtrArray *terms)
{
    for (size_t i = 0; i < norm->n; i++)
        g_ptr_array_add(terms, g_strdup(norm->form[i].text));
    return norm->n > 0;
}

/* May a norm begin here? Most lines begin with a word that the table of beginnings says no to. */
static bool
may_be_norm(const char *text, size_t length, size_t at)
{
    return at + 3 >= length || !lj_is_lower((unsigned char)text[at] | 0x20) ||
           lj_citation_may_begin(text + at);
}

static bool
identity_of_title(const char *title, GPtrArray *terms)
{
    size_t length = strlen(title), at = 0;
    while (at < length && !lj_spelled_alnum_at(title, length, at))
        at++;
    struct lj_reader r = {title, length, at};
    struct lj_norms norms;
    if (!may_be_norm(title, length, at) || !lj_norm_read(&r, 0, &norms) || norms.n != 1 ||
        !norms.item[0].located)
        return false;
    lj_reader_blanks(&r);
    /* the title names the norm, then may say more behind a mark: "Ley Nº 17325 - PRORROGA" */
    unsigned char c = lj_reader_byte(&r, 0);
    if (r.at < length && c != '-' && c != '.' && c != ',' && c != ':' && c != ';' && c != '(' &&
        c != 0xE2 && c != '\n' && c != '|')
        return false;
    return add_identity(&norms.item[0], terms);
}

/* "uy:UY-ley-11806", "DEC-1531-2005", "leyes/ley_19924.pdf", "BOE-A-2024-26931": kind, number,
 * year. */
static bool
identity_of_id(const char *id, GPtrArray *terms)
{
    const char *slash = strrchr(id, '/');
    const char *name = slash ? slash + 1 : id;
    const char *colon = strrchr(name, ':');
    if (colon)
        name = colon + 1;
    const char *dot = strrchr(name, '.');
    size_t length = dot && strlen(dot) <= 5 && dot > name && !lj_is_digit((unsigned char)dot[1])
                        ? (size_t)(dot - name)
                        : strlen(name);
    if (length > 64 || strspn(name, "0123456789-_ ") >= length) /* a kind has letters */
        return false;
    GString *text = g_string_new(NULL);
    unsigned numbers = 0, tokens = 0;
    bool good = true;
    for (size_t i = 0; i < length;) {
        size_t n = 0;
        while (i + n < length && !strchr("-_ ", name[i + n]))
            n++;
        bool digits = n > 0;
        for (size_t k = 0; k < n; k++)
            digits = digits && lj_is_digit((unsigned char)name[i + k]);
        if (digits) {
            g_string_append_c(text, numbers == 0 ? ' ' : '/');
            numbers++;
        } else if (numbers > 0) {
            good = false;
        } else if (n > 0) {
            /* a country's code before the kind */
            bool country =
                tokens == 0 && n == 2 && i + n < length &&
                lj_word_among((char[]){(char)(name[i] | 0x20), (char)(name[i + 1] | 0x20), 0},
                              "ar bo br cl co cr cu do ec es gt hn mx ni pa pe pr py sv uy ve");
            if (country)
                n += i + n < length;
            else
                g_string_append_c(text, ' ');
            if (country) {
                i += n;
                tokens++;
                continue;
            }
        }
        g_string_append_len(text, name + i, (gssize)n);
        tokens++;
        i += n + (i + n < length);
    }
    struct lj_reader plain = {name, length, 0};
    struct lj_norms norms;
    bool found = lj_norm_read(&plain, LJ_NORM_QUERY, &norms) && plain.at == length &&
                 norms.n == 1 && norms.item[0].numbered && norms.item[0].located;
    if (!found && good && numbers >= 1 && numbers <= 2) {
        struct lj_reader r = {text->str, text->len, text->str[0] == ' '};
        found = lj_norm_read(&r, LJ_NORM_QUERY, &norms) && r.at == text->len && norms.n == 1 &&
                norms.item[0].numbered && norms.item[0].located;
    }
    g_string_free(text, TRUE);
    return found && add_identity(&norms.item[0], terms);
}

/* A line of the head that holds a numbered norm and nothing else. */
static bool
identity_of_head(const char *head, size_t length, GPtrArray *terms)
{
    if (length > 1200)
        length = 1200;
    for (size_t at = 0, lines = 0; at < length && lines < 24; lines++) {
        while (at < length &&
               (head[at] == ' ' || head[at] == '#' || head[at] == '*' || head[at] == '\n'))
            at++;
        struct lj_reader r = {head, length, at};
        struct lj_norms norms;
        if (may_be_norm(head, length, at) && lj_norm_read(&r, 0, &norms) && norms.n == 1 &&
            norms.item[0].numbered && norms.item[0].located) {
            while (r.at < length && (head[r.at] == ' ' || head[r.at] == '*' || head[r.at] == '.' ||
                                     head[r.at] == '-'))
                r.at++;
            if (r.at < length ? head[r.at] == '\n' : length < 1200)
                return add_identity(&norms.item[0], terms);
        }
        const char *end = at < length ? memchr(head + at, '\n', length - at) : NULL;
        if (!end)
            break;
        at = (size_t)(end - head) + 1;
    }
    return false;
}

bool
lj_citation_identity(const char *title, const char *id, const char *head, size_t length,
                     GPtrArray *terms)
{
    return (title && identity_of_title(title, terms)) || (id && identity_of_id(id, terms)) ||
           (head && identity_of_head(head, length, terms));
}
