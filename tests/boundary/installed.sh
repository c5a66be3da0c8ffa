#!/bin/sh
# What is installed finds its own parts wherever it was put:  installed.sh CMAKE BUILD
set -e
prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT
"$1" --install "$2" --prefix "$prefix" >"$prefix/log"
mkdir "$prefix/laws"
echo "Ley de puertos. Artículo 1. Los puertos son del Estado." >"$prefix/laws/ley.txt"
LANG=C LC_ALL=C
LEGAJO_DB=$prefix/index
export LANG LC_ALL LEGAJO_DB
unset LEGAJO_EXTRACT LEGAJO_LOCALEDIR LANGUAGE
"$prefix/bin/legajo-indexer" --quiet "$prefix/laws"
[ "$("$prefix/bin/legajo-searcher" --count puertos)" = 1 ]
"$prefix/bin/legajo-searcher" --sort=date --format=json puertos | grep -q ley.txt # what only Xapian answers
LC_ALL=es_ES.UTF-8 "$prefix/bin/legajo-searcher" --help | grep -q 'Uso:'
