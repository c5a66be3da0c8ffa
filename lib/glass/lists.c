/* Postings, values, metadata and term lists, read where they lie. */
#include "glass/cursor.h"
#include "glass/eight.h"
#include "xap/xap.h"

/* --- postings ----------------------------------------------------------------------------------
 */

/* Reads the header of a chunk at hand; the first one's has the totals before it. */
static bool
open_chunk(struct glass_postings *postings, bool first, uint32_t docid)
{
    const uint8_t *tag;
    uint32_t length, span, number;
    if (!glass_cursor_tag(&postings->cursor, &tag, &length))
        return false;
    const uint8_t *p = tag, *end = tag + length;
    if (length == 0 || end[-1] >= 0x80)
        goto broken;
    if (first) {
        p = glass_get_number(p, &postings->documents);
        if (p < end)
            p = glass_get_number(p, &number);
        if (p < end)
            p = glass_get_number(p, &docid);
        docid++;
    }
    if (p + 1 >= end)
        goto broken;
    postings->final = *p++ != '0';
    p = glass_get_number(p, &span);
    postings->first = docid;
    postings->stop = NULL;
    postings->at = p;
    postings->end = end;
    uint32_t last = postings->cursor.reader->last_docid;
    if (p < end && docid > postings->last && docid <= last && span <= last - docid) {
        postings->last = docid + span;
        return true;
    }
broken:
    postings->cursor.reader->broken = true;
    return false;
}

static bool
begin(struct glass_postings *postings, struct glass_reader *reader)
{
    glass_cursor_init(&postings->cursor, reader, &reader->postlist);
    postings->last = 0;
    if (glass_cursor_find(&postings->cursor, postings->key, postings->key_length) &&
        glass_is_key(&postings->cursor, postings->key, postings->key_length) &&
        open_chunk(postings, true, 0))
        return true;
    glass_cursor_clear(&postings->cursor);
    return false;
}

bool
lj_glass_postings_begin(struct glass_reader *reader, const char *term, size_t length,
                        struct glass_postings *out)
{
    if (length == 0 || length > GLASS_TERM_LIMIT || memchr(term, 0, length))
        return false;
    memcpy(out->key, term, length);
    out->key_length = (uint32_t)length;
    out->key[length] = 0;
    out->suffix = 1;
    return begin(out, reader);
}

/* The list of the term at hand, if its first `shared` bytes are those of the key and it is not before that (least: how much
 * it must be after it). Further chunks, and what else stands between terms, are passed over. */
static bool
begin_here(struct glass_postings *postings, uint32_t shared, int least)
{
    struct glass_cursor *cursor = &postings->cursor;
    do {
        if (cursor->key_length < shared || memcmp(cursor->key, postings->key, shared) != 0)
            return false;
        if (cursor->component != 1 || cursor->key_length > GLASS_TERM_LIMIT ||
            memchr(cursor->key, 0, cursor->key_length))
            continue;
        if (glass_compare(cursor->key, cursor->key_length, postings->key, postings->key_length) <
            least) {
            cursor->reader->broken = true;
            return false;
        }
        memcpy(postings->key, cursor->key, cursor->key_length);
        postings->key_length = cursor->key_length;
        postings->key[cursor->key_length] = 0;
        postings->last = 0;
        return open_chunk(postings, true, 0);
    } while (glass_cursor_step(cursor));
    return false;
}

bool
lj_glass_postings_first(struct glass_reader *reader, const char *prefix, size_t length,
                        struct glass_postings *out)
{
    struct glass_cursor *cursor = &out->cursor;
    if (length == 0 || length > GLASS_TERM_LIMIT || memchr(prefix, 0, length))
        return false;
    glass_cursor_init(cursor, reader, &reader->postlist);
    memcpy(out->key, prefix, length);
    out->key_length = (uint32_t)length;
    out->suffix = 1;
    if (glass_cursor_find(cursor, out->key, out->key_length) &&
        (glass_is_key(cursor, out->key, out->key_length) || glass_cursor_step(cursor)) &&
        begin_here(out, out->key_length, 0))
        return true;
    glass_cursor_clear(cursor);
    return false;
}

