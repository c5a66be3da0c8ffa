/* What every fuzz target includes: the entry point, called with each input. */
#ifndef LEGAJO_TESTS_FUZZ_H
#define LEGAJO_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Returns 0; a fault is a crash, a sanitizer's report or g_error(). */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
