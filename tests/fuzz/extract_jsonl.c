#define EXTRACT lj_format_jsonl
#define NAME "a.jsonl"
#include "extract.h"
