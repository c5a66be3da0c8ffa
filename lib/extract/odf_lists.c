#include "extract/odf_lists.h"
#include "extract/lists.h"

#include <string.h>

#define DEEP 64

struct lj_odf_lists {
    GHashTable *styles;            /* name → struct lj_list */
    struct lj_list *outline;       /* of headings */
    struct lj_list *current[DEEP]; /* of each list that is open, borrowed; NULL: no style of ours */
    int depth;
    bool fresh; /* an item has begun, and nothing of it was written */
};

static void
free_list(gpointer list)
{
    lj_list_free(list);
}

static int
number_attribute(xmlNode *node, const char *name, int otherwise)
{
    char *text = lj_xml_attribute(node, name);
    int number = text && g_ascii_isdigit(*text)
                     ? (int)MIN(g_ascii_strtoull(text, NULL, 10), 1000000u)
                     : otherwise;
    g_free(text);
    return number;
}

static enum lj_numerals
numerals_of(xmlNode *level)
{
    char *format = lj_xml_attribute(level, "num-format");
    char c = format ? *format : 0;
    g_free(format);
    return c == '1'   ? LJ_NUMERALS_DIGITS
           : c == 'I' ? LJ_NUMERALS_ROMAN
           : c == 'i' ? LJ_NUMERALS_SMALL_ROMAN
           : c == 'A' ? LJ_NUMERALS_LETTERS
           : c == 'a' ? LJ_NUMERALS_SMALL_LETTERS
                      : LJ_NUMERALS_NONE;
}

/* "Artículo %1%." of newer files as lists.h has it; else prefix, the numbers of so many levels, suffix. g_free. */
static char *
shown_text(xmlNode *level, int number)
{
    GString *text = g_string_new(NULL);
    char *newer = lj_xml_attribute(level, "num-list-format");
    if (newer) {
        for (const char *p = newer; *p; p++) {
            g_string_append_c(text, *p);
            if (*p == '%' && g_ascii_isdigit(p[1]) && p[2] == '%') {
                g_string_append_c(text, p[1]);
                p += 2;
            }
        }
    } else {
        char *prefix = lj_xml_attribute(level, "num-prefix"),
             *suffix = lj_xml_attribute(level, "num-suffix");
        int shown = CLAMP(number_attribute(level, "display-levels", 1), 1, number);
        g_string_append(text, prefix ? prefix : "");
        for (int i = number - shown + 1; i <= number; i++)
            g_string_append_printf(text, i > number - shown + 1 ? ".%%%d" : "%%%d", i);
        g_string_append(text, suffix ? suffix : "");
        g_free(prefix);
        g_free(suffix);
    }
    g_free(newer);
    return g_string_free(text, FALSE);
}

/* <text:list-style>, or <text:outline-style>. */
static struct lj_list *
read_style(xmlNode *style)
{
    struct lj_list *list = lj_list_new();
    for (xmlNode *level = style->children; level; level = level->next) {
        if (!lj_xml_is(level, "list-level-style-number") &&
            !lj_xml_is(level, "outline-level-style"))
            continue;
        int number = number_attribute(level, "level", 0);
        if (number < 1 || number > 9)
            continue;
        char *text = shown_text(level, number);
        lj_list_set(list, number - 1, numerals_of(level),
                    (uint32_t)number_attribute(level, "start-value", 1), text);
        g_free(text);
    }
    return list;
}

static void
read_styles(struct lj_odf_lists *lists, xmlDocPtr doc)
{
    xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
    for (xmlNode *group = root ? root->children : NULL; group; group = group->next) {
        if (!lj_xml_is(group, "styles") && !lj_xml_is(group, "automatic-styles"))
            continue;
        for (xmlNode *style = group->children; style; style = style->next) {
            char *name = lj_xml_is(style, "list-style") ? lj_xml_attribute(style, "name") : NULL;
            if (name)
                g_hash_table_replace(lists->styles, name, read_style(style));
            if (lj_xml_is(style, "outline-style") && !lists->outline)
                lists->outline = read_style(style);
        }
    }
}

struct lj_odf_lists *
lj_odf_lists_read(xmlDocPtr styles, xmlDocPtr content)
{
    struct lj_odf_lists *lists = g_new0(struct lj_odf_lists, 1);
    lists->styles = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_list);
    read_styles(lists, styles);
    if (content != styles)
        read_styles(lists, content);
    return lists;
}

void
lj_odf_lists_free(struct lj_odf_lists *lists)
{
    if (!lists)
        return;
    g_hash_table_unref(lists->styles);
    lj_list_free(lists->outline);
    g_free(lists);
}

void
lj_odf_lists_enter(struct lj_odf_lists *lists, xmlNode *list)
{
    int at = lists->depth++;
    if (at >= DEEP)
        return;
    char *name = lj_xml_attribute(list, "style-name");
    char *goes_on = lj_xml_attribute(list, "continue-numbering"),
         *other = lj_xml_attribute(list, "continue-list");
    lists->current[at] = name     ? g_hash_table_lookup(lists->styles, name)
                         : at > 0 ? lists->current[at - 1]
                                  : NULL;
    if (at == 0 && lists->current[at] && !other && !(goes_on && strcmp(goes_on, "true") == 0))
        lj_list_reset(lists->current[at]);
    g_free(name);
    g_free(goes_on);
    g_free(other);
}

void
lj_odf_lists_leave(struct lj_odf_lists *lists)
{
    lists->depth--;
    lists->fresh = false;
}

void
lj_odf_lists_item(struct lj_odf_lists *lists, xmlNode *item)
{
    int at = lists->depth - 1, start = number_attribute(item, "start-value", -1);
    lists->fresh = true;
    if (at >= 0 && at < DEEP && lists->current[at] && start >= 0)
        lj_list_restart(lists->current[at], at, (uint32_t)start);
}

char *
lj_odf_lists_label(struct lj_odf_lists *lists, xmlNode *paragraph)
{
    int at = lists->depth - 1;
    if (at < 0 && lists->outline && lj_xml_is(paragraph, "h")) {
        char *bare = lj_xml_attribute(paragraph, "is-list-header");
        char *label =
            bare && strcmp(bare, "true") == 0
                ? NULL
                : lj_list_next(lists->outline, number_attribute(paragraph, "outline-level", 1) - 1);
        g_free(bare);
        return label;
    }
    if (at < 0 || at >= DEEP || !lists->fresh || !lists->current[at])
        return NULL;
    lists->fresh = false;
    return lj_list_next(lists->current[at], at);
}
