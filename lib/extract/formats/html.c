/* HTML as libxml2 reads it: headings become sections, blocks lines; scripts, styles, menus and
 * forms are left out. Of a page of the web the main text is kept: what is navigation by its name, its place
 * or its share of links goes, unless hardly anything would be left. What meta tags, <title>, <time> and
 * JSON-LD say becomes fields. */
#include "extract/charset.h"
#include "extract/describe.h"
#include "extract/formats.h"
#include "extract/html.h"
#include "extract/writer.h"
#include "i18n.h"

#include <jansson.h>
#include <libxml/HTMLparser.h>
#include <string.h>

#define DEPTH_CEILING 500

enum element {
    INLINE,
    BLOCK,     /* begins and ends a line */
    PARAGRAPH, /* with an empty line before and after */
    HEADING,
    CELL, /* a tab before, but for the first of a row */
    BREAK,
    PRE,
    SKIP,
};

static const struct {
    const char *name;
    enum element what;
} elements[] = {
    {"address", BLOCK},
    {"article", BLOCK},
    {"aside", BLOCK},
    {"base", SKIP},
    {"blockquote", PARAGRAPH},
    {"br", BREAK},
    {"button", SKIP},
    {"canvas", SKIP},
    {"caption", BLOCK},
    {"center", BLOCK},
    {"datalist", SKIP},
    {"dd", BLOCK},
    {"details", BLOCK},
    {"dialog", SKIP},
    {"dir", BLOCK},
    {"div", BLOCK},
    {"dl", BLOCK},
    {"dt", BLOCK},
    {"embed", SKIP},
    {"fieldset", BLOCK},
    {"figcaption", BLOCK},
    {"figure", BLOCK},
    {"footer", BLOCK},
    {"form", BLOCK},
    {"h1", HEADING},
    {"h2", HEADING},
    {"h3", HEADING},
    {"h4", HEADING},
    {"h5", HEADING},
    {"h6", HEADING},
    {"head", SKIP},
    {"header", BLOCK},
    {"hr", BLOCK},
    {"iframe", SKIP},
    {"input", SKIP},
    {"li", BLOCK},
    {"link", SKIP},
    {"main", BLOCK},
    {"math", SKIP},
    {"menu", SKIP},
    {"meta", SKIP},
    {"nav", SKIP},
    {"noscript", BLOCK},
    {"object", SKIP},
    {"ol", BLOCK},
    {"option", SKIP},
    {"p", PARAGRAPH},
    {"pre", PRE},
    {"script", SKIP},
    {"section", BLOCK},
    {"select", SKIP},
    {"style", SKIP},
    {"summary", BLOCK},
    {"svg", SKIP},
    {"table", PARAGRAPH},
    {"tbody", BLOCK},
    {"td", CELL},
    {"template", SKIP},
    {"textarea", SKIP},
    {"tfoot", BLOCK},
    {"th", CELL},
    {"thead", BLOCK},
    {"title", SKIP},
    {"tr", BLOCK},
    {"ul", BLOCK},
    {"video", SKIP},
};

static int
compare_element(const void *name, const void *row)
{
    return strcmp(name, *(const char *const *)row);
}

static enum element
element_kind(const char *name)
{
    const void *row =
        bsearch(name, elements, G_N_ELEMENTS(elements), sizeof *elements, compare_element);
    return row ? elements[((const char *)row - (const char *)elements) / sizeof *elements].what
               : INLINE;
}

/* --- text ------------------------------------------------------------------------------------ */

static char *
attribute(const xmlNode *node, const char *name)
{
    xmlChar *value = xmlGetProp(node, (const xmlChar *)name);
    char *copy = g_strdup((const char *)value);
    xmlFree(value);
    return copy;
}

static bool
is_hidden(const xmlNode *node)
{
    if (!node->properties)
        return false;
    char *hidden = attribute(node, "hidden"), *style = attribute(node, "style"),
         *role = attribute(node, "role");
    bool yes = hidden != NULL;
    if (style) {
        char *end = style;
        for (char *p = style; *p; p++) /* "display : none" */
            if (*p != ' ')
                *end++ = g_ascii_tolower(*p);
        *end = 0;
        yes = yes || strstr(style, "display:none") || strstr(style, "visibility:hidden");
    }
    yes = yes ||
          (role && (!strcmp(role, "navigation") || !strcmp(role, "search") ||
                    !strcmp(role, "banner") || !strcmp(role, "menu") || !strcmp(role, "menubar")));
    g_free(hidden);
    g_free(style);
    g_free(role);
    return yes;
}

