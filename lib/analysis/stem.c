#include "analysis/stem.h"
#include "analysis/lexicon-data.h"
#include "analysis/lexicon.h"
#include "analysis/snowball.h"
#include "i18n.h"

#include <string.h>

/* Changes whenever a rule of analysis gives other terms: stems, tokens, dates, citations. */
#define RULES_VERSION "5"

struct table {
    const uint32_t *arc; /* little-endian */
    uint32_t n, root;
};

struct lj_stemmer {
    const struct lexicon_header *header;
    struct table words, endings;
    char *file; /* its bytes; NULL: built in */
    struct SN_env *snowball;
    char version[32];
};

/* ---- opening ---- */

/* "2-0123456789abcdef": rules and the digest's first 8 bytes. */
static void
name_version(const struct lexicon_header *header, char out[32])
{
    g_snprintf(out, 32, "%s-", RULES_VERSION);
    for (int i = 0; i < 8; i++)
        g_snprintf(out + strlen(out), 3, "%02x", header->digest[i]);
}

static void
use(struct lj_stemmer *stemmer, const void *bytes)
{
    const struct lexicon_header *header = bytes;
    const uint32_t *arcs = (const uint32_t *)(header + 1);
    stemmer->header = header;
    stemmer->words.arc = arcs;
    stemmer->words.n = GUINT32_FROM_LE(header->words_arcs);
    stemmer->words.root = GUINT32_FROM_LE(header->words_root);
    stemmer->endings.arc = arcs + stemmer->words.n;
    stemmer->endings.n = GUINT32_FROM_LE(header->endings_arcs);
    stemmer->endings.root = GUINT32_FROM_LE(header->endings_root);
    name_version(header, stemmer->version);
}

static bool
is_whole(const struct lexicon_header *header, size_t length)
{
    if (GUINT32_FROM_LE(header->bytes) != length)
        return false;
    uint64_t arcs =
        (uint64_t)GUINT32_FROM_LE(header->words_arcs) + GUINT32_FROM_LE(header->endings_arcs);
    return arcs * sizeof(uint32_t) + sizeof *header == length &&
           GUINT32_FROM_LE(header->words_root) < GUINT32_FROM_LE(header->words_arcs) &&
           GUINT32_FROM_LE(header->endings_root) < GUINT32_FROM_LE(header->endings_arcs) &&
           lexicon_checksum((const uint32_t *)(header + 1), arcs) ==
               GUINT64_FROM_LE(header->checksum);
}

struct lj_stemmer *
lj_stemmer_open(const char *lexicon, GError **error)
{
    struct lj_stemmer *stemmer = g_new0(struct lj_stemmer, 1);
    use(stemmer, lj_lexicon_data);
    stemmer->snowball = spanish_UTF_8_create_env();
    g_assert(stemmer->snowball);
    if (!lexicon)
        return stemmer;
    gsize length = 0;
    if (!g_file_get_contents(lexicon, &stemmer->file, &length, error)) {
        lj_stemmer_close(stemmer);
        return NULL;
    }
    const void *bytes = stemmer->file;
    const struct lexicon_header *header = bytes;
    if (length < sizeof *header ||
        memcmp(header->magic, LEXICON_MAGIC, sizeof header->magic) != 0) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_DAMAGED, _("%s is not a lexicon of this program"),
                    lexicon);
    } else if (GUINT32_FROM_LE(header->version) != LEXICON_VERSION) {
        g_set_error(
            error, LJ_ERROR, LJ_ERROR_NEWER,
            _("%s is a lexicon of version %u, this program reads version %u: use the program "
              "that made the index, or indexer --rebuild with this one"),
            lexicon, GUINT32_FROM_LE(header->version), LEXICON_VERSION);
    } else if (!is_whole(header, length)) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_DAMAGED,
                    _("%s is damaged (%zu bytes do not match their checksum)"), lexicon, length);
    } else {
        use(stemmer, bytes);
        return stemmer;
    }
    lj_stemmer_close(stemmer);
    return NULL;
}

void
lj_stemmer_close(struct lj_stemmer *stemmer)
{
    if (!stemmer)
        return;
    if (stemmer->snowball)
        spanish_UTF_8_close_env(stemmer->snowball);
    g_free(stemmer->file);
    g_free(stemmer);
}

const char *
lj_stemmer_version(const struct lj_stemmer *stemmer)
{
    return stemmer->version;
}

const char *
lj_stemmer_builtin(void)
{
    static char version[32];
    static gsize ready;
    if (g_once_init_enter(&ready)) {
        name_version((const struct lexicon_header *)(const void *)lj_lexicon_data, version);
        g_once_init_leave(&ready, 1);
    }
    return version;
}

