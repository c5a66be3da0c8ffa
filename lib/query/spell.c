/* «¿Quiso decir…?»: the words of the archive near to one that it does not hold.
 *
 * A noisy channel: score = cost of the errors − weight · ln(documents that hold the word). Costs
 * are those of an edit distance whose steps know keyboard and ear: what Spanish writes in two ways
 * (b/v, s/c/z, h, ll/y …) costs a fourth of an ordinary error.
 *
 * The sorted list is walked as the trie it is: rows of the distance's matrix belong to prefixes and
 * are kept while the next word shares them; where a row exceeds the bound, all words with that
 * prefix are jumped over by their lcp. The bound grows in steps, and the walk ends when nothing
 * further away can win.
 */
#include "index/wordlist.h"
#include "query/parts.h"

#include <math.h>
#include <string.h>

#define LETTERS 40       /* longer words have no suggestions */
#define CHANNEL 6.0      /* what an ordinary error (cost 100) weighs against ln(frequency) */
#define CHEAPEST_PAIR 20 /* the least cost of a step over two letters */
#define FAR 100000
#define ROWS 40000        /* of the matrix, filled for a word at most: some 5 ms */
#define FATTER 57.0       /* by so much higher a bound fills e times as many */
#define KNOWN 8           /* documents in which a word must stand to be right without doubt */
#define RARE_MARGIN 1.5   /* by how much a rare word of the archive must be beaten */
#define ALSO 0.5          /* what is so much worse than the best is still shown */
#define FREQUENT 6000     /* words that are looked at one by one */
#define SPLIT 110         /* cost of a forgotten blank */
#define SPLIT_COMMON 85   /* behind a, de, en …: "derrepente" */
#define USUAL 15          /* of an error that is known as such */
#define SPLIT_PENALTY 2.0 /* two frequent words meet by chance */

/* --- costs: an ordinary error is 100 ------------------------------------------------------------
 */

struct pair {
    char a, b;
    uint8_t cost;
};

#define ENYE '\1' /* ñ, in the tables: a letter is a byte there */

/* Either may stand for the other. By ear first, then by hand. */
static const struct pair alike[] = {
    {'b', 'v', 20}, {'s', 'z', 22},  {'s', 'c', 28}, {'c', 'z', 25}, {'g', 'j', 28}, {'k', 'c', 30},
    {'k', 'q', 35}, {'c', 'q', 35},  {'y', 'i', 40}, {'m', 'n', 45}, {'x', 's', 40}, {'x', 'j', 45},
    {'x', 'c', 55}, {'n', ENYE, 22}, {'e', 'i', 65}, {'o', 'u', 65}, {'a', 'e', 80}, {'a', 'o', 80},
    {'e', 'o', 90}, {'a', 'i', 95},  {'a', 'u', 95}, {'i', 'o', 95}, {'d', 't', 70}, {'l', 'r', 70},
    {'p', 'b', 75}, {'c', 'g', 75},  {'f', 'v', 80}, {'w', 'v', 50}, {'w', 'g', 60}, {'r', 'd', 85},
    {'n', 'l', 90}, {'0', 'o', 40},  {'1', 'l', 40}, {'1', 'i', 45}, {'5', 's', 60}, {'t', 'c', 75},
    {'s', 'r', 90},
};

static const char *const keyboard[] = {"1234567890", "qwertyuiop", "asdfghjkl\1", "zxcvbnm"};

