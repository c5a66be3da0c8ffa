/* RTF, Word 97, XML, subtitles, tables: small samples, written here. */
#include "helper.h"

static void
rtf_gives_text(void **state)
{
    (void)state;
    static const struct {
        const char *rtf, *text, *marks;
    } cases[] = {
        {"{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0\\fcharset0 Arial;}}{\\colortbl;}A\\'f1o "
         "\\u8220?x\\u8221?\\par Fin}",
         "Año “x”\nFin", ""},
        {"{\\rtf1\\ansi{\\*\\generator X;}{\\info{\\title T}{\\author A}}{\\header no}{\\footer "
         "no}{\\pict 00ff}s\\'ed\\~no\\_ya{\\*\\nuevo nada}\\par}",
         "sí no-ya\n", ""},
        {"{\\rtf1\\ansi\\uc2 \\u241\\'f1\\'f1x{\\uc0\\u243 n}}", "ñxón", ""},
        {"{\\rtf1\\ansi{\\fonttbl{\\f1\\fcharset204 X;}}\\f1\\'d3}", "У", ""},
        {"{\\rtf1\\ansi\\ansicpg54936 \\'90\\'30\\'81\\'30 fin}", "\xf0\x90\x80\x80 fin", ""},
        {"{\\rtf1{\\stylesheet{\\s1\\outlinelevel0 T\\'edtulo 1;}}\\pard\\s1 De las "
         "armas\\par\\pard texto {\\deleted no}\\par}",
         "De las armas\ntexto \n", "S1 De las armas|"},
        {"{\\rtf1 {\\field{\\*\\fldinst HYPERLINK x}{\\fldrslt enlace}}\\cell b\\cell\\row}",
         "enlace\tb\t\n", ""},
        {"{\\rtf1 a\\bin3 {}}b\\u-10179?\\u-8704?}", "ab\xf0\x9f\x98\x80", ""},
        {"{\\rtf1 a{\\*\\footnote Nota.} b}", "a Nota. b", ""},
        {"{\\rtf1 {\\listtext\\f0 1.\\tab}uno\\par{\\listtext\\f3\\'b7\\tab}dos\\par{\\pntext "
         "o\\tab}tres\\par {\\listtext \\u61692?\\tab}cuatro}",
         "1. uno\ndos\ntres\ncuatro", ""},
        {"{\\rtf1 {\\b a\\*\\cs7 b}c}\n\x01 basura", "abc", ""},
        {"{\\rtf1 sin cerrar {{{", "sin cerrar ", ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct outcome o = extract_string("a.doc", cases[i].rtf);
        assert_string_equal(first(&o)->mime, "application/rtf");
        assert_string_equal(first(&o)->text->str, cases[i].text);
        char *marks = marks_of(first(&o));
        assert_string_equal(marks, cases[i].marks);
        g_free(marks);
        clear(&o);
    }
}

static void
laws_in_xml_give_parts_and_fields(void **state)
{
    (void)state;
    struct outcome o = extract_string(
        "a.xml", "<akomaNtoso><act><meta><identification><FRBRWork><FRBRdate "
                 "date='2024-10-28'/><FRBRcountry value='cl'/></FRBRWork></identification></meta>"
                 "<preface><p><docTitle>Ley de "
                 "<b>Armas</b></docTitle></p></preface><body><chapter><num>Capítulo "
                 "I</num><heading>Objeto</heading>"
                 "<article><num>Artículo 1</num><content><p>La <ref href='#'>ley</ref> "
                 "rige.</p></content></article></chapter></body></act></akomaNtoso>");
    struct lj_document *d = first(&o);
    assert_string_equal(d->text->str,
                        "Ley de Armas\n\nCapítulo I Objeto\n\nArtículo 1\nLa ley rige.\n");
    assert_string_equal(d->mime, "application/akn+xml");
    assert_string_equal(d->date, "2024-10-28");
    assert_int_equal(d->date_from, LJ_DATE_MARKUP);
    assert_string_equal(lj_document_field(d, "title"), "Ley de Armas");
    assert_string_equal(lj_document_field(d, "country"), "cl");
    char *marks = marks_of(d);
    assert_string_equal(marks, "S3 Capítulo I Objeto|S5 Artículo 1|");
    g_free(marks);
    clear(&o);
    o = extract_string(
        "a.txt", "<?xml version='1.0' encoding='ISO-8859-1'?><documento><metadatos><titulo>Ley "
                 "3/2002</titulo><rango>Ley</rango><departamento>Jefatura</departamento>"
                 "<fecha_disposicion>20020711</fecha_disposicion><fecha_publicacion>20020712</"
                 "fecha_publicacion></metadatos><analisis><materias><materia>Paz</materia></"
                 "materias></analisis>"
                 "<texto><p class='articulo'>Art\xed"
                 "culo 1. Objeto.</p><p class='parrafo'>Texto.</p></texto></documento>");
    d = first(&o);
    assert_string_equal(d->text->str, "Artículo 1. Objeto.\nTexto.\n");
    assert_string_equal(d->date, "2002-07-12");
    assert_string_equal(lj_document_field(d, "type"), "Ley");
    assert_string_equal(lj_document_field(d, "subject"), "Paz");
    marks = marks_of(d);
    assert_string_equal(marks, "S5 Artículo 1. Objeto.|");
    g_free(marks);
    clear(&o);
    o = extract_string(
        "a.xml",
        "<Norma><Identificador fechaPromulgacion='2005-09-17' "
        "fechaPublicacion='2005-09-22'/><Metadatos><TituloNorma>FIJA</TituloNorma></Metadatos>"
        "<EstructurasFuncionales><EstructuraFuncional><Texto>     Artículo 1°.- Uno\ndos\n   "
        "tres</Texto></EstructuraFuncional></EstructurasFuncionales></Norma>");
    d = first(&o);
    assert_string_equal(d->text->str, "Artículo 1°.- Uno\ndos\ntres\n");
    assert_string_equal(d->date, "2005-09-22");
    clear(&o);
    static const struct {
        const char *name, *xml, *title;
    } titles[] = {
        {"a.xml",
         "<akomaNtoso><act><meta><identification><FRBRWork><FRBRalias value='/cl/ley/1'/>"
         "<FRBRname value='Ley de Aguas'/></FRBRWork></identification></meta><body><article>"
         "<num>Artículo 1</num><content><p>Uno.</p></content></article></body></act></akomaNtoso>",
         "Ley de Aguas"},
        {"a.xml",
         "<akomaNtoso><act><meta><identification><FRBRWork><FRBRalias value='Ley de "
         "Aguas'/></FRBRWork>"
         "</identification></meta><preface><docTitle>Ley 1, de Aguas</docTitle></preface><body>"
         "<p>Uno.</p></body></act></akomaNtoso>",
         "Ley 1, de Aguas"},
        {"ley-de-aguas.xml",
         "<akomaNtoso><act><body><article><num>Artículo 1o</num><content><p>Uno.</p></content>"
         "</article></body></act></akomaNtoso>",
         "ley de aguas"},
        {"ley-39-2015.xml",
         "<response><data><texto><bloque titulo='[encabezado]'><version><p>FELIPE VI</p><p>REY DE "
         "ESPAÑA</p><p>A todos los que la presente vieren.</p></version></bloque></texto></data>"
         "</response>",
         "ley 39 2015"},
        {"a.xml",
         "<documento><metadatos><titulo>Ley 39/2015, de 1 de octubre</titulo></metadatos><texto>"
         "<p>FELIPE VI</p><p>REY DE ESPAÑA</p></texto></documento>",
         "Ley 39/2015, de 1 de octubre"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(titles); i++) {
        o = extract_string(titles[i].name, titles[i].xml);
        assert_string_equal(lj_document_field(first(&o), "title"), titles[i].title);
        clear(&o);
    }
    o = extract_string(
        "a.xml",
        "<documento><metadatos><titulo>Ley</titulo></metadatos><texto><p>La consti\u200btución"
        "</p><p class='articulo'>Artículo 1</p></texto></documento>");
    assert_string_equal(first(&o)->text->str, "La constitución\nArtículo 1\n");
    marks = marks_of(first(&o));
    assert_string_equal(marks, "S5 Artículo 1|");
    g_free(marks);
    clear(&o);
    o = extract_string("a.xml", "<?xml version='1.0'?>nada");
    assert_int_equal(o.error->code, LJ_ERROR_FORMAT);
    clear(&o);
}

static void
subtitles_give_times_and_speakers(void **state)
{
    (void)state;
    struct outcome o = extract_string(
        "a.srt", "1\r\n00:00:01,000 --> 00:00:02,000\r\n<i>Buenos días</i>\r\na "
                 "todos\r\n\r\n2\r\n01:02:03,500 --> 01:02:04,000\r\n{\\an8}Adiós\r\n");
    assert_string_equal(first(&o)->text->str, "Buenos días\na todos\nAdiós\n");
    char *marks = marks_of(first(&o));
    assert_string_equal(marks, "T0 00:00:01|T0 01:02:03|");
    g_free(marks);
    clear(&o);
    o = extract_string(
        "a.txt", "WEBVTT\n\nNOTE no\n\n00:01.000 --> 00:02.000\n<v Ana "
                 "Pérez>Hola &amp; adiós\n\n00:03.000 --> 00:04.000\n<v Ana Pérez>de nuevo\n");
    assert_string_equal(first(&o)->text->str, "Hola & adiós\nde nuevo\n");
    assert_string_equal(first(&o)->mime, "text/vtt");
    marks = marks_of(first(&o));
    assert_string_equal(marks, "K0 Ana Pérez|T0 00:00:01|T0 00:00:03|");
    g_free(marks);
    clear(&o);
}

static void
tables_give_records_or_one_document(void **state)
{
    (void)state;
    struct outcome o = extract_string("a.csv", "id;título;fecha;texto\n1;Ley;2026-01-21;\"Dice "
                                               "\"\"hola\"\";\ny sigue\"\n2;Otra;;x\n;corta\n");
    assert_int_equal(o.documents->len, 2);
    struct lj_document *d = o.documents->pdata[0];
    assert_string_equal(d->id, "1");
    assert_string_equal(d->text->str, "Dice \"hola\";\ny sigue");
    assert_string_equal(d->date, "2026-01-21");
    assert_string_equal(lj_document_field(d, "title"), "Ley");
    assert_int_equal(o.failures->len, 1);
    clear(&o);
    o = extract_string("gastos_2026.tsv", "partida\timporte\narmas\t12\n");
    assert_string_equal(first(&o)->text->str, "partida\timporte\narmas\t12\n");
    assert_string_equal(lj_document_field(first(&o), "title"), "gastos 2026");
    clear(&o);
}

/* A compound file with two streams, "WordDocument" and "0Table": one FAT sector, one directory
 * sector, streams of 4096 bytes. */
static void
word_97_gives_its_pieces(void **state)
{
    (void)state;
    uint8_t file[512 * 20] = {0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1};
#define PUT16(at, v) (file[at] = (uint8_t)(v), file[(at) + 1] = (uint8_t)((v) >> 8))
#define PUT32(at, v) (PUT16(at, (uint32_t)(v)&65535), PUT16((at) + 2, (uint32_t)(v) >> 16))
    PUT16(30, 9);
    PUT16(32, 6);
    PUT32(48, 1); /* directory: sector 1 */
    PUT32(56, 4096);
    PUT32(60, 0xFFFFFFFE);
    PUT32(68, 0xFFFFFFFE);
    PUT32(76, 0); /* FAT: sector 0 */
    for (size_t i = 1; i < 109; i++)
        PUT32(76 + i * 4, 0xFFFFFFFF);
    for (size_t i = 0; i < 128; i++)
        PUT32(512 + i * 4, 0xFFFFFFFF);
    PUT32(512, 0xFFFFFFFD);
    PUT32(512 + 4, 0xFFFFFFFE);
    for (uint32_t i = 2; i < 18; i++) /* sectors 2…9 and 10…17 */
        PUT32(512 + i * 4, i == 9 || i == 17 ? 0xFFFFFFFE : i + 1);
    static const char *const names[] = {"Root Entry", "WordDocument", "0Table"};
    for (size_t i = 0; i < 3; i++) {
        size_t at = 1024 + i * 128;
        for (size_t k = 0; names[i][k]; k++)
            file[at + k * 2] = (uint8_t)names[i][k];
        PUT16(at + 64, (strlen(names[i]) + 1) * 2);
        file[at + 66] = i == 0 ? 5 : 2;
        PUT32(at + 116, i == 0 ? 0xFFFFFFFE : i == 1 ? 2 : 10);
        PUT32(at + 120, i == 0 ? 0 : 4096);
    }
    size_t word = 512 * 3, table = 512 * 11;
    static const char narrow[] = "\tLa ley a\xf1"
                                 "eja\rcelda\x07"
                                 "b\x07\x07\x13 HYPERLINK x\x14"
                                 "enlace\x15.\r";
    static const uint16_t broad[] = {0x201C, 'x', 0x201D, '\r'};
    PUT16(word, 0xA5EC);
    PUT32(word + 0x4C, sizeof narrow - 1 + 4);
    PUT32(word + 0x1A2, 0);
    PUT32(word + 0x1A6, 5 + 12 + 16);
    memcpy(file + word + 0x400, narrow, sizeof narrow - 1);
    memcpy(file + word + 0x600, broad, sizeof broad);
    file[table] = 2;
    PUT32(table + 1, 12 + 16);
    PUT32(table + 5, 0);
    PUT32(table + 9, sizeof narrow - 1);
    PUT32(table + 13, sizeof narrow - 1 + 4);
    PUT32(table + 17 + 2, 0x400 * 2 | 0x40000000);
    PUT32(table + 25 + 2, 0x600);
    struct outcome o = extract_bytes("a.txt", file, sizeof file);
    assert_string_equal(first(&o)->mime, "application/msword");
    assert_string_equal(first(&o)->text->str, "La ley añeja\ncelda\tb\t\nenlace.\n“x”\n");
    clear(&o);
    /* A page of three runs, the second of which a tracked change deleted. */
    const size_t page = word + 0x800;
    PUT32(word + 0xFA, 100);
    PUT32(word + 0xFE, 12);
    PUT32(table + 100 + 8, 0x800 / 512);
    PUT32(page, 0x400);
    PUT32(page + 4, 0x407);
    PUT32(page + 8, 0x40D);
    PUT32(page + 12, 0x700);
    file[page + 16 + 1] = 200 / 2;
    file[page + 200] = 3;
    PUT16(page + 201, 0x0800);
    file[page + 203] = 1;
    file[page + 511] = 3;
    o = extract_bytes("a.txt", file, sizeof file);
    assert_string_equal(first(&o)->text->str, "La ley\ncelda\tb\t\nenlace.\n“x”\n");
    clear(&o);
    for (size_t i = 0; i < 1400; i += 3) { /* damage is told, never more */
        file[i] ^= 0x55;
        o = extract_bytes("a.doc", file, sizeof file);
        assert_true(o.good || o.error->code == LJ_ERROR_FORMAT ||
                    o.error->code == LJ_ERROR_SKIPPED);
        clear(&o);
        file[i] ^= 0x55;
    }
    o = extract_bytes("a.doc", file,
                      1536); /* its table of contents is lost: no kind that nobody reads */
    assert_false(o.good);
    assert_int_equal(o.error->code, LJ_ERROR_FORMAT);
    clear(&o);
    static const char old[] = "\tLa ley a\xf1"
                              "eja\rnota\rencabezado\r";
    uint8_t *before =
        g_memdup2(file + word, 0x400); /* the same file as Word 6 or 95 would write it */
    memset(file + word, 0, 0x400);
    PUT16(word, 0xA5DC);
    PUT32(word + 0x18, 0x400);
    PUT32(word + 0x1C, 0x400 + sizeof old - 1);
    PUT32(word + 0x34, 14);
    PUT32(word + 0x38, 5);
    PUT32(word + 0x3C, 11);
    memcpy(file + word + 0x400, old, sizeof old - 1);
    o = extract_bytes("a.doc", file, sizeof file);
    assert_string_equal(first(&o)->text->str, "La ley añeja\n\nnota\n");
    clear(&o);
    file[word + 10] |= 4; /* saved in pieces */
    o = extract_bytes("a.doc", file, sizeof file);
    assert_int_equal(o.error->code, LJ_ERROR_FORMAT);
    clear(&o);
    memcpy(file + word, before, 0x400);
    g_free(before);
    file[word + 11] |= 1; /* fEncrypted */
    o = extract_bytes("a.doc", file, sizeof file);
    assert_int_equal(o.error->code, LJ_ERROR_FORMAT);
    assert_non_null(strstr(o.error->message, "password"));
    clear(&o);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rtf_gives_text),
        cmocka_unit_test(laws_in_xml_give_parts_and_fields),
        cmocka_unit_test(subtitles_give_times_and_speakers),
        cmocka_unit_test(tables_give_records_or_one_document),
        cmocka_unit_test(word_97_gives_its_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, close_extractor);
}
