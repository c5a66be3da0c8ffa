#define EXTRACT lj_format_pptx
#define NAME "a.pptx"
#include "extract.h"
