/* Segments and letters: the fast way against ICU's, Unicode's own tests, and properties over real
 * texts (LEGAJO_DATA, LEGAJO_CORPORA; skipped without). */
#include "cmocka_all.h"
#include "document/block.h"
#include "analysis/fold.h"
#include "analysis/segment.h"
#include "legajo/analysis.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

static struct lj_segmenter *segmenter;
static struct lj_analyser *analyser;

static bool
same(const struct lj_segments *a, const struct lj_segments *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (a->segment[i].start != b->segment[i].start || a->segment[i].end != b->segment[i].end ||
            a->segment[i].number != b->segment[i].number)
            return false;
    return true;
}

static bool
agree(const char *text, size_t length)
{
    struct lj_segments fast = {0}, reference = {0};
    lj_segment(segmenter, text, length, &fast);
    lj_segment_reference(segmenter, text, length, &reference);
    bool good = same(&fast, &reference);
    lj_segments_clear(&fast);
    lj_segments_clear(&reference);
    return good;
}

/* Every code point between letters, between digits, after a mark and before one. */
static void
every_letter_is_read_as_icu_reads_it(void **state)
{
    (void)state;
    for (gunichar c = 1; c < 0x3100; c++) {
        if (c >= 0xd800 && c < 0xe000)
            continue;
        GString *text = g_string_new(NULL);
        static const char *const frames[][2] = {
            {" a", "b "}, {" 1", "2 "}, {" a'", "b "}, {" a", "\xcc\x81 "}, {" ", ".5,a "}};
        for (size_t i = 0; i < G_N_ELEMENTS(frames); i++) {
            g_string_append(text, frames[i][0]);
            g_string_append_unichar(text, c);
            g_string_append(text, frames[i][1]);
        }
        if (!agree(text->str, text->len))
            fail_msg("U+%04X", (unsigned)c);
        g_string_free(text, TRUE);
    }
}

static void
letters_fold_by_table_as_by_icu(void **state)
{
    (void)state;
    GString *text = g_string_new(NULL), *a = g_string_new(NULL), *b = g_string_new(NULL);
    GString *form = g_string_new(NULL);
    size_t by_table = 0;
    for (gunichar c = 1; c < 0x10000; c++) {
        if (c >= 0xd800 && c < 0xe000)
            continue;
        g_string_assign(text, "n");
        g_string_append_unichar(text, c);
        g_string_append(text, "Z");
        by_table += lj_form(text->str, text->len, a);
        lj_form_reference(text->str, text->len, b);
        if (strcmp(a->str, b->str) != 0)
            fail_msg("form of U+%04X is %s, not %s", (unsigned)c, a->str, b->str);
        g_string_assign(form, a->str);
        lj_folded(form->str, form->len, a);
        lj_folded_reference(form->str, form->len, b);
        if (strcmp(a->str, b->str) != 0)
            fail_msg("U+%04X is folded %s, not %s", (unsigned)c, a->str, b->str);
        /* once folded, folding changes nothing */
        lj_folded(b->str, b->len, a);
        if (strcmp(a->str, b->str) != 0)
            fail_msg("U+%04X folds to %s, then to %s", (unsigned)c, b->str, a->str);
    }
    assert_true(by_table > 190); /* ASCII and Latin-1's letters */
    g_string_free(text, TRUE);
    g_string_free(form, TRUE);
    g_string_free(a, TRUE);
    g_string_free(b, TRUE);
}

/* --- Unicode's tests -----------------------------------------------------------------------------
 */

/* Where we differ from Unicode on purpose (see segment.h): a line with one of these may. */
static bool
differs_on_purpose(gunichar c)
{
    int32_t class = u_getIntPropertyValue((UChar32)c, UCHAR_WORD_BREAK);
    return c == '.' || c == ':' || class == U_WB_EXTENDNUMLET || (class == U_WB_MIDNUM && c != ',');
}

static bool
makes_word(gunichar c)
{
    int32_t class = u_getIntPropertyValue((UChar32)c, UCHAR_WORD_BREAK);
    return class == U_WB_ALETTER || class == U_WB_HEBREW_LETTER || class == U_WB_NUMERIC ||
           class == U_WB_KATAKANA || u_isalpha((UChar32)c);
}

