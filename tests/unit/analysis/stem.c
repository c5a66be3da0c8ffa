/* Which forms meet in one stem, and which must not. */
#include "cmocka_all.h"
#include "analysis/stem.h"
#include <string.h>
#include <unistd.h>

static int
open_stemmer(void **state)
{
    *state = lj_stemmer_open(NULL, NULL);
    return *state ? 0 : -1;
}

static int
close_stemmer(void **state)
{
    lj_stemmer_close(*state);
    return 0;
}

static bool
meet(struct lj_stemmer *stemmer, const char *a, const char *b)
{
    char left[LJ_STEM_SIZE], right[LJ_STEM_SIZE];
    size_t n = lj_stem(stemmer, a, strlen(a), left), m = lj_stem(stemmer, b, strlen(b), right);
    bool same = n == m && memcmp(left, right, n) == 0;
    assert_int_equal(strlen(left), n);
    assert_true(n > 0);
    return same;
}

static void
number_makes_no_difference(void **state)
{
    static const char *const pairs[][2] = {
        {"arma", "armas"},         {"año", "años"},
        {"acto", "actos"},         {"juez", "jueces"},
        {"voz", "voces"},          {"joven", "jovenes"},
        {"regimen", "regimenes"},  {"dictamen", "dictamenes"},
        {"militar", "militares"},  {"linea", "lineas"},
        {"prestamo", "prestamos"}, {"frances", "franceses"},
        {"nacion", "naciones"},    {"ley", "leyes"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++)
        if (!meet(*state, pairs[i][0], pairs[i][1]))
            fail_msg("%s and %s do not meet", pairs[i][0], pairs[i][1]);
}

/* Each line of pairs meets whatever accents its words bear; they are given folded. */
static void
verbs_meet_their_forms(void **state)
{
    static const char *const pairs[][2] = {
        {"dijo", "decir"},
        {"dice", "decir"},
        {"hizo", "hacer"},
        {"hace", "hacer"},
        {"pide", "pedir"},
        {"puede", "poder"},
        {"pudo", "poder"},
        {"fue", "ser"},
        {"son", "ser"},
        {"sea", "ser"},
        {"esta", "estar"},
        {"estuvo", "estar"},
        {"habia", "haber"},
        {"hay", "haber"},
        {"va", "ir"},
        {"iba", "ir"},
        {"dio", "dar"},
        {"abierto", "abrir"},
        {"compuesto", "componer"},
        {"escrito", "escribir"},
        {"anduvo", "andar"},
        {"publicado", "publicar"},
        {"juega", "jugar"},
        {"cayo", "caer"},
        {"tenia", "tener"},
        {"vio", "ver"},
        {"asiste", "asistir"},
        {"consume", "consumir"},
        {"sustituye", "sustituir"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++)
        if (!meet(*state, pairs[i][0], pairs[i][1]))
            fail_msg("%s and %s do not meet", pairs[i][0], pairs[i][1]);
}

static void
pronouns_come_off(void **state)
{
    static const char *const pairs[][2] = {
        {"publiquese", "publicar"},
        {"entregandoselo", "entregar"},
        {"dandole", "dar"},
        {"cumplase", "cumplir"},
        {"prohibese", "prohibir"},
        {"apruebanse", "aprobar"},
        {"disponese", "disponer"},
        {"vamonos", "ir"},
        {"digame", "decir"},
        {"hagase", "hacer"},
        {"dijose", "decir"},
        {"hacerlo", "hacer"},
        {"hazlo", "hacer"},
        {"cuentase", "contar"},
        {"dese", "dar"},
        {"decretandose", "decretar"},
        {"comersela", "comer"},
        {"desele", "dar"},
        {"comuniquese", "comunicar"},
        {"archivese", "archivar"},
        {"tengase", "tener"},
        {"derogase", "derogar"},
        {"sustituyese", "sustituir"},
        {"establecense", "establecer"},
        /* to an infinitive or gerund that the dictionary joins none to, or does not know */
        {"entregarselos", "entregar"},
        {"regularizarlas", "regularizar"},
        {"vigilarlos", "vigilar"},
        {"intimandole", "intimar"},
        {"monitorearlo", "monitorear"},
        {"judicializandolas", "judicializar"},
        {"transparentarselos", "transparentar"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++)
        if (!meet(*state, pairs[i][0], pairs[i][1]))
            fail_msg("%s and %s do not meet", pairs[i][0], pairs[i][1]);
    /* No pronoun: a name. */
    assert_false(meet(*state, "marcelo", "marcir"));
    assert_false(meet(*state, "contraparte", "contrapar"));
}

/* Forms that two words share belong to the one that texts mean; participles of the River Plate. */
static void
forms_of_two_words(void **state)
{
    static const char *const together[][2] = {
        {"rio", "rios"},
        {"juego", "juegos"},
        {"suelo", "suelos"},
        {"dios", "dioses"},
        {"sede", "sedes"},
        {"solido", "solidos"},
        {"roto", "romper"},
        {"inscripto", "inscribir"},
        {"prescriptas", "prescribir"},
        {"suscriptos", "suscribir"},
        {"electo", "elegir"},
        {"salio", "salir"},
        {"juegan", "jugar"},
        {"suele", "soler"},
        {"huele", "oler"},
        {"cuece", "cocer"},
        {"yergue", "erguir"},
    };
    static const char *const apart[][2] = {
        {"rio", "reir"}, {"juego", "jugar"},  {"suelo", "soler"},
        {"dios", "dar"}, {"solido", "soler"}, {"roto", "rotar"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(together); i++)
        if (!meet(*state, together[i][0], together[i][1]))
            fail_msg("%s and %s do not meet", together[i][0], together[i][1]);
    for (size_t i = 0; i < G_N_ELEMENTS(apart); i++)
        if (meet(*state, apart[i][0], apart[i][1]))
            fail_msg("%s and %s meet", apart[i][0], apart[i][1]);
}

static void
vos_is_known(void **state)
{
    static const char *const pairs[][2] = {
        {"tenes", "tener"}, {"decime", "decir"},  {"podes", "poder"},
        {"decis", "decir"}, {"queres", "querer"}, {"sos", "ser"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++)
        if (!meet(*state, pairs[i][0], pairs[i][1]))
            fail_msg("%s and %s do not meet", pairs[i][0], pairs[i][1]);
}

static void
different_words_stay_apart(void **state)
{
    static const char *const pairs[][2] = {
        {"caso", "casa"},        {"casa", "casar"},        {"caso", "casar"},
        {"organismo", "organo"}, {"organo", "organica"},   {"organismo", "organica"},
        {"derecho", "derecha"},  {"politica", "politico"}, {"estado", "estar"},
        {"partido", "partir"},   {"parte", "partir"},      {"libro", "libre"},
        {"nueve", "nuevo"},      {"impuesto", "imponer"},  {"mes", "mesa"},
        {"corte", "cortar"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++)
        if (meet(*state, pairs[i][0], pairs[i][1]))
            fail_msg("%s and %s meet", pairs[i][0], pairs[i][1]);
}

/* Words no dictionary has: their endings speak. */
static void
unknown_words_meet_by_their_endings(void **state)
{
    static const char *const pairs[][2] = {
        {"jubilatorio", "jubilatorios"},
        {"metanfetamina", "metanfetaminas"},
        {"neoliberal", "neoliberales"},
        {"autarquico", "autarquicas"},
        {"tuitear", "tuitearon"},
        {"coparticipacion", "coparticipaciones"},
        {"monto", "montos"},
        {"presupuestal", "presupuestales"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++)
        if (!meet(*state, pairs[i][0], pairs[i][1]))
            fail_msg("%s and %s do not meet", pairs[i][0], pairs[i][1]);
}

static bool
homograph(struct lj_stemmer *stemmer, const char *folded)
{
    char stem[LJ_STEM_SIZE];
    bool found;
    lj_stem_and_homograph(stemmer, folded, strlen(folded), stem, &found);
    return found;
}

static void
homographs_are_told(void **state)
{
    static const char *const with[] = {"publico", "mas", "solo",       "esta",
                                       "termino", "si",  "legislacion"},
                             *const without[] = {"casa", "arma", "xyzzy", "ley"};
    for (size_t i = 0; i < G_N_ELEMENTS(with); i++)
        assert_true(homograph(*state, with[i]));
    for (size_t i = 0; i < G_N_ELEMENTS(without); i++)
        assert_false(homograph(*state, without[i]));
}

/* A stem is a word of its own class, so that stemming a stem changes nothing for words known. */
static void
stems_of_known_words_are_their_own(void **state)
{
    static const char *const words[] = {"publiquese", "naciones", "dijo", "regimenes", "armas"};
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        char once[LJ_STEM_SIZE], twice[LJ_STEM_SIZE];
        size_t n = lj_stem(*state, words[i], strlen(words[i]), once);
        assert_int_equal(lj_stem(*state, once, n, twice), n);
        assert_memory_equal(once, twice, n);
    }
}

static char *
written(const void *bytes, size_t length)
{
    char *path = NULL;
    int fd = g_file_open_tmp("lexiconXXXXXX", &path, NULL);
    assert_true(fd >= 0);
    close(fd);
    assert_true(g_file_set_contents(path, bytes, (gssize)length, NULL));
    return path;
}

static void
a_copy_stems_alike(void **state)
{
    struct lj_stemmer *stemmer = *state;
    size_t length;
    const void *bytes = lj_stemmer_lexicon(stemmer, &length);
    char *path = written(bytes, length);
    GError *error = NULL;
    struct lj_stemmer *copy = lj_stemmer_open(path, &error);
    assert_non_null(copy);
    assert_string_equal(lj_stemmer_version(copy), lj_stemmer_version(stemmer));
    static const char *const words[] = {"publiquese", "naciones", "jubilatorios"};
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        char one[LJ_STEM_SIZE], other[LJ_STEM_SIZE];
        lj_stem(stemmer, words[i], strlen(words[i]), one);
        lj_stem(copy, words[i], strlen(words[i]), other);
        assert_string_equal(one, other);
    }
    lj_stemmer_close(copy);
    unlink(path);
    g_free(path);
}

static void
a_spoilt_copy_is_refused(void **state)
{
    size_t length;
    const void *bytes = lj_stemmer_lexicon(*state, &length);
    static const struct {
        const char *what;
        size_t at, keep; /* byte changed; bytes kept, 0 for all */
        int code;
    } cases[] = {
        {"another file", 0, 0, LJ_ERROR_DAMAGED},        {"another version", 8, 0, LJ_ERROR_NEWER},
        {"a changed byte", 100000, 0, LJ_ERROR_DAMAGED}, {"cut", 0, 200000, LJ_ERROR_DAMAGED},
        {"cut in its head", 0, 20, LJ_ERROR_DAMAGED},    {"empty", 0, 1, LJ_ERROR_DAMAGED},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *spoilt = g_memdup2(bytes, length);
        if (cases[i].keep == 0)
            spoilt[cases[i].at] ^= 0x55;
        char *path = written(spoilt, cases[i].keep ? cases[i].keep : length);
        GError *error = NULL;
        struct lj_stemmer *stemmer = lj_stemmer_open(path, &error);
        if (stemmer || !g_error_matches(error, LJ_ERROR, cases[i].code))
            fail_msg("%s: %s", cases[i].what, error ? error->message : "opened");
        g_clear_error(&error);
        unlink(path);
        g_free(path);
        g_free(spoilt);
    }
    assert_null(lj_stemmer_open("/nonexistent/lexicon.bin", NULL));
}

static void
eñe_is_a_letter(void **state)
{
    static const char *const pairs[][2] = {
        {"año", "ano"}, {"caña", "cana"}, {"peña", "pena"}, {"años", "anos"}};
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++)
        if (meet(*state, pairs[i][0], pairs[i][1]))
            fail_msg("%s and %s meet", pairs[i][0], pairs[i][1]);
}

static void
any_length_has_a_stem(void **state)
{
    char word[1024], stem[LJ_STEM_SIZE];
    memset(word, 'a', sizeof word);
    for (size_t n = 1; n < sizeof word; n++) {
        size_t length = lj_stem(*state, word, n, stem);
        assert_true(length > 0 && length < LJ_STEM_SIZE);
    }
    assert_true(lj_stem(*state, "s", 1, stem) > 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(number_makes_no_difference),
        cmocka_unit_test(verbs_meet_their_forms),
        cmocka_unit_test(pronouns_come_off),
        cmocka_unit_test(forms_of_two_words),
        cmocka_unit_test(vos_is_known),
        cmocka_unit_test(different_words_stay_apart),
        cmocka_unit_test(unknown_words_meet_by_their_endings),
        cmocka_unit_test(homographs_are_told),
        cmocka_unit_test(stems_of_known_words_are_their_own),
        cmocka_unit_test(a_copy_stems_alike),
        cmocka_unit_test(a_spoilt_copy_is_refused),
        cmocka_unit_test(eñe_is_a_letter),
        cmocka_unit_test(any_length_has_a_stem),
    };
    return cmocka_run_group_tests_name("stem", tests, open_stemmer, close_stemmer);
}
