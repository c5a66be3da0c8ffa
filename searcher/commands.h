/* What the searcher can be asked to do: each returns the exit status. */
#ifndef LEGAJO_SEARCHER_COMMANDS_H
#define LEGAJO_SEARCHER_COMMANDS_H

#include "options.h"

enum { FOUND = 0, NOTHING = 1, USAGE = 2 };

int command_search(const struct options *options);
int command_topics(const struct options *options);
int command_overview(const struct options *options);
int command_show(const struct options *options);
int command_similar(const struct options *options);
int command_terms(const struct options *options);
int command_analyze(const struct options *options);
int command_kwic(const struct options *options);
int command_save(const struct options *options);
int command_saved(const struct options *options);
int command_forget(const struct options *options);
int command_alerts(const struct options *options);
int command_tag(const struct options *options);
int command_export(const struct options *options);
int command_collocates(const struct options *options);
int command_compare(const struct options *options);
int command_open(const struct options *options);

/* Says what went wrong on standard error, with the place marked under the query, and with json and
 * jsonl as an object on standard output too. Frees the error; returns its exit status. query and
 * place may be NULL. */
int report_error(const struct options *options, GError *error, const char *query,
                 const struct lj_query_place *place);

/* Notices of an answer, on standard error; formats with a place for them keep them there. */
void report_notices(const struct options *options, const struct lj_results *results);

/* The indexes asked for as one, with the user's synonyms. NULL with error. */
struct lj_searcher *open_searcher(const struct options *options, GError **error);

/* Parses a query and resolves its marks; NULL after reporting, with *status set. */
struct lj_query *prepare_query(const struct options *options, struct lj_searcher *searcher,
                               const char *text, int *status);

/* One query to be answered: parses, searches, renders into output. Returns the exit status. */
int answer_query(const struct options *options, struct lj_searcher *searcher, const char *query_id,
                 const char *query, struct lj_output *output);

/* Ends an output: status, or that of a failed write; a reader that has gone is no failure. */
int finish_output(const struct options *options, struct lj_output *output, int status);

#endif
