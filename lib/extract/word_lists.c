#include "extract/word_lists.h"
#include "extract/lists.h"

#include <string.h>

#define STYLES_DEEP 20

/* What a paragraph or a style says of numbering; -1: nothing. */
struct place {
    int number, level;
};

struct style {
    struct place place;
    char *based_on;
};

struct lj_word_lists {
    GHashTable *definitions; /* number of an abstract definition → struct lj_list */
    GHashTable *numbers;     /* numId → struct lj_list, a variant of one of these */
    GHashTable *styles;      /* id → struct style */
};

static void
free_style(gpointer data)
{
    struct style *style = data;
    g_free(style->based_on);
    g_free(style);
}

static void
free_list(gpointer list)
{
    lj_list_free(list);
}

/* The child of that name, not one further down. */
static xmlNode *
child(xmlNode *node, const char *name)
{
    for (xmlNode *at = node ? node->children : NULL; at; at = at->next)
        if (lj_xml_is(at, name))
            return at;
    return NULL;
}

/* The w:val of a child as text, g_free; NULL: there is none. */
static char *
text_value(xmlNode *node, const char *name)
{
    xmlNode *at = child(node, name);
    return at ? lj_xml_attribute(at, "val") : NULL;
}

static int
as_number(char *text, int otherwise)
{
    int number = text && g_ascii_isdigit(*text)
                     ? (int)MIN(g_ascii_strtoull(text, NULL, 10), G_MAXINT32)
                     : otherwise;
    g_free(text);
    return number;
}

static int
number_value(xmlNode *node, const char *name, int otherwise)
{
    return as_number(text_value(node, name), otherwise);
}

static enum lj_numerals
numerals_of(xmlNode *level)
{
    static const struct {
        const char *name;
        enum lj_numerals numerals;
    } formats[] = {{"decimal", LJ_NUMERALS_DIGITS},
                   {"decimalZero", LJ_NUMERALS_TWO_DIGITS},
                   {"upperRoman", LJ_NUMERALS_ROMAN},
                   {"lowerRoman", LJ_NUMERALS_SMALL_ROMAN},
                   {"upperLetter", LJ_NUMERALS_LETTERS},
                   {"lowerLetter", LJ_NUMERALS_SMALL_LETTERS},
                   {"ordinal", LJ_NUMERALS_ORDINAL},
                   {"cardinalText", LJ_NUMERALS_WORD},
                   {"ordinalText", LJ_NUMERALS_ORDINAL_WORD},
                   {"bullet", LJ_NUMERALS_NONE},
                   {"none", LJ_NUMERALS_NONE}};
    char *name = text_value(level, "numFmt");
    enum lj_numerals numerals = LJ_NUMERALS_DIGITS;
    for (size_t i = 0; name && i < G_N_ELEMENTS(formats); i++)
        if (strcmp(formats[i].name, name) == 0)
            numerals = formats[i].numerals;
    g_free(name);
    return numerals;
}

static void
read_level(struct lj_list *list, xmlNode *node)
{
    int level = as_number(lj_xml_attribute(node, "ilvl"), -1);
    char *text = text_value(node, "lvlText");
    lj_list_set(list, level, numerals_of(node), (uint32_t)number_value(node, "start", 0), text);
    if (child(node, "isLgl"))
        lj_list_legal(list, level);
    int above = number_value(node, "lvlRestart", -1);
    if (above >= 0)
        lj_list_keep(list, level, above);
    g_free(text);
}

static void
read_definition(struct lj_word_lists *lists, xmlNode *node)
{
    struct lj_list *list = lj_list_new();
    for (xmlNode *level = node->children; level; level = level->next)
        if (lj_xml_is(level, "lvl"))
            read_level(list, level);
    g_hash_table_replace(lists->definitions,
                         GINT_TO_POINTER(as_number(lj_xml_attribute(node, "abstractNumId"), -1)),
                         list);
}

