/* The table of formats: one file and one row each.
 *
 *     const struct lj_format *format = lj_format_find(&probe, &mime);
 *     format->extract(job, &error);
 */
#ifndef LEGAJO_EXTRACT_FORMATS_H
#define LEGAJO_EXTRACT_FORMATS_H

#include "extract/job.h"

/* What a kind is recognised by: content first, the name only where content cannot tell. */
struct lj_probe {
    const uint8_t *head; /* the first bytes of the file, LJ_PROBE_SIZE at most */
    size_t length;
    const char *extension; /* of the name, lower case, without dot; "" */
    bool records;
    struct lj_input
        *input; /* for containers whose table of contents stands at the end; may be NULL */
    const char *magic; /* lj_magic of the head: asked once, since most formats want to know */
};

#define LJ_PROBE_SIZE 16384

struct lj_format {
    const char *name;  /* "HTML" */
    const char *mimes; /* blank-separated; the first is what documents carry */
    bool (*recognise)(const struct lj_probe *probe);
    bool (*extract)(struct lj_job *job, GError **error);
};

/* The ending of a file's name in lower case, without its dot; ""; g_free. */
char *lj_extension(const char *name);
/* Is it an OpenDocument that is one file of XML? Where its type stands, ended by a quote; NULL: no. Borrowed. */
const char *lj_flat_odf(const uint8_t *head, size_t length);

extern const struct lj_format lj_format_plain;
extern const struct lj_format lj_format_markdown;
extern const struct lj_format lj_format_html;
extern const struct lj_format lj_format_jsonl;
extern const struct lj_format lj_format_json;
extern const struct lj_format lj_format_rtf;
extern const struct lj_format lj_format_xml;
extern const struct lj_format lj_format_subtitles;
extern const struct lj_format lj_format_csv;
#ifdef LJ_EXTRACT_FULL
extern const struct lj_format lj_format_doc;
extern const struct lj_format lj_format_xls;
extern const struct lj_format lj_format_ppt;
extern const struct lj_format lj_format_msg;
extern const struct lj_format lj_format_tnef;
extern const struct lj_format lj_format_warc;
extern const struct lj_format lj_format_image;
extern const struct lj_format lj_format_pdf;
extern const struct lj_format lj_format_docx;
extern const struct lj_format lj_format_pptx;
extern const struct lj_format lj_format_xlsx;
extern const struct lj_format lj_format_odf;
extern const struct lj_format lj_format_epub;
extern const struct lj_format lj_format_mail;
extern const struct lj_format lj_format_pst;
extern const struct lj_format lj_format_archive;
#endif

/* All of them, in the order in which they are asked, ended by NULL. */
extern const struct lj_format *const lj_formats[];

/* The format of a file, or NULL and its MIME type by content (static) in *mime; *other when only
 * the full helper can tell what it is. */
const struct lj_format *lj_format_find(const struct lj_probe *probe, const char **mime,
                                       bool *other);

/* The MIME type of bytes that are no text, or NULL for text. */
const char *lj_magic(const uint8_t *head, size_t length);

/* Does a text begin as a letter or a mailbox does? Known to the quick helper, too, which leaves
 * them. */
bool lj_looks_like_mail(const char *text, size_t length);

/* Does it begin as a web archive that is not packed does? */
bool lj_looks_like_warc(const uint8_t *head, size_t length);

/* Recognises what the input holds and extracts it. other and mime as for lj_format_find; both may
 * be NULL in the full helper. */
bool lj_format_extract(struct lj_job *job, bool *other, const char **mime, GError **error);

#endif
