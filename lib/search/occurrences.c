/* What documents hold of some words: from their lists of terms, or, of several documents, from the lists of the words,
 * where these are the shorter way (words that begin alike lie side by side there). Positions are looked up word by word. */
#include "search/tree.h"

/* Documents of a database, docids rising. */
struct several {
    struct glass_reader *glass;
    struct one {
        uint32_t docid;
        struct xap_occurrences **out;
        GArray *entries; /* struct xap_found; positions: yet the place of the first */
    } * of;
    uint32_t n, room;
    uint32_t *docids; /* the same, of each */
    /* room for each: of those that hold a word the place among them, its wdf, and its entry */
    uint32_t *places, *wdfs, *entries;
};

static void
several_begin(struct several *several, uint32_t room)
{
    *several = (struct several){.of = g_new(struct one, room), .docids = g_new(uint32_t, 4 * room)};
    several->places = several->docids + room;
    several->wdfs = several->places + room;
    several->entries = several->wdfs + room;
}

static void
several_end(struct several *several)
{
    g_free(several->of);
    g_free(several->docids);
}

/* Returns the place of the entry. */
static uint32_t
add_entry(const struct one *one, const uint8_t *term, uint32_t length, uint32_t wdf)
{
    struct xap_found entry = {
        g_string_chunk_insert_len((*one->out)->strings, (const char *)term, length), length, wdf,
        NULL, 0};
    g_array_append_val(one->entries, entry);
    return one->entries->len - 1;
}

/* Of a word where it stands in n of the documents, at several->places and ->entries. */
static void
read_positions(struct several *several, const char *term, uint32_t length, uint32_t n)
{
    struct glass_positions list;
    lj_glass_positions_begin(several->glass, term, length, &list);
    for (uint32_t from = 0; from < n; from += GLASS_SCOUTED) {
        struct glass_spot spots[GLASS_SCOUTED] = {{NULL, 0}};
        uint32_t docids[GLASS_SCOUTED], some = MIN(n - from, GLASS_SCOUTED);
        for (uint32_t i = 0; i < some; i++)
            docids[i] = several->docids[several->places[from + i]];
        if (some > 1)
            lj_glass_positions_scout(&list, docids, some, spots);
        for (uint32_t i = 0; i < some; i++) {
            const struct one *one = &several->of[several->places[from + i]];
            GArray *positions = (*one->out)->positions;
            struct xap_found *entry =
                &g_array_index(one->entries, struct xap_found, several->entries[from + i]);
            uint32_t first = positions->len,
                     found = lj_glass_positions_read_at(&list, docids[i], &spots[i], positions);
            entry->n_positions = MIN(found, XAP_POSITIONS);
            entry->positions = GUINT_TO_POINTER(first);
            g_array_set_size(positions, first + entry->n_positions);
        }
    }
    lj_glass_positions_end(&list);
}

/* --- from the lists of the words ---------------------------------------------------------------
 */

static void
take_word(struct several *several, struct glass_postings *word)
{
    uint32_t found = lj_glass_postings_of(word, several->docids, several->n, several->places,
                                          several->wdfs),
             n = 0;
    for (uint32_t i = 0; i < found; i++) {
        const struct one *one = &several->of[several->places[i]];
        if (one->entries->len >= XAP_OCCURRENCES)
            continue;
        several->entries[n] = add_entry(one, word->key, word->key_length, several->wdfs[i]);
        several->places[n++] = several->places[i];
    }
    if (n > 0)
        read_positions(several, (const char *)word->key, word->key_length, n);
}

static void
go_through_words(struct several *several, const struct xap_probe *probes, size_t n)
{
    struct glass_postings word;
    for (const struct xap_probe *probe = probes; probe < probes + n; probe++) {
        if (!probe->prefix &&
            lj_glass_postings_begin(several->glass, probe->term, probe->length, &word)) {
            take_word(several, &word);
            lj_glass_postings_end(&word);
        }
        for (bool some = probe->prefix &&
                         lj_glass_postings_first(several->glass, probe->term, probe->length, &word);
             some; some = lj_glass_postings_next(&word, probe->length))
            take_word(several, &word);
    }
}

/* --- from the lists of the documents -----------------------------------------------------------
 */

/* A word that some of them hold: where, of the first to the last of them. */
struct word {
    const char *term;
    uint32_t length, first, last;
};

