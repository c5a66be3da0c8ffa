/* Text → tokens, a table a rule. A token is written folded, with :kind when it is no word,
 * @position, and * when it is a part: "teorico-practico:compound@0* teorico@0 practico@1". */
#include "analyser.h"
#include "analysis/acronym.h"
#include <string.h>

struct row {
    const char *text, *tokens;
};

static char *
print(const char *text, size_t length)
{
    struct lj_tokens *t = lj_tokens_new();
    lj_analyse(analyser, text, length, LJ_ANALYSE_WORDS, t);
    GString *out = g_string_new(NULL);
    for (size_t i = 0; i < t->n; i++) {
        const struct lj_token *token = &t->token[i];
        if (i)
            g_string_append_c(out, ' ');
        g_string_append(out, token->word->folded);
        if (token->kind != LJ_TOKEN_WORD)
            g_string_append_printf(out, ":%s", lj_token_kind_name(token->kind));
        g_string_append_printf(out, "@%u%s", token->position, token->part ? "*" : "");
    }
    lj_tokens_free(t);
    return g_string_free(out, FALSE);
}

static void
check(const struct row *rows, size_t n)
{
    bool good = true;
    for (size_t i = 0; i < n; i++) {
        char *copy = g_memdup2(rows[i].text, strlen(rows[i].text)); /* no NUL: reading past shows */
        char *got = print(copy, strlen(rows[i].text));
        if (strcmp(got, rows[i].tokens) != 0) {
            print_error("%s\n   got %s\n   not %s\n", rows[i].text, got, rows[i].tokens);
            good = false;
        }
        g_free(got);
        g_free(copy);
    }
    assert_true(good);
}
#define CHECK(rows) check(rows, G_N_ELEMENTS(rows))

static void
words_are_separated_and_folded(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"", ""},
        {" \n\t—…¿?", ""},
        {"Tráfico de ARMAS", "trafico@0 de@1 armas@2"},
        {"AÑO año ano an\xcc\x83o", "año@0 año@1 ano@2 año@3"},
        {"pingüino Barça Müller Øre", "pinguino@0 barca@1 muller@2 ore@3"},
        {"oﬁcial ｌｅｙ", "oficial@0 ley@1"},
        {"tra\xcc\x81"
         "fico",
         "trafico@0"},
        {"fin.Luego art.5 a:b _énfasis_ a_b",
         "fin@0 luego@1 art@2 5:number@3 a@4 b@5 enfasis@6 a@7 b@8"},
        {"O’Higgins O'Higgins col·legi", "ohiggins@0 ohiggins@1 collegi@2"},
        {"a\xff"
         "b \xc3 c\xe2\x82",
         "a@0 b@1 c@2"},
        {"«ley», “ley” (ley)", "ley@0 ley@1 ley@2"},
        {"Ελλάς ΕΛΛΑΣ Йод", "ελλασ@0 ελλασ@1 иод@2"},
    };
    CHECK(rows);
}

static void
numbers_are_one_in_both_styles(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"19.924 19924 19,924 19'924",
         "19924:number@0 19924:number@1 19924:number@2 19924:number@3"},
        {"1.234,56 1,234.56", "1234.56:number@0 1234.56:number@1"},
        {"1.234.567,8 1,234,567.8 1'234,567.8",
         "1234567.8:number@0 1234567.8:number@1 1234567.8:number@2"},
        {"70,91 % 0.125 0,50", "70.91:number@0 0.125:number@1 0.50:number@2"},
        {"Ley N° 19.924", "ley@0 n@1 19924:number@2"},
        {"Ley Nº 19.924 N.º 3", "ley@0 n@1 19924:number@2 n@3 3:number@4"},
        {"no", "no@0"},
        {"21.01.2026", "21.01.2026:number@0* 21:number@0 01:number@1 2026:number@2"},
        {"21/01/2026; 1;2", "21:number@0 01:number@1 2026:number@2 1:number@3 2:number@4"},
        {"1\xc2\xa0"
         "234\xe2\x80\xaf"
         "567,5 m",
         "1234567.5:number@0 m@1"},
        {"1 234", "1:number@0 234:number@1"},
        {"2020-2024", "2020:number@0 2024:number@1"},
        {"3 a", "3:number@0 a@1"},
    };
    CHECK(rows);
}

