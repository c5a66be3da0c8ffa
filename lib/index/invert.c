#include "index/invert.h"

#include "analysis/citation.h"
#include "analysis/vocabulary.h"
#include "document/utf8.h"
#include "index/fingerprint.h"
#include "index/metadata.h"
#include "schema/large.h"

#include <string.h>

#define GAP 1000u                /* positions between fields and sections */
#define VOCABULARY_LIMIT 2000000 /* words an inverter remembers before it begins afresh */
#define FACET_LIMIT 2000         /* bytes of a value that facets count */

/* Where a word of the vocabulary stands among those of the document at hand. Every token looks here,
 * so that it is kept small and apart. */
struct word_place {
    uint32_t document; /* number of the document it was last seen in */
    uint32_t here;     /* which of its words it is */
};

/* The terms a word can stand as; 0: not looked up yet, else number + 1. */
struct word_terms {
    uint32_t folded, stem, exact, title, title_stem;
    bool noted;    /* its form is in the metadata already */
    uint64_t hash; /* for the fingerprint; 0: not made yet */
};

/* A word of the document at hand. Every token counts here, in a few kilobytes; only then are the
 * counts handed to its terms in all layers, once a word. */
struct here {
    const struct lj_word *word;
    uint32_t n, n_headings;   /* how often, and of these in headings */
    uint32_t at, at_headings; /* where its positions begin */
    uint32_t kept, kept_headings;
    uint64_t hash; /* for the fingerprint; 0: none */
};

/* A term, and what the document at hand has of it. Half a cache line. */
struct term {
    const char *name;
    uint32_t length;
    uint32_t hash;
    uint32_t document; /* number of the document it was last seen in */
    uint32_t wdf;
    uint32_t n;  /* positions */
    uint32_t at; /* where they begin */
};

/* An occurrence of a word of the document or, in `direct`, of a term. */
struct event {
    uint32_t of, position;
};

struct events {
    struct event *event;
    size_t n, allocated;
};

/* Two readings of one token that meet in a layer (diputad@s): its wdf counts the place once. */
struct doubled {
    const struct lj_word *word;
    bool stem, folded, form; /* in which layers */
};

struct lj_inverter {
    struct lj_analyser *analyser;
    struct lj_tokens *tokens;
    struct term *terms; /* by number */
    size_t n_terms, terms_allocated;
    uint32_t *known;   /* number + 1 by hash, open addressing, half full at most; 0: free */
    size_t known_size; /* a power of two */
    GStringChunk *strings;
    struct word_place *places; /* by word id */
    struct word_terms *words;  /* by word id */
    size_t n_words;
    uint32_t document; /* number of the one at hand */
    struct here *here; /* its words, in order of appearance */
    size_t n_here, here_allocated;
    GArray *doubles;                /* struct doubled */
    struct events events, headings; /* of words: all, and those in headings */
    struct events direct;           /* of terms that no word brings */
    GArray *touched;                /* uint32_t: its terms, in order of appearance */
    uint32_t *positions;
    size_t n_positions, positions_allocated;
    GArray *postings; /* struct xap_posting */
    GArray *numbers;  /* uint32_t: of each posting */
    GArray *values;   /* struct xap_value */
    GArray *frames;   /* struct lj_frame */
    GStringChunk *value_strings;
    GByteArray *data;
    GString *scratch;
    struct lj_fingerprint fingerprint;
    GHashTable *forms;         /* stem → GPtrArray of folded forms */
    GHashTable *acronyms;      /* acronym → expansions, tab-separated */
    const GPtrArray *declared; /* struct lj_declared, borrowed; NULL */
    struct lj_inverted out;
};

static void
begin_vocabulary(struct lj_inverter *inverter)
{
    inverter->known_size = 4096;
    inverter->known = lj_large_new(inverter->known_size * sizeof *inverter->known);
    inverter->out.vocabulary++;
    inverter->strings = g_string_chunk_new(65536);
    inverter->n_terms = 0;
}

static void
end_vocabulary(struct lj_inverter *inverter)
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

