/* Citations as the countries and bodies of the region write them: each form, the terms it gives in a
 * text, with every parent; and the form asked for as a query, which must give one of them. */
#include "analysis/acronym.h"
#include "citation_check.h"

static void
spain_and_the_union(void **state)
{
    (void)state;
    static const struct example cases[] = {
        {"la Ley 1/2004, de 28 de diciembre,", "ley:1/2004 ley:1"},
        {"la Ley Orgánica 1/2004, de 28 de diciembre, de Medidas de Protección Integral",
         "lo:1/2004 lo:1"},
        {"la L.O. 3/2018", "lo:3/2018 lo:3"},
        {"la L. O. 3/2018", "lo:3/2018 lo:3"},
        {"la LO 3/2018, de 5 de diciembre", "lo:3/2018 lo:3"},
        {"el RDLeg 1/2013", "rdleg:1/2013 rdleg:1"},
        {"el RD Legislativo 1/2013", "rdleg:1/2013 rdleg:1"},
        {"el RDLg 1/2013", "rdleg:1/2013 rdleg:1"},
        {"el R.D.Leg. 1/2013", "rdleg:1/2013 rdleg:1"},
        {"el Real Decreto Legislativo 1/2013, de 29 de noviembre", "rdleg:1/2013 rdleg:1"},
        {"el RD-Ley 3/2012", "rdl:3/2012 rdl:3"},
        {"el R.D.-Ley 3/2012", "rdl:3/2012 rdl:3"},
        {"el R.D. 1312/2024", "rd:1312/2024 rd:1312"},
        {"el RD-L 20/2012", "rdl:20/2012 rdl:20"},
        {"el Real Decreto-ley 8/2020", "rdl:8/2020 rdl:8"},
        {"los Reales Decretos 84/2015 y 85/2015", "rd:84/2015 rd:84 rd:85/2015 rd:85"},
        {"el art. 24.1 CE",
         "constitucion constitucion:es constitucion#art=24 constitucion:es#art=24 #art=24 "
         "constitucion#art=24/apt=1 constitucion:es#art=24/apt=1 #art=24/apt=1"},
        {"el art. 24.1 de la CE",
         "constitucion constitucion:es constitucion#art=24 constitucion:es#art=24 #art=24 "
         "constitucion#art=24/apt=1 constitucion:es#art=24/apt=1 #art=24/apt=1"},
        {"los arts. 14 y ss. de la LEC",
         "ley:enjuiciamiento-civil ley:enjuiciamiento ley:enjuiciamiento-civil#art=14 "
         "ley:enjuiciamiento#art=14 #art=14"},
        {"los arts. 14 y siguientes de la LEC",
         "ley:enjuiciamiento-civil ley:enjuiciamiento ley:enjuiciamiento-civil#art=14 "
         "ley:enjuiciamiento#art=14 #art=14"},
        {"los artículos 14 y ss. LEC",
         "ley:enjuiciamiento-civil ley:enjuiciamiento ley:enjuiciamiento-civil#art=14 "
         "ley:enjuiciamiento#art=14 #art=14"},
        {"el art. 117.3 C.E.",
         "constitucion constitucion:es constitucion#art=117 constitucion:es#art=117 #art=117 "
         "constitucion#art=117/apt=3 constitucion:es#art=117/apt=3 #art=117/apt=3"},
        {"el art. 5.1.a) de la Ley 29/1998",
         "ley:29/1998 ley:29 ley:29/1998#art=5 ley:29#art=5 #art=5 ley:29/1998#art=5/apt=1 "
         "ley:29#art=5/apt=1 #art=5/apt=1 ley:29/1998#art=5/apt=1/lit=a ley:29#art=5/apt=1/lit=a "
         "#art=5/apt=1/lit=a"},
        {"el art. 238.3º LOPJ",
         "ley:organica-poder-judicial ley:organica-poder ley:organica-poder-judicial#art=238 "
         "ley:organica-poder#art=238 #art=238 ley:organica-poder-judicial#art=238/apt=3 "
         "ley:organica-poder#art=238/apt=3 #art=238/apt=3"},
        {"el art. 24 de la LOPJ",
         "ley:organica-poder-judicial ley:organica-poder ley:organica-poder-judicial#art=24 "
         "ley:organica-poder#art=24 #art=24"},
        {"el artículo 9.3 de la Constitución Española",
         "constitucion:es constitucion constitucion:es#art=9 constitucion#art=9 #art=9 "
         "constitucion:es#art=9/apt=3 constitucion#art=9/apt=3 #art=9/apt=3"},
        {"el art. 3 del Código Civil", "codigo:civil codigo:civil#art=3 #art=3"},
        {"el art. 1.902 CC", "codigo:civil codigo:civil#art=1902 #art=1902"},
        {"el art. 1902 Cc", "codigo:civil codigo:civil#art=1902 #art=1902"},
        {"el art. 248 CP", "codigo:penal cp codigo:penal#art=248 cp#art=248 #art=248"},
        {"los arts. 248 a 250 CP",
         "codigo:penal cp codigo:penal#art=248 cp#art=248 #art=248 codigo:penal#art=249 cp#art=249 "
         "#art=249 codigo:penal#art=250 cp#art=250 #art=250"},
        {"el art. 54 del ET", "et et#art=54 #art=54"},
        {"el art. 14 del Estatuto de los Trabajadores",
         "estatuto:trabajadores estatuto:trabajadores#art=14 #art=14"},
        {"la STC 120/2021, de 31 de mayo", "stc:120/2021 stc:120"},
        {"la STS 1234/2019", "sts:1234/2019 sts:1234"},
        {"las SSTS 12/2018 y 13/2018", "sts:12/2018 sts:12 sts:13/2018 sts:13"},
        {"la STS de 3 de mayo de 2013", "sts:2013-05-03"},
        {"la STEDH de 5 de junio de 2015", "stedh:2015-06-05"},
        {"la STJUE de 14 de marzo de 2013", "stjue:2013-03-14"},
        {"la STJUE de 14 de marzo de 2013, asunto C-415/11",
         "stjue:2013-03-14 sentencia:c-415/2011 sentencia:c-415"},
        {"el asunto C-415/11", "sentencia:c-415/2011 sentencia:c-415"},
        {"el ATC 12/2010", "atc:12/2010 atc:12"},
        {"la Orden ECD/65/2015, de 21 de enero", "orden:ecd/65/2015 orden:ecd/65"},
        {"la Orden HAP/2194/2013", "orden:hap/2194/2013 orden:hap/2194"},
        {"la Orden de 3 de mayo de 2010", "orden:2010-05-03"},
        {"la Orden Ministerial de 3 de mayo de 2010", "orden:2010-05-03"},
        {"la Circular 1/2016 de la Fiscalía General", "circular:1/2016 circular:1"},
        {"la Instrucción 3/2011", "instruccion:3/2011 instruccion:3"},
        {"la disposición adicional segunda de la Ley 39/2015",
         "ley:39/2015 ley:39 ley:39/2015#adicional=2 ley:39#adicional=2 #adicional=2"},
        {"la D.A. 2ª de la Ley 39/2015",
         "ley:39/2015 ley:39 ley:39/2015#adicional=2 ley:39#adicional=2 #adicional=2"},
        {"la DA 2.ª de la Ley 39/2015",
         "ley:39/2015 ley:39 ley:39/2015#adicional=2 ley:39#adicional=2 #adicional=2"},
        {"la disposición transitoria única", "#transitorio=unico"},
        {"la disposición final cuarta del Real Decreto-ley 8/2020",
         "rdl:8/2020 rdl:8 rdl:8/2020#final=4 rdl:8#final=4 #final=4"},
        {"BOE-A-2024-26931", "boe-a-2024-26931"},
        {"BOE núm. 294", "boe:294 boe"},
        {"BOE n.º 294, de 6 de diciembre de 2018", "boe:2018-12-06 boe:294/2018 boe:294 boe"},
        {"el B.O.E. de 6 de diciembre de 2018", "boe:2018-12-06 boe"},
        {"BOCM núm. 12, de 15 de enero de 2020", "bocm:2020-01-15 bocm:12/2020 bocm:12 bocm"},
        {"el BOCM de 15 de enero de 2020", "bocm:2020-01-15 bocm"},
        {"el DOGC núm. 5000", "dogc:5000 dogc"},
        {"el BOJA núm. 12", "boja:12 boja"},
        {"el BOP de 3 de mayo de 2010", "bop:2010-05-03 bop"},
        {"el BOPV de 3 de mayo de 2010", "bopv:2010-05-03 bopv"},
        {"DOUE L 119", "doue:l-119 doue"},
        {"DOUE L 119 de 4 de mayo de 2016", "doue:2016-05-04 doue:l-119/2016 doue:l-119 doue"},
        {"el DO L 119 de 4.5.2016", "doue:2016-05-04 doue:l-119/2016 doue:l-119 doue"},
        {"DO L 119 de 4.5.2016, p. 1", "doue:2016-05-04 doue:l-119/2016 doue:l-119 doue"},
        {"el Diario Oficial de la Unión Europea L 119", "doue:l-119 doue"},
        {"Reglamento (UE) 2016/679", "reglamento:679/2016 reglamento:679"},
        {"Reglamento (UE) nº 575/2013", "reglamento:575/2013 reglamento:575"},
        {"Reglamento (UE) 2016/679 del Parlamento Europeo", "reglamento:679/2016 reglamento:679"},
        {"Reglamento 2016/679", "reglamento:679/2016 reglamento:679"},
        {"Reglamento (CE) 1/2003", "reglamento:1/2003 reglamento:1"},
        {"Reglamento (CEE) n.º 1408/71", "reglamento:1408/1971 reglamento:1408"},
        {"Reglamento Delegado (UE) 2017/565", "reglamento:565/2017 reglamento:565"},
        {"Reglamento de Ejecución (UE) 2015/2447", "reglamento:2447/2015 reglamento:2447"},
        {"Directiva 95/46/CE", "directiva:46/1995 directiva:46"},
        {"Directiva 2006/123/CE", "directiva:123/2006 directiva:123"},
        {"Directiva (UE) 2019/790", "directiva:790/2019 directiva:790"},
        {"Directiva 2014/24/UE", "directiva:24/2014 directiva:24"},
        {"Decisión 2010/87/UE", "decision:87/2010 decision:87"},
        {"Decisión Marco 2002/584/JAI", "decision:584/2002 decision:584"},
        {"Decisión (UE) 2019/1", "decision:1/2019 decision:1"},
        {"el TFUE", "tratado:funcionamiento-union-europea tratado:funcionamiento-union "
                    "tratado:funcionamiento"},
        {"el art. 267 TFUE",
         "tratado:funcionamiento-union-europea tratado:funcionamiento-union tratado:funcionamiento "
         "tratado:funcionamiento-union-europea#art=267 tratado:funcionamiento-union#art=267 "
         "tratado:funcionamiento#art=267 #art=267"},
        {"el artículo 6 del TUE", "tratado:union-europea tratado:union tratado:union-europea#art=6 "
                                  "tratado:union#art=6 #art=6"},
        {"el art. 8 del CEDH", "convenio:europeo-derechos-humanos convenio:europeo-derechos "
                               "convenio:europeo convenio:europeo-derechos-humanos#art=8 "
                               "convenio:europeo-derechos#art=8 convenio:europeo#art=8 #art=8"},
        {"la Ley Foral 10/1999", "ley:10/1999 ley:10"},
        {"el Decreto Foral 12/2000", "decreto:12/2000 decreto:12"},
        {"la Ley 2/1988 de la Comunidad de Madrid", "ley:2/1988 ley:2"},
        {"el Decreto 15/2003, de 4 de febrero", "decreto:15/2003 decreto:15"},
        {"la Ley de Enjuiciamiento Civil", "ley:enjuiciamiento-civil ley:enjuiciamiento"},
        {"la Ley Orgánica del Poder Judicial", "ley:organica-poder-judicial ley:organica-poder"},
        {"la Ley General Tributaria", "ley:general-tributaria"},
    };
    check(cases, G_N_ELEMENTS(cases), true);
}

