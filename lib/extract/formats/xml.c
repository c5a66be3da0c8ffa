/* XML of laws and gazettes: Akoma Ntoso (OASIS LegalDocML), BOE's and LeyChile's schemes, and any
 * other, whose elements become lines. Articles, chapters and titles become sections. */
#include "extract/charset.h"
#include "extract/describe.h"
#include "extract/formats.h"
#include "extract/writer.h"
#include "extract/zip.h"
#include "i18n.h"

#include <string.h>

#define DEPTH_CEILING 200

/* Elements by their local name in lower case. */
static bool
is_one_of(const char *name, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (g_ascii_strcasecmp(name, names[i]) == 0)
            return true;
    return false;
}
#define ONE_OF(name, ...)                                                                          \
    is_one_of(name, (const char *const[]){__VA_ARGS__},                                            \
              sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static bool
is_inline(const char *name)
{
    return ONE_OF(name, "b", "i", "u", "em", "strong", "span", "sup", "sub", "a", "ref", "mref",
                  "rref", "date", "num", "heading", "subheading", "def", "term", "person",
                  "organization", "role", "location", "placeholder", "noteref", "ins", "quotedtext",
                  "inline", "docnumber", "doctitle", "docdate", "doctype", "abbr", "concept",
                  "entity", "session", "legislature", "font", "acronym", "negrita", "cursiva",
                  "marker", "docproponent", "docpurpose", "shorttitle", "change", "remark");
}

/* Level of an element that holds a part with num and heading of its own; 0: none. */
static uint32_t
part_level(const char *name)
{
    static const struct {
        const char *name;
        uint32_t level;
    } parts[] = {{"book", 1},     {"libro", 1},       {"part", 1},    {"tome", 1},
                 {"title", 2},    {"titulo", 2},      {"annex", 2},   {"chapter", 3},
                 {"capitulo", 3}, {"section", 4},     {"seccion", 4}, {"article", 5},
                 {"articulo", 5}, {"transitional", 2}};
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        if (g_ascii_strcasecmp(name, parts[i].name) == 0)
            return parts[i].level;
    return 0;
}

/* BOE marks headings by the class of a paragraph: "articulo", "capitulo_num", "titulo_tit". */
static uint32_t
class_level(const xmlNode *node)
{
    if (!lj_xml_is(node, "p"))
        return 0;
    char *class = lj_xml_attribute(node, "class");
    char *under = class ? strchr(class, '_') : NULL;
    if (under)
        *under = 0;
    uint32_t level = class ? strcmp(class, "anexo") == 0 ? 2 : part_level(class) : 0;
    g_free(class);
    return level;
}

struct walk {
    struct lj_writer writer;
    bool has_body; /* what the scheme says about itself is then no text */
};

static bool
is_apart(const struct walk *walk, const char *name)
{
    if (ONE_OF(name, "meta", "style", "script"))
        return true;
    return walk->has_body && ONE_OF(name, "metadatos", "analisis", "identificador", "metadata");
}

static void write_nodes(struct walk *walk, xmlNode *node, int depth);

/* A part: its num and heading on one line, marked; then the rest. */
static void
write_part(struct walk *walk, xmlNode *node, uint32_t level, int depth)
{
    struct lj_writer *w = &walk->writer;
    size_t begin = lj_writer_begin(w, 2);
    bool headed = false;
    for (xmlNode *child = node->children; child; child = child->next)
        if (lj_xml_is(child, "num") || lj_xml_is(child, "heading")) {
            lj_writer_text(w, " ");
            write_nodes(walk, child->children, depth + 1);
            headed = true;
        }
    if (headed) {
        lj_writer_heading(w, begin, level);
        lj_writer_line(w, 1);
    }
    for (xmlNode *child = node->children; child; child = child->next) {
        if (lj_xml_is(child, "num") || lj_xml_is(child, "heading"))
            continue;
        xmlNode *next = child->next; /* one child at a time */
        child->next = NULL;
        write_nodes(walk, child, depth + 1);
        child->next = next;
    }
    lj_writer_line(w, 1);
}

static void
write_nodes(struct walk *walk, xmlNode *node, int depth)
{
    struct lj_writer *w = &walk->writer;
    for (; node && depth < DEPTH_CEILING && !lj_writer_full(w); node = node->next) {
        if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) {
            lj_writer_text(w, (const char *)node->content);
            continue;
        }
        if (node->type != XML_ELEMENT_NODE)
            continue;
        const char *name = (const char *)node->name;
        if (is_apart(walk, name))
            continue;
        uint32_t level = part_level(name);
        if (level > 0 && (lj_xml_find(node, "num") || lj_xml_find(node, "heading"))) {
            write_part(walk, node, level, depth);
            continue;
        }
        if (ONE_OF(name, "br", "eol")) {
            lj_writer_line(w, 1);
            continue;
        }
        bool line = !is_inline(name), cell = ONE_OF(name, "td", "th", "tc");
        /* LeyChile and others keep lines as set within one element. */
        bool kept = ONE_OF(name, "texto", "pre") && node->children && !node->children->next;
        level = class_level(node);
        w->pre += kept;
        if (cell && node->prev)
            lj_writer_tab(w);
        size_t begin = lj_writer_begin(w, cell || !line                           ? 0
                                          : ONE_OF(name, "p", "texto", "content") ? 1
                                                                                  : 1);
        write_nodes(walk, node->children, depth + 1);
        if (level > 0)
            lj_writer_heading(w, begin, level);
        lj_writer_line(w, cell || !line ? 0 : 1);
        w->pre -= kept;
    }
}

