#define EXTRACT lj_format_html
#define NAME "a.html"
#include "extract.h"
