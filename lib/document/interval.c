#include "legajo/date.h"

#include <string.h>

static const uint8_t month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

bool
lj_interval_of(uint32_t year, uint32_t month, uint32_t day, struct lj_interval *out)
{
    if (year < 1 || year > 9999 || month > 12 || (month == 0 && day > 0))
        return false;
    uint32_t first = year * 10000;
    if (month == 0) {
        out->first = first + 101;
        out->last = first + 1231;
        return true;
    }
    uint32_t last = month_days[month - 1];
    if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
        last = 29;
    if (day > last)
        return false;
    first += month * 100;
    out->first = first + (day ? day : 1);
    out->last = first + (day ? day : last);
    return true;
}

/* Reads exactly n digits. */
static bool
digits(const char *text, size_t n, uint32_t *value)
{
    *value = 0;
    for (size_t i = 0; i < n; i++) {
        if (!g_ascii_isdigit(text[i]))
            return false;
        *value = *value * 10 + (uint32_t)(text[i] - '0');
    }
    return true;
}

/* What may stand behind a day: nothing, or a time of which only the alphabet is checked. */
static bool
time_part(const char *text, size_t length)
{
    if (length == 0)
        return true;
    if ((text[0] != 'T' && text[0] != 't' && text[0] != ' ') || length < 3 || length > 40 ||
        !g_ascii_isdigit(text[1]))
        return false;
    for (size_t i = 1; i < length; i++)
        if (!g_ascii_isdigit(text[i]) && !strchr(":.,+-Zz ", text[i]))
            return false;
    return true;
}

bool
lj_interval_from_iso(const char *text, gssize given, struct lj_interval *out)
{
    size_t length = given < 0 ? strlen(text) : (size_t)given;
    while (length > 0 && g_ascii_isspace(text[0]))
        text++, length--;
    while (length > 0 && g_ascii_isspace(text[length - 1]))
        length--;
    uint32_t year, month, day;
    if (memchr(text, 0, length) || length < 4 || !digits(text, 4, &year))
        return false;
    if (length == 4)
        return year > 0 && lj_interval_of(year, 0, 0, out);
    if (length >= 8 && digits(text + 4, 2, &month) && digits(text + 6, 2, &day)) /* 20260121 */
        return month > 0 && day > 0 && time_part(text + 8, length - 8) &&
               lj_interval_of(year, month, day, out);
    if (length < 7 || text[4] != '-' || !digits(text + 5, 2, &month) || month == 0)
        return false;
    if (length == 7)
        return lj_interval_of(year, month, 0, out);
    return length >= 10 && text[7] == '-' && digits(text + 8, 2, &day) && day > 0 &&
           time_part(text + 10, length - 10) && lj_interval_of(year, month, day, out);
}

char *
lj_interval_to_iso(const struct lj_interval *interval)
{
    uint32_t first = interval->first, last = interval->last;
    struct lj_interval whole;
    uint32_t year = first / 10000, month = first / 100 % 100, day = first % 100;
    if (first == last)
        return g_strdup_printf("%04u-%02u-%02u", year, month, day);
    if (lj_interval_of(year, 0, 0, &whole) && whole.first == first && whole.last == last)
        return g_strdup_printf("%04u", year);
    if (month > 0 && lj_interval_of(year, month, 0, &whole) && whole.first == first &&
        whole.last == last)
        return g_strdup_printf("%04u-%02u", year, month);
    GString *range = g_string_new(NULL);
    if (first > 0)
        g_string_append_printf(range, "%04u-%02u-%02u", year, month, day);
    g_string_append(range, "..");
    if (last < 99999999)
        g_string_append_printf(range, "%04u-%02u-%02u", last / 10000, last / 100 % 100, last % 100);
    return g_string_free(range, FALSE);
}
