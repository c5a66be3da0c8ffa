/* A disk that misbehaves, for a program that is started with LD_PRELOAD. It counts the calls that change files
 * under one folder, and can fail them, cut them short, kill the program at one of them, or note what would
 * survive a loss of power.
 *
 *     FAULTS_UNDER=DIR      the folder that is meant (an absolute path)
 *     FAULTS_COUNT=FILE     at the end, the number of such calls
 *     FAULTS_KILL=N         the program kills itself before the N-th
 *     FAULTS_SPACE=BYTES    the disk is full after so many
 *     FAULTS_EIO=N[,M]      calls N to N+M-1 fail with EIO (M: all that follow)
 *     FAULTS_SHORT=SEED     writes take a part only, or are interrupted
 *     FAULTS_LOG=DIR        keeps a log of what changed, and a copy of each file as it was last synced
 *     FAULTS_READ=DIR,ERRNO what is read at or below DIR fails with this number
 *
 * The log has a line an operation, in order: what a file system with ordered metadata (ext4, XFS, btrfs) keeps
 * is all up to the last sync, and then any beginning of the rest.
 *     create INODE PATH · mkdir INODE PATH · rename FROM TO (a tab between) · unlink PATH · sync INODE COPY
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static struct {
    bool ready;
    char under[4096], read[4096], log[4096];
    long kill, eio, eio_many, space, counted, copies;
    int read_errno, log_fd;
    bool limited, shorten;
    unsigned seed;
    pthread_mutex_t lock;
} state = {.lock = PTHREAD_MUTEX_INITIALIZER, .log_fd = -1};

/* The next definition of a function: the C library's. */
#define REAL(type, name, ...)                                                                      \
    static type (*real)(__VA_ARGS__);                                                              \
    if (!real)                                                                                     \
    *(void **)&real = dlsym(RTLD_NEXT, name)

static long
number(const char *name, long otherwise)
{
    const char *value = getenv(name);
    return value && *value ? atol(value) : otherwise;
}

__attribute__((constructor)) static void
begin(void)
{
    const char *under = getenv("FAULTS_UNDER"), *read = getenv("FAULTS_READ"),
               *log = getenv("FAULTS_LOG"), *eio = getenv("FAULTS_EIO");
    snprintf(state.under, sizeof state.under, "%s", under ? under : "/nowhere");
    state.kill = number("FAULTS_KILL", 0);
    state.space = number("FAULTS_SPACE", 0);
    state.limited = getenv("FAULTS_SPACE") != NULL;
    state.eio = number("FAULTS_EIO", 0);
    state.eio_many = eio && strchr(eio, ',') ? atol(strchr(eio, ',') + 1) : 1L << 40;
    state.shorten = getenv("FAULTS_SHORT") != NULL;
    state.seed = (unsigned)number("FAULTS_SHORT", 1);
    if (read) {
        snprintf(state.read, sizeof state.read, "%s", read);
        char *comma = strrchr(state.read, ',');
        if (comma) {
            *comma = 0;
            state.read_errno = atoi(comma + 1);
        }
    }
    if (log) {
        snprintf(state.log, sizeof state.log, "%s", log);
        char path[4200];
        snprintf(path, sizeof path, "%s/log", state.log);
        state.log_fd = (int)syscall(SYS_openat, AT_FDCWD, path,
                                    O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    }
    unsetenv("LD_PRELOAD"); /* the helpers that read documents change nothing */
    state.ready = true;
}

__attribute__((destructor)) static void
end(void)
{
    const char *path = getenv("FAULTS_COUNT");
    FILE *out = path ? fopen(path, "w") : NULL;
    if (out) {
        fprintf(out, "%ld\n", state.counted);
        fclose(out);
    }
}

/* --- paths -------------------------------------------------------------------------------------
 */

static bool
path_of_fd(int fd, char out[4096])
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, out, 4095);
    out[n > 0 ? n : 0] = 0;
    return n > 0;
}

/* A path as given → an absolute one. */
static void
whole_path(int folder, const char *path, char out[8192])
{
    char base[4096] = "";
    if (path[0] == '/' || (folder != AT_FDCWD && !path_of_fd(folder, base)) ||
        (folder == AT_FDCWD && !getcwd(base, sizeof base)))
        snprintf(out, 8192, "%s", path);
    else
        snprintf(out, 8192, "%s/%s", base, path);
    for (char *dot; (dot = strstr(out, "/./"));)
        memmove(dot, dot + 2, strlen(dot + 2) + 1);
}

static bool
within(const char *path, const char *folder)
{
    size_t length = strlen(folder);
    return length > 0 && strncmp(path, folder, length) == 0 &&
           (path[length] == '/' || path[length] == 0);
}

static bool
is_meant(const char *path)
{
    return state.ready && within(path, state.under);
}

static bool
fd_is_meant(int fd)
{
    char path[4096];
    return state.ready && path_of_fd(fd, path) && is_meant(path);
}

static bool
read_fails(int folder, const char *path)
{
    if (!state.read[0])
        return false;
    char whole[8192];
    whole_path(folder, path, whole);
    if (!within(whole, state.read))
        return false;
    errno = state.read_errno;
    return true;
}

