/* One document: what is known of it, and its text with the query's matches marked. */
#include "commands.h"
#include "i18n.h"

#include <string.h>
#include <unistd.h>

#define MATCH "\x1b[1;31m"
#define BOLD "\x1b[1m"
#define PLAIN "\x1b[0m"

/* Text for a terminal or a file: lines are kept, other control characters are not. */
static void
append_text(GString *out, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        uint8_t c = (uint8_t)text[i];
        bool c1 = c == 0xC2 && i + 1 < length && (uint8_t)text[i + 1] < 0xA0;
        if (c1)
            i++;
        else if ((c >= 0x20 && c != 0x7F) || c == '\n' || c == '\t')
            g_string_append_c(out, (char)c);
    }
}

/* Breaks lines of out, from a byte on, that are wider than so many columns, at blanks where there are some. */
static void
wrap(GString *out, size_t from, unsigned columns)
{
    GString *text = g_string_new_len(out->str + from, (gssize)(out->len - from));
    g_string_truncate(out, from);
    size_t start = 0, blank = 0; /* of the line; the last blank in it, 0: none */
    unsigned used = 0;
    for (size_t at = 0; at < text->len;) {
        size_t next = at + 1;
        while (next < text->len && ((uint8_t)text->str[next] & 0xC0) == 0x80)
            next++;
        if (text->str[at] == '\x1b') { /* ESC [ … m takes no room */
            next = at + strcspn(text->str + at, "m") + 1;
        } else if (text->str[at] == '\n') {
            g_string_append_len(out, text->str + start, (gssize)(next - start));
            start = next;
            used = 0;
            blank = 0;
        } else {
            used += text->str[at] == '\t' ? 8 - used % 8
                                          : lj_width(text->str + at, (gssize)(next - at));
            if (text->str[at] == ' ')
                blank = at;
            if (used > columns && at > start) {
                size_t end = blank > start ? blank : at;
                g_string_append_len(out, text->str + start, (gssize)(end - start));
                g_string_append_c(out, '\n');
                next = start = end + (end == blank);
                used = 0;
                blank = 0;
            }
        }
        at = next;
    }
    g_string_append_len(out, text->str + start, (gssize)(text->len - start));
    g_string_free(text, TRUE);
}

static void
line(struct lj_output *output, const char *name, const char *value)
{
    if (!value || !*value)
        return;
    /* "key" is another name of the field id, which has a line of its own. */
    const struct lj_field *field = strcmp(name, "key") == 0 ? NULL : lj_field_find(name, -1);
    const char *shown = field ? field->spanish : strcmp(name, "key") == 0 ? "clave" : name;
    g_string_append_printf(output->buffer, "%s%s%s: ", output->colour ? BOLD : "", shown,
                           output->colour ? PLAIN : "");
    append_text(output->buffer, value, strlen(value));
    g_string_append_c(output->buffer, '\n');
}

static void
show_text(struct lj_output *output, struct lj_matcher *matcher, const struct lj_hit *hit,
          const GString *text)
{
    const struct lj_document *document = hit->stored->document;
    size_t from = output->buffer->len;
    line(output, "id", document->id);
    line(output, "key", hit->key);
    line(output, "date", document->date);
    for (guint i = 0; document->properties && i < document->properties->len; i++) {
        const struct lj_property *property =
            &g_array_index(document->properties, struct lj_property, i);
        line(output, property->name, property->value);
    }
    char *path = hit->path ? lj_path_display(hit->path) : NULL;
    line(output, "path", path);
    g_free(path);
    g_string_append_c(output->buffer, '\n');
    GArray *spans = g_array_new(FALSE, FALSE, sizeof(struct lj_span));
    if (matcher && output->colour) {
        lj_matcher_begin(matcher, document);
        lj_matcher_feed(matcher, text->str, text->len, 0);
        lj_matcher_end(matcher);
        lj_matcher_spans(matcher, spans);
    }
    size_t at = 0;
    for (guint i = 0; i < spans->len; i++) {
        const struct lj_span *span = &g_array_index(spans, struct lj_span, i);
        if (span->end <= at)
            continue;
        size_t start = MAX(span->start, at);
        append_text(output->buffer, text->str + at, start - at);
        g_string_append(output->buffer, MATCH);
        append_text(output->buffer, text->str + start, span->end - start);
        g_string_append(output->buffer, PLAIN);
        at = span->end;
    }
    append_text(output->buffer, text->str + at, text->len - at);
    if (text->len == 0 || text->str[text->len - 1] != '\n')
        g_string_append_c(output->buffer, '\n');
    if (isatty(STDOUT_FILENO)) /* through a pager too */
        wrap(output->buffer, from, output->width ? output->width : 80);
    g_array_unref(spans);
}

