/* A run of text → words, phrases, patterns, near spellings. The analyser decides what a word is;
 * this file finds what it must not see (patterns, near spellings) and puts tokens that one chunk
 * gave together into phrases. */
#include "query/parts.h"
#include "i18n.h"

#include <string.h>

/* What stands at one place of the text. */
struct atom {
    struct lj_node *node;
    uint32_t position;
};

struct reading {
    struct parse *parse;
    const char *text;
    size_t length, offset, limit;
    bool verbatim, exact;
    enum words_mode mode;
    const struct scope *scope;
    GArray *atoms;     /* struct atom */
    uint32_t position; /* of what comes next */
};

static size_t
place(const struct reading *reading, size_t at, bool end)
{
    if (reading->verbatim)
        return reading->offset + at;
    return end ? reading->limit : reading->offset;
}

/* True while the query may have more words. */
static bool
take_word(struct parse *parse)
{
    if (parse->words < LJ_QUERY_WORDS) {
        parse->words++;
        return true;
    }
    parse_notice(parse, _("only the first %d words of the query are searched"), LJ_QUERY_WORDS);
    return false;
}

static struct lj_node *
add_atom(struct reading *reading, enum lj_node_kind kind, size_t start, size_t end,
         uint32_t position)
{
    struct lj_node *node = node_new(kind, place(reading, start, false), place(reading, end, true));
    node_set_scope(node, reading->scope);
    struct atom atom = {node, position};
    g_array_append_val(reading->atoms, atom);
    return node;
}

/* "3A" is a word and "3a" an ordinal: does the form, read alone, give the same word? */
static bool
form_reads_back(struct parse *parse, const struct lj_node *node)
{
    struct lj_tokens *tokens = parse->check;
    lj_analyse(parse->analyser, node->word.form, strlen(node->word.form), LJ_ANALYSE_QUERY, tokens);
    const struct lj_word *found = NULL;
    for (size_t i = 0; i < tokens->n; i++) {
        if (tokens->token[i].part)
            continue;
        if (found)
            return false;
        found = tokens->token[i].word;
    }
    return found && strcmp(found->form, node->word.form) == 0 &&
           strcmp(found->folded, node->word.folded) == 0 &&
           strcmp(found->stem, node->word.stem) == 0 && found->stop == node->word.stop;
}

/* Positions that a token covers: those of its parts, where it has any. */
static uint32_t
token_width(const struct lj_tokens *tokens, size_t n)
{
    const struct lj_token *whole = &tokens->token[n];
    uint32_t last = whole->position;
    for (size_t i = n; i-- > 0 && tokens->token[i].end > whole->start;)
        if (tokens->token[i].part && tokens->token[i].start >= whole->start &&
            tokens->token[i].end <= whole->end)
            last = MAX(last, tokens->token[i].position);
    for (size_t i = n + 1; i < tokens->n && tokens->token[i].start < whole->end; i++)
        if (tokens->token[i].part && tokens->token[i].end <= whole->end)
            last = MAX(last, tokens->token[i].position);
    return last - whole->position + 1;
}

static void
analyse(struct reading *reading, size_t start, size_t end)
{
    struct parse *parse = reading->parse;
    struct lj_tokens *tokens = parse->tokens;
    if (start >= end)
        return;
    lj_analyse(parse->analyser, reading->text + start, end - start, LJ_ANALYSE_QUERY, tokens);
    bool all_parts = true;
    for (size_t i = 0; i < tokens->n; i++)
        all_parts = all_parts && tokens->token[i].part;
    for (size_t i = 0; i < tokens->n; i++) {
        const struct lj_token *token = &tokens->token[i];
        if (token->part && !all_parts) /* the unit stands for them */
            continue;
        if (!take_word(parse))
            break;
        struct lj_node *node = add_atom(reading, LJ_NODE_WORD, start + token->start,
                                        start + token->end, reading->position + token->position);
        node->text = g_strndup(reading->text + start + token->start, token->end - token->start);
        node->word.form = g_strdup(token->word->form);
        node->word.folded = g_strdup(token->word->folded);
        node->word.stem = g_strdup(token->word->stem);
        node->word.stop = token->word->stop;
        node->word.exact = token->word->exact;
        node->verbatim = !form_reads_back(parse, node);
        node->exact = reading->exact;
        node->width = all_parts ? 1 : token_width(tokens, i);
    }
    for (size_t i = 0; i < tokens->n_mentions; i++) {
        const struct lj_mention *found = &tokens->mention[i];
        struct lj_query_mention *mention = g_new0(struct lj_query_mention, 1);
        mention->kind = found->kind;
        mention->term = g_strdup(found->term);
        mention->start = place(reading, start + found->start, false);
        mention->end = place(reading, start + found->end, true);
        g_ptr_array_add(parse->query->mentions, mention);
    }
    reading->position += tokens->positions;
}

