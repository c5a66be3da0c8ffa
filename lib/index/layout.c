#include "index/layout.h"
#include "i18n.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define STUB "XAPIANDB"

static void
set_errno(GError **error, const char *path, const char *what)
{
    int number = errno;
    int code =
        number == EACCES || number == EPERM || number == EROFS ? LJ_ERROR_PERMISSION : LJ_ERROR_IO;
    g_set_error(error, LJ_ERROR, code, "%s: %s: %s", path, what, g_strerror(number));
}

bool
lj_is_remains(const char *name)
{
    return g_str_has_prefix(name, STUB ".") || g_str_has_prefix(name, "sources.") ||
           g_str_has_prefix(name, "runs.jsonl.");
}

/* Names that a first run makes before there is a stub. */
static bool
is_ours(const char *name)
{
    return strcmp(name, "lock") == 0 || strcmp(name, "sources") == 0 ||
           strcmp(name, "runs.jsonl") == 0 || strcmp(name, "ocr") == 0 ||
           g_str_has_prefix(name, "gen-") || lj_is_remains(name);
}

/* No stub: is the folder free for a new index? */
static bool
may_begin(const char *dir, bool create, GError **error)
{
    DIR *folder = opendir(dir);
    if (!folder) {
        if (errno == ENOENT && create)
            return true;
        if (errno == ENOENT)
            g_set_error(error, LJ_ERROR, LJ_ERROR_NO_INPUT,
                        _("%s: no index is here; make one with: legajo-indexer --db=%s FOLDER"),
                        dir, dir);
        else if (errno == ENOTDIR)
            g_set_error(error, LJ_ERROR, LJ_ERROR_NOT_INDEX, _("%s: is a file, not an index"), dir);
        else
            set_errno(error, dir, _("cannot open the index"));
        return false;
    }
    bool foreign = false, xapian = false;
    struct dirent *entry;
    while ((entry = readdir(folder))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        foreign |= !is_ours(entry->d_name);
        xapian |=
            g_str_has_prefix(entry->d_name, "iam") || g_str_has_suffix(entry->d_name, ".glass");
    }
    closedir(folder);
    if (xapian)
        g_set_error(error, LJ_ERROR, LJ_ERROR_NOT_INDEX,
                    _("%s: is a Xapian database of another program; name another folder"), dir);
    else if (foreign)
        g_set_error(error, LJ_ERROR, LJ_ERROR_NOT_INDEX,
                    create ? _("%s: is neither empty nor an index; name another folder")
                           : _("%s: is not an index; name one with --db=DIR, or make one: "
                               "indexer --db=DIR SOURCE"),
                    dir);
    else if (!create)
        g_set_error(error, LJ_ERROR, LJ_ERROR_NO_INPUT,
                    _("%s: no index is here; make one with: legajo-indexer --db=%s FOLDER"), dir,
                    dir);
    else
        return true;
    return false;
}

/* One line of the stub: "glass gen-0001/seg-0001". */
static bool
read_line(struct lj_layout *layout, const char *line)
{
    unsigned generation, segment;
    int end = 0;
    if (sscanf(line, "glass gen-%4u/seg-%u%n", &generation, &segment, &end) != 2 || line[end])
        return false;
    if (layout->generation && layout->generation != generation)
        return false;
    layout->generation = generation;
    g_array_append_val(layout->segments, segment);
    return true;
}