/* --- one call that changes something -----------------------------------------------------------
 */

/* Counts it; false, with errno, when it is to fail. Called with the lock held. */
static bool
pass(void)
{
    long n = ++state.counted;
    if (state.kill && n == state.kill)
        syscall(SYS_kill, getpid(), SIGKILL);
    if (state.eio && n >= state.eio && n < state.eio + state.eio_many) {
        errno = EIO;
        return false;
    }
    return true;
}

static void __attribute__((format(printf, 1, 2)))
note(const char *format, ...)
{
    if (state.log_fd < 0)
        return;
    char line[16500];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    int kept = errno;
    syscall(SYS_write, state.log_fd, line, (size_t)n);
    errno = kept;
}

/* A copy of a file as it is now, under the next number. */
static void
note_sync(int fd)
{
    struct stat st;
    if (state.log_fd < 0 || fstat(fd, &st) < 0)
        return;
    if (!S_ISREG(st.st_mode)) {
        note("sync %lu -\n", (unsigned long)st.st_ino);
        return;
    }
    char path[4200], self[64], buffer[65536];
    long copy = ++state.copies;
    snprintf(path, sizeof path, "%s/%ld.%d", state.log, copy, (int)getpid());
    snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
    int from = (int)syscall(SYS_openat, AT_FDCWD, self, O_RDONLY | O_CLOEXEC);
    int to =
        (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ssize_t n;
    while (from >= 0 && to >= 0 && (n = read(from, buffer, sizeof buffer)) > 0)
        syscall(SYS_write, to, buffer, (size_t)n);
    if (from >= 0)
        syscall(SYS_close, from);
    if (to >= 0)
        syscall(SYS_close, to);
    note("sync %lu %ld.%d\n", (unsigned long)st.st_ino, copy, (int)getpid());
}

/* How many of length bytes a write may take now; -1 with errno. Called with the lock held. */
static ssize_t
allowed(size_t length)
{
    if (!pass())
        return -1;
    if (state.limited) {
        if (state.space <= 0) {
            errno = ENOSPC;
            return -1;
        }
        if ((long)length > state.space) /* what fits goes: a short write, as a real disk does */
            length = (size_t)state.space;
        state.space -= (long)length;
    }
    if (state.shorten && length > 1) {
        unsigned dice = (unsigned)rand_r(&state.seed);
        if (dice % 16 == 0) {
            errno = EINTR;
            return -1;
        }
        if (dice % 3 == 0)
            length = 1 + (dice >> 4) % length;
    }
    return (ssize_t)length;
}

/* --- writing -----------------------------------------------------------------------------------
 */

ssize_t
write(int fd, const void *bytes, size_t length)
{
    REAL(ssize_t, "write", int, const void *, size_t);
    if (!fd_is_meant(fd))
        return real(fd, bytes, length);
    pthread_mutex_lock(&state.lock);
    ssize_t n = allowed(length);
    if (n > 0 || (n == 0 && length == 0))
        n = real(fd, bytes, (size_t)n);
    pthread_mutex_unlock(&state.lock);
    return n;
}

static ssize_t
write_at(int fd, const void *bytes, size_t length, off_t offset)
{
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off_t);
    if (!fd_is_meant(fd))
        return real(fd, bytes, length, offset);
    pthread_mutex_lock(&state.lock);
    ssize_t n = allowed(length);
    if (n > 0 || (n == 0 && length == 0))
        n = real(fd, bytes, (size_t)n, offset);
    pthread_mutex_unlock(&state.lock);
    return n;
}

ssize_t
pwrite(int fd, const void *bytes, size_t length, off_t offset)
{
    return write_at(fd, bytes, length, offset);
}

ssize_t
pwrite64(int fd, const void *bytes, size_t length, off_t offset)
{
    return write_at(fd, bytes, length, offset);
}

ssize_t
writev(int fd, const struct iovec *parts, int n)
{
    ssize_t all = 0;
    for (int i = 0; i < n; i++) {
        ssize_t done = write(fd, parts[i].iov_base, parts[i].iov_len);
        if (done < 0)
            return all > 0 ? all : -1;
        all += done;
        if ((size_t)done < parts[i].iov_len)
            break;
    }
    return all;
}

static int
cut(int fd, off_t length)
{
    REAL(int, "ftruncate64", int, off_t);
    bool meant = fd_is_meant(fd);
    if (!meant)
        return real(fd, length);
    pthread_mutex_lock(&state.lock);
    int result = pass() ? real(fd, length) : -1;
    pthread_mutex_unlock(&state.lock);
    return result;
}

int
ftruncate(int fd, off_t length)
{
    return cut(fd, length);
}

int
ftruncate64(int fd, off_t length)
{
    return cut(fd, length);
}

int
fsync(int fd)
{
    REAL(int, "fsync", int);
    if (!fd_is_meant(fd))
        return real(fd);
    pthread_mutex_lock(&state.lock);
    /* Nothing here loses power: the disk need not be waited for. */
    int result = pass() ? 0 : -1;
    if (result == 0)
        note_sync(fd);
    pthread_mutex_unlock(&state.lock);
    return result;
}