static void
chile(void **state)
{
    (void)state;
    static const struct example cases[] = {
        {"DFL N° 1 de 2005", "dfl:1/2005 dfl:1"},
        {"DFL N° 1/2005", "dfl:1/2005 dfl:1"},
        {"el D.F.L. N° 458, de 1975", "dfl:458/1975 dfl:458"},
        {"Decreto Supremo N° 100, de 2005, del Ministerio Secretaría General de la Presidencia",
         "decreto-supremo:100/2005 decreto-supremo:100 decreto:100/2005 decreto:100"},
        {"D.S. Nº 40/2012",
         "decreto-supremo:40/2012 decreto-supremo:40 decreto:40/2012 decreto:40"},
        {"DL 3.500", "decreto-ley:3500"},
        {"D.L. N° 3.500, de 1980", "decreto-ley:3500/1980 decreto-ley:3500"},
        {"el D.L. 3.500", "decreto-ley:3500"},
        {"Decreto Ley N° 3.500", "decreto-ley:3500"},
        {"Decreto ley Nº 211, de 1973", "decreto-ley:211/1973 decreto-ley:211"},
        {"Decreto N° 594, de 1999, del Ministerio de Salud", "decreto:594/1999 decreto:594"},
        {"Decreto Exento N° 123, de 2010", "decreto:123/2010 decreto:123"},
        {"Resolución Exenta N° 1.234, de 2015",
         "resolucion-exenta:1234/2015 resolucion-exenta:1234 resolucion:1234/2015 resolucion:1234"},
        {"Res. Ex. N° 1234/2015",
         "resolucion-exenta:1234/2015 resolucion-exenta:1234 resolucion:1234/2015 resolucion:1234"},
        {"Resolución Ex. SII N° 45", "resolucion-exenta:45 resolucion:45"},
        {"boletín N° 8575-07", "boletin:8575-07 boletin:8575"},
        {"Boletín Nº 11.144-07", "boletin:11144-07 boletin:11144"},
        {"boletines N° 8575-07 y 9.000-03",
         "boletin:8575-07 boletin:8575 boletin:9000-03 boletin:9000"},
        {"Boletines N°s 8575-07 y 9000-03, refundidos",
         "boletin:8575-07 boletin:8575 boletin:9000-03 boletin:9000"},
        {"Diario Oficial N° 42.000", "diario-oficial:42000 diario-oficial"},
        {"Diario Oficial de 22 de septiembre de 2005", "diario-oficial:2005-09-22 diario-oficial"},
        {"el artículo 19 N° 3 de la Constitución",
         "constitucion constitucion#art=19 #art=19 constitucion#art=19/num=3 #art=19/num=3"},
        {"el artículo 19, número 3°, de la Constitución Política",
         "constitucion constitucion#art=19 #art=19 constitucion#art=19/num=3 #art=19/num=3"},
        {"el artículo 19 Nº 24 inciso tercero de la Constitución Política de la República",
         "constitucion constitucion#art=19 #art=19 constitucion#art=19/num=24 #art=19/num=24 "
         "constitucion#art=19/num=24/inc=3 #art=19/num=24/inc=3"},
        {"art. 3° inc. 2° de la Ley N° 18.575",
         "ley:18575 ley:18575#art=3 #art=3 ley:18575#art=3/inc=2 #art=3/inc=2"},
        {"artículo 2.314 del Código Civil", "codigo:civil codigo:civil#art=2314 #art=2314"},
        {"la Ley N° 19.880", "ley:19880"},
        {"Ley N°20.285", "ley:20285"},
        {"Ley 21.000", "ley:21000"},
        {"Auto Acordado N° 94-2015", "acordada:94/2015 acordada:94"},
        {"Dictamen N° 12.345, de 2010", "dictamen:12345/2010 dictamen:12345"},
    };
    check(cases, G_N_ELEMENTS(cases), true);
}

