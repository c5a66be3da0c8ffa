/* Does the Xapian linked here write the format that the builder knows? */
#include "glass/glass.h"
#include "glass/run.h"
#include "i18n.h"
#include <glib/gstdio.h>
#include <unistd.h>

#define UUID 16 /* offset and length of the one field that two databases do not share */

static void
remove_folder(const char *path)
{
    GDir *dir = g_dir_open(path, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        char *inside = g_build_filename(path, name, NULL);
        if (g_file_test(inside, G_FILE_TEST_IS_DIR) && !g_file_test(inside, G_FILE_TEST_IS_SYMLINK))
            remove_folder(inside);
        else
            g_unlink(inside);
        g_free(inside);
    }
    if (dir)
        g_dir_close(dir);
    g_rmdir(path);
}

bool
glass_same_files(const char *a, const char *b, GError **error)
{
    static const char *const names[] = {"iamglass", "postlist.glass", "position.glass",
                                        "termlist.glass", "docdata.glass"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        char *path[2] = {g_build_filename(a, names[i], NULL), g_build_filename(b, names[i], NULL)};
        char *bytes[2] = {NULL};
        gsize n[2] = {0};
        bool read = g_file_get_contents(path[0], &bytes[0], &n[0], NULL) &&
                    g_file_get_contents(path[1], &bytes[1], &n[1], NULL);
        if (read && i == 0 && n[0] >= 2 * UUID && n[1] >= 2 * UUID) {
            memset(bytes[0] + UUID, 0, UUID);
            memset(bytes[1] + UUID, 0, UUID);
        }
        bool same = read && n[0] == n[1] && !memcmp(bytes[0], bytes[1], n[0]);
        for (int k = 0; k < 2; k++) {
            g_free(path[k]);
            g_free(bytes[k]);
        }
        if (!same) {
            g_set_error(error, LJ_ERROR, LJ_ERROR_NEWER,
                        _("this Xapian writes %s otherwise than the bulk builder"), names[i]);
            return false;
        }
    }
    return true;
}

#define LAST 40

/* Document number (1…LAST) of the tiny database: docids on both sides of 32768, a document without
 * anything, terms with and without wdf and positions, long tags. */
static uint32_t
describe(uint32_t number, struct xap_document *document, GString *bytes)
{
    static struct {
        char name[LAST][8];
        uint32_t positions[LAST];
        struct xap_posting postings[LAST + 3];
        struct xap_value values[2];
        char longest[GLASS_TERM_LIMIT];
    } all;
    *document = (struct xap_document){.postings = all.postings, .values = all.values};
    uint32_t docid = number <= LAST / 2 ? number : 32768 - LAST * 3 / 4 + number;
    if (number == 3)
        return docid;
    memset(all.longest, 'x', sizeof all.longest);
    for (uint32_t i = 0; i < number; i++) {
        all.positions[i] = i * i * number;
        g_snprintf(all.name[i], sizeof all.name[i], "t%u", i);
        all.postings[document->n_postings++] = (struct xap_posting){
            all.name[i], (uint32_t)strlen(all.name[i]), i + 1, all.positions, i + 1};
    }
    all.postings[document->n_postings++] = (struct xap_posting){"Qid", 3, 0, NULL, 0};
    all.postings[document->n_postings++] = (struct xap_posting){"Zstem", 5, number, NULL, 0};
    all.postings[document->n_postings++] =
        (struct xap_posting){all.longest, sizeof all.longest, 127, NULL, 0};
    g_string_set_size(bytes, number * 100);
    for (gsize i = 0; i < bytes->len; i++)
        bytes->str[i] = (char)(i * number >> 3);
    document->data = bytes->str;
    document->data_length = bytes->len;
    all.values[document->n_values++] = (struct xap_value){0, 1, bytes->str};
    if (number % 3 == 0)
        all.values[document->n_values++] =
            (struct xap_value){300, number * 20 > 700 ? 700 : number * 20, bytes->str};
    return docid;
}

static bool
compare_both(const char *folder, GError **error)
{
    char *by_library = g_build_filename(folder, "a", NULL);
    char *in_bulk = g_build_filename(folder, "b", NULL);
    char *compact[2] = {g_build_filename(folder, "c", NULL), g_build_filename(folder, "d", NULL)};
    const char *source[2] = {by_library, in_bulk};
    GString *bytes = g_string_new(NULL);
    struct xap_writer *writer = lj_xap_writer_open(by_library, XAP_SCRATCH, error);
    struct lj_glass *glass = writer ? lj_glass_open(in_bulk, 1 << 20, error) : NULL;
    bool ok = glass != NULL;
    for (uint32_t number = 1; number <= LAST && ok; number++) {
        struct xap_document document;
        uint32_t docid = describe(number, &document, bytes);
        ok = lj_xap_writer_put(writer, docid, &document, error) == docid &&
             lj_glass_add(glass, docid, &document, error);
    }
    ok = ok && lj_xap_writer_set_metadata(writer, "name", 4, "value", 5, error) &&
         lj_glass_set_metadata(glass, "name", 4, "value", 5, error) &&
         lj_xap_writer_commit(writer, error) && lj_glass_finish(glass, error);
    lj_xap_writer_close(writer);
    lj_glass_free(glass);
    for (int i = 0; i < 2 && ok; i++)
        ok = lj_xap_compact(&source[i], 1, compact[i], true, false, error);
    ok = ok && glass_same_files(compact[0], compact[1], error);
    g_string_free(bytes, TRUE);
    g_free(by_library);
    g_free(in_bulk);
    g_free(compact[0]);
    g_free(compact[1]);
    return ok;
}

/* Compares in a folder, which it removes; takes it over. */
static GError *
compare_in(char *folder)
{
    GError *error = NULL;
    compare_both(folder, &error);
    remove_folder(folder);
    g_free(folder);
    return error;
}

static gpointer
look(gpointer data)
{
    (void)data;
    /* What is compared is thrown away: no disk need wait for it. That memory is no place for files, or full, says
     * nothing of the format. */
    char *folder = g_strdup("/dev/shm/legajo-glass-XXXXXX");
    GError *error = NULL;
    if (g_mkdtemp(folder)) {
        error = compare_in(folder);
        if (!error || g_error_matches(error, LJ_ERROR, LJ_ERROR_NEWER))
            return error;
        g_clear_error(&error);
    } else {
        g_free(folder);
    }
    folder = g_dir_make_tmp("legajo-glass-XXXXXX", &error);
    return folder ? compare_in(folder) : error; /* NULL: trusted */
}

bool
lj_glass_trusted(GError **error)
{
    static GOnce once = G_ONCE_INIT;
    const GError *found = g_once(&once, look, NULL);
    if (found && error)
        *error = g_error_copy(found);
    return !found;
}
