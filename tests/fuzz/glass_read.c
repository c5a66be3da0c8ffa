/* A small database whose files were tampered with, read in every way: an answer, or none, and what is handed out is
 * in order. (lib/glass/read.h by itself, and plans over it.)
 *
 * An input is a list of edits: a byte that says which file (two bits) and what is done (the others), four bytes that
 * say where, then what the edit needs. Every edit is taken back afterwards. */
#include "fuzz.h"

#include "glass/glass.h"
#include "glass/read.h"
#include "search/tree.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DOCUMENTS = 2500, WORDS = 6, RARE = 700, SLOT_ID = 0, SLOT_KIND = 3 };
enum { POSTLIST = 1, POSITION = 2, TERMLIST = 4, VERSION = 8 }; /* bits of what was tampered with */

static const char *const names[] = {"postlist.glass", "position.glass", "termlist.glass",
                                    "iamglass"};
static const char *const words[WORDS] = {"de",    "ley",   "decreto",
                                         "nunca", "armas", "tr\303\241fico"};

static struct file {
    int fd;
    char *bytes; /* as they were */
    gsize size;
} files[G_N_ELEMENTS(names)];
static char *folder, *path, *sound;
static struct xap_reader *reader; /* of the same database, unharmed */

/* --- the database ------------------------------------------------------------------------------
 */

static void
must(bool good, const GError *error)
{
    if (!good)
        g_error("the database cannot be made: %s", error ? error->message : "");
}

/* Words of every frequency, one document of many words (a term list in several pieces), one with long lists. */
static void
build(const char *dir)
{
    GError *error = NULL;
    struct lj_glass *glass = lj_glass_open(dir, 64 << 20, &error);
    must(glass != NULL, error);
    lj_glass_set_deflate(glass, true);
    static uint32_t positions[WORDS][5000];
    static struct xap_posting postings[WORDS + RARE];
    static char rare[RARE][16];
    uint64_t random = 88;
    for (uint32_t docid = 1; docid <= DOCUMENTS; docid++) {
        size_t n = 0;
        for (uint32_t w = 0; w < WORDS; w++) {
            random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            uint32_t count = docid == 77 ? 5000u >> w : (uint32_t)(random >> 40) % (8u >> w | 1),
                     at = 0;
            if (count == 0 || (random >> 20) % (w + 1) > 0)
                continue;
            for (uint32_t i = 0; i < count; i++)
                positions[w][i] = at += 1 + (uint32_t)(random >> (i % 50)) % 9;
            postings[n++] = (struct xap_posting){words[w], (uint32_t)strlen(words[w]), count,
                                                 positions[w], count};
        }
        for (uint32_t r = 0; docid % 1000 == 5 && r < RARE; r++) {
            g_snprintf(rare[r], sizeof rare[r], "x%u", (r * 7919 + docid) % 100000);
            postings[n++] =
                (struct xap_posting){rare[r], (uint32_t)strlen(rare[r]), r % 300, NULL, 0};
        }
        char id[16];
        g_snprintf(id, sizeof id, "id%05u", docid * 7919 % 100000);
        struct xap_value values[] = {{SLOT_ID, (uint32_t)strlen(id), id},
                                     {SLOT_KIND, 1, docid % 3 ? "a" : "b"}};
        struct xap_document document = {postings, n, values, docid % 7 ? 2 : 1, "", 0};
        must(lj_glass_add(glass, docid * 3, &document, &error), error);
    }
    must(lj_glass_finish(glass, &error), error);
    lj_glass_free(glass);
}

static void
put_back(struct file *file)
{
    if (ftruncate(file->fd, (off_t)file->size) != 0 ||
        pwrite(file->fd, file->bytes, file->size, 0) != (ssize_t)file->size)
        g_error("the database cannot be restored");
}

static void
leave(void)
{
    lj_xap_reader_close(reader);
    char *command = g_strdup_printf("rm -rf '%s'", folder);
    if (system(command) != 0)
        g_printerr("%s is left\n", folder);
    g_free(command);
}

