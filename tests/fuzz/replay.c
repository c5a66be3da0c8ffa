/* Stands in for libFuzzer's main where a target is built without it: gives the target the empty
 * input, then every file of the folders named, whole and cut at up to 64 places. A fault ends the
 * program as it would end the fuzzer.
 *
 *     fuzz_NAME tests/fuzz/seeds/NAME
 */
#include "fuzz.h"
#include <glib.h>
#include <stdio.h>
#include <string.h>

/* A copy of its own size each time, so that a read past the end is seen. */
static void
give(const char *bytes, size_t size)
{
    uint8_t *copy = g_malloc(size ? size : 1);
    if (size)
        memcpy(copy, bytes, size);
    LLVMFuzzerTestOneInput(copy, size);
    g_free(copy);
}

static int
replay_file(const char *path)
{
    char *bytes;
    gsize size;
    GError *error = NULL;
    if (!g_file_get_contents(path, &bytes, &size, &error)) {
        fprintf(stderr, "%s\n", error->message);
        g_error_free(error);
        return 1;
    }
    give(bytes, size);
    size_t step = size / 64 + 1;
    for (size_t cut = step; cut < size; cut += step)
        give(bytes, cut);
    g_free(bytes);
    return 0;
}

static int
replay_folder(const char *path, unsigned *files)
{
    GDir *folder = g_dir_open(path, 0, NULL);
    if (!folder)
        return 0; /* a target may have no seeds yet */
    int status = 0;
    const char *name;
    while ((name = g_dir_read_name(folder))) {
        char *file = g_build_filename(path, name, NULL);
        status |= replay_file(file);
        ++*files;
        g_free(file);
    }
    g_dir_close(folder);
    return status;
}

int
main(int argc, char **argv)
{
    int status = 0;
    unsigned files = 0;
    give("", 0);
    for (int i = 1; i < argc; i++)
        status |= replay_folder(argv[i], &files);
    printf("%u seeds\n", files);
    return status;
}
