/* Reading a glass database where it lies: its tables are mapped, a list is decoded in place.
 *
 * Xapian's own reader copies every block, opens a cursor a list and hands out one posting a call. A search over
 * local databases (search/local.h) reads whole lists, and this is several times faster. It reads one revision,
 * the one it was opened with:
 *
 *     struct glass_reader *reader = lj_glass_reader_open("seg-0001");    NULL: not ours to read
 *     …                                                                  lists, positions, values
 *     if (!lj_glass_reader_current(reader))                              written to meanwhile: what was
 *         …                                                              read may be anything
 *
 * A writer reuses a block of this revision only after it has committed another, so what was read while the
 * database stood at this revision is whole. Whatever the bytes, no read goes outside of the tables: a list that
 * makes no sense ends, and `broken` is set.
 */
#ifndef LEGAJO_GLASS_READ_H
#define LEGAJO_GLASS_READ_H

#include "glass/code.h"

#define GLASS_LEVELS 10

struct glass_map {
    const uint8_t *bytes; /* NULL: no such file, an empty table */
    size_t size;
    uint32_t block, root, level;
};

struct glass_reader {
    char *path, *version; /* the folder, its iamglass */
    uint8_t uuid[16];
    uint32_t revision;
    uint32_t documents, last_docid;
    uint64_t total_length;
    struct glass_map postlist, position, termlist, docdata;
    uint64_t seen[4]; /* identity of iamglass when it was read */
    bool broken;      /* something was not as it should be */
};

/* NULL where the database cannot be read so (another format, a table missing): Xapian will say why. */
struct glass_reader *lj_glass_reader_open(const char *path);
void lj_glass_reader_close(struct glass_reader *reader);
/* Is the database still at the revision that was opened? (One that was taken away is: what was opened stays.) */
bool lj_glass_reader_current(const struct glass_reader *reader);

/* A place in a table. */
struct glass_cursor {
    struct glass_reader *reader;
    const struct glass_map *map;
    struct {
        const uint8_t *block;
        uint32_t at, n;
    } level[GLASS_LEVELS];
    const uint8_t *key; /* of the item at hand */
    uint32_t key_length, component;
    GByteArray *joined; /* a tag in several items */
};

/* The postings of a term, or the lengths of all documents, chunk by chunk: wdf, then (gap - 1, wdf) of each further
 * document. The last byte of a chunk is below 0x80, so glass_get_number never reads beyond it. */
struct glass_postings {
    struct glass_cursor cursor;
    uint32_t documents;   /* of the whole list */
    uint32_t first, last; /* docids of the chunk at hand */
    const uint8_t *at, *end;
    /* where lj_glass_postings_of stopped in the chunk at hand: behind a document's wdf; NULL: it was not there */
    const uint8_t *stop;
    uint32_t stop_docid, stop_wdf;
    uint8_t key[256];
    uint32_t key_length, suffix; /* of keys of later chunks: their prefix, bytes before the docid */
    bool final;
};

/* false: no document has the term. After true, end it. */
bool lj_glass_postings_begin(struct glass_reader *reader, const char *term, size_t length,
                             struct glass_postings *out);
/* The same of one term after the other that begins so, in byte order: the term is key, of key_length. false: there is none
 * any more, and nothing to end. */
bool lj_glass_postings_first(struct glass_reader *reader, const char *prefix, size_t length,
                             struct glass_postings *out);
bool lj_glass_postings_next(struct glass_postings *postings, size_t length);
/* Lengths instead of wdfs. */
bool lj_glass_lengths_begin(struct glass_reader *reader, struct glass_postings *out);
/* To the next chunk; false: there is none. */
bool lj_glass_postings_chunk(struct glass_postings *postings);
/* The chunk at hand, docids rising and none above postings->last. The arrays need room for
 * lj_glass_postings_room(); returns how many there are. */
uint32_t lj_glass_postings_room(const struct glass_postings *postings);
uint32_t lj_glass_postings_decode(struct glass_postings *postings, uint32_t *docids,
                                  uint32_t *wdfs);
/* The same of those documents only whose bit is set: 64 a word, the lowest first. */
uint32_t lj_glass_postings_within(struct glass_postings *postings, const uint64_t *set,
                                  uint32_t *docids, uint32_t *wdfs);
