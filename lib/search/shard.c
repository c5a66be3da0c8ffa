#include "search/tree.h"

/* Documents whose lengths a thread reads at a time. */
#define RANGE 8192

struct lj_lengths {
    struct lj_task task;
    struct lj_local_shard *shard;
    struct glass_reader glass; /* the helper's: where it notes damage */
    atomic_uint range, documents;
};

static void
free_column(gpointer data)
{
    struct lj_local_column *column = data;
    g_free(column->of);
    g_array_unref(column->values);
    g_string_chunk_free(column->strings);
    g_free(column);
}

void
lj_shard_clear(struct lj_local_shard *shard)
{
    if (shard->reading) /* is being read from */
        lj_task_take_back(shard->helped, &shard->reading->task);
    g_free(shard->reading);
    lj_glass_reader_close(shard->glass);
    g_free(shard->lengths);
    g_free(shard->rough);
    g_free(shard->all);
    g_free(shard->score);
    g_free(shard->sum);
    if (shard->columns)
        g_ptr_array_unref(shard->columns);
    if (shard->glances)
        g_ptr_array_unref(shard->glances);
    if (shard->filters)
        g_hash_table_unref(shard->filters);
    memset(shard, 0, sizeof *shard);
}

bool
lj_shard_open(struct lj_local_shard *shard, const char *path)
{
    shard->glass = lj_glass_reader_open(path);
    if (!shard->glass)
        return false;
    shard->n = shard->glass->last_docid + 1;
    shard->range = RANGE;
    shard->columns = g_ptr_array_new_with_free_func(free_column);
    shard->glances = g_ptr_array_new_with_free_func(free_column);
    shard->filters =
        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, g_free);
    return shard->n > 0;
}

/* Those of n documents, rising. In a chunk most follow each other without a gap. */
static void
note_lengths(struct lj_local_shard *shard, const uint32_t *docids, const uint32_t *lengths,
             uint32_t n)
{
    for (uint32_t i = 0, end; i < n; i = end) {
        uint32_t first = docids[i];
        for (end = i + 1; end < n && docids[end] == first + (end - i); end++)
            ;
        uint8_t *rough = shard->rough + first;
        memcpy(shard->lengths + first, lengths + i, (end - i) * sizeof *lengths);
        for (uint32_t j = i; j < end; j++)
            rough[j - i] = lj_rough_length(lengths[j]);
        for (uint32_t docid = first, last = first + (end - i) - 1; docid <= last;
             docid = docid / 64 * 64 + 64) {
            uint64_t bits = ~UINT64_C(0) << docid % 64;
            if (docid / 64 == last / 64)
                bits &= ~UINT64_C(0) >> (63 - last % 64);
            shard->all[docid / 64] |= bits;
        }
    }
}

/* Reads one range after the other, as long as there are some. */
static void
read_lengths(struct lj_lengths *reading, struct glass_reader *glass)
{
    struct lj_local_shard *shard = reading->shard;
    struct glass_postings list;
    bool begun = lj_glass_lengths_begin(glass, &list), more = begun;
    uint32_t *docids = NULL, *lengths = NULL, room = 0, first;
    while (more && (first = atomic_fetch_add(&reading->range, 1) * shard->range) < shard->n) {
        uint32_t last = first + (shard->range - 1);
        more = lj_glass_postings_seek(&list, first);
        while (more && list.first <= last) {
            if (lj_glass_postings_room(&list) > room) {
                room = lj_glass_postings_room(&list);
                docids = g_renew(uint32_t, docids, room);
                lengths = g_renew(uint32_t, lengths, room);
            }
            uint32_t n = lj_glass_postings_decode(&list, docids, lengths), from = 0;
            while (from < n && docids[from] < first)
                from++;
            while (n > from && docids[n - 1] > last)
                n--;
            note_lengths(shard, docids + from, lengths + from, n - from);
            atomic_fetch_add(&reading->documents, n - from);
            if (list.last >= last)
                break;
            more = lj_glass_postings_chunk(&list);
        }
    }
    if (begun)
        lj_glass_postings_end(&list);
    g_free(docids);
    g_free(lengths);
}

static gpointer
help_to_read(gpointer data)
{
    struct lj_lengths *reading = data;
    read_lengths(reading, &reading->glass);
    return NULL;
}