static void
note_stub(struct lj_layout *layout, const struct stat *st)
{
    layout->stub_inode = st->st_ino;
    layout->stub_mtime = (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec;
}

/* The number of gen-NNNN; 0: another name. */
static unsigned
generation_number(const char *name)
{
    unsigned number = 0;
    int end = 0;
    return sscanf(name, "gen-%u%n", &number, &end) == 1 && !name[end] ? number : 0;
}

/* DIR/gen-NNNN/XAPIANDB; g_free. */
static char *
own_stub(const struct lj_layout *layout, unsigned generation)
{
    char *folder = lj_layout_generation(layout, generation);
    char *stub = g_build_filename(folder, STUB, NULL);
    g_free(folder);
    return stub;
}

/* The segments a generation's own stub names, all there; NULL. */
static GArray *
own_segments(const struct lj_layout *layout, unsigned generation)
{
    GArray *segments = g_array_new(FALSE, FALSE, sizeof(unsigned));
    char *stub = own_stub(layout, generation), *text = NULL;
    bool good = g_file_get_contents(stub, &text, NULL, NULL);
    char **lines = g_strsplit(text ? text : "", "\n", -1);
    for (char **line = lines; *line && good; line++) {
        unsigned number;
        int end = 0;
        if (!**line)
            continue;
        good = sscanf(*line, "glass seg-%u%n", &number, &end) == 1 && !(*line)[end];
        g_array_append_val(segments, number);
    }
    for (guint i = 0; i < segments->len && good; i++) {
        char *path = lj_layout_segment(layout, generation, g_array_index(segments, unsigned, i));
        char *version = g_build_filename(path, "iamglass", NULL);
        good = g_file_test(version, G_FILE_TEST_IS_REGULAR);
        g_free(version);
        g_free(path);
    }
    if (!good || segments->len == 0)
        g_clear_pointer(&segments, g_array_unref);
    g_strfreev(lines);
    g_free(text);
    g_free(stub);
    return segments;
}

/* The highest generation below a number that is whole by its own stub; 0: none. *segments: what it has (a new
 * array, or NULL). By number, not by dates: clocks are set back, and copies get new dates. */
static unsigned
last_whole(const struct lj_layout *layout, unsigned below, GArray **segments)
{
    DIR *dir = opendir(layout->dir);
    struct dirent *entry;
    unsigned found = 0;
    *segments = NULL;
    while (dir && (entry = readdir(dir))) {
        unsigned number = generation_number(entry->d_name);
        if (number <= found || number >= below)
            continue;
        GArray *own = own_segments(layout, number);
        if (!own)
            continue;
        if (*segments)
            g_array_unref(*segments);
        *segments = own;
        found = number;
    }
    if (dir)
        closedir(dir);
    return found;
}

/* Does a generation hold what only a run that came to its end leaves? */
static bool
has_ended(const struct lj_layout *layout)
{
    DIR *dir = opendir(layout->dir);
    struct dirent *entry;
    bool ended = false;
    while (dir && !ended && (entry = readdir(dir))) {
        unsigned number = generation_number(entry->d_name);
        if (number == 0)
            continue;
        char *folder = lj_layout_generation(layout, number);
        char *words = g_build_filename(folder, "vocabulary-1", NULL);
        ended = access(words, F_OK) == 0;
        g_free(words);
        g_free(folder);
    }
    if (dir)
        closedir(dir);
    return ended;
}

/* Without a stub: the last generation that was made live and is whole is it again. */
static bool
recover(struct lj_layout *layout)
{
    GArray *segments;
    unsigned generation = last_whole(layout, G_MAXUINT, &segments);
    if (!segments)
        return false;
    g_array_unref(layout->segments);
    layout->segments = segments;
    layout->generation = generation;
    return layout->recovered = true;
}

/* No stub that can be read: what was live is found again, or nothing is touched; a folder without an index may
 * begin one. */
static bool
without_stub(struct lj_layout *layout, bool create, bool there, GError **error)
{
    if (recover(layout))
        return true;
    if (has_ended(layout))
        g_set_error(
            error, LJ_ERROR, LJ_ERROR_DAMAGED,
            _("%s: the file XAPIANDB, which names the segments of the index, is missing or "
              "damaged, though they are there (gen-*); put it back from a copy, with a line "
              "\"glass gen-0001/seg-0001\" for each, or remove gen-* to begin anew"),
            layout->dir);
    else if (there)
        g_set_error(error, LJ_ERROR, LJ_ERROR_NOT_INDEX,
                    _("%s: is an index of another program; name another folder"), layout->dir);
    else
        return may_begin(layout->dir, create, error);
    return false;
}

struct lj_layout *
lj_layout_read(const char *dir, bool create, GError **error)
{
    struct lj_layout *layout = g_new0(struct lj_layout, 1);
    layout->dir = g_strdup(dir);
    layout->segments = g_array_new(FALSE, FALSE, sizeof(unsigned));
    char *stub = g_build_filename(dir, STUB, NULL), *text = NULL;
    struct stat st;
    int fd = open(stub, O_RDONLY | O_CLOEXEC);
    bool good = true;
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) {
        good = without_stub(layout, create, false, error);
    } else if (fd < 0 || fstat(fd, &st) < 0) {
        set_errno(error, stub, _("cannot open the index"));
        good = false;
    } else if (!g_file_get_contents(stub, &text, NULL, NULL)) {
        set_errno(error, stub, _("cannot read the index"));
        good = false;
    } else {
        char **lines = g_strsplit(text, "\n", -1);
        for (char **line = lines; *line && good; line++)
            good = !**line || read_line(layout, *line);
        g_strfreev(lines);
        note_stub(layout, &st);
        good &= layout->segments->len > 0;
        if (!good) {
            layout->generation = 0;
            g_array_set_size(layout->segments, 0);
            good = without_stub(layout, create, true, error);
        }
    }
    if (fd >= 0)
        close(fd);
    g_free(stub);
    g_free(text);
    if (good)
        return layout;
    lj_layout_free(layout);
    return NULL;
}

