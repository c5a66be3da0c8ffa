/* Excel files since 2007 (ECMA-376): sheets as sections, rows as lines, dates as dates. */
#include "extract/ooxml.h"
#include "extract/writer.h"

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

/* How a style shows numbers. */
enum shown { PLAIN, DATE, TIME, MOMENT };

/* A format's code: "dd/mm/yyyy", "h:mm", but not "0.00" nor "\"días\" 0": words in quotes and [Red] do not count. */
static enum shown
shown_by_code(const char *code)
{
    bool day = false, hour = false, quoted = false, bracket = false;
    for (const char *p = code; *p && *p != ';'; p++) {
        if (*p == '"')
            quoted = !quoted;
        else if (*p == '[' || *p == ']')
            bracket = *p == '[' && !strchr("hHmMsS", p[1]);
        else if (*p == '\\' && p[1])
            p++;
        else if (!quoted && !bracket) {
            day |= strchr("dDyY", *p) != NULL;
            hour |= strchr("hHsS", *p) != NULL;
        }
    }
    return day && hour ? MOMENT : day ? DATE : hour ? TIME : PLAIN;
}

/* By the style's number; formats below 164 are built in (ECMA-376, 18.8.30). Free the array. */
static GArray *
shown_by_style(struct lj_zip *zip)
{
    GArray *shown = g_array_new(FALSE, FALSE, sizeof(enum shown));
    xmlDocPtr styles = lj_zip_xml(zip, "xl/styles.xml");
    xmlNode *root = styles ? xmlDocGetRootElement(styles) : NULL;
    xmlNode *formats = lj_xml_find(root, "numFmts"), *cells = lj_xml_find(root, "cellXfs");
    for (xmlNode *node = cells ? cells->children : NULL; node; node = node->next) {
        if (!lj_xml_is(node, "xf"))
            continue;
        char *id = lj_xml_attribute(node, "numFmtId");
        int number = id ? atoi(id) : 0;
        enum shown how = (number >= 14 && number <= 17) || (number >= 27 && number <= 31) ||
                                 number == 36 || (number >= 50 && number <= 54) ||
                                 (number >= 57 && number <= 58)
                             ? DATE
                         : number == 22                                                     ? MOMENT
                         : (number >= 18 && number <= 21) || (number >= 45 && number <= 47) ? TIME
                                                                                            : PLAIN;
        for (xmlNode *format = formats ? formats->children : NULL; format && number >= 164;
             format = format->next) {
            char *own = lj_xml_is(format, "numFmt") ? lj_xml_attribute(format, "numFmtId") : NULL;
            if (own && strcmp(own, id) == 0) {
                char *code = lj_xml_attribute(format, "formatCode");
                how = shown_by_code(code ? code : "");
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

/* Days since 1899-12-30 (or 1904-01-01) as a date; false: none that a sheet can mean. */
static bool
write_date(struct lj_writer *w, double days, enum shown how, bool since_1904)
{
    if (!(days >= 0 && days < 2958466))
        return false;
    char text[40];
    gint64 seconds = (gint64)(days * 86400 + 0.5);
    GDateTime *epoch = since_1904 ? g_date_time_new_utc(1904, 1, 1, 0, 0, 0)
                                  : g_date_time_new_utc(1899, 12, 30, 0, 0, 0);
    GDateTime *moment = g_date_time_add_seconds(epoch, (gdouble)seconds);
    g_date_time_unref(epoch);
    if (!moment)
        return false;
    int year, month, day, hour = g_date_time_get_hour(moment);
    g_date_time_get_ymd(moment, &year, &month, &day);
    if (how == DATE)
        g_snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
    else if (how == MOMENT)
        g_snprintf(text, sizeof text, "%04d-%02d-%02d %02d:%02d", year, month, day, hour,
                   g_date_time_get_minute(moment));
    else
        g_snprintf(text, sizeof text, "%02d:%02d", hour, g_date_time_get_minute(moment));
    g_date_time_unref(moment);
    lj_writer_text(w, text);
    return true;
}

struct sheets {
    GPtrArray *strings;
    GArray *shown; /* enum shown, by style */
    bool since_1904;
};

static enum shown
cell_shown(const struct sheets *sheets, xmlNode *cell)
{
    char *style = lj_xml_attribute(cell, "s");
    guint64 i = style ? g_ascii_strtoull(style, NULL, 10) : G_MAXUINT64;
    g_free(style);
    return i < sheets->shown->len ? g_array_index(sheets->shown, enum shown, i) : PLAIN;
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
        enum shown how = type && strcmp(type, "n") != 0 ? PLAIN : cell_shown(sheets, cell);
        char *rest = NULL;
        double number = how != PLAIN ? g_ascii_strtod(value, &rest) : 0;
        if (how == PLAIN || *rest || !write_date(w, number, how, sheets->since_1904))
            lj_writer_text(w, value);
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
