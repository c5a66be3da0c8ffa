/* How good is the stemmer? Pairwise precision, recall and F1 of conflation over form–lemma data.
 *
 *     build/tests/quality_stemmer [--examples=N] [--least=N] [--at-least=F1] [--accents]
 *
 * Two forms are a right pair when they share a lemma; the stemmer says a pair where their stems are
 * the same. Only forms met --least times (3) in real text count: $LEGAJO_CORPORA/medio.jsonl and
 * the treebanks. The data are $LEGAJO_DATA/ling/lemas (forms and lemmas a list gives) and ling/ud
 * (those treebanks show: a form there has the lemmas it was met with, so that many a right pair
 * counts as wrong). Snowball on the word as written and on the folded word stand beside for
 * comparison.
 *
 * "withheld" measures the rules for words no dictionary has: the lexicon is compiled five times
 * without a tenth of its lemmas, and the forms it then does not know are stemmed.
 *
 * --examples prints the wrong pairs, those first whose rarer form is the most frequent. --accents
 * tries instead that no accent changes a stem and ñ always does, over all words at hand. Exit: 0; 1
 * under --at-least or where --accents finds one; 77 without the data.
 */
#include "analysis/fold.h"
#include "analysis/stem.h"
#include "legajo/analysis.h"
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <libstemmer.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>
#include <unistd.h>

#define FOLDS 5 /* of tenths withheld */

static GHashTable *frequency; /* form → guint, how often it was met */
static guint least = 3;

static guint
times(const char *form)
{
    const guint *n = g_hash_table_lookup(frequency, form);
    return n ? *n : 0;
}

static void
met(const char *form, guint n)
{
    guint *known = g_hash_table_lookup(frequency, form);
    if (!known) {
        known = g_new0(guint, 1);
        g_hash_table_insert(frequency, g_strdup(form), known);
    }
    *known += n;
}

static bool
letters_only(const char *form)
{
    size_t n = strlen(form);
    for (size_t i = 0; i < n;) {
        UChar32 c;
        U8_NEXT(form, i, n, c);
        if (c < 0 || !(u_isalpha(c)))
            return false;
    }
    return n > 0;
}

/* Counts the runs of letters of a text. */
static void
count_words(const char *text, size_t length, guint each, GString *form)
{
    size_t start = 0;
    for (size_t i = 0, next = 0; i <= length; i = next) {
        UChar32 c = 0;
        if (i < length)
            U8_NEXT(text, next, length, c);
        else
            next = length + 1;
        if (c > 0 && (u_isalpha(c) || u_charType(c) == U_NON_SPACING_MARK))
            continue;
        if (i > start) {
            lj_form(text + start, i - start, form);
            met(form->str, each);
        }
        start = next;
    }
}

static char *
data_path(const char *variable, const char *below)
{
    const char *root = getenv(variable);
    char *path = root && *root ? g_build_filename(root, below, NULL) : NULL;
    if (path && access(path, R_OK) == 0)
        return path;
    printf("skipped: %s is not at hand (set %s)\n", below, variable);
    exit(77);
}

static void
read_text(void)
{
    char *path = data_path("LEGAJO_CORPORA", "medio.jsonl");
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t size = 0;
    ssize_t n;
    GString *form = g_string_new(NULL);
    g_assert(file);
    while ((n = getline(&line, &size, file)) > 0) {
        json_t *record = json_loadb(line, (size_t)n, 0, NULL);
        const char *const fields[] = {"title", "text"};
        for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
            const json_t *field = json_object_get(record, fields[i]);
            if (json_is_string(field))
                count_words(json_string_value(field), json_string_length(field), 1, form);
        }
        json_decref(record);
    }
    free(line);
    fclose(file);
    g_free(path);
    g_string_free(form, TRUE);
}

/* ---- form–lemma data ---- */

struct gold {
    const char *name;
    GPtrArray *forms;    /* char *, sorted */
    GHashTable *numbers; /* form → number + 1 */
    GPtrArray *lemmas;   /* by form: GPtrArray of char * (interned) */
};

static struct gold *
gold_new(const char *name)
{
    struct gold *gold = g_new0(struct gold, 1);
    gold->name = name;
    gold->forms = g_ptr_array_new();
    gold->numbers = g_hash_table_new(g_str_hash, g_str_equal);
    gold->lemmas = g_ptr_array_new();
    return gold;
}

