/* Files of an index that are mapped: where their disk fails, or another program cuts them short, reading memory is a
 * signal (SIGBUS) and no error that a function could return. A tool that wants to end as on any other failure of a
 * disk says so once, at its beginning:
 *
 *     lj_mapped_guard("searcher");
 *
 * From then on such a signal ends the process with exit status 74 and one line on standard error: the tool, the
 * file, what to do. A SIGBUS that has to do with no mapped file of ours stays what it was.
 */
#ifndef LEGAJO_MAPPED_H
#define LEGAJO_MAPPED_H

#include "legajo/error.h"

G_BEGIN_DECLS

/* tool: how the line begins; borrowed for as long as the process lives. Installs a handler; once, before threads. */
LJ_API void lj_mapped_guard(const char *tool);

G_END_DECLS

#endif
