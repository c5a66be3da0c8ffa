#include "extract/known.h"
#include "legajo/extract.h"

#include <errno.h>
#include <glib.h>
#include <string.h>
#include <unistd.h>

struct lj_known {
    struct lj_known_record *record;
    uint32_t n;
    uint32_t *
        slot; /* number of a record + 1 by the first bytes of its hash, or the next free one; 0: none */
    uint32_t mask;
};

static uint32_t
begin_of(const struct lj_known *known, const uint8_t *sha256)
{
    uint32_t first;
    memcpy(&first, sha256, sizeof first);
    return first & known->mask;
}

static bool
read_all(int fd, void *bytes, size_t length)
{
    for (size_t at = 0; at < length;) {
        ssize_t got = read(fd, (uint8_t *)bytes + at, length - at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += (size_t)got;
    }
    return true;
}

struct lj_known *
lj_known_read(int fd, uint32_t n)
{
    struct lj_known *known = g_new0(struct lj_known, 1);
    uint64_t room = 4;
    while (room < (uint64_t)n * 2)
        room *= 2;
    known->n = n;
    known->mask = (uint32_t)(room - 1);
    known->record = g_try_new(struct lj_known_record, n);
    known->slot = g_try_new0(uint32_t, room);
    if (!known->record || !known->slot || !read_all(fd, known->record, n * sizeof *known->record)) {
        lj_known_free(known);
        return NULL;
    }
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = begin_of(known, known->record[i].sha256);
        while (known->slot[at])
            at = (at + 1) & known->mask;
        known->slot[at] = i + 1;
    }
    return known;
}

void
lj_known_free(struct lj_known *known)
{
    if (!known)
        return;
    g_free(known->record);
    g_free(known->slot);
    g_free(known);
}

bool
lj_known_find(const struct lj_known *known, const uint8_t sha256[32], uint64_t line,
              uint32_t *number)
{
    for (uint32_t at = begin_of(known, sha256); known->slot[at]; at = (at + 1) & known->mask) {
        const struct lj_known_record *record = &known->record[known->slot[at] - 1];
        if (memcmp(record->sha256, sha256, sizeof record->sha256) == 0 &&
            (record->line == 0 || record->line == line)) {
            *number = known->slot[at] - 1;
            return true;
        }
    }
    return false;
}
