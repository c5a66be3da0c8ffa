/* What other files of the stage ask of a matcher. */
#ifndef LEGAJO_PASSAGE_MATCHER_H
#define LEGAJO_PASSAGE_MATCHER_H

#include "legajo/passage.h"

/* The weights set, or NULL; *n: how many leaves the query has. */
const double *lj_matcher_weights(const struct lj_matcher *matcher, size_t *n);

#endif
