#include "analysis/locator.h"
#include "document/word_table.h"

#include <stdio.h>

/* A value: "123", "14bis", "69-b", "a", "unico"; below holds what a dotted article says with it:
 * "6.1.a)" is article 6, apartado 1, literal a. */
struct value {
    char text[24];
    char below[24];
    unsigned number; /* 0 for letters */
    enum { FIGURES, ROMAN, LETTER, WORDS } class;
};

static const char *const key_names[] = {
    [LJ_KEY_ARTICLE] = "art",
    [LJ_KEY_APARTADO] = "apt",
    [LJ_KEY_FRACCION] = "frac",
    [LJ_KEY_INCISO] = "inc",
    [LJ_KEY_LITERAL] = "lit",
    [LJ_KEY_NUMERAL] = "num",
    [LJ_KEY_PARRAFO] = "par",
    [LJ_KEY_PARAGRAFO] = "paragrafo",
    [LJ_KEY_BASE] = "base",
    [LJ_KEY_TRANSITORIO] = "transitorio",
    [LJ_KEY_ADICIONAL] = "adicional",
    [LJ_KEY_FINAL] = "final",
    [LJ_KEY_DEROGATORIA] = "derogatoria",
    [LJ_KEY_REGLA] = "regla",
};

static const struct key_word {
    const char *word;
    uint8_t key;
    bool plural;
} key_words[] = {
    {"ap", LJ_KEY_APARTADO, false},
    {"apartado", LJ_KEY_APARTADO, false},
    {"apartados", LJ_KEY_APARTADO, true},
    {"apdo", LJ_KEY_APARTADO, false},
    {"art", LJ_KEY_ARTICLE, false},
    {"articulo", LJ_KEY_ARTICLE, false},
    {"articulos", LJ_KEY_ARTICLE, true},
    {"arts", LJ_KEY_ARTICLE, true},
    {"base", LJ_KEY_BASE, false},
    {"bases", LJ_KEY_BASE, true},
    {"disposicion", LJ_KEY_DISPOSICION, false},
    {"disposiciones", LJ_KEY_DISPOSICION, true},
    {"fr", LJ_KEY_FRACCION, false},
    {"frac", LJ_KEY_FRACCION, false},
    {"fracc", LJ_KEY_FRACCION, false},
    {"fraccion", LJ_KEY_FRACCION, false},
    {"fracciones", LJ_KEY_FRACCION, true},
    {"frs", LJ_KEY_FRACCION, true},
    {"inc", LJ_KEY_INCISO, false},
    {"inciso", LJ_KEY_INCISO, false},
    {"incisos", LJ_KEY_INCISO, true},
    {"incs", LJ_KEY_INCISO, true},
    {"letra", LJ_KEY_LITERAL, false},
    {"letras", LJ_KEY_LITERAL, true},
    {"lit", LJ_KEY_LITERAL, false},
    {"literal", LJ_KEY_LITERAL, false},
    {"literales", LJ_KEY_LITERAL, true},
    {"num", LJ_KEY_NUMERAL, false},
    {"numeral", LJ_KEY_NUMERAL, false},
    {"numerales", LJ_KEY_NUMERAL, true},
    {"numero", LJ_KEY_NUMERAL, false},
    {"par", LJ_KEY_PARRAFO, false},
    {"paragrafo", LJ_KEY_PARAGRAFO, false},
    {"paragrafos", LJ_KEY_PARAGRAFO, true},
    {"parr", LJ_KEY_PARRAFO, false},
    {"parrafo", LJ_KEY_PARRAFO, false},
    {"parrafos", LJ_KEY_PARRAFO, true},
    {"regla", LJ_KEY_REGLA, false},
    {"reglas", LJ_KEY_REGLA, true},
    {"transitorio", LJ_KEY_TRANSITORIO, false},
    {"transitorios", LJ_KEY_TRANSITORIO, true},
};

/* A number's digits, which always fit. */
static void
put_number(struct value *value, unsigned number)
{
    char digits[12];
    size_t n = sizeof digits;
    digits[--n] = 0;
    do
        digits[--n] = (char)('0' + number % 10);
    while (number /= 10);
    memcpy(value->text, digits + n, sizeof digits - n);
}

