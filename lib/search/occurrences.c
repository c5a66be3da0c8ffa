/* What documents hold of some words: from their lists of terms, or, of several documents, from the lists of the words,
 * where these are the shorter way (words that begin alike lie side by side there). Positions are looked up word by word.
 *
 * Threads share both:
 *
 *     a list of a document, or of words that begin alike, after the other    what was met there
 *     in the order of the lists                                              the documents' entries
 *     a few words after the other                                            their positions
 */
#include "search/tree.h"

#include <stdatomic.h>

/* A word where it was met: in one document's list, or in some of the documents. */
struct met {
    uint32_t term, length; /* term: where it begins in the reader's terms */
    uint32_t first, n;     /* its findings there */
};

struct finding {
    uint32_t place, wdf; /* place: of the document */
};

/* What one thread reads with and what it has met. */
struct reader {
    struct several *several;
    struct glass_reader *glass;
    struct glass_reader own; /* of another thread than the first, where it notes damage */
    GByteArray *terms;
    GArray *met, *findings;
    GArray *positions;
    uint32_t *places, *wdfs; /* room for each document */
    uint32_t place;          /* of the document at hand */
};

/* A list, who has read it, and what was met there. Where they are few, each is read for some of the documents only. */
struct list {
    const struct xap_probe *probe; /* NULL: it is a document's */
    uint32_t from, to;             /* of the documents */
    struct reader *reader;
    uint32_t first, n;
};

/* A word whose positions are wanted in some documents: at places and entries. */
struct sought {
    const char *term;
    uint32_t length, first, n;
    const struct reader *reader; /* who has read them, and from where on */
    uint32_t positions;
};

/* Documents of a database, docids rising. */
struct several {
    struct lj_local *local;
    struct glass_reader *glass;
    const struct xap_probe *probes;
    size_t n_probes;
    struct one {
        uint32_t docid;
        struct xap_occurrences **out;
        GArray *entries; /* struct xap_found */
    } * of;
    uint32_t n;
    uint32_t *docids; /* the same, of each */
    struct reader readers[LJ_THREADS];
    uint32_t threads;
    bool by_document;
    struct list *lists;
    uint32_t n_lists;
    uint32_t parts;   /* of the documents, for which each list is read */
    atomic_uint next; /* list, or word sought */
    GArray *sought;
    uint32_t words; /* of databases before */
    uint32_t *places, *entries;
};

/* --- lists -------------------------------------------------------------------------------------
 */

static void
meet(struct reader *reader, const uint8_t *term, uint32_t length, uint32_t n)
{
    struct met met = {reader->terms->len, length, reader->findings->len, n};
    g_byte_array_append(reader->terms, term, length);
    g_array_append_val(reader->met, met);
}

static void
take_word(struct reader *reader, const struct list *list, struct glass_postings *word)
{
    const struct several *several = reader->several;
    uint32_t found = lj_glass_postings_of(word, several->docids + list->from, list->to - list->from,
                                          reader->places, reader->wdfs);
    if (found == 0)
        return;
    meet(reader, word->key, word->key_length, found);
    for (uint32_t i = 0; i < found; i++) {
        struct finding finding = {list->from + reader->places[i], reader->wdfs[i]};
        g_array_append_val(reader->findings, finding);
    }
}

static void
go_through_words(struct reader *reader, const struct list *list)
{
    const struct xap_probe *probe = list->probe;
    struct glass_postings word;
    if (!probe->prefix &&
        lj_glass_postings_begin(reader->glass, probe->term, probe->length, &word)) {
        take_word(reader, list, &word);
        lj_glass_postings_end(&word);
    }
    for (bool some = probe->prefix &&
                     lj_glass_postings_first(reader->glass, probe->term, probe->length, &word);
         some; some = lj_glass_postings_next(&word, probe->length))
        take_word(reader, list, &word);
}

static bool
take_held(const uint8_t *term, uint32_t length, uint32_t wdf, void *data)
{
    struct reader *reader = data;
    struct finding finding = {reader->place, wdf};
    meet(reader, term, length, 1);
    g_array_append_val(reader->findings, finding);
    return reader->met->len - reader->several->lists[reader->place].first < XAP_OCCURRENCES;
}

