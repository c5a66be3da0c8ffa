/* One writer an index. Readers never lock. */
#ifndef LEGAJO_INDEX_LOCK_H
#define LEGAJO_INDEX_LOCK_H

#include "legajo/error.h"
#include <stdbool.h>

/* Takes DIR/lock, waiting up to wait seconds (0: not at all, -1: for ever). Returns a descriptor
 * for lj_unlock, or -1 with LJ_ERROR_LOCKED that names the holder's process, host and start. The
 * lock ends with its process, however that ends. *stop: a signal's flag that ends the waiting. */
int lj_lock(const char *dir, int wait, const volatile int *stop, GError **error);
void lj_unlock(int fd);

/* What the holder of DIR/lock wrote there (process, host, start); g_free. NULL: nobody holds it. Locks
 * nothing. */
char *lj_lock_holder(const char *dir);

#endif
