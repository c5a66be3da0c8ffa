/* What the glass tests ask of the library itself: is one database as good as another? */
#ifndef LEGAJO_TESTS_REFERENCE_H
#define LEGAJO_TESTS_REFERENCE_H

#include <glib.h>

G_BEGIN_DECLS

/* Goes through everything Xapian's public interface shows of two databases; only the
 * metadata entry `updated` may differ. NULL when they agree, else what differs first (g_free). */
char *reference_difference(const char *a, const char *b);

G_END_DECLS

#endif
