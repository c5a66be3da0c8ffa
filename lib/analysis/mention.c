#include "analysis/mention.h"
#include "analysis/citation.h"
#include "document/date_scan.h"
#include "document/reader.h"

#include <string.h>

/* Day, month and year, as far as the interval says them: "20260121", "202601", "2026". */
static void
give_date(lj_mention_sink sink, void *data, size_t start, size_t end,
          const struct lj_interval *when)
{
    char digits[8];
    uint32_t left = when->first;
    for (int i = 8; i-- > 0; left /= 10)
        digits[i] = (char)('0' + left % 10);
    if (when->first == when->last)
        sink(data, LJ_MENTION_DATE, start, end, digits, 8);
    if (when->first / 100 == when->last / 100)
        sink(data, LJ_MENTION_DATE, start, end, digits, 6);
    sink(data, LJ_MENTION_DATE, start, end, digits, 4);
}

/* A date with the days before it that it dates too: "el 3 y 4 de mayo de 2020". */
static void
give_dates(lj_mention_sink sink, void *data, const char *text, size_t start, size_t end,
           const struct lj_interval *when)
{
    struct lj_interval earlier[LJ_DATE_EARLIER];
    give_date(sink, data, start, end, when);
    size_t n = lj_date_earlier(text, start, when, earlier);
    for (size_t i = 0; i < n; i++)
        give_date(sink, data, start, end, &earlier[i]);
}

void
lj_mentions_dates(const char *text, size_t length, lj_mention_sink sink, void *data)
{
    size_t at = 0, start, end;
    struct lj_interval when;
    while (lj_date_find(text, length, &at, &start, &end, &when))
        give_dates(sink, data, text, start, end, &when);
}

struct citations {
    lj_mention_sink sink;
    void *data;
};

static void
give_citation(void *data, size_t start, size_t end, const char *term, size_t length)
{
    const struct citations *citations = data;
    citations->sink(citations->data, LJ_MENTION_CITATION, start, end, term, length);
}

/* The state of a pass. Where the last date and the last citation ended: a date within a citation is
 * found ("DOF del 21 de enero"), a citation within a citation is not. */
struct pass {
    const char *text;
    size_t length;
    struct citations citations;
    size_t date_end, citation_end;
};

static void
try_date(struct pass *pass, size_t at)
{
    struct lj_interval when;
    size_t end;
    enum lj_date_outcome outcome = lj_date_at(pass->text, pass->length, at, &end, &when);
    if (outcome != LJ_DATE_NOTHING)
        pass->date_end = end;
    if (outcome == LJ_DATE_FOUND)
        give_dates(pass->citations.sink, pass->citations.data, pass->text, at, end, &when);
}

/* Looks at the word or number that begins at `at`. */
static void
look_at(struct pass *pass, size_t at)
{
    const char *text = pass->text;
    if (lj_is_digit((unsigned char)text[at])) {
        if (at >= pass->date_end && !lj_spelled_alnum_before(text, at) &&
            lj_date_digit_may_begin(text, pass->length, at))
            try_date(pass, at);
        return;
    }
    if (at + 3 >= pass->length)
        return;
    if (lj_citation_may_begin(text + at) && at >= pass->citation_end &&
        (!lj_spelled_alnum_before(text, at) || lj_citation_is_glued(text, pass->length, at))) {
        size_t end = lj_citation_at(text, pass->length, at, give_citation, &pass->citations);
        if (end > pass->citation_end)
            pass->citation_end = end;
    }
    if (lj_date_may_begin(text + at) && at >= pass->date_end && !lj_spelled_alnum_before(text, at))
        try_date(pass, at);
}

/* Looks at every word and number that begins in text[from, to). */
static void
look_within(struct pass *pass, size_t from, size_t to)
{
    bool inside = from > 0 && g_ascii_isalnum(pass->text[from - 1]);
    for (size_t at = from; at < to; at++) {
        bool alnum = g_ascii_isalnum(pass->text[at]);
        if (alnum && (!inside || lj_citation_is_glued(pass->text, pass->length, at)))
            look_at(pass, at);
        inside = alnum;
    }
}