/* Two letters of the word for one as written, or the reverse (both: either way). */
static const struct {
    char two[3], one;
    uint8_t cost;
    bool reverse_only; /* one letter of the word, written as two */
} unlike[] = {
    {"ll", 'y', 20, false},  {"ll", 'i', 60, false}, {"qu", 'k', 28, false}, {"qu", 'c', 40, false},
    {"ph", 'f', 22, true},   {"cc", 'x', 35, false}, {"cs", 'x', 35, true},  {"ks", 'x', 30, true},
    {"gs", 'x', 40, true},   {"xc", 'x', 35, false}, {"xc", 's', 40, false}, {"xc", 'c', 40, false},
    {"sc", 's', 28, false},  {"sc", 'c', 28, false}, {"sc", 'z', 35, false}, {"ps", 's', 35, false},
    {"ni", ENYE, 35, false}, {"ny", ENYE, 28, true}, {"nh", ENYE, 30, true}, {"gn", ENYE, 35, true},
    {"nn", ENYE, 35, true},  {"gu", 'w', 35, false}, {"hu", 'w', 35, false}, {"hi", 'y', 30, false},
    {"bs", 's', 50, false},  {"ns", 's', 50, false}, {"ct", 't', 50, false}, {"pt", 't', 45, false},
    {"gn", 'n', 55, false},  {"ch", 'c', 60, false}, {"ck", 'c', 35, true},  {"dg", 'g', 50, true},
    {"ou", 'u', 60, true},   {"ee", 'i', 60, true},  {"oo", 'u', 60, true},  {"cu", 'q', 45, false},
    {"ig", 'y', 35, true},
};

/* Two letters of the word written as two others, either way. */
static const struct {
    char a[3], b[3];
    uint8_t cost;
} twins[] = {
    {"mb", "nv", 20}, {"hu", "gu", 28}, {"hu", "bu", 40}, {"gu", "bu", 45}, {"ci", "ti", 35},
    {"cc", "cs", 30}, {"sc", "cs", 45}, {"ch", "sh", 40}, {"ll", "ly", 40}, {"ll", "li", 45},
    {"cc", "xc", 40}, {"sc", "xc", 25}, {"cu", "qu", 28}, {"ct", "cc", 55}, {"ay", "ai", 30},
    {"ya", "ia", 40}, {"ie", "ei", 50}, {"xp", "sp", 35}, {"xt", "st", 35}, {"mm", "nm", 25},
};

static uint8_t
swap_cost(char a, char b)
{
    if (a == b)
        return 0;
    uint8_t best = 110;
    for (size_t i = 0; i < G_N_ELEMENTS(alike); i++)
        if ((alike[i].a == a && alike[i].b == b) || (alike[i].a == b && alike[i].b == a))
            best = MIN(best, alike[i].cost);
    int ax = -9, ay = -9, bx = 9, by = 9;
    for (int y = 0; y < 4; y++) {
        const char *x = strchr(keyboard[y], a);
        if (x && *x) {
            ax = (int)(x - keyboard[y]);
            ay = y;
        }
        x = strchr(keyboard[y], b);
        if (x && *x) {
            bx = (int)(x - keyboard[y]);
            by = y;
        }
    }
    int across = ax - bx, down = ay - by; /* a row is shifted right of the one above */
    if ((down == 0 && ABS(across) == 1) || (down == 1 && (across == 0 || across == -1)) ||
        (down == -1 && (across == 0 || across == 1)))
        best = MIN(best, 75);
    return best;
}

/* --- the walk -----------------------------------------------------------------------------------
 */

/* Letters are small numbers in the walk: 1–26 a–z, 27 ñ, 28–37 digits, 38 anything else. */
#define LETTER_KINDS 39

static uint8_t
letter(gunichar c)
{
    if (c >= 'a' && c <= 'z')
        return (uint8_t)(c - 'a' + 1);
    if (c == 0xF1 || c == ENYE)
        return 27;
    if (c >= '0' && c <= '9')
        return (uint8_t)(c - '0' + 28);
    return 38;
}

#define L(c) ((c) - 'a' + 1)

/* The steps over two letters that a row can take whose letter, and the one before it, are these. */
struct steps {
    uint8_t known, n_wide, n_narrow, n_twin;
    uint8_t missing[LETTER_KINDS]; /* its letter left out before this one (0: at the end) */
    struct {
        uint8_t first, second, cost;
    } wide[6], twin[8]; /* one written as two; two written as two others */
    struct {
        uint8_t one, cost;
    } narrow[6]; /* two written as one */
};

struct candidate {
    char *form;
    uint32_t df;
    int cost;
    double score;
    char *folded;
};

