/* The passages that show best why a document answers.
 *
 * Spans → windows that begin at a span and hold as many as fit → the best by what they cover → cut
 * at the borders of sentences, else of words, else of graphemes. Work is bounded by frames and
 * spans, whatever the document.
 */
#include "legajo/passage.h"
#include "passage/clean.h"
#include "passage/matcher.h"

#include <math.h>
#include <string.h>

#define MOST_FRAMES 64
#define MOST_SPANS 20000
#define DEFAULT_SIZE 200

/* Frames read one after another, as one stretch of text. */
struct run {
    uint32_t offset;
    uint64_t point; /* offset in code points */
    GString *text;
};

static void
run_clear(void *data)
{
    g_string_free(((struct run *)data)->text, TRUE);
}

static void
snippet_free(void *data)
{
    struct lj_snippet *snippet = data;
    g_free(snippet->text);
    g_array_unref(snippet->highlights);
    g_free(snippet->section);
    g_free(snippet->speaker);
    g_free(snippet->page_label);
    g_free(snippet->time);
    g_free(snippet);
}

static GArray *
read_runs(struct lj_matcher *matcher, const struct lj_stored *stored, const uint32_t *frames,
          size_t n_frames, lj_frame_reader read, void *data)
{
    GArray *runs = g_array_new(FALSE, FALSE, sizeof(struct run));
    g_array_set_clear_func(runs, run_clear);
    size_t all = stored->frames ? stored->frames->len : 0;
    size_t n = MIN(frames ? n_frames : all, MOST_FRAMES);
    for (size_t i = 0; i < n; i++) {
        uint32_t number = frames ? frames[i] : (uint32_t)i;
        if (number >= all)
            continue;
        const struct lj_frame *frame = &g_array_index(stored->frames, struct lj_frame, number);
        struct run *last = runs->len ? &g_array_index(runs, struct run, runs->len - 1) : NULL;
        if (last && frame->offset < last->offset + last->text->len)
            continue; /* out of order, or twice */
        char *text = read(number, data, NULL);
        if (!text)
            continue;
        lj_matcher_feed(matcher, text, frame->bytes, frame->offset);
        if (!last || frame->offset != last->offset + last->text->len) {
            struct run run = {.offset = frame->offset,
                              .text = g_string_sized_new(frame->bytes + 1)};
            for (uint32_t j = 0; j < number; j++)
                run.point += g_array_index(stored->frames, struct lj_frame, j).points;
            g_array_append_val(runs, run);
            last = &g_array_index(runs, struct run, runs->len - 1);
        }
        g_string_append_len(last->text, text, frame->bytes);
        g_free(text);
    }
    return runs;
}

static const struct run *
run_of(const GArray *runs, uint32_t offset)
{
    for (guint i = runs->len; i-- > 0;) {
        const struct run *run = &g_array_index(runs, struct run, i);
        if (run->offset <= offset)
            return offset < run->offset + run->text->len ? run : NULL;
    }
    return NULL;
}

/* --- choosing
 * -------------------------------------------------------------------------------------- */

struct chooser {
    const struct lj_document *document;
    const struct lj_span *span;
    size_t n;
    size_t n_leaves;
    double *weight;  /* by leaf */
    double *nearby;  /* by span: what it gains from standing next to the one before */
    uint32_t *count; /* by leaf: in the window at hand */
    uint32_t reach;  /* bytes of a window */
};

