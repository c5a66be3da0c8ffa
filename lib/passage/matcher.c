/* A query over the tokens of a text.
 *
 * Which elements a word of the analyser's vocabulary meets is worked out once and remembered by lj_word id, so
 * that most tokens cost one look into an array. What met an element becomes an occurrence; phrases and near
 * operators then join occurrences, not tokens.
 */
#include "passage/parts.h"

#include <string.h>

#define MOST_OCCURRENCES (1u << 20) /* a document; beyond, what comes later is not looked at */
#define SECTION_GAP 1000            /* as the index leaves between sections */
#define MOST_WORDS 1000000          /* of the vocabulary, before it is forgotten */

static void
part_reset(struct part *part)
{
    if (part->found && part->kind != PART_ELEMENT)
        g_array_set_size(part->found, 0);
    if (part->members)
        g_array_set_size(part->members, 0);
    for (guint i = 0; part->children && i < part->children->len; i++)
        part_reset(part->children->pdata[i]);
    for (guint i = 0; part->synonyms && i < part->synonyms->len; i++)
        part_reset(part->synonyms->pdata[i]);
}

static void
feed_tokens(struct lj_matcher *matcher, const char *text, size_t length, uint32_t offset)
{
    struct lj_tokens *tokens = matcher->tokens;
    lj_analyse(matcher->analyser, text, length, LJ_ANALYSE_WORDS, tokens);
    const GArray *marks = matcher->document && !matcher->in_title ? matcher->document->marks : NULL;
    for (size_t i = 0; i < tokens->n; i++) {
        const struct lj_token *token = &tokens->token[i];
        while (marks && matcher->mark < marks->len) {
            const struct lj_mark *mark = &g_array_index(marks, struct lj_mark, matcher->mark);
            if (mark->start > offset + token->start)
                break;
            matcher->mark++;
            if (mark->kind == LJ_MARK_SECTION) {
                matcher->base += SECTION_GAP;
                matcher->heading_end = mark->end;
                matcher->section++;
            }
        }
        if (matcher->kept && !token->part && !matcher->in_title) {
            struct lj_kept kept = {token->word, offset + token->start, offset + token->end,
                                   matcher->section};
            g_array_append_val(matcher->kept, kept);
        }
        const uint32_t *element = lj_matcher_meets(matcher, token->word);
        if (!element)
            continue;
        struct occurrence found = {
            .first = matcher->base + token->position,
            .last = matcher->base + token->position,
            .start = offset + token->start,
            .end = offset + token->end,
            .zone = matcher->in_title                              ? ZONE_TITLE
                    : offset + token->start < matcher->heading_end ? ZONE_HEADING
                                                                   : ZONE_TEXT,
        };
        for (; *element != G_MAXUINT32; element++) {
            if (matcher->occurrences++ >= MOST_OCCURRENCES) {
                matcher->cut = true;
                return;
            }
            struct element *into = matcher->elements->pdata[*element];
            found.leaf = into->leaf;
            g_array_append_val(into->found, found);
        }
    }
    matcher->base += tokens->positions;
}

static void
begin(struct lj_matcher *matcher, const struct lj_document *document)
{
    if (lj_analyser_trim(matcher->analyser, MOST_WORDS) ||
        lj_analyser_words(matcher->analyser) < matcher->known->len) {
        g_array_set_size(matcher->known, 0);
        g_array_set_size(matcher->lists, 0);
    }
    for (guint i = 0; i < matcher->elements->len; i++)
        g_array_set_size(((struct element *)matcher->elements->pdata[i])->found, 0);
    if (matcher->root)
        part_reset(matcher->root);
    matcher->document = document;
    matcher->mark = matcher->section = 0;
    matcher->base = matcher->next = matcher->heading_end = matcher->occurrences = 0;
    matcher->in_title = matcher->cut = false;
}

static void
feed_title(struct lj_matcher *matcher, const char *title, size_t length)
{
    matcher->in_title = true;
    feed_tokens(matcher, title, length, 0);
    matcher->in_title = false;
    matcher->base += SECTION_GAP;
}

void
lj_matcher_begin(struct lj_matcher *matcher, const struct lj_document *document)
{
    begin(matcher, document);
    const char *title = document ? lj_document_field(document, "title") : NULL;
    if (title)
        feed_title(matcher, title, strlen(title));
}

void
lj_matcher_feed(struct lj_matcher *matcher, const char *text, size_t length, uint32_t offset)
{
    if (matcher->elements->len == 0)
        return;
    if (offset != matcher->next) /* a piece was left out */
        matcher->base += SECTION_GAP;
    while (length > 0 && !matcher->cut) {
        size_t piece = length > LJ_FRAME_SIZE * 5 / 4 ? lj_frame_cut(text, length) : length;
        feed_tokens(matcher, text, piece, offset);
        text += piece;
        offset += (uint32_t)piece;
        length -= piece;
    }
    matcher->next = offset;
}

bool
lj_matcher_element(const struct lj_matcher *matcher, size_t i, struct lj_element *out)
{
    if (i >= matcher->elements->len)
        return false;
    const struct element *element = matcher->elements->pdata[i];
    *out = (struct lj_element){element->kind, element->text, element->forms, element->title};
    return true;
}

void
lj_matcher_place(struct lj_matcher *matcher, size_t i, const uint32_t *positions, size_t n)
{
    struct element *element = matcher->elements->pdata[i];
    for (size_t p = 0; p < n && matcher->occurrences++ < MOST_OCCURRENCES; p++) {
        struct occurrence found = {
            .first = positions[p],
            .last = positions[p],
            .start = positions[p],
            .end = positions[p] + 1,
            .leaf = element->leaf,
            .zone = positions[p] <= SECTION_GAP ? ZONE_TITLE
                    : element->title            ? ZONE_HEADING
                                                : ZONE_TEXT,
        };
        g_array_append_val(element->found, found);
    }
}

void
lj_matcher_keep(struct lj_matcher *matcher, GArray *into)
{
    matcher->kept = into;
}

void
lj_matcher_end(struct lj_matcher *matcher)
{
    if (matcher->root)
        lj_part_join(matcher->root);
}

void
lj_matcher_find(struct lj_matcher *matcher, const char *text, size_t length, uint32_t offset,
                GArray *spans)
{
    begin(matcher, NULL);
    lj_matcher_feed(matcher, text, length, offset);
    lj_matcher_end(matcher);
    lj_matcher_collect(matcher, false, false, spans);
}

void
lj_matcher_find_title(struct lj_matcher *matcher, const char *title, size_t length, GArray *spans)
{
    begin(matcher, NULL);
    feed_title(matcher, title, length);
    lj_matcher_end(matcher);
    lj_matcher_collect(matcher, false, true, spans);
}