struct lj_inverter *
lj_inverter_new(struct lj_analyser *analyser)
{
    struct lj_inverter *inverter = g_new0(struct lj_inverter, 1);
    inverter->analyser = analyser;
    inverter->tokens = lj_tokens_new();
    inverter->touched = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    inverter->doubles = g_array_new(FALSE, FALSE, sizeof(struct doubled));
    inverter->postings = g_array_new(FALSE, FALSE, sizeof(struct xap_posting));
    inverter->numbers = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    inverter->values = g_array_new(FALSE, FALSE, sizeof(struct xap_value));
    inverter->frames = g_array_new(FALSE, FALSE, sizeof(struct lj_frame));
    inverter->value_strings = g_string_chunk_new(4096);
    inverter->data = g_byte_array_new();
    inverter->scratch = g_string_new(NULL);
    inverter->forms =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    inverter->acronyms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    inverter->out.frames = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    begin_vocabulary(inverter);
    return inverter;
}

void
lj_inverter_free(struct lj_inverter *inverter)
{
    if (!inverter)
        return;
    end_vocabulary(inverter);
    lj_tokens_free(inverter->tokens);
    GArray *arrays[] = {inverter->touched, inverter->postings, inverter->values,
                        inverter->frames,  inverter->numbers,  inverter->doubles};
    for (size_t i = 0; i < G_N_ELEMENTS(arrays); i++)
        g_array_unref(arrays[i]);
    g_free(inverter->here);
    g_free(inverter->events.event);
    g_free(inverter->headings.event);
    g_free(inverter->direct.event);
    g_free(inverter->positions);
    g_string_chunk_free(inverter->value_strings);
    g_byte_array_unref(inverter->data);
    g_string_free(inverter->scratch, TRUE);
    g_hash_table_unref(inverter->forms);
    g_hash_table_unref(inverter->acronyms);
    g_ptr_array_unref(inverter->out.frames);
    g_free(inverter);
}

/* --- terms -------------------------------------------------------------------------------------
 */

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
        while (inverter->known[at])
            at = (at + 1) & (inverter->known_size - 1);
        inverter->known[at] = i + 1;
    }
}

static uint32_t
term_number(struct lj_inverter *inverter, const char *prefix, const char *rest, size_t length)
{
    GString *name = inverter->scratch;
    g_string_assign(name, prefix);
    g_string_append_len(name, rest, (gssize)length);
    uint32_t hash = hash_of(name->str, name->len);
    size_t mask = inverter->known_size - 1, at = hash & mask;
    for (; inverter->known[at]; at = (at + 1) & mask) {
        const struct term *term = &inverter->terms[inverter->known[at] - 1];
        if (term->hash == hash && term->length == name->len &&
            memcmp(term->name, name->str, name->len) == 0)
            return inverter->known[at] - 1;
    }
    if (inverter->n_terms == inverter->terms_allocated) {
        size_t room = MAX(1024, 2 * inverter->terms_allocated), size = sizeof *inverter->terms;
        inverter->terms =
            lj_large_grow(inverter->terms, inverter->terms_allocated * size, room * size);
        inverter->terms_allocated = room;
    }
    uint32_t number = (uint32_t)inverter->n_terms++;
    inverter->terms[number] = (struct term){
        .name = g_string_chunk_insert_len(inverter->strings, name->str, (gssize)name->len),
        .length = (uint32_t)name->len,
        .hash = hash};
    inverter->known[at] = number + 1;
    if (inverter->n_terms > inverter->known_size / 2)
        grow_known(inverter);
    return number;
}

static inline struct term *
touch(struct lj_inverter *inverter, uint32_t number)
{
    struct term *term = &inverter->terms[number];
    if (term->document != inverter->document) {
        term->document = inverter->document;
        term->wdf = term->n = 0;
        g_array_append_val(inverter->touched, number);
    }
    return term;
}

static inline void
add_event(struct events *events, uint32_t of, uint32_t position)
{
    if (G_UNLIKELY(events->n == events->allocated)) {
        events->allocated = MAX(1024, 2 * events->allocated);
        events->event = g_renew(struct event, events->event, events->allocated);
    }
    events->event[events->n++] = (struct event){of, position};
}

/* A term that no word brings, at a position. */
static void
count_position(struct lj_inverter *inverter, uint32_t number, uint32_t position)
{
    touch(inverter, number)->wdf++;
    add_event(&inverter->direct, number, position);
}

/* A filter, without weight. */
static void
add_boolean(struct lj_inverter *inverter, const char *prefix, const char *value)
{
    if (!*value)
        return;
    if (strlen(prefix) + strlen(value) <= 200) {
        touch(inverter, term_number(inverter, prefix, value, strlen(value)));
        return;
    }
    GString *bounded = g_string_new(NULL);
    lj_term_bounded(prefix, value, bounded);
    touch(inverter, term_number(inverter, "", bounded->str, bounded->len));
    g_string_free(bounded, TRUE);
}

