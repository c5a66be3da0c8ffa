/* How the query was understood and why each hit stands where it does, as text and as JSON. */
#include "render/render.h"
#include "i18n.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define TERM_LINES 3 /* of forms or synonyms of one term; the rest is counted */

static const struct {
    const char *kind, *text;
} kinds[] = {
    {"word", N_("word")},
    {"form", N_("as written")},
    {"title", N_("in the title")},
    {"name", N_("name")},
    {"phrase", N_("phrase")},
    {"near", N_("near")},
    {"pattern", N_("pattern")},
    {"fuzzy", N_("near spelling")},
    {"field", N_("field")},
    {"citation", N_("citation")},
    {"family", N_("words that begin alike")},
    {"little", N_("stop words")},
    {"passage", N_("words that meet in a passage")},
    {"wide", N_("words not far apart")},
    {"dense", N_("its best passage")},
    {"pair", N_("one soon after another")},
    {"skip", N_("with the next but one")},
    {"run", N_("a stretch of the query")},
    {"alike", N_("like the first documents")},
    {"evidence", N_("what its text says")},
};

static const char *
kind_text(const char *kind)
{
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (strcmp(kinds[i].kind, kind) == 0)
            return _(kinds[i].text);
    return kind;
}

/* Weights in units of the last digit shown, so that they add up to the score as shown: what rounding loses
 * goes to the largest. */
static int64_t *
rounded(const struct lj_hit *hit, double units, int64_t *score)
{
    guint n = hit->explanation->len;
    int64_t *out = g_new0(int64_t, n + 1), sum = 0;
    *score = llround(hit->score * units);
    for (guint i = 0; i < n; i++) {
        out[i] = llround(((const struct lj_explained *)hit->explanation->pdata[i])->weight * units);
        sum += out[i];
    }
    if (n > 0)
        out[0] += *score - sum;
    return out;
}

/* Appends pieces, a blank between them, broken at the width; lines beyond `most` (0: no bound) are left out
 * and the pieces that they would have held counted. */
static void
flow(struct lj_output *output, const char *head, unsigned indent, const GPtrArray *pieces,
     unsigned most)
{
    unsigned room = MAX(output->width ? output->width : 80, 20), lines = 1;
    unsigned at = lj_width(head, -1);
    g_string_append(output->buffer, head);
    for (guint i = 0; i < pieces->len; i++) {
        unsigned width = lj_width(pieces->pdata[i], -1);
        bool last = most && lines == most;
        if (at + 1 + width > (last && i + 1 < pieces->len ? room - 8 : room) && at > indent) {
            if (last) {
                g_string_append_printf(output->buffer, " … (+%u)", pieces->len - i);
                break;
            }
            g_string_append_printf(output->buffer, "\n%*s", (int)indent, "");
            at = indent;
            lines++;
        } else if (at > 0) {
            g_string_append_c(output->buffer, ' ');
            at++;
        }
        g_string_append(output->buffer, pieces->pdata[i]);
        at += width;
    }
    g_string_append_c(output->buffer, '\n');
}

static void
flow_list(struct lj_output *output, const char *name, const GPtrArray *list)
{
    if (!list || list->len == 0)
        return;
    GPtrArray *pieces = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < list->len; i++)
        g_ptr_array_add(pieces, g_strconcat(list->pdata[i], i + 1 < list->len ? "," : "", NULL));
    char *head = g_strdup_printf("      %s:", name);
    flow(output, head, 8, pieces, TERM_LINES);
    g_free(head);
    g_ptr_array_unref(pieces);
}

