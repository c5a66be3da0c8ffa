/* The third look: what the first twenty documents hold of the query, word by word and place by place.
 *
 *     query      ¿Qué territorios cedió España en el tratado?
 *     family     territor*, cedi*, españ*, trata*: words that begin alike, and all forms of the stem
 *     passage    the words that meet within 12 and within 25 positions, rare ones counting for more
 *     dense      the passage of 50 positions that a search among passages would find first
 *     pair       "territorios … cedió", "cedió España", soon after one another and in order; skip: with the
 *                next but one, "territorios … España"
 *     run        "en el tratado" stands in the text as in the query: three words
 *
 * All comes from the index's own lists of terms and positions, so that a transcript of 200 KB costs
 * little more than a paragraph: its best passage counts, not its length.
 */
#ifndef LEGAJO_SEARCH_EVIDENCE_H
#define LEGAJO_SEARCH_EVIDENCE_H

#include "search/ranking.h"
#include "xap/xap.h"

struct lj_analyser;
struct lj_local;
struct lj_evidence;

/* Each part weighted as it is added to a document's score. */
struct lj_evidence_parts {
    double family, little, passage, wide, dense, pair, skip, run;
    double norm; /* of its length: BM25 weighs wdf as wdf / (wdf + norm) */
    double held; /* how much of the query its best passage holds, 0 to 1 */
};

/* What there is to look for. words: WORD nodes as they stand in the query, borrowed until the end, as
 * is all else; local: the quicker way to the databases, or NULL. NULL where there is nothing, or on error. */
struct lj_evidence *lj_evidence_new(const GPtrArray *words, const struct lj_ranking *ranking,
                                    struct xap_reader *reader, struct lj_local *local,
                                    struct lj_analyser *analyser, GError **error);
void lj_evidence_free(struct lj_evidence *evidence);
/* From now on it reads in these: the same databases at the same revision. */
void lj_evidence_read_in(struct lj_evidence *evidence, struct xap_reader *reader,
                         struct lj_local *local);

/* Looks at what it will be asked about by the quicker way, where there is one: at all together. Once. */
bool lj_evidence_read(struct lj_evidence *evidence, const uint32_t *docids, uint32_t n,
                      GError **error);
/* Looks at a document; returns the sum of the parts, 0 where there is no such document, -1 on error. */
double lj_evidence_weigh(struct lj_evidence *evidence, uint32_t docid,
                         struct lj_evidence_parts *parts, GError **error);

/* What a word in df of so many documents weighs: as Xapian's BM25 has it. */
double lj_evidence_rarity(double documents, double df);

/* Words that stand in the query one after another: of lists, phrases, alternatives and
 * near operators, not of fields or negations.
 * Appended to out (const struct lj_node). */
void lj_evidence_words(const struct lj_node *node, GPtrArray *out);

#endif
