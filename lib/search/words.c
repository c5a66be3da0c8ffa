/* The searcher's words: what patterns and near spellings stand for, what a misspelling meant. */
#include "search/searcher.h"

#include "search/akin.h"
#include "index/wordlog.h"

static bool
asks_for_words(const struct lj_node *node)
{
    if (!node)
        return false;
    if (node->kind == LJ_NODE_PATTERN || node->kind == LJ_NODE_FUZZY)
        return true;
    for (guint i = 0; node->children && i < node->children->len; i++)
        if (asks_for_words(node->children->pdata[i]))
            return true;
    return false;
}

/* The lists of all databases (one or two each), or none: struct lj_wordlist. make: read into memory what has no
 * file. */
static GPtrArray *
open_lists(struct lj_searcher *searcher, bool make, GError **error)
{
    GPtrArray *lists = g_ptr_array_new_with_free_func((GDestroyNotify)lj_wordlist_free);
    for (guint i = 0; i < searcher->groups->len; i++) {
        const struct lj_shard_group *group =
            &g_array_index(searcher->groups, struct lj_shard_group, i);
        guint before = lists->len;
        if (!lj_wordlog_open(group->layout, searcher->reader, group->first, group->n, make, lists,
                             error) ||
            lists->len == before) {
            g_ptr_array_set_size(lists, 0);
            break;
        }
    }
    return lists;
}

bool
lj_searcher_expand(struct lj_searcher *searcher, struct lj_query *query, bool every_word,
                   GError **error)
{
    GPtrArray *lists = NULL;
    if (asks_for_words(query->root))
        lists = open_lists(searcher, false, NULL);
    struct lj_expansion with = {.reader = searcher->reader,
                                .lists = lists ? (void *)lists->pdata : NULL,
                                .n_lists = lists ? lists->len : 0,
                                .thesaurus = searcher->thesaurus,
                                .analyser = lj_searcher_analyser(searcher),
                                .every_word = every_word};
    bool good = lj_query_expand(query, &with, error) && lj_akin_find(searcher, query, error);
    if (lists)
        g_ptr_array_unref(lists);
    return good;
}

/* Has the search already found what the correction would? "femicidio" for "femicidios" is no error. */
static bool
same_stem(struct lj_analyser *analyser, const char *one, const char *other)
{
    const struct lj_word *word = lj_analyser_word(analyser, one, -1);
    char *stem = word ? g_strdup(word->stem) : NULL;
    word = lj_analyser_word(analyser, other, -1);
    bool same = stem && word && strcmp(stem, word->stem) == 0;
    g_free(stem);
    return same;
}

GArray *
lj_searcher_corrections(struct lj_searcher *searcher, const struct lj_query *query, bool make,
                        GError **error)
{
    GError *failure = NULL;
    GPtrArray *lists = open_lists(searcher, make, &failure);
    GArray *corrections = NULL;
    if (failure)
        g_propagate_error(error, failure);
    else
        corrections = lj_query_corrections(query, (void *)lists->pdata, lists->len);
    for (guint i = corrections ? corrections->len : 0; i > 0; i--) {
        const struct lj_correction *correction =
            &g_array_index(corrections, struct lj_correction, i - 1);
        if (!correction->accents &&
            same_stem(lj_searcher_analyser(searcher), correction->from, correction->to))
            g_array_remove_index(corrections, i - 1);
    }
    g_ptr_array_unref(lists);
    return corrections;
}

bool
lj_searcher_set_thesaurus(struct lj_searcher *searcher, const char *path, GError **error)
{
    struct lj_thesaurus *thesaurus =
        path ? lj_thesaurus_open(path, lj_searcher_analyser(searcher), error) : NULL;
    if (path && !thesaurus)
        return false;
    lj_thesaurus_free(searcher->thesaurus);
    searcher->thesaurus = thesaurus;
    return true;
}

GPtrArray *
lj_searcher_wordlists(struct lj_searcher *searcher)
{
    GPtrArray *lists = open_lists(searcher, false, NULL);
    if (lists->len > 0)
        return lists;
    g_ptr_array_unref(lists);
    return NULL;
}
