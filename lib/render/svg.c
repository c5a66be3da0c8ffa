/* The timeline as a picture: matches per 10,000 words above, documents below, over one axis of time.
 * Self-contained SVG 1.1: no script, no font, no reference to anything outside; each bar says its
 * figures as a title, which browsers show and screen readers read. */
#include "render/render.h"
#include "passage/clean.h"
#include "i18n.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define WIDTH 960
#define LEFT 72
#define RIGHT 936
#define INK "#1f2933"
#define FAINT "#6b7785"
#define LINE "#d8dee4"

/* One row of bars. */
struct panel {
    const char *name, *colour;
    double top, height;
    double most; /* value at its top */
};

/* Time as the pictures need it: what each period's place on the axis is. */
struct axis {
    long first, last; /* years, months or days, as numbers that follow one another */
    size_t digits;    /* of a period: 4, 7 or 10 characters */
    uint64_t vague;   /* documents whose date is less precise: they have no place */
};

static long
place_of(const char *period, size_t digits)
{
    if (strlen(period) != digits)
        return -1;
    int year = atoi(period), month = digits > 4 ? atoi(period + 5) : 1,
        day = digits > 7 ? atoi(period + 8) : 1;
    if (digits == 4)
        return year;
    if (digits == 7)
        return year * 12L + month - 1;
    if (!g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year))
        return -1;
    GDate date;
    g_date_clear(&date, 1);
    g_date_set_dmy(&date, (GDateDay)day, (GDateMonth)month, (GDateYear)year);
    return (long)g_date_get_julian(&date);
}

static struct axis
axis_of(const GArray *timeline)
{
    struct axis axis = {-1, -1, 4, 0};
    for (guint i = 0; i < timeline->len; i++)
        axis.digits = MAX(axis.digits, strlen(g_array_index(timeline, struct lj_period, i).period));
    for (guint i = 0; i < timeline->len; i++) {
        const struct lj_period *one = &g_array_index(timeline, struct lj_period, i);
        long place = place_of(one->period, axis.digits);
        if (place < 0) {
            axis.vague += one->documents;
            continue;
        }
        axis.first = axis.first < 0 ? place : MIN(axis.first, place);
        axis.last = MAX(axis.last, place);
    }
    return axis;
}

/* What the axis says at a place: its year, or year and month, or the day. */
static char *
label_of(long place, size_t digits)
{
    if (digits == 4)
        return g_strdup_printf("%ld", place);
    if (digits == 7)
        return g_strdup_printf("%04ld-%02ld", place / 12, place % 12 + 1);
    GDate date;
    g_date_clear(&date, 1);
    g_date_set_julian(&date, (guint32)place);
    return g_strdup_printf("%04d-%02d-%02d", g_date_get_year(&date), g_date_get_month(&date),
                           g_date_get_day(&date));
}

/* Appends text as character data: what XML cannot hold is left out. */
static void
escaped(GString *out, const char *text)
{
    GString *clean = g_string_new(NULL);
    lj_clean(text, strlen(text), 0, NULL, 0, clean, NULL);
    char *markup = g_markup_escape_text(clean->str, (gssize)clean->len);
    g_string_append(out, markup);
    g_free(markup);
    g_string_free(clean, TRUE);
}

/* A coordinate: a point whatever the locale. */
static void
attribute(GString *out, const char *name, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(out, " %s=\"%s\"", name,
                           g_ascii_formatd(text, sizeof text, "%.2f", value));
}

static void
text_at(GString *out, double x, double y, const char *more, const char *text)
{
    g_string_append(out, "<text");
    attribute(out, "x", x);
    attribute(out, "y", y);
    g_string_append_printf(out, " %s>", more);
    escaped(out, text);
    g_string_append(out, "</text>\n");
}

/* A round step (1, 2, 5 times a power of ten) so that about `wanted` fit into range. */
static double
step_of(double range, int wanted, bool whole)
{
    double raw = range / wanted, power = pow(10, floor(log10(MAX(raw, 1e-9)))), part = raw / power;
    double step = (part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10) * power;
    return whole ? MAX(step, 1) : step;
}

static char *
figure(const struct lj_output *output, double value, double step)
{
    char text[32], format[8];
    int decimals = step >= 1 ? 0 : MIN(6, (int)ceil(-log10(step) - 1e-9));
    g_snprintf(format, sizeof format, "%%.%df", decimals);
    g_ascii_formatd(text, sizeof text, format, value);
    if (output->spanish)
        g_strdelimit(text, ".", ',');
    return g_strdup(text);
}

