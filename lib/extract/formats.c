#include "extract/formats.h"
#include "extract/charset.h"
#ifdef LJ_EXTRACT_FULL
#include "extract/ole.h"
#endif
#include "i18n.h"

#include <string.h>

/* Asked in this order: containers and marked formats first, plain text last, since any text is one.
 */
/* clang-format off: a row a line */
const struct lj_format *const lj_formats[] = {
#ifdef LJ_EXTRACT_FULL
    &lj_format_warc,
#ifdef LEGAJO_HAVE_POPPLER
    &lj_format_pdf,
#endif
#ifdef LEGAJO_HAVE_ARCHIVE
    &lj_format_docx,      &lj_format_odf,   &lj_format_epub,     &lj_format_xlsx,  &lj_format_pptx,
    &lj_format_archive,
#endif
    &lj_format_msg,       &lj_format_doc,   &lj_format_xls,      &lj_format_ppt,   &lj_format_image,
    &lj_format_tnef,
#ifdef LEGAJO_HAVE_GMIME
    &lj_format_mail,
#endif
#ifdef LEGAJO_HAVE_PST
    &lj_format_pst,
#endif
#endif
    &lj_format_rtf,       &lj_format_jsonl, &lj_format_json,     &lj_format_html,  &lj_format_xml,
    &lj_format_subtitles, &lj_format_csv,   &lj_format_markdown, &lj_format_plain, NULL,
};
/* clang-format on */

/* What files begin with (offset, bytes, type): kinds that are no text. */
static const struct {
    uint16_t offset;
    const char *bytes;
    uint8_t length;
    const char *mime;
} magics[] = {
    {0, "%PDF-", 5, "application/pdf"},
    {0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8, "application/x-ole-storage"},
    {0, "PK\3\4", 4, "application/zip"},
    {0, "PK\5\6", 4, "application/zip"},
    {0, "{\\rtf", 5, "application/rtf"},
    {0, "\xff\xd8\xff", 3, "image/jpeg"},
    {0, "\x89PNG\r\n\x1a\n", 8, "image/png"},
    {0, "GIF87a", 6, "image/gif"},
    {0, "GIF89a", 6, "image/gif"},
    {0, "II*\0", 4, "image/tiff"},
    {0, "MM\0*", 4, "image/tiff"},
    {8, "WEBP", 4, "image/webp"},
    {8, "WAVE", 4, "audio/x-wav"},
    {8, "AVI ", 4, "video/x-msvideo"},
    {0, "BM", 2, "image/bmp"},
    {0, "\0\0\1\0", 4, "image/vnd.microsoft.icon"},
    {0, "AT&TFORM", 8, "image/vnd.djvu"},
    {0, "\x1f\x8b", 2, "application/gzip"},
    {0, "BZh", 3, "application/x-bzip2"},
    {0,
     "\xfd"
     "7zXZ\0",
     6, "application/x-xz"},
    {0, "\x28\xb5\x2f\xfd", 4, "application/zstd"},
    {0, "7z\xbc\xaf\x27\x1c", 6, "application/x-7z-compressed"},
    {0, "Rar!\x1a\x07", 6, "application/vnd.rar"},
    {0, "!BDN", 4, "application/vnd.ms-outlook-pst"},
    {0, "\x78\x9f\x3e\x22", 4, "application/vnd.ms-tnef"},
    {0, "SQLite format 3\0", 16, "application/vnd.sqlite3"},
    {0,
     "\x7f"
     "ELF",
     4, "application/x-executable"},
    {0, "MZ", 2, "application/x-msdownload"},
    {0, "\xca\xfe\xba\xbe", 4, "application/java-vm"},
    {0, "ID3", 3, "audio/mpeg"},
    {0, "\xff\xfb", 2, "audio/mpeg"},
    {0, "OggS", 4, "application/ogg"},
    {0, "fLaC", 4, "audio/flac"},
    {4, "ftyp", 4, "video/mp4"},
    {0, "\x1a\x45\xdf\xa3", 4, "video/x-matroska"},
    {0, "%!PS", 4, "application/postscript"},
    {0, "wOFF", 4, "font/woff"},
    {0, "wOF2", 4, "font/woff2"},
    {0, "\0\1\0\0\0", 5, "font/ttf"},
    {0, "OTTO", 4, "font/otf"},
    {0, "\xdb\xa5\x2d\0", 4, "application/msword"},
};

/* Share of control characters above which bytes are no text: a few NULs in a text are survived. */
static bool
is_binary(const uint8_t *head, size_t length)
{
    bool big;
    if (length >= 2 &&
        ((head[0] == 0xFF && head[1] == 0xFE) || (head[0] == 0xFE && head[1] == 0xFF)))
        return false;
    if (lj_charset_utf16(head, length, &big))
        return false;
    uint32_t look = MIN(length, 8192), odd = 0;
    for (uint32_t i = 0; i < look; i++) { /* without a branch: many bytes at once */
        uint8_t byte = head[i];
        bool blank = (byte >= '\b' && byte <= '\r') || byte == 0x1A || byte == 0x1B;
        odd += (byte < 0x20 && !blank) || byte == 0x7F;
    }
    return odd > 2 && odd * 20 > look;
}

