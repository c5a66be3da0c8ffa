#include "glass/builder.h"
#include "schema/large.h"
#include <stdlib.h>
#include <zlib.h>

#define AHEAD 16 /* terms that are looked ahead */
#define SOME 32  /* records that are scattered together */

/* A term of the run, in byte order. */
struct sorted {
    const uint8_t *text;
    uint32_t term; /* SINGLE: it stands alone */
    uint32_t length;
};
#define SINGLE GLASS_NONE

bool
glass_works(struct lj_glass *glass, GError **error)
{
    if (glass->error && error)
        *error = g_error_copy(glass->error);
    return !glass->error;
}

size_t
glass_memory_held(const struct lj_glass *glass)
{
    /* a term that stands alone has a place in an order, twice, and among all that are sorted; behind the records of
     * another is some room */
    return glass->used * 2 + (size_t)glass->n_terms * GLASS_LOOSE +
           glass->n_documents * sizeof(struct document) + glass->slots_used->len +
           glass->value_bytes + glass->metadata_bytes + glass_term_memory(glass) +
           glass->single_used +
           glass->n_singles *
               (sizeof(struct single) + 2 * sizeof(struct ordered) + sizeof(struct sorted));
}

/* Are they rows of different terms? */
static bool
rows_differ(const struct lj_glass *glass, const struct ordered *a, const struct ordered *b)
{
    return a->prefix != b->prefix || glass_compare(glass->single_texts + a->text, a->length,
                                                   glass->single_texts + b->text, b->length) != 0;
}

/* The terms that occur in the run, in byte order: those of the table that the run has seen, and among them those
 * that stand alone (singles: rows in order, equal ones side by side). */
static struct sorted *
sort_terms(struct lj_glass *glass, const struct ordered *singles, uint32_t *n_sorted)
{
    glass_order_terms(glass);
    uint32_t n_terms = 0, n_singles = glass->n_singles, n = 0;
    for (uint32_t i = 0; i < glass->n_terms; i += 64)
        n_terms += (uint32_t)__builtin_popcountll(glass->seen[i / 64]);
    struct sorted *sorted = g_new(struct sorted, MAX(n_terms + n_singles, 1));
    const struct ordered *at = glass->order, *end = at + glass->n_ordered;
    for (uint32_t k = 0; at < end || k < n_singles;) {
        if (at < end && !(glass->seen[at->term / 64] >> at->term % 64 & 1)) {
            at++;
            continue;
        }
        const struct ordered *single = k < n_singles ? &singles[k] : NULL;
        int order = !single ? -1 : at == end ? 1 : 0;
        if (order == 0)
            order = at->prefix != single->prefix
                        ? (at->prefix < single->prefix ? -1 : 1)
                        : glass_compare(glass->texts + at->text, at->length,
                                        glass->single_texts + single->text, single->length);
        if (order == 0) {
            g_set_error(&glass->error, LJ_ERROR, LJ_ERROR_INTERNAL,
                        "a term stands alone and in the table: %.*s", (int)at->length,
                        (const char *)glass->texts + at->text);
            break;
        }
        if (order < 0) {
            sorted[n++] = (struct sorted){glass->texts + at->text, at->term, at->length};
            at++;
            continue;
        }
        sorted[n++] = (struct sorted){glass->single_texts + single->text, SINGLE, single->length};
        for (k++; k < n_singles && !rows_differ(glass, &singles[k], single); k++)
            ;
    }
    *n_sorted = n;
    return sorted;
}

static inline const uint8_t *
skip_number(const uint8_t *p)
{
    while (*p++ >= 0x80)
        ;
    return p;
}

/* The end of what follows the term number in a record. */
static inline const uint8_t *
record_end(const uint8_t *p)
{
    uint32_t size;
    if (G_LIKELY(p[0] < 0x80 && p[1] < 0x80))
        return p + 2 + p[1];
    p = glass_get_number(skip_number(p), &size);
    return p + size;
}

/* Copies every record to its term's place, with the distance from the document before in front; there is some room
 * between terms. Those of terms that stand alone stay. */
