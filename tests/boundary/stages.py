"""A stage includes only stages before it; the tools include only public headers.

    stages.py SOURCE

The order is the way of the data. A public header belongs to the stage of its name, or of the row below.
"""
import re
import sys
from pathlib import Path

ORDER = "schema document extract analysis xap glass index query passage search render watch command".split()
PUBLIC = {"error": "schema", "config": "schema", "mapped": "schema", "date": "document", "stored": "document",
          "association": "search"}


def stage_of(target, own, source):
    """The stage an include means; "" for what every stage may use; None for what is nobody's."""
    folder, _, name = target.rpartition("/")
    if folder == "legajo":
        stage = PUBLIC.get(name[:-2], name[:-2])
        return stage if stage in ORDER else None
    if folder.split("/")[0] in ORDER:
        return folder.split("/")[0]
    if target == "i18n.h":
        return ""
    if not folder and own in ORDER:
        return own  # a neighbour in the same folder, or made by the build for it
    return own if (source / own / target).exists() else None


def wrongs(source):
    seen = 0
    parts = [(stage, source / "lib" / stage) for stage in ORDER]
    parts += [(tool, source / tool) for tool in ("indexer", "searcher")]
    for own, folder in parts:
        for path in sorted(folder.rglob("*")):
            if path.suffix not in (".c", ".h", ".cc"):
                continue
            lines = path.read_text(encoding="utf-8").splitlines()
            for number, line in enumerate(lines, 1):
                found = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
                if not found:
                    continue
                seen += 1
                target, place = found.group(1), f"{path.relative_to(source)}:{number}"
                stage = stage_of(target, own, source)
                if stage is None:
                    yield f'{place}: "{target}" belongs to no stage (tests/boundary/stages.py has the rows)'
                elif own in ORDER and stage in ORDER and ORDER.index(stage) > ORDER.index(own):
                    yield f'{place}: {own} includes "{target}" of {stage}, a later stage'
                elif own not in ORDER and stage in ORDER and not target.startswith("legajo/"):
                    yield f'{place}: a tool includes "{target}"; it may include legajo/*.h only'
    if seen < 5:
        yield "hardly an include found: this test no longer sees what it looks for"


found = list(wrongs(Path(sys.argv[1])))
print(*found, sep="\n")
sys.exit(1 if found else 0)
