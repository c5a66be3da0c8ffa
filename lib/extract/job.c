#include "extract/job.h"
#include "document/flat.h"
#include "extract/describe.h"
#include "extract/output.h"
#include "extract/sha256.h"
#include "i18n.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static gssize
read_some(struct lj_input *input, uint8_t *bytes, size_t size, GError **error)
{
    for (;;) {
        ssize_t got = input->seekable ? pread(input->fd, bytes, size, (off_t)input->offset)
                                      : read(input->fd, bytes, size);
        if (got >= 0) {
            input->offset += (uint64_t)got;
            return got;
        }
        if (errno != EINTR) {
            g_set_error(error, LJ_ERROR, LJ_ERROR_IO, _("cannot be read: %s"), g_strerror(errno));
            return -1;
        }
    }
}

bool
lj_input_fill(struct lj_input *input, size_t want, GError **error)
{
    while (!input->all && input->length < want) {
        size_t room = want;
        if (input->seekable) /* one byte more than the file: the read that sees the end comes with
                                it */
            room = MIN(want, (size_t)MIN(input->size, SIZE_MAX / 2) + 1);
        room = MAX(room, input->length + 4096);
        if (room > input->capacity) {
            size_t capacity = MAX(room, MIN(input->capacity * 2, want));
            uint8_t *larger = g_try_realloc(input->buffer, capacity);
            if (!larger) {
                g_set_error(error, LJ_ERROR, LJ_ERROR_FORMAT, _("not enough memory for %zu bytes"),
                            capacity);
                return false;
            }
            input->buffer = larger;
            input->capacity = capacity;
        }
        input->bytes = input->buffer;
        gssize got =
            read_some(input, input->buffer + input->length, input->capacity - input->length, error);
        if (got < 0)
            return false;
        input->all =
            got == 0 || (input->seekable && input->size > 0 && input->offset >= input->size);
        input->length += (size_t)got;
    }
    return true;
}

gssize
lj_input_read(struct lj_job *job, uint8_t *bytes, size_t size, GError **error)
{
    struct lj_input *input = job->input;
    if (input->length > 0) {
        size_t n = MIN(size, input->length);
        memcpy(bytes, input->bytes, n);
        input->bytes += n;
        input->length -= n;
        return (gssize)n;
    }
    if (input->all || input->fd < 0)
        return 0;
    if (!input->seekable && !lj_output_wait(job->output, input->fd))
        return 0;
    gssize got = read_some(input, bytes, size, error);
    input->all = got == 0;
    return got;
}

bool
lj_input_sha256(struct lj_input *input, uint8_t sha256[32], GError **error)
{
    struct sha256_ctx sum;
    sha256_init(&sum);
    sha256_update(&sum, input->length, input->bytes);
    bool good = true;
    if (!input->all && input->fd >= 0) { /* longer than the limit: the rest only counts */
        uint8_t *rest = g_malloc(1 << 16);
        gssize got;
        while ((got = read_some(input, rest, 1 << 16, error)) > 0)
            sha256_update(&sum, (size_t)got, rest);
        good = got == 0;
        g_free(rest);
    }
    sha256_digest(&sum, 32, sha256);
    return good;
}

/* What is said of most documents fits into it: it comes, and goes, in one piece. */
#define BLOCK 512
#define PROPERTIES_FEW 8

struct lj_document *
lj_job_document(struct lj_job *job, const char *mime)
{
    struct lj_document *document = lj_document_new_with(BLOCK, PROPERTIES_FEW);
    document->text = g_string_new(NULL);
    document->mime = lj_document_keep(document, mime, strlen(mime));
    document->member = g_strdup(job->member);
    document->part_of = g_strdup(job->part_of);
    return document;
}

/* Of two passes, is this document the other one's? */
static bool
is_other_pass(const struct lj_job *job)
{
    return (job->pass == LJ_PASS_OCR && !job->scanned) || job->pass == LJ_PASS_WARM;
}

/* Parsers that recover from damage leave bytes that are no UTF-8: in names and labels they are replaced. */
static void
make_valid(char **text)
{
    if (*text && !g_utf8_validate(*text, -1, NULL)) {
        char *valid = g_utf8_make_valid(*text, -1);
        g_free(*text);
        *text = valid;
    }
}

static void
make_property_valid(struct lj_property *p)
{
    if (g_utf8_validate(p->name, -1, NULL) &&
        (strcmp(p->name, LJ_PROPERTY_FILE) == 0 || g_utf8_validate(p->value, -1, NULL)))
        return;
    if (p->lent) {
        p->name = g_strdup(p->name);
        p->value = g_strdup(p->value);
        p->lent = false;
    }
    make_valid(&p->name);
    if (strcmp(p->name, LJ_PROPERTY_FILE) != 0)
        make_valid(&p->value);
}

