#include "analysis/norm-parts.h"

#include <glib.h>
#include <stdlib.h>

/* The first word of a norm: "ley", "RDL", "R.D.L.", "D.O.F.", "D.Leg.": folded, with what it uses. */
static size_t
head_word(const struct lj_reader *r, char word[LJ_SPELLED])
{
    size_t used = lj_reader_word(r, word);
    if (used != 1 || lj_reader_byte(r, 1) != '.')
        return used;
    struct lj_reader ahead = *r;
    size_t n = 0;
    while (n < 5 && lj_is_upper(lj_reader_byte(&ahead, 0)) && lj_reader_byte(&ahead, 1) == '.') {
        word[n++] = (char)(lj_reader_byte(&ahead, 0) | 0x20);
        ahead.at += 2;
        if (n == 1 && lj_reader_byte(&ahead, 0) == ' ' && lj_is_upper(lj_reader_byte(&ahead, 1)) &&
            (lj_reader_byte(&ahead, 2) == '.' || /* "D. L. N° 1.289", "D. Leg. N° 1034" */
             (lj_reader_byte(&ahead, 2) == 'e' && lj_reader_byte(&ahead, 3) == 'g')))
            ahead.at++;
    }
    if (n > 0 && lj_reader_byte(&ahead, 0) == 'L' && lj_reader_byte(&ahead, 1) == 'e' &&
        lj_reader_byte(&ahead, 2) == 'g' && lj_reader_byte(&ahead, 3) == '.') {
        memcpy(word + n, "leg", 3); /* "D.Leg.", "R.D.Leg." */
        n += 3;
        ahead.at += 4;
    }
    word[n] = 0;
    return n > 1 ? ahead.at - r->at : used;
}

/* "Oficial de la Federación", "del Estado": which bulletin a word of several begins, r behind it.
 * NULL: none. */
static const char *
whole_bulletin(struct lj_reader *r, size_t start, enum lj_norm_kind kind)
{
    const char *slug = lj_norm_kinds[kind].slug;
    lj_reader_blanks(r);
    if (!lj_reader_take(r, "oficial")) {
        /* "La Gaceta N° 123": so called in Costa Rica, Honduras, Nicaragua */
        return kind == GACETA && start >= 3 && lj_is_upper((unsigned char)r->text[start]) &&
                       memcmp(r->text + start - 3, "La ", 3) == 0
                   ? slug
                   : NULL;
    }
    struct lj_reader ahead = *r;
    if (lj_reader_take(&ahead, "el") && lj_reader_take(&ahead, "peruano")) {
        *r = ahead;
        return slug;
    }
    ahead = *r;
    if (!lj_reader_take(&ahead, "de del"))
        return slug;
    lj_reader_take(&ahead, "la las los");
    const char *found = NULL;
    if (kind == DIARIO && lj_reader_take(&ahead, "federacion"))
        found = lj_norm_kinds[DOF].slug;
    else if (kind == DIARIO && lj_reader_take(&ahead, "union comunidades") &&
             lj_reader_take(&ahead, "europea europeas"))
        found = lj_norm_kinds[DOUE].slug;
    else if (kind == BOLETIN && lj_reader_take(&ahead, "estado"))
        found = lj_norm_kinds[BOE].slug;
    if (found) {
        *r = ahead;
        return found;
    }
    /* whose it is: "de la República Bolivariana de Venezuela N° 5.453", "del Estado de Puebla" */
    for (int words = 0; words < 10; words++) {
        char word[LJ_SPELLED];
        size_t used = lj_reader_word(&ahead, word);
        bool capital = lj_norm_is_capital(&ahead);
        if (used == 0 || lj_spelled_marker(ahead.text, ahead.length, ahead.at) > 0 ||
            !(capital || lj_word_among(word, "de del la las los el y")))
            break;
        ahead.at += used;
        if (capital)
            *r = ahead;
        lj_reader_blanks(&ahead);
    }
    return slug;
}

/* What follows "decreto" or "real decreto" and makes it another kind: "-ley", " Legislativo",
 * " Supremo", " de Urgencia", " con fuerza de ley". */
