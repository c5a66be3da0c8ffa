/* XML for all formats that are made of it (see zip.h). */
#include "extract/zip.h"
#include "i18n.h"

#include <libxml/parser.h>
#include <limits.h>
#include <string.h>

#define FILE_CEILING (512u << 20)
/* What honest entities (a name, a formula) never unfold to. */
#define ENTITY_CEILING (4u << 20)

/* Bytes that an entity of the document's own unfolds to; counted by steps, since what unfolds to gigabytes is
 * written in a few lines. */
static uint64_t
unfolded(xmlDocPtr doc, const xmlEntity *entity, int depth, uint64_t *steps)
{
    const char *p = entity && entity->content ? (const char *)entity->content : "";
    uint64_t size = strlen(p);
    if (depth > 40) /* one that contains itself, or as good as */
        return ENTITY_CEILING + 1;
    while ((p = strchr(p, '&')) && ++*steps < 100000 && size <= ENTITY_CEILING) {
        size_t n = strcspn(p + 1, "; &<");
        if (p[1 + n] == ';' && p[1] != '#' && n < 200) {
            char *name = g_strndup(p + 1, n);
            const xmlEntity *inner = xmlGetDocEntity(doc, (const xmlChar *)name);
            if (inner && inner->etype == XML_INTERNAL_GENERAL_ENTITY)
                size += unfolded(doc, inner, depth + 1, steps);
            g_free(name);
        }
        p++;
    }
    return *steps >= 100000 ? ENTITY_CEILING + 1 : size;
}

bool
lj_xml_is_bomb(xmlDocPtr doc)
{
    uint64_t steps = 0;
    for (const xmlNode *node = doc && doc->intSubset ? doc->intSubset->children : NULL; node;
         node = node->next)
        if (node->type == XML_ENTITY_DECL &&
            ((const xmlEntity *)node)->etype == XML_INTERNAL_GENERAL_ENTITY &&
            unfolded(doc, (const xmlEntity *)node, 0, &steps) > ENTITY_CEILING)
            return true;
    return false;
}

xmlDocPtr
lj_xml_parse(const char *bytes, size_t length)
{
    /* No NOENT, no DTDLOAD: entities stay references, so that no bomb goes off and no file is read
     * in. */
    return xmlReadMemory(bytes, (int)MIN(length, (size_t)INT_MAX - 1), NULL, NULL,
                         XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                             XML_PARSE_RECOVER | XML_PARSE_COMPACT |
                             (length > (8u << 20) ? XML_PARSE_HUGE : 0));
}

xmlDocPtr
lj_xml_read(struct lj_job *job, GError **error)
{
    if (!lj_input_fill(job->input, FILE_CEILING, error))
        return NULL;
    xmlDocPtr xml = lj_xml_parse((const char *)job->input->bytes, job->input->length);
    const char *fault = !xml || !xmlDocGetRootElement(xml)
                            ? _("the XML is not well-formed from its beginning on")
                        : lj_xml_is_bomb(xml) ? _("its entities unfold without bound")
                                              : NULL;
    if (!fault)
        return xml;
    xmlFreeDoc(xml);
    g_set_error_literal(error, LJ_ERROR, LJ_ERROR_FORMAT, fault);
    return NULL;
}

bool
lj_xml_is(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

bool
lj_xml_is_first(const xmlNode *node)
{
    for (const xmlNode *before = node->prev; before; before = before->prev)
        if (lj_xml_is(before, (const char *)node->name))
            return false;
    return true;
}

char *
lj_xml_attribute(const xmlNode *node, const char *name)
{
    for (const xmlAttr *attribute = node->properties; attribute; attribute = attribute->next)
        if (strcmp((const char *)attribute->name, name) == 0) {
            xmlChar *value = xmlNodeListGetString(node->doc, attribute->children, 1);
            char *copy = g_strdup(value ? (const char *)value : "");
            xmlFree(value);
            return copy;
        }
    return NULL;
}

static xmlNode *
find(xmlNode *node, const char *name, int depth)
{
    for (; node && depth < 256; node = node->next) {
        if (lj_xml_is(node, name))
            return node;
        xmlNode *below =
            node->type == XML_ELEMENT_NODE ? find(node->children, name, depth + 1) : NULL;
        if (below)
            return below;
    }
    return NULL;
}

xmlNode *
lj_xml_find(xmlNode *node, const char *name)
{
    return node ? find(node->children, name, 0) : NULL;
}

char *
lj_xml_value(xmlNode *node, const char *name)
{
    xmlNode *found = lj_xml_find(node, name);
    xmlChar *content = found ? xmlNodeGetContent(found) : NULL;
    char *value = content ? g_strstrip(g_strdup((const char *)content)) : NULL;
    xmlFree(content);
    if (value && !*value)
        g_clear_pointer(&value, g_free);
    return value;
}
