#include "search/group.h"
#include "index/fingerprint.h"

#include <math.h>

/* Of two numbers that differ in 7 bits at most, one of 8 bytes is equal: only groups that share a
 * byte need be looked at. */
#define BANDS 8
#define BANDS_DISTANCE 7
#define MOST_TRIED 12 /* groups whose text is compared with a document's */
#define ENOUGH 99     /* percent at which no better one is looked for */

static void
clear_group(gpointer data)
{
    struct lj_group *group = data;
    if (group->others)
        g_array_unref(group->others);
}

static void
clear_list(gpointer data)
{
    GArray **list = data;
    if (*list)
        g_array_unref(*list);
}

static GArray **
band(GArray *bands, unsigned number, uint64_t fingerprint)
{
    return &g_array_index(bands, GArray *, number * 256 + (fingerprint >> (8 * number) & 255));
}

/* Groups that a document may join, nearest first. */
struct near {
    uint32_t group[MOST_TRIED];
    unsigned bits[MOST_TRIED];
    size_t n;
};

static void
keep_near(struct near *near, uint32_t group, unsigned bits)
{
    size_t at = near->n;
    while (at > 0 && (near->bits[at - 1] > bits ||
                      (near->bits[at - 1] == bits && near->group[at - 1] >= group))) {
        if (near->group[at - 1] == group) /* by another band */
            return;
        at--;
    }
    if (at == MOST_TRIED || (at > 0 && near->group[at - 1] == group && near->bits[at - 1] == bits))
        return;
    near->n = MIN(near->n + 1, MOST_TRIED);
    for (size_t i = near->n - 1; i > at; i--) {
        near->group[i] = near->group[i - 1];
        near->bits[i] = near->bits[i - 1];
    }
    near->group[at] = group;
    near->bits[at] = bits;
}

/* The groups within distance. */
static void
find_near(const GArray *groups, const struct lj_group_item *items, GArray *bands,
          uint64_t fingerprint, unsigned distance, struct near *near)
{
    near->n = 0;
    if (distance > BANDS_DISTANCE) {
        for (uint32_t g = 0; g < groups->len; g++) {
            const struct lj_group_item *first =
                &items[g_array_index(groups, struct lj_group, g).place];
            unsigned bits = lj_fingerprint_distance(first->fingerprint, fingerprint);
            if (bits <= distance && first->known)
                keep_near(near, g, bits);
        }
        return;
    }
    for (unsigned b = 0; b < BANDS; b++) {
        const GArray *list = *band(bands, b, fingerprint);
        for (guint i = 0; list && i < list->len; i++) {
            uint32_t g = g_array_index(list, uint32_t, i);
            const struct lj_group_item *first =
                &items[g_array_index(groups, struct lj_group, g).place];
            unsigned bits = lj_fingerprint_distance(first->fingerprint, fingerprint);
            if (bits <= distance)
                keep_near(near, g, bits);
        }
    }
}

/* The group that document i joins, with what it has in common; groups->len: none. */
static uint32_t
choose(const GArray *groups, const struct near *near, const struct lj_group_rule *rule, uint32_t i,
       unsigned *similarity)
{
    uint32_t best = groups->len;
    *similarity = 0;
    for (size_t k = 0; k < near->n; k++) {
        const struct lj_group *group = &g_array_index(groups, struct lj_group, near->group[k]);
        unsigned percent = rule->alike ? rule->alike(group->place, i, rule->data)
                                       : lj_group_similarity(near->bits[k]);
        if (percent >= rule->least && percent > *similarity) {
            best = near->group[k];
            *similarity = percent;
        }
        if (*similarity >= ENOUGH)
            break;
    }
    return best;
}

static void
enter(GArray *bands, uint64_t fingerprint, uint32_t group)
{
    for (unsigned b = 0; b < BANDS; b++) {
        GArray **list = band(bands, b, fingerprint);
        if (!*list)
            *list = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        g_array_append_val(*list, group);
    }
}

GArray *
lj_group(const struct lj_group_item *items, size_t n, const struct lj_group_rule *rule, size_t most)
{
    GArray *groups = g_array_new(FALSE, FALSE, sizeof(struct lj_group));
    g_array_set_clear_func(groups, clear_group);
    GArray *bands = g_array_new(FALSE, TRUE, sizeof(GArray *));
    g_array_set_size(bands, BANDS * 256);
    g_array_set_clear_func(bands, clear_list);
    for (uint32_t i = 0; i < n; i++) {
        const struct lj_group_item *item = &items[i];
        uint32_t g = groups->len;
        unsigned similarity = 0;
        if (item->known) {
            struct near near;
            find_near(groups, items, bands, item->fingerprint, rule->distance, &near);
            g = choose(groups, &near, rule, i, &similarity);
        }
        if (g < groups->len) {
            struct lj_group *group = &g_array_index(groups, struct lj_group, g);
            struct lj_group_member member = {i, similarity};
            if (!group->others)
                group->others = g_array_new(FALSE, FALSE, sizeof member);
            g_array_append_val(group->others, member);
        } else if (groups->len < most) {
            struct lj_group group = {i, NULL};
            if (item->known && rule->distance <= BANDS_DISTANCE)
                enter(bands, item->fingerprint, g);
            g_array_append_val(groups, group);
        }
    }
    g_array_unref(bands);
    return groups;
}

unsigned
lj_group_similarity(unsigned bits)
{
    return bits >= 32 ? 0 : (unsigned)(100 * cos(G_PI * bits / 64));
}

unsigned
lj_group_distance(unsigned similarity)
{
    unsigned bits = 0;
    while (bits < 32 && lj_group_similarity(bits + 1) >= similarity)
        bits++;
    return bits;
}
