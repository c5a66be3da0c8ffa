/* What a generation that is being built says of itself, so that a rebuild that was broken off is gone on with.
 *
 * The file `unfinished` in its folder is written anew with every segment that is whole; what is not named there
 * never happened. It goes when the generation is live.
 *
 *     of 3f2a…            the live index it is built beside, as it was (lj_store_state)
 *     how 9c01…           how it is built: analyser, declared fields, sources, programs
 *     carried 40112       documents of the live index, in their order, that its segments have
 *     glass seg-0001
 */
#ifndef LEGAJO_INDEX_UNFINISHED_H
#define LEGAJO_INDEX_UNFINISHED_H

#include "legajo/error.h"
#include <stdbool.h>
#include <stdint.h>

struct lj_unfinished {
    char *of, *how; /* words without blanks */
    uint64_t carried;
    GArray *segments; /* unsigned */
};

/* folder: of the generation. NULL: it has none that can be read. */
struct lj_unfinished *lj_unfinished_read(const char *folder);
void lj_unfinished_free(struct lj_unfinished *unfinished);
/* Written, synced and renamed. */
bool lj_unfinished_write(const char *folder, const struct lj_unfinished *unfinished,
                         GError **error);
bool lj_unfinished_remove(const char *folder, GError **error);

#endif
