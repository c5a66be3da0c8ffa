/* Citations: each form and the terms it gives, text and query side by side. */
#include "cmocka_all.h"
#include "analysis/citation.h"
#include <string.h>

static void
collect(void *data, size_t start, size_t end, const char *term, size_t length)
{
    GPtrArray *found = data;
    (void)start;
    (void)end;
    assert_int_equal(strlen(term), length);
    assert_true(length > 0 && length <= LJ_CITATION_LIMIT);
    for (guint i = 0; i < found->len; i++)
        if (strcmp(found->pdata[i], term) == 0)
            return;
    g_ptr_array_add(found, g_strdup(term));
}

/* The distinct terms of a text in the order given, blank-separated. */
static char *
terms_of(const char *text)
{
    GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
    lj_citation_find(text, strlen(text), collect, found);
    GString *all = g_string_new(NULL);
    for (guint i = 0; i < found->len; i++)
        g_string_append_printf(all, "%s%s", i ? " " : "", (char *)found->pdata[i]);
    g_ptr_array_unref(found);
    return g_string_free(all, FALSE);
}

struct example {
    const char *text, *terms;
};

static void
check(const struct example *cases, size_t n)
{
    size_t failed = 0;
    for (size_t i = 0; i < n; i++) {
        char *sentence = g_strdup_printf("Según %s (véase).", cases[i].text);
        char *terms = terms_of(sentence);
        if (strcmp(terms, cases[i].terms) != 0) {
            print_error("%s\n   gives  %s\n   not    %s\n", cases[i].text, terms, cases[i].terms);
            failed++;
        }
        g_free(terms);
        g_free(sentence);
    }
    assert_int_equal(failed, 0);
}

