#include "index/inverter.h"
#include "schema/large.h"

#include <string.h>

void
lj_inverter_begin_vocabulary(struct lj_inverter *inverter)
{
    inverter->known_size = 4096;
    inverter->known = lj_large_new(inverter->known_size * sizeof *inverter->known);
    inverter->out.vocabulary++;
    inverter->strings = g_string_chunk_new(65536);
    inverter->n_terms = 0;
}

void
lj_inverter_end_vocabulary(struct lj_inverter *inverter)
{
    lj_large_free(inverter->known, inverter->known_size * sizeof *inverter->known);
    lj_large_free(inverter->terms, inverter->terms_allocated * sizeof *inverter->terms);
    lj_large_free(inverter->places, inverter->n_words * sizeof *inverter->places);
    lj_large_free(inverter->words, inverter->n_words * sizeof *inverter->words);
    inverter->terms = NULL;
    inverter->places = NULL;
    inverter->words = NULL;
    inverter->terms_allocated = inverter->n_words = 0;
    g_string_chunk_free(inverter->strings);
}

static uint32_t
hash_of(const char *bytes, size_t length)
{
    uint64_t h = 0x9e3779b97f4a7c15u ^ length, word;
    for (; length > 8; bytes += 8, length -= 8) {
        memcpy(&word, bytes, 8);
        h = (h ^ word) * 0xff51afd7ed558ccdu;
        h ^= h >> 32;
    }
    word = 0;
    memcpy(&word, bytes, length);
    h = (h ^ word) * 0xff51afd7ed558ccdu;
    return (uint32_t)(h >> 32);
}

static void
grow_known(struct lj_inverter *inverter)
{
    lj_large_free(inverter->known, inverter->known_size * sizeof *inverter->known);
    inverter->known_size *= 2;
    inverter->known = lj_large_new(inverter->known_size * sizeof *inverter->known);
    for (uint32_t i = 0; i < inverter->n_terms; i++) {
        size_t at = inverter->terms[i].hash & (inverter->known_size - 1);
        while (inverter->known[at].number)
            at = (at + 1) & (inverter->known_size - 1);
        inverter->known[at] = (struct known){inverter->terms[i].hash, i + 1};
    }
}

static uint32_t
new_term(struct lj_inverter *inverter, const char *name, size_t length, uint32_t hash)
{
    if (inverter->n_terms == inverter->terms_allocated) {
        size_t room = MAX(1024, 2 * inverter->terms_allocated), size = sizeof *inverter->terms;
        inverter->terms =
            lj_large_grow(inverter->terms, inverter->terms_allocated * size, room * size);
        inverter->terms_allocated = room;
    }
    uint32_t number = (uint32_t)inverter->n_terms++;
    inverter->terms[number] = (struct term){
        .name = g_string_chunk_insert_len(inverter->strings, name, (gssize)length),
        .length = (uint32_t)length,
        .hash = hash};
    return number;
}

#define NAME_USUAL 256

void
lj_inverter_expect(const struct lj_inverter *inverter, const char *prefix, const char *rest,
                   size_t length)
{
    char name[NAME_USUAL];
    size_t n = strlen(prefix);
    if (n + length > sizeof name)
        return;
    memcpy(name, prefix, n);
    memcpy(name + n, rest, length);
    __builtin_prefetch(
        &inverter->known[hash_of(name, n + length) & (inverter->known_size - 1)]);
}

uint32_t
lj_inverter_term(struct lj_inverter *inverter, const char *prefix, const char *rest, size_t length)
{
    char fixed[NAME_USUAL];
    size_t n = strlen(prefix), all = n + length;
    char *name = all <= sizeof fixed ? fixed : g_malloc(all);
    memcpy(name, prefix, n);
    memcpy(name + n, rest, length);
    uint32_t hash = hash_of(name, all);
    size_t mask = inverter->known_size - 1, at = hash & mask;
    for (; inverter->known[at].number; at = (at + 1) & mask) {
        if (inverter->known[at].hash != hash)
            continue;
        const struct term *term = &inverter->terms[inverter->known[at].number - 1];
        if (term->length == all && memcmp(term->name, name, all) == 0)
            break;
    }
    if (!inverter->known[at].number)
        inverter->known[at] = (struct known){hash, new_term(inverter, name, all, hash) + 1};
    uint32_t number = inverter->known[at].number - 1;
    if (inverter->n_terms > inverter->known_size / 2)
        grow_known(inverter);
    if (name != fixed)
        g_free(name);
    return number;
}

void
lj_inverter_more_touched(struct lj_inverter *inverter)
{
    inverter->touched_allocated = MAX(1024, 2 * inverter->touched_allocated);
    inverter->touched = g_renew(uint32_t, inverter->touched, inverter->touched_allocated);
}

void
lj_inverter_boolean(struct lj_inverter *inverter, const char *prefix, const char *value)
{
    if (!*value)
        return;
    if (strlen(prefix) + strlen(value) <= 200) {
        lj_inverter_touch(inverter, lj_inverter_term(inverter, prefix, value, strlen(value)));
        return;
    }
    GString *bounded = g_string_new(NULL);
    lj_term_bounded(prefix, value, bounded);
    lj_inverter_touch(inverter, lj_inverter_term(inverter, "", bounded->str, bounded->len));
    g_string_free(bounded, TRUE);
}

void
lj_inverter_single(struct lj_inverter *inverter, const char *prefix, const char *value)
{
    GString *bounded = NULL;
    if (!*value)
        return;
    if (strlen(prefix) + strlen(value) > 200) {
        bounded = g_string_new(NULL);
        lj_term_bounded(prefix, value, bounded);
        prefix = "";
        value = bounded->str;
    }
    lj_inverter_add_piece(inverter, &inverter->singles, 0, prefix, strlen(prefix), value,
                          strlen(value));
    if (bounded)
        g_string_free(bounded, TRUE);
}
