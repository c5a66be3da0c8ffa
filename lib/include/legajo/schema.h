/* The one table of fields: what a document can say of itself and how it is asked for.
 *
 * Indexing, query parsing, facets, help and manual all read these rows; lib/schema/FORMAT.md says
 * how each is laid down in Xapian. Fields that a record brings and the table does not know are kept
 * under their own name and can be declared (lj_schema_declared_slot).
 *
 *     const struct lj_field *f = lj_field_find("órgano", -1);   the row "organization"
 */
#ifndef LEGAJO_SCHEMA_H
#define LEGAJO_SCHEMA_H

#include "legajo/error.h"
#include <stdbool.h>
#include <stdint.h>

/* Format of the index that this library writes; see lib/schema/FORMAT.md. */
#define LJ_FORMAT_VERSION 1

enum lj_field_id {
    LJ_FIELD_TITLE,
    LJ_FIELD_DATE,
    LJ_FIELD_TYPE,
    LJ_FIELD_ORGANIZATION,
    LJ_FIELD_COUNTRY,
    LJ_FIELD_AUTHOR,
    LJ_FIELD_SUBJECT,
    LJ_FIELD_LANGUAGE,
    LJ_FIELD_EXT,
    LJ_FIELD_MIME,
    LJ_FIELD_PATH,
    LJ_FIELD_URL,
    LJ_FIELD_SOURCE,
    LJ_FIELD_ID,
    LJ_FIELD_TAG,     /* marks of the user, kept outside the index */
    LJ_FIELD_YEAR,    /* derived from date: facets only */
    LJ_FIELD_ARTICLE, /* citations: art: */
    LJ_FIELD_CITATION,
    LJ_FIELD_LAW,
    LJ_FIELD_MENTION, /* dates the text mentions */
    LJ_FIELDS
};

enum lj_field_kind {
    LJ_KIND_TEXT,     /* words with positions and stems: title */
    LJ_KIND_NAME,     /* a whole value, and its words with positions: organization, author */
    LJ_KIND_KEYWORD,  /* a whole value: type, country */
    LJ_KIND_DATE,     /* an interval of days */
    LJ_KIND_PATH,     /* a path: every leading part finds it */
    LJ_KIND_ID,       /* the id, or a prefix of the key */
    LJ_KIND_CITATION, /* normalised by the analyser: citations and mentioned dates */
    LJ_KIND_TAG,      /* kept outside the index */
};

struct lj_field {
    enum lj_field_id id;
    const char *name;     /* English, as in JSON */
    const char *spanish;  /* as shown to users: "título" */
    const char *aliases;  /* further names, blank-separated, folded: "titulo asunto" */
    const char *prefix;   /* Xapian prefix of its terms, NULL where it has none */
    int slot;             /* value slot, -1 where it has none */
    enum lj_field_kind kind;
    bool list;            /* several values a document */
    bool facet;           /* can be counted */
    const char *help;     /* one line, English; msgid of the Spanish one */
    const char *example;  /* "tipo:ley" */
};

/* Value slots beside those of the field rows. */
enum lj_slot {
    LJ_SLOT_ID = 0,
    LJ_SLOT_DATE = 1,        /* YYYYMMDD, first day */
    LJ_SLOT_DATE_END = 2,    /* YYYYMMDD, last day; only for partial dates */
    LJ_SLOT_WORDS = 3,       /* tokens of the text: sortable 4-byte big-endian */
    LJ_SLOT_TYPE = 4,
    LJ_SLOT_COUNTRY = 5,
    LJ_SLOT_ORGANIZATION = 6,
    LJ_SLOT_AUTHOR = 7,
    LJ_SLOT_SUBJECT = 8,
    LJ_SLOT_LANGUAGE = 9,
    LJ_SLOT_EXT = 10,
    LJ_SLOT_MIME = 11,
    LJ_SLOT_SOURCE = 12,
    LJ_SLOT_TITLE = 13,      /* folded, first 60 bytes: for --sort=title */
    LJ_SLOT_SHA256 = 14,     /* 32 bytes: of the file, or of the record */
    LJ_SLOT_FINGERPRINT = 15,/* 8 bytes: near-duplicate fingerprint (simhash) */
    LJ_SLOT_DATE_FROM = 16,  /* rung of the date: "given" … */
    LJ_SLOT_OCR = 17,        /* "1" where text was read by OCR */
    LJ_SLOT_KEY = 18,        /* first 10 hex digits of SHA-1 of the id */
    LJ_SLOT_METADATA = 19,   /* 8 bytes: digest of the row of metadata from outside that it has */
    LJ_SLOT_DECLARED = 1024, /* declared fields: 1024 + 20 bits of the FNV-1a hash of the name */
};

/* The rows, LJ_FIELDS of them, in the order of enum lj_field_id. Static. */
LJ_API const struct lj_field *lj_field_table(void);

/* The row of a name or alias, without regard to case or accents; NULL when none has it.
 * length -1: NUL-terminated. */
LJ_API const struct lj_field *lj_field_find(const char *name, gssize length);

/* Is it said of a document (by its front matter, its meta tags, a table of metadata) word for word: title,
 * type, author…? Not the date, which is read, nor what the index works out itself. */
LJ_API bool lj_field_is_said(const struct lj_field *field);

/* The row whose name or alias is nearest to a mistyped one (edit distance up to 2), or NULL. */
LJ_API const struct lj_field *lj_field_nearest(const char *name, gssize length);

/* Slot of a declared field: a hash of its folded name. Several indexes agree by construction. */
LJ_API uint32_t lj_schema_declared_slot(const char *name);

/* Prefix of the terms of a declared field, "XD" + name in capitals without blanks + ":". Free with
 * g_free. */
LJ_API char *lj_schema_declared_prefix(const char *name);

/* A field that a record brings and the configuration declares: found as name:value, and counted when
 * it is a facet. The index keeps the list in its metadata (FORMAT.md), so searches need no
 * configuration. */
struct lj_declared {
    char *name;   /* as declared */
    char *folded;
    char *prefix; /* of its terms */
    uint32_t slot;
    bool facet;
};

/* An empty list of struct lj_declared, which it owns; g_ptr_array_unref. */
LJ_API GPtrArray *lj_declared_new(void);
/* Adds a field; one that is there may become a facet. LJ_ERROR_CONFIG without a place: it is a row of
 * the table, is no name that a query could hold, or shares its slot with another. */
LJ_API bool lj_declared_add(GPtrArray *list, const char *name, bool facet, GError **error);
/* Without regard to case or accents; NULL. length -1: NUL-terminated. */
LJ_API const struct lj_declared *lj_declared_find(const GPtrArray *list, const char *name,
                                                  gssize length);
/* The list as the index keeps it, a line a field sorted by name ("sala facet"), and back; lines that
 * cannot be read are left out. g_free. */
LJ_API char *lj_declared_print(const GPtrArray *list);
LJ_API void lj_declared_read(GPtrArray *list, const char *text);

/* Lists in one value slot: values sorted, each after its length as one byte-coded number (7 bits a
 * byte, low first); ValueCountMatchSpy counts combinations, which lj_schema_list_split takes apart. */
LJ_API void lj_schema_list_join(const char *const *values, size_t n, GString *out);

/* Splits what lj_schema_list_join made: appends each value (g_free) to out. False when malformed. */
LJ_API bool lj_schema_list_split(const char *bytes, size_t length, GPtrArray *out);

/* Folds a field value or name: NFC, lower case, no accents (ñ stays), blanks collapsed. g_free. */
LJ_API char *lj_schema_fold(const char *text, gssize length);

#endif
