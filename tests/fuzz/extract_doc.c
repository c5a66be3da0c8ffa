#define EXTRACT lj_format_doc
#define NAME "a.doc"
#include "extract.h"