size_t
lj_locator_acronym(const struct lj_reader *r, enum lj_locator_key *key)
{
    size_t n = 1 + (lj_reader_byte(r, 1) == '.');
    unsigned char c = lj_reader_byte(r, n);
    if (lj_reader_byte(r, 0) != 'D' || (c != 'A' && c != 'T' && c != 'F'))
        return 0;
    *key = c == 'A' ? LJ_KEY_ADICIONAL : c == 'T' ? LJ_KEY_TRANSITORIO : LJ_KEY_FINAL;
    n++;
    struct lj_reader ahead = *r;
    ahead.at += n + (lj_reader_byte(r, n) == '.');
    unsigned number;
    return lj_reader_blanks(&ahead) && lj_reader_number(&ahead, 2, &number, NULL) &&
                   lj_spelled_ordinal_mark(ahead.text, ahead.length, ahead.at) > 0
               ? n
               : 0;
}

bool
lj_locator_key_of(const char *word, enum lj_locator_key *key, bool *plural)
{
    static struct lj_word_table table;
    const struct key_word *found = lj_word_table_find(&table, key_words, sizeof *key_words,
                                                      G_N_ELEMENTS(key_words), word, strlen(word));
    if (!found)
        return false;
    *key = (enum lj_locator_key)found->key;
    *plural = found->plural;
    return true;
}

/* Is the figure that was just read the day of a date ("artículo 5, 3 de enero")? */
static bool
is_day(struct lj_reader after)
{
    return lj_reader_blanks(&after) && lj_reader_take(&after, "de") &&
           lj_reader_take(&after, "enero febrero marzo abril mayo junio julio agosto septiembre "
                                  "setiembre octubre noviembre diciembre");
}

/* "113 Bis 3": further ones of Mexico's laws. */
static void
read_count(struct lj_reader *r, struct value *value)
{
    struct lj_reader ahead = *r;
    unsigned number;
    size_t n = strlen(value->text);
    if (lj_reader_byte(r, 0) != ' ')
        return;
    ahead.at++;
    if (!lj_reader_number(&ahead, 2, &number, NULL) || lj_reader_alnum(&ahead) || is_day(ahead))
        return;
    snprintf(value->text + n, sizeof value->text - n, "-%u", number);
    *r = ahead;
}

/* Adds "bis", "ter" … and "-A" to a number: "14 bis", "4.º ter", "69-B", "14 bis-A". */
static void
read_suffix(struct lj_reader *r, struct value *value)
{
    struct lj_reader ahead = *r;
    if (!lj_reader_blanks(&ahead) && lj_reader_byte(&ahead, 0) == '-')
        ahead.at++;
    char word[LJ_SPELLED];
    unsigned char c = lj_reader_byte(&ahead, 0) | 0x20;
    if (c == 'b' || c == 't' || c == 'q' || c == 's' || c == 'o' || c == 'n' || c == 'd' ||
        c == 'u') {
        size_t used = lj_reader_word(&ahead, word);
        if (used > 0 &&
            lj_word_among(word,
                          "bis ter quater quinquies sexies septies octies novies nonies decies "
                          "undecies duodecies") &&
            !lj_spelled_alnum_at(ahead.text, ahead.length, ahead.at + used)) {
            size_t n = strlen(value->text), size = strlen(word);
            if (n + size < sizeof value->text) {
                memcpy(value->text + n, word, size + 1);
                r->at = ahead.at + used;
                read_count(r, value);
            }
        }
    }
    unsigned char letter = lj_reader_byte(r, 1);
    if (lj_reader_byte(r, 0) == '-' && lj_is_upper(letter) &&
        !lj_spelled_alnum_at(r->text, r->length, r->at + 2)) {
        size_t n = strlen(value->text);
        if (n + 2 < sizeof value->text) {
            value->text[n] = '-';
            value->text[n + 1] = (char)(letter | 0x20);
            value->text[n + 2] = 0;
            r->at += 2;
        }
    }
}

/* The mark of an ordinal, but not the ".a" of "6.a)". */
static void
take_ordinal_mark(struct lj_reader *r)
{
    if (lj_reader_byte(r, 0) != '.' || lj_reader_byte(r, 2) != ')')
        r->at += lj_spelled_ordinal_mark(r->text, r->length, r->at);
}

