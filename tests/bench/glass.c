/* How fast do documents become a database? MB of text per second of one core:
 *
 *     bench_glass $LEGAJO_CORPORA/medio.jsonl [MEGABYTES [ROUNDS [WAY]]]
 *
 * invert: text to what Xapian gets of it, analysis included. The others start from there: library
 * (WritableDatabase and commit), batches (as the index builds without the bulk builder: scratch
 * databases, compacted), bulk, bulk with term lists deflated. Then the same for words with
 * positions and stems without, the least an index needs, from numbered terms: the hot path of the
 * builder. Processor time, all threads; rounds interleaved, best of each; with sizes. */
#include "glass/glass.h"
#include "index/prepared.h"
#include <dirent.h>
#include <glib/gstdio.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#define BATCH (4u << 20)
#define MEMORY (256u << 20)

struct texts {
    GPtrArray *documents; /* struct lj_document */
    GPtrArray *prepared;  /* struct lj_prepared */
    size_t bytes;
};

static struct lj_analyser *analyser;
static struct texts texts;
static char *folder;

static void
die(const GError *error)
{
    fprintf(stderr, "%s\n", error->message);
    exit(70);
}

static void
load(const char *path, size_t most)
{
    FILE *file = fopen(path, "r");
    if (!file) {
        perror(path);
        exit(66);
    }
    texts.documents = g_ptr_array_new();
    texts.prepared = g_ptr_array_new_with_free_func((GDestroyNotify)lj_prepared_free);
    char *line = NULL;
    size_t size = 0;
    for (ssize_t n; texts.bytes < most && (n = getline(&line, &size, file)) > 0;) {
        json_t *record = json_loadb(line, (size_t)n, 0, NULL);
        json_t *text = json_object_get(record, "text");
        if (json_is_string(text)) {
            struct lj_document *document = lj_document_new();
            lj_document_set_text(document, json_string_value(text),
                                 (gssize)json_string_length(text));
            document->id = g_strdup_printf("bench#%u", texts.documents->len + 1);
            const char *title = json_string_value(json_object_get(record, "title"));
            if (title)
                lj_document_add_field(document, "title", title);
            g_ptr_array_add(texts.documents, document);
            texts.bytes += json_string_length(text);
        }
        json_decref(record);
    }
    free(line);
    fclose(file);
}

/* Microseconds of processor time of all threads: others may be at work on the machine. */
static gint64
cpu_time(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec * G_GINT64_CONSTANT(1000000) + now.tv_nsec / 1000;
}

static void
remove_tree(const char *path)
{
    const char *argv[] = {"rm", "-rf", path, NULL};
    g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                 NULL);
}

static double
folder_size(const char *path)
{
    double size = 0;
    DIR *dir = opendir(path);
    struct dirent *entry;
    struct stat st;
    while (dir && (entry = readdir(dir)))
        if (fstatat(dirfd(dir), entry->d_name, &st, 0) == 0 && S_ISREG(st.st_mode))
            size += (double)st.st_size;
    if (dir)
        closedir(dir);
    return size;
}

/* --- the ways ----------------------------------------------------------------------------------
 */

static const struct lj_origin origin = {"bench", "bench.jsonl", NULL};

static void
by_inverting(const char *target)
{
    (void)target;
    struct lj_inverter *inverter = lj_inverter_new(analyser);
    for (guint i = 0; i < texts.documents->len; i++)
        lj_invert(inverter, texts.documents->pdata[i], &origin);
    lj_inverter_free(inverter);
}

static void
put(struct xap_writer *writer, guint i)
{
    GError *error = NULL;
    const struct lj_prepared *p = texts.prepared->pdata[i];
    if (!lj_put_document(writer, 0, &p->document, p->frames, p->id, &error))
        die(error);
}

static void
by_library(const char *target)
{
    GError *error = NULL;
    struct xap_writer *writer = lj_xap_writer_open(target, XAP_SCRATCH, &error);
    for (guint i = 0; !error && i < texts.prepared->len; i++)
        put(writer, i);
    if (error || !lj_xap_writer_commit(writer, &error))
        die(error);
    lj_xap_writer_close(writer);
}