static void
words_break_as_unicode_says(void **state)
{
    (void)state;
    const char *data = g_getenv("LEGAJO_DATA");
    char *path = data ? g_build_filename(data, "ling", "unicode", "WordBreakTest.txt", NULL) : NULL;
    FILE *file = path ? fopen(path, "r") : NULL;
    g_free(path);
    if (!file) {
        print_message("skipped: no WordBreakTest.txt under LEGAJO_DATA\n");
        skip();
    }
    char *line = NULL;
    size_t size = 0, lines = 0, different = 0, wrong = 0;
    struct lj_segments expected = {0}, got = {0};
    while (getline(&line, &size, file) > 0) {
        line[strcspn(line, "#")] = '\0';
        GString *text = g_string_new(NULL);
        size_t start = 0;
        bool word = false, purpose = false;
        expected.n = 0;
        for (char *save, *item = strtok_r(line, " \t\n", &save); item;
             item = strtok_r(NULL, " \t\n", &save)) {
            if (strcmp(item, "÷") == 0) {
                if (word)
                    lj_segments_add(&expected, start, text->len, false);
                start = text->len;
                word = false;
            } else if (strcmp(item, "×") != 0) {
                gunichar c = (gunichar)strtoul(item, NULL, 16);
                g_string_append_unichar(text, c);
                word = word || makes_word(c);
                purpose = purpose || differs_on_purpose(c);
            }
        }
        if (text->len > 0) {
            lines++;
            lj_segment(segmenter, text->str, text->len, &got);
            assert_true(agree(text->str, text->len));
            bool equal = got.n == expected.n;
            for (size_t i = 0; equal && i < got.n; i++)
                equal = got.segment[i].start == expected.segment[i].start &&
                        got.segment[i].end == expected.segment[i].end;
            different += !equal;
            if (!equal && !purpose) {
                wrong++;
                print_error("not as Unicode: %s\n", line);
            }
        }
        g_string_free(text, TRUE);
    }
    free(line);
    fclose(file);
    lj_segments_clear(&expected);
    lj_segments_clear(&got);
    print_message("%zu lines, %zu differ on purpose\n", lines, different);
    assert_true(lines > 1500);
    assert_int_equal(wrong, 0);
}

/* --- real texts ----------------------------------------------------------------------------------
 */

/* The same text with every letter taken apart. */
static GString *
decomposed(const char *text, size_t length)
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t n, m;
    UChar *wide = g_new(UChar, length + 1);
    u_strFromUTF8(wide, (int32_t)length + 1, &n, text, (int32_t)length, &status);
    UChar *apart = g_new(UChar, 3 * length + 1);
    m = unorm2_normalize(unorm2_getNFDInstance(&status), wide, n, apart, 3 * (int32_t)length + 1,
                         &status);
    GString *out = g_string_sized_new(2 * length);
    for (int32_t i = 0; i < m;) {
        UChar32 c;
        U16_NEXT(apart, i, m, c);
        g_string_append_unichar(out, (gunichar)c);
    }
    g_free(wide);
    g_free(apart);
    return out;
}

static void
hold_properties(const char *text, size_t length)
{
    struct lj_tokens *t = lj_tokens_new(), *again = lj_tokens_new();
    assert_true(agree(text, length));
    lj_analyse(analyser, text, length, LJ_ANALYSE_DOCUMENT, t);
    for (size_t i = 0; i < t->n; i++) {
        const struct lj_token *token = &t->token[i];
        lj_analyse(analyser, text + token->start, token->end - token->start, LJ_ANALYSE_QUERY,
                   again);
        bool found = false;
        for (size_t k = 0; k < again->n && !found; k++)
            found = again->token[k].word == token->word;
        /* "IV" behind "Capítulo" is 4 besides: its own word finds it */
        for (size_t k = 0; token->part && k < t->n && !found; k++)
            found = !t->token[k].part && t->token[k].start == token->start &&
                    t->token[k].end == token->end;
        if (!found)
            fail_msg("%s (%.*s) does not find itself", token->word->form,
                     (int)(token->end - token->start), text + token->start);
    }
    GString *apart = decomposed(text, length);
    lj_analyse(analyser, apart->str, apart->len, LJ_ANALYSE_WORDS, again);
    for (size_t i = 0; i < MIN(t->n, again->n); i++)
        if (t->token[i].word != again->token[i].word ||
            t->token[i].position != again->token[i].position)
            fail_msg("%s becomes %s taken apart", t->token[i].word->form,
                     again->token[i].word->form);
    assert_int_equal(again->n, t->n);
    g_string_free(apart, TRUE);
    lj_tokens_free(t);
    lj_tokens_free(again);
}

