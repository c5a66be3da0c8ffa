/* What leaves stand for: forms of a stem, words of a pattern, near spellings, synonyms. */
#include "index/invert.h"
#include "index/wordlist.h"
#include "query/parts.h"
#include "query/thesaurus.h"
#include "i18n.h"

#include <string.h>

#define WEIGHT_THESAURUS 0.5
#define WEIGHT_ACRONYM 0.3
#define WEIGHT_JOINED 1    /* the same word, written without its hyphen */
#define SYNONYMS 20        /* of one leaf */
#define ACRONYM_NAMES 4    /* names of one acronym; what stands for more says little */
#define NAME_WORDS 12      /* of a name that has an acronym, joints included */
#define NAME_PLACES 60     /* words of a list at which such a name is looked for */
#define NOTICES 20         /* of one query; 1,000 patterns say the same thing */
#define CODE_POINTS 64     /* of a word; longer ones are not indexed */
#define SCAN_LIMIT 2000000 /* terms read for one pattern where there is no list */

struct expanding {
    struct lj_query *query;
    const struct lj_expansion *with;
    size_t words; /* that patterns and near spellings stand for so far */
    bool small;   /* the query holds a small letter: capitals in it mean something */
    GError *error;
};

/* --- words found, with their frequency -----------------------------------------------------------
 */

struct found {
    char *word;
    uint64_t df;
};

static void
found_add(GHashTable *found, const char *word, size_t length, uint32_t df)
{
    char *key = g_strndup(word, length);
    struct found *entry = g_hash_table_lookup(found, key);
    if (entry) {
        entry->df += df;
        g_free(key);
        return;
    }
    entry = g_new(struct found, 1);
    entry->word = key;
    entry->df = df;
    g_hash_table_insert(found, key, entry);
}

static int
most_frequent(gconstpointer a, gconstpointer b)
{
    const struct found *x = *(const struct found *const *)a, *y = *(const struct found *const *)b;
    if (x->df != y->df)
        return x->df < y->df ? 1 : -1;
    return strcmp(x->word, y->word);
}

/* The most frequent of found as forms of node; found is freed. */
static void
set_forms(struct expanding *expanding, struct lj_node *node, GHashTable *found)
{
    GPtrArray *sorted = g_ptr_array_new();
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, found);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        g_ptr_array_add(sorted, value);
    g_ptr_array_sort(sorted, most_frequent);
    if (node->forms)
        g_ptr_array_unref(node->forms);
    node->forms = g_ptr_array_new_with_free_func(g_free);
    /* Many wide patterns in one query: the first have all their words, those that follow few. */
    size_t room = expanding->words < LJ_EXPANSION_ALL ? LJ_EXPANSION_ALL - expanding->words : 0;
    guint most = (guint)CLAMP(room, LJ_EXPANSION_LEAST, LJ_EXPANSION);
    for (guint i = 0; i < sorted->len && i < most; i++)
        g_ptr_array_add(node->forms, g_strdup(((struct found *)sorted->pdata[i])->word));
    if (node->kind != LJ_NODE_WORD)
        expanding->words += node->forms->len;
    if (sorted->len > most && node->kind != LJ_NODE_WORD) {
        char *notice =
            g_strdup_printf(_("%s stands for %u words; only the %d most frequent are searched"),
                            node->text, sorted->len, (int)most);
        GPtrArray *notices = expanding->query->notices;
        if (notices->len >= NOTICES ||
            g_ptr_array_find_with_equal_func(notices, notice, g_str_equal, NULL))
            g_free(notice);
        else
            g_ptr_array_add(notices, notice);
    }
    g_ptr_array_unref(sorted);
    g_hash_table_unref(found);
}

static void
found_free(gpointer data)
{
    g_free(((struct found *)data)->word);
    g_free(data);
}

static GHashTable *
found_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, NULL, found_free);
}

/* --- patterns -----------------------------------------------------------------------------------
 */

static const char *
next_code_point(const char *p, const char *end)
{
    do
        p++;
    while (p < end && (*p & 0xC0) == 0x80);
    return p;
}

