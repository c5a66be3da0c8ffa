/* The stored form of a document: what Xapian keeps as its data, and how to read it back in pieces.
 *
 *     data ── header: version, id, fields, marks, frame directory ── frame 0 (zstd; a short text's with the header)
 *     user metadata "T"+hash+number ── frames 1, 2, …  (zstd), in the same commit
 *
 * A frame is about 64 KiB of text, cut where no token and no joined line end is split; it was
 * analysed by itself, so a snippet decodes only the frames it needs.
 */
#ifndef LEGAJO_STORED_H
#define LEGAJO_STORED_H

#include "legajo/document.h"

#define LJ_FRAME_SIZE 65536

struct lj_frame {
    uint32_t offset;         /* first byte of the text */
    uint32_t bytes;          /* length, uncompressed */
    uint32_t first_position; /* Xapian position of its first token */
    uint32_t tokens;         /* how many tokens */
    uint32_t points;         /* code points; lj_stored_encode counts them itself */
};

/* Length of the next frame of a text that has length bytes left: all of it up to LJ_FRAME_SIZE*5/4,
 * else up to the last paragraph end, line end (unless a hyphen stands before it) or blank in the
 * last quarter of the frame, else up to a code point. Never 0 for length > 0. */
LJ_API size_t lj_frame_cut(const char *text, size_t length);

/* Makes the stored form. frames: what the analysis found, in order, covering the text. data gets
 * the document data; rest gets one GBytes for each of frames 1…n-1 (compressed). */
LJ_API void lj_stored_encode(const struct lj_document *document, const struct lj_frame *frames,
                             size_t n_frames, GByteArray *data, GPtrArray *rest);

/* A stored document, opened: everything but the text is at hand. */
struct lj_stored {
    struct lj_document *document; /* its text is empty until lj_stored_text */
    GArray *frames;               /* struct lj_frame */
    uint64_t text_bytes;
    uint32_t words;               /* tokens in all */
    GBytes *first;                /* frame 0, compressed; NULL: no text, or */
    char *text;                   /* all of a short text, which stands with the header */
};

LJ_API struct lj_stored *lj_stored_decode(const uint8_t *data, size_t length, GError **error);
LJ_API void lj_stored_free(struct lj_stored *stored);

/* The text of frame 0: a copy (g_free). NULL with LJ_ERROR_DAMAGED, so too where there is no frame. */
LJ_API char *lj_stored_first(const struct lj_stored *stored, GError **error);

/* Name of frame number (1…) of a document in user metadata; out takes 10 + 5 bytes at most; returns
 * the length. "T", 8 bytes of the SHA-1 of the id, the number 7 bits a byte. */
LJ_API size_t lj_stored_frame_key(const char *id, uint32_t number, char out[16]);

/* Uncompresses a frame; expected is its length in the directory. NULL with LJ_ERROR_DAMAGED. */
LJ_API char *lj_stored_inflate(const uint8_t *bytes, size_t length, size_t expected,
                               GError **error);

#endif
