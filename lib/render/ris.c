/* RIS and CSL-JSON for reference managers. Each record carries the passage with its page, a link to
 * the file, and what it was found by: query, index and revision. */
#include "render/render.h"
#include "passage/clean.h"

#include <stdio.h>
#include <string.h>

/* What an item type of RIS takes; of other tags Zotero says that the type has no such field. */
enum {
    TAKES_PB = 1,  /* publisher, institution, court */
    TAKES_T2 = 2,  /* the newspaper, journal or meeting */
    TAKES_CY = 4,  /* place */
    TAKES_M3 = 8,  /* a type in words */
    TAKES_AN = 16, /* place in an archive */
};

/* Types of documents → item types; folded beginnings of the archive's own words. */
static const struct item_type {
    const char *type, *ris, *csl;
    unsigned takes;
} types[] = {
    {"ley", "STAT", "legislation", 0},
    {"decreto", "STAT", "legislation", 0},
    {"real decreto", "STAT", "legislation", 0},
    {"constitucion", "STAT", "legislation", 0},
    {"codigo", "STAT", "legislation", 0},
    {"reglamento", "STAT", "legislation", 0},
    {"resolucion", "STAT", "legislation", 0},
    {"disposicion", "STAT", "legislation", 0},
    {"acuerdo", "STAT", "legislation", 0},
    {"orden", "STAT", "legislation", 0},
    {"tratado", "STAT", "legislation", 0},
    {"convenio", "STAT", "legislation", 0},
    {"iniciativa", "BILL", "bill", 0},
    {"proyecto", "BILL", "bill", 0},
    {"proposicion", "BILL", "bill", 0},
    {"sentencia", "CASE", "legal_case", TAKES_PB},
    {"fallo", "CASE", "legal_case", TAKES_PB},
    {"jurisprudencia", "CASE", "legal_case", TAKES_PB},
    {"discurso", "SLIDE", "speech", TAKES_T2 | TAKES_CY | TAKES_M3},
    {"conferencia", "SLIDE", "speech", TAKES_T2 | TAKES_CY | TAKES_M3},
    {"mensaje", "SLIDE", "speech", TAKES_T2 | TAKES_CY | TAKES_M3},
    {"estenografica", "HEAR", "hearing", TAKES_PB | TAKES_CY},
    {"version", "HEAR", "hearing", TAKES_PB | TAKES_CY},
    {"comparecencia", "HEAR", "hearing", TAKES_PB | TAKES_CY},
    {"sesion", "HEAR", "hearing", TAKES_PB | TAKES_CY},
    {"diario de sesiones", "HEAR", "hearing", TAKES_PB | TAKES_CY},
    {"informe", "RPRT", "report", TAKES_PB | TAKES_CY | TAKES_M3 | TAKES_AN},
    {"dictamen", "RPRT", "report", TAKES_PB | TAKES_CY | TAKES_M3 | TAKES_AN},
    {"comunicado", "RPRT", "report", TAKES_PB | TAKES_CY | TAKES_M3 | TAKES_AN},
    {"boletin", "RPRT", "report", TAKES_PB | TAKES_CY | TAKES_M3 | TAKES_AN},
    {"nota", "RPRT", "report", TAKES_PB | TAKES_CY | TAKES_M3 | TAKES_AN},
    {"tesis", "THES", "thesis", TAKES_PB | TAKES_CY | TAKES_M3 | TAKES_AN},
    {"noticia", "NEWS", "article-newspaper", TAKES_T2 | TAKES_CY | TAKES_AN},
    {"articulo", "JOUR", "article-journal", TAKES_T2 | TAKES_AN},
    {"correo", "PCOMM", "personal_communication", TAKES_M3 | TAKES_AN},
    {"carta", "PCOMM", "personal_communication", TAKES_M3 | TAKES_AN},
};

/* Where the archive says nothing: a message, a page of the web, else a document of some office. (GEN
 * would be imported as a journal's article.) */
static const struct item_type message = {"", "PCOMM", "personal_communication",
                                         TAKES_M3 | TAKES_AN},
                              page = {"", "ELEC", "webpage", TAKES_T2 | TAKES_M3},
                              other = {"", "GOVDOC", "document",
                                       TAKES_PB | TAKES_CY | TAKES_M3 | TAKES_AN};

