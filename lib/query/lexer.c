/* Text → lexemes. What decides here is that pasted text must not become syntax by accident: a rule
 * that takes characters for syntax names the neighbours they must have. */
#include "query/parts.h"
#include "i18n.h"

#include <string.h>

gunichar
lex_next(const char *text, size_t length, size_t *at)
{
    gunichar c = g_utf8_get_char_validated(text + *at, (gssize)MIN(length - *at, 6));
    if (c == (gunichar)-1 || c == (gunichar)-2) {
        (*at)++;
        return 0;
    }
    *at += (size_t)g_unichar_to_utf8(c, NULL);
    return c;
}

gunichar
lex_peek(const char *text, size_t length, size_t at)
{
    return at < length ? lex_next(text, length, &at) : 0;
}

bool
lex_is_blank(gunichar c)
{
    return c == 0 || g_unichar_isspace(c) || g_unichar_iscntrl(c) ||
           g_unichar_type(c) == G_UNICODE_SPACE_SEPARATOR || c == 0x200B || c == 0xFEFF;
}

bool
lex_is_word(gunichar c)
{
    return g_unichar_isalnum(c) || g_unichar_ismark(c);
}

gunichar
lex_closing_quote(gunichar c)
{
    switch (c) {
    case '"':
        return '"';
    case 0xAB: /* « */
        return 0xBB;
    case 0x201C: /* “ */
    case 0x201D: /* ” as both, in some hands */
    case 0x201E: /* „ */
    case 0x201F:
        return 0x201D;
    default:
        return 0;
    }
}

/* Where the quote that begins at `at` is closed: its first byte, or length. “German“ style closes
 * with the mark that others open with. *end: past the closing mark. */
static size_t
quote_end(const char *text, size_t length, size_t at, size_t *end)
{
    gunichar closing = lex_closing_quote(lex_next(text, length, &at));
    while (at < length) {
        size_t here = at;
        gunichar c = lex_next(text, length, &at);
        if (c == closing || (closing == 0x201D && c == 0x201C)) {
            *end = at;
            return here;
        }
    }
    *end = length;
    return length;
}

static bool
ends_chunk(gunichar c)
{
    return lex_is_blank(c) || c == '(' || c == ')' || c == 0xBB || lex_closing_quote(c) != 0;
}

/* "tráfico de armas"~3 is how other systems ask for words near each other; here it would be the phrase and the
 * word 3. start: of the phrase, at: behind it. False after parse_fail. */
static bool
no_distance(struct parse *parse, const char *text, size_t length, size_t start, size_t at)
{
    size_t digits = at + 1, end = digits;
    if (at >= length || text[at] != '~')
        return true;
    while (end < length && g_ascii_isdigit(text[end]))
        end++;
    size_t after = end;
    while (after < length && strchr(",.;:!?", text[after]))
        after++;
    if (end == digits || (after < length && !ends_chunk(lex_peek(text, length, after))))
        return true;
    return parse_fail(parse, start, end,
                      _("~ says nothing behind quotes; words near each other are written tráfico "
                        "CERCA/5 armas, a near spelling without quotes"));
}

/* "diputado(a)s", "autor(es)": a parenthesis inside a word is how Spanish writes both genders or
 * numbers. Length of "(…)" at `at`, or 0. */
static size_t
inline_parenthesis(const char *text, size_t length, size_t at)
{
    size_t begin = at++;
    for (int letters = 0; at < length && letters <= 3; letters++) {
        gunichar c = lex_next(text, length, &at);
        if (c == ')')
            return letters > 0 ? at - begin : 0;
        if (!g_unichar_isalpha(c))
            return 0;
    }
    return 0;
}

/* End of the chunk at `at`: up to a blank, a parenthesis, a quote. */
static size_t
chunk_end(const char *text, size_t length, size_t at)
{
    bool after_letter = false;
    while (at < length) {
        size_t here = at;
        gunichar c = lex_next(text, length, &at);
        if (c == '(' && after_letter) {
            size_t inside = inline_parenthesis(text, length, here);
            if (inside > 0) {
                at = here + inside;
                continue;
            }
        }
        if (ends_chunk(c))
            return here;
        after_letter = g_unichar_isalpha(c);
    }
    return length;
}

