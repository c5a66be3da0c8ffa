#include "extract/columns.h"

#include <string.h>

GHashTable *
lj_columns_read(const char *text)
{
    if (!text || !*text)
        return NULL;
    GHashTable *columns = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    char **items = g_strsplit(text, ";", -1);
    for (char **item = items; *item; item++) {
        char *colon = strchr(*item, ':');
        if (colon)
            g_hash_table_insert(columns, g_strdup(colon + 1),
                                g_strndup(*item, (gsize)(colon - *item)));
    }
    g_strfreev(items);
    return columns;
}

const char *
lj_columns_field(GHashTable *columns, const char *column)
{
    return columns ? g_hash_table_lookup(columns, column) : NULL;
}
