/* Tables in every form they come in; which document a row means; joining, changing, undoing. */
#include "cmocka_all.h"
#include "folder.h"
#include "index/delimited.h"
#include "index/metadata.h"
#include "legajo/error.h"

static struct lj_metadata *table;

static int
tear_down(void **state)
{
    g_clear_pointer(&table, lj_metadata_free);
    return remove_folder(state);
}

static void
read_bytes(const char *bytes, gssize length)
{
    char *path = inside("table");
    GError *error = NULL;
    assert_true(g_file_set_contents(path, bytes, length, NULL));
    g_clear_pointer(&table, lj_metadata_free);
    table = lj_metadata_read(path, &error);
    if (!table)
        fail_msg("%s", error->message);
    g_free(path);
}

static const char *
problem(guint i)
{
    static char text[300];
    assert_true(i < table->problems->len);
    const struct lj_metadata_problem *p = table->problems->pdata[i];
    g_snprintf(text, sizeof text, "%s: %s", p->place, p->text);
    return text;
}

/* A document of a file, joined. */
static struct lj_document *
joined(const char *path)
{
    static const uint8_t hash[32] = {0xAB};
    struct lj_document *document = lj_document_new();
    char *id = g_strconcat("docs/", path, NULL);
    struct lj_metadata_place place = {id, "docs", "/srv/docs", path, hash, NULL};
    lj_metadata_join(table, document, &place);
    g_free(id);
    return document;
}

static void
assert_title(const char *path, const char *title)
{
    struct lj_document *document = joined(path);
    const char *found = lj_document_field(document, "title");
    if (title && found)
        assert_string_equal(found, title);
    else
        assert_true(!title && !found);
    lj_document_free(document);
}

static void
records_are_read_as_spreadsheets_write_them(void **state)
{
    (void)state;
    const char *text = "a;b;c\r\n"
                       "1;\"x;\"\"y\"\"\r\nz\";3\r\n"
                       "\r\n"
                       " ;;\r\n"
                       "4;5\r\n"
                       "6;\"open;7\r\n"
                       "8;9;10";
    struct lj_delimited *d = lj_delimited_read(text, strlen(text));
    unsigned line;
    GError *error = NULL;
    GPtrArray *record = lj_delimited_next(d, &line, &error);
    assert_int_equal(record->len, 3);
    g_ptr_array_unref(record);
    record = lj_delimited_next(d, &line, &error);
    assert_int_equal(line, 2);
    assert_int_equal(record->len, 3);
    assert_string_equal(record->pdata[1], "x;\"y\"\r\nz");
    g_ptr_array_unref(record);
    record = lj_delimited_next(d, &line, &error);
    assert_int_equal(line, 6);
    assert_int_equal(record->len, 2);
    g_ptr_array_unref(record);
    assert_null(lj_delimited_next(d, &line, &error));
    assert_int_equal(line, 7);
    assert_int_equal(error->code, LJ_ERROR_FORMAT);
    g_clear_error(&error);
    record = lj_delimited_next(d, &line, &error);
    assert_int_equal(line, 8);
    assert_string_equal(record->pdata[2], "10");
    g_ptr_array_unref(record);
    assert_null(lj_delimited_next(d, &line, &error));
    assert_null(error);
    lj_delimited_free(d);
}

static void
any_bytes_are_read(void **state)
{
    (void)state;
    const char *texts[] = {
        "",      "\"",        ";",        "\n\n",         "\"\"\"",       "a\"b;c",       "sep=",
        "sep=;", "sep=;\n\"", "\xFF\xFE", "\xFF\xFE\x00", "\xEF\xBB\xBF", "\x81\x8D;\xF1"};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        struct lj_delimited *d = lj_delimited_read(texts[i], strlen(texts[i]) + (i == 10));
        for (int n = 0; n < 10; n++) {
            unsigned line;
            GError *error = NULL;
            GPtrArray *record = lj_delimited_next(d, &line, &error);
            for (guint c = 0; record && c < record->len; c++)
                assert_true(g_utf8_validate(record->pdata[c], -1, NULL));
            bool over = !record && !error;
            if (record)
                g_ptr_array_unref(record);
            g_clear_error(&error);
            if (over)
                break;
            assert_true(n < 9);
        }
        lj_delimited_free(d);
    }
}