static void
numbered_norms(void **state)
{
    (void)state;
    static const struct example cases[] = {
        /* laws: marks of the number, thousands, years */
        {"la Ley N° 19.924", "ley:19924"},
        {"Téngase por Ley de la Nación Nº 24.888", "ley:24888"},
        {"la Ley Nº 23.081", "ley:23081"},
        {"la ley N.o 14.189, de 30 de abril de 1974,", "ley:14189"},
        {"la ley número 12.761, de 23 de agosto de 1960", "ley:12761"},
        {"Ley 19924", "ley:19924"},
        {"Ley 19,924", "ley:19924"},
        {"LEY N° 18.202", "ley:18202"},
        {"la Ley Nro. 24.156", "ley:24156"},
        {"la Ley núm. 5", "ley:5"},
        {"la Ley 100 de 1993", "ley:100/1993 ley:100"},
        {"la Ley 39/2015, de 1 de octubre,", "ley:39/2015 ley:39"},
        {"la Ley Nacional N° 26.061", "ley:26061"},
        {"las Leyes Nros. 19.924, 19.925 y 20.000", "ley:19924 ley:19925 ley:20000"},
        {"las leyes 13.737, de 9 de enero de 1969, y 14.100, de 29 de diciembre de 1972",
         "ley:13737 ley:14100"},
        {"las leyes 14.038 y 14.202, de 19 de octubre de 1971, 21 de mayo de 1974",
         "ley:14038 ley:14202"},
        {"las disposiciones de la ley Nº 14.385", "ley:14385"},
        {"por resolución del Poder Ejecutivo 3.306/980", "resolucion:3306/1980 resolucion:3306"},
        {"la ley de 25 de Junio de 1928", "ley:1928-06-25"},
        /* Spain */
        {"el Real Decreto-ley 1/1986", "rdl:1/1986 rdl:1"},
        {"el Real Decreto Ley 1/1986", "rdl:1/1986 rdl:1"},
        {"el RDL 1/1986", "rdl:1/1986 rdl:1"},
        {"el R.D.L. 1/1986", "rdl:1/1986 rdl:1"},
        {"el RD-ley 1/1986", "rdl:1/1986 rdl:1"},
        {"el RD 1312/2024", "rd:1312/2024 rd:1312"},
        {"el Real Decreto 1312/2024, de 23 de diciembre,", "rd:1312/2024 rd:1312"},
        {"el Real Decreto Legislativo 2/2015", "rdleg:2/2015 rdleg:2"},
        {"la Ley Orgánica 3/2018", "lo:3/2018 lo:3"},
        {"la LO 3/2018", "lo:3/2018 lo:3"},
        {"la L.O. 3/2018", "lo:3/2018 lo:3"},
        {"la Orden HFP/1/2017", "orden:hfp/1/2017 orden:hfp/1"},
        {"la STC 31/2010", "stc:31/2010 stc:31"},
        {"la Directiva 95/46/CE", "directiva:46/1995 directiva:46"},
        {"la Directiva (UE) 2016/680", "directiva:680/2016 directiva:680"},
        {"el Reglamento (UE) 2016/679", "reglamento:679/2016 reglamento:679"},
        {"el Reglamento (CE) nº 1/2003", "reglamento:1/2003 reglamento:1"},
        /* Argentina, Uruguay */
        {"el Decreto 1023/2001", "decreto:1023/2001 decreto:1023"},
        {"el Decreto N° 1.023/01", "decreto:1023/2001 decreto:1023"},
        {"el Decreto N° 1.023 de fecha 13 de agosto de 2001", "decreto:1023/2001 decreto:1023"},
        {"el DNU 70/2023", "decreto:70/2023 decreto:70"},
        {"el Decreto de Necesidad y Urgencia N° 70/2023", "decreto:70/2023 decreto:70"},
        {"los Decretos Nros. 1023/2001 y 436/2000",
         "decreto:1023/2001 decreto:1023 decreto:436/2000 decreto:436"},
        {"el Decreto-Ley Nº 17.319/67", "decreto-ley:17319/1967 decreto-ley:17319 ley:17319"},
        {"el Decreto-Ley N° 15.180, de 20 de agosto de 1981",
         "decreto-ley:15180/1981 decreto-ley:15180 ley:15180"},
        {"el Decreto (DNU) 461/2025", "decreto:461/2025 decreto:461"},
        {"el Decreto S 765/1983", "decreto:765/1983 decreto:765"},
        {"el Convenio Colectivo de Trabajo N° 66/99", "convenio:66/1999 convenio:66"},
        {"el decreto 75/972", "decreto:75/1972 decreto:75"},
        {"el decreto de fecha 1° de agosto de 1951", "decreto:1951-08-01"},
        {"la Resolución Nº 31 del 5 de enero de 2004", "resolucion:31/2004 resolucion:31"},
        {"la Resolución del MINISTERIO DE TRABAJO, EMPLEO Y SEGURIDAD SOCIAL N° 31/2004",
         "resolucion:31/2004 resolucion:31"},
        {"la Resolución General N° 830", "resolucion-general:830 resolucion:830"},
        {"DECTO-2018-974-APN-PTE", "decreto:974/2018 decreto:974"},
        {"RESOL-2020-12-APN-MT", "resolucion:12/2020 resolucion:12"},
        {"Fallos: 329:2316", "fallos:329:2316"},
        /* Chile, Peru, Colombia, Guatemala, Mexico */
        {"el Decreto Supremo N° 594", "decreto-supremo:594 decreto:594"},
        {"el D.S. N° 594", "decreto-supremo:594 decreto:594"},
        {"el D.F.L. N° 1", "dfl:1"},
        {"el decreto con fuerza de ley N° 1, de 2005", "dfl:1/2005 dfl:1"},
        {"el Decreto Supremo N° 004-2019-JUS",
         "decreto-supremo:4/2019-jus decreto-supremo:4/2019 decreto-supremo:4 decreto:4/2019-jus "
         "decreto:4/2019 decreto:4"},
        {"el Decreto Legislativo N° 1049", "decreto-legislativo:1049"},
        {"la Resolución Legislativa N° 25339", "resolucion-legislativa:25339 resolucion:25339"},
        {"el Decreto Ley 25475", "decreto-ley:25475 ley:25475"},
        {"el Acuerdo Gubernativo Número 123-2020",
         "acuerdo-gubernativo:123/2020 acuerdo-gubernativo:123 acuerdo:123/2020 acuerdo:123"},
        {"la sentencia C-355/06", "sentencia:c-355/2006 sentencia:c-355"},
        {"las sentencias C-355 de 2006 y T-025 de 2004",
         "sentencia:c-355/2006 sentencia:c-355 sentencia:t-25/2004 sentencia:t-25"},
        {"la NOM-035-STPS-2018", "nom-035-stps-2018 nom-035-stps nom-035"},
        {"el Acuerdo A/001/2020", "acuerdo:a/1/2020 acuerdo:a/1"},
        /* United Nations, OAS */
        {"la resolución 1973 (2011)", "resolucion:1973/2011 resolucion:1973"},
        {"la resolución 217 A (III)", "resolucion:217-a(iii) resolucion:217-a"},
        {"la A/RES/70/1", "a/res/70/1"},
        {"la S/RES/1325 (2000)", "s/res/1325 resolucion:1325/2000 resolucion:1325"},
        {"la AG/RES. 2154 (XXXV-O/05)", "ag/res/2154 resolucion:2154(xxxv-o/05) resolucion:2154"},
        {"el Convenio 169", "convenio:169"},
        {"el Proyecto de Ley 1341", "proyecto:1341"},
        {"el Proyecto de Ley 41", "proyecto:41"},
        {"el Proyecto de Resolución Legislativa N° 4734/2022-CR",
         "proyecto:4734/2022-cr proyecto:4734/2022 proyecto:4734"},
        {"el proyecto de ley de 3 artículos", ""},
        {"el Proyecto de Ley N° 24.255", "proyecto:24255 ley:24255"},
        {"la Opinión Consultiva OC-5/85", "oc:5/1985 oc:5"},
        /* what is no citation */
        {"de acuerdo 3 de ellos", ""},
        {"el decreto respectivo y la ley", ""},
        {"la orden 5 del día", ""},
        {"lo 3/2018", ""},
        {"leyenda 5, decretó 7 multas", ""},
        {"la ley 12345678901", ""},
        {"la resolución de 5 problemas", ""},
    };
    check(cases, G_N_ELEMENTS(cases));
}

