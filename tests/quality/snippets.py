"""Passages hold what they promise, whatever the document.

    tests/quality/snippets.py BUILD [INDEX] [--queries=N] [--seed=S]

Queries are words, phrases and near operators made from the documents. Of each passage it is checked that start
and end are places of the text that --fields=text gives, between grapheme clusters, and that the text between
them is the passage's but for blanks and invisible characters; that it is not longer than asked for; that
highlights lie in it, in order, apart, begin with a letter, digit or mark and end with no blank; that no two
passages of a document share text; that the first highlights something where another does; that it begins with a
sentence, or says with … that it does not; and that a speaker it names is the one whose turn ("PRESIDENTA:", "El señor
PÉREZ.-" at a line's beginning) is the last to begin before its first highlight. INDEX: without, one of corpus/ is
made. Exit 0: none differs, and speakers were met with.
"""
import json
import random
import re
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from agree import ROOT, Maker  # noqa: E402

DROPPED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
                     "\ufff9-\ufffb\U000e0000-\U000e007f]")
SIZES = [60, 200, 700]
CAPITALS = "A-ZÁÉÍÓÚÜÑ"
TURN = re.compile(rf"^(?:((?:El |La )?(?i:señora?)\b[^.\n]*)\.[-–—]|([{CAPITALS}][{CAPITALS} .,()]*[{CAPITALS})]):)", re.M)


def speaker(text, at):
    """Whose turn it is at a place: the name as written there, None before the first turn."""
    turns = [turn for turn in TURN.finditer(text) if turn.start() <= at]
    return next((name for name in turns[-1].groups() if name), None) if turns else None


def clean(text):
    return re.sub(r"[\s\x85]+", " ", DROPPED.sub("", text)).strip()


def extends(c):
    """Does a character belong to the cluster before it?"""
    return unicodedata.category(c) in ("Mn", "Me", "Mc") or c in "\u200d\ufe0f" or "\U0001f3fb" <= c <= "\U0001f3ff"


def border(text, at):
    return at in (0, len(text)) or not (extends(text[at]) or text[at - 1] == "\u200d" or text[at - 1:at + 1] == "\r\n")


def body(snippet):
    text = snippet["text"]
    start = 2 if text.startswith("… ") else 0
    return text[start:-2 if text.endswith(" …") else None], start


def wrongs(text, snippets, size):
    """What is wrong with the passages of a document."""
    for number, one in enumerate(snippets):
        inner, shift = body(one)
        start, end, raw = one["start"], one["end"], text[one["start"]:one["end"]]
        if not 0 <= start < end <= len(text):
            yield f"no place of the text: {start}..{end} of {len(text)}"
            continue
        if clean(raw) != clean(inner):
            yield f"not the text at {start}: {inner[:60]!r}, there {clean(raw)[:60]!r}"
        if not border(text, start) or not border(text, end):
            yield f"cut within a cluster: {text[start - 1:start + 1]!r} {text[end - 1:end + 1]!r}"
        if len(raw) > size:
            yield f"{len(raw)} characters, {size} asked for"
        at = 0
        for a, b in one["highlights"]:
            piece = one["text"][a:b]
            if not (max(at, shift) <= a < b <= shift + len(inner)):
                yield f"highlight {a}..{b} outside or out of order"
            elif not (piece[0].isalnum() or piece[0] in "@#¿") or piece[-1].isspace():
                yield f"highlight of {piece!r}"
            at = b
        for other in snippets[:number]:
            if start < other["end"] and other["start"] < end:
                yield f"two passages share text at {max(start, other['start'])}"
        first = start + (one["highlights"][0][0] - shift if one["highlights"] else 0)
        if one["speaker"] and one["speaker"] != speaker(text, first):
            yield f"said by {one['speaker']!r}, there it is {speaker(text, first)!r}"
        before = text[:start].rstrip()
        if one["text"].startswith("… "):
            if not before:
                yield f"… at the beginning of the text: {one['text'][:20]!r}"
        elif before and "\n" not in text[len(before):start] and before[-1] not in ".!?…:;\"'»”’)]" and not (
                one["section"] and before[-1] in "-–—º°"):  # behind the heading of an article
            yield f"no sentence begins there, and no … says so: {text[start - 10:start + 10]!r}"
    words = [{one["text"][a:b].casefold() for a, b in one["highlights"]} for one in snippets]
    if words and len(words[0]) == 0 < max(map(len, words)):
        yield "the first passage highlights nothing, another does"


def main(build, index, queries, seed):
    def ask(*arguments):
        run = subprocess.run([build / "bin" / "searcher", "-d", index, *arguments], capture_output=True, text=True)
        return run.stdout if run.returncode <= 1 else ""

    texts = [json.loads(line)["text"] for line in ask("-n", "300", "--format=jsonl", "--fields=text", "*").splitlines()]
    maker, random_, wrong, seen, spoken = Maker(texts, seed), random.Random(seed), 0, 0, 0
    for _ in range(queries):
        query, size = maker.query(), random_.choice(SIZES)
        for line in ask("-n", "5", "--match=any", "--snippets=3", f"--snippet-size={size}", "--format=jsonl",
                        "--fields=id,snippets,text", query).splitlines():
            hit = json.loads(line)
            seen += len(hit["snippets"])
            spoken += sum(one["speaker"] is not None for one in hit["snippets"])
            for what in wrongs(hit["text"], hit["snippets"], size):
                wrong += 1
                print(f"{query} [{size}] {hit['id']}: {what}")
    print(f"{queries} queries, {seen} passages, {spoken} of speakers, {wrong} wrong")
    return 1 if wrong or seen < queries or not spoken else 0


if __name__ == "__main__":
    options = dict(a[2:].split("=") for a in sys.argv[1:] if a.startswith("--"))
    plain = [a for a in sys.argv[1:] if not a.startswith("--")]
    built = Path(plain[0]).resolve()
    with tempfile.TemporaryDirectory(prefix="legajo-snippets-") as folder:
        if len(plain) < 2:
            subprocess.run([built / "bin" / "indexer", "-q", "-d", f"{folder}/db", ROOT / "corpus" / "archivo"], check=True)
        sys.exit(main(built, plain[1] if len(plain) > 1 else f"{folder}/db", int(options.get("queries", 60)),
                      int(options.get("seed", 1))))
