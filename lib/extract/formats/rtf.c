/* Rich Text Format (Microsoft's specification 1.9.1): text with its outline levels, the numbers of its lists,
 * footnotes where they are called, title and author; pictures, styles, headers, bullets and deleted text are left out.
 */
#include "extract/charset.h"
#include "extract/describe.h"
#include "extract/formats.h"
#include "extract/writer.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/ucnv.h>

#define DEPTH_CEILING 500
#define FILE_CEILING (512u << 20)

struct state {
    bool skip;
    bool deleted;
    int unicode_skip; /* \uc: bytes that stand in for a \u */
    int font;
    char info; /* 't' title, 'a' author, 'k' keywords, 0 none */
    size_t
        number; /* 1 + where in the text a list's number begins that this group writes; 0: it writes none */
};

struct rtf {
    struct lj_document *document;
    size_t max;
    GString *bytes; /* 8-bit text not yet decoded */
    GString *claims[3];
    UConverter *converters[4];
    int pages[4], n_converters;
    int page;           /* code page of the document */
    GHashTable *fonts;  /* font number → code page */
    GHashTable *styles; /* style number → outline level + 1 */
    int font_defined, style_defined;
    bool in_fonts, in_styles;
    int level;        /* outline level of this paragraph + 1; 0: text */
    size_t paragraph; /* where it began */
    int swallow;      /* bytes that stand in for a \u and are not text */
    uint32_t high;    /* first half of a surrogate pair */
    struct state state;
};

static UConverter *
converter(struct rtf *r, int page)
{
    for (int i = 0; i < r->n_converters; i++)
        if (r->pages[i] == page)
            return r->converters[i];
    if (r->n_converters == 4)
        return r->converters[0];
    char name[24];
    UErrorCode status = U_ZERO_ERROR;
    g_snprintf(name, sizeof name,
               page == 10000                ? "macintosh"
               : page == 850 || page == 437 ? "ibm-%d"
                                            : "windows-%d",
               page);
    UConverter *found = ucnv_open(name, &status);
    if (U_FAILURE(status)) {
        status = U_ZERO_ERROR;
        found = ucnv_open("windows-1252", &status);
    }
    r->pages[r->n_converters] = page;
    r->converters[r->n_converters++] = found;
    return found;
}

/* Where text goes now, or NULL. */
static GString *
target(struct rtf *r)
{
    if (r->state.info)
        return r->claims[r->state.info == 't' ? 0 : r->state.info == 'a' ? 1 : 2];
    if (r->state.skip || r->state.deleted || r->document->text->len > r->max)
        return NULL;
    return r->document->text;
}

/* What is no character, as half of a pair, is replaced; the bullets of symbol fonts are nothing. */
static void
put_character(GString *out, uint32_t c)
{
    if (c >= 0xF020 && c <= 0xF0FF)
        return;
    g_string_append_unichar(out, c == 0 ? ' ' : c > 0x10FFFF || U_IS_SURROGATE(c) ? 0xFFFD : c);
}

static void
flush(struct rtf *r)
{
    GString *out = target(r);
    if (r->bytes->len > 0 && out) {
        int page = GPOINTER_TO_INT(g_hash_table_lookup(r->fonts, GINT_TO_POINTER(r->state.font)));
        UConverter *from = converter(r, page > 0 ? page : r->page);
        UErrorCode status = U_ZERO_ERROR;
        UChar wide[600];
        for (size_t at = 0; from && at < r->bytes->len;
             at += 256) { /* single-byte pages: any cut is good */
            status = U_ZERO_ERROR;
            int32_t n = ucnv_toUChars(from, wide, 600, r->bytes->str + at,
                                      (int32_t)MIN(r->bytes->len - at, 256), &status);
            for (int32_t i = 0; i < n && U_SUCCESS(status);) {
                UChar32 c;
                U16_NEXT(wide, i, n, c);
                put_character(out, (uint32_t)c);
            }
        }
    }
    g_string_truncate(r->bytes, 0);
}

static void
put_unicode(struct rtf *r, uint32_t c)
{
    flush(r);
    GString *out = target(r);
    if (c >= 0xD800 && c < 0xDC00) {
        r->high = c;
        return;
    }
    if (c >= 0xDC00 && c < 0xE000) {
        c = r->high ? 0x10000 + ((r->high - 0xD800) << 10) + (c - 0xDC00) : 0xFFFD;
    }
    r->high = 0;
    if (out && c > 0)
        put_character(out, c);
}

