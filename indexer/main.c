/* indexer: folders and feeds → index. The work is lib/index; here are options, signals, words. */
#include "options.h"
#include "show.h"
#include "status.h"
#include "i18n.h"
#include "legajo/mapped.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define STOP_SECONDS 4 /* for what was begun; then it ends where nothing is lost */

static volatile int stopped_by;
static const volatile int *committed;

static void
stop(int signal_number)
{
    stopped_by = signal_number;
    alarm(STOP_SECONDS);
}

/* Merging segments knows no stop, and a killed one costs nothing but its time. */
static void
stop_at_once(int signal_number)
{
    (void)signal_number;
    if (committed && *committed)
        _exit(128 + stopped_by);
    alarm(1);
}

/* Is standard error the journal's? Then lines say how grave they are, as sd-daemon(3) has it. */
static bool
to_journal(void)
{
    const char *stream = g_getenv("JOURNAL_STREAM");
    struct stat st;
    unsigned long long device, inode;
    return stream && sscanf(stream, "%llu:%llu", &device, &inode) == 2 &&
           fstat(STDERR_FILENO, &st) == 0 && st.st_dev == device && st.st_ino == inode;
}

static void
say(enum lj_message_level level, const char *text, void *data)
{
    const struct options *options = data;
    if (options->quiet && level != LJ_MESSAGE_WARNING)
        return;
    show_clear();
    fprintf(stderr, "%sindexer: %s\n",
            !to_journal()                 ? ""
            : level == LJ_MESSAGE_WARNING ? "<4>"
                                          : "<6>",
            text);
}

/* -d, $LEGAJO_DB, the configuration, $XDG_DATA_HOME/legajo/default: the last is made for its user
 * alone. */
static char *
index_folder(const struct options *options, const struct lj_config *config)
{
    const char *given = options->db ? options->db : g_getenv("LEGAJO_DB");
    if (given && *given)
        return g_strdup(given);
    if (config->db)
        return g_strdup(config->db);
    char *parent = g_build_filename(g_get_user_data_dir(), "legajo", NULL);
    char *dir = g_build_filename(parent, "default", NULL);
    if (g_mkdir_with_parents(parent, 0700) == 0)
        (void)!mkdir(dir, 0700);
    g_free(parent);
    return dir;
}

/* What the command line left open, the configuration may say. */
static void
take_config(struct lj_run_options *run, const struct lj_config *config)
{
    if (run->jobs == 0)
        run->jobs = config->jobs;
    if (run->memory == 0)
        run->memory = config->memory;
    if (run->max_delete == 0 && !run->no_delete) {
        run->no_delete = config->no_delete || config->max_delete == 0;
        run->max_delete = config->max_delete > 0 ? (unsigned)config->max_delete : 0;
    }
    run->configured = config->sources;
    run->declared = config->fields;
}

static int
fail(GError *error)
{
    show_clear();
    fprintf(stderr, "%sindexer: %s\n", to_journal() ? "<3>" : "", error->message);
    int status = lj_error_exit_status(error);
    g_error_free(error);
    return status;
}

/* --check: what is wrong, a line each, or all of it as JSON. */
static int
check(const struct options *options, GError **error)
{
    bool sound = false;
    char *text = lj_index_check(&options->run, &sound, error);
    if (!text)
        return -1;
    show_clear();
    show_check(text, options->json);
    g_free(text);
    return sound ? 0 : 65;
}

/* An action other than a run. */
static int
job(struct options *options)
{
    const struct lj_run_options *run = &options->run;
    GError *error = NULL;
    int status = 0;
    bool good = true;
    switch (options->action) {
    case ACTION_ROLLBACK:
        good = lj_index_rollback(run, &error);
        break;
    case ACTION_COMPACT:
        good = lj_index_compact(run, &error);
        break;
    case ACTION_COPY:
        good = lj_index_copy(run, options->operand, &error);
        break;
    case ACTION_REMOVE:
        good = lj_index_remove(run, options->operand, &error);
        break;
    case ACTION_RESTORE:
        good = lj_index_restore(run, options->operand, &error);
        break;
    case ACTION_REMOVE_SOURCE:
        good = lj_index_remove_source(run, options->operand, &error);
        break;
    case ACTION_STATUS:
        status = show_status(options, &error);
        break;
    default:
        status = check(options, &error);
        break;
    }
    return good && status >= 0 ? status : fail(error);
}

