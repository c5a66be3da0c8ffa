/* Mailboxes of Outlook (PST, OST), through libpst: every letter of every folder, and its attachments; also
 * appointments, tasks, notes and the journal, whose text is minutes and plans as often as not. Contacts, and the
 * settings that Outlook keeps as if they were letters, are no documents. */
#include "extract/charset.h"
#include "extract/describe.h"
#include "extract/formats.h"
#include "extract/html.h"
#include "extract/sha256.h"
#include "i18n.h"

#include <libpst/libpst.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_CEILING 40
#define PART_CEILING (256u << 20)

struct mailbox {
    struct lj_job *job;
    pst_file pst;
    unsigned documents, others; /* others: contacts and what Outlook keeps for itself */
    bool heard;
};

/* A text of libpst's in UTF-8; g_free. NULL: none. */
static char *
text_of(pst_item *item, pst_string *string)
{
    if (!string->str || !*string->str)
        return NULL;
    pst_convert_utf8(item, string);
    GString *text = g_string_new(NULL);
    struct lj_charset how = {0};
    lj_charset_decode((const uint8_t *)string->str, strlen(string->str), &how, 1u << 30, text);
    lj_text_clean(text);
    g_strstrip(text->str);
    if (*text->str)
        return g_string_free(text, FALSE);
    g_string_free(text, TRUE);
    return NULL;
}

static void
add_text(struct lj_document *document, const char *field, char *value)
{
    lj_document_add_field(document, field, value);
    g_free(value);
}

/* 100 ns since 1601 → the document's date. */
static void
add_date(struct lj_document *document, const FILETIME *when)
{
    if (!when)
        return;
    uint64_t ticks = (uint64_t)when->dwHighDateTime << 32 | when->dwLowDateTime;
    gint64 seconds = (gint64)(ticks / 10000000) - G_GINT64_CONSTANT(11644473600);
    GDateTime *time = g_date_time_new_from_unix_utc(seconds);
    char *iso = time ? g_date_time_format(time, "%Y-%m-%d") : NULL;
    if (iso)
        lj_describe_date(document, iso, LJ_DATE_MARKUP);
    g_free(iso);
    if (time)
        g_date_time_unref(time);
}

static void take_letter(struct mailbox *box, pst_item *item, const char *member, int depth);

static void
take_attachment(struct mailbox *box, pst_item *item, pst_item_attach *attach, const char *member,
                unsigned number, int depth)
{
    char *name = text_of(item, &attach->filename2);
    if (!name)
        name = text_of(item, &attach->filename1);
    char *base = name ? g_path_get_basename(g_strdelimit(name, "/\\", '_'))
                      : g_strdup_printf("part-%u", number);
    char *path = g_strconcat(member, "!/", base, NULL);
    if (attach->method == PST_ATTACH_EMBEDDED) {
        pst_desc_tree inner = {.desc = pst_getID(&box->pst, attach->i_id)};
        pst_item *letter =
            inner.desc && depth < 5 ? pst_parse_item(&box->pst, &inner, attach->id2_head) : NULL;
        if (letter && letter->email)
            take_letter(box, letter, path, depth + 1);
        pst_freeItem(letter);
    } else {
        pst_binary bytes = attach->data;
        char *owned = NULL;
        if (!bytes.data && attach->i_id) {
            bytes = pst_attach_to_mem(&box->pst, attach);
            owned = bytes.data;
        }
        if (bytes.data && bytes.size > PART_CEILING)
            lj_job_fail(
                box->job, path,
                g_error_new(LJ_ERROR, LJ_ERROR_FORMAT, _("longer than %u MB"), PART_CEILING >> 20));
        else if (bytes.data && bytes.size > 0)
            box->heard =
                lj_job_nested(box->job, base, path, (const uint8_t *)bytes.data, bytes.size);
        free(owned);
    }
    g_free(path);
    g_free(base);
    g_free(name);
}

static const FILETIME *
date_of(const pst_item *item)
{
    if (item->appointment && item->appointment->start)
        return item->appointment->start;
    if (item->journal && item->journal->start)
        return item->journal->start;
    if (item->email && item->email->sent_date)
        return item->email->sent_date;
    return item->email ? item->email->arrival_date : NULL;
}

