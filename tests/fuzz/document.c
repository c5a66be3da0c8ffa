/* Any bytes as a document's flat form and as a stored document: read or refused, never more. */
#include "fuzz.h"
#include "legajo/stored.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct lj_document *document = lj_document_read(data, size, NULL);
    if (document) {
        GByteArray *flat = g_byte_array_new();
        lj_document_write(document, flat);
        struct lj_document *again = lj_document_read(flat->data, flat->len, NULL);
        g_assert_nonnull(again);
        lj_document_free(again);
        g_byte_array_unref(flat);
    }
    lj_document_free(document);
    struct lj_stored *stored = lj_stored_decode(data, size, NULL);
    if (stored)
        g_free(lj_stored_first(stored, NULL));
    lj_stored_free(stored);
    return 0;
}