bool
lj_glass_postings_next(struct glass_postings *postings, size_t length)
{
    struct glass_cursor *cursor = &postings->cursor;
    uint32_t end = postings->key_length;
    postings->key[end + 1] = UINT8_MAX; /* behind its last chunk, where that is not at hand */
    if ((postings->final || glass_cursor_find(cursor, postings->key, end + 2)) &&
        glass_cursor_step(cursor) && begin_here(postings, (uint32_t)length, 1))
        return true;
    glass_cursor_clear(cursor);
    return false;
}

bool
lj_glass_lengths_begin(struct glass_reader *reader, struct glass_postings *out)
{
    out->key[0] = 0x00;
    out->key[1] = 0xe0;
    out->key_length = 2;
    out->suffix = 0;
    return begin(out, reader);
}

static uint32_t
chunk_docid(const struct glass_postings *postings)
{
    const struct glass_cursor *cursor = &postings->cursor;
    uint32_t prefix = postings->key_length + postings->suffix;
    if (cursor->key_length <= prefix || memcmp(cursor->key, postings->key, prefix) != 0)
        return 0;
    return glass_get_sorted(cursor->key + prefix, cursor->key_length - prefix);
}

bool
lj_glass_postings_chunk(struct glass_postings *postings)
{
    if (postings->final)
        return false;
    uint32_t docid = glass_cursor_step(&postings->cursor) ? chunk_docid(postings) : 0;
    if (docid == 0) {
        postings->cursor.reader->broken = true;
        return false;
    }
    return open_chunk(postings, false, docid);
}

uint32_t
lj_glass_postings_room(const struct glass_postings *postings)
{
    return (uint32_t)(postings->end - postings->at) / 2 +
           1; /* each takes two bytes at least, but the first */
}

uint32_t
lj_glass_postings_decode(struct glass_postings *postings, uint32_t *docids, uint32_t *wdfs)
{
    const uint8_t *p = postings->at, *end = postings->end;
    uint32_t docid = postings->first, n = 0, gap;
    for (;;) {
        docids[n] = docid;
        p = glass_get_number(p, &wdfs[n++]);
        for (; end - p >= GLASS_EIGHT && glass_eight_are(p); p += GLASS_EIGHT, n += 8) {
            docid = glass_eight_decode(p, docid, docids + n, wdfs + n);
            if (docid > postings->last) {
                n += 8;
                goto broken;
            }
        }
        if (p >= end)
            break;
        p = glass_get_number(p, &gap);
        if (p >= end || gap >= postings->last - docid)
            goto broken;
        docid += gap + 1;
    }
    return n;
broken:
    postings->cursor.reader->broken = true;
    while (n > 0 && docids[n - 1] > postings->last)
        n--;
    return n;
}

/* The first docid of a set from one on, at most `most`; above it: there is none. */
static inline uint32_t
next_of(const uint64_t *set, uint32_t docid, uint32_t most)
{
    if (docid > most)
        return docid;
    uint32_t word = docid / 64;
    uint64_t bits = set[word] & ~UINT64_C(0) << docid % 64;
    while (!bits) {
        if (++word > most / 64)
            return most + 1;
        bits = set[word];
    }
    return word * 64 + (uint32_t)__builtin_ctzll(bits);
}

/* To the first posting that is not before the wanted document, which is not beyond `last`. p: behind the wdf of docid,
 * which is before it. NULL: there is none; docid is beyond `last` where the list makes no sense. */
