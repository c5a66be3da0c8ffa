/* What zstd may point back to in every frame: Spanish as laws, gazettes, communiqués and
 * transcripts write it. Part of index format 1: changing a byte of it makes every index unreadable,
 * so another text is another dictionary with its own number (lib/schema/FORMAT.md). */
#ifndef LEGAJO_DOCUMENT_DICTIONARY_H
#define LEGAJO_DOCUMENT_DICTIONARY_H

#include <glib.h>

extern const char lj_dictionary_1[];
extern const size_t lj_dictionary_1_length;

/* The same words behind zstd's tables of how such text is coded, so that a short frame brings none of its own:
 * what is written since. It reads what was written with the words alone, too. g_bytes_unref. */
GBytes *lj_dictionary_2(void);

#endif
