#include "analysis/segment.h"

#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>
#include <unicode/utf8.h>

struct lj_segmenter {
    UBreakIterator *words; /* opened when first needed: loading its rules takes milliseconds */
};

struct lj_segmenter *
lj_segmenter_new(void)
{
    return g_new0(struct lj_segmenter, 1);
}

void
lj_segmenter_free(struct lj_segmenter *segmenter)
{
    if (!segmenter)
        return;
    if (segmenter->words)
        ubrk_close(segmenter->words);
    g_free(segmenter);
}

void
lj_segments_grow(struct lj_segments *segments)
{
    segments->allocated = segments->allocated ? segments->allocated * 2 : 256;
    segments->segment = g_renew(struct lj_segment, segments->segment, segments->allocated);
}

void
lj_segments_clear(struct lj_segments *segments)
{
    g_free(segments->segment);
    *segments = (struct lj_segments){0};
}

static bool
attaches(int32_t break_class)
{
    return break_class == U_WB_EXTEND || break_class == U_WB_FORMAT || break_class == U_WB_ZWJ;
}

/* A mark that holds a word together from within; at its edge only beside an @. */
static bool
mid(int32_t break_class)
{
    return break_class == U_WB_MIDLETTER || break_class == U_WB_MIDNUMLET ||
           break_class == U_WB_SINGLE_QUOTE || break_class == U_WB_MIDNUM;
}

/* A mark within an ICU word that we break at, given the next character and its class. */
static bool
parts(UChar32 c, int32_t break_class, UChar32 next_c, int32_t next)
{
    /* Some versions of ICU take @ for a letter. */
    if (break_class == U_WB_EXTENDNUMLET || c == '@')
        return true;
    if (next_c == '@' && mid(break_class))
        return true;
    if (break_class == U_WB_MIDNUMLET && next != U_WB_NUMERIC)
        return c == '.' || c == 0x2024 || c == 0xfe52 || c == 0xff0e;
    if (break_class == U_WB_MIDNUM)
        return c != ',' && c != 0x66c;
    return false;
}

/* Does a character make what holds it a word? ICU's status of a word cannot be asked: it is that of
 * the last rule, which "ley_" followed by a soft hyphen leaves by none. */
static bool
makes_word(UChar32 c, int32_t break_class)
{
    return break_class == U_WB_ALETTER || break_class == U_WB_HEBREW_LETTER ||
           break_class == U_WB_NUMERIC || break_class == U_WB_KATAKANA ||
           (U_GET_GC_MASK(c) & U_GC_L_MASK);
}

/* What stands between two of ICU's boundaries, cut where we differ. */
static void
cut(const char *text, int32_t start, int32_t end, size_t offset, struct lj_segments *segments)
{
    int32_t from = -1; /* of the piece at hand */
    bool number = true, word = false;
    for (int32_t i = start; i <= end;) {
        int32_t at = i;
        UChar32 c = 0, d = 0;
        int32_t class = U_WB_OTHER, next = U_WB_OTHER;
        if (i < end) {
            U8_NEXT(text, i, end, c);
            class = c < 0 ? U_WB_OTHER : u_getIntPropertyValue(c, UCHAR_WORD_BREAK);
            if (attaches(class))
                continue;
        }
        for (int32_t k = i; k < end;) {
            U8_NEXT(text, k, end, d);
            next = d < 0 ? U_WB_OTHER : u_getIntPropertyValue(d, UCHAR_WORD_BREAK);
            if (!attaches(next))
                break;
        }
        if (at == end || parts(c, class, d, next) || (from < 0 && mid(class))) {
            if (word)
                lj_segments_add(segments, offset + (size_t)from, offset + (size_t)at, number);
            if (at == end)
                break;
            from = -1;
            number = true;
            word = false;
            continue;
        }
        if (from < 0)
            from = at;
        word = word || (c >= 0 && makes_word(c, class));
        if (class != U_WB_NUMERIC && !mid(class))
            number = false;
    }
}

void
lj_segment_reference_part(struct lj_segmenter *segmenter, const char *text, size_t from, size_t to,
                          struct lj_segments *segments)
{
    UErrorCode status = U_ZERO_ERROR;
    if (!segmenter->words)
        segmenter->words = ubrk_open(UBRK_WORD, "", NULL, 0, &status);
    UText source = UTEXT_INITIALIZER;
    utext_openUTF8(&source, text + from, (int64_t)(to - from), &status);
    ubrk_setUText(segmenter->words, &source, &status);
    if (U_FAILURE(status))
        g_error("ICU cannot break words: %s", u_errorName(status));
    int32_t start = ubrk_first(segmenter->words), end;
    while ((end = ubrk_next(segmenter->words)) != UBRK_DONE) {
        cut(text + from, start, end, from, segments);
        start = end;
    }
    utext_close(&source);
}

void
lj_segment_reference(struct lj_segmenter *segmenter, const char *text, size_t length,
                     struct lj_segments *segments)
{
    segments->n = 0;
    lj_segment_reference_part(segmenter, text, 0, length, segments);
}
