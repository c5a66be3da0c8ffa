/* OpenDocument text, sheets and slides (ISO/IEC 26300), packed or as one file of XML: headings, lists with their numbers,
 * tables, notes, properties; what tracked changes deleted is left out. */
#include "extract/describe.h"
#include "extract/odf_lists.h"
#include "extract/writer.h"
#include "extract/zip.h"
#include "i18n.h"

#include <string.h>

#define DEPTH_CEILING 200

struct text {
    struct lj_writer writer;
    struct lj_odf_lists *lists;
    bool slides;
    uint32_t page;
    GPtrArray *notes; /* xmlNode, in the order in which they are called */
};

static void write_node(struct text *text, xmlNode *node, int depth);

static void
write_label(struct text *text, xmlNode *paragraph)
{
    char *label = lj_odf_lists_label(text->lists, paragraph);
    if (label) {
        lj_writer_text(&text->writer, label);
        lj_writer_text(&text->writer, " ");
    }
    g_free(label);
}

static void
write_heading(struct text *text, xmlNode *node, int depth)
{
    char *level = lj_xml_attribute(node, "outline-level");
    size_t begin = lj_writer_begin(&text->writer, 2);
    write_label(text, node);
    write_node(text, node->children, depth + 1);
    lj_writer_heading(&text->writer, begin,
                      level ? (uint32_t)CLAMP(g_ascii_strtoll(level, NULL, 10), 1, 10) : 1);
    lj_writer_line(&text->writer, 1);
    g_free(level);
}

static void
write_sheet(struct text *text, xmlNode *node, int depth)
{
    char *name = lj_xml_attribute(node, "name");
    size_t begin = lj_writer_begin(&text->writer, 2);
    if (name) {
        lj_writer_text(&text->writer, name);
        lj_writer_heading(&text->writer, begin, 1);
    }
    g_free(name);
    write_node(text, node->children, depth + 1);
}

static void
write_node(struct text *text, xmlNode *node, int depth)
{
    struct lj_writer *w = &text->writer;
    static const char *const skipped[] = {
        "tracked-changes", "annotation", "forms", "sequence-decls", "note-citation",
        "change",          "ruby-text",  "desc",  "title",          "binary-data"};
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
            write_heading(text, node, depth);
        } else if (lj_xml_is(node, "p")) {
            bool cell = node->parent && lj_xml_is(node->parent, "table-cell");
            lj_writer_line(w, cell && lj_xml_is_first(node) ? 0 : 1);
            write_label(text, node);
            write_node(text, node->children, depth + 1);
            lj_writer_line(w, cell ? 0 : 1);
        } else if (lj_xml_is(node, "list")) {
            lj_odf_lists_enter(text->lists, node);
            write_node(text, node->children, depth + 1);
            lj_odf_lists_leave(text->lists);
        } else if (lj_xml_is(node, "list-item")) {
            lj_odf_lists_item(text->lists, node);
            write_node(text, node->children, depth + 1);
        } else if (lj_xml_is(node, "s") || lj_xml_is(node, "tab")) {
            lj_writer_text(w, " ");
        } else if (lj_xml_is(node, "line-break")) {
            lj_writer_line(w, 1);
        } else if (lj_xml_is(node, "table-cell") || lj_xml_is(node, "covered-table-cell")) {
            if (!lj_xml_is_first(node))
                lj_writer_tab(w);
            write_node(text, node->children, depth + 1);
        } else if (lj_xml_is(node, "table-row")) {
            lj_writer_line(w, 1);
            write_node(text, node->children, depth + 1);
            lj_writer_line(w, 1);
        } else if (lj_xml_is(node, "note")) {
            /* A phrase goes on over a note: it stands behind the text. */
            xmlNode *body = lj_xml_find(node, "note-body");
            if (body)
                g_ptr_array_add(text->notes, body);
        } else if (lj_xml_is(node, "page") && text->slides) {
            lj_writer_page(w, ++text->page);
            write_node(text, node->children, depth + 1);
        } else if (lj_xml_is(node, "table") && w->document->mime &&
                   strstr(w->document->mime, "spreadsheet")) {
            write_sheet(text, node, depth);
        } else {
            write_node(text, node->children, depth + 1);
        }
    }
}

static void
add_properties(struct lj_document *document, xmlDocPtr meta)
{
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
}

#define TEXT "application/vnd.oasis.opendocument.text"
#define SHEET "application/vnd.oasis.opendocument.spreadsheet"
#define SLIDES "application/vnd.oasis.opendocument.presentation"

static const char *const kinds[] = {TEXT, SHEET, SLIDES};

