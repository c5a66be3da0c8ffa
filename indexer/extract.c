/* --extract: what would be indexed of a file, as JSON Lines. */
#include "show.h"
#include "i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Instead of an exit status: the reader of the output has gone, which ends the work quietly. */
#define OUTPUT_CLOSED 1000

struct state {
    const char *path, *name;
    int status;
    bool told; /* a document was printed, or why there is none */
};

/* Bytes of UTF-8 text → code points, as offsets are everywhere outside. */
static json_int_t
points(const struct lj_document *document, uint32_t offset)
{
    return g_utf8_strlen(document->text->str, offset);
}

static void
add_property(json_t *fields, const char *name, const char *value)
{
    json_t *known = json_object_get(fields, name);
    if (!known) {
        json_object_set_new(fields, name, json_string(value));
    } else if (json_is_array(known)) {
        json_array_append_new(known, json_string(value));
    } else {
        json_t *list = json_array();
        json_array_append(list, known);
        json_array_append_new(list, json_string(value));
        json_object_set_new(fields, name, list);
    }
}

static json_t *
marks_of(const struct lj_document *document, enum lj_mark_kind kind)
{
    json_t *list = json_array();
    for (guint i = 0; i < document->marks->len; i++) {
        const struct lj_mark *mark = &g_array_index(document->marks, struct lj_mark, i);
        if (mark->kind == kind)
            json_array_append_new(list, json_pack("{s:I, s:I, s:i, s:s?}", "start",
                                                  points(document, mark->start), "end",
                                                  points(document, mark->end), "level",
                                                  (int)mark->level, "label", mark->label));
    }
    return list;
}

/* A write failed; errno says why. */
static int
output_failed(void)
{
    if (errno == EPIPE)
        return OUTPUT_CLOSED;
    fprintf(stderr, _("indexer: cannot write the output: %s\n"), g_strerror(errno));
    return 74;
}

static bool
print_document(struct lj_document *document, void *data)
{
    struct state *state = data;
    state->told = true;
    json_t *fields = json_object();
    for (guint i = 0; i < document->properties->len; i++) {
        const struct lj_property *p = &g_array_index(document->properties, struct lj_property, i);
        add_property(fields, p->name, p->value);
    }
    char *id = document->id        ? g_strdup(document->id)
               : !document->member ? g_strdup(state->name)
               : document->member[0] == '#'
                   ? g_strconcat(state->name, document->member, NULL)
                   : g_strconcat(state->name, "!/", document->member, NULL);
    json_t *record = json_pack(
        "{s:s, s:s?, s:s?, s:s?, s:s?, s:s?, s:s?, s:b, s:b, s:o, s:o, s:o, s:o, s:s%}", "id", id,
        "part_of", document->part_of, "mime", document->mime, "charset", document->charset,
        "charset_from", document->charset_from, "date", document->date, "date_from",
        document->date ? lj_date_rung_name(document->date_from) : NULL, "ocr", document->ocr, "cut",
        document->cut, "fields", fields, "sections", marks_of(document, LJ_MARK_SECTION), "pages",
        marks_of(document, LJ_MARK_PAGE), "speakers", marks_of(document, LJ_MARK_SPEAKER), "text",
        document->text->str, (size_t)document->text->len);
    bool good = record && json_dumpf(record, stdout, JSON_COMPACT) == 0 && putchar('\n') != EOF;
    json_decref(record);
    g_free(id);
    lj_document_free(document);
    if (!good)
        state->status = output_failed();
    return good;
}

static void
print_failure(const char *member, const GError *failure, void *data)
{
    struct state *state = data;
    state->told = true;
    if (g_error_matches(failure, LJ_ERROR, LJ_ERROR_SKIPPED)) {
        fprintf(stderr, _("indexer: %s: a kind nobody reads (%s)\n"), member ? member : state->path,
                failure->message);
        return;
    }
    fprintf(stderr, "indexer: %s%s%s: %s\n", state->path, member ? " " : "", member ? member : "",
            failure->message);
    state->status = 1;
}

