#include "analysis/acronym.h"

#include <stdlib.h>
#include <string.h>

#define LETTERS_LIMIT 12 /* of an acronym */
#define NAME_WORDS 16    /* of a name, joints included */
#define LEAD_WORDS 6     /* "en lo sucesivo, la" */

/* Folded, in byte order of the acronym; several expansions are parted by tabs. What a whole region
 * writes; an archive's own pairs come from its texts. */
static const struct {
    const char *acronym, *names;
} built_in[] = {
    {"adn", "acido desoxirribonucleico"},
    {"afip", "administracion federal de ingresos publicos"},
    {"afp", "administradora de fondos de pensiones"},
    {"aladi", "asociacion latinoamericana de integracion"},
    {"alalc", "asociacion latinoamericana de libre comercio"},
    {"ancap", "administracion nacional de combustibles alcohol y portland"},
    {"anep", "administracion nacional de educacion publica"},
    {"anmat", "administracion nacional de medicamentos alimentos y tecnologia medica"},
    {"anses", "administracion nacional de la seguridad social"},
    {"antel", "administracion nacional de telecomunicaciones"},
    {"art", "aseguradora de riesgos del trabajo"},
    {"asf", "auditoria superior de la federacion"},
    {"asse", "administracion de los servicios de salud del estado"},
    {"auh", "asignacion universal por hijo"},
    {"bcra", "banco central de la republica argentina"},
    {"bcu", "banco central del uruguay"},
    {"bid", "banco interamericano de desarrollo"},
    {"birf", "banco internacional de reconstruccion y fomento"},
    {"bm", "banco mundial"},
    {"boe", "boletin oficial del estado"},
    {"bps", "banco de prevision social"},
    {"bse", "banco de seguros del estado"},
    {"caba", "ciudad autonoma de buenos aires"},
    {"caf", "corporacion andina de fomento"},
    {"can", "comunidad andina\tcomunidad andina de naciones"},
    {"ccaa", "comunidades autonomas"},
    {"cdmx", "ciudad de mexico"},
    {"celac", "comunidad de estados latinoamericanos y caribeños"},
    {"cepal", "comision economica para america latina y el caribe"},
    {"cfe", "comision federal de electricidad"},
    {"cgr", "contraloria general de la republica"},
    {"cicr", "comite internacional de la cruz roja"},
    {"cidh", "comision interamericana de derechos humanos"},
    {"cndh", "comision nacional de los derechos humanos"},
    {"cnmc", "comision nacional de los mercados y la competencia"},
    {"cnmv", "comision nacional del mercado de valores"},
    {"cnv", "comision nacional de valores"},
    {"codelco", "corporacion nacional del cobre"},
    {"conacyt", "consejo nacional de ciencia y tecnologia"},
    {"conagua", "comision nacional del agua"},
    {"conapo", "consejo nacional de poblacion"},
    {"coneval", "consejo nacional de evaluacion de la politica de desarrollo social"},
    {"conicet", "consejo nacional de investigaciones cientificas y tecnicas"},
    {"corfo", "corporacion de fomento de la produccion"},
    {"cpi", "corte penal internacional"},
    {"csic", "consejo superior de investigaciones cientificas"},
    {"curp", "clave unica de registro de poblacion"},
    {"dane", "departamento administrativo nacional de estadistica"},
    {"ddhh", "derechos humanos"},
    {"df", "distrito federal"},
    {"dgi", "direccion general impositiva"},
    {"dian", "direccion de impuestos y aduanas nacionales"},
    {"dnu", "decreto de necesidad y urgencia"},
    {"dof", "diario oficial de la federacion"},
    {"doue", "diario oficial de la union europea"},
    {"eeuu", "estados unidos\testados unidos de america"},
    {"enacom", "ente nacional de comunicaciones"},
    {"enargas", "ente nacional regulador del gas"},
    {"enre", "ente nacional regulador de la electricidad"},
    {"essalud", "seguro social de salud"},
    {"eua", "estados unidos de america"},
    {"fao", "organizacion de las naciones unidas para la alimentacion y la agricultura"},
    {"ffaa", "fuerzas armadas"},
    {"fgr", "fiscalia general de la republica"},
    {"fmi", "fondo monetario internacional"},
    {"fonasa", "fondo nacional de salud"},
    {"fovissste", "fondo de la vivienda del instituto de seguridad y servicios sociales de los "
                  "trabajadores del estado"},
    {"ica", "instituto colombiano agropecuario"},
    {"icbf", "instituto colombiano de bienestar familiar"},
    {"ife", "instituto federal electoral"},
    {"imss", "instituto mexicano del seguro social"},
    {"inai", "instituto nacional de transparencia acceso a la informacion y proteccion de datos "
             "personales"},
    {"inau", "instituto del niño y adolescente del uruguay"},
    {"indec", "instituto nacional de estadistica y censos"},
    {"ine", "instituto nacional electoral\tinstituto nacional de estadistica"},
    {"inegi", "instituto nacional de estadistica y geografia"},
    {"infonavit", "instituto del fondo nacional de la vivienda para los trabajadores"},
    {"inta", "instituto nacional de tecnologia agropecuaria"},
    {"inti", "instituto nacional de tecnologia industrial"},
    {"ipc", "indice de precios al consumidor\tindice de precios al consumo"},
    {"ipn", "instituto politecnico nacional"},
    {"irpf", "impuesto sobre la renta de las personas fisicas\timpuesto a la renta de las personas "
             "fisicas"},
    {"isr", "impuesto sobre la renta"},
    {"issste", "instituto de seguridad y servicios sociales de los trabajadores del estado"},
    {"iva", "impuesto al valor agregado\timpuesto sobre el valor añadido"},
    {"jjoo", "juegos olimpicos"},
    {"mef", "ministerio de economia y finanzas"},
    {"mercosur", "mercado comun del sur"},
    {"mgap", "ministerio de ganaderia agricultura y pesca"},
    {"mides", "ministerio de desarrollo social"},
    {"minedu", "ministerio de educacion"},
    {"minsa", "ministerio de salud"},
    {"msp", "ministerio de salud publica"},
    {"mtop", "ministerio de transporte y obras publicas"},
    {"mtss", "ministerio de trabajo y seguridad social"},
    {"mvotma", "ministerio de vivienda ordenamiento territorial y medio ambiente"},
    {"nnuu", "naciones unidas"},
    {"nom", "norma oficial mexicana"},
    {"ocde", "organizacion para la cooperacion y el desarrollo economicos"},
    {"ods", "objetivos de desarrollo sostenible"},
    {"oea", "organizacion de los estados americanos"},
    {"oiea", "organismo internacional de energia atomica"},
    {"oim", "organizacion internacional para las migraciones"},
    {"oit", "organizacion internacional del trabajo"},
    {"omc", "organizacion mundial del comercio"},
    {"ompi", "organizacion mundial de la propiedad intelectual"},
    {"oms", "organizacion mundial de la salud"},
    {"ong", "organizacion no gubernamental\torganizaciones no gubernamentales"},
    {"onu", "organizacion de las naciones unidas\tnaciones unidas"},
    {"ops", "organizacion panamericana de la salud"},
    {"osce", "organismo supervisor de las contrataciones del estado"},
    {"ose", "obras sanitarias del estado"},
    {"otan", "organizacion del tratado del atlantico norte"},
    {"pami", "programa de atencion medica integral"},
    {"pemex", "petroleos mexicanos"},
    {"pgr", "procuraduria general de la republica"},
    {"pib", "producto interno bruto\tproducto interior bruto"},
    {"pnud", "programa de las naciones unidas para el desarrollo"},
    {"pnuma", "programa de las naciones unidas para el medio ambiente"},
    {"profeco", "procuraduria federal del consumidor"},
    {"pyme", "pequeña y mediana empresa"},
    {"pymes", "pequeñas y medianas empresas"},
    {"rae", "real academia española"},
    {"rfc", "registro federal de contribuyentes"},
    {"rrhh", "recursos humanos"},
    {"sader", "secretaria de agricultura y desarrollo rural"},
    {"sagarpa", "secretaria de agricultura ganaderia desarrollo rural pesca y alimentacion"},
    {"sat", "servicio de administracion tributaria"},
    {"scjn", "suprema corte de justicia de la nacion"},
    {"sct", "secretaria de comunicaciones y transportes"},
    {"sedena", "secretaria de la defensa nacional"},
    {"segob", "secretaria de gobernacion"},
    {"semar", "secretaria de marina"},
    {"semarnat", "secretaria de medio ambiente y recursos naturales"},
    {"senasa", "servicio nacional de sanidad y calidad agroalimentaria"},
    {"sep", "secretaria de educacion publica"},
    {"sernac", "servicio nacional del consumidor"},
    {"sfp", "secretaria de la funcion publica"},
    {"shcp", "secretaria de hacienda y credito publico"},
    {"sica", "sistema de la integracion centroamericana"},
    {"sii", "servicio de impuestos internos"},
    {"snte", "sindicato nacional de trabajadores de la educacion"},
    {"sre", "secretaria de relaciones exteriores"},
    {"sspc", "secretaria de seguridad y proteccion ciudadana"},
    {"stps", "secretaria del trabajo y prevision social"},
    {"sunarp", "superintendencia nacional de los registros publicos"},
    {"sunat", "superintendencia nacional de aduanas y de administracion tributaria"},
    {"tedh", "tribunal europeo de derechos humanos"},
    {"tic", "tecnologias de la informacion y la comunicacion"},
    {"tjue", "tribunal de justicia de la union europea"},
    {"tlc", "tratado de libre comercio"},
    {"tlcan", "tratado de libre comercio de america del norte"},
    {"tmec", "tratado entre mexico estados unidos y canada"},
    {"tocaf", "texto ordenado de contabilidad y administracion financiera"},
    {"uba", "universidad de buenos aires"},
    {"udelar", "universidad de la republica"},
    {"ue", "union europea"},
    {"uf", "unidad de fomento"},
    {"uma", "unidad de medida y actualizacion"},
    {"unam", "universidad nacional autonoma de mexico"},
    {"unasur", "union de naciones suramericanas"},
    {"unesco", "organizacion de las naciones unidas para la educacion la ciencia y la cultura"},
    {"unicef", "fondo de las naciones unidas para la infancia"},
    {"ursea", "unidad reguladora de servicios de energia y agua"},
    {"ursec", "unidad reguladora de servicios de comunicaciones"},
    {"urss", "union de republicas socialistas sovieticas"},
    {"ute", "administracion nacional de usinas y trasmisiones electricas"},
    {"utm", "unidad tributaria mensual"},
    {"vih", "virus de inmunodeficiencia humana"},
    {"ypf", "yacimientos petroliferos fiscales"},
};

