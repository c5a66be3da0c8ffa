#include "index/inverter.h"
#include "index/metadata.h"
#include "schema/large.h"

#include <string.h>

/* Words, and terms, that an inverter remembers before it begins afresh: at most, and a share of memory. */
#define WORDS_MOST 2000000
#define WORDS_LEAST 50000
#define WORD_BYTES 512 /* that a word and what hangs on it take, about */
#define TERM_BYTES 128

struct lj_inverter *
lj_inverter_new(struct lj_analyser *analyser)
{
    struct lj_inverter *inverter = g_new0(struct lj_inverter, 1);
    inverter->analyser = analyser;
    inverter->tokens = lj_tokens_new();
    inverter->doubles = g_array_new(FALSE, FALSE, sizeof(struct doubled));
    inverter->postings = g_array_new(FALSE, FALSE, sizeof(struct xap_posting));
    inverter->numbers = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    inverter->values = g_array_new(FALSE, FALSE, sizeof(struct xap_value));
    inverter->file_terms = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    inverter->field_values = g_ptr_array_new();
    inverter->norm_terms = g_ptr_array_new_with_free_func(g_free);
    inverter->joined = g_string_new(NULL);
    inverter->frames = g_array_new(FALSE, FALSE, sizeof(struct lj_frame));
    inverter->data = g_byte_array_new();
    inverter->batch = 1;
    inverter->most_words = WORDS_MOST;
    inverter->forms = g_array_new(FALSE, FALSE, sizeof(struct form));
    inverter->kept_forms = g_string_chunk_new(4096);
    inverter->acronyms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    inverter->out.frames = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    lj_inverter_begin_vocabulary(inverter);
    return inverter;
}

void
lj_inverter_free(struct lj_inverter *inverter)
{
    if (!inverter)
        return;
    lj_inverter_end_vocabulary(inverter);
    lj_tokens_free(inverter->tokens);
    GArray *arrays[] = {inverter->forms,  inverter->postings, inverter->values,
                        inverter->frames, inverter->numbers,  inverter->doubles,
                        inverter->file_terms};
    for (size_t i = 0; i < G_N_ELEMENTS(arrays); i++)
        g_array_unref(arrays[i]);
    g_free(inverter->here);
    g_free(inverter->events.event);
    g_free(inverter->headings.event);
    g_free(inverter->direct.event);
    g_free(inverter->positions);
    g_free(inverter->bytes);
    g_free(inverter->pieces.piece);
    g_free(inverter->singles.piece);
    g_ptr_array_unref(inverter->field_values);
    g_ptr_array_unref(inverter->norm_terms);
    g_string_free(inverter->joined, TRUE);
    g_byte_array_unref(inverter->data);
    g_free(inverter->touched);
    g_free(inverter->file_source);
    g_free(inverter->file_path);
    g_free(inverter->file_ext);
    g_string_chunk_free(inverter->kept_forms);
    g_hash_table_unref(inverter->acronyms);
    g_ptr_array_unref(inverter->out.frames);
    g_free(inverter);
}

/* --- terms -------------------------------------------------------------------------------------
 */

static void
reserve_events(struct events *events, size_t n)
{
    if (G_LIKELY(events->allocated - events->n >= n))
        return;
    events->allocated = MAX(1024, 2 * events->allocated + n);
    events->event = g_renew(struct event, events->event, events->allocated);
}

/* There is room for it. */
static inline void
add_event(struct events *events, uint32_t of, uint32_t position)
{
    events->event[events->n++] = (struct event){of, position};
}

/* A term that no word brings, at a position. */
static void
count_position(struct lj_inverter *inverter, uint32_t number, uint32_t position)
{
    lj_inverter_touch(inverter, number)->wdf++;
    reserve_events(&inverter->direct, 1);
    add_event(&inverter->direct, number, position);
}

static uint32_t
remembered(uint32_t *place, struct lj_inverter *inverter, const char *prefix, const char *rest,
           size_t length)
{
    if (!*place)
        *place = lj_inverter_term(inverter, prefix, rest, length) + 1;
    return *place - 1;
}

