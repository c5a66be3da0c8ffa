/* Markdown, with YAML front matter between two lines `---`. The text keeps its words and loses what
 * is markup only: #, **, link targets, comments, escapes. */
#include "extract/charset.h"
#include "extract/describe.h"
#include "extract/formats.h"
#include "i18n.h"

#include <string.h>
#include <yaml.h>

/* Front matter is a page at most; nothing deeper than a list in a map is kept. */
#define FRONT_MATTER_CEILING (1u << 20)

/* Bytes of the front matter with its two fences, *yaml and *yaml_length what lies between; 0: none.
 */
static size_t
front_matter(const char *text, size_t length, const char **yaml, size_t *yaml_length)
{
    if (length < 8 || memcmp(text, "---", 3) != 0)
        return 0;
    size_t first = 3;
    while (first < length && (text[first] == ' ' || text[first] == '\t' || text[first] == '\r'))
        first++;
    if (first == length || text[first] != '\n')
        return 0;
    first++;
    for (size_t at = first; at < MIN(length, FRONT_MATTER_CEILING);) {
        const char *end = memchr(text + at, '\n', length - at);
        size_t next = end ? (size_t)(end - text) + 1 : length;
        size_t stop = end ? next - 1 : next;
        while (stop > at &&
               (text[stop - 1] == ' ' || text[stop - 1] == '\r' || text[stop - 1] == '\t'))
            stop--;
        if (stop - at == 3 &&
            (memcmp(text + at, "---", 3) == 0 || memcmp(text + at, "...", 3) == 0)) {
            *yaml = text + first;
            *yaml_length = at - first;
            return next;
        }
        at = next;
    }
    return 0;
}

/* Reads "key: value" and "key: [list]" pairs; nested maps become key.inner. False with the message
 * of the parser when it is no YAML; what came before stands. */
static bool
read_yaml(struct lj_document *document, const char *yaml, size_t length, GError **error)
{
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser)) {
        g_set_error_literal(error, LJ_ERROR, LJ_ERROR_INTERNAL, _("no YAML parser"));
        return false;
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)yaml, length);
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    GPtrArray *keys =
        g_ptr_array_new_with_free_func(g_free); /* of the maps we are in; NULL: none yet */
    GString *lists = g_string_new(NULL);        /* 'm' or 's' for each open collection */
    bool good = true, done = false, is_map = false;
    for (int events = 0; good && !done && events < 100000; events++) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            g_set_error(
                error, LJ_ERROR, LJ_ERROR_FORMAT,
                _("line %zu: the front matter is not well-formed (%s); it was read as text"),
                parser.problem_mark.line + 2, parser.problem ? parser.problem : "YAML");
            good = false;
            break;
        }
        bool in_map = lists->len > 0 && lists->str[lists->len - 1] == 'm';
        char **key = keys->len > 0 ? (char **)&keys->pdata[keys->len - 1] : NULL;
        const char *scalar =
            event.type == YAML_SCALAR_EVENT ? (const char *)event.data.scalar.value : NULL;
        switch (event.type) {
        case YAML_SCALAR_EVENT:
            if (in_map && !*key) {
                const char *outer = NULL;
                for (guint i = keys->len - 1; i > 0 && !outer; i--)
                    outer = keys->pdata[i - 1];
                *key = outer ? g_strconcat(outer, ".", scalar, NULL) : g_strdup(scalar);
            } else if (key && *key) {
                bool null = event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
                            (strcmp(scalar, "null") == 0 || strcmp(scalar, "~") == 0);
                if (!null && event.data.scalar.length == strlen(scalar))
                    lj_describe_field(document, *key, scalar, LJ_DATE_FRONT_MATTER);
                if (in_map) {
                    g_free(*key);
                    *key = NULL;
                }
            }
            break;
        case YAML_MAPPING_START_EVENT:
            is_map = true;
            g_string_append_c(lists, 'm');
            g_ptr_array_add(keys, NULL);
            break;
        case YAML_SEQUENCE_START_EVENT:
            g_string_append_c(lists, 's');
            break;
        case YAML_MAPPING_END_EVENT:
        case YAML_SEQUENCE_END_EVENT:
            if (event.type == YAML_MAPPING_END_EVENT && keys->len > 0)
                g_ptr_array_set_size(keys, (gint)keys->len - 1);
            if (lists->len > 0)
                g_string_truncate(lists, lists->len - 1);
            if (lists->len > 0 && lists->str[lists->len - 1] == 'm' && keys->len > 0) {
                g_free(keys->pdata[keys->len - 1]);
                keys->pdata[keys->len - 1] = NULL;
            }
            break;
        case YAML_DOCUMENT_END_EVENT:
        case YAML_STREAM_END_EVENT:
            done = true;
            break;
        default:
            break;
        }
        if (lists->len > 16)
            good = false;
        yaml_event_delete(&event);
    }
    if (good && !is_map) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_FORMAT,
                    _("line %d: the front matter has no keys; it was read as text"), 2);
        good = false;
    } else if (!good && error && !*error) {
        g_set_error(error, LJ_ERROR, LJ_ERROR_FORMAT,
                    _("line %d: the front matter is nested too deep; it was read as text"), 2);
    }
    g_ptr_array_unref(keys);
    g_string_free(lists, TRUE);
    yaml_parser_delete(&parser);
    return good;
}

