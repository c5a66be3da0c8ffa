/* Texts as files, and the original in its own program. */
#include "commands.h"
#include "i18n.h"

#include <inttypes.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

struct export
{
    struct lj_searcher *searcher;
    const char *folder;
    FILE *table;      /* metadata, with the file's name */
    GHashTable *used; /* names of files */
    struct lj_answer answer;
    uint64_t written;
    GError *error;
};

/* key and title, of letters that every file system takes; several indexes may have one key twice. */
static char *
safe_name(const struct lj_hit *hit, GHashTable *used)
{
    const char *title = lj_document_field(hit->stored->document, "title");
    char *folded = lj_schema_fold(title ? title : "", -1);
    GString *name = g_string_new(hit->key);
    g_string_append_c(name, '_');
    for (const char *p = folded; *p && name->len < 72; p++) {
        if (g_ascii_isalnum(*p))
            g_string_append_c(name, *p);
        else if ((uint8_t)*p == 0xC3 && (uint8_t)p[1] == 0xB1) /* ñ */
            g_string_append_c(name, 'n');
        else if (name->str[name->len - 1] != '-' && name->str[name->len - 1] != '_' &&
                 ((uint8_t)*p & 0xC0) != 0x80)
            g_string_append_c(name, '-');
    }
    while (name->str[name->len - 1] == '-' || name->str[name->len - 1] == '_')
        g_string_truncate(name, name->len - 1);
    size_t length = name->len;
    g_string_append(name, ".txt");
    for (unsigned n = 2; !g_hash_table_add(used, g_strdup(name->str)); n++) {
        g_string_truncate(name, length);
        g_string_append_printf(name, "-%u.txt", n);
    }
    g_free(folded);
    return g_string_free(name, FALSE);
}

/* A line of the table; false with error when it cannot be written. */
static bool
put_line(struct export *export, const GString *line, GError **error)
{
    if (fwrite(line->str, 1, line->len, export->table) == line->len)
        return true;
    g_set_error(error, LJ_ERROR, LJ_ERROR_IO, "%s: %s", export->folder, g_strerror(errno));
    return false;
}

static bool
write_text(struct lj_hit *hit, void *data)
{
    static const char *const columns[] = {"id",   "key",          "date",    "title",
                                          "type", "organization", "country", "path",
                                          "url",  "sha256",       "copies"};
    struct export *export = data;
    GString *text = lj_searcher_text(export->searcher, hit, &export->error);
    if (!text)
        return false;
    char *name = safe_name(hit, export->used), *path = g_build_filename(export->folder, name, NULL);
    bool good = g_file_set_contents(path, text->str, (gssize)text->len, &export->error);
    if (good) {
        GString *line = g_string_new(NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(columns); i++) {
            char *value = lj_hit_column(&export->answer, hit, columns[i]);
            lj_csv_append(line, i == 0, value);
            g_free(value);
        }
        lj_csv_append(line, false, name);
        g_string_append(line, "\r\n");
        good = put_line(export, line, &export->error);
        g_string_free(line, TRUE);
        export->written += good;
    }
    g_free(path);
    g_free(name);
    g_string_free(text, TRUE);
    return good;
}

/* An empty folder, made where there is none. */
static bool
ready(const char *folder, GError **error)
{
    if (g_mkdir_with_parents(folder, 0777) != 0) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_IO, "%s: %s", folder, g_strerror(errno));
        return false;
    }
    GDir *dir = g_dir_open(folder, 0, error);
    bool empty = dir && !g_dir_read_name(dir);
    if (dir && !empty)
        g_set_error(error, LJ_ERROR, LJ_ERROR_USAGE,
                    _("%s is not empty: name a new folder, so that nothing is overwritten"),
                    folder);
    if (dir)
        g_dir_close(dir);
    return empty;
}

/* The table, a line a document as it is written. */
static bool
open_table(struct export *export, GError **error)
{
    char *path = g_build_filename(export->folder, "documents.csv", NULL);
    export->table = fopen(path, "we");
    if (!export->table)
        g_set_error(error, LJ_ERROR, LJ_ERROR_IO, "%s: %s", path, g_strerror(errno));
    g_free(path);
    GString *header =
        g_string_new("id,key,date,title,type,organization,country,path,url,sha256,copies,file\r\n");
    bool good = export->table && put_line(export, header, error);
    g_string_free(header, TRUE);
    return good;
}

