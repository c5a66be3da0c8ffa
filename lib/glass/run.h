/* Runs: what a builder sets down when its memory is full, and how the merge reads it back. Private
 * to lib/glass.
 *
 *     postings    for each term, sorted: shared, rest, bytes · df · cf, then (gap, wdf)…
 *     positions   for each term with positions: shared, rest, bytes · entries,
 *                 then (gap, size, coded positions)…
 *     lengths     for each document: gap · length
 *     termlists   for each document: gap · size * 2 + deflated · tag · size · slots used
 *     data        for each document that has some: gap · size · bytes
 *     metadata    for each entry, sorted: size, name · size, value
 *     values      for each slot a piece of its own: (gap, size, value)…
 *
 * Numbers are glass_put_number. Gaps are differences of docids; the first of a list counts from 0.
 */
#ifndef LEGAJO_GLASS_RUN_H
#define LEGAJO_GLASS_RUN_H

#include "glass/code.h"
#include "glass/glass.h"

#define GLASS_SPILL_ROOM ((size_t)64 << 10)
#define GLASS_SPILL_BUFFER (GLASS_WRITE + GLASS_SPILL_ROOM)

/* A nameless file, written at its end through a buffer by one thread; the first error sticks. What
 * is written may be read by others meanwhile. Builder and runs hold it together. */
struct glass_spill {
    gint references;
    char *dir; /* for messages */
    int fd;
    uint64_t length; /* with what is in the buffer */
    size_t held;
    uint8_t *buffer;
    GError *error;
    gint holes;      /* that readers have made so far and were looked at */
    gint slow_holes; /* those of them that took long */
};

struct glass_piece {
    uint64_t offset, length;
};

struct glass_slot {
    uint32_t slot;
    uint32_t n;             /* documents with a value */
    uint32_t first, last;   /* docids */
    uint8_t *bytes;         /* while in memory */
    size_t used, allocated;
    GByteArray *low, *high; /* bounds */
    uint64_t least, most;   /* their first eight bytes as numbers of their order */
    struct glass_piece piece;
};

struct glass_run {
    /* of all but positions and data, which have their own; the run has a reference to each */
    struct glass_spill *spill, *position_spill, *data_spill;
    struct glass_piece whole, whole_positions; /* what can be freed with the run (and data) */
    uint32_t base;                             /* added to all docids */
    struct glass_piece postings, positions, lengths, termlists, data, metadata;
    GPtrArray *slots; /* struct glass_slot */
    uint32_t documents, last_docid;
    uint32_t shortest; /* of documents with a length; 0: none */
    uint32_t longest;
    uint32_t wdf; /* largest */
    uint64_t total_length;
    uint64_t data_entries, position_entries;
};

struct glass_spill *glass_spill_open(const char *dir, GError **error);
struct glass_spill *glass_spill_ref(struct glass_spill *spill);
void glass_spill_unref(struct glass_spill *spill);
void glass_spill_put(struct glass_spill *spill, const void *bytes, size_t n);
/* Writes what the buffer holds up to the last multiple of GLASS_WRITE, or all of it; then GLASS_SPILL_ROOM is free. */
void glass_spill_make_room(struct glass_spill *spill);
/* Room for n more bytes (at most GLASS_SPILL_ROOM) at the end of the buffer; glass_spill_advance says how
 * many were used. */
static inline uint8_t *
glass_spill_room(struct glass_spill *spill, size_t n)
{
    if (G_UNLIKELY(n > GLASS_SPILL_BUFFER - spill->held))
        glass_spill_make_room(spill);
    return spill->buffer + spill->held;
}
static inline void
glass_spill_advance(struct glass_spill *spill, const uint8_t *end)
{
    size_t n = (size_t)(end - (spill->buffer + spill->held));
    spill->held += n;
    spill->length += n;
}
/* Writes the buffer; false with the first error since the file was opened. */
bool glass_spill_flush(struct glass_spill *spill, GError **error);

void glass_slot_free(struct glass_slot *slot);
/* Gives the run's room on the disk back. */
void glass_run_free(struct glass_run *run);

/* Reads a piece front to back, once: what has been read is let go. */
struct glass_reader {
    struct glass_spill *spill;
    uint64_t offset, rest; /* not yet in the buffer */
    uint64_t kept;         /* the file has it from here on */
    uint8_t *buffer;
    size_t size;
    const uint8_t *p, *end;
    GError **error; /* where a read error goes; the reader is at its end then */
    bool failed;
};

void glass_reader_open(struct glass_reader *reader, struct glass_spill *spill,
                       struct glass_piece piece, size_t buffer, GError **error);
void glass_reader_close(struct glass_reader *reader);
/* Makes n bytes readable at p (fewer at the end, then zeros up to GLASS_READER_PAD). */
void glass_reader_fill(struct glass_reader *reader, size_t n);

#define GLASS_READER_PAD 64

static inline void
glass_reader_need(struct glass_reader *reader, size_t n)
{
    if (G_UNLIKELY((size_t)(reader->end - reader->p) < n))
        glass_reader_fill(reader, n);
}

static inline bool
glass_reader_at_end(struct glass_reader *reader)
{
    glass_reader_need(reader, 1);
    return reader->p >= reader->end;
}

static inline uint32_t
glass_reader_number(struct glass_reader *reader)
{
    uint32_t value;
    glass_reader_need(reader, 10);
    reader->p = glass_get_number(reader->p, &value);
    return value;
}

static inline uint64_t
glass_reader_number64(struct glass_reader *reader)
{
    uint64_t value;
    glass_reader_need(reader, 10);
    reader->p = glass_get_number64(reader->p, &value);
    return value;
}

/* n bytes, valid until the next call. */
static inline const uint8_t *
glass_reader_bytes(struct glass_reader *reader, size_t n)
{
    glass_reader_need(reader, n);
    const uint8_t *bytes = reader->p;
    reader->p += MIN(n, (size_t)(reader->end - reader->p));
    return bytes;
}

/* Writes the database of these runs (struct glass_run) into dir. memory: for buffers. */
bool glass_merge_runs(GPtrArray *runs, const char *dir, size_t memory, unsigned threads,
                      GError **error);

/* Makes dir; LJ_ERROR_IO when it cannot be made or holds a database. */
bool glass_prepare_dir(const char *dir, GError **error);

/* Unites two lists of words, sorted and each once, as lj_xap_compact does for keys 'F' and 'A'. */
void glass_unite(GByteArray *words, char separator, const void *more, size_t length);

/* Whether two database folders hold the same bytes but for the UUID; error names what differs. */
bool glass_same_files(const char *a, const char *b, GError **error);

#endif
