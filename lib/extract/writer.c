#include "extract/writer.h"
#include "extract/charset.h"
#include "document/utf8.h"

#include <string.h>

bool
lj_writer_full(const struct lj_writer *writer)
{
    return writer->document->text->len > writer->max;
}

/* Before a word: the line ends or the blank that are due. */
static void
settle(struct lj_writer *writer)
{
    GString *text = writer->document->text;
    if (text->len > 0) {
        if (writer->newlines > 0)
            g_string_append_len(text, "\n\n", writer->newlines);
        else if (writer->tab)
            g_string_append_c(text, '\t');
        else if (writer->blank)
            g_string_append_c(text, ' ');
    }
    writer->newlines = 0;
    writer->blank = writer->tab = false;
    if (writer->page > 0)
        lj_document_add_mark(writer->document, LJ_MARK_PAGE, writer->page, (uint32_t)text->len, 0,
                             NULL);
    writer->page = 0;
}

void
lj_writer_page(struct lj_writer *writer, uint32_t page)
{
    uint32_t end = (uint32_t)writer->document->text->len;
    if (writer->page > 0) /* a page without a word stands where the next one does */
        lj_document_add_mark(writer->document, LJ_MARK_PAGE, writer->page, end, end, NULL);
    writer->page = page;
    lj_writer_line(writer, 2);
}

void
lj_writer_line(struct lj_writer *writer, int count)
{
    writer->newlines = MAX(writer->newlines, MIN(count, 2));
    if (count > 0)
        writer->blank = writer->tab = false;
}

void
lj_writer_tab(struct lj_writer *writer)
{
    writer->tab = writer->newlines == 0;
}

void
lj_writer_text(struct lj_writer *writer, const char *text)
{
    size_t length = strlen(text);
    unsigned flags = 0;
    if (lj_utf8_span(text, length, &flags) <
        length) { /* a damaged document, recovered by libxml2 */
        char *valid = g_utf8_make_valid(text, (gssize)length);
        lj_writer_text(writer, valid);
        g_free(valid);
        return;
    }
    if (flags & LJ_UTF8_UNSEEN) { /* here, since places of parts are told as the text is written */
        GString *seen = g_string_new_len(text, (gssize)length);
        lj_text_drop_unseen(seen);
        const bool less = seen->len < length; /* a soft hyphen before a number stays */
        if (less)
            lj_writer_text(writer, seen->str);
        g_string_free(seen, TRUE);
        if (less)
            return;
    }
    static const char blanks[] = " \t\n\r\f\xc2"; /* C2 A0 is the no-break blank */
    while (*text && !lj_writer_full(writer)) {
        size_t word = strcspn(text, blanks);
        while (text[word] == '\xc2' && text[word + 1] != '\xa0')
            word += 1 + strcspn(text + word + 1, blanks);
        if (word > 0) {
            settle(writer);
            g_string_append_len(writer->document->text, text, (gssize)word);
            text += word;
        }
        if (!*text)
            break;
        if (writer->pre > 0 && *text == '\n')
            lj_writer_line(writer, 1);
        else
            writer->blank = true;
        text += *text == '\xc2' ? 2 : 1;
    }
}

size_t
lj_writer_begin(struct lj_writer *writer, int count)
{
    lj_writer_line(writer, count);
    return writer->document->text->len;
}

void
lj_writer_heading(struct lj_writer *writer, size_t begin, uint32_t level)
{
    const GString *text = writer->document->text;
    while (begin < text->len && strchr("\n\t ", text->str[begin]))
        begin++;
    if (begin >= text->len)
        return;
    char *label = g_strndup(text->str + begin, MIN(text->len - begin, 500));
    while (*label && !g_utf8_validate(label, -1, NULL))
        label[strlen(label) - 1] = 0;
    g_strdelimit(label, "\n\t", ' ');
    lj_document_add_mark(writer->document, LJ_MARK_SECTION, level, (uint32_t)begin,
                         (uint32_t)text->len, label);
    g_free(label);
}

void
lj_writer_finish(struct lj_writer *writer)
{
    if (writer->document->text->len > 0)
        g_string_append_c(writer->document->text, '\n');
}
