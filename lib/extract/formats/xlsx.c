/* Excel files since 2007 (ECMA-376): sheets as sections, rows as lines, dates as dates. */
#include "extract/cells.h"
#include "extract/ooxml.h"

#include <stdlib.h>
#include <string.h>

/* Text of a shared or inline string, without its phonetic readings. */
static char *
rich_text(xmlNode *node)
{
    GString *text = g_string_new(NULL);
    for (xmlNode *part = node->children; part; part = part->next) {
        xmlNode *t = lj_xml_is(part, "t")   ? part
                     : lj_xml_is(part, "r") ? lj_xml_find(part, "t")
                                            : NULL;
        xmlChar *content = t ? xmlNodeGetContent(t) : NULL;
        if (content)
            g_string_append(text, (const char *)content);
        xmlFree(content);
    }
    return g_string_free(text, FALSE);
}

static GPtrArray *
shared_strings(struct lj_zip *zip)
{
    GPtrArray *strings = g_ptr_array_new_with_free_func(g_free);
    xmlDocPtr shared = lj_zip_xml(zip, "xl/sharedStrings.xml");
    xmlNode *root = shared ? xmlDocGetRootElement(shared) : NULL;
    for (xmlNode *node = root ? root->children : NULL; node; node = node->next)
        if (lj_xml_is(node, "si"))
            g_ptr_array_add(strings, rich_text(node));
    xmlFreeDoc(shared);
    return strings;
}

/* How styles show numbers, by the style's. Free the array. */
static GArray *
shown_by_style(struct lj_zip *zip)
{
    GArray *shown = g_array_new(FALSE, FALSE, sizeof(enum lj_shown));
    xmlDocPtr styles = lj_zip_xml(zip, "xl/styles.xml");
    xmlNode *root = styles ? xmlDocGetRootElement(styles) : NULL;
    xmlNode *formats = lj_xml_find(root, "numFmts"), *cells = lj_xml_find(root, "cellXfs");
    for (xmlNode *node = cells ? cells->children : NULL; node; node = node->next) {
        if (!lj_xml_is(node, "xf"))
            continue;
        char *id = lj_xml_attribute(node, "numFmtId");
        int number = id ? atoi(id) : 0;
        enum lj_shown how = lj_shown_by_number(number);
        for (xmlNode *format = formats ? formats->children : NULL; format && number >= 164;
             format = format->next) {
            char *own = lj_xml_is(format, "numFmt") ? lj_xml_attribute(format, "numFmtId") : NULL;
            if (own && strcmp(own, id) == 0) {
                char *code = lj_xml_attribute(format, "formatCode");
                how = lj_shown_by_code(code ? code : "");
                g_free(code);
                g_free(own);
                break;
            }
            g_free(own);
        }
        g_free(id);
        g_array_append_val(shown, how);
    }
    xmlFreeDoc(styles);
    return shown;
}

struct sheets {
    GPtrArray *strings;
    GArray *shown; /* enum lj_shown, by style */
    bool since_1904;
};

static enum lj_shown
cell_shown(const struct sheets *sheets, xmlNode *cell)
{
    char *style = lj_xml_attribute(cell, "s");
    guint64 i = style ? g_ascii_strtoull(style, NULL, 10) : G_MAXUINT64;
    g_free(style);
    return i < sheets->shown->len ? g_array_index(sheets->shown, enum lj_shown, i) : LJ_SHOWN_PLAIN;
}

static void
write_cell(struct lj_writer *w, xmlNode *cell, const struct sheets *sheets)
{
    const GPtrArray *strings = sheets->strings;
    char *type = lj_xml_attribute(cell, "t"), *value = lj_xml_value(cell, "v");
    xmlNode *inline_string = lj_xml_find(cell, "is");
    lj_writer_tab(w);
    if (inline_string) {
        char *text = rich_text(inline_string);
        lj_writer_text(w, text);
        g_free(text);
    } else if (value && type && strcmp(type, "s") == 0) {
        guint64 i = g_ascii_strtoull(value, NULL, 10);
        if (i < strings->len)
            lj_writer_text(w, strings->pdata[i]);
    } else if (value && !(type && strcmp(type, "e") == 0)) {
        char *rest = value;
        double number = !type || strcmp(type, "n") == 0 ? g_ascii_strtod(value, &rest) : 0;
        enum lj_shown how = rest > value && !*rest ? cell_shown(sheets, cell) : LJ_SHOWN_PLAIN;
        if (rest == value || *rest)
            lj_writer_text(w, value); /* no number */
        else if (how == LJ_SHOWN_PLAIN || !lj_write_date(w, number, how, sheets->since_1904))
            lj_write_number(w, number);
    }
    g_free(type);
    g_free(value);
}

