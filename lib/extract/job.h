/* One file on its way through the helper: its bytes, the limits, and where documents go.
 *
 * A format's extract() reads job->input, makes documents with lj_job_document, fills them and hands
 * them to lj_job_emit, which adds what every document gets (title, date, hash) and sends them.
 *
 *     struct lj_document *d = lj_job_document(job, "text/plain");
 *     g_string_append(d->text, …);
 *     lj_job_emit(job, d);
 */
#ifndef LEGAJO_EXTRACT_JOB_H
#define LEGAJO_EXTRACT_JOB_H

#include "legajo/extract.h"

/* Bytes to read: a descriptor or memory. */
struct lj_input {
    int fd;               /* -1: memory only */
    bool seekable;        /* pread works */
    uint64_t size;        /* of the file; 0 when not seekable */
    uint64_t offset;      /* read so far from fd */
    const uint8_t *bytes; /* the first length bytes */
    size_t length;
    bool all;        /* bytes are all there is */
    uint8_t *buffer; /* owned: what bytes points to, unless the input is borrowed memory */
    size_t capacity;
};

/* Recognises characters: what a helper that can hands to the formats. lib/extract/ocr.c is the one. */
struct lj_reader {
    /* A page as 8-bit grey, rows of stride bytes, dpi dots an inch. False: error says why; text holds
     * what was read until then. */
    bool (*page)(const uint8_t *grey, int width, int height, int stride, int dpi,
                 uint32_t timeout_ms, GString *text, GError **error);
    /* A picture file's pages as grey, called back one by one; false stops. */
    bool (*pictures)(const uint8_t *bytes, size_t length,
                     bool (*each)(const uint8_t *grey, int width, int height, int stride, int dpi,
                                  int number, void *data),
                     void *data, GError **error);
};

struct lj_job {
    const char *name;     /* base name of the file or member; "" when unknown */
    const char *encoding; /* forced charset of plain text, or NULL */
    const char *columns;  /* of columns.h: what those of an export mean; NULL */
    const char *member;   /* what documents of a container are called within it, or NULL */
    const char *part_of;
    uint64_t max_text;
    bool records;
    const char *url;      /* where the file was found, of a web archive; NULL */
    const char *declared; /* charset that the server declared; NULL */
    int depth;            /* of containers within containers */
    enum lj_ocr ocr;
    enum lj_extract_pass pass;
    uint32_t part, parts;           /* of pass WARM */
    uint32_t timeout_ms;            /* a page */
    const struct lj_reader *reader; /* NULL: this helper recognises nothing */
    const struct lj_known *known;   /* records of JSON Lines that need not be read; NULL */
    bool scanned;                   /* the document at hand is one that pass TEXT leaves */
    struct lj_input *input;
    struct lj_output *output;
};

/* Reads until at least want bytes are held, or to the end. False with LJ_ERROR_IO. */
bool lj_input_fill(struct lj_input *input, size_t want, GError **error);
/* For streams: the next bytes, at most size; 0 at the end, -1 with error. Consumes what fill held.
 */
gssize lj_input_read(struct lj_job *job, uint8_t *bytes, size_t size, GError **error);
/* SHA-256 of all the input: what is held and what is still to be read. */
bool lj_input_sha256(struct lj_input *input, uint8_t sha256[32], GError **error);

/* A new document with mime and the job's member set. */
struct lj_document *lj_job_document(struct lj_job *job, const char *mime);
/* Sends the document and frees it. False when nobody listens any more: stop. */
bool lj_job_emit(struct lj_job *job, struct lj_document *document);
/* Says that a known record is there. False when nobody listens any more. */
bool lj_job_same(struct lj_job *job, uint32_t number);
/* False once nobody listens any more. */
bool lj_job_listens(const struct lj_job *job);
/* Does this page need recognition, and is it this pass's to do? A format asks it of every page (counted
 * from 0) that wants it. */
bool lj_job_wants_page(const struct lj_job *job, uint32_t page);
/* The end of the pages: tells how many are left unread, when this pass or helper leaves them. True: the
 * document is to be emitted now. */
bool lj_job_pages(struct lj_job *job, uint32_t wanted);
/* Reads a page: from what is known, or by recognition. False when there is no text; what went wrong is
 * told as a failure of the member. number is counted from 1. */
bool lj_job_read_page(struct lj_job *job, int number, const uint8_t *grey, int width, int height,
                      int stride, int dpi, GString *text);

/* Tells of a member or record that failed; frees the error. */
void lj_job_fail(struct lj_job *job, const char *member, GError *failure);

/* Reads a member of a container: recognises it by its content and hands its documents on as the
 * job's own; what fails or nobody reads is told with its member's name. False: stop, nobody
 * listens. */
bool lj_job_nested(struct lj_job *job, const char *name, const char *member, const uint8_t *bytes,
                   size_t length);

#endif
