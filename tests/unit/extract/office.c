/* Office, OpenDocument and EPUB files, written here. */
#include "helper.h"
#include "zip.h"

#define W "<w:document xmlns:w='w'><w:body>"
#define P(text) "<w:p><w:r><w:t>" text "</w:t></w:r></w:p>"
#define STYLED(style, text)                                                                        \
    "<w:p><w:pPr><w:pStyle w:val='" style "'/></w:pPr><w:r><w:t>" text "</w:t></w:r></w:p>"

static struct outcome
extract_zip(const char *name, const struct zip_entry *entries, size_t n)
{
    GString *zip = make_zip(entries, n);
    struct outcome o = extract_bytes(name, zip->str, zip->len);
    g_string_free(zip, TRUE);
    return o;
}

/* clang-format off: a piece of the document a line */
static const char DOCUMENT[] = W STYLED("Ttulo", "Ley de Armas") STYLED(
    "H1",
    "Capítulo de las armas") "<w:p><w:r><w:t xml:space='preserve'>La ley </w:t></w:r>"
                             "<w:del><w:r><w:delText>vieja</w:delText><w:t>vieja</w:t></w:r></"
                             "w:del>"
                             "<w:ins><w:r><w:t>nueva</w:t></w:r></w:ins>"
                             "<w:r><w:footnoteReference "
                             "w:id='2'/></w:r><w:r><w:t>.</w:t></w:r></w:p>"
                             "<w:tbl><w:tr><w:tc><w:tcPr/>" P(
                                 "uno") "</w:tc>"
                                        "<w:sdt><w:sdtContent><w:tc><w:tcPr/>" P(
                                            "dos") "</w:tc></w:sdtContent></w:sdt></w:tr>"
                                                   "<w:tr><w:tc>" P(
                                                       "tres") "</w:tc></w:tr></w:tbl>"
                                                               "<w:p><w:r><mc:AlternateContent "
                                                               "xmlns:mc='mc'><mc:Choice><w:t>"
                                                               "Cuadro</w:t></mc:Choice>"
                                                               "<mc:Fallback><w:t>Cuadro</w:t></"
                                                               "mc:Fallback></"
                                                               "mc:AlternateContent></w:r></w:p>"
                                                               "</w:body></w:document>";
/* clang-format on */

