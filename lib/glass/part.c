#include "glass/builder.h"
#include "i18n.h"

/* Empties the builder for a next database. */
static void
reset(struct lj_glass *glass)
{
    struct glass_spill *spills[] = {glass->spill, glass->position_spill, glass->data_spill};
    g_ptr_array_set_size(glass->runs, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(spills); i++) {
        spills[i]->length -= spills[i]->held;
        spills[i]->held = 0;
        g_clear_error(&spills[i]->error);
    }
    g_clear_error(&glass->error);
    glass_forget(glass);
    glass_forget_terms(glass);
    glass->documents = 0;
}

struct lj_glass_part {
    GPtrArray *runs; /* struct glass_run */
    uint32_t documents, last_docid;
};

struct lj_glass_part *
lj_glass_take(struct lj_glass *glass, GError **error)
{
    if (!glass_works(glass, error) || !glass_end_run(glass, error)) {
        reset(glass);
        return NULL;
    }
    struct lj_glass_part *part = g_new0(struct lj_glass_part, 1);
    part->documents = glass->documents;
    part->runs = glass->runs;
    glass->runs = g_ptr_array_new_with_free_func((GDestroyNotify)glass_run_free);
    glass->documents = 0;
    for (guint i = 0; i < part->runs->len; i++) {
        const struct glass_run *run = part->runs->pdata[i];
        part->last_docid = MAX(part->last_docid, run->last_docid);
    }
    return part;
}

void
lj_glass_part_free(struct lj_glass_part *part)
{
    if (!part)
        return;
    g_ptr_array_unref(part->runs);
    g_free(part);
}

bool
lj_glass_join(struct lj_glass_part *const *parts, size_t n, const char *dir, size_t memory,
              unsigned threads, GError **error)
{
    if (!glass_prepare_dir(dir, error))
        return false;
    GPtrArray *runs = g_ptr_array_new();
    uint32_t base = 0;
    bool ok = true;
    for (size_t i = 0; i < n && ok; i++) {
        for (guint k = 0; k < parts[i]->runs->len; k++) {
            struct glass_run *run = parts[i]->runs->pdata[k];
            run->base = base;
            g_ptr_array_add(runs, run);
        }
        ok = base <= UINT32_MAX - parts[i]->last_docid;
        base += parts[i]->last_docid;
    }
    if (ok)
        ok = glass_merge_runs(runs, dir, memory, threads, error);
    else
        g_set_error(error, LJ_ERROR, LJ_ERROR_IO, _("%s has grown too large"), dir);
    g_ptr_array_unref(runs);
    return ok;
}

bool
lj_glass_merge(struct lj_glass *const *builders, size_t n, const char *dir, unsigned threads,
               GError **error)
{
    GPtrArray *runs = g_ptr_array_new();
    size_t memory = 0;
    bool ok = true;
    for (size_t i = 0; i < n && ok; i++) {
        ok = glass_works(builders[i], error) && glass_end_run(builders[i], error);
        memory += builders[i]->memory;
        for (guint k = 0; k < builders[i]->runs->len; k++)
            g_ptr_array_add(runs, builders[i]->runs->pdata[k]);
    }
    ok = ok && glass_prepare_dir(dir, error) &&
         glass_merge_runs(runs, dir, memory / 4, threads, error);
    g_ptr_array_unref(runs);
    for (size_t i = 0; i < n; i++)
        reset(builders[i]);
    return ok;
}

bool
lj_glass_finish(struct lj_glass *glass, GError **error)
{
    return lj_glass_merge(&glass, 1, glass->dir, 3, error);
}
