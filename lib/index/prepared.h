/* A document ready to be put into a database, kept apart from the inverter that made it. */
#ifndef LEGAJO_INDEX_PREPARED_H
#define LEGAJO_INDEX_PREPARED_H

#include "index/invert.h"

struct lj_prepared {
    struct xap_document document;
    GPtrArray *frames; /* GBytes */
    char *id;
    uint64_t text_bytes;
    /* private: what the document's arrays point into */
    void *blocks[4];
};

struct lj_prepared *lj_prepared_copy(const struct lj_inverted *inverted);
void lj_prepared_free(struct lj_prepared *prepared);

/* Puts a document and its further frames into a database; docid 0 adds. Returns the docid, 0 on
 * error. */
uint32_t lj_put_document(struct xap_writer *writer, uint32_t docid,
                         const struct xap_document *document, const GPtrArray *frames,
                         const char *id, GError **error);
/* Takes the frames numbered from `from` on away: of a document that goes or has become shorter. */
bool lj_drop_frames(struct xap_writer *writer, const char *id, uint32_t from, GError **error);
/* Unites metadata entries (struct lj_entry) with what the database holds. */
bool lj_put_metadata(struct xap_writer *writer, const GArray *entries, bool fresh, GError **error);

#endif
