#include "render/render.h"
#include "i18n.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define DRAIN 65536

static const struct format *const formats[LJ_FORMATS] = {
    [LJ_FORMAT_TEXT] = &format_text,   [LJ_FORMAT_JSON] = &format_json,
    [LJ_FORMAT_JSONL] = &format_jsonl, [LJ_FORMAT_CSV] = &format_csv,
    [LJ_FORMAT_EXCEL] = &format_excel, [LJ_FORMAT_TSV] = &format_tsv,
    [LJ_FORMAT_PATHS] = &format_paths, [LJ_FORMAT_NUL] = &format_nul,
    [LJ_FORMAT_TREC] = &format_trec,   [LJ_FORMAT_RIS] = &format_ris,
    [LJ_FORMAT_CSL] = &format_csl,     [LJ_FORMAT_ATOM] = &format_atom,
    [LJ_FORMAT_SVG] = &format_svg,
};

const char *
lj_format_name(enum lj_format format)
{
    return formats[format]->name;
}

int
lj_format_find(const char *name)
{
    for (int i = 0; i < LJ_FORMATS; i++)
        if (strcmp(formats[i]->name, name) == 0)
            return i;
    return -1;
}

struct lj_output *
lj_output_new(int fd, enum lj_format format)
{
    struct lj_output *output = g_new0(struct lj_output, 1);
    output->fd = fd;
    output->format = format;
    output->width = 80;
    output->buffer = g_string_sized_new(4096);
    return output;
}

void
lj_output_free(struct lj_output *output)
{
    if (!output)
        return;
    g_string_free(output->buffer, TRUE);
    g_strfreev(output->fields);
    g_clear_error(&output->failure);
    if (output->seen)
        g_hash_table_unref(output->seen);
    g_free(output);
}

bool
lj_output_flush(struct lj_output *output, GError **error)
{
    size_t done = 0;
    if (output->fd < 0)
        return true;
    while (!output->closed && !output->failure && done < output->buffer->len) {
        ssize_t n = write(output->fd, output->buffer->str + done, output->buffer->len - done);
        if (n >= 0)
            done += (size_t)n;
        else if (errno == EPIPE)
            output->closed = true;
        else if (errno != EINTR)
            output->failure =
                g_error_new(LJ_ERROR, LJ_ERROR_IO, _("writing the output: %s"), g_strerror(errno));
    }
    g_string_truncate(output->buffer, 0);
    if (output->failure && error && !*error)
        *error = g_error_copy(output->failure);
    return !output->closed && !output->failure;
}

void
lj_output_drain(struct lj_output *output)
{
    if (output->buffer->len >= DRAIN)
        lj_output_flush(output, NULL);
}

/* A name that a hit can give: a column of ours, or a field of documents by any of its names; else
 * the record's own field, which may be called anything a key can be. */
bool
lj_output_set_fields(struct lj_output *output, const char *list, GError **error)
{
    char **names = g_strsplit(list, ",", -1);
    for (char **name = names; *name; name++) {
        g_strstrip(*name);
        if (!**name) {
            g_set_error(error, LJ_ERROR, LJ_ERROR_USAGE, _("--fields=%s: an empty name"), list);
            g_strfreev(names);
            return false;
        }
        bool ours = g_strv_contains(lj_hit_columns, *name);
        const struct lj_field *field = ours ? NULL : lj_field_find(*name, -1);
        if (field) {
            g_free(*name);
            *name = g_strdup(field->name);
        }
    }
    g_strfreev(output->fields);
    output->fields = names;
    return true;
}

bool
lj_output_has_field(const struct lj_output *output, const char *name)
{
    return output->fields && g_strv_contains((const char *const *)output->fields, name);
}

void
lj_render_begin(struct lj_output *output)
{
    if (formats[output->format]->begin)
        formats[output->format]->begin(output);
}

void
lj_render_answer(struct lj_output *output, const struct lj_answer *answer)
{
    formats[output->format]->answer(output, answer);
    lj_output_drain(output);
}

bool
lj_render_end(struct lj_output *output, GError **error)
{
    if (formats[output->format]->end)
        formats[output->format]->end(output);
    return lj_output_flush(output, error);
}