/* Does the word match? '*' any letters or none, '?' one. Linear but for one step back to the last
 * star. */
static bool
matches(const char *pattern, const char *pattern_end, const char *word, const char *end)
{
    const char *star = NULL, *resume = NULL;
    while (word < end) {
        if (pattern < pattern_end && *pattern == '*') {
            star = ++pattern;
            resume = word;
        } else if (pattern < pattern_end && *pattern == '?') {
            pattern++;
            word = next_code_point(word, end);
        } else if (pattern < pattern_end && *pattern == *word) {
            pattern++;
            word++;
        } else if (star) {
            pattern = star;
            resume = next_code_point(resume, end);
            word = resume;
        } else {
            return false;
        }
    }
    while (pattern < pattern_end && *pattern == '*')
        pattern++;
    return pattern == pattern_end;
}

/* The longest literal piece of a pattern from `from` on: memmem finds its words in the block of
 * text. */
static const char *
longest_literal(const char *from, size_t *length)
{
    const char *best = from;
    *length = 0;
    for (const char *p = from; *p;) {
        size_t n = strcspn(p, "*?");
        if (n > *length) {
            best = p;
            *length = n;
        }
        p += n;
        p += strspn(p, "*?");
    }
    return best;
}

/* The end of what begins with prefix, in byte order: prefix with its last byte one higher. */
static uint32_t
prefix_end(const struct lj_wordlist *list, const char *prefix, size_t length)
{
    GString *next = g_string_new_len(prefix, (gssize)length);
    while (next->len > 0 && (uint8_t)next->str[next->len - 1] == 0xFF)
        g_string_truncate(next, next->len - 1);
    uint32_t end = lj_wordlist_words(list);
    if (next->len > 0) {
        next->str[next->len - 1] = (char)((uint8_t)next->str[next->len - 1] + 1);
        end = lj_wordlist_lower_bound(list, next->str, next->len);
    }
    g_string_free(next, TRUE);
    return end;
}

/* A list may hold words that no document does any more. */
static void
found_in_list(GHashTable *found, const struct lj_wordlist *list, uint32_t i)
{
    size_t length;
    const char *word = lj_wordlist_word(list, i, &length);
    uint32_t df = lj_wordlist_df(list, i);
    if (df > 0)
        found_add(found, word, length, df);
}

static void
pattern_in_list(const struct lj_wordlist *list, const char *pattern, GHashTable *found)
{
    const char *end = pattern + strlen(pattern);
    size_t prefix = strcspn(pattern, "*?"), literal_length, block_length;
    uint32_t from = lj_wordlist_lower_bound(list, pattern, prefix);
    uint32_t to = prefix_end(list, pattern, prefix);
    const char *literal = longest_literal(pattern + prefix, &literal_length);
    const char *block = lj_wordlist_block(list, from, to, &block_length);
    for (const char *at = block; from < to;) {
        uint32_t i = from;
        if (literal_length > 0) {
            at = memmem(at, block_length - (size_t)(at - block), literal, literal_length);
            if (!at)
                return;
            i = lj_wordlist_at(list, at);
        }
        size_t length;
        const char *word = lj_wordlist_word(list, i, &length);
        if (matches(pattern, end, word, word + length))
            found_in_list(found, list, i);
        from = i + 1;
        if (literal_length > 0) {
            const char *next = word + length + 1;
            if (next <= at) /* a damaged file */
                return;
            at = next;
            if (at >= block + block_length)
                return;
        }
    }
}

/* Calls test on terms that begin with prefix (and text, of the term without prefix); where prefix
 * is that of words, values ("G:…" beside "G…") are left out. */
