/* Citations as practice abbreviates them: rules, courts' files and symbols, what countries call by letters of
 * their own; each with the terms it gives in a text, and as a query. */
#include "citation_check.h"

static void
rules_of_mexico(void **state)
{
    (void)state;
    static const struct example cases[] = {
        {"regla 2.1.6. de la Resolución Miscelánea Fiscal para 2023",
         "rmf:2023 rmf rmf:2023#regla=2.1.6 rmf#regla=2.1.6 #regla=2.1.6"},
        {"la regla 3.10.5. de la RMF 2022",
         "rmf:2022 rmf rmf:2022#regla=3.10.5 rmf#regla=3.10.5 #regla=3.10.5"},
        {"reglas 2.1.6. y 2.1.7. de la RMF",
         "rmf rmf#regla=2.1.6 #regla=2.1.6 rmf#regla=2.1.7 #regla=2.1.7"},
        {"la regla 2.1.6, fracción III, de la RMF para 2024",
         "rmf:2024 rmf rmf:2024#regla=2.1.6 rmf#regla=2.1.6 #regla=2.1.6 "
         "rmf:2024#regla=2.1.6/frac=3 rmf#regla=2.1.6/frac=3 #regla=2.1.6/frac=3"},
        {"la RMF para 2023", "rmf:2023 rmf"},
        {"regla 1.3.3. de las Reglas Generales de Comercio Exterior para 2020",
         "rgce:2020 rgce rgce:2020#regla=1.3.3 rgce#regla=1.3.3 #regla=1.3.3"},
        {"RGCE 2024", "rgce:2024 rgce"},
        {"NOM 001 SEMARNAT 1996", "nom-001-semarnat-1996 nom-001-semarnat nom-001"},
        {"NOM-EM-001-SSA1-2020", "nom-em-001-ssa1-2020 nom-em-001-ssa1 nom-em-001"},
        {"NOM-012-SSA1/SCFI-2003", "nom-012-ssa1/scfi-2003 nom-012-ssa1/scfi nom-012"},
        {"la NOM-035", "nom-035"},
        {"contradicción de tesis 123/2019", "contradiccion:123/2019 contradiccion:123"},
        {"la contradicción de criterios 45/2022", "contradiccion:45/2022 contradiccion:45"},
        {"controversia constitucional 62/2016",
         "controversia-constitucional:62/2016 controversia-constitucional:62"},
        {"acción de inconstitucionalidad 10/2014 y sus acumuladas 11/2014, 14/2014 y 15/2014",
         "accion-inconstitucionalidad:10/2014 accion-inconstitucionalidad:10 "
         "accion-inconstitucionalidad:11/2014 accion-inconstitucionalidad:11 "
         "accion-inconstitucionalidad:14/2014 accion-inconstitucionalidad:14 "
         "accion-inconstitucionalidad:15/2014 accion-inconstitucionalidad:15"},
        {"amparo indirecto 45/2020",
         "amparo-indirecto:45/2020 amparo-indirecto:45 amparo:45/2020 amparo:45"},
        {"SUP-JDC-1234/2021", "sup-jdc-1234/2021"},
        {"SRE-PSC-12/2018", "sre-psc-12/2018"},
        {"artículos 6o. y 41, Base III, Apartado C, constitucionales",
         "constitucion constitucion#art=6 #art=6 constitucion#art=41 #art=41 "
         "constitucion#art=41/base=3 #art=41/base=3 constitucion#art=41/base=3/apt=c "
         "#art=41/base=3/apt=c"},
        {"Código Nacional de Procedimientos Penales (CNPP), artículo 167",
         "codigo:nacional-procedimientos-penales codigo:nacional-procedimientos "
         "codigo:nacional-procedimientos-penales#art=167 codigo:nacional-procedimientos#art=167 "
         "#art=167"},
        {"Tratados de Guadalupe Hidalgo", "tratado:guadalupe-hidalgo tratado:guadalupe"},
        {"Convención de Belém do Pará", "convencion:belem-para convencion:belem"},
    };
    check(cases, G_N_ELEMENTS(cases), true);
}

