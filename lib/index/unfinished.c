#include "index/unfinished.h"
#include "index/layout.h"

#include <stdio.h>
#include <string.h>

static char *
file_of(const char *folder)
{
    return g_build_filename(folder, "unfinished", NULL);
}

static bool
take_line(struct lj_unfinished *unfinished, const char *line)
{
    unsigned number;
    int end = 0;
    if (g_str_has_prefix(line, "of ") && !unfinished->of) {
        unfinished->of = g_strdup(line + 3);
    } else if (g_str_has_prefix(line, "how ") && !unfinished->how) {
        unfinished->how = g_strdup(line + 4);
    } else if (g_str_has_prefix(line, "carried ")) {
        return g_ascii_string_to_unsigned(line + 8, 10, 0, G_MAXUINT32, &unfinished->carried, NULL);
    } else if (sscanf(line, "glass seg-%u%n", &number, &end) == 1 && !line[end]) {
        g_array_append_val(unfinished->segments, number);
    } else {
        return false;
    }
    return true;
}

struct lj_unfinished *
lj_unfinished_read(const char *folder)
{
    char *path = file_of(folder), *text = NULL;
    struct lj_unfinished *unfinished = g_new0(struct lj_unfinished, 1);
    unfinished->segments = g_array_new(FALSE, FALSE, sizeof(unsigned));
    bool good = g_file_get_contents(path, &text, NULL, NULL);
    char **lines = g_strsplit(text ? text : "", "\n", -1);
    for (char **line = lines; *line && good; line++)
        good = !**line || take_line(unfinished, *line);
    g_strfreev(lines);
    g_free(text);
    g_free(path);
    if (good && unfinished->of && unfinished->how && unfinished->segments->len > 0)
        return unfinished;
    lj_unfinished_free(unfinished);
    return NULL;
}

void
lj_unfinished_free(struct lj_unfinished *unfinished)
{
    if (!unfinished)
        return;
    g_free(unfinished->of);
    g_free(unfinished->how);
    g_array_unref(unfinished->segments);
    g_free(unfinished);
}

bool
lj_unfinished_write(const char *folder, const struct lj_unfinished *unfinished, GError **error)
{
    GString *text = g_string_new(NULL);
    g_string_printf(text, "of %s\nhow %s\ncarried %" G_GUINT64_FORMAT "\n", unfinished->of,
                    unfinished->how, unfinished->carried);
    for (guint i = 0; i < unfinished->segments->len; i++)
        g_string_append_printf(text, "glass seg-%04u\n",
                               g_array_index(unfinished->segments, unsigned, i));
    char *path = file_of(folder);
    bool good = lj_replace_file(path, text, NULL, error);
    g_free(path);
    g_string_free(text, TRUE);
    return good;
}

bool
lj_unfinished_remove(const char *folder, GError **error)
{
    char *path = file_of(folder);
    bool good = lj_remove_tree(path, error);
    g_free(path);
    return good;
}
