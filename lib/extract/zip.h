/* The zip container of Office, OpenDocument and EPUB files: named parts, read into memory.
 *
 *     struct lj_zip *zip = lj_zip_open(job, wanted, &error);
 *     GBytes *part = lj_zip_part(zip, "word/document.xml");
 *     return lj_zip_emit(zip, job, document, &error);
 */
#ifndef LEGAJO_EXTRACT_ZIP_H
#define LEGAJO_EXTRACT_ZIP_H

#include "extract/formats.h"
#include <libxml/tree.h>

struct lj_zip;

/* Does the input's table of contents name this entry? Reads all the input. False when it is no zip.
 */
bool lj_zip_names(const struct lj_probe *probe, const char *entry);
/* Is the first entry "mimetype", with this type as its content (OpenDocument, EPUB)? */
bool lj_zip_mimetype(const struct lj_probe *probe, const char *mime);

/* Reads the entries that wanted says yes to. NULL with LJ_ERROR_FORMAT: damaged, protected, or more
 * than a document unpacks to. */
struct lj_zip *lj_zip_open(struct lj_job *job, bool (*wanted)(const char *name), GError **error);

/* For a zip that turns out to be no document; else lj_zip_emit closes it. */
void lj_zip_close(struct lj_zip *zip);

/* The bytes of an entry, or NULL. Borrowed. */
GBytes *lj_zip_part(struct lj_zip *zip, const char *name);
/* An entry as XML (xmlFreeDoc), or NULL. */
xmlDocPtr lj_zip_xml(struct lj_zip *zip, const char *name);
/* The part that a document cannot be without, as XML; NULL, and lj_zip_emit fails: it is not there, or no XML. */
xmlDocPtr lj_zip_body(struct lj_zip *zip, const char *name);
/* How reading ends: closes the zip and hands the document on. False with LJ_ERROR_FORMAT, and the document freed: a
 * part that was wanted breaks off or is an entity bomb, or the body is missing. */
bool lj_zip_emit(struct lj_zip *zip, struct lj_job *job, struct lj_document *document,
                 GError **error);
/* Names that begin so, sorted with numbers by value (slide2 before slide10). Free the array. */
GPtrArray *lj_zip_list(struct lj_zip *zip, const char *prefix);

/* XML, as all our formats parse it: no network, no entities from outside, no expansion. NULL: none.
 */
xmlDocPtr lj_xml_parse(const char *bytes, size_t length);
/* The job's file as XML with a root. NULL with LJ_ERROR_FORMAT: there is none, or it is an entity bomb. */
xmlDocPtr lj_xml_read(struct lj_job *job, GError **error);
/* Does the document declare entities that unfold to more than megabytes? They are left as references, but such a
 * file is no document. */
bool lj_xml_is_bomb(xmlDocPtr doc);
/* The element's name without prefix. */
bool lj_xml_is(const xmlNode *node, const char *name);
/* Is it the first element of its name among its siblings? A cell's first paragraph begins no line. */
bool lj_xml_is_first(const xmlNode *node);
/* An attribute by its local name; g_free. NULL: none. */
char *lj_xml_attribute(const xmlNode *node, const char *name);
/* The first descendant of that name, or NULL. */
xmlNode *lj_xml_find(xmlNode *node, const char *name);
/* Text content of the first descendant of that name; g_free. NULL: none or blank. */
char *lj_xml_value(xmlNode *node, const char *name);

#endif
