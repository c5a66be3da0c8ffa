/* Facets, timelines and terms: each its own table with csv and tsv, its own object with json. */
#include "render/render.h"
#include "i18n.h"

#include <string.h>

static bool
as_cells(const struct lj_output *output)
{
    return output->format == LJ_FORMAT_CSV || output->format == LJ_FORMAT_EXCEL ||
           output->format == LJ_FORMAT_TSV;
}

static void
row(struct lj_output *output, const char *const *cell, size_t n)
{
    struct cells cells = lj_cells(output);
    for (size_t i = 0; i < n; i++)
        lj_cell(output->buffer, &cells, i == 0, cell[i]);
    lj_cells_end(output->buffer, &cells);
    lj_output_drain(output);
}

void
lj_render_facets(struct lj_output *output, const struct lj_answer *answer)
{
    const GPtrArray *facets = answer->results->facets;
    if (as_cells(output)) {
        lj_cells_begin(output);
        row(output, (const char *const[]){"field", "value", "count"}, 3);
    }
    for (guint i = 0; facets && i < facets->len; i++) {
        const struct lj_facet *facet = facets->pdata[i];
        if (output->format == LJ_FORMAT_TEXT) {
            const struct lj_field *field = lj_field_find(facet->field, -1);
            g_string_append_printf(output->buffer, "\n%s\n", field ? field->spanish : facet->field);
            lj_text_counts(output, facet->field, facet->counts);
            continue;
        }
        for (guint j = 0; j < facet->counts->len; j++) {
            const struct lj_facet_count *one =
                &g_array_index(facet->counts, struct lj_facet_count, j);
            if (as_cells(output)) {
                char number[16];
                g_snprintf(number, sizeof number, "%u", one->count);
                row(output, (const char *const[]){facet->field, one->value, number}, 3);
            } else if (output->format == LJ_FORMAT_JSONL) {
                g_string_append(output->buffer, "{\"field\":");
                lj_json_append(output->buffer, facet->field, -1);
                g_string_append(output->buffer, ",\"value\":");
                lj_json_append(output->buffer, one->value, -1);
                g_string_append_printf(output->buffer, ",\"count\":%u}\n", one->count);
                lj_output_drain(output);
            }
        }
    }
}

double
lj_period_rate(const struct lj_results *results, const struct lj_period *period)
{
    if (!results->timeline_matches || !results->timeline_words || period->words == 0)
        return -1;
    return (double)period->matches * 10000 / (double)period->words;
}

void
lj_render_timeline(struct lj_output *output, const struct lj_answer *answer)
{
    const struct lj_results *results = answer->results;
    if (output->format == LJ_FORMAT_TEXT) {
        g_string_append_c(output->buffer, '\n');
        lj_text_timeline(output, results);
        return;
    }
    if (as_cells(output)) {
        lj_cells_begin(output);
        row(output, (const char *const[]){"period", "documents", "matches", "words", "rate"}, 5);
    }
    for (guint i = 0; results->timeline && i < results->timeline->len; i++) {
        const struct lj_period *one = &g_array_index(results->timeline, struct lj_period, i);
        if (as_cells(output)) {
            char documents[16], matches[32] = "", words[32] = "", rate[32] = "";
            g_snprintf(documents, sizeof documents, "%u", one->documents);
            if (results->timeline_matches)
                g_snprintf(matches, sizeof matches, "%" G_GUINT64_FORMAT, one->matches);
            if (results->timeline_words)
                g_snprintf(words, sizeof words, "%" G_GUINT64_FORMAT, one->words);
            if (lj_period_rate(results, one) >= 0)
                g_ascii_formatd(rate, sizeof rate, "%.4f", lj_period_rate(results, one));
            if (output->format == LJ_FORMAT_EXCEL && output->spanish)
                g_strdelimit(rate, ".", ',');
            row(output, (const char *const[]){one->period, documents, matches, words, rate}, 5);
        } else {
            lj_json_period(output->buffer, results, one);
            g_string_append_c(output->buffer, '\n');
            lj_output_drain(output);
        }
    }
}

void
lj_render_terms(struct lj_output *output, const char *prefix, const GArray *terms)
{
    GString *out = output->buffer;
    if (output->format == LJ_FORMAT_JSON) {
        g_string_append(out, "{\"format_version\":1,\"prefix\":");
        lj_json_append(out, prefix, -1);
        g_string_append(out, ",\"terms\":");
        lj_json_counts(out, terms, "term", "documents");
        g_string_append(out, "}\n");
        return;
    }
    if (as_cells(output)) {
        lj_cells_begin(output);
        row(output, (const char *const[]){"term", "documents"}, 2);
    }
    for (guint i = 0; i < terms->len && !output->closed; i++) {
        const struct lj_facet_count *one = &g_array_index(terms, struct lj_facet_count, i);
        if (as_cells(output)) {
            char number[16];
            g_snprintf(number, sizeof number, "%u", one->count);
            row(output, (const char *const[]){one->value, number}, 2);
        } else if (output->format == LJ_FORMAT_JSONL) {
            g_string_append(out, "{\"term\":");
            lj_json_append(out, one->value, -1);
            g_string_append_printf(out, ",\"documents\":%u}\n", one->count);
        } else {
            g_string_append_printf(out, "%9u  %s\n", one->count, one->value);
        }
        lj_output_drain(output);
    }
}
