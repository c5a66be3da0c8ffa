/* Any bytes: dates found lie in order within the text, are real days, and reading where one was
 * found gives it again. */
#include "fuzz.h"
#include "legajo/date.h"

#include <glib.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    size_t at = 0, before = 0, start, end, used;
    struct lj_interval found, again;
    while (lj_date_find(text, size, &at, &start, &end, &found)) {
        g_assert_true(start >= before && end > start && end <= size && at >= end);
        before = end;
        char *iso = lj_interval_to_iso(&found);
        g_assert_true(lj_interval_from_iso(iso, -1, &again));
        g_assert_true(again.first == found.first && again.last == found.last);
        g_free(iso);
        g_assert_true(lj_date_read(text + start, size - start, false, &used, &again));
        g_assert_true(used == end - start && again.first == found.first);
    }
    if (lj_date_read(text, size, true, &used, &found))
        g_assert_true(used <= size && found.first <= found.last);
    lj_interval_from_iso(text, (gssize)size, &found);
    return 0;
}