static void
frame(struct lj_output *output, struct panel *panel, bool whole)
{
    GString *out = output->buffer;
    double step = step_of(panel->most, 4, whole);
    panel->most = MAX(ceil(panel->most / step - 1e-9), 1) * step;
    text_at(out, LEFT, panel->top - 10, "font-size=\"13\" font-weight=\"600\" fill=\"" INK "\"",
            panel->name);
    for (double value = 0; value <= panel->most + step / 2; value += step) {
        double y = panel->top + panel->height * (1 - value / panel->most);
        g_string_append(out, "<line stroke=\"" LINE "\"");
        attribute(out, "x1", LEFT);
        attribute(out, "x2", RIGHT);
        attribute(out, "y1", y);
        attribute(out, "y2", y);
        g_string_append(out, "/>\n");
        char *label = figure(output, value, step);
        text_at(out, LEFT - 8, y + 4, "font-size=\"11\" text-anchor=\"end\" fill=\"" FAINT "\"",
                label);
        g_free(label);
    }
}

static double
x_of(const struct axis *axis, double place)
{
    return LEFT +
           (place - (double)axis->first) * (RIGHT - LEFT) / (double)(axis->last - axis->first + 1);
}

/* Days over many years: the years. */
static void
year_labels(GString *out, const struct axis *axis, double y)
{
    char *first = label_of(axis->first, axis->digits);
    int year = atoi(first) + 1,
        step = (int)step_of((double)(axis->last - axis->first) / 365, 12, true);
    g_free(first);
    for (year += (step - year % step) % step;; year += step) {
        char day[32], label[16];
        g_snprintf(day, sizeof day, "%04d-01-01", year);
        g_snprintf(label, sizeof label, "%04d", year);
        long place = place_of(day, axis->digits);
        if (place < 0 || place > axis->last)
            break;
        text_at(out, x_of(axis, (double)place + 0.5), y,
                "font-size=\"11\" text-anchor=\"middle\" fill=\"" FAINT "\"", label);
    }
}

static void
time_labels(GString *out, const struct axis *axis, double y)
{
    if (axis->digits == 10 && axis->last - axis->first > 3 * 365) {
        year_labels(out, axis, y);
        return;
    }
    long places = axis->last - axis->first + 1;
    long step = (long)step_of((double)places, axis->digits == 4 ? 14 : 9, true);
    if (axis->digits == 7) /* months: quarters, years, decades */
        for (size_t i = 0; i < 8; i++) {
            static const long whole[] = {1, 3, 6, 12, 24, 60, 120, 600};
            step = whole[i];
            if (places / step <= 10)
                break;
        }
    for (long place = (axis->first + step - 1) / step * step; place <= axis->last; place += step) {
        char *label = label_of(place, axis->digits);
        text_at(out, x_of(axis, (double)place + 0.5), y,
                "font-size=\"11\" text-anchor=\"middle\" fill=\"" FAINT "\"", label);
        g_free(label);
    }
}

static void
bars(struct lj_output *output, const struct panel *panel, const struct axis *axis,
     const struct lj_results *results, bool rates)
{
    GString *out = output->buffer;
    double slot = x_of(axis, (double)axis->first + 1) - LEFT;
    double width = slot > 3 ? slot - MIN(slot * 0.18, 4) : MAX(slot, 0.6);
    if (slot > 60)
        width = 50;
    g_string_append_printf(out, "<g fill=\"%s\">\n", panel->colour);
    for (guint i = 0; i < results->timeline->len; i++) {
        const struct lj_period *one = &g_array_index(results->timeline, struct lj_period, i);
        long place = place_of(one->period, axis->digits);
        double value = rates ? lj_period_rate(results, one) : one->documents;
        if (place < 0 || value <= 0)
            continue;
        double height = panel->height * value / panel->most;
        g_string_append(out, "<rect");
        attribute(out, "x", x_of(axis, (double)place + 0.5) - width / 2);
        attribute(out, "y", panel->top + panel->height - height);
        attribute(out, "width", width);
        attribute(out, "height", height);
        g_string_append(out, "><title>");
        escaped(out, one->period);
        g_string_append_printf(out, " · %s: %u", _("documents"), one->documents);
        if (results->timeline_matches)
            g_string_append_printf(out, " · %s: %" PRIu64, _("matches"), one->matches);
        if (rates) {
            char *rate = figure(output, value, 0.01);
            g_string_append_printf(out, " · %s: %s", _("per 10,000 words"), rate);
            g_free(rate);
        }
        g_string_append(out, "</title></rect>\n");
        output->records++;
        lj_output_drain(output);
    }
    g_string_append(out, "</g>\n");
}

