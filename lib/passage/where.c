#include "legajo/passage.h"

struct lj_where
lj_passage_where(const struct lj_document *document, uint32_t offset)
{
    struct lj_where where = {NULL, NULL, NULL, NULL};
    const GArray *marks = document->marks;
    size_t low = 0, high = marks ? marks->len : 0;
    while (low < high) { /* the first mark beyond offset */
        size_t middle = low + (high - low) / 2;
        if (g_array_index(marks, struct lj_mark, middle).start <= offset)
            low = middle + 1;
        else
            high = middle;
    }
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
