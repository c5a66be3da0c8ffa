#include "legajo/command.h"

#include <string.h>

/* Is the value a path? As its name says: FILE, DIR, DIR|HOST:PORT, ID|FILE. */
static bool
is_path(const struct lj_option *row)
{
    return row->value && (strstr(row->value, "FILE") || strstr(row->value, "DIR"));
}

/* Readline breaks words at = too, so that --sort=da comes as three: --sort, =, da. */
void
lj_command_completion(const struct lj_command *command, const char *program, FILE *out)
{
    char *function = g_strdelimit(g_strconcat("_", program, NULL), "-", '_');
    fprintf(out,
            "# bash completion for %s\n"
            "%s() {\n"
            "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
            "    [[ $cur == = ]] && cur=\n"
            "    [[ $prev == = ]] && prev=${COMP_WORDS[COMP_CWORD-2]}\n"
            "    case $prev in\n",
            program, function);
    for (size_t i = 0; i < command->n; i++) {
        const struct lj_option *row = &command->option[i];
        if (row->takes == LJ_VALUE_NONE || !row->name)
            continue;
        fprintf(out, "    --%s", row->name);
        if (row->code < 256)
            fprintf(out, "|-%c", row->code);
        if (row->choices)
            fprintf(out, ") COMPREPLY=($(compgen -W '%s' -- \"$cur\")); return ;;\n", row->choices);
        else if (is_path(row))
            fprintf(out,
                    ") compopt -o filenames; COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n");
        else
            fprintf(out, ") return ;;\n");
    }
    fprintf(out, "    esac\n"
                 "    if [[ $cur == -* ]]; then\n"
                 "        COMPREPLY=($(compgen -W '");
    const char *blank = "";
    for (size_t i = 0; i < command->n; i++)
        if (command->option[i].name) {
            fprintf(out, "%s--%s%s", blank, command->option[i].name,
                    command->option[i].takes == LJ_VALUE_NEEDED ? "=" : "");
            blank = " ";
        }
    fprintf(out,
            "' -- \"$cur\"))\n"
            "        [[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace\n"
            "    else\n"
            "        compopt -o filenames\n"
            "        COMPREPLY=($(compgen -f -- \"$cur\"))\n"
            "    fi\n"
            "}\n"
            "complete -F %s %s\n",
            function, program);
    g_free(function);
}
