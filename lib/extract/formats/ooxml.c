/* Word, Excel and PowerPoint files since 2007 (ECMA-376): headings, lists, tables, notes, core
 * properties; what tracked changes deleted is left out. */
#include "extract/describe.h"
#include "extract/writer.h"
#include "extract/zip.h"

#include <string.h>

#define DEPTH_CEILING 200

struct word {
    struct lj_writer writer;
    GHashTable *levels; /* style id → heading level; 1000: a title */
    xmlDocPtr notes[2]; /* footnotes, endnotes */
    GString *cited;     /* kinds and ids of the notes the text cites, "f3 e1 " */
    char *title;
};

/* Styles that are headings: by outline level, else by name ("heading 2", "Título 2"). */
static void
read_styles(struct word *word, xmlDocPtr styles)
{
    xmlNode *root = styles ? xmlDocGetRootElement(styles) : NULL;
    for (xmlNode *style = root ? root->children : NULL; style; style = style->next) {
        if (!lj_xml_is(style, "style"))
            continue;
        char *id = lj_xml_attribute(style, "styleId"), *name = NULL, *outline = NULL;
        xmlNode *node = lj_xml_find(style, "name");
        if (node)
            name = lj_xml_attribute(node, "val");
        node = lj_xml_find(style, "outlineLvl");
        if (node)
            outline = lj_xml_attribute(node, "val");
        char *folded = lj_schema_fold(name ? name : "", -1);
        int level = 0;
        if (outline && *outline >= '0' && *outline <= '8')
            level = *outline - '0' + 1;
        else if (g_str_has_prefix(folded, "heading ") || g_str_has_prefix(folded, "titulo "))
            level = (int)g_ascii_strtoll(strchr(folded, ' '), NULL, 10);
        else if (strcmp(folded, "title") == 0 || strcmp(folded, "titulo") == 0 ||
                 strcmp(folded, "puesto") == 0)
            level = 1000;
        if (id && level > 0)
            g_hash_table_insert(word->levels, g_strdup(id), GINT_TO_POINTER(level));
        g_free(folded);
        g_free(id);
        g_free(name);
        g_free(outline);
    }
}

static int
heading_level(struct word *word, xmlNode *paragraph)
{
    xmlNode *properties = paragraph->children;
    while (properties && !lj_xml_is(properties, "pPr"))
        properties = properties->next;
    int level = 0;
    for (xmlNode *node = properties ? properties->children : NULL; node; node = node->next) {
        char *value = lj_xml_is(node, "pStyle") || lj_xml_is(node, "outlineLvl")
                          ? lj_xml_attribute(node, "val")
                          : NULL;
        if (value && lj_xml_is(node, "outlineLvl") && *value >= '0' && *value <= '8')
            level = *value - '0' + 1;
        else if (value && level == 0)
            level = GPOINTER_TO_INT(g_hash_table_lookup(word->levels, value));
        g_free(value);
    }
    return level;
}

