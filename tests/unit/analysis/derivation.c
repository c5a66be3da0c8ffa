/* Which stems one ending for another makes of a stem. */
#include "cmocka_all.h"
#include "analysis/derivation.h"

#include <stdbool.h>

static bool
makes(const char *stem, const char *other)
{
    GPtrArray *out = g_ptr_array_new_with_free_func(g_free);
    lj_derivation_candidates(stem, out);
    bool found = g_ptr_array_find_with_equal_func(out, other, g_str_equal, NULL);
    g_ptr_array_unref(out);
    return found;
}

static void
names_of_actions(void **state)
{
    (void)state;
    static const struct {
        const char *name, *verb;
    } pairs[] = {
        {"autorizacion", "autorizar"},     {"creacion", "crear"},       {"definicion", "definir"},
        {"sustitucion", "sustituir"},      {"devolucion", "devolver"},  {"disposicion", "disponer"},
        {"extradicion", "extraditar"},     {"eleccion", "elegir"},      {"reduccion", "reducir"},
        {"suspension", "suspender"},       {"concesion", "conceder"},   {"supresion", "suprimir"},
        {"inclusion", "incluir"},          {"conversion", "convertir"}, {"nombramiento", "nombrar"},
        {"establecimiento", "establecer"}, {"cumplimiento", "cumplir"}, {"jubilatori", "jubilar"},
        {"jubilatori", "jubilacion"}};
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
        if (!makes(pairs[i].name, pairs[i].verb) || !makes(pairs[i].verb, pairs[i].name))
            fail_msg("%s, %s", pairs[i].name, pairs[i].verb);
    }
}

/* What shares too few letters, and what only looks like one. */
static void
not_made(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {{"nacion", "nar"},
                                           {"medicion", "meditar"},
                                           {"casa", "casar"},
                                           {"armas", "armar"},
                                           {"", "ar"}};
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++)
        if (makes(pairs[i][0], pairs[i][1]))
            fail_msg("%s, %s", pairs[i][0], pairs[i][1]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(names_of_actions),
                                       cmocka_unit_test(not_made)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
