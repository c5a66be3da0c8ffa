/* What the configuration says of the columns of a source's exports: "text:Cuerpo;date:Fecha de emisión", field by
 * field. Keys of JSON are columns, too.
 *
 *     GHashTable *columns = lj_columns_read(job->columns);     NULL: nothing is said
 *     const char *field = lj_columns_field(columns, "Cuerpo");  "text"; NULL: the column goes by its own name
 *     if (columns) g_hash_table_unref(columns);
 */
#ifndef LEGAJO_EXTRACT_COLUMNS_H
#define LEGAJO_EXTRACT_COLUMNS_H

#include <glib.h>

GHashTable *lj_columns_read(const char *text);
const char *lj_columns_field(GHashTable *columns, const char *column);

#endif
