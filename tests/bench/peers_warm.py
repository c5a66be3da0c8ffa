"""Recoll and Omega's index as warm peers, through their Python modules: see tests/bench/peers.

    peers_warm.py recoll|omega INDEX QUERIES ROUNDS
"""
import sys
import time


def recoll(index):
    from recoll import recoll as module
    db = module.connect(confdir=index)

    def answer(kind, words):
        query = db.query()
        text = f'"{" ".join(words)}"' if kind == "phrase" else " OR ".join(words)
        query.execute(text, stemming=1, stemlang="spanish")
        return len([doc.url for doc in query.fetchmany(10)])
    return answer


def omega(index):
    import xapian
    db = xapian.Database(f"{index}/default")
    parser = xapian.QueryParser()
    parser.set_database(db)
    parser.set_stemmer(xapian.Stem("spanish"))
    parser.set_stemming_strategy(xapian.QueryParser.STEM_SOME)
    enquire = xapian.Enquire(db)

    def answer(kind, words):
        text = " ".join(words)
        enquire.set_query(parser.parse_query(f'"{text}"' if kind == "phrase" else text))
        return len([match.document.get_data() for match in enquire.get_mset(0, 10)])
    return answer


def main():
    tool, index, queries, rounds = sys.argv[1:5]
    answer = {"recoll": recoll, "omega": omega}[tool](index)
    with open(queries, encoding="utf-8") as file:
        lines = [line.rstrip("\n").split("\t") for line in file]
    for number in range(int(rounds)):
        for kind, words, _ in lines:
            if kind in ("filtered", "facets"):  # their indexes hold files without a type
                continue
            start = time.perf_counter()
            hits = answer(kind, words.split())
            if number > 0:
                print(f"{kind}\t{int((time.perf_counter() - start) * 1e6)}\t{hits}")


main()