static void
write_word(struct word *word, xmlNode *node, int depth)
{
    struct lj_writer *w = &word->writer;
    static const char *const skipped[] = {"del",
                                          "moveFrom",
                                          "instrText",
                                          "delText",
                                          "Fallback",
                                          "rPr",
                                          "pPr",
                                          "tblPr",
                                          "trPr",
                                          "tcPr",
                                          "sectPr",
                                          "sdtPr",
                                          "commentReference",
                                          "annotationRef"};
    for (; node && depth < DEPTH_CEILING && !lj_writer_full(w); node = node->next) {
        if (node->type != XML_ELEMENT_NODE)
            continue;
        bool skip = false;
        for (size_t i = 0; i < G_N_ELEMENTS(skipped) && !skip; i++)
            skip = lj_xml_is(node, skipped[i]);
        if (skip)
            continue;
        if (lj_xml_is(node, "t")) {
            xmlChar *content = xmlNodeGetContent(node);
            if (content)
                lj_writer_text(w, (const char *)content);
            xmlFree(content);
        } else if (lj_xml_is(node, "tab") || lj_xml_is(node, "ptab")) {
            lj_writer_text(w, " ");
        } else if (lj_xml_is(node, "br") || lj_xml_is(node, "cr")) {
            lj_writer_line(w, 1);
        } else if (lj_xml_is(node, "noBreakHyphen")) {
            lj_writer_text(w, "-");
        } else if (lj_xml_is(node, "p")) {
            int level = heading_level(word, node);
            bool cell = node->parent && lj_xml_is(node->parent, "tc");
            size_t begin = lj_writer_begin(w, level > 0 && !cell ? 2 : cell && !node->prev ? 0 : 1);
            write_word(word, node->children, depth + 1);
            if (level > 0 && level < 10 && !cell)
                lj_writer_heading(w, begin, (uint32_t)level);
            if (level == 1000 && !word->title && w->document->text->len > begin)
                word->title = g_strstrip(g_strndup(w->document->text->str + begin,
                                                   MIN(w->document->text->len - begin, 300)));
            if (!cell)
                lj_writer_line(w, 1);
        } else if (lj_xml_is(node, "tc")) {
            if (node->prev)
                lj_writer_tab(w);
            write_word(word, node->children, depth + 1);
        } else if (lj_xml_is(node, "tr")) {
            lj_writer_line(w, 1);
            write_word(word, node->children, depth + 1);
            lj_writer_line(w, 1);
        } else if (lj_xml_is(node, "footnoteReference") || lj_xml_is(node, "endnoteReference")) {
            char *id = lj_xml_attribute(node, "id");
            if (id && word->cited->len < 100000)
                g_string_append_printf(word->cited, "%c%s ", *node->name, id);
            g_free(id);
        } else {
            write_word(word, node->children, depth + 1);
        }
    }
}

/* Notes stand behind the text, in the order in which it cites them. */
static void
write_notes(struct word *word)
{
    char **cited = g_strsplit(word->cited->str, " ", -1);
    for (char **note = cited; *note; note++) {
        if (!**note)
            continue;
        xmlDocPtr notes = word->notes[**note == 'e'];
        xmlNode *root = notes ? xmlDocGetRootElement(notes) : NULL;
        for (xmlNode *node = root ? root->children : NULL; node; node = node->next) {
            char *id = node->type == XML_ELEMENT_NODE ? lj_xml_attribute(node, "id") : NULL;
            if (id && strcmp(id, *note + 1) == 0) {
                lj_writer_line(&word->writer, 1);
                write_word(word, node->children, 0);
                g_free(id);
                break;
            }
            g_free(id);
        }
    }
    g_strfreev(cited);
}

static void
add_properties(struct lj_document *document, struct lj_zip *zip)
{
    xmlDocPtr core = lj_zip_xml(zip, "docProps/core.xml");
    if (!core)
        return;
    xmlNode *root = xmlDocGetRootElement(core);
    char *title = lj_xml_value(root, "title"), *creator = lj_xml_value(root, "creator");
    char *keywords = lj_xml_value(root, "keywords"),
         *description = lj_xml_value(root, "description");
    if (!lj_document_field(document, "title"))
        lj_describe_claimed_title(document, title);
    lj_describe_claimed_author(document, creator);
    lj_describe_keywords(document, keywords);
    lj_document_add_field(document, "description", description);
    g_free(title);
    g_free(creator);
    g_free(keywords);
    g_free(description);
    xmlFreeDoc(core);
}

/* The first heading of a level up to 2 that stands at the head of the text. */
static void
title_from_heading(struct lj_document *document)
{
    const struct lj_mark *first =
        document->marks->len > 0 ? &g_array_index(document->marks, struct lj_mark, 0) : NULL;
    if (!lj_document_field(document, "title") && first && first->kind == LJ_MARK_SECTION &&
        first->level <= 2 && first->start < 500 && first->label && strlen(first->label) > 8)
        lj_document_add_field(document, "title", first->label);
}

/* --- Word ------------------------------------------------------------------------------------ */

