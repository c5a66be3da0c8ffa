#include "legajo/analysis.h"
#include "analysis/acronym.h"
#include "analysis/mention.h"
#include "analysis/segment.h"
#include "analysis/stem.h"
#include "analysis/unit.h"
#include "analysis/vocabulary.h"

#include <string.h>

/* What goes before the stemmer's version: changes whenever the same text gives other tokens. */
#define ANALYSIS "2 es "

/* Where mentions may begin. */
struct places {
    struct lj_mention_place *place; /* room for as many as there are segments */
    size_t n, allocated;
};

struct lj_analyser {
    struct lj_stemmer *stemmer;
    struct vocabulary *vocabulary;
    struct lj_segmenter *segmenter;
    struct lj_segments segments;
    struct places places;
    char *version;
};

struct lj_analyser *
lj_analyser_open(const char *lexicon, GError **error)
{
    struct lj_stemmer *stemmer = lj_stemmer_open(lexicon, error);
    if (!stemmer)
        return NULL;
    struct lj_analyser *analyser = g_new0(struct lj_analyser, 1);
    analyser->stemmer = stemmer;
    analyser->vocabulary = lj_vocabulary_new(stemmer);
    analyser->segmenter = lj_segmenter_new();
    analyser->version = g_strconcat(ANALYSIS, lj_stemmer_version(stemmer), NULL);
    return analyser;
}

void
lj_analyser_close(struct lj_analyser *analyser)
{
    if (!analyser)
        return;
    lj_vocabulary_free(analyser->vocabulary);
    lj_segmenter_free(analyser->segmenter);
    lj_segments_clear(&analyser->segments);
    g_free(analyser->places.place);
    lj_stemmer_close(analyser->stemmer);
    g_free(analyser->version);
    g_free(analyser);
}

const char *
lj_analyser_version(const struct lj_analyser *analyser)
{
    return analyser->version;
}

const char *
lj_analyser_builtin(void)
{
    static char *version;
    if (g_once_init_enter(&version))
        g_once_init_leave(&version, g_strconcat(ANALYSIS, lj_stemmer_builtin(), NULL));
    return version;
}

const void *
lj_analyser_lexicon(const struct lj_analyser *analyser, size_t *length)
{
    return lj_stemmer_lexicon(analyser->stemmer, length);
}

size_t
lj_analyser_words(const struct lj_analyser *analyser)
{
    return lj_vocabulary_size(analyser->vocabulary);
}

bool
lj_analyser_knows(const struct lj_analyser *analyser, const char *folded)
{
    return lj_stemmer_knows(analyser->stemmer, folded, strlen(folded));
}

bool
lj_analyser_trim(struct lj_analyser *analyser, size_t limit)
{
    if (lj_vocabulary_size(analyser->vocabulary) <= limit)
        return false;
    lj_vocabulary_clear(analyser->vocabulary);
    return true;
}

struct lj_tokens *
lj_tokens_new(void)
{
    return g_new0(struct lj_tokens, 1);
}

void
lj_tokens_free(struct lj_tokens *tokens)
{
    if (!tokens)
        return;
    g_free(tokens->token);
    g_free(tokens->mention);
    if (tokens->strings)
        g_string_chunk_free(tokens->strings);
    g_free(tokens);
}

const char *
lj_token_kind_name(enum lj_token_kind kind)
{
    static const char *const names[] = {
        [LJ_TOKEN_WORD] = "word",         [LJ_TOKEN_NUMBER] = "number",
        [LJ_TOKEN_ORDINAL] = "ordinal",   [LJ_TOKEN_ACRONYM] = "acronym",
        [LJ_TOKEN_COMPOUND] = "compound", [LJ_TOKEN_EMAIL] = "email",
        [LJ_TOKEN_URL] = "url",           [LJ_TOKEN_HANDLE] = "handle",
        [LJ_TOKEN_TAG] = "tag",
    };
    return names[kind];
}

/* Segments whose keys are worked out before their turn: as many as memory takes to answer. */
#define AHEAD 32

/* --- tokens --------------------------------------------------------------------------------------
 */

/* A text being read. */
struct reading_of {
    struct lj_analyser *analyser;
    const char *text;
    struct lj_tokens *tokens;
    uint32_t position; /* of the next word */
};

/* Room for n more tokens. */
static void
make_room(struct lj_tokens *tokens, size_t n)
{
    if (tokens->allocated - tokens->n >= n)
        return;
    tokens->allocated = MAX(256, 2 * tokens->allocated + n);
    tokens->token = g_renew(struct lj_token, tokens->token, tokens->allocated);
}

static void
add(struct lj_tokens *tokens, uint32_t start, uint32_t end, uint32_t position,
    enum lj_token_kind kind, bool part, const struct lj_word *word)
{
    make_room(tokens, 1);
    tokens->token[tokens->n++] =
        (struct lj_token){start, end, position, (uint16_t)kind, part, word};
}