static void
ordinals_fold_to_their_number(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"1o. 1.º 1° 1º 1ª 1.er",
         "1:ordinal@0 1:ordinal@1 1:ordinal@2 1:ordinal@3 1:ordinal@4 1:ordinal@5"},
        {"2da 3er 4to. 15avo", "2:ordinal@0 3:ordinal@1 4:ordinal@2 15:ordinal@3"},
        {"5o. y 6o.", "5:ordinal@0 y@1 6:ordinal@2"},
        {"20A 20a 4O", "20a@0 20:ordinal@1 4:ordinal@2"},
        {"38°C", "38:number@0 c@1"},
        {"4x4", "4x4@0"},
    };
    CHECK(rows);
}

static void
numbers_in_letters_are_figures_too(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"Capítulo IV del TÍTULO XXXVIII",
         "capitulo@0 4:number@1* iv@1 del@2 titulo@3 38:number@4* xxxviii@4"},
        {"primero de enero", "1:number@0* primero@0 de@1 enero@2"},
        {"Juan XXIII, primero de todo, Capítulo\nC, vi",
         "juan@0 xxiii@1 primero@2 de@3 todo@4 capitulo@5 c@6 vi@7"},
    };
    CHECK(rows);
}

static void
acronyms_are_one_with_and_without_stops(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"SRE S.R.E. S.R.E, S. R. E.", "sre@0 sre:acronym@1 sre:acronym@2 sre:acronym@3"},
        {"EE. UU. EE.UU. EEUU EE UU", "eeuu:acronym@0 eeuu:acronym@1 eeuu@2 eeuu:acronym@3"},
        {"FF. AA., CC.AA. y RR. HH.", "ffaa:acronym@0 ccaa:acronym@1 y@2 rrhh:acronym@3"},
        {"S.A. de C.V.", "sa:acronym@0 de@1 cv:acronym@2"},
        {"10 a.m. inciso a.b", "10:number@0 am:acronym@1 inciso@2 a@3 b@4"},
        {"el D.O.F. de", "el@0 dof:acronym@1 de@2"},
        {"LUIS XV. Una", "luis@0 xv@1 una@2"},
    };
    CHECK(rows);
}

static void
line_ends_and_soft_hyphens_join(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"legisla-\nción x", "legislacion@0 legisla@0* cion@0* x@1"},
        {"legisla-\r\n  ción", "legislacion@0 legisla@0* cion@0*"},
        {"LEGISLA-\nCIÓN", "legislacion@0 legisla@0* cion@0*"},
        {"legisla\xc2\xad\nción", "legislacion@0 legisla@0* cion@0*"},
        {"legisla‐\nción legisla¬\nción",
         "legislacion@0 legisla@0* cion@0* legislacion@1 legisla@1* cion@1*"},
        {"legis\xc2\xadla\xc2\xad"
         "ción",
         "legislacion@0"},
        {"franco-\nUruguayo", "franco@0 uruguayo@1"},
        {"lista -\nuno", "lista@0 uno@1"},
        {"lista-\n\nuno", "lista@0 uno@1"},
        {"1990-\n2000", "1990:number@0 2000:number@1"},
    };
    CHECK(rows);
}

static void
both_genders_are_found(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"l@s diputad@s.", "los@0 las@0* diputados@1 diputadas@1*"},
        {"todxs Marx", "todos@0 todas@0* marx@1"},
        {"diputados/as", "diputados@0 diputadas@0*"},
        {"señores/as, señor(a) juez/a", "señores@0 señoras@0* señor@1 señora@1* juez@2 jueza@2*"},
        {"alumna/o persona(s) autor(es)",
         "alumna@0 alumno@0* persona@1 personas@1* autor@2 autores@2*"},
        {"y/o", "y@0 o@1"},
        {"km/s", "km@0 s@1"},
    };
    CHECK(rows);
}

