#include "analysis/citation.h"
#include "index/inverter.h"

#include <string.h>

#define FACET_LIMIT 2000 /* bytes of a value that facets count */

void
lj_inverter_add_piece(struct lj_inverter *inverter, struct pieces *pieces, uint32_t slot,
                      const char *begin, size_t n, const char *rest, size_t length)
{
    if (G_UNLIKELY(inverter->bytes_allocated - inverter->n_bytes < n + length)) {
        inverter->bytes_allocated = 2 * inverter->bytes_allocated + n + length + 1024;
        inverter->bytes = g_realloc(inverter->bytes, inverter->bytes_allocated);
    }
    if (G_UNLIKELY(pieces->n == pieces->allocated)) {
        pieces->allocated = 2 * pieces->allocated + 16;
        pieces->piece = g_renew(struct piece, pieces->piece, pieces->allocated);
    }
    char *at = inverter->bytes + inverter->n_bytes;
    memcpy(at, begin, n);
    memcpy(at + n, rest, length);
    pieces->piece[pieces->n++] =
        (struct piece){slot, (uint32_t)inverter->n_bytes, (uint32_t)(n + length)};
    inverter->n_bytes += n + length;
}

void
lj_inverter_value(struct lj_inverter *inverter, uint32_t slot, const char *bytes, size_t length)
{
    if (length > 0)
        lj_inverter_add_piece(inverter, &inverter->pieces, slot, bytes, length, "", 0);
}

/* What the table says of a field: boolean terms, words, the value slot. */
static void
add_field(struct lj_inverter *inverter, const struct lj_document *document,
          const struct lj_field *field)
{
    GPtrArray *values = inverter->field_values, *cut = NULL;
    g_ptr_array_set_size(values, 0);
    for (guint i = 0; i < document->properties->len; i++) {
        const struct lj_property *p = &g_array_index(document->properties, struct lj_property, i);
        if (*p->name != *field->name || strcmp(p->name, field->name) != 0)
            continue;
        char *value = p->value;
        size_t length = strlen(value);
        if (G_UNLIKELY(length > FACET_LIMIT)) {
            value = g_strndup(value, lj_whole_prefix(value, length, FACET_LIMIT));
            cut = cut ? cut : g_ptr_array_new_with_free_func(g_free);
            g_ptr_array_add(cut, value);
        }
        g_ptr_array_add(values, value);
    }
    if (field->id == LJ_FIELD_MIME && values->len == 0 && document->mime)
        g_ptr_array_add(values, document->mime);
    if (values->len == 0)
        return;
    char whole[16];
    g_strlcpy(whole, field->prefix, sizeof whole);
    if (field->kind == LJ_KIND_NAME)
        g_strlcat(whole, ":", sizeof whole);
    uint32_t base = 1;
    for (guint i = 0; i < values->len; i++) {
        char *folded = lj_schema_fold(values->pdata[i], -1);
        lj_inverter_boolean(inverter, whole, folded);
        if (field->kind == LJ_KIND_NAME)
            lj_inverter_name_words(inverter, field->prefix, values->pdata[i], &base);
        g_free(folded);
    }
    if (field->slot >= 0 && field->list) {
        g_string_truncate(inverter->joined, 0);
        lj_schema_list_join((const char *const *)values->pdata, values->len, inverter->joined);
        lj_inverter_value(inverter, (uint32_t)field->slot, inverter->joined->str,
                          inverter->joined->len);
    } else if (field->slot >= 0) {
        lj_inverter_value(inverter, (uint32_t)field->slot, values->pdata[0],
                          strlen(values->pdata[0]));
    }
    if (cut)
        g_ptr_array_unref(cut);
}

