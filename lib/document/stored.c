#include "legajo/stored.h"
#include "document/dictionary.h"
#include "document/flat.h"
#include "document/utf8.h"
#include "i18n.h"

#include <string.h>
#include <zstd.h>

#define STORED_APART 1
#define STORED_TOGETHER 2
/* Up to this the text stands with the header in one frame: setting out on a second one costs as much time and
 * nearly as many bytes as what it would hold. */
#define TOGETHER 4096
#define DICTIONARY 2
/* Measured over laws and records, by tests/bench/dictionary.c: level 3 takes a third longer and makes texts 1.5%
 * smaller. */
#define LEVEL 1
/* No frame is longer (lj_frame_cut), no header makes sense beyond: what damaged data may claim. */
#define FRAME_CEILING (LJ_FRAME_SIZE * 2)
#define HEADER_CEILING (256u << 20)

size_t
lj_frame_cut(const char *text, size_t length)
{
    if (length <= LJ_FRAME_SIZE * 5 / 4)
        return length;
    size_t line = 0, blank = 0;
    for (size_t at = LJ_FRAME_SIZE; at > LJ_FRAME_SIZE * 3 / 4; at--) {
        char last = text[at - 1];
        if (last == '\n') {
            if (text[at - 2] == '\n')
                return at;
            if (line == 0 && text[at - 2] != '-')
                line = at;
        } else if (blank == 0 && last == ' ') {
            blank = at;
        }
    }
    if (line > 0)
        return line;
    if (blank > 0)
        return blank;
    size_t at = LJ_FRAME_SIZE;
    while (at > LJ_FRAME_SIZE - 4 && ((uint8_t)text[at] & 0xC0) == 0x80)
        at--;
    return at;
}

/* Contexts are a megabyte and a digest of the dictionary: made once a thread, at first use. They
 * hold no state between calls. */
struct packer {
    ZSTD_CCtx *context;
    GByteArray *header; /* scratch */
};

static void
free_packer(gpointer data)
{
    struct packer *packer = data;
    ZSTD_freeCCtx(packer->context);
    g_byte_array_unref(packer->header);
    g_free(packer);
}

static void
free_dctx(gpointer context)
{
    ZSTD_freeDCtx(context);
}

static struct packer *
packer_here(void)
{
    static GPrivate slot = G_PRIVATE_INIT(free_packer);
    struct packer *packer = g_private_get(&slot);
    if (!packer) {
        GBytes *dictionary = lj_dictionary_2();
        packer = g_new(struct packer, 1);
        *packer = (struct packer){ZSTD_createCCtx(), g_byte_array_new()};
        if (!packer->context)
            g_error("out of memory for a compressor");
        ZSTD_CCtx_setParameter(packer->context, ZSTD_c_compressionLevel, LEVEL);
        ZSTD_CCtx_setParameter(packer->context, ZSTD_c_checksumFlag, 1);
        ZSTD_CCtx_setParameter(packer->context, ZSTD_c_dictIDFlag,
                               0); /* the document's second byte says it */
        ZSTD_CCtx_loadDictionary(packer->context, g_bytes_get_data(dictionary, NULL),
                                 g_bytes_get_size(dictionary));
        g_private_set(&slot, packer);
        g_bytes_unref(dictionary);
    }
    return packer;
}

/* Frames written with the words alone point to the same words, and to no tables. */
static ZSTD_DCtx *
decompressor(void)
{
    static GPrivate slot = G_PRIVATE_INIT(free_dctx);
    ZSTD_DCtx *context = g_private_get(&slot);
    if (!context) {
        GBytes *dictionary = lj_dictionary_2();
        context = ZSTD_createDCtx();
        if (!context)
            g_error("out of memory for a decompressor");
        ZSTD_DCtx_loadDictionary(context, g_bytes_get_data(dictionary, NULL),
                                 g_bytes_get_size(dictionary));
        g_private_set(&slot, context);
        g_bytes_unref(dictionary);
    }
    return context;
}

