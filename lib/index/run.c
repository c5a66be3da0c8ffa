/* One run of the indexer, from the walk to the last commit. */
#include "index/run.h"
#include "index/job.h"
#include "index/wordlog.h"
#include "i18n.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

void
lj_run_say(struct run *run, enum lj_message_level level, const char *format, ...)
{
    if (!run->options->message)
        return;
    va_list args;
    va_start(args, format);
    char *text = g_strdup_vprintf(format, args);
    va_end(args);
    run->options->message(level, text, run->options->data);
    g_free(text);
}

bool
lj_run_stopped(const struct run *run)
{
    return run->options->stop && *run->options->stop;
}

char *
lj_run_shown_path(const char *path)
{
    if (g_utf8_validate(path, -1, NULL))
        return g_strdup(path);
    return g_uri_escape_string(path, "/ !\"$&'()*+,:;<=>?@[]^`{|}~", FALSE);
}

void
lj_run_declare(struct run *run)
{
    const GPtrArray *wanted = run->options->declared;
    if (!wanted)
        return;
    char *before = lj_declared_print(run->store->declared), *now = lj_declared_print(wanted);
    if (strcmp(before, now) != 0) {
        if (run->store->reader)
            lj_run_say(
                run, LJ_MESSAGE_WARNING,
                _("the declared fields are others than before; documents indexed until now take "
                  "them over with --rebuild"));
        g_ptr_array_set_size(run->store->declared, 0);
        lj_declared_read(run->store->declared, now);
        run->store->changed |= run->store->reader != NULL;
    }
    g_free(before);
    g_free(now);
}

static void
remember_mounts(struct scope *scope)
{
    if (!scope->walk)
        return;
    for (guint i = 0; i < scope->walk->mounts->len; i++) {
        const char *mount = scope->walk->mounts->pdata[i];
        bool known = false;
        for (guint k = 0; k < scope->source->mounts->len && !known; k++)
            known = strcmp(scope->source->mounts->pdata[k], mount) == 0;
        if (!known)
            g_ptr_array_add(scope->source->mounts, g_strdup(mount));
    }
}

/* All of these sources has been looked at by the programs at hand. */
static bool
remember_reader(struct run *run, GError **error)
{
    for (guint s = 0; s < run->scopes->len; s++) {
        const struct scope *scope = &g_array_index(run->scopes, struct scope, s);
        if (scope->walk && scope->walk->shut->len == 0 &&
            g_strcmp0(scope->source->reader, run->reader) != 0) {
            g_free(scope->source->reader);
            scope->source->reader = g_strdup(run->reader);
        }
    }
    return lj_sources_save(run->options->dir, run->sources, error);
}

/* The list of words is derived: without it, patterns and corrections only take longer. */
static void
update_words(struct run *run)
{
    GError *failure = NULL;
    if (!lj_wordlog_update(run->store->layout, run->store->touched, &failure)) {
        lj_run_say(run, LJ_MESSAGE_WARNING, "%s", failure->message);
        g_error_free(failure);
    }
}

static bool
do_run(struct run *run, GError **error)
{
    const struct lj_run_options *options = run->options;
    run->report->committed = options->rebuild != 0; /* the live index stays until the swap */
    if (options->rebuild)
        return lj_run_rebuild(run, error);
    GPtrArray **gone = lj_run_walk(run, error);
    if (!gone)
        return false;
    bool good = true;
    if (!options->dry_run)
        lj_run_declare(run);
    if (options->dry_run) {
        lj_run_say_plan(run, gone);
    } else {
        GPtrArray *leaving = lj_run_leaving(run, gone);
        /* The sources first: a first run that is broken off is then taken up without naming them. */
        for (guint s = 0; s < run->scopes->len; s++)
            remember_mounts(&g_array_index(run->scopes, struct scope, s));
        good = lj_sources_save(options->dir, run->sources, error) && lj_run_rejoin(run, error) &&
               lj_run_read(run, leaving, error) &&
               (lj_run_stopped(run) ||
                (lj_run_decide(run, leaving, error) && lj_run_remove_gone(run, leaving, error) &&
                 lj_run_settle(run, false, error)));
        g_ptr_array_unref(leaving);
        bool nothing = !run->store->layout->segments->len && !lj_run_stopped(run);
        run->store->changed |= nothing; /* an index without documents is an index */
        good = good && lj_store_commit(run->store, error) &&
               (lj_run_stopped(run) || lj_run_count_shared(run, error)) &&
               (lj_run_stopped(run) ||
                (remember_reader(run, error) && lj_run_remember_tables(run, error)));
        run->report->committed = good;
        good = good && (lj_run_stopped(run) || lj_store_settle(run->store, error));
        /* Of a run that was stopped only where it takes no time. */
        if (good && (!lj_run_stopped(run) || run->store->touched))
            update_words(run);
    }
    lj_run_gone_free(run, gone);
    return good;
}

static void
clear_scope(gpointer data)
{
    struct scope *scope = data;
    lj_walk_free(scope->walk);
    if (scope->feed)
        lj_source_free(scope->source);
}

