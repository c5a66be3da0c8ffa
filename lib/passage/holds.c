#include "passage/parts.h"

/* Three values: what Xapian has verified is neither known nor wrong. */
enum truth { NO, YES, OPEN };

static enum truth
truth_not(enum truth truth)
{
    return truth == OPEN ? OPEN : truth == YES ? NO : YES;
}

static enum truth
holds(const struct lj_matcher *matcher, const struct part *part, bool all)
{
    switch (part->kind) {
    case PART_GIVEN:
        return OPEN;
    case PART_ELEMENT:
    case PART_PHRASE:
        return part->found->len > 0 ? YES : NO;
    case PART_NEAR:
        for (guint i = 0; i < part->children->len; i++)
            if (((struct part *)part->children->pdata[i])->kind == PART_GIVEN)
                return OPEN;
        return part->found->len > 0 ? YES : NO;
    case PART_NOT:
        return part->children->len == 0 ? OPEN
                                        : truth_not(holds(matcher, part->children->pdata[0], all));
    case PART_AND:
    case PART_OR: {
        bool open = false;
        enum truth settles = part->kind == PART_AND ? NO : YES;
        for (guint i = 0; i < part->children->len; i++) {
            enum truth child = holds(matcher, part->children->pdata[i], all);
            if (child == settles)
                return settles;
            open = open || child == OPEN;
        }
        return open ? OPEN : settles == NO ? YES : NO;
    }
    case PART_LIST: {
        bool open = false, required = false, choice = false;
        enum truth chosen = NO;
        guint together = 0; /* children up to here are found by another way to say them */
        for (guint i = 0; i < part->children->len; i++) {
            const struct part *child = part->children->pdata[i];
            if (!lj_part_counts(matcher, child))
                continue;
            together = MAX(together, i + lj_part_together(child));
            enum truth truth = i < together ? YES : holds(matcher, child, all);
            if (child->minus)
                truth = truth_not(truth);
            bool word = child->kind != PART_NOT && child->kind != PART_GIVEN && !child->minus;
            if (all || child->plus || !word) { /* filters restrict whatever --match says */
                if (truth == NO)
                    return NO;
                open = open || truth == OPEN;
                required = required || child->plus;
            } else {
                choice = true;
                chosen = chosen == YES ? YES : truth == NO ? chosen : truth;
            }
        }
        if (choice && !required) {
            if (chosen == NO)
                return NO;
            open = open || chosen == OPEN;
        }
        return open ? OPEN : YES;
    }
    }
    return OPEN;
}

bool
lj_matcher_holds(struct lj_matcher *matcher, bool all)
{
    return !matcher->root || matcher->cut || holds(matcher, matcher->root, all) != NO;
}
