#include "legajo/extract.h"
#include "extract/pages.h"
#include "extract/protocol.h"
#include "schema/installed.h"
#include "i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

#define BUFFER_SIZE (256u << 10)

#define SLICE_MS 200 /* how often it is asked whether to go on waiting */
#define PATIENCE 10  /* times the limit that a helper is waited for that others keep from the processor */

/* A helper process and what was received from it. */
struct helper {
    char *path;
    bool recognises; /* with OCR */
    pid_t pid;       /* 0: not running */
    int socket;
    uint32_t slice_ms; /* as set on the socket: how long a call waits */
    uint8_t *buffer;   /* not yet consumed: begin … end */
    size_t size, begin, end;
    /* Descriptors, borrowed, of files asked for whose answers are not yet taken. */
    int asked[LJ_ASKED_MOST];
    unsigned n_asked;
};

struct lj_extractor {
    struct helper quick, full, ocr; /* legajo-extract, and legajo-extract-full and -ocr beside it */
    GByteArray *request;
};

static char *
find_helper(void)
{
    const char *given = g_getenv("LEGAJO_EXTRACT");
    if (given && *given)
        return g_strdup(given);
    return lj_installed("legajo-extract");
}

struct lj_extractor *
lj_extractor_open(const char *helper, GError **error)
{
    char *path = helper ? g_strdup(helper) : find_helper();
    if (access(path, X_OK) != 0) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_INTERNAL,
                    _("the program that reads documents, %s, cannot be run (%s); reinstall legajo, "
                      "or set LEGAJO_EXTRACT to its path"),
                    path, g_strerror(errno));
        g_free(path);
        return NULL;
    }
    struct lj_extractor *extractor = g_new0(struct lj_extractor, 1);
    extractor->quick.path = path;
    extractor->full.path = g_strconcat(path, "-full", NULL);
    extractor->ocr.path = g_strconcat(path, "-ocr", NULL);
    extractor->ocr.recognises = true;
    extractor->quick.socket = extractor->full.socket = extractor->ocr.socket = -1;
    extractor->request = g_byte_array_new();
    return extractor;
}

/* Ends the helper at once; returns its wait status. */
static int
stop_helper(struct helper *helper, bool kill_it)
{
    int status = 0;
    if (helper->socket >= 0)
        close(helper->socket); /* a healthy helper leaves at the end of its input */
    helper->socket = -1;
    if (helper->pid > 0) {
        if (kill_it)
            kill(helper->pid, SIGKILL);
        while (waitpid(helper->pid, &status, 0) < 0 && errno == EINTR)
            ;
    }
    helper->pid = 0;
    helper->begin = helper->end = 0;
    helper->n_asked = 0;
    return status;
}

void
lj_extractor_close(struct lj_extractor *extractor)
{
    if (!extractor)
        return;
    struct helper *helpers[] = {&extractor->quick, &extractor->full, &extractor->ocr};
    for (size_t i = 0; i < G_N_ELEMENTS(helpers); i++) {
        stop_helper(helpers[i], helpers[i]->n_asked > 0);
        g_free(helpers[i]->buffer);
        g_free(helpers[i]->path);
    }
    g_byte_array_unref(extractor->request);
    g_free(extractor);
}

static bool
start_helper(struct helper *helper, GError **error)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_INTERNAL, _("no socket for the reader: %s"),
                    g_strerror(errno));
        return false;
    }
    int room = 1 << 20; /* fewer turns between the two processes; the kernel may grant less */
    setsockopt(pair[0], SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    setsockopt(pair[1], SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pair[1], STDIN_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none); /* a worker may run with signals blocked: its helper must not */
    posix_spawnattr_setsigmask(&attributes, &none);
    /* Ctrl-C is the tool's to handle: the helper's process group is its own. */
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
    char *argv[] = {helper->path, NULL};
    /* Tesseract's threads cost more than they gain; several files or pages at once use the processors. */
    char **variables = g_environ_setenv(g_strdupv(environ), "OMP_THREAD_LIMIT", "1", TRUE);
    int failed = posix_spawn(&helper->pid, helper->path, &actions, &attributes, argv,
                             helper->recognises ? variables : environ);
    g_strfreev(variables);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    close(pair[1]);
    if (failed) {
        close(pair[0]);
        helper->pid = 0;
        g_set_error(error, LJ_ERROR, LJ_ERROR_INTERNAL,
                    _("the program that reads documents, %s, cannot be run: %s"), helper->path,
                    g_strerror(failed));
        return false;
    }
    helper->socket = pair[0];
    helper->slice_ms = 0;
    return true;
}

