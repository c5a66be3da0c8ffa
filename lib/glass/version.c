/* The version file, which makes a database of the tables. */
#include "glass/merge.h"
#include "i18n.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/random.h>
#include <unistd.h>

static uint8_t *
put_root(uint8_t *p, const struct glass_root *root, unsigned compress_min)
{
    bool fake = root->entries == 0;
    p = glass_put_number(p, root->root);
    p = glass_put_number(p, root->level * 4 + 2 + fake);
    p = glass_put_number(p, root->entries);
    p = glass_put_number(p, GLASS_BLOCK / 2048);
    p = glass_put_number(p, compress_min);
    uint8_t state[8 * GLASS_NUMBER], *end = state;
    if (!fake) {
        end = glass_put_number(end, 1);
        end = glass_put_number(end, root->blocks);
        memset(end, 0, 4); /* both cursors of the free list: it is empty */
        end += 4;
    }
    p = glass_put_number(p, (size_t)(end - state));
    memcpy(p, state, (size_t)(end - state));
    return p + (end - state);
}

bool
glass_write_version(const struct glass_merge *merge, GError **error)
{
    uint64_t documents = 0, total_length = 0;
    uint32_t last = 0, shortest = 0, longest = 0, wdf = 0;
    for (guint i = 0; i < merge->runs->len; i++) {
        const struct glass_run *run = glass_run_at(merge, i);
        documents += run->documents;
        total_length += run->total_length;
        if (run->documents)
            last = MAX(last, run->base + run->last_docid);
        longest = MAX(longest, run->longest);
        wdf = MAX(wdf, run->wdf);
        if (run->shortest && (!shortest || run->shortest < shortest))
            shortest = run->shortest;
    }
    uint8_t bytes[512], *p = bytes;
    memcpy(p, "\x0f\x0dXapian Glass", 14);
    glass_put_be16(p + 14, 0x046e);
    p += 16;
    if (getrandom(p, 16, 0) != 16) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_IO, _("no random numbers: %s"), g_strerror(errno));
        return false;
    }
    p[6] = (uint8_t)((p[6] & 0x0f) | 0x40); /* a UUID of version 4 */
    p[8] = (uint8_t)((p[8] & 0x3f) | 0x80);
    p = glass_put_number(p + 16, 1); /* revision */
    const struct glass_root none = {0};
    p = put_root(p, &merge->postlist, 0);
    p = put_root(p, &merge->docdata, 18);
    p = put_root(p, &merge->termlist, 18);
    p = put_root(p, &merge->position, 0);
    p = put_root(p, &none, 18);
    p = put_root(p, &none, 18);
    p = glass_put_number(p, documents);
    p = glass_put_number(p, last - documents);
    p = glass_put_number(p, shortest);
    p = glass_put_number(p, wdf);
    p = glass_put_number(p, MAX(longest, wdf) - wdf);
    p = glass_put_number(p, 0); /* oldest changeset */
    p = glass_put_number(p, total_length);
    p = glass_put_number(p, 0); /* spelling */

    char *temporary = g_build_filename(merge->dir, "v.tmp", NULL);
    char *final = g_build_filename(merge->dir, "iamglass", NULL);
    bool ok = false;
    int code = 0, fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) {
        code = errno;
    } else {
        ok = glass_write(fd, bytes, (size_t)(p - bytes), 0, temporary, error);
        if (ok && fdatasync(fd)) {
            code = errno;
            ok = false;
        }
        close(fd);
        if (ok && rename(temporary, final)) {
            code = errno;
            ok = false;
        }
    }
    if (code)
        g_set_error(error, LJ_ERROR, LJ_ERROR_IO, _("cannot write %s: %s"), temporary,
                    g_strerror(code));
    if (!ok && fd >= 0)
        unlink(temporary);
    g_free(temporary);
    g_free(final);
    if (!ok)
        return false;
    /* the name itself must last */
    int dir = open(merge->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir >= 0) {
        fsync(dir);
        close(dir);
    }
    return true;
}
