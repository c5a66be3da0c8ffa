#include "analysis/derivation.h"

#include <string.h>

/* Letters that both have: "ele" of elección and elegir; not "na" of nación and nar. */
#define LEAST 3

/* Endings of stems: of what a verb's action is called, or of what belongs to it, and of the verb. */
static const struct {
    const char *name, *verb;
} pairs[] = {
    {"acion", "ar"},         /* autorización */
    {"icion", "ir"},         /* definición */
    {"ucion", "uir"},        /* sustitución */
    {"ucion", "utar"},       /* ejecución */
    {"olucion", "olver"},    /* devolución */
    {"osicion", "oner"},     /* disposición */
    {"quisicion", "quirir"}, /* adquisición */
    {"radicion", "raditar"}, /* extradición */
    {"ruccion", "ruir"},     /* construcción */
    {"duccion", "ducir"},    /* reducción */
    {"teccion", "teger"},    /* protección */
    {"leccion", "legir"},    /* elección */
    {"reccion", "regir"},    /* corrección */
    {"daccion", "dactar"},   /* redacción */
    {"traccion", "traer"},   /* sustracción */
    {"encion", "enir"},      /* prevención */
    {"encion", "ener"},      /* detención */
    {"incion", "inguir"},    /* extinción */
    {"ripcion", "ribir"},    /* inscripción */
    {"mocion", "mover"},     /* remoción */
    {"ension", "ender"},     /* suspensión */
    {"cesion", "ceder"},     /* concesión */
    {"presion", "primir"},   /* supresión */
    {"presion", "presar"},   /* expresión */
    {"ision", "idir"},       /* división */
    {"ision", "itir"},       /* emisión */
    {"vision", "visar"},     /* revisión */
    {"lusion", "luir"},      /* inclusión */
    {"fusion", "fundir"},    /* difusión */
    {"version", "vertir"},   /* inversión */
    {"ulsion", "ulsar"},     /* expulsión */
    {"amiento", "ar"},       /* nombramiento */
    {"imiento", "er"},       /* establecimiento */
    {"imiento", "ir"},       /* cumplimiento */
    {"atori", "ar"},         /* jubilatoria, by rules: its stem ends so */
    {"atori", "acion"},
};

/* With the ending `from` taken off and `to` put on; NULL where it has another, or shares too little. */
static char *
exchange(const char *stem, const char *from, const char *to)
{
    if (!g_str_has_suffix(stem, from))
        return NULL;
    size_t shared = strlen(stem) - strlen(from);
    char *made = g_strdup_printf("%.*s%s", (int)shared, stem, to);
    while (stem[shared] && stem[shared] == made[shared])
        shared++;
    if (shared < LEAST)
        g_clear_pointer(&made, g_free);
    return made;
}

void
lj_derivation_candidates(const char *stem, GPtrArray *out)
{
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
        char *made[] = {exchange(stem, pairs[i].name, pairs[i].verb),
                        exchange(stem, pairs[i].verb, pairs[i].name)};
        for (size_t way = 0; way < G_N_ELEMENTS(made); way++)
            if (made[way])
                g_ptr_array_add(out, made[way]);
    }
}
