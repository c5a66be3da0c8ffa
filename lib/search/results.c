/* What a search hands over, made and freed. */
#include "search/searching.h"

void
lj_facet_count_clear(gpointer data)
{
    g_free(((struct lj_facet_count *)data)->value);
}

static void
free_facet(gpointer data)
{
    struct lj_facet *facet = data;
    g_free(facet->field);
    g_array_unref(facet->counts);
    g_free(facet);
}

static void
clear_period(gpointer data)
{
    g_free(((struct lj_period *)data)->period);
}

static void
clear_notice(gpointer data)
{
    g_free(((struct lj_notice *)data)->text);
}

struct lj_results *
lj_results_new(void)
{
    struct lj_results *results = g_new0(struct lj_results, 1);
    results->hits = g_ptr_array_new_with_free_func((GDestroyNotify)lj_hit_free);
    results->facets = g_ptr_array_new_with_free_func(free_facet);
    results->timeline = g_array_new(FALSE, FALSE, sizeof(struct lj_period));
    g_array_set_clear_func(results->timeline, clear_period);
    results->notices = g_array_new(FALSE, FALSE, sizeof(struct lj_notice));
    g_array_set_clear_func(results->notices, clear_notice);
    return results;
}

void
lj_results_free(struct lj_results *results)
{
    if (!results)
        return;
    g_free(results->parsed);
    g_ptr_array_unref(results->hits);
    g_ptr_array_unref(results->facets);
    g_array_unref(results->timeline);
    g_array_unref(results->notices);
    if (results->terms)
        g_ptr_array_unref(results->terms);
    g_free(results);
}

void
lj_search_notice(struct lj_searching *s, const char *code, const char *text)
{
    struct lj_notice notice = {code, g_strdup(text)};
    g_array_append_val(s->results->notices, notice);
}