static void
scatter(struct lj_glass *glass, const struct sorted *sorted, uint32_t n)
{
    struct spot *spot = glass->spot;
    uint64_t need = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (i + AHEAD < n && sorted[i + AHEAD].term != SINGLE) {
            __builtin_prefetch(&glass->term[sorted[i + AHEAD].term].bytes);
            __builtin_prefetch(&spot[sorted[i + AHEAD].term], 1);
        }
        if (sorted[i].term == SINGLE)
            continue;
        spot[sorted[i].term] = (struct spot){need, GLASS_NONE};
        need += glass->term[sorted[i].term].bytes + GLASS_LOOSE;
    }
    need += 64;
    if (glass->sorted_allocated < need) {
        lj_large_free(glass->sorted, glass->sorted_allocated);
        glass->sorted_allocated = need + need / 8;
        glass->sorted = lj_large_new(glass->sorted_allocated);
    }

    /* Some records at a time: where each goes is asked for before the first of them is copied. */
    struct {
        const uint8_t *p;
        uint32_t term, size;
    } some[SOME];
    const uint8_t *p = glass->stream;
    for (uint32_t local = 0; local < glass->n_documents; local++) {
        for (uint32_t left = glass->document[local].terms; left;) {
            uint32_t taken = MIN(left, SOME), n_some = 0;
            left -= taken;
            for (; taken; taken--) {
                uint32_t term;
                memcpy(&term, p, 4);
                const uint8_t *end = record_end(p + 4);
                if (term != LJ_GLASS_SINGLE) {
                    __builtin_prefetch(&spot[term], 1);
                    some[n_some].term = term;
                    some[n_some].p = p + 4;
                    some[n_some++].size = (uint32_t)(end - (p + 4));
                }
                p = end;
            }
            for (uint32_t i = 0; i < n_some; i++)
                __builtin_prefetch(glass->sorted + spot[some[i].term].to, 1);
            for (uint32_t i = 0; i < n_some; i++) {
                struct spot *to = &spot[some[i].term];
                uint8_t *record = glass_put_number(glass->sorted + to->to, local - to->last);
                glass_copy_loose(record, some[i].p, some[i].size);
                to->to = (uint64_t)(record + some[i].size - glass->sorted);
                to->last = local;
            }
        }
    }
}

/* Bytes that two terms have in common from the beginning; both may be read 8 bytes beyond. */
static inline unsigned
common(const uint8_t *a, const uint8_t *b, unsigned limit)
{
    unsigned n = 0;
    while (n < limit) {
        uint64_t x, y;
        memcpy(&x, a + n, 8);
        memcpy(&y, b + n, 8);
        if (x != y)
            return MIN(limit, n + (unsigned)__builtin_ctzll(GUINT64_TO_LE(x ^ y)) / 8);
        n += 8;
    }
    return limit;
}

static uint8_t *
put_shared(uint8_t *p, const struct sorted *term, const struct sorted *before)
{
    unsigned shared =
        before ? common(term->text, before->text, MIN(term->length, before->length)) : 0;
    p = glass_put_number(p, shared);
    p = glass_put_number(p, term->length - shared);
    glass_copy_loose(p, term->text + shared, term->length - shared);
    return p + (term->length - shared);
}

/* What write_terms needs of a document at each of its postings. */
struct deal {
    uint8_t *to; /* in glass->stream: where its next (rank, wdf) goes */
    uint32_t docid;
};

static inline void
deal_out(struct deal *deal, uint32_t rank, uint32_t wdf)
{
    memcpy(deal->to, &rank, 4);
    deal->to = glass_put_number(deal->to + 4, wdf);
}

/* Writes what stands before p, and gives room for n more bytes, where these are not there any more. */
static inline uint8_t *
go_on(struct glass_spill *spill, uint8_t *p, size_t n)
{
    if (G_LIKELY((size_t)(spill->buffer + GLASS_SPILL_BUFFER - p) >= n))
        return p;
    glass_spill_advance(spill, p);
    return glass_spill_room(spill, n);
}

#define POSTING_ROOM (2 * GLASS_NUMBER)
#define POSITIONS_USUAL 32 /* bytes of a coded list */
#define POSITIONS_ROOM (2 * GLASS_NUMBER + POSITIONS_USUAL + GLASS_LOOSE)

