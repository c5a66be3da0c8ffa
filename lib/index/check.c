#include "index/check.h"
#include "i18n.h"

#include <string.h>

#define CANARY_TEXT 4000 /* bytes of a text that its canaries are taken from */
#define CANARY_WORDS 5

bool
lj_check_segments(const struct lj_store *store, const volatile int *stop, GError **error)
{
    char **paths = lj_layout_paths(store->layout);
    GString *report = g_string_new(NULL);
    bool good = true;
    for (char **path = paths; *path && good && !(stop && *stop); path++)
        good = lj_xap_check(*path, report, error);
    g_string_free(report, TRUE);
    g_strfreev(paths);
    return good;
}

static void
push(GArray *nodes, struct xap_node node)
{
    g_array_append_val(nodes, node);
}

static void
push_term(GArray *nodes, const char *term, size_t length)
{
    push(nodes, (struct xap_node){.op = XAP_TERM, .term = term, .length = (uint32_t)length});
}

/* Does this query, in postfix order, match exactly one document? */
static bool
finds_one(struct lj_store *store, const GArray *nodes, bool *found, GError **error)
{
    struct xap_search search = {.nodes = (const struct xap_node *)(void *)nodes->data,
                                .n_nodes = nodes->len,
                                .max = 2,
                                .check_at_least = 2};
    struct xap_matches *matches = lj_xap_search(store->reader, &search, error);
    if (!matches)
        return false;
    *found = matches->n == 1;
    lj_xap_matches_free(matches);
    return true;
}

static bool
crosses_section(const struct lj_document *document, uint32_t start, uint32_t end)
{
    for (guint i = 0; i < document->marks->len; i++) {
        const struct lj_mark *mark = &g_array_index(document->marks, struct lj_mark, i);
        if (mark->kind == LJ_MARK_SECTION && mark->start >= start && mark->start <= end)
            return true;
    }
    return false;
}

/* The queries of one document: its id; its id and some words; its id and three words in order. */
static bool
ask(struct lj_store *store, struct lj_analyser *analyser, struct lj_tokens *tokens,
    const struct lj_document *document, bool *found, GError **error)
{
    GString *id = g_string_new(NULL);
    lj_term_bounded("Q", document->id, id);
    GArray *nodes = g_array_new(FALSE, TRUE, sizeof(struct xap_node));
    push_term(nodes, id->str, id->len);
    bool good = finds_one(store, nodes, found, error);
    lj_analyse(analyser, document->text->str, MIN(document->text->len, CANARY_TEXT),
               LJ_ANALYSE_WORDS, tokens);
    uint32_t words = 1;
    const struct lj_token *run[3] = {NULL, NULL, NULL};
    bool phrase = false;
    /* The last token may have been cut in two. */
    for (size_t i = 0; i + 1 < tokens->n && (words < CANARY_WORDS || !phrase); i++) {
        const struct lj_token *token = &tokens->token[i];
        if (token->part || token->kind != LJ_TOKEN_WORD)
            continue;
        if (words < CANARY_WORDS) {
            push_term(nodes, token->word->folded, token->word->folded_length);
            words++;
        }
        if (phrase)
            continue;
        run[0] = run[1];
        run[1] = run[2];
        run[2] = token;
        phrase = run[0] && run[2]->position == run[0]->position + 2 &&
                 !crosses_section(document, run[0]->start, run[2]->end);
    }
    if (words > 1)
        push(nodes, (struct xap_node){.op = XAP_AND, .n = words});
    good = good && (!*found || finds_one(store, nodes, found, error));
    g_array_set_size(nodes, 0);
    for (int i = 0; phrase && i < 3; i++)
        push_term(nodes, run[i]->word->folded, run[i]->word->folded_length);
    push(nodes, (struct xap_node){.op = XAP_PHRASE, .n = 3, .window = 3});
    push_term(nodes, id->str, id->len);
    push(nodes, (struct xap_node){.op = XAP_FILTER, .n = 2});
    good = good && (!*found || !phrase || finds_one(store, nodes, found, error));
    g_array_unref(nodes);
    g_string_free(id, TRUE);
    return good;
}

/* Where `against` has this document too, its text must be the same. */
static bool
same_text(struct lj_store *against, const struct lj_document *document, bool *same, GError **error)
{
    struct lj_place place;
    *same = true;
    if (!lj_store_find(against, document->id, &place, NULL, NULL, error))
        return false;
    if (!place.docid)
        return true;
    struct lj_document *other = lj_store_document(against, place, error);
    if (!other)
        return false;
    *same = g_string_equal(document->text, other->text);
    lj_document_free(other);
    return true;
}

bool
lj_check_canaries(struct lj_store *store, struct lj_store *against, guint most, GError **error)
{
    GArray *places = lj_store_places(store, error);
    struct lj_analyser *analyser = places ? lj_store_analyser(store, error) : NULL;
    struct lj_tokens *tokens = lj_tokens_new();
    bool good = analyser != NULL;
    guint n = places ? MIN(places->len, most) : 0;
    for (guint i = 0; good && i < n; i++) {
        guint which = (guint)((guint64)i * places->len / n);
        struct lj_document *document =
            lj_store_document(store, g_array_index(places, struct lj_place, which), error);
        bool found = false, same = true;
        good = document && ask(store, analyser, tokens, document, &found, error) &&
               (!against || same_text(against, document, &same, error));
        if (good && (!found || !same)) {
            g_set_error(error, LJ_ERROR, LJ_ERROR_DAMAGED,
                        found ? _("%s: the text of %s is not what it was")
                              : _("%s: the document %s is not found by its own words"),
                        store->layout->dir, document->id);
            good = false;
        }
        lj_document_free(document);
    }
    lj_tokens_free(tokens);
    lj_analyser_close(analyser);
    if (places)
        g_array_unref(places);
    return good;
}
