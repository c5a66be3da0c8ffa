#include "index/wordlog.h"
#include "index/record.h"
#include "legajo/analysis.h"
#include "i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define TOUCHED_MOST 2000000 /* words; more are not worth a step */
#define LOG_LEAST 65536      /* bytes that a log may have beside the smallest list */
#define LOG_SHARE 8          /* and this part of a larger one */

/* --- words whose frequencies change --------------------------------------------------------------
 */

struct lj_touched {
    GHashTable *terms; /* set of char * in chunk */
    GStringChunk *chunk;
    char *from; /* the state they are counted from */
    bool lost;
};

void
lj_touched_free(struct lj_touched *touched)
{
    if (!touched)
        return;
    g_hash_table_unref(touched->terms);
    g_string_chunk_free(touched->chunk);
    g_free(touched->from);
    g_free(touched);
}

/* Of the layers of words and of forms; not longer than a list takes. */
static bool
is_listed(const char *term, size_t length)
{
    return length > 0 && length <= 246 && (term[0] < 'A' || term[0] > 'Z' || term[0] == 'E') &&
           !memchr(term, 0, length);
}

static void
touch(void *data, const char *term, size_t length, uint32_t df)
{
    (void)df;
    struct lj_touched *touched = data;
    if (touched->lost || !is_listed(term, length))
        return;
    char name[256];
    memcpy(name, term, length);
    name[length] = '\0';
    if (g_hash_table_contains(touched->terms, name))
        return;
    touched->lost = g_hash_table_size(touched->terms) >= TOUCHED_MOST;
    g_hash_table_add(touched->terms, g_string_chunk_insert(touched->chunk, name));
}

void
lj_touched_put(struct lj_touched *touched, const struct xap_document *document)
{
    for (size_t i = 0; touched && i < document->n_postings; i++)
        touch(touched, document->postings[i].term, document->postings[i].length, 1);
}

bool
lj_touched_counts(const struct lj_touched *touched)
{
    return touched && !touched->lost;
}

void
lj_touched_leave(struct lj_touched *touched, const GString *terms)
{
    if (!touched)
        return;
    touched->lost |= !terms;
    for (size_t at = 0; terms && at < terms->len; at += strlen(terms->str + at) + 1)
        touch(touched, terms->str + at, strlen(terms->str + at), 1);
}

void
lj_touched_database(struct lj_touched *touched, const char *path)
{
    if (!touched || touched->lost)
        return;
    struct xap_reader *reader = lj_xap_reader_open(&path, 1, NULL);
    if (!reader || !lj_wordlist_terms(reader, touch, touched, NULL))
        touched->lost = true;
    lj_xap_reader_close(reader);
}

/* --- list and log --------------------------------------------------------------------------------
 */

/* A state has a name: the manifest's length, the last segment, and how often it and those before it were
 * committed. Whatever changes an index changes one of these; none of them comes again. g_free; NULL where
 * there is none. */
static char *
state_of(struct xap_reader *reader, size_t first, size_t n)
{
    size_t length;
    char *journal = lj_xap_metadata(reader, first + n - 1, "journal", 7, &length, NULL);
    uint64_t commits = 0;
    struct xap_statistics statistics = {0};
    bool good = journal && length > 0 && length < 1000;
    for (size_t i = first; good && i < first + n; i++) {
        good = lj_xap_shard_statistics(reader, i, &statistics, NULL);
        commits += statistics.revision;
    }
    char *state =
        good ? g_strdup_printf("%s %s %llu", journal, statistics.uuid, (unsigned long long)commits)
             : NULL;
    g_free(journal);
    return state;
}

static char *
file_of(const struct lj_layout *layout, const char *name)
{
    char *generation = lj_layout_generation(layout, layout->generation);
    char *path = g_build_filename(generation, name, NULL);
    g_free(generation);
    return path;
}

/* A word that came after the list was written. */
struct fresh {
    uint32_t df;
    char *form; /* "": the word itself */
};

static void
fresh_free(gpointer data)
{
    g_free(((struct fresh *)data)->form);
    g_free(data);
}

/* List and log, as far as they lead. */
struct words {
    struct lj_wordlist *list;
    GHashTable *fresh; /* char * → struct fresh */
    char *state;
    uint64_t list_bytes, log_bytes; /* of the log: its good part */
};

static void
words_free(struct words *words)
{
    if (!words)
        return;
    lj_wordlist_free(words->list);
    g_hash_table_unref(words->fresh);
    g_free(words->state);
    g_free(words);
}

