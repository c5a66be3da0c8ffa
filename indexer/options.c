#include "options.h"
#include "i18n.h"
#include "legajo/render.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum code {
    OPT_EXCLUDE = 256,
    OPT_INCLUDE,
    OPT_HIDDEN,
    OPT_FOLLOW,
    OPT_MAX_SIZE,
    OPT_METADATA,
    OPT_ENCODING,
    OPT_FILES0,
    OPT_MEMORY,
    OPT_NAME,
    OPT_NO_DELETE,
    OPT_MAX_DELETE,
    OPT_DRY_RUN,
    OPT_WAIT,
    OPT_RETRY,
    OPT_REPORT,
    OPT_EXTRACT,
    OPT_PROGRESS,
    OPT_CONFIG,
    OPT_PRINT_CONFIG,
    OPT_OCR,
    OPT_REBUILD,
    OPT_ROLLBACK,
    OPT_COMPACT,
    OPT_STATUS,
    OPT_MAX_AGE,
    OPT_FORMAT,
    OPT_CHECK,
    OPT_COPY,
    OPT_REMOVE,
    OPT_RESTORE,
    OPT_REMOVE_SOURCE,
    OPT_COMPLETION,
};

static const struct lj_option rows[] = {
    {"db", 'd', LJ_VALUE_NEEDED, "DIR", NULL,
     N_("the index (else $LEGAJO_DB, the configuration, a folder of yours)")},
    {"config", OPT_CONFIG, LJ_VALUE_NEEDED, "FILE", NULL,
     N_("the configuration (the manual says which)")},
    {"print-config", OPT_PRINT_CONFIG, LJ_VALUE_NONE, NULL, NULL,
     N_("show what is in force, and where each value comes from")},
    {"jobs", 'j', LJ_VALUE_NEEDED, "N", NULL, N_("workers (default: the processors granted)")},
    {"memory", OPT_MEMORY, LJ_VALUE_NEEDED, "SIZE", NULL, N_("bound on buffered data, as 256M")},
    {"name", OPT_NAME, LJ_VALUE_NEEDED, "NAME", NULL, N_("the source's name in ids")},
    {"exclude", OPT_EXCLUDE, LJ_VALUE_NEEDED, "GLOB", NULL,
     N_("leave out what matches, as in gitignore")},
    {"include", OPT_INCLUDE, LJ_VALUE_NEEDED, "GLOB", NULL,
     N_("let in what matches; the last match decides")},
    {"hidden", OPT_HIDDEN, LJ_VALUE_NONE, NULL, NULL, N_("read hidden files too")},
    {"follow", OPT_FOLLOW, LJ_VALUE_NONE, NULL, NULL, N_("follow symbolic links")},
    {"max-size", OPT_MAX_SIZE, LJ_VALUE_NEEDED, "SIZE", NULL, N_("cut longer texts (default 64M)")},
    {"encoding", OPT_ENCODING, LJ_VALUE_NEEDED, "NAME", NULL, N_("charset of plain text")},
    {"ocr", OPT_OCR, LJ_VALUE_NEEDED, "WHEN", "auto never always",
     N_("recognise characters of scanned pages and pictures: auto, never or always")},
    {"metadata", OPT_METADATA, LJ_VALUE_NEEDED, "FILE", NULL,
     N_("a table (CSV, TSV, Zotero, CSL-JSON) that describes the documents; empty: none any more")},
    {"files0-from", OPT_FILES0, LJ_VALUE_NEEDED, "FILE", NULL,
     N_("read the sources from a NUL-separated list")},
    {"no-delete", OPT_NO_DELETE, LJ_VALUE_NONE, NULL, NULL,
     N_("keep documents whose files are gone")},
    {"max-delete", OPT_MAX_DELETE, LJ_VALUE_NEEDED, "PCT", NULL,
     N_("let at most this share of a source go (default 10)")},
    {"dry-run", OPT_DRY_RUN, LJ_VALUE_NONE, NULL, NULL, N_("say what would be done")},
    {"retry-failed", OPT_RETRY, LJ_VALUE_NONE, NULL, NULL, N_("try every known failure again")},
    {"report", OPT_REPORT, LJ_VALUE_NEEDED, "FILE", NULL, N_("write failures as JSON Lines")},
    {"rebuild", OPT_REBUILD, LJ_VALUE_OPTIONAL, "full", "full",
     N_("analyse the stored text again (full: read the originals) and swap it in")},
    {"rollback", OPT_ROLLBACK, LJ_VALUE_NONE, NULL, NULL, N_("go back to the generation before")},
    {"compact", OPT_COMPACT, LJ_VALUE_NONE, NULL, NULL, N_("merge all segments into one")},
    {"status", OPT_STATUS, LJ_VALUE_NONE, NULL, NULL,
     N_("what the index holds, and how it has fared")},
    {"max-age", OPT_MAX_AGE, LJ_VALUE_NEEDED, "TIME", NULL,
     N_("with --status: exit 1 when the last good run is older, as 26h")},
    {"check", OPT_CHECK, LJ_VALUE_NONE, NULL, NULL,
     N_("verify structure, manifest and every stored text")},
    {"format", OPT_FORMAT, LJ_VALUE_NEEDED, "FORMAT", "text json",
     N_("of --status and --check: text or json")},
    {"copy-to", OPT_COPY, LJ_VALUE_NEEDED, "DIR", NULL,
     N_("a consistent, compacted copy, made while the index is in use")},
    {"remove", OPT_REMOVE, LJ_VALUE_NEEDED, "ID", NULL, N_("drop a document and keep it out")},
    {"restore", OPT_RESTORE, LJ_VALUE_NEEDED, "ID", NULL, N_("let a removed document in again")},
    {"remove-source", OPT_REMOVE_SOURCE, LJ_VALUE_NEEDED, "NAME", NULL,
     N_("forget a source, or a folder of it (NAME/FOLDER), with its documents")},
    {"wait", OPT_WAIT, LJ_VALUE_OPTIONAL, "SECONDS", NULL, N_("wait for another run to end")},
    {"extract", OPT_EXTRACT, LJ_VALUE_NEEDED, "FILE", NULL,
     N_("show what would be indexed of a file, as JSON")},
    {"progress", OPT_PROGRESS, LJ_VALUE_NEEDED, "WHEN", "auto never always",
     N_("auto, always or never")},
    {"quiet", 'q', LJ_VALUE_NONE, NULL, NULL, N_("say errors only")},
    {"verbose", 'v', LJ_VALUE_NONE, NULL, NULL, N_("say more")},
    {"completion", OPT_COMPLETION, LJ_VALUE_NEEDED, "SHELL", "bash",
     N_("print the script by which the shell completes options")},
    {"help", 'h', LJ_VALUE_NONE, NULL, NULL, N_("this text")},
    {"version", 'V', LJ_VALUE_NONE, NULL, NULL, N_("version")},
};

