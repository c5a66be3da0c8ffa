/* --compact: all segments of the live generation into one. */
#include "index/job.h"
#include "index/store.h"
#include "index/wordlog.h"
#include "i18n.h"

static uint64_t
segments_size(const struct lj_layout *layout)
{
    uint64_t size = 0;
    char **paths = lj_layout_paths(layout);
    for (char **path = paths; *path; path++)
        size += lj_folder_size(*path);
    g_strfreev(paths);
    return size;
}

static bool
do_compact(const struct lj_run_options *options, struct lj_store *store, const char *unused,
           GError **error)
{
    (void)unused;
    uint64_t before = segments_size(store->layout);
    guint n = store->layout->segments->len;
    bool good =
        lj_layout_has_room(store->layout, before, error) && lj_store_compact(store, true, error);
    if (good) {
        uint64_t after = segments_size(store->layout);
        char *was = g_format_size(before), *is = g_format_size(after);
        lj_say(
            options, LJ_MESSAGE_INFO,
            ngettext("%u segment of %s is now one of %s", "%u segments of %s are now one of %s", n),
            n, was, is);
        g_free(was);
        g_free(is);
        GError *failure =
            NULL; /* the list of words is derived: its words stay, their state has another name */
        if (!lj_wordlog_update(store->layout, store->touched, &failure))
            lj_say(options, LJ_MESSAGE_WARNING, "%s", failure->message);
        g_clear_error(&failure);
    }
    return good;
}

bool
lj_index_compact(const struct lj_run_options *options, GError **error)
{
    return lj_job(options, LJ_STORE_UPDATE, "compact", do_compact, NULL, error);
}