static void
courts_of_spain(void **state)
{
    (void)state;
    static const struct example cases[] = {
        {"ATS de 3 de mayo de 2017", "ats:2017-05-03"},
        {"STSJ de Cataluña 45/2018", "stsj:45/2018 stsj:45"},
        {"STSJ de Madrid de 3 de mayo de 2017", "stsj:2017-05-03"},
        {"SAP Las Palmas (Sección 4.ª) núm. 12/2019", "sap:12/2019 sap:12"},
        {"SAN de 3 de mayo de 2017", "san:2017-05-03"},
        {"ECLI:ES:TS:2018:1234", "ecli:es:ts:2018:1234"},
        {"recurso de amparo 1234/2005", "amparo:1234/2005 amparo:1234"},
        {"recurso de casación 123/2018", "casacion:123/2018 casacion:123"},
        {"cuestión de inconstitucionalidad 1234/2010",
         "cuestion-inconstitucionalidad:1234/2010 cuestion-inconstitucionalidad:1234"},
        {"art. 53 LECrim", "ley:enjuiciamiento-criminal ley:enjuiciamiento "
                           "ley:enjuiciamiento-criminal#art=53 ley:enjuiciamiento#art=53 #art=53"},
        {"art. 1.2 LJCA", "ley:29/1998 ley:29 ley:29/1998#art=1 ley:29#art=1 #art=1 "
                          "ley:29/1998#art=1/apt=2 ley:29#art=1/apt=2 #art=1/apt=2"},
        {"la DT 3ª del ET", "et et#transitorio=3 #transitorio=3"},
        {"Decreto-ley Foral 1/2020", "decreto-ley:1/2020 decreto-ley:1"},
        {"art. 34 del Cód. Penal", "codigo:penal codigo:penal#art=34 #art=34"},
        {"artículo 3 común a los Convenios de Ginebra",
         "convenio:ginebra convenio:ginebra#art=3 #art=3"},
    };
    check(cases, G_N_ELEMENTS(cases), true);
}

static void
numbers_of_chile_and_peru(void **state)
{
    (void)state;
    static const struct example cases[] = {
        {"DFL 1-19.653", "dfl:1-19653 dfl:1"},
        {"D.F.L. N° 1/18.290", "dfl:1-18290 dfl:1"},
        {"Ley Orgánica Constitucional N° 18.695", "ley:18695"},
        {"auto acordado N° 53-2020", "acordada:53/2020 acordada:53"},
        {"Rol N° 12.345-2019", "rol:12345/2019 rol:12345"},
        {"Rol C-123-2019", "rol:c-123/2019 rol:c-123"},
        {"RIT O-123-2019", "rit:o-123/2019 rit:o-123"},
        {"artículo 1545 del C. Civil", "codigo:civil codigo:civil#art=1545 #art=1545"},
        {"D.L. N° 1440", "decreto-ley:1440 decreto-legislativo:1440"},
        {"D.L. N° 3.500, de 1980", "decreto-ley:3500/1980 decreto-ley:3500"},
        {"Res. Ex. N° 123/2020",
         "resolucion-exenta:123/2020 resolucion-exenta:123 resolucion:123/2020 resolucion:123"},
        {"Primera Disposición Complementaria Final de la Ley N° 30057",
         "ley:30057 ley:30057#final=1 #final=1"},
        {"artículo IV del Título Preliminar de la Ley N° 27444",
         "ley:27444 ley:27444#art=4 #art=4"},
    };
    check(cases, G_N_ELEMENTS(cases), true);
}

