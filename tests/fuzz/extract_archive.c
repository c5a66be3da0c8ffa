#define EXTRACT lj_format_archive
#define NAME "a.zip"
#include "extract.h"
