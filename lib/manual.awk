# A manual page from a tool's own --help, so that options stand in one place:
#     indexer --help | awk -v tool=legajo-indexer -v what="…" -v more=indexer/manual.roff -f lib/manual.awk
# `more` is roff: the sections that --help has no room for, put before EXIT STATUS.
function roff(text) {
    gsub(/\\/, "\\e", text)
    gsub(/-/, "\\-", text)
    if (text ~ /^[.']/)
        text = "\\&" text
    return text
}
function flush_exit(    i, n, part) {
    if (exits == "")
        return
    print ".SH EXIT STATUS"
    sub(/^Exit: /, "", exits)
    sub(/\.$/, "", exits)
    n = split(exits, part, "; ")
    for (i = 1; i <= n; i++)
        print ".TP\n" roff(substr(part[i], 1, index(part[i], " ") - 1)) "\n" roff(substr(part[i], index(part[i], " ") + 1))
}
BEGIN {
    print ".TH " toupper(tool) " 1 \"\" \"legajo " version "\" \"legajo\""
    print ".SH NAME\n" roff(tool) " \\- " roff(what)
}
/^Usage: / {
    sub(/^Usage: [^ ]+ /, "")
    print ".SH SYNOPSIS\n.B " roff(tool) "\n" roff($0) "\n.SH DESCRIPTION"
    next
}
/^Exit: / { in_exit = 1 }
in_exit { exits = exits (exits == "" ? "" : " ") $0; next }
/^  +-/ {
    if (!options++)
        print ".SH OPTIONS"
    line = $0
    sub(/^ +/, "", line)
    at = match(line, /  +/)
    name = at ? substr(line, 1, at - 1) : line
    print ".TP\n.B " roff(name)
    if (at)
        print roff(substr(line, at + RLENGTH))
    next
}
/^  [^ ]/ && !options { # an example: the query, then what it means
    line = $0
    sub(/^ +/, "", line)
    at = match(line, /  +/)
    print ".TP\n.B " roff(at ? substr(line, 1, at - 1) : line)
    print roff(at ? substr(line, at + RLENGTH) : "")
    next
}
/^$/ { if (!options) print ".PP"; next }
{ sub(/^ +/, ""); print roff($0) }
END {
    while ((getline line < more) > 0)
        print line
    flush_exit()
}