/* The string value of "text" in a line of JSON, unescaped as far as these corpora need. */
static GString *
text_of(const char *line)
{
    GString *out = g_string_new(NULL);
    const char *p = strstr(line, "\"text\": \"");
    for (p = p ? p + 9 : ""; *p && *p != '"'; p++) {
        if (*p != '\\') {
            g_string_append_c(out, *p);
        } else if (*++p == 'u') {
            char digits[5] = {0};
            strncpy(digits, p + 1, 4);
            gunichar c = (gunichar)strtoul(digits, NULL, 16);
            g_string_append_unichar(out, c >= 0xd800 && c < 0xe000 ? 0xfffd : c);
            p += MIN(strlen(p), 5) - 1;
        } else {
            g_string_append_c(out, *p == 'n' ? '\n' : *p == 't' ? '\t' : *p == 'r' ? '\r' : *p);
        }
    }
    return out;
}

static void
real_texts_hold_the_properties(void **state)
{
    (void)state;
    const char *corpora = g_getenv("LEGAJO_CORPORA");
    if (!corpora) {
        print_message("skipped: LEGAJO_CORPORA is not set\n");
        skip();
    }
    static const char *const files[] = {"medio.jsonl", "ar_infoleg.jsonl"};
    size_t texts = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        char *path = g_build_filename(corpora, files[i], NULL);
        FILE *file = fopen(path, "r");
        g_free(path);
        if (!file)
            continue;
        char *line = NULL;
        size_t size = 0, bytes = 0;
        /* every 40th document, up to a megabyte a corpus */
        for (size_t n = 0; bytes < 1000000 && getline(&line, &size, file) > 0; n++) {
            if (n % 40)
                continue;
            GString *text = text_of(line);
            hold_properties(text->str, text->len);
            bytes += text->len;
            texts++;
            g_string_free(text, TRUE);
            lj_analyser_trim(analyser, 100000);
        }
        free(line);
        fclose(file);
    }
    print_message("%zu texts\n", texts);
    assert_true(texts > 0);
}

static int
set_up(void **state)
{
    (void)state;
    segmenter = lj_segmenter_new();
    analyser = lj_analyser_open(NULL, NULL);
    return analyser ? 0 : -1;
}

static int
tear_down(void **state)
{
    (void)state;
    lj_segmenter_free(segmenter);
    lj_analyser_close(analyser);
    return 0;
}

/* Sixty-four bytes at once are sixty-four bytes: every byte at every place, and any beside it. */
static void
blocks_say_what_bytes_do(void **state)
{
    (void)state;
    GRand *rand = g_rand_new_with_seed(1);
    for (unsigned round = 0; round < 256 * 64; round++) {
        char text[64];
        for (size_t i = 0; i < sizeof text; i++)
            text[i] = (char)g_rand_int(rand);
        text[round / 256] = (char)round;
        struct lj_block fast = lj_block_of(text), plain = lj_block_by_bytes(text);
        assert_memory_equal(&fast, &plain, sizeof fast);
    }
    g_rand_free(rand);
}

/* What a segment is does not depend on where it stands: before it are as many blanks as a block has
 * bytes, one more each time. */
static void
segments_do_not_depend_on_blocks(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "El Señor Ñandú, D'Ávila y O’Higgins: 1.234,56 (año 2026), l·l a..b ''c'' ,d, .5 6.",
        "x,1 1,x x.y 1'000 ª 1º ÁÉ áé× ÷ñ ñ÷ñ ª.b ..",
        "niñ\xc3 \xc3\xb1 a\xc3\xc3\xa1 \xe2\x80 b\xa1 \xe2\xc3\xa1",
        "abc שלום,def ไทย.9 漢字x añ",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        for (size_t blanks = 0; blanks < 70; blanks++) {
            GString *text = g_string_new(NULL);
            for (size_t k = 0; k < blanks; k++)
                g_string_append_c(text, ' ');
            for (size_t copy = 0; copy < 3; copy++)
                g_string_append(text, texts[i]);
            struct lj_segments fast = {0}, reference = {0};
            lj_segment(segmenter, text->str, text->len, &fast);
            lj_segment_reference(segmenter, text->str, text->len, &reference);
            assert_true(same(&fast, &reference));
            lj_segments_clear(&fast);
            lj_segments_clear(&reference);
            g_string_free(text, TRUE);
        }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_say_what_bytes_do),
        cmocka_unit_test(segments_do_not_depend_on_blocks),
        cmocka_unit_test(every_letter_is_read_as_icu_reads_it),
        cmocka_unit_test(letters_fold_by_table_as_by_icu),
        cmocka_unit_test(words_break_as_unicode_says),
        cmocka_unit_test(real_texts_hold_the_properties),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
