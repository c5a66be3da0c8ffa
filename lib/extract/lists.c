#include "extract/lists.h"

#include <string.h>
#include <unicode/unum.h>
#include <unicode/ustring.h>

struct level {
    enum lj_numerals numerals;
    uint32_t start;
    int above; /* levels behind which it begins anew */
    bool legal;
    char *text;
};

struct count {
    uint32_t number;
    bool begun;
};

struct lj_list {
    struct level levels[LJ_LIST_LEVELS];
    struct count *counts; /* of all levels; shared with variants: g_rc_box */
    int64_t
        restart[LJ_LIST_LEVELS]; /* what the next number of a level is; -1: the one that follows */
};

struct lj_list *
lj_list_new(void)
{
    struct lj_list *list = g_new0(struct lj_list, 1);
    for (int i = 0; i < LJ_LIST_LEVELS; i++)
        list->levels[i] = (struct level){.start = 1, .above = i}, list->restart[i] = -1;
    list->counts = g_rc_box_alloc0(sizeof(struct count[LJ_LIST_LEVELS]));
    return list;
}

struct lj_list *
lj_list_variant(const struct lj_list *list)
{
    struct lj_list *variant = g_new(struct lj_list, 1);
    *variant = *list;
    g_rc_box_acquire(variant->counts);
    for (int i = 0; i < LJ_LIST_LEVELS; i++)
        variant->levels[i].text = g_strdup(list->levels[i].text);
    return variant;
}

void
lj_list_free(struct lj_list *list)
{
    if (!list)
        return;
    for (int i = 0; i < LJ_LIST_LEVELS; i++)
        g_free(list->levels[i].text);
    g_rc_box_release(list->counts);
    g_free(list);
}

static bool
is_level(int level)
{
    return level >= 0 && level < LJ_LIST_LEVELS;
}

void
lj_list_set(struct lj_list *list, int level, enum lj_numerals numerals, uint32_t start,
            const char *text)
{
    if (!is_level(level))
        return;
    g_free(list->levels[level].text);
    list->levels[level] = (struct level){
        .numerals = numerals, .start = start, .above = level, .text = g_strdup(text)};
}

void
lj_list_legal(struct lj_list *list, int level)
{
    if (is_level(level))
        list->levels[level].legal = true;
}

void
lj_list_keep(struct lj_list *list, int level, int above)
{
    if (is_level(level))
        list->levels[level].above = above;
}

void
lj_list_reset(struct lj_list *list)
{
    memset(list->counts, 0, sizeof(struct count[LJ_LIST_LEVELS]));
}

void
lj_list_restart(struct lj_list *list, int level, uint32_t start)
{
    if (is_level(level))
        list->restart[level] = start;
}

/* By one of ICU's Spanish rules: "cinco", "quinto"; with a capital, as word processors have it. */
static void
spell(GString *out, uint32_t number, const char *rule)
{
    UErrorCode status = U_ZERO_ERROR;
    UNumberFormat *format = unum_open(UNUM_SPELLOUT, NULL, 0, "es", NULL, &status);
    UChar wide[200], name[60];
    char text[400] = "";
    u_uastrncpy(name, rule, G_N_ELEMENTS(name));
    unum_setTextAttribute(format, UNUM_DEFAULT_RULESET, name, -1, &status);
    int32_t n = unum_format(format, (int32_t)number, wide, G_N_ELEMENTS(wide), NULL, &status);
    u_strToUTF8(text, sizeof text, NULL, wide, n, &status);
    unum_close(format);
    if (U_FAILURE(status) || !*text) {
        g_string_append_printf(out, "%u", number);
        return;
    }
    *text = g_ascii_toupper(*text); /* no number begins with another letter */
    g_string_append(out, text);
}

