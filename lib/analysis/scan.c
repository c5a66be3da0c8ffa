#include "document/block.h"
#include "analysis/segment.h"
#include <string.h>

#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

/* The fast way to segments: Unicode's rules over a table of the letters that Spanish archives are
 * written with (ASCII, Latin, Greek, Cyrillic, general punctuation). A stretch between two blanks
 * that holds anything rarer goes to ICU whole: a blank ends every word, so it is right to cut
 * there.
 *
 *     El Señor ΧΥ  שלום  dijo          the table reads El, Señor, ΧΥ and dijo; ICU reads שלום
 */

enum sort {
    OTHER,
    LETTER,
    DIGIT,
    MID_LETTER, /* holds letters together: l·l */
    MID_DIGIT,  /* digits: 1.5 */
    MID_BOTH,   /* either: O’Higgins 1’000 */
    ATTACH,     /* belongs to what is before it: combining marks, soft hyphen */
    RARE,       /* ask ICU */
};

/* clang-format off */
#define LATIN_END 0x530
static const uint8_t latin[LATIN_END] = {
    [0x27] = MID_BOTH, [0x2c] = MID_DIGIT, [0x2e] = MID_DIGIT, [0x30 ... 0x39] = DIGIT,
    [0x41 ... 0x5a] = LETTER, [0x61 ... 0x7a] = LETTER, [0xaa] = LETTER, [0xad] = ATTACH,
    [0xb5] = LETTER, [0xb7] = MID_LETTER, [0xba] = LETTER, [0xc0 ... 0xd6] = LETTER,
    [0xd8 ... 0xf6] = LETTER, [0xf8 ... 0x2d7] = LETTER, [0x2de ... 0x2ff] = LETTER,
    [0x300 ... 0x36f] = ATTACH, [0x370 ... 0x374] = LETTER, [0x376 ... 0x377] = LETTER,
    [0x37a ... 0x37d] = LETTER, [0x37f] = LETTER, [0x386] = LETTER, [0x387] = MID_LETTER,
    [0x388 ... 0x38a] = LETTER, [0x38c] = LETTER, [0x38e ... 0x3a1] = LETTER,
    [0x3a3 ... 0x3f5] = LETTER, [0x3f7 ... 0x481] = LETTER, [0x483 ... 0x489] = ATTACH,
    [0x48a ... 0x52f] = LETTER,
};

#define PUNCTUATION 0x2000
static const uint8_t punctuation[0x70] = {
    [0x0c] = ATTACH, [0x0d] = RARE, [0x0e ... 0x0f] = ATTACH, [0x18 ... 0x19] = MID_BOTH,
    [0x24] = MID_DIGIT, [0x27] = MID_LETTER, [0x2a ... 0x2e] = ATTACH, [0x60 ... 0x64] = ATTACH,
    [0x66 ... 0x6f] = ATTACH,
};
/* clang-format on */

static enum sort
sort_of(UChar32 c)
{
    if (c < 0)
        return OTHER; /* invalid bytes */
    if (c < LATIN_END)
        return latin[c];
    if (c >= PUNCTUATION && c < PUNCTUATION + (UChar32)sizeof punctuation)
        return punctuation[c - PUNCTUATION];
    if (c >= 0x1e00 && c < 0x1f00)
        return LETTER; /* Latin with two marks */
    /* Symbols, signs, blanks of no script: in no word and in no dictionary of ICU's. */
    UErrorCode status = U_ZERO_ERROR;
    if (u_getIntPropertyValue(c, UCHAR_WORD_BREAK) == U_WB_OTHER &&
        (U_GET_GC_MASK(c) & (U_GC_P_MASK | U_GC_S_MASK | U_GC_Z_MASK)) &&
        uscript_getScript(c, &status) == USCRIPT_COMMON)
        return OTHER;
    return RARE;
}