static void
validate(struct lj_document *document)
{
    for (guint i = 0; i < document->properties->len; i++)
        make_property_valid(&g_array_index(document->properties, struct lj_property, i));
    for (guint i = 0; i < document->marks->len; i++)
        make_valid(&g_array_index(document->marks, struct lj_mark, i).label);
}

bool
lj_job_emit(struct lj_job *job, struct lj_document *document)
{
    static const uint8_t none[32] = {0};
    if (is_other_pass(job)) {
        lj_document_free(document);
        return lj_job_listens(job);
    }
    if (document->text->len > job->max_text) {
        size_t end = (size_t)job->max_text;
        while (end > 0 && ((uint8_t)document->text->str[end] & 0xC0) == 0x80)
            end--;
        g_string_truncate(document->text, end);
        document->cut = true;
    }
    if (document->bytes == 0)
        document->bytes = MAX(job->input->size, job->input->offset);
    if (document->bytes == 0)
        document->bytes = job->input->length;
    if (!document->deleted) {
        if (memcmp(document->sha256, none, sizeof none) == 0)
            lj_input_sha256(job->input, document->sha256, NULL);
        lj_describe(document, job->name);
    }
    if (job->url && !lj_document_field(document, "url"))
        lj_document_add_field(document, "url", job->url);
    validate(document);
    lj_document_finish(document);
    bool heard = lj_output_document(job->output, document);
    lj_document_free(document);
    return heard;
}

bool
lj_job_same(struct lj_job *job, uint32_t number)
{
    return is_other_pass(job) ? lj_job_listens(job) : lj_output_same(job->output, number);
}

bool
lj_job_listens(const struct lj_job *job)
{
    return !job->output->gone;
}

void
lj_job_fail(struct lj_job *job, const char *member, GError *failure)
{
    if (!is_other_pass(job)) /* else it was, or will be, told */
        lj_output_failure(job->output, member, failure);
    g_error_free(failure);
}

bool
lj_job_wants_page(const struct lj_job *job, uint32_t page)
{
    return job->reader && (job->pass == LJ_PASS_OCR ||
                           (job->pass == LJ_PASS_WARM && page % MAX(job->parts, 1) == job->part));
}

bool
lj_job_pages(struct lj_job *job, uint32_t wanted)
{
    job->scanned = wanted > 0;
    if (wanted == 0 || job->pass == LJ_PASS_WARM)
        return true;
    if (job->pass == LJ_PASS_OCR) {
        if (!job->reader)
            lj_job_fail(
                job, job->member,
                g_error_new(
                    LJ_ERROR, LJ_ERROR_FORMAT,
                    ngettext("built without tesseract: %u page without a text layer was not read",
                             "built without tesseract: %u pages without a text layer were not read",
                             wanted),
                    wanted));
        return true;
    }
    lj_output_left(job->output, wanted, job->depth == 0);
    return job->ocr == LJ_OCR_NEVER;
}

/* What a page's text is known by: its picture, and how it is read. */
static void
page_key(const uint8_t *grey, int width, int height, int stride, uint8_t key[32])
{
    char *head = g_strdup_printf("legajo-ocr 1 spa %d %d\n", width, height);
    struct sha256_ctx sum;
    sha256_init(&sum);
    sha256_update(&sum, strlen(head), (const uint8_t *)head);
    for (int y = 0; y < height; y++)
        sha256_update(&sum, (size_t)width, grey + (size_t)y * (size_t)stride);
    sha256_digest(&sum, 32, key);
    g_free(head);
}

bool
lj_job_read_page(struct lj_job *job, int number, const uint8_t *grey, int width, int height,
                 int stride, int dpi, GString *text)
{
    uint8_t key[32];
    page_key(grey, width, height, stride, key);
    size_t old = text->len;
    if (!lj_output_ask(job->output, key, text)) {
        GError *error = NULL;
        if (!lj_job_listens(job))
            return false;
        if (job->reader->page(grey, width, height, stride, dpi, job->timeout_ms, text, &error)) {
            GString *page = g_string_new(text->str + old);
            lj_output_page(job->output, key, page);
            g_string_free(page, TRUE);
        } else {
            g_prefix_error(&error, _("page %d: "), number);
            lj_job_fail(job, job->member, error);
        }
    }
    return text->len > old;
}
