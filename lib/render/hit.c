/* A hit by names: the columns of csv, the keys of --fields. */
#include "render/render.h"

#include <string.h>

const char *const lj_hit_columns[] = {
    "query_id",   "rank",      "score",  "id",       "key",     "path",    "url",     "title",
    "date",       "date_from", "type",   "mime",     "bytes",   "words",   "sha256",  "ocr",
    "copies",     "tags",      "fields", "snippets", "snippet", "section", "speaker", "page",
    "page_label", "time",      "text",   "query",    "index",   NULL};

const char *
lj_match_name(enum lj_match match)
{
    return match == LJ_MATCH_ANY ? "any" : match == LJ_MATCH_ALL ? "all" : "auto";
}

const char *
lj_sort_name(enum lj_sort sort)
{
    static const char *const names[] = {"relevance", "date", "-date", "title", "document"};
    return names[sort];
}

char *
lj_index_identity(const GArray *index)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; index && i < index->len; i++) {
        const struct lj_index_info *info = &g_array_index(index, struct lj_index_info, i);
        g_string_append_printf(out, "%s%s:%" G_GUINT64_FORMAT, i ? " " : "", info->uuid,
                               info->revision);
    }
    return g_string_free(out, FALSE);
}

GPtrArray *
lj_hit_values(const struct lj_hit *hit, const char *name)
{
    GPtrArray *values = g_ptr_array_new();
    if (strcmp(name, "tags") == 0)
        name = LJ_TAGS_PROPERTY;
    const GArray *properties = hit->stored->document->properties;
    for (guint i = 0; properties && i < properties->len; i++) {
        const struct lj_property *property = &g_array_index(properties, struct lj_property, i);
        if (strcmp(property->name, name) == 0)
            g_ptr_array_add(values, property->value);
    }
    return values;
}

char *
lj_hit_column(const struct lj_answer *answer, const struct lj_hit *hit, const char *name)
{
    const struct lj_document *document = hit->stored->document;
    const struct lj_snippet *snippet =
        hit->snippets && hit->snippets->len ? hit->snippets->pdata[0] : NULL;
    if (strcmp(name, "query_id") == 0)
        return g_strdup(answer->query_id);
    if (strcmp(name, "query") == 0)
        return g_strdup(answer->query);
    if (strcmp(name, "index") == 0)
        return lj_index_identity(answer->index);
    if (strcmp(name, "rank") == 0)
        return g_strdup_printf("%u", hit->rank);
    if (strcmp(name, "score") == 0)
        return g_strdup_printf("%.4f", hit->score);
    if (strcmp(name, "id") == 0)
        return g_strdup(document->id);
    if (strcmp(name, "key") == 0)
        return g_strdup(hit->key);
    if (strcmp(name, "path") == 0)
        return hit->path ? lj_path_display(hit->path) : NULL;
    if (strcmp(name, "date") == 0)
        return g_strdup(document->date);
    if (strcmp(name, "year") == 0)
        return document->date ? g_strndup(document->date, 4) : NULL;
    if (strcmp(name, "date_from") == 0)
        return document->date ? g_strdup(lj_date_rung_name(document->date_from)) : NULL;
    if (strcmp(name, "mime") == 0)
        return g_strdup(document->mime);
    if (strcmp(name, "bytes") == 0)
        return g_strdup_printf("%" G_GUINT64_FORMAT, document->bytes);
    if (strcmp(name, "words") == 0)
        return g_strdup_printf("%u", hit->stored->words);
    if (strcmp(name, "ocr") == 0)
        return g_strdup(document->ocr ? "true" : "false");
    if (strcmp(name, "sha256") == 0) {
        char *hex = g_malloc(65);
        lj_sha256_hex(document->sha256, hex);
        return hex;
    }
    if (strcmp(name, "snippet") == 0 || strcmp(name, "snippets") == 0) {
        GString *out = g_string_new(NULL);
        for (guint i = 0; hit->snippets && i < hit->snippets->len; i++) {
            const struct lj_snippet *one = hit->snippets->pdata[i];
            g_string_append_printf(out, "%s%s", i ? "\n" : "", one->text);
            if (strcmp(name, "snippet") == 0)
                break;
        }
        return g_string_free(out, FALSE);
    }
    if (strcmp(name, "copies") == 0) {
        GString *out = g_string_new(NULL);
        for (guint i = 0; hit->copies && i < hit->copies->len; i++)
            g_string_append_printf(out, "%s%s", i ? "; " : "",
                                   ((const struct lj_copy *)hit->copies->pdata[i])->id);
        return g_string_free(out, FALSE);
    }
    if (strcmp(name, "section") == 0)
        return snippet ? g_strdup(snippet->section) : NULL;
    if (strcmp(name, "speaker") == 0)
        return snippet ? g_strdup(snippet->speaker) : NULL;
    if (strcmp(name, "page_label") == 0)
        return snippet ? g_strdup(snippet->page_label) : NULL;
    if (strcmp(name, "time") == 0)
        return snippet ? g_strdup(snippet->time) : NULL;
    if (strcmp(name, "page") == 0)
        return snippet && snippet->page ? g_strdup_printf("%d", snippet->page) : NULL;
    if (strcmp(name, "text") == 0) {
        GString *text = answer->text ? answer->text(hit, answer->data) : NULL;
        return text ? g_string_free(text, FALSE) : NULL;
    }
    GPtrArray *values = lj_hit_values(hit, name);
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < values->len; i++)
        g_string_append_printf(out, "%s%s", i ? "; " : "", (char *)values->pdata[i]);
    g_ptr_array_unref(values);
    return g_string_free(out, FALSE);
}
