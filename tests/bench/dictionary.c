/* The entropy tables of the frames' dictionary, as lib/document/dictionary.c has them, from texts:
 *
 *     bench_dictionary corpus/archivo/[a-z]*.txt …          prints the bytes
 *     bench_dictionary --measure FILE…                      size and speed of frames with and without them
 *
 * Each file counts whole and in pieces of a few lines, as archives of short records bring them.
 */
#define ZDICT_STATIC_LINKING_ONLY
#include "document/dictionary.h"
#include "legajo/stored.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zdict.h>
#include <zstd.h>

#define LEVEL 1
#define PIECE 400
#define LARGE 6000

static void
add_pieces(const char *text, size_t length, size_t size, GByteArray *samples, GArray *sizes)
{
    for (size_t at = 0; at < length; at += size) {
        size_t n = MIN(size, length - at);
        g_byte_array_append(samples, (const guint8 *)text + at, (guint)n);
        g_array_append_val(sizes, n);
    }
}

static void
measure(const char *name, const void *dictionary, size_t length, int level,
        const GByteArray *samples, const GArray *sizes)
{
    ZSTD_CCtx *context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level);
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    ZSTD_CCtx_setParameter(context, ZSTD_c_dictIDFlag, 0);
    ZSTD_CCtx_loadDictionary(context, dictionary, length);
    size_t room = ZSTD_compressBound(samples->len), all = 0, at = 0;
    char *out = g_malloc(room);
    clock_t began = clock();
    for (guint i = 0; i < sizes->len; i++) {
        size_t n = g_array_index(sizes, size_t, i);
        all += ZSTD_compress2(context, out, room, samples->data + at, n);
        at += n;
    }
    double seconds = (double)(clock() - began) / CLOCKS_PER_SEC;
    printf("%-28s level %2d  %5.1f%%  %4.0f MB/s\n", name, level, 100.0 * (double)all / (double)at,
           (double)at / seconds / 1e6);
    ZSTD_freeCCtx(context);
    g_free(out);
}

int
main(int argc, char **argv)
{
    bool measuring = argc > 1 && strcmp(argv[1], "--measure") == 0;
    GByteArray *small = g_byte_array_new(), *large = g_byte_array_new();
    GArray *small_sizes = g_array_new(FALSE, FALSE, sizeof(size_t)),
           *large_sizes = g_array_new(FALSE, FALSE, sizeof(size_t));
    for (int i = measuring ? 2 : 1; i < argc; i++) {
        char *text;
        gsize length;
        GError *error = NULL;
        if (!g_file_get_contents(argv[i], &text, &length, &error)) {
            fprintf(stderr, "%s\n", error->message);
            return 66;
        }
        add_pieces(text, length, PIECE, small, small_sizes);
        add_pieces(text, length, LARGE, large, large_sizes);
        g_free(text);
    }
    if (small->len == 0) {
        fprintf(stderr, "which texts?\n");
        return 2;
    }
    if (measuring) {
        GBytes *dictionary = lj_dictionary_2();
        gsize n;
        const void *now = g_bytes_get_data(dictionary, &n);
        static const int levels[] = {3, 1, -1};
        for (size_t i = 0; i < G_N_ELEMENTS(levels); i++) {
            measure("6 KB, words alone", lj_dictionary_1, lj_dictionary_1_length, levels[i], large,
                    large_sizes);
            measure("6 KB, with tables", now, n, levels[i], large, large_sizes);
            measure("400 bytes, words alone", lj_dictionary_1, lj_dictionary_1_length, levels[i],
                    small, small_sizes);
            measure("400 bytes, with tables", now, n, levels[i], small, small_sizes);
        }
        return 0;
    }
    g_byte_array_append(small, large->data, large->len);
    g_array_append_vals(small_sizes, large_sizes->data, large_sizes->len);
    static char out[1 << 16];
    ZDICT_params_t parameters = {.compressionLevel = LEVEL, .dictID = 32768};
    size_t size = ZDICT_finalizeDictionary(out, sizeof out, lj_dictionary_1, lj_dictionary_1_length,
                                           small->data, (const size_t *)(void *)small_sizes->data,
                                           small_sizes->len, parameters);
    if (ZDICT_isError(size) || size < lj_dictionary_1_length) {
        fprintf(stderr, "zstd: %s\n", ZDICT_getErrorName(size));
        return 70;
    }
    for (size_t i = 0; i < size - lj_dictionary_1_length; i++)
        printf("0x%02x,%s", (uint8_t)out[i], i % 16 == 15 ? "\n" : " ");
    printf("\n");
    return 0;
}
