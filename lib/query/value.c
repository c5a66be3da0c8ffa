/* What stands after "field:" → nodes. */
#include "query/parts.h"
#include "analysis/citation.h"
#include "legajo/date.h"
#include "i18n.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- dates --------------------------------------------------------------------------------------
 */

static uint32_t
date_number(const GDate *date)
{
    return g_date_get_year(date) * 10000u + (uint32_t)g_date_get_month(date) * 100u +
           g_date_get_day(date);
}

/* "hace-30d", "hace 2 meses", "hoy", "ayer": a day; 0 when text is none of these. */
static uint32_t
relative_day(const char *folded, uint32_t today)
{
    GDate date;
    g_date_clear(&date, 1);
    g_date_set_dmy(&date, (GDateDay)(today % 100), (GDateMonth)(today / 100 % 100),
                   (GDateYear)(today / 10000));
    if (strcmp(folded, "hoy") == 0 || strcmp(folded, "today") == 0)
        return today;
    if (strcmp(folded, "ayer") == 0 || strcmp(folded, "yesterday") == 0) {
        g_date_subtract_days(&date, 1);
        return date_number(&date);
    }
    if (!g_str_has_prefix(folded, "hace") || (folded[4] != '-' && folded[4] != ' '))
        return 0;
    char *end;
    unsigned long n = g_ascii_isdigit(folded[5]) ? strtoul(folded + 5, &end, 10) : 0;
    if (n == 0 || n > 100000)
        return 0;
    if (*end == ' ' || *end == '-')
        end++;
    static const struct {
        const char *unit;
        int days, months;
    } units[] = {
        {"d", 1, 0},      {"dia", 1, 0},     {"dias", 1, 0},  {"s", 7, 0},   {"sem", 7, 0},
        {"semana", 7, 0}, {"semanas", 7, 0}, {"m", 0, 1},     {"mes", 0, 1}, {"meses", 0, 1},
        {"a", 0, 12},     {"año", 0, 12},    {"años", 0, 12},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
        if (strcmp(end, units[i].unit) != 0)
            continue;
        unsigned long days = n * (unsigned long)units[i].days;
        unsigned long months = n * (unsigned long)units[i].months;
        if (days >= g_date_get_julian(&date) || months >= g_date_get_year(&date) * 12ul)
            return 0;
        if (days > 0)
            g_date_subtract_days(&date, (guint)days);
        if (months > 0)
            g_date_subtract_months(&date, (guint)months);
        return date_number(&date);
    }
    return 0;
}

/* What a mistyped date may have meant, or NULL. */
static char *
date_remedy(const char *text)
{
    unsigned a, b, c;
    int used = 0;
    if (sscanf(text, "%4u-%4u%n", &a, &b, &used) == 2 && text[used] == '\0' && a >= 1000 &&
        b >= 1000)
        return g_strdup_printf(_("a range is %u..%u"), MIN(a, b), MAX(a, b));
    if ((sscanf(text, "%2u/%2u/%4u%n", &a, &b, &c, &used) == 3 ||
         sscanf(text, "%2u-%2u-%4u%n", &a, &b, &c, &used) == 3) &&
        text[used] == '\0' && b > 12 && b <= 31 && a >= 1 && a <= 12)
        return g_strdup_printf(_("days come before months: %02u/%02u/%u"), b, a, c);
    if (sscanf(text, "%4u-%2u%n", &a, &b, &used) == 2 && used >= 6 && (b < 1 || b > 12))
        return g_strdup_printf(_("there is no month %u"), b);
    if (sscanf(text, "%2u/%2u/%4u%n", &a, &b, &c, &used) == 3 && text[used] == '\0' &&
        (b < 1 || b > 12))
        return g_strdup_printf(_("there is no month %u"), b);
    return NULL;
}

static bool
date_point(struct parse *parse, const char *text, uint32_t today, size_t start, size_t end,
           struct lj_interval *out)
{
    char *folded = lj_schema_fold(text, -1);
    uint32_t day = relative_day(folded, today);
    size_t length = strlen(text), used = 0;
    bool fine = true;
    if (day > 0) {
        out->first = out->last = day;
    } else if (!lj_interval_from_iso(folded, -1, out) &&
               !(lj_date_read(text, length, true, &used, out) && used == length)) {
        char *remedy = date_remedy(folded);
        if (remedy)
            fine = parse_fail(parse, start, end, _("“%s” is no date: %s"), text, remedy);
        else
            fine = parse_fail(parse, start, end,
                              _("“%s” is no date; write 2026, 2026-01, 21/01/2026, \"enero de "
                                "2026\", 2024..2026, hace-30d.. or ninguna"),
                              text);
        g_free(remedy);
    }
    g_free(folded);
    return fine;
}

