/* searcher: questions → documents. The work is lib/search; here are options, words, exit statuses.
 */
#include "commands.h"
#include "i18n.h"
#include "legajo/mapped.h"

#include <signal.h>
#include <string.h>

static int
run(const struct options *options)
{
    switch (options->action) {
    case ACTION_TOPICS:
        return command_topics(options);
    case ACTION_SHOW:
        return command_show(options);
    case ACTION_SIMILAR:
        return command_similar(options);
    case ACTION_TERMS:
        return command_terms(options);
    case ACTION_ANALYZE:
        return command_analyze(options);
    case ACTION_KWIC:
        return command_kwic(options);
    case ACTION_SAVE:
        return command_save(options);
    case ACTION_SAVED:
        return command_saved(options);
    case ACTION_FORGET:
        return command_forget(options);
    case ACTION_ALERTS:
        return command_alerts(options);
    case ACTION_TAG:
        return command_tag(options);
    case ACTION_EXPORT:
        return command_export(options);
    case ACTION_OPEN:
        return command_open(options);
    case ACTION_COLLOCATES:
        return command_collocates(options);
    case ACTION_COMPARE:
        return command_compare(options);
    case ACTION_COMPLETION:
        options_completion(stdout);
        return FOUND;
    case ACTION_HELP:
        options_help(stdout);
        return FOUND;
    case ACTION_VERSION:
        puts("searcher (legajo) " LEGAJO_VERSION);
        return FOUND;
    case ACTION_COUNT:
    case ACTION_SEARCH:
        break;
    }
    return options->bare ? command_overview(options) : command_search(options);
}

int
main(int argc, char **argv)
{
    /* The locale chooses the language of messages, nothing else: text is UTF-8 whatever it says. */
    lj_i18n_init_messages();
    lj_config_home();
    signal(SIGPIPE, SIG_IGN);
    lj_mapped_guard("searcher");
    struct options options;
    GError *error = NULL;
    int status = options_parse(argc, argv, &options, &error)
                     ? run(&options)
                     : report_error(&options, error, NULL, NULL);
    options_clear(&options);
    if (fflush(stdout) != 0 && status == FOUND)
        status = 74;
    return status;
}
