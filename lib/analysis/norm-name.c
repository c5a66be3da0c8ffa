#include "analysis/norm-parts.h"

#define NAME_WORDS 8

/* Words within a name that are not counted: "Ley de los Derechos de las Personas". */
static bool
is_connector(const char *word)
{
    size_t n = strlen(word);
    return n <= 6 &&
           lj_word_among(word,
                         "de del la las los el lo y e o u en para por a al con sobre contra su "
                         "sus entre una un que do da dos"); /* Belém do Pará */
}

/* Words that begin something else. */
static bool
ends_name(const char *word)
{
    return lj_word_among(
        word, "articulo articulos art arts titulo capitulo seccion libro fraccion inciso incisos "
              "apartado numeral literal parrafo anexo n nro num numero ley leyes codigo decreto "
              "decretos reglamento constitucion resolucion acuerdo presidente honorable decreta "
              "sancionan considerando visto publicada publicado modificada modificado");
}

/* Names that are no law's: "ley de referencia", "ley de la materia". */
static bool
is_no_name(const char *word)
{
    return lj_word_among(
        word, "referencia materia misma mismo fecha marras cita creacion mencion origen que "
              "presente citada citado nacion estado congreso republica patria parlamento "
              "legislatura");
}

bool
lj_norm_is_generic(const char *word)
{
    return lj_word_among(
        word,
        "federal general organica organico nacional reglamentaria reglamentario especial marco "
        "basica internacional local estatal articulada");
}

bool
lj_norm_is_capital(const struct lj_reader *r)
{
    unsigned char c = lj_reader_byte(r, 0), next = lj_reader_byte(r, 1);
    return lj_is_upper(c) || (c == 0xC3 && next >= 0x80 && next < 0x9F && next != 0x97);
}

/* Is the word of `used` bytes at r all capitals (two letters at least)? */
bool
lj_norm_is_all_capitals(const struct lj_reader *r, size_t used)
{
    size_t capitals = 0;
    for (size_t i = 0; i < used; i++) {
        unsigned char c = lj_reader_byte(r, i);
        if (lj_is_lower(c) || (c == 0xC3 && lj_reader_byte(r, i + 1) >= 0xA0))
            return false;
        capitals += lj_is_upper(c) || c == 0xC3;
    }
    return capitals > 1;
}

/* How many line ends a run of blanks holds. */
static size_t
count_lines(const struct lj_reader *r, size_t used)
{
    size_t n = 0;
    for (size_t i = 0; i < used; i++)
        n += lj_reader_byte(r, i) == '\n';
    return n;
}

/* First words that a name of these kinds must have, since the word itself is common: "Carta de las
 * Naciones Unidas", but not "carta de intención". */
static bool
name_may_begin(enum lj_norm_kind kind, const char *word)
{
    switch (kind) {
    case CARTA:
        return lj_word_among(
            word, "naciones onu oea democratica magna politica fundamental organizacion derechos "
                  "social andina africana interamericana");
    case DECLARACION:
        return lj_word_among(word, "universal americana");
    case ACUERDO:
        return lj_word_among(word, "paris escazu cartagena schengen marrakech");
    case CONVENIO:
    case TRATADO:
    case PROTOCOLO: /* kinds of them, not one of them */
        return !lj_word_among(
            word, "bilateral bilaterales colectivo comercial interpretativo modificatorio "
                  "especifico administrativo individual urbanistico");
    case CONVENCION:
        return !lj_word_among(word, "constituyente nacional reformadora");
    default:
        return true;
    }
}

/* Behind a comma in a query: anything but the next norm. */
static bool
goes_on(struct lj_reader comma)
{
    char word[LJ_SPELLED];
    comma.at++;
    lj_reader_blanks(&comma);
    return lj_reader_word(&comma, word) > 0 && !ends_name(word) && !lj_norm_find_head(word);
}

/* Does a comma within a name go on with it? "Ley de Adquisiciones, Arrendamientos y Servicios del
 * Sector Público": words like those before it up to an "y" with another, and no mark but commas. */
