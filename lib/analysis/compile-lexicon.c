/* Compiles the Spanish spelling dictionary (Hunspell's es_ES.dic and .aff, in Debian the package
 * hunspell-es) and lexicon-es.txt into the table that stem.c reads. A program of the build; nothing
 * of it is installed.
 *
 *     compile-lexicon es_ES.dic es_ES.aff lexicon-es.txt lexicon.bin [--without=N/M]
 *
 * The dictionary is a list of lemmas with flags, each flag a set of affix rules: expanded, it says
 * of which lemmas each of some 670,000 forms is. Stems need more: one class a folded word. So
 *
 *     form ── lemmas          acuerdo: acuerdo (noun), acordar (verb)
 *     node ── forms           publico: publico, público, publicó
 *     atom ── nodes           {acuerdo, acuerdos}: singular and plural never part
 *     class ── atoms          an atom goes to the verb that owns most of its forms, else to its
 * noun
 *
 * --without=N/M leaves out the lemmas whose hash is N modulo M, so that tests can measure how the
 * rules treat words no dictionary knows.
 */
#include "analysis/lexicon.h"
#include <errno.h>
#include <glib.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An atom belongs to a verb when more than this part of its forms are the verb's: casa, casas are
 * all forms of casar, of acuerdo, acuerdos only one is of acordar. */
#define VERB_SHARE 0.6

/* The guess for unknown words: bytes of an ending it looks at; lemmas that must agree on an edit;
 * what a finite form weighs as evidence beside a noun (unknown words are mostly nouns). */
#define ENDING_MAX 8
#define ENDING_WORDS 4
#define VERB_WEIGHT 0.15

/* Flags of es_ES.aff. All other suffix flags below LAST_DERIVATION make new lemmas (-ción, -miento,
 * -ble…); those above are pronouns joined to verbs, which stem.c takes off by rule. */
#define FLAGS_VERB "REIX"
#define FLAG_PARTICIPLE 'D'
#define FLAG_GENDER 'G'
#define FLAG_PLURAL 'S'
#define LAST_DERIVATION 0x7f

static void fatal(const char *format, ...) G_GNUC_PRINTF(1, 2) G_GNUC_NORETURN;