static void
peru(void **state)
{
    (void)state;
    static const struct example cases[] = {
        {"Decreto Legislativo N° 1034", "decreto-legislativo:1034"},
        {"D. Leg. N° 1034", "decreto-legislativo:1034"},
        {"D.Leg. 1034", "decreto-legislativo:1034"},
        {"D.Leg. N.º 1034", "decreto-legislativo:1034"},
        {"Decreto Legislativo 295", "decreto-legislativo:295"},
        {"D.U. 070-2020",
         "decreto-urgencia:70/2020 decreto-urgencia:70 decreto:70/2020 decreto:70"},
        {"Decreto de Urgencia N° 070-2020",
         "decreto-urgencia:70/2020 decreto-urgencia:70 decreto:70/2020 decreto:70"},
        {"Decreto de Urgencia Nº 010-2019-JUS",
         "decreto-urgencia:10/2019-jus decreto-urgencia:10/2019 decreto-urgencia:10 "
         "decreto:10/2019-jus decreto:10/2019 decreto:10"},
        {"R.M. 123-2020-MINSA",
         "resolucion-ministerial:123/2020-minsa resolucion-ministerial:123/2020 "
         "resolucion-ministerial:123 resolucion:123/2020-minsa resolucion:123/2020 resolucion:123"},
        {"R.M. N° 123-2020-MINSA",
         "resolucion-ministerial:123/2020-minsa resolucion-ministerial:123/2020 "
         "resolucion-ministerial:123 resolucion:123/2020-minsa resolucion:123/2020 resolucion:123"},
        {"RM N° 123-2020-MINSA",
         "resolucion-ministerial:123/2020-minsa resolucion-ministerial:123/2020 "
         "resolucion-ministerial:123 resolucion:123/2020-minsa resolucion:123/2020 resolucion:123"},
        {"Resolución Ministerial N° 123-2020-MINSA",
         "resolucion-ministerial:123/2020-minsa resolucion-ministerial:123/2020 "
         "resolucion-ministerial:123 resolucion:123/2020-minsa resolucion:123/2020 resolucion:123"},
        {"Resolución Ministerial N° 239-2020/MINSA",
         "resolucion-ministerial:239/2020/minsa resolucion-ministerial:239/2020 "
         "resolucion-ministerial:239 resolucion:239/2020/minsa resolucion:239/2020 resolucion:239"},
        {"R.S. N° 45-2019-PCM",
         "resolucion-suprema:45/2019-pcm resolucion-suprema:45/2019 resolucion-suprema:45 "
         "resolucion:45/2019-pcm resolucion:45/2019 resolucion:45"},
        {"Resolución Suprema N° 045-2019-PCM",
         "resolucion-suprema:45/2019-pcm resolucion-suprema:45/2019 resolucion-suprema:45 "
         "resolucion:45/2019-pcm resolucion:45/2019 resolucion:45"},
        {"R.D. N° 12-2019-EF/63.01",
         "resolucion-directoral:12/2019-ef/63.01 resolucion-directoral:12/2019 "
         "resolucion-directoral:12 resolucion:12/2019-ef/63.01 resolucion:12/2019 resolucion:12"},
        {"Resolución Directoral N° 012-2019-EF/63.01",
         "resolucion-directoral:12/2019-ef/63.01 resolucion-directoral:12/2019 "
         "resolucion-directoral:12 resolucion:12/2019-ef/63.01 resolucion:12/2019 resolucion:12"},
        {"R.V.M. N° 20-2019-MINEDU",
         "resolucion-viceministerial:20/2019-minedu resolucion-viceministerial:20/2019 "
         "resolucion-viceministerial:20 resolucion:20/2019-minedu resolucion:20/2019 "
         "resolucion:20"},
        {"Resolución Viceministerial N° 020-2019-MINEDU",
         "resolucion-viceministerial:20/2019-minedu resolucion-viceministerial:20/2019 "
         "resolucion-viceministerial:20 resolucion:20/2019-minedu resolucion:20/2019 "
         "resolucion:20"},
        {"Resolución de Superintendencia N° 097-2012/SUNAT",
         "resolucion:97/2012/sunat resolucion:97/2012 resolucion:97"},
        {"Resolución de Contraloría N° 320-2006-CG",
         "resolucion:320/2006-cg resolucion:320/2006 resolucion:320"},
        {"Resolución SBS N° 11356-2008", "resolucion:11356/2008 resolucion:11356"},
        {"Resolución de Consejo Directivo N° 012-2018-OEFA/CD",
         "resolucion:12/2018-oefa/cd resolucion:12/2018 resolucion:12"},
        {"Decreto Supremo 011-79-VC",
         "decreto-supremo:11/1979-vc decreto-supremo:11/1979 decreto-supremo:11 decreto:11/1979-vc "
         "decreto:11/1979 decreto:11"},
        {"Decreto Supremo N° 054-2001-PCM",
         "decreto-supremo:54/2001-pcm decreto-supremo:54/2001 decreto-supremo:54 "
         "decreto:54/2001-pcm decreto:54/2001 decreto:54"},
        {"D.S. 004-2019-JUS", "decreto-supremo:4/2019-jus decreto-supremo:4/2019 decreto-supremo:4 "
                              "decreto:4/2019-jus decreto:4/2019 decreto:4"},
        {"D.S. N° 054-2001-PCM",
         "decreto-supremo:54/2001-pcm decreto-supremo:54/2001 decreto-supremo:54 "
         "decreto:54/2001-pcm decreto:54/2001 decreto:54"},
        {"Ley N° 27444", "ley:27444"},
        {"Ley Nº 30057, Ley del Servicio Civil", "ley:30057 ley:servicio-civil ley:servicio"},
        {"TUO de la Ley N° 27444", "ley:27444"},
        {"Ordenanza N° 1015-MML", "ordenanza:1015-mml ordenanza:1015"},
        {"Ordenanza Municipal N° 1015", "ordenanza-municipal:1015 ordenanza:1015"},
        {"Ordenanza Regional N° 012-2015",
         "ordenanza-regional:12/2015 ordenanza-regional:12 ordenanza:12/2015 ordenanza:12"},
        {"Casación N° 3671-2014", "casacion:3671/2014 casacion:3671"},
        {"Exp. N° 0008-2003-AI/TC", "expediente:8/2003-ai/tc expediente:8/2003 expediente:8"},
        {"STC N° 0008-2003-AI/TC", "stc:8/2003-ai/tc stc:8/2003 stc:8"},
        {"Expediente N° 02061-2013-PA/TC",
         "expediente:2061/2013-pa/tc expediente:2061/2013 expediente:2061"},
        {"artículo 2, inciso 24, literal d), de la Constitución",
         "constitucion constitucion#art=2 #art=2 constitucion#art=2/inc=24 #art=2/inc=24 "
         "constitucion#art=2/inc=24/lit=d #art=2/inc=24/lit=d"},
        {"artículo 2.24.d de la Constitución",
         "constitucion constitucion#art=2 #art=2 constitucion#art=2/apt=24 #art=2/apt=24 "
         "constitucion#art=2/apt=24/lit=d #art=2/apt=24/lit=d"},
        {"Resolución Legislativa N° 13282", "resolucion-legislativa:13282 resolucion:13282"},
        {"Decreto Ley N° 25868", "decreto-ley:25868 ley:25868"},
        {"Decreto-Ley 19990", "decreto-ley:19990 ley:19990"},
    };
    check(cases, G_N_ELEMENTS(cases), true);
}

