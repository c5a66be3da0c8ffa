/* The builder: terms get numbers, documents become a stream of records, a full memory becomes a
 * run.
 *
 *     documents   │ term wdf positions │ term wdf positions │ …      as they come
 *          ↓ scattered to their terms, in term order (the one step that misses the cache)
 *     terms       │ gap wdf positions │ gap wdf positions │ …        set down as postings,
 * positions ↓ and, read in that order, dealt back to their documents documents   │ rank wdf │ rank
 * wdf │ …                          terms sorted without comparing
 *
 * The exact size of a term's part is counted as documents come, so that each has its place.
 */
#include "glass/glass.h"
#include "glass/run.h"
#include "i18n.h"
#include "schema/large.h"
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#define LEAST_MEMORY (64u << 10)
#define STREAM_LIMIT                                                                               \
    (UINT64_C(3) << 30) /* of documents in one run: offsets of a term fit 32 bits */
#define NONE UINT32_MAX
#define AHEAD 16 /* records that the scattering looks ahead */

/* Of a term, in the document being added. */
struct current {
    uint32_t stamp; /* of the last document that has the term */
    uint32_t positions;
    uint32_t plain;
    uint32_t place; /* among the positions of the document; its rank when a run ends */
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

struct slot_of_hash {
    uint32_t hash;
    uint32_t term; /* NONE: free */
};

/* A document of the run. */
struct document {
    uint32_t docid;
    uint32_t length;
    uint32_t terms;
    uint32_t slots; /* bytes in glass->slots_used */
    uint64_t start; /* of its records */
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
    uint8_t *texts;
    size_t texts_used, texts_allocated;

