/* Fields that the configuration declares. */
#include "legajo/schema.h"
#include "i18n.h"

#include <string.h>

static void
declared_free(gpointer data)
{
    struct lj_declared *field = data;
    g_free(field->name);
    g_free(field->folded);
    g_free(field->prefix);
    g_free(field);
}

GPtrArray *
lj_declared_new(void)
{
    return g_ptr_array_new_with_free_func(declared_free);
}

const struct lj_declared *
lj_declared_find(const GPtrArray *list, const char *name, gssize length)
{
    if (!list || list->len == 0)
        return NULL;
    char *folded = lj_schema_fold(name, length);
    const struct lj_declared *found = NULL;
    for (guint i = 0; i < list->len && !found; i++) {
        const struct lj_declared *field = list->pdata[i];
        if (strcmp(field->folded, folded) == 0)
            found = field;
    }
    g_free(folded);
    return found;
}

/* A name that a query can hold before its colon, and that a term can begin with. */
static bool
is_name(const char *folded)
{
    size_t points = 0;
    for (const char *p = folded; *p; p = g_utf8_next_char(p), points++) {
        gunichar c = g_utf8_get_char(p);
        if (!g_unichar_isalpha(c) && (points == 0 || (!g_unichar_isdigit(c) && c != '_')))
            return false;
    }
    return points > 0 && points <= 40;
}

bool
lj_declared_add(GPtrArray *list, const char *name, bool facet, GError **error)
{
    struct lj_declared *known = (struct lj_declared *)lj_declared_find(list, name, -1);
    if (known) {
        known->facet |= facet;
        return true;
    }
    char *folded = lj_schema_fold(name, -1);
    const struct lj_field *row = lj_field_find(folded, -1);
    uint32_t slot = lj_schema_declared_slot(folded);
    const char *other = NULL;
    for (guint i = 0; i < list->len && !other; i++) {
        const struct lj_declared *field = list->pdata[i];
        if (field->slot == slot)
            other = field->name;
    }
    bool good = false;
    if (row)
        g_set_error(error, LJ_ERROR, LJ_ERROR_CONFIG,
                    _("%s: is a field already (%s) and needs no declaration"), name, row->name);
    else if (!is_name(folded))
        g_set_error(error, LJ_ERROR, LJ_ERROR_CONFIG,
                    _("%s: cannot be the name of a field: a letter first, then letters, digits and "
                      "_, at most 40"),
                    name);
    else if (other)
        g_set_error(error, LJ_ERROR, LJ_ERROR_CONFIG,
                    _("%s: falls on the same value slot as %s; one of them needs another name"),
                    name, other);
    else
        good = true;
    if (good) {
        struct lj_declared *field = g_new(struct lj_declared, 1);
        *field = (struct lj_declared){g_strdup(name), g_strdup(folded),
                                      lj_schema_declared_prefix(folded), slot, facet};
        g_ptr_array_add(list, field);
    }
    g_free(folded);
    return good;
}

static int
compare_fields(gconstpointer a, gconstpointer b)
{
    const struct lj_declared *x = *(struct lj_declared *const *)a,
                             *y = *(struct lj_declared *const *)b;
    return strcmp(x->folded, y->folded);
}

char *
lj_declared_print(const GPtrArray *list)
{
    GPtrArray *sorted = g_ptr_array_new();
    for (guint i = 0; list && i < list->len; i++)
        g_ptr_array_add(sorted, list->pdata[i]);
    g_ptr_array_sort(sorted, compare_fields);
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < sorted->len; i++) {
        const struct lj_declared *field = sorted->pdata[i];
        g_string_append_printf(out, "%s%s\n", field->folded, field->facet ? " facet" : "");
    }
    g_ptr_array_unref(sorted);
    return g_string_free(out, FALSE);
}

void
lj_declared_read(GPtrArray *list, const char *text)
{
    char **lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        char *blank = strchr(*line, ' ');
        bool facet = blank && strcmp(blank, " facet") == 0;
        if (facet)
            *blank = 0;
        if (**line) /* any other blank is in no name */
            lj_declared_add(list, *line, facet, NULL);
    }
    g_strfreev(lines);
}
