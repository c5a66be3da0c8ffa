#include "analysis/words.h"
#include "document/word_table.h"

/* Folded. Articles, pronouns, prepositions, conjunctions, adverbs of degree and the
 * auxiliaries; no noun, no other verb. */
static const char *const stop_words[] = {
    "a",          "acerca",    "ademas",   "adonde",   "ahi",      "ahora",    "al",
    "algo",       "algun",     "alguna",   "algunas",  "alguno",   "algunos",  "alla",
    "alli",       "ambas",     "ambos",    "ante",     "antes",    "apenas",   "aquel",
    "aquella",    "aquellas",  "aquello",  "aquellos", "aqui",     "asi",      "aun",
    "aunque",     "bajo",      "bien",     "cada",     "casi",     "como",     "con",
    "conmigo",    "consigo",   "contigo",  "contra",   "cual",     "cuales",   "cualquier",
    "cualquiera", "cuan",      "cuando",   "cuanta",   "cuantas",  "cuanto",   "cuantos",
    "cuya",       "cuyas",     "cuyo",     "cuyos",    "dado",     "de",       "del",
    "demas",      "desde",     "despues",  "dicha",    "dichas",   "dicho",    "dichos",
    "donde",      "durante",   "e",        "el",       "ella",     "ellas",    "ello",
    "ellos",      "empero",    "en",       "entonces", "entre",    "era",      "eramos",
    "eran",       "eras",      "eres",     "es",       "esa",      "esas",     "ese",
    "eso",        "esos",      "esta",     "estaba",   "estaban",  "estamos",  "estan",
    "estando",    "estar",     "estara",   "estaran",  "estas",    "este",     "esten",
    "esto",       "estos",     "estoy",    "estuvo",   "fue",      "fueran",   "fueron",
    "fuese",      "fuesen",    "ha",       "haber",    "habia",    "habian",   "habiendo",
    "habra",      "habran",    "habria",   "habrian",  "hacia",    "han",      "has",
    "hasta",      "hay",       "haya",     "hayan",    "he",       "hemos",    "hubo",
    "incluso",    "junto",     "la",       "las",      "le",       "les",      "lo",
    "los",        "luego",     "mas",      "me",       "mediante", "menos",    "mi",
    "mia",        "mias",      "mientras", "mio",      "mios",     "mis",      "misma",
    "mismas",     "mismo",     "mismos",   "mucha",    "muchas",   "mucho",    "muchos",
    "muy",        "nada",      "nadie",    "ni",       "ningun",   "ninguna",  "ninguno",
    "no",         "nos",       "nosotras", "nosotros", "nuestra",  "nuestras", "nuestro",
    "nuestros",   "nunca",     "nº",       "o",        "os",       "otra",     "otras",
    "otro",       "otros",     "para",     "pero",     "poca",     "pocas",    "poco",
    "pocos",      "por",       "porque",   "pues",     "que",      "quien",    "quienes",
    "quiza",      "quizas",    "salvo",    "se",       "sea",      "sean",     "segun",
    "sendas",     "sendos",    "ser",      "sera",     "seran",    "seria",    "serian",
    "si",         "sido",      "siempre",  "siendo",   "sin",      "so",       "sobre",
    "sois",       "solamente", "somos",    "son",      "soy",      "su",       "sus",
    "suya",       "suyas",     "suyo",     "suyos",    "tal",      "tales",    "tambien",
    "tampoco",    "tan",       "tanta",    "tantas",   "tanto",    "tantos",   "te",
    "ti",         "toda",      "todas",    "todavia",  "todo",     "todos",    "tras",
    "tu",         "tus",       "tuya",     "tuyas",    "tuyo",     "tuyos",    "u",
    "un",         "una",       "unas",     "uno",      "unos",     "usted",    "ustedes",
    "vosotras",   "vosotros",  "vuestra",  "vuestras", "vuestro",  "vuestros", "y",
    "ya",         "yo"};

/* Folded: what a dictionary of forms does not tell, since both are function words or
 * the accent was dropped by a spelling reform. */
static const char *const homographs[] = {
    "a",      "adonde", "aquel",  "aquella", "aquellas", "aquellos", "aun",     "como", "cual",
    "cuales", "cuan",   "cuando", "cuanta",  "cuantas",  "cuanto",   "cuantos", "de",   "dio",
    "donde",  "e",      "el",     "esa",     "esas",     "ese",      "esos",    "esta", "estas",
    "este",   "estos",  "fe",     "fue",     "fui",      "guion",    "mas",     "mi",   "o",
    "porque", "que",    "quien",  "quienes", "se",       "si",       "sola",    "solo", "te",
    "ti",     "tu",     "u",      "vio"};

bool
lj_word_is_stop(const char *folded, size_t length)
{
    static struct lj_word_table table;
    return lj_word_table_find(&table, stop_words, sizeof *stop_words, G_N_ELEMENTS(stop_words),
                              folded, length);
}

bool
lj_word_has_homograph(const char *folded, size_t length)
{
    static struct lj_word_table table;
    return lj_word_table_find(&table, homographs, sizeof *homographs, G_N_ELEMENTS(homographs),
                              folded, length);
}
