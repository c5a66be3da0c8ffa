/* Collocates and comparisons: aligned for the eye, columns for R and spreadsheets, objects for programs. */
#include "render/render.h"
#include "i18n.h"

#include <inttypes.h>
#include <string.h>

static char *
number(const struct lj_output *output, const char *format, double value)
{
    char text[48];
    g_ascii_formatd(text, sizeof text, format, value);
    if (output->spanish && (output->format == LJ_FORMAT_TEXT || output->format == LJ_FORMAT_EXCEL))
        g_strdelimit(text, ".", ',');
    return g_strdup(text);
}

static void
cells_rows(struct lj_output *output, const struct lj_associations *a, bool compare)
{
    static const char *const names[] = {"word", "stem",       "count",          "other",
                                        "rate", "other_rate", "log_likelihood", "set"};
    struct cells cells = lj_cells(output);
    GString *out = output->buffer;
    size_t n = compare ? 8 : 7;
    lj_cells_begin(output);
    for (size_t i = 0; i < n; i++)
        lj_cell(out, &cells, i == 0, names[i]);
    lj_cells_end(out, &cells);
    for (guint i = 0; i < a->rows->len && !output->closed; i++) {
        const struct lj_association *row = &g_array_index(a->rows, struct lj_association, i);
        char count[24], other[24];
        g_snprintf(count, sizeof count, "%" PRIu64, row->count);
        g_snprintf(other, sizeof other, "%" PRIu64, row->other);
        char *rate = number(output, "%.4f", row->rate),
             *other_rate = number(output, "%.4f", row->other_rate),
             *score = number(output, "%.2f", row->score);
        const char *values[] = {row->word, row->stem,  count, other,
                                rate,      other_rate, score, row->elsewhere ? "other" : "query"};
        for (size_t v = 0; v < n; v++)
            lj_cell(out, &cells, v == 0, values[v]);
        lj_cells_end(out, &cells);
        g_free(rate);
        g_free(other_rate);
        g_free(score);
        lj_output_drain(output);
    }
}