static bool
wanted_sheets(const char *name)
{
    return strcmp(name, "xl/workbook.xml") == 0 || strcmp(name, "xl/sharedStrings.xml") == 0 ||
           strcmp(name, "xl/styles.xml") == 0 || strcmp(name, "xl/_rels/workbook.xml.rels") == 0 ||
           (g_str_has_prefix(name, "xl/worksheets/") && g_str_has_suffix(name, ".xml")) ||
           strcmp(name, "docProps/core.xml") == 0;
}

static void
write_sheet(struct lj_writer *w, struct lj_zip *zip, const char *name, const char *part,
            const struct sheets *sheets)
{
    size_t begin = lj_writer_begin(w, 2);
    if (name) {
        lj_writer_text(w, name);
        lj_writer_heading(w, begin, 1);
    }
    xmlDocPtr sheet = lj_zip_xml(zip, part);
    xmlNode *data = sheet ? lj_xml_find(xmlDocGetRootElement(sheet), "sheetData") : NULL;
    for (xmlNode *row = data ? data->children : NULL; row && !lj_writer_full(w); row = row->next) {
        lj_writer_line(w, 1);
        for (xmlNode *cell = row->children; cell; cell = cell->next)
            if (lj_xml_is(cell, "c"))
                write_cell(w, cell, sheets);
    }
    xmlFreeDoc(sheet);
}

/* The sheets that the book names, in its order; of a damaged book all there are. */
static void
write_book(struct lj_writer *w, struct lj_zip *zip, struct sheets *sheets)
{
    xmlDocPtr book = lj_zip_xml(zip, "xl/workbook.xml");
    xmlNode *root = book ? xmlDocGetRootElement(book) : NULL, *names = lj_xml_find(root, "sheets");
    xmlNode *properties = lj_xml_find(root, "workbookPr");
    char *since = properties ? lj_xml_attribute(properties, "date1904") : NULL;
    sheets->since_1904 = since && (strcmp(since, "1") == 0 || strcmp(since, "true") == 0);
    g_free(since);
    GPtrArray *parts = lj_zip_list(zip, "xl/worksheets/");
    guint i = 0;
    for (xmlNode *node = names ? names->children : NULL; node; node = node->next) {
        if (!lj_xml_is(node, "sheet"))
            continue;
        char *id = lj_ooxml_reference(node), *name = lj_xml_attribute(node, "name");
        char *part = id ? lj_ooxml_related(zip, "xl/workbook.xml", id, NULL) : NULL;
        if (!part && i < parts->len)
            part = g_strdup(parts->pdata[i]);
        if (part)
            write_sheet(w, zip, name, part, sheets);
        i++;
        g_free(part);
        g_free(id);
        g_free(name);
    }
    for (guint k = 0; i == 0 && k < parts->len; k++)
        write_sheet(w, zip, NULL, parts->pdata[k], sheets);
    g_ptr_array_unref(parts);
    xmlFreeDoc(book);
}

static bool
extract_sheets(struct lj_job *job, GError **error)
{
    struct lj_zip *zip = lj_zip_open(job, wanted_sheets, error);
    if (!zip)
        return false;
    struct lj_document *document =
        lj_job_document(job, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    struct lj_writer writer = {.document = document, .max = (size_t)job->max_text};
    struct sheets sheets = {.strings = shared_strings(zip), .shown = shown_by_style(zip)};
    write_book(&writer, zip, &sheets);
    lj_writer_finish(&writer);
    g_ptr_array_unref(sheets.strings);
    g_array_unref(sheets.shown);
    lj_ooxml_properties(document, zip);
    return lj_zip_emit(zip, job, document, error);
}

static bool
recognise_sheets(const struct lj_probe *probe)
{
    return lj_zip_names(probe, "xl/workbook.xml");
}

const struct lj_format lj_format_xlsx = {
    "Excel (XLSX)", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    recognise_sheets, extract_sheets};