/* An address keeps its ? and * : http://x.mx/?q=a*b, www.x.mx, a@b.mx */
static bool
is_address(const char *text, size_t start, size_t end)
{
    return memmem(text + start, end - start, "://", 3) || memchr(text + start, '@', end - start) ||
           (end - start > 4 && g_ascii_strncasecmp(text + start, "www.", 4) == 0);
}

/* Is the * or ? at `at` part of a pattern? The star stands beside a letter, digit or good ?; a
 * question mark (or several) directly before a letter or digit. */
static bool
is_wild(const char *text, size_t length, size_t at, gunichar before)
{
    size_t after = at;
    gunichar c = lex_next(text, length, &after);
    gunichar next = lex_peek(text, length, after);
    if (c == '*') {
        while (next == '*' && after < length) {
            lex_next(text, length, &after);
            next = lex_peek(text, length, after);
        }
        return lex_is_word(before) || before == '*' || lex_is_word(next) ||
               (next == '?' && is_wild(text, length, after, c));
    }
    while (next == '?') {
        lex_next(text, length, &after);
        next = lex_peek(text, length, after);
    }
    return g_unichar_isalnum(next);
}

/* Length of trafik~1 at `at`, where a chunk begins; 0: none. edits gets the digits' value. */
static size_t
near_spelling(const char *text, size_t length, size_t at, size_t *word_end, uint64_t *edits)
{
    size_t start = at;
    int letters = 0;
    while (at < length) {
        size_t here = at;
        gunichar c = lex_next(text, length, &at);
        if (lex_is_word(c)) {
            letters += g_unichar_isalnum(c);
            continue;
        }
        if (c != '~' || letters < 2)
            return 0;
        *word_end = here;
        *edits = 0;
        size_t digits = at;
        for (; at < length && g_ascii_isdigit(text[at]); at++)
            *edits = MIN(*edits * 10 + (uint64_t)(text[at] - '0'), 1000);
        size_t end = at;
        while (at < length && strchr(",.;:!?", text[at]))
            at++;
        if (end == digits || (at < length && !lex_is_blank(lex_peek(text, length, at))))
            return 0;
        return end - start;
    }
    return 0;
}

/* Length of the pattern at `at`; 0: none there. */
static size_t
pattern(const char *text, size_t length, size_t at, gunichar before)
{
    size_t start = at;
    bool wild = false;
    while (at < length) {
        size_t here = at;
        gunichar c = lex_next(text, length, &at);
        if (c == '*' || c == '?') {
            if (!is_wild(text, length, here, before))
                return wild ? here - start : 0;
            wild = true;
        } else if (!lex_is_word(c)) {
            return wild ? here - start : 0;
        }
        before = c;
    }
    return wild ? at - start : 0;
}

/* Folds a pattern or word. What folding makes of odd characters (¾ is 3⁄4, some are nothing) and is
 * no letter or digit is dropped, as is a ? that then stands before none; ** is *. NULL when fewer
 * than two letters or digits are left, or of a pattern no wildcard. */