static bool
each_term(struct expanding *expanding, const char *prefix, const char *literal,
          size_t literal_length, void (*test)(const char *, size_t, uint32_t, gpointer),
          gpointer data)
{
    size_t skip = strlen(prefix), seen = 0;
    GString *begin = g_string_new(prefix);
    g_string_append_len(begin, literal, (gssize)literal_length);
    GString *from = g_string_new_len(begin->str, (gssize)begin->len);
    bool fine = true;
    for (bool more = true; more && seen < SCAN_LIMIT;) {
        struct xap_vocabulary *terms = lj_xap_terms(expanding->with->reader, begin->str, begin->len,
                                                    from->str, from->len, 16384, &expanding->error);
        if (!terms) {
            fine = false;
            break;
        }
        more = terms->n == 16384;
        seen += terms->n;
        for (size_t i = 0; i < terms->n; i++) {
            const char *term = terms->entry[i].term;
            size_t length = terms->entry[i].length;
            if (i + 1 == terms->n) {
                g_string_truncate(from, 0);
                g_string_append_len(from, term, (gssize)length);
                g_string_append_c(from, '\0');
            }
            if (length <= skip)
                continue;
            char first = term[skip];
            bool words = skip == 0 || prefix[skip - 1] != ':';
            if (skip == 0 && first >= 'A' && first <= 'Z') {
                g_string_assign(from, "[");
                more = true;
                break;
            }
            if (words && (first == ':' || (first >= 'A' && first <= 'Z')))
                continue;
            test(term + skip, length - skip, terms->entry[i].df, data);
        }
        lj_xap_vocabulary_free(terms);
    }
    g_string_free(begin, TRUE);
    g_string_free(from, TRUE);
    return fine;
}

struct pattern_test {
    const char *pattern, *end;
    GHashTable *found;
};

static void
test_pattern(const char *word, size_t length, uint32_t df, gpointer data)
{
    struct pattern_test *test = data;
    if (matches(test->pattern, test->end, word, word + length))
        found_add(test->found, word, length, df);
}

/* The prefix of the terms that a leaf of this field is made of; "" of the text and the title, whose
 * words are all in the text's layer; g_free. NULL: the field has no terms. */
static char *
field_prefix(const struct lj_node *node)
{
    if (node->declared)
        return lj_schema_declared_prefix(node->declared);
    if (!node->field || node->field->kind == LJ_KIND_TEXT)
        return g_strdup("");
    return g_strdup(node->field->prefix);
}

static bool
expand_pattern(struct expanding *expanding, struct lj_node *node)
{
    GHashTable *found = found_new();
    char *prefix = field_prefix(node);
    bool fine = true;
    if (prefix && *prefix == '\0' && expanding->with->n_lists > 0) {
        for (size_t i = 0; i < expanding->with->n_lists; i++)
            pattern_in_list(expanding->with->lists[i], node->text, found);
    } else if (prefix && expanding->with->reader) {
        struct pattern_test test = {node->text, node->text + strlen(node->text), found};
        fine = each_term(expanding, prefix, node->text, strcspn(node->text, "*?"), test_pattern,
                         &test);
    }
    g_free(prefix);
    set_forms(expanding, node, found);
    return fine;
}

/* --- paths --------------------------------------------------------------------------------------
 */

struct path_test {
    const char *path, *inside; /* the pattern, and behind any folder */
    GHashTable *found;
    GString *last; /* the folder found last: what lies in it is found with it */
};

static void
test_path(const char *term, size_t length, uint32_t df, gpointer data)
{
    struct path_test *test = data;
    const char *end = term + length;
    if (test->last->len > 0 && length > test->last->len && term[test->last->len] == '/' &&
        memcmp(term, test->last->str, test->last->len) == 0)
        return;
    if (!matches(test->path, test->path + strlen(test->path), term, end) &&
        !matches(test->inside, test->inside + strlen(test->inside), term, end))
        return;
    found_add(test->found, term, length, df);
    g_string_truncate(test->last, 0);
    g_string_append_len(test->last, term, (gssize)length);
}

/* Is it a leading path of the index? */
static bool
leading_path(struct expanding *expanding, const struct lj_node *node, const char *path, bool *is)
{
    GString *text = g_string_new(NULL);
    uint32_t df = 0;
    lj_term_bounded(node->field->prefix, path, text);
    struct xap_term term = {text->str, text->len};
    bool fine = lj_xap_frequencies(expanding->with->reader, &term, 1, &df, NULL, &expanding->error);
    g_string_free(text, TRUE);
    *is = df > 0;
    return fine;
}

