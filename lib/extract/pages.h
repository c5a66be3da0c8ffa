/* Texts of recognised pages, kept by the content of the page; see legajo/extract.h. */
#ifndef LEGAJO_EXTRACT_PAGES_H
#define LEGAJO_EXTRACT_PAGES_H

#include "legajo/extract.h"

/* The text of a page, appended; waits while another thread reads that page. False: not known; the
 * caller is now the one who reads it, and must keep or release it. A NULL cache knows nothing. */
bool lj_page_cache_find(struct lj_page_cache *cache, const uint8_t key[32], GString *text);
void lj_page_cache_keep(struct lj_page_cache *cache, const uint8_t key[32], const char *text,
                        size_t length);
void lj_page_cache_release(struct lj_page_cache *cache, const uint8_t key[32]);

#endif