/* What the configuration declares: whole values, each found by name:value; all of them in the slot. */
static void
add_declared(struct lj_inverter *inverter, const struct lj_document *document)
{
    for (guint d = 0; inverter->declared && d < inverter->declared->len; d++) {
        const struct lj_declared *field = inverter->declared->pdata[d];
        GPtrArray *values = g_ptr_array_new_with_free_func(g_free);
        for (guint i = 0; i < document->properties->len; i++) {
            const struct lj_property *p =
                &g_array_index(document->properties, struct lj_property, i);
            char *name = lj_schema_fold(p->name, -1);
            if (strcmp(name, field->folded) == 0)
                g_ptr_array_add(
                    values,
                    g_strndup(p->value, lj_whole_prefix(p->value, strlen(p->value), FACET_LIMIT)));
            g_free(name);
        }
        for (guint i = 0; i < values->len; i++) {
            char *folded = lj_schema_fold(values->pdata[i], -1);
            lj_inverter_boolean(inverter, field->prefix, folded);
            g_free(folded);
        }
        if (field->facet && values->len > 0) {
            GString *joined = g_string_new(NULL);
            lj_schema_list_join((const char *const *)values->pdata, values->len, joined);
            lj_inverter_value(inverter, field->slot, joined->str, joined->len);
            g_string_free(joined, TRUE);
        }
        g_ptr_array_unref(values);
    }
}

