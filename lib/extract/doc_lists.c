#include "extract/doc_lists.h"
#include "extract/lists.h"
#include "extract/ole.h"

#include <string.h>

/* Places in the head of the text's stream: where in the table stream something lies, then its length. */
enum {
    STYLES_AT = 0xA2,
    PARAGRAPHS_AT = 0x102,
    LISTS_AT = 0x2E2,
    NUMBERS_AT = 0x2EA,
};

#define LEVELS 9
#define STYLES_DEEP 20
#define LISTS_MOST 10000

/* Bytes that are left of a table; reading beyond its end gives zeros and empties it. */
struct bytes {
    const uint8_t *p, *end;
};

/* A list and a level of it: 0 and up; -1: nothing is said. */
struct place {
    int number, level;
};

struct style {
    struct place place;
    int base;
};

/* Paragraphs of equal properties that lie together. */
struct run {
    uint32_t from, to;
    struct place place;
    int style;
};

struct lj_doc_lists {
    GHashTable *definitions; /* identifier → struct lj_list */
    GPtrArray *numbers;      /* lists in use, variants of these: struct lj_list, from 1 on */
    GArray *styles;          /* struct style */
    GArray *runs;            /* struct run, in order */
};

static const uint8_t *
take(struct bytes *bytes, size_t n)
{
    if (!bytes->p || (size_t)(bytes->end - bytes->p) < n) {
        bytes->p = bytes->end;
        return NULL;
    }
    bytes->p += n;
    return bytes->p - n;
}

static uint32_t
take_number(struct bytes *bytes, size_t n)
{
    const uint8_t *p = take(bytes, n);
    return !p ? 0 : n == 1 ? *p : n == 2 ? u16(p) : u32(p);
}

static struct bytes
part(const GByteArray *word, const GByteArray *table, size_t place)
{
    uint32_t at = u32(word->data + place), size = u32(word->data + place + 4);
    if (place + 8 > word->len || size == 0 || at > table->len || size > table->len - at)
        return (struct bytes){NULL, NULL};
    return (struct bytes){table->data + at, table->data + at + size};
}

/* A list of properties, each a number of which three bits tell how long the value is that follows. */
static struct place
place_in(struct bytes properties)
{
    static const uint8_t lengths[8] = {1, 1, 2, 4, 2, 2, 0, 3};
    struct place place = {-1, -1};
    while (properties.end - properties.p >= 3) {
        uint32_t property = take_number(&properties, 2);
        size_t length = property >> 13 == 6 ? 1u + *properties.p : lengths[property >> 13];
        const uint8_t *value = take(&properties, length);
        if (value && property == 0x260A) /* sprmPIlvl */
            place.level = *value;
        else if (value && property == 0x460B) /* sprmPIlfo; above: numbers of Word 6 */
            place.number = u16(value) < 0x7FF ? (int)u16(value) : 0;
    }
    return place;
}

static enum lj_numerals
numerals_of(uint8_t format)
{
    static const enum lj_numerals numerals[] = {
        LJ_NUMERALS_DIGITS,  LJ_NUMERALS_ROMAN,         LJ_NUMERALS_SMALL_ROMAN,
        LJ_NUMERALS_LETTERS, LJ_NUMERALS_SMALL_LETTERS, LJ_NUMERALS_ORDINAL,
        LJ_NUMERALS_WORD,    LJ_NUMERALS_ORDINAL_WORD,
    };
    return format < G_N_ELEMENTS(numerals) ? numerals[format]
           : format == 22                  ? LJ_NUMERALS_TWO_DIGITS
           : format == 23 || format == 255 ? LJ_NUMERALS_NONE
                                           : LJ_NUMERALS_DIGITS;
}

/* A level's text holds the numbers of levels as characters 0 to 8; as lists.h has it. g_free. */
static char *
level_text(struct bytes *bytes)
{
    uint32_t length = take_number(bytes, 2);
    const uint8_t *p = take(bytes, (size_t)length * 2);
    GString *text = g_string_new(NULL);
    for (uint32_t i = 0; p && i < length; i++) {
        uint32_t c = u16(p + i * 2);
        if (c < LEVELS)
            g_string_append_printf(text, "%%%u", c + 1);
        else if (c >= ' ' &&
                 (c < 0xD800 || c > 0xF8FF)) /* no halves of pairs, no signs of symbol fonts */
            g_string_append_unichar(text, c);
    }
    return g_string_free(text, FALSE);
}

