#include "search/counting.h"

#include "index/invert.h"
#include "passage/matcher.h"

#include <string.h>

#define TITLE_LAST 1000 /* positions up to here are the title's */
#define PORTION 8192    /* documents whose positions are held at a time */

/* Terms whose positions make up one element: (any of include, none of exclude) and, where there are
 * some, one of within. */
struct terms {
    GPtrArray *include, *exclude, *within; /* GString */
    GPtrArray *titles;                     /* those of include as terms of titles and headings */
};

struct lj_counter {
    struct lj_searcher *searcher;
    struct lj_matcher *matcher;
    GArray *elements; /* struct terms */
    /* Where every place of a word is a match: the words, whose wdf says all but what stands in the title. NULL:
     * positions must be read. */
    GArray *sums;       /* struct sum */
    GHashTable *unsure; /* docids in which two of them stand at one place after all; NULL: none */
};

/* A word whose places are counted by wdf (lib/index/invert.c counts a place once). */
struct sum {
    GString *term, *titled; /* in the text and the title; in the title and headings */
    const GPtrArray
        *titles; /* GString: its forms, as terms of titles; NULL: only the text's positions tell */
};

static void
free_string(gpointer data)
{
    g_string_free(data, TRUE);
}

static void
clear_terms(gpointer data)
{
    struct terms *terms = data;
    g_ptr_array_unref(terms->include);
    g_ptr_array_unref(terms->exclude);
    g_ptr_array_unref(terms->within);
    g_ptr_array_unref(terms->titles);
}

static void
add_term(GPtrArray *list, const char *prefix, const char *rest)
{
    GString *term = g_string_new(NULL);
    lj_term_bounded(prefix, rest, term);
    for (guint i = 0; i < list->len; i++)
        if (g_string_equal(list->pdata[i], term)) {
            g_string_free(term, TRUE);
            return;
        }
    g_ptr_array_add(list, term);
}

/* --- terms of an element ------------------------------------------------------------------------
 */

/* Forms of a stem, as terms with prefix. */
static bool
forms_of_stem(struct lj_counter *counter, const char *stem, const char *prefix, GPtrArray *out,
              GError **error)
{
    GPtrArray *forms = g_ptr_array_new_with_free_func(g_free);
    bool good = lj_xap_pieces(counter->searcher->reader, 'F', stem, ' ', SIZE_MAX, forms, error);
    for (guint i = 0; good && i < forms->len; i++)
        add_term(out, prefix, forms->pdata[i]);
    g_ptr_array_unref(forms);
    return good;
}

/* Terms of the vocabulary that begin with start and that wanted() takes: their rest after `skip`
 * bytes goes to out as prefix+rest. */
static bool
scan(struct lj_counter *counter, const char *start, size_t skip,
     bool (*wanted)(const char *rest, const char *with), const char *with, const char *prefix,
     GPtrArray *out, GError **error)
{
    GString *from = g_string_new(start);
    bool good = true, going = true;
    while (good && going) {
        struct xap_vocabulary *terms = lj_xap_terms(counter->searcher->reader, start, strlen(start),
                                                    from->str, from->len, 50000, error);
        good = terms != NULL;
        going = good && terms->n == 50000;
        for (size_t i = 0; good && i < terms->n; i++) {
            const char *term = terms->entry[i].term;
            if ((skip > 0 || !g_ascii_isupper(term[0])) && wanted(term + skip, with))
                add_term(out, prefix, term + skip);
            if (going && i + 1 == terms->n) {
                g_string_truncate(from, 0);
                g_string_append_len(from, term, (gssize)terms->entry[i].length);
                g_string_append_c(from, '\x01');
            }
        }
        lj_xap_vocabulary_free(terms);
    }
    g_string_free(from, TRUE);
    return good;
}

static bool
fits(const char *word, const char *pattern)
{
    return lj_pattern_fits(pattern, word);
}

/* Is it another form of the folded word: publicó, público, but not publico? */
static bool
other_form(const char *form, const char *folded)
{
    if (strcmp(form, folded) == 0)
        return false;
    GString *fold = g_string_new(NULL);
    lj_fold(form, -1, fold);
    bool same = strcmp(fold->str, folded) == 0;
    g_string_free(fold, TRUE);
    return same;
}

