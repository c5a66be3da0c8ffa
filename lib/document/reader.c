#include "document/reader.h"

bool
lj_word_among_many(const char *word, const char *list)
{
    size_t n = strlen(word);
    if (n == 0)
        return false;
    for (const char *p = list; (p = strstr(p, word)); p += n)
        if ((p == list || p[-1] == ' ') && (p[n] == ' ' || p[n] == 0))
            return true;
    return false;
}
