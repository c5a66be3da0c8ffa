/* EPUB: the chapters in the order of the spine, and what the package says of the book. */
#include "extract/describe.h"
#include "extract/html.h"
#include "extract/zip.h"

#include <string.h>

#define CHAPTERS_CEILING 5000

static bool
wanted(const char *name)
{
    static const char *const endings[] = {".xml", ".opf", ".xhtml", ".html", ".htm"};
    for (size_t i = 0; i < G_N_ELEMENTS(endings); i++)
        if (g_str_has_suffix(name, endings[i]))
            return true;
    return false;
}

/* The entry that a href within a folder names. g_free. */
static char *
resolve(const char *folder, const char *href)
{
    char *plain = g_uri_unescape_string(href, NULL);
    char *path = g_build_filename(folder, plain ? plain : href, NULL);
    char *hash = strchr(path, '#');
    if (hash)
        *hash = 0;
    char *canonical = g_canonicalize_filename(path, "/");
    char *entry = g_strdup(canonical + 1);
    g_free(plain);
    g_free(path);
    g_free(canonical);
    return entry;
}

static void
add_metadata(struct lj_document *document, xmlNode *metadata)
{
    static const struct {
        const char *element, *field;
    } rows[] = {
        {"title", "title"},       {"creator", "author"},         {"subject", "subject"},
        {"language", "language"}, {"publisher", "organization"}, {"description", "description"}};
    for (xmlNode *node = metadata ? metadata->children : NULL; node; node = node->next) {
        xmlChar *content = node->type == XML_ELEMENT_NODE ? xmlNodeGetContent(node) : NULL;
        if (!content)
            continue;
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) /* the first row is the title */
            if (lj_xml_is(node, rows[i].element) &&
                (i > 0 || (!lj_document_field(document, "title") &&
                           !lj_describe_made_up((const char *)content))))
                lj_document_add_field(document, rows[i].field, (const char *)content);
        if (lj_xml_is(node, "date"))
            lj_describe_date(document, (const char *)content, LJ_DATE_MARKUP);
        xmlFree(content);
    }
}

/* The href of an item of the manifest. g_free; NULL: none, or not a page. */
static char *
item_href(xmlNode *manifest, const char *id)
{
    for (xmlNode *item = manifest ? manifest->children : NULL; item; item = item->next) {
        char *own = lj_xml_is(item, "item") ? lj_xml_attribute(item, "id") : NULL;
        bool found = own && strcmp(own, id) == 0;
        g_free(own);
        if (!found)
            continue;
        char *properties = lj_xml_attribute(item, "properties");
        bool contents = properties && strstr(properties, "nav");
        g_free(properties);
        return contents ? NULL : lj_xml_attribute(item, "href");
    }
    return NULL;
}

static void
write_spine(struct lj_writer *writer, struct lj_zip *zip, xmlNode *package, const char *folder)
{
    xmlNode *manifest = lj_xml_find(package, "manifest"), *spine = lj_xml_find(package, "spine");
    int chapters = 0;
    for (xmlNode *node = spine ? spine->children : NULL; node && chapters < CHAPTERS_CEILING;
         node = node->next) {
        char *id = lj_xml_is(node, "itemref") ? lj_xml_attribute(node, "idref") : NULL;
        char *href = id ? item_href(manifest, id) : NULL;
        char *entry = href ? resolve(folder, href) : NULL;
        GBytes *part = entry ? lj_zip_part(zip, entry) : NULL;
        if (part) {
            gsize length;
            const uint8_t *bytes = g_bytes_get_data(part, &length);
            lj_writer_line(writer, 2);
            lj_html_write(writer, bytes, length, NULL);
            chapters++;
        }
        g_free(id);
        g_free(href);
        g_free(entry);
    }
}

static bool
extract(struct lj_job *job, GError **error)
{
    struct lj_zip *zip = lj_zip_open(job, wanted, error);
    if (!zip)
        return false;
    struct lj_document *document = lj_job_document(job, "application/epub+zip");
    struct lj_writer writer = {.document = document, .max = (size_t)job->max_text};
    xmlDocPtr container = lj_zip_xml(zip, "META-INF/container.xml");
    xmlNode *rootfile = container ? lj_xml_find(xmlDocGetRootElement(container), "rootfile") : NULL;
    char *path = rootfile ? lj_xml_attribute(rootfile, "full-path") : NULL;
    xmlDocPtr package = path ? lj_zip_xml(zip, path) : NULL;
    if (package) {
        xmlNode *root = xmlDocGetRootElement(package);
        char *folder = g_path_get_dirname(path);
        add_metadata(document, lj_xml_find(root, "metadata"));
        write_spine(&writer, zip, root, folder);
        g_free(folder);
    }
    lj_writer_finish(&writer);
    lj_describe_parts(document);
    xmlFreeDoc(package);
    xmlFreeDoc(container);
    g_free(path);
    return lj_zip_emit(zip, job, document, error);
}

static bool
recognise(const struct lj_probe *probe)
{
    return lj_zip_mimetype(probe, "application/epub+zip") ||
           lj_zip_names(probe, "META-INF/container.xml");
}

const struct lj_format lj_format_epub = {"EPUB", "application/epub+zip", recognise, extract};