    /* the run being filled */
    uint8_t *stream;
    size_t used, allocated;
    uint8_t *sorted; /* the stream by term; kept from run to run */
    size_t sorted_allocated;
    struct document *document;
    uint32_t n_documents, documents_allocated;
    GByteArray *slots_used;
    GHashTable *slots; /* slot number → struct glass_slot */
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

static inline uint64_t
mix(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint32_t
hash_of(const void *bytes, size_t length)
{
    const uint8_t *p = bytes;
    uint64_t h = 0x9e3779b97f4a7c15u ^ length, word;
    for (; length > 8; p += 8, length -= 8) {
        memcpy(&word, p, 8);
        h = mix(h ^ word, 0xe7037ed1a0b428dbu);
    }
    word = 0;
    memcpy(&word, p, length);
    h = mix(h ^ word, 0xa0761d6478bd642fu);
    return (uint32_t)(h ^ h >> 32);
}

static void
clear_hash(struct lj_glass *glass, uint32_t size)
{
    if (size != glass->hash_size) {
        lj_large_free(glass->hash, glass->hash_size * sizeof *glass->hash);
        glass->hash = lj_large_new(size * sizeof *glass->hash);
        glass->hash_size = size;
    }
    memset(glass->hash, 0xff, size * sizeof *glass->hash);
}

static void
grow_hash(struct lj_glass *glass)
{
    struct slot_of_hash *old = glass->hash;
    uint32_t n = glass->hash_size;
    glass->hash = NULL;
    glass->hash_size = 0;
    clear_hash(glass, n * 2);
    for (uint32_t i = 0; i < n; i++) {
        if (old[i].term == NONE)
            continue;
        uint32_t at = old[i].hash & (glass->hash_size - 1);
        while (glass->hash[at].term != NONE)
            at = (at + 1) & (glass->hash_size - 1);
        glass->hash[at] = old[i];
    }
    lj_large_free(old, n * sizeof *old);
}

uint32_t
lj_glass_term(struct lj_glass *glass, const char *bytes, size_t length)
{
    if (length == 0 || length > GLASS_TERM_LIMIT)
        return LJ_GLASS_NO_TERM;
    uint32_t hash = hash_of(bytes, length), at = hash & (glass->hash_size - 1);
    for (; glass->hash[at].term != NONE; at = (at + 1) & (glass->hash_size - 1)) {
        if (glass->hash[at].hash != hash)
            continue;
        const struct term *term = &glass->term[glass->hash[at].term];
        if (term->length == length && !memcmp(glass->texts + term->text, bytes, length))
            return glass->hash[at].term;
    }
    size_t key_length = length;
    for (size_t i = 0; i < length; i++)
        key_length += bytes[i] == 0;
    if (key_length > GLASS_TERM_KEY_LIMIT)
        return LJ_GLASS_NO_TERM;
    if (glass->n_terms == glass->terms_allocated) {
        size_t n = glass->n_terms, room = n ? 2 * n : 1024;
        glass->term =
            lj_large_grow(glass->term, n * sizeof *glass->term, room * sizeof *glass->term);
        glass->current = lj_large_grow(glass->current, n * sizeof *glass->current,
                                       room * sizeof *glass->current);
        glass->terms_allocated = (uint32_t)room;
    }
    /* eight bytes more, so that terms can be compared by words */
    if (glass->texts_used + length + 8 > glass->texts_allocated) {
        glass->texts_allocated = MAX(glass->texts_allocated * 2, 64 << 10);
        glass->texts = g_realloc(glass->texts, glass->texts_allocated);
    }
    uint32_t number = glass->n_terms++;
    glass->term[number] = (struct term){.text = (uint32_t)glass->texts_used,
                                        .length = (uint16_t)length,
                                        .key_length = (uint16_t)key_length,
                                        .last = NONE,
                                        .implied = NONE};
    glass->current[number] = (struct current){0};
    memcpy(glass->texts + glass->texts_used, bytes, length);
    glass->texts_used += length;
    memset(glass->texts + glass->texts_used, 0, 8);
    glass->hash[at] = (struct slot_of_hash){hash, number};
    if (glass->n_terms > glass->hash_size / 2)
        grow_hash(glass);
    return number;
}

void
lj_glass_imply(struct lj_glass *glass, uint32_t term, uint32_t implied)
{
    g_assert(term < glass->n_terms && implied < glass->n_terms && term != implied);
    glass->term[term].implied = implied;
}

unsigned
lj_glass_epoch(const struct lj_glass *glass)
{
    return glass->epoch;
}

/* --- opening and freeing -----------------------------------------------------------------------
 */

struct lj_glass *
lj_glass_open(const char *dir, size_t memory, GError **error)
{
    if (!glass_prepare_dir(dir, error))
        return NULL;
    struct lj_glass *glass = g_new0(struct lj_glass, 1);
    glass->dir = g_strdup(dir);
    glass->memory = MAX(memory, LEAST_MEMORY);
    glass->epoch = 1;
    glass->runs = g_ptr_array_new_with_free_func((GDestroyNotify)glass_run_free);
    glass->slots_used = g_byte_array_new();
    glass->slots = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)glass_slot_free);
    glass->metadata = g_ptr_array_new_with_free_func(g_free);
    clear_hash(glass, 1024);
    if (!(glass->spill = glass_spill_open(dir, error)) ||
        !(glass->position_spill = glass_spill_open(dir, error)) ||
        !(glass->data_spill = glass_spill_open(dir, error))) {
        lj_glass_free(glass);
        return NULL;
    }
    return glass;
}

void
lj_glass_set_deflate(struct lj_glass *glass, bool deflate_termlists)
{
    glass->deflate = deflate_termlists;
}

void
lj_glass_free(struct lj_glass *glass)
{
    if (!glass)
        return;
    g_ptr_array_unref(glass->runs);
    glass_spill_unref(glass->spill);
    glass_spill_unref(glass->position_spill);
    glass_spill_unref(glass->data_spill);
    g_byte_array_unref(glass->slots_used);
    g_hash_table_unref(glass->slots);
    g_ptr_array_unref(glass->metadata);
    g_clear_error(&glass->error);
    lj_large_free(glass->hash, glass->hash_size * sizeof *glass->hash);
    lj_large_free(glass->current, glass->terms_allocated * sizeof *glass->current);
    lj_large_free(glass->term, glass->terms_allocated * sizeof *glass->term);
    g_free(glass->texts);
    lj_large_free(glass->stream, glass->allocated);
    lj_large_free(glass->sorted, glass->sorted_allocated);
    g_free(glass->document);
    g_free(glass->touched);
    g_free(glass->positions);
    g_free(glass->dir);
    g_free(glass);
}

uint32_t
lj_glass_documents(const struct lj_glass *glass)
{
    return glass->documents;
}

/* --- a document --------------------------------------------------------------------------------
 */

static inline void
touch(struct lj_glass *glass, uint32_t term)
{
    if (glass->n_touched == glass->touched_allocated) {
        glass->touched_allocated = glass->touched_allocated ? glass->touched_allocated * 2 : 1024;
        glass->touched = g_renew(uint32_t, glass->touched, glass->touched_allocated);
    }
    glass->touched[glass->n_touched++] = term;
}

/* The term's counts for this document, zero at its first. */
static inline struct current *
visit(struct lj_glass *glass, uint32_t term)
{
    struct current *current = &glass->current[term];
    if (current->stamp != glass->stamp) {
        *current = (struct current){.stamp = glass->stamp};
        touch(glass, term);
    }
    return current;
}

/* Memory that the run stands for: the stream twice, since it will be sorted. */
static size_t
memory_held(const struct lj_glass *glass)
{
    return glass->used * 2 + glass->n_documents * sizeof(struct document) + glass->slots_used->len +
           glass->value_bytes + glass->metadata_bytes +
           glass->n_terms * (sizeof(struct term) + sizeof(struct current) + 48) +
           glass->hash_size * sizeof *glass->hash + glass->texts_used;
}

static bool end_run(struct lj_glass *glass, GError **error);

/* Whether the builder works; passes its first error on. */
static bool
works(struct lj_glass *glass, GError **error)
{
    if (glass->error && error)
        *error = g_error_copy(glass->error);
    return !glass->error;
}

static bool
check_values(uint32_t docid, const struct xap_value *values, size_t n, GError **error)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < i; j++) {
            if (values[i].slot == values[j].slot) {
                g_set_error(error, LJ_ERROR, LJ_ERROR_FORMAT,
                            _("document %u has two values in slot %u"), docid, values[i].slot);
                return false;
            }
        }
    }
    return true;
}