/* "6.1.a)", "149.1.18.ª": what an article's number goes on with. */
static void
read_dotted(struct lj_reader *r, struct value *value)
{
    static const char *const levels[] = {"apt", "num"};
    for (size_t level = 0; level < 3; level++) {
        if (lj_reader_byte(r, 0) != '.')
            return;
        size_t n = strlen(value->below);
        unsigned char c = lj_reader_byte(r, 1);
        if (lj_is_digit(c) && level < 2) {
            struct lj_reader ahead = *r;
            ahead.at++;
            unsigned number;
            if (!lj_reader_number(&ahead, 2, &number, NULL))
                return;
            take_ordinal_mark(&ahead);
            if (lj_reader_alnum(&ahead))
                return;
            snprintf(value->below + n, sizeof value->below - n, "/%s=%u", levels[level], number);
            *r = ahead;
        } else if (lj_is_lower(c) && (lj_reader_byte(r, 2) == ')' ||
                                      (level > 0 && /* "2.24.d" */
                                       !lj_spelled_alnum_at(r->text, r->length, r->at + 2)))) {
            snprintf(value->below + n, sizeof value->below - n, "/lit=%c", c);
            r->at += lj_reader_byte(r, 2) == ')' ? 3 : 2;
            return;
        } else {
            return;
        }
    }
}

/* "2.1.6.", "3.10.5": a rule's number, its last stop too where the sentence goes on. */
static bool
read_rule(struct lj_reader *r, struct value *value)
{
    size_t n = 0, stops = 0;
    for (; n < 12; n++) {
        unsigned char c = lj_reader_byte(r, n);
        if (!lj_is_digit(c) && !(c == '.' && n > 0 && lj_reader_digit(r, n + 1)))
            break;
        stops += c == '.';
    }
    if (stops == 0 || stops > 4)
        return false;
    memcpy(value->text, r->text + r->at, n);
    value->text[n] = 0;
    value->class = FIGURES;
    value->number = 1;
    r->at += n;
    if (lj_reader_alnum(r))
        return false;
    struct lj_reader ahead = *r;
    if (lj_reader_byte(r, 0) == '.') {
        ahead.at++;
        if (lj_reader_byte(&ahead, 0) == ',' ||
            (lj_reader_blanks(&ahead) && lj_is_lower(lj_reader_byte(&ahead, 0))))
            r->at++;
    }
    return true;
}

static bool
read_figures(struct lj_reader *r, enum lj_locator_key key, struct value *value)
{
    unsigned number;
    if (key == LJ_KEY_REGLA)
        return read_rule(r, value);
    if (!lj_reader_number(r, 5, &number, NULL) || number == 0)
        return false;
    /* "artículo 1.902 del Código Civil" */
    if (number < 100 && lj_reader_byte(r, 0) == '.' && lj_reader_digit(r, 1) &&
        lj_reader_digit(r, 2) && lj_reader_digit(r, 3) && !lj_reader_digit(r, 4)) {
        number = number * 1000 + (unsigned)(lj_reader_byte(r, 1) - '0') * 100 +
                 (unsigned)(lj_reader_byte(r, 2) - '0') * 10 +
                 (unsigned)(lj_reader_byte(r, 3) - '0');
        r->at += 4;
    }
    take_ordinal_mark(r);
    value->class = FIGURES;
    value->number = number;
    put_number(value, number);
    if (lj_reader_alnum(r)) {
        /* "14bis", "48de la Ley"; any other letter makes it something else */
        size_t before = r->at;
        read_suffix(r, value);
        if (r->at == before)
            return lj_reader_byte(r, 0) == 'd' && lj_reader_byte(r, 1) == 'e' &&
                   (lj_reader_byte(r, 2) == ' ' ||
                    (lj_reader_byte(r, 2) == 'l' && !lj_is_lower(lj_reader_byte(r, 3))));
    } else {
        read_suffix(r, value);
    }
    if (key == LJ_KEY_ARTICLE)
        read_dotted(r, value);
    return !lj_reader_alnum(r);
}

static bool
read_letter(struct lj_reader *r, struct value *value)
{
    lj_reader_quote(r);
    unsigned char c = lj_reader_byte(r, 0);
    size_t size = 1;
    if (c == 0xC3 && (lj_reader_byte(r, 1) | 0x20) == 0xB1) {
        size = 2;
        memcpy(value->text, "ñ", 3);
    } else if (lj_is_upper(c) || lj_is_lower(c)) {
        value->text[0] = (char)(c | 0x20);
        value->text[1] = 0;
        /* "ll)", "aa)": doubled letters go on after z */
        if ((lj_reader_byte(r, 1) | 0x20) == (c | 0x20) && lj_reader_byte(r, 2) == ')') {
            size = 2;
            memcpy(value->text, (char[]){(char)(c | 0x20), (char)(c | 0x20), 0}, 3);
        }
    } else {
        return false;
    }
    r->at += size;
    value->class = LETTER;
    value->number = 0;
    return !lj_reader_alnum(r);
}

