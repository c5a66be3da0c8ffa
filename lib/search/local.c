#include "search/local.h"

#include "glass/read.h"

#include <math.h>
#include <string.h>

/* --- what is kept of a database ----------------------------------------------------------------
 */

/* The values of a slot: by document, a place in the sorted list of distinct ones; 0: none. */
struct column {
    uint32_t slot;
    uint32_t *of;
    GPtrArray *values; /* struct value, in byte order; [0] is NULL */
    GStringChunk *strings;
};

struct value {
    const char *bytes;
    uint32_t length, place;
};

struct shard {
    struct glass_reader *glass;
    uint32_t n;         /* one more than the last docid */
    uint32_t *lengths;  /* by document; NULL until asked for */
    uint64_t *all;      /* which documents there are: bits */
    double *norm;       /* part of BM25 that a document's length makes */
    double norm_of[4];  /* k1, b, min_normlen and average for which it was made */
    double *score;      /* of the search at hand */
    GPtrArray *columns; /* struct column */
};

struct lj_local {
    char **paths;
    size_t n;
    struct shard *shard;
};

static void
free_column(gpointer data)
{
    struct column *column = data;
    g_free(column->of);
    g_ptr_array_unref(column->values);
    g_string_chunk_free(column->strings);
    g_free(column);
}

static void
shard_clear(struct shard *shard)
{
    lj_glass_reader_close(shard->glass);
    g_free(shard->lengths);
    g_free(shard->all);
    g_free(shard->norm);
    g_free(shard->score);
    if (shard->columns)
        g_ptr_array_unref(shard->columns);
    memset(shard, 0, sizeof *shard);
}

static bool
shard_open(struct shard *shard, const char *path)
{
    shard->glass = lj_glass_reader_open(path);
    if (!shard->glass)
        return false;
    shard->n = shard->glass->last_docid + 1;
    shard->columns = g_ptr_array_new_with_free_func(free_column);
    return shard->n > 0;
}

struct lj_local *
lj_local_open(const char *const *paths, size_t n)
{
    struct lj_local *local = g_new0(struct lj_local, 1);
    local->paths = g_new0(char *, n + 1);
    local->shard = g_new0(struct shard, n);
    for (size_t i = 0; i < n; i++) {
        local->paths[i] = g_strdup(paths[i]);
        local->n = i + 1;
        if (!shard_open(&local->shard[i], paths[i])) {
            lj_local_close(local);
            return NULL;
        }
    }
    return local;
}

void
lj_local_close(struct lj_local *local)
{
    if (!local)
        return;
    for (size_t i = 0; i < local->n; i++)
        shard_clear(&local->shard[i]);
    g_strfreev(local->paths);
    g_free(local->shard);
    g_free(local);
}

/* All databases at the revision that Xapian's reader has? What is behind is opened again. */
static bool
settle(struct lj_local *local, struct xap_reader *reader)
{
    for (size_t i = 0; i < local->n; i++) {
        struct shard *shard = &local->shard[i];
        if (shard->glass && (shard->glass->broken || !lj_glass_reader_current(shard->glass)))
            shard_clear(shard);
        if (!shard->glass && !shard_open(shard, local->paths[i]))
            return false;
        struct xap_statistics statistics;
        if (!lj_xap_shard_statistics(reader, i, &statistics, NULL) ||
            statistics.revision != shard->glass->revision)
            return false;
    }
    return true;
}

/* Was anything written meanwhile, or not as it should be? */
static bool
sound(const struct lj_local *local)
{
    for (size_t i = 0; i < local->n; i++)
        if (local->shard[i].glass->broken || !lj_glass_reader_current(local->shard[i].glass))
            return false;
    return true;
}

/* --- sets of documents -------------------------------------------------------------------------
 */

static inline size_t
words_of(const struct shard *shard)
{
    return (shard->n + 63) / 64;
}

static inline bool
has(const uint64_t *set, uint32_t docid)
{
    return set[docid / 64] >> docid % 64 & 1;
}

static inline void
add(uint64_t *set, uint32_t docid)
{
    set[docid / 64] |= UINT64_C(1) << docid % 64;
}

/* Any of first..last? */
static bool
has_any(const uint64_t *set, uint32_t first, uint32_t last)
{
    uint64_t head = ~UINT64_C(0) << first % 64, tail = ~UINT64_C(0) >> (63 - last % 64);
    if (first / 64 == last / 64)
        return set[first / 64] & head & tail;
    if (set[first / 64] & head)
        return true;
    for (uint32_t w = first / 64 + 1; w < last / 64; w++)
        if (set[w])
            return true;
    return set[last / 64] & tail;
}

/* Runs what follows for each docid of a set. */
#define FOR_EACH(shard, set, docid, ...)                                                           \
    for (size_t w_ = 0, n_ = words_of(shard); w_ < n_; w_++)                                       \
        for (uint64_t bits_ = (set)[w_]; bits_; bits_ &= bits_ - 1) {                              \
            uint32_t docid = (uint32_t)(w_ * 64 + (unsigned)__builtin_ctzll(bits_));               \
            __VA_ARGS__                                                                            \
        }

/* --- columns and lengths -----------------------------------------------------------------------
 */

