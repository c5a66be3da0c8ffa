/* RIS and CSL-JSON for reference managers. Each record carries the passage with its page, a link to
 * the file, and what it was found by: query, index and revision. */
#include "render/render.h"
#include "passage/clean.h"

#include <stdio.h>
#include <string.h>

/* Types of documents → item types; folded beginnings of the archive's own words. */
static const struct {
    const char *type, *ris, *csl;
} types[] = {
    {"ley", "STAT", "legislation"},
    {"decreto", "STAT", "legislation"},
    {"real decreto", "STAT", "legislation"},
    {"constitucion", "STAT", "legislation"},
    {"codigo", "STAT", "legislation"},
    {"reglamento", "STAT", "legislation"},
    {"resolucion", "STAT", "legislation"},
    {"acuerdo", "STAT", "legislation"},
    {"orden", "STAT", "legislation"},
    {"iniciativa", "BILL", "bill"},
    {"proyecto", "BILL", "bill"},
    {"proposicion", "BILL", "bill"},
    {"sentencia", "CASE", "legal_case"},
    {"fallo", "CASE", "legal_case"},
    {"jurisprudencia", "CASE", "legal_case"},
    {"comunicado", "PRESS", "post"},
    {"boletin", "PRESS", "post"},
    {"discurso", "HEAR", "speech"},
    {"conferencia", "HEAR", "speech"},
    {"estenografica", "HEAR", "speech"},
    {"version", "HEAR", "speech"},
    {"informe", "RPRT", "report"},
    {"dictamen", "RPRT", "report"},
    {"noticia", "NEWS", "article-newspaper"},
    {"articulo", "JOUR", "article-journal"},
    {"correo", "PCOMM", "personal_communication"},
};

static size_t
type_of(const struct lj_hit *hit)
{
    const char *type = lj_document_field(hit->stored->document, "type");
    size_t found = G_N_ELEMENTS(types);
    if (!type)
        return found;
    char *folded = lj_schema_fold(type, -1);
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
        if (g_str_has_prefix(folded, types[i].type)) {
            found = i;
            break;
        }
    g_free(folded);
    return found;
}

/* The passage and where it stands. NULL: none. */
static char *
note(const struct lj_hit *hit)
{
    const struct lj_snippet *snippet =
        hit->snippets && hit->snippets->len ? hit->snippets->pdata[0] : NULL;
    if (!snippet)
        return NULL;
    GString *out = g_string_new(NULL);
    if (snippet->section)
        g_string_append_printf(out, "%s. ", snippet->section);
    if (snippet->page_label)
        g_string_append_printf(out, "P. %s. ", snippet->page_label);
    else if (snippet->page)
        g_string_append_printf(out, "P. %d. ", snippet->page);
    if (snippet->speaker)
        g_string_append_printf(out, "%s: ", snippet->speaker);
    g_string_append_printf(out, "«%s»", snippet->text);
    return g_string_free(out, FALSE);
}

static char *
origin(const struct lj_answer *answer)
{
    char *index = lj_index_identity(answer->index);
    char *text = g_strdup_printf("legajo: %s [%s]", answer->query ? answer->query : "", index);
    g_free(index);
    return text;
}

/* A line "TY  - value"; the value on one line. */
static void
ris(GString *out, const char *tag, const char *value)
{
    if (!value || !*value)
        return;
    g_string_append_printf(out, "%s  - ", tag);
    lj_clean(value, strlen(value), 0, NULL, 0, out, NULL);
    g_string_append(out, "\r\n");
}

static void
ris_each(GString *out, const char *tag, const struct lj_hit *hit, const char *name)
{
    GPtrArray *values = lj_hit_values(hit, name);
    for (guint i = 0; i < values->len; i++)
        ris(out, tag, values->pdata[i]);
    g_ptr_array_unref(values);
}

