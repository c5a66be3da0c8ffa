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
    uint32_t position;   /* of its first word, counted over the text that was fed */
    uint32_t last;       /* of its last word */
};

/* A query made ready to be found in text. */
struct lj_matcher;
LJ_API struct lj_matcher *lj_matcher_new(const struct lj_query *query,
                                         struct lj_analyser *analyser);
LJ_API void lj_matcher_free(struct lj_matcher *matcher);

/* Spans in a piece of text that begins at byte `offset` of its document; appended (struct lj_span)
 * in order of start. Words inside a near operator count only where the operator holds. */
LJ_API void lj_matcher_find(struct lj_matcher *matcher, const char *text, size_t length,
                            uint32_t offset, GArray *spans);

/* The same in a title: leaves of the field title: and of the whole text. */
LJ_API void lj_matcher_find_title(struct lj_matcher *matcher, const char *title, size_t length,
                                  GArray *spans);

/* A document piece by piece, so that phrases and near operators see across frames:
 *
 *     lj_matcher_begin(m, stored->document);
 *     for each frame: lj_matcher_feed(m, text, length, offset);
 *     lj_matcher_end(m);
 *     lj_matcher_spans(m, spans);    what to highlight
 *     lj_matcher_matches(m, spans);  a concordance line each
 *     lj_matcher_holds(m)            does the document satisfy the query's text?
 *
 * document (borrowed until the next begin; NULL: none) gives the title and the sections, which no
 * phrase crosses. Begin forgets the analyser's vocabulary when it has grown past a million words. */
LJ_API void lj_matcher_begin(struct lj_matcher *matcher, const struct lj_document *document);
LJ_API void lj_matcher_feed(struct lj_matcher *matcher, const char *text, size_t length,
                            uint32_t offset);
LJ_API void lj_matcher_end(struct lj_matcher *matcher);

/* After end: appends the spans of the text, in order of start. */
LJ_API void lj_matcher_spans(struct lj_matcher *matcher, GArray *spans);

/* After end: appends what the query matched as wholes: a word, a phrase, the whole stretch of a
 * near operator (its smallest windows); nothing twice: of several that stand at the same words, or within
 * the words of a longer one, that one. In order. */
LJ_API void lj_matcher_matches(struct lj_matcher *matcher, GArray *spans);

/* After end: false when title and text fed cannot satisfy the query whatever its filters say. Fields,
 * dates and other terms that are no words of the text count as satisfied: Xapian has seen to
 * them. all: words side by side are all required (--match=all). */
LJ_API bool lj_matcher_holds(struct lj_matcher *matcher, bool all);

/* True when a plan over terms cannot say it all (a near operator around phrases, say), so that
 * lj_matcher_holds must verify each document. */
LJ_API bool lj_matcher_must_verify(const struct lj_matcher *matcher);

struct lj_snippet {
    char *text;          /* blanks collapsed to one, no control characters; owned */
    GArray *highlights;  /* uint32_t pairs: start, end in bytes of text */
    uint32_t start, end; /* bytes of the document's text */
    char *section, *speaker, *page_label, *time; /* owned, NULL: none */
    int page;            /* 0: none */
    double score;
    uint64_t start_point, end_point; /* start and end in code points of the document's text */
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

/* --- concordance --------------------------------------------------------------------------------- */

/* A match in its line: borrowed until the callback returns. Texts as in snippets. */
struct lj_kwic {
    const char *left, *match, *right;
    const struct lj_mark *section, *page, *speaker, *time; /* NULL: none */
    uint32_t start, end;             /* of the match, in bytes of the text */
    uint64_t start_point;            /* the same in code points */
};

/* Receives each line; false ends the concordance. */
typedef bool (*lj_kwic_sink)(const struct lj_kwic *line, void *data);

/* Every match of the query in a document, in order: what lj_matcher_matches gives, each with up to
 * `context` columns on either side. The document is read frame by frame and not kept. False when
 * the sink said so. An unreadable frame is left out, and told by *error (the rest is done). */
LJ_API bool lj_passage_kwic(struct lj_matcher *matcher, const struct lj_stored *stored,
                            lj_frame_reader read, void *data, unsigned context,
                            lj_kwic_sink sink, void *sink_data, GError **error);

/* Where a byte of the text stands: the innermost section, the page, the speaker. Borrowed. */
struct lj_where {
    const struct lj_mark *section, *page, *speaker, *time;
};
LJ_API struct lj_where lj_passage_where(const struct lj_document *document, uint32_t offset);

/* Where the next section or speaker's turn behind a byte begins; G_MAXUINT32: there is none. */
LJ_API uint32_t lj_passage_next(const struct lj_document *document, uint32_t offset);

#endif
