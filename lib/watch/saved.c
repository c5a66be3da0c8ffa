/* Saved searches: a key file, a group a name. */
#include "watch/state.h"
#include "i18n.h"

#include <string.h>
#include <unistd.h>
#include <glib/gstdio.h>

static const char *const matches[] = {"auto", "all", "any"};

void
lj_saved_free(struct lj_saved *saved)
{
    if (!saved)
        return;
    g_free(saved->name);
    g_free(saved->query);
    g_strfreev(saved->databases);
    g_free(saved->created);
    g_free(saved);
}

static GKeyFile *
load(GError **error)
{
    char *path = lj_state_path("saved", NULL), *contents;
    gsize length;
    GKeyFile *file = NULL;
    if (lj_state_read(path, &contents, &length, error)) {
        GError *failure = NULL;
        file = g_key_file_new();
        if (length > 0 && !g_key_file_load_from_data(file, contents, length,
                                                     G_KEY_FILE_KEEP_COMMENTS, &failure)) {
            g_set_error(error, LJ_ERROR, LJ_ERROR_CONFIG,
                        _("%s is damaged (%s); nothing was changed: mend the file or move it away"),
                        path, failure->message);
            g_error_free(failure);
            g_clear_pointer(&file, g_key_file_unref);
        }
        g_free(contents);
    }
    g_free(path);
    return file;
}

static bool
store(GKeyFile *file, GError **error)
{
    char *path = lj_state_path("saved", NULL);
    gsize length;
    char *contents = g_key_file_to_data(file, &length, NULL);
    bool good = lj_state_write(path, contents, (gssize)length, error);
    g_free(contents);
    g_free(path);
    return good;
}

static void
free_saved(gpointer saved)
{
    lj_saved_free(saved);
}

GPtrArray *
lj_saved_list(GError **error)
{
    GKeyFile *file = load(error);
    if (!file)
        return NULL;
    GPtrArray *list = g_ptr_array_new_with_free_func(free_saved);
    char **names = g_key_file_get_groups(file, NULL);
    for (char **name = names; *name; name++) {
        char *match = g_key_file_get_string(file, *name, "match", NULL);
        char *syntax = g_key_file_get_string(file, *name, "syntax", NULL);
        struct lj_saved *saved = g_new0(struct lj_saved, 1);
        saved->name = g_strdup(*name);
        saved->query = g_key_file_get_string(file, *name, "query", NULL);
        saved->databases = g_key_file_get_string_list(file, *name, "db", NULL, NULL);
        saved->created = g_key_file_get_string(file, *name, "created", NULL);
        saved->match = LJ_MATCH_ALL;
        for (size_t i = 0; match && i < G_N_ELEMENTS(matches); i++)
            if (strcmp(matches[i], match) == 0)
                saved->match = (enum lj_match)i;
        saved->syntax = syntax && strcmp(syntax, "plain") == 0 ? LJ_SYNTAX_PLAIN : LJ_SYNTAX_QUERY;
        g_free(match);
        g_free(syntax);
        if (saved->query && saved->databases)
            g_ptr_array_add(list, saved);
        else
            lj_saved_free(saved);
    }
    g_strfreev(names);
    g_key_file_unref(file);
    return list;
}

bool
lj_saved_put(const struct lj_saved *saved, GError **error)
{
    if (!lj_state_name(saved->name)) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_USAGE,
                    _("«%s»: the name of a saved search is made of letters, digits, . _ and -"),
                    saved->name);
        return false;
    }
    int lock = lj_state_lock(error);
    if (lock < 0)
        return false;
    GKeyFile *file = load(error);
    bool good = file != NULL;
    if (good) {
        g_key_file_set_string(file, saved->name, "query", saved->query);
        g_key_file_set_string_list(file, saved->name, "db", (const char *const *)saved->databases,
                                   g_strv_length(saved->databases));
        g_key_file_set_string(file, saved->name, "match", matches[saved->match]);
        g_key_file_set_string(file, saved->name, "syntax",
                              saved->syntax == LJ_SYNTAX_PLAIN ? "plain" : "query");
        g_key_file_set_string(file, saved->name, "created", saved->created ? saved->created : "");
        good = store(file, error);
        g_key_file_unref(file);
    }
    close(lock);
    return good;
}

bool
lj_saved_forget(const char *name, GError **error)
{
    int lock = lj_state_lock(error);
    if (lock < 0)
        return false;
    GKeyFile *file = load(error);
    bool good = file != NULL;
    if (good && !g_key_file_remove_group(file, name, NULL)) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_NO_INPUT,
                    _("there is no saved search «%s»; --saved lists them"), name);
        good = false;
    }
    good = good && store(file, error);
    if (good && lj_state_name(name)) {
        char *path = lj_state_path("delivered", name);
        g_unlink(path);
        g_free(path);
    }
    if (file)
        g_key_file_unref(file);
    close(lock);
    return good;
}
