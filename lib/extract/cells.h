/* What numbers of sheets mean: the formats of XLSX and XLS are the same.
 *
 *     enum lj_shown how = lj_shown_by_code("dd/mm/yyyy");      LJ_SHOWN_DATE
 *     lj_write_date(&writer, 43466, how, false);               "2019-01-01"
 */
#ifndef LEGAJO_EXTRACT_CELLS_H
#define LEGAJO_EXTRACT_CELLS_H

#include "extract/writer.h"

enum lj_shown { LJ_SHOWN_PLAIN, LJ_SHOWN_DATE, LJ_SHOWN_TIME, LJ_SHOWN_MOMENT };

/* A format's code: "dd/mm/yyyy", "h:mm", but not "0.00" nor "\"días\" 0": words in quotes and [Red] do not count. */
enum lj_shown lj_shown_by_code(const char *code);
/* A format that is built in (ECMA-376, 18.8.30), below 164. */
enum lj_shown lj_shown_by_number(int number);
/* Days since 1899-12-30 (or 1904-01-01) as a date; false: none that a sheet can mean, nothing is written. */
bool lj_write_date(struct lj_writer *w, double days, enum lj_shown how, bool since_1904);
/* A number in the 15 digits that sheets reckon with, whole ones without exponent: files hold .025 as
 * 2.5000000000000001E-2. */
void lj_write_number(struct lj_writer *w, double value);

#endif