static bool
wanted_word(const char *name)
{
    return strcmp(name, "word/document.xml") == 0 || strcmp(name, "word/styles.xml") == 0 ||
           strcmp(name, "word/footnotes.xml") == 0 || strcmp(name, "word/endnotes.xml") == 0 ||
           strcmp(name, "docProps/core.xml") == 0;
}

static bool
extract_word(struct lj_job *job, GError **error)
{
    struct lj_zip *zip = lj_zip_open(job, wanted_word, error);
    if (!zip)
        return false;
    struct lj_document *document = lj_job_document(
        job, "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
    struct word word = {.writer = {.document = document, .max = (size_t)job->max_text}};
    word.levels = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    word.cited = g_string_new(NULL);
    xmlDocPtr styles = lj_zip_xml(zip, "word/styles.xml"),
              body = lj_zip_xml(zip, "word/document.xml");
    word.notes[0] = lj_zip_xml(zip, "word/footnotes.xml");
    word.notes[1] = lj_zip_xml(zip, "word/endnotes.xml");
    read_styles(&word, styles);
    if (body)
        write_word(&word, xmlDocGetRootElement(body), 0);
    write_notes(&word);
    lj_writer_finish(&word.writer);
    lj_document_add_field(document, "title", word.title);
    add_properties(document, zip);
    title_from_heading(document);
    lj_describe_parts(document);
    xmlFreeDoc(styles);
    xmlFreeDoc(body);
    xmlFreeDoc(word.notes[0]);
    xmlFreeDoc(word.notes[1]);
    g_hash_table_unref(word.levels);
    g_string_free(word.cited, TRUE);
    g_free(word.title);
    bool good = !lj_zip_is_bomb(zip, error);
    lj_zip_close(zip);
    if (good)
        lj_job_emit(job, document);
    else
        lj_document_free(document);
    return good;
}

static bool
recognise_word(const struct lj_probe *probe)
{
    return lj_zip_names(probe, "word/document.xml");
}

const struct lj_format lj_format_docx = {
    "Word (DOCX)", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    recognise_word, extract_word};

/* --- PowerPoint ------------------------------------------------------------------------------ */

static void
write_slide(struct lj_writer *w, xmlNode *node, int depth)
{
    for (; node && depth < DEPTH_CEILING && !lj_writer_full(w); node = node->next) {
        if (node->type != XML_ELEMENT_NODE || lj_xml_is(node, "Fallback"))
            continue;
        if (lj_xml_is(node, "t")) {
            xmlChar *content = xmlNodeGetContent(node);
            if (content)
                lj_writer_text(w, (const char *)content);
            xmlFree(content);
        } else if (lj_xml_is(node, "br")) {
            lj_writer_line(w, 1);
        } else if (lj_xml_is(node, "sp")) { /* a shape: the slide's title is a heading */
            xmlNode *placeholder = lj_xml_find(node, "ph");
            char *type = placeholder ? lj_xml_attribute(placeholder, "type") : NULL;
            size_t begin = lj_writer_begin(w, 1);
            if (!type || (strcmp(type, "sldNum") != 0 && strcmp(type, "ftr") != 0 &&
                          strcmp(type, "dt") != 0)) {
                write_slide(w, node->children, depth + 1);
                if (type && (strcmp(type, "title") == 0 || strcmp(type, "ctrTitle") == 0))
                    lj_writer_heading(w, begin, 1);
            }
            g_free(type);
        } else {
            bool line = lj_xml_is(node, "p") || lj_xml_is(node, "tr");
            lj_writer_line(w, line);
            if (lj_xml_is(node, "tc") && node->prev)
                lj_writer_tab(w);
            write_slide(w, node->children, depth + 1);
            lj_writer_line(
                w, line && !(node->parent &&
                             lj_xml_is(node->parent->parent ? node->parent->parent : node->parent,
                                       "tc")));
        }
    }
}

static bool
wanted_slides(const char *name)
{
    return (g_str_has_prefix(name, "ppt/slides/slide") && g_str_has_suffix(name, ".xml")) ||
           strcmp(name, "docProps/core.xml") == 0;
}

static bool
extract_slides(struct lj_job *job, GError **error)
{
    struct lj_zip *zip = lj_zip_open(job, wanted_slides, error);
    if (!zip)
        return false;
    struct lj_document *document = lj_job_document(
        job, "application/vnd.openxmlformats-officedocument.presentationml.presentation");
    struct lj_writer writer = {.document = document, .max = (size_t)job->max_text};
    GPtrArray *slides = lj_zip_list(zip, "ppt/slides/slide");
    for (guint i = 0; i < slides->len; i++) {
        xmlDocPtr slide = lj_zip_xml(zip, slides->pdata[i]);
        lj_writer_page(&writer, i + 1);
        if (slide)
            write_slide(&writer, xmlDocGetRootElement(slide), 0);
        xmlFreeDoc(slide);
    }
    lj_writer_finish(&writer);
    g_ptr_array_unref(slides);
    add_properties(document, zip);
    lj_zip_close(zip);
    lj_job_emit(job, document);
    return true;
}

static bool
recognise_slides(const struct lj_probe *probe)
{
    return lj_zip_names(probe, "ppt/presentation.xml");
}

const struct lj_format lj_format_pptx = {
    "PowerPoint (PPTX)",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation", recognise_slides,
    extract_slides};

/* --- Excel ----------------------------------------------------------------------------------- */

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

static void
write_cell(struct lj_writer *w, xmlNode *cell, const GPtrArray *strings)
{
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
        lj_writer_text(w, value);
    }
    g_free(type);
    g_free(value);
}