/* The body, the properties and the styles, of three parts or of one file; any may be NULL. */
static struct lj_document *
read_document(struct lj_job *job, const char *mime, xmlDocPtr content, xmlDocPtr meta,
              xmlDocPtr styles)
{
    struct lj_document *document = lj_job_document(job, mime);
    struct text text = {.writer = {.document = document, .max = (size_t)job->max_text},
                        .lists = lj_odf_lists_read(styles, content),
                        .slides = strcmp(mime, SLIDES) == 0,
                        .notes = g_ptr_array_new()};
    xmlNode *body = content ? lj_xml_find(xmlDocGetRootElement(content), "body") : NULL;
    if (body)
        write_node(&text, body->children, 0);
    text.slides = false;
    for (guint i = 0; i < text.notes->len; i++) { /* a note in a note adds itself meanwhile */
        lj_writer_line(&text.writer, 1);
        write_node(&text, ((xmlNode *)text.notes->pdata[i])->children, 0);
    }
    g_ptr_array_unref(text.notes);
    lj_odf_lists_free(text.lists);
    lj_writer_finish(&text.writer);
    add_properties(document, meta);
    if (strcmp(mime, TEXT) == 0)
        lj_describe_parts(document);
    return document;
}

static bool
wanted(const char *name)
{
    return strcmp(name, "content.xml") == 0 || strcmp(name, "meta.xml") == 0 ||
           strcmp(name, "styles.xml") == 0 || strcmp(name, "META-INF/manifest.xml") == 0;
}

/* A package that is locked lies open as a zip; its list of parts says how each was locked. */
static bool
is_locked(struct lj_zip *zip)
{
    GBytes *manifest = lj_zip_part(zip, "META-INF/manifest.xml");
    gsize length = 0;
    const char *bytes = manifest ? g_bytes_get_data(manifest, &length) : NULL;
    return bytes && memmem(bytes, length, "encryption-data", 15);
}

static bool
extract_packed(struct lj_job *job, const char *mime, GError **error)
{
    struct lj_zip *zip = lj_zip_open(job, wanted, error);
    if (!zip)
        return false;
    if (is_locked(zip)) {
        lj_zip_close(zip);
        g_set_error_literal(error, LJ_ERROR, LJ_ERROR_FORMAT, _("is protected by a password"));
        return false;
    }
    xmlDocPtr content = lj_zip_body(zip, "content.xml"), meta = lj_zip_xml(zip, "meta.xml"),
              styles = lj_zip_xml(zip, "styles.xml");
    struct lj_document *document = read_document(job, mime, content, meta, styles);
    xmlFreeDoc(content);
    xmlFreeDoc(styles);
    xmlFreeDoc(meta);
    return lj_zip_emit(zip, job, document, error);
}

static bool
extract_flat(struct lj_job *job, const char *mime, GError **error)
{
    xmlDocPtr xml = lj_xml_read(job, error);
    if (!xml)
        return false;
    lj_job_emit(job, read_document(job, mime, xml, xml, xml));
    xmlFreeDoc(xml);
    return true;
}

/* Some programs pack the parts in another order than the standard's, which has the type first. */
static const char *
packed_kind(const struct lj_probe *probe)
{
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (lj_zip_mimetype(probe, kinds[i]))
            return kinds[i];
    if (!lj_zip_names(probe, "content.xml") || !lj_zip_names(probe, "META-INF/manifest.xml"))
        return NULL;
    return strcmp(probe->extension, "ods") == 0   ? SHEET
           : strcmp(probe->extension, "odp") == 0 ? SLIDES
                                                  : TEXT;
}

static const char *
flat_kind(const struct lj_probe *probe)
{
    const char *type = lj_flat_odf(probe->head, probe->length);
    for (size_t i = 0; type && i < G_N_ELEMENTS(kinds); i++)
        if (g_str_has_prefix(type, kinds[i]) && type[strlen(kinds[i])] == '"')
            return kinds[i];
    return NULL;
}

static bool
extract(struct lj_job *job, GError **error)
{
    char *extension = lj_extension(job->name);
    struct lj_probe probe = {.head = job->input->bytes,
                             .length = MIN(job->input->length, LJ_PROBE_SIZE),
                             .extension = extension,
                             .input = job->input};
    const char *flat = flat_kind(&probe), *packed = flat ? NULL : packed_kind(&probe);
    g_free(extension);
    return flat ? extract_flat(job, flat, error)
                : extract_packed(job, packed ? packed : TEXT, error);
}

static bool
recognise(const struct lj_probe *probe)
{
    return flat_kind(probe) || packed_kind(probe);
}

const struct lj_format lj_format_odf = {"OpenDocument", TEXT " " SHEET " " SLIDES, recognise,
                                        extract};
