#include "search/evidence.h"

#include "legajo/analysis.h"
#include "search/tree.h"

#include <math.h>
#include <string.h>

#define WORDS 64    /* of the query that are looked for: a bit each */
#define BEGINNING 5 /* letters that make a family: tratado, tratados, tratar, tratamiento */
#define FORMS 40    /* of a stem, in a database */
#define NEAR 12
#define WIDE 25
#define PASSAGE 50   /* positions: a paragraph */
#define SLACK 3      /* words of the text that may come between two of the query's */
#define SLACK_SKIP 2 /* the same between one and the next but one */

/* What a word may stand for; which words of the query, as they run, it is itself. */
struct meaning {
    uint64_t stems, running;
    bool known;
};

/* A place where a word of the query stands. */
struct place {
    uint32_t position;
    uint32_t stem;
};

struct lj_evidence {
    const struct lj_ranking *ranking;
    struct xap_reader *reader;
    struct lj_local *local;
    struct lj_analyser *analyser;
    const char *running[WORDS]; /* folded words of the query in order, stop words too */
    uint32_t n_running;
    int stem_of[WORDS];   /* of each running word; -1: a stop word */
    double weight[WORDS]; /* of each distinct stem: its rarity, as in the first stage */
    uint32_t n_stems;
    double little[WORDS]; /* of each running word: rarity of a stop word, else and repeated 0 */
    GHashTable *families; /* first letters → mask of stems */
    GHashTable *forms;    /* folded form → mask of stems */
    GHashTable *masks;    /* folded term of a document → mask, as found so far */
    GHashTable *marks;    /* folded word of the query → mask of running words */
    GArray *probes;       /* struct xap_probe */
    GArray *words;        /* struct meaning, by the number of a word of documents read together */
    GArray *read;         /* struct weighed: these documents */
    double average;       /* length of a document */
    double whole;         /* weight of all stems that the archive holds */
};

/* A document, and what was said of it. */
struct weighed {
    uint32_t docid;
    double weight;
    struct lj_evidence_parts parts;
};

/* --- what to look for --------------------------------------------------------------------------
 */

void
lj_evidence_words(const struct lj_node *node, GPtrArray *out)
{
    if (!node || node->minus || node->field)
        return;
    if (node->kind == LJ_NODE_WORD)
        g_ptr_array_add(out, (gpointer)node);
    else if (node->kind == LJ_NODE_LIST || node->kind == LJ_NODE_AND || node->kind == LJ_NODE_OR ||
             node->kind == LJ_NODE_NEAR || node->kind == LJ_NODE_PHRASE)
        for (guint i = 0; i < node->children->len; i++)
            lj_evidence_words(node->children->pdata[i], out);
}

/* The first letters of a word that has more of them; NULL: it has not, or holds a digit. */
static char *
beginning(const char *word)
{
    if (strpbrk(word, "0123456789") || g_utf8_strlen(word, -1) < BEGINNING)
        return NULL;
    return g_strndup(word, (gsize)(g_utf8_offset_to_pointer(word, BEGINNING) - word));
}

static void
add_mask(GHashTable *table, const char *key, uint64_t mask)
{
    uint64_t *known = g_hash_table_lookup(table, key);
    if (!known) {
        known = g_new0(uint64_t, 1);
        g_hash_table_insert(table, g_strdup(key), known);
    }
    *known |= mask;
}

static uint64_t
get_mask(GHashTable *table, const char *key)
{
    const uint64_t *known = g_hash_table_lookup(table, key);
    return known ? *known : 0;
}

/* Forms of a stem that the index holds. */
static bool
add_forms(struct lj_evidence *evidence, const char *stem, uint64_t mask, GError **error)
{
    GPtrArray *forms = g_ptr_array_new_with_free_func(g_free);
    bool good = lj_xap_pieces(evidence->reader, 'F', stem, ' ', FORMS, forms, error);
    for (guint i = 0; good && i < forms->len; i++)
        add_mask(evidence->forms, forms->pdata[i], mask);
    g_ptr_array_unref(forms);
    return good;
}

static int
compare_probes(gconstpointer a, gconstpointer b)
{
    const struct xap_probe *x = a, *y = b;
    int order = strcmp(x->term, y->term);
    return order ? order : (int)y->prefix - (int)x->prefix;
}