static bool
lists_on(const struct lj_reader *comma, bool capitals)
{
    struct lj_reader ahead = *comma;
    bool fresh = true, closing = false;
    ahead.at++;
    for (int words = 0; words < 10; words++) {
        char word[LJ_SPELLED];
        size_t gap = lj_spelled_blanks(ahead.text, ahead.length, ahead.at);
        ahead.at += gap;
        size_t used = lj_reader_word(&ahead, word);
        if (gap == 0 || used == 0 || count_lines(comma, ahead.at - comma->at) > 1)
            return false;
        bool like = capitals ? lj_norm_is_all_capitals(&ahead, used) || used == 1
                             : lj_norm_is_capital(&ahead);
        bool link = lj_word_among(word, "y e") && (capitals || !lj_norm_is_capital(&ahead));
        if (fresh || closing) {
            if (!like || link || ends_name(word) || lj_norm_find_head(word) ||
                lj_word_among(word, "la las el los"))
                return false;
            if (closing)
                return true;
        } else if (!like && !is_connector(word)) {
            return false;
        }
        closing = link;
        ahead.at += used;
        fresh = lj_reader_byte(&ahead, 0) == ',';
        ahead.at += fresh;
    }
    return false;
}

/* A norm's name, r behind the kind's word. Capitals say where it ends; in a query, the end does. A
 * name all in capitals, or behind an article in small letters, ends with the first mark or after
 * some words: the shorter forms, which are added too, find it. */