/* --- the main text ---------------------------------------------------------------------------- */

/* Letters in an element, those of links among them. */
struct share {
    uint32_t text, link, links;
    bool heading; /* an h1 is within */
};

struct page {
    GArray *shares; /* struct share; an element's _private is its place plus one */
    struct share all;
    const xmlNode *main; /* where the main text is marked; NULL: nowhere */
    struct share main_share;
};

static uint32_t
count_visible(const char *text)
{
    uint32_t n = 0;
    for (; text && *text; text++)
        n += (uint8_t)*text > ' ';
    return n;
}

/* Words in class and id, as government sites name what is not the text. */
static bool
is_named_aside(const xmlNode *node)
{
    static const char *const words[] = {
        "nav",         "navbar",     "navigation",   "menu",         "menus",         "breadcrumb",
        "breadcrumbs", "migas",      "footer",       "pie",          "cookie",        "cookies",
        "sidebar",     "lateral",    "share",        "sharing",      "compartir",     "social",
        "redes",       "modal",      "login",        "popup",        "search",        "buscador",
        "busqueda",    "related",    "relacionados", "relacionadas", "comments",      "comentarios",
        "pagination",  "paginacion", "paginador",    "skip",         "accesibilidad", "banner",
        "publicidad",  "newsletter", "widget",       "toolbar",      "topbar",        "offcanvas",
        "mapa",        "copyright",  "toc",          "dropdown",     "suscripcion"};
    static const char *const attributes[] = {"class", "id"};
    bool found = false;
    for (size_t a = 0; a < G_N_ELEMENTS(attributes) && !found; a++) {
        char *value = attribute(node, attributes[a]);
        if (!value)
            continue;
        for (char *p = value; *p; p++)
            *p = g_ascii_isalnum(*p) ? g_ascii_tolower(*p) : ' ';
        char **parts = g_strsplit(value, " ", 40);
        for (char **part = parts; *part && !found; part++)
            for (size_t i = 0; i < G_N_ELEMENTS(words) && !found; i++)
                found = strcmp(*part, words[i]) == 0;
        g_strfreev(parts);
        g_free(value);
    }
    return found;
}

static bool
is_main(const xmlNode *node)
{
    static const char *const names[] = {"main-content",
                                        "contenido",
                                        "content",
                                        "main",
                                        "cuerpo",
                                        "principal",
                                        "contenido-principal",
                                        "contenidoprincipal",
                                        "article-body",
                                        "entry-content",
                                        "post-content",
                                        "articulo",
                                        "texto",
                                        "documento",
                                        "dispo"};
    if (strcmp((const char *)node->name, "main") == 0 ||
        strcmp((const char *)node->name, "article") == 0)
        return true;
    char *role = attribute(node, "role"), *id = attribute(node, "id"),
         *class = attribute(node, "class");
    bool found = role && strcmp(role, "main") == 0;
    for (size_t i = 0; i < G_N_ELEMENTS(names) && !found; i++)
        found = (id && g_ascii_strcasecmp(id, names[i]) == 0) ||
                (class && g_ascii_strcasecmp(class, names[i]) == 0);
    g_free(role);
    g_free(id);
    g_free(class);
    return found;
}

static const struct share *
share_of(const struct page *page, const xmlNode *node)
{
    guint place = GPOINTER_TO_UINT(node->_private);
    return place > 0 && place <= page->shares->len
               ? &g_array_index(page->shares, struct share, place - 1)
               : NULL;
}

/* Is an element beside the text? page NULL: nothing is. */
static bool
is_aside(const struct page *page, const xmlNode *node)
{
    const struct share *own = page ? share_of(page, node) : NULL;
    if (!own || own->text == 0 || own->text * 2 > page->all.text)
        return false;
    const char *name = (const char *)node->name;
    bool linked = own->link * 10 >= own->text * 7 && own->links >= 3;
    bool titled = own->heading && own->link * 2 < own->text;
    if (!strcmp(name, "aside") || !strcmp(name, "footer") || !strcmp(name, "noscript"))
        return true;
    if (!strcmp(name, "header"))
        return !titled;
    enum element kind = element_kind(name);
    if (kind != BLOCK && kind != PARAGRAPH && kind != CELL)
        return false;
    return linked || (!titled && own->text * 3 < page->all.text && is_named_aside(node));
}