/* --- body ------------------------------------------------------------------------------------ */

static bool
is_escapable(char c)
{
    return g_ascii_ispunct(c);
}

/* Bytes of the link "](target)" or "][label]" that stands at text, from the ']'; 0: none. */
static size_t
link_tail(const char *text, size_t length)
{
    if (length < 3 || text[0] != ']' || (text[1] != '(' && text[1] != '['))
        return 0;
    char close = text[1] == '(' ? ')' : ']';
    int depth = 0;
    for (size_t i = 1; i < length && i < 4096 && text[i] != '\n'; i++) {
        if (text[i] == text[1])
            depth++;
        else if (text[i] == close && --depth == 0)
            return i + 1;
    }
    return 0;
}

/* Appends a line without markup. */
static void
append_line(GString *out, const char *line, size_t length)
{
    if (!memchr(line, '*', length) && !memchr(line, '[', length) && !memchr(line, '\\', length) &&
        !memchr(line, '_', length) && !memchr(line, '<', length) && !memchr(line, '`', length)) {
        g_string_append_len(out, line, (gssize)length);
        return;
    }
    int open = 0; /* brackets that turned out to be links */
    for (size_t i = 0; i < length;) {
        const char *p = line + i;
        size_t left = length - i;
        if (*p == '\\' && left > 1 && is_escapable(p[1])) {
            g_string_append_c(out, p[1]);
            i += 2;
        } else if (left >= 2 && ((*p == '*' && p[1] == '*') || (*p == '_' && p[1] == '_'))) {
            while (i < length && line[i] == *p)
                i++;
        } else if (*p == '`') {
            i++;
        } else if (*p == '!' && left > 1 && p[1] == '[') {
            i++; /* an image: its words stay */
        } else if (*p == '[') {
            const char *close = memchr(p, ']', left);
            if (close && link_tail(close, (size_t)(line + length - close)) > 0)
                open++;
            else
                g_string_append_c(out, '[');
            i++;
        } else if (*p == ']' && open > 0) {
            open--;
            i += MAX(link_tail(p, left), 1);
        } else if (*p == '<' && left > 2 && (g_ascii_isalpha(p[1]) || p[1] == '/')) {
            const char *close = memchr(p, '>', left);
            /* <https://…> is text, <br> is not */
            bool url = close && (memchr(p, ':', (size_t)(close - p)) &&
                                 !memchr(p, '=', (size_t)(close - p)));
            if (close && url)
                g_string_append_len(out, p + 1, close - p - 1);
            if (close)
                i = (size_t)(close - line) + 1;
            else
                g_string_append_c(out, line[i++]);
        } else {
            g_string_append_c(out, *p);
            i++;
        }
    }
}

static void
add_heading(struct lj_document *document, uint32_t level, const char *line, size_t length)
{
    uint32_t start = (uint32_t)document->text->len;
    append_line(document->text, line, length);
    uint32_t end = (uint32_t)document->text->len;
    if (end > start)
        lj_document_add_mark(document, LJ_MARK_SECTION, level, start, end,
                             document->text->str + start);
}

