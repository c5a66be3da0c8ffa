#include "index/journal.h"
#include "index/layout.h"
#include "index/record.h"
#include "i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BLOCK 1024u
#define READ_AT_ONCE (1u << 20)

struct lj_journal {
    char *folder;
    unsigned number;
    int fd;          /* -1: not made yet */
    uint64_t length; /* committed, or written */
    GByteArray *pending;
    GByteArray *held;  /* rows for the next segment */
    GHashTable *rows;  /* key → struct lj_row */
    GPtrArray *blocks; /* of BLOCK rows: where they lie, superseded ones too */
    guint in_block;    /* rows of the last block */
    GStringChunk *strings;
    uint64_t dead;     /* bytes of superseded rows */
    uint64_t copies;   /* rows of copies */
    unsigned previous; /* a log to remove after the commit; 0: none */
};

bool
lj_row_has_hash(const struct lj_row *row)
{
    static const uint8_t none[32];
    return memcmp(row->sha256, none, 32) != 0;
}

uint32_t
lj_row_weight(const struct lj_row *row)
{
    return row->state == LJ_FILE_COPY ? 1 : row->documents;
}

/* Rows are many and go together: neither they nor their strings are allocated one by one. */
static struct lj_row *
row_new(struct lj_journal *journal)
{
    if (journal->blocks->len == 0 || journal->in_block == BLOCK) {
        g_ptr_array_add(journal->blocks, g_new(struct lj_row, BLOCK));
        journal->in_block = 0;
    }
    struct lj_row *block = journal->blocks->pdata[journal->blocks->len - 1];
    return &block[journal->in_block++];
}

static void
encode(const struct lj_row *row, GByteArray *out)
{
    GByteArray *body = g_byte_array_new();
    const char *slash = strchr(row->key, '/');
    char *source = g_strndup(row->key, (gsize)(slash - row->key));
    lj_put_string(body, source);
    lj_put_string(body, slash + 1);
    g_free(source);
    lj_put_number(body, row->state);
    lj_put_number(body, row->size);
    lj_put_number(body, (uint64_t)row->mtime);
    lj_put_number(body, (uint64_t)row->ctime);
    lj_put_number(body, row->inode);
    g_byte_array_append(body, row->sha256, 32);
    lj_put_number(body, row->documents);
    lj_put_string(body, row->reason);
    if (row->shared)
        lj_put_number(body, 1);
    lj_put_record(out, body);
    g_byte_array_unref(body);
}

/* The row of a record; NULL when it is broken. key: for its use. */
static struct lj_row *
decode(struct lj_journal *journal, struct lj_rest *body, GString *key)
{
    struct lj_row *row = row_new(journal);
    *row = (struct lj_row){0};
    size_t length;
    const char *bytes = lj_get_bytes(body, &length);
    g_string_truncate(key, 0);
    g_string_append_len(key, bytes, (gssize)length);
    g_string_append_c(key, '/');
    bytes = lj_get_bytes(body, &length);
    g_string_append_len(key, bytes, (gssize)length);
    row->key = g_string_chunk_insert_len(journal->strings, key->str, (gssize)key->len);
    row->state = (enum lj_file_state)lj_get_number(body);
    row->size = lj_get_number(body);
    row->mtime = (int64_t)lj_get_number(body);
    row->ctime = (int64_t)lj_get_number(body);
    row->inode = lj_get_number(body);
    if (body->end - body->at < 32) {
        body->bad = true;
    } else {
        memcpy(row->sha256, body->at, 32);
        body->at += 32;
    }
    row->documents = (uint32_t)lj_get_number(body);
    bytes = lj_get_bytes(body, &length);
    if (length > 0)
        row->reason = g_string_chunk_insert_len(journal->strings, bytes, (gssize)length);
    row->shared = !body->bad && body->at < body->end && lj_get_number(body) & 1;
    return body->bad ? NULL : row;
}

static char *
log_path(const struct lj_journal *journal, unsigned number)
{
    return g_strdup_printf("%s/journal-%04u", journal->folder, number);
}

static void
take_row(struct lj_journal *journal, struct lj_row *row)
{
    const struct lj_row *before = g_hash_table_lookup(journal->rows, row->key);
    if (before)
        journal->dead += 100 + strlen(row->key);
    journal->copies -= before && before->state == LJ_FILE_COPY;
    journal->copies += row->state == LJ_FILE_COPY;
    if (row->state == LJ_FILE_GONE) {
        g_hash_table_remove(journal->rows, row->key);
        journal->dead += 100 + strlen(row->key);
    } else {
        g_hash_table_replace(journal->rows, row->key, row);
    }
}