static bool
pattern_terms(struct lj_counter *counter, const char *pattern, const char *prefix, GPtrArray *out,
              GError **error)
{
    size_t fixed = strcspn(pattern, "*?");
    char *start = g_strdup_printf("%s%.*s", prefix, (int)fixed, pattern);
    bool good = scan(counter, start, strlen(prefix), fits, pattern, prefix, out, error);
    g_free(start);
    return good;
}

/* =publico: the folded word, but where the index knows another form of it. */
static bool
form_terms(struct lj_counter *counter, const struct lj_element *element, struct terms *terms,
           GError **error)
{
    GString *folded = g_string_new(NULL);
    lj_fold(element->text, -1, folded);
    const struct lj_word *word =
        lj_analyser_word(lj_searcher_analyser(counter->searcher), element->text, -1);
    bool exact = word ? word->exact : strcmp(folded->str, element->text) != 0, good = true;
    if (element->title)
        add_term(terms->within, "S", folded->str);
    if (exact) {
        add_term(terms->include, "E", element->text);
    } else {
        add_term(terms->include, "", folded->str);
        good = scan(counter, "E", 1, other_form, folded->str, "E", terms->exclude, error);
    }
    g_string_free(folded, TRUE);
    return good;
}

static bool
element_terms(struct lj_counter *counter, const struct lj_element *element, struct terms *terms,
              GError **error)
{
    const char *prefix = element->title ? "S" : "";
    bool good = true;
    switch (element->kind) {
    case LJ_ELEMENT_STEM:
        good = forms_of_stem(counter, element->text, prefix, terms->include, error);
        break;
    case LJ_ELEMENT_FOLDED:
        add_term(terms->include, prefix, element->text);
        break;
    case LJ_ELEMENT_FORM:
        good = form_terms(counter, element, terms, error);
        break;
    case LJ_ELEMENT_PATTERN:
        good = pattern_terms(counter, element->text, prefix, terms->include, error);
        break;
    case LJ_ELEMENT_NEAR_SPELLING: /* the forms, all of them */
        break;
    }
    if (element->forms && element->kind != LJ_ELEMENT_FORM) {
        GHashTableIter iter;
        gpointer form;
        g_hash_table_iter_init(&iter, element->forms);
        while (g_hash_table_iter_next(&iter, &form, NULL))
            add_term(terms->include, prefix, form);
    }
    return good;
}

/* Could two words stand at one position of a text? Only as readings of one token (lib/analysis): a compound and
 * its part, a word and its other gender. Then one is in the other, or they differ by an ending. */
static bool
may_meet(const GString *a, const GString *b)
{
    size_t shorter = MIN(a->len, b->len), same = 0;
    while (same < shorter && a->str[same] == b->str[same])
        same++;
    return (same > 0 && same + 2 >= shorter) || strstr(a->str, b->str) || strstr(b->str, a->str);
}

static bool
apart(const GPtrArray *some, const GPtrArray *others)
{
    for (guint i = 0; i < some->len; i++)
        for (guint j = 0; j < others->len; j++)
            if (may_meet(some->pdata[i], others->pdata[j]))
                return false;
    return true;
}

/* Words of most forms are not compared with each other. */
#define MOST_JOINED 6000

/* Where a word was broken at a line's end (decreto-⏎ley), its halves stand at its place, and it is there too:
 * documents with a word made of one word's form and another's are counted by all positions. */
static bool
find_joined(struct lj_counter *counter, const GPtrArray *some, const GPtrArray *others, bool *good,
            GError **error)
{
    if ((guint64)some->len * others->len > MOST_JOINED)
        return false;
    GArray *docids = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (guint i = 0; *good && i < 2 * some->len * others->len; i++) {
        const GString *a = some->pdata[i / 2 / others->len],
                      *b = others->pdata[i / 2 % others->len];
        const GString *first = i % 2 ? b : a, *second = i % 2 ? a : b;
        GString *joined = g_string_new(NULL), *folded = g_string_new(NULL);
        g_string_append_printf(joined, "%s%s", first->str + (*first->str == 'E'),
                               second->str + (*second->str == 'E'));
        lj_fold(joined->str, (gssize)joined->len, folded);
        *good = folded->len > 200 ||
                lj_xap_docids(counter->searcher->reader, folded->str, folded->len, docids, error);
        g_string_free(joined, TRUE);
        g_string_free(folded, TRUE);
    }
    for (guint i = 0; *good && i < docids->len; i++)
        g_hash_table_add(counter->unsure, GUINT_TO_POINTER(g_array_index(docids, uint32_t, i)));
    g_array_unref(docids);
    return true;
}

