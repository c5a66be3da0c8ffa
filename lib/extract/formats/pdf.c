/* PDF through Poppler: pages in reading order with their printed numbers (a page without a text layer as
 * a picture, where characters are recognised), the outline as sections,
 * what the metadata says. Words parted at line ends are joined; lines that run along the top or
 * foot of the pages, and page numbers, are left out. */
#include "extract/charset.h"
#include "extract/describe.h"
#include "extract/formats.h"
#include "extract/layout.h"
#include "extract/running.h"
#include "i18n.h"

#include <cairo.h>
#include <limits.h>
#include <poppler.h>
#include <string.h>

#define FILE_CEILING (1u << 30)
#define OUTLINE_CEILING 20000
#define OUTLINE_DEPTH 12

/* --- metadata -------------------------------------------------------------------------------- */

/* What is set largest at the head of the first page, when it is clearly larger than the rest.
 * g_free. */
static char *
largest_line(PopplerPage *page)
{
    char *text = poppler_page_get_text(page);
    GList *attributes = poppler_page_get_text_attributes(page);
    if (!text || !attributes) {
        g_free(text);
        poppler_page_free_text_attributes(attributes);
        return NULL;
    }
    double sizes[64];
    int counts[64], kinds = 0;
    for (GList *item = attributes; item; item = item->next) {
        PopplerTextAttributes *run = item->data;
        int letters = run->end_index - run->start_index + 1, k = 0;
        while (k < kinds && (sizes[k] < run->font_size - 0.3 || sizes[k] > run->font_size + 0.3))
            k++;
        if (k == kinds && kinds < 64) {
            sizes[kinds] = run->font_size;
            counts[kinds++] = 0;
        }
        if (k < kinds)
            counts[k] += letters;
    }
    double usual = 0, largest = 0;
    int most = 0;
    for (int k = 0; k < kinds; k++) {
        if (counts[k] > most) {
            most = counts[k];
            usual = sizes[k];
        }
        if (counts[k] >= 8 && sizes[k] > largest)
            largest = sizes[k];
    }
    GString *title = g_string_new(NULL);
    int last = -1;
    for (GList *item = attributes; item && largest > usual * 1.15; item = item->next) {
        PopplerTextAttributes *run = item->data;
        if (run->font_size < largest - 0.3 || run->font_size > largest + 0.3)
            continue;
        if (last >= 0 && (run->start_index > last + 3 || title->len > 250))
            break;
        const char *from = g_utf8_offset_to_pointer(text, run->start_index);
        const char *to = g_utf8_offset_to_pointer(text, run->end_index + 1);
        g_string_append_len(title, from, to - from);
        last = run->end_index;
    }
    poppler_page_free_text_attributes(attributes);
    g_free(text);
    g_strdelimit(title->str, "\n\t", ' ');
    g_strstrip(title->str);
    if (strlen(title->str) >= 8 && strlen(title->str) <= 300)
        return g_string_free(title, FALSE);
    g_string_free(title, TRUE);
    return NULL;
}

static void
add_metadata(struct lj_document *document, PopplerDocument *pdf)
{
    char *title = poppler_document_get_title(pdf);
    lj_describe_claimed_title(document, title);
    g_free(title);
    if (!lj_document_field(document, "title") && poppler_document_get_n_pages(pdf) > 0) {
        PopplerPage *page = poppler_document_get_page(pdf, 0);
        title = page ? largest_line(page) : NULL;
        if (title)
            lj_document_add_field(document, "title", title);
        g_free(title);
        g_clear_object(&page);
    }
    char *author = poppler_document_get_author(pdf);
    lj_describe_claimed_author(document, author);
    g_free(author);
    char *keywords = poppler_document_get_keywords(pdf);
    lj_describe_keywords(document, keywords);
    g_free(keywords);
    char *subject = poppler_document_get_subject(pdf);
    if (subject && g_utf8_validate(subject, -1, NULL))
        lj_document_add_field(document, "description", subject);
    g_free(subject);
}

/* --- outline --------------------------------------------------------------------------------- */

/* Where the words of a heading stand in text[from, to), whatever the blanks between them; false:
 * they do not. */