/* Postings and positions of a term of the table from its records on. */
static void
write_records(struct lj_glass *glass, struct deal *deal, uint32_t rank, uint32_t df,
              const uint8_t *record)
{
    struct glass_spill *postings = glass->spill, *positions = glass->position_spill;
    uint8_t *p = glass_spill_room(postings, POSTING_ROOM);
    uint8_t *q = glass_spill_room(positions, POSITIONS_ROOM);
    uint32_t local = GLASS_NONE, docid = 0, position_docid = 0;
    for (uint32_t k = 0; k < df; k++) {
        uint32_t gap, wdf, size;
        record = glass_get_number(record, &gap);
        record = glass_get_number(record, &wdf);
        record = glass_get_number(record, &size);
        local += gap;
        uint32_t now = deal[local].docid;
        p = go_on(postings, p, POSTING_ROOM);
        p = glass_put_number(p, now - docid);
        p = glass_put_number(p, wdf);
        docid = now;
        deal_out(&deal[local], rank, wdf);
        if (size) {
            q = go_on(positions, q, POSITIONS_ROOM);
            q = glass_put_number(q, now - position_docid);
            q = glass_put_number(q, size);
            if (G_LIKELY(size <= POSITIONS_USUAL)) {
                glass_copy_loose(q, record, size);
                q += size;
            } else {
                glass_spill_advance(positions, q);
                glass_spill_put(positions, record, size);
                q = glass_spill_room(positions, POSITIONS_ROOM);
            }
            position_docid = now;
            record += size;
        }
    }
    glass_spill_advance(postings, p);
    glass_spill_advance(positions, q);
}

static uint8_t *
put_counts(uint8_t *p, uint32_t df, uint64_t cf)
{
    return glass_put_number(glass_put_number(p, df), cf);
}

/* Postings of a term that stands alone from its first row on, of n; returns the rows that are its own. */
static uint32_t
write_rows(struct lj_glass *glass, struct deal *deal, uint32_t rank, const struct ordered *rows,
           uint32_t n)
{
    uint32_t df = 0, docid = 0;
    uint64_t cf = 0;
    do
        cf += glass->single[rows[df].term].wdf;
    while (++df < n && !rows_differ(glass, &rows[df], rows));
    uint8_t *p = glass_spill_room(glass->spill, 2 * GLASS_NUMBER);
    glass_spill_advance(glass->spill, put_counts(p, df, cf));
    for (uint32_t k = 0; k < df; k++) {
        const struct single *single = &glass->single[rows[k].term];
        uint32_t now = deal[single->local].docid;
        p = glass_spill_room(glass->spill, POSTING_ROOM);
        p = glass_put_number(p, now - docid);
        glass_spill_advance(glass->spill, glass_put_number(p, single->wdf));
        deal_out(&deal[single->local], rank, single->wdf);
        docid = now;
    }
    return df;
}

/* Sets down postings and positions in term order, and deals (rank, wdf) to the documents, over the records that are no
 * longer needed there: they are shorter. What the run counted of the terms is gone then. */
static void
write_terms(struct lj_glass *glass, struct glass_run *run, const struct sorted *sorted, uint32_t n,
            const struct ordered *singles)
{
    struct deal *deal = g_new(struct deal, MAX(glass->n_documents, 1));
    for (uint32_t i = 0; i < glass->n_documents; i++)
        deal[i] = (struct deal){glass->stream + glass->document[i].start, glass->document[i].docid};
    run->postings.offset = glass->spill->length;
    run->positions.offset = glass->position_spill->length;
    const uint8_t *record = glass->sorted;
    const struct sorted *before = NULL;
    uint32_t n_singles = glass->n_singles;
    for (uint32_t rank = 0; rank < n; rank++) {
        if (rank + AHEAD < n && sorted[rank + AHEAD].term != SINGLE)
            __builtin_prefetch(&glass->term[sorted[rank + AHEAD].term], 1);
        uint8_t *p = glass_spill_room(glass->spill, 512);
        p = put_shared(p, &sorted[rank], rank ? &sorted[rank - 1] : NULL);
        if (sorted[rank].term == SINGLE) {
            glass_spill_advance(glass->spill, p);
            uint32_t own = write_rows(glass, deal, rank, singles, n_singles);
            singles += own;
            n_singles -= own;
            continue;
        }
        struct term *term = &glass->term[sorted[rank].term];
        glass_spill_advance(glass->spill, put_counts(p, term->df, term->cf));
        if (term->position_df) {
            p = glass_spill_room(glass->position_spill, 512);
            p = put_shared(p, &sorted[rank], before);
            glass_spill_advance(glass->position_spill, glass_put_number(p, term->position_df));
            before = &sorted[rank];
            run->position_entries += term->position_df;
        }
        write_records(glass, deal, rank, term->df, record);
        record += term->bytes + GLASS_LOOSE;
        term->cf = 0;
        term->df = term->position_df = term->bytes = 0;
        term->last = GLASS_NONE;
    }
    run->postings.length = glass->spill->length - run->postings.offset;
    run->positions.length = glass->position_spill->length - run->positions.offset;
    g_free(deal);
}