/* Weights by rarity in this document: a word that stands everywhere says little. */
static void
weigh(struct chooser *c)
{
    c->weight = g_new0(double, c->n_leaves + 1);
    c->nearby = g_new0(double, c->n + 1);
    c->count = g_new0(uint32_t, c->n_leaves + 1);
    for (size_t i = 0; i < c->n; i++)
        c->weight[c->span[i].leaf] += 1;
    for (size_t i = 0; i < c->n_leaves; i++)
        if (c->weight[i] > 0)
            c->weight[i] = 1 / (1 + 0.3 * log(c->weight[i]));
    for (size_t i = 1; i < c->n; i++) {
        const struct lj_span *a = &c->span[i - 1], *b = &c->span[i];
        uint32_t distance = b->position - a->position;
        if (a->leaf != b->leaf && b->position > a->position && distance <= 6)
            c->nearby[i] = (a->leaf < b->leaf ? 0.5 : 0.35) / distance *
                           (c->weight[a->leaf] + c->weight[b->leaf]) / 2 * (distance <= 3 ? 2 : 1);
    }
}

/* The best window: spans *from to *to (exclusive), none of them in `taken`. */
static double
best_window(struct chooser *c, const GArray *runs, const GArray *taken, const bool *covered,
            size_t *from, size_t *to)
{
    double best = -1, distinct = 0, repeated = 0, joined = 0;
    memset(c->count, 0, c->n_leaves * sizeof *c->count);
    size_t right = 0;
    uint32_t next = 0;
    const struct run *run = NULL;
    for (size_t left = 0; left < c->n; left++) {
        if (right < left)
            right = left;
        if (!run || c->span[left].start >= run->offset + run->text->len)
            run = run_of(runs, c->span[left].start);
        if (!run)
            run = &g_array_index(runs, struct run, 0);
        if (left == 0 || c->span[left].start >= next)
            next = lj_passage_next(c->document, c->span[left].start);
        uint64_t limit =
            MIN((uint64_t)c->span[left].start + c->reach, (uint64_t)run->offset + run->text->len);
        limit = MIN(limit, next); /* what is said of its place is true of all of it */
        while (right < c->n && (c->span[right].end <= limit || right == left)) {
            uint32_t leaf = c->span[right].leaf, count = c->count[leaf]++;
            double weight = c->weight[leaf] * (covered[leaf] ? 0.4 : 1);
            if (count == 0)
                distinct += weight;
            else if (count < 4)
                repeated += weight * 0.08;
            if (right > left)
                joined += c->nearby[right];
            right++;
        }
        bool free = true;
        for (guint i = 0; i + 1 < taken->len && free; i += 2)
            free = c->span[left].start >= g_array_index(taken, uint32_t, i + 1) ||
                   c->span[right - 1].end <= g_array_index(taken, uint32_t, i);
        double early = 0.12 / (1 + c->span[left].start / 2000.0);
        double score = distinct + repeated + joined + early;
        if (free && score > best + 1e-9) {
            best = score;
            *from = left;
            *to = right;
        }
        uint32_t leaf = c->span[left].leaf, count = --c->count[leaf];
        double weight = c->weight[leaf] * (covered[leaf] ? 0.4 : 1);
        if (count == 0)
            distinct -= weight;
        else if (count < 4)
            repeated -= weight * 0.08;
        if (left + 1 < right)
            joined -= c->nearby[left + 1];
    }
    return best;
}

/* --- cutting
 * ------------------------------------------------------------------------------------------ */

static size_t
back_points(const char *text, size_t at, size_t points)
{
    while (at > 0 && points > 0) {
        at--;
        while (at > 0 && ((uint8_t)text[at] & 0xC0) == 0x80)
            at--;
        points--;
    }
    return at;
}

static size_t
ahead_points(const char *text, size_t length, size_t at, size_t points)
{
    while (at < length && points > 0) {
        at++;
        while (at < length && ((uint8_t)text[at] & 0xC0) == 0x80)
            at++;
        points--;
    }
    return at;
}

static size_t
count_points(const char *text, size_t from, size_t to)
{
    size_t n = 0;
    for (size_t i = from; i < to; i++)
        n += ((uint8_t)text[i] & 0xC0) != 0x80;
    return n;
}

static size_t
behind_blanks(const char *text, size_t length, size_t from, size_t at)
{
    size_t bytes;
    while (from < at && lj_blank_at(text, length, from, &bytes))
        from += bytes;
    return from;
}

