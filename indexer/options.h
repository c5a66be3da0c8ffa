/* The options of the indexer: one table for parsing, --help and the manual. */
#ifndef LEGAJO_INDEXER_OPTIONS_H
#define LEGAJO_INDEXER_OPTIONS_H

#include "legajo/command.h"
#include "legajo/index.h"
#include <stdio.h>

enum action {
    ACTION_RUN,
    ACTION_EXTRACT,
    ACTION_CONFIG,
    ACTION_ROLLBACK,
    ACTION_COMPACT,
    ACTION_STATUS,
    ACTION_CHECK,
    ACTION_COPY,
    ACTION_REMOVE,
    ACTION_RESTORE,
    ACTION_REMOVE_SOURCE,
    ACTION_COMPLETION,
    ACTION_HELP,
    ACTION_VERSION,
};

struct options {
    enum action action;
    struct lj_run_options run;
    char *config;       /* of --config, owned; NULL */
    char *db;           /* owned */
    GPtrArray *sources; /* char *, owned, NULL-terminated */
    char *extract;      /* file, or "-" */
    const char *operand; /* of --copy-to, --remove, --restore, --remove-source */
    uint64_t max_age;    /* seconds; 0: not asked */
    bool json;
    bool quiet, verbose;
    int progress; /* -1 auto, 0 never, 1 always */
    GArray *globs;
};

/* Reads the command line; false with LJ_ERROR_USAGE. */
bool options_parse(int argc, char **argv, struct options *options, GError **error);
void options_clear(struct options *options);
void options_help(FILE *out);
void options_completion(FILE *out);

#endif
