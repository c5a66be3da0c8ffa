/* Hits → text, JSON, CSV…: how an answer is written. One file a format in lib/render.
 *
 *     struct lj_output *out = lj_output_new(STDOUT_FILENO, LJ_FORMAT_JSON);
 *     lj_render_begin(out);
 *     lj_render_answer(out, &answer);
 *     if (!lj_render_end(out, &error)) …
 *
 * Writing goes to a buffer; a full one is written out. A reader that closed the pipe is no error: it sets
 * out->closed, and callers stop.
 */
#ifndef LEGAJO_RENDER_H
#define LEGAJO_RENDER_H

#include "legajo/association.h"

enum lj_format {
    LJ_FORMAT_TEXT,
    LJ_FORMAT_JSON,
    LJ_FORMAT_JSONL,
    LJ_FORMAT_CSV,
    LJ_FORMAT_EXCEL,
    LJ_FORMAT_TSV,
    LJ_FORMAT_PATHS,
    LJ_FORMAT_NUL,
    LJ_FORMAT_TREC,
    LJ_FORMAT_RIS,
    LJ_FORMAT_CSL,
    LJ_FORMAT_ATOM,
    LJ_FORMAT_SVG, /* a timeline */
    LJ_FORMATS
};

/* The name of a format ("jsonl"); static. */
LJ_API const char *lj_format_name(enum lj_format format);
/* The format of a name; -1 when none has it. */
LJ_API int lj_format_find(const char *name);

struct lj_output {
    int fd; /* -1: what is written stays in buffer */
    enum lj_format format;
    unsigned width; /* columns of a line of text; 0: 80 */
    bool colour;    /* escape sequences for highlights */
    bool links;     /* terminal hyperlinks */
    bool spanish;   /* decimal comma: excel's separator is ';' */
    bool topics;    /* several queries: records carry query_id */
    char **fields;  /* columns or keys, NULL-terminated; NULL: the format's own. Owned */
    GString *buffer;
    bool closed; /* the reader has gone */
    /* private */
    GError *failure;
    GHashTable *seen;
    uint64_t records;
};

LJ_API struct lj_output *lj_output_new(int fd, enum lj_format format);
LJ_API void lj_output_free(struct lj_output *output);

/* Writes the buffer out. False with LJ_ERROR_IO, or without error when the reader has gone. Once
 * it failed it keeps failing, so that callers may ask at the end only. */
LJ_API bool lj_output_flush(struct lj_output *output, GError **error);

/* Sets the fields from a list "id,title,text"; LJ_ERROR_USAGE names one that cannot be. */
LJ_API bool lj_output_set_fields(struct lj_output *output, const char *list, GError **error);

/* Is this one of the fields asked for? */
LJ_API bool lj_output_has_field(const struct lj_output *output, const char *name);

/* One query's answer; everything is borrowed. */
struct lj_answer {
    const char *query_id; /* NULL: not among topics */
    const char *query;    /* as given */
    const struct lj_search_options *options;
    enum lj_match match; /* what was used in the end: ALL or ANY */
    const struct lj_results *results;
    const GArray *index;                                    /* struct lj_index_info */
    GString *(*text)(const struct lj_hit *hit, void *data); /* a whole text; NULL: none */
    void *data;
    struct lj_matcher *matcher; /* highlights titles; NULL: none */
    const GArray *corrections;  /* struct lj_correction; NULL: none */
    bool facets_asked,
        timeline_asked; /* else facets of the results are for the foot of text only */
};

LJ_API void lj_render_begin(struct lj_output *output);
LJ_API void lj_render_answer(struct lj_output *output, const struct lj_answer *answer);
/* Ends the format and flushes; as lj_output_flush. */
LJ_API bool lj_render_end(struct lj_output *output, GError **error);

/* One hit as lines of text, as in a text answer. */
LJ_API void lj_render_hit(struct lj_output *output, const struct lj_answer *answer,
                          const struct lj_hit *hit);

/* A column of a hit as in csv ("title", "snippet"); NULL: it has none. g_free. */
LJ_API char *lj_hit_column(const struct lj_answer *answer, const struct lj_hit *hit,
                           const char *name);
/* Appends a cell of csv, with a comma before all but the first. */
LJ_API void lj_csv_append(GString *out, bool first, const char *text);

/* An error as JSON, on a line: start and end in code points of the query, or both -1. */
LJ_API void lj_render_error(struct lj_output *output, const GError *error, long start, long end);

/* Tables: with text aligned, with csv and tsv columns, with json an object, with jsonl an object a line. */
LJ_API void lj_render_facets(struct lj_output *output, const struct lj_answer *answer);
LJ_API void lj_render_timeline(struct lj_output *output, const struct lj_answer *answer);
LJ_API void lj_render_terms(struct lj_output *output, const char *prefix, const GArray *terms);

/* Collocates and comparisons: index as in an answer; other NULL: the rest of the archive. */
LJ_API void lj_render_collocates(struct lj_output *output,
                                 const struct lj_associations *associations, const char *query,
                                 unsigned window, const GArray *index);
LJ_API void lj_render_comparison(struct lj_output *output,
                                 const struct lj_associations *associations, const char *query,
                                 const char *other, const GArray *index);

/* --- concordance ---------------------------------------------------------------------------------- */

enum lj_kwic_sort { LJ_KWIC_DOCUMENT, LJ_KWIC_LEFT, LJ_KWIC_RIGHT, LJ_KWIC_DATE };

#define LJ_KWIC_MOST 500000 /* lines that left and right order hold at most; the rest is left out */

/* Lines of a concordance. In the order of documents and of dates (which the caller's hits have) they go
 * straight to the output; left and right order need them all first, and go by Spanish collation: right
 * context from the match on, left context from the match back, word by word. Every line of a table says
 * where it comes from: query (borrowed) and index as in an answer. */
LJ_API struct lj_concordance *lj_concordance_new(struct lj_output *output, enum lj_kwic_sort sort,
                                                 unsigned context, const char *query,
                                                 const GArray *index);
/* Columns of context to ask of lj_passage_kwic. */
LJ_API unsigned lj_concordance_context(const struct lj_concordance *concordance);
LJ_API void lj_concordance_add(struct lj_concordance *concordance, const struct lj_hit *hit,
                               const struct lj_kwic *line);
/* Writes what was held back. Returns the lines written; *left_out (may be NULL): those beyond
 * LJ_KWIC_MOST. */
LJ_API uint64_t lj_concordance_end(struct lj_concordance *concordance, uint64_t *left_out);

/* The foot of a text answer: years and types of all matches, ready to paste as filters. */
LJ_API void lj_render_foot(struct lj_output *output, const struct lj_answer *answer);

/* --- lines of text ------------------------------------------------------------------------------- */

/* Columns a text takes on a terminal: 0 for combining marks, 2 for wide characters. length -1: to NUL. */
LJ_API unsigned lj_width(const char *text, gssize length);

/* Bytes of text, from its beginning, that fit into columns, cut between grapheme clusters. */
LJ_API size_t lj_width_fit(const char *text, size_t length, unsigned columns);

/* Text in lines of so many columns, cut at blanks; every line but the first begins with indent blanks.
 * g_free. */
LJ_API char *lj_wrap(const char *text, unsigned columns, unsigned indent);

/* A path for people: valid UTF-8, odd bytes as %XX. g_free. */
LJ_API char *lj_path_display(const char *path);

/* Appends text as a JSON string with its quotes. NULL: null. length -1: to NUL. */
LJ_API void lj_json_append(GString *out, const char *text, gssize length);

#endif