void
lj_layout_free(struct lj_layout *layout)
{
    if (!layout)
        return;
    g_free(layout->dir);
    g_array_unref(layout->segments);
    g_free(layout);
}

bool
lj_layout_moved_on(const struct lj_layout *layout)
{
    char *stub = g_build_filename(layout->dir, STUB, NULL);
    struct stat st;
    struct lj_layout now = {0};
    if (stat(stub, &st) == 0)
        note_stub(&now, &st);
    g_free(stub);
    return now.stub_inode != layout->stub_inode || now.stub_mtime != layout->stub_mtime;
}

char *
lj_layout_generation(const struct lj_layout *layout, unsigned generation)
{
    return g_strdup_printf("%s/gen-%04u", layout->dir, generation);
}

char *
lj_layout_segment(const struct lj_layout *layout, unsigned generation, unsigned segment)
{
    return g_strdup_printf("%s/gen-%04u/seg-%04u", layout->dir, generation, segment);
}

char **
lj_layout_paths(const struct lj_layout *layout)
{
    char **paths = g_new0(char *, layout->segments->len + 1);
    for (guint i = 0; i < layout->segments->len; i++)
        paths[i] = lj_layout_segment(layout, layout->generation,
                                     g_array_index(layout->segments, unsigned, i));
    return paths;
}

bool
lj_sync_folder(const char *path, GError **error)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    /* Some network file systems cannot sync a folder; they order renames themselves. */
    bool good = fd >= 0 && (fsync(fd) == 0 || errno == EINVAL);
    if (!good)
        set_errno(error, path, _("cannot write"));
    if (fd >= 0)
        close(fd);
    return good;
}

/* A write may take less than it is given. */
static bool
write_text(int fd, const GString *text)
{
    for (size_t done = 0; done < text->len;) {
        ssize_t n = write(fd, text->str + done, text->len - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            errno = n == 0 ? EIO : errno;
            return false;
        }
        done += (size_t)n;
    }
    return true;
}

bool
lj_replace_file(const char *path, const GString *text, struct stat *st, GError **error)
{
    char *fresh = g_strconcat(path, ".new", NULL), *folder = g_path_get_dirname(path);
    int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    bool good = fd >= 0 && write_text(fd, text) && fsync(fd) == 0 && (!st || fstat(fd, st) == 0);
    if (fd >= 0)
        good = close(fd) == 0 && good;
    good = good && rename(fresh, path) == 0;
    if (!good) {
        set_errno(error, path, _("cannot write"));
        g_unlink(fresh);
    }
    good = good && lj_sync_folder(folder, error);
    g_free(folder);
    g_free(fresh);
    return good;
}

bool
lj_layout_publish(struct lj_layout *layout, unsigned generation, const GArray *segments,
                  GError **error)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < segments->len; i++)
        g_string_append_printf(text, "glass gen-%04u/seg-%04u\n", generation,
                               g_array_index(segments, unsigned, i));
    char *stub = g_build_filename(layout->dir, STUB, NULL);
    struct stat st;
    bool good = lj_replace_file(stub, text, &st, error);
    if (good) {
        layout->generation = generation;
        GArray *copy = g_array_sized_new(FALSE, FALSE, sizeof(unsigned), segments->len);
        g_array_append_vals(copy, segments->data, segments->len);
        g_array_unref(layout->segments);
        layout->segments = copy;
        layout->recovered = false;
        note_stub(layout, &st);
        /* A spare: what it cannot be written for will be told by the next thing that is written. */
        lj_layout_leave(layout, NULL);
    }
    g_free(stub);
    g_string_free(text, TRUE);
    return good;
}

bool
lj_layout_leave(const struct lj_layout *layout, GError **error)
{
    char *stub = own_stub(layout, layout->generation);
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < layout->segments->len; i++)
        g_string_append_printf(text, "glass seg-%04u\n",
                               g_array_index(layout->segments, unsigned, i));
    bool good = lj_replace_file(stub, text, NULL, error);
    g_string_free(text, TRUE);
    g_free(stub);
    return good;
}