/* What joins a heading to its text belongs to neither: "Artículo 5 .- Texto", "ARTICULO 5º — Texto". */
static size_t
behind_heading(const char *text, size_t length, size_t from, size_t at)
{
    static const char *const joints[] = {".", "-", ":", ")", "–", "—", "º", "°"};
    for (size_t i = 0; i <= G_N_ELEMENTS(joints);) {
        from = behind_blanks(text, length, from, at);
        for (i = 0; i < G_N_ELEMENTS(joints); i++)
            if (from + strlen(joints[i]) <= at &&
                memcmp(text + from, joints[i], strlen(joints[i])) == 0)
                break;
        if (i == G_N_ELEMENTS(joints))
            break;
        from += strlen(joints[i]);
    }
    return from;
}

/* A ruled line (---, ***) is no text to begin with. */
static size_t
behind_rule(const char *text, size_t length, size_t from, size_t at)
{
    size_t marks = 0, bytes;
    while (from + marks < at && strchr("-=*_#~", text[from + marks]))
        marks++;
    return marks >= 3 && lj_blank_at(text, length, from + marks, &bytes)
               ? behind_blanks(text, length, from + marks, at)
               : from;
}

/* Where to begin: in [low, at], the sentence's beginning nearest to `at`, else the border (where
 * the section's heading ends or the turn begins), else the first word. */
static size_t
cut_left(const char *text, size_t length, size_t border, size_t low, size_t at, bool *clean)
{
    low = MAX(low, border);
    for (size_t i = at + 1; i-- > low;)
        if (((uint8_t)text[i] & 0xC0) != 0x80 && lj_sentence_start(text, length, i)) {
            *clean = true;
            return i;
        }
    size_t bytes;
    *clean = low == border;
    if (low == border)
        return low > 0 ? behind_heading(text, length, low, at)
                       : behind_blanks(text, length, low, at);
    for (size_t i = low; i < at; i++)
        if (lj_blank_at(text, length, i, &bytes)) {
            while (i < at && lj_blank_at(text, length, i, &bytes))
                i += bytes;
            return i;
        }
    while (low < at &&
           (((uint8_t)text[low] & 0xC0) == 0x80 || !lj_grapheme_border(text, length, low)))
        low++;
    return low;
}

/* Where to end: in [at, high], at the border where the next section or turn begins, if beyond `fair`; after the
 * last sentence that ends there; else after a word. */
static size_t
cut_right(const char *text, size_t length, size_t border, size_t at, size_t fair, size_t high,
          bool *clean)
{
    size_t bytes;
    if (border <= high && border >= MAX(at, fair)) {
        *clean = true;
        return border;
    }
    if (high >= length) {
        *clean = true;
        return length;
    }
    for (size_t i = high + 1; i-- > MAX(at, fair);)
        if (((uint8_t)text[i] & 0xC0) != 0x80 && lj_sentence_start(text, length, i)) {
            *clean = true;
            return i;
        }
    *clean = false;
    for (size_t i = high + 1; i-- > at;)
        if (((uint8_t)text[i] & 0xC0) != 0x80 && lj_blank_at(text, length, i, &bytes))
            return i;
    while (high > at &&
           (((uint8_t)text[high] & 0xC0) == 0x80 || !lj_grapheme_border(text, length, high)))
        high--;
    return high;
}

/* The last place before `at` where what stands before does not belong to a passage: the end of the
 * section's heading, the beginning of the speaker's turn, of the run. */
static size_t
border_before(const struct run *run, const struct lj_document *document, size_t at)
{
    struct lj_where where = lj_passage_where(document, run->offset + (uint32_t)at);
    size_t border = 0;
    if (where.section && where.section->end > run->offset && where.section->end - run->offset <= at)
        border = where.section->end - run->offset;
    else if (where.section && where.section->start > run->offset)
        border = MIN(where.section->start - run->offset, at); /* in the heading itself */
    if (where.speaker && where.speaker->start > run->offset)
        border = MAX(border, where.speaker->start - run->offset);
    return border;
}

