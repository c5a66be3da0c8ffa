"""Writes the streams of a Word document of 1997 ([MS-DOC]) whose paragraphs stand in lists: word(paragraphs)."""
import struct


def level(start, kind, text, legal=False):
    """text: numbers of levels as characters 0 to 8."""
    letters = text.encode("utf-16-le")
    return (struct.pack("<IBB9sBII", start, kind, 4 if legal else 0, bytes(9), 0, 0, 0) + bytes([2, 3, 0, 0]) +
            b"PPP" + b"CC" + struct.pack("<H", len(text)) + letters)  # first how paragraph and number look


def simple(kind, text):
    return [level(1, kind, text)]


# Articles with paragraphs below them; a list of bullets; articles that begin anew at 21, in words.
ARTICLES = [level(1, 0, "Artículo \0.-"), level(1, 4, "\1)"), level(3, 1, "\0.\2", True)] + [level(1, 0, "")] * 6
BULLETS = simple(23, "·")
WORDS = simple(7, "\0.")


def lists():
    heads, levels = b"", b""
    for number, own in enumerate((ARTICLES, BULLETS, WORDS), 1):
        heads += struct.pack("<II18sBB", number, 0, b"\xff" * 18, len(own) == 1, 0)
        levels += b"".join(own)
    return struct.pack("<H", 3) + heads, levels


def numbers():
    """In use: the articles, the bullets, the words from 21 on."""
    heads = b"".join(struct.pack("<IIIBBBB", number, 0, 0, n, 0, 0, 0) for number, n in ((1, 0), (2, 0), (3, 1)))
    return (struct.pack("<I", 3) + heads + b"\xff" * 4 + b"\xff" * 4 + b"\xff" * 4 +
            struct.pack("<II", 21, 16))


def in_list(number, at):
    return struct.pack("<HH", 0x460B, number) + struct.pack("<HB", 0x260A, at)


def style(name, base, properties):
    own = struct.pack("<HHHHH", 0, 1 | base << 4, 1, 0, 0)
    own += struct.pack("<H", len(name)) + name.encode("utf-16-le") + b"\0\0"
    own += struct.pack("<H", len(properties) + 2) + b"\0\0" + properties
    return struct.pack("<H", len(own)) + own


def styles():
    """0: plain; 1: articles; 2: based on these."""
    own = [style("Normal", 0xFFF, b""), style("Artículo", 0, in_list(1, 0)), style("Hijo", 1, b"")]
    head = struct.pack("<HH", len(own), 10)
    return struct.pack("<H", len(head)) + head + b"".join(own)


def word(paragraphs):
    """paragraphs: (text, style, properties)"""
    text, ends, pages, runs = b"", [0x600], b"", []
    for words, which, properties in paragraphs:
        text += words.encode("cp1252") + b"\r"
        ends.append(0x600 + len(text))
        runs.append(struct.pack("<H", which) + properties)
    page, at = bytearray(512), 510
    for i, run in enumerate(runs):
        if len(run) % 2 == 0:  # a length of 0, then in words
            run = bytes([0, len(run) // 2]) + run
        else:
            run = bytes([(len(run) + 1) // 2]) + run
        at = (at - len(run)) & ~1
        page[at:at + len(run)] = run
        page[(len(runs) + 1) * 4 + i * 13] = at // 2
    page[0:len(ends) * 4] = struct.pack("<%dI" % len(ends), *ends)
    page[511] = len(runs)
    table, head = b"", bytearray(0x600)

    def put(place, part, more=b""):
        nonlocal table
        struct.pack_into("<II", head, place, len(table), len(part))
        table += part + more
    struct.pack_into("<H", head, 0, 0xA5EC)
    struct.pack_into("<I", head, 0x4C, len(text))
    put(0x1A2, struct.pack("<BIIIHIH", 2, 16, 0, len(text), 0, 0x600 * 2 | 0x40000000, 0))
    put(0xA2, styles())
    put(0x102, struct.pack("<III", 0x600, ends[-1], 0x400 // 512))
    put(0x2E2, *lists())
    put(0x2EA, numbers())
    head[0x400:0x600] = page
    return {"WordDocument": bytes(head) + text, "0Table": table}


LAW = [("Objeto", 1, b""), ("uno", 0, in_list(1, 1)), ("dos", 0, in_list(1, 1)), ("sin número", 0, b""),
       ("Sujetos", 2, b""), ("otro", 0, in_list(1, 1)), ("hondo", 0, in_list(1, 2)), ("punto", 0, in_list(2, 0)),
       ("Del fin", 0, in_list(3, 0)), ("Del fin, después", 0, in_list(3, 0)), ("falta", 0, in_list(9, 0)),
       ("fuera", 2, struct.pack("<HH", 0x460B, 0))]
