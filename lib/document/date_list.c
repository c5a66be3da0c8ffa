#include "document/date_scan.h"
#include "document/reader.h"

#include <string.h>

/* Reading backward: where what stands before byte i, behind blanks, ends. */
static size_t
before_blanks(const char *text, size_t i)
{
    size_t from = i;
    while (i > 0 && from - i < 8 && (text[i - 1] == ' ' || text[i - 1] == '\n'))
        i--;
    return i;
}

/* The word of ASCII letters that ends at byte i, folded to small; where it begins. */
static size_t
word_before(const char *text, size_t i, char word[12])
{
    size_t end = i;
    while (i > 0 && end - i < 11 && lj_is_lower((unsigned char)text[i - 1] | 0x20))
        i--;
    if (i > 0 && lj_spelled_alnum_before(text, i))
        i = end;
    for (size_t k = i; k < end; k++)
        word[k - i] = (char)(text[k] | 0x20);
    word[end - i] = 0;
    return i;
}

/* The day of one or two figures, perhaps with an ordinal's mark ("1º", "1o."), that ends at byte i; 0
 * for none. *begin: its first figure. */
static unsigned
day_before(const char *text, size_t i, size_t *begin)
{
    size_t end = i;
    if (i > 1 && text[i - 1] == '.' && (text[i - 2] == 'o' || text[i - 2] == 'O'))
        i -= 2;
    else if (i > 1 && (unsigned char)text[i - 2] == 0xC2 &&
             ((unsigned char)text[i - 1] == 0xBA || (unsigned char)text[i - 1] == 0xB0))
        i -= 2;
    if (i < end && i > 0 && text[i - 1] == '.') /* "1.º" */
        i--;
    size_t figures = i;
    while (i > 0 && figures - i < 3 && lj_is_digit((unsigned char)text[i - 1]))
        i--;
    if (i == figures || figures - i > 2 || lj_spelled_alnum_before(text, i))
        return 0;
    if (i > 1 && strchr("./,-_", text[i - 1]) && lj_spelled_alnum_before(text, i - 1))
        return 0; /* the end of "13.737" or "12/3" */
    unsigned day = 0;
    for (size_t k = i; k < figures; k++)
        day = day * 10 + (unsigned)(text[k] - '0');
    *begin = i;
    return day;
}

size_t
lj_date_earlier(const char *text, size_t at, const struct lj_interval *when,
                struct lj_interval out[LJ_DATE_EARLIER])
{
    if (when->first != when->last)
        return 0;
    unsigned year = when->first / 10000, month = when->first / 100 % 100, day = when->first % 100;
    size_t n = 0;
    bool closed = false; /* by "y" or a range: commas go before that only */
    for (size_t i = at; n < LJ_DATE_EARLIER;) {
        char word[12];
        bool range = false, joint = false;
        size_t k = before_blanks(text, i);
        size_t begin = word_before(text, k, word);
        if (lj_word_among(word, "el los dia")) {
            k = before_blanks(text, begin);
            begin = word_before(text, k, word);
        }
        if (lj_word_among(word, "y e o")) {
            joint = true;
            k = before_blanks(text, begin);
        } else if (lj_word_among(word, "a al hasta")) {
            range = true;
            k = before_blanks(text, begin);
        } else if (k > 0 && text[k - 1] == ',' && closed) {
            joint = true;
            k = before_blanks(text, k - 1);
        } else if (k == i && k > 0 && text[k - 1] == '-' && !closed) {
            range = true;
            k--;
        }
        if (!joint && !range)
            break;
        /* "3 de mayo" before "al 5 de junio": the month of its own, the year of what follows */
        unsigned own = month;
        size_t name = word_before(text, k, word);
        if (word[0]) {
            own = lj_date_month(word);
            k = before_blanks(text, name);
            size_t of = word_before(text, k, word);
            if (own == 0 || strcmp(word, "de") != 0)
                break;
            k = before_blanks(text, of);
        }
        unsigned first = day_before(text, k, &begin);
        unsigned of_year = own > month ? year - 1 : year;
        if (first == 0 || (own == month && first >= day) ||
            !lj_interval_of(of_year, own, first, &out[n]))
            break;
        n++;
        for (unsigned between = first + 1; range && own == month && between < day; between++)
            if (n < LJ_DATE_EARLIER && lj_interval_of(year, month, between, &out[n]))
                n++;
        closed = true;
        year = of_year;
        month = own;
        day = first;
        i = begin;
    }
    return n;
}
