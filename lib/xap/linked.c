#include "xap/xapian.h"

const struct xapian_functions *
lj_xapian(GError **error)
{
    (void)error;
    return &legajo_xapian_functions;
}
