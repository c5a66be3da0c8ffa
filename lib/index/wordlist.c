#include "index/wordlist.h"
#include "glass/read.h"
#include "legajo/analysis.h"
#include "schema/mapped.h"
#include "i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- making one ---------------------------------------------------------------------------------
 */

struct entry {
    uint32_t text; /* in builder->text */
    uint32_t length;
    uint32_t df;
    uint32_t form; /* in builder->forms; 0: none */
    uint32_t form_df;
};

struct lj_wordlist_builder {
    GArray *entries;
    GByteArray *text, *forms;
    bool sorted;
};

/* Offsets are 32 bits: beyond this, words are left out. */
#define TEXT_LIMIT 0xF0000000u

struct lj_wordlist_builder *
lj_wordlist_builder_new(void)
{
    struct lj_wordlist_builder *builder = g_new0(struct lj_wordlist_builder, 1);
    builder->entries = g_array_new(FALSE, FALSE, sizeof(struct entry));
    builder->text = g_byte_array_new();
    builder->forms = g_byte_array_new();
    g_byte_array_append(builder->forms, (const uint8_t *)"", 1);
    builder->sorted = true;
    return builder;
}

void
lj_wordlist_builder_free(struct lj_wordlist_builder *builder)
{
    if (!builder)
        return;
    g_array_unref(builder->entries);
    g_byte_array_unref(builder->text);
    g_byte_array_unref(builder->forms);
    g_free(builder);
}

static int
compare_bytes(const void *a, size_t n, const void *b, size_t m)
{
    int order = memcmp(a, b, MIN(n, m));
    return order ? order : (n > m) - (n < m);
}

static int
compare_entries(gconstpointer a, gconstpointer b, gpointer data)
{
    const struct entry *x = a, *y = b;
    const uint8_t *text = ((struct lj_wordlist_builder *)data)->text->data;
    return compare_bytes(text + x->text, x->length, text + y->text, y->length);
}

void
lj_wordlist_builder_add(struct lj_wordlist_builder *builder, const char *folded, size_t length,
                        uint32_t df)
{
    if (length == 0 || length > 245 || memchr(folded, 0, length) || builder->text->len > TEXT_LIMIT)
        return;
    GArray *entries = builder->entries;
    struct entry entry = {builder->text->len, (uint32_t)length, df, 0, 0};
    if (entries->len > 0) {
        struct entry *last = &g_array_index(entries, struct entry, entries->len - 1);
        int order = compare_bytes(builder->text->data + last->text, last->length, folded, length);
        if (order == 0) {
            last->df += MIN(df, G_MAXUINT32 - last->df);
            return;
        }
        builder->sorted = builder->sorted && order < 0;
    }
    g_byte_array_append(builder->text, (const uint8_t *)folded, (guint)length);
    g_array_append_val(entries, entry);
}

static void
sort(struct lj_wordlist_builder *builder)
{
    if (builder->sorted)
        return;
    GArray *entries = builder->entries;
    g_array_sort_with_data(entries, compare_entries, builder);
    guint to = 0;
    for (guint i = 0; i < entries->len; i++) {
        struct entry *entry = &g_array_index(entries, struct entry, i);
        struct entry *last = to > 0 ? &g_array_index(entries, struct entry, to - 1) : NULL;
        if (last && compare_entries(last, entry, builder) == 0)
            last->df += MIN(entry->df, G_MAXUINT32 - last->df);
        else
            g_array_index(entries, struct entry, to++) = *entry;
    }
    g_array_set_size(entries, to);
    builder->sorted = true;
}

