#include "extract/output.h"
#include "extract/protocol.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define GATHER (128u << 10)

/* Sends pending and the bytes behind it. */
static bool
flush(struct lj_output *output, const void *bytes, size_t length)
{
    struct iovec parts[2] = {{output->pending->data, output->pending->len},
                             {(void *)(uintptr_t)bytes, length}};
    while (!output->gone && parts[0].iov_len + parts[1].iov_len > 0) {
        struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
        ssize_t sent = sendmsg(output->fd, &message, MSG_NOSIGNAL);
        if (sent < 0) {
            if (errno != EINTR)
                output->gone = true;
            continue;
        }
        for (int i = 0; i < 2; i++) {
            size_t n = MIN((size_t)sent, parts[i].iov_len);
            if (n == 0)
                continue;
            parts[i].iov_base = (uint8_t *)parts[i].iov_base + n;
            parts[i].iov_len -= n;
            sent -= (ssize_t)n;
        }
    }
    g_byte_array_set_size(output->pending, 0);
    return !output->gone;
}

/* Room for the length, and the kind; finish writes the length, extra being sent outside pending. */
static guint
begin(struct lj_output *output, enum protocol_kind kind)
{
    const uint8_t head[5] = {0, 0, 0, 0, (uint8_t)kind};
    guint at = output->pending->len;
    g_byte_array_append(output->pending, head, sizeof head);
    return at;
}

static void
finish(struct lj_output *output, guint at, size_t extra)
{
    uint32_t length = GUINT32_TO_LE((uint32_t)(output->pending->len - at - 4 + extra));
    memcpy(output->pending->data + at, &length, 4);
}

bool
lj_output_document(struct lj_output *output, const struct lj_document *document)
{
    guint at = begin(output, PROTOCOL_DOCUMENT);
    lj_document_write_head(document, output->pending);
    size_t length = document->text->len;
    flat_put_number(output->pending, length);
    if (output->alive)
        output->alive(output->timeout_ms);
    if (length < GATHER) {
        g_byte_array_append(output->pending, (const uint8_t *)document->text->str, (guint)length);
        finish(output, at, 0);
        return output->pending->len < GATHER || flush(output, NULL, 0);
    }
    finish(output, at, length);
    return flush(output, document->text->str, length);
}

bool
lj_output_same(struct lj_output *output, uint32_t number)
{
    guint at = begin(output, PROTOCOL_SAME);
    flat_put_number(output->pending, number);
    finish(output, at, 0);
    if (output->alive)
        output->alive(output->timeout_ms);
    return output->pending->len < GATHER || flush(output, NULL, 0);
}

static void
put_failure(struct lj_output *output, const GError *failure)
{
    bool ours = failure->domain == LJ_ERROR;
    flat_put_number(output->pending, ours ? (uint64_t)failure->code : LJ_ERROR_FORMAT);
    char *message = g_utf8_make_valid(failure->message, -1);
    flat_put_string(output->pending, message);
    g_free(message);
}

bool
lj_output_failure(struct lj_output *output, const char *member, const GError *failure)
{
    guint at = begin(output, PROTOCOL_FAILURE);
    flat_put_string(output->pending, member);
    put_failure(output, failure);
    finish(output, at, 0);
    return output->pending->len < GATHER || flush(output, NULL, 0);
}

bool
lj_output_left(struct lj_output *output, uint32_t pages, bool whole)
{
    guint at = begin(output, PROTOCOL_LEFT);
    flat_put_number(output->pending, pages);
    flat_put_number(output->pending, whole);
    finish(output, at, 0);
    return flush(output, NULL, 0);
}

static bool
receive(struct lj_output *output, void *bytes, size_t length)
{
    for (size_t at = 0; at < length;) {
        ssize_t got = recv(output->fd, (uint8_t *)bytes + at, length - at, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            output->gone = true;
            return false;
        }
        at += (size_t)got;
    }
    return true;
}

bool
lj_output_ask(struct lj_output *output, const uint8_t key[32], GString *text)
{
    guint at = begin(output, PROTOCOL_ASK);
    g_byte_array_append(output->pending, key, 32);
    finish(output, at, 0);
    uint32_t length;
    uint8_t known;
    if (!flush(output, NULL, 0) || !receive(output, &length, 4))
        return false;
    length = GUINT32_FROM_LE(length);
    if (length < 1 || length > PROTOCOL_PAGE_CEILING || !receive(output, &known, 1)) {
        output->gone = true;
        return false;
    }
    gsize old = text->len;
    g_string_set_size(text, old + length - 1);
    if (length > 1 && !receive(output, text->str + old, length - 1)) {
        g_string_truncate(text, old);
        return false;
    }
    if (output->alive) /* waiting for another that reads the same page is no hang */
        output->alive(output->timeout_ms);
    return known;
}

bool
lj_output_page(struct lj_output *output, const uint8_t key[32], const GString *text)
{
    guint at = begin(output, PROTOCOL_PAGE);
    g_byte_array_append(output->pending, key, 32);
    g_byte_array_append(output->pending, (const uint8_t *)text->str,
                        (guint)MIN(text->len, PROTOCOL_PAGE_CEILING - 64));
    finish(output, at, 0);
    if (output->alive)
        output->alive(output->timeout_ms);
    return flush(output, NULL, 0);
}

bool
lj_output_other(struct lj_output *output, const char *mime)
{
    guint at = begin(output, PROTOCOL_OTHER);
    flat_put_string(output->pending, mime);
    finish(output, at, 0);
    return flush(output, NULL, 0);
}

bool
lj_output_end(struct lj_output *output, const GError *failure)
{
    guint at = begin(output, PROTOCOL_END);
    if (failure)
        put_failure(output, failure);
    finish(output, at, 0);
    return flush(output, NULL, 0);
}

bool
lj_output_wait(struct lj_output *output, int fd)
{
    for (;;) {
        struct pollfd ready[2] = {{fd, POLLIN, 0}, {output->fd, 0, 0}};
        int n = poll(ready, 2, output->pending->len > 0 ? 0 : 1000);
        if (n < 0 && errno != EINTR)
            return true; /* the read will tell */
        if (n > 0 && ready[0].revents)
            return true;
        if (n > 0 && ready[1].revents) /* the client has hung up */
            output->gone = true;
        if (n == 0 && output->pending->len == 0) {
            guint at = begin(output, PROTOCOL_WAITING);
            finish(output, at, 0);
        }
        if (output->gone || !flush(output, NULL, 0))
            return false;
        if (output->alive)
            output->alive(output->timeout_ms);
    }
}
