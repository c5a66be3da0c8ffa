#include "glass/read.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define DOCID_LIMIT (UINT32_MAX / 32)
#define SPARSE                                                                                     \
    16 /* docids that are gone, for one that is there: arrays by docid would be mostly empty */
#define TAG_LIMIT (64u << 20)
#define POSITIONS_LIMIT (64u << 20) /* of a term in a document */

/* --- opening -----------------------------------------------------------------------------------
 */

struct bytes {
    const uint8_t *at, *end;
    bool good;
};

static uint64_t
take_number(struct bytes *in)
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

/* One of the version file's entries. */
static void
take_table(struct bytes *in, struct glass_map *map, bool *fake)
{
    uint64_t root = take_number(in), flags = take_number(in);
    take_number(in); /* entries */
    uint64_t block = take_number(in);
    take_number(in); /* compress_min */
    uint64_t length = take_number(in);
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
    g_free(path);
    struct stat s;
    bool good = fd >= 0 && fstat(fd, &s) == 0 && s.st_size >= (off_t)map->block;
    if (good) {
        map->size = (size_t)s.st_size;
        void *bytes = mmap(NULL, map->size, PROT_READ, MAP_SHARED, fd, 0);
        good = bytes != MAP_FAILED;
        map->bytes = good ? bytes : NULL;
    }
    if (fd >= 0)
        close(fd);
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
    struct bytes in = {bytes + skip, bytes + n, true};
    struct glass_map maps[6] = {{0}};
    bool fake[6];
    uint64_t revision = take_number(&in);
    for (int i = 0; i < 6; i++)
        take_table(&in, &maps[i], &fake[i]);
    uint64_t documents = take_number(&in), gone = take_number(&in);
    for (int i = 0; i < 4; i++)
        take_number(&in);
    reader->total_length = take_number(&in);
    take_number(&in); /* of spelling */
    if (!in.good || in.at != in.end || revision > UINT32_MAX || documents > DOCID_LIMIT ||
        gone > SPARSE * documents + 1000)
        return false;
    reader->revision = (uint32_t)revision;
    reader->documents = (uint32_t)documents;
    reader->last_docid = (uint32_t)(documents + gone);
    reader->postlist = maps[0];
    reader->termlist = maps[2];
    reader->position = maps[3];
    return !fake[0] && map_table(reader, "postlist.glass", &reader->postlist) &&
           (fake[2] || map_table(reader, "termlist.glass", &reader->termlist)) &&
           (fake[3] || map_table(reader, "position.glass", &reader->position));
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
    if (map->bytes)
        munmap((void *)(uintptr_t)map->bytes, map->size);
}

void
lj_glass_reader_close(struct glass_reader *reader)
{
    if (!reader)
        return;
    unmap(&reader->postlist);
    unmap(&reader->position);
    unmap(&reader->termlist);
    g_free(reader->path);
    g_free(reader->version);
    g_free(reader);
}

bool
lj_glass_reader_current(const struct glass_reader *reader)
{
    uint64_t now[4];
    return look(reader->version, now) && memcmp(now, reader->seen, sizeof now) == 0;
}

/* --- a place in a table ------------------------------------------------------------------------
 */

#define DIRECTORY 11

/* A block of the level expected, with a directory that lies inside it; NULL: not one. */
static const uint8_t *
block_of(struct glass_cursor *cursor, uint32_t number, uint32_t level, uint32_t *n)
{
    const struct glass_map *map = cursor->map;
    if (number < map->size / map->block) {
        const uint8_t *block = map->bytes + (size_t)number * map->block;
        uint32_t end = glass_get_be16(block + 9);
        if (block[4] == level && glass_get_be32(block) <= cursor->reader->revision &&
            end >= DIRECTORY + 2 && end <= map->block) {
            *n = (end - DIRECTORY) / 2;
            return block;
        }
    }
    cursor->reader->broken = true;
    *n = 0;
    return NULL;
}

