/* How fast does text become tokens? MB/s of one core, over the texts of a JSONL file:
 *
 *     bench_analysis $LEGAJO_CORPORA/medio.jsonl [ROUNDS [NAME]]
 *
 * Side by side: ICU's word boundaries alone, the reference segmentation, the scanner, the whole
 * analyser without and with mentions; each also as a multiple of ICU's speed in this run, since
 * machines and their other work differ. Best of ROUNDS (3). */
#include "analysis/segment.h"
#include "legajo/analysis.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unicode/ubrk.h>
#include <unicode/utext.h>

struct texts {
    GPtrArray *text; /* GString */
    size_t bytes;
};

static struct texts
load(const char *path)
{
    struct texts texts = {g_ptr_array_new(), 0};
    FILE *file = fopen(path, "r");
    if (!file) {
        perror(path);
        exit(66);
    }
    char *line = NULL;
    size_t size = 0;
    for (ssize_t n; (n = getline(&line, &size, file)) > 0;) {
        json_t *record = json_loadb(line, (size_t)n, 0, NULL);
        json_t *text = json_object_get(record, "text");
        if (json_is_string(text)) {
            size_t length = json_string_length(text);
            g_ptr_array_add(texts.text, g_string_new_len(json_string_value(text), (gssize)length));
            texts.bytes += length;
        }
        json_decref(record);
    }
    free(line);
    fclose(file);
    return texts;
}

/* Microseconds of processor time: others may be at work on the machine. */
static gint64
cpu_time(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec * G_GINT64_CONSTANT(1000000) + now.tv_nsec / 1000;
}

static struct lj_segmenter *segmenter;
static struct lj_segments segments;
static struct lj_analyser *analyser;
static struct lj_tokens *tokens;
static UBreakIterator *icu;

static size_t
plain_icu(const char *text, size_t length)
{
    UErrorCode status = U_ZERO_ERROR;
    UText source = UTEXT_INITIALIZER;
    utext_openUTF8(&source, text, (int64_t)length, &status);
    ubrk_setUText(icu, &source, &status);
    size_t n = 0;
    while (ubrk_next(icu) != UBRK_DONE)
        n += ubrk_getRuleStatus(icu) >= UBRK_WORD_NUMBER;
    utext_close(&source);
    return n;
}

static size_t
reference(const char *text, size_t length)
{
    lj_segment_reference(segmenter, text, length, &segments);
    return segments.n;
}

static size_t
scanner(const char *text, size_t length)
{
    lj_segment(segmenter, text, length, &segments);
    return segments.n;
}

static size_t
words(const char *text, size_t length)
{
    lj_analyse(analyser, text, length, LJ_ANALYSE_WORDS, tokens);
    return tokens->n;
}

static size_t
document(const char *text, size_t length)
{
    lj_analyse(analyser, text, length, LJ_ANALYSE_DOCUMENT, tokens);
    return tokens->n;
}

int
main(int argc, char **argv)
{
    const char *corpora = g_getenv("LEGAJO_CORPORA");
    char *path = argc > 1  ? g_strdup(argv[1])
                 : corpora ? g_build_filename(corpora, "medio.jsonl", NULL)
                           : NULL;
    if (!path) {
        puts("skipped: LEGAJO_CORPORA is not set");
        return 77;
    }
    int rounds = argc > 2 ? atoi(argv[2]) : 3;
    struct texts texts = load(path);
    UErrorCode status = U_ZERO_ERROR;
    icu = ubrk_open(UBRK_WORD, "", NULL, 0, &status);
    segmenter = lj_segmenter_new();
    tokens = lj_tokens_new();
    static const struct {
        const char *name;
        size_t (*run)(const char *text, size_t length);
    } runs[] = {{"icu", plain_icu},
                {"reference", reference},
                {"scanner", scanner},
                {"words", words},
                {"document", document}};
    double plain = 0; /* ICU's speed */
    for (size_t k = 0; k < G_N_ELEMENTS(runs); k++) {
        if (argc > 3 && strcmp(argv[3], runs[k].name) != 0)
            continue;
        gint64 best = G_MAXINT64;
        size_t n = 0;
        for (int round = 0; round < rounds; round++) {
            analyser =
                lj_analyser_open(NULL, NULL); /* a vocabulary that must be learned each time */
            gint64 start = cpu_time();
            n = 0;
            for (size_t i = 0; i < texts.text->len; i++) {
                const GString *text = texts.text->pdata[i];
                n += runs[k].run(text->str, text->len);
            }
            best = MIN(best, cpu_time() - start);
            lj_analyser_close(analyser);
        }
        double speed = (double)texts.bytes / (double)best;
        if (runs[k].run == plain_icu)
            plain = speed;
        printf("%s\t%.1f\tMB/s", runs[k].name, speed);
        if (plain > 0)
            printf("\t%.2f of icu", speed / plain);
        printf("\t%zu tokens\n", n);
        fflush(stdout);
    }
    gint64 start = cpu_time();
    for (int i = 0; i < 100; i++)
        lj_analyser_close(lj_analyser_open(NULL, NULL));
    printf("open\t%.1f\tus\n", (double)(cpu_time() - start) / 100);
    g_free(path);
    return 0;
}
