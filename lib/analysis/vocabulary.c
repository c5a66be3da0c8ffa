#include "analysis/vocabulary.h"
#include "analysis/fold.h"
#include "analysis/mention.h"
#include "analysis/unit.h"
#include "analysis/words.h"
#include "schema/large.h"

#include <string.h>

#define BLOCK (256 * 1024)

/* Structures and strings of the vocabulary, freed together. */
struct block {
    struct block *next;
    size_t used, size;
    max_align_t bytes[];
};

struct entry {
    struct spelling spelling;
    char bytes[];
};

/* A word by its hash: most that stand in another's place are passed over without a look at them. */
struct word_slot {
    uint32_t hash;
    uint32_t number; /* id and one more; 0: free */
};

#define WORDS_OF_BLOCK G_N_ELEMENTS(((struct word_block *)NULL)->word)

struct vocabulary {
    struct lj_stemmer *stemmer;
    struct block *blocks;
    GPtrArray *word_blocks; /* struct word_block */
    struct spelling_table table;
    GPtrArray *entries;     /* struct entry; none at 0 */
    struct word_slot *word; /* by form and folded: open addressing, half full at most */
    size_t word_slots;
    uint32_t words;
    GString *form, *folded, *scratch;
};

static const struct spelling overlong = {.overlong = true,
                                         .hint = LJ_MENTION_OPENS | LJ_MENTION_WITHIN};

static void *
take(struct vocabulary *v, size_t size)
{
    size = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
    struct block *block = v->blocks;
    if (!block || block->size - block->used < size) {
        block = g_malloc(sizeof *block + MAX(size, BLOCK));
        *block = (struct block){v->blocks, 0, MAX(size, BLOCK)};
        v->blocks = block;
    }
    void *at = (char *)block->bytes + block->used;
    block->used += size;
    return at;
}

static char *
copy(struct vocabulary *v, const char *text, size_t length)
{
    char *at = take(v, length + 1);
    memcpy(at, text, length);
    at[length] = '\0';
    return at;
}

static uint32_t
word_hash(const struct lj_word *word)
{
    uint64_t hash = word->form_length, rest = 0;
    size_t i = 0;
    for (; i + 8 <= word->form_length; i += 8)
        hash = lj_spelling_mix(hash, lj_spelling_eight(word->form + i));
    memcpy(&rest, word->form + i, word->form_length - i);
    return (uint32_t)(lj_spelling_mix(hash, rest) >> 32);
}

static bool
word_equal(const struct lj_word *x, const struct lj_word *y)
{
    return x->form_length == y->form_length && x->folded_length == y->folded_length &&
           memcmp(x->form, y->form, x->form_length) == 0 &&
           memcmp(x->folded, y->folded, x->folded_length) == 0;
}

static struct lj_word *
word_at(const struct vocabulary *v, uint32_t id)
{
    struct word_block *block = v->word_blocks->pdata[id / WORDS_OF_BLOCK];
    return &block->word[id % WORDS_OF_BLOCK];
}

/* Where the word stands in the table, or the free place where it would. */
static struct word_slot *
word_place(const struct vocabulary *v, const struct lj_word *word, uint32_t hash)
{
    size_t at = hash & (v->word_slots - 1);
    while (v->word[at].number &&
           (v->word[at].hash != hash || !word_equal(word_at(v, v->word[at].number - 1), word)))
        at = (at + 1) & (v->word_slots - 1);
    return &v->word[at];
}

static void
grow_words(struct vocabulary *v)
{
    size_t slots = v->word_slots * 2;
    struct word_slot *table = lj_large_new(slots * sizeof *table);
    for (size_t i = 0; i < v->word_slots; i++) {
        size_t at = v->word[i].hash & (slots - 1);
        if (v->word[i].number == 0)
            continue;
        while (table[at].number)
            at = (at + 1) & (slots - 1);
        table[at] = v->word[i];
    }
    lj_large_free(v->word, v->word_slots * sizeof *v->word);
    v->word = table;
    v->word_slots = slots;
}

