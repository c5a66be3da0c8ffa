/* Text for people: fits the terminal, says where each passage stands, ends with what to ask next.
 */
#include "render/render.h"
#include "i18n.h"
#include "passage/clean.h"

#include <inttypes.h>
#include <string.h>

#define BOLD "\x1b[1m"
#define KEY "\x1b[33m"
#define DIM "\x1b[2m"
#define MATCH "\x1b[1;31m"
#define PLAIN "\x1b[0m"
#define INDENT 4

static void
style(struct lj_output *output, const char *sequence)
{
    if (output->colour)
        g_string_append(output->buffer, sequence);
}

static unsigned
columns(const struct lj_output *output)
{
    return MAX(output->width ? output->width : 80, 20);
}

/* Appends text[from, to), switching the highlight on and off; base is the style around. */
static void
highlighted(struct lj_output *output, const char *text, size_t from, size_t to,
            const GArray *highlights, const char *base)
{
    for (guint i = 0; highlights && i + 1 < highlights->len && from < to; i += 2) {
        size_t start = g_array_index(highlights, uint32_t, i);
        size_t end = g_array_index(highlights, uint32_t, i + 1);
        if (end <= from)
            continue;
        if (start >= to)
            break;
        start = MAX(start, from);
        end = MIN(end, to);
        g_string_append_len(output->buffer, text + from, (gssize)(start - from));
        style(output, MATCH);
        g_string_append_len(output->buffer, text + start, (gssize)(end - start));
        style(output, PLAIN);
        style(output, base);
        from = end;
    }
    if (from < to)
        g_string_append_len(output->buffer, text + from, (gssize)(to - from));
}

/* A line cut to its columns, with … where something is lost. */
static void
line(struct lj_output *output, const char *text, const GArray *highlights, unsigned room,
     const char *base)
{
    size_t length = strlen(text);
    if (lj_width(text, (gssize)length) <= room) {
        highlighted(output, text, 0, length, highlights, base);
        return;
    }
    highlighted(output, text, 0, lj_width_fit(text, length, room - 1), highlights, base);
    g_string_append(output->buffer, "…");
}

/* Breaks a text at blanks into `most` lines at most. */
static void
wrapped(struct lj_output *output, const char *text, const GArray *highlights, unsigned room,
        unsigned most)
{
    size_t length = strlen(text), at = 0;
    for (unsigned row = 0; row < most && at < length; row++) {
        size_t end = at + lj_width_fit(text + at, length - at, room);
        bool last = row + 1 == most;
        if (end < length && last)
            end = at + lj_width_fit(text + at, length - at, room - 1);
        if (end < length && text[end] != ' ') {
            size_t blank = end;
            while (blank > at && text[blank] != ' ')
                blank--;
            if (blank > at)
                end = blank;
        }
        g_string_append_printf(output->buffer, "%*s", INDENT, "");
        highlighted(output, text, at, end, highlights, "");
        if (end < length && last)
            g_string_append(output->buffer, "…");
        g_string_append_c(output->buffer, '\n');
        at = end;
        while (at < length && text[at] == ' ')
            at++;
    }
}

/* The title on one line, its matches marked. */
static void
title(struct lj_output *output, const struct lj_answer *answer, const struct lj_hit *hit,
      unsigned room)
{
    const char *name = lj_document_field(hit->stored->document, "title");
    if (!name)
        name = hit->stored->document->id;
    GArray *spans = g_array_new(FALSE, FALSE, sizeof(struct lj_span));
    GArray *marks = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    GString *clean = g_string_new(NULL);
    if (answer->matcher && output->colour)
        lj_matcher_find_title(answer->matcher, name, strlen(name), spans);
    lj_clean(name, strlen(name), 0, (const struct lj_span *)(const void *)spans->data, spans->len,
             clean, marks);
    style(output, BOLD);
    line(output, clean->str, marks, room, BOLD);
    style(output, PLAIN);
    g_string_append_c(output->buffer, '\n');
    g_string_free(clean, TRUE);
    g_array_unref(spans);
    g_array_unref(marks);
}