static gpointer
read_lists(gpointer data)
{
    struct reader *reader = data;
    struct several *several = reader->several;
    for (uint32_t i; (i = atomic_fetch_add(&several->next, 1)) < several->n_lists;) {
        struct list *list = &several->lists[i];
        list->reader = reader;
        list->first = reader->met->len;
        reader->place = i;
        if (several->by_document)
            lj_glass_terms(reader->glass, several->docids[i], several->probes, several->n_probes,
                           take_held, reader);
        else
            go_through_words(reader, list);
        list->n = reader->met->len - list->first;
    }
    return NULL;
}

/* --- entries -----------------------------------------------------------------------------------
 */

/* The word gets an entry in a document; false: it has too many. */
static bool
add_entry(const struct reader *reader, const struct met *met, const struct finding *finding,
          uint32_t *place)
{
    const struct one *one = &reader->several->of[finding->place];
    if (one->entries->len >= XAP_OCCURRENCES)
        return false;
    const char *term = (const char *)reader->terms->data + met->term;
    struct xap_found entry = {
        g_string_chunk_insert_len((*one->out)->strings, term, (gssize)met->length), met->length,
        finding->wdf, NULL, 0, 0};
    *place = one->entries->len;
    g_array_append_val(one->entries, entry);
    return true;
}

static const struct met *
met_at(const struct list *list, uint32_t i)
{
    return &g_array_index(list->reader->met, struct met, list->first + i);
}

static const struct finding *
findings_of(const struct list *list, const struct met *met)
{
    return &g_array_index(list->reader->findings, struct finding, met->first);
}

/* Of each word the documents are together. */
static void
enter_words(struct several *several)
{
    uint32_t n = 0;
    for (const struct list *list = several->lists; list < several->lists + several->n_lists; list++)
        for (uint32_t i = 0; i < list->n; i++) {
            const struct met *met = met_at(list, i);
            const struct finding *finding = findings_of(list, met);
            struct sought sought = {
                (const char *)list->reader->terms->data + met->term, met->length, n, 0, NULL, 0};
            for (uint32_t f = 0; f < met->n; f++)
                if (add_entry(list->reader, met, &finding[f], &several->entries[n]))
                    several->places[n++] = finding[f].place;
            sought.n = n - sought.first;
            if (sought.n > 0)
                g_array_append_val(several->sought, sought);
        }
}

/* Of a document the next one with the same word, plus 1. */
struct held {
    uint32_t place, entry, next;
};

/* Of each document the words are together. */
static void
enter_documents(struct several *several, uint32_t findings)
{
    GHashTable *known = g_hash_table_new(g_str_hash, g_str_equal); /* → place in sought, plus 1 */
    struct held *held = g_new(struct held, findings + 1);
    uint32_t *last = g_new(uint32_t, findings + 1), n = 0; /* of each word sought */
    for (const struct list *list = several->lists; list < several->lists + several->n_lists; list++)
        for (uint32_t i = 0; i < list->n; i++) {
            const struct met *met = met_at(list, i);
            const struct finding *finding = findings_of(list, met);
            struct held *own = &held[n];
            if (!add_entry(list->reader, met, finding, &own->entry))
                continue;
            own->place = finding->place;
            own->next = 0;
            n++;
            const GArray *entries = several->of[own->place].entries;
            const char *term = g_array_index(entries, struct xap_found, own->entry).term;
            guint word = GPOINTER_TO_UINT(g_hash_table_lookup(known, term));
            if (word) {
                held[last[word - 1]].next = n;
                g_array_index(several->sought, struct sought, word - 1).n++;
            } else {
                struct sought sought = {term, met->length, n - 1, 1, NULL, 0};
                g_array_append_val(several->sought, sought);
                word = several->sought->len;
                g_hash_table_insert(known, (gpointer)term, GUINT_TO_POINTER(word));
            }
            last[word - 1] = n - 1;
        }
    uint32_t to = 0;
    for (guint w = 0; w < several->sought->len; w++) {
        struct sought *sought = &g_array_index(several->sought, struct sought, w);
        uint32_t from = to;
        for (uint32_t at = sought->first + 1; at > 0; at = held[at - 1].next) {
            several->places[to] = held[at - 1].place;
            several->entries[to++] = held[at - 1].entry;
        }
        sought->first = from;
    }
    g_free(held);
    g_free(last);
    g_hash_table_unref(known);
}