static bool
chunk_is(const char *text, size_t start, size_t end, const char *word)
{
    return end - start == strlen(word) && memcmp(text + start, word, end - start) == 0;
}

/* AND, OR, NOT and near operators, in capitals. NEAR with a number out of bounds fails. */
static bool
operator_chunk(struct parse *parse, const char *text, size_t start, size_t end,
               struct lexeme *lexeme, bool *found)
{
    static const struct {
        const char *word;
        enum lex_kind kind;
    } words[] = {
        {"Y", LEX_AND}, {"AND", LEX_AND}, {"O", LEX_OR},
        {"OR", LEX_OR}, {"NO", LEX_NOT},  {"NOT", LEX_NOT},
    };
    static const struct {
        const char *word;
        bool ordered;
    } near[] = {{"CERCA/", false}, {"NEAR/", false}, {"ADY/", true}, {"ADJ/", true}};
    *found = false;
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (chunk_is(text, start, end, words[i].word)) {
            lexeme->kind = words[i].kind;
            *found = true;
            return true;
        }
    for (size_t i = 0; i < G_N_ELEMENTS(near); i++) {
        size_t n = strlen(near[i].word);
        if (end - start <= n || memcmp(text + start, near[i].word, n) != 0)
            continue;
        uint64_t distance = 0;
        size_t at = start + n;
        for (; at < end && g_ascii_isdigit(text[at]); at++)
            distance = MIN(distance * 10 + (uint64_t)(text[at] - '0'), 1000000);
        if (at < end)
            continue;
        if (parse && (distance < 1 || distance > LJ_QUERY_DISTANCE))
            return parse_fail(parse, start, end, _("the distance of %s must be between 1 and %d"),
                              near[i].word, LJ_QUERY_DISTANCE);
        lexeme->kind = LEX_NEAR;
        lexeme->distance = (uint32_t)distance;
        lexeme->ordered = near[i].ordered;
        *found = true;
    }
    return true;
}

/* Operators count unless the query is a title pasted in capitals: holds capital letters (those of
 * operators aside) and no lower-case one. */
static bool
all_capitals(const char *text, size_t length)
{
    bool capitals = false;
    for (size_t at = 0; at < length;) {
        size_t end = chunk_end(text, length, at);
        if (end == at) {
            lex_next(text, length, &at);
            continue;
        }
        struct lexeme lexeme;
        bool is_operator;
        operator_chunk(NULL, text, at, end, &lexeme, &is_operator);
        while (at < end) {
            gunichar c = lex_next(text, length, &at);
            if (g_unichar_islower(c))
                return false;
            capitals = capitals || (!is_operator && g_unichar_tolower(c) != c);
        }
    }
    return capitals;
}

/* http:, urn:, mailto: … and anything with "//" behind the colon is an address, not a field. */
static bool
is_scheme(const char *text, size_t start, size_t colon, size_t end)
{
    static const char *const schemes[] = {"http", "https", "ftp", "ftps", "mailto",
                                          "urn",  "doi",   "tel", "file"};
    for (size_t i = 0; i < G_N_ELEMENTS(schemes); i++)
        if (colon - start == strlen(schemes[i]) &&
            g_ascii_strncasecmp(text + start, schemes[i], colon - start) == 0)
            return true;
    return colon + 1 < end &&
           (text[colon + 1] == '/' || text[colon + 1] == '\\' || text[colon + 1] == ':');
}

/* The colon of "name:" at start, where a value follows it; 0: this is text. A name is letters and
 * digits (perhaps joined by - or _), first a letter. */
static size_t
field_colon(const char *text, size_t length, size_t start)
{
    size_t at = start;
    bool first = true;
    while (at < length) {
        size_t here = at;
        gunichar c = lex_next(text, length, &at);
        if (c == ':') {
            if (first || at >= length)
                return 0;
            gunichar next = lex_peek(text, length, at);
            if (lex_is_blank(next) || next == ')' || next == ',' || next == ';' || next == 0xBB)
                return 0;
            return here;
        }
        if (first ? !g_unichar_isalpha(c) : !(lex_is_word(c) || c == '-' || c == '_'))
            return 0;
        first = false;
    }
    return 0;
}

