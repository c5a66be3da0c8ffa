/* Tables of citations: each text with the terms it gives in a sentence, found by the analyser too, and as a
 * query, which must ask for one of them. */
#ifndef LEGAJO_TESTS_CITATION_CHECK_H
#define LEGAJO_TESTS_CITATION_CHECK_H

#include "analyser.h"
#include "analysis/citation.h"
#include <string.h>

struct example {
    const char *text, *terms;
};

static void
collect(void *data, size_t start, size_t end, const char *term, size_t length)
{
    GPtrArray *found = data;
    (void)start;
    (void)end;
    assert_int_equal(strlen(term), length);
    if (!g_ptr_array_find_with_equal_func(found, term, g_str_equal, NULL))
        g_ptr_array_add(found, g_strdup(term));
}

static GPtrArray *
terms_of(const char *text)
{
    GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
    char *sentence = g_strdup_printf("Según %s (véase).", text);
    lj_citation_find(sentence, strlen(sentence), collect, found);
    g_free(sentence);
    return found;
}

/* What a query asks for is what a text that says the same gives. Its article is left out: "la Ley". */
static bool
query_agrees(const char *text, GPtrArray *terms)
{
    static const char *const articles[] = {"el ", "la ", "los ", "las "};
    for (size_t i = 0; i < G_N_ELEMENTS(articles); i++)
        if (g_str_has_prefix(text, articles[i])) {
            text += strlen(articles[i]);
            break;
        }
    GPtrArray *asked = g_ptr_array_new_with_free_func(g_free);
    bool agree = lj_citation_normalise(text, strlen(text), LJ_FIELD_CITATION, asked);
    for (guint i = 0; i < asked->len; i++)
        if (!g_ptr_array_find_with_equal_func(terms, asked->pdata[i], g_str_equal, NULL)) {
            print_error("%s asks for %s\n", text, (char *)asked->pdata[i]);
            agree = false;
        }
    /* a query is printed with its terms and read again */
    for (guint i = 0; i < asked->len; i++) {
        GPtrArray *again = g_ptr_array_new_with_free_func(g_free);
        const char *term = asked->pdata[i];
        if (!lj_citation_normalise(term, strlen(term), LJ_FIELD_CITATION, again) ||
            again->len != 1 || strcmp(again->pdata[0], term) != 0) {
            print_error("%s is read again as %s\n", term,
                        again->len ? (char *)again->pdata[0] : "nothing");
            agree = false;
        }
        g_ptr_array_unref(again);
    }
    g_ptr_array_unref(asked);
    return agree;
}

/* The analyser looks only at words whose spelling may begin a citation: it must find the same. */
static bool
analyser_agrees(const char *text, GPtrArray *terms)
{
    struct lj_tokens *tokens = lj_tokens_new();
    char *sentence = g_strdup_printf("Según %s (véase).", text);
    lj_analyse(analyser, sentence, strlen(sentence), LJ_ANALYSE_DOCUMENT, tokens);
    GPtrArray *found = g_ptr_array_new();
    for (size_t i = 0; i < tokens->n_mentions; i++)
        if (tokens->mention[i].kind == LJ_MENTION_CITATION &&
            !g_ptr_array_find_with_equal_func(found, tokens->mention[i].term, g_str_equal, NULL))
            g_ptr_array_add(found, (gpointer)tokens->mention[i].term);
    bool agree = found->len == terms->len;
    for (guint i = 0; agree && i < found->len; i++)
        agree = strcmp(found->pdata[i], terms->pdata[i]) == 0;
    g_ptr_array_unref(found);
    g_free(sentence);
    lj_tokens_free(tokens);
    return agree;
}

static void
check(const struct example *cases, size_t n, bool ask)
{
    size_t failed = 0;
    for (size_t i = 0; i < n; i++) {
        GPtrArray *terms = terms_of(cases[i].text);
        GString *all = g_string_new(NULL);
        for (guint k = 0; k < terms->len; k++)
            g_string_append_printf(all, "%s%s", k ? " " : "", (char *)terms->pdata[k]);
        if (strcmp(all->str, cases[i].terms) != 0) {
            print_error("%s\n   gives  %s\n   not    %s\n", cases[i].text, all->str,
                        cases[i].terms);
            failed++;
        }
        if (!analyser_agrees(cases[i].text, terms)) {
            print_error("%s: the analyser finds other terms\n", cases[i].text);
            failed++;
        }
        if (ask && !query_agrees(cases[i].text, terms)) {
            print_error("%s: asked otherwise than written\n", cases[i].text);
            failed++;
        }
        g_string_free(all, TRUE);
        g_ptr_array_unref(terms);
    }
    assert_int_equal(failed, 0);
}

#endif