static void
gold_add(struct gold *gold, const char *form, const char *lemma)
{
    if (times(form) < least || !letters_only(form))
        return;
    guint number = GPOINTER_TO_UINT(g_hash_table_lookup(gold->numbers, form));
    if (!number) {
        char *kept = g_strdup(form);
        g_ptr_array_add(gold->forms, kept);
        g_ptr_array_add(gold->lemmas, g_ptr_array_new());
        number = gold->forms->len;
        g_hash_table_insert(gold->numbers, kept, GUINT_TO_POINTER(number));
    }
    GPtrArray *lemmas = gold->lemmas->pdata[number - 1];
    const char *interned = g_intern_string(lemma);
    if (!g_ptr_array_find(lemmas, interned, NULL))
        g_ptr_array_add(lemmas, (gpointer)interned);
}

static char **
lines_of(const char *path)
{
    char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL)) {
        fprintf(stderr, "%s: %s\n", path, g_strerror(errno));
        exit(1);
    }
    char **lines = g_strsplit(g_str_has_prefix(text, "\xef\xbb\xbf") ? text + 3 : text, "\n", -1);
    g_free(text);
    return lines;
}

/* lemma <tab> form */
static void
read_lemmas(struct gold *gold, struct gold *all)
{
    char *path = data_path("LEGAJO_DATA", "ling/lemas/lemmatization-es.partial.txt");
    char **lines = lines_of(path);
    GString *form = g_string_new(NULL), *lemma = g_string_new(NULL);
    for (char **line = lines; *line; line++) {
        char **part = g_strsplit(g_strchomp(*line), "\t", -1);
        if (g_strv_length(part) == 2) {
            lj_form(part[0], strlen(part[0]), lemma);
            lj_form(part[1], strlen(part[1]), form);
            struct gold *into[] = {gold, all};
            for (size_t i = 0; i < G_N_ELEMENTS(into); i++) {
                gold_add(into[i], form->str, lemma->str);
                gold_add(into[i], lemma->str, lemma->str);
            }
        }
        g_strfreev(part);
    }
    g_strfreev(lines);
    g_string_free(form, TRUE);
    g_string_free(lemma, TRUE);
    g_free(path);
}

/* form lemma upos count; NULL gold: only counts the forms. */
static void
read_treebanks(struct gold *gold, struct gold *all)
{
    char *path = data_path("LEGAJO_DATA", "ling/ud/form_lemma_upos.tsv");
    char **lines = lines_of(path);
    GString *form = g_string_new(NULL), *lemma = g_string_new(NULL);
    static const char *const no_words[] = {"PUNCT", "SYM", "NUM", "X", NULL};
    for (char **line = lines[0] ? lines + 1 : lines; *line; line++) {
        char **part = g_strsplit(*line, "\t", -1);
        if (g_strv_length(part) == 4) {
            if (!gold) {
                count_words(part[0], strlen(part[0]), (guint)strtoul(part[3], NULL, 10), form);
            } else if (!g_strv_contains(no_words, part[2]) && !strchr(part[1], ' ')) {
                lj_form(part[0], strlen(part[0]), form);
                lj_form(part[1], strlen(part[1]), lemma);
                gold_add(gold, form->str, lemma->str);
                gold_add(all, form->str, lemma->str);
            }
        }
        g_strfreev(part);
    }
    g_strfreev(lines);
    g_string_free(form, TRUE);
    g_string_free(lemma, TRUE);
    g_free(path);
}

/* ---- stemmers ---- */

enum system { OURS, SNOWBALL, SNOWBALL_FOLDED, SYSTEMS };

static const char *const system_names[SYSTEMS] = {"legajo", "Snowball", "Snowball, folded"};
static struct sb_stemmer *snowball;