struct vocabulary *
lj_vocabulary_new(struct lj_stemmer *stemmer)
{
    struct vocabulary *v = g_new0(struct vocabulary, 1);
    v->stemmer = stemmer;
    v->form = g_string_sized_new(128);
    v->folded = g_string_sized_new(128);
    v->scratch = g_string_sized_new(128);
    lj_vocabulary_clear(v);
    return v;
}

void
lj_vocabulary_clear(struct vocabulary *v)
{
    for (struct block *block = v->blocks, *next; block; block = next) {
        next = block->next;
        g_free(block);
    }
    v->blocks = NULL;
    if (v->word_blocks)
        g_ptr_array_unref(v->word_blocks);
    v->word_blocks = g_ptr_array_new_with_free_func(g_aligned_free);
    lj_large_free(v->word, v->word_slots * sizeof *v->word);
    v->words = 0;
    v->word_slots = 1024;
    v->word = lj_large_new(v->word_slots * sizeof *v->word);
    lj_large_free(v->table.slot, v->table.slots * sizeof *v->table.slot);
    v->table.slots = 1024;
    v->table.slot = lj_large_new(v->table.slots * sizeof *v->table.slot);
    if (v->entries)
        g_ptr_array_unref(v->entries);
    v->entries = g_ptr_array_new();
    g_ptr_array_add(v->entries, NULL);
}

void
lj_vocabulary_free(struct vocabulary *v)
{
    if (!v)
        return;
    lj_vocabulary_clear(v);
    lj_large_free(v->word, v->word_slots * sizeof *v->word);
    g_ptr_array_unref(v->entries);
    g_ptr_array_unref(v->word_blocks);
    lj_large_free(v->table.slot, v->table.slots * sizeof *v->table.slot);
    g_string_free(v->form, TRUE);
    g_string_free(v->folded, TRUE);
    g_string_free(v->scratch, TRUE);
    g_free(v);
}

size_t
lj_vocabulary_size(const struct vocabulary *v)
{
    return v->words;
}

/* --- words --------------------------------------------------------------------------------------
 */

/* The stem of a compound is that of its parts: teóricos-prácticos = teórico-práctico. */
static size_t
compound_stem(struct lj_stemmer *stemmer, const char *folded, size_t length, char *out)
{
    char stem[LJ_STEM_SIZE];
    size_t n = 0;
    for (size_t i = 0; i <= length;) {
        const char *hyphen = memchr(folded + i, '-', length - i);
        size_t end = hyphen ? (size_t)(hyphen - folded) : length;
        size_t got = end > i ? lj_stem(stemmer, folded + i, end - i, stem) : 0;
        if (n + got + 1 >= LJ_STEM_SIZE)
            break;
        memcpy(out + n, stem, got);
        n += got;
        if (end < length)
            out[n++] = '-';
        i = end + 1;
    }
    return n;
}

/* The place of the next word. */
static struct lj_word *
next_word(struct vocabulary *v, uint32_t id)
{
    if (id % WORDS_OF_BLOCK == 0) {
        struct word_block *block = g_aligned_alloc(1, sizeof *block, LJ_WORD_BLOCK);
        for (size_t i = 0; i < LJ_WORD_COLOURS; i++)
            block->first[i].id = id;
        g_ptr_array_add(v->word_blocks, block);
    }
    return word_at(v, id);
}

/* The word of v->form and v->folded, new or known. */
static struct lj_word *
word_of(struct vocabulary *v, enum lj_token_kind kind)
{
    const char *form = v->form->str, *folded = v->folded->str;
    size_t form_length = v->form->len, folded_length = v->folded->len;
    if (folded_length == 0) { /* nothing but marks that fold away */
        folded = form;
        folded_length = form_length;
    }
    struct lj_word key = {.form = form,
                          .folded = folded,
                          .form_length = (uint16_t)form_length,
                          .folded_length = (uint16_t)folded_length};
    uint32_t hash = word_hash(&key);
    struct word_slot *place = word_place(v, &key, hash);
    if (place->number)
        return word_at(v, place->number - 1);

    char stem[LJ_STEM_SIZE];
    size_t stem_length = 0;
    bool homograph = false;
    if (kind == LJ_TOKEN_WORD || kind == LJ_TOKEN_ACRONYM)
        stem_length = lj_stem_and_homograph(v->stemmer, folded, folded_length, stem, &homograph);
    else if (kind == LJ_TOKEN_COMPOUND)
        stem_length = compound_stem(v->stemmer, folded, folded_length, stem);

    bool same = form_length == folded_length && memcmp(form, folded, form_length) == 0;
    key.id = v->words++;
    struct lj_word *word = next_word(v, key.id);
    key.form = copy(v, form, form_length);
    key.folded = same ? key.form : copy(v, folded, folded_length);
    key.stem = key.folded;
    key.stem_length = key.folded_length;
    if (stem_length > 0 &&
        (stem_length != folded_length || memcmp(stem, folded, stem_length) != 0)) {
        key.stem = copy(v, stem, stem_length);
        key.stem_length = (uint16_t)stem_length;
    }
    key.stop = lj_word_is_stop(key.folded, folded_length);
    key.exact = !same || homograph || lj_word_has_homograph(key.folded, folded_length);
    *word = key;
    *place = (struct word_slot){hash, v->words};
    if ((size_t)v->words * 2 > v->word_slots)
        grow_words(v);
    return word;
}