static void
units_are_found_whole_and_by_parts(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"Teórico-Práctico x", "teorico-practico:compound@0* teorico@0 practico@1 x@2"},
        {"COVID-19 69-B",
         "covid-19:compound@0* covid@0 19:number@1 69-b:compound@2* 69:number@2 b@3"},
        {"ex‐juez a‑b",
         "ex-juez:compound@0* exjuez:compound@0* ex@0 juez@1 a-b:compound@2* a@2 b@3"},
        {"Anti-Corrupción co-a", "anti-corrupcion:compound@0* anticorrupcion:compound@0* anti@0 "
                                 "corrupcion@1 co-a:compound@2* co@2 a@3"},
        {"10 km², CO₂ y decreto² H₂O",
         "10:number@0 km2@1 km@1* co2@2 co@2* y@3 decreto@4 h@5 o@6"},
        {"Ley Nº19.924, nº5 nºx",
         "ley@0 19924:number@1 n:number@1* 5:number@2 n:number@2* nox@3"},
        {"juan.perez@sre.gob.mx.",
         "juan.perez@sre.gob.mx:email@0* juan@0 perez@1 sre@2 gob@3 mx@4"},
        {"(https://www.gob.mx/sre/?a=1).",
         "www.gob.mx/sre/?a=1:url@0* https@0 www@1 gob@2 mx@3 sre@4 a@5 1:number@6"},
        {"www.elpais.es argentina.gob.ar", "www.elpais.es:url@0* www@0 elpais@1 es@2 "
                                           "argentina.gob.ar:url@3* argentina@3 gob@4 ar@5"},
        {"fin.es", "fin@0 es@1"},
        {"@gobmx @Gob_MX", "@gobmx:handle@0 gobmx@0* @gob_mx:handle@1 gob@1* mx@2*"},
        {"#LeyDeAguas #3", "#leydeaguas:tag@0 leydeaguas@0* 3:number@1"},
        {"a@b x@", "a@0 b@1 xo@2 xa@2*"},
    };
    CHECK(rows);
}

static void
offsets_are_bytes_of_the_text(void **state)
{
    (void)state;
    const char *text = "«Tráfico» de S.R.E. y legisla-\nción";
    static const struct {
        uint32_t start, end;
    } expected[] = {{2, 10}, {13, 15}, {16, 22}, {23, 24}, {25, 38}, {25, 32}, {34, 39}};
    struct lj_tokens *t = lj_tokens_new();
    lj_analyse(analyser, text, strlen(text), LJ_ANALYSE_DOCUMENT, t);
    assert_int_equal(t->n, 7);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(t->token[i].start, expected[i].start);
        assert_int_equal(t->token[i].end, expected[i].end);
    }
    assert_memory_equal(text + t->token[4].start, "legisla-\nción", 14);
    assert_memory_equal(text + t->token[6].start, "ción", t->token[6].end - t->token[6].start);
    assert_int_equal(t->positions, 5);
    lj_tokens_free(t);
}

static void
overlong_words_are_counted_not_kept(void **state)
{
    (void)state;
    struct lj_tokens *t = lj_tokens_new();
    char *word = g_strnfill(64, 'x');
    char *text = g_strdup_printf("a %s %sx b", word, word);
    lj_analyse(analyser, text, strlen(text), LJ_ANALYSE_DOCUMENT, t);
    assert_int_equal(t->n, 3);
    assert_int_equal(t->overlong, 1);
    assert_int_equal(t->token[2].position, 3); /* no phrase closes over the gap */
    g_free(text);
    g_free(word);
    text = g_strnfill(100000, 'y');
    lj_analyse(analyser, text, 100000, LJ_ANALYSE_DOCUMENT, t);
    assert_int_equal(t->n, 0);
    assert_int_equal(t->overlong, 1);
    g_free(text);
    lj_tokens_free(t);
}