/* Opens a document: its row and the end of the run before it where memory is full. */
static bool
begin(struct lj_glass *glass, uint32_t docid, GError **error)
{
    if (!works(glass, error))
        return false;
    if (docid == 0 ||
        (glass->n_documents && docid <= glass->document[glass->n_documents - 1].docid)) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_INTERNAL, "document %u comes after a later one",
                    docid);
        return false;
    }
    if (++glass->stamp == 0)
        glass->stamp = 1;
    glass->n_touched = 0;
    glass->length = 0;
    glass->coded = NULL;
    return true;
}

static void
new_document(struct lj_glass *glass, uint32_t docid)
{
    if (glass->n_documents == glass->documents_allocated) {
        glass->documents_allocated =
            glass->documents_allocated ? glass->documents_allocated * 2 : 256;
        glass->document = g_renew(struct document, glass->document, glass->documents_allocated);
    }
    glass->document[glass->n_documents++] = (struct document){.docid = docid, .start = glass->used};
}

static void
reserve(struct lj_glass *glass, size_t n)
{
    if (G_LIKELY(glass->allocated - glass->used >= n))
        return;
    size_t room = MAX(glass->allocated + glass->allocated / 2, glass->used + n + 4096);
    glass->stream = lj_large_grow(glass->stream, glass->allocated, room);
    glass->allocated = room;
}

/* Appends the record of a term in the newest document. */
static void
emit(struct lj_glass *glass, uint32_t number, uint32_t wdf, const uint32_t *positions, uint32_t n)
{
    struct term *term = &glass->term[number];
    uint32_t local = glass->n_documents - 1;
    reserve(glass, 4 + 2 * GLASS_NUMBER + glass_positions_bound(n));
    uint8_t *start = glass->stream + glass->used, *p = start;
    memcpy(p, &number, 4);
    p = glass_put_number(p + 4, wdf);
    if (n == 0) {
        *p++ = 0;
    } else if (positions == glass->coded && n == glass->n_coded) {
        p = glass_put_number(p, glass->code_size);
        memcpy(p, glass->stream + glass->code_start, glass->code_size);
        p += glass->code_size;
        term->position_df++;
    } else {
        uint8_t *end = glass_put_positions(p + 1, positions, n);
        size_t size = (size_t)(end - (p + 1));
        if (G_UNLIKELY(size >= 0x80)) {
            unsigned more = glass_number_size(size) - 1;
            memmove(p + 1 + more, p + 1, size);
            end += more;
        }
        glass_put_number(p, size);
        p = end;
        term->position_df++;
        glass->coded = positions;
        glass->n_coded = n;
        glass->code_start = (size_t)(end - glass->stream) - size;
        glass->code_size = size;
    }
    size_t size = (size_t)(p - start);
    glass->used += size;
    term->df++;
    term->cf += wdf;
    term->bytes += (uint32_t)size - 4 + glass_number_size(local - term->last);
    term->last = local;
    glass->length += wdf;
    glass->wdf = MAX(glass->wdf, wdf);
}

static int
compare_slots(const void *a, const void *b)
{
    const struct xap_value *const *x = a, *const *y = b;
    return ((*x)->slot > (*y)->slot) - ((*x)->slot < (*y)->slot);
}

