/* What the third look wants to know of the query's words (evidence.h), asked by a helper while the first stage runs. It has
 * the databases to itself, opened once more. */
#include "search/searching.h"

#include "search/evidence.h"
#include "search/tree.h"

/* Of fewer words it is soon asked. */
#define FEW 3

struct lj_ahead {
    struct lj_task task;
    const struct lj_searching *s;
    GPtrArray *words;
    struct lj_evidence *evidence;
    bool going;
};

static gpointer
look(gpointer data)
{
    struct lj_ahead *ahead = data;
    const struct lj_searcher *searcher = ahead->s->searcher;
    ahead->evidence = lj_evidence_new(ahead->words, ahead->s->ranking, searcher->aside_reader,
                                      searcher->aside, searcher->analyser, NULL);
    return NULL;
}

void
lj_search_look_ahead(struct lj_searching *s)
{
    struct lj_searcher *searcher = s->searcher;
    if (!searcher->local || !searcher->local->keeps || s->ahead ||
        s->options->sort != LJ_SORT_RELEVANCE || !lj_searcher_analyser(searcher))
        return;
    GPtrArray *words = g_ptr_array_new();
    lj_evidence_words(s->query->root, words);
    if (words->len < FEW || lj_local_threads(searcher->local, FEW, FEW) == 1 ||
        !lj_searcher_open_aside(searcher)) {
        g_ptr_array_unref(words);
        return;
    }
    s->ahead = g_new0(struct lj_ahead, 1);
    s->ahead->task = (struct lj_task){.work = look, .data = s->ahead};
    s->ahead->s = s;
    s->ahead->words = words;
    s->ahead->going = true;
    lj_task_give(searcher->local, &s->ahead->task, 1);
}

void
lj_search_await_ahead(struct lj_searching *s)
{
    if (s->ahead && s->ahead->going)
        lj_task_take_back(s->searcher->local, &s->ahead->task);
    if (s->ahead)
        s->ahead->going = false;
}

struct lj_evidence *
lj_search_take_ahead(struct lj_searching *s)
{
    lj_search_await_ahead(s);
    return s->ahead ? g_steal_pointer(&s->ahead->evidence) : NULL;
}

void
lj_search_end_ahead(struct lj_searching *s)
{
    lj_search_await_ahead(s);
    if (!s->ahead)
        return;
    lj_evidence_free(s->ahead->evidence);
    g_ptr_array_unref(s->ahead->words);
    g_clear_pointer(&s->ahead, g_free);
}
