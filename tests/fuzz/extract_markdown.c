#define EXTRACT lj_format_markdown
#define NAME "a.md"
#include "extract.h"
