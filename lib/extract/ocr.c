#include "extract/ocr.h"
#include "i18n.h"

#include <fcntl.h>
#include <leptonica/allheaders.h>
#include <stdlib.h>
#include <string.h>
#include <tesseract/capi.h>
#include <time.h>
#include <unistd.h>

/* Below these a page may lie on its side: other turns are tried. */
#define POOR_CONFIDENCE 60
#define POOR_WORDS 5
/* Words of less are specks and edges of the paper; on a poor page (handwriting, a photograph), words
 * of less are made up. */
#define WORD_CONFIDENCE 25
#define POOR_WORD_CONFIDENCE 75
/* A picture smaller than this (dots a side, dots in all) holds no page: an icon, a logo. */
#define SIDE_LEAST 200
#define AREA_LEAST 200000
#define AREA_MOST 60000000
#define PICTURES_MOST 5000

static TessBaseAPI *engine;

void
lj_ocr_quiet(void)
{
    setMsgSeverity(L_SEVERITY_NONE);
#ifndef __SANITIZE_ADDRESS__ /* whose reports are worth having */
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (null >= 0) {
        dup2(null, STDERR_FILENO);
        close(null);
    }
#endif
}

/* Left to the end of the program, it complains of what is still in use. */
static void
end_engine(void)
{
    TessBaseAPIEnd(engine);
    TessBaseAPIDelete(engine);
}

static bool
start_engine(GError **error)
{
    if (engine)
        return true;
    engine = TessBaseAPICreate();
    if (TessBaseAPIInit2(engine, NULL, "spa", OEM_LSTM_ONLY) != 0) {
        TessBaseAPIDelete(engine);
        engine = NULL;
        g_set_error_literal(
            error, LJ_ERROR, LJ_ERROR_FORMAT,
            _("the Spanish model of tesseract is not installed (Debian: tesseract-ocr-spa)"));
        return false;
    }
    atexit(end_engine);
    TessBaseAPISetPageSegMode(engine, PSM_AUTO);
    return true;
}

/* On a poor page only what is long enough not to be chance counts as a word. */
static bool
is_word(const char *word, float confidence, bool poor)
{
    int letters = 0;
    for (const char *p = word; *p; p = g_utf8_next_char(p))
        letters += g_unichar_isalnum(g_utf8_get_char(p));
    return poor ? confidence >= POOR_WORD_CONFIDENCE && letters >= 3
                : confidence >= WORD_CONFIDENCE && *word;
}

/* Words line by line, those left out that are hardly words; an empty line between paragraphs. */
static int
take_words(GString *text, bool poor)
{
    int words = 0;
    TessResultIterator *result = TessBaseAPIGetIterator(engine);
    if (!result)
        return 0;
    const TessPageIterator *place = TessResultIteratorGetPageIteratorConst(result);
    bool line = true, blank = false;
    do {
        if (TessPageIteratorIsAtBeginningOf(place, RIL_PARA) ||
            TessPageIteratorIsAtBeginningOf(place, RIL_BLOCK))
            blank = text->len > 0;
        if (TessPageIteratorIsAtBeginningOf(place, RIL_TEXTLINE))
            line = true;
        char *word = TessResultIteratorGetUTF8Text(result, RIL_WORD);
        if (word && is_word(word, TessResultIteratorConfidence(result, RIL_WORD), poor)) {
            if (line && text->len > 0)
                g_string_append(text, blank ? "\n\n" : "\n");
            else if (text->len > 0)
                g_string_append_c(text, ' ');
            g_string_append(text, word);
            line = blank = false;
            words++;
        }
        if (word)
            TessDeleteText(word);
    } while (TessResultIteratorNext(result, RIL_WORD));
    TessResultIteratorDelete(result);
    return words;
}

/* What this process has worked, in microseconds: on a busy machine a page takes no less of it. */
static gint64
worked(void)
{
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (gint64)used.tv_sec * G_USEC_PER_SEC + used.tv_nsec / 1000;
}

/* Asked between words. */
static bool
is_late(void *until, int words)
{
    (void)words;
    return worked() >= *(const gint64 *)until;
}

/* One reading of a picture. False when it took too long; confidence 0…100. */
static bool
read_once(const uint8_t *grey, int width, int height, int stride, int dpi, gint64 until,
          GString *text, int *words, int *confidence)
{
    if (worked() >= until)
        return false;
    TessBaseAPISetImage(engine, grey, width, height, 1, stride);
    TessBaseAPISetSourceResolution(engine, dpi);
    ETEXT_DESC *monitor = TessMonitorCreate();
    TessMonitorSetCancelFunc(monitor, is_late);
    TessMonitorSetCancelThis(monitor, &until);
    TessBaseAPIRecognize(engine, monitor);
    TessMonitorDelete(monitor);
    *confidence = TessBaseAPIMeanTextConf(engine);
    *words = take_words(text, *confidence < POOR_CONFIDENCE);
    TessBaseAPIClear(engine);
    return worked() < until;
}