/* 21.01.2026: the figures between the marks, each at a position of its own. */
static void
add_list(struct reading_of *r, uint32_t start, uint32_t end, uint32_t position, bool part)
{
    for (uint32_t i = start; i < end;) {
        uint32_t from = i;
        while (i < end && g_ascii_isdigit(r->text[i]))
            i++;
        if (i > from) {
            const struct spelling *s =
                lj_vocabulary_find(r->analyser->vocabulary, READ_WORD, r->text + from, i - from);
            if (s->word)
                add(r->tokens, from, i, position++, s->kind, part, s->word);
            else
                r->tokens->overlong += s->overlong, position++;
        } else {
            i++;
        }
    }
    r->position = MAX(r->position, position);
}

/* Adds bytes [start, end) read in some way; part: as a further reading of another token's. Says what
 * it is: its word is NULL where it is none. */
static const struct spelling *
add_reading(struct reading_of *r, uint32_t start, uint32_t end, enum reading reading,
            uint32_t position, bool part)
{
    const struct spelling *s =
        lj_vocabulary_find(r->analyser->vocabulary, reading, r->text + start, end - start);
    if (!s->word) {
        r->tokens->overlong += s->overlong;
        if (s->overlong && !part)
            r->position = MAX(r->position, position + 1);
        return s;
    }
    add(r->tokens, start, end, position, s->kind, part || s->list, s->word);
    if (s->second)
        add(r->tokens, start, end, position, s->kind, true, s->second);
    if (s->list)
        add_list(r, start, end, position, part);
    else if (!part)
        r->position = MAX(r->position, position + 1);
    return s;
}

/* The tokens of one unit. */
static void
add_unit(struct reading_of *r, const struct unit *unit, const struct lj_segment *segment)
{
    uint32_t position = r->position;
    switch (unit->shape) {
    case UNIT_NONE:
    case UNIT_WHOLE:
        add_reading(r, unit->start, unit->end, unit->reading, position, false);
        break;
    case UNIT_OVER: /* the segments say the text, the unit says it again */
        add_reading(r, unit->start, unit->end, unit->reading, position, true);
        for (size_t k = 0; k < unit->segments; k++)
            add_reading(r, segment[k].start, segment[k].end, READ_WORD, r->position, false);
        break;
    case UNIT_NAMED: /* the other way round */
        add_reading(r, unit->start, unit->end, unit->reading, position, false);
        for (size_t k = 0; k < unit->segments; k++)
            if (add_reading(r, segment[k].start, segment[k].end, READ_WORD, position, true)->word)
                r->position = position = MAX(r->position, position + 1);
        break;
    case UNIT_JOINED:
        add_reading(r, unit->start, unit->end, unit->reading, position, false);
        for (size_t k = 0; k < unit->segments; k++)
            add_reading(r, segment[k].start, segment[k].end, READ_WORD, position, true);
        break;
    }
}

/* Takes a mention that was found into the tokens. */
static void
add_mention(void *data, enum lj_mention_kind kind, size_t start, size_t end, const char *term,
            size_t length)
{
    struct lj_tokens *tokens = data;
    if (!tokens->strings)
        tokens->strings = g_string_chunk_new(4096);
    if (tokens->n_mentions == tokens->mentions_allocated) {
        tokens->mentions_allocated =
            tokens->mentions_allocated ? tokens->mentions_allocated * 2 : 64;
        tokens->mention = g_renew(struct lj_mention, tokens->mention, tokens->mentions_allocated);
    }
    tokens->mention[tokens->n_mentions++] =
        (struct lj_mention){(uint32_t)start, (uint32_t)end, (uint16_t)kind,
                            g_string_chunk_insert_len(tokens->strings, term, (gssize)length)};
}

static void
add_acronym(void *data, size_t start, size_t end, const char *pair, size_t length)
{
    add_mention(data, LJ_MENTION_ACRONYM, start, end, pair, length);
}

static void
clear_places(struct places *places, size_t segments)
{
    places->n = 0;
    if (segments <= places->allocated)
        return;
    g_free(places->place);
    places->allocated = segments + segments / 2;
    places->place = g_new(struct lj_mention_place, places->allocated);
}

static void
note(struct places *places, const struct lj_segment *segment, unsigned hint)
{
    if (hint & LJ_MENTION_HINTS)
        places->place[places->n++] = (struct lj_mention_place){segment->start, segment->end, hint};
}