static bool
find_heading(const GString *text, size_t from, size_t to, const char *heading, size_t *start,
             size_t *end)
{
    while (g_ascii_isspace(*heading))
        heading++;
    const char first = g_ascii_tolower(*heading);
    for (size_t at = from; at < to; at++) {
        /* nearly every byte is refused here: outlines of laws have thousands of entries */
        if (text->str[at] != first && g_ascii_tolower(text->str[at]) != first)
            continue;
        size_t i = at;
        const char *h = heading;
        while (*h && i < to) {
            if (g_ascii_isspace(*h)) {
                h++;
            } else if (g_ascii_isspace(text->str[i])) {
                i++;
            } else if (g_ascii_tolower(*h) == g_ascii_tolower(text->str[i])) {
                h++, i++;
            } else {
                break;
            }
        }
        while (g_ascii_isspace(*h))
            h++;
        if (!*h && i > at && !g_ascii_isspace(text->str[at])) {
            *start = at;
            *end = i;
            return true;
        }
    }
    return false;
}

static void
add_outline(struct lj_document *document, PopplerDocument *pdf, PopplerIndexIter *iter,
            const GArray *pages, uint32_t level, int *left)
{
    if (!iter)
        return;
    do {
        PopplerAction *action = poppler_index_iter_get_action(iter);
        const char *title = action ? action->any.title : NULL;
        int page = 0;
        if (action && action->type == POPPLER_ACTION_GOTO_DEST && action->goto_dest.dest) {
            PopplerDest *dest = action->goto_dest.dest;
            if (dest->type == POPPLER_DEST_NAMED && dest->named_dest) {
                PopplerDest *found = poppler_document_find_dest(pdf, dest->named_dest);
                page = found ? found->page_num : 0;
                if (found)
                    poppler_dest_free(found);
            } else {
                page = dest->page_num;
            }
        }
        if (title && *title && g_utf8_validate(title, -1, NULL) && page >= 1 &&
            page <= (int)pages->len) {
            size_t from = g_array_index(pages, uint32_t, page - 1);
            size_t to =
                page < (int)pages->len ? g_array_index(pages, uint32_t, page) : document->text->len;
            size_t start = from, end = from;
            char *clean = g_strstrip(g_strdup(title));
            find_heading(document->text, from, to, clean, &start, &end);
            lj_document_add_mark(document, LJ_MARK_SECTION, level, (uint32_t)start, (uint32_t)end,
                                 clean);
            g_free(clean);
        }
        if (action)
            poppler_action_free(action);
        PopplerIndexIter *child = level < OUTLINE_DEPTH ? poppler_index_iter_get_child(iter) : NULL;
        if (child) {
            add_outline(document, pdf, child, pages, level + 1, left);
            poppler_index_iter_free(child);
        }
    } while (--*left > 0 && poppler_index_iter_next(iter));
}

/* --- pages as pictures ------------------------------------------------------------------------- */

/* Fewer letters than this are no text layer; fewer than this on a page that one picture covers are a
 * stamp on a scan ("Firmado electrónicamente por …"). */
#define LETTERS_LEAST 16
#define LETTERS_STAMP 300
#define PICTURE_SHARE 0.6
#define DPI 300
#define PIXELS_MOST 36e6
#define LOOK_DPI 24 /* enough to see that a page is not blank */

static int
count_letters(const char *text, int most)
{
    int letters = 0;
    for (const char *p = text; *p && letters < most; p = g_utf8_next_char(p))
        letters += g_unichar_isalnum(g_utf8_get_char(p));
    return letters;
}

static bool
covered_by_picture(PopplerPage *page)
{
    double width, height, largest = 0;
    poppler_page_get_size(page, &width, &height);
    GList *images = poppler_page_get_image_mapping(page);
    for (GList *item = images; item; item = item->next) {
        const PopplerRectangle *area = &((PopplerImageMapping *)item->data)->area;
        double size = (area->x2 - area->x1) * (area->y2 - area->y1);
        largest = MAX(largest, size < 0 ? -size : size);
    }
    poppler_page_free_image_mapping(images);
    return largest >= PICTURE_SHARE * width * height;
}

