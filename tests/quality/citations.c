/* How well are citations found? Compares what a person marked with what the finder marks:
 *
 *     quality_citations LIST FOLDER
 *
 * LIST holds a line for every citation that a lawyer would mark, in the order of the text: the name
 * of a file in FOLDER, a tab, the term of the citation (lib/analysis/citation.h), most specific
 * form. A citation of several articles has a line for each. A name alone is a file without
 * citations; '#' begins a comment. Prints what was missed, what was marked for nothing, precision,
 * recall and F1: a line is found when a place not yet taken has its term; a place is right when a
 * line took it. */
#include "analysis/citation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct place {
    size_t start, end;
    GPtrArray *terms;
    GHashTable *taken; /* terms that a line has taken */
};

static void
free_place(gpointer data)
{
    struct place *place = data;
    g_ptr_array_unref(place->terms);
    g_hash_table_unref(place->taken);
    g_free(place);
}

static void
add_term(void *data, size_t start, size_t end, const char *term, size_t length)
{
    GPtrArray *places = data;
    struct place *last = places->len ? places->pdata[places->len - 1] : NULL;
    if (!last || last->start != start || last->end != end) {
        last = g_new0(struct place, 1);
        last->start = start;
        last->end = end;
        last->terms = g_ptr_array_new_with_free_func(g_free);
        last->taken = g_hash_table_new(g_str_hash, g_str_equal);
        g_ptr_array_add(places, last);
    }
    g_ptr_array_add(last->terms, g_strndup(term, length));
}

struct file {
    char *text;
    gsize length;
    GPtrArray *places;
};

static void
free_file(gpointer data)
{
    struct file *file = data;
    g_ptr_array_unref(file->places);
    g_free(file->text);
    g_free(file);
}

static struct file *
read_file(GHashTable *files, const char *folder, const char *name)
{
    struct file *file = g_hash_table_lookup(files, name);
    if (file)
        return file;
    char *path = g_build_filename(folder, name, NULL);
    GError *error = NULL;
    file = g_new0(struct file, 1);
    if (!g_file_get_contents(path, &file->text, &file->length, &error)) {
        fprintf(stderr, "%s\n", error->message);
        exit(66);
    }
    file->places = g_ptr_array_new_with_free_func(free_place);
    lj_citation_find(file->text, file->length, add_term, file->places);
    g_hash_table_insert(files, g_strdup(name), file);
    g_free(path);
    return file;
}

/* Takes the place whose terms hold the wanted one, untaken: of several, the one that says least
 * besides, so that a law alone does not take the place of its article. */
static bool
take(struct file *file, const char *term)
{
    struct place *best = NULL;
    guint best_at = 0;
    for (guint i = 0; i < file->places->len; i++) {
        struct place *place = file->places->pdata[i];
        guint at;
        if (g_ptr_array_find_with_equal_func(place->terms, term, g_str_equal, &at) &&
            !g_hash_table_contains(place->taken, term) &&
            (!best || place->terms->len < best->terms->len)) {
            best = place;
            best_at = at;
        }
    }
    if (best)
        g_hash_table_add(best->taken, best->terms->pdata[best_at]);
    return best != NULL;
}

int
main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: quality_citations LIST FOLDER\n");
        return 2;
    }
    char *list;
    GError *error = NULL;
    if (!g_file_get_contents(argv[1], &list, NULL, &error)) {
        fprintf(stderr, "%s\n", error->message);
        return 66;
    }
    GHashTable *files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_file);
    unsigned wanted = 0, found = 0, places = 0, right = 0;
    char **lines = g_strsplit(list, "\n", -1);
    for (char **line = lines; *line; line++) {
        char *tab = strchr(*line, '\t');
        if (!tab) { /* a file without citations stands alone */
            if (**line && **line != '#')
                read_file(files, argv[2], *line);
            continue;
        }
        *tab = 0;
        wanted++;
        if (take(read_file(files, argv[2], *line), tab + 1))
            found++;
        else
            printf("missed\t%s\t%s\n", *line, tab + 1);
    }
    GHashTableIter each;
    gpointer name, value;
    g_hash_table_iter_init(&each, files);
    while (g_hash_table_iter_next(&each, &name, &value)) {
        struct file *file = value;
        for (guint i = 0; i < file->places->len; i++) {
            struct place *place = file->places->pdata[i];
            places++;
            if (g_hash_table_size(place->taken) > 0) {
                right++;
                continue;
            }
            char *text = g_strndup(file->text + place->start, place->end - place->start);
            printf("for nothing\t%s\t%s\t%s\n", (char *)name, g_strdelimit(text, "\n\t", ' '),
                   (char *)place->terms->pdata[0]);
            g_free(text);
        }
    }
    double precision = places ? (double)right / places : 1,
           recall = wanted ? (double)found / wanted : 1;
    printf("files %u, marked by hand %u, found %u; marked by us %u, right %u\n"
           "precision %.3f  recall %.3f  F1 %.3f\n",
           g_hash_table_size(files), wanted, found, places, right, precision, recall,
           precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0);
    g_strfreev(lines);
    g_hash_table_unref(files);
    g_free(list);
    return 0;
}