static void
begin(void)
{
    folder = g_strdup(g_file_test("/dev/shm", G_FILE_TEST_IS_DIR) ? "/dev/shm/legajo-XXXXXX"
                                                                  : "/tmp/legajo-XXXXXX");
    if (!g_mkdtemp(folder))
        g_error("no folder for the database");
    atexit(leave);
    path = g_build_filename(folder, "harmed", NULL);
    sound = g_build_filename(folder, "sound", NULL);
    build(path);
    char *command = g_strdup_printf("cp -r '%s' '%s'", path, sound);
    if (system(command) != 0)
        g_error("the database cannot be copied");
    g_free(command);
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        char *name = g_build_filename(path, names[i], NULL);
        files[i].fd = open(name, O_RDWR | O_CLOEXEC);
        if (files[i].fd < 0 || !g_file_get_contents(name, &files[i].bytes, &files[i].size, NULL))
            g_error("%s is not there", name);
        g_free(name);
    }
    GError *error = NULL;
    reader = lj_xap_reader_open((const char *const *)&sound, 1, &error);
    must(reader != NULL, error);
}

/* --- edits -------------------------------------------------------------------------------------
 */

/* Returns how many bytes of the input an edit takes. */
static size_t
edit(const uint8_t *in, size_t size, unsigned *touched)
{
    if (size < 5)
        return size;
    struct file *file = &files[in[0] & 3];
    uint32_t where;
    memcpy(&where, in + 1, 4);
    where %= (uint32_t)file->size;
    size_t length = 0;
    *touched |= 1u << (in[0] & 3);
    switch (in[0] >> 2 & 7) {
    case 0: /* cut short */
        if (ftruncate(file->fd, (off_t)where) != 0)
            g_error("the file cannot be cut");
        break;
    case 1: /* a block stands where another should */
        if (size >= 6) {
            size_t blocks = file->size / 8192, from = blocks ? in[5] % blocks : 0;
            if (blocks &&
                pwrite(file->fd, file->bytes + from * 8192, 8192, where / 8192 * 8192) < 0)
                g_error("no block can be copied");
            length = 1;
        }
        break;
    case 2: /* into the first bytes of a block: its header and directory */
        where = where / 8192 * 8192 + where % 32;
        /* fallthrough */
    default: /* some bytes are others */
        length = MIN(size - 5, 1u + (in[0] >> 5));
        if (pwrite(file->fd, in + 5, length, where) < 0)
            g_error("no byte can be changed");
    }
    return 5 + length;
}

/* --- reading -----------------------------------------------------------------------------------
 */

static void
read_list(struct glass_reader *glass, struct glass_postings *list)
{
    uint32_t before = 0;
    do {
        uint32_t room = lj_glass_postings_room(list);
        uint32_t *docids = g_new(uint32_t, room), *wdf = g_new(uint32_t, room);
        uint32_t n = lj_glass_postings_decode(list, docids, wdf);
        for (uint32_t i = 0; i < n; i++) {
            if (docids[i] <= before || docids[i] > glass->last_docid)
                g_error("docid %u after %u", docids[i], before);
            before = docids[i];
        }
        g_free(docids);
        g_free(wdf);
    } while (lj_glass_postings_chunk(list));
    lj_glass_postings_chunk(list); /* once more is no harm */
    lj_glass_postings_end(list);
}

/* Some documents looked up in a list, as far apart as `step` says. */
static void
look_up(struct glass_reader *glass, const char *word, uint32_t step)
{
    struct glass_postings list;
    enum { MOST = 400 };
    uint32_t docids[MOST], places[MOST], wdfs[MOST], n = 0;
    if (!lj_glass_postings_begin(glass, word, strlen(word), &list))
        return;
    for (uint32_t docid = step; n < MOST && docid <= DOCUMENTS * 3; docid += step)
        docids[n++] = docid;
    uint32_t found = lj_glass_postings_of(&list, docids, n, places, wdfs);
    for (uint32_t i = 0; i < found; i++)
        if (places[i] >= n || (i > 0 && places[i] <= places[i - 1]))
            g_error("place %u of %u", places[i], n);
    if (lj_glass_postings_seek(&list, DOCUMENTS * 3 - 1) && list.last < DOCUMENTS * 3 - 1)
        g_error("the chunk ends with %u", list.last);
    lj_glass_postings_end(&list);
}

