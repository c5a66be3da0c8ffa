/* Paths for xargs: each file once, the container for a member. nul prints the raw bytes. */
#include "render/render.h"

#include <string.h>

static void
answer_paths(struct lj_output *output, const struct lj_answer *answer)
{
    const GPtrArray *hits = answer->results->hits;
    if (!output->seen)
        output->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; hits && i < hits->len && !output->closed; i++) {
        const struct lj_hit *hit = hits->pdata[i];
        /* A record that came by standard input has no file. */
        if (!hit->path || !g_hash_table_add(output->seen, g_strdup(hit->path)))
            continue;
        if (output->format == LJ_FORMAT_NUL) {
            g_string_append_len(output->buffer, hit->path, (gssize)strlen(hit->path) + 1);
        } else {
            char *shown = lj_path_display(hit->path);
            g_string_append_printf(output->buffer, "%s\n", shown);
            g_free(shown);
        }
        lj_output_drain(output);
    }
}

const struct format format_paths = {"paths", NULL, answer_paths, NULL};
const struct format format_nul = {"nul", NULL, answer_paths, NULL};