/* --- numbers ------------------------------------------------------------------------------------
 */

static bool
digit(char c)
{
    return c >= '0' && c <= '9';
}

/* ' and ’ (and narrow blanks, opened to blanks) only ever part thousands: 1'500,000.00 */
static bool
groups(const char *text, size_t length, char mark)
{
    size_t run = 0, groups = 0;
    for (size_t i = 0; i <= length; i++) {
        if (i < length && digit(text[i])) {
            run++;
            continue;
        }
        if (i < length && text[i] != mark && text[i] != '\'')
            return false;
        if (groups == 0 ? run < 1 || run > 3 : run != 3)
            return false;
        groups++;
        run = 0;
    }
    return groups > 1;
}

static size_t
count(const char *text, size_t length, char mark)
{
    size_t n = 0;
    for (size_t i = 0; i < length; i++)
        n += text[i] == mark;
    return n;
}

static void
digits_only(const char *text, size_t length, GString *out)
{
    for (size_t i = 0; i < length; i++)
        if (digit(text[i]))
            g_string_append_c(out, text[i]);
}

/* Figures and marks → digits and a decimal point, whatever the style:
 *
 *     19.924  19,924  19'924  → 19924       a mark before each three digits parts thousands
 *     1.234,56  1,234.56      → 1234.56     of two marks the last is the decimal one
 *     70,91  70.91  0.125     → 70.91 0.125 one mark before other than three digits,
 *                                           or after a zero
 *
 * False for all else (21.01.2026, 1,2,3), a list of numbers. */
static bool
number(const char *text, size_t length, GString *out)
{
    size_t stops = count(text, length, '.'), commas = count(text, length, ',');
    size_t quotes = count(text, length, '\'');
    if (stops + commas + quotes == 0) {
        g_string_append_len(out, text, (gssize)length);
        return true;
    }
    char mark = stops ? '.' : commas ? ',' : '\'', decimal = 0;
    if (stops && commas) {
        const char *last = text + length - 1;
        while (*last != '.' && *last != ',')
            last--;
        decimal = *last;
        mark = decimal == '.' ? ',' : '.';
    }
    if (!decimal && text[0] != '0' && groups(text, length, mark)) {
        digits_only(text, length, out);
        return true;
    }
    if (!decimal && mark != '\'')
        decimal = mark;
    if (!decimal || count(text, length, decimal) != 1)
        return false;
    size_t whole = (size_t)((const char *)memchr(text, decimal, length) - text);
    if (count(text, whole, '\'') + count(text, whole, mark) > 0 && !groups(text, whole, mark))
        return false;
    if (count(text + whole, length - whole, '\'') > 0 || whole == 0 || whole + 1 == length)
        return false;
    digits_only(text, whole, out);
    g_string_append_c(out, '.');
    digits_only(text + whole, length - whole, out);
    return true;
}