static void
enter(struct several *several)
{
    uint32_t findings = 0;
    for (uint32_t i = 0; i < several->threads; i++)
        findings += several->readers[i].findings->len;
    several->places = g_new(uint32_t, findings + 1);
    several->entries = g_new(uint32_t, findings + 1);
    if (several->by_document)
        enter_documents(several, findings);
    else
        enter_words(several);
}

/* --- positions ---------------------------------------------------------------------------------
 */

static struct xap_found *
entry_of(const struct several *several, uint32_t i)
{
    return &g_array_index(several->of[several->places[i]].entries, struct xap_found,
                          several->entries[i]);
}

static void
read_word(struct reader *reader, struct sought *sought)
{
    const struct several *several = reader->several;
    struct glass_positions list;
    sought->reader = reader;
    sought->positions = reader->positions->len;
    lj_glass_positions_begin(reader->glass, sought->term, sought->length, &list);
    for (uint32_t from = 0; from < sought->n; from += GLASS_SCOUTED) {
        struct glass_spot spots[GLASS_SCOUTED] = {{NULL, 0}};
        uint32_t docids[GLASS_SCOUTED], some = MIN(sought->n - from, GLASS_SCOUTED);
        for (uint32_t i = 0; i < some; i++)
            docids[i] = several->docids[several->places[sought->first + from + i]];
        if (some > 1)
            lj_glass_positions_scout(&list, docids, some, spots);
        for (uint32_t i = 0; i < some; i++) {
            uint32_t first = reader->positions->len,
                     found =
                         lj_glass_positions_read_at(&list, docids[i], &spots[i], reader->positions);
            found = MIN(found, XAP_POSITIONS);
            entry_of(several, sought->first + from + i)->n_positions = found;
            g_array_set_size(reader->positions, first + found);
        }
    }
    lj_glass_positions_end(&list);
}

/* Words that a thread takes at a time. */
#define PORTION 4

static gpointer
read_words(gpointer data)
{
    struct reader *reader = data;
    struct several *several = reader->several;
    uint32_t from, n = several->sought->len;
    while ((from = atomic_fetch_add(&several->next, PORTION)) < n)
        for (uint32_t i = from; i < MIN(from + PORTION, n); i++)
            read_word(reader, &g_array_index(several->sought, struct sought, i));
    return NULL;
}

