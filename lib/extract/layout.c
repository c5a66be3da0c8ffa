#include "extract/layout.h"
#include "extract/lines.h"

#include <math.h>
#include <string.h>

/* Pages of more pieces than this (maps, drawings) stay in the order they come in. */
#define PIECES_MOST 3000
/* In heights of a letter: a gap that parts words, one that parts cells or columns. */
#define GAP_WORD 0.15
#define GAP_CELL 1.4
/* By this much one letter is wider in one place than in another, where letters are placed singly. */
#define LETTER_LOOSE 0.02
/* The mark of a note is a number of less than this height beside the word's letters; of shorter words it is a part
 * ("m2"). */
#define MARK_HEIGHT 0.8
#define MARK_WORD 4
/* Of the page's text, from above and from below: where headers and footers lie, and in heights of a letter the
 * empty strip that parts them from the rest. */
#define ZONE 0.15
#define GAP_ZONE 0.7

/* What stands together in one line: a line, or a cell's part of it. */
struct piece {
    const char *start, *end;
    struct lj_box box;
    int zone;                   /* header, the rest, footer */
    bool upright, done, wanted; /* wanted: waits for what must come before it */
};

struct character {
    const char *at;
    struct lj_box box;
};

static double
overlap(double a1, double a2, double b1, double b2)
{
    return MIN(a2, b2) - MAX(a1, b1);
}

static double
height(const struct lj_box *box)
{
    return box->y2 - box->y1;
}

static double
width(const struct lj_box *box)
{
    return box->x2 - box->x1;
}

/* Do the two stand beside each other, in one row? */
static bool
same_row(const struct lj_box *a, const struct lj_box *b)
{
    return overlap(a->y1, a->y2, b->y1, b->y2) > 0.5 * MIN(height(a), height(b));
}

/* Must this be read before that? What is left of it in its row, or above it and over it. */
static bool
precedes(const struct piece *this, const struct piece *that)
{
    const struct lj_box *a = &this->box, *b = &that->box;
    if (this->zone != that->zone)
        return this->zone < that->zone;
    if (same_row(a, b))
        return a->x2 <= b->x1 + 0.2 * height(a);
    return a->y2 <= b->y1 + 0.5 * MIN(height(a), height(b)) && a->y1 < b->y1 &&
           overlap(a->x1, a->x2, b->x1, b->x2) > 0.2 * MIN(width(a), width(b));
}

static void
extend(struct lj_box *box, const struct lj_box *more)
{
    box->x1 = MIN(box->x1, more->x1);
    box->y1 = MIN(box->y1, more->y1);
    box->x2 = MAX(box->x2, more->x2);
    box->y2 = MAX(box->y2, more->y2);
}

/* Does the line run up or down the page? Its letters then stand above each other. */
static bool
runs_upwards(const struct character *line, size_t n)
{
    size_t stacked = 0, beside = 0;
    const struct lj_box *last = NULL;
    for (size_t i = 0; i < n; i++) {
        if (lj_is_blank(*line[i].at))
            continue;
        if (last) {
            double dx = line[i].box.x1 + line[i].box.x2 - last->x1 - last->x2;
            double dy = line[i].box.y1 + line[i].box.y2 - last->y1 - last->y2;
            if (fabs(dy) > fabs(dx))
                stacked++;
            else
                beside++;
        }
        last = &line[i].box;
    }
    return stacked >= 3 && stacked > beside;
}

/* A place where the text is not as Poppler has it: what is from there up to there goes, or comes a blank. */
struct change {
    const char *from, *to;
};

