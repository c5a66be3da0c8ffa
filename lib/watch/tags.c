/* Marks: a file of lines, the content's hash, a tab, a mark. */
#include "watch/state.h"
#include "i18n.h"

#include <string.h>
#include <unistd.h>

struct lj_tags {
    GHashTable *by_content; /* 64 hex digits → set of marks (GHashTable) */
};

static void
free_set(gpointer set)
{
    g_hash_table_unref(set);
}

static bool
change(struct lj_tags *tags, const char *content, const char *tag, bool add)
{
    GHashTable *set = g_hash_table_lookup(tags->by_content, content);
    if (!set && !add)
        return false;
    if (!set) {
        set = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        g_hash_table_insert(tags->by_content, g_strdup(content), set);
    }
    return add ? g_hash_table_add(set, g_strdup(tag)) : g_hash_table_remove(set, tag);
}

static bool
take_line(char *line, void *tags)
{
    if (strspn(line, "0123456789abcdef") != 64 || line[64] != '\t' || !lj_state_name(line + 65))
        return false;
    line[64] = 0;
    change(tags, line, line + 65, true);
    return true;
}

struct lj_tags *
lj_tags_read(GError **error)
{
    char *path = lj_state_path("tags", NULL);
    struct lj_tags *tags = g_new0(struct lj_tags, 1);
    tags->by_content = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_set);
    if (!lj_state_lines(path, take_line, tags, error))
        g_clear_pointer(&tags, lj_tags_free);
    g_free(path);
    return tags;
}

void
lj_tags_free(struct lj_tags *tags)
{
    if (!tags)
        return;
    g_hash_table_unref(tags->by_content);
    g_free(tags);
}

static int
compare(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *
lj_tags_of(const struct lj_tags *tags, const struct lj_document *document)
{
    GPtrArray *list = g_ptr_array_new();
    char hex[65];
    lj_sha256_hex(document->sha256, hex);
    GHashTable *set = g_hash_table_lookup(tags->by_content, hex);
    GHashTableIter iter;
    gpointer tag;
    if (set) {
        g_hash_table_iter_init(&iter, set);
        while (g_hash_table_iter_next(&iter, &tag, NULL))
            g_ptr_array_add(list, tag);
        g_ptr_array_sort(list, compare);
    }
    return list;
}

GPtrArray *
lj_tags_contents(const struct lj_tags *tags, const char *tag)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
    char *folded = lj_schema_fold(tag, -1);
    GHashTableIter iter;
    gpointer content, set;
    g_hash_table_iter_init(&iter, tags->by_content);
    while (g_hash_table_iter_next(&iter, &content, &set))
        if (g_hash_table_contains(set, folded))
            g_ptr_array_add(list, g_strdup(content));
    g_ptr_array_sort(list, compare);
    g_free(folded);
    return list;
}

static bool
walk(struct lj_node *node, const struct lj_tags *tags)
{
    bool asked = node->kind == LJ_NODE_FIELD && node->field && node->field->kind == LJ_KIND_TAG;
    if (asked && tags) {
        if (node->forms)
            g_ptr_array_unref(node->forms);
        node->forms = lj_tags_contents(tags, node->text);
    }
    for (guint i = 0; node->children && i < node->children->len; i++)
        asked |= walk(node->children->pdata[i], tags);
    return asked;
}

void
lj_tags_resolve(const struct lj_tags *tags, struct lj_query *query)
{
    if (query->root)
        walk(query->root, tags);
}

bool
lj_tags_asked(const struct lj_query *query)
{
    return query->root && walk(query->root, NULL);
}

void
lj_tags_show(const struct lj_tags *tags, struct lj_hit *hit)
{
    GPtrArray *list = lj_tags_of(tags, hit->stored->document);
    for (guint i = 0; i < list->len; i++)
        lj_document_add_field(hit->stored->document, LJ_TAGS_PROPERTY, list->pdata[i]);
    g_ptr_array_unref(list);
}

char **
lj_tags_parse(const char *changes, GError **error)
{
    char **list = g_strsplit(*changes ? changes : ",", ",", -1);
    for (char **one = list; *one; one++) {
        char *folded = (**one == '+' || **one == '-') ? lj_schema_fold(*one + 1, -1) : NULL;
        if (!folded || !lj_state_name(folded)) {
            g_set_error(error, LJ_ERROR, LJ_ERROR_USAGE,
                        _("--tag=%s: marks are given as +NAME or -NAME, with commas between"),
                        changes);
            g_free(folded);
            g_strfreev(list);
            return NULL;
        }
        char *full = g_strdup_printf("%c%s", **one, folded);
        g_free(folded);
        g_free(*one);
        *one = full;
    }
    return list;
}

static bool
write_tags(const struct lj_tags *tags, GError **error)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
    GHashTableIter outer, inner;
    gpointer content, set, tag;
    g_hash_table_iter_init(&outer, tags->by_content);
    while (g_hash_table_iter_next(&outer, &content, &set)) {
        g_hash_table_iter_init(&inner, set);
        while (g_hash_table_iter_next(&inner, &tag, NULL))
            g_ptr_array_add(lines, g_strdup_printf("%s\t%s\n", (char *)content, (char *)tag));
    }
    g_ptr_array_sort(lines, compare);
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < lines->len; i++)
        g_string_append(out, lines->pdata[i]);
    char *path = lj_state_path("tags", NULL);
    bool good = lj_state_write(path, out->str, (gssize)out->len, error);
    g_free(path);
    g_string_free(out, TRUE);
    g_ptr_array_unref(lines);
    return good;
}

bool
lj_tags_change(char *const *changes, const GPtrArray *hits, size_t *changed, GError **error)
{
    int lock = lj_state_lock(error);
    if (lock < 0)
        return false;
    struct lj_tags *tags = lj_tags_read(error);
    bool good = tags != NULL;
    *changed = 0;
    for (guint i = 0; good && i < hits->len; i++) {
        const struct lj_hit *hit = hits->pdata[i];
        char hex[65];
        lj_sha256_hex(hit->stored->document->sha256, hex);
        bool differs = false;
        for (char *const *one = changes; *one; one++)
            differs |= change(tags, hex, *one + 1, **one == '+');
        *changed += differs;
    }
    good = good && write_tags(tags, error);
    lj_tags_free(tags);
    close(lock);
    return good;
}