/* Each document's are its own. */
static void
hand_over(struct several *several)
{
    for (guint w = 0; w < several->sought->len; w++) {
        const struct sought *sought = &g_array_index(several->sought, struct sought, w);
        uint32_t at = sought->positions;
        for (uint32_t i = sought->first; i < sought->first + sought->n; i++) {
            struct xap_found *entry = entry_of(several, i);
            GArray *positions = (*several->of[several->places[i]].out)->positions;
            entry->positions = GUINT_TO_POINTER(positions->len);
            entry->word = several->words + w + 1;
            g_array_append_vals(positions, &g_array_index(sought->reader->positions, uint32_t, at),
                                entry->n_positions);
            at += entry->n_positions;
        }
    }
    several->words += several->sought->len;
    for (uint32_t i = 0; i < several->n; i++) {
        struct xap_occurrences *out = *several->of[i].out;
        const uint32_t *positions = (const uint32_t *)(void *)out->positions->data;
        out->n = several->of[i].entries->len;
        out->entry = (struct xap_found *)(void *)g_array_free(several->of[i].entries, FALSE);
        for (size_t e = 0; e < out->n; e++)
            out->entry[e].positions = positions + GPOINTER_TO_UINT(out->entry[e].positions);
    }
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
choose(struct several *several, size_t k, const uint32_t *docids, uint32_t n,
       struct xap_occurrences **out)
{
    const struct lj_local *local = several->local;
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

/* Postings that take as long; of an index with more documents lists are longer. */
#define POSTINGS 1.5
#define DOCUMENTS 16

/* So few of words that begin alike are shared ill. */
#define FEW_LISTS 3

/* Are the lists of the documents the shorter way? And how many threads are worth while? */
static void
choose_way(struct several *several, const struct lj_local_shard *shard)
{
    uint64_t words = 0, lists = 0;
    for (uint32_t i = 0; i < several->n; i++)
        words += SEARCH + (several->docids[i] < shard->n ? shard->lengths[several->docids[i]] : 0);
    for (size_t i = 0; i < several->n_probes; i++)
        lists += several->probes[i].prefix ? several->local->family
                                           : several->local->family / FAMILY_LISTS;
    several->by_document = words < lists;
    several->n_lists = several->by_document ? several->n : (uint32_t)several->n_probes;
    several->parts = 1;
    double postings =
        (double)MIN(words, lists) * POSTINGS + (several->by_document ? 0 : shard->n / DOCUMENTS);
    several->threads = lj_local_threads(several->local, postings, several->local->help_from);
    if (!several->by_document && several->n_lists < FEW_LISTS && several->threads > 1) {
        several->parts = MIN(several->threads, several->n);
        several->n_lists *= several->parts;
    }
}

static void
make_lists(struct several *several)
{
    several->lists = g_new0(struct list, several->n_lists + 1);
    for (uint32_t i = 0; !several->by_document && i < several->n_lists; i++) {
        uint32_t part = i % several->parts;
        several->lists[i].probe = &several->probes[i / several->parts];
        several->lists[i].from = several->n * part / several->parts;
        several->lists[i].to = several->n * (part + 1) / several->parts;
    }
}

static void
begin(struct several *several)
{
    for (uint32_t i = 0; i < several->n; i++) {
        struct one *one = &several->of[i];
        struct xap_occurrences *out = *one->out = g_new0(struct xap_occurrences, 1);
        out->strings = g_string_chunk_new(256);
        out->positions = g_array_sized_new(FALSE, FALSE, sizeof(uint32_t), 256);
        one->entries = g_array_sized_new(FALSE, FALSE, sizeof(struct xap_found), 16);
    }
    for (uint32_t i = 0; i < several->threads; i++) {
        struct reader *reader = &several->readers[i];
        reader->several = several;
        reader->own = *several->glass;
        reader->glass = i == 0 ? several->glass : &reader->own;
        reader->terms = g_byte_array_sized_new(1024);
        reader->met = g_array_sized_new(FALSE, FALSE, sizeof(struct met), 64);
        reader->findings = g_array_sized_new(FALSE, FALSE, sizeof(struct finding), 256);
        reader->positions = g_array_sized_new(FALSE, FALSE, sizeof(uint32_t), 1024);
        reader->places = g_new(uint32_t, 2 * several->n + 1);
        reader->wdfs = reader->places + several->n;
    }
    make_lists(several);
    several->sought = g_array_sized_new(FALSE, FALSE, sizeof(struct sought), 64);
}

static void
end(struct several *several)
{
    for (uint32_t i = 0; i < several->threads; i++) {
        struct reader *reader = &several->readers[i];
        several->glass->broken |= reader->glass->broken;
        g_byte_array_unref(reader->terms);
        g_array_unref(reader->met);
        g_array_unref(reader->findings);
        g_array_unref(reader->positions);
        g_free(reader->places);
    }
    g_free(several->lists);
    g_array_unref(several->sought);
    g_free(several->places);
    g_free(several->entries);
}

static void
together(struct several *several, GThreadFunc work)
{
    atomic_store(&several->next, 0);
    lj_local_together(several->local, work, several->readers, sizeof *several->readers,
                      several->threads);
}

static void
read_several(struct several *several, const struct lj_local_shard *shard)
{
    choose_way(several, shard);
    begin(several);
    together(several, read_lists);
    enter(several);
    together(several, read_words);
    hand_over(several);
    for (uint32_t i = 0; i < several->n; i++)
        if (several->docids[i] < shard->n)
            (*several->of[i].out)->length = shard->lengths[several->docids[i]];
    end(several);
}

bool
lj_local_occurrences(struct lj_local *local, struct xap_reader *reader, const uint32_t *docids,
                     uint32_t n, const struct xap_probe *probes, size_t n_probes,
                     struct xap_occurrences **out, GError **error)
{
    if (!lj_local_settle_all(local, reader))
        return false;
    struct several several = {.local = local,
                              .probes = probes,
                              .n_probes = n_probes,
                              .of = g_new(struct one, n),
                              .docids = g_new(uint32_t, n)};
    bool good = true;
    for (uint32_t i = 0; i < n; i++)
        out[i] = NULL;
    for (size_t k = 0; good && k < local->n; k++) {
        struct lj_local_shard *shard = &local->shard[k];
        choose(&several, k, docids, n, out);
        lj_shard_lengths(shard);
        if (several.n > 0)
            read_several(&several, shard);
        good = !shard->glass->broken;
        if (!good && !lj_local_stale(local, k))
            lj_local_damaged(local, k, error);
    }
    g_free(several.of);
    g_free(several.docids);
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