static void
words_know_whether_their_accents_matter(void **state)
{
    (void)state;
    static const struct {
        const char *form;
        bool exact, stop;
    } rows[] = {{"más", true, true},   {"mas", true, true},   {"solo", true, false},
                {"sólo", true, false}, {"ley", false, false}, {"tráfico", true, false},
                {"los", false, true}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct lj_word *word = lj_analyser_word(analyser, rows[i].form, -1);
        assert_string_equal(word->form, rows[i].form);
        assert_int_equal(word->exact, rows[i].exact);
        assert_int_equal(word->stop, rows[i].stop);
    }
    assert_ptr_equal(lj_analyser_word(analyser, "TRÁFICO", -1),
                     lj_analyser_word(analyser, "tráfico", -1));
    assert_string_equal(lj_analyser_word(analyser, "Tráficos", -1)->stem,
                        lj_analyser_word(analyser, "trafico", -1)->stem);
    assert_string_equal(lj_analyser_word(analyser, "S.R.E.", -1)->form, "sre");
    assert_null(lj_analyser_word(analyser, "...", -1));
}

static void
a_trimmed_vocabulary_begins_anew(void **state)
{
    (void)state;
    GError *error = NULL;
    struct lj_analyser *own = lj_analyser_open(NULL, &error);
    assert_non_null(own);
    for (int i = 0; i < 5000; i++) {
        char *word = g_strdup_printf("palabra%d", i);
        assert_int_equal(lj_analyser_word(own, word, -1)->id, i);
        g_free(word);
    }
    assert_int_equal(lj_analyser_words(own), 5000);
    assert_string_equal(lj_analyser_word(own, "palabra17", -1)->folded, "palabra17");
    assert_int_equal(lj_analyser_word(own, "palabra17", -1)->id, 17);
    assert_false(lj_analyser_trim(own, 5000));
    assert_true(lj_analyser_trim(own, 4999));
    assert_int_equal(lj_analyser_words(own), 0);
    assert_int_equal(lj_analyser_word(own, "otra", -1)->id, 0);
    assert_true(g_str_has_prefix(lj_analyser_version(own), "2 es "));
    lj_analyser_close(own);
    lj_analyser_close(NULL);
}

static void
folding_keeps_what_is_no_letter(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"Tráf*", "traf*"},       {"¿AÑO?", "¿año?"},     {"O'Higgins", "o'higgins"},
        {"ＬＥＹ ﬁn", "ley fin"}, {"an\xcc\x83o", "año"}, {"", ""},
        {"\xff", "\xef\xbf\xbd"}, {"Œuvre", "oeuvre"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        GString *out = g_string_new("=");
        lj_fold(rows[i][0], -1, out);
        assert_string_equal(out->str + 1, rows[i][1]);
        g_string_free(out, TRUE);
    }
}

static char *
acronyms(const char *text, enum lj_analysis_mode mode)
{
    struct lj_tokens *t = lj_tokens_new();
    lj_analyse(analyser, text, strlen(text), mode, t);
    GString *out = g_string_new(NULL);
    for (size_t i = 0; i < t->n_mentions; i++)
        if (t->mention[i].kind == LJ_MENTION_ACRONYM) {
            assert_true(t->mention[i].end <= strlen(text) &&
                        t->mention[i].start < t->mention[i].end);
            g_string_append_printf(out, "%s%s", out->len ? "; " : "", t->mention[i].term);
        }
    lj_tokens_free(t);
    return g_string_free(out, FALSE);
}

