/* Keyword in context: every match of the query, with what stands to its left and right.
 *
 * Matches need the whole document (phrases cross frames), so it is held together: a text is at most
 * some tens of megabytes, and most are one frame.
 */
#include "legajo/passage.h"
#include "passage/clean.h"

#include <string.h>

/* Bytes of raw text that surely hold so many columns once blanks are collapsed; runs of blanks
 * longer than this leave a context shorter, no worse. */
#define RAW(columns) ((columns)*8 + 64)

/* The last `points` code points of clean text; cut between clusters. */
static const char *
tail(const GString *text, unsigned points)
{
    size_t at = text->len;
    unsigned n = 0;
    while (at > 0 && n < points) {
        at--;
        n += ((uint8_t)text->str[at] & 0xC0) != 0x80;
    }
    while (at < text->len && (((uint8_t)text->str[at] & 0xC0) == 0x80 ||
                              !lj_grapheme_border(text->str, text->len, at)))
        at++;
    return text->str + at;
}

static void
head(GString *text, unsigned points)
{
    size_t at = 0;
    unsigned n = 0;
    while (at < text->len) {
        if (((uint8_t)text->str[at] & 0xC0) != 0x80 && n++ == points)
            break;
        at++;
    }
    while (
        at > 0 && at < text->len &&
        (((uint8_t)text->str[at] & 0xC0) == 0x80 || !lj_grapheme_border(text->str, text->len, at)))
        at--;
    g_string_truncate(text, at);
}

static bool
holds_points(const GString *text, unsigned points)
{
    unsigned n = 0;
    for (size_t i = 0; i < text->len && n < points; i++)
        n += ((uint8_t)text->str[i] & 0xC0) != 0x80;
    return n >= points;
}

/* What stands before byte `at`, clean: `context` code points at least, where there are so many. Mostly
 * twice as many bytes are enough; only where blanks fill them it looks further. */
static void
before_match(const GString *text, size_t at, unsigned context, GString *out)
{
    for (size_t raw = 2 * (size_t)context + 16;; raw = RAW(context)) {
        size_t from = at > raw ? at - raw : 0;
        while (from < at && ((uint8_t)text->str[from] & 0xC0) == 0x80)
            from++;
        g_string_truncate(out, 0);
        lj_clean(text->str + from, at - from, 0, NULL, 0, out, NULL);
        /* one more: a blank at the border is not told from one that was cut through */
        if (from == 0 || raw == RAW(context) || holds_points(out, context + 1))
            return;
    }
}

static void
after_match(const GString *text, size_t at, unsigned context, GString *out)
{
    for (size_t raw = 2 * (size_t)context + 16;; raw = RAW(context)) {
        size_t to = MIN(text->len, at + raw);
        while (to < text->len && ((uint8_t)text->str[to] & 0xC0) == 0x80)
            to++;
        g_string_truncate(out, 0);
        lj_clean(text->str + at, to - at, 0, NULL, 0, out, NULL);
        if (to == text->len || raw == RAW(context) || holds_points(out, context + 1))
            return;
    }
}

/* Marks in force, moved along with the matches. */
struct place {
    const GArray *marks;
    guint next;
    struct lj_where where;
};

static void
move_to(struct place *place, uint32_t offset)
{
    for (; place->marks && place->next < place->marks->len; place->next++) {
        const struct lj_mark *mark = &g_array_index(place->marks, struct lj_mark, place->next);
        if (mark->start > offset)
            break;
        switch (mark->kind) {
        case LJ_MARK_SECTION:
            place->where.section = mark;
            break;
        case LJ_MARK_PAGE:
            place->where.page = mark;
            break;
        case LJ_MARK_SPEAKER:
            place->where.speaker = mark;
            break;
        case LJ_MARK_TIME:
            place->where.time = mark;
            break;
        }
    }
}

/* The text of all readable frames; a frame left out is as many blanks, so that offsets stay. */
static GString *
read_all(const struct lj_stored *stored, lj_frame_reader read, void *data, GError **error)
{
    GString *text = g_string_sized_new(stored->text_bytes + 1);
    for (guint i = 0; i < stored->frames->len; i++) {
        const struct lj_frame *frame = &g_array_index(stored->frames, struct lj_frame, i);
        char *piece = read(i, data, error && !*error ? error : NULL);
        if (piece) {
            g_string_append_len(text, piece, frame->bytes);
        } else {
            gsize at = text->len;
            g_string_set_size(text, at + frame->bytes);
            memset(text->str + at, ' ', frame->bytes);
        }
        g_free(piece);
    }
    return text;
}

bool
lj_passage_kwic(struct lj_matcher *matcher, const struct lj_stored *stored, lj_frame_reader read,
                void *data, unsigned context, lj_kwic_sink sink, void *sink_data, GError **error)
{
    GString *text = read_all(stored, read, data, error);
    lj_matcher_begin(matcher, stored->document);
    for (size_t at = 0; at < text->len;) { /* frames as they were analysed at indexing */
        size_t piece = lj_frame_cut(text->str + at, text->len - at);
        lj_matcher_feed(matcher, text->str + at, piece, (uint32_t)at);
        at += piece;
    }
    lj_matcher_end(matcher);
    GArray *spans = g_array_new(FALSE, FALSE, sizeof(struct lj_span));
    lj_matcher_matches(matcher, spans);
    struct place place = {.marks = stored->document->marks};
    GString *left = g_string_new(NULL), *match = g_string_new(NULL), *right = g_string_new(NULL);
    size_t counted = 0, points = 0;
    bool going = true;
    for (guint i = 0; i < spans->len && going; i++) {
        const struct lj_span *span = &g_array_index(spans, struct lj_span, i);
        g_string_truncate(match, 0);
        lj_clean(text->str + span->start, span->end - span->start, 0, NULL, 0, match, NULL);
        before_match(text, span->start, context, left);
        after_match(text, span->end, context, right);
        size_t bytes;
        if (span->end < text->len && lj_blank_at(text->str, text->len, span->end, &bytes) &&
            right->len)
            g_string_prepend_c(right, ' '); /* so that left + match + right read as the text */
        size_t before = span->start;
        while (before > 0 && ((uint8_t)text->str[before - 1] & 0xC0) == 0x80)
            before--;
        if (before > 0 && lj_blank_at(text->str, text->len, before - 1, &bytes) && left->len)
            g_string_append_c(left, ' ');
        head(right, context);
        for (; counted < span->start; counted++)
            points += ((uint8_t)text->str[counted] & 0xC0) != 0x80;
        move_to(&place, span->start);
        const struct lj_kwic line = {
            .left = tail(left, context),
            .match = match->str,
            .right = right->str,
            .section = place.where.section,
            .page = place.where.page,
            .speaker = place.where.speaker,
            .time = place.where.time,
            .start = span->start,
            .end = span->end,
            .start_point = points,
        };
        going = sink(&line, sink_data);
    }
    g_string_free(left, TRUE);
    g_string_free(match, TRUE);
    g_string_free(right, TRUE);
    g_array_unref(spans);
    g_string_free(text, TRUE);
    return going;
}
