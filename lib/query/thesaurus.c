#include "query/thesaurus.h"
#include "i18n.h"

#include <string.h>

#define FILE_LIMIT (16u << 20) /* bytes */
#define ENTRY_LIMIT 500        /* bytes of one term */

struct lj_thesaurus {
    GHashTable *rules; /* key → GPtrArray of char * */
    size_t longest;
};

char *
thesaurus_key(struct lj_analyser *analyser, const char *text)
{
    struct lj_tokens *tokens = lj_tokens_new();
    lj_analyse(analyser, text, strlen(text), LJ_ANALYSE_WORDS, tokens);
    GString *key = g_string_new(NULL);
    for (size_t i = 0; i < tokens->n; i++) {
        if (tokens->token[i].part)
            continue;
        if (key->len > 0)
            g_string_append_c(key, ' ');
        g_string_append(key, tokens->token[i].word->stem);
    }
    lj_tokens_free(tokens);
    return g_string_free(key, key->len == 0);
}

const GPtrArray *
thesaurus_find(const struct lj_thesaurus *thesaurus, const char *key)
{
    return g_hash_table_lookup(thesaurus->rules, key);
}

size_t
thesaurus_longest(const struct lj_thesaurus *thesaurus)
{
    return thesaurus->longest;
}

static void
add_rule(struct lj_thesaurus *thesaurus, const char *key, const char *text)
{
    GPtrArray *others = g_hash_table_lookup(thesaurus->rules, key);
    if (!others) {
        others = g_ptr_array_new_with_free_func(g_free);
        g_hash_table_insert(thesaurus->rules, g_strdup(key), others);
        size_t words = 1;
        for (const char *p = key; *p; p++)
            words += *p == ' ';
        thesaurus->longest = MAX(thesaurus->longest, words);
    }
    for (guint i = 0; i < others->len; i++)
        if (strcmp(others->pdata[i], text) == 0)
            return;
    g_ptr_array_add(others, g_strdup(text));
}

/* "a, b, c" → terms and their keys; what is wrong with it, or NULL. */
static const char *
read_terms(const char *text, struct lj_analyser *analyser, GPtrArray *terms, GPtrArray *keys)
{
    char **parts = g_strsplit(text, ",", -1);
    const char *wrong = *parts ? NULL : _("a term is missing"); /* "" splits into nothing */
    for (char **part = parts; *part && !wrong; part++) {
        for (char *p = *part; *p; p++)
            if (*p == '"')
                *p = ' ';
        g_strstrip(*part);
        char *key = strlen(*part) <= ENTRY_LIMIT ? thesaurus_key(analyser, *part) : NULL;
        if (strlen(*part) > ENTRY_LIMIT)
            wrong = _("a term is too long");
        else if (!key)
            wrong = **part ? _("a term holds no word") : _("a term is missing");
        if (key) {
            g_ptr_array_add(terms, g_strdup(*part));
            g_ptr_array_add(keys, key);
        }
    }
    g_strfreev(parts);
    return wrong;
}

static const char *
read_line(struct lj_thesaurus *thesaurus, char *line, struct lj_analyser *analyser)
{
    GPtrArray *lists[4];
    for (int i = 0; i < 4; i++)
        lists[i] = g_ptr_array_new_with_free_func(g_free);
    char *arrow = strstr(line, "=>");
    const char *wrong = NULL;
    if (arrow && strstr(arrow + 2, "=>")) {
        wrong = _("more than one =>");
    } else if (arrow) {
        *arrow = '\0';
        wrong = read_terms(line, analyser, lists[0], lists[1]);
        if (!wrong)
            wrong = read_terms(arrow + 2, analyser, lists[2], lists[3]);
    } else {
        wrong = read_terms(line, analyser, lists[0], lists[1]);
        if (!wrong && lists[0]->len < 2)
            wrong = _("one term alone has no synonym; write a, b or a => b");
    }
    bool one_way = arrow != NULL;
    GPtrArray *to = lists[one_way ? 2 : 0], *to_keys = lists[one_way ? 3 : 1];
    for (guint i = 0; !wrong && i < lists[0]->len; i++)
        for (guint j = 0; j < to->len; j++)
            if (strcmp(lists[1]->pdata[i], to_keys->pdata[j]) != 0)
                add_rule(thesaurus, lists[1]->pdata[i], to->pdata[j]);
    for (int i = 0; i < 4; i++)
        g_ptr_array_unref(lists[i]);
    return wrong;
}

struct lj_thesaurus *
lj_thesaurus_open(const char *path, struct lj_analyser *analyser, GError **error)
{
    GError *reason = NULL;
    char *bytes = NULL;
    gsize length = 0;
    if (!g_file_get_contents(path, &bytes, &length, &reason)) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_CONFIG, _("the synonyms cannot be read: %s"),
                    reason->message);
        g_error_free(reason);
        return NULL;
    }
    const char *text = bytes;
    struct lj_thesaurus *thesaurus = g_new0(struct lj_thesaurus, 1);
    thesaurus->rules =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    const char *wrong = length > FILE_LIMIT ? _("the file is larger than 16 MB") : NULL;
    unsigned number = 1;
    if (!wrong && length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        length -= 3;
    }
    for (size_t at = 0; !wrong && at < length; number++) {
        const char *end = memchr(text + at, '\n', length - at);
        size_t size = end ? (size_t)(end - text) - at : length - at;
        char *line = g_strndup(text + at, size);
        at += size + 1;
        if (!g_utf8_validate(line, -1, NULL) || strlen(line) != size) {
            wrong = _("this is not UTF-8 text");
        } else {
            char *comment = strchr(line, '#');
            if (comment)
                *comment = '\0';
            g_strstrip(line);
            if (*line)
                wrong = read_line(thesaurus, line, analyser);
        }
        g_free(line);
        if (wrong)
            break;
    }
    g_free(bytes);
    if (wrong) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_CONFIG, _("%s, line %u: %s"), path, number, wrong);
        lj_thesaurus_free(thesaurus);
        return NULL;
    }
    return thesaurus;
}

void
lj_thesaurus_free(struct lj_thesaurus *thesaurus)
{
    if (!thesaurus)
        return;
    g_hash_table_unref(thesaurus->rules);
    g_free(thesaurus);
}
