/* The built-in lexicon: what compile-lexicon wrote, taken into the library as it is. */
#include "analysis/lexicon-data.h"

__asm__(".section .rodata\n"
        ".balign 16\n"
        ".globl lj_lexicon_data\n"
        ".hidden lj_lexicon_data\n"
        ".type lj_lexicon_data, %object\n"
        "lj_lexicon_data:\n"
        ".incbin \"" LEXICON_FILE "\"\n"
        ".globl lj_lexicon_data_end\n"
        ".hidden lj_lexicon_data_end\n"
        "lj_lexicon_data_end:\n"
        ".size lj_lexicon_data, . - lj_lexicon_data\n"
        ".previous\n");