/* A list in use: a definition, and where it departs from it. */
static void
read_number(struct lj_word_lists *lists, xmlNode *node)
{
    int definition = number_value(node, "abstractNumId", -1);
    struct lj_list *list = g_hash_table_lookup(lists->definitions, GINT_TO_POINTER(definition));
    if (!list)
        return;
    list = lj_list_variant(list);
    for (xmlNode *at = node->children; at; at = at->next) {
        if (!lj_xml_is(at, "lvlOverride"))
            continue;
        int start = number_value(at, "startOverride", -1);
        if (start >= 0)
            lj_list_restart(list, as_number(lj_xml_attribute(at, "ilvl"), -1), (uint32_t)start);
        xmlNode *own = child(at, "lvl");
        if (own)
            read_level(list, own);
    }
    g_hash_table_replace(lists->numbers,
                         GINT_TO_POINTER(as_number(lj_xml_attribute(node, "numId"), -1)), list);
}

static struct place
place_in(xmlNode *properties)
{
    xmlNode *numbering = child(properties, "numPr");
    return numbering ? (struct place){number_value(numbering, "numId", -1),
                                      number_value(numbering, "ilvl", -1)}
                     : (struct place){-1, -1};
}

static void
read_style(struct lj_word_lists *lists, xmlNode *node)
{
    char *id = lj_xml_attribute(node, "styleId");
    struct style *style = id ? g_new0(struct style, 1) : NULL;
    if (style) {
        style->place = place_in(child(node, "pPr"));
        style->based_on = text_value(node, "basedOn");
        g_hash_table_replace(lists->styles, id, style);
    }
}

struct lj_word_lists *
lj_word_lists_read(xmlDocPtr numbering, xmlDocPtr styles)
{
    struct lj_word_lists *lists = g_new(struct lj_word_lists, 1);
    lists->definitions = g_hash_table_new_full(NULL, NULL, NULL, free_list);
    lists->numbers = g_hash_table_new_full(NULL, NULL, NULL, free_list);
    lists->styles = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_style);
    xmlNode *root = numbering ? xmlDocGetRootElement(numbering) : NULL;
    for (xmlNode *node = root ? root->children : NULL; node; node = node->next)
        if (lj_xml_is(node, "abstractNum"))
            read_definition(lists, node);
    for (xmlNode *node = root ? root->children : NULL; node; node = node->next)
        if (lj_xml_is(node, "num"))
            read_number(lists, node);
    root = styles ? xmlDocGetRootElement(styles) : NULL;
    for (xmlNode *node = root ? root->children : NULL; node; node = node->next)
        if (lj_xml_is(node, "style"))
            read_style(lists, node);
    return lists;
}

void
lj_word_lists_free(struct lj_word_lists *lists)
{
    if (!lists)
        return;
    g_hash_table_unref(lists->numbers);
    g_hash_table_unref(lists->definitions);
    g_hash_table_unref(lists->styles);
    g_free(lists);
}

/* What the paragraph does not say itself, its style says, or one that this is based on. */
static struct place
place_of(const struct lj_word_lists *lists, xmlNode *paragraph)
{
    xmlNode *properties = child(paragraph, "pPr");
    struct place place = place_in(properties);
    char *id = text_value(properties, "pStyle");
    const struct style *style = id ? g_hash_table_lookup(lists->styles, id) : NULL;
    for (int i = 0; style && (place.number < 0 || place.level < 0) && i < STYLES_DEEP; i++) {
        if (place.number < 0)
            place.number = style->place.number;
        if (place.level < 0)
            place.level = style->place.level;
        style = style->based_on ? g_hash_table_lookup(lists->styles, style->based_on) : NULL;
    }
    g_free(id);
    return (struct place){place.number, MAX(place.level, 0)};
}

char *
lj_word_lists_label(struct lj_word_lists *lists, xmlNode *paragraph)
{
    struct place place = place_of(lists, paragraph);
    struct lj_list *list = place.number > 0
                               ? g_hash_table_lookup(lists->numbers, GINT_TO_POINTER(place.number))
                               : NULL;
    return list ? lj_list_next(list, place.level) : NULL;
}
