#include "index/lock.h"
#include "i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Open-file-description locks where the kernel has them: they also hold between threads, and are
 * not lost when some library closes another descriptor of the file. */
static bool
try_lock(int fd)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(fd, F_OFD_SETLK, &lock) == 0)
        return true;
    if (errno != EINVAL)
        return false;
    return fcntl(fd, F_SETLK, &lock) == 0;
}

/* Who holds the lock, g_free. One who has just taken it is about to write who it is; "?" where it never
 * does (a full disk). */
static char *
holder(int fd)
{
    char text[256] = "";
    for (int attempt = 0; attempt < 50 && !*text; attempt++) {
        if (attempt > 0)
            g_usleep(10000);
        ssize_t n = pread(fd, text, sizeof text - 1, 0);
        text[n > 0 ? n : 0] = 0;
        g_strchomp(text);
    }
    return g_utf8_make_valid(*text ? text : "?", -1);
}

static void
say_who(int fd, const char *path, int wait, GError **error)
{
    char *shown = holder(fd);
    if (wait > 0)
        g_set_error(error, LJ_ERROR, LJ_ERROR_LOCKED,
                    _("%s: the index is being written by another run (%s), after %d s still"), path,
                    shown, wait);
    else
        g_set_error(error, LJ_ERROR, LJ_ERROR_LOCKED,
                    _("%s: the index is being written by another run (%s); wait with --wait"), path,
                    shown);
    g_free(shown);
}

int
lj_lock(const char *dir, int wait, const volatile int *stop, GError **error)
{
    char *path = g_build_filename(dir, "lock", NULL);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0) {
        int number = errno;
        g_set_error(error, LJ_ERROR,
                    number == EACCES || number == EROFS ? LJ_ERROR_PERMISSION : LJ_ERROR_IO,
                    "%s: %s: %s", path, _("cannot write"), g_strerror(number));
        g_free(path);
        return -1;
    }
    gint64 until = g_get_monotonic_time() + (gint64)wait * G_USEC_PER_SEC;
    bool held = try_lock(fd);
    while (!held && (errno == EAGAIN || errno == EACCES) && !(stop && *stop) &&
           (wait < 0 || g_get_monotonic_time() < until)) {
        g_usleep(100000);
        held = try_lock(fd);
    }
    if (!held) {
        say_who(fd, path, wait, error);
        close(fd);
        g_free(path);
        return -1;
    }
    GDateTime *now = g_date_time_new_now_local();
    char *when = g_date_time_format_iso8601(now);
    char *text =
        g_strdup_printf(_("process %d on %s since %s"), (int)getpid(), g_get_host_name(), when);
    /* Only a courtesy to whoever meets the lock: a full disk must not stop a run that frees space.
     */
    if (ftruncate(fd, 0) == 0 && pwrite(fd, text, strlen(text), 0) < 0)
        errno = 0;
    g_free(text);
    g_free(when);
    g_date_time_unref(now);
    g_free(path);
    return fd;
}

void
lj_unlock(int fd)
{
    if (fd < 0)
        return;
    /* Whoever comes next must not be taken for this run. */
    if (ftruncate(fd, 0) < 0)
        errno = 0;
    close(fd);
}

char *
lj_lock_holder(const char *dir)
{
    char *path = g_build_filename(dir, "lock", NULL), *who = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    bool asked = fd >= 0 && (fcntl(fd, F_OFD_GETLK, &lock) == 0 ||
                             (errno == EINVAL && fcntl(fd, F_GETLK, &lock) == 0));
    if (asked && lock.l_type != F_UNLCK)
        who = holder(fd);
    if (fd >= 0)
        close(fd);
    g_free(path);
    return who;
}