const void *
lj_stemmer_lexicon(const struct lj_stemmer *stemmer, size_t *length)
{
    *length = GUINT32_FROM_LE(stemmer->header->bytes);
    return stemmer->header;
}

/* ---- the table ---- */

/* The arc of a byte that leaves the state at place; 0 when there is none. */
static uint32_t
arc_of(const struct table *table, uint32_t place, uint8_t byte)
{
    if (place == 0)
        return 0;
    for (; place < table->n; place++) {
        uint32_t arc = GUINT32_FROM_LE(table->arc[place]);
        if ((uint8_t)arc == byte)
            return arc;
        if (arc & LEXICON_ARC_LAST)
            break;
    }
    return 0;
}

struct edit {
    uint8_t bits;
    size_t cut, length;
    char append[64];
};

/* Reads the edit that stands behind an arc of LEXICON_CLASS or LEXICON_VERB. */
static bool
read_edit(const struct table *table, uint32_t arc, struct edit *edit)
{
    for (size_t n = 0; n <= sizeof edit->append; n++) {
        uint32_t place = arc >> LEXICON_ARC_SHIFT;
        if (place == 0 || place >= table->n)
            return false;
        arc = GUINT32_FROM_LE(table->arc[place]);
        if (n == 0) {
            edit->bits = (uint8_t)arc;
            edit->cut = (arc & LEXICON_CUT) - 1;
            if (!(arc & LEXICON_CUT))
                return false;
        } else {
            edit->append[n - 1] = (char)arc;
        }
        edit->length = n;
        if (arc & LEXICON_ARC_FINAL)
            return true;
    }
    return false;
}

/* The edit of a word of the lexicon. kind: LEXICON_CLASS or LEXICON_VERB. */
static bool
find(const struct lj_stemmer *stemmer, const char *word, size_t length, uint8_t kind,
     struct edit *edit)
{
    const struct table *table = &stemmer->words;
    uint32_t place = table->root;
    for (size_t i = 0; i < length; i++) {
        uint32_t arc = arc_of(table, place, (uint8_t)word[i]);
        if (!arc)
            return false;
        place = arc >> LEXICON_ARC_SHIFT;
    }
    uint32_t arc = arc_of(table, place, kind);
    return arc && read_edit(table, arc, edit) && edit->cut <= length;
}

static size_t
apply(const struct edit *edit, const char *word, size_t length, char out[LJ_STEM_SIZE])
{
    size_t n = length - edit->cut;
    memmove(out, word, n);
    memcpy(out + n, edit->append, edit->length);
    n += edit->length;
    out[n] = '\0';
    return n;
}

bool
lj_stemmer_knows(const struct lj_stemmer *stemmer, const char *folded, size_t length)
{
    struct edit edit;
    return find(stemmer, folded, length, LEXICON_CLASS, &edit);
}

/* ---- words no dictionary knows ---- */

static bool
ends(const char *word, size_t length, const char *suffix)
{
    size_t n = strlen(suffix);
    return length > n && memcmp(word + length - n, suffix, n) == 0;
}

/* An infinitive or a gerund by its ending: any pronoun may follow. */
static bool
is_impersonal(const char *word, size_t length)
{
    return ends(word, length, "ar") || ends(word, length, "er") || ends(word, length, "ir") ||
           ends(word, length, "ando") || ends(word, length, "endo");
}

/* The stem of a verb that a pronoun may follow (the word without it), or 0. Se follows any form,
 * anything an infinitive (regularizarlas), the others those the dictionary says they do: Marcelo is
 * not "marce" and "lo". */
static size_t
verb(const struct lj_stemmer *stemmer, const char *word, size_t length, const char *pronoun,
     char out[LJ_STEM_SIZE])
{
    struct edit edit;
    if (length < 2)
        return 0;
    /* "I" take no pronoun behind: only díjose, dándose end so. */
    if (word[length - 1] == 'o' && strcmp(pronoun, "se") != 0 && !ends(word, length, "ndo"))
        return 0;
    /* presupuestales, not presupuesta and les; Vilas, not vi and las. */
    if (strlen(pronoun) == 3 && pronoun[0] == 'l' && strchr("aei", word[length - 1]))
        return 0;
    uint8_t bit = strcmp(pronoun, "se") == 0 || is_impersonal(word, length) ? LEXICON_VERB_FORM
                                                                            : LEXICON_PRONOUNS;
    if (!find(stemmer, word, length, LEXICON_VERB, &edit) &&
        !find(stemmer, word, length, LEXICON_CLASS, &edit))
        return 0;
    return edit.bits & bit ? apply(&edit, word, length, out) : 0;
}

