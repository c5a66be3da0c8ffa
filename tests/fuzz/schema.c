/* Any bytes as a name, a value to fold and a stored list of values. */
#include "fuzz.h"
#include "legajo/schema.h"
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;

    lj_field_find(text, (gssize)size);
    lj_field_nearest(text, (gssize)size);

    char *folded = lj_schema_fold(text, (gssize)size);
    char *again = lj_schema_fold(folded, -1);
    if (strcmp(folded, again) != 0)
        g_error("folding is not stable: \"%s\" becomes \"%s\"", folded, again);
    g_free(again);
    g_free(folded);

    GPtrArray *values = g_ptr_array_new_with_free_func(g_free);
    lj_schema_list_split(text, size, values);
    g_ptr_array_unref(values);
    return 0;
}