struct speller {
    uint8_t typed[LETTERS + 2]; /* from 0; 0 behind the last */
    uint8_t extra[LETTERS + 2]; /* from 1: cost of a letter too many */
    int n;
    int bound;
    uint32_t rows;                     /* still to be filled */
    int letters;                       /* of the word whose rows are filled */
    double commonest;                  /* ln of the largest frequency still to come */
    uint8_t word[LETTERS + 4];         /* from 1 */
    int row[LETTERS + 4][LETTERS + 1]; /* row[r][j]: r letters of the word, j of what was typed */
    int least[LETTERS + 4];
    uint8_t swap[LETTER_KINDS][LETTER_KINDS];
    struct steps steps[LETTER_KINDS][LETTER_KINDS]; /* by letter before (0: none) and letter */
    GArray *candidates;                             /* struct candidate, best first */
    size_t most;
};

static bool
is_vowel(uint8_t c)
{
    return c == L('a') || c == L('e') || c == L('i') || c == L('o') || c == L('u');
}

/* Cost of leaving out c, behind `before` in the word (0: it is the first) and with `next` written
 * next (0: nothing). */
static uint8_t
missing_cost(uint8_t before, uint8_t c, uint8_t next)
{
    if (c == before)
        return 32;
    switch (c) {
    case L('h'):
        return before == L('c') ? 60 : 25;
    case L('u'):
        if ((before == L('q') || before == L('g')) && (next == L('e') || next == L('i')))
            return 32;
        break;
    case L('p'):
    case L('b'):
    case L('c'):
    case L('g'):
    case L('x'):
        if (next == L('t') || next == L('c') || next == L('s') || next == L('n') || next == L('d'))
            return 55;
        break;
    case L('d'):
        if (is_vowel(before) && (is_vowel(next) || next == 0))
            return 60;
        break;
    case L('s'):
        if (next == 0)
            return 65;
        break;
    case L('n'):
        return 75;
    default:
        break;
    }
    return before == 0 ? 115 : 92;
}

/* Cost of the j-th letter typed being one too many. */
static uint8_t
extra_cost(const struct speller *speller, int j)
{
    uint8_t c = speller->typed[j - 1], before = j > 1 ? speller->typed[j - 2] : 0;
    if (c == before)
        return 25;
    if (c == L('h'))
        return before == L('c') ? 60 : 22;
    if (c == L('u') && (before == L('q') || before == L('g')))
        return 40;
    if (c == L('s') && j == speller->n)
        return 70;
    if (c == L('e') && j == speller->n)
        return 75;
    return j == 1 ? 115 : 95;
}

#define ADD_STEP(list, n, ...)                                                                     \
    do {                                                                                           \
        if ((n) < G_N_ELEMENTS(list))                                                              \
            (list)[(n)++] = (__typeof__((list)[0])){__VA_ARGS__};                                  \
    } while (0)

/* Works out steps the first time they are needed. */
static const struct steps *
steps_of(struct speller *speller, uint8_t before, uint8_t c)
{
    struct steps *steps = &speller->steps[before][c];
    if (steps->known)
        return steps;
    steps->known = 1;
    for (uint8_t next = 0; next < LETTER_KINDS; next++)
        steps->missing[next] = missing_cost(before, c, next);
    for (size_t i = 0; i < G_N_ELEMENTS(unlike); i++) {
        uint8_t first = letter((uint8_t)unlike[i].two[0]);
        uint8_t second = letter((uint8_t)unlike[i].two[1]);
        uint8_t one = letter((uint8_t)unlike[i].one);
        if (one == c)
            ADD_STEP(steps->wide, steps->n_wide, first, second, unlike[i].cost);
        if (second == c && first == before && !unlike[i].reverse_only)
            ADD_STEP(steps->narrow, steps->n_narrow, one, unlike[i].cost);
    }
    if (before != 0 && before != c)
        ADD_STEP(steps->twin, steps->n_twin, c, before, 60);
    for (size_t i = 0; i < G_N_ELEMENTS(twins); i++)
        for (int side = 0; side < 2; side++) {
            const char *mine = side ? twins[i].b : twins[i].a;
            const char *other = side ? twins[i].a : twins[i].b;
            if (letter((uint8_t)mine[0]) == before && letter((uint8_t)mine[1]) == c)
                ADD_STEP(steps->twin, steps->n_twin, letter((uint8_t)other[0]),
                         letter((uint8_t)other[1]), twins[i].cost);
        }
    return steps;
}

