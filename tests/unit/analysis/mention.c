/* Dates and citations of a text, in one pass, with places and parents. */
#include "cmocka_all.h"
#include "analysis/mention.h"
#include <glib.h>
#include <string.h>

static void
collect(void *data, enum lj_mention_kind kind, size_t start, size_t end, const char *term,
        size_t length)
{
    g_string_append_printf(data, "%s%c%zu-%zu:%.*s", ((GString *)data)->len ? " " : "",
                           kind == LJ_MENTION_DATE ? 'd' : 'c', start, end, (int)length, term);
}

static void
mentions_with_their_places(void **state)
{
    (void)state;
    static const struct {
        const char *text, *mentions;
    } cases[] = {
        {"El D.O.F. del 21 de enero de 2026.",
         "c3-33:dof:2026-01-21 c3-33:dof d14-33:20260121 d14-33:202601 d14-33:2026"},
        {"enero de 2026", "d0-13:202601 d0-13:2026"},
        {"Ley N° 18.057, de 20 de noviembre de 2006,",
         "c0-42:ley:18057 d19-42:20061120 d19-42:200611 d19-42:2006"},
        {"la fracción II del artículo 5.", "c3-31:#art=5 c3-31:#art=5/frac=2"},
        {"31 de febrero de 2026", ""},
        {"sin fecha ni cita", ""},
        {"", ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GString *found = g_string_new(NULL);
        lj_mentions_find(cases[i].text, strlen(cases[i].text), collect, found);
        assert_string_equal(found->str, cases[i].mentions);
        g_string_free(found, TRUE);
    }
}

static void
collect_days(void *data, enum lj_mention_kind kind, size_t start, size_t end, const char *term,
             size_t length)
{
    (void)start;
    (void)end;
    if (kind == LJ_MENTION_DATE && length == 8)
        g_string_append_printf(data, "%s%.8s", ((GString *)data)->len ? " " : "", term);
}

/* Every day that a text dates, in all written forms; days come before months; and what is no date. */
static void
days_of_lists_and_forms(void **state)
{
    (void)state;
    static const struct {
        const char *text, *days;
    } cases[] = {
        {"el 3 y 4 de mayo de 2020", "20200504 20200503"},
        {"los días 3, 4 y 5 de mayo de 2020", "20200505 20200504 20200503"},
        {"1º y 2 de mayo de 2020", "20200502 20200501"},
        {"el 1o. y el 2 de mayo de 2020", "20200502 20200501"},
        {"del 3 al 6 de mayo de 2020", "20200506 20200503 20200504 20200505"},
        {"entre el 3 y el 5 de mayo de 2020", "20200505 20200503"},
        {"3-5 de mayo de 2020", "20200505 20200503 20200504"},
        {"del 3 de mayo al 5 de junio de 2020", "20200605 20200503"},
        {"del 30 de diciembre al 2 de enero de 2020", "20200102 20191230"},
        {"el 3 de mayo y el 4 de junio de 2020", "20200604 20200503"},
        {"3 y 4 de mayo y 1 de junio de 2020", "20200601 20200504 20200503"},
        {"a los veintiún días del mes de enero de dos mil veintiséis", "20260121"},
        {"dieciséis de septiembre de mil ochocientos diez", "18100916"},
        {"1o. de enero de 2026, 1ero de febrero de 2026", "20260101 20260201"},
        {"21-ene-2026, 21.ene.2026, 21/ene/2026", "20260121 20260121 20260121"},
        {"enero 21 de 2026, Enero 21/2026", "20260121 20260121"},
        {"21.01.2026, 2026/01/21, 21-I-2026", "20260121 20260121 20260121"},
        {"treinta y uno (31) de mayo de dos mil veinte (2020)", "20200531"},
        {"30 (treinta) de mayo de 2020", "20200530"},
        {"21 de septbre. de 1850", "18500921"},
        /* lists that are none of days */
        {"el artículo 2, 3 de enero de 2000", "20000103"},
        {"las leyes 13.737 y 4 de mayo de 2020", "20200504"},
        {"12/3 y 4 de mayo de 2020", "20200504"},
        {"el 7 y 4 de mayo de 2020", "20200504"},
        {"el 20% y 4 de mayo de 2020", "20200504"},
        /* no dates */
        {"3/21/2026, 31/11/2026, 29 de febrero de 2023", ""},
        {"12/2024, Ley 12/2024, 1/2, 3/4, 1/2/3", ""},
        {"13.05.20, 10.12.1999.5, 21-01-2026-33, 20260121", ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GString *found = g_string_new(NULL);
        lj_mentions_find(cases[i].text, strlen(cases[i].text), collect_days, found);
        if (strcmp(found->str, cases[i].days) != 0)
            fail_msg("%s: %s", cases[i].text, found->str);
        g_string_free(found, TRUE);
    }
}

/* The one pass finds the dates that the date finder finds. */
static void
dates_are_those_of_the_date_finder(void **state)
{
    (void)state;
    static const char text[] =
        "Montevideo, 12 de mayo de 1999.- VISTO: la ley de 25 de Junio de 1928 y el DOF del "
        "3/4/1998, "
        "artículos 5 y 6 del Decreto 3/1999 de 3 de enero de 1999; 31 de abril de 2000, marzo de "
        "2001, "
        "EX-2018-10-12, a los veintiún días del mes de enero de dos mil veintiséis.";
    GString *all = g_string_new(NULL), *dates = g_string_new(NULL), *alone = g_string_new(NULL);
    lj_mentions_find(text, strlen(text), collect, all);
    lj_mentions_dates(text, strlen(text), collect, alone);
    char **mentions = g_strsplit(all->str, " ", -1);
    for (char **mention = mentions; *mention; mention++)
        if (**mention == 'd')
            g_string_append_printf(dates, "%s%s", dates->len ? " " : "", *mention);
    assert_string_equal(dates->str, alone->str);
    assert_true(alone->len > 100);
    g_strfreev(mentions);
    g_string_free(all, TRUE);
    g_string_free(dates, TRUE);
    g_string_free(alone, TRUE);
}

/* What a spelling says of mentions that begin in it. */
static void
spellings_that_may_begin_mentions(void **state)
{
    (void)state;
    static const struct {
        const char *spelling;
        unsigned hint;
    } cases[] = {
        {"Artículo", LJ_MENTION_OPENS},
        {"ARTICULO", LJ_MENTION_OPENS},
        {"ley", LJ_MENTION_OPENS},
        {"enero", LJ_MENTION_OPENS},
        {"veintiún", LJ_MENTION_OPENS},
        {"DECTO", LJ_MENTION_OPENS}, /* DECTO-2018-974-APN-PTE */
        {"D", LJ_MENTION_OPENS},     /* D.O.F. */
        {"RD", LJ_MENTION_OPENS},
        {"de", 0},
        {"con", 0},
        {"gobierno", 0},
        {"ártículo", 0},
        {"acuerdan", LJ_MENTION_BROKEN}, /* acuer-⏎do: its first letters are acuerdo's */
        {"acuer", LJ_MENTION_BROKEN},
        {"d'acuerdo", LJ_MENTION_WITHIN},
        {"21", LJ_MENTION_OPENS},
        {"2026", LJ_MENTION_OPENS},
        {"123", 0},
        {"19.924", LJ_MENTION_OPENS},
        {"123456", 0},
        {"21.01.2026", LJ_MENTION_OPENS},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        unsigned hint = lj_mention_hint(cases[i].spelling, strlen(cases[i].spelling));
        if (hint != cases[i].hint)
            fail_msg("%s: %u, not %u", cases[i].spelling, hint, cases[i].hint);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mentions_with_their_places),
        cmocka_unit_test(days_of_lists_and_forms),
        cmocka_unit_test(dates_are_those_of_the_date_finder),
        cmocka_unit_test(spellings_that_may_begin_mentions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