/* The term list of a document, as the table keeps it. */
static uint8_t *
put_termlist(uint8_t *p, const struct document *document, const uint8_t *record,
             const struct sorted *sorted)
{
    if (!document->terms)
        return p;
    p = glass_put_number(p, document->length);
    p = glass_put_number(p, document->terms);
    const struct sorted *before = NULL;
    for (uint32_t i = 0; i < document->terms; i++) {
        uint32_t rank, wdf;
        memcpy(&rank, record, 4);
        record = glass_get_number(record + 4, &wdf);
        const struct sorted *term = &sorted[rank];
        unsigned shared = 0;
        bool packed = false;
        if (before) {
            shared = common(term->text, before->text, MIN(term->length, before->length));
            /* wdf and shared length in one byte, greater than any shared length can be */
            uint64_t both = (uint64_t)(wdf + 1) * (before->length + 1u) + shared;
            packed = wdf < 127 && both < 256;
            *p++ = (uint8_t)(packed ? both : shared);
        }
        unsigned rest = term->length - shared;
        *p++ = (uint8_t)rest;
        glass_copy_loose(p, term->text + shared, rest);
        p += rest;
        if (!packed)
            p = glass_put_number(p, wdf);
        before = term;
    }
    return p;
}

static void
write_termlists(struct lj_glass *glass, struct glass_run *run, const struct sorted *sorted)
{
    run->termlists.offset = glass->spill->length;
    z_stream zlib = {0};
    if (glass->deflate &&
        deflateInit2(&zlib, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        g_error("zlib does not start");
    size_t allocated = 0, deflated_allocated = 0;
    uint8_t *tag = NULL, *deflated = NULL;
    const uint8_t *slots = glass->slots_used->data;
    uint32_t docid = 0;
    for (uint32_t i = 0; i < glass->n_documents; i++) {
        const struct document *document = &glass->document[i];
        const uint8_t *record = glass->stream + document->start;
        size_t bound = 2 * GLASS_NUMBER + GLASS_LOOSE;
        for (uint32_t k = 0; k < document->terms; k++) {
            uint32_t rank;
            memcpy(&rank, record, 4);
            record = skip_number(record + 4);
            bound += 2 + GLASS_NUMBER + sorted[rank].length;
            __builtin_prefetch(sorted[rank].text);
        }
        if (bound > allocated) {
            g_free(tag);
            allocated = bound + bound / 2;
            tag = g_malloc(allocated);
        }
        const uint8_t *written = tag;
        size_t size =
            (size_t)(put_termlist(tag, document, glass->stream + document->start, sorted) - tag);
        bool is_deflated = false;
        if (glass->deflate && size > 18) { /* the table's own limit */
            if (size > deflated_allocated) {
                g_free(deflated);
                deflated_allocated = size + size / 2;
                deflated = g_malloc(deflated_allocated);
            }
            deflateReset(&zlib);
            zlib.next_in = tag;
            zlib.avail_in = (uInt)size;
            zlib.next_out = deflated;
            zlib.avail_out = (uInt)(size - 1);
            if (deflate(&zlib, Z_FINISH) == Z_STREAM_END) {
                is_deflated = true;
                written = deflated;
                size = zlib.total_out;
            }
        }
        uint8_t *p = glass_spill_room(glass->spill, 32);
        p = glass_put_number(p, document->docid - docid);
        glass_spill_advance(glass->spill, glass_put_number(p, size * 2 + is_deflated));
        glass_spill_put(glass->spill, written, size);
        p = glass_spill_room(glass->spill, 32);
        glass_spill_advance(glass->spill, glass_put_number(p, document->slots));
        glass_spill_put(glass->spill, slots, document->slots);
        slots += document->slots;
        docid = document->docid;
    }
    if (glass->deflate)
        deflateEnd(&zlib);
    g_free(tag);
    g_free(deflated);
    run->termlists.length = glass->spill->length - run->termlists.offset;
}

static void
write_lengths(struct lj_glass *glass, struct glass_run *run)
{
    run->lengths.offset = glass->spill->length;
    uint32_t docid = 0;
    for (uint32_t i = 0; i < glass->n_documents; i++) {
        const struct document *document = &glass->document[i];
        uint8_t *p = glass_spill_room(glass->spill, 2 * GLASS_NUMBER);
        p = glass_put_number(p, document->docid - docid);
        glass_spill_advance(glass->spill, glass_put_number(p, document->length));
        docid = document->docid;
        run->total_length += document->length;
        run->longest = MAX(run->longest, document->length);
        if (document->length && (!run->shortest || document->length < run->shortest))
            run->shortest = document->length;
    }
    run->lengths.length = glass->spill->length - run->lengths.offset;
    run->documents = glass->n_documents;
    run->last_docid = docid;
    run->wdf = glass->wdf;
}

static void
write_values(struct lj_glass *glass, struct glass_run *run)
{
    run->slots = glass->slots;
    glass->slots = g_ptr_array_new_with_free_func((GDestroyNotify)glass_slot_free);
    for (guint i = 0; i < run->slots->len; i++) {
        struct glass_slot *slot = run->slots->pdata[i];
        slot->piece = (struct glass_piece){glass->spill->length, slot->used};
        glass_spill_put(glass->spill, slot->bytes, slot->used);
        g_clear_pointer(&slot->bytes, g_free);
        slot->used = slot->allocated = 0;
    }
    glass->value_bytes = 0;
}

static int
compare_entries(const void *a, const void *b)
{
    const struct entry *x = *(struct entry *const *)a, *y = *(struct entry *const *)b;
    return glass_compare(x->bytes, x->key_length, y->bytes, y->key_length);
}

static void
write_metadata(struct lj_glass *glass, struct glass_run *run)
{
    g_ptr_array_sort(glass->metadata, compare_entries); /* stable: the last stays last */
    run->metadata.offset = glass->spill->length;
    for (guint i = 0; i < glass->metadata->len; i++) {
        const struct entry *entry = glass->metadata->pdata[i];
        uint8_t *p = glass_spill_room(glass->spill, 512);
        p = glass_put_number(p, entry->key_length);
        memcpy(p, entry->bytes, entry->key_length);
        glass_spill_advance(glass->spill, glass_put_number(p + entry->key_length, entry->length));
        glass_spill_put(glass->spill, entry->bytes + entry->key_length, entry->length);
    }
    run->metadata.length = glass->spill->length - run->metadata.offset;
    g_ptr_array_set_size(glass->metadata, 0);
    glass->metadata_bytes = 0;
}

void
glass_forget(struct lj_glass *glass)
{
    glass->n_documents = 0;
    glass->used = 0;
    glass->wdf = 0;
    glass->n_singles = 0;
    glass->single_used = 0;
    if (glass->seen)
        memset(glass->seen, 0, glass->terms_allocated / 8);
    g_byte_array_set_size(glass->slots_used, 0);
    g_ptr_array_set_size(glass->slots, 0);
    g_ptr_array_set_size(glass->metadata, 0);
    glass->value_bytes = glass->metadata_bytes = 0;
    glass->data_start = glass->data_spill->length;
    glass->data_entries = 0;
    glass->data_last = 0;
}

bool
glass_end_run(struct lj_glass *glass, GError **error)
{
    if (!glass->n_documents && !glass->metadata->len)
        return true;
    struct glass_run *run = g_new0(struct glass_run, 1);
    run->spill = glass_spill_ref(glass->spill);
    run->position_spill = glass_spill_ref(glass->position_spill);
    run->data_spill = glass_spill_ref(glass->data_spill);
    run->whole.offset = glass->spill->length;
    run->whole_positions.offset = glass->position_spill->length;
    uint32_t n;
    struct ordered *singles = glass_order_singles(glass);
    struct sorted *sorted = sort_terms(glass, singles, &n);
    if (glass->error) {
        g_free(singles);
        g_free(sorted);
        glass_run_free(run);
        return glass_works(glass, error);
    }
    scatter(glass, sorted, n);
    write_terms(glass, run, sorted, n, singles);
    write_termlists(glass, run, sorted);
    write_lengths(glass, run);
    write_values(glass, run);
    write_metadata(glass, run);
    run->data =
        (struct glass_piece){glass->data_start, glass->data_spill->length - glass->data_start};
    run->data_entries = glass->data_entries;
    run->whole.length = glass->spill->length - run->whole.offset;
    run->whole_positions.length = glass->position_spill->length - run->whole_positions.offset;
    g_ptr_array_add(glass->runs, run);
    glass_forget(glass);
    if (glass_term_memory(glass) > glass->memory / 3)
        glass_forget_terms(glass);
    g_free(singles);
    g_free(sorted);
    if (glass_spill_flush(glass->spill, &glass->error) &&
        glass_spill_flush(glass->position_spill, &glass->error))
        glass_spill_flush(glass->data_spill, &glass->error);
    return glass_works(glass, error);
}
