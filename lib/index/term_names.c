/* How terms are called that stand for whole values; search uses them, too. */
#include "index/inverter.h"

#include <string.h>

size_t
lj_whole_prefix(const char *text, size_t length, size_t most)
{
    if (length <= most)
        return length;
    while (most > 0 && ((uint8_t)text[most] & 0xC0) == 0x80)
        most--;
    return most;
}

void
lj_term_bounded(const char *prefix, const char *value, GString *out)
{
    g_string_append(out, prefix);
    size_t length = strlen(value);
    if (strlen(prefix) + length <= 200) {
        g_string_append(out, value);
        return;
    }
    char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA1, value, -1);
    g_string_append_len(out, value, (gssize)lj_whole_prefix(value, length, 160));
    g_string_append_c(out, '#');
    g_string_append(out, digest);
    g_free(digest);
}

void
lj_term_file(const char *source, const char *path, char out[35])
{
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(sum, (const guchar *)source, (gssize)strlen(source) + 1);
    g_checksum_update(sum, (const guchar *)path, (gssize)strlen(path));
    g_snprintf(out, 35, "XF%.32s", g_checksum_get_string(sum));
    g_checksum_free(sum);
}