int
command_export(const struct options *options)
{
    GError *error = NULL;
    struct lj_searcher *searcher = open_searcher(options, &error);
    if (!searcher)
        return report_error(options, error, NULL, NULL);
    int status = FOUND;
    struct lj_query *query = prepare_query(options, searcher, options->query, &status);
    struct export export = {.searcher = searcher,
                            .folder = options->value,
                            .used = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
    if (query && ready(export.folder, &error) && open_table(&export, &error)) {
        struct lj_search_options search = options->search;
        if (!options->limit_given)
            search.limit = G_MAXUINT32;
        search.identical = !options->all_copies;
        search.sink = write_text;
        search.sink_data = &export;
        export.answer = (struct lj_answer){.query = options->query, .options = &search};
        struct lj_results *results = lj_search(searcher, query, &search, &error);
        if (results && export.error)
            g_propagate_error(&error, g_steal_pointer(&export.error));
        if (fclose(export.table) != 0 && results && !error)
            g_set_error(&error, LJ_ERROR, LJ_ERROR_IO, "%s: %s", export.folder, g_strerror(errno));
        char *origin = g_build_filename(export.folder, "origin.json", NULL);
        GString *about = g_string_new("{\"query\":");
        lj_json_append(about, options->query, -1);
        g_string_append(about, ",\"index\":[");
        const GArray *index = lj_searcher_info(searcher, NULL);
        for (guint i = 0; index && i < index->len; i++) {
            const struct lj_index_info *info = &g_array_index(index, struct lj_index_info, i);
            g_string_append_printf(about, "%s{\"uuid\":\"%s\",\"revision\":%" G_GUINT64_FORMAT "}",
                                   i ? "," : "", info->uuid, info->revision);
        }
        g_string_append_printf(about, "],\"documents\":%" G_GUINT64_FORMAT "}\n", export.written);
        if (results && !error &&
            g_file_set_contents(origin, about->str, (gssize)about->len, &error)) {
            fprintf(stderr, _("searcher: %" PRIu64 " texts in %s\n"), export.written,
                    export.folder);
            status = export.written ? FOUND : NOTHING;
        }
        g_string_free(about, TRUE);
        g_free(origin);
        lj_results_free(results);
    }
    if (error)
        status = report_error(options, error, NULL, NULL);
    g_clear_error(&export.error);
    g_hash_table_unref(export.used);
    lj_query_free(query);
    lj_searcher_close(searcher);
    return status;
}

/* What the desktop is to open: the file; of a record, which is a line of a file, rather where it was
 * published. Records come from anywhere: only addresses of the web are handed on. NULL: nothing. */
static const char *
target_of(const struct lj_hit *hit)
{
    const char *url = lj_document_field(hit->stored->document, "url");
    if (url && !g_str_has_prefix(url, "https://") && !g_str_has_prefix(url, "http://"))
        url = NULL;
    const char *id = hit->stored->document->id, *name = strrchr(id, '/');
    bool own = hit->path && (strstr(id, "!/") || g_str_has_suffix(hit->path, name ? name : id));
    return hit->path && (own || !url) ? hit->path : url;
}

int
command_open(const struct options *options)
{
    GError *error = NULL;
    struct lj_searcher *searcher = open_searcher(options, &error);
    struct lj_hit *hit = searcher ? lj_searcher_lookup(searcher, options->value, &error) : NULL;
    const char *target = hit ? target_of(hit) : NULL;
    if (hit && !target)
        g_set_error(&error, LJ_ERROR, LJ_ERROR_NO_INPUT, _("%s has neither a file nor an address"),
                    hit->stored->document->id);
    else if (hit && target == hit->path && access(target, R_OK) != 0)
        g_set_error(&error, LJ_ERROR, LJ_ERROR_NO_INPUT, "%s: %s", target, g_strerror(errno));
    GError *failure = NULL;
    char *command[] = {(char *)"xdg-open", (char *)target, NULL};
    if (target && !error &&
        !g_spawn_async(NULL, command, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL,
                       NULL, NULL, &failure)) {
        g_set_error(&error, LJ_ERROR, LJ_ERROR_IO, _("no desktop to open %s with: %s"), target,
                    failure->message);
        g_error_free(failure);
    }
    int status = error ? report_error(options, error, NULL, NULL) : FOUND;
    lj_hit_free(hit);
    lj_searcher_close(searcher);
    return status;
}