static int
compare_gaps(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static bool
is_letter(const struct character *c)
{
    return g_unichar_isalnum(g_utf8_get_char(c->at));
}

/* Are the page's letters placed singly? A letter's box ends where the next one begins, so that the same letter is now
 * narrower, now wider in one line: in pages of words two in ten at most, in those of letters six. */
static bool
placed_singly(const struct character *all, size_t n)
{
    size_t again = 0, loose = 0;
    double wide[128] = {0};
    for (size_t i = 0; i < n; i++) {
        const struct character *c = &all[i];
        if (*c->at == '\n')
            memset(wide, 0, sizeof wide);
        if (!g_ascii_isalpha(*c->at))
            continue;
        double *known = &wide[(unsigned char)*c->at];
        if (*known > 0) {
            again++;
            loose += fabs(width(&c->box) - *known) > LETTER_LOOSE * height(&c->box);
        } else {
            *known = width(&c->box);
        }
    }
    return loose * 5 > again * 2;
}

/* Where letters are placed singly, Poppler sees blanks within words ("re lación"), and all over a word that is spaced
 * out ("D E C R E T O"). The gap under which a blank is none; 0: in this line all are. */
static double
least_blank(const struct character *line, size_t n, bool singly)
{
    GArray *blanks = g_array_new(FALSE, FALSE, sizeof(double));
    size_t single = 0, letters = 0; /* of the word at hand */
    double high = 0, least = 0;
    const struct character *last = NULL;
    for (size_t i = 0; i < n; i++) {
        const struct character *c = &line[i];
        if (lj_is_blank(*c->at))
            continue;
        double gap = last ? c->box.x1 - last->box.x2 : 0;
        high = MAX(high, height(&c->box));
        if (last && last + 1 != c && gap < GAP_CELL * high) {
            single += letters == 1 && g_unichar_isalpha(g_utf8_get_char(last->at));
            letters = 0;
            g_array_append_val(blanks, gap);
        }
        letters++;
        last = c;
    }
    g_array_sort(blanks, compare_gaps);
    const double *gaps = (const double *)(void *)blanks->data;
    if (blanks->len >= 4 && single * 5 >= blanks->len * 4)
        least = 1.6 * gaps[blanks->len / 2];
    else if (singly && blanks->len >= 4 && gaps[blanks->len * 3 / 4] > GAP_WORD * high)
        least = 0.55 * gaps[blanks->len * 3 / 4];
    g_array_unref(blanks);
    return least;
}

/* Does the mark of a note begin here, which Poppler takes for a part of the word before it ("antecedentes1")? */
static bool
is_note_mark(const struct character *line, size_t n, size_t at)
{
    size_t letters = 0, digits = 0;
    if (!g_ascii_isdigit(*line[at].at))
        return false;
    while (letters < MARK_WORD && letters < at &&
           g_unichar_isalpha(g_utf8_get_char(line[at - letters - 1].at)))
        letters++;
    while (at + digits < n && g_ascii_isdigit(*line[at + digits].at))
        digits++;
    return letters == MARK_WORD && digits >= 1 && digits <= 3 &&
           height(&line[at].box) < MARK_HEIGHT * height(&line[at - 1].box) &&
           (at + digits == n || !is_letter(&line[at + digits]));
}

/* Cuts a line where cells or columns part. changes gets where words lack the blank between them ("Dictámenes" and
 * "3" of a table of contents are one word to Poppler; marks of notes), and blanks within words. */
static void
cut_line(const struct character *line, size_t n, bool singly, GArray *pieces, GArray *changes)
{
    struct piece piece = {.upright = !runs_upwards(line, n)};
    const double least = piece.upright ? least_blank(line, n, singly) : 0;
    const struct character *last = NULL;
    for (size_t i = 0; i < n; i++) {
        const struct character *c = &line[i];
        if (lj_is_blank(*c->at))
            continue;
        const char *end = i + 1 < n ? line[i + 1].at : g_utf8_next_char(c->at);
        if (last && piece.upright) {
            double high = MAX(height(&last->box), height(&c->box));
            double gap = c->box.x1 - last->box.x2;
            bool apart = overlap(last->box.y1, last->box.y2, c->box.y1, c->box.y2) <= 0;
            if (apart || gap > GAP_CELL * high || gap < -2 * high) {
                g_array_append_val(pieces, piece);
                piece.start = NULL;
            } else if (last + 1 == c
                           ? gap > MAX(GAP_WORD * high, least) || is_note_mark(line, n, i)
                           : gap < least && is_letter(last) && is_letter(c)) {
                struct change change = {last + 1 == c ? c->at : g_utf8_next_char(last->at), c->at};
                g_array_append_val(changes, change);
            }
        }
        if (!piece.start) {
            piece.start = c->at;
            piece.box = c->box;
        }
        piece.end = end;
        extend(&piece.box, &c->box);
        last = c;
    }
    if (piece.start)
        g_array_append_val(pieces, piece);
}

static void
add_in_order(struct piece *pieces, guint n, guint i, GPtrArray *order)
{
    pieces[i].wanted = true;
    for (guint j = i + 1; j < n; j++)
        if (pieces[j].upright && !pieces[j].done && !pieces[j].wanted &&
            precedes(&pieces[j], &pieces[i]))
            add_in_order(pieces, n, j, order);
    pieces[i].done = true;
    g_ptr_array_add(order, &pieces[i]);
}

static int
compare_tops(const void *a, const void *b)
{
    double x = (*(const struct piece *const *)a)->box.y1;
    double y = (*(const struct piece *const *)b)->box.y1;
    return (x > y) - (x < y);
}

/* Tells headers and footers: what lies beyond an empty strip across the page, near its edge. */
static void
find_zones(struct piece *pieces, guint n)
{
    GPtrArray *sorted = g_ptr_array_new();
    struct lj_box all = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    for (guint i = 0; i < n; i++)
        if (pieces[i].upright) {
            g_ptr_array_add(sorted, &pieces[i]);
            extend(&all, &pieces[i].box);
        }
    g_ptr_array_sort(sorted, compare_tops);
    double reached = all.y1, above = -INFINITY, below = INFINITY;
    for (guint i = 1; i < sorted->len; i++) {
        const struct piece *piece = sorted->pdata[i], *last = sorted->pdata[i - 1];
        reached = MAX(reached, last->box.y2);
        double gap = piece->box.y1 - reached, high = MIN(height(&piece->box), height(&last->box));
        if (gap < GAP_ZONE * high)
            continue;
        if (reached < all.y1 + ZONE * height(&all))
            above = piece->box.y1;
        else if (piece->box.y1 > all.y2 - ZONE * height(&all))
            below = MIN(below, piece->box.y1);
    }
    for (guint i = 0; i < n; i++)
        pieces[i].zone = pieces[i].box.y1 < above ? 0 : pieces[i].box.y1 < below ? 1 : 2;
    g_ptr_array_unref(sorted);
}

/* Poppler's order, changed where it reads something before what stands above it or left of it: a paragraph that
 * is set in comes to Poppler after those that follow it. */
static GPtrArray *
put_in_order(struct piece *pieces, guint n)
{
    GPtrArray *order = g_ptr_array_sized_new(n);
    find_zones(pieces, n);
    for (guint i = 0; i < n; i++)
        if (pieces[i].upright && !pieces[i].done) {
            if (n <= PIECES_MOST)
                add_in_order(pieces, n, i, order);
            else
                g_ptr_array_add(order, &pieces[i]);
        }
    for (guint i = 0; i < n; i++)
        if (!pieces[i].upright)
            g_ptr_array_add(order, &pieces[i]);
    return order;
}

static void
append_piece(GString *out, const struct piece *piece, const GArray *changes, guint *next)
{
    const struct change *all = (const struct change *)(void *)changes->data;
    const char *from = piece->start;
    while (*next > 0 && all[*next - 1].from > from)
        --*next;
    while (*next < changes->len && all[*next].from <= from)
        ++*next;
    for (; *next < changes->len && all[*next].from < piece->end; ++*next) {
        g_string_append_len(out, from, all[*next].from - from);
        if (all[*next].from == all[*next].to)
            g_string_append_c(out, ' ');
        from = all[*next].to;
    }
    g_string_append_len(out, from, piece->end - from);
}

/* A number in the margin, beside all other text, is the page's own. */
static bool
is_beside(const struct piece *piece, const struct lj_box *body)
{
    const char *p = piece->start;
    if (body->x1 > body->x2)
        return false;
    while (p < piece->end && g_ascii_isdigit(*p))
        p++;
    return p == piece->end && (piece->box.x1 >= body->x2 || piece->box.x2 <= body->x1);
}

/* Of the lines that say something; an empty one (x1 > x2) on pages of tables, whose last column may be numbers. */
static struct lj_box
body_of(const GPtrArray *order)
{
    guint beside = 0;
    struct lj_box body = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    for (guint i = 0; i < order->len; i++) {
        const struct piece *piece = order->pdata[i];
        if (piece->upright && piece->end - piece->start >= 20)
            extend(&body, &piece->box);
    }
    for (guint i = 0; i < order->len; i++)
        beside += is_beside(order->pdata[i], &body);
    if (beside > 2)
        body.x1 = INFINITY;
    return body;
}

static void
append(GString *out, const GPtrArray *order, const GArray *changes, GArray *tops)
{
    guint next = 0;
    struct lj_box body = body_of(order);
    for (guint i = 0; i < order->len; i++) {
        const struct piece *piece = order->pdata[i], *last = i > 0 ? order->pdata[i - 1] : NULL;
        bool row = last && last->upright && piece->upright && same_row(&last->box, &piece->box) &&
                   piece->box.x1 >= last->box.x2 - 0.2 * height(&piece->box) &&
                   !is_beside(piece, &body) && !is_beside(last, &body);
        if (row)
            g_string_append_c(
                out, piece->box.x1 - last->box.x2 > GAP_CELL * height(&piece->box) ? '\t' : ' ');
        else if (last)
            g_string_append_c(out, '\n');
        if (!row && tops)
            g_array_append_val(tops, piece->box.y1);
        append_piece(out, piece, changes, &next);
    }
    if (order->len > 0)
        g_string_append_c(out, '\n');
}

bool
lj_layout_arrange(const char *text, const struct lj_box *boxes, size_t n, GString *out,
                  GArray *tops)
{
    if ((size_t)g_utf8_strlen(text, -1) != n)
        return false;
    struct character *characters = g_new(struct character, n + 1);
    const char *p = text;
    for (size_t i = 0; i < n; i++, p = g_utf8_next_char(p)) {
        struct lj_box box = boxes[i];
        characters[i] = (struct character){
            p,
            {MIN(box.x1, box.x2), MIN(box.y1, box.y2), MAX(box.x1, box.x2), MAX(box.y1, box.y2)}};
    }
    GArray *pieces = g_array_new(FALSE, FALSE, sizeof(struct piece));
    GArray *changes = g_array_new(FALSE, FALSE, sizeof(struct change));
    const bool singly = placed_singly(characters, n);
    for (size_t i = 0; i < n;) {
        size_t end = i;
        while (end < n && *characters[end].at != '\n')
            end++;
        cut_line(characters + i, end - i, singly, pieces, changes);
        i = end + 1;
    }
    g_free(characters);
    size_t upright = 0, all = 0;
    for (guint i = 0; i < pieces->len; i++) {
        const struct piece *piece = &g_array_index(pieces, struct piece, i);
        all += (size_t)(piece->end - piece->start);
        upright += piece->upright ? (size_t)(piece->end - piece->start) : 0;
    }
    bool good = upright * 2 >= all;
    if (good) {
        GPtrArray *order = put_in_order((struct piece *)(void *)pieces->data, pieces->len);
        append(out, order, changes, tops);
        g_ptr_array_unref(order);
    }
    g_array_unref(changes);
    g_array_unref(pieces);
    return good;
}