static const char *
stem_of(enum system system, struct lj_stemmer *stemmer, const char *form)
{
    static GString *folded;
    char out[LJ_STEM_SIZE];
    if (!folded)
        folded = g_string_new(NULL);
    lj_folded(form, strlen(form), folded);
    if (system == OURS) {
        lj_stem(stemmer, folded->str, folded->len, out);
        return g_intern_string(out);
    }
    const char *word = system == SNOWBALL ? form : folded->str;
    const sb_symbol *stem = sb_stemmer_stem(snowball, (const sb_symbol *)word, (int)strlen(word));
    char *copy = g_strndup((const char *)stem, (gsize)sb_stemmer_length(snowball));
    const char *interned = g_intern_string(copy);
    g_free(copy);
    return interned;
}

struct counts {
    guint64 right, said, gold; /* pairs */
};

static GHashTable *
pairs_new(void)
{
    return g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
}

/* All pairs within each group; groups: key → GArray of guint. */
static void
add_pairs(GHashTable *groups, GHashTable *pairs)
{
    GHashTableIter iter;
    gpointer group;
    g_hash_table_iter_init(&iter, groups);
    while (g_hash_table_iter_next(&iter, NULL, &group)) {
        const GArray *members = group;
        for (guint i = 0; i < members->len; i++)
            for (guint k = i + 1; k < members->len; k++) {
                gint64 a = g_array_index(members, guint, i), b = g_array_index(members, guint, k);
                gint64 *pair = g_new(gint64, 1);
                *pair = MIN(a, b) << 32 | MAX(a, b);
                g_hash_table_add(pairs, pair);
            }
    }
}

static void
put(GHashTable *groups, const char *key, guint member)
{
    GArray *members = g_hash_table_lookup(groups, key);
    if (!members) {
        members = g_array_new(FALSE, FALSE, sizeof(guint));
        g_hash_table_insert(groups, (gpointer)key, members);
    }
    g_array_append_val(members, member);
}

struct wrong {
    const char *a, *b;
    guint weight;
};

static int
compare_wrong(gconstpointer x, gconstpointer y)
{
    const struct wrong *a = x, *b = y;
    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    int order = strcmp(a->a, b->a);
    return order ? order : strcmp(a->b, b->b);
}

static void
print_wrong(const char *what, GHashTable *pairs, GHashTable *but, const struct gold *gold, guint n)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(struct wrong));
    GHashTableIter iter;
    gpointer key;
    g_hash_table_iter_init(&iter, pairs);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        if (g_hash_table_contains(but, key))
            continue;
        gint64 pair = *(gint64 *)key;
        struct wrong one = {gold->forms->pdata[pair >> 32], gold->forms->pdata[pair & 0xffffffff],
                            0};
        one.weight = MIN(times(one.a), times(one.b));
        g_array_append_val(all, one);
    }
    g_array_sort(all, compare_wrong);
    printf("    %s (%u pairs):", what, all->len);
    for (guint i = 0; i < all->len && i < n; i++) {
        const struct wrong *one = &g_array_index(all, struct wrong, i);
        printf(" %s/%s", one->a, one->b);
    }
    putchar('\n');
    g_array_free(all, TRUE);
}

/* Counts over those forms of gold for which keep, by number, is set (all when NULL). */
static struct counts
measure(const struct gold *gold, enum system system, struct lj_stemmer *stemmer, const bool *keep,
        guint examples)
{
    GHashTable *by_lemma = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_array_unref);
    GHashTable *by_stem = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_array_unref);
    for (guint i = 0; i < gold->forms->len; i++) {
        if (keep && !keep[i])
            continue;
        const GPtrArray *lemmas = gold->lemmas->pdata[i];
        for (guint k = 0; k < lemmas->len; k++)
            put(by_lemma, lemmas->pdata[k], i);
        put(by_stem, stem_of(system, stemmer, gold->forms->pdata[i]), i);
    }
    GHashTable *right = pairs_new(), *said = pairs_new();
    add_pairs(by_lemma, right);
    add_pairs(by_stem, said);
    struct counts counts = {.said = g_hash_table_size(said), .gold = g_hash_table_size(right)};
    GHashTableIter iter;
    gpointer key;
    g_hash_table_iter_init(&iter, said);
    while (g_hash_table_iter_next(&iter, &key, NULL))
        counts.right += g_hash_table_contains(right, key);
    if (examples) {
        print_wrong("not met", right, said, gold, examples);
        print_wrong("wrongly met", said, right, gold, examples);
    }
    g_hash_table_destroy(right);
    g_hash_table_destroy(said);
    g_hash_table_destroy(by_lemma);
    g_hash_table_destroy(by_stem);
    return counts;
}