void
lj_mentions_find(const char *text, size_t length, lj_mention_sink sink, void *data)
{
    struct pass pass = {text, length, {sink, data}, 0, 0};
    look_within(&pass, 0, length);
}

/* --- by segments ----------------------------------------------------------------------------- */

static unsigned
digits_hint(const char *bytes, size_t length)
{
    size_t n = 0;
    while (n < length && lj_is_digit((unsigned char)bytes[n]))
        n++;
    return n == 3 || n > 4 ? 0 : LJ_MENTION_OPENS; /* as lj_date_digit_may_begin */
}

/* Of a word whose fourth byte is text behind it: may it begin a mention with any that can stand
 * there? */
static unsigned
three_hint(const char *bytes)
{
    char four[4] = {bytes[0], bytes[1], bytes[2], 0};
    for (unsigned next = 0; next < 0x80; next++) {
        four[3] = (char)next;
        if (!g_ascii_isalnum(four[3]) && (lj_citation_may_begin(four) || lj_date_may_begin(four)))
            return LJ_MENTION_OPENS;
    }
    four[3] = '\xe2'; /* typography */
    if (lj_citation_may_begin(four) || lj_date_may_begin(four))
        return LJ_MENTION_OPENS;
    four[3] = '\xc2';
    return lj_citation_may_begin(four) || lj_date_may_begin(four) ? LJ_MENTION_OPENS : 0;
}

static unsigned
letters_hint(const char *bytes, size_t length)
{
    if (length < 3) /* A/RES, D.O.F., RD: capitals only */
        return lj_is_upper((unsigned char)bytes[0]) ? LJ_MENTION_OPENS : 0;
    if (length == 3)
        return three_hint(bytes);
    if (!lj_citation_may_begin(bytes) && !lj_date_may_begin(bytes))
        return 0;
    char word[LJ_SPELLED];
    if (lj_spelled_word(bytes, length, 0, word) != length || lj_citation_opens(word) ||
        lj_date_opens(word))
        return LJ_MENTION_OPENS;
    return LJ_MENTION_BROKEN;
}

unsigned
lj_mention_hint(const char *bytes, size_t length)
{
    unsigned hint = 0;
    if (lj_is_digit((unsigned char)bytes[0]))
        hint = digits_hint(bytes, length);
    else if (g_ascii_isalpha(bytes[0]))
        hint = letters_hint(bytes, length);
    for (size_t i = 1; i < length; i++) {
        if (lj_is_upper((unsigned char)bytes[i]) && /* "porDecreto", "2002B" of "2002B.O." */
            (lj_citation_is_glued(bytes, length, i) ||
             (bytes[i] == 'B' && i + 1 == length && lj_is_digit((unsigned char)bytes[i - 1]))))
            hint |= LJ_MENTION_WITHIN;
        if (!g_ascii_isalnum(bytes[i]) || g_ascii_isalnum(bytes[i - 1]) ||
            lj_spelled_alnum_before(bytes, i))
            continue;
        bool digit = lj_is_digit((unsigned char)bytes[i]);
        /* 19.924: a number goes on */
        if (digit && i > 1 && (bytes[i - 1] == '.' || bytes[i - 1] == ',') &&
            lj_is_digit((unsigned char)bytes[i - 2]))
            continue;
        if (digit ? digits_hint(bytes + i, length - i) : letters_hint(bytes + i, length - i))
            hint |= LJ_MENTION_WITHIN;
    }
    return hint;
}

void
lj_mentions_among(const char *text, size_t length, const struct lj_mention_place *place, size_t n,
                  lj_mention_sink sink, void *data)
{
    struct pass pass = {text, length, {sink, data}, 0, 0};
    for (size_t i = 0; i < n; i++) {
        size_t start = place[i].start, end = place[i].end;
        if ((place[i].hint & LJ_MENTION_OPENS) ||
            ((place[i].hint & LJ_MENTION_BROKEN) && end + 1 < length && text[end] == '-' &&
             text[end + 1] == '\n'))
            look_at(&pass, start);
        if (place[i].hint & LJ_MENTION_WITHIN)
            look_within(&pass, start + 1, end);
    }
}
