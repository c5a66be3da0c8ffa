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

/* Which pages are read by character recognition (OCR): those without a text layer, none, all. */
enum lj_ocr { LJ_OCR_AUTO, LJ_OCR_NEVER, LJ_OCR_ALWAYS };

/* Recognition takes seconds a page, so a caller with many files takes it in passes: first TEXT, which
 * gives the documents that need none and tells of the pages left; then OCR, which gives the documents
 * left by TEXT and no others. WARM gives none: it reads its part of a file's pages into the cache, so
 * that several processes may share one long file. */
enum lj_extract_pass { LJ_PASS_ALL, LJ_PASS_TEXT, LJ_PASS_OCR, LJ_PASS_WARM };

struct lj_page_cache;

/* A record that the caller has: the beginning of the SHA-256 of its bytes, and its line where it has no id of its own. */
struct lj_known_record {
    uint8_t sha256[16];
    uint32_t line; /* 0: any */
};

struct lj_extract_request {
    const char *name;     /* base name of the file: type, title and date of last resort; NULL */
    const char *encoding; /* overrides detection for plain text; NULL */
    const char *columns;  /* of CSV and JSON: "text:Cuerpo;title:Asunto", field and column; NULL */
    uint64_t max_text;    /* bytes of text a document; 0: 64M */
    uint32_t timeout_ms;  /* 0: 60 s a document, 120 s a page to be recognised */
    bool records;         /* the descriptor is a JSONL feed whatever it looks like (the source -) */
    enum lj_ocr ocr;
    enum lj_extract_pass pass;
    uint32_t part,
        parts; /* WARM: pages whose number, counted from 0, leaves part divided by parts */
    struct lj_page_cache *pages; /* texts of pages read before; NULL: none */
    /* Of these records of a JSON Lines file only the number is told (sinks->same), where they are as they were. */
    const struct lj_known_record *known;
    uint32_t n_known; /* at most LJ_KNOWN_MOST */
};
#define LJ_KNOWN_MOST (8u << 20)

/* Receives each document as it is made; takes it over. False stops the extraction. */
typedef bool (*lj_document_sink)(struct lj_document *document, void *data);
/* Receives a member or record that failed, with its place ("line 12") in the message. */
typedef void (*lj_failure_sink)(const char *member, const GError *failure, void *data);

/* Learns how many pages were left unread: by pass TEXT, or because of LJ_OCR_NEVER. whole: the file is one
 * document, whose pages may be shared out. */
typedef void (*lj_left_sink)(uint32_t pages, bool whole, void *data);
/* Asked before each page that is recognised; false stops the extraction. */
typedef bool (*lj_page_sink)(void *data);
/* Asked a few times a second while nothing comes (one page, or one huge document, may take minutes); false ends
 * the extraction at once, which is no failure of the file. */
typedef bool (*lj_wanted_sink)(void *data);

/* Learns that a known record, by its number in the request, is there as it was. False stops the extraction. */
typedef bool (*lj_same_sink)(uint32_t number, void *data);

/* Gives a document that is no longer needed, emptied (document/flat.h), to be filled again; NULL: there is none. */
typedef struct lj_document *(*lj_spare_source)(void *data);

struct lj_extract_sinks {
    lj_document_sink document;
    lj_failure_sink failure; /* NULL: ignored */
    void *data;
    lj_left_sink left;     /* NULL: ignored */
    lj_page_sink page;     /* NULL: go on */
    lj_wanted_sink wanted; /* NULL: go on */
    lj_same_sink same;     /* where records are known */
    lj_spare_source spare; /* NULL: every document is a new one */
};

/* Texts of recognised pages by the content of the page (a hash of its picture): one small file each, in
 * dir/xx/. Threads share it; a page that two ask for at once is recognised once. write: pages read
 * now are kept. No folder is made before there is a page to keep. */
LJ_API struct lj_page_cache *lj_page_cache_open(const char *dir, bool write);
LJ_API void lj_page_cache_close(struct lj_page_cache *cache);
/* The optional libraries this was built without, as "poppler-glib, tesseract"; NULL: none. Files that need one
 * are failures. Static. */
LJ_API const char *lj_extract_without(void);
/* What the programs that read documents are, by size and time: another text after an update, which may know more kinds.
 * g_free. */
LJ_API char *lj_extract_reader(void);
/* Is recognition of characters there: a helper program built with it? */
LJ_API bool lj_ocr_available(void);
/* Is a file of this MIME type read by recognition of characters alone? */
LJ_API bool lj_ocr_reads(const char *mime);

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

/* Asks for a file whose turn comes later, in pass TEXT: its reader goes on with it while the answer before it is
 * taken. What is asked for so is to be taken by lj_extract in the same order, with the same fd and request, before
 * anything else is. False: not now (LJ_ASKED_MOST are on their way, or known records are among what is asked);
 * lj_extract does without. */
#define LJ_ASKED_MOST 16
LJ_API bool lj_extract_ahead(struct lj_extractor *extractor, int fd,
                             const struct lj_extract_request *request);
/* How many files are asked for and not taken: less than the caller sent where the helper had to be ended meanwhile. */
LJ_API unsigned lj_extract_asked(const struct lj_extractor *extractor);
/* What is asked for is not wanted any more. */
LJ_API void lj_extract_forget(struct lj_extractor *extractor);

#endif
