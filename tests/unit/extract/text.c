/* Plain text: charsets, line ends, titles, dates, parts. */
#include "helper.h"

#define BYTES(literal) literal, sizeof(literal) - 1

static void
charsets_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
        const char *text, *charset, *from;
    } cases[] = {
        {BYTES("\xef\xbb\xbf"
               "Año nuevo"),
         "Año nuevo", "utf-8", "bom"},
        {BYTES("Año nuevo"), "Año nuevo", "utf-8", "utf-8"},
        {BYTES("A\xf1o \x93nuevo\x94 \x80"), "Año “nuevo” €", "windows-1252", "default"},
        {BYTES("\xff\xfe"
               "A\0\xf1\0o\0"),
         "Año", "utf-16le", "bom"},
        {BYTES("\xfe\xff"
               "\0A\0\xf1\0o"),
         "Año", "utf-16be", "bom"},
        {BYTES("L\0a\0 \0l\0e\0y\0 \0d\0e\0 \0a\0\xf1\0o\0"), "La ley de año", "utf-16le",
         "default"},
        {BYTES("an\xcc\x83o y acci\xc3\xb3n"), "año y acción", "utf-8", "utf-8"},
        {BYTES(
             "la consti\xe2\x80\x8btuci\xc3\xb3n\xef\xbb\xbf y \xe2\x80\x9cm\xc3\xa1s\xe2\x80\x9d"),
         "la constitución y “más”", "utf-8", "utf-8"},
        {BYTES("o\xef\xac\x81"
               "cios, con\xef\xac\x82icto, e\xef\xac\x83"
               "caz"),
         "oficios, conflicto, efficaz", "utf-8", "utf-8"},
        {BYTES("uno\r\ndos\rtres\n"), "uno\ndos\ntres\n", "utf-8", "utf-8"},
        {BYTES("uno\0dos y m\xc3\xa1s texto que baste"), "uno dos y más texto que baste", "utf-8",
         "utf-8"},
        {BYTES("La acci\xc3\xb3n p\xc3\xba"
               "blica \xff rota"),
         "La acción pública \xef\xbf\xbd rota", "utf-8", "utf-8"},
        {BYTES("La informaci\xa2n p\xa3"
               "blica del a\xa4o y su pr\xa2rroga"),
         "La información pública del año y su prórroga", "ibm-850", "default"},
        {BYTES("La informaci\x97n p\x9c"
               "blica y tambi\x8en m\x87s all\x87, despu\x8es y adem\x87s del a\x96o"),
         "La información pública y también más allá, después y además del año", "macintosh",
         "default"},
        {BYTES("La raz\xf3n: l\x92"
               "eau, l\x92un, d\x92or, uso\x97"
               "costumbre y dos\xa0tres\xa0"
               "cuatro"),
         "La razón: l’eau, l’un, d’or, uso—costumbre y dos\xc2\xa0tres\xc2\xa0"
         "cuatro",
         "windows-1252", "default"},
        {BYTES(""), "", "utf-8", "utf-8"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct outcome o = extract_bytes("a.txt", cases[i].bytes, cases[i].length);
        struct lj_document *d = first(&o);
        assert_string_equal(d->text->str, cases[i].text);
        assert_string_equal(d->charset, cases[i].charset);
        assert_string_equal(d->charset_from, cases[i].from);
        assert_string_equal(d->mime, "text/plain");
        clear(&o);
    }
}

static void
a_given_charset_wins(void **state)
{
    (void)state;
    struct lj_extract_request request = {.name = "a.txt", .encoding = "IBM850"};
    struct outcome o = extract_request(&request, "A\xa4o", 3);
    assert_string_equal(first(&o)->text->str, "Año");
    assert_string_equal(first(&o)->charset_from, "given");
    clear(&o);
}

static void
long_text_is_cut_at_a_character(void **state)
{
    (void)state;
    struct lj_extract_request request = {.name = "a.txt", .max_text = 5};
    struct outcome o = extract_request(&request, "año ñandú", 11);
    assert_string_equal(first(&o)->text->str, "año ");
    assert_true(first(&o)->cut);
    clear(&o);
}