static void
colombia(void **state)
{
    (void)state;
    static const struct example cases[] = {
        {"Ley 1437 de 2011", "ley:1437/2011 ley:1437"},
        {"la Ley 1437 del 2011", "ley:1437/2011 ley:1437"},
        {"Ley 80 de 1993", "ley:80/1993 ley:80"},
        {"las Leyes 80 de 1993 y 1150 de 2007", "ley:80/1993 ley:80 ley:1150/2007 ley:1150"},
        {"Ley Estatutaria 1581 de 2012", "ley:1581/2012 ley:1581"},
        {"Decreto 1072 de 2015", "decreto:1072/2015 decreto:1072"},
        {"Decreto Ley 019 de 2012", "decreto-ley:19/2012 decreto-ley:19"},
        {"Decreto-ley 2811 de 1974", "decreto-ley:2811/1974 decreto-ley:2811"},
        {"Decreto Legislativo 417 de 2020", "decreto-legislativo:417/2020 decreto-legislativo:417"},
        {"Decreto 417 del 17 de marzo de 2020", "decreto:417/2020 decreto:417"},
        {"Decreto Único Reglamentario 1072 de 2015", "decreto:1072/2015 decreto:1072"},
        {"Resolución 1409 de 2012", "resolucion:1409/2012 resolucion:1409"},
        {"Resolución número 0312 de 2019", "resolucion:312/2019 resolucion:312"},
        {"Resolución No. 0312 de 2019", "resolucion:312/2019 resolucion:312"},
        {"Sentencia C-355 de 2006", "sentencia:c-355/2006 sentencia:c-355"},
        {"Sentencia T-760/08", "sentencia:t-760/2008 sentencia:t-760"},
        {"Sentencia T-760 de 2008", "sentencia:t-760/2008 sentencia:t-760"},
        {"sentencias C-355 de 2006, T-025 de 2004 y SU-214 de 2016",
         "sentencia:c-355/2006 sentencia:c-355 sentencia:t-25/2004 sentencia:t-25 "
         "sentencia:su-214/2016 sentencia:su-214"},
        {"Sentencia SU-214/16", "sentencia:su-214/2016 sentencia:su-214"},
        {"C-355/06", "sentencia:c-355/2006 sentencia:c-355"},
        {"Auto 008 de 2009", "auto:8/2009 auto:8"},
        {"Auto A-008 de 2009", "auto:a-8/2009 auto:a-8"},
        {"Acto Legislativo 01 de 2017", "acto-legislativo:1/2017 acto-legislativo:1"},
        {"Acto Legislativo No. 3 de 2002", "acto-legislativo:3/2002 acto-legislativo:3"},
        {"CONPES 3918", "conpes:3918"},
        {"Conpes 3918 de 2018", "conpes:3918/2018 conpes:3918"},
        {"documento CONPES 3918", "conpes:3918"},
        {"Circular Externa 007 de 2018",
         "circular-externa:7/2018 circular-externa:7 circular:7/2018 circular:7"},
        {"Acuerdo 02/2020", "acuerdo:2/2020 acuerdo:2"},
        {"Acuerdo 029 de 2011", "acuerdo:29/2011 acuerdo:29"},
        {"Directiva Presidencial 02 de 2000",
         "directiva-presidencial:2/2000 directiva-presidencial:2 directiva:2/2000 directiva:2"},
        {"Ordenanza 12 de 2010", "ordenanza:12/2010 ordenanza:12"},
        {"artículo 86 de la Constitución Política de Colombia",
         "constitucion:co constitucion constitucion:co#art=86 constitucion#art=86 #art=86"},
        {"artículo 5°, parágrafo 2, de la Ley 100 de 1993",
         "ley:100/1993 ley:100 ley:100/1993#art=5 ley:100#art=5 #art=5 "
         "ley:100/1993#art=5/paragrafo=2 ley:100#art=5/paragrafo=2 #art=5/paragrafo=2"},
        {"parágrafo 1° del artículo 3 de la Ley 100 de 1993",
         "ley:100/1993 ley:100 ley:100/1993#art=3 ley:100#art=3 #art=3 "
         "ley:100/1993#art=3/paragrafo=1 ley:100#art=3/paragrafo=1 #art=3/paragrafo=1"},
        {"numeral 3 del artículo 189 de la Constitución Política",
         "constitucion constitucion#art=189 #art=189 constitucion#art=189/num=3 #art=189/num=3"},
        {"art. 230 C.P.", "codigo:penal cp constitucion codigo:penal#art=230 cp#art=230 "
                          "constitucion#art=230 #art=230"},
        {"art. 230 de la C.P.", "cp constitucion cp#art=230 constitucion#art=230 #art=230"},
        {"art. 230 del C.P.", "codigo:penal cp codigo:penal#art=230 cp#art=230 #art=230"},
        {"art. 34 CST", "codigo:sustantivo-trabajo codigo:sustantivo "
                        "codigo:sustantivo-trabajo#art=34 codigo:sustantivo#art=34 #art=34"},
        {"Código Sustantivo del Trabajo", "codigo:sustantivo-trabajo codigo:sustantivo"},
        {"Código General del Proceso", "codigo:general-proceso"},
        {"la Ley 5ª de 1992", "ley:5/1992 ley:5"},
        {"la Ley 5a de 1992", "ley:5/1992 ley:5"},
        {"Diario Oficial No. 47.956 de 18 de enero de 2011",
         "diario-oficial:2011-01-18 diario-oficial:47956/2011 diario-oficial:47956 diario-oficial"},
        {"Gaceta Oficial N° 39.000", "gaceta-oficial:39000 gaceta-oficial"},
    };
    check(cases, G_N_ELEMENTS(cases), true);
}