/* Pronouns joined to a verb: publíquese, entregándoselo, dándole, apruébanse, decime; vámonos has
 * lost an s, sentaos a d. */
static size_t
without_pronouns(const struct lj_stemmer *stemmer, const char *word, size_t length,
                 char out[LJ_STEM_SIZE])
{
    static const char *const pronouns[] = {"nos", "los", "las", "les", "os", "lo",
                                           "la",  "le",  "me",  "te",  "se"};
    char base[LJ_STEM_SIZE];
    for (int round = 0; round < 3; round++) {
        const char *first = NULL;
        size_t n = 0;
        for (size_t i = 0; i < G_N_ELEMENTS(pronouns) && n == 0; i++) {
            const char *pronoun = pronouns[i];
            if (!ends(word, length, pronoun))
                continue;
            first = first ? first : pronoun; /* entregárselos ends in los, not in os */
            size_t rest = length - strlen(pronoun);
            n = verb(stemmer, word, rest, pronoun, out);
            memcpy(base, word, rest);
            if (n == 0 && (strcmp(pronoun, "nos") == 0 || strcmp(pronoun, "se") == 0) &&
                ends(word, rest, "mo")) {
                base[rest] = 's';
                n = verb(stemmer, base, rest + 1, pronoun, out);
            }
            if (n == 0 && strcmp(pronoun, "os") == 0) {
                base[rest] = 'd';
                n = verb(stemmer, base, rest + 1, pronoun, out);
            }
        }
        if (n)
            return n;
        /* Of two, the first is a person: se-lo, me-la; of three, the first is se: dá-se-me-lo. */
        if (!first || (round > 0 && first[0] == 'l'))
            return 0;
        length -= strlen(first);
    }
    return 0;
}

/* Verbs no dictionary knows: monitorearlo, judicializándolas, transparentárselos. Where their infinitive
 * or gerund ends, 0 for others (Carlos, Charles; a noun the lexicon knows is none: ejemplar). */
static size_t
unknown_verb(const struct lj_stemmer *stemmer, const char *word, size_t length)
{
    /* without me and te: contraparte */
    static const char *const pronouns[] = {"nos", "los", "las", "les", "lo", "la", "le", "se"};
    for (int round = 0; round < 2; round++) {
        size_t n = 0;
        for (size_t i = 0; i < G_N_ELEMENTS(pronouns) && n == 0; i++)
            if (ends(word, length, pronouns[i]))
                n = strlen(pronouns[i]);
        if (n == 0 || length < n + 7)
            return 0;
        length -= n;
        if (is_impersonal(word, length))
            return lj_stemmer_knows(stemmer, word, length) ? 0 : length;
    }
    return 0;
}

/* The class of a plural whose singular the lexicon has: clubes, ítemes, jueces. */
static size_t
known_singular(const struct lj_stemmer *stemmer, const char *word, size_t length,
               char out[LJ_STEM_SIZE])
{
    static const struct {
        const char *plural;
        char singular; /* letter put in its place, 0 for none */
    } rules[] = {{"ces", 'z'}, {"s", 0}, {"es", 0}};
    for (size_t i = 0; i < G_N_ELEMENTS(rules); i++) {
        if (!ends(word, length, rules[i].plural))
            continue;
        char singular[LJ_STEM_SIZE];
        size_t n = length - strlen(rules[i].plural);
        memcpy(singular, word, n);
        if (rules[i].singular)
            singular[n++] = rules[i].singular;
        struct edit edit;
        if (n > 2 && find(stemmer, singular, n, LEXICON_CLASS, &edit))
            return apply(&edit, singular, n, out);
    }
    return 0;
}

/* What most words of the same ending turn into: jubilatorios → jubilatorio as oratorios → oratorio.
 */
static bool
guess(const struct lj_stemmer *stemmer, const char *word, size_t length, struct edit *edit)
{
    const struct table *table = &stemmer->endings;
    uint32_t place = table->root, best = 0;
    for (size_t i = length; i-- > 1;) {
        uint32_t arc = arc_of(table, place, (uint8_t)word[i]);
        if (!arc)
            break;
        place = arc >> LEXICON_ARC_SHIFT;
        arc = arc_of(table, place, LEXICON_CLASS);
        if (arc)
            best = arc;
    }
    return best && read_edit(table, best, edit) && edit->cut + 2 <= length;
}

