#include "search/ranking.h"

#include <string.h>

static const struct lj_ranking chosen = {
    .k1 = 1.2,
    .b = 0.75,
    .k3 = 8,
    .stem = 1.0,
    .folded = 0.4,
    .title = 0.2,
    .stop = 0,
    .depth = 100,
    .phrase = 0.5,
    .pair = 0.1,
    .near = 0.4,
    .skip = 0.2,
};

static const struct {
    const char *name;
    size_t offset;
} names[] = {
    {"k1", offsetof(struct lj_ranking, k1)},         {"b", offsetof(struct lj_ranking, b)},
    {"k3", offsetof(struct lj_ranking, k3)},         {"stem", offsetof(struct lj_ranking, stem)},
    {"folded", offsetof(struct lj_ranking, folded)}, {"title", offsetof(struct lj_ranking, title)},
    {"stop", offsetof(struct lj_ranking, stop)},     {"depth", offsetof(struct lj_ranking, depth)},
    {"phrase", offsetof(struct lj_ranking, phrase)}, {"pair", offsetof(struct lj_ranking, pair)},
    {"near", offsetof(struct lj_ranking, near)},     {"skip", offsetof(struct lj_ranking, skip)},
};

/* "stem=1 folded=0": for measuring; unknown names are ignored. */
static void
apply(struct lj_ranking *ranking, const char *settings)
{
    char **words = g_strsplit_set(settings, " ,", -1);
    for (char **word = words; *word; word++) {
        char *equals = strchr(*word, '=');
        if (!equals)
            continue;
        *equals = 0;
        for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
            if (strcmp(*word, names[i].name) == 0)
                *(double *)(void *)((char *)ranking + names[i].offset) =
                    g_ascii_strtod(equals + 1, NULL);
    }
    g_strfreev(words);
}

const struct lj_ranking *
lj_ranking_default(void)
{
    static struct lj_ranking ranking;
    static gsize ready;
    if (g_once_init_enter(&ready)) {
        ranking = chosen;
        const char *settings = g_getenv("LEGAJO_RANKING");
        if (settings)
            apply(&ranking, settings);
        g_once_init_leave(&ready, 1);
    }
    return &ranking;
}