static inline const uint8_t *
reach(const uint8_t *p, const uint8_t *end, uint32_t last, uint32_t wanted, uint32_t *docid,
      uint32_t *wdf)
{
    uint32_t at = *docid, gap;
    while (p < end) {
        uint32_t span;
        while (end - p >= 4 * GLASS_EIGHT && (span = glass_eight_span(p)) && at + span < wanted) {
            at += span;
            p += 4 * GLASS_EIGHT;
        }
        while (end - p >= GLASS_EIGHT && glass_eight_are(p)) {
            uint32_t reached, before = glass_eight_before(p, wanted - at, &reached);
            at += reached;
            p += 2 * before;
            if (before < 8) {
                *docid = at;
                *wdf = p[1];
                return p + 2;
            }
        }
        if (p >= end)
            break;
        p = glass_get_number(p, &gap);
        if (p >= end || gap >= last - at) {
            at = UINT32_MAX;
            break;
        }
        at += gap + 1;
        p = glass_get_number(p, wdf);
        if (at >= wanted) {
            *docid = at;
            return p;
        }
    }
    *docid = at;
    return NULL;
}

/* Where a set has more than one document for so many postings, all of them are decoded. */
#define FEW_OF 8

/* Has a set many documents where the chunk at hand lies? */
static bool
is_dense(const struct glass_postings *postings, const uint64_t *set)
{
    uint32_t few = lj_glass_postings_room(postings) / FEW_OF, n = 0;
    for (uint32_t w = postings->first / 64; w <= postings->last / 64 && n <= few; w++)
        n += (uint32_t)__builtin_popcountll(set[w]);
    return n > few;
}

uint32_t
lj_glass_postings_within(struct glass_postings *postings, const uint64_t *set, uint32_t *docids,
                         uint32_t *wdfs)
{
    if (is_dense(postings, set)) {
        uint32_t all = lj_glass_postings_decode(postings, docids, wdfs), kept = 0;
        for (uint32_t i = 0; i < all; i++) {
            uint32_t own = docids[i];
            docids[kept] = own;
            wdfs[kept] = wdfs[i];
            kept += set[own / 64] >> own % 64 & 1;
        }
        return kept;
    }
    const uint8_t *end = postings->end;
    uint32_t docid = postings->first, last = postings->last, n = 0, wdf;
    const uint8_t *p = glass_get_number(postings->at, &wdf);
    for (uint32_t wanted = next_of(set, docid, last); wanted <= last;
         wanted = next_of(set, wanted, last)) {
        if (docid < wanted && !(p = reach(p, end, last, wanted, &docid, &wdf)))
            break;
        if (docid == wanted) {
            docids[n] = docid;
            wdfs[n++] = wdf;
            wanted++;
        } else {
            wanted = docid;
        }
    }
    postings->cursor.reader->broken |= docid > last;
    return n;
}

/* Chunks that are gone through one by one rather than looked for in the table. */
#define NEAR_CHUNKS 8

/* To the chunk that may hold a document beyond the one at hand, or the first after it; false: there is none. */
static bool
seek_chunk(struct glass_postings *postings, uint32_t docid)
{
    if (postings->final)
        return false;
    if ((docid - postings->last) / NEAR_CHUNKS <= postings->last - postings->first)
        return lj_glass_postings_chunk(postings);
    struct glass_cursor *cursor = &postings->cursor;
    uint8_t key[sizeof postings->key + GLASS_SORTED];
    uint32_t prefix = postings->key_length + postings->suffix, length;
    const uint8_t *tag;
    memcpy(key, postings->key, prefix);
    uint32_t key_length = (uint32_t)(glass_put_sorted(key + prefix, docid) - key);
    if (glass_cursor_find(cursor, key, key_length)) {
        uint32_t found = chunk_docid(postings);
        if (found > postings->last)
            return open_chunk(postings, false, found);
        /* The one at hand: none begins between it and the document. */
        if ((found == postings->first ||
             (found == 0 && glass_is_key(cursor, postings->key, postings->key_length))) &&
            glass_cursor_tag(cursor, &tag, &length))
            return lj_glass_postings_chunk(postings);
    }
    cursor->reader->broken = true;
    return false;
}

bool
lj_glass_postings_seek(struct glass_postings *postings, uint32_t docid)
{
    while (docid > postings->last)
        if (!seek_chunk(postings, docid))
            return false;
    return true;
}

