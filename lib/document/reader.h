/* A place in a text, for readers that go forward and, where they were wrong, come back (by copying
 * the struct: it is three words). Used by dates and citations.
 */
#ifndef LEGAJO_DOCUMENT_READER_H
#define LEGAJO_DOCUMENT_READER_H

#include "document/numeral.h"
#include <stdint.h>
#include <string.h>

struct lj_reader {
    const char *text;
    size_t length;
    size_t at;
};

/* The byte so far ahead, 0 beyond the end. */
static inline unsigned char
lj_reader_byte(const struct lj_reader *r, size_t ahead)
{
    return r->at + ahead < r->length ? (unsigned char)r->text[r->at + ahead] : 0;
}

static inline bool
lj_is_digit(unsigned char c)
{
    return (unsigned char)(c - '0') < 10;
}

static inline bool
lj_is_upper(unsigned char c)
{
    return (unsigned char)(c - 'A') < 26;
}

static inline bool
lj_is_lower(unsigned char c)
{
    return (unsigned char)(c - 'a') < 26;
}

static inline bool
lj_reader_digit(const struct lj_reader *r, size_t ahead)
{
    return lj_is_digit(lj_reader_byte(r, ahead));
}

/* Does a letter or digit stand here? */
static inline bool
lj_reader_alnum(const struct lj_reader *r)
{
    return lj_spelled_alnum_at(r->text, r->length, r->at);
}

static inline bool
lj_reader_blanks(struct lj_reader *r)
{
    size_t used = lj_spelled_blanks(r->text, r->length, r->at);
    r->at += used;
    return used > 0;
}

/* The word that begins here, not yet taken: its bytes, 0 for none. */
static inline size_t
lj_reader_word(const struct lj_reader *r, char word[LJ_SPELLED])
{
    return lj_spelled_word(r->text, r->length, r->at, word);
}

/* The same by search, for long lists. */
bool lj_word_among_many(const char *word, const char *list);

/* Is the folded word one of a blank-separated list? */
static inline bool
lj_word_among(const char *word, const char *list)
{
    if (strlen(list) > 40)
        return lj_word_among_many(word, list);
    char first = word[0];
    if (first == 0)
        return false;
    for (const char *p = list; *p;) {
        if (*p == first) {
            size_t n = 1;
            while (word[n] && p[n] == word[n])
                n++;
            if (word[n] == 0 && (p[n] == ' ' || p[n] == 0))
                return true;
        }
        while (*p && *p != ' ')
            p++;
        p += *p == ' ';
    }
    return false;
}

/* Does a word of the list begin with this letter? */
static inline bool
lj_letter_among(char letter, const char *list)
{
    for (const char *p = list; (p = strchr(p, letter)); p++)
        if (p == list || p[-1] == ' ')
            return true;
    return false;
}

/* Takes one of the words of the list with the blanks behind it. */
static inline bool
lj_reader_take(struct lj_reader *r, const char *list)
{
    unsigned char c = lj_reader_byte(r, 0);
    if (c < 0x80 && !lj_letter_among((char)(c | 0x20), list)) /* mostly: nothing else to read */
        return false;
    char word[LJ_SPELLED];
    size_t used = lj_reader_word(r, word);
    if (used == 0 || !lj_word_among(word, list))
        return false;
    r->at += used;
    lj_reader_blanks(r);
    return true;
}

/* Takes a byte with the blanks behind it. */
static inline bool
lj_reader_take_byte(struct lj_reader *r, char c)
{
    if (lj_reader_byte(r, 0) != (unsigned char)c || c == 0)
        return false;
    r->at++;
    lj_reader_blanks(r);
    return true;
}

/* Passes a quotation mark: inciso "a", «a», “a”. */
static inline void
lj_reader_quote(struct lj_reader *r)
{
    unsigned char c = lj_reader_byte(r, 0);
    if (c == '"' || c == '\'')
        r->at++;
    else if (c == 0xC2 && (lj_reader_byte(r, 1) == 0xAB || lj_reader_byte(r, 1) == 0xBB))
        r->at += 2;
    else if (c == 0xE2 && lj_reader_byte(r, 1) == 0x80 && lj_reader_byte(r, 2) >= 0x98 &&
             lj_reader_byte(r, 2) <= 0x9D)
        r->at += 3;
}

/* Passes the end of a link of Markdown: "](https://…)" of "[Ley 1437](https://…) de 2011". */
static inline void
lj_reader_link(struct lj_reader *r)
{
    if (lj_reader_byte(r, 0) != ']' || lj_reader_byte(r, 1) != '(')
        return;
    size_t n = 2;
    while (n < 400 && lj_reader_byte(r, n) > ' ' && lj_reader_byte(r, n) != ')')
        n++;
    if (lj_reader_byte(r, n) == ')')
        r->at += n + 1;
}

/* The number in up to most digits; false when there is none or more digits follow. */
static inline bool
lj_reader_number(struct lj_reader *r, size_t most, unsigned *value, size_t *digits)
{
    size_t n = 0;
    unsigned number = 0;
    while (n <= most && lj_reader_digit(r, n))
        number = number * 10 + (unsigned)(lj_reader_byte(r, n++) - '0');
    if (n == 0 || n > most)
        return false;
    r->at += n;
    *value = number;
    if (digits)
        *digits = n;
    return true;
}

#endif
