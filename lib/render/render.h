/* What the formats share. */
#ifndef LEGAJO_RENDER_RENDER_H
#define LEGAJO_RENDER_RENDER_H

#include "legajo/render.h"

/* One format: begin and end may be NULL. */
struct format {
    const char *name;
    void (*begin)(struct lj_output *output);
    void (*answer)(struct lj_output *output, const struct lj_answer *answer);
    void (*end)(struct lj_output *output);
};

extern const struct format format_text, format_json, format_jsonl, format_csv, format_excel,
    format_tsv, format_paths, format_nul, format_trec, format_ris, format_csl, format_atom,
    format_svg;

/* Writes out a buffer that has grown large; called after each record. */
void lj_output_drain(struct lj_output *output);

/* The values of a field of the document (struct lj_property.value, borrowed), date and type
 * included. */
GPtrArray *lj_hit_values(const struct lj_hit *hit, const char *name);

/* The names that a cell or key can have beyond fields of documents; NULL-terminated. */
extern const char *const lj_hit_columns[];

/* "uuid:revision", several blank-separated: what was searched. g_free. */
char *lj_index_identity(const GArray *index);

const char *lj_match_name(enum lj_match match);
const char *lj_sort_name(enum lj_sort sort);

/* Code points in length bytes. */
size_t lj_points(const char *text, size_t length);

/* Cells of csv, excel and tsv. */
struct cells {
    char separator;
    bool quotes;   /* csv; else tsv: blanks for tabs and line ends */
    bool harmless; /* a cell that a spreadsheet would compute gets an apostrophe */
};
struct cells lj_cells(const struct lj_output *output);
/* Appends a cell, with the separator before it unless it is the first of a line. */
void lj_cell(GString *out, const struct cells *cells, bool first, const char *text);
void lj_cells_end(GString *out, const struct cells *cells);
/* The byte order mark, where the format begins with one. */
void lj_cells_begin(struct lj_output *output);

/* Counts as aligned lines of text with bars, each ready to paste as a filter. */
void lj_text_counts(struct lj_output *output, const char *field, const GArray *counts);

/* Counts as a JSON list of {name, count}. */
void lj_json_counts(GString *out, const GArray *counts, const char *name, const char *count);

/* How the query was understood, and a hit's score as a sum; nothing where no explanation was asked for. The
 * JSON ones append keys, with a comma before each. */
void lj_explain_terms(struct lj_output *output, const struct lj_answer *answer);
void lj_explain_hit(struct lj_output *output, const struct lj_hit *hit, unsigned indent);
void lj_json_explain_terms(GString *out, const struct lj_results *results);
void lj_json_explain_hit(GString *out, const struct lj_hit *hit);
/* Matches of a period per 10,000 words; -1: not known. */
double lj_period_rate(const struct lj_results *results, const struct lj_period *period);
/* The timeline as aligned lines of text with bars, each period ready to paste as a filter. */
void lj_text_timeline(struct lj_output *output, const struct lj_results *results);
/* A period as a JSON object; what is not known has no key. */
void lj_json_period(GString *out, const struct lj_results *results, const struct lj_period *period);

/* "index":[…] of an answer. */
void lj_json_index(GString *out, const GArray *index);

/* One hit as a JSON object. */
void lj_json_hit(struct lj_output *output, const struct lj_answer *answer,
                 const struct lj_hit *hit);

#endif