static void
charsets_and_separators(void **state)
{
    (void)state;
    read_bytes("archivo;t\xEDtulo\na.txt;Ley de a\xF1os\n", -1); /* windows-1252 */
    assert_title("a.txt", "Ley de años");
    read_bytes("\xEF\xBB\xBFpath,title\r\na.txt,\"Aguas, minas\"\r\n", -1);
    assert_title("a.txt", "Aguas, minas");
    read_bytes("path\ttitle\na.txt\tAguas; minas, montes\n", -1);
    assert_title("a.txt", "Aguas; minas, montes");
    read_bytes("sep=,\npath,title\na.txt,Ley; otra\n", -1);
    assert_title("a.txt", "Ley; otra");
    gsize length;
    char *wide = g_convert("\xEF\xBB\xBFruta\ttítulo\na.txt\tAño\n", -1, "UTF-16LE", "UTF-8", NULL,
                           &length, NULL);
    read_bytes(wide, (gssize)length);
    g_free(wide);
    assert_title("a.txt", "Año");
}

static void
rows_that_cannot_be_used_are_named(void **state)
{
    (void)state;
    read_bytes("path,title,date\n"
               "a.txt,Uno,2026\n"
               ",Dos,\n"
               "b.txt,Tres,31/02/2026\n"
               "c.txt,Cuatro,2026,más\n"
               "a.txt,Otro,2025\n"
               "d.txt,\"Cinco\n",
               -1);
    assert_int_equal(table->problems->len, 5);
    assert_string_equal(problem(0), "line 3: names no document");
    assert_string_equal(problem(1),
                        "line 4: «31/02/2026» is no date (2026-01-21, 21/01/2026, 2026)");
    assert_string_equal(problem(2), "line 5: has 4 cells, the first line 3");
    assert_string_equal(problem(3), "line 6: a.txt has another row, which says something else");
    assert_string_equal(problem(4), "line 7: quotes that are not closed");
    assert_title("a.txt", NULL); /* two rows: neither */
    char *path = inside("table");
    GError *error = NULL;
    assert_true(g_file_set_contents(path, "title,date\nUno,2026\n", -1, NULL));
    assert_null(lj_metadata_read(path, &error));
    assert_int_equal(error->code, LJ_ERROR_FORMAT);
    g_clear_error(&error);
    assert_true(g_file_set_contents(path, "[{\"id\": }]", -1, NULL));
    assert_null(lj_metadata_read(path, &error));
    assert_int_equal(error->code, LJ_ERROR_FORMAT);
    g_clear_error(&error);
    g_free(path);
}

static void
a_row_names_its_document(void **state)
{
    (void)state;
    read_bytes("path,title\n"
               "docs/uno/a.txt,by id\n"
               "uno/b.txt,by path\n"
               "./uno/c.txt,by path\n"
               "/srv/docs/uno/d.txt,by whole path\n"
               "file:///srv/docs/uno/e%20e.txt,by address\n"
               "C:\\Users\\ana\\Zotero\\storage\\ABCD\\Ley.pdf,by its end\n"
               "/otra/parte/única.txt,by name\n"
               "/otra/parte/repetida.txt,no\n"
               "/otra/parte/dos.txt,no\n"
               "/una/parte/dos.txt,neither\n"
               "AB00000000000000000000000000000000000000000000000000000000000000,by content\n",
               -1);
    const char *files[] = {"uno/a.txt",   "repetida.txt", "uno/repetida.txt",
                           "x/única.txt", "ABCD/Ley.pdf", "EFGH/Ley.pdf"};
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
        lj_metadata_note_file(table, files[i]);
    assert_title("uno/a.txt", "by id");
    assert_title("uno/b.txt", "by path");
    assert_title("uno/c.txt", "by path");
    assert_title("uno/d.txt", "by whole path");
    assert_title("uno/e e.txt", "by address");
    assert_title("nada.txt", "by content");
    struct lj_metadata_place place = {"docs/ABCD/Ley.pdf",    "docs", "/srv/docs", "ABCD/Ley.pdf",
                                      (const uint8_t[32]){0}, NULL};
    struct lj_document *document = lj_document_new();
    lj_metadata_join(table, document, &place);
    assert_string_equal(lj_document_field(document, "title"), "by its end");
    place.path = "EFGH/Ley.pdf";
    place.id = "docs/EFGH/Ley.pdf";
    assert_int_equal(lj_metadata_digest(table, &place), 0);
    place.path = "x/única.txt";
    assert_true(lj_metadata_digest(table, &place) != 0);
    place.path = "repetida.txt"; /* two files have that name */
    assert_int_equal(lj_metadata_digest(table, &place), 0);
    place.path = "dos.txt"; /* two rows do */
    assert_int_equal(lj_metadata_digest(table, &place), 0);
    place.path = NULL; /* a member or record: by its own id only */
    assert_int_equal(lj_metadata_digest(table, &place), 0);
    lj_document_free(document);
    GPtrArray *unused = lj_metadata_unused(table);
    assert_int_equal(unused->len, 3);
    assert_string_equal(((struct lj_metadata_problem *)unused->pdata[0])->place, "line 9");
    g_ptr_array_unref(unused);
}

