/* Dates as documents write them: a table of forms, and what must not be read. */
#include "cmocka_all.h"
#include "legajo/date.h"
#include <string.h>

struct form {
    const char *text;
    uint32_t first, last; /* 0: no date */
    size_t used;          /* 0: all of the text */
};

static const struct form forms[] = {
    /* figures */
    {"2026-01-21", 20260121, 20260121, 0},
    {"2026-01-21T10:00:00Z", 20260121, 20260121, 10},
    {"2026/01/21", 20260121, 20260121, 0},
    {"21/01/2026", 20260121, 20260121, 0},
    {"24 abr/006", 20060424, 20060424, 0},
    {"3 dic/985", 19851203, 19851203, 0},
    {"6 de junio de MCMXCIV", 19940606, 19940606, 0},
    {"2 de mayo de MMXX", 20200502, 20200502, 0},
    {"1/2/2026", 20260201, 20260201, 0},
    {"21-01-2026", 20260121, 20260121, 0},
    {"21–01–2026", 20260121, 20260121, 0},
    {"21.1.2026", 20260121, 20260121, 0},
    {"21.01.2026.", 20260121, 20260121, 10},
    {"21-ene-2026", 20260121, 20260121, 0},
    {"21/ENE/2026", 20260121, 20260121, 0},
    {"21-enero-2026", 20260121, 20260121, 0},
    {"21-I-2026", 20260121, 20260121, 0},
    {"8.XII.1999", 19991208, 19991208, 0},
    {"21 ene. 2026", 20260121, 20260121, 0},
    {"21 enero 2026", 20260121, 20260121, 0},
    /* days of months in words */
    {"21 de enero de 2026", 20260121, 20260121, 0},
    {"21 de enero de 2026, dijo", 20260121, 20260121, 19},
    {"21 de Enero del 2026", 20260121, 20260121, 0},
    {"21 de enero, 2026", 20260121, 20260121, 0},
    {"21 de enero del año 2026", 20260121, 20260121, 0},
    {"21 DE ENERO DEL AÑO DE 2026", 20260121, 20260121, 0},
    {"21 de enero de 2.026", 20260121, 20260121, 0},
    {"21\nde enero\r\nde\n\n2026", 20260121, 20260121, 0},
    {"21 de enero de 2026", 20260121, 20260121, 0},
    {"5 de sep-\ntiembre de 2020", 20200905, 20200905, 0},
    {"5 de setiembre de 1973", 19730905, 19730905, 0},
    {"5 de Setiembre de 1973", 19730905, 19730905, 0},
    {"5 de septiembre de 1973", 19730905, 19730905, 0},
    {"21 del mes de enero de 2026", 20260121, 20260121, 0},
    {"1o. de enero de 2026", 20260101, 20260101, 0},
    {"1.º de enero de 2026", 20260101, 20260101, 0},
    {"1º de enero de 2026", 20260101, 20260101, 0},
    {"1° de enero de 2026", 20260101, 20260101, 0},
    {"1ro. de enero de 2026", 20260101, 20260101, 0},
    {"1er día de enero de 2026", 20260101, 20260101, 0},
    {"primero de enero de 2026", 20260101, 20260101, 0},
    {"1º. de enero de 2026", 20260101, 20260101, 0},
    {"primero (1°) de enero de 2026", 20260101, 20260101, 0},
    {"Agosto 29 de 1984", 19840829, 19840829, 0},
    {"Agosto 29, 1984", 19840829, 19840829, 0},
    {"Agosto, 27 de 2008", 20080827, 20080827, 0},
    {"Setiembre 30-1949", 19490930, 19490930, 0},
    {"julio de este 2026", 20260701, 20260731, 0},
    {"Agosto 1° de 1984", 19840801, 19840801, 0},
    {"martes 21 de enero de 2026", 20260121, 20260121, 0},
    {"Miércoles, 21 de enero de 2026", 20260121, 20260121, 0},
    {"el día 21 de enero de 2026", 20260121, 20260121, 0},
    /* spelled out */
    {"veintiuno de enero de mil novecientos ochenta y cuatro", 19840121, 19840121, 0},
    {"treinta y uno de mayo de dos mil", 20000531, 20000531, 0},
    {"a los veintiún días del mes de enero de dos mil veintiséis", 20260121, 20260121, 0},
    {"a los veintiún (21) días del mes de enero del año dos mil veintiséis", 20260121, 20260121, 0},
    {"A LOS VEINTIUN DIAS DEL MES DE ENERO DEL AÑO DOS MIL VEINTISEIS", 20260121, 20260121, 0},
    {"a los 21 días de enero de 2026", 20260121, 20260121, 0},
    /* months */
    {"enero de 2026", 20260101, 20260131, 0},
    {"Enero 2026", 20260101, 20260131, 0},
    {"febrero del año 2024", 20240201, 20240229, 0},
    {"mayo de mil novecientos noventa", 19900501, 19900531, 0},
    /* two-digit years */
    {"15/03/98", 19980315, 19980315, 0},
    {"15/03/05", 20050315, 20050315, 0},
    {"15-mar-98", 19980315, 19980315, 0},
    {"15/3/98", 19980315, 19980315, 0},
    {"31/6/98", 0, 0, 0},
    {"15-03-98", 0, 0, 0},
    {"15.03.98", 0, 0, 0},
    {"15 de marzo de 98", 0, 0, 0},
    /* days come before months; the impossible is no date */
    {"03/04/2026", 20260403, 20260403, 0},
    {"01/21/2026", 0, 0, 0},
    {"21/13/2026", 0, 0, 0},
    {"31/02/2026", 0, 0, 0},
    {"29/02/2024", 20240229, 20240229, 0},
    {"29/02/2026", 0, 0, 0},
    {"0 de enero de 2026", 0, 0, 0},
    {"31 de abril de 2026", 0, 0, 0},
    {"32 de enero de 2026", 0, 0, 0},
    {"2026-13-01", 0, 0, 0},
    {"2026-02-30", 0, 0, 0},
    /* numbers of something else */
    {"2026", 0, 0, 0},
    {"2026-01", 0, 0, 0},
    {"01/2026", 0, 0, 0},
    {"75/972", 0, 0, 0},
    {"21/01/20261", 0, 0, 0},
    {"21/01/2026/3", 0, 0, 0},
    {"21/01-2026", 0, 0, 0},
    {"10.01.2026.5", 0, 0, 0},
    {"21 de enero", 0, 0, 0},
    {"21 de enero de 202", 0, 0, 0},
    {"21 de enero de 20265", 0, 0, 0},
    {"21 de eneros de 2026", 0, 0, 0},
    {"mayoría de 2026", 0, 0, 0},
    {"dos de los tres de 2026", 0, 0, 0},
    {"mil novecientos", 0, 0, 0},
    {"marcha de 2026", 0, 0, 0},
    {"", 0, 0, 0},
};