/* --- what the document says of itself -------------------------------------------------------- */

struct said {
    struct lj_document *document;
    char *date, *title;
    int rank, title_rank;
    int nodes;
};

/* What names the norm itself, best first. An alias may be an address ("/cl/ley/21000"): it is none. */
static void
offer_title(struct said *said, const char *value, int rank)
{
    if (!value || !*value || (said->title && said->title_rank <= rank) ||
        (rank > 1 && !strchr(value, ' ')))
        return;
    g_free(said->title);
    said->title = g_strdup(value);
    said->title_rank = rank;
}

static void
offer_date(struct said *said, const char *value, int rank)
{
    char *iso = NULL;
    if (!value || (said->date && said->rank <= rank))
        return;
    if (strlen(value) == 8 && strspn(value, "0123456789") == 8) /* 20020712 */
        iso = g_strdup_printf("%.4s-%.2s-%.2s", value, value + 4, value + 6);
    g_free(said->date);
    said->date = iso ? iso : g_strdup(value);
    said->rank = rank;
}

/* Names of elements and attributes that hold a date, best first. */
static const char *const dates[] = {"fecha_publicacion",  "fechapublicacion",
                                    "fecha_disposicion",  "fechapromulgacion",
                                    "fecha_promulgacion", "fecha_ingreso",
                                    "fecha_documento",    "publicationdate",
                                    "datepublished",      "fecha"};

/* Once each; of what is said of parts, too, as their type, the first counts. */
static void
add(struct lj_document *document, const char *field, const char *value)
{
    bool list = strcmp(field, "subject") == 0 || strcmp(field, "organization") == 0;
    if (!list && lj_document_field(document, field))
        return;
    for (guint i = 0; i < document->properties->len; i++) {
        const struct lj_property *property =
            &g_array_index(document->properties, struct lj_property, i);
        if (strcmp(property->name, field) == 0 && value && strcmp(property->value, value) == 0)
            return;
    }
    lj_document_add_field(document, field, value);
}

