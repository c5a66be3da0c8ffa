/* --print-config: what is in force, as a configuration that says where each value comes from. */
#include "show.h"
#include "i18n.h"

#include <stdio.h>
#include <string.h>

/* Sets a key and says above it where its value comes from. */
static void
put(GKeyFile *out, const char *group, const char *key, const char *value, const char *from)
{
    g_key_file_set_string(out, group, key, value);
    char *comment = g_strconcat(" ", from, NULL);
    g_key_file_set_comment(out, group, key, comment, NULL);
    g_free(comment);
}

static void
put_from_file(GKeyFile *out, const struct lj_config *config, const char *group, const char *key,
              const char *value)
{
    char *from =
        g_strdup_printf(_("%s, line %u"), config->file, lj_config_line(config, group, key));
    put(out, group, key, value, from);
    g_free(from);
}

/* One value of [index]: the first of option, environment, file and default that says it. */
static void
put_index(GKeyFile *out, const struct lj_config *config, const char *key, const char *option,
          const char *variable, const char *in_file, const char *otherwise)
{
    const char *environment = variable ? g_getenv(variable) : NULL;
    char *from = NULL;
    if (option)
        from = g_strconcat("--", key, NULL);
    if (option)
        put(out, "index", key, option, from);
    else if (environment && *environment)
        put(out, "index", key, environment, variable);
    else if (in_file)
        put_from_file(out, config, "index", key, in_file);
    else
        put(out, "index", key, otherwise, _("default"));
    g_free(from);
}

static char *
number(uint64_t value)
{
    return value ? g_strdup_printf("%" G_GUINT64_FORMAT, value) : NULL;
}

static char *
size(uint64_t value)
{
    if (!value)
        return NULL;
    return value % (1 << 20) == 0 ? g_strdup_printf("%" G_GUINT64_FORMAT "M", value >> 20)
                                  : number(value);
}

static void
put_numbers(GKeyFile *out, const struct options *options, const struct lj_config *config)
{
    const struct lj_run_options *run = &options->run;
    char *given = number(run->jobs), *said = number(config->jobs);
    char *otherwise = number(lj_processors_granted());
    put_index(out, config, "jobs", given, NULL, said, otherwise);
    g_free(given);
    g_free(said);
    g_free(otherwise);
    given = size(run->memory);
    said = size(config->memory);
    otherwise = size(LJ_MEMORY_DEFAULT);
    put_index(out, config, "memory", given, NULL, said, otherwise);
    g_free(given);
    g_free(said);
    g_free(otherwise);
    given = number(run->max_delete);
    said = config->max_delete >= 0 ? g_strdup_printf("%d", config->max_delete) : NULL;
    put_index(out, config, "max-delete", given, NULL, said, "10");
    g_free(given);
    g_free(said);
    put_index(out, config, "no-delete", run->no_delete ? "true" : NULL, NULL,
              lj_config_line(config, "index", "no-delete") ? (config->no_delete ? "true" : "false")
                                                           : NULL,
              "false");
}

static void
put_fields(GKeyFile *out, const struct lj_config *config)
{
    if (!config->fields)
        return;
    GString *lists[2] = {g_string_new(NULL), g_string_new(NULL)};
    for (guint i = 0; i < config->fields->len; i++) {
        const struct lj_declared *field = config->fields->pdata[i];
        g_string_append_printf(lists[field->facet], "%s;", field->name);
    }
    static const char *const keys[2] = {"declared", "facets"};
    for (int i = 0; i < 2; i++) {
        if (lists[i]->len > 0)
            put_from_file(out, config, "fields", keys[i], lists[i]->str);
        g_string_free(lists[i], TRUE);
    }
}

static void
put_globs(GKeyFile *out, const struct lj_config *config, const char *group, const char *key,
          const GArray *globs, bool include)
{
    GPtrArray *list = g_ptr_array_new();
    for (guint i = 0; i < globs->len; i++) {
        const struct lj_glob *glob = &g_array_index(globs, struct lj_glob, i);
        if (glob->include == include)
            g_ptr_array_add(list, glob->pattern);
    }
    if (list->len > 0) {
        put_from_file(out, config, group, key, "");
        g_key_file_set_string_list(out, group, key, (const char *const *)list->pdata, list->len);
    }
    g_ptr_array_unref(list);
}

static void
put_source(GKeyFile *out, const struct lj_config *config, const struct lj_config_source *source)
{
    char *group = g_strconcat("source ", source->name, NULL), *most = size(source->max_size);
    put_from_file(out, config, group, "path", source->path);
    put_globs(out, config, group, "exclude", source->globs, false);
    put_globs(out, config, group, "include", source->globs, true);
    if (source->hidden)
        put_from_file(out, config, group, "hidden", "true");
    if (source->follow)
        put_from_file(out, config, group, "follow", "true");
    if (most)
        put_from_file(out, config, group, "max-size", most);
    if (source->encoding)
        put_from_file(out, config, group, "encoding", source->encoding);
    if (source->columns)
        put_from_file(out, config, group, "columns", source->columns);
    g_free(most);
    g_free(group);
}

void
show_config(const struct options *options, const struct lj_config *config)
{
    GKeyFile *out = g_key_file_new();
    char *otherwise = g_build_filename(g_get_user_data_dir(), "legajo", "default", NULL);
    put_index(out, config, "db", options->db, "LEGAJO_DB", config->db, otherwise);
    g_free(otherwise);
    put_numbers(out, options, config);
    if (config->thesaurus)
        put_from_file(out, config, "search", "thesaurus", config->thesaurus);
    put_fields(out, config);
    for (guint i = 0; i < config->sources->len; i++)
        put_source(out, config, config->sources->pdata[i]);
    char *text = g_key_file_to_data(out, NULL, NULL);
    if (config->file)
        printf(_("# %s (found by %s)\n"), config->file, config->rung);
    else
        printf("%s", _("# no configuration was found; --config=FILE, LEGAJO_CONFIG, "
                       "~/.config/legajo/legajo.conf and /etc/legajo/legajo.conf are looked at\n"));
    fputs("\n", stdout);
    fputs(text, stdout);
    g_free(text);
    g_key_file_unref(out);
}