static uint32_t
remembered(uint32_t *place, struct lj_inverter *inverter, const char *prefix, const char *rest,
           size_t length)
{
    if (!*place)
        *place = term_number(inverter, prefix, rest, length) + 1;
    return *place - 1;
}

/* The forms of a stem, for operators that need positions: metadata of the database. */
static void
note_form(struct lj_inverter *inverter, struct word_terms *terms, const struct lj_word *word)
{
    if (terms->noted)
        return;
    terms->noted = true;
    GPtrArray *forms = g_hash_table_lookup(inverter->forms, word->stem);
    if (!forms) {
        forms = g_ptr_array_new_with_free_func(g_free);
        g_hash_table_insert(inverter->forms, g_strdup(word->stem), forms);
    }
    g_ptr_array_add(forms, g_strdup(word->folded));
}

static uint32_t
meet(struct lj_inverter *inverter, struct word_place *place, const struct lj_word *word)
{
    if (inverter->n_here == inverter->here_allocated) {
        inverter->here_allocated = MAX(256, 2 * inverter->here_allocated);
        inverter->here = g_renew(struct here, inverter->here, inverter->here_allocated);
    }
    *place = (struct word_place){inverter->document, (uint32_t)inverter->n_here};
    struct here *here = &inverter->here[inverter->n_here++];
    *here = (struct here){.word = word};
    /* Function words tell little about a text, and a wrong line end or banner brings them too. */
    if (!word->stop) {
        uint64_t *hash = &inverter->words[lj_word_id(word)].hash;
        if (!*hash)
            *hash = lj_fingerprint_word(word->folded, word->folded_length);
        here->hash = *hash;
    }
    return place->here;
}

/* One token; in a heading it counts there as well. */
static inline const struct here *
add_token(struct lj_inverter *inverter, const struct lj_word *word, uint32_t position, bool heading)
{
    struct word_place *place = &inverter->places[lj_word_id(word)];
    uint32_t which =
        place->document == inverter->document ? place->here : meet(inverter, place, word);
    inverter->here[which].n++;
    add_event(&inverter->events, which, position);
    if (heading) {
        inverter->here[which].n_headings++;
        add_event(&inverter->headings, which, position);
    }
    return &inverter->here[which];
}

/* Memory takes its time to answer where a vocabulary is large: asks for what a token ahead needs. */
#define AHEAD 16
static inline void
look_ahead(const struct lj_inverter *inverter, const struct lj_tokens *tokens, size_t i)
{
    if (i + AHEAD < tokens->n)
        __builtin_prefetch(&inverter->places[lj_word_id(tokens->token[i + AHEAD].word)], 1);
}

/* Analyses and makes room in the arrays by word. */
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
}

/* --- the parts of a document -------------------------------------------------------------------
 */

static void
add_value(struct lj_inverter *inverter, uint32_t slot, const char *bytes, size_t length)
{
    if (length == 0)
        return;
    struct xap_value value = {
        slot, (uint32_t)length,
        g_string_chunk_insert_len(inverter->value_strings, bytes, (gssize)length)};
    g_array_append_val(inverter->values, value);
}

/* Words of a NAME field: G+word with positions, values 1,000 apart. */
static void
add_name_words(struct lj_inverter *inverter, const char *prefix, const char *value, uint32_t *base)
{
    struct lj_tokens *tokens = inverter->tokens;
    analyse(inverter, value, strlen(value), LJ_ANALYSE_WORDS);
    for (size_t i = 0; i < tokens->n; i++) {
        const struct lj_word *word = tokens->token[i].word;
        uint32_t number = term_number(inverter, prefix, word->folded, word->folded_length);
        count_position(inverter, number, *base + tokens->token[i].position);
    }
    *base += tokens->positions + GAP;
}

/* The first `most` bytes of a text, whole code points. */
static size_t
whole_prefix(const char *text, size_t length, size_t most)
{
    if (length <= most)
        return length;
    while (most > 0 && ((uint8_t)text[most] & 0xC0) == 0x80)
        most--;
    return most;
}