static void
mexico(void **state)
{
    (void)state;
    static const struct example cases[] = {
        {"NOM-001-SEMARNAT-2021", "nom-001-semarnat-2021 nom-001-semarnat nom-001"},
        {"NOM-001-SEMARNAT-1996", "nom-001-semarnat-1996 nom-001-semarnat nom-001"},
        {"NOM-059-SSA1-2015", "nom-059-ssa1-2015 nom-059-ssa1 nom-059"},
        {"NMX-R-025-SCFI-2015", "nmx-r-025-scfi-2015"},
        {"la Norma Oficial Mexicana NOM-035-STPS-2018", "nom-035-stps-2018 nom-035-stps nom-035"},
        {"LGAMVLV",
         "ley:general-acceso-mujeres-vida-libre-violencia ley:general-acceso-mujeres-vida-libre "
         "ley:general-acceso-mujeres-vida ley:general-acceso-mujeres ley:general-acceso"},
        {"la LGAMVLV",
         "ley:general-acceso-mujeres-vida-libre-violencia ley:general-acceso-mujeres-vida-libre "
         "ley:general-acceso-mujeres-vida ley:general-acceso-mujeres ley:general-acceso"},
        {"art. 21 de la LGAMVLV",
         "ley:general-acceso-mujeres-vida-libre-violencia ley:general-acceso-mujeres-vida-libre "
         "ley:general-acceso-mujeres-vida ley:general-acceso-mujeres ley:general-acceso "
         "ley:general-acceso-mujeres-vida-libre-violencia#art=21 "
         "ley:general-acceso-mujeres-vida-libre#art=21 ley:general-acceso-mujeres-vida#art=21 "
         "ley:general-acceso-mujeres#art=21 ley:general-acceso#art=21 #art=21"},
        {"artículo 5 de la LFPDPPP",
         "ley:federal-proteccion-datos-personales-posesion-particulares "
         "ley:federal-proteccion-datos-personales-posesion ley:federal-proteccion-datos-personales "
         "ley:federal-proteccion-datos ley:federal-proteccion "
         "ley:federal-proteccion-datos-personales-posesion-particulares#art=5 "
         "ley:federal-proteccion-datos-personales-posesion#art=5 "
         "ley:federal-proteccion-datos-personales#art=5 ley:federal-proteccion-datos#art=5 "
         "ley:federal-proteccion#art=5 #art=5"},
        {"CPEUM art. 27 fr. IV",
         "constitucion:mx constitucion constitucion:mx#art=27 constitucion#art=27 #art=27 "
         "constitucion:mx#art=27/frac=4 constitucion#art=27/frac=4 #art=27/frac=4"},
        {"CPEUM", "constitucion:mx constitucion"},
        {"art. 27, fr. IV, CPEUM",
         "constitucion:mx constitucion constitucion:mx#art=27 constitucion#art=27 #art=27 "
         "constitucion:mx#art=27/frac=4 constitucion#art=27/frac=4 #art=27/frac=4"},
        {"artículo 27, fracción IV de la CPEUM",
         "constitucion:mx constitucion constitucion:mx#art=27 constitucion#art=27 #art=27 "
         "constitucion:mx#art=27/frac=4 constitucion#art=27/frac=4 #art=27/frac=4"},
        {"artículo 1o. de la Constitución Federal", "constitucion constitucion#art=1 #art=1"},
        {"artículo 115 constitucional", "constitucion constitucion#art=115 #art=115"},
        {"artículos 14 y 16 constitucionales",
         "constitucion constitucion#art=14 #art=14 constitucion#art=16 #art=16"},
        {"artículo 16 de la Carta Magna", "constitucion constitucion#art=16 #art=16"},
        {"artículo 102, apartado A, de la Constitución Política de los Estados Unidos Mexicanos",
         "constitucion:mx constitucion constitucion:mx#art=102 constitucion#art=102 #art=102 "
         "constitucion:mx#art=102/apt=a constitucion#art=102/apt=a #art=102/apt=a"},
        {"artículo 5o., fracción I, inciso a), de la Ley de Amparo",
         "ley:amparo ley:amparo#art=5 #art=5 ley:amparo#art=5/frac=1 #art=5/frac=1 "
         "ley:amparo#art=5/frac=1/inc=a #art=5/frac=1/inc=a"},
        {"artículo 69-B del Código Fiscal de la Federación",
         "codigo:fiscal-federacion codigo:fiscal codigo:fiscal-federacion#art=69-b "
         "codigo:fiscal#art=69-b #art=69-b"},
        {"art. 69-B CFF", "codigo:fiscal-federacion codigo:fiscal "
                          "codigo:fiscal-federacion#art=69-b codigo:fiscal#art=69-b #art=69-b"},
        {"art. 27 LISR",
         "ley:impuesto-renta ley:impuesto ley:impuesto-renta#art=27 ley:impuesto#art=27 #art=27"},
        {"artículo 113 Bis 3 de la LISR",
         "ley:impuesto-renta ley:impuesto ley:impuesto-renta#art=113bis-3 "
         "ley:impuesto#art=113bis-3 #art=113bis-3"},
        {"artículo 17-K del CFF",
         "codigo:fiscal-federacion codigo:fiscal codigo:fiscal-federacion#art=17-k "
         "codigo:fiscal#art=17-k #art=17-k"},
        {"Acuerdo A/010/2018", "acuerdo:a/10/2018 acuerdo:a/10"},
        {"Acuerdo INE/CG123/2021", "acuerdo:ine/cg123/2021 acuerdo:ine/cg123"},
        {"Ley Federal del Trabajo", "ley:federal-trabajo"},
        {"Ley General de Acceso de las Mujeres a una Vida Libre de Violencia",
         "ley:general-acceso-mujeres-vida-libre-violencia ley:general-acceso-mujeres-vida-libre "
         "ley:general-acceso-mujeres-vida ley:general-acceso-mujeres ley:general-acceso"},
        {"Ley General de Víctimas", "ley:general-victimas"},
        {"Ley del ISSSTE", "ley:issste"},
        {"Ley del INFONAVIT", "ley:infonavit"},
        {"Ley del Seguro Social", "ley:seguro-social ley:seguro"},
        {"D.O.F. 21-01-2026", "dof:2026-01-21 dof"},
        {"DOF 12/03/2001", "dof:2001-03-12 dof"},
        {"DOF del 5 de febrero de 1917", "dof:1917-02-05 dof"},
        {"D.O.F. de 5 de febrero de 1917", "dof:1917-02-05 dof"},
        {"Periódico Oficial del Estado de 3 de mayo de 2010",
         "periodico-oficial:2010-05-03 periodico-oficial"},
        {"Gaceta Oficial de la Ciudad de México de 3 de mayo de 2010",
         "gaceta-oficial:2010-05-03 gaceta-oficial"},
        {"tesis 1a./J. 22/2014 (10a.)", "tesis:1a/j-22/2014 tesis:1a/j-22"},
        {"tesis P./J. 11/2018", "tesis:p/j-11/2018 tesis:p/j-11"},
        {"jurisprudencia 2a./J. 12/2019", "tesis:2a/j-12/2019 tesis:2a/j-12"},
        {"acción de inconstitucionalidad 148/2017",
         "accion-inconstitucionalidad:148/2017 accion-inconstitucionalidad:148"},
        {"amparo en revisión 1359/2015",
         "amparo-revision:1359/2015 amparo-revision:1359 amparo:1359/2015 amparo:1359"},
        {"amparo directo 6/2008", "amparo-directo:6/2008 amparo-directo:6 amparo:6/2008 amparo:6"},
        {"los transitorios Segundo y Cuarto", "#transitorio=2 #transitorio=4"},
        {"artículo segundo transitorio", "#transitorio=2"},
        {"artículo Décimo Séptimo Transitorio", "#transitorio=17"},
    };
    check(cases, G_N_ELEMENTS(cases), true);
}

