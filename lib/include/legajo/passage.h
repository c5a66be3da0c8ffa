/* Text + query → spans: where a document matches, and the passages that show it best.
 *
 * Snippets, highlights, concordance and --show only choose how to show spans. The analyser that
 * made the index finds them again frame by frame, so highlights are right under stems and accents.
 */
#ifndef LEGAJO_PASSAGE_H
#define LEGAJO_PASSAGE_H

#include "legajo/query.h"
#include "legajo/stored.h"

/* Where the query matches: leaf is the index in lj_query_leaves. */
struct lj_span {
    uint32_t start, end; /* bytes of the document's text */
    uint32_t leaf;
    uint32_t position;   /* token position within the frame run, for distances */
};

/* A query made ready to be found in text. */
struct lj_matcher;
LJ_API struct lj_matcher *lj_matcher_new(const struct lj_query *query,
                                         struct lj_analyser *analyser);
LJ_API void lj_matcher_free(struct lj_matcher *matcher);

/* Spans in a piece of text that begins at byte `offset` of its document; appended (struct lj_span)
 * in order of start. */
LJ_API void lj_matcher_find(struct lj_matcher *matcher, const char *text, size_t length,
                            uint32_t offset, GArray *spans);

struct lj_snippet {
    char *text;          /* blanks collapsed to one, no control characters; owned */
    GArray *highlights;  /* uint32_t pairs: start, end in bytes of text */
    uint32_t start, end; /* bytes of the document's text */
    char *section, *speaker, *page_label, *time; /* owned, NULL: none */
    int page;            /* 0: none */
    double score;
};

struct lj_snippet_options {
    uint32_t size;       /* code points, about; 0: 200 */
    uint32_t most;       /* snippets a document; 0: 1 */
};

/* How to get a document's frames: index n of the directory → text (g_free), or NULL with error. */
typedef char *(*lj_frame_reader)(uint32_t frame, void *data, GError **error);

/* The best passages, best first: struct lj_snippet in an array that frees its elements. A document
 * without a match of the text (a filter matched) gives its beginning. frames: which to look into,
 * by number, or NULL for the first 64. Never fails for lack of text: an unreadable frame is left
 * out. */
LJ_API GPtrArray *lj_passage_snippets(struct lj_matcher *matcher, const struct lj_stored *stored,
                                      const uint32_t *frames, size_t n_frames,
                                      lj_frame_reader read, void *data,
                                      const struct lj_snippet_options *options);

/* Where a byte of the text stands: the innermost section, the page, the speaker. Borrowed. */
struct lj_where {
    const struct lj_mark *section, *page, *speaker, *time;
};
LJ_API struct lj_where lj_passage_where(const struct lj_document *document, uint32_t offset);

#endif