static bool
wanted_sheets(const char *name)
{
    return strcmp(name, "xl/workbook.xml") == 0 || strcmp(name, "xl/sharedStrings.xml") == 0 ||
           (g_str_has_prefix(name, "xl/worksheets/sheet") && g_str_has_suffix(name, ".xml")) ||
           strcmp(name, "docProps/core.xml") == 0;
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
    GPtrArray *strings = shared_strings(zip), *sheets = lj_zip_list(zip, "xl/worksheets/sheet");
    xmlDocPtr book = lj_zip_xml(zip, "xl/workbook.xml");
    xmlNode *names = book ? lj_xml_find(xmlDocGetRootElement(book), "sheets") : NULL;
    xmlNode *named = names ? names->children : NULL;
    for (guint i = 0; i < sheets->len; i++) {
        while (named && !lj_xml_is(named, "sheet"))
            named = named->next;
        char *name = named ? lj_xml_attribute(named, "name") : NULL;
        size_t begin = lj_writer_begin(&writer, 2);
        if (name) {
            lj_writer_text(&writer, name);
            lj_writer_heading(&writer, begin, 1);
        }
        g_free(name);
        if (named)
            named = named->next;
        xmlDocPtr sheet = lj_zip_xml(zip, sheets->pdata[i]);
        xmlNode *data = sheet ? lj_xml_find(xmlDocGetRootElement(sheet), "sheetData") : NULL;
        for (xmlNode *row = data ? data->children : NULL; row && !lj_writer_full(&writer);
             row = row->next) {
            lj_writer_line(&writer, 1);
            for (xmlNode *cell = row->children; cell; cell = cell->next)
                if (lj_xml_is(cell, "c"))
                    write_cell(&writer, cell, strings);
        }
        xmlFreeDoc(sheet);
    }
    lj_writer_finish(&writer);
    xmlFreeDoc(book);
    g_ptr_array_unref(strings);
    g_ptr_array_unref(sheets);
    add_properties(document, zip);
    lj_zip_close(zip);
    lj_job_emit(job, document);
    return true;
}

static bool
recognise_sheets(const struct lj_probe *probe)
{
    return lj_zip_names(probe, "xl/workbook.xml");
}

const struct lj_format lj_format_xlsx = {
    "Excel (XLSX)", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    recognise_sheets, extract_sheets};