static void
read_positions(struct glass_reader *glass, const char *word)
{
    struct glass_positions list;
    GArray *all = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    lj_glass_positions_begin(glass, word, strlen(word), &list);
    for (uint32_t docid = 60; docid <= DOCUMENTS * 3; docid += docid % 231 == 0 ? 3 : 171) {
        g_array_set_size(all, 0);
        uint32_t n = lj_glass_positions_read(&list, docid, all);
        if (n != all->len)
            g_error("%u positions, and %u of them", n, all->len);
        for (uint32_t i = 1; i < n; i++)
            if (g_array_index(all, uint32_t, i) <= g_array_index(all, uint32_t, i - 1))
                g_error("position %u after another", g_array_index(all, uint32_t, i));
        struct glass_walk walk;
        if (!lj_glass_positions_walk(&list, docid, &walk))
            continue;
        uint32_t before = walk.position, walked = 1;
        for (; walked < 10000 && lj_glass_walk_next(&walk); walked++) {
            if (walk.position <= before)
                g_error("position %u after %u", walk.position, before);
            before = walk.position;
        }
        if (walked != MIN(walk.count, 10000))
            g_error("%u positions, and %u of them", walk.count, walked);
    }
    for (uint32_t from = 3; from <= DOCUMENTS * 3; from += 99 * GLASS_SCOUTED) {
        uint32_t docids[GLASS_SCOUTED];
        struct glass_spot spots[GLASS_SCOUTED];
        struct glass_walk walk;
        for (uint32_t i = 0; i < GLASS_SCOUTED; i++)
            docids[i] = from + i * 9;
        lj_glass_positions_scout(&list, docids, GLASS_SCOUTED, spots);
        for (uint32_t i = 0; i < GLASS_SCOUTED; i++)
            if (lj_glass_positions_walk_at(&list, docids[i], &spots[i], &walk) &&
                lj_glass_walk_to(&walk, walk.position + 40) && walk.index >= walk.count)
                g_error("position %u of %u", walk.index, walk.count);
    }
    lj_glass_positions_end(&list);
    g_array_unref(all);
}

static void
take_value(uint32_t docid, const uint8_t *value, uint32_t length, void *data)
{
    struct glass_reader *glass = data;
    if (docid == 0 || docid > glass->last_docid)
        g_error("the value of document %u", docid);
    g_free(g_memdup2(value, length)); /* all of it can be read */
}

static bool
take_term(const uint8_t *term, uint32_t length, uint32_t wdf, void *data)
{
    (void)wdf;
    g_free(g_memdup2(term, length));
    return --*(int *)data > 0;
}

static const struct xap_probe every = {"", 0, true},
                              probes[] = {{"de", 2, false}, {"ley", 3, false}, {"x1", 2, true}};

/* Of the tables that were tampered with: the others say what they say in every run. */
static void
read_tables(unsigned touched)
{
    struct glass_reader *glass = lj_glass_reader_open(path);
    if (!glass)
        return;
    struct glass_postings list;
    for (uint32_t w = 0; touched & POSTLIST && w < WORDS; w++) {
        if (lj_glass_postings_begin(glass, words[w], strlen(words[w]), &list))
            read_list(glass, &list);
        look_up(glass, words[w], 3);
        look_up(glass, words[w], 1 + w * 300);
    }
    if (touched & POSTLIST) {
        if (lj_glass_lengths_begin(glass, &list))
            read_list(glass, &list);
        lj_glass_values(glass, SLOT_ID, take_value, glass);
        lj_glass_values(glass, SLOT_KIND, take_value, glass);
        uint32_t docids[DOCUMENTS / 5];
        for (uint32_t i = 0; i < G_N_ELEMENTS(docids); i++)
            docids[i] = 1 + i * 15;
        for (uint32_t slot = SLOT_ID; slot <= SLOT_KIND + 1; slot++)
            lj_glass_values_of(glass, slot, docids, G_N_ELEMENTS(docids), take_value, glass);
    }
    for (uint32_t w = 0; touched & POSITION && w < WORDS; w++)
        read_positions(glass, words[w]);
    for (uint32_t docid = 15; touched & TERMLIST && docid <= DOCUMENTS * 3;
         docid += docid % 231 ? 216 : 3) {
        int most = 1000;
        lj_glass_terms(glass, docid, &every, 1, take_term, &most);
        lj_glass_terms(glass, docid, probes, G_N_ELEMENTS(probes), take_term, &most);
    }
    lj_glass_reader_close(glass);
}