void
lj_wordlist_builder_form(struct lj_wordlist_builder *builder, const char *folded,
                         size_t folded_length, const char *form, size_t length, uint32_t df)
{
    sort(builder);
    if (length > 255 || memchr(form, 0, length) || builder->forms->len > TEXT_LIMIT)
        return;
    guint low = 0, high = builder->entries->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        struct entry *entry = &g_array_index(builder->entries, struct entry, middle);
        int order =
            compare_bytes(builder->text->data + entry->text, entry->length, folded, folded_length);
        if (order == 0) {
            if (df <= entry->form_df)
                return;
            entry->form_df = df;
            entry->form = 0;
            if (compare_bytes(form, length, folded, folded_length) != 0) {
                entry->form = builder->forms->len;
                g_byte_array_append(builder->forms, (const uint8_t *)form, (guint)length);
                g_byte_array_append(builder->forms, (const uint8_t *)"", 1);
            }
            return;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
}

enum section { START, DF, FORM, LCP, TEXT, FORMS, SECTIONS };

struct header {
    char magic[8];
    uint32_t words;
    uint32_t stamp_length;
    uint32_t most; /* the largest df */
    uint32_t zero;
    uint64_t place[SECTIONS], bytes[SECTIONS];
    /* stamp and a NUL */
};

static const char magic[8] = "LJWORDS1";

static void
put_section(GByteArray *out, struct header *header, enum section section, const void *bytes,
            size_t length)
{
    static const uint8_t zeros[8];
    if (out->len % 8 != 0)
        g_byte_array_append(out, zeros, 8 - out->len % 8);
    header->place[section] = GUINT64_TO_LE(out->len);
    header->bytes[section] = GUINT64_TO_LE(length);
    if (length > 0)
        g_byte_array_append(out, bytes, (guint)length);
}

GBytes *
lj_wordlist_builder_finish(struct lj_wordlist_builder *builder, const char *stamp)
{
    sort(builder);
    GArray *entries = builder->entries;
    uint32_t n = entries->len;
    GByteArray *text = g_byte_array_sized_new(builder->text->len + n);
    uint32_t *numbers = g_new(uint32_t, (size_t)n + 1);
    uint8_t *lcp = g_new0(uint8_t, (size_t)n + 1);
    GByteArray *out = g_byte_array_new();
    struct header header = {.words = GUINT32_TO_LE(n),
                            .stamp_length = GUINT32_TO_LE((uint32_t)strlen(stamp))};
    memcpy(header.magic, magic, sizeof magic);
    g_byte_array_append(out, (const uint8_t *)&header, sizeof header);
    g_byte_array_append(out, (const uint8_t *)stamp, (guint)strlen(stamp) + 1);

    const uint8_t *before = NULL;
    size_t before_length = 0;
    for (uint32_t i = 0; i < n; i++) {
        const struct entry *entry = &g_array_index(entries, struct entry, i);
        const uint8_t *word = builder->text->data + entry->text;
        size_t shared = 0, most = MIN(MIN(before_length, entry->length), 255);
        while (shared < most && before[shared] == word[shared])
            shared++;
        while (shared > 0 && shared < entry->length && (word[shared] & 0xC0) == 0x80)
            shared--;
        lcp[i] = (uint8_t)shared;
        numbers[i] = GUINT32_TO_LE(text->len);
        g_byte_array_append(text, word, entry->length);
        g_byte_array_append(text, (const uint8_t *)"", 1);
        before = word;
        before_length = entry->length;
    }
    numbers[n] = GUINT32_TO_LE(text->len);
    put_section(out, &header, START, numbers, ((size_t)n + 1) * 4);
    for (uint32_t i = 0; i < n; i++)
        numbers[i] = GUINT32_TO_LE(g_array_index(entries, struct entry, i).df);
    uint32_t most = 0;
    for (uint32_t i = 0; i < n; i++)
        most = MAX(most, g_array_index(entries, struct entry, i).df);
    header.most = GUINT32_TO_LE(most);
    put_section(out, &header, DF, numbers, (size_t)n * 4);
    for (uint32_t i = 0; i < n; i++) {
        /* forms are counted for accented words only: the rest of df is the plain one */
        const struct entry *entry = &g_array_index(entries, struct entry, i);
        bool usual = entry->form_df > entry->df / 2;
        numbers[i] = usual ? GUINT32_TO_LE(entry->form) : 0;
    }
    put_section(out, &header, FORM, numbers, (size_t)n * 4);
    put_section(out, &header, LCP, lcp, n);
    put_section(out, &header, TEXT, text->data, text->len);
    put_section(out, &header, FORMS, builder->forms->data, builder->forms->len);
    memcpy(out->data, &header, sizeof header);

    g_byte_array_unref(text);
    g_free(numbers);
    g_free(lcp);
    g_array_set_size(entries, 0);
    g_byte_array_set_size(builder->text, 0);
    g_byte_array_set_size(builder->forms, 1);
    builder->sorted = true;
    return g_byte_array_free_to_bytes(out);
}

/* --- from an index ------------------------------------------------------------------------------
 */

#define CHUNK 16384

/* Calls take for every term with prefix; capitals that begin a word are prefixes of other layers and
 * are jumped over. */
static bool
each_term(struct xap_reader *reader, const char *prefix, bool words,
          void (*take)(void *, const char *, size_t, uint32_t), void *data, GError **error)
{
    GString *from = g_string_new(prefix);
    bool fine = true;
    for (bool more = true; fine && more;) {
        struct xap_vocabulary *terms =
            lj_xap_terms(reader, prefix, strlen(prefix), from->str, from->len, CHUNK, error);
        if (!terms) {
            fine = false;
            break;
        }
        more = terms->n == CHUNK;
        for (size_t i = 0; i < terms->n; i++) {
            const char *term = terms->entry[i].term;
            size_t length = terms->entry[i].length;
            if (words && length > 0 && term[0] >= 'A' && term[0] <= 'Z') {
                g_string_assign(from, "["); /* the byte after Z */
                more = true;
                break;
            }
            take(data, term, length, terms->entry[i].df);
            if (i + 1 == terms->n) {
                g_string_truncate(from, 0);
                g_string_append_len(from, term, (gssize)length);
                g_string_append_c(from, '\0'); /* just behind it */
            }
        }
        lj_xap_vocabulary_free(terms);
    }
    g_string_free(from, TRUE);
    return fine;
}

bool
lj_wordlist_terms(struct xap_reader *reader,
                  void (*take)(void *data, const char *term, size_t length, uint32_t df),
                  void *data, GError **error)
{
    return each_term(reader, "", true, take, data, error) &&
           each_term(reader, "E", false, take, data, error);
}

/* Words come before forms. */
static void
build(void *data, const char *term, size_t length, uint32_t df)
{
    struct lj_wordlist_builder *builder = data;
    if (length == 0 || term[0] != 'E') {
        lj_wordlist_builder_add(builder, term, length, df);
        return;
    }
    GString *folded = g_string_new(NULL);
    lj_fold(term + 1, (gssize)length - 1, folded);
    lj_wordlist_builder_form(builder, folded->str, folded->len, term + 1, length - 1, df);
    g_string_free(folded, TRUE);
}

GBytes *
lj_wordlist_read(struct xap_reader *reader, const char *stamp, GError **error)
{
    struct lj_wordlist_builder *builder = lj_wordlist_builder_new();
    GBytes *bytes = NULL;
    if (lj_wordlist_terms(reader, build, builder, error))
        bytes = lj_wordlist_builder_finish(builder, stamp);
    lj_wordlist_builder_free(builder);
    return bytes;
}

/* Calls take for every term that begins with this byte. */
static void
each_of_table(struct glass_reader *reader, char first,
              void (*take)(void *, const char *, size_t, uint32_t), void *data)
{
    struct glass_postings at;
    for (bool more = lj_glass_postings_first(reader, &first, 1, &at); more;
         more = lj_glass_postings_next(&at, 1))
        take(data, (const char *)at.key, at.key_length, at.documents);
}

GBytes *
lj_wordlist_read_tables(const char *database, const char *stamp)
{
    struct glass_reader *reader = lj_glass_reader_open(database);
    if (!reader)
        return NULL;
    struct lj_wordlist_builder *builder = lj_wordlist_builder_new();
    for (int first = 1; first < 256; first++)
        if (first < 'A' || first > 'Z') /* prefixes of other layers */
            each_of_table(reader, (char)first, build, builder);
    each_of_table(reader, 'E', build, builder);
    GBytes *bytes = reader->broken ? NULL : lj_wordlist_builder_finish(builder, stamp);
    lj_wordlist_builder_free(builder);
    lj_glass_reader_close(reader);
    return bytes;
}

bool
lj_wordlist_write(const char *path, GBytes *bytes, GError **error)
{
    char *scratch = g_strconcat(path, ".new", NULL);
    size_t length;
    const char *data = g_bytes_get_data(bytes, &length);
    int file = open(scratch, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    bool fine = file >= 0;
    while (fine && length > 0) {
        ssize_t written = write(file, data, length);
        if (written < 0 && errno == EINTR)
            continue;
        fine = written > 0;
        if (fine) {
            data += written;
            length -= (size_t)written;
        }
    }
    fine = fine && fsync(file) == 0;
    int reason = errno;
    if (file >= 0 && close(file) != 0 && fine) {
        fine = false;
        reason = errno;
    }
    if (fine && rename(scratch, path) != 0) {
        fine = false;
        reason = errno;
    }
    if (!fine) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_IO, _("%s cannot be written: %s"), path,
                    g_strerror(reason));
        unlink(scratch);
    }
    g_free(scratch);
    return fine;
}

