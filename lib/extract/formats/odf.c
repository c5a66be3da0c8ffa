/* OpenDocument text, sheets and slides (ISO/IEC 26300): headings, lists, tables, notes, properties;
 * what tracked changes deleted is left out. */
#include "extract/describe.h"
#include "extract/writer.h"
#include "extract/zip.h"

#include <string.h>

#define DEPTH_CEILING 200

static void
write_node(struct lj_writer *w, xmlNode *node, int depth, uint32_t *page, GPtrArray *notes)
{
    static const char *const skipped[] = {
        "tracked-changes", "annotation", "forms", "sequence-decls", "note-citation",
        "change",          "ruby-text",  "desc",  "title"};
    for (; node && depth < DEPTH_CEILING && !lj_writer_full(w); node = node->next) {
        if (node->type == XML_TEXT_NODE) {
            lj_writer_text(w, (const char *)node->content);
            continue;
        }
        bool skip = node->type != XML_ELEMENT_NODE;
        for (size_t i = 0; i < G_N_ELEMENTS(skipped) && !skip; i++)
            skip = lj_xml_is(node, skipped[i]);
        if (skip)
            continue;
        if (lj_xml_is(node, "h")) {
            char *level = lj_xml_attribute(node, "outline-level");
            size_t begin = lj_writer_begin(w, 2);
            write_node(w, node->children, depth + 1, page, notes);
            lj_writer_heading(w, begin,
                              level ? (uint32_t)CLAMP(g_ascii_strtoll(level, NULL, 10), 1, 10) : 1);
            lj_writer_line(w, 1);
            g_free(level);
        } else if (lj_xml_is(node, "p")) {
            bool cell = node->parent && lj_xml_is(node->parent, "table-cell");
            lj_writer_line(w, cell && lj_xml_is_first(node) ? 0 : 1);
            write_node(w, node->children, depth + 1, page, notes);
            lj_writer_line(w, cell ? 0 : 1);
        } else if (lj_xml_is(node, "s") || lj_xml_is(node, "tab")) {
            lj_writer_text(w, " ");
        } else if (lj_xml_is(node, "line-break")) {
            lj_writer_line(w, 1);
        } else if (lj_xml_is(node, "table-cell") || lj_xml_is(node, "covered-table-cell")) {
            if (!lj_xml_is_first(node))
                lj_writer_tab(w);
            write_node(w, node->children, depth + 1, page, notes);
        } else if (lj_xml_is(node, "table-row")) {
            lj_writer_line(w, 1);
            write_node(w, node->children, depth + 1, page, notes);
            lj_writer_line(w, 1);
        } else if (lj_xml_is(
                       node,
                       "note")) { /* a phrase goes on over a note: it stands behind the text */
            xmlNode *body = lj_xml_find(node, "note-body");
            if (body)
                g_ptr_array_add(notes, body);
        } else if (lj_xml_is(node, "page") && page) { /* a slide */
            lj_writer_page(w, ++*page);
            write_node(w, node->children, depth + 1, page, notes);
        } else if (lj_xml_is(node, "table") && w->document->mime &&
                   strstr(w->document->mime, "spreadsheet")) {
            char *name = lj_xml_attribute(node, "name");
            size_t begin = lj_writer_begin(w, 2);
            if (name) {
                lj_writer_text(w, name);
                lj_writer_heading(w, begin, 1);
            }
            g_free(name);
            write_node(w, node->children, depth + 1, page, notes);
        } else {
            write_node(w, node->children, depth + 1, page, notes);
        }
    }
}

static void
add_properties(struct lj_document *document, struct lj_zip *zip)
{
    xmlDocPtr meta = lj_zip_xml(zip, "meta.xml");
    xmlNode *root = meta ? lj_xml_find(xmlDocGetRootElement(meta), "meta") : NULL;
    for (xmlNode *node = root ? root->children : NULL; node; node = node->next) {
        xmlChar *content = node->type == XML_ELEMENT_NODE ? xmlNodeGetContent(node) : NULL;
        const char *value = (const char *)content;
        if (!value)
            continue;
        if (lj_xml_is(node, "title") && !lj_document_field(document, "title"))
            lj_describe_claimed_title(document, value);
        else if (lj_xml_is(node, "initial-creator"))
            lj_describe_claimed_author(document, value);
        else if (lj_xml_is(node, "keyword"))
            lj_describe_keywords(document, value);
        else if (lj_xml_is(node, "description"))
            lj_document_add_field(document, "description", value);
        xmlFree(content);
    }
    xmlFreeDoc(meta);
}

static bool
wanted(const char *name)
{
    return strcmp(name, "content.xml") == 0 || strcmp(name, "meta.xml") == 0;
}

static bool
extract_as(struct lj_job *job, const char *mime, GError **error)
{
    struct lj_zip *zip = lj_zip_open(job, wanted, error);
    if (!zip)
        return false;
    struct lj_document *document = lj_job_document(job, mime);
    struct lj_writer writer = {.document = document, .max = (size_t)job->max_text};
    xmlDocPtr content = lj_zip_xml(zip, "content.xml");
    uint32_t page = 0;
    GPtrArray *notes = g_ptr_array_new(); /* xmlNode, in the order in which they are called */
    bool slides = strstr(mime, "presentation") != NULL;
    xmlNode *body = content ? lj_xml_find(xmlDocGetRootElement(content), "body") : NULL;
    if (body)
        write_node(&writer, body->children, 0, slides ? &page : NULL, notes);
    for (guint i = 0; i < notes->len; i++) { /* a note in a note adds itself meanwhile */
        lj_writer_line(&writer, 1);
        write_node(&writer, ((xmlNode *)notes->pdata[i])->children, 0, NULL, notes);
    }
    g_ptr_array_unref(notes);
    lj_writer_finish(&writer);
    xmlFreeDoc(content);
    add_properties(document, zip);
    if (!slides && !strstr(mime, "spreadsheet"))
        lj_describe_parts(document);
    return lj_zip_emit(zip, job, document, error);
}

#define TEXT "application/vnd.oasis.opendocument.text"
#define SHEET "application/vnd.oasis.opendocument.spreadsheet"
#define SLIDES "application/vnd.oasis.opendocument.presentation"

static const char *
kind(const struct lj_probe *probe)
{
    static const char *const kinds[] = {TEXT, SHEET, SLIDES};
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (lj_zip_mimetype(probe, kinds[i]))
            return kinds[i];
    return NULL;
}

static bool
extract(struct lj_job *job, GError **error)
{
    struct lj_probe probe = {.head = job->input->bytes,
                             .length = MIN(job->input->length, LJ_PROBE_SIZE)};
    const char *mime = kind(&probe);
    return extract_as(job, mime ? mime : TEXT, error);
}

static bool
recognise(const struct lj_probe *probe)
{
    return kind(probe) != NULL;
}

const struct lj_format lj_format_odf = {"OpenDocument", TEXT " " SHEET " " SLIDES, recognise,
                                        extract};