static void
binaries_are_skipped_with_their_type(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
        const char *mime;
    } cases[] = {
        {"\x7f"
         "ELF\2\1\1\0\0\0\0\0\0\0\0\0",
         16, "application/x-executable"},
        {"GIF89a\1\0\1\0\0\0\0", 13, "image/gif"},
        {"\0\1\2\3\4\5\6\7\0\0\0\0", 12, "application/octet-stream"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct outcome o = extract_bytes("a.txt", cases[i].bytes, cases[i].length);
        assert_false(o.good);
        assert_int_equal(o.error->code, LJ_ERROR_SKIPPED);
        assert_string_equal(o.error->message, cases[i].mime);
        clear(&o);
    }
    struct outcome o = extract_string("a.txt", "MZ es también como empieza un texto, BM otro.");
    first(&o);
    clear(&o);
}

/* Letters that mark other kinds stand in texts, too. */
static void
letters_alone_make_no_binary(void **state)
{
    (void)state;
    static const char *const beginnings[] = {"OTTO KRAUSE", "GIF89a", "WAVE", "La ftyp", "SQLite format 3",
                                             "EL TOCA WAVE", "DE LOS AVI "};
    for (size_t i = 0; i < G_N_ELEMENTS(beginnings); i++) {
        GString *text = g_string_new(beginnings[i]);
        g_string_append(text, " y otras palabras de la ley.\n");
        struct outcome o = extract_string("a.txt", text->str);
        assert_string_equal(first(&o)->mime, "text/plain");
        clear(&o);
        g_string_free(text, TRUE);
    }
    for (size_t before = 250; before < 260; before++) { /* "ustar" where an archive of tar has it, and about there */
        GString *text = g_string_new(NULL);
        while (text->len < before)
            g_string_append_c(text, text->len % 7 ? 'a' : ' ');
        g_string_append(text, " deberán ajustarse a las condiciones de esta ley");
        while (text->len < 2000)
            g_string_append(text, " que rige desde su publicación");
        struct outcome o = extract_string("a.txt", text->str);
        assert_string_equal(first(&o)->mime, "text/plain");
        clear(&o);
        g_string_free(text, TRUE);
    }
}