static enum lj_norm_kind
decree(struct lj_reader *r, bool real)
{
    struct lj_reader ahead = *r;
    /* the blanks before are gone: "Decreto-ley" and "Decreto - Ley" alike */
    if (lj_reader_byte(&ahead, 0) == '-' ||
        (lj_reader_byte(&ahead, 0) == 0xE2 && lj_reader_byte(&ahead, 1) == 0x80 &&
         lj_reader_byte(&ahead, 2) >= 0x90 && lj_reader_byte(&ahead, 2) <= 0x94)) {
        ahead.at += lj_reader_byte(&ahead, 0) == '-' ? 1 : 3;
        lj_reader_blanks(&ahead);
    }
    enum lj_norm_kind kind = real ? REAL_DECRETO : DECRETO;
    if (lj_reader_take(&ahead, real ? "ley leyes l" : "ley leyes")) {
        kind = real ? REAL_DECRETO_LEY : DECRETO_LEY;
        if (!real)
            lj_reader_take(&ahead, "especial foral");
    } else if (lj_reader_take(&ahead, "legislativo legislativos leg")) {
        kind = real ? REAL_DECRETO_LEGISLATIVO : DECRETO_LEGISLATIVO;
        lj_reader_take_byte(&ahead, '.');
    } else if (!real && lj_reader_take(&ahead, "supremo supremos")) {
        kind = DECRETO_SUPREMO;
    } else if (!real && lj_reader_take(&ahead, "con") && lj_reader_take(&ahead, "fuerza") &&
               lj_reader_take(&ahead, "de") && lj_reader_take(&ahead, "ley")) {
        kind = DFL;
    } else if (!real && lj_reader_take(&ahead, "de")) {
        if (lj_reader_take(&ahead, "urgencia"))
            kind = DECRETO_URGENCIA;
        else if (!(lj_reader_take(&ahead, "necesidad") && lj_reader_take(&ahead, "y") &&
                   lj_reader_take(&ahead, "urgencia")))
            ahead = *r; /* "decreto de fecha" */
    } else {
        ahead = *r;
    }
    *r = ahead;
    return kind;
}

/* Abbreviations whose stop belongs to them; without it some are words of their own. */
static bool
take_stop(struct lj_reader *r, const char *word, unsigned mode)
{
    if (lj_reader_byte(r, 0) == '.' &&
        lj_word_among(word, "cas cod dec decr disp dto dtos exp res resol")) {
        r->at++;
        return true;
    }
    return (mode & LJ_NORM_QUERY) || !lj_word_among(word, "cas cod dec decr disp exp res");
}

/* "L." before a number. */
static bool
capital_stop(const struct lj_reader *r)
{
    struct lj_reader ahead = *r;
    if (lj_reader_byte(r, 0) != 'L' || lj_reader_byte(r, 1) != '.')
        return false;
    ahead.at += 2;
    lj_reader_blanks(&ahead);
    return lj_reader_digit(&ahead, 0) || lj_spelled_marker(ahead.text, ahead.length, ahead.at) > 0;
}

/* Treaties that stand in the plural: "Tratados de Guadalupe Hidalgo", "Convenios de Ginebra de 1949", but not
 * "Convenios de Colaboración", "Tratados de Libre Comercio". */
static bool
names_a_place(struct lj_reader r, enum lj_norm_kind kind, bool capital)
{
    char word[LJ_SPELLED];
    if ((kind != TRATADO && kind != CONVENIO) || !capital || !lj_reader_take(&r, "de"))
        return false;
    lj_reader_take(&r, "la los");
    size_t used = lj_reader_word(&r, word);
    return used > 3 && lj_norm_is_capital(&r) && !lj_norm_is_all_capitals(&r, used) &&
           !g_str_has_suffix(word, "cion") && !g_str_has_suffix(word, "ciones") &&
           !lj_word_among(word, "amistad apoyo asistencia comercio credito derechos desempe\xf1o "
                                "doble intercambio integracion libre limites pago pagos paz "
                                "prestamo seguridad servicios trabajo transferencia");
}

/* "D.L. N° 1440": in Peru a legislative decree, whose numbers go on from year to year. */
static void
add_legislative(struct lj_norms *norms)
{
    static const char slug[] = "decreto-ley:";
    for (size_t i = 0; i < norms->n; i++) {
        struct lj_norm *norm = &norms->item[i];
        const char *number = norm->form[0].text + sizeof slug - 1;
        if (strncmp(norm->form[0].text, slug, sizeof slug - 1) != 0 || strchr(number, '/') ||
            strtoul(number, NULL, 10) > 2000)
            continue;
        char *form = lj_norm_new_form(norm);
        lj_norm_add_string(form, "decreto-legislativo:");
        lj_norm_add_string(form, number);
    }
}

/* Does the series of the Union's bulletin follow, "L 119", "C 326", "(L 281)"? */
static bool
has_series(const struct lj_reader *r)
{
    struct lj_reader ahead = *r;
    lj_reader_blanks(&ahead);
    lj_reader_take_byte(&ahead, '(');
    lj_reader_take(&ahead, "ue ce");
    unsigned char c = lj_reader_byte(&ahead, 0);
    return (c == 'L' || c == 'C') && !lj_spelled_alnum_at(ahead.text, ahead.length, ahead.at + 1);
}