static void
read_level(struct bytes *bytes, struct lj_list *list, int level)
{
    const uint8_t *head = take(bytes, 28);
    if (!head)
        return;
    take(bytes, (size_t)head[24] + head[25]); /* how number and paragraph look */
    char *text = level_text(bytes);
    lj_list_set(list, level, numerals_of(head[4]), u32(head), text);
    if (head[5] & 4)
        lj_list_legal(list, level);
    if (head[5] & 8)
        lj_list_keep(list, level, head[26]);
    g_free(text);
}

/* The lists' heads, then, behind what the length counts, all their levels. */
static void
read_definitions(struct lj_doc_lists *lists, struct bytes heads, const GByteArray *table)
{
    uint32_t n = take_number(&heads, 2);
    struct bytes levels = {heads.p, table->data + table->len};
    if (n > LISTS_MOST || !heads.p || !take(&levels, (size_t)n * 28))
        return;
    for (uint32_t i = 0; i < n && levels.p < levels.end; i++) {
        const uint8_t *head = take(&heads, 28);
        if (!head)
            return;
        struct lj_list *list = lj_list_new();
        for (int level = 0; level < (head[26] & 1 ? 1 : LEVELS); level++)
            read_level(&levels, list, level);
        g_hash_table_replace(lists->definitions, GUINT_TO_POINTER(u32(head)), list);
    }
}

/* Where a list in use departs from its definition. */
static void
read_departures(struct bytes *bytes, struct lj_list *list, int n)
{
    for (int i = 0; i < n && bytes->p < bytes->end; i++) {
        uint32_t start = take_number(bytes, 4), flags = take_number(bytes, 4);
        int level = (int)(flags & 15);
        if (flags & 16)
            lj_list_restart(list, level, start);
        if (flags & 32)
            read_level(bytes, list, level);
    }
}

static void
read_numbers(struct lj_doc_lists *lists, struct bytes heads)
{
    uint32_t n = take_number(&heads, 4);
    struct bytes rest = heads;
    if (n > LISTS_MOST || !heads.p || !take(&rest, (size_t)n * 16))
        return;
    for (uint32_t i = 0; i < n; i++) {
        const uint8_t *head = take(&heads, 16);
        if (!head)
            return;
        struct lj_list *list = g_hash_table_lookup(lists->definitions, GUINT_TO_POINTER(u32(head)));
        list = list ? lj_list_variant(list) : lj_list_new(); /* whose departures are read over */
        take(&rest, 4);
        read_departures(&rest, list, head[12]);
        g_ptr_array_add(lists->numbers, list);
    }
}

/* Styles: what each says of numbering itself, and which it is based on. */
static void
read_styles(struct lj_doc_lists *lists, struct bytes sheet)
{
    const uint32_t size = take_number(&sheet, 2);
    const uint8_t *head = take(&sheet, size);
    if (!head || size < 4)
        return;
    const uint32_t n = u16(head), base_size = u16(head + 2);
    for (uint32_t i = 0; i < n && sheet.p < sheet.end; i++) {
        uint32_t length = take_number(&sheet, 2);
        const uint8_t *p = take(&sheet, length);
        struct style style = {{-1, -1}, -1};
        struct bytes own = {p, p ? p + length : NULL};
        const uint8_t *base = p ? take(&own, base_size) : NULL;
        if (base && base_size >= 6 && (u16(base + 2) & 15) == 1) { /* of a paragraph */
            style.base = (int)(u16(base + 2) >> 4);
            take(&own, ((size_t)take_number(&own, 2) + 1) * 2); /* its name */
            uint32_t properties = take_number(&own, 2);
            const uint8_t *list = take(&own, properties);
            if (list && properties > 2)
                style.place = place_in((struct bytes){list + 2, list + properties});
        }
        g_array_append_val(lists->styles, style);
    }
}