static void
colombia_and_the_river_plate(void **state)
{
    (void)state;
    static const struct example cases[] = {
        {"Acuerdo PSAA16-10554 de 2016", "acuerdo:psaa16-10554/2016 acuerdo:psaa16-10554"},
        {"Acuerdo PCSJA20-11517", "acuerdo:pcsja20-11517/2020 acuerdo:pcsja20-11517"},
        {"Sentencia SU.123 de 2018", "sentencia:su-123/2018 sentencia:su-123"},
        {"artículo 229 superior", "constitucion constitucion#art=229 #art=229"},
        {"los artículos 13 y 29 superiores",
         "constitucion constitucion#art=13 #art=13 constitucion#art=29 #art=29"},
        {"artículos 1 y 13 de la Carta Política",
         "constitucion constitucion#art=1 #art=1 constitucion#art=13 #art=13"},
        {"Concepto 1234 de 2019", "concepto:1234/2019 concepto:1234"},
        {"Resolución RESOL-2020-123-APN-MT", "resolucion:123/2020 resolucion:123"},
        {"Decisión Administrativa DECAD-2020-429-APN-JGM",
         "decision-administrativa:429/2020 decision-administrativa:429 decision:429/2020 "
         "decision:429"},
        {"RESOG-2020-4815-E-AFIP-AFIP", "resolucion-general:4815/2020 resolucion-general:4815 "
                                        "resolucion:4815/2020 resolucion:4815"},
        {"Decreto 246/018", "decreto:246/2018 decreto:246"},
        {"Resolución S/N de 8 de mayo de 2019", "resolucion:2019-05-08"},
        {"D.O. 24 abr/006", "diario-oficial:2006-04-24 diario-oficial"},
        {"artículo 5 de la Ley Fundamental", "constitucion constitucion#art=5 #art=5"},
    };
    check(cases, G_N_ELEMENTS(cases), true);
}

static void
american_and_other_bodies(void **state)
{
    (void)state;
    static const struct example cases[] = {
        {"OEA/Ser.L/V/II.116", "oea/ser.l/v/ii.116"},
        {"E/CN.4/1998/53/Add.2", "e/cn.4/1998/53/add.2"},
        {"CCPR/C/21/Rev.1/Add.13", "ccpr/c/21/rev.1/add.13"},
        {"Serie C No. 221", "serie-c:221"},
        {"Informe No. 50/99", "informe:50/1999 informe:50"},
        {"Informe de Fondo No. 12/18", "informe:12/2018 informe:12"},
        {"D.O. L 119, de 4 de mayo de 2016", "doue:2016-05-04 doue:l-119/2016 doue:l-119 doue"},
        {"Ley 5 del 3 de mayo de MCMXCIV", "ley:5/1994 ley:5"},
    };
    check(cases, G_N_ELEMENTS(cases), true);
}

/* Of texts only: no query is written so. */
static void
between_marks(void **state)
{
    (void)state;
    static const struct example cases[] = {
        {"artículo 5 de la [Ley 1437](https://example.org/1437) de 2011",
         "ley:1437/2011 ley:1437 ley:1437/2011#art=5 ley:1437#art=5 #art=5"},
        {"[artículo 5](#art5) de la [Ley N° 19.924](https://example.org)",
         "ley:19924 ley:19924#art=5 #art=5"},
        {"[Ley N° 19.924](https://example.org), artículo 5", "ley:19924 ley:19924#art=5 #art=5"},
        {"«BOE» núm. 236, de 2 de octubre de 2015", "boe:2015-10-02 boe:236/2015 boe:236 boe"},
    };
    check(cases, G_N_ELEMENTS(cases), false);
}

