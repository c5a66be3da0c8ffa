/* Laws, codes and treaties by their acronym: "art. 24 CE", "artículo 5 de la LFPDPPP", "CPEUM". */
#include "analysis/norm-parts.h"
#include "document/word_table.h"
#include "legajo/analysis.h"

#include <glib.h>

/* In order of the acronym. A form is what the name itself gives, so that either finds the other, its
 * shorter forms too ("ley:general-victimas" of Ley General de Víctimas …); of several, the first is
 * what a query asks for. What stands for two things in two countries (ET, CPC) keeps its letters. bare: says itself without an article, too. */
static const struct acronym {
    const char *word, *forms;
    bool bare;
} acronyms[] = {
    {"cadh", "convencion:americana-derechos-humanos", true},
    {"cc", "codigo:civil", false},
    {"ccc", "codigo:civil-comercial", false},
    {"cccn", "codigo:civil-comercial codigo:civil-comercial-nacion", false},
    {"ccf", "codigo:civil-federal", false},
    {"ccom", "codigo:comercio", false},
    {"ccyc", "codigo:civil-comercial", true},
    {"ccycn", "codigo:civil-comercial codigo:civil-comercial-nacion", true},
    {"cdfue", "carta:derechos-fundamentales-union-europea", true},
    {"cdn", "convencion:derechos-niño", false},
    {"cdpd", "convencion:derechos-personas-discapacidad", false},
    {"ce", "constitucion constitucion:es", false},
    {"cedaw",
     "convencion:eliminacion-todas-formas-discriminacion-mujer "
     "convencion:eliminacion-todas-formas-discriminacion-contra-mujer",
     false},
    {"cedh", "convenio:europeo-derechos-humanos", false},
    {"cff", "codigo:fiscal-federacion", false},
    {"cfpc", "codigo:federal-procedimientos-civiles", false},
    {"cgp", "codigo:general-proceso", false},
    {"cn", "constitucion", false},
    {"cna", "codigo:niñez-adolescencia", false},
    {"cnpcf", "codigo:nacional-procedimientos-civiles-familiares", true},
    {"cnpp", "codigo:nacional-procedimientos-penales", true},
    {"coip", "codigo:organico-integral-penal", true},
    {"cot", "codigo:organico-tribunales", false},
    {"cp", "codigo:penal cp constitucion",
     false}, /* "C.P.": Colombia's Constitución Política, too */
    {"cpaca", "codigo:procedimiento-administrativo-contencioso-administrativo", true},
    {"cpc", "cpc", false},
    {"cpccn", "codigo:procesal-civil-comercial-nacion", true},
    {"cpe", "constitucion constitucion:bo", false},
    {"cpeum", "constitucion:mx constitucion", true},
    {"cpf", "codigo:penal-federal", false},
    {"cpp", "codigo:procesal-penal", false},
    {"cppf", "codigo:procesal-penal-federal", true},
    {"cppn", "codigo:procesal-penal-nacion", true},
    {"cpr", "constitucion constitucion:cl", false},
    {"cst", "codigo:sustantivo-trabajo", false},
    {"dudh", "declaracion:universal-derechos-humanos", true},
    {"ebep", "estatuto:basico-empleado-publico", true},
    {"et", "et", false},
    {"laassp", "ley:adquisiciones-arrendamientos-servicios-sector-publico", false},
    {"lau", "ley:arrendamientos-urbanos", false},
    {"lbpa", "ley:19880", false},
    {"lcsp", "ley:contratos-sector-publico", true},
    {"lct", "ley:contrato-trabajo", false},
    {"lec", "ley:enjuiciamiento-civil", false},
    {"lecrim", "ley:enjuiciamiento-criminal", true},
    {"lfce", "ley:federal-competencia-economica", false},
    {"lfd", "ley:federal-derechos", false},
    {"lfpa", "ley:federal-procedimiento-administrativo", false},
    {"lfpca", "ley:federal-procedimiento-contencioso-administrativo", false},
    {"lfpdppp", "ley:federal-proteccion-datos-personales-posesion-particulares", true},
    {"lfprh", "ley:federal-presupuesto-responsabilidad-hacendaria", false},
    {"lft", "ley:federal-trabajo", false},
    {"lftaip", "ley:federal-transparencia-acceso-informacion-publica", true},
    {"lgamvlv", "ley:general-acceso-mujeres-vida-libre-violencia", true},
    {"lgbn", "ley:general-bienes-nacionales", false},
    {"lgcg", "ley:general-contabilidad-gubernamental", false},
    {"lgdnna", "ley:general-derechos-niñas-niños-adolescentes", true},
    {"lge", "ley:general-educacion", false},
    {"lgeepa", "ley:general-equilibrio-ecologico-proteccion-ambiente", true},
    {"lgipe", "ley:general-instituciones-procedimientos-electorales", true},
    {"lgpdppso", "ley:general-proteccion-datos-personales-posesion-sujetos-obligados", true},
    {"lgpp", "ley:general-partidos-politicos", true},
    {"lgra", "ley:general-responsabilidades-administrativas", true},
    {"lgs", "ley:general-salud", false},
    {"lgsm", "ley:general-sociedades-mercantiles", true},
    {"lgss", "ley:general-seguridad-social", false},
    {"lgt", "ley:general-tributaria", false},
    {"lgtaip", "ley:general-transparencia-acceso-informacion-publica", true},
    {"lgv", "ley:general-victimas", false},
    {"lieps", "ley:impuesto-especial-produccion-servicios", false},
    {"lirpf", "ley:35/2006 ley:35", false},
    {"lisr", "ley:impuesto-renta", false},
    {"liva", "ley:impuesto-valor-agregado", false},
    {"ljca", "ley:29/1998 ley:29", false},
    {"lmv", "ley:mercado-valores", false},
    {"lnpa", "ley:19549", false},
    {"loapf", "ley:organica-administracion-publica-federal", true},
    {"lopdgdd", "lo:3/2018 lo:3", true},
    {"lopj", "ley:organica-poder-judicial", true},
    {"lopsrm", "ley:obras-publicas-servicios-relacionados-mismas", false},
    {"loreg", "ley:organica-regimen-electoral-general", true},
    {"lotc", "ley:organica-tribunal-constitucional", true},
    {"lpac", "ley:39/2015 ley:39", false},
    {"lpacap", "ley:39/2015 ley:39", true},
    {"lpag", "ley:27444", false},
    {"lrbrl", "ley:7/1985 ley:7", false},
    {"lrjsp", "ley:40/2015 ley:40", true},
    {"lsc", "ley:sociedades-capital", false},
    {"lss", "ley:seguro-social", false},
    {"pidcp", "pacto:internacional-derechos-civiles-politicos", true},
    {"pidesc", "pacto:internacional-derechos-economicos-sociales-culturales", true},
    {"rgpd", "reglamento:679/2016 reglamento:679", true},
    {"tfue", "tratado:funcionamiento-union-europea", true},
    {"tocaf", "tocaf", true},
    {"trebep", "rdleg:5/2015 rdleg:5", false},
    {"trlcsp", "rdleg:3/2011 rdleg:3", true},
    {"trlgdcu", "rdleg:1/2007 rdleg:1", true},
    {"trlgss", "rdleg:8/2015 rdleg:8", false},
    {"trlrhl", "rdleg:2/2004 rdleg:2", false},
    {"tue", "tratado:union-europea", false},
};

