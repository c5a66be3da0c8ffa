/* Any bytes as text and as query: citations lie within the text, terms keep to the grammar's
 * alphabet and limit, and the one pass finds the dates that the date finder finds. */
#include "fuzz.h"
#include "analysis/citation.h"
#include "analysis/mention.h"

#include <string.h>

struct seen {
    size_t length;
    GString *dates;
};

static void
see(void *data, enum lj_mention_kind kind, size_t start, size_t end, const char *term,
    size_t length)
{
    struct seen *seen = data;
    g_assert_true(start < end && end <= seen->length);
    g_assert_true(length > 0 && length <= LJ_CITATION_LIMIT);
    for (size_t i = 0; i < length; i++)
        g_assert_true((unsigned char)term[i] > ' ' && !g_ascii_isupper(term[i]));
    g_assert_true(g_utf8_validate(term, (gssize)length, NULL));
    if (kind == LJ_MENTION_DATE)
        g_string_append_printf(seen->dates, "%zu %zu %.*s\n", start, end, (int)length, term);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    struct seen seen = {size, g_string_new(NULL)}, alone = {size, g_string_new(NULL)};
    lj_mentions_find(text, size, see, &seen);
    lj_mentions_dates(text, size, see, &alone);
    g_assert_cmpstr(seen.dates->str, ==, alone.dates->str);
    g_string_free(seen.dates, TRUE);
    g_string_free(alone.dates, TRUE);

    static const enum lj_field_id fields[] = {LJ_FIELD_ARTICLE, LJ_FIELD_CITATION, LJ_FIELD_LAW};
    GPtrArray *terms = g_ptr_array_new_with_free_func(g_free);
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        guint before = terms->len;
        bool read = lj_citation_normalise(text, size, fields[i], terms);
        g_assert_true(read == (terms->len > before));
    }
    char *title = g_strndup(text, size);
    lj_citation_identity(title, title, text, size, terms);
    for (guint i = 0; i < terms->len; i++)
        g_assert_true(strlen(terms->pdata[i]) <= LJ_CITATION_LIMIT);
    g_free(title);
    g_ptr_array_unref(terms);
    return 0;
}