static void
item(GString *out, const char *text)
{
    if (!text || !*text)
        return;
    if (out->len)
        g_string_append(out, " · ");
    lj_clean(text, strlen(text), 0, NULL, 0, out, NULL);
}

/* What a passage stands in: article, page, speaker, time. */
static void
place(GString *out, const struct lj_snippet *snippet)
{
    item(out, snippet->section);
    if (snippet->page_label && *snippet->page_label) {
        char *page = g_strdup_printf(_("p. %s"), snippet->page_label);
        item(out, page);
        g_free(page);
    } else if (snippet->page) {
        char *page = g_strdup_printf(_("sheet %d"), snippet->page);
        item(out, page);
        g_free(page);
    }
    item(out, snippet->speaker);
    item(out, snippet->time);
}

/* The path, as a link where terminals make one. */
static void
path(struct lj_output *output, const struct lj_hit *hit)
{
    const char *url = lj_document_field(hit->stored->document, "url");
    const char *id = hit->stored->document->id, *name = strrchr(id, '/');
    /* Of a record the file says little: where it was published says more. */
    bool own = hit->path && g_str_has_suffix(hit->path, name ? name : id);
    if (!hit->path && !url)
        return;
    char *shown = hit->path && (own || !url) ? lj_path_display(hit->path) : lj_path_display(url);
    size_t length = strlen(shown);
    unsigned room = columns(output) - INDENT;
    g_string_append_printf(output->buffer, "%*s", INDENT, "");
    char *address = hit->path && (own || !url) ? g_filename_to_uri(hit->path, NULL, NULL)
                    : url && g_str_has_prefix(url, "http") && !strpbrk(url, "\x1b\x07 ")
                        ? g_strdup(url)
                        : NULL;
    if (output->links && address)
        g_string_append_printf(output->buffer, "\x1b]8;;%s\x1b\\", address);
    style(output, DIM);
    if (lj_width(shown, -1) <= room) {
        g_string_append(output->buffer, shown);
    } else { /* its end says more than its beginning */
        const char *rest = shown;
        while (lj_width(rest, -1) > room - 1)
            rest = g_utf8_next_char(rest);
        while (!lj_grapheme_border(shown, length, (size_t)(rest - shown)))
            rest = g_utf8_next_char(rest);
        g_string_append(output->buffer, "…");
        g_string_append(output->buffer, rest);
    }
    style(output, PLAIN);
    if (output->links && address)
        g_string_append(output->buffer, "\x1b]8;;\x1b\\");
    g_string_append_c(output->buffer, '\n');
    g_free(address);
    g_free(shown);
}

/* «and 3 copies: …», as many as a line holds. */
static void
copies(struct lj_output *output, const struct lj_hit *hit)
{
    if (!hit->copies || hit->copies->len == 0)
        return;
    guint n = hit->copies->len;
    GString *out = g_string_new(NULL);
    g_string_append_printf(out, g_dngettext(GETTEXT_PACKAGE, "and %u copy: ", "and %u copies: ", n),
                           n);
    for (guint i = 0; i < n; i++) {
        char *id = lj_path_display(((const struct lj_copy *)hit->copies->pdata[i])->id);
        g_string_append_printf(out, "%s%s", i ? ", " : "", id);
        g_free(id);
    }
    g_string_append_printf(output->buffer, "%*s", INDENT, "");
    line(output, out->str, NULL, columns(output) - INDENT, "");
    g_string_append_c(output->buffer, '\n');
    g_string_free(out, TRUE);
}