static char *
fold_pattern(const char *text, size_t length, bool wild)
{
    GString *folded = g_string_new(NULL), *out = g_string_new(NULL);
    lj_fold(text, (gssize)length, folded);
    int letters = 0;
    size_t marks = 0; /* question marks that wait for a letter */
    for (size_t at = 0; at < folded->len;) {
        gunichar c = lex_next(folded->str, folded->len, &at);
        bool letter = g_unichar_isalnum(c);
        char last = out->len > 0 ? out->str[out->len - 1] : '*';
        if (c == '?') {
            marks++;
            continue;
        }
        if (letter)
            for (; marks > 0; marks--)
                g_string_append_c(out, '?');
        marks = 0;
        if (letter || (c == '*' && (last != '*' || out->len == 0)) ||
            (g_unichar_ismark(c) && last != '*' && last != '?'))
            g_string_append_unichar(out, c);
        letters += letter;
    }
    g_string_free(folded, TRUE);
    return g_string_free(out, letters < 2 || (wild && !strpbrk(out->str, "*?")));
}

/* Finds patterns and near spellings; what lies between goes to the analyser. */
static bool
read_runs(struct reading *reading)
{
    struct parse *parse = reading->parse;
    const char *text = reading->text;
    size_t length = reading->length, plain = 0;
    gunichar before = 0;
    bool syntax = reading->mode != WORDS_PLAIN, patterns = syntax && !reading->exact;
    for (size_t at = 0; syntax && at < length;) {
        if (lex_is_blank(before)) { /* a chunk begins */
            size_t end = at;
            while (end < length && !lex_is_blank(lex_peek(text, length, end)))
                lex_next(text, length, &end);
            if (end > at && is_address(text, at, end)) {
                at = end;
                before = 'a';
                continue;
            }
            size_t word_end;
            uint64_t edits;
            size_t found = reading->mode == WORDS_RUN && patterns
                               ? near_spelling(text, length, at, &word_end, &edits)
                               : 0;
            char *folded = found > 0 ? fold_pattern(text + at, word_end - at, false) : NULL;
            if (folded) {
                if (edits < 1 || edits > 2) {
                    g_free(folded);
                    return parse_fail(parse, place(reading, at, false),
                                      place(reading, at + found, true),
                                      _("a near spelling is ~1 or ~2"));
                }
                analyse(reading, plain, at);
                if (take_word(parse)) {
                    struct lj_node *node =
                        add_atom(reading, LJ_NODE_FUZZY, at, at + found, reading->position);
                    node->text = g_steal_pointer(&folded);
                    node->distance = (uint32_t)edits;
                }
                g_free(folded);
                reading->position++;
                at += found;
                plain = at;
                before = 'a';
                continue;
            }
            if (reading->mode == WORDS_QUOTED && end == at + 1 && text[at] == '*') {
                analyse(reading, plain, at); /* any word */
                reading->position++;
                plain = at = end;
                before = 'a';
                continue;
            }
        }
        size_t found = lex_is_word(before) || !patterns ? 0 : pattern(text, length, at, before);
        char *folded = found > 0 ? fold_pattern(text + at, found, true) : NULL;
        if (found > 0 && !folded && reading->mode == WORDS_RUN)
            return parse_fail(parse, place(reading, at, false), place(reading, at + found, true),
                              _("a pattern needs two letters or digits at least"));
        if (folded) {
            analyse(reading, plain, at);
            if (take_word(parse)) {
                struct lj_node *node =
                    add_atom(reading, LJ_NODE_PATTERN, at, at + found, reading->position);
                node->text = g_steal_pointer(&folded);
                node->width = 1;
            }
            g_free(folded);
            reading->position++;
            at += found;
            plain = at;
            before = 'a';
            continue;
        }
        before = lex_next(text, length, &at);
    }
    analyse(reading, plain, length);
    return true;
}

/* Text between two words of one chunk that makes them separate words all the same: "armas,drogas".
 */
static bool
parts_words(const char *text, size_t start, size_t end)
{
    while (start < end) {
        gunichar c = lex_next(text, end, &start);
        if (lex_is_blank(c) || c == ',' || c == ';' || c == '|' || c == '?' || c == '!' ||
            c == 0xBF || c == 0xA1 || c == 0x2026 || c == 0x2014 || c == 0x2013 ||
            g_unichar_type(c) == G_UNICODE_OPEN_PUNCTUATION ||
            g_unichar_type(c) == G_UNICODE_CLOSE_PUNCTUATION)
            return true;
    }
    return false;
}

