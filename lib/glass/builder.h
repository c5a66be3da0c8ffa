/* The builder from inside: what its files share. glass.c takes documents, terms.c numbers their terms,
 * setdown.c makes a run of a full memory, part.c hands runs on.
 */
#ifndef LEGAJO_GLASS_BUILDER_H
#define LEGAJO_GLASS_BUILDER_H

#include "glass/glass.h"
#include "glass/run.h"

#define GLASS_NONE UINT32_MAX

/* Of a term, in the document being added. */
struct current {
    uint32_t stamp; /* of the last document that has the term */
    uint32_t positions;
    uint32_t plain;
    uint32_t place; /* among the positions of the document */
};

/* Of a term, in the run. */
struct term {
    uint64_t cf;
    uint32_t text; /* in glass->texts */
    uint16_t length;
    uint16_t key_length;
    uint32_t df;
    uint32_t position_df;
    uint32_t last;  /* document, counted in the run */
    uint32_t bytes; /* of its records */
    uint32_t implied;
};

/* Where the records of a term go while they are scattered. */
struct spot {
    uint64_t to;   /* in glass->sorted */
    uint32_t last; /* document, counted in the run */
};

/* A term among others in byte order. */
struct ordered {
    uint64_t prefix; /* glass_prefix64 */
    uint32_t term;   /* its number; of one that stands alone, which of glass->single */
    uint32_t text;   /* in glass->texts, or in glass->single_texts */
    uint32_t length;
};

/* An occurrence of a term that hardly another document has: a table of all of them would only grow. */
struct single {
    uint32_t text; /* in glass->single_texts */
    uint32_t length;
    uint32_t local; /* document, counted in the run */
    uint32_t wdf;
};

struct slot_of_hash {
    uint32_t hash;
    uint32_t term; /* GLASS_NONE: free */
};

/* A document of the run. */
struct document {
    uint32_t docid;
    uint32_t length;
    uint32_t terms;   /* with those that stand alone */
    uint32_t singles; /* of these, the last of its records */
    uint32_t slots;   /* bytes in glass->slots_used */
    uint64_t start;   /* of its records */
};

struct entry {
    uint32_t key_length, length;
    uint8_t bytes[];
};

struct lj_glass {
    char *dir;
    size_t memory;
    bool deflate;
    unsigned epoch;
    struct glass_spill *spill, *position_spill, *data_spill;
    GPtrArray *runs;
    GError *error;
    uint32_t documents; /* in all runs */

    /* terms */
    struct slot_of_hash *hash;
    uint32_t hash_size; /* a power of two */
    uint32_t n_terms, terms_allocated;
    struct current *current;
    struct term *term;
    struct spot *spot;
    uint64_t *seen;        /* a bit a term: does it occur in the run? */
    struct ordered *order; /* the first n_ordered terms in byte order */
    uint32_t n_ordered, order_allocated;
    uint8_t *texts;
    size_t texts_used, texts_allocated;

    /* the run being filled */
    struct single *single;
    uint32_t n_singles, singles_allocated;
    uint8_t *single_texts;
    size_t single_used, single_allocated;
    uint8_t *stream;
    size_t used, allocated;
    uint8_t *sorted; /* the stream by term; kept from run to run */
    size_t sorted_allocated;
    struct document *document;
    uint32_t n_documents, documents_allocated;
    GByteArray *slots_used;
    GPtrArray *slots; /* struct glass_slot, by number */
    size_t value_bytes;
    GPtrArray *metadata; /* struct entry */
    size_t metadata_bytes;
    uint32_t wdf;
    uint64_t data_start, data_entries;
    uint32_t data_last;

    /* scratch of a document */
    uint32_t stamp;
    uint32_t *touched;
    size_t n_touched, touched_allocated;
    uint32_t *positions;
    size_t positions_allocated;
    uint32_t length;
    /* the list coded last: words often stand in two layers with the same positions */
    const uint32_t *coded;
    uint32_t n_coded;
    size_t code_start, code_size; /* in the stream */
};

/* --- terms -------------------------------------------------------------------------------------
 */

/* Makes a hash of this size, empty. */
void glass_clear_hash(struct lj_glass *glass, uint32_t size);
/* Bytes that the terms take. */
size_t glass_term_memory(const struct lj_glass *glass);
/* Forgets all terms: their numbers hold no more. */
void glass_forget_terms(struct lj_glass *glass);
/* Brings the terms that came since the last call into order. */
void glass_order_terms(struct lj_glass *glass);
/* A term of the newest document that stands alone, as lj_glass_add_known says. */
void glass_note_single(struct lj_glass *glass, const char *bytes, uint32_t length, uint32_t wdf);
/* Those of the run in byte order, equal ones in that of their documents; n_singles rows, to be freed. */
struct ordered *glass_order_singles(const struct lj_glass *glass);

/* --- runs --------------------------------------------------------------------------------------
 */

/* Whether the builder works; passes its first error on. */
bool glass_works(struct lj_glass *glass, GError **error);
/* Memory that the run stands for: the stream twice, since it will be sorted. */
size_t glass_memory_held(const struct lj_glass *glass);
/* Forgets the documents in memory; what the run counted of its terms, the caller. */
void glass_forget(struct lj_glass *glass);
/* Sets down what is in memory as a run. */
bool glass_end_run(struct lj_glass *glass, GError **error);

#endif
