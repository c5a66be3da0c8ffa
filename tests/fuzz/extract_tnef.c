#define EXTRACT lj_format_tnef
#define NAME "winmail.dat"
#include "extract.h"
