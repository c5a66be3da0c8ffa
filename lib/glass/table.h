/* A glass table from sorted entries: a B-tree built bottom-up, every block full, written front to
 * back. A leaf that is complete gets the next block number and an item in the branch above it; a
 * branch that is complete likewise; so leaves rise in key order and every block is in the tree.
 *
 *     struct glass_table table;
 *     glass_table_open(&table, dir, "postlist.glass", &error)
 *     glass_table_add(&table, key, key_length, tag, length, false, &error)      rising keys
 *     glass_table_close(&table, &error)      written and synced; entry for the version file
 */
#ifndef LEGAJO_GLASS_TABLE_H
#define LEGAJO_GLASS_TABLE_H

#include "glass/code.h"

#define GLASS_LEVELS 10

/* What the version file says of a table. All zero: no file. */
struct glass_root {
    uint64_t entries;
    uint32_t root;
    uint32_t blocks;
    unsigned level;
};

struct glass_table {
    char *path;
    int fd;
    struct glass_level *level[GLASS_LEVELS];
    uint8_t *out; /* completed blocks, not yet written */
    size_t held;
    uint64_t asked; /* bytes whose way to the disk has begun */
    uint8_t last_key[GLASS_KEY_LIMIT];
    unsigned last_length; /* of the last key of the leaf before the one being filled */
    struct glass_root root;
};

bool glass_table_open(struct glass_table *table, const char *dir, const char *name, GError **error);

/* Keys must rise, 1 to GLASS_KEY_LIMIT bytes. compressed: tag is a raw deflate stream. */
bool glass_table_add(struct glass_table *table, const void *key, size_t key_length, const void *tag,
                     size_t length, bool compressed, GError **error);

/* Completes the tree, writes and syncs it; fills table->root. A table without entries loses its
 * file, unless keep. Frees what the table holds, in failure too. */
bool glass_table_close(struct glass_table *table, bool keep, GError **error);

/* Gives up: closes and removes the file. Fine after close and on a zeroed table. */
void glass_table_abandon(struct glass_table *table);

/* Writes all of it at offset, through interrupted and short writes; path is for the message. */
bool glass_write(int fd, const void *bytes, size_t n, uint64_t offset, const char *path,
                 GError **error);

#endif