/* Function words tell little about a text, and a wrong line end or banner brings them too. */
static void
make_hash(struct word_place *place, const struct lj_word *word)
{
    place->hash =
        word->stop ? LJ_INVERTER_STOP : lj_fingerprint_word(word->folded, word->folded_length);
}

/* One token; in a heading it counts there as well. There is room for it. Whether the document has its word
 * already nobody can foresee, so nothing branches on it. Returns the word's hash. */
static inline uint64_t
add_token(struct lj_inverter *inverter, const struct lj_word *word, uint32_t position, bool heading)
{
    struct word_place *place = &inverter->places[lj_word_id(word)];
    uint32_t known = -(uint32_t)(place->document == inverter->document);
    uint32_t next = (uint32_t)inverter->n_here;
    uint32_t which = (place->here & known) | (next & ~known);
    inverter->n_here += 1 + known;
    place->document = inverter->document;
    place->here = which;
    struct here *here = &inverter->here[which];
    here->word = word;
    here->n = (here->n & known) + 1;
    here->n_headings = (here->n_headings & known) + heading;
    add_event(&inverter->events, which, position);
    if (heading)
        add_event(&inverter->headings, which, position);
    if (G_UNLIKELY(!place->hash))
        make_hash(place, word);
    return place->hash;
}

/* Memory takes its time to answer where a vocabulary is large: asks for what a token ahead needs. */
#define AHEAD 16
static inline void
look_ahead(const struct lj_inverter *inverter, const struct lj_tokens *tokens, size_t i)
{
    if (i + AHEAD < tokens->n)
        __builtin_prefetch(&inverter->places[lj_word_id(tokens->token[i + AHEAD].word)], 1);
}

/* Analyses and makes room in the arrays by word, and for as many tokens as there are. */
static void
analyse(struct lj_inverter *inverter, const char *text, size_t length, enum lj_analysis_mode mode)
{
    lj_analyse(inverter->analyser, text, length, mode, inverter->tokens);
    size_t n = lj_analyser_words(inverter->analyser);
    if (inverter->n_words < n) {
        size_t room = n + n / 2 + 256;
        inverter->places =
            lj_large_grow(inverter->places, inverter->n_words * sizeof *inverter->places,
                          room * sizeof *inverter->places);
        inverter->words =
            lj_large_grow(inverter->words, inverter->n_words * sizeof *inverter->words,
                          room * sizeof *inverter->words);
        inverter->n_words = room;
    }
    n = inverter->tokens->n;
    reserve_events(&inverter->events, n);
    reserve_events(&inverter->headings, n);
    if (inverter->here_allocated < inverter->n_here + n + 1) {
        size_t before = inverter->here_allocated;
        inverter->here_allocated = MAX(256, 2 * before + n);
        inverter->here = g_renew(struct here, inverter->here, inverter->here_allocated);
        memset(inverter->here + before, 0,
               (inverter->here_allocated - before) * sizeof *inverter->here);
    }
}

/* --- the parts of a document -------------------------------------------------------------------
 */

void
lj_inverter_name_words(struct lj_inverter *inverter, const char *prefix, const char *value, uint32_t *base)
{
    struct lj_tokens *tokens = inverter->tokens;
    analyse(inverter, value, strlen(value), LJ_ANALYSE_WORDS);
    for (size_t i = 0; i < tokens->n; i++) {
        const struct lj_word *word = tokens->token[i].word;
        uint32_t number = lj_inverter_term(inverter, prefix, word->folded, word->folded_length);
        count_position(inverter, number, *base + tokens->token[i].position);
    }
    *base += tokens->positions + LJ_INVERTER_GAP;
}

