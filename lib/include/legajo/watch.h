/* What a reader keeps outside the index: saved searches, what alerts have delivered, marks.
 *
 * All of it lies in $XDG_STATE_HOME/legajo, keyed on the content of documents, so that rebuilds, moved
 * files and indexes on read-only media keep it.
 *
 *     struct lj_saved saved = {.name = "armas", .query = "tráfico armas", …};
 *     lj_saved_put(&saved, &error);
 *
 * Files are replaced by rename; a lock keeps two runs from losing each other's changes.
 */
#ifndef LEGAJO_WATCH_H
#define LEGAJO_WATCH_H

#include "legajo/search.h"

/* --- saved searches -------------------------------------------------------------------------------- */

struct lj_saved {
    char *name;       /* letters, digits, . _ - */
    char *query;
    char **databases; /* absolute paths or host:port, NULL-terminated */
    enum lj_syntax syntax;
    enum lj_match match;
    char *created;    /* ISO time */
};

LJ_API void lj_saved_free(struct lj_saved *saved);
/* All of them, by name: struct lj_saved. NULL with error where the file cannot be read. */
LJ_API GPtrArray *lj_saved_list(GError **error);
/* Adds or replaces. LJ_ERROR_USAGE for a name that cannot be. */
LJ_API bool lj_saved_put(const struct lj_saved *saved, GError **error);
/* Removes it, and what its alert has delivered. LJ_ERROR_NO_INPUT where there is none. */
LJ_API bool lj_saved_forget(const char *name, GError **error);

/* --- what an alert has delivered --------------------------------------------------------------------- */

/* A document by its content: 32 hex digits of its hash and a NUL. A member of a container goes by its
 * id, since the container's content changes with every other member. */
LJ_API void lj_watch_content(const struct lj_document *document, char key[33]);

/* Waits until no other run delivers alerts: from reading what was delivered to adding what is, so that two at
 * once do not tell the same. A descriptor, to be closed; -1 with error. */
LJ_API int lj_alerts_lock(GError **error);
/* Keys delivered under a name: a set of owned strings; empty where there is none yet. NULL with LJ_ERROR_CONFIG
 * where the file is damaged: what it holds is not lost. */
LJ_API GHashTable *lj_delivered_read(const char *name, GError **error);
/* Adds keys (char *) for good; synced. Callers do so after the output is written. */
LJ_API bool lj_delivered_add(const char *name, const GPtrArray *keys, GError **error);

/* --- marks ---------------------------------------------------------------------------------------------- */

struct lj_tags;
/* NULL with LJ_ERROR_CONFIG where the file is damaged: it is left as it is, until somebody has looked. */
LJ_API struct lj_tags *lj_tags_read(GError **error);
LJ_API void lj_tags_free(struct lj_tags *tags);
/* The marks of a document, sorted: borrowed strings; g_ptr_array_unref. */
LJ_API GPtrArray *lj_tags_of(const struct lj_tags *tags, const struct lj_document *document);
/* Hashes (64 hex digits, owned) of the contents that have a mark. */
LJ_API GPtrArray *lj_tags_contents(const struct lj_tags *tags, const char *tag);

/* Gives every etiqueta: of a query the contents that have the mark, for lj_search. */
LJ_API void lj_tags_resolve(const struct lj_tags *tags, struct lj_query *query);
/* Does a query ask for marks? */
LJ_API bool lj_tags_asked(const struct lj_query *query);
/* Gives a hit's document its marks, where answers look for them. */
LJ_API void lj_tags_show(const struct lj_tags *tags, struct lj_hit *hit);

/* Changes "+leída,-revisar" checked and taken apart; LJ_ERROR_USAGE. NULL-terminated; g_strfreev. */
LJ_API char **lj_tags_parse(const char *changes, GError **error);
/* Applies changes to the documents (struct lj_hit), under a lock, and writes. *changed: documents whose
 * marks differ now. */
LJ_API bool lj_tags_change(char *const *changes, const GPtrArray *hits, size_t *changed,
                           GError **error);

#endif