static void
put_roman(GString *out, uint32_t number, bool small)
{
    static const struct {
        uint32_t value;
        const char *large, *small;
    } signs[] = {{1000, "M", "m"}, {900, "CM", "cm"}, {500, "D", "d"}, {400, "CD", "cd"},
                 {100, "C", "c"},  {90, "XC", "xc"},  {50, "L", "l"},  {40, "XL", "xl"},
                 {10, "X", "x"},   {9, "IX", "ix"},   {5, "V", "v"},   {4, "IV", "iv"},
                 {1, "I", "i"}};
    for (size_t i = 0; i < G_N_ELEMENTS(signs); i++)
        for (; number >= signs[i].value; number -= signs[i].value)
            g_string_append(out, small ? signs[i].small : signs[i].large);
}

static void
put_number(GString *out, uint32_t number, enum lj_numerals numerals)
{
    bool roman = numerals == LJ_NUMERALS_ROMAN || numerals == LJ_NUMERALS_SMALL_ROMAN;
    bool letters = numerals == LJ_NUMERALS_LETTERS || numerals == LJ_NUMERALS_SMALL_LETTERS;
    if ((roman && (number == 0 || number > 3999)) || (letters && (number == 0 || number > 780)))
        numerals = LJ_NUMERALS_DIGITS;
    switch (numerals) {
    case LJ_NUMERALS_NONE:
        break;
    case LJ_NUMERALS_ROMAN:
    case LJ_NUMERALS_SMALL_ROMAN:
        put_roman(out, number, numerals == LJ_NUMERALS_SMALL_ROMAN);
        break;
    case LJ_NUMERALS_LETTERS:
    case LJ_NUMERALS_SMALL_LETTERS:
        for (uint32_t i = 0; i <= (number - 1) / 26; i++)
            g_string_append_c(out, (char)((numerals == LJ_NUMERALS_LETTERS ? 'A' : 'a') +
                                          (char)((number - 1) % 26)));
        break;
    case LJ_NUMERALS_ORDINAL:
        g_string_append_printf(out, "%uº", number);
        break;
    case LJ_NUMERALS_WORD:
        spell(out, number, "%spellout-cardinal-masculine");
        break;
    case LJ_NUMERALS_ORDINAL_WORD:
        spell(out, number, "%spellout-ordinal-masculine");
        break;
    case LJ_NUMERALS_DIGITS:
    case LJ_NUMERALS_TWO_DIGITS:
        g_string_append_printf(out, numerals == LJ_NUMERALS_TWO_DIGITS ? "%02u" : "%u", number);
        break;
    }
}

/* The level that a placeholder behind its '%' stands for; -1: it is none. */
static int
placeholder(char c)
{
    return c >= '1' && c <= '9' ? c - '1' : c == 'a' ? 9 : -1;
}

/* A level that is shown counts as begun: behind "2.a.I" the next on the second level is "2.b". */
static uint32_t
shown_number(struct lj_list *list, int level)
{
    struct count *count = &list->counts[level];
    if (!count->begun)
        *count = (struct count){list->levels[level].start, true};
    return count->number;
}

char *
lj_list_next(struct lj_list *list, int level)
{
    if (!is_level(level))
        return NULL;
    const struct level *own = &list->levels[level];
    if (list->restart[level] >= 0)
        list->counts[level] = (struct count){(uint32_t)list->restart[level], true};
    else if (list->counts[level].begun)
        list->counts[level].number++;
    else
        list->counts[level] = (struct count){own->start, true};
    list->restart[level] = -1;
    for (int i = level + 1; i < LJ_LIST_LEVELS; i++)
        if (level < list->levels[i].above)
            list->counts[i].begun = false;
    if (!own->text || own->numerals == LJ_NUMERALS_NONE)
        return NULL;
    GString *out = g_string_new(NULL);
    for (const char *p = own->text; *p; p++) {
        int of = *p == '%' ? placeholder(p[1]) : -1;
        if (of < 0 || of > level) {
            g_string_append_c(out, *p);
            continue;
        }
        enum lj_numerals numerals = list->levels[of].numerals;
        put_number(out, shown_number(list, of),
                   own->legal && numerals != LJ_NUMERALS_NONE ? LJ_NUMERALS_DIGITS : numerals);
        p++;
    }
    char *text = g_strstrip(g_string_free(out, FALSE));
    if (*text)
        return text;
    g_free(text);
    return NULL;
}
