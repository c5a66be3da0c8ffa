/* Bulk builder: documents → a finished Xapian (glass) database, without the library.
 *
 * Documents come in rising docids and are inverted in compact arrays in memory; when these have
 * grown to the builder's share of memory they are sorted and set down as a run in a nameless file,
 * and at the end all runs are merged into tables that are written front to back, fully packed, as
 * xapian-compact would. The result is an ordinary database: every Xapian tool reads, checks and
 * updates it.
 *
 *     struct lj_glass *glass = lj_glass_open(dir, 256 << 20, &error);
 *     lj_glass_add(glass, 1, &document, &error);       rising docids
 *     lj_glass_set_metadata(glass, "k", 1, "v", 1, &error);
 *     lj_glass_finish(glass, &error);                  dir is a database now, synced
 *     lj_glass_free(glass);
 *
 * Several threads: a builder each, over any docids that rise within each and stand in one builder
 * only; then one lj_glass_merge. A builder belongs to one thread at a time.
 *
 * The hot path spares the hashing of every word: lj_glass_term gives a term a number that the
 * caller keeps (an array by word), and lj_glass_add_text takes occurrences as {term, position}.
 */
#ifndef LEGAJO_GLASS_H
#define LEGAJO_GLASS_H

#include "xap/xap.h"

G_BEGIN_DECLS

struct lj_glass;

/* A builder whose database will be dir, which is made where it is missing; nameless working files
 * stand in dir too. Fails with LJ_ERROR_IO when there is a database in dir already. memory: bytes
 * that the builder may hold (at least 64 KiB are taken); a single document may exceed it. */
struct lj_glass *lj_glass_open(const char *dir, size_t memory, GError **error);

/* Whether term lists are deflated as the library does. Off at first: with all layers it takes a
 * tenth off the database and makes the builder a third slower; xapian-compact and later updates
 * deflate what is not. Before the first document. */
void lj_glass_set_deflate(struct lj_glass *glass, bool deflate);

/* Frees the builder and its working files; what was not finished is gone. NULL is fine. */
void lj_glass_free(struct lj_glass *glass);

/* Adds a document; docid must be above those before it. Positions of a posting rise strictly. A
 * document that the format does not allow (a term of 0 or more than 245 bytes, or with too many
 * zero bytes; a term or slot twice) is refused with LJ_ERROR_FORMAT and leaves no trace; after
 * LJ_ERROR_IO the builder takes nothing more. */
bool lj_glass_add(struct lj_glass *glass, uint32_t docid, const struct xap_document *document,
                  GError **error);

/* --- the hot path ------------------------------------------------------------------------------
 */

/* Numbers given by lj_glass_term hold while this number stays the same; it changes inside calls
 * that set a run down, where the terms have come to take a third of the memory, and after merging. Look
 * before each document. */
unsigned lj_glass_epoch(const struct lj_glass *glass);

#define LJ_GLASS_NO_TERM UINT32_MAX      /* a term that the format does not allow */
#define LJ_GLASS_SINGLE (UINT32_MAX - 1) /* in place of a number: see lj_glass_add_known */

/* The number of a term, dense from 0 in an epoch. */
uint32_t lj_glass_term(struct lj_glass *glass, const char *bytes, size_t length);
/* Says that lj_glass_term will be asked for it soon: where it would stand is fetched meanwhile. */
void lj_glass_expect(const struct lj_glass *glass, const char *bytes, size_t length);

/* From now on each occurrence of term counts 1 for implied as well, without a position: a word and
 * its stem. Holds for the epoch. An implied term must not itself imply, nor occur with positions.
 */
void lj_glass_imply(struct lj_glass *glass, uint32_t term, uint32_t implied);

struct lj_glass_occurrence {
    uint32_t term;
    uint32_t position;
};

struct lj_glass_text {
    /* With positions: each adds 1 to the term's wdf. Positions of one term never fall; one that
     * stands twice counts twice and is kept once. */
    const struct lj_glass_occurrence *occurrences;
    size_t n_occurrences;
    const uint32_t *plain; /* without positions: each adds 1 to the term's wdf */
    size_t n_plain;
    const uint32_t *boolean; /* wdf 0 unless the term is counted above */
    size_t n_boolean;
    const struct xap_value *values; /* as in struct xap_document */
    size_t n_values;
    const char *data;
    size_t data_length;
};

bool lj_glass_add_text(struct lj_glass *glass, uint32_t docid, const struct lj_glass_text *text,
                       GError **error);

/* As lj_glass_add, where each posting's term has its number in terms already (all different, none
 * LJ_GLASS_NO_TERM); what the postings say of terms and their order of positions is trusted. A term that hardly
 * another document has, as an id, may stand as LJ_GLASS_SINGLE, without positions: it takes no part in the table of
 * terms. A term that stood so in one document of a builder must stand so in all, or the run fails with
 * LJ_ERROR_INTERNAL. */
bool lj_glass_add_known(struct lj_glass *glass, uint32_t docid, const struct xap_document *document,
                        const uint32_t *terms, GError **error);

/* --- metadata and the end ----------------------------------------------------------------------
 */

/* Names of 1 to 253 bytes. Of several values of a name those beginning with 'F' (forms of a stem,
 * blank-separated) or 'A' (expansions of an acronym, tab-separated) are united, of the others the
 * last one counts: within a builder, and over builders
 * in their order. length 0: nothing is set. */
bool lj_glass_set_metadata(struct lj_glass *glass, const char *key, size_t key_length,
                           const char *value, size_t length, GError **error);

uint32_t lj_glass_documents(const struct lj_glass *glass);

/* Writes what the builder got as a database in its dir. Tables are synced before the version file
 * is renamed into place, so that the database is there completely or not at all. The builder is
 * empty then, in failure too, and may only be freed. */
bool lj_glass_finish(struct lj_glass *glass, GError **error);

/* The same for several builders, into dir (made where it is missing); their own dirs get nothing.
 * threads: how many may work at it (a table each: 4 at most). All builders are empty then, in failure too, and
 * can take the documents of a next database. */
bool lj_glass_merge(struct lj_glass *const *builders, size_t n, const char *dir, unsigned threads,
                    GError **error);

/* --- in parts ----------------------------------------------------------------------------------
 */

/* What a builder got since it was opened or last asked, set down in its working files: for work
 * that is cut into pieces by one thread and done by several, each piece with docids from 1 on. A
 * part may be joined by another thread, and outlive its builder. NULL on error. */
struct lj_glass_part;
struct lj_glass_part *lj_glass_take(struct lj_glass *glass, GError **error);
void lj_glass_part_free(struct lj_glass_part *part);

/* Parts → a database in dir, in this order; docids follow one another, as in lj_xap_compact without
 * keep_docids. The parts stay; memory: for reading them; threads: as in lj_glass_merge. */
bool lj_glass_join(struct lj_glass_part *const *parts, size_t n, const char *dir, size_t memory,
                   unsigned threads, GError **error);

/* Whether the Xapian linked here writes the format that this builder knows: a tiny database is
 * built both ways, compacted and compared byte for byte, once a process. Where not, error says what
 * differs, and the caller builds through lj_xap_writer. */
bool lj_glass_trusted(GError **error);

G_END_DECLS

#endif