/* Those of n documents that the chunk at hand has; they all lie within it. */
static uint32_t
take_of_chunk(struct glass_postings *postings, const uint32_t *docids, uint32_t n, uint32_t *places,
              uint32_t *wdfs)
{
    const uint8_t *end = postings->end, *p = postings->stop;
    uint32_t docid = postings->stop_docid, found = 0, wdf = postings->stop_wdf;
    if (!p || docid > docids[0]) {
        docid = postings->first;
        p = glass_get_number(postings->at, &wdf);
    }
    for (uint32_t i = 0; i < n; i++) {
        if (docid < docids[i] && !(p = reach(p, end, postings->last, docids[i], &docid, &wdf)))
            break;
        places[found] = i;
        wdfs[found] = wdf;
        found += docid == docids[i];
    }
    postings->stop = p;
    postings->stop_docid = docid;
    postings->stop_wdf = wdf;
    postings->cursor.reader->broken |= docid > postings->last;
    return found;
}

uint32_t
lj_glass_postings_of(struct glass_postings *postings, const uint32_t *docids, uint32_t n,
                     uint32_t *places, uint32_t *wdfs)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < n;) {
        if (docids[i] > postings->last) {
            if (!seek_chunk(postings, docids[i]))
                break;
            continue;
        }
        uint32_t from = i, before = found;
        while (i < n && docids[i] <= postings->last)
            i++;
        found += take_of_chunk(postings, docids + from, i - from, places + found, wdfs + found);
        for (; before < found; before++)
            places[before] += from;
    }
    return found;
}

void
lj_glass_postings_end(struct glass_postings *postings)
{
    glass_cursor_clear(&postings->cursor);
}

/* --- values ------------------------------------------------------------------------------------
 */

/* Most are below 128. */
static inline uint64_t
take_small(struct glass_bytes *in)
{
    return in->at < in->end && *in->at < 0x80 ? *in->at++ : glass_take_number(in);
}

/* The values of a chunk, whose first document is docid. Returns its last one; 0: it makes no sense. */
static uint32_t
take_chunk(struct glass_reader *reader, const uint8_t *tag, uint32_t length, uint32_t docid,
           glass_value_fn give, void *data)
{
    struct glass_bytes in = {tag, tag + length, true};
    for (uint64_t gap = 0; in.good && docid <= reader->last_docid; docid += (uint32_t)gap + 1) {
        uint64_t size = take_small(&in);
        if (!in.good || size > (uint64_t)(in.end - in.at))
            break;
        give(docid, in.at, (uint32_t)size, data);
        in.at += size;
        if (in.at == in.end)
            return docid;
        gap = take_small(&in);
        in.good &= gap < reader->last_docid - docid;
    }
    return 0;
}

void
lj_glass_values(struct glass_reader *reader, uint32_t slot, glass_value_fn give, void *data)
{
    struct glass_cursor cursor;
    glass_cursor_init(&cursor, reader, &reader->postlist);
    uint8_t key[16] = {0x00, 0xd8};
    uint32_t prefix = (uint32_t)(glass_put_number(key + 2, slot) - key), before = 0;
    if (glass_cursor_find(&cursor, key, prefix))
        while (glass_cursor_step(&cursor) && cursor.key_length > prefix &&
               memcmp(cursor.key, key, prefix) == 0) {
            uint32_t docid = glass_get_sorted(cursor.key + prefix, cursor.key_length - prefix);
            const uint8_t *tag;
            uint32_t length;
            if (docid <= before || !glass_cursor_tag(&cursor, &tag, &length) ||
                !(before = take_chunk(reader, tag, length, docid, give, data))) {
                reader->broken = true;
                break;
            }
        }
    glass_cursor_clear(&cursor);
}

/* Of the documents of a chunk those asked for. */
struct asked {
    const uint32_t *docids;
    uint32_t n, at;
    glass_value_fn take;
    void *data;
};

