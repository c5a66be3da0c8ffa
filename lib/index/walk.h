/* A source's folder → its files, in byte order of their paths.
 *
 * Globs are gitignore's: without a slash they match a name anywhere, with one the path from the
 * source; a trailing slash means folders; `**` crosses folders; the last match decides.
 */
#ifndef LEGAJO_INDEX_WALK_H
#define LEGAJO_INDEX_WALK_H

#include "legajo/index.h"

struct lj_walk_options {
    const GArray *globs; /* struct lj_glob; NULL: none */
    bool hidden, follow;
    const char *avoid; /* real path of the index's own folder; NULL: none */
};

struct lj_file {
    char *path; /* relative to the source, raw bytes */
    uint64_t size, inode;
    int64_t mtime, ctime; /* ns */
};

struct lj_walk {
    GArray *files; /* struct lj_file, owned, in byte order */
    GPtrArray
        *unreadable; /* char *: "path: reason", folders and files that could not be looked at */
    GPtrArray *shut; /* char *: folders (relative, "" the source itself) under which nothing may be
                        taken for gone: unreadable ones */
    GPtrArray *mounts; /* char *: relative folders that are mount points */
};

/* Walks; a source that is one file gives that file. NULL with LJ_ERROR_NO_INPUT when it is not
 * there. *stop ends it early: nobody may take for gone what such a walk has not met. */
struct lj_walk *lj_walk(const char *root, const struct lj_walk_options *options,
                        const volatile int *stop, GError **error);
void lj_walk_free(struct lj_walk *walk);
/* Of two paths: which does a walk meet first? As strcmp, folder by folder. */
int lj_walk_compare(const char *a, const char *b);

/* Does a gitignore glob match a path? folder: the path is one. */
bool lj_glob_match(const char *pattern, const char *path, bool folder);

#endif
