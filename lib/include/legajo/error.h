/* Errors of liblegajo: one GError domain, whose codes map to the exit codes of the tools.
 *
 * Whoever detects a problem writes the message, once, saying what, where and what to do; callers
 * add only what they alone know. Messages are for people, in the language of the locale; the code
 * and its name (lj_error_name) are for programs and never change.
 *
 *     g_set_error(error, LJ_ERROR, LJ_ERROR_LOCKED, _("%s is being written by process %d"), dir, pid);
 *     exit(lj_error_exit_status(error));
 */
#ifndef LEGAJO_ERROR_H
#define LEGAJO_ERROR_H

#include <glib.h>

#define LJ_API __attribute__((visibility("default")))

#define LJ_ERROR (lj_error_quark())

enum lj_error {
    LJ_ERROR_USAGE,      /* 2   the call itself is wrong */
    LJ_ERROR_QUERY,      /* 2   the query cannot be right; a place is marked */
    LJ_ERROR_NOT_INDEX,  /* 65  the folder is something else, of another program */
    LJ_ERROR_DAMAGED,    /* 65  the index fails to read */
    LJ_ERROR_NEWER,      /* 65  the index has a later format, or another analyser */
    LJ_ERROR_NO_INPUT,   /* 66  no such source, no such index */
    LJ_ERROR_INTERNAL,   /* 70  a fault of ours */
    LJ_ERROR_IO,         /* 74  disk full, read error, a shard that does not answer */
    LJ_ERROR_LOCKED,     /* 75  another writer has the index */
    LJ_ERROR_PERMISSION, /* 77  no permission on the index */
    LJ_ERROR_CONFIG,     /* 78  a configuration that cannot be used */
    LJ_ERROR_FORMAT,     /* 1   a document that its format does not allow (one document's failure) */
    LJ_ERROR_SKIPPED,    /* 0   a kind of file that nobody reads */
};

G_BEGIN_DECLS

LJ_API GQuark lj_error_quark(void);

/* The exit status (sysexits.h where it has one) for an error; 70 for errors of other domains,
 * except G_FILE_ERROR and G_IO_ERROR, which are 74. */
LJ_API int lj_error_exit_status(const GError *error);

/* The stable name of an error's code, as JSON carries it: "query", "locked", "no-input"… Static. */
LJ_API const char *lj_error_name(const GError *error);

G_END_DECLS

#endif