/* The leading paths that a value stands for: itself; else, of an absolute one, its end that is one; else all
 * that end with it as whole names (ruta:2025, ruta:leyes/2025), * and ? being wildcards. */
static bool
expand_path(struct expanding *expanding, struct lj_node *node)
{
    if (!expanding->with->reader)
        return true;
    char *path = g_strdup(node->text);
    for (size_t n = strlen(path); n > 1 && path[n - 1] == '/'; n--)
        path[n - 1] = '\0';
    bool absolute = path[0] == '/', wild = strpbrk(path, "*?") != NULL, is = false, fine = true;
    GHashTable *found = found_new();
    const char *from = path + strspn(path, "/");
    for (const char *p = from; fine && !wild && p && *p && !is;) {
        fine = leading_path(expanding, node, p, &is);
        if (is)
            found_add(found, p, strlen(p), 1);
        p = absolute ? strchr(p, '/') : NULL;
        p = p ? p + 1 : NULL;
    }
    if (fine && !is && *from) {
        char *inside = g_strconcat("*/", from, NULL);
        struct path_test test = {from, inside, found, g_string_new(NULL)};
        fine = each_term(expanding, node->field->prefix, "", 0, test_path, &test);
        g_string_free(test.last, TRUE);
        g_free(inside);
    }
    g_free(path);
    set_forms(expanding, node, found);
    return fine;
}

/* --- near spellings -----------------------------------------------------------------------------
 */

/* Optimal string alignment by rows, a row a code point of the word; rows of a shared prefix are
 * kept. */
struct edits {
    gunichar wanted[CODE_POINTS];
    unsigned n, limit;
    gunichar word[CODE_POINTS + 1];
    uint8_t row[CODE_POINTS + 2][CODE_POINTS + 1];
    GHashTable *found;
};

static bool
edits_start(struct edits *edits, const char *wanted, unsigned limit, GHashTable *found)
{
    edits->n = 0;
    edits->limit = limit;
    edits->found = found;
    for (const char *p = wanted; *p; p = g_utf8_next_char(p)) {
        if (edits->n == CODE_POINTS)
            return false;
        edits->wanted[edits->n++] = g_utf8_get_char(p);
    }
    for (unsigned j = 0; j <= edits->n; j++)
        edits->row[0][j] = (uint8_t)j;
    return true;
}

/* Fills row r (of the word's r-th code point); its least value. */
static unsigned
edits_row(struct edits *edits, unsigned r, gunichar c)
{
    uint8_t *row = edits->row[r], *above = edits->row[r - 1];
    edits->word[r] = c;
    unsigned least = row[0] = (uint8_t)r;
    for (unsigned j = 1; j <= edits->n; j++) {
        unsigned best = above[j - 1] + (edits->wanted[j - 1] != c);
        best = MIN(best, above[j] + 1u);
        best = MIN(best, row[j - 1] + 1u);
        if (r > 1 && j > 1 && c == edits->wanted[j - 2] &&
            edits->word[r - 1] == edits->wanted[j - 1])
            best = MIN(best, edits->row[r - 2][j - 2] + 1u);
        row[j] = (uint8_t)best;
        least = MIN(least, best);
    }
    return least;
}

static void
fuzzy_in_list(const struct lj_wordlist *list, struct edits *edits)
{
    uint32_t n = lj_wordlist_words(list);
    uint8_t rows_at[256] = {0}; /* rows done by the byte a code point begins at */
    for (uint32_t i = 0; i < n;) {
        size_t length;
        const char *word = lj_wordlist_word(list, i, &length);
        size_t at = MIN(lj_wordlist_lcp(list, i), length);
        unsigned r = rows_at[at], dead = 0;
        while (at < length && at < 255) {
            gunichar c = lex_next(word, length, &at);
            if (r == CODE_POINTS || edits_row(edits, r + 1, c) > edits->limit) {
                dead = (unsigned)MIN(at, 255);
                break;
            }
            rows_at[MIN(at, 255)] = (uint8_t)++r;
        }
        if (dead) {
            i = lj_wordlist_skip(list, i + 1, n, (uint8_t)dead);
            continue;
        }
        if (at == length && edits->row[r][edits->n] <= edits->limit)
            found_in_list(edits->found, list, i);
        i++;
    }
}