void
lj_render_hit(struct lj_output *output, const struct lj_answer *answer, const struct lj_hit *hit)
{
    const struct lj_document *document = hit->stored->document;
    unsigned room = columns(output);
    GString *about = g_string_new(NULL);
    char *rank = g_strdup_printf("%2u. ", hit->rank);
    g_string_append(output->buffer, rank);
    style(output, KEY);
    g_string_append(output->buffer, hit->key);
    style(output, PLAIN);
    g_string_append(output->buffer, "  ");
    title(output, answer, hit, room - MIN(room - 8, lj_width(rank, -1) + 12));
    g_free(rank);

    if (document->date) {
        /* A date that the document does not give itself as such is said to be found. */
        if (document->date_from == LJ_DATE_GIVEN || document->date_from == LJ_DATE_FRONT_MATTER ||
            document->date_from == LJ_DATE_MARKUP)
            item(about, document->date);
        else {
            char *guessed = g_strdup_printf("%s (%s)", document->date,
                                            _(lj_date_rung_name(document->date_from)));
            item(about, guessed);
            g_free(guessed);
        }
    }
    static const char *const fields[] = {"type", "country", "organization"};
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
        item(about, lj_document_field(document, fields[i]));
    GPtrArray *tags = lj_hit_values(hit, "tags");
    for (guint i = 0; i < tags->len; i++) {
        char *tag = g_strdup_printf("#%s", (char *)tags->pdata[i]);
        item(about, tag);
        g_free(tag);
    }
    g_ptr_array_unref(tags);
    for (guint i = 0; hit->snippets && i < hit->snippets->len; i++) {
        const struct lj_snippet *snippet = hit->snippets->pdata[i];
        place(about, snippet);
        if (about->len) {
            g_string_append_printf(output->buffer, "%*s", INDENT, "");
            line(output, about->str, NULL, room - INDENT, "");
            g_string_append_c(output->buffer, '\n');
        }
        g_string_truncate(about, 0);
        wrapped(output, snippet->text, snippet->highlights, room - INDENT, 2);
    }
    if (about->len) {
        g_string_append_printf(output->buffer, "%*s", INDENT, "");
        line(output, about->str, NULL, room - INDENT, "");
        g_string_append_c(output->buffer, '\n');
    }
    path(output, hit);
    copies(output, hit);
    lj_explain_hit(output, hit, INDENT);
    g_string_free(about, TRUE);
}

/* --- the foot
 * ------------------------------------------------------------------------------------- */

/* A filter ready to paste: tipo:ley, tipo:"real decreto", órgano:="Cámara de Diputados" (a name as a
 * whole, not its words). */
static void
filter(GString *out, const char *name, const char *value)
{
    const struct lj_field *field = lj_field_find(name, -1);
    bool whole = field && field->kind == LJ_KIND_NAME;
    bool quote = whole || strpbrk(value, " \t,():«»“”*?~\"") != NULL || *value == '=' || !*value;
    bool guillemets = strchr(value, '"') != NULL; /* marks that it does not hold itself */
    g_string_append_printf(out, "%s:%s", field ? field->spanish : name, whole ? "=" : "");
    if (quote)
        g_string_append(out, guillemets ? "«" : "\"");
    for (const char *p = value; *p; p++)
        g_string_append_c(out, (uint8_t)*p < 0x20 || *p == 0x7F ? ' ' : *p);
    if (quote)
        g_string_append(out, guillemets ? "»" : "\"");
}

