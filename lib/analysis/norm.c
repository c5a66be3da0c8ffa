#include "analysis/norm-parts.h"

/* The first word of a norm: "ley", "RDL", "R.D.L.", "D.O.F.": folded, with what it uses. */
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
            lj_reader_byte(&ahead, 2) == '.')
            ahead.at++; /* "D. L. N° 1.289" */
    }
    word[n] = 0;
    return n > 1 ? ahead.at - r->at : used;
}

bool
lj_norm_opens(const char *word)
{
    return lj_norm_find_head(word) || lj_norm_is_electronic(word);
}

bool
lj_norm_read(struct lj_reader *r, unsigned mode, struct lj_norms *out)
{
    out->n = 0;
    struct lj_reader start = *r;
    if (lj_norm_is_capital(r) && (lj_norm_read_symbol(r, out) || lj_norm_read_electronic(r, out)))
        return true;
    char word[LJ_SPELLED];
    size_t used = head_word(r, word);
    const struct lj_norm_head *head = used ? lj_norm_find_head(word) : NULL;
    if (!head)
        return false;
    bool capital = lj_norm_is_capital(r), all = lj_norm_is_all_capitals(r, used);
    if (head->capitals && !all && !(mode & LJ_NORM_QUERY))
        return false;
    enum lj_norm_kind kind = head->kind;
    bool plural = head->plural;
    r->at += used;
    /* "la presente ley." */
    unsigned char behind = lj_reader_byte(r, 0);
    if (kind != CONSTITUCION && !(lj_norm_kinds[kind].flags & BULLETIN) &&
        (behind == ',' || behind == ';' || behind == ')' || behind == '"' ||
         (behind == '.' && (kind == LEY || kind == CODIGO))))
        goto nothing;
    if (lj_norm_kinds[kind].flags & BULLETIN) {
        if (lj_reader_byte(r, 0) == '.')
            r->at++;
        if (strcmp(word, "boletin") == 0 || strcmp(word, "diario") == 0 ||
            strcmp(word, "gaceta") == 0) {
            lj_reader_blanks(r);
            if (!lj_reader_take(r, "oficial"))
                goto nothing;
            struct lj_reader ahead = *r;
            if (lj_reader_take(&ahead, "de del")) {
                lj_reader_take(&ahead, "la las los");
                if (kind == DIARIO && lj_reader_take(&ahead, "federacion"))
                    kind = DOF, *r = ahead;
                else if (kind == DIARIO && lj_reader_take(&ahead, "union comunidades") &&
                         lj_reader_take(&ahead, "europea europeas"))
                    kind = DOUE, *r = ahead;
                else if (kind == BOLETIN && lj_reader_take(&ahead, "estado"))
                    kind = BOE, *r = ahead;
                else if (lj_reader_take(&ahead, "republica nacion")) {
                    lj_reader_take(&ahead, "argentina");
                    *r = ahead;
                }
            } else if (lj_reader_take(&ahead, "el") && lj_reader_take(&ahead, "peruano")) {
                *r = ahead;
            }
        }
        if (lj_norm_read_bulletin(r, start.at, kind, mode, out))
            return true;
        goto nothing;
    }
    if (kind == NOM || kind == FALLOS) {
        if (lj_norm_read_code_of(r, start.at, kind, out))
            return true;
        goto nothing;
    }
    /* "Dto.", "Res."; the stop ends the abbreviation */
    if (lj_reader_byte(r, 0) == '.' && lj_word_among(word, "dec decr dto dtos res resol"))
        r->at++;
    else if (lj_word_among(word, "dec decr res") && !(mode & LJ_NORM_QUERY))
        goto nothing;
    if (kind == OPINION_CONSULTIVA && lj_reader_byte(r, 0) == '-')
        r->at++;
    lj_reader_blanks(r);
    if (kind == REAL) {
        if (!lj_reader_take(r, "decreto decretos"))
            goto nothing;
        kind = REAL_DECRETO;
    }
    if (kind == REAL_DECRETO || kind == DECRETO) {
        /* "-ley", " Ley", " - Ley", " Legislativo", " Supremo", " de Urgencia" … */
        struct lj_reader ahead = *r;
        bool real = kind == REAL_DECRETO;
        /* the blanks before are gone: "Decreto-ley" and "Decreto - Ley" alike */
        if (lj_reader_byte(&ahead, 0) == '-' ||
            (lj_reader_byte(&ahead, 0) == 0xE2 && lj_reader_byte(&ahead, 1) == 0x80 &&
             lj_reader_byte(&ahead, 2) >= 0x90 && lj_reader_byte(&ahead, 2) <= 0x94)) {
            ahead.at += lj_reader_byte(&ahead, 0) == '-' ? 1 : 3;
            lj_reader_blanks(&ahead);
        }
        if (lj_reader_take(&ahead, real ? "ley l" : "ley leyes"))
            kind = real ? REAL_DECRETO_LEY : DECRETO_LEY;
        else if (lj_reader_take(&ahead, "legislativo legislativos leg"))
            kind = real ? REAL_DECRETO_LEGISLATIVO : DECRETO_LEGISLATIVO;
        else if (!real && lj_reader_take(&ahead, "supremo supremos"))
            kind = DECRETO_SUPREMO;
        else if (!real && lj_reader_take(&ahead, "con") && lj_reader_take(&ahead, "fuerza") &&
                 lj_reader_take(&ahead, "de") && lj_reader_take(&ahead, "ley"))
            kind = DFL;
        else if (!real && lj_reader_take(&ahead, "de")) {
            if (lj_reader_take(&ahead, "urgencia"))
                kind = DECRETO_URGENCIA;
            else if (!(lj_reader_take(&ahead, "necesidad") && lj_reader_take(&ahead, "y") &&
                       lj_reader_take(&ahead, "urgencia")))
                ahead = *r; /* "decreto de fecha" */
        } else
            ahead = *r;
        *r = ahead;
    } else if (kind == LEY) {
        struct lj_reader ahead = *r;
        if (lj_reader_take(&ahead, "organica organicas") &&
            (lj_reader_digit(&ahead, 0) || lj_norm_take_marker(&ahead))) {
            lj_reader_take(r, "organica organicas"); /* Spain's; numbered elsewhere as laws are */
            struct lj_reader number = *r;
            if (lj_norm_read_numbered(r, start.at, LEY_ORGANICA, plural, mode, out))
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
    if ((lj_norm_kinds[kind].flags & NUMBERED) &&
        lj_norm_read_numbered(r, start.at, kind, plural, mode, out))
        return true;
    if ((lj_norm_kinds[kind].flags & DATED) && lj_norm_read_dated(r, start.at, kind, out))
        return true;
    if ((kind == PROTOCOLO || kind == CONVENIO || kind == TRATADO || kind == CONVENCION) &&
        (capital || (mode & LJ_NORM_QUERY)) && lj_norm_read_year_of(r, start.at, kind, out))
        return true;
    if ((lj_norm_kinds[kind].flags & NAMED) &&
        (capital || kind == LEY || kind == CODIGO || kind == TRATADO || kind == PROTOCOLO ||
         (mode & (LJ_NORM_BEHIND | LJ_NORM_QUERY))) &&
        !plural && lj_norm_read_name(r, start.at, kind, capital, all, mode, out))
        return true;
nothing:
    *r = start;
    out->n = 0;
    return false;
}