/* Citations, mentioned dates and acronyms that the analyser found. */
static void
add_mentions(struct lj_inverter *inverter)
{
    struct lj_tokens *tokens = inverter->tokens;
    for (size_t i = 0; i < tokens->n_mentions; i++) {
        const struct lj_mention *mention = &tokens->mention[i];
        if (mention->kind == LJ_MENTION_CITATION)
            lj_inverter_expect(inverter, "XR", mention->term, strlen(mention->term));
    }
    for (size_t i = 0; i < tokens->n_mentions; i++) {
        const struct lj_mention *mention = &tokens->mention[i];
        switch (mention->kind) {
        case LJ_MENTION_CITATION:
            lj_inverter_boolean(inverter, "XR", mention->term);
            break;
        case LJ_MENTION_DATE:
            for (size_t n = 4; n <= 8 && n <= strlen(mention->term); n += 2) {
                char part[9];
                g_strlcpy(part, mention->term, n + 1);
                lj_inverter_boolean(inverter, "XM", part);
            }
            break;
        case LJ_MENTION_ACRONYM:
            lj_inverter_note_acronym(inverter, mention->term);
            break;
        }
    }
}

/* The title; returns the first position after it and its gap. */
static uint32_t
add_title(struct lj_inverter *inverter, const char *title)
{
    if (!title)
        return 1 + LJ_INVERTER_GAP;
    struct lj_tokens *tokens = inverter->tokens;
    analyse(inverter, title, strlen(title), LJ_ANALYSE_DOCUMENT);
    for (size_t i = 0; i < tokens->n; i++) {
        look_ahead(inverter, tokens, i);
        add_token(inverter, tokens->token[i].word, 1 + tokens->token[i].position, true);
    }
    add_mentions(inverter);
    return 1 + tokens->positions + LJ_INVERTER_GAP;
}

/* Token i stands where the one before does: does an earlier reading of that place share its stem? */
static void
note_double(struct lj_inverter *inverter, const struct lj_tokens *tokens, size_t i)
{
    const struct lj_word *word = tokens->token[i].word;
    for (size_t j = i; j-- > 0 && tokens->token[j].position == tokens->token[i].position;) {
        const struct lj_word *other = tokens->token[j].word;
        if (strcmp(word->stem, other->stem) != 0)
            continue;
        struct doubled doubled = {word, !other->stop, strcmp(word->folded, other->folded) == 0,
                                  strcmp(word->form, other->form) == 0};
        g_array_append_val(inverter->doubles, doubled);
        return;
    }
}

/* The text, frame by frame; returns the number of words. */
static uint32_t
add_text(struct lj_inverter *inverter, const struct lj_document *document, uint32_t base)
{
    struct lj_tokens *tokens = inverter->tokens;
    const struct lj_mark *marks = (const struct lj_mark *)(void *)document->marks->data;
    size_t mark = 0, n_marks = document->marks->len;
    uint32_t words = 0, heading_end = 0;
    for (size_t offset = 0; offset < document->text->len;) {
        const char *text = document->text->str + offset;
        size_t size = lj_frame_cut(text, document->text->len - offset);
        analyse(inverter, text, size, LJ_ANALYSE_DOCUMENT);
        struct lj_frame frame = {.offset = (uint32_t)offset,
                                 .bytes = (uint32_t)size,
                                 .first_position = base};
        for (size_t i = 0; i < tokens->n; i++) {
            const struct lj_token *token = &tokens->token[i];
            look_ahead(inverter, tokens, i);
            size_t start = offset + token->start;
            for (; mark < n_marks && marks[mark].start <= start; mark++) {
                if (marks[mark].kind == LJ_MARK_SECTION) {
                    base += LJ_INVERTER_GAP;
                    heading_end = marks[mark].end;
                }
            }
            if (i == 0)
                frame.first_position = base + token->position;
            uint64_t hash =
                add_token(inverter, token->word, base + token->position, start < heading_end);
            frame.tokens += !token->part;
            if (G_UNLIKELY(i > 0 && tokens->token[i - 1].position == token->position))
                note_double(inverter, tokens, i);
            if (!token->part && hash != LJ_INVERTER_STOP)
                lj_fingerprint_add(&inverter->fingerprint, hash);
        }
        add_mentions(inverter);
        words += frame.tokens;
        inverter->out.overlong += tokens->overlong;
        base += tokens->positions;
        g_array_append_val(inverter->frames, frame);
        offset += size;
    }
    return words;
}

