#define EXTRACT lj_format_subtitles
#define NAME "a.srt"
#include "extract.h"