static void
json_row(GString *out, const struct lj_association *row, bool compare)
{
    char rate[G_ASCII_DTOSTR_BUF_SIZE], other[G_ASCII_DTOSTR_BUF_SIZE],
        score[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append(out, "{\"word\":");
    lj_json_append(out, row->word, -1);
    g_string_append(out, ",\"stem\":");
    lj_json_append(out, row->stem, -1);
    g_string_append_printf(out,
                           ",\"count\":%" PRIu64 ",\"other\":%" PRIu64
                           ",\"rate\":%s,\"other_rate\":%s,\"log_likelihood\":%s",
                           row->count, row->other,
                           g_ascii_formatd(rate, sizeof rate, "%.4f", row->rate),
                           g_ascii_formatd(other, sizeof other, "%.4f", row->other_rate),
                           g_ascii_formatd(score, sizeof score, "%.2f", row->score));
    if (compare)
        g_string_append_printf(out, ",\"set\":\"%s\"", row->elsewhere ? "other" : "query");
    g_string_append_c(out, '}');
}

static void
json_whole(struct lj_output *output, const struct lj_associations *a, const char *query,
           const char *other, bool compare, const GArray *index)
{
    GString *out = output->buffer;
    g_string_append(out, "{\"format_version\":1,");
    lj_json_index(out, index);
    g_string_append(out, ",\"query\":");
    lj_json_append(out, query, -1);
    if (compare) {
        g_string_append(out, ",\"other_query\":");
        lj_json_append(out, other, -1);
    }
    char took[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(out,
                           ",\"exact\":%s,\"documents\":%" PRIu64 ",\"documents_read\":%" PRIu64
                           ",\"words\":%" PRIu64,
                           a->exact ? "true" : "false", a->documents, a->read, a->words);
    if (compare)
        g_string_append_printf(out,
                               ",\"other_documents\":%" PRIu64 ",\"other_documents_read\":%" PRIu64
                               ",\"shared_documents\":%" PRIu64,
                               a->other_documents, a->other_read, a->shared);
    else
        g_string_append_printf(out, ",\"matches\":%" PRIu64, a->matches);
    g_string_append_printf(out, ",\"other_words\":%" PRIu64 ",\"took_ms\":%s,\"rows\":[",
                           a->other_words, g_ascii_formatd(took, sizeof took, "%.1f", a->took_ms));
    for (guint i = 0; i < a->rows->len; i++) {
        g_string_append(out, i ? ",\n " : "\n ");
        json_row(out, &g_array_index(a->rows, struct lj_association, i), compare);
        lj_output_drain(output);
    }
    g_string_append(out, "]}\n");
}

/* --- text ---------------------------------------------------------------------------------------
 */

static void
right(GString *out, const char *text, unsigned width)
{
    unsigned own = lj_width(text, -1);
    g_string_append_printf(out, "%*s%s", (int)(width - MIN(width, own)), "", text);
}

/* A heading of a column over its figures: the widest of both. */
static unsigned
column(const char *name, unsigned least)
{
    return MAX(lj_width(name, -1), least) + 2;
}

static void
text_rows(struct lj_output *output, const struct lj_associations *a, bool elsewhere,
          const char *count_name, const char *other_name)
{
    GString *out = output->buffer;
    unsigned widths[] = {column(count_name, 8), column(other_name, 8), column(_("per 10,000"), 8),
                         column(_("elsewhere"), 8), column("G²", 10)};
    const char *names[] = {count_name, other_name, _("per 10,000"), _("elsewhere"), "G²"};
    bool first = true;
    for (guint i = 0; i < a->rows->len && !output->closed; i++) {
        const struct lj_association *row = &g_array_index(a->rows, struct lj_association, i);
        if (row->elsewhere != elsewhere)
            continue;
        if (first) {
            g_string_append_printf(out, "%-22s", "");
            for (size_t c = 0; c < G_N_ELEMENTS(names); c++)
                right(out, names[c], widths[c]);
            g_string_append_c(out, '\n');
            first = false;
        }
        char count[24], other[24];
        g_snprintf(count, sizeof count, "%" PRIu64, row->count);
        g_snprintf(other, sizeof other, "%" PRIu64, row->other);
        char *rate = number(output, "%.2f", row->rate),
             *other_rate = number(output, "%.2f", row->other_rate),
             *score = number(output, "%.1f", row->score);
        const char *values[] = {count, other, rate, other_rate, score};
        size_t fit = lj_width_fit(row->word, strlen(row->word), 22);
        g_string_append_len(out, row->word, (gssize)fit);
        g_string_append_printf(out, "%*s", (int)(22 - MIN(22, lj_width(row->word, (gssize)fit))),
                               "");
        for (size_t c = 0; c < G_N_ELEMENTS(values); c++)
            right(out, values[c], widths[c]);
        g_string_append_c(out, '\n');
        g_free(rate);
        g_free(other_rate);
        g_free(score);
        lj_output_drain(output);
    }
}

/* "152 documents"; "about 20,000 of 31,010 documents" where a sample had to do. */
static void
documents(GString *out, uint64_t read, uint64_t all)
{
    if (read < all)
        g_string_append_printf(out, _("about: %" PRIu64 " of %" PRIu64 " documents read"), read,
                               all);
    else
        g_string_append_printf(out,
                               g_dngettext(GETTEXT_PACKAGE, "%" PRIu64 " document",
                                           "%" PRIu64 " documents", (gulong)all),
                               all);
}

void
lj_render_collocates(struct lj_output *output, const struct lj_associations *a, const char *query,
                     unsigned window, const GArray *index)
{
    GString *out = output->buffer;
    if (output->format == LJ_FORMAT_JSON) {
        json_whole(output, a, query, NULL, false, index);
    } else if (output->format == LJ_FORMAT_JSONL) {
        for (guint i = 0; i < a->rows->len; i++) {
            json_row(out, &g_array_index(a->rows, struct lj_association, i), false);
            g_string_append_c(out, '\n');
            lj_output_drain(output);
        }
    } else if (output->format != LJ_FORMAT_TEXT) {
        cells_rows(output, a, false);
    } else {
        documents(out, a->read, a->documents);
        g_string_append_printf(out, " · %s: %" PRIu64 " · ", _("matches"), a->matches);
        g_string_append_printf(out, _("%u words on either side"), window);
        g_string_append(out, "\n\n");
        text_rows(output, a, false, _("beside"), _("archive"));
    }
}

void
lj_render_comparison(struct lj_output *output, const struct lj_associations *a, const char *query,
                     const char *other, const GArray *index)
{
    GString *out = output->buffer;
    if (output->format == LJ_FORMAT_JSON) {
        json_whole(output, a, query, other, true, index);
    } else if (output->format == LJ_FORMAT_JSONL) {
        for (guint i = 0; i < a->rows->len; i++) {
            json_row(out, &g_array_index(a->rows, struct lj_association, i), true);
            g_string_append_c(out, '\n');
            lj_output_drain(output);
        }
    } else if (output->format != LJ_FORMAT_TEXT) {
        cells_rows(output, a, true);
    } else {
        g_string_append_printf(out, "%s: ", query);
        documents(out, a->read, a->documents);
        g_string_append_printf(out, "\n%s: ", other ? other : _("rest of the archive"));
        documents(out, a->other_read, a->other_documents);
        g_string_append_c(out, '\n');
        if (a->shared)
            g_string_append_printf(out,
                                   g_dngettext(GETTEXT_PACKAGE,
                                               "(%" PRIu64 " document of both counts above only)\n",
                                               "(%" PRIu64 " documents of both count above only)\n",
                                               (gulong)a->shared),
                                   a->shared);
        g_string_append_c(out, '\n');
        text_rows(output, a, false, _("here"), _("there"));
        if (other) {
            g_string_append_printf(out, _("\nMore frequent in: %s\n"), other);
            text_rows(output, a, true, _("here"), _("there"));
        }
    }
}