static void
word_gives_text_headings_notes_and_no_deletions(void **state)
{
    (void)state;
    static const struct zip_entry entries[] = {
        {"[Content_Types].xml", "<Types/>", 0},
        {"word/document.xml", DOCUMENT, 0},
        {"word/styles.xml",
         "<w:styles xmlns:w='w'><w:style w:styleId='H1'><w:name w:val='heading "
         "1'/></w:style><w:style w:styleId='Ttulo'><w:name w:val='Title'/></w:style></w:styles>",
         0},
        {"word/footnotes.xml",
         "<w:footnotes xmlns:w='w'><w:footnote w:id='1'>" P(
             "no citada") "</w:footnote><w:footnote w:id='2'>" P("Nota al pie.") "</w:footnote></"
                                                                                 "w:footnotes>",
         0},
        {"docProps/core.xml",
         "<c xmlns:dc='dc' xmlns:cp='cp'><dc:title>Documento1</dc:title><dc:creator>Ana "
         "Pérez</dc:creator><cp:keywords>armas; paz</cp:keywords></c>",
         0},
    };
    struct outcome o = extract_zip("ley.doc", entries, G_N_ELEMENTS(entries));
    struct lj_document *d = first(&o);
    assert_string_equal(d->mime,
                        "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
    assert_string_equal(d->text->str, "Ley de Armas\n\nCapítulo de las armas\nLa ley "
                                      "nueva.\nuno\tdos\ntres\nCuadro\nNota al pie.\n");
    assert_string_equal(lj_document_field(d, "title"), "Ley de Armas");
    assert_string_equal(lj_document_field(d, "author"), "Ana Pérez");
    assert_string_equal(lj_document_field(d, "subject"), "armas");
    char *marks = marks_of(d);
    assert_string_equal(marks, "S1 Capítulo de las armas|");
    g_free(marks);
    clear(&o);
}

/* What Word sets before a paragraph is no text of the file, yet it is what a law is cited by. */
static void
word_gives_the_numbers_of_lists(void **state)
{
    (void)state;
#define IN_LIST(list, level, text)                                                                 \
    "<w:p><w:pPr><w:numPr><w:ilvl w:val='" level "'/><w:numId w:val='" list                        \
    "'/></w:numPr></w:pPr><w:r><w:t>" text "</w:t></w:r></w:p>"
#define LEVEL(n, format, text, more)                                                               \
    "<w:lvl w:ilvl='" n "'><w:start w:val='1'/><w:numFmt w:val='" format                           \
    "'/><w:lvlText w:val='" text "'/>" more "</w:lvl>"
    static const struct zip_entry entries[] = {
        /* as Office in the browser names its parts */
        {"_rels/.rels",
         "<Relationships><Relationship Id='r' Type='http://x/officeDocument' "
         "Target='word/document2.xml'/></Relationships>",
         0},
        {"word/document2.xml",
         W STYLED("Articulo", "Objeto") IN_LIST("1", "1", "uno") IN_LIST("1", "1", "dos")
             P("sin número") STYLED("Hijo", "Sujetos") IN_LIST("1", "1", "otro")
                 IN_LIST("1", "2", "hondo") IN_LIST("2", "0", "Fin") IN_LIST("3", "0", "punto")
                     IN_LIST("0", "0", "nada") IN_LIST("9", "0", "falta") IN_LIST("4", "0", "legal")
                         IN_LIST("4", "1", "abajo")
                             IN_LIST("5", "0", "de nuevo") "</w:body></w:document>",
         0},
        {"word/styles.xml",
         "<w:styles xmlns:w='w'><w:style w:styleId='Articulo'><w:name w:val='heading 2'/>"
         "<w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr></w:style>"
         "<w:style w:styleId='Hijo'><w:basedOn w:val='Articulo'/><w:name w:val='Hijo'/></w:style>"
         "</w:styles>",
         0},
        {"word/numbering.xml",
         "<w:numbering xmlns:w='w'><w:abstractNum w:abstractNumId='0'>" LEVEL(
             "0", "decimal", "Artículo %1.-", "") LEVEL("1", "lowerLetter", "%2)", "")
             LEVEL("2", "upperRoman", "%1.%3", "") "</w:abstractNum><w:abstractNum "
                                                   "w:abstractNumId='1'>" LEVEL(
                                                       "0", "ordinalText", "%1.",
                                                       "") "</w:abstractNum>"
                                                           "<w:abstractNum "
                                                           "w:abstractNumId='2'>" LEVEL(
                                                               "0", "bullet", "•",
                                                               "") "</w:abstractNum><w:abstractNum "
                                                                   "w:abstractNumId='3'>" LEVEL("0",
                                                                                                "up"
                                                                                                "pe"
                                                                                                "rR"
                                                                                                "om"
                                                                                                "a"
                                                                                                "n",
                                                                                                "%"
                                                                                                "1",
                                                                                                "")
                                                                       LEVEL(
                                                                           "1",
                                                                           "decimal",
                                                                           "%1.%2",
                                                                           "<w:isLgl/>") "</"
                                                                                         "w:"
                                                                                         "abstractN"
                                                                                         "um>"
                                                                                         "<w:num "
                                                                                         "w:numId='"
                                                                                         "1'><w:"
                                                                                         "abstractN"
                                                                                         "umId "
                                                                                         "w:val='0'"
                                                                                         "/></"
                                                                                         "w:num>"
                                                                                         "<w:num "
                                                                                         "w:numId='"
                                                                                         "2'><w:"
                                                                                         "abstractN"
                                                                                         "umId "
                                                                                         "w:val='1'"
                                                                                         "/><w:"
                                                                                         "lvlOverri"
                                                                                         "de "
                                                                                         "w:ilvl='"
                                                                                         "0'>"
                                                                                         "<w:"
                                                                                         "startOver"
                                                                                         "ride "
                                                                                         "w:val='"
                                                                                         "21'/></"
                                                                                         "w:"
                                                                                         "lvlOverri"
                                                                                         "de></"
                                                                                         "w:num>"
                                                                                         "<w:num "
                                                                                         "w:numId='"
                                                                                         "3'><w:"
                                                                                         "abstractN"
                                                                                         "umId "
                                                                                         "w:val='2'"
                                                                                         "/></"
                                                                                         "w:num>"
                                                                                         "<w:num "
                                                                                         "w:numId='"
                                                                                         "4'><w:"
                                                                                         "abstractN"
                                                                                         "umId "
                                                                                         "w:val='3'"
                                                                                         "/></"
                                                                                         "w:num>"
                                                                                         "<w:num "
                                                                                         "w:numId='"
                                                                                         "5'><w:"
                                                                                         "abstractN"
                                                                                         "umId "
                                                                                         "w:val='3'"
                                                                                         "/><w:"
                                                                                         "lvlOverri"
                                                                                         "de "
                                                                                         "w:ilvl='"
                                                                                         "0'"
                                                                                         ">" LEVEL(
                                                                                             "0",
                                                                                             "decim"
                                                                                             "al",
                                                                                             "[%1]",
                                                                                             "") "<"
                                                                                                 "/"
                                                                                                 "w"
                                                                                                 ":"
                                                                                                 "l"
                                                                                                 "v"
                                                                                                 "l"
                                                                                                 "O"
                                                                                                 "v"
                                                                                                 "e"
                                                                                                 "r"
                                                                                                 "r"
                                                                                                 "i"
                                                                                                 "d"
                                                                                                 "e"
                                                                                                 ">"
                                                                                                 "<"
                                                                                                 "/"
                                                                                                 "w"
                                                                                                 ":"
                                                                                                 "n"
                                                                                                 "u"
                                                                                                 "m"
                                                                                                 ">"
                                                                                                 "<"
                                                                                                 "/"
                                                                                                 "w"
                                                                                                 ":"
                                                                                                 "n"
                                                                                                 "u"
                                                                                                 "m"
                                                                                                 "b"
                                                                                                 "e"
                                                                                                 "r"
                                                                                                 "i"
                                                                                                 "n"
                                                                                                 "g"
                                                                                                 ">",
         0},
    };
    struct outcome o = extract_zip("ley.docx", entries, G_N_ELEMENTS(entries));
    assert_string_equal(first(&o)->text->str,
                        "Artículo 1.- Objeto\na) uno\nb) dos\nsin número\nArtículo 2.- Sujetos\n"
                        "a) otro\n2.I hondo\nVigésimo primero. Fin\npunto\nnada\nfalta\n"
                        "I legal\n1.1 abajo\n[2] de nuevo\n");
    char *marks = marks_of(first(&o));
    assert_non_null(strstr(marks, "S2 Artículo 1.- Objeto|"));
    g_free(marks);
    clear(&o);
}

static void
sheets_give_rows(void **state)
{
    (void)state;
    static const struct zip_entry entries[] = {
        {"xl/workbook.xml", "<workbook><sheets><sheet name='Gastos'/></sheets></workbook>", 0},
        {"xl/sharedStrings.xml",
         "<sst><si><t>Partida</t></si><si><r><t>Im</t></r><r><t>porte</t></r></si></sst>", 0},
        {"xl/worksheets/sheet1.xml",
         "<worksheet><sheetData><row><c t='s'><v>0</v></c><c t='s'><v>1</v></c></row><row><c "
         "t='inlineStr'><is><t>Armas</t></is></c><c><v>12.5</v></c><c><v>2.5000000000000001E-2</"
         "v></c>"
         "<c><v>1234567890123450</v></c></row></sheetData></worksheet>",
         0},
    };
    struct outcome o = extract_zip("g.xlsx", entries, G_N_ELEMENTS(entries));
    assert_string_equal(first(&o)->text->str, "Gastos\nPartida\tImporte\nArmas\t12.5\t0.025\t"
                                              "1234567890123450\n");
    clear(&o);
}

static void
slides_are_pages(void **state)
{
    (void)state;
#define SLIDE(title, text)                                                                         \
    "<p:sld xmlns:p='p' xmlns:a='a'><p:sp><p:nvPr><p:ph type='title'/></p:nvPr><a:p><a:t>" title   \
    "</a:t></a:p></p:sp><p:sp><a:p><a:t>" text "</a:t></a:p></p:sp></p:sld>"
    static const struct zip_entry entries[] = {
        {"ppt/presentation.xml", "<p/>", 0},
        {"ppt/slides/slide10.xml", SLIDE("Tercera", "z"), 0},
        {"ppt/slides/slide2.xml", SLIDE("Segunda", "y"), 0},
        {"ppt/slides/slide1.xml", SLIDE("Primera", "x"), 0},
    };
    struct outcome o = extract_zip("p.pptx", entries, G_N_ELEMENTS(entries));
    assert_string_equal(first(&o)->text->str, "Primera\nx\n\nSegunda\ny\n\nTercera\nz\n");
    char *marks = marks_of(first(&o));
    assert_string_equal(marks, "S1 Primera|P1 |S1 Segunda|P2 |S1 Tercera|P3 |");
    g_free(marks);
    clear(&o);
}

/* Files keep the numbers they were made with; the notes under a slide are its speaker's text. */
static void
slides_come_as_they_are_shown(void **state)
{
    (void)state;
#define RELATIONS(...) "<Relationships xmlns='r'>" __VA_ARGS__ "</Relationships>"
#define RELATION(id, type, target)                                                                 \
    "<Relationship Id='" id "' Type='http://x/" type "' Target='" target "'/>"
    static const struct zip_entry entries[] = {
        {"ppt/presentation.xml",
         "<p:presentation xmlns:p='p' xmlns:r='r'><p:sldIdLst><p:sldId id='256' r:id='rId2'/>"
         "<p:sldId id='257' r:id='rId1'/></p:sldIdLst></p:presentation>",
         0},
        {"ppt/_rels/presentation.xml.rels",
         RELATIONS(RELATION("rId1", "slide", "slides/slide1.xml")
                       RELATION("rId2", "slide", "/ppt/slides/slide2.xml")),
         0},
        {"ppt/slides/slide1.xml", SLIDE("Hecha antes", "x"), 0},
        {"ppt/slides/slide2.xml", SLIDE("Se muestra antes", "y"), 0},
        {"ppt/slides/_rels/slide2.xml.rels",
         RELATIONS(RELATION("rId9", "notesSlide", "../notesSlides/notesSlide1.xml")), 0},
        {"ppt/notesSlides/notesSlide1.xml", SLIDE("Diga esto", "z"), 0},
    };
    struct outcome o = extract_zip("p.pptx", entries, G_N_ELEMENTS(entries));
    assert_string_equal(first(&o)->text->str,
                        "Se muestra antes\ny\nDiga esto\nz\n\nHecha antes\nx\n");
    clear(&o);
}

/* Numbers are dates where their style says so, by a format built in or by the book's own. */
static void
sheets_give_dates_as_dates(void **state)
{
    (void)state;
    static const struct zip_entry entries[] = {
        {"xl/workbook.xml",
         "<workbook xmlns:r='r'><sheets><sheet name='Segunda' r:id='b'/><sheet name='Primera' "
         "r:id='a'/></sheets></workbook>",
         0},
        {"xl/_rels/workbook.xml.rels",
         RELATIONS(RELATION("a", "worksheet", "worksheets/sheet1.xml")
                       RELATION("b", "worksheet", "worksheets/hoja.xml")),
         0},
        {"xl/styles.xml",
         "<s><numFmts><numFmt numFmtId='170' formatCode='dd/mm/yyyy hh:mm'/><numFmt numFmtId='171' "
         "formatCode='0 \"días\"'/></numFmts><cellXfs><xf numFmtId='0'/><xf "
         "numFmtId='14'/><xf "
         "numFmtId='170'/><xf numFmtId='171'/></cellXfs></s>",
         0},
        {"xl/worksheets/hoja.xml",
         "<worksheet><sheetData><row><c s='1'><v>45945</v></c><c s='2'><v>45945.5</v></c><c "
         "s='3'><v>45945</v></c><c><v>45945</v></c><c s='1' t='str'><v>45945</v></c></row>"
         "</sheetData></worksheet>",
         0},
        {"xl/worksheets/sheet1.xml",
         "<worksheet><sheetData><row><c s='1'><v>-3</v></c><c "
         "s='1'><v>1e300</v></c></row></sheetData>"
         "</worksheet>",
         0},
    };
    struct outcome o = extract_zip("g.xlsx", entries, G_N_ELEMENTS(entries));
    assert_string_equal(first(&o)->text->str,
                        "Segunda\n2025-10-15\t2025-10-15 12:00\t45945\t45945\t45945\n\nPrimera\n"
                        "-3\t1e+300\n");
    assert_null(first(&o)->date);
    assert_string_equal(lj_document_field(first(&o), "title"), "g");
    clear(&o);
}

static void
open_document_gives_text_and_headings(void **state)
{
    (void)state;
    static const struct zip_entry entries[] = {
        {"mimetype", "application/vnd.oasis.opendocument.text", 0},
        {"content.xml",
         "<office:document-content xmlns:office='o' xmlns:text='t' "
         "xmlns:table='b'><office:body><office:text>"
         "<text:tracked-changes><text:p>borrado</text:p></text:tracked-changes>"
         "<text:h text:outline-level='2'>Capítulo I</text:h><text:p>La<text:s/>ley "
         "<text:span>nueva</text:span><text:note><text:note-citation>1</text:note-citation>"
         "<text:note-body><text:p>Al pie.</text:p></text:note-body></text:note>.<text:line-break/>"
         "Otra</text:p>"
         "<table:table><table:table-row>\n<table:table-cell>\n<text:p>1</text:p></"
         "table:table-cell><table:table-cell><text:p>2</text:p></table:table-cell></"
         "table:table-row></table:table>"
         "</office:text></office:body></office:document-content>",
         0},
        {"meta.xml",
         "<m xmlns:dc='dc' xmlns:meta='me' xmlns:office='o'><office:meta><dc:title>La ley "
         "nueva</dc:title><meta:initial-creator>Ana Pérez</meta:initial-creator></office:meta></m>",
         0},
    };
    struct outcome o = extract_zip("ley.odt", entries, G_N_ELEMENTS(entries));
    struct lj_document *d = first(&o);
    assert_string_equal(d->text->str, "Capítulo I\nLa ley nueva.\nOtra\n1\t2\nAl pie.\n");
    assert_string_equal(lj_document_field(d, "title"), "La ley nueva");
    assert_string_equal(lj_document_field(d, "author"), "Ana Pérez");
    char *marks = marks_of(d);
    assert_string_equal(marks, "S2 Capítulo I|");
    g_free(marks);
    clear(&o);
}

#define ODF                                                                                        \
    "<office:document-content xmlns:office='o' xmlns:text='t' xmlns:style='s' xmlns:loext='l'>"
#define ODF_LEVEL(n, format, more)                                                                 \
    "<text:list-level-style-number text:level='" n "' style:num-format='" format "' " more "/>"

/* Lists by their style, headings by the outline's. */
static void
open_document_gives_the_numbers_of_lists(void **state)
{
    (void)state;
#define ITEM(text) "<text:list-item><text:p>" text "</text:p></text:list-item>"
    static const struct zip_entry entries[] = {
        {"content.xml",
         ODF "<office:automatic-styles><text:list-style style:name='L1'>" ODF_LEVEL(
             "1", "1", "loext:num-list-format='Artículo %1%.'")
             ODF_LEVEL("2", "a", "style:num-prefix='(' style:num-suffix=')'") ODF_LEVEL(
                 "3", "i",
                 "style:num-suffix='.' text:display-levels='2'") "</text:list-style></"
                                                                 "office:automatic-styles><office:"
                                                                 "body><office:text>"
                                                                 "<text:h "
                                                                 "text:outline-level='1'>De las "
                                                                 "armas</text:h>"
                                                                 "<text:list "
                                                                 "text:style-name='L1'>" ITEM("Obje"
                                                                                              "to") "<text:list-item><text:p>Sujetos</text:p><text:p>sigue</text:p><text:list>" ITEM("uno") "<text:list-item><text:p>dos</text:p><text:list>" ITEM(
                                                                     "hondo") "</text:list></"
                                                                              "text:list-item></"
                                                                              "text:list></"
                                                                              "text:list-item>"
                                                                              "<text:list-header><"
                                                                              "text:p>sin "
                                                                              "número</text:p></"
                                                                              "text:list-header></"
                                                                              "text:list>"
                                                                              "<text:p>Entre "
                                                                              "medias</text:p>"
                                                                              "<text:list "
                                                                              "text:style-name='L1'"
                                                                              " text:continue-"
                                                                              "numbering='true'"
                                                                              ">" ITEM(
                                                                                  "tercero") "</"
                                                                                             "text:"
                                                                                             "list>"
                                                                                             "<text"
                                                                                             ":list"
                                                                                             " text"
                                                                                             ":styl"
                                                                                             "e-"
                                                                                             "name="
                                                                                             "'L1'>"
                                                                                             "<text"
                                                                                             ":list"
                                                                                             "-item"
                                                                                             " text"
                                                                                             ":star"
                                                                                             "t-"
                                                                                             "value"
                                                                                             "='7'>"
                                                                                             "<text"
                                                                                             ":p>"
                                                                                             "sépti"
                                                                                             "mo</"
                                                                                             "text:"
                                                                                             "p></"
                                                                                             "text:"
                                                                                             "list-"
                                                                                             "item>"
                                                                                             "</"
                                                                                             "text:"
                                                                                             "list>"
                                                                                             "<text"
                                                                                             ":list"
                                                                                             " text"
                                                                                             ":styl"
                                                                                             "e-"
                                                                                             "name="
                                                                                             "'L1'"
                                                                                             ">" ITEM(
                                                                                                 "d"
                                                                                                 "e"
                                                                                                 " "
                                                                                                 "n"
                                                                                                 "u"
                                                                                                 "e"
                                                                                                 "v"
                                                                                                 "o") "</text:list>"
                                                                                                      "<text:h text:outline-level='1' text:is-list-header='true'>Anexo</text:h>"
                                                                                                      "</office:text></office:body></office:document-content>",
         0},
        {"META-INF/manifest.xml", "<m/>", 0},
        {"mimetype", "application/vnd.oasis.opendocument.text", 0}, /* not where it belongs */
        {"styles.xml",
         ODF "<office:styles><text:outline-style><text:outline-level-style text:level='1' "
             "style:num-format='I' style:num-prefix='TÍTULO ' style:num-suffix='.'/>"
             "</text:outline-style></office:styles></office:document-content>",
         0},
    };
    struct outcome o = extract_zip("ley.odt", entries, G_N_ELEMENTS(entries));
    assert_int_equal(o.documents->len, 1);
    assert_string_equal(
        first(&o)->text->str,
        "TÍTULO I. De las armas\nArtículo 1. Objeto\nArtículo 2. Sujetos\nsigue\n"
        "(a) uno\n(b) dos\nb.i. hondo\nsin número\nEntre medias\n"
        "Artículo 3. tercero\nArtículo 7. séptimo\nArtículo 1. de nuevo\n\nAnexo\n");
    clear(&o);
}

static void
open_document_may_be_one_file(void **state)
{
    (void)state;
    static const char flat[] =
        "<?xml version='1.0' encoding='UTF-8'?>\n<office:document xmlns:office='o' xmlns:text='t' "
        "xmlns:dc='d' office:mimetype=\"application/vnd.oasis.opendocument.text\"><office:meta>"
        "<dc:title>La ley llana</dc:title></office:meta><office:settings>no</office:settings>"
        "<office:body><office:text><text:h>Uno</text:h><text:p>La ley llana.<office:binary-data>"
        "iVBORw0</office:binary-data></text:p></office:text></office:body></office:document>";
    struct outcome o = extract_string("ley.fodt", flat);
    assert_string_equal(first(&o)->mime, "application/vnd.oasis.opendocument.text");
    assert_string_equal(first(&o)->text->str, "Uno\nLa ley llana.\n");
    assert_string_equal(lj_document_field(first(&o), "title"), "La ley llana");
    clear(&o);
    o = extract_string("ley.xml", flat);
    assert_string_equal(first(&o)->text->str, "Uno\nLa ley llana.\n");
    clear(&o);
}

/* A document whose text cannot be had is a failure, never one without text. */
static void
what_cannot_be_read_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *name, *message;
        struct zip_entry entries[3];
    } cases[] = {
        {"a.odt",
         "password",
         {{"mimetype", "application/vnd.oasis.opendocument.text", 0},
          {"content.xml", "\x01\x02\x03", 0},
          {"META-INF/manifest.xml", "<m><manifest:encryption-data/></m>", 0}}},
        {"a.odt",
         "content.xml is no XML",
         {{"mimetype", "application/vnd.oasis.opendocument.text", 0},
          {"content.xml", "\x01\x02\x03", 0},
          {"META-INF/manifest.xml", "<m/>", 0}}},
        {"a.docx",
         "word/document.xml is no XML",
         {{"word/document.xml", "\x01\x02", 0}, {"a", "", 0}, {"b", "", 0}}},
        {"a.odt",
         "no part content.xml",
         {{"mimetype", "application/vnd.oasis.opendocument.text", 0},
          {"meta.xml", "<m/>", 0},
          {"b", "", 0}}},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct outcome o = extract_zip(cases[i].name, cases[i].entries, 3);
        assert_false(o.good);
        assert_int_equal(o.error->code, LJ_ERROR_FORMAT);
        assert_non_null(strstr(o.error->message, cases[i].message));
        clear(&o);
    }
    /* a part that does not unpack: packed as nobody packs any more (6: imploded) */
    static const struct zip_entry whole[] = {
        {"word/document.xml", W P("antes de todo") "</w:body></w:document>", 0}};
    GString *zip = make_zip(whole, 1);
    zip->str[8] = 6;
    ((char *)memmem(zip->str, zip->len, "PK\1\2", 4))[10] = 6;
    struct outcome o = extract_bytes("a.docx", zip->str, zip->len);
    assert_false(o.good);
    assert_non_null(strstr(o.error->message, "word/document.xml is damaged"));
    clear(&o);
    g_string_free(zip, TRUE);
}