static void
value_clear(gpointer data)
{
    g_free(((struct lex_value *)data)->text);
}

/* Values after "field:": pieces quoted or bare, put together; commas part values. */
static bool
lex_values(struct parse *parse, const char *text, size_t length, size_t *at, GArray *values)
{
    while (*at < length) {
        struct lex_value value = {.start = *at};
        GString *joined = g_string_new(NULL);
        bool any_quoted = false, any_bare = false;
        if (text[*at] == '=') {
            value.exact = true;
            ++*at;
        }
        while (*at < length) {
            size_t here = *at;
            gunichar c = lex_next(text, length, at);
            if (lex_closing_quote(c) != 0) {
                size_t inner = *at, end, stop = quote_end(text, length, here, &end);
                if (stop == end) {
                    g_string_free(joined, TRUE);
                    return parse_fail(parse, here, length,
                                      _("this quote is not closed; close it, or leave it out"));
                }
                g_string_append_len(joined, text + inner, (gssize)(stop - inner));
                *at = end;
                any_quoted = true;
                if (!no_distance(parse, text, length, here, end)) {
                    g_string_free(joined, TRUE);
                    return false;
                }
                continue;
            }
            if (c == ',' || ends_chunk(c)) {
                *at = here;
                break;
            }
            g_string_append_len(joined, text + here, (gssize)(*at - here));
            any_bare = true;
        }
        value.end = *at;
        value.quoted = any_quoted && !any_bare;
        /* punctuation of the sentence around it */
        while (!any_quoted && joined->len > 0 && strchr(";:!", joined->str[joined->len - 1]))
            g_string_truncate(joined, joined->len - 1);
        if (joined->len > 0 || any_quoted) {
            value.text = g_string_free(joined, FALSE);
            g_array_append_val(values, value);
        } else {
            g_string_free(joined, TRUE);
        }
        if (*at >= length || text[*at] != ',')
            break;
        ++*at;
    }
    return true;
}

static bool
unknown_field(struct parse *parse, const char *text, size_t start, size_t colon)
{
    const struct lj_field *nearest = lj_field_nearest(text + start, (gssize)(colon - start));
    char *name = g_strndup(text + start, colon - start);
    if (nearest) {
        char *better = lj_schema_fold(nearest->spanish, -1);
        parse_fail(parse, start, colon + 1,
                   _("there is no field “%s”; did you mean %s:? (With a blank after the colon, "
                     "or in quotes, it is text.)"),
                   name, better);
        g_free(better);
    } else {
        parse_fail(parse, start, colon + 1,
                   _("there is no field “%s”; with a blank after the colon, or in quotes, it is "
                     "text"),
                   name);
    }
    g_free(name);
    return false;
}

static void
push(GArray *lexemes, enum lex_kind kind, size_t start, size_t end)
{
    struct lexeme lexeme = {.kind = kind, .start = start, .end = end};
    g_array_append_val(lexemes, lexeme);
}

/* Plain text: joins the run before it, so that the analyser sees "EE. UU." whole. */
static void
push_text(GArray *lexemes, size_t start, size_t end, bool exact)
{
    if (lexemes->len > 0 && !exact) {
        struct lexeme *last = &g_array_index(lexemes, struct lexeme, lexemes->len - 1);
        if (last->kind == LEX_TEXT && !last->exact) {
            last->end = end;
            return;
        }
    }
    push(lexemes, LEX_TEXT, start, end);
    g_array_index(lexemes, struct lexeme, lexemes->len - 1).exact = exact;
}

/* A sign counts at the beginning of a chunk, directly before what it is the sign of. -entre rayas-
 * is set off by dashes. */