/* v->form holds figures and marks only: v->folded, and whether they are one number. */
static bool
read_number(struct vocabulary *v)
{
    GString *plain = v->scratch;
    g_string_truncate(plain, 0);
    for (const char *p = v->form->str; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        g_string_append_c(plain, c == 0x2019 || c == ' ' ? '\'' : c < 0x80 ? (char)c : '?');
    }
    g_string_truncate(v->folded, 0);
    if (strchr(plain->str, '?')) { /* digits of other scripts stay as they are */
        g_string_append_len(v->folded, v->form->str, (gssize)v->form->len);
        return true;
    }
    if (number(plain->str, plain->len, v->folded))
        return true;
    g_string_truncate(v->folded, 0);
    g_string_append_len(v->folded, plain->str, (gssize)plain->len);
    return false;
}

/* 1o 2a 3er 4to 15avo → the digits. Length of the digits, or 0. */
static size_t
ordinal(const char *form, size_t length)
{
    static const char *const endings[] = {"o",  "a",  "os", "as", "er", "ero", "era",
                                          "ro", "ra", "do", "da", "to", "ta",  "mo",
                                          "ma", "vo", "va", "no", "na", "avo", "ava"};
    size_t digits = 0;
    while (digits < length && digit(form[digits]))
        digits++;
    if (digits == 0 || digits > 4 || digits == length)
        return 0;
    for (size_t i = 0; i < G_N_ELEMENTS(endings); i++)
        if (strcmp(form + digits, endings[i]) == 0)
            return digits;
    return 0;
}

/* --- readings -----------------------------------------------------------------------------------
 */

static bool
vowel(char c)
{
    return c && strchr("aeiou", c);
}

/* Is the folded word a plural whose ending names no gender: todxs, alumnxs? */
static bool
neutral_x(const char *folded, size_t length)
{
    return length >= 5 && folded[length - 1] == 's' && folded[length - 2] == 'x' &&
           !vowel(folded[length - 3]) && folded[length - 3] != 'x';
}

/* A word given by its letters. */
static struct lj_word *
plain_word(struct vocabulary *v, const char *form, size_t length)
{
    char *own = g_strndup(form, length); /* form may be v->form */
    g_string_assign(v->form, own);
    g_free(own);
    lj_folded(v->form->str, v->form->len, v->folded);
    return word_of(v, LJ_TOKEN_WORD);
}

/* tod@s, todxs: a form of its own, folded as the masculine, and the feminine as second reading.
 * mark is the place of @ or x in v->form. */
static void
read_neutral(struct vocabulary *v, size_t mark, struct spelling *out)
{
    char *form = g_strdup(v->form->str);
    char *masculine = g_strdup(form), *feminine = g_strdup(form);
    masculine[mark] = 'o';
    feminine[mark] = 'a';
    out->second = plain_word(v, feminine, strlen(feminine));
    lj_folded(masculine, strlen(masculine), v->folded);
    g_string_assign(v->form, form);
    out->word = word_of(v, LJ_TOKEN_WORD);
    g_free(form);
    g_free(masculine);
    g_free(feminine);
}

/* diputados/as, señor(a), alumna/o, autor(es): v->form holds all of it. The word is what stands
 * before the mark; the second reading has the other ending. */
static void
read_slashed(struct vocabulary *v, struct spelling *out)
{
    char *base = g_strdup(v->form->str);
    char *mark = strpbrk(base, "/(");
    char *ending = mark + 1;
    *mark = '\0';
    ending[strcspn(ending, ")")] = '\0';
    GString *other = g_string_new(base);
    if (strcmp(ending, "s") != 0 && strcmp(ending, "es") != 0) {
        size_t n = other->len;
        bool plural = ending[strlen(ending) - 1] == 's';
        if (plural && n > 2 && other->str[n - 1] == 's')
            g_string_truncate(other, --n);
        /* diputado: the vowel goes; señor, juez: nothing does; señores: -es has gone by now */
        if (n > 1 && vowel(other->str[n - 1]))
            g_string_truncate(other, n - 1);
    }
    g_string_append(other, ending);
    out->second = plain_word(v, other->str, other->len);
    out->word = plain_word(v, base, strlen(base));
    g_string_free(other, TRUE);
    g_free(base);
}

/* Keeps of v->form what pred wants. */
static void
keep(GString *text, bool (*pred)(gunichar c))
{
    GString *kept = g_string_sized_new(text->len);
    for (const char *p = text->str; *p; p = g_utf8_next_char(p))
        if (pred(g_utf8_get_char(p)))
            g_string_append_unichar(kept, g_utf8_get_char(p));
    g_string_assign(text, kept->str);
    g_string_free(kept, TRUE);
}

