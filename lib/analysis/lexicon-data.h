/* The built-in lexicon's bytes (see lexicon.h), from lj_lexicon_data up to lj_lexicon_data_end. */
#ifndef LEGAJO_ANALYSIS_LEXICON_DATA_H
#define LEGAJO_ANALYSIS_LEXICON_DATA_H

extern const unsigned char lj_lexicon_data[], lj_lexicon_data_end[];

#endif