static void
fatal(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("compile-lexicon: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

/* ---- affix rules ---- */

struct condition { /* one character of a rule's condition: [^aeiou] */
    bool negated, any;
    GString *characters;
};

struct rule {
    char *strip, *add, *next; /* next: flags that follow, "" for none */
    GArray *conditions;       /* struct condition */
};

struct flag {
    bool prefix;
    GPtrArray *rules;
};

static GHashTable *flags; /* code point → struct flag */

static GArray *
parse_condition(const char *text)
{
    GArray *conditions = g_array_new(FALSE, TRUE, sizeof(struct condition));
    if (strcmp(text, ".") == 0)
        return conditions;
    for (const char *p = text; *p;) {
        struct condition one = {.characters = g_string_new(NULL)};
        if (*p == '[') {
            p++;
            if (*p == '^') {
                one.negated = true;
                p++;
            }
            for (; *p && *p != ']'; p = g_utf8_next_char(p))
                g_string_append_unichar(one.characters, g_utf8_get_char(p));
            if (*p)
                p++;
        } else {
            one.any = *p == '.';
            g_string_append_unichar(one.characters, g_utf8_get_char(p));
            p = g_utf8_next_char(p);
        }
        g_array_append_val(conditions, one);
    }
    return conditions;
}

static bool
satisfied(const struct rule *rule, const char *word, bool prefix)
{
    const char *p = word;
    if (!prefix) {
        p += strlen(word);
        for (guint i = 0; i < rule->conditions->len; i++) {
            if (p == word)
                return false;
            p = g_utf8_prev_char(p);
        }
    }
    for (guint i = 0; i < rule->conditions->len; i++, p = g_utf8_next_char(p)) {
        const struct condition *one = &g_array_index(rule->conditions, struct condition, i);
        if (!*p)
            return false;
        bool in = one->any || g_utf8_strchr(one->characters->str, -1, g_utf8_get_char(p)) != NULL;
        if (in == one->negated)
            return false;
    }
    return true;
}

/* The word with a rule applied, or NULL where it does not apply. */
static char *
apply(const struct rule *rule, const char *word, bool prefix)
{
    size_t n = strlen(word), strip = strlen(rule->strip);
    if (strip >= n || memcmp(prefix ? word : word + n - strip, rule->strip, strip) != 0 ||
        !satisfied(rule, word, prefix))
        return NULL;
    return prefix ? g_strconcat(rule->add, word + strip, NULL)
                  : g_strdup_printf("%.*s%s", (int)(n - strip), word, rule->add);
}

static char *
read_file(const char *path)
{
    char *text = NULL;
    GError *error = NULL;
    if (!g_file_get_contents(path, &text, NULL, &error))
        fatal("%s (in Debian the dictionary is in the package hunspell-es)", error->message);
    if (!g_utf8_validate(text, -1, NULL))
        fatal("%s is not UTF-8: not the dictionary this program knows", path);
    return text;
}

static void
read_affixes(const char *path)
{
    flags = g_hash_table_new(NULL, NULL);
    char *text = read_file(path);
    char **lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        if (!g_str_has_prefix(*line, "PFX ") && !g_str_has_prefix(*line, "SFX "))
            continue;
        char **raw = g_strsplit_set(*line, " \t\r", -1), *part[5] = {0};
        size_t n = 0;
        for (char **p = raw; *p && n < G_N_ELEMENTS(part); p++)
            if (**p)
                part[n++] = *p;
        if (n < 4)
            fatal("%s: a rule of %zu parts: \"%s\"", path, n, *line);
        gpointer key = GUINT_TO_POINTER(g_utf8_get_char(part[1]));
        struct flag *flag = g_hash_table_lookup(flags, key);
        if (!flag) { /* "SFX A Y 14" opens a flag */
            flag = g_new0(struct flag, 1);
            flag->prefix = part[0][0] == 'P';
            flag->rules = g_ptr_array_new();
            g_hash_table_insert(flags, key, flag);
        } else {
            struct rule *rule = g_new0(struct rule, 1);
            char *slash = strchr(part[3], '/');
            rule->next = g_strdup(slash ? slash + 1 : "");
            if (slash)
                *slash = '\0';
            rule->strip = g_strdup(strcmp(part[2], "0") ? part[2] : "");
            rule->add = g_strdup(strcmp(part[3], "0") ? part[3] : "");
            rule->conditions = parse_condition(n > 4 ? part[4] : ".");
            g_ptr_array_add(flag->rules, rule);
        }
        g_strfreev(raw);
    }
    for (const char *p = FLAGS_VERB "DGS"; *p; p++)
        if (!g_hash_table_contains(flags, GUINT_TO_POINTER((guint)*p)))
            fatal("%s has no flag %c: not the dictionary this program knows", path, *p);
    g_strfreev(lines);
    g_free(text);
}

/* ---- forms and lemmas ---- */

struct lemma {
    char *word;
    bool verb;
    bool irregular;   /* listed in lexicon-es.txt */
    bool pronouns;    /* may be joined to it: dándole */
    guint popularity; /* flags: the dictionary gives common verbs more */
    GArray *forms;    /* guint32 */
    GHashTable *has;  /* the same, as a set */
};

enum { FORM_FINITE = 1, FORM_PLAIN = 2 }; /* finite verb; noun, infinitive, participle, gerund */

struct form {
    char *word;
    guint kinds;
    guint32 node;
    GArray *lemmas; /* guint32 */
};

static GPtrArray *lemmas, *forms;
static GHashTable *lemma_number, *form_number; /* word (lemmas: with /v or /n) → number + 1 */
static GHashTable *excluded;                   /* "lemma/form": not */
static guint without, without_of;

static guint32
intern_lemma(const char *word, bool verb)
{
    char *key = g_strdup_printf("%s/%c", word, verb ? 'v' : 'n');
    guint32 number = GPOINTER_TO_UINT(g_hash_table_lookup(lemma_number, key));
    if (number) {
        g_free(key);
        return number - 1;
    }
    struct lemma *lemma = g_new0(struct lemma, 1);
    lemma->word = g_strdup(word);
    lemma->verb = verb;
    lemma->forms = g_array_new(FALSE, FALSE, sizeof(guint32));
    lemma->has = g_hash_table_new(NULL, NULL);
    g_ptr_array_add(lemmas, lemma);
    g_hash_table_insert(lemma_number, key, GUINT_TO_POINTER(lemmas->len));
    return lemmas->len - 1;
}

static struct form *
form_of(const char *word)
{
    guint32 number = GPOINTER_TO_UINT(g_hash_table_lookup(form_number, word));
    return number ? forms->pdata[number - 1] : NULL;
}

static void
add_form(guint32 lemma_at, const char *word, guint kind)
{
    struct lemma *lemma = lemmas->pdata[lemma_at];
    if (g_hash_table_size(excluded)) {
        char *key = g_strdup_printf("%s/%s", lemma->word, word);
        bool out = lemma->verb && g_hash_table_contains(excluded, key);
        g_free(key);
        if (out)
            return;
    }
    guint32 number = GPOINTER_TO_UINT(g_hash_table_lookup(form_number, word));
    if (!number) {
        struct form *form = g_new0(struct form, 1);
        form->word = g_strdup(word);
        form->lemmas = g_array_new(FALSE, FALSE, sizeof(guint32));
        g_ptr_array_add(forms, form);
        number = forms->len;
        g_hash_table_insert(form_number, form->word, GUINT_TO_POINTER(number));
    }
    struct form *form = forms->pdata[number - 1];
    form->kinds |= kind;
    if (g_hash_table_add(lemma->has, GUINT_TO_POINTER(number))) {
        guint32 at = number - 1;
        g_array_append_val(lemma->forms, at);
        g_array_append_val(form->lemmas, lemma_at);
    }
}

static bool
is_lower_word(const char *word)
{
    for (const char *p = word; *p; p = g_utf8_next_char(p))
        if (!g_unichar_isalpha(g_utf8_get_char(p)) || !g_unichar_islower(g_utf8_get_char(p)))
            return false;
    return *word != '\0';
}

/* Pairs of forms, as numbers of forms, joined to atoms later: (singular, plural), and (masculine,
 * feminine). */
static GArray *numbers, *genders;

static void
pair(GArray *pairs, const char *singular, const char *plural)
{
    guint32 one = GPOINTER_TO_UINT(g_hash_table_lookup(form_number, singular)),
            many = GPOINTER_TO_UINT(g_hash_table_lookup(form_number, plural));
    if (one && many) {
        one--;
        many--;
        g_array_append_val(pairs, one);
        g_array_append_val(pairs, many);
    }
}

static bool
left_out(const char *lemma)
{
    return without_of && g_str_hash(lemma) % without_of == without;
}

/* Adds a dictionary entry: the forms its flags make, then the words derived from it. */
static void
emit(const char *word, const char *entry_flags, bool prefixed, bool derived)
{
    bool verb = strpbrk(entry_flags, FLAGS_VERB) != NULL;
    bool out = left_out(word);
    guint32 lemma = 0;
    if (!out) {
        lemma = intern_lemma(word, verb);
        ((struct lemma *)lemmas->pdata[lemma])->popularity += (guint)g_utf8_strlen(entry_flags, -1);
        add_form(lemma, word, FORM_PLAIN);
    }
    GString *kept = g_string_new(NULL); /* flags that a prefixed word keeps */
    for (const char *p = entry_flags; *p; p = g_utf8_next_char(p)) {
        gunichar name = g_utf8_get_char(p);
        if (name > LAST_DERIVATION && !out)
            ((struct lemma *)lemmas->pdata[lemma])->pronouns = true;
        struct flag *flag = g_hash_table_lookup(flags, GUINT_TO_POINTER(name));
        if (!flag || name > LAST_DERIVATION || flag->prefix)
            continue;
        g_string_append_unichar(kept, name);
        bool finite = strchr(FLAGS_VERB, (int)name) != NULL;
        bool nominal = name == FLAG_GENDER || name == FLAG_PLURAL;
        bool inflection = finite || nominal || name == FLAG_PARTICIPLE;
        if (inflection ? out : derived)
            continue;
        for (guint i = 0; i < flag->rules->len; i++) {
            const struct rule *rule = flag->rules->pdata[i];
            char *result = apply(rule, word, false);
            if (!result)
                continue;
            if (!inflection) {
                emit(result, rule->next, true, true);
            } else {
                add_form(nominal && verb ? intern_lemma(word, false) : lemma, result,
                         finite ? FORM_FINITE : FORM_PLAIN);
                if (nominal)
                    pair(name == FLAG_PLURAL ? numbers : genders, word, result);
                char *singular = g_strndup(result, strlen(result) - 1);
                if (g_str_has_suffix(result, "s") && !finite)
                    pair(numbers, singular, result);
                g_free(singular);
            }
            g_free(result);
        }
    }
    for (const char *p = entry_flags; *p && !prefixed; p = g_utf8_next_char(p)) {
        struct flag *flag = g_hash_table_lookup(flags, GUINT_TO_POINTER(g_utf8_get_char(p)));
        for (guint i = 0; flag && flag->prefix && i < flag->rules->len; i++) {
            char *result = apply(flag->rules->pdata[i], word, true);
            if (result)
                emit(result, kept->str, true, derived);
            g_free(result);
        }
    }
    g_string_free(kept, TRUE);
}

static char *
fold(const char *word)
{
    char *apart = g_utf8_normalize(word, -1, G_NORMALIZE_ALL);
    GString *out = g_string_new(NULL);
    for (const char *p = apart; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p), next = g_utf8_get_char(g_utf8_next_char(p));
        if (c == 'n' && next == 0x303)
            g_string_append(out, "ñ");
        else if (!g_unichar_ismark(c))
            g_string_append_unichar(out, c);
    }
    g_free(apart);
    return g_string_free(out, FALSE);
}