static bool
letter(gunichar c)
{
    return g_unichar_isalnum(c);
}

/* Words that go before another with or without a hyphen: ex-presidente, expresidente. */
static bool
is_prefix(const char *word)
{
    static const char *const prefixes[] = {
        "agro",  "anti",  "auto",  "bi",     "bio",   "ciber", "co",    "contra", "cuasi",
        "eco",   "e",     "ex",    "extra",  "geo",   "hidro", "infra", "inter",  "intra",
        "macro", "micro", "mini",  "mono",   "multi", "narco", "neo",   "pluri",  "pos",
        "post",  "pre",   "pro",   "pseudo", "re",    "semi",  "socio", "sub",    "super",
        "supra", "tele",  "trans", "tri",    "ultra", "vice",  "video"};
    for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++)
        if (strcmp(prefixes[i], word) == 0)
            return true;
    return false;
}

/* "anti-corrupción" read as "anticorrupción" besides: v->form holds it. */
static void
read_joined(struct vocabulary *v, struct spelling *out)
{
    char *form = g_strdup(v->form->str), *hyphen = strchr(form, '-');
    const char *rest = hyphen + 1;
    bool letters = g_utf8_strlen(rest, -1) > 2;
    for (const char *p = rest; *p && letters; p = g_utf8_next_char(p))
        letters = g_unichar_isalpha(g_utf8_get_char(p));
    *hyphen = '\0';
    lj_folded(form, strlen(form), v->folded);
    if (letters && is_prefix(v->folded->str)) {
        char *joined = g_strconcat(form, rest, NULL);
        out->second = plain_word(v, joined, strlen(joined));
        g_free(joined);
    }
    *hyphen = '-';
    g_string_assign(v->form, form);
    g_free(form);
}

/* "Nº19.924": the number, and the word "nº" besides; v->form holds "no19.924". False where there is no
 * number. */
static bool
read_numbered(struct vocabulary *v, struct spelling *out)
{
    char *digits = g_strdup(v->form->str + 2);
    size_t n = strlen(digits);
    bool good = n > 0 && strspn(digits, "0123456789.,") == n && digit(digits[0]);
    if (good) {
        g_string_assign(v->form, digits);
        good = read_number(v);
    }
    if (good) {
        out->kind = LJ_TOKEN_NUMBER;
        out->word = word_of(v, LJ_TOKEN_NUMBER);
        g_string_assign(v->form, "nº");
        g_string_assign(v->folded, "n");
        out->second = word_of(v, LJ_TOKEN_WORD);
    } else {
        g_string_printf(v->form, "no%s", digits);
    }
    g_free(digits);
    return good;
}

/* Part of a word once its line end is closed. */
static bool
not_line_end(gunichar c)
{
    return c != '-' && c != 0x2010 && c != 0xac && c != ' ' && c != '\t' && c != '\n' &&
           c != '\r' && c != '\f';
}