int
fdatasync(int fd)
{
    return fsync(fd);
}

/* --- names -------------------------------------------------------------------------------------
 */

static int
open_at(int folder, const char *path, int flags, mode_t mode)
{
    if (read_fails(folder, path))
        return -1;
    char whole[8192];
    bool meant = false;
    if (state.ready && (flags & (O_CREAT | O_TRUNC)) && (flags & O_TMPFILE) != O_TMPFILE) {
        whole_path(folder, path, whole);
        meant = is_meant(whole);
    }
    if (!meant)
        return (int)syscall(SYS_openat, folder, path, flags, mode);
    pthread_mutex_lock(&state.lock);
    bool new = faccessat(folder, path, F_OK, 0) < 0;
    int fd = pass() ? (int)syscall(SYS_openat, folder, path, flags, mode) : -1;
    struct stat st;
    if (fd >= 0 && new &&fstat(fd, &st) == 0)
        note("create %lu %s\n", (unsigned long)st.st_ino, whole);
    pthread_mutex_unlock(&state.lock);
    return fd;
}

#define MODE                                                                                       \
    mode_t mode = 0;                                                                               \
    if (flags & (O_CREAT | __O_TMPFILE)) {                                                         \
        va_list args;                                                                              \
        va_start(args, flags);                                                                     \
        mode = va_arg(args, mode_t);                                                               \
        va_end(args);                                                                              \
    }

int
open(const char *path, int flags, ...)
{
    MODE return open_at(AT_FDCWD, path, flags, mode);
}

int
open64(const char *path, int flags, ...)
{
    MODE return open_at(AT_FDCWD, path, flags, mode);
}

int
openat(int folder, const char *path, int flags, ...)
{
    MODE return open_at(folder, path, flags, mode);
}

int
openat64(int folder, const char *path, int flags, ...)
{
    MODE return open_at(folder, path, flags, mode);
}

int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);
int __openat_2(int folder, const char *path, int flags);
int __openat64_2(int folder, const char *path, int flags);

int
__open_2(const char *path, int flags)
{
    return open_at(AT_FDCWD, path, flags, 0);
}

int
__open64_2(const char *path, int flags)
{
    return open_at(AT_FDCWD, path, flags, 0);
}

int
__openat_2(int folder, const char *path, int flags)
{
    return open_at(folder, path, flags, 0);
}

int
__openat64_2(int folder, const char *path, int flags)
{
    return open_at(folder, path, flags, 0);
}

int
rename(const char *from, const char *to)
{
    char a[8192], b[8192];
    whole_path(AT_FDCWD, from, a);
    whole_path(AT_FDCWD, to, b);
    if (!is_meant(b) && !is_meant(a))
        return (int)syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
    pthread_mutex_lock(&state.lock);
    int result = pass() ? (int)syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to) : -1;
    if (result == 0)
        note("rename %s\t%s\n", a, b);
    pthread_mutex_unlock(&state.lock);
    return result;
}

static int
unlink_at(int folder, const char *path, int flags)
{
    char whole[8192];
    whole_path(folder, path, whole);
    if (!is_meant(whole))
        return (int)syscall(SYS_unlinkat, folder, path, flags);
    pthread_mutex_lock(&state.lock);
    int result = pass() ? (int)syscall(SYS_unlinkat, folder, path, flags) : -1;
    if (result == 0)
        note("unlink %s\n", whole);
    pthread_mutex_unlock(&state.lock);
    return result;
}

int
unlink(const char *path)
{
    return unlink_at(AT_FDCWD, path, 0);
}

int
unlinkat(int folder, const char *path, int flags)
{
    return unlink_at(folder, path, flags);
}

int
rmdir(const char *path)
{
    return unlink_at(AT_FDCWD, path, AT_REMOVEDIR);
}

int
remove(const char *path)
{
    int result = unlink(path);
    return result < 0 && errno == EISDIR ? rmdir(path) : result;
}

int
mkdir(const char *path, mode_t mode)
{
    char whole[8192];
    whole_path(AT_FDCWD, path, whole);
    if (!is_meant(whole))
        return (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
    pthread_mutex_lock(&state.lock);
    int result = pass() ? (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode) : -1;
    struct stat st;
    if (result == 0 && stat(path, &st) == 0)
        note("mkdir %lu %s\n", (unsigned long)st.st_ino, whole);
    pthread_mutex_unlock(&state.lock);
    return result;
}

/* --- reading -----------------------------------------------------------------------------------
 */

DIR *
opendir(const char *path)
{
    REAL(DIR *, "opendir", const char *);
    return read_fails(AT_FDCWD, path) ? NULL : real(path);
}

/* An open folder can fail too, as over NFS when the server has gone. */
struct dirent *
readdir(DIR *folder)
{
    REAL(struct dirent *, "readdir", DIR *);
    char path[4096];
    if (state.read[0] && path_of_fd(dirfd(folder), path) && within(path, state.read)) {
        errno = state.read_errno;
        return NULL;
    }
    return real(folder);
}