/* Reads the dictionary: lower-case words, then names whose folding no such word has. */
static void
read_dictionary(const char *path)
{
    char *text = read_file(path);
    char **lines = g_strsplit(text, "\n", -1);
    GHashTable *common = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (int names = 0; names < 2; names++) {
        for (char **line = lines[0] ? lines + 1 : lines; *line; line++) {
            char *word = g_strchomp(g_strdup(*line)), *slash = strchr(word, '/');
            if (slash)
                *slash = '\0';
            char *lower = g_utf8_strdown(word, -1), *folded = fold(lower);
            bool name = strcmp(lower, word) != 0;
            if (is_lower_word(lower) && name == (names == 1) &&
                !(name && g_hash_table_contains(common, folded)))
                emit(lower, slash ? slash + 1 : "", name, name);
            g_free(lower);
            g_free(word);
            g_free(folded);
        }
        for (guint i = 0; i < forms->len && !names; i++)
            g_hash_table_add(common, fold(((struct form *)forms->pdata[i])->word));
    }
    g_hash_table_destroy(common);
    g_strfreev(lines);
    g_free(text);
    if (lemmas->len < 10000)
        fatal("%s: %u lemmas only: not the dictionary this program knows", path, lemmas->len);
}

/* ---- lexicon-es.txt ---- */

static GPtrArray *participles; /* char **: infinitive's ending, then the participles' */
static GPtrArray *classes;     /* char **: words of a class, its name first */
static GPtrArray *verbs;       /* char **: "lemma/FLAGS:", forms; applied after the dictionary */
static GHashTable *endings;    /* name → char ** */

static void
read_language(const char *path)
{
    char *text = read_file(path);
    char **lines = g_strsplit(text, "\n", -1);
    participles = g_ptr_array_new();
    classes = g_ptr_array_new();
    verbs = g_ptr_array_new();
    endings = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; lines[i]; i++) {
        g_strstrip(lines[i]);
        if (lines[i][0] == '#' || !lines[i][0])
            continue;
        GPtrArray *part = g_ptr_array_new();
        char **raw = g_strsplit_set(lines[i], " \t", -1);
        for (char **p = raw; *p; p++)
            if (**p)
                g_ptr_array_add(part, g_strdup(*p));
        g_ptr_array_add(part, NULL);
        g_strfreev(raw);
        char **words = (char **)part->pdata;
        if (!words[1])
            fatal("%s:%u: nothing after \"%s\"", path, i + 1, words[0]);
        if (strcmp(words[0], "endings") == 0) {
            g_hash_table_insert(endings, words[1], words + 2);
        } else if (strcmp(words[0], "verb") == 0) {
            g_ptr_array_add(verbs, words + 1);
        } else if (strcmp(words[0], "participle") == 0) {
            g_ptr_array_add(participles, words + 1);
        } else if (strcmp(words[0], "class") == 0) {
            g_ptr_array_add(classes, words + 1);
        } else if (strcmp(words[0], "not") == 0) {
            for (char **p = words + 2; *p; p++)
                g_hash_table_add(excluded, g_strdup_printf("%.*s/%s", (int)strcspn(words[1], ":"),
                                                           words[1], *p));
        } else {
            fatal("%s:%u: \"%s\" is none of endings, verb, not, participle, class", path, i + 1,
                  words[0]);
        }
    }
    g_strfreev(lines);
    g_free(text);
}

struct listed {
    char *word;
    guint32 lemma;
};

static GArray *listed; /* forms of the verbs of lexicon-es.txt, in its order */

static void
add_listed(guint32 lemma, const char *word)
{
    struct listed one = {g_strdup(word), lemma};
    g_array_append_val(listed, one);
    add_form(lemma, word, FORM_FINITE);
}

static void
add_verbs(void)
{
    listed = g_array_new(FALSE, FALSE, sizeof(struct listed));
    for (guint i = 0; i < verbs->len; i++) {
        char **words = verbs->pdata[i];
        size_t n = strcspn(words[0], "/:");
        char *infinitive = g_strndup(words[0], n);
        char *entry_flags = words[0][n] == '/'
                                ? g_strndup(words[0] + n + 1, strcspn(words[0] + n + 1, ":"))
                                : g_strdup("");
        if (!left_out(infinitive)) {
            guint32 lemma = intern_lemma(infinitive, true);
            add_form(lemma, infinitive, FORM_PLAIN);
            ((struct lemma *)lemmas->pdata[lemma])->irregular = true;
            ((struct lemma *)lemmas->pdata[lemma])->pronouns = true;
            if (*entry_flags)
                emit(infinitive, entry_flags, true, true);
            for (char **p = words + 1; *p; p++) {
                char *plus = strchr(*p, '+');
                char **set = plus ? g_hash_table_lookup(endings, plus + 1) : NULL;
                if (plus && !set)
                    fatal("verb %s: no endings of the name \"%s\"", infinitive, plus + 1);
                for (char **end = set; set && *end; end++) {
                    char *form = g_strdup_printf("%.*s%s", (int)(plus - *p), *p, *end);
                    add_listed(lemma, form);
                    g_free(form);
                }
                if (!plus)
                    add_listed(lemma, *p);
            }
        }
        g_free(infinitive);
        g_free(entry_flags);
    }
}

