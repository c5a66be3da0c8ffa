#include "analysis/mention.h"
#include "analysis/citation.h"
#include "document/date_scan.h"
#include "document/reader.h"

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

void
lj_mentions_find(const char *text, size_t length, lj_mention_sink sink, void *data)
{
    struct citations citations = {sink, data};
    /* Where the last date and the last citation ended: a date within a citation is found ("DOF del
     * 21 de enero"), a citation within a citation is not. */
    size_t date_end = 0, citation_end = 0;
    bool inside = false; /* behind a letter or digit */
    for (size_t i = 0; i < length;) {
        unsigned char c = (unsigned char)text[i];
        if (lj_is_lower(c | 0x20)) {
            if (!inside && i + 3 < length) {
                if (i >= citation_end && lj_citation_may_begin(text + i)) {
                    size_t end = lj_citation_at(text, length, i, give_citation, &citations);
                    if (end > citation_end)
                        citation_end = end;
                }
                if (i >= date_end && lj_date_may_begin(text + i)) {
                    struct lj_interval when;
                    size_t end;
                    enum lj_date_outcome outcome = lj_date_at(text, length, i, &end, &when);
                    if (outcome != LJ_DATE_NOTHING)
                        date_end = end;
                    if (outcome == LJ_DATE_FOUND)
                        give_date(sink, data, i, end, &when);
                }
            }
            inside = true;
            do
                i++;
            while (i < length && lj_is_lower((unsigned char)text[i] | 0x20));
        } else if (lj_is_digit(c)) {
            if (!inside && i >= date_end && lj_date_digit_may_begin(text, i)) {
                struct lj_interval when;
                size_t end;
                enum lj_date_outcome outcome = lj_date_at(text, length, i, &end, &when);
                if (outcome != LJ_DATE_NOTHING)
                    date_end = end;
                if (outcome == LJ_DATE_FOUND)
                    give_date(sink, data, i, end, &when);
            }
            inside = true;
            do
                i++;
            while (i < length && lj_is_digit((unsigned char)text[i]));
        } else if (c < 0x80) {
            inside = false;
            i++;
        } else {
            inside = lj_spelled_alnum_at(text, length, i);
            i++;
            while (i < length && ((unsigned char)text[i] & 0xC0) == 0x80)
                i++;
        }
    }
}
