/* What Word, PowerPoint and Excel files since 2007 have in common: core properties, and relations of parts. */
#ifndef LEGAJO_EXTRACT_OOXML_H
#define LEGAJO_EXTRACT_OOXML_H

#include "extract/zip.h"

/* Title, author, keywords and description of docProps/core.xml, where they are no program's making. */
void lj_ooxml_properties(struct lj_document *document, struct lj_zip *zip);

/* The part that another refers to by a relation's id ("rId3") or, where id is NULL, the first whose type ends so
 * ("/notesSlide"); g_free. NULL: none. */
char *lj_ooxml_related(struct lj_zip *zip, const char *part, const char *id, const char *kind);

/* The relation's id in an element such as <sheet name="Gastos" sheetId="1" r:id="rId3"/>; g_free. */
char *lj_ooxml_reference(const xmlNode *node);

#endif
