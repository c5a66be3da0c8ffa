/* A document → what Xapian gets of it: the terms of all layers with positions, values, stored form.
 *
 *     struct lj_inverter *inverter = lj_inverter_new(analyser);
 *     const struct lj_inverted *it = lj_invert(inverter, document, &origin);
 *     lj_xap_writer_put(writer, 0, &it->document, &error);
 *
 * FORMAT.md lists the layers. Every distinct word is looked up once an inverter: afterwards a token
 * costs a few array accesses.
 */
#ifndef LEGAJO_INDEX_INVERT_H
#define LEGAJO_INDEX_INVERT_H

#include "legajo/analysis.h"
#include "legajo/stored.h"
#include "xap/xap.h"

/* Where a document came from: goes into terms and values, not into the document itself. */
struct lj_origin {
    const char *source; /* NAME */
    const char *path;   /* relative to the source, raw bytes; NULL for a feed */
    const char *key;    /* the document's (lj_document_key), where it is known already; NULL: not */
};

/* The number of a term that hardly another document has: it goes by its name. */
#define LJ_UNNUMBERED UINT32_MAX

/* The product of one document; borrowed from the inverter until its next call. */
struct lj_inverted {
    struct xap_document document;
    const uint32_t
        *numbers; /* of each posting's term, dense from 0 in a vocabulary; or LJ_UNNUMBERED */
    unsigned vocabulary;     /* numbers hold while this stays the same */
    GPtrArray *frames;       /* GBytes: frames 1…, may be empty */
    const char *id;
    uint32_t words, overlong;
    uint64_t text_bytes;
    bool dated;
};

struct lj_inverter *lj_inverter_new(struct lj_analyser *analyser);
void lj_inverter_free(struct lj_inverter *inverter);

/* Fields that documents are also found by: struct lj_declared, borrowed; NULL: none. */
void lj_inverter_declare(struct lj_inverter *inverter, const GPtrArray *declared);

/* Bytes that the words and terms it remembers may take, about; without, it remembers two million words. */
void lj_inverter_bound(struct lj_inverter *inverter, size_t memory);

const struct lj_inverted *lj_invert(struct lj_inverter *inverter,
                                    const struct lj_document *document,
                                    const struct lj_origin *origin);

/* User metadata: "F"+stem → forms, "A"+acronym → expansions. Both owned. */
struct lj_entry {
    char *key, *value;
};

/* What the documents since the last call bring, sorted by key; g_array_unref frees all. */
GArray *lj_inverter_take_metadata(struct lj_inverter *inverter);

/* Unites two values of one metadata key as compaction does; g_free. */
char *lj_metadata_unite(const char *key, const char *a, const char *b);

/* Appends prefix+value, or prefix + its first 160 bytes + '#' + SHA-1 when over 200 bytes. */
void lj_term_bounded(const char *prefix, const char *value, GString *out);

/* The term of the file a document was read from: "XF" + 32 hex digits and a NUL. */
void lj_term_file(const char *source, const char *path, char out[35]);

#endif
