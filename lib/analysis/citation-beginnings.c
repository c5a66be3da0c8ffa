/* Which words may begin a citation, by their first letters: what analysis asks of every distinct word. A kind
 * that is added to the tables of norms is added here too; tests hold the two together. */
#include "analysis/citation.h"
#include "document/reader.h"

/* The first three letters of all first words, as a bit a row: asked of every word of every text.
 * Case and accents fall together with other letters here; the fourth letter sorts most of those
 * out. */
#define ROW(a, b) (((a)&31) << 5 | ((b)&31))
#define BIT(c) (1u << ((c)&31))
#define DIGITS 0x03FF0000u /* '0' … '9' */

const uint32_t lj_citation_rows[1024] = {
    [ROW('a', 'c')] =
        BIT('u') | BIT('t') | BIT('o') | BIT('c'), /* acuerdo, acto, acordada, acción */
    [ROW('a', 'm')] = BIT('p'),                    /* amparo */
    [ROW('a', 'u')] = BIT('t'),                    /* auto */
    [ROW('a', 'p')] = BIT('a'),                    /* apartado */
    [ROW('a', 'r')] = BIT('t'),                    /* artículo */
    [ROW('a', 't')] = BIT('c') | BIT('s'),         /* ATC, ATS */
    /* A/RES/70/1, A/HRC/31/58, A/C.3/70, A/70/298 */
    [ROW('a', '/')] = BIT('r') | BIT('h') | BIT('c') | DIGITS,
    [ROW('a', 'g')] = BIT('/'), /* AG/RES. */
    /* boletín, BOE, BORA, BO; BOA, BOC, BOIB, BOJA, BON, BOP */
    [ROW('b', 'o')] = BIT('l') | BIT('e') | BIT('r') | BIT(' ') | BIT('a') | BIT('c') | BIT('i') |
                      BIT('j') | BIT('n') | BIT('p'),
    [ROW('b', '.')] = BIT('o'),                                  /* B.O. */
    [ROW('c', 'a')] = BIT('r') | BIT('s') | BIT('d') | BIT('t'), /* carta, casación, CADH, CAT/ */
    [ROW('c', 'd')] = BIT('f'),                                  /* CDFUE */
    [ROW('c', 'e')] = BIT('d') | BIT('r'),                       /* CEDAW/, CERD/ */
    [ROW('c', 'n')] = BIT('p'),                                  /* CNPP */
    [ROW('c', 'r')] = BIT('c') | BIT('p'),                       /* CRC/, CRPD/ */
    [ROW('c', 'u')] = BIT('e'),                                  /* cuestión */
    [ROW('c', '-')] = DIGITS,   /* C-355/06; '-' and 'm' fall together, so CMW/ too */
    [ROW('c', 'i')] = BIT('r'), /* circular */
    /* constitución, codigo, comunicación, COIP */
    [ROW('c', 'o')] = BIT('n') | BIT('d') | BIT('m') | BIT('i'),
    [ROW('c', 'p')] = BIT('/') | BIT('e') | BIT('a') | BIT('c') | BIT('p'), /* CP/RES., CPEUM … */
    [ROW('c', 0xC3)] =
        BIT(0xB3) | BIT('p') | BIT('y'),   /* código; CCPR/, CCyC: 'c' falls together */
    [ROW('d', 'c')] = BIT('t'),            /* DCTO-2023-294-APN-PTE */
    [ROW('d', 'e')] = BIT('c'),            /* decreto, DECTO- */
    [ROW('d', 'f')] = BIT('l') | BIT(' '), /* DFL, DF 4.ª */
    /* diario, directiva, DI-, dictamen */
    [ROW('d', 'i')] = BIT('a') | BIT('r') | BIT('s') | BIT('-') | BIT('c'),
    [ROW('d', 'a')] = BIT(' '),            /* DA 2.ª */
    [ROW('d', 'p')] = BIT('/'),            /* DP/ */
    [ROW('d', 'l')] = BIT(' ') | BIT('e'), /* DL, DLeg */
    /* DOF, DOUE, DO, DOGC, DOCM, DOE */
    [ROW('d', 'o')] = BIT('f') | BIT('u') | BIT(' ') | BIT('g') | BIT('c') | BIT('e'),
    [ROW('d', 's')] = BIT(' '),            /* DS */
    [ROW('d', 't')] = BIT('o') | BIT(' '), /* Dto., DT 1.ª */
    [ROW('d', 'u')] = BIT(' ') | BIT('d'), /* DU, DUDH */
    /* D.O.F., D.L., D. L., D.S., D.U., D.N.U., D.F.L.; '.' and 'n' fall together, so DNU too */
    [ROW('d', '.')] = BIT('o') | BIT('l') | BIT(' ') | BIT('s') | BIT('u') | BIT('n') | BIT('f') |
                      BIT('a') | BIT('t'),
    [ROW('e', 's')] = BIT('t'),                       /* estatuto */
    [ROW('e', '/')] = BIT('r') | BIT('c') | DIGITS,   /* E/RES/, E/CN.4/ */
    [ROW('e', 'b')] = BIT('e'),                       /* EBEP */
    [ROW('e', 'c')] = BIT('l'),                       /* ECLI: */
    [ROW('e', 'x')] = BIT('p'),                       /* expediente */
    [ROW('f', 'a')] = BIT('l'),                       /* fallos */
    [ROW('f', 'r')] = BIT('a'),                       /* fracción */
    [ROW('g', 'a')] = BIT('c'),                       /* gaceta */
    [ROW('h', 'r')] = BIT('i'),                       /* HRI/ */
    [ROW('i', 'n')] = BIT('c') | BIT('s') | BIT('f'), /* inciso, instrucción, informe */
    [ROW('j', 'u')] = BIT('r'),                       /* jurisprudencia */
    [ROW('l', 'c')] = BIT('s'),                       /* LCSP */
    [ROW('l', 'e')] = BIT('y') | BIT('t') | BIT('c'), /* ley, letra, LECrim */
    [ROW('l', 'f')] = BIT('p') | BIT('t'),            /* LFPDPPP, LFTAIP */
    /* LGAMVLV, LGDNNA, LGEEPA, LGIPE, LGPP, LGRA, LGSM, LGTAIP */
    [ROW('l', 'g')] =
        BIT('a') | BIT('d') | BIT('e') | BIT('i') | BIT('p') | BIT('r') | BIT('s') | BIT('t'),
    [ROW('l', 'i')] = BIT('t'), /* literal */
    /* LO, LOAPF, LOPJ, LOREG, LOTC */
    [ROW('l', 'o')] = BIT(' ') | BIT('a') | BIT('p') | BIT('r') | BIT('t'),
    [ROW('l', 'p')] = BIT('a'),                       /* LPACAP */
    [ROW('l', 'r')] = BIT('j'),                       /* LRJSP */
    [ROW('l', '.')] = BIT('o') | BIT(' '),            /* L.O., L. O. */
    [ROW('n', 'm')] = BIT('x'),                       /* NMX */
    [ROW('n', 'o')] = BIT('m'),                       /* NOM-035 */
    [ROW('n', 'u')] = BIT('m'),                       /* numeral */
    [ROW('o', 'b')] = BIT('s'),                       /* observación general */
    [ROW('o', 'c')] = BIT('-'),                       /* OC-5/85 */
    [ROW('o', 'e')] = BIT('a'),                       /* OEA/Ser.L */
    [ROW('o', 'r')] = BIT('d'),                       /* orden, ordenanza */
    [ROW('p', 'a')] = BIT('r') | BIT('c'),            /* parágrafo, pacto */
    [ROW('p', 'e')] = BIT('r'),                       /* periódico oficial */
    [ROW('p', 'i')] = BIT('d'),                       /* PIDCP, PIDESC */
    [ROW('p', 'r')] = BIT('o'),                       /* protocolo */
    [ROW('p', 0xC3)] = BIT(0xA1),                     /* párrafo */
    [ROW('r', 'i')] = BIT('t'),                       /* RIT */
    [ROW('r', 'd')] = BIT(' ') | BIT('-') | BIT('l'), /* RD, RD-ley, RDL */
    /* real decreto, resolución, reglamento, registro oficial, recurso, recomendación */
    [ROW('r', 'e')] = BIT('a') | BIT('s') | BIT('g') | BIT('c'),
    [ROW('r', 'g')] = BIT(' ') | BIT('p') | BIT('c'), /* RG, RGPD, RGCE */
    [ROW('r', 'j')] = BIT(' '),                       /* RJ */
    [ROW('r', 'm')] = BIT(' ') | BIT('f'),            /* RM, RMF */
    [ROW('r', 'o')] = BIT(' ') | BIT('l'),            /* RO, rol */
    [ROW('r', 's')] = BIT(' '),                       /* RS */
    [ROW('r', 'v')] = BIT('m'),                       /* RVM */
    /* R.D., R.M., R.S., R.V.M., R.G., R.J., R.O. */
    [ROW('r', '.')] = BIT('d') | BIT('m') | BIT('s') | BIT('v') | BIT('g') | BIT('j') | BIT('o'),
    [ROW('s', 'a')] = BIT('p') | BIT('n'), /* SAP, SAN */
    [ROW('s', 'c')] = BIT('m'),            /* SCM-JDC- */
    [ROW('s', 'd')] = BIT('f'),            /* SDF-JDC- */
    [ROW('s', 'g')] = BIT('-'),            /* SG-JDC- */
    [ROW('s', 'm')] = BIT('-'),            /* SM-JDC- */
    [ROW('s', 'r')] = BIT('e'),            /* SRE-PSC- */
    [ROW('s', 'x')] = BIT('-'),            /* SX-JDC- */
    [ROW('s', 'e')] = BIT('n') | BIT('r'), /* sentencia, Serie C */
    [ROW('s', 's')] = BIT('t'),            /* SSTC */
    /* STC, STEDH, ST/, ST-JDC- */
    [ROW('s', 't')] = BIT('c') | BIT('s') | BIT('e') | BIT('j') | BIT('/') | BIT('-'),
    [ROW('s', 'u')] = BIT('-') | BIT('p'), /* SU-214/16, SUP-JDC- */
    [ROW('s', '/')] = BIT('r') | DIGITS,   /* S/RES/1325, S/2016/53 */
    [ROW('t', 'd')] = BIT('/'),            /* TD/ */
    [ROW('t', 'e')] = BIT('s'),            /* tesis */
    [ROW('t', 'f')] = BIT('u'),            /* TFUE */
    [ROW('t', 'o')] = BIT('c'),            /* TOCAF */
    [ROW('t', '-')] = DIGITS,              /* T-760/08 */
    [ROW('t', 'r')] = BIT('a') | BIT('l'), /* transitorio, tratado, TRLGDCU */
};

