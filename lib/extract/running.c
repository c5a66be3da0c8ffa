#include "extract/running.h"
#include "legajo/schema.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* How many lines from the top and from the foot may be running ones: gazettes have five. */
#define EDGE 8
/* How many pages around are compared: chapters have their own headers. */
#define WINDOW 12
/* Lines of different pages stand at one height when it differs by no more points than this. */
#define HEIGHT_SAME 4.0

struct edge {
    char *start; /* in the page; NULL: no such line */
    size_t length;
    char *key;  /* folded, digits as '#' */
    double top; /* less than 0: unknown */
};

static void
free_page(void *data)
{
    struct lj_running_page *page = data;
    g_free(page->text);
    if (page->tops)
        g_array_unref(page->tops);
    g_free(page);
}

GPtrArray *
lj_running_pages(void)
{
    return g_ptr_array_new_with_free_func(free_page);
}

void
lj_running_add(GPtrArray *pages, char *text, GArray *tops)
{
    struct lj_running_page *page = g_new(struct lj_running_page, 1);
    guint lines = 0;
    for (const char *p = text; *p; p++)
        lines += *p == '\n';
    if (tops && tops->len != lines)
        g_clear_pointer(&tops, g_array_unref);
    *page = (struct lj_running_page){text, tops};
    g_ptr_array_add(pages, page);
}

enum number { NO_NUMBER, ARABIC, ROMAN };

static enum number
number_line(const char *key)
{
    /* "#", "- # -", "pag. # de #", "pagina #", "# de #", "folio #", a bare roman numeral */
    static const char *const words[] = {"pagina", "pag.",  "pag",  "p.", "pp.", "de",
                                        "page",   "folio", "hoja", "-",  "–",   "—",
                                        "/",      "|",     "[",    "]",  "(",   ")"};
    size_t at = 0;
    bool number = false;
    while (key[at]) {
        if (key[at] == ' ') {
            at++;
            continue;
        }
        if (key[at] == '#') {
            number = true;
            at++;
            continue;
        }
        size_t step = 0;
        for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
            size_t n = strlen(words[i]);
            if (strncmp(key + at, words[i], n) == 0 && n > step)
                step = n;
        }
        if (step == 0)
            return !number && at == 0 && strspn(key, "ivxlc") == strlen(key) && strlen(key) <= 7
                       ? ROMAN
                       : NO_NUMBER;
        at += step;
    }
    return number ? ARABIC : NO_NUMBER;
}

/* The key by which lines of different pages are one: runs of digits are one '#'. */
static char *
line_key(const char *line, size_t length)
{
    char *folded = lj_schema_fold(line, (gssize)MIN(length, 300)), *to = folded;
    for (char *p = folded; *p; p++) {
        char c = g_ascii_isdigit(*p) ? '#' : *p;
        if (c != '#' || to == folded || to[-1] != '#')
            *to++ = c;
    }
    *to = 0;
    return folded;
}

static double
top_of(const struct lj_running_page *page, guint line)
{
    return page->tops && line < page->tops->len ? g_array_index(page->tops, double, line) : -1;
}

static bool
same_height(double a, double b)
{
    return a < 0 || b < 0 || (a - b < HEIGHT_SAME && b - a < HEIGHT_SAME);
}

/* The first EDGE lines of a page that are not blank, then the last EDGE; on a short page the same.
 */
static void
find_edges(struct lj_running_page *of, struct edge edges[2 * EDGE])
{
    char *page = of->text, *end = page + strlen(page);
    int n = 0;
    guint line = 0;
    for (char *p = page; p < end && n < EDGE; line++) {
        char *stop = strchrnul(p, '\n');
        size_t blank = strspn(p, " \t\f\r");
        if (p + blank < stop)
            edges[n++] = (struct edge){p, (size_t)(stop - p), NULL, top_of(of, line)};
        p = stop + 1;
    }
    int m = 0;
    line = of->tops ? of->tops->len : 0; /* the empty one behind the last line end */
    for (char *stop = end; stop > page && m < EDGE; line--) {
        char *p = stop;
        while (p > page && p[-1] != '\n')
            p--;
        if (p + strspn(p, " \t\f\r") < stop)
            edges[EDGE + m++] = (struct edge){p, (size_t)(stop - p), NULL, top_of(of, line)};
        stop = p > page ? p - 1 : page;
    }
    for (int i = 0; i < 2 * EDGE; i++)
        if (edges[i].start)
            edges[i].key = line_key(edges[i].start, edges[i].length);
}