/* What of the log is at hand. It is read, not mapped: a disk that fails, or a file that is cut short meanwhile, is an
 * error and not the end of the program. */
struct log {
    int fd;
    uint64_t left; /* bytes of it still to be read */
    GByteArray *bytes;
    guint at; /* up to here they are taken */
};

/* Drops what is taken and reads on. False: the disk fails, or the file is shorter than it should be (errno 0). */
static bool
read_on(struct log *log)
{
    g_byte_array_remove_range(log->bytes, 0, log->at);
    log->at = 0;
    guint before = log->bytes->len, more = (guint)MIN(log->left, (uint64_t)READ_AT_ONCE);
    g_byte_array_set_size(log->bytes, before + more);
    for (guint done = 0; done < more;) {
        ssize_t n = read(log->fd, log->bytes->data + before + done, more - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            errno = n == 0 ? 0 : errno;
            return false;
        }
        done += (guint)n;
    }
    log->left -= more;
    return true;
}

static struct lj_rest
rest_of(const struct log *log)
{
    return (struct lj_rest){log->bytes->data + log->at, log->bytes->data + log->bytes->len, false};
}

/* Is the next record at hand to its end? */
static bool
has_record(const struct log *log)
{
    struct lj_rest rest = rest_of(log);
    uint64_t length = lj_get_number(&rest);
    return !rest.bad && length <= (uint64_t)(rest.end - rest.at);
}

/* Takes the rows of the log; *number: errno of a failure, 0 where the log is damaged. */
static bool
read_rows(struct lj_journal *journal, struct log *log, int *number)
{
    GString *key = g_string_new(NULL);
    bool good = true;
    *number = 0;
    while (good && (log->left > 0 || log->at < log->bytes->len)) {
        if (log->left > 0 && !has_record(log)) {
            good = read_on(log);
            *number = good ? 0 : errno;
            continue;
        }
        struct lj_rest rest = rest_of(log), body;
        struct lj_row *row = lj_get_record(&rest, &body) ? decode(journal, &body, key) : NULL;
        good = row != NULL;
        if (row)
            take_row(journal, row);
        log->at = (guint)(rest.at - log->bytes->data);
    }
    g_string_free(key, TRUE);
    return good;
}

static bool
load(struct lj_journal *journal, uint64_t length, GError **error)
{
    char *path = log_path(journal, journal->number);
    struct log log = {open(path, O_RDONLY | O_CLOEXEC), length, g_byte_array_new(), 0};
    int number = errno == ENOENT ? 0 : errno;
    bool good = log.fd >= 0 && read_rows(journal, &log, &number);
    if (log.fd >= 0)
        close(log.fd);
    g_byte_array_unref(log.bytes);
    if (!good && number)
        g_set_error(error, LJ_ERROR,
                    number == EACCES || number == EPERM ? LJ_ERROR_PERMISSION : LJ_ERROR_IO,
                    _("%s: the manifest cannot be read: %s"), path, g_strerror(number));
    else if (!good)
        g_set_error(error, LJ_ERROR, LJ_ERROR_DAMAGED,
                    _("%s: the manifest is damaged; rebuild the index with --rebuild"), path);
    journal->length = length;
    g_free(path);
    return good;
}

struct lj_journal *
lj_journal_open(const char *folder, const char *named, GError **error)
{
    struct lj_journal *journal = g_new0(struct lj_journal, 1);
    journal->folder = g_strdup(folder);
    journal->fd = -1;
    journal->number = 1;
    journal->pending = g_byte_array_new();
    journal->held = g_byte_array_new();
    journal->rows = g_hash_table_new(g_str_hash, g_str_equal);
    journal->blocks = g_ptr_array_new_with_free_func(g_free);
    journal->strings = g_string_chunk_new(1 << 16);
    if (!named)
        return journal;
    unsigned long long length = 0;
    if (sscanf(named, "journal-%u %llu", &journal->number, &length) != 2) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_DAMAGED,
                    _("%s: the index does not name its manifest; rebuild it"), folder);
    } else if (load(journal, length, error)) {
        return journal;
    }
    lj_journal_close(journal);
    return NULL;
}

void
lj_journal_close(struct lj_journal *journal)
{
    if (!journal)
        return;
    if (journal->fd >= 0)
        close(journal->fd);
    g_hash_table_unref(journal->rows);
    g_ptr_array_unref(journal->blocks);
    g_string_chunk_free(journal->strings);
    g_byte_array_unref(journal->pending);
    g_byte_array_unref(journal->held);
    g_free(journal->folder);
    g_free(journal);
}