static void
caption(struct lj_output *output, const struct lj_answer *answer, const struct axis *axis, double y)
{
    GString *line = g_string_new(NULL);
    if (axis->vague)
        g_string_append_printf(line,
                               _("%" PRIu64 " documents with a less precise date are not drawn · "),
                               axis->vague);
    g_string_append(line, "legajo");
    char *identity = answer->index ? lj_index_identity(answer->index) : NULL;
    if (identity)
        g_string_append_printf(line, " · %s", identity);
    text_at(output->buffer, LEFT, y, "font-size=\"10\" fill=\"" FAINT "\"", line->str);
    g_free(identity);
    g_string_free(line, TRUE);
}

static void
answer_svg(struct lj_output *output, const struct lj_answer *answer)
{
    const struct lj_results *results = answer->results;
    const GArray *timeline = results->timeline;
    bool rates = results->timeline_matches && results->timeline_words;
    struct axis axis = axis_of(timeline);
    struct panel rate = {_("Matches per 10,000 words"), "#2b6cb0", 96, 180, 0},
                 documents = {_("Documents"), "#8a97a6", rates ? 324 : 96, rates ? 110 : 240, 1};
    double foot = documents.top + documents.height, height = foot + 56;
    uint64_t matches = 0;
    for (guint i = 0; i < timeline->len; i++) {
        const struct lj_period *one = &g_array_index(timeline, struct lj_period, i);
        matches += one->matches;
        rate.most = MAX(rate.most, lj_period_rate(results, one));
        documents.most = MAX(documents.most, one->documents);
    }
    if (rate.most <= 0)
        rate.most = 1;
    GString *out = output->buffer;
    g_string_append_printf(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%.0f\" "
        "viewBox=\"0 0 %d %.0f\" role=\"img\" aria-labelledby=\"t d\" "
        "font-family=\"system-ui, 'DejaVu Sans', sans-serif\">\n<title id=\"t\">",
        WIDTH, height, WIDTH, height);
    escaped(out, answer->query);
    GString *summary = g_string_new(NULL);
    g_string_append_printf(summary,
                           results->total_exact
                               ? g_dngettext(GETTEXT_PACKAGE, "%" PRIu64 " document",
                                             "%" PRIu64 " documents", (gulong)results->total)
                               : _("about %" PRIu64 " documents"),
                           results->total);
    if (results->timeline_matches)
        g_string_append_printf(summary, " · %s: %" PRIu64, _("matches"), matches);
    if (timeline->len == 1)
        g_string_append_printf(summary, " · %s",
                               g_array_index(timeline, struct lj_period, 0).period);
    else if (timeline->len > 1)
        g_string_append_printf(summary, " · %s – %s",
                               g_array_index(timeline, struct lj_period, 0).period,
                               g_array_index(timeline, struct lj_period, timeline->len - 1).period);
    g_string_append(out, "</title>\n<desc id=\"d\">");
    escaped(out, summary->str);
    g_string_append_printf(out, "</desc>\n<rect width=\"%d\" height=\"%.0f\" fill=\"#ffffff\"/>\n",
                           WIDTH, height);
    GString *name = g_string_new_len(
        answer->query, (gssize)lj_width_fit(answer->query, strlen(answer->query), 84));
    if (name->len < strlen(answer->query))
        g_string_append(name, "…");
    text_at(out, LEFT, 34, "font-size=\"18\" font-weight=\"600\" fill=\"" INK "\"", name->str);
    text_at(out, LEFT, 54, "font-size=\"12\" fill=\"" FAINT "\"", summary->str);
    if (axis.first >= 0) {
        if (rates) {
            frame(output, &rate, false);
            bars(output, &rate, &axis, results, true);
        }
        frame(output, &documents, true);
        bars(output, &documents, &axis, results, false);
        time_labels(out, &axis, foot + 18);
    }
    caption(output, answer, &axis, foot + 42);
    g_string_append(out, "</svg>\n");
    g_string_free(name, TRUE);
    g_string_free(summary, TRUE);
}

const struct format format_svg = {"svg", NULL, answer_svg, NULL};
