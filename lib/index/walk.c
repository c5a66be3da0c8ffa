#include "index/walk.h"
#include "i18n.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEPTH_LIMIT 200

/* --- globs -------------------------------------------------------------------------------------
 */

/* [abc] [a-z] [!a]: moves *pattern past it. */
static bool
match_class(const char **pattern, char c)
{
    const char *p = *pattern + 1;
    bool negated = *p == '!' || *p == '^', found = false;
    p += negated;
    const char *first = p;
    for (; *p && (*p != ']' || p == first); p++) {
        if (p[1] == '-' && p[2] && p[2] != ']') {
            found |= (uint8_t)c >= (uint8_t)p[0] && (uint8_t)c <= (uint8_t)p[2];
            p += 2;
        } else {
            found |= *p == c;
        }
    }
    if (!*p)
        return false;
    *pattern = p + 1;
    return found != negated && c != '/';
}

/* `*` and `?` stay within a folder, double-star crosses. Budget bounds what hostile patterns cost.
 */
static bool
match(const char *p, const char *s, int *budget)
{
    for (; *p; p++, s++) {
        if (--*budget < 0)
            return false;
        if (p[0] == '*' && p[1] == '*') {
            const char *rest = p + 2;
            if (*rest == '/') { /* a double star and slash also match nothing */
                rest++;
                if (match(rest, s, budget))
                    return true;
                for (; *s; s++)
                    if (*s == '/' && match(rest, s + 1, budget))
                        return true;
                return false;
            }
            for (;; s++) {
                if (match(rest, s, budget))
                    return true;
                if (!*s)
                    return false;
            }
        }
        if (*p == '*') {
            for (;; s++) {
                if (match(p + 1, s, budget))
                    return true;
                if (!*s || *s == '/')
                    return false;
            }
        }
        if (!*s)
            return false;
        if (*p == '?') {
            if (*s == '/')
                return false;
        } else if (*p == '[' && strchr(p, ']')) {
            if (!match_class(&p, *s))
                return false;
            p--;
        } else {
            if (*p == '\\' && p[1])
                p++;
            if (*p != *s)
                return false;
        }
    }
    return !*s;
}

bool
lj_glob_match(const char *pattern, const char *path, bool folder)
{
    size_t length = strlen(pattern);
    bool only_folders = length > 1 && pattern[length - 1] == '/';
    if (only_folders && !folder)
        return false;
    char *p = g_strndup(pattern, length - only_folders);
    bool anchored = strchr(p, '/') != NULL;
    const char *name = strrchr(path, '/');
    int budget = 100000;
    bool found = match(*p == '/' ? p + 1 : p, anchored || !name ? path : name + 1, &budget);
    g_free(p);
    return found;
}

/* --- the walk ----------------------------------------------------------------------------------
 */

/* A folder being read and those above it: a link back to one of them is a loop. */
struct level {
    const struct level *above;
    dev_t device;
    ino_t inode;
    int depth;
};

struct walker {
    struct lj_walk *walk;
    const struct lj_walk_options *options;
    const volatile int *stop;
    dev_t avoid_device;
    ino_t avoid_inode;
};

static bool
excluded(const struct walker *walker, const char *path, bool folder)
{
    bool out = false;
    const GArray *globs = walker->options->globs;
    for (guint i = 0; globs && i < globs->len; i++) {
        const struct lj_glob *glob = &g_array_index(globs, struct lj_glob, i);
        if (lj_glob_match(glob->pattern, path, folder))
            out = !glob->include;
    }
    return out;
}

/* What no archive means to hold: hidden names, office locks, thumbnails. */
static bool
unwanted(const struct walker *walker, const char *name)
{
    if (walker->options->hidden)
        return false;
    return name[0] == '.' || g_str_has_prefix(name, "~$") || strcmp(name, "Thumbs.db") == 0 ||
           strcmp(name, "desktop.ini") == 0;
}

static void
note_unreadable(struct walker *walker, const char *path, bool folder)
{
    g_ptr_array_add(walker->walk->unreadable,
                    g_strdup_printf("%s: %s", *path ? path : ".", g_strerror(errno)));
    if (folder)
        g_ptr_array_add(walker->walk->shut, g_strdup(path));
}

