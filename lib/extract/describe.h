/* What a text says of itself at its head: title and date; and its parts: articles, chapters, turns.
 *
 *     lj_describe(document, "2026-01-21-nota.txt");    date, date_from and title where missing
 */
#ifndef LEGAJO_EXTRACT_DESCRIBE_H
#define LEGAJO_EXTRACT_DESCRIBE_H

#include "legajo/document.h"

/* Fills title and date where the format found none: masthead, text's head, name of the file. name
 * is the base name or "". */
void lj_describe(struct lj_document *document, const char *name);

/* The two halves of it, each where nothing is there yet. */
void lj_describe_find_date(struct lj_document *document, const char *name);
void lj_describe_find_title(struct lj_document *document, const char *name);

/* Adds marks of plain text: articles and chapters, speakers' turns. */
void lj_describe_parts(struct lj_document *document);

/* Sets the document's date from a value someone wrote ("2026-01-21", "21 de enero de 2026"), unless
 * a better rung has set it. False when it is no date. */
bool lj_describe_date(struct lj_document *document, const char *value, enum lj_date_rung rung);

/* Adds what a front matter or a record says under a key: a field of the table where the key is one
 * of its names, else the key itself. */
void lj_describe_field(struct lj_document *document, const char *key, const char *value,
                       enum lj_date_rung rung);

/* What the properties of PDF and Office files claim, after the text is there. A title counts when
 * no program made it up and the text's head bears it out; an author when it looks like a person or
 * a body and not like an account; keywords are parted at commas. All may be NULL. */
void lj_describe_claimed_title(struct lj_document *document, const char *title);
void lj_describe_claimed_author(struct lj_document *document, const char *author);
void lj_describe_keywords(struct lj_document *document, const char *keywords);

/* A title that a program made up: "Microsoft Word - Documento1", "informe_v2.docx", "untitled". */
bool lj_describe_made_up(const char *title);

#endif