/* What the table says of a field: boolean terms, words, the value slot. */
static void
add_field(struct lj_inverter *inverter, const struct lj_document *document,
          const struct lj_field *field)
{
    GPtrArray *values = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < document->properties->len; i++) {
        const struct lj_property *p = &g_array_index(document->properties, struct lj_property, i);
        if (strcmp(p->name, field->name) == 0)
            g_ptr_array_add(
                values, g_strndup(p->value, whole_prefix(p->value, strlen(p->value), FACET_LIMIT)));
    }
    if (field->id == LJ_FIELD_MIME && values->len == 0 && document->mime)
        g_ptr_array_add(values, g_strdup(document->mime));
    char *whole = field->kind == LJ_KIND_NAME ? g_strconcat(field->prefix, ":", NULL)
                                              : g_strdup(field->prefix);
    uint32_t base = 1;
    for (guint i = 0; i < values->len; i++) {
        char *folded = lj_schema_fold(values->pdata[i], -1);
        add_boolean(inverter, whole, folded);
        if (field->kind == LJ_KIND_NAME)
            add_name_words(inverter, field->prefix, values->pdata[i], &base);
        g_free(folded);
    }
    g_free(whole);
    if (field->slot >= 0 && values->len > 0 && field->list) {
        GString *joined = g_string_new(NULL);
        lj_schema_list_join((const char *const *)values->pdata, values->len, joined);
        add_value(inverter, (uint32_t)field->slot, joined->str, joined->len);
        g_string_free(joined, TRUE);
    } else if (field->slot >= 0 && values->len > 0) {
        add_value(inverter, (uint32_t)field->slot, values->pdata[0], strlen(values->pdata[0]));
    }
    g_ptr_array_unref(values);
}

/* What the configuration declares: whole values, each found by name:value; all of them in the slot. */
static void
add_declared(struct lj_inverter *inverter, const struct lj_document *document)
{
    for (guint d = 0; inverter->declared && d < inverter->declared->len; d++) {
        const struct lj_declared *field = inverter->declared->pdata[d];
        GPtrArray *values = g_ptr_array_new_with_free_func(g_free);
        for (guint i = 0; i < document->properties->len; i++) {
            const struct lj_property *p =
                &g_array_index(document->properties, struct lj_property, i);
            char *name = lj_schema_fold(p->name, -1);
            if (strcmp(name, field->folded) == 0)
                g_ptr_array_add(values, g_strndup(p->value, whole_prefix(p->value, strlen(p->value),
                                                                         FACET_LIMIT)));
            g_free(name);
        }
        for (guint i = 0; i < values->len; i++) {
            char *folded = lj_schema_fold(values->pdata[i], -1);
            add_boolean(inverter, field->prefix, folded);
            g_free(folded);
        }
        if (field->facet && values->len > 0) {
            GString *joined = g_string_new(NULL);
            lj_schema_list_join((const char *const *)values->pdata, values->len, joined);
            add_value(inverter, field->slot, joined->str, joined->len);
            g_string_free(joined, TRUE);
        }
        g_ptr_array_unref(values);
    }
}

