#include "legajo/schema.h"
#include "i18n.h"

#include <string.h>

/* The rows. Prefixes and slots are laid down in FORMAT.md; a test holds the two together. */
static const struct lj_field table[LJ_FIELDS] = {
    {LJ_FIELD_TITLE, "title", "título", "titulo", "S", LJ_SLOT_TITLE, LJ_KIND_TEXT, false, false,
     N_("words of the title and of headings"), "titulo:\"ley de armas\""},
    {LJ_FIELD_DATE, "date", "fecha", "", NULL, LJ_SLOT_DATE, LJ_KIND_DATE, false, true,
     N_("date of the document: a day, month, year, range, or ninguna"), "fecha:2024..2026"},
    {LJ_FIELD_TYPE, "type", "tipo", "rango rank clase", "XT:", LJ_SLOT_TYPE, LJ_KIND_KEYWORD, true,
     true, N_("type of document"), "tipo:ley,decreto"},
    {LJ_FIELD_ORGANIZATION, "organization", "órgano",
     "organo organismo organizacion dependencia department departamento", "G", LJ_SLOT_ORGANIZATION,
     LJ_KIND_NAME, true, true, N_("body that issued it"),
     "organo:\"Secretaría de Relaciones Exteriores\""},
    {LJ_FIELD_COUNTRY, "country", "país", "pais", "XC:", LJ_SLOT_COUNTRY, LJ_KIND_KEYWORD, true,
     true, N_("country, as the archive writes it"), "pais:mx"},
    {LJ_FIELD_AUTHOR, "author", "autor", "autora", "A", LJ_SLOT_AUTHOR, LJ_KIND_NAME, true, true,
     N_("who wrote or signed it"), "autor:velasco"},
    {LJ_FIELD_SUBJECT, "subject", "materia", "tema keywords", "K", LJ_SLOT_SUBJECT, LJ_KIND_NAME,
     true, true, N_("subject headings"), "materia:seguridad"},
    {LJ_FIELD_LANGUAGE, "language", "idioma", "lengua lang", "L:", LJ_SLOT_LANGUAGE,
     LJ_KIND_KEYWORD, false, true, N_("language"), "idioma:es"},
    {LJ_FIELD_EXT, "ext", "extensión", "extension", "XE:", LJ_SLOT_EXT, LJ_KIND_KEYWORD, false,
     true, N_("ending of the file's name"), "ext:pdf"},
    {LJ_FIELD_MIME, "mime", "mime", "formato", "T:", LJ_SLOT_MIME, LJ_KIND_KEYWORD, false, true,
     N_("MIME type"), "mime:text/html"},
    {LJ_FIELD_PATH, "path", "ruta", "carpeta folder", "XP", -1, LJ_KIND_PATH, false, false,
     N_("folders or the file: names that follow one another in the path"), "ruta:leyes/2026"},
    {LJ_FIELD_URL, "url", "url", "enlace", "U:", -1, LJ_KIND_KEYWORD, false, false,
     N_("address it was published at"), "url:https://…"},
    {LJ_FIELD_SOURCE, "source", "fuente", "", "XN", LJ_SLOT_SOURCE, LJ_KIND_KEYWORD, false, true,
     N_("name of the indexed source"), "fuente:leyes"},
    {LJ_FIELD_ID, "id", "id", "clave key", "Q", LJ_SLOT_ID, LJ_KIND_ID, false, false,
     N_("identity, or the first digits of the key"), "id:a3f9c1"},
    {LJ_FIELD_TAG, "tag", "etiqueta", "marca", NULL, -1, LJ_KIND_TAG, true, false,
     N_("your own marks"), "etiqueta:revisar"},
    {LJ_FIELD_YEAR, "year", "año", "", "Y", -1, LJ_KIND_DATE, false, true,
     N_("year of the document"), "año:2026"},
    {LJ_FIELD_ARTICLE, "article", "artículo", "art articulo", "XR", -1, LJ_KIND_CITATION, true,
     false, N_("an article that the text cites"), "art:123"},
    {LJ_FIELD_CITATION, "citation", "cita", "", "XR", -1, LJ_KIND_CITATION, true, false,
     N_("a norm that the text cites"), "cita:\"RD 1312/2024\""},
    {LJ_FIELD_LAW, "law", "ley", "norma", "XR", -1, LJ_KIND_CITATION, true, false,
     N_("a law that the text cites, by name or number"), "ley:\"Federal de Armas\""},
    {LJ_FIELD_MENTION, "mention", "mención", "mencion menciona", "XM", -1, LJ_KIND_CITATION, true,
     false, N_("a date that the text mentions"), "mencion:2026-01-21"},
};

const struct lj_field *
lj_field_table(void)
{
    return table;
}

/* Calls test on each name of a row until it says yes. */
static const char *
row_name(const struct lj_field *row, bool (*test)(const char *name, gpointer data), gpointer data)
{
    if (test(row->name, data))
        return row->name;
    char *spanish = lj_schema_fold(row->spanish, -1);
    bool found = test(spanish, data);
    g_free(spanish);
    if (found)
        return row->spanish;
    char **names = g_strsplit(row->aliases, " ", -1);
    const char *result = NULL;
    for (char **name = names; *name && !result; name++)
        if (**name && test(*name, data))
            result = row->name;
    g_strfreev(names);
    return result;
}

