#include "legajo/config.h"
#include "i18n.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_LIMIT (1u << 20)
#define NAME "legajo.conf"

static const char *const index_keys[] = {"db", "jobs", "memory", "max-delete", "no-delete", NULL};
static const char *const search_keys[] = {"thesaurus", NULL};
static const char *const fields_keys[] = {"declared", "facets", NULL};
static const char *const source_keys[] = {"path",     "exclude",  "include", "hidden", "follow",
                                          "max-size", "encoding", "columns", NULL};

/* A file being read. */
struct reading {
    struct lj_config *config;
    GKeyFile *keys;
    GError **error;
};

static void
clear_glob(gpointer data)
{
    g_free(((struct lj_glob *)data)->pattern);
}

static void
source_free(gpointer data)
{
    struct lj_config_source *source = data;
    g_free(source->name);
    g_free(source->path);
    g_free(source->encoding);
    g_free(source->columns);
    g_array_unref(source->globs);
    g_free(source);
}

static struct lj_config *
config_new(void)
{
    struct lj_config *config = g_new0(struct lj_config, 1);
    config->max_delete = -1;
    config->sources = g_ptr_array_new_with_free_func(source_free);
    config->lines = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return config;
}

void
lj_config_free(struct lj_config *config)
{
    if (!config)
        return;
    g_free(config->file);
    g_free(config->db);
    g_free(config->thesaurus);
    g_ptr_array_unref(config->sources);
    if (config->fields)
        g_ptr_array_unref(config->fields);
    g_hash_table_unref(config->lines);
    g_free(config);
}

unsigned
lj_config_line(const struct lj_config *config, const char *group, const char *key)
{
    char *name = g_strconcat(group, "\n", key, NULL);
    unsigned line = GPOINTER_TO_UINT(g_hash_table_lookup(config->lines, name));
    g_free(name);
    return line;
}

bool
lj_size_parse(const char *text, uint64_t *out)
{
    if (!g_ascii_isdigit(*text))
        return false;
    char *end;
    errno = 0;
    unsigned long long n = strtoull(text, &end, 10);
    if (errno)
        return false;
    unsigned shift = 0;
    switch (g_ascii_toupper(*end)) {
    case 'K':
        shift = 10;
        break;
    case 'M':
        shift = 20;
        break;
    case 'G':
        shift = 30;
        break;
    case 0:
        break;
    default:
        return false;
    }
    if (shift && end[1] && g_ascii_strcasecmp(end + 1, "B") != 0 &&
        g_ascii_strcasecmp(end + 1, "iB") != 0)
        return false;
    if (n > G_MAXUINT64 >> shift)
        return false;
    *out = (uint64_t)n << shift;
    return true;
}

/* --- what is wrong, and where ------------------------------------------------------------------
 */

