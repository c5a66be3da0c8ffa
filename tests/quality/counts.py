#!/usr/bin/env python3
"""Facets, timelines and concordances against counts taken from the documents themselves.

    tests/quality/counts.py BUILD [INDEX]      needs $LEGAJO_CORPORA/medio.jsonl

INDEX: an index of that file; without, one is made in a temporary folder. Words are cut and folded here
by a few lines of Python that know nothing of legajo: queries are quoted words (accents aside), exact
forms, phrases and near operators, whose meaning needs no stemmer. (No near operator crosses an article: the
distances are short, so that none here would.) Exit 0: all equal.
"""
import collections
import csv
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path

QUERIES = [
    # as asked, and the same for this script: ("word" folded | "form" | "phrase" | near, its parts)
    ('"tráfico"', ("phrase", "trafico")),
    ('"extradición"', ("phrase", "extradicion")),
    ('"niñez"', ("phrase", "niñez")),
    ('=público', ("form", "público")),
    ('=publico', ("form", "publico")),
    ('=solo', ("form", "solo")),
    ('=más', ("form", "más")),
    ('=presupuesto', ("form", "presupuesto")),
    ('"tráfico de armas"', ("phrase", "trafico de armas")),
    ('"poder ejecutivo"', ("phrase", "poder ejecutivo")),
    ('"derechos humanos"', ("phrase", "derechos humanos")),
    ('"seguridad nacional"', ("phrase", "seguridad nacional")),
    ('"cooperación en materia de"', ("phrase", "cooperacion en materia de")),
    ('"medio ambiente"', ("phrase", "medio ambiente")),
    ('"guardia nacional"', ("phrase", "guardia nacional")),
    ('="Estados Unidos"', ("forms", "estados unidos")),
    ('"armas" CERCA/5 "fuego"', ("near", 5, False, "armas", "fuego")),
    ('"tráfico" ADY/3 "drogas"', ("near", 3, True, "trafico", "drogas")),
    ('"presupuesto" CERCA/4 "educación"', ("near", 4, False, "presupuesto", "educacion")),
    ('"tráfico de armas" CERCA/8 "drogas"', ("near", 8, False, "trafico de armas", "drogas")),
    ('"ley" ADY/2 "armas de fuego"', ("near", 2, True, "ley", "armas de fuego")),
    ('traf*', ("pattern", r"traf\w*")),
    ('arm?s', ("pattern", r"arm\ws")),
    ('"armas" tipo:ley', ("where", lambda r: r["type"] == "ley", ("phrase", "armas"))),
    ('"presupuesto" fecha:2019..2021',
     ("where", lambda r: "2019" <= r["date"][:4] <= "2021", ("phrase", "presupuesto"))),
    ('"derechos humanos" pais:mx tipo:discurso,conferencia',
     ("where", lambda r: r["country"] == "mx" and r["type"] in ("discurso", "conferencia"), ("phrase", "derechos humanos"))),
    ('=público fecha:2020-03', ("where", lambda r: r["date"].startswith("2020-03"), ("form", "público"))),
    ('"armas" NO "fuego"', ("not", ("phrase", "armas"), ("phrase", "fuego"))),
    ('"presupuesto" -"educación"', ("not", ("phrase", "presupuesto"), ("phrase", "educacion"))),
    ('=más NO traf*', ("not", ("form", "más"), ("pattern", r"traf\w*"))),
    ('"extradición" O "asilo"', ("or", ("phrase", "extradicion"), ("phrase", "asilo"))),
    ('"armas" Y "drogas"', ("and", ("phrase", "armas"), ("phrase", "drogas"))),
    ('"armas" "tráfico de drogas"', ("and", ("phrase", "armas"), ("phrase", "trafico de drogas"))),
    ('("agua" O "riego") Y "cuenca"', ("and", ("or", ("phrase", "agua"), ("phrase", "riego")), ("phrase", "cuenca"))),
    ('="ministerio" "agua" pais:uy tipo:ley fecha:2000..',
     ("where", lambda r: r["country"] == "uy" and r["type"] == "ley" and r["date"] >= "2000",
      ("and", ("form", "ministerio"), ("phrase", "agua")))),
    ('"niñez" (pais:ar O pais:uy)', ("where", lambda r: r["country"] in ("ar", "uy"), ("phrase", "niñez"))),
    ('traf* CERCA/4 "armas"', ("near", 4, False, re.compile(r"traf\w*"), "armas")),
]

WORD = re.compile(r"\d+(?:[.,]\d+)*|\w+")


def fold(text):
    text = unicodedata.normalize("NFD", unicodedata.normalize("NFC", text).lower().replace("ñ", "\0"))
    return "".join(c for c in text if not unicodedata.combining(c)).replace("\0", "ñ")


def occurrences(tokens, phrase):
    """Positions (first, last) where the words of a phrase follow one another."""
    if isinstance(phrase, re.Pattern):
        return [(i, i) for i, token in enumerate(tokens) if phrase.fullmatch(token)]
    words = phrase.split()
    return [(i, i + len(words) - 1) for i in range(len(tokens) - len(words) + 1)
            if tokens[i] == words[0] and tokens[i:i + len(words)] == words]


