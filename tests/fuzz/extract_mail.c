#define EXTRACT lj_format_mail
#define NAME "a.eml"
#include "extract.h"
