/* PowerPoint files since 2007 (ECMA-376): slides as pages in the order in which they are shown, their titles as
 * headings, the speaker's notes. */
#include "extract/ooxml.h"
#include "extract/writer.h"

#include <string.h>

#define DEPTH_CEILING 200

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
                          strcmp(type, "dt") != 0 && strcmp(type, "hdr") != 0)) {
                write_slide(w, node->children, depth + 1);
                if (type && (strcmp(type, "title") == 0 || strcmp(type, "ctrTitle") == 0))
                    lj_writer_heading(w, begin, 1);
            }
            g_free(type);
        } else {
            bool line = lj_xml_is(node, "p") || lj_xml_is(node, "tr");
            lj_writer_line(w, line);
            if (lj_xml_is(node, "tc") && !lj_xml_is_first(node))
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
    return g_str_has_prefix(name, "ppt/slides/slide") ||
           g_str_has_prefix(name, "ppt/slides/_rels/slide") ||
           g_str_has_prefix(name, "ppt/notesSlides/notesSlide") ||
           strcmp(name, "ppt/presentation.xml") == 0 ||
           strcmp(name, "ppt/_rels/presentation.xml.rels") == 0 ||
           strcmp(name, "docProps/core.xml") == 0;
}

/* The slides as the presentation shows them: files keep the numbers they were made with. Free the array. */
static GPtrArray *
slides_in_order(struct lj_zip *zip)
{
    GPtrArray *slides = g_ptr_array_new_with_free_func(g_free);
    xmlDocPtr show = lj_zip_xml(zip, "ppt/presentation.xml");
    xmlNode *list = show ? lj_xml_find(xmlDocGetRootElement(show), "sldIdLst") : NULL;
    for (xmlNode *node = list ? list->children : NULL; node; node = node->next) {
        char *id = lj_xml_is(node, "sldId") ? lj_ooxml_reference(node) : NULL;
        char *part = id ? lj_ooxml_related(zip, "ppt/presentation.xml", id, NULL) : NULL;
        if (part)
            g_ptr_array_add(slides, part);
        g_free(id);
    }
    xmlFreeDoc(show);
    if (slides->len > 0)
        return slides;
    GPtrArray *all = lj_zip_list(zip, "ppt/slides/slide"); /* of a damaged one: by their numbers */
    for (guint i = 0; i < all->len; i++)
        g_ptr_array_add(slides, g_strdup(all->pdata[i]));
    g_ptr_array_unref(all);
    return slides;
}

/* What the speaker has written under the slide. */
static void
write_notes(struct lj_writer *w, struct lj_zip *zip, const char *slide)
{
    char *part = lj_ooxml_related(zip, slide, NULL, "/notesSlide");
    xmlDocPtr notes = part ? lj_zip_xml(zip, part) : NULL;
    if (notes)
        write_slide(w, xmlDocGetRootElement(notes), 0);
    xmlFreeDoc(notes);
    g_free(part);
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
    GPtrArray *slides = slides_in_order(zip);
    for (guint i = 0; i < slides->len; i++) {
        xmlDocPtr slide = lj_zip_xml(zip, slides->pdata[i]);
        lj_writer_page(&writer, i + 1);
        if (slide)
            write_slide(&writer, xmlDocGetRootElement(slide), 0);
        xmlFreeDoc(slide);
        write_notes(&writer, zip, slides->pdata[i]);
    }
    lj_writer_finish(&writer);
    g_ptr_array_unref(slides);
    lj_ooxml_properties(document, zip);
    return lj_zip_emit(zip, job, document, error);
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
