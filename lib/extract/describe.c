#include "extract/describe.h"
#include "extract/lines.h"
#include "legajo/date.h"

#include <string.h>

bool
lj_describe_date(struct lj_document *document, const char *value, enum lj_date_rung rung)
{
    if (document->date && document->date_from <= rung)
        return true;
    while (*value && lj_is_blank(*value))
        value++;
    struct lj_interval when;
    size_t used = 0;
    if (!lj_interval_from_iso(value, -1, &when) &&
        !lj_date_read(value, strlen(value), true, &used, &when))
        return false;
    lj_document_drop(document, document->date);
    document->date = lj_interval_to_iso(&when);
    document->date_from = document->date ? rung : LJ_DATE_NONE;
    return document->date != NULL;
}

/* Keys that mean the document's date, best first, folded. */
static const char *const date_keys[] = {"date",
                                        "fecha",
                                        "publication_date",
                                        "fecha_publicacion",
                                        "fecha_de_publicacion",
                                        "publication date",
                                        "published",
                                        "publicado",
                                        "date_published",
                                        "datepublished",
                                        "issued"};

static bool
is_url(const char *value)
{
    return g_str_has_prefix(value, "http://") || g_str_has_prefix(value, "https://");
}

/* Keys come again with every record: what each means is found once. The table is bounded, since
 * keys are the documents' own. */
struct meaning {
    const struct lj_field *field;
    int date; /* place in date_keys, -1: none */
};

#define MEANINGS 512

static const struct meaning *
key_meaning(const char *key)
{
    static GHashTable *known; /* of the helper's one thread */
    if (!known)
        known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    struct meaning *meaning = g_hash_table_lookup(known, key);
    if (meaning)
        return meaning;
    if (g_hash_table_size(known) >= MEANINGS)
        g_hash_table_remove_all(known);
    meaning = g_new(struct meaning, 1);
    char *folded = lj_schema_fold(key, -1);
    meaning->field = lj_field_find(folded, -1);
    meaning->date = -1;
    for (size_t i = 0; i < G_N_ELEMENTS(date_keys); i++)
        if (strcmp(folded, date_keys[i]) == 0)
            meaning->date = (int)i;
    if (strcmp(folded, "tags") == 0 || strcmp(folded, "etiquetas") == 0)
        meaning->field = &lj_field_table()[LJ_FIELD_SUBJECT];
    g_free(folded);
    g_hash_table_insert(known, g_strdup(key), meaning);
    return meaning;
}

void
lj_describe_field(struct lj_document *document, const char *key, const char *value,
                  enum lj_date_rung rung)
{
    const struct meaning *meaning = key_meaning(key);
    const struct lj_field *field = meaning->field;
    const char *name = key;
    if (meaning->date >= 0) {
        /* "publication_date" where "date" stands too is one more thing to know */
        if (document->date_from != rung && lj_describe_date(document, value, rung))
            return;
        if (meaning->date == 0)
            name = "date_text"; /* not a date: kept, under a name that is no field's */
    }
    /* What the index derives keeps its key: what a record says there is its own affair. */
    if (field && lj_field_is_said(field))
        name = field->name;
    else if (field && field->id == LJ_FIELD_SOURCE && is_url(value) &&
             !lj_document_field(document, "url"))
        name = "url";
    else if (field && field->id == LJ_FIELD_ID)
        name = "identifier"; /* the id is the index's to give */
    bool list = field && field->list;
    if (name != key && !list && lj_document_field(document, name))
        name = key; /* a second title keeps its own name */
    lj_document_add_field(document, name, value);
}

void
lj_describe(struct lj_document *document, const char *name)
{
    if (!document->date)
        lj_describe_find_date(document, name);
    if (!lj_document_field(document, "title"))
        lj_describe_find_title(document, name);
}
