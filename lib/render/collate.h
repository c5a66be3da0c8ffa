/* Spanish order of words, for lists sorted by context (called by kwic.c).
 *
 * ICU's collation is a library of its own, and linking it would cost every answer a millisecond:
 * it is loaded when something is first put in order.
 */
#ifndef LEGAJO_RENDER_COLLATE_H
#define LEGAJO_RENDER_COLLATE_H

/* A key whose byte order (strcmp) is the Spanish order of text (UTF-8): g_free. Keys hold the first
 * 1,023 bytes. Where ICU's collation is missing, which only a broken installation is, the program
 * ends with a message. */
char *lj_collate_key(const char *text);

#endif
