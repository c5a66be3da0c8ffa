#include "search/tree.h"

/* The postings of a term within a set. */
static void
match_term(struct lj_local_plan *s, size_t k, struct lj_local_node *node, const uint64_t *within,
           uint64_t *out)
{
    struct lj_local_shard *shard = &s->local->shard[k];
    struct lj_local_part *part = &node->part[k];
    const uint64_t *known =
        node->factor == 0 && !node->listed
            ? lj_shard_filter(shard, node->plan->term, node->plan->length, false)
            : NULL;
    for (size_t w = 0; known && w < lj_set_words(shard); w++)
        out[w] |= within ? known[w] & within[w] : known[w];
    if (known || !part->begun)
        return;
    struct glass_postings *list = &part->list;
    uint32_t room = 0, n = 0;
    do {
        if (within && !lj_set_has_any(within, list->first, list->last))
            continue;
        uint32_t more = lj_glass_postings_room(list);
        if (room < n + more) {
            room = MAX(n + more, room * 2);
            part->docids = g_renew(uint32_t, part->docids, room);
            part->wdf = g_renew(uint32_t, part->wdf, room);
        }
        uint32_t *docids = part->docids + n;
        uint32_t count = within ? lj_glass_postings_within(list, within, docids, part->wdf + n)
                                : lj_glass_postings_decode(list, docids, part->wdf + n);
        for (uint32_t i = 0; i < count; i++)
            lj_set_add(out, docids[i]);
        n += count;
    } while (lj_glass_postings_chunk(list));
    part->n_docids = n;
}

double
lj_tree_cost(const struct lj_local_plan *s, const struct lj_local_node *node)
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
            sum += lj_tree_cost(s, node->child[i]);
        return sum;
    case XAP_PHRASE:
    case XAP_NEAR:
        return s->documents * 10;
    case XAP_SCALE:
    case XAP_FILTER:
    case XAP_AND_NOT:
    case XAP_AND_MAYBE:
        return lj_tree_cost(s, node->child[0]);
    default:
        return s->documents;
    }
}

void
lj_tree_match_all(struct lj_local_plan *s, size_t k, struct lj_local_node *const *children,
                  uint32_t n, const uint64_t *within, uint64_t *out)
{
    const struct lj_local_shard *shard = &s->local->shard[k];
    struct lj_local_node **order = g_memdup2(children, n * sizeof *children);
    for (uint32_t i = 1; i < n; i++) /* few of them */
        for (uint32_t j = i; j > 0 && lj_tree_cost(s, order[j]) < lj_tree_cost(s, order[j - 1]);
             j--) {
            struct lj_local_node *swap = order[j];
            order[j] = order[j - 1];
            order[j - 1] = swap;
        }
    uint64_t *now = NULL;
    for (uint32_t i = 0; i < n; i++) {
        uint64_t *next = lj_set_new(shard);
        lj_tree_match(s, k, order[i], now ? now : within, next);
        g_free(now);
        now = next;
    }
    for (size_t w = 0; now && w < lj_set_words(shard); w++)
        out[w] |= now[w];
    g_free(now);
    g_free(order);
}

static int
compare_numbers(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* Is a document among the postings asked for? */
static bool
has_word(const struct lj_local_part *part, uint32_t docid)
{
    uint32_t low = 0, high = part->n_docids;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (part->docids[middle] < docid)
            low = middle + 1;
        else
            high = middle;
    }
    return low < part->n_docids && part->docids[low] == docid;
}

static bool
read_place(struct lj_local_place *place, uint32_t docid)
{
    g_array_set_size(place->positions, 0);
    uint32_t some = 0;
    for (uint32_t i = 0; i < place->n_lists; i++)
        some += (place->n_lists == 1 || has_word(place->part[i], docid)) &&
                lj_glass_positions_read(&place->list[i], docid, place->positions) > 0;
    if (some > 1)
        qsort(place->positions->data, place->positions->len, sizeof(uint32_t), compare_numbers);
    return some > 0;
}

/* Do the places stand in their order within a window somewhere? The nearest next position after each is the best
 * that can follow it. */
static bool
in_order(struct lj_local_place *places, uint32_t n, uint32_t window, uint32_t *at)
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

static uint32_t
position_at(const struct lj_local_place *place, uint32_t at)
{
    return g_array_index(place->positions, uint32_t, at);
}

/* Do the places stand within a window somewhere, in any order? */
static bool
stands_near(struct lj_local_place *places, uint32_t n, uint32_t window, uint32_t *at)
{
    memset(at, 0, n * sizeof *at);
    for (;;) {
        uint32_t first = 0, last = 0;
        for (uint32_t i = 1; i < n; i++) {
            if (position_at(&places[i], at[i]) < position_at(&places[first], at[first]))
                first = i;
            if (position_at(&places[i], at[i]) > position_at(&places[last], at[last]))
                last = i;
        }
        if (position_at(&places[last], at[last]) - position_at(&places[first], at[first]) < window)
            return true;
        if (++at[first] == places[first].positions->len)
            return false;
    }
}