static void
books_come_in_the_order_of_the_spine(void **state)
{
    (void)state;
    static const struct zip_entry entries[] = {
        {"mimetype", "application/epub+zip", 0},
        {"META-INF/container.xml",
         "<container><rootfiles><rootfile full-path='OPS/book.opf'/></rootfiles></container>", 0},
        {"OPS/book.opf",
         "<package xmlns:dc='dc'><metadata><dc:title>El libro</dc:title><dc:creator>Ana "
         "Pérez</dc:creator><dc:date>2019-05-01</dc:date><dc:language>es</dc:language></metadata>"
         "<manifest><item id='b' href='b%20b.xhtml'/><item id='a' href='text/a.xhtml'/><item "
         "id='n' href='a.xhtml' properties='nav'/></manifest>"
         "<spine><itemref idref='n'/><itemref idref='a'/><itemref idref='b'/></spine></package>",
         0},
        {"OPS/b b.xhtml", "<html><body><h1>Dos</h1><p>b</p></body></html>", 0},
        {"OPS/text/a.xhtml", "<html><body><h1>Uno</h1><p>añ</p></body></html>", 0},
    };
    struct outcome o = extract_zip("l.epub", entries, G_N_ELEMENTS(entries));
    struct lj_document *d = first(&o);
    assert_string_equal(d->text->str, "Uno\n\nañ\n\nDos\n\nb\n");
    assert_string_equal(lj_document_field(d, "title"), "El libro");
    assert_string_equal(d->date, "2019-05-01");
    clear(&o);
}