/* The page as 8-bit grey on white, in rows without gaps; g_free. NULL: not drawn. */
static uint8_t *
draw(PopplerPage *page, int *dpi, int *width, int *height)
{
    double wide, high;
    poppler_page_get_size(page, &wide, &high);
    if (!(wide > 1 && high > 1 && wide < 1e5 && high < 1e5))
        return NULL;
    while (*dpi > 10 && wide / 72 * *dpi * (high / 72 * *dpi) > PIXELS_MOST)
        *dpi = *dpi * 3 / 4;
    *width = (int)(wide / 72 * *dpi) + 1;
    *height = (int)(high / 72 * *dpi) + 1;
    if ((double)*width * *height > 2 * PIXELS_MOST)
        return NULL;
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, *width, *height);
    cairo_t *cairo = cairo_create(surface);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    cairo_scale(cairo, *dpi / 72.0, *dpi / 72.0);
    poppler_page_render(page, cairo);
    bool good = cairo_status(cairo) == CAIRO_STATUS_SUCCESS;
    cairo_destroy(cairo);
    cairo_surface_flush(surface);
    const unsigned char *from = cairo_image_surface_get_data(surface);
    int stride = cairo_image_surface_get_stride(surface);
    uint8_t *grey = good && from ? g_try_malloc((size_t)*width * (size_t)*height) : NULL;
    for (int y = 0; grey && y < *height; y++) {
        const unsigned char *row = from + (size_t)y * (size_t)stride;
        uint8_t *to = grey + (size_t)y * (size_t)*width;
        for (int x = 0; x < *width; x++) {
            uint32_t rgb;
            memcpy(&rgb, row + 4 * (size_t)x, 4);
            to[x] =
                (uint8_t)(((rgb >> 16 & 255) * 77 + (rgb >> 8 & 255) * 151 + (rgb & 255) * 28) >>
                          8);
        }
    }
    cairo_surface_destroy(surface);
    return grey;
}

static bool
is_blank(PopplerPage *page)
{
    int dpi = LOOK_DPI, width, height;
    uint8_t *grey = draw(page, &dpi, &width, &height);
    size_t dark = 0, all = grey ? (size_t)width * (size_t)height : 0;
    for (size_t i = 0; i < all; i++)
        dark += grey[i] < 220;
    g_free(grey);
    return dark * 1000 < all * 2;
}

/* Is this page one whose text is in its picture? */
static bool
wants_recognition(const struct lj_job *job, PopplerPage *page, const char *text)
{
    if (job->ocr == LJ_OCR_ALWAYS)
        return !is_blank(page);
    int letters = count_letters(text, LETTERS_STAMP);
    if (letters < LETTERS_LEAST)
        return !is_blank(page);
    return letters < LETTERS_STAMP && covered_by_picture(page);
}

/* Replaces the page's text by what its picture says, unless that is less. */
static bool
recognise_page(struct lj_job *job, PopplerPage *page, int number, GString *text)
{
    int dpi = DPI, width, height;
    uint8_t *grey = draw(page, &dpi, &width, &height);
    GString *found = g_string_new(NULL);
    if (grey)
        lj_job_read_page(job, number, grey, width, height, width, dpi, found);
    g_free(grey);
    int before = count_letters(text->str, INT_MAX), now = count_letters(found->str, INT_MAX);
    bool better =
        now > 0 && (job->ocr == LJ_OCR_ALWAYS || before < LETTERS_LEAST || now > 2 * before);
    if (better)
        g_string_assign(text, found->str);
    g_string_free(found, TRUE);
    return better;
}

/* --- text ------------------------------------------------------------------------------------ */

/* What somebody wrote into a field of a form; g_free. NULL: nothing. */
static char *
form_value(PopplerFormField *field)
{
    if (poppler_form_field_get_field_type(field) == POPPLER_FORM_FIELD_TEXT)
        return poppler_form_field_text_is_password(field) ? NULL
                                                          : poppler_form_field_text_get_text(field);
    if (poppler_form_field_get_field_type(field) != POPPLER_FORM_FIELD_CHOICE)
        return NULL;
    for (int i = 0; i < poppler_form_field_choice_get_n_items(field); i++)
        if (poppler_form_field_choice_is_item_selected(field, i))
            return poppler_form_field_choice_get_item(field, i);
    return NULL;
}

static gint
compare_places(gconstpointer a, gconstpointer b)
{
    const PopplerRectangle *x = &((const PopplerFormFieldMapping *)a)->area,
                           *y = &((const PopplerFormFieldMapping *)b)->area;
    if (x->y2 != y->y2)
        return x->y2 > y->y2 ? -1 : 1;
    return (x->x1 > y->x1) - (x->x1 < y->x1);
}

