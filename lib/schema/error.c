#include "legajo/error.h"

G_DEFINE_QUARK(legajo - error, lj_error)

static const struct {
    const char *name;
    int status;
} codes[] = {
    [LJ_ERROR_USAGE] = {"usage", 2},
    [LJ_ERROR_QUERY] = {"query", 2},
    [LJ_ERROR_NOT_INDEX] = {"not-an-index", 65},
    [LJ_ERROR_DAMAGED] = {"damaged", 65},
    [LJ_ERROR_NEWER] = {"newer-format", 65},
    [LJ_ERROR_NO_INPUT] = {"no-input", 66},
    [LJ_ERROR_INTERNAL] = {"internal", 70},
    [LJ_ERROR_IO] = {"io", 74},
    [LJ_ERROR_LOCKED] = {"locked", 75},
    [LJ_ERROR_PERMISSION] = {"permission", 77},
    [LJ_ERROR_CONFIG] = {"configuration", 78},
    [LJ_ERROR_FORMAT] = {"format", 1},
    [LJ_ERROR_SKIPPED] = {"skipped", 0},
};

int
lj_error_exit_status(const GError *error)
{
    if (error->domain == LJ_ERROR && error->code >= 0 && (gsize)error->code < G_N_ELEMENTS(codes))
        return codes[error->code].status;
    if (error->domain == G_FILE_ERROR)
        return 74;
    return 70;
}

const char *
lj_error_name(const GError *error)
{
    if (error->domain == LJ_ERROR && error->code >= 0 && (gsize)error->code < G_N_ELEMENTS(codes))
        return codes[error->code].name;
    if (error->domain == G_FILE_ERROR)
        return "io";
    return "internal";
}