static void
entities_are_no_bombs_and_read_no_files(void **state)
{
    (void)state;
#define BOMB                                                                                       \
    "<!DOCTYPE d [<!ENTITY a 'lol'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c "              \
    "'&b;&b;&b;&b;&b;&b;&b;&b;'><!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;'>"                            \
    "<!ENTITY e '&d;&d;&d;&d;&d;&d;&d;&d;'><!ENTITY f '&e;&e;&e;&e;&e;&e;&e;&e;'><!ENTITY g "      \
    "'&f;&f;&f;&f;&f;&f;&f;&f;'><!ENTITY h '&g;&g;&g;&g;&g;&g;&g;&g;'>"                            \
    "<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
    static const struct zip_entry bombs[][2] = {
        {{"word/document.xml",
          BOMB W P("antes") P("&h;") P("&x;") P("después") "</w:body></w:document>", 0}},
        {{"ppt/presentation.xml", "<p/>", 0},
         {"ppt/slides/slide1.xml", BOMB SLIDE("Una", "&h;"), 0}},
        {{"xl/workbook.xml", "<workbook><sheets><sheet name='Uno'/></sheets></workbook>", 0},
         {"xl/sharedStrings.xml", BOMB "<sst><si><t>&h;</t></si></sst>", 0}},
        {{"META-INF/container.xml", "<c><rootfile full-path='a.opf'/></c>", 0},
         {"a.opf", BOMB "<package><metadata><title>&h;</title></metadata></package>", 0}},
    };
    struct outcome o;
    for (size_t i = 0; i < G_N_ELEMENTS(bombs); i++) {
        o = extract_zip("b.zip", bombs[i], bombs[i][1].name ? 2 : 1);
        assert_false(o.good);
        assert_non_null(strstr(o.error->message, "entities")); /* 25 MB of lol */
        clear(&o);
    }
    static const struct zip_entry harmless[] = {
        {"word/document.xml",
         "<!DOCTYPE d [<!ENTITY a 'lol'><!ENTITY x SYSTEM 'file:///etc/passwd'>]>" W P("antes")
             P("&x;") P("después") "</w:body></w:document>",
         0},
    };
    o = extract_zip("b.docx", harmless, 1);
    assert_null(strstr(first(&o)->text->str, "root:"));
    assert_non_null(strstr(first(&o)->text->str, "antes"));
    clear(&o);
}

