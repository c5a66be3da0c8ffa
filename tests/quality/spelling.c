/* How many misspellings are put right, and how fast.
 *
 *     spelling --jsonl=FILE [--words=N] [--pairs=FILE]… [--generate=N] [--verbose]
 * [--at-least=SHARE]
 *
 * The words of an archive (the field "text" of JSON records) make a list; --words fills it up to N
 * with variations of them, for timing. Pairs are lines "wrong<TAB>right" or "wrong=right" ('#'
 * begins a comment; of several right ones, parted by '|', any counts); only those whose right word
 * the archive holds count, accents aside. --generate makes N misspellings of words of the archive.
 * A row a set: how many, share right at first place and among five, milliseconds of processor time
 * each (median, 95%, most, and which word took the most).
 */
#include "index/wordlist.h"
#include "legajo/query.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct lj_analyser *analyser;

struct pair {
    char *wrong, *right;
};

static void
count(GHashTable *table, const char *word, uint32_t document)
{
    uint32_t *entry = g_hash_table_lookup(table, word); /* document last seen in, df */
    if (!entry) {
        entry = g_new0(uint32_t, 2);
        g_hash_table_insert(table, g_strdup(word), entry);
    }
    if (entry[0] != document)
        entry[1]++;
    entry[0] = document;
}

static GBytes *
make_list(const char *path, size_t fill)
{
    FILE *file = fopen(path, "r");
    if (!file)
        return NULL;
    GHashTable *words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    GHashTable *forms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    struct lj_tokens *tokens = lj_tokens_new();
    char *line = NULL;
    size_t size = 0;
    uint32_t document = 0;
    while (getline(&line, &size, file) > 0) {
        json_t *record = json_loads(line, 0, NULL);
        const char *text = json_string_value(json_object_get(record, "text"));
        document++;
        if (text)
            lj_analyse(analyser, text, strlen(text), LJ_ANALYSE_WORDS, tokens);
        for (size_t i = 0; text && i < tokens->n; i++) {
            count(words, tokens->token[i].word->folded, document);
            count(forms, tokens->token[i].word->form, document);
        }
        json_decref(record);
        lj_analyser_trim(analyser, 300000);
    }
    free(line);
    fclose(file);
    lj_tokens_free(tokens);
    struct lj_wordlist_builder *builder = lj_wordlist_builder_new();
    GHashTableIter iter;
    gpointer key, value;
    g_hash_table_iter_init(&iter, words);
    GPtrArray *all = g_ptr_array_new();
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        lj_wordlist_builder_add(builder, key, strlen(key), ((uint32_t *)value)[1]);
        g_ptr_array_add(all, key);
    }
    /* more words: of each, with the head of another before it */
    GRand *random = g_rand_new_with_seed(1);
    for (size_t n = all->len; n < fill; n++) {
        const char *tail = all->pdata[g_rand_int_range(random, 0, (gint32)all->len)];
        const char *head = all->pdata[g_rand_int_range(random, 0, (gint32)all->len)];
        if (!g_str_is_ascii(head) || strlen(head) < 3) {
            n--;
            continue;
        }
        char *word = g_strdup_printf("%.*s%s", g_rand_int_range(random, 2, 4), head, tail);
        lj_wordlist_builder_add(builder, word, strlen(word), 1);
        g_free(word);
    }
    g_rand_free(random);
    g_hash_table_iter_init(&iter, forms);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        GString *folded = g_string_new(NULL);
        lj_fold(key, -1, folded);
        lj_wordlist_builder_form(builder, folded->str, folded->len, key, strlen(key),
                                 ((uint32_t *)value)[1]);
        g_string_free(folded, TRUE);
    }
    GBytes *bytes = lj_wordlist_builder_finish(builder, "");
    lj_wordlist_builder_free(builder);
    g_ptr_array_unref(all);
    g_hash_table_unref(words);
    g_hash_table_unref(forms);
    return bytes;
}

static void
pair_clear(gpointer data)
{
    g_free(((struct pair *)data)->wrong);
    g_free(((struct pair *)data)->right);
}

static GArray *
pairs_new(void)
{
    GArray *pairs = g_array_new(FALSE, FALSE, sizeof(struct pair));
    g_array_set_clear_func(pairs, pair_clear);
    return pairs;
}

static GArray *
read_pairs(const char *path)
{
    char *text;
    GArray *pairs = pairs_new();
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return pairs;
    char **lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        size_t at = strcspn(*line, "\t=");
        if (**line == '#' || (*line)[at] == '\0')
            continue;
        struct pair pair = {g_strndup(*line, at), g_strdup(*line + at + 1)};
        g_strstrip(pair.right);
        if (strcmp(pair.wrong, pair.right) != 0)
            g_array_append_val(pairs, pair);
        else
            pair_clear(&pair);
    }
    g_strfreev(lines);
    g_free(text);
    return pairs;
}

