#include "analysis/stem.h"

#include <libstemmer.h>
#include <string.h>

/* Changes whenever the rules below give another stem. */
#define RULES_VERSION "1"

struct lj_stemmer {
    struct sb_stemmer *snowball;
};

struct lj_stemmer *
lj_stemmer_open(const char *lexicon, GError **error)
{
    (void)lexicon;
    (void)error;
    struct lj_stemmer *stemmer = g_new0(struct lj_stemmer, 1);
    stemmer->snowball = sb_stemmer_new("spanish", "UTF_8");
    g_assert(stemmer->snowball);
    return stemmer;
}

void
lj_stemmer_close(struct lj_stemmer *stemmer)
{
    if (!stemmer)
        return;
    sb_stemmer_delete(stemmer->snowball);
    g_free(stemmer);
}

const char *
lj_stemmer_version(const struct lj_stemmer *stemmer)
{
    (void)stemmer;
    return RULES_VERSION "-0";
}

bool
lj_stemmer_homograph(const struct lj_stemmer *stemmer, const char *folded, size_t length)
{
    (void)stemmer;
    (void)folded;
    (void)length;
    return false;
}

const void *
lj_stemmer_lexicon(const struct lj_stemmer *stemmer, size_t *length)
{
    (void)stemmer;
    *length = 0;
    return "";
}

static bool
ends(const char *word, size_t length, const char *suffix)
{
    size_t n = strlen(suffix);
    return length > n && memcmp(word + length - n, suffix, n) == 0;
}

/* jueces → juez, regimenes → regimen, actos → acto. Applied twice: franceses → frances → franz, and
 * frances → franz. */
static size_t
singular(char *word, size_t length)
{
    if (length < 4 || word[length - 1] != 's')
        return length;
    if (ends(word, length, "ces")) {
        word[length - 3] = 'z';
        return length - 2;
    }
    if (ends(word, length, "es") && strchr("lrndjsxy", word[length - 3]))
        return length - 2;
    if (strchr("aeiou", word[length - 2]))
        return length - 1;
    return length;
}

/* Snowball knows the suffixes of -ción and -logía only with their accent. */
static size_t
restore(char *word, size_t length)
{
    static const struct {
        const char *plain, *accented;
    } suffixes[] = {{"cion", "ción"}, {"sion", "sión"}, {"logia", "logía"}};
    for (size_t i = 0; i < G_N_ELEMENTS(suffixes); i++)
        if (ends(word, length, suffixes[i].plain)) {
            size_t n = strlen(suffixes[i].accented);
            memcpy(word + length - strlen(suffixes[i].plain), suffixes[i].accented, n);
            return length + n - strlen(suffixes[i].plain);
        }
    return length;
}

/* á é í ó ú ü lose their mark; ñ (0xc3 0xb1) stays. */
static size_t
unaccent(const char *word, size_t length, char *out)
{
    size_t n = 0;
    for (size_t i = 0; i < length; i++) {
        const char *plain = NULL;
        if ((unsigned char)word[i] == 0xc3 && i + 1 < length) {
            switch ((unsigned char)word[i + 1]) {
            case 0xa1:
                plain = "a";
                break;
            case 0xa9:
                plain = "e";
                break;
            case 0xad:
                plain = "i";
                break;
            case 0xb3:
                plain = "o";
                break;
            case 0xba:
            case 0xbc:
                plain = "u";
                break;
            }
        }
        if (plain) {
            out[n++] = *plain;
            i++;
        } else {
            out[n++] = word[i];
        }
    }
    return n;
}

size_t
lj_stem(struct lj_stemmer *stemmer, const char *folded, size_t length, char out[LJ_STEM_SIZE])
{
    char word[LJ_STEM_SIZE];
    if (length > LJ_STEM_SIZE - 8) {
        length = LJ_STEM_SIZE - 8;
        while (length > 0 && ((unsigned char)folded[length] & 0xc0) == 0x80)
            length--;
        memcpy(out, folded, length);
        out[length] = '\0';
        return length;
    }
    memcpy(word, folded, length);
    size_t n = singular(word, length);
    n = singular(word, n);
    n = restore(word, n);
    const sb_symbol *stem = sb_stemmer_stem(stemmer->snowball, (const sb_symbol *)word, (int)n);
    size_t m = unaccent((const char *)stem, (size_t)sb_stemmer_length(stemmer->snowball), out);
    if (m == 0) {
        memcpy(out, folded, length);
        m = length;
    }
    out[m] = '\0';
    return m;
}