static const struct acronym *
find(const char *word)
{
    static struct lj_word_table table;
    return lj_word_table_find(&table, acronyms, sizeof *acronyms, G_N_ELEMENTS(acronyms), word,
                              strlen(word));
}

bool
lj_norm_is_acronym(const char *word)
{
    return find(word) != NULL;
}

/* The letters of an acronym, small: "C.N.", "CCyCN", "LISR", "Cc": 0 for what is none. */
static size_t
read_letters(struct lj_reader *r, bool lower, char word[LJ_SPELLED])
{
    size_t n = 0;
    if (lower && lj_reader_byte(r, 1) == '.') { /* "c.e.", "L.C.T." */
        while (n < 10 && lj_is_lower(lj_reader_byte(r, 0) | 0x20) && lj_reader_byte(r, 1) == '.') {
            word[n++] = (char)(lj_reader_byte(r, 0) | 0x20);
            r->at += 2;
        }
        word[n] = 0;
        return n < 2 || lj_reader_alnum(r) ? 0 : n;
    }
    if (lower) {
        size_t used = lj_reader_word(r, word);
        r->at += used;
        return used > 1 && used < 12 && strlen(word) == used ? used : 0;
    }
    if (lj_reader_byte(r, 0) == 'C' && lj_reader_byte(r, 1) == 'c') {
        memcpy(word, "cc", 3);
        r->at += 2;
        return lj_reader_alnum(r) ? 0 : 2;
    }
    while (n < 10 &&
           (lj_is_upper(lj_reader_byte(r, 0)) ||
            (n > 0 && n < 3 && lj_reader_byte(r, 0) == 'y' && lj_is_upper(lj_reader_byte(r, 1))))) {
        word[n++] = (char)(lj_reader_byte(r, 0) | 0x20);
        r->at++;
        if (lj_reader_byte(r, 0) == '.' && lj_is_upper(lj_reader_byte(r, 1)))
            r->at++; /* "C.N." */
    }
    word[n] = 0;
    if (strcmp(word, "lec") == 0 && lj_reader_byte(r, 0) == 'r' && lj_reader_byte(r, 1) == 'i' &&
        lj_reader_byte(r, 2) == 'm') {
        memcpy(word + 3, "rim", 4); /* "LECrim" */
        n += 3;
        r->at += 3;
    }
    return n < 2 || lj_reader_alnum(r) ? 0 : n;
}