/* Is a small letter here a word of its own in the sentence ("y", "a", "o", "e")? Then only a
 * bracket or a quotation mark makes it a letter: "incisos a) y e)". */
static bool
is_small_word(const struct lj_reader *r)
{
    unsigned char c = lj_reader_byte(r, 0), next = lj_reader_byte(r, 1);
    return (c == 'y' || c == 'a' || c == 'o' || c == 'e' || c == 'u') && next != ')' &&
           next != '.' && next != ',' && next != ';' && r->at + 1 < r->length;
}

static bool
read_value(struct lj_reader *r, enum lj_locator_key key, bool lower, struct value *value)
{
    struct lj_reader start = *r;
    value->below[0] = 0;
    value->number = 0;
    if (lj_reader_digit(r, 0)) {
        if (read_figures(r, key, value))
            goto closed;
        *r = start;
        return false;
    }
    if (key == LJ_KEY_REGLA)
        return false;
    bool lettered = key == LJ_KEY_APARTADO || key == LJ_KEY_INCISO || key == LJ_KEY_LITERAL ||
                    key == LJ_KEY_NUMERAL || key == LJ_KEY_FRACCION;
    /* "apartado C", "literal C": a letter; "fracción C" and "inciso V" are numbers */
    bool single_roman = key != LJ_KEY_APARTADO && key != LJ_KEY_LITERAL;
    size_t used =
        lj_spelled_roman(r->text, r->length, r->at, lower && key != LJ_KEY_ARTICLE, &value->number);
    if (used == 1 && key == LJ_KEY_INCISO && !strchr("IVX", r->text[r->at]))
        used = 0;
    if (used > 1 || (used == 1 && single_roman)) {
        r->at += used;
        value->class = ROMAN;
        put_number(value, value->number);
        read_suffix(r, value);
        goto closed;
    }
    char word[LJ_SPELLED];
    used = lj_spelled_ordinal(r->text, r->length, r->at, &value->number);
    if (used == 0 && key != LJ_KEY_PARRAFO && lj_reader_word(r, word) > 2)
        used = lj_spelled_number(r->text, r->length, r->at, &value->number);
    if (used > 0 && value->number < 10000) {
        r->at += used;
        value->class = WORDS;
        put_number(value, value->number);
        read_suffix(r, value);
        return true;
    }
    value->number = 0;
    used = lj_reader_word(r, word);
    if (used > 1 && lj_word_among(word, "unico unica ultimo ultima penultimo penultima")) {
        word[strlen(word) - 1] = 'o';
        memcpy(value->text, word, strlen(word) + 1);
        r->at += used;
        value->class = WORDS;
        return true;
    }
    if (lettered && !is_small_word(r) && read_letter(r, value)) {
        lj_reader_quote(r);
        goto closed;
    }
    *r = start;
    return false;
closed:
    if (lj_reader_byte(r, 0) == ')')
        r->at++;
    return true;
}

/* Appends "/key=value" to a locator; false when it is full. */
static bool
extend(struct lj_locator *locator, enum lj_locator_key key, const struct value *value)
{
    if (locator->depth == LJ_LOCATOR_DEPTH)
        return false;
    size_t n = locator->depth ? locator->end[locator->depth - 1] : 0;
    const char *name = key_names[key];
    size_t name_length = strlen(name), value_length = strlen(value->text);
    size_t end = n + (n > 0) + name_length + 1 + value_length;
    if (end >= sizeof locator->text)
        return false;
    char *at = locator->text + n;
    if (n > 0)
        *at++ = '/';
    at = mempcpy(at, name, name_length);
    *at++ = '=';
    memcpy(at, value->text, value_length + 1);
    locator->end[locator->depth++] = (uint8_t)end;
    for (const char *below = value->below; *below;) {
        size_t size = 1 + strcspn(below + 1, "/");
        n = locator->end[locator->depth - 1];
        if (locator->depth == LJ_LOCATOR_DEPTH || n + size >= sizeof locator->text)
            break;
        memcpy(locator->text + n, below, size);
        locator->text[n + size] = 0;
        locator->end[locator->depth++] = (uint8_t)(n + size);
        below += size;
    }
    return true;
}

/* A level of the text: the values of one key's list, with ranges spread out. */
struct level {
    enum lj_locator_key key;
    struct value value[LJ_LOCATOR_MOST];
    size_t n;
};

