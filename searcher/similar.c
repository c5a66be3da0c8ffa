/* Documents like one of the index, or like a file outside. */
#include "commands.h"
#include "legajo/extract.h"
#include "i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Texts of a file's documents, one after another, titles first. */
static bool
take_document(struct lj_document *document, void *data)
{
    GString *text = data;
    const char *title = lj_document_field(document, "title");
    if (title)
        g_string_append_printf(text, "%s\n", title);
    g_string_append_len(text, document->text->str, (gssize)MIN(document->text->len, 1u << 20));
    g_string_append_c(text, '\n');
    lj_document_free(document);
    return text->len < 1u << 20;
}

static GString *
text_of_file(const char *path, GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_NO_INPUT, "%s: %s", path, g_strerror(errno));
        return NULL;
    }
    GString *text = g_string_new(NULL);
    char *base = g_path_get_basename(path);
    struct lj_extract_request request = {.name = base};
    struct lj_extract_sinks sinks = {.document = take_document, .data = text};
    GError *failure = NULL;
    struct lj_extractor *extractor = lj_extractor_open(NULL, &failure);
    bool good = extractor && lj_extract(extractor, fd, &request, &sinks, &failure);
    if (!good && text->len == 0) {
        if (g_error_matches(failure, LJ_ERROR, LJ_ERROR_SKIPPED))
            g_set_error(error, LJ_ERROR, LJ_ERROR_NO_INPUT, _("%s: a kind nobody reads (%s)"), path,
                        failure->message);
        else
            g_set_error(error, LJ_ERROR, LJ_ERROR_NO_INPUT, "%s: %s", path,
                        failure ? failure->message : _("cannot be read"));
        g_string_free(text, TRUE);
        text = NULL;
    }
    g_clear_error(&failure);
    lj_extractor_close(extractor);
    close(fd);
    g_free(base);
    return text;
}

/* The text of what is asked for: a document's, with its key, or a file's. */
static GString *
text_of_value(struct lj_searcher *searcher, const char *value, char key[11], GError **error)
{
    GError *failure = NULL;
    struct lj_hit *hit = lj_searcher_lookup(searcher, value, &failure);
    if (!hit) {
        if (g_file_test(value, G_FILE_TEST_IS_REGULAR)) {
            g_error_free(failure);
            return text_of_file(value, error);
        }
        g_propagate_error(error, failure);
        return NULL;
    }
    GString *text = lj_searcher_text(searcher, hit, error);
    const char *title = lj_document_field(hit->stored->document, "title");
    if (text && title) {
        g_string_prepend_c(text, '\n');
        g_string_prepend(text, title);
    }
    memcpy(key, hit->key, 11);
    lj_hit_free(hit);
    return text;
}

/* The user's own query restricts: its words are all required, although those of the text are not. */
static char *
restriction(const struct options *options, struct lj_searcher *searcher, int *status)
{
    struct lj_query *query = prepare_query(options, searcher, options->query, status);
    if (!query)
        return NULL;
    if (query->root && query->root->kind == LJ_NODE_LIST && options->search.match != LJ_MATCH_ANY)
        for (guint i = 0; i < query->root->children->len; i++) {
            struct lj_node *child = query->root->children->pdata[i];
            bool words = child->kind != LJ_NODE_NOT && child->kind != LJ_NODE_FIELD &&
                         child->kind != LJ_NODE_DATE;
            child->plus = child->plus || (words && !child->minus);
        }
    char *text = lj_query_print(query);
    lj_query_free(query);
    return text;
}

static int
similar(const struct options *options, struct lj_searcher *searcher, struct lj_output *output)
{
    GError *error = NULL;
    char key[11] = "";
    GString *text = text_of_value(searcher, options->value, key, &error);
    char *like =
        text ? lj_searcher_similar(searcher, text->str, text->len, *key ? key : NULL, &error)
             : NULL;
    if (text)
        g_string_free(text, TRUE);
    if (!like)
        return report_error(options, error, NULL, NULL);
    int status = FOUND;
    if (options->query) {
        char *within = restriction(options, searcher, &status);
        char *both = within ? g_strdup_printf("(%s) Y (%s)", like, within) : NULL;
        g_free(within);
        g_free(like);
        like = both;
    }
    if (like) {
        struct options asked = *options;
        asked.syntax = LJ_SYNTAX_QUERY;
        asked.search.match = LJ_MATCH_ANY;
        asked.search.ranking = lj_ranking_of_words();
        status = answer_query(&asked, searcher, NULL, like, output);
    }
    g_free(like);
    return status;
}

int
command_similar(const struct options *options)
{
    GError *error = NULL;
    struct lj_output *output = options_output(options, STDOUT_FILENO, &error);
    struct lj_searcher *searcher = output ? open_searcher(options, &error) : NULL;
    if (!searcher) {
        lj_output_free(output);
        return report_error(options, error, NULL, NULL);
    }
    lj_render_begin(output);
    int status = similar(options, searcher, output);
    lj_searcher_close(searcher);
    if (status <= NOTHING)
        return finish_output(options, output, status);
    lj_output_free(output);
    return status;
}
