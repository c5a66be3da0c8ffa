/* JSON: one object an answer, whatever is found. JSONL: one object a hit. */
#include "render/render.h"

#include <math.h>
#include <string.h>

void
lj_json_append(GString *out, const char *text, gssize length)
{
    if (!text) {
        g_string_append(out, "null");
        return;
    }
    size_t n = length < 0 ? strlen(text) : (size_t)length, plain = 0;
    g_string_append_c(out, '"');
    for (size_t i = 0; i < n; i++) {
        uint8_t c = (uint8_t)text[i];
        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7F)
            continue;
        g_string_append_len(out, text + plain, (gssize)(i - plain));
        plain = i + 1;
        if (c == '"' || c == '\\')
            g_string_append_printf(out, "\\%c", c);
        else if (c == '\n')
            g_string_append(out, "\\n");
        else if (c == '\t')
            g_string_append(out, "\\t");
        else
            g_string_append_printf(out, "\\u%04x", c);
    }
    g_string_append_len(out, text + plain, (gssize)(n - plain));
    g_string_append_c(out, '"');
}

static void
key(GString *out, const char *name, const char *value)
{
    g_string_append_printf(out, "\"%s\":", name);
    lj_json_append(out, value, -1);
}

/* A number in JSON has no room for infinity. */
static void
number(GString *out, double value, int digits)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE], format[8];
    g_snprintf(format, sizeof format, "%%.%df", digits);
    g_string_append(out, g_ascii_formatd(text, sizeof text, format, isfinite(value) ? value : 0));
}

static void
list(GString *out, const GPtrArray *values)
{
    g_string_append_c(out, '[');
    for (guint i = 0; i < values->len; i++) {
        if (i)
            g_string_append_c(out, ',');
        lj_json_append(out, values->pdata[i], -1);
    }
    g_string_append_c(out, ']');
}

/* Every value of the document that has no key of its own: a list where the table says so or there
 * are several. */
static void
own_fields(GString *out, const struct lj_hit *hit)
{
    static const char *const elsewhere[] = {"title", "type",           "url", "date", "id",
                                            "mime",  LJ_TAGS_PROPERTY, NULL};
    const GArray *properties = hit->stored->document->properties;
    GHashTable *done = g_hash_table_new(g_str_hash, g_str_equal);
    g_string_append_c(out, '{');
    for (guint i = 0; properties && i < properties->len; i++) {
        const char *name = g_array_index(properties, struct lj_property, i).name;
        if (g_strv_contains(elsewhere, name) || !g_hash_table_add(done, (gpointer)name))
            continue;
        if (g_hash_table_size(done) > 1)
            g_string_append_c(out, ',');
        lj_json_append(out, name, -1);
        g_string_append_c(out, ':');
        GPtrArray *values = lj_hit_values(hit, name);
        const struct lj_field *field = lj_field_find(name, -1);
        if (values->len > 1 || (field && field->list))
            list(out, values);
        else
            lj_json_append(out, values->pdata[0], -1);
        g_ptr_array_unref(values);
    }
    g_string_append_c(out, '}');
    g_hash_table_unref(done);
}

/* Byte offsets in rising order → code points, in one walk. */
static void
highlights(GString *out, const struct lj_snippet *snippet)
{
    size_t at = 0, points = 0;
    g_string_append(out, "\"highlights\":[");
    for (guint i = 0; i < snippet->highlights->len; i++) {
        size_t byte = g_array_index(snippet->highlights, uint32_t, i);
        points += lj_points(snippet->text + at, byte - at);
        at = byte;
        g_string_append_printf(out, i % 2 ? ",%zu]" : i ? ",[%zu" : "[%zu", points);
    }
    g_string_append_c(out, ']');
}

static void
snippets(GString *out, const struct lj_hit *hit)
{
    g_string_append_c(out, '[');
    for (guint i = 0; hit->snippets && i < hit->snippets->len; i++) {
        const struct lj_snippet *snippet = hit->snippets->pdata[i];
        g_string_append(out, i ? ",{" : "{");
        key(out, "text", snippet->text);
        g_string_append_c(out, ',');
        highlights(out, snippet);
        g_string_append_printf(out,
                               ",\"start\":%" G_GUINT64_FORMAT ",\"end\":%" G_GUINT64_FORMAT ",",
                               snippet->start_point, snippet->end_point);
        key(out, "section", snippet->section);
        g_string_append_c(out, ',');
        key(out, "speaker", snippet->speaker);
        if (snippet->page)
            g_string_append_printf(out, ",\"page\":%d,", snippet->page);
        else
            g_string_append(out, ",\"page\":null,");
        key(out, "page_label", snippet->page_label);
        g_string_append_c(out, ',');
        key(out, "time", snippet->time);
        g_string_append_c(out, '}');
    }
    g_string_append_c(out, ']');
}

