"""Every count of matches says the same: timeline, concordance in CSV and JSON, collocates.

    tests/quality/agree.py BUILD [INDEX] [--queries=N] [--seed=S]

Queries are made from the documents themselves: words, exact forms, phrases, patterns, near spellings, joined by
lists, +, -, Y, O, NO, CERCA and ADY; words with marks inside (decreto-ley, diputados/as) and their parts among
them, whose readings share a place. A timeline counts by what the index keeps, the concordance by reading the
texts: two ways that know nothing of each other. INDEX: without, one of corpus/ is made. Exit 0: no difference.
"""
import collections
import csv
import io
import json
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MOST = 20000  # matches: beyond, a concordance takes long
ODD = ["decretoley", "decreto", "ley", "legisla", "cion", "eeuu", "estados unidos", "diputados", "diputadas", "las", "armas de fuego"]


class Maker:
    """Queries out of texts."""

    def __init__(self, texts, seed):
        self.random, self.texts = random.Random(seed), [t for t in texts if t and len(t.split()) > 20]
        marked = {w for t in self.texts for w in re.findall(r"\w+(?:[-/@.]\w+)+", t) if len(w) < 30}
        self.odd = ODD + [o for w in sorted(marked) for o in (w, *re.split(r"[-/@.]", w)) if len(o) > 1]

    def words(self):
        while True:
            words = self.random.choice(self.texts).split()
            at = self.random.randrange(len(words) - 8)
            plain = [w for w in (w.strip('.,;:()"«»“”') for w in words[at:at + 8]) if w.isalpha()]
            if plain:
                return plain

    def atom(self):
        r, words = self.random, self.words()
        if r.randrange(8) == 0:
            return r.choice(self.odd)
        word = r.choice(words).lower()
        return r.choice([word, word, word, "=" + word, f'"{" ".join(words[:r.randint(1, 3)]).lower()}"',
                         f'="{" ".join(words[:2])}"', word[:4] + "*" if len(word) > 4 else word,
                         f"{word[:2]}?{word[3:]}" if len(word) > 3 else word,
                         word + "~1" if len(word) > 5 else word])

    def query(self):
        a, b, c, n = self.atom(), self.atom(), self.atom(), self.random.randint(1, 12)
        return self.random.choice([a, f"{a} {b}", f"{a} {b} {c}", f"+{a} {b} -{c}", f"{a} CERCA/{n} {b}",
                                   f"{a} ADY/{n} {b}", f"({a} o {b}) y {c}", f"({a} O {b}) CERCA/6 {c}",
                                   f"{a} NO {b}", f"{a} O {b} x"])


def main(build, index, queries, seed):
    def ask(*arguments):
        run = subprocess.run([build / "bin" / "searcher", "-d", index, *arguments], capture_output=True, text=True)
        return run.stdout if run.returncode <= 1 else None

    def rows(*arguments):
        text = ask(*arguments, "--format=csv")
        return None if text is None else list(csv.DictReader(io.StringIO(text)))

    texts = [json.loads(line)["text"] for line in ask("-n", "500", "--format=jsonl", "--fields=text", "*").splitlines()]
    maker, asked, wrong, matches = Maker(texts, seed), 0, 0, 0
    while asked < queries:
        query = maker.query()
        timeline = rows("--timeline=month", query)
        if timeline is None:  # =a* and the like are no queries
            continue
        periods = {row["period"]: int(row["matches"] or 0) for row in timeline}
        if sum(periods.values()) > MOST:
            continue
        asked += 1
        lines = rows("--kwic", query)
        found = collections.Counter(row["date"][:7] for row in lines if row["date"])
        matches += len(lines)
        totals = {"csv": len(lines), "json": json.loads(ask("--kwic", "--format=json", query))["total"]}
        beside = ask("--collocates", "--format=json", query)
        if beside and json.loads(beside)["exact"]:  # else of a sample
            totals["collocates"] = json.loads(beside)["matches"]
        differing = {p: (periods.get(p, 0), found[p]) for p in {*periods, *found} if periods.get(p, 0) != found[p]}
        if differing or len(set(totals.values())) > 1:
            wrong += 1
            print(f"{query}: {totals}, timeline and concordance: {dict(list(differing.items())[:4])}")
    print(f"{asked} queries, {matches} matches, {wrong} queries differ")
    return 1 if wrong or matches < asked else 0


if __name__ == "__main__":
    options = dict(a[2:].split("=") for a in sys.argv[1:] if a.startswith("--"))
    plain = [a for a in sys.argv[1:] if not a.startswith("--")]
    built, number, start = Path(plain[0]).resolve(), int(options.get("queries", 60)), int(options.get("seed", 1))
    with tempfile.TemporaryDirectory(prefix="legajo-agree-") as folder:
        if len(plain) < 2:
            subprocess.run([built / "bin" / "indexer", "-q", "-d", f"{folder}/db", ROOT / "corpus" / "archivo"], check=True)
        sys.exit(main(built, plain[1] if len(plain) > 1 else f"{folder}/db", number, start))