static void
add_fresh(GHashTable *words, const char *word, uint32_t df, const char *form)
{
    if (df == 0) {
        g_hash_table_remove(words, word);
        return;
    }
    struct fresh *fresh = g_new(struct fresh, 1);
    *fresh = (struct fresh){df, g_strdup(form)};
    g_hash_table_replace(words, g_strdup(word), fresh);
}

enum form_change { FORM_AS_BEFORE, FORM_OTHER };

/* Takes a step, if it leads on from where we are. */
static bool
take_step(struct words *words, struct lj_rest *body)
{
    char *from = lj_get_string(body), *to = lj_get_string(body);
    bool fits = !body->bad && strcmp(from, words->state) == 0;
    uint64_t number = 0, n = fits ? lj_get_number(body) : 0;
    for (uint64_t i = 0; fits && i < n && !body->bad; i++) {
        number += lj_get_number(body);
        uint64_t df = lj_get_number(body);
        char *form = lj_get_number(body) == FORM_OTHER ? lj_get_string(body) : NULL;
        if (!body->bad && number < lj_wordlist_words(words->list))
            lj_wordlist_correct(words->list, (uint32_t)number, (uint32_t)df, form);
        g_free(form);
    }
    n = fits ? lj_get_number(body) : 0;
    for (uint64_t i = 0; fits && i < n && !body->bad; i++) {
        char *word = lj_get_string(body);
        uint64_t df = lj_get_number(body);
        char *form = lj_get_string(body);
        if (!body->bad)
            add_fresh(words->fresh, word, (uint32_t)df, form);
        g_free(word);
        g_free(form);
    }
    fits = fits && !body->bad;
    if (fits) {
        g_free(words->state);
        words->state = g_steal_pointer(&to);
    }
    g_free(from);
    g_free(to);
    return fits;
}

/* The list with the steps behind it: up to the state wanted, or (NULL) all. NULL: no list. */
static struct words *
words_open(const struct lj_layout *layout, const char *wanted)
{
    char *path = file_of(layout, LJ_WORDLIST_FILE);
    struct lj_wordlist *list = lj_wordlist_open(path, NULL);
    g_free(path);
    if (!list)
        return NULL;
    struct words *words = g_new0(struct words, 1);
    words->list = list;
    words->list_bytes = lj_wordlist_bytes(list);
    words->fresh = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, fresh_free);
    words->state = g_strdup(lj_wordlist_stamp(list));
    char *log = NULL;
    gsize length = 0;
    path = file_of(layout, LJ_WORDLOG_FILE);
    if (!wanted || strcmp(words->state, wanted) != 0)
        g_file_get_contents(path, &log, &length, NULL);
    struct lj_rest rest = {(const uint8_t *)log, (const uint8_t *)log + length, false}, body;
    while ((!wanted || strcmp(words->state, wanted) != 0) && lj_get_record(&rest, &body) &&
           take_step(words, &body))
        words->log_bytes = (uint64_t)(rest.at - (const uint8_t *)log);
    g_free(log);
    g_free(path);
    return words;
}

/* --- a step --------------------------------------------------------------------------------------
 */

/* A touched word: how many documents hold it now, and in which form most do. */
struct count {
    const char *word;
    uint32_t df, form_df;
    const char *form; /* of the forms touched and that of before the most frequent; NULL: none */
};

static int
compare_strings(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static const char *
usual_form(const struct words *words, const char *word)
{
    uint32_t number = lj_wordlist_number(words->list, word, strlen(word));
    const struct fresh *fresh = g_hash_table_lookup(words->fresh, word);
    const char *form = number != G_MAXUINT32 ? lj_wordlist_form(words->list, number)
                       : fresh               ? fresh->form
                                             : "";
    return *form && strcmp(form, word) != 0 ? form : NULL;
}

/* Frequencies of terms, sorted. */
static uint32_t *
frequencies(struct xap_reader *reader, GPtrArray *terms, GError **error)
{
    struct xap_term *asked = g_new(struct xap_term, (gsize)terms->len + 1);
    uint32_t *df = g_new0(uint32_t, (gsize)terms->len + 1);
    for (guint i = 0; i < terms->len; i++)
        asked[i] = (struct xap_term){terms->pdata[i], strlen(terms->pdata[i])};
    if (!lj_xap_frequencies(reader, asked, terms->len, df, NULL, error))
        g_clear_pointer(&df, g_free);
    g_free(asked);
    return df;
}

/* Terms whose frequency decides about the touched words, sorted: the words, the forms touched, and of words with
 * forms also that of before and the word as a form. */
static GPtrArray *
terms_to_ask(const struct words *words, const struct lj_touched *touched)
{
    GHashTable *all = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GString *folded = g_string_new(NULL);
    GHashTableIter iter;
    gpointer key;
    g_hash_table_iter_init(&iter, touched->terms);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        const char *term = key;
        g_hash_table_add(all, g_strdup(term));
        if (*term == 'E') {
            g_string_truncate(folded, 0);
            lj_fold(term + 1, -1, folded);
        } else {
            g_string_assign(folded, term);
        }
        const char *before = usual_form(words, folded->str);
        if (before)
            g_hash_table_add(all, g_strconcat("E", before, NULL));
        if (before || *term == 'E')
            g_hash_table_add(all, g_strconcat("E", folded->str, NULL));
    }
    GPtrArray *terms = g_ptr_array_new_with_free_func(g_free);
    g_hash_table_iter_init(&iter, all);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        g_ptr_array_add(terms, key);
        g_hash_table_iter_steal(&iter);
    }
    g_hash_table_unref(all);
    g_string_free(folded, TRUE);
    g_ptr_array_sort(terms, compare_strings);
    return terms;
}