/* Near copies, as --duplicates=group finds them. */
static void
copies(GString *out, const struct lj_hit *hit)
{
    g_string_append_c(out, '[');
    for (guint i = 0; hit->copies && i < hit->copies->len; i++) {
        const struct lj_copy *copy = hit->copies->pdata[i];
        char *path = copy->path ? lj_path_display(copy->path) : NULL;
        const char *const entries[][2] = {{"id", copy->id},       {"key", copy->key},
                                          {"path", path},         {"url", copy->url},
                                          {"title", copy->title}, {"date", copy->date}};
        for (size_t e = 0; e < G_N_ELEMENTS(entries); e++) {
            g_string_append(out, e ? "," : i ? ",{" : "{");
            key(out, entries[e][0], entries[e][1]);
        }
        g_string_append_printf(out, ",\"similarity\":%u}", copy->similarity);
        g_free(path);
    }
    g_string_append_c(out, ']');
}

static void
value(GString *out, const struct lj_answer *answer, const struct lj_hit *hit, const char *name)
{
    static const char *const numbers[] = {"rank", "bytes", "words", "page", "ocr", NULL};
    lj_json_append(out, name, -1);
    g_string_append_c(out, ':');
    if (strcmp(name, "snippets") == 0) {
        snippets(out, hit);
    } else if (strcmp(name, "fields") == 0) {
        own_fields(out, hit);
    } else if (strcmp(name, "score") == 0) {
        number(out, hit->score, 4);
    } else if (strcmp(name, "copies") == 0) {
        copies(out, hit);
    } else if (strcmp(name, "tags") == 0) {
        GPtrArray *values = lj_hit_values(hit, name);
        list(out, values);
        g_ptr_array_unref(values);
    } else {
        char *cell = lj_hit_column(answer, hit, name);
        const struct lj_field *field = lj_field_find(name, -1);
        if (cell && g_strv_contains(numbers, name)) {
            g_string_append(out, cell);
        } else if (field && field->list && strcmp(name, "type") != 0) {
            GPtrArray *values = lj_hit_values(hit, name);
            list(out, values);
            g_ptr_array_unref(values);
        } else {
            lj_json_append(out, cell && *cell ? cell : NULL, -1);
        }
        g_free(cell);
    }
}

void
lj_json_hit(struct lj_output *output, const struct lj_answer *answer, const struct lj_hit *hit)
{
    static const char *const standard[] = {"rank", "score",  "id",       "key",       "path",
                                           "url",  "title",  "date",     "date_from", "type",
                                           "mime", "bytes",  "sha256",   "ocr",       "copies",
                                           "tags", "fields", "snippets", NULL};
    GString *out = output->buffer;
    const char *const *names = output->fields ? (const char *const *)output->fields : standard;
    g_string_append_c(out, '{');
    bool first = true;
    if (answer->query_id && !lj_output_has_field(output, "query_id")) {
        key(out, "query_id", answer->query_id);
        first = false;
    }
    for (; *names; names++) {
        if (!first)
            g_string_append_c(out, ',');
        first = false;
        value(out, answer, hit, *names);
    }
    lj_json_explain_hit(out, hit);
    g_string_append_c(out, '}');
}

void
lj_json_index(GString *out, const GArray *index)
{
    g_string_append(out, "\"index\":[");
    for (guint i = 0; index && i < index->len; i++) {
        const struct lj_index_info *info = &g_array_index(index, struct lj_index_info, i);
        g_string_append(out, i ? ",{" : "{");
        key(out, "uuid", info->uuid);
        g_string_append_printf(
            out, ",\"revision\":%" G_GUINT64_FORMAT ",\"documents\":%" G_GUINT64_FORMAT ",",
            info->revision, info->documents);
        key(out, "updated", info->updated);
        g_string_append_c(out, '}');
    }
    g_string_append_c(out, ']');
}

void
lj_json_counts(GString *out, const GArray *list_of, const char *name, const char *count)
{
    g_string_append_c(out, '[');
    for (guint i = 0; list_of && i < list_of->len; i++) {
        const struct lj_facet_count *one = &g_array_index(list_of, struct lj_facet_count, i);
        g_string_append(out, i ? ",{" : "{");
        key(out, name, one->value);
        g_string_append_printf(out, ",\"%s\":%u}", count, one->count);
    }
    g_string_append_c(out, ']');
}

/* None is ever applied unasked in a format for programs. */
static void
corrections(GString *out, const GArray *found)
{
    g_string_append(out, ",\"corrections\":[");
    for (guint i = 0; found && i < found->len; i++) {
        const struct lj_correction *correction = &g_array_index(found, struct lj_correction, i);
        g_string_append(out, i ? ",{" : "{");
        key(out, "from", correction->from);
        g_string_append_c(out, ',');
        key(out, "to", correction->to);
        g_string_append(out, ",\"applied\":false}");
    }
    g_string_append_c(out, ']');
}

