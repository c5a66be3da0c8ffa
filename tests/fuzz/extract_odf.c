#define EXTRACT lj_format_odf
#define NAME "a.odt"
#include "extract.h"
