/* Plain text, in any charset; form feeds are page ends. */
#include "extract/charset.h"
#include "extract/describe.h"
#include "extract/formats.h"

#include <string.h>

/* A form feed ends a page: marks where there is one, and line ends in their place. */
static void
mark_pages(struct lj_document *document)
{
    char *text = document->text->str, *end = text + document->text->len;
    char *feed = memchr(text, '\f', document->text->len);
    if (!feed)
        return;
    uint32_t sheet = 1;
    lj_document_add_mark(document, LJ_MARK_PAGE, sheet, 0, 0, NULL);
    for (; feed; feed = memchr(feed, '\f', (size_t)(end - feed))) {
        *feed++ = '\n';
        if (feed == end)
            break; /* the last page's own end */
        uint32_t start = (uint32_t)(feed - text);
        lj_document_add_mark(document, LJ_MARK_PAGE, ++sheet, start, start, NULL);
    }
}

static bool
extract(struct lj_job *job, GError **error)
{
    /* UTF-16 takes two bytes where UTF-8 takes one. */
    if (!lj_input_fill(job->input, (size_t)job->max_text * 2 + 64, error))
        return false;
    struct lj_document *document = lj_job_document(job, "text/plain");
    struct lj_charset how = {.given = job->encoding};
    lj_charset_decode(job->input->bytes, job->input->length, &how, (size_t)job->max_text,
                      document->text);
    document->charset = g_strdup(how.charset);
    document->charset_from = g_strdup(how.from);
    document->cut = how.cut || !job->input->all;
    mark_pages(document);
    lj_describe_parts(document);
    lj_job_emit(job, document);
    return true;
}

static bool
recognise(const struct lj_probe *probe)
{
    return !probe->magic;
}

const struct lj_format lj_format_plain = {"plain text", "text/plain", recognise, extract};