static void
bulletins(void **state)
{
    (void)state;
    static const struct example cases[] = {
        {"D.O.F. 21-01-2026", "dof:2026-01-21 dof"},
        {"el DOF del 21 de enero de 2026", "dof:2026-01-21 dof"},
        {"DOF 21/01/2026", "dof:2026-01-21 dof"},
        {"el Diario Oficial de la Federación el 21 de enero de 2026", "dof:2026-01-21 dof"},
        {"el Diario Oficial de la Federación, de fecha 21 de enero de 2026", "dof:2026-01-21 dof"},
        {"B.O. 30/6/1967", "bo:1967-06-30 bo"},
        {"B.O.: 14/8/97", "bo:1997-08-14 bo"},
        {"BOE-A-2024-26931", "boe-a-2024-26931"},
        {"el BOE núm. 294, de 6 de diciembre de 2018", "boe:2018-12-06 boe:294/2018 boe:294 boe"},
        {"el Boletín Oficial del Estado de 6 de diciembre de 2018", "boe:2018-12-06 boe"},
        {"el Diario Oficial Nº 45.046", "diario-oficial:45046 diario-oficial"},
        {"publíquese en el Boletín Oficial", ""},
        {"el DOF", ""},
    };
    check(cases, G_N_ELEMENTS(cases));
}

