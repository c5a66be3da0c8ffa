/* Any bytes through one format, in this process: EXTRACT names its row, NAME what the file is
 * called. The output is our own and checks every document: text valid, marks within, the flat form
 * the same again. */
#define LJ_EXTRACT_FULL 1
#include "fuzz.h"
#include "document/utf8.h"
#include "extract/formats.h"
#include "extract/output.h"

#include <string.h>
#ifdef FROM_DESCRIPTOR
#include <sys/mman.h>
#include <unistd.h>
#endif

bool
lj_output_document(struct lj_output *output, const struct lj_document *document)
{
    GByteArray *flat = g_byte_array_new();
    GError *error = NULL;
    (void)output;
    g_assert_cmpuint(lj_utf8_span(document->text->str, document->text->len, NULL), ==,
                     document->text->len);
    lj_document_write(document, flat);
    struct lj_document *again = lj_document_read(flat->data, flat->len, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(again->marks->len, ==, document->marks->len);
    lj_document_free(again);
    g_byte_array_unref(flat);
    return true;
}

bool
lj_output_failure(struct lj_output *output, const char *member, const GError *failure)
{
    (void)output;
    (void)member;
    g_assert_nonnull(failure->message);
    return true;
}

bool
lj_output_same(struct lj_output *output, uint32_t number)
{
    (void)output;
    (void)number;
    return true;
}

bool
lj_output_left(struct lj_output *output, uint32_t pages, bool whole)
{
    (void)output;
    (void)pages;
    (void)whole;
    return true;
}

bool
lj_output_ask(struct lj_output *output, const uint8_t key[32], GString *text)
{
    (void)output;
    (void)key;
    (void)text;
    return false;
}

bool
lj_output_page(struct lj_output *output, const uint8_t key[32], const GString *text)
{
    (void)output;
    (void)key;
    (void)text;
    return true;
}

bool
lj_output_wait(struct lj_output *output, int fd)
{
    (void)output;
    (void)fd;
    return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct lj_output output = {.fd = -1};
    struct lj_input input = {.fd = -1, .bytes = data, .length = size, .size = size, .all = true};
    struct lj_job job = {.name = NAME, .max_text = 1u << 20, .input = &input, .output = &output};
    GError *error = NULL;
#ifdef FROM_DESCRIPTOR
    input.fd = memfd_create("fuzz", MFD_CLOEXEC);
    input.seekable = true;
    g_assert_true(input.fd >= 0 && write(input.fd, data, size) == (ssize_t)size);
#endif
    EXTRACT.extract(&job, &error);
    g_clear_error(&error);
#ifdef FROM_DESCRIPTOR
    close(input.fd);
#endif
    struct lj_probe probe = {data, size < LJ_PROBE_SIZE ? size : LJ_PROBE_SIZE, "txt", false,
                             &input, NULL};
    probe.magic = lj_magic(probe.head, probe.length);
    EXTRACT.recognise(&probe);
    return 0;
}