#define BAND 4 /* letters by which word and typed may be out of step */

static void
fill_row(struct speller *speller, int r)
{
    const uint8_t *typed = speller->typed;
    int *row = speller->row[r];
    const int *above = speller->row[r - 1], *above2 = r > 1 ? speller->row[r - 2] : NULL;
    uint8_t c = speller->word[r];
    const struct steps *steps = steps_of(speller, r > 1 ? speller->word[r - 1] : 0, c);
    const uint8_t *swaps = speller->swap[c];
    int from = MAX(0, r - BAND), to = MIN(speller->n, r + BAND), least = FAR;
    if (from > 0)
        row[from - 1] = FAR;
    for (int j = from; j <= to; j++) {
        /* row r - 1 ends a letter earlier */
        int best = j < r + BAND ? above[j] + steps->missing[typed[j]] : FAR;
        if (j > 0) {
            uint8_t t = typed[j - 1];
            int swap = swaps[t];
            best = MIN(best, above[j - 1] + swap + (swap > 50 && r == 1 && j == 1 ? 25 : 0));
            best = MIN(best, row[j - 1] + speller->extra[j]);
            for (unsigned i = 0; i < steps->n_narrow; i++)
                if (steps->narrow[i].one == t && j < r + BAND)
                    best = MIN(best, above2[j - 1] + steps->narrow[i].cost);
            if (j > 1 && j > from + 1) {
                uint8_t t0 = typed[j - 2];
                for (unsigned i = 0; i < steps->n_wide; i++)
                    if (steps->wide[i].second == t && steps->wide[i].first == t0)
                        best = MIN(best, above[j - 2] + steps->wide[i].cost);
                for (unsigned i = 0; above2 && i < steps->n_twin; i++)
                    if (steps->twin[i].second == t && steps->twin[i].first == t0)
                        best = MIN(best, above2[j - 2] + steps->twin[i].cost);
            }
        }
        row[j] = best;
        least = MIN(least, best);
    }
    speller->least[r] = least;
}

static void
candidate_clear(gpointer data)
{
    struct candidate *candidate = data;
    g_free(candidate->form);
    g_free(candidate->folded);
}

/* Keeps the best `most`; the same folded word of several lists adds up. */
static void
offer(struct speller *speller, const char *folded, const char *form, uint32_t df, int cost,
      double penalty)
{
    GArray *candidates = speller->candidates;
    for (guint i = 0; i < candidates->len; i++) {
        struct candidate *old = &g_array_index(candidates, struct candidate, i);
        if (strcmp(old->folded, folded) != 0)
            continue;
        df += old->df;
        g_array_remove_index(candidates, i);
        break;
    }
    double score = CHANNEL * cost / 100 - log(df + 0.5) + penalty;
    guint at = 0;
    while (at < candidates->len && g_array_index(candidates, struct candidate, at).score <= score)
        at++;
    if (at >= speller->most + 4)
        return;
    struct candidate candidate = {g_strdup(form), df, cost, score, g_strdup(folded)};
    g_array_insert_val(candidates, at, candidate);
    if (candidates->len > speller->most + 4)
        g_array_set_size(candidates, (guint)speller->most + 4);
}

/* What is further away than this cannot come near the best, however frequent. */
static void
tighten(struct speller *speller)
{
    if (speller->candidates->len == 0)
        return;
    double best = g_array_index(speller->candidates, struct candidate, 0).score;
    double reach = (best + ALSO + speller->commonest) * 100 / CHANNEL;
    if (reach < speller->bound)
        speller->bound = MAX(0, (int)reach);
}

/* Goes on with a word whose first `at` bytes have their rows; false, with the byte behind which no
 * word of this prefix can match in *dead. */
