/* What a run shows people: progress while it goes on, and the summary it ends with. */
#ifndef LEGAJO_INDEXER_SHOW_H
#define LEGAJO_INDEXER_SHOW_H

#include "options.h"

/* One line on a terminal, drawn over itself; NULL clears it. */
void show_progress(const struct lj_progress *progress, void *unused);
void show_clear(void);

/* The closing lines: what was found, what failed, and a query to begin with. */
void show_summary(const struct lj_run_report *report, const char *dir, bool terminal);

/* --print-config, on standard output. */
void show_config(const struct options *options, const struct lj_config *config);

/* --extract: one JSON object a line and document. Returns the exit status. */
int show_extract(const char *path, const struct lj_run_options *options);

#endif
