/* Bytes → documents, in a helper process.
 *
 * The helper program (legajo-extract) alone links the libraries that read formats; it reads one file
 * descriptor and writes documents to a pipe, so that a document which crashes or hangs its reader
 * costs that document only. This is the client: it starts the helper, feeds it, restarts it.
 *
 *     struct lj_extractor *x = lj_extractor_open(NULL, &error);
 *     lj_extract(x, fd, &request, on_document, data, &error);
 */
#ifndef LEGAJO_EXTRACT_H
#define LEGAJO_EXTRACT_H

#include "legajo/document.h"

struct lj_extract_request {
    const char *name;       /* base name of the file: type, title and date of last resort; NULL */
    const char *encoding;   /* overrides detection for plain text; NULL */
    uint64_t max_text;      /* bytes of text a document; 0: 64M */
    uint32_t timeout_ms;    /* 0: 60 s a document */
    bool records;           /* the descriptor is a JSONL feed whatever it looks like (the source -) */
};

/* Receives each document as it is made; takes it over. False stops the extraction. */
typedef bool (*lj_document_sink)(struct lj_document *document, void *data);
/* Receives a member or record that failed, with its place ("line 12") in the message. */
typedef void (*lj_failure_sink)(const char *member, const GError *failure, void *data);

struct lj_extract_sinks {
    lj_document_sink document;
    lj_failure_sink failure; /* NULL: ignored */
    void *data;
};

/* helper: path of the program; NULL: $LEGAJO_EXTRACT, beside the running program, or the installed
 * one. The process is started at the first call. One thread each. */
LJ_API struct lj_extractor *lj_extractor_open(const char *helper, GError **error);
LJ_API void lj_extractor_close(struct lj_extractor *extractor);

/* Reads one file, from the beginning of fd (borrowed; need not be seekable for records). One document,
 * or as many as a container holds. False with LJ_ERROR_SKIPPED (a kind nobody reads; the message
 * is the MIME type), LJ_ERROR_FORMAT (broken, crashed, too slow), LJ_ERROR_IO (read error), or
 * LJ_ERROR_INTERNAL (no helper). */
LJ_API bool lj_extract(struct lj_extractor *extractor, int fd,
                       const struct lj_extract_request *request,
                       const struct lj_extract_sinks *sinks, GError **error);

#endif