/* Makes a level of the one value that an ordinal before or behind the key's word says; LJ_LOCATOR_LAST:
 * "último". */
static void
put_ordinal(struct level *level, enum lj_locator_key key, unsigned number)
{
    bool last = number == LJ_LOCATOR_LAST;
    level->key = key;
    level->n = 1;
    level->value[0] = (struct value){.number = last ? 0 : number, .class = WORDS};
    if (last)
        memcpy(level->value[0].text, "ultimo", 7);
    else
        put_number(&level->value[0], number);
}

/* Takes what joins the items of a list; range is set for "a", "al", "-", "hasta". Commas and
 * slashes join only what is announced as several. */
static bool
take_joint(struct lj_reader *r, bool plural, bool *range)
{
    struct lj_reader ahead = *r;
    bool gap = lj_reader_blanks(&ahead), joint = false;
    *range = false;
    unsigned char c = lj_reader_byte(&ahead, 0);
    if ((c == ',' || c == ';') && plural) {
        ahead.at++;
        lj_reader_blanks(&ahead);
        joint = gap = true;
    } else if (c == '/' && plural) {
        ahead.at++;
        *r = ahead;
        *range = true;
        return true;
    } else if (c == '-' && plural) {
        ahead.at++;
        lj_reader_blanks(&ahead);
        *r = ahead;
        *range = true;
        return true;
    } else if (c == 0xE2 && lj_reader_byte(&ahead, 1) == 0x80 &&
               lj_reader_byte(&ahead, 2) == 0x93 && plural) {
        ahead.at += 3;
        lj_reader_blanks(&ahead);
        *r = ahead;
        *range = true;
        return true;
    }
    c = lj_reader_byte(&ahead, 0) | 0x20;
    if (gap && (c == 'y' || c == 'e' || c == 'o' || c == 'a' || c == 'u' || c == 'h')) {
        char word[LJ_SPELLED];
        size_t used = lj_reader_word(&ahead, word);
        if (used > 0 && lj_word_among(word, plural ? "y e o u a al hasta" : "y e o u al hasta")) {
            *range = word[0] == 'a' || word[0] == 'h';
            ahead.at += used;
            if (word[0] == 'y' && lj_reader_byte(&ahead, 0) == '/') /* "y/o" */
                ahead.at += lj_reader_byte(&ahead, 1) == 'o' ? 2 : 0;
            if (!lj_reader_blanks(&ahead))
                return false;
            lj_reader_take(&ahead, "el la los las");
            joint = true;
        }
    }
    if (joint)
        *r = ahead;
    return joint;
}

/* The values behind a key: one, or a list. Values of a list share their class, so that the article
 * behind "incisos I y II, y 27" is not an inciso. */
static bool
read_level(struct lj_reader *r, enum lj_locator_key key, bool plural, bool lower,
           struct level *level)
{
    level->key = key;
    level->n = 0;
    if (lj_is_digit(lj_reader_byte(r, 0)) == false) /* "artículo N° 5" */
        r->at += lj_spelled_marker(r->text, r->length, r->at);
    if (!read_value(r, key, lower, &level->value[0]))
        return false;
    level->n = 1;
    for (;;) {
        struct lj_reader ahead = *r;
        bool range;
        struct value *last = &level->value[level->n - 1];
        if (!take_joint(&ahead, plural, &range))
            break;
        if (key == LJ_KEY_ARTICLE) { /* "artículos 5 y artículo 6" */
            struct lj_reader behind = ahead;
            if (lj_reader_take(&behind, "art arts articulo articulos")) {
                lj_reader_take_byte(&behind, '.');
                ahead = behind;
            }
        }
        struct value next;
        if (!read_value(&ahead, key, lower, &next) || next.class != last->class || is_day(ahead))
            break;
        if (range) {
            bool plain = next.class == LETTER
                             ? !last->text[1] && !next.text[1] && next.text[0] > last->text[0]
                             : next.number > last->number && last->number > 0;
            if (!plain)
                break;
            unsigned from = next.class == LETTER ? (unsigned char)last->text[0] : last->number;
            unsigned to = next.class == LETTER ? (unsigned char)next.text[0] : next.number;
            if (to - from < LJ_LOCATOR_MOST - level->n)
                for (unsigned i = from + 1; i < to; i++) {
                    struct value *value = &level->value[level->n++];
                    *value = next;
                    value->below[0] = 0;
                    value->number = next.class == LETTER ? 0 : i;
                    if (next.class == LETTER)
                        memcpy(value->text, (char[]){(char)i, 0}, 2);
                    else
                        put_number(value, i);
                }
        }
        if (level->n == LJ_LOCATOR_MOST)
            break;
        level->value[level->n++] = next;
        *r = ahead;
    }
    return true;
}