bool
lj_norm_read_name(struct lj_reader *r, size_t start, enum lj_norm_kind kind, bool head_capital,
                  bool head_all, unsigned mode, struct lj_norms *out)
{
    struct lj_reader ahead = *r;
    char words[NAME_WORDS][LJ_SPELLED];
    size_t n = 0, most = NAME_WORDS;
    enum { MIXED, CAPITALS, ANY } style = MIXED;
    size_t end = r->at;
    bool connector = false, joint = false;
    for (size_t taken = 0; n < most && taken < 24; taken++) {
        char word[LJ_SPELLED];
        size_t used = lj_reader_word(&ahead, word);
        if (used == 0 || (n > 0 && lj_spelled_marker(ahead.text, ahead.length, ahead.at) > 0))
            break; /* "… Financiero No 11.925" */
        bool capital = lj_norm_is_capital(&ahead), all = lj_norm_is_all_capitals(&ahead, used);
        bool joins = style == CAPITALS ? all || used == 1 : !capital || all || used == 1;
        /* "tratado de La Banderita" */
        joins = joins || (n == 0 && connector && lj_word_among(word, "la las los el"));
        if (is_connector(word) && joins) {
            if (n == 0 && !connector &&
                lj_word_among(word, "y e o u a con por la el las los lo su sus una un"))
                break;
            if (n == 0 && lj_word_among(word, "que") && !(mode & LJ_NORM_QUERY) && !head_capital)
                break;
            if (joint) /* "y la Suprema Corte" */
                break;
            if (style == ANY && !(mode & LJ_NORM_QUERY) && n > 0 &&
                !lj_word_among(word, "de del la las los el"))
                break;
            joint = n > 0 && lj_word_among(word, "y e o u");
            connector = true;
        } else {
            if (ends_name(word) || (n == 0 && is_no_name(word)))
                if (!(mode & LJ_NORM_QUERY) &&
                    !(kind == REGLAMENTO && n == 0 && lj_word_among(word, "ley codigo")))
                    break;
            if (n == 0) {
                /* "Reglamento de la Ley N° 12.346": the law is meant by its number */
                struct lj_reader number = ahead;
                number.at += used;
                lj_reader_blanks(&number);
                if (kind == REGLAMENTO && strcmp(word, "ley") == 0 &&
                    (lj_reader_digit(&number, 0) ||
                     lj_spelled_marker(number.text, number.length, number.at) > 0))
                    return false;
                /* "Objeto de la Ley. La presente …" without its stop, a heading's end */
                if (!name_may_begin(kind, word) ||
                    (!connector && !(mode & LJ_NORM_QUERY) &&
                     lj_word_among(word, "la las el los un una esta este")))
                    return false;
                if (mode & LJ_NORM_QUERY)
                    style = ANY;
                else if (all && head_all)
                    style = CAPITALS;
                else if (capital && head_capital)
                    style = MIXED;
                else if (mode & LJ_NORM_BEHIND)
                    style = ANY, most = 4;
                else if (!capital && lj_norm_is_generic(word))
                    style = ANY, most = 4; /* "la ley federal de armas" */
                else if (kind == CODIGO)
                    style = ANY, most = 2; /* "el código civil" */
                else if (capital)
                    style = MIXED; /* "ley Orgánica Policial" */
                else
                    return false;
                /* small letters: "de" must lead to the name, or it is any sentence on the law */
                if (style == ANY && !(mode & LJ_NORM_QUERY) && kind != CODIGO && !connector &&
                    !lj_norm_is_generic(word))
                    return false;
            } else if (style == CAPITALS ? !all : style == MIXED ? !capital : false) {
                break;
            }
            /* "la ley reglamentaria porque amenazaban": in small letters, names go on with "de" */
            if (style == ANY && !(mode & LJ_NORM_QUERY) && kind != CODIGO && n > 0 && !connector &&
                !capital) /* "Ley articulada de Funcionarios Civiles" */
                break;
            if (style == ANY && !(mode & LJ_NORM_QUERY) && kind == CODIGO &&
                !lj_word_among(
                    word,
                    "civil penal comercio comercial tributario fiscal procesal procedimiento "
                    "procedimientos penales civiles trabajo mineria aduanero electoral federal "
                    "nacional general rural militar justicia urbano etica aguas municipal"))
                break;
            memcpy(words[n++], word, sizeof word);
            end = ahead.at + used;
            connector = joint = false;
        }
        ahead.at += used;
        if (lj_reader_byte(&ahead, 0) == ',' && n > 0 && !connector &&
            ((mode & LJ_NORM_QUERY) ? goes_on(ahead)
                                    : style != ANY && lists_on(&ahead, style == CAPITALS)))
            ahead.at++;
        size_t gap = lj_spelled_blanks(ahead.text, ahead.length, ahead.at);
        if (gap == 0 || (count_lines(&ahead, gap) > 1 && !connector))
            break;
        ahead.at += gap;
    }
    /* In a query all must be read; "ley" with generic words only is no name: "la Ley Orgánica". */
    size_t plain = 0;
    while (plain < n && lj_norm_is_generic(words[plain]))
        plain++;
    if (n == 1 && kind == CONVENIO && strcmp(words[0], "constitutivo") == 0)
        return false; /* "el Convenio Constitutivo de la referida institución" */
    if (n == 0 || (plain == n && kind != ESTATUTO && kind != CODIGO) ||
        (style == ANY && !(mode & LJ_NORM_QUERY) && kind != CODIGO && plain > 0 && n < 2))
        return false;
    struct lj_norm *norm = &out->item[out->n++];
    lj_norm_begin(norm, start);
    r->at = norm->end = end;
    norm->located = true;
    /* "Carta Magna", "Carta Política" (Colombia, Peru), "Ley Fundamental", "Ley Suprema" */
    if ((kind == CARTA && lj_word_among(words[0], "magna politica fundamental")) ||
        (kind == LEY && n == 1 && lj_word_among(words[0], "fundamental suprema"))) {
        lj_norm_add_string(lj_norm_new_form(norm), "constitucion");
        return true;
    }
    for (size_t size = n; size > plain && size > 0; size--) {
        char *text = lj_norm_new_form(norm);
        lj_norm_add_string(text, lj_norm_kinds[kind].slug);
        for (size_t i = 0; i < size; i++) {
            lj_norm_add(text, i ? "-" : ":", 1);
            lj_norm_add_word(text, words[i]);
        }
    }
    /* "Ley de Ministerios N° 22.520", "Código Aduanero (Ley N° 22.415)": the number first */
    if (kind == LEY || kind == CODIGO) {
        ahead = *r;
        lj_reader_blanks(&ahead);
        if (lj_reader_byte(&ahead, 0) == ',' || lj_reader_byte(&ahead, 0) == '(' ||
            lj_reader_byte(&ahead, 0) == '-') {
            ahead.at++;
            lj_reader_blanks(&ahead);
        }
        bool law = lj_reader_take(&ahead, "ley");
        struct lj_norm_number number = {.text = "", .tail = "", .before = ""};
        if ((lj_norm_take_marker(&ahead) || law) && lj_reader_digit(&ahead, 0) &&
            lj_norm_read_digits(&ahead, false, &number)) {
            lj_norm_read_number_date(&ahead, &number);
            if (lj_reader_byte(&ahead, 0) == ')')
                ahead.at++;
            struct lj_norm named = *norm;
            norm->n = 0;
            lj_norm_number_forms(norm, LEY, "", &number);
            for (size_t i = 0; i < named.n; i++) {
                char *text = lj_norm_new_form(norm);
                lj_norm_add_string(text, named.form[i].text);
            }
            r->at = norm->end = ahead.at;
        }
    }
    return true;
}