static bool
send_request(struct helper *helper, const GByteArray *request, int fd)
{
    struct iovec vector = {request->data, request->len};
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    memset(&control, 0, sizeof control);
    struct msghdr message = {.msg_iov = &vector,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(rights), &fd, sizeof fd);
    for (;;) {
        ssize_t sent = sendmsg(helper->socket, &message, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        vector.iov_base = (uint8_t *)vector.iov_base + sent;
        vector.iov_len -= (size_t)sent;
        if (vector.iov_len == 0)
            return true;
        message.msg_control = NULL; /* the descriptor went with the first part */
        message.msg_controllen = 0;
    }
}

/* What the process has had of processors, in microseconds; -1: unknown. */
static gint64
processor_time(pid_t pid)
{
    clockid_t clock;
    struct timespec used;
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &used) != 0)
        return -1;
    return (gint64)used.tv_sec * G_USEC_PER_SEC + used.tv_nsec / 1000;
}

/* Does the helper want to work and is not let, on a machine that is busy with something else? Then it has not had the
 * limit's time yet. A helper that waits for something (a disk that is gone) does not want to work. */
static bool
is_starved(pid_t pid, gint64 worked, uint32_t timeout_ms)
{
    gint64 now = processor_time(pid);
    if (worked < 0 || now < 0 || now - worked >= (gint64)timeout_ms * 1000)
        return false;
    char *path = g_strdup_printf("/proc/%d/stat", (int)pid), *stat = NULL;
    const char *name_end = g_file_get_contents(path, &stat, NULL, NULL) ? strrchr(stat, ')') : NULL;
    bool runs = name_end && strncmp(name_end, ") R", 3) == 0;
    g_free(stat);
    g_free(path);
    return runs;
}

/* Receives until need bytes stand in the buffer. False: errno is EAGAIN when nothing came for so long,
 * ECANCELED when it is not wanted any more, 0 when the helper has gone. */
static bool
receive(struct helper *helper, size_t need, uint32_t timeout_ms,
        const struct lj_extract_sinks *sinks)
{
    if (helper->end - helper->begin >= need)
        return true;
    if (helper->begin > 0) {
        memmove(helper->buffer, helper->buffer + helper->begin, helper->end - helper->begin);
        helper->end -= helper->begin;
        helper->begin = 0;
    }
    if (need > helper->size || !helper->buffer) {
        size_t size = MAX(need + need / 4, BUFFER_SIZE);
        uint8_t *larger = g_try_realloc(helper->buffer, size);
        if (!larger) {
            errno = ENOMEM;
            return false;
        }
        helper->buffer = larger;
        helper->size = size;
    }
    gint64 since = g_get_monotonic_time(), worked = -1, limit = (gint64)timeout_ms * 1000;
    while (helper->end < need) {
        ssize_t got =
            recv(helper->socket, helper->buffer + helper->end, helper->size - helper->end, 0);
        if (got > 0) {
            helper->end += (size_t)got;
            since = g_get_monotonic_time();
            worked = -1;
        } else if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            gint64 waited = g_get_monotonic_time() - since;
            bool wanted = !sinks->wanted || sinks->wanted(sinks->data);
            if (worked < 0)
                worked = processor_time(helper->pid);
            bool patient = waited < limit || (waited < PATIENCE * limit &&
                                              is_starved(helper->pid, worked, timeout_ms));
            errno = wanted ? EAGAIN : ECANCELED;
            if (!wanted || !patient)
                return false;
        } else if (got == 0) {
            errno = 0;
            return false;
        } else if (errno != EINTR) {
            if (errno == ECONNRESET)
                errno = 0;
            return false;
        }
    }
    return true;
}

