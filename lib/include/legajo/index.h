/* Documents → index: the only writer. Everything a run of `indexer` does.
 *
 *     struct lj_index *index = lj_index_open(dir, &options, &error);
 *     struct lj_run_report report;
 *     lj_index_run(index, sources, &run_options, &report, &error);
 *     lj_index_close(index);
 */
#ifndef LEGAJO_INDEX_H
#define LEGAJO_INDEX_H

#include "legajo/extract.h"

/* see lib/index/index.c; completed with the code */

#endif
