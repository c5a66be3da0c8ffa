/* The options of the searcher: one table for parsing, --help, completions and the manual. */
#ifndef LEGAJO_SEARCHER_OPTIONS_H
#define LEGAJO_SEARCHER_OPTIONS_H

#include "legajo/command.h"
#include "legajo/config.h"
#include "legajo/render.h"

#include <stdio.h>

enum action {
    ACTION_SEARCH,
    ACTION_COUNT,
    ACTION_TOPICS,
    ACTION_SHOW,
    ACTION_SIMILAR,
    ACTION_TERMS,
    ACTION_KWIC,
    ACTION_SAVE,
    ACTION_SAVED,
    ACTION_FORGET,
    ACTION_ALERTS,
    ACTION_TAG,
    ACTION_EXPORT,
    ACTION_OPEN,
    ACTION_ANALYZE,
    ACTION_COLLOCATES,
    ACTION_COMPARE,
    ACTION_COMPLETION,
    ACTION_HELP,
    ACTION_VERSION,
};

enum when { WHEN_AUTO, WHEN_NEVER, WHEN_ALWAYS };

struct options {
    enum action action;
    const char *action_name; /* the option that chose it */
    const char *config;      /* of --config; NULL */
    GPtrArray *databases;    /* char *, NULL-terminated after parsing; never empty */
    struct lj_search_options search;
    bool limit_given, match_given, no_snippet;
    int syntax; /* enum lj_syntax; -1: not given */
    enum lj_format format;
    bool all_copies; /* --duplicates=show */
    const char *fields;
    char **facets;     /* English names */
    const char *value; /* of the action: FILE, ID, PREFIX, TEXT */
    uint32_t kwic;     /* columns of context; 0: what fits */
    enum lj_kwic_sort kwic_sort;
    uint32_t window; /* of --collocates; 0: the default */
    unsigned jobs;   /* 0: the processors granted */
    enum when colour;
    bool bare;       /* nothing asked for: what does the index hold? */
    char *thesaurus; /* a file of synonyms; NULL: none */
    char *query;     /* the arguments joined by blanks; NULL: none */
};

/* Reads the command line; false with LJ_ERROR_USAGE. Clear in either case. */
bool options_parse(int argc, char **argv, struct options *options, GError **error);
void options_clear(struct options *options);
void options_help(FILE *out);
void options_completion(FILE *out);

/* Makes an output for standard output as the options say. NULL with LJ_ERROR_USAGE. */
struct lj_output *options_output(const struct options *options, int fd, GError **error);

#endif
