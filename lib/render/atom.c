/* An Atom feed (RFC 4287): what an alert found, for feed readers. */
#include "render/render.h"
#include "passage/clean.h"

#include <string.h>

static void
element(GString *out, const char *name, const char *value)
{
    if (!value)
        return;
    GString *clean = g_string_new(NULL);
    lj_clean(value, strlen(value), 0, NULL, 0, clean, NULL);
    char *escaped = g_markup_escape_text(clean->str, (gssize)clean->len);
    g_string_append_printf(out, "<%s>%s</%s>\n", name, escaped, name);
    g_free(escaped);
    g_string_free(clean, TRUE);
}

/* Atom wants a full date and time: the first day of a document's date; NULL: it has none. */
static char *
instant(const char *date)
{
    struct lj_interval when;
    if (!date || !lj_interval_from_iso(date, -1, &when))
        return NULL;
    return g_strdup_printf("%04u-%02u-%02uT00:00:00Z", when.first / 10000, when.first / 100 % 100,
                           when.first % 100);
}

static char *
this_instant(void)
{
    GDateTime *now = g_date_time_new_now_utc();
    char *text = g_date_time_format(now, "%Y-%m-%dT%H:%M:%SZ");
    g_date_time_unref(now);
    return text;
}

/* What an entry was found by; scheme NULL: the name of a saved search. */
static void
category(GString *out, const char *scheme, const char *term)
{
    if (!term)
        return;
    GString *clean = g_string_new(NULL);
    lj_clean(term, strlen(term), 0, NULL, 0, clean, NULL);
    char *escaped = g_markup_escape_text(clean->str, -1);
    if (scheme)
        g_string_append_printf(out, "<category scheme=\"%s\" term=\"%s\"/>\n", scheme, escaped);
    else
        g_string_append_printf(out, "<category term=\"%s\"/>\n", escaped);
    g_free(escaped);
    g_string_free(clean, TRUE);
}

static void
begin(struct lj_output *output)
{
    char *now = this_instant();
    g_string_append(output->buffer, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                                    "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n"
                                    "<id>urn:legajo:alerts</id>\n<title>legajo</title>\n"
                                    "<author><name>legajo</name></author>\n");
    element(output->buffer, "updated", now);
    g_free(now);
}

static void
answer_atom(struct lj_output *output, const struct lj_answer *answer)
{
    const GPtrArray *hits = answer->results->hits;
    char *now = this_instant(), *index = lj_index_identity(answer->index);
    for (guint i = 0; hits && i < hits->len && !output->closed; i++) {
        const struct lj_hit *hit = hits->pdata[i];
        const struct lj_document *document = hit->stored->document;
        GString *out = output->buffer;
        const char *title = lj_document_field(document, "title");
        const char *url = lj_document_field(document, "url");
        char *address = url         ? g_strdup(url)
                        : hit->path ? g_filename_to_uri(hit->path, NULL, NULL)
                                    : NULL;
        /* One document may be new to several saved searches: an entry each. */
        char *id = answer->query_id
                       ? g_strdup_printf("urn:legajo:%s:%s", answer->query_id, hit->key)
                       : g_strdup_printf("urn:legajo:%s", hit->key);
        char *date = instant(document->date);
        g_string_append(out, "<entry>\n");
        element(out, "id", id);
        element(out, "title", title ? title : document->id);
        element(out, "updated", now);
        element(out, "published", date);
        if (address) {
            char *escaped = g_markup_escape_text(address, -1);
            g_string_append_printf(out, "<link href=\"%s\"/>\n", escaped);
            g_free(escaped);
        }
        category(out, NULL, answer->query_id);
        category(out, "urn:legajo:query", answer->query);
        category(out, "urn:legajo:index", *index ? index : NULL);
        if (hit->snippets && hit->snippets->len)
            element(out, "summary", ((struct lj_snippet *)hit->snippets->pdata[0])->text);
        g_string_append(out, "</entry>\n");
        g_free(address);
        g_free(id);
        g_free(date);
        lj_output_drain(output);
    }
    g_free(index);
    g_free(now);
}

static void
end(struct lj_output *output)
{
    g_string_append(output->buffer, "</feed>\n");
}

const struct format format_atom = {"atom", begin, answer_atom, end};