static void
add_probes(struct lj_evidence *evidence, GHashTable *table, bool prefix)
{
    GHashTableIter iter;
    gpointer key;
    g_hash_table_iter_init(&iter, table);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        struct xap_probe probe = {key, (uint32_t)strlen(key), prefix};
        g_array_append_val(evidence->probes, probe);
    }
}

/* In order, without those that a family before them brings along. */
static void
settle_probes(struct lj_evidence *evidence)
{
    add_probes(evidence, evidence->families, true);
    add_probes(evidence, evidence->forms, false);
    add_probes(evidence, evidence->marks, false);
    g_array_sort(evidence->probes, compare_probes);
    struct xap_probe *probes = (struct xap_probe *)(void *)evidence->probes->data;
    guint n = 0;
    for (guint i = 0; i < evidence->probes->len; i++) {
        const struct xap_probe *last = n > 0 ? &probes[n - 1] : NULL;
        if (last && (strcmp(last->term, probes[i].term) == 0 ||
                     (last->prefix && g_str_has_prefix(probes[i].term, last->term))))
            continue;
        probes[n++] = probes[i];
    }
    g_array_set_size(evidence->probes, n);
}

/* Words akin to one of the query's that stand for it. */
static guint
n_akin(const struct lj_ranking *ranking, const struct lj_node *node)
{
    return ranking->akin > 0 && node->akin ? node->akin->len : 0;
}

double
lj_evidence_rarity(double documents, double df)
{
    double odds = (documents - df + 0.5) / (df + 0.5);
    return log(odds < 2 ? odds * 0.5 + 1 : odds);
}

/* What a word in df documents weighs, and so its stem: less where words akin to it are in many more. */
static double
rarity_of(const struct lj_evidence *evidence, const struct lj_node *node, double documents,
          uint32_t df)
{
    double own = lj_evidence_rarity(documents, df), share = evidence->ranking->akin;
    if (n_akin(evidence->ranking, node) == 0)
        return own;
    double all = MIN(documents, (double)df + node->akin_documents);
    return (1 - share) * own + share * lj_evidence_rarity(documents, all);
}

static bool
weigh_words(struct lj_evidence *evidence, const GPtrArray *words, GError **error)
{
    struct xap_statistics statistics;
    struct xap_term terms[WORDS];
    uint32_t df[WORDS];
    char *names[WORDS];
    uint32_t n = evidence->n_running;
    if (!lj_xap_statistics(evidence->reader, &statistics, error))
        return false;
    for (uint32_t i = 0; i < n; i++) {
        const struct lj_node *node = words->pdata[i];
        names[i] =
            node->word.stop ? g_strdup(node->word.folded) : g_strconcat("Z", node->word.stem, NULL);
        terms[i] = (struct xap_term){names[i], MIN(strlen(names[i]), 245)};
    }
    bool good = lj_xap_frequencies(evidence->reader, terms, n, df, NULL, error);
    for (uint32_t i = 0; i < n; i++) {
        const struct lj_node *node = words->pdata[i];
        double weight = good ? rarity_of(evidence, node, (double)statistics.documents, df[i]) : 0;
        if (!node->word.stop) {
            double *known = &evidence->weight[evidence->stem_of[i]];
            evidence->whole += df[i] > 0 && *known == 0 ? weight : 0;
            *known = weight;
        } else if (get_mask(evidence->marks, node->word.folded) % (UINT64_C(1) << i) == 0)
            evidence->little[i] = weight;
        g_free(names[i]);
    }
    evidence->average = MAX(statistics.average_length, 1);
    return good;
}