/* Snowball knows -ción and -logía only with their accent. */
static size_t
restore(char *word, size_t length)
{
    static const struct {
        const char *plain, *accented;
    } suffixes[] = {{"cion", "ción"}, {"sion", "sión"}, {"logia", "logía"}};
    for (size_t i = 0; i < G_N_ELEMENTS(suffixes); i++)
        if (ends(word, length, suffixes[i].plain)) {
            size_t n = strlen(suffixes[i].accented);
            memcpy(word + length - strlen(suffixes[i].plain), suffixes[i].accented, n);
            return length + n - strlen(suffixes[i].plain);
        }
    return length;
}

/* á é í ó ú ü lose their mark; ñ (c3 b1) stays. */
static size_t
unaccent(const char *word, size_t length, char *out)
{
    size_t n = 0;
    for (size_t i = 0; i < length; i++) {
        char plain = 0;
        if ((unsigned char)word[i] == 0xc3 && i + 1 < length) {
            switch ((unsigned char)word[i + 1]) {
            case 0xa1:
                plain = 'a';
                break;
            case 0xa9:
                plain = 'e';
                break;
            case 0xad:
                plain = 'i';
                break;
            case 0xb3:
                plain = 'o';
                break;
            case 0xba:
            case 0xbc:
                plain = 'u';
                break;
            }
        }
        if (plain)
            i++;
        out[n++] = plain ? plain : word[i];
    }
    return n;
}

/* Snowball's stem of a word with -ción restored, without accents; 0 when it would be a word the
 * lexicon knows, hence of other meaning. */
static size_t
snowball(const struct lj_stemmer *stemmer, const char *word, size_t length, char out[LJ_STEM_SIZE])
{
    char accented[LJ_STEM_SIZE];
    struct edit edit;
    memcpy(accented, word, length);
    length = restore(accented, length);
    size_t stem_length;
    const char *stem = lj_snowball(stemmer->snowball, accented, length, &stem_length);
    size_t n = unaccent(stem, stem_length, out);
    out[n] = '\0';
    return n > 1 && !find(stemmer, out, n, LEXICON_CLASS, &edit) ? n : 0;
}

size_t
lj_stem(struct lj_stemmer *stemmer, const char *folded, size_t length, char out[LJ_STEM_SIZE])
{
    bool homograph;
    return lj_stem_and_homograph(stemmer, folded, length, out, &homograph);
}

#ifdef LEGAJO_SNOWBALL_ONLY
/* What tests/quality/stems compares with. */
static size_t
snowball_alone(struct lj_stemmer *stemmer, const char *folded, size_t length,
               char out[LJ_STEM_SIZE])
{
    size_t n;
    const char *stem = lj_snowball(stemmer->snowball, folded, MIN(length, LJ_STEM_SIZE - 1), &n);
    n = unaccent(stem, n, out);
    out[n] = '\0';
    return n;
}
#endif

size_t
lj_stem_and_homograph(struct lj_stemmer *stemmer, const char *folded, size_t length,
                      char out[LJ_STEM_SIZE], bool *homograph)
{
    struct edit edit;
    *homograph = false;
#ifdef LEGAJO_SNOWBALL_ONLY
    return snowball_alone(stemmer, folded, length, out);
#endif
    if (length > LJ_STEM_SIZE - 8 - sizeof edit.append) {
        length = LJ_STEM_SIZE - 8 - sizeof edit.append;
        while (length > 0 && ((unsigned char)folded[length] & 0xc0) == 0x80)
            length--;
        memcpy(out, folded, length);
        out[length] = '\0';
        return length;
    }
    if (find(stemmer, folded, length, LEXICON_CLASS, &edit)) {
        *homograph = edit.bits & LEXICON_HOMOGRAPH;
        return apply(&edit, folded, length, out);
    }
    size_t n = 0;
    if (length > 3 && !(n = without_pronouns(stemmer, folded, length, out)))
        n = known_singular(stemmer, folded, length, out);
    if (n)
        return n;
    /* A guess may itself be a known word, or be guessed on: until nothing changes. Where guesses
     * part (blanca: blanca, blanco: blanco), Snowball joins. */
    char word[LJ_STEM_SIZE];
    size_t bare = unknown_verb(stemmer, folded, length);
    n = bare ? bare : length;
    memcpy(word, folded, n);
    word[n] = '\0';
    for (int round = 0; round < 3 && n > 4; round++) {
        if (!guess(stemmer, word, n, &edit) || (edit.cut == 0 && edit.length == 0))
            break;
        n = apply(&edit, word, n, word);
        if (find(stemmer, word, n, LEXICON_CLASS, &edit))
            return apply(&edit, word, n, out);
    }
    size_t stem = n > 4 ? snowball(stemmer, word, n, out) : 0;
    if (stem)
        return stem;
    memcpy(out, word, n + 1);
    return n;
}