/* A phrase of atoms from..to-1. */
static struct lj_node *
phrase(const struct reading *reading, guint from, guint to, bool exact)
{
    struct atom *atoms = &g_array_index(reading->atoms, struct atom, 0);
    struct lj_node *node =
        node_new(LJ_NODE_PHRASE, atoms[from].node->start, atoms[to - 1].node->end);
    node_set_scope(node, reading->scope);
    node->exact = exact;
    for (guint i = from; i < to; i++) {
        atoms[i].node->gap = i == from ? 1 : atoms[i].position - atoms[i - 1].position;
        node_add(node, atoms[i].node);
    }
    return node;
}

/* ex-presidente: words of letters with a hyphen between them and nothing else. */
static bool
has_hyphens(const struct reading *reading, guint from, guint to)
{
    const struct atom *atoms = &g_array_index(reading->atoms, struct atom, 0);
    for (guint i = from; i < to; i++) {
        const struct lj_node *node = atoms[i].node;
        if (node->kind != LJ_NODE_WORD || node->verbatim ||
            strpbrk(node->word.folded, "0123456789"))
            return false;
        size_t before = i > from ? atoms[i - 1].node->end : node->start;
        if (i > from &&
            (node->start != before + 1 || atoms[i].position != atoms[i - 1].position + 1 ||
             reading->text[before - reading->offset] != '-'))
            return false;
    }
    return true;
}

static void
group_run(struct reading *reading, GPtrArray *out)
{
    GArray *atoms = reading->atoms;
    for (guint from = 0; from < atoms->len;) {
        struct lj_node *first = g_array_index(atoms, struct atom, from).node;
        bool all_stop = first->kind == LJ_NODE_WORD && first->word.stop;
        guint to = from + 1;
        for (; to < atoms->len; to++) {
            struct lj_node *last = g_array_index(atoms, struct atom, to - 1).node;
            struct lj_node *next = g_array_index(atoms, struct atom, to).node;
            if (last->kind == LJ_NODE_FUZZY || next->kind == LJ_NODE_FUZZY ||
                (reading->verbatim && parts_words(reading->text, last->end - reading->offset,
                                                  next->start - reading->offset)))
                break;
            all_stop = all_stop && next->kind == LJ_NODE_WORD && next->word.stop;
        }
        if (to - from == 1 || all_stop) { /* y/o is no phrase that must be there */
            for (guint i = from; i < to; i++) {
                struct lj_node *node = g_array_index(atoms, struct atom, i).node;
                node->width = 0;
                g_ptr_array_add(out, node);
            }
        } else {
            struct lj_node *made = phrase(reading, from, to, reading->exact);
            made->hyphens = node_is_text(made) && !made->exact && has_hyphens(reading, from, to);
            g_ptr_array_add(out, made);
        }
        from = to;
    }
}

bool
words_append(struct parse *parse, const char *text, size_t length, size_t offset, size_t limit,
             bool verbatim, enum words_mode mode, bool exact, const struct scope *scope,
             GPtrArray *out)
{
    struct reading reading = {parse, text, length, offset, limit, verbatim,
                              exact, mode, scope,  NULL,   0};
    reading.atoms = g_array_new(FALSE, FALSE, sizeof(struct atom));
    bool fine = read_runs(&reading);
    if (!fine) {
        for (guint i = 0; i < reading.atoms->len; i++)
            node_free(g_array_index(reading.atoms, struct atom, i).node);
    } else if (mode == WORDS_QUOTED) {
        if (reading.atoms->len > 0)
            g_ptr_array_add(out, phrase(&reading, 0, reading.atoms->len, exact));
    } else if (mode == WORDS_RUN) {
        group_run(&reading, out);
    } else {
        for (guint i = 0; i < reading.atoms->len; i++) {
            struct lj_node *node = g_array_index(reading.atoms, struct atom, i).node;
            node->width = 0;
            g_ptr_array_add(out, node);
        }
    }
    g_array_unref(reading.atoms);
    return fine;
}