bool
lj_layout_disown(const struct lj_layout *layout, unsigned generation, GError **error)
{
    char *stub = own_stub(layout, generation), *folder = lj_layout_generation(layout, generation);
    bool good = g_unlink(stub) == 0 || errno == ENOENT;
    if (!good)
        set_errno(error, stub, _("cannot remove"));
    good = good && (access(folder, F_OK) != 0 || lj_sync_folder(folder, error));
    g_free(folder);
    g_free(stub);
    return good;
}

unsigned
lj_layout_before(const struct lj_layout *layout, GArray **segments, GError **error)
{
    unsigned generation = last_whole(layout, layout->generation, segments);
    if (!generation)
        g_set_error(error, LJ_ERROR, LJ_ERROR_NO_INPUT,
                    _("%s: no generation before this one (%u) is kept"), layout->dir,
                    layout->generation);
    return generation;
}

void
lj_layout_explain(const struct lj_layout *layout, GError **error)
{
    char **paths = lj_layout_paths(layout), *missing = NULL;
    for (char **path = paths; *path && !missing; path++)
        if (!g_file_test(*path, G_FILE_TEST_EXISTS))
            missing = *path;
    if (missing && error && !lj_layout_moved_on(layout)) {
        GArray *before;
        lj_layout_before(layout, &before, NULL);
        g_clear_error(error);
        g_set_error(error, LJ_ERROR, LJ_ERROR_DAMAGED,
                    before
                        ? _("%s: the index has this segment, but it is not there; go back to the "
                            "generation before with --rollback, put the folder back from a copy, "
                            "or read the originals again with --rebuild=full")
                        : _("%s: the index has this segment, but it is not there; put the folder "
                            "back from a copy, or read the originals again with --rebuild=full"),
                    missing);
        if (before)
            g_array_unref(before);
    }
    g_strfreev(paths);
}

uint64_t
lj_folder_size(const char *path)
{
    uint64_t size = 0;
    DIR *dir = opendir(path);
    struct dirent *entry;
    struct stat st;
    while (dir && (entry = readdir(dir))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
            fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
            continue;
        if (S_ISREG(st.st_mode))
            size += MIN((uint64_t)st.st_size, (uint64_t)st.st_blocks * 512);
        if (S_ISDIR(st.st_mode)) {
            char *below = g_build_filename(path, entry->d_name, NULL);
            size += lj_folder_size(below);
            g_free(below);
        }
    }
    if (dir)
        closedir(dir);
    return size;
}

bool
lj_layout_has_room(const struct lj_layout *layout, uint64_t bytes, GError **error)
{
    struct statvfs fs;
    if (statvfs(layout->dir, &fs) < 0)
        return true; /* the disk itself will say */
    uint64_t room = (uint64_t)fs.f_bavail * fs.f_frsize;
    if (room >= bytes)
        return true;
    char *wanted = g_format_size(bytes), *there = g_format_size(room);
    g_set_error(error, LJ_ERROR, LJ_ERROR_IO,
                _("%s: this needs about %s on the disk and %s are free; nothing was changed"),
                layout->dir, wanted, there);
    g_free(wanted);
    g_free(there);
    return false;
}

static int
sync_entry(const char *path, const struct stat *st, int type, struct FTW *place)
{
    (void)st;
    (void)place;
    if (type != FTW_F && type != FTW_DP)
        return 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool good = fd >= 0 && (fsync(fd) == 0 || errno == EINVAL);
    int number = errno;
    if (fd >= 0)
        close(fd);
    errno = number;
    return good ? 0 : -1;
}

bool
lj_sync_tree(const char *path, GError **error)
{
    if (nftw(path, sync_entry, 16, FTW_DEPTH | FTW_PHYS) == 0)
        return true;
    set_errno(error, path, _("cannot write"));
    return false;
}

static int
remove_entry(const char *path, const struct stat *st, int type, struct FTW *place)
{
    (void)st;
    (void)type;
    (void)place;
    return remove(path) == 0 || errno == ENOENT ? 0 : -1;
}

bool
lj_remove_tree(const char *path, GError **error)
{
    if (nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS) == 0 || errno == ENOENT)
        return true;
    set_errno(error, path, _("cannot remove"));
    return false;
}