/* What a byte says before anything is decoded. */
enum lead { L_OTHER, L_LETTER, L_DIGIT, L_MID, L_WIDE };
static const uint8_t lead[256] = {
    ['\''] = L_MID,
    [','] = L_MID,
    ['.'] = L_MID,
    ['0' ... '9'] = L_DIGIT,
    ['A' ... 'Z'] = L_LETTER,
    ['a' ... 'z'] = L_LETTER,
    [0x80 ... 0xff] = L_WIDE,
};

static bool
blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* Gives the stretch around byte `at` to ICU; returns where it ends. */
static size_t
ask_icu(struct lj_segmenter *segmenter, const char *text, size_t length, size_t at,
        struct lj_segments *segments)
{
    size_t from = at, to = at;
    while (from > 0 && !blank(text[from - 1]))
        from--;
    while (to < length && !blank(text[to]))
        to++;
    while (segments->n > 0 && segments->segment[segments->n - 1].start >= from)
        segments->n--;
    lj_segment_reference_part(segmenter, text, from, to, segments);
    return to;
}

/* Does a mark of a class hold what is before and after it together? */
static bool
holds(enum sort before, enum sort mark, enum sort after)
{
    return before == after && (before == LETTER ? mark != MID_DIGIT : mark != MID_LETTER);
}

/* The segments of text[from, to), which is a chunk (see below), a character at a time. Returns where
 * it ended, which is beyond `to` where ICU was asked. */
static size_t
scan_chunk(struct lj_segmenter *segmenter, const char *text, size_t length, size_t from, size_t to,
           struct lj_segments *segments)
{
    const uint8_t *bytes = (const uint8_t *)text;
    size_t i = from;
    while (i < to) {
        enum sort last;
        size_t start = i;
        UChar32 c;
        switch (lead[bytes[i]]) {
        case L_LETTER:
            last = LETTER;
            i++;
            break;
        case L_DIGIT:
            last = DIGIT;
            i++;
            break;
        case L_WIDE:
            U8_NEXT(bytes, i, length, c);
            last = sort_of(c);
            if (last == RARE) {
                i = ask_icu(segmenter, text, length, start, segments);
                continue;
            }
            if (last != LETTER)
                continue;
            break;
        default:
            i++;
            continue;
        }

        bool number = last == DIGIT;
        for (;;) {
            while (i < length && lead[bytes[i]] == L_LETTER) {
                last = LETTER;
                number = false;
                i++;
            }
            if (i == length || lead[bytes[i]] == L_OTHER)
                break;
            if (lead[bytes[i]] == L_DIGIT) {
                last = DIGIT;
                i++;
                continue;
            }
            /* the letters of Spanish at once: á é í ó ú ñ and their capitals */
            if (bytes[i] == 0xc3 && i + 1 < length && bytes[i + 1] >= 0x80 && bytes[i + 1] < 0xc0 &&
                bytes[i + 1] != 0x97 && bytes[i + 1] != 0xb7) {
                last = LETTER;
                number = false;
                i += 2;
                continue;
            }
            size_t next = i;
            U8_NEXT(bytes, next, length, c);
            enum sort sort = sort_of(c);
            if (sort == LETTER) {
                last = LETTER;
                number = false;
            } else if (sort >= MID_LETTER && sort <= MID_BOTH) {
                /* only if the other side is of the same kind; marks that attach do not count */
                enum sort after = OTHER;
                size_t k = next;
                while (k < length) {
                    U8_NEXT(bytes, k, length, c);
                    after = sort_of(c);
                    if (after != ATTACH)
                        break;
                }
                if (after == RARE)
                    sort = RARE;
                else if (!holds(last, sort, after))
                    break;
            } else if (sort == OTHER) {
                break;
            }
            if (sort == RARE) {
                start = length; /* no word of ours */
                i = ask_icu(segmenter, text, length, i, segments);
                break;
            }
            i = next;
        }
        if (start < length)
            lj_segments_add(segments, start, i, number);
    }
    return i;
}

