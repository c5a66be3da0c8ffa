#include "index/inverter.h"
#include "schema/order.h"

#include <string.h>

#define KEY_LIMIT 240 /* bytes of a metadata key behind its letter */

void
lj_inverter_add_form(struct lj_inverter *inverter, const struct lj_word *word)
{
    uint64_t prefix = 0;
    memcpy(&prefix, word->stem, MIN(word->stem_length, 8));
    struct form form = {GUINT64_FROM_BE(prefix), word->stem, word->folded};
    g_array_append_val(inverter->forms, form);
}

void
lj_inverter_keep_forms(struct lj_inverter *inverter)
{
    for (guint i = 0; i < inverter->forms->len; i++) {
        struct form *form = &g_array_index(inverter->forms, struct form, i);
        form->stem = g_string_chunk_insert(inverter->kept_forms, form->stem);
        form->folded = g_string_chunk_insert(inverter->kept_forms, form->folded);
    }
}

void
lj_inverter_note_acronym(struct lj_inverter *inverter, const char *pair)
{
    const char *equals = strchr(pair, '=');
    if (!equals || equals == pair)
        return;
    char *acronym = g_strndup(pair, (gsize)(equals - pair));
    lj_inverter_boolean(inverter, "XA", acronym);
    const char *known = g_hash_table_lookup(inverter->acronyms, acronym);
    char *united = known ? lj_metadata_unite("A", known, equals + 1) : g_strdup(equals + 1);
    g_hash_table_replace(inverter->acronyms, acronym, united);
}

static void
clear_entry(gpointer data)
{
    struct lj_entry *entry = data;
    g_free(entry->key); /* and, in one piece with it, the value */
}

static int
compare_entries(gconstpointer a, gconstpointer b)
{
    return strcmp(((const struct lj_entry *)a)->key, ((const struct lj_entry *)b)->key);
}

static int
compare_strings(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The distinct strings of an array, sorted and joined. */
static char *
join_distinct(GPtrArray *words, const char *separator)
{
    g_ptr_array_sort(words, compare_strings);
    GString *joined = g_string_new(NULL);
    for (guint i = 0; i < words->len; i++) {
        const char *word = words->pdata[i];
        if (!*word || (i > 0 && strcmp(word, words->pdata[i - 1]) == 0))
            continue;
        if (joined->len > 0)
            g_string_append(joined, separator);
        g_string_append(joined, word);
    }
    return g_string_free(joined, FALSE);
}

static int
compare_forms(const void *a, const void *b, void *unused)
{
    (void)unused;
    const struct form *x = a, *y = b;
    if (x->prefix != y->prefix)
        return x->prefix < y->prefix ? -1 : 1;
    int order = strcmp(x->stem, y->stem);
    return order ? order : strcmp(x->folded, y->folded);
}

static struct lj_entry
new_entry(char letter, const char *key, const char *value, size_t length)
{
    size_t n = strlen(key);
    char *bytes = g_malloc(n + length + 3);
    bytes[0] = letter;
    memcpy(bytes + 1, key, n + 1);
    memcpy(bytes + n + 2, value, length);
    bytes[n + 2 + length] = 0;
    return (struct lj_entry){bytes, bytes + n + 2};
}

/* The forms of each stem, each once, sorted: they stand together once all are sorted. */
static void
take_forms(struct lj_inverter *inverter, GArray *entries)
{
    guint n = inverter->forms->len;
    if (n == 0)
        return;
    const struct form *form = (const struct form *)(const void *)inverter->forms->data;
    G_STATIC_ASSERT(sizeof *form == LJ_ORDER_SIZE);
    lj_order(inverter->forms->data, n, compare_forms, NULL);
    GString *joined = g_string_new(NULL);
    for (guint i = 0, end; i < n; i = end) {
        g_string_truncate(joined, 0);
        for (end = i; end < n && form[end].prefix == form[i].prefix &&
                      strcmp(form[end].stem, form[i].stem) == 0;
             end++) {
            if (!*form[end].folded || (end > i && strcmp(form[end].folded, form[end - 1].folded) == 0))
                continue;
            if (joined->len > 0)
                g_string_append_c(joined, ' ');
            g_string_append(joined, form[end].folded);
        }
        if (strlen(form[i].stem) > KEY_LIMIT)
            continue;
        struct lj_entry entry = new_entry('F', form[i].stem, joined->str, joined->len);
        g_array_append_val(entries, entry);
    }
    g_string_free(joined, TRUE);
}

GArray *
lj_inverter_take_metadata(struct lj_inverter *inverter)
{
    GArray *entries = g_array_new(FALSE, FALSE, sizeof(struct lj_entry));
    g_array_set_clear_func(entries, clear_entry);
    GHashTableIter iter;
    gpointer key, value;
    g_hash_table_iter_init(&iter, inverter->acronyms);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        if (strlen(key) > KEY_LIMIT)
            continue;
        struct lj_entry entry = new_entry('A', key, value, strlen(value));
        g_array_append_val(entries, entry);
    }
    g_array_sort(entries, compare_entries);
    take_forms(inverter, entries); /* F follows A */
    g_hash_table_remove_all(inverter->acronyms);
    g_array_set_size(inverter->forms, 0);
    g_string_chunk_clear(inverter->kept_forms);
    inverter->batch++;
    return entries;
}

char *
lj_metadata_unite(const char *key, const char *a, const char *b)
{
    const char *separator = key[0] == 'A' ? "\t" : " ";
    char **first = g_strsplit(a, separator, -1), **second = g_strsplit(b, separator, -1);
    GPtrArray *all = g_ptr_array_new();
    for (char **word = first; *word; word++)
        g_ptr_array_add(all, *word);
    for (char **word = second; *word; word++)
        g_ptr_array_add(all, *word);
    char *joined = join_distinct(all, separator);
    g_ptr_array_unref(all);
    g_strfreev(first);
    g_strfreev(second);
    return joined;
}