static const char *const blocks[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

/* Years as one bar a year (or a few years), from the first to the last, then the loudest year. */
static void
sparkline(struct lj_output *output, const GArray *timeline)
{
    int first = 0, last = 0, loudest = 0;
    uint32_t most = 0;
    for (guint i = 0; i < timeline->len; i++) {
        const struct lj_period *one = &g_array_index(timeline, struct lj_period, i);
        int year = atoi(one->period);
        if (year <= 0)
            continue;
        first = first ? MIN(first, year) : year;
        last = MAX(last, year);
        if (one->documents > most) {
            most = one->documents;
            loudest = year;
        }
    }
    if (!first)
        return;
    const char *name = lj_field_table()[LJ_FIELD_DATE].spanish;
    char *range = last > first ? g_strdup_printf("%s:%d..%d", name, first, last)
                               : g_strdup_printf("%s:%d", name, first);
    char *peak = last > first ? g_strdup_printf("%s:%d (%u)", name, loudest, most)
                              : g_strdup_printf("(%u)", most);
    unsigned taken = lj_width(range, -1) + 4 + lj_width(peak, -1);
    unsigned room = columns(output) > taken + 4 ? columns(output) - taken : 0;
    g_string_append(output->buffer, range);
    if (last > first && room) {
        int step = (last - first) / (int)room + 1, bars = (last - first) / step + 1;
        uint64_t *sum = g_new0(uint64_t, bars), highest = 1;
        for (guint i = 0; i < timeline->len; i++) {
            const struct lj_period *one = &g_array_index(timeline, struct lj_period, i);
            int year = atoi(one->period);
            if (year >= first) {
                sum[(year - first) / step] += one->documents;
                highest = MAX(highest, sum[(year - first) / step]);
            }
        }
        g_string_append(output->buffer, "  ");
        for (int i = 0; i < bars; i++)
            g_string_append(output->buffer, blocks[sum[i] ? 1 + (sum[i] * 7) / highest : 0]);
        g_free(sum);
    }
    if (room)
        g_string_append_printf(output->buffer, "  %s", peak);
    g_string_append_c(output->buffer, '\n');
    g_free(range);
    g_free(peak);
}

static void
top_values(struct lj_output *output, const struct lj_facet *facet)
{
    GString *out = g_string_new(NULL);
    unsigned room = columns(output);
    for (guint i = 0; i < facet->counts->len; i++) {
        const struct lj_facet_count *one = &g_array_index(facet->counts, struct lj_facet_count, i);
        size_t before = out->len;
        if (out->len)
            g_string_append(out, " · ");
        filter(out, facet->field, one->value);
        g_string_append_printf(out, " (%u)", one->count);
        if (lj_width(out->str, (gssize)out->len) > room) {
            g_string_truncate(out, before);
            break;
        }
    }
    if (out->len)
        g_string_append_printf(output->buffer, "%s\n", out->str);
    g_string_free(out, TRUE);
}

static void
answer_text(struct lj_output *output, const struct lj_answer *answer)
{
    const struct lj_results *results = answer->results;
    GString *out = output->buffer;
    if (output->fields) { /* asked for by name: a line a hit, separated by tabs */
        struct cells cells = {.separator = '\t'};
        for (guint i = 0; results->hits && i < results->hits->len; i++) {
            for (char **name = output->fields; *name; name++) {
                char *value = lj_hit_column(answer, results->hits->pdata[i], *name);
                GString *clean = g_string_new(NULL);
                if (strcmp(*name, "text") == 0 && value)
                    g_string_append(clean, value);
                else if (value)
                    lj_clean(value, strlen(value), 0, NULL, 0, clean, NULL);
                lj_cell(out, &cells, name == output->fields, clean->str);
                g_string_free(clean, TRUE);
                g_free(value);
            }
            g_string_append_c(out, '\n');
            lj_output_drain(output);
        }
        return;
    }
    if (answer->query_id)
        g_string_append_printf(out, "%s  %s\n", answer->query_id, answer->query);
    char *total = g_strdup_printf(results->total_exact
                                      ? g_dngettext(GETTEXT_PACKAGE, "%" PRIu64 " document",
                                                    "%" PRIu64 " documents", (gulong)results->total)
                                      : _("about %" PRIu64 " documents"),
                                  results->total);
    g_string_append_printf(out, "%s · %.*f ms\n", total, results->took_ms < 10 ? 1 : 0,
                           results->took_ms);
    g_free(total);
    lj_explain_terms(output, answer);
    for (guint i = 0; results->hits && i < results->hits->len; i++) {
        g_string_append_c(out, '\n');
        lj_render_hit(output, answer, results->hits->pdata[i]);
        lj_output_drain(output);
    }
    if (answer->facets_asked)
        lj_render_facets(output, answer);
    if (answer->timeline_asked)
        lj_render_timeline(output, answer);
    if (!answer->facets_asked && !answer->timeline_asked && results->total > 1) {
        if (results->hits && results->hits->len)
            g_string_append_c(out, '\n');
        lj_render_foot(output, answer);
    }
}

void
lj_render_foot(struct lj_output *output, const struct lj_answer *answer)
{
    const struct lj_results *results = answer->results;
    if (results->timeline && results->timeline->len)
        sparkline(output, results->timeline);
    for (guint i = 0; results->facets && i < results->facets->len; i++)
        top_values(output, results->facets->pdata[i]);
}

const struct format format_text = {"text", NULL, answer_text, NULL};

/* --- tables
 * ------------------------------------------------------------------------------------------- */

static void
bar(GString *out, double share, unsigned room)
{
    unsigned eighths = (unsigned)(share * room * 8 + 0.5);
    static const char *const part[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    for (; eighths >= 8; eighths -= 8)
        g_string_append(out, "█");
    g_string_append(out, part[eighths]);
}

void
lj_text_counts(struct lj_output *output, const char *field, const GArray *counts)
{
    uint32_t most = 1;
    for (guint i = 0; i < counts->len; i++)
        most = MAX(most, g_array_index(counts, struct lj_facet_count, i).count);
    for (guint i = 0; i < counts->len; i++) {
        const struct lj_facet_count *one = &g_array_index(counts, struct lj_facet_count, i);
        GString *name = g_string_new(NULL);
        filter(name, field, one->value);
        g_string_append_printf(output->buffer, "%9u  ", one->count);
        size_t bar_at = output->buffer->len;
        bar(output->buffer, (double)one->count / most, 16);
        unsigned used = lj_width(output->buffer->str + bar_at, -1);
        g_string_append_printf(output->buffer, "%*s", 18 - (int)MIN(used, 17), "");
        line(output, name->str, NULL, columns(output) - MIN(columns(output) - 10, 29), "");
        g_string_append_c(output->buffer, '\n');
        g_string_free(name, TRUE);
    }
}

/* A number of so many decimals, written as the reader's language does. */
static char *
decimal(const struct lj_output *output, const char *format, double value)
{
    char text[32];
    g_ascii_formatd(text, sizeof text, format, value);
    if (output->spanish)
        g_strdelimit(text, ".", ',');
    return g_strdup(text);
}

/* text at the right of so many columns. */
static void
right(GString *out, const char *text, unsigned width)
{
    unsigned own = lj_width(text, -1);
    g_string_append_printf(out, "%*s%s", (int)(width - MIN(width, own)), "", text);
}

#define BAR 24

void
lj_text_timeline(struct lj_output *output, const struct lj_results *results)
{
    GString *out = output->buffer;
    const GArray *timeline = results->timeline;
    if (timeline->len == 0)
        return;
    bool matches = results->timeline_matches, rates = matches && results->timeline_words;
    double most = 0;
    for (guint i = 0; i < timeline->len; i++) {
        const struct lj_period *one = &g_array_index(timeline, struct lj_period, i);
        most = MAX(most, rates ? lj_period_rate(results, one) : one->documents);
    }
    unsigned first = MAX(9, lj_width(_("documents"), -1)),
             second = MAX(9, lj_width(_("matches"), -1));
    if (matches) {
        right(out, _("documents"), first);
        g_string_append(out, "  ");
        right(out, _("matches"), second);
        g_string_append_printf(out, "  %s\n", rates ? _("per 10,000 words") : "");
    }
    for (guint i = 0; i < timeline->len; i++) {
        const struct lj_period *one = &g_array_index(timeline, struct lj_period, i);
        double height = one->documents;
        g_string_append_printf(out, "%*u  ", (int)first, one->documents);
        if (matches)
            g_string_append_printf(out, "%*" G_GUINT64_FORMAT "  ", (int)second, one->matches);
        if (rates) {
            height = lj_period_rate(results, one);
            char *rate = height < 0 ? g_strdup("") : decimal(output, "%.2f", height);
            right(out, rate, 8);
            g_string_append(out, "  ");
            g_free(rate);
        }
        size_t at = out->len;
        bar(out, most > 0 ? MAX(height, 0) / most : 0, BAR);
        g_string_append_printf(out, "%*s  ", (int)(BAR - MIN(BAR, lj_width(out->str + at, -1))),
                               "");
        filter(out, "date", one->period);
        g_string_append_c(out, '\n');
        lj_output_drain(output);
    }
}