def windows(a, b, distance, ordered):
    """The smallest windows over one of a and one of b, with at most `distance` from one to the other."""
    found = set()
    for x in a:
        for y in b:
            first, second = (x, y) if x[0] <= y[0] else (y, x)
            if (ordered and first is not x) or second[0] <= first[1] or second[0] - first[1] > distance:
                continue
            found.add((first[0], second[1]))
    return [w for w in found if not any(v != w and w[0] <= v[0] and v[1] <= w[1] for v in found)]


def count(spec, folded, forms):
    kind = spec[0]
    if kind == "pattern":
        return len(occurrences(folded, re.compile(spec[1])))
    if kind == "phrase":
        return len(occurrences(folded, spec[1]))
    if kind in ("form", "forms"):
        return len(occurrences(forms, spec[1]))
    _, distance, ordered, a, b = spec
    return len(windows(occurrences(folded, a), occurrences(folded, b), distance, ordered))


def evaluate(spec, folded, forms, title, title_forms):
    """Does a document satisfy it, in text or title; and how many matches has the text."""
    if spec[0] in ("and", "or", "not"):
        parts = [evaluate(part, folded, forms, title, title_forms) for part in spec[1:]]
        holds = [part[0] for part in parts]
        if spec[0] == "not":
            return (True, parts[0][1]) if holds == [True, False] else (False, 0)
        good = all(holds) if spec[0] == "and" else any(holds)
        return good, sum(part[1] for part in parts) if good else 0
    n = count(spec, folded, forms)
    return n > 0 or count(spec, title, title_forms) > 0, n


def read(path):
    documents = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            text, title = unicodedata.normalize("NFC", record["text"]), record.get("title") or ""
            documents.append((record, WORD.findall(fold(text)), WORD.findall(text.lower()),
                              WORD.findall(fold(title)), WORD.findall(title.lower())))
    return documents


def ask(build, index, *arguments):
    run = subprocess.run([f"{build}/bin/searcher", "-d", index, *arguments], capture_output=True, text=True)
    if run.returncode > 1:
        sys.exit(f"{arguments}: {run.stderr}")
    return run.stdout


def table(text, key, value):
    return {row[key]: int(row[value]) for row in csv.DictReader(io.StringIO(text))}


def words_of(build, index):
    """Words of each document, as the documents' own figures have them."""
    rows = csv.DictReader(io.StringIO(ask(build, index, "--format=csv", "--fields=id,words", "*")))
    return {row["id"]: int(row["words"]) for row in rows}


def main():
    build = sys.argv[1]
    if "LEGAJO_CORPORA" not in os.environ:
        print("skipped: LEGAJO_CORPORA is not set")
        return 77
    source = Path(os.environ["LEGAJO_CORPORA"]) / "medio.jsonl"
    with tempfile.TemporaryDirectory() as folder:
        index = sys.argv[2] if len(sys.argv) > 2 else f"{folder}/db"
        if len(sys.argv) <= 2:
            subprocess.run([f"{build}/bin/indexer", "-q", "-d", index, str(source)], check=True)
        documents, wrong = read(source), 0
        all_words, own_words = words_of(build, index), sum(len(folded) for _, folded, _, _, _ in documents)
        if abs(sum(all_words.values()) - own_words) > own_words / 100:
            wrong += 1
            print(f"words: counted {own_words}, legajo says {sum(all_words.values())}")
        for query, spec in QUERIES:
            lines, types, years, matches, words = (collections.Counter() for _ in range(5))
            total = 0
            wanted = spec[1] if spec[0] == "where" else None
            spec = spec[2] if wanted else spec
            for record, folded, forms, title, title_forms in documents:
                if wanted and not wanted(record):
                    continue
                words[record["date"][:4]] += all_words[record["id"]]
                holds, n = evaluate(spec, folded, forms, title, title_forms)
                if n:
                    lines[record["id"]] = n
                if holds:
                    total += 1
                    types[record["type"]] += 1
                    if record.get("date"):
                        years[record["date"][:4]] += 1
                        matches[record["date"][:4]] += n
            timeline = ask(build, index, "--timeline=year", "--format=csv", query)
            found = collections.Counter(
                row["id"] for row in csv.DictReader(io.StringIO(ask(build, index, "--kwic", "--format=csv", query))))
            checks = [
                ("documents", total, int(ask(build, index, "--count", query))),
                ("types", dict(types), table(ask(build, index, "--facet=type", "--format=csv", query), "value", "count")),
                ("years", dict(years), table(timeline, "period", "documents")),
                ("matches by year", dict(matches), table(timeline, "period", "matches")),
                ("words by year", {year: words[year] for year in years}, table(timeline, "period", "words")),
                ("lines", dict(lines), dict(found)),
            ]
            for name, here, there in checks:
                if here == there:
                    continue
                wrong += 1
                if isinstance(here, dict):
                    differing = {k: (here.get(k, 0), there.get(k, 0)) for k in {*here, *there} if here.get(k, 0) != there.get(k, 0)}
                    print(f"{query}: {name}: {len(differing)} differ: {dict(list(differing.items())[:4])}")
                else:
                    print(f"{query}: {name}: counted {here}, legajo says {there}")
            print(f"{query}\t{total} documents\t{sum(lines.values())} matches")
        print(f"{len(QUERIES)} queries, {wrong} figures differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