static struct share
measure(struct page *page, xmlNode *node, bool link, int depth)
{
    struct share sum = {0};
    for (; node && depth <= DEPTH_CEILING; node = node->next) {
        if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) {
            uint32_t n = count_visible((const char *)node->content);
            sum.text += n;
            sum.link += link ? n : 0;
        }
        if (node->type != XML_ELEMENT_NODE)
            continue;
        const char *name = (const char *)node->name;
        if (element_kind(name) == SKIP || is_hidden(node))
            continue;
        bool anchor = strcmp(name, "a") == 0 && xmlHasProp(node, (const xmlChar *)"href");
        struct share own = measure(page, node->children, link || anchor, depth + 1);
        own.links += anchor;
        own.heading |= strcmp(name, "h1") == 0;
        g_array_append_val(page->shares, own);
        node->_private = GUINT_TO_POINTER(page->shares->len);
        if (own.text > 0 && element_kind(name) == BLOCK && is_main(node) &&
            own.text - own.link > page->main_share.text - page->main_share.link) {
            page->main = node;
            page->main_share = own;
        }
        sum.text += own.text;
        sum.link += own.link;
        sum.links += own.links;
        sum.heading |= own.heading;
    }
    return sum;
}

/* Is the block a cell's whole content, and of one line? <td><p>Sonora</p></td> is a cell like any. */
static bool
fills_cell(const xmlNode *node)
{
    if (!node->parent || element_kind((const char *)node->parent->name) != CELL)
        return false;
    for (const xmlNode *other = node->parent->children; other; other = other->next)
        if (other != node && other->type == XML_ELEMENT_NODE)
            return false;
    for (const xmlNode *inner = node->children; inner; inner = inner->next)
        if (inner->type == XML_ELEMENT_NODE && element_kind((const char *)inner->name) != INLINE)
            return false;
    return true;
}

/* Counts the digits of what a link says; 9: it says something else, too. */
static int
count_digits(const xmlNode *node, int depth)
{
    int digits = 0;
    for (; node && digits < 9; node = node->next) {
        if (node->type == XML_TEXT_NODE)
            for (const xmlChar *p = node->content; p && *p && digits < 9; p++)
                digits = g_ascii_isdigit(*p) ? digits + 1 : g_ascii_isspace(*p) ? digits : 9;
        else if (node->type == XML_ELEMENT_NODE)
            digits = depth < 3 ? MIN(9, digits + count_digits(node->children, depth + 1)) : 9;
    }
    return digits;
}

/* "antecedentes<a href="#n1"><sup>1</sup></a>": the mark of a note is no part of the word before it. */
static bool
is_note_mark(const xmlNode *node)
{
    int digits = strcmp((const char *)node->name, "a") == 0 ? count_digits(node->children, 0) : 0;
    return digits >= 1 && digits <= 3;
}

static void
walk(struct lj_writer *w, const xmlNode *node, const struct page *page, int depth)
{
    if (depth > DEPTH_CEILING)
        return;
    for (; node && !lj_writer_full(w); node = node->next) {
        if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) {
            lj_writer_text(w, (const char *)node->content);
            continue;
        }
        if (node->type != XML_ELEMENT_NODE)
            continue;
        enum element kind = element_kind((const char *)node->name);
        if (kind == SKIP || is_hidden(node) || is_aside(page, node))
            continue;
        int lines = kind == BLOCK ? 1 : kind == PARAGRAPH || kind == HEADING || kind == PRE ? 2 : 0;
        if (lines > 0 && kind != PRE && fills_cell(node))
            lines = 0;
        if (kind == BREAK)
            lj_writer_line(w, w->newlines + 1);
        if (kind == CELL) {
            const xmlNode *before = node->prev;
            while (before && before->type != XML_ELEMENT_NODE)
                before = before->prev;
            if (before)
                lj_writer_tab(w);
        }
        w->pre += kind == PRE;
        const bool mark = is_note_mark(node);
        size_t begin = lj_writer_begin(w, lines);
        if (mark)
            lj_writer_text(w, " ");
        walk(w, node->children, page, depth + 1);
        if (mark)
            lj_writer_text(w, " ");
        w->pre -= kind == PRE;
        if (kind == HEADING)
            lj_writer_heading(w, begin, (uint32_t)(node->name[1] - '0'));
        lj_writer_line(w, lines);
    }
}