/* Appends the compressed bytes to out. */
static void
deflate_to(const void *bytes, size_t length, GByteArray *out)
{
    guint at = out->len;
    size_t bound = ZSTD_compressBound(length);
    g_byte_array_set_size(out, at + (guint)bound);
    size_t size = ZSTD_compress2(packer_here()->context, out->data + at, bound, bytes, length);
    if (ZSTD_isError(size)) /* the bound rules out all but a lack of memory */
        g_error("zstd: %s", ZSTD_getErrorName(size));
    g_byte_array_set_size(out, at + (guint)size);
}

static uint32_t
code_points(const struct lj_document *document, const struct lj_frame *frame)
{
    g_assert((uint64_t)frame->offset + frame->bytes <= document->text->len);
    return (uint32_t)lj_utf8_points(document->text->str + frame->offset, frame->bytes);
}

void
lj_stored_encode(const struct lj_document *document, const struct lj_frame *frames, size_t n_frames,
                 GByteArray *data, GPtrArray *rest)
{
    GByteArray *header = packer_here()->header;
    g_byte_array_set_size(header, 0);
    lj_document_write_head(document, header);
    uint32_t position = 0;
    bool together = n_frames == 1 && frames[0].bytes <= TOGETHER;
    guint end_of_head = header->len;
    g_byte_array_set_size(header, end_of_head + (guint)(1 + 4 * n_frames) * FLAT_NUMBER_MOST);
    uint8_t *p = flat_write_number(header->data + end_of_head, n_frames);
    for (size_t i = 0; i < n_frames; i++) {
        p = flat_write_number(p, frames[i].bytes);
        p = flat_write_number(p, frames[i].first_position - position);
        p = flat_write_number(p, frames[i].tokens);
        p = flat_write_number(p, frames[i].bytes - code_points(document, &frames[i]));
        position = frames[i].first_position;
    }
    g_byte_array_set_size(header, (guint)(p - header->data));
    const uint8_t versions[] = {together ? STORED_TOGETHER : STORED_APART, DICTIONARY};
    g_byte_array_append(data, versions, sizeof versions);
    if (together) {
        g_byte_array_append(header, (const uint8_t *)document->text->str + frames[0].offset,
                            frames[0].bytes);
        deflate_to(header->data, header->len, data);
        return;
    }
    guint at = data->len;
    deflate_to(header->data, header->len, data);
    /* its length goes in front of it */
    guint end = data->len, length = end - at;
    flat_put_number(data, length);
    guint number = data->len - end;
    uint8_t bytes[10];
    memcpy(bytes, data->data + end, number);
    memmove(data->data + at + number, data->data + at, length);
    memcpy(data->data + at, bytes, number);

    for (size_t i = 0; i < n_frames; i++) {
        const char *text = document->text->str + frames[i].offset;
        if (i == 0) {
            deflate_to(text, frames[i].bytes, data);
            continue;
        }
        GByteArray *frame = g_byte_array_new();
        deflate_to(text, frames[i].bytes, frame);
        g_ptr_array_add(rest, g_byte_array_free_to_bytes(frame));
    }
}

static char *
inflate_frame(const uint8_t *bytes, size_t length, size_t expected)
{
    char *text = g_try_malloc(expected + 1);
    if (!text)
        return NULL;
    size_t size = ZSTD_decompressDCtx(decompressor(), text, expected, bytes, length);
    if (ZSTD_isError(size) || size != expected) {
        g_free(text);
        return NULL;
    }
    text[expected] = 0;
    return text;
}

char *
lj_stored_inflate(const uint8_t *bytes, size_t length, size_t expected, GError **error)
{
    char *text = expected <= FRAME_CEILING ? inflate_frame(bytes, length, expected) : NULL;
    if (!text)
        g_set_error_literal(error, LJ_ERROR, LJ_ERROR_DAMAGED,
                            _("a piece of the stored text is damaged; the index should be rebuilt "
                              "(indexer --rebuild=full)"));
    return text;
}

/* The frame directory behind the document's own header. */
static bool
read_directory(struct lj_stored *stored, struct flat_reader *in)
{
    size_t n = flat_count(in);
    uint32_t position = 0;
    for (size_t i = 0; i < n && !in->bad; i++) {
        struct lj_frame frame = {.offset = (uint32_t)stored->text_bytes};
        frame.bytes = flat_number32(in);
        position += flat_number32(in);
        frame.first_position = position;
        frame.tokens = flat_number32(in);
        uint32_t further = flat_number32(in);
        frame.points = frame.bytes - MIN(frame.bytes, further);
        stored->text_bytes += frame.bytes;
        stored->words += frame.tokens;
        if (frame.bytes == 0 || frame.bytes > FRAME_CEILING || stored->text_bytes > UINT32_MAX)
            in->bad = true;
        g_array_append_val(stored->frames, frame);
    }
    return !in->bad && lj_document_marks_within(stored->document, stored->text_bytes);
}