/* On how many of the pages around does the line, or a number of its kind, stand at the same edge? */
static guint
count_around(const struct edge *edges, guint pages, guint page, int edge)
{
    guint from = page > WINDOW ? page - WINDOW : 0, to = MIN(page + WINDOW + 1, pages), count = 0;
    int first = edge < EDGE ? 0 : EDGE;
    const struct edge *here = &edges[page * 2 * EDGE + (guint)edge];
    const char *key = here->key;
    enum number number = number_line(key);
    /* "Página 3" says what it is wherever the text of a page ends; a bare 3 might be a cell. */
    bool anywhere = number && (*key == 'p' || *key == 'f' || *key == 'h');
    for (guint other = from; other < to; other++)
        for (int i = first; i < first + EDGE; i++) {
            const char *there = edges[other * 2 * EDGE + (guint)i].key;
            if (there &&
                (anywhere || same_height(here->top, edges[other * 2 * EDGE + (guint)i].top)) &&
                (number ? number_line(there) == number : strcmp(there, key) == 0)) {
                count++;
                break;
            }
        }
    return count;
}

/* The number that is alone in the line; 0: none. */
static long
lone_number(const char *line, size_t length)
{
    size_t from = 0;
    while (from < length && strchr(" \t\f\r", line[from]))
        from++;
    size_t digits = 0;
    while (from + digits < length && g_ascii_isdigit(line[from + digits]))
        digits++;
    size_t rest = from + digits;
    while (rest < length && strchr(" \t\f\r", line[rest]))
        rest++;
    return digits > 0 && digits <= 5 && rest == length ? strtol(line + from, NULL, 10) : 0;
}

struct counting {
    char *at;
    size_t length;
    long ahead; /* of the page's own number */
    guint page;
    double top;
};

/* Page numbers anywhere, in the margin beside the text as well: numbers alone in their lines, at one height, that
 * grow by one with each page. */
static void
remove_counting(GPtrArray *pages)
{
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(struct counting));
    for (guint i = 0; i < pages->len; i++) {
        struct lj_running_page *page = pages->pdata[i];
        guint number = 0;
        for (char *p = page->text; *p; number++) {
            char *stop = strchrnul(p, '\n');
            long value = lone_number(p, (size_t)(stop - p));
            struct counting line = {p, (size_t)(stop - p), value - (long)i, i,
                                    top_of(page, number)};
            if (value > 0 && line.top >= 0)
                g_array_append_val(lines, line);
            p = *stop ? stop + 1 : stop;
        }
    }
    guint first = 0;
    for (guint i = 0; i < lines->len; i++) {
        const struct counting *line = &g_array_index(lines, struct counting, i);
        guint from = line->page > WINDOW ? line->page - WINDOW : 0, count = 0;
        guint to = MIN(line->page + WINDOW + 1, pages->len);
        while (g_array_index(lines, struct counting, first).page < from)
            first++;
        for (guint k = first; k < lines->len; k++) {
            const struct counting *other = &g_array_index(lines, struct counting, k);
            if (other->page >= to)
                break;
            count += other->ahead == line->ahead && same_height(other->top, line->top);
        }
        if (count >= MAX(3, (to - from) * 2 / 5))
            memset(line->at, ' ', line->length);
    }
    g_array_unref(lines);
}

/* Has a page anything but these lines? (An empty page has not lost anything.) */
static bool
has_more(const char *page, const GPtrArray *running, guint from)
{
    size_t letters = strlen(page), blank = 0, taken = 0;
    for (size_t i = 0; i < letters; i++)
        blank += strchr(" \t\f\r\n", page[i]) != NULL;
    GHashTable *seen = g_hash_table_new(NULL, NULL); /* on short pages one line is at both edges */
    for (guint i = from; i < running->len; i++) {
        const struct edge *edge = running->pdata[i];
        if (!g_hash_table_add(seen, edge->start))
            continue;
        taken += edge->length;
        for (size_t k = 0; k < edge->length; k++)
            taken -= strchr(" \t\f\r", edge->start[k]) != NULL;
    }
    g_hash_table_unref(seen);
    return taken == 0 || blank + taken < letters;
}

static const char *
text_of(const GPtrArray *pages, guint page)
{
    return ((const struct lj_running_page *)pages->pdata[page])->text;
}