static void
put(struct rtf *r, const char *text)
{
    flush(r);
    GString *out = target(r);
    bool fresh = out && (out->len == 0 || out->str[out->len - 1] == '\n');
    if (fresh &&
        (*text == '\t' || (out->len > 1 && out->str[out->len - 2] == '\n' && *text == '\n')))
        return; /* indents, and more than one empty line */
    if (out)
        g_string_append(out, text);
}

static void
end_paragraph(struct rtf *r)
{
    flush(r);
    GString *text = r->document->text;
    if (r->level > 0 && r->level < 10 && text->len > r->paragraph && !r->state.skip) {
        struct lj_writer w = {.document = r->document};
        lj_writer_heading(&w, r->paragraph, (uint32_t)r->level);
    }
    put(r, "\n");
    r->paragraph = text->len;
}

static int
charset_page(int charset)
{
    static const int pages[][2] = {{0, 1252},   {1, 0},      {77, 10000}, {161, 1253},
                                   {162, 1254}, {177, 1255}, {178, 1256}, {186, 1257},
                                   {204, 1251}, {238, 1250}, {255, 850},  {2, 1252}};
    for (size_t i = 0; i < G_N_ELEMENTS(pages); i++)
        if (pages[i][0] == charset)
            return pages[i][1];
    return 0;
}

/* What a control word of a table or a destination does; true when it was one of these. */
static bool
destination(struct rtf *r, const char *word)
{
    static const char *const skipped[] = {"colortbl",     "sp",
                                          "pict",         "object",
                                          "header",       "headerl",
                                          "headerr",      "headerf",
                                          "footer",       "footerl",
                                          "footerr",      "footerf",
                                          "generator",    "fldinst",
                                          "datafield",    "themedata",
                                          "datastore",    "latentstyles",
                                          "rsidtbl",      "xmlnstbl",
                                          "listtable",    "listoverridetable",
                                          "revtbl",       "filetbl",
                                          "nonshppict",   "operator",
                                          "company",      "creatim",
                                          "revtim",       "printim",
                                          "buptim",       "comment",
                                          "annotation",   "atnid",
                                          "atnauthor",    "atrfstart",
                                          "atrfend",      "bkmkstart",
                                          "bkmkend",      "pnseclvl",
                                          "do",           "tc",
                                          "xe",           "category",
                                          "manager",      "doccomm",
                                          "hlinkbase",    "template",
                                          "passwordhash", "wgrffmtfilter",
                                          "mmathPr",      "userprops",
                                          "background",   "ftnsep",
                                          "ftnsepc",      "ftncn",
                                          "aftnsep"};
    for (size_t i = 0; i < G_N_ELEMENTS(skipped); i++)
        if (strcmp(word, skipped[i]) == 0) {
            flush(r);
            r->state.skip = true;
            return true;
        }
    if (strcmp(word, "fonttbl") == 0 || strcmp(word, "stylesheet") == 0) {
        flush(r);
        r->state.skip = true;
        r->in_fonts = *word == 'f';
        r->in_styles = *word == 's';
        return true;
    }
    if (strcmp(word, "listtext") == 0 || strcmp(word, "pntext") == 0) {
        flush(r);
        r->state.number = r->document->text->len + 1;
        return true;
    }
    if (strcmp(word, "info") == 0) {
        flush(r);
        r->state.skip = true;
        r->in_fonts = r->in_styles = false;
        return true;
    }
    if (strcmp(word, "title") == 0 || strcmp(word, "author") == 0 ||
        strcmp(word, "keywords") == 0) {
        flush(r);
        r->state.info = r->claims[*word == 't' ? 0 : *word == 'a' ? 1 : 2]->len == 0 ? *word : 0;
        r->state.skip = true;
        return true;
    }
    return false;
}

