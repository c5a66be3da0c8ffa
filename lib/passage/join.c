#include "passage/parts.h"

/* A part of the field title: drops what it found in running text. */
static void
keep_title(struct part *part)
{
    if (!part->title)
        return;
    guint kept = 0;
    for (guint i = 0; i < part->found->len; i++) {
        const struct occurrence *found = &g_array_index(part->found, struct occurrence, i);
        if (found->zone != ZONE_TEXT)
            g_array_index(part->found, struct occurrence, kept++) = *found;
    }
    g_array_set_size(part->found, kept);
}

/* What stands for the part alone counts as found of it. */
static void
join_synonyms(struct part *part)
{
    bool more = false;
    for (guint i = 0; part->synonyms && i < part->synonyms->len; i++) {
        struct part *synonym = part->synonyms->pdata[i];
        lj_part_join(synonym);
        if (synonym->span > 1 || synonym->found->len == 0)
            continue;
        g_array_append_vals(part->found, synonym->found->data, synonym->found->len);
        more = true;
    }
    if (more)
        lj_occurrence_sort(part->found);
}

uint32_t
lj_part_together(const struct part *part)
{
    uint32_t most = 0;
    for (guint i = 0; part->synonyms && i < part->synonyms->len; i++) {
        const struct part *synonym = part->synonyms->pdata[i];
        if (synonym->span > 1 && synonym->found->len > 0)
            most = MAX(most, synonym->span);
    }
    return most;
}

void
lj_part_join(struct part *part)
{
    for (guint i = 0; part->children && i < part->children->len; i++)
        lj_part_join(part->children->pdata[i]);
    guint n = part->children ? part->children->len : 0;
    switch (part->kind) {
    case PART_ELEMENT:
        part->found = part->element->found;
        keep_title(part);
        lj_occurrence_sort(part->found);
        break;
    case PART_PHRASE:
    case PART_NEAR: {
        GArray **lists = g_new(GArray *, n + 1);
        bool given = false;
        for (guint i = 0; i < n; i++) {
            const struct part *child = part->children->pdata[i];
            lists[i] = child->found;
            given = given || child->kind == PART_GIVEN;
        }
        if (given)
            ; /* nothing of the text to join */
        else if (part->kind == PART_PHRASE)
            lj_occurrence_phrase(lists, part->gap, n, part->leaf, part->found);
        else
            lj_occurrence_near(lists, n, part->distance, part->ordered, part->leaf, part->found,
                               part->members);
        g_free(lists);
        keep_title(part);
        break;
    }
    case PART_OR:
    case PART_AND:
    case PART_LIST: /* where near operators look: anything of it */
        for (guint i = 0; i < n; i++) {
            const struct part *child = part->children->pdata[i];
            if (child->kind != PART_NOT && child->kind != PART_GIVEN && !child->minus)
                g_array_append_vals(part->found, child->found->data, child->found->len);
        }
        lj_occurrence_sort(part->found);
        break;
    case PART_NOT:
    case PART_GIVEN:
        break;
    }
    join_synonyms(part);
}
