#include "glass/cursor.h"
#include "schema/mapped.h"
#include "i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <libdeflate.h>
#include <sys/stat.h>
#include <unistd.h>

#define DOCID_LIMIT (UINT32_MAX / 32)
/* Docids that are gone, for one that is there: arrays by docid would be mostly empty. */
#define SPARSE 16
#define TAG_LIMIT (64u << 20)

/* --- opening -----------------------------------------------------------------------------------
 */

/* One of the version file's entries. */
static void
take_table(struct glass_bytes *in, struct glass_map *map, bool *fake)
{
    uint64_t root = glass_take_number(in), flags = glass_take_number(in);
    glass_take_number(in); /* entries */
    uint64_t block = glass_take_number(in);
    glass_take_number(in); /* compress_min */
    uint64_t length = glass_take_number(in);
    if (length > (uint64_t)(in->end - in->at))
        in->good = false;
    else
        in->at += length;
    in->good = in->good && root <= UINT32_MAX && flags >> 2 < GLASS_LEVELS && block >= 1 &&
               block <= 32 && (block & (block - 1)) == 0;
    map->root = (uint32_t)root;
    map->level = (uint32_t)(flags >> 2);
    map->block = (uint32_t)block * 2048;
    *fake = flags & 1;
}

/* false: there is no such file, or it cannot be looked at (errno). */
static bool
look(const char *version, uint64_t seen[4])
{
    struct stat s;
    if (stat(version, &s) != 0)
        return false;
    seen[0] = (uint64_t)s.st_ino;
    seen[1] = (uint64_t)s.st_mtim.tv_sec;
    seen[2] = (uint64_t)s.st_mtim.tv_nsec;
    seen[3] = (uint64_t)s.st_size;
    return true;
}

static bool
map_table(const struct glass_reader *reader, const char *name, struct glass_map *map)
{
    char *path = g_build_filename(reader->path, name, NULL);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat s;
    bool good = fd >= 0 && fstat(fd, &s) == 0 && s.st_size >= (off_t)map->block;
    if (good) {
        map->size = (size_t)s.st_size;
        map->bytes = lj_map(fd, map->size, path, _("see indexer --check"));
        good = map->bytes != NULL;
    }
    if (fd >= 0)
        close(fd);
    g_free(path);
    return good;
}

static bool
read_version(struct glass_reader *reader)
{
    uint8_t bytes[512];
    int fd = open(reader->version, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, bytes, sizeof bytes);
    if (fd >= 0)
        close(fd);
    static const char magic[] = "\x0f\x0dXapian Glass\x04\x6e";
    size_t skip = sizeof magic - 1 + 16;
    if (n < (ssize_t)skip || n == (ssize_t)sizeof bytes ||
        memcmp(bytes, magic, sizeof magic - 1) != 0)
        return false;
    memcpy(reader->uuid, bytes + sizeof magic - 1, sizeof reader->uuid);
    struct glass_bytes in = {bytes + skip, bytes + n, true};
    struct glass_map maps[6] = {{0}};
    bool fake[6];
    uint64_t revision = glass_take_number(&in);
    for (int i = 0; i < 6; i++)
        take_table(&in, &maps[i], &fake[i]);
    uint64_t documents = glass_take_number(&in), gone = glass_take_number(&in);
    for (int i = 0; i < 4; i++)
        glass_take_number(&in);
    reader->total_length = glass_take_number(&in);
    glass_take_number(&in); /* of spelling */
    if (!in.good || in.at != in.end || revision > UINT32_MAX || documents > DOCID_LIMIT ||
        gone > SPARSE * documents + 1000)
        return false;
    reader->revision = (uint32_t)revision;
    reader->documents = (uint32_t)documents;
    reader->last_docid = (uint32_t)(documents + gone);
    reader->postlist = maps[0];
    reader->docdata = maps[1];
    reader->termlist = maps[2];
    reader->position = maps[3];
    return !fake[0] && map_table(reader, "postlist.glass", &reader->postlist) &&
           (fake[2] || map_table(reader, "termlist.glass", &reader->termlist)) &&
           (fake[3] || map_table(reader, "position.glass", &reader->position)) &&
           (fake[1] || map_table(reader, "docdata.glass", &reader->docdata));
}

