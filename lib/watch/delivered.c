/* What each alert has delivered: a file a saved search, a key a line. */
#include "watch/state.h"

#include <string.h>
#include <unistd.h>

void
lj_watch_content(const struct lj_document *document, char key[33])
{
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    if (document->part_of)
        g_checksum_update(sum, (const guchar *)document->id, -1);
    else
        g_checksum_update(sum, document->sha256, sizeof document->sha256);
    g_strlcpy(key, g_checksum_get_string(sum), 33);
    g_checksum_free(sum);
}

static bool
take_line(char *line, void *set)
{
    bool key = strlen(line) == 32 && strspn(line, "0123456789abcdef") == 32;
    if (key)
        g_hash_table_add(set, g_strdup(line));
    return key;
}

GHashTable *
lj_delivered_read(const char *name, GError **error)
{
    char *path = lj_state_path("delivered", name);
    GHashTable *set = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (!lj_state_lines(path, take_line, set, error))
        g_clear_pointer(&set, g_hash_table_unref);
    g_free(path);
    return set;
}

bool
lj_delivered_add(const char *name, const GPtrArray *keys, GError **error)
{
    int lock = lj_state_lock(error);
    if (lock < 0)
        return false;
    GHashTable *set = lj_delivered_read(name, error);
    bool good = set != NULL;
    if (good) {
        for (guint i = 0; i < keys->len; i++)
            g_hash_table_add(set, g_strdup(keys->pdata[i]));
        GString *out = g_string_sized_new(g_hash_table_size(set) * 33);
        GHashTableIter iter;
        gpointer key;
        g_hash_table_iter_init(&iter, set);
        while (g_hash_table_iter_next(&iter, &key, NULL)) {
            g_string_append(out, key);
            g_string_append_c(out, '\n');
        }
        char *path = lj_state_path("delivered", name);
        good = lj_state_write(path, out->str, (gssize)out->len, error);
        g_free(path);
        g_string_free(out, TRUE);
        g_hash_table_unref(set);
    }
    close(lock);
    return good;
}
