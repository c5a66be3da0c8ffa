/* What Xapian itself does for a reader of xap.h: the C++ of this folder, as one table of functions. Opening its library
 * takes as long as a short answer takes, so a program that seldom needs it loads the table when it does (late.c); all
 * others have it linked in (linked.c). */
#ifndef LEGAJO_XAP_XAPIAN_H
#define LEGAJO_XAP_XAPIAN_H

#include "xap/xap.h"

G_BEGIN_DECLS

struct xapian_reader; /* open databases */

/* As the functions of xap.h that are called so. */
struct xapian_functions {
    struct xapian_reader *(*open)(const char *const *databases, size_t n, GError **error);
    void (*close)(struct xapian_reader *reader);
    bool (*reopen)(struct xapian_reader *reader, GError **error);
    bool (*takes_docids)(const struct xapian_reader *reader);
    bool (*statistics)(struct xapian_reader *reader, struct xap_statistics *out, GError **error);
    bool (*shard_statistics)(struct xapian_reader *reader, size_t shard, struct xap_statistics *out,
                             GError **error);
    uint64_t (*shard_revision)(struct xapian_reader *reader, size_t shard);
    char *(*metadata)(struct xapian_reader *reader, size_t shard, const char *key,
                      size_t key_length, size_t *length, GError **error);
    bool (*pieces)(struct xapian_reader *reader, char first, const char *rest, char separator,
                   size_t most, GPtrArray *out, GError **error);
    bool (*frequencies)(struct xapian_reader *reader, const struct xap_term *terms, size_t n,
                        uint32_t *df, uint64_t *cf, GError **error);
    struct xap_vocabulary *(*terms)(struct xapian_reader *reader, const char *prefix, size_t length,
                                    const char *from, size_t from_length, size_t max,
                                    GError **error);
    bool (*docids)(struct xapian_reader *reader, const char *term, size_t length, GArray *out,
                   GError **error);
    bool (*positions)(struct xapian_reader *reader, uint32_t docid, const char *term, size_t length,
                      GArray *out, GError **error);
    bool (*positions_of)(struct xapian_reader *reader, const char *term, size_t length,
                         const uint32_t *docids, size_t n, uint32_t *counts, GArray *out,
                         GError **error);
    bool (*wdf_of)(struct xapian_reader *reader, const char *term, size_t length,
                   const uint32_t *docids, size_t n, uint32_t *wdf, GError **error);
    struct xap_vocabulary *(*sum_terms)(struct xapian_reader *reader, const uint32_t *docids,
                                        size_t n, const char *from, size_t from_length,
                                        const char *to, size_t to_length, GError **error);
    struct xap_occurrences *(*occurrences)(struct xapian_reader *reader, uint32_t docid,
                                           const struct xap_probe *probes, size_t n,
                                           GError **error);
    char *(*data)(struct xapian_reader *reader, uint32_t docid, size_t *length, GError **error);
    char *(*value)(struct xapian_reader *reader, uint32_t docid, uint32_t slot, size_t *length,
                   GError **error);
    struct xap_matches *(*search)(struct xapian_reader *reader, const struct xap_search *search,
                                  GError **error);
    bool (*match)(struct xapian_reader *reader, const struct xap_node *nodes, size_t n, GArray *out,
                  GError **error);
    struct xap_data *(*fetch)(struct xapian_reader *reader, const uint32_t *docids, size_t n,
                              GError **error);
    struct xap_data *(*values)(struct xapian_reader *reader, uint32_t slot, const uint32_t *docids,
                               size_t n, GError **error);
};

extern const struct xapian_functions legajo_xapian_functions;

/* The table; NULL where it cannot be loaded. */
const struct xapian_functions *lj_xapian(GError **error);

G_END_DECLS

#endif