/* --- chunks --------------------------------------------------------------------------------------
 *
 * A chunk is a run of letters, digits, bytes beyond ASCII and single marks between such. No word goes
 * beyond its chunk (but where ICU is asked), and most chunks are of letters only, or of digits only:
 * those are segments as they stand, and never looked at by the character.
 *
 *     text     De la "Ley N° 1.234, d'Avila
 *     chunks   ## ##  ### ## #####  #######       N°, 1.234 and d'Avila: by the character
 */

void
lj_segment(struct lj_segmenter *segmenter, const char *text, size_t length,
           struct lj_segments *segments)
{
    bool open = false; /* the block before ended within a chunk: */
    size_t start = 0;
    uint64_t other = 0, than_digits = 0; /* not 0 where some of it is no letter, no digit */
    bool solid_before = false;           /* the byte before the block is of a chunk, and no mark */
    bool half = false;                   /* a letter of two bytes began with it */
    segments->n = 0;
    for (size_t base = 0; base < length;) {
        size_t next = base + 64;
        struct lj_block block, beyond = {0};
        if (next <= length) {
            block = lj_block_of(text + base);
            if (next < length)
                beyond = lj_block_of_byte(text[next]);
        } else {
            char rest[64] = {0};
            memcpy(rest, text + base, length - base);
            block = lj_block_of(rest);
        }
        uint64_t pairs = block.leads & (block.trails >> 1 | beyond.trails << 63);
        uint64_t letters = block.letters | pairs | pairs << 1 | half;
        uint64_t solid = block.letters | block.digits | block.wide;
        uint64_t behind = solid >> 1 | (beyond.letters | beyond.digits | beyond.wide) << 63;
        uint64_t chunks = solid | (block.mids & (solid << 1 | solid_before) & behind);
        uint64_t no_letters = chunks & ~letters, no_digits = chunks & ~block.digits;
        uint64_t from = ~(uint64_t)0; /* the bits of the chunk and those behind it */
        uint64_t edges = chunks ^ (chunks << 1 | open);
        /* Most blocks hold words of letters only, and marks and blanks. */
        if (!no_letters && !(open && other)) {
            uint64_t shifted = chunks << 1 | open, starts = chunks & ~shifted;
            uint64_t ends = shifted & ~chunks;
            for (edges = 0; ends; ends &= ends - 1) {
                if (!open) {
                    start = base + (unsigned)__builtin_ctzll(starts);
                    starts &= starts - 1;
                }
                open = false;
                lj_segments_add(segments, start, base + (unsigned)__builtin_ctzll(ends), false);
            }
            if (starts) {
                open = true;
                start = base + (unsigned)__builtin_ctzll(starts);
                other = than_digits = 0;
                from = -starts;
            }
        }
        while (edges) {
            size_t end = base + (unsigned)__builtin_ctzll(edges);
            uint64_t to = (edges & -edges) - 1; /* the bits before */
            edges &= edges - 1;
            if (!open) {
                open = true;
                start = end;
                from = ~to;
                other = than_digits = 0;
                continue;
            }
            open = false;
            other |= no_letters & from & to;
            than_digits |= no_digits & from & to;
            if (!other || !than_digits) {
                lj_segments_add(segments, start, end, !than_digits);
            } else {
                size_t behind_it = scan_chunk(segmenter, text, length, start, end, segments);
                if (behind_it > end) { /* at a blank, or the end */
                    next = behind_it;
                    solid = pairs = 0;
                    break;
                }
            }
        }
        if (open) {
            other |= no_letters & from;
            than_digits |= no_digits & from;
        }
        solid_before = solid >> 63;
        half = pairs >> 63;
        base = next;
    }
    if (open && other && than_digits)
        scan_chunk(segmenter, text, length, start, length, segments);
    else if (open)
        lj_segments_add(segments, start, length, !than_digits);
}
