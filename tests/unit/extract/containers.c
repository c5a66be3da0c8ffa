/* Letters, mailboxes, archives: members, nesting, bombs. */
#include "helper.h"
#include "zip.h"

static char *
members_of(const struct outcome *o)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < o->documents->len; i++) {
        const struct lj_document *d = o->documents->pdata[i];
        g_string_append_printf(out, "%s|", d->member ? d->member : "");
    }
    return g_string_free(out, FALSE);
}

static const char letter[] =
    "From: =?utf-8?q?Ana_P=C3=A9rez?= <ana@example.org>\r\nTo: Archivo <archivo@example.org>\r\n"
    "Subject: =?iso-8859-1?q?A=F1o_nuevo?=\r\nDate: Thu, 13 Dec 2007 10:00:00 "
    "-0300\r\nMIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
    "Content-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\nContent-Type: text/plain; "
    "charset=iso-8859-1\r\n"
    "Content-Transfer-Encoding: quoted-printable\r\n\r\nEl a=F1o.\r\n--c\r\nContent-Type: "
    "text/html\r\n\r\n<p>No</p>\r\n--c--\r\n"
    "--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; "
    "filename=\"ley.md\"\r\n\r\n# Ley\r\n\r\nTexto\r\n--b--\r\n";

static void
letters_give_text_people_and_attachments(void **state)
{
    (void)state;
    struct outcome o = extract_string("a.txt", letter);
    assert_true(o.good);
    char *members = members_of(&o);
    assert_string_equal(members, "|ley.md|");
    g_free(members);
    struct lj_document *d = o.documents->pdata[0];
    assert_string_equal(d->mime, "message/rfc822");
    assert_string_equal(d->text->str, "El año.\n");
    assert_string_equal(lj_document_field(d, "title"), "Año nuevo");
    assert_string_equal(lj_document_field(d, "author"), "Ana Pérez");
    assert_string_equal(lj_document_field(d, "to"), "Archivo");
    assert_string_equal(d->date, "2007-12-13");
    d = o.documents->pdata[1];
    assert_string_equal(d->mime, "text/markdown");
    assert_string_equal(d->text->str, "Ley\n\nTexto\n");
    clear(&o);
}

static void
mailboxes_give_letters(void **state)
{
    (void)state;
    struct outcome o = extract_string(
        "correo", "From ana@example.org Thu Dec 13 10:00:00 2007\nFrom: Ana <a@x.org>\nSubject: "
                  "Uno\nDate: Thu, 13 Dec 2007 10:00:00 -0300\n\nPrimera.\n\n"
                  "From ana@example.org Fri Dec 14 10:00:00 2007\nFrom: Ana <a@x.org>\nSubject: "
                  "Dos\nDate: Fri, 14 Dec 2007 10:00:00 -0300\nMIME-Version: 1.0\nContent-Type: "
                  "text/html; charset=utf-8\n\n<h1>Título</h1><p>Segunda.</p>\n");
    char *members = members_of(&o);
    assert_string_equal(members, "1|2|");
    g_free(members);
    struct lj_document *d = o.documents->pdata[1];
    assert_string_equal(d->text->str, "Título\n\nSegunda.\n");
    assert_memory_not_equal(d->sha256, ((struct lj_document *)o.documents->pdata[0])->sha256, 32);
    clear(&o);
}

static void
an_empty_part_is_no_fault(void **state)
{
    (void)state;
    struct outcome o = extract_string(
        "a.eml", "From: Ana <a@x.org>\nSubject: Nada\nDate: Thu, 13 Dec 2007 10:00:00 "
                 "-0300\nMIME-Version: 1.0\nContent-Type: text/html\n\n");
    assert_string_equal(first(&o)->text->str, "");
    clear(&o);
}

static void
a_text_with_a_colon_is_no_letter(void **state)
{
    (void)state;
    struct outcome o =
        extract_string("a.txt", "Fecha: 03/05/2011\nAsunto: Armas\nFrom: nadie\n\nTexto");
    assert_string_equal(first(&o)->mime, "text/plain");
    clear(&o);
}

static void
archives_give_their_members(void **state)
{
    (void)state;
    const struct zip_entry inner[] = {
        {"dentro.txt", "Dentro de dos", 0},
        {"r.jsonl", "{\"text\":\"a\"}\n{\"id\":\"z\",\"text\":\"b\"}\n", 0}};
    GString *nested = make_zip(inner, 2);
    const struct zip_entry entries[] = {
        {"a/ley.txt", "La ley", 0},
        {"../../fuera.txt", "Nada escapa", 0},
        {"foto.gif", "GIF89a\1\0\1\0\0\0\0", 13},
        {".oculto", "no", 0},
        {"otro.zip", nested->str, nested->len},
        {"añejo.md", "# Título", 0},
    };
    GString *zip = make_zip(entries, G_N_ELEMENTS(entries));
    struct outcome o = extract_bytes("a.zip", zip->str, zip->len);
    assert_true(o.good);
    char *members = members_of(&o);
    assert_string_equal(members,
                        "a/ley.txt|fuera.txt|otro.zip!/dentro.txt|otro.zip!/r.jsonl#1||añejo.md|");
    g_free(members);
    assert_string_equal(((struct lj_document *)o.documents->pdata[4])->id, "z");
    assert_int_equal(o.failures->len, 1);
    assert_string_equal(o.failures->pdata[0], "image/gif");
    assert_string_equal(o.members->pdata[0], "foto.gif");
    clear(&o);
    o = extract_bytes("a.zip", zip->str, zip->len / 2); /* cut off: what came before stands */
    assert_false(o.good);
    assert_int_equal(o.error->code, LJ_ERROR_FORMAT);
    assert_true(o.documents->len >= 1);
    clear(&o);
    g_string_free(zip, TRUE);
    g_string_free(nested, TRUE);
}