static bool
add_name(const char *name, gpointer data)
{
    gpointer *pair = data; /* names, row */
    if (!g_hash_table_contains(pair[0], name))
        g_hash_table_insert(pair[0], g_strdup(name), pair[1]);
    return false;
}

/* Folded name → row, made once: fields are looked up for every cell of an answer. */
static GHashTable *
names_of_fields(void)
{
    static GHashTable *names;
    static gsize ready;
    if (g_once_init_enter(&ready)) {
        names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        for (int i = 0; i < LJ_FIELDS; i++) {
            gpointer pair[2] = {names, (gpointer)&table[i]};
            row_name(&table[i], add_name, pair);
        }
        g_once_init_leave(&ready, 1);
    }
    return names;
}

const struct lj_field *
lj_field_find(const char *name, gssize length)
{
    if (length < 0) { /* most are written as the table has them */
        const struct lj_field *found = g_hash_table_lookup(names_of_fields(), name);
        if (found)
            return found;
    }
    char *folded = lj_schema_fold(name, length);
    const struct lj_field *found = g_hash_table_lookup(names_of_fields(), folded);
    g_free(folded);
    return found;
}

/* Edit distance with transpositions (optimal string alignment) over bytes: folded names are ASCII
 * but for ñ, where two bytes count as one step too many, which does no harm here. */
static unsigned
distance(const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b);
    if (n > 40 || m > 40)
        return 40;
    unsigned d[42][42];
    for (size_t i = 0; i <= n; i++)
        d[i][0] = (unsigned)i;
    for (size_t j = 0; j <= m; j++)
        d[0][j] = (unsigned)j;
    for (size_t i = 1; i <= n; i++)
        for (size_t j = 1; j <= m; j++) {
            unsigned cost = a[i - 1] != b[j - 1];
            unsigned best = MIN(d[i - 1][j] + 1, d[i][j - 1] + 1);
            best = MIN(best, d[i - 1][j - 1] + cost);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                best = MIN(best, d[i - 2][j - 2] + 1);
            d[i][j] = best;
        }
    return d[n][m];
}

struct nearest {
    const char *wanted;
    unsigned best;
};

static bool
nearer(const char *name, gpointer data)
{
    struct nearest *state = data;
    unsigned found = distance(name, state->wanted);
    if (found < state->best && found < strlen(name) && found < strlen(state->wanted)) {
        state->best = found;
        return true;
    }
    return false;
}

bool
lj_field_is_said(const struct lj_field *field)
{
    switch (field->id) {
    case LJ_FIELD_TITLE:
    case LJ_FIELD_TYPE:
    case LJ_FIELD_ORGANIZATION:
    case LJ_FIELD_COUNTRY:
    case LJ_FIELD_AUTHOR:
    case LJ_FIELD_SUBJECT:
    case LJ_FIELD_LANGUAGE:
    case LJ_FIELD_URL:
        return true;
    default:
        return false;
    }
}

const struct lj_field *
lj_field_nearest(const char *name, gssize length)
{
    char *folded = lj_schema_fold(name, length);
    struct nearest state = {folded, 3};
    const struct lj_field *best = NULL;
    for (int i = 0; i < LJ_FIELDS; i++)
        if (row_name(&table[i], nearer, &state))
            best = &table[i];
    g_free(folded);
    return best;
}

uint32_t
lj_schema_declared_slot(const char *name)
{
    char *folded = lj_schema_fold(name, -1);
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (const char *p = folded; *p; p++)
        hash = (hash ^ (uint8_t)*p) * 16777619u;
    g_free(folded);
    return LJ_SLOT_DECLARED + ((hash ^ hash >> 20) & 0xFFFFF);
}

char *
lj_schema_declared_prefix(const char *name)
{
    char *folded = lj_schema_fold(name, -1);
    GString *out = g_string_new("XD");
    for (const char *p = folded; *p; p++)
        if (*p != ' ' && *p != ':')
            g_string_append_c(out, g_ascii_toupper(*p));
    g_string_append_c(out, ':');
    g_free(folded);
    return g_string_free(out, FALSE);
}

static int
compare_strings(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void
lj_schema_list_join(const char *const *values, size_t n, GString *out)
{
    const char **sorted = g_new(const char *, n + 1);
    for (size_t i = 0; i < n; i++)
        sorted[i] = values[i];
    qsort(sorted, n, sizeof *sorted, compare_strings);
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && strcmp(sorted[i], sorted[i - 1]) == 0)
            continue;
        size_t length = strlen(sorted[i]), left = length;
        while (left > 127) {
            g_string_append_c(out, (char)((left & 127) | 128));
            left >>= 7;
        }
        g_string_append_c(out, (char)left);
        g_string_append_len(out, sorted[i], (gssize)length);
    }
    g_free(sorted);
}

bool
lj_schema_list_split(const char *bytes, size_t length, GPtrArray *out)
{
    size_t at = 0;
    while (at < length) {
        size_t size = 0;
        unsigned shift = 0;
        for (;; shift += 7) {
            if (at >= length || shift > 28)
                return false;
            uint8_t byte = (uint8_t)bytes[at++];
            size |= (size_t)(byte & 127) << shift;
            if (byte < 128)
                break;
        }
        if (size > length - at)
            return false;
        g_ptr_array_add(out, g_strndup(bytes + at, size));
        at += size;
    }
    return true;
}
