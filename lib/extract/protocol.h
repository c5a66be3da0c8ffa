/* What goes over the socket between the client (liblegajo) and the helper (legajo-extract).
 *
 *     client → helper   one message a file: u32 length, then the request below; the file's
 *                       descriptor rides with its first byte (SCM_RIGHTS)
 *     helper → client   any number of: u32 length, u8 kind, payload
 *                       … and PROTOCOL_END, which closes the file
 *
 * The client may send several requests before it takes the first answer; the helper reads them one by one.
 *
 * There are three helpers of one source. legajo-extract reads what needs no more than libxml2 and
 * libyaml, and starts in a few milliseconds; what it does not read it leaves, with PROTOCOL_OTHER,
 * to legajo-extract-full, which links Poppler, libarchive, GMime and the rest and is started only
 * then. A third, legajo-extract-ocr, is the full one with Tesseract; it gets files of which the full one
 * says that pages are left to be recognised.
 *
 * Numbers and strings are those of document/flat.h, lengths little-endian and without themselves. A
 * length counts the kind.
 */
#ifndef LEGAJO_EXTRACT_PROTOCOL_H
#define LEGAJO_EXTRACT_PROTOCOL_H

#include "document/flat.h"

enum protocol_kind {
    PROTOCOL_DOCUMENT = 'D', /* lj_document_write */
    PROTOCOL_FAILURE = 'F',  /* string member, number code, string message */
    PROTOCOL_SAME = 'S',     /* number: a known record, by its place in the table */
    PROTOCOL_WAITING = 'W',  /* nothing: the input (a pipe) has nothing to read now */
    PROTOCOL_OTHER = 'O',    /* string mime: ends the answer; the full helper may know this kind */
    PROTOCOL_LEFT = 'L',     /* number pages, number whole: pages left unread (see lj_left_sink) */
    PROTOCOL_ASK = 'A',  /* 32 bytes key: is this page's text known? The client answers u32 length,
                                u8 known, text */
    PROTOCOL_PAGE = 'P', /* 32 bytes key, text: a page was read, keep it */
    PROTOCOL_END = 'E',  /* nothing, or number code, string message: why the file failed */
};

enum { PROTOCOL_RECORDS = 1 }; /* bits of the request's flags */

/* Request: string name, string encoding, string columns, number max_text, number timeout_ms, number flags, number ocr,
 * number pass, number part, number parts, number known. Where known is not 0, the request is followed by so many
 * struct lj_known_record, as they lie in memory. */
#define PROTOCOL_REQUEST_CEILING (1u << 16)
/* What a document may take beside its text: fields and marks. */
#define PROTOCOL_HEAD_CEILING (64u << 20)
#define PROTOCOL_MAX_TEXT (64u << 20)
#define PROTOCOL_TIMEOUT_MS 60000u
#define PROTOCOL_PAGE_MS 120000u /* a page to be recognised; a minute later it counts as a hang */
#define PROTOCOL_PAGE_CEILING (4u << 20)

#endif