/* Appends a member as tar writes it, or as it did before POSIX named it. */
static void
add_to_tar(GString *tar, const char *name, const char *text, bool posix)
{
    char header[512] = "";
    size_t length = strlen(text);
    g_strlcpy(header, name, 100);
    strcpy(header + 100, "0000644");
    strcpy(header + 108, "0000000");
    strcpy(header + 116, "0000000");
    g_snprintf(header + 124, 12, "%011zo", length);
    strcpy(header + 136, "00000000000");
    header[156] = '0';
    if (posix)
        memcpy(header + 257, "ustar\00000", 8);
    memset(header + 148, ' ', 8);
    unsigned sum = 0;
    for (size_t i = 0; i < sizeof header; i++)
        sum += (uint8_t)header[i];
    g_snprintf(header + 148, 8, "%06o", sum);
    g_string_append_len(tar, header, sizeof header);
    g_string_append(tar, text);
    while (tar->len % 512)
        g_string_append_c(tar, 0);
}

static void
tar_is_known_by_its_sum(void **state)
{
    (void)state;
    for (int posix = 0; posix < 2; posix++) {
        GString *tar = g_string_new(NULL), *text = g_string_new(NULL);
        while (text->len < 20000) /* more text than header: its head is no binary's */
            g_string_append(text, "La ley rige desde su publicación.\n");
        add_to_tar(tar, "a/ley.txt", text->str, posix);
        add_to_tar(tar, "b.md", "# Título", posix);
        g_string_set_size(tar, tar->len + 1024);
        memset(tar->str + tar->len - 1024, 0, 1024);
        struct outcome o = extract_bytes("sin nombre", tar->str, tar->len);
        char *members = members_of(&o);
        assert_string_equal(members, "a/ley.txt|b.md|");
        g_free(members);
        clear(&o);
        g_string_free(text, TRUE);
        g_string_free(tar, TRUE);
    }
}

/* A member that does not unpack is a failure of its own, never a document without text; the next is read. */
static void
members_that_do_not_unpack_are_told(void **state)
{
    (void)state;
    const struct zip_entry entries[] = {{"viejo.txt", "comprimido antaño", 0},
                                        {"b.txt", "La ley", 0}};
    GString *zip = make_zip(entries, 2);
    zip->str[8] = 6; /* imploded, as of 1989 */
    ((char *)memmem(zip->str, zip->len, "PK\1\2", 4))[10] = 6;
    struct outcome o = extract_bytes("a.zip", zip->str, zip->len);
    assert_true(o.good);
    char *members = members_of(&o);
    assert_string_equal(members, "b.txt|");
    g_free(members);
    assert_int_equal(o.failures->len, 1);
    assert_string_equal(o.members->pdata[0], "viejo.txt");
    assert_non_null(strstr(o.failures->pdata[0], "cannot be unpacked"));
    clear(&o);
    g_string_free(zip, TRUE);
}

static void
containers_nest_to_a_bound(void **state)
{
    (void)state;
    GString *zip = NULL;
    for (int i = 0; i < 8; i++) {
        struct zip_entry entry = {zip ? "z.zip" : "t.txt", zip ? zip->str : "hondo",
                                  zip ? zip->len : 0};
        GString *outer = make_zip(&entry, 1);
        if (zip)
            g_string_free(zip, TRUE);
        zip = outer;
    }
    struct outcome o = extract_bytes("a.zip", zip->str, zip->len);
    assert_int_equal(o.documents->len, 0);
    assert_int_equal(o.failures->len, 1);
    assert_non_null(strstr(o.failures->pdata[0], "deep"));
    clear(&o);
    g_string_free(zip, TRUE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_give_text_people_and_attachments),
        cmocka_unit_test(mailboxes_give_letters),
        cmocka_unit_test(an_empty_part_is_no_fault),
        cmocka_unit_test(a_text_with_a_colon_is_no_letter),
        cmocka_unit_test(archives_give_their_members),
        cmocka_unit_test(tar_is_known_by_its_sum),
        cmocka_unit_test(members_that_do_not_unpack_are_told),
        cmocka_unit_test(containers_nest_to_a_bound),
    };
    return cmocka_run_group_tests(tests, NULL, close_extractor);
}
