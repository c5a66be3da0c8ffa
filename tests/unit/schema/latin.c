/* Our word for a character is ICU's, of all there are. */
#include "cmocka_all.h"
#include "schema/latin.h"

static void
as_icu_says(void **state)
{
    (void)state;
    for (UChar32 c = -1; c <= 0x10FFFF; c++)
        if (lj_latin_upper(c) != (bool)u_isupper(c) || lj_latin_lower(c) != (bool)u_islower(c) ||
            lj_latin_letter(c) != (bool)u_isalpha(c) || lj_latin_digit(c) != (bool)u_isdigit(c))
            fail_msg("U+%04X", (unsigned)c);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_icu_says)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