static void
argentina(void **state)
{
    (void)state;
    static const struct example cases[] = {
        {"Resolución General AFIP 4838/2020",
         "resolucion-general:4838/2020 resolucion-general:4838 resolucion:4838/2020 "
         "resolucion:4838"},
        {"RG AFIP 4838/2020", "resolucion-general:4838/2020 resolucion-general:4838 "
                              "resolucion:4838/2020 resolucion:4838"},
        {"RG (AFIP) 4838", "resolucion-general:4838 resolucion:4838"},
        {"R.G. N° 830", "resolucion-general:830 resolucion:830"},
        {"Resolución General (AFIP) N° 4838/2020",
         "resolucion-general:4838/2020 resolucion-general:4838 resolucion:4838/2020 "
         "resolucion:4838"},
        {"Resolución General N° 622/2013 de la CNV",
         "resolucion-general:622/2013 resolucion-general:622 resolucion:622/2013 resolucion:622"},
        {"DNU 70/2023", "decreto:70/2023 decreto:70"},
        {"DNU N° 70/23", "decreto:70/2023 decreto:70"},
        {"D.N.U. 70/2023", "decreto:70/2023 decreto:70"},
        {"Decreto 70/2023", "decreto:70/2023 decreto:70"},
        {"Dto. 70/2023", "decreto:70/2023 decreto:70"},
        {"Dec. 70/2023", "decreto:70/2023 decreto:70"},
        {"Decr. 70/2023", "decreto:70/2023 decreto:70"},
        {"CCyCN art. 1710",
         "codigo:civil-comercial codigo:civil-comercial-nacion codigo:civil "
         "codigo:civil-comercial#art=1710 codigo:civil-comercial-nacion#art=1710 "
         "codigo:civil#art=1710 #art=1710"},
        {"art. 1710 CCyCN",
         "codigo:civil-comercial codigo:civil-comercial-nacion codigo:civil "
         "codigo:civil-comercial#art=1710 codigo:civil-comercial-nacion#art=1710 "
         "codigo:civil#art=1710 #art=1710"},
        {"art. 1710 del CCyC", "codigo:civil-comercial codigo:civil "
                               "codigo:civil-comercial#art=1710 codigo:civil#art=1710 #art=1710"},
        {"art. 1710 CCCN", "codigo:civil-comercial codigo:civil-comercial-nacion codigo:civil "
                           "codigo:civil-comercial#art=1710 codigo:civil-comercial-nacion#art=1710 "
                           "codigo:civil#art=1710 #art=1710"},
        {"art. 14 bis CN", "constitucion constitucion#art=14bis #art=14bis"},
        {"art. 14 bis C.N.", "constitucion constitucion#art=14bis #art=14bis"},
        {"art. 75 inc. 22 CN",
         "constitucion constitucion#art=75 #art=75 constitucion#art=75/inc=22 #art=75/inc=22"},
        {"art. 75, inc. 22, de la Constitución Nacional",
         "constitucion constitucion#art=75 #art=75 constitucion#art=75/inc=22 #art=75/inc=22"},
        {"arts. 18 y 19 CN",
         "constitucion constitucion#art=18 #art=18 constitucion#art=19 #art=19"},
        {"art. 43 2° párr. CN",
         "constitucion constitucion#art=43 #art=43 constitucion#art=43/par=2 #art=43/par=2"},
        {"art. 245 LCT", "ley:contrato-trabajo ley:contrato ley:contrato-trabajo#art=245 "
                         "ley:contrato#art=245 #art=245"},
        {"art. 245 de la L.C.T.", "ley:contrato-trabajo ley:contrato ley:contrato-trabajo#art=245 "
                                  "ley:contrato#art=245 #art=245"},
        {"art. 280 CPCCN",
         "codigo:procesal-civil-comercial-nacion codigo:procesal-civil-comercial "
         "codigo:procesal-civil codigo:procesal codigo:procesal-civil-comercial-nacion#art=280 "
         "codigo:procesal-civil-comercial#art=280 codigo:procesal-civil#art=280 "
         "codigo:procesal#art=280 #art=280"},
        {"art. 4 L. 24.240", "ley:24240 ley:24240#art=4 #art=4"},
        {"Ley 24.240", "ley:24240"},
        {"Ley 26.994 (Código Civil y Comercial)", "ley:26994 codigo:civil-comercial codigo:civil"},
        {"ley 11.683 (t.o. 1998)", "ley:11683"},
        {"Ley N° 20.744 (t.o. por Decreto N° 390/76)", "ley:20744 decreto:390/1976 decreto:390"},
        {"Decreto-Ley 1285/58", "decreto-ley:1285/1958 decreto-ley:1285"},
        {"Decreto Ley N° 6.582/58", "decreto-ley:6582/1958 decreto-ley:6582"},
        {"Resolución 22/2019 de la Secretaría de Comercio", "resolucion:22/2019 resolucion:22"},
        {"Resolución S.R.T. N° 299/11", "resolucion:299/2011 resolucion:299"},
        {"Res. SRT 299/11", "resolucion:299/2011 resolucion:299"},
        {"Resolución Conjunta N° 1/2020",
         "resolucion-conjunta:1/2020 resolucion-conjunta:1 resolucion:1/2020 resolucion:1"},
        {"Resolución Conjunta General 4248", "resolucion-conjunta:4248 resolucion:4248"},
        {"Disposición N° 5/2020", "disposicion:5/2020 disposicion:5"},
        {"Disposición ANMAT 2318/02", "disposicion:2318/2002 disposicion:2318"},
        {"Disp. 2318/02", "disposicion:2318/2002 disposicion:2318"},
        {"Decisión Administrativa N° 12/2020",
         "decision-administrativa:12/2020 decision-administrativa:12 decision:12/2020 decision:12"},
        {"Decisión Administrativa 429/2020",
         "decision-administrativa:429/2020 decision-administrativa:429 decision:429/2020 "
         "decision:429"},
        {"DA 429/2020", "decision-administrativa:429/2020 decision-administrativa:429 "
                        "decision:429/2020 decision:429"},
        {"Acordada 4/2007", "acordada:4/2007 acordada:4"},
        {"Acordada N° 4/2007", "acordada:4/2007 acordada:4"},
        {"Acordada CSJN 4/2007", "acordada:4/2007 acordada:4"},
        {"Fallos 329:2316", "fallos:329:2316"},
        {"Fallos: 329:2316", "fallos:329:2316"},
        {"B.O. 12/03/2001", "bo:2001-03-12 bo"},
        {"BO 12/03/2001", "bo:2001-03-12 bo"},
        {"B.O. del 12 de marzo de 2001", "bo:2001-03-12 bo"},
        {"B.O. 12-III-2001", "bo:2001-03-12 bo"},
        {"B.O. 12-3-01", "bo:2001-03-12 bo"},
        {"Boletín Oficial del 12 de marzo de 2001", "bo:2001-03-12 bo"},
        {"Boletín Oficial N° 34.000", "bo:34000 bo"},
        {"Comunicación \"A\" 7030", "comunicacion:a-7030"},
        {"Comunicación A 7030", "comunicacion:a-7030"},
        {"Comunicación \"A\" 7030 del BCRA", "comunicacion:a-7030"},
        {"Ley provincial 13.133", "ley:13133"},
        {"Ley N° 13.133 de la Provincia de Buenos Aires", "ley:13133"},
        {"Ordenanza N° 33.266", "ordenanza:33266"},
        {"Ordenanza 33266", "ordenanza:33266"},
        {"Ley XVII N° 5", "ley:xvii-5"},
    };
    check(cases, G_N_ELEMENTS(cases), true);
}

static void
uruguay(void **state)
{
    (void)state;
    static const struct example cases[] = {
        {"Ley N.º 19.889", "ley:19889"},
        {"Ley Nº 19.889, de 9 de julio de 2020", "ley:19889"},
        {"Decreto N° 500/991", "decreto:500/1991 decreto:500"},
        {"decreto 500/991", "decreto:500/1991 decreto:500"},
        {"Decreto Nº 500/991, de 27 de setiembre de 1991", "decreto:500/1991 decreto:500"},
        {"Decreto-Ley Nº 14.206", "decreto-ley:14206 ley:14206"},
        {"Decreto-Ley especial N° 7", "decreto-ley:7"},
        {"decreto-ley N° 15.322", "decreto-ley:15322 ley:15322"},
        {"artículo 332 de la Constitución de la República",
         "constitucion constitucion#art=332 #art=332"},
        {"artículo 168, numeral 4°, de la Constitución",
         "constitucion constitucion#art=168 #art=168 constitucion#art=168/num=4 #art=168/num=4"},
        {"numeral 4° del artículo 168 de la Constitución",
         "constitucion constitucion#art=168 #art=168 constitucion#art=168/num=4 #art=168/num=4"},
        {"literal E) del artículo 85 de la Constitución",
         "constitucion constitucion#art=85 #art=85 constitucion#art=85/lit=e #art=85/lit=e"},
        {"inciso segundo del artículo 5° de la Ley N° 16.060",
         "ley:16060 ley:16060#art=5 #art=5 ley:16060#art=5/inc=2 #art=5/inc=2"},
        {"artículos 1° a 5°", "#art=1 #art=2 #art=3 #art=4 #art=5"},
        {"artículos 1° al 5° de la Ley N° 16.060",
         "ley:16060 ley:16060#art=1 #art=1 ley:16060#art=2 #art=2 ley:16060#art=3 #art=3 "
         "ley:16060#art=4 #art=4 ley:16060#art=5 #art=5"},
        {"artículo 5° y siguientes de la Ley N° 16.060", "ley:16060 ley:16060#art=5 #art=5"},
        {"TOCAF, artículo 33", "tocaf tocaf#art=33 #art=33"},
        {"artículo 33 del TOCAF", "tocaf tocaf#art=33 #art=33"},
        {"Acordada 7.971", "acordada:7971"},
        {"artículo 214 CGP", "codigo:general-proceso codigo:general-proceso#art=214 #art=214"},
    };
    check(cases, G_N_ELEMENTS(cases), true);
}

