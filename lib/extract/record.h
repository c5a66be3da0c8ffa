/* A record of an export (JSON, JSON Lines, CSV): which of its keys is the text. */
#ifndef LEGAJO_EXTRACT_RECORD_H
#define LEGAJO_EXTRACT_RECORD_H

#include "extract/job.h"
#include <jansson.h>

/* Is a key one of those under which exports keep the text: text, texto, contenido, content, body …? How good
 * a name it is, 1 the best; 0: none. */
int lj_record_text_key(const char *key);

/* Does an object hold a text under one of these keys? Wrapping ("_source") is looked through. */
bool lj_record_is(const json_t *record);

/* Makes a document of an object and hands it on. raw are the bytes it was read from. foreign: an export of
 * another program, whose "headline" is a title and "link" a url; else keys are taken as they are. False when
 * nobody listens any more; what is no record is told as a failure of place. */
bool lj_record_emit(struct lj_job *job, const json_t *record, const char *place, const char *raw,
                    size_t length, bool foreign);

#endif
