#include "index/lexicon.h"
#include "i18n.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

char *
lj_lexicon_path(const struct lj_layout *layout, unsigned generation, const char *version)
{
    const char *dash = version ? strrchr(version, '-') : NULL;
    if (!dash || !dash[1] || strspn(dash + 1, "0123456789abcdef") != strlen(dash + 1))
        return NULL;
    char *folder = lj_layout_generation(layout, generation);
    char *path = g_build_filename(folder, "analyser", dash + 1, NULL);
    g_free(folder);
    return path;
}

/* "1 es 2-0123…" and "1 es 2-4567…": the same rules, another lexicon. */
static bool
same_rules(const char *a, const char *b)
{
    const char *end = strrchr(a, '-');
    return end && strncmp(a, b, (size_t)(end - a) + 1) == 0;
}

/* The copy, opened; the failure as the copy itself has it. */
static struct lj_analyser *
open_copy(const struct lj_layout *layout, unsigned generation, const char *version, GError **error)
{
    char *path = lj_lexicon_path(layout, generation, version);
    struct lj_analyser *analyser = NULL;
    if (!path)
        g_set_error(error, LJ_ERROR, LJ_ERROR_DAMAGED, _("«%s» names no lexicon"), version);
    else
        analyser = lj_analyser_open(path, error);
    if (analyser && strcmp(lj_analyser_version(analyser), version) != 0) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_DAMAGED, _("%s holds another lexicon (%s)"), path,
                    lj_analyser_version(analyser));
        g_clear_pointer(&analyser, lj_analyser_close);
    }
    g_free(path);
    return analyser;
}

struct lj_analyser *
lj_lexicon_analyser(const struct lj_layout *layout, unsigned generation, const char *version,
                    GError **error)
{
    const char *builtin = lj_analyser_builtin();
    if (!version || !*version || strcmp(version, builtin) == 0)
        return lj_analyser_open(NULL, error);
    if (!same_rules(builtin, version)) {
        g_set_error(
            error, LJ_ERROR, LJ_ERROR_NEWER,
            _("%s: analysed by other rules (%s, this program's are %s); bring it up to date "
              "with: indexer --db=%s --rebuild"),
            layout->dir, version, builtin, layout->dir);
        return NULL;
    }
    GError *failure = NULL;
    struct lj_analyser *analyser = open_copy(layout, generation, version, &failure);
    if (!analyser) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_DAMAGED,
                    _("%s: the index's lexicon cannot be used (%s); analyse it again with this "
                      "program's: indexer --db=%s --rebuild"),
                    layout->dir, failure->message, layout->dir);
        g_error_free(failure);
    }
    return analyser;
}

bool
lj_lexicon_check(const struct lj_layout *layout, unsigned generation, const char *version,
                 GError **error)
{
    struct lj_analyser *analyser = open_copy(layout, generation, version, error);
    lj_analyser_close(analyser);
    return analyser != NULL;
}

/* By way of a new file that is renamed, so that no half one is ever met. */
static bool
write_copy(const char *path, GError **error)
{
    struct lj_analyser *analyser = lj_analyser_open(NULL, error);
    if (!analyser)
        return false;
    size_t length;
    const void *bytes = lj_analyser_lexicon(analyser, &length);
    char *folder = g_path_get_dirname(path);
    GError *failure = NULL;
    bool good = true;
    if (g_mkdir_with_parents(folder, 0777) < 0) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_IO, "%s: %s", folder, g_strerror(errno));
        good = false;
    } else if (!g_file_set_contents_full(
                   path, bytes, (gssize)length,
                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0666, &failure)) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_IO, "%s", failure->message);
        g_error_free(failure);
        good = false;
    }
    good = good && lj_sync_folder(folder, error);
    g_free(folder);
    lj_analyser_close(analyser);
    return good;
}

bool
lj_lexicon_keep(const struct lj_layout *layout, unsigned generation, const char *version,
                bool *mended, GError **error)
{
    *mended = false;
    if (strcmp(version, lj_analyser_builtin()) != 0)
        return true;
    char *path = lj_lexicon_path(layout, generation, version);
    bool there = g_file_test(path, G_FILE_TEST_EXISTS), good = true;
    if (!there || !lj_lexicon_check(layout, generation, version, NULL)) {
        good = write_copy(path, error);
        *mended = good && there;
    }
    g_free(path);
    return good;
}