static void
control(struct rtf *r, const char *word, bool has_number, int number)
{
    static const struct {
        const char *word, *text;
    } signs[] = {{"tab", "\t"},      {"emdash", "—"},    {"endash", "–"},    {"lquote", "‘"},
                 {"rquote", "’"},    {"ldblquote", "“"}, {"rdblquote", "”"}, {"bullet", "•"},
                 {"emspace", " "},   {"enspace", " "},   {"line", "\n"},     {"cell", "\t"},
                 {"nestcell", "\t"}, {"qmspace", " "}};
    for (size_t i = 0; i < G_N_ELEMENTS(signs); i++)
        if (strcmp(word, signs[i].word) == 0) {
            put(r, signs[i].text);
            return;
        }
    if (strcmp(word, "par") == 0 || strcmp(word, "row") == 0 || strcmp(word, "nestrow") == 0 ||
        strcmp(word, "sect") == 0 || strcmp(word, "page") == 0) {
        end_paragraph(r);
    } else if (strcmp(word, "u") == 0 && has_number) {
        put_unicode(r, (uint32_t)(number < 0 ? number + 65536 : number));
        r->swallow = r->state.unicode_skip;
    } else if (strcmp(word, "uc") == 0 && has_number) {
        r->state.unicode_skip = CLAMP(number, 0, 16);
    } else if (strcmp(word, "f") == 0 && has_number) {
        flush(r);
        r->state.font = number;
        r->font_defined = number;
    } else if (strcmp(word, "fcharset") == 0 && has_number && r->in_fonts) {
        int page = charset_page(number);
        if (page > 0 && g_hash_table_size(r->fonts) < 10000)
            g_hash_table_insert(r->fonts, GINT_TO_POINTER(r->font_defined), GINT_TO_POINTER(page));
    } else if (strcmp(word, "ansicpg") == 0 && has_number) {
        r->page = number;
    } else if (strcmp(word, "mac") == 0) {
        r->page = 10000;
    } else if (strcmp(word, "pc") == 0 || strcmp(word, "pca") == 0) {
        r->page = word[2] ? 850 : 437;
    } else if (strcmp(word, "pard") == 0) {
        flush(r);
        r->level = 0;
    } else if (strcmp(word, "s") == 0 && has_number) {
        r->style_defined = number;
        if (!r->in_styles)
            r->level = GPOINTER_TO_INT(g_hash_table_lookup(r->styles, GINT_TO_POINTER(number)));
    } else if (strcmp(word, "outlinelevel") == 0 && has_number) {
        if (r->in_styles && g_hash_table_size(r->styles) < 10000)
            g_hash_table_insert(r->styles, GINT_TO_POINTER(r->style_defined),
                                GINT_TO_POINTER(CLAMP(number, 0, 9) + 1));
        else
            r->level = CLAMP(number, 0, 9) + 1;
    } else if (strcmp(word, "deleted") == 0) {
        flush(r);
        r->state.deleted = !has_number || number != 0;
    } else if (strcmp(word, "plain") == 0) {
        flush(r);
        r->state.deleted = false;
    } else if (strcmp(word, "footnote") == 0) {
        put(r, " ");
    } else {
        destination(r, word);
    }
}

/* A list's number has been written: what is none is a bullet ("o" and "§" are, of their fonts), and goes again. */
static void
end_number(struct rtf *r, size_t begin)
{
    GString *text = r->document->text;
    while (text->len > begin && strchr(" \t", text->str[text->len - 1]))
        g_string_truncate(text, text->len - 1);
    const char *number = text->str + begin;
    bool any = false;
    for (const char *c = number; *c && !any; c = g_utf8_next_char(c))
        any = g_unichar_isalnum(g_utf8_get_char(c));
    if (any && number[1])
        g_string_append_c(text, ' ');
    else
        g_string_truncate(text, begin);
}

/* A group ends. False: and the document with it; what stands behind is no part of it. */
static bool
end_group(struct rtf *r, GArray *stack, const char *p, const char *end)
{
    flush(r);
    if (stack->len == 0)
        return false;
    struct state inner = r->state;
    r->state = g_array_index(stack, struct state, stack->len - 1);
    g_array_set_size(stack, stack->len - 1);
    if (inner.number > 0 && r->state.number == 0 && r->document->text->len >= inner.number)
        end_number(r, inner.number - 1);
    if (inner.skip && !r->state.skip)
        r->in_fonts = r->in_styles = false;
    r->swallow = 0;
    while (p < end && g_ascii_isspace(*p))
        p++;
    return stack->len > 0 || (p < end && (*p == '\\' || *p == '{'));
}