/* --- putting it together -----------------------------------------------------------------------
 */

/* Room for n more positions; all that stood there before may move. */
static void
reserve_positions(struct lj_inverter *inverter, size_t n)
{
    if (inverter->n_positions + n <= inverter->positions_allocated)
        return;
    inverter->positions_allocated = inverter->n_positions + n + inverter->positions_allocated / 2;
    inverter->positions = g_renew(uint32_t, inverter->positions, inverter->positions_allocated);
}

/* Deals events to their words. Two readings of one token may be the same word: one position
 * serves both. */
static void
lay_out_words(struct lj_inverter *inverter, const struct events *events, bool headings)
{
    reserve_positions(inverter, events->n);
    uint32_t at = (uint32_t)inverter->n_positions;
    for (size_t i = 0; i < inverter->n_here; i++) {
        struct here *here = &inverter->here[i];
        *(headings ? &here->at_headings : &here->at) = at;
        *(headings ? &here->kept_headings : &here->kept) = 0;
        at += headings ? here->n_headings : here->n;
    }
    inverter->n_positions = at;
    for (size_t i = 0; i < events->n; i++) {
        const struct event *event = &events->event[i];
        struct here *here = &inverter->here[event->of];
        uint32_t *kept = headings ? &here->kept_headings : &here->kept;
        uint32_t *place = inverter->positions + (headings ? here->at_headings : here->at) + *kept;
        if (*kept > 0 && place[-1] >= event->position)
            continue;
        *place = event->position;
        ++*kept;
    }
}

/* Adds positions to a term's: those of a word, or united with what other words with the same
 * folded form brought (mas, más). */
static void
add_positions(struct lj_inverter *inverter, struct term *term, uint32_t at, uint32_t n)
{
    if (term->n == 0) {
        term->at = at;
        term->n = n;
        return;
    }
    reserve_positions(inverter, term->n + n);
    const uint32_t *a = inverter->positions + term->at, *end_a = a + term->n;
    const uint32_t *b = inverter->positions + at, *end_b = b + n;
    uint32_t *start = inverter->positions + inverter->n_positions, *out = start;
    while (a < end_a || b < end_b) {
        uint32_t next = b == end_b || (a < end_a && *a <= *b) ? *a : *b;
        a += a < end_a && *a == next;
        b += b < end_b && *b == next;
        *out++ = next;
    }
    term->at = (uint32_t)inverter->n_positions;
    term->n = (uint32_t)(out - start);
    inverter->n_positions += term->n;
}

static void
add_layer(struct lj_inverter *inverter, uint32_t number, uint32_t wdf, uint32_t at, uint32_t n)
{
    struct term *term = lj_inverter_touch(inverter, number);
    term->wdf += wdf;
    add_positions(inverter, term, at, n);
}

/* Asks for the terms of a word ahead, and for what stands about them, of one nearer by. */
static inline void
look_ahead_at_terms(const struct lj_inverter *inverter, size_t i)
{
    if (i + 2 * AHEAD < inverter->n_here) {
        const struct lj_word *word = inverter->here[i + 2 * AHEAD].word;
        __builtin_prefetch(word);
        __builtin_prefetch(&inverter->words[lj_word_id(word)]);
    }
    if (i + AHEAD < inverter->n_here) {
        const struct lj_word *word = inverter->here[i + AHEAD].word;
        const struct word_terms *terms = &inverter->words[lj_word_id(word)];
        if (G_UNLIKELY(!terms->folded)) { /* a new word */
            lj_inverter_expect(inverter, "", word->folded, word->folded_length);
            lj_inverter_expect(inverter, "Z", word->stem, word->stem_length);
            return;
        }
        __builtin_prefetch(&inverter->terms[MAX(terms->folded, 1) - 1], 1);
        __builtin_prefetch(&inverter->terms[MAX(terms->stem, 1) - 1], 1);
        if (terms->exact)
            __builtin_prefetch(&inverter->terms[terms->exact - 1], 1);
    }
}

/* The words of the document → their terms, in all layers. Stop words have no stem layer: nothing
 * asks for it. */