static int
run(struct options *options, const struct lj_config *config)
{
    bool terminal = isatty(STDERR_FILENO);
    bool progress =
        options->progress == 1 || (options->progress == -1 && terminal && !options->quiet);
    char *dir = index_folder(options, config);
    options->run.dir = dir;
    take_config(&options->run, config);
    options->run.stop = &stopped_by;
    options->run.message = say;
    options->run.data = options;
    struct sigaction action = {.sa_handler = stop};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    options->run.progress = progress ? show_progress : NULL;
    signal(SIGALRM, stop_at_once);
    if (options->action != ACTION_RUN) {
        static const volatile int always = 1; /* until the stub is renamed nothing has changed */
        if (options->action == ACTION_COMPACT || options->action == ACTION_CHECK ||
            options->action == ACTION_COPY)
            committed = &always;
        int status = job(options);
        alarm(0);
        g_free(dir);
        return stopped_by ? 128 + stopped_by : status;
    }
    if (!options->run.rebuild && !*options->run.sources && config->sources->len == 0 &&
        !lj_index_is_begun(dir)) {
        fprintf(stderr, _("indexer: %s: a new index needs a SOURCE: indexer --db=%s FOLDER\n"), dir,
                dir);
        g_free(dir);
        return 2;
    }
    if (lj_extract_without() && !options->quiet)
        fprintf(stderr, _("indexer: built without %s: files that need it are counted failures\n"),
                lj_extract_without());
    struct lj_run_report *report = lj_run_report_new();
    committed = &report->committed;
    GError *error = NULL;
    int status = 0;
    if (!lj_index_run(&options->run, report, &error)) {
        status = fail(error);
    } else {
        if (!options->quiet && !options->run.dry_run)
            show_summary(report, dir, terminal || options->verbose);
        if (report->missing || report->withheld)
            status = 66;
        else if (report->failed > 0)
            status = 1;
    }
    if (stopped_by)
        status = 128 + stopped_by;
    alarm(0);
    committed = NULL;
    lj_run_report_free(report);
    g_free(dir);
    return status;
}

int
main(int argc, char **argv)
{
    lj_i18n_init();
    lj_config_home();
    lj_mapped_guard("indexer");
    struct options options;
    struct lj_config *config = NULL;
    GError *error = NULL;
    int status = 0;
    if (!options_parse(argc, argv, &options, &error)) {
        fprintf(stderr, "indexer: %s\n", error->message);
        status = lj_error_exit_status(error);
        g_error_free(error);
    } else if (options.action == ACTION_HELP) {
        options_help(stdout);
    } else if (options.action == ACTION_COMPLETION) {
        options_completion(stdout);
    } else if (options.action == ACTION_VERSION) {
        puts("legajo-indexer " LEGAJO_VERSION);
    } else if (!(config = lj_config_load(options.config, &error))) {
        fprintf(stderr, "indexer: %s\n", error->message);
        status = lj_error_exit_status(error);
        g_error_free(error);
    } else if (options.action == ACTION_EXTRACT) {
        signal(SIGPIPE, SIG_IGN);
        options.run.dir = options.db;
        options.run.configured = config->sources;
        status = show_extract(options.extract, &options.run);
    } else if (options.action == ACTION_CONFIG) {
        show_config(&options, config);
    } else {
        status = run(&options, config);
    }
    lj_config_free(config);
    options_clear(&options);
    if (status == 0 && fflush(stdout) != 0 && errno != EPIPE)
        status = 74;
    return status;
}