/* Cuts a passage around text[from, to) of a run, between what other passages have taken. */
static struct lj_snippet *
cut(const struct run *run, const GArray *spans, size_t from, size_t to, uint32_t size,
    const GArray *taken, const struct lj_document *document)
{
    const char *text = run->text->str;
    size_t length = run->text->len;
    size_t core = count_points(text, from, to);
    if (core > size) {
        to = ahead_points(text, length, from, size);
        core = size;
    }
    size_t floor = 0, ceiling = length;
    for (guint i = 0; i + 1 < taken->len; i += 2) {
        uint32_t begin = g_array_index(taken, uint32_t, i),
                 end = g_array_index(taken, uint32_t, i + 1);
        if (end >= run->offset && end <= run->offset + from)
            floor = MAX(floor, end - run->offset);
        if (begin >= run->offset + to)
            ceiling = MIN(ceiling, begin - run->offset);
    }
    size_t spare = size - core;
    bool clean_left, clean_right;
    size_t low = MAX(floor, back_points(text, from, spare * 2 / 3));
    size_t border = border_before(run, document, from);
    size_t start = cut_left(text, length, border, low, from, &clean_left);
    if (!clean_left) { /* no sentence begins near: a third of the room is enough */
        low = MAX(floor, back_points(text, from, spare / 3));
        start = cut_left(text, length, border, low, from, &clean_left);
    }
    spare -= MIN(spare, count_points(text, start, from));
    size_t high = MIN(ceiling, ahead_points(text, length, to, spare));
    size_t fair = ahead_points(text, length, to, spare * 2 / 5);
    uint32_t next = lj_passage_next(document, run->offset + (uint32_t)(to > from ? to - 1 : to));
    size_t end =
        cut_right(text, length, next - MIN(next, run->offset), to, fair, high, &clean_right);
    if (end == length) { /* room is left: begin earlier, with the first sentence that fits */
        size_t used = count_points(text, start, end);
        low = MAX(MAX(floor, border), back_points(text, start, size > used ? size - used : 0));
        for (size_t i = low; i < start; i++)
            if (((uint8_t)text[i] & 0xC0) != 0x80 && lj_sentence_start(text, length, i)) {
                start = i;
                clean_left = true;
            }
        if (!clean_left)
            start = cut_left(text, length, border, low, start, &clean_left);
    }
    start = behind_rule(text, length, start, from);

    struct lj_snippet *snippet = g_new0(struct lj_snippet, 1);
    snippet->highlights = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    snippet->start = run->offset + (uint32_t)start;
    snippet->end = run->offset + (uint32_t)end;
    snippet->start_point = run->point + count_points(text, 0, start);
    snippet->end_point = snippet->start_point + count_points(text, start, end);
    GString *out = g_string_sized_new(end - start + 8);
    GString *body = g_string_sized_new(end - start);
    size_t first = 0;
    while (first < spans->len && g_array_index(spans, struct lj_span, first).end <= snippet->start)
        first++;
    size_t last = first;
    while (last < spans->len && g_array_index(spans, struct lj_span, last).start < snippet->end)
        last++;
    lj_clean(text + start, end - start, snippet->start,
             spans->len ? &g_array_index(spans, struct lj_span, first) : NULL, last - first, body,
             snippet->highlights);
    if (!clean_left)
        g_string_append(out, "… ");
    for (guint i = 0; i < snippet->highlights->len; i++)
        g_array_index(snippet->highlights, uint32_t, i) += (uint32_t)out->len;
    g_string_append_len(out, body->str, (gssize)body->len);
    if (!clean_right)
        g_string_append(out, " …");
    g_string_free(body, TRUE);
    snippet->text = g_string_free(out, FALSE);
    return snippet;
}