/* Leading parts of the path: leyes, leyes/2026 … */
static void
add_path(struct lj_inverter *inverter, const char *path)
{
    char *folded = lj_schema_fold(path, -1);
    for (char *slash = strchr(folded, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        lj_inverter_boolean(inverter, "XP", folded);
        *slash = '/';
    }
    lj_inverter_boolean(inverter, "XP", folded);
    g_free(folded);
}

/* The extension, folded; NULL: none. A copy. */
static char *
add_ext(struct lj_inverter *inverter, const char *path)
{
    const char *name = strrchr(path, '/');
    const char *dot = strrchr(name ? name : path, '.');
    if (!dot || !dot[1] || strlen(dot) > 12 || !g_utf8_validate(dot, -1, NULL))
        return NULL;
    char *ext = lj_schema_fold(dot + 1, -1);
    lj_inverter_boolean(inverter, "XE:", ext);
    return ext;
}

/* Terms of the source and the file, which no other part of a document brings: those of one file have the same. */
static void
add_file(struct lj_inverter *inverter, const struct lj_origin *origin)
{
    if (inverter->file_vocabulary == inverter->out.vocabulary &&
        g_strcmp0(inverter->file_source, origin->source) == 0 &&
        g_strcmp0(inverter->file_path, origin->path) == 0) {
        for (guint i = 0; i < inverter->file_terms->len; i++)
            lj_inverter_touch(inverter, g_array_index(inverter->file_terms, uint32_t, i));
        return;
    }
    g_free(inverter->file_source);
    g_free(inverter->file_path);
    g_free(inverter->file_ext);
    inverter->file_source = g_strdup(origin->source);
    inverter->file_path = g_strdup(origin->path);
    size_t before = inverter->n_touched;
    char *source = lj_schema_fold(origin->source, -1); /* as fuente: asks for it */
    char *path = g_strconcat(origin->source, "/", origin->path, NULL), term[35];
    lj_inverter_boolean(inverter, "XN", source);
    add_path(inverter, path);
    lj_term_file(origin->source, origin->path, term);
    lj_inverter_boolean(inverter, "", term);
    inverter->file_ext = add_ext(inverter, origin->path);
    g_array_set_size(inverter->file_terms, 0);
    g_array_append_vals(inverter->file_terms, inverter->touched + before,
                        (guint)(inverter->n_touched - before));
    inverter->file_vocabulary = inverter->out.vocabulary;
    g_free(source);
    g_free(path);
}

/* Further paths of the same bytes: the document is found by each, by its id and key, too. */
static void
add_copies(struct lj_inverter *inverter, const struct lj_document *document)
{
    for (guint i = 0; i < document->properties->len; i++) {
        const struct lj_property *p = &g_array_index(document->properties, struct lj_property, i);
        if (strcmp(p->name, LJ_PROPERTY_COPY) != 0)
            continue;
        char *id = lj_file_id(p->value), key[11];
        lj_document_key(id, key);
        lj_inverter_single(inverter, "XJ", id);
        lj_inverter_single(inverter, "XK", key);
        add_path(inverter, p->value);
        g_free(add_ext(inverter, p->value));
        g_free(id);
    }
}

static void
add_identity(struct lj_inverter *inverter, const struct lj_document *document,
             const struct lj_origin *origin)
{
    char made[11];
    const char *key = origin->key;
    if (!key) {
        lj_document_key(document->id, made);
        key = made;
    }
    lj_inverter_single(inverter, "Q", document->id);
    lj_inverter_single(inverter, "XK", key);
    if (origin->path) {
        add_file(inverter, origin);
        if (inverter->file_ext)
            lj_inverter_value(inverter, LJ_SLOT_EXT, inverter->file_ext,
                              strlen(inverter->file_ext));
    } else {
        char *source = lj_schema_fold(origin->source, -1);
        lj_inverter_boolean(inverter, "XN", source);
        g_free(source);
        add_path(inverter, document->id);
    }
    add_copies(inverter, document);
    lj_inverter_value(inverter, LJ_SLOT_ID, document->id, strlen(document->id));
    lj_inverter_value(inverter, LJ_SLOT_KEY, key, 10);
    lj_inverter_value(inverter, LJ_SLOT_SOURCE, origin->source, strlen(origin->source));
    lj_inverter_value(inverter, LJ_SLOT_SHA256, (const char *)document->sha256, 32);
    char hex[65];
    lj_sha256_hex(document->sha256, hex);
    lj_inverter_single(inverter, "XH", hex);
}

/* Which norm the document is: weighs (wdf 1), so that who asks for a norm gets it before those that
 * cite it. */
static void
add_norm(struct lj_inverter *inverter, const struct lj_document *document)
{
    GPtrArray *terms = inverter->norm_terms;
    g_ptr_array_set_size(terms, 0);
    lj_citation_identity(lj_document_field(document, "title"), document->id, document->text->str,
                         MIN(document->text->len, 4096), terms);
    for (guint i = 0; i < terms->len; i++) {
        const char *term = terms->pdata[i];
        lj_inverter_touch(inverter, lj_inverter_term(inverter, "XRI", term, strlen(term)))->wdf = 1;
    }
}

/* YYYYMMDD. */
static void
write_day(uint32_t day, char out[9])
{
    for (unsigned i = 8; i-- > 0; day /= 10)
        out[i] = (char)('0' + day % 10);
    out[8] = 0;
}

static void
add_date(struct lj_inverter *inverter, const struct lj_document *document)
{
    struct lj_interval interval;
    if (!document->date || !lj_interval_from_iso(document->date, -1, &interval))
        return;
    char first[9], last[9], part[9];
    write_day(interval.first, first);
    write_day(interval.last, last);
    inverter->out.dated = true;
    lj_inverter_value(inverter, LJ_SLOT_DATE, first, 8);
    if (interval.first != interval.last)
        lj_inverter_value(inverter, LJ_SLOT_DATE_END, last, 8);
    else
        lj_inverter_boolean(inverter, "D", first);
    if (interval.first / 100 == interval.last / 100) {
        g_strlcpy(part, first, 7);
        lj_inverter_boolean(inverter, "M", part);
    }
    if (interval.first / 10000 == interval.last / 10000) {
        g_strlcpy(part, first, 5);
        lj_inverter_boolean(inverter, "Y", part);
    }
    const char *rung = lj_date_rung_name(document->date_from);
    lj_inverter_value(inverter, LJ_SLOT_DATE_FROM, rung, strlen(rung));
}

void
lj_inverter_fields(struct lj_inverter *inverter, const struct lj_document *document,
                   const struct lj_origin *origin)
{
    static const enum lj_field_id fields[] = {
        LJ_FIELD_TYPE,    LJ_FIELD_ORGANIZATION, LJ_FIELD_COUNTRY, LJ_FIELD_AUTHOR,
        LJ_FIELD_SUBJECT, LJ_FIELD_LANGUAGE,     LJ_FIELD_MIME,    LJ_FIELD_URL};
    add_identity(inverter, document, origin);
    add_norm(inverter, document);
    add_date(inverter, document);
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
        add_field(inverter, document, &lj_field_table()[fields[i]]);
    add_declared(inverter, document);
    const char *title = lj_document_field(document, "title");
    if (title) {
        char *folded = lj_schema_fold(title, -1);
        lj_inverter_value(inverter, LJ_SLOT_TITLE, folded,
                          lj_whole_prefix(folded, strlen(folded), 60));
        g_free(folded);
    }
}