/* A form's answers stand apart from its page, which has the questions: they follow as lines of their own. */
static void
add_form(PopplerPage *page, GString *text, GArray *tops)
{
    double height;
    poppler_page_get_size(page, NULL, &height);
    GList *fields = g_list_sort(poppler_page_get_form_field_mapping(page), compare_places);
    for (GList *one = fields; one; one = one->next) {
        const PopplerFormFieldMapping *mapping = one->data;
        char *value = form_value(mapping->field);
        if (value && g_utf8_validate(value, -1, NULL)) {
            g_strstrip(g_strdelimit(value, "\r\n", ' '));
            if (*value && !strstr(text->str, value)) { /* drawn already, perhaps */
                if (text->len > 0 && text->str[text->len - 1] != '\n')
                    g_string_append_c(text, '\n');
                g_string_append_printf(text, "%s\n", value);
                double top = height - mapping->area.y2;
                g_array_append_val(tops, top);
            }
        }
        g_free(value);
    }
    poppler_page_free_form_field_mapping(fields);
}

/* On a page that is drawn a soft hyphen within a line is seen: a font calls its hyphen so ("físico-químico"). */
static void
show_hyphens(GString *text)
{
    char *to = text->str;
    for (const char *from = text->str; *from;) {
        bool soft = memcmp(from, "\xC2\xAD", 2) == 0 && from[2] && from[2] != '\n';
        *to++ = soft ? '-' : *from;
        from += soft ? 2 : 1;
    }
    g_string_truncate(text, (gsize)(to - text->str));
}

/* The text layer of a page in the order in which it is read, and where its lines stand. */
static GString *
read_text(PopplerPage *page, GArray *tops)
{
    GString *text = g_string_new(NULL);
    char *found = poppler_page_get_text(page);
    PopplerRectangle *places = NULL;
    guint n = 0;
    if (found && *found && g_utf8_validate(found, -1, NULL) &&
        poppler_page_get_text_layout(page, &places, &n)) {
        struct lj_box *boxes = g_new(struct lj_box, n + 1);
        for (guint i = 0; i < n; i++)
            boxes[i] = (struct lj_box){places[i].x1, places[i].y1, places[i].x2, places[i].y2};
        if (!lj_layout_arrange(found, boxes, n, text, tops))
            g_string_assign(text, found);
        g_free(boxes);
        g_free(places);
    } else if (found) {
        g_string_assign(text, found);
    }
    g_free(found);
    show_hyphens(text);
    add_form(page, text, tops);
    return text;
}

/* Reads the text layer of each page, or its picture. *wanted: pages whose text is in their picture; *recognised: one
 * of them was read. */
static GPtrArray *
read_pages(struct lj_job *job, PopplerDocument *pdf, bool *cut, uint32_t *wanted, bool *recognised)
{
    int n = poppler_document_get_n_pages(pdf);
    GPtrArray *pages = lj_running_pages();
    uint64_t size = 0;
    for (int i = 0; i < n && size <= job->max_text; i++) {
        PopplerPage *page = poppler_document_get_page(pdf, i);
        GArray *tops = g_array_new(FALSE, FALSE, sizeof(double));
        GString *clean = page ? read_text(page, tops) : g_string_new(NULL);
        lj_text_clean(clean);
        if (page && wants_recognition(job, page, clean->str)) {
            ++*wanted;
            job->scanned = true;
            if (lj_job_wants_page(job, (uint32_t)i) && recognise_page(job, page, i + 1, clean)) {
                *recognised = true;
                g_array_set_size(tops, 0);
            }
        }
        g_clear_object(&page);
        if (!lj_job_listens(job)) {
            g_string_free(clean, TRUE);
            g_array_unref(tops);
            break;
        }
        size += clean->len;
        lj_running_add(pages, g_string_free(clean, FALSE), tops);
    }
    *cut = (int)pages->len < n;
    return pages;
}

/* --- files within ---------------------------------------------------------------------------- */

#define ATTACHED_MOST 500
#define ATTACHED_CEILING (256u << 20)

static gboolean
keep(const gchar *bytes, gsize n, gpointer data, GError **error)
{
    GByteArray *all = data;
    if (all->len + n > ATTACHED_CEILING) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_FORMAT, _("longer than %u MB"),
                    ATTACHED_CEILING >> 20);
        return FALSE;
    }
    g_byte_array_append(all, (const guint8 *)bytes, (guint)n);
    return TRUE;
}

