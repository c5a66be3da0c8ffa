/* Archives (ZIP, TAR, 7-Zip, RAR, compressed files) through libarchive: each member is a document,
 * or an archive in turn, down to a bound. */
#include "extract/charset.h"
#include "extract/formats.h"
#include "i18n.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#define FILE_CEILING (1u << 30)
#define MEMBER_CEILING (256u << 20)
#define MEMBERS_CEILING 200000
#define TOTAL_CEILING ((uint64_t)16 << 30)
/* No honest archive of documents shrinks a thousandfold: a bomb does. */
#define RATIO_CEILING 1000

static bool
is_noise(const char *name)
{
    char *base = g_path_get_basename(name);
    bool noise = *base == '.' || g_str_has_prefix(base, "~$") || strcmp(base, "Thumbs.db") == 0 ||
                 strcmp(base, "desktop.ini") == 0 || g_str_has_prefix(name, "__MACOSX/");
    g_free(base);
    return noise;
}

/* The name in UTF-8, without leading slashes and steps upwards. */
static char *
member_name(struct archive_entry *entry, const char *archive_name)
{
    const char *raw = archive_entry_pathname(entry);
    if (!raw || strcmp(raw, "data") == 0) { /* a single compressed file: its name less ".gz" */
        const char *dot = strrchr(archive_name, '.');
        return dot && dot > archive_name ? g_strndup(archive_name, (gsize)(dot - archive_name))
                                         : g_strdup("data");
    }
    GString *name = g_string_new(NULL);
    struct lj_charset how = {0};
    lj_charset_decode((const uint8_t *)raw, strlen(raw), &how, 4000, name);
    char **parts = g_strsplit_set(name->str, "/\\", -1);
    g_string_truncate(name, 0);
    for (char **part = parts; *part; part++)
        if (**part && strcmp(*part, ".") != 0 && strcmp(*part, "..") != 0) {
            g_string_append(name, name->len > 0 ? "/" : "");
            g_string_append(name, *part);
        }
    g_strfreev(parts);
    return g_string_free(name, FALSE);
}

/* What a member unpacks to, or as much of it as could be; then fault says why no more. */
static GByteArray *
read_member(struct archive *archive, struct archive_entry *entry, GError **fault)
{
    GByteArray *bytes = g_byte_array_new();
    uint8_t block[65536];
    la_ssize_t n = 0;
    if (archive_entry_is_data_encrypted(entry)) {
        g_set_error_literal(fault, LJ_ERROR, LJ_ERROR_FORMAT, _("is protected by a password"));
        return bytes;
    }
    while ((n = archive_read_data(archive, block, sizeof block)) > 0) {
        if (bytes->len + (uint64_t)n > MEMBER_CEILING) {
            g_set_error(fault, LJ_ERROR, LJ_ERROR_FORMAT, _("unpacks to more than %u MB"),
                        MEMBER_CEILING >> 20);
            return bytes;
        }
        g_byte_array_append(bytes, block, (guint)n);
    }
    if (n < 0)
        g_set_error(fault, LJ_ERROR, LJ_ERROR_FORMAT, _("cannot be unpacked (%s)"),
                    archive_error_string(archive) ? archive_error_string(archive) : "");
    return bytes;
}

/* One file in the archive: read as what it is, or a failure of its own. False: nobody listens any more. */
static bool
take_member(struct lj_job *job, struct archive *archive, struct archive_entry *entry,
            const char *name, uint64_t *total)
{
    GError *fault = NULL;
    GByteArray *bytes = read_member(archive, entry, &fault);
    char *path = job->member ? g_strconcat(job->member, "!/", name, NULL) : g_strdup(name);
    char *base = g_path_get_basename(name);
    bool heard = true;
    *total += bytes->len;
    if (fault)
        lj_job_fail(job, path, fault);
    else
        heard = lj_job_nested(job, base, path, bytes->data, bytes->len);
    g_free(base);
    g_free(path);
    g_byte_array_unref(bytes);
    return heard;
}