void
lj_explain_terms(struct lj_output *output, const struct lj_answer *answer)
{
    const struct lj_results *results = answer->results;
    if (!results->terms)
        return;
    GPtrArray *pieces = g_ptr_array_new_with_free_func(g_free);
    char **words = g_strsplit(*results->parsed ? results->parsed : "*", " ", -1);
    for (char **word = words; *word; word++)
        g_ptr_array_add(pieces, g_strdup(*word));
    g_ptr_array_add(pieces,
                    g_strdup_printf("(%s)", answer->match == LJ_MATCH_ANY ? _("any of the words")
                                                                          : _("all words")));
    flow(output, _("Understood as:"), 4, pieces, 0);
    g_ptr_array_unref(pieces);
    g_strfreev(words);
    for (guint i = 0; i < results->terms->len; i++) {
        const struct lj_explained_term *term = results->terms->pdata[i];
        pieces = g_ptr_array_new_with_free_func(g_free);
        char *documents =
            g_strdup_printf(g_dngettext(GETTEXT_PACKAGE, "%" PRIu64 " document",
                                        "%" PRIu64 " documents", (gulong)term->documents),
                            term->documents);
        words = g_strsplit(*term->what ? term->what : answer->query, " ", -1);
        for (char **word = words; *word; word++)
            g_ptr_array_add(pieces, g_strdup(*word));
        g_strfreev(words);
        g_ptr_array_add(pieces, g_strdup_printf("· %s", kind_text(term->kind)));
        g_ptr_array_add(pieces, g_strdup_printf("· %s", documents));
        if (term->most > 0)
            g_ptr_array_add(pieces, g_strdup_printf(_("· adds %.2f at most"), term->most));
        flow(output, "   ", 8, pieces, 0);
        flow_list(output, _("forms"), term->forms);
        flow_list(output, _("also"), term->synonyms);
        flow_list(output, _("read as"), term->readings);
        g_ptr_array_unref(pieces);
        g_free(documents);
    }
}

void
lj_explain_hit(struct lj_output *output, const struct lj_hit *hit, unsigned indent)
{
    if (!hit->explanation || hit->explanation->len == 0)
        return;
    int64_t score, *weight = rounded(hit, 100, &score);
    GPtrArray *pieces = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < hit->explanation->len; i++) {
        const struct lj_explained *part = hit->explanation->pdata[i];
        if (weight[i] == 0)
            continue;
        char *what = *part->what ? g_strdup_printf("%s (%s)", part->what, kind_text(part->kind))
                                 : g_strdup(kind_text(part->kind));
        g_ptr_array_add(pieces,
                        g_strdup_printf("%s%" PRId64 ".%02d %s", pieces->len ? "+ " : "",
                                        weight[i] / 100, abs((int)(weight[i] % 100)), what));
        g_free(what);
    }
    char *head =
        g_strdup_printf("%*s%" PRId64 ".%02d =", (int)indent, "", score / 100, (int)(score % 100));
    flow(output, head, indent + 2, pieces, 0);
    g_free(head);
    g_free(weight);
    g_ptr_array_unref(pieces);
}

/* --- JSON --------------------------------------------------------------------------------------
 */

static void
list(GString *out, const char *name, const GPtrArray *values)
{
    g_string_append_printf(out, ",\"%s\":[", name);
    for (guint i = 0; values && i < values->len; i++) {
        if (i)
            g_string_append_c(out, ',');
        lj_json_append(out, values->pdata[i], -1);
    }
    g_string_append_c(out, ']');
}

/* In units of the fourth digit. */
static void
decimal(GString *out, int64_t units)
{
    g_string_append_printf(out, "%s%" PRId64 ".%04" PRId64, units < 0 ? "-" : "",
                           ABS(units) / 10000, ABS(units) % 10000);
}

void
lj_json_explain_terms(GString *out, const struct lj_results *results)
{
    if (!results->terms)
        return;
    g_string_append(out, ",\"explain\":{\"terms\":[");
    for (guint i = 0; i < results->terms->len; i++) {
        const struct lj_explained_term *term = results->terms->pdata[i];
        g_string_append(out, i ? ",{\"what\":" : "{\"what\":");
        lj_json_append(out, term->what, -1);
        g_string_append_printf(out,
                               ",\"kind\":\"%s\",\"documents\":%" PRIu64 ",\"weight\":", term->kind,
                               term->documents);
        decimal(out, llround(term->most * 10000));
        list(out, "forms", term->forms);
        list(out, "synonyms", term->synonyms);
        list(out, "readings", term->readings);
        g_string_append_c(out, '}');
    }
    g_string_append(out, "]}");
}

void
lj_json_explain_hit(GString *out, const struct lj_hit *hit)
{
    if (!hit->explanation)
        return;
    int64_t score, *weight = rounded(hit, 10000, &score);
    g_string_append(out, ",\"explanation\":[");
    for (guint i = 0; i < hit->explanation->len; i++) {
        const struct lj_explained *part = hit->explanation->pdata[i];
        g_string_append(out, i ? ",{\"what\":" : "{\"what\":");
        lj_json_append(out, part->what, -1);
        g_string_append_printf(out, ",\"kind\":\"%s\",\"weight\":", part->kind);
        decimal(out, weight[i]);
        g_string_append_c(out, '}');
    }
    g_string_append_c(out, ']');
    g_free(weight);
}