/* abrir, abierto: the dictionary lists irregular participles as adjectives of their own. */
static void
add_participles(void)
{
    for (guint i = 0; i < lemmas->len; i++) {
        const struct lemma *lemma = lemmas->pdata[i];
        for (guint k = 0; lemma->verb && k < participles->len; k++) {
            char **endings_of = participles->pdata[k];
            if (!g_str_has_suffix(lemma->word, endings_of[0] + 1))
                continue;
            size_t root = strlen(lemma->word) - strlen(endings_of[0] + 1);
            for (char **p = endings_of + 1; *p; p++) {
                char *form = g_strdup_printf("%.*s%s", (int)root, lemma->word, *p + 1);
                if (form_of(form))
                    add_form(i, form, FORM_PLAIN);
                g_free(form);
            }
        }
    }
}

/* vos tenés, decí: the dictionary has them for some verbs only. Those that fold to what is there
 * already (amás: tú amas) add nothing. */
static void
add_voseo(void)
{
    GHashTable *known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < forms->len; i++)
        g_hash_table_add(known, fold(((struct form *)forms->pdata[i])->word));
    for (guint i = 0; i < lemmas->len; i++) {
        const struct lemma *lemma = lemmas->pdata[i];
        size_t n = strlen(lemma->word);
        if (!lemma->verb || n < 4 || lemma->word[n - 1] != 'r')
            continue;
        static const char vowels[][2][4] = {{"a", "á"}, {"e", "é"}, {"i", "í"}};
        for (guint k = 0; k < G_N_ELEMENTS(vowels); k++) {
            if (lemma->word[n - 2] != vowels[k][0][0])
                continue;
            char *order = g_strdup_printf("%.*s%s", (int)n - 2, lemma->word, vowels[k][1]);
            char *statement = g_strconcat(order, "s", NULL);
            char *both[] = {order, statement};
            for (guint m = 0; m < G_N_ELEMENTS(both); m++) {
                char *folded = fold(both[m]);
                if (!g_hash_table_contains(known, folded))
                    add_form(i, both[m], FORM_FINITE);
                g_free(folded);
                g_free(both[m]);
            }
        }
    }
    g_hash_table_destroy(known);
}

/* ---- nodes, atoms, classes ---- */

struct node {
    char *folded;
    GArray *forms;       /* guint32 */
    guint32 parent;      /* of the atom: union-find */
    guint32 pinned;      /* lemma given by lexicon-es.txt, or NONE */
    guint32 class, verb; /* numbers of a class; verb: where pronouns follow; NONE */
    bool fixed;          /* class given by lexicon-es.txt */
};

#define NONE G_MAXUINT32

static GPtrArray *nodes;
static GHashTable *node_number; /* folded → number + 1 */
static GPtrArray *class_name;   /* the word all stems of the class are */

static void
make_nodes(void)
{
    nodes = g_ptr_array_new();
    node_number = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint32 i = 0; i < forms->len; i++) {
        struct form *form = forms->pdata[i];
        char *folded = fold(form->word);
        guint32 number = GPOINTER_TO_UINT(g_hash_table_lookup(node_number, folded));
        if (!number) {
            struct node *node = g_new0(struct node, 1);
            node->folded = g_strdup(folded);
            node->forms = g_array_new(FALSE, FALSE, sizeof(guint32));
            node->parent = nodes->len;
            node->pinned = node->class = node->verb = NONE;
            g_ptr_array_add(nodes, node);
            number = nodes->len;
            g_hash_table_insert(node_number, node->folded, GUINT_TO_POINTER(number));
        }
        struct node *node = nodes->pdata[number - 1];
        g_array_append_val(node->forms, i);
        form->node = number - 1;
        g_free(folded);
    }
}

static guint32
atom_of(guint32 node)
{
    struct node *n = nodes->pdata[node];
    while (n->parent != node) {
        node = n->parent;
        n = nodes->pdata[node];
    }
    return node;
}

static void
join(guint32 a, guint32 b)
{
    const struct node *one = nodes->pdata[a], *other = nodes->pdata[b];
    if (one->fixed || other->fixed || one->pinned != other->pinned)
        return;
    a = atom_of(a);
    b = atom_of(b);
    if (a != b)
        ((struct node *)nodes->pdata[MAX(a, b)])->parent = MIN(a, b);
}

static guint32
node_named(const char *folded)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(node_number, folded)) - 1; /* NONE when absent */
}

static bool
nominal(const struct node *node)
{
    for (guint i = 0; i < node->forms->len; i++) {
        const struct form *form = forms->pdata[g_array_index(node->forms, guint32, i)];
        for (guint k = 0; k < form->lemmas->len; k++) {
            const struct lemma *lemma = lemmas->pdata[g_array_index(form->lemmas, guint32, k)];
            if (!lemma->verb)
                return true;
        }
    }
    return false;
}

/* países, clubes, caracteres stand in the dictionary without a word on what they are plurals of:
 * joins a noun of one form to its singular. */
static void
join_bare_plurals(void)
{
    for (guint i = 0; i < lemmas->len; i++) {
        const struct lemma *lemma = lemmas->pdata[i];
        if (lemma->verb || lemma->forms->len != 1 || !g_str_has_suffix(lemma->word, "s"))
            continue;
        const struct form *form = forms->pdata[g_array_index(lemma->forms, guint32, 0)];
        const struct node *node = nodes->pdata[form->node];
        if (node->forms->len != 1 || form->lemmas->len != 1)
            continue;
        size_t n = strlen(node->folded);
        static const struct {
            const char *plural, *singular;
        } rules[] = {{"ces", "z"}, {"es", ""}, {"s", ""}};
        for (guint k = 0; k < G_N_ELEMENTS(rules); k++) {
            size_t cut = strlen(rules[k].plural);
            if (n < cut + 3 || !g_str_has_suffix(node->folded, rules[k].plural))
                continue;
            char *singular =
                g_strdup_printf("%.*s%s", (int)(n - cut), node->folded, rules[k].singular);
            guint32 at = node_named(singular);
            g_free(singular);
            if (at != NONE && nominal(nodes->pdata[at])) {
                join(form->node, at);
                break;
            }
        }
    }
}