static void
convert(struct lj_document *document, const char *text, size_t length)
{
    bool fenced = false, comment = false;
    for (size_t at = 0; at < length;) {
        const char *line = text + at;
        const char *stop = memchr(line, '\n', length - at);
        size_t n = stop ? (size_t)(stop - line) : length - at;
        at += n + 1;
        size_t indent = 0;
        while (indent < n && indent < 4 && line[indent] == ' ')
            indent++;
        const char *p = line + indent;
        size_t left = n - indent;
        if (comment) {
            const char *end = g_strstr_len(line, (gssize)n, "-->");
            if (!end)
                continue;
            comment = false;
            n -= (size_t)(end + 3 - line);
            line = p = end + 3;
            left = n;
        }
        if (left >= 3 && (memcmp(p, "```", 3) == 0 || memcmp(p, "~~~", 3) == 0)) {
            fenced = !fenced;
            continue;
        }
        if (fenced) {
            g_string_append_len(document->text, line, (gssize)n);
        } else if (left >= 4 && memcmp(p, "<!--", 4) == 0) {
            const char *end = g_strstr_len(p, (gssize)left, "-->");
            comment = !end;
            if (end)
                append_line(document->text, end + 3, left - (size_t)(end + 3 - p));
        } else if (left > 1 && *p == '#' && indent < 4) {
            uint32_t level = 0;
            while (level < left && p[level] == '#')
                level++;
            if (level > 6 || level == left || (p[level] != ' ' && p[level] != '\t')) {
                append_line(document->text, line, n);
            } else {
                p += level;
                left -= level;
                while (left > 0 && (*p == ' ' || *p == '\t'))
                    p++, left--;
                while (left > 0 && strchr(" \t#", p[left - 1]))
                    left--;
                add_heading(document, level, p, left);
            }
        } else if (left > 0 && at < length && text[at] == '=' && *p != '=') {
            const char *under = text + at; /* a title underlined with ==== */
            size_t run = 0;
            while (at + run < length && under[run] == '=')
                run++;
            if (run >= 3 && (at + run == length || under[run] == '\n')) {
                add_heading(document, 1, p, left);
                at += run + 1;
            } else {
                append_line(document->text, line, n);
            }
        } else {
            append_line(document->text, line, n);
        }
        g_string_append_c(document->text, '\n');
    }
}

static bool
extract(struct lj_job *job, GError **error)
{
    if (!lj_input_fill(job->input, (size_t)job->max_text * 2 + 64, error))
        return false;
    struct lj_document *document = lj_job_document(job, "text/markdown");
    struct lj_charset how = {.given = job->encoding};
    GString *text = g_string_new(NULL);
    lj_charset_decode(job->input->bytes, job->input->length, &how, (size_t)job->max_text, text);
    document->charset = g_strdup(how.charset);
    document->charset_from = g_strdup(how.from);
    document->cut = how.cut || !job->input->all;
    const char *yaml;
    size_t yaml_length, head = front_matter(text->str, text->len, &yaml, &yaml_length);
    if (head > 0) {
        GError *broken = NULL;
        if (!read_yaml(document, yaml, yaml_length, &broken)) {
            lj_job_fail(job, NULL, broken);
            head = 0; /* nothing is lost: it stays in the text */
        }
    }
    document->text = g_string_set_size(document->text, text->len + 16);
    g_string_truncate(document->text, 0);
    while (head < text->len && text->str[head] == '\n')
        head++;
    convert(document, text->str + head, text->len - head);
    g_string_free(text, TRUE);
    if (!lj_document_field(document, "title") && document->marks->len > 0) {
        const struct lj_mark *first = &g_array_index(document->marks, struct lj_mark, 0);
        if (first->kind == LJ_MARK_SECTION && first->level <= 2 && first->start < 1000)
            lj_document_add_field(document, "title", first->label);
    }
    lj_job_emit(job, document);
    return true;
}

static bool
recognise(const struct lj_probe *probe)
{
    static const char *const extensions[] = {"md", "markdown", "mdown", "mkd", "rmd", "qmd"};
    if (probe->magic)
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(extensions); i++)
        if (strcmp(probe->extension, extensions[i]) == 0)
            return true;
    /* Another name, but a front matter: "---", then "key: " or "key:" and the end of the line. */
    const char *text = (const char *)probe->head;
    size_t length = probe->length;
    if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        text += 3, length -= 3;
    const char *yaml;
    size_t n, head = front_matter(text, length, &yaml, &n);
    if (head == 0)
        return false;
    size_t word = 0;
    while (word < n && (g_ascii_isalnum(yaml[word]) || yaml[word] == '_' || yaml[word] == '-'))
        word++;
    return word > 0 && word + 1 < n && yaml[word] == ':' &&
           (yaml[word + 1] == ' ' || yaml[word + 1] == '\n');
}

const struct lj_format lj_format_markdown = {"Markdown", "text/markdown text/x-markdown", recognise,
                                             extract};
