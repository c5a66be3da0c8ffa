/* What zstd may point back to in every frame: Spanish as laws, gazettes, communiqués and
 * transcripts write it. Part of index format 1: changing a byte of it makes every index unreadable,
 * so another text is another dictionary with its own number (lib/schema/FORMAT.md). */
#ifndef LEGAJO_DOCUMENT_DICTIONARY_H
#define LEGAJO_DOCUMENT_DICTIONARY_H

#include <stddef.h>

extern const char lj_dictionary_1[];
extern const size_t lj_dictionary_1_length;

#endif
