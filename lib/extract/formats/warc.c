/* Web archives (WARC, ISO 28500), packed or not: the pages that were answered, each a document of its own
 * named by its URL. The day of the capture is not the day of the document. */
#include "extract/formats.h"
#include "i18n.h"

#include <inttypes.h>
#include <string.h>
#include <zlib.h>

#define CHUNK (256u << 10)
#define HEAD_CEILING (256u << 10)
#define PAYLOAD_CEILING (256u << 20)

/* The archive as one stream, unpacked where its members are. */
struct stream {
    struct lj_job *job;
    GError **error;
    bool packed, ended, broken;
    z_stream unpacker;
    uint8_t *raw; /* CHUNK bytes */
    GByteArray *held;
    size_t at; /* of held: what is before is done with */
};

static bool
unpack(struct stream *s, const uint8_t *bytes, size_t length)
{
    uint8_t out[65536];
    s->unpacker.next_in = (Bytef *)(uintptr_t)bytes;
    s->unpacker.avail_in = (uInt)length;
    do {
        s->unpacker.next_out = out;
        s->unpacker.avail_out = sizeof out;
        int status = inflate(&s->unpacker, Z_NO_FLUSH);
        g_byte_array_append(s->held, out, (guint)(sizeof out - s->unpacker.avail_out));
        if (status == Z_STREAM_END) /* the next record is a member of its own */
            inflateReset(&s->unpacker);
        else if (status != Z_OK && status != Z_BUF_ERROR)
            return false;
        if (status == Z_BUF_ERROR && s->unpacker.avail_out > 0)
            break;
    } while (s->unpacker.avail_in > 0 || s->unpacker.avail_out == 0);
    return true;
}

/* Holds at least want bytes, where there are as many. */
static size_t
fill(struct stream *s, size_t want)
{
    while (s->held->len - s->at < want && !s->ended) {
        if (s->at > 0) {
            g_byte_array_remove_range(s->held, 0, (guint)s->at);
            s->at = 0;
        }
        gssize got = lj_input_read(s->job, s->raw, CHUNK, s->error);
        if (got <= 0) {
            s->ended = true;
        } else if (!s->packed) {
            g_byte_array_append(s->held, s->raw, (guint)got);
        } else if (!unpack(s, s->raw, (size_t)got)) {
            s->ended = s->broken = true;
        }
    }
    return s->held->len - s->at;
}

/* Passes bytes over without holding them. */
static bool
skip(struct stream *s, uint64_t length)
{
    while (length > 0) {
        size_t have = fill(s, 1);
        if (have == 0)
            return false;
        size_t n = (size_t)MIN(length, have);
        s->at += n;
        length -= n;
    }
    return true;
}

/* Length of a block of header lines with the empty one that ends it; 0: none within the bytes. */
static size_t
head_length(const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i + 1 < length; i++) {
        if (bytes[i] != '\n')
            continue;
        if (bytes[i + 1] == '\n')
            return i + 2;
        if (i + 2 < length && bytes[i + 1] == '\r' && bytes[i + 2] == '\n')
            return i + 3;
    }
    return 0;
}

/* A header's value, of any line of the block; g_free. NULL: not there. */
static char *
header(const uint8_t *bytes, size_t length, const char *name)
{
    size_t n = strlen(name);
    const char *text = (const char *)bytes, *end = text + length;
    while (text < end) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        size_t line = (size_t)((stop ? stop : end) - text);
        if (line > n && text[n] == ':' && g_ascii_strncasecmp(text, name, n) == 0) {
            char *value = g_strndup(text + n + 1, line - n - 1);
            return g_strstrip(value);
        }
        text += line + 1;
    }
    return NULL;
}

static bool
header_is(const uint8_t *bytes, size_t length, const char *name, const char *word)
{
    char *value = header(bytes, length, name), *low = value ? g_ascii_strdown(value, -1) : NULL;
    bool is = low && strstr(low, word);
    g_free(value);
    g_free(low);
    return is;
}

/* "1a\r\n…\r\n0\r\n\r\n" → the bytes. What is cut off ends it. */
static GByteArray *
join_chunks(const uint8_t *bytes, size_t length)
{
    GByteArray *out = g_byte_array_new();
    size_t at = 0;
    while (at < length) {
        size_t size = 0, digits = 0;
        for (; at < length && g_ascii_isxdigit(bytes[at]) && digits < 8; at++, digits++)
            size = size * 16 + (size_t)g_ascii_xdigit_value((char)bytes[at]);
        while (at < length && bytes[at] != '\n')
            at++;
        at++;
        if (digits == 0 || size == 0 || at >= length)
            break;
        size = MIN(size, length - at);
        g_byte_array_append(out, bytes + at, (guint)size);
        at += size;
        while (at < length && (bytes[at] == '\r' || bytes[at] == '\n'))
            at++;
    }
    return out;
}

