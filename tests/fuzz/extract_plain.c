#define EXTRACT lj_format_plain
#define NAME "2026-01-21-a.txt"
#include "extract.h"
