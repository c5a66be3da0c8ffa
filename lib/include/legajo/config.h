/* The configuration: an INI file (GKeyFile) that both tools may read, and the fields it declares.
 *
 *     [index]
 *     db = /srv/legajo/leyes
 *     memory = 512M
 *
 *     [search]
 *     thesaurus = sinonimos.txt
 *
 *     [fields]
 *     declared = expediente;sala
 *     facets = sala
 *
 *     [source leyes]
 *     path = /srv/archivo/leyes
 *     exclude = borradores/;*.tmp
 *     columns = text:Cuerpo;title:Asunto;date:Fecha de emisión
 *
 * One file counts, the first that is found: that of --config, of $LEGAJO_CONFIG,
 * $XDG_CONFIG_HOME/legajo/legajo.conf, legajo/legajo.conf in the folders of $XDG_CONFIG_DIRS,
 * /etc/legajo/legajo.conf. Relative paths begin in its folder, "~/" at home.
 */
#ifndef LEGAJO_CONFIG_H
#define LEGAJO_CONFIG_H

#include "legajo/schema.h"

/* A pattern of the walk, as in gitignore; see index/walk.h. */
struct lj_glob {
    char *pattern;
    bool include; /* undoes an exclusion */
};

/* A group "source NAME". */
struct lj_config_source {
    char *name;
    char *path;    /* absolute, but nobody has looked whether it is there */
    GArray *globs; /* struct lj_glob: what `exclude` says, then what `include` says */
    bool hidden, follow;
    uint64_t max_size; /* 0: not said */
    char *encoding;    /* NULL: not said */
    char *
        columns; /* of CSV and JSON, "text:Cuerpo;date:Fecha": names of fields as the table has them; NULL */
};

struct lj_config {
    char *file;       /* the one in force; NULL: none was found */
    const char *rung; /* how it was found: "--config", "LEGAJO_CONFIG", "XDG", "/etc"; static */
    char *db;         /* absolute; NULL: not said */
    unsigned jobs;    /* 0: not said */
    uint64_t memory;  /* bytes; 0: not said */
    bool no_delete;
    int max_delete;     /* percent; -1: not said */
    GPtrArray *sources; /* struct lj_config_source, in the order of the file */
    GPtrArray *fields;  /* struct lj_declared; NULL: the file does not declare any */
    char *thesaurus;    /* absolute: synonyms of searches; NULL: not said */
    GHashTable *lines;  /* "group\nkey" → line in the file; private: lj_config_line */
};

/* Without HOME, and without an entry in the user database (containers, services), home is "/": as GLib has it, but
 * without its warnings. For tools, before anything else. */
LJ_API void lj_config_home(void);

/* Finds and reads the configuration. given: of --config; empty or NULL: the ladder is climbed. No file at
 * all gives an empty configuration. LJ_ERROR_CONFIG names file, line and remedy of what cannot be used;
 * a file that was named (option, environment) must be there. */
LJ_API struct lj_config *lj_config_load(const char *given, GError **error);
LJ_API void lj_config_free(struct lj_config *config);

/* The line of a key in the file, from 1; 0: it is not there. */
LJ_API unsigned lj_config_line(const struct lj_config *config, const char *group, const char *key);

/* "64M", "1GiB", "4096": a number of bytes with K, M or G. False when it is none, or too large. */
LJ_API bool lj_size_parse(const char *text, uint64_t *out);

#endif