/* Is what stopped us a lock? To be asked of formats that have locks alone: libarchive answers for others by chance. */
static bool
is_locked(struct archive *archive)
{
    int format = archive_format(archive) & ARCHIVE_FORMAT_BASE_MASK;
    return (format == ARCHIVE_FORMAT_ZIP || format == ARCHIVE_FORMAT_7ZIP ||
            format == ARCHIVE_FORMAT_RAR || format == ARCHIVE_FORMAT_RAR_V5) &&
           archive_read_has_encrypted_entries(archive) > 0;
}

static bool
extract(struct lj_job *job, GError **error)
{
    if (!lj_input_fill(job->input, FILE_CEILING, error))
        return false;
    if (!job->input->all) {
        g_set_error_literal(error, LJ_ERROR, LJ_ERROR_FORMAT,
                            _("archives of more than 1 GB are not read; unpack it"));
        return false;
    }
    struct archive *archive = archive_read_new();
    archive_read_support_filter_all(archive);
    archive_read_support_format_zip(archive);
    archive_read_support_format_tar(archive);
    archive_read_support_format_7zip(archive);
    archive_read_support_format_rar(archive);
    archive_read_support_format_rar5(archive);
    archive_read_support_format_raw(archive);
    bool heard = true, opened = archive_read_open_memory(archive, job->input->bytes,
                                                         job->input->length) == ARCHIVE_OK;
    uint64_t total = 0, most = MIN(TOTAL_CEILING, MAX((uint64_t)job->input->length * RATIO_CEILING,
                                                      (uint64_t)MEMBER_CEILING));
    int members = 0, status = ARCHIVE_FATAL;
    struct archive_entry *entry;
    while (opened && heard && members < MEMBERS_CEILING &&
           ((status = archive_read_next_header(archive, &entry)) == ARCHIVE_OK ||
            status == ARCHIVE_WARN)) {
        if (archive_format(archive) == ARCHIVE_FORMAT_RAW &&
            archive_filter_code(archive, 0) == ARCHIVE_FILTER_NONE)
            break; /* not packed at all */
        members++;
        char *name = member_name(entry, job->name);
        bool file = archive_entry_filetype(entry) == AE_IFREG ||
                    archive_format(archive) == ARCHIVE_FORMAT_RAW;
        if (file && !is_noise(name))
            heard = take_member(job, archive, entry, name, &total);
        g_free(name);
        if (total > most) {
            g_set_error_literal(error, LJ_ERROR, LJ_ERROR_FORMAT,
                                _("unpacks to a thousand times its size and was left there"));
            break;
        }
    }
    const char *reason = archive_error_string(archive);
    if (error && !*error && heard &&
        (!opened || (status != ARCHIVE_EOF && members < MEMBERS_CEILING))) {
        if (is_locked(archive))
            g_set_error_literal(error, LJ_ERROR, LJ_ERROR_FORMAT, _("is protected by a password"));
        else
            g_set_error(error, LJ_ERROR, LJ_ERROR_FORMAT,
                        _("the archive is damaged after %d members (%s)"), members,
                        reason ? reason : "");
    }
    archive_read_free(archive);
    return !(error && *error);
}

static bool
recognise(const struct lj_probe *probe)
{
    static const char *const kinds[] = {"application/zip",     "application/gzip",
                                        "application/x-bzip2", "application/x-xz",
                                        "application/zstd",    "application/x-7z-compressed",
                                        "application/vnd.rar", "application/x-tar"};
    const char *mime = probe->magic;
    for (size_t i = 0; mime && i < G_N_ELEMENTS(kinds); i++)
        if (strcmp(kinds[i], mime) == 0)
            return true;
    return false;
}

const struct lj_format lj_format_archive = {
    "archives", "application/zip application/x-tar application/gzip", recognise, extract};
