/* Pictures of pages: PNG, JPEG, TIFF (of several pages, too), BMP, WebP. Their text is what recognition
 * of characters finds; a picture without any is no document. */
#include "extract/describe.h"
#include "extract/formats.h"
#include "extract/running.h"
#include "i18n.h"

#include <string.h>

#define FILE_CEILING (256u << 20)

struct reading {
    struct lj_job *job;
    GPtrArray *pages; /* char * */
};

static bool
take_page(const uint8_t *grey, int width, int height, int stride, int dpi, int number, void *data)
{
    struct reading *reading = data;
    GString *text = g_string_new(NULL);
    if (lj_job_wants_page(reading->job, (uint32_t)number - 1))
        lj_job_read_page(reading->job, number, grey, width, height, stride, dpi, text);
    while (reading->pages->len + 1 < (guint)number)
        lj_running_add(reading->pages, g_strdup(""), NULL);
    lj_running_add(reading->pages, g_string_free(text, FALSE), NULL);
    return lj_job_listens(reading->job);
}

static bool
extract(struct lj_job *job, GError **error)
{
    if (job->ocr == LJ_OCR_NEVER || !lj_input_fill(job->input, FILE_CEILING, error)) {
        if (error && !*error)
            g_set_error_literal(error, LJ_ERROR, LJ_ERROR_SKIPPED,
                                lj_magic(job->input->bytes, job->input->length));
        return false;
    }
    if (!job->input->all) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_FORMAT, _("pictures of more than %u MB are not read"),
                    FILE_CEILING >> 20);
        return false;
    }
    if (!lj_job_pages(job, 1) || !job->reader)
        return true;
    struct reading reading = {job, lj_running_pages()};
    bool good =
        job->reader->pictures(job->input->bytes, job->input->length, take_page, &reading, error);
    struct lj_document *document =
        lj_job_document(job, lj_magic(job->input->bytes, job->input->length));
    lj_running_remove(reading.pages);
    for (guint i = 0; i < reading.pages->len; i++) {
        uint32_t start = (uint32_t)lj_running_append(document->text, reading.pages->pdata[i]);
        if (reading.pages->len > 1)
            lj_document_add_mark(document, LJ_MARK_PAGE, i + 1, start, start, NULL);
    }
    g_ptr_array_unref(reading.pages);
    g_strchomp(document->text->str);
    g_string_set_size(document->text, strlen(document->text->str));
    if (good && document->text->len == 0 && job->depth > 0) /* of a file itself it is seen */
        lj_job_fail(job, job->member,
                    g_error_new(LJ_ERROR, LJ_ERROR_SKIPPED, _("%s without text"), document->mime));
    if (!good || document->text->len == 0) {
        lj_document_free(document);
        return good;
    }
    document->ocr = true;
    lj_describe_parts(document);
    lj_job_emit(job, document);
    return true;
}

static bool
recognise(const struct lj_probe *probe)
{
    const char *mime = probe->magic;
    return mime && (strcmp(mime, "image/png") == 0 || strcmp(mime, "image/jpeg") == 0 ||
                    strcmp(mime, "image/tiff") == 0 || strcmp(mime, "image/bmp") == 0 ||
                    strcmp(mime, "image/webp") == 0);
}

const struct lj_format lj_format_image = {
    "pictures", "image/png image/jpeg image/tiff image/bmp image/webp", recognise, extract};