struct lj_evidence *
lj_evidence_new(const GPtrArray *words, const struct lj_ranking *ranking, struct xap_reader *reader,
                struct lj_local *local, struct lj_analyser *analyser, GError **error)
{
    struct lj_evidence *evidence = g_new0(struct lj_evidence, 1);
    evidence->ranking = ranking;
    evidence->reader = reader;
    evidence->local = local;
    evidence->analyser = analyser;
    evidence->families = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    evidence->forms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    evidence->masks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    evidence->marks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    evidence->words = g_array_new(FALSE, TRUE, sizeof(struct meaning));
    evidence->read = g_array_new(FALSE, FALSE, sizeof(struct weighed));
    evidence->probes = g_array_new(FALSE, FALSE, sizeof(struct xap_probe));
    const char *stems[WORDS];
    bool good = true;
    for (guint i = 0; good && i < words->len && i < WORDS; i++) {
        const struct lj_node *node = words->pdata[i];
        evidence->running[evidence->n_running++] = node->word.folded;
        add_mask(evidence->marks, node->word.folded, UINT64_C(1) << i);
        evidence->stem_of[i] = -1;
        if (node->word.stop)
            continue;
        uint32_t stem = 0;
        while (stem < evidence->n_stems && strcmp(stems[stem], node->word.stem) != 0)
            stem++;
        evidence->stem_of[i] = (int)stem;
        uint64_t mask = UINT64_C(1) << stem;
        add_mask(evidence->forms, node->word.folded, mask);
        char *family = node->exact ? NULL : beginning(node->word.folded);
        if (family)
            add_mask(evidence->families, family, mask);
        g_free(family);
        if (stem < evidence->n_stems)
            continue;
        stems[evidence->n_stems++] = node->word.stem;
        if (!node->exact)
            good = add_forms(evidence, node->word.stem, mask, error);
        for (guint k = 0; good && k < n_akin(ranking, node); k++)
            good = add_forms(evidence, node->akin->pdata[k], mask, error);
    }
    good = good && evidence->n_stems > 0 && weigh_words(evidence, words, error);
    if (!good) {
        lj_evidence_free(evidence);
        return NULL;
    }
    settle_probes(evidence);
    return evidence;
}

void
lj_evidence_read_in(struct lj_evidence *evidence, struct xap_reader *reader, struct lj_local *local)
{
    evidence->reader = reader;
    evidence->local = local;
}

void
lj_evidence_free(struct lj_evidence *evidence)
{
    if (!evidence)
        return;
    g_hash_table_unref(evidence->families);
    g_hash_table_unref(evidence->forms);
    g_hash_table_unref(evidence->masks);
    g_hash_table_unref(evidence->marks);
    g_array_unref(evidence->words);
    g_array_unref(evidence->read);
    g_array_unref(evidence->probes);
    g_free(evidence);
}

/* --- a document --------------------------------------------------------------------------------
 */

/* Which stems of the query a term of a document may stand for. */
static uint64_t
mask_of(struct lj_evidence *evidence, const char *term)
{
    const uint64_t *known = g_hash_table_lookup(evidence->masks, term);
    if (known)
        return *known;
    uint64_t mask = get_mask(evidence->forms, term);
    char *family = beginning(term);
    if (family) {
        uint64_t alike = get_mask(evidence->families, family);
        const struct lj_word *word =
            alike & ~mask ? lj_analyser_word(evidence->analyser, term, -1) : NULL;
        if (!word || !word->stop) /* "sobre" is none of the envelopes */
            mask |= alike;
    }
    g_free(family);
    add_mask(evidence->masks, term, mask);
    return mask;
}

static struct meaning
meaning_of(struct lj_evidence *evidence, const struct xap_found *entry)
{
    struct meaning *known = NULL;
    if (entry->word > 0) {
        if (entry->word >= evidence->words->len)
            g_array_set_size(evidence->words, entry->word + 1);
        known = &g_array_index(evidence->words, struct meaning, entry->word);
    }
    if (known && known->known)
        return *known;
    struct meaning meaning = {mask_of(evidence, entry->term),
                              get_mask(evidence->marks, entry->term), true};
    if (known)
        *known = meaning;
    return meaning;
}

/* A document at hand: what its words mean, of each entry, and where they stand. */
struct document {
    struct xap_occurrences *found;
    struct meaning *meaning;
    struct place *places; /* of stems, by position */
    uint32_t n_places;
};

/* Brings places into order that lie in runs, which begin at from; those of one position stay as they are. */
static void
merge_runs(struct place *places, struct place *room, uint32_t *from, uint32_t runs)
{
    struct place *in = places, *out = room;
    for (uint32_t n = 0; runs > 1; runs = n) {
        uint32_t to = 0;
        n = 0;
        for (uint32_t run = 0; run < runs; run += 2) {
            uint32_t a = from[run], middle = from[run + 1], b = middle,
                     end = run + 2 <= runs ? from[run + 2] : middle;
            from[n++] = to;
            while (a < middle && b < end)
                out[to++] = in[in[b].position < in[a].position ? b++ : a++];
            while (a < middle)
                out[to++] = in[a++];
            while (b < end)
                out[to++] = in[b++];
        }
        from[n] = to;
        struct place *swap = in;
        in = out;
        out = swap;
    }
    if (in != places)
        memcpy(places, in, from[1] * sizeof *in);
}