static void
test_fuzzy(const char *word, size_t length, uint32_t df, gpointer data)
{
    struct edits *edits = data;
    unsigned r = 0;
    for (size_t at = 0; at < length;) {
        gunichar c = lex_next(word, length, &at);
        if (r == CODE_POINTS || edits_row(edits, ++r, c) > edits->limit)
            return;
    }
    if (edits->row[r][edits->n] <= edits->limit)
        found_add(edits->found, word, length, df);
}

static bool
expand_fuzzy(struct expanding *expanding, struct lj_node *node)
{
    GHashTable *found = found_new();
    struct edits *edits = g_new0(struct edits, 1);
    char *prefix = field_prefix(node);
    bool fine = true;
    if (prefix && edits_start(edits, node->text, node->distance, found)) {
        if (*prefix == '\0' && expanding->with->n_lists > 0) {
            for (size_t i = 0; i < expanding->with->n_lists; i++)
                fuzzy_in_list(expanding->with->lists[i], edits);
        } else if (expanding->with->reader) {
            fine = each_term(expanding, prefix, "", 0, test_fuzzy, edits);
        }
    }
    g_free(prefix);
    g_free(edits);
    set_forms(expanding, node, found);
    return fine;
}

/* --- forms of a stem ----------------------------------------------------------------------------
 */

/* Pieces of metadata go to found with df 0. */
static bool
metadata_pieces(struct expanding *expanding, char first, const char *rest, char separator,
                GHashTable *found)
{
    GPtrArray *pieces = g_ptr_array_new_with_free_func(g_free);
    GError *error = NULL;
    bool fine =
        lj_xap_pieces(expanding->with->reader, first, rest, separator, SIZE_MAX, pieces, &error);
    for (guint i = 0; fine && i < pieces->len; i++)
        found_add(found, pieces->pdata[i], strlen(pieces->pdata[i]), 0);
    g_ptr_array_unref(pieces);
    if (error)
        g_propagate_error(&expanding->error, error);
    return fine;
}

static bool
expand_word(struct expanding *expanding, struct lj_node *node)
{
    GHashTable *found = found_new();
    bool fine = true;
    found_add(found, node->word.folded, strlen(node->word.folded), 0);
    bool by_stem = !node->exact && (!node->field || node->field->kind == LJ_KIND_TEXT);
    if (expanding->with->reader) {
        if (by_stem)
            fine = metadata_pieces(expanding, 'F', node->word.stem, ' ', found);
        guint n = g_hash_table_size(found);
        struct xap_term *terms = g_new(struct xap_term, n);
        struct found **entries = g_new(struct found *, n);
        uint32_t *df = g_new0(uint32_t, n);
        GHashTableIter iter;
        gpointer value;
        g_hash_table_iter_init(&iter, found);
        for (guint i = 0; g_hash_table_iter_next(&iter, NULL, &value); i++) {
            entries[i] = value;
            terms[i].term = entries[i]->word;
            terms[i].length = strlen(entries[i]->word);
        }
        fine = fine &&
               lj_xap_frequencies(expanding->with->reader, terms, n, df, NULL, &expanding->error);
        for (guint i = 0; fine && i < n; i++)
            entries[i]->df = df[i];
        g_free(terms);
        g_free(entries);
        g_free(df);
    }
    set_forms(expanding, node, found);
    return fine;
}

/* --- synonyms -----------------------------------------------------------------------------------
 */

static void
synonym_free(gpointer data)
{
    struct lj_synonym *synonym = data;
    node_free(synonym->node);
    g_free(synonym);
}