static void
set_bound(GByteArray **bound, const struct xap_value *value)
{
    if (!*bound)
        *bound = g_byte_array_sized_new(value->length);
    g_byte_array_set_size(*bound, 0);
    g_byte_array_append(*bound, (const guint8 *)value->bytes, value->length);
}

static void
add_value(struct lj_glass *glass, uint32_t docid, const struct xap_value *value)
{
    struct glass_slot *slot = g_hash_table_lookup(glass->slots, GUINT_TO_POINTER(value->slot));
    if (!slot) {
        slot = g_new0(struct glass_slot, 1);
        slot->slot = value->slot;
        slot->bytes = g_byte_array_new();
        g_hash_table_insert(glass->slots, GUINT_TO_POINTER(value->slot), slot);
        glass->value_bytes += sizeof *slot + 128;
    }
    uint8_t head[2 * GLASS_NUMBER], *p = glass_put_number(head, docid - slot->last);
    p = glass_put_number(p, value->length);
    g_byte_array_append(slot->bytes, head, (guint)(p - head));
    g_byte_array_append(slot->bytes, (const guint8 *)value->bytes, value->length);
    glass->value_bytes += (size_t)(p - head) + value->length;
    slot->last = docid;
    if (!slot->n++)
        slot->first = docid;
    if (!slot->low ||
        glass_compare(value->bytes, value->length, slot->low->data, slot->low->len) < 0)
        set_bound(&slot->low, value);
    if (!slot->high ||
        glass_compare(value->bytes, value->length, slot->high->data, slot->high->len) > 0)
        set_bound(&slot->high, value);
}

/* Values and data, which need no inversion; closes the document. */
static bool
finish_document(struct lj_glass *glass, const struct xap_value *values, size_t n_values,
                const char *data, size_t data_length, GError **error)
{
    struct document *document = &glass->document[glass->n_documents - 1];
    document->length = glass->length;
    document->terms = (uint32_t)glass->n_touched;
    guint before = glass->slots_used->len;
    if (n_values) {
        const struct xap_value **order = g_new(const struct xap_value *, n_values);
        size_t n = 0;
        for (size_t i = 0; i < n_values; i++) {
            if (values[i].length)
                order[n++] = &values[i];
        }
        qsort(order, n, sizeof *order, compare_slots);
        uint32_t previous = UINT32_MAX; /* so that slot 0 follows it */
        for (size_t i = 0; i < n; i++) {
            uint8_t code[GLASS_NUMBER], *end;
            end = glass_put_number(code, (uint32_t)(order[i]->slot - previous - 1));
            g_byte_array_append(glass->slots_used, code, (guint)(end - code));
            previous = order[i]->slot;
            add_value(glass, document->docid, order[i]);
        }
        g_free(order);
    }
    document->slots = glass->slots_used->len - before;
    if (data_length) {
        uint8_t *p = glass_spill_room(glass->data_spill, 20);
        p = glass_put_number(p, document->docid - glass->data_last);
        glass_spill_advance(glass->data_spill, glass_put_number(p, data_length));
        glass_spill_put(glass->data_spill, data, data_length);
        glass->data_last = document->docid;
        glass->data_entries++;
    }
    glass->documents++;
    if (glass->data_spill->error) {
        glass->error = g_error_copy(glass->data_spill->error);
        return works(glass, error);
    }
    if (memory_held(glass) >= glass->memory || glass->used >= STREAM_LIMIT ||
        glass->texts_used >= STREAM_LIMIT)
        return end_run(glass, error);
    return true;
}

bool
lj_glass_add(struct lj_glass *glass, uint32_t docid, const struct xap_document *document,
             GError **error)
{
    if (!begin(glass, docid, error) ||
        !check_values(docid, document->values, document->n_values, error))
        return false;
    for (size_t i = 0; i < document->n_postings; i++) {
        const struct xap_posting *posting = &document->postings[i];
        uint32_t number = lj_glass_term(glass, posting->term, posting->length);
        if (number == LJ_GLASS_NO_TERM) {
            g_set_error(error, LJ_ERROR, LJ_ERROR_FORMAT,
                        _("document %u has a term of %u bytes; at most %d are possible, counting "
                          "zero bytes twice"),
                        docid, posting->length, GLASS_TERM_LIMIT);
            return false;
        }
        if (glass->current[number].stamp == glass->stamp) {
            g_set_error(error, LJ_ERROR, LJ_ERROR_FORMAT, _("document %u has a term twice"), docid);
            return false;
        }
        visit(glass, number);
        for (uint32_t k = 1; posting->positions && k < posting->n_positions; k++) {
            if (posting->positions[k] <= posting->positions[k - 1]) {
                g_set_error(error, LJ_ERROR, LJ_ERROR_FORMAT,
                            _("document %u has positions that do not rise"), docid);
                return false;
            }
        }
    }
    new_document(glass, docid);
    for (size_t i = 0; i < document->n_postings; i++) {
        const struct xap_posting *posting = &document->postings[i];
        emit(glass, glass->touched[i], posting->wdf, posting->positions,
             posting->positions ? posting->n_positions : 0);
    }
    return finish_document(glass, document->values, document->n_values, document->data,
                           document->data_length, error);
}

