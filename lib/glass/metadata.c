/* Names with their values: those of all runs, united where several have one. */
#include "glass/merge.h"

bool
glass_write_metadata(const struct glass_merge *merge, struct glass_table *table, GError **error)
{
    struct glass_heap heap;
    glass_heap_open(&heap, merge, GLASS_NAMES);
    GByteArray *value = g_byte_array_new();
    bool ok = true;
    while (heap.n && ok && !heap.error) {
        uint8_t key[GLASS_KEY_LIMIT] = {0x00, 0xc0};
        size_t n = heap.source[0]->length;
        memcpy(key + 2, heap.source[0]->bytes, n);
        bool again = false;
        while (heap.n && heap.source[0]->length == n &&
               !memcmp(heap.source[0]->bytes, key + 2, n)) {
            struct glass_source *source = heap.source[0];
            uint32_t size = glass_reader_number(&source->reader);
            const uint8_t *bytes = glass_reader_bytes(&source->reader, size);
            if (source->reader.failed)
                break;
            if (again && (key[2] == 'F' || key[2] == 'A')) {
                glass_unite(value, key[2] == 'A' ? '\t' : ' ', bytes, size);
            } else {
                g_byte_array_set_size(value, 0);
                g_byte_array_append(value, bytes, size);
            }
            again = true;
            glass_heap_next_name(&heap);
        }
        ok = glass_table_add(table, key, n + 2, value->data, value->len, false, error);
    }
    g_byte_array_unref(value);
    return glass_heap_close(&heap, ok, error);
}