static void
acronyms_are_learned_where_they_are_explained(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"El titular de la Secretaría de Relaciones Exteriores (SRE) dijo",
         "sre=secretaria de relaciones exteriores"},
        {"la Secretaría de Hacienda y Crédito Público (S.H.C.P.)",
         "shcp=secretaria de hacienda y credito publico"},
        {"el Instituto Nacional de Estadística y\nGeografía (en adelante, el «INEGI»)",
         "inegi=instituto nacional de estadistica y geografia"},
        {"el BPS (Banco de Previsión Social) y", "bps=banco de prevision social"},
        {"impuesto al valor agregado (IVA)", "iva=impuesto al valor agregado"},
        {"Consejo Nacional de Ciencia y Tecnología (CONACyT)",
         "conacyt=consejo nacional de ciencia y tecnologia"},
        /* the whole name, not the end of it that has the letters, and no more */
        {"la Asociación Argentina de Intérpretes (AADI)",
         "aadi=asociacion argentina de interpretes"},
        {"el Consejo Nacional de Coordinación de Políticas Sociales (CNCPS)",
         "cncps=consejo nacional de coordinacion de politicas sociales"},
        {"Créase el Consejo Nacional de Turismo (CONATUR)", "conatur=consejo nacional de turismo"},
        {"en la Argentina la Administración Nacional de la Seguridad Social (ANSES)",
         "anses=administracion nacional de la seguridad social"},
        {"por el Comando General del Ejército (EMGE)", ""},
        /* none of these */
        {"la Ley de Armas (LEY)", ""},
        {"Ministro de Salud (Uruguay)", ""},
        {"el Presidente (BPS)", ""},
        {"Juan Pérez (PRI)", ""},
        {"Relaciones. Exteriores (RE)", ""},
        {"Artículo 5 (AC)", ""},
        {"(SRE", ""},
        {"()()(SRE)", ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        char *got = acronyms(rows[i][0], LJ_ANALYSE_DOCUMENT);
        assert_string_equal(got, rows[i][1]);
        g_free(got);
    }
    char *none = acronyms(rows[0][0], LJ_ANALYSE_QUERY);
    assert_string_equal(none, "");
    g_free(none);
}

static void
the_list_of_acronyms_is_sorted_and_folded(void **state)
{
    (void)state;
    assert_string_equal(lj_acronym_names("sre"), "secretaria de relaciones exteriores");
    for (size_t i = 0; i < lj_acronym_count(); i++) {
        assert_true(i == 0 || strcmp(lj_acronym_at(i - 1), lj_acronym_at(i)) < 0);
        GString *folded = g_string_new(NULL);
        lj_fold(lj_acronym_names(lj_acronym_at(i)), -1, folded);
        assert_string_equal(lj_acronym_names(lj_acronym_at(i)), folded->str);
        g_string_free(folded, TRUE);
    }
    assert_string_equal(lj_acronym_names("adn"), "acido desoxirribonucleico");
    assert_string_equal(lj_acronym_names("ypf"), "yacimientos petroliferos fiscales");
    assert_string_equal(lj_acronym_names("eeuu"), "estados unidos\testados unidos de america");
    assert_null(lj_acronym_names("zzz"));
    assert_null(lj_acronym_names(""));
    assert_string_equal(lj_acronym_of("naciones unidas"), "nnuu");
    assert_string_equal(lj_acronym_of("estados unidos de america"), "eeuu");
    assert_null(lj_acronym_of("unidos"));
    assert_null(lj_acronym_of(""));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_separated_and_folded),
        cmocka_unit_test(numbers_are_one_in_both_styles),
        cmocka_unit_test(ordinals_fold_to_their_number),
        cmocka_unit_test(numbers_in_letters_are_figures_too),
        cmocka_unit_test(acronyms_are_one_with_and_without_stops),
        cmocka_unit_test(line_ends_and_soft_hyphens_join),
        cmocka_unit_test(both_genders_are_found),
        cmocka_unit_test(units_are_found_whole_and_by_parts),
        cmocka_unit_test(offsets_are_bytes_of_the_text),
        cmocka_unit_test(overlong_words_are_counted_not_kept),
        cmocka_unit_test(words_know_whether_their_accents_matter),
        cmocka_unit_test(a_trimmed_vocabulary_begins_anew),
        cmocka_unit_test(folding_keeps_what_is_no_letter),
        cmocka_unit_test(acronyms_are_learned_where_they_are_explained),
        cmocka_unit_test(the_list_of_acronyms_is_sorted_and_folded),
    };
    return cmocka_run_group_tests(tests, open_analyser, close_analyser);
}
