/* How text is analysed: a row a token, then a row a mention (each term of a citation, a date, a name with
 * its acronym), tab-separated, without a header and without an index. */
#include "commands.h"
#include "i18n.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A token as it stands in the text, on one line: a word joined over a line's end keeps a blank
 * there. */
static void
append_surface(GString *out, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        g_string_append_c(out,
                          text[i] == '\t' || text[i] == '\n' || text[i] == '\r' ? ' ' : text[i]);
}

static void
rows(struct lj_analyser *analyser, struct lj_tokens *tokens, const char *text, size_t length,
     GString *out)
{
    static const char *const mentions[] = {[LJ_MENTION_CITATION] = "citation",
                                           [LJ_MENTION_DATE] = "date",
                                           [LJ_MENTION_ACRONYM] = "name"};
    lj_analyse(analyser, text, length, LJ_ANALYSE_DOCUMENT, tokens);
    for (size_t i = 0; i < tokens->n; i++) {
        const struct lj_token *token = &tokens->token[i];
        append_surface(out, text + token->start, token->end - token->start);
        g_string_append_printf(
            out, "\t%s\t%s\t%s\t%u\t%u\n", token->word->folded, token->word->stem,
            lj_token_kind_name((enum lj_token_kind)token->kind), token->start, token->end);
    }
    for (size_t i = 0; i < tokens->n_mentions; i++) {
        const struct lj_mention *mention = &tokens->mention[i];
        append_surface(out, text + mention->start, mention->end - mention->start);
        g_string_append_printf(out, "\t%s\t%s\t%s\t%u\t%u\n", mention->term, mention->term,
                               mentions[mention->kind], mention->start, mention->end);
    }
}

int
command_analyze(const struct options *options)
{
    GError *error = NULL;
    struct lj_analyser *analyser = lj_analyser_open(NULL, &error);
    if (!analyser)
        return report_error(options, error, NULL, NULL);
    struct lj_tokens *tokens = lj_tokens_new();
    struct lj_output *output = lj_output_new(STDOUT_FILENO, LJ_FORMAT_TSV);
    if (strcmp(options->value, "-") == 0) {
        char *line = NULL;
        size_t size = 0;
        ssize_t length;
        while (!output->closed && (length = getline(&line, &size, stdin)) >= 0) {
            while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r'))
                length--;
            rows(analyser, tokens, line, (size_t)length, output->buffer);
            g_string_append_c(output->buffer, '\n');
            if (output->buffer->len > 65536)
                lj_output_flush(output, NULL);
            lj_analyser_trim(analyser, 1000000);
        }
        free(line);
    } else {
        rows(analyser, tokens, options->value, strlen(options->value), output->buffer);
    }
    lj_tokens_free(tokens);
    lj_analyser_close(analyser);
    return finish_output(options, output, FOUND);
}
