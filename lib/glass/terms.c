#include "glass/builder.h"
#include "schema/large.h"
#include "schema/order.h"

#define TEXT_PAD 16

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

void
glass_clear_hash(struct lj_glass *glass, uint32_t size)
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
    glass_clear_hash(glass, n * 2);
    for (uint32_t i = 0; i < n; i++) {
        if (old[i].term == GLASS_NONE)
            continue;
        uint32_t at = old[i].hash & (glass->hash_size - 1);
        while (glass->hash[at].term != GLASS_NONE)
            at = (at + 1) & (glass->hash_size - 1);
        glass->hash[at] = old[i];
    }
    lj_large_free(old, n * sizeof *old);
}

void
lj_glass_expect(const struct lj_glass *glass, const char *bytes, size_t length)
{
    __builtin_prefetch(&glass->hash[hash_of(bytes, length) & (glass->hash_size - 1)], 1);
}

/* Appends bytes to texts, and some more behind them, so that terms can be compared and copied by words; returns
 * where they stand. */
static uint32_t
put_text(uint8_t **texts, size_t *used, size_t *allocated, const char *bytes, size_t length)
{
    if (*used + length + TEXT_PAD > *allocated) {
        *allocated = MAX(*allocated * 2, 64 << 10);
        *texts = g_realloc(*texts, *allocated);
    }
    size_t at = *used;
    memcpy(*texts + at, bytes, length);
    memset(*texts + at + length, 0, TEXT_PAD);
    *used += length;
    return (uint32_t)at;
}

uint32_t
lj_glass_term(struct lj_glass *glass, const char *bytes, size_t length)
{
    if (length == 0 || length > GLASS_TERM_LIMIT)
        return LJ_GLASS_NO_TERM;
    uint32_t hash = hash_of(bytes, length), at = hash & (glass->hash_size - 1);
    for (; glass->hash[at].term != GLASS_NONE; at = (at + 1) & (glass->hash_size - 1)) {
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
        glass->spot =
            lj_large_grow(glass->spot, n * sizeof *glass->spot, room * sizeof *glass->spot);
        glass->seen = lj_large_grow(glass->seen, n / 8, room / 8); /* room is a power of two */
        glass->terms_allocated = (uint32_t)room;
    }
    uint32_t number = glass->n_terms++;
    glass->term[number] = (struct term){
        .text = put_text(&glass->texts, &glass->texts_used, &glass->texts_allocated, bytes, length),
        .length = (uint16_t)length,
        .key_length = (uint16_t)key_length,
        .last = GLASS_NONE,
        .implied = GLASS_NONE};
    glass->current[number] = (struct current){0};
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

size_t
glass_term_memory(const struct lj_glass *glass)
{
    /* when a run ends each has a place in the order, twice */
    return glass->n_terms * (sizeof(struct term) + sizeof(struct current) + sizeof(struct spot) +
                             2 * sizeof(struct ordered)) +
           glass->hash_size * sizeof *glass->hash + glass->texts_used;
}

void
glass_forget_terms(struct lj_glass *glass)
{
    glass->n_terms = glass->n_ordered = 0;
    glass->texts_used = 0;
    glass->epoch++;
    glass_clear_hash(glass, glass->hash_size);
}

static int
compare(const uint8_t *texts, const struct ordered *x, const struct ordered *y)
{
    if (x->prefix != y->prefix)
        return x->prefix < y->prefix ? -1 : 1;
    return glass_compare(texts + x->text, x->length, texts + y->text, y->length);
}

static int
compare_ordered(const void *a, const void *b, void *texts)
{
    return compare(texts, a, b);
}

void
glass_order_terms(struct lj_glass *glass)
{
    uint32_t n_old = glass->n_ordered, n_new = glass->n_terms - n_old;
    if (!n_new)
        return;
    struct ordered *fresh = g_new(struct ordered, n_new);
    for (uint32_t i = 0; i < n_new; i++) {
        const struct term *term = &glass->term[n_old + i];
        fresh[i] = (struct ordered){glass_prefix64(glass->texts + term->text, term->length),
                                    n_old + i, term->text, term->length};
    }
    G_STATIC_ASSERT(sizeof *fresh == LJ_ORDER_SIZE);
    lj_order(fresh, n_new, compare_ordered, glass->texts);
    if (glass->n_terms > glass->order_allocated) {
        glass->order_allocated = glass->n_terms + glass->n_terms / 2;
        glass->order = g_renew(struct ordered, glass->order, glass->order_allocated);
    }
    /* merged from the end, so that the old ones move up in their own array */
    struct ordered *to = glass->order + glass->n_terms;
    const struct ordered *old = glass->order + n_old, *new = fresh + n_new;
    while (new > fresh)
        *--to = old > glass->order && compare(glass->texts, old - 1, new - 1) > 0 ? *--old : *--new;
    g_free(fresh);
    glass->n_ordered = glass->n_terms;
}

/* --- terms that stand alone --------------------------------------------------------------------
 */

void
glass_note_single(struct lj_glass *glass, const char *bytes, uint32_t length, uint32_t wdf)
{
    if (glass->n_singles == glass->singles_allocated) {
        glass->singles_allocated = MAX(glass->singles_allocated * 2, 1024);
        glass->single = g_renew(struct single, glass->single, glass->singles_allocated);
    }
    uint32_t text = put_text(&glass->single_texts, &glass->single_used, &glass->single_allocated,
                             bytes, length);
    glass->single[glass->n_singles++] = (struct single){text, length, glass->n_documents - 1, wdf};
}

/* Equal ones came in the order of their documents. */
static int
compare_singles(const void *a, const void *b, void *texts)
{
    const struct ordered *x = a, *y = b;
    int order = compare(texts, x, y);
    return order ? order : (x->term > y->term) - (x->term < y->term);
}

struct ordered *
glass_order_singles(const struct lj_glass *glass)
{
    uint32_t n = glass->n_singles;
    struct ordered *rows = g_new(struct ordered, MAX(n, 1));
    for (uint32_t i = 0; i < n; i++) {
        const struct single *single = &glass->single[i];
        rows[i] =
            (struct ordered){glass_prefix64(glass->single_texts + single->text, single->length), i,
                             single->text, single->length};
    }
    lj_order(rows, n, compare_singles, glass->single_texts);
    return rows;
}
