#include "search/ranking.h"

#include <string.h>

static const struct lj_ranking chosen = {
    .k1 = 0.7,
    .b = 0.8,
    .k3 = 8,
    .min_normlen = 0.01, /* a short text is a short text: laws of one article among codes */
    .stem = 1.0,
    .akin = 0.7,
    .depth = 200,
    .folded = 0.5,
    .title = 0.1,
    .close = 20,
    .family = 0.8,
    .little = 0.6,
    .passage = 0.4,
    .wide = 0.4,
    .dense = 0.5,
    .pair = 0.5,
    .skip = 0.5,
    .run = 1.0,
    .chance = 0.2,
    .held = 0.25,
    .least = 0.2,
    .alike = 3.0,
};

/* clang-format off */
#define INGREDIENT(name) {#name, offsetof(struct lj_ranking, name)}
/* clang-format on */

static const struct {
    const char *name;
    size_t offset;
} names[] = {
    INGREDIENT(k1),      INGREDIENT(b),     INGREDIENT(k3),     INGREDIENT(min_normlen),
    INGREDIENT(stem),    INGREDIENT(akin),  INGREDIENT(depth),  INGREDIENT(folded),
    INGREDIENT(title),   INGREDIENT(close), INGREDIENT(family), INGREDIENT(little),
    INGREDIENT(passage), INGREDIENT(wide),  INGREDIENT(dense),  INGREDIENT(pair),
    INGREDIENT(skip),    INGREDIENT(run),   INGREDIENT(chance), INGREDIENT(held),
    INGREDIENT(least),   INGREDIENT(alike),
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