/* Words in a phrase or near each other, words with a filter and counts, synonyms; the best of any words, by one thread
 * or two, and of those that are named; what a document holds of words. */
static void
search(unsigned touched)
{
    struct lj_local *local = lj_local_open((const char *const *)&path, 1);
    if (!local)
        return;
    static const uint32_t named[] = {15, 231, 7000};
    struct xap_node term[WORDS];
    for (uint32_t w = 0; w < WORDS; w++)
        term[w] = (struct xap_node){
            .op = XAP_TERM, .term = words[w], .length = (uint32_t)strlen(words[w])};
    struct xap_node phrase = {.op = XAP_PHRASE, .n = 2, .window = 2},
                    loose = {.op = XAP_NEAR, .n = 2, .window = 5},
                    same = {.op = XAP_SYNONYM, .n = 3}, either = {.op = XAP_OR, .n = 3},
                    range = {.op = XAP_VALUE_RANGE,
                             .slot = SLOT_KIND,
                             .high = "a",
                             .high_length = 1},
                    filter = {.op = XAP_FILTER, .n = 2},
                    listed = {.op = XAP_DOCIDS, .docids = named, .n_docids = 3},
                    except = {.op = XAP_AND_NOT, .n = 2};
    struct xap_node plans[][7] = {{term[0], term[1], phrase},
                                  {term[1], term[2], loose, term[5], except},
                                  {term[1], term[2], term[3], either, range, filter},
                                  {term[0], term[3], term[4], either, term[1], filter},
                                  {term[2], term[1], term[5], same},
                                  {term[0], term[3], term[4], either},
                                  {term[0], term[1], term[2], either, listed, filter},
                                  {term[0]}};
    static const size_t lengths[] = {3, 5, 6, 6, 4, 4, 6, 1};
    local->prune_from = 0;
    local->threads = 2;
    lj_local_keep(local);
    static const uint32_t slots[] = {SLOT_KIND};
    size_t phrases = 2, all = G_N_ELEMENTS(plans); /* phrases first */
    for (size_t i = 0; i < (touched & POSTLIST ? all : touched & POSITION ? phrases : 0); i++) {
        struct xap_search search = {.nodes = plans[i],
                                    .n_nodes = lengths[i],
                                    .max = 10,
                                    .k1 = 0.7,
                                    .b = 0.8,
                                    .k3 = 8,
                                    .min_normlen = 0.01,
                                    .settle = true,
                                    .settle_slot = SLOT_ID,
                                    .spies = slots,
                                    .n_spies = i == 2};
        local->share_from = local->help_from = i % 3 ? UINT32_MAX : 0;
        lj_xap_matches_free(lj_local_search(local, reader, &search, NULL));
    }
    static const uint32_t docids[] = {15, 231};
    local->help_from = 0;
    for (local->family = 0; touched & (TERMLIST | POSITION | POSTLIST);
         local->family = UINT32_MAX) {
        struct xap_occurrences *found[2];
        if (lj_local_occurrences(local, reader, docids, 2, probes, G_N_ELEMENTS(probes), found,
                                 NULL))
            for (int i = 0; i < 2; i++)
                lj_xap_occurrences_free(found[i]);
        if (local->family)
            break;
    }
    lj_local_close(local);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!path)
        begin();
    unsigned touched = 0;
    for (size_t at = 0, edits = 0; at < size && edits < 16; edits++)
        at += edit(data + at, size - at, &touched);
    unsigned read = touched & VERSION || touched == 0 ? POSTLIST | POSITION | TERMLIST : touched;
    read_tables(read);
    search(read);
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
        if (touched >> i & 1)
            put_back(&files[i]);
    return 0;
}
