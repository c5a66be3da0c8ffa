#include "show.h"
#include "i18n.h"

#include <stdio.h>
#include <string.h>

static bool drawn;

void
show_clear(void)
{
    if (drawn)
        fputs("\r\033[K", stderr);
    drawn = false;
}

void
show_progress(const struct lj_progress *progress, void *unused)
{
    (void)unused;
    double rate = progress->seconds > 0 ? (double)progress->bytes_done / progress->seconds : 0;
    char *size = g_format_size((guint64)rate), *left = NULL;
    if (progress->bytes > progress->bytes_done && rate > 0 && progress->seconds > 1) {
        double seconds = (double)(progress->bytes - progress->bytes_done) / rate;
        left = seconds > 90 ? g_strdup_printf(_(", %.0f min left"), seconds / 60)
                            : g_strdup_printf(_(", %.0f s left"), seconds);
    }
    fprintf(stderr, "\r\033[K");
    fprintf(stderr, _("%llu/%llu files, %llu documents, %s/s%s"),
            (unsigned long long)progress->files_done, (unsigned long long)progress->files,
            (unsigned long long)progress->documents, size, left ? left : "");
    fflush(stderr);
    drawn = true;
    g_free(size);
    g_free(left);
}

static void
print_kinds(const GArray *kinds)
{
    for (guint i = 0; i < kinds->len && i < 8; i++) {
        const struct lj_kind_count *kind = &g_array_index(kinds, struct lj_kind_count, i);
        fprintf(stderr, "%s%s %" G_GUINT64_FORMAT, i ? ", " : "", kind->name, kind->count);
    }
    fputc('\n', stderr);
}

typedef unsigned long long ull;

/* A line of the summary, where there is anything to count. */
static void
print_line(const char *text, uint64_t count)
{
    if (count > 0)
        fprintf(stderr, "  %llu %s\n", (ull)count, text);
}

void
show_summary(const struct lj_run_report *report, const char *dir, bool terminal)
{
    show_clear();
    if (report->again > 0 && report->stopped)
        fprintf(stderr, _("%s: stopped; the index is as it was, with %llu documents\n"), dir,
                (ull)report->documents);
    else if (report->again > 0)
        fprintf(stderr,
                _("%s: %llu documents (%llu analysed again from stored text, %llu read), %llu "
                  "failed, %.1f s\n"),
                dir, (ull)report->documents, (ull)report->again, (ull)report->added,
                (ull)report->failed, report->seconds);
    else
        fprintf(stderr,
                _("%s: %llu documents (%llu new, %llu changed, %llu removed, %llu moved), %llu "
                  "failed, %.1f s\n"),
                dir, (ull)report->documents, (ull)report->added,
                (ull)(report->changed - report->moved), (ull)report->removed, (ull)report->moved,
                (ull)report->failed, report->seconds);
    if (report->stopped && report->again == 0)
        fputs(_("  stopped by a signal before it was done; run it again to go on\n"), stderr);
    else if (report->documents == 0 && report->failed == 0)
        fputs(_("  nothing to index was found in the sources\n"), stderr);
    if (!terminal && !report->first)
        return;
    if (report->kinds->len > 0 && report->first) {
        fputs(_("  by kind: "), stderr);
        print_kinds(report->kinds);
    }
    print_line(ngettext("document without text", "documents without text", report->empty),
               report->empty);
    print_line(ngettext("document with pages recognised by OCR",
                        "documents with pages recognised by OCR", report->recognised),
               report->recognised);
    print_line(ngettext("document without a date (ask with fecha:ninguna)",
                        "documents without a date (ask with fecha:ninguna)", report->undated),
               report->undated);
    print_line(ngettext("text cut at the limit (--max-size)", "texts cut at the limit (--max-size)",
                        report->cut),
               report->cut);
    print_line(ngettext("file with the bytes of another (searches show it as a copy)",
                        "files with the bytes of another (searches show them as copies)",
                        report->duplicates),
               report->duplicates);
    print_line(ngettext("repeated id: the last one counts", "repeated ids: the last ones count",
                        report->repeated),
               report->repeated);
    print_line(ngettext("known failure not tried again (--retry-failed)",
                        "known failures not tried again (--retry-failed)", report->known_failures),
               report->known_failures);
    if (report->failed > 0)
        fputs(_("  what failed, one by one: indexer --retry-failed --report=FILE.jsonl\n"), stderr);
    if (report->skipped_kinds->len > 0) {
        fputs(_("  skipped, kinds nobody reads: "), stderr);
        print_kinds(report->skipped_kinds);
    }
    if (report->first && report->example)
        fprintf(stderr, _("Ask it: searcher --db=%s '%s'\n"), dir, report->example);
}
