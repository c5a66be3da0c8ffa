#include "index/record.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* CRC-32C (Castagnoli), table made once: records are short. */
static uint32_t
crc32c(const uint8_t *bytes, size_t length)
{
    static uint32_t table[256];
    static gsize ready;
    if (g_once_init_enter(&ready)) {
        for (uint32_t i = 0; i < 256; i++) {
            uint32_t c = i;
            for (int k = 0; k < 8; k++)
                c = c & 1 ? c >> 1 ^ 0x82F63B78u : c >> 1;
            table[i] = c;
        }
        g_once_init_leave(&ready, 1);
    }
    uint32_t crc = ~0u;
    for (size_t i = 0; i < length; i++)
        crc = table[(crc ^ bytes[i]) & 255] ^ crc >> 8;
    return ~crc;
}

void
lj_put_number(GByteArray *out, uint64_t value)
{
    uint8_t byte;
    for (; value > 127; value >>= 7) {
        byte = (uint8_t)((value & 127) | 128);
        g_byte_array_append(out, &byte, 1);
    }
    byte = (uint8_t)value;
    g_byte_array_append(out, &byte, 1);
}

void
lj_put_string(GByteArray *out, const char *text)
{
    size_t length = text ? strlen(text) : 0;
    lj_put_number(out, length);
    g_byte_array_append(out, (const uint8_t *)text, (guint)length);
}

void
lj_put_record(GByteArray *out, const GByteArray *body)
{
    uint32_t crc = crc32c(body->data, body->len);
    uint8_t little[4] = {(uint8_t)crc, (uint8_t)(crc >> 8), (uint8_t)(crc >> 16),
                         (uint8_t)(crc >> 24)};
    lj_put_number(out, (uint64_t)body->len + 4);
    g_byte_array_append(out, little, 4);
    g_byte_array_append(out, body->data, body->len);
}

uint64_t
lj_get_number(struct lj_rest *rest)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (rest->at == rest->end)
            break;
        uint8_t byte = *rest->at++;
        value |= (uint64_t)(byte & 127) << shift;
        if (byte < 128)
            return value;
    }
    rest->bad = true;
    return 0;
}

const char *
lj_get_bytes(struct lj_rest *rest, size_t *length)
{
    uint64_t n = lj_get_number(rest);
    rest->bad |= n > (uint64_t)(rest->end - rest->at);
    *length = rest->bad ? 0 : (size_t)n;
    const char *bytes = (const char *)rest->at;
    rest->at += *length;
    return bytes;
}

char *
lj_get_string(struct lj_rest *rest)
{
    size_t length;
    const char *bytes = lj_get_bytes(rest, &length);
    return g_strndup(bytes, length);
}

bool
lj_get_record(struct lj_rest *rest, struct lj_rest *body)
{
    if (rest->bad || rest->at == rest->end)
        return false;
    struct lj_rest ahead = *rest;
    uint64_t length = lj_get_number(&ahead);
    rest->bad = ahead.bad || length < 4 || length > (uint64_t)(ahead.end - ahead.at);
    if (rest->bad)
        return false;
    const uint8_t *p = ahead.at;
    uint32_t crc = p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
    rest->bad = crc32c(p + 4, (size_t)length - 4) != crc;
    if (rest->bad)
        return false;
    *body = (struct lj_rest){p + 4, p + length, false};
    rest->at = p + length;
    return true;
}

bool
lj_write_at(int fd, const uint8_t *bytes, size_t length, uint64_t offset)
{
    while (length > 0) {
        ssize_t n = pwrite(fd, bytes, length, (off_t)offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            errno = n == 0 ? EIO : errno;
            return false;
        }
        bytes += n;
        length -= (size_t)n;
        offset += (uint64_t)n;
    }
    return true;
}
