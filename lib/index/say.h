/* Messages of jobs, as runs give them: formatted and handed to the caller of the library. */
#ifndef LEGAJO_INDEX_SAY_H
#define LEGAJO_INDEX_SAY_H

#include "legajo/index.h"

void lj_say(const struct lj_run_options *options, enum lj_message_level level, const char *format,
            ...) G_GNUC_PRINTF(3, 4);

#endif