static guint32
new_class(const char *name)
{
    g_ptr_array_add(class_name, (char *)name);
    return class_name->len - 1;
}

static void
fix_classes(void)
{
    for (guint i = 0; i < classes->len; i++) {
        guint32 class = NONE;
        for (char **p = classes->pdata[i]; *p; p++) {
            char *folded = fold(*p);
            guint32 at = node_named(folded);
            g_free(folded);
            if (at == NONE)
                continue;
            struct node *node = nodes->pdata[at];
            if (node->fixed && node->class != class)
                fatal("class %s: \"%s\" is in another class", ((char **)classes->pdata[i])[0], *p);
            if (class == NONE)
                class = new_class(node->folded);
            node->class = class;
            node->fixed = true;
        }
    }
}

/* How likely a form is the verb's when it might be another's: asiste is of asistir, though asir has
 * "tú asiste" too; consume of consumir rather than a subjunctive of consumar. */
static double
likelihood(const struct lemma *lemma, const char *form)
{
    static const char *const subjunctives[] = {"e", "es", "en", "emos", "a", "as", "an", "amos"};
    if (!lemma->verb)
        return 1;
    size_t n = strlen(lemma->word);
    if (strlen(form) == n + 2 && strncmp(form, lemma->word, n - 2) == 0 &&
        (g_str_has_suffix(form, "aste") || g_str_has_suffix(form, "iste")))
        return 0.2;
    if (g_str_has_suffix(form, "é") || g_str_has_suffix(form, "í")) /* I: rare in such texts */
        return 0.2;
    bool first = g_str_has_suffix(lemma->word, "ar");
    for (guint i = first ? 0 : 4; i < (first ? 4u : 8u); i++)
        if (g_str_has_suffix(form, subjunctives[i]))
            return 0.5;
    return 1;
}

/* Vos: publicá, publicás. They count for nothing where they share a node with a noun. */
static bool
is_voseo(const struct lemma *lemma, const char *form)
{
    size_t n = strlen(lemma->word), m = strlen(form);
    if (!lemma->verb || n < 3)
        return false;
    if (m && form[m - 1] == 's')
        m--;
    static const char *const vowels[] = {"á", "é", "í"};
    for (guint i = 0; i < G_N_ELEMENTS(vowels); i++)
        if (m == n && memcmp(form, lemma->word, n - 2) == 0 &&
            memcmp(form + n - 2, vowels[i], 2) == 0)
            return true;
    return false;
}

static void
pin(const char *word, guint32 lemma)
{
    char *folded = fold(word);
    guint32 at = node_named(folded);
    g_free(folded);
    if (at != NONE && ((struct node *)nodes->pdata[at])->pinned == NONE)
        ((struct node *)nodes->pdata[at])->pinned = lemma;
}

/* What lexicon-es.txt says of whose a word is. Of two verbs the first there has it: fue is of ser.
 */
static void
pin_words(void)
{
    for (guint i = 0; i < listed->len; i++) {
        const struct listed *one = &g_array_index(listed, struct listed, i);
        pin(one->word, one->lemma);
    }
}

struct claim {
    guint32 lemma;
    guint forms;
    double likely;
    bool whole; /* the atom holds the lemma itself, or a verb's gerund (considerandos) */
};

static bool
better(const struct claim *a, const struct claim *b)
{
    const struct lemma *x = lemmas->pdata[a->lemma], *y = lemmas->pdata[b->lemma];
    if (x->verb && a->whole != b->whole)
        return a->whole;
    if (!x->verb && a->forms == b->forms && a->whole != b->whole)
        return a->whole;
    if (x->verb && a->likely != b->likely)
        return a->likely > b->likely;
    if (a->forms != b->forms)
        return a->forms > b->forms;
    if (x->verb && x->popularity != y->popularity)
        return x->popularity > y->popularity;
    if (x->forms->len != y->forms->len)
        return x->forms->len > y->forms->len;
    if (strlen(x->word) != strlen(y->word))
        return strlen(x->word) < strlen(y->word);
    return strcmp(x->word, y->word) < 0;
}

/* The lemma an atom belongs to; *verb: the best verb that claims a part of it, or NONE. */
static guint32
owner(const GArray *atom, guint32 *verb)
{
    GHashTable *at = g_hash_table_new(NULL, NULL);
    GArray *claims = g_array_new(FALSE, TRUE, sizeof(struct claim));
    guint total = 0;
    for (guint i = 0; i < atom->len; i++) {
        const struct node *node = nodes->pdata[g_array_index(atom, guint32, i)];
        for (guint k = 0; k < node->forms->len; k++) {
            const struct form *form = forms->pdata[g_array_index(node->forms, guint32, k)];
            bool counts = false;
            for (guint m = 0; m < form->lemmas->len; m++) {
                guint32 lemma = g_array_index(form->lemmas, guint32, m);
                guint32 number =
                    GPOINTER_TO_UINT(g_hash_table_lookup(at, GUINT_TO_POINTER(lemma + 1)));
                if (!number) {
                    struct claim new = {.lemma = lemma};
                    g_array_append_val(claims, new);
                    number = claims->len;
                    g_hash_table_insert(at, GUINT_TO_POINTER(lemma + 1), GUINT_TO_POINTER(number));
                }
                struct claim *claim = &g_array_index(claims, struct claim, number - 1);
                const struct lemma *claimant = lemmas->pdata[lemma];
                if (!is_voseo(claimant, form->word)) {
                    claim->forms++;
                    counts = true;
                }
                claim->likely += likelihood(claimant, form->word);
                claim->whole |=
                    strcmp(((struct lemma *)lemmas->pdata[lemma])->word, form->word) == 0;
            }
            total += counts;
        }
    }
    const struct claim *best[2] = {NULL, NULL}; /* noun, verb */
    for (guint i = 0; i < claims->len; i++) {
        const struct claim *claim = &g_array_index(claims, struct claim, i);
        const struct claim **slot = best + ((struct lemma *)lemmas->pdata[claim->lemma])->verb;
        if (!*slot || better(claim, *slot))
            *slot = claim;
    }
    guint32 result;
    *verb = best[1] ? best[1]->lemma : NONE;
    if (best[1] && (!best[0] || best[1]->whole || best[1]->forms > VERB_SHARE * total))
        result = best[1]->lemma;
    else
        result = best[0]->lemma;
    g_array_free(claims, TRUE);
    g_hash_table_destroy(at);
    return result;
}

