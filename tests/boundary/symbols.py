"""Symbols that may not cross a border.

    symbols.py xapian BUILD         Xapian's classes appear in the objects of lib/xap and in no other
    symbols.py exports BUILD SOURCE liblegajo.so exports what its public headers declare, and nothing else

Exit 0: so it is. 1: it is not, and what crosses is named. 77: there is nothing to look at yet.
"""
import re
import subprocess
import sys
from pathlib import Path


def nm(*arguments):
    return subprocess.run(["nm", *arguments], check=True, capture_output=True, text=True).stdout


def xapian(build):
    ours = [path for part in ("lib", "indexer", "searcher") for path in (build / part).rglob("*.o")]
    holders, strangers = 0, []
    for path in ours:
        names = sorted({line.split()[-1] for line in nm("-A", str(path)).splitlines()
                        if "6Xapian" in line.split()[-1]})
        if not names:
            continue
        if "legajo_xap.dir" in path.parts:
            holders += 1
        else:
            strangers.append(f"{path.relative_to(build)}: {', '.join(names[:3])}")
    if not any("legajo_xap.dir" in path.parts for path in ours):
        print("skipped: lib/xap is not built")
        return 77
    if not holders:
        print("no object of lib/xap holds a symbol of Xapian: this test no longer sees what it looks for")
        return 1
    if strangers:
        print("Xapian's symbols outside lib/xap:", *strangers, sep="\n  ")
        return 1
    print(f"{len(ours)} objects, Xapian in {holders} of lib/xap only")
    return 0


def declared(source):
    """name → header of every function that a public header marks LJ_API."""
    names = {}
    for header in sorted((source / "lib/include/legajo").glob("*.h")):
        text = re.sub(r"/\*.*?\*/", "", header.read_text(encoding="utf-8"), flags=re.S)
        text = re.sub(r"^\s*#.*?(?<!\\)$", "", text, flags=re.S | re.M)
        for declaration in re.findall(r"\bLJ_API\b([^;{]*)", text):
            function = re.search(r"\b(\w+)\s*(?:\(|\[|$)", declaration.replace("*", " * "))
            names[function.group(1)] = header.name
    return names


def exports(build, source):
    library = build / "lib/liblegajo.so"
    exported = {line.split()[-1].split("@")[0]
                for line in nm("-D", "--defined-only", str(library)).splitlines()}
    promised = declared(source)
    if len(promised) < 10:
        print("hardly a declaration found in lib/include: this test no longer sees what it looks for")
        return 1
    unasked = sorted(exported - promised.keys())
    if unasked:
        print("exported, and in no public header:", *unasked[:20], sep="\n  ")
        return 1
    missing = sorted(promised.keys() - exported)
    if missing:
        print("declared in a public header, not exported:",
              *(f"{promised[name]}: {name}" for name in missing), sep="\n  ")
        return 1
    print(f"{len(exported)} functions exported, all declared")
    return 0


if __name__ == "__main__":
    check, arguments = sys.argv[1], [Path(argument) for argument in sys.argv[2:]]
    sys.exit({"xapian": xapian, "exports": exports}[check](*arguments))