/* Leptonica's picture → rows of grey bytes; g_free. */
static uint8_t *
grey_rows(PIX *pix, int *width, int *height)
{
    *width = pixGetWidth(pix);
    *height = pixGetHeight(pix);
    uint8_t *rows = g_try_malloc((size_t)*width * (size_t)*height);
    const l_uint32 *data = pixGetData(pix);
    int words = pixGetWpl(pix);
    for (int y = 0; rows && y < *height; y++) {
        const l_uint32 *line = data + (size_t)y * (size_t)words;
        for (int x = 0; x < *width; x++)
            rows[(size_t)y * (size_t)*width + (size_t)x] = (uint8_t)GET_DATA_BYTE(line, x);
    }
    return rows;
}

static PIX *
from_rows(const uint8_t *grey, int width, int height, int stride)
{
    PIX *pix = pixCreateNoInit(width, height, 8);
    if (!pix)
        return NULL;
    l_uint32 *data = pixGetData(pix);
    int words = pixGetWpl(pix);
    for (int y = 0; y < height; y++) {
        l_uint32 *line = data + (size_t)y * (size_t)words;
        for (int x = 0; x < width; x++)
            SET_DATA_BYTE(line, x, grey[(size_t)y * (size_t)stride + (size_t)x]);
    }
    return pix;
}

static bool
read_page(const uint8_t *grey, int width, int height, int stride, int dpi, uint32_t timeout_ms,
          GString *text, GError **error)
{
    if (!start_engine(error))
        return false;
    gint64 until = worked() + (gint64)timeout_ms * 1000;
    GString *best = g_string_new(NULL);
    int words = 0, confidence = 0;
    bool in_time = read_once(grey, width, height, stride, dpi, until, best, &words, &confidence);
    if (in_time && (confidence < POOR_CONFIDENCE || words < POOR_WORDS)) {
        PIX *pix = from_rows(grey, width, height, stride);
        static const int turns[] = {
            1, 3, 2}; /* quarters: lying pages are commoner than standing on the head */
        for (size_t i = 0; pix && in_time && i < G_N_ELEMENTS(turns); i++) {
            PIX *turned = pixRotateOrth(pix, turns[i]);
            int w, h, more = 0, sure = 0;
            uint8_t *rows = turned ? grey_rows(turned, &w, &h) : NULL;
            GString *other = g_string_new(NULL);
            in_time = !rows || read_once(rows, w, h, w, dpi, until, other, &more, &sure);
            if (more * sure > words * confidence) {
                g_string_assign(best, other->str);
                words = more;
                confidence = sure;
            }
            g_string_free(other, TRUE);
            g_free(rows);
            pixDestroy(&turned);
            if (confidence >= 80 && words >= 4 * POOR_WORDS)
                break;
        }
        pixDestroy(&pix);
    }
    if (confidence >= POOR_CONFIDENCE || words >= POOR_WORDS)
        g_string_append_len(text, best->str, (gssize)best->len);
    g_string_free(best, TRUE);
    if (!in_time)
        g_set_error(error, LJ_ERROR, LJ_ERROR_FORMAT,
                    _("recognising its characters took longer than %u seconds and was stopped"),
                    (timeout_ms + 999) / 1000);
    return in_time;
}

/* A decoded picture in grey, of a size at which letters are read well. NULL: too small to hold a page. */
static PIX *
prepare(PIX *pix)
{
    int width = pixGetWidth(pix), height = pixGetHeight(pix);
    if (MIN(width, height) < SIDE_LEAST || (int64_t)width * height < AREA_LEAST ||
        (int64_t)width * height > AREA_MOST)
        return NULL;
    PIX *flat = pixRemoveAlpha(pix);
    PIX *grey = flat ? pixConvertTo8(flat, 0) : NULL;
    pixDestroy(&flat);
    int longer = MAX(width, height);
    if (grey && longer < 1800) { /* a page of the screen: letters of ten dots are read badly */
        float scale = MIN(3.0f, 2500.0f / (float)longer);
        PIX *larger = pixScale(grey, scale, scale);
        pixDestroy(&grey);
        grey = larger;
    }
    return grey;
}

static bool
read_pictures(const uint8_t *bytes, size_t length,
              bool (*each)(const uint8_t *grey, int width, int height, int stride, int dpi,
                           int number, void *data),
              void *data, GError **error)
{
    int format = IFF_UNKNOWN, number = 0;
    size_t offset = 0;
    findFileFormatBuffer(bytes, &format);
    bool tiff = format >= IFF_TIFF && format <= IFF_TIFF_ZIP;
    bool good = true, any = false;
    do {
        PIX *pix =
            tiff ? pixReadMemFromMultipageTiff(bytes, length, &offset) : pixReadMem(bytes, length);
        number++;
        if (!pix)
            break;
        any = true;
        PIX *grey = prepare(pix);
        int dpi = pixGetXRes(pix);
        pixDestroy(&pix);
        if (grey) {
            int width, height;
            uint8_t *rows = grey_rows(grey, &width, &height);
            pixDestroy(&grey);
            if (dpi < 150 || dpi > 1200)
                dpi = 300;
            good = rows && each(rows, width, height, width, dpi, number, data);
            g_free(rows);
        }
    } while (good && tiff && offset != 0 && number < PICTURES_MOST);
    if (!any)
        g_set_error_literal(error, LJ_ERROR, LJ_ERROR_FORMAT, _("the picture is damaged"));
    return any;
}

const struct lj_reader lj_reader_tesseract = {read_page, read_pictures};