static void
named_norms(void **state)
{
    (void)state;
    static const struct example cases[] = {
        {"la Ley Federal de Armas de Fuego y Explosivos",
         "ley:federal-armas-fuego-explosivos ley:federal-armas-fuego ley:federal-armas"},
        {"la Ley de Amparo", "ley:amparo"},
        {"la Ley del Impuesto sobre la Renta y su reglamento", "ley:impuesto-renta ley:impuesto"},
        {"la Ley General de los Derechos de Niñas, Niños",
         "ley:general-derechos-niñas ley:general-derechos"},
        {"el Código Civil y Comercial de la Nación",
         "codigo:civil-comercial-nacion codigo:civil-comercial codigo:civil"},
        {"el código penal", "codigo:penal"},
        {"el Reglamento de la Ley de Migración", "reglamento:ley-migracion reglamento:ley"},
        {"la Ley de Ministerios N° 22.520", "ley:22520 ley:ministerios"},
        {"el Código Aduanero (Ley N° 22.415 y sus modificaciones)", "ley:22415 codigo:aduanero"},
        {"la Constitución Política de los Estados Unidos Mexicanos",
         "constitucion:mx constitucion"},
        {"la Constitución de la República", "constitucion"},
        {"la Constitución", "constitucion"},
        {"la Constitución Española", "constitucion:es constitucion"},
        {"la Constitución de la Provincia de Buenos Aires", "constitucion:provincia-buenos-aires"},
        {"nuestra Constitución, dijo", "constitucion"},
        {"la ley federal de armas de fuego", "ley:federal-armas-fuego ley:federal-armas"},
        {"la ley reglamentaria porque", ""},
        {"la ley de la Nación", ""},
        {"el Convenio Colectivo de Trabajo", ""},
        {"la Carta de las Naciones Unidas", "carta:naciones-unidas carta:naciones"},
        {"la Convención Americana sobre Derechos Humanos",
         "convencion:americana-derechos-humanos convencion:americana-derechos "
         "convencion:americana"},
        {"el Acuerdo de Escazú", "acuerdo:escazu"},
        {"el tratado de La Banderita", "tratado:banderita"},
        {"el Protocolo de 1978", "protocolo:1978"},
        {"el protocolo de actuación, un tratado de paz", ""},
        /* none */
        {"la constitución de hipoteca", ""},
        {"la ley orgánica", ""},
        {"Objeto de la Ley\nLa presente norma", ""},
        {"una carta de intención, un convenio de pago", ""},
        {"la Convención Constituyente", ""},
        {"de acuerdo con la ley de referencia", ""},
    };
    check(cases, G_N_ELEMENTS(cases));
}