/* The constitution: whose it is, where that is said. Bare, it is the archive's own country's. */
bool
lj_norm_read_constitution(struct lj_reader *r, size_t start, bool capital, bool all, unsigned mode,
                          struct lj_norms *out)
{
    static const struct {
        const char *word, *country;
    } countries[] = {{"mexicanos", "mx"},
                     {"mexicana", "mx"},
                     {"espa\xf1ola", "es"},
                     {"espana", "es"},
                     {"argentina", "ar"},
                     {"oriental", "uy"},
                     {"uruguay", "uy"},
                     {"chile", "cl"},
                     {"chilena", "cl"},
                     {"colombia", "co"},
                     {"colombiana", "co"},
                     {"peru", "pe"},
                     {"peruana", "pe"},
                     {"espa\xf1"
                      "a",
                      "es"}};
    struct lj_reader ahead = *r;
    const char *country = NULL;
    bool known = false, other = false;
    char words[4][LJ_SPELLED];
    size_t n = 0, end = r->at;
    for (size_t taken = 0; taken < 16; taken++) {
        char word[LJ_SPELLED];
        size_t used = lj_reader_word(&ahead, word);
        if (used == 0)
            break;
        bool connector = lj_word_among(word, "de del la los las el y");
        if (!connector) {
            const char *of = NULL;
            for (size_t i = 0; i < sizeof countries / sizeof *countries; i++)
                if (strcmp(countries[i].word, word) == 0)
                    of = countries[i].country;
            if (lj_word_among(word, "provincia provincial estadual ciudad"))
                other = true;
            else if (lj_word_among(word, "estado") && taken > 0)
                other = true;
            else if (of)
                country = of;
            else if (!lj_word_among(word, "nacional politica federal general republica estados "
                                          "unidos nacion vigente") &&
                     !(other && n < 4 && (lj_norm_is_capital(&ahead) || (mode & LJ_NORM_QUERY))))
                break;
            if (!of && taken > 0 && !other &&
                lj_word_among(word, "nacional federal general vigente"))
                break;
            known = true;
            end = ahead.at + used;
            if (other && n < 4)
                memcpy(words[n++], word, sizeof word);
        }
        ahead.at += used;
        size_t gap = lj_spelled_blanks(ahead.text, ahead.length, ahead.at);
        if (gap == 0 || (count_lines(&ahead, gap) > 1 && !connector && n == 0 && country))
            break;
        ahead.at += gap;
    }
    if (!known && !(mode & (LJ_NORM_BEHIND | LJ_NORM_QUERY))) {
        /* "la Constitución": capital and with its article; else the act of constituting */
        size_t word_start = start;
        while (word_start > 0 && start - word_start < 10 &&
               (lj_is_lower((unsigned char)r->text[word_start - 1] | 0x20) ||
                (start - word_start < 2 &&
                 (r->text[word_start - 1] == ' ' || r->text[word_start - 1] == '\n'))))
            word_start--;
        char word_before[LJ_SPELLED];
        size_t size = lj_spelled_word(r->text, start, word_start, word_before);
        bool article = size > 0 && lj_word_among(word_before, "la su sus nuestra propia vigente");
        if (!capital || !article)
            return false;
        char word[LJ_SPELLED];
        ahead = *r;
        lj_reader_blanks(&ahead);
        if (all && lj_reader_word(&ahead, word) > 0 && lj_word_among(word, "de del"))
            return false;
    } else if (known && !(mode & LJ_NORM_BEHIND) && !(mode & LJ_NORM_QUERY) && !capital && other) {
        return false;
    }
    struct lj_norm *norm = &out->item[out->n++];
    lj_norm_begin(norm, start);
    r->at = norm->end = end;
    norm->located = true;
    if (other && n > 0) {
        char *text = lj_norm_new_form(norm);
        lj_norm_add_string(text, "constitucion");
        for (size_t i = 0; i < n; i++) {
            lj_norm_add(text, i ? "-" : ":", 1);
            lj_norm_add_word(text, words[i]);
        }
        return true;
    }
    if (country) {
        char *text = lj_norm_new_form(norm);
        lj_norm_add_string(text, "constitucion:");
        lj_norm_add_string(text, country);
    }
    lj_norm_add_string(lj_norm_new_form(norm), "constitucion");
    return true;
}