static void
clear_sum(gpointer data)
{
    struct sum *sum = data;
    g_string_free(sum->term, TRUE);
    g_string_free(sum->titled, TRUE);
}

/* The element's sum; false where its wdf does not say all. */
static bool
sum_of(const struct lj_element *element, const struct terms *terms, struct sum *sum)
{
    bool stem = element->kind == LJ_ELEMENT_STEM;
    bool word = element->kind == LJ_ELEMENT_FOLDED || element->kind == LJ_ELEMENT_FORM;
    if ((!stem && !(word && terms->include->len == 1)) || terms->exclude->len > 0 ||
        terms->within->len > 0)
        return false;
    GString *folded = g_string_new(NULL);
    lj_fold(element->text, -1, folded);
    *sum = (struct sum){g_string_new(NULL), g_string_new(NULL),
                        element->kind == LJ_ELEMENT_FORM ? NULL : terms->titles};
    if (stem)
        lj_term_bounded("Z", element->text, sum->term);
    else
        g_string_assign(sum->term, ((const GString *)terms->include->pdata[0])->str);
    lj_term_bounded(stem ? "ZS" : "S", stem ? element->text : folded->str, sum->titled);
    g_string_free(folded, TRUE);
    return true;
}

/* Is every place of a word a match, and no place that of two? Then wdf says how many, and few positions need
 * be read. */
static bool
look_for_sums(struct lj_counter *counter, GError **error)
{
    bool read = true;
    counter->unsure = g_hash_table_new(g_direct_hash, g_direct_equal);
    guint n = counter->elements->len;
    bool *counted = g_new(bool, n + 1);
    GArray *sums = g_array_new(FALSE, FALSE, sizeof(struct sum));
    g_array_set_clear_func(sums, clear_sum);
    bool good = lj_matcher_sums(counter->matcher, counted);
    for (guint i = 0; good && i < n; i++) {
        struct lj_element element;
        struct sum sum;
        const struct terms *terms = &g_array_index(counter->elements, struct terms, i);
        if (!counted[i])
            continue;
        for (guint j = 0; good && j < i; j++) {
            const GPtrArray *other = g_array_index(counter->elements, struct terms, j).include;
            good =
                !counted[j] || (apart(terms->include, other) &&
                                find_joined(counter, terms->include, other, &read, error) && read);
        }
        good = good && lj_matcher_element(counter->matcher, i, &element) &&
               sum_of(&element, terms, &sum);
        if (good)
            g_array_append_val(sums, sum);
    }
    g_free(counted);
    if (good)
        counter->sums = sums;
    else
        g_array_unref(sums);
    return read;
}

struct lj_counter *
lj_counter_new(struct lj_searcher *searcher, const struct lj_query *query, GError **error)
{
    struct lj_counter *counter = g_new0(struct lj_counter, 1);
    counter->searcher = searcher;
    counter->matcher = lj_matcher_new(query, lj_searcher_analyser(searcher));
    counter->elements = g_array_new(FALSE, FALSE, sizeof(struct terms));
    g_array_set_clear_func(counter->elements, clear_terms);
    struct lj_element element;
    bool good = true;
    for (size_t i = 0; good && lj_matcher_element(counter->matcher, i, &element); i++) {
        struct terms terms = {g_ptr_array_new_with_free_func(free_string),
                              g_ptr_array_new_with_free_func(free_string),
                              g_ptr_array_new_with_free_func(free_string),
                              g_ptr_array_new_with_free_func(free_string)};
        g_array_append_val(counter->elements, terms);
        good = element_terms(counter, &element, &terms, error);
        for (guint t = 0; t < terms.include->len; t++)
            add_term(terms.titles, "S", ((const GString *)terms.include->pdata[t])->str);
    }
    if (good && look_for_sums(counter, error))
        return counter;
    lj_counter_free(counter);
    return NULL;
}