static void
articles_and_their_parts(void **state)
{
    (void)state;
    static const struct example cases[] = {
        {"el art. 123, apartado B, fracción IX, de la Constitución",
         "constitucion constitucion#art=123 #art=123 constitucion#art=123/apt=b #art=123/apt=b "
         "constitucion#art=123/apt=b/frac=9 #art=123/apt=b/frac=9"},
        {"la fracción IX del apartado B del artículo 123 de la Constitución",
         "constitucion constitucion#art=123 #art=123 constitucion#art=123/apt=b #art=123/apt=b "
         "constitucion#art=123/apt=b/frac=9 #art=123/apt=b/frac=9"},
        {"el párrafo cuarto del artículo 10, N°6, del Código Penal",
         "codigo:penal codigo:penal#art=10 #art=10 codigo:penal#art=10/num=6 #art=10/num=6 "
         "codigo:penal#art=10/num=6/par=4 #art=10/num=6/par=4"},
        {"el primer párrafo del artículo 4°, en el inciso d) del artículo 7°",
         "#art=4 #art=4/par=1 #art=7 #art=7/inc=d"},
        {"los artículos 27 a 31", "#art=27 #art=28 #art=29 #art=30 #art=31"},
        {"los artículos 27 al 29 de la Ley 5.000",
         "ley:5000 ley:5000#art=27 #art=27 ley:5000#art=28 #art=28 ley:5000#art=29 #art=29"},
        {"los arts. 5o. y 6o.", "#art=5 #art=6"},
        {"los artículos 1º, 2º y 4.º", "#art=1 #art=2 #art=4"},
        {"los arts. 14 y 14 bis", "#art=14 #art=14bis"},
        {"los artículos 4 ter y 5 quáter", "#art=4ter #art=5quater"},
        {"el artículo 69-B", "#art=69-b"},
        {"el artículo 2°-A", "#art=2-a"},
        {"el artículo 1.902 del Código Civil", "codigo:civil codigo:civil#art=1902 #art=1902"},
        {"el artículo 6.1.a) del RGPD",
         "reglamento:679/2016 reglamento:679 reglamento:679/2016#art=6 reglamento:679#art=6 #art=6 "
         "reglamento:679/2016#art=6/apt=1 reglamento:679#art=6/apt=1 #art=6/apt=1 "
         "reglamento:679/2016#art=6/apt=1/lit=a reglamento:679#art=6/apt=1/lit=a "
         "#art=6/apt=1/lit=a"},
        {"el artículo 149.1.18.ª de la Constitución",
         "constitucion constitucion#art=149 #art=149 constitucion#art=149/apt=1 #art=149/apt=1 "
         "constitucion#art=149/apt=1/num=18 #art=149/apt=1/num=18"},
        {"el artículo 99, incisos 1 y 2, de la Constitución Nacional",
         "constitucion constitucion#art=99 #art=99 constitucion#art=99/inc=1 #art=99/inc=1 "
         "constitucion#art=99/inc=2 #art=99/inc=2"},
        {"el inc. c) del art. 5° de la Ley N° 7.000",
         "ley:7000 ley:7000#art=5 #art=5 ley:7000#art=5/inc=c #art=5/inc=c"},
        {"el literal A) del artículo 5º", "#art=5 #art=5/lit=a"},
        {"el artículo 75 inciso 22 CN",
         "constitucion constitucion#art=75 #art=75 constitucion#art=75/inc=22 #art=75/inc=22"},
        {"el segundo párrafo del artículo 16", "#art=16 #art=16/par=2"},
        {"el artículo 16, segundo párrafo, de la Constitución",
         "constitucion constitucion#art=16 #art=16 constitucion#art=16/par=2 #art=16/par=2"},
        {"el último párrafo del artículo 16", "#art=16 #art=16/par=ultimo"},
        {"el último transitorio de la Ley 19.924",
         "ley:19924 ley:19924#transitorio=ultimo #transitorio=ultimo"},
        {"el inciso a) del último párrafo del artículo 16",
         "#art=16 #art=16/par=ultimo #art=16/par=ultimo/inc=a"},
        {"el Artículo 1º del Anexo correspondiente al Decreto Nº 107/ 1997",
         "decreto:107/1997 decreto:107 decreto:107/1997#art=1 decreto:107#art=1 #art=1"},
        {"el artículo 5 del D.O.F. del 21 de enero de 2026", "#art=5 dof:2026-01-21 dof"},
        {"el artículo 16, párrafo tercero", "#art=16 #art=16/par=3"},
        {"el artículo 27 constitucional", "constitucion constitucion#art=27 #art=27"},
        {"los artículos 1o. y 133 constitucionales",
         "constitucion constitucion#art=1 #art=1 constitucion#art=133 #art=133"},
        {"los artículos 14, fracción II, y 27, fracción V, de la Ley de Amparo",
         "ley:amparo ley:amparo#art=14 #art=14 ley:amparo#art=14/frac=2 #art=14/frac=2 "
         "ley:amparo#art=27 #art=27 ley:amparo#art=27/frac=5 #art=27/frac=5"},
        {"las fracciones I a III del artículo 5",
         "#art=5 #art=5/frac=1 #art=5/frac=2 #art=5/frac=3"},
        {"el artículo vigésimo tercero", "#art=23"},
        {"el artículo único de la Ley 8.000", "ley:8000 ley:8000#art=unico #art=unico"},
        {"la Constitución Nacional, artículo 18,", "constitucion constitucion#art=18 #art=18"},
        {"la Ley N° 24.156 (art. 35)", "ley:24156 ley:24156#art=35 #art=35"},
        {"la Ley N° 24.156, artículo 5 del Decreto 10/2000",
         "ley:24156 decreto:10/2000 decreto:10 decreto:10/2000#art=5 decreto:10#art=5 #art=5"},
        {"el artículo 5 de la citada Ley N° 9.000", "ley:9000 ley:9000#art=5 #art=5"},
        {"el artículo 5 y concordantes de la Ley 9.000", "ley:9000 ley:9000#art=5 #art=5"},
        {"el artículo 5 de la ley de amparo", "ley:amparo ley:amparo#art=5 #art=5"},
        {"el artículo 5 de la presente ley", "#art=5"},
        {"el artículo Nº 99 inciso 3) de la Constitución Nacional",
         "constitucion constitucion#art=99 #art=99 constitucion#art=99/inc=3 #art=99/inc=3"},
        {"el artículo 99, inciso 12. de la Constitución Nacional",
         "constitucion constitucion#art=99 #art=99 constitucion#art=99/inc=12 #art=99/inc=12"},
        {"el artículo 5° del Capítulo I del Título 3 de la Ley N° 23.966",
         "ley:23966 ley:23966#art=5 #art=5"},
        {"los artículos 122 a 123, inclusive, de la ley 9.000",
         "ley:9000 ley:9000#art=122 #art=122 ley:9000#art=123 #art=123"},
        {"el art. 1° de la *Ley N° 9.000*", "ley:9000 ley:9000#art=1 #art=1"},
        {"el art. 48de laLey N° 9.000B.O. 9/1/1995",
         "ley:9000 ley:9000#art=48 #art=48 bo:1995-01-09 bo"},
        {"el art. 1° delDecreto N° 10/2003B.O. 5/11/2003",
         "decreto:10/2003 decreto:10 decreto:10/2003#art=1 decreto:10#art=1 #art=1 bo:2003-11-05 "
         "bo"},
        /* transitional and other provisions */
        {"el artículo tercero transitorio del Decreto 5/2000",
         "decreto:5/2000 decreto:5 decreto:5/2000#transitorio=3 decreto:5#transitorio=3 "
         "#transitorio=3"},
        {"los artículos transitorios segundo y cuarto", "#transitorio=2 #transitorio=4"},
        {"el Transitorio Tercero", "#transitorio=3"},
        {"el Vigésimo Tercero Transitorio", "#transitorio=23"},
        {"la disposición transitoria primera de la Ley 39/2015",
         "ley:39/2015 ley:39 ley:39/2015#transitorio=1 ley:39#transitorio=1 #transitorio=1"},
        {"la disposición adicional 3.ª", "#adicional=3"},
        {"la disposición derogatoria única", "#derogatoria=unico"},
        /* numbers of something else behind an article */
        {"el artículo 5, 3 de enero de 2000", "#art=5"},
        {"el artículo 5, 20 pesos", "#art=5"},
        {"la fracción mayoritaria, el inciso final", ""},
        {"artículos de primera necesidad", ""},
    };
    check(cases, G_N_ELEMENTS(cases));
}