static void
find_places(struct document *document)
{
    const struct xap_occurrences *found = document->found;
    uint32_t most = 0, most_runs = 0, n = 0, runs = 0;
    for (size_t i = 0; i < found->n; i++) {
        uint32_t stems = (uint32_t)__builtin_popcountll(document->meaning[i].stems);
        most += stems * found->entry[i].n_positions;
        most_runs += stems;
    }
    struct place *places = document->places = g_new(struct place, 2 * (size_t)most + 1);
    uint32_t *from = g_new(uint32_t, most_runs + 2);
    for (size_t i = 0; i < found->n; i++)
        for (uint64_t stems = document->meaning[i].stems; stems; stems &= stems - 1) {
            uint32_t stem = (uint32_t)__builtin_ctzll(stems);
            from[runs++] = n;
            for (uint32_t p = 0; p < found->entry[i].n_positions; p++)
                places[n++] = (struct place){found->entry[i].positions[p], stem};
        }
    from[runs] = document->n_places = n;
    if (runs > 1)
        merge_runs(places, places + most, from, runs);
    g_free(from);
}

static double
saturated(double wdf, double norm)
{
    return wdf / (wdf + norm);
}

/* The most that words met within `window` positions weigh together. */
static double
best_passage(const struct lj_evidence *evidence, const struct document *document, uint32_t window)
{
    const struct place *places = document->places;
    uint32_t inside[WORDS] = {0};
    double now = 0, best = 0;
    for (guint i = 0, from = 0; i < document->n_places; i++) {
        if (inside[places[i].stem]++ == 0)
            now += evidence->weight[places[i].stem];
        while (places[i].position - places[from].position >= window) {
            if (--inside[places[from].stem] == 0)
                now -= evidence->weight[places[from].stem];
            from++;
        }
        best = MAX(best, now);
    }
    return best;
}

/* BM25 of the best passage, as if it were a document: what is said there again counts again, but ever less. */
static double
densest_passage(const struct lj_evidence *evidence, const struct document *document,
                uint32_t window)
{
    const struct place *places = document->places;
    uint32_t inside[WORDS] = {0};
    double now = 0, best = 0;
    for (guint i = 0, from = 0; i < document->n_places; i++) {
        uint32_t stem = places[i].stem, n = inside[stem]++;
        now += 2 * evidence->weight[stem] * (saturated(n + 1, 1) - saturated(n, 1));
        for (; places[i].position - places[from].position >= window; from++) {
            stem = places[from].stem;
            n = --inside[stem];
            now -= 2 * evidence->weight[stem] * (saturated(n + 1, 1) - saturated(n, 1));
        }
        best = MAX(best, now);
    }
    return best;
}

/* How often a stands before b, at most `window` positions away. */
static uint32_t
count_pairs(const struct xap_occurrences *found, int a, int b, uint32_t window)
{
    if (a < 0 || b < 0 || a == b)
        return 0;
    const uint32_t *first = found->entry[a].positions, *second = found->entry[b].positions;
    uint32_t n = 0;
    for (uint32_t i = 0, j = 0; i < found->entry[a].n_positions; i++) {
        while (j < found->entry[b].n_positions && second[j] <= first[i])
            j++;
        n += j < found->entry[b].n_positions && second[j] - first[i] <= window;
    }
    return n;
}

/* Words of the query that stand in the text one soon after the other, in the query's order: each with the next
 * one that is no stop word, and with the one behind that. A pair is a word of its own: it is saturated by how
 * often itself occurs, so that in a speech of two hours, where each of two words is frequent, one meeting by
 * chance is worth little. */