void
lj_counter_free(struct lj_counter *counter)
{
    if (!counter)
        return;
    lj_matcher_free(counter->matcher);
    g_array_unref(counter->elements);
    if (counter->sums)
        g_array_unref(counter->sums);
    if (counter->unsure)
        g_hash_table_unref(counter->unsure);
    g_free(counter);
}

bool
lj_counter_has_words(const struct lj_counter *counter)
{
    return counter->elements->len > 0;
}

/* --- positions of a portion of documents --------------------------------------------------------
 */

/* Positions of several documents, one after another: those of document i are at[i]..at[i+1]. */
struct places {
    GArray *positions;
    uint32_t at[PORTION + 1];
};

static int
compare_positions(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* Positions of any of the terms, rising, none twice. */
static bool
read_places(struct lj_counter *counter, const GPtrArray *terms, const uint32_t *docids, size_t n,
            struct places *out, GError **error)
{
    uint32_t *counts = g_new(uint32_t, n), *total = g_new0(uint32_t, n + 1),
             *terms_of = g_new0(uint32_t, n);
    GArray *some = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    GArray *all = g_array_new(FALSE, FALSE, sizeof(uint64_t)); /* document << 32 | position */
    bool good = true;
    for (guint t = 0; good && t < terms->len; t++) {
        const GString *term = terms->pdata[t];
        g_array_set_size(some, 0);
        good = lj_xap_positions_of(counter->searcher->reader, term->str, term->len, docids, n,
                                   counts, some, error);
        size_t at = 0;
        for (size_t i = 0; good && at < some->len; i++) {
            total[i] += counts[i];
            terms_of[i] += counts[i] > 0;
            for (uint32_t c = 0; c < counts[i]; c++, at++) {
                uint64_t place = (uint64_t)i << 32 | g_array_index(some, uint32_t, at);
                g_array_append_val(all, place);
            }
        }
    }
    g_array_set_size(out->positions, all->len);
    uint32_t *positions = (uint32_t *)(void *)out->positions->data, sum = 0;
    for (size_t i = 0; i < n; i++) { /* where each document's begin */
        out->at[i] = sum;
        sum += total[i];
        total[i] = out->at[i];
    }
    for (guint p = 0; p < all->len; p++) {
        uint64_t place = g_array_index(all, uint64_t, p);
        positions[total[place >> 32]++] = (uint32_t)place;
    }
    uint32_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t from = out->at[i], to = total[i];
        if (terms_of[i] > 1)
            qsort(positions + from, to - from, sizeof *positions, compare_positions);
        out->at[i] = kept;
        for (uint32_t p = from; p < to; p++)
            if (kept == out->at[i] || positions[kept - 1] != positions[p])
                positions[kept++] = positions[p];
    }
    out->at[n] = kept;
    g_array_unref(all);
    g_array_unref(some);
    g_free(terms_of);
    g_free(total);
    g_free(counts);
    return good;
}

/* Keeps of document i's positions those that are (keep) or are not in other. */
static size_t
sift(uint32_t *positions, size_t n, const struct places *other, size_t i, bool keep)
{
    size_t kept = 0;
    uint32_t o = other->at[i];
    for (size_t p = 0; p < n; p++) {
        while (o < other->at[i + 1] && g_array_index(other->positions, uint32_t, o) < positions[p])
            o++;
        bool there =
            o < other->at[i + 1] && g_array_index(other->positions, uint32_t, o) == positions[p];
        if (there == keep)
            positions[kept++] = positions[p];
    }
    return kept;
}

static struct places *
places_new(void)
{
    struct places *places = g_new(struct places, 1);
    places->positions = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    return places;
}

static void
places_free(struct places *places)
{
    g_array_unref(places->positions);
    g_free(places);
}

