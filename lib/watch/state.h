/* The folder a user's state lies in. */
#ifndef LEGAJO_WATCH_STATE_H
#define LEGAJO_WATCH_STATE_H

#include "legajo/watch.h"

/* Path of a file of it; g_free. */
char *lj_state_path(const char *first, const char *second);

/* Makes the folder (mode 0700) and takes the lock; -1 with LJ_ERROR_PERMISSION or LJ_ERROR_IO.
 * Close the descriptor to let go. */
int lj_state_lock(GError **error);

/* The file's bytes; *contents NULL where there is no such file. */
bool lj_state_read(const char *path, char **contents, gsize *length, GError **error);

/* Hands every line of a file to take, which may change it and says whether it is one of ours; no file is one
 * without lines. False with LJ_ERROR_IO, or with LJ_ERROR_CONFIG and the number of the first that is not. */
bool lj_state_lines(const char *path, bool (*take)(char *line, void *data), void *data,
                    GError **error);

/* Replaces a file by rename, synced, for its user alone. */
bool lj_state_write(const char *path, const char *contents, gssize length, GError **error);

/* May this be the name of a saved search or a mark? */
bool lj_state_name(const char *name);

#endif
