"""Near copies found and documents kept apart, by threshold.

    tests/quality/duplicates.py BUILD [--recall=R --precision=P]

Of each document of corpus/archivo (120 to 300 words: short ones are the hard ones) and of each three of
them joined, copies are made as archives hold them: another banner, another date line, typing errors,
capitals, a footer. Beside them stand notices of one template that differ in numbers and names, which are
no copies. With $LEGAJO_CORPORA, documents of medio are copied as other sites and scans have them, cut and merged,
among all the others. Printed are, for each threshold of --duplicates=group:N, the copies grouped with their original
(recall) and the grouped ones that are copies of what they are grouped with (precision). With --recall and
--precision the default threshold must reach them.
"""
import collections
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BANNER = ("GOBIERNO DE LA REPÚBLICA. Secretaría de Comunicación Social. Dirección de Prensa. Boletín de prensa "
          "número 415/2026. Para difusión inmediata.\n")
MENU = "Inicio | Noticias | Contacto | Compartir en redes. Imprimir esta página. Última actualización: 3 de marzo\n"
NAMES = ["Juan Pérez López", "María Ruiz", "Constructora del Norte", "Grupo Alfa y Asociados", "Transportes del Sur"]


def errors(random_, text, rate):
    words = text.split(" ")
    for i, word in enumerate(words):
        if len(word) > 4 and random_.random() < rate:
            at = random_.randrange(1, len(word) - 1)
            words[i] = word[:at] + word[at + 1] + word[at] + word[at + 2:]
    return " ".join(words)


def copies(random_, text):
    return {"banner": BANNER + text, "menu": MENU + text + "\nAviso legal. Todos los derechos reservados.",
            "date": "Ciudad de México, a 21 de enero de 2026\n" + text, "capitals": text.upper(),
            "errors1": errors(random_, text, .01), "errors3": errors(random_, text, .03),
            "banner-errors": BANNER + errors(random_, text, .01)}


def notice(random_, n):
    return (f"CONVOCATORIA. Licitación pública nacional número LA-0{n * 37 % 999}-{n * 91 % 9999}-2026. De conformidad "
            "con los artículos 26, 27 y 28 de la Ley de Adquisiciones, Arrendamientos y Servicios del Sector Público, "
            "se convoca a los interesados a participar en la licitación cuya convocatoria contiene las bases de "
            "participación, disponibles para consulta en internet y en las oficinas de la convocante. Adquisición de "
            f"bienes para {random_.choice(NAMES)}: {n * 131} piezas por un importe de {n * 7919} pesos. Publicación: "
            f"{n % 28 + 1} de enero de 2026. Junta de aclaraciones: {n % 27 + 1} de febrero a las {n % 12 + 8}:00 horas. "
            f"Apertura de proposiciones: {n % 26 + 1} de marzo. Responsable: {random_.choice(NAMES)}, director de "
            "recursos materiales.")


def misread(random_, text, rate):
    """As character recognition errs: letters that look alike, words broken and joined."""
    alike = [("m", "rn"), ("l", "1"), ("o", "0"), ("e", "c"), ("u", "ii"), ("cl", "d"), ("h", "b"), ("í", "i"), ("ó", "o")]
    words = text.split(" ")
    for i, word in enumerate(words):
        if len(word) > 4 and random_.random() < rate:
            a, b = random_.choice(alike)
            at = random_.randrange(2, len(word) - 1)
            words[i] = word.replace(a, b, 1) if a in word else word[:at] + random_.choice(["", " ", "-\n"]) + word[at:]
    return " ".join(words)