static const struct lj_command command = {"indexer", rows, G_N_ELEMENTS(rows), NULL};

void
options_completion(FILE *out)
{
    lj_command_completion(&command, "legajo-indexer", out);
}

void
options_help(FILE *out)
{
    fputs(_("Usage: indexer [OPTION]… [SOURCE…]\n"
            "Indexes folders, files, or JSON Lines on standard input (-). Without SOURCE,\n"
            "brings every remembered source up to date.\n\n"),
          out);
    lj_command_help(&command, out);
    fputs(_("\nExit: 0 all indexed; 1 a document failed; 2 usage; 65 not a usable index;\n"
            "66 a source is missing or deletions were withheld; 74 input/output; 75 locked;\n"
            "77 no permission; 78 configuration; 130 and 143 stopped by a signal after a\n"
            "commit.\n"),
          out);
}

static bool
read_list(const char *path, GPtrArray *sources, GError **error)
{
    char *bytes = NULL;
    gsize length = 0;
    GError *failure = NULL;
    GIOChannel *input = strcmp(path, "-") == 0 ? g_io_channel_unix_new(0) : NULL;
    bool good;
    if (input) {
        g_io_channel_set_encoding(input, NULL, NULL);
        good = g_io_channel_read_to_end(input, &bytes, &length, &failure) == G_IO_STATUS_NORMAL;
        g_io_channel_unref(input);
    } else {
        good = g_file_get_contents(path, &bytes, &length, &failure);
    }
    if (!good) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_NO_INPUT, _("%s: cannot read the list: %s"), path,
                    failure ? failure->message : "?");
        g_clear_error(&failure);
        return false;
    }
    for (gsize at = 0; at < length; at += strlen(bytes + at) + 1)
        if (bytes[at])
            g_ptr_array_add(sources, g_strdup(bytes + at));
    g_free(bytes);
    return true;
}

