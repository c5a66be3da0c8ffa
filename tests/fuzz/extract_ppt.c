#define EXTRACT lj_format_ppt
#define NAME "a.ppt"
#include "extract.h"
