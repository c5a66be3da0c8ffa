#include "index/say.h"

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