/* The helper is of no more use: ends it and says why, as an error of this document. */
static bool
give_up(struct helper *helper, int reason, const char *name, uint32_t timeout_ms, GError **error)
{
    int status = stop_helper(helper, reason != 0);
    if (!name)
        name = "-";
    if (reason == EAGAIN)
        g_set_error(error, LJ_ERROR, LJ_ERROR_FORMAT,
                    _("%s: reading it took longer than %u seconds and was stopped"), name,
                    (timeout_ms + 999) / 1000);
    else if (reason == ENOMEM)
        g_set_error(error, LJ_ERROR, LJ_ERROR_FORMAT, _("%s: not enough memory to read it"), name);
    else if (reason == EPROTO)
        g_set_error(error, LJ_ERROR, LJ_ERROR_FORMAT,
                    _("%s: its reader answered with more than a document may hold"), name);
    else if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGPROF))
        g_set_error(error, LJ_ERROR, LJ_ERROR_FORMAT,
                    _("%s: reading it took longer than %u seconds and was stopped"), name,
                    (timeout_ms + 999) / 1000);
    else if (WIFSIGNALED(status))
        g_set_error(error, LJ_ERROR, LJ_ERROR_FORMAT,
                    _("%s: reading it failed (%s); the file is damaged or of an unusual kind"),
                    name, g_strsignal(WTERMSIG(status)));
    else if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
        g_set_error(error, LJ_ERROR, LJ_ERROR_INTERNAL,
                    _("the program that reads documents, %s, cannot be run"), helper->path);
    else
        g_set_error(error, LJ_ERROR, LJ_ERROR_FORMAT, _("%s: its reader ended (status %d)"), name,
                    WIFEXITED(status) ? WEXITSTATUS(status) : -1);
    return false;
}

static bool
known_code(uint64_t code)
{
    return code <= LJ_ERROR_SKIPPED;
}

/* A failure's or an end's payload as an error. NULL when malformed. */
static GError *
read_failure(struct flat_reader *in)
{
    uint64_t code = flat_number(in);
    char *message = flat_string(in);
    GError *failure = NULL;
    if (!in->bad && message && known_code(code) && g_utf8_validate(message, -1, NULL))
        failure = g_error_new_literal(LJ_ERROR, (int)code, message);
    g_free(message);
    return failure;
}

/* One answer of a helper, as it comes in. */
struct answer {
    const char *name;
    uint64_t max_text;
    uint32_t timeout_ms;
    const struct lj_extract_sinks *sinks;
    struct lj_page_cache *pages;
    const uint8_t *claimed; /* key of a page that this helper is recognising; NULL: none */
    uint8_t claim[32];
    uint32_t left, documents, n_known;
    bool whole, other;
};

enum outcome { GO_ON, DONE, FAILED, STOPPED, MALFORMED, HUNG_UP };

