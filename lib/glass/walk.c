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
    out->leaf = NULL;
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
    /* The values in the middle have a bit less; which they are is not to be guessed, so nothing branches. */
    uint64_t spare = (UINT64_C(1) << b) - m, low = (m - spare) / 2;
    uint64_t value = in->held & ((UINT64_C(1) << (b - 1)) - 1);
    bool whole = value < low;
    uint64_t high = in->held >> (b - 1) & whole;
    unsigned used = b - 1 + whole;
    in->held >>= used;
    in->n -= used;
    return (uint32_t)(value + (-high & (low + spare)));
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

/* Is an item of the leaf one of the word's? */
static bool
is_words(struct glass_positions *positions, uint32_t at)
{
    const uint8_t *own;
    uint32_t length, component;
    return glass_item_of(&positions->cursor, 0, at, &own, &length, &component) &&
           length > positions->prefix && memcmp(own, positions->key, positions->prefix) == 0;
}

/* The document whose positions an item of a leaf, among the word's, holds; 0: it makes no sense. */
static inline uint32_t
document_in(const struct glass_positions *positions, const uint8_t *block, uint32_t at)
{
    uint32_t offset = glass_get_be16(block + GLASS_DIRECTORY + 2 * at);
    uint32_t size = positions->cursor.map->block, prefix = positions->prefix;
    if (offset + 3 > size || block[offset + 2] <= prefix || offset + 3 + block[offset + 2] > size)
        return 0;
    return glass_get_sorted(block + offset + 3 + prefix, block[offset + 2] - prefix);
}

static inline uint32_t
document_of(const struct glass_positions *positions, uint32_t at)
{
    return document_in(positions, positions->cursor.level[0].block, at);
}

/* A search for a document's item among the word's of a leaf: it lies from low to high, whose documents are first and
 * last. Docids are spread evenly, mostly: so the place is reckoned from both ends, and halved where that does not get on. */
struct place {
    const uint8_t *block;
    uint32_t low, high, first, last, docid;
    uint32_t at; /* where to look next */
    unsigned tries;
};

/* false: there is no need to; the item is that at low, if it is there. */
static inline bool
look_next(struct place *place)
{
    uint32_t items = place->high - place->low, first = place->first, last = place->last;
    if (last == place->docid) {
        place->low = place->high;
        place->first = last;
        return false;
    }
    if (first >= place->docid || items <= 1)
        return false;
    uint32_t step = place->tries++ < 4 && last > first
                        ? (uint32_t)((uint64_t)(place->docid - first) * items / (last - first))
                        : items / 2;
    place->at = place->low + CLAMP(step, 1, items - 1);
    return true;
}

static inline void
narrow(const struct glass_positions *positions, struct place *place)
{
    uint32_t own = document_in(positions, place->block, place->at);
    if (own <= place->docid) {
        place->low = place->at;
        place->first = own;
    } else {
        place->high = place->at;
        place->last = own;
    }
}

/* Notes the last of the word's items in the leaf, the item at hand being one of them. */
static void
note_end(struct glass_positions *positions)
{
    const struct glass_cursor *cursor = &positions->cursor;
    uint32_t low = cursor->level[0].at, high = cursor->level[0].n;
    if (positions->leaf == cursor->level[0].block)
        return;
    if (is_words(positions, high - 1))
        low = high - 1;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (is_words(positions, middle))
            low = middle;
        else
            high = middle;
    }
    positions->leaf = cursor->level[0].block;
    positions->end = low;
    positions->end_docid = document_of(positions, low);
}

/* Stands on a document's list if that lies in the leaf, not before the item at hand, which is one of the word's. */
static bool
find_ahead(struct glass_positions *positions, uint32_t docid)
{
    struct glass_cursor *cursor = &positions->cursor;
    note_end(positions);
    uint32_t low = cursor->level[0].at, first = document_of(positions, low);
    if (positions->end_docid < docid || low > positions->end)
        return false;
    struct place place = {
        cursor->level[0].block, low, positions->end, first, positions->end_docid, docid, 0, 0};
    while (look_next(&place))
        narrow(positions, &place);
    cursor->level[0].at = place.low;
    return place.first == docid && glass_cursor_load(cursor) && cursor->component == 1 &&
           is_words(positions, place.low);
}

