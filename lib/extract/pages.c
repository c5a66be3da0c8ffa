#include "extract/pages.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#define TEXT_CEILING (4u << 20)

struct lj_page_cache {
    char *dir;
    bool write;
    GMutex lock;
    GCond done;
    GHashTable *reading; /* hex of keys: pages some thread is reading */
};

struct lj_page_cache *
lj_page_cache_open(const char *dir, bool write)
{
    struct lj_page_cache *cache = g_new0(struct lj_page_cache, 1);
    cache->dir = g_strdup(dir);
    cache->write = write;
    g_mutex_init(&cache->lock);
    g_cond_init(&cache->done);
    cache->reading = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return cache;
}

void
lj_page_cache_close(struct lj_page_cache *cache)
{
    if (!cache)
        return;
    g_hash_table_unref(cache->reading);
    g_mutex_clear(&cache->lock);
    g_cond_clear(&cache->done);
    g_free(cache->dir);
    g_free(cache);
}

/* DIR/3f/a9….zst; g_free. */
static char *
page_path(const struct lj_page_cache *cache, const char *hex)
{
    return g_strdup_printf("%s/%.2s/%s.zst", cache->dir, hex, hex + 2);
}

/* What cannot be read as it was written counts as not known. */
static bool
read_file(const char *path, GString *text)
{
    char *bytes = NULL;
    gsize length = 0;
    if (!g_file_get_contents(path, &bytes, &length, NULL))
        return false;
    unsigned long long size = ZSTD_getFrameContentSize(bytes, length);
    bool good = size <= TEXT_CEILING;
    gsize old = text->len;
    if (good) {
        g_string_set_size(text, old + (gsize)size);
        good = ZSTD_decompress(text->str + old, (size_t)size, bytes, length) == size &&
               g_utf8_validate(text->str + old, (gssize)size, NULL);
        if (!good)
            g_string_truncate(text, old);
    }
    g_free(bytes);
    return good;
}

bool
lj_page_cache_find(struct lj_page_cache *cache, const uint8_t key[32], GString *text)
{
    if (!cache)
        return false;
    char hex[65];
    lj_sha256_hex(key, hex);
    char *path = page_path(cache, hex);
    bool known = false;
    g_mutex_lock(&cache->lock);
    while (!(known = read_file(path, text)) && g_hash_table_contains(cache->reading, hex))
        g_cond_wait(&cache->done, &cache->lock);
    if (!known)
        g_hash_table_add(cache->reading, g_strdup(hex));
    g_mutex_unlock(&cache->lock);
    g_free(path);
    return known;
}

void
lj_page_cache_release(struct lj_page_cache *cache, const uint8_t key[32])
{
    if (!cache)
        return;
    char hex[65];
    lj_sha256_hex(key, hex);
    g_mutex_lock(&cache->lock);
    g_hash_table_remove(cache->reading, hex);
    g_cond_broadcast(&cache->done);
    g_mutex_unlock(&cache->lock);
}

/* A page that cannot be kept is read again another time: no failure of the run. */
static void
write_file(const struct lj_page_cache *cache, const char *hex, const void *bytes, size_t length)
{
    char *path = page_path(cache, hex), *folder = g_path_get_dirname(path);
    char *fresh = g_strconcat(path, ".new", NULL);
    if (g_mkdir_with_parents(folder, 0777) == 0) {
        int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
        bool good = fd >= 0 && write(fd, bytes, length) == (ssize_t)length;
        good = fd >= 0 && close(fd) == 0 && good;
        if (!good || rename(fresh, path) != 0)
            unlink(fresh);
    }
    g_free(fresh);
    g_free(folder);
    g_free(path);
}

void
lj_page_cache_keep(struct lj_page_cache *cache, const uint8_t key[32], const char *text,
                   size_t length)
{
    char hex[65];
    lj_sha256_hex(key, hex);
    if (cache && cache->write && length <= TEXT_CEILING) {
        size_t room = ZSTD_compressBound(length);
        void *bytes = g_malloc(room);
        ZSTD_CCtx *context = ZSTD_createCCtx();
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1); /* half a file is no page */
        size_t size = ZSTD_compress2(context, bytes, room, text, length);
        if (!ZSTD_isError(size))
            write_file(cache, hex, bytes, size);
        ZSTD_freeCCtx(context);
        g_free(bytes);
    }
    lj_page_cache_release(cache, key);
}
