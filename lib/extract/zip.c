#include "extract/zip.h"
#include "i18n.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#define FILE_CEILING (1u << 30)
/* What the parts of one document may unpack to: a zip bomb is not worth more. */
#define UNPACKED_CEILING (512u << 20)
#define ENTRIES_CEILING 20000

struct lj_zip {
    GHashTable *parts; /* name → GBytes */
    GError *fault;     /* a part that was asked for is damaged or a bomb: no document; NULL */
};

static uint32_t
little(const uint8_t *bytes, int n)
{
    uint32_t number = 0;
    for (int i = n - 1; i >= 0; i--)
        number = number << 8 | bytes[i];
    return number;
}

bool
lj_zip_names(const struct lj_probe *probe, const char *entry)
{
    if (!probe->input || probe->length < 4 || memcmp(probe->head, "PK\3\4", 4) != 0)
        return false;
    const uint8_t *bytes = probe->input->bytes;
    size_t length = probe->input->length, name = strlen(entry);
    for (size_t back = 22; back <= MIN(length, 65557);
         back++) { /* the end record, behind a comment perhaps */
        const uint8_t *end = bytes + length - back;
        if (memcmp(end, "PK\5\6", 4) != 0)
            continue;
        size_t at = little(end + 16, 4);
        for (int i = 0;
             i < ENTRIES_CEILING && at + 46 <= length && memcmp(bytes + at, "PK\1\2", 4) == 0;
             i++) {
            size_t n = little(bytes + at + 28, 2);
            if (n == name && at + 46 + n <= length && memcmp(bytes + at + 46, entry, n) == 0)
                return true;
            at += 46 + n + little(bytes + at + 30, 2) + little(bytes + at + 32, 2);
        }
        return false;
    }
    /* Cut off: what entries there still are stands in their own headers. */
    return memmem(bytes, MIN(length, 1u << 16), entry, name) != NULL;
}

bool
lj_zip_mimetype(const struct lj_probe *probe, const char *mime)
{
    size_t n = strlen(mime);
    return probe->length >= 38 + n && memcmp(probe->head, "PK\3\4", 4) == 0 &&
           memcmp(probe->head + 30, "mimetype", 8) == 0 && memcmp(probe->head + 38, mime, n) == 0;
}

/* The entry at hand becomes a part; one that breaks off is the zip's fault. */
static void
read_entry(struct lj_zip *zip, const char *name, struct archive *archive, size_t *left)
{
    GByteArray *bytes = g_byte_array_new();
    const void *block;
    size_t n;
    la_int64_t offset;
    int status;
    while ((status = archive_read_data_block(archive, &block, &n, &offset)) == ARCHIVE_OK ||
           status == ARCHIVE_WARN) {
        if (n > *left) {
            *left = 0;
            break;
        }
        *left -= n;
        g_byte_array_append(bytes, block, (guint)n);
    }
    if (status < ARCHIVE_WARN && !zip->fault)
        g_set_error(&zip->fault, LJ_ERROR, LJ_ERROR_FORMAT, _("its part %s is damaged (%s)"), name,
                    archive_error_string(archive) ? archive_error_string(archive) : "");
    g_hash_table_replace(zip->parts, g_strdup(name), g_byte_array_free_to_bytes(bytes));
}

void
lj_zip_close(struct lj_zip *zip)
{
    g_hash_table_unref(zip->parts);
    g_clear_error(&zip->fault);
    g_free(zip);
}