/* "Artículo 5.-" that opens a line is the article itself; what it cites is found. */
static void
headings_are_no_citations(void **state)
{
    (void)state;
    static const struct example cases[] = {
        {"Artículo 5.- Modifícase el artículo 7° de la Ley N° 9.000.\nArt. 6° — De forma.",
         "ley:9000 ley:9000#art=7 #art=7"},
        {"Artículo 5 de la Ley N° 9.000: derogado.", "ley:9000 ley:9000#art=5 #art=5"},
        {"LEY N° 9.000\n\nArtículo 1°.- Apruébase.", "ley:9000"},
        {"### ARTÍCULO 12\n", ""},
        {"y lo dispuesto por el\nartículo 30 de la\nley N° 11.462, de 8 de julio de 1950,",
         "ley:11462 ley:11462#art=30 #art=30"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *terms = terms_of(cases[i].text);
        assert_string_equal(terms, cases[i].terms);
        g_free(terms);
    }
}

static void
queries_give_the_terms_of_texts(void **state)
{
    (void)state;
    static const struct {
        enum lj_field_id field;
        const char *text, *terms; /* NULL: no citation */
    } cases[] = {
        {LJ_FIELD_ARTICLE, "123", "#art=123"},
        {LJ_FIELD_ARTICLE, "14bis", "#art=14bis"},
        {LJ_FIELD_ARTICLE, "14 bis", "#art=14bis"},
        {LJ_FIELD_ARTICLE, "69-B", "#art=69-b"},
        {LJ_FIELD_ARTICLE, "5o.", "#art=5"},
        {LJ_FIELD_ARTICLE, "27 fracción V", "#art=27/frac=5"},
        {LJ_FIELD_ARTICLE, "27, fraccion v", "#art=27/frac=5"},
        {LJ_FIELD_ARTICLE, "123 de la constitución", "constitucion#art=123"},
        {LJ_FIELD_ARTICLE, "artículo 123", "#art=123"},
        {LJ_FIELD_ARTICLE, "5 y 6", "#art=5 #art=6"},
        {LJ_FIELD_ARTICLE, "#art=27/frac=5", "#art=27/frac=5"},
        {LJ_FIELD_CITATION, "rd:1312/2024", "rd:1312/2024"},
        {LJ_FIELD_CITATION, "a/res/70/1", "a/res/70/1"},
        {LJ_FIELD_ARTICLE, "armas", NULL},
        {LJ_FIELD_ARTICLE, "", NULL},
        {LJ_FIELD_LAW, "19.924", "ley:19924"},
        {LJ_FIELD_LAW, "19924", "ley:19924"},
        {LJ_FIELD_LAW, "Ley N° 19.924", "ley:19924"},
        {LJ_FIELD_LAW, "100 de 1993", "ley:100/1993"},
        {LJ_FIELD_LAW, "Federal de Armas", "ley:federal-armas"},
        {LJ_FIELD_LAW, "federal de armas de fuego y explosivos",
         "ley:federal-armas-fuego-explosivos"},
        {LJ_FIELD_LAW, "ley de amparo", "ley:amparo"},
        {LJ_FIELD_LAW, "código civil", "codigo:civil"},
        {LJ_FIELD_LAW, "LO 3/2018", "lo:3/2018"},
        {LJ_FIELD_CITATION, "RD 1312/2024", "rd:1312/2024"},
        {LJ_FIELD_CITATION, "rdl 1/1986", "rdl:1/1986"},
        {LJ_FIELD_CITATION, "Real Decreto-ley 1/1986", "rdl:1/1986"},
        {LJ_FIELD_CITATION, "real decreto ley 1/1986", "rdl:1/1986"},
        {LJ_FIELD_CITATION, "dof 21/01/2026", "dof:2026-01-21"},
        {LJ_FIELD_CITATION, "DOF", "dof"},
        {LJ_FIELD_CITATION, "boe-a-2024-26931", "boe-a-2024-26931"},
        {LJ_FIELD_CITATION, "resolución 1973 (2011)", "resolucion:1973/2011"},
        {LJ_FIELD_CITATION, "artículo 123 apartado b de la constitución",
         "constitucion#art=123/apt=b"},
        {LJ_FIELD_CITATION, "constitución", "constitucion"},
        {LJ_FIELD_CITATION, "ley 19.924", "ley:19924"},
        {LJ_FIELD_CITATION, "artículo 27 constitucional", "constitucion#art=27"},
        {LJ_FIELD_CITATION, "artículo 27 constitucional, armas", NULL},
        {LJ_FIELD_CITATION, "ley 19.924 de armas", NULL},
        {LJ_FIELD_CITATION, "tráfico de armas", NULL},
        {LJ_FIELD_CITATION, "leyes", NULL},
        {LJ_FIELD_CITATION, "ley", NULL},
        {LJ_FIELD_CITATION, "decreto de marras 5", NULL},
    };
    size_t failed = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GPtrArray *terms = g_ptr_array_new_with_free_func(g_free);
        bool read =
            lj_citation_normalise(cases[i].text, strlen(cases[i].text), cases[i].field, terms);
        GString *all = g_string_new(NULL);
        for (guint k = 0; k < terms->len; k++)
            g_string_append_printf(all, "%s%s", k ? " " : "", (char *)terms->pdata[k]);
        if (read != (cases[i].terms != NULL) ||
            strcmp(all->str, cases[i].terms ? cases[i].terms : "") != 0) {
            print_error("%s: %d %s\n", cases[i].text, read, all->str);
            failed++;
        }
        g_string_free(all, TRUE);
        g_ptr_array_unref(terms);
    }
    assert_int_equal(failed, 0);
}