/* Leading parts of the path: leyes, leyes/2026 … */
static void
add_path(struct lj_inverter *inverter, const char *path)
{
    char *folded = lj_schema_fold(path, -1);
    for (char *slash = strchr(folded, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        add_boolean(inverter, "XP", folded);
        *slash = '/';
    }
    add_boolean(inverter, "XP", folded);
    g_free(folded);
}

static void
add_ext(struct lj_inverter *inverter, const char *path)
{
    const char *name = strrchr(path, '/');
    const char *dot = strrchr(name ? name : path, '.');
    if (!dot || !dot[1] || strlen(dot) > 12 || !g_utf8_validate(dot, -1, NULL))
        return;
    char *ext = lj_schema_fold(dot + 1, -1);
    add_boolean(inverter, "XE:", ext);
    add_value(inverter, LJ_SLOT_EXT, ext, strlen(ext));
    g_free(ext);
}

static void
add_identity(struct lj_inverter *inverter, const struct lj_document *document,
             const struct lj_origin *origin)
{
    char key[11];
    lj_document_key(document->id, key);
    add_boolean(inverter, "Q", document->id);
    add_boolean(inverter, "XK", key);
    char *source = lj_schema_fold(origin->source, -1); /* as fuente: asks for it */
    add_boolean(inverter, "XN", source);
    g_free(source);
    if (!origin->path) {
        add_path(inverter, document->id);
    } else {
        char *path = g_strconcat(origin->source, "/", origin->path, NULL), file[35];
        add_path(inverter, path);
        g_free(path);
        lj_term_file(origin->source, origin->path, file);
        add_boolean(inverter, "", file);
        add_ext(inverter, origin->path);
    }
    add_value(inverter, LJ_SLOT_ID, document->id, strlen(document->id));
    add_value(inverter, LJ_SLOT_KEY, key, 10);
    add_value(inverter, LJ_SLOT_SOURCE, origin->source, strlen(origin->source));
    add_value(inverter, LJ_SLOT_SHA256, (const char *)document->sha256, 32);
    char hex[65];
    lj_sha256_hex(document->sha256, hex);
    add_boolean(inverter, "XH", hex);
}

/* Which norm the document is: weighs (wdf 1), so that who asks for a norm gets it before those that
 * cite it. */
static void
add_norm(struct lj_inverter *inverter, const struct lj_document *document)
{
    GPtrArray *terms = g_ptr_array_new_with_free_func(g_free);
    lj_citation_identity(lj_document_field(document, "title"), document->id, document->text->str,
                         MIN(document->text->len, 4096), terms);
    for (guint i = 0; i < terms->len; i++) {
        const char *term = terms->pdata[i];
        touch(inverter, term_number(inverter, "XRI", term, strlen(term)))->wdf = 1;
    }
    g_ptr_array_unref(terms);
}

static void
add_date(struct lj_inverter *inverter, const struct lj_document *document)
{
    struct lj_interval interval;
    if (!document->date || !lj_interval_from_iso(document->date, -1, &interval))
        return;
    char first[16], last[16], part[16];
    g_snprintf(first, sizeof first, "%08u", interval.first);
    g_snprintf(last, sizeof last, "%08u", interval.last);
    inverter->out.dated = true;
    add_value(inverter, LJ_SLOT_DATE, first, 8);
    if (interval.first != interval.last)
        add_value(inverter, LJ_SLOT_DATE_END, last, 8);
    else
        add_boolean(inverter, "D", first);
    if (interval.first / 100 == interval.last / 100) {
        g_strlcpy(part, first, 7);
        add_boolean(inverter, "M", part);
    }
    if (interval.first / 10000 == interval.last / 10000) {
        g_strlcpy(part, first, 5);
        add_boolean(inverter, "Y", part);
    }
    const char *rung = lj_date_rung_name(document->date_from);
    add_value(inverter, LJ_SLOT_DATE_FROM, rung, strlen(rung));
}

static void
note_acronym(struct lj_inverter *inverter, const char *pair)
{
    const char *equals = strchr(pair, '=');
    if (!equals || equals == pair)
        return;
    char *acronym = g_strndup(pair, (gsize)(equals - pair));
    add_boolean(inverter, "XA", acronym);
    const char *known = g_hash_table_lookup(inverter->acronyms, acronym);
    char *united = known ? lj_metadata_unite("A", known, equals + 1) : g_strdup(equals + 1);
    g_hash_table_replace(inverter->acronyms, acronym, united);
}

/* Citations, mentioned dates and acronyms that the analyser found. */
static void
add_mentions(struct lj_inverter *inverter)
{
    struct lj_tokens *tokens = inverter->tokens;
    for (size_t i = 0; i < tokens->n_mentions; i++) {
        const struct lj_mention *mention = &tokens->mention[i];
        switch (mention->kind) {
        case LJ_MENTION_CITATION:
            add_boolean(inverter, "XR", mention->term);
            break;
        case LJ_MENTION_DATE:
            for (size_t n = 4; n <= 8 && n <= strlen(mention->term); n += 2) {
                char part[9];
                g_strlcpy(part, mention->term, n + 1);
                add_boolean(inverter, "XM", part);
            }
            break;
        case LJ_MENTION_ACRONYM:
            note_acronym(inverter, mention->term);
            break;
        }
    }
}

/* The title; returns the first position after it and its gap. */
static uint32_t
add_title(struct lj_inverter *inverter, const char *title)
{
    if (!title)
        return 1 + GAP;
    struct lj_tokens *tokens = inverter->tokens;
    analyse(inverter, title, strlen(title), LJ_ANALYSE_DOCUMENT);
    for (size_t i = 0; i < tokens->n; i++) {
        look_ahead(inverter, tokens, i);
        add_token(inverter, tokens->token[i].word, 1 + tokens->token[i].position, true);
    }
    add_mentions(inverter);
    return 1 + tokens->positions + GAP;
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
                                 .first_position = base,
                                 .points = (uint32_t)lj_utf8_points(text, size)};
        for (size_t i = 0; i < tokens->n; i++) {
            const struct lj_token *token = &tokens->token[i];
            look_ahead(inverter, tokens, i);
            size_t start = offset + token->start;
            for (; mark < n_marks && marks[mark].start <= start; mark++) {
                if (marks[mark].kind == LJ_MARK_SECTION) {
                    base += GAP;
                    heading_end = marks[mark].end;
                }
            }
            if (i == 0)
                frame.first_position = base + token->position;
            const struct here *here =
                add_token(inverter, token->word, base + token->position, start < heading_end);
            frame.tokens += !token->part;
            if (G_UNLIKELY(i > 0 && tokens->token[i - 1].position == token->position))
                note_double(inverter, tokens, i);
            if (!token->part && here->hash)
                lj_fingerprint_add(&inverter->fingerprint, here->hash);
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
    struct term *term = touch(inverter, number);
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
        const struct word_terms *terms =
            &inverter->words[lj_word_id(inverter->here[i + AHEAD].word)];
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
        touch(inverter, number)->wdf += here.n;
        if (here.n_headings) {
            number = remembered(&terms->title_stem, inverter, "ZS", word->stem, word->stem_length);
            touch(inverter, number)->wdf += here.n_headings;
        }
        note_form(inverter, terms, word);
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
    g_array_set_size(inverter->postings, inverter->touched->len);
    g_array_set_size(inverter->numbers, inverter->touched->len);
    struct xap_posting *postings = (struct xap_posting *)(void *)inverter->postings->data;
    uint32_t *numbers = (uint32_t *)(void *)inverter->numbers->data;
    guint n = 0;
    for (guint i = 0; i < inverter->touched->len; i++) {
        uint32_t number = g_array_index(inverter->touched, uint32_t, i);
        const struct term *term = &inverter->terms[number];
        if (term->length >
            245) /* 64 code points of four bytes and a prefix: nobody can ask for it */
            continue;
        postings[n] =
            (struct xap_posting){term->name, term->length, term->wdf,
                                 term->n ? inverter->positions + term->at : NULL, term->n};
        numbers[n++] = number;
    }
    g_array_set_size(inverter->postings, n);
    g_array_set_size(inverter->numbers, n);
}

void
lj_inverter_declare(struct lj_inverter *inverter, const GPtrArray *declared)
{
    inverter->declared = declared;
}

static void
begin_document(struct lj_inverter *inverter)
{
    if (lj_analyser_trim(inverter->analyser, VOCABULARY_LIMIT)) {
        end_vocabulary(inverter);
        begin_vocabulary(inverter);
    }
    inverter->document++;
    g_array_set_size(inverter->touched, 0);
    g_array_set_size(inverter->doubles, 0);
    inverter->n_here = inverter->events.n = inverter->headings.n = inverter->direct.n = 0;
    inverter->n_positions = 0;
    g_array_set_size(inverter->postings, 0);
    g_array_set_size(inverter->numbers, 0);
    g_array_set_size(inverter->values, 0);
    g_array_set_size(inverter->frames, 0);
    g_string_chunk_clear(inverter->value_strings);
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
    static const enum lj_field_id fields[] = {
        LJ_FIELD_TYPE,    LJ_FIELD_ORGANIZATION, LJ_FIELD_COUNTRY, LJ_FIELD_AUTHOR,
        LJ_FIELD_SUBJECT, LJ_FIELD_LANGUAGE,     LJ_FIELD_MIME,    LJ_FIELD_URL};
    begin_document(inverter);
    const char *title = lj_document_field(document, "title");
    uint32_t base = add_title(inverter, title);
    uint32_t words = add_text(inverter, document, base);
    lay_out_words(inverter, &inverter->events, false);
    lay_out_words(inverter, &inverter->headings, true);
    hand_on(inverter);
    add_identity(inverter, document, origin);
    add_norm(inverter, document);
    add_date(inverter, document);
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
        add_field(inverter, document, &lj_field_table()[fields[i]]);
    add_declared(inverter, document);
    if (title) {
        char *folded = lj_schema_fold(title, -1);
        add_value(inverter, LJ_SLOT_TITLE, folded, whole_prefix(folded, strlen(folded), 60));
        g_free(folded);
    }
    uint8_t count[4] = {(uint8_t)(words >> 24), (uint8_t)(words >> 16), (uint8_t)(words >> 8),
                        (uint8_t)words};
    add_value(inverter, LJ_SLOT_WORDS, (const char *)count, 4);
    if (document->ocr)
        add_value(inverter, LJ_SLOT_OCR, "1", 1);
    uint64_t joined = lj_metadata_joined(document);
    if (joined) {
        char bytes[8];
        lj_fingerprint_write(joined, bytes);
        add_value(inverter, LJ_SLOT_METADATA, bytes, 8);
    }
    uint64_t fingerprint;
    if (lj_fingerprint_end(&inverter->fingerprint, &fingerprint)) {
        char bytes[8];
        lj_fingerprint_write(fingerprint, bytes);
        add_value(inverter, LJ_SLOT_FINGERPRINT, bytes, 8);
    }

    lay_out_direct(inverter);
    lay_out_postings(inverter);
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

/* --- metadata ----------------------------------------------------------------------------------
 */

static void
clear_entry(gpointer data)
{
    struct lj_entry *entry = data;
    g_free(entry->key);
    g_free(entry->value);
}

static int
compare_entries(gconstpointer a, gconstpointer b)
{
    return strcmp(((const struct lj_entry *)a)->key, ((const struct lj_entry *)b)->key);
}

static int
compare_strings(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The distinct strings of an array, sorted and joined. */
static char *
join_distinct(GPtrArray *words, const char *separator)
{
    g_ptr_array_sort(words, compare_strings);
    GString *joined = g_string_new(NULL);
    for (guint i = 0; i < words->len; i++) {
        const char *word = words->pdata[i];
        if (!*word || (i > 0 && strcmp(word, words->pdata[i - 1]) == 0))
            continue;
        if (joined->len > 0)
            g_string_append(joined, separator);
        g_string_append(joined, word);
    }
    return g_string_free(joined, FALSE);
}

GArray *
lj_inverter_take_metadata(struct lj_inverter *inverter)
{
    GArray *entries = g_array_new(FALSE, FALSE, sizeof(struct lj_entry));
    g_array_set_clear_func(entries, clear_entry);
    GHashTableIter iter;
    gpointer key, value;
    g_hash_table_iter_init(&iter, inverter->forms);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        if (strlen(key) > 240)
            continue;
        struct lj_entry entry = {g_strconcat("F", (char *)key, NULL), join_distinct(value, " ")};
        g_array_append_val(entries, entry);
    }
    g_hash_table_iter_init(&iter, inverter->acronyms);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        if (strlen(key) > 240)
            continue;
        struct lj_entry entry = {g_strconcat("A", (char *)key, NULL), g_strdup(value)};
        g_array_append_val(entries, entry);
    }
    g_hash_table_remove_all(inverter->forms);
    g_hash_table_remove_all(inverter->acronyms);
    for (size_t i = 0; i < inverter->n_words; i++)
        inverter->words[i].noted = false;
    g_array_sort(entries, compare_entries);
    return entries;
}

char *
lj_metadata_unite(const char *key, const char *a, const char *b)
{
    const char *separator = key[0] == 'A' ? "\t" : " ";
    char **first = g_strsplit(a, separator, -1), **second = g_strsplit(b, separator, -1);
    GPtrArray *all = g_ptr_array_new();
    for (char **word = first; *word; word++)
        g_ptr_array_add(all, *word);
    for (char **word = second; *word; word++)
        g_ptr_array_add(all, *word);
    char *joined = join_distinct(all, separator);
    g_ptr_array_unref(all);
    g_strfreev(first);
    g_strfreev(second);
    return joined;
}

void
lj_term_bounded(const char *prefix, const char *value, GString *out)
{
    g_string_append(out, prefix);
    size_t length = strlen(value);
    if (strlen(prefix) + length <= 200) {
        g_string_append(out, value);
        return;
    }
    char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA1, value, -1);
    g_string_append_len(out, value, (gssize)whole_prefix(value, length, 160));
    g_string_append_c(out, '#');
    g_string_append(out, digest);
    g_free(digest);
}

void
lj_term_file(const char *source, const char *path, char out[35])
{
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(sum, (const guchar *)source, (gssize)strlen(source) + 1);
    g_checksum_update(sum, (const guchar *)path, (gssize)strlen(path));
    g_snprintf(out, 35, "XF%.32s", g_checksum_get_string(sum));
    g_checksum_free(sum);
}