static bool
read_stored(struct lj_stored *stored, const uint8_t *data, size_t length)
{
    struct flat_reader in = {data + 2, data + length, false};
    bool together = data[0] == STORED_TOGETHER;
    size_t packed_length = length - 2;
    const uint8_t *packed = together ? data + 2 : flat_bytes(&in, &packed_length);
    if (!packed)
        return false;
    /* Unknown and faulty sizes are huge. A block of zstd, 128 KiB, takes three bytes at least: what
     * claims more is damage and gets no memory. */
    unsigned long long expected = ZSTD_getFrameContentSize(packed, packed_length);
    if (expected > HEADER_CEILING || expected / 65536 > packed_length)
        return false;
    char *flat = inflate_frame(packed, packed_length, (size_t)expected);
    if (!flat)
        return false;
    struct flat_reader fields = {(uint8_t *)flat, (uint8_t *)flat + expected, false};
    stored->document = lj_document_read_head(&fields);
    bool good = stored->document && read_directory(stored, &fields);
    size_t left = (size_t)(fields.end - fields.at);
    if (!together) {
        good = good && left == 0;
        if (good && stored->frames->len > 0)
            stored->first = g_bytes_new(in.at, (gsize)(in.end - in.at));
    } else {
        good = good && stored->frames->len == 1 && left == stored->text_bytes;
        if (good)
            stored->text = g_strndup((const char *)fields.at, left);
    }
    g_free(flat);
    return good;
}

char *
lj_stored_first(const struct lj_stored *stored, GError **error)
{
    if (stored->text)
        return g_memdup2(stored->text, stored->text_bytes + 1);
    gsize size = 0;
    const uint8_t *bytes = stored->first ? g_bytes_get_data(stored->first, &size) : NULL;
    /* no frame is empty: where there is none, that is told as damage */
    size_t expected =
        stored->frames->len ? g_array_index(stored->frames, struct lj_frame, 0).bytes : 1;
    return lj_stored_inflate(bytes, size, expected, error);
}

struct lj_stored *
lj_stored_decode(const uint8_t *data, size_t length, GError **error)
{
    if (length < 3 || data[0] == 0) {
        g_set_error_literal(error, LJ_ERROR, LJ_ERROR_DAMAGED,
                            _("a stored document is damaged; the index should be rebuilt "
                              "(indexer --rebuild=full)"));
        return NULL;
    }
    if (data[0] > STORED_TOGETHER || data[1] == 0 || data[1] > DICTIONARY) {
        g_set_error_literal(error, LJ_ERROR, LJ_ERROR_NEWER,
                            _("a stored document was written by a later legajo; update legajo"));
        return NULL;
    }
    struct lj_stored *stored = g_new0(struct lj_stored, 1);
    stored->frames = g_array_new(FALSE, FALSE, sizeof(struct lj_frame));
    if (read_stored(stored, data, length))
        return stored;
    lj_stored_free(stored);
    g_set_error_literal(error, LJ_ERROR, LJ_ERROR_DAMAGED,
                        _("a stored document is damaged; the index should be rebuilt "
                          "(indexer --rebuild=full)"));
    return NULL;
}

void
lj_stored_free(struct lj_stored *stored)
{
    if (!stored)
        return;
    lj_document_free(stored->document);
    g_array_unref(stored->frames);
    if (stored->first)
        g_bytes_unref(stored->first);
    g_free(stored->text);
    g_free(stored);
}

size_t
lj_stored_frame_key(const char *id, uint32_t number, char out[16])
{
    uint8_t digest[20];
    lj_id_digest(id, digest);
    out[0] = 'T';
    memcpy(out + 1, digest, 8);
    return (size_t)(flat_write_number((uint8_t *)out + 9, number) - (uint8_t *)out);
}