/* An archive of tar, old or new: its first header's sum is right. The letters "ustar" alone stand in "ajustarse",
 * too. */
static bool
is_tar(const uint8_t *head, size_t length)
{
    enum { HEADER = 512, SUM = 148, SUM_LENGTH = 8 };
    if (length < HEADER || head[0] == 0)
        return false;
    uint64_t sum = SUM_LENGTH * ' ', told = 0;
    for (size_t i = 0; i < HEADER; i++)
        sum += i < SUM || i >= SUM + SUM_LENGTH ? head[i] : 0;
    size_t i = SUM;
    for (; i < SUM + SUM_LENGTH && head[i] == ' '; i++)
        ;
    for (; i < SUM + SUM_LENGTH && head[i] >= '0' && head[i] <= '7'; i++)
        told = told * 8 + (uint64_t)(head[i] - '0');
    return told == sum;
}

/* May a text begin with these bytes: OTTO, GIF89a? */
static bool
are_words(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!g_ascii_isalnum(bytes[i]) && bytes[i] != ' ')
            return false;
    return true;
}

/* Letters begin a text as easily as a bitmap: short magics, and those of letters, count only where bytes are
 * no text. */
const char *
lj_magic(const uint8_t *head, size_t length)
{
    bool binary = is_binary(head, length);
    for (size_t i = 0; i < G_N_ELEMENTS(magics); i++)
        if ((size_t)magics[i].offset + magics[i].length <= length &&
            memcmp(head + magics[i].offset, magics[i].bytes, magics[i].length) == 0 &&
            (binary ||
             (magics[i].length > 3 && !are_words(magics[i].bytes, magics[i].length))))
            return magics[i].mime;
    if (is_tar(head, length))
        return "application/x-tar";
    return binary ? "application/octet-stream" : NULL;
}

#ifdef LJ_EXTRACT_FULL
static const bool full = true;
#else
static const bool full = false;
#endif

/* How deep containers may lie in containers. */
#define NESTING_CEILING 5
#define WHOLE_CEILING (1u << 30)

/* "From ana@x.org Thu …", or two lines "Name: value" of which one is a letter's own. */
bool
lj_looks_like_mail(const char *text, size_t length)
{
    static const char *const own[] = {
        "return-path:", "received:",     "message-id:", "mime-version:", "delivered-to:",
        "from:",        "content-type:", "subject:",    "x-mailer:",     "date:"};
    if (length > 40 && memcmp(text, "From ", 5) == 0) {
        const char *line = memchr(text, '\n', length);
        return line && lj_looks_like_mail(line + 1, length - (size_t)(line + 1 - text));
    }
    int found = 0, lines = 0;
    for (size_t at = 0; at < length && lines < 40; lines++) {
        const char *end = memchr(text + at, '\n', length - at);
        size_t n = end ? (size_t)(end - text) - at : length - at;
        if (n == 0 || (n == 1 && text[at] == '\r'))
            break;
        if (text[at] != ' ' && text[at] != '\t') {
            size_t name = 0;
            while (name < n && (g_ascii_isalnum(text[at + name]) || text[at + name] == '-'))
                name++;
            if (name == 0 || name == n || text[at + name] != ':')
                return false;
            for (size_t i = 0; i < G_N_ELEMENTS(own); i++)
                found += g_ascii_strncasecmp(text + at, own[i], strlen(own[i])) == 0;
        }
        at += n + 1;
    }
    return found >= 3;
}

bool
lj_looks_like_warc(const uint8_t *head, size_t length)
{
    return length > 10 && memcmp(head, "WARC/", 5) == 0 && g_ascii_isdigit(head[5]) &&
           head[6] == '.';
}

const char *
lj_flat_odf(const uint8_t *head, size_t length)
{
    static const char attribute[] = "office:mimetype=\"";
    const char *at = length > 100 && memmem(head, 100, "<?xml", 5)
                         ? memmem(head, length, attribute, sizeof attribute - 1)
                         : NULL;
    const char *value = at ? at + sizeof attribute - 1 : NULL;
    return value && memchr(value, '"', length - (size_t)(value - (const char *)head)) ? value
                                                                                      : NULL;
}

/* Kinds that could be read, had this been built with their library: such a file is a failure, not a kind
 * nobody reads. */
static const struct {
    const char *mime, *library;
} missing[] = {
#ifndef LEGAJO_HAVE_POPPLER
    {"application/pdf", "poppler-glib"},
#endif
#ifndef LEGAJO_HAVE_ARCHIVE
    {"application/zip", "libarchive"},
    {"application/gzip", "libarchive"},
    {"application/x-tar", "libarchive"},
    {"application/x-bzip2", "libarchive"},
    {"application/x-xz", "libarchive"},
    {"application/zstd", "libarchive"},
    {"application/vnd.rar", "libarchive"},
    {"application/x-7z-compressed", "libarchive"},
#endif
#ifndef LEGAJO_HAVE_GMIME
    {"message/rfc822", "gmime-3.0"},
#endif
#ifndef LEGAJO_HAVE_PST
    {"application/vnd.ms-outlook-pst", "libpst"},
#endif
    {NULL, NULL},
};

