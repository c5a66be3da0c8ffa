#define EXTRACT lj_format_pdf
#define NAME "a.pdf"
#include "extract.h"