static int
compare_counts(gconstpointer a, gconstpointer b)
{
    return strcmp(((const struct count *)a)->word, ((const struct count *)b)->word);
}

/* The touched words as they are now, sorted; they point into terms. */
static GArray *
count_words(struct xap_reader *reader, const struct lj_touched *touched, GPtrArray *terms,
            GError **error)
{
    uint32_t *df = frequencies(reader, terms, error);
    if (!df)
        return NULL;
    GArray *counts = g_array_new(FALSE, FALSE, sizeof(struct count));
    GHashTable *places = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < terms->len; i++) {
        const char *term = terms->pdata[i];
        if (*term == 'E' || !g_hash_table_contains(touched->terms, term))
            continue;
        struct count count = {term, df[i], 0, NULL};
        g_array_append_val(counts, count);
        g_hash_table_insert(places, terms->pdata[i], GUINT_TO_POINTER(counts->len));
    }
    GString *folded = g_string_new(NULL);
    for (guint i = 0; i < terms->len; i++) {
        const char *term = terms->pdata[i];
        if (*term != 'E')
            continue;
        g_string_truncate(folded, 0);
        lj_fold(term + 1, -1, folded);
        guint place = GPOINTER_TO_UINT(g_hash_table_lookup(places, folded->str));
        struct count *count = place ? &g_array_index(counts, struct count, place - 1) : NULL;
        if (count && df[i] > count->form_df) {
            count->form_df = df[i];
            count->form = term + 1;
        }
    }
    g_string_free(folded, TRUE);
    g_hash_table_unref(places);
    g_free(df);
    g_array_sort(counts, compare_counts);
    return counts;
}

/* Takes the counts over and writes down what is another than before: the body of a step. */
static GByteArray *
make_step(struct words *words, const GArray *counts, const char *state)
{
    GByteArray *known = g_byte_array_new(), *fresh = g_byte_array_new();
    uint32_t n_known = 0, n_fresh = 0, last = 0;
    for (guint i = 0; i < counts->len; i++) {
        const struct count *count = &g_array_index(counts, struct count, i);
        bool usual =
            count->form && count->form_df > count->df / 2 && strcmp(count->form, count->word) != 0;
        const char *form = usual ? count->form : "", *before = usual_form(words, count->word);
        bool other = strcmp(form, before ? before : "") != 0;
        uint32_t number = lj_wordlist_number(words->list, count->word, strlen(count->word));
        if (number != G_MAXUINT32) {
            if (!other && lj_wordlist_df(words->list, number) == count->df)
                continue;
            n_known++;
            lj_put_number(known, number - last);
            lj_put_number(known, count->df);
            lj_put_number(known, other ? FORM_OTHER : FORM_AS_BEFORE);
            if (other)
                lj_put_string(known, form);
            last = number;
            lj_wordlist_correct(words->list, number, count->df, other ? form : NULL);
        } else {
            n_fresh++;
            lj_put_string(fresh, count->word);
            lj_put_number(fresh, count->df);
            lj_put_string(fresh, form);
            add_fresh(words->fresh, count->word, count->df, form);
        }
    }
    GByteArray *body = g_byte_array_new();
    lj_put_string(body, words->state);
    lj_put_string(body, state);
    lj_put_number(body, n_known);
    g_byte_array_append(body, known->data, known->len);
    lj_put_number(body, n_fresh);
    g_byte_array_append(body, fresh->data, fresh->len);
    g_byte_array_unref(known);
    g_byte_array_unref(fresh);
    return body;
}