bool
lj_citation_word_may_begin(const char *bytes)
{
    const unsigned char *p = (const unsigned char *)bytes;
    unsigned char c = p[3] | 0x20;
#define THREE(a, b, c) ((uint32_t)(a) << 16 | (uint32_t)(b) << 8 | (uint32_t)(c))
    switch (THREE(p[0] | 0x20, p[1] | 0x20, p[2] | 0x20)) {
    case THREE('a', 'r', 't'): /* artículo, artículos, arts., art. */
        return c == 0xE3 || c == 'i' || c == 's' || c == '.' || c == ' ';
    case THREE('l', 'e', 'y'): /* ley, leyes; leyenda is sorted out later */
        return c == 'e' || !lj_is_lower(c);
    case THREE('c', 'o', 'n'): /* constitución, convenio, CONPES, contradicción, Concepto */
        return c == 's' || c == 'v' || c == 'p' || c == 't' || (c == 'c' && lj_is_upper(p[0]));
    case THREE('c', 'u', 'e'): /* cuestión de inconstitucionalidad */
        return c == 's';
    case THREE('r', 'o', 'l'): /* rol N° 12.345-2019 */
        return !lj_is_lower(c);
    case THREE('i', 'n', 'f'): /* informe */
        return c == 'o';
    case THREE('c', 'o', 'd'): /* codigo, Cod. */
        return c == 'i' || c == '.';
    case THREE('c', 0xE3, 0xB3): /* código, Cód.: the bytes of ó and Ó with bit 5 set */
        return c == 'd';
    case THREE('d', 'i', 's'): /* disposición */
        return c == 'p';
    case THREE('d', 'e', 'c'): /* decreto, decisión, declaración, dec., DECTO-, DECNU- */
        return c == 'r' || c == 'i' || c == 'l' || c == '.' || c == 't' || c == 'n' ||
               (c == 'a' && lj_is_upper(p[2])); /* DECAD- */
    case THREE('r', 'e', 's'):                  /* resolución, res., RESFC- */
        return c == 'o' || c == '.' || c == 'f';
    case THREE('r', 'e', 'g'): /* reglamento, regla, Registro Oficial, registrada bajo el N° */
        return c == 'l' || c == 'i';
    case THREE('r', 'e', 'a'): /* real, reales */
    case THREE('f', 'a', 'l'): /* fallos */
        return c == 'l' || (c == 'i' && lj_is_upper(p[0]));
    case THREE('p', 'a', 'r'): /* párrafo without accent, parágrafo, par. */
        return c == 'r' || c == 'a' || c == 0xE3 || c == '.';
    case THREE('p', 'r', 'o'): /* protocolo, proyecto de ley */
        return c == 't' || c == 'y';
    case THREE('s', 'e', 'n'): /* sentencia */
    case THREE('i', 'n', 's'): /* instrucción */
    case THREE('c', 'a', 'r'): /* carta */
    case THREE('p', 'a', 'c'): /* pacto */
        return c == 't';
    case THREE('c', 'a', 's'): /* Casación, Cas. */
        return lj_is_upper(p[0]) && (c == 'a' || c == '.');
    case THREE('c', 'o', 'm'): /* Comunicación "A" 7030 */
        return lj_is_upper(p[0]) && c == 'u';
    case THREE('a', 'c', 't'): /* Acto Legislativo */
        return lj_is_upper(p[0]) && c == 'o';
    case THREE('a', 'u', 't'): /* Auto 8 de 2009, auto acordado */
        return c == 'o';
    case THREE('s', 'e', 'r'): /* Serie C */
        return lj_is_upper(p[0]) && c == 'i';
    case THREE('e', 'x', 'p'): /* Expediente N° … -PA/TC, Exp. */
        return lj_is_upper(p[0]) && (c == 'e' || c == '.');
    case THREE('r', 'e', 'c'): /* recurso de inconstitucionalidad, Recomendación General */
        return c == 'u' || (lj_is_upper(p[0]) && c == 'o');
    case THREE('p', 'e', 'r'): /* Periódico Oficial */
    case THREE('t', 'e', 's'): /* tesis */
        return (lj_is_upper(p[0]) || p[0] == 't') && c == 'i';
    case THREE('a', 'c', 'o'): /* acordada */
        return c == 'r';
    case THREE('a', 'c', 'c'): /* acción de inconstitucionalidad */
    case THREE('j', 'u', 'r'): /* jurisprudencia 2a./J. */
        return c == 'i';
    case THREE('a', 'm', 'p'): /* amparo */
        return c == 'a';
    case THREE('d', 'i', 'c'): /* dictamen */
        return c == 't';
    case THREE('o', 'b', 's'): /* observación general */
        return c == 'e';
    case THREE('t', 'r', 'a'): /* transitorio, tratado */
        return c == 'n' || c == 't';
    case THREE('i', 'n', 'c'): /* inciso, inc., incs. */
        return c == 'i' || c == '.' || c == 's';
    case THREE('l', 'e', 't'): /* letra */
    case THREE('a', 'p', 'a'): /* apartado */
    case THREE('d', 'i', 'a'): /* diario */
        return c == 'r';
    case THREE('e', 's', 't'): /* estatuto */
        return c == 'a';
    case THREE('l', 'i', 't'): /* literal, lit. */
        return c == 'e' || c == '.';
    case THREE('a', 'c', 'u'): /* acuerdo */
    case THREE('n', 'u', 'm'): /* numeral */
    case THREE('o', 'r', 'd'): /* orden, ordenanza */
    case THREE('d', 'i', 'r'): /* directiva */
    case THREE('g', 'a', 'c'): /* gaceta */
        return c == 'e';
    case THREE('f', 'r', 'a'): /* fracción, frac. */
    case THREE('c', 'i', 'r'): /* circular */
        return c == 'c';
    case THREE('p', 0xE3, 0xA1): /* párrafo */
        return c == 'r';
    case THREE('b', 'o', 'l'): /* boletín */
    case THREE('d', 't', 'o'):
        return true;
    default:
        break;
    }
    if (!lj_is_upper(p[0]))
        return false;
    if (p[1] == '/' || p[1] == '-')
        return true;                   /* A/HRC/31/58, C-355/06: the row has sorted out the rest */
    switch (THREE(p[0], p[1], p[2])) { /* acronyms: capitals only */
    case THREE('B', 'O', 'A'):
    case THREE('B', 'O', 'C'):
    case THREE('B', 'O', 'I'):
    case THREE('B', 'O', 'J'):
    case THREE('B', 'O', 'N'):
    case THREE('B', 'O', 'P'):
    case THREE('C', 'A', 'D'):
    case THREE('C', 'A', 'T'):
    case THREE('C', 'C', 'P'):
    case THREE('C', 'C', 'y'):
    case THREE('C', 'D', 'F'):
    case THREE('C', 'E', 'D'):
    case THREE('C', 'E', 'R'):
    case THREE('C', 'M', 'W'):
    case THREE('C', 'N', 'P'):
    case THREE('C', 'O', 'I'):
    case THREE('C', 'P', 'A'):
    case THREE('C', 'P', 'C'):
    case THREE('C', 'P', 'E'):
    case THREE('C', 'P', 'P'):
    case THREE('C', 'R', 'C'):
    case THREE('C', 'R', 'P'):
    case THREE('D', 'A', ' '):
    case THREE('D', 'F', ' '):
    case THREE('D', 'T', ' '):
    case THREE('D', '.', 'A'):
    case THREE('D', '.', 'T'):
    case THREE('D', 'O', ' '):
    case THREE('D', 'O', 'C'):
    case THREE('D', 'O', 'E'):
    case THREE('D', 'O', 'G'):
    case THREE('D', 'P', '/'):
    case THREE('D', 'U', 'D'):
    case THREE('E', 'B', 'E'):
    case THREE('H', 'R', 'I'):
    case THREE('L', 'C', 'S'):
    case THREE('L', 'E', 'C'):
    case THREE('L', 'F', 'P'):
    case THREE('L', 'F', 'T'):
    case THREE('L', 'G', 'A'):
    case THREE('L', 'G', 'D'):
    case THREE('L', 'G', 'E'):
    case THREE('L', 'G', 'I'):
    case THREE('L', 'G', 'P'):
    case THREE('L', 'G', 'R'):
    case THREE('L', 'G', 'S'):
    case THREE('L', 'G', 'T'):
    case THREE('L', 'O', 'A'):
    case THREE('L', 'O', 'P'):
    case THREE('L', 'O', 'R'):
    case THREE('L', 'O', 'T'):
    case THREE('L', 'P', 'A'):
    case THREE('L', 'R', 'J'):
    case THREE('L', '.', ' '):
    case THREE('N', 'M', 'X'):
    case THREE('P', 'I', 'D'):
    case THREE('R', 'G', ' '):
    case THREE('R', 'G', 'P'):
    case THREE('R', 'J', ' '):
    case THREE('R', 'M', ' '):
    case THREE('R', 'O', ' '):
    case THREE('R', 'S', ' '):
    case THREE('R', 'V', 'M'):
    case THREE('R', '.', 'G'):
    case THREE('R', '.', 'J'):
    case THREE('R', '.', 'M'):
    case THREE('R', '.', 'O'):
    case THREE('R', '.', 'S'):
    case THREE('R', '.', 'V'):
    case THREE('S', 'T', 'E'):
    case THREE('S', 'T', 'J'):
    case THREE('S', 'T', '/'):
    case THREE('S', 'U', '-'):
    case THREE('T', 'D', '/'):
    case THREE('T', 'F', 'U'):
    case THREE('T', 'O', 'C'):
    case THREE('T', 'R', 'L'):
    case THREE('A', 'T', 'C'):
    case THREE('A', 'T', 'S'):
    case THREE('E', 'C', 'L'):
    case THREE('O', 'E', 'A'):
    case THREE('R', 'G', 'C'):
    case THREE('R', 'I', 'T'):
    case THREE('R', 'M', 'F'):
    case THREE('S', 'A', 'N'):
    case THREE('S', 'A', 'P'):
    case THREE('S', 'C', 'M'):
    case THREE('S', 'D', 'F'):
    case THREE('S', 'G', '-'):
    case THREE('S', 'M', '-'):
    case THREE('S', 'R', 'E'):
    case THREE('S', 'T', '-'):
    case THREE('S', 'U', 'P'):
    case THREE('S', 'X', '-'):
    case THREE('B', 'O', 'E'):
    case THREE('B', 'O', 'R'):
    case THREE('B', 'O', ' '):
    case THREE('B', '.', 'O'):
    case THREE('D', 'O', 'F'):
    case THREE('D', 'O', 'U'):
    case THREE('D', '.', 'O'):
    case THREE('D', 'L', ' '):
    case THREE('D', 'L', 'e'):
    case THREE('D', '.', 'L'):
    case THREE('D', '.', ' '):
    case THREE('D', 'S', ' '):
    case THREE('D', '.', 'S'):
    case THREE('D', 'U', ' '):
    case THREE('D', '.', 'U'):
    case THREE('D', 'N', 'U'):
    case THREE('D', '.', 'N'):
    case THREE('D', 'F', 'L'):
    case THREE('D', '.', 'F'):
    case THREE('D', 'C', 'T'):
    case THREE('D', 'I', '-'):
    case THREE('L', 'O', ' '):
    case THREE('L', '.', 'O'):
    case THREE('N', 'O', 'M'):
    case THREE('O', 'C', '-'):
    case THREE('R', 'D', ' '):
    case THREE('R', 'D', '-'):
    case THREE('R', 'D', 'L'):
    case THREE('R', '.', 'D'):
    case THREE('R', 'E', 'S'):
    case THREE('S', 'T', 'C'):
    case THREE('S', 'T', 'S'):
    case THREE('S', 'S', 'T'):
    case THREE('A', 'G', '/'):
    case THREE('C', 'P', '/'):
        return true;
    default:
        return false;
    }
#undef THREE
}