/* Content-Encoding gzip or deflate. NULL: damaged, or too much. */
static GByteArray *
inflate_all(const uint8_t *bytes, size_t length, int window)
{
    z_stream z = {.next_in = (Bytef *)(uintptr_t)bytes, .avail_in = (uInt)length};
    if (inflateInit2(&z, window) != Z_OK)
        return NULL;
    GByteArray *out = g_byte_array_new();
    uint8_t block[65536];
    int status = Z_OK;
    while (status == Z_OK && out->len <= PAYLOAD_CEILING) {
        z.next_out = block;
        z.avail_out = sizeof block;
        status = inflate(&z, Z_NO_FLUSH);
        g_byte_array_append(out, block, (guint)(sizeof block - z.avail_out));
    }
    inflateEnd(&z);
    bool good = out->len > 0 && out->len <= PAYLOAD_CEILING &&
                (status == Z_STREAM_END || status == Z_BUF_ERROR);
    if (!good)
        g_clear_pointer(&out, g_byte_array_unref);
    return out;
}

/* Of what a server sends, what may be a document: pictures of pages in archives of the web are ornaments. */
static bool
is_wanted(const char *type)
{
    static const char *const unwanted[] = {
        "image/",   "video/",        "audio/",  "font/",    "text/css", "javascript", "ecmascript",
        "json",     "font-woff",     "x-font",  "opentype", "truetype", "wasm",       "x-shockwave",
        "manifest", "ms-fontobject", "rss+xml", "atom+xml", "dns"};
    for (size_t i = 0; type && i < G_N_ELEMENTS(unwanted); i++)
        if (strstr(type, unwanted[i]))
            return false;
    return true;
}

/* What the bytes behind a URL are called: its last part, with an ending where only the type tells. g_free. */
static char *
name_of(const char *url, const char *type)
{
    size_t end = strcspn(url, "?#");
    char *path = g_strndup(url, end), *slash = strrchr(path, '/');
    char *name = g_uri_unescape_string(slash ? slash + 1 : path, "/");
    if (!name)
        name = g_strdup(slash ? slash + 1 : path);
    g_free(path);
    const char *dot = strrchr(name, '.');
    bool html = type && strstr(type, "html");
    if (html &&
        (!dot || (g_ascii_strcasecmp(dot, ".html") != 0 && g_ascii_strcasecmp(dot, ".htm") != 0))) {
        char *longer = g_strconcat(*name ? name : "index", ".html", NULL);
        g_free(name);
        name = longer;
    }
    if (!g_utf8_validate(name, -1, NULL)) {
        char *valid = g_utf8_make_valid(name, -1);
        g_free(name);
        name = valid;
    }
    return name;
}

static bool
hand_on(struct lj_job *job, const char *url, const char *type, const uint8_t *bytes, size_t length)
{
    char *valid = g_utf8_make_valid(url, -1), *name = name_of(valid, type);
    char *member = job->member ? g_strconcat(job->member, "!/", valid, NULL) : g_strdup(valid);
    const char *before = job->url, *declared = job->declared;
    const char *charset = type ? strstr(type, "charset=") : NULL;
    char *said = NULL;
    if (charset) {
        charset += strspn(charset + 8, "\"' ") + 8;
        said = g_strndup(charset, strcspn(charset, "\"'; "));
    }
    job->url = valid;
    job->declared = said && *said ? said : NULL;
    bool heard = lj_job_nested(job, name, member, bytes, length);
    job->url = before;
    job->declared = declared;
    g_free(said);
    g_free(member);
    g_free(name);
    g_free(valid);
    return heard;
}

static void
fail(struct lj_job *job, const char *url, const char *why)
{
    char *valid = g_utf8_make_valid(url, -1);
    char *member = job->member ? g_strconcat(job->member, "!/", valid, NULL) : g_strdup(valid);
    lj_job_fail(job, member, g_error_new_literal(LJ_ERROR, LJ_ERROR_FORMAT, why));
    g_free(member);
    g_free(valid);
}

/* An HTTP answer: only one that went well has the document. */
static bool
take_response(struct lj_job *job, const char *url, const uint8_t *bytes, size_t length)
{
    size_t head = head_length(bytes, MIN(length, HEAD_CEILING));
    if (head == 0 || length < 12 || memcmp(bytes, "HTTP/", 5) != 0)
        return true;
    const uint8_t *blank = memchr(bytes, ' ', MIN(head, 20));
    if (!blank || memcmp(blank + 1, "200", 3) != 0)
        return true;
    char *type = header(bytes, head, "Content-Type"),
         *low = type ? g_ascii_strdown(type, -1) : NULL;
    bool heard = true;
    if (is_wanted(low)) {
        const uint8_t *body = bytes + head;
        size_t size = length - head;
        GByteArray *joined = NULL, *plain = NULL;
        if (header_is(bytes, head, "Transfer-Encoding", "chunked") && size > 0 &&
            g_ascii_isxdigit(*body)) {
            joined = join_chunks(body, size);
            if (joined->len > 0) { /* else the archiver has joined them and left the header */
                body = joined->data;
                size = joined->len;
            }
        }
        bool packed = size > 2 && body[0] == 0x1f && body[1] == 0x8b;
        bool bad = header_is(bytes, head, "Content-Encoding", "br") ||
                   header_is(bytes, head, "Content-Encoding", "zstd");
        if (header_is(bytes, head, "Content-Encoding", "gzip") && packed)
            bad |= !(plain = inflate_all(body, size, 15 + 32));
        else if (header_is(bytes, head, "Content-Encoding", "deflate"))
            if (!(plain = inflate_all(body, size, 15)))
                bad |= !(plain = inflate_all(body, size, -15));
        if (plain) {
            body = plain->data;
            size = plain->len;
        }
        if (bad)
            fail(job, url, _("its Content-Encoding is damaged or not known"));
        else if (size > 0)
            heard = hand_on(job, url, low, body, size);
        if (joined)
            g_byte_array_unref(joined);
        if (plain)
            g_byte_array_unref(plain);
    }
    g_free(type);
    g_free(low);
    return heard;
}