static void
dates_come_by_the_ladder(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *date;
        enum lj_date_rung rung;
    } cases[] = {
        {"a.txt", " date 2026-01-21 En el marco de la entrega", "2026-01-21", LJ_DATE_MASTHEAD},
        {"a.txt", "Versión estenográfica\nPresidencia\n01 de diciembre de 2018\n---\nHOLA",
         "2018-12-01", LJ_DATE_MASTHEAD},
        {"a.txt", "COMUNICADO\n\nCiudad de México, 21 de enero de 2026\n\nTexto", "2026-01-21",
         LJ_DATE_MASTHEAD},
        {"a.txt", "Decreto N° 1\n\nBs. As., 1° de mayo de 1958.\n\nVISTO", "1958-05-01",
         LJ_DATE_MASTHEAD},
        {"a.txt", "Ley\nMontevideo, 5 de agosto de 1996.\n", "1996-08-05", LJ_DATE_MASTHEAD},
        {"a.txt", "Nota\nMadrid, 3 de mayo de 2011.- El Gobierno informa", "2011-05-03",
         LJ_DATE_MASTHEAD},
        {"a.txt", "Fecha: 03/05/2011\nAsunto: x", "2011-05-03", LJ_DATE_MASTHEAD},
        {"a.txt",
         "FORMULA\nINDICACIONES\nAL\nPROYECTO\nDE "
         "LEY\nQUE\nMODIFICA\nLA\nLEY\nN°17.798,\nDESDE\nEL\n"
         "PRIMER\nAÑO\nDE\nFORMACIÓN\n____\nSantiago, 22 de enero de 2024.-\nN° 311\nHonorable "
         "Cámara:",
         "2024-01-22", LJ_DATE_MASTHEAD},
        {"2026-01-21-nota.txt", "Sin fecha alguna", "2026-01-21", LJ_DATE_FILE_NAME},
        {"nota_20260121.txt", "Sin fecha alguna", "2026-01-21", LJ_DATE_FILE_NAME},
        {"nota 21-01-2026.txt", "Sin fecha alguna", "2026-01-21", LJ_DATE_FILE_NAME},
        {"2026-01-boletin.txt", "Sin fecha", "2026-01", LJ_DATE_FILE_NAME},
        {"ley-19924-99.txt", "Sin fecha", NULL, LJ_DATE_NONE},
        {"a.txt", "El Senado, en sesión celebrada el 4 de marzo de 2020, trató la moción.",
         "2020-03-04", LJ_DATE_TEXT},
        {"a.txt", "Reunidos los comparecientes en Santiago de Chile, a 5 de junio de 2010, exponen",
         "2010-06-05", LJ_DATE_TEXT},
        {"a.txt", "Apruébase el Convenio suscrito en Montevideo, el 29 de abril de 2013.", NULL,
         LJ_DATE_NONE},
        {"a.txt", "El Senado aprobó el 4 de marzo de 2020 la moción que presentó la comisión.",
         NULL, LJ_DATE_NONE},
        {"2026-01-21-nota.txt",
         "Se modifica la Ley Nº 17.296, de 21 de febrero de 2001, como sigue", "2026-01-21",
         LJ_DATE_FILE_NAME},
        {"a.txt", "Discurso\nPresidencia de la República  | 08 de enero de 2019\nAmigas, amigos.",
         "2019-01-08", LJ_DATE_MASTHEAD},
        {"a.txt", "LEY N° 22.563\n\nBuenos Aires 8 de abril de 1982\n\nEn uso", "1982-04-08",
         LJ_DATE_MASTHEAD},
        {"a.txt",
         "Diario de Sesiones. Comparecencia sobre la sequía y el trasvase Tajo-Segura\n"
         "12 de marzo de 2025\n---\nLa señora",
         "2025-03-12", LJ_DATE_MASTHEAD},
        /* a line that goes on from the one before is no masthead */
        {"a.txt",
         "Incorpóranse las Fiscalías Letradas de Aduana por la ley 15.365, de 30 de\n"
         "diciembre de 1982.\n Las mismas pasarán",
         NULL, LJ_DATE_NONE},
        {"a.txt",
         "Apruébase el Acuerdo entre los dos países, firmado en la ciudad de Puerto Iguazú,\n"
         "el 7 de julio de 2004. (*)\n",
         NULL, LJ_DATE_NONE},
        {"a.txt",
         "Declárase Himno a «La Cumparsita», creada por el uruguayo Gerardo Matos y\n"
         "estrenada en Montevideo, el 19 de abril de 1917. (*)",
         NULL, LJ_DATE_NONE},
        {"a.txt", "Se ratifica la posesión que tenía desde siempre, el 3 de mayo de 1951 y después",
         NULL, LJ_DATE_NONE},
        {"a.txt",
         "LEY DE VIVIENDA\nTEXTO VIGENTE\nNueva Ley publicada en el Diario Oficial de la "
         "Federación el 27 de junio de 2006\n",
         "2006-06-27", LJ_DATE_TEXT},
        {"a.txt", "Se deroga la Ley 5, publicada en el Diario Oficial el 27 de junio de 2006", NULL,
         LJ_DATE_NONE},
        {"a.txt", "Nada que decir", NULL, LJ_DATE_NONE},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct outcome o = extract_string(cases[i].name, cases[i].text);
        struct lj_document *d = first(&o);
        if (g_strcmp0(d->date, cases[i].date) != 0)
            print_message("%s: %s\n", cases[i].text, d->date);
        assert_true(g_strcmp0(d->date, cases[i].date) == 0);
        assert_int_equal(d->date_from, cases[i].rung);
        clear(&o);
    }
}

static void
titles_are_the_first_line_that_says_something(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *title;
    } cases[] = {
        {"a.txt", "\n\n  Ley de Armas  \nTexto", "Ley de Armas"},
        {"a.txt", " date 2026-01-21 En el marco de la entrega", "En el marco de la entrega"},
        {"a.txt", "21 de enero de 2026\nLey de Armas", "Ley de Armas"},
        {"a.txt", "-----\n* * *\nLey", "Ley"},
        {"a.txt", "VALPARAÍSO, 30 de enero de 2026\nOficio Nº 21.046\nA S.E.", "Oficio Nº 21.046"},
        {"a.txt", "LEY DE ACCESO A LA\nINFORMACIÓN PÚBLICA\nDECRETO No. 57",
         "LEY DE ACCESO A LA INFORMACIÓN PÚBLICA"},
        {"a.txt", "INFORME DE LA COMISIÓN\nRECAÍDO EN EL PROYECTO DE AGUAS\nTexto.",
         "INFORME DE LA COMISIÓN RECAÍDO EN EL PROYECTO DE AGUAS"},
        {"a.txt", "RESOLUCIÓN 45/2010\nMINISTERIO DE HACIENDA", "RESOLUCIÓN 45/2010"},
        {"a.txt", "Montevideo, ciudad abierta\nOtra", "Montevideo, ciudad abierta"},
        {"informe_final-2.txt", "", "informe final 2"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct outcome o = extract_string(cases[i].name, cases[i].text);
        assert_string_equal(lj_document_field(first(&o), "title"), cases[i].title);
        clear(&o);
    }
}

