/* legajo-extract: reads documents for liblegajo, one file descriptor after the other, and writes
 * what it found to the socket on its standard input (see protocol.h). Not for people: `indexer
 * --extract` is. */
#include "extract/formats.h"
#include "extract/known.h"
#include "extract/ocr.h"
#include "extract/output.h"
#include "extract/protocol.h"
#include "extract/sandbox.h"
#include "i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <libxml/xmlerror.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#ifdef LJ_EXTRACT_OCR
#define READER (&lj_reader_tesseract)
#else
#define READER NULL
#endif

/* The client measures the time it waits. This is for when it has died meanwhile: a hang then ends
 * by SIGPROF, by processor time, so that a busy reader of our answers does not end us. */
static void
start_clock(uint32_t timeout_ms)
{
    uint64_t ms = (uint64_t)timeout_ms + 2000;
    struct itimerval clock = {.it_value = {(time_t)(ms / 1000), (suseconds_t)(ms % 1000 * 1000)}};
    setitimer(ITIMER_PROF, &clock, NULL);
}

/* A sign of life: a document came. Of short ones there are tens of thousands a second. */
static void
keep_clock(uint32_t timeout_ms)
{
    static gint64 kept; /* of the helper's one thread */
    gint64 now = g_get_monotonic_time();
    if (now - kept < G_USEC_PER_SEC / 10)
        return;
    kept = now;
    start_clock(timeout_ms);
}

/* Receives a request and its descriptor. False at the end of the input. */
static bool
receive(GByteArray *request, int *fd)
{
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    uint8_t buffer[4096];
    uint32_t need = 4;
    *fd = -1;
    g_byte_array_set_size(request, 0);
    while (request->len < need) {
        /* never beyond this request: the next one's descriptor belongs to it */
        struct iovec part = {buffer, MIN(sizeof buffer, need - request->len)};
        struct msghdr message = {.msg_iov = &part,
                                 .msg_iovlen = 1,
                                 .msg_control = control.bytes,
                                 .msg_controllen = sizeof control.bytes};
        ssize_t got = recvmsg(STDIN_FILENO, &message, MSG_CMSG_CLOEXEC);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        for (struct cmsghdr *head = CMSG_FIRSTHDR(&message); head;
             head = CMSG_NXTHDR(&message, head))
            if (head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS)
                memcpy(fd, CMSG_DATA(head), sizeof *fd);
        g_byte_array_append(request, buffer, (guint)got);
        if (request->len == 4) {
            uint32_t length;
            memcpy(&length, request->data, 4);
            length = GUINT32_FROM_LE(length);
            if (length > PROTOCOL_REQUEST_CEILING)
                return false;
            need += length;
        }
    }
    return *fd >= 0;
}

static void
ignore(void *context, xmlErrorPtr problem)
{
    (void)context;
    (void)problem;
}

int
main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--check-sandbox") == 0) {
        lj_sandbox_enter();
        return lj_sandbox_check();
    }
    lj_i18n_init();
    struct stat status;
    if (fstat(STDIN_FILENO, &status) != 0 || !S_ISSOCK(status.st_mode)) {
        g_printerr(
            _("legajo-extract reads documents for the other tools; to see what a file holds, use "
              "indexer --extract=FILE\n"));
        return 2;
    }
#ifdef LJ_EXTRACT_OCR
    lj_ocr_quiet();
#endif
    lj_sandbox_enter();
    xmlSetStructuredErrorFunc(NULL, ignore);
    struct lj_output output = {
        .fd = STDIN_FILENO, .pending = g_byte_array_new(), .alive = keep_clock};
    GByteArray *request = g_byte_array_new();
    struct lj_input input = {0};
    int fd;
    while (!output.gone && receive(request, &fd)) {
        struct flat_reader in = {request->data + 4, request->data + request->len, false};
        char *name = flat_string(&in), *encoding = flat_string(&in), *columns = flat_string(&in);
        uint64_t max_text = flat_number(&in);
        uint32_t timeout_ms = flat_number32(&in);
        uint64_t flags = flat_number(&in);
        uint32_t ocr = flat_number32(&in), pass = flat_number32(&in);
        uint32_t part = flat_number32(&in), parts = flat_number32(&in);
        uint32_t n_known = flat_number32(&in);
        if (in.bad || n_known > LJ_KNOWN_MOST || ocr > LJ_OCR_ALWAYS || pass > LJ_PASS_WARM)
            break;
        struct lj_known *known = n_known ? lj_known_read(STDIN_FILENO, n_known) : NULL;
        if (n_known && !known)
            break;
        uint8_t *buffer = input.buffer;
        size_t capacity = input.capacity;
        if (capacity > (4u << 20)) { /* one giant does not keep its room */
            g_free(buffer);
            buffer = NULL;
            capacity = 0;
        }
        input =
            (struct lj_input){.fd = fd, .buffer = buffer, .capacity = capacity, .bytes = buffer};
        if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode)) {
            input.seekable = true;
            input.size = (uint64_t)status.st_size;
        }
        struct lj_job job = {.name = name ? name : "",
                             .encoding = encoding,
                             .columns = columns,
                             .max_text = max_text,
                             .records = flags & PROTOCOL_RECORDS,
                             .ocr = ocr,
                             .pass = pass,
                             .part = part,
                             .parts = parts,
                             .timeout_ms = timeout_ms,
                             .reader = READER,
                             .known = known,
                             .input = &input,
                             .output = &output};
        if (pass == LJ_PASS_OCR || pass == LJ_PASS_WARM)
            timeout_ms += PROTOCOL_TIMEOUT_MS; /* the reader itself ends a page that takes longer */
        output.timeout_ms = timeout_ms;
        start_clock(timeout_ms);
        GError *error = NULL;
        bool other = false;
        const char *mime = NULL;
        lj_format_extract(&job, &other, &mime, &error);
        if (other)
            lj_output_other(&output, mime);
        else
            lj_output_end(&output, error);
        g_clear_error(&error);
        lj_known_free(known);
        close(fd);
        g_free(name);
        g_free(encoding);
        g_free(columns);
    }
    g_byte_array_unref(request);
    g_byte_array_unref(output.pending);
    g_free(input.buffer);
    return 0;
}
