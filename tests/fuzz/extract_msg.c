#define EXTRACT lj_format_msg
#define NAME "a.msg"
#include "extract.h"