static void
united_nations_and_oas(void **state)
{
    (void)state;
    static const struct example cases[] = {
        {"A/RES/70/1", "a/res/70/1"},
        {"Res. A/RES/70/1", "a/res/70/1"},
        {"resolución A/RES/70/1", "a/res/70/1"},
        {"resolución 70/1 de la Asamblea General", "a/res/70/1"},
        {"Resolución 217 A (III)", "resolucion:217-a(iii) resolucion:217-a"},
        {"Resolución 217 A (III) de la Asamblea General", "resolucion:217-a(iii) resolucion:217-a"},
        {"Resolución 2625 (XXV)", "resolucion:2625(xxv) resolucion:2625"},
        {"S/RES/1325 (2000)", "s/res/1325 resolucion:1325/2000 resolucion:1325"},
        {"S/RES/1325(2000)", "s/res/1325 resolucion:1325/2000 resolucion:1325"},
        {"resolución 1325 (2000) del Consejo de Seguridad", "resolucion:1325/2000 resolucion:1325"},
        {"resolución 1325 del Consejo de Seguridad", "resolucion:1325"},
        {"E/RES/2010/3", "e/res/2010/3"},
        {"A/HRC/RES/16/18", "a/hrc/res/16/18"},
        {"A/HRC/31/58", "a/hrc/31/58"},
        {"A/70/298", "a/70/298"},
        {"A/C.3/70/L.10", "a/c.3/70/l.10"},
        {"E/CN.4/1998/53", "e/cn.4/1998/53"},
        {"CCPR/C/GC/32", "ccpr/c/gc/32"},
        {"CEDAW/C/GC/35", "cedaw/c/gc/35"},
        {"CRC/C/GC/12", "crc/c/gc/12"},
        {"S/2016/53", "s/2016/53"},
        {"Observación General N° 13", "observacion-general:13"},
        {"Observación general núm. 32", "observacion-general:32"},
        {"Recomendación General N° 19", "recomendacion-general:19 recomendacion:19"},
        {"AG/RES. 2908 (XLVII-O/17)", "ag/res/2908 resolucion:2908(xlvii-o/17) resolucion:2908"},
        {"AG/RES. 1 (XXX-E/05)", "ag/res/1 resolucion:1(xxx-e/05) resolucion:1"},
        {"CP/RES. 1079", "cp/res/1079 resolucion:1079"},
        {"CP/RES. 1079 (2014/16)", "cp/res/1079 resolucion:1079"},
        {"OC-5/85", "oc:5/1985 oc:5"},
        {"Opinión Consultiva OC-24/17", "oc:24/2017 oc:24"},
        {"Convenio 169 de la OIT", "convenio:169"},
        {"Convenio núm. 169 de la OIT", "convenio:169"},
        {"Convenio N° 169", "convenio:169"},
        {"Convenios 87 y 98 de la OIT", "convenio:87 convenio:98"},
        {"Recomendación 198 de la OIT", "recomendacion:198"},
        {"Convención Americana sobre Derechos Humanos",
         "convencion:americana-derechos-humanos convencion:americana-derechos "
         "convencion:americana"},
        {"Convención sobre los Derechos del Niño", "convencion:derechos-niño convencion:derechos"},
        {"Pacto de San José de Costa Rica",
         "pacto:san-jose-costa-rica pacto:san-jose-costa pacto:san-jose pacto:san"},
        {"Pacto Internacional de Derechos Civiles y Políticos",
         "pacto:internacional-derechos-civiles-politicos pacto:internacional-derechos-civiles "
         "pacto:internacional-derechos"},
        {"art. 8.1 CADH",
         "convencion:americana-derechos-humanos convencion:americana-derechos convencion:americana "
         "convencion:americana-derechos-humanos#art=8 convencion:americana-derechos#art=8 "
         "convencion:americana#art=8 #art=8 convencion:americana-derechos-humanos#art=8/apt=1 "
         "convencion:americana-derechos#art=8/apt=1 convencion:americana#art=8/apt=1 #art=8/apt=1"},
        {"artículo 8 de la CADH",
         "convencion:americana-derechos-humanos convencion:americana-derechos convencion:americana "
         "convencion:americana-derechos-humanos#art=8 convencion:americana-derechos#art=8 "
         "convencion:americana#art=8 #art=8"},
        {"artículo 14 del PIDCP",
         "pacto:internacional-derechos-civiles-politicos pacto:internacional-derechos-civiles "
         "pacto:internacional-derechos pacto:internacional-derechos-civiles-politicos#art=14 "
         "pacto:internacional-derechos-civiles#art=14 pacto:internacional-derechos#art=14 #art=14"},
        {"art. 26 PIDESC", "pacto:internacional-derechos-economicos-sociales-culturales "
                           "pacto:internacional-derechos-economicos-sociales "
                           "pacto:internacional-derechos-economicos pacto:internacional-derechos "
                           "pacto:internacional-derechos-economicos-sociales-culturales#art=26 "
                           "pacto:internacional-derechos-economicos-sociales#art=26 "
                           "pacto:internacional-derechos-economicos#art=26 "
                           "pacto:internacional-derechos#art=26 #art=26"},
        {"Convención de Viena sobre el Derecho de los Tratados",
         "convencion:viena-derecho-tratados convencion:viena-derecho convencion:viena"},
        {"Carta de la OEA", "carta:oea"},
        {"Carta de la ONU", "carta:onu"},
        {"artículo 51 de la Carta de las Naciones Unidas",
         "carta:naciones-unidas carta:naciones carta:naciones-unidas#art=51 carta:naciones#art=51 "
         "#art=51"},
        {"Estatuto de Roma", "estatuto:roma"},
        {"Protocolo de Kioto", "protocolo:kioto"},
        {"Protocolo de Ouro Preto", "protocolo:ouro-preto protocolo:ouro"},
        {"Tratado de Asunción", "tratado:asuncion"},
        {"Acuerdo de París", "acuerdo:paris"},
        {"Decisión 486 de la Comunidad Andina", "decision:486"},
        {"Decisión CMC N° 18/98", "decision:18/1998 decision:18"},
        {"Resolución GMC N° 12/06", "resolucion:12/2006 resolucion:12"},
        {"Ley Modelo de la CNUDMI", "ley:modelo-cnudmi ley:modelo"},
    };
    check(cases, G_N_ELEMENTS(cases), true);
}

