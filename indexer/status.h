/* --status: what the index holds and how it has fared, for people and for monitoring. */
#ifndef LEGAJO_INDEXER_STATUS_H
#define LEGAJO_INDEXER_STATUS_H

#include "options.h"

/* Prints the state of options->run.dir: JSON where options->json, else text that fits 80 columns.
 * Returns the exit status: 1 when the last good run is older than options->max_age. */
/* Prints what --check found (lj_index_check). */
void show_check(const char *text, bool json);

int show_status(const struct options *options, GError **error);

#endif