static void
parts_are_marked(void **state)
{
    (void)state;
    static const struct {
        const char *text, *marks;
    } cases[] = {
        {"LEY\nTÍTULO PRIMERO\nCAPÍTULO II\nArtículo 5\nTexto.\nARTICULO 6º – "
         "Otro.\nTRANSITORIOS\n",
         "S2 TÍTULO PRIMERO|S3 CAPÍTULO II|S5 Artículo 5|S5 ARTICULO 6º|S2 TRANSITORIOS|"},
        {"X\nArtículo 5 de la Ley 3 se aplica.\nartículo 6.- no\nTitulo que no es de nadie\n", ""},
        {"X\nArtículo 69-B. Texto\nArtículo 12 bis.- Texto\nArtículo único.- Texto\nArt. 3º.- "
         "Texto\n",
         "S5 Artículo 69-B|S5 Artículo 12 bis|S5 Artículo único|S5 Art. 3º|"},
        {"Versión estenográfica de la conferencia\nX\n---\nPRESIDENTA CLAUDIA SHEINBAUM PARDO: "
         "Buenos días.\nTexto\n"
         "PREGUNTA: ¿Cómo?\nJUAN PÉREZ, SECRETARIO\nSí.\n",
         "K0 PRESIDENTA CLAUDIA SHEINBAUM PARDO|K0 PREGUNTA|K0 JUAN PÉREZ, SECRETARIO|"},
        /* whoever speaks between turns that roles open has turns of his own */
        {"Conferencia matutina\n---\nPRESIDENTA: Buenos días.\nSECRETARIO DE ECONOMÍA, JULIÁN "
         "BARRAGÁN: Con su permiso.\nPREGUNTA: ¿Y ahora?\nEN CAPITALES\nResponde.\n",
         "K0 PRESIDENTA|K0 SECRETARIO DE ECONOMÍA, JULIÁN BARRAGÁN|K0 PREGUNTA|"},
        {"Decreto\nVISTO: lo dispuesto\nCONSIDERANDO:\nMINISTERIO DEL INTERIOR\n", ""},
        {"X\nMODERADORA\nBuenos días\nEl señor PRESIDENTE (Pérez).- Tiene la palabra.\n",
         "K0 MODERADORA|K0 El señor PRESIDENTE (Pérez)|"},
        {"Página uno\fPágina dos\f", "P1 |P2 |"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct outcome o = extract_string("a.txt", cases[i].text);
        char *marks = marks_of(first(&o));
        assert_string_equal(marks, cases[i].marks);
        g_free(marks);
        clear(&o);
    }
}

static void
a_line_of_200_megabytes_is_survived(void **state)
{
    (void)state;
    size_t size = 200u << 20;
    char *line = g_malloc(size);
    for (size_t i = 0; i < size; i += 8)
        memcpy(line + i, "palabra ", 8);
    memcpy(line, "an\xcc\x83o ", 6); /* the slow path, too */
    struct outcome o = extract_bytes("a.txt", line, size);
    assert_true(first(&o)->cut);
    assert_true(first(&o)->text->len <= 64u << 20);
    assert_true(first(&o)->text->len > (64u << 20) - 16);
    assert_true(first(&o)->bytes == size);
    clear(&o);
    g_free(line);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(charsets_are_told_apart),
        cmocka_unit_test(a_given_charset_wins),
        cmocka_unit_test(long_text_is_cut_at_a_character),
        cmocka_unit_test(binaries_are_skipped_with_their_type),
        cmocka_unit_test(letters_alone_make_no_binary),
        cmocka_unit_test(dates_come_by_the_ladder),
        cmocka_unit_test(titles_are_the_first_line_that_says_something),
        cmocka_unit_test(parts_are_marked),
        cmocka_unit_test(a_line_of_200_megabytes_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, close_extractor);
}