static bool
count_portion(struct lj_counter *counter, const uint32_t *docids, size_t n,
              struct places *const *places, uint32_t *matches, GError **error)
{
    size_t n_elements = counter->elements->len;
    for (size_t e = 0; e < n_elements; e++) {
        const struct terms *terms = &g_array_index(counter->elements, struct terms, e);
        if (!read_places(counter, terms->include, docids, n, places[3 * e], error) ||
            !read_places(counter, terms->exclude, docids, n, places[3 * e + 1], error) ||
            !read_places(counter, terms->within, docids, n, places[3 * e + 2], error))
            return false;
    }
    GArray *spans = g_array_new(FALSE, FALSE, sizeof(struct lj_span));
    for (size_t i = 0; i < n; i++) {
        lj_matcher_begin(counter->matcher, NULL);
        for (size_t e = 0; e < n_elements; e++) {
            const struct terms *terms = &g_array_index(counter->elements, struct terms, e);
            const struct places *own = places[3 * e];
            uint32_t *positions = (uint32_t *)(void *)own->positions->data + own->at[i];
            size_t count = own->at[i + 1] - own->at[i];
            if (terms->exclude->len > 0)
                count = sift(positions, count, places[3 * e + 1], i, false);
            if (terms->within->len > 0)
                count = sift(positions, count, places[3 * e + 2], i, true);
            lj_matcher_place(counter->matcher, e, positions, count);
        }
        lj_matcher_end(counter->matcher);
        g_array_set_size(spans, 0);
        lj_matcher_matches(counter->matcher, spans);
        matches[i] = spans->len;
    }
    g_array_unref(spans);
    return true;
}

static bool
count_positions(struct lj_counter *counter, const uint32_t *docids, size_t n, uint32_t *matches,
                GError **error)
{
    size_t n_places = 3 * counter->elements->len;
    struct places **places = g_new(struct places *, n_places + 1);
    for (size_t i = 0; i < n_places; i++)
        places[i] = places_new();
    bool good = true;
    for (size_t done = 0; good && done < n; done += PORTION)
        good = count_portion(counter, docids + done, MIN(n - done, PORTION), places, matches + done,
                             error);
    for (size_t i = 0; i < n_places; i++)
        places_free(places[i]);
    g_free(places);
    return good;
}

/* Takes from matches what stands in titles of the documents at[0…n): places of titles are no matches. A title's
 * place of two readings (empleados/as) counts twice in wdf, a text's once. */
static bool
take_titles(struct lj_counter *counter, const struct sum *sum, const GArray *docids,
            const GArray *at, uint32_t *matches, GError **error)
{
    struct places *places = places_new();
    GPtrArray *form = g_ptr_array_new();
    g_ptr_array_set_size(form, 1);
    bool good = true;
    for (guint t = 0; good && t < sum->titles->len; t++)
        for (guint done = 0; good && done < docids->len; done += PORTION) {
            guint n = MIN(docids->len - done, PORTION);
            form->pdata[0] = sum->titles->pdata[t];
            good = read_places(counter, form, &g_array_index(docids, uint32_t, done), n, places,
                               error);
            for (guint i = 0; good && i < n; i++)
                for (uint32_t p = places->at[i]; p < places->at[i + 1]; p++)
                    if (g_array_index(places->positions, uint32_t, p) <= TITLE_LAST)
                        matches[g_array_index(at, uint32_t, done + i)]--;
        }
    g_ptr_array_unref(form);
    places_free(places);
    return good;
}

/* Adds the places of a word. exactly[i] is set where only all positions of the document tell. */
static bool
add_sum(struct lj_counter *counter, const struct sum *sum, const uint32_t *docids, size_t n,
        uint32_t *matches, bool *exactly, GError **error)
{
    uint32_t *wdf = g_new(uint32_t, n + 1);
    bool good = lj_xap_wdf_of(counter->searcher->reader, sum->term->str, sum->term->len, docids, n,
                              wdf, error);
    for (size_t i = 0; good && i < n; i++)
        matches[i] += wdf[i];
    good = good && lj_xap_wdf_of(counter->searcher->reader, sum->titled->str, sum->titled->len,
                                 docids, n, wdf, error);
    GArray *titled = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    GArray *at = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (uint32_t i = 0; good && i < n; i++) {
        if (wdf[i] == 0)
            continue;
        if (sum->titles) {
            g_array_append_val(titled, docids[i]);
            g_array_append_val(at, i);
        } else {
            exactly[i] = true;
        }
    }
    good = good && (titled->len == 0 || take_titles(counter, sum, titled, at, matches, error));
    g_array_unref(titled);
    g_array_unref(at);
    g_free(wdf);
    return good;
}

