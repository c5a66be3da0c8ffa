/* A place in a table, for the files that read lists: what read.h hands out is made of these. */
#ifndef LEGAJO_GLASS_CURSOR_H
#define LEGAJO_GLASS_CURSOR_H

#include "glass/read.h"

#define GLASS_DIRECTORY 11 /* where the offsets of a block's items begin */

/* What is left of a list. */
struct glass_bytes {
    const uint8_t *at, *end;
    bool good;
};

static inline uint64_t
glass_take_number(struct glass_bytes *in)
{
    uint64_t value = 0;
    for (unsigned shift = 0; in->good && shift < 64; shift += 7) {
        if (in->at == in->end)
            break;
        uint8_t byte = *in->at++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return value;
    }
    in->good = false;
    return 0;
}

/* An item, its key and its component; NULL: it does not lie in the block. */
static inline const uint8_t *
glass_item_of(struct glass_cursor *cursor, uint32_t level, uint32_t at, const uint8_t **key,
              uint32_t *key_length, uint32_t *component)
{
    const uint8_t *block = cursor->level[level].block;
    if (!block) /* what led here was broken */
        return NULL;
    uint32_t size = cursor->map->block, offset = glass_get_be16(block + GLASS_DIRECTORY + 2 * at);
    uint32_t head = level ? 4 : 2;
    if (offset + head + 1 <= size) {
        const uint8_t *item = block + offset;
        uint32_t length = item[head];
        bool numbered = level || !(item[0] & 0x20);
        if (offset + head + 1 + length + (numbered ? 2 : 0) <= size) {
            *key = item + head + 1;
            *key_length = length;
            *component = numbered ? glass_get_be16(*key + length) : 1;
            return item;
        }
    }
    cursor->reader->broken = true;
    return NULL;
}

void glass_cursor_init(struct glass_cursor *cursor, struct glass_reader *reader,
                       const struct glass_map *map);
void glass_cursor_clear(struct glass_cursor *cursor);
/* To the first item of the leaf where a key stands, if it is there. */
bool glass_cursor_enter(struct glass_cursor *cursor, const uint8_t *key, uint32_t length);
/* The number of the leaf where a key stands, if it is there; of one that is not before the key looked for last (ahead) the
 * branch at hand is searched from there on. false: there is none. No leaf is at hand afterwards. */
bool glass_cursor_leaf(struct glass_cursor *cursor, const uint8_t *key, uint32_t length, bool ahead,
                       uint32_t *number);
/* A leaf; NULL: it is none. *n: its items. */
const uint8_t *glass_cursor_block(struct glass_cursor *cursor, uint32_t number, uint32_t *n);
/* Stands on the last item that is not after key. */
bool glass_cursor_find(struct glass_cursor *cursor, const uint8_t *key, uint32_t length);
/* To the next item; false: there is none. */
bool glass_cursor_step(struct glass_cursor *cursor);
/* Notes the key of the item at hand. */
bool glass_cursor_load(struct glass_cursor *cursor);
/* The tag of the item at hand, which must be the first of its tag: where it lies, or joined. Stands on its last item
 * afterwards. */
bool glass_cursor_tag(struct glass_cursor *cursor, const uint8_t **tag, uint32_t *length);

static inline bool
glass_is_key(const struct glass_cursor *cursor, const uint8_t *key, uint32_t length)
{
    return cursor->key_length == length && memcmp(cursor->key, key, length) == 0;
}

/* A docid at the end of a key; 0: there is none that fills it. */
static inline uint32_t
glass_get_sorted(const uint8_t *p, uint32_t length)
{
    if (length == 2 && p[0] < 0x80)
        return glass_get_be16(p);
    if (length == 3 && (p[0] & 0xc0) == 0x80)
        return (uint32_t)(p[0] & 0x3f) << 16 | glass_get_be16(p + 1);
    if (length == 4 && (p[0] & 0xe0) == 0xc0)
        return (uint32_t)(p[0] & 0x1f) << 24 | (uint32_t)p[1] << 16 | glass_get_be16(p + 2);
    if (length == 5 && p[0] == 0xe0)
        return (uint32_t)glass_get_be16(p + 1) << 16 | glass_get_be16(p + 3);
    return 0;
}

#endif