static void
read_rtf(struct rtf *r, const char *p, const char *end)
{
    GArray *stack = g_array_new(FALSE, FALSE, sizeof(struct state));
    bool star = false;
    const char *opened = NULL; /* behind the brace of the group at hand, while it holds nothing */
    while (p < end && r->document->text->len <= r->max) {
        char c = *p++;
        if (c == '{') {
            flush(r);
            if (stack->len >= DEPTH_CEILING)
                break;
            g_array_append_val(stack, r->state);
            r->swallow = 0;
            opened = p;
        } else if (c == '}') {
            star = false;
            if (!end_group(r, stack, p, end))
                break;
        } else if (c == '\\' && p < end) {
            c = *p;
            if (g_ascii_isalpha(c)) {
                char word[33];
                size_t n = 0;
                while (p < end && g_ascii_isalpha(*p)) {
                    if (n < 32)
                        word[n++] = *p;
                    p++;
                }
                word[n] = 0;
                bool minus = p < end && *p == '-', has_number = false;
                const char *digits = p + minus;
                long number = 0;
                while (digits < end && g_ascii_isdigit(*digits)) {
                    has_number = true;
                    if (number < 100000000)
                        number = number * 10 + (*digits - '0');
                    digits++;
                }
                if (has_number)
                    p = digits;
                if (p < end && *p == ' ')
                    p++;
                if (strcmp(word, "bin") == 0 && has_number && !minus) {
                    p += MIN((long)(end - p), number);
                } else if (star && strcmp(word, "footnote") != 0) {
                    /* A destination only later programs know: left out, but for what holds text. */
                    if (strcmp(word, "shptxt") != 0 && strcmp(word, "shpinst") != 0 &&
                        strcmp(word, "fldrslt") != 0) {
                        flush(r);
                        r->state.skip = true;
                    }
                } else {
                    control(r, word, has_number, (int)(minus ? -number : number));
                }
                star = false;
            } else {
                p++;
                if (c == '\'' && end - p >= 2) {
                    int high = g_ascii_xdigit_value(p[0]), low = g_ascii_xdigit_value(p[1]);
                    p += 2;
                    if (r->swallow > 0)
                        r->swallow--;
                    else if (high >= 0 && low >= 0)
                        g_string_append_c(r->bytes, (char)(high << 4 | low));
                } else if (c == '*') {
                    star = opened == p - 2; /* elsewhere it says nothing */
                } else if (c == '~') {
                    put(r, " ");
                } else if (c == '_') {
                    put(r, "-");
                } else if (c == '\n' || c == '\r') {
                    end_paragraph(r);
                } else if (c == '\\' || c == '{' || c == '}') {
                    g_string_append_c(r->bytes, c);
                }
            }
        } else if (c != '\n' && c != '\r') {
            if (r->swallow > 0)
                r->swallow--;
            else
                g_string_append_c(r->bytes, c);
        }
    }
    flush(r);
    g_array_unref(stack);
}

static bool
extract(struct lj_job *job, GError **error)
{
    if (!lj_input_fill(job->input, FILE_CEILING, error))
        return false;
    struct lj_document *document = lj_job_document(job, "application/rtf");
    struct rtf r = {.document = document,
                    .max = (size_t)job->max_text,
                    .page = 1252,
                    .state = {.unicode_skip = 1}};
    r.bytes = g_string_new(NULL);
    for (int i = 0; i < 3; i++)
        r.claims[i] = g_string_new(NULL);
    r.fonts = g_hash_table_new(NULL, NULL);
    r.styles = g_hash_table_new(NULL, NULL);
    const char *bytes = (const char *)job->input->bytes;
    read_rtf(&r, bytes, bytes + job->input->length);
    document->cut = !job->input->all;
    lj_describe_claimed_title(document, r.claims[0]->str);
    lj_describe_claimed_author(document, r.claims[1]->str);
    lj_describe_keywords(document, r.claims[2]->str);
    lj_describe_parts(document);
    g_string_free(r.bytes, TRUE);
    for (int i = 0; i < 3; i++)
        g_string_free(r.claims[i], TRUE);
    for (int i = 0; i < r.n_converters; i++)
        ucnv_close(r.converters[i]);
    g_hash_table_unref(r.fonts);
    g_hash_table_unref(r.styles);
    lj_job_emit(job, document);
    return true;
}

static bool
recognise(const struct lj_probe *probe)
{
    return probe->length > 6 && memcmp(probe->head, "{\\rtf", 5) == 0;
}

const struct lj_format lj_format_rtf = {"RTF", "application/rtf text/rtf", recognise, extract};
