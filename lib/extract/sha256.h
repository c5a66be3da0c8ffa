/* SHA-256 with the processor's own instructions where it has them (nettle): GLib's is six times slower, and
 * every byte that is read goes through it.
 */
#ifndef LEGAJO_EXTRACT_SHA256_H
#define LEGAJO_EXTRACT_SHA256_H

#include <nettle/sha2.h>
#include <stddef.h>
#include <stdint.h>

static inline void
lj_sha256(const void *bytes, size_t length, uint8_t sha256[32])
{
    struct sha256_ctx sum;
    sha256_init(&sum);
    sha256_update(&sum, length, bytes);
    sha256_digest(&sum, 32, sha256);
}

#endif