def as_archives_hold_them(random_, texts):
    """Variants of a real document, each as another site or scan has it."""
    text, other = texts
    third = len(text) // 3
    cut = text.find(" ", random_.randrange(third, 2 * third))
    site = f"Portal del Gobierno\nSala de prensa\nComunicado {random_.randrange(999)}/{random_.randrange(2000, 2026)}\n"
    return {"site": site + text + "\nConmutador 55 5093 5300. Síguenos en redes sociales. Aviso de privacidad.",
            "date": f"{random_.choice(['Montevideo', 'Buenos Aires', 'Ciudad de México'])}, {random_.randrange(1, 28)} de "
                    f"{random_.choice(['enero', 'marzo', 'julio'])} de {random_.randrange(1950, 2026)}.-\n" + text,
            "scan": misread(random_, text, .04), "bad-scan": misread(random_, text, .10),
            "cut-end": text[:2 * third], "cut-middle": text[:cut] + text[cut + third // 2:],
            "merged": text + "\n\n" + other[:len(text) // 3]}


def real(build, percents):
    """Documents of medio, every 40th with its variants, among all the others."""
    source = Path(os.environ["LEGAJO_CORPORA"]) / "medio.jsonl"
    random_ = random.Random(11)
    records = [json.loads(line) for line in source.open(encoding="utf-8")]
    records = [r for r in records if len(r["text"]) < 40000]
    chosen = [r for r in records[::40] if len(r["text"].split()) > 120]
    with tempfile.TemporaryDirectory(prefix="legajo-duplicates-") as folder:
        feed, copies_made = Path(folder) / "feed.jsonl", 0
        with feed.open("w", encoding="utf-8") as out:
            for r in records:
                out.write(json.dumps({"id": "a/" + r["id"] + "_", "title": r["title"], "text": r["text"]}) + "\n")
            for i, r in enumerate(chosen):
                for name, text in as_archives_hold_them(random_, (r["text"], chosen[i - 1]["text"])).items():
                    copies_made += 1
                    out.write(json.dumps({"id": f"b/{r['id']}_{name}", "title": r["title"], "text": text}) + "\n")
        index = Path(folder) / "index"
        subprocess.run([build / "bin" / "indexer", "-q", "-d", index, feed], check=True)
        print(f"{len(records)} documents of medio, {copies_made} copies of {len(chosen)}")
        for percent in percents:
            out = subprocess.run([build / "bin" / "searcher", "-d", index, "--sort=date", f"--duplicates=group:{percent}",
                                  "--format=jsonl", "--fields=id,copies", "--no-snippet", "*"],
                                 check=True, capture_output=True, text=True).stdout
            groups = [json.loads(line) for line in out.splitlines()]
            joined = [(g["id"].split("/", 1)[1].rsplit("_", 1), c["id"].split("/", 1)[1].rsplit("_", 1))
                      for g in groups for c in g["copies"]]
            kinds = collections.Counter(b[1] for a, b in joined if a[0] == b[0])
            right, wrong = sum(kinds.values()), sum(a[0] != b[0] for a, b in joined)
            print(f"  {percent}% in common: recall {right / copies_made:.3f}, {wrong} others joined; of {len(chosen)} each:",
                  ", ".join(f"{k} {n}" for k, n in sorted(kinds.items())))


def main(build, wanted):
    random_ = random.Random(7)
    sources = sorted((ROOT / "corpus" / "archivo").rglob("*.txt")) + sorted((ROOT / "corpus" / "archivo").rglob("*.md"))
    texts = [path.read_text(encoding="utf-8", errors="ignore") for path in sources]
    texts = [re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.S) for text in texts]
    texts = [text for text in texts if len(text.split()) > 100]
    texts += ["\n".join(texts[i:i + 3]) for i in range(0, len(texts) - 3, 3)]
    with tempfile.TemporaryDirectory(prefix="legajo-duplicates-") as folder:
        docs = Path(folder) / "docs"
        docs.mkdir()
        for i, text in enumerate(texts):
            (docs / f"t{i:03}_0original.txt").write_text(text)
            for name, copy in copies(random_, text).items():
                (docs / f"t{i:03}_{name}.txt").write_text(copy)
        for n in range(3, 63):
            (docs / f"n{n:03}_0original.txt").write_text(notice(random_, n))
        index = Path(folder) / "index"
        subprocess.run([build / "bin" / "indexer", "-q", "-d", index, docs], check=True)
        family = lambda id_: id_.split("/")[-1].split("_")[0]
        all_copies = len(list(docs.iterdir())) - len(texts) - 60
        print(f"{len(texts)} documents, {all_copies} copies, 60 notices of one template")
        failed = False
        for percent in (99, 97, 95, 94, 92, 90, 85, 80, 70):
            out = subprocess.run([build / "bin" / "searcher", "-d", index, "--sort=title", f"--duplicates=group:{percent}",
                                  "--format=jsonl", "--fields=id,copies", "--no-snippet", "*"],
                                 check=True, capture_output=True, text=True).stdout
            groups = [json.loads(line) for line in out.splitlines()]
            joined = [(family(g["id"]), family(c["id"])) for g in groups for c in g["copies"]]
            right = sum(a == b for a, b in joined)
            recall, precision = right / all_copies, right / max(1, len(joined))
            print(f"  {percent}% in common: recall {recall:.3f}, precision {precision:.3f}")
            if percent == 94 and wanted:
                failed = recall < wanted[0] or precision < wanted[1]
        return 1 if failed else 0


if __name__ == "__main__":
    options = dict(a[2:].split("=") for a in sys.argv[2:])
    floors = (float(options["recall"]), float(options["precision"])) if options else None
    status = main(Path(sys.argv[1]).resolve(), floors)
    if "LEGAJO_CORPORA" in os.environ:
        real(Path(sys.argv[1]).resolve(), (94, 90))
    sys.exit(status)
