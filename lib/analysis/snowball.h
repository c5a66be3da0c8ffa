/* Snowball's Spanish stemmer, of libstemmer's archive (called by stem.c).
 *
 * The shared libstemmer brings the tables of forty languages, which cost every start of a program
 * nearly a millisecond; and linking the one used makes the stems of an index independent of what the
 * system updates. libstemmer's header only offers the choice by name, which needs all of them, so the
 * Spanish one's own functions are declared here; a unit test compares them with the library's.
 */
#ifndef LEGAJO_ANALYSIS_SNOWBALL_H
#define LEGAJO_ANALYSIS_SNOWBALL_H

#include <stddef.h>

struct SN_env;

/* spanish_UTF_8_close_env() frees it. NULL: no memory. */
struct SN_env *spanish_UTF_8_create_env(void);
void spanish_UTF_8_close_env(struct SN_env *env);

/* The stem of a word (UTF-8, lower case): length bytes in env's own memory, until the next call. */
const char *lj_snowball(struct SN_env *env, const char *word, size_t length, size_t *stem);

#endif