void
lj_running_remove(GPtrArray *pages)
{
    if (pages->len < 2)
        return;
    struct edge *edges = g_new0(struct edge, (gsize)pages->len * 2 * EDGE);
    for (guint i = 0; i < pages->len; i++)
        find_edges(pages->pdata[i], edges + (gsize)i * 2 * EDGE);
    GPtrArray *running = g_ptr_array_new(); /* struct edge */
    guint emptied = 0;
    for (guint page = 0; page < pages->len; page++) {
        guint before = running->len;
        guint around = MIN(page, WINDOW) + MIN(pages->len - page - 1, WINDOW) + 1;
        /* Odd and even pages may differ: a third of those around is enough, three at least. */
        guint enough = MAX(3, around * 3 / 10);
        for (int side = 0; side < 2; side++)
            for (int i = 0; i < EDGE; i++) {
                struct edge *edge = &edges[page * 2 * EDGE + (guint)(side * EDGE + i)];
                if (!edge->key)
                    break;
                /* Page numbers may begin on the second page of three; "I" over a chapter is none. */
                bool number = number_line(edge->key) != NO_NUMBER && pages->len > 2;
                if (count_around(edges, pages->len, page, side * EDGE + i) <
                    (number ? MAX(2, enough * 2 / 3) : enough))
                    break; /* what is further in is no edge any more */
                g_ptr_array_add(running, edge);
            }
        emptied += !has_more(text_of(pages, page), running, before);
    }
    /* Pages of nothing but such lines (forms, certificates, slides) say them: they are the text. */
    for (guint i = 0; emptied * 2 <= pages->len && i < running->len; i++) {
        const struct edge *edge = running->pdata[i];
        memset(edge->start, ' ', edge->length);
    }
    if (emptied * 2 <= pages->len)
        remove_counting(pages);
    g_ptr_array_unref(running);
    for (gsize i = 0; i < (gsize)pages->len * 2 * EDGE; i++)
        g_free(edges[i].key);
    g_free(edges);
}

/* Does text end in a letter of a word that a hyphen parts? Small letters only: "PL-\nRED" stays. */
static bool
small_letter_before(const GString *text)
{
    if (text->len == 0)
        return false;
    const char *last = g_utf8_find_prev_char(text->str, text->str + text->len);
    return last && g_unichar_islower(g_utf8_get_char(last));
}

/* The bytes of the hyphen, plain, soft or U+2010, that ends the length bytes before end; 0: none. */
static size_t
hyphen_before(const char *end, size_t length)
{
    static const char *const hyphens[] = {"-", "\xc2\xad", "\xe2\x80\x90"};
    for (size_t n = 1; n <= G_N_ELEMENTS(hyphens); n++)
        if (length > n && memcmp(end - n, hyphens[n - 1], n) == 0)
            return n;
    return 0;
}

size_t
lj_running_append(GString *text, const struct lj_running_page *page)
{
    size_t begin = text->len;
    bool fresh = true; /* nothing of this page yet */
    for (const char *line = page->text; *line;) {
        const char *stop = strchrnul(line, '\n');
        const char *start = line, *end = stop;
        while (end > start && strchr(" \t\r\f", end[-1]))
            end--;
        const char *first = start;
        while (first < end && strchr(" \t\f", *first))
            first++;
        line = *stop ? stop + 1 : stop;
        if (fresh && first == end)
            continue; /* blank lines at the head of a page, often what a header left */
        /* A hyphen at the last line's end, a small letter here: one word. */
        size_t n = text->len;
        if (n >= 3 && text->str[n - 1] == '\n' && first < end) {
            size_t hyphen = hyphen_before(text->str + n - 1, n - 1);
            if (hyphen > 0) {
                gunichar next = g_utf8_get_char_validated(first, end - first);
                GString head = {text->str, n - 1 - hyphen, 0};
                if (next != (gunichar)-1 && next != (gunichar)-2 && g_unichar_islower(next) &&
                    small_letter_before(&head)) {
                    g_string_truncate(text, n - 1 - hyphen);
                    start = first;
                    if (fresh)
                        begin = text->len;
                }
            }
        }
        fresh = false;
        g_string_append_len(text, start, end - start);
        g_string_append_c(text, '\n');
    }
    while (text->len > begin + 1 && text->str[text->len - 1] == '\n' &&
           text->str[text->len - 2] == '\n')
        g_string_truncate(text, text->len - 1); /* what a footer left */
    return begin;
}