/* What a text's citation gives is what the same words as a query ask for. */
static void
texts_and_queries_agree(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "Ley N° 19.924",
        "Real Decreto-ley 1/1986",
        "Decreto N° 1.023 de fecha 13 de agosto de 2001",
        "Ley Federal de Armas de Fuego y Explosivos",
        "artículo 123, apartado B, fracción IX, de la Constitución",
        "fracción V del artículo 27 de la Ley de Amparo",
        "inciso c) del artículo 5° de la Ley N° 7.000",
        "Decreto Supremo N° 004-2019-JUS",
        "sentencia C-355/06",
        "Diario Oficial de la Federación del 21 de enero de 2026",
        "Constitución Política de los Estados Unidos Mexicanos",
        "disposición adicional tercera de la Ley 39/2015",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
        GPtrArray *asked = g_ptr_array_new_with_free_func(g_free);
        char *sentence = g_strdup_printf("de la %s.", cases[i]);
        lj_citation_find(sentence, strlen(sentence), collect, found);
        char *small = g_utf8_strdown(cases[i], -1);
        for (int round = 0; round < 2; round++) {
            const char *text = round ? small : cases[i];
            if (!lj_citation_normalise(text, strlen(text), LJ_FIELD_CITATION, asked))
                fail_msg("%s is no citation", text);
        }
        for (guint k = 0; k < asked->len; k++)
            if (!g_ptr_array_find_with_equal_func(found, asked->pdata[k], g_str_equal, NULL))
                fail_msg("%s: %s is not found", cases[i], (char *)asked->pdata[k]);
        g_free(small);
        g_free(sentence);
        g_ptr_array_unref(asked);
        g_ptr_array_unref(found);
    }
}

