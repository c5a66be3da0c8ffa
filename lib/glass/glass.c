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
#include "glass/builder.h"
#include "i18n.h"
#include "schema/large.h"
#include <stdlib.h>

#define LEAST_MEMORY (64u << 10)
#define STREAM_LIMIT                                                                               \
    (UINT64_C(3) << 30) /* of documents in one run: offsets of a term fit 32 bits */
#define AHEAD 16        /* terms that are looked ahead */
#define FEW_VALUES 64

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
    glass->slots = g_ptr_array_new_with_free_func((GDestroyNotify)glass_slot_free);
    glass->metadata = g_ptr_array_new_with_free_func(g_free);
    glass_clear_hash(glass, 1024);
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
    g_ptr_array_unref(glass->slots);
    g_ptr_array_unref(glass->metadata);
    g_clear_error(&glass->error);
    lj_large_free(glass->hash, glass->hash_size * sizeof *glass->hash);
    lj_large_free(glass->current, glass->terms_allocated * sizeof *glass->current);
    lj_large_free(glass->term, glass->terms_allocated * sizeof *glass->term);
    lj_large_free(glass->spot, glass->terms_allocated * sizeof *glass->spot);
    lj_large_free(glass->seen, glass->terms_allocated / 8);
    g_free(glass->single);
    g_free(glass->single_texts);
    g_free(glass->texts);
    g_free(glass->order);
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

static bool
check_values(uint32_t docid, const struct xap_value *values, size_t n, GError **error)
{
    uint64_t seen = 0; /* the first 64 slots, a bit each: all but those that are declared */
    for (size_t i = 0; i < n; i++) {
        bool fits = values[i].slot < 64;
        uint64_t bit = fits ? UINT64_C(1) << values[i].slot : 0;
        bool twice = seen & bit;
        for (size_t j = 0; !fits && j < i; j++)
            twice |= values[i].slot == values[j].slot;
        seen |= bit;
        if (twice) {
            g_set_error(error, LJ_ERROR, LJ_ERROR_FORMAT,
                        _("document %u has two values in slot %u"), docid, values[i].slot);
            return false;
        }
    }
    return true;
}

/* Opens a document: its row and the end of the run before it where memory is full. */
static bool
begin(struct lj_glass *glass, uint32_t docid, GError **error)
{
    if (!glass_works(glass, error))
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
static inline void
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
    } else if (n == 1) {
        uint8_t *end = glass_put_number(p + 1, *positions); /* as glass_put_positions has it */
        *p = (uint8_t)(end - (p + 1));
        p = end;
        term->position_df++;
    } else if (positions == glass->coded && n == glass->n_coded) {
        p = glass_put_number(p, glass->code_size);
        glass_copy_loose(p, glass->stream + glass->code_start, glass->code_size);
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
    if (term->df++ == 0)
        glass->seen[number / 64] |= UINT64_C(1) << number % 64;
    term->cf += wdf;
    term->bytes += (uint32_t)size - 4 + glass_number_size(local - term->last);
    term->last = local;
    glass->length += wdf;
    glass->wdf = MAX(glass->wdf, wdf);
}

/* The same of a term that stands alone: its record only keeps the room that its document will need. */
static void
emit_single(struct lj_glass *glass, const struct xap_posting *posting)
{
    g_assert(posting->length && posting->length <= GLASS_TERM_LIMIT && !posting->n_positions);
    reserve(glass, 4 + 2 * GLASS_NUMBER);
    uint32_t number = LJ_GLASS_SINGLE;
    uint8_t *p = glass->stream + glass->used;
    memcpy(p, &number, 4);
    p = glass_put_number(p + 4, posting->wdf);
    *p++ = 0;
    glass->used = (size_t)(p - glass->stream);
    glass_note_single(glass, posting->term, posting->length, posting->wdf);
    glass->length += posting->wdf;
    glass->wdf = MAX(glass->wdf, posting->wdf);
    glass->document[glass->n_documents - 1].singles++;
}

static int
compare_slots(const void *a, const void *b)
{
    const struct xap_value *const *x = a, *const *y = b;
    return ((*x)->slot > (*y)->slot) - ((*x)->slot < (*y)->slot);
}

/* The values that are not empty, by slot. A document has a dozen, mostly in order already. */
static size_t
order_values(const struct xap_value *values, size_t n_values, const struct xap_value **order)
{
    size_t n = 0;
    for (size_t i = 0; i < n_values; i++) {
        if (values[i].length)
            order[n++] = &values[i];
    }
    if (n > FEW_VALUES) {
        qsort(order, n, sizeof *order, compare_slots);
        return n;
    }
    for (size_t i = 1; i < n; i++) {
        const struct xap_value *value = order[i];
        size_t k = i;
        for (; k > 0 && order[k - 1]->slot > value->slot; k--)
            order[k] = order[k - 1];
        order[k] = value;
    }
    return n;
}

