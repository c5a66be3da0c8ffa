/* Position lists, read where they lie (position.c writes them). */
#include "glass/cursor.h"

#define POSITIONS_LIMIT (64u << 20) /* of a term in a document */

void
lj_glass_positions_begin(struct glass_reader *reader, const char *term, size_t length,
                         struct glass_positions *out)
{
    glass_cursor_init(&out->cursor, reader, &reader->position);
    length = MIN(length, GLASS_TERM_LIMIT);
    memcpy(out->key, term, length);
    out->key[length] = 0;
    out->prefix = (uint32_t)length + 1;
    out->docid = 0;
}

struct bits {
    const uint8_t *at, *end;
    uint64_t held;
    unsigned n;
    unsigned padding; /* bits of those held that are none of the tag's */
};

/* Was more taken than there is? */
static inline bool
overrun(const struct bits *in)
{
    return in->n < in->padding;
}

/* A value of a range of m values, as glass_put_positions wrote it. */
static inline uint32_t
take(struct bits *in, uint64_t m)
{
    if (m <= 1)
        return 0;
    unsigned b = 64 - (unsigned)__builtin_clzll(m - 1);
    if (in->n < b && in->end - in->at >= 8) {
        uint64_t word;
        memcpy(&word, in->at, 8);
        in->held |= GUINT64_FROM_LE(word) << in->n;
        in->at += (63 - in->n) / 8;
        in->n |= 56;
    }
    while (in->n < b) {
        if (in->at < in->end)
            in->held |= (uint64_t)*in->at++ << in->n;
        else
            in->padding += 8;
        in->n += 8;
    }
    uint64_t spare = (UINT64_C(1) << b) - m, value;
    unsigned used = b;
    if (spare) {
        uint64_t low = (m - spare) / 2;
        value = in->held & ((UINT64_C(1) << (b - 1)) - 1);
        if (value < low) {
            if (in->held >> (b - 1) & 1)
                value += low + spare;
        } else {
            used = b - 1;
        }
    } else {
        value = in->held & ((UINT64_C(1) << b) - 1);
    }
    in->held >>= used;
    in->n -= used;
    return (uint32_t)value;
}

static void
interpolate(struct bits *in, uint32_t *position, uint32_t j, uint32_t k)
{
    while (j + 1 < k && !overrun(in)) {
        uint32_t middle = j + (k - j) / 2;
        uint64_t span = (uint64_t)position[k] - position[j], inside = k - j;
        position[middle] =
            position[j] + (middle - j) + (span > inside ? take(in, span - inside + 1) : 0);
        interpolate(in, position, j, middle);
        j = middle;
    }
}

/* Positions of a tag appended to out; 0: it makes no sense. */
static uint32_t
decode_positions(const uint8_t *tag, uint32_t length, GArray *out)
{
    struct glass_bytes in = {tag, tag + length, true};
    uint32_t last = (uint32_t)glass_take_number(&in), before = out->len;
    if (!in.good)
        return 0;
    if (in.at == in.end) {
        g_array_append_val(out, last);
        return 1;
    }
    struct bits bits = {.at = in.at, .end = in.end};
    uint32_t first = take(&bits, last);
    if (first >= last)
        return 0;
    uint64_t n = (uint64_t)take(&bits, (uint64_t)last - first) + 2;
    if (n > (uint64_t)last - first + 1 || n > POSITIONS_LIMIT)
        return 0;
    g_array_set_size(out, before + (guint)n);
    uint32_t *position = &g_array_index(out, uint32_t, before);
    position[0] = first;
    position[n - 1] = last;
    interpolate(&bits, position, 0, (uint32_t)n - 1);
    if (!overrun(&bits))
        return (uint32_t)n;
    g_array_set_size(out, before);
    return 0;
}

/* Where docids rise the next list often stands in the leaf at hand, a few items on, or in the one after it. */

/* The document whose positions an item of the leaf holds; 0: of another word, or not the beginning of a list. */
static uint32_t
document_of(struct glass_cursor *cursor, uint32_t at, const uint8_t *key, uint32_t prefix)
{
    const uint8_t *own;
    uint32_t length, component;
    if (!glass_item_of(cursor, 0, at, &own, &length, &component) || component != 1 ||
        length <= prefix || memcmp(own, key, prefix) != 0)
        return 0;
    return glass_get_sorted(own + prefix, length - prefix);
}

/* Stands on a document's list if that lies in the leaf, not before the item at hand. Docids are spread evenly,
 * mostly: so the place is reckoned from both ends, and halved where that does not get on. */