void
lj_json_period(GString *out, const struct lj_results *results, const struct lj_period *period)
{
    g_string_append_c(out, '{');
    key(out, "period", period->period);
    g_string_append_printf(out, ",\"documents\":%u", period->documents);
    if (results->timeline_matches)
        g_string_append_printf(out, ",\"matches\":%" G_GUINT64_FORMAT, period->matches);
    if (results->timeline_words)
        g_string_append_printf(out, ",\"words\":%" G_GUINT64_FORMAT, period->words);
    if (lj_period_rate(results, period) >= 0) {
        g_string_append(out, ",\"rate\":");
        number(out, lj_period_rate(results, period), 4);
    }
    g_string_append_c(out, '}');
}

static void
answer_json(struct lj_output *output, const struct lj_answer *answer)
{
    GString *out = output->buffer;
    const struct lj_results *results = answer->results;
    const struct lj_search_options *options = answer->options;
    g_string_append_printf(out, "{\"format_version\":1,");
    if (answer->query_id) {
        key(out, "query_id", answer->query_id);
        g_string_append_c(out, ',');
    }
    lj_json_index(out, answer->index);
    g_string_append_c(out, ',');
    key(out, "query", answer->query);
    g_string_append_c(out, ',');
    key(out, "parsed", results->parsed);
    g_string_append_printf(out, ",\"match\":\"%s\",\"relaxed\":%s,\"sort\":\"%s\",\"offset\":%u,",
                           lj_match_name(answer->match), results->relaxed ? "true" : "false",
                           lj_sort_name(options->sort), options->offset);
    if (options->limit == G_MAXUINT32)
        g_string_append(out, "\"limit\":null,");
    else
        g_string_append_printf(out, "\"limit\":%u,", options->limit);
    g_string_append_printf(out, "\"total\":%" G_GUINT64_FORMAT ",\"total_exact\":%s,\"took_ms\":",
                           results->total, results->total_exact ? "true" : "false");
    number(out, results->took_ms, 1);
    corrections(out, answer->corrections);
    g_string_append(out, ",\"notices\":[");
    for (guint i = 0; results->notices && i < results->notices->len; i++) {
        const struct lj_notice *notice = &g_array_index(results->notices, struct lj_notice, i);
        g_string_append(out, i ? ",{" : "{");
        key(out, "code", notice->code);
        g_string_append_c(out, ',');
        key(out, "text", notice->text);
        g_string_append_c(out, '}');
    }
    g_string_append(out, "],\"results\":[");
    for (guint i = 0; results->hits && i < results->hits->len; i++) {
        /* a hit a line, but for topics, where an answer is a line */
        g_string_append(out, output->topics ? (i ? "," : "") : i ? ",\n " : "\n ");
        lj_json_hit(output, answer, results->hits->pdata[i]);
        lj_output_drain(output);
    }
    g_string_append_c(out, ']');
    lj_json_explain_terms(out, results);
    if (answer->facets_asked) {
        g_string_append(out, ",\"facets\":{");
        for (guint i = 0; results->facets && i < results->facets->len; i++) {
            const struct lj_facet *facet = results->facets->pdata[i];
            if (i)
                g_string_append_c(out, ',');
            lj_json_append(out, facet->field, -1);
            g_string_append_c(out, ':');
            lj_json_counts(out, facet->counts, "value", "count");
        }
        g_string_append_c(out, '}');
    }
    if (answer->timeline_asked) {
        g_string_append(out, ",\"timeline\":");
        for (guint i = 0; results->timeline && i < results->timeline->len; i++) {
            g_string_append_c(out, i ? ',' : '[');
            lj_json_period(out, results, &g_array_index(results->timeline, struct lj_period, i));
        }
        g_string_append(out, results->timeline && results->timeline->len ? "]" : "[]");
    }
    g_string_append(out, "}\n");
}

static void
answer_jsonl(struct lj_output *output, const struct lj_answer *answer)
{
    const GPtrArray *hits = answer->results->hits;
    for (guint i = 0; hits && i < hits->len; i++) {
        GString *out = output->buffer;
        lj_json_hit(output, answer, hits->pdata[i]);
        if (!output->fields) { /* a line by itself says where it comes from */
            char *index = lj_index_identity(answer->index);
            g_string_truncate(out, out->len - 1);
            g_string_append_c(out, ',');
            key(out, "query", answer->query);
            g_string_append_c(out, ',');
            key(out, "index", index);
            g_string_append_c(out, '}');
            g_free(index);
        }
        g_string_append_c(out, '\n');
        lj_output_drain(output);
        if (output->closed)
            return;
    }
}

void
lj_render_error(struct lj_output *output, const GError *error, long start, long end)
{
    GString *out = output->buffer;
    g_string_append(out, "{\"format_version\":1,\"error\":{");
    key(out, "code", lj_error_name(error));
    g_string_append_c(out, ',');
    key(out, "message", error->message);
    if (start >= 0)
        g_string_append_printf(out, ",\"start\":%ld,\"end\":%ld}}\n", start, end);
    else
        g_string_append(out, ",\"start\":null,\"end\":null}}\n");
}

const struct format format_json = {"json", NULL, answer_json, NULL};
const struct format format_jsonl = {"jsonl", NULL, answer_jsonl, NULL};