/* Two actions in one call are a mistake. */
static bool
set_action(struct options *options, enum action action, GError **error)
{
    if (options->action != ACTION_RUN || options->run.rebuild) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_USAGE, _("one action at a time; see --help"));
        return false;
    }
    options->action = action;
    return true;
}

static bool
set_operand(struct options *options, enum action action, const struct lj_option *row,
            const char *value, GError **error)
{
    if (!*value)
        return lj_option_refuse(row, value, row->value, error);
    options->operand = value;
    return set_action(options, action, error);
}

/* 26h, 90m, 2d, 3600 or 3600s: seconds, at least one. */
static bool
parse_time(const char *text, uint64_t *seconds)
{
    char *end;
    errno = 0;
    unsigned long long n = strtoull(text, &end, 10);
    if (errno || end == text || *text == '-' || n == 0 || n > 1000000000 || (*end && end[1]))
        return false;
    static const struct {
        char letter;
        unsigned seconds;
    } units[] = {{0, 1}, {'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++)
        if (*end == units[i].letter) {
            *seconds = n * units[i].seconds;
            return true;
        }
    return false;
}

static bool
take(void *data, const struct lj_option *row, const char *value, int choice, GError **error)
{
    struct options *options = data;
    struct lj_run_options *run = &options->run;
    uint32_t seconds = 0;
    switch (row->code) {
    case 'd':
        g_free(options->db);
        options->db = g_strdup(value);
        break;
    case 'j':
        if (!lj_option_number(value, 256, &run->jobs) || run->jobs == 0)
            return lj_option_refuse(row, value, _("a number from 1 to 256"), error);
        break;
    case OPT_MEMORY:
        if (!lj_size_parse(value, &run->memory) || run->memory == 0)
            return lj_option_refuse(row, value, _("a size, as 256M"), error);
        break;
    case OPT_NAME:
        if (!*value || strchr(value, '/') || !g_utf8_validate(value, -1, NULL))
            return lj_option_refuse(row, value, _("a name without a slash"), error);
        run->name = value;
        break;
    case OPT_EXCLUDE:
    case OPT_INCLUDE: {
        struct lj_glob glob = {g_strdup(value), row->code == OPT_INCLUDE};
        g_array_append_val(options->globs, glob);
        break;
    }
    case OPT_HIDDEN:
        run->hidden = true;
        break;
    case OPT_FOLLOW:
        run->follow = true;
        break;
    case OPT_MAX_SIZE:
        if (!lj_size_parse(value, &run->max_size) || run->max_size == 0)
            return lj_option_refuse(row, value, _("a size, as 256M"), error);
        break;
    case OPT_METADATA:
        run->metadata = value;
        break;
    case OPT_ENCODING:
        run->encoding = value;
        break;
    case OPT_OCR:
        run->ocr = (enum lj_ocr)choice;
        break;
    case OPT_FILES0:
        return read_list(value, options->sources, error);
    case OPT_NO_DELETE:
        run->no_delete = true;
        break;
    case OPT_MAX_DELETE:
        if (!lj_option_number(value, 100, &run->max_delete))
            return lj_option_refuse(row, value, _("a number from 0 to 100"), error);
        run->no_delete |= run->max_delete == 0;
        break;
    case OPT_DRY_RUN:
        run->dry_run = true;
        break;
    case OPT_RETRY:
        run->retry_failed = true;
        break;
    case OPT_REPORT:
        run->report = value;
        break;
    case OPT_WAIT:
        if (value && !lj_option_number(value, 1000000, &seconds))
            return lj_option_refuse(row, value, _("a number of seconds"), error);
        run->wait = value ? (int)seconds : -1;
        break;
    case OPT_EXTRACT:
        if (!set_action(options, ACTION_EXTRACT, error))
            return false;
        g_free(options->extract);
        options->extract = g_strdup(value);
        break;
    case OPT_CONFIG:
        g_free(options->config);
        options->config = g_strdup(value);
        break;
    case OPT_PRINT_CONFIG:
        return set_action(options, ACTION_CONFIG, error);
    case OPT_REBUILD:
        if (!set_action(options, ACTION_RUN, error))
            return false;
        run->rebuild = value ? LJ_REBUILD_FULL : LJ_REBUILD_STORED;
        break;
    case OPT_ROLLBACK:
        return set_action(options, ACTION_ROLLBACK, error);
    case OPT_COMPACT:
        return set_action(options, ACTION_COMPACT, error);
    case OPT_STATUS:
        return set_action(options, ACTION_STATUS, error);
    case OPT_CHECK:
        return set_action(options, ACTION_CHECK, error);
    case OPT_COPY:
        return set_operand(options, ACTION_COPY, row, value, error);
    case OPT_REMOVE:
        return set_operand(options, ACTION_REMOVE, row, value, error);
    case OPT_RESTORE:
        return set_operand(options, ACTION_RESTORE, row, value, error);
    case OPT_REMOVE_SOURCE:
        return set_operand(options, ACTION_REMOVE_SOURCE, row, value, error);
    case OPT_MAX_AGE:
        if (!parse_time(value, &options->max_age))
            return lj_option_refuse(row, value, _("a time, as 26h"), error);
        break;
    case OPT_FORMAT:
        options->json = choice == 1;
        break;
    case OPT_PROGRESS:
        options->progress = choice - 1;
        break;
    case 'q':
        options->quiet = true;
        break;
    case 'v':
        options->verbose = true;
        break;
    case OPT_COMPLETION:
        options->action = ACTION_COMPLETION;
        break;
    case 'h':
        options->action = ACTION_HELP;
        break;
    case 'V':
        options->action = ACTION_VERSION;
        break;
    }
    return true;
}

static void
clear_glob(gpointer data)
{
    g_free(((struct lj_glob *)data)->pattern);
}

static bool
takes_no_source(const struct options *options)
{
    return options->run.rebuild ||
           (options->action >= ACTION_ROLLBACK && options->action <= ACTION_REMOVE_SOURCE);
}

bool
options_parse(int argc, char **argv, struct options *options, GError **error)
{
    *options = (struct options){.progress = -1};
    options->sources = g_ptr_array_new_with_free_func(g_free);
    options->globs = g_array_new(FALSE, FALSE, sizeof(struct lj_glob));
    g_array_set_clear_func(options->globs, clear_glob);
    int first = argc;
    bool good = lj_command_read(&command, argc, argv, take, options, &first, error);
    for (int i = first; good && i < argc; i++)
        g_ptr_array_add(options->sources, g_strdup(argv[i]));
    if (good && options->sources->len > 0 && takes_no_source(options)) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_USAGE,
                    _("%s: this action is one on the whole index and takes no SOURCE"),
                    (const char *)options->sources->pdata[0]);
        good = false;
    }
    g_ptr_array_add(options->sources, NULL);
    options->run.sources = (const char *const *)options->sources->pdata;
    options->run.globs = options->globs;
    return good;
}

void
options_clear(struct options *options)
{
    g_free(options->config);
    g_free(options->db);
    g_free(options->extract);
    g_ptr_array_unref(options->sources);
    g_array_unref(options->globs);
}
