/* Tables as text (RFC 4180, and its cousins with ';' or tabs). With a column that holds the text
 * ("text", "texto", "contenido" …) each row is a record whose other columns are fields; otherwise the table is one document, a row a
 * line. */
#include "extract/charset.h"
#include "extract/describe.h"
#include "extract/formats.h"
#include "extract/record.h"
#include "extract/sha256.h"
#include "i18n.h"

#include <string.h>

#define COLUMNS_CEILING 1000

/* Reads a row from *p: cells without their quotes. False at the end. */
static bool
read_row(const char **p, const char *end, char separator, GPtrArray *cells)
{
    g_ptr_array_set_size(cells, 0);
    if (*p >= end)
        return false;
    for (;;) {
        GString *cell = g_string_new(NULL);
        if (*p < end && **p == '"') {
            for (++*p; *p < end; ++*p) {
                if (**p != '"')
                    g_string_append_c(cell, **p);
                else if (*p + 1 < end && (*p)[1] == '"')
                    g_string_append_c(cell, *(*p)++);
                else
                    break;
            }
            if (*p < end)
                ++*p;
        }
        while (*p < end && **p != separator && **p != '\n')
            g_string_append_c(cell, *(*p)++);
        if (cells->len < COLUMNS_CEILING)
            g_ptr_array_add(cells, g_string_free(cell, FALSE));
        else
            g_string_free(cell, TRUE);
        if (*p >= end)
            return true;
        if (*(*p)++ == '\n')
            return true;
    }
}

/* The sign that parts the first row most often. */
static char
find_separator(const char *text, size_t length)
{
    static const char signs[] = "\t;,|";
    const char *stop = memchr(text, '\n', length), *end = stop ? stop : text + length;
    size_t best = 0;
    char found = ',';
    for (const char *sign = signs; *sign; sign++) {
        size_t n = 0;
        bool quoted = false;
        for (const char *p = text; p < end; p++) {
            quoted ^= *p == '"';
            n += !quoted && *p == *sign;
        }
        if (n > best) {
            best = n;
            found = *sign;
        }
    }
    return found;
}

static bool
emit_row(struct lj_job *job, const GPtrArray *header, GHashTable *columns, const GPtrArray *cells,
         int text, guint number, struct lj_charset *how, const char *raw, size_t raw_length)
{
    struct lj_document *document = lj_job_document(job, "text/csv");
    document->charset = g_strdup(how->charset);
    document->charset_from = g_strdup(how->from);
    guint n = MIN(cells->len, header->len);
    for (guint k = 0; k < 2 * n; k++) { /* first the columns whose meaning is said */
        guint i = k % n;
        const char *field = lj_columns_field(columns, header->pdata[i]), *value = cells->pdata[i],
                   *name = field ? field : header->pdata[i];
        if (!field != (k >= n))
            continue;
        if ((int)i == text)
            g_string_assign(document->text, value);
        else if (g_ascii_strcasecmp(name, "id") == 0 && *value && !document->id)
            document->id = g_strdup(value);
        else if (*name)
            lj_describe_field(document, name, value, LJ_DATE_GIVEN);
    }
    lj_document_drop(document, document->member);
    document->member =
        document->id ? NULL : g_strdup_printf("%s#%u", job->member ? job->member : "", number);
    document->bytes = raw_length;
    struct sha256_ctx sum;
    sha256_init(&sum);
    sha256_update(&sum, raw_length, (const uint8_t *)raw);
    if (job->columns) /* what is read otherwise is another document */
        sha256_update(&sum, strlen(job->columns), (const uint8_t *)job->columns);
    sha256_digest(&sum, sizeof document->sha256, document->sha256);
    lj_describe_parts(document);
    return lj_job_emit(job, document);
}

static bool
extract(struct lj_job *job, GError **error)
{
    if (!lj_input_fill(job->input, (size_t)job->max_text * 2 + 64, error))
        return false;
    struct lj_charset how = {.given = job->encoding};
    GString *source = g_string_new(NULL);
    lj_charset_decode(job->input->bytes, job->input->length, &how, (size_t)job->max_text * 2,
                      source);
    const char *p = source->str, *end = p + source->len;
    char separator = find_separator(p, source->len);
    GPtrArray *header = g_ptr_array_new_with_free_func(g_free),
              *cells = g_ptr_array_new_with_free_func(g_free);
    GHashTable *columns = lj_columns_read(job->columns);
    int text = -1, best = 0;
    if (read_row(&p, end, separator, header))
        for (guint i = 0; i < header->len; i++) {
            g_strstrip(header->pdata[i]);
            const char *field = lj_columns_field(columns, header->pdata[i]);
            int rank = field ? strcmp(field, "text") == 0 ? G_MININT : 0
                             : lj_record_text_key(header->pdata[i]);
            if (rank != 0 && (best == 0 || rank < best)) {
                best = rank;
                text = (int)i;
            }
        }
    if (text >= 0) {
        guint number = 1;
        for (const char *row = p; read_row(&p, end, separator, cells); row = p) {
            number++;
            if (cells->len == 1 && !*(char *)cells->pdata[0])
                continue;
            if ((int)cells->len <= text) {
                char place[16];
                g_snprintf(place, sizeof place, "#%u", number);
                lj_job_fail(job, place,
                            g_error_new(LJ_ERROR, LJ_ERROR_FORMAT,
                                        _("row %u has %u columns, the text should be in column %d"),
                                        number, cells->len, text + 1));
            } else if (!emit_row(job, header, columns, cells, text, number, &how, row,
                                 (size_t)(p - row))) {
                break;
            }
        }
    } else {
        struct lj_document *document = lj_job_document(job, "text/csv");
        document->charset = g_strdup(how.charset);
        document->charset_from = g_strdup(how.from);
        document->cut = how.cut || !job->input->all;
        p = source->str;
        while (read_row(&p, end, separator, cells) && document->text->len <= job->max_text) {
            for (guint i = 0; i < cells->len; i++) {
                g_string_append(document->text, i > 0 ? "\t" : "");
                g_string_append(document->text, g_strdelimit(cells->pdata[i], "\n\t", ' '));
            }
            g_string_append_c(document->text, '\n');
        }
        /* A row of column names is no title: the file's name is. */
        char *stem = g_strdup(job->name), *dot = strrchr(stem, '.');
        if (dot && dot > stem)
            *dot = 0;
        g_strdelimit(stem, "_-", ' ');
        lj_document_add_field(document, "title", stem);
        g_free(stem);
        lj_job_emit(job, document);
    }
    if (columns)
        g_hash_table_unref(columns);
    g_ptr_array_unref(header);
    g_ptr_array_unref(cells);
    g_string_free(source, TRUE);
    return true;
}

static bool
recognise(const struct lj_probe *probe)
{
    return !probe->magic &&
           (strcmp(probe->extension, "csv") == 0 || strcmp(probe->extension, "tsv") == 0 ||
            strcmp(probe->extension, "tab") == 0);
}

const struct lj_format lj_format_csv = {"CSV", "text/csv text/tab-separated-values", recognise,
                                        extract};