static bool
is_sign(const char *text, size_t length, size_t at)
{
    gunichar next = lex_peek(text, length, at + 1);
    if (!(lex_is_word(next) || lex_closing_quote(next) || next == '(' ||
          (next && strchr("=*?#@.", (int)MIN(next, 127)) && next < 127) || next == 0xBF))
        return false;
    if (text[at] == '-') {
        size_t end = chunk_end(text, length, at + 1);
        while (end > at + 1 && strchr(",.;:", text[end - 1]))
            end--;
        if (end > at + 2 && text[end - 1] == '-')
            return false;
    }
    if (next == '.' || next == 0xBF) { /* -.5 and -¿ are no words; -.mx might be */
        size_t after = at + 1;
        lex_next(text, length, &after);
        return lex_is_word(lex_peek(text, length, after));
    }
    return true;
}

/* "a) …", "12) …": an item of a list, not a parenthesis. */
static bool
is_enumerator(const char *text, size_t start, size_t end)
{
    glong n = 0;
    for (size_t at = start; at < end; n++)
        if (!lex_is_word(lex_next(text, end, &at)))
            return false;
    return n > 0 && n <= 3;
}

/* exacta:palabra is =palabra for shells that take = for themselves. */
static bool
is_exact_name(const char *text, size_t start, size_t colon)
{
    char *name = lj_schema_fold(text + start, (gssize)(colon - start));
    bool exact =
        strcmp(name, "exacta") == 0 || strcmp(name, "exacto") == 0 || strcmp(name, "exact") == 0;
    g_free(name);
    return exact;
}

static bool
lex_field(struct parse *parse, const char *text, size_t length, size_t start, size_t colon,
          bool capitals, size_t *at, GArray *lexemes, bool *done)
{
    *done = false;
    size_t end = chunk_end(text, length, start);
    struct lexeme lexeme = {.kind = LEX_FIELD, .start = start};
    bool exact = is_exact_name(text, start, colon);
    char *name = g_strndup(text + start, colon - start);
    if (!exact) {
        lexeme.field = lj_field_find(name, -1);
        if (!lexeme.field && parse->context && parse->context->declared &&
            parse->context->declared(name, parse->context->data))
            lexeme.declared = lj_schema_fold(name, -1);
    }
    g_free(name);
    if (!lexeme.field && !lexeme.declared && !exact) {
        if (is_scheme(text, start, colon, end))
            return true;
        if (capitals) { /* RESOLUCION:APRUEBASE */
            parse_notice(parse, _("“%.*s” is read as text"), (int)(end - start), text + start);
            return true;
        }
        return unknown_field(parse, text, start, colon);
    }
    *done = true;
    *at = colon + 1;
    lexeme.values = g_array_new(FALSE, FALSE, sizeof(struct lex_value));
    g_array_set_clear_func(lexeme.values, value_clear);
    lexeme.exact = exact;
    if (text[*at] != '(') {
        bool fine = lex_values(parse, text, length, at, lexeme.values);
        if (fine && lexeme.values->len == 0)
            fine = parse_fail(parse, start, *at, _("a value is missing behind the colon"));
        if (!fine) {
            g_free(lexeme.declared);
            g_array_unref(lexeme.values);
            return false;
        }
    } else if (exact) {
        g_array_unref(lexeme.values);
        return parse_fail(parse, start, *at + 1, _("exacta: takes a word or a phrase"));
    }
    lexeme.end = *at;
    g_array_append_val(lexemes, lexeme);
    return true;
}

