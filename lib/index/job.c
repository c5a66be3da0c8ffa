#include "index/job.h"
#include "index/history.h"
#include "i18n.h"

bool
lj_job(const struct lj_run_options *options, enum lj_store_mode mode, const char *action,
       lj_job_body body, const char *operand, GError **error)
{
    gint64 began = g_get_monotonic_time();
    struct lj_store *store = lj_store_open(options->dir, mode, options->wait, options->stop, error);
    if (!store)
        return false;
    lj_say_recovered(options, store);
    lj_say_dropped(options, store);
    GError *failure = NULL;
    bool good = body(options, store, operand, &failure);
    lj_history_job(options->dir, action, began, failure);
    lj_store_close(store);
    if (failure)
        g_propagate_error(error, failure);
    return good;
}

void
lj_say(const struct lj_run_options *options, enum lj_message_level level, const char *format, ...)
{
    if (!options->message)
        return;
    va_list args;
    va_start(args, format);
    char *text = g_strdup_vprintf(format, args);
    va_end(args);
    options->message(level, text, options->data);
    g_free(text);
}

void
lj_say_recovered(const struct lj_run_options *options, const struct lj_store *store)
{
    if (store->recovered)
        lj_say(options, LJ_MESSAGE_WARNING,
               _("%s: the file XAPIANDB was missing or damaged; it has been made again from what "
                 "generation %u says of itself"),
               options->dir, store->generation);
}

void
lj_say_dropped(const struct lj_run_options *options, const struct lj_store *store)
{
    if (store->dropped)
        lj_say(
            options, LJ_MESSAGE_INFO,
            _("what a rebuild that was broken off had done does not fit any more (the index, its "
              "sources or the program have changed) and is removed"));
}
