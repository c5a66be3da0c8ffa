#define EXTRACT lj_format_xml
#define NAME "a.xml"
#include "extract.h"