static bool wrong(struct reading *reading, unsigned line, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

static bool
wrong(struct reading *reading, unsigned line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = g_strdup_vprintf(format, args);
    va_end(args);
    if (line)
        g_set_error(reading->error, LJ_ERROR, LJ_ERROR_CONFIG, "%s:%u: %s", reading->config->file,
                    line, text);
    else
        g_set_error(reading->error, LJ_ERROR, LJ_ERROR_CONFIG, "%s: %s", reading->config->file,
                    text);
    g_free(text);
    return false;
}

static unsigned
line_of(const struct reading *reading, const char *group, const char *key)
{
    return lj_config_line(reading->config, group, key);
}

static const char *const *
keys_of(const char *group)
{
    if (strcmp(group, "index") == 0)
        return index_keys;
    if (strcmp(group, "search") == 0)
        return search_keys;
    if (strcmp(group, "fields") == 0)
        return fields_keys;
    if (g_str_has_prefix(group, "source ") && group[7])
        return source_keys;
    return NULL;
}

static bool
check_group(struct reading *reading, const char *group, unsigned line)
{
    if (!keys_of(group))
        return wrong(reading, line,
                     _("[%s]: there is no such group; write [index], [search], [fields] "
                       "or [source NAME]"),
                     group);
    if (strchr(group, '/'))
        return wrong(reading, line, _("[%s]: the name of a source cannot hold '/'"), group);
    if (line_of(reading, group, ""))
        return wrong(reading, line, _("[%s]: is there already, on line %u; make one group of them"),
                     group, line_of(reading, group, ""));
    char *name = g_strconcat(group, "\n", NULL);
    g_hash_table_insert(reading->config->lines, name, GUINT_TO_POINTER(line));
    return true;
}

static bool
check_key(struct reading *reading, const char *group, const char *key, unsigned line)
{
    const char *const *keys = keys_of(group);
    if (!g_strv_contains(keys, key)) {
        char *known = g_strjoinv(", ", (char **)keys);
        wrong(reading, line, _("%s: [%s] has no such key; it can have %s"), key, group, known);
        g_free(known);
        return false;
    }
    if (line_of(reading, group, key))
        return wrong(reading, line, _("%s: is there already, on line %u; leave one of them"), key,
                     line_of(reading, group, key));
    char *name = g_strconcat(group, "\n", key, NULL);
    g_hash_table_insert(reading->config->lines, name, GUINT_TO_POINTER(line));
    return true;
}

/* Every line once before GKeyFile reads them: it names no lines and takes any key. */
static bool
check_lines(struct reading *reading, const char *text)
{
    char **lines = g_strsplit(text, "\n", -1), *group = NULL;
    bool good = true;
    for (unsigned i = 0; good && lines[i]; i++) {
        char *line = g_strstrip(lines[i]), *equals = strchr(line, '=');
        if (!*line || *line == '#')
            continue;
        if (*line == '[') {
            size_t length = strlen(line);
            good = line[length - 1] == ']' && length > 2 && !strchr(line + 1, '[');
            if (!good) {
                wrong(reading, i + 1, _("“%s” is no group; write [NAME]"), line);
                break;
            }
            g_free(group);
            group = g_strndup(line + 1, length - 2);
            good = check_group(reading, group, i + 1);
        } else if (!equals || equals == line) {
            good =
                wrong(reading, i + 1, _("“%s”: write KEY = VALUE; a comment begins with #"), line);
        } else if (!group) {
            good = wrong(reading, i + 1,
                         _("“%s” stands before the first group; write [index] "
                           "above it"),
                         line);
        } else {
            char *key = g_strchomp(g_strndup(line, (gsize)(equals - line)));
            good = check_key(reading, group, key, i + 1);
            g_free(key);
        }
    }
    g_free(group);
    g_strfreev(lines);
    return good;
}

/* --- values ------------------------------------------------------------------------------------
 */

/* NULL where the key is not there, or with an error. Blanks at both ends go. */
static char *
get(struct reading *reading, const char *group, const char *key, bool *good)
{
    if (!*good || !line_of(reading, group, key))
        return NULL;
    GError *failure = NULL;
    char *value = g_key_file_get_string(reading->keys, group, key, &failure);
    if (value && !failure && *g_strstrip(value))
        return value;
    *good = wrong(reading, line_of(reading, group, key), _("%s: %s"), key,
                  failure ? failure->message : _("a value is missing"));
    g_clear_error(&failure);
    g_free(value);
    return NULL;
}

static char **
get_list(struct reading *reading, const char *group, const char *key, bool *good)
{
    if (!*good || !line_of(reading, group, key))
        return NULL;
    GError *failure = NULL;
    char **values = g_key_file_get_string_list(reading->keys, group, key, NULL, &failure);
    if (values && !failure) {
        for (char **value = values; *value; value++)
            g_strstrip(*value);
        return values;
    }
    *good = wrong(reading, line_of(reading, group, key), _("%s: %s"), key, failure->message);
    g_error_free(failure);
    g_strfreev(values);
    return NULL;
}

static bool
get_boolean(struct reading *reading, const char *group, const char *key, bool *good)
{
    static const char *const yes[] = {"true", "yes", "on", "1", "sí", "si", NULL}, *const no[] = {
                                                                                       "false",
                                                                                       "no", "off",
                                                                                       "0", NULL};
    char *value = get(reading, group, key, good);
    bool is = value && g_strv_contains(yes, value);
    if (value && !is && !g_strv_contains(no, value))
        *good = wrong(reading, line_of(reading, group, key),
                      _("%s: “%s” is neither true nor false"), key, value);
    g_free(value);
    return is;
}

static uint64_t
get_size(struct reading *reading, const char *group, const char *key, uint64_t most, bool *good)
{
    char *value = get(reading, group, key, good);
    uint64_t size = 0;
    if (value && (!lj_size_parse(value, &size) || size == 0 || size > most))
        *good = wrong(reading, line_of(reading, group, key),
                      most == G_MAXUINT64 ? _("%s: “%s” is no size; write 256M or 2G")
                                          : _("%s: “%s” cannot be used; write a number from 1 on"),
                      key, value);
    g_free(value);
    return *good ? size : 0;
}

/* Relative to the folder of the file; "~/" is home. */
static char *
get_path(struct reading *reading, const char *group, const char *key, bool *good)
{
    char *value = get(reading, group, key, good), *path = value;
    if (value && (strcmp(value, "~") == 0 || g_str_has_prefix(value, "~/"))) {
        path = g_build_filename(g_get_home_dir(), value + 1, NULL);
        g_free(value);
    } else if (value && !g_path_is_absolute(value)) {
        char *folder = g_path_get_dirname(reading->config->file);
        char *joined = g_build_filename(folder, value, NULL);
        path = g_canonicalize_filename(joined, NULL);
        g_free(joined);
        g_free(folder);
        g_free(value);
    }
    return path;
}

/* --- groups ------------------------------------------------------------------------------------
 */

static bool
read_index(struct reading *reading)
{
    struct lj_config *config = reading->config;
    bool good = true;
    config->db = get_path(reading, "index", "db", &good);
    config->thesaurus = get_path(reading, "search", "thesaurus", &good);
    config->jobs = (unsigned)get_size(reading, "index", "jobs", 256, &good);
    config->memory = get_size(reading, "index", "memory", G_MAXUINT64, &good);
    config->no_delete = get_boolean(reading, "index", "no-delete", &good);
    char *share = get(reading, "index", "max-delete", &good);
    uint64_t percent;
    if (share && (!lj_size_parse(share, &percent) || percent > 100))
        good = wrong(reading, line_of(reading, "index", "max-delete"),
                     _("%s: “%s” is no share; write a number from 0 to 100"), "max-delete", share);
    else if (share)
        config->max_delete = (int)percent;
    g_free(share);
    return good;
}

static bool
declare(struct reading *reading, const char *key, bool facet)
{
    bool good = true;
    char **names = get_list(reading, "fields", key, &good);
    for (char **name = names; name && *name && good; name++) {
        GError *failure = NULL;
        good = lj_declared_add(reading->config->fields, *name, facet, &failure);
        if (!good)
            wrong(reading, line_of(reading, "fields", key), "%s: %s", key, failure->message);
        g_clear_error(&failure);
    }
    g_strfreev(names);
    return good;
}

static bool
read_fields(struct reading *reading)
{
    if (!line_of(reading, "fields", ""))
        return true;
    reading->config->fields = lj_declared_new();
    return declare(reading, "declared", false) && declare(reading, "facets", true);
}

static void
add_globs(GArray *globs, char **patterns, bool include)
{
    for (char **pattern = patterns; pattern && *pattern; pattern++) {
        struct lj_glob glob = {g_strdup(*pattern), include};
        if (*glob.pattern)
            g_array_append_val(globs, glob);
        else
            g_free(glob.pattern);
    }
    g_strfreev(patterns);
}

/* What a field of `columns` is called; NULL: it is none. */
static const char *
column_field(const struct reading *reading, const char *name)
{
    const struct lj_field *field = lj_field_find(name, -1);
    if (g_ascii_strcasecmp(name, "text") == 0 || g_ascii_strcasecmp(name, "texto") == 0)
        return "text";
    if (field &&
        (lj_field_is_said(field) || field->id == LJ_FIELD_DATE || field->id == LJ_FIELD_ID))
        return field->name;
    const GPtrArray *fields = reading->config->fields;
    const struct lj_declared *declared = fields ? lj_declared_find(fields, name, -1) : NULL;
    return declared ? declared->name : NULL;
}

/* "texto:Cuerpo", "fecha: Fecha de emisión": field by field, in one form. */
static char *
get_columns(struct reading *reading, const char *group, bool *good)
{
    char **items = get_list(reading, group, "columns", good);
    GString *columns = g_string_new(NULL);
    for (char **item = items; item && *item && *good; item++) {
        char *colon = strchr(*item, ':');
        if (!**item)
            continue;
        if (colon)
            *colon = 0;
        const char *name = g_strstrip(*item), *column = colon ? g_strstrip(colon + 1) : "",
                   *field = column_field(reading, name);
        if (!*column)
            *good =
                wrong(reading, line_of(reading, group, "columns"),
                      _("columns: “%s” says no column; write FIELD:COLUMN, as title:Asunto"), name);
        else if (!field)
            *good = wrong(reading, line_of(reading, group, "columns"),
                          _("columns: “%s” is no field; write text, title, date, id… or declare it "
                            "in [fields]"),
                          name);
        else
            g_string_append_printf(columns, "%s%s:%s", columns->len ? ";" : "", field, column);
    }
    g_strfreev(items);
    return g_string_free(columns, columns->len == 0 || !*good);
}

static bool
read_source(struct reading *reading, const char *group)
{
    bool good = true;
    struct lj_config_source *source = g_new0(struct lj_config_source, 1);
    source->globs = g_array_new(FALSE, FALSE, sizeof(struct lj_glob));
    g_array_set_clear_func(source->globs, clear_glob);
    char *name = g_strstrip(g_strdup(group + 7));
    source->name = g_utf8_normalize(name, -1, G_NORMALIZE_DEFAULT_COMPOSE);
    g_free(name);
    g_ptr_array_add(reading->config->sources, source);
    if (!source->name || !*source->name || strcmp(source->name, ".") == 0 ||
        strcmp(source->name, "..") == 0)
        return wrong(reading, line_of(reading, group, ""),
                     _("[%s]: cannot name a source; write [source NAME]"), group);
    source->path = get_path(reading, group, "path", &good);
    if (good && !source->path)
        return wrong(reading, line_of(reading, group, ""),
                     _("[%s]: says no path; write path = FOLDER below it"), group);
    add_globs(source->globs, get_list(reading, group, "exclude", &good), false);
    add_globs(source->globs, get_list(reading, group, "include", &good), true);
    source->hidden = get_boolean(reading, group, "hidden", &good);
    source->follow = get_boolean(reading, group, "follow", &good);
    source->max_size = get_size(reading, group, "max-size", G_MAXUINT64, &good);
    source->encoding = get(reading, group, "encoding", &good);
    source->columns = get_columns(reading, group, &good);
    return good;
}

static bool
read_sources(struct reading *reading)
{
    char **groups = g_key_file_get_groups(reading->keys, NULL);
    bool good = true;
    for (char **group = groups; *group && good; group++)
        if (g_str_has_prefix(*group, "source "))
            good = read_source(reading, *group);
    g_strfreev(groups);
    return good;
}

static bool
read_file(struct reading *reading, const char *text, gsize length)
{
    GError *failure = NULL;
    if (strlen(text) != length || !g_utf8_validate(text, (gssize)length, NULL))
        return wrong(reading, 0, _("is not UTF-8 text"));
    if (!check_lines(reading, text))
        return false;
    if (length > 0 &&
        !g_key_file_load_from_data(reading->keys, text, length, G_KEY_FILE_NONE, &failure)) {
        wrong(reading, 0, "%s", failure->message);
        g_error_free(failure);
        return false;
    }
    return read_index(reading) && read_fields(reading) && read_sources(reading);
}

/* --- the ladder --------------------------------------------------------------------------------
 */

void
lj_config_home(void)
{
    const char *home = g_getenv("HOME");
    char buffer[4096];
    struct passwd entry, *found = NULL;
    if (home && *home)
        return;
    if (getpwuid_r(getuid(), &entry, buffer, sizeof buffer, &found) != 0 || !found)
        g_setenv("HOME", "/", TRUE);
}

/* The file that counts; NULL: there is none. *named: it must be there. */
static char *
find_file(const char *given, bool *named, const char **rung)
{
    const char *variable = g_getenv("LEGAJO_CONFIG");
    *named = true;
    if (given && *given) {
        *rung = "--config";
        return g_strdup(given);
    }
    if (variable && *variable) {
        *rung = "LEGAJO_CONFIG";
        return g_strdup(variable);
    }
    *named = false;
    *rung = "XDG";
    char *path = g_build_filename(g_get_user_config_dir(), "legajo", NAME, NULL);
    if (g_file_test(path, G_FILE_TEST_EXISTS))
        return path;
    g_free(path);
    for (const char *const *folder = g_get_system_config_dirs(); *folder; folder++) {
        path = g_build_filename(*folder, "legajo", NAME, NULL);
        if (g_file_test(path, G_FILE_TEST_EXISTS))
            return path;
        g_free(path);
    }
    *rung = "/etc";
    if (g_file_test("/etc/legajo/" NAME, G_FILE_TEST_EXISTS))
        return g_strdup("/etc/legajo/" NAME);
    return NULL;
}

struct lj_config *
lj_config_load(const char *given, GError **error)
{
    struct lj_config *config = config_new();
    bool named;
    config->file = find_file(given, &named, &config->rung);
    if (!config->file)
        return config;
    if (!g_path_is_absolute(config->file)) {
        char *absolute = g_canonicalize_filename(config->file, NULL);
        g_free(config->file);
        config->file = absolute;
    }
    struct reading reading = {config, g_key_file_new(), error};
    GError *failure = NULL;
    char *text = NULL;
    gsize length = 0;
    struct stat st;
    bool good;
    if (stat(config->file, &st) == 0 && st.st_size > FILE_LIMIT)
        good = wrong(&reading, 0, _("is too large for a configuration"));
    else if (!g_file_get_contents(config->file, &text, &length, &failure))
        good = wrong(&reading, 0,
                     named ? _("cannot read the configuration (%s, see %s)")
                           : _("cannot read the configuration (%s); name another with %s"),
                     failure->message, named ? config->rung : "--config");
    else
        good = read_file(&reading, text, length);
    g_clear_error(&failure);
    g_free(text);
    g_key_file_unref(reading.keys);
    if (good)
        return config;
    lj_config_free(config);
    return NULL;
}
