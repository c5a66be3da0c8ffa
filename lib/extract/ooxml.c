#include "extract/ooxml.h"
#include "extract/describe.h"

#include <string.h>

void
lj_ooxml_properties(struct lj_document *document, struct lj_zip *zip)
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

/* "ppt/slides/slide1.xml" → "ppt/slides/_rels/slide1.xml.rels"; g_free. */
static char *
relations_of(const char *part)
{
    const char *slash = strrchr(part, '/');
    size_t folder = slash ? (size_t)(slash + 1 - part) : 0;
    return g_strdup_printf("%.*s_rels/%s.rels", (int)folder, part, part + folder);
}

/* A target as the zip names it: relative to its part's folder, "../" and all, or from the root. */
static char *
resolve(const char *part, const char *target)
{
    if (*target == '/')
        return g_strdup(target + 1);
    char *folder = g_path_get_dirname(part);
    while (g_str_has_prefix(target, "../")) {
        char *up = g_path_get_dirname(folder);
        g_free(folder);
        folder = up;
        target += 3;
    }
    char *path =
        strcmp(folder, ".") == 0 ? g_strdup(target) : g_strconcat(folder, "/", target, NULL);
    g_free(folder);
    return path;
}

char *
lj_ooxml_related(struct lj_zip *zip, const char *part, const char *id, const char *kind)
{
    char *name = relations_of(part), *found = NULL;
    xmlDocPtr relations = lj_zip_xml(zip, name);
    xmlNode *root = relations ? xmlDocGetRootElement(relations) : NULL;
    for (xmlNode *node = root ? root->children : NULL; node && !found; node = node->next) {
        if (!lj_xml_is(node, "Relationship"))
            continue;
        char *own = lj_xml_attribute(node, "Id"), *type = lj_xml_attribute(node, "Type");
        char *target = lj_xml_attribute(node, "Target");
        if (target && (id ? own && strcmp(own, id) == 0 : type && g_str_has_suffix(type, kind)))
            found = resolve(part, target);
        g_free(own);
        g_free(type);
        g_free(target);
    }
    xmlFreeDoc(relations);
    g_free(name);
    return found;
}

char *
lj_ooxml_reference(const xmlNode *node)
{
    for (const xmlAttr *attribute = node->properties; attribute; attribute = attribute->next)
        if (attribute->ns && strcmp((const char *)attribute->name, "id") == 0) {
            xmlChar *value = xmlNodeListGetString(node->doc, attribute->children, 1);
            char *copy = g_strdup((const char *)value);
            xmlFree(value);
            return copy;
        }
    return NULL;
}