static void
work_out(struct vocabulary *v, enum reading reading, const char *bytes, size_t length,
         struct spelling *out)
{
    if (reading == READ_URL) { /* known by its name, whatever the scheme */
        const char *scheme = g_strstr_len(bytes, (gssize)MIN(length, 12), "://");
        if (scheme) {
            length -= (size_t)(scheme + 3 - bytes);
            bytes = scheme + 3;
        }
        while (length > 1 && bytes[length - 1] == '/')
            length--;
    }
    lj_form(bytes, length, v->form);
    out->kind = LJ_TOKEN_WORD;
    switch (reading) {
    case READ_FIGURE:
        g_string_printf(v->form, "%u", lj_unit_figure(bytes, length));
        reading = READ_WORD;
        break;
    case READ_JOINED:
        keep(v->form, not_line_end);
        break;
    case READ_ACRONYM:
        keep(v->form, letter);
        out->kind = LJ_TOKEN_ACRONYM;
        break;
    case READ_ORDINAL:
        keep(v->form, letter); /* ° is none: 1° is 1o */
        if (digit(v->form->str[v->form->len - 1]))
            g_string_append_c(v->form, 'o');
        break;
    case READ_NUMERO:
        g_string_assign(v->form, "nº");
        break;
    case READ_COMPOUND:
        out->kind = LJ_TOKEN_COMPOUND;
        for (char *p; (p = strstr(v->form->str, "‐"));) /* U+2010; NFKC makes U+2011 the same */
            g_string_erase(v->form, p - v->form->str, 2), *p = '-';
        break;
    case READ_EMAIL:
        out->kind = LJ_TOKEN_EMAIL;
        break;
    case READ_URL:
        out->kind = LJ_TOKEN_URL;
        break;
    case READ_HANDLE:
        out->kind = LJ_TOKEN_HANDLE;
        break;
    case READ_TAG:
        out->kind = LJ_TOKEN_TAG;
        break;
    default:
        break;
    }
    if (reading != READ_SPACED && strchr(v->form->str, ' '))
        keep(v->form, not_line_end); /* NFKC opens a few letters to several words */
    if (v->form->len == 0)
        return;
    if (v->form->len > LJ_WORD_LIMIT &&
        g_utf8_strlen(v->form->str, (gssize)v->form->len) > LJ_WORD_LIMIT) {
        out->overlong = true;
        return;
    }
    const char *form = v->form->str;
    size_t n = v->form->len;
    if (reading == READ_SLASHED) {
        read_slashed(v, out);
        return;
    }
    if (reading == READ_INCLUSIVE) {
        read_neutral(v, (size_t)(strchr(form, '@') - form), out);
        return;
    }
    if ((reading == READ_WORD || reading == READ_ORDINAL || reading == READ_SPACED) &&
        digit(form[0])) {
        size_t digits = ordinal(form, n);
        /* 20A is a letter after a number (artículo 20A), 20a an ordinal */
        if (digits > 0 && (reading == READ_ORDINAL || bytes[length - 1] != 'A')) {
            out->kind = LJ_TOKEN_ORDINAL;
            g_string_truncate(v->folded, 0);
            g_string_append_len(v->folded, form, (gssize)digits);
            out->word = word_of(v, LJ_TOKEN_ORDINAL);
            return;
        }
        size_t marks = strspn(form, "0123456789.,' ");
        while (marks < n && strncmp(form + marks, "’", 3) == 0)
            marks += 3 + strspn(form + marks + 3, "0123456789.,' ");
        if (marks == n) {
            out->kind = LJ_TOKEN_NUMBER;
            out->list = !read_number(v);
            out->word = word_of(v, LJ_TOKEN_NUMBER);
            return;
        }
    }
    /* "Nº 18.037": not the word no */
    if (reading == READ_WORD && strcmp(form, "no") == 0 && length > 2 &&
        memcmp(bytes + length - 2, "\xc2\xba", 2) == 0) {
        g_string_assign(v->form, "nº");
        reading = READ_NUMERO;
    }
    if (reading == READ_WORD && length > 3 && g_str_has_prefix(form, "no") &&
        memcmp(bytes + 1, "\xc2\xba", 2) == 0 && read_numbered(v, out))
        return;
    if (reading == READ_NUMERO) {
        g_string_assign(v->folded, "n");
        out->word = word_of(v, LJ_TOKEN_WORD);
        return;
    }
    if (reading == READ_COMPOUND && strchr(v->form->str, '-'))
        read_joined(v, out);
    if (reading == READ_RAISED) { /* "km2", and "km" */
        char *bare = g_strndup(v->form->str, strcspn(v->form->str, "0123456789"));
        GString *whole = g_string_new(v->form->str);
        out->second = plain_word(v, bare, strlen(bare));
        g_string_assign(v->form, whole->str);
        g_string_free(whole, TRUE);
        g_free(bare);
    }
    lj_folded(v->form->str, v->form->len, v->folded);
    if (reading == READ_WORD && neutral_x(v->folded->str, v->folded->len)) {
        read_neutral(v, v->form->len - 2, out);
        return;
    }
    out->word = word_of(v, out->kind);
}

/* --- spellings ----------------------------------------------------------------------------------
 */

