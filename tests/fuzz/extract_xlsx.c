#define EXTRACT lj_format_xlsx
#define NAME "a.xlsx"
#include "extract.h"
