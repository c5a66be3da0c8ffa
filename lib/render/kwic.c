/* Concordance lines: aligned for the eye, columns for AntConc, R and spreadsheets. */
#include "render/render.h"
#include "passage/clean.h"
#include "render/collate.h"

#include <stdlib.h>
#include <string.h>

#define DEFAULT_CONTEXT 60 /* columns a side, where no terminal decides */

struct row {
    char *key, *cells; /* key: to sort by; cells: what will be written, ready */
    uint64_t number;
};

struct lj_concordance {
    struct lj_output *output;
    enum lj_kwic_sort sort;
    unsigned context;
    const char *query;
    char *index;         /* identity */
    unsigned left, room; /* text: columns before the match, in all */
    GArray *rows;        /* struct row */
    uint64_t lines, left_out;
};

static bool
as_cells(const struct lj_output *output)
{
    return output->format == LJ_FORMAT_CSV || output->format == LJ_FORMAT_EXCEL ||
           output->format == LJ_FORMAT_TSV;
}

struct lj_concordance *
lj_concordance_new(struct lj_output *output, enum lj_kwic_sort sort, unsigned context,
                   const char *query, const GArray *index)
{
    struct lj_concordance *c = g_new0(struct lj_concordance, 1);
    c->output = output;
    c->sort = sort;
    c->context = context ? context : DEFAULT_CONTEXT;
    c->query = query;
    c->index = lj_index_identity(index);
    if (output->format == LJ_FORMAT_JSON) {
        g_string_append(output->buffer, "{\"format_version\":1,");
        lj_json_index(output->buffer, index);
        g_string_append(output->buffer, ",\"query\":");
        lj_json_append(output->buffer, query, -1);
        g_string_append(output->buffer, ",\"lines\":[");
    }
    if (output->format == LJ_FORMAT_TEXT) {
        unsigned width = MAX(output->width ? output->width : 80, 40u);
        if (context) {
            c->left = context;
            c->room = 0;
        } else { /* a little more than half to the right, where the match stands too */
            c->left = (width - 12 - 12) / 2;
            c->room = width - 12 - c->left;
            c->context = width;
        }
    }
    if (as_cells(output)) {
        static const char *const names[] = {"id",         "key",   "date",    "title",   "left",
                                            "match",      "right", "section", "speaker", "page",
                                            "page_label", "start", "query",   "index"};
        struct cells cells = lj_cells(output);
        lj_cells_begin(output);
        for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
            lj_cell(output->buffer, &cells, i == 0, names[i]);
        lj_cells_end(output->buffer, &cells);
    }
    if (sort == LJ_KWIC_LEFT || sort == LJ_KWIC_RIGHT) {
        c->rows = g_array_new(FALSE, FALSE, sizeof(struct row));
    }
    return c;
}

unsigned
lj_concordance_context(const struct lj_concordance *concordance)
{
    return concordance->context;
}

/* The first word of the left context is the one next to the match. */
static char *
backwards(const char *left)
{
    char **words = g_strsplit(left, " ", -1);
    guint n = g_strv_length(words);
    for (guint i = 0; i < n / 2; i++) {
        char *word = words[i];
        words[i] = words[n - 1 - i];
        words[n - 1 - i] = word;
    }
    char *text = g_strjoinv(" ", words);
    g_strfreev(words);
    return text;
}

/* Letters and digits decide, not the comma before them. */
static char *
sort_key(const struct lj_concordance *c, const struct lj_kwic *line)
{
    char *text = c->sort == LJ_KWIC_LEFT ? backwards(line->left) : g_strdup(line->right);
    const char *from = text;
    while (*from && !g_unichar_isalnum(g_utf8_get_char(from)))
        from = g_utf8_next_char(from);
    /* The first words of the context decide; the rest only costs memory. */
    char *end = (char *)from;
    for (int i = 0; *end && i < 48; i++)
        end = g_utf8_next_char(end);
    *end = 0;
    char *key = lj_collate_key(from);
    g_free(text);
    return key;
}

static void
text_line(const struct lj_concordance *c, const struct lj_hit *hit, const struct lj_kwic *line,
          GString *out)
{
    const struct lj_output *output = c->output;
    const char *date = hit->stored->document->date;
    if (c->sort == LJ_KWIC_DATE)
        g_string_append_printf(out, "%-10.10s  ", date ? date : "");
    else
        g_string_append_printf(out, "%s%s%s  ", output->colour ? "\x1b[33m" : "", hit->key,
                               output->colour ? "\x1b[0m" : "");
    const char *left = line->left;
    size_t length = strlen(left);
    unsigned width = lj_width(left, -1);
    while (width > c->left) {
        const char *next = g_utf8_next_char(left);
        width -= lj_width(left, next - left);
        left = next;
    }
    while (*left && left > line->left &&
           !lj_grapheme_border(line->left, length, (size_t)(left - line->left)))
        left = g_utf8_next_char(left);
    g_string_append_printf(out, "%*s%s", (int)(c->left - MIN(c->left, width)), "", left);
    GString *rest = g_string_new(line->match);
    size_t match = rest->len;
    g_string_append(rest, line->right);
    unsigned room = c->room ? c->room : lj_width(line->match, -1) + c->left;
    size_t fit = lj_width_fit(rest->str, rest->len, room);
    match = MIN(match, fit);
    while (fit > match && rest->str[fit - 1] == ' ')
        fit--;
    if (output->colour)
        g_string_append(out, "\x1b[1;31m");
    g_string_append_len(out, rest->str, (gssize)match);
    if (output->colour)
        g_string_append(out, "\x1b[0m");
    g_string_append_len(out, rest->str + match, (gssize)(fit - match));
    g_string_append_c(out, '\n');
    g_string_free(rest, TRUE);
}