const char *
lj_acronym_names(const char *folded)
{
    size_t low = 0, high = G_N_ELEMENTS(built_in);
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(folded, built_in[middle].acronym);
        if (order == 0)
            return built_in[middle].names;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

size_t
lj_acronym_count(void)
{
    return G_N_ELEMENTS(built_in);
}

const char *
lj_acronym_at(size_t n)
{
    return built_in[n].acronym;
}

const char *
lj_acronym_of(const char *name)
{
    /* Looked up for every run of words of a query: by a table, made once. */
    static GHashTable *names;
    static gsize ready;
    if (g_once_init_enter(&ready)) {
        names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        for (size_t i = G_N_ELEMENTS(built_in); i-- > 0;) {
            char **list = g_strsplit(built_in[i].names, "\t", -1);
            for (char **one = list; *one; one++)
                g_hash_table_insert(names, g_strdup(*one), (gpointer)built_in[i].acronym);
            g_strfreev(list);
        }
        g_once_init_leave(&ready, 1);
    }
    return g_hash_table_lookup(names, name);
}

/* --- pairs that a text explains -----------------------------------------------------------------
 */

/* The words around a bracket, those that are no parts: as many as are looked at. */
#define BEFORE (NAME_WORDS + 1)
#define BEHIND (NAME_WORDS + 2)

struct view {
    const char *text;
    size_t length;
    struct lj_token token[BEFORE + BEHIND];
    size_t n;
};

/* Fills the view with the words around tokens->token[at], the first behind a bracket that opens;
 * returns which of the view's that is. */
static size_t
look_around(struct view *v, const struct lj_tokens *tokens, size_t at)
{
    size_t first = at, before = 0;
    while (first > 0 && before < BEFORE)
        before += !tokens->token[--first].part;
    v->n = 0;
    for (size_t i = first; i < tokens->n && v->n < before + BEHIND; i++)
        if (!tokens->token[i].part)
            v->token[v->n++] = tokens->token[i];
    return before;
}

static bool
capital(const struct view *v, size_t i)
{
    gunichar c = g_utf8_get_char_validated(v->text + v->token[i].start,
                                           (gssize)(v->token[i].end - v->token[i].start));
    return c < 0x110000 && g_unichar_isupper(c);
}

/* Is the token written as acronyms are: two capitals at least, and no more small letters than
 * capitals (CONACyT)? */
static bool
acronym(const struct view *v, size_t i)
{
    const struct lj_token *token = &v->token[i];
    size_t capitals = 0, small = 0, length = token->word->folded_length;
    if (token->part || (token->kind != LJ_TOKEN_WORD && token->kind != LJ_TOKEN_ACRONYM) ||
        length < 2 || length > LETTERS_LIMIT)
        return false;
    for (const char *p = v->text + token->start, *end = v->text + token->end; p < end;
         p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        capitals += g_unichar_isupper(c);
        small += g_unichar_islower(c);
    }
    return capitals >= 2 && small <= capitals;
}

/* Are only blanks, commas, quotation marks or hyphens between two bytes? */
static bool
same_name(const struct view *v, size_t from, size_t to)
{
    size_t lines = 0;
    for (size_t i = from; i < to; i++) {
        unsigned char c = (unsigned char)v->text[i];
        lines += c == '\n';
        if (c < 0x80 && c != ' ' && c != '\n' && c != '\r' && c != '\t' && c != ',' && c != '"' &&
            c != '-' && c != '\'')
            return false;
    }
    return lines < 2 && to - from < 40;
}

/* A joint of names gives no letter, but may: "Boletín Oficial del Estado", "Comisión para la
 * Defensa". */
static bool
joint(const struct lj_word *word)
{
    return word->stop;
}

/* Matches the letters of an acronym from the right against the folded words last, last - 1 … first;
 * returns the word that its first letter begins, or SIZE_MAX. */
static size_t
match(const struct view *v, const struct lj_word *letters, size_t first, size_t last)
{
    const char *p = letters->folded + letters->folded_length; /* the letter to be found is p[-1] */
    size_t i = last + 1;
    while (i-- > first) {
        const struct lj_word *word = v->token[i].word;
        const char *end = word->folded + word->folded_length, *at = end;
        while (p > letters->folded) {
            bool opening = p - letters->folded == 1;
            const char *found = NULL;
            if (opening)
                found = word->folded[0] == p[-1] && at > word->folded ? word->folded : NULL;
            else
                for (const char *q = at; q-- > word->folded && !found;)
                    if (*q == p[-1])
                        found = q;
            if (!found)
                break;
            /* A letter within a word is taken only if the word's own first letter stays free for
             * the one before it; else the word gives its first. */
            at = found;
            p--;
            if (opening)
                return i;
        }
    }
    return SIZE_MAX;
}

/* Do the words of a name give the letters of its acronym? Most of them must give their first. */
static bool
plausible(const struct view *v, const struct lj_word *letters, size_t first, size_t last)
{
    size_t content = 0, given = 0, capitals = 0;
    const char *p = letters->folded, *end = p + letters->folded_length;
    for (size_t i = first; i <= last; i++) {
        const struct lj_word *word = v->token[i].word;
        if (strchr("0123456789", word->folded[0]))
            return false;
        const char *here = memchr(p, word->folded[0], (size_t)(end - p));
        if (joint(word) && !(here == p && capital(v, i)))
            continue;
        content++;
        capitals += capital(v, i);
        if (here) {
            given++;
            p = here + 1;
        }
    }
    /* IMSS: Instituto Mexicano del Seguro Social; small letters only where each word gives one */
    return content >= 2 && given * 3 >= content * 2 &&
           (capitals * 2 >= content || (given == content && given == letters->folded_length));
}

static void
give(const struct view *v, size_t abbreviation, size_t first, size_t last, lj_acronym_sink sink,
     void *data)
{
    GString *pair = g_string_new(v->token[abbreviation].word->folded);
    for (size_t i = first; i <= last; i++) {
        g_string_append_c(pair, i == first ? '=' : ' ');
        g_string_append(pair, v->token[i].word->folded);
    }
    size_t start = MIN(v->token[first].start, v->token[abbreviation].start);
    size_t end = MAX(v->token[last].end, v->token[abbreviation].end);
    if (pair->len <= 240)
        sink(data, start, end, pair->str, pair->len);
    g_string_free(pair, TRUE);
}

/* Name (… SIGLA): the bracket opens at byte open, token k is the first in it. */
static bool
name_before(const struct view *v, size_t open, size_t close, size_t k, lj_acronym_sink sink,
            void *data)
{
    size_t lead = k;
    while (lead < v->n && lead - k <= LEAD_WORDS && v->token[lead].end <= close &&
           !acronym(v, lead))
        lead++;
    if (lead == v->n || lead - k > LEAD_WORDS || v->token[lead].end > close || k == 0)
        return false;
    /* words before it in the bracket: "en adelante", "por sus siglas", "la"; and none after */
    if (lead > k) {
        static const char *const leads[] = {"en",  "por", "la",    "el",
                                            "las", "los", "sigla", "siglas"};
        bool known = false;
        for (size_t i = 0; i < G_N_ELEMENTS(leads); i++)
            known = known || strcmp(v->token[k].word->folded, leads[i]) == 0;
        if (!known || v->token[lead].end + 6 < close)
            return false;
    } else if (lead + 1 < v->n && v->token[lead + 1].end <= close) {
        return false;
    }
    size_t last = k - 1, first = last;
    if (v->token[last].end > open || !same_name(v, v->token[last].end, open))
        return false;
    while (first > 0 && last - first + 1 < NAME_WORDS &&
           same_name(v, v->token[first - 1].end, v->token[first].start))
        first--;
    size_t found = match(v, v->token[lead].word, first, last);
    if (found == SIZE_MAX || !plausible(v, v->token[lead].word, found, last))
        return false;
    give(v, lead, found, last, sink, data);
    return true;
}

/* SIGLA (Name) */
static bool
name_after(const struct view *v, size_t open, size_t close, size_t k, lj_acronym_sink sink,
           void *data)
{
    if (k == 0 || !acronym(v, k - 1) || v->token[k - 1].end > open ||
        open - v->token[k - 1].end > 1)
        return false;
    size_t last = k;
    while (last + 1 < v->n && v->token[last + 1].end <= close && last - k + 1 < NAME_WORDS &&
           same_name(v, v->token[last].end, v->token[last + 1].start))
        last++;
    if (last == k || v->token[last].end > close || !same_name(v, v->token[last].end, close))
        return false;
    size_t found = match(v, v->token[k - 1].word, k, last);
    if (found != k || !plausible(v, v->token[k - 1].word, k, last))
        return false;
    give(v, k - 1, k, last, sink, data);
    return true;
}

/* Can the bracket text[open, close) be part of a pair? An acronym, in it or right before it, has two
 * capitals; letters beyond ASCII may be some. */
static bool
has_capitals(const char *text, size_t open, size_t close)
{
    size_t from = open > 2 * LETTERS_LIMIT + 2 ? open - 2 * LETTERS_LIMIT - 2 : 0, capitals = 0;
    for (size_t i = from; i < close && capitals < 2; i++)
        capitals += g_ascii_isupper(text[i]) || (unsigned char)text[i] >= 0xc2;
    return capitals == 2;
}

void
lj_acronyms_find(const char *text, size_t length, const struct lj_tokens *tokens,
                 lj_acronym_sink sink, void *data)
{
    struct view v = {.text = text, .length = length};
    size_t next = 0; /* the first token behind the bracket */
    const char *end = text + length;
    for (const char *p = text; p < end && (p = memchr(p, '(', (size_t)(end - p))); p++) {
        size_t open = (size_t)(p - text);
        const char *stop = memchr(p, ')', MIN((size_t)(end - p), 400));
        if (!stop)
            continue;
        size_t close = (size_t)(stop - text);
        if (!has_capitals(text, open, close))
            continue;
        while (next < tokens->n && (tokens->token[next].start < open || tokens->token[next].part))
            next++;
        size_t k = look_around(&v, tokens, next);
        if (k < v.n && v.token[k].start < close && !name_before(&v, open, close, k, sink, data))
            name_after(&v, open, close, k, sink, data);
    }
}