static void
read_said(struct said *said, xmlNode *node, int depth)
{
    static const struct {
        const char *name, *field;
    } rows[] = {{"rango", "type"},
                {"tipo", "type"},
                {"departamento", "organization"},
                {"organismo", "organization"},
                {"materia", "subject"},
                {"identificador", "identifier"},
                {"numero_oficial", "number"},
                {"numero", "number"},
                {"url_eli", "url"},
                {"nombreusocomun", "alias"},
                {"boletin", "number"}};
    static const struct {
        const char *name;
        int rank;
    } titles[] = {{"titulonorma", 0}, {"titulo", 1},     {"doctitle", 1}, {"frbralias", 2},
                  {"frbrname", 3},    {"shorttitle", 4}, {"title", 5}};
    for (; node && depth < DEPTH_CEILING && said->nodes < 200000;
         node = node->next, said->nodes++) {
        if (node->type != XML_ELEMENT_NODE)
            continue;
        const char *name = (const char *)node->name;
        bool leaf =
            node->children && node->children->type == XML_TEXT_NODE && !node->children->next;
        xmlChar *content = leaf || ONE_OF(name, "doctitle") ? xmlNodeGetContent(node) : NULL;
        if (content && xmlStrlen(content) < 4000) {
            char *value = g_strstrip(g_strdup((const char *)content));
            for (char *p = value; *p; p++)
                if (*p == '\n' || *p == '\t')
                    *p = ' ';
            for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
                if (g_ascii_strcasecmp(rows[i].name, name) == 0)
                    add(said->document, rows[i].field, value);
            for (size_t i = 0; i < G_N_ELEMENTS(titles); i++)
                if (g_ascii_strcasecmp(titles[i].name, name) == 0)
                    offer_title(said, value, titles[i].rank);
            for (size_t i = 0; i < G_N_ELEMENTS(dates); i++)
                if (g_ascii_strcasecmp(dates[i], name) == 0)
                    offer_date(said, value, 10 + (int)i);
            g_free(value);
        }
        xmlFree(content);
        for (const xmlAttr *attribute = node->properties; attribute; attribute = attribute->next)
            for (size_t i = 0; i < G_N_ELEMENTS(dates); i++)
                if (g_ascii_strcasecmp(dates[i], (const char *)attribute->name) == 0) {
                    char *value = lj_xml_attribute(node, (const char *)attribute->name);
                    offer_date(said, value, 10 + (int)i);
                    g_free(value);
                }
        if (lj_xml_is(node, "FRBRalias") || lj_xml_is(node, "FRBRname")) {
            char *value = lj_xml_attribute(node, "value");
            offer_title(said, value, name[4] == 'a' ? 2 : 3);
            g_free(value);
        } else if (lj_xml_is(node, "FRBRdate") && node->parent &&
                   lj_xml_is(node->parent, "FRBRWork")) {
            char *value = lj_xml_attribute(node, "date");
            offer_date(said, value, 0);
            g_free(value);
        } else if (lj_xml_is(node, "FRBRcountry") || lj_xml_is(node, "FRBRlanguage")) {
            char *value = lj_xml_attribute(node, name[4] == 'c' ? "value" : "language");
            add(said->document, name[4] == 'c' ? "country" : "language", value);
            g_free(value);
        } else if (lj_xml_is(node, "publication")) {
            char *value = lj_xml_attribute(node, "date");
            offer_date(said, value, 30);
            g_free(value);
        }
        read_said(said, node->children, depth + 1);
    }
}

static bool
extract(struct lj_job *job, GError **error)
{
    xmlDocPtr xml = lj_xml_read(job, error);
    if (!xml)
        return false;
    xmlNode *root = xmlDocGetRootElement(xml);
    struct lj_document *document = lj_job_document(job, "text/xml");
    if (g_ascii_strcasecmp((const char *)root->name, "akomaNtoso") == 0) {
        lj_document_drop(document, document->mime);
        document->mime = g_strdup("application/akn+xml");
    }
    document->cut = !job->input->all;
    if (xml->encoding) {
        document->charset = g_ascii_strdown((const char *)xml->encoding, -1);
        document->charset_from = g_strdup("declared");
    }
    struct walk walk = {.writer = {.document = document, .max = (size_t)job->max_text}};
    walk.has_body = lj_xml_find(root, "texto") && !lj_xml_is(root, "response");
    walk.has_body =
        walk.has_body || lj_xml_find(root, "EstructurasFuncionales") || lj_xml_find(root, "body");
    struct said said = {.document = document};
    read_said(&said, root, 0);
    if (said.title)
        lj_document_add_field(document, "title", said.title);
    g_free(said.title);
    write_nodes(&walk, root, 0);
    lj_writer_finish(&walk.writer);
    lj_text_clean(document->text);
    if (said.date)
        lj_describe_date(document, said.date, LJ_DATE_MARKUP);
    g_free(said.date);
    xmlFreeDoc(xml);
    lj_describe_parts(document);
    lj_job_emit(job, document);
    return true;
}

static bool
recognise(const struct lj_probe *probe)
{
    if (probe->length == 0)
        return false;
    const char *text = (const char *)probe->head, *end = text + probe->length;
    if (probe->magic || lj_flat_odf(probe->head, probe->length))
        return false;
    if (end - text > 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        text += 3;
    while (text < end && strchr(" \t\r\n", *text) && *text)
        text++;
    if (end - text < 6 || *text != '<')
        return false;
    if (memcmp(text, "<?xml", 5) == 0)
        return true;
    return strcmp(probe->extension, "xml") == 0 || strcmp(probe->extension, "akn") == 0;
}

const struct lj_format lj_format_xml = {"XML", "text/xml application/xml application/akn+xml",
                                        recognise, extract};