static GPtrArray *
sorted_fresh(const struct words *words)
{
    GPtrArray *names = g_ptr_array_new();
    GHashTableIter iter;
    gpointer key;
    g_hash_table_iter_init(&iter, words->fresh);
    while (g_hash_table_iter_next(&iter, &key, NULL))
        g_ptr_array_add(names, key);
    g_ptr_array_sort(names, compare_strings);
    return names;
}

/* The new words as a list. */
static GBytes *
fresh_list(const struct words *words)
{
    struct lj_wordlist_builder *builder = lj_wordlist_builder_new();
    GPtrArray *names = sorted_fresh(words);
    for (guint i = 0; i < names->len; i++) {
        const struct fresh *fresh = g_hash_table_lookup(words->fresh, names->pdata[i]);
        lj_wordlist_builder_add(builder, names->pdata[i], strlen(names->pdata[i]), fresh->df);
    }
    for (guint i = 0; i < names->len; i++) {
        const struct fresh *fresh = g_hash_table_lookup(words->fresh, names->pdata[i]);
        if (*fresh->form)
            lj_wordlist_builder_form(builder, names->pdata[i], strlen(names->pdata[i]), fresh->form,
                                     strlen(fresh->form), fresh->df);
    }
    GBytes *bytes = lj_wordlist_builder_finish(builder, words->state);
    lj_wordlist_builder_free(builder);
    g_ptr_array_unref(names);
    return bytes;
}

/* List and log as one list. */
static GBytes *
worked_in(const struct words *words, const char *state)
{
    struct lj_wordlist_builder *builder = lj_wordlist_builder_new();
    GPtrArray *names = sorted_fresh(words);
    uint32_t n = lj_wordlist_words(words->list);
    guint at = 0;
    for (uint32_t i = 0; i <= n; i++) {
        size_t length = 0;
        const char *word = i < n ? lj_wordlist_word(words->list, i, &length) : NULL;
        for (; at < names->len && (!word || strcmp(names->pdata[at], word) < 0); at++) {
            const struct fresh *fresh = g_hash_table_lookup(words->fresh, names->pdata[at]);
            lj_wordlist_builder_add(builder, names->pdata[at], strlen(names->pdata[at]), fresh->df);
        }
        if (word && lj_wordlist_df(words->list, i))
            lj_wordlist_builder_add(builder, word, length, lj_wordlist_df(words->list, i));
    }
    for (uint32_t i = 0; i < n; i++) {
        size_t length;
        const char *word = lj_wordlist_word(words->list, i, &length);
        const char *form = lj_wordlist_form(words->list, i);
        if (form != word && lj_wordlist_df(words->list, i))
            lj_wordlist_builder_form(builder, word, length, form, strlen(form),
                                     lj_wordlist_df(words->list, i));
    }
    for (guint i = 0; i < names->len; i++) {
        const struct fresh *fresh = g_hash_table_lookup(words->fresh, names->pdata[i]);
        if (*fresh->form)
            lj_wordlist_builder_form(builder, names->pdata[i], strlen(names->pdata[i]), fresh->form,
                                     strlen(fresh->form), fresh->df);
    }
    g_ptr_array_unref(names);
    GBytes *bytes = lj_wordlist_builder_finish(builder, state);
    lj_wordlist_builder_free(builder);
    return bytes;
}

/* What a log loses to a crash is read from the index again: it need not be synced. */
static bool
append(const char *path, uint64_t at, const GByteArray *body, GError **error)
{
    GByteArray *record = g_byte_array_new();
    lj_put_record(record, body);
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    bool good =
        fd >= 0 && ftruncate(fd, (off_t)at) == 0 && lj_write_at(fd, record->data, record->len, at);
    if (!good)
        g_set_error(error, LJ_ERROR, LJ_ERROR_IO, "%s: %s: %s", path, _("cannot write"),
                    g_strerror(errno));
    if (fd >= 0)
        close(fd);
    g_byte_array_unref(record);
    return good;
}

/* Replaces the list, and ends its log. */
static bool
replace(const struct lj_layout *layout, GBytes *bytes, GError **error)
{
    char *path = file_of(layout, LJ_WORDLIST_FILE), *log = file_of(layout, LJ_WORDLOG_FILE);
    bool good = bytes && lj_wordlist_write(path, bytes, error);
    if (good)
        unlink(log);
    g_free(path);
    g_free(log);
    return good;
}