static void
make_classes(void)
{
    class_name = g_ptr_array_new();
    fix_classes();
    pin_words();
    for (guint i = 0; i < numbers->len; i += 2)
        join(((struct form *)forms->pdata[g_array_index(numbers, guint32, i)])->node,
             ((struct form *)forms->pdata[g_array_index(numbers, guint32, i + 1)])->node);
    for (guint i = 0; i < genders->len; i += 2)
        join(((struct form *)forms->pdata[g_array_index(genders, guint32, i)])->node,
             ((struct form *)forms->pdata[g_array_index(genders, guint32, i + 1)])->node);
    join_bare_plurals();

    GPtrArray *atoms = g_ptr_array_new(); /* by root node; GArray of nodes, or NULL */
    g_ptr_array_set_size(atoms, (int)nodes->len);
    for (guint32 i = 0; i < nodes->len; i++) {
        guint32 root = atom_of(i);
        if (!atoms->pdata[root])
            atoms->pdata[root] = g_array_new(FALSE, FALSE, sizeof(guint32));
        g_array_append_val((GArray *)atoms->pdata[root], i);
    }
    guint32 *class_of = g_new(guint32, lemmas->len); /* of a lemma */
    memset(class_of, 0xff, lemmas->len * sizeof *class_of);
    guint32 *verb_of = g_new(guint32, nodes->len);
    for (guint32 i = 0; i < nodes->len; i++) {
        verb_of[i] = NONE;
        if (!atoms->pdata[i])
            continue;
        const GArray *atom = atoms->pdata[i];
        guint32 verb, lemma = owner(atom, &verb);
        for (guint k = 0; k < atom->len; k++) {
            guint32 at = g_array_index(atom, guint32, k);
            struct node *node = nodes->pdata[at];
            verb_of[at] = verb == lemma && !node->fixed ? NONE : verb;
            if (node->fixed)
                continue;
            if (node->pinned != NONE) {
                lemma = node->pinned;
                verb_of[at] = NONE;
            }
            if (class_of[lemma] == NONE)
                class_of[lemma] = new_class(NULL);
            node->class = class_of[lemma];
        }
    }
    /* The class bears the name of its lemma where that is in it, else of its first shortest word: a
     * member's name, so that no two classes share one. */
    for (guint32 i = 0; i < lemmas->len; i++) {
        if (class_of[i] == NONE)
            continue;
        char *folded = fold(((struct lemma *)lemmas->pdata[i])->word);
        guint32 at = node_named(folded);
        if (at != NONE && ((struct node *)nodes->pdata[at])->class == class_of[i])
            class_name->pdata[class_of[i]] = ((struct node *)nodes->pdata[at])->folded;
        g_free(folded);
    }
    guint32 own = class_name->len;
    bool *named = g_new0(bool, own);
    for (guint32 i = 0; i < own; i++)
        named[i] = class_name->pdata[i] != NULL;
    for (guint32 i = 0; i < nodes->len; i++) {
        const struct node *node = nodes->pdata[i];
        char **name = (char **)&class_name->pdata[node->class];
        if (named[node->class])
            continue;
        if (!*name || strlen(node->folded) < strlen(*name) ||
            (strlen(node->folded) == strlen(*name) && strcmp(node->folded, *name) < 0))
            *name = node->folded;
    }
    for (guint32 i = 0; i < nodes->len; i++) {
        struct node *node = nodes->pdata[i];
        if (verb_of[i] != NONE && class_of[verb_of[i]] != NONE &&
            class_of[verb_of[i]] != node->class)
            node->verb = class_of[verb_of[i]];
    }
    for (guint32 i = 0; i < nodes->len; i++)
        if (atoms->pdata[i])
            g_array_free(atoms->pdata[i], TRUE);
    g_ptr_array_free(atoms, TRUE);
    g_free(named);
    g_free(class_of);
    g_free(verb_of);
}

/* ---- the automaton ---- */

struct state {
    guint8 byte[256];
    guint32 target[256];
    bool final[256];
    guint n;
};

struct automaton {
    GArray *arcs;      /* guint32; the first is none */
    GHashTable *known; /* GBytes of a state's arcs → place */
    GPtrArray *path;   /* struct state: the states of the last key, not frozen yet */
    GString *last;
};

static void
automaton_open(struct automaton *a)
{
    static const guint32 none = LEXICON_ARC_LAST;
    a->arcs = g_array_new(FALSE, FALSE, sizeof(guint32));
    g_array_append_val(a->arcs, none);
    a->known =
        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    a->path = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(a->path, g_new0(struct state, 1));
    a->last = g_string_new(NULL);
}

static guint32
freeze(struct automaton *a, const struct state *state)
{
    guint32 arcs[256];
    if (!state->n)
        return 0;
    for (guint i = 0; i < state->n; i++)
        arcs[i] = GUINT32_TO_LE(state->byte[i] | (i + 1 == state->n ? LEXICON_ARC_LAST : 0) |
                                (state->final[i] ? LEXICON_ARC_FINAL : 0) |
                                state->target[i] << LEXICON_ARC_SHIFT);
    GBytes *key = g_bytes_new(arcs, state->n * sizeof *arcs);
    gpointer at = g_hash_table_lookup(a->known, key);
    if (at) {
        g_bytes_unref(key);
        return GPOINTER_TO_UINT(at);
    }
    guint32 place = a->arcs->len;
    g_array_append_vals(a->arcs, arcs, state->n);
    if (a->arcs->len >= 1u << (32 - LEXICON_ARC_SHIFT))
        fatal("more arcs than the table's numbers can tell apart");
    g_hash_table_insert(a->known, key, GUINT_TO_POINTER(place));
    return place;
}

/* Freezes the states of the last key deeper than depth. */
static void
shorten(struct automaton *a, guint depth)
{
    while (a->path->len > depth + 1) {
        guint32 place = freeze(a, a->path->pdata[a->path->len - 1]);
        g_ptr_array_set_size(a->path, (int)a->path->len - 1);
        struct state *above = a->path->pdata[a->path->len - 1];
        above->target[above->n - 1] = place;
    }
}