static void
read_lengths(struct shard *shard)
{
    if (shard->lengths)
        return;
    shard->lengths = g_new0(uint32_t, shard->n);
    shard->all = g_new0(uint64_t, words_of(shard));
    struct glass_postings list;
    if (!lj_glass_lengths_begin(shard->glass, &list))
        return;
    do {
        const uint8_t *p = list.at, *end = list.end;
        uint32_t docid = list.first, gap;
        for (;;) {
            p = glass_read_number(p, &shard->lengths[docid]);
            add(shard->all, docid);
            if (p >= end)
                break;
            p = glass_read_number(p, &gap);
            docid += gap + 1;
            if (p >= end || docid > list.last || docid == 0) {
                shard->glass->broken = true;
                break;
            }
        }
    } while (lj_glass_postings_chunk(&list));
    lj_glass_postings_end(&list);
}

static guint
hash_value(gconstpointer key)
{
    const struct value *value = key;
    guint hash = 5381;
    for (uint32_t i = 0; i < value->length; i++)
        hash = hash * 33 + (guchar)value->bytes[i];
    return hash;
}

static int
compare_values(const struct value *x, const struct value *y)
{
    int order = memcmp(x->bytes, y->bytes, MIN(x->length, y->length));
    return order ? order : (x->length > y->length) - (x->length < y->length);
}

static gboolean
equal_values(gconstpointer a, gconstpointer b)
{
    return compare_values(a, b) == 0;
}

static int
compare_places(gconstpointer a, gconstpointer b)
{
    return compare_values(*(struct value *const *)a, *(struct value *const *)b);
}

struct filling {
    struct column *column;
    GHashTable *known;
    struct value *last;
};

static void
take_value(uint32_t docid, const uint8_t *bytes, uint32_t length, void *data)
{
    struct filling *filling = data;
    struct value wanted = {(const char *)bytes, length, 0}, *value = filling->last;
    if (!value || !equal_values(value, &wanted))
        value = g_hash_table_lookup(filling->known, &wanted);
    if (!value) {
        value = g_new(struct value, 1);
        value->bytes = g_string_chunk_insert_len(filling->column->strings, (const char *)bytes,
                                                 (gssize)length);
        value->length = length;
        value->place = filling->column->values->len;
        g_ptr_array_add(filling->column->values, value);
        g_hash_table_add(filling->known, value);
    }
    filling->column->of[docid] = value->place;
    filling->last = value;
}

static const struct column *
column_of(struct shard *shard, uint32_t slot)
{
    for (guint i = 0; i < shard->columns->len; i++)
        if (((struct column *)shard->columns->pdata[i])->slot == slot)
            return shard->columns->pdata[i];
    struct column *column = g_new0(struct column, 1);
    column->slot = slot;
    column->of = g_new0(uint32_t, shard->n);
    column->values = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(column->values, NULL);
    column->strings = g_string_chunk_new(4096);
    struct filling filling = {column, g_hash_table_new(hash_value, equal_values), NULL};
    lj_glass_values(shard->glass, slot, take_value, &filling);
    g_hash_table_unref(filling.known);
    /* Places in byte order from now on. */
    guint n = column->values->len;
    qsort(column->values->pdata + 1, n - 1, sizeof(gpointer), compare_places);
    uint32_t *moved = g_new0(uint32_t, n);
    for (guint i = 1; i < n; i++) {
        struct value *value = column->values->pdata[i];
        moved[value->place] = i;
        value->place = i;
    }
    for (uint32_t docid = 0; docid < shard->n; docid++)
        column->of[docid] = moved[column->of[docid]];
    g_free(moved);
    g_ptr_array_add(shard->columns, column);
    return column;
}

/* --- the plan as a tree ------------------------------------------------------------------------
 */

/* A node and what it has come to in the database at hand. */
struct node {
    const struct xap_node *plan;
    struct node **child;
    uint32_t n;
    double factor;  /* of its weight; 0: none */
    double weight;  /* TERM: BM25's, without what a document adds */
    uint64_t found; /* TERM: documents with it in all databases */
    /* of each database */
    struct part {
        struct glass_postings list;
        bool begun;
        uint32_t *docids, *wdf; /* TERM: the postings asked for; PHRASE: the documents it is in */
        uint32_t n_docids;
        uint64_t *own; /* operators: what matches */
    } * part;
};

struct search {
    struct lj_local *local;
    const struct xap_search *search;
    GPtrArray *nodes; /* all of them */
    struct node *root;
    double documents, average;
};

static void
free_node(gpointer data)
{
    struct node *node = data;
    g_free(node->child);
    g_free(node->part);
    g_free(node);
}

static void
clear_parts(struct search *s)
{
    for (guint i = 0; i < s->nodes->len; i++) {
        struct node *node = s->nodes->pdata[i];
        for (size_t k = 0; node->part && k < s->local->n; k++) {
            struct part *part = &node->part[k];
            if (part->begun)
                lj_glass_postings_end(&part->list);
            g_free(part->docids);
            g_free(part->wdf);
            g_free(part->own);
        }
    }
}

/* Does this module know what a node wants? */
static bool
is_place(const struct node *node)
{
    if (node->plan->op == XAP_TERM)
        return true;
    bool good = node->plan->op == XAP_OR;
    for (uint32_t i = 0; good && i < node->n; i++)
        good = node->child[i]->plan->op == XAP_TERM;
    return good;
}