/* --- what the page says of itself ------------------------------------------------------------ */

struct said {
    char *title, *heading; /* <title>; og:title */
    char *times;           /* the first <time> outside of the text */
    bool several;          /* … and there are others */
    char *date;
    int date_rank;
};

static const struct {
    const char *name; /* lower case */
    const char *field;
} metas[] = {
    {"author", "author"},
    {"dc.creator", "author"},
    {"dcterms.creator", "author"},
    {"article:author", "author"},
    {"citation_author", "author"},
    {"keywords", "subject"},
    {"dc.subject", "subject"},
    {"dcterms.subject", "subject"},
    {"description", "description"},
    {"dc.description", "description"},
    {"og:description", "description"},
    {"dc.publisher", "organization"},
    {"dcterms.publisher", "organization"},
    {"publisher", "organization"},
    {"dc.language", "language"},
    {"dcterms.language", "language"},
    {"dc.type", "type"},
    {"dcterms.type", "type"},
    {"og:url", "url"},
};

/* Best first. */
static const char *const date_metas[] = {
    "dcterms.issued",
    "dc.date.issued",
    "citation_publication_date",
    "article:published_time",
    "datepublished",
    "dcterms.date",
    "dc.date",
    "dcterms.created",
    "dc.date.created",
    "citation_date",
    "date",
    "fecha",
    "pubdate",
    "publish_date",
    "publication_date",
    "sailthru.date",
    "og:published_time",
};

static void
offer_date(struct said *said, const char *value, int rank)
{
    if (!value || !*value || (said->date && said->date_rank <= rank))
        return;
    g_free(said->date);
    said->date = g_strdup(value);
    said->date_rank = rank;
}

static void
add_once(struct lj_document *document, const char *field, const char *value)
{
    const struct lj_field *row = lj_field_find(field, -1);
    if ((row && row->list) || !lj_document_field(document, field))
        lj_document_add_field(document, field, value);
}

static void
read_meta(struct lj_document *document, const xmlNode *node, struct said *said)
{
    char *name = attribute(node, "name"), *content = attribute(node, "content");
    if (!name)
        name = attribute(node, "property");
    if (!name)
        name = attribute(node, "itemprop");
    if (name && content) {
        for (char *p = name; *p; p++)
            *p = g_ascii_tolower(*p);
        for (size_t i = 0; i < G_N_ELEMENTS(metas); i++) {
            if (strcmp(metas[i].name, name) != 0)
                continue;
            if (strcmp(metas[i].field, "subject") == 0) {
                char **parts = g_strsplit_set(content, ",;", 64);
                for (char **part = parts; *part; part++)
                    add_once(document, "subject", *part);
                g_strfreev(parts);
            } else if (strcmp(metas[i].field, "author") != 0 || !strstr(content, "://")) {
                add_once(document, metas[i].field, content);
            }
        }
        for (size_t i = 0; i < G_N_ELEMENTS(date_metas); i++)
            if (strcmp(date_metas[i], name) == 0)
                offer_date(said, content, (int)i);
        if (!said->heading && (!strcmp(name, "og:title") || !strcmp(name, "dc.title") ||
                               !strcmp(name, "dcterms.title") || !strcmp(name, "citation_title")))
            said->heading = g_strdup(content);
    }
    g_free(name);
    g_free(content);
}

/* {"@type":"NewsArticle","datePublished":…,"headline":…}, perhaps within "@graph". */
static void
read_linked(struct lj_document *document, const json_t *value, struct said *said, int depth)
{
    if (depth > 8)
        return;
    if (json_is_array(value)) {
        size_t i;
        json_t *item;
        json_array_foreach(value, i, item) read_linked(document, item, said, depth + 1);
    } else if (json_is_object(value)) {
        static const char *const people[][2] = {{"author", "author"},
                                                {"publisher", "organization"}};
        for (size_t i = 0; i < G_N_ELEMENTS(people); i++) {
            const json_t *who = json_object_get(value, people[i][0]);
            if (json_is_array(who))
                who = json_array_get(who, 0);
            if (json_is_object(who))
                who = json_object_get(who, "name");
            if (json_is_string(who) && !strstr(json_string_value(who), "://"))
                add_once(document, people[i][1], json_string_value(who));
        }
        const char *headline = json_string_value(json_object_get(value, "headline"));
        if (headline && !said->heading)
            said->heading = g_strdup(headline);
        const char *date = json_string_value(json_object_get(value, "datePublished"));
        if (!date)
            date = json_string_value(json_object_get(value, "legislationDate"));
        offer_date(said, date, 4);
        read_linked(document, json_object_get(value, "@graph"), said, depth + 1);
    }
}