/* Files that a PDF carries (a report's tables, the parts of a portfolio): documents of their own, in each pass. */
static void
take_attachments(struct lj_job *job, PopplerDocument *pdf)
{
    GList *attached =
        poppler_document_has_attachments(pdf) ? poppler_document_get_attachments(pdf) : NULL;
    unsigned number = 0;
    for (GList *one = attached; one && number < ATTACHED_MOST && lj_job_listens(job);
         one = one->next) {
        PopplerAttachment *attachment = one->data;
        const char *name = attachment->name;
        number++;
        char *own = name && *name && g_utf8_validate(name, -1, NULL)
                        ? g_path_get_basename(name)
                        : g_strdup_printf("part-%u", number);
        char *path = job->member ? g_strconcat(job->member, "!/", own, NULL) : g_strdup(own);
        GByteArray *bytes = g_byte_array_new();
        GError *failure = NULL;
        if (poppler_attachment_save_to_callback(attachment, keep, bytes, &failure))
            lj_job_nested(job, own, path, bytes->data, bytes->len);
        else
            lj_job_fail(
                job, path,
                failure ? failure
                        : g_error_new_literal(LJ_ERROR, LJ_ERROR_FORMAT, _("could not be read")));
        g_byte_array_unref(bytes);
        g_free(path);
        g_free(own);
    }
    g_list_free_full(attached, g_object_unref);
}

static bool
extract(struct lj_job *job, GError **error)
{
    if (!lj_input_fill(job->input, FILE_CEILING, error))
        return false;
    GBytes *bytes = g_bytes_new_static(job->input->bytes, job->input->length);
    GError *failure = NULL;
    PopplerDocument *pdf = poppler_document_new_from_bytes(bytes, NULL, &failure);
    g_bytes_unref(bytes);
    if (!pdf) {
        bool locked = g_error_matches(failure, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED);
        g_set_error(error, LJ_ERROR, LJ_ERROR_FORMAT,
                    locked ? _("the PDF is protected by a password; save a copy without it")
                           : _("the PDF is damaged (%s)"),
                    failure ? failure->message : "");
        g_clear_error(&failure);
        return false;
    }
    struct lj_document *document = lj_job_document(job, "application/pdf");
    bool cut = false, recognised = false;
    uint32_t wanted = 0;
    job->scanned = false;
    GPtrArray *pages = read_pages(job, pdf, &cut, &wanted, &recognised);
    document->ocr = recognised;
    if (!lj_job_pages(job, wanted)) { /* another pass makes the document */
        take_attachments(job, pdf);
        g_ptr_array_unref(pages);
        g_object_unref(pdf);
        lj_document_free(document);
        return true;
    }
    document->cut = cut || !job->input->all;
    lj_running_remove(pages);
    GArray *starts = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (guint i = 0; i < pages->len; i++) {
        uint32_t start = (uint32_t)lj_running_append(document->text, pages->pdata[i]);
        g_array_append_val(starts, start);
        PopplerPage *page = poppler_document_get_page(pdf, (int)i);
        char *label = NULL;
        if (page)
            g_object_get(page, "label", &label, NULL);
        char plain[12];
        g_snprintf(plain, sizeof plain, "%u", i + 1);
        bool own = label && strcmp(label, plain) != 0 && g_utf8_validate(label, -1, NULL);
        lj_document_add_mark(document, LJ_MARK_PAGE, i + 1, start, start, own ? label : NULL);
        g_free(label);
        g_clear_object(&page);
    }
    PopplerIndexIter *outline = poppler_index_iter_new(pdf);
    if (outline) {
        int left = OUTLINE_CEILING;
        add_outline(document, pdf, outline, starts, 1, &left);
        poppler_index_iter_free(outline);
    }
    lj_describe_parts(document);
    add_metadata(document, pdf);
    g_array_unref(starts);
    g_ptr_array_unref(pages);
    if (lj_job_emit(job, document))
        take_attachments(job, pdf);
    g_object_unref(pdf);
    return true;
}

static bool
recognise(const struct lj_probe *probe)
{
    /* Readers look for the mark in the first kilobyte: gateways put headers before it. */
    for (size_t i = 0; i + 5 <= MIN(probe->length, 1024); i++)
        if (memcmp(probe->head + i, "%PDF-", 5) == 0)
            return i == 0 || probe->magic != NULL;
    return false;
}

const struct lj_format lj_format_pdf = {"PDF", "application/pdf", recognise, extract};