/* From where the words are to the state: a step, or the list with all steps in it. */
static bool
go_on(const struct lj_layout *layout, struct words *words, struct xap_reader *reader,
      const struct lj_touched *touched, const char *state, GError **error)
{
    GPtrArray *terms = terms_to_ask(words, touched);
    GArray *counts = count_words(reader, touched, terms, error);
    bool good = counts != NULL;
    if (good) {
        GByteArray *body = make_step(words, counts, state);
        if (words->log_bytes + body->len > MAX(LOG_LEAST, words->list_bytes / LOG_SHARE)) {
            GBytes *bytes = worked_in(words, state);
            good = replace(layout, bytes, error);
            g_bytes_unref(bytes);
        } else {
            char *log = file_of(layout, LJ_WORDLOG_FILE);
            good = append(log, words->log_bytes, body, error);
            g_free(log);
        }
        g_byte_array_unref(body);
        g_array_unref(counts);
    }
    g_ptr_array_unref(terms);
    return good;
}

/* --- of an index ---------------------------------------------------------------------------------
 */

static struct xap_reader *
open_layout(const struct lj_layout *layout, GError **error)
{
    char **paths = lj_layout_paths(layout);
    struct xap_reader *reader =
        lj_xap_reader_open((const char *const *)paths, g_strv_length(paths), error);
    g_strfreev(paths);
    return reader;
}

struct lj_touched *
lj_wordlog_begin(const struct lj_layout *layout, struct xap_reader *reader)
{
    if (!reader)
        return NULL;
    char *state = state_of(reader, 0, lj_xap_shards(reader));
    struct words *words = state ? words_open(layout, state) : NULL;
    struct lj_touched *touched = NULL;
    if (words && strcmp(words->state, state) == 0) {
        touched = g_new0(struct lj_touched, 1);
        touched->terms = g_hash_table_new(g_str_hash, g_str_equal);
        touched->chunk = g_string_chunk_new(4096);
        touched->from = g_steal_pointer(&state);
    }
    words_free(words);
    g_free(state);
    return touched;
}

bool
lj_wordlog_update(const struct lj_layout *layout, const struct lj_touched *touched, GError **error)
{
    if (layout->generation == 0 || layout->segments->len == 0)
        return true;
    struct xap_reader *reader = open_layout(layout, error);
    if (!reader)
        return false;
    char *state = state_of(reader, 0, lj_xap_shards(reader));
    struct words *words = state ? words_open(layout, NULL) : NULL;
    bool good = true;
    if (!state || (words && strcmp(words->state, state) == 0)) {
        /* nothing has changed, or there is nothing to name it by */
    } else if (words && touched && !touched->lost && strcmp(words->state, touched->from) == 0) {
        good = go_on(layout, words, reader, touched, state, error);
    } else {
        char **paths = lj_layout_paths(layout);
        GBytes *bytes = g_strv_length(paths) == 1 ? lj_wordlist_read_tables(paths[0], state) : NULL;
        g_strfreev(paths);
        if (!bytes)
            bytes = lj_wordlist_read(reader, state, error);
        good = replace(layout, bytes, error);
        if (bytes)
            g_bytes_unref(bytes);
    }
    words_free(words);
    g_free(state);
    lj_xap_reader_close(reader);
    return good;
}

bool
lj_wordlog_open(const struct lj_layout *layout, struct xap_reader *reader, size_t first, size_t n,
                bool make, GPtrArray *out, GError **error)
{
    char *state = n > 0 && layout ? state_of(reader, first, n) : NULL;
    if (!state)
        return true;
    struct words *words = words_open(layout, state);
    bool found = words && strcmp(words->state, state) == 0, good = true;
    if (found && g_hash_table_size(words->fresh) > 0) {
        GBytes *bytes = fresh_list(words);
        g_ptr_array_add(out, lj_wordlist_new(bytes, NULL));
        g_bytes_unref(bytes);
    }
    if (found)
        g_ptr_array_add(out, g_steal_pointer(&words->list));
    if (!found && make) {
        struct xap_reader *own = open_layout(layout, error);
        GBytes *bytes = own ? lj_wordlist_read(own, state, error) : NULL;
        struct lj_wordlist *list = bytes ? lj_wordlist_new(bytes, error) : NULL;
        good = list != NULL;
        if (list)
            g_ptr_array_add(out, list);
        if (bytes)
            g_bytes_unref(bytes);
        lj_xap_reader_close(own);
    }
    words_free(words);
    g_free(state);
    return good;
}
