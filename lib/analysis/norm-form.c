#include "analysis/norm-parts.h"

#include <stdio.h>

/* A new form of the norm to write to, or NULL when it has its fill. */
char *
lj_norm_new_form(struct lj_norm *norm)
{
    if (norm->n == LJ_NORM_FORMS)
        return NULL;
    char *form = norm->form[norm->n++].text;
    form[0] = 0;
    return form;
}

void
lj_norm_add(char *form, const char *bytes, size_t n)
{
    if (!form)
        return;
    size_t have = strlen(form);
    if (n > LJ_NORM_LENGTH - 1 - have)
        n = LJ_NORM_LENGTH - 1 - have;
    memcpy(form + have, bytes, n);
    form[have + n] = 0;
}

void
lj_norm_add_string(char *form, const char *string)
{
    lj_norm_add(form, string, strlen(string));
}

void
lj_norm_add_number(char *form, unsigned number)
{
    char digits[12];
    size_t n = sizeof digits;
    do {
        digits[--n] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    lj_norm_add(form, digits + n, sizeof digits - n);
}

/* A folded word as it stands in terms: UTF-8. */
void
lj_norm_add_word(char *form, const char *word)
{
    for (; *word; word++)
        if (*word == '\xf1')
            lj_norm_add(form, "ñ", 2);
        else
            lj_norm_add(form, word, 1);
}

/* A day: "1951-08-01". */
void
lj_norm_add_day(char *form, uint32_t day)
{
    char text[16];
    lj_norm_add(form, text,
                (size_t)snprintf(text, sizeof text, "%04u-%02u-%02u", day / 10000 % 10000,
                                 day / 100 % 100, day % 100));
}

void
lj_norm_begin(struct lj_norm *norm, size_t start)
{
    norm->start = start;
    norm->end = start;
    norm->n = 0;
    norm->located = false;
    norm->numbered = false;
}

void
lj_norm_add_beginnings(struct lj_norm *norm)
{
    for (size_t i = 0, named = norm->n; i < named; i++) {
        const char *form = norm->form[i].text, *colon = strchr(form, ':');
        size_t n = strlen(form);
        while (colon && n > 0) {
            while (n > 0 && form[n - 1] != '-' && form + n - 1 > colon)
                n--;
            if (form + n - 1 <= colon) /* the first word */
                break;
            n--;
            char beginning[LJ_NORM_LENGTH], first[LJ_NORM_LENGTH];
            memcpy(beginning, form, n);
            beginning[n] = 0;
            const char *word = beginning + (colon - form) + 1;
            size_t size = strcspn(word, "-");
            memcpy(first, word, size);
            first[size] = 0;
            bool known = word[size] == 0 && (lj_norm_is_generic(first) || size == 0);
            for (size_t k = 0; k < norm->n && !known; k++)
                known = strcmp(norm->form[k].text, beginning) == 0;
            if (!known)
                lj_norm_add_string(lj_norm_new_form(norm), beginning);
        }
    }
}
