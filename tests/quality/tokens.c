/* The fast ways of the analysis against the plain ones, over whole corpora:
 *
 *     quality_tokens [CORPORA]        $LEGAJO_CORPORA where none is given
 *
 * The scanner's segments are those of ICU's rules (lj_segment_reference); the analyser's dates and
 * citations are those that are found by looking at every word of the text (lj_mentions_find). Prints
 * a line a corpus; exit 1 where anything differs, 77 without corpora. */
#include "analysis/mention.h"
#include "analysis/segment.h"
#include "legajo/analysis.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct check {
    struct lj_segmenter *segmenter;
    struct lj_segments fast, reference;
    struct lj_analyser *analyser;
    struct lj_tokens *tokens;
    size_t texts, bytes, segments, mentions, faults;
};

static void
fault(struct check *check, const char *what, size_t start, size_t end)
{
    if (check->faults++ < 10)
        fprintf(stderr, "text %zu: %s at %zu-%zu\n", check->texts, what, start, end);
}

static void
check_segments(struct check *check, const char *text, size_t length)
{
    lj_segment(check->segmenter, text, length, &check->fast);
    lj_segment_reference(check->segmenter, text, length, &check->reference);
    const struct lj_segment *a = check->fast.segment, *b = check->reference.segment;
    size_t n = MIN(check->fast.n, check->reference.n), i = 0;
    while (i < n && a[i].start == b[i].start && a[i].end == b[i].end && a[i].number == b[i].number)
        i++;
    if (i < n)
        fault(check, "other segments", a[i].start, a[i].end);
    else if (check->fast.n != check->reference.n)
        fault(check, "more or fewer segments", length, length);
    check->segments += check->fast.n;
}

struct expected {
    struct check *check;
    const struct lj_mention *mention;
    size_t left;
};

static void
expect_mention(void *data, enum lj_mention_kind kind, size_t start, size_t end, const char *term,
               size_t length)
{
    struct expected *expected = data;
    const struct lj_mention *mention = expected->mention;
    if (expected->left == 0 || mention->kind != kind || mention->start != start ||
        mention->end != end || strlen(mention->term) != length ||
        memcmp(mention->term, term, length) != 0) {
        fault(expected->check, term, start, end);
        return;
    }
    expected->mention++;
    expected->left--;
}

static void
check_mentions(struct check *check, const char *text, size_t length)
{
    lj_analyse(check->analyser, text, length, LJ_ANALYSE_DOCUMENT, check->tokens);
    struct expected expected = {check, check->tokens->mention, check->tokens->n_mentions};
    lj_mentions_find(text, length, expect_mention, &expected);
    /* acronyms come last, and are not found by words */
    if (expected.left > 0 && expected.mention->kind != LJ_MENTION_ACRONYM)
        fault(check, expected.mention->term, expected.mention->start, expected.mention->end);
    check->mentions += check->tokens->n_mentions;
    lj_analyser_trim(check->analyser, 200000);
}

static void
check_text(struct check *check, const char *text, size_t length)
{
    check_segments(check, text, length);
    check_mentions(check, text, length);
    check->texts++;
    check->bytes += length;
}

static void
check_records(struct check *check, const char *path)
{
    FILE *file = fopen(path, "r");
    if (!file)
        return;
    char *line = NULL;
    size_t size = 0;
    for (ssize_t n; (n = getline(&line, &size, file)) > 0;) {
        json_t *record = json_loadb(line, (size_t)n, 0, NULL);
        json_t *text = json_object_get(record, "text");
        if (json_is_string(text))
            check_text(check, json_string_value(text), json_string_length(text));
        json_decref(record);
    }
    free(line);
    fclose(file);
}

static void
check_folder(struct check *check, const char *path)
{
    GDir *dir = g_dir_open(path, 0, NULL);
    if (!dir)
        return;
    for (const char *name; (name = g_dir_read_name(dir));) {
        char *file = g_build_filename(path, name, NULL), *text;
        size_t length;
        if (g_file_test(file, G_FILE_TEST_IS_DIR)) {
            check_folder(check, file);
        } else if (g_file_get_contents(file, &text, &length, NULL)) {
            check_text(check, text, length);
            g_free(text);
        }
        g_free(file);
    }
    g_dir_close(dir);
}

int
main(int argc, char **argv)
{
    static const char *const names[] = {"medio.jsonl", "ar_infoleg.jsonl", "uy_leyes_md",
                                        "mx_mananeras_txt"};
    const char *corpora = argc > 1 ? argv[1] : g_getenv("LEGAJO_CORPORA");
    if (!corpora) {
        puts("skipped: LEGAJO_CORPORA is not set");
        return 77;
    }
    struct check check = {.segmenter = lj_segmenter_new(),
                          .analyser = lj_analyser_open(NULL, NULL),
                          .tokens = lj_tokens_new()};
    size_t faults = 0, texts = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        check.texts = check.bytes = check.segments = check.mentions = check.faults = 0;
        char *path = g_build_filename(corpora, names[i], NULL);
        if (g_str_has_suffix(path, ".jsonl"))
            check_records(&check, path);
        else
            check_folder(&check, path);
        g_free(path);
        printf("%s\t%zu texts\t%.1f MB\t%zu segments\t%zu mentions\t%zu differ\n", names[i],
               check.texts, (double)check.bytes / 1e6, check.segments, check.mentions,
               check.faults);
        fflush(stdout);
        faults += check.faults;
        texts += check.texts;
    }
    lj_tokens_free(check.tokens);
    lj_analyser_close(check.analyser);
    lj_segments_clear(&check.fast);
    lj_segments_clear(&check.reference);
    lj_segmenter_free(check.segmenter);
    if (texts == 0) {
        printf("skipped: no corpus in %s\n", corpora);
        return 77;
    }
    return faults > 0;
}
