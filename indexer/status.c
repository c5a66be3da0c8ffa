#include "status.h"
#include "i18n.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define WIDTH 80

static json_int_t
number(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static const char *
string(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

/* 40112 → "40,112" in English, as the locale has it elsewhere; borrowed until the fourth next call. */
static const char *
grouped(json_int_t n)
{
    static char buffers[4][32];
    static unsigned next;
    char *out = buffers[next++ % 4];
    g_snprintf(out, sizeof buffers[0], "%'" G_GINT64_FORMAT, (gint64)n);
    return out;
}

/* At most `width` characters of a text: its end where `tail`, else its beginning, "…" for the rest.
 * Control characters never reach a terminal. g_free. */
static char *
fitted(const char *text, glong width, bool tail)
{
    char *valid = g_utf8_make_valid(text, -1);
    for (char *p = valid; *p; p++)
        if ((unsigned char)*p < 32 || *p == 127)
            *p = ' ';
    glong length = g_utf8_strlen(valid, -1);
    if (length <= width)
        return valid;
    char *cut = tail ? g_utf8_substring(valid, length - width + 1, length)
                     : g_utf8_substring(valid, 0, width - 1);
    char *out = tail ? g_strconcat("…", cut, NULL) : g_strconcat(cut, "…", NULL);
    g_free(valid);
    g_free(cut);
    return out;
}

/* A message with its one %s filled in; g_free. The messages stand in tables. */
static char *
filled(const char *message, const char *value)
{
    char **parts = g_strsplit(message, "%s", 2);
    char *text = g_strconcat(parts[0], parts[1] ? value : "", parts[1], NULL);
    g_strfreev(parts);
    return text;
}

/* Pads by characters, not bytes. */
static void
print_padded(const char *text, glong width)
{
    printf("%s%*s", text, (int)MAX(0, width - g_utf8_strlen(text, -1)), "");
}

/* Words after an indented heading, broken before column 80. */
struct paragraph {
    glong indent, column;
    bool first;
};

static struct paragraph
begin(const char *heading)
{
    fputs("  ", stdout);
    print_padded(heading, 12);
    return (struct paragraph){14, 14, true};
}

static void put(struct paragraph *paragraph, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
put(struct paragraph *paragraph, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = g_strdup_vprintf(format, args);
    va_end(args);
    char *shown = fitted(text, WIDTH - paragraph->indent - 1, false);
    glong length = g_utf8_strlen(shown, -1);
    if (!paragraph->first && paragraph->column + 2 + length >= WIDTH) {
        printf(",\n%*s", (int)paragraph->indent, "");
        paragraph->column = paragraph->indent;
    } else if (!paragraph->first) {
        fputs(", ", stdout);
        paragraph->column += 2;
    }
    fputs(shown, stdout);
    paragraph->column += length;
    paragraph->first = false;
    g_free(shown);
    g_free(text);
}

static void
end(const struct paragraph *paragraph)
{
    puts(paragraph->first ? "–" : "");
}

/* 2026-11-22T03:10:05-06:00 → 2026-11-22 03:10 */
static char *
when(const char *iso)
{
    char *text = g_strndup(iso, 16);
    if (strlen(text) > 10)
        text[10] = ' ';
    return text;
}

static char *
ago(json_int_t seconds)
{
    if (seconds < 120)
        return g_strdup(_("just now"));
    if (seconds < 7200)
        return g_strdup_printf(_("%d minutes ago"), (int)(seconds / 60));
    if (seconds < 172800)
        return g_strdup_printf(_("%d hours ago"), (int)(seconds / 3600));
    return g_strdup_printf(_("%d days ago"), (int)(seconds / 86400));
}

static void
print_contents(const json_t *status)
{
    struct paragraph p = begin(_("documents"));
    json_int_t documents = number(status, "documents"), undated = number(status, "undated");
    put(&p, "%s", grouped(documents));
    if (*string(status, "first_year"))
        put(&p, _("of %s to %s"), string(status, "first_year"), string(status, "last_year"));
    if (undated > 0)
        put(&p, _("%s without a date"), grouped(undated));
    end(&p);
    const json_t *kinds = json_object_get(status, "kinds"), *kind;
    size_t i;
    if (json_array_size(kinds) > 0) {
        p = begin(_("kinds"));
        json_array_foreach(kinds, i, kind)
            put(&p, "%s %s", string(kind, "kind"), grouped(number(kind, "documents")));
        end(&p);
    }
    static const struct {
        const char *key, *text;
    } states[] = {{"indexed", N_("%s indexed")},
                  {"copy", N_("%s with the bytes of another")},
                  {"empty", N_("%s without text")},
                  {"failed", N_("%s failed")},
                  {"skipped", N_("%s of kinds nobody reads")},
                  {"removed", N_("%s removed by hand")}};
    const json_t *files = json_object_get(status, "files");
    p = begin(_("files"));
    for (i = 0; i < G_N_ELEMENTS(states); i++)
        if (number(files, states[i].key) > 0) {
            char *text = filled(_(states[i].text), grouped(number(files, states[i].key)));
            put(&p, "%s", text);
            g_free(text);
        }
    end(&p);
}

static void
put_size(struct paragraph *p, const char *format, json_int_t bytes)
{
    char *size = g_format_size((guint64)bytes), *text = filled(format, size);
    put(p, "%s", text);
    g_free(text);
    g_free(size);
}

static void
print_storage(const json_t *status)
{
    const json_t *bytes = json_object_get(status, "bytes"), *value;
    struct paragraph p = begin(_("size"));
    put_size(&p, _("%s in all"), number(bytes, "total"));
    if (number(bytes, "previous") > 0)
        put_size(&p, _("%s of it the generation before"), number(bytes, "previous"));
    const char *table;
    json_object_foreach(json_object_get(bytes, "tables"), table, value)
    {
        char *format = g_strdup_printf("%s %%s", table);
        put_size(&p, format, json_integer_value(value));
        g_free(format);
    }
    end(&p);
    json_int_t segments = number(status, "segments");
    p = begin(_("generation"));
    put(&p, "%d", (int)number(status, "generation"));
    put(&p, ngettext("%s segment", "%s segments", (gulong)segments), grouped(segments));
    if (json_is_integer(json_object_get(status, "previous_generation")))
        put(&p, _("%d kept for --rollback"), (int)number(status, "previous_generation"));
    if (json_is_true(json_object_get(status, "unfinished_rebuild")))
        put(&p, _("the next one begun (--rebuild goes on with it)"));
    end(&p);
    const json_t *analyser = json_object_get(status, "analyser");
    p = begin(_("analyser"));
    put(&p, "%s", string(analyser, "index"));
    if (json_is_true(json_object_get(analyser, "rebuild")))
        put(&p, _("a newer one is at hand (%s): indexer --rebuild"), string(analyser, "program"));
    end(&p);
    const json_t *builder = json_object_get(status, "builder");
    p = begin(_("builder"));
    put(&p, "%s",
        strcmp(string(builder, "name"), "bulk") == 0 ? _("own bulk builder")
                                                     : _("Xapian's library"));
    if (*string(builder, "reason"))
        put(&p, "%s", string(builder, "reason"));
    end(&p);
}

static void
print_sources(const json_t *status)
{
    const json_t *sources = json_object_get(status, "sources"), *source;
    size_t i;
    if (json_array_size(sources) == 0)
        return;
    puts(_("Sources"));
    json_array_foreach(sources, i, source)
    {
        char *name = fitted(string(source, "name"), 22, false);
        char *path = fitted(string(source, "path"), 30, true);
        fputs("  ", stdout);
        print_padded(name, 22);
        printf(" %10s  ", grouped(number(source, "documents")));
        if (json_is_null(json_object_get(source, "path")))
            fputs(_("(fed)"), stdout);
        else
            fputs(path, stdout);
        if (json_is_false(json_object_get(source, "there")))
            fputs(_(", not there"), stdout);
        else if (number(source, "failed") > 0)
            printf(_(", %s failed"), grouped(number(source, "failed")));
        putchar('\n');
        g_free(name);
        g_free(path);
    }
}

static void
print_failures(const json_t *status)
{
    const json_t *failures = json_object_get(status, "failures"), *failure;
    size_t i;
    if (json_array_size(failures) == 0)
        return;
    puts(_("Failures (indexer --retry-failed --report=FILE.jsonl tries and lists each)"));
    json_array_foreach(failures, i, failure)
    {
        char *reason = fitted(string(failure, "reason"), WIDTH - 12, false);
        char *example = fitted(string(failure, "example"), WIDTH - 18, true);
        printf(" %7s  %s\n%10s%s %s\n", grouped(number(failure, "files")), reason, "", _("as in"),
               example);
        g_free(reason);
        g_free(example);
        if (i == 9)
            break;
    }
}

/* What a run came to, in a few words; g_free. */
static char *
outcome(const json_t *run)
{
    GString *text = g_string_new(NULL);
    const json_t *error = json_object_get(run, "error");
    const char *action = string(run, "action");
    if (*action && strcmp(action, "run") != 0)
        g_string_append_printf(text, "%s: ", action);
    if (json_is_string(error)) {
        g_string_append(text, json_string_value(error));
        return g_string_free(text, FALSE);
    }
    static const char *const troubles[][2] = {{"stopped", N_("stopped")},
                                              {"missing", N_("a source was not there")},
                                              {"withheld", N_("deletions withheld")}};
    bool good = true;
    for (size_t i = 0; i < G_N_ELEMENTS(troubles); i++)
        if (json_is_true(json_object_get(run, troubles[i][0]))) {
            g_string_append_printf(text, "%s%s", good ? "" : ", ", _(troubles[i][1]));
            good = false;
        }
    if (good)
        g_string_append(text, _("good"));
    static const char *const changes[][2] = {{"added", N_("%s new")},
                                             {"changed", N_("%s changed")},
                                             {"removed", N_("%s removed")},
                                             {"moved", N_("%s moved")},
                                             {"again", N_("%s analysed again")},
                                             {"failed", N_("%s failed")}};
    for (size_t i = 0; i < G_N_ELEMENTS(changes); i++)
        if (number(run, changes[i][0]) > 0) {
            char *change = filled(_(changes[i][1]), grouped(number(run, changes[i][0])));
            g_string_append_printf(text, ", %s", change);
            g_free(change);
        }
    g_string_append_printf(text, ", %.1f s", json_number_value(json_object_get(run, "seconds")));
    return g_string_free(text, FALSE);
}

static void
print_runs(const json_t *status)
{
    const json_t *runs = json_object_get(status, "runs"), *run;
    const char *good = string(status, "last_good_run");
    size_t i;
    if (json_array_size(runs) > 0)
        puts(_("Last runs"));
    json_array_foreach(runs, i, run)
    {
        char *ended = when(string(run, "ended")), *what = outcome(run);
        char *shown = fitted(what, WIDTH - 21, false);
        printf("  %s  %s\n", ended, shown);
        g_free(ended);
        g_free(what);
        g_free(shown);
        if (i == 4)
            break;
    }
    if (*good) {
        char *time = when(good), *age = ago(number(status, "last_good_run_age"));
        printf(_("The last good run ended %s (%s).\n"), time, age);
        g_free(time);
        g_free(age);
    } else {
        puts(_("No run has been good yet."));
    }
}

static void
print_text(const json_t *status)
{
    char *dir = fitted(string(status, "index"), WIDTH - 32, true);
    char *updated = when(string(status, "updated"));
    printf(_("%s, last changed %s\n"), dir, updated);
    if (json_is_string(json_object_get(status, "writer"))) {
        char *holder = fitted(string(status, "writer"), WIDTH - 18, false);
        printf(_("  being written: %s\n"), holder);
        g_free(holder);
    }
    print_contents(status);
    print_storage(status);
    print_sources(status);
    print_failures(status);
    print_runs(status);
    g_free(dir);
    g_free(updated);
}

int
show_status(const struct options *options, GError **error)
{
    char *text = lj_index_status(&options->run, error);
    json_t *status = text ? json_loads(text, 0, NULL) : NULL;
    g_free(text);
    if (!status)
        return -1;
    if (options->json) {
        json_dumpf(status, stdout, JSON_COMPACT);
        putchar('\n');
    } else {
        print_text(status);
    }
    const json_t *age = json_object_get(status, "last_good_run_age");
    bool old = options->max_age > 0 &&
               (!json_is_integer(age) || (uint64_t)json_integer_value(age) > options->max_age);
    if (old && !options->quiet)
        fputs(_("indexer: the last good run is older than --max-age allows\n"), stderr);
    json_decref(status);
    return old ? 1 : 0;
}

void
show_check(const char *text, bool json)
{
    if (json) {
        puts(text);
        return;
    }
    json_t *found = json_loads(text, 0, NULL), *line;
    const json_t *problems = json_object_get(found, "problems");
    size_t i;
    json_array_foreach(problems, i, line)
    {
        char *shown = fitted(json_string_value(line), 1000, false);
        puts(shown);
        g_free(shown);
    }
    json_int_t n = number(found, "n_problems");
    if (n > (json_int_t)json_array_size(problems))
        printf(_("… and %s more\n"), grouped(n - (json_int_t)json_array_size(problems)));
    const char *index = string(found, "index");
    const char *documents = grouped(number(found, "documents"));
    const char *files = grouped(number(found, "files"));
    if (json_is_true(json_object_get(found, "stopped")))
        printf(_("%s: stopped after %s documents\n"), index, documents);
    else if (n > 0)
        printf(
            ngettext("%s: NOT sound, %s problem; go back with --rollback, or make it again with "
                     "--rebuild\n",
                     "%s: NOT sound, %s problems; go back with --rollback, or make it again with "
                     "--rebuild\n",
                     (gulong)n),
            index, grouped(n));
    else
        printf(_("%s: sound; %s documents and %s files looked at\n"), index, documents, files);
    json_decref(found);
}