/* <time>: the page's own date where it says so or stands in the text; elsewhere it is that of an event or of
 * the next piece of news. */
static void
read_time(const xmlNode *node, struct said *said)
{
    char *when = attribute(node, "datetime"), *what = attribute(node, "itemprop"),
         *class = attribute(node, "class");
    if (!when) {
        xmlChar *content = xmlNodeGetContent(node);
        when = g_strdup((const char *)content);
        xmlFree(content);
    }
    bool own = (what && strcmp(what, "datePublished") == 0) ||
               xmlHasProp(node, (const xmlChar *)"pubdate") ||
               (class &&
                (strstr(class, "publi") || strstr(class, "entry-date") || strstr(class, "fecha")));
    bool within = false;
    for (const xmlNode *up = node->parent; up && up->type == XML_ELEMENT_NODE && !within;
         up = up->parent)
        within =
            !strcmp((const char *)up->name, "article") || !strcmp((const char *)up->name, "main");
    if (own || within) {
        offer_date(said, when, own ? 20 : 100);
    } else if (!said->times) {
        said->times = g_strdup(when);
    } else if (when && strcmp(said->times, when) != 0) {
        said->several = true;
    }
    g_free(when);
    g_free(what);
    g_free(class);
}

static void
read_said(struct lj_document *document, const xmlNode *node, struct said *said, int depth)
{
    if (depth > DEPTH_CEILING)
        return;
    for (; node; node = node->next) {
        if (node->type != XML_ELEMENT_NODE)
            continue;
        const char *name = (const char *)node->name;
        if (strcmp(name, "meta") == 0) {
            read_meta(document, node, said);
        } else if (strcmp(name, "title") == 0 && !said->title) {
            xmlChar *content = xmlNodeGetContent(node);
            said->title = g_strdup((const char *)content);
            xmlFree(content);
        } else if (strcmp(name, "html") == 0) {
            char *language = attribute(node, "lang");
            if (language)
                add_once(document, "language", language);
            g_free(language);
        } else if (strcmp(name, "link") == 0) {
            char *rel = attribute(node, "rel"), *href = attribute(node, "href");
            if (rel && href && strcmp(rel, "canonical") == 0 && strstr(href, "://"))
                add_once(document, "url", href);
            g_free(rel);
            g_free(href);
        } else if (strcmp(name, "time") == 0) {
            read_time(node, said);
        } else if (strcmp(name, "script") == 0) {
            char *type = attribute(node, "type");
            if (type && strcmp(type, "application/ld+json") == 0) {
                xmlChar *content = xmlNodeGetContent(node);
                json_t *linked = content ? json_loads((const char *)content, 0, NULL) : NULL;
                read_linked(document, linked, said, 0);
                json_decref(linked);
                xmlFree(content);
            }
            g_free(type);
            continue;
        }
        read_said(document, node->children, said, depth + 1);
    }
}

static void
collapse(char *text)
{
    char *to = text;
    for (char *p = text; *p; p++) {
        char c = *p == '\n' || *p == '\t' || *p == '\r' ? ' ' : *p;
        if (c != ' ' || (to > text && to[-1] != ' '))
            *to++ = c;
    }
    *to = 0;
}

/* The charset a page declares in its first kilobytes: <?xml encoding>, <meta charset>, <meta
 * http-equiv>. The first one counts. g_free; NULL: none. */
