#define EXTRACT lj_format_rtf
#define NAME "a.rtf"
#include "extract.h"