bool
value_interval(struct parse *parse, const char *text, uint32_t today, size_t start, size_t end,
               struct lj_interval *out)
{
    const char *dots = strstr(text, "..");
    if (!dots)
        return date_point(parse, text, today, start, end, out);
    char *left = g_strstrip(g_strndup(text, (gsize)(dots - text)));
    char *right = g_strstrip(g_strdup(dots + 2));
    struct lj_interval from = {0, 0}, to = {99999999, 99999999};
    bool fine = (*left == '\0' || date_point(parse, left, today, start, end, &from)) &&
                (*right == '\0' || date_point(parse, right, today, start, end, &to));
    if (fine && from.first > to.last)
        fine = parse_fail(parse, start, end, _("the range ends before it begins; write %s..%s"),
                          right, left);
    out->first = from.first;
    out->last = to.last;
    g_free(left);
    g_free(right);
    return fine;
}

static uint32_t
today_of(const struct parse *parse)
{
    if (parse->context && parse->context->today)
        return parse->context->today;
    GDateTime *now = g_date_time_new_now_local();
    uint32_t today =
        (uint32_t)(g_date_time_get_year(now) * 10000 + g_date_time_get_month(now) * 100 +
                   g_date_time_get_day_of_month(now));
    g_date_time_unref(now);
    return today;
}

static struct lj_node *
date_node(struct parse *parse, const char *text, size_t start, size_t end)
{
    static const char *const none[] = {"ninguna", "ninguno", "none", "sin fecha"};
    struct lj_node *node = node_new(LJ_NODE_DATE, start, end);
    node->field = &lj_field_table()[LJ_FIELD_DATE];
    char *folded = lj_schema_fold(text, -1);
    for (size_t i = 0; i < G_N_ELEMENTS(none); i++)
        node->none = node->none || strcmp(folded, none[i]) == 0;
    bool fine =
        node->none || value_interval(parse, text, today_of(parse), start, end, &node->interval);
    g_free(folded);
    if (fine)
        return node;
    node_free(node);
    return NULL;
}

/* A mentioned date is a term of 4, 6 or 8 digits. */
static char *
mention_text(struct parse *parse, const char *text, size_t start, size_t end)
{
    size_t digits = strspn(text, "0123456789");
    if (text[digits] == '\0' && (digits == 4 || digits == 6 || digits == 8))
        return g_strdup(text);
    struct lj_interval when;
    if (!value_interval(parse, text, today_of(parse), start, end, &when))
        return NULL;
    char *iso = when.first > 0 && when.last < 99999999 ? lj_interval_to_iso(&when) : NULL;
    if (!iso || strlen(iso) > 10) {
        g_free(iso);
        parse_fail(parse, start, end, _("a mentioned date is a day, a month or a year"));
        return NULL;
    }
    char *to = iso;
    for (char *p = iso; *p; p++)
        if (*p != '-')
            *to++ = *p;
    *to = '\0';
    return iso;
}

/* --- citations ----------------------------------------------------------------------------------
 */

/* art:, cita: and ley: ask for the terms that the analyser gives the texts; several articles are
 * any of them. */
static struct lj_node *
citation_node(struct parse *parse, const struct scope *scope, const struct lex_value *value)
{
    GPtrArray *terms = g_ptr_array_new_with_free_func(g_free);
    if (!lj_citation_normalise(value->text, strlen(value->text), scope->field->id, terms)) {
        parse_fail(
            parse, value->start, value->end,
            _("no citation can be read here; write art:123, art:\"27 fracción V\", ley:19924, "
              "ley:\"Federal de Armas\" or cita:\"RD 1312/2024\""));
        g_ptr_array_unref(terms);
        return NULL;
    }
    GPtrArray *nodes = g_ptr_array_new();
    for (guint i = 0; i < terms->len; i++) {
        struct lj_node *node = node_new(LJ_NODE_FIELD, value->start, value->end);
        node_set_scope(node, scope);
        node->text = g_strdup(terms->pdata[i]);
        g_ptr_array_add(nodes, node);
    }
    g_ptr_array_unref(terms);
    return node_join(LJ_NODE_OR, nodes, value->start, value->end);
}

/* --- other fields -------------------------------------------------------------------------------
 */

/* Path as the index has it: folded, no "./" before and no "/" or "/" and star behind. */
static char *
path_text(const char *text)
{
    char *folded = lj_schema_fold(text, -1);
    char *from = folded;
    while (g_str_has_prefix(from, "./"))
        from += 2;
    size_t length = strlen(from);
    while (length > 1 &&
           (from[length - 1] == '/' || (from[length - 1] == '*' && from[length - 2] == '/')))
        length--;
    char *path = g_strndup(from, length);
    g_free(folded);
    return path;
}