/* Keys must come in order of their bytes. */
static void
automaton_add(struct automaton *a, const char *key, size_t length)
{
    guint common = 0;
    while (common < a->last->len && common < length && a->last->str[common] == key[common])
        common++;
    shorten(a, common);
    for (size_t i = common; i < length; i++) {
        struct state *state = a->path->pdata[a->path->len - 1];
        state->byte[state->n] = (guint8)key[i];
        state->target[state->n] = 0;
        state->final[state->n++] = i + 1 == length;
        g_ptr_array_add(a->path, g_new0(struct state, 1));
    }
    g_string_truncate(a->last, 0);
    g_string_append_len(a->last, key, (gssize)length);
}

static guint32
automaton_close(struct automaton *a)
{
    shorten(a, 0);
    guint32 root = freeze(a, a->path->pdata[0]);
    g_hash_table_destroy(a->known);
    g_ptr_array_free(a->path, TRUE);
    g_string_free(a->last, TRUE);
    return root;
}

/* ---- writing ---- */

/* Appends the edit that makes name of word; false where the cut is too long to be written. */
static bool
append_edit(GString *out, const char *word, const char *name, guint bits)
{
    size_t common = 0;
    while (word[common] && word[common] == name[common])
        common++;
    size_t cut = strlen(word) - common;
    if (cut + 1 > LEXICON_CUT)
        return false;
    g_string_append_c(out, (char)(bits | (cut + 1)));
    g_string_append(out, name + common);
    return true;
}

static int
compare_keys(gconstpointer a, gconstpointer b)
{
    const GString *x = *(GString *const *)a, *y = *(GString *const *)b;
    int order = memcmp(x->str, y->str, MIN(x->len, y->len));
    return order ? order : (x->len > y->len) - (x->len < y->len);
}

static guint32
write_automaton(GPtrArray *keys, GArray **arcs)
{
    struct automaton automaton;
    g_ptr_array_sort(keys, compare_keys);
    automaton_open(&automaton);
    for (guint i = 0; i < keys->len; i++) {
        const GString *key = keys->pdata[i];
        automaton_add(&automaton, key->str, key->len);
    }
    guint32 root = automaton_close(&automaton);
    *arcs = automaton.arcs;
    return root;
}

/* A word that folds to another makes it a homograph, whether the dictionary has the unaccented one
 * or not: capitals often lack their accents ("LEGISLACION"), and those must be told from
 * "legislación". Vos forms make none: nearly every "arma" would be told from an "armá". */
static guint
bits_of(const struct node *node)
{
    bool accented = false;
    guint bits = 0;
    for (guint i = 0; i < node->forms->len; i++) {
        const struct form *form = forms->pdata[g_array_index(node->forms, guint32, i)];
        bool other = strcmp(form->word, node->folded) != 0, voseo = true;
        for (guint k = 0; k < form->lemmas->len; k++) {
            const struct lemma *lemma = lemmas->pdata[g_array_index(form->lemmas, guint32, k)];
            if (lemma->verb)
                bits |= LEXICON_VERB_FORM | (lemma->pronouns ? LEXICON_PRONOUNS : 0);
            voseo &= is_voseo(lemma, form->word);
        }
        accented |= other && !voseo;
    }
    return bits | (accented ? LEXICON_HOMOGRAPH : 0);
}

/* haberse, dándole, dese: the dictionary lists some verbs with pronouns as words of their own. They
 * are left to the rule that knows all of them. */
static bool
is_verb_with_pronoun(const struct node *node)
{
    static const char *const pronouns[] = {"nos", "los", "las", "les", "os", "lo",
                                           "la",  "le",  "me",  "te",  "se"};
    if (node->fixed || node->forms->len != 1)
        return false;
    const struct form *form = forms->pdata[g_array_index(node->forms, guint32, 0)];
    const struct lemma *lemma = lemmas->pdata[g_array_index(form->lemmas, guint32, 0)];
    if (form->lemmas->len != 1 || lemma->verb || lemma->forms->len != 1)
        return false;
    char *base = g_strdup(node->folded);
    bool found = false;
    for (int round = 0; round < 2 && !found; round++) {
        guint i = 0;
        while (i < G_N_ELEMENTS(pronouns) && !g_str_has_suffix(base, pronouns[i]))
            i++;
        if (i == G_N_ELEMENTS(pronouns))
            break;
        base[strlen(base) - strlen(pronouns[i])] = '\0';
        guint32 at = node_named(base);
        if (at == NONE)
            continue;
        bool impersonal = g_str_has_suffix(base, "r") || g_str_has_suffix(base, "ndo");
        const struct node *verb = nodes->pdata[at];
        for (guint k = 0; k < verb->forms->len; k++) {
            const struct form *of = forms->pdata[g_array_index(verb->forms, guint32, k)];
            for (guint m = 0; m < of->lemmas->len; m++) {
                const struct lemma *owner_of = lemmas->pdata[g_array_index(of->lemmas, guint32, m)];
                found |= owner_of->verb && (impersonal || owner_of->irregular);
            }
        }
    }
    g_free(base);
    return found;
}

static GPtrArray *
word_keys(void)
{
    GPtrArray *keys = g_ptr_array_new();
    for (guint32 i = 0; i < nodes->len; i++) {
        const struct node *node = nodes->pdata[i];
        if (is_verb_with_pronoun(node))
            continue;
        for (int verb = 0; verb < 2; verb++) {
            guint32 class = verb ? node->verb : node->class;
            if (class == NONE)
                continue;
            GString *key = g_string_new(node->folded);
            g_string_append_c(key, verb ? LEXICON_VERB : LEXICON_CLASS);
            if (append_edit(key, node->folded, class_name->pdata[class], bits_of(node)))
                g_ptr_array_add(keys, key);
            else
                g_string_free(key, TRUE);
        }
    }
    return keys;
}

struct ending {
    char *text; /* the last bytes of words */
    char *edit;
    double weight, total;
    guint words;
};

static int
compare_endings(gconstpointer a, gconstpointer b)
{
    const struct ending *x = *(struct ending *const *)a, *y = *(struct ending *const *)b;
    size_t n = strlen(x->text), m = strlen(y->text);
    if (n != m)
        return n < m ? -1 : 1;
    int order = strcmp(x->text, y->text);
    if (order)
        return order;
    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    return strcmp(x->edit, y->edit);
}

