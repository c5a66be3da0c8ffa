#include "index/sources.h"
#include "i18n.h"

#include <string.h>

static void
clear_glob(gpointer data)
{
    g_free(((struct lj_glob *)data)->pattern);
}

struct lj_source *
lj_source_new(const char *name, const char *root, const char *file)
{
    struct lj_source *source = g_new0(struct lj_source, 1);
    source->name = g_strdup(name);
    source->root = g_strdup(root);
    source->file = g_strdup(file);
    source->globs = g_array_new(FALSE, FALSE, sizeof(struct lj_glob));
    g_array_set_clear_func(source->globs, clear_glob);
    source->mounts = g_ptr_array_new_with_free_func(g_free);
    return source;
}

void
lj_source_free(struct lj_source *source)
{
    if (!source)
        return;
    g_free(source->name);
    g_free(source->root);
    g_free(source->file);
    g_free(source->encoding);
    g_free(source->columns);
    g_free(source->metadata);
    g_free(source->joined);
    g_free(source->reader);
    g_array_unref(source->globs);
    g_ptr_array_unref(source->mounts);
    g_free(source);
}

/* GKeyFile wants UTF-8: raw bytes of paths are escaped. */
static char *
escape(const char *path)
{
    return g_uri_escape_string(path, "/ !\"$&'()*+,:;<=>?@^`{|}~", TRUE);
}

static char *
unescape(const char *text)
{
    char *path = g_uri_unescape_string(text, NULL);
    return path ? path : g_strdup(text);
}

static void
set_list(GKeyFile *file, const char *group, const char *key, GPtrArray *list)
{
    GPtrArray *escaped = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < list->len; i++)
        g_ptr_array_add(escaped, escape(list->pdata[i]));
    if (escaped->len > 0)
        g_key_file_set_string_list(file, group, key, (const char *const *)escaped->pdata,
                                   escaped->len);
    g_ptr_array_unref(escaped);
}

/* The walk's globs, in order: "-pattern" excludes, "+pattern" includes. */
static void
save_source(GKeyFile *file, const struct lj_source *source)
{
    char *full =
        source->file ? g_strconcat(source->name, "/", source->file, NULL) : g_strdup(source->name);
    char *group = escape(full), *root = escape(source->root);
    g_key_file_set_string(file, group, "root", root);
    g_free(root);
    GPtrArray *globs = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < source->globs->len; i++) {
        const struct lj_glob *glob = &g_array_index(source->globs, struct lj_glob, i);
        g_ptr_array_add(globs, g_strconcat(glob->include ? "+" : "-", glob->pattern, NULL));
    }
    set_list(file, group, "globs", globs);
    g_ptr_array_unref(globs);
    set_list(file, group, "mounts", source->mounts);
    if (source->hidden)
        g_key_file_set_boolean(file, group, "hidden", TRUE);
    if (source->follow)
        g_key_file_set_boolean(file, group, "follow", TRUE);
    if (source->max_size)
        g_key_file_set_uint64(file, group, "max-size", source->max_size);
    if (source->encoding)
        g_key_file_set_string(file, group, "encoding", source->encoding);
    if (source->columns) {
        char *columns = escape(source->columns);
        g_key_file_set_string(file, group, "columns", columns);
        g_free(columns);
    }
    if (source->ocr)
        g_key_file_set_string(file, group, "ocr", source->ocr == LJ_OCR_NEVER ? "never" : "always");
    if (source->metadata) {
        char *path = escape(source->metadata);
        g_key_file_set_string(file, group, "metadata", path);
        g_free(path);
    }
    if (source->joined)
        g_key_file_set_string(file, group, "joined", source->joined);
    if (source->reader)
        g_key_file_set_string(file, group, "reader", source->reader);
    g_free(full);
    g_free(group);
}