static void
place(struct lj_snippet *snippet, const struct lj_document *document, uint32_t offset)
{
    struct lj_where where = lj_passage_where(document, offset);
    snippet->section = where.section ? g_strdup(where.section->label) : NULL;
    snippet->speaker = where.speaker ? g_strdup(where.speaker->label) : NULL;
    snippet->time = where.time ? g_strdup(where.time->label) : NULL;
    snippet->page = where.page ? (int)where.page->level : 0;
    snippet->page_label = where.page ? g_strdup(where.page->label) : NULL;
}

/* No word of the text matched (a filter or the title did): the document's beginning. */
static void
beginning(const GArray *runs, const struct lj_document *document, uint32_t size, GPtrArray *out)
{
    const struct run *run = &g_array_index(runs, struct run, 0);
    size_t begin = 0, bytes;
    while (begin < run->text->len && lj_blank_at(run->text->str, run->text->len, begin, &bytes))
        begin += bytes;
    if (begin == run->text->len)
        return;
    GArray *none = g_array_new(FALSE, FALSE, sizeof(struct lj_span));
    struct lj_snippet *snippet = cut(run, none, begin, begin, size, none, document);
    place(snippet, document, snippet->start);
    g_ptr_array_add(out, snippet);
    g_array_unref(none);
}

static void
choose(const struct lj_matcher *matcher, const GArray *runs, const GArray *spans,
       const struct lj_document *document, uint32_t size, uint32_t most, GPtrArray *out)
{
    size_t n_leaves = lj_matcher_leaves(matcher);
    struct chooser c = {.document = document,
                        .span = &g_array_index(spans, struct lj_span, 0),
                        .n = MIN(spans->len, MOST_SPANS),
                        .n_leaves = n_leaves,
                        .reach = size};
    weigh(&c);
    GArray *taken = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    bool *covered = g_new0(bool, n_leaves + 1);
    while (out->len < most) {
        size_t from = 0, to = 0;
        double score = best_window(&c, runs, taken, covered, &from, &to);
        const struct run *run = score < 0 ? NULL : run_of(runs, c.span[from].start);
        if (!run)
            break;
        uint32_t start = c.span[from].start, end = 0;
        for (size_t i = from; i < to; i++) {
            covered[c.span[i].leaf] = true;
            end = MAX(end, c.span[i].end);
        }
        end = MIN(end, run->offset + (uint32_t)run->text->len);
        struct lj_snippet *snippet =
            cut(run, spans, start - run->offset, end - run->offset, size, taken, document);
        snippet->score = score;
        place(snippet, document, start);
        g_ptr_array_add(out, snippet);
        uint32_t range[2] = {MIN(snippet->start, start), MAX(snippet->end, end)};
        g_array_append_vals(taken, range, 2);
    }
    g_free(covered);
    g_array_unref(taken);
    g_free(c.weight);
    g_free(c.nearby);
    g_free(c.count);
}

GPtrArray *
lj_passage_snippets(struct lj_matcher *matcher, const struct lj_stored *stored,
                    const uint32_t *frames, size_t n_frames, lj_frame_reader read, void *data,
                    const struct lj_snippet_options *options)
{
    uint32_t size = options && options->size ? options->size : DEFAULT_SIZE;
    uint32_t most = options && options->most ? options->most : 1;
    size = CLAMP(size, 20, 100000);
    GPtrArray *snippets = g_ptr_array_new_with_free_func(snippet_free);
    lj_matcher_begin(matcher, stored->document);
    GArray *runs = read_runs(matcher, stored, frames, n_frames, read, data);
    lj_matcher_end(matcher);
    GArray *spans = g_array_new(FALSE, FALSE, sizeof(struct lj_span));
    lj_matcher_spans(matcher, spans);
    if (runs->len > 0 && spans->len == 0)
        beginning(runs, stored->document, size, snippets);
    else if (runs->len > 0)
        choose(matcher, runs, spans, stored->document, size, most, snippets);
    g_array_unref(spans);
    g_array_unref(runs);
    return snippets;
}