/* The same from the root of the table on. length: of the whole key. */
static bool
find_afresh(struct glass_positions *positions, uint32_t length, uint32_t docid)
{
    struct glass_cursor *cursor = &positions->cursor;
    if (!glass_cursor_enter(cursor, positions->key, length))
        return false;
    /* A leaf that begins with another word, or holds a list in several items, is searched as any. */
    return (is_words(positions, 0) && is_words(positions, cursor->level[0].n - 1) &&
            find_ahead(positions, docid)) ||
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
    bool ahead = docid > positions->docid && cursor->level[0].block &&
                 is_words(positions, cursor->level[0].at);
    positions->docid = docid;
    if (ahead && !find_ahead(positions, docid)) {
        cursor->level[0].at = cursor->level[0].n - 1;
        ahead = glass_cursor_step(cursor) && is_words(positions, 0) && find_ahead(positions, docid);
    }
    return (ahead || find_afresh(positions, length, docid)) &&
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

/* At the first position of a tag. */
static bool
begin_walk(struct glass_positions *positions, const uint8_t *tag, uint32_t length,
           struct glass_walk *walk)
{
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
lj_glass_positions_walk(struct glass_positions *positions, uint32_t docid, struct glass_walk *walk)
{
    const uint8_t *tag;
    uint32_t length;
    return find_positions(positions, docid, &tag, &length) &&
           begin_walk(positions, tag, length, walk);
}

/* --- several documents ---------------------------------------------------------------------------
 */

/* A leaf that is all the word's. */
struct leaf {
    uint32_t number;
    const uint8_t *block; /* NULL: it is not */
    uint32_t n, first, last;
};

/* Which of the leaves each document is in; returns how many leaves there are. */
static uint32_t
find_leaves(struct glass_positions *positions, const uint32_t *docids, uint32_t n,
            struct leaf *leaves, uint8_t *leaf_of)
{
    struct glass_cursor *cursor = &positions->cursor;
    const struct glass_map *map = cursor->map;
    uint32_t found = 0, number;
    bool good = true, ahead = false;
    for (uint32_t i = 0; i < n; i++) {
        uint8_t *end = glass_put_sorted(positions->key + positions->prefix, docids[i]);
        good = good && glass_cursor_leaf(cursor, positions->key, (uint32_t)(end - positions->key),
                                         ahead, &number);
        if (!good)
            number = UINT32_MAX; /* no block has it */
        ahead = good;
        if (found == 0 || leaves[found - 1].number != number) {
            leaves[found++] = (struct leaf){.number = number};
            if (number < map->size / map->block)
                __builtin_prefetch(map->bytes + (size_t)number * map->block);
        }
        leaf_of[i] = (uint8_t)(found - 1);
    }
    return found;
}

/* To be sent for: nothing says that it lies in the block. */
static const uint8_t *
item_at(const uint8_t *block, uint32_t at)
{
    return block + glass_get_be16(block + GLASS_DIRECTORY + 2 * at);
}

/* Reads what is needed of the leaves, a step of all after the other. */
static void
look_at_leaves(struct glass_positions *positions, struct leaf *leaves, uint32_t n)
{
    struct glass_cursor *cursor = &positions->cursor;
    const struct glass_map *map = cursor->map;
    for (uint32_t l = 0; l < n; l++) {
        leaves[l].block = leaves[l].number < map->size / map->block
                              ? glass_cursor_block(cursor, leaves[l].number, &leaves[l].n)
                              : NULL;
        if (leaves[l].block)
            __builtin_prefetch(leaves[l].block + GLASS_DIRECTORY + 2 * (leaves[l].n - 1));
    }
    for (uint32_t l = 0; l < n; l++)
        if (leaves[l].block) {
            __builtin_prefetch(item_at(leaves[l].block, 0));
            __builtin_prefetch(item_at(leaves[l].block, leaves[l].n - 1));
        }
    for (uint32_t l = 0; l < n; l++) {
        struct leaf *leaf = &leaves[l];
        cursor->level[0].block = leaf->block;
        if (!leaf->block)
            continue;
        if (is_words(positions, 0) && is_words(positions, leaf->n - 1)) {
            leaf->first = document_of(positions, 0);
            leaf->last = document_of(positions, leaf->n - 1);
        } else {
            leaf->block = NULL;
        }
    }
    cursor->level[0].block = NULL;
}

/* The tag of an item of a leaf, if it lies there as it is. */
static void
take_tag(const struct glass_positions *positions, const uint8_t *block, uint32_t at,
         struct glass_spot *spot)
{
    uint32_t offset = glass_get_be16(block + GLASS_DIRECTORY + 2 * at), flags, size, head;
    if (offset + 3 > positions->cursor.map->block)
        return;
    flags = glass_get_be16(block + offset);
    size = (flags & 0x1fff) + 3;
    head = 3 + block[offset + 2];
    if ((flags & 0xe000) != 0x6000 || size < head || offset + size > positions->cursor.map->block ||
        memcmp(block + offset + 3, positions->key, positions->prefix) != 0)
        return;
    spot->tag = block + offset + head;
    spot->length = size - head;
}

void
lj_glass_positions_scout(struct glass_positions *positions, const uint32_t *docids, uint32_t n,
                         struct glass_spot *spots)
{
    struct leaf leaves[GLASS_SCOUTED];
    uint8_t leaf_of[GLASS_SCOUTED];
    struct place places[GLASS_SCOUTED];
    look_at_leaves(positions, leaves, find_leaves(positions, docids, n, leaves, leaf_of));
    uint32_t left[GLASS_SCOUTED], n_left = 0;
    for (uint32_t i = 0; i < n; i++) {
        const struct leaf *leaf = &leaves[leaf_of[i]];
        spots[i].tag = NULL;
        places[i] =
            (struct place){leaf->block, 0, leaf->n - 1, leaf->first, leaf->last, docids[i], 0, 0};
        if (leaf->block && leaf->first <= docids[i] && docids[i] <= leaf->last)
            left[n_left++] = i;
        else
            places[i].block = NULL;
    }
    while (n_left > 0) {
        uint32_t more = 0;
        for (uint32_t i = 0; i < n_left; i++)
            if (look_next(&places[left[i]])) {
                __builtin_prefetch(item_at(places[left[i]].block, places[left[i]].at));
                left[more++] = left[i];
            }
        n_left = more;
        for (uint32_t i = 0; i < n_left; i++)
            narrow(positions, &places[left[i]]);
    }
    for (uint32_t i = 0; i < n; i++)
        if (places[i].block && places[i].first == docids[i])
            take_tag(positions, places[i].block, places[i].low, &spots[i]);
}

uint32_t
lj_glass_positions_read_at(struct glass_positions *positions, uint32_t docid,
                           const struct glass_spot *spot, GArray *out)
{
    if (!spot->tag)
        return lj_glass_positions_read(positions, docid, out);
    uint32_t n = decode_positions(spot->tag, spot->length, out);
    positions->cursor.reader->broken |= n == 0;
    return n;
}

bool
lj_glass_positions_walk_at(struct glass_positions *positions, uint32_t docid,
                           const struct glass_spot *spot, struct glass_walk *walk)
{
    return spot->tag ? begin_walk(positions, spot->tag, spot->length, walk)
                     : lj_glass_positions_walk(positions, docid, walk);
}

bool
lj_glass_walk_to(struct glass_walk *walk, uint32_t position)
{
    if (walk->position >= position)
        return true;
    if (walk->depth == 0 || walk->known[0].position < position)
        return false;
    struct bits bits = {walk->at, walk->end, walk->held, walk->bits, 0};
    uint32_t j = walk->index, from = walk->position;
    unsigned depth = walk->depth;
    while (from < position) {
        uint32_t inside = walk->known[depth - 1].index - j, to = walk->known[depth - 1].position;
        uint32_t middle = inside / 2, span = to - from;
        if (inside > 1 && !(span == inside && to < position)) { /* halve, as interpolate does */
            uint32_t next =
                from + middle + (span > inside ? take(&bits, (uint64_t)span - inside + 1) : 0);
            if (middle > 1 || next >= position) {
                walk->known[depth].index = j + middle;
                walk->known[depth].position = next;
                depth++;
            } else {
                j += middle;
                from = next;
            }
        } else {
            j += inside;
            from = to;
            depth--;
        }
    }
    walk->at = bits.at;
    walk->held = bits.held;
    walk->bits = bits.n;
    walk->depth = depth;
    walk->index = j;
    walk->position = from;
    return true;
}

void
lj_glass_positions_end(struct glass_positions *positions)
{
    glass_cursor_clear(&positions->cursor);
}