static bool
go_on(struct speller *speller, uint8_t rows_at[256], const char *word, size_t length, size_t at,
      unsigned *dead)
{
    int r = rows_at[at];
    while (at < length && at < 255) {
        gunichar c = (uint8_t)word[at];
        if (c < 128)
            at++;
        else
            c = lex_next(word, length, &at);
        bool fits = r < LETTERS + 2 && (c > '9' || c < '0' || memchr("015", (int)c, 3));
        if (fits) {
            speller->word[++r] = letter(c);
            fill_row(speller, r);
            speller->rows -= speller->rows > 0;
            rows_at[MIN(at, 255)] = (uint8_t)r;
            fits = speller->least[r] <= speller->bound ||
                   speller->least[r - 1] + CHEAPEST_PAIR <= speller->bound;
        }
        if (!fits) {
            *dead = (unsigned)MIN(at, 255);
            return false;
        }
    }
    speller->letters = r;
    return at == length;
}

/* Offers word number i, whose rows are filled, if it is near enough and not as near as `above`. */
static void
judge(struct speller *speller, const struct lj_wordlist *list, uint32_t i, int above)
{
    int r = speller->letters;
    if (r < speller->n - BAND || r > speller->n + BAND) /* beyond the band */
        return;
    int cost = speller->row[r][speller->n];
    if (cost > speller->bound || cost <= above || lj_wordlist_df(list, i) == 0)
        return;
    offer(speller, lj_wordlist_word(list, i, NULL), lj_wordlist_form(list, i),
          lj_wordlist_df(list, i), cost, 0);
    tighten(speller);
}

/* How far the next walk may go: as far as what is left of the rows may take it, by what the last one, which went
 * `last` far, has filled. */
static int
affordable(const struct speller *speller, int last, uint32_t filled, int wanted)
{
    if (filled == 0)
        return wanted;
    double more = FATTER * log((double)speller->rows / filled);
    return more < wanted - last ? last + (int)more : wanted;
}

/* All words less frequent than `frequent`; of a walk that takes more than was expected, only a part. */
static void
walk(struct speller *speller, const struct lj_wordlist *list, int above, uint32_t frequent)
{
    uint8_t rows_at[256] = {0};
    uint32_t n = lj_wordlist_words(list);
    for (uint32_t i = 0; i < n && speller->rows > 0;) {
        size_t length;
        const char *word = lj_wordlist_word(list, i, &length);
        unsigned dead = 0;
        if (go_on(speller, rows_at, word, length, MIN(lj_wordlist_lcp(list, i), length), &dead) &&
            lj_wordlist_df(list, i) < frequent)
            judge(speller, list, i, above);
        i++;
        if (dead)
            i = lj_wordlist_skip(list, i, n, (uint8_t)dead);
    }
}

/* The most frequent words, one by one: with them out of the way, the walk over the others ends
 * sooner. */
static void
walk_frequent(struct speller *speller, const struct lj_wordlist *list, const GArray *numbers)
{
    uint8_t rows_at[256] = {0};
    const char *before = "";
    unsigned dead = 256;
    for (guint k = 0; k < numbers->len; k++) {
        uint32_t i = g_array_index(numbers, uint32_t, k);
        size_t length, shared = 0;
        const char *word = lj_wordlist_word(list, i, &length);
        while (shared < 255 && word[shared] && word[shared] == before[shared])
            shared++;
        while (shared > 0 && (word[shared] & 0xC0) == 0x80)
            shared--;
        if (shared >= dead)
            continue; /* before stays: it has this prefix too */
        dead = 256;
        if (go_on(speller, rows_at, word, length, shared, &dead))
            judge(speller, list, i, 0);
        before = word;
    }
}

/* --- two words run together ---------------------------------------------------------------------
 */

static uint32_t
frequency(const struct lj_wordlist *const *lists, size_t n_lists, const char *folded, size_t length,
          const char **form)
{
    uint64_t df = 0;
    for (size_t i = 0; i < n_lists; i++) {
        uint32_t found = lj_wordlist_find(lists[i], folded, length);
        if (found == G_MAXUINT32)
            continue;
        df += lj_wordlist_df(lists[i], found);
        if (form && !*form)
            *form = lj_wordlist_form(lists[i], found);
    }
    return (uint32_t)MIN(df, G_MAXUINT32);
}

/* Words that are written together with what follows them. */
static bool
is_common(const char *text, size_t length)
{
    static const char *const words[] = {"a",   "de", "en",  "al",  "por", "con", "sin",
                                        "el",  "la", "lo",  "los", "las", "se",  "que",
                                        "del", "un", "una", "y",   "o",   "no",  "tan"};
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (strlen(words[i]) == length && memcmp(words[i], text, length) == 0)
            return true;
    return false;
}

