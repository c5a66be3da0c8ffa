#include "watch/state.h"
#include "i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include <glib/gstdio.h>

char *
lj_state_path(const char *first, const char *second)
{
    return g_build_filename(g_get_user_state_dir(), "legajo", first, second, NULL);
}

static int
take_lock(const char *name, GError **error)
{
    char *folder = lj_state_path(NULL, NULL);
    char *path = g_build_filename(folder, name, NULL);
    int fd = -1;
    if (g_mkdir_with_parents(folder, 0700) == 0)
        fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        g_set_error(error, LJ_ERROR,
                    errno == EACCES || errno == EROFS ? LJ_ERROR_PERMISSION : LJ_ERROR_IO,
                    _("%s: cannot keep anything there: %s"), folder, g_strerror(errno));
    while (fd >= 0 && flock(fd, LOCK_EX) != 0 && errno == EINTR)
        ;
    g_free(path);
    g_free(folder);
    return fd;
}

int
lj_state_lock(GError **error)
{
    return take_lock("lock", error);
}

int
lj_alerts_lock(GError **error)
{
    return take_lock("alerts.lock", error);
}

bool
lj_state_read(const char *path, char **contents, gsize *length, GError **error)
{
    GError *failure = NULL;
    *contents = NULL;
    *length = 0;
    /* Mostly it is not there, and what GLib says of that takes longer to put together than to find out. */
    if (access(path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR))
        return true;
    if (g_file_get_contents(path, contents, length, &failure))
        return true;
    bool missing = g_error_matches(failure, G_FILE_ERROR, G_FILE_ERROR_NOENT) ||
                   g_error_matches(failure, G_FILE_ERROR, G_FILE_ERROR_NOTDIR);
    if (!missing)
        g_set_error(error, LJ_ERROR, LJ_ERROR_IO, "%s", failure->message);
    g_error_free(failure);
    return missing;
}

bool
lj_state_lines(const char *path, bool (*take)(char *line, void *data), void *data, GError **error)
{
    char *contents;
    gsize length;
    if (!lj_state_read(path, &contents, &length, error))
        return false;
    char **lines = g_strsplit(contents ? contents : "", "\n", -1);
    bool whole = !contents || strlen(contents) == length; /* no NUL within */
    guint i = 0;
    while (whole && lines[i] &&
           ((!*lines[i] && !lines[i + 1]) || take(lines[i], data))) /* "" behind the last end */
        i++;
    bool good = whole && !lines[i];
    if (!good)
        g_set_error(error, LJ_ERROR, LJ_ERROR_CONFIG,
                    _("%s:%u: this line is damaged; nothing was changed: mend the file or move it "
                      "away"),
                    path, i + 1);
    g_strfreev(lines);
    g_free(contents);
    return good;
}

bool
lj_state_write(const char *path, const char *contents, gssize length, GError **error)
{
    GError *failure = NULL;
    char *folder = g_path_get_dirname(path);
    g_mkdir_with_parents(folder, 0700);
    g_free(folder);
    if (g_file_set_contents_full(path, contents, length,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                 &failure))
        return true;
    g_set_error(error, LJ_ERROR, LJ_ERROR_IO, "%s", failure->message);
    g_error_free(failure);
    return false;
}

bool
lj_state_name(const char *name)
{
    if (!*name || *name == '.' || *name == '-' || strlen(name) > 100 ||
        !g_utf8_validate(name, -1, NULL))
        return false;
    for (const char *p = name; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (!g_unichar_isalnum(c) && !g_unichar_ismark(c) &&
            !strchr("._-", c < 0x80 ? (int)c : ' '))
            return false;
    }
    return true;
}