/* "C." before "Civil", "Penal", "de Comercio". */
static bool
short_code(const struct lj_reader *r)
{
    struct lj_reader ahead = *r;
    char word[LJ_SPELLED];
    if (lj_reader_byte(r, 0) != 'C' || lj_reader_byte(r, 1) != '.')
        return false;
    ahead.at += 2;
    lj_reader_blanks(&ahead);
    lj_reader_take(&ahead, "de del");
    return lj_norm_is_capital(&ahead) && lj_reader_word(&ahead, word) > 0 &&
           lj_word_among(word, "civil penal comercio trabajo tributario procesal aduanas fiscal");
}

bool
lj_norm_opens(const char *word)
{
    return lj_norm_find_head(word) || lj_norm_is_electronic(word) || lj_norm_is_symbol(word) ||
           lj_norm_is_acronym(word) || lj_norm_is_court_symbol(word);
}

bool
lj_norm_read(struct lj_reader *r, unsigned mode, struct lj_norms *out)
{
    out->n = 0;
    struct lj_reader start = *r;
    if (lj_norm_is_capital(r) &&
        (lj_norm_read_symbol(r, out) || lj_norm_read_electronic(r, out) ||
         lj_norm_read_bare_ruling(r, out) || lj_norm_read_court_symbol(r, out)))
        return true;
    char word[LJ_SPELLED];
    size_t used = head_word(r, word);
    const struct lj_norm_head *head = used ? lj_norm_find_head(word) : NULL;
    if (!head && used == 1 && word[0] == 'c' && (mode & LJ_NORM_BEHIND) && short_code(r)) {
        static const struct lj_norm_head code = {"c", CODIGO, false, false, NULL};
        head = &code; /* "art. 1545 del C. Civil" */
        used = 2;
    }
    if (!head && used == 1 && word[0] == 'l' && (mode & LJ_NORM_BEHIND) && capital_stop(r)) {
        static const struct lj_norm_head law = {"l", LEY, false, false, NULL};
        head = &law; /* "art. 4 L. 24.240" */
        used = 2;
    }
    if (!head)
        return used > 2 && lj_norm_read_acronym(r, mode & ~LJ_NORM_BEHIND, false, out);
    bool capital = lj_norm_is_capital(r), all = lj_norm_is_all_capitals(r, used);
    if (head->capitals && !all && !(mode & LJ_NORM_QUERY) && /* "RDLeg", "D.Leg." */
        !(used > 3 && capital &&
          (lj_is_upper(lj_reader_byte(r, 1)) || lj_reader_byte(r, 1) == '.')))
        return false;
    enum lj_norm_kind kind = head->kind;
    bool plural = head->plural;
    unsigned flags = lj_norm_kinds[kind].flags;
    r->at += used;
    /* "la presente ley." */
    unsigned char behind = lj_reader_byte(r, 0);
    if (kind != CONSTITUCION && !(flags & BULLETIN) &&
        (behind == ',' || behind == ';' || behind == ')' || behind == '"' ||
         (behind == '.' && (kind == LEY || (kind == CODIGO && used > 5)))))
        goto nothing;
    if (flags & BULLETIN) {
        const char *slug = kind == REGIONAL ? head->word : lj_norm_kinds[kind].slug;
        if (lj_reader_byte(r, 0) == '.')
            r->at++;
        lj_reader_quote(r); /* «BOE» núm. 236 */
        if (kind == DOUE && strcmp(word, "do") == 0 && !has_series(r))
            slug = lj_norm_kinds[DIARIO].slug; /* "D.O. 24/4/2006": a country's own */
        if (lj_word_among(word, "boletin diario gaceta registro periodico"))
            slug = whole_bulletin(r, start.at, kind);
        if (slug && lj_norm_read_bulletin(r, start.at, slug, mode, out))
            return true;
        if (slug || kind != BOLETIN)
            goto nothing;
        kind = PROYECTO; /* "boletín N° 8575-07" */
        flags = lj_norm_kinds[kind].flags;
    }
    if (kind == NOM || kind == NMX || kind == FALLOS) {
        if (lj_norm_read_code_of(r, start.at, kind, out))
            return true;
        goto nothing;
    }
    if (!take_stop(r, word, mode))
        goto nothing;
    if (kind == OPINION_CONSULTIVA && lj_reader_byte(r, 0) == '-')
        r->at++;
    if (kind == MISCELANEA ||
        (kind == COMERCIO_EXTERIOR && head->capitals)) /* "RMF.", "RGCE 2024" */
        return lj_norm_read_rules(r, start.at, kind, out);
    lj_reader_blanks(r);
    if (kind == RESOLUCION &&
        lj_reader_take(r, "miscelanea")) { /* "Resolución Miscelánea Fiscal" */
        if (lj_reader_take(r, "fiscal"))
            return lj_norm_read_rules(r, start.at, MISCELANEA, out);
        goto nothing;
    }
    if (kind == COMERCIO_EXTERIOR) { /* "Reglas Generales de Comercio Exterior para 2020" */
        if (capital && lj_reader_take(r, "generales") && lj_reader_take(r, "de") &&
            lj_reader_take(r, "comercio") && lj_reader_take(r, "exterior"))
            return lj_norm_read_rules(r, start.at, COMERCIO_EXTERIOR, out);
        goto nothing;
    }
    if (flags & RULING) {
        if (lj_norm_read_ruling(r, start.at, kind, mode, out))
            return true;
        goto nothing;
    }
    /* "Proyecto de Ley 1341/2021-CR": a bill is no law */
    if (kind == PROYECTO_LEY && !(lj_reader_take(r, "de") &&
                                  lj_reader_take(r, "ley leyes resolucion decreto acuerdo acto") &&
                                  (lj_reader_take(r, "legislativa legislativo") || true)))
        goto nothing;
    if (kind == AUTO && lj_reader_take(r, "acordado acordados")) /* Chile's */
        kind = ACORDADA;
    if (kind == AUTO && !capital && !(mode & LJ_NORM_QUERY))
        goto nothing;
    if (kind == ACTO_LEGISLATIVO && lj_reader_take(r, "institucional")) /* Uruguay, 1976–1984 */
        kind = ACTO_INSTITUCIONAL;
    if (kind == REGISTERED) {
        struct lj_reader number = *r;
        unsigned thousands; /* what is filed may be anything; laws are above 10,000 */
        if (!lj_reader_take(&number, "bajo") || !lj_reader_take(&number, "el") ||
            !lj_norm_take_marker(&number))
            goto nothing;
        *r = number;
        if (!lj_reader_number(&number, 6, &thousands, NULL) ||
            !(thousands >= 10000 || (thousands >= 10 && lj_reader_byte(&number, 0) == '.' &&
                                     lj_reader_digit(&number, 3))))
            goto nothing;
        kind = LEY;
    }
    if ((kind == ACTO_LEGISLATIVO && !lj_reader_take(r, "legislativo")) ||
        (kind == OBSERVACION && !lj_reader_take(r, "general generales")))
        goto nothing;
    if (kind == REAL) {
        if (!lj_reader_take(r, "decreto decretos"))
            goto nothing;
        kind = REAL_DECRETO;
    }
    if (kind == REAL_DECRETO || kind == DECRETO) {
        kind = decree(r, kind == REAL_DECRETO);
    } else if (kind == LEY) {
        struct lj_reader ahead = *r;
        if (lj_reader_take(&ahead, "organica organicas") &&
            (lj_reader_digit(&ahead, 0) || lj_norm_take_marker(&ahead))) {
            lj_reader_take(r, "organica organicas"); /* Spain's; numbered elsewhere as laws are */
            struct lj_reader number = *r;
            if (lj_norm_read_numbered(r, start.at, LEY_ORGANICA, "", plural, mode, out))
                return true;
            *r = number;
        }
    } else if (kind == SENTENCIA) {
        struct lj_reader ahead = *r;
        if (lj_reader_take(&ahead, "del") && lj_reader_take(&ahead, "tribunal")) {
            kind = lj_reader_take(&ahead, "constitucional") ? STC
                   : lj_reader_take(&ahead, "supremo")      ? STS
                                                            : SENTENCIA;
            if (kind != SENTENCIA)
                *r = ahead;
        }
    }
    if (kind == CONSTITUCION) {
        if (lj_norm_read_constitution(r, start.at, capital, all, mode, out))
            return true;
        goto nothing;
    }
    flags = lj_norm_kinds[kind].flags;
    if ((flags & NUMBERED) &&
        lj_norm_read_numbered(r, start.at, kind, head->adjective ? head->adjective : "", plural,
                              mode, out)) {
        if (head->capitals && kind == DECRETO_LEY)
            add_legislative(out);
        return true;
    }
    if ((flags & DATED) && (kind != ORDEN || capital) && lj_norm_read_dated(r, start.at, kind, out))
        return true;
    if ((kind == PROTOCOLO || kind == CONVENIO || kind == TRATADO || kind == CONVENCION) &&
        (capital || (mode & LJ_NORM_QUERY)) && lj_norm_read_year_of(r, start.at, kind, out))
        return true;
    if ((flags & NAMED) &&
        (capital || kind == LEY || kind == CODIGO || kind == TRATADO || kind == PROTOCOLO ||
         (mode & (LJ_NORM_BEHIND | LJ_NORM_QUERY))) &&
        (!plural || names_a_place(*r, kind, capital)) &&
        lj_norm_read_name(r, start.at, kind, capital, all, mode, out))
        return true;
nothing:
    *r = start;
    out->n = 0;
    return false;
}