static char *
trimmed(const char *text)
{
    return g_strstrip(g_strdup(text));
}

static void
cells_line(const struct lj_concordance *c, const struct lj_hit *hit, const struct lj_kwic *line,
           GString *out)
{
    struct cells cells = lj_cells(c->output);
    const struct lj_document *document = hit->stored->document;
    char *left = trimmed(line->left), *right = trimmed(line->right), page[16] = "", start[32];
    if (line->page)
        g_snprintf(page, sizeof page, "%u", line->page->level);
    g_snprintf(start, sizeof start, "%" G_GUINT64_FORMAT, line->start_point);
    const char *values[] = {document->id,
                            hit->key,
                            document->date,
                            lj_document_field(document, "title"),
                            left,
                            line->match,
                            right,
                            line->section ? line->section->label : NULL,
                            line->speaker ? line->speaker->label : NULL,
                            page,
                            line->page ? line->page->label : NULL,
                            start,
                            c->query,
                            c->index};
    for (size_t i = 0; i < G_N_ELEMENTS(values); i++)
        lj_cell(out, &cells, i == 0, values[i]);
    lj_cells_end(out, &cells);
    g_free(left);
    g_free(right);
}

static void
json_line(const struct lj_concordance *c, const struct lj_hit *hit, const struct lj_kwic *line,
          GString *out)
{
    const struct lj_document *document = hit->stored->document;
    const char *pairs[][2] = {{"id", document->id},
                              {"key", hit->key},
                              {"date", document->date},
                              {"left", line->left},
                              {"match", line->match},
                              {"right", line->right},
                              {"section", line->section ? line->section->label : NULL},
                              {"speaker", line->speaker ? line->speaker->label : NULL},
                              {"page_label", line->page ? line->page->label : NULL},
                              {"time", line->time ? line->time->label : NULL}};
    bool list = c->output->format == LJ_FORMAT_JSON;
    g_string_append(out, list && c->lines ? ",\n {" : list ? "\n {" : "{");
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
        lj_json_append(out, pairs[i][0], -1);
        g_string_append_c(out, ':');
        lj_json_append(out, pairs[i][1], -1);
        g_string_append_c(out, ',');
    }
    if (line->page)
        g_string_append_printf(out, "\"page\":%u,", line->page->level);
    else
        g_string_append(out, "\"page\":null,");
    g_string_append_printf(out, "\"start\":%" G_GUINT64_FORMAT, line->start_point);
    if (!list) { /* a line by itself says where it comes from */
        g_string_append(out, ",\"query\":");
        lj_json_append(out, c->query, -1);
        g_string_append(out, ",\"index\":");
        lj_json_append(out, c->index, -1);
    }
    g_string_append(out, list ? "}" : "}\n");
}

void
lj_concordance_add(struct lj_concordance *c, const struct lj_hit *hit, const struct lj_kwic *line)
{
    if (c->rows && c->rows->len >= LJ_KWIC_MOST) {
        c->left_out++;
        return;
    }
    GString *out = c->rows ? g_string_new(NULL) : c->output->buffer;
    if (c->output->format == LJ_FORMAT_TEXT)
        text_line(c, hit, line, out);
    else if (as_cells(c->output))
        cells_line(c, hit, line, out);
    else
        json_line(c, hit, line, out);
    if (c->rows) {
        struct row row = {sort_key(c, line), g_string_free(out, FALSE), c->lines};
        g_array_append_val(c->rows, row);
    } else if (c->lines < 8) { /* the first lines at once, so that one sees it work */
        if (c->output->fd >= 0)
            lj_output_flush(c->output, NULL);
    } else {
        lj_output_drain(c->output);
    }
    c->lines++;
}

static int
compare(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    int order = strcmp(x->key, y->key);
    return order ? order : x->number < y->number ? -1 : x->number > y->number;
}

uint64_t
lj_concordance_end(struct lj_concordance *c, uint64_t *left_out)
{
    uint64_t lines = c->lines;
    if (c->rows) {
        qsort(c->rows->data, c->rows->len, sizeof(struct row), compare);
        for (guint i = 0; i < c->rows->len; i++) {
            struct row *row = &g_array_index(c->rows, struct row, i);
            const char *cells = row->cells;
            if (c->output->format ==
                LJ_FORMAT_JSON) { /* commas came with the order they were found in */
                cells += strspn(cells, ",\n ");
                g_string_append(c->output->buffer, i ? ",\n " : "\n ");
            }
            g_string_append(c->output->buffer, cells);
            lj_output_drain(c->output);
            g_free(row->key);
            g_free(row->cells);
        }
        g_array_unref(c->rows);
    }
    if (c->output->format == LJ_FORMAT_JSON)
        g_string_append_printf(c->output->buffer, "],\"total\":%" G_GUINT64_FORMAT "}\n", lines);
    if (left_out)
        *left_out = c->left_out;
    g_free(c->index);
    g_free(c);
    return lines;
}