/* --- using one ----------------------------------------------------------------------------------
 */

struct lj_wordlist {
    GBytes *bytes;
    const char *stamp;
    uint32_t n, most;
    const uint32_t *start, *df, *form;
    const uint8_t *lcp;
    const char *text, *forms;
    uint32_t text_length, forms_length;
    uint32_t *own_df, *own_form; /* corrected copies; NULL: as the file has them */
    GPtrArray *own_forms;        /* char *: forms_length + i of own_form is number i */
};

static const void *
section(const uint8_t *data, size_t length, const struct header *header, enum section section_,
        uint64_t bytes)
{
    uint64_t place = GUINT64_FROM_LE(header->place[section_]);
    if (place % 8 != 0 || place > length || bytes > length - place ||
        GUINT64_FROM_LE(header->bytes[section_]) != bytes)
        return NULL;
    return data + place;
}

/* Text sections must end in NUL, so that every borrowed word does. */
static const char *
text_section(const uint8_t *data, size_t length, const struct header *header, enum section section_,
             uint32_t *bytes)
{
    uint64_t size = GUINT64_FROM_LE(header->bytes[section_]);
    if (size > G_MAXUINT32)
        return NULL;
    const char *text = section(data, length, header, section_, size);
    *bytes = (uint32_t)size;
    if (!text || (size > 0 && text[size - 1] != '\0'))
        return NULL;
    return text;
}