static const char *
missing_library(const char *mime)
{
    for (size_t i = 0; full && missing[i].mime; i++)
        if (strcmp(missing[i].mime, mime) == 0)
            return missing[i].library;
    return NULL;
}

const struct lj_format *
lj_format_find(const struct lj_probe *probe, const char **mime, bool *other)
{
    *mime = NULL;
    *other = false;
    for (const struct lj_format *const *format = lj_formats; *format; format++)
        if (*format != &lj_format_plain && (*format)->recognise(probe)) {
            /* Markdown and tables go by their names: a letter named so is still a letter. */
            return *format;
        }
    *mime = probe->magic;
    if (!full && !*mime && !probe->records && lj_looks_like_warc(probe->head, probe->length))
        *mime = "application/warc";
    if ((!full || missing_library("application/zip")) && !*mime &&
        lj_flat_odf(probe->head, probe->length))
        *mime = "application/zip"; /* its packed form's: what reads the one reads the other */
    if ((!full || missing_library("message/rfc822")) && !*mime && !probe->records &&
        lj_looks_like_mail((const char *)probe->head, probe->length))
        *mime = "message/rfc822";
    *other = !full && *mime;
    return *mime ? NULL : &lj_format_plain;
}

/* A compound file whose table of contents is lost: half of a Word file is damage, not a kind nobody reads. */
static bool
is_damaged(const struct lj_input *input, const char *mime)
{
#ifdef LJ_EXTRACT_FULL
    if (strcmp(mime, "application/x-ole-storage") == 0) {
        struct lj_ole *ole = lj_ole_open(input->bytes, input->length);
        GArray *entries = ole ? lj_ole_list(ole, 0) : NULL;
        bool damaged = !entries || entries->len == 0;
        if (entries)
            g_array_unref(entries);
        lj_ole_close(ole);
        return damaged;
    }
#endif
    (void)input;
    (void)mime;
    return false;
}

char *
lj_extension(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot && dot != name ? g_ascii_strdown(dot + 1, -1) : g_strdup("");
}

bool
lj_format_extract(struct lj_job *job, bool *other, const char **mime, GError **error)
{
    const char *kind;
    bool elsewhere;
    if (!lj_input_fill(job->input, job->records ? 1 : LJ_PROBE_SIZE, error))
        return false;
    /* What kind of document a zip or a compound file is, its table of contents says. */
    if (full && job->input->length > 4 &&
        (memcmp(job->input->bytes, "PK\3\4", 4) == 0 ||
         memcmp(job->input->bytes, "\xd0\xcf\x11\xe0", 4) == 0) &&
        !lj_input_fill(job->input, WHOLE_CEILING, error))
        return false;
    char *ending = lj_extension(job->name);
    struct lj_probe probe = {job->input->bytes, MIN(job->input->length, LJ_PROBE_SIZE), ending,
                             job->records, job->input, NULL};
    probe.magic = lj_magic(probe.head, probe.length);
    const struct lj_format *format =
        lj_format_find(&probe, mime ? mime : &kind, other ? other : &elsewhere);
    g_free(ending);
    if (format)
        return format->extract(job, error);
    const char *type = mime ? *mime : kind, *library = missing_library(type);
    if (library)
        g_set_error(error, LJ_ERROR, LJ_ERROR_FORMAT, _("built without %s: %s is not read"),
                    library, type);
    else if (is_damaged(job->input, type))
        g_set_error_literal(error, LJ_ERROR, LJ_ERROR_FORMAT,
                            _("the file is damaged or cut short"));
    else
        g_set_error_literal(error, LJ_ERROR, LJ_ERROR_SKIPPED, type);
    return false;
}

bool
lj_job_nested(struct lj_job *job, const char *name, const char *member, const uint8_t *bytes,
              size_t length)
{
    GError *error = NULL;
    if (job->depth >= NESTING_CEILING) {
        lj_job_fail(job, member,
                    g_error_new(LJ_ERROR, LJ_ERROR_FORMAT, _("lies more than %d containers deep"),
                                NESTING_CEILING));
        return true;
    }
    struct lj_input input = {.fd = -1,
                             .bytes = bytes ? bytes : (const uint8_t *)"",
                             .length = length,
                             .size = length,
                             .all = true};
    struct lj_job inner = *job;
    inner.name = name;
    inner.member = member;
    inner.records = false;
    inner.depth = job->depth + 1;
    inner.scanned = false;
    inner.known = NULL;
    inner.input = &input;
    if (!lj_format_extract(&inner, NULL, NULL, &error))
        lj_job_fail(job, member,
                    error ? error
                          : g_error_new_literal(LJ_ERROR, LJ_ERROR_FORMAT, _("could not be read")));
    g_free(input.buffer);
    return lj_job_listens(job);
}
