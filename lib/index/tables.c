/* Tables of metadata from outside, as a run reads, joins and remembers them. */
#include "index/rejoin.h"
#include "index/run.h"
#include "i18n.h"

#include <stdlib.h>
#include <string.h>

/* A row that cannot be used, or that nobody has, into the report. */
static void
note_problem(struct run *run, const struct lj_metadata *table,
             const struct lj_metadata_problem *problem)
{
    lj_run_write_failure(run, NULL, table->path, problem->place, problem->text);
}

/* The table of a source, read once a run. One that the command line names must be there; a remembered one
 * that is not leaves the documents as they are. */
static bool
load_table(struct run *run, struct lj_source *source, GError **error)
{
    const char *given = run->options->metadata;
    if (given) {
        g_clear_pointer(&source->metadata, g_free);
        char *path = *given ? realpath(given, NULL) : NULL;
        source->metadata = path ? g_strdup(path) : *given ? g_strdup(given) : NULL;
        free(path);
    }
    for (guint i = 0; source->metadata && i < run->tables->len && !source->table; i++)
        if (strcmp(((struct lj_metadata *)run->tables->pdata[i])->path, source->metadata) == 0)
            source->table = run->tables->pdata[i];
    if (!source->metadata || source->table)
        return true;
    GError *failure = NULL;
    source->table = lj_metadata_read(source->metadata, &failure);
    if (!source->table && given) {
        g_propagate_error(error, failure);
        return false;
    }
    if (!source->table) {
        lj_run_say(run, LJ_MESSAGE_WARNING, _("%s; the documents keep what it said"),
                   failure->message);
        g_error_free(failure);
        g_clear_pointer(&source->joined, g_free); /* when it is back, all are compared with it */
        run->report->missing = true;
        return true;
    }
    struct lj_metadata *table = source->table;
    g_ptr_array_add(run->tables, table);
    if (!given && g_strcmp0(source->joined, table->digest) == 0)
        return true; /* its mistakes are known */
    for (guint i = 0; i < table->problems->len; i++) {
        const struct lj_metadata_problem *problem = table->problems->pdata[i];
        lj_run_say(run, LJ_MESSAGE_WARNING, "%s: %s: %s", table->path, problem->place,
                   problem->text);
        note_problem(run, table, problem);
    }
    run->report->failed += table->problems->len;
    return true;
}

bool
lj_run_load_tables(struct run *run, GError **error)
{
    bool good = true;
    for (guint s = 0; good && s < run->scopes->len; s++)
        good = load_table(run, g_array_index(run->scopes, struct scope, s).source, error);
    return good;
}

/* Documents of an earlier run whose row is another now. */
bool
lj_run_rejoin(struct run *run, GError **error)
{
    bool good = true;
    for (guint s = 0; good && s < run->scopes->len && !lj_run_stopped(run); s++) {
        struct lj_source *source = g_array_index(run->scopes, struct scope, s).source;
        const char *now = source->table ? source->table->digest : NULL;
        bool lost = source->metadata && !source->table;
        if (lost || g_strcmp0(source->joined, now) == 0 || !run->store->reader)
            continue;
        uint64_t changed = 0;
        good = lj_rejoin(run->store, source, run->options->stop, &changed, error);
        run->report->changed += changed;
    }
    return good;
}

/* Rows that no document had: said when the table is new, or given again, and all its sources were looked
 * at. Feeds bring a few documents at a time, so of them nothing is said. */
static void
report_unused(struct run *run, const struct lj_metadata *table)
{
    bool fresh = run->options->metadata != NULL, all = true;
    for (guint i = 0; i < run->sources->len; i++) {
        const struct lj_source *source = run->sources->pdata[i];
        if (g_strcmp0(source->metadata, table->path) != 0)
            continue;
        all &= source->table == table;
        fresh |= g_strcmp0(source->joined, table->digest) != 0;
    }
    for (guint s = 0; s < run->scopes->len; s++)
        all &= !g_array_index(run->scopes, struct scope, s).feed;
    if (!fresh || !all)
        return;
    GPtrArray *unused = lj_metadata_unused(table);
    GString *places = g_string_new(NULL);
    for (guint i = 0; i < unused->len; i++) {
        const struct lj_metadata_problem *problem = unused->pdata[i];
        note_problem(run, table, problem);
        if (i < 5)
            g_string_append_printf(places, "%s%s", i ? ", " : "", problem->place);
    }
    if (unused->len > 0)
        lj_run_say(run, LJ_MESSAGE_WARNING, _("%s: %u of %zu rows describe no document (%s%s)"),
                   table->path, unused->len, table->rows, places->str,
                   unused->len > 5 ? ", …" : "");
    g_string_free(places, TRUE);
    g_ptr_array_unref(unused);
}

/* After the commit: what the documents are joined by now. */
bool
lj_run_remember_tables(struct run *run, GError **error)
{
    for (guint i = 0; i < run->tables->len; i++)
        report_unused(run, run->tables->pdata[i]);
    bool changed = false;
    for (guint s = 0; s < run->scopes->len; s++) {
        struct lj_source *source = g_array_index(run->scopes, struct scope, s).source;
        const char *now = source->table ? source->table->digest : NULL;
        bool lost = source->metadata && !source->table;
        if (lost || g_strcmp0(source->joined, now) == 0)
            continue;
        g_free(source->joined);
        source->joined = g_strdup(now);
        changed = true;
    }
    return !changed || lj_sources_save(run->options->dir, run->sources, error);
}