/* Errors that no counting of letters explains, and that dictionaries of doubts list all the same: locutions
 * written together, and forms that speakers make anew of an irregular one. Folded; what was meant as it is
 * written. */
static const struct {
    const char *wrong, *right;
} usual_errors[] = {
    {"agusto", "a gusto"},
    {"alante", "adelante"},
    {"almenos", "al menos"},
    {"amenudo", "a menudo"},
    {"apartir", "a partir"},
    {"apesar", "a pesar"},
    {"areopuerto", "aeropuerto"},
    {"asin", "así"},
    {"atraves", "a través"},
    {"atravez", "a través"},
    {"aver", "a ver"},
    {"conducieron", "condujeron"},
    {"cualesquier", "cualquier"},
    {"deacuerdo", "de acuerdo"},
    {"dentrar", "entrar"},
    {"derepente", "de repente"},
    {"derrepente", "de repente"},
    {"encontra", "en contra"},
    {"encuanto", "en cuanto"},
    {"enserio", "en serio"},
    {"haiga", "haya"},
    {"haigan", "hayan"},
    {"haigas", "hayas"},
    {"metereologia", "meteorología"},
    {"metereologico", "meteorológico"},
    {"muncho", "mucho"},
    {"nadien", "nadie"},
    {"nisiquiera", "ni siquiera"},
    {"osea", "o sea"},
    {"polvadera", "polvareda"},
    {"porfavor", "por favor"},
    {"preveer", "prever"},
    {"preveyendo", "previendo"},
    {"preveyeron", "previeron"},
    {"preveyo", "previó"},
    {"producieron", "produjeron"},
    {"rompido", "roto"},
    {"satisfacera", "satisfará"},
    {"satisfaciera", "satisficiera"},
    {"sinembargo", "sin embargo"},
    {"talvez", "tal vez"},
    {"traducieron", "tradujeron"},
};

static void
split(struct speller *speller, const struct lj_wordlist *const *lists, size_t n_lists,
      const char *folded)
{
    size_t length = strlen(folded);
    for (size_t at = 1; at < length; at++) {
        if ((folded[at] & 0xC0) == 0x80 || (at == 1 && !strchr("aoy", folded[0])) ||
            length - at < 2)
            continue;
        const char *left = NULL, *right = NULL;
        const char *rest = folded + at;
        bool common = is_common(folded, at);
        rest += g_str_has_prefix(rest, "rr"); /* derrepente */
        uint32_t first = frequency(lists, n_lists, folded, at, &left);
        uint32_t second = first ? frequency(lists, n_lists, rest, strlen(rest), &right) : 0;
        uint32_t df = MIN(first, second);
        if (df < KNOWN)
            continue;
        char *form = g_strdup_printf("%s %s", left, right);
        char *key = g_strdup_printf("%.*s %s", (int)at, folded, folded + at);
        offer(speller, key, form, df, common ? SPLIT_COMMON : SPLIT, common ? 0 : SPLIT_PENALTY);
        g_free(form);
        g_free(key);
    }
}

/* Offers what a usual error stands for, when the archive has its words. */
static void
offer_usual(struct speller *speller, const struct lj_wordlist *const *lists, size_t n_lists,
            const char *folded)
{
    for (size_t i = 0; i < G_N_ELEMENTS(usual_errors); i++) {
        if (strcmp(usual_errors[i].wrong, folded) != 0)
            continue;
        GString *right = g_string_new(NULL);
        lj_fold(usual_errors[i].right, -1, right);
        uint32_t df = G_MAXUINT32;
        char **words = g_strsplit(right->str, " ", -1);
        for (char **word = words; *word; word++)
            df = MIN(df, frequency(lists, n_lists, *word, strlen(*word), NULL));
        if (df > 0)
            offer(speller, right->str, usual_errors[i].right, df, USUAL, 0);
        g_strfreev(words);
        g_string_free(right, TRUE);
    }
}

/* --- the whole ----------------------------------------------------------------------------------
 */