static void
take_asked(uint32_t docid, const uint8_t *value, uint32_t length, void *data)
{
    struct asked *asked = data;
    while (asked->at < asked->n && asked->docids[asked->at] < docid)
        asked->at++;
    if (asked->at < asked->n && asked->docids[asked->at] == docid) {
        asked->take(docid, value, length, asked->data);
        asked->at++;
    }
}

void
lj_glass_values_of(struct glass_reader *reader, uint32_t slot, const uint32_t *docids, uint32_t n,
                   glass_value_fn take, void *data)
{
    struct glass_cursor cursor;
    glass_cursor_init(&cursor, reader, &reader->postlist);
    uint8_t key[16] = {0x00, 0xd8};
    uint32_t prefix = (uint32_t)(glass_put_number(key + 2, slot) - key);
    struct asked asked = {docids, n, 0, take, data};
    while (asked.at < n && !reader->broken) {
        uint32_t before = asked.at, first = 0, length;
        const uint8_t *tag;
        const uint8_t *end = glass_put_sorted(key + prefix, docids[asked.at]);
        if (glass_cursor_find(&cursor, key, (uint32_t)(end - key)) && cursor.key_length > prefix &&
            memcmp(cursor.key, key, prefix) == 0)
            first = glass_get_sorted(cursor.key + prefix, cursor.key_length - prefix);
        if (first && (!glass_cursor_tag(&cursor, &tag, &length) ||
                      !take_chunk(reader, tag, length, first, take_asked, &asked)))
            reader->broken = true;
        /* Up to the next chunk none has any, and behind the last. */
        if (asked.at == n || reader->broken || !glass_cursor_step(&cursor) ||
            cursor.key_length <= prefix || memcmp(cursor.key, key, prefix) != 0)
            break;
        first = glass_get_sorted(cursor.key + prefix, cursor.key_length - prefix);
        while (asked.at < n && docids[asked.at] < first)
            asked.at++;
        asked.at += asked.at == before; /* only where the keys are in disorder */
    }
    glass_cursor_clear(&cursor);
}

/* --- metadata ----------------------------------------------------------------------------------
 */

void
lj_glass_metadata(struct glass_reader *reader, const char *name, size_t length, GString *out)
{
    if (length > GLASS_METADATA_NAME_LIMIT)
        return;
    struct glass_cursor cursor;
    glass_cursor_init(&cursor, reader, &reader->postlist);
    uint8_t key[GLASS_KEY_LIMIT] = {0x00, 0xc0};
    memcpy(key + 2, name, length);
    const uint8_t *tag;
    uint32_t size;
    if (glass_cursor_find(&cursor, key, (uint32_t)length + 2) &&
        glass_is_key(&cursor, key, (uint32_t)length + 2) && glass_cursor_tag(&cursor, &tag, &size))
        g_string_append_len(out, (const char *)tag, (gssize)size);
    glass_cursor_clear(&cursor);
}

/* --- terms of a document -----------------------------------------------------------------------
 */

/* A document's terms, going on from one that is before a probe, or among those that begin with it. */
struct terms {
    const uint8_t *at, *end;
    uint64_t left;        /* with the term at hand */
    uint32_t length, wdf; /* of that */
    uint8_t term[256];    /* the term, where it was looked at */
    const struct xap_probe *probe, *last;
    uint32_t known; /* bytes that a term before the probe has in common with it */
    bool inside;    /* the term begins with the probe */
};

/* To the next term that has no more in common with the one at hand than that has with the probe: all others lie on the same
 * side of it, and need not be put together. *shared: bytes that it has of the one before it; *rest: bytes that follow, at
 * *bytes. false: there is none; left tells whether there should be. */