static void
documents_know_which_norm_they_are(void **state)
{
    (void)state;
    static const struct {
        const char *title, *id, *head;
        const char *terms; /* NULL: no norm */
    } cases[] = {
        {"Ley Nº 23.081", NULL, NULL, "ley:23081"},
        {"Ley Nº 17325 - PRORROGA DE SUBSIDIO POR DESEMPLEO", NULL, NULL, "ley:17325"},
        {"Decreto 105/2026", NULL, NULL, "decreto:105/2026 decreto:105"},
        {"Ley Federal de Armas de Fuego y Explosivos", NULL, NULL,
         "ley:federal-armas-fuego-explosivos ley:federal-armas-fuego ley:federal-armas"},
        {"CONSTITUCION DE LA REPUBLICA", NULL, NULL, "constitucion"},
        {"ENERGIA ELECTRICA", "ar:DEC-186-1995", NULL, "decreto:186/1995 decreto:186"},
        {"RELACIONES EXTERIORES", "LEY-15808", NULL, "ley:15808"},
        {NULL, "uy:UY-ley-11806", NULL, "ley:11806"},
        {NULL, "leyes/2026/UY-decreto-ley-14316.md", NULL, "decreto-ley:14316 ley:14316"},
        {NULL, "BOE-A-2024-26931", NULL, "boe-a-2024-26931"},
        {NULL, "DNU-767-2020", NULL, "decreto:767/2020 decreto:767"},
        {"SOMISA", NULL,
         "El Poder Ejecutivo Garantizará la Financiación.\n\nDECRETO-LEY Nº 19.698\n\nVISTO",
         "decreto-ley:19698 ley:19698"},
        {"ADMINISTRACION", NULL, "Delegados\n\nDECRETO\n\nN° 1234\n\nBs. As., 24/3/76",
         "decreto:1234"},
        /* titles and heads that speak of a norm */
        {"Modificación de la Ley 18.057", NULL, NULL, NULL},
        {"Ley de modificación de la Ley 5.000", NULL, NULL, NULL},
        {"Informe de los hechos", "informe-2019", "Vista la Ley 18.057, se informa.\n", NULL},
        {NULL, "2019-10-30-conferencia", NULL, NULL},
        {NULL, NULL, NULL, NULL},
    };
    size_t failed = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GPtrArray *terms = g_ptr_array_new_with_free_func(g_free);
        bool norm = lj_citation_identity(cases[i].title, cases[i].id, cases[i].head,
                                         cases[i].head ? strlen(cases[i].head) : 0, terms);
        GString *all = g_string_new(NULL);
        for (guint k = 0; k < terms->len; k++)
            g_string_append_printf(all, "%s%s", k ? " " : "", (char *)terms->pdata[k]);
        if (norm != (cases[i].terms != NULL) ||
            strcmp(all->str, cases[i].terms ? cases[i].terms : "") != 0) {
            print_error("%s, %s: %s\n", cases[i].title, cases[i].id, all->str);
            failed++;
        }
        g_string_free(all, TRUE);
        g_ptr_array_unref(terms);
    }
    assert_int_equal(failed, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbered_norms),
        cmocka_unit_test(bulletins),
        cmocka_unit_test(named_norms),
        cmocka_unit_test(articles_and_their_parts),
        cmocka_unit_test(headings_are_no_citations),
        cmocka_unit_test(queries_give_the_terms_of_texts),
        cmocka_unit_test(texts_and_queries_agree),
        cmocka_unit_test(documents_know_which_norm_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
