/* Times the helper on files, or shows what it makes of them.
 *
 *     bench_extract FILE…            files, documents and megabytes a second
 *     bench_extract --show FILE…     what was extracted
 */
#include "legajo/extract.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct totals {
    bool show;
    uint64_t documents, failures, text, marks, undated;
    const char *name;
};

static bool
take(struct lj_document *d, void *data)
{
    struct totals *totals = data;
    totals->documents++;
    totals->text += d->text->len;
    totals->marks += d->marks->len;
    totals->undated += !d->date;
    if (totals->show) {
        printf("== %s %s %s [%s %s] %s (%s) %s%s%" G_GUINT64_FORMAT " bytes\n", totals->name,
               d->id       ? d->id
               : d->member ? d->member
                           : "",
               d->mime, d->charset ? d->charset : "-", d->charset_from ? d->charset_from : "-",
               d->date ? d->date : "-", lj_date_rung_name(d->date_from), d->ocr ? "ocr " : "",
               d->cut ? "cut " : "", d->bytes);
        for (guint i = 0; i < d->properties->len; i++) {
            struct lj_property *p = &g_array_index(d->properties, struct lj_property, i);
            printf("   %s: %s\n", p->name, p->value);
        }
        for (guint i = 0; i < d->marks->len; i++) {
            struct lj_mark *m = &g_array_index(d->marks, struct lj_mark, i);
            printf("   %c%u %u..%u %s\n", "SPKT"[m->kind], m -> level, m -> start, m -> end,
                   m -> label ? m -> label : "");
        }
        printf("%s\n", d->text->str);
    }
    lj_document_free(d);
    return true;
}

static void
fail(const char *member, const GError *failure, void *data)
{
    struct totals *totals = data;
    totals->failures++;
    printf("%s %s: %s\n", totals->name, member ? member : "", failure->message);
}

int
main(int argc, char **argv)
{
    struct totals totals = {.show = argc > 1 && strcmp(argv[1], "--show") == 0};
    GError *error = NULL;
    struct lj_extractor *extractor = lj_extractor_open(NULL, &error);
    if (!extractor) {
        fprintf(stderr, "%s\n", error->message);
        return 1;
    }
    uint64_t bytes = 0;
    gint64 start = g_get_monotonic_time();
    for (int i = 1 + totals.show; i < argc; i++) {
        int fd = open(argv[i], O_RDONLY | O_CLOEXEC);
        if (fd < 0) {
            fprintf(stderr, "%s: %s\n", argv[i], strerror(errno));
            continue;
        }
        bytes += (uint64_t)lseek(fd, 0, SEEK_END);
        lseek(fd, 0, SEEK_SET);
        totals.name = strrchr(argv[i], '/') ? strrchr(argv[i], '/') + 1 : argv[i];
        struct lj_extract_request request = {.name = totals.name};
        struct lj_extract_sinks sinks = {.document = take, .failure = fail, .data = &totals};
        if (!lj_extract(extractor, fd, &request, &sinks, &error)) {
            printf("%s: %s: %s\n", totals.name, lj_error_name(error), error->message);
            g_clear_error(&error);
            totals.failures++;
        }
        close(fd);
    }
    double seconds = (double)(g_get_monotonic_time() - start) / 1e6;
    fprintf(stderr,
            "%d files, %" G_GUINT64_FORMAT " documents, %" G_GUINT64_FORMAT
            " failures, %" G_GUINT64_FORMAT " marks, %" G_GUINT64_FORMAT
            " undated, %.1f MB of text, %.3f s: %.0f files/s, %.1f MB/s\n",
            argc - 1 - totals.show, totals.documents, totals.failures, totals.marks, totals.undated,
            (double)totals.text / 1e6, seconds, (argc - 1 - totals.show) / seconds,
            (double)bytes / 1e6 / seconds);
    lj_extractor_close(extractor);
    return 0;
}