/* A segment that is no known, plain word or may begin a unit. Returns how many segments were used. */
static size_t
add_with_care(struct reading_of *r, size_t length, size_t i, struct places *places)
{
    const struct lj_segments *segments = &r->analyser->segments;
    const struct lj_segment *segment = &segments->segment[i];
    uint32_t start = segment->start, end = segment->end;
    if (lj_unit_possible(r->text, length, start, end) ||
        lj_unit_alone(r->text + start, end - start)) {
        struct unit unit = lj_unit_at(r->text, length, segments, i);
        if (unit.shape != UNIT_NONE) {
            add_unit(r, &unit, segment);
            for (size_t k = 0; k < unit.segments; k++)
                note(places, &segment[k], LJ_MENTION_OPENS | LJ_MENTION_WITHIN);
            return unit.segments;
        }
    }
    note(places, segment, add_reading(r, start, end, READ_WORD, r->position, false)->hint);
    return 1;
}

/* The tokens of the first segments that are known, plain words, of n whose keys are known; there is room
 * for them. Returns how many they are. */
static size_t
add_known(struct reading_of *r, size_t length, const struct lj_segment *segment,
          const struct spelling_key *key, size_t n, struct places *places)
{
    const char *text = r->text;
    const struct vocabulary *vocabulary = r->analyser->vocabulary;
    const struct spelling_table table = *lj_vocabulary_table(vocabulary);
    struct lj_token *token = r->tokens->token + r->tokens->n;
    struct lj_mention_place *place = places->place + places->n;
    size_t k = 0;
    for (; k < n; k++) {
        uint32_t start = segment[k].start, end = segment[k].end;
        const struct spelling_slot *slot = lj_spelling_known(&table, &key[k]);
        if (!slot || (slot->hint & LJ_HINT_UNIT) || lj_unit_possible(text, length, start, end) ||
            (end - start > 16 && !lj_spelling_is(vocabulary, slot, text + start)))
            break;
        token[k] =
            (struct lj_token){start, end, r->position + (uint32_t)k, slot->kind, false, slot->word};
        *place = (struct lj_mention_place){start, end, slot->hint};
        place += slot->hint != 0; /* mostly it is: written without asking */
    }
    r->tokens->n += k;
    r->position += (uint32_t)k;
    places->n = (size_t)(place - places->place);
    return k;
}

/* Makes the tokens, and notes where mentions may begin. The segments are gone through twice, some at a
 * time: for their keys first, so that memory has answered when their words are asked for. */
static void
find_tokens(struct reading_of *r, size_t length, struct places *places)
{
    const char *text = r->text;
    struct lj_tokens *tokens = r->tokens;
    const struct spelling_table *table = lj_vocabulary_table(r->analyser->vocabulary);
    const struct lj_segments *segments = &r->analyser->segments;
    struct spelling_key key[AHEAD];
    for (size_t i = 0; i < segments->n;) {
        const struct lj_segment *segment = &segments->segment[i];
        size_t n = MIN(AHEAD, segments->n - i), k = 0;
        for (; k < n; k++) {
            uint32_t start = segment[k].start, bytes = segment[k].end - start;
            if (length - start < 8 || bytes > LJ_SPELLING_LIMIT) {
                key[k] = lj_spelling_no_key; /* its turn comes with care */
                continue;
            }
            key[k] = lj_spelling_key(text + start, bytes);
            __builtin_prefetch(lj_spelling_place(table, &key[k]));
        }
        for (k = 0; k < n;) {
            make_room(tokens, n - k);
            k += add_known(r, length, segment + k, key + k, n - k, places);
            if (k < n)
                k += add_with_care(r, length, i + k, places);
        }
        i += k;
    }
    tokens->positions = r->position;
}

void
lj_analyse(struct lj_analyser *analyser, const char *text, size_t length,
           enum lj_analysis_mode mode, struct lj_tokens *tokens)
{
    g_assert(length <= G_MAXUINT32);
    tokens->n = tokens->n_mentions = 0;
    tokens->overlong = 0;
    if (tokens->strings)
        g_string_chunk_clear(tokens->strings);
    lj_segment(analyser->segmenter, text, length, &analyser->segments);
    struct reading_of r = {analyser, text, tokens, 0};
    struct places *places = &analyser->places;
    clear_places(places, analyser->segments.n);
    find_tokens(&r, length, places);
    if (mode != LJ_ANALYSE_WORDS)
        lj_mentions_among(text, length, places->place, places->n, add_mention, tokens);
    if (mode == LJ_ANALYSE_DOCUMENT) /* a question explains no acronym */
        lj_acronyms_find(text, length, tokens, add_acronym, tokens);
}

const struct lj_word *
lj_analyser_word(struct lj_analyser *analyser, const char *form, gssize length)
{
    size_t n = length < 0 ? strlen(form) : (size_t)length;
    struct lj_tokens tokens = {0};
    lj_analyse(analyser, form, n, LJ_ANALYSE_WORDS, &tokens);
    const struct lj_word *word = NULL;
    for (size_t i = 0; i < tokens.n && !word; i++)
        if (!tokens.token[i].part)
            word = tokens.token[i].word;
    g_free(tokens.token);
    return word;
}
