#include "glass/run.h"
#include "i18n.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOOK 16       /* holes that are looked at */
#define SLOW_HOLE 500 /* microseconds; a hole is of GLASS_WRITE to a megabyte */

/* Says that a working file failed; code: of errno. */
static void
spill_error(const struct glass_spill *spill, bool reading, int code, GError **error)
{
    g_set_error(error, LJ_ERROR, LJ_ERROR_IO,
                reading ? _("cannot read %s/(working file): %s")
                        : _("cannot write %s/(working file): %s"),
                spill->dir, g_strerror(code));
}

struct glass_spill *
glass_spill_open(const char *dir, GError **error)
{
    struct glass_spill *spill = g_new0(struct glass_spill, 1);
    spill->references = 1;
    spill->dir = g_strdup(dir);
    spill->fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (spill->fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
        /* a filesystem without nameless files: take the name away at once */
        char *name = g_build_filename(dir, "run-XXXXXX", NULL);
        spill->fd = g_mkstemp_full(name, O_RDWR | O_CLOEXEC, 0600);
        if (spill->fd >= 0)
            g_unlink(name);
        g_free(name);
    }
    if (spill->fd < 0) {
        spill_error(spill, false, errno, error);
        glass_spill_unref(spill);
        return NULL;
    }
    spill->buffer = g_malloc(GLASS_SPILL_BUFFER);
    return spill;
}

struct glass_spill *
glass_spill_ref(struct glass_spill *spill)
{
    g_atomic_int_inc(&spill->references);
    return spill;
}

void
glass_spill_unref(struct glass_spill *spill)
{
    if (!spill || !g_atomic_int_dec_and_test(&spill->references))
        return;
    if (spill->fd >= 0)
        close(spill->fd);
    g_free(spill->buffer);
    g_free(spill->dir);
    g_clear_error(&spill->error);
    g_free(spill);
}

static void
write_out(struct glass_spill *spill, const void *bytes, size_t n, uint64_t offset)
{
    const uint8_t *p = bytes;
    while (n && !spill->error) {
        ssize_t written = pwrite(spill->fd, p, n, (off_t)offset);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) {
            spill_error(spill, false, written < 0 ? errno : ENOSPC, &spill->error);
            break;
        }
        p += written;
        n -= (size_t)written;
        offset += (size_t)written;
    }
}

static void
empty(struct glass_spill *spill)
{
    write_out(spill, spill->buffer, spill->held, spill->length - spill->held);
    spill->held = 0;
}

void
glass_spill_make_room(struct glass_spill *spill)
{
    uint64_t start = spill->length - spill->held, end = spill->length / GLASS_WRITE * GLASS_WRITE;
    if (end <= start) {
        empty(spill);
        return;
    }
    write_out(spill, spill->buffer, (size_t)(end - start), start);
    spill->held = (size_t)(spill->length - end);
    memmove(spill->buffer, spill->buffer + (end - start), spill->held);
}

void
glass_spill_put(struct glass_spill *spill, const void *bytes, size_t n)
{
    const uint8_t *p = bytes;
    while (n > GLASS_SPILL_BUFFER - spill->held) {
        size_t part = GLASS_SPILL_BUFFER - spill->held;
        memcpy(spill->buffer + spill->held, p, part);
        spill->held += part;
        spill->length += part;
        p += part;
        n -= part;
        glass_spill_make_room(spill);
    }
    glass_copy(spill->buffer + spill->held, p, n);
    spill->held += n;
    spill->length += n;
}

bool
glass_spill_flush(struct glass_spill *spill, GError **error)
{
    empty(spill);
    if (!spill->error)
        return true;
    if (error)
        *error = g_error_copy(spill->error);
    return false;
}

void
glass_slot_free(struct glass_slot *slot)
{
    if (!slot)
        return;
    g_free(slot->bytes);
    if (slot->low)
        g_byte_array_unref(slot->low);
    if (slot->high)
        g_byte_array_unref(slot->high);
    g_free(slot);
}

/* Where the filesystem cannot do it, the room is free when the file is closed. */
static void
give_back(const struct glass_spill *spill, struct glass_piece piece)
{
    if (piece.length)
        (void)!fallocate(spill->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)piece.offset,
                         (off_t)piece.length);
}

void
glass_run_free(struct glass_run *run)
{
    if (!run)
        return;
    give_back(run->spill, run->whole);
    give_back(run->position_spill, run->whole_positions);
    give_back(run->data_spill, run->data);
    glass_spill_unref(run->spill);
    glass_spill_unref(run->position_spill);
    glass_spill_unref(run->data_spill);
    g_clear_pointer(&run->slots, g_ptr_array_unref);
    g_free(run);
}

void
glass_reader_open(struct glass_reader *reader, struct glass_spill *spill, struct glass_piece piece,
                  size_t buffer, GError **error)
{
    memset(reader, 0, sizeof *reader);
    reader->spill = spill;
    reader->offset = piece.offset;
    reader->kept = (piece.offset + GLASS_WRITE - 1) / GLASS_WRITE * GLASS_WRITE;
    reader->rest = piece.length;
    reader->size = (size_t)MIN((uint64_t)MAX(buffer, 4096), MAX(piece.length, 64));
    reader->buffer = g_malloc0(reader->size + GLASS_READER_PAD);
    reader->p = reader->end = reader->buffer;
    reader->error = error;
}

/* What has been read is not read again: its memory serves for the tables' next pages, being of the size in which
 * they are written, and its room on the disk, too. Where that writes to the disk first what is only in memory yet
 * (as ext4 of older kernels does), it takes long and is left to the end. */
