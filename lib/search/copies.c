/* Documents that say the same: near copies of each other, and files of the same bytes. */
#include "search/searching.h"

#include "index/fingerprint.h"
#include "search/group.h"
#include "search/texts.h"
#include "i18n.h"

#include <string.h>

/* Paths that are listed of a file. */
#define IDENTICAL_LIMIT 10000

/* Bits in which fingerprints of copies may differ: a third left out, two texts made one. So far apart every
 * document must be looked at for each, so of very many only the nearer ones are. */
#define WIDE 20
#define MANY 60000

/* Has a document words, and yet no fingerprint? Then it is of a time before there were any. */
static bool
lacks_fingerprint(struct lj_searching *s, uint32_t docid)
{
    size_t length;
    char *words = lj_xap_value(s->searcher->reader, docid, LJ_SLOT_WORDS, &length, NULL);
    bool has = words && length == 4 && (words[0] || words[1] || words[2] || words[3]);
    g_free(words);
    return has;
}

struct texts_of {
    const struct lj_searching *s;
    struct lj_texts *texts;
};

static unsigned
alike(uint32_t place, uint32_t other, void *data)
{
    const struct texts_of *of = data;
    return lj_texts_alike(of->texts,
                          g_array_index(of->s->candidates, struct lj_candidate, place).docid,
                          g_array_index(of->s->candidates, struct lj_candidate, other).docid,
                          of->s->options->similarity);
}

bool
lj_search_group(struct lj_searching *s, GError **error)
{
    const struct lj_search_options *options = s->options;
    if (!options->similarity || s->candidates->len == 0)
        return true;
    struct xap_search search = {.nodes = (const struct xap_node *)(void *)s->plan->nodes->data,
                                .n_nodes = s->plan->nodes->len,
                                .max = G_MAXUINT32,
                                .sort = XAP_BY_DOCID,
                                .values = true,
                                .value_slot = LJ_SLOT_FINGERPRINT};
    struct xap_matches *matches = lj_xap_search(s->searcher->reader, &search, error);
    if (!matches)
        return false;
    GHashTable *places = g_hash_table_new(g_direct_hash, g_direct_equal);
    for (guint i = 0; i < s->candidates->len; i++)
        g_hash_table_insert(
            places, GUINT_TO_POINTER(g_array_index(s->candidates, struct lj_candidate, i).docid),
            GUINT_TO_POINTER(i + 1));
    struct lj_group_item *items = g_new0(struct lj_group_item, s->candidates->len);
    uint32_t old = 0;
    for (size_t i = 0; i < matches->n; i++) {
        const struct xap_hit *hit = &matches->hit[i];
        guint place = GPOINTER_TO_UINT(g_hash_table_lookup(places, GUINT_TO_POINTER(hit->docid)));
        if (place > 0)
            items[place - 1].known =
                lj_fingerprint_read(hit->value, hit->value_length, &items[place - 1].fingerprint);
        if (place > 0 && !items[place - 1].known && !old && lacks_fingerprint(s, hit->docid))
            old = hit->docid;
    }
    if (old)
        lj_search_notice(
            s, "no-fingerprint",
            _("Some documents were indexed before near copies could be told and stand by "
              "themselves: indexer --rebuild."));
    if (s->candidates->len >= LJ_GROUP_LIMIT && s->results->total > s->candidates->len)
        lj_search_notice(
            s, "limit",
            _("Near copies were looked for among the first matches only; narrow the query."));
    struct texts_of texts = {s, lj_texts_new(s->searcher)};
    const struct lj_group_rule rule = {
        .distance = s->candidates->len > MANY ? lj_group_distance(options->similarity) : WIDE,
        .least = options->similarity,
        .alike = alike,
        .data = &texts};
    s->groups =
        lj_group(items, s->candidates->len, &rule, (size_t)options->offset + options->limit);
    lj_texts_free(texts.texts);
    g_free(items);
    g_hash_table_unref(places);
    lj_xap_matches_free(matches);
    return true;
}

/* Another document of a hit's content, or near it. */
struct other {
    uint32_t docid;
    unsigned similarity;
};

/* What there is to say of a hit's copies (struct other). */
static bool
add_copies(struct lj_searching *s, const GArray *others, struct lj_hit *hit, GError **error)
{
    guint n = others->len;
    if (n == 0)
        return true;
    bool good = true;
    for (guint done = 0; good && done < n; done += 200) {
        uint32_t docids[200];
        guint portion = MIN(200, n - done);
        for (guint i = 0; i < portion; i++)
            docids[i] = g_array_index(others, struct other, done + i).docid;
        struct xap_data *data = lj_xap_fetch(s->searcher->reader, docids, portion, error);
        good = data != NULL;
        for (size_t i = 0; good && i < data->n; i++) {
            struct lj_hit *other =
                data->entry[i].length
                    ? lj_searcher_hit(s->searcher, docids[i], data->entry[i].bytes,
                                      data->entry[i].length, NULL)
                    : NULL;
            if (!other)
                continue;
            unsigned similarity = g_array_index(others, struct other, done + i).similarity;
            const struct lj_document *document = other->stored->document;
            lj_hit_add_copy(hit, document, document->id, other->path, similarity);
            for (guint k = 0; other->copies && k < other->copies->len; k++) {
                const struct lj_copy *path = other->copies->pdata[k];
                lj_hit_add_copy(hit, document, path->id, path->path, similarity);
            }
            lj_hit_free(other);
        }
        lj_xap_data_free(data);
    }
    return good;
}

bool
lj_search_add_group(struct lj_searching *s, const struct lj_group *group, struct lj_hit *hit,
                    GError **error)
{
    GArray *others = g_array_new(FALSE, FALSE, sizeof(struct other));
    for (guint i = 0; group->others && i < group->others->len; i++) {
        const struct lj_group_member *member =
            &g_array_index(group->others, struct lj_group_member, i);
        struct other other = {
            g_array_index(s->candidates, struct lj_candidate, member->place).docid,
            member->similarity};
        g_array_append_val(others, other);
    }
    bool good = add_copies(s, others, hit, error);
    g_array_unref(others);
    return good;
}

/* Is a document a file or record by itself? Members of a container may share its content's hash. */
static bool
stands_alone(const struct lj_document *document)
{
    return !document->part_of && !strstr(document->id, "!/");
}

bool
lj_search_repeats(struct lj_searching *s, const struct lj_document *document)
{
    static const uint8_t none[32];
    if (!stands_alone(document) || memcmp(document->sha256, none, 32) == 0)
        return false;
    char hex[65];
    lj_sha256_hex(document->sha256, hex);
    return !g_hash_table_add(s->met, g_strdup(hex));
}

bool
lj_search_add_identical(struct lj_searching *s, struct lj_hit *hit, GError **error)
{
    const struct lj_document *document = hit->stored->document;
    if (!stands_alone(document))
        return true;
    char term[67] = "XH";
    lj_sha256_hex(document->sha256, term + 2);
    GArray *docids = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    GArray *others = g_array_new(FALSE, FALSE, sizeof(struct other));
    bool good = lj_xap_docids(s->searcher->reader, term, 66, docids, error);
    for (guint i = 0; good && i < docids->len && others->len < IDENTICAL_LIMIT; i++) {
        struct other other = {g_array_index(docids, uint32_t, i), 100};
        if (other.docid != hit->docid)
            g_array_append_val(others, other);
    }
    good = good && add_copies(s, others, hit, error);
    g_array_unref(docids);
    g_array_unref(others);
    return good;
}