static struct node *
build(struct search *s)
{
    GPtrArray *stack = g_ptr_array_new();
    bool good = true;
    for (size_t i = 0; good && i < s->search->n_nodes; i++) {
        const struct xap_node *plan = &s->search->nodes[i];
        uint32_t n = plan->op == XAP_TERM || plan->op == XAP_DOCIDS ? 0 : plan->n;
        good = stack->len >= n && plan->op != XAP_NEAR &&
               (plan->op != XAP_TERM ||
                (plan->length > 0 && plan->length <= 245 && !memchr(plan->term, 0, plan->length)));
        if (!good)
            break;
        struct node *node = g_new0(struct node, 1);
        g_ptr_array_add(s->nodes, node);
        node->plan = plan;
        node->n = n;
        node->child = g_new(struct node *, n + 1);
        for (uint32_t c = 0; c < n; c++)
            node->child[c] = stack->pdata[stack->len - n + c];
        g_ptr_array_set_size(stack, (gint)(stack->len - n));
        g_ptr_array_add(stack, node);
        if (plan->op == XAP_PHRASE)
            for (uint32_t c = 0; good && c < n; c++)
                good = is_place(node->child[c]);
    }
    struct node *root = good && stack->len == 1 ? stack->pdata[0] : NULL;
    g_ptr_array_unref(stack);
    return root;
}

/* Hands factors down; weighted synonyms are Xapian's to weigh. */
static bool
scale(struct node *node, double factor)
{
    enum xap_op op = node->plan->op;
    node->factor = factor;
    if (op == XAP_SCALE)
        factor *= node->plan->factor;
    if (op == XAP_SYNONYM && factor != 0 && node->n > 1)
        return false;
    for (uint32_t i = 0; i < node->n; i++) {
        bool filter = (op == XAP_FILTER || op == XAP_AND_NOT) && i > 0;
        if (!scale(node->child[i], filter ? 0 : factor))
            return false;
    }
    return true;
}

/* Opens the lists of all terms, which tells how many documents have them. */
static void
open_lists(struct search *s)
{
    for (guint i = 0; i < s->nodes->len; i++) {
        struct node *node = s->nodes->pdata[i];
        node->part = g_new0(struct part, s->local->n);
        if (node->plan->op != XAP_TERM)
            continue;
        for (size_t k = 0; k < s->local->n; k++) {
            struct part *part = &node->part[k];
            part->begun = lj_glass_postings_begin(s->local->shard[k].glass, node->plan->term,
                                                  node->plan->length, &part->list);
            node->found += part->begun ? part->list.documents : 0;
        }
    }
}

/* As Xapian's BM25Weight::init. */
static void
weigh_terms(struct search *s)
{
    const struct xap_search *search = s->search;
    for (guint i = 0; i < s->nodes->len; i++) {
        struct node *node = s->nodes->pdata[i];
        if (node->plan->op != XAP_TERM || node->factor == 0 || node->found == 0)
            continue;
        double found = (double)node->found;
        double odds = (s->documents - found + 0.5) / (found + 0.5);
        if (odds < 2)
            odds = odds * 0.5 + 1;
        double weight = log(odds) * node->factor;
        if (search->k3 != 0) {
            double often = node->plan->factor > 0 ? (double)(uint32_t)node->plan->factor : 1;
            weight *= (search->k3 + 1) * often / (search->k3 + often);
        }
        node->weight = weight * (search->k1 + 1);
    }
}

/* --- which documents match ---------------------------------------------------------------------
 */

static void match(struct search *s, size_t k, struct node *node, const uint64_t *within,
                  uint64_t *out);

static uint64_t *
new_set(const struct shard *shard)
{
    return g_new0(uint64_t, words_of(shard));
}

/* The postings of a term within a set. */
static void
match_term(struct search *s, size_t k, struct node *node, const uint64_t *within, uint64_t *out)
{
    struct part *part = &node->part[k];
    if (!part->begun)
        return;
    struct glass_postings *list = &part->list;
    uint32_t room = 0, n = 0, least = 0;
    do {
        if (within && !has_any(within, list->first, list->last))
            continue;
        const uint8_t *p = list->at, *end = list->end;
        /* A posting takes two bytes at least. */
        if (room < n + (uint32_t)(end - p) / 2 + 1) {
            room = MAX(n + (uint32_t)(end - p) / 2 + 1, room * 2);
            part->docids = g_renew(uint32_t, part->docids, room);
            part->wdf = g_renew(uint32_t, part->wdf, room);
        }
        uint32_t docid = list->first, wdf, gap;
        if (docid <= least) {
            s->local->shard[k].glass->broken = true;
            break;
        }
        for (;;) {
            p = glass_read_number(p, &wdf);
            if (!within || has(within, docid)) {
                part->docids[n] = docid;
                part->wdf[n] = wdf;
                n++;
                add(out, docid);
            }
            if (p >= end)
                break;
            p = glass_read_number(p, &gap);
            docid += gap + 1;
            if (p >= end || docid > list->last || docid == 0) {
                s->local->shard[k].glass->broken = true;
                break;
            }
        }
        least = list->last;
    } while (lj_glass_postings_chunk(list));
    part->n_docids = n;
}

/* How many documents a node may match, roughly; phrases come last, since they read positions. */
static double
cost(const struct search *s, const struct node *node)
{
    double sum = 0;
    switch (node->plan->op) {
    case XAP_TERM:
        return (double)node->found;
    case XAP_DOCIDS:
        return node->plan->n_docids;
    case XAP_NONE:
        return 0;
    case XAP_OR:
    case XAP_SYNONYM:
        for (uint32_t i = 0; i < node->n; i++)
            sum += cost(s, node->child[i]);
        return sum;
    case XAP_PHRASE:
        return s->documents * 10;
    case XAP_SCALE:
    case XAP_FILTER:
    case XAP_AND_NOT:
    case XAP_AND_MAYBE:
        return cost(s, node->child[0]);
    default:
        return s->documents;
    }
}

