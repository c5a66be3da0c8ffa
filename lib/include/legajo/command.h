/* A table of options → a command line read, its help, its completions.
 *
 *     static const struct lj_option rows[] = {
 *         {"sort", OPT_SORT, LJ_VALUE_NEEDED, "ORDER", "relevance date", N_("order of results")},
 *         …
 *     };
 *     static const struct lj_command command = {"searcher", rows, G_N_ELEMENTS(rows), NULL};
 *     lj_command_read(&command, argc, argv, take, &options, &first, &error);
 *
 * Each tool has one table; what an option means is its tool's own affair. Options follow getopt_long:
 * anywhere, abbreviated, an optional value only after =, -- ends them.
 */
#ifndef LEGAJO_COMMAND_H
#define LEGAJO_COMMAND_H

#include "legajo/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum lj_option_value { LJ_VALUE_NONE, LJ_VALUE_NEEDED, LJ_VALUE_OPTIONAL };

struct lj_option {
    const char *name; /* long; NULL: short only */
    int code;         /* under 256: its letter too */
    enum lj_option_value takes;
    const char *value;   /* what the value is called: FILE, DIR and ID are completed as files are */
    const char *choices; /* the values there are, between blanks; NULL: any */
    const char *help;    /* N_(…) */
};

struct lj_command {
    const char *name; /* "searcher" */
    const struct lj_option *option;
    size_t n;
    /* What to say of an option that does not exist, as it was written; NULL: only that. */
    void (*unknown)(const char *written, GError **error);
};

/* Receives each option in order: value NULL where none was given, else borrowed from argv; choice is its place
 * among row->choices, -1 where there are none. False with LJ_ERROR_USAGE ends the reading. */
typedef bool (*lj_option_taker)(void *data, const struct lj_option *row, const char *value,
                                int choice, GError **error);

/* Reads a command line (argv is permuted); *first is then the first argument that is no option. A value that is
 * none of the row's choices is an error that names them. False with LJ_ERROR_USAGE. */
LJ_API bool lj_command_read(const struct lj_command *command, int argc, char **argv,
                            lj_option_taker take, void *data, int *first, GError **error);

/* The options, one after another, within 80 columns. */
LJ_API void lj_command_help(const struct lj_command *command, FILE *out);

/* A bash script that completes options and their values, for `program`. */
LJ_API void lj_command_completion(const struct lj_command *command, const char *program, FILE *out);

/* Says that a value cannot be; allowed: what can, for people. Always false. */
LJ_API bool lj_option_refuse(const struct lj_option *row, const char *value, const char *allowed,
                             GError **error);

/* Digits only, at most `most`. */
LJ_API bool lj_option_number(const char *text, uint32_t most, uint32_t *out);

#endif