static void
by_batches(const char *target)
{
    GError *error = NULL;
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < texts.prepared->len;) {
        char *path = g_strdup_printf("%s-%u", target, paths->len);
        struct xap_writer *writer = lj_xap_writer_open(path, XAP_SCRATCH, &error);
        g_ptr_array_add(paths, path);
        for (size_t bytes = 0; !error && bytes < BATCH && i < texts.prepared->len; i++) {
            put(writer, i);
            bytes += ((struct lj_prepared *)texts.prepared->pdata[i])->text_bytes;
        }
        if (error || !lj_xap_writer_commit(writer, &error))
            die(error);
        lj_xap_writer_close(writer);
    }
    if (!lj_xap_compact((const char *const *)paths->pdata, paths->len, target, false, false,
                        &error))
        die(error);
    for (guint i = 0; i < paths->len; i++)
        remove_tree(paths->pdata[i]);
    g_ptr_array_unref(paths);
}

static void
in_bulk(const char *target, bool deflate)
{
    GError *error = NULL;
    struct lj_glass *glass = lj_glass_open(target, MEMORY, &error);
    if (!glass)
        die(error);
    lj_glass_set_deflate(glass, deflate);
    for (guint i = 0; i < texts.prepared->len; i++) {
        const struct lj_prepared *p = texts.prepared->pdata[i];
        if (!lj_glass_add(glass, i + 1, &p->document, &error))
            die(error);
        char key[16];
        for (guint k = 0; k < p->frames->len; k++) {
            gsize size;
            const char *bytes = g_bytes_get_data(p->frames->pdata[k], &size);
            lj_glass_set_metadata(glass, key, lj_stored_frame_key(p->id, k + 1, key), bytes, size,
                                  &error);
        }
    }
    if (!lj_glass_finish(glass, &error))
        die(error);
    lj_glass_free(glass);
}

static void
by_glass(const char *target)
{
    in_bulk(target, false);
}

static void
by_deflating_glass(const char *target)
{
    in_bulk(target, true);
}

/* --- the hot path ------------------------------------------------------------------------------
 */

/* Tokens as word numbers; each word's term and stem are looked up once a run of the builder. */
struct token {
    uint32_t word, position;
};

struct words {
    GArray *tokens; /* struct token */
    GArray *ends;   /* size_t: of each document */
    GPtrArray *folded, *stem;
};

static struct words words;

static void
analyse_words(void)
{
    struct lj_tokens *tokens = lj_tokens_new();
    words.tokens = g_array_new(FALSE, FALSE, sizeof(struct token));
    words.ends = g_array_new(FALSE, FALSE, sizeof(size_t));
    words.folded = g_ptr_array_new();
    words.stem = g_ptr_array_new();
    for (guint i = 0; i < texts.documents->len; i++) {
        const struct lj_document *document = texts.documents->pdata[i];
        lj_analyse(analyser, document->text->str, document->text->len, LJ_ANALYSE_WORDS, tokens);
        g_ptr_array_set_size(words.folded, (gint)lj_analyser_words(analyser));
        g_ptr_array_set_size(words.stem, (gint)lj_analyser_words(analyser));
        for (size_t k = 0; k < tokens->n; k++) {
            const struct lj_word *word = tokens->token[k].word;
            struct token token = {word->id, tokens->token[k].position};
            g_array_append_val(words.tokens, token);
            if (!words.folded->pdata[word->id]) {
                words.folded->pdata[word->id] = g_strndup(word->folded, word->folded_length);
                words.stem->pdata[word->id] =
                    g_strdup_printf("Z%.*s", word->stem_length, word->stem);
            }
        }
        size_t end = words.tokens->len;
        g_array_append_val(words.ends, end);
    }
    lj_tokens_free(tokens);
}

