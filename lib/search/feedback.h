/* The fourth look: documents that speak of what the first three speak of.
 *
 *     query      incendio en el puerto
 *     first      three reports of the fire
 *     stems      bomber, contenedor, muell, humo, … : the twenty that tell these three from the archive
 *
 * A report that says "dock" for "port" has them, too. (Rocchio's relevance feedback, without anybody asked; weights
 * as in RM3, by Abdul-Jaleel et al., TREC 2004.) order.c says when it is worth anything.
 */
#ifndef LEGAJO_SEARCH_FEEDBACK_H
#define LEGAJO_SEARCH_FEEDBACK_H

#include "search/local.h"
#include "search/plan.h"

#define LJ_FEEDBACK_DOCUMENTS 3

/* One of the first documents. */
struct lj_feedback_document {
    uint32_t docid;
    double score;
    double norm; /* of its length, as lj_evidence_parts has it */
};

/* What to add for what n documents tell, best first, over candidates: about `weight` for a document that holds
 * all of it. The plan's parts are of kind "alike". local: the quicker way to the databases, or NULL. NULL where they
 * tell nothing, or on error. */
struct lj_plan *lj_feedback_plan(struct xap_reader *reader, struct lj_local *local,
                                 const struct lj_feedback_document *documents, size_t n,
                                 double weight, const struct lj_plan_candidates *candidates,
                                 GError **error);

#endif
