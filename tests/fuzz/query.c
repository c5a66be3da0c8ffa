/* Any bytes as a query: they parse or are refused, and what parses prints as an equal query. */
#include "fuzz.h"
#include "legajo/query.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Says what is wrong and ends so that libFuzzer keeps the input. */
static void fault(const char *format, ...) G_GNUC_PRINTF(1, 2) G_GNUC_NORETURN;
static void
fault(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    abort();
}

static void
check(const char *text, enum lj_syntax syntax, struct lj_analyser *analyser)
{
    static const struct lj_query_context context = {.today = 20261122};
    struct lj_query_place place;
    GError *error = NULL;
    struct lj_query *query = lj_query_parse(text, syntax, &context, analyser, &place, &error);
    if (!query) {
        if (syntax == LJ_SYNTAX_PLAIN)
            fault("plain text is refused: %s", error->message);
        if (place.start > place.end || place.end > strlen(text))
            fault("the place of an error is outside the query");
        g_error_free(error);
        return;
    }
    char *printed = lj_query_print(query);
    struct lj_query *again =
        lj_query_parse(printed, LJ_SYNTAX_QUERY, &context, analyser, NULL, &error);
    if (!again)
        fault("\"%s\" prints as \"%s\", which is refused: %s", text, printed, error->message);
    if (!lj_query_equal(query, again))
        fault("\"%s\" prints as \"%s\", which is another query", text, printed);
    lj_query_free(again);
    g_free(printed);
    lj_query_free(query);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct lj_analyser *analyser;
    if (!analyser)
        analyser = lj_analyser_open(NULL, NULL);
    char *text = g_strndup((const char *)data, size);
    check(text, LJ_SYNTAX_QUERY, analyser);
    check(text, LJ_SYNTAX_PLAIN, analyser);
    g_free(text);
    lj_analyser_trim(analyser, 20000);
    return 0;
}
