/* What a document is: an id, fields, a text, and marks that say where in the text one stands.
 *
 * Extractors make it, the index analyses it and keeps it, answers show it. Text is valid UTF-8 in
 * NFC with '\n' line ends and no NUL; all offsets count bytes of it and survive every later step.
 *
 *     struct lj_document *d = lj_document_new();
 *     lj_document_set_text(d, text, length);
 *     lj_document_add_field(d, "title", "Ley de Armas");
 *     lj_document_add_mark(d, LJ_MARK_SECTION, 1, 0, 12, "Artículo 1");
 */
#ifndef LEGAJO_DOCUMENT_H
#define LEGAJO_DOCUMENT_H

#include "legajo/schema.h"

enum lj_mark_kind {
    LJ_MARK_SECTION, /* a heading: start..end is the heading's own text; level 1 is the highest */
    LJ_MARK_PAGE,    /* a page begins at start; label is the printed number or NULL; level = sheet */
    LJ_MARK_SPEAKER, /* a turn begins at start: label is who speaks */
    LJ_MARK_TIME,    /* a cue begins at start: label is the time, "00:12:31" */
};

/* A place in the text. Marks are kept sorted by start, then kind. */
struct lj_mark {
    enum lj_mark_kind kind;
    uint32_t level;
    uint32_t start, end; /* bytes of the text */
    char *label;         /* NULL: none; owned */
};

/* A field's value; a list field has several entries of one name. Names are those of the field table
 * or, for what the table does not know, the record's own. */
struct lj_property {
    char *name;
    char *value;
    bool lent; /* both lie in the document's own block: they go with it, and are not to be freed */
};

/* The file a document was read from, source NAME first (raw bytes): kept beside the fields, shown as `path`. */
#define LJ_PROPERTY_FILE "@file"
/* A further path of the same bytes, written the same way; they come in byte order. */
#define LJ_PROPERTY_COPY "@copy"

/* How sure we are of a date: the ladder, best first. */
enum lj_date_rung {
    LJ_DATE_NONE,
    LJ_DATE_GIVEN,        /* "given": the record's or the metadata file's own date */
    LJ_DATE_FRONT_MATTER, /* "front-matter" */
    LJ_DATE_MARKUP,       /* "markup": meta tags, legal XML */
    LJ_DATE_MASTHEAD,     /* "masthead": a dateline at the head of the text */
    LJ_DATE_TEXT,         /* "text": a date within the head of the text that it gives as its own */
    LJ_DATE_FILE_NAME,    /* "file-name" */
};

struct lj_document {
    char *id;              /* set by the index from NAME and path, or by a record */
    char *part_of;         /* id of the container; NULL: none */
    char *member;          /* extractors: name within the container, or "#12" for a record; NULL */
    char *mime;            /* "text/markdown" */
    char *charset;         /* "utf-8", "windows-1252": what the bytes were read as */
    char *charset_from;    /* "bom" "utf-8" "declared" "default" "given": which rung decided */
    char *date;            /* ISO, may be partial: "2026", "2026-01", "2026-01-21"; NULL: none */
    enum lj_date_rung date_from;
    bool ocr;
    bool deleted;          /* a record {"id":…,"deleted":true} */
    bool cut;              /* text was longer than the limit and is cut */
    uint64_t bytes;        /* size of the original */
    uint8_t sha256[32];    /* of the original file or record */
    GArray *properties;    /* struct lj_property, in the order found; LJ_PROPERTY_FILE among them */
    GArray *marks;         /* struct lj_mark */
    GString *text;
    char *block;           /* the library's: what was read with the document lies here together (lj_document_drop) */
    size_t block_size, block_used;
};

LJ_API struct lj_document *lj_document_new(void);
LJ_API void lj_document_free(struct lj_document *document);

/* Frees a string of the document that is to be replaced, unless it lies in the document's block; NULL is fine. */
LJ_API void lj_document_drop(const struct lj_document *document, char *string);

/* Replaces the text by a copy; it must be as described above. */
LJ_API void lj_document_set_text(struct lj_document *document, const char *text, size_t length);

/* Adds a value; empty and blank values are ignored, values are trimmed. */
LJ_API void lj_document_add_field(struct lj_document *document, const char *name, const char *value);

/* The id of a whole file, of its path with the source's NAME first: valid UTF-8, composed; g_free. */
LJ_API char *lj_file_id(const char *path);

/* The first value of a field, or NULL. Borrowed until the document changes. */
LJ_API const char *lj_document_field(const struct lj_document *document, const char *name);

LJ_API void lj_document_add_mark(struct lj_document *document, enum lj_mark_kind kind,
                                 uint32_t level, uint32_t start, uint32_t end, const char *label);

/* Brings marks in order and drops those beyond the text; extractors call it last. */
LJ_API void lj_document_finish(struct lj_document *document);

/* The names of the rungs, as JSON carries them ("masthead"); static. */
LJ_API const char *lj_date_rung_name(enum lj_date_rung rung);

/* The key of an id: 10 hex digits of its SHA-1 and a NUL. */
LJ_API void lj_document_key(const char *id, char key[11]);

/* A SHA-256 as people and terms write it. */
LJ_API void lj_sha256_hex(const uint8_t sha256[32], char hex[65]);

/* The flat form that crosses the pipe from the extractor: appends to out; reads from bytes (all
 * lengths checked: any bytes may come). NULL with LJ_ERROR_DAMAGED when malformed. */
LJ_API void lj_document_write(const struct lj_document *document, GByteArray *out);
LJ_API struct lj_document *lj_document_read(const uint8_t *bytes, size_t length, GError **error);

/* --- dates: an interval of days ------------------------------------------------------------- */

/* A day or a run of days, inclusive: 2026-01 is 20260101..20260131. */
struct lj_interval {
    uint32_t first, last; /* YYYYMMDD; 0 and 99999999 stand for open ends */
};

/* Reads an ISO date, perhaps partial, perhaps with a time behind 'T' or a blank ("2026",
 * "2026-01", "2026-01-21T10:00:00Z", "20260121"). False when it is none or impossible. */
LJ_API bool lj_interval_from_iso(const char *text, gssize length, struct lj_interval *out);

/* The shortest ISO form of an interval that is a year, a month or a day; of any other, its first and
 * last day with ".." between (open ends empty), as queries write ranges; g_free. */
LJ_API char *lj_interval_to_iso(const struct lj_interval *interval);

/* The interval of a year, of a month (day 0) or of a day (month 0: the year). False when there is no
 * such day; years are 1 to 9999. */
LJ_API bool lj_interval_of(uint32_t year, uint32_t month, uint32_t day, struct lj_interval *out);

#endif
