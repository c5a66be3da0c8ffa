#include "glass/table.h"
#include "i18n.h"
#include "legajo/error.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define REVISION 1
#define HEAD 11         /* of a block, up to its directory */
#define LEAF_HEAD 3     /* of an item: size and flags, key length */
#define COMPRESSED 0x80 /* of an item's first byte */
#define LAST 0x40
#define FIRST 0x20
#define SYNC_BYTES (8u << 20) /* written before the disk is asked to begin with them */
#define WORTH_FILLING 64      /* bytes of room in a block for which a long tag begins there */

/* A block being filled: directory upwards from HEAD, items downwards from the end. */
struct glass_level {
    uint8_t block[GLASS_BLOCK];
    unsigned directory; /* its end */
    unsigned low;       /* lowest item */
    unsigned last;      /* leaf: offset of the last item */
    bool filled_before; /* a block of this level is complete, so a level above exists */
    /* what the first item of this block is sorted by, for the branch above */
    uint8_t separator[GLASS_KEY_LIMIT];
    unsigned separator_length;
    unsigned component;
};

bool
glass_write(int fd, const void *bytes, size_t n, uint64_t offset, const char *path, GError **error)
{
    const uint8_t *p = bytes;
    while (n) {
        ssize_t written = pwrite(fd, p, n, (off_t)offset);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) {
            g_set_error(error, LJ_ERROR, LJ_ERROR_IO, _("cannot write %s: %s"), path,
                        g_strerror(written < 0 ? errno : ENOSPC));
            return false;
        }
        p += written;
        n -= (size_t)written;
        offset += (size_t)written;
    }
    return true;
}

static void
empty(struct glass_level *level)
{
    level->directory = HEAD;
    level->low = GLASS_BLOCK;
}

static struct glass_level *
level_new(void)
{
    struct glass_level *level = g_new(struct glass_level, 1);
    empty(level);
    level->filled_before = false;
    level->separator_length = level->component = 0;
    return level;
}

static inline unsigned
room(const struct glass_level *level)
{
    return level->low - level->directory;
}

/* Takes n bytes for an item and enters it in the directory. */
static inline uint8_t *
item(struct glass_level *level, unsigned n)
{
    level->low -= n;
    glass_put_be16(level->block + level->directory, level->low);
    level->directory += 2;
    return level->block + level->low;
}

static inline bool
is_empty(const struct glass_level *level)
{
    return level->directory == HEAD;
}

static bool
flush(struct glass_table *table, GError **error)
{
    uint64_t offset = (uint64_t)table->root.blocks * GLASS_BLOCK - table->held;
    size_t n = table->held;
    table->held = 0;
    if (!glass_write(table->fd, table->out, n, offset, table->path, error))
        return false;
    /* The sync at the end then waits for the last of it only. Where this cannot be, that one does all. */
    uint64_t end = offset + n;
    if (end - table->asked >= SYNC_BYTES) {
        (void)sync_file_range(table->fd, (off_t)table->asked, (off_t)(end - table->asked),
                              SYNC_FILE_RANGE_WRITE);
        table->asked = end;
    }
    return true;
}

static bool branch(struct glass_table *table, unsigned number, const uint8_t *key,
                   unsigned key_length, unsigned component, uint32_t child, GError **error);

/* Gives the block of a level its number and writes it. */
static bool
write_block(struct glass_table *table, unsigned number, uint32_t *block, GError **error)
{
    struct glass_level *level = table->level[number];
    unsigned free_bytes = room(level);
    glass_put_be32(level->block, REVISION);
    level->block[4] = (uint8_t)number;
    glass_put_be16(level->block + 5, free_bytes);
    glass_put_be16(level->block + 7, free_bytes);
    glass_put_be16(level->block + 9, level->directory);
    memset(level->block + level->directory, 0, free_bytes);
    if (table->root.blocks == G_MAXUINT32) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_IO, _("%s has grown too large"), table->path);
        return false;
    }
    memcpy(table->out + table->held, level->block, GLASS_BLOCK);
    table->held += GLASS_BLOCK;
    *block = table->root.blocks++;
    return table->held < GLASS_WRITE || flush(table, error);
}

/* Completes the block of a level and enters it in the level above. */
static bool
complete(struct glass_table *table, unsigned number, GError **error)
{
    struct glass_level *level = table->level[number];
    uint32_t block;
    if (!write_block(table, number, &block, error) ||
        !branch(table, number + 1, level->separator, level->separator_length, level->component,
                block, error))
        return false;
    level->filled_before = true;
    empty(level);
    return true;
}

static bool
branch(struct glass_table *table, unsigned number, const uint8_t *key, unsigned key_length,
       unsigned component, uint32_t child, GError **error)
{
    if (number >= GLASS_LEVELS) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_IO, _("%s has grown too large"), table->path);
        return false;
    }
    struct glass_level *level = table->level[number];
    if (!level)
        level = table->level[number] = level_new();
    if (!is_empty(level) && room(level) < 2 + 7 + key_length && !complete(table, number, error))
        return false;
    if (is_empty(level)) {
        /* its own first item is blank; the block above gets what it was sorted by */
        memcpy(level->separator, key, key_length);
        level->separator_length = key_length;
        level->component = component;
        key_length = component = 0;
    }
    uint8_t *p = item(level, 7 + key_length);
    glass_put_be32(p, child);
    p[4] = (uint8_t)key_length;
    memcpy(p + 5, key, key_length);
    glass_put_be16(p + 5 + key_length, component);
    return true;
}

