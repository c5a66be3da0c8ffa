#include "legajo/command.h"
#include "legajo/render.h"
#include "i18n.h"

#define COLUMN 29 /* where the help begins; longer names stand on a line of their own */

void
lj_command_help(const struct lj_command *command, FILE *out)
{
    for (size_t i = 0; i < command->n; i++) {
        const struct lj_option *row = &command->option[i];
        GString *left = g_string_new("  ");
        if (row->code < 256)
            g_string_append_printf(left, "-%c%s", row->code, row->name ? ", " : "");
        else
            g_string_append(left, "    ");
        if (row->name)
            g_string_append_printf(left, "--%s", row->name);
        if (row->value)
            g_string_append_printf(left, row->takes == LJ_VALUE_OPTIONAL ? "[=%s]" : "=%s",
                                   row->value);
        unsigned width = lj_width(left->str, -1);
        char *help = lj_wrap(_(row->help), 80 - COLUMN, COLUMN);
        if (width > COLUMN - 3)
            fprintf(out, "%s\n%*s%s\n", left->str, COLUMN, "", help);
        else
            fprintf(out, "%s%*s%s\n", left->str, (int)(COLUMN - width), "", help);
        g_free(help);
        g_string_free(left, TRUE);
    }
}