/* What the configuration says of the source that the file lies in; NULL: nothing. */
static const struct lj_config_source *
find_source(const GPtrArray *sources, const char *path)
{
    const struct lj_config_source *found = NULL;
    for (guint i = 0; path && sources && i < sources->len; i++) {
        const struct lj_config_source *source = sources->pdata[i];
        char *root = realpath(source->path, NULL);
        size_t n = root ? strlen(root) : 0;
        if (root && strncmp(path, root, n) == 0 && (n == 1 || path[n] == '/' || path[n] == 0))
            found = source;
        free(root);
    }
    return found;
}

static int
extract_one(struct lj_extractor *extractor, const char *path, const struct lj_run_options *options,
            struct lj_page_cache *pages)
{
    struct state state = {.path = path};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        fprintf(stderr, "indexer: %s: %s\n", path, g_strerror(errno));
        return 66;
    }
    char *base = g_path_get_basename(path), *whole = realpath(path, NULL);
    char *folder = g_path_get_dirname(whole ? whole : path), *last = g_path_get_basename(folder);
    char *id = g_strconcat(options->name ? options->name : last, "/", base, NULL);
    char *name = g_utf8_make_valid(id, -1);
    state.name = name;
    const struct lj_config_source *source = find_source(options->configured, whole);
    struct lj_extract_request request = {.name = base,
                                         .encoding = options->encoding ? options->encoding
                                                     : source          ? source->encoding
                                                                       : NULL,
                                         .columns = source ? source->columns : NULL,
                                         .max_text = options->max_size ? options->max_size
                                                     : source          ? source->max_size
                                                                       : 0,
                                         .ocr = options->ocr,
                                         .pages = pages};
    struct lj_extract_sinks sinks = {
        .document = print_document, .failure = print_failure, .data = &state};
    GError *error = NULL;
    if (lj_extract(extractor, fd, &request, &sinks, &error)) {
        if (!state.told)
            fprintf(stderr, _("indexer: %s: no text in it\n"), path);
    } else if (state.status < 74) {
        if (g_error_matches(error, LJ_ERROR, LJ_ERROR_SKIPPED))
            fprintf(stderr, _("indexer: %s: a kind nobody reads (%s)\n"), path, error->message);
        else
            fprintf(stderr, "indexer: %s: %s\n", path, error->message);
        state.status = error->code == LJ_ERROR_INTERNAL ? 70 : 1;
    }
    g_clear_error(&error);
    close(fd);
    g_free(base);
    free(whole);
    g_free(folder);
    g_free(last);
    g_free(id);
    g_free(name);
    return state.status;
}

int
show_extract(const char *path, const struct lj_run_options *options)
{
    GError *error = NULL;
    struct lj_extractor *extractor = lj_extractor_open(NULL, &error);
    if (!extractor) {
        fprintf(stderr, "indexer: %s\n", error->message);
        int status = lj_error_exit_status(error);
        g_error_free(error);
        return status;
    }
    /* Pages that the index has read are known; an inspection writes nothing there. */
    char *folder = options->dir ? g_build_filename(options->dir, "ocr", NULL) : NULL;
    struct lj_page_cache *pages = folder ? lj_page_cache_open(folder, false) : NULL;
    g_free(folder);
    int status = 0;
    if (strcmp(path, "-") != 0) {
        status = extract_one(extractor, path, options, pages);
    } else {
        char *line = NULL;
        size_t size = 0;
        ssize_t n;
        while (status < 74 && (n = getline(&line, &size, stdin)) > 0) {
            if (line[n - 1] == '\n')
                line[n - 1] = 0;
            int one = *line ? extract_one(extractor, line, options, pages) : 0;
            status = one > status ? one : status;
        }
        free(line);
    }
    lj_extractor_close(extractor);
    lj_page_cache_close(pages);
    if (status < 74 && fflush(stdout) != 0)
        status = output_failed();
    return status == OUTPUT_CLOSED ? 0 : status;
}