static struct lj_source *
load_source(GKeyFile *file, const char *group)
{
    char *text = g_key_file_get_string(file, group, "root", NULL);
    if (!text)
        return NULL;
    char *root = unescape(text), *name = unescape(group);
    char *slash = strchr(name, '/'); /* NAME holds none: what follows is the file */
    if (slash)
        *slash = 0;
    struct lj_source *source = lj_source_new(name, root, slash ? slash + 1 : NULL);
    g_free(text);
    g_free(root);
    g_free(name);
    char **globs = g_key_file_get_string_list(file, group, "globs", NULL, NULL);
    for (char **glob = globs; glob && *glob; glob++) {
        char *raw = unescape(*glob);
        if (*raw) {
            struct lj_glob made = {g_strdup(raw + 1), *raw == '+'};
            g_array_append_val(source->globs, made);
        }
        g_free(raw);
    }
    g_strfreev(globs);
    char **mounts = g_key_file_get_string_list(file, group, "mounts", NULL, NULL);
    for (char **mount = mounts; mount && *mount; mount++)
        g_ptr_array_add(source->mounts, unescape(*mount));
    g_strfreev(mounts);
    source->hidden = g_key_file_get_boolean(file, group, "hidden", NULL);
    source->follow = g_key_file_get_boolean(file, group, "follow", NULL);
    source->max_size = g_key_file_get_uint64(file, group, "max-size", NULL);
    source->encoding = g_key_file_get_string(file, group, "encoding", NULL);
    char *columns = g_key_file_get_string(file, group, "columns", NULL);
    source->columns = columns ? unescape(columns) : NULL;
    g_free(columns);
    char *ocr = g_key_file_get_string(file, group, "ocr", NULL);
    source->ocr = g_strcmp0(ocr, "never") == 0    ? LJ_OCR_NEVER
                  : g_strcmp0(ocr, "always") == 0 ? LJ_OCR_ALWAYS
                                                  : LJ_OCR_AUTO;
    g_free(ocr);
    char *metadata = g_key_file_get_string(file, group, "metadata", NULL);
    source->metadata = metadata ? unescape(metadata) : NULL;
    g_free(metadata);
    source->joined = g_key_file_get_string(file, group, "joined", NULL);
    source->reader = g_key_file_get_string(file, group, "reader", NULL);
    return source;
}

bool
lj_sources_are_remembered(const char *dir)
{
    char *path = g_build_filename(dir, "sources", NULL);
    bool there = g_file_test(path, G_FILE_TEST_IS_REGULAR);
    g_free(path);
    return there;
}

GPtrArray *
lj_sources_load(const char *dir, GError **error)
{
    GPtrArray *sources = g_ptr_array_new_with_free_func((GDestroyNotify)lj_source_free);
    char *path = g_build_filename(dir, "sources", NULL);
    GKeyFile *file = g_key_file_new();
    GError *failure = NULL;
    if (!g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, &failure) &&
        !g_error_matches(failure, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_DAMAGED, _("%s: cannot read the sources: %s"), path,
                    failure->message);
        g_clear_pointer(&sources, g_ptr_array_unref);
    }
    char **groups = g_key_file_get_groups(file, NULL);
    for (char **group = groups; sources && *group; group++) {
        struct lj_source *source = load_source(file, *group);
        if (source)
            g_ptr_array_add(sources, source);
    }
    g_strfreev(groups);
    g_clear_error(&failure);
    g_key_file_unref(file);
    g_free(path);
    return sources;
}

char *
lj_sources_print(const GPtrArray *sources)
{
    GKeyFile *file = g_key_file_new();
    for (guint i = 0; i < sources->len; i++)
        save_source(file, sources->pdata[i]);
    char *text = g_key_file_to_data(file, NULL, NULL);
    g_key_file_unref(file);
    return text;
}

bool
lj_sources_save(const char *dir, const GPtrArray *sources, GError **error)
{
    char *text = lj_sources_print(sources), *path = g_build_filename(dir, "sources", NULL);
    gsize length = strlen(text);
    char *known = NULL;
    gsize known_length = 0;
    bool good = true;
    /* Unchanged: not written, so that a run without changes writes nothing. */
    if (!g_file_get_contents(path, &known, &known_length, NULL) || known_length != length ||
        memcmp(known, text, length) != 0) {
        GError *failure = NULL;
        good = g_file_set_contents_full(
            path, text, (gssize)length,
            G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0666, &failure);
        if (!good) {
            g_set_error(error, LJ_ERROR, LJ_ERROR_IO, "%s", failure->message);
            g_error_free(failure);
        }
    }
    g_free(known);
    g_free(text);
    g_free(path);
    return good;
}

struct lj_source *
lj_sources_find(const GPtrArray *sources, const char *name, const char *file)
{
    for (guint i = 0; i < sources->len; i++) {
        struct lj_source *source = sources->pdata[i];
        if (strcmp(source->name, name) == 0 && g_strcmp0(source->file, file) == 0)
            return source;
    }
    return NULL;
}
