/* Dates as Spanish documents write them: read, never guessed. Days come before months, always; an
 * impossible date is no date.
 *
 * Extraction reads mastheads with it, analysis finds the dates a text mentions, queries read
 * fecha:"enero de 2026".
 *
 *     size_t used; struct lj_interval when;
 *     lj_date_read("21 de enero de 2026, dijo", 25, &used, &when)   used 19, 20260121..20260121
 */
#ifndef LEGAJO_DATE_H
#define LEGAJO_DATE_H

#include "legajo/document.h"

/* Reads the date that begins exactly at text (a day, a month of a year). Forms: ISO, 21/01/2026,
 * 21-01-2026, 21.1.2026, 21-ene-2026, 21-I-2026, 21 de enero de 2026, 21 de enero del año 2026,
 * 1o./1.º/1°/primero de enero de 2026, enero de 2026, "martes, 21 de enero de 2026", "Agosto 29 de
 * 1984", "a los veintiún días del mes de enero de dos mil veintiséis". Case and accents do not
 * matter; blanks may be line ends. Two-digit years only as 15/3/98 and 15-mar-98: 40–99 are 19xx,
 * 00–39 are 20xx. The weekday is not checked. With bare_year, where a date is expected and nothing
 * else, also 2026, 2026-01 and 01/2026, which elsewhere are mostly numbers of something. */
LJ_API bool lj_date_read(const char *text, size_t length, bool bare_year, size_t *used,
                         struct lj_interval *out);

/* The next date at or after byte *at (bare years excluded): sets *start, *end and moves *at past
 * it; *start is the date itself, without weekday or "a los". What has the form of a date but an
 * impossible day is passed over whole. False when there is none. Linear in the text, any bytes. */
LJ_API bool lj_date_find(const char *text, size_t length, size_t *at, size_t *start, size_t *end,
                         struct lj_interval *out);

#endif