/* Takes a key's word with its full stop. */
static bool
take_key(struct lj_reader *r, enum lj_locator_key *key, bool *plural)
{
    char word[LJ_SPELLED];
    size_t used = lj_reader_word(r, word);
    if (used == 0 || !lj_locator_key_of(word, key, plural) ||
        lj_spelled_alnum_at(r->text, r->length, r->at + used))
        return false;
    r->at += used;
    if (lj_reader_byte(r, 0) == '.')
        r->at++;
    lj_reader_blanks(r);
    return true;
}

/* "artículo 19 N° 3 de la Constitución", ", N° 6": Chile's numerals. */
static bool
read_marked_level(struct lj_reader *r, bool lower, struct level *level)
{
    struct lj_reader ahead = *r;
    lj_reader_blanks(&ahead);
    lj_reader_take_byte(&ahead, ',');
    size_t used = lj_spelled_marker(ahead.text, ahead.length, ahead.at);
    ahead.at += used;
    struct lj_reader digits = ahead;
    unsigned number;
    if (used == 0 || !lj_reader_number(&digits, 2, &number, NULL) ||
        lj_reader_byte(&digits, 0) == '.' || lj_reader_byte(&digits, 0) == '/' ||
        !read_level(&ahead, LJ_KEY_NUMERAL, false, lower, level))
        return false;
    *r = ahead;
    return true;
}

/* One level below the article, where one follows: ", apartado B", " inc. c)", "(fracción V)",
 * ", segundo párrafo", " en su fracción II". */
static bool
read_level_below(struct lj_reader *r, bool lower, struct level *level)
{
    struct lj_reader ahead = *r;
    lj_reader_blanks(&ahead);
    if (lj_reader_byte(&ahead, 0) == ',' || lj_reader_byte(&ahead, 0) == '(') {
        ahead.at++;
        lj_reader_blanks(&ahead);
    }
    enum lj_locator_key key;
    bool plural;
    unsigned char c = lj_reader_byte(&ahead, 0) | 0x20;
    if (!(lj_is_lower(c) && strchr("abeiflnpstcdouqvy", c)) && !lj_reader_digit(&ahead, 0))
        return false;
    if (c == 'y')
        lj_reader_take(&ahead, "y"); /* "apartado 1 y letra a)": a further part, not a list */
    if (c == 'e' && lj_reader_take(&ahead, "en"))
        lj_reader_take(&ahead, "su sus el la los las");
    struct lj_reader start = ahead;
    if (read_marked_level(&ahead, lower, level)) {
        *r = ahead;
        return true;
    }
    if (take_key(&ahead, &key, &plural)) {
        if (key == LJ_KEY_ARTICLE || key >= LJ_KEY_TRANSITORIO)
            return false;
        if (!read_level(&ahead, key, plural, lower, level))
            return false;
        *r = ahead;
        return true;
    }
    ahead = start;
    unsigned number;
    size_t used = lj_spelled_ordinal(ahead.text, ahead.length, ahead.at, &number);
    bool figures = lj_reader_digit(&ahead, 0);
    if (figures && c != 'y') { /* "2° párr." */
        struct lj_reader digits = ahead;
        if (lj_reader_number(&digits, 2, &number, NULL) && number > 0) {
            size_t mark = lj_spelled_ordinal_mark(digits.text, digits.length, digits.at);
            used = mark ? digits.at + mark - ahead.at : 0;
        }
    }
    char word[LJ_SPELLED];
    bool last = used == 0 && lj_reader_word(&ahead, word) > 0 && strcmp(word, "ultimo") == 0;
    ahead.at += last ? lj_reader_word(&ahead, word) : used;
    if ((used > 0 || last) && lj_reader_blanks(&ahead) && take_key(&ahead, &key, &plural) &&
        (key == LJ_KEY_PARRAFO || (!figures && (key == LJ_KEY_INCISO || key == LJ_KEY_APARTADO)))) {
        put_ordinal(level, key, last ? LJ_LOCATOR_LAST : number);
        /* take_key went past the blanks behind the word: the locator ends with the word */
        while (ahead.at > r->at && lj_spelled_blanks(ahead.text, ahead.at, ahead.at - 1) == 1)
            ahead.at--;
        *r = ahead;
        return true;
    }
    return false;
}