static struct lj_lengths *
begin_lengths(struct lj_local_shard *shard)
{
    struct lj_lengths *reading = g_new0(struct lj_lengths, 1);
    shard->lengths = g_new0(uint32_t, shard->n);
    shard->rough = g_new0(uint8_t, shard->n);
    shard->all = g_new0(uint64_t, lj_set_words(shard));
    reading->shard = shard;
    return reading;
}

void
lj_shard_expect(struct lj_local *local, struct lj_local_shard *shard)
{
    if (shard->lengths)
        return;
    struct lj_lengths *reading = shard->reading = begin_lengths(shard);
    shard->helped = local;
    reading->glass = *shard->glass;
    reading->task = (struct lj_task){.work = help_to_read, .data = reading};
    lj_task_give(local, &reading->task, 1);
}

void
lj_shard_lengths(struct lj_local_shard *shard)
{
    if (shard->lengths && !shard->reading)
        return;
    struct lj_lengths *reading = shard->reading ? shard->reading : begin_lengths(shard);
    read_lengths(reading, shard->glass);
    if (shard->reading) {
        lj_task_take_back(shard->helped, &reading->task);
        shard->glass->broken |= reading->glass.broken;
    }
    shard->reading = NULL;
    shard->glass->broken |= atomic_load(&reading->documents) != shard->glass->documents;
    g_free(reading);
}

#define FILTERS 64

const uint64_t *
lj_shard_filter(struct lj_local_shard *shard, const char *term, uint32_t length, bool make)
{
    if (!make && g_hash_table_size(shard->filters) == 0)
        return NULL;
    GBytes *key = g_bytes_new(term, length);
    uint64_t *set = g_hash_table_lookup(shard->filters, key);
    if (!set && make) {
        struct glass_postings list;
        uint32_t *docids = NULL, *wdf = NULL;
        set = lj_set_new(shard);
        if (lj_glass_postings_begin(shard->glass, term, length, &list)) {
            do {
                docids = g_renew(uint32_t, docids, lj_glass_postings_room(&list));
                wdf = g_renew(uint32_t, wdf, lj_glass_postings_room(&list));
                uint32_t n = lj_glass_postings_decode(&list, docids, wdf);
                for (uint32_t i = 0; i < n; i++)
                    lj_set_add(set, docids[i]);
            } while (lj_glass_postings_chunk(&list));
            lj_glass_postings_end(&list);
        }
        g_free(docids);
        g_free(wdf);
        if (g_hash_table_size(shard->filters) >= FILTERS)
            g_hash_table_remove_all(shard->filters);
        g_hash_table_insert(shard->filters, g_bytes_ref(key), set);
    }
    g_bytes_unref(key);
    return set;
}

/* Values met so far: an open table. */
struct filling {
    struct lj_local_column *column;
    const uint64_t *within; /* NULL: all; else they are counted */
    GArray *number;
    struct met {
        uint64_t hash;
        uint32_t place; /* in the column's values; 0: free */
    } * table;
    uint32_t mask;
};

/* Every bit of a value must reach the low ones: dates of one year differ in their last bytes only. */
static inline uint64_t
spread(uint64_t hash)
{
    hash *= UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 32;
}

/* Of up to eight bytes no two of one length have the same hash. */
static inline uint64_t
hash_value(const uint8_t *bytes, uint32_t length)
{
    uint64_t hash = length, word = 0;
    uint32_t half[2];
    if (length < 4) {
        memcpy(&word, bytes, length);
        return spread(word);
    }
    if (length <= 8) {
        memcpy(&half[0], bytes, 4);
        memcpy(&half[1], bytes + length - 4, 4);
        return spread(half[0] | (uint64_t)half[1] << 32);
    }
    for (uint32_t i = 0; i < length; i += 8) {
        word = 0;
        memcpy(&word, bytes + i, MIN(length - i, 8));
        hash = spread(hash ^ word);
    }
    return hash;
}

static void
grow(struct filling *filling)
{
    struct met *before = filling->table;
    uint32_t n = before ? filling->mask + 1 : 0;
    filling->mask = before ? filling->mask * 4 + 3 : 255;
    filling->table = g_new0(struct met, filling->mask + 1);
    for (uint32_t i = 0; i < n; i++) {
        uint64_t at = before[i].hash;
        while (before[i].place && filling->table[at & filling->mask].place)
            at++;
        if (before[i].place)
            filling->table[at & filling->mask] = before[i];
    }
    g_free(before);
}

