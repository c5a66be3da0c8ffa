/* Which sources take part in a run: those given, those configured, those remembered. */
#include "index/run.h"
#include "i18n.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* NAME of a source: option, configuration, or last path component. */
static char *
source_name(struct run *run, const char *root, bool folder,
            const struct lj_config_source *configured, GError **error)
{
    char *name;
    if (run->options->name) {
        name = g_strdup(run->options->name);
    } else if (configured) {
        name = g_strdup(configured->name);
    } else {
        char *base = folder ? g_strdup(root) : g_path_get_dirname(root);
        char *last = g_path_get_basename(base);
        char *valid = g_utf8_make_valid(last, -1);
        name = g_utf8_normalize(valid, -1, G_NORMALIZE_DEFAULT_COMPOSE);
        g_free(base);
        g_free(last);
        g_free(valid);
    }
    if (*name && strcmp(name, "/") != 0 && strcmp(name, ".") != 0 && !strchr(name, '/'))
        return name;
    g_set_error(error, LJ_ERROR, LJ_ERROR_USAGE,
                _("%s: cannot name this source; give it a name with --name=NAME (without '/')"),
                root);
    g_free(name);
    return NULL;
}

/* Folder in which the ids of a source begin. */
static char *
source_base(const struct lj_source *source)
{
    return source->file ? g_path_get_dirname(source->root) : g_strdup(source->root);
}

/* Is NAME known under another root? Gone: the source has moved. There: an error with the remedy. */
static bool
check_name(struct run *run, const char *name, const char *base, GError **error)
{
    for (guint i = 0; i < run->sources->len; i++) {
        struct lj_source *known = run->sources->pdata[i];
        char *other = source_base(known);
        bool clash = strcmp(known->name, name) == 0 && strcmp(other, base) != 0;
        bool there = clash && access(other, F_OK) == 0;
        if (clash && !there) {
            lj_run_say(run, LJ_MESSAGE_INFO, _("source %s: moved from %s to %s"), name, other,
                       base);
            char *root = known->file ? g_build_filename(base, known->file, NULL) : g_strdup(base);
            g_free(known->root);
            known->root = root;
        } else if (there) {
            g_set_error(error, LJ_ERROR, LJ_ERROR_USAGE,
                        _("%s: the index already has a source %s, from %s; give this one another "
                          "name with --name=NAME"),
                        base, name, other);
        }
        g_free(other);
        if (there)
            return false;
    }
    return true;
}

static void
add_globs(struct lj_source *source, const GArray *globs)
{
    for (guint i = 0; globs && i < globs->len; i++) {
        struct lj_glob glob = g_array_index(globs, struct lj_glob, i);
        glob.pattern = g_strdup(glob.pattern);
        g_array_append_val(source->globs, glob);
    }
}

/* configured: what the configuration says of it; NULL. The command line comes after. */
static void
set_walk_options(struct run *run, struct lj_source *source,
                 const struct lj_config_source *configured)
{
    const struct lj_run_options *options = run->options;
    g_array_set_size(source->globs, 0);
    if (configured)
        add_globs(source, configured->globs);
    add_globs(source, options->globs);
    source->hidden = options->hidden || (configured && configured->hidden);
    source->follow = options->follow || (configured && configured->follow);
    source->max_size = options->max_size || !configured ? options->max_size : configured->max_size;
    g_free(source->encoding);
    source->encoding =
        g_strdup(options->encoding || !configured ? options->encoding : configured->encoding);
    const char *columns = configured ? configured->columns : NULL;
    if (g_strcmp0(source->columns, columns) != 0) {
        source->anew = true;
        g_clear_pointer(&source->reader, g_free); /* until all of it was looked at */
        g_free(source->columns);
        source->columns = g_strdup(columns);
    }
    source->ocr = options->ocr;
}

/* What the configuration says of a source given by its path; NULL. */
static const struct lj_config_source *
find_configured(const struct run *run, const char *root)
{
    const GPtrArray *configured = run->options->configured;
    const struct lj_config_source *found = NULL;
    for (guint i = 0; configured && i < configured->len && !found; i++) {
        const struct lj_config_source *source = configured->pdata[i];
        char *path = realpath(source->path, NULL);
        if (path && strcmp(path, root) == 0)
            found = source;
        free(path);
    }
    return found;
}

/* A source given on the command line, or by the configuration → a scope, remembered. */
static bool
add_source(struct run *run, const char *given, const struct lj_config_source *configured,
           GError **error)
{
    if (strcmp(given, "-") == 0) {
        struct lj_source *source =
            lj_source_new(run->options->name ? run->options->name : "stdin", "-", NULL);
        set_walk_options(run, source, NULL);
        struct scope scope = {source, NULL, true};
        g_array_append_val(run->scopes, scope);
        return true;
    }
    char *root = realpath(given, NULL);
    struct stat st;
    if (!root || stat(root, &st) < 0) {
        lj_run_say(run, LJ_MESSAGE_WARNING, _("%s: this source is not there: %s"), given,
                   g_strerror(errno));
        run->report->missing = true;
        free(root);
        return true;
    }
    bool folder = S_ISDIR(st.st_mode), good = false;
    if (!configured)
        configured = find_configured(run, root);
    char *name = source_name(run, root, folder, configured, error);
    char *file = folder ? NULL : g_path_get_basename(root);
    char *base = folder ? g_strdup(root) : g_path_get_dirname(root);
    if (name && check_name(run, name, base, error)) {
        struct lj_source *source = lj_sources_find(run->sources, name, file);
        if (!source) {
            source = lj_source_new(name, root, file);
            g_ptr_array_add(run->sources, source);
        }
        set_walk_options(run, source, configured);
        struct scope scope = {source, NULL, false};
        g_array_append_val(run->scopes, scope);
        good = true;
    }
    g_free(name);
    g_free(file);
    g_free(base);
    free(root);
    return good;
}

/* Has it been named as missing already, as one of the configuration? */
static bool
is_missing(const struct run *run, const struct lj_source *source)
{
    const GPtrArray *configured = run->options->configured;
    bool missing = false;
    for (guint i = 0; configured && i < configured->len && !missing; i++) {
        const struct lj_config_source *other = configured->pdata[i];
        missing = strcmp(other->name, source->name) == 0 && access(other->path, F_OK) != 0;
    }
    return missing;
}

bool
lj_run_choose_sources(struct run *run, GError **error)
{
    const char *const *given = run->options->sources;
    if (given && *given) {
        for (; *given; given++)
            if (!add_source(run, *given, NULL, error))
                return false;
        return true;
    }
    const GPtrArray *configured = run->options->configured;
    for (guint i = 0; configured && i < configured->len; i++) {
        const struct lj_config_source *source = configured->pdata[i];
        if (!add_source(run, source->path, source, error))
            return false;
    }
    for (guint i = 0; i < run->sources->len; i++) {
        struct scope scope = {run->sources->pdata[i], NULL, false};
        bool chosen = false;
        for (guint s = 0; s < run->scopes->len && !chosen; s++)
            chosen = g_array_index(run->scopes, struct scope, s).source == scope.source;
        if (!chosen && !is_missing(run, scope.source))
            g_array_append_val(run->scopes, scope);
    }
    if (run->scopes->len > 0 || run->report->missing)
        return true;
    g_set_error(error, LJ_ERROR, LJ_ERROR_USAGE,
                _("no source given, and the index remembers none; name a folder: legajo-indexer "
                  "FOLDER"));
    return false;
}