/* A letter, or what is like one: an appointment has a title, a place and a text too. */
static void
take_letter(struct mailbox *box, pst_item *item, const char *member, int depth)
{
    struct lj_job *job = box->job;
    struct lj_document *document = lj_job_document(job, "application/vnd.ms-outlook");
    lj_document_drop(document, document->member);
    document->member = g_strdup(member);
    pst_item_email *email = item->email;
    add_text(document, "title", text_of(item, &item->subject));
    if (email) {
        char *author = text_of(item, &email->outlook_sender_name);
        if (author && g_ascii_strcasecmp(author, "Unknown") == 0) /* Outlook's own word */
            g_clear_pointer(&author, g_free);
        if (!author) /* who wrote it, where nobody wrote on another's behalf */
            author = text_of(item, &email->outlook_sender_name2);
        add_text(document, "author", author ? author : text_of(item, &email->sender_address));
        add_text(document, "to", text_of(item, &email->sentto_address));
    }
    add_date(document, date_of(item));
    char *where = item->appointment ? text_of(item, &item->appointment->location) : NULL;
    if (where)
        g_string_append_printf(document->text, "%s\n", where);
    g_free(where);
    char *body = text_of(item, &item->body),
         *html = body || !email ? NULL : text_of(item, &email->htmlbody);
    if (body) {
        g_string_append(document->text, body);
        g_string_append_c(document->text, '\n');
    } else if (html) {
        struct lj_writer writer = {.document = document, .max = (size_t)job->max_text};
        lj_html_write(&writer, (const uint8_t *)html, strlen(html), "utf-8");
        lj_writer_finish(&writer);
    }
    const char *title = lj_document_field(document, "title");
    struct sha256_ctx sum; /* a letter of a mailbox is known by its own text */
    sha256_init(&sum);
    if (title)
        sha256_update(&sum, strlen(title), (const uint8_t *)title);
    sha256_update(&sum, 1, (const uint8_t *)"\n");
    sha256_update(&sum, document->text->len, (const uint8_t *)document->text->str);
    sha256_digest(&sum, sizeof document->sha256, document->sha256);
    document->bytes = document->text->len;
    g_free(body);
    g_free(html);
    box->heard = lj_job_emit(job, document);
    box->documents++;
    unsigned number = 0;
    for (pst_item_attach *attach = item->attach; attach && box->heard && number < 500;
         attach = attach->next)
        take_attachment(box, item, attach, member, ++number, depth);
}

/* An empty letter without a subject says nothing, but it is there; an appointment must say something. */
static bool
is_document(const pst_item *item)
{
    switch (item->type) {
    case PST_TYPE_NOTE:
    case PST_TYPE_SCHEDULE:
    case PST_TYPE_REPORT:
        return item->email;
    case PST_TYPE_APPOINTMENT:
    case PST_TYPE_JOURNAL:
    case PST_TYPE_STICKYNOTE:
    case PST_TYPE_TASK:
        return (item->subject.str && *item->subject.str) || (item->body.str && *item->body.str);
    default:
        return false;
    }
}

/* folder: its path, without a slash at its end; "" the top. */
static void
walk(struct mailbox *box, pst_desc_tree *branch, const char *folder, int depth)
{
    for (; branch && box->heard && depth < DEPTH_CEILING; branch = branch->next) {
        pst_item *item = branch->desc ? pst_parse_item(&box->pst, branch, NULL) : NULL;
        if (!item)
            continue;
        if (item->folder) {
            char *name = text_of(item, &item->file_as);
            char *path = g_strconcat(folder, *folder ? "/" : "",
                                     name ? g_strdelimit(name, "/", '_') : "-", NULL);
            walk(box, branch->child, path, depth + 1);
            g_free(path);
            g_free(name);
        } else if (is_document(item)) {
            char *own = g_strdup_printf("%s%s%" G_GINT64_MODIFIER "u", folder, *folder ? "/" : "",
                                        (guint64)branch->d_id);
            char *member =
                box->job->member ? g_strconcat(box->job->member, "!/", own, NULL) : g_strdup(own);
            take_letter(box, item, member, 0);
            g_free(member);
            g_free(own);
        } else {
            box->others++;
        }
        pst_freeItem(item);
    }
}

static bool
extract(struct lj_job *job, GError **error)
{
    if (job->input->fd < 0 || !job->input->seekable) {
        g_set_error_literal(error, LJ_ERROR, LJ_ERROR_FORMAT,
                            _("mailboxes of Outlook are not read within other files; unpack it"));
        return false;
    }
    struct mailbox box = {.job = job, .heard = true};
    char path[40]; /* libpst wants a name; the file is open */
    g_snprintf(path, sizeof path, "/proc/self/fd/%d", job->input->fd);
    bool open = pst_open(&box.pst, path, NULL) == 0;
    bool good = open && pst_load_index(&box.pst) == 0 && box.pst.d_head;
    if (good) {
        pst_load_extended_attributes(&box.pst);
        pst_item *root = pst_parse_item(&box.pst, box.pst.d_head, NULL);
        pst_desc_tree *top =
            root && root->message_store ? pst_getTopOfFolders(&box.pst, root) : NULL;
        good = top != NULL;
        if (top)
            walk(&box, top->child, "", 0);
        pst_freeItem(root);
    }
    if (open)
        pst_close(&box.pst);
    if (!good) {
        g_set_error_literal(error, LJ_ERROR, LJ_ERROR_FORMAT,
                            _("the mailbox of Outlook is damaged"));
    } else if (box.documents == 0) { /* told, so that nobody takes it for read */
        g_set_error(error, LJ_ERROR, LJ_ERROR_FORMAT,
                    _("the mailbox of Outlook holds no letters, only %u contacts or settings"),
                    box.others);
        good = false;
    }
    return good;
}

static bool
recognise(const struct lj_probe *probe)
{
    return probe->length > 512 && memcmp(probe->head, "!BDN", 4) == 0;
}

const struct lj_format lj_format_pst = {"Outlook (PST)", "application/vnd.ms-outlook-pst",
                                        recognise, extract};