struct holding {
    struct several *several;
    uint32_t place; /* of the document at hand */
    GArray *words;
    GHashTable *known; /* term → its place in words, plus 1 */
    GArray *held;      /* struct held, docids of a word rising */
};

struct held {
    uint32_t place, entry, next; /* next: 0: none */
};

static bool
take_held(const uint8_t *term, uint32_t length, uint32_t wdf, void *data)
{
    struct holding *holding = data;
    const struct one *one = &holding->several->of[holding->place];
    if (one->entries->len >= XAP_OCCURRENCES)
        return false;
    struct held held = {holding->place, add_entry(one, term, length, wdf), 0};
    const char *name = g_array_index(one->entries, struct xap_found, held.entry).term;
    guint known = GPOINTER_TO_UINT(g_hash_table_lookup(holding->known, name));
    if (known) {
        struct word *word = &g_array_index(holding->words, struct word, known - 1);
        g_array_index(holding->held, struct held, word->last).next = holding->held->len;
        word->last = holding->held->len;
    } else {
        struct word word = {name, length, holding->held->len, holding->held->len};
        g_array_append_val(holding->words, word);
        g_hash_table_insert(holding->known, (gpointer)name, GUINT_TO_POINTER(holding->words->len));
    }
    g_array_append_val(holding->held, held);
    return true;
}

static void
go_through_documents(struct several *several, const struct xap_probe *probes, size_t n)
{
    struct holding holding = {several, 0, g_array_new(FALSE, FALSE, sizeof(struct word)),
                              g_hash_table_new(g_str_hash, g_str_equal),
                              g_array_new(FALSE, FALSE, sizeof(struct held))};
    for (; holding.place < several->n; holding.place++)
        lj_glass_terms(several->glass, several->docids[holding.place], probes, n, take_held,
                       &holding);
    for (guint w = 0; w < holding.words->len; w++) {
        const struct word *word = &g_array_index(holding.words, struct word, w);
        uint32_t found = 0, at = word->first;
        do {
            const struct held *held = &g_array_index(holding.held, struct held, at);
            several->places[found] = held->place;
            several->entries[found++] = held->entry;
            at = held->next;
        } while (at > 0);
        read_positions(several, word->term, word->length, found);
    }
    g_array_unref(holding.words);
    g_hash_table_unref(holding.known);
    g_array_unref(holding.held);
}

/* --- the whole ---------------------------------------------------------------------------------
 */

static int
compare_docids(const void *a, const void *b)
{
    const struct one *x = a, *y = b;
    return (x->docid > y->docid) - (x->docid < y->docid);
}

/* Those that lie in database k. */
static void
choose(struct several *several, const struct lj_local *local, size_t k, const uint32_t *docids,
       uint32_t n, struct xap_occurrences **out)
{
    uint32_t shards = (uint32_t)local->n;
    several->glass = local->shard[k].glass;
    several->n = 0;
    for (uint32_t i = 0; i < n; i++)
        if (docids[i] > 0 && (docids[i] - 1) % shards == k)
            several->of[several->n++] =
                (struct one){.docid = (docids[i] - 1) / shards + 1, .out = &out[i]};
    qsort(several->of, several->n, sizeof *several->of, compare_docids);
    for (uint32_t i = 0; i < several->n; i++)
        several->docids[i] = several->of[i].docid;
}

/* A list of terms takes as long as the search for it and each word of its document; a list of a word a twelfth of what those
 * of a family take. */
#define SEARCH 500
#define FAMILY_LISTS 12

/* Are the lists of the documents the shorter way? */
static bool
are_short(const struct several *several, const struct lj_local *local,
          const struct lj_local_shard *shard, const struct xap_probe *probes, size_t n)
{
    uint64_t words = 0, lists = 0;
    for (uint32_t i = 0; i < several->n; i++)
        words += SEARCH + (several->docids[i] < shard->n ? shard->lengths[several->docids[i]] : 0);
    for (size_t i = 0; i < n; i++)
        lists += probes[i].prefix ? local->family : local->family / FAMILY_LISTS;
    return words < lists;
}