static void
free_doubt(gpointer data)
{
    struct doubt *doubt = data;
    g_ptr_array_unref(doubt->rows);
    g_free(doubt);
}

static void
free_file(gpointer data)
{
    struct lj_file *file = data;
    g_free(file->path);
    g_free(file);
}

bool
lj_index_is_begun(const char *dir)
{
    struct lj_layout *layout = lj_layout_read(dir, false, NULL);
    bool begun = layout || lj_sources_are_remembered(dir);
    lj_layout_free(layout);
    return begun;
}

bool
lj_index_run(const struct lj_run_options *options, struct lj_run_report *report, GError **error)
{
    struct run run = {.options = options, .report = report, .began = g_get_monotonic_time()};
    run.walk_began = g_get_real_time() * 1000;
    /* Sources remembered without an index are those of a first run that was broken off. */
    bool create = (options->sources && *options->sources) ||
                  (options->configured && options->configured->len > 0) ||
                  (!options->rebuild && lj_sources_are_remembered(options->dir));
    enum lj_store_mode mode = options->dry_run   ? (create ? LJ_STORE_DRY : LJ_STORE_READ)
                              : options->rebuild ? LJ_STORE_REPAIR
                              : create           ? LJ_STORE_CREATE
                                                 : LJ_STORE_UPDATE;
    run.store = lj_store_open(options->dir, mode, options->wait, options->stop, error);
    run.live = run.store;
    bool good = run.store != NULL;
    if (good && !options->rebuild && !options->dry_run) {
        /* An index whose analyser is not at hand is not mixed with another. */
        struct lj_analyser *analyser = lj_store_analyser(run.store, error);
        good = analyser != NULL;
        lj_analyser_close(analyser);
    }
    if (good) {
        lj_say_recovered(options, run.store);
        lj_say_dropped(options, run.store);
    }
    run.reader = lj_extract_reader();
    run.scopes = g_array_new(FALSE, FALSE, sizeof(struct scope));
    g_array_set_clear_func(run.scopes, clear_scope);
    run.tasks = g_array_new(FALSE, FALSE, sizeof(struct lj_task));
    run.taken = g_ptr_array_new_with_free_func(g_free);
    run.lost = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    run.tables = g_ptr_array_new_with_free_func((GDestroyNotify)lj_metadata_free);
    run.scratch = g_ptr_array_new_with_free_func(g_free);
    run.parts = g_ptr_array_new_with_free_func((GDestroyNotify)lj_glass_part_free);
    run.repeated = g_ptr_array_new_with_free_func(g_free);
    run.identical = g_ptr_array_new_with_free_func((GDestroyNotify)lj_identical_free);
    run.renamed = g_ptr_array_new_with_free_func(g_free);
    run.repeated_ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    run.ahead = g_ptr_array_new_with_free_func(g_free);
    run.deferred = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, lj_deferred_free);
    run.contested = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    run.vanished = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    run.doubtful = g_ptr_array_new_with_free_func(free_doubt);
    run.seen_again = g_ptr_array_new_with_free_func(free_file);
    run.kinds = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    run.skipped = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    run.titles = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    run.sources = good ? lj_sources_load(options->dir, error) : NULL;
    report->first = good && !run.store->reader && !options->rebuild;
    good = run.sources &&
           (options->rebuild == LJ_REBUILD_STORED || lj_run_choose_sources(&run, error));
    if (good && options->report && !(run.failures = fopen(options->report, "we"))) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_IO, _("%s: cannot write the report: %s"),
                    options->report, g_strerror(errno));
        good = false;
    }
    GError *failure = NULL;
    if (good) {
        good = do_run(&run, &failure);
        lj_run_finish_report(&run);
        if (!options->dry_run)
            lj_run_note(&run, failure);
    }
    if (failure)
        g_propagate_error(error, failure);
    bool written = !run.failures || !ferror(run.failures);
    if (run.failures)
        written &= fclose(run.failures) == 0;
    if (!written && good) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_IO, _("%s: cannot write the report: %s"),
                    options->report, g_strerror(errno));
        good = false;
    }
    g_array_unref(run.tasks);
    g_array_unref(run.scopes);
    if (run.sources)
        g_ptr_array_unref(run.sources);
    g_ptr_array_unref(run.taken);
    g_hash_table_unref(run.lost);
    g_ptr_array_unref(run.tables);
    g_ptr_array_unref(run.scratch);
    g_ptr_array_unref(run.parts);
    g_ptr_array_unref(run.repeated);
    g_ptr_array_unref(run.identical);
    g_ptr_array_unref(run.renamed);
    g_hash_table_unref(run.repeated_ids);
    g_ptr_array_unref(run.ahead);
    g_hash_table_unref(run.deferred);
    g_hash_table_unref(run.contested);
    g_hash_table_unref(run.vanished);
    g_ptr_array_unref(run.doubtful);
    g_ptr_array_unref(run.seen_again);
    g_free(run.reader);
    g_hash_table_unref(run.kinds);
    g_hash_table_unref(run.skipped);
    g_hash_table_unref(run.titles);
    if (run.store != run.live)
        lj_store_close(run.store);
    lj_store_close(run.live);
    return good;
}
