/* Characters of pictures, by Tesseract with its Spanish model: in legajo-extract-ocr alone. */
#ifndef LEGAJO_EXTRACT_OCR_H
#define LEGAJO_EXTRACT_OCR_H

#include "extract/job.h"

extern const struct lj_reader lj_reader_tesseract;

/* Before the sandbox: what Tesseract and Leptonica say to people goes nowhere. */
void lj_ocr_quiet(void);

#endif