void
lj_phrase_open(struct lj_local_phrase *phrase, struct glass_reader *glass, size_t k,
               const struct lj_local_node *node)
{
    phrase->n = node->n;
    phrase->window = MAX(node->plan->window, node->n);
    phrase->places = g_new0(struct lj_local_place, node->n);
    phrase->walk = g_new(struct glass_walk, node->n);
    phrase->order = g_new(uint32_t, node->n);
    phrase->near = node->plan->op == XAP_NEAR;
    phrase->exact = phrase->window == node->n && !phrase->near;
    phrase->at = g_new(uint32_t, node->n);
    for (uint32_t i = 0; i < node->n; i++) {
        const struct lj_local_node *child = node->child[i];
        struct lj_local_place *place = &phrase->places[i];
        bool several = child->plan->op != XAP_TERM;
        phrase->exact &= !several;
        place->n_lists = several ? child->n : 1;
        place->list = g_new(struct glass_positions, place->n_lists);
        place->part = g_new(const struct lj_local_part *, place->n_lists);
        place->positions = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        for (uint32_t l = 0; l < place->n_lists; l++) {
            const struct lj_local_node *term = several ? child->child[l] : child;
            lj_glass_positions_begin(glass, term->plan->term, term->plan->length, &place->list[l]);
            place->part[l] = &term->part[k];
        }
        uint32_t j = i;
        for (; j > 0 && node->child[phrase->order[j - 1]]->found > child->found; j--)
            phrase->order[j] = phrase->order[j - 1];
        phrase->order[j] = i;
    }
}

void
lj_phrase_close(struct lj_local_phrase *phrase)
{
    for (uint32_t i = 0; i < phrase->n; i++) {
        for (uint32_t l = 0; l < phrase->places[i].n_lists; l++)
            lj_glass_positions_end(&phrase->places[i].list[l]);
        g_free(phrase->places[i].list);
        g_free(phrase->places[i].part);
        g_array_unref(phrase->places[i].positions);
    }
    g_free(phrase->places);
    g_free(phrase->walk);
    g_free(phrase->order);
    g_free(phrase->at);
}

/* Words of a phrase whose positions are looked for in several documents at once: those of the others are seldom wanted. */
#define SCOUTED 2

/* Begins at the first position of the i-th rarest word. */
static bool
walk_place(struct lj_local_phrase *phrase, uint32_t i, uint32_t docid,
           const struct glass_spot *spot)
{
    uint32_t place = phrase->order[i];
    struct glass_positions *list = phrase->places[place].list;
    return spot ? lj_glass_positions_walk_at(list, docid, spot, &phrase->walk[place])
                : lj_glass_positions_walk(list, docid, &phrase->walk[place]);
}

/* The rarest word leads: positions of the others are looked up, and read, only as far as it says. */
static bool
stands_exactly(struct lj_local_phrase *phrase, uint32_t docid, const struct glass_spot *const *spot)
{
    struct glass_walk *walk = phrase->walk;
    const uint32_t *order = phrase->order;
    uint32_t begun = 1;
    struct glass_walk *lead = &walk[order[0]];
    if (!walk_place(phrase, 0, docid, spot[0]))
        return false;
    do {
        if (lead->position < order[0])
            continue;
        uint32_t begin = lead->position - order[0], i = 1;
        for (; i < phrase->n; i++) {
            struct glass_walk *other = &walk[order[i]];
            if (i == begun && !walk_place(phrase, begun++, docid, i < SCOUTED ? spot[i] : NULL))
                return false;
            if (!lj_glass_walk_to(other, begin + order[i]))
                return false;
            if (other->position != begin + order[i])
                break;
        }
        if (i == phrase->n)
            return true;
    } while (lj_glass_walk_next(lead));
    return false;
}

bool
lj_phrase_stands(struct lj_local_phrase *phrase, uint32_t docid)
{
    if (phrase->exact)
        return stands_exactly(phrase, docid, (const struct glass_spot *[SCOUTED]){NULL});
    for (uint32_t i = 0; i < phrase->n; i++)
        if (!read_place(&phrase->places[i], docid))
            return false;
    if (phrase->near)
        return stands_near(phrase->places, phrase->n, phrase->window, phrase->at);
    return in_order(phrase->places, phrase->n, phrase->window, phrase->at);
}

void
lj_phrase_look(struct lj_local_phrase *phrase, const uint32_t *docids, uint32_t n, bool *stands)
{
    struct glass_spot spots[SCOUTED][GLASS_SCOUTED];
    uint32_t scouted = phrase->exact ? MIN(phrase->n, SCOUTED) : 0;
    for (uint32_t from = 0; from < n; from += GLASS_SCOUTED) {
        uint32_t some = MIN(n - from, GLASS_SCOUTED);
        for (uint32_t w = 0; w < scouted; w++)
            lj_glass_positions_scout(phrase->places[phrase->order[w]].list, docids + from, some,
                                     spots[w]);
        for (uint32_t i = 0; i < some; i++)
            stands[from + i] = scouted > 0 ? stands_exactly(phrase, docids[from + i],
                                                            (const struct glass_spot *[SCOUTED]){
                                                                &spots[0][i], &spots[1][i]})
                                           : lj_phrase_stands(phrase, docids[from + i]);
    }
}