struct lj_row *
lj_journal_find(struct lj_journal *journal, const char *key)
{
    return g_hash_table_lookup(journal->rows, key);
}

GPtrArray *
lj_journal_rows(struct lj_journal *journal)
{
    GPtrArray *rows = g_ptr_array_sized_new(g_hash_table_size(journal->rows));
    GHashTableIter iter;
    gpointer row;
    g_hash_table_iter_init(&iter, journal->rows);
    while (g_hash_table_iter_next(&iter, NULL, &row))
        g_ptr_array_add(rows, row);
    return rows;
}

static int
compare_keys(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GHashTable *
lj_journal_copies(struct lj_journal *journal)
{
    GHashTable *copies =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    if (journal->copies == 0)
        return copies;
    GPtrArray *rows = lj_journal_rows(journal);
    for (guint i = 0; i < rows->len; i++) {
        const struct lj_row *row = rows->pdata[i];
        if (row->state != LJ_FILE_COPY || !row->reason)
            continue;
        GPtrArray *list = g_hash_table_lookup(copies, row->reason);
        if (!list) {
            list = g_ptr_array_new_with_free_func(g_free);
            g_hash_table_insert(copies, g_strdup(row->reason), list);
        }
        g_ptr_array_add(list, g_strdup(row->key));
    }
    g_ptr_array_unref(rows);
    GHashTableIter iter;
    gpointer list;
    g_hash_table_iter_init(&iter, copies);
    while (g_hash_table_iter_next(&iter, NULL, &list))
        g_ptr_array_sort(list, compare_keys);
    return copies;
}

static void
take_copy(struct lj_journal *journal, const struct lj_row *row)
{
    struct lj_row *copy = row_new(journal);
    *copy = *row;
    copy->key = g_string_chunk_insert(journal->strings, row->key);
    if (row->reason)
        copy->reason = g_string_chunk_insert(journal->strings, row->reason);
    take_row(journal, copy);
}

void
lj_journal_set(struct lj_journal *journal, const struct lj_row *row)
{
    encode(row, journal->pending);
    if (journal->held->len > 0)
        encode(row, journal->held);
    take_copy(journal, row);
}

void
lj_journal_hold(struct lj_journal *journal, const struct lj_row *row)
{
    encode(row, journal->held);
    take_copy(journal, row);
}

void
lj_journal_release(struct lj_journal *journal)
{
    g_byte_array_append(journal->pending, journal->held->data, journal->held->len);
    g_byte_array_set_size(journal->held, 0);
}

bool
lj_journal_pending(const struct lj_journal *journal)
{
    return journal->pending->len > 0;
}

/* All live rows under the next number, in place of what was pending. */
static void
begin_afresh(struct lj_journal *journal)
{
    g_byte_array_set_size(journal->pending, 0);
    GHashTableIter iter;
    gpointer row;
    g_hash_table_iter_init(&iter, journal->rows);
    while (g_hash_table_iter_next(&iter, NULL, &row))
        encode(row, journal->pending);
    if (journal->fd >= 0)
        close(journal->fd);
    journal->fd = -1;
    journal->previous = journal->number++;
    journal->length = 0;
    journal->dead = 0;
}

char *
lj_journal_flush(struct lj_journal *journal, GError **error)
{
    if (journal->length > 1000000 && journal->dead > journal->length / 2 && journal->held->len == 0)
        begin_afresh(journal);
    char *path = log_path(journal, journal->number);
    bool made = journal->fd < 0;
    if (made)
        journal->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    /* What a lost commit left beyond the named length goes first. */
    bool good =
        journal->fd >= 0 && (!made || ftruncate(journal->fd, (off_t)journal->length) == 0) &&
        lj_write_at(journal->fd, journal->pending->data, journal->pending->len, journal->length) &&
        fdatasync(journal->fd) == 0 && (!made || lj_sync_folder(journal->folder, NULL));
    char *name = NULL;
    if (!good) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_IO, "%s: %s: %s", path, _("cannot write"),
                    g_strerror(errno));
    } else {
        journal->length += journal->pending->len;
        g_byte_array_set_size(journal->pending, 0);
        name = g_strdup_printf("journal-%04u %llu", journal->number,
                               (unsigned long long)journal->length);
    }
    g_free(path);
    return name;
}

void
lj_journal_tidy(struct lj_journal *journal)
{
    if (!journal->previous)
        return;
    char *path = log_path(journal, journal->previous);
    g_unlink(path);
    g_free(path);
    journal->previous = 0;
}