/* Puts the values of a level under one locator (base; NULL: none). */
static void
spread(struct lj_locators *out, const struct lj_locator *base, const struct level *level)
{
    struct lj_locator root = {.depth = 0};
    if (base)
        root = *base;
    for (size_t i = 0; i < level->n && out->n < LJ_LOCATOR_MOST; i++) {
        out->item[out->n] = root;
        if (extend(&out->item[out->n], level->key, &level->value[i]))
            out->n++;
    }
}

/* "artículo 5 superior a cien", "superior jerárquico": no article of the constitution. */
static bool
goes_on_comparing(struct lj_reader ahead, size_t used)
{
    ahead.at += used;
    return lj_reader_blanks(&ahead) &&
           lj_reader_take(&ahead, "a al en de del que jerarquico inmediato");
}

/* Reads the articles with all that stands below them, r behind the key's word. Parts named before
 * the article ("fracción V del …") are the inner levels, innermost first. */
static bool
read_articles(struct lj_reader *r, enum lj_locator_key key, bool plural, bool lower,
              const struct level *inner, size_t n_inner, struct lj_locators *out)
{
    struct level level;
    struct lj_reader ahead = *r;
    char word[LJ_SPELLED];
    /* "artículos transitorios segundo y cuarto" */
    if (key == LJ_KEY_ARTICLE && lj_reader_take(&ahead, "transitorio transitorios")) {
        key = LJ_KEY_TRANSITORIO;
        *r = ahead;
    }
    for (bool first = true;; first = false) {
        size_t begin = out->n;
        if (!read_level(r, key, plural, lower, &level))
            return !first;
        ahead = *r;
        /* "artículo tercero transitorio", "artículo 27 constitucional", Colombia's "artículo 29 superior" */
        if (key == LJ_KEY_ARTICLE && lj_reader_blanks(&ahead)) {
            size_t used = lj_reader_word(&ahead, word);
            if (used > 10 && lj_word_among(word, "transitorio transitorios")) {
                level.key = LJ_KEY_TRANSITORIO;
                r->at = ahead.at + used;
            } else if ((used > 13 && lj_word_among(word, "constitucional constitucionales")) ||
                       (used > 7 && lj_word_among(word, "superior superiores") &&
                        !goes_on_comparing(ahead, used))) {
                out->constitutional = true;
                r->at = ahead.at + used;
            }
        }
        spread(out, NULL, &level);
        /* "párrafo cuarto del artículo 10, N° 6, del Código": what stands between */
        if (n_inner > 0 && out->n == begin + 1 && read_marked_level(r, lower, &level)) {
            struct lj_locator base = out->item[--out->n];
            spread(out, &base, &level);
        }
        for (size_t i = n_inner; i-- > 0;) { /* each under the last of the level before */
            if (out->n == begin)
                break;
            struct lj_locator base = out->item[--out->n];
            if (i == 0 || inner[i].n == 1) {
                spread(out, &base, &inner[i]);
            } else {
                struct level one = inner[i];
                one.n = 1;
                spread(out, &base, &one);
            }
        }
        bool below = false;
        while (n_inner == 0 && out->n > begin && out->n < LJ_LOCATOR_MOST &&
               read_level_below(r, lower, &level)) {
            struct lj_locator base = out->item[--out->n];
            spread(out, &base, &level);
            below = true;
        }
        if (below && lj_reader_byte(r, 0) == ')')
            r->at++;
        /* a list of articles goes on behind the parts of one: "14, fracción II, y 27, fracción V"
         */
        ahead = *r;
        bool range;
        if (!below || !take_joint(&ahead, true, &range) || range || !plural)
            return out->n > 0;
        struct lj_reader behind = ahead;
        if (lj_reader_take(&behind, "art arts articulo articulos"))
            lj_reader_take_byte(&behind, '.');
        struct value probe;
        *r = behind;
        if (!lj_reader_digit(&behind, 0) || !read_value(&behind, key, lower, &probe) ||
            is_day(behind)) {
            r->at = ahead.at;
            /* leave the joint to whoever reads on */
            while (r->at > 0 && lj_spelled_blanks(r->text, r->at, r->at - 1) == 1)
                r->at--;
            return out->n > 0;
        }
    }
}

