#define EXTRACT lj_format_epub
#define NAME "a.epub"
#include "extract.h"