static void
let_go(struct glass_reader *reader)
{
    struct glass_spill *spill = reader->spill;
    uint64_t end = reader->offset / GLASS_WRITE * GLASS_WRITE;
    if (end <= reader->kept || g_atomic_int_get(&spill->slow_holes) > LOOK / 2)
        return;
    bool look = g_atomic_int_get(&spill->holes) < LOOK;
    gint64 start = look ? g_get_monotonic_time() : 0;
    give_back(spill, (struct glass_piece){reader->kept, end - reader->kept});
    if (look) {
        g_atomic_int_inc(&spill->holes);
        if (g_get_monotonic_time() - start > SLOW_HOLE)
            g_atomic_int_inc(&spill->slow_holes);
    }
    reader->kept = end;
}

void
glass_reader_close(struct glass_reader *reader)
{
    g_clear_pointer(&reader->buffer, g_free);
}

void
glass_reader_fill(struct glass_reader *reader, size_t n)
{
    size_t left = (size_t)(reader->end - reader->p);
    if (!reader->rest || left >= n)
        return;
    if (n > reader->size) {
        /* one long entry: the buffer grows to it */
        uint8_t *larger = g_malloc(n + GLASS_READER_PAD);
        memcpy(larger, reader->p, left);
        g_free(reader->buffer);
        reader->buffer = larger;
        reader->size = n;
    } else {
        memmove(reader->buffer, reader->p, left);
    }
    reader->p = reader->buffer;
    while (left < reader->size && reader->rest) {
        size_t want = (size_t)MIN((uint64_t)(reader->size - left), reader->rest);
        ssize_t got = pread(reader->spill->fd, reader->buffer + left, want, (off_t)reader->offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            if (!reader->failed && reader->error && !*reader->error)
                spill_error(reader->spill, true, got < 0 ? errno : EIO, reader->error);
            reader->failed = true;
            reader->rest = 0;
            left = 0;
            break;
        }
        left += (size_t)got;
        reader->offset += (uint64_t)got;
        reader->rest -= (uint64_t)got;
    }
    let_go(reader);
    reader->end = reader->buffer + left;
    memset(reader->buffer + left, 0, GLASS_READER_PAD);
}

bool
glass_prepare_dir(const char *dir, GError **error)
{
    if (g_mkdir(dir, 0777) && errno != EEXIST) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_IO, _("cannot make %s: %s"), dir, g_strerror(errno));
        return false;
    }
    static const char *const ours[] = {"iamglass", "postlist.glass"};
    bool free_of_it = true;
    for (size_t i = 0; i < G_N_ELEMENTS(ours) && free_of_it; i++) {
        char *path = g_build_filename(dir, ours[i], NULL);
        struct stat at;
        free_of_it = lstat(path, &at) && errno == ENOENT;
        if (!free_of_it)
            g_set_error(error, LJ_ERROR, LJ_ERROR_IO, _("%s holds a database already"), dir);
        g_free(path);
    }
    return free_of_it;
}

struct word {
    const uint8_t *bytes;
    size_t n;
};

static int
compare_words(const void *a, const void *b)
{
    const struct word *x = a, *y = b;
    return glass_compare(x->bytes, x->n, y->bytes, y->n);
}

/* The next word from *p on, which may be empty; false at the end. */
static bool
next_word(const uint8_t **p, const uint8_t *end, char separator, struct word *word)
{
    if (*p >= end)
        return false;
    const uint8_t *blank = memchr(*p, separator, (size_t)(end - *p));
    *word = (struct word){*p, (size_t)((blank ? blank : end) - *p)};
    *p += word->n + 1;
    return true;
}

static void
split(const uint8_t *p, size_t length, char separator, GArray *words)
{
    const uint8_t *end = p + length;
    struct word word;
    while (next_word(&p, end, separator, &word))
        if (word.n)
            g_array_append_val(words, word);
}

/* Is the list as it should be, and all of more in it? So it is with most stems: after the first runs no
 * form is new. False also where more is not sorted. */
static bool
holds(const GByteArray *list, char separator, const uint8_t *more, size_t length)
{
    if (list->len == 0 || list->data[list->len - 1] == (uint8_t)separator)
        return false;
    const uint8_t *p = list->data, *end = p + list->len, *more_end = more + length;
    struct word have, before = {NULL, 0}, wanted;
    bool wants = next_word(&more, more_end, separator, &wanted);
    while (next_word(&p, end, separator, &have)) {
        if (!have.n || (before.bytes && compare_words(&before, &have) >= 0))
            return false;
        before = have;
        if (wants && !compare_words(&have, &wanted))
            wants = next_word(&more, more_end, separator, &wanted);
    }
    return !wants;
}

void
glass_unite(GByteArray *list, char separator, const void *more, size_t length)
{
    if (holds(list, separator, more, length))
        return;
    GArray *words = g_array_new(FALSE, FALSE, sizeof(struct word));
    split(list->data, list->len, separator, words);
    split(more, length, separator, words);
    g_array_sort(words, compare_words);
    GByteArray *united = g_byte_array_sized_new(list->len + (guint)length + 1);
    for (guint i = 0; i < words->len; i++) {
        const struct word *word = &g_array_index(words, struct word, i);
        if (i && !compare_words(word, word - 1))
            continue;
        if (united->len)
            g_byte_array_append(united, (const guint8 *)&separator, 1);
        g_byte_array_append(united, word->bytes, (guint)word->n);
    }
    g_byte_array_set_size(list, 0);
    g_byte_array_append(list, united->data, united->len);
    g_byte_array_unref(united);
    g_array_unref(words);
}