static void
forms_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
        const struct form *form = &forms[i];
        size_t used = 0, length = strlen(form->text);
        struct lj_interval found = {0, 0};
        bool read = lj_date_read(form->text, length, false, &used, &found);
        size_t expected = !form->first ? 0 : form->used ? form->used : length;
        if (read != (form->first != 0) || found.first != form->first || found.last != form->last ||
            used != expected)
            fail_msg("%s: %d %u..%u in %zu bytes", form->text, read, found.first, found.last, used);
    }
}

/* The same table within a sentence: the same dates are found, and nothing in what is no date. */
static void
forms_are_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
        const struct form *form = &forms[i];
        GString *text = g_string_new("¿Según ");
        g_string_append(text, form->text);
        if (!form->used)
            g_string_append(text, " (fe de erratas)");
        size_t at = 0, start, end, n = 0;
        struct lj_interval found;
        while (lj_date_find(text->str, text->len, &at, &start, &end, &found)) {
            n++;
            assert_true(start < end && end <= text->len && at >= end);
            if (found.first != form->first || found.last != form->last)
                fail_msg("%s: found %u..%u", form->text, found.first, found.last);
        }
        if (n != (form->first != 0))
            fail_msg("%s: found %zu", form->text, n);
        g_string_free(text, TRUE);
    }
}

static void
a_date_is_expected(void **state)
{
    (void)state;
    static const struct form cases[] = {
        {"2026", 20260101, 20261231, 0},
        {"2026-01", 20260101, 20260131, 0},
        {"01/2026", 20260101, 20260131, 0},
        {"dos mil veintiséis", 20260101, 20261231, 0},
        {"15-03-98", 19980315, 19980315, 0},
        {"15.03.98", 19980315, 19980315, 0},
        {"13/2026", 0, 0, 0},
        {"2026-13", 0, 0, 0},
        {"3026", 0, 0, 0},
        {"2026..2027", 20260101, 20261231, 4},
        {"enero de 2026", 20260101, 20260131, 0},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        size_t used = 0;
        struct lj_interval found = {0, 0};
        lj_date_read(cases[i].text, strlen(cases[i].text), true, &used, &found);
        if (found.first != cases[i].first || found.last != cases[i].last ||
            used != (!cases[i].first ? 0
                     : cases[i].used ? cases[i].used
                                     : strlen(cases[i].text)))
            fail_msg("%s: %u..%u in %zu bytes", cases[i].text, found.first, found.last, used);
    }
}

static void
dates_stand_apart_from_codes_and_words(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *dates; /* first days, blank-separated */
    } cases[] = {
        {"del 3 de enero de 2025 al 5 de febrero de 2026.", "20250103 20260205"},
        {"Montevideo, 12 de mayo de 1999.- VISTO: la nota de 3/4/1998", "19990512 19980403"},
        {"EX-2018-10-12-APN-PTE, IF-21/01/2026", ""},
        {"x21/01/2026, 121/01/2026 y 1.21/01/2026", ""},
        {"(Ley 17.319/67 B.O. 30/6/1967)", "19670630"},
        {"desde enero de 2020 hasta diciembre de 2021", "20200101 20211201"},
        {"la hectárea 21 de enero de 2026", "20260121"},
        {"31 de febrero de 2026; 1° de marzo de 2026", "20260301"},
        {"31 de febrero de 2026 de enero de 2027", "20270101"},
        {"el año dos mil tres de la serie", ""},
        {"veintiún (22) días del mes de enero de 2026", "20260101"}, /* which day is not sure */
        {"a las 10:30 del 2026-01-21T10:30:00", "20260121"},
        {"éenero de 2026, benero de 2026, _enero de 2026", "20260101"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GString *dates = g_string_new(NULL);
        size_t at = 0, start, end;
        struct lj_interval found;
        while (lj_date_find(cases[i].text, strlen(cases[i].text), &at, &start, &end, &found))
            g_string_append_printf(dates, "%s%u", dates->len ? " " : "", found.first);
        if (strcmp(dates->str, cases[i].dates) != 0)
            fail_msg("%s: %s", cases[i].text, dates->str);
        g_string_free(dates, TRUE);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_are_read),
        cmocka_unit_test(forms_are_found),
        cmocka_unit_test(a_date_is_expected),
        cmocka_unit_test(dates_stand_apart_from_codes_and_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