#if G_BYTE_ORDER == G_LITTLE_ENDIAN
#define FIRST(n) (~(uint64_t)0 >> (64 - 8 * (n)))
#else
#define FIRST(n) (~(uint64_t)0 << (64 - 8 * (n)))
#endif
const uint64_t lj_spelling_first[9] = {0,        FIRST(1), FIRST(2), FIRST(3), FIRST(4),
                                       FIRST(5), FIRST(6), FIRST(7), FIRST(8)};

const struct spelling_table *
lj_vocabulary_table(const struct vocabulary *v)
{
    return &v->table;
}

static struct spelling_key
key_of(enum reading reading, const char *bytes, size_t length)
{
    struct spelling_key key = {0};
    memcpy(&key.head, bytes, MIN(length, 8));
    key.tail = length > 8 ? lj_spelling_eight(bytes + length - 8) : 0;
    key.shape = lj_spelling_shape(reading, length);
    key.hash = lj_spelling_hash(key.head, key.tail, key.shape, bytes, length);
    return key;
}

bool
lj_spelling_is(const struct vocabulary *v, const struct spelling_slot *slot, const char *bytes)
{
    const struct entry *entry = v->entries->pdata[slot->entry];
    return memcmp(entry->bytes, bytes, slot->shape >> 4) == 0;
}

/* The slot of a spelling, or the free one where it would stand. */
static struct spelling_slot *
slot_of(const struct vocabulary *v, const struct spelling_key *key, const char *bytes,
        size_t length)
{
    size_t mask = v->table.slots - 1;
    for (size_t at = key->hash & mask;; at = (at + 1) & mask) {
        struct spelling_slot *slot = &v->table.slot[at];
        if (slot->entry == 0)
            return slot;
        if (slot->head == key->head && slot->tail == key->tail && slot->shape == key->shape &&
            (length <= 16 || lj_spelling_is(v, slot, bytes)))
            return slot;
    }
}

static void
grow(struct vocabulary *v)
{
    const struct spelling_table *old = &v->table;
    struct spelling_table larger = {lj_large_new(old->slots * 2 * sizeof(struct spelling_slot)),
                                    old->slots * 2};
    for (size_t i = 0; i < old->slots; i++) {
        const struct spelling_slot *slot = &old->slot[i];
        if (slot->entry == 0)
            continue;
        const struct entry *entry = v->entries->pdata[slot->entry];
        size_t at =
            lj_spelling_hash(slot->head, slot->tail, slot->shape, entry->bytes, slot->shape >> 4) &
            (larger.slots - 1);
        while (larger.slot[at].entry)
            at = (at + 1) & (larger.slots - 1);
        larger.slot[at] = *slot;
    }
    lj_large_free(v->table.slot, v->table.slots * sizeof *v->table.slot);
    v->table = larger;
}

/* What a segment's own bytes say before anything beside it is looked at. */
static unsigned
hint_of(const char *bytes, size_t length)
{
    return lj_mention_hint(bytes, length) | (lj_unit_alone(bytes, length) ? LJ_HINT_UNIT : 0);
}

const struct spelling *
lj_vocabulary_find(struct vocabulary *v, enum reading reading, const char *bytes, size_t length)
{
    if (length > LJ_SPELLING_LIMIT)
        return &overlong;
    struct spelling_key key = key_of(reading, bytes, length);
    struct spelling_slot *slot = slot_of(v, &key, bytes, length);
    if (slot->entry)
        return &((const struct entry *)v->entries->pdata[slot->entry])->spelling;
    struct entry *entry = take(v, sizeof *entry + length);
    struct spelling *spelling = &entry->spelling;
    *spelling = (struct spelling){0};
    memcpy(entry->bytes, bytes, length);
    work_out(v, reading, bytes, length, spelling);
    spelling->hint = reading == READ_WORD ? (uint8_t)hint_of(bytes, length) : 0;
    bool plain = !spelling->second && !spelling->list;
    *slot = (struct spelling_slot){.head = key.head,
                                   .tail = key.tail,
                                   .word = plain ? spelling->word : NULL,
                                   .entry = v->entries->len,
                                   .shape = (uint16_t)key.shape,
                                   .kind = spelling->kind,
                                   .hint = spelling->hint};
    g_ptr_array_add(v->entries, entry);
    if ((size_t)v->entries->len * 2 > v->table.slots)
        grow(v);
    return spelling;
}
