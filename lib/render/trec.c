/* TREC runs, as trec_eval reads them: query Q0 document rank score run. */
#include "render/render.h"

static void
word(GString *out, const char *text)
{
    for (const char *p = text; *p; p++)
        if ((uint8_t)*p <= ' ' || *p == '%')
            g_string_append_printf(out, "%%%02X", (uint8_t)*p);
        else
            g_string_append_c(out, *p);
}

static void
answer_trec(struct lj_output *output, const struct lj_answer *answer)
{
    const GPtrArray *hits = answer->results->hits;
    for (guint i = 0; hits && i < hits->len && !output->closed; i++) {
        const struct lj_hit *hit = hits->pdata[i];
        word(output->buffer, answer->query_id ? answer->query_id : "1");
        g_string_append(output->buffer, " Q0 ");
        word(output->buffer, hit->stored->document->id);
        g_string_append_printf(output->buffer, " %u %.6f legajo\n", hit->rank, hit->score);
        lj_output_drain(output);
    }
}

const struct format format_trec = {"trec", NULL, answer_trec, NULL};