/* "artículos 6o. y 41, Base III, Apartado C, constitucionales": behind all the parts. */
static bool
take_constitutional(struct lj_reader *r)
{
    struct lj_reader ahead = *r;
    char word[LJ_SPELLED];
    lj_reader_take_byte(&ahead, ',');
    lj_reader_blanks(&ahead);
    if (lj_reader_byte(&ahead, 0) != 'c')
        return false;
    size_t used = lj_reader_word(&ahead, word);
    if (used < 14 || !lj_word_among(word, "constitucional constitucionales"))
        return false;
    r->at = ahead.at + used;
    return true;
}

bool
lj_locators_read(struct lj_reader *r, enum lj_locator_key key, size_t word, bool plural,
                 unsigned before, bool lower, struct lj_locators *out)
{
    struct lj_reader start = *r;
    struct level inner[3];
    size_t n_inner = 0;
    out->n = 0;
    out->constitutional = false;
    r->at += word;
    if (lj_reader_byte(r, 0) == '.')
        r->at++;
    lj_reader_blanks(r);
    size_t end = 0; /* of what says which disposition it is */
    if (key == LJ_KEY_DISPOSICION) {
        /* "disposición transitoria primera", "disposiciones adicionales 1.ª y 2.ª"; Peru's "Primera
         * Disposición Complementaria Final" */
        char kind[LJ_SPELLED];
        lj_reader_take(r, "complementaria complementarias");
        static const struct {
            const char *words;
            enum lj_locator_key key;
        } kinds[] = {{"transitoria transitorias", LJ_KEY_TRANSITORIO},
                     {"adicional adicionales", LJ_KEY_ADICIONAL},
                     {"final finales", LJ_KEY_FINAL},
                     {"derogatoria derogatorias", LJ_KEY_DEROGATORIA}};
        for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
            size_t used = lj_reader_word(r, kind);
            if (used > 0 && lj_word_among(kind, kinds[i].words)) {
                key = kinds[i].key;
                end = r->at + used;
                r->at = end;
                lj_reader_blanks(r);
            }
        }
        if (key == LJ_KEY_DISPOSICION)
            goto nothing;
    }
    if (key >= LJ_KEY_TRANSITORIO && before > 0) { /* "Tercero Transitorio" */
        struct level level;
        put_ordinal(&level, key, before);
        spread(out, NULL, &level);
        r->at = MAX(end, start.at + word);
        return true;
    }
    for (;;) {
        if (key == LJ_KEY_ARTICLE || key >= LJ_KEY_TRANSITORIO) {
            if (!read_articles(r, key, plural, lower, inner, n_inner, out))
                goto nothing;
            if (key == LJ_KEY_ARTICLE && !out->constitutional)
                out->constitutional = take_constitutional(r);
            return true;
        }
        if (n_inner == 3)
            goto nothing;
        /* a part before its article: "fracción IX del apartado B del artículo 123" */
        struct level *level = &inner[n_inner];
        if (before > 0) {
            put_ordinal(level, key, before);
            before = 0;
        } else if (!read_level(r, key, plural, lower, level)) {
            goto nothing;
        }
        n_inner++;
        lj_reader_blanks(r);
        lj_reader_take_byte(r, ',');
        unsigned number;
        struct lj_reader ahead = *r;
        if (lj_reader_take(&ahead, "de del en")) { /* "letra c) en el apartado 1 del artículo 20" */
            lj_reader_take(&ahead, "el la los las");
            lj_reader_take(&ahead, "referido citado mencionado mismo propio");
        }
        /* "del primer párrafo del artículo" */
        size_t used = lj_spelled_ordinal(ahead.text, ahead.length, ahead.at, &number);
        if (lj_reader_take(&ahead, "ultimo"))
            before = LJ_LOCATOR_LAST;
        if (used > 0) {
            ahead.at += used;
            lj_reader_blanks(&ahead);
            before = number;
        }
        if (ahead.at == r->at || !take_key(&ahead, &key, &plural) || key == LJ_KEY_DISPOSICION)
            goto nothing;
        *r = ahead;
    }
nothing:
    *r = start;
    return false;
}

bool
lj_locators_read_value(struct lj_reader *r, struct lj_locators *out)
{
    struct lj_reader start = *r;
    out->n = 0;
    out->constitutional = false;
    if (read_articles(r, LJ_KEY_ARTICLE, true, true, NULL, 0, out))
        return true;
    *r = start;
    return false;
}