bool
lj_glass_add_known(struct lj_glass *glass, uint32_t docid, const struct xap_document *document,
                   const uint32_t *terms, GError **error)
{
    if (!begin(glass, docid, error) ||
        !check_values(docid, document->values, document->n_values, error))
        return false;
    new_document(glass, docid);
    for (size_t i = 0; i < document->n_postings; i++) {
        const struct xap_posting *posting = &document->postings[i];
        if (i + AHEAD < document->n_postings)
            __builtin_prefetch(&glass->term[terms[i + AHEAD]], 1);
        emit(glass, terms[i], posting->wdf, posting->positions,
             posting->positions ? posting->n_positions : 0);
    }
    glass->n_touched = document->n_postings;
    return finish_document(glass, document->values, document->n_values, document->data,
                           document->data_length, error);
}

static int
compare_numbers(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Makes a list rise strictly: it falls only by a caller's mistake, repeats where readings share a
 * place. */
static uint32_t
tidy(uint32_t *position, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++) {
        if (position[i] < position[i - 1]) {
            qsort(position, n, sizeof *position, compare_numbers);
            break;
        }
    }
    uint32_t kept = 1;
    for (uint32_t i = 1; i < n; i++) {
        if (position[i] != position[kept - 1])
            position[kept++] = position[i];
    }
    return kept;
}

bool
lj_glass_add_text(struct lj_glass *glass, uint32_t docid, const struct lj_glass_text *text,
                  GError **error)
{
    if (!begin(glass, docid, error) || !check_values(docid, text->values, text->n_values, error))
        return false;
    const struct lj_glass_occurrence *occurrence = text->occurrences;
    size_t n = text->n_occurrences;
    for (size_t i = 0; i < n; i++)
        visit(glass, occurrence[i].term)->positions++;
    for (size_t i = 0; i < text->n_plain; i++)
        visit(glass, text->plain[i])->plain++;
    for (size_t i = 0, words = glass->n_touched; i < words; i++) {
        uint32_t implied = glass->term[glass->touched[i]].implied;
        const struct current *word = &glass->current[glass->touched[i]];
        uint32_t wdf = word->positions + word->plain;
        if (implied != NONE)
            visit(glass, implied)->plain += wdf;
    }
    for (size_t i = 0; i < text->n_boolean; i++)
        visit(glass, text->boolean[i]);

    if (n > glass->positions_allocated) {
        glass->positions_allocated = n + n / 4;
        glass->positions = g_renew(uint32_t, glass->positions, glass->positions_allocated);
    }
    uint32_t place = 0;
    for (size_t i = 0; i < glass->n_touched; i++) {
        struct current *current = &glass->current[glass->touched[i]];
        current->place = place;
        place += current->positions;
    }
    for (size_t i = 0; i < n; i++)
        glass->positions[glass->current[occurrence[i].term].place++] = occurrence[i].position;

    new_document(glass, docid);
    for (size_t i = 0; i < glass->n_touched; i++) {
        const struct current *current = &glass->current[glass->touched[i]];
        uint32_t *first = glass->positions + (current->place - current->positions);
        uint32_t kept =
            current->positions > 1 ? tidy(first, current->positions) : current->positions;
        emit(glass, glass->touched[i], current->positions + current->plain, first, kept);
    }
    return finish_document(glass, text->values, text->n_values, text->data, text->data_length,
                           error);
}

bool
lj_glass_set_metadata(struct lj_glass *glass, const char *key, size_t key_length, const char *value,
                      size_t length, GError **error)
{
    if (!works(glass, error))
        return false;
    if (!length)
        return true;
    if (key_length == 0 || key_length > GLASS_METADATA_NAME_LIMIT) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_FORMAT,
                    _("a metadata name has %zu bytes; 1 to %d are possible"), key_length,
                    GLASS_METADATA_NAME_LIMIT);
        return false;
    }
    struct entry *entry = g_try_malloc(sizeof *entry + key_length + length);
    if (!entry || length > G_MAXINT32) {
        g_free(entry);
        g_set_error(error, LJ_ERROR, LJ_ERROR_IO, _("a metadata value of %zu bytes is too long"),
                    length);
        return false;
    }
    entry->key_length = (uint32_t)key_length;
    entry->length = (uint32_t)length;
    memcpy(entry->bytes, key, key_length);
    memcpy(entry->bytes + key_length, value, length);
    g_ptr_array_add(glass->metadata, entry);
    glass->metadata_bytes += sizeof *entry + key_length + length + 24;
    return memory_held(glass) < glass->memory || end_run(glass, error);
}

