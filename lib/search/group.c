#include "search/group.h"
#include "index/fingerprint.h"

#include <math.h>

/* Of two numbers that differ in 7 bits at most, one of 8 bytes is equal: only groups that share a
 * byte need be looked at. */
#define BANDS 8
#define BANDS_DISTANCE 7

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

/* The first group within distance; its number, or groups->len. */
static uint32_t
find(const GArray *groups, const struct lj_group_item *items, GArray *bands, uint64_t fingerprint,
     unsigned distance)
{
    uint32_t best = groups->len;
    if (distance > BANDS_DISTANCE) {
        for (uint32_t g = 0; g < groups->len; g++) {
            const struct lj_group_item *first =
                &items[g_array_index(groups, struct lj_group, g).place];
            if (first->known &&
                lj_fingerprint_distance(first->fingerprint, fingerprint) <= distance)
                return g;
        }
        return best;
    }
    for (unsigned b = 0; b < BANDS; b++) {
        const GArray *list = *band(bands, b, fingerprint);
        for (guint i = 0; list && i < list->len; i++) {
            uint32_t g = g_array_index(list, uint32_t, i);
            if (g >= best)
                break; /* they rise */
            const struct lj_group_item *first =
                &items[g_array_index(groups, struct lj_group, g).place];
            if (lj_fingerprint_distance(first->fingerprint, fingerprint) <= distance)
                best = g;
        }
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
lj_group(const struct lj_group_item *items, size_t n, unsigned distance, size_t most)
{
    GArray *groups = g_array_new(FALSE, FALSE, sizeof(struct lj_group));
    g_array_set_clear_func(groups, clear_group);
    GArray *bands = g_array_new(FALSE, TRUE, sizeof(GArray *));
    g_array_set_size(bands, BANDS * 256);
    g_array_set_clear_func(bands, clear_list);
    for (uint32_t i = 0; i < n; i++) {
        const struct lj_group_item *item = &items[i];
        uint32_t g =
            item->known ? find(groups, items, bands, item->fingerprint, distance) : groups->len;
        if (g < groups->len) {
            struct lj_group *group = &g_array_index(groups, struct lj_group, g);
            struct lj_group_member member = {
                i, lj_fingerprint_distance(items[group->place].fingerprint, item->fingerprint)};
            if (!group->others)
                group->others = g_array_new(FALSE, FALSE, sizeof member);
            g_array_append_val(group->others, member);
        } else if (groups->len < most) {
            struct lj_group group = {i, NULL};
            if (item->known && distance <= BANDS_DISTANCE)
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