static void
hand_on(struct lj_inverter *inverter)
{
    for (size_t i = 0; i < inverter->n_here; i++) {
        look_ahead_at_terms(inverter, i);
        const struct here here = inverter->here[i];
        const struct lj_word *word = here.word;
        struct word_terms *terms = &inverter->words[lj_word_id(word)];
        uint32_t number =
            remembered(&terms->folded, inverter, "", word->folded, word->folded_length);
        add_layer(inverter, number, here.n, here.at, here.kept);
        if (word->exact) {
            number = remembered(&terms->exact, inverter, "E", word->form, word->form_length);
            add_layer(inverter, number, here.n, here.at, here.kept);
        }
        if (here.n_headings) {
            number = remembered(&terms->title, inverter, "S", word->folded, word->folded_length);
            add_layer(inverter, number, here.n_headings, here.at_headings, here.kept_headings);
        }
        if (word->stop)
            continue;
        number = remembered(&terms->stem, inverter, "Z", word->stem, word->stem_length);
        lj_inverter_touch(inverter, number)->wdf += here.n;
        if (here.n_headings) {
            number = remembered(&terms->title_stem, inverter, "ZS", word->stem, word->stem_length);
            lj_inverter_touch(inverter, number)->wdf += here.n_headings;
        }
        lj_inverter_note_form(inverter, terms, word);
    }
    for (guint i = 0; i < inverter->doubles->len; i++) {
        const struct doubled *doubled = &g_array_index(inverter->doubles, struct doubled, i);
        const struct word_terms *terms = &inverter->words[lj_word_id(doubled->word)];
        if (doubled->stem && terms->stem)
            inverter->terms[terms->stem - 1].wdf--;
        if (doubled->folded && terms->folded)
            inverter->terms[terms->folded - 1].wdf--;
        if (doubled->form && terms->exact)
            inverter->terms[terms->exact - 1].wdf--;
    }
}

/* Positions of terms that no word brings. Few: one after another. */
static void
lay_out_direct(struct lj_inverter *inverter)
{
    for (size_t i = 0; i < inverter->direct.n; i++) {
        const struct event *event = &inverter->direct.event[i];
        reserve_positions(inverter, 1);
        uint32_t at = (uint32_t)inverter->n_positions++;
        inverter->positions[at] = event->position;
        add_positions(inverter, &inverter->terms[event->of], at, 1);
    }
}

/* The terms of the document → postings. */
static void
lay_out_postings(struct lj_inverter *inverter)
{
    guint all = (guint)(inverter->n_touched + inverter->singles.n);
    g_array_set_size(inverter->postings, all);
    g_array_set_size(inverter->numbers, all);
    struct xap_posting *postings = (struct xap_posting *)(void *)inverter->postings->data;
    uint32_t *numbers = (uint32_t *)(void *)inverter->numbers->data;
    guint n = 0;
    for (size_t i = 0; i < inverter->n_touched; i++) {
        uint32_t number = inverter->touched[i];
        const struct term *term = &inverter->terms[number];
        if (term->length >
            245) /* 64 code points of four bytes and a prefix: nobody can ask for it */
            continue;
        postings[n] =
            (struct xap_posting){term->name, term->length, term->wdf,
                                 term->n ? inverter->positions + term->at : NULL, term->n};
        numbers[n++] = number;
    }
    for (size_t i = 0; i < inverter->singles.n; i++) {
        const struct piece *piece = &inverter->singles.piece[i];
        postings[n] =
            (struct xap_posting){inverter->bytes + piece->at, piece->length, 0, NULL, 0};
        numbers[n++] = LJ_UNNUMBERED;
    }
    g_array_set_size(inverter->postings, n);
    g_array_set_size(inverter->numbers, n);
}

static void
lay_out_values(struct lj_inverter *inverter)
{
    g_array_set_size(inverter->values, (guint)inverter->pieces.n);
    struct xap_value *values = (struct xap_value *)(void *)inverter->values->data;
    for (size_t i = 0; i < inverter->pieces.n; i++) {
        const struct piece *piece = &inverter->pieces.piece[i];
        values[i] =
            (struct xap_value){piece->slot, piece->length, inverter->bytes + piece->at};
    }
}