static void
match_phrase(struct lj_local_plan *s, size_t k, struct lj_local_node *node, const uint64_t *within,
             uint64_t *out)
{
    struct lj_local_shard *shard = &s->local->shard[k];
    struct lj_local_part *part = &node->part[k];
    uint64_t *both = lj_set_new(shard);
    lj_tree_match_all(s, k, node->child, node->n, within, both);
    struct lj_local_phrase phrase;
    uint32_t room = 0;
    lj_phrase_open(&phrase, shard->glass, k, node);
    FOR_EACH(shard, both, docid, {
        if (lj_phrase_stands(&phrase, docid)) {
            if (part->n_docids == room) {
                room = room ? room * 2 : 64;
                part->docids = g_renew(uint32_t, part->docids, room);
            }
            part->docids[part->n_docids++] = docid;
            lj_set_add(out, docid);
        }
    })
    lj_phrase_close(&phrase);
    g_free(both);
}

static void
match_range(struct lj_local_plan *s, size_t k, const struct xap_node *plan, const uint64_t *within,
            uint64_t *out)
{
    struct lj_local_shard *shard = &s->local->shard[k];
    const struct lj_local_column *column = lj_shard_column(shard, plan->slot);
    struct lj_local_value low = {plan->term, plan->length}, high = {plan->high, plan->high_length};
    uint8_t *inside = g_new0(uint8_t, column->values->len);
    for (guint place = 1; place < column->values->len; place++) {
        const struct lj_local_value *value =
            &g_array_index(column->values, struct lj_local_value, place);
        inside[place] = (!plan->term || lj_compare_values(value, &low) >= 0) &&
                        (!plan->high || lj_compare_values(value, &high) <= 0);
    }
    for (uint32_t docid = 1; docid < shard->n; docid++)
        if (inside[column->of[docid]] && (!within || lj_set_has(within, docid)))
            lj_set_add(out, docid);
    g_free(inside);
}

static void
match_listed(struct lj_local_plan *s, size_t k, const struct xap_node *plan, const uint64_t *within,
             uint64_t *out)
{
    uint32_t shards = (uint32_t)s->local->n;
    for (uint32_t i = 0; i < plan->n_docids; i++) {
        uint32_t docid = (plan->docids[i] - 1) / shards + 1;
        if ((plan->docids[i] - 1) % shards == k && docid < s->local->shard[k].n &&
            (!within || lj_set_has(within, docid)))
            lj_set_add(out, docid);
    }
}

void
lj_tree_match(struct lj_local_plan *s, size_t k, struct lj_local_node *node, const uint64_t *within,
              uint64_t *out)
{
    struct lj_local_shard *shard = &s->local->shard[k];
    size_t words = lj_set_words(shard);
    struct lj_local_part *part = &node->part[k];
    uint64_t *own = NULL, *other;
    switch (node->plan->op) {
    case XAP_TERM:
        match_term(s, k, node, within, out);
        return;
    case XAP_SYNONYM:
        if (node->weight != 0) {
            own = lj_set_new(shard);
            for (uint32_t i = 0; i < node->n; i++)
                match_term(s, k, node->child[i], within, own);
            break;
        }
        /* fallthrough */
    case XAP_OR:
        for (uint32_t i = 0; i < node->n; i++)
            lj_tree_match(s, k, node->child[i], within, out);
        return;
    case XAP_SCALE:
        lj_tree_match(s, k, node->child[0], within, out);
        return;
    case XAP_PHRASE:
    case XAP_NEAR:
        match_phrase(s, k, node, within, out);
        return;
    case XAP_VALUE_RANGE:
        match_range(s, k, node->plan, within, out);
        return;
    case XAP_DOCIDS:
        match_listed(s, k, node->plan, within, out);
        return;
    case XAP_ALL:
        lj_shard_lengths(shard);
        for (size_t w = 0; w < words; w++)
            out[w] |= within ? shard->all[w] & within[w] : shard->all[w];
        return;
    case XAP_NONE:
        return;
    case XAP_AND:
    case XAP_FILTER:
        own = lj_set_new(shard);
        lj_tree_match_all(s, k, node->child, node->n, within, own);
        break;
    case XAP_AND_NOT:
        own = lj_set_new(shard);
        other = lj_set_new(shard);
        lj_tree_match(s, k, node->child[0], within, own);
        lj_tree_match(s, k, node->child[1], own, other);
        for (size_t w = 0; w < words; w++)
            own[w] &= ~other[w];
        g_free(other);
        break;
    case XAP_AND_MAYBE:
        own = lj_set_new(shard);
        other = lj_set_new(shard);
        lj_tree_match(s, k, node->child[0], within, own);
        lj_tree_match(s, k, node->child[1], own, other);
        g_free(other);
        break;
    }
    for (size_t w = 0; w < words; w++)
        out[w] |= own[w];
    part->own = own;
}
