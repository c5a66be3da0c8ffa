/* Metadata from outside: a table that says of documents what they do not say themselves.
 *
 *     struct lj_metadata *table = lj_metadata_read("fichas.csv", &error);
 *     lj_metadata_note_file(table, "2026/ley.pdf");                    every file of the source
 *     lj_metadata_join(table, document, &place);                       wins over what was found
 *
 * Read are CSV and TSV (first line: names of columns, Spanish or English), Zotero's CSV, CSL-JSON and
 * Zotero's JSON with attachments. A document's row is the one that names, first of these, its id, its
 * path, its content (SHA-256), the end of its path (folder and name), its name; the last two only where
 * they tell one file from all others. Of a document with several paths the first that has a row. What a row replaces is kept beside it in the document, so that a
 * row can change or go without reading the original again:
 *
 *     @metadata  digest of the row      @joined  name of a field it gave      @own:NAME  what stood there
 */
#ifndef LEGAJO_INDEX_METADATA_H
#define LEGAJO_INDEX_METADATA_H

#include "legajo/document.h"

#define LJ_PROPERTY_METADATA "@metadata"

/* A row that cannot be used, or that no document has. */
struct lj_metadata_problem {
    char *place; /* "line 12", "item 3" */
    char *text;
};

struct lj_metadata {
    char *path;
    char digest[65];     /* SHA-256 of the file, hex */
    GPtrArray *problems; /* struct lj_metadata_problem, owned: of reading */
    size_t rows;         /* usable ones */
    /* private */
    bool json; /* its rows are items */
    GPtrArray *list;
    GHashTable *exact, *content, *tails, *names; /* key → row; ambiguous: NULL */
    GHashTable *file_tails, *file_names;         /* key → how many files */
};

/* Reads the whole table. LJ_ERROR_NO_INPUT when it cannot be read, LJ_ERROR_FORMAT when it is no such
 * table: the message names what is missing. Single rows that cannot be used are problems. */
struct lj_metadata *lj_metadata_read(const char *path, GError **error);
void lj_metadata_free(struct lj_metadata *table);

/* A file of the source (path relative to it), so that names that several have are told. Before any join. */
void lj_metadata_note_file(struct lj_metadata *table, const char *path);

/* Where a document stands, as a row may name it. */
struct lj_metadata_place {
    const char *id;
    const char *source, *root; /* NAME and folder; NULL for a feed */
    const char *path;          /* relative to root; NULL for what is not a whole file */
    const uint8_t *sha256;
    const GPtrArray
        *copies; /* char *: further paths of the same bytes, NAME first, borrowed; NULL: none */
};

/* The digest of the row that a document has; 0: none. Marks the row as used. Threads may call it. */
uint64_t lj_metadata_digest(struct lj_metadata *table, const struct lj_metadata_place *place);

/* Undoes what was joined before, then joins the document's row, if it has one. table NULL: only undoes. */
void lj_metadata_join(struct lj_metadata *table, struct lj_document *document,
                      const struct lj_metadata_place *place);

/* The digest that a document was joined by; 0: none. As in LJ_SLOT_METADATA. */
uint64_t lj_metadata_joined(const struct lj_document *document);

/* Rows that no document had: GPtrArray of struct lj_metadata_problem; g_ptr_array_unref. */
GPtrArray *lj_metadata_unused(const struct lj_metadata *table);

#endif