static bool
take_payload(struct stream *s, const uint8_t *head, size_t head_size, uint64_t length)
{
    struct lj_job *job = s->job;
    char *kind = header(head, head_size, "WARC-Type"),
         *url = header(head, head_size, "WARC-Target-URI"),
         *type = header(head, head_size, "Content-Type");
    bool response = kind && strcmp(kind, "response") == 0;
    bool resource = kind && (strcmp(kind, "resource") == 0 || strcmp(kind, "conversion") == 0);
    bool heard = true, good = true;
    if (url && *url == '<') { /* as some tools of WARC 1.0 wrote it */
        size_t n = strlen(url);
        memmove(url, url + 1, n);
        if (n > 1 && url[n - 2] == '>')
            url[n - 2] = 0;
    }
    bool wanted = url && *url && (response || resource) && !g_str_has_prefix(url, "dns:");
    if (wanted && length > PAYLOAD_CEILING) {
        char why[80];
        g_snprintf(why, sizeof why, _("longer than %u MB"), PAYLOAD_CEILING >> 20);
        fail(job, url, why);
        wanted = false;
    }
    if (!wanted) {
        good = skip(s, length);
    } else if (fill(s, (size_t)length) < length) {
        good = false;
    } else {
        const uint8_t *bytes = s->held->data + s->at;
        char *low = type ? g_ascii_strdown(type, -1) : NULL;
        if (response)
            heard = take_response(job, url, bytes, (size_t)length);
        else if (length > 0 && is_wanted(low))
            heard = hand_on(job, url, low, bytes, (size_t)length);
        s->at += (size_t)length;
        g_free(low);
    }
    g_free(kind);
    g_free(url);
    g_free(type);
    if (!heard)
        s->ended = true;
    return good;
}

static bool
extract(struct lj_job *job, GError **error)
{
    struct stream s = {
        .job = job, .error = error, .raw = g_malloc(CHUNK), .held = g_byte_array_new()};
    s.packed = job->input->length > 2 && job->input->bytes[0] == 0x1f;
    bool good = !s.packed || inflateInit2(&s.unpacker, 15 + 16) == Z_OK;
    uint64_t records = 0;
    while (good && lj_job_listens(job)) {
        while (fill(&s, 1) > 0 && strchr("\r\n", s.held->data[s.at]) && s.held->data[s.at])
            s.at++;
        size_t have = fill(&s, 1), head = 0;
        if (have == 0)
            break;
        for (size_t want = 4096; head == 0 && want <= HEAD_CEILING; want *= 2) {
            have = fill(&s, want);
            head = head_length(s.held->data + s.at, MIN(have, want));
            if (have < want)
                break;
        }
        if (head == 0 || have < 5 || memcmp(s.held->data + s.at, "WARC/", 5) != 0) {
            good = false;
            break;
        }
        uint8_t *copy = g_memdup2(s.held->data + s.at, head);
        char *length = header(copy, head, "Content-Length");
        uint64_t size = length ? g_ascii_strtoull(length, NULL, 10) : 0;
        s.at += head;
        good = length != NULL && take_payload(&s, copy, head, size);
        records++;
        g_free(length);
        g_free(copy);
    }
    if (s.packed)
        inflateEnd(&s.unpacker);
    g_byte_array_unref(s.held);
    g_free(s.raw);
    if (error && *error)
        return false;
    if (!good || s.broken) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_FORMAT,
                    _("the web archive is damaged or cut off after %" PRIu64 " records"), records);
        return false;
    }
    return true;
}

/* "WARC/1.0", or a gzip member that begins so. */
static bool
recognise(const struct lj_probe *probe)
{
    if (lj_looks_like_warc(probe->head, probe->length))
        return true;
    if (probe->length < 20 || probe->head[0] != 0x1f || probe->head[1] != 0x8b)
        return false;
    uint8_t out[16];
    z_stream z = {.next_in = (Bytef *)(uintptr_t)probe->head,
                  .avail_in = (uInt)probe->length,
                  .next_out = out,
                  .avail_out = sizeof out};
    if (inflateInit2(&z, 15 + 16) != Z_OK)
        return false;
    inflate(&z, Z_SYNC_FLUSH);
    size_t n = sizeof out - z.avail_out;
    inflateEnd(&z);
    return lj_looks_like_warc(out, n);
}

const struct lj_format lj_format_warc = {"web archives (WARC)", "application/warc", recognise,
                                         extract};
