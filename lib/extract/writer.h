/* Text as markup formats give it: pieces with blanks that mean nothing, blocks, cells, headings.
 *
 *     struct lj_writer w = {.document = d, .max = job->max_text};
 *     size_t heading = lj_writer_begin(&w, 2);
 *     lj_writer_text(&w, "  Ley de \n Armas ");        "Ley de Armas"
 *     lj_writer_heading(&w, heading, 1);               a section mark around it
 */
#ifndef LEGAJO_EXTRACT_WRITER_H
#define LEGAJO_EXTRACT_WRITER_H

#include "legajo/document.h"

struct lj_writer {
    struct lj_document *document;
    size_t max;   /* bytes of text: no more is written */
    int newlines; /* wanted before the next word */
    bool blank;   /* a blank is wanted before the next word */
    bool tab;
    int pre;       /* > 0: line ends in the text are line ends */
    uint32_t page; /* begins with the next word; 0: none does */
};

/* Writes words; any run of blanks between them, no-break ones too, is one blank. */
void lj_writer_text(struct lj_writer *writer, const char *text);
/* The next word begins a line; count 2: after an empty one. */
void lj_writer_line(struct lj_writer *writer, int count);
/* The next word stands behind a tab, unless it begins a line. */
void lj_writer_tab(struct lj_writer *writer);
/* Begins a block as lj_writer_line does; returns the place for lj_writer_heading. */
size_t lj_writer_begin(struct lj_writer *writer, int count);
/* Marks what was written since begin as a heading; nothing when nothing was. */
void lj_writer_heading(struct lj_writer *writer, size_t begin, uint32_t level);
/* A page or slide, counted from 1, begins with the next word, after an empty line. */
void lj_writer_page(struct lj_writer *writer, uint32_t page);
/* Ends the text with a line end. */
void lj_writer_finish(struct lj_writer *writer);
/* The text is as long as it may be. */
bool lj_writer_full(const struct lj_writer *writer);

#endif
