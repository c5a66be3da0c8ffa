/* In place of ICU's library in programs whose answers seldom need it: Spanish text is read by tables of ours, ICU has the
 * rest of Unicode, and opening it takes longer than some answers. Its functions, under their own names, which load it when
 * the first of them is called. A program that is linked so and lacks one of them is not linked at all. */
#include <dlfcn.h>
#include <glib.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utext.h>

#define LIBRARY "libicuuc.so." G_STRINGIFY(U_ICU_VERSION_MAJOR_NUM)

static void *
found(const char *name)
{
    void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL); /* the same one each time */
    void *function = library ? dlsym(library, name) : NULL;
    if (!function)
        g_error("%s: %s; install ICU again", LIBRARY, dlerror());
    return function;
}

/* Names as the header renames them: u_charType_72. */
#define LATE(type, name, parameters, arguments)                              \
    type name parameters                                                     \
    {                                                                        \
        static __typeof__(&name) known;                                      \
        __typeof__(&name) function = __atomic_load_n(&known, __ATOMIC_RELAXED); \
        if (!function) {                                                     \
            function = (__typeof__(&name))found(G_STRINGIFY(name));          \
            __atomic_store_n(&known, function, __ATOMIC_RELAXED);            \
        }                                                                    \
        return function arguments;                                           \
    }

LATE(int8_t, u_charType, (UChar32 c), (c))
LATE(const char *, u_errorName, (UErrorCode code), (code))
LATE(int32_t, u_getIntPropertyValue, (UChar32 c, UProperty which), (c, which))
LATE(UBool, u_hasBinaryProperty, (UChar32 c, UProperty which), (c, which))
LATE(UBool, u_isUWhiteSpace, (UChar32 c), (c))
LATE(UBool, u_isalpha, (UChar32 c), (c))
LATE(UBool, u_isdigit, (UChar32 c), (c))
LATE(UBool, u_islower, (UChar32 c), (c))
LATE(UBool, u_isupper, (UChar32 c), (c))
LATE(UChar32, u_tolower, (UChar32 c), (c))
LATE(UChar *, u_strFromUTF8WithSub,
     (UChar *to, int32_t room, int32_t *n, const char *from, int32_t length, UChar32 instead,
      int32_t *replaced, UErrorCode *code),
     (to, room, n, from, length, instead, replaced, code))
LATE(UScriptCode, uscript_getScript, (UChar32 c, UErrorCode *code), (c, code))

LATE(const UNormalizer2 *, unorm2_getNFCInstance, (UErrorCode *code), (code))
LATE(const UNormalizer2 *, unorm2_getNFKCInstance, (UErrorCode *code), (code))
LATE(const UNormalizer2 *, unorm2_getNFKDInstance, (UErrorCode *code), (code))
LATE(int32_t, unorm2_normalize,
     (const UNormalizer2 *form, const UChar *from, int32_t length, UChar *to, int32_t room,
      UErrorCode *code),
     (form, from, length, to, room, code))

LATE(UBreakIterator *, ubrk_open,
     (UBreakIteratorType type, const char *locale, const UChar *text, int32_t length,
      UErrorCode *code),
     (type, locale, text, length, code))
LATE(void, ubrk_close, (UBreakIterator *breaks), (breaks))
LATE(void, ubrk_setUText, (UBreakIterator *breaks, UText *text, UErrorCode *code),
     (breaks, text, code))
LATE(int32_t, ubrk_first, (UBreakIterator *breaks), (breaks))
LATE(int32_t, ubrk_next, (UBreakIterator *breaks), (breaks))
LATE(UText *, utext_openUTF8, (UText *text, const char *bytes, int64_t length, UErrorCode *code),
     (text, bytes, length, code))
LATE(UText *, utext_close, (UText *text), (text))
