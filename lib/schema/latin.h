/* What ICU says of a character, said without it of those that Spanish is written with: a program that opens ICU only when
 * it needs it (icu_late.c) then seldom does. Held to ICU by tests/unit/schema/latin.c. */
#ifndef LEGAJO_SCHEMA_LATIN_H
#define LEGAJO_SCHEMA_LATIN_H

#include <stdbool.h>
#include <unicode/uchar.h>

static inline bool
lj_latin_upper(UChar32 c)
{
    if (c < 0x80)
        return c >= 'A' && c <= 'Z';
    return c < 0x100 ? c >= 0xC0 && c <= 0xDE && c != 0xD7 : u_isupper(c);
}

static inline bool
lj_latin_lower(UChar32 c)
{
    if (c < 0x80)
        return c >= 'a' && c <= 'z';
    return c < 0x100 ? (c >= 0xDF && c != 0xF7) || c == 0xB5 : u_islower(c);
}

static inline bool
lj_latin_letter(UChar32 c)
{
    if (c < 0x100)
        return lj_latin_upper(c) || lj_latin_lower(c) || c == 0xAA || c == 0xBA;
    return u_isalpha(c);
}

static inline bool
lj_latin_digit(UChar32 c)
{
    return c < 0x100 ? c >= '0' && c <= '9' : u_isdigit(c);
}

#endif