static bool
send_all(struct helper *helper, const void *bytes, size_t length)
{
    for (size_t at = 0; at < length;) {
        ssize_t sent = send(helper->socket, (const char *)bytes + at, length - at, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        at += (size_t)sent;
    }
    return true;
}

/* "Is this page known?" Where it is not, the helper goes on to recognise it, for all who ask meanwhile. */
static enum outcome
answer_page(struct helper *helper, struct answer *answer, struct flat_reader *in)
{
    const struct lj_extract_sinks *sinks = answer->sinks;
    if (in->end - in->at != 32 || answer->claimed)
        return MALFORMED;
    memcpy(answer->claim, in->at, 32);
    GString *text = g_string_new(NULL);
    bool stop = sinks->page && !sinks->page(sinks->data);
    bool known = !stop && lj_page_cache_find(answer->pages, answer->claim, text);
    if (!known && !stop)
        answer->claimed = answer->claim;
    uint32_t length = GUINT32_TO_LE((uint32_t)text->len + 1);
    uint8_t is = known;
    bool sent = !stop && send_all(helper, &length, 4) && send_all(helper, &is, 1) &&
                send_all(helper, text->str, text->len);
    g_string_free(text, TRUE);
    return stop ? STOPPED : sent ? GO_ON : HUNG_UP;
}

static enum outcome
keep_page(struct answer *answer, struct flat_reader *in)
{
    size_t length = (size_t)(in->end - in->at);
    if (length < 32 || length > 32 + PROTOCOL_PAGE_CEILING || !answer->claimed ||
        memcmp(in->at, answer->claimed, 32) != 0 ||
        !g_utf8_validate((const char *)in->at + 32, (gssize)length - 32, NULL))
        return MALFORMED;
    lj_page_cache_keep(answer->pages, answer->claimed, (const char *)in->at + 32, length - 32);
    answer->claimed = NULL;
    return GO_ON;
}

static enum outcome
take_message(struct helper *helper, uint8_t kind, struct flat_reader *in, struct answer *answer,
             GError **error)
{
    const struct lj_extract_sinks *sinks = answer->sinks;
    if (kind == PROTOCOL_ASK)
        return answer_page(helper, answer, in);
    if (kind == PROTOCOL_PAGE)
        return keep_page(answer, in);
    if (answer->claimed && kind != PROTOCOL_WAITING) { /* the page could not be read */
        lj_page_cache_release(answer->pages, answer->claimed);
        answer->claimed = NULL;
    }
    if (kind == PROTOCOL_LEFT) {
        uint32_t pages = flat_number32(in);
        bool whole = flat_number(in);
        answer->whole = whole && answer->left == 0 && answer->documents == 0;
        answer->left += MIN(pages, UINT32_MAX - answer->left);
        return in->bad ? MALFORMED : GO_ON;
    }
    if (kind == PROTOCOL_DOCUMENT) {
        struct lj_document *spare = sinks->spare ? sinks->spare(sinks->data) : NULL;
        struct lj_document *document =
            lj_document_read_into(spare, in->at, (size_t)(in->end - in->at), NULL);
        if (!document)
            return MALFORMED;
        answer->documents++;
        return sinks->document(document, sinks->data) ? GO_ON : STOPPED;
    }
    if (kind == PROTOCOL_SAME) {
        uint32_t number = flat_number32(in);
        if (in->bad || number >= answer->n_known || !sinks->same)
            return MALFORMED;
        answer->documents++;
        return sinks->same(number, sinks->data) ? GO_ON : STOPPED;
    }
    if (kind == PROTOCOL_FAILURE) {
        char *member = flat_string(in);
        GError *failure = read_failure(in);
        if (failure && sinks->failure)
            sinks->failure(member, failure, sinks->data);
        enum outcome outcome = failure ? GO_ON : MALFORMED;
        g_clear_error(&failure);
        g_free(member);
        return outcome;
    }
    if (kind == PROTOCOL_END) {
        if (in->at == in->end)
            return DONE;
        GError *failure = read_failure(in);
        if (!failure)
            return MALFORMED;
        g_propagate_error(error, failure);
        return FAILED;
    }
    return kind == PROTOCOL_WAITING ? GO_ON : MALFORMED;
}

/* Sends the request, and again to a fresh helper when the old one died while idle. */
static bool
ask(struct helper *helper, const GByteArray *bytes, int fd,
    const struct lj_extract_request *request, uint32_t timeout_ms, GError **error)
{
    for (int attempt = 0; attempt < 2; attempt++) {
        if (helper->pid == 0 && !start_helper(helper, error))
            return false;
        uint32_t slice = MIN(timeout_ms, SLICE_MS);
        if (helper->slice_ms != slice) {
            struct timeval wait = {slice / 1000, (slice % 1000) * 1000};
            setsockopt(helper->socket, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
            helper->slice_ms = slice;
        }
        if (send_request(helper, bytes, fd) &&
            send_all(helper, request->known, request->n_known * sizeof *request->known))
            return true;
        if (attempt == 0)
            stop_helper(helper, true);
    }
    return give_up(helper, 0, request->name, timeout_ms, error);
}

/* Nothing more comes (errno of receive): not wanted any more, or an error. */
static bool
end_early(struct helper *helper, const struct answer *answer, GError **error)
{
    if (errno != ECANCELED)
        return give_up(helper, errno, answer->name, answer->timeout_ms, error);
    stop_helper(helper, true);
    return true;
}

/* Takes a helper's answer. answer->other is set when it leaves the file to the full helper. */
static bool
take_answer(struct helper *helper, struct answer *answer, GError **error)
{
    const char *name = answer->name;
    uint32_t timeout_ms = answer->timeout_ms;
    for (;;) {
        uint32_t length;
        if (!receive(helper, 4, timeout_ms, answer->sinks))
            return end_early(helper, answer, error);
        memcpy(&length, helper->buffer + helper->begin, 4);
        length = GUINT32_FROM_LE(length);
        if (length < 1 || length > answer->max_text + PROTOCOL_HEAD_CEILING)
            return give_up(helper, EPROTO, name, timeout_ms, error);
        if (!receive(helper, 4 + (size_t)length, timeout_ms, answer->sinks))
            return end_early(helper, answer, error);
        const uint8_t *payload = helper->buffer + helper->begin + 5;
        struct flat_reader in = {payload, payload + length - 1, false};
        uint8_t kind = payload[-1];
        helper->begin += 4 + (size_t)length;
        if (kind == PROTOCOL_OTHER) {
            answer->other = true;
            return true;
        }
        switch (take_message(helper, kind, &in, answer, error)) {
        case GO_ON:
            break;
        case DONE:
            return true;
        case FAILED:
            return false;
        case STOPPED: /* the rest is not wanted: the next file gets a fresh helper */
            stop_helper(helper, true);
            return true;
        case MALFORMED:
            return give_up(helper, EPROTO, name, timeout_ms, error);
        case HUNG_UP:
            return give_up(helper, 0, name, timeout_ms, error);
        }
    }
}

static bool
is_recognising(enum lj_extract_pass pass)
{
    return pass == LJ_PASS_OCR || pass == LJ_PASS_WARM;
}

static uint32_t
timeout_of(const struct lj_extract_request *request, enum lj_extract_pass pass)
{
    return request->timeout_ms    ? request->timeout_ms
           : is_recognising(pass) ? PROTOCOL_PAGE_MS
                                  : PROTOCOL_TIMEOUT_MS;
}

static uint64_t
most_text(const struct lj_extract_request *request)
{
    uint64_t most = request->max_text ? request->max_text : PROTOCOL_MAX_TEXT;
    return MIN(most, (uint64_t)UINT32_MAX / 2); /* offsets are 32 bits */
}

/* The message of a request; the extractor's. */
static const GByteArray *
write_request(struct lj_extractor *extractor, const struct lj_extract_request *request,
              enum lj_extract_pass pass)
{
    const char *name = request->name;
    GByteArray *out = extractor->request;
    g_byte_array_set_size(out, 4);
    flat_put_string(out, name && strlen(name) < PROTOCOL_REQUEST_CEILING / 2 ? name : NULL);
    flat_put_string(out, request->encoding);
    flat_put_string(out, request->columns);
    flat_put_number(out, most_text(request));
    flat_put_number(out, timeout_of(request, pass));
    flat_put_number(out, request->records ? PROTOCOL_RECORDS : 0);
    flat_put_number(out, request->ocr);
    flat_put_number(out, pass);
    flat_put_number(out, request->part);
    flat_put_number(out, request->parts);
    flat_put_number(out, request->n_known);
    uint32_t length = GUINT32_TO_LE(out->len - 4);
    memcpy(out->data, &length, 4);
    return out;
}

/* Is this the file whose answer comes next? Then it is no longer among those asked for. */
static bool
is_asked(struct helper *helper, int fd)
{
    if (helper->n_asked == 0)
        return false;
    if (helper->asked[0] != fd) { /* out of turn: what was asked for is lost */
        stop_helper(helper, true);
        return false;
    }
    memmove(helper->asked, helper->asked + 1, --helper->n_asked * sizeof *helper->asked);
    return true;
}

/* One file through one helper. */
static bool
run_helper(struct lj_extractor *extractor, struct helper *helper, int fd,
           const struct lj_extract_request *request, enum lj_extract_pass pass,
           struct answer *answer, GError **error)
{
    /* The helper itself ends a page that takes too long; a minute later it hangs. */
    answer->timeout_ms =
        timeout_of(request, pass) + (is_recognising(pass) ? PROTOCOL_TIMEOUT_MS : 0);
    answer->other = false;
    answer->n_known = request->n_known;
    bool good = (is_asked(helper, fd) || ask(helper, write_request(extractor, request, pass), fd,
                                             request, answer->timeout_ms, error)) &&
                take_answer(helper, answer, error);
    if (answer->claimed)
        lj_page_cache_release(answer->pages, answer->claimed);
    answer->claimed = NULL;
    return good;
}

bool
lj_extract_ahead(struct lj_extractor *extractor, int fd, const struct lj_extract_request *request)
{
    struct helper *helper = &extractor->quick;
    if (helper->n_asked == LJ_ASKED_MOST || request->n_known > 0)
        return false;
    const GByteArray *message = write_request(extractor, request, LJ_PASS_TEXT);
    /* Whether a helper is still there that others wait for, their answers tell. */
    bool sent = helper->n_asked > 0
                    ? send_request(helper, message, fd)
                    : ask(helper, message, fd, request, timeout_of(request, LJ_PASS_TEXT), NULL);
    if (sent)
        helper->asked[helper->n_asked++] = fd;
    return sent;
}

unsigned
lj_extract_asked(const struct lj_extractor *extractor)
{
    return extractor->quick.n_asked;
}

void
lj_extract_forget(struct lj_extractor *extractor)
{
    if (extractor->quick.n_asked > 0)
        stop_helper(&extractor->quick, true);
}

const char *
lj_extract_without(void)
{
    return *LEGAJO_WITHOUT ? LEGAJO_WITHOUT : NULL;
}

char *
lj_extract_reader(void)
{
    static const char *const endings[] = {"", "-full", "-ocr"};
    char *path = find_helper();
    GString *out = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
        char *program = g_strconcat(path, endings[i], NULL);
        struct stat st = {0};
        if (stat(program, &st) == 0)
            g_string_append_printf(out, "%s%s %lld %lld", i ? ", " : "",
                                   i ? endings[i] + 1 : "text", (long long)st.st_size,
                                   (long long)st.st_mtim.tv_sec);
        g_free(program);
    }
    g_free(path);
    return g_string_free(out, FALSE);
}

bool
lj_ocr_available(void)
{
    char *path = find_helper(), *ocr = g_strconcat(path, "-ocr", NULL);
    bool there = access(ocr, X_OK) == 0;
    g_free(path);
    g_free(ocr);
    return there;
}

bool
lj_ocr_reads(const char *mime)
{
    static const char *const mimes[] = {"image/png", "image/jpeg", "image/tiff", "image/bmp",
                                        "image/webp"};
    for (size_t i = 0; mime && i < G_N_ELEMENTS(mimes); i++)
        if (strcmp(mimes[i], mime) == 0)
            return true;
    return false;
}

/* The documents that the first pass left. */
static bool
second_pass(struct lj_extractor *extractor, int fd, const struct lj_extract_request *request,
            struct answer *answer, GError **error)
{
    bool there = access(extractor->ocr.path, X_OK) == 0;
    enum lj_extract_pass pass = request->pass == LJ_PASS_WARM ? LJ_PASS_WARM : LJ_PASS_OCR;
    answer->documents = 0;
    bool good = there && run_helper(extractor, &extractor->ocr, fd, request, pass, answer, error);
    if (good || pass == LJ_PASS_WARM)
        return good;
    /* Without that helper, or where it failed, the text layers of such documents still count. */
    struct lj_extract_sinks quiet = *answer->sinks;
    if (there) { /* the one failure that counts is told already */
        quiet.failure = NULL;
        answer->sinks = &quiet;
    }
    return answer->documents == 0 &&
           run_helper(extractor, &extractor->full, fd, request, pass, answer,
                      there ? NULL : error) &&
           !there;
}

bool
lj_extract(struct lj_extractor *extractor, int fd, const struct lj_extract_request *request,
           const struct lj_extract_sinks *sinks, GError **error)
{
    struct answer answer = {.name = request->name,
                            .sinks = sinks,
                            .pages = request->pages,
                            .max_text = most_text(request)};
    if (is_recognising(request->pass))
        return second_pass(extractor, fd, request, &answer, error);
    GError *failure = NULL;
    bool good =
        run_helper(extractor, &extractor->quick, fd, request, LJ_PASS_TEXT, &answer, &failure);
    if (good && answer.other)
        good =
            run_helper(extractor, &extractor->full, fd, request, LJ_PASS_TEXT, &answer, &failure);
    if (answer.left > 0 && request->pass == LJ_PASS_ALL && request->ocr != LJ_OCR_NEVER) {
        /* What failed fails again behind the pages. */
        g_clear_error(&failure);
        return second_pass(extractor, fd, request, &answer, error);
    }
    if (answer.left > 0 && sinks->left)
        sinks->left(answer.left, answer.whole, sinks->data);
    if (failure)
        g_propagate_error(error, failure);
    return good;
}