static GString *
text_of(const struct lj_hit *hit, void *data)
{
    (void)hit;
    const GString *text = data;
    return g_string_new_len(text->str, (gssize)text->len);
}

static int
show(const struct options *options, struct lj_searcher *searcher, struct lj_output *output)
{
    GError *error = NULL;
    struct lj_query *query = NULL;
    struct lj_matcher *matcher = NULL;
    int status = FOUND;
    if (options->query) {
        query = prepare_query(options, searcher, options->query, &status);
        if (!query)
            return status;
        matcher = lj_matcher_new(query, lj_searcher_analyser(searcher));
    }
    struct lj_hit *hit = lj_searcher_lookup(searcher, options->value, &error);
    GString *text = hit ? lj_searcher_text(searcher, hit, &error) : NULL;
    if (!text) {
        status = report_error(options, error, NULL, NULL);
    } else if (options->format == LJ_FORMAT_TEXT && !output->fields) {
        show_text(output, matcher, hit, text);
    } else {
        if (!output->fields && options->format != LJ_FORMAT_RIS && options->format != LJ_FORMAT_CSL)
            lj_output_set_fields(
                output,
                "id,key,path,url,title,date,date_from,type,mime,bytes,words,sha256,ocr,"
                "tags,fields,text",
                NULL);
        struct lj_results results = {.total = 1, .total_exact = true, .hits = g_ptr_array_new()};
        g_ptr_array_add(results.hits, hit);
        hit->rank = 1;
        struct lj_answer answer = {.query = options->query,
                                   .options = &options->search,
                                   .results = &results,
                                   .index = lj_searcher_info(searcher, NULL),
                                   .text = text_of,
                                   .data = text};
        lj_render_begin(output);
        lj_render_answer(output, &answer);
        g_ptr_array_unref(results.hits);
    }
    if (text)
        g_string_free(text, TRUE);
    lj_hit_free(hit);
    lj_matcher_free(matcher);
    lj_query_free(query);
    return status;
}

/* $PAGER, else less; an empty one, or neither there: none. Colours reach less as colours, and what
 * fits the terminal stays on it, unless the user says otherwise in $LESS. */
static FILE *
open_pager(void)
{
    const char *pager = g_getenv("PAGER");
    char *less = pager ? NULL : g_find_program_in_path("less");
    if (less)
        pager = "less";
    g_free(less);
    if (!pager || !*pager)
        return NULL;
    g_setenv("LESS", "FRX", FALSE);
    g_setenv("LESSCHARSET", "utf-8", FALSE); /* whatever the locale */
    return popen(pager, "w");
}

int
command_show(const struct options *options)
{
    GError *error = NULL;
    bool page = options->format == LJ_FORMAT_TEXT && isatty(STDOUT_FILENO) && isatty(STDIN_FILENO);
    FILE *pages = page ? open_pager() : NULL;
    struct lj_output *output =
        options_output(options, pages ? fileno(pages) : STDOUT_FILENO, &error);
    struct lj_searcher *searcher = output ? open_searcher(options, &error) : NULL;
    int status =
        searcher ? show(options, searcher, output) : report_error(options, error, NULL, NULL);
    lj_searcher_close(searcher);
    if (status == FOUND)
        status = finish_output(options, output, status);
    else
        lj_output_free(output);
    if (pages)
        pclose(pages);
    return status;
}