/* Words that the analyser takes apart ("medio-ambiente") become part of the phrase around them. */
static void
flatten(struct lj_node *phrase)
{
    GPtrArray *children = g_ptr_array_new_with_free_func((GDestroyNotify)node_free);
    for (guint i = 0; i < phrase->children->len; i++) {
        struct lj_node *child = phrase->children->pdata[i];
        phrase->children->pdata[i] = NULL;
        child->gap = 1;
        if (child->kind == LJ_NODE_PHRASE && child->children) {
            for (guint j = 0; j < child->children->len; j++) {
                struct lj_node *part = child->children->pdata[j];
                part->gap = j ? MAX(part->gap, 1) : 1;
                g_ptr_array_add(children, part);
            }
            g_ptr_array_set_free_func(child->children, NULL);
            node_free(child);
        } else {
            child->width = 1;
            g_ptr_array_add(children, child);
        }
    }
    g_ptr_array_unref(phrase->children);
    phrase->children = children;
}

static void
add_synonym(struct expanding *expanding, struct lj_node *node, const char *text, uint32_t span,
            double weight, const char *source)
{
    if (node->synonyms && node->synonyms->len >= SYNONYMS)
        return;
    struct lj_query *query =
        lj_query_parse(text, LJ_SYNTAX_PLAIN, NULL, expanding->with->analyser, NULL, NULL);
    struct lj_node *other = g_steal_pointer(&query->root);
    lj_query_free(query);
    if (!other)
        return;
    if (other->kind == LJ_NODE_LIST) {
        other->kind = LJ_NODE_PHRASE;
        flatten(other);
    }
    for (guint i = 0; node->synonyms && i < node->synonyms->len; i++) {
        const struct lj_synonym *old = node->synonyms->pdata[i];
        if (old->span == span && node_equal(old->node, other)) {
            node_free(other);
            return;
        }
    }
    struct lj_synonym *synonym = g_new(struct lj_synonym, 1);
    *synonym = (struct lj_synonym){other, span, weight, source};
    if (!node->synonyms)
        node->synonyms = g_ptr_array_new_with_free_func(synonym_free);
    g_ptr_array_add(node->synonyms, synonym);
}

static void
from_thesaurus(struct expanding *expanding, struct lj_node *node, const char *key, uint32_t span)
{
    const GPtrArray *others =
        expanding->with->thesaurus ? thesaurus_find(expanding->with->thesaurus, key) : NULL;
    for (guint i = 0; others && i < others->len; i++)
        add_synonym(expanding, node, others->pdata[i], span, WEIGHT_THESAURUS, "thesaurus");
}

static bool
can_have_synonyms(const struct lj_node *node)
{
    return node->kind == LJ_NODE_WORD && !node->exact && !node->field && !node->declared;
}

/* --- acronyms -----------------------------------------------------------------------------------
 */

/* Two capitals at least, and no more small letters than capitals (CONACyT). */
static bool
has_capitals(const char *text)
{
    unsigned capitals = 0, small = 0;
    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        capitals += g_unichar_isupper(g_utf8_get_char(p));
        small += g_unichar_islower(g_utf8_get_char(p));
    }
    return capitals >= 2 && small <= capitals;
}

/* Can the word be an acronym? Written so, surely; in small letters, or where all is in capitals, unless it
 * is a word (can, uma) or an abbreviation (art. 5, 3 sep) as well. */
static bool
may_be_acronym(const struct expanding *expanding, const struct lj_node *node, bool built_in)
{
    static const char *const abbreviations[] = {
        "abr", "ago", "art", "cap", "dec", "dic", "ene", "feb", "inc", "jul", "jun", "lib", "mar",
        "nov", "num", "oct", "pag", "par", "reg", "res", "sec", "sep", "tit", "tom", "vol", NULL};
    if (expanding->small && has_capitals(node->text))
        return true;
    if (g_strv_contains(abbreviations, node->word.folded) ||
        lj_analyser_knows(expanding->with->analyser, node->word.folded))
        return false;
    return built_in || g_utf8_strlen(node->word.folded, -1) >= 3;
}