static void
weigh_pairs(const struct lj_evidence *evidence, const struct xap_occurrences *found,
            const int *entry_of, double norm, struct lj_evidence_parts *parts)
{
    int before = -1, before_that = -1;
    for (int i = 0; i < (int)evidence->n_running; i++) {
        if (evidence->stem_of[i] < 0)
            continue;
        const struct {
            int first;
            uint32_t slack;
            double *part;
        } pairs[] = {{before, SLACK, &parts->pair}, {before_that, SLACK_SKIP, &parts->skip}};
        for (size_t k = 0; k < G_N_ELEMENTS(pairs); k++) {
            int a = pairs[k].first;
            uint32_t n = a < 0 ? 0
                               : count_pairs(found, entry_of[a], entry_of[i],
                                             (uint32_t)(i - a) + pairs[k].slack);
            if (n > 0)
                *pairs[k].part += (evidence->weight[evidence->stem_of[a]] +
                                   evidence->weight[evidence->stem_of[i]]) /
                                  2 * (evidence->ranking->k1 + 1) * saturated(n, norm);
        }
        before_that = before;
        before = i;
    }
}

/* The words of the longest stretch of the query that stands in the text: runs are those that end with the
 * query's word i, by position. */
static uint32_t
longest_run(const struct lj_evidence *evidence, const struct xap_occurrences *found,
            const int *entry_of)
{
    uint32_t longest = 0, n_before = 0;
    const uint32_t *before = NULL;
    uint32_t *runs_before = NULL;
    for (uint32_t i = 0; i < evidence->n_running; i++) {
        const uint32_t *now = entry_of[i] < 0 ? NULL : found->entry[entry_of[i]].positions;
        uint32_t n_now = entry_of[i] < 0 ? 0 : found->entry[entry_of[i]].n_positions;
        uint32_t *runs = g_new(uint32_t, n_now + 1);
        for (uint32_t a = 0, b = 0; a < n_now; a++) {
            while (b < n_before && before[b] + 1 < now[a])
                b++;
            runs[a] = b < n_before && before[b] + 1 == now[a] ? runs_before[b] + 1 : 1;
            longest = MAX(longest, runs[a]);
        }
        g_free(runs_before);
        runs_before = runs;
        before = now;
        n_before = n_now;
    }
    g_free(runs_before);
    return longest;
}

/* The longer a document, the more of the query's words meet somewhere in it that have nothing to do with
 * each other: what passages and runs say counts for less there. length: of the average 1. */
static void
doubt_chance(const struct lj_ranking *ranking, double length, struct lj_evidence_parts *parts)
{
    double *doubted[] = {&parts->passage, &parts->wide, &parts->dense, &parts->run};
    for (size_t i = 0; i < G_N_ELEMENTS(doubted); i++)
        *doubted[i] /= 1 + ranking->chance * log(1 + length);
}

static double
weigh(const struct lj_evidence *evidence, struct document *document,
      struct lj_evidence_parts *parts)
{
    const struct lj_ranking *ranking = evidence->ranking;
    const struct xap_occurrences *found = document->found;
    double wdf[WORDS] = {0};
    int entry_of[WORDS];
    double length = MAX(found->length / evidence->average, ranking->min_normlen);
    double norm = ranking->k1 * (1 - ranking->b + ranking->b * length), most = ranking->k1 + 1;
    memset(parts, 0, sizeof *parts);
    memset(entry_of, -1, sizeof entry_of);
    for (size_t i = 0; i < found->n; i++) {
        for (uint64_t words = document->meaning[i].running; words; words &= words - 1) {
            uint32_t word = (uint32_t)__builtin_ctzll(words);
            entry_of[word] = (int)i;
            parts->little += evidence->little[word] * most * saturated(found->entry[i].wdf, norm);
        }
        for (uint64_t stems = document->meaning[i].stems; stems; stems &= stems - 1)
            wdf[__builtin_ctzll(stems)] += found->entry[i].wdf;
    }
    find_places(document);
    for (uint32_t stem = 0; stem < evidence->n_stems; stem++)
        if (wdf[stem] > 0)
            parts->family += evidence->weight[stem] * most * saturated(wdf[stem], norm);
    parts->family *= ranking->family;
    parts->little *= ranking->little;
    parts->passage = ranking->passage * best_passage(evidence, document, NEAR);
    parts->wide = ranking->wide * best_passage(evidence, document, WIDE);
    parts->dense = densest_passage(evidence, document, PASSAGE);
    parts->norm = found->length > 0 ? norm : 0;
    parts->held = evidence->whole > 0 ? MIN(parts->dense / (2 * evidence->whole), 1) : 0;
    parts->dense *= ranking->dense;
    weigh_pairs(evidence, found, entry_of, norm, parts);
    parts->pair *= ranking->pair;
    parts->skip *= ranking->skip;
    parts->run = ranking->run * longest_run(evidence, found, entry_of);
    doubt_chance(ranking, found->length / evidence->average, parts);
    return parts->family + parts->little + parts->passage + parts->wide + parts->dense +
           parts->pair + parts->skip + parts->run;
}