/* --- the end of a run --------------------------------------------------------------------------
 */

struct sorted {
    uint64_t prefix;
    const uint8_t *text;
    uint32_t term;
    uint16_t length;
};

static int
compare_terms(const void *a, const void *b)
{
    const struct sorted *x = a, *y = b;
    if (x->prefix != y->prefix)
        return x->prefix < y->prefix ? -1 : 1;
    return glass_compare(x->text, x->length, y->text, y->length);
}

/* The terms that occur, in byte order; each gets its rank as current.place. */
static struct sorted *
sort_terms(struct lj_glass *glass, uint32_t *n_sorted)
{
    struct sorted *sorted = g_new(struct sorted, MAX(glass->n_terms, 1));
    uint32_t n = 0;
    for (uint32_t i = 0; i < glass->n_terms; i++) {
        const struct term *term = &glass->term[i];
        const uint8_t *text = glass->texts + term->text;
        if (term->df)
            sorted[n++] =
                (struct sorted){glass_prefix64(text, term->length), text, i, term->length};
    }
    qsort(sorted, n, sizeof *sorted, compare_terms);
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
    p = glass_get_number(skip_number(p), &size);
    return p + size;
}

/* Copies every record to its term's place, with the distance from the document before in front. */
static void
scatter(struct lj_glass *glass, const struct sorted *sorted, uint32_t n)
{
    if (glass->sorted_allocated < glass->used + glass->used / 4 + 64) {
        size_t need = 64;
        for (uint32_t i = 0; i < n; i++)
            need += glass->term[sorted[i].term].bytes;
        if (glass->sorted_allocated < need) {
            lj_large_free(glass->sorted, glass->sorted_allocated);
            glass->sorted_allocated = need;
            glass->sorted = lj_large_new(need);
        }
    }
    uint8_t **where = g_new(uint8_t *, MAX(glass->n_terms, 1));
    uint8_t *place = glass->sorted;
    for (uint32_t i = 0; i < n; i++) {
        struct term *term = &glass->term[sorted[i].term];
        where[sorted[i].term] = place;
        place += term->bytes;
        term->last = NONE;
        glass->current[sorted[i].term].place = i;
    }

    struct {
        uint32_t term;
        const uint8_t *p, *end;
    } ring[AHEAD];
    const uint8_t *p = glass->stream, *stream_end = p + glass->used;
    unsigned in = 0, out = 0;
    uint32_t local = 0;
    uint64_t left = 0;
    while (p < stream_end || out != in) {
        while (p < stream_end && in - out < AHEAD) {
            uint32_t term;
            memcpy(&term, p, 4);
            p += 4;
            ring[in % AHEAD].term = term;
            ring[in % AHEAD].p = p;
            p = ring[in % AHEAD].end = record_end(p);
            in++;
            __builtin_prefetch(&glass->term[term].last, 1);
            __builtin_prefetch(&where[term]);
            /* one that came in half the ring ago: its place is known by now */
            if (in >= AHEAD)
                __builtin_prefetch(where[ring[(in + AHEAD / 2) % AHEAD].term], 1);
        }
        while (left == 0)
            left = glass->document[local++].terms;
        unsigned at = out++ % AHEAD;
        struct term *term = &glass->term[ring[at].term];
        uint8_t *to = glass_put_number(where[ring[at].term], (local - 1) - term->last);
        size_t size = (size_t)(ring[at].end - ring[at].p);
        memcpy(to, ring[at].p, size);
        where[ring[at].term] = to + size;
        term->last = local - 1;
        left--;
    }
    g_free(where);
}

static uint8_t *
put_shared(uint8_t *p, const struct sorted *term, const struct sorted *before)
{
    unsigned shared = 0;
    if (before) {
        while (shared < MIN(term->length, before->length) &&
               term->text[shared] == before->text[shared])
            shared++;
    }
    p = glass_put_number(p, shared);
    p = glass_put_number(p, term->length - shared);
    memcpy(p, term->text + shared, term->length - shared);
    return p + (term->length - shared);
}

