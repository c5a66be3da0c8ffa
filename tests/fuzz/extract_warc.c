#define EXTRACT lj_format_warc
#define NAME "a.warc"
#include "extract.h"