static double
print_counts(const char *data, guint forms, const char *system, struct counts c)
{
    double precision = c.said ? (double)c.right / c.said : 0,
           recall = c.gold ? (double)c.right / c.gold : 0,
           f1 = precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
    printf("%-10s %6u forms  %-18s precision %.3f  recall %.3f  F1 %.3f\n", data, forms, system,
           precision, recall, f1);
    return f1;
}

/* The lexicon without the lemmas whose hash is k modulo ten. */
static struct lj_stemmer *
open_without(int k)
{
    char *path = NULL;
    int fd = g_file_open_tmp("lexiconXXXXXX", &path, NULL);
    g_assert(fd >= 0);
    close(fd);
    char *without = g_strdup_printf("--without=%d/10", k);
    const char *arguments[] = {COMPILE_LEXICON, DICTIONARY, AFFIXES, LANGUAGE, path, without, NULL};
    int status = 0;
    GError *error = NULL;
    char *said = NULL;
    g_setenv("ASAN_OPTIONS", "detect_leaks=0", TRUE);
    struct lj_stemmer *stemmer = NULL;
    if (g_spawn_sync(NULL, (char **)arguments, NULL, G_SPAWN_DEFAULT, NULL, NULL, &said, NULL,
                     &status, &error) &&
        g_spawn_check_wait_status(status, &error))
        stemmer = lj_stemmer_open(path, &error);
    if (!stemmer) {
        fprintf(stderr, "%s\n", error->message);
        exit(1);
    }
    g_free(said);
    unlink(path); /* the mapping stays */
    g_free(path);
    g_free(without);
    return stemmer;
}

static bool
knows(struct lj_stemmer *stemmer, const char *form)
{
    GString *folded = g_string_new(NULL);
    lj_folded(form, strlen(form), folded);
    bool known = lj_stemmer_knows(stemmer, folded->str, folded->len);
    g_string_free(folded, TRUE);
    return known;
}

static void
measure_withheld(const struct gold *gold, struct lj_stemmer *whole)
{
    struct counts sum[SYSTEMS] = {0};
    bool *keep = g_new(bool, gold->forms->len);
    guint forms = 0;
    for (int k = 0; k < FOLDS; k++) {
        struct lj_stemmer *stemmer = open_without(k);
        for (guint i = 0; i < gold->forms->len; i++) {
            const char *form = gold->forms->pdata[i];
            keep[i] = knows(whole, form) && !knows(stemmer, form);
            forms += keep[i];
        }
        for (enum system system = 0; system < SYSTEMS; system++) {
            struct counts one = measure(gold, system, stemmer, keep, 0);
            sum[system].right += one.right;
            sum[system].said += one.said;
            sum[system].gold += one.gold;
        }
        lj_stemmer_close(stemmer);
    }
    for (enum system system = 0; system < SYSTEMS; system++)
        print_counts("withheld", forms, system_names[system], sum[system]);
    g_free(keep);
}

/* ---- accents ---- */

/* A form as those write it who leave accents out: á → a, ü → u; tilde: ñ → n. */
static char *
bare(const char *form, bool tilde)
{
    static const char *const pairs[][2] = {{"á", "a"}, {"é", "e"}, {"í", "i"}, {"ó", "o"},
                                           {"ú", "u"}, {"ü", "u"}, {"ñ", "n"}};
    GString *out = g_string_new(form);
    for (guint i = tilde ? 6 : 0; i < (tilde ? 7 : 6); i++)
        g_string_replace(out, pairs[i][0], pairs[i][1], 0);
    return g_string_free(out, FALSE);
}

