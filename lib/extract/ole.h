/* Compound files ([MS-CFB]): the little file system that old Office documents and Outlook messages
 * are.
 *
 *     struct lj_ole *ole = lj_ole_open(bytes, length);
 *     GByteArray *stream = lj_ole_stream(ole, "WordDocument");
 */
#ifndef LEGAJO_EXTRACT_OLE_H
#define LEGAJO_EXTRACT_OLE_H

#include "extract/formats.h"
#include "extract/writer.h"
#include "legajo/document.h"

struct lj_ole;

/* Their numbers: little-endian, anywhere. */
static inline uint32_t
u32(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline uint32_t
u16(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8;
}

/* bytes are borrowed. NULL when it is no compound file. */
struct lj_ole *lj_ole_open(const uint8_t *bytes, size_t length);
void lj_ole_close(struct lj_ole *ole);

/* The content of a stream in the root, by its name in ASCII of any case; NULL: there is none.
 * g_byte_array_unref. */
GByteArray *lj_ole_stream(const struct lj_ole *ole, const char *name);

/* Storages are folders of streams: an entry is a number, the root 0. What a storage holds, as an array of
 * struct lj_ole_entry; g_array_unref. */
struct lj_ole_entry {
    uint32_t number;
    bool storage;
    char name[33]; /* in ASCII; others as '?' */
};
GArray *lj_ole_list(const struct lj_ole *ole, uint32_t storage);
/* The content of an entry that is a stream; NULL: it is none. g_byte_array_unref. */
GByteArray *lj_ole_read(const struct lj_ole *ole, uint32_t number);

/* Title (2), subject (3), author (4), keywords (5) of the summary information; g_free; NULL: none.
 */
char *lj_ole_summary(const struct lj_ole *ole, uint32_t property);
/* What the summary says as the document's title, author and subjects, where the text bears it out. */
void lj_ole_describe(struct lj_document *document, const struct lj_ole *ole);

/* A format's extract: reads the job's file as a compound file into a document of that type; read fills it, or says why not. */
bool lj_ole_extract(struct lj_job *job, const char *mime,
                    bool (*read)(struct lj_writer *writer, const struct lj_ole *ole,
                                 GError **error),
                    GError **error);

/* Is the file one with that stream in its root? (The whole of it must be there: probe->input.) */
bool lj_ole_has(const struct lj_probe *probe, const char *name);

#endif
