/* Paths for xargs: each file once, all of those with the same bytes, the container for a member. nul prints the raw bytes. */
#include "render/render.h"

#include <string.h>

static void
put_path(struct lj_output *output, const char *path)
{
    /* A record that came by standard input has no file. */
    if (!path || !g_hash_table_add(output->seen, g_strdup(path)))
        return;
    if (output->format == LJ_FORMAT_NUL) {
        g_string_append_len(output->buffer, path, (gssize)strlen(path) + 1);
    } else {
        char *shown = lj_path_display(path);
        g_string_append_printf(output->buffer, "%s\n", shown);
        g_free(shown);
    }
}

static void
answer_paths(struct lj_output *output, const struct lj_answer *answer)
{
    const GPtrArray *hits = answer->results->hits;
    if (!output->seen)
        output->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; hits && i < hits->len && !output->closed; i++) {
        const struct lj_hit *hit = hits->pdata[i];
        put_path(output, hit->path);
        for (guint k = 0; k < hit->paths; k++)
            put_path(output, ((const struct lj_copy *)hit->copies->pdata[k])->path);
        lj_output_drain(output);
    }
}

const struct format format_paths = {"paths", NULL, answer_paths, NULL};
const struct format format_nul = {"nul", NULL, answer_paths, NULL};