struct lj_wordlist *
lj_wordlist_new(GBytes *bytes, GError **error)
{
    struct lj_wordlist *list = g_new0(struct lj_wordlist, 1);
    size_t length;
    const uint8_t *data = g_bytes_get_data(bytes, &length);
    struct header header;
    bool fine = length >= sizeof header;
    if (fine) {
        memcpy(&header, data, sizeof header);
        uint64_t stamp = GUINT32_FROM_LE(header.stamp_length);
        uint64_t n = list->n = GUINT32_FROM_LE(header.words);
        list->most = GUINT32_FROM_LE(header.most);
        list->stamp = (const char *)data + sizeof header;
        fine = memcmp(header.magic, magic, sizeof magic) == 0 && stamp < length - sizeof header &&
               list->stamp[stamp] == '\0' &&
               (list->start = section(data, length, &header, START, (n + 1) * 4)) &&
               (list->df = section(data, length, &header, DF, n * 4)) &&
               (list->form = section(data, length, &header, FORM, n * 4)) &&
               (list->lcp = section(data, length, &header, LCP, n)) &&
               (list->text = text_section(data, length, &header, TEXT, &list->text_length)) &&
               (list->forms = text_section(data, length, &header, FORMS, &list->forms_length));
    }
    if (!fine) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_DAMAGED, _("this is no list of words of an index"));
        g_free(list);
        return NULL;
    }
    list->bytes = g_bytes_ref(bytes);
    return list;
}

