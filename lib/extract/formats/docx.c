/* Word files since 2007 (ECMA-376): headings, lists with their numbers, tables, notes, core properties; what tracked
 * changes deleted is left out. */
#include "extract/describe.h"
#include "extract/ooxml.h"
#include "extract/word_lists.h"
#include "extract/writer.h"

#include <string.h>

#define DEPTH_CEILING 200

struct word {
    struct lj_writer writer;
    GHashTable *levels; /* style id → heading level; 1000: a title */
    struct lj_word_lists *lists;
    xmlDocPtr notes[2]; /* footnotes, endnotes */
    int cells;          /* written of the row at hand */
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

static void write_word(struct word *word, xmlNode *node, int depth);

static void
write_paragraph(struct word *word, xmlNode *paragraph, int depth)
{
    struct lj_writer *w = &word->writer;
    int level = heading_level(word, paragraph);
    bool cell = paragraph->parent && lj_xml_is(paragraph->parent, "tc");
    size_t begin = lj_writer_begin(w, level > 0 && !cell                   ? 2
                                      : cell && lj_xml_is_first(paragraph) ? 0
                                                                           : 1);
    char *label = lj_word_lists_label(word->lists, paragraph);
    if (label) {
        lj_writer_text(w, label);
        lj_writer_text(w, " ");
    }
    write_word(word, paragraph->children, depth + 1);
    if (level > 0 && level < 10 && !cell)
        lj_writer_heading(w, begin, (uint32_t)level);
    if (level == 1000 && !word->title && w->document->text->len > begin)
        word->title = g_strstrip(
            g_strndup(w->document->text->str + begin, MIN(w->document->text->len - begin, 300)));
    if (!cell)
        lj_writer_line(w, 1);
    g_free(label);
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
            write_paragraph(word, node, depth);
        } else if (lj_xml_is(node, "tc")) { /* some lie in controls, not in their row itself */
            if (word->cells++ > 0)
                lj_writer_tab(w);
            write_word(word, node->children, depth + 1);
        } else if (lj_xml_is(node, "tr")) {
            int outer = word->cells; /* a table may stand in a cell */
            word->cells = 0;
            lj_writer_line(w, 1);
            write_word(word, node->children, depth + 1);
            lj_writer_line(w, 1);
            word->cells = outer;
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

static bool
wanted_word(const char *name)
{
    static const char *const parts[] = {"word/document", "word/styles",    "word/footnotes",
                                        "word/endnotes", "word/numbering", "word/_rels/document"};
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        if (g_str_has_prefix(name, parts[i]))
            return true;
    return strcmp(name, "_rels/.rels") == 0 || strcmp(name, "docProps/core.xml") == 0;
}

/* A part that another refers to by its kind, else the one of the usual name; NULL: there is none. */
static xmlDocPtr
related_part(struct lj_zip *zip, const char *part, const char *kind, const char *usual)
{
    char *name = lj_ooxml_related(zip, part, NULL, kind);
    xmlDocPtr doc = lj_zip_xml(zip, name && lj_zip_part(zip, name) ? name : usual);
    g_free(name);
    return doc;
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
    char *main = lj_ooxml_related(zip, "", NULL, "/officeDocument");
    if (!main || !lj_zip_part(zip, main)) {
        g_free(main);
        main = g_strdup("word/document.xml");
    }
    xmlDocPtr styles = related_part(zip, main, "/styles", "word/styles.xml"),
              numbering = related_part(zip, main, "/numbering", "word/numbering.xml"),
              body = lj_zip_body(zip, main);
    word.notes[0] = related_part(zip, main, "/footnotes", "word/footnotes.xml");
    word.notes[1] = related_part(zip, main, "/endnotes", "word/endnotes.xml");
    read_styles(&word, styles);
    word.lists = lj_word_lists_read(numbering, styles);
    if (body)
        write_word(&word, xmlDocGetRootElement(body), 0);
    write_notes(&word);
    lj_writer_finish(&word.writer);
    lj_document_add_field(document, "title", word.title);
    lj_ooxml_properties(document, zip);
    title_from_heading(document);
    lj_describe_parts(document);
    xmlFreeDoc(styles);
    xmlFreeDoc(numbering);
    xmlFreeDoc(body);
    xmlFreeDoc(word.notes[0]);
    xmlFreeDoc(word.notes[1]);
    g_hash_table_unref(word.levels);
    lj_word_lists_free(word.lists);
    g_string_free(word.cited, TRUE);
    g_free(word.title);
    g_free(main);
    return lj_zip_emit(zip, job, document, error);
}

static bool
recognise_word(const struct lj_probe *probe)
{
    return lj_zip_names(probe, "word/document.xml") || lj_zip_names(probe, "word/document2.xml");
}

const struct lj_format lj_format_docx = {
    "Word (DOCX)", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    recognise_word, extract_word};