/* One norm behind another, of the same kind. */
static void
lists_that_go_on(void **state)
{
    (void)state;
    static const struct example cases[] = {
        {"el Decreto Nº 727/12, prorrogado por su similar Nº 147/13,",
         "decreto:727/2012 decreto:727 decreto:147/2013 decreto:147"},
        {"el Decreto N° 446/2000 y su modificatorio N° 1140/2000",
         "decreto:446/2000 decreto:446 decreto:1140/2000 decreto:1140"},
        {"la Ley N° 25.561 y sus modificatorias y N° 25.972", "ley:25561 ley:25972"},
        {"el Decreto Nº 2775/12 y Nº 1546/13",
         "decreto:2775/2012 decreto:2775 decreto:1546/2013 decreto:1546"},
        {"las Leyes Nros. 24.156 y sus modificatorias y 25.152", "ley:24156 ley:25152"},
        {"las Resoluciones MOSP N° 510/83, SE N° 6/87 y SE N° 455/86",
         "resolucion:510/1983 resolucion:510 resolucion:6/1987 resolucion:6 "
         "resolucion:455/1986 resolucion:455"},
        {"la Resolución ex COMFER N° 341/93", "resolucion:341/1993 resolucion:341"},
        {"la Resolución ex-MINISTERIO DE ECONOMÍA N° 12/98", "resolucion:12/1998 resolucion:12"},
        {"el Reglamento de la Ley N° 12.346", "ley:12346"},
        {"el Acto Institucional Nº 9, de 23 de octubre de 1979",
         "acto-institucional:9/1979 acto-institucional:9"},
        {"la Ley Especial Nº 7, de 23 de diciembre de 1983",
         "ley-especial:7/1983 ley-especial:7 ley:7/1983 ley:7"},
        {"REGISTRADA BAJO EL N° 27764", "ley:27764"},
        {"aprobado porDecreto N° 485/99", "decreto:485/1999 decreto:485"},
        {"artículo 3 de laLey N° 24.424B.O. 9/1/1995",
         "ley:24424 ley:24424#art=3 #art=3 bo:1995-01-09 bo"},
        {"Decreto [Nº 558/994](https://example.org)", "decreto:558/1994 decreto:558"},
        {"la letra c) en el apartado 1 del artículo 20",
         "#art=20 #art=20/apt=1 #art=20/apt=1/lit=c"},
        {"la Ley articulada de Funcionarios Civiles del Estado",
         "ley:articulada-funcionarios-civiles-estado ley:articulada-funcionarios-civiles "
         "ley:articulada-funcionarios"},
        {"EL ARTÍCULO 5.", "#art=5"},
        {"la Ley N° 18.331, el artículo 5", "ley:18331 #art=5"},
        {"la Ley N° 5 y artículo 6 de la Ley N° 7", "ley:5 ley:7 ley:7#art=6 #art=6"},
        {"el Decreto N° 5/20 y su anexo N° 3", "decreto:5/2020 decreto:5"},
    };
    check(cases, G_N_ELEMENTS(cases), false);
}

/* What only looks like these. */
static void
nothing_of_the_kind(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "las reglas 2.1 y 3 del juego",
        "la contradicción de criterios entre ambos",
        "una controversia constitucional",
        "la cuestión de fondo 12/2019",
        "el informe 12/2019",
        "el concepto 5 de la lista",
        "el rol de 2019",
        "NOM 001",
        "Colonia Juárez, C.P. 06600, Ciudad de México",
        "el artículo SAP 4",
        "los Tratados de Libre Comercio",
        "Convenios de Colaboración",
        "el auto 12 de 2019",
        "SAN JUAN 12",
        "registrada bajo el N° 123",
        "Serie A Núm. 36-5",
        "el Convenio Constitutivo de la referida institución",
        "de 2012 ARTÍCULO TRIGÉSIMO SÉPTIMO. Se reforman",
        "un loDecreto",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GPtrArray *terms = terms_of(cases[i]);
        for (guint k = 0; k < terms->len; k++)
            print_error("%s: %s\n", cases[i], (char *)terms->pdata[k]);
        assert_int_equal(terms->len, 0);
        g_ptr_array_unref(terms);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_of_mexico),           cmocka_unit_test(courts_of_spain),
        cmocka_unit_test(numbers_of_chile_and_peru), cmocka_unit_test(colombia_and_the_river_plate),
        cmocka_unit_test(american_and_other_bodies), cmocka_unit_test(between_marks),
        cmocka_unit_test(lists_that_go_on),          cmocka_unit_test(nothing_of_the_kind),
    };
    return cmocka_run_group_tests(tests, open_analyser, close_analyser);
}
