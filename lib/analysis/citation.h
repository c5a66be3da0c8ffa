/* Citations as lawyers write them → terms, so that "RDL 1/1986" finds "Real Decreto-ley 1/1986".
 *
 * Analysis calls lj_citation_at for every word that may begin one; queries call
 * lj_citation_normalise for art:, cita:, ley: and for bare text that is a citation; the index calls
 * lj_citation_identity to know which norm a document is. All three use one grammar, so they cannot
 * disagree.
 *
 *     "art. 123, apartado B, fracción IX, de la Constitución"
 *         constitucion   constitucion#art=123   constitucion#art=123/apt=b
 *         constitucion#art=123/apt=b/frac=9   #art=123   #art=123/apt=b   #art=123/apt=b/frac=9
 *
 * The normal form: lower case, no accents, no blanks, at most 200 bytes (longer ones are left out).
 *
 *     term      = norm [ "#" locator ]  |  "#" locator
 *     locator   = part *( "/" part )            from the outside in, whatever the order of the text
 *     part      = key "=" value                 art apt frac inc lit num par paragrafo base
 *                                               transitorio adicional final derogatoria
 *                                               regla (regla=2.1.6, of Mexico's yearly rules)
 *     value     = number [ "bis" | "ter" … ] [ "-" letter ]  |  letter  |  "unico"  |  "ultimo"
 *     norm      = kind ":" [ code ] number [ "/" year ] [ "-" body | "(" session ")" ]
 *               | kind ":" day                  a norm known by its date:   decreto:1951-08-01
 *               | kind ":" word *( "-" word )   by its name, joints left out:
 *                                               ley:federal-armas-fuego-explosivos
 *               | "constitucion" [ ":" country ]
 *               | bulletin [ ":" day | ":" [ series "-" ] number [ "/" year ] ]
 *               | symbol                        boe-a-2024-26931  a/res/70/1  a/hrc/31/58
 *                                               nom-035-stps-2018  fallos:329:2316
 *                                               sup-jdc-1234/2021  ecli:es:ts:2018:1234  serie-c:221
 *
 * The kinds and the bulletins are the slugs of norm-kind.c, with an adjective where one makes a kind
 * of its own: resolucion-ministerial acuerdo-gubernativo. An acronym of a law, a code, a treaty gives
 * the terms of its name (norm-acronym.c): LGAMVLV = ley:general-acceso-mujeres-vida-libre-violencia;
 * one that no list knows is the norm itself behind an article: "artículo 5 de la LXYZ" = lxyz#art=5.
 *
 * Parents are given with every term: the norm of an article, the article of a fraction, each with
 * the norm and without; a number without its year (decreto:1023 of decreto:1023/2001) and without
 * its body; the wider kind (resolucion:12/2020 of resolucion-ministerial:12/2020); a name's
 * beginnings (ley:federal-armas), "constitucion" of constitucion:mx.
 *
 * What is decided and why:
 *   - Laws above 3,000 are numbered through in every country that numbers them so: their year is
 *     dropped (Ley N° 18.057, de 20 de noviembre de 2006 = ley:18057). Below, the year belongs to the
 *     law.
 *   - Decretos de necesidad y urgencia are decrees (DNU 70/2023 = decreto:70/2023); decree-laws
 *     above 10,000 are also laws (Decreto-Ley N° 14.294 = ley:14294).
 *   - Countries are not guessed: ley:19924 is Uruguay's and Argentina's; pais: tells them apart.
 *   - "Artículo 5.-" that opens a line is the article itself, no citation.
 */
#ifndef LEGAJO_ANALYSIS_CITATION_H
#define LEGAJO_ANALYSIS_CITATION_H

#include "legajo/schema.h"

#define LJ_CITATION_LIMIT 200

/* Receives a term (not NUL-terminated by contract, though it is) of the citation text[start…end).
 */
typedef void (*lj_citation_sink)(void *data, size_t start, size_t end, const char *term,
                                 size_t length);

/* May a word that begins with these bytes begin a citation? Four bytes are read. Cheap, since every
 * word of every text is asked: a table of the first three letters says no to nearly all. */
extern const uint32_t lj_citation_rows[1024];
bool lj_citation_word_may_begin(const char *bytes);

static inline bool
lj_citation_may_begin(const char *bytes)
{
    return (lj_citation_rows[(bytes[0] & 31) << 5 | (bytes[1] & 31)] >> (bytes[2] & 31) & 1) &&
           lj_citation_word_may_begin(bytes);
}

/* Is the folded word (lj_spelled_word) one that begins citations? Words of three letters at most are
 * not asked: they may be the beginning of an acronym with stops. */
bool lj_citation_opens(const char *word);

/* Does a word begin here although a letter or digit stands before it, as where a web page has lost the
 * blank: "porDecreto", "de laLey", "2300/2002B.O. 14/11/2002"? */
bool lj_citation_capital_is_glued(const char *text, size_t length, size_t at);

static inline bool
lj_citation_is_glued(const char *text, size_t length, size_t at)
{
    return (unsigned char)(text[at] - 'A') < 26 && lj_citation_capital_is_glued(text, length, at);
}

/* Reads the citation whose first word begins at byte `at`, gives its terms to the sink and returns
 * where it ends; 0 when there is none. Looks at a bounded stretch of text whatever it holds. */
size_t lj_citation_at(const char *text, size_t length, size_t at, lj_citation_sink sink,
                      void *data);

/* All citations of a text in order. Any bytes; linear. */
void lj_citation_find(const char *text, size_t length, lj_citation_sink sink, void *data);

/* The terms to search for when the whole of text is a citation, as art: (LJ_FIELD_ARTICLE: "123",
 * "27 fracción V", "123 de la Constitución"), ley: (LJ_FIELD_LAW: "19.924", "Federal de Armas") or
 * cita: and bare queries (LJ_FIELD_CITATION) write it: the most specific term of each norm or
 * article named, so most often one ("artículos 5 y 6" gives two: look for any). A term itself is
 * taken as it is. Capitals do not matter. Appends strings (g_free) to terms; false, and nothing
 * appended, when text is no citation or not only one. */
bool lj_citation_normalise(const char *text, size_t length, enum lj_field_id field,
                           GPtrArray *terms);

/* Which norm a document is: by its title ("Ley Nº 23.081 - PRESUPUESTO"), else its id
 * ("UY-ley-11806", "BOE-A-2024-26931"), else a line of its own at the head of the text ("DECRETO
 * 186/95"). Any of the three may be NULL. Appends the norm's term and its parents (strings,
 * g_free), the most specific first; false when the document does not say that it is a norm. */
bool lj_citation_identity(const char *title, const char *id, const char *head, size_t length,
                          GPtrArray *terms);

#endif
