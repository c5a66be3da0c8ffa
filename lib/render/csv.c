/* Tables for other programs: csv (RFC 4180), excel (with what its import expects), tsv. */
#include "render/render.h"

#include <string.h>

static const char *const columns[] = {"rank", "score",        "id",      "key",   "date", "title",
                                      "type", "organization", "country", "path",  "url",  "section",
                                      "page", "snippet",      "query",   "index", NULL};

struct cells
lj_cells(const struct lj_output *output)
{
    struct cells cells = {',', true, false};
    if (output->format == LJ_FORMAT_EXCEL) {
        cells.separator = output->spanish ? ';' : ',';
        cells.harmless = true;
    } else if (output->format == LJ_FORMAT_TSV || output->format == LJ_FORMAT_TEXT) {
        cells.separator = '\t';
        cells.quotes = false;
    }
    return cells;
}

void
lj_cells_begin(struct lj_output *output)
{
    if (output->format == LJ_FORMAT_EXCEL)
        g_string_append(output->buffer, "\xEF\xBB\xBF");
}

void
lj_cell(GString *out, const struct cells *cells, bool first, const char *text)
{
    if (!first)
        g_string_append_c(out, cells->separator);
    if (!text)
        return;
    if (!cells->quotes) {
        for (const char *p = text; *p; p++)
            g_string_append_c(out, *p == '\t' || *p == '\n' || *p == '\r' ? ' ' : *p);
        return;
    }
    /* A spreadsheet computes what begins so; a number with its sign is no sum. */
    bool harmful = cells->harmless && *text && strchr("=+-@\t\r", *text) != NULL &&
                   (strchr("+-", *text) == NULL || !text[1] ||
                    strspn(text + 1, "0123456789.,") != strlen(text + 1));
    const char special[] = {cells->separator, '"', '\n', '\r', 0};
    bool quote = harmful || strpbrk(text, special) || *text == ' ';
    if (quote)
        g_string_append_c(out, '"');
    if (harmful)
        g_string_append_c(out, '\'');
    for (const char *p = text; *p; p++) {
        if (*p == '"')
            g_string_append_c(out, '"');
        g_string_append_c(out, *p);
    }
    if (quote)
        g_string_append_c(out, '"');
}

void
lj_csv_append(GString *out, bool first, const char *text)
{
    const struct cells cells = {',', true, false};
    lj_cell(out, &cells, first, text);
}

void
lj_cells_end(GString *out, const struct cells *cells)
{
    g_string_append(out, cells->quotes ? "\r\n" : "\n");
}

static const char *const *
names_of(const struct lj_output *output)
{
    return output->fields ? (const char *const *)output->fields : columns;
}

static void
begin(struct lj_output *output)
{
    struct cells cells = lj_cells(output);
    lj_cells_begin(output);
    bool first = true;
    if (output->topics && !lj_output_has_field(output, "query_id")) {
        lj_cell(output->buffer, &cells, true, "query_id");
        first = false;
    }
    for (const char *const *name = names_of(output); *name; name++, first = false)
        lj_cell(output->buffer, &cells, first, *name);
    lj_cells_end(output->buffer, &cells);
}

static void
answer_rows(struct lj_output *output, const struct lj_answer *answer)
{
    struct cells cells = lj_cells(output);
    const GPtrArray *hits = answer->results->hits;
    for (guint i = 0; hits && i < hits->len && !output->closed; i++) {
        bool first = true;
        if (output->topics && !lj_output_has_field(output, "query_id")) {
            lj_cell(output->buffer, &cells, true, answer->query_id);
            first = false;
        }
        for (const char *const *name = names_of(output); *name; name++, first = false) {
            char *value = lj_hit_column(answer, hits->pdata[i], *name);
            lj_cell(output->buffer, &cells, first, value);
            g_free(value);
        }
        lj_cells_end(output->buffer, &cells);
        lj_output_drain(output);
    }
}

const struct format format_csv = {"csv", begin, answer_rows, NULL};
const struct format format_excel = {"excel", begin, answer_rows, NULL};
const struct format format_tsv = {"tsv", begin, answer_rows, NULL};