/* Is this no word in capitals ("del CONVENIO", "del BANCO")? Three consonants in a row, or two where
 * no word of Spanish begins or ends with two: "LFXYZ", "CCTG", "RLSS". */
static bool
unpronounceable(const char *word, size_t n)
{
    size_t row = 0;
    if (n < 3)
        return false;
    for (size_t i = 0; i < n; i++) {
        row = strchr("aeiou", word[i]) ? 0 : row + 1;
        bool liquid = i > 0 && (word[i] == 'l' || word[i] == 'r' || word[i] == 'h');
        if ((row > 2 && !liquid) || (row == 2 && !liquid && (i == 1 || i + 1 == n)))
            return true;
    }
    return false;
}

/* CP, the code; only "C.P." may be Colombia's constitution. The article before it says which: "de la C.P." the
 * constitution, "del C.P." the code. */
static bool
is_other(const struct lj_reader *r, const char *word, const char *form)
{
    bool constitution = g_str_has_prefix(form, "constitucion");
    if (strcmp(word, "cp") != 0)
        return false;
    if (lj_reader_byte(r, 1) != '.')
        return constitution;
    if (r->at < 4 || r->text[r->at - 1] != ' ')
        return false;
    const char *before = r->text + r->at - 4;
    return (memcmp(before, " la", 3) == 0 && g_str_has_prefix(form, "codigo")) ||
           (memcmp(before, "del", 3) == 0 && constitution);
}

/* "C.P. 06600" is a postcode. */
static bool
is_postcode(struct lj_reader behind, const char *word)
{
    unsigned number;
    return strcmp(word, "cp") == 0 && (lj_reader_take_byte(&behind, '.') || true) &&
           (lj_reader_blanks(&behind) || true) && lj_reader_number(&behind, 5, &number, NULL);
}

bool
lj_norm_read_acronym(struct lj_reader *r, unsigned mode, bool joined, struct lj_norms *out)
{
    char word[LJ_SPELLED];
    struct lj_reader ahead = *r;
    if (!(lj_is_upper(lj_reader_byte(r, 0)) || (mode & LJ_NORM_QUERY)))
        return false;
    size_t n = read_letters(&ahead, (mode & LJ_NORM_QUERY) != 0, word);
    if (n == 0)
        return false;
    const struct acronym *known = find(word);
    if (is_postcode(ahead, word))
        return false;
    bool behind = (mode & LJ_NORM_BEHIND) != 0;
    if (known
            ? !known->bare && !behind
            /* "artículo 12 de la LFXYZ": of what has articles, unless it is known as a body. Short
             * ones are as often something else. */
            : !behind || !joined || (mode & LJ_NORM_QUERY) || !unpronounceable(word, n) ||
                  lj_acronym_names(word))
        return false;
    struct lj_norm *norm = &out->item[out->n++];
    lj_norm_begin(norm, r->at);
    norm->end = ahead.at;
    norm->located = norm->numbered = true;
    for (const char *form = known ? known->forms : word; *form;) {
        size_t size = strcspn(form, " ");
        if (!is_other(r, word, form))
            lj_norm_add(lj_norm_new_form(norm), form, size);
        form += size + (form[size] == ' ');
    }
    if (known)
        lj_norm_add_beginnings(norm);
    *r = ahead;
    return true;
}
