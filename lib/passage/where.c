#include "legajo/passage.h"

/* The first mark beyond offset, by its number. */
static size_t
beyond(const GArray *marks, uint32_t offset)
{
    size_t low = 0, high = marks ? marks->len : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (g_array_index(marks, struct lj_mark, middle).start <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint32_t
lj_passage_next(const struct lj_document *document, uint32_t offset)
{
    const GArray *marks = document->marks;
    for (size_t i = beyond(marks, offset); marks && i < marks->len; i++) {
        const struct lj_mark *mark = &g_array_index(marks, struct lj_mark, i);
        if (mark->kind == LJ_MARK_SECTION || mark->kind == LJ_MARK_SPEAKER)
            return mark->start;
    }
    return G_MAXUINT32;
}

struct lj_where
lj_passage_where(const struct lj_document *document, uint32_t offset)
{
    struct lj_where where = {NULL, NULL, NULL, NULL};
    const GArray *marks = document->marks;
    size_t low = beyond(marks, offset);
    while (low > 0) {
        const struct lj_mark *mark = &g_array_index(marks, struct lj_mark, --low);
        const struct lj_mark **slot = NULL;
        switch (mark->kind) {
        case LJ_MARK_SECTION:
            slot = &where.section;
            break;
        case LJ_MARK_PAGE:
            slot = &where.page;
            break;
        case LJ_MARK_SPEAKER:
            slot = &where.speaker;
            break;
        case LJ_MARK_TIME:
            slot = &where.time;
            break;
        }
        if (slot && !*slot)
            *slot = mark;
        if (where.section && where.page && where.speaker && where.time)
            break;
    }
    return where;
}
