#define EXTRACT lj_format_docx
#define NAME "a.docx"
#include "extract.h"