bool
lex(struct parse *parse, GArray *lexemes)
{
    const char *text = parse->query->text;
    size_t length = strlen(text);
    bool capitals = all_capitals(text, length), words_noticed = false;
    GArray *open = g_array_new(FALSE, FALSE, sizeof(size_t)); /* places of open parentheses */
    bool fine = true;
    bool fresh = true;    /* at the beginning of a chunk: a sign may stand here */
    bool signed_ = false; /* behind a sign */
    for (size_t at = 0; fine && at < length;) {
        size_t here = at;
        gunichar c = lex_next(text, length, &at);
        if (lex_is_blank(c)) {
            fresh = true;
            signed_ = false;
            continue;
        }
        if (c == '(') {
            push(lexemes, LEX_OPEN, here, at);
            g_array_append_val(open, here);
            if (open->len > LEX_NESTING)
                fine = parse_fail(parse, here, at, _("more than %d parentheses within each other"),
                                  LEX_NESTING);
            fresh = true;
            signed_ = false;
            continue;
        }
        if (c == ')') {
            if (open->len == 0) {
                fine = parse_fail(parse, here, at,
                                  _("this parenthesis was never opened; leave it out"));
                break;
            }
            g_array_set_size(open, open->len - 1);
            push(lexemes, LEX_CLOSE, here, at);
            fresh = signed_ = false;
            continue;
        }
        if (c == 0xBB) {
            fine = parse_fail(parse, here, at, _("this quote was never opened; leave it out"));
            break;
        }
        bool exact = false;
        if (c == '=' && (fresh || signed_)) {
            gunichar next = lex_peek(text, length, at);
            if (next == '#' || next == '@') /* =#ley, =@gobmx */
                next = lex_peek(text, length, at + 1);
            if (lex_closing_quote(next) || lex_is_word(next)) {
                exact = true;
                here = at;
                c = lex_next(text, length, &at);
            }
        }
        if (lex_closing_quote(c) != 0) {
            size_t end, stop = quote_end(text, length, here, &end);
            if (stop == end) {
                fine = parse_fail(parse, here, length,
                                  _("this quote is not closed; close it, or leave it out"));
                break;
            }
            fine = no_distance(parse, text, length, exact ? here - 1 : here, end);
            push(lexemes, LEX_PHRASE, exact ? here - 1 : here, end);
            struct lexeme *last = &g_array_index(lexemes, struct lexeme, lexemes->len - 1);
            last->inner_start = at;
            last->inner_end = stop;
            last->exact = exact;
            at = end;
            fresh = signed_ = false;
            continue;
        }
        if (!exact && fresh && (c == '+' || c == '-') && is_sign(text, length, here)) {
            push(lexemes, c == '+' ? LEX_PLUS : LEX_MINUS, here, at);
            fresh = false;
            signed_ = true;
            continue;
        }
        size_t end = chunk_end(text, length, here);
        struct lexeme lexeme = {.start = here, .end = end};
        bool found = false;
        if (!exact && fresh && (end == length || !lex_closing_quote(lex_peek(text, length, end)))) {
            fine = operator_chunk(capitals ? NULL : parse, text, here, end, &lexeme, &found);
            if (!fine)
                break;
            if (found && capitals) {
                found = false;
                if (!words_noticed)
                    parse_notice(
                        parse, _("the query is in capitals: Y, O, NO and CERCA/ are words in it"));
                words_noticed = true;
            }
        }
        if (found) {
            g_array_append_val(lexemes, lexeme);
        } else if (!exact && (fresh || signed_) && end - here == 1 && c == '*') {
            push(lexemes, LEX_ALL, here, end);
        } else {
            size_t colon = !exact && (fresh || signed_) ? field_colon(text, length, here) : 0;
            bool done = false;
            if (colon > 0) {
                fine = lex_field(parse, text, length, here, colon, capitals, &end, lexemes, &done);
                if (!fine)
                    break;
            }
            if (!done) {
                if (open->len == 0 && end < length && text[end] == ')' &&
                    is_enumerator(text, here, end)) {
                    push_text(lexemes, here, end, exact);
                    end++;
                } else {
                    push_text(lexemes, here, end, exact);
                }
            }
        }
        at = end;
        fresh = signed_ = false;
    }
    if (fine && open->len > 0) {
        size_t place = g_array_index(open, size_t, open->len - 1);
        fine = parse_fail(parse, place, place + 1,
                          _("this parenthesis is not closed; close it, or leave it out"));
    }
    g_array_unref(open);
    push(lexemes, LEX_END, length, length);
    return fine;
}

void
lexemes_free(GArray *lexemes)
{
    for (guint i = 0; i < lexemes->len; i++) {
        struct lexeme *lexeme = &g_array_index(lexemes, struct lexeme, i);
        g_free(lexeme->declared);
        if (lexeme->values)
            g_array_unref(lexeme->values);
        node_free(lexeme->node);
    }
    g_array_unref(lexemes);
}