/* As it comes from the extractor: its strings lie in its block. */
static struct lj_document *
as_read(struct lj_document *made)
{
    GByteArray *bytes = g_byte_array_new();
    lj_document_write(made, bytes);
    struct lj_document *document = lj_document_read(bytes->data, bytes->len, NULL);
    assert_non_null(document);
    g_byte_array_unref(bytes);
    lj_document_free(made);
    return document;
}

static void
what_is_joined_can_be_undone(void **state)
{
    (void)state;
    read_bytes("path;title;date;autor;estado\na.txt;Dado;21/01/2026;Ana; \n", -1);
    struct lj_document *document = lj_document_new();
    lj_document_add_field(document, "title", "Propio");
    lj_document_add_field(document, "author", "Luis");
    lj_document_add_field(document, "author", "Eva");
    lj_document_add_field(document, "estado", "Puebla");
    document->date = g_strdup("2020");
    document->date_from = LJ_DATE_MASTHEAD;
    document = as_read(document);
    struct lj_metadata_place place = {"docs/a.txt", "docs", "/srv/docs", "a.txt",
                                      (const uint8_t[32]){0}, NULL};
    uint64_t first = 0;
    for (int twice = 0; twice < 2; twice++) {
        lj_metadata_join(table, document, &place);
        assert_string_equal(lj_document_field(document, "title"), "Dado");
        assert_string_equal(lj_document_field(document, "author"), "Ana");
        assert_string_equal(lj_document_field(document, "estado"),
                            "Puebla"); /* an empty cell says nothing */
        assert_string_equal(document->date, "2026-01-21");
        assert_int_equal(document->date_from, LJ_DATE_GIVEN);
        assert_true(lj_metadata_joined(document) != 0);
        assert_true(!first || first == lj_metadata_joined(document));
        first = lj_metadata_joined(document);
    }
    read_bytes("path;title;date;autor;estado\na.txt;Otro;;;\n", -1);
    lj_metadata_join(table, document, &place);
    assert_string_equal(lj_document_field(document, "title"), "Otro");
    assert_string_equal(lj_document_field(document, "author"), "Luis");
    assert_true(lj_metadata_joined(document) != first);
    lj_metadata_join(NULL, document, &place);
    assert_string_equal(lj_document_field(document, "title"), "Propio");
    assert_string_equal(document->date, "2020");
    assert_int_equal(document->date_from, LJ_DATE_MASTHEAD);
    assert_int_equal(lj_metadata_joined(document), 0);
    assert_int_equal(document->properties->len, 4);
    lj_document_free(document);
}