static bool
has_wildcard(const char *text)
{
    return strpbrk(text, "*?") != NULL;
}

/* A value with * or ? in a field of whole values: tipo:dec* */
static struct lj_node *
value_pattern(struct parse *parse, const char *text, size_t start, size_t end)
{
    struct lj_node *node = node_new(LJ_NODE_PATTERN, start, end);
    char *folded = lj_schema_fold(text, -1);
    GString *out = g_string_new(NULL);
    int letters = 0;
    for (const char *p = folded; *p; p++) {
        if (*p != '*' || out->len == 0 || out->str[out->len - 1] != '*')
            g_string_append_c(out, *p);
        letters += *p != '*' && *p != '?' && ((unsigned char)*p & 0xC0) != 0x80;
    }
    g_free(folded);
    node->text = g_string_free(out, FALSE);
    if (letters >= 2)
        return node;
    parse_fail(parse, start, end, _("a pattern needs two letters or digits at least"));
    node_free(node);
    return NULL;
}

static struct lj_node *
words_node(struct parse *parse, const struct scope *scope, const struct lex_value *value)
{
    GPtrArray *nodes = g_ptr_array_new();
    bool fine =
        words_append(parse, value->text, strlen(value->text), value->start, value->end, false,
                     value->quoted ? WORDS_QUOTED : WORDS_RUN, value->exact, scope, nodes);
    if (fine && nodes->len == 0 && parse->words < LJ_QUERY_WORDS)
        fine = parse_fail(parse, value->start, value->end, _("this value holds no word"));
    if (fine && nodes->len == 0)
        g_ptr_array_add(nodes, node_new(LJ_NODE_ALL, value->start, value->end));
    if (!fine) {
        g_ptr_array_set_free_func(nodes, (GDestroyNotify)node_free);
        g_ptr_array_unref(nodes);
        return NULL;
    }
    return node_join(LJ_NODE_AND, nodes, value->start, value->end);
}

struct lj_node *
value_node(struct parse *parse, const struct scope *scope, const struct lex_value *value)
{
    size_t start = value->start, end = value->end;
    char *blank = g_strstrip(g_strdup(value->text));
    bool empty = *blank == '\0';
    g_free(blank);
    if (empty) {
        parse_fail(parse, start, end, _("a value is missing behind the colon"));
        return NULL;
    }
    struct lj_node *node = NULL;
    char *text = NULL, *composed;
    if (!scope->field && !scope->declared)
        return words_node(parse, scope, value);
    switch (scope->field ? scope->field->kind : LJ_KIND_KEYWORD) {
    case LJ_KIND_TEXT:
        return words_node(parse, scope, value);
    case LJ_KIND_NAME: /* organo:="Cámara de Diputados" is the whole value, organo:diputados a word */
        if (!value->exact)
            return words_node(parse, scope, value);
        text = lj_schema_fold(value->text, -1);
        break;
    case LJ_KIND_DATE:
        text = g_strstrip(g_strdup(value->text));
        node = date_node(parse, text, start, end);
        g_free(text);
        return node;
    case LJ_KIND_PATH:
        text = path_text(value->text);
        break;
    case LJ_KIND_ID:
        text = g_utf8_make_valid(value->text, -1);
        composed = g_utf8_normalize(text, -1, G_NORMALIZE_NFC);
        g_free(text);
        text = composed;
        break;
    case LJ_KIND_CITATION:
        if (scope->field->id == LJ_FIELD_MENTION) {
            char *written = g_strstrip(g_strdup(value->text));
            text = mention_text(parse, written, start, end);
            g_free(written);
            if (!text)
                return NULL;
            break;
        }
        return citation_node(parse, scope, value);
    case LJ_KIND_KEYWORD:
    case LJ_KIND_TAG:
        if (!value->quoted && has_wildcard(value->text) &&
            !(scope->field && scope->field->id == LJ_FIELD_URL)) {
            node = value_pattern(parse, value->text, start, end);
            if (node)
                node_set_scope(node, scope);
            return node;
        }
        text = lj_schema_fold(value->text, -1);
        if (scope->field && scope->field->id == LJ_FIELD_EXT) { /* ext:.pdf */
            size_t dots = strspn(text, ".");
            memmove(text, text + dots, strlen(text) - dots + 1);
        }
        break;
    }
    if (*text == '\0') {
        g_free(text);
        parse_fail(parse, start, end, _("a value is missing behind the colon"));
        return NULL;
    }
    node = node_new(LJ_NODE_FIELD, start, end);
    node_set_scope(node, scope);
    node->text = text;
    return node;
}
