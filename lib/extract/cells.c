#include "extract/cells.h"

#include <math.h>
#include <string.h>

enum lj_shown
lj_shown_by_code(const char *code)
{
    bool day = false, hour = false, quoted = false, bracket = false;
    for (const char *p = code; *p && *p != ';'; p++) {
        if (*p == '"')
            quoted = !quoted;
        else if (*p == '[' || *p == ']')
            bracket = *p == '[' && !strchr("hHmMsS", p[1]);
        else if (*p == '\\' && p[1])
            p++;
        else if (!quoted && !bracket) {
            day |= strchr("dDyY", *p) != NULL;
            hour |= strchr("hHsS", *p) != NULL;
        }
    }
    return day && hour ? LJ_SHOWN_MOMENT
           : day       ? LJ_SHOWN_DATE
           : hour      ? LJ_SHOWN_TIME
                       : LJ_SHOWN_PLAIN;
}

enum lj_shown
lj_shown_by_number(int number)
{
    if ((number >= 14 && number <= 17) || (number >= 27 && number <= 31) || number == 36 ||
        (number >= 50 && number <= 54) || number == 57 || number == 58)
        return LJ_SHOWN_DATE;
    if (number == 22)
        return LJ_SHOWN_MOMENT;
    return (number >= 18 && number <= 21) || (number >= 45 && number <= 47) ? LJ_SHOWN_TIME
                                                                            : LJ_SHOWN_PLAIN;
}

bool
lj_write_date(struct lj_writer *w, double days, enum lj_shown how, bool since_1904)
{
    if (!(days >= 0 && days < 2958466))
        return false;
    char text[40];
    gint64 seconds = (gint64)(days * 86400 + 0.5);
    GDateTime *epoch = since_1904 ? g_date_time_new_utc(1904, 1, 1, 0, 0, 0)
                                  : g_date_time_new_utc(1899, 12, 30, 0, 0, 0);
    GDateTime *moment = g_date_time_add_seconds(epoch, (gdouble)seconds);
    g_date_time_unref(epoch);
    if (!moment)
        return false;
    int year, month, day, hour = g_date_time_get_hour(moment);
    g_date_time_get_ymd(moment, &year, &month, &day);
    if (how == LJ_SHOWN_DATE)
        g_snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
    else if (how == LJ_SHOWN_MOMENT)
        g_snprintf(text, sizeof text, "%04d-%02d-%02d %02d:%02d", year, month, day, hour,
                   g_date_time_get_minute(moment));
    else
        g_snprintf(text, sizeof text, "%02d:%02d", hour, g_date_time_get_minute(moment));
    g_date_time_unref(moment);
    lj_writer_text(w, text);
    return true;
}

void
lj_write_number(struct lj_writer *w, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    bool whole = fabs(value) < 1e18 && value == trunc(value);
    lj_writer_text(w, g_ascii_formatd(text, sizeof text, whole ? "%.0f" : "%.15g", value));
}
