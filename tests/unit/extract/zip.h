/* Writes zip files, stored, for the tests of what lies in them. */
#ifndef LEGAJO_TESTS_EXTRACT_ZIP_H
#define LEGAJO_TESTS_EXTRACT_ZIP_H

#include <glib.h>
#include <string.h>

struct zip_entry {
    const char *name;
    const char *content;
    size_t length; /* 0: of the string */
};

static inline uint32_t
zip_crc(const char *bytes, size_t length)
{
    uint32_t crc = 0xFFFFFFFF;
    for (size_t i = 0; i < length; i++) {
        crc ^= (uint8_t)bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (0xEDB88320 & -(crc & 1));
    }
    return ~crc;
}

static inline void
zip_number(GString *out, uint32_t number, int bytes)
{
    for (int i = 0; i < bytes; i++)
        g_string_append_c(out, (char)(number >> 8 * i & 255));
}

static inline GString *
make_zip(const struct zip_entry *entries, size_t n)
{
    GString *zip = g_string_new(NULL), *table = g_string_new(NULL);
    for (size_t i = 0; i < n; i++) {
        uint32_t length =
            (uint32_t)(entries[i].length ? entries[i].length : strlen(entries[i].content));
        uint32_t crc = zip_crc(entries[i].content, length), at = (uint32_t)zip->len;
        for (int central = 0; central < 2; central++) {
            GString *out = central ? table : zip;
            g_string_append_len(out, central ? "PK\1\2" : "PK\3\4", 4);
            if (central)
                zip_number(out, 20, 2);
            zip_number(out, 20, 2);
            zip_number(out, 0x800, 2); /* names are UTF-8 */
            zip_number(out, 0, 2);
            zip_number(out, 0x21, 2);
            zip_number(out, 0x5a21, 2);
            zip_number(out, crc, 4);
            zip_number(out, length, 4);
            zip_number(out, length, 4);
            zip_number(out, (uint32_t)strlen(entries[i].name), 2);
            zip_number(out, 0, 2);
            if (central) {
                zip_number(out, 0, 2);
                zip_number(out, 0, 4);
                zip_number(out, 0, 4);
                zip_number(out, at, 4);
            }
            g_string_append(out, entries[i].name);
        }
        g_string_append_len(zip, entries[i].content, length);
    }
    uint32_t at = (uint32_t)zip->len;
    g_string_append_len(zip, table->str, (gssize)table->len);
    g_string_append_len(zip, "PK\5\6\0\0\0\0", 8);
    zip_number(zip, (uint32_t)n, 2);
    zip_number(zip, (uint32_t)n, 2);
    zip_number(zip, (uint32_t)table->len, 4);
    zip_number(zip, at, 4);
    zip_number(zip, 0, 2);
    g_string_free(table, TRUE);
    return zip;
}

#endif
