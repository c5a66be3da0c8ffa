#!/bin/sh
# Each header of ours compiles alone, as C, without a warning:  headers.sh COMPILER SOURCE
compiler=$1
source=$2
command -v "$compiler" >/dev/null || { echo "skipped: no $compiler here"; exit 77; }
flags=$(pkg-config --cflags glib-2.0 icu-uc libxml-2.0 jansson yaml-0.1) || exit 1
status=0
count=0
for header in $(find "$source/lib" "$source/indexer" "$source/searcher" -name '*.h' | sort); do
    count=$((count + 1))
    # shellcheck disable=SC2086
    printf '#include "%s"\n' "$header" |
        "$compiler" -std=gnu11 -D_GNU_SOURCE -DGETTEXT_PACKAGE='"legajo"' -Wall -Wextra -Werror -fsyntax-only \
            -Wno-unused-function -I"$source/lib/include" -I"$source/lib" -I"$(dirname "$header")" $flags -x c - ||
        { echo "$header does not compile alone with $compiler"; status=1; }
done
[ "$count" -ge 10 ] || { echo "hardly a header found: this test no longer sees what it looks for"; exit 1; }
echo "$count headers"
exit $status