struct lj_zip *
lj_zip_open(struct lj_job *job, bool (*wanted)(const char *name), GError **error)
{
    if (!lj_input_fill(job->input, FILE_CEILING, error))
        return NULL;
    struct archive *archive = archive_read_new();
    archive_read_support_format_zip(archive);
    struct lj_zip *zip = g_new0(struct lj_zip, 1);
    zip->parts =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
    size_t left = UNPACKED_CEILING;
    struct archive_entry *entry;
    bool locked = false;
    if (archive_read_open_memory(archive, job->input->bytes, job->input->length) == ARCHIVE_OK)
        for (int i = 0; i < ENTRIES_CEILING && left > 0; i++) {
            int status = archive_read_next_header(archive, &entry);
            if (status != ARCHIVE_OK && status != ARCHIVE_WARN)
                break;
            const char *name = archive_entry_pathname_utf8(entry);
            if (!name)
                name = archive_entry_pathname(entry);
            locked = locked || archive_entry_is_data_encrypted(entry);
            if (name && wanted(name) && !archive_entry_is_data_encrypted(entry))
                read_entry(zip, name, archive, &left);
        }
    const char *reason = archive_error_string(archive);
    if (left == 0)
        g_set_error(error, LJ_ERROR, LJ_ERROR_FORMAT, _("unpacks to more than %u MB"),
                    UNPACKED_CEILING >> 20);
    else if (g_hash_table_size(zip->parts) == 0)
        g_set_error(error, LJ_ERROR, LJ_ERROR_FORMAT,
                    locked ? _("is protected by a password")
                           : _("the zip container is damaged (%s)"),
                    reason ? reason : "");
    bool good = left > 0 && g_hash_table_size(zip->parts) > 0;
    archive_read_free(archive);
    if (good)
        return zip;
    lj_zip_close(zip);
    return NULL;
}

GBytes *
lj_zip_part(struct lj_zip *zip, const char *name)
{
    return g_hash_table_lookup(zip->parts, name);
}

xmlDocPtr
lj_zip_xml(struct lj_zip *zip, const char *name)
{
    GBytes *part = lj_zip_part(zip, name);
    gsize length = 0;
    const char *bytes = part ? g_bytes_get_data(part, &length) : NULL;
    xmlDocPtr doc = bytes ? lj_xml_parse(bytes, length) : NULL;
    if (!lj_xml_is_bomb(doc))
        return doc;
    xmlFreeDoc(doc);
    if (!zip->fault)
        g_set_error_literal(&zip->fault, LJ_ERROR, LJ_ERROR_FORMAT,
                            _("its entities unfold without bound"));
    return NULL;
}

xmlDocPtr
lj_zip_body(struct lj_zip *zip, const char *name)
{
    xmlDocPtr doc = lj_zip_xml(zip, name);
    if (doc && xmlDocGetRootElement(doc))
        return doc;
    xmlFreeDoc(doc);
    if (!zip->fault)
        g_set_error(&zip->fault, LJ_ERROR, LJ_ERROR_FORMAT,
                    lj_zip_part(zip, name) ? _("its part %s is no XML") : _("has no part %s"),
                    name);
    return NULL;
}

bool
lj_zip_emit(struct lj_zip *zip, struct lj_job *job, struct lj_document *document, GError **error)
{
    GError *fault = g_steal_pointer(&zip->fault);
    lj_zip_close(zip);
    if (!fault) {
        lj_job_emit(job, document);
        return true;
    }
    lj_document_free(document);
    g_propagate_error(error, fault);
    return false;
}

/* Names with numbers in them in the order people expect. */
static int
compare_names(const void *a, const void *b)
{
    const char *x = *(const char *const *)a, *y = *(const char *const *)b;
    while (*x && *y) {
        if (g_ascii_isdigit(*x) && g_ascii_isdigit(*y)) {
            guint64 m = g_ascii_strtoull(x, (char **)&x, 10),
                    n = g_ascii_strtoull(y, (char **)&y, 10);
            if (m != n)
                return m < n ? -1 : 1;
        } else if (*x != *y) {
            return (unsigned char)*x < (unsigned char)*y ? -1 : 1;
        } else {
            x++, y++;
        }
    }
    return *x ? 1 : *y ? -1 : 0;
}

GPtrArray *
lj_zip_list(struct lj_zip *zip, const char *prefix)
{
    GPtrArray *names = g_ptr_array_new();
    GHashTableIter iter;
    gpointer name;
    g_hash_table_iter_init(&iter, zip->parts);
    while (g_hash_table_iter_next(&iter, &name, NULL))
        if (g_str_has_prefix(name, prefix))
            g_ptr_array_add(names, name);
    if (names->len > 0)
        qsort(names->pdata, names->len, sizeof *names->pdata, compare_names);
    return names;
}
