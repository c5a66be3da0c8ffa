#include "glass/merge.h"

#define EIGHTS 16 /* bytes of a term in head and second */

static bool
before(const struct glass_source *a, const struct glass_source *b)
{
    if (a->head != b->head)
        return a->head < b->head;
    if (a->second != b->second)
        return a->second < b->second;
    int order = 0;
    if (a->length > EIGHTS || b->length > EIGHTS)
        order = glass_compare(a->bytes, a->length, b->bytes, b->length);
    else if (a->length != b->length) /* zero bytes at an end */
        order = a->length < b->length ? -1 : 1;
    return order ? order < 0 : a->order < b->order;
}

static bool
same(const struct glass_source *a, const struct glass_source *b)
{
    return a->head == b->head && a->second == b->second && a->length == b->length &&
           (a->length <= EIGHTS ||
            !memcmp(a->bytes + EIGHTS, b->bytes + EIGHTS, a->length - EIGHTS));
}

static void
sink(struct glass_heap *heap, size_t i)
{
    struct glass_source *moving = heap->source[i];
    for (;;) {
        size_t child = 2 * i + 1;
        if (child >= heap->n)
            break;
        if (child + 1 < heap->n && before(heap->source[child + 1], heap->source[child]))
            child++;
        if (!before(heap->source[child], moving))
            break;
        heap->source[i] = heap->source[child];
        i = child;
    }
    heap->source[i] = moving;
}

static void
add_source(struct glass_heap *heap, struct glass_source *source)
{
    size_t i = heap->n++;
    while (i && before(source, heap->source[(i - 1) / 2])) {
        heap->source[i] = heap->source[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    heap->source[i] = source;
}

static struct glass_source *
take_source(struct glass_heap *heap)
{
    struct glass_source *top = heap->source[0];
    heap->source[0] = heap->source[--heap->n];
    if (heap->n)
        sink(heap, 0);
    return top;
}

/* The top has gone on, or is at its end. */
static void
settle_top(struct glass_heap *heap, bool more)
{
    if (more)
        sink(heap, 0);
    else
        take_source(heap);
}

static void
set_eights(struct glass_source *source)
{
    source->head = glass_prefix64(source->bytes, source->length);
    source->second =
        source->length > 8 ? glass_prefix64(source->bytes + 8, source->length - 8) : 0;
}

/* Reads the next term of a source; false at the end. */
static bool
next_term(struct glass_source *source)
{
    if (glass_reader_at_end(&source->reader))
        return false;
    uint32_t shared = glass_reader_number(&source->reader);
    uint32_t rest = glass_reader_number(&source->reader);
    const uint8_t *bytes = glass_reader_bytes(&source->reader, rest);
    glass_copy(source->bytes + shared, bytes, rest);
    source->length = shared + rest;
    set_eights(source);
    source->df = glass_reader_number(&source->reader);
    source->cf = source->counted ? glass_reader_number64(&source->reader) : 0;
    return !source->reader.failed;
}

/* Reads the next metadata name of a source; false at the end. */
static bool
next_name(struct glass_source *source)
{
    if (glass_reader_at_end(&source->reader))
        return false;
    source->length = glass_reader_number(&source->reader);
    memcpy(source->bytes, glass_reader_bytes(&source->reader, source->length), source->length);
    set_eights(source);
    return !source->reader.failed;
}

void
glass_heap_open(struct glass_heap *heap, const struct glass_merge *merge, enum glass_order what)
{
    guint n = merge->runs->len;
    *heap = (struct glass_heap){.sources = g_new0(struct glass_source, MAX(n, 1)),
                                .n_sources = n,
                                .source = g_new(struct glass_source *, MAX(n, 1))};
    for (guint i = 0; i < n; i++) {
        const struct glass_run *run = glass_run_at(merge, i);
        struct glass_source *source = &heap->sources[i];
        source->order = i;
        source->base = run->base;
        source->counted = what == GLASS_POSTINGS;
        glass_reader_open(&source->reader,
                          what == GLASS_POSITIONS ? run->position_spill : run->spill,
                          what == GLASS_POSITIONS  ? run->positions
                          : what == GLASS_POSTINGS ? run->postings
                                                   : run->metadata,
                          merge->buffer, &heap->error);
        if (what == GLASS_NAMES ? next_name(source) : next_term(source))
            add_source(heap, source);
    }
}

bool
glass_heap_close(struct glass_heap *heap, bool ok, GError **error)
{
    for (guint i = 0; i < heap->n_sources; i++)
        glass_reader_close(&heap->sources[i].reader);
    g_free(heap->sources);
    g_free(heap->source);
    return glass_settle(ok, heap->error, error);
}

size_t
glass_heap_take(struct glass_heap *heap, struct glass_source **with)
{
    struct glass_source *top = heap->source[0];
    /* Another at the same term would stand below the top, or below one that is at it too. Most terms are of one
     * run: that one goes on at the top, without leaving the heap. */
    heap->kept = true;
    for (size_t child = 1; child <= 2 && child < heap->n; child++)
        heap->kept = heap->kept && !same(top, heap->source[child]);
    with[0] = top;
    if (heap->kept)
        return 1;
    size_t n = 0;
    do
        with[n++] = take_source(heap);
    while (heap->n && same(top, heap->source[0]));
    return n;
}

void
glass_heap_return(struct glass_heap *heap, struct glass_source *const *with, size_t n)
{
    if (heap->kept) {
        settle_top(heap, next_term(with[0]));
        return;
    }
    for (size_t i = 0; i < n; i++)
        if (next_term(with[i]))
            add_source(heap, with[i]);
}

void
glass_heap_next_name(struct glass_heap *heap)
{
    settle_top(heap, next_name(heap->source[0]));
}
