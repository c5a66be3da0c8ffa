#define EXTRACT lj_format_xls
#define NAME "a.xls"
#include "extract.h"
