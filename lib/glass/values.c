/* Value slots: what the version file of a database does not say of them, and their chunks. */
#include "glass/merge.h"

/* One slot's parts in all runs. */
struct slot {
    uint8_t key[GLASS_NUMBER]; /* the slot, as chunks are sorted by it */
    size_t key_length;
    uint32_t slot;
    GPtrArray *parts; /* struct glass_slot, borrowed */
    GArray *runs;     /* const struct glass_run *, of each part */
};

static void
slot_clear(gpointer data)
{
    struct slot *slot = data;
    g_ptr_array_unref(slot->parts);
    g_array_unref(slot->runs);
}

static int
compare_by_chunk_key(const void *a, const void *b)
{
    const struct slot *x = a, *y = b;
    return glass_compare(x->key, x->key_length, y->key, y->key_length);
}

static int
compare_by_statistics_key(const void *a, const void *b)
{
    const struct slot *x = a, *y = b;
    uint8_t kx[4], ky[4];
    return glass_compare(kx, (size_t)(glass_put_last(kx, x->slot) - kx), ky,
                         (size_t)(glass_put_last(ky, y->slot) - ky));
}

static GArray *
gather_slots(const struct glass_merge *merge)
{
    GArray *slots = g_array_new(FALSE, FALSE, sizeof(struct slot));
    g_array_set_clear_func(slots, slot_clear);
    GHashTable *known = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < merge->runs->len; i++) {
        const struct glass_run *run = glass_run_at(merge, i);
        for (guint k = 0; run->slots && k < run->slots->len; k++) {
            struct glass_slot *part = run->slots->pdata[k];
            gpointer at = g_hash_table_lookup(known, GUINT_TO_POINTER(part->slot));
            if (!at) {
                struct slot slot = {.slot = part->slot,
                                    .parts = g_ptr_array_new(),
                                    .runs = g_array_new(FALSE, FALSE, sizeof run)};
                slot.key_length = (size_t)(glass_put_number(slot.key, slot.slot) - slot.key);
                g_array_append_val(slots, slot);
                at = GUINT_TO_POINTER(slots->len);
                g_hash_table_insert(known, GUINT_TO_POINTER(part->slot), at);
            }
            struct slot *slot = &g_array_index(slots, struct slot, GPOINTER_TO_UINT(at) - 1);
            g_ptr_array_add(slot->parts, part);
            g_array_append_val(slot->runs, run);
        }
    }
    g_hash_table_unref(known);
    return slots;
}

static bool
write_statistics(struct glass_table *table, const struct slot *slot, GError **error)
{
    const GByteArray *low = NULL, *high = NULL;
    uint64_t n = 0;
    for (guint i = 0; i < slot->parts->len; i++) {
        const struct glass_slot *part = slot->parts->pdata[i];
        n += part->n;
        if (!low || glass_compare(part->low->data, part->low->len, low->data, low->len) < 0)
            low = part->low;
        if (!high || glass_compare(part->high->data, part->high->len, high->data, high->len) > 0)
            high = part->high;
    }
    uint8_t key[2 + 4] = {0x00, 0xd0}, number[GLASS_NUMBER * 2];
    uint8_t *key_end = glass_put_last(key + 2, slot->slot);
    GByteArray *tag = g_byte_array_sized_new(low->len + high->len + 20);
    g_byte_array_append(tag, number, (guint)(glass_put_number(number, n) - number));
    g_byte_array_append(tag, number, (guint)(glass_put_number(number, low->len) - number));
    g_byte_array_append(tag, low->data, low->len);
    if (glass_compare(low->data, low->len, high->data, high->len))
        g_byte_array_append(tag, high->data, high->len);
    bool ok =
        glass_table_add(table, key, (size_t)(key_end - key), tag->data, tag->len, false, error);
    g_byte_array_unref(tag);
    return ok;
}

static bool
write_chunks(const struct glass_merge *merge, struct glass_table *table, const struct slot *slot,
             GError **error)
{
    guint n = slot->parts->len;
    struct glass_reader *readers = g_new0(struct glass_reader, n);
    struct glass_lists lists = {.list = g_new0(struct glass_list, n), .n = n};
    GError *read_error = NULL;
    for (guint i = 0; i < n; i++) {
        const struct glass_slot *part = slot->parts->pdata[i];
        const struct glass_run *run = g_array_index(slot->runs, const struct glass_run *, i);
        glass_reader_open(&readers[i], run->spill, part->piece, merge->buffer, &read_error);
        glass_list_begin(&lists.list[i], &readers[i], run->base, part->n);
    }
    glass_lists_begin(&lists);
    uint8_t key[2 + GLASS_NUMBER + GLASS_SORTED] = {0x00, 0xd8};
    memcpy(key + 2, slot->key, slot->key_length);
    size_t used = 0, allocated = 2 * GLASS_CHUNK;
    uint8_t *tag = g_malloc(allocated);
    uint32_t first = 0, last = 0, until;
    bool ok = true;
    struct glass_list *list;
    while (ok && (list = glass_lists_least(&lists, &until))) {
        do {
            uint32_t docid = list->docid, size = glass_reader_number(list->reader);
            const uint8_t *bytes = glass_reader_bytes(list->reader, size);
            if (list->reader->failed)
                break;
            size_t most = used + 2 * GLASS_NUMBER + (size_t)size;
            if (G_UNLIKELY(most > allocated)) {
                allocated = 2 * most;
                tag = g_realloc(tag, allocated);
            }
            uint8_t *p = tag + used;
            if (used)
                p = glass_put_number(p, docid - last - 1);
            else
                first = docid;
            p = glass_put_number(p, size);
            glass_copy(p, bytes, size);
            used = (size_t)(p - tag) + size;
            last = docid;
            if (used >= GLASS_CHUNK) {
                uint8_t *end = glass_put_sorted(key + 2 + slot->key_length, first);
                ok = glass_table_add(table, key, (size_t)(end - key), tag, used, false, error);
                used = 0;
            }
            glass_list_next(list);
        } while (ok && list->left && list->docid < until);
        if (list->reader->failed)
            list->left = 0;
    }
    if (ok && used) {
        uint8_t *end = glass_put_sorted(key + 2 + slot->key_length, first);
        ok = glass_table_add(table, key, (size_t)(end - key), tag, used, false, error);
    }
    g_free(tag);
    for (guint i = 0; i < n; i++)
        glass_reader_close(&readers[i]);
    g_free(readers);
    g_free(lists.list);
    return glass_settle(ok, read_error, error);
}

bool
glass_write_values(const struct glass_merge *merge, struct glass_table *table, GError **error)
{
    GArray *slots = gather_slots(merge);
    bool ok = true;
    g_array_sort(slots, compare_by_statistics_key);
    for (guint i = 0; i < slots->len && ok; i++)
        ok = write_statistics(table, &g_array_index(slots, struct slot, i), error);
    g_array_sort(slots, compare_by_chunk_key);
    for (guint i = 0; i < slots->len && ok; i++)
        ok = write_chunks(merge, table, &g_array_index(slots, struct slot, i), error);
    g_array_unref(slots);
    return ok;
}
