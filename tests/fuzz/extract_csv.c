#define EXTRACT lj_format_csv
#define NAME "a.csv"
#include "extract.h"
