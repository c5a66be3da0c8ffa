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

void
lj_mentions_dates(const char *text, size_t length, lj_mention_sink sink, void *data)
{
    size_t at = 0, start, end;
    struct lj_interval when;
    while (lj_date_find(text, length, &at, &start, &end, &when))
        give_date(sink, data, start, end, &when);
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

/* One bit a byte of 64: letters and digits of ASCII. Eight bytes at a time, in plain arithmetic: a
 * byte's top bit says whether it lies in a range. Most of the text is passed over here. */
#define EACH(byte) (0x0101010101010101u * (uint8_t)(byte))

static uint64_t
within(uint64_t low, unsigned char first, unsigned char last)
{
    return (low + EACH(0x80 - first)) & ~(low + EACH(0x7F - last));
}

static uint64_t
alnum_mask(const char *block)
{
    uint64_t mask = 0;
    for (unsigned i = 0; i < 8; i++) {
        uint64_t bytes;
        memcpy(&bytes, block + 8 * i, 8);
        bytes = GUINT64_FROM_LE(bytes);
        uint64_t found = (within((bytes | EACH(0x20)) & EACH(0x7F), 'a', 'z') |
                          within(bytes & EACH(0x7F), '0', '9')) &
                         ~bytes & EACH(0x80);
        mask |= ((found >> 7) * 0x0102040810204080u >> 56) << (8 * i);
    }
    return mask;
}

/* The state of a pass. Where the last date and the last citation ended: a date within a citation is
 * found
 * ("DOF del 21 de enero"), a citation within a citation is not. */
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
        give_date(pass->citations.sink, pass->citations.data, at, end, &when);
}

/* Looks at the word or number that begins at `at`. */
static void
try_word(struct pass *pass, size_t at)
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
        !lj_spelled_alnum_before(text, at)) {
        size_t end = lj_citation_at(text, pass->length, at, give_citation, &pass->citations);
        if (end > pass->citation_end)
            pass->citation_end = end;
    }
    if (lj_date_may_begin(text + at) && at >= pass->date_end && !lj_spelled_alnum_before(text, at))
        try_date(pass, at);
}

void
lj_mentions_find(const char *text, size_t length, lj_mention_sink sink, void *data)
{
    struct pass pass = {text, length, {sink, data}, 0, 0};
    uint64_t before = 0; /* does the block before end in a word? */
    for (size_t base = 0; base < length; base += 64) {
        uint64_t mask;
        if (length - base >= 64) {
            mask = alnum_mask(text + base);
        } else {
            char rest[64] = {0};
            memcpy(rest, text + base, length - base);
            mask = alnum_mask(rest);
        }
        uint64_t starts = mask & ~(mask << 1 | before);
        before = mask >> 63;
        for (; starts; starts &= starts - 1)
            try_word(&pass, base + (size_t)__builtin_ctzll(starts));
    }
}