/* What the words of a document mean is known before threads share its like. */
static void
open_document(struct lj_evidence *evidence, struct xap_occurrences *found,
              struct document *document)
{
    *document = (struct document){found, g_new(struct meaning, found->n + 1), NULL, 0};
    for (size_t i = 0; i < found->n; i++)
        document->meaning[i] = meaning_of(evidence, &found->entry[i]);
}

static void
close_document(struct document *document)
{
    lj_xap_occurrences_free(document->found);
    g_free(document->meaning);
    g_free(document->places);
}

/* --- several -----------------------------------------------------------------------------------
 */

/* Documents that threads weigh, one after the other. */
struct weighing {
    const struct lj_evidence *evidence;
    struct document *documents;
    struct weighed *weighed;
    uint32_t n;
    atomic_uint next;
};

static gpointer
weigh_some(gpointer data)
{
    struct weighing *weighing = *(struct weighing **)data;
    for (uint32_t i; (i = atomic_fetch_add(&weighing->next, 1)) < weighing->n;)
        weighing->weighed[i].weight =
            weigh(weighing->evidence, &weighing->documents[i], &weighing->weighed[i].parts);
    return NULL;
}

/* A place takes as long as so many postings, an entry too. */
#define POSTINGS 16

static void
weigh_together(struct lj_evidence *evidence, struct weighing *weighing)
{
    struct weighing *jobs[LJ_THREADS];
    double cost = 0;
    for (uint32_t d = 0; d < weighing->n; d++) {
        const struct xap_occurrences *found = weighing->documents[d].found;
        for (size_t i = 0; i < found->n; i++)
            cost += POSTINGS * (1 + found->entry[i].n_positions);
    }
    for (uint32_t i = 0; i < LJ_THREADS; i++)
        jobs[i] = weighing;
    lj_local_together(evidence->local, weigh_some, jobs, sizeof *jobs,
                      lj_local_threads(evidence->local, cost, evidence->local->help_from));
}

bool
lj_evidence_read(struct lj_evidence *evidence, const uint32_t *docids, uint32_t n, GError **error)
{
    if (!evidence->local)
        return true;
    struct xap_occurrences **found = g_new0(struct xap_occurrences *, n);
    const struct xap_probe *probes = (const struct xap_probe *)(void *)evidence->probes->data;
    GError *failure = NULL;
    if (lj_local_occurrences(evidence->local, evidence->reader, docids, n, probes,
                             evidence->probes->len, found, &failure)) {
        g_array_set_size(evidence->read, n);
        struct weighing weighing = {.evidence = evidence,
                                    .documents = g_new(struct document, n),
                                    .weighed = (struct weighed *)(void *)evidence->read->data,
                                    .n = n};
        for (uint32_t i = 0; i < n; i++) {
            weighing.weighed[i].docid = docids[i];
            open_document(evidence, found[i], &weighing.documents[i]);
        }
        weigh_together(evidence, &weighing);
        for (uint32_t i = 0; i < n; i++)
            close_document(&weighing.documents[i]);
        g_free(weighing.documents);
    }
    g_free(found);
    if (failure)
        g_propagate_error(error, failure);
    return !failure;
}

double
lj_evidence_weigh(struct lj_evidence *evidence, uint32_t docid, struct lj_evidence_parts *parts,
                  GError **error)
{
    for (guint i = 0; i < evidence->read->len; i++) {
        const struct weighed *weighed = &g_array_index(evidence->read, struct weighed, i);
        if (weighed->docid == docid) {
            *parts = weighed->parts;
            return weighed->weight;
        }
    }
    const struct xap_probe *probes = (const struct xap_probe *)(void *)evidence->probes->data;
    struct xap_occurrences *found =
        lj_xap_occurrences(evidence->reader, docid, probes, evidence->probes->len, error);
    memset(parts, 0, sizeof *parts);
    if (!found)
        return -1;
    struct document document;
    open_document(evidence, found, &document);
    double weight = weigh(evidence, &document, parts);
    close_document(&document);
    return weight;
}