/* Sets down postings and positions in term order, and deals (rank, wdf) to the documents, over the
 * records that are no longer needed there: they are shorter. */
static void
write_terms(struct lj_glass *glass, struct glass_run *run, const struct sorted *sorted, uint32_t n)
{
    uint64_t *where = g_new(uint64_t, MAX(glass->n_documents, 1));
    for (uint32_t i = 0; i < glass->n_documents; i++)
        where[i] = glass->document[i].start;
    run->postings.offset = glass->spill->length;
    run->positions.offset = glass->position_spill->length;
    const uint8_t *record = glass->sorted;
    const struct sorted *before = NULL;
    for (uint32_t rank = 0; rank < n; rank++) {
        const struct term *term = &glass->term[sorted[rank].term];
        uint8_t *p = glass_spill_room(glass->spill, 512);
        p = put_shared(p, &sorted[rank], rank ? &sorted[rank - 1] : NULL);
        p = glass_put_number(p, term->df);
        glass_spill_advance(glass->spill, glass_put_number(p, term->cf));
        if (term->position_df) {
            p = glass_spill_room(glass->position_spill, 512);
            p = put_shared(p, &sorted[rank], before);
            glass_spill_advance(glass->position_spill, glass_put_number(p, term->position_df));
            before = &sorted[rank];
            run->position_entries += term->position_df;
        }
        uint32_t local = NONE, docid = 0, position_docid = 0;
        for (uint32_t k = 0; k < term->df; k++) {
            uint32_t gap, wdf, size;
            record = glass_get_number(record, &gap);
            local += gap;
            const uint8_t *wdf_code = record;
            record = glass_get_number(record, &wdf);
            size_t wdf_size = (size_t)(record - wdf_code);
            record = glass_get_number(record, &size);
            uint32_t now = glass->document[local].docid;
            p = glass_spill_room(glass->spill, 2 * GLASS_NUMBER);
            p = glass_put_number(p, now - docid);
            memcpy(p, wdf_code, wdf_size);
            glass_spill_advance(glass->spill, p + wdf_size);
            docid = now;
            if (size) {
                p = glass_spill_room(glass->position_spill, 2 * GLASS_NUMBER);
                p = glass_put_number(p, now - position_docid);
                p = glass_put_number(p, size);
                if (G_LIKELY(size <= 32)) {
                    glass_spill_advance(glass->position_spill, p);
                    p = glass_spill_room(glass->position_spill, 32);
                    memcpy(p, record, size);
                    glass_spill_advance(glass->position_spill, p + size);
                } else {
                    glass_spill_advance(glass->position_spill, p);
                    glass_spill_put(glass->position_spill, record, size);
                }
                position_docid = now;
                record += size;
            }
            uint8_t *to = glass->stream + where[local];
            memcpy(to, &rank, 4);
            memcpy(to + 4, wdf_code, wdf_size);
            where[local] += 4 + wdf_size;
        }
    }
    run->postings.length = glass->spill->length - run->postings.offset;
    run->positions.length = glass->position_spill->length - run->positions.offset;
    g_free(where);
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
        memcpy(p, term->text + shared, rest);
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
        size_t bound = 2 * GLASS_NUMBER;
        for (uint32_t k = 0; k < document->terms; k++) {
            uint32_t rank;
            memcpy(&rank, record, 4);
            record = skip_number(record + 4);
            bound += 2 + GLASS_NUMBER + sorted[rank].length;
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
    run->slots = g_ptr_array_new_with_free_func((GDestroyNotify)glass_slot_free);
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, glass->slots);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        struct glass_slot *slot = value;
        g_hash_table_iter_steal(&iter);
        slot->piece = (struct glass_piece){glass->spill->length, slot->bytes->len};
        glass_spill_put(glass->spill, slot->bytes->data, slot->bytes->len);
        g_clear_pointer(&slot->bytes, g_byte_array_unref);
        g_ptr_array_add(run->slots, slot);
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

/* Forgets the documents and terms in memory. */
static void
forget(struct lj_glass *glass)
{
    glass->n_documents = 0;
    glass->used = 0;
    glass->wdf = 0;
    g_byte_array_set_size(glass->slots_used, 0);
    g_hash_table_remove_all(glass->slots);
    g_ptr_array_set_size(glass->metadata, 0);
    glass->value_bytes = glass->metadata_bytes = 0;
    glass->data_start = glass->data_spill->length;
    glass->data_entries = 0;
    glass->data_last = 0;
    glass->n_terms = 0;
    glass->texts_used = 0;
    glass->epoch++;
    clear_hash(glass, glass->hash_size);
}

/* Sets down what is in memory as a run. */
static bool
end_run(struct lj_glass *glass, GError **error)
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
    struct sorted *sorted = sort_terms(glass, &n);
    scatter(glass, sorted, n);
    write_terms(glass, run, sorted, n);
    write_termlists(glass, run, sorted);
    g_free(sorted);
    write_lengths(glass, run);
    write_values(glass, run);
    write_metadata(glass, run);
    run->data =
        (struct glass_piece){glass->data_start, glass->data_spill->length - glass->data_start};
    run->data_entries = glass->data_entries;
    run->whole.length = glass->spill->length - run->whole.offset;
    run->whole_positions.length = glass->position_spill->length - run->whole_positions.offset;
    g_ptr_array_add(glass->runs, run);
    forget(glass);
    if (glass_spill_flush(glass->spill, &glass->error) &&
        glass_spill_flush(glass->position_spill, &glass->error))
        glass_spill_flush(glass->data_spill, &glass->error);
    return works(glass, error);
}