static const struct item_type *
type_of(const struct lj_hit *hit)
{
    const struct lj_document *document = hit->stored->document;
    const char *type = lj_document_field(document, "type");
    const char *mime = document->mime ? document->mime : "";
    if (!type && strcmp(mime, "message/rfc822") == 0)
        return &message;
    if (!type && strcmp(mime, "text/html") == 0 && lj_document_field(document, "url"))
        return &page;
    char *folded = lj_schema_fold(type ? type : "", -1);
    const struct item_type *found = &other;
    for (size_t i = 0; i < G_N_ELEMENTS(types) && found == &other; i++)
        if (g_str_has_prefix(folded, types[i].type))
            found = &types[i];
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

/* What finds the record again: id, query, index with its revision. */
static char *
origin(const struct lj_answer *answer, const struct lj_hit *hit)
{
    char *index = lj_index_identity(answer->index);
    char *text = g_strdup_printf("legajo: %s; %s [%s]", hit->stored->document->id,
                                 answer->query ? answer->query : "", index);
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

/* The tag under which reference managers take a file along. */
static const char *
file_tag(const struct lj_document *document)
{
    const char *mime = document->mime ? document->mime : "";
    return strcmp(mime, "application/pdf") == 0 ? "L1"
           : strcmp(mime, "text/html") == 0     ? "L2"
                                                : "L4";
}

static void
answer_ris(struct lj_output *output, const struct lj_answer *answer)
{
    const GPtrArray *hits = answer->results->hits;
    GString *out = output->buffer;
    for (guint i = 0; hits && i < hits->len && !output->closed; i++) {
        const struct lj_hit *hit = hits->pdata[i];
        const struct lj_document *document = hit->stored->document;
        const struct item_type *type = type_of(hit);
        const char *title = lj_document_field(document, "title");
        g_string_append_printf(out, "TY  - %s\r\n", type->ris);
        ris(out, "TI", title ? title : document->id);
        ris_each(out, "AU", hit, "author");
        /* A type without a publisher has its office as author, as norms are cited. */
        if (type->takes & TAKES_PB)
            ris_each(out, "PB", hit, "organization");
        else if (type->takes & TAKES_T2)
            ris_each(out, "T2", hit, "organization");
        else if (!lj_document_field(document, "author"))
            ris_each(out, "AU", hit, "organization");
        if (document->date) { /* 2026/01/21, 2026/01/, 2026// */
            char **parts = g_strsplit(document->date, "-", 3);
            ris(out, "PY", parts[0]);
            g_string_append_printf(out, "DA  - %s/%s/%s\r\n", parts[0], parts[1] ? parts[1] : "",
                                   parts[1] && parts[2] ? parts[2] : "");
            g_strfreev(parts);
        }
        if (type->takes & TAKES_CY)
            ris_each(out, "CY", hit, "country");
        ris_each(out, "LA", hit, "language");
        ris_each(out, "KW", hit, "subject");
        ris(out, type->takes & TAKES_M3 ? "M3" : "KW", lj_document_field(document, "type"));
        ris_each(out, "KW", hit, "tags");
        ris(out, "UR", lj_document_field(document, "url"));
        char *address = hit->path ? g_filename_to_uri(hit->path, NULL, NULL) : NULL;
        ris(out, file_tag(document), address);
        if (type->takes & TAKES_AN)
            ris(out, "AN", document->id);
        char *passage = note(hit), *from = origin(answer, hit);
        ris(out, "N1", passage);
        ris(out, "N1", from);
        g_string_append(out, "ER  - \r\n\r\n");
        g_free(from);
        g_free(passage);
        g_free(address);
        lj_output_drain(output);
    }
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
    for (guint i = 0; hits && i < hits->len && !output->closed; i++) {
        const struct lj_hit *hit = hits->pdata[i];
        const struct lj_document *document = hit->stored->document;
        const struct item_type *type = type_of(hit);
        const char *title = lj_document_field(document, "title");
        g_string_append(out, output->records++ ? ",\n {\"id\":" : "\n {\"id\":");
        lj_json_append(out, document->id, -1);
        csl(out, "type", type->csl);
        csl(out, "title", title ? title : document->id);
        GPtrArray *authors = lj_hit_values(hit, "author");
        if (authors->len == 0 && type->takes == 0) { /* as norms are cited */
            g_ptr_array_unref(authors);
            authors = lj_hit_values(hit, "organization");
        }
        for (guint j = 0; j < authors->len; j++) {
            g_string_append(out, j ? ",{\"literal\":" : ",\"author\":[{\"literal\":");
            lj_json_append(out, authors->pdata[j], -1);
            g_string_append(out, j + 1 < authors->len ? "}" : "}]");
        }
        g_ptr_array_unref(authors);
        bool legal = type->takes == 0 || strcmp(type->ris, "CASE") == 0;
        csl(out, legal ? "authority" : "publisher", lj_document_field(document, "organization"));
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
        char *passage = note(hit), *from = origin(answer, hit);
        char *both = passage ? g_strdup_printf("%s\n%s", passage, from) : g_strdup(from);
        csl(out, "note", both);
        g_string_append_c(out, '}');
        g_free(both);
        g_free(from);
        g_free(passage);
        g_free(address);
        lj_output_drain(output);
    }
}

const struct format format_ris = {"ris", NULL, answer_ris, NULL};
const struct format format_csl = {"csl", csl_begin, answer_csl, csl_end};