/* To the chunk where a document stands, or would, if it does not lie before the one at hand; false: there is none. */
bool lj_glass_postings_seek(struct glass_postings *postings, uint32_t docid);
/* Of n documents (docids rising) those that the list has from the chunk at hand on: their places among the n, and
 * their wdfs; the arrays need room for n. Returns how many. What lies between is passed by, chunks not opened. */
uint32_t lj_glass_postings_of(struct glass_postings *postings, const uint32_t *docids, uint32_t n,
                              uint32_t *places, uint32_t *wdfs);
void lj_glass_postings_end(struct glass_postings *postings);

/* Positions of one term in one document after another: quick where docids rise. */
struct glass_positions {
    struct glass_cursor cursor;
    uint8_t key[264];
    uint32_t prefix;
    uint32_t docid; /* asked for last */
    const uint8_t *leaf; /* where the word's last item is noted, and its document */
    uint32_t end, end_docid;
};
void lj_glass_positions_begin(struct glass_reader *reader, const char *term, size_t length,
                              struct glass_positions *out);
/* Appends them to out (uint32_t), rising; returns how many. */
uint32_t lj_glass_positions_read(struct glass_positions *positions, uint32_t docid, GArray *out);
void lj_glass_positions_end(struct glass_positions *positions);

/* The same positions one by one, as far as they are wanted: of a word like "de" few are. */
struct glass_walk {
    uint32_t position; /* at hand */
    uint32_t count;    /* of all */
    uint32_t index;
    const uint8_t *at, *end;
    uint64_t held;
    unsigned bits;
    unsigned depth; /* known ones further on, the nearest last */
    struct {
        uint32_t index, position;
    } known[34];
};
/* At the first position; false: there is none. The walk stays good until the next call for this list. */
bool lj_glass_positions_walk(struct glass_positions *positions, uint32_t docid,
                             struct glass_walk *walk);
/* Where the positions of some documents lie, at most GLASS_SCOUTED, docids rising: looked for side by side, since each
 * must be waited for where the table is larger than the processor's caches. Then walk at each spot. */
#define GLASS_SCOUTED 32
struct glass_spot {
    const uint8_t *tag; /* NULL: not found so, look it up */
    uint32_t length;
};
void lj_glass_positions_scout(struct glass_positions *positions, const uint32_t *docids, uint32_t n,
                              struct glass_spot *spots);
uint32_t lj_glass_positions_read_at(struct glass_positions *positions, uint32_t docid,
                                    const struct glass_spot *spot, GArray *out);
bool lj_glass_positions_walk_at(struct glass_positions *positions, uint32_t docid,
                                const struct glass_spot *spot, struct glass_walk *walk);
/* To the first position from one on, not back; false: there is none. */
bool lj_glass_walk_to(struct glass_walk *walk, uint32_t position);
/* To the next one. */
static inline bool
lj_glass_walk_next(struct glass_walk *walk)
{
    return walk->depth > 0 && lj_glass_walk_to(walk, walk->position + 1);
}

/* Every value of a slot, docids rising. */
typedef void (*glass_value_fn)(uint32_t docid, const uint8_t *value, uint32_t length, void *data);
void lj_glass_values(struct glass_reader *reader, uint32_t slot, glass_value_fn take, void *data);
/* The same of n documents, docids rising; those without a value are passed over. */
void lj_glass_values_of(struct glass_reader *reader, uint32_t slot, const uint32_t *docids,
                        uint32_t n, glass_value_fn take, void *data);

/* Appends the metadata of a name; nothing where there is none. */
void lj_glass_metadata(struct glass_reader *reader, const char *name, size_t length, GString *out);

/* Appends the data of a document; nothing where it has none. */
void lj_glass_data(struct glass_reader *reader, uint32_t docid, GByteArray *out);

/* The terms of a document that a probe is for, in byte order as the probes are (see lj_xap_occurrences), until take says
 * false; returns whether there is such a document. A term has no NUL after it and stays until the next one. */
struct xap_probe;
typedef bool (*glass_term_fn)(const uint8_t *term, uint32_t length, uint32_t wdf, void *data);
bool lj_glass_terms(struct glass_reader *reader, uint32_t docid, const struct xap_probe *probes,
                    size_t n, glass_term_fn take, void *data);

#endif
