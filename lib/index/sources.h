/* The sources an index remembers, with the options of their walk: DIR/sources, a GKeyFile. */
#ifndef LEGAJO_INDEX_SOURCES_H
#define LEGAJO_INDEX_SOURCES_H

#include "index/metadata.h"
#include "index/walk.h"

struct lj_source {
    char *name;    /* NAME in ids */
    char *root;    /* real path of a folder or file */
    char *file;    /* the root is one file: its name; NULL: a folder */
    GArray *globs; /* struct lj_glob */
    bool hidden, follow;
    uint64_t max_size; /* 0: default */
    char *encoding;    /* NULL: detect */
    char *columns;     /* of exports, as struct lj_extract_request has it; NULL: nothing is said */
    enum lj_ocr ocr;
    GPtrArray *mounts; /* char *: folders that were mount points at the last walk */
    char *metadata;    /* real path of a table that describes its documents; NULL: none */
    char *joined;      /* digest of that table when all documents were last joined; NULL: never */
    char *reader;      /* lj_extract_reader() when all of it was last looked at; NULL: not known */
    /* not remembered */
    bool anew;                 /* its files are to be read again, since columns changed */
    struct lj_metadata *table; /* of this run, borrowed; NULL: none */
};

/* file: see struct lj_source. */
struct lj_source *lj_source_new(const char *name, const char *root, const char *file);
void lj_source_free(struct lj_source *source);

/* All of DIR/sources (none is no error): GPtrArray of struct lj_source, owned. */
GPtrArray *lj_sources_load(const char *dir, GError **error);
/* Is there such a file? */
bool lj_sources_are_remembered(const char *dir);
/* As they are saved; g_free. */
char *lj_sources_print(const GPtrArray *sources);
bool lj_sources_save(const char *dir, const GPtrArray *sources, GError **error);
/* The folder source NAME, or the file source NAME/FILE; NULL. */
struct lj_source *lj_sources_find(const GPtrArray *sources, const char *name, const char *file);

#endif