void
lj_inverter_declare(struct lj_inverter *inverter, const GPtrArray *declared)
{
    inverter->declared = declared;
}

void
lj_inverter_bound(struct lj_inverter *inverter, size_t memory)
{
    inverter->most_words = CLAMP(memory / (2 * WORD_BYTES), WORDS_LEAST, WORDS_MOST);
}

static void
begin_document(struct lj_inverter *inverter)
{
    size_t words = inverter->most_words;
    if (lj_analyser_words(inverter->analyser) > words)
        lj_inverter_keep_forms(inverter);
    /* Each document brings a few terms that never come again: its id, its key, its sums. */
    if (lj_analyser_trim(inverter->analyser, words) ||
        inverter->n_terms > words * (WORD_BYTES / TERM_BYTES)) {
        lj_inverter_end_vocabulary(inverter);
        lj_inverter_begin_vocabulary(inverter);
    }
    inverter->document++;
    inverter->n_touched = 0;
    g_array_set_size(inverter->doubles, 0);
    inverter->n_here = inverter->events.n = inverter->headings.n = inverter->direct.n = 0;
    inverter->n_positions = 0;
    g_array_set_size(inverter->postings, 0);
    g_array_set_size(inverter->numbers, 0);
    inverter->pieces.n = inverter->singles.n = inverter->n_bytes = 0;
    g_array_set_size(inverter->frames, 0);
    g_byte_array_set_size(inverter->data, 0);
    g_ptr_array_set_size(inverter->out.frames, 0);
    inverter->out.dated = false;
    inverter->out.overlong = 0;
    lj_fingerprint_begin(&inverter->fingerprint);
}

const struct lj_inverted *
lj_invert(struct lj_inverter *inverter, const struct lj_document *document,
          const struct lj_origin *origin)
{
    begin_document(inverter);
    const char *title = lj_document_field(document, "title");
    uint32_t base = add_title(inverter, title);
    uint32_t words = add_text(inverter, document, base);
    lay_out_words(inverter, &inverter->events, false);
    lay_out_words(inverter, &inverter->headings, true);
    hand_on(inverter);
    lj_inverter_fields(inverter, document, origin);
    uint8_t count[4] = {(uint8_t)(words >> 24), (uint8_t)(words >> 16), (uint8_t)(words >> 8),
                        (uint8_t)words};
    lj_inverter_value(inverter, LJ_SLOT_WORDS, (const char *)count, 4);
    if (document->ocr)
        lj_inverter_value(inverter, LJ_SLOT_OCR, "1", 1);
    uint64_t joined = lj_metadata_joined(document);
    if (joined) {
        char bytes[8];
        lj_fingerprint_write(joined, bytes);
        lj_inverter_value(inverter, LJ_SLOT_METADATA, bytes, 8);
    }
    uint64_t fingerprint;
    if (lj_fingerprint_end(&inverter->fingerprint, &fingerprint)) {
        char bytes[8];
        lj_fingerprint_write(fingerprint, bytes);
        lj_inverter_value(inverter, LJ_SLOT_FINGERPRINT, bytes, 8);
    }

    lay_out_direct(inverter);
    lay_out_postings(inverter);
    lay_out_values(inverter);
    lj_stored_encode(document, (const struct lj_frame *)(void *)inverter->frames->data,
                     inverter->frames->len, inverter->data, inverter->out.frames);
    struct lj_inverted *out = &inverter->out;
    out->document = (struct xap_document){
        .postings = (const struct xap_posting *)(void *)inverter->postings->data,
        .n_postings = inverter->postings->len,
        .values = (const struct xap_value *)(void *)inverter->values->data,
        .n_values = inverter->values->len,
        .data = (const char *)inverter->data->data,
        .data_length = inverter->data->len};
    out->numbers = (const uint32_t *)(void *)inverter->numbers->data;
    out->id = document->id;
    out->words = words;
    out->text_bytes = document->text->len;
    return out;
}