/* A page of 512 bytes: where its paragraphs begin, then, 13 bytes each, in which halves of it their properties lie. */
static void
read_page(struct lj_doc_lists *lists, const uint8_t *page)
{
    const uint32_t n = page[511];
    if (n == 0 || (n + 1) * 4 + n * 13 > 511)
        return;
    for (uint32_t i = 0; i < n; i++) {
        struct run run = {
            .from = u32(page + i * 4), .to = u32(page + i * 4 + 4), .place = {-1, -1}, .style = 0};
        struct bytes bytes = {page + MIN(page[(n + 1) * 4 + i * 13] * 2, 511), page + 511};
        uint32_t words = bytes.p > page ? take_number(&bytes, 1) : 0;
        size_t length = words > 0 ? words * 2 - 1 : take_number(&bytes, 1) * (size_t)2;
        const uint8_t *p = take(&bytes, length);
        if (p && length >= 2) {
            run.style = (int)u16(p);
            run.place = place_in((struct bytes){p + 2, p + length});
        }
        g_array_append_val(lists->runs, run);
    }
}

static int
compare_runs(const void *a, const void *b)
{
    const struct run *x = a, *y = b;
    return (x->from > y->from) - (x->from < y->from);
}

static void
read_paragraphs(struct lj_doc_lists *lists, struct bytes pages, const GByteArray *word)
{
    size_t size = (size_t)(pages.end - pages.p), n = size >= 4 ? (size - 4) / 8 : 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t page = (uint64_t)(u32(pages.p + (n + 1 + i) * 4) & 0x3FFFFF) * 512;
        if (page + 512 <= word->len)
            read_page(lists, word->data + page);
    }
    g_array_sort(lists->runs, compare_runs);
}

static void
free_list(gpointer list)
{
    lj_list_free(list);
}

struct lj_doc_lists *
lj_doc_lists_read(const GByteArray *word, const GByteArray *table)
{
    struct lj_doc_lists *lists = g_new(struct lj_doc_lists, 1);
    lists->definitions = g_hash_table_new_full(NULL, NULL, NULL, free_list);
    lists->numbers = g_ptr_array_new_with_free_func(free_list);
    lists->styles = g_array_new(FALSE, FALSE, sizeof(struct style));
    lists->runs = g_array_new(FALSE, FALSE, sizeof(struct run));
    if (word->len < NUMBERS_AT + 8)
        return lists;
    read_definitions(lists, part(word, table, LISTS_AT), table);
    read_numbers(lists, part(word, table, NUMBERS_AT));
    if (lists->numbers->len > 0) {
        read_styles(lists, part(word, table, STYLES_AT));
        read_paragraphs(lists, part(word, table, PARAGRAPHS_AT), word);
    }
    return lists;
}

void
lj_doc_lists_free(struct lj_doc_lists *lists)
{
    if (!lists)
        return;
    g_ptr_array_unref(lists->numbers);
    g_array_unref(lists->styles);
    g_array_unref(lists->runs);
    g_hash_table_unref(lists->definitions);
    g_free(lists);
}

static const struct run *
find_run(const struct lj_doc_lists *lists, uint64_t byte)
{
    guint low = 0, high = lists->runs->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        const struct run *run = &g_array_index(lists->runs, struct run, middle);
        if (byte < run->from)
            high = middle;
        else if (byte >= run->to)
            low = middle + 1;
        else
            return run;
    }
    return NULL;
}

/* What the paragraph does not say itself, its style says, or one that this is based on. */
static struct place
place_of(const struct lj_doc_lists *lists, const struct run *run)
{
    struct place place = run->place;
    int at = run->style;
    for (int i = 0; (place.number < 0 || place.level < 0) && at >= 0 &&
                    (guint)at < lists->styles->len && i < STYLES_DEEP;
         i++) {
        const struct style *style = &g_array_index(lists->styles, struct style, at);
        if (place.number < 0)
            place.number = style->place.number;
        if (place.level < 0)
            place.level = style->place.level;
        at = style->base;
    }
    return (struct place){place.number, MAX(place.level, 0)};
}

char *
lj_doc_lists_label(struct lj_doc_lists *lists, uint64_t byte)
{
    const struct run *run = find_run(lists, byte);
    struct place place = run ? place_of(lists, run) : (struct place){0, 0};
    if (place.number <= 0 || (guint)place.number > lists->numbers->len)
        return NULL;
    return lj_list_next(lists->numbers->pdata[place.number - 1], place.level);
}