struct mapping {
    const void *bytes;
    size_t size;
};

static void
unmap(gpointer data)
{
    struct mapping *mapping = data;
    lj_unmap(mapping->bytes, mapping->size);
    g_free(mapping);
}

/* A file's bytes, mapped; NULL with errno. */
static GBytes *
map_file(const char *path)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct mapping mapping = {0};
    bool good = fd >= 0 && fstat(fd, &st) == 0;
    if (good && st.st_size > 0) {
        mapping.size = (size_t)st.st_size;
        mapping.bytes = lj_map(fd, mapping.size, path,
                               _("remove it: the next run of the indexer makes it again"));
        good = mapping.bytes != NULL;
    }
    int number = errno;
    if (fd >= 0)
        close(fd);
    errno = number;
    return good ? g_bytes_new_with_free_func(mapping.bytes, mapping.size, unmap,
                                             g_memdup2(&mapping, sizeof mapping))
                : NULL;
}

struct lj_wordlist *
lj_wordlist_open(const char *path, GError **error)
{
    GBytes *bytes = map_file(path);
    if (!bytes) {
        g_set_error(error, LJ_ERROR, errno == ENOENT ? LJ_ERROR_NO_INPUT : LJ_ERROR_IO, "%s: %s",
                    path, g_strerror(errno));
        return NULL;
    }
    struct lj_wordlist *list = lj_wordlist_new(bytes, error);
    g_bytes_unref(bytes);
    g_prefix_error(error, "%s: ", path);
    return list;
}

void
lj_wordlist_free(struct lj_wordlist *list)
{
    if (!list)
        return;
    g_bytes_unref(list->bytes);
    g_free(list->own_df);
    g_free(list->own_form);
    if (list->own_forms)
        g_ptr_array_unref(list->own_forms);
    g_free(list);
}

void
lj_wordlist_correct(struct lj_wordlist *list, uint32_t i, uint32_t df, const char *form)
{
    if (!list->own_df) {
        list->df = list->own_df = g_memdup2(list->df, (size_t)list->n * 4);
        list->form = list->own_form = g_memdup2(list->form, (size_t)list->n * 4);
        list->own_forms = g_ptr_array_new_with_free_func(g_free);
    }
    list->own_df[i] = GUINT32_TO_LE(df);
    list->most = MAX(list->most, df);
    if (form) {
        uint32_t number = *form ? list->forms_length + list->own_forms->len : 0;
        list->own_form[i] = GUINT32_TO_LE(number);
        if (*form)
            g_ptr_array_add(list->own_forms, g_strdup(form));
    }
}

const char *
lj_wordlist_stamp(const struct lj_wordlist *list)
{
    return list->stamp;
}

uint64_t
lj_wordlist_bytes(const struct lj_wordlist *list)
{
    return g_bytes_get_size(list->bytes);
}

uint32_t
lj_wordlist_words(const struct lj_wordlist *list)
{
    return list->n;
}

const char *
lj_wordlist_word(const struct lj_wordlist *list, uint32_t i, size_t *length)
{
    uint32_t start = GUINT32_FROM_LE(list->start[i]);
    uint32_t end = GUINT32_FROM_LE(list->start[i + 1]);
    if (start >= list->text_length || end > list->text_length || end <= start ||
        list->text[end - 1] != 0) {
        if (length)
            *length = 0;
        return "";
    }
    if (length)
        *length = end - start - 1;
    return list->text + start;
}