static void
suggestion_clear(gpointer data)
{
    g_free(((struct lj_suggestion *)data)->form);
}

static int
widest(int letters)
{
    static const int bounds[] = {0, 0, 60, 100, 135, 170, 220, 220, 220};
    return letters < (int)G_N_ELEMENTS(bounds) ? bounds[letters] : 250;
}

GArray *
lj_spell_suggest(const struct lj_wordlist *const *lists, size_t n_lists, const char *word,
                 gssize length, size_t most)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(struct lj_suggestion));
    g_array_set_clear_func(out, suggestion_clear);
    char *given = g_strndup(word, length < 0 ? strlen(word) : (size_t)length);
    GString *folded = g_string_new(NULL);
    lj_fold(given, -1, folded);
    struct speller *speller = g_new0(struct speller, 1);
    speller->n = 0;
    bool letters = false, fits = folded->len > 0;
    for (size_t at = 0; fits && at < folded->len;) {
        gunichar c = lex_next(folded->str, folded->len, &at);
        fits = speller->n < LETTERS && lex_is_word(c);
        if (fits)
            speller->typed[speller->n++] = letter(c);
        letters = letters || g_unichar_isalpha(c);
    }
    const char *usual = NULL;
    uint32_t df = fits ? frequency(lists, n_lists, folded->str, folded->len, &usual) : 0;
    bool accents = false; /* written without the accents of its usual form */
    if (df > 0 && usual && strcmp(usual, folded->str) != 0) {
        char *lower = g_utf8_strdown(given, -1);
        accents = strcmp(lower, folded->str) == 0;
        g_free(lower);
    }
    struct lj_suggestion itself = {NULL, df, 0, -log(df + 0.5)};
    if (!fits || !letters || speller->n < 2 || df >= KNOWN || most == 0) {
        if (accents && most > 0) {
            itself.form = g_strdup(usual);
            g_array_append_val(out, itself);
        }
        goto done;
    }

    speller->most = most;
    speller->candidates = g_array_new(FALSE, FALSE, sizeof(struct candidate));
    g_array_set_clear_func(speller->candidates, candidate_clear);
    memset(speller->swap, 110, sizeof speller->swap);
    static const char usable[] = "abcdefghijklmnopqrstuvwxyz0123456789\1";
    for (const char *x = usable; *x; x++)
        for (const char *y = usable; *y; y++)
            speller->swap[letter((uint8_t)*x)][letter((uint8_t)*y)] = swap_cost(*x, *y);
    speller->row[0][0] = 0;
    for (int j = 1; j <= speller->n; j++)
        speller->extra[j] = extra_cost(speller, j);
    for (int j = 1; j <= speller->n; j++)
        speller->row[0][j] = speller->row[0][j - 1] + speller->extra[j];
    speller->least[0] = 0;
    int full = widest(speller->n), above = 0;
    uint32_t filled = 0; /* rows, by the last walk */
    uint64_t commonest = 1;
    uint32_t *frequent = g_new(uint32_t, n_lists + 1);
    GArray *numbers = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    speller->bound = full;
    speller->commonest = 0;
    for (size_t i = 0; i < n_lists; i++)
        speller->commonest += lj_wordlist_most(lists[i]);
    speller->commonest = log(speller->commonest + 1);
    offer_usual(speller, lists, n_lists, folded->str);
    split(speller, lists, n_lists, folded->str);
    for (size_t i = 0; i < n_lists; i++) {
        g_array_set_size(numbers, 0);
        frequent[i] = lj_wordlist_frequent(lists[i], FREQUENT, numbers);
        commonest += MIN(frequent[i], lj_wordlist_most(lists[i]));
        walk_frequent(speller, lists[i], numbers);
    }
    g_array_unref(numbers);
    speller->commonest = log((double)commonest);
    speller->rows = ROWS;
    for (int step = 0; step < 3 && above < full; step++) {
        static const int bounds[] = {70, 140, 1000};
        int wanted = affordable(speller, above, filled, MIN(bounds[step], full));
        speller->bound = wanted;
        tighten(speller);
        if (speller->bound <= above)
            break;
        uint32_t before = speller->rows;
        for (size_t i = 0; i < n_lists; i++)
            walk(speller, lists[i], above, frequent[i]);
        filled = before - speller->rows;
        above = wanted;
    }
    g_free(frequent);
    double own = df > 0 ? -log(df + 0.5) - RARE_MARGIN : G_MAXDOUBLE;
    for (guint i = 0; i < speller->candidates->len && out->len < most; i++) {
        struct candidate *candidate = &g_array_index(speller->candidates, struct candidate, i);
        if (candidate->score >= own)
            break;
        struct lj_suggestion suggestion = {g_steal_pointer(&candidate->form), candidate->df,
                                           candidate->cost / 100.0, candidate->score};
        g_array_append_val(out, suggestion);
    }
    if (accents && out->len < most) {
        itself.form = g_strdup(usual);
        g_array_append_val(out, itself);
    }
    g_array_unref(speller->candidates);