struct glass_reader *
lj_glass_reader_open(const char *path)
{
    struct glass_reader *reader = g_new0(struct glass_reader, 1);
    reader->path = g_strdup(path);
    reader->version = g_build_filename(path, "iamglass", NULL);
    if (look(reader->version, reader->seen) && read_version(reader) &&
        lj_glass_reader_current(reader))
        return reader;
    lj_glass_reader_close(reader);
    return NULL;
}

static void
unmap(struct glass_map *map)
{
    lj_unmap(map->bytes, map->size);
}

void
lj_glass_reader_close(struct glass_reader *reader)
{
    if (!reader)
        return;
    unmap(&reader->postlist);
    unmap(&reader->position);
    unmap(&reader->termlist);
    unmap(&reader->docdata);
    g_free(reader->path);
    g_free(reader->version);
    g_free(reader);
}

bool
lj_glass_reader_current(const struct glass_reader *reader)
{
    uint64_t now[4];
    /* Of a database that was taken away nothing changes any more. */
    if (!look(reader->version, now))
        return errno == ENOENT || errno == ENOTDIR;
    return memcmp(now, reader->seen, sizeof now) == 0;
}

/* --- a place in a table ------------------------------------------------------------------------
 */

/* A block of the level expected, with a directory that lies inside it; NULL: not one. */
static const uint8_t *
block_of(struct glass_cursor *cursor, uint32_t number, uint32_t level, uint32_t *n)
{
    const struct glass_map *map = cursor->map;
    if (number < map->size / map->block) {
        const uint8_t *block = map->bytes + (size_t)number * map->block;
        uint32_t end = glass_get_be16(block + 9);
        if (block[4] == level && glass_get_be32(block) <= cursor->reader->revision &&
            end >= GLASS_DIRECTORY + 2 && end <= map->block) {
            *n = (end - GLASS_DIRECTORY) / 2;
            return block;
        }
    }
    cursor->reader->broken = true;
    *n = 0;
    return NULL;
}

void
glass_cursor_init(struct glass_cursor *cursor, struct glass_reader *reader,
                  const struct glass_map *map)
{
    memset(cursor, 0, sizeof *cursor);
    cursor->reader = reader;
    cursor->map = map;
}

void
glass_cursor_clear(struct glass_cursor *cursor)
{
    if (cursor->joined)
        g_byte_array_unref(cursor->joined);
    cursor->joined = NULL;
}

/* The last item of a block, from low on and before high, that is not after (key, component), which low is not: low when
 * all are, -1 when the block is broken. */