const char *
lj_wordlist_form(const struct lj_wordlist *list, uint32_t i)
{
    uint32_t form = GUINT32_FROM_LE(list->form[i]);
    if (form > 0 && form < list->forms_length)
        return list->forms + form;
    uint32_t own = form - list->forms_length;
    if (form > 0 && list->own_forms && own < list->own_forms->len)
        return list->own_forms->pdata[own];
    return lj_wordlist_word(list, i, NULL);
}

uint32_t
lj_wordlist_df(const struct lj_wordlist *list, uint32_t i)
{
    return GUINT32_FROM_LE(list->df[i]);
}

uint32_t
lj_wordlist_most(const struct lj_wordlist *list)
{
    return list->most;
}

uint32_t
lj_wordlist_frequent(const struct lj_wordlist *list, uint32_t most, GArray *out)
{
    /* by powers of two: the least threshold that few enough words reach */
    uint32_t counts[33] = {0}, reach = 0;
    for (uint32_t i = 0; i < list->n; i++)
        counts[g_bit_storage(GUINT32_FROM_LE(list->df[i]))]++;
    unsigned bits = 33;
    while (bits > 1 && reach + counts[bits - 1] <= most)
        reach += counts[--bits];
    if (bits > 32)
        return G_MAXUINT32;
    uint32_t least = 1u << (bits - 1);
    for (uint32_t i = 0; i < list->n; i++)
        if (GUINT32_FROM_LE(list->df[i]) >= least)
            g_array_append_val(out, i);
    return least;
}

uint8_t
lj_wordlist_lcp(const struct lj_wordlist *list, uint32_t i)
{
    return list->lcp[i];
}

uint32_t
lj_wordlist_lower_bound(const struct lj_wordlist *list, const char *folded, size_t length)
{
    uint32_t low = 0, high = list->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        size_t size;
        const char *word = lj_wordlist_word(list, middle, &size);
        if (compare_bytes(word, size, folded, length) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint32_t
lj_wordlist_number(const struct lj_wordlist *list, const char *folded, size_t length)
{
    uint32_t i = lj_wordlist_lower_bound(list, folded, length);
    if (i == list->n)
        return G_MAXUINT32;
    size_t size;
    const char *word = lj_wordlist_word(list, i, &size);
    return compare_bytes(word, size, folded, length) == 0 ? i : G_MAXUINT32;
}

uint32_t
lj_wordlist_find(const struct lj_wordlist *list, const char *folded, size_t length)
{
    uint32_t i = lj_wordlist_number(list, folded, length);
    return i != G_MAXUINT32 && list->df[i] ? i : G_MAXUINT32;
}

uint32_t
lj_wordlist_skip(const struct lj_wordlist *list, uint32_t i, uint32_t limit, uint8_t depth)
{
    const uint8_t *lcp = list->lcp;
    /* eight at a time: a byte under depth borrows from its top bit (depth up to 128) */
    const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
    while (depth <= 128 && i + 8 <= limit) {
        uint64_t eight;
        memcpy(&eight, lcp + i, 8);
        if ((eight - ones * depth) & ~eight & tops)
            break;
        i += 8;
    }
    while (i < limit && lcp[i] >= depth)
        i++;
    return i;
}

const char *
lj_wordlist_block(const struct lj_wordlist *list, uint32_t from, uint32_t to, size_t *length)
{
    uint32_t start = GUINT32_FROM_LE(list->start[from]);
    uint32_t end = GUINT32_FROM_LE(list->start[to]);
    if (end > list->text_length || start >= end) {
        *length = 0;
        return list->text;
    }
    *length = end - start;
    return list->text + start;
}

uint32_t
lj_wordlist_at(const struct lj_wordlist *list, const char *byte)
{
    uint32_t place = (uint32_t)(byte - list->text);
    uint32_t low = 0, high = list->n; /* the last word that begins at or before place */
    while (low + 1 < high) {
        uint32_t middle = low + (high - low) / 2;
        if (GUINT32_FROM_LE(list->start[middle]) <= place)
            low = middle;
        else
            high = middle;
    }
    return low;
}