static bool
same(const char *a, const char *b)
{
    GString *x = g_string_new(NULL), *y = g_string_new(NULL);
    lj_fold(a, -1, x);
    lj_fold(b, -1, y);
    bool equal = strcmp(x->str, y->str) == 0;
    g_string_free(x, TRUE);
    g_string_free(y, TRUE);
    return equal;
}

static bool
holds(const struct lj_wordlist *list, const char *text)
{
    char **words = g_strsplit(text, " ", -1);
    bool all = true;
    for (char **word = words; *word; word++) {
        GString *folded = g_string_new(NULL);
        lj_fold(*word, -1, folded);
        all = all && lj_wordlist_find(list, folded->str, folded->len) != G_MAXUINT32;
        g_string_free(folded, TRUE);
    }
    g_strfreev(words);
    return all;
}

/* One error that fingers or ears make, at a random place. */
static char *
misspell(GRand *random, const char *word)
{
    static const char *const ears[][2] = {
        {"b", "v"},  {"v", "b"},  {"ci", "si"}, {"ce", "se"}, {"z", "s"},   {"s", "c"},
        {"h", ""},   {"ll", "y"}, {"y", "ll"},  {"ge", "je"}, {"gi", "ji"}, {"j", "g"},
        {"qu", "k"}, {"c", "k"},  {"mp", "np"}, {"mb", "nb"}, {"nv", "mv"}, {"rr", "r"},
        {"cc", "c"}, {"x", "s"},  {"ñ", "n"},   {"ñ", "ni"},  {"i", "e"},   {"o", "u"},
        {"s", "ss"}, {"c", "cc"}, {"l", "ll"},  {"n", "nn"},  {"f", "ff"},  {"t", "tt"},
    };
    static const char rows[4][11] = {"qwertyuiop", "asdfghjkl", "zxcvbnm", ""};
    GString *out = g_string_new(NULL);
    lj_fold(word, -1, out);
    gsize n = out->len;
    gint at = g_rand_int_range(random, 0, (gint32)n);
    switch (g_rand_int_range(random, 0, 8)) {
    case 0:
        g_string_erase(out, at, 1);
        break;
    case 1:
        g_string_insert_c(out, at, (char)('a' + g_rand_int_range(random, 0, 26)));
        break;
    case 2:
        if ((gsize)at + 1 < n) {
            char c = out->str[at];
            out->str[at] = out->str[at + 1];
            out->str[at + 1] = c;
        }
        break;
    case 3:
        for (int row = 0; row < 3; row++) {
            const char *place = strchr(rows[row], out->str[at]);
            if (place && place[1])
                out->str[at] = place[1];
        }
        break;
    default: {
        guint start = (guint)g_rand_int_range(random, 0, G_N_ELEMENTS(ears));
        for (guint i = 0; i < G_N_ELEMENTS(ears); i++) {
            const char *const *ear = ears[(start + i) % G_N_ELEMENTS(ears)];
            char *found = strstr(out->str, ear[0]);
            if (!found)
                continue;
            gssize place = found - out->str;
            g_string_erase(out, place, (gssize)strlen(ear[0]));
            g_string_insert(out, place, ear[1]);
            break;
        }
    }
    }
    return g_string_free(out, FALSE);
}

static GArray *
generate(const struct lj_wordlist *list, size_t n)
{
    GArray *pairs = pairs_new();
    GRand *random = g_rand_new_with_seed(42);
    for (size_t tries = 0; pairs->len < n && tries < 1000 * n; tries++) {
        uint32_t i = (uint32_t)g_rand_int_range(random, 0, (gint32)lj_wordlist_words(list));
        size_t length;
        const char *word = lj_wordlist_word(list, i, &length);
        if (lj_wordlist_df(list, i) < 20 || length < 4 || strpbrk(word, "0123456789-./@#"))
            continue;
        char *wrong = misspell(random, word);
        if (!g_utf8_validate(wrong, -1, NULL) || holds(list, wrong)) {
            g_free(wrong);
            continue;
        }
        struct pair pair = {wrong, g_strdup(lj_wordlist_form(list, i))};
        g_array_append_val(pairs, pair);
    }
    g_rand_free(random);
    return pairs;
}