static char *
declared_charset(const uint8_t *bytes, size_t length)
{
    const char *head = (const char *)bytes;
    gssize left = (gssize)MIN(length, 8192);
    if (!bytes)
        return NULL;
    const char *p = head, *end = head + left;
    while (p < end) {
        const char *c = memchr(p, 'c', (size_t)(end - p)), *C = memchr(p, 'C', (size_t)(end - p));
        const char *e = left > 5 && memcmp(head, "<?xml", 5) == 0 && p == head
                            ? g_strstr_len(head, MIN(left, 200), "encoding")
                            : NULL;
        if (e) {
            p = e + 8;
        } else {
            if (!c || (C && C < c))
                c = C;
            if (!c)
                return NULL;
            if (end - c < 8 || g_ascii_strncasecmp(c, "charset", 7) != 0) {
                p = c + 1;
                continue;
            }
            p = c + 7;
        }
        while (p < end && strchr(" \t=\"'", *p) && *p)
            p++;
        size_t n = 0;
        while (p + n < end && (g_ascii_isalnum(p[n]) || p[n] == '-' || p[n] == '_' || p[n] == ':'))
            n++;
        if (n > 2 && n < 40)
            return g_strndup(p, n);
    }
    return NULL;
}

static htmlDocPtr
parse(const char *source, size_t length)
{
    return htmlReadMemory(source, (int)MIN(length, (size_t)INT_MAX - 1), NULL, "UTF-8",
                          HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                              HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC | HTML_PARSE_COMPACT);
}

void
lj_html_write(struct lj_writer *writer, const uint8_t *bytes, size_t length, const char *charset)
{
    char *declared = charset ? g_strdup(charset) : declared_charset(bytes, length);
    struct lj_charset how = {.declared = declared};
    GString *source = g_string_new(NULL);
    lj_charset_decode(bytes, length, &how, writer->max * 2, source);
    g_free(declared);
    htmlDocPtr page = parse(source->str, source->len);
    g_string_free(source, TRUE);
    if (page)
        walk(writer, xmlDocGetRootElement(page), NULL, 0);
    xmlFreeDoc(page);
}

/* The main text, or all where next to nothing would be left of it. */
static void
write_main(struct lj_document *document, xmlNode *root, size_t max)
{
    struct page page = {.shares = g_array_new(FALSE, FALSE, sizeof(struct share))};
    page.all = measure(&page, root, false, 0);
    const struct share *main = &page.main_share;
    const xmlNode *from = root;
    /* Marked, and most of what is no link: the rest is around it. */
    if (page.main && (main->text - main->link) * 2 >= page.all.text - page.all.link) {
        from = page.main->children;
        page.all = *main;
    }
    for (int round = 0; round < 2; round++) {
        struct lj_writer writer = {.document = document, .max = max};
        walk(&writer, round == 0 ? from : root, round == 0 ? &page : NULL, 0);
        lj_writer_finish(&writer);
        uint32_t left = count_visible(document->text->str);
        if (left >= 200 || left * 4 >= page.all.text)
            break;
        if (round == 0) {
            g_string_truncate(document->text, 0);
            g_array_set_size(document->marks, 0);
        }
    }
    g_array_unref(page.shares);
}

/* "Ley de Armas | Gobierno": the heading of the page, where the title is it and the name of the site. */
static const char *
better_title(const struct lj_document *document, const char *title)
{
    const char *heading = NULL;
    for (guint i = 0; i < document->marks->len && !heading; i++) {
        const struct lj_mark *mark = &g_array_index(document->marks, struct lj_mark, i);
        if (mark->kind == LJ_MARK_SECTION && mark->level == 1)
            heading = mark->label;
    }
    if (!heading)
        return title;
    static const char *const empty[] = {"inicio",       "home",     "portada",
                                        "principal",    "document", "documento sin titulo",
                                        "pagina nueva", "index"};
    char *folded = lj_schema_fold(title, -1), *own = lj_schema_fold(heading, -1);
    size_t n = strlen(own);
    bool yields = lj_describe_made_up(title);
    for (size_t i = 0; i < G_N_ELEMENTS(empty); i++)
        yields |= strcmp(folded, empty[i]) == 0;
    /* blank, sign, blank behind it */
    yields |= n >= 8 && strncmp(folded, own, n) == 0 && folded[n] == ' ' && folded[n + 1] != 0 &&
              (strchr("-|:", folded[n + 1]) || (uint8_t)folded[n + 1] >= 0x80);
    g_free(folded);
    g_free(own);
    return yields ? heading : title;
}

