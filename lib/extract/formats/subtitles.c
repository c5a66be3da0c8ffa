/* Subtitles, SubRip and WebVTT: a cue a line, its time a mark; who speaks, where WebVTT says so. */
#include "extract/charset.h"
#include "extract/formats.h"

#include <stdio.h>
#include <string.h>

/* Reads "00:12:31,500 --> …" or "12:31.500 --> …": the time as hh:mm:ss. */
static bool
read_time(const char *line, size_t length, char time[16])
{
    const char *arrow = g_strstr_len(line, (gssize)length, "-->");
    unsigned a, b, c = 0;
    char copy[32];
    if (!arrow || arrow - line > 24)
        return false;
    g_strlcpy(copy, line, MIN((size_t)(arrow - line) + 1, sizeof copy));
    int n = sscanf(copy, "%u:%u:%u", &a, &b, &c);
    if (n < 2 || b > 59 || c > 59 || a > 999)
        return false;
    if (n == 2)
        g_snprintf(time, 16, "00:%02u:%02u", a, b);
    else
        g_snprintf(time, 16, "%02u:%02u:%02u", a, b, c);
    return true;
}

/* Appends the sign that "&amp;" stands for; returns its length, 0: none. */
static size_t
append_entity(GString *out, const char *text, size_t length)
{
    static const char *const entities[][2] = {{"&amp;", "&"},  {"&lt;", "<"}, {"&gt;", ">"},
                                              {"&nbsp;", " "}, {"&lrm;", ""}, {"&rlm;", ""}};
    for (size_t i = 0; i < G_N_ELEMENTS(entities); i++) {
        size_t n = strlen(entities[i][0]);
        if (length >= n && memcmp(text, entities[i][0], n) == 0) {
            g_string_append(out, entities[i][1]);
            return n;
        }
    }
    return 0;
}

/* Appends a cue's line without <i>, {\an8} and the like; *voice gets the name in <v Name>. */
static void
append_cue(GString *out, const char *line, size_t length, char **voice)
{
    for (size_t i = 0; i < length; i++) {
        char close = line[i] == '<'                                            ? '>'
                     : line[i] == '{' && i + 1 < length && line[i + 1] == '\\' ? '}'
                                                                               : 0;
        const char *end = close ? memchr(line + i, close, length - i) : NULL;
        size_t entity = line[i] == '&' ? append_entity(out, line + i, length - i) : 0;
        if (!end) {
            if (entity == 0)
                g_string_append_c(out, line[i]);
            else
                i += entity - 1;
            continue;
        }
        if (length - i > 3 && line[i + 1] == 'v' && strchr(" .", line[i + 2]) && !*voice) {
            const char *name = memchr(line + i, ' ', (size_t)(end - line) - i);
            *voice = name ? g_strndup(name + 1, (gsize)(end - name) - 1) : NULL;
        }
        i = (size_t)(end - line);
    }
}

static bool
extract(struct lj_job *job, GError **error)
{
    if (!lj_input_fill(job->input, (size_t)job->max_text * 2 + 64, error))
        return false;
    bool vtt = job->input->length > 9 && g_strstr_len((const char *)job->input->bytes, 9, "WEBVTT");
    struct lj_document *document = lj_job_document(job, vtt ? "text/vtt" : "application/x-subrip");
    struct lj_charset how = {.given = job->encoding};
    GString *source = g_string_new(NULL);
    lj_charset_decode(job->input->bytes, job->input->length, &how, (size_t)job->max_text, source);
    document->charset = g_strdup(how.charset);
    document->charset_from = g_strdup(how.from);
    document->cut = how.cut || !job->input->all;
    GString *text = document->text;
    char *last_voice = NULL;
    bool in_cue = false;
    for (const char *line = source->str, *end = line + source->len; line < end;) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        if (!stop)
            stop = end;
        size_t n = (size_t)(stop - line);
        char time[16], *voice = NULL;
        if (read_time(line, n, time)) {
            in_cue = true;
            lj_document_add_mark(document, LJ_MARK_TIME, 0, (uint32_t)text->len,
                                 (uint32_t)text->len, time);
        } else if (n == 0) {
            in_cue = false;
        } else if (in_cue) {
            size_t begin = text->len;
            append_cue(text, line, n, &voice);
            if (text->len > begin)
                g_string_append_c(text, '\n');
            if (voice && g_strcmp0(voice, last_voice) != 0)
                lj_document_add_mark(document, LJ_MARK_SPEAKER, 0, (uint32_t)begin, (uint32_t)begin,
                                     voice);
            if (voice) {
                g_free(last_voice);
                last_voice = voice;
            }
        }
        line = stop + 1;
    }
    g_free(last_voice);
    g_string_free(source, TRUE);
    lj_job_emit(job, document);
    return true;
}

static bool
recognise(const struct lj_probe *probe)
{
    const char *text = (const char *)probe->head, *end = text + probe->length;
    if (end - text > 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        text += 3;
    if (end - text > 6 && memcmp(text, "WEBVTT", 6) == 0)
        return true;
    while (text < end && strchr(" \t\r\n", *text) && *text)
        text++;
    size_t digits = 0; /* "1", then the first cue's time */
    while (text + digits < end && g_ascii_isdigit(text[digits]))
        digits++;
    const char *line = text + digits;
    while (line < end && (*line == '\r' || *line == ' '))
        line++;
    char time[16];
    if (digits == 0 || digits > 6 || line >= end || *line != '\n')
        return false;
    const char *stop = memchr(line + 1, '\n', (size_t)(end - line - 1));
    return stop && read_time(line + 1, (size_t)(stop - line - 1), time);
}

const struct lj_format lj_format_subtitles = {"subtitles", "application/x-subrip text/vtt",
                                              recognise, extract};