done:
    g_free(speller);
    g_string_free(folded, TRUE);
    g_free(given);
    return out;
}

/* --- of a query ---------------------------------------------------------------------------------
 */

static void
correction_clear(gpointer data)
{
    struct lj_correction *correction = data;
    g_free(correction->from);
    g_free(correction->to);
}

#define CORRECTED 20 /* words of one query that are looked at */

/* "http:" of an address that was pasted is no word gone wrong. */
static bool
begins_address(const struct lj_query *query, const struct lj_node *node)
{
    static const char *const schemes[] = {"http", "https", "ftp", "mailto", NULL};
    return node->end < strlen(query->text) && query->text[node->end] == ':' &&
           g_strv_contains(schemes, node->text);
}

static void
correct(const struct lj_query *query, const struct lj_node *node,
        const struct lj_wordlist *const *lists, size_t n_lists, size_t *looked, GArray *out)
{
    if (node->minus || node->exact || node->kind == LJ_NODE_NOT || *looked >= CORRECTED)
        return;
    if (node->kind == LJ_NODE_WORD && !node->field && !node->declared && !node->word.stop) {
        if (begins_address(query, node))
            return;
        ++*looked;
        GArray *found = lj_spell_suggest(lists, n_lists, node->text, -1, 1);
        if (found->len > 0) {
            struct lj_suggestion *best = &g_array_index(found, struct lj_suggestion, 0);
            struct lj_correction correction = {node->start, node->end, g_strdup(node->text),
                                               g_strdup(best->form), best->cost == 0};
            g_array_append_val(out, correction);
        }
        g_array_unref(found);
        return;
    }
    bool quoted = node_is_quoted(query, node);
    for (guint i = 0; !quoted && node->children && i < node->children->len; i++)
        correct(query, node->children->pdata[i], lists, n_lists, looked, out);
}

GArray *
lj_query_corrections(const struct lj_query *query, const struct lj_wordlist *const *lists,
                     size_t n_lists)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(struct lj_correction));
    g_array_set_clear_func(out, correction_clear);
    size_t looked = 0;
    if (query->root && n_lists > 0)
        correct(query, query->root, lists, n_lists, &looked, out);
    return out;
}

static bool
asks_exactly(const struct lj_query *query, const struct lj_node *node)
{
    bool exactly = node->exact || node_is_quoted(query, node);
    for (guint i = 0; !exactly && node->children && i < node->children->len; i++)
        exactly = asks_exactly(query, node->children->pdata[i]);
    return exactly;
}

bool
lj_query_asks_exactly(const struct lj_query *query)
{
    return query->root && asks_exactly(query, query->root);
}

char *
lj_query_corrected(const struct lj_query *query, const GArray *corrections, bool accents)
{
    GString *text = g_string_new(NULL);
    size_t at = 0, length = strlen(query->text);
    bool any = false;
    for (guint i = 0; i < corrections->len; i++) {
        const struct lj_correction *correction =
            &g_array_index(corrections, struct lj_correction, i);
        if ((correction->accents && !accents) || correction->start < at || correction->end > length)
            continue;
        g_string_append_len(text, query->text + at, (gssize)(correction->start - at));
        g_string_append(text, correction->to);
        at = correction->end;
        any = true;
    }
    g_string_append(text, query->text + at);
    return g_string_free(text, !any);
}
