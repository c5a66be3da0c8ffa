#include "schema/large.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#define PAGE ((size_t)2 << 20)
#define LEAST (PAGE / 2) /* bytes from which large pages are asked for: a table of this size soon fills one */

/* Sanitizers watch what malloc gives. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define PLAIN true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) ||                         \
    __has_feature(thread_sanitizer)
#define PLAIN true
#endif
#endif
#ifndef PLAIN
#define PLAIN false
#endif

static size_t
whole_pages(size_t size)
{
    return (size + PAGE - 1) / PAGE * PAGE;
}

void *
lj_large_new(size_t size)
{
    if (PLAIN || size < LEAST)
        return g_malloc0(size);
    size_t whole = whole_pages(size);
    uint8_t *area = mmap(NULL, whole + PAGE, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (area == MAP_FAILED)
        g_error("out of memory for %zu bytes", size);
    /* Only what is aligned is kept. */
    size_t before = (PAGE - (uintptr_t)area % PAGE) % PAGE;
    if (before)
        munmap(area, before);
    munmap(area + before + whole, PAGE - before);
    madvise(area + before, whole, MADV_HUGEPAGE); /* a wish */
    return area + before;
}

void
lj_large_free(void *table, size_t size)
{
    if (PLAIN || size < LEAST)
        g_free(table);
    else if (table)
        munmap(table, whole_pages(size));
}

/* Pages move as they are: neither copied, nor new ones cleared for them. False where they cannot: then both
 * places are as before. */
static bool
move_pages(void *from, size_t size, void *to)
{
    if (mremap(from, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, to) == to)
        return true;
    /* what was there may be gone already */
    if (mmap(to, size, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0) == MAP_FAILED)
        g_error("out of memory for %zu bytes", size);
    return false;
}

void *
lj_large_grow(void *table, size_t size, size_t larger)
{
    g_assert(larger >= size);
    if (!PLAIN && table && size >= LEAST && whole_pages(larger) == whole_pages(size))
        return table; /* its last page has the room */
    void *grown = lj_large_new(larger);
    if (!PLAIN && table && size >= LEAST && move_pages(table, whole_pages(size), grown))
        return grown;
    if (table)
        memcpy(grown, table, size);
    lj_large_free(table, size);
    return grown;
}
