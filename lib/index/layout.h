/* DIR/: which generation is live, which segments it has, how a new state of it is published.
 *
 * The stub XAPIANDB is the one truth: it is replaced by rename, so readers see the state before or
 * the state after. What it says of a generation stands in the generation's folder once more, so that a stub that
 * somebody deleted, or that a disk emptied, costs nothing. FORMAT.md draws the folder.
 */
#ifndef LEGAJO_INDEX_LAYOUT_H
#define LEGAJO_INDEX_LAYOUT_H

#include "legajo/error.h"
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

struct lj_layout {
    char *dir;
    unsigned generation; /* gen-NNNN; 0: no stub yet */
    GArray *segments;    /* unsigned: numbers, in the stub's order */
    uint64_t stub_inode; /* changes with every publication */
    int64_t stub_mtime;  /* ns */
    bool recovered;      /* there was no readable stub: this is what the generation's own says */
};

/* What stands at DIR. Where the stub is missing or empty, what the last generation that was made live and is whole says of itself; where that is
 * not known and a run once ended here, LJ_ERROR_DAMAGED with the remedy. A folder that does not exist or is empty (or holds only what a first run that
 * was stopped left) gives generation 0 where `create`, else LJ_ERROR_NO_INPUT; one with other
 * things gives LJ_ERROR_NOT_INDEX. */
struct lj_layout *lj_layout_read(const char *dir, bool create, GError **error);
void lj_layout_free(struct lj_layout *layout);

/* Has the stub been replaced since this was read? */
bool lj_layout_moved_on(const struct lj_layout *layout);

/* DIR/gen-NNNN, DIR/gen-NNNN/seg-NNNN; g_free. */
char *lj_layout_generation(const struct lj_layout *layout, unsigned generation);
char *lj_layout_segment(const struct lj_layout *layout, unsigned generation, unsigned segment);

/* Makes generation and segments (array of unsigned) the live ones: writes, syncs and renames the
 * stub, then the generation's own, and brings the layout up to date. */
bool lj_layout_publish(struct lj_layout *layout, unsigned generation, const GArray *segments,
                       GError **error);

/* Leaves a stub of the generation inside its folder ("glass seg-0001"), so that --rollback knows its
 * segments once it is not live any more (and xapian-delve DIR/gen-NNNN opens it). lj_layout_publish does too. */
bool lj_layout_leave(const struct lj_layout *layout, GError **error);
/* Takes that stub away: the generation is no way back any more, nor what is live where DIR/XAPIANDB is missing. */
bool lj_layout_disown(const struct lj_layout *layout, unsigned generation, GError **error);
/* The generation that --rollback goes back to: the last before the live one that was left and whose segments are
 * there. *segments: array of unsigned, g_array_unref, or NULL. 0 with LJ_ERROR_NO_INPUT where there is none. */
unsigned lj_layout_before(const struct lj_layout *layout, GArray **segments, GError **error);

/* Bytes of a folder and all in it, as files are allocated or as they are long, whichever is less. */
uint64_t lj_folder_size(const char *path);
/* Is there room for so many bytes more where the index lies? LJ_ERROR_IO with both figures. */
bool lj_layout_has_room(const struct lj_layout *layout, uint64_t bytes, GError **error);

/* After a failure to open the segments: where one of them is not there at all, *error says so, and what to do. Not
 * where the stub is another one by now: then the caller reads it again. */
void lj_layout_explain(const struct lj_layout *layout, GError **error);

/* Paths of the live segments, NULL-terminated; g_strfreev. */
char **lj_layout_paths(const struct lj_layout *layout);

/* Is it a file of DIR that was being written when a run broke off, to be renamed when it was whole? */
bool lj_is_remains(const char *name);

/* Removes a folder and all in it; what is not there is no error. */
bool lj_remove_tree(const char *path, GError **error);

/* Writes a small file by way of a new one (path.new) that is synced and renamed, and syncs the name. st: of the
 * result, where not NULL. */
bool lj_replace_file(const char *path, const GString *text, struct stat *st, GError **error);

/* fsync of a folder, so that names in it last. */
bool lj_sync_folder(const char *path, GError **error);
/* fsync of a folder, of the folders in it and of all files. */
bool lj_sync_tree(const char *path, GError **error);

#endif