static bool
find_ahead(struct glass_cursor *cursor, const uint8_t *key, uint32_t prefix, uint32_t docid)
{
    uint32_t low = cursor->level[0].at, high = cursor->level[0].n - 1;
    uint32_t first = document_of(cursor, low, key, prefix);
    uint32_t last = document_of(cursor, high, key, prefix);
    for (unsigned tries = 0; first && first < docid && high > low; tries++) {
        if (last == docid)
            low = high, first = last;
        if (high - low <= 1)
            break;
        bool even = last > first && tries < 4;
        if (even && last < docid)
            return false;
        uint32_t step = even ? (uint32_t)((uint64_t)(docid - first) * (high - low) / (last - first))
                             : (high - low) / 2;
        uint32_t at = low + CLAMP(step, 1, high - low - 1);
        uint32_t own = document_of(cursor, at, key, prefix);
        if (own && own <= docid)
            low = at, first = own;
        else
            high = at, last = own;
    }
    cursor->level[0].at = low;
    return first == docid && glass_cursor_load(cursor);
}

/* The same from the root of the table on. key: the whole one. */
static bool
find_afresh(struct glass_cursor *cursor, const struct glass_positions *positions, uint32_t length,
            uint32_t docid)
{
    if (!glass_cursor_enter(cursor, positions->key, length))
        return false;
    /* A leaf that begins with another word, or holds a list in several items, is searched as any. */
    return find_ahead(cursor, positions->key, positions->prefix, docid) ||
           (glass_cursor_find(cursor, positions->key, length) &&
            glass_is_key(cursor, positions->key, length));
}

/* The tag of a document's positions. */
static bool
find_positions(struct glass_positions *positions, uint32_t docid, const uint8_t **tag,
               uint32_t *tag_length)
{
    struct glass_cursor *cursor = &positions->cursor;
    uint32_t length =
        (uint32_t)(glass_put_sorted(positions->key + positions->prefix, docid) - positions->key);
    bool ahead = cursor->level[0].block && docid > positions->docid;
    positions->docid = docid;
    if (ahead && !find_ahead(cursor, positions->key, positions->prefix, docid)) {
        cursor->level[0].at = cursor->level[0].n - 1;
        ahead = glass_cursor_step(cursor) &&
                find_ahead(cursor, positions->key, positions->prefix, docid);
    }
    return (ahead || find_afresh(cursor, positions, length, docid)) &&
           glass_cursor_tag(cursor, tag, tag_length);
}

uint32_t
lj_glass_positions_read(struct glass_positions *positions, uint32_t docid, GArray *out)
{
    const uint8_t *tag;
    uint32_t length;
    if (!find_positions(positions, docid, &tag, &length))
        return 0;
    uint32_t n = decode_positions(tag, length, out);
    positions->cursor.reader->broken |= n == 0;
    return n;
}

bool
lj_glass_positions_walk(struct glass_positions *positions, uint32_t docid, struct glass_walk *walk)
{
    const uint8_t *tag;
    uint32_t length;
    if (!find_positions(positions, docid, &tag, &length))
        return false;
    struct glass_bytes in = {tag, tag + length, true};
    uint32_t last = (uint32_t)glass_take_number(&in);
    walk->index = 0;
    walk->depth = 0;
    walk->position = last;
    walk->count = 1;
    if (in.good && in.at == in.end)
        return true;
    struct bits bits = {.at = in.at, .end = in.end};
    uint32_t first = in.good ? take(&bits, last) : last;
    uint64_t n = first < last ? (uint64_t)take(&bits, (uint64_t)last - first) + 2 : 0;
    if (first >= last || n > (uint64_t)last - first + 1 || n > POSITIONS_LIMIT) {
        positions->cursor.reader->broken = true;
        return false;
    }
    walk->position = first;
    walk->count = (uint32_t)n;
    walk->at = bits.at;
    walk->end = bits.end;
    walk->held = bits.held;
    walk->bits = bits.n;
    walk->known[0].index = (uint32_t)n - 1;
    walk->known[0].position = last;
    walk->depth = 1;
    return true;
}

bool
lj_glass_walk_next(struct glass_walk *walk)
{
    if (walk->depth == 0)
        return false;
    struct bits bits = {walk->at, walk->end, walk->held, walk->bits, 0};
    uint32_t j = walk->index, from = walk->position, k;
    while ((k = walk->known[walk->depth - 1].index) > j + 1) { /* halve, as interpolate does */
        uint64_t span = (uint64_t)walk->known[walk->depth - 1].position - from, inside = k - j;
        uint32_t middle = j + (k - j) / 2;
        uint32_t position =
            from + (middle - j) + (span > inside ? take(&bits, span - inside + 1) : 0);
        walk->known[walk->depth].index = middle;
        walk->known[walk->depth].position = position;
        walk->depth++;
    }
    walk->at = bits.at;
    walk->held = bits.held;
    walk->bits = bits.n;
    walk->depth--;
    walk->index = k;
    walk->position = walk->known[walk->depth].position;
    return true;
}

void
lj_glass_positions_end(struct glass_positions *positions)
{
    glass_cursor_clear(&positions->cursor);
}
