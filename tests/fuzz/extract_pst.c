/* Any bytes as a mailbox of Outlook. libpst reads from a descriptor only, and the code of the format wants one, too: the
 * bytes lie in a file in memory. */
#define EXTRACT lj_format_pst
#define NAME "a.pst"
#define FROM_DESCRIPTOR 1
#include "extract.h"