/* --- the end -----------------------------------------------------------------------------------
 */

/* Empties the builder for a next database. */
static void
reset(struct lj_glass *glass)
{
    struct glass_spill *spills[] = {glass->spill, glass->position_spill, glass->data_spill};
    g_ptr_array_set_size(glass->runs, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(spills); i++) {
        spills[i]->length -= spills[i]->held;
        spills[i]->held = 0;
        g_clear_error(&spills[i]->error);
    }
    g_clear_error(&glass->error);
    forget(glass);
    glass->documents = 0;
}

struct lj_glass_part {
    GPtrArray *runs; /* struct glass_run */
    uint32_t documents, last_docid;
};

struct lj_glass_part *
lj_glass_take(struct lj_glass *glass, GError **error)
{
    if (!works(glass, error) || !end_run(glass, error)) {
        reset(glass);
        return NULL;
    }
    struct lj_glass_part *part = g_new0(struct lj_glass_part, 1);
    part->documents = glass->documents;
    part->runs = glass->runs;
    glass->runs = g_ptr_array_new_with_free_func((GDestroyNotify)glass_run_free);
    glass->documents = 0;
    for (guint i = 0; i < part->runs->len; i++) {
        const struct glass_run *run = part->runs->pdata[i];
        part->last_docid = MAX(part->last_docid, run->last_docid);
    }
    return part;
}

void
lj_glass_part_free(struct lj_glass_part *part)
{
    if (!part)
        return;
    g_ptr_array_unref(part->runs);
    g_free(part);
}

bool
lj_glass_join(struct lj_glass_part *const *parts, size_t n, const char *dir, size_t memory,
              unsigned threads, GError **error)
{
    if (!glass_prepare_dir(dir, error))
        return false;
    GPtrArray *runs = g_ptr_array_new();
    uint32_t base = 0;
    bool ok = true;
    for (size_t i = 0; i < n && ok; i++) {
        for (guint k = 0; k < parts[i]->runs->len; k++) {
            struct glass_run *run = parts[i]->runs->pdata[k];
            run->base = base;
            g_ptr_array_add(runs, run);
        }
        ok = base <= UINT32_MAX - parts[i]->last_docid;
        base += parts[i]->last_docid;
    }
    if (ok)
        ok = glass_merge_runs(runs, dir, memory, threads, error);
    else
        g_set_error(error, LJ_ERROR, LJ_ERROR_IO, _("%s has grown too large"), dir);
    g_ptr_array_unref(runs);
    return ok;
}

bool
lj_glass_merge(struct lj_glass *const *builders, size_t n, const char *dir, unsigned threads,
               GError **error)
{
    GPtrArray *runs = g_ptr_array_new();
    size_t memory = 0;
    bool ok = true;
    for (size_t i = 0; i < n && ok; i++) {
        ok = works(builders[i], error) && end_run(builders[i], error);
        memory += builders[i]->memory;
        for (guint k = 0; k < builders[i]->runs->len; k++)
            g_ptr_array_add(runs, builders[i]->runs->pdata[k]);
    }
    ok = ok && glass_prepare_dir(dir, error) &&
         glass_merge_runs(runs, dir, memory / 4, threads, error);
    g_ptr_array_unref(runs);
    for (size_t i = 0; i < n; i++)
        reset(builders[i]);
    return ok;
}

bool
lj_glass_finish(struct lj_glass *glass, GError **error)
{
    return lj_glass_merge(&glass, 1, glass->dir, 3, error);
}