/* What an acronym stands for: by the list that is built in, and by what the archive explains. */
static bool
from_acronym(struct expanding *expanding, struct lj_node *node)
{
    const char *folded = node->word.folded;
    if (node->word.stop || strlen(folded) < 2 || strlen(folded) > 12)
        return true;
    const char *names = lj_acronym_names(folded);
    if (!may_be_acronym(expanding, node, names != NULL))
        return true;
    guint before = node->synonyms ? node->synonyms->len : 0;
    char **list = g_strsplit(names ? names : "", "\t", -1);
    for (char **name = list; *name; name++)
        add_synonym(expanding, node, *name, 1, WEIGHT_ACRONYM, "acronym");
    g_strfreev(list);
    if (!expanding->with->reader)
        return true;
    GHashTable *found = found_new();
    bool fine = metadata_pieces(expanding, 'A', folded, '\t', found);
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, found);
    GPtrArray *sorted = g_ptr_array_new();
    while (g_hash_table_iter_next(&iter, NULL, &value))
        g_ptr_array_add(sorted, value);
    g_ptr_array_sort(sorted, most_frequent);
    for (guint i = 0; fine && i < sorted->len; i++) {
        if (node->synonyms && node->synonyms->len - before >= ACRONYM_NAMES)
            break;
        add_synonym(expanding, node, ((struct found *)sorted->pdata[i])->word, 1, WEIGHT_ACRONYM,
                    "acronym");
    }
    g_ptr_array_unref(sorted);
    g_hash_table_unref(found);
    return fine;
}

/* Does the archive explain these letters by this name? */
static bool
explained(struct expanding *expanding, const char *letters, const char *name, bool *is)
{
    GHashTable *found = found_new();
    bool fine = metadata_pieces(expanding, 'A', letters, '\t', found);
    *is = g_hash_table_contains(found, name);
    g_hash_table_unref(found);
    return fine;
}

/* Names in a list that an acronym stands for: "secretaría de relaciones exteriores" is SRE too. Of names
 * that the archive explains only acronyms of their initials are found. */
static bool
from_names(struct expanding *expanding, struct lj_node *list)
{
    guint n = MIN(list->children->len, NAME_PLACES);
    bool fine = true;
    for (guint i = 0; fine && i < n; i++) {
        struct lj_node *first = list->children->pdata[i];
        GString *name = g_string_new(NULL), *letters = g_string_new(NULL);
        for (guint j = i; fine && j < n && j < i + NAME_WORDS; j++) {
            const struct lj_node *word = list->children->pdata[j];
            if (!can_have_synonyms(word) || word->minus || word->plus != first->plus ||
                (j == i && word->word.stop))
                break;
            g_string_append_printf(name, "%s%s", j > i ? " " : "", word->word.folded);
            if (word->word.stop)
                continue;
            g_string_append_len(letters, word->word.folded,
                                g_utf8_next_char(word->word.folded) - word->word.folded);
            if (j == i)
                continue;
            const char *acronym = lj_acronym_of(name->str);
            bool learned = false;
            if (!acronym && letters->len >= 3 && expanding->with->reader)
                fine = explained(expanding, letters->str, name->str, &learned);
            if (acronym || learned)
                add_synonym(expanding, first, acronym ? acronym : letters->str, j - i + 1,
                            WEIGHT_ACRONYM, "acronym");
        }
        g_string_free(name, TRUE);
        g_string_free(letters, TRUE);
    }
    return fine;
}

/* Runs of words in a list that the thesaurus has; what they stand for hangs on the run's first word that
 * is no stop word. */
static void
runs(struct expanding *expanding, struct lj_node *list)
{
    size_t longest = expanding->with->thesaurus ? thesaurus_longest(expanding->with->thesaurus) : 0;
    guint n = list->children->len;
    for (guint i = 0; longest > 1 && i < n; i++) {
        struct lj_node *first = list->children->pdata[i], *head = NULL;
        guint head_at = i;
        GString *key = g_string_new(NULL);
        for (guint j = i; j < n && j < i + longest; j++) {
            struct lj_node *word = list->children->pdata[j];
            if (!can_have_synonyms(word) || word->minus || word->plus != first->plus)
                break;
            if (!head && !word->word.stop) {
                head = word;
                head_at = j;
            }
            g_string_append_printf(key, "%s%s", j > i ? " " : "", word->word.stem);
            if (j > i && head)
                from_thesaurus(expanding, head, key->str, j - head_at + 1);
        }
        g_string_free(key, TRUE);
    }
}

