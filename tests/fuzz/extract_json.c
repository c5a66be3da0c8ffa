#define EXTRACT lj_format_json
#define NAME "a.json"
#include "extract.h"