bool
glass_table_open(struct glass_table *table, const char *dir, const char *name, GError **error)
{
    memset(table, 0, sizeof *table);
    table->path = g_build_filename(dir, name, NULL);
    table->fd = open(table->path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (table->fd < 0) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_IO, _("cannot write %s: %s"), table->path,
                    g_strerror(errno));
        g_clear_pointer(&table->path, g_free);
        return false;
    }
    table->out = g_malloc(GLASS_WRITE);
    table->level[0] = level_new();
    /* The null item, with which every table begins. */
    uint8_t *p = item(table->level[0], LEAF_HEAD);
    p[0] = FIRST | LAST;
    p[1] = p[2] = 0;
    table->level[0]->last = table->level[0]->low;
    return true;
}

/* Completes the leaf being filled and begins one whose first item has this key. */
static bool
next_leaf(struct glass_table *table, const uint8_t *key, unsigned key_length, unsigned component,
          GError **error)
{
    struct glass_level *leaf = table->level[0];
    const uint8_t *last = leaf->block + leaf->last;
    table->last_length = last[2];
    memcpy(table->last_key, last + LEAF_HEAD, table->last_length);
    if (!complete(table, 0, error))
        return false;
    /* The shortest beginning of the key that tells it from the last one. */
    unsigned n = 0;
    while (n < key_length && n < table->last_length && key[n] == table->last_key[n])
        n++;
    n = MIN(n + 1, key_length);
    memcpy(leaf->separator, key, n);
    leaf->separator_length = n;
    leaf->component = component;
    return true;
}

static bool
add_long(struct glass_table *table, const uint8_t *key, unsigned key_length, const uint8_t *tag,
         size_t length, uint8_t flags, GError **error)
{
    unsigned limit = GLASS_ITEM_LIMIT - LEAF_HEAD - key_length;
    if ((length + 2) / (limit - 2) + 2 > GLASS_COMPONENTS) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_IO, _("an entry of %zu bytes is too long for %s"),
                    length, table->path);
        return false;
    }
    unsigned space = room(table->level[0]), head = 2 + LEAF_HEAD + key_length;
    size_t n = limit;
    if (space < head + limit && space > head + WORTH_FILLING)
        n = space - head;
    flags |= FIRST;
    for (unsigned component = 1; length; component++) {
        unsigned extra = component > 1 ? 2 : 0, size;
        if (n >= length) {
            n = length;
            flags |= LAST;
        }
        size = LEAF_HEAD + key_length + extra + (unsigned)n;
        if (room(table->level[0]) < 2 + size &&
            !next_leaf(table, key, key_length, component, error))
            return false;
        uint8_t *p = item(table->level[0], size);
        table->level[0]->last = table->level[0]->low;
        glass_put_be16(p, size - 3);
        p[0] |= flags;
        p[2] = (uint8_t)key_length;
        memcpy(p + 3, key, key_length);
        p += 3 + key_length;
        if (extra) {
            glass_put_be16(p, component);
            p += 2;
        }
        memcpy(p, tag, n);
        tag += n;
        length -= n;
        flags &= (uint8_t)~FIRST;
        n = limit - 2;
    }
    return true;
}

bool
glass_table_add(struct glass_table *table, const void *key, size_t key_length, const void *tag,
                size_t length, bool compressed, GError **error)
{
    g_assert(key_length > 0 && key_length <= GLASS_KEY_LIMIT);
    unsigned nk = (unsigned)key_length;
    uint8_t flags = compressed ? COMPRESSED : 0;
    table->root.entries++;
    if (G_UNLIKELY(length > GLASS_ITEM_LIMIT - LEAF_HEAD - nk))
        return add_long(table, key, nk, tag, length, flags, error);
    struct glass_level *leaf = table->level[0];
    unsigned size = LEAF_HEAD + nk + (unsigned)length;
    if (room(leaf) < 2 + size && !next_leaf(table, key, nk, 1, error))
        return false;
    uint8_t *p = item(leaf, size);
    leaf->last = leaf->low;
    glass_put_be16(p, size - 3);
    p[0] |= flags | FIRST | LAST;
    p[2] = (uint8_t)nk;
    glass_copy(p + 3, key, nk);
    glass_copy(p + 3 + nk, tag, length);
    return true;
}

static void
release(struct glass_table *table)
{
    for (unsigned i = 0; i < GLASS_LEVELS; i++)
        g_clear_pointer(&table->level[i], g_free);
    g_clear_pointer(&table->out, g_free);
    g_clear_pointer(&table->path, g_free);
    if (table->fd >= 0)
        close(table->fd);
    table->fd = -1;
}

bool
glass_table_close(struct glass_table *table, bool keep, GError **error)
{
    bool ok = true;
    if (table->root.entries) {
        unsigned number = 0;
        while (ok && table->level[number]->filled_before) {
            ok = complete(table, number, error);
            number++;
        }
        ok = ok && write_block(table, number, &table->root.root, error) && flush(table, error);
        table->root.level = number;
        if (ok && fdatasync(table->fd)) {
            g_set_error(error, LJ_ERROR, LJ_ERROR_IO, _("cannot write %s: %s"), table->path,
                        g_strerror(errno));
            ok = false;
        }
    }
    if (!ok || (!table->root.entries && !keep))
        unlink(table->path);
    release(table);
    return ok;
}

void
glass_table_abandon(struct glass_table *table)
{
    if (!table->path)
        return;
    unlink(table->path);
    release(table);
}