static bool
extract(struct lj_job *job, GError **error)
{
    if (!lj_input_fill(job->input, (size_t)job->max_text * 2 + 64, error))
        return false;
    struct lj_document *document = lj_job_document(job, "text/html");
    char *declared = declared_charset(job->input->bytes, job->input->length);
    struct lj_charset how = {.given = job->encoding,
                             .declared = declared ? declared : job->declared};
    GString *source = g_string_new(NULL);
    lj_charset_decode(job->input->bytes, job->input->length, &how, (size_t)job->max_text * 2,
                      source);
    g_free(declared);
    document->charset = g_strdup(how.charset);
    document->charset_from = g_strdup(how.from);
    document->cut = !job->input->all;
    htmlDocPtr page = parse(source->str, source->len);
    g_string_free(source, TRUE);
    struct said said = {0};
    if (job->url) /* where it was found counts before what it says */
        lj_document_add_field(document, "url", job->url);
    if (page) {
        const xmlNode *root = xmlDocGetRootElement(page);
        read_said(document, root, &said, 0);
        write_main(document, xmlDocGetRootElement(page), (size_t)job->max_text);
        xmlFreeDoc(page);
    }
    const char *title = said.title && *g_strstrip(said.title) ? said.title : said.heading;
    if (title && document->marks->len == 0 && lj_describe_made_up(title))
        title = NULL; /* the text's first line says more */
    if (title) {
        char *line = g_strdup(better_title(document, title));
        collapse(line);
        lj_document_add_field(document, "title", line);
        g_free(line);
    } else if (document->marks->len > 0) {
        lj_document_add_field(document, "title",
                              g_array_index(document->marks, struct lj_mark, 0).label);
    }
    if (said.times && !said.several)
        offer_date(&said, said.times, 101);
    g_free(said.times);
    if (said.date)
        lj_describe_date(document, said.date, LJ_DATE_MARKUP);
    g_free(said.title);
    g_free(said.heading);
    g_free(said.date);
    lj_job_emit(job, document);
    return true;
}

static bool
has_tag(const char *text, size_t length, const char *tag)
{
    size_t n = strlen(tag);
    for (size_t i = 0; i + 1 + n < length; i++)
        if (text[i] == '<' && g_ascii_strncasecmp(text + i + 1, tag, n) == 0 &&
            !g_ascii_isalnum(text[i + 1 + n]))
            return true;
    return false;
}

static bool
recognise(const struct lj_probe *probe)
{
    const char *text = (const char *)probe->head;
    size_t length = probe->length, at = 0;
    if (probe->magic)
        return false;
    if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        at = 3;
    bool wide =
        length > 4 && (memcmp(text, "\xff\xfe<\0", 4) == 0 || memcmp(text, "\xfe\xff\0<", 4) == 0);
    bool named = strcmp(probe->extension, "html") == 0 || strcmp(probe->extension, "htm") == 0 ||
                 strcmp(probe->extension, "xhtml") == 0 || strcmp(probe->extension, "shtml") == 0;
    if (wide)
        return named;
    while (at < length && strchr(" \t\r\n", text[at]) && text[at])
        at++;
    if (at == length || text[at] != '<')
        return named && (has_tag(text, length, "p") || has_tag(text, length, "br") ||
                         has_tag(text, length, "div"));
    size_t look = MIN(length - at, 2048);
    if (has_tag(text + at, look, "!doctype html") || has_tag(text + at, look, "html"))
        return true;
    if (look > 5 && memcmp(text + at, "<?xml", 5) == 0)
        return false;
    if (named)
        return true;
    /* <body> is an element of laws, too: the first element must be HTML's own. */
    char first[12] = "";
    for (size_t i = 0;
         i + 1 < sizeof first && at + 1 + i < length && g_ascii_isalnum(text[at + 1 + i]); i++)
        first[i] = g_ascii_tolower(text[at + 1 + i]);
    bool own = (*first && element_kind(first) != INLINE && strcmp(first, "section") != 0) ||
               (look > 1 && text[at + 1] == '!');
    return own && (has_tag(text + at, look, "head") || has_tag(text + at, look, "body") ||
                   has_tag(text + at, look, "div") || has_tag(text + at, look, "p"));
}

const struct lj_format lj_format_html = {"HTML", "text/html application/xhtml+xml", recognise,
                                         extract};
