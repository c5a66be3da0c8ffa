#!/usr/bin/env python3
"""Every token finds its own document, through a real index.

    tests/quality/finding.py BUILD [DOCUMENTS [WORDS]]      needs $LEGAJO_CORPORA/medio.jsonl

Some documents of the corpus are indexed. Of each, the texts of its distinct tokens, as `searcher --analyze`
cuts them, are asked for again: as written in quotes, and words also bare (any inflection) and as `=form`. Each
question names the document, so that an answer is the document or nothing. Exit 0: all are found.
"""
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path


def run(*command, text=None):
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    if done.returncode > 1:
        sys.exit(f"{command}: {done.stderr}")
    return done.stdout


def sample(path, count):
    """Documents spread over the file, none so long that its words take all the time."""
    lines = [line for line in open(path, encoding="utf-8") if len(line) < 60000]
    step = max(1, len(lines) // count)
    return [json.loads(line) for line in lines[::step][:count]]


def tokens(searcher, text):
    """What the text's tokens are written as: {text: kind}."""
    lines = [line for line in text.split("\n") if line.strip()]
    found = {}
    rows = run(searcher, "--analyze=-", text="\n".join(lines) + "\n")
    for row in rows.split("\n"):
        if row:
            token, _, _, kind, _, _ = row.split("\t")
            found[token] = kind
    return found


def questions(token, kind):
    if '"' in token or "”" in token or "»" in token:
        return
    yield f'"{token}"'
    if kind == "word" and token.isalpha():
        yield token.lower()
        yield f"={token}"


def main():
    if "LEGAJO_CORPORA" not in os.environ:
        print("skipped: LEGAJO_CORPORA is not set")
        return 77
    corpus = Path(os.environ["LEGAJO_CORPORA"]) / "medio.jsonl"
    if not corpus.exists():
        print(f"skipped: no {corpus}")
        return 77
    programs = Path(sys.argv[1]) / "bin"
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 40
    most = int(sys.argv[3]) if len(sys.argv) > 3 else 150
    documents = sample(corpus, count)
    asked, missed, kinds = [], 0, {}
    with tempfile.TemporaryDirectory() as folder:
        records, index = Path(folder, "records.jsonl"), Path(folder, "index")
        records.write_text("".join(json.dumps(d, ensure_ascii=False) + "\n" for d in documents), encoding="utf-8")
        run(programs / "indexer", "-q", "-d", index, records)
        for document in documents:
            found = tokens(programs / "searcher", document["text"])
            chosen = sorted(found)
            random.Random(document["id"]).shuffle(chosen)
            # all that is no plain word, then words
            chosen.sort(key=lambda token: found[token] == "word")
            for token in chosen[:most]:
                kinds[found[token]] = kinds.get(found[token], 0) + 1
                for question in questions(token, found[token]):
                    asked.append((document["id"], question))
        topics = Path(folder, "topics.tsv")
        topics.write_text("".join(f'{n}\tid:"{name}" {question}\n' for n, (name, question) in enumerate(asked)),
                          encoding="utf-8")
        answers = run(programs / "searcher", "-d", index, f"--topics={topics}", "--syntax=query", "--match=all",
                      "--format=tsv", "--fields=id", "-n", "1")
    found = {}
    for row in answers.split("\n")[1:]:
        if row:
            number, name = row.split("\t")
            found[int(number)] = name
    for n, (name, question) in enumerate(asked):
        if found.get(n) != name:
            missed += 1
            if missed <= 20:
                print(f"{question} does not find {name}")
    print(f"{len(asked)} questions of {len(documents)} documents, {missed} missed;",
          " ".join(f"{kind} {n}" for kind, n in sorted(kinds.items())))
    return 1 if missed or len(asked) < 1000 else 0


if __name__ == "__main__":
    sys.exit(main())
