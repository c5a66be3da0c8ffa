/* The helper's end of the socket: messages are gathered and go out together.
 *
 *     lj_output_document(output, document);
 *     lj_output_end(output, NULL);
 */
#ifndef LEGAJO_EXTRACT_OUTPUT_H
#define LEGAJO_EXTRACT_OUTPUT_H

#include "legajo/document.h"

struct lj_output {
    int fd;
    GByteArray *pending;
    bool gone; /* nobody reads any more */
    uint32_t timeout_ms;
    void (*alive)(uint32_t timeout_ms); /* called with every document: the clock starts again */
};

/* All return false once the other side has gone. */
bool lj_output_document(struct lj_output *output, const struct lj_document *document);
bool lj_output_same(struct lj_output *output, uint32_t number);
bool lj_output_failure(struct lj_output *output, const char *member, const GError *failure);
bool lj_output_left(struct lj_output *output, uint32_t pages, bool whole);
/* Asks for a page's text by its key. True: known, and appended. Nobody answers: output->gone. */
bool lj_output_ask(struct lj_output *output, const uint8_t key[32], GString *text);
bool lj_output_page(struct lj_output *output, const uint8_t key[32], const GString *text);
bool lj_output_other(struct lj_output *output, const char *mime);
bool lj_output_end(struct lj_output *output, const GError *failure);

/* Waits until fd can be read, telling the client now and then that this is no hang. */
bool lj_output_wait(struct lj_output *output, int fd);

#endif