static void
central_america_and_others(void **state)
{
    (void)state;
    static const struct example cases[] = {
        {"Acuerdo Gubernativo 229-2014",
         "acuerdo-gubernativo:229/2014 acuerdo-gubernativo:229 acuerdo:229/2014 acuerdo:229"},
        {"Acuerdo Gubernativo Número 229-2014",
         "acuerdo-gubernativo:229/2014 acuerdo-gubernativo:229 acuerdo:229/2014 acuerdo:229"},
        {"Acuerdo Ministerial 12-2015",
         "acuerdo-ministerial:12/2015 acuerdo-ministerial:12 acuerdo:12/2015 acuerdo:12"},
        {"Decreto 90-97", "decreto:90/1997 decreto:90"},
        {"Decreto Número 17-73", "decreto:17/1973 decreto:17"},
        {"Decreto 17-73 del Congreso de la República", "decreto:17/1973 decreto:17"},
        {"Decreto Legislativo 57-2008", "decreto-legislativo:57/2008 decreto-legislativo:57"},
        {"Ley 8968", "ley:8968"},
        {"Decreto Ejecutivo N° 37554-JP", "decreto:37554-jp decreto:37554"},
        {"Decreto Ejecutivo 123 de 2010", "decreto:123/2010 decreto:123"},
        {"COIP", "codigo:organico-integral-penal codigo:organico-integral"},
        {"Código Orgánico Integral Penal",
         "codigo:organico-integral-penal codigo:organico-integral"},
        {"artículo 66.4 de la Constitución",
         "constitucion constitucion#art=66 #art=66 constitucion#art=66/apt=4 #art=66/apt=4"},
        {"Registro Oficial N° 449", "registro-oficial:449 registro-oficial"},
        {"Registro Oficial 449 de 20 de octubre de 2008",
         "registro-oficial:2008-10-20 registro-oficial:449/2008 registro-oficial:449 "
         "registro-oficial"},
        {"Ley N° 348", "ley:348"},
        {"D.S. 27113", "decreto-supremo:27113 decreto:27113"},
        {"Decreto Supremo 27113", "decreto-supremo:27113 decreto:27113"},
        {"Ley 1178 de 20 de julio de 1990", "ley:1178/1990 ley:1178"},
        {"Gaceta Oficial de la República Bolivariana de Venezuela N° 5.453",
         "gaceta-oficial:5453 gaceta-oficial"},
        {"Gaceta Oficial N° 36.860 de fecha 30 de diciembre de 1999",
         "gaceta-oficial:1999-12-30 gaceta-oficial:36860/1999 gaceta-oficial:36860 gaceta-oficial"},
        {"Ley No. 641", "ley:641"},
        {"Decreto No. 123-2005", "decreto:123/2005 decreto:123"},
        {"Ley núm. 87-01", "ley:87/2001 ley:87"},
        {"Ley 87-01", "ley:87/2001 ley:87"},
        {"Ley No. 107-13", "ley:107/2013 ley:107"},
        {"Decreto núm. 122-20", "decreto:122/2020 decreto:122"},
        {"Decreto Ejecutivo PCM-019-2015", "decreto:pcm-19/2015 decreto:pcm-19"},
        {"Ley 1/2004", "ley:1/2004 ley:1"},
    };
    check(cases, G_N_ELEMENTS(cases), true);
}

static void
names_with_commas(void **state)
{
    (void)state;
    static const struct example cases[] = {
        {"la Ley de Adquisiciones, Arrendamientos y Servicios del Sector Público",
         "ley:adquisiciones-arrendamientos-servicios-sector-publico "
         "ley:adquisiciones-arrendamientos-servicios-sector "
         "ley:adquisiciones-arrendamientos-servicios ley:adquisiciones-arrendamientos "
         "ley:adquisiciones"},
        {"la Ley General de los Derechos de Niñas, Niños y Adolescentes",
         "ley:general-derechos-niñas-niños-adolescentes ley:general-derechos-niñas-niños "
         "ley:general-derechos-niñas ley:general-derechos"},
        {"LEY DE ADQUISICIONES, ARRENDAMIENTOS Y SERVICIOS DEL SECTOR PÚBLICO",
         "ley:adquisiciones-arrendamientos-servicios-sector-publico "
         "ley:adquisiciones-arrendamientos-servicios-sector "
         "ley:adquisiciones-arrendamientos-servicios ley:adquisiciones-arrendamientos "
         "ley:adquisiciones"},
        {"la Ley 19/2013, de 9 de diciembre, de transparencia, acceso a la información pública y "
         "buen gobierno",
         "ley:19/2013 ley:19"},
        {"Pacto Internacional de Derechos Económicos, Sociales y Culturales",
         "pacto:internacional-derechos-economicos-sociales-culturales "
         "pacto:internacional-derechos-economicos-sociales pacto:internacional-derechos-economicos "
         "pacto:internacional-derechos"},
    };
    check(cases, G_N_ELEMENTS(cases), true);
}

/* A comma goes on with a name only as a list of its own. */
static void
commas_after_names(void **state)
{
    (void)state;
    static const struct example cases[] = {
        {"la Ley de Amparo, el Código Penal y la Ley", "ley:amparo codigo:penal"},
        {"la Ley de Amparo, Código Penal y Ley de Aguas", "ley:amparo codigo:penal ley:aguas"},
        {"la Ley de Turismo, dijo, y Pedro", "ley:turismo"},
    };
    check(cases, G_N_ELEMENTS(cases), false);
}

/* What looks like one of them. */
static void
no_citations(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "un C-130 y un F-16",
        "pagó S/2000 y S/ 500.50",
        "le da 5 pesos, da 2.ª vuelta",
        "en el DF 4 personas",
        "la acción de 3 personas, el auto 5 del acusado",
        "el Registro Oficial de la Propiedad",
        "la Comunicación A tiempo",
        "el boletín N° 12 del club",
        "R.M. de la cabeza, RS 500, RG y RO",
        "el Expediente N° 1.234/2010",
        "la casa 12/2010, un caso N° 3/2001",
        "la orden del día 3 de mayo de 2010",
        "los conc. y cc. 5 de abril",
        "la tesis 22 de 2014",
        "el amparo de la ley",
        "A/C 12, a/o b/c",
        "un proyecto de ley y el proyecto de 2010",
        "ACUERDO DE 31 DE ENERO",
        "B.O. 18/12",
        "el T-7-2023",
        "la observación general de los hechos",
        "el acto 5 de la obra",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GPtrArray *terms = terms_of(cases[i]);
        if (terms->len)
            print_error("%s gives %s\n", cases[i], (char *)terms->pdata[0]);
        assert_int_equal(terms->len, 0);
        g_ptr_array_unref(terms);
    }
}

/* What a query for article 5 of it asks for; "" where it is no norm's. */
static char *
article_five(const char *norm)
{
    GPtrArray *terms = g_ptr_array_new_with_free_func(g_free);
    char *query = g_strdup_printf("art. 5 de %s", norm);
    lj_citation_normalise(query, strlen(query), LJ_FIELD_CITATION, terms);
    char *term = g_strdup(terms->len == 1 ? terms->pdata[0] : "");
    g_ptr_array_unref(terms);
    g_free(query);
    return term;
}

/* The list of what acronyms stand for (acronym.c) and that of the norms they name (norm-acronym.c) say
 * the same of those in both. */
static void
acronyms_and_their_names_are_one(void **state)
{
    (void)state;
    /* known by a shorter name; the constitution, whose is not said; known by its number */
    static const char *const others[] = {"ccycn", "cpe", "rgpd", NULL};
    size_t both = 0;
    for (size_t i = 0; i < lj_acronym_count(); i++) {
        const char *acronym = lj_acronym_at(i);
        char *by_acronym = article_five(acronym);
        char *by_name = article_five(lj_acronym_names(acronym));
        if (*by_acronym && *by_name) {
            bool same = strcmp(by_acronym, by_name) == 0;
            if (same == g_strv_contains(others, acronym))
                fail_msg("%s is %s, its name %s", acronym, by_acronym, by_name);
            both++;
        }
        g_free(by_acronym);
        g_free(by_name);
    }
    assert_in_range(both, 20, lj_acronym_count());
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spain_and_the_union),
        cmocka_unit_test(chile),
        cmocka_unit_test(peru),
        cmocka_unit_test(colombia),
        cmocka_unit_test(mexico),
        cmocka_unit_test(argentina),
        cmocka_unit_test(uruguay),
        cmocka_unit_test(united_nations_and_oas),
        cmocka_unit_test(central_america_and_others),
        cmocka_unit_test(names_with_commas),
        cmocka_unit_test(commas_after_names),
        cmocka_unit_test(no_citations),
        cmocka_unit_test(acronyms_and_their_names_are_one),
    };
    return cmocka_run_group_tests(tests, open_analyser, close_analyser);
}