/* Where the slot of a value stands among those of the run, which are by number. at: where the next may be. */
static guint
find_slot(struct lj_glass *glass, uint32_t number, guint at)
{
    struct glass_slot *const *slots = (struct glass_slot *const *)glass->slots->pdata;
    guint n = glass->slots->len;
    if (G_LIKELY(at < n && slots[at]->slot == number))
        return at;
    guint low = 0;
    for (guint high = n; low < high;) {
        guint middle = low + (high - low) / 2;
        if (slots[middle]->slot < number)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < n && slots[low]->slot == number)
        return low;
    struct glass_slot *slot = g_new0(struct glass_slot, 1);
    slot->slot = number;
    g_ptr_array_insert(glass->slots, (gint)low, slot);
    glass->value_bytes += sizeof *slot + 128;
    return low;
}

static void
set_bound(GByteArray **bound, const struct xap_value *value)
{
    if (!*bound)
        *bound = g_byte_array_sized_new(value->length);
    g_byte_array_set_size(*bound, 0);
    g_byte_array_append(*bound, (const guint8 *)value->bytes, value->length);
}

/* Most values lie between the bounds by their first bytes. */
static void
bound(struct glass_slot *slot, const struct xap_value *value)
{
    uint64_t prefix;
    if (G_LIKELY(value->length >= 8)) {
        memcpy(&prefix, value->bytes, 8);
        prefix = GUINT64_FROM_BE(prefix);
    } else {
        prefix = glass_prefix64(value->bytes, value->length);
    }
    const GByteArray *low = slot->low, *high = slot->high;
    if (!low || (prefix <= slot->least &&
                 glass_compare(value->bytes, value->length, low->data, low->len) < 0)) {
        set_bound(&slot->low, value);
        slot->least = prefix;
    }
    if (!high || (prefix >= slot->most &&
                  glass_compare(value->bytes, value->length, high->data, high->len) > 0)) {
        set_bound(&slot->high, value);
        slot->most = prefix;
    }
}

static void
add_value(struct lj_glass *glass, struct glass_slot *slot, uint32_t docid,
          const struct xap_value *value)
{
    size_t most = 2 * GLASS_NUMBER + (size_t)value->length;
    if (G_UNLIKELY(slot->allocated - slot->used < most)) {
        slot->allocated = slot->allocated * 2 + most;
        slot->bytes = g_realloc(slot->bytes, slot->allocated);
    }
    uint8_t *start = slot->bytes + slot->used, *p = glass_put_number(start, docid - slot->last);
    p = glass_put_number(p, value->length);
    glass_copy(p, value->bytes, value->length);
    size_t size = (size_t)(p - start) + value->length;
    slot->used += size;
    glass->value_bytes += size;
    slot->last = docid;
    if (!slot->n++)
        slot->first = docid;
    bound(slot, value);
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
        const struct xap_value *few[FEW_VALUES],
            **order = n_values > FEW_VALUES ? g_new(const struct xap_value *, n_values) : few;
        size_t n = order_values(values, n_values, order);
        uint32_t previous = UINT32_MAX; /* so that slot 0 follows it */
        g_byte_array_set_size(glass->slots_used, before + (guint)n * GLASS_NUMBER);
        uint8_t *code = glass->slots_used->data + before;
        guint at = 0;
        for (size_t i = 0; i < n; i++) {
            code = glass_put_number(code, (uint32_t)(order[i]->slot - previous - 1));
            previous = order[i]->slot;
            at = find_slot(glass, order[i]->slot, at);
            add_value(glass, glass->slots->pdata[at++], document->docid, order[i]);
        }
        g_byte_array_set_size(glass->slots_used, (guint)(code - glass->slots_used->data));
        if (order != few)
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
        return glass_works(glass, error);
    }
    if (glass_memory_held(glass) >= glass->memory || glass->used >= STREAM_LIMIT ||
        glass->texts_used >= STREAM_LIMIT || glass->single_used >= STREAM_LIMIT)
        return glass_end_run(glass, error);
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
        if (terms[i] == LJ_GLASS_SINGLE) {
            emit_single(glass, posting);
            continue;
        }
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
        if (implied != GLASS_NONE)
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
    if (!glass_works(glass, error))
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
    return glass_memory_held(glass) < glass->memory || glass_end_run(glass, error);
}