static void
note_file(struct walker *walker, const char *path, const struct stat *st)
{
    struct lj_file file = {g_strdup(path), (uint64_t)st->st_size, st->st_ino,
                           (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec,
                           (int64_t)st->st_ctim.tv_sec * 1000000000 + st->st_ctim.tv_nsec};
    g_array_append_val(walker->walk->files, file);
}

static bool
is_database(int fd)
{
    static const char *const marks[] = {"iamglass", "iamhoney", "iamchert", "XAPIANDB"};
    for (size_t i = 0; i < G_N_ELEMENTS(marks); i++)
        if (faccessat(fd, marks[i], F_OK, 0) == 0)
            return true;
    return false;
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int
lj_walk_compare(const char *a, const char *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return (*a == '/' ? 0 : (unsigned char)*a) - (*b == '/' ? 0 : (unsigned char)*b);
}

static void walk_folder(struct walker *walker, int fd, const char *path, const struct level *above,
                        const struct stat *st);

static void
look_at(struct walker *walker, int folder, const char *name, const char *path,
        const struct level *level)
{
    struct stat st;
    int flags = walker->options->follow ? 0 : AT_SYMLINK_NOFOLLOW;
    if (fstatat(folder, name, &st, flags) < 0) {
        if (errno != ENOENT) /* gone meanwhile, or a link to nothing: not there */
            note_unreadable(walker, path, false);
        return;
    }
    bool is_folder = S_ISDIR(st.st_mode);
    if ((!is_folder && !S_ISREG(st.st_mode)) || excluded(walker, path, is_folder))
        return;
    if (!is_folder) {
        note_file(walker, path, &st);
        return;
    }
    for (const struct level *l = level; l; l = l->above)
        if (l->device == st.st_dev && l->inode == st.st_ino)
            return;
    if (level->depth >= DEPTH_LIMIT) {
        errno = ELOOP;
        note_unreadable(walker, path, true);
        return;
    }
    int fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        note_unreadable(walker, path, true);
    else
        walk_folder(walker, fd, path, level, &st);
}

/* Takes fd over. */
static void
walk_folder(struct walker *walker, int fd, const char *path, const struct level *above,
            const struct stat *st)
{
    if ((st->st_dev == walker->avoid_device && st->st_ino == walker->avoid_inode) ||
        is_database(fd) || faccessat(fd, ".noindex", F_OK, 0) == 0) {
        close(fd);
        return;
    }
    if (above && above->device != st->st_dev)
        g_ptr_array_add(walker->walk->mounts, g_strdup(path));
    struct level level = {above, st->st_dev, st->st_ino, above ? above->depth + 1 : 0};
    DIR *folder = fdopendir(fd);
    if (!folder) {
        note_unreadable(walker, path, true);
        close(fd);
        return;
    }
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    struct dirent *entry;
    for (errno = 0; (entry = readdir(folder)); errno = 0)
        if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..") &&
            !unwanted(walker, entry->d_name))
            g_ptr_array_add(names, g_strdup(entry->d_name));
    if (errno)
        note_unreadable(walker, path, true);
    g_ptr_array_sort(names, compare_names);
    GString *inner = g_string_new(path);
    if (inner->len > 0)
        g_string_append_c(inner, '/');
    size_t length = inner->len;
    for (guint i = 0; i < names->len && !(walker->stop && *walker->stop); i++) {
        g_string_truncate(inner, length);
        g_string_append(inner, names->pdata[i]);
        look_at(walker, dirfd(folder), names->pdata[i], inner->str, &level);
    }
    g_string_free(inner, TRUE);
    g_ptr_array_unref(names);
    closedir(folder);
}

static void
clear_file(gpointer data)
{
    g_free(((struct lj_file *)data)->path);
}

struct lj_walk *
lj_walk(const char *root, const struct lj_walk_options *options, const volatile int *stop,
        GError **error)
{
    struct stat st;
    int fd = -1;
    if (stat(root, &st) < 0 ||
        (S_ISDIR(st.st_mode) && (fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_NO_INPUT, _("%s: cannot read this source: %s"), root,
                    g_strerror(errno));
        return NULL;
    }
    struct lj_walk *walk = g_new0(struct lj_walk, 1);
    walk->files = g_array_new(FALSE, FALSE, sizeof(struct lj_file));
    g_array_set_clear_func(walk->files, clear_file);
    walk->unreadable = g_ptr_array_new_with_free_func(g_free);
    walk->shut = g_ptr_array_new_with_free_func(g_free);
    walk->mounts = g_ptr_array_new_with_free_func(g_free);
    struct walker walker = {walk, options, stop, 0, 0};
    struct stat avoid;
    if (options->avoid && stat(options->avoid, &avoid) == 0) {
        walker.avoid_device = avoid.st_dev;
        walker.avoid_inode = avoid.st_ino;
    }
    if (S_ISDIR(st.st_mode)) {
        walk_folder(&walker, fd, "", NULL, &st);
    } else {
        const char *name = strrchr(root, '/');
        note_file(&walker, name ? name + 1 : root, &st);
    }
    return walk;
}

void
lj_walk_free(struct lj_walk *walk)
{
    if (!walk)
        return;
    g_array_unref(walk->files);
    g_ptr_array_unref(walk->unreadable);
    g_ptr_array_unref(walk->shut);
    g_ptr_array_unref(walk->mounts);
    g_free(walk);
}