/* What words of each ending turn into, by majority; kept where it differs from what the next
 * shorter ending says. */
static GPtrArray *
ending_keys(void)
{
    GHashTable *counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GPtrArray *all = g_ptr_array_new();
    GHashTable *totals = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint32 i = 0; i < nodes->len; i++) {
        const struct node *node = nodes->pdata[i];
        size_t n = strlen(node->folded);
        if (n < 5 || node->fixed)
            continue;
        guint kinds = 0;
        for (guint k = 0; k < node->forms->len; k++)
            kinds |= ((struct form *)forms->pdata[g_array_index(node->forms, guint32, k)])->kinds;
        GString *edit = g_string_new(NULL);
        if (!append_edit(edit, node->folded, class_name->pdata[node->class], 0)) {
            g_string_free(edit, TRUE);
            continue;
        }
        double weight = kinds & FORM_PLAIN ? 1 : VERB_WEIGHT;
        size_t cut = ((guint8)edit->str[0] & LEXICON_CUT) - 1;
        for (size_t length = 1; length <= ENDING_MAX && length + 2 <= n; length++) {
            const char *text = node->folded + n - length;
            if (((guint8)*text & 0xc0) == 0x80)
                continue;
            double *total = g_hash_table_lookup(totals, text);
            if (!total) {
                total = g_new0(double, 1);
                g_hash_table_insert(totals, g_strdup(text), total);
            }
            *total += weight;
            if (cut > length)
                continue;
            char *key = g_strdup_printf("%s%s", text, edit->str);
            struct ending *ending = g_hash_table_lookup(counts, key);
            if (!ending) {
                ending = g_new0(struct ending, 1);
                ending->text = g_strdup(text);
                ending->edit = g_strdup(edit->str);
                g_hash_table_insert(counts, g_strdup(key), ending);
                g_ptr_array_add(all, ending);
            }
            g_free(key);
            ending->weight += weight;
            ending->words++;
        }
        g_string_free(edit, TRUE);
    }
    g_ptr_array_sort(all, compare_endings);
    GHashTable *chosen = g_hash_table_new(g_str_hash, g_str_equal); /* text → edit, inherited too */
    GPtrArray *keys = g_ptr_array_new();
    const char *previous = "";
    for (guint i = 0; i < all->len; i++) {
        const struct ending *ending = all->pdata[i];
        if (strcmp(previous, ending->text) == 0)
            continue; /* only the best of each */
        previous = ending->text;
        double total = *(double *)g_hash_table_lookup(totals, ending->text);
        const char *inherited = NULL;
        for (const char *p = ending->text + 1; *p && !inherited; p++)
            inherited = g_hash_table_lookup(chosen, p);
        if (ending->words < ENDING_WORDS || ending->weight < total / 2 ||
            (inherited && strcmp(inherited, ending->edit) == 0))
            continue;
        g_hash_table_insert(chosen, ending->text, ending->edit);
        GString *key = g_string_new(NULL);
        for (size_t k = strlen(ending->text); k-- > 0;)
            g_string_append_c(key, ending->text[k]);
        g_string_append_c(key, LEXICON_CLASS);
        g_string_append(key, ending->edit);
        g_ptr_array_add(keys, key);
    }
    g_hash_table_destroy(chosen);
    g_hash_table_destroy(counts);
    g_hash_table_destroy(totals);
    return keys;
}

int
main(int argc, char **argv)
{
    if (argc < 5 || argc > 6)
        fatal("usage: compile-lexicon DICTIONARY AFFIXES LANGUAGE OUTPUT [--without=N/M]");
    if (argc == 6 && sscanf(argv[5], "--without=%u/%u", &without, &without_of) != 2)
        fatal("--without takes N/M, not \"%s\"", argv[5]);
    lemmas = g_ptr_array_new();
    forms = g_ptr_array_new();
    lemma_number = g_hash_table_new(g_str_hash, g_str_equal);
    form_number = g_hash_table_new(g_str_hash, g_str_equal);
    excluded = g_hash_table_new(g_str_hash, g_str_equal);
    numbers = g_array_new(FALSE, FALSE, sizeof(guint32));
    genders = g_array_new(FALSE, FALSE, sizeof(guint32));

    read_affixes(argv[2]);
    read_language(argv[3]);
    read_dictionary(argv[1]);
    add_verbs();
    add_participles();
    add_voseo();
    make_nodes();
    make_classes();

    GPtrArray *words = word_keys(), *guesses = ending_keys();
    GArray *word_arcs, *ending_arcs;
    struct lexicon_header header = {.magic = LEXICON_MAGIC};
    header.version = GUINT32_TO_LE(LEXICON_VERSION);
    header.words_root = GUINT32_TO_LE(write_automaton(words, &word_arcs));
    header.words_arcs = GUINT32_TO_LE(word_arcs->len);
    header.endings_root = GUINT32_TO_LE(write_automaton(guesses, &ending_arcs));
    header.endings_arcs = GUINT32_TO_LE(ending_arcs->len);
    GByteArray *file = g_byte_array_new();
    g_byte_array_append(file, (const guint8 *)&header, sizeof header);
    g_byte_array_append(file, (const guint8 *)word_arcs->data, word_arcs->len * 4);
    g_byte_array_append(file, (const guint8 *)ending_arcs->data, ending_arcs->len * 4);
    header.bytes = GUINT32_TO_LE(file->len);
    size_t arcs = file->len - sizeof header;
    header.checksum = GUINT64_TO_LE(
        lexicon_checksum((const uint32_t *)(file->data + sizeof header), arcs / sizeof(uint32_t)));
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(sum, file->data + sizeof header, (gssize)arcs);
    gsize size = sizeof header.digest;
    g_checksum_get_digest(sum, header.digest, &size);
    g_checksum_free(sum);
    memcpy(file->data, &header, sizeof header);
    GError *error = NULL;
    if (!g_file_set_contents(argv[4], (const char *)file->data, file->len, &error))
        fatal("%s", error->message);
    printf("%s: %u lemmas, %u forms, %u folded words in %u classes, %u endings, %u bytes\n",
           argv[4], lemmas->len, forms->len, nodes->len, class_name->len, guesses->len, file->len);
    return 0;
}