static void
read_several(struct several *several, const struct lj_local *local,
             const struct lj_local_shard *shard, const struct xap_probe *probes, size_t n)
{
    for (uint32_t i = 0; i < several->n; i++) {
        struct one *one = &several->of[i];
        struct xap_occurrences *out = *one->out = g_new0(struct xap_occurrences, 1);
        out->length = one->docid < shard->n ? shard->lengths[one->docid] : 0;
        out->strings = g_string_chunk_new(256);
        out->positions = g_array_sized_new(FALSE, FALSE, sizeof(uint32_t), 256);
        one->entries = g_array_sized_new(FALSE, FALSE, sizeof(struct xap_found), 16);
    }
    if (are_short(several, local, shard, probes, n))
        go_through_documents(several, probes, n);
    else
        go_through_words(several, probes, n);
    for (uint32_t i = 0; i < several->n; i++) {
        struct xap_occurrences *out = *several->of[i].out;
        const uint32_t *positions = (const uint32_t *)(void *)out->positions->data;
        out->n = several->of[i].entries->len;
        out->entry = (struct xap_found *)(void *)g_array_free(several->of[i].entries, FALSE);
        for (size_t e = 0; e < out->n; e++)
            out->entry[e].positions = positions + GPOINTER_TO_UINT(out->entry[e].positions);
    }
}

bool
lj_local_occurrences(struct lj_local *local, struct xap_reader *reader, const uint32_t *docids,
                     uint32_t n, const struct xap_probe *probes, size_t n_probes,
                     struct xap_occurrences **out, GError **error)
{
    if (!lj_local_settle_all(local, reader))
        return false;
    struct several several;
    several_begin(&several, n);
    bool good = true;
    for (uint32_t i = 0; i < n; i++)
        out[i] = NULL;
    for (size_t k = 0; good && k < local->n; k++) {
        struct lj_local_shard *shard = &local->shard[k];
        choose(&several, local, k, docids, n, out);
        lj_shard_lengths(shard);
        read_several(&several, local, shard, probes, n_probes);
        good = !shard->glass->broken;
        if (!good && !lj_local_stale(local, k))
            lj_local_damaged(local, k, error);
    }
    several_end(&several);
    for (uint32_t i = 0; !good && i < n; i++)
        lj_xap_occurrences_free(g_steal_pointer(&out[i]));
    return good;
}

/* --- all of a document's terms that begin alike -------------------------------------------------
 */

struct gathering {
    GArray *entries; /* struct gathered */
    GByteArray *bytes;
};

struct gathered {
    uint32_t at, length, wdf;
};

static bool
gather(const uint8_t *term, uint32_t length, uint32_t wdf, void *data)
{
    struct gathering *gathering = data;
    struct gathered entry = {gathering->bytes->len, length, wdf};
    g_byte_array_append(gathering->bytes, term, length);
    g_byte_array_append(gathering->bytes, (const uint8_t *)"", 1);
    g_array_append_val(gathering->entries, entry);
    return true;
}

struct xap_vocabulary *
lj_local_terms(struct lj_local *local, struct xap_reader *reader, uint32_t docid,
               const char *prefix, size_t length)
{
    size_t k = (docid - 1) % local->n;
    if (!lj_local_settle(local, reader, k))
        return NULL;
    struct glass_reader *glass = local->shard[k].glass;
    struct xap_probe probe = {prefix, (uint32_t)length, true};
    struct gathering gathering = {g_array_new(FALSE, FALSE, sizeof(struct gathered)),
                                  g_byte_array_new()};
    lj_glass_terms(glass, (docid - 1) / (uint32_t)local->n + 1, &probe, 1, gather, &gathering);
    struct xap_vocabulary *out = NULL;
    if (!lj_local_stale(local, k) && !glass->broken) {
        out = g_new0(struct xap_vocabulary, 1);
        out->n = gathering.entries->len;
        out->entry = g_malloc0_n(out->n + 1, sizeof *out->entry);
        out->bytes = (char *)g_byte_array_free(g_steal_pointer(&gathering.bytes), FALSE);
        for (size_t i = 0; i < out->n; i++) {
            const struct gathered *entry = &g_array_index(gathering.entries, struct gathered, i);
            out->entry[i].term = out->bytes + entry->at;
            out->entry[i].length = entry->length;
            out->entry[i].df = entry->wdf;
        }
    }
    if (gathering.bytes)
        g_byte_array_unref(gathering.bytes);
    g_array_unref(gathering.entries);
    return out;
}