static void
match_all(struct search *s, size_t k, struct node *const *children, uint32_t n,
          const uint64_t *within, uint64_t *out)
{
    const struct shard *shard = &s->local->shard[k];
    struct node **order = g_memdup2(children, n * sizeof *children);
    for (uint32_t i = 1; i < n; i++) /* few of them */
        for (uint32_t j = i; j > 0 && cost(s, order[j]) < cost(s, order[j - 1]); j--) {
            struct node *swap = order[j];
            order[j] = order[j - 1];
            order[j - 1] = swap;
        }
    uint64_t *now = NULL;
    for (uint32_t i = 0; i < n; i++) {
        uint64_t *next = new_set(shard);
        match(s, k, order[i], now ? now : within, next);
        g_free(now);
        now = next;
    }
    for (size_t w = 0; now && w < words_of(shard); w++)
        out[w] |= now[w];
    g_free(now);
    g_free(order);
}

/* Positions of one place of a phrase. */
struct place {
    struct glass_positions *list;
    const struct node *node;
    uint32_t n_lists;
    GArray *positions;
};

static int
compare_numbers(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

static bool
read_place(struct place *place, uint32_t docid)
{
    g_array_set_size(place->positions, 0);
    uint32_t some = 0;
    for (uint32_t i = 0; i < place->n_lists; i++)
        some += lj_glass_positions_read(&place->list[i], docid, place->positions) > 0;
    if (some > 1)
        qsort(place->positions->data, place->positions->len, sizeof(uint32_t), compare_numbers);
    return some > 0;
}

/* Do the places stand in their order within a window somewhere? The nearest next position after each is the best
 * that can follow it. */
static bool
in_order(struct place *places, uint32_t n, uint32_t window, uint32_t *at)
{
    memset(at, 0, n * sizeof *at);
    const GArray *first = places[0].positions;
    for (uint32_t f = 0; f < first->len; f++) {
        uint32_t start = g_array_index(first, uint32_t, f), before = start;
        bool good = true;
        for (uint32_t i = 1; good && i < n; i++) {
            const GArray *list = places[i].positions;
            while (at[i] < list->len && g_array_index(list, uint32_t, at[i]) <= before)
                at[i]++;
            if (at[i] == list->len)
                return false;
            before = g_array_index(list, uint32_t, at[i]);
            good = before - start < window;
        }
        if (good)
            return true;
    }
    return false;
}

/* The position lists of a phrase in a database. */
struct phrase {
    struct place *places;
    uint32_t n, window;
    uint32_t *at;
};

static void
phrase_open(struct phrase *phrase, struct glass_reader *glass, const struct node *node)
{
    phrase->n = node->n;
    phrase->window = MAX(node->plan->window, node->n);
    phrase->places = g_new0(struct place, node->n);
    phrase->at = g_new(uint32_t, node->n);
    for (uint32_t i = 0; i < node->n; i++) {
        const struct node *child = node->child[i];
        struct place *place = &phrase->places[i];
        bool several = child->plan->op != XAP_TERM;
        place->n_lists = several ? child->n : 1;
        place->list = g_new(struct glass_positions, place->n_lists);
        place->positions = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        for (uint32_t l = 0; l < place->n_lists; l++) {
            const struct xap_node *term = several ? child->child[l]->plan : child->plan;
            lj_glass_positions_begin(glass, term->term, term->length, &place->list[l]);
        }
    }
}

static void
phrase_close(struct phrase *phrase)
{
    for (uint32_t i = 0; i < phrase->n; i++) {
        for (uint32_t l = 0; l < phrase->places[i].n_lists; l++)
            lj_glass_positions_end(&phrase->places[i].list[l]);
        g_free(phrase->places[i].list);
        g_array_unref(phrase->places[i].positions);
    }
    g_free(phrase->places);
    g_free(phrase->at);
}

static bool
phrase_stands(struct phrase *phrase, uint32_t docid)
{
    for (uint32_t i = 0; i < phrase->n; i++)
        if (!read_place(&phrase->places[i], docid))
            return false;
    return in_order(phrase->places, phrase->n, phrase->window, phrase->at);
}

static void
match_phrase(struct search *s, size_t k, struct node *node, const uint64_t *within, uint64_t *out)
{
    struct shard *shard = &s->local->shard[k];
    struct part *part = &node->part[k];
    uint64_t *both = new_set(shard);
    match_all(s, k, node->child, node->n, within, both);
    struct phrase phrase;
    uint32_t room = 0;
    phrase_open(&phrase, shard->glass, node);
    FOR_EACH(shard, both, docid, {
        if (phrase_stands(&phrase, docid)) {
            if (part->n_docids == room) {
                room = room ? room * 2 : 64;
                part->docids = g_renew(uint32_t, part->docids, room);
            }
            part->docids[part->n_docids++] = docid;
            add(out, docid);
        }
    })
    phrase_close(&phrase);
    g_free(both);
}

static void
match_range(struct search *s, size_t k, const struct xap_node *plan, const uint64_t *within,
            uint64_t *out)
{
    struct shard *shard = &s->local->shard[k];
    const struct column *column = column_of(shard, plan->slot);
    struct value low = {plan->term, plan->length, 0}, high = {plan->high, plan->high_length, 0};
    uint32_t first = 1, end = column->values->len;
    while (plan->term && first < end && compare_values(column->values->pdata[first], &low) < 0)
        first++;
    while (plan->high && end > first && compare_values(column->values->pdata[end - 1], &high) > 0)
        end--;
    for (uint32_t docid = 1; docid < shard->n; docid++)
        if (column->of[docid] >= first && column->of[docid] < end &&
            (!within || has(within, docid)))
            add(out, docid);
}

static void
match_listed(struct search *s, size_t k, const struct xap_node *plan, const uint64_t *within,
             uint64_t *out)
{
    uint32_t shards = (uint32_t)s->local->n;
    for (uint32_t i = 0; i < plan->n_docids; i++) {
        uint32_t docid = (plan->docids[i] - 1) / shards + 1;
        if ((plan->docids[i] - 1) % shards == k && docid < s->local->shard[k].n &&
            (!within || has(within, docid)))
            add(out, docid);
    }
}

/* Adds to out the documents of database k within a set (NULL: all) that a node matches. */
static void
match(struct search *s, size_t k, struct node *node, const uint64_t *within, uint64_t *out)
{
    struct shard *shard = &s->local->shard[k];
    size_t words = words_of(shard);
    struct part *part = &node->part[k];
    uint64_t *own = NULL, *other;
    switch (node->plan->op) {
    case XAP_TERM:
        match_term(s, k, node, within, out);
        return;
    case XAP_OR:
    case XAP_SYNONYM:
        for (uint32_t i = 0; i < node->n; i++)
            match(s, k, node->child[i], within, out);
        return;
    case XAP_SCALE:
        match(s, k, node->child[0], within, out);
        return;
    case XAP_PHRASE:
        match_phrase(s, k, node, within, out);
        return;
    case XAP_VALUE_RANGE:
        match_range(s, k, node->plan, within, out);
        return;
    case XAP_DOCIDS:
        match_listed(s, k, node->plan, within, out);
        return;
    case XAP_ALL:
        read_lengths(shard);
        for (size_t w = 0; w < words; w++)
            out[w] |= within ? shard->all[w] & within[w] : shard->all[w];
        return;
    case XAP_NONE:
    case XAP_NEAR:
        return;
    case XAP_AND:
    case XAP_FILTER:
        own = new_set(shard);
        match_all(s, k, node->child, node->n, within, own);
        break;
    case XAP_AND_NOT:
        own = new_set(shard);
        other = new_set(shard);
        match(s, k, node->child[0], within, own);
        match(s, k, node->child[1], own, other);
        for (size_t w = 0; w < words; w++)
            own[w] &= ~other[w];
        g_free(other);
        break;
    case XAP_AND_MAYBE:
        own = new_set(shard);
        other = new_set(shard);
        match(s, k, node->child[0], within, own);
        match(s, k, node->child[1], own, other);
        g_free(other);
        break;
    }
    for (size_t w = 0; w < words; w++)
        out[w] |= own[w];
    part->own = own;
}

/* --- what they weigh ---------------------------------------------------------------------------
 */

static void
make_norms(struct search *s, struct shard *shard)
{
    const struct xap_search *search = s->search;
    const double of[4] = {search->k1, search->b, search->min_normlen, s->average};
    read_lengths(shard);
    if (!shard->score)
        shard->score = g_new(double, shard->n);
    if (shard->norm && memcmp(of, shard->norm_of, sizeof of) == 0)
        return;
    if (!shard->norm)
        shard->norm = g_new(double, shard->n);
    memcpy(shard->norm_of, of, sizeof of);
    double factor = s->average != 0 ? 1 / s->average : 0;
    for (uint32_t docid = 0; docid < shard->n; docid++) {
        double length = MAX(shard->lengths[docid] * factor, search->min_normlen);
        shard->norm[docid] = search->k1 * (length * search->b + (1 - search->b));
    }
}

/* Adds a term's weight for those of its postings that are in a set. */
static void
score_term(const struct shard *shard, const struct node *node, const struct part *part,
           const uint64_t *active)
{
    for (uint32_t i = 0; i < part->n_docids; i++) {
        uint32_t docid = part->docids[i];
        double wdf = part->wdf[i];
        if (has(active, docid))
            shard->score[docid] += node->weight * (wdf / (shard->norm[docid] + wdf));
    }
}

/* A phrase weighs as the sum of its words in the documents it is in. */
static void
score_place(const struct shard *shard, size_t k, const struct node *place,
            const struct part *phrase, const uint64_t *active)
{
    for (uint32_t c = 0; c < place->n; c++)
        score_place(shard, k, place->child[c], phrase, active);
    if (place->plan->op != XAP_TERM || place->weight == 0)
        return;
    const struct part *part = &place->part[k];
    for (uint32_t i = 0, d = 0; i < part->n_docids && d < phrase->n_docids; i++) {
        uint32_t docid = part->docids[i];
        double wdf = part->wdf[i];
        while (d < phrase->n_docids && phrase->docids[d] < docid)
            d++;
        if (d < phrase->n_docids && phrase->docids[d] == docid && has(active, docid))
            shard->score[docid] += place->weight * (wdf / (shard->norm[docid] + wdf));
    }
}

static void
score(struct search *s, size_t k, const struct node *node, const uint64_t *active)
{
    const struct shard *shard = &s->local->shard[k];
    const struct part *part = &node->part[k];
    if (node->factor == 0)
        return;
    uint64_t *both = NULL;
    if (part->own) {
        both = g_new(uint64_t, words_of(shard));
        for (size_t w = 0; w < words_of(shard); w++)
            both[w] = active[w] & part->own[w];
        active = both;
    }
    if (node->plan->op == XAP_TERM && node->weight != 0)
        score_term(shard, node, part, active);
    else if (node->plan->op == XAP_PHRASE)
        for (uint32_t i = 0; i < node->n; i++)
            score_place(shard, k, node->child[i], part, active);
    else
        for (uint32_t i = 0; i < node->n; i++)
            score(s, k, node->child[i], active);
    g_free(both);
}

/* --- the best ----------------------------------------------------------------------------------
 */

static void
sift_down(double *heap, uint32_t n, uint32_t at)
{
    double value = heap[at];
    for (uint32_t child; (child = 2 * at + 1) < n; at = child) {
        if (child + 1 < n && heap[child + 1] < heap[child])
            child++;
        if (heap[child] >= value)
            break;
        heap[at] = heap[child];
    }
    heap[at] = value;
}

/* The score of the max-th best match. */
static double
threshold(struct search *s, uint64_t *const *found, uint32_t max)
{
    double *heap = g_new(double, max);
    uint32_t n = 0;
    for (size_t k = 0; k < s->local->n; k++) {
        const struct shard *shard = &s->local->shard[k];
        FOR_EACH(shard, found[k], docid, {
            double own = shard->score[docid];
            if (n < max) {
                heap[n++] = own;
                if (n == max)
                    for (uint32_t i = max / 2; i-- > 0;)
                        sift_down(heap, n, i);
            } else if (own > heap[0]) {
                heap[0] = own;
                sift_down(heap, n, 0);
            }
        })
    }
    double least = n == max ? heap[0] : -1;
    g_free(heap);
    return least;
}

static int
compare_hits(const void *a, const void *b)
{
    const struct xap_hit *x = a, *y = b;
    if (x->weight != y->weight)
        return x->weight < y->weight ? 1 : -1;
    return x->docid < y->docid ? -1 : x->docid > y->docid;
}

/* A hit at the end of the list, and its id. */
struct tied {
    struct xap_hit hit;
    const char *bytes;
    size_t length;
};

static int
compare_tied(const void *a, const void *b)
{
    const struct tied *x = a, *y = b;
    int order = memcmp(x->bytes, y->bytes, MIN(x->length, y->length));
    if (order == 0)
        order = (x->length > y->length) - (x->length < y->length);
    return order ? order : (x->hit.docid > y->hit.docid) - (x->hit.docid < y->hit.docid);
}

/* Of n hits of one weight, which begin at hits, `keep` are to stay: those with the least values. */
static bool
settle_end(struct search *s, struct xap_reader *reader, struct xap_hit *hits, uint32_t n,
           uint32_t keep)
{
    if (!s->search->settle || keep >= n)
        return true;
    uint32_t *docids = g_new(uint32_t, n);
    for (uint32_t i = 0; i < n; i++)
        docids[i] = hits[i].docid;
    struct xap_data *ids = lj_xap_values(reader, s->search->settle_slot, docids, n, NULL);
    if (ids) {
        struct tied *tied = g_new(struct tied, n);
        for (uint32_t i = 0; i < n; i++)
            tied[i] = (struct tied){hits[i], ids->entry[i].bytes, ids->entry[i].length};
        qsort(tied, n, sizeof *tied, compare_tied);
        for (uint32_t i = 0; i < n; i++)
            hits[i] = tied[i].hit;
        g_free(tied);
    }
    g_free(docids);
    lj_xap_data_free(ids);
    return ids != NULL;
}

static bool
take_best(struct search *s, struct xap_reader *reader, uint64_t *const *found, uint32_t total,
          struct xap_matches *out)
{
    uint32_t max = MIN(s->search->max, total), shards = (uint32_t)s->local->n;
    if (max == 0) {
        out->hit = g_new0(struct xap_hit, 1);
        return true;
    }
    double least = max < total ? threshold(s, found, max) : -1;
    GArray *hits = g_array_sized_new(FALSE, TRUE, sizeof(struct xap_hit), max + 16);
    for (size_t k = 0; k < s->local->n; k++) {
        const struct shard *shard = &s->local->shard[k];
        FOR_EACH(shard, found[k], docid, {
            if (shard->score[docid] >= least) {
                struct xap_hit hit = {.docid = (docid - 1) * shards + (uint32_t)k + 1,
                                      .weight = shard->score[docid]};
                g_array_append_val(hits, hit);
            }
        })
    }
    qsort(hits->data, hits->len, sizeof(struct xap_hit), compare_hits);
    struct xap_hit *all = (struct xap_hit *)(void *)hits->data;
    uint32_t better = hits->len;
    while (better > 0 && all[better - 1].weight == least)
        better--;
    bool good =
        hits->len <= max || settle_end(s, reader, all + better, hits->len - better, max - better);
    out->n = MIN(hits->len, max);
    out->hit = (struct xap_hit *)(void *)g_array_free(hits, FALSE);
    return good;
}

/* --- counts ------------------------------------------------------------------------------------
 */

static int
compare_counts(gconstpointer a, gconstpointer b)
{
    const struct xap_count *x = a, *y = b;
    int order = memcmp(x->value, y->value, MIN(x->length, y->length));
    return order ? order : (x->length > y->length) - (x->length < y->length);
}

/* How many of the documents found have each value of a slot. */
static void
count_values(struct search *s, uint64_t *const *found, size_t spy, struct xap_matches *out)
{
    GArray *counts = g_array_new(FALSE, TRUE, sizeof(struct xap_count));
    for (size_t k = 0; k < s->local->n; k++) {
        struct shard *shard = &s->local->shard[k];
        const struct column *column = column_of(shard, s->search->spies[spy]);
        uint32_t *number = g_new0(uint32_t, column->values->len);
        FOR_EACH(shard, found[k], docid, number[column->of[docid]]++;)
        for (guint i = 1; i < column->values->len; i++) {
            const struct value *value = column->values->pdata[i];
            if (number[i] == 0)
                continue;
            struct xap_count count = {
                g_string_chunk_insert_len(out->strings, value->bytes, value->length), value->length,
                number[i]};
            g_array_append_val(counts, count);
        }
        g_free(number);
    }
    struct xap_count *all = (struct xap_count *)(void *)counts->data;
    guint n = 0;
    if (s->local->n > 1)
        g_array_sort(counts, compare_counts);
    for (guint i = 0; i < counts->len; i++) {
        if (n > 0 && compare_counts(&all[n - 1], &all[i]) == 0)
            all[n - 1].count += all[i].count;
        else
            all[n++] = all[i];
    }
    out->spy[spy].n = n;
    out->spy[spy].total = out->upper;
    out->spy[spy].count = (struct xap_count *)(void *)g_array_free(counts, FALSE);
}

/* --- a phrase by itself ------------------------------------------------------------------------
 */

/* A document with all words of a phrase. */
struct promise {
    double score;
    uint32_t docid;
    uint32_t shard;
};

static bool
better(const struct promise *x, const struct promise *y)
{
    return x->score > y->score ||
           (x->score == y->score &&
            (x->docid < y->docid || (x->docid == y->docid && x->shard < y->shard)));
}

static void
sink(struct promise *heap, guint n, guint at)
{
    struct promise own = heap[at];
    for (guint child; (child = 2 * at + 1) < n; at = child) {
        if (child + 1 < n && better(&heap[child + 1], &heap[child]))
            child++;
        if (!better(&heap[child], &own))
            break;
        heap[at] = heap[child];
    }
    heap[at] = own;
}

/* The phrase that is the whole plan; NULL: it is another plan. */
static struct node *
only_phrase(const struct search *s)
{
    struct node *node = s->root;
    while (node->plan->op == XAP_SCALE)
        node = node->child[0];
    return node->plan->op == XAP_PHRASE && node->factor > 0 ? node : NULL;
}

/* A phrase weighs as its words, wherever they stand. So of documents with all its words the best are looked into
 * first, until enough have it: positions of the others need not be read. found: the documents that have it;
 * *candidates: those with its words. Returns how many were looked into. */
static uint32_t
look_into_best(struct search *s, struct node *phrase, uint64_t **found, uint32_t *candidates)
{
    GArray *heap = g_array_new(FALSE, FALSE, sizeof(struct promise));
    struct phrase *open = g_new(struct phrase, s->local->n);
    for (size_t k = 0; k < s->local->n; k++) {
        struct shard *shard = &s->local->shard[k];
        uint64_t *both = new_set(shard);
        match_all(s, k, phrase->child, phrase->n, NULL, both);
        make_norms(s, shard);
        FOR_EACH(shard, both, docid, shard->score[docid] = 0;)
        for (uint32_t i = 0; i < phrase->n; i++)
            score(s, k, phrase->child[i], both);
        FOR_EACH(shard, both, docid, {
            struct promise promise = {shard->score[docid], docid, (uint32_t)k};
            g_array_append_val(heap, promise);
        })
        g_free(both);
        phrase_open(&open[k], shard->glass, phrase);
        found[k] = new_set(shard);
    }
    struct promise *best = (struct promise *)(void *)heap->data;
    guint n = heap->len;
    for (guint i = n / 2; i-- > 0;)
        sink(best, n, i);
    uint32_t enough = MAX(s->search->max + 1, s->search->check_at_least), matched = 0, looked = 0;
    double last = -1; /* of the last that the answer may hold: its equals are looked into too */
    while (n > 0 && (matched < enough || best[0].score == last)) {
        struct promise promise = best[0];
        best[0] = best[--n];
        if (n > 0)
            sink(best, n, 0);
        looked++;
        if (!phrase_stands(&open[promise.shard], promise.docid))
            continue;
        add(found[promise.shard], promise.docid);
        if (++matched == s->search->max)
            last = promise.score;
    }
    for (size_t k = 0; k < s->local->n; k++)
        phrase_close(&open[k]);
    g_free(open);
    *candidates = heap->len;
    g_array_unref(heap);
    return looked;
}

/* --- the whole ---------------------------------------------------------------------------------
 */

/* Documents that match, as bits, and their scores. */
static void
match_plan(struct search *s, uint64_t **found)
{
    for (size_t k = 0; k < s->local->n; k++) {
        struct shard *shard = &s->local->shard[k];
        found[k] = new_set(shard);
        match(s, k, s->root, NULL, found[k]);
        if (s->search->max == 0)
            continue;
        make_norms(s, shard);
        FOR_EACH(shard, found[k], docid, shard->score[docid] = 0;)
        score(s, k, s->root, found[k]);
    }
}

static struct xap_matches *
answer(struct search *s, struct xap_reader *reader)
{
    struct lj_local *local = s->local;
    uint64_t **found = g_new0(uint64_t *, local->n);
    struct node *phrase = s->search->max > 0 && s->search->n_spies == 0 ? only_phrase(s) : NULL;
    uint32_t total = 0, candidates = 0, looked = 0;
    if (phrase)
        looked = look_into_best(s, phrase, found, &candidates);
    else
        match_plan(s, found);
    for (size_t k = 0; k < local->n; k++)
        for (size_t w = 0; w < words_of(&local->shard[k]); w++)
            total += (uint32_t)__builtin_popcountll(found[k][w]);
    struct xap_matches *out = g_new0(struct xap_matches, 1);
    out->strings = g_string_chunk_new(4096);
    out->lower = out->estimate = out->upper = total;
    if (looked < candidates) {
        out->estimate = (uint32_t)((double)total / looked * candidates);
        out->upper = total + (candidates - looked);
    }
    out->n_spies = s->search->n_spies;
    out->spy = g_malloc0_n(s->search->n_spies + 1, sizeof *out->spy);
    bool good = take_best(s, reader, found, total, out);
    for (size_t i = 0; good && i < s->search->n_spies; i++)
        count_values(s, found, i, out);
    for (size_t k = 0; k < local->n; k++)
        g_free(found[k]);
    g_free(found);
    if (good)
        return out;
    lj_xap_matches_free(out);
    return NULL;
}

struct xap_matches *
lj_local_search(struct lj_local *local, struct xap_reader *reader, const struct xap_search *search)
{
    if (search->sort != XAP_BY_RELEVANCE || search->first > 0 || search->values || search->k1 <= 0)
        return NULL;
    struct search s = {
        .local = local, .search = search, .nodes = g_ptr_array_new_with_free_func(free_node)};
    struct xap_matches *out = NULL;
    s.root = build(&s);
    if (s.root && scale(s.root, 1) && settle(local, reader)) {
        uint64_t length = 0;
        for (size_t k = 0; k < local->n; k++) {
            s.documents += local->shard[k].glass->documents;
            length += local->shard[k].glass->total_length;
        }
        s.average = s.documents > 0 ? (double)length / s.documents : 0;
        open_lists(&s);
        weigh_terms(&s);
        out = answer(&s, reader);
        clear_parts(&s);
        if (out && !sound(local)) {
            lj_xap_matches_free(out);
            out = NULL;
        }
    }
    g_ptr_array_unref(s.nodes);
    return out;
}

/* --- what a document holds of some words -------------------------------------------------------
 */

struct probing {
    struct glass_reader *glass;
    uint32_t docid;
    const struct xap_probe *probes;
    size_t n, at;
    struct xap_occurrences *out;
    GArray *entries;
};

/* Terms and probes both rise: each is looked at once. */
static bool
take_probed(const uint8_t *term, uint32_t length, uint32_t wdf, void *data)
{
    struct probing *probing = data;
    for (; probing->at < probing->n; probing->at++) {
        const struct xap_probe *probe = &probing->probes[probing->at];
        int order = memcmp(term, probe->term, MIN(length, probe->length));
        if (order < 0 || (order == 0 && length < probe->length))
            return true;
        if (order == 0 && (length == probe->length || probe->prefix))
            break;
    }
    if (probing->at == probing->n || probing->entries->len >= XAP_OCCURRENCES)
        return false;
    GArray *positions = probing->out->positions;
    struct glass_positions list;
    uint32_t first = positions->len;
    lj_glass_positions_begin(probing->glass, (const char *)term, length, &list);
    uint32_t found = lj_glass_positions_read(&list, probing->docid, positions);
    lj_glass_positions_end(&list);
    found = MIN(found, XAP_POSITIONS);
    g_array_set_size(positions, first + found);
    struct xap_found entry = {
        g_string_chunk_insert_len(probing->out->strings, (const char *)term, length), length, wdf,
        GUINT_TO_POINTER(first), found};
    g_array_append_val(probing->entries, entry);
    return true;
}

struct xap_occurrences *
lj_local_occurrences(struct lj_local *local, struct xap_reader *reader, uint32_t docid,
                     const struct xap_probe *probes, size_t n)
{
    if (docid == 0 || !settle(local, reader))
        return NULL;
    struct shard *shard = &local->shard[(docid - 1) % local->n];
    uint32_t own = (docid - 1) / (uint32_t)local->n + 1;
    if (own >= shard->n)
        return NULL;
    read_lengths(shard);
    struct xap_occurrences *out = g_new0(struct xap_occurrences, 1);
    out->strings = g_string_chunk_new(1024);
    out->positions = g_array_sized_new(FALSE, FALSE, sizeof(uint32_t), 256);
    struct probing probing = {
        shard->glass, own, probes, n, 0, out, g_array_new(FALSE, TRUE, sizeof(struct xap_found))};
    if (n > 0 && lj_glass_terms(shard->glass, own, take_probed, &probing))
        out->length = shard->lengths[own];
    out->n = probing.entries->len;
    out->entry = (struct xap_found *)(void *)g_array_free(probing.entries, FALSE);
    for (size_t i = 0; i < out->n; i++)
        out->entry[i].positions = (const uint32_t *)(void *)out->positions->data +
                                  GPOINTER_TO_UINT(out->entry[i].positions);
    if (sound(local))
        return out;
    lj_xap_occurrences_free(out);
    return NULL;
}