/* An item, its key and its component; NULL: it does not lie in the block. */
static const uint8_t *
item_of(struct glass_cursor *cursor, uint32_t level, uint32_t at, const uint8_t **key,
        uint32_t *key_length, uint32_t *component)
{
    const uint8_t *block = cursor->level[level].block;
    if (!block) /* what led here was broken */
        return NULL;
    uint32_t size = cursor->map->block, offset = glass_get_be16(block + DIRECTORY + 2 * at);
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

static void
cursor_init(struct glass_cursor *cursor, struct glass_reader *reader, const struct glass_map *map)
{
    memset(cursor, 0, sizeof *cursor);
    cursor->reader = reader;
    cursor->map = map;
}

static void
cursor_clear(struct glass_cursor *cursor)
{
    if (cursor->joined)
        g_byte_array_unref(cursor->joined);
    cursor->joined = NULL;
}

/* The last item of a block that is not after (key, component): -1 when all are, or the block is broken. */
static int
search_block(struct glass_cursor *cursor, uint32_t level, const uint8_t *key, uint32_t length,
             uint32_t component)
{
    int low = level ? 0 : -1, high = (int)cursor->level[level].n;
    while (high - low > 1) {
        int middle = low + (high - low) / 2;
        const uint8_t *own;
        uint32_t own_length, own_component;
        if (!item_of(cursor, level, (uint32_t)middle, &own, &own_length, &own_component))
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

/* Goes down to the leaf from the item at hand of a branch. */
static bool
descend(struct glass_cursor *cursor, uint32_t level)
{
    const uint8_t *key;
    uint32_t length, component;
    const uint8_t *item =
        item_of(cursor, level, cursor->level[level].at, &key, &length, &component);
    if (!item)
        return false;
    cursor->level[level - 1].block =
        block_of(cursor, glass_get_be32(item), level - 1, &cursor->level[level - 1].n);
    cursor->level[level - 1].at = 0;
    return cursor->level[level - 1].block != NULL;
}

static bool
load_key(struct glass_cursor *cursor)
{
    return item_of(cursor, 0, cursor->level[0].at, &cursor->key, &cursor->key_length,
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
    return load_key(cursor);
}

/* Separators are cut short: what is not after key may be the end of the leaf before. */
static bool
find_in_leaf(struct glass_cursor *cursor, const uint8_t *key, uint32_t length)
{
    int at = search_block(cursor, 0, key, length, 1);
    cursor->level[0].at = at < 0 ? 0 : (uint32_t)at;
    bool good = at < 0 ? cursor_back(cursor) : load_key(cursor);
    for (uint32_t component; good && (component = cursor->component) != 1;) {
        good = cursor_back(cursor) && cursor->component == component - 1;
        cursor->reader->broken |= !good; /* a tag begins with its first item */
    }
    return good;
}

/* Stands on the last item that is not after key. */
static bool
cursor_find(struct glass_cursor *cursor, const uint8_t *key, uint32_t length)
{
    uint32_t top = cursor->map->level;
    if (!cursor->map->bytes)
        return false;
    if (!cursor->level[top].block) {
        cursor->level[top].block = block_of(cursor, cursor->map->root, top, &cursor->level[top].n);
        if (!cursor->level[top].block)
            return false;
    }
    for (uint32_t level = top; level > 0; level--) {
        int at = search_block(cursor, level, key, length, 1);
        if (at < 0)
            return false;
        cursor->level[level].at = (uint32_t)at;
        if (!descend(cursor, level))
            return false;
    }
    return find_in_leaf(cursor, key, length);
}

static bool
is_key(const struct glass_cursor *cursor, const uint8_t *key, uint32_t length)
{
    return cursor->key_length == length && memcmp(cursor->key, key, length) == 0;
}

/* To the next item. */
static bool
cursor_step(struct glass_cursor *cursor)
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
    return load_key(cursor);
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

/* A tag that was deflated, in joined. */
static bool
inflate_tag(GByteArray *joined)
{
    GByteArray *out = g_byte_array_sized_new(joined->len * 4 + 64);
    z_stream stream = {.next_in = joined->data, .avail_in = joined->len};
    bool good = inflateInit2(&stream, -15) == Z_OK;
    int status = Z_OK;
    while (good && status == Z_OK && out->len < TAG_LIMIT) {
        guint before = out->len;
        g_byte_array_set_size(out, before + joined->len * 4 + 64);
        stream.next_out = out->data + before;
        stream.avail_out = out->len - before;
        status = inflate(&stream, Z_NO_FLUSH);
        g_byte_array_set_size(out, out->len - stream.avail_out);
    }
    if (good)
        inflateEnd(&stream);
    g_byte_array_set_size(joined, 0);
    g_byte_array_append(joined, out->data, out->len);
    g_byte_array_unref(out);
    return good && status == Z_STREAM_END;
}

/* To the next item, which must go on with the tag of the one at hand. */
static bool
step_in_tag(struct glass_cursor *cursor)
{
    const uint8_t *key = cursor->key;
    uint32_t length = cursor->key_length, component = cursor->component + 1;
    return cursor_step(cursor) && cursor->component == component && is_key(cursor, key, length);
}

/* The tag of the item at hand, which must be the first of its tag: where it lies, or joined. Stands on its
 * last item afterwards. */
static bool
cursor_tag(struct glass_cursor *cursor, const uint8_t **tag, uint32_t *length)
{
    bool last, compressed;
    if (!part_of_tag(cursor, tag, length, &last, &compressed))
        return false;
    if (last && !compressed)
        return true;
    if (!cursor->joined)
        cursor->joined = g_byte_array_new();
    g_byte_array_set_size(cursor->joined, 0);
    g_byte_array_append(cursor->joined, *tag, *length);
    while (!last) {
        bool ignored;
        if (!step_in_tag(cursor) || !part_of_tag(cursor, tag, length, &last, &ignored) ||
            cursor->joined->len > TAG_LIMIT) {
            cursor->reader->broken = true;
            return false;
        }
        g_byte_array_append(cursor->joined, *tag, *length);
    }
    if (compressed && !inflate_tag(cursor->joined)) {
        cursor->reader->broken = true;
        return false;
    }
    *tag = cursor->joined->data;
    *length = cursor->joined->len;
    return true;
}

/* A docid at the end of a key; 0: there is none that fills it. */
static uint32_t
sorted_number(const uint8_t *p, uint32_t length)
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

/* --- postings ----------------------------------------------------------------------------------
 */

/* Reads the header of a chunk at hand; the first one's has the totals before it. */
static bool
open_chunk(struct glass_postings *postings, bool first, uint32_t docid)
{
    const uint8_t *tag;
    uint32_t length, span, number;
    if (!cursor_tag(&postings->cursor, &tag, &length))
        return false;
    const uint8_t *p = tag, *end = tag + length;
    if (length == 0 || end[-1] >= 0x80)
        goto broken;
    if (first) {
        p = glass_get_number(p, &postings->documents);
        if (p < end)
            p = glass_get_number(p, &number);
        if (p < end)
            p = glass_get_number(p, &docid);
        docid++;
    }
    if (p + 1 >= end)
        goto broken;
    postings->final = *p++ != '0';
    p = glass_get_number(p, &span);
    postings->first = docid;
    postings->at = p;
    postings->end = end;
    uint32_t last = postings->cursor.reader->last_docid;
    if (p < end && docid > postings->last && docid <= last && span <= last - docid) {
        postings->last = docid + span;
        return true;
    }
broken:
    postings->cursor.reader->broken = true;
    return false;
}

static bool
begin(struct glass_postings *postings, struct glass_reader *reader)
{
    cursor_init(&postings->cursor, reader, &reader->postlist);
    postings->last = 0;
    if (cursor_find(&postings->cursor, postings->key, postings->key_length) &&
        is_key(&postings->cursor, postings->key, postings->key_length) &&
        open_chunk(postings, true, 0))
        return true;
    cursor_clear(&postings->cursor);
    return false;
}

bool
lj_glass_postings_begin(struct glass_reader *reader, const char *term, size_t length,
                        struct glass_postings *out)
{
    if (length == 0 || length > GLASS_TERM_LIMIT || memchr(term, 0, length))
        return false;
    memcpy(out->key, term, length);
    out->key_length = (uint32_t)length;
    out->key[length] = 0;
    out->suffix = 1;
    return begin(out, reader);
}

bool
lj_glass_lengths_begin(struct glass_reader *reader, struct glass_postings *out)
{
    out->key[0] = 0x00;
    out->key[1] = 0xe0;
    out->key_length = 2;
    out->suffix = 0;
    return begin(out, reader);
}

static uint32_t
chunk_docid(const struct glass_postings *postings)
{
    const struct glass_cursor *cursor = &postings->cursor;
    uint32_t prefix = postings->key_length + postings->suffix;
    if (cursor->key_length <= prefix || memcmp(cursor->key, postings->key, prefix) != 0)
        return 0;
    return sorted_number(cursor->key + prefix, cursor->key_length - prefix);
}

bool
lj_glass_postings_chunk(struct glass_postings *postings)
{
    if (postings->final)
        return false;
    uint32_t docid = cursor_step(&postings->cursor) ? chunk_docid(postings) : 0;
    if (docid == 0) {
        postings->cursor.reader->broken = true;
        return false;
    }
    return open_chunk(postings, false, docid);
}

uint32_t
lj_glass_postings_room(const struct glass_postings *postings)
{
    return (uint32_t)(postings->end - postings->at) / 2 +
           1; /* each takes two bytes at least, but the first */
}

uint32_t
lj_glass_postings_decode(struct glass_postings *postings, uint32_t *docids, uint32_t *wdfs)
{
    const uint8_t *p = postings->at, *end = postings->end;
    uint32_t docid = postings->first, n = 0, gap;
    for (;;) {
        docids[n] = docid;
        p = glass_get_number(p, &wdfs[n++]);
        /* Four at once while gaps and wdfs take a byte each. */
        for (uint64_t eight; end - p >= 8; p += 8) {
            memcpy(&eight, p, 8);
            if (eight & UINT64_C(0x8080808080808080))
                break;
            for (int i = 0; i < 8; i += 2) {
                docid += p[i] + 1u;
                docids[n] = docid;
                wdfs[n++] = p[i + 1];
            }
            if (docid > postings->last)
                goto broken;
        }
        if (p >= end)
            break;
        p = glass_get_number(p, &gap);
        if (p >= end || gap >= postings->last - docid)
            goto broken;
        docid += gap + 1;
    }
    return n;
broken:
    postings->cursor.reader->broken = true;
    while (n > 0 && docids[n - 1] > postings->last)
        n--;
    return n;
}

/* The first docid of a set from one on, at most `most`; above it: there is none. */
static inline uint32_t
next_of(const uint64_t *set, uint32_t docid, uint32_t most)
{
    if (docid > most)
        return docid;
    uint32_t word = docid / 64;
    uint64_t bits = set[word] & ~UINT64_C(0) << docid % 64;
    while (!bits) {
        if (++word > most / 64)
            return most + 1;
        bits = set[word];
    }
    return word * 64 + (uint32_t)__builtin_ctzll(bits);
}

uint32_t
lj_glass_postings_within(struct glass_postings *postings, const uint64_t *set, uint32_t *docids,
                         uint32_t *wdfs)
{
    const uint8_t *p = postings->at, *end = postings->end;
    uint32_t docid = postings->first, last = postings->last, n = 0, gap, wdf;
    for (uint32_t wanted = next_of(set, docid, last); wanted <= last;) {
        p = glass_get_number(p, &wdf);
        if (docid > wanted)
            wanted = next_of(set, docid, last);
        if (docid == wanted) {
            docids[n] = docid;
            wdfs[n++] = wdf;
            wanted = next_of(set, docid + 1, last);
        }
        /* Four at a time are passed by while gaps and wdfs take a byte each. */
        for (uint64_t eight; end - p >= 8; p += 8) {
            memcpy(&eight, p, 8);
            eight = GUINT64_FROM_LE(eight);
            uint32_t gaps =
                (uint32_t)((eight & UINT64_C(0x00ff00ff00ff00ff)) * UINT64_C(0x0001000100010001) >>
                           48);
            if (eight & UINT64_C(0x8080808080808080) || docid + gaps + 4 >= wanted)
                break;
            docid += gaps + 4;
        }
        if (p >= end)
            break;
        p = glass_get_number(p, &gap);
        if (p >= end || gap >= last - docid) {
            postings->cursor.reader->broken = true;
            break;
        }
        docid += gap + 1;
    }
    return n;
}

void
lj_glass_postings_end(struct glass_postings *postings)
{
    cursor_clear(&postings->cursor);
}

/* --- positions ---------------------------------------------------------------------------------
 */

void
lj_glass_positions_begin(struct glass_reader *reader, const char *term, size_t length,
                         struct glass_positions *out)
{
    cursor_init(&out->cursor, reader, &reader->position);
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
    struct bytes in = {tag, tag + length, true};
    uint32_t last = (uint32_t)take_number(&in), before = out->len;
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
    if (!item_of(cursor, 0, at, &own, &length, &component) || component != 1 || length <= prefix ||
        memcmp(own, key, prefix) != 0)
        return 0;
    return sorted_number(own + prefix, length - prefix);
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
    return first == docid && load_key(cursor);
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
        ahead = cursor_step(cursor) && find_ahead(cursor, positions->key, positions->prefix, docid);
    }
    return (ahead || (cursor_find(cursor, positions->key, length) &&
                      is_key(cursor, positions->key, length))) &&
           cursor_tag(cursor, tag, tag_length);
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
    struct bytes in = {tag, tag + length, true};
    uint32_t last = (uint32_t)take_number(&in);
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
    cursor_clear(&positions->cursor);
}

/* --- values ------------------------------------------------------------------------------------
 */

/* The values of a chunk, whose first document is docid. Returns its last one; 0: it makes no sense. */
static uint32_t
take_chunk(struct glass_reader *reader, const uint8_t *tag, uint32_t length, uint32_t docid,
           glass_value_fn give, void *data)
{
    struct bytes in = {tag, tag + length, true};
    for (uint64_t gap = 0; in.good && docid <= reader->last_docid; docid += (uint32_t)gap + 1) {
        uint64_t size = take_number(&in);
        if (!in.good || size > (uint64_t)(in.end - in.at))
            break;
        give(docid, in.at, (uint32_t)size, data);
        in.at += size;
        if (in.at == in.end)
            return docid;
        gap = take_number(&in);
        in.good &= gap < reader->last_docid - docid;
    }
    return 0;
}

void
lj_glass_values(struct glass_reader *reader, uint32_t slot, glass_value_fn give, void *data)
{
    struct glass_cursor cursor;
    cursor_init(&cursor, reader, &reader->postlist);
    uint8_t key[16] = {0x00, 0xd8};
    uint32_t prefix = (uint32_t)(glass_put_number(key + 2, slot) - key), before = 0;
    if (cursor_find(&cursor, key, prefix))
        while (cursor_step(&cursor) && cursor.key_length > prefix &&
               memcmp(cursor.key, key, prefix) == 0) {
            uint32_t docid = sorted_number(cursor.key + prefix, cursor.key_length - prefix);
            const uint8_t *tag;
            uint32_t length;
            if (docid <= before || !cursor_tag(&cursor, &tag, &length) ||
                !(before = take_chunk(reader, tag, length, docid, give, data))) {
                reader->broken = true;
                break;
            }
        }
    cursor_clear(&cursor);
}

/* --- terms of a document -----------------------------------------------------------------------
 */

/* A further term begins with the bytes that it shares with the one before; a small wdf stands there too. */
static bool
take_term(struct bytes *in, uint8_t *term, uint32_t *length, uint32_t *wdf)
{
    if (in->end - in->at < 2)
        return false;
    uint32_t shared = *in->at++;
    bool packed = shared > *length;
    if (packed) {
        *wdf = shared / (*length + 1) - 1;
        shared %= *length + 1;
    }
    uint32_t rest = *in->at++;
    if (rest > (size_t)(in->end - in->at) || shared + rest > 255)
        return false;
    memcpy(term + shared, in->at, rest);
    in->at += rest;
    *length = shared + rest;
    if (!packed)
        *wdf = (uint32_t)take_number(in);
    return in->good;
}

bool
lj_glass_terms(struct glass_reader *reader, uint32_t docid, glass_term_fn give, void *data)
{
    struct glass_cursor cursor;
    cursor_init(&cursor, reader, &reader->termlist);
    uint8_t key[GLASS_SORTED], term[256];
    uint32_t key_length = (uint32_t)(glass_put_sorted(key, docid) - key), length;
    const uint8_t *tag;
    bool found = cursor_find(&cursor, key, key_length) && is_key(&cursor, key, key_length) &&
                 cursor_tag(&cursor, &tag, &length);
    if (found && length > 0) {
        struct bytes in = {tag, tag + length, true};
        take_number(&in); /* length of the document */
        uint64_t n = take_number(&in);
        uint32_t own = 0, wdf = 0;
        for (uint64_t i = 0; i < n; i++) {
            bool good;
            if (i == 0) {
                own = in.good && in.at < in.end ? *in.at++ : 256;
                good = own < 256 && own <= (size_t)(in.end - in.at);
                if (good) {
                    memcpy(term, in.at, own);
                    in.at += own;
                    wdf = (uint32_t)take_number(&in);
                    good = in.good;
                }
            } else {
                good = take_term(&in, term, &own, &wdf);
            }
            if (!good) {
                reader->broken = true;
                break;
            }
            if (!give(term, own, wdf, data))
                break;
        }
    }
    cursor_clear(&cursor);
    return found;
}