static bool
next_term(struct terms *terms, uint32_t *shared, uint32_t *rest, const uint8_t **bytes)
{
    const uint8_t *at = terms->at, *end = terms->end;
    uint32_t length = terms->length, most = terms->inside ? UINT8_MAX : terms->known;
    while (terms->left > 1 && end - at >= 2) {
        uint32_t own = *at++, size = *at++, wdf = 0;
        bool packed = own > length; /* a small wdf stands there, too */
        if (packed) {
            wdf = own / (length + 1) - 1;
            own %= length + 1;
        }
        if (size > (size_t)(end - at) || own + size > UINT8_MAX)
            break;
        const uint8_t *here = at;
        at += size;
        length = own + size;
        if (!packed) {
            struct glass_bytes in = {at, end, true};
            wdf = (uint32_t)glass_take_number(&in);
            at = in.at;
            if (!in.good)
                break;
        }
        terms->left--;
        if (own <= most) {
            terms->at = at;
            terms->length = length;
            terms->wdf = wdf;
            *shared = own;
            *rest = size;
            *bytes = here;
            return true;
        }
    }
    return false;
}

/* Gives the term, if there is a probe for it, and goes to the probe that is not before it; false: there is none. */
static bool
find_probe(struct terms *terms, glass_term_fn give, void *data)
{
    terms->inside = false;
    for (; terms->probe < terms->last; terms->probe++) {
        const struct xap_probe *probe = terms->probe;
        uint32_t same = 0, most = MIN(probe->length, terms->length);
        while (same < most && terms->term[same] == (uint8_t)probe->term[same])
            same++;
        if (same == probe->length && (probe->prefix || same == terms->length)) {
            if (!give(terms->term, terms->length, terms->wdf, data))
                return false;
            terms->inside = probe->prefix;
            if (terms->inside)
                return true;
        } else if (same < probe->length &&
                   (same == terms->length || terms->term[same] < (uint8_t)probe->term[same])) {
            terms->known = same;
            return true;
        }
    }
    return false;
}

/* false: what follows is of no interest. */
static bool
take_term(struct terms *terms, uint32_t shared, uint32_t rest, const uint8_t *bytes,
          glass_term_fn give, void *data)
{
    if (!terms->inside)
        memcpy(terms->term, terms->probe->term, shared);
    memcpy(terms->term + shared, bytes, rest);
    if (terms->inside && shared >= terms->probe->length)
        return give(terms->term, terms->length, terms->wdf, data);
    terms->probe += terms->inside;
    return find_probe(terms, give, data);
}

/* The first term stands there as it is; false: it does not. */
static bool
begin_terms(struct terms *terms, struct glass_bytes in)
{
    if (!in.good || in.at == in.end)
        return false;
    terms->length = *in.at++;
    if (terms->length > (size_t)(in.end - in.at))
        return false;
    memcpy(terms->term, in.at, terms->length);
    in.at += terms->length;
    terms->wdf = (uint32_t)glass_take_number(&in);
    terms->at = in.at;
    terms->end = in.end;
    return in.good;
}

bool
lj_glass_terms(struct glass_reader *reader, uint32_t docid, const struct xap_probe *probes,
               size_t n, glass_term_fn give, void *data)
{
    struct glass_cursor cursor;
    glass_cursor_init(&cursor, reader, &reader->termlist);
    uint8_t key[GLASS_SORTED];
    uint32_t key_length = (uint32_t)(glass_put_sorted(key, docid) - key), length;
    const uint8_t *tag, *bytes;
    bool found = glass_cursor_find(&cursor, key, key_length) &&
                 glass_is_key(&cursor, key, key_length) && glass_cursor_tag(&cursor, &tag, &length);
    if (found && length > 0 && n > 0) {
        struct terms terms = {.probe = probes, .last = probes + n};
        struct glass_bytes in = {tag, tag + length, true};
        glass_take_number(&in); /* length of the document */
        terms.left = glass_take_number(&in);
        uint32_t shared, rest;
        bool good = terms.left == 0 || begin_terms(&terms, in),
             going = good && terms.left > 0 && find_probe(&terms, give, data);
        while (going && next_term(&terms, &shared, &rest, &bytes))
            going = take_term(&terms, shared, rest, bytes, give, data);
        reader->broken |= !good || (going && terms.left > 1);
    }
    glass_cursor_clear(&cursor);
    return found;
}