static void
take_value(uint32_t docid, const uint8_t *bytes, uint32_t length, void *data)
{
    struct filling *filling = data;
    struct lj_local_column *column = filling->column;
    if (filling->within && !lj_set_has(filling->within, docid))
        return;
    length = column->bytes ? MIN(length, column->bytes) : length;
    uint64_t hash = hash_value(bytes, length), at = hash;
    struct met *met;
    for (; (met = &filling->table[at & filling->mask])->place; at++) {
        if (met->hash != hash)
            continue;
        const struct lj_local_value *known =
            &g_array_index(column->values, struct lj_local_value, met->place);
        if (known->length == length && (length <= 8 || memcmp(known->bytes, bytes, length) == 0))
            break;
    }
    uint32_t place = met->place;
    if (!place) {
        struct lj_local_value value = {
            g_string_chunk_insert_len(column->strings, (const char *)bytes, (gssize)length),
            length};
        place = column->values->len;
        *met = (struct met){hash, place};
        g_array_append_val(column->values, value);
        if (filling->number)
            g_array_set_size(filling->number, column->values->len);
        if (column->values->len * 2 > filling->mask)
            grow(filling);
    }
    if (filling->number)
        g_array_index(filling->number, uint32_t, place)++;
    else
        column->of[docid] = place;
}

/* number: of documents within a set (uint32_t, by place), NULL: it is noted which value each has. */
static struct lj_local_column *
read_column(struct glass_reader *glass, uint32_t slot, uint32_t bytes, const uint64_t *within,
            GArray *number)
{
    struct lj_local_column *column = g_new0(struct lj_local_column, 1);
    column->slot = slot;
    column->bytes = bytes;
    column->of = number ? NULL : g_new0(uint32_t, glass->last_docid + 1);
    column->values = g_array_new(FALSE, TRUE, sizeof(struct lj_local_value));
    g_array_set_size(column->values, 1);
    column->strings = g_string_chunk_new(4096);
    struct filling filling = {.column = column, .within = within, .number = number};
    grow(&filling);
    lj_glass_values(glass, slot, take_value, &filling);
    g_free(filling.table);
    return column;
}

static struct lj_local_column *
find_column(const GPtrArray *columns, uint32_t slot, uint32_t bytes)
{
    for (guint i = 0; i < columns->len; i++) {
        struct lj_local_column *column = columns->pdata[i];
        if (column->slot == slot && column->bytes == bytes)
            return column;
    }
    return NULL;
}

static const struct lj_local_column *
keep_column(struct lj_local_shard *shard, uint32_t slot, uint32_t bytes)
{
    struct lj_local_column *column = find_column(shard->columns, slot, bytes);
    if (!column) {
        column = read_column(shard->glass, slot, bytes, NULL, NULL);
        g_ptr_array_add(shard->columns, column);
    }
    return column;
}

const struct lj_local_column *
lj_shard_column(struct lj_local_shard *shard, uint32_t slot)
{
    return keep_column(shard, slot, 0);
}

struct lj_local_column *
lj_shard_glance(struct glass_reader *glass, uint32_t slot, uint32_t bytes, const uint64_t *set,
                uint32_t **number)
{
    GArray *counts = g_array_new(FALSE, TRUE, sizeof(uint32_t));
    g_array_set_size(counts, 1);
    struct lj_local_column *glance = read_column(glass, slot, bytes, set, counts);
    *number = (uint32_t *)(void *)g_array_free(counts, FALSE);
    return glance;
}

bool
lj_shard_knows(const struct lj_local_shard *shard, uint32_t slot, uint32_t bytes)
{
    return find_column(shard->glances, slot, bytes) || find_column(shard->columns, slot, bytes);
}

const struct lj_local_column *
lj_shard_count(struct lj_local_shard *shard, uint32_t slot, uint32_t bytes, const uint64_t *set,
               uint32_t **number)
{
    if (!lj_shard_knows(shard, slot, bytes)) {
        struct lj_local_column *first = lj_shard_glance(shard->glass, slot, bytes, set, number);
        g_ptr_array_add(shard->glances, first);
        return first;
    }
    struct lj_local_column *glance = find_column(shard->glances, slot, bytes);
    if (glance) /* a second one: it will be asked for again */
        g_ptr_array_remove(shard->glances, glance);
    const struct lj_local_column *column = keep_column(shard, slot, bytes);
    *number = g_new0(uint32_t, column->values->len);
    FOR_EACH(shard, set, docid, (*number)[column->of[docid]]++;)
    return column;
}