static int
search_between(struct glass_cursor *cursor, uint32_t level, int low, int high, const uint8_t *key,
               uint32_t length, uint32_t component)
{
    while (high - low > 1) {
        int middle = low + (high - low) / 2;
        const uint8_t *own;
        uint32_t own_length, own_component;
        if (!glass_item_of(cursor, level, (uint32_t)middle, &own, &own_length, &own_component))
            return -1;
        int order = glass_compare(own, own_length, key, length);
        if (order == 0)
            order = (own_component > component) - (own_component < component);
        if (order <= 0)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* The last item of a block that is not after (key, component): -1 when all are, or the block is broken. */
static int
search_block(struct glass_cursor *cursor, uint32_t level, const uint8_t *key, uint32_t length,
             uint32_t component)
{
    return search_between(cursor, level, level ? 0 : -1, (int)cursor->level[level].n, key, length,
                          component);
}

/* Goes down to the leaf from the item at hand of a branch. */
static bool
descend(struct glass_cursor *cursor, uint32_t level)
{
    const uint8_t *key;
    uint32_t length, component;
    const uint8_t *item =
        glass_item_of(cursor, level, cursor->level[level].at, &key, &length, &component);
    if (!item)
        return false;
    cursor->level[level - 1].block =
        block_of(cursor, glass_get_be32(item), level - 1, &cursor->level[level - 1].n);
    cursor->level[level - 1].at = 0;
    return cursor->level[level - 1].block != NULL;
}

bool
glass_cursor_load(struct glass_cursor *cursor)
{
    return glass_item_of(cursor, 0, cursor->level[0].at, &cursor->key, &cursor->key_length,
                         &cursor->component) != NULL;
}

/* To the item before. */
static bool
cursor_back(struct glass_cursor *cursor)
{
    uint32_t level = 0;
    while (level <= cursor->map->level && cursor->level[level].at == 0)
        level++;
    if (level > cursor->map->level) { /* the first item of a table is before all keys */
        cursor->reader->broken = true;
        return false;
    }
    cursor->level[level].at--;
    for (; level > 0; level--) {
        if (!descend(cursor, level))
            return false;
        cursor->level[level - 1].at = cursor->level[level - 1].n - 1;
    }
    return glass_cursor_load(cursor);
}

/* Separators are cut short: what is not after key may be the end of the leaf before. */
static bool
find_in_leaf(struct glass_cursor *cursor, const uint8_t *key, uint32_t length)
{
    int at = search_block(cursor, 0, key, length, 1);
    cursor->level[0].at = at < 0 ? 0 : (uint32_t)at;
    bool good = at < 0 ? cursor_back(cursor) : glass_cursor_load(cursor);
    for (uint32_t component; good && (component = cursor->component) != 1;) {
        good = cursor_back(cursor) && cursor->component == component - 1;
        cursor->reader->broken |= !good; /* a tag begins with its first item */
    }
    return good;
}

/* To the block of a level where key stands, if it is there, or what leads to it does. */
static bool
enter_level(struct glass_cursor *cursor, uint32_t to, const uint8_t *key, uint32_t length)
{
    uint32_t top = cursor->map->level;
    if (!cursor->map->bytes)
        return false;
    if (!cursor->level[top].block) {
        cursor->level[top].block = block_of(cursor, cursor->map->root, top, &cursor->level[top].n);
        if (!cursor->level[top].block)
            return false;
    }
    for (uint32_t level = top; level > to; level--) {
        int at = search_block(cursor, level, key, length, 1);
        if (at < 0)
            return false;
        cursor->level[level].at = (uint32_t)at;
        if (!descend(cursor, level))
            return false;
    }
    return true;
}

/* To the leaf where key stands, if it is there. */
bool
glass_cursor_enter(struct glass_cursor *cursor, const uint8_t *key, uint32_t length)
{
    if (!enter_level(cursor, 0, key, length))
        return false;
    cursor->level[0].at = 0;
    return cursor->level[0].n > 0;
}

bool
glass_cursor_leaf(struct glass_cursor *cursor, const uint8_t *key, uint32_t length, bool ahead,
                  uint32_t *number)
{
    const uint8_t *own, *item = NULL;
    uint32_t own_length, component;
    int at = -1, n = (int)cursor->level[1].n;
    cursor->level[0].block = NULL;
    if (cursor->map->level == 0)
        return false;
    if (ahead && cursor->level[1].block) {
        /* Near the one before, mostly: steps are doubled until one is too long. */
        int low = (int)cursor->level[1].at, high;
        for (int step = 1; (high = low + step) < n; step *= 2) {
            if (!glass_item_of(cursor, 1, (uint32_t)high, &own, &own_length, &component))
                return false;
            if (glass_compare(own, own_length, key, length) > 0)
                break;
            low = high;
        }
        at = search_between(cursor, 1, low, MIN(high, n), key, length, 1);
    }
    if (at < 0 || at + 1 == n) { /* it may stand beyond this branch */
        if (!enter_level(cursor, 1, key, length))
            return false;
        at = search_block(cursor, 1, key, length, 1);
    }
    if (at >= 0)
        item = glass_item_of(cursor, 1, (uint32_t)at, &own, &own_length, &component);
    if (!item)
        return false;
    cursor->level[1].at = (uint32_t)at;
    *number = glass_get_be32(item);
    return true;
}

const uint8_t *
glass_cursor_block(struct glass_cursor *cursor, uint32_t number, uint32_t *n)
{
    return block_of(cursor, number, 0, n);
}

/* Stands on the last item that is not after key. */
bool
glass_cursor_find(struct glass_cursor *cursor, const uint8_t *key, uint32_t length)
{
    return glass_cursor_enter(cursor, key, length) && find_in_leaf(cursor, key, length);
}

/* To the next item. */
bool
glass_cursor_step(struct glass_cursor *cursor)
{
    uint32_t level = 0;
    while (level <= cursor->map->level && cursor->level[level].at + 1 >= cursor->level[level].n)
        level++;
    if (level > cursor->map->level)
        return false;
    cursor->level[level].at++;
    for (; level > 0; level--)
        if (!descend(cursor, level))
            return false;
    return glass_cursor_load(cursor);
}

static bool
part_of_tag(struct glass_cursor *cursor, const uint8_t **part, uint32_t *length, bool *last,
            bool *compressed)
{
    const uint8_t *block = cursor->level[0].block;
    const uint8_t *item = cursor->key - 3;
    uint32_t flags = glass_get_be16(item), size = (flags & 0x1fff) + 3;
    uint32_t head = 3 + cursor->key_length + (flags & 0x2000 ? 0 : 2);
    if (size < head || (size_t)(item - block) + size > cursor->map->block) {
        cursor->reader->broken = true;
        return false;
    }
    *part = item + head;
    *length = size - head;
    *last = flags & 0x4000;
    *compressed = flags & 0x8000;
    return true;
}

/* A tag that was deflated; NULL: it makes no sense. */
static GByteArray *
inflate_tag(const uint8_t *tag, uint32_t length)
{
    struct libdeflate_decompressor *inflater = libdeflate_alloc_decompressor();
    if (!inflater)
        return NULL;
    GByteArray *out = g_byte_array_new();
    enum libdeflate_result result = LIBDEFLATE_INSUFFICIENT_SPACE;
    size_t taken, size = 0;
    uint64_t room = (uint64_t)length * 4 + 1024;
    while (result == LIBDEFLATE_INSUFFICIENT_SPACE && out->len < TAG_LIMIT) {
        g_byte_array_set_size(out, (guint)MIN(room, TAG_LIMIT));
        result = libdeflate_deflate_decompress_ex(inflater, tag, length, out->data, out->len,
                                                  &taken, &size);
        room *= 4;
    }
    libdeflate_free_decompressor(inflater);
    if (result == LIBDEFLATE_SUCCESS) {
        g_byte_array_set_size(out, (guint)size);
        return out;
    }
    g_byte_array_unref(out);
    return NULL;
}

/* To the next item, which must go on with the tag of the one at hand. */
static bool
step_in_tag(struct glass_cursor *cursor)
{
    const uint8_t *key = cursor->key;
    uint32_t length = cursor->key_length, component = cursor->component + 1;
    return glass_cursor_step(cursor) && cursor->component == component &&
           glass_is_key(cursor, key, length);
}

/* What the items of a tag hold together, the first one's length bytes at tag; NULL: they make no sense. */
static GByteArray *
join_tag(struct glass_cursor *cursor, const uint8_t *tag, uint32_t length)
{
    GByteArray *joined = g_byte_array_new();
    g_byte_array_append(joined, tag, length);
    for (bool last = false, ignored; !last;) {
        if (!step_in_tag(cursor) || !part_of_tag(cursor, &tag, &length, &last, &ignored) ||
            joined->len > TAG_LIMIT) {
            g_byte_array_unref(joined);
            return NULL;
        }
        g_byte_array_append(joined, tag, length);
    }
    return joined;
}

/* The tag of the item at hand, which must be the first of its tag: where it lies, or joined. Stands on its
 * last item afterwards. */
bool
glass_cursor_tag(struct glass_cursor *cursor, const uint8_t **tag, uint32_t *length)
{
    bool last, compressed;
    if (!part_of_tag(cursor, tag, length, &last, &compressed))
        return false;
    if (last && !compressed)
        return true;
    GByteArray *whole = last ? NULL : join_tag(cursor, *tag, *length);
    if (compressed && (last || whole)) {
        GByteArray *plain =
            whole ? inflate_tag(whole->data, whole->len) : inflate_tag(*tag, *length);
        if (whole)
            g_byte_array_unref(whole);
        whole = plain;
    }
    glass_cursor_clear(cursor);
    cursor->joined = whole;
    if (!whole) {
        cursor->reader->broken = true;
        return false;
    }
    *tag = cursor->joined->data;
    *length = cursor->joined->len;
    return true;
}

/* --- data --------------------------------------------------------------------------------------
 */

void
lj_glass_data(struct glass_reader *reader, uint32_t docid, GByteArray *out)
{
    struct glass_cursor cursor;
    glass_cursor_init(&cursor, reader, &reader->docdata);
    uint8_t key[GLASS_SORTED];
    uint32_t key_length = (uint32_t)(glass_put_sorted(key, docid) - key), length;
    const uint8_t *tag;
    if (glass_cursor_find(&cursor, key, key_length) && glass_is_key(&cursor, key, key_length) &&
        glass_cursor_tag(&cursor, &tag, &length))
        g_byte_array_append(out, tag, length);
    glass_cursor_clear(&cursor);
}