static void
answer_ris(struct lj_output *output, const struct lj_answer *answer)
{
    const GPtrArray *hits = answer->results->hits;
    GString *out = output->buffer;
    char *from = origin(answer);
    for (guint i = 0; hits && i < hits->len && !output->closed; i++) {
        const struct lj_hit *hit = hits->pdata[i];
        const struct lj_document *document = hit->stored->document;
        size_t type = type_of(hit);
        const char *title = lj_document_field(document, "title");
        g_string_append_printf(out, "TY  - %s\r\n",
                               type < G_N_ELEMENTS(types) ? types[type].ris : "GEN");
        ris(out, "TI", title ? title : document->id);
        ris_each(out, "AU", hit, "author");
        ris_each(out, "PB", hit, "organization");
        if (document->date) { /* 2026/01/21, 2026/01/, 2026// */
            char **parts = g_strsplit(document->date, "-", 3);
            ris(out, "PY", parts[0]);
            g_string_append_printf(out, "DA  - %s/%s/%s\r\n", parts[0], parts[1] ? parts[1] : "",
                                   parts[1] && parts[2] ? parts[2] : "");
            g_strfreev(parts);
        }
        ris_each(out, "CY", hit, "country");
        ris_each(out, "LA", hit, "language");
        ris_each(out, "KW", hit, "subject");
        ris(out, "M3", lj_document_field(document, "type"));
        ris(out, "UR", lj_document_field(document, "url"));
        char *address = hit->path ? g_filename_to_uri(hit->path, NULL, NULL) : NULL;
        ris(out, "L1", address);
        ris(out, "AN", document->id);
        char *passage = note(hit);
        ris(out, "N1", passage);
        ris(out, "N1", from);
        g_string_append(out, "ER  - \r\n\r\n");
        g_free(passage);
        g_free(address);
        lj_output_drain(output);
    }
    g_free(from);
}

/* --- CSL-JSON
 * ----------------------------------------------------------------------------------------- */

static void
csl(GString *out, const char *key, const char *value)
{
    if (!value || !*value)
        return;
    g_string_append_printf(out, ",\"%s\":", key);
    lj_json_append(out, value, -1);
}

static void
csl_begin(struct lj_output *output)
{
    g_string_append(output->buffer, "[");
}

static void
csl_end(struct lj_output *output)
{
    g_string_append(output->buffer, "\n]\n");
}

static void
answer_csl(struct lj_output *output, const struct lj_answer *answer)
{
    const GPtrArray *hits = answer->results->hits;
    GString *out = output->buffer;
    char *from = origin(answer);
    for (guint i = 0; hits && i < hits->len && !output->closed; i++) {
        const struct lj_hit *hit = hits->pdata[i];
        const struct lj_document *document = hit->stored->document;
        size_t type = type_of(hit);
        const char *title = lj_document_field(document, "title");
        g_string_append(out, output->records++ ? ",\n {\"id\":" : "\n {\"id\":");
        lj_json_append(out, document->id, -1);
        csl(out, "type", type < G_N_ELEMENTS(types) ? types[type].csl : "document");
        csl(out, "title", title ? title : document->id);
        GPtrArray *authors = lj_hit_values(hit, "author");
        for (guint j = 0; j < authors->len; j++) {
            g_string_append(out, j ? ",{\"literal\":" : ",\"author\":[{\"literal\":");
            lj_json_append(out, authors->pdata[j], -1);
            g_string_append(out, j + 1 < authors->len ? "}" : "}]");
        }
        g_ptr_array_unref(authors);
        csl(out, "publisher", lj_document_field(document, "organization"));
        if (document->date) {
            unsigned year = 0, month = 0, day = 0;
            int n = sscanf(document->date, "%u-%u-%u", &year, &month, &day);
            if (n >= 1) {
                g_string_append_printf(out, ",\"issued\":{\"date-parts\":[[%u", year);
                if (n >= 2)
                    g_string_append_printf(out, ",%u", month);
                if (n >= 3)
                    g_string_append_printf(out, ",%u", day);
                g_string_append(out, "]]}");
            }
        }
        csl(out, "language", lj_document_field(document, "language"));
        csl(out, "genre", lj_document_field(document, "type"));
        GPtrArray *subjects = lj_hit_values(hit, "subject");
        char **words = g_new0(char *, subjects->len + 1);
        for (guint j = 0; j < subjects->len; j++)
            words[j] = subjects->pdata[j];
        char *keywords = g_strjoinv(", ", words);
        csl(out, "keyword", keywords);
        g_free(keywords);
        g_free(words);
        g_ptr_array_unref(subjects);
        char *address = hit->path ? g_filename_to_uri(hit->path, NULL, NULL) : NULL;
        const char *url = lj_document_field(document, "url");
        csl(out, "URL", url ? url : address);
        csl(out, "archive_location", address);
        const struct lj_snippet *snippet =
            hit->snippets && hit->snippets->len ? hit->snippets->pdata[0] : NULL;
        csl(out, "page", snippet ? snippet->page_label : NULL);
        char *passage = note(hit);
        char *both = passage ? g_strdup_printf("%s\n%s", passage, from) : g_strdup(from);
        csl(out, "note", both);
        g_string_append_c(out, '}');
        g_free(both);
        g_free(passage);
        g_free(address);
        lj_output_drain(output);
    }
    g_free(from);
}

const struct format format_ris = {"ris", NULL, answer_ris, NULL};
const struct format format_csl = {"csl", csl_begin, answer_csl, csl_end};