static void
zoteros_exports(void **state)
{
    (void)state;
    read_bytes(
        "\xEF\xBB\xBF\"Key\",\"Item Type\",\"Publication "
        "Year\",\"Author\",\"Title\",\"Url\",\"Date\",\"Publisher\","
        "\"Language\",\"File Attachments\",\"Manual Tags\",\"Country\",\"Extra\"\n"
        "\"K1\",\"statute\",\"2026\",\"Ruiz, Ana; Gil, Luis\",\"Ley de "
        "aguas\",\"https://x.mx/a\",\"c. 2026\","
        "\"DOF\",\"es\",\"/srv/ana/Zotero/storage/AB/a.txt; "
        "/srv/ana/Zotero/storage/AB/a.html\",\"agua; ríos\","
        "\"\",\"nota\"\n"
        "\"K2\",\"book\",\"\",\"\",\"Sin archivo\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\"\n",
        -1);
    assert_int_equal(table->problems->len, 0);
    assert_int_equal(table->rows, 1);
    struct lj_document *d = joined("a.txt");
    assert_string_equal(lj_document_field(d, "title"), "Ley de aguas");
    assert_string_equal(lj_document_field(d, "author"), "Ruiz, Ana");
    assert_string_equal(lj_document_field(d, "type"), "ley");
    assert_string_equal(lj_document_field(d, "organization"), "DOF");
    assert_string_equal(lj_document_field(d, "subject"), "agua");
    assert_string_equal(lj_document_field(d, "url"), "https://x.mx/a");
    assert_string_equal(d->date, "2026"); /* «c. 2026» is none: the year is */
    assert_null(lj_document_field(d, "Extra"));
    lj_document_free(d);
    assert_title("AB/a.html", "Ley de aguas");

    /* Only some of the columns; Windows; names with a semicolon; its own words for its folders. */
    read_bytes("\"Title\",\"Publication Year\",\"Date\",\"Author\",\"Url\",\"File Attachments\"\n"
               "\"Ley A\",\"2020\",\"primavera\",\"Gil, "
               "Eva\",\"\",\"C:\\Users\\Eva\\Zotero\\storage\\K1\\uno.pdf; "
               "C:\\Users\\Eva\\Zotero\\storage\\K2\\dos.pdf\"\n"
               "\"Ley B\",\"\",\"\",\"\",\"\",\"C:\\z\\K3\\Ley; su reforma.pdf\"\n"
               "\"Ley C\",\"\",\"\",\"\",\"\",\"storage:tres.pdf\"\n"
               "\"Ley D\",\"\",\"\",\"\",\"\",\"attachments:leyes/cuatro.pdf\"\n",
               -1);
    assert_int_equal(table->problems->len, 0);
    assert_title("K1/uno.pdf", "Ley A");
    assert_title("dos.pdf", "Ley A");
    assert_title("Ley; su reforma.pdf", "Ley B");
    assert_title("tres.pdf", "Ley C");
    assert_title("leyes/cuatro.pdf", "Ley D");
    d = joined("dos.pdf");
    assert_string_equal(d->date, "2020");
    lj_document_free(d);

    read_bytes(
        "[{\"id\":\"docs/"
        "a.txt\",\"type\":\"legislation\",\"title\":\"Ley\",\"author\":[{\"family\":\"Ruiz\","
        "\"given\":\"Ana\"},{\"literal\":\"Congreso\"}],\"issued\":{\"date-parts\":[[2026,\"1\",21]"
        "]},"
        "\"URL\":\"https://x.mx\",\"keyword\":\"agua, "
        "ríos\",\"publisher\":\"DOF\",\"genre\":\"decreto\"},"
        "{\"title\":\"Adjunto\",\"attachments\":[{\"path\":\"/z/storage/Q/"
        "b.pdf\"}],\"issued\":{\"literal\":"
        "\"enero de 2026\"}},7]",
        -1);
    assert_int_equal(table->problems->len, 1);
    assert_string_equal(problem(0), "item 3: is no object");
    d = joined("a.txt");
    assert_string_equal(lj_document_field(d, "author"), "Ana Ruiz");
    assert_string_equal(lj_document_field(d, "type"), "decreto");
    assert_string_equal(d->date, "2026-01-21");
    lj_document_free(d);
    d = joined("x/b.pdf");
    assert_string_equal(lj_document_field(d, "title"), "Adjunto");
    assert_string_equal(d->date, "2026-01");
    lj_document_free(d);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(records_are_read_as_spreadsheets_write_them),
        TEST(any_bytes_are_read),
        TEST(charsets_and_separators),
        TEST(rows_that_cannot_be_used_are_named),
        TEST(a_row_names_its_document),
        TEST(what_is_joined_can_be_undone),
        TEST(zoteros_exports),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