/* "ex-presidente" is written "expresidente", too. */
static bool
from_hyphens(struct expanding *expanding, struct lj_node *phrase)
{
    if (!phrase->hyphens || !expanding->with->reader)
        return true;
    GString *joined = g_string_new(NULL);
    for (guint i = 0; i < phrase->children->len; i++)
        g_string_append(joined, ((const struct lj_node *)phrase->children->pdata[i])->word.folded);
    uint32_t df = 0;
    struct xap_term term = {joined->str, joined->len};
    bool fine = lj_xap_frequencies(expanding->with->reader, &term, 1, &df, NULL, &expanding->error);
    if (df > 0)
        add_synonym(expanding, phrase, joined->str, 1, WEIGHT_JOINED, "joined");
    g_string_free(joined, TRUE);
    return fine;
}

/* Quotes and = ask for the thing itself: only bare words have synonyms, and what the analyser makes a
 * phrase of. */
static bool
expand_synonyms(struct expanding *expanding, struct lj_node *node)
{
    if (can_have_synonyms(node)) {
        from_thesaurus(expanding, node, node->word.stem, 1);
        return from_acronym(expanding, node);
    }
    if (node->kind == LJ_NODE_PHRASE && !node->exact && node_is_text(node) &&
        !node_is_quoted(expanding->query, node)) {
        GString *key = g_string_new(NULL);
        bool words = true;
        for (guint i = 0; i < node->children->len; i++) {
            const struct lj_node *child = node->children->pdata[i];
            words = words && child->kind == LJ_NODE_WORD;
            if (words)
                g_string_append_printf(key, "%s%s", i > 0 ? " " : "", child->word.stem);
        }
        if (words)
            from_thesaurus(expanding, node, key->str, 1);
        g_string_free(key, TRUE);
        return from_hyphens(expanding, node);
    }
    return true;
}

/* --- the tree -----------------------------------------------------------------------------------
 */

/* Where a node stands: in a near operator, in a phrase, behind a NO. */
struct around {
    bool near, phrase, negated;
};

static bool
expand_node(struct expanding *expanding, struct lj_node *node, struct around around)
{
    around.negated = around.negated || node->minus || node->kind == LJ_NODE_NOT;
    bool synonyms = !around.near && !around.negated && expanding->with->analyser;
    g_clear_pointer(&node->synonyms, g_ptr_array_unref);
    switch (node->kind) {
    case LJ_NODE_PATTERN:
        return expand_pattern(expanding, node);
    case LJ_NODE_FUZZY:
        return expand_fuzzy(expanding, node);
    case LJ_NODE_FIELD:
        return !node->field || node->field->kind != LJ_KIND_PATH || expand_path(expanding, node);
    case LJ_NODE_WORD:
        if (around.phrase)
            return true;
        if (synonyms && !expand_synonyms(expanding, node))
            return false;
        return !(around.near || expanding->with->every_word) || expand_word(expanding, node);
    case LJ_NODE_PHRASE:
        if (synonyms && !expand_synonyms(expanding, node))
            return false;
        break;
    default:
        break;
    }
    around.phrase = node->kind == LJ_NODE_PHRASE;
    around.near = around.near || node->kind == LJ_NODE_NEAR;
    for (guint i = 0; node->children && i < node->children->len; i++)
        if (!expand_node(expanding, node->children->pdata[i], around))
            return false;
    if (node->kind != LJ_NODE_LIST || !synonyms)
        return true;
    runs(expanding, node);
    return from_names(expanding, node);
}

static bool
has_small_letter(const char *text)
{
    for (const char *p = text; *p; p++)
        if (g_ascii_islower(*p))
            return true;
    return false;
}

bool
lj_query_expand(struct lj_query *query, const struct lj_expansion *expansion, GError **error)
{
    struct expanding expanding = {
        .query = query, .with = expansion, .small = has_small_letter(query->text)};
    struct around around = {false, false, false};
    if (!query->root || expand_node(&expanding, query->root, around))
        return true;
    g_propagate_error(error, expanding.error);
    return false;
}