static int
try_accents(void)
{
    char *dictionary = data_path("LEGAJO_DATA", "ling/ortografia/es_ES.dic"),
         *words = data_path("LEGAJO_DATA", "ling/ortografia/wspanish.txt");
    const char *const lists[] = {dictionary, words};
    GString *form = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
        char **lines = lines_of(lists[i]);
        for (char **line = lines; *line; line++)
            count_words(*line, strcspn(*line, "/\r"), 1, form);
        g_strfreev(lines);
    }
    g_free(dictionary);
    g_free(words);
    struct lj_analyser *analyser = lj_analyser_open(NULL, NULL);
    GHashTableIter iter;
    gpointer key;
    guint tried = 0, accented = 0, tildes = 0, wrong = 0;
    g_hash_table_iter_init(&iter, frequency);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        const char *word = key;
        char *plain = bare(word, false), *apart = g_utf8_normalize(word, -1, G_NORMALIZE_NFD),
             *upper = g_utf8_strup(plain, -1), *other = bare(word, true);
        const char *stem = lj_analyser_word(analyser, word, -1)->stem;
        const char *const spellings[] = {plain, apart, upper};
        for (size_t i = 0; i < G_N_ELEMENTS(spellings); i++) {
            const char *got = lj_analyser_word(analyser, spellings[i], -1)->stem;
            if (strcmp(got, stem) != 0 && wrong++ < 50)
                printf("%s has the stem %s, %s has %s\n", word, stem, spellings[i], got);
        }
        accented += strcmp(plain, word) != 0;
        if (strcmp(other, word) != 0) {
            tildes++;
            const char *got = lj_analyser_word(analyser, other, -1)->stem;
            if (strcmp(got, stem) == 0 && wrong++ < 50)
                printf("%s and %s have one stem, %s\n", word, other, stem);
        }
        tried++;
        g_free(plain);
        g_free(apart);
        g_free(upper);
        g_free(other);
    }
    printf("%u words, %u with accents, %u with ñ: %u wrong\n", tried, accented, tildes, wrong);
    lj_analyser_close(analyser);
    g_string_free(form, TRUE);
    return wrong > 0;
}

int
main(int argc, char **argv)
{
    static const struct option options[] = {{"examples", required_argument, NULL, 'e'},
                                            {"least", required_argument, NULL, 'l'},
                                            {"at-least", required_argument, NULL, 'f'},
                                            {"accents", no_argument, NULL, 'a'},
                                            {0}};
    guint examples = 0;
    double floor_f1 = 0;
    bool accents = false;
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (c == 'e')
            examples = (guint)strtoul(optarg, NULL, 10);
        else if (c == 'l')
            least = (guint)strtoul(optarg, NULL, 10);
        else if (c == 'f')
            floor_f1 = g_ascii_strtod(optarg, NULL);
        else if (c == 'a')
            accents = true;
        else
            return 2;
    }
    frequency = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    read_text();
    read_treebanks(NULL, NULL);
    if (accents) {
        int status = try_accents();
        g_hash_table_destroy(frequency);
        return status;
    }
    struct gold *gold[] = {gold_new("lemas"), gold_new("ud"), gold_new("together")};
    read_lemmas(gold[0], gold[2]);
    read_treebanks(gold[1], gold[2]);
    snowball = sb_stemmer_new("spanish", "UTF_8");
    GError *error = NULL;
    struct lj_stemmer *stemmer = lj_stemmer_open(NULL, &error);
    if (!stemmer) {
        fprintf(stderr, "%s\n", error->message);
        return 1;
    }
    bool low = false;
    for (size_t i = 0; i < G_N_ELEMENTS(gold); i++)
        for (enum system system = 0; system < SYSTEMS; system++) {
            struct counts counts =
                measure(gold[i], system, stemmer, NULL, system == OURS ? examples : 0);
            double f1 =
                print_counts(gold[i]->name, gold[i]->forms->len, system_names[system], counts);
            low |= system == OURS && f1 < floor_f1;
        }
    measure_withheld(gold[2], stemmer);
    lj_stemmer_close(stemmer);
    sb_stemmer_delete(snowball);
    for (size_t i = 0; i < G_N_ELEMENTS(gold); i++) {
        g_ptr_array_set_free_func(gold[i]->forms, g_free);
        g_ptr_array_set_free_func(gold[i]->lemmas, (GDestroyNotify)g_ptr_array_unref);
        g_ptr_array_unref(gold[i]->forms);
        g_ptr_array_unref(gold[i]->lemmas);
        g_hash_table_destroy(gold[i]->numbers);
        g_free(gold[i]);
    }
    g_hash_table_destroy(frequency);
    return low;
}
