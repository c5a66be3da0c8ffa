/* --rollback: the generation before the live one becomes the live one again. */
#include "index/lexicon.h"
#include "index/job.h"
#include "index/store.h"
#include "i18n.h"

#include <string.h>

/* Opens what is to become live, as a search would: a damaged generation is no way back. */
static bool
looks_usable(const struct lj_layout *layout, uint64_t *documents, char **updated, GError **error)
{
    char **paths = lj_layout_paths(layout);
    struct xap_reader *reader =
        lj_xap_reader_open((const char *const *)paths, g_strv_length(paths), error);
    struct xap_statistics statistics = {0};
    bool good = reader && lj_xap_statistics(reader, &statistics, error);
    size_t length = 0;
    char *when =
        good ? lj_xap_metadata(reader, g_strv_length(paths) - 1, "updated", 7, &length, NULL)
             : NULL;
    *updated = g_strndup(when ? when : "", length);
    *documents = statistics.documents;
    g_free(when);
    lj_xap_reader_close(reader);
    g_strfreev(paths);
    return good;
}

static bool
do_rollback(const struct lj_run_options *options, struct lj_store *store, const char *unused,
            GError **error)
{
    (void)unused;
    unsigned live = store->generation;
    GArray *segments;
    unsigned before = lj_layout_before(store->layout, &segments, error);
    bool good = segments != NULL;
    if (good) {
        struct lj_layout then = {
            .dir = store->layout->dir, .generation = before, .segments = segments};
        uint64_t documents = 0;
        char *updated = NULL;
        good = looks_usable(&then, &documents, &updated, error) &&
               lj_layout_publish(store->layout, before, segments, error) &&
               lj_layout_disown(store->layout, live, error);
        if (good)
            lj_say(
                options, LJ_MESSAGE_INFO,
                _("generation %u is live again: %llu documents, as of %s. The next run brings its "
                  "sources up to date; records fed since then must be fed again"),
                before, (unsigned long long)documents, updated);
        g_free(updated);
        g_array_unref(segments);
    }
    return good;
}

bool
lj_index_rollback(const struct lj_run_options *options, GError **error)
{
    /* What is live may be damaged: that is what one goes back from. */
    return lj_job(options, LJ_STORE_REPAIR, "rollback", do_rollback, NULL, error);
}