bool
lj_counter_count(struct lj_counter *counter, const uint32_t *docids, size_t n, uint32_t *matches,
                 GError **error)
{
    if (!counter->sums)
        return count_positions(counter, docids, n, matches, error);
    bool *exactly = g_new0(bool, n + 1), good = true;
    memset(matches, 0, n * sizeof *matches);
    for (size_t i = 0; i < n && g_hash_table_size(counter->unsure) > 0; i++)
        exactly[i] = g_hash_table_contains(counter->unsure, GUINT_TO_POINTER(docids[i]));
    for (guint i = 0; good && i < counter->sums->len; i++)
        good = add_sum(counter, &g_array_index(counter->sums, struct sum, i), docids, n, matches,
                       exactly, error);
    GArray *few = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (size_t i = 0; good && i < n; i++)
        if (exactly[i])
            g_array_append_val(few, docids[i]);
    uint32_t *exact = g_new(uint32_t, few->len + 1);
    good = good && (few->len == 0 || count_positions(counter, (const uint32_t *)(void *)few->data,
                                                     few->len, exact, error));
    for (size_t i = 0, f = 0; good && i < n; i++)
        if (exactly[i])
            matches[i] = exact[f++];
    g_free(exact);
    g_array_unref(few);
    g_free(exactly);
    return good;
}

/* --- filters of a query -------------------------------------------------------------------------
 */

/* Says nothing of the text: fields, dates, what is joined of them. */
static bool
pure(const struct lj_node *node)
{
    if (node->field || node->declared || node->kind == LJ_NODE_FIELD ||
        node->kind == LJ_NODE_DATE || node->kind == LJ_NODE_ALL)
        return true;
    if (node->kind != LJ_NODE_NOT && node->kind != LJ_NODE_AND && node->kind != LJ_NODE_OR &&
        node->kind != LJ_NODE_LIST)
        return false;
    for (guint i = 0; i < node->children->len; i++)
        if (!pure(node->children->pdata[i]))
            return false;
    return true;
}

/* What of a node all its documents must satisfy, words aside; NULL: nothing. Nodes made here borrow
 * everything but the list of children. */
static struct lj_node *
filters(const struct lj_node *node, GPtrArray *made)
{
    if (pure(node))
        return (struct lj_node *)node;
    if (node->minus || (node->kind != LJ_NODE_LIST && node->kind != LJ_NODE_AND))
        return NULL;
    GPtrArray *children = g_ptr_array_new();
    for (guint i = 0; i < node->children->len; i++) {
        struct lj_node *child = filters(node->children->pdata[i], made);
        if (child)
            g_ptr_array_add(children, child);
    }
    if (children->len == 0) {
        g_ptr_array_unref(children);
        return NULL;
    }
    struct lj_node *copy = g_memdup2(node, sizeof *node);
    copy->children = children;
    copy->forms = copy->synonyms = NULL;
    g_ptr_array_add(made, copy);
    return copy;
}

static void
free_copy(gpointer data)
{
    struct lj_node *node = data;
    g_ptr_array_unref(node->children);
    g_free(node);
}

struct lj_query *
lj_filters_of(const struct lj_query *query)
{
    GPtrArray *made = g_ptr_array_new_with_free_func(free_copy);
    struct lj_node *root = query->root ? filters(query->root, made) : NULL;
    if (!root) {
        g_ptr_array_unref(made);
        return NULL;
    }
    struct lj_query *filters = g_new0(struct lj_query, 1);
    filters->text = query->text;
    filters->syntax = query->syntax;
    filters->root = root;
    filters->notices = made; /* what is to be freed */
    filters->mentions = g_ptr_array_new();
    return filters;
}

void
lj_filters_free(struct lj_query *filters)
{
    if (!filters)
        return;
    g_ptr_array_unref(filters->notices);
    g_ptr_array_unref(filters->mentions);
    g_free(filters);
}
