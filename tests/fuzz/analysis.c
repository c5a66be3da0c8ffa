/* Any bytes: the fast scanner gives the segments of the reference, the analyser the mentions that are
 * found by looking at every word, and every token of it, analysed alone, finds itself. */
#include "fuzz.h"
#include "analysis/mention.h"
#include "analysis/segment.h"
#include "analysis/unit.h"
#include "legajo/analysis.h"
#include <stdlib.h>
#include <string.h>

/* Says what is wrong and ends as libFuzzer notices. */
#define fault(...) (g_printerr(__VA_ARGS__), g_printerr("\n"), abort())

static void
compare(const char *text, size_t size)
{
    static struct lj_segmenter *segmenter; /* opening ICU's takes long */
    if (!segmenter)
        segmenter = lj_segmenter_new();
    struct lj_segments fast = {0}, reference = {0};
    lj_segment(segmenter, text, size, &fast);
    lj_segment_reference(segmenter, text, size, &reference);
    if (fast.n != reference.n)
        fault("%zu segments, not %zu", fast.n, reference.n);
    for (size_t i = 0; i < fast.n; i++)
        if (fast.segment[i].start != reference.segment[i].start ||
            fast.segment[i].end != reference.segment[i].end ||
            fast.segment[i].number != reference.segment[i].number)
            fault("segment %zu is %u-%u, not %u-%u", i, fast.segment[i].start, fast.segment[i].end,
                  reference.segment[i].start, reference.segment[i].end);
    lj_segments_clear(&fast);
    lj_segments_clear(&reference);
}

/* Where words are not written apart, ICU's dictionaries find them by what surrounds them. */
static bool
by_dictionary(const char *word)
{
    for (const char *p = word; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if ((c >= 0xe00 && c < 0x10a0) || (c >= 0x1780 && c < 0x1a00) || c >= 0x2e80)
            return true;
    }
    return false;
}

/* Takes off the mention that the analyser must have next. */
static void
expect_mention(void *data, enum lj_mention_kind kind, size_t start, size_t end, const char *term,
               size_t length)
{
    struct lj_tokens *left = data;
    const struct lj_mention *mention = left->mention++;
    if (left->n_mentions-- == 0 || mention->kind != kind || mention->start != start ||
        mention->end != end || strlen(mention->term) != length ||
        memcmp(mention->term, term, length) != 0)
        fault("no mention %.*s at %zu-%zu", (int)length, term, start, end);
}

static void
compare_mentions(const char *text, size_t size, const struct lj_tokens *tokens)
{
    struct lj_tokens left = *tokens;
    lj_mentions_find(text, size, expect_mention, &left);
    for (; left.n_mentions > 0; left.n_mentions--, left.mention++)
        if (left.mention->kind != LJ_MENTION_ACRONYM)
            fault("mention %s at %u-%u", left.mention->term, left.mention->start,
                  left.mention->end);
}

static void
analyse(const char *text, size_t size)
{
    static struct lj_analyser *analyser;
    if (!analyser)
        analyser = lj_analyser_open(NULL, NULL);
    lj_analyser_trim(analyser, 10000);
    struct lj_tokens *tokens = lj_tokens_new(), *again = lj_tokens_new();
    lj_analyse(analyser, text, size, LJ_ANALYSE_DOCUMENT, tokens);
    compare_mentions(text, size, tokens);
    lj_analyse(analyser, text, size, LJ_ANALYSE_DOCUMENT, again); /* all words known by now */
    compare_mentions(text, size, again);
    uint32_t position = 0;
    for (size_t i = 0; i < tokens->n; i++) {
        const struct lj_token *token = &tokens->token[i];
        if (token->start >= token->end || token->end > size || token->position < position ||
            token->position >= tokens->positions || token->word->folded_length == 0 ||
            token->word->stem_length == 0 || token->word->id >= lj_analyser_words(analyser))
            fault("token %zu at %u-%u, position %u", i, token->start, token->end, token->position);
        position = token->position;
        if (i >= 200 || by_dictionary(token->word->form) ||
            lj_unit_figure(text + token->start, token->end - token->start) > 0)
            continue; /* "V" is 5 for what stands before it: capítulo V */
        lj_analyse(analyser, text + token->start, token->end - token->start, LJ_ANALYSE_QUERY,
                   again);
        bool found = false;
        for (size_t k = 0; k < again->n && !found; k++)
            found = again->token[k].word == token->word;
        if (!found)
            fault("%s at %u-%u does not find itself", token->word->form, token->start, token->end);
    }
    lj_tokens_free(again);
    lj_tokens_free(tokens);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    compare((const char *)data, size);
    analyse((const char *)data, size);
    return 0;
}