static void
by_hot_path(const char *target)
{
    GError *error = NULL;
    struct lj_glass *glass = lj_glass_open(target, MEMORY, &error);
    if (!glass)
        die(error);
    uint32_t *term = g_new(uint32_t, words.folded->len);
    struct lj_glass_occurrence *occurrence = NULL;
    size_t allocated = 0, begin = 0;
    unsigned epoch = 0;
    for (guint i = 0; i < words.ends->len; i++) {
        size_t end = g_array_index(words.ends, size_t, i), n = end - begin;
        if (epoch != lj_glass_epoch(glass)) {
            epoch = lj_glass_epoch(glass);
            memset(term, 0xff, words.folded->len * sizeof *term);
        }
        if (n > allocated) {
            allocated = 2 * n;
            occurrence = g_renew(struct lj_glass_occurrence, occurrence, allocated);
        }
        for (size_t k = 0; k < n; k++) {
            const struct token *token = &g_array_index(words.tokens, struct token, begin + k);
            if (term[token->word] == UINT32_MAX) {
                const char *folded = words.folded->pdata[token->word];
                const char *stem = words.stem->pdata[token->word];
                term[token->word] = lj_glass_term(glass, folded, strlen(folded));
                lj_glass_imply(glass, term[token->word], lj_glass_term(glass, stem, strlen(stem)));
            }
            occurrence[k] = (struct lj_glass_occurrence){term[token->word], 1 + token->position};
        }
        struct lj_glass_text text = {.occurrences = occurrence, .n_occurrences = n};
        if (!lj_glass_add_text(glass, i + 1, &text, &error))
            die(error);
        begin = end;
    }
    if (!lj_glass_finish(glass, &error))
        die(error);
    lj_glass_free(glass);
    g_free(occurrence);
    g_free(term);
}

/* --- side by side ------------------------------------------------------------------------------
 */

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
    load(path, (size_t)(argc > 2 ? atoi(argv[2]) : 1000) << 20);
    int rounds = argc > 3 ? atoi(argv[3]) : 2;
    GError *error = NULL;
    analyser = lj_analyser_open(NULL, &error);
    folder = g_dir_make_tmp("legajo-bench-XXXXXX", &error);
    if (error)
        die(error);
    struct lj_inverter *inverter = lj_inverter_new(analyser);
    for (guint i = 0; i < texts.documents->len; i++)
        g_ptr_array_add(texts.prepared,
                        lj_prepared_copy(lj_invert(inverter, texts.documents->pdata[i], &origin)));
    lj_inverter_free(inverter);
    analyse_words();
    printf("%u documents, %.1f MB\n", texts.documents->len, (double)texts.bytes / 1e6);

    static const struct {
        const char *name;
        void (*run)(const char *target);
    } ways[] = {{"invert", by_inverting},
                {"library", by_library},
                {"batches", by_batches},
                {"bulk", by_glass},
                {"bulk, deflated", by_deflating_glass},
                {"hot path", by_hot_path}};
    gint64 best[G_N_ELEMENTS(ways)];
    double size[G_N_ELEMENTS(ways)];
    for (int round = 0; round < rounds; round++) {
        for (size_t k = 0; k < G_N_ELEMENTS(ways); k++) {
            if (argc > 4 && strcmp(argv[4], ways[k].name) != 0)
                continue;
            char *target = g_build_filename(folder, "db", NULL);
            gint64 start = cpu_time();
            ways[k].run(target);
            gint64 taken = cpu_time() - start;
            best[k] = round ? MIN(best[k], taken) : taken;
            size[k] = folder_size(target);
            remove_tree(target);
            g_free(target);
        }
    }
    for (size_t k = 0; k < G_N_ELEMENTS(ways); k++)
        if (argc <= 4 || strcmp(argv[4], ways[k].name) == 0)
            printf("%s\t%.1f\tMB/s\t%.1f\tMB\n", ways[k].name, (double)texts.bytes / (double)best[k],
               size[k] / 1e6);
    remove_tree(folder);
    g_free(folder);
    g_free(path);
    return 0;
}