/* libxml2 goes on after a byte that is no UTF-8 and leaves it in the tree. */
static void
bytes_that_are_no_text_are_replaced(void **state)
{
    (void)state;
    const struct zip_entry entries[] = {
        {"[Content_Types].xml", "<Types/>", 0},
        {"word/document.xml", W P("bien") P("mal\xff\xfe\xc3") P("sigue") "</w:body></w:document>",
         0}};
    struct outcome o = extract_zip("a.docx", entries, 2);
    assert_true(g_str_has_prefix(first(&o)->text->str, "bien\nmal"));
    clear(&o);
}

static void
a_truncated_file_is_told(void **state)
{
    (void)state;
    static const struct zip_entry entries[] = {
        {"word/document.xml", W P("antes de todo") "</w:body></w:document>", 0}};
    GString *zip = make_zip(entries, 1);
    for (size_t n = 8; n < zip->len; n += 7) {
        struct outcome o = extract_bytes("b.docx", zip->str, n);
        assert_true(o.good || o.error->code == LJ_ERROR_FORMAT ||
                    o.error->code == LJ_ERROR_SKIPPED);
        clear(&o);
    }
    g_string_free(zip, TRUE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(word_gives_text_headings_notes_and_no_deletions),
        cmocka_unit_test(word_gives_the_numbers_of_lists),
        cmocka_unit_test(sheets_give_rows),
        cmocka_unit_test(slides_are_pages),
        cmocka_unit_test(slides_come_as_they_are_shown),
        cmocka_unit_test(sheets_give_dates_as_dates),
        cmocka_unit_test(open_document_gives_text_and_headings),
        cmocka_unit_test(open_document_gives_the_numbers_of_lists),
        cmocka_unit_test(open_document_may_be_one_file),
        cmocka_unit_test(what_cannot_be_read_is_told),
        cmocka_unit_test(books_come_in_the_order_of_the_spine),
        cmocka_unit_test(entities_are_no_bombs_and_read_no_files),
        cmocka_unit_test(bytes_that_are_no_text_are_replaced),
        cmocka_unit_test(a_truncated_file_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, close_extractor);
}
