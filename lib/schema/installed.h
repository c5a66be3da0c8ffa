/* Where a tool's own helper programs and libraries lie. */
#ifndef LEGAJO_SCHEMA_INSTALLED_H
#define LEGAJO_SCHEMA_INSTALLED_H

/* The path of a file that belongs to the tools: beside the running program, as in a build folder; in PREFIX/libexec/legajo
 * of the PREFIX/bin it runs from; where the build said it would be installed. g_free. Whether it is there is the caller's
 * to see. */
char *lj_installed(const char *name);

#endif