static int
compare_doubles(gconstpointer a, gconstpointer b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double
judge(const char *name, const struct lj_wordlist *list, GArray *pairs, bool verbose)
{
    guint n = 0, first = 0, five = 0;
    GArray *times = g_array_new(FALSE, FALSE, sizeof(double));
    const char *slowest = "";
    double most = 0;
    for (guint i = 0; i < pairs->len; i++) {
        struct pair *pair = &g_array_index(pairs, struct pair, i);
        char **rights = g_strsplit(pair->right, "|", -1);
        if (!holds(list, rights[0])) {
            g_strfreev(rights);
            continue;
        }
        n++;
        clock_t start = clock();
        GArray *found = lj_spell_suggest(&list, 1, pair->wrong, -1, 5);
        double took = (double)(clock() - start) * 1000 / CLOCKS_PER_SEC;
        g_array_append_val(times, took);
        if (took > most) {
            most = took;
            slowest = pair->wrong;
        }
        int rank = -1;
        for (guint j = 0; j < found->len && rank < 0; j++)
            for (char **right = rights; *right; right++)
                if (same(g_array_index(found, struct lj_suggestion, j).form, *right))
                    rank = (int)j;
        /* written without accents only, and found as it is */
        if (rank < 0 && found->len == 0 && same(pair->wrong, pair->right))
            rank = 0;
        first += rank == 0;
        five += rank >= 0;
        if (verbose && rank != 0) {
            printf("  %s: not %s but", pair->wrong, pair->right);
            for (guint j = 0; j < found->len; j++) {
                struct lj_suggestion *other = &g_array_index(found, struct lj_suggestion, j);
                printf(" %s (%u, %.2f)", other->form, other->df, other->cost);
            }
            printf("\n");
        }
        g_array_unref(found);
        g_strfreev(rights);
    }
    g_array_sort(times, compare_doubles);
    double share = n ? (double)first / n : 1;
    printf("%-16s %5u  first %.3f  five %.3f  median %.2f ms  p95 %.2f ms  most %.2f ms (%s)\n",
           name, n, share, n ? (double)five / n : 1, n ? g_array_index(times, double, n / 2) : 0,
           n ? g_array_index(times, double, n * 95 / 100) : 0, most, slowest);
    g_array_unref(times);
    return share;
}

int
main(int argc, char **argv)
{
    const char *jsonl = NULL;
    size_t words = 0, generated = 0;
    bool verbose = false;
    double at_least = 0;
    GPtrArray *files = g_ptr_array_new();
    for (int i = 1; i < argc; i++) {
        if (g_str_has_prefix(argv[i], "--jsonl="))
            jsonl = argv[i] + 8;
        else if (g_str_has_prefix(argv[i], "--words="))
            words = strtoul(argv[i] + 8, NULL, 10);
        else if (g_str_has_prefix(argv[i], "--generate="))
            generated = strtoul(argv[i] + 11, NULL, 10);
        else if (g_str_has_prefix(argv[i], "--at-least="))
            at_least = g_ascii_strtod(argv[i] + 11, NULL);
        else if (g_str_has_prefix(argv[i], "--pairs="))
            g_ptr_array_add(files, argv[i] + 8);
        else if (strcmp(argv[i], "--verbose") == 0)
            verbose = true;
        else
            return 2;
    }
    char *path = NULL;
    if (!jsonl && g_getenv("LEGAJO_CORPORA"))
        jsonl = path = g_build_filename(g_getenv("LEGAJO_CORPORA"), "medio.jsonl", NULL);
    if (!jsonl) {
        printf("skipped: LEGAJO_CORPORA is not set\n");
        return 77;
    }
    analyser = lj_analyser_open(NULL, NULL);
    GBytes *bytes = make_list(jsonl, words);
    if (!bytes) {
        fprintf(stderr, "%s cannot be read\n", jsonl);
        return 66;
    }
    struct lj_wordlist *list = lj_wordlist_new(bytes, NULL);
    printf("%u words, %.1f MB\n", lj_wordlist_words(list), (double)g_bytes_get_size(bytes) / 1e6);
    double least = 1;
    for (guint i = 0; i < files->len; i++) {
        GArray *pairs = read_pairs(files->pdata[i]);
        char *name = g_path_get_basename(files->pdata[i]);
        double share = judge(name, list, pairs, verbose);
        least = MIN(least, share);
        g_free(name);
        g_array_unref(pairs);
    }
    if (generated > 0) {
        GArray *pairs = generate(list, generated);
        double share = judge("generated", list, pairs, verbose);
        least = MIN(least, share);
        g_array_unref(pairs);
    }
    lj_wordlist_free(list);
    g_bytes_unref(bytes);
    lj_analyser_close(analyser);
    g_ptr_array_unref(files);
    g_free(path);
    return least >= at_least ? 0 : 1;
}
