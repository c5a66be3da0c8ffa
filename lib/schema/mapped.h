/* Mapping files so that a failing disk names them (legajo/mapped.h).
 *
 *     const uint8_t *bytes = lj_map(fd, size, path, remedy);
 *     …
 *     lj_unmap(bytes, size);
 */
#ifndef LEGAJO_SCHEMA_MAPPED_H
#define LEGAJO_SCHEMA_MAPPED_H

#include "legajo/mapped.h"
#include <stdbool.h>
#include <stddef.h>

/* Maps size bytes (not 0) of a file to read them; NULL with errno. remedy: what to do where they cannot be read, in the
 * user's language; copied, as path is. Threads may call it. */
const void *lj_map(int fd, size_t size, const char *path, const char *remedy);
/* NULL is fine. */
void lj_unmap(const void *bytes, size_t size);

#endif
